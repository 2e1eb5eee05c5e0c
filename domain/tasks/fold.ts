import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { Channel, Grade, Outcome, TaskStateName } from './api.ts'
import type { Clock } from './due.ts'
import type { NewTaskEvent, TaskEvent } from './event.ts'

/** The state of a task: nothing but the fold of its events (TASK-1); phone and server compute it alike. ISO instants. */
export type TaskState = {
  area: AreaCode
  root: string
  campaignId: string
  personId: string | null
  householdId: string | null
  grade: Grade
  state: TaskStateName
  outcome: Outcome | null
  disposition: string | null
  assignee: string | null
  attempts: number
  channels: Channel[]
  bounces: number
  /** The grid that last gave it back. */
  returnedFrom: AreaCode | null
  nextTry: string | null
  dueDay: Day | null
  clock: Clock
  acceptEscalated: number
  answerEscalated: number
  sources: string[]
  movedFrom: { county: string; taskId: string; area: string } | null
  openedAt: string
  acceptedAt: string | null
  answeredAt: string | null
  answeredDay: Day | null
  closedAt: string | null
  closedDay: Day | null
  updatedAt: string
  version: number
}

function opened(event: TaskEvent & { kind: 'opened' }): TaskState {
  const { body } = event
  return {
    area: event.area,
    root: body.root,
    campaignId: body.campaignId,
    personId: body.personId,
    householdId: body.householdId,
    grade: body.grade,
    state: 'pushed',
    outcome: null,
    disposition: null,
    assignee: null,
    attempts: 0,
    channels: [],
    bounces: 0,
    returnedFrom: null,
    nextTry: null,
    dueDay: null,
    clock: body.clock,
    acceptEscalated: 0,
    answerEscalated: 0,
    sources: union([], body.sources),
    movedFrom: body.movedFrom,
    openedAt: event.recordedAt,
    acceptedAt: null,
    answeredAt: null,
    answeredDay: null,
    closedAt: null,
    closedDay: null,
    updatedAt: event.recordedAt,
    version: event.n,
  }
}

function union<T extends string>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])].toSorted()
}

function end(event: TaskEvent, outcome: Outcome): Partial<TaskState> {
  return { state: 'closed', outcome, closedAt: event.recordedAt, closedDay: event.body.on, nextTry: null }
}

const UNANSWERED = {
  answeredAt: null,
  answeredDay: null,
  disposition: null,
  outcome: null,
  closedAt: null,
  closedDay: null,
}

function answered(event: TaskEvent & { kind: 'answered' }, at: string): Partial<TaskState> {
  const { body } = event
  if (body.next === 'wait') {
    return {
      state: 'waiting',
      disposition: body.disposition,
      dueDay: body.dueDay,
      nextTry: null,
      answerEscalated: 0,
      ...(body.clock ? { clock: body.clock } : {}),
    }
  }
  const known = { disposition: body.disposition, answeredAt: at, answeredDay: body.on, nextTry: null, dueDay: null }
  return body.next === 'review' ? { ...known, state: 'review' } : { ...known, ...end(event, 'answered') }
}

function attempted(state: TaskState, event: TaskEvent & { kind: 'attempted' }): Partial<TaskState> {
  return {
    state: state.state === 'locating' || state.state === 'returned' ? state.state : 'in_progress',
    attempts: state.attempts + 1,
    channels: union(state.channels, [event.body.channel]),
    nextTry: event.body.nextTry,
    acceptedAt: state.acceptedAt ?? event.recordedAt,
  }
}

function reviewed(event: TaskEvent & { kind: 'reviewed' }, state: TaskState): Partial<TaskState> {
  const { body } = event
  if (body.decision === 'reopen') {
    return {
      ...UNANSWERED,
      state: 'pushed',
      assignee: null,
      acceptedAt: null,
      acceptEscalated: 0,
      answerEscalated: 0,
      dueDay: null,
      ...(body.clock ? { clock: body.clock } : {}),
    }
  }
  return {
    disposition: body.disposition ?? state.disposition,
    answeredAt: state.answeredAt ?? event.recordedAt,
    answeredDay: state.answeredDay ?? body.on,
    ...end(event, 'answered'),
  }
}

/** Clears who had it: another grid has to accept it anew. */
const NOBODY = { assignee: null, acceptedAt: null, nextTry: null, dueDay: null }

