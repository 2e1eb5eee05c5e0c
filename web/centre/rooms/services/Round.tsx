import { addDays } from '@weiwang/domain/core/day'
import { RoundPage } from '@weiwang/domain/observation/service-api'
import { z } from 'zod'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { Act, DayField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { useKind } from './words.tsx'

type Row = z.output<typeof RoundPage>['items'][number]
const Filters = z.object({ round: z.iso.date(), open: z.uuid() })

/** What goes with the round of one day, in the order of the walk; to be printed and taken along. */
export function Round(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const kind = useKind()
  const [filters, set] = useFilters(Filters)
  const day = filters.round ?? addDays(desk.today, 1)
  const list = useList(RoundPage, '/api/services/round', { area: desk.area, day, limit: 200 })
  return (
    <>
      <p className="page-lead">{t('round.lead')}</p>
      <div className="filters">
        <DayField label={t('round.day')} value={day} onChange={(text) => set({ round: text })} />
        <Act onClick={() => window.print()}>{t('round.print')}</Act>
      </div>
      <ListTable<Row>
        name={t('services.tab.round')}
        list={list}
        rowKey={(row) => row.id}
        openKey={filters.open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('round.empty'), todo: t('round.empty.todo') }}
        columns={[
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'building',
            title: t('round.building'),
            cell: (row) => <b>{[row.estate, row.building].filter(Boolean).join(' ') || '–'}</b>,
          },
          { key: 'door', title: t('service.door'), cell: (row) => row.doorOnly ?? row.door ?? '–' },
          { key: 'who', title: t('service.who'), cell: (row) => row.masked || t('service.whole') },
          { key: 'kind', title: t('service.kind'), cell: (row) => kind(row.kind) },
          { key: 'state', title: t('state'), cell: (row) => <WordTag>{t(`serviceState.${row.state}`)}</WordTag> },
          {
            key: 'with',
            title: t('service.with'),
            cell: (row) =>
              row.takenBy?.name ??
              (row.offeredTo ? t('service.offered', { name: row.offeredTo.name }) : t('service.nobody')),
          },
        ]}
      />
    </>
  )
}
