import { OrganisedList } from '@weiwang/domain/areas/api'
import { ListServices, SERVICE_LISTS, ServicePage } from '@weiwang/domain/observation/service-api'
import type { ServiceCard, ServiceKind, ServiceList, Urgency } from '@weiwang/domain/observation/service-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { DayField, SelectField, Sheets } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Due, When } from '../../../shared/words.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { AskService } from './AskService.tsx'
import { Kinds } from './Kinds.tsx'
import { AddMedicine, Medicines } from './Medicines.tsx'
import { Round } from './Round.tsx'
import { AddRule, Rules } from './Rules.tsx'
import { ServicePanel } from './ServicePanel.tsx'
import { useKind, useKindChoices, useUrgency, useUrgencyChoices } from './words.tsx'

const TABS = ['list', 'kinds', 'round', 'rules', 'medicines'] as const
type Tab = (typeof TABS)[number]
const OF_A_SPAN: readonly string[] = ['asked', 'done', 'ended']
const Filters = ListServices.pick({
  list: true,
  kind: true,
  urgency: true,
  householdId: true,
  personId: true,
  observationId: true,
  takenBy: true,
  from: true,
  to: true,
}).extend({ own: z.enum(['true']), organised: OrganisedList, tab: z.enum(TABS), open: z.uuid() })

function useColumns(): Column<ServiceCard>[] {
  const { t } = useTranslation('centre')
  const kind = useKind()
  const urgency = useUrgency()
  return [
    { key: 'kind', title: t('service.kind'), cell: (row) => <b>{kind(row.kind)}</b> },
    {
      key: 'urgency',
      title: t('service.urgency'),
      cell: (row) => <WordTag strong={row.urgency === 'urgent'}>{urgency(row.urgency)}</WordTag>,
    },
    { key: 'who', title: t('service.who'), cell: (row) => row.masked || t('service.whole') },
    { key: 'door', title: t('service.door'), cell: (row) => row.door ?? '–' },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => <WordTag strong={row.state === 'open'}>{t(`serviceState.${row.state}`)}</WordTag>,
    },
    { key: 'due', title: t('service.due'), cell: (row) => <Due at={row.dueBy} done={row.endedAt !== null} /> },
    {
      key: 'with',
      title: t('service.with'),
      cell: (row) =>
        row.takenBy?.name ?? (row.offeredTo ? t('service.offered', { name: row.offeredTo.name }) : t('service.nobody')),
    },
    { key: 'asker', title: t('service.askedBy'), cell: (row) => t(`asker.${row.asker}`) },
    { key: 'asked', title: t('service.askedAt'), cell: (row) => <When at={row.askedAt} /> },
  ]
}

function Listed(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const columns = useColumns()
  const kinds = useKindChoices()
  const urgencies = useUrgencyChoices()
  const { open, tab: _tab, ...asked } = filters
  const list = filters.list ?? 'open'
  const span = OF_A_SPAN.includes(list)
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const services = useList(
    ServicePage,
    '/api/services',
    { ...asked, list, area: desk.area, ...(span ? { from, to } : { from: undefined, to: undefined }) },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField<ServiceList>
          label={t('services.list')}
          value={list}
          onChange={(v) => set({ list: v })}
          choices={SERVICE_LISTS.map((one) => ({ value: one, label: t(`serviceList.${one}`) }))}
          width={200}
        />
        {span ? (
          <>
            <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} />
            <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
          </>
        ) : null}
        <SelectField<ServiceKind>
          label={t('service.kind')}
          value={filters.kind ?? ''}
          any={t('any')}
          onChange={(v) => set({ kind: v })}
          choices={kinds}
        />
        <SelectField<Urgency>
          label={t('service.urgency')}
          value={filters.urgency ?? ''}
          any={t('any')}
          onChange={(v) => set({ urgency: v })}
          choices={urgencies}
          width={200}
        />
      </div>
      <ListTable<ServiceCard>
        name={t('room.services')}
        list={services}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('service.empty'), todo: t('service.empty.todo') }}
        columns={columns}
      />
    </>
  )
}

/** Help that is asked for and brought: what waits, by kind, the round, what repeats, and who runs out of a medicine. */
export function ServicesPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const tab: Tab = filters.tab ?? 'list'
  const { householdId, personId } = filters
  const whom = householdId ? { householdId } : personId ? { personId } : null
  const mayAsk = whom !== null && may('file', 'service', { area: desk.area })
  return (
    <Page
      title={t('room.services')}
      lead={t('services.lead')}
      acts={
        mayAsk ? (
          <>
            <AskService for={whom} />
            <AddRule for={whom} />
            {personId ? <AddMedicine personId={personId} /> : null}
          </>
        ) : null
      }
    >
      <Sheets<Tab>
        value={tab}
        onChange={(key) => set({ tab: key === 'list' ? null : key, open: null })}
        sheets={TABS.map((key) => ({ key, label: t(`services.tab.${key}`) }))}
      />
      {tab === 'list' ? <Listed /> : null}
      {tab === 'kinds' ? <Kinds /> : null}
      {tab === 'round' ? <Round /> : null}
      {tab === 'rules' ? (
        <Rules of={{ ...(householdId ? { householdId } : {}), ...(personId ? { personId } : {}) }} />
      ) : null}
      {tab === 'medicines' ? <Medicines personId={personId} /> : null}
      <SidePanel title={t('room.services')} open={filters.open !== undefined} onClose={() => set({ open: null })}>
        {filters.open ? <ServicePanel id={filters.open} /> : null}
      </SidePanel>
    </Page>
  )
}