function change(state: TaskState, event: TaskEvent): Partial<TaskState> {
  switch (event.kind) {
    case 'opened':
      return {}
    case 'pushed':
      return { sources: union(state.sources, event.body.sources) }
    case 'accepted':
      return { state: 'accepted', assignee: event.body.assignee, acceptedAt: event.recordedAt }
    case 'assigned':
      // Given back: whoever takes over accepts it anew.
      if (event.body.to !== null) return { assignee: event.body.to }
      return { assignee: null, acceptedAt: null, state: state.state === 'accepted' ? 'pushed' : state.state }
    case 'attempted':
      return attempted(state, event)
    case 'answered':
      return answered(event, event.recordedAt)
    case 'corrected':
      return event.body.reopen ? { ...UNANSWERED, state: 'in_progress' } : { disposition: event.body.disposition }
    case 'returned_up':
      return {
        ...NOBODY,
        state: 'returned',
        area: event.body.to,
        returnedFrom: event.body.from,
        disposition: event.body.disposition,
      }
    case 'passed_down':
      return {
        ...NOBODY,
        state: 'pushed',
        area: event.body.to,
        bounces: state.bounces + (event.body.sideways ? 1 : 0),
        householdId: event.body.householdId ?? state.householdId,
        disposition: null,
      }
    // The area has another code now: who has it, its clock and what was tried stay.
    case 'reorganised':
      return { area: event.body.to, householdId: event.body.householdId ?? state.householdId }
    case 'locate_requested':
      return { state: 'locating', nextTry: null }
    case 'reviewed':
      return reviewed(event, state)
    case 'closed':
      return end(event, state.outcome ?? 'answered')
    case 'regraded':
      return {
        grade: event.body.grade,
        clock: event.body.clock,
        acceptEscalated: 0,
        answerEscalated: 0,
        sources: union(state.sources, event.body.sources),
      }
    case 'withdrawn':
      return end(event, 'withdrawn')
    case 'moved':
      return end(event, 'moved')
    case 'escalated':
      return event.body.clock === 'accept' ? { acceptEscalated: event.body.step } : { answerEscalated: event.body.step }
    case 'merged_duplicate':
      return {
        disposition: 'DUPLICATE',
        answeredAt: event.recordedAt,
        answeredDay: event.body.on,
        ...end(event, 'merged_duplicate'),
      }
    case 'expired':
      return end(event, 'expired')
  }
}

/** One step of the fold. The first event must be `opened`. */
export function applyTask(state: TaskState | null, event: TaskEvent): TaskState {
  if (event.kind === 'opened') return opened(event)
  if (state === null) throw new RangeError('a task begins with `opened`')
  return { ...state, ...change(state, event), version: event.n, updatedAt: event.recordedAt }
}

export function foldTask(events: readonly TaskEvent[]): TaskState {
  let state: TaskState | null = null
  for (const event of events) state = applyTask(state, event)
  if (state === null) throw new RangeError('a task has at least one event')
  return state
}

/** Gives decided events their number, place and times, and the state after each is applied. */
export function record(
  state: TaskState | null,
  events: readonly NewTaskEvent[],
  stamp: { area: AreaCode; by: string | null; occurredAt: string; recordedAt: string },
): { state: TaskState; events: TaskEvent[] } {
  let now = state
  const done: TaskEvent[] = []
  for (const event of events) {
    const one: TaskEvent = { ...event, ...stamp, area: now?.area ?? stamp.area, n: (now?.version ?? 0) + 1 }
    now = applyTask(now, one)
    done.push(one)
  }
  if (now === null) throw new RangeError('nothing was decided')
  return { state: now, events: done }
}

export type Escalation = { clock: 'accept' | 'answer'; step: number; at: string; percent: number }

/** TASK-4: the next moment at which the task is told one level higher; null when nobody waits for an answer. */
export function nextEscalation(state: TaskState): Escalation | null {
  if (state.closedAt !== null || state.answeredAt !== null) return null
  const found: Escalation[] = []
  const acceptAt = state.acceptedAt === null ? state.clock.acceptSteps[state.acceptEscalated] : undefined
  if (acceptAt !== undefined)
    found.push({
      clock: 'accept',
      step: state.acceptEscalated + 1,
      at: acceptAt,
      percent: (state.acceptEscalated + 1) * 50,
    })
  const answerAt = state.clock.answerSteps[state.answerEscalated]
  if (answerAt !== undefined)
    found.push({
      clock: 'answer',
      step: state.answerEscalated + 1,
      at: answerAt,
      percent: (state.answerEscalated + 1) * 50,
    })
  return found.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0] ?? null
}

/** How high it has been told: 0 nobody, 1 the next centre, up to 3. */
export function escalatedLevel(state: TaskState): number {
  return Math.max(state.acceptEscalated, state.answerEscalated)
}

/** Late is a function of the moment (case 66); the due moment itself is still in time (case 67). */
export function isOverdue(state: TaskState, now: string): boolean {
  return state.closedAt === null && state.answeredAt === null && state.clock.answerBy < now
}
