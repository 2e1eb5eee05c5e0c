import type { ThingKind, Verb } from '../access/can.ts'
import { countyOf } from '../areas/code.ts'
import { addDays, dayOf, maxDay } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Problem } from '../core/problem.ts'
import type { StepBody, StepName } from './api.ts'
import { deletedOn, endBy, standing } from './dates.ts'
import type { NewObservationEvent } from './event.ts'
import { daysOf, isOpen } from './fold.ts'
import type { ObservationState } from './fold.ts'
import { MEASURE_RULES } from './measure.ts'
import { mayBeOut, openOuting, OUTING_DAYS_AHEAD, OUTING_HOURS_BACK, OUTING_RULES, overlaps } from './outing.ts'
import * as problems from './problems.ts'

/**
 * The seven steps as decisions (OBS-7): pure, the same on phone, desk and server. Nothing is written here; a decision is a list
 * of events or the problem that refuses. `occurredAt` is when it was done, `now` when it is recorded: recording orders (OBS-23).
 */
export type When = { now: Date; zone: string; occurredAt: Date }
/** Ids that only who writes can make. */
export type Given = { successorId: string; note: string }
export type Decision = { ok: true; events: NewObservationEvent[] } | { ok: false; problem: Problem }

/** DELETE-1: days from the end of an observation to the end of its file. */
export const KEPT_DAYS = 90
/** OBS-19: the follow-up call comes three days after the release. */
export const FOLLOW_UP_DAYS = 3
/** OBS-19: a call that did not come about in fourteen days is given up, and phones forget the person. */
export const FOLLOW_UP_CLOSES = 14
/** OBS-14: a doctor adds at most this many days at a time. */
export const MAX_EXTENSION = 28

function yes(...events: NewObservationEvent[]): Decision {
  return { ok: true, events }
}
function no(problem: Problem): Decision {
  return { ok: false, problem }
}

/** Who may do a step: the verb and the kind of thing that the table of rights knows (ACCESS-5). */
export function stepRight(step: StepName): { verb: Verb; kind: ThingKind } {
  if (step === 'extend') return { verb: 'file', kind: 'medical' }
  if (step === 'shorten') return { verb: 'propose', kind: 'observation' }
  if (step === 'decide_shorten') return { verb: 'approve', kind: 'observation' }
  if (step === 'cancel' || step === 'answer_objection') return { verb: 'revoke', kind: 'observation' }
  return { verb: 'file', kind: 'observation' }
}

/** What was seen before the end and comes after it is kept: the fold goes by recording, the story by what happened (OBS-23). */
const KEPT_LATE: readonly StepName[] = ['symptom', 'care', 'welfare', 'breach_step']
const AFTER_END: readonly StepName[] = ['follow_up', 'answer_objection']

/** OBS-20: what has lapsed binds nobody; what remains is to write the release, to say that it was an error, or to object. */
const AFTER_LAPSE: readonly StepName[] = [
  'symptom',
  'symptom_over',
  'care',
  'welfare',
  'check_release',
  'release',
  'cancel',
  'objection',
  'answer_objection',
  'date',
  'notice',
]

/** The problem that refuses a step now, whatever is said with it; null when it can be done. For buttons, and first in decideStep. */
export function stepRefusal(state: ObservationState, step: StepName, when: When): Problem | null {
  if (!isOpen(state) && !AFTER_END.includes(step)) {
    const late = KEPT_LATE.includes(step) && when.occurredAt.toISOString() <= (state.endedAt ?? '')
    return late ? null : problems.observationEnded({ outcome: state.outcome ?? '', on: state.endedDay ?? '' })
  }
  const { phase } = standing(daysOf(state), when.now, when.zone)
  if (phase === 'lapsed' && !AFTER_LAPSE.includes(step))
    return problems.observationLapsed({ endDay: state.endDay ?? '' })
  return REFUSALS[step]?.(state, when) ?? null
}

type Check = (state: ObservationState, when: When) => Problem | null

function unfit(state: ObservationState): Problem | null {
  return state.suitability?.suitable === false || state.suitability?.wantsCentral === true
    ? problems.homeUnfit({})
    : null
}

