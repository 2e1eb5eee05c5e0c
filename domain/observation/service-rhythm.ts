import { addDays, daysBetween, instantOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Rhythm } from './service-api.ts'

/** SERV-10: on which days a repeating service comes: a function of its rule and of days, whenever it is asked. */
export type Repeating = { rhythm: Rhythm; from: Day; to: Day | null }

const MONDAY: Day = '1970-01-05'

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: Day): number {
  return (((daysBetween(MONDAY, day) % 7) + 7) % 7) + 1
}

export function occursOn(rule: Repeating, day: Day): boolean {
  if (day < rule.from || (rule.to !== null && day > rule.to)) return false
  return rule.rhythm.type === 'weekdays'
    ? rule.rhythm.days.includes(weekdayOf(day))
    : daysBetween(rule.from, day) % rule.rhythm.days === 0
}

/** The first occurrence on or after a day; null when the rule is over by then. */
export function nextOccurrence(rule: Repeating, onOrAfter: Day): Day | null {
  const start = onOrAfter < rule.from ? rule.from : onOrAfter
  if (rule.rhythm.type === 'every') {
    const gone = daysBetween(rule.from, start)
    const day = addDays(rule.from, Math.ceil(gone / rule.rhythm.days) * rule.rhythm.days)
    return rule.to !== null && day > rule.to ? null : day
  }
  for (let i = 0; i < 7; i++) {
    const day = addDays(start, i)
    if (rule.to !== null && day > rule.to) return null
    if (occursOn(rule, day)) return day
  }
  return null
}

/** What goes with a round is made the day before, like an order; everything else on its day. */
export function makingDay(day: Day, round: boolean): Day {
  return round ? addDays(day, -1) : day
}

/**
 * What is to be made today, and what comes after it. Days that passed while no job ran are not made up for: nobody brings the
 * rubbish of last Tuesday.
 */
export function dueOccurrence(
  rule: Repeating & { round: boolean; nextDay: Day | null },
  today: Day,
): { day: Day | null; next: Day | null } {
  const first = rule.round ? addDays(today, 1) : today
  const pending = rule.nextDay === null ? null : nextOccurrence(rule, rule.nextDay < first ? first : rule.nextDay)
  if (pending === null || pending > first) return { day: null, next: pending }
  return { day: pending, next: nextOccurrence(rule, addDays(pending, 1)) }
}

/** Local hours of a rule on one of its days, as instants. */
export function windowOn(
  day: Day,
  window: { from: string; to: string } | null,
  zone: string,
): { from: string; to: string } | null {
  if (window === null) return null
  const at = (clock: string) => instantOf(day, zone, Number(clock.slice(0, 2)), Number(clock.slice(3))).toISOString()
  return { from: at(window.from), to: at(window.to) }
}
