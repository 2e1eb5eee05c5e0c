import { addDays, dayOf, instantOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Problem } from '../core/problem.ts'
import type { Closing, MediationResult, MediationStep } from './api.ts'
import type { NewDisputeEvent } from './event.ts'
import type { DisputeState } from './fold.ts'
import * as problems from './problems.ts'

/** Seen from the dispute: its mediator, its desk, or somebody given access, who reads and does nothing. */
export type Mediating = { self: string; mediator: boolean; desk: boolean }
export type DisputeWhen = { now: Date; zone: string }
export type DisputeArgs = {
  step: MediationStep
  result?: MediationResult | undefined
  followUp?: Day | undefined
  holds?: boolean | undefined
  closing?: Closing | undefined
  account?: string | undefined
  /** pass_up: the desk above, found by the caller; null when there is none. */
  above?: string | null | undefined
}
export type DisputeDecision = { ok: true; events: NewDisputeEvent[] } | { ok: false; problem: Problem }

/** MED-2: somebody speaks with them within 24 hours; what was agreed is looked at after a week unless a day is named. */
export const FIRST_HOURS = 24
export const FOLLOW_UP_DAYS = 7
const AGAIN_HOURS = 72

const yes = (...events: NewDisputeEvent[]): DisputeDecision => ({ ok: true, events })
const no = (problem: Problem): DisputeDecision => ({ ok: false, problem })

function inHours(when: DisputeWhen, hours: number): string {
  return new Date(when.now.getTime() + hours * 3_600_000).toISOString()
}

/** A day is due until its end. */
function endOf(day: Day, zone: string): string {
  return instantOf(day, zone, 24).toISOString()
}

export function firstDue(when: DisputeWhen): string {
  return inHours(when, FIRST_HOURS)
}

export function decideMediated(
  result: MediationResult,
  followUp: Day | undefined,
  visitId: string | null,
  when: DisputeWhen,
): NewDisputeEvent {
  const on = dayOf(when.now, when.zone)
  const day = result === 'agreed' ? (followUp ?? addDays(on, FOLLOW_UP_DAYS)) : (followUp ?? null)
  const hours = result === 'not_agreed' ? FIRST_HOURS : AGAIN_HOURS
  const dueBy = day === null ? inHours(when, hours) : endOf(day, when.zone)
  return { kind: 'mediated', body: { on, result, followUp: day, dueBy, visitId } }
}

function closing(state: DisputeState, args: DisputeArgs, on: Day): DisputeDecision {
  if (args.closing === undefined) return no(problems.disputeLacks({ missing: 'closing' }))
  if (args.closing === 'kept' && state.state !== 'agreed') return no(problems.nothingAgreed({}))
  return yes({ kind: 'closed', body: { on, closing: args.closing } })
}

function followed(state: DisputeState, args: DisputeArgs, when: DisputeWhen): DisputeDecision {
  if (state.state !== 'agreed') return no(problems.nothingAgreed({}))
  if (args.holds === undefined) return no(problems.disputeLacks({ missing: 'holds' }))
  const on = dayOf(when.now, when.zone)
  const followUp = args.followUp ?? null
  const dueBy = followUp === null ? inHours(when, AGAIN_HOURS) : endOf(followUp, when.zone)
  return yes({ kind: 'followed_up', body: { on, holds: args.holds, followUp, dueBy } })
}

function access(state: DisputeState, args: DisputeArgs, on: Day): DisputeDecision {
  if (args.account === undefined) return no(problems.disputeLacks({ missing: 'account' }))
  const has = state.access.includes(args.account)
  if (args.step === 'give_access')
    return has ? yes() : yes({ kind: 'access_given', body: { on, account: args.account } })
  return has ? yes({ kind: 'access_ended', body: { on, account: args.account } }) : yes()
}

/** MED-2: what a step does, or the rule that refuses it. Pure. */
export function decideDispute(
  state: DisputeState,
  args: DisputeArgs,
  who: Mediating,
  when: DisputeWhen,
): DisputeDecision {
  const on = dayOf(when.now, when.zone)
  const { step } = args
  if (!who.mediator && !who.desk) return no(problems.notYourDispute({}))
  if (step === 'give_access' || step === 'end_access') return access(state, args, on)
  if (step === 'reopen') {
    return state.closedAt === null
      ? no(problems.disputeOpen({}))
      : yes({ kind: 'reopened', body: { on, dueBy: firstDue(when) } })
  }
  if (state.closedAt !== null) return no(problems.disputeClosed({}))
  switch (step) {
    case 'take':
      return who.mediator ? yes() : yes({ kind: 'taken', body: { on, mediator: who.self } })
    case 'mediated':
      return args.result === undefined
        ? no(problems.disputeLacks({ missing: 'result' }))
        : yes(decideMediated(args.result, args.followUp, null, when))
    case 'pass_up':
      if (args.above === undefined || args.above === null)
        return no(problems.noDeskAbove({ area: state.desks.at(-1) ?? '' }))
      return yes({ kind: 'passed_up', body: { on, to: args.above, dueBy: firstDue(when) } })
    case 'followed_up':
      return followed(state, args, when)
    case 'close':
      return closing(state, args, on)
  }
}

const STEPS = ['take', 'mediated', 'pass_up', 'followed_up', 'close', 'reopen', 'give_access'] as const

/** Each step for this reader, and why not; what a step asks beside its name is taken as given. */
export function availableMediation(
  state: DisputeState,
  who: Mediating,
  above: string | null,
  when: DisputeWhen,
): { step: MediationStep; problem: Problem | null }[] {
  const given = { result: 'again', holds: true, closing: 'withdrawn', account: '', above } as const
  return STEPS.flatMap((step) => {
    const decision = decideDispute(state, { step, ...given }, who, when)
    if (decision.ok && decision.events.length === 0) return []
    return [{ step, problem: decision.ok ? null : decision.problem }]
  })
}
