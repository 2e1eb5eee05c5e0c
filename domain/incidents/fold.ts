import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { Closing, DisputeKind, DisputeStateName } from './api.ts'
import type { DisputeEvent, NewDisputeEvent } from './event.ts'

/** The state of a dispute: nothing but the fold of its events (MED-2). ISO instants. */
export type DisputeState = {
  area: AreaCode
  kind: DisputeKind
  state: DisputeStateName
  /** Desks that it has lain with; the last is where it lies now. */
  desks: AreaCode[]
  mediator: string | null
  /** Who was given access by name and has it still. */
  access: string[]
  sessions: number
  followUp: Day | null
  dueBy: string
  closing: Closing | null
  openedAt: string
  openedDay: Day
  closedAt: string | null
  closedDay: Day | null
  updatedAt: string
  version: number
}

function opened(event: DisputeEvent & { kind: 'opened' }): DisputeState {
  const { body } = event
  return {
    area: event.area,
    kind: body.kind,
    state: 'open',
    desks: [body.desk],
    mediator: body.mediator,
    access: [],
    sessions: 0,
    followUp: null,
    dueBy: body.dueBy,
    closing: null,
    openedAt: event.recordedAt,
    openedDay: body.on,
    closedAt: null,
    closedDay: null,
    updatedAt: event.recordedAt,
    version: event.n,
  }
}

const STATE_OF = { agreed: 'agreed', again: 'mediating', not_agreed: 'not_agreed' } as const

function change(state: DisputeState, event: DisputeEvent): Partial<DisputeState> {
  switch (event.kind) {
    case 'opened':
      return {}
    case 'taken':
      return { mediator: event.body.mediator }
    case 'mediated':
      return {
        state: STATE_OF[event.body.result],
        sessions: state.sessions + 1,
        followUp: event.body.followUp,
        dueBy: event.body.dueBy,
      }
    case 'passed_up':
      return {
        state: 'passed_up',
        desks: [...state.desks.filter((desk) => desk !== event.body.to), event.body.to],
        followUp: null,
        dueBy: event.body.dueBy,
      }
    case 'followed_up':
      return {
        state: event.body.holds ? 'agreed' : 'mediating',
        followUp: event.body.followUp,
        dueBy: event.body.dueBy,
      }
    case 'closed':
      return {
        state: 'closed',
        closing: event.body.closing,
        followUp: null,
        closedAt: event.recordedAt,
        closedDay: event.body.on,
      }
    case 'reopened':
      return {
        state: 'open',
        closing: null,
        closedAt: null,
        closedDay: null,
        followUp: null,
        dueBy: event.body.dueBy,
      }
    case 'access_given':
      return { access: [...state.access.filter((id) => id !== event.body.account), event.body.account] }
    case 'access_ended':
      return { access: state.access.filter((id) => id !== event.body.account) }
    case 'corrected':
      return { kind: event.body.kind }
    // The areas have other codes now; whose it is stays.
    case 'reorganised':
      return { area: event.body.to, desks: [...new Set(event.body.desks)] }
  }
}

/** One step of the fold. The first event must be `opened`. */
export function applyDispute(state: DisputeState | null, event: DisputeEvent): DisputeState {
  if (event.kind === 'opened') return opened(event)
  if (state === null) throw new RangeError('a dispute begins with `opened`')
  return { ...state, ...change(state, event), version: event.n, updatedAt: event.recordedAt }
}

export function foldDispute(events: readonly DisputeEvent[]): DisputeState {
  let state: DisputeState | null = null
  for (const event of events) state = applyDispute(state, event)
  if (state === null) throw new RangeError('a dispute has at least one event')
  return state
}

export function recordDispute(
  state: DisputeState | null,
  events: readonly NewDisputeEvent[],
  stamp: { area: AreaCode; by: string | null; occurredAt: string; recordedAt: string },
): { state: DisputeState; events: DisputeEvent[] } {
  let now = state
  const done: DisputeEvent[] = []
  for (const event of events) {
    const one: DisputeEvent = { ...event, ...stamp, area: now?.area ?? stamp.area, n: (now?.version ?? 0) + 1 }
    now = applyDispute(now, one)
    done.push(one)
  }
  if (now === null) throw new RangeError('nothing was decided')
  return { state: now, events: done }
}

/** Late is a function of the moment; the due moment itself is still in time (case 67). */
export function isLate(state: Pick<DisputeState, 'dueBy' | 'closedAt'>, now: Date): boolean {
  return state.closedAt === null && Date.parse(state.dueBy) < now.getTime()
}
