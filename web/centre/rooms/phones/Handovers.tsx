import { HANDOVER_STATES, HandoverPage } from '@weiwang/domain/sync/handover'
import type { HandoverRow } from '@weiwang/domain/sync/handover'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { SidePanel } from '../../../kit/centre/surfaces.tsx'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { HandoverPanel } from './HandoverPanel.tsx'
import { useItemKind } from './itemKind.ts'

const Filters = z.object({ state: z.enum(HANDOVER_STATES), open: z.uuid() })

/** The queue of the place: what waits first. */
export function Handovers(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const kindWord = useItemKind()
  const [filters, set] = useFilters(Filters)
  const state = filters.state ?? 'waiting'
  const list = useList(HandoverPage, '/api/sync/handovers', { state, area: desk.area }, { every: 30_000 })
  const opened = list.rows.find((row) => row.id === filters.open)
  return (
    <>
      <p>{t('handovers.lead')}</p>
      <div className="filters">
        <SelectField
          label={t('state')}
          value={state}
          onChange={(v) => set({ state: v, open: null })}
          choices={HANDOVER_STATES.map((s) => ({ value: s, label: t(`handoverState.${s}`) }))}
        />
      </div>
      <ListTable<HandoverRow>
        name={t('phones.tab.handovers')}
        list={list}
        rowKey={(row) => row.id}
        openKey={filters.open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('handovers.empty'), todo: t('handovers.empty.todo') }}
        columns={[
          { key: 'worker', title: t('handover.worker'), cell: (row) => <b>{row.worker.name}</b> },
          { key: 'kind', title: t('handover.kind'), cell: (row) => kindWord(row.kind) },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'made', title: t('handover.made'), cell: (row) => <When at={row.madeAt} /> },
          { key: 'recorded', title: t('handover.recorded'), cell: (row) => <When at={row.recordedAt} /> },
          { key: 'reason', title: t('handover.reason'), cell: (row) => t(`handoverReason.${row.reason}`) },
          {
            key: 'decided',
            title: t('handover.decided'),
            cell: (row) => (row.decidedBy === null ? '–' : `${row.decidedBy} · ${t(`handoverState.${row.state}`)}`),
          },
        ]}
      />
      <SidePanel title={t('handover')} open={opened !== undefined} onClose={() => set({ open: null })}>
        {opened ? <HandoverPanel key={opened.id} row={opened} onDone={() => set({ open: null })} /> : null}
      </SidePanel>
    </>
  )
}
