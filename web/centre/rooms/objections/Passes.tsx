import { PassPage, PassRow } from '@weiwang/domain/healthcode/objection-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Due, When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { PASS_TOUCHES, useRevoked } from './words.ts'

const LISTS = ['holds', 'all'] as const
type Which = (typeof LISTS)[number]
const Filters = z.object({ passes: z.enum(LISTS), from: z.string(), to: z.string() })
type Why = 'not_needed' | 'misused' | 'mistake'

function Revoke({ pass }: { pass: PassRow }): ReactNode {
  const { t } = useTranslation('centre')
  const whys = useRevoked()
  const [why, setWhy] = useState<Why>('not_needed')
  const write = useWrite(PassRow, { path: `/api/hardship-passes/${pass.id}/revoke`, touches: PASS_TOUCHES })
  return (
    <ConfirmAct
      quiet
      verb={t('pass.revoke')}
      title={`${t('pass.revoke')} ${pass.number}`}
      write={write}
      onYes={(_, done) => write.mutate({ why }, { onSuccess: done })}
    >
      <SelectField<Why>
        label={t('pass.revoke.why')}
        value={why}
        onChange={(value) => setWhy(value === '' ? 'not_needed' : value)}
        choices={whys}
      />
    </ConfirmAct>
  )
}

/** Temporary paper passes: those that hold, the first to end first. */
export function Passes(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const which: Which = filters.passes ?? 'holds'
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const passes = useList(
    PassPage,
    '/api/hardship-passes',
    { list: which, area: desk.area, ...(which === 'all' ? { from, to } : {}) },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField<Which>
          label={t('objection.which')}
          value={which}
          onChange={(value) => set({ passes: value === 'holds' ? null : value })}
          choices={LISTS.map((one) => ({ value: one, label: t(`passList.${one}`) }))}
          width={180}
        />
        {which === 'all' ? (
          <>
            <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} />
            <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
          </>
        ) : null}
      </div>
      <ListTable<PassRow>
        name={t('objection.tab.passes')}
        list={passes}
        rowKey={(row) => row.id}
        empty={{ why: t('pass.empty') }}
        columns={[
          { key: 'number', title: t('pass.number'), cell: (row) => <b>{row.number}</b> },
          { key: 'who', title: t('objection.who'), cell: (row) => row.masked || '–' },
          { key: 'reason', title: t('pass.reason'), cell: (row) => say(row.reasonName) },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'holds'}>{t(`passState.${row.state}`)}</WordTag>,
          },
          {
            key: 'until',
            title: t('pass.until'),
            cell: (row) => (row.state === 'holds' ? <Due at={row.until} done={false} /> : <When at={row.until} />),
          },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'by', title: t('pass.by'), cell: (row) => row.by?.name ?? '–' },
          {
            key: 'acts',
            title: t('objection.next'),
            cell: (row) =>
              row.state === 'holds' && may('file', 'hardship_pass', { area: row.area }) ? (
                <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
                  <a
                    className="plain"
                    href={`/api/hardship-passes/${row.id}/pass.pdf`}
                    target="_blank"
                    rel="noreferrer"
                    aria-label={`${t('pass.print')} ${row.number}`}
                  >
                    {t('pass.print')}
                  </a>
                  <Revoke pass={row} />
                </span>
              ) : (
                '–'
              ),
          },
        ]}
      />
    </>
  )
}
