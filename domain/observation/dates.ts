import { addDays, dayOf, daysBetween, instantOf, secondOfDay } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Length } from './measure.ts'

/**
 * Dates of an observation as pure functions of (row, now, zone): no job's lateness keeps anybody in (OBS-3, cases 25, 66, 67, 73).
 * Days are local calendar days of the deployment; day 0 is the day of the last exposure (or the first day, by the rule), the
 * end day is included and valid until its end, and what is blank stays blank (case 14).
 */
export type Days = {
  exposureDay: Day | null
  startDay: Day
  endDay: Day | null
  /** What day 0 is. */
  from: Length['from']
  /** Released, transferred, to a central place or cancelled; null while it goes on, also when it has lapsed. */
  endedAt: string | null
}

/** OBS-20: hours after the end of the last day until a release that nobody acted on is our fault. */
export const LAPSE_HOURS = 12
const SECONDS_PER_HOUR = 3600

/** OBS-3: the last day by rule; null when day 0 is not known (case 14: never an end without a beginning). */
export function endBy(length: Length, exposureDay: Day | null, startDay: Day): Day | null {
  const zero = length.from === 'exposure' ? exposureDay : startDay
  return zero === null ? null : addDays(zero, length.days)
}

/** Day 0, or null when it is not known. */
export function dayZero(row: Pick<Days, 'exposureDay' | 'startDay' | 'from'>): Day | null {
  return row.from === 'exposure' ? row.exposureDay : row.startDay
}

/** Days before day 0 (an exposure that lies ahead, case 31) have no number. */
function numberOf(zero: Day, day: Day): number | null {
  const n = daysBetween(zero, day)
  return n < 0 ? null : n
}

/**
 * undated: no end is known. before: not begun. running; last_day: the end day itself. due: the end day is over and a release is
 * due. lapsed: 12 h later nobody has acted. ended: released, transferred, moved to a central place or cancelled.
 */
export type Phase = 'undated' | 'before' | 'running' | 'last_day' | 'due' | 'lapsed' | 'ended'

export type Standing = {
  phase: Phase
  today: Day
  /** "day 6 of 14"; null when day 0 or the end is not known, or before the first day. Never above `of`. */
  day: number | null
  of: number | null
  /** Whole days after today until the last one; 0 on it and after it. */
  left: number | null
  /** When the last day ends, and when the lapse begins. */
  endsAt: Date | null
  lapsesAt: Date | null
  /** Under observation at this moment: readings are asked and the measure binds. */
  observed: boolean
}

function phaseOf(row: Days, today: Day, now: Date, lapsesAt: Date | null): Phase {
  if (row.endedAt !== null) return 'ended'
  if (today < row.startDay) return 'before'
  if (row.endDay === null || lapsesAt === null) return 'undated'
  if (today < row.endDay) return 'running'
  if (today === row.endDay) return 'last_day'
  return now < lapsesAt ? 'due' : 'lapsed'
}

const OBSERVED: readonly Phase[] = ['undated', 'running', 'last_day']

export function standing(row: Days, now: Date, zone: string): Standing {
  const today = dayOf(now, zone)
  const endsAt = row.endDay === null ? null : instantOf(row.endDay, zone, 24)
  const lapsesAt = row.endDay === null ? null : instantOf(addDays(row.endDay, 1), zone, LAPSE_HOURS)
  const phase = phaseOf(row, today, now, lapsesAt)
  const zero = dayZero(row)
  const of = zero === null || row.endDay === null ? null : daysBetween(zero, row.endDay)
  const n = zero === null || today < row.startDay ? null : numberOf(zero, today)
  return {
    phase,
    today,
    day: n === null ? null : of === null ? n : Math.min(n, of),
    of,
    left: row.endDay === null ? null : Math.max(0, daysBetween(today, row.endDay)),
    endsAt,
    lapsesAt,
    observed: OBSERVED.includes(phase),
  }
}

/** One square of the day strip. `n` is the number of the day; null when day 0 is not known. */
export type StripDay = { day: Day; n: number | null; when: 'past' | 'today' | 'ahead'; last: boolean }

/** OBS-3: the days that the person is observed, first and last included; up to today when no end is known. At most 90 squares. */
export function dayStrip(row: Days, now: Date, zone: string): StripDay[] {
  const today = dayOf(now, zone)
  const until = row.endDay ?? (today < row.startDay ? row.startDay : today)
  const zero = dayZero(row)
  const strip: StripDay[] = []
  for (let day = row.startDay; day <= until && strip.length < 90; day = addDays(day, 1)) {
    strip.push({
      day,
      n: zero === null ? null : numberOf(zero, day),
      when: day < today ? 'past' : day === today ? 'today' : 'ahead',
      last: day === row.endDay,
    })
  }
  return strip
}

/** Whether a reading is asked on a day at all: from the first to the last, both included (case 25). */
export function observedOn(row: Days, day: Day): boolean {
  return day >= row.startDay && (row.endDay === null || day <= row.endDay)
}

/**
 * The last end day that has lapsed at this moment: rows with `endDay <=` it and no release are lapsed. One comparison of days,
 * so that lists, figures and the timer ask the database the same question (case 66).
 */
export function lapsedThrough(now: Date, zone: string): Day {
  return addDays(dayOf(now, zone), secondOfDay(now, zone) >= LAPSE_HOURS * SECONDS_PER_HOUR ? -1 : -2)
}

/** DELETE-1: kept for `days` whole days after the day of its end, deleted on the next. */
export function deletedOn(endedDay: Day, days: number): Day {
  return addDays(endedDay, days + 1)
}