const dated: Check = (state) => (state.endDay === null ? problems.endUnknown({}) : null)
const inBreach: Check = (state) => (state.breach === null ? problems.noBreach({}) : null)

const bindsOne: Check = (state) => (OUTING_RULES[state.measure] === null ? problems.outingFree({}) : null)

/** From the last day on, since what is checked earlier says nothing about the end. */
const atTheEnd: Check = (state, when) => {
  if (state.endDay === null) return problems.endUnknown({})
  const { phase } = standing(daysOf(state), when.now, when.zone)
  return phase === 'last_day' || phase === 'due' || phase === 'lapsed'
    ? null
    : problems.releaseNotYet({ endDay: state.endDay })
}

/** OBS-19: the last day is over, no symptom is open, tests where asked for have come, somebody has checked. */
const releasable: Check = (state, when) => {
  if (state.endDay === null) return problems.endUnknown({})
  const { phase } = standing(daysOf(state), when.now, when.zone)
  if (phase !== 'due' && phase !== 'lapsed') return problems.releaseNotYet({ endDay: state.endDay })
  const admitted = state.care?.stage === 'admitted'
  if (state.symptoms !== null && !admitted) return problems.notWellYet({ why: 'symptoms' })
  if (!MEASURE_RULES[state.measure].needs.commitment) return null
  if (state.releaseCheck === null) return problems.checkFirst({})
  if (state.releaseCheck.tests === 'pending') return problems.notWellYet({ why: 'tests' })
  return null
}

const REFUSALS: Partial<Record<StepName, Check>> = {
  commitment: (state) => {
    if (state.noticeOn === null) return problems.noticeFirst({})
    if (MEASURE_RULES[state.measure].needs.suitability && state.suitability === null)
      return problems.suitabilityFirst({})
    return unfit(state)
  },
  refusal: (state) => (state.noticeOn === null ? problems.noticeFirst({}) : null),
  breach: (state) => (state.breach === null ? null : problems.breachOpen({})),
  breach_step: inBreach,
  breach_over: inBreach,
  ask_outing: bindsOne,
  outing: bindsOne,
  refuse_outing: (state) => (state.outingAsked === null ? problems.noOuting({}) : null),
  outing_over: (state) => (openOuting(state.outings) === null ? problems.noOuting({}) : null),
  date: (state) => (state.endDay === null ? null : problems.endKnown({ endDay: state.endDay })),
  extend: dated,
  shorten: dated,
  decide_shorten: (state) => (state.shortening === null ? problems.noShortening({}) : null),
  check_release: atTheEnd,
  release: releasable,
  follow_up: (state) => (state.outcome === 'released' ? null : problems.notReleased({})),
  answer_objection: (state) =>
    state.objection === null || state.objection.answered !== null ? problems.noObjection({}) : null,
}

type Of<K extends StepName> = StepBody & { step: K }
type Deciders = { [K in StepName]: (state: ObservationState, body: Of<K>, when: When, given: Given) => Decision }

function today(when: When): Day {
  return dayOf(when.now, when.zone)
}

/** A link of the care chain cannot lie ahead of the moment in which it is recorded. */
function notAhead(at: string | undefined, when: When): string {
  const given = at === undefined ? when.occurredAt : new Date(at)
  return (given > when.now ? when.now : given).toISOString()
}

const PROOF = { signed: 'strokes', paper: 'photoId', witness: 'witness' } as const

const POLICE_AFTER: readonly (string | null)[] = ['at_the_door', 'persuaded', 'police', 'incident']

function decideDate(state: ObservationState, body: Of<'date'>, when: When): Decision {
  const endDay = endBy(state.length, body.exposureDay, state.startDay)
  if (endDay === null) return no(problems.endUnknown({}))
  if (endDay < state.startDay) return no(problems.observationOver({ endDay, today: today(when) }))
  return yes({ kind: 'dated', body: { on: today(when), exposureDay: body.exposureDay, endDay } })
}

