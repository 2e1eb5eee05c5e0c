import { can } from '../access/can.ts'
import type { Actor } from '../access/actor.ts'
import { contains, countyOf, levelOf, parentOf } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { addDays, dayOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Problem } from '../core/problem.ts'
import type { Say } from '../core/say.ts'
import { TASK_ACTIONS } from './api.ts'
import type { Channel, Grade, TaskAction } from './api.ts'
import { nextOf } from './disposition.ts'
import { clockFrom, clockOfDay } from './due.ts'
import type { Hours } from './due.ts'
import type { NewTaskEvent } from './event.ts'
import type { TaskState } from './fold.ts'
import * as problems from './problems.ts'
import { nextTry } from './retry.ts'

/** What every decision is given: the server's time (the phone's own when it foretells), the zone and the campaign's hours. */
export type When = { now: Date; zone: string; hours: Hours }
export type Decision = { ok: true; events: NewTaskEvent[] } | { ok: false; problem: Problem }

/** Passed sideways at most twice (TASK-6). */
export const MAX_BOUNCES = 2
const MIN_ATTEMPTS = 3
const MIN_CHANNELS = 2

function yes(...events: NewTaskEvent[]): Decision {
  return { ok: true, events }
}
function no(problem: Problem): Decision {
  return { ok: false, problem }
}

/** TASK-2: nothing is done to a task that is closed or whose answer is being reviewed. */
function busy(task: TaskState): Problem | null {
  if (task.closedAt !== null) return problems.taskClosed({ reference: '' })
  if (task.state === 'review') return problems.taskInReview({})
  return null
}

export function decideAccept(task: TaskState, by: string, when: When): Decision {
  const refused = busy(task)
  if (refused) return no(refused)
  if (task.acceptedAt !== null && task.assignee !== null && task.assignee !== by)
    return no(problems.alreadyAccepted({ assignee: task.assignee }))
  return yes({ kind: 'accepted', body: { on: dayOf(when.now, when.zone), assignee: by } })
}

/** To nobody (null) when its owner no longer covers the area (TASK-15). */
export function decideAssign(task: TaskState, to: string | null, when: When): Decision {
  const refused = busy(task)
  if (refused) return no(refused)
  return yes({ kind: 'assigned', body: { on: dayOf(when.now, when.zone), to, from: task.assignee } })
}

export type Attempt = { channel: Channel; result: string; visitId: string | null }

export function decideAttempt(task: TaskState, attempt: Attempt, when: When): Decision {
  const refused = busy(task)
  if (refused) return no(refused)
  const next = nextTry(attempt.result, when.now, when.zone)
  return yes({
    kind: 'attempted',
    body: { on: dayOf(when.now, when.zone), ...attempt, nextTry: next === null ? null : next.toISOString() },
  })
}

export type Return = { reason: string; disposition: string | null; visitId: string | null }

/** TASK-6: one level up; from a unit or a grid to the village. The county is the last. */
export function decideReturn(task: TaskState, args: Return, when: When): Decision {
  const refused = busy(task)
  if (refused) return no(refused)
  const up = levelOf(task.area) > 5 ? task.area.slice(0, 12) : parentOf(task.area)
  if (up === null || levelOf(task.area) <= 3) return no(problems.noLevelAbove({ area: task.area }))
  return yes({ kind: 'returned_up', body: { on: dayOf(when.now, when.zone), from: task.area, to: up, ...args } })
}

/**
 * TASK-6, TASK-7: to an area inside the county and inside the reach of who passes. Sideways is every move that is not simply
 * further down from where it first lay: those are counted, and a third is refused.
 */
export function decidePass(
  task: TaskState,
  args: { area: AreaCode; reason: string; householdId: string | null },
  when: When,
): Decision {
  const refused = busy(task)
  if (refused) return no(refused)
  if (args.area === task.area || countyOf(args.area) !== countyOf(task.area) || args.area.length < 6)
    return no(problems.passOutside({ area: args.area }))
  const sideways = task.returnedFrom !== null || !contains(task.area, args.area)
  if (sideways && task.bounces >= MAX_BOUNCES) return no(problems.bouncedTwice({ bounces: task.bounces }))
  return yes({
    kind: 'passed_down',
    body: {
      on: dayOf(when.now, when.zone),
      from: task.area,
      to: args.area,
      reason: args.reason,
      sideways,
      householdId: args.householdId,
    },
  })
}

