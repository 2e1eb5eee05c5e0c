import { addDays, minDay } from '../core/day.ts'
import { expectedSlots, isExpected, localDay, overAt, slotName, slotsOfDay } from './slots.ts'
import type { How, ReadingPlan, Slot, Span } from './slots.ts'

/**
 * READ-9 to READ-11: what time does to somebody who is asked for readings. One pure function for the job, for a clock that jumps
 * by days and for the tests: everything between the instant up to which time has been followed and now happens at once.
 */
export type Followed = Span & {
  /** Reminders and deadlines up to here have been dealt with. */
  handledTo: Date
  /** Missed in a row up to now, and the first of those deadlines. */
  missed: number
  since: Date | null
  /** What is being done about it. */
  how: How | null
}

export type Advance = {
  /** Deadlines that passed without a reading, oldest first. */
  missedSlots: Slot[]
  /** The slot to be reminded of now; its deadline is still ahead. */
  remind: Slot | null
  missed: number
  since: Date | null
  how: How | null
  /** The step has just been taken or raised. */
  raised: boolean
  next: Date | null
}

const HOUR = 3_600_000
const RANK: Record<How, number> = { call: 1, door: 2 }

/** READ-9: the furthest step that has been reached. Never a step back: that takes a word from the person. */
export function stepAt(
  plan: ReadingPlan,
  of: { missed: number; since: Date | null; how: How | null },
  now: Date,
): How | null {
  if (of.since === null || of.missed === 0) return of.how
  const hours = (now.getTime() - of.since.getTime()) / HOUR
  let how = of.how
  for (const step of plan.steps) {
    const reached = of.missed >= step.missed || (step.hours !== null && hours >= step.hours)
    if (reached && (how === null || RANK[step.how] > RANK[how])) how = step.how
  }
  return how
}

function earliest(instants: readonly (Date | null)[], after: Date): Date | null {
  let best: Date | null = null
  for (const one of instants) if (one !== null && one > after && (best === null || one < best)) best = one
  return best
}

/** When a step by hours comes that has not been taken yet. */
function stepsAhead(plan: ReadingPlan, of: { since: Date | null; how: How | null }): Date[] {
  const { since, how } = of
  if (since === null) return []
  return plan.steps.flatMap((step) =>
    step.hours !== null && (how === null || RANK[step.how] > RANK[how])
      ? [new Date(since.getTime() + step.hours * HOUR)]
      : [],
  )
}

/**
 * READ-10: the next instant at which something has to be done about this person: a reminder, a deadline, a step by hours. Null
 * when there is none any more. Slots that have a reading ask for nothing.
 */
export function nextInstant(plan: ReadingPlan, of: Followed, answered: (name: string) => boolean): Date | null {
  const from = of.handledTo
  const steps = of.endedAt === null ? stepsAhead(plan, of) : []
  const first = addDays(localDay(from, of.zone), -1)
  let day = first > of.firstDay ? first : of.firstDay
  let best = earliest(steps, from)
  // No end may be known (OBS-4): who has ended is not looked for through the years.
  const end = of.endedAt === null ? of.lastDay : minDay(of.lastDay, addDays(localDay(of.endedAt, of.zone), 1))
  for (; day <= end; day = addDays(day, 1)) {
    for (const slot of slotsOfDay(plan, day, of.zone)) {
      if (!isExpected(of, slot) || answered(slotName(slot))) continue
      const instant = earliest([slot.remindAt, overAt(slot)], from)
      if (instant !== null) return best !== null && best < instant ? best : instant
    }
  }
  return best
}

/** Follows time up to `now`. Reminders whose deadline has passed meanwhile are not sent any more. */
export function advance(plan: ReadingPlan, of: Followed, now: Date, answered: (name: string) => boolean): Advance {
  const missedSlots: Slot[] = []
  let remind: Slot | null = null
  for (const slot of expectedSlots(plan, of, of.handledTo, now)) {
    if (answered(slotName(slot))) continue
    if (overAt(slot) > of.handledTo && overAt(slot) <= now) missedSlots.push(slot)
    else if (slot.remindAt > of.handledTo && slot.remindAt <= now) remind = slot
  }
  const missed = of.missed + missedSlots.length
  const since = of.since ?? missedSlots[0]?.dueAt ?? null
  const how = of.endedAt === null ? stepAt(plan, { missed, since, how: of.how }, now) : of.how
  const after = { ...of, handledTo: now, missed, since, how }
  return {
    missedSlots,
    remind: of.endedAt === null ? remind : null,
    missed,
    since,
    how,
    raised: how !== of.how,
    next: nextInstant(plan, after, answered),
  }
}

/** What came for slots, newest deadline first, as far as it is needed. */
export type Came = { dueAt: Date; missed: boolean }

/**
 * READ-11: how many in a row are missed after a word from the person: deadlines that passed after the last time that anything was
 * heard. Somebody who reports at nine about this morning has been heard from; last night stays missed in the figures only.
 */
export function missedAfter(
  newestFirst: readonly Came[],
  heardAt: Date | null,
): { missed: number; since: Date | null } {
  let missed = 0
  let since: Date | null = null
  for (const slot of newestFirst) {
    if (!slot.missed || (heardAt !== null && slot.dueAt <= heardAt)) break
    missed += 1
    since = slot.dueAt
  }
  return { missed, since }
}
