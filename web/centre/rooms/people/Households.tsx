import { HouseholdPage, ListHouseholds } from '@weiwang/domain/people/api'
import type { HouseholdLine } from '@weiwang/domain/people/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { TextField } from '../../../kit/centre/controls.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'

const Filters = ListHouseholds.pick({ estate: true, building: true })

export function Households(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const go = useGo()
  const [filters, set] = useFilters(Filters)
  const list = useList(HouseholdPage, '/api/households', { ...filters, area: desk.area })
  return (
    <>
      <div className="filters">
        <TextField label={t('door.estate')} value={filters.estate ?? ''} onChange={(v) => set({ estate: v })} />
        <TextField
          label={t('door.building')}
          value={filters.building ?? ''}
          onChange={(v) => set({ building: v })}
          width={120}
        />
      </div>
      <ListTable<HouseholdLine>
        name={t('people.tab.doors')}
        list={list}
        rowKey={(row) => row.id}
        onOpen={(row) => go(paths.household(row.id))}
        empty={{ why: t('doors.empty'), todo: t('doors.empty.todo') }}
        columns={[
          {
            key: 'door',
            title: t('task.door'),
            cell: (row) => <b>{[row.estate, row.building, row.door].filter(Boolean).join(' ') || '–'}</b>,
          },
          { key: 'kind', title: t('door.kind'), cell: (row) => t(`doorKind.${row.kind}`) },
          { key: 'use', title: t('door.use'), cell: (row) => t(`doorUse.${row.use}`) },
          { key: 'members', title: t('door.members'), end: true, cell: (row) => grouped(row.members) },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
        ]}
      />
    </>
  )
}