/** TASK-9: at least three tries on two channels, one of them at the door; then a human asks, with a reason. */
export function decideLocate(task: TaskState, when: When): Decision {
  const refused = busy(task)
  if (refused) return no(refused)
  const door = task.channels.includes('door')
  if (task.attempts < MIN_ATTEMPTS || task.channels.length < MIN_CHANNELS || !door) {
    return no(problems.notEnoughTries({ attempts: task.attempts, channels: task.channels.length, door }))
  }
  return yes({ kind: 'locate_requested', body: { on: dayOf(when.now, when.zone) } })
}

export type Answer = {
  disposition: string
  method: Channel
  visitId: string
  /** Where the person is now, when that is known and inside the deployment: the id of the successor comes from the caller. */
  successor: { county: string; taskId: string; area: string } | null
  expectedDay: Day | null
  /** An earlier answered task of the same person, shown for DUPLICATE. */
  earlier: string | null
}

/** TASK-10: what a disposition does. One that this version does not know, or that lacks its place, goes to review. */
export function decideAnswer(task: TaskState, answer: Answer, when: When): Decision {
  const refused = busy(task)
  if (refused) return no(refused)
  const on = dayOf(when.now, when.zone)
  const { disposition, visitId } = answer
  const next = nextOf(disposition)
  const plain = { on, disposition, visitId, dueDay: null, clock: null, successor: null }
  switch (next) {
    case 'retry':
      return decideAttempt(task, { channel: answer.method, result: disposition, visitId }, when)
    case 'return_up': {
      const up = decideReturn(task, { reason: 'not_resident', disposition, visitId }, when)
      // At the county there is nobody above: the centre itself decides what the finding means.
      return up.ok ? up : yes({ kind: 'answered', body: { ...plain, next: 'review' } })
    }
    case 'wait': {
      const day = answer.expectedDay !== null && answer.expectedDay > on ? answer.expectedDay : addDays(on, 1)
      return yes({ kind: 'answered', body: { ...plain, next, dueDay: day, clock: clockOfDay(day, when.zone) } })
    }
    case 'forward':
      return yes({
        kind: 'answered',
        body: { ...plain, next: answer.successor === null ? 'review' : 'forward', successor: answer.successor },
      })
    case 'close':
      if (disposition === 'DUPLICATE')
        return yes({ kind: 'merged_duplicate', body: { on, visitId, earlier: answer.earlier } })
      return yes({ kind: 'answered', body: { ...plain, next } })
    case 'review':
      return yes({ kind: 'answered', body: { ...plain, next } })
  }
}

export function decideReview(
  task: TaskState,
  args: { decision: 'confirm' | 'change' | 'reopen'; disposition: string | null },
  when: When,
): Decision {
  if (task.closedAt !== null) return no(problems.taskClosed({ reference: '' }))
  const on = dayOf(when.now, when.zone)
  // A centre may end what came back to it (returned, bounced, not found), not only what was answered.
  const endable =
    task.state === 'review' || task.state === 'returned' || task.state === 'locating' || task.bounces >= MAX_BOUNCES
  if (!endable) return no(problems.notInReview({}))
  const { decision } = args
  if (decision === 'reopen') {
    if (task.state !== 'review') return no(problems.notInReview({}))
    return yes({
      kind: 'reviewed',
      body: { on, decision, disposition: null, clock: clockFrom(when.now, task.grade, when.hours, when.zone) },
    })
  }
  const disposition = decision === 'change' ? args.disposition : (args.disposition ?? task.disposition)
  if (disposition === null || nextOf(disposition) === 'wait' || nextOf(disposition) === 'retry')
    return no(problems.dispositionNeeded({ decision }))
  return yes({ kind: 'reviewed', body: { on, decision, disposition, clock: null } })
}

