import { OrganisedList } from '@weiwang/domain/areas/api'
import { CALL_LISTS, CallAnswer, CallPage, ListCalls, OpenedNumber } from '@weiwang/domain/observation/reading-api'
import type { CallView } from '@weiwang/domain/observation/reading-api'
import { CALL_OUTCOME_NAMES, MOOD_NAMES } from '@weiwang/domain/observation/reading'
import { isUnlikely, parseTemperature, showTemperature } from '@weiwang/domain/observation/temperature'
import type { CallOutcome, Mood } from '@weiwang/domain/observation/reading'
import type { ServiceKind } from '@weiwang/domain/observation/service-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, CheckField, DayField, MultiField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { useKindChoices } from '../services/words.tsx'
import { TOUCHES, useChoices, useSymptomChoices } from './words.ts'

type List = (typeof CALL_LISTS)[number]
const Filters = ListCalls.pick({ from: true, to: true }).extend({
  calls: z.enum(CALL_LISTS),
  own: z.enum(['true']),
  organised: OrganisedList,
  open: z.uuid(),
})

type Said = { temperature: string; symptoms: string[]; mood: Mood | ''; needs: ServiceKind[]; confirmed: boolean }
const NOTHING: Said = { temperature: '', symptoms: [], mood: '', needs: [], confirmed: false }

/** What was said on the telephone; an unlikely temperature is asked about once more (READ-3). */
function Reading({ said, onChange }: { said: Said; onChange: (said: Said) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const symptoms = useSymptomChoices()
  const moods = useChoices(MOOD_NAMES)
  const needs = useKindChoices()
  const tenths = parseTemperature(said.temperature)
  const bad = said.temperature.trim() !== '' && tenths === null
  return (
    <>
      <TextField
        label={t('obs.calls.temperature')}
        value={said.temperature}
        onChange={(temperature) => onChange({ ...said, temperature, confirmed: false })}
        fault={bad ? t('obs.calls.temperature.bad') : undefined}
        width={160}
      />
      {tenths !== null && isUnlikely(tenths) ? (
        <CheckField
          label={t('obs.calls.confirm', { t: showTemperature(tenths) })}
          value={said.confirmed}
          onChange={(confirmed) => onChange({ ...said, confirmed })}
        />
      ) : null}
      <MultiField
        label={t('obs.f.codes')}
        value={said.symptoms}
        onChange={(next) => onChange({ ...said, symptoms: next })}
        choices={symptoms}
      />
      <SelectField<Mood>
        label={t('obs.calls.mood')}
        value={said.mood}
        onChange={(mood) => onChange({ ...said, mood })}
        choices={moods}
        any="–"
      />
      <MultiField<ServiceKind>
        label={t('obs.calls.needs')}
        value={said.needs}
        onChange={(next) => onChange({ ...said, needs: next })}
        choices={needs}
      />
    </>
  )
}

function Number({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(OpenedNumber, { path: '/api/readings/calls/number', touches: [] })
  const opened = write.data
  if (opened) {
    return (
      <p>
        <b>{opened.name ?? '–'}</b>{' '}
        {opened.phone ? <a href={`tel:${opened.phone}`}>{opened.phone}</a> : t('obs.calls.noNumber')}
      </p>
    )
  }
  return (
    <>
      <ProblemNotice error={write.error} />
      <Act busy={write.isPending} onClick={() => write.mutate({ county: call.county, id: call.id })}>
        {t('obs.calls.number')}
      </Act>
    </>
  )
}

/** One call: the number for it, its outcome, and what was reported. */
function Ring({ call }: { call: CallView }): ReactNode {
  const { t } = useTranslation('centre')
  const outcomes = useChoices(CALL_OUTCOME_NAMES)
  const [id, setId] = useState(() => crypto.randomUUID())
  const [outcome, setOutcome] = useState<CallOutcome | ''>('')
  const [given, setGiven] = useState(false)
  const [said, setSaid] = useState(NOTHING)
  const write = useWrite(CallAnswer, { path: '/api/readings/calls/outcome', touches: TOUCHES })
  const tenths = parseTemperature(said.temperature)
  const spoke = outcome === 'reached' || outcome === 'needs_help'
  const fine =
    !given ||
    ((said.temperature.trim() === '' || tenths !== null) && (tenths === null || !isUnlikely(tenths) || said.confirmed))
  const readings =
    spoke && given
      ? [
          {
            id,
            county: call.county,
            observationId: call.observationId,
            temperature: tenths,
            symptoms: said.symptoms,
            mood: said.mood === '' ? null : said.mood,
            needs: said.needs,
            confirmed: said.confirmed,
          },
        ]
      : []
  return (
    <ConfirmAct
      verb={t('obs.calls.ring')}
      yes={t('obs.calls.save')}
      title={`${t('obs.calls.ring')} · ${call.masked}`}
      write={write}
      ready={outcome !== '' && fine}
      onYes={(_, done) =>
        write.mutate(
          { county: call.county, id: call.id, outcome, readings },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              setOutcome('')
              setSaid(NOTHING)
              setGiven(false)
              done()
            },
          },
        )
      }
    >
      <p>{t('obs.calls.ring.lead')}</p>
      {call.responder ? <p>{t('obs.calls.responder', { name: call.responder.masked })}</p> : null}
      <Number call={call} />
      <div className="form" style={{ marginTop: 12 }}>
        <SelectField<CallOutcome>
          label={t('obs.calls.outcome')}
          value={outcome}
          onChange={setOutcome}
          choices={outcomes}
          any="–"
        />
        {spoke ? <CheckField label={t('obs.calls.reading')} value={given} onChange={setGiven} /> : null}
        {spoke && given ? <Reading said={said} onChange={setSaid} /> : null}
      </div>
    </ConfirmAct>
  )
}

