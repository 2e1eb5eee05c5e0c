import type { Slot } from './slots.ts'

/** READ-4: at most so long before it arrived; a phone without a net keeps a report for days. */
export const OLDEST_HOURS = 72

/** READ-4: whether a reading for this slot is still taken: it has opened, and it closed no more than three days ago. */
export function isStillTaken(slot: Pick<Slot, 'opensAt' | 'closesAt'>, now: Date): boolean {
  return slot.opensAt <= now && now.getTime() - slot.closesAt.getTime() <= OLDEST_HOURS * 3_600_000
}
