/**
 * GATE-8: limits of looking a code up by document, so that the lane cannot be used to find out about people: many looks in a minute
 * or an hour, or several that found nothing, close it for a while. What is counted is the account, not the gate.
 */
const MINUTE = 60_000
export const LOOK_LIMITS = {
  minute: { most: 30, minutes: 1 },
  hour: { most: 600, minutes: 60 },
  /** A wrong number typed now and then is usual; ten in ten minutes is somebody trying. */
  missed: { most: 10, minutes: 10 },
} as const
/** How far back looks are asked for. */
export const LOOKS_BACK_MINUTES = 60

/** Minutes to wait, 0 when the lane is open. */
export function waitOfLooks(looks: readonly { at: Date; found: boolean }[], now: Date): number {
  const { minute, hour, missed } = LOOK_LIMITS
  const within = (of: { minutes: number }, only: (one: { found: boolean }) => boolean): Date[] =>
    looks.filter((one) => only(one) && one.at.getTime() > now.getTime() - of.minutes * MINUTE).map((one) => one.at)
  const waits = [
    wait(
      within(minute, () => true),
      minute,
      now,
    ),
    wait(
      within(hour, () => true),
      hour,
      now,
    ),
    wait(
      within(missed, (one) => !one.found),
      missed,
      now,
    ),
  ]
  return Math.max(...waits)
}

/** Until so many of the looks have left the span that one more is allowed. */
function wait(at: readonly Date[], of: { most: number; minutes: number }, now: Date): number {
  const oldest = at.toSorted((a, b) => a.getTime() - b.getTime())[at.length - of.most]
  if (at.length < of.most || !oldest) return 0
  return Math.max(1, Math.ceil((oldest.getTime() + of.minutes * MINUTE - now.getTime()) / MINUTE))
}
