import { addDays, daysBetween } from '../core/day.ts'
import type { Day } from '../core/day.ts'

/** SERV-11: so many days before the end somebody is asked to bring more. */
export const ASK_DAYS_BEFORE = 3
const MOST_DAYS = 3650

/**
 * The last day for which there is enough. What is in the house at the beginning of `asOf` is taken on that day too: ten tablets
 * at two a day last five days, the first of which is `asOf`. With less than a day's amount the day before was the last.
 */
export function runsOut(supply: { stock: number; perDay: number; asOf: Day }): Day {
  // A little more than the quotient: 0.3 at 0.1 a day are three days.
  const days = Math.min(MOST_DAYS, Math.floor(supply.stock / supply.perDay + 1e-9))
  return addDays(supply.asOf, days - 1)
}

/** Days for which there is still enough, today included; 0 when today there is none, negative since when. */
export function daysLeft(last: Day, today: Day): number {
  return daysBetween(today, last) + 1
}

/** One name for what is written in many ways: width, case, blanks and the marks of a brand do not matter. */
export function medicineName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s®™·・.\-_/()]/gu, '')
}
