import { OpenedObservations } from '@weiwang/domain/observation/api'
import type { ObservationReason } from '@weiwang/domain/observation/api'
import { MEASURE_RULES } from '@weiwang/domain/observation/measure'
import type { Measure } from '@weiwang/domain/observation/measure'
import { PLACES } from '@weiwang/domain/observation/step-words'
import { HouseholdView, PersonView } from '@weiwang/domain/people/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { OpenLine } from './OpenLine.tsx'
import type { Line, Whom } from './OpenLine.tsx'
import { TOUCHES, useChoices, useMeasureChoices, useReasonChoices } from './words.ts'

type Reason = z.infer<typeof ObservationReason>
type Place = keyof typeof PLACES
type OpenRequest = {
  persons: { id: string; personId: string; exposureDay?: string; continuous: boolean; responderPersonId?: string }[]
  measure: Measure
  reason: Reason
  openedFrom: { kind: 'contact' | 'return' | 'hand'; id?: string }
  householdId?: string
  area?: string
  address?: string
  place: Place
  startDay?: string
  responsibleArea?: string
  note?: string
}

/** The members of the door, or the one person. */
function useWhom(of: { personId?: string | undefined; householdId?: string | undefined }) {
  const { personId, householdId } = of
  const door = useQuery({
    ...q(HouseholdView, `/api/households/${householdId ?? ''}`),
    enabled: householdId !== undefined,
  })
  const one = useQuery({
    ...q(PersonView, `/api/people/${personId ?? ''}`),
    enabled: personId !== undefined && householdId === undefined,
  })
  const people: Whom[] | null = householdId
    ? (door.data?.people ?? null)
    : one.data
      ? [{ personId: one.data.personId, masked: one.data.masked }]
      : null
  return { people, error: door.error ?? one.error }
}

type Asked = {
  personId?: string | undefined
  householdId?: string | undefined
  /** The told return from which somebody came here. */
  returnId?: string | undefined
}

/** Opened by hand for one person or a whole household; each with days of its own (OBS-5), and with what is known of the contact. */
export function OpenByHand(of: Asked): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const said = useSaid()
  const { today } = useDesk()
  const { people, error } = useWhom(of)
  const measures = useMeasureChoices()
  const reasons = useReasonChoices()
  const places = useChoices(PLACES)
  const [lines, setLines] = useState<Readonly<Record<string, Line>>>({})
  const [fresh] = useState<Map<string, string>>(() => new Map())
  const [measure, setMeasure] = useState<Measure>('home_quarantine')
  const [reason, setReason] = useState<Reason>(of.returnId ? 'risk_area' : 'close_contact')
  const [fromContact, setFromContact] = useState(false)
  const [place, setPlace] = useState<Place>('home')
  const [area, setArea] = useState<Chosen | null>(null)
  const [address, setAddress] = useState('')
  const [startDay, setStart] = useState(today)
  const [responsible, setResponsible] = useState<Chosen | null>(null)
  const [note, setNote] = useState('')
  const write = useWrite<typeof OpenedObservations, OpenRequest>(OpenedObservations, {
    path: '/api/observations',
    touches: TOUCHES,
  })
  const idOf = (personId: string): string => {
    const id = fresh.get(personId) ?? crypto.randomUUID()
    fresh.set(personId, id)
    return id
  }
  const lineOf = (personId: string): Line =>
    lines[personId] ?? {
      chosen: people?.length === 1,
      exposureDay: '',
      continuous: false,
      responder: '',
      id: idOf(personId),
    }
  const chosen = (people ?? []).filter((one) => lineOf(one.personId).chosen)
  const body = (): OpenRequest => ({
    persons: chosen.map(({ personId }) => {
      const { id, exposureDay, continuous, responder } = lineOf(personId)
      return {
        id,
        personId,
        continuous,
        ...(exposureDay === '' ? {} : { exposureDay }),
        ...(responder === '' ? {} : { responderPersonId: responder }),
      }
    }),
    measure,
    reason,
    openedFrom: of.returnId ? { kind: 'return', id: of.returnId } : { kind: fromContact ? 'contact' : 'hand' },
    place,
    // The door of the register, or another place by its area and in words.
    ...(place === 'home' && of.householdId ? { householdId: of.householdId } : {}),
    ...(place !== 'home' && area ? { area: area.code } : {}),
    ...(place === 'home' || address.trim() === '' ? {} : { address: address.trim() }),
    ...(startDay === '' || startDay === today ? {} : { startDay }),
    ...(responsible ? { responsibleArea: responsible.code } : {}),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
  })
  const tell = ({ items }: z.infer<typeof OpenedObservations>): void => {
    const n = (outcome: string): number => items.filter((one) => one.outcome === outcome).length
    if (n('opened') > 0) said(t('obs.new.done', { n: n('opened') }))
    if (n('exists') > 0) said(t('obs.new.exists', { n: n('exists') }))
    if (n('over') > 0) said(t('obs.new.over', { n: n('over') }))
  }
  return (
    <ConfirmAct
      primary
      verb={t('obs.new')}
      title={t('obs.new')}
      write={write}
      ready={chosen.length > 0 && (place === 'home' || area !== null)}
      onYes={(_, done) =>
        write.mutate(body(), {
          onSuccess: (answer) => {
            tell(answer)
            fresh.clear()
            setLines({})
            done()
          },
        })
      }
    >
      <p>{t('obs.new.lead')}</p>
      <ReadProblem error={error} again={null} />
      <div className="form">
        <div className="field">
          <span className="field-label">{t('obs.new.whom')}</span>
          {people?.length === 0 ? <p>{t('obs.new.nobody')}</p> : null}
          {(people ?? []).map((who) => (
            <OpenLine
              key={who.personId}
              who={who}
              line={lineOf(who.personId)}
              others={(people ?? []).filter((one) => one.personId !== who.personId)}
              onKnown={(known) => {
                setReason(known)
                setFromContact(known === 'close_contact' || known === 'secondary_contact')
              }}
              onChange={(line) => setLines((before) => ({ ...before, [who.personId]: line }))}
            />
          ))}
        </div>
        <SelectField<Measure>
          label={t('obs.measure')}
          help={say(MEASURE_RULES[measure].out)}
          value={measure}
          onChange={(v) => setMeasure(v === '' ? 'home_quarantine' : v)}
          choices={measures}
        />
        <SelectField<Reason>
          label={t('obs.reason')}
          value={reason}
          onChange={(v) => setReason(v === '' ? 'close_contact' : v)}
          choices={reasons}
        />
        <DayField label={t('obs.new.start')} value={startDay} onChange={setStart} />
        <SelectField<Place>
          label={t('obs.from')}
          value={place}
          onChange={(v) => setPlace(v === '' ? 'home' : v)}
          choices={places}
        />
        {place === 'home' ? null : (
          <>
            <AreaPick label={t('obs.f.area')} value={area} onChange={setArea} />
            <TextField label={t('obs.f.address')} value={address} onChange={setAddress} />
          </>
        )}
        <AreaPick label={t('obs.new.responsible')} value={responsible} onChange={setResponsible} />
        <TextField long label={t('obs.f.note')} value={note} onChange={setNote} />
      </div>
    </ConfirmAct>
  )
}
