import { z } from 'zod'
import { addDays, dayOf, instantOf, secondOfDay } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * READ-1: when readings are asked for. A plan is data: the slots of a day with their deadlines, and what follows when nothing
 * comes. Times are minutes since midnight on the wall clock of the place where the person is (READ-4). What a slot is at a
 * moment is a function of dates (cases 26, 66): no job has to run for it.
 */
export const PARTS = ['morning', 'noon', 'evening', 'night'] as const
export const Part = z.enum(PARTS)
export type Part = z.infer<typeof Part>

export const PART_NAMES: Record<Part, Say> = {
  morning: say('早', 'morning'),
  noon: say('午', 'noon'),
  evening: say('晚', 'evening'),
  night: say('夜', 'night'),
}

const MINUTES = 1440
/** READ-8: nobody is written to or called between 20:00 and 08:00 where the person is. Minutes of the day. */
export const QUIET = { from: 20 * 60, to: 8 * 60 } as const

const minute = z.number().int().min(0).max(MINUTES)

/** `opens` to `closes` is what a reading must be taken within to belong to the slot; `due` is the deadline, included. */
export const SlotRule = z
  .strictObject({ part: Part, opens: minute, remind: minute, due: minute, closes: minute })
  .refine((s) => s.opens <= s.remind && s.remind < s.due && s.due <= s.closes, {
    message: 'opens <= remind < due <= closes',
  })
  .refine((s) => s.remind >= QUIET.to && s.remind < QUIET.from, { message: 'no reminder in the quiet hours' })
export type SlotRule = z.infer<typeof SlotRule>

/** What is done about somebody of whom nothing is heard: a call, then the door. */
export const HOWS = ['call', 'door'] as const
export const How = z.enum(HOWS)
export type How = z.infer<typeof How>

/** READ-9: taken when so many slots in a row were missed, or so many hours have passed since the first missed deadline. */
export const Step = z.strictObject({
  how: How,
  missed: z.number().int().min(1).max(20),
  hours: z.number().int().min(1).max(240).nullable(),
})
export type Step = z.infer<typeof Step>

export const ReadingPlan = z
  .strictObject({
    slots: z.array(SlotRule).min(1).max(PARTS.length),
    steps: z.array(Step).min(1).max(4),
    /** So many calls that nobody answered are followed by the door. */
    unreached: z.number().int().min(1).max(9),
  })
  .refine((plan) => new Set(plan.slots.map((s) => s.part)).size === plan.slots.length, {
    message: 'each part of the day once',
  })
  .refine((plan) => plan.slots.every((s, i) => i === 0 || s.opens >= (plan.slots[i - 1]?.closes ?? 0)), {
    message: 'slots follow each other',
  })
  .refine((plan) => plan.steps[0]?.missed === 1, { message: 'the first missed slot has a step' })
export type ReadingPlan = z.infer<typeof ReadingPlan>

/** Twice a day, by 10:00 and by 20:00; one missed is called about, a second or 24 hours without a word is a look at the door. */
export const DEFAULT_PLAN: ReadingPlan = {
  slots: [
    { part: 'morning', opens: 0, remind: 8 * 60 + 30, due: 10 * 60, closes: 14 * 60 },
    { part: 'evening', opens: 14 * 60, remind: 18 * 60 + 30, due: 20 * 60, closes: MINUTES },
  ],
  steps: [
    { how: 'call', missed: 1, hours: null },
    { how: 'door', missed: 2, hours: 24 },
  ],
  unreached: 2,
}

/** What is stored, read as far as it is understood; what cannot be read is the default (case 19). */
export function readPlan(stored: unknown): ReadingPlan {
  const parsed = ReadingPlan.safeParse(stored)
  return parsed.success ? parsed.data : DEFAULT_PLAN
}

export type SlotKey = { day: Day; part: Part }
export type Slot = SlotKey & { opensAt: Date; remindAt: Date; dueAt: Date; closesAt: Date }

export function slotName(key: SlotKey): string {
  return `${key.day}/${key.part}`
}

/** The instant of a minute of a local day; 1440 is the day's end. */
function at(day: Day, zone: string, minutes: number): Date {
  return instantOf(day, zone, Math.floor(minutes / 60), minutes % 60)
}

function slotOf(rule: SlotRule, day: Day, zone: string): Slot {
  return {
    day,
    part: rule.part,
    opensAt: at(day, zone, rule.opens),
    remindAt: at(day, zone, rule.remind),
    dueAt: at(day, zone, rule.due),
    closesAt: at(day, zone, rule.closes),
  }
}

const CACHED = 400
const MOST_DAYS = 5000
const localDays = new Map<string, Day>()

