import { z } from 'zod'
import type { AreaCode } from '../areas/code.ts'
import type { Days } from './dates.ts'
import { CARE_STAGES, From } from './event.ts'
import type { NewObservationEvent, ObservationEvent } from './event.ts'
import { Length, Measure, MEASURE_RULES } from './measure.ts'
import { Outing, OutingAsked, OUTINGS_KEPT } from './outing.ts'

/**
 * Where an observation stands on paper; where it stands in time (day 6 of 14, due, lapsed at this moment) is dates.ts. `lapsed`
 * is recorded by the timer after the fact: a release can still follow.
 */
export const OBSERVATION_STATES = [
  'opened',
  'unsuitable',
  'suitable',
  'notified',
  'refused',
  'active',
  'symptomatic',
  'referred',
  'admitted',
  'breach',
  'lapsed',
  'released',
  'transferred',
  'to_central',
  'cancelled',
] as const
export const ObservationStateName = z.enum(OBSERVATION_STATES)
export type ObservationStateName = z.infer<typeof ObservationStateName>

/** The seven steps, ours in the spirit of the method (OBS-7). `serve` is where a service is open, `release` where the days are over. */
export const STEPS = ['notify', 'agree', 'bind', 'check', 'serve', 'guard', 'release'] as const
export const Step = z.enum(STEPS)
export type Step = z.infer<typeof Step>

const text = z.string()

/** The state of an observation: nothing but the fold of its events (OBS-1). It holds nothing personal, so phones keep it whole. */
export const ObservationState = z.object({
  area: text,
  responsibleArea: text,
  householdId: text.nullable(),
  place: z.string(),
  personId: text,
  groupId: text.nullable(),
  root: text,
  measure: Measure,
  reason: text,
  openedFrom: z.object({ kind: text, id: text.nullable() }),
  responderPersonId: text.nullable(),
  /** Under age: as long as nobody is named, nobody answers (OBS-28). */
  minor: z.boolean().default(false),
  exposureDay: text.nullable(),
  /** The exposure goes on (cares for a case, case 31): no end is known while it does. */
  continuous: z.boolean(),
  startDay: text,
  endDay: text.nullable(),
  /** The end by rule, before anybody extended or shortened it. */
  ruleEndDay: text.nullable(),
  from: z.enum(['exposure', 'start']),
  length: Length,
  rules: z.object({ id: text.nullable(), version: z.number() }),
  suitability: z.object({ suitable: z.boolean(), wantsCentral: z.boolean() }).nullable(),
  noticeOn: text.nullable(),
  commitment: z.object({ how: text, on: text, photoId: text.nullable(), paperId: text.nullable() }).nullable(),
  refusedOn: text.nullable(),
  teamId: text.nullable(),
  symptoms: z.object({ codes: z.array(text), since: text }).nullable(),
  care: z.object({ stage: z.enum(CARE_STAGES), at: text }).nullable(),
  /** Readings missed since anything was heard: the person reported again, or somebody asked. */
  missed: z.number(),
  welfareAt: text.nullable(),
  breach: z.object({ what: text, since: text, step: text.nullable() }).nullable(),
  breaches: z.number(),
  outingAsked: OutingAsked.nullable().default(null),
  /** Why the last one that was asked for was not agreed to. */
  outingRefused: z.object({ reason: text, on: text }).nullable().default(null),
  /** The last ones that were agreed to, the newest last. */
  outings: z.array(Outing).default([]),
  shortening: z.object({ endDay: text, reason: text, by: text.nullable(), n: z.number() }).nullable(),
  extensions: z.number(),
  objection: z.object({ reference: text, answered: text.nullable() }).nullable(),
  releaseCheck: z.object({ on: text, symptoms: z.boolean(), tests: text }).nullable(),
  movedFrom: From.nullable(),
  movedTo: From.nullable(),
  openedAt: text,
  openedDay: text,
  lapsedAt: text.nullable(),
  lapsedDay: text.nullable(),
  outcome: z.enum(['released', 'transferred', 'to_central', 'cancelled']).nullable(),
  endedAt: text.nullable(),
  endedDay: text.nullable(),
  note: text.nullable(),
  followUpDay: text.nullable(),
  followedUpAt: text.nullable(),
  deleteDay: text.nullable(),
  updatedAt: text,
  version: z.number(),
})
export type ObservationState = z.infer<typeof ObservationState>

function opened(event: ObservationEvent & { kind: 'opened' }): ObservationState {
  const { on, from, length, minor, ...body } = event.body
  return {
    ...body,
    minor: minor ?? false,
    area: event.area,
    openedFrom: from,
    ruleEndDay: body.endDay,
    from: length.from,
    length,
    suitability: null,
    noticeOn: null,
    commitment: null,
    refusedOn: null,
    teamId: null,
    symptoms: null,
    care: null,
    missed: 0,
    welfareAt: null,
    breach: null,
    breaches: 0,
    outingAsked: null,
    outingRefused: null,
    outings: [],
    shortening: null,
    extensions: 0,
    objection: null,
    releaseCheck: null,
    movedTo: null,
    openedAt: event.recordedAt,
    openedDay: on,
    lapsedAt: null,
    lapsedDay: null,
    outcome: null,
    endedAt: null,
    endedDay: null,
    note: null,
    followUpDay: null,
    followedUpAt: null,
    deleteDay: null,
    updatedAt: event.recordedAt,
    version: event.n,
  }
}

