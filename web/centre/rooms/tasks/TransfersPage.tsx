import { OrganisedList } from '@weiwang/domain/areas/api'
import { ListTransfers, TransferPage } from '@weiwang/domain/tasks/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { DayField, Switcher } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'

const Filters = ListTransfers.pick({ direction: true, from: true, to: true }).extend({
  own: z.enum(['true']),
  organised: OrganisedList,
})

/** Persons whose open task went with them (case 33). */
export function TransfersPage(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const direction = filters.direction ?? 'out'
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const list = useList(TransferPage, '/api/transfers', {
    area: desk.area,
    direction,
    from,
    to,
    own: filters.own,
    organised: filters.organised,
  })
  return (
    <Page title={t('transfers')} lead={t('transfers.lead')}>
      <div className="filters">
        <Switcher
          label={t('transfers.direction')}
          value={direction}
          onChange={(v) => set({ direction: v })}
          choices={[
            { value: 'out', label: t('transfers.out') },
            { value: 'in', label: t('transfers.in') },
          ]}
        />
        <DayField label={t('day.from')} value={from} onChange={(v) => set({ from: v, to })} />
        <DayField label={t('day.to')} value={to} onChange={(v) => set({ to: v, from })} />
      </div>
      <ListTable
        name={t('transfers')}
        list={list}
        rowKey={(row) => `${row.taskId}${row.at}`}
        empty={{ why: t('transfers.empty') }}
        columns={[
          {
            key: 'who',
            title: t('task.who'),
            cell: (row) => <GoLink href={paths.tasks({ open: row.taskId })}>{row.masked}</GoLink>,
          },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'other',
            title: direction === 'out' ? t('transfers.to') : t('transfers.from'),
            cell: (row) => row.otherName,
          },
          { key: 'at', title: t('when'), cell: (row) => <When at={row.at} /> },
        ]}
      />
    </Page>
  )
}
