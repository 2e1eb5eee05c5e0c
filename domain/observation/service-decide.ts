import { addDays, dayOf } from '../core/day.ts'
import type { Problem } from '../core/problem.ts'
import { outOfQuietHours } from '../tasks/due.ts'
import type { Cost, EndReason, Proof, ReceivedBy, ServiceStep } from './service-api.ts'
import type { NewServiceEvent } from './service-event.ts'
import type { ServiceState } from './service-fold.ts'
import { offerEnds, PROMISES } from './service-kind.ts'
import * as problems from './service-problems.ts'

/**
 * Who acts, seen from the service (SERV-6): whoever covers the door, who took it or was offered it, who asked or is to receive it,
 * the desk. `self`: the account, for what is one's own.
 */
export type ServiceActor = { self: string; field: boolean; desk: boolean; receiver: boolean }
export type ServiceWhen = { now: Date; zone: string }
/** `by`, `named`: whose word it was, and whether a name came with it. */
export type GivenProof = {
  kind: Proof
  photo: string | null
  codeOk: boolean
  by?: ReceivedBy | undefined
  named?: boolean | undefined
}
export type ServiceArgs = {
  step: ServiceStep
  proof?: GivenProof | undefined
  cost?: Cost | undefined
  rating?: number | undefined
  reason?: EndReason | undefined
}
export type ServiceDecision = { ok: true; events: NewServiceEvent[] } | { ok: false; problem: Problem }

/** How long it can be said that something never came. */
export const DOUBT_DAYS = 7

const yes = (...events: NewServiceEvent[]): ServiceDecision => ({ ok: true, events })
const no = (problem: Problem): ServiceDecision => ({ ok: false, problem })

/** Not urgent and not one that is promised at night: the next is asked in the morning. */
function nextOffer(state: ServiceState, when: ServiceWhen): string {
  const { usual } = PROMISES[state.kind]
  const awake = state.urgency === 'urgent' || ('nights' in usual && usual.nights)
  return (awake ? when.now : outOfQuietHours(when.now, when.zone)).toISOString()
}

function mine(state: ServiceState, who: ServiceActor): boolean {
  return state.takenBy !== null && state.takenBy === who.self
}
function offeredToMe(state: ServiceState, who: ServiceActor): boolean {
  return state.offeredTo !== null && state.offeredTo === who.self
}
/** Who asked, or for whom it is. */
function own(state: ServiceState, who: ServiceActor): boolean {
  return who.receiver || (state.askedBy !== null && state.askedBy === who.self)
}

function accept(state: ServiceState, who: ServiceActor, on: string): ServiceDecision {
  if (mine(state, who)) return yes()
  if (state.takenBy !== null) return no(problems.serviceTaken({ by: state.takenBy }))
  if (!offeredToMe(state, who) && !who.field) return no(problems.serviceNotOffered({}))
  return yes({ kind: 'accepted', body: { on, by: who.self } })
}

function done(state: ServiceState, args: ServiceArgs, who: ServiceActor, on: string): ServiceDecision {
  const free = state.takenBy === null && (who.field || offeredToMe(state, who))
  if (!mine(state, who) && !free && !who.receiver) {
    return no(
      state.takenBy === null
        ? problems.serviceNotYours({ step: 'done' })
        : problems.serviceTaken({ by: state.takenBy }),
    )
  }
  const { proof } = args
  const lack = lackOf(proof, who)
  if (!proof || lack) return no(lack ?? problems.proofMissing({}))
  const events: NewServiceEvent[] = []
  if (free && !who.receiver) events.push({ kind: 'accepted', body: { on, by: who.self } })
  if (args.cost) events.push(costEvent(args.cost, on))
  const by = who.receiver ? state.takenBy : who.self
  const receivedBy = proof.kind === 'word' ? (proof.by ?? null) : null
  events.push({ kind: 'done', body: { on, proof: proof.kind, photo: proof.photo, by, receivedBy } })
  return yes(...events)
}