/** A grade that changed while the task was open: a new clock from now, or the task is taken back (TASK-12). */
export function decideRegrade(
  task: TaskState,
  args: { grade: Grade | null; sources: string[]; runId: string | null; reason: string },
  when: When,
): Decision {
  if (task.closedAt !== null || task.answeredAt !== null) return yes()
  const on = dayOf(when.now, when.zone)
  if (args.grade === null) return yes({ kind: 'withdrawn', body: { on, reason: args.reason, runId: args.runId } })
  if (args.grade === task.grade) return yes()
  const clock = clockFrom(when.now, args.grade, when.hours, when.zone)
  return yes({
    kind: 'regraded',
    body: { on, grade: args.grade, from: task.grade, clock, sources: args.sources, runId: args.runId },
  })
}

/** What the actor's role must hold for each action; the screens grey out by the same table. */
const VERB = {
  accept: 'file',
  attempt: 'file',
  visit: 'file',
  return: 'file',
  assign: 'bulk',
  pass: 'bulk',
  locate: 'bulk',
  review: 'bulk',
} as const

function probe(action: TaskAction, task: TaskState, actor: Actor, when: When): Problem | null {
  const verdict = (decision: Decision) => (decision.ok ? null : decision.problem)
  switch (action) {
    case 'accept':
      return verdict(decideAccept(task, actor.id, when))
    case 'assign':
    case 'visit':
      return busy(task)
    case 'attempt':
      return verdict(decideAttempt(task, { channel: 'phone', result: 'NO_ANSWER', visitId: null }, when))
    case 'return':
      return verdict(decideReturn(task, { reason: 'not_my_area', disposition: null, visitId: null }, when))
    case 'pass': {
      const refused = busy(task)
      if (refused) return refused
      return task.returnedFrom !== null && task.bounces >= MAX_BOUNCES
        ? problems.bouncedTwice({ bounces: task.bounces })
        : null
    }
    case 'locate':
      return verdict(decideLocate(task, when))
    case 'review':
      return verdict(decideReview(task, { decision: 'confirm', disposition: task.disposition ?? 'HERE_NO_RISK' }, when))
  }
}

export type Availability = { action: TaskAction; ok: boolean; why: Say | null; rule: string | null }

export function taskVerb(action: TaskAction): 'file' | 'bulk' {
  return VERB[action]
}

/** What this actor may do to this task now, and why not the rest: the same decisions that the server takes. */
export function availableActions(task: TaskState, actor: Actor, when: When): Availability[] {
  return TASK_ACTIONS.map((action) => {
    const verb = VERB[action]
    const problem = can(actor, verb, { kind: 'task', area: task.area })
      ? probe(action, task, actor, when)
      : problems.roleMayNot({ verb, thing: 'task' })
    return { action, ok: problem === null, why: problem?.body.message ?? null, rule: problem?.body.rule ?? null }
  })
}

/**
 * VISIT-6: what a corrected visit does to the task that the first one answered. A closing answer replaced by another one
 * stays closed; anything else opens the task again, unless its lock has gone to a newer task of the same person (`lockFree`).
 */
export function decideCorrection(task: TaskState, answer: Answer, lockFree: boolean, when: When): Decision {
  if (task.answeredAt === null && task.closedAt === null) return decideAnswer(task, answer, when)
  if (task.answeredAt === null) return yes()
  const on = dayOf(when.now, when.zone)
  const { disposition, visitId } = answer
  const corrected = (reopen: boolean): NewTaskEvent => ({
    kind: 'corrected',
    body: { on, disposition, visitId, reopen },
  })
  const final = nextOf(disposition) === 'close'
  if (task.closedAt !== null && (final || !lockFree)) return yes(corrected(false))
  const again = decideAnswer({ ...task, state: 'in_progress', answeredAt: null, closedAt: null }, answer, when)
  return again.ok ? yes(corrected(true), ...again.events) : again
}
