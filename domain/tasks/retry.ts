import { addDays, dayOf, instantOf } from '../core/day.ts'
import { outOfQuietHours } from './due.ts'

/**
 * TASK-8: when to try again after a try that did not reach the person. Null: this channel is used up, go to the door.
 * Nobody is called between 20:00 and 08:00 local. A code that is not known waits four hours.
 */
export function nextTry(result: string, at: Date, zone: string): Date | null {
  const after = (hours: number) => outOfQuietHours(new Date(at.getTime() + hours * 3_600_000), zone)
  switch (result) {
    case 'PHONE_EMPTY':
    case 'PHONE_NOT_OWNER':
      return null
    case 'NO_ANSWER':
      return after(2)
    case 'HUNG_UP':
      return instantOf(addDays(dayOf(at, zone), 1), zone, 9)
    default:
      return after(4)
  }
}
