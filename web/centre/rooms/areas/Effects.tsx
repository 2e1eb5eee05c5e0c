import type { AffectedWorker, ChangeEffects } from '@weiwang/domain/areas/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { grouped } from '../../../words/numbers.ts'

/** Who is touched by a change: numbers first, then the areas, the workers by name, and what to mind. */
export function Effects({ effects }: { effects: ChangeEffects }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const { t: c } = useTranslation('common')
  const say = useSay()
  const names = new Map([...effects.ends, ...effects.begins].map((one) => [one.code, one.name]))
  const named = (code: string): string => names.get(code) ?? code
  return (
    <>
      <p className="consequence">
        {t('change.effects', {
          households: grouped(effects.households),
          persons: grouped(effects.persons),
          tasks: grouped(effects.openTasks),
          workers: grouped(effects.workers),
        })}
      </p>
      {effects.warnings.map((warning) => (
        <Notice key={warning.en} kind="note" head={say(warning)} />
      ))}
      <Section title={t('effects.begins')}>
        <DataTable
          name={t('effects.begins')}
          rows={effects.begins}
          rowKey={(row) => row.code}
          busy={false}
          totalText={c('total', { total: grouped(effects.begins.length) })}
          empty={<Empty why={t('none')} />}
          columns={[
            { key: 'name', title: t('area.name'), cell: (row) => <b>{row.name}</b> },
            { key: 'code', title: t('area.code'), cell: (row) => row.code },
            {
              key: 'households',
              title: t('area.households'),
              end: true,
              cell: (row) => (row.households === null ? '–' : grouped(row.households)),
            },
          ]}
        />
      </Section>
      {effects.ends.length > 0 ? (
        <Section title={t('effects.ends')}>
          <p>{join(effects.ends.map((one) => `${one.name} (${one.code})`))}</p>
        </Section>
      ) : null}
      <Section title={t('effects.workers')} lead={t('effects.unsent')}>
        <DataTable<AffectedWorker>
          name={t('effects.workers')}
          rows={effects.affected}
          rowKey={(row) => `${row.id}${row.area}`}
          busy={false}
          totalText={c('total', { total: grouped(effects.affected.length) })}
          empty={<Empty why={t('effects.workers.none')} />}
          columns={[
            { key: 'name', title: t('account.name'), cell: (row) => <b>{row.name}</b> },
            { key: 'area', title: t('area'), cell: (row) => named(row.area) },
            { key: 'doors', title: t('propose.doors'), end: true, cell: (row) => grouped(row.households) },
            { key: 'tasks', title: t('effects.tasks'), end: true, cell: (row) => grouped(row.openTasks) },
            { key: 'becomes', title: t('effects.becomes'), cell: (row) => join(row.becomes.map(named)) },
          ]}
        />
      </Section>
    </>
  )
}