type Ending = ObservationEvent & { kind: 'released' | 'transferred' | 'central' | 'cancelled' }

function end(event: Ending, outcome: NonNullable<ObservationState['outcome']>): Partial<ObservationState> {
  return {
    outcome,
    endedAt: event.recordedAt,
    endedDay: event.body.on,
    deleteDay: event.body.deleteDay,
    shortening: null,
    breach: null,
    outingAsked: null,
  }
}

/** Who comes back from a hospital is observed on; who is seen by a doctor and stays is not ill any more for this file. */
function care(event: ObservationEvent & { kind: 'care' }, state: ObservationState): Partial<ObservationState> {
  const { stage, at } = event.body
  return { care: { stage, at }, symptoms: stage === 'returned' ? null : state.symptoms }
}

function withOuting(outings: readonly Outing[], event: ObservationEvent & { kind: 'outing_agreed' }): Outing[] {
  const { purpose, way, agreedBy, from, to } = event.body
  return [...outings, { n: event.n, purpose, way, agreedBy, from, to, backAt: null, off: false }].slice(-OUTINGS_KEPT)
}

function change(state: ObservationState, event: ObservationEvent): Partial<ObservationState> {
  const at = event.recordedAt
  switch (event.kind) {
    case 'opened':
      return {}
    case 'dated': {
      const { exposureDay, endDay } = event.body
      return { exposureDay, endDay, ruleEndDay: endDay, continuous: false }
    }
    case 'suitability':
      return { suitability: { suitable: event.body.suitable, wantsCentral: event.body.wantsCentral } }
    case 'notified':
      return { noticeOn: event.body.on }
    case 'committed': {
      const { how, on, photoId, paperId } = event.body
      return { commitment: { how, on, photoId, paperId }, refusedOn: null }
    }
    case 'refused':
      return { refusedOn: event.body.on }
    case 'bound':
      return { teamId: event.body.teamId }
    case 'unbound':
      return { teamId: null }
    case 'symptom':
      return {
        symptoms: {
          codes: [...new Set([...(state.symptoms?.codes ?? []), ...event.body.codes])].toSorted(),
          since: state.symptoms?.since ?? event.occurredAt,
        },
        // A new symptom after the way back from care begins anew.
        care: state.care?.stage === 'returned' ? null : state.care,
        releaseCheck: null,
      }
    case 'symptom_over':
      return { symptoms: null }
    case 'care':
      return care(event, state)
    case 'missed':
      return { missed: state.missed + 1 }
    case 'heard':
      return { missed: 0 }
    case 'welfare':
      return { missed: 0, welfareAt: at }
    case 'breach':
      return { breach: { what: event.body.what, since: event.occurredAt, step: null }, breaches: state.breaches + 1 }
    case 'breach_step':
      return state.breach === null ? {} : { breach: { ...state.breach, step: event.body.step } }
    case 'breach_over':
      return { breach: null, breaches: state.breaches - (event.body.outcome === 'error' ? 1 : 0) }
    case 'outing_asked': {
      const { purpose, from, to } = event.body
      return { outingAsked: { purpose, from, to, n: event.n }, outingRefused: null }
    }
    case 'outing_agreed':
      return { outingAsked: null, outingRefused: null, outings: withOuting(state.outings, event) }
    case 'outing_refused': {
      const { reason, on } = event.body
      return { outingAsked: null, outingRefused: { reason, on } }
    }
    case 'outing_over': {
      const { outing, at: over, off } = event.body
      return {
        outings: state.outings.map((one) => (one.n === outing ? { ...one, off, backAt: off ? null : over } : one)),
      }
    }
    case 'extended':
      return { endDay: event.body.endDay, extensions: state.extensions + 1, shortening: null, ...AGAIN }
    case 'shorten_asked':
      return { shortening: { endDay: event.body.endDay, reason: event.body.reason, by: event.by, n: event.n } }
    case 'shortened':
      return { endDay: event.body.endDay, shortening: null }
    case 'shorten_refused':
      return { shortening: null }
    case 'stay_changed':
    case 'reorganised': {
      const { to, responsibleArea, householdId } = event.body
      return {
        area: to,
        responsibleArea,
        householdId,
        ...(event.kind === 'stay_changed' ? { place: event.body.place, suitability: null } : {}),
      }
    }
    case 'responder':
      return { responderPersonId: event.body.personId }
    case 'objected':
      return { objection: { reference: event.body.reference, answered: null } }
    case 'objection_answered':
      return state.objection === null ? {} : { objection: { ...state.objection, answered: event.body.outcome } }
    case 'release_checked':
      return { releaseCheck: { on: event.body.on, symptoms: event.body.symptoms, tests: event.body.tests } }
    case 'released':
      return { ...end(event, 'released'), note: event.body.note, followUpDay: event.body.followUpDay }
    case 'lapsed':
      return { lapsedAt: at, lapsedDay: event.body.on, shortening: null }
    case 'followed_up':
      return event.body.outcome === 'not_reached' ? {} : { followedUpAt: at, followUpDay: null }
    case 'closed':
      return { followUpDay: null }
    case 'transferred':
      return { ...end(event, 'transferred'), movedTo: event.body.successor }
    case 'central':
      return end(event, 'to_central')
    case 'cancelled':
      return end(event, 'cancelled')
  }
}

