import { DeletionDays, DeletionProof } from '@weiwang/domain/checkpoints/api'
import { DaySchema } from '@weiwang/domain/core/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'

const Filters = z.object({ on: DaySchema })
type Row = z.infer<typeof DeletionDays>['items'][number]

function Proof({ day }: { day: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const proof = useQuery(q(DeletionProof, `/api/gates/deletions/${day}`))
  if (proof.error)
    return <ReadProblem error={proof.error} again={<Act onClick={() => void proof.refetch()}>{c('act.retry')}</Act>} />
  if (!proof.data) return <Loading />
  const { text, signature, publicKey } = proof.data
  const file = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify({ text, signature, publicKey }, null, 2))}`
  return (
    <>
      {/* Reached by Tab: it scrolls by itself. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region takes the keyboard */}
      <pre className="proof-text" tabIndex={0} aria-label={t('deletion.proof')}>
        {text}
      </pre>
      <p style={{ overflowWrap: 'anywhere' }}>
        {t('deletion.signature')}: <span>{signature}</span>
      </p>
      <p>
        <a href={file} download={`passages-${day}.proof.json`}>
          {t('deletion.save')}
        </a>
      </p>
    </>
  )
}

export function Deletion(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const [filters, set] = useFilters(Filters)
  const days = useQuery(q(DeletionDays, '/api/gates/deletions'))
  if (days.error)
    return <ReadProblem error={days.error} again={<Act onClick={() => void days.refetch()}>{c('act.retry')}</Act>} />
  return (
    <Section title={t('gates.tab.deletion')} lead={t('deletion.lead')}>
      <DataTable<Row>
        name={t('gates.tab.deletion')}
        rows={days.data?.items ?? []}
        rowKey={(row) => row.day}
        busy={days.isFetching}
        totalText=""
        openKey={filters.on}
        onOpen={(row) => set({ on: row.day })}
        empty={<Empty why={t('deletion.empty')} />}
        columns={[
          { key: 'day', title: t('deletion.day'), cell: (row) => <b>{dayWords(row.day, clock)}</b> },
          { key: 'rows', title: t('deletion.rows'), end: true, cell: (row) => grouped(row.rows) },
          {
            key: 'state',
            title: t('deletion.state'),
            cell: (row) => <WordTag strong={row.state === 'due'}>{t(`deletion.state.${row.state}`)}</WordTag>,
          },
          {
            key: 'proof',
            title: t('deletion.proof'),
            cell: (row) => (
              <Act quiet onClick={() => set({ on: row.day })} label={`${t('deletion.proof')} ${row.day}`}>
                {t('deletion.proof')}
              </Act>
            ),
          },
        ]}
      />
      <SidePanel wide title={t('deletion.proof')} open={filters.on !== undefined} onClose={() => set({ on: null })}>
        {filters.on === undefined ? null : <Proof day={filters.on} />}
      </SidePanel>
    </Section>
  )
}