function decideExtend(state: ObservationState, body: Of<'extend'>, when: When): Decision {
  const from = state.endDay ?? state.startDay
  const bounds = { earliest: addDays(from, 1), latest: addDays(maxDay(from, today(when)), MAX_EXTENSION) }
  if (body.endDay < bounds.earliest || body.endDay > bounds.latest)
    return no(problems.badEnd({ endDay: body.endDay, ...bounds }))
  const { endDay, document } = body
  return yes({ kind: 'extended', body: { on: today(when), from, endDay, document } })
}

/** Case 15: yesterday at the earliest, so that who is excluded today is released today; never before the first day. */
function earliestEnd(state: ObservationState, when: When): Day {
  return maxDay(state.startDay, addDays(today(when), -1))
}

function decideShorten(state: ObservationState, body: Of<'shorten'>, when: When): Decision {
  const bounds = { earliest: earliestEnd(state, when), latest: addDays(state.endDay ?? state.startDay, -1) }
  if (body.endDay < bounds.earliest || body.endDay > bounds.latest)
    return no(problems.badEnd({ endDay: body.endDay, ...bounds }))
  return yes({ kind: 'shorten_asked', body: { on: today(when), endDay: body.endDay, reason: body.reason } })
}

function decideShortened(state: ObservationState, body: Of<'decide_shorten'>, when: When): Decision {
  const asked = state.shortening
  if (asked === null) return no(problems.noShortening({}))
  const on = today(when)
  if (!body.approve) return yes({ kind: 'shorten_refused', body: { on, reason: asked.reason } })
  // Approved days after it was asked: it ends now and not in the past.
  const endDay = maxDay(asked.endDay, earliestEnd(state, when))
  return yes({
    kind: 'shortened',
    body: { on, from: state.endDay, endDay, reason: asked.reason, askedBy: asked.by },
  })
}

function decideStay(state: ObservationState, body: Of<'stay'>, when: When, given: Given): Decision {
  const on = today(when)
  const householdId = body.householdId ?? null
  if (body.area === state.area && householdId === state.householdId && body.place === state.place)
    return no(problems.sameStay({}))
  if (countyOf(body.area) !== countyOf(state.area)) {
    const successor = { county: countyOf(body.area), id: given.successorId, area: body.area }
    return yes({ kind: 'transferred', body: { on, to: body.area, successor, deleteDay: deletedOn(on, KEPT_DAYS) } })
  }
  // Who counts it follows the person, unless another area was named for it (case 17).
  const followed = state.responsibleArea === state.area.slice(0, state.responsibleArea.length)
  const responsibleArea = body.responsibleArea ?? (followed ? body.area : state.responsibleArea)
  return yes({ kind: 'stay_changed', body: { on, to: body.area, responsibleArea, householdId, place: body.place } })
}

export function releaseEvent(state: ObservationState, on: Day, note: string, automatic: boolean): NewObservationEvent {
  return {
    kind: 'released',
    body: {
      on,
      effective: state.endDay === null ? on : addDays(state.endDay, 1),
      followUpDay: addDays(on, FOLLOW_UP_DAYS),
      deleteDay: deletedOn(on, KEPT_DAYS),
      note,
      automatic,
    },
  }
}

const HOUR_MS = 3_600_000

/** OBS-27: the hours lie within the days, last no longer than the measure lets them, and are neither long ago nor far ahead. */
function outingHours(state: ObservationState, body: { from: string; to: string }, when: When): Problem | null {
  const hours = OUTING_RULES[state.measure]?.hours ?? 0
  const [from, to] = [new Date(body.from), new Date(body.to)]
  const apart = (to.getTime() - from.getTime()) / HOUR_MS
  const ahead = (from.getTime() - when.now.getTime()) / HOUR_MS
  const days = [dayOf(from, when.zone), dayOf(to, when.zone)]
  const inside = days.every((day) => day >= state.startDay && (state.endDay === null || day <= state.endDay))
  const fits = apart > 0 && apart <= hours && ahead >= -OUTING_HOURS_BACK && ahead <= OUTING_DAYS_AHEAD * 24
  return fits && inside ? null : problems.badOuting({ from: body.from, to: body.to, hours })
}