/** Whom to ring up now, why, and how often it was tried (READ-12). */
export function Calls(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const list: List = filters.calls ?? 'due'
  const span = list === 'done' ? { from: filters.from ?? desk.day, to: filters.to ?? desk.day } : {}
  const calls = useList(
    CallPage,
    '/api/readings/calls',
    { list, area: desk.area, own: filters.own, organised: filters.organised, ...span },
    { every: 15_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField<List>
          label={t('obs.calls.which')}
          value={list}
          onChange={(v) => set({ calls: v === 'due' ? null : v })}
          choices={CALL_LISTS.map((value) => ({ value, label: t(`obs.calls.${value}`) }))}
          width={200}
        />
        {list === 'done' ? (
          <>
            <DayField label={t('rules.from')} value={span.from ?? ''} onChange={(day) => set({ from: day })} />
            <DayField label={t('rules.until')} value={span.to ?? ''} onChange={(day) => set({ to: day })} />
          </>
        ) : null}
      </div>
      <ListTable<CallView>
        name={t('obs.tab.calls')}
        list={calls}
        rowKey={(row) => row.id}
        empty={{ why: t('obs.calls.empty'), todo: t('obs.calls.empty.todo') }}
        columns={[
          {
            key: 'who',
            title: t('obs.who'),
            cell: (row) => (
              <span>
                <GoLink href={paths.observation({ tab: 'calls', open: row.observationId })}>
                  <b>{row.masked}</b>
                </GoLink>
                {row.responder ? <small> {t('obs.calls.responder', { name: row.responder.masked })}</small> : null}
              </span>
            ),
          },
          {
            key: 'why',
            title: t('obs.calls.why'),
            cell: (row) => (
              <span>
                {t(`obs.calls.${row.why}`)} {row.missed > 0 ? <WordMissed n={row.missed} /> : null}
                {row.how === 'door' ? ` · ${t('obs.calls.door')}` : ''}
              </span>
            ),
          },
          { key: 'since', title: t('obs.calls.since'), cell: (row) => <When at={row.since} /> },
          {
            key: 'tries',
            title: t('obs.calls.tries'),
            cell: (row) =>
              [
                t('obs.calls.tries.n', { n: row.tries }),
                row.lastOutcome ? say(CALL_OUTCOME_NAMES[row.lastOutcome]) : '',
              ]
                .filter(Boolean)
                .join(' · '),
          },
          { key: 'next', title: t('obs.calls.next'), cell: (row) => <When at={row.notBefore} /> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'act',
            title: t('act'),
            cell: (row) => (row.closed === null ? <Ring call={row} /> : t(`obs.calls.${row.closed}`)),
          },
        ]}
      />
    </>
  )
}

function WordMissed({ n }: { n: number }): ReactNode {
  const { t } = useTranslation('centre')
  return <b>{t('obs.missed.n', { n })}</b>
}
