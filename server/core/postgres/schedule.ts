import type { Day } from '@weiwang/domain/core/day'
import { addDays, dayOf, instantOf } from '@weiwang/domain/core/day'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** A machine that was off at the quiet hour catches up only in the hours after it ... */
const WINDOW_MS = 3 * 3_600_000
/** ... unless it has been off at night for so long that any hour will do. */
const OVERDUE_MS = 2 * DAY_MS
/** After a failure: another try is another full copy. */
const AGAIN_MS = 2 * 3_600_000

/** The latest quiet moment that is not after `now`: `minutes` after midnight in the zone, also on days with a changed clock. */
export function latestQuiet(now: Date, minutes: number, zone: string): Date {
  const at = (day: Day): Date => new Date(instantOf(day, zone).getTime() + minutes * MINUTE_MS)
  const today = dayOf(now, zone)
  const quiet = at(today)
  return quiet <= now ? quiet : at(addDays(today, -1))
}

/**
 * Whether an automatic backup should be made now.
 * @param last the last verified one; `made` when the database was made; `failed` when the last try failed, null if it did not
 */
export function backupDue(
  is: { now: Date; last: Date | null; made: Date; failed: Date | null },
  minutes: number,
  zone: string,
): boolean {
  const { now, failed } = is
  if (failed && now.getTime() - failed.getTime() < AGAIN_MS) return false
  const since = is.last ?? is.made
  const quiet = latestQuiet(now, minutes, zone)
  if (since >= quiet) return false
  return now.getTime() - quiet.getTime() < WINDOW_MS || now.getTime() - since.getTime() > OVERDUE_MS
}

/** When an automatic backup is made next, as far as one can say now: at once when it is due, after a failure not before another try. */
export function nextBackup(
  is: { now: Date; last: Date | null; made: Date; failed: Date | null },
  minutes: number,
  zone: string,
): Date {
  if (backupDue(is, minutes, zone)) return is.now
  const again = is.failed ? new Date(is.failed.getTime() + AGAIN_MS) : null
  if (again && again > is.now && backupDue({ ...is, now: again }, minutes, zone)) return again
  const today = dayOf(is.now, zone)
  const at = (day: Day): Date => new Date(instantOf(day, zone).getTime() + minutes * MINUTE_MS)
  return at(today) > is.now ? at(today) : at(addDays(today, 1))
}

/** Late is said aloud: nothing verified for two days. */
export function backupLate(is: { now: Date; last: Date | null; made: Date }): boolean {
  return is.now.getTime() - (is.last ?? is.made).getTime() > OVERDUE_MS
}

/** Backups verified before this are past their end; both days of a period are whole in the zone, as for any deletion. */
export function keptSince(now: Date, days: number, zone: string): Date {
  return instantOf(addDays(dayOf(now, zone), -days), zone)
}
