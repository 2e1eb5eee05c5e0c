import { OrganisedList } from '@weiwang/domain/areas/api'
import { DISPUTE_LISTS, DisputePage, ListDisputes } from '@weiwang/domain/incidents/api'
import type { DisputeKind, DisputeList, DisputeRow } from '@weiwang/domain/incidents/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import type { List } from '../../../api/query.ts'
import { DayField, SelectField, Sheets } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { DisputeKinds } from './DisputeKinds.tsx'
import { DisputePanel } from './DisputePanel.tsx'
import { RecordDispute } from './RecordDispute.tsx'
import { useDisputeKind, useDisputeKinds } from './words.ts'

const TABS = ['list', 'mine', 'kinds'] as const
type Tab = (typeof TABS)[number]
const Filters = ListDisputes.pick({ list: true, kind: true, from: true, to: true }).extend({
  own: z.enum(['true']),
  organised: OrganisedList,
  tab: z.enum(TABS),
  open: z.uuid(),
})

function useColumns(): Column<DisputeRow>[] {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const kind = useDisputeKind()
  const sealed = (row: DisputeRow, text: string): ReactNode => (row.hidden ? t('dispute.hidden') : text)
  return [
    { key: 'kind', title: t('dispute.kind'), cell: (row) => <b>{kind(row.kind)}</b> },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => (
        <>
          <WordTag strong={row.state === 'open'}>{t(`disputeState.${row.state}`)}</WordTag>
          {row.late ? (
            <>
              {' '}
              <WordTag strong>{t('dispute.late')}</WordTag>
            </>
          ) : null}
        </>
      ),
    },
    {
      key: 'mediator',
      title: t('dispute.mediator'),
      cell: (row) => sealed(row, row.mediator?.name ?? t('dispute.nobody')),
    },
    { key: 'door', title: t('dispute.door'), cell: (row) => sealed(row, row.door ?? '–') },
    {
      key: 'parties',
      title: t('dispute.parties'),
      cell: (row) => sealed(row, t('dispute.parties.n', { n: row.parties ?? 0 })),
    },
    {
      key: 'followUp',
      title: t('dispute.followUp'),
      cell: (row) => sealed(row, row.followUp ? dayWords(row.followUp, clock) : '–'),
    },
    { key: 'opened', title: t('dispute.opened'), cell: (row) => dayWords(row.openedDay, clock) },
    {
      key: 'closed',
      title: t('dispute.closed'),
      cell: (row) => (row.closedDay ? dayWords(row.closedDay, clock) : '–'),
    },
  ]
}

function Table({ list, why, todo }: { list: List<DisputeRow>; why: string; todo?: string }): ReactNode {
  const { t } = useTranslation('centre')
  const columns = useColumns()
  const [filters, set] = useFilters(Filters)
  return (
    <ListTable<DisputeRow>
      name={t('room.mediation')}
      list={list}
      rowKey={(row) => row.id}
      openKey={filters.open}
      onOpen={(row) => set({ open: row.id }, { push: true })}
      empty={{ why, ...(todo === undefined ? {} : { todo }) }}
      columns={columns}
    />
  )
}

function Listed(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const kinds = useDisputeKinds()
  const [filters, set] = useFilters(Filters)
  const { open: _open, tab: _tab, ...asked } = filters
  const list = filters.list ?? 'open'
  const span = list === 'opened' || list === 'closed'
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const disputes = useList(
    DisputePage,
    '/api/mediations',
    { ...asked, list, area: desk.area, ...(span ? { from, to } : { from: undefined, to: undefined }) },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField<DisputeList>
          label={t('mediation.list')}
          value={list}
          onChange={(v) => set({ list: v })}
          choices={DISPUTE_LISTS.map((one) => ({ value: one, label: t(`disputeList.${one}`) }))}
          width={180}
        />
        {span ? (
          <>
            <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} />
            <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
          </>
        ) : null}
        <SelectField<DisputeKind>
          label={t('dispute.kind')}
          value={filters.kind ?? ''}
          any={t('any')}
          onChange={(v) => set({ kind: v })}
          choices={kinds}
          width={180}
        />
      </div>
      <Table list={disputes} why={t('dispute.empty')} todo={t('dispute.empty.todo')} />
    </>
  )
}

function Mine(): ReactNode {
  const { t } = useTranslation('centre')
  const disputes = useList(DisputePage, '/api/mediations/mine', {}, { every: 30_000 })
  return <Table list={disputes} why={t('dispute.mine.empty')} />
}

/** Disputes that outbreak control brought about: counted by everybody, read by those whose they are. */
export function MediationPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const tab: Tab = filters.tab ?? 'list'
  return (
    <Page
      title={t('room.mediation')}
      lead={t('mediation.lead')}
      acts={
        may('file', 'mediation', { area: desk.area }) ? (
          <RecordDispute onDone={(id) => set({ open: id }, { push: true })} />
        ) : null
      }
    >
      <Sheets<Tab>
        value={tab}
        onChange={(key) => set({ tab: key === 'list' ? null : key, open: null })}
        sheets={TABS.map((key) => ({ key, label: t(`mediation.tab.${key}`) }))}
      />
      {tab === 'list' ? <Listed /> : null}
      {tab === 'mine' ? <Mine /> : null}
      {tab === 'kinds' ? <DisputeKinds /> : null}
      <SidePanel title={t('room.mediation')} open={filters.open !== undefined} onClose={() => set({ open: null })}>
        {filters.open ? <DisputePanel id={filters.open} /> : null}
      </SidePanel>
    </Page>
  )
}
