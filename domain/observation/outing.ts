import { z } from 'zod'
import type { Measure } from './measure.ts'

/**
 * OBS-27: an outing for need that the community agreed to. What each measure lets one out for, how, and for how long at most is data;
 * what is agreed is no breach while its hours run, wherever somebody looks.
 */
export const OUTING_PURPOSES = ['medical', 'test', 'medicine', 'food', 'family', 'emergency', 'other'] as const
export const OutingPurpose = z.enum(OUTING_PURPOSES)
export type OutingPurpose = z.infer<typeof OutingPurpose>

export const OUTING_WAYS = ['special_car', 'ambulance', 'own_way'] as const
export const OutingWay = z.enum(OUTING_WAYS)
export type OutingWay = z.infer<typeof OutingWay>

/** Who agreed for the community; never whoever stands at the door alone. */
export const OUTING_AGREED_BY = ['cadre', 'doctor', 'centre'] as const
export const OutingAgreedBy = z.enum(OUTING_AGREED_BY)
export type OutingAgreedBy = z.infer<typeof OutingAgreedBy>

export const OUTING_REFUSALS = ['brought_instead', 'not_needed', 'too_long', 'not_allowed', 'other'] as const

export type OutingRules = { purposes: readonly OutingPurpose[]; ways: readonly OutingWay[]; hours: number }

/** Null: the measure keeps nobody in, so there is nothing to agree to. */
export const OUTING_RULES: Readonly<Record<Measure, OutingRules | null>> = {
  home_quarantine: { purposes: ['medical', 'test', 'emergency'], ways: ['special_car', 'ambulance'], hours: 12 },
  home_monitoring: { purposes: OUTING_PURPOSES, ways: OUTING_WAYS, hours: 12 },
  self_monitoring: null,
}

/** Agreed to at most so many days ahead, and noted at most so many hours afterwards (an emergency at night). */
export const OUTING_DAYS_AHEAD = 7
export const OUTING_HOURS_BACK = 24
/** What the state keeps of them: the last ones; the history has all. */
export const OUTINGS_KEPT = 10

const text = z.string()

/** ISO instants; `n` is the number of the event that agreed to it. Off: called off before it began. */
export const Outing = z.object({
  n: z.number(),
  purpose: text,
  way: text,
  agreedBy: text,
  from: text,
  to: text,
  backAt: text.nullable(),
  off: z.boolean(),
})
export type Outing = z.infer<typeof Outing>

export const OutingAsked = z.object({ purpose: text, from: text, to: text, n: z.number() })
export type OutingAsked = z.infer<typeof OutingAsked>

/** Whether somebody may be out at a moment by what was agreed; the last minute of it included. */
export function mayBeOut(outings: readonly Outing[], at: Date): Outing | null {
  return outings.find((one) => covers(one, at)) ?? null
}

function covers(one: Outing, at: Date): boolean {
  if (one.off || at < new Date(one.from) || at > new Date(one.to)) return false
  return one.backAt === null || at <= new Date(one.backAt)
}

/** The one that is going on, is over without a word, or comes next; null when nothing is open. */
export function openOuting(outings: readonly Outing[]): Outing | null {
  const open = outings.filter((one) => !one.off && one.backAt === null)
  return open.toSorted((a, b) => (a.from < b.from ? -1 : 1))[0] ?? null
}

export function overlaps(a: { from: string; to: string }, b: { from: string; to: string }): boolean {
  return new Date(a.from) <= new Date(b.to) && new Date(b.from) <= new Date(a.to)
}
