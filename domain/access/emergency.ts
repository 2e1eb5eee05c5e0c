import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'

export const CLOSE_OUT_DAYS = 30

/** DELETE-4: the last day of the close-out of an emergency whose last day was this one. */
export function closeOutBy(lastDay: Day): Day {
  return addDays(lastDay, CLOSE_OUT_DAYS)
}
