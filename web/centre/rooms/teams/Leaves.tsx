import { addDays } from '@weiwang/domain/core/day'
import { LeavesPage, TeamState } from '@weiwang/domain/teams/api'
import type { LeaveView } from '@weiwang/domain/teams/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { DayField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { grouped } from '../../../words/numbers.ts'
import { spanWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { TEAM_LISTS_TOUCHED } from './words.ts'

function End({ row }: { row: LeaveView }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [lastDay, setLastDay] = useState(addDays(desk.today, -1))
  const write = useWrite(TeamState, { path: `/api/teams/leaves/${row.id}/end`, touches: TEAM_LISTS_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('leave.end')}
      title={t('leave.title', { name: row.name })}
      write={write}
      onYes={(_, done) => write.mutate({ lastDay }, { onSuccess: done })}
    >
      <DayField label={t('day.last')} help={t('leave.end.help')} value={lastDay} onChange={setLastDay} />
    </ConfirmAct>
  )
}

export function Leaves(): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const desk = useDesk()
  const may = useMay()
  const list = useList(LeavesPage, '/api/teams/leaves', { area: desk.area })
  return (
    <ListTable<LeaveView>
      name={t('teams.tab.leaves')}
      list={list}
      rowKey={(row) => row.id}
      empty={{ why: t('leave.empty'), todo: t('leave.empty.todo', { tab: t('teams.tab.loads') }) }}
      columns={[
        { key: 'name', title: t('load.person'), cell: (row) => <b>{row.name}</b> },
        { key: 'days', title: t('team.days'), cell: (row) => spanWords(row.from, row.to, clock) },
        {
          key: 'covered',
          title: t('leave.covered'),
          cell: (row) => (
            <WordTag strong={row.covered < row.doors}>
              {t('leave.covered.line', { n: grouped(row.covered), of: grouped(row.doors) })}
            </WordTag>
          ),
        },
        { key: 'standIn', title: t('leave.standIn'), cell: (row) => row.standIn ?? '–' },
        { key: 'by', title: t('leave.givenBy'), cell: (row) => row.by },
        { key: 'act', title: t('act'), cell: (row) => (may('file', 'team') ? <End row={row} /> : '–') },
      ]}
    />
  )
}
