import { z } from 'zod'
import type { GuardFinding } from './api.ts'

/**
 * GRADE-22: a run that changes unusually many people of one county, or because of one source, stops before it takes effect.
 * The measure is the median of the changes a day of the days before. Runs that a second person has approved pass.
 */
export const GuardSettings = z.strictObject({
  ratio: z.number().min(1).default(5),
  floor: z.number().int().min(1).default(500),
  /** Days looked back, and how many of them must have had changes before the median counts. */
  days: z.number().int().min(3).max(60).default(14),
  minDays: z.number().int().min(1).default(3),
  /** The limit while there are too few days. */
  floorWithoutHistory: z.number().int().min(1).default(20_000),
})
export type GuardSettings = z.infer<typeof GuardSettings>

/** Changes of this run with those of the same day before it, and the totals of earlier days. */
export type GuardInput = { kind: 'place' | 'source'; key: string; changes: number; earlierDays: readonly number[] }

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2
}

export function guardFindings(inputs: readonly GuardInput[], settings: GuardSettings): GuardFinding[] {
  return inputs.flatMap(({ kind, key, changes, earlierDays }) => {
    const usual = earlierDays.length < settings.minDays ? null : median(earlierDays)
    const limit =
      usual === null ? settings.floorWithoutHistory : Math.max(settings.floor, Math.ceil(usual * settings.ratio))
    return changes > limit ? [{ kind, key, changes, median: usual, limit }] : []
  })
}
