import { dayOf } from '@weiwang/domain/core/day'
import {
  ServiceBody,
  ServiceKind,
  ServiceStateName,
  StepService,
  Urgency,
} from '@weiwang/domain/observation/service-api'
import type { ServiceCard, ServiceStep } from '@weiwang/domain/observation/service-api'
import { decideStep } from '@weiwang/domain/observation/service-decide'
import type { ServiceActor, ServiceArgs } from '@weiwang/domain/observation/service-decide'
import { lateMinutes, recordService } from '@weiwang/domain/observation/service-fold'
import type { ServiceState } from '@weiwang/domain/observation/service-fold'
import { isGone } from '@weiwang/domain/sync/feed'
import type { OutboxItem, RawView } from '../phone/types.ts'

/**
 * Services of my grids from the feed, those elsewhere that I was offered or have taken, and what waits in the outbox. What a step
 * makes of one is foretold by the rules of the server (SERV-2, SERV-6), so that a phone without a net shows what was done on it.
 */
export type Part = 'offered' | 'mine' | 'open' | 'others' | 'done'
export type Carried = {
  id: string
  /** Null: it lies outside my grids, and I know of it because it was offered to me or I have taken it. */
  grid: string | null
  kind: ServiceKind
  urgency: Urgency
  state: ServiceStateName
  part: Part
  householdId: string | null
  personId: string | null
  masked: string
  /** Where my phone does not hold the door itself. */
  place: string | null
  hasWords: boolean
  takenBy: string | null
  takenByName: string | null
  windowFrom: string | null
  windowTo: string | null
  dueBy: string
  roundDay: string | null
  lateMinutes: number
  /** What this phone's worker can do now. */
  steps: ServiceStep[]
  /** Steps on this phone that the server has not taken yet. */
  waiting: number
}

/** What a worker does on the way; costs, doubts and ratings are for the desk and for who received it. */
const STEPS: readonly ServiceStep[] = ['accept', 'decline', 'start', 'done', 'give_back', 'cancel']
const PENDING: readonly string[] = ['waiting', 'sending', 'stuck', 'held']
const ENDED: readonly string[] = ['done', 'refused', 'cancelled']

type Known = Omit<Carried, 'part' | 'steps' | 'waiting' | 'lateMinutes' | 'state'> & {
  area: string
  state: ServiceStateName
  offeredTo: string | null
  askedBy: string | null
  observationId: string | null
}

function ofFeed(view: RawView): Known | null {
  const body = isGone(view.body) ? undefined : ServiceBody.safeParse(view.body).data
  const state = ServiceStateName.safeParse(body?.state).data
  if (!body || !state) return null
  return {
    id: view.id,
    grid: view.grid,
    area: body.area,
    kind: ServiceKind.catch('other').parse(body.kind),
    urgency: Urgency.catch('usual').parse(body.urgency),
    state,
    householdId: body.householdId ?? null,
    personId: body.personId ?? null,
    observationId: body.observationId ?? null,
    masked: body.masked,
    place: null,
    hasWords: body.hasWords,
    offeredTo: body.offeredTo ?? null,
    takenBy: body.takenBy ?? null,
    takenByName: body.takenByName ?? null,
    askedBy: body.askedBy ?? null,
    windowFrom: body.windowFrom ?? null,
    windowTo: body.windowTo ?? null,
    dueBy: body.dueBy,
    roundDay: body.roundDay ?? null,
  }
}

function ofCard(card: ServiceCard): Known {
  return {
    id: card.id,
    grid: null,
    area: card.area,
    kind: card.kind,
    urgency: card.urgency,
    state: card.state,
    householdId: card.householdId,
    personId: card.personId,
    observationId: card.observationId,
    masked: card.masked,
    place: [card.areaName, card.door].filter(Boolean).join(' '),
    hasWords: true,
    offeredTo: card.offeredTo?.id ?? null,
    takenBy: card.takenBy?.id ?? null,
    takenByName: card.takenBy?.name ?? null,
    askedBy: card.askedBy?.id ?? null,
    windowFrom: card.windowFrom,
    windowTo: card.windowTo,
    dueBy: card.dueBy,
    roundDay: card.roundDay,
  }
}