/** SERV-7: what the confirmation still lacks. */
function lackOf(proof: GivenProof | undefined, who: ServiceActor): Problem | null {
  if (!proof) return problems.proofMissing({})
  // The tap of the receiver is the receiver's; the other ways are of who stands at the door.
  if ((proof.kind === 'receiver') !== who.receiver) return problems.proofMissing({})
  switch (proof.kind) {
    case 'code':
      return proof.codeOk ? null : problems.codeWrong({})
    case 'photo':
      return proof.photo === null ? problems.proofMissing({}) : null
    case 'word': {
      const ofTheDoor = proof.by === 'self' || proof.by === 'family'
      return proof.by !== undefined && (ofTheDoor || proof.named === true) ? null : problems.receiverMissing({})
    }
    case 'receiver':
      return null
  }
}

/** The receiver was quicker than who brought it: nothing is refused, and a picture is still taken in. */
function doneAlready(state: ServiceState, args: ServiceArgs, on: string): ServiceDecision {
  const photo = args.proof?.photo ?? null
  return photo === null || state.proofPhoto !== null ? yes() : yes({ kind: 'pictured', body: { on, photo } })
}

function costEvent(cost: Cost, on: string): NewServiceEvent {
  return {
    kind: 'cost',
    body: { on, cost: { cents: cost.cents, paidBy: cost.paidBy, receiptPhoto: cost.receiptPhoto ?? null } },
  }
}

function afterDone(state: ServiceState, args: ServiceArgs, who: ServiceActor, when: ServiceWhen): ServiceDecision {
  const on = dayOf(when.now, when.zone)
  if (state.state !== 'done' || state.doneDay === null) return no(problems.serviceNotDone({}))
  if (args.step === 'rate') {
    // Who brought it does not say how it was.
    if (!own(state, who) || state.doneBy === who.self) return no(problems.serviceNotYours({ step: 'rate' }))
    if (state.rating !== null) return no(problems.ratedAlready({}))
    if (args.rating === undefined) return no(problems.stepIncomplete({ missing: 'rating' }))
    return yes({ kind: 'rated', body: { on, rating: args.rating } })
  }
  if (!own(state, who) && !who.desk) return no(problems.serviceNotYours({ step: args.step }))
  if (on > addDays(state.doneDay, DOUBT_DAYS)) return no(problems.tooLateToDoubt({ days: DOUBT_DAYS }))
  return yes({ kind: 'not_received', body: { on, nextOffer: nextOffer(state, when) } })
}

function cost(state: ServiceState, args: ServiceArgs, who: ServiceActor, on: string): ServiceDecision {
  if (!mine(state, who) && state.doneBy !== who.self && !who.desk) return no(problems.serviceNotYours({ step: 'cost' }))
  if (state.state === 'refused' || state.state === 'cancelled') return no(problems.serviceEnded({ state: state.state }))
  return args.cost ? yes(costEvent(args.cost, on)) : no(problems.stepIncomplete({ missing: 'cost' }))
}

