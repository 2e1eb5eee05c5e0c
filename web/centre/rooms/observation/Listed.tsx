import { OrganisedList } from '@weiwang/domain/areas/api'
import { ListObservations, ObservationPage } from '@weiwang/domain/observation/api'
import type { ObservationCard, ObservationList } from '@weiwang/domain/observation/api'
import { STEPS } from '@weiwang/domain/observation/fold'
import type { Step } from '@weiwang/domain/observation/fold'
import type { Measure } from '@weiwang/domain/observation/measure'
import { STATE_NAMES, STEP_NAMES } from '@weiwang/domain/observation/words'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, DayField, SelectField } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { OF_A_SPAN, useListChoices, useMeasure, useMeasureChoices, useReasonWord, useStanding } from './words.ts'

const LIST_FILTERS = ListObservations.pick({
  list: true,
  step: true,
  state: true,
  measure: true,
  endDay: true,
  householdId: true,
  personId: true,
  groupId: true,
  teamId: true,
  from: true,
  to: true,
}).extend({
  list: ListObservations.shape.list.unwrap(),
  by: z.enum(['responsible', 'stay']),
  own: z.enum(['true']),
  organised: OrganisedList,
  checked: z.enum(['true']),
  open: z.uuid(),
})

function useColumns(): Column<ObservationCard>[] {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const measure = useMeasure()
  const reason = useReasonWord()
  const standing = useStanding()
  return [
    {
      key: 'who',
      title: t('obs.who'),
      cell: (row) => (row.personId === null ? t('obs.deleted') : <b>{row.masked}</b>),
    },
    { key: 'door', title: t('obs.door'), cell: (row) => row.door ?? '–' },
    {
      key: 'days',
      title: t('obs.days'),
      cell: (row) => {
        const at = standing(row)
        return (
          <span>
            {at.day || at.phase}
            {at.late || row.standing.phase === 'last_day' ? (
              <>
                {' '}
                <WordTag strong={at.late}>{at.phase}</WordTag>
              </>
            ) : null}
          </span>
        )
      },
    },
    { key: 'end', title: t('obs.end'), cell: (row) => (row.endDay === null ? '–' : dayWords(row.endDay, clock)) },
    { key: 'step', title: t('obs.step'), cell: (row) => say(STEP_NAMES[row.step]) },
    { key: 'state', title: t('state'), cell: (row) => <WordTag>{say(STATE_NAMES[row.state])}</WordTag> },
    { key: 'measure', title: t('obs.measure'), cell: (row) => measure(row.measure) },
    { key: 'reason', title: t('obs.reason'), cell: (row) => reason(row.reason) },
    {
      key: 'missed',
      title: t('obs.missed'),
      end: true,
      cell: (row) => (row.missed > 0 ? <b>{row.missed}</b> : '–'),
    },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
  ]
}

/** A filter that came with the address and has no field of its own: said, and taken away by a press. */
function Fixed(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const [filters, set] = useFilters(LIST_FILTERS)
  const { endDay, checked, householdId, personId, groupId, teamId } = filters
  const said = [
    endDay ? t('obs.endDay', { day: dayWords(endDay, clock) }) : '',
    checked ? t('obs.cal.checked') : '',
    householdId ? t('obs.ofDoor') : '',
    personId ? t('obs.ofPerson') : '',
    groupId ? t('obs.ofGroup') : '',
    teamId ? t('obs.ofTeam') : '',
  ].filter(Boolean)
  if (said.length === 0) return null
  return (
    <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
      {said.map((one) => (
        <WordTag key={one}>{one}</WordTag>
      ))}
      <Act
        quiet
        onClick={() =>
          set({ endDay: null, checked: null, householdId: null, personId: null, groupId: null, teamId: null })
        }
      >
        {c('act.clear')}
      </Act>
    </span>
  )
}

/** The lists behind the figures, with their filters in the address. */
export function Listed(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const [filters, set] = useFilters(LIST_FILTERS)
  const columns = useColumns()
  const lists = useListChoices()
  const measures = useMeasureChoices()
  const { open, ...asked } = filters
  const list = filters.list ?? 'open'
  const span = OF_A_SPAN.includes(list)
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const page = useList(
    ObservationPage,
    '/api/observations',
    { ...asked, list, area: desk.area, ...(span ? { from, to } : { from: undefined, to: undefined }) },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField<ObservationList>
          label={t('obs.which')}
          value={list}
          onChange={(v) => set({ list: v })}
          choices={lists}
          width={190}
        />
        {span ? (
          <>
            <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} />
            <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
          </>
        ) : null}
        <SelectField<Step>
          label={t('obs.step')}
          value={filters.step ?? ''}
          any={t('any')}
          onChange={(v) => set({ step: v })}
          choices={STEPS.map((value) => ({ value, label: say(STEP_NAMES[value]) }))}
        />
        <SelectField<Measure>
          label={t('obs.measure')}
          value={filters.measure ?? ''}
          any={t('any')}
          onChange={(v) => set({ measure: v })}
          choices={measures}
          width={200}
        />
        <Fixed />
      </div>
      <ListTable<ObservationCard>
        name={t('room.observation')}
        list={page}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('obs.empty'), todo: t('obs.empty.todo') }}
        columns={columns}
      />
    </>
  )
}