/** As much of the state as the rules of the steps ask for; the rest lies at the server. */
function stateOf(known: Known, now: Date, zone: string): ServiceState {
  const at = now.toISOString()
  const on = dayOf(now, zone)
  const isEnded = ENDED.includes(known.state)
  return {
    area: known.area,
    kind: known.kind,
    urgency: known.urgency,
    state: known.state,
    asker: 'worker',
    askedBy: known.askedBy,
    householdId: known.householdId,
    personId: known.personId,
    observationId: known.observationId,
    ruleId: null,
    medicineId: null,
    windowFrom: known.windowFrom,
    windowTo: known.windowTo,
    dueBy: known.dueBy,
    steps: [],
    roundDay: known.roundDay,
    offeredTo: known.offeredTo,
    offerUntil: null,
    nextOffer: null,
    passed: [],
    unmatched: 0,
    takenBy: known.takenBy,
    escalated: 0,
    proof: null,
    proofPhoto: null,
    receivedBy: null,
    doneBy: null,
    cost: null,
    rating: null,
    reason: null,
    askedAt: at,
    askedDay: on,
    doneAt: null,
    doneDay: null,
    endedAt: isEnded ? at : null,
    endedDay: isEnded ? on : null,
    updatedAt: at,
    version: 1,
  }
}

/** The digits are read by the server alone: here they count as right. */
function argsOf(step: ServiceStep, said?: StepService): ServiceArgs {
  const given = said?.proof
  const proof = {
    kind: given?.kind ?? 'word',
    photo: given?.photo ?? null,
    codeOk: true,
    by: given?.by ?? 'self',
    named: given?.name !== undefined,
  }
  return { step, reason: said?.reason ?? 'other', proof }
}

function partOf(state: ServiceState, me: string): Part {
  if (state.endedAt !== null) return 'done'
  if (state.takenBy === me) return 'mine'
  if (state.takenBy !== null) return 'others'
  return state.offeredTo === me ? 'offered' : 'open'
}

type Around = { outbox: readonly OutboxItem[]; me: string; now: Date; zone: string }

function carried(known: Known, around: Around): Carried {
  const { me, now, zone } = around
  const who: ServiceActor = { self: me, field: known.grid !== null, desk: false, receiver: false }
  let state = stateOf(known, now, zone)
  let waiting = 0
  for (const item of around.outbox) {
    const said = item.kind === 'service.step' ? StepService.safeParse(item.body).data : undefined
    if (said?.id !== known.id || !PENDING.includes(item.state)) continue
    waiting += 1
    const decision = decideStep(state, argsOf(said.step, said), who, { now: new Date(item.at), zone })
    if (!decision.ok || decision.events.length === 0) continue
    const stamp = { area: state.area, by: me, occurredAt: item.at, recordedAt: item.at }
    state = recordService(state, decision.events, stamp).state
  }
  const can = (step: ServiceStep): boolean => {
    const decision = decideStep(state, argsOf(step), who, { now, zone })
    return decision.ok && decision.events.length > 0
  }
  const { area: _area, offeredTo: _offered, askedBy: _asked, observationId: _of, ...rest } = known
  return {
    ...rest,
    state: state.state,
    takenBy: state.takenBy,
    takenByName: state.takenBy === known.takenBy ? known.takenByName : null,
    part: partOf(state, me),
    lateMinutes: lateMinutes(state, now),
    steps: STEPS.filter(can),
    waiting,
  }
}

export function carriedOf(
  from: { services: readonly RawView[]; elsewhere: readonly ServiceCard[] } & Around,
): Carried[] {
  const near = from.services.flatMap((view) => ofFeed(view) ?? [])
  const known = new Set(near.map(({ id }) => id))
  const far = from.elsewhere.filter(({ id }) => !known.has(id)).map(ofCard)
  return [...near, ...new Map(far.map((one) => [one.id, one])).values()].map((one) => carried(one, from))
}

/** The most urgent first, then what is due soonest. */
export function bySoonest(a: Carried, b: Carried): number {
  const rank = (one: Carried): number => (one.urgency === 'urgent' ? 0 : 1)
  return rank(a) - rank(b) || a.dueBy.localeCompare(b.dueBy) || a.id.localeCompare(b.id)
}
