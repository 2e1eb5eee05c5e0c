import { pageOf } from '@weiwang/domain/core/page'
import { ManualBatch } from '@weiwang/domain/grading/api'
import { MANUAL_REASON_INFO } from '@weiwang/domain/grading/reasons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Colour, Grade, When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { ListTable } from '../../parts/ListTable.tsx'

const List = pageOf(ManualBatch)
const TOUCHES = ['/api/grade-batches', '/api/graded']

function Decide({ row }: { row: ManualBatch }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const approve = useWrite(Anything, { path: `/api/grade-batches/${row.id}/approve`, touches: TOUCHES })
  const refuse = useWrite(Anything, { path: `/api/grade-batches/${row.id}/refuse`, touches: TOUCHES })
  const allowed = may('approve', 'grade', { area: row.area, by: row.by })
  if (row.state !== 'proposed') return '–'
  return (
    <span style={{ display: 'inline-flex' }}>
      <ConfirmAct
        quiet
        verb={t('push.approve')}
        title={t('manual.approve')}
        write={approve}
        disabled={!allowed}
        why={allowed ? undefined : t('two.cannot')}
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
        why={allowed ? undefined : t('two.cannot')}
        onYes={(reason, done) => refuse.mutate({ reason }, { onSuccess: done })}
      />
    </span>
  )
}

/** The same change by hand for many people: proposed by one, decided by another. */
export function ManualBatches(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const list = useList(List, '/api/grade-batches')
  return (
    <ListTable<ManualBatch>
      name={t('rules.tab.manual')}
      list={list}
      rowKey={(row) => row.id}
      empty={{ why: t('manual.empty') }}
      columns={[
        { key: 'at', title: t('push.started'), cell: (row) => <When at={row.proposedAt} /> },
        { key: 'reason', title: t('reason'), cell: (row) => say(MANUAL_REASON_INFO[row.reason].say) },
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
        { key: 'act', title: t('act'), cell: (row) => <Decide row={row} /> },
      ]}
    />
  )
}
