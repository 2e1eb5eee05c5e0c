import { LOAD_SORTS, LoadPage } from '@weiwang/domain/sync/load'
import type { WorkerLoad } from '@weiwang/domain/sync/load'
import { isDay } from '@weiwang/domain/core/day'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { DayField, Switcher } from '../../../kit/centre/controls.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'

const Day = z.string().refine(isDay)
const Filters = z.object({ from: Day, to: Day, sort: z.enum(LOAD_SORTS) })
const COUNTY_DIGITS = 6

/** LOAD-1: what each worker carries; the number is how much, never how well. */
export function WorkerLoads(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const sorts = desk.area.length >= COUNTY_DIGITS ? LOAD_SORTS : (['area'] as const)
  const sort = sorts.find((one) => one === filters.sort) ?? 'area'
  const list = useList(LoadPage, '/api/worker-load', { area: desk.area, from, to, sort })
  const number =
    (of: (row: WorkerLoad) => number) =>
    (row: WorkerLoad): ReactNode =>
      grouped(of(row))
  return (
    <>
      <p className="page-lead">{t('load.lead')}</p>
      <div className="filters">
        <DayField label={t('day.from')} value={from} max={desk.today} onChange={(day) => set({ from: day })} />
        <DayField label={t('day.to')} value={to} max={desk.today} onChange={(day) => set({ to: day })} />
        <Switcher
          label={t('load.sort')}
          value={sort}
          onChange={(one) => set({ sort: one })}
          choices={sorts.map((one) => ({ value: one, label: t(`load.sort.${one}`) }))}
        />
      </div>
      <ListTable<WorkerLoad>
        name={t('accounts.tab.load')}
        list={list}
        rowKey={(row) => row.account.id}
        empty={{ why: t('load.empty'), todo: t('load.empty.todo') }}
        columns={[
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'worker', title: t('phone.worker'), cell: (row) => <b>{row.account.name}</b> },
          { key: 'forms', title: t('load.forms'), end: true, cell: number((row) => row.forms) },
          { key: 'days', title: t('load.days'), end: true, cell: number((row) => row.days) },
          { key: 'most', title: t('load.most'), end: true, cell: number((row) => row.most) },
          { key: 'formsNight', title: t('load.formsNight'), end: true, cell: number((row) => row.formsNight) },
          { key: 'messages', title: t('load.messages'), end: true, cell: number((row) => row.messages) },
          { key: 'night', title: t('load.messagesNight'), end: true, cell: number((row) => row.messagesNight) },
        ]}
      />
    </>
  )
}
