import { OrganisedList } from '@weiwang/domain/areas/api'
import { WAY_IN_NAMES } from '@weiwang/domain/observation/reading'
import { ListSlots, SlotPage } from '@weiwang/domain/observation/reading-api'
import type { SlotRow } from '@weiwang/domain/observation/reading-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { useSlotWords } from './words.ts'

const STATES = ['on_time', 'late', 'missed'] as const
type State = (typeof STATES)[number]
const Filters = ListSlots.pick({ from: true, to: true, observationId: true }).extend({
  slot: z.enum(STATES),
  own: z.enum(['true']),
  organised: OrganisedList,
  open: z.uuid(),
})

/** Readings as the figures count them: on time, late, missed; together what was due (READ-16). */
export function Slots(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const slotWords = useSlotWords()
  const [filters, set] = useFilters(Filters)
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const list = useList(SlotPage, '/api/readings/slots', {
    area: desk.area,
    state: filters.slot,
    own: filters.own,
    organised: filters.organised,
    observationId: filters.observationId,
    from,
    to,
  })
  return (
    <>
      <div className="filters">
        <SelectField<State>
          label={t('obs.slots.state')}
          value={filters.slot ?? ''}
          any={t('any')}
          onChange={(v) => set({ slot: v })}
          choices={STATES.map((value) => ({ value, label: t(`obs.slot.${value}`) }))}
        />
        <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} />
        <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
      </div>
      <ListTable<SlotRow>
        name={t('obs.tab.slots')}
        list={list}
        rowKey={(row) => `${row.observationId}${row.day}${row.part}`}
        openKey={filters.open}
        onOpen={(row) => set({ open: row.observationId }, { push: true })}
        empty={{ why: t('obs.slots.empty'), todo: t('obs.slots.empty.todo') }}
        columns={[
          { key: 'who', title: t('obs.who'), cell: (row) => <b>{row.masked || t('obs.deleted')}</b> },
          { key: 'slot', title: t('obs.r.slot'), cell: (row) => slotWords(row) },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'missed'}>{t(`obs.slot.${row.state}`)}</WordTag>,
          },
          { key: 'how', title: t('obs.slots.how'), cell: (row) => (row.how ? say(WAY_IN_NAMES[row.how]) : '–') },
          { key: 'due', title: t('obs.slots.due'), cell: (row) => <When at={row.dueAt} /> },
          { key: 'taken', title: t('obs.r.taken'), cell: (row) => <When at={row.takenAt} /> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
        ]}
      />
    </>
  )
}
