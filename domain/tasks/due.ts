import { z } from 'zod'
import { addDays, dayOf, instantOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Grade } from './api.ts'

/**
 * Due times (TASK-3). Red runs around the clock. Yellow and blue run from 08:00 to 20:00 local and stand still at night, so
 * 24 hours of yellow are two working days. All results are instants; the zone is the deployment's.
 */
const OPENS = 8
const CLOSES = 20
const MS_PER_HOUR = 3_600_000
/** Escalation at 50, 100 and 150 % of the deadline (TASK-4). */
const SHARES = [0.5, 1, 1.5]

const positive = z.number().positive().max(2400)
const Hours = z.object({
  red: z.object({ accept: positive.catch(2), answer: positive.catch(24) }).catch({ accept: 2, answer: 24 }),
  yellow: z.object({ answer: positive.catch(24) }).catch({ answer: 24 }),
  blue: z.object({ answer: positive.catch(72) }).catch({ answer: 72 }),
})
export type Hours = z.infer<typeof Hours>

/** The hours of a campaign; what is absent or unreadable takes the default (red 2/24, yellow 24, blue 72). */
export function hoursOf(campaignHours: unknown): Hours {
  return Hours.catch({ red: { accept: 2, answer: 24 }, yellow: { answer: 24 }, blue: { answer: 72 } }).parse(
    campaignHours,
  )
}

/** The moment when `hours` of the grade's clock have run since `start`. */
export function dueAt(start: Date, hours: number, grade: Grade, zone: string): Date {
  let left = hours * MS_PER_HOUR
  if (grade === 'red') return new Date(start.getTime() + left)
  let at = start.getTime()
  for (;;) {
    const day = dayOf(new Date(at), zone)
    const opens = instantOf(day, zone, OPENS).getTime()
    const closes = instantOf(day, zone, CLOSES).getTime()
    const from = Math.max(at, opens)
    if (from < closes && left <= closes - from) return new Date(from + left)
    left -= Math.max(0, closes - from)
    at = instantOf(addDays(day, 1), zone, OPENS).getTime()
  }
}

/** Moved out of the quiet hours to the next 08:00 local; unchanged by day. */
export function outOfQuietHours(at: Date, zone: string): Date {
  const day = dayOf(at, zone)
  if (at < instantOf(day, zone, OPENS)) return instantOf(day, zone, OPENS)
  if (at >= instantOf(day, zone, CLOSES)) return instantOf(addDays(day, 1), zone, OPENS)
  return at
}

/** Deadlines as they stand in an event: the fold takes them as data and knows no zone. ISO instants. */
export const Clock = z.object({
  acceptBy: z.string().nullable(),
  answerBy: z.string(),
  acceptSteps: z.array(z.string()),
  answerSteps: z.array(z.string()),
})
export type Clock = z.infer<typeof Clock>

function steps(start: Date, hours: number, grade: Grade, zone: string): string[] {
  return SHARES.map((share) => dueAt(start, hours * share, grade, zone).toISOString())
}

export function clockFrom(start: Date, grade: Grade, hours: Hours, zone: string): Clock {
  const answer = hours[grade].answer
  const accept = grade === 'red' ? hours.red.accept : null
  return {
    acceptBy: accept === null ? null : dueAt(start, accept, grade, zone).toISOString(),
    answerBy: dueAt(start, answer, grade, zone).toISOString(),
    acceptSteps: accept === null ? [] : steps(start, accept, grade, zone),
    answerSteps: steps(start, answer, grade, zone),
  }
}

/**
 * "Follow up on day D" (case 4): the task is due from 00:00 of D and ends with the end of D, whatever the hour it was filed;
 * it escalates at noon, at the end of the day, and at noon of the day after.
 */
export function clockOfDay(day: Day, zone: string): Clock {
  const ends = instantOf(day, zone, 24).toISOString()
  return {
    acceptBy: null,
    answerBy: ends,
    acceptSteps: [],
    answerSteps: [instantOf(day, zone, 12).toISOString(), ends, instantOf(addDays(day, 1), zone, 12).toISOString()],
  }
}
