import { OrganisedList } from '@weiwang/domain/areas/api'
import { ListVisits, VisitPersonPage } from '@weiwang/domain/visits/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { DayField } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { OrganisedTag } from '../../parts/OrganisedTag.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { useDisposition } from './parts.tsx'

const Filters = ListVisits.pick({ from: true, to: true }).extend({ own: z.enum(['true']), organised: OrganisedList })

/** One row for each person and visit: the list behind the figure of persons visited. */
export function VisitPersonsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const disposition = useDisposition()
  const [filters, set] = useFilters(Filters)
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const list = useList(VisitPersonPage, '/api/visits/persons', {
    area: desk.area,
    from,
    to,
    own: filters.own,
    organised: filters.organised,
  })
  return (
    <Page title={t('visitPersons')} lead={t('visitPersons.lead')}>
      <div className="filters">
        <DayField label={t('day.from')} value={from} onChange={(v) => set({ from: v, to })} />
        <DayField label={t('day.to')} value={to} onChange={(v) => set({ to: v, from })} />
        {filters.own ? <span className="word-tag">{t('filter.own')}</span> : null}
        {filters.organised ? <OrganisedTag organised={filters.organised} /> : null}
      </div>
      <ListTable
        name={t('visitPersons')}
        list={list}
        rowKey={(row) => `${row.id}${row.personId ?? row.nth}`}
        empty={{ why: t('visits.empty'), todo: t('visits.empty.todo') }}
        columns={[
          {
            key: 'who',
            title: t('task.who'),
            cell: (row) =>
              row.personId === null ? (
                t('visitPersons.deleted')
              ) : (
                <GoLink href={paths.person(row.personId)}>{row.masked}</GoLink>
              ),
          },
          { key: 'door', title: t('task.door'), cell: (row) => row.door ?? '–' },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'disposition', title: t('task.disposition'), cell: (row) => disposition(row.disposition) },
          { key: 'by', title: t('visit.by'), cell: (row) => row.by.name },
          { key: 'at', title: t('visit.recorded'), cell: (row) => <When at={row.recordedAt} /> },
          {
            key: 'visit',
            title: t('visit'),
            cell: (row) => (
              <GoLink href={paths.visits({ open: row.id, from: row.day, to: row.day })}>{t('open')}</GoLink>
            ),
          },
        ]}
      />
    </Page>
  )
}
