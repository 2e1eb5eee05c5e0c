/**
 * Opening passages to find the contacts of a case (GATE-11). What can be asked is a place and hours in which a case is known to have
 * been there; no field names a person, a code or a vehicle, so that nobody can be followed and no declaration tested by it.
 */
import { KEEP_DAYS } from './gate.ts'
import { MAX_OPENING_HOURS } from './api.ts'
import { addDays, dayOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'

const HOUR = 3_600_000
/** One case has a few places; who asks for more asks for something else. */
export const MAX_OPENINGS_OF_CASE = 20
/** And one gate on one day, over all cases. */
export const MAX_OPENINGS_OF_GATE_DAY = 6

export type Window = { from: Date; to: Date }

export function windowHolds({ from, to }: Window, now: Date, today: Day, zone: string): boolean {
  const length = to.getTime() - from.getTime()
  if (length <= 0 || length > MAX_OPENING_HOURS * HOUR || to > now) return false
  return dayOf(from, zone) >= addDays(today, -KEEP_DAYS)
}

/** Local days that a window touches: at most two. */
export function daysOf({ from, to }: Window, zone: string): Day[] {
  const first = dayOf(from, zone)
  const last = dayOf(new Date(to.getTime() - 1), zone)
  return first === last ? [first] : [first, last]
}

/** The first day on which nothing of a day is kept any more. */
export function goneFrom(day: Day): Day {
  return addDays(day, KEEP_DAYS + 1)
}
