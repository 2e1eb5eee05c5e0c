import { OrganisedList } from '@weiwang/domain/areas/api'
import { Campaigns } from '@weiwang/domain/access/api'
import { DISPOSITIONS } from '@weiwang/domain/tasks/disposition'
import { ListTasks, Owners, TASK_LISTS, TaskPage } from '@weiwang/domain/tasks/api'
import type { TaskCard } from '@weiwang/domain/tasks/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { withQuery } from '../../../api/http.ts'
import { q, qAll, useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, DayField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Dialog, Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { Due, Grade, When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Anything } from '../../parts/anything.ts'
import { useDesk } from '../../parts/desk.ts'
import { OrganisedTag } from '../../parts/OrganisedTag.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { paths } from '../../paths.ts'
import { StateWord, useDisposition } from './parts.tsx'
import { TaskPanel } from './TaskPanel.tsx'

const Filters = ListTasks.pick({
  list: true,
  grade: true,
  disposition: true,
  campaignId: true,
  reference: true,
  assignee: true,
  from: true,
  to: true,
}).extend({
  own: z.enum(['true']),
  organised: OrganisedList,
  open: z.uuid(),
})
const OF_A_SPAN: readonly string[] = ['answered', 'found', 'withdrawn', 'expired']

function useColumns(): Column<TaskCard>[] {
  const { t } = useTranslation('centre')
  const disposition = useDisposition()
  return [
    { key: 'grade', title: t('grade'), cell: (row) => <Grade grade={row.grade} />, width: 84 },
    { key: 'who', title: t('task.who'), cell: (row) => <b>{row.masked}</b> },
    { key: 'door', title: t('task.door'), cell: (row) => row.door ?? '–' },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    { key: 'state', title: t('state'), cell: (row) => <StateWord state={row.state} outcome={row.outcome} /> },
    { key: 'due', title: t('task.due'), cell: (row) => <Due at={row.answerBy} done={row.closedAt !== null} /> },
    { key: 'assignee', title: t('task.assignee'), cell: (row) => row.assignee?.name ?? t('task.nobody') },
    { key: 'disposition', title: t('task.disposition'), cell: (row) => disposition(row.disposition) },
    { key: 'attempts', title: t('task.attempts'), end: true, cell: (row) => grouped(row.attempts) },
    { key: 'updated', title: t('task.updated'), cell: (row) => <When at={row.updatedAt} /> },
    { key: 'reference', title: t('task.reference'), cell: (row) => row.reference },
  ]
}

function AssignMany({ ids, onDone }: { ids: readonly string[]; onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const said = useSaid()
  const [open, setOpen] = useState(false)
  const [to, setTo] = useState('')
  const owners = useQuery({ ...q(Owners, `/api/tasks/${ids[0] ?? ''}/owners`), enabled: open && ids.length > 0 })
  const write = useWrite(Anything, { path: '/api/tasks/assign', touches: ['/api/tasks'] })
  return (
    <>
      <Act primary onClick={() => setOpen(true)}>
        {t('task.assign')}
      </Act>
      <Dialog
        title={t('task.assign.many', { n: grouped(ids.length) })}
        open={open}
        onClose={() => setOpen(false)}
        yes={t('task.assign')}
        no={c('act.cancel')}
        busy={write.isPending}
        disabled={to === ''}
        onYes={() =>
          write.mutate(
            { ids, to },
            {
              onSuccess: () => {
                setOpen(false)
                said(t('task.assigned', { n: grouped(ids.length) }))
                onDone()
              },
            },
          )
        }
      >
        <ProblemNotice error={write.error ?? owners.error} />
        <SelectField
          label={t('task.assignee')}
          value={to}
          onChange={setTo}
          choices={(owners.data?.items ?? []).map((o) => ({
            value: o.id,
            label: t('task.owner', { name: o.name, open: o.open }),
          }))}
          help={t('task.owners.help')}
        />
      </Dialog>
    </>
  )
}

export function TasksPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const [chosen, setChosen] = useState<string[]>([])
  const list = filters.list ?? 'open'
  const span = OF_A_SPAN.includes(list)
  const campaigns = useQuery(qAll(Campaigns, '/api/campaigns'))
  const { open, ...asked } = filters
  const query = {
    ...asked,
    list,
    area: desk.area,
    ...(span ? { from: filters.from ?? desk.day, to: filters.to ?? desk.day } : { from: undefined, to: undefined }),
  }
  const tasks = useList(TaskPage, '/api/tasks', query, { every: 30_000 })
  const filtered = Object.entries(asked).some(([key, value]) => key !== 'list' && value !== undefined)
  return (
    <Page
      title={t('room.tasks')}
      lead={t('tasks.lead')}
      acts={
        <>
          {may('export', 'task') ? (
            <a className="plain" href={withQuery('/api/tasks/export.csv', query)} download>
              {t('tasks.export')}
            </a>
          ) : null}
          <GoLink className="plain" href={paths.visits()}>
            {t('visits')}
          </GoLink>
          <GoLink className="plain" href={paths.transfers()}>
            {t('transfers')}
          </GoLink>
        </>
      }
    >
      <div className="filters">
        <SelectField
          label={t('tasks.list')}
          value={list}
          onChange={(v) => set({ list: v })}
          choices={TASK_LISTS.map((l) => ({ value: l, label: t(`tasks.list.${l}`) }))}
          width={170}
        />
        <SelectField
          label={t('grade')}
          value={filters.grade ?? ''}
          any={t('any')}
          onChange={(v) => set({ grade: v })}
          choices={(['red', 'yellow', 'blue'] as const).map((g) => ({ value: g, label: c(`grade.${g}`) }))}
        />
        <SelectField
          label={t('task.disposition')}
          value={filters.disposition ?? ''}
          any={t('any')}
          onChange={(v) => set({ disposition: v })}
          choices={DISPOSITIONS.map((d) => ({ value: d.code, label: say(d.say) }))}
          width={200}
        />
        <SelectField
          label={t('campaign')}
          value={filters.campaignId ?? ''}
          any={t('any')}
          onChange={(v) => set({ campaignId: v })}
          choices={(campaigns.data ?? []).map((one) => ({ value: one.id, label: say(one.name) }))}
          width={180}
        />
        <TextField
          label={t('task.reference')}
          value={filters.reference ?? ''}
          onChange={(v) => set({ reference: v })}
          width={140}
        />
        {span ? (
          <>
            <DayField label={t('day.from')} value={query.from ?? ''} onChange={(v) => set({ from: v, to: query.to })} />
            <DayField label={t('day.to')} value={query.to ?? ''} onChange={(v) => set({ to: v, from: query.from })} />
          </>
        ) : null}
        {filters.own ? <span className="word-tag">{t('filter.own')}</span> : null}
        {filters.organised ? <OrganisedTag organised={filters.organised} /> : null}
        {filtered ? (
          <Act
            onClick={() =>
              set({
                grade: null,
                disposition: null,
                campaignId: null,
                reference: null,
                assignee: null,
                own: null,
                organised: null,
                from: null,
                to: null,
              })
            }
          >
            {c('act.clear')}
          </Act>
        ) : null}
      </div>
      <ListTable<TaskCard>
        name={t('room.tasks')}
        list={tasks}
        columns={useColumns()}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{
          why: filtered ? t('tasks.empty.filtered') : t(`tasks.empty.${list === 'overdue' ? 'overdue' : 'any'}`),
          todo: t('tasks.empty.todo'),
        }}
        selection={
          may('bulk', 'task')
            ? { keys: chosen, onChange: setChosen, acts: <AssignMany ids={chosen} onDone={() => setChosen([])} /> }
            : undefined
        }
      />
      <SidePanel title={t('task')} open={open !== undefined} onClose={() => set({ open: null })}>
        {open ? <TaskPanel id={open} /> : null}
      </SidePanel>
    </Page>
  )
}
