import type { AreaCode } from '../areas/code.ts'
import type { Stage } from './objection-api.ts'

/**
 * The clock of an objection (OBJECT-6): the community has four hours, the street four more, the county the rest of 24. What a stage
 * leaves undone goes to the next by itself: whose turn it is and what is late are functions of the moment, and the timer that writes
 * and tells may be late without anybody's time getting longer.
 */
export const STAGE_HOURS: Readonly<Record<Exclude<Stage, 'city'>, number>> = { community: 4, street: 4, county: 16 }
const TOTAL_HOURS = 24
/** OBJECT-7: how long a review waits for what it asked for; then it goes on with what is there. */
export const ASK_HOURS = 48
/** "Near" on a desk's list: less than two hours are left. */
export const NEAR_HOURS = 2

export const HOUR_MS = 3_600_000

const NEXT: Readonly<Record<Exclude<Stage, 'city'>, Stage>> = { community: 'street', street: 'county', county: 'city' }

export function nextStage(stage: Stage): Stage | null {
  return stage === 'city' ? null : NEXT[stage]
}

/** How far the code of a desk reaches that works at a stage. */
const DIGITS: Readonly<Record<Stage, number>> = { community: 12, street: 9, county: 6, city: 4 }

/** The area whose desk works at a stage; where the address is only known coarser, the desk of what is known. */
export function stageArea(area: AreaCode, stage: Stage): AreaCode {
  return area.slice(0, DIGITS[stage])
}

function inHours(iso: string, hours: number): string {
  return new Date(Date.parse(iso) + hours * HOUR_MS).toISOString()
}

export type Clock = {
  stage: Stage
  /** When the stage's time ends; of the city none does, so this is the end of the 24 hours. Waiting for the holder is in it. */
  dueBy: string
  /** When the 24 hours end, waiting included. */
  allDueBy: string
}

export function startClock(openedAt: string): Clock {
  return {
    stage: 'community',
    dueBy: inHours(openedAt, STAGE_HOURS.community),
    allDueBy: inHours(openedAt, TOTAL_HOURS),
  }
}

/** A stage begins at a moment, with its whole time; never longer than the 24 hours. */
export function atStage(clock: Clock, stage: Stage, from: string): Clock {
  if (stage === 'city') return { ...clock, stage, dueBy: clock.allDueBy }
  const due = inHours(from, STAGE_HOURS[stage])
  return { ...clock, stage, dueBy: due < clock.allDueBy ? due : clock.allDueBy }
}

/** One step of the clock that has come by `now`, or null. The due moment itself is still in time (case 67). */
function stepDue(clock: Clock, now: Date): { from: Stage; to: Stage; at: string; clock: Clock } | null {
  const to = nextStage(clock.stage)
  if (to === null || Date.parse(clock.dueBy) >= now.getTime()) return null
  return { from: clock.stage, to, at: clock.dueBy, clock: atStage(clock, to, clock.dueBy) }
}

/** Whose turn it is now, whatever has been written. */
export function clockAt(clock: Clock, now: Date): { clock: Clock; steps: { from: Stage; to: Stage; at: string }[] } {
  const steps: { from: Stage; to: Stage; at: string }[] = []
  let at = clock
  for (let step = stepDue(at, now); step !== null; step = stepDue(at, now)) {
    steps.push({ from: step.from, to: step.to, at: step.at })
    at = step.clock
  }
  return { clock: at, steps }
}

/** While the holder is asked the clock stands still: the whole wait is added, and what is not used is taken off again. */
export function shifted(clock: Clock, ms: number): Clock {
  const by = (iso: string): string => new Date(Date.parse(iso) + ms).toISOString()
  return { ...clock, dueBy: by(clock.dueBy), allDueBy: by(clock.allDueBy) }
}