/** A new last day: what was checked for the old one says nothing about it, and what had lapsed runs again. */
const AGAIN = { releaseCheck: null, lapsedAt: null, lapsedDay: null }

/** One step of the fold. The first event must be `opened`. */
export function applyObservation(state: ObservationState | null, event: ObservationEvent): ObservationState {
  if (event.kind === 'opened') return opened(event)
  if (state === null) throw new RangeError('an observation begins with `opened`')
  return { ...state, ...change(state, event), version: event.n, updatedAt: event.recordedAt }
}

export function foldObservation(events: readonly ObservationEvent[]): ObservationState {
  let state: ObservationState | null = null
  for (const event of events) state = applyObservation(state, event)
  if (state === null) throw new RangeError('an observation has at least one event')
  return state
}

/** Gives decided events their number, place and times, and the state after each is applied. */
export function recordObservation(
  state: ObservationState | null,
  events: readonly NewObservationEvent[],
  stamp: { area: AreaCode; by: string | null; occurredAt: string; recordedAt: string },
): { state: ObservationState; events: ObservationEvent[] } {
  let now = state
  const done: ObservationEvent[] = []
  for (const event of events) {
    const one: ObservationEvent = { ...event, ...stamp, area: now?.area ?? stamp.area, n: (now?.version ?? 0) + 1 }
    now = applyObservation(now, one)
    done.push(one)
  }
  if (now === null) throw new RangeError('nothing was decided')
  return { state: now, events: done }
}

/** What dates.ts asks of a state. */
export function daysOf(state: ObservationState): Days {
  const { exposureDay, startDay, endDay, from, endedAt } = state
  return { exposureDay, startDay, endDay, from, endedAt }
}

/** Goes on: not released, not elsewhere, not an error. A lapsed one is open until somebody writes its release note. */
export function isOpen(state: Pick<ObservationState, 'endedAt'>): boolean {
  return state.endedAt === null
}

/** OBS-28: a child, and nobody who reports and is rung up for it. */
export function nobodyAnswers(state: Pick<ObservationState, 'minor' | 'responderPersonId' | 'endedAt'>): boolean {
  return state.minor && state.responderPersonId === null && state.endedAt === null
}

const REFERRED: readonly string[] = [
  'clinic_asked',
  'clinic_seen',
  'hospital_asked',
  'hospital_left',
  'hospital_arrived',
]

function healthOf(state: ObservationState): ObservationStateName | null {
  if (state.care?.stage === 'admitted') return 'admitted'
  if (state.care !== null && REFERRED.includes(state.care.stage)) return 'referred'
  return state.symptoms === null ? null : 'symptomatic'
}

function paperOf(state: ObservationState): ObservationStateName {
  const { needs } = MEASURE_RULES[state.measure]
  if (state.suitability?.suitable === false) return 'unsuitable'
  if (state.refusedOn !== null && state.commitment === null) return 'refused'
  if (state.commitment !== null || (!needs.commitment && state.noticeOn !== null)) return 'active'
  if (state.noticeOn !== null) return 'notified'
  return state.suitability === null ? 'opened' : 'suitable'
}

/** OBS-7: the one word under which it is shown: the end, then health, then a breach, then the papers. */
export function stateOf(state: ObservationState): ObservationStateName {
  if (state.outcome !== null) return state.outcome
  if (state.lapsedAt !== null) return 'lapsed'
  return healthOf(state) ?? (state.breach === null ? paperOf(state) : 'breach')
}

/** OBS-7: the step whose turn it is by the papers; `release` and `serve` are questions of the day and of the services. */
export function stepOf(state: ObservationState): Exclude<Step, 'serve' | 'release'> {
  const { needs } = MEASURE_RULES[state.measure]
  if (state.breach !== null) return 'guard'
  if (state.noticeOn === null || (needs.suitability && state.suitability === null)) return 'notify'
  if (needs.commitment && state.commitment === null) return 'agree'
  if (needs.team && state.teamId === null) return 'bind'
  return 'check'
}
