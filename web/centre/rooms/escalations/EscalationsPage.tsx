import { ESCALATION_STATES, EscalationPage, ListEscalations } from '@weiwang/domain/tasks/api'
import type { Escalation } from '@weiwang/domain/tasks/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { Act, SelectField, Switcher } from '../../../kit/centre/controls.tsx'
import { Facts, Page, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { Due, Grade, When } from '../../../shared/words.tsx'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { TaskPanel } from '../tasks/TaskPanel.tsx'

const TOUCHES = ['/api/escalations', '/api/tasks']
const STATES = ['open', ...ESCALATION_STATES] as const
const Filters = ListEscalations.pick({ grade: true }).extend({
  whose: z.enum(['mine', 'all']),
  state: z.enum(STATES),
  open: z.string().max(100),
})

function keyOf(row: Escalation): string {
  return `${row.taskId}.${row.n}.${row.to.id}`
}

function useHow(): (row: Escalation) => string {
  const { t } = useTranslation('centre')
  return (row) => {
    if (row.dealt === null) return t(`escalationState.${row.state}`)
    return row.dealtBy?.name
      ? `${t(`dealt.${row.dealt}`)} · ${t('escalation.by', { name: row.dealtBy.name })}`
      : t(`dealt.${row.dealt}`)
  }
}

function Deal({ row, how }: { row: Escalation; how: 'called' | 'passed' }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(Anything, { path: '/api/escalations/deal', touches: TOUCHES })
  const verb = how === 'called' ? t('escalation.call') : t('escalation.pass')
  return (
    <ConfirmAct
      verb={verb}
      title={verb}
      write={write}
      onYes={(_, done) => write.mutate({ taskId: row.taskId, n: row.n, how }, { onSuccess: done })}
    >
      <p>{t('escalation.call.what')}</p>
    </ConfirmAct>
  )
}

function EscalationPanel({ row }: { row: Escalation }): ReactNode {
  const { t } = useTranslation('centre')
  const how = useHow()
  return (
    <>
      <Facts
        rows={[
          [t('escalation.what'), t(`escalation.${row.clock}`, { percent: row.percent })],
          [t('escalation.told'), t('escalation.toldTo', { area: row.told.name, name: row.to.name })],
          [t('when'), <When key="w" at={row.at} />],
          [t('state'), how(row)],
          row.dealtAt ? [t('since'), <When key="d" at={row.dealtAt} />] : null,
        ]}
      />
      {row.dealt === null ? (
        <div style={{ display: 'flex', gap: 8, marginTop: 8 }}>
          <Deal row={row} how="called" />
          <Deal row={row} how="passed" />
        </div>
      ) : null}
      <Section title={t('task')}>
        <TaskPanel id={row.taskId} />
      </Section>
    </>
  )
}

/** TASK-18: the inbox of late tasks that were told to me, red first and the longest waiting first. */
export function EscalationsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const how = useHow()
  const [filters, set] = useFilters(Filters)
  const [chosen, setChosen] = useState<string[]>([])
  const whose = filters.whose ?? 'mine'
  const state = filters.state ?? 'open'
  const query = { whose, state, grade: filters.grade, ...(whose === 'all' ? { area: desk.area } : {}) }
  const list = useList(EscalationPage, '/api/escalations', query, { every: 30_000 })
  const see = useWrite(Anything, { path: '/api/escalations/see', touches: ['/api/escalations'] })
  // The panel keeps its row when seeing it takes it out of the list.
  const [kept, setKept] = useState<Escalation | null>(null)
  const shown =
    list.rows.find((row) => keyOf(row) === filters.open) ?? (kept && keyOf(kept) === filters.open ? kept : null)
  const mark = (rows: readonly Escalation[]): void => {
    const items = rows.filter((row) => row.mine && row.state === 'new').map(({ taskId, n }) => ({ taskId, n }))
    if (items.length > 0) see.mutate({ items })
  }
  const open = (row: Escalation): void => {
    setKept(row)
    set({ open: keyOf(row) }, { push: true })
    mark([row])
  }
  return (
    <Page title={t('room.escalations')} lead={t('escalations.lead')}>
      <div className="filters">
        <Switcher
          label={t('escalations.whose')}
          value={whose}
          onChange={(v) => set({ whose: v })}
          choices={[
            { value: 'mine', label: t('escalations.mine') },
            { value: 'all', label: t('escalations.all') },
          ]}
        />
        <SelectField
          label={t('state')}
          value={state}
          onChange={(v) => set({ state: v })}
          choices={STATES.map((one) => ({ value: one, label: t(`escalationState.${one}`) }))}
        />
        <SelectField
          label={t('grade')}
          value={filters.grade ?? ''}
          any={t('any')}
          onChange={(v) => set({ grade: v })}
          choices={(['red', 'yellow', 'blue'] as const).map((g) => ({ value: g, label: c(`grade.${g}`) }))}
        />
      </div>
      <ProblemNotice error={see.error} />
      <ListTable<Escalation>
        name={t('room.escalations')}
        list={list}
        rowKey={keyOf}
        openKey={filters.open}
        onOpen={open}
        empty={{ why: t('escalations.empty'), todo: t('escalations.empty.todo') }}
        columns={[
          { key: 'grade', title: t('grade'), cell: (row) => <Grade grade={row.task.grade} />, width: 84 },
          { key: 'who', title: t('task.who'), cell: (row) => <b>{row.task.masked}</b> },
          { key: 'area', title: t('area'), cell: (row) => row.task.areaName },
          {
            key: 'what',
            title: t('escalation.what'),
            cell: (row) => t(`escalation.${row.clock}`, { percent: row.percent }),
          },
          {
            key: 'due',
            title: t('task.due'),
            cell: (row) => (
              <Due at={row.task.answerBy} done={row.task.answeredAt !== null || row.task.closedAt !== null} />
            ),
          },
          { key: 'assignee', title: t('task.assignee'), cell: (row) => row.task.assignee?.name ?? t('task.nobody') },
          {
            key: 'told',
            title: t('escalation.told'),
            cell: (row) => t('escalation.toldTo', { area: row.told.name, name: row.to.name }),
          },
          { key: 'at', title: t('when'), cell: (row) => <When at={row.at} /> },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'new'}>{how(row)}</WordTag>,
          },
        ]}
        selection={
          whose === 'mine'
            ? {
                keys: chosen,
                onChange: setChosen,
                acts: (
                  <Act
                    busy={see.isPending}
                    onClick={() => {
                      mark(list.rows.filter((row) => chosen.includes(keyOf(row))))
                      setChosen([])
                    }}
                  >
                    {t('escalation.see')}
                  </Act>
                ),
              }
            : undefined
        }
      />
      <SidePanel title={t('room.escalations')} open={filters.open !== undefined} onClose={() => set({ open: null })}>
        {shown ? <EscalationPanel row={shown} /> : null}
      </SidePanel>
    </Page>
  )
}
