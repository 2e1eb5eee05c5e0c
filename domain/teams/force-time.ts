/** Shifts, turns and hours: all by instants, so that a night and a day of 23 or 25 hours come out right (FORCE-7, FORCE-8). */
import { addDays, dayOf, instantOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'

const MINUTE = 60_000
/** Somebody may sign in so long before, and sign out so long after; within `GRACE` nobody is late or early. */
export const BEFORE_MIN = 60
export const AFTER_MIN = 120
export const GRACE_MIN = 5

export type Turn = { startsAt: Date; endsAt: Date; inAt: Date | null; outAt: Date | null }

export const TURN_STATES = ['planned', 'awaited', 'missed', 'present', 'no_sign_out', 'worked'] as const
export type TurnState = (typeof TURN_STATES)[number]

/** What a turn is at a moment: a fact about the roster, never about how hard anybody works. */
export function turnState(turn: Turn, now: Date): TurnState {
  if (turn.outAt !== null) return 'worked'
  if (turn.inAt !== null) return now.getTime() > turn.endsAt.getTime() + AFTER_MIN * MINUTE ? 'no_sign_out' : 'present'
  if (now.getTime() <= turn.startsAt.getTime() + GRACE_MIN * MINUTE) return 'planned'
  return now < turn.endsAt ? 'awaited' : 'missed'
}

/** Minutes late in and early out, 0 within the grace. */
export function remarksOf(turn: Turn): { late: number; early: number } {
  const late = turn.inAt === null ? 0 : Math.floor((turn.inAt.getTime() - turn.startsAt.getTime()) / MINUTE)
  const early = turn.outAt === null ? 0 : Math.floor((turn.endsAt.getTime() - turn.outAt.getTime()) / MINUTE)
  return { late: late > GRACE_MIN ? late : 0, early: early > GRACE_MIN ? early : 0 }
}

/** Whole minutes from sign-in to sign-out that fall between two instants; none without both. */
export function minutesWithin(turn: Turn, from: Date, to: Date): number {
  if (turn.inAt === null || turn.outAt === null) return 0
  const start = Math.max(turn.inAt.getTime(), from.getTime())
  const end = Math.min(turn.outAt.getTime(), to.getTime())
  return Math.max(0, Math.floor(end / MINUTE) - Math.floor(start / MINUTE))
}

/** Minutes by local day; they add up to the whole turn, over midnight and when clocks change. */
export function minutesByDay(turn: Turn, zone: string): Map<Day, number> {
  const days = new Map<Day, number>()
  if (turn.inAt === null || turn.outAt === null) return days
  const last = dayOf(turn.outAt, zone)
  for (let day = dayOf(turn.inAt, zone); day <= last; day = addDays(day, 1)) {
    const n = minutesWithin(turn, instantOf(day, zone), instantOf(addDays(day, 1), zone))
    if (n > 0) days.set(day, n)
  }
  return days
}

export type Span = { startsAt: Date; endsAt: Date }

/** FORCE-6: nobody stands in two places; one turn may begin in the instant in which another ends. */
export function overlaps(a: Span, b: Span): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt
}

/** Shifts of one time of day on each day from the first to the last; `to` at or before `from` ends on the day after. */
export function shiftsOf(
  plan: { from: Day; to: Day; starts: string; ends: string },
  zone: string,
): (Span & { day: Day })[] {
  const clock = (text: string): [number, number] => {
    const [hour = '0', minute = '0'] = text.split(':')
    return [Number(hour), Number(minute)]
  }
  const over = plan.ends <= plan.starts
  const spans: (Span & { day: Day })[] = []
  for (let day = plan.from; day <= plan.to; day = addDays(day, 1))
    spans.push({
      day,
      startsAt: instantOf(day, zone, ...clock(plan.starts)),
      endsAt: instantOf(over ? addDays(day, 1) : day, zone, ...clock(plan.ends)),
    })
  return spans.filter((span) => span.endsAt > span.startsAt)
}

/** STAT-1 for turns: what a row adds to the counters of its grid, on the day on which the shift begins. */
export function turnCounts(turn: { area: string; day: Day; inAt: Date | null; outAt: Date | null; ended: boolean }): {
  area: string
  day: Day
  metric: string
  n: number
}[] {
  if (turn.ended || turn.inAt === null || turn.outAt === null) return []
  return [{ area: turn.area.slice(0, 15), day: turn.day, metric: 'turn_worked', n: 1 }]
}