/** The local day of an instant. Kept for a while: people are followed by the hundred at the same few instants. */
export function localDay(instant: Date, zone: string): Day {
  const name = `${instant.getTime()}@${zone}`
  let day = localDays.get(name)
  if (day === undefined) {
    if (localDays.size >= MOST_DAYS) localDays.clear()
    day = dayOf(instant, zone)
    localDays.set(name, day)
  }
  return day
}

const days = new WeakMap<ReadingPlan, Map<string, Slot[]>>()

/** The slots of a local day, in order. Kept for a while: the job asks for the same few days many thousand times. */
export function slotsOfDay(plan: ReadingPlan, day: Day, zone: string): readonly Slot[] {
  let known = days.get(plan)
  if (!known || known.size > CACHED) {
    known = new Map()
    days.set(plan, known)
  }
  const name = `${day}@${zone}`
  let slots = known.get(name)
  if (!slots) {
    slots = plan.slots.map((rule) => slotOf(rule, day, zone))
    known.set(name, slots)
  }
  return slots
}

/** READ-4: the slot in which a reading was taken, by the person's own clock. Between two slots it is the earlier one's. */
export function slotAt(plan: ReadingPlan, taken: Date, zone: string): SlotKey {
  const day = dayOf(taken, zone)
  const minutes = secondOfDay(taken, zone) / 60
  const begun = plan.slots.filter((rule) => rule.opens <= minutes).at(-1) ?? plan.slots[0]
  return { day, part: begun?.part ?? 'morning' }
}

export function slotNamed(plan: ReadingPlan, key: SlotKey, zone: string): Slot | null {
  return slotsOfDay(plan, key.day, zone).find((slot) => slot.part === key.part) ?? null
}

/**
 * Between which days and instants readings are expected. `fromAt` is when the person was told to report, `endedAt` when the
 * observation ended or stood still (hospital, central place); both in the deployment's truth, days in the person's zone.
 */
export type Span = { firstDay: Day; lastDay: Day; fromAt: Date; endedAt: Date | null; zone: string }

/**
 * READ-2: a slot counts when it lies on a day of the observation, the first and the last included (cases 25, 67), when its
 * reminder had not passed before the person was told, and when its deadline came before the end.
 */
export function isExpected(span: Span, slot: Slot): boolean {
  if (slot.day < span.firstDay || slot.day > span.lastDay) return false
  if (slot.remindAt < span.fromAt) return false
  return span.endedAt === null || slot.dueAt <= span.endedAt
}

/** Expected slots whose deadline is at or after `from`, up to those that open on the local day of `to`, in order. */
export function expectedSlots(plan: ReadingPlan, span: Span, from: Date, to: Date): Slot[] {
  const found: Slot[] = []
  const first = addDays(localDay(from, span.zone), -1)
  const last = localDay(to, span.zone)
  for (
    let day = first > span.firstDay ? first : span.firstDay;
    day <= last && day <= span.lastDay;
    day = addDays(day, 1)
  ) {
    for (const slot of slotsOfDay(plan, day, span.zone))
      if (overAt(slot) > from && isExpected(span, slot)) found.push(slot)
  }
  return found
}

/** What has come for a slot: when it was taken (the earliest counts), or nothing. */
export const SLOT_STATES = ['ahead', 'open', 'on_time', 'late', 'missed'] as const
export const SlotState = z.enum(SLOT_STATES)
export type SlotState = z.infer<typeof SlotState>

const MINUTE_MS = 60_000

/** The deadline's minute is included, as people read a clock: by 20:00 means that at 20:01 it is over. */
export function overAt(slot: Pick<Slot, 'dueAt'>): Date {
  return new Date(slot.dueAt.getTime() + MINUTE_MS)
}

/** READ-5: on time up to the deadline, included; late afterwards; missed while nothing has come. A function of dates alone. */
export function slotState(slot: Pick<Slot, 'opensAt' | 'dueAt'>, takenAt: Date | null, now: Date): SlotState {
  if (takenAt !== null) return takenAt < overAt(slot) ? 'on_time' : 'late'
  if (now >= overAt(slot)) return 'missed'
  return now >= slot.opensAt ? 'open' : 'ahead'
}

/** READ-8: moved out of the quiet hours, where the person is. */
export function outOfQuiet(instant: Date, zone: string): Date {
  const day = dayOf(instant, zone)
  const minutes = secondOfDay(instant, zone) / 60
  if (minutes < QUIET.to) return at(day, zone, QUIET.to)
  return minutes >= QUIET.from ? at(addDays(day, 1), zone, QUIET.to) : instant
}

export function isQuiet(instant: Date, zone: string): boolean {
  return outOfQuiet(instant, zone).getTime() !== instant.getTime()
}

const ZONE = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){0,2}$/

/** A zone that this runtime knows. */
export function isZone(text: string): boolean {
  if (!ZONE.test(text) || text.length > 60) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}