/** Instants of any offset, kept as one spelling so that they can be compared. */
function spelled(body: { from: string; to: string }): { from: string; to: string } {
  return { from: new Date(body.from).toISOString(), to: new Date(body.to).toISOString() }
}

function decideAskOuting(state: ObservationState, body: Of<'ask_outing'>, when: When): Decision {
  const { purpose } = body
  const rules = OUTING_RULES[state.measure]
  if (rules === null || !rules.purposes.includes(purpose)) return no(problems.outingNotFor({ purpose, way: '' }))
  const bad = outingHours(state, body, when)
  return bad ? no(bad) : yes({ kind: 'outing_asked', body: { on: today(when), purpose, ...spelled(body) } })
}

function decideOuting(state: ObservationState, body: Of<'outing'>, when: When): Decision {
  const { purpose, way, agreedBy } = body
  const rules = OUTING_RULES[state.measure]
  if (rules === null || !rules.purposes.includes(purpose) || !rules.ways.includes(way))
    return no(problems.outingNotFor({ purpose, way }))
  const bad = outingHours(state, body, when)
  if (bad) return no(bad)
  const there = state.outings.find((one) => !one.off && one.backAt === null && overlaps(one, body))
  if (there) return no(problems.outingThere({ from: there.from, to: there.to }))
  return yes({ kind: 'outing_agreed', body: { on: today(when), purpose, way, agreedBy, ...spelled(body) } })
}

/** The one whose hours have come is over; one that has not begun is called off. */
function decideOutingOver(state: ObservationState, when: When): Decision {
  const open = openOuting(state.outings)
  if (open === null) return no(problems.noOuting({}))
  const at = notAhead(undefined, when)
  return yes({ kind: 'outing_over', body: { on: today(when), outing: open.n, at, off: at < open.from } })
}

