import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { Colour } from '../grading/rule-set.ts'
import type { Asker, Finding, Ground, ObjectionStateName, Refusal, Stage, Wrong } from './objection-api.ts'
import { ASK_HOURS, HOUR_MS, atStage, clockAt, shifted, startClock } from './objection-clock.ts'
import type { Clock } from './objection-clock.ts'
import type { Contested, NewObjectionEvent, ObjectionEvent } from './objection-event.ts'

/** The state of an objection: nothing but the fold of its events (OBJECT-2). ISO instants. */
export type ObjectionState = {
  area: AreaCode
  ground: Ground
  asker: Asker
  colour: Colour | null
  contested: Contested | null
  clock: Clock
  /** Whether somebody of the stage has taken it up. */
  taken: boolean
  /** What is asked for and until when; the stages that have asked already. */
  asked: { at: string; until: string } | null
  askedBy: Stage[]
  supplemented: boolean
  findings: { stage: Stage; finding: Finding; by: string | null }[]
  escalations: number
  proofs: number
  /** Milliseconds that it waited for the holder. */
  waitedMs: number
  openedAt: string
  openedDay: Day
  outcome: 'granted' | 'refused' | 'withdrawn' | null
  wrong: Wrong | null
  refusal: Refusal | null
  denied: string[]
  colourBefore: Colour | null
  colourAfter: Colour | null
  undone: boolean
  closedAt: string | null
  closedDay: Day | null
  closedBy: string | null
  updatedAt: string
  version: number
}

function opened(event: ObjectionEvent & { kind: 'opened' }): ObjectionState {
  const { body } = event
  return {
    area: event.area,
    ground: body.ground,
    asker: body.asker,
    colour: body.colour,
    contested: body.contested,
    clock: startClock(event.recordedAt),
    taken: false,
    asked: null,
    askedBy: [],
    supplemented: false,
    findings: [],
    escalations: 0,
    proofs: 0,
    waitedMs: 0,
    openedAt: event.recordedAt,
    openedDay: body.on,
    outcome: null,
    wrong: null,
    refusal: null,
    denied: [],
    colourBefore: null,
    colourAfter: null,
    undone: false,
    closedAt: null,
    closedDay: null,
    closedBy: null,
    updatedAt: event.recordedAt,
    version: event.n,
  }
}

/** The wait is over at `at`: what was added for it and not used is taken off. */
function waited(state: ObjectionState, at: string): Pick<ObjectionState, 'clock' | 'asked' | 'waitedMs'> {
  const { asked, clock, waitedMs } = state
  if (asked === null) return { asked, clock, waitedMs }
  const until = at < asked.until ? at : asked.until
  const unused = Date.parse(asked.until) - Date.parse(until)
  return {
    asked: null,
    clock: shifted(clock, -unused),
    waitedMs: waitedMs + Date.parse(until) - Date.parse(asked.at),
  }
}

type Over = Pick<ObjectionState, 'closedAt' | 'closedDay' | 'closedBy' | 'clock' | 'asked' | 'waitedMs'>

function over(state: ObjectionState, event: ObjectionEvent): Over {
  const rest = waited(state, event.recordedAt)
  return { ...rest, closedAt: event.recordedAt, closedDay: event.body.on, closedBy: event.by }
}

function change(state: ObjectionState, event: ObjectionEvent): Partial<ObjectionState> {
  switch (event.kind) {
    case 'opened':
      return {}
    case 'proved':
      return { proofs: state.proofs + 1 }
    case 'taken':
      return { taken: true }
    case 'asked': {
      const { stage, until } = event.body
      const wait = Date.parse(until) - Date.parse(event.recordedAt)
      return {
        taken: true,
        asked: { at: event.recordedAt, until },
        askedBy: [...state.askedBy, stage],
        supplemented: false,
        clock: shifted(state.clock, wait),
      }
    }
    case 'supplemented':
      return { ...waited(state, event.recordedAt), supplemented: true }
    case 'passed': {
      const rest = waited(state, event.recordedAt)
      const { from, to, finding } = event.body
      return {
        ...rest,
        clock: atStage(rest.clock, to, event.recordedAt),
        taken: false,
        supplemented: false,
        findings: [...state.findings, { stage: from, finding, by: event.by }],
      }
    }
    case 'escalated': {
      const rest = waited(state, event.body.at)
      return {
        ...rest,
        clock: atStage(rest.clock, event.body.to, event.body.at),
        taken: false,
        escalations: state.escalations + 1,
      }
    }
    case 'granted':
      return {
        ...over(state, event),
        outcome: 'granted',
        wrong: event.body.wrong,
        denied: event.body.denied,
        colourBefore: event.body.before,
        colourAfter: event.body.after,
      }
    case 'refused':
      return {
        ...over(state, event),
        outcome: 'refused',
        refusal: event.body.refusal,
        colourBefore: event.body.before,
        colourAfter: event.body.before,
      }
    case 'withdrawn':
      return { ...over(state, event), outcome: 'withdrawn' }
    case 'undone':
      return { undone: true, colourAfter: event.body.after }
    case 'reorganised':
    case 'moved':
      return { area: event.body.to }
  }
}

