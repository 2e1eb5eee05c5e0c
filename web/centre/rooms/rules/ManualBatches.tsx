import { pageOf } from '@weiwang/domain/core/page'
import { ManualBatch } from '@weiwang/domain/grading/api'
import { MANUAL_REASON_INFO } from '@weiwang/domain/grading/reasons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Colour, Grade, When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import type { SetFilters } from '../../filters.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { StateFilter } from '../../parts/StateFilter.tsx'
import { BulkChange } from './BulkChange.tsx'

const List = pageOf(ManualBatch)
export const BATCH_STATES = ManualBatch.shape.state.options
const TOUCHES = ['/api/grade-batches', '/api/graded']

function Decide({ row }: { row: ManualBatch }): ReactNode {
  const { t } = useTranslation('centre')
  const approve = useWrite(Anything, { path: `/api/grade-batches/${row.id}/approve`, touches: TOUCHES })
  const refuse = useWrite(Anything, { path: `/api/grade-batches/${row.id}/refuse`, touches: TOUCHES })
  const allowed = row.mayDecide
  const why = allowed ? undefined : row.mine ? t('two.mine') : t('two.cannot')
  if (row.state !== 'proposed') return '–'
  return (
    <span style={{ display: 'inline-flex' }}>
      <ConfirmAct
        quiet
        verb={t('push.approve')}
        title={t('manual.approve')}
        write={approve}
        disabled={!allowed}
        why={why}
        onYes={(_, done) => approve.mutate({}, { onSuccess: done })}
      >
        <p className="consequence">{t('manual.will', { n: grouped(row.persons) })}</p>
      </ConfirmAct>
      <ConfirmAct
        quiet
        verb={t('push.refuse')}
        title={t('push.refuse')}
        reason={t('reason')}
        write={refuse}
        disabled={!allowed}
        why={why}
        onYes={(reason, done) => refuse.mutate({ reason }, { onSuccess: done })}
      />
    </span>
  )
}

/** The same change by hand for many people: proposed by one, decided by another. */
export function ManualBatches({ state, set }: { state: ManualBatch['state'] | undefined; set: SetFilters }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const list = useList(List, '/api/grade-batches', { state })
  return (
    <>
      <div className="filters">
        <StateFilter
          value={state}
          states={BATCH_STATES}
          word={(one) => t(`manualState.${one}`)}
          onChange={(v) => set({ state: v })}
        />
        <BulkChange primary />
      </div>
      <ListTable<ManualBatch>
        name={t('rules.tab.manual')}
        list={list}
        rowKey={(row) => row.id}
        empty={
          state
            ? { why: t('manual.none'), todo: t('fits.todo') }
            : { why: t('manual.empty'), todo: t('manual.empty.todo') }
        }
        columns={[
          { key: 'at', title: t('manual.proposed'), cell: (row) => <When at={row.proposedAt} /> },
          { key: 'reason', title: t('reason'), cell: (row) => say(MANUAL_REASON_INFO[row.reason].say) },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'n', title: t('push.persons'), end: true, cell: (row) => grouped(row.persons) },
          {
            key: 'to',
            title: t('manual.to'),
            cell: (row) => (
              <span>
                <Grade grade={row.grade} /> <Colour colour={row.colour} />
              </span>
            ),
          },
          { key: 'until', title: t('manual.until'), cell: (row) => dayWords(row.until, clock) },
          { key: 'case', title: t('manual.caseNo'), cell: (row) => row.caseNo ?? '–' },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'proposed'}>{t(`manualState.${row.state}`)}</WordTag>,
          },
          { key: 'by', title: t('push.by'), cell: (row) => row.by ?? '–' },
          {
            key: 'decided',
            title: t('manual.decided'),
            cell: (row) =>
              row.decidedBy === null ? (
                '–'
              ) : (
                <>
                  {row.decidedBy} · <When at={row.decidedAt} />
                  {row.decision ? (
                    <>
                      <br />
                      {row.decision}
                    </>
                  ) : null}
                </>
              ),
          },
          { key: 'act', title: t('act'), cell: (row) => <Decide row={row} /> },
        ]}
      />
    </>
  )
}