const DECIDE: Deciders = {
  suitability: (_state, body, when) => {
    const { room, toilet, coResidents, elderly, children, pets, medicines, wantsCentral } = body
    // OBS-8: a room and a toilet of one's own; anything else is asked so that help can be planned.
    const suitable = (room && toilet) || coResidents === 0
    return yes({
      kind: 'suitability',
      body: { on: today(when), suitable, wantsCentral, room, toilet, coResidents, elderly, children, pets, medicines },
    })
  },
  notice: (_state, body, when) => yes({ kind: 'notified', body: { on: today(when), how: body.how, objection: true } }),
  commitment: (_state, body, when, given) => {
    if (body[PROOF[body.how]] === undefined) return no(problems.proofMissing({ how: body.how }))
    return yes({
      kind: 'committed',
      body: {
        on: today(when),
        how: body.how,
        photoId: body.photoId ?? null,
        paperId: body.how === 'paper' ? null : given.successorId,
        witnessed: body.witness !== undefined,
      },
    })
  },
  refusal: (_state, body, when) => yes({ kind: 'refused', body: { on: today(when), reason: body.reason } }),
  team: (state, body, when) =>
    state.teamId === body.teamId ? yes() : yes({ kind: 'bound', body: { on: today(when), teamId: body.teamId } }),
  symptom: (_state, body, when) =>
    yes({
      kind: 'symptom',
      body: { on: today(when), codes: body.codes, temperature: body.temperature ?? null, readingId: null },
    }),
  symptom_over: (_state, _body, when) => yes({ kind: 'symptom_over', body: { on: today(when) } }),
  care: (state, body, when) => {
    if (body.stage === 'returned' && state.care === null) return no(problems.careNotBegun({}))
    return yes({ kind: 'care', body: { on: today(when), stage: body.stage, at: notAhead(body.at, when) } })
  },
  welfare: (_state, body, when) =>
    yes({
      kind: 'welfare',
      body: { on: today(when), how: body.how, found: body.found, visitId: body.visitId ?? null },
    }),
  breach: (state, body, when) => {
    const { goingOut, binds } = MEASURE_RULES[state.measure]
    if (body.what === 'left' && goingOut === 'freely') return no(problems.notBinding({ measure: state.measure }))
    if (body.what === 'co_resident_left' && binds === 'person')
      return no(problems.notBinding({ measure: state.measure }))
    const agreed = body.what === 'left' ? mayBeOut(state.outings, when.occurredAt) : null
    if (agreed) return no(problems.outingAgreed({ from: agreed.from, to: agreed.to }))
    if (body.what === 'no_readings' && (state.missed > 0 || state.welfareAt === null))
      return no(problems.welfareFirst({}))
    return yes({ kind: 'breach', body: { on: today(when), what: body.what } })
  },
  breach_step: (state, body, when) => {
    const hard = body.done === 'police' || body.done === 'incident'
    if (hard && !POLICE_AFTER.includes(state.breach?.step ?? null)) return no(problems.breachOrder({}))
    return yes({ kind: 'breach_step', body: { on: today(when), step: body.done, reference: body.reference ?? null } })
  },
  breach_over: (_state, body, when) => yes({ kind: 'breach_over', body: { on: today(when), outcome: body.outcome } }),
  ask_outing: decideAskOuting,
  outing: decideOuting,
  refuse_outing: (_state, body, when) =>
    yes({ kind: 'outing_refused', body: { on: today(when), reason: body.reason } }),
  outing_over: (state, _body, when) => decideOutingOver(state, when),
  date: decideDate,
  extend: decideExtend,
  shorten: decideShorten,
  decide_shorten: decideShortened,
  stay: decideStay,
  central: (_state, body, when) => {
    const on = today(when)
    return yes({ kind: 'central', body: { on, place: body.place, deleteDay: deletedOn(on, KEPT_DAYS) } })
  },
  responder: (_state, body, when) =>
    yes({ kind: 'responder', body: { on: today(when), personId: body.personId ?? null } }),
  objection: (_state, body, when) => yes({ kind: 'objected', body: { on: today(when), reference: body.reference } }),
  answer_objection: (_state, body, when) =>
    yes({ kind: 'objection_answered', body: { on: today(when), outcome: body.outcome } }),
  check_release: (_state, body, when) => {
    const on = today(when)
    const checked: NewObservationEvent = {
      kind: 'release_checked',
      body: { on, symptoms: body.symptoms, tests: body.tests },
    }
    if (!body.symptoms) return yes(checked)
    const found: NewObservationEvent = {
      kind: 'symptom',
      body: { on, codes: ['other'], temperature: null, readingId: null },
    }
    return yes(checked, found)
  },
  release: (state, _body, when, given) => yes(releaseEvent(state, today(when), given.note, false)),
  follow_up: (_state, body, when) => yes({ kind: 'followed_up', body: { on: today(when), outcome: body.outcome } }),
  cancel: (_state, body, when) => {
    const on = today(when)
    return yes({ kind: 'cancelled', body: { on, reason: body.reason, deleteDay: deletedOn(on, KEPT_DAYS) } })
  },
}

/** One step decided: whether it can be done at all, then what it says. */
export function decideStep(state: ObservationState, body: StepBody, when: When, given: Given): Decision {
  const refused = stepRefusal(state, body.step, when)
  if (refused) return no(refused)
  return decideOne(state, body, when, given)
}

function decideOne<K extends StepName>(state: ObservationState, body: Of<K>, when: When, given: Given): Decision {
  const decide: Deciders[K] = DECIDE[body.step]
  return decide(state, body, when, given)
}

/** OBS-20: recorded once, by the timer or by whoever writes next; what it means held from its hour on without it (case 66). */
export function decideLapse(state: ObservationState, when: When): Decision {
  const { phase } = standing(daysOf(state), when.now, when.zone)
  if (phase !== 'lapsed' || state.lapsedAt !== null) return yes()
  return yes({ kind: 'lapsed', body: { on: today(when) } })
}

/** OBS-19: who was checked on the last day is released when it is over; self-monitoring ends by itself. */
export function decideAutomaticRelease(state: ObservationState, when: When, note: string): Decision {
  if (!isOpen(state) || releasable(state, when) !== null) return yes()
  return yes(releaseEvent(state, today(when), note, true))
}