/** One step of the fold. The first event must be `opened`. */
export function applyObjection(state: ObjectionState | null, event: ObjectionEvent): ObjectionState {
  if (event.kind === 'opened') return opened(event)
  if (state === null) throw new RangeError('an objection begins with `opened`')
  return { ...state, ...change(state, event), version: event.n, updatedAt: event.recordedAt }
}

export function foldObjection(events: readonly ObjectionEvent[]): ObjectionState {
  let state: ObjectionState | null = null
  for (const event of events) state = applyObjection(state, event)
  if (state === null) throw new RangeError('an objection has at least one event')
  return state
}

export function recordObjection(
  state: ObjectionState | null,
  events: readonly NewObjectionEvent[],
  stamp: { area: AreaCode; by: string | null; occurredAt: string; recordedAt: string },
): { state: ObjectionState; events: ObjectionEvent[] } {
  let now = state
  const done: ObjectionEvent[] = []
  for (const event of events) {
    const one: ObjectionEvent = { ...event, ...stamp, area: now?.area ?? stamp.area, n: (now?.version ?? 0) + 1 }
    now = applyObjection(now, one)
    done.push(one)
  }
  if (now === null) throw new RangeError('nothing was decided')
  return { state: now, events: done }
}

export type Standing = {
  name: ObjectionStateName
  stage: Stage
  /** By when this stage, and by when the whole; null while it waits for the holder, and when it is over. */
  dueBy: string | null
  allDueBy: string | null
  /** Its time, or that of a stage before, has passed without a step. */
  late: boolean
  /** 24 hours are over. */
  overdue: boolean
  escalations: number
  waiting: boolean
}

const REVIEW: Readonly<Record<Stage, ObjectionStateName>> = {
  community: 'community_review',
  street: 'street_review',
  county: 'county_decision',
  city: 'county_decision',
}

function nameOf(state: ObjectionState, stage: Stage, waiting: boolean, escalated: boolean): ObjectionStateName {
  if (state.outcome !== null) return state.outcome
  if (waiting) return 'need_more'
  if (state.supplemented && !escalated) return 'supplemented'
  if (stage === 'community' && !state.taken && state.askedBy.length === 0) return 'submitted'
  return REVIEW[stage]
}

/** OBJECT-6: where it stands at a moment; the events may lag behind and nothing changes by it. */
export function standingOf(state: ObjectionState, now: Date): Standing {
  if (state.closedAt !== null) {
    const late = state.escalations > 0
    return {
      name: nameOf(state, state.clock.stage, false, false),
      stage: state.clock.stage,
      dueBy: null,
      allDueBy: null,
      late,
      overdue: Date.parse(state.clock.allDueBy) < Date.parse(state.closedAt),
      escalations: state.escalations,
      waiting: false,
    }
  }
  const waiting = state.asked !== null && Date.parse(state.asked.until) >= now.getTime()
  const { clock, steps } = clockAt(state.clock, now)
  const escalations = state.escalations + steps.length
  return {
    name: nameOf(state, clock.stage, waiting, steps.length > 0),
    stage: clock.stage,
    dueBy: waiting ? null : clock.dueBy,
    allDueBy: waiting ? null : clock.allDueBy,
    late: escalations > 0,
    overdue: Date.parse(clock.allDueBy) < now.getTime(),
    escalations,
    waiting,
  }
}

/** Minutes from opening to decision without the wait for the holder; null while it is open. */
export function minutesOf(state: Pick<ObjectionState, 'openedAt' | 'closedAt' | 'waitedMs'>): number | null {
  if (state.closedAt === null) return null
  return Math.max(0, Math.round((Date.parse(state.closedAt) - Date.parse(state.openedAt) - state.waitedMs) / 60_000))
}

/** Until when a review waits that asks now. */
export function askUntil(now: Date): string {
  return new Date(now.getTime() + ASK_HOURS * HOUR_MS).toISOString()
}