/** SERV-2, SERV-6 to SERV-8: what a step does, or the rule that refuses it. Pure; the phone foretells by it. */
export function decideStep(
  state: ServiceState,
  args: ServiceArgs,
  who: ServiceActor,
  when: ServiceWhen,
): ServiceDecision {
  const on = dayOf(when.now, when.zone)
  const { step } = args
  if (step === 'rate' || step === 'not_received') return afterDone(state, args, who, when)
  if (step === 'cost') return cost(state, args, who, on)
  if (step === 'done' && state.state === 'done' && state.doneBy === who.self && !who.receiver)
    return doneAlready(state, args, on)
  if (state.endedAt !== null) return no(problems.serviceEnded({ state: state.state }))
  const reason = args.reason ?? null
  switch (step) {
    case 'accept':
      return accept(state, who, on)
    case 'decline':
      if (!offeredToMe(state, who)) return no(problems.serviceNotOffered({}))
      return yes({
        kind: 'passed',
        body: { on, by: who.self, why: 'declined', reason, nextOffer: nextOffer(state, when) },
      })
    case 'start':
      if (!mine(state, who)) return no(problems.serviceNotYours({ step }))
      return state.state === 'under_way' ? yes() : yes({ kind: 'started', body: { on } })
    case 'done':
      return done(state, args, who, on)
    case 'give_back':
      // A desk takes it from somebody who does not answer.
      if (state.takenBy === null || (!mine(state, who) && !who.desk)) return no(problems.serviceNotYours({ step }))
      return yes({ kind: 'given_back', body: { on, by: state.takenBy, reason, nextOffer: nextOffer(state, when) } })
    case 'refuse':
      if (!who.desk) return no(problems.serviceNotYours({ step }))
      return reason === null
        ? no(problems.stepIncomplete({ missing: 'reason' }))
        : yes({ kind: 'refused', body: { on, reason } })
    case 'cancel':
      if (!own(state, who) && !who.desk) return no(problems.serviceNotYours({ step }))
      return yes({ kind: 'cancelled', body: { on, reason } })
  }
}

/** An offer to somebody; whoever it was offered to before is let go. */
export function decideOffer(state: ServiceState, to: string, when: ServiceWhen): ServiceDecision {
  if (state.endedAt !== null) return no(problems.serviceEnded({ state: state.state }))
  if (state.takenBy !== null) return no(problems.serviceTaken({ by: state.takenBy }))
  const until = offerEnds(state.urgency, when.now).toISOString()
  return yes({ kind: 'offered', body: { on: dayOf(when.now, when.zone), to, until } })
}

/** SERV-5: an offer that was not answered in time goes to the next. Nothing when it was answered meanwhile. */
export function decideExpiry(state: ServiceState, when: ServiceWhen): NewServiceEvent[] {
  const { offeredTo, offerUntil } = state
  if (state.endedAt !== null || offeredTo === null || offerUntil === null) return []
  if (Date.parse(offerUntil) > when.now.getTime()) return []
  const body = { on: dayOf(when.now, when.zone), by: offeredTo, why: 'expired', reason: null } as const
  return [{ kind: 'passed', body: { ...body, nextOffer: nextOffer(state, when) } }]
}

/** Nobody is left to ask: asked again of everybody who comes on duty, once an hour, while the desk has been told. */
export const ASK_AGAIN_MS = 60 * 60_000
export function decideUnmatched(state: ServiceState, when: ServiceWhen): NewServiceEvent {
  const again = { ...when, now: new Date(when.now.getTime() + ASK_AGAIN_MS) }
  return { kind: 'unmatched', body: { on: dayOf(when.now, when.zone), again: nextOffer(state, again) } }
}

const EXAMPLE = { rating: 5, reason: 'other', cost: { cents: 0, paidBy: 'free' } } as const

/** Each step for this reader, and why not: what the screens offer. What a step asks beside its name is taken as given. */
export function availableSteps(
  state: ServiceState,
  who: ServiceActor,
  when: ServiceWhen,
): { step: ServiceStep; problem: Problem | null }[] {
  const steps = [
    'accept',
    'decline',
    'start',
    'done',
    'give_back',
    'cost',
    'rate',
    'not_received',
    'refuse',
    'cancel',
  ] as const
  return steps.map((step) => {
    const proof = { kind: who.receiver ? 'receiver' : 'word', by: 'self', photo: null, codeOk: true } as const
    const decision = decideStep(state, { step, ...EXAMPLE, proof }, who, when)
    const nothing = decision.ok && decision.events.length === 0
    return {
      step,
      problem: decision.ok ? (nothing ? problems.serviceTaken({ by: who.self }) : null) : decision.problem,
    }
  })
}
