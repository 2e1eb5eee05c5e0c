import { pageOf } from '@weiwang/domain/core/page'
import { RUN_STATES, Run } from '@weiwang/domain/grading/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { useClock } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import type { SetFilters } from '../../filters.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { StateFilter } from '../../parts/StateFilter.tsx'
import { RunState } from './RunState.tsx'

const List = pageOf(Run)

export function Runs({ state, set }: { state: Run['state'] | undefined; set: SetFilters }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const list = useList(List, '/api/grade-runs', { state }, { every: 10_000 })
  return (
    <>
      <div className="filters">
        <StateFilter
          value={state}
          states={RUN_STATES}
          word={(one) => t(`runState.${one}`)}
          onChange={(v) => set({ state: v })}
          width={180}
        />
      </div>
      <ListTable<Run>
        name={t('rules.tab.runs')}
        list={list}
        rowKey={(row) => row.id}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={
          state ? { why: t('runs.none'), todo: t('fits.todo') } : { why: t('runs.empty'), todo: t('runs.empty.todo') }
        }
        columns={[
          { key: 'started', title: t('push.started'), cell: (row) => <When at={row.startedAt} /> },
          { key: 'kind', title: t('run.kind'), cell: (row) => t(`runKind.${row.kind}`) },
          { key: 'set', title: t('rules.set'), cell: (row) => say(row.ruleSetName) },
          { key: 'asOf', title: t('run.asOf'), cell: (row) => dayWords(row.asOf, clock) },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <RunState run={row} />,
          },
          {
            key: 'touched',
            title: t('run.touched'),
            end: true,
            cell: (row) => grouped(row.counts['looked'] ?? row.counts['touched'] ?? 0),
          },
          { key: 'changed', title: t('run.changed'), end: true, cell: (row) => grouped(row.counts['changed'] ?? 0) },
        ]}
      />
    </>
  )
}
