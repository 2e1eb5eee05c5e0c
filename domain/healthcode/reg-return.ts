/**
 * A return told before travelling (REGISTER-15, 16): events first, the state is their fold, and "did not come" is a function of the
 * day at read time (case 66): the job only writes it down and sends somebody to look.
 */
import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { ReturnState, Transport } from './reg-api.ts'

export const RETURN_LEVELS = ['high', 'medium', 'low'] as const
export type ReturnLevel = (typeof RETURN_LEVELS)[number]

/** Who said that somebody has come: the traveller, the grid, or a gate on the way (GATE-14). */
export const ARRIVED_HOW = ['resident', 'worker', 'gate'] as const
export type ArrivedHow = (typeof ARRIVED_HOW)[number]

export type ReturnEvent =
  | { kind: 'submitted'; body: { expectedDay: Day; transport: Transport; fromPlace: string } }
  | { kind: 'changed'; body: { expectedDay: Day; transport: Transport; fromPlace: string } }
  | { kind: 'triaged'; body: { level: ReturnLevel } }
  | { kind: 'notified'; body: { area: string } }
  | { kind: 'arrived'; body: { on: Day; how: ArrivedHow } }
  | { kind: 'plan_started'; body: { on: Day } }
  | { kind: 'completed'; body: { on: Day } }
  | { kind: 'cancelled'; body: { why: 'resident' | 'worker' | 'moved' | 'erased' } }
  | { kind: 'no_show'; body: { on: Day; taskId: string | null } }

export type ReturnPlan = {
  state: ReturnState
  expectedDay: Day
  transport: Transport
  fromPlace: string
  level: ReturnLevel | null
  arrivedOn: Day | null
  arrivedHow: ArrivedHow | null
  taskId: string | null
}

export function foldReturn(plan: ReturnPlan | null, event: ReturnEvent): ReturnPlan {
  if (event.kind === 'submitted')
    return { state: 'submitted', ...event.body, level: null, arrivedOn: null, arrivedHow: null, taskId: null }
  if (plan === null) throw new RangeError('a return begins when it is sent in')
  switch (event.kind) {
    case 'changed':
      // Somebody who did not come and says a new day is expected again.
      return { ...plan, ...event.body, state: plan.level === null ? 'submitted' : 'triaged' }
    case 'triaged':
      return { ...plan, level: event.body.level, state: plan.state === 'submitted' ? 'triaged' : plan.state }
    case 'notified':
      return { ...plan, state: plan.state === 'triaged' ? 'host_notified' : plan.state }
    case 'arrived':
      return { ...plan, state: 'arrived_confirmed', arrivedOn: event.body.on, arrivedHow: event.body.how }
    case 'plan_started':
      return { ...plan, state: 'health_plan_started' }
    case 'completed':
      return { ...plan, state: 'completed' }
    case 'cancelled':
      return { ...plan, state: 'cancelled' }
    case 'no_show':
      return { ...plan, state: 'no_show', taskId: event.body.taskId }
  }
}

export function foldReturns(events: readonly ReturnEvent[]): ReturnPlan | null {
  return events.reduce<ReturnPlan | null>(foldReturn, null)
}

const EXPECTED: readonly ReturnState[] = ['submitted', 'triaged', 'host_notified']

/** The last day on which somebody expected may still simply be late. */
export function graceUntil(plan: Pick<ReturnPlan, 'expectedDay'>, graceDays: number): Day {
  return addDays(plan.expectedDay, graceDays)
}

/** The state on a day: whoever is expected and did not come within the grace is a no-show from the day after on (case 67). */
export function returnStateOn(
  plan: Pick<ReturnPlan, 'state' | 'expectedDay'>,
  today: Day,
  graceDays: number,
): ReturnState {
  return EXPECTED.includes(plan.state) && today > graceUntil(plan, graceDays) ? 'no_show' : plan.state
}

export const RETURN_STEPS = ['change', 'arrive', 'start_plan', 'complete', 'cancel'] as const
export type ReturnStep = (typeof RETURN_STEPS)[number]

const FROM: Record<ReturnStep, readonly ReturnState[]> = {
  change: [...EXPECTED, 'no_show'],
  arrive: [...EXPECTED, 'no_show'],
  start_plan: ['arrived_confirmed'],
  complete: ['arrived_confirmed', 'health_plan_started'],
  cancel: [...EXPECTED, 'no_show', 'draft'],
}

export function stepsOf(state: ReturnState, who: 'resident' | 'worker'): ReturnStep[] {
  return RETURN_STEPS.filter(
    (step) =>
      FROM[step].includes(state) &&
      (who === 'worker' ? step !== 'change' : step !== 'start_plan' && step !== 'complete'),
  )
}

/**
 * How urgently the grid should know: by the highest risk level of the place one comes from on the days before, as the list of risk areas
 * has it. A hint for the order of work, never a grade.
 */
export function levelOfPlaces(levels: readonly ReturnLevel[]): ReturnLevel {
  return RETURN_LEVELS.find((level) => levels.includes(level)) ?? 'low'
}
