import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { Asker, Proof, ReceivedBy, ServiceKind, ServiceStateName, Urgency } from './service-api.ts'
import type { NewServiceEvent, ServiceEvent } from './service-event.ts'

/** The state of a service: nothing but the fold of its events (SERV-2); phone and server compute it alike. ISO instants. */
export type ServiceState = {
  area: AreaCode
  kind: ServiceKind
  urgency: Urgency
  state: ServiceStateName
  asker: Asker
  askedBy: string | null
  householdId: string | null
  personId: string | null
  observationId: string | null
  ruleId: string | null
  medicineId: string | null
  windowFrom: string | null
  windowTo: string | null
  dueBy: string
  steps: string[]
  roundDay: Day | null
  offeredTo: string | null
  offerUntil: string | null
  /** When the next is asked; null while somebody has it, or when there is nobody left to ask. */
  nextOffer: string | null
  /** Who has let it pass. */
  passed: string[]
  /** How often nobody was left to ask; the desk is told the first time. */
  unmatched: number
  takenBy: string | null
  escalated: number
  proof: Proof | null
  proofPhoto: string | null
  receivedBy: ReceivedBy | null
  doneBy: string | null
  cost: { cents: number; paidBy: string; receiptPhoto: string | null } | null
  rating: number | null
  reason: string | null
  askedAt: string
  askedDay: Day
  doneAt: string | null
  doneDay: Day | null
  endedAt: string | null
  endedDay: Day | null
  updatedAt: string
  version: number
}

function asked(event: ServiceEvent & { kind: 'asked' }): ServiceState {
  const { body } = event
  const { kind, urgency, asker, askedBy, householdId, personId, observationId, ruleId, medicineId } = body
  return {
    area: event.area,
    kind,
    urgency,
    state: 'open',
    asker,
    askedBy,
    householdId,
    personId,
    observationId,
    ruleId,
    medicineId,
    windowFrom: body.windowFrom,
    windowTo: body.windowTo,
    dueBy: body.dueBy,
    steps: body.steps,
    roundDay: body.roundDay,
    offeredTo: null,
    offerUntil: null,
    nextOffer: body.nextOffer,
    passed: [],
    unmatched: 0,
    takenBy: null,
    escalated: 0,
    proof: null,
    proofPhoto: null,
    receivedBy: null,
    doneBy: null,
    cost: null,
    rating: null,
    reason: null,
    askedAt: event.recordedAt,
    askedDay: body.on,
    doneAt: null,
    doneDay: null,
    endedAt: null,
    endedDay: null,
    updatedAt: event.recordedAt,
    version: event.n,
  }
}

const NOBODY = { offeredTo: null, offerUntil: null, takenBy: null }

function also(list: readonly string[], one: string): string[] {
  return list.includes(one) ? [...list] : [...list, one]
}

function end(event: ServiceEvent, state: ServiceStateName, reason: string | null): Partial<ServiceState> {
  return {
    ...NOBODY,
    state,
    reason,
    nextOffer: null,
    endedAt: event.recordedAt,
    endedDay: event.body.on,
  }
}

function change(state: ServiceState, event: ServiceEvent): Partial<ServiceState> {
  switch (event.kind) {
    case 'asked':
      return {}
    case 'offered':
      return { state: 'offered', offeredTo: event.body.to, offerUntil: event.body.until, nextOffer: null }
    case 'passed':
      return { ...NOBODY, state: 'open', passed: also(state.passed, event.body.by), nextOffer: event.body.nextOffer }
    case 'unmatched':
      return { nextOffer: event.body.again, unmatched: state.unmatched + 1 }
    case 'accepted':
      return { state: 'accepted', offeredTo: null, offerUntil: null, nextOffer: null, takenBy: event.body.by }
    case 'started':
      return { state: 'under_way' }
    case 'given_back':
      return {
        ...NOBODY,
        state: 'open',
        unmatched: 0,
        passed: also(state.passed, event.body.by),
        nextOffer: event.body.nextOffer,
      }
    case 'done':
      return {
        state: 'done',
        offeredTo: null,
        offerUntil: null,
        nextOffer: null,
        proof: event.body.proof,
        proofPhoto: event.body.photo,
        receivedBy: event.body.receivedBy ?? null,
        doneBy: event.body.by,
        doneAt: event.recordedAt,
        doneDay: event.body.on,
        endedAt: event.recordedAt,
        endedDay: event.body.on,
      }
    // What was not received was not done: it counts as open again, from the same day of asking.
    case 'not_received':
      return {
        ...NOBODY,
        state: 'open',
        proof: null,
        proofPhoto: null,
        receivedBy: null,
        doneBy: null,
        rating: null,
        doneAt: null,
        doneDay: null,
        endedAt: null,
        endedDay: null,
        nextOffer: event.body.nextOffer,
      }
    case 'pictured':
      return { proofPhoto: event.body.photo }
    case 'cost':
      return { cost: event.body.cost }
    case 'rated':
      return { rating: event.body.rating }
    case 'refused':
      return end(event, 'refused', event.body.reason)
    case 'cancelled':
      return end(event, 'cancelled', event.body.reason)
    case 'escalated':
      return { escalated: event.body.step }
    case 'reorganised':
      return { area: event.body.to }
  }
}

/** One step of the fold. The first event must be `asked`. */
export function applyService(state: ServiceState | null, event: ServiceEvent): ServiceState {
  if (event.kind === 'asked') return asked(event)
  if (state === null) throw new RangeError('a service begins with `asked`')
  return { ...state, ...change(state, event), version: event.n, updatedAt: event.recordedAt }
}

export function foldService(events: readonly ServiceEvent[]): ServiceState {
  let state: ServiceState | null = null
  for (const event of events) state = applyService(state, event)
  if (state === null) throw new RangeError('a service has at least one event')
  return state
}

/** Gives decided events their number, place and times, and the state after each is applied. */
export function recordService(
  state: ServiceState | null,
  events: readonly NewServiceEvent[],
  stamp: { area: AreaCode; by: string | null; occurredAt: string; recordedAt: string },
): { state: ServiceState; events: ServiceEvent[] } {
  let now = state
  const done: ServiceEvent[] = []
  for (const event of events) {
    const one: ServiceEvent = { ...event, ...stamp, area: now?.area ?? stamp.area, n: (now?.version ?? 0) + 1 }
    now = applyService(now, one)
    done.push(one)
  }
  if (now === null) throw new RangeError('nothing was decided')
  return { state: now, events: done }
}

/** SERV-9: when it is told next, and for which time; null once it has ended or everybody has been told. */
export function nextTelling(state: ServiceState): { step: number; at: string } | null {
  const at = state.endedAt === null ? state.steps[state.escalated] : undefined
  return at === undefined ? null : { step: state.escalated + 1, at }
}

/** Late is a function of the moment (case 66); the due moment itself is still in time (case 67). Ended: as it was at its end. */
export function lateMinutes(state: Pick<ServiceState, 'dueBy' | 'endedAt'>, now: Date): number {
  const until = state.endedAt === null ? now.getTime() : Date.parse(state.endedAt)
  return Math.max(0, Math.floor((until - Date.parse(state.dueBy)) / 60_000))
}
