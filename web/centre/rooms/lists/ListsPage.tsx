import { ListPushes, PUSH_STATES, PushPage } from '@weiwang/domain/tasks/api'
import type { PushView } from '@weiwang/domain/tasks/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { StateFilter } from '../../parts/StateFilter.tsx'
import { paths } from '../../paths.ts'
import { Graded } from './Graded.tsx'
import { ProposePushForm } from './ProposePush.tsx'
import { PushPanel } from './PushPanel.tsx'

const Filters = z.object({ tab: z.enum(['pushes', 'graded']), state: z.enum(PUSH_STATES), open: z.uuid() })

function Pushes({
  state,
  open,
  onState,
  onOpen,
}: {
  state: PushView['state'] | undefined
  open: string | undefined
  onState: (state: string) => void
  onOpen: (row: PushView) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const query: Omit<z.input<typeof ListPushes>, 'limit'> = { area: desk.area, state }
  const list = useList(PushPage, '/api/pushes', query, { every: 15_000 })
  return (
    <>
      <div className="filters">
        <StateFilter value={state} states={PUSH_STATES} word={(one) => t(`pushState.${one}`)} onChange={onState} />
      </div>
      <ListTable<PushView>
        name={t('pushes')}
        list={list}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={onOpen}
        empty={
          state
            ? { why: t('pushes.none'), todo: t('fits.todo') }
            : { why: t('pushes.empty'), todo: t('pushes.empty.todo') }
        }
        columns={[
          { key: 'started', title: t('push.started'), cell: (row) => <When at={row.startedAt} /> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => (
              <WordTag strong={row.state === 'proposed' || row.state === 'failed'}>
                {t(`pushState.${row.state}`)}
              </WordTag>
            ),
          },
          { key: 'persons', title: t('push.persons'), end: true, cell: (row) => grouped(row.consequence.persons) },
          { key: 'grids', title: t('push.grids'), end: true, cell: (row) => grouped(row.consequence.grids) },
          {
            key: 'done',
            title: t('push.tasks'),
            end: true,
            cell: (row) => (
              <GoLink href={paths.entries({ pushId: row.id, outcome: 'task' })}>{grouped(row.result.task)}</GoLink>
            ),
          },
          {
            key: 'unresolved',
            title: t('push.unresolved'),
            end: true,
            cell: (row) => (
              <GoLink href={paths.entries({ pushId: row.id, outcome: 'unresolved' })}>
                {grouped(row.result.unresolved)}
              </GoLink>
            ),
          },
          { key: 'by', title: t('push.by'), cell: (row) => row.by.name },
          { key: 'approved', title: t('push.approvedBy'), cell: (row) => row.approvedBy?.name ?? '–' },
        ]}
      />
    </>
  )
}

export function ListsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'pushes'
  return (
    <Page
      title={t('room.lists')}
      lead={t('lists.lead')}
      acts={
        may('propose', 'push') ? (
          <ProposePushForm onProposed={(id) => set({ open: id, tab: 'pushes', state: null })} />
        ) : null
      }
    >
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, state: null })}
        sheets={[
          { key: 'pushes', label: t('pushes') },
          { key: 'graded', label: t('graded') },
        ]}
      />
      {tab === 'pushes' ? (
        <Pushes
          state={filters.state}
          open={filters.open}
          onState={(state) => set({ state })}
          onOpen={(row) => set({ open: row.id }, { push: true })}
        />
      ) : (
        <Graded />
      )}
      <SidePanel title={t('push')} open={filters.open !== undefined} onClose={() => set({ open: null })}>
        {filters.open ? <PushPanel id={filters.open} /> : null}
      </SidePanel>
    </Page>
  )
}
