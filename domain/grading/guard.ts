import { z } from 'zod'
import type { Day } from '../core/day.ts'
import { addDays } from '../core/day.ts'
import type { GuardFinding } from './api.ts'

/**
 * GRADE-22: a run that changes unusually many people of one county, or because of one source, stops before it takes effect.
 * The measure is the median of the changes a day of the days before. Runs that a second person has approved pass.
 * GRADE-27: the numbers have bounds, so that no change of them turns the guard off.
 */
export const GUARD_BOUNDS = {
  ratio: { min: 1, max: 50 },
  floor: { min: 1, max: 100_000 },
  days: { min: 3, max: 60 },
  minDays: { min: 1, max: 60 },
  floorWithoutHistory: { min: 1, max: 1_000_000 },
} as const
export type GuardNumber = keyof typeof GUARD_BOUNDS

const whole = ({ min, max }: { min: number; max: number }) => z.number().int().min(min).max(max)

export const GuardSettings = z
  .strictObject({
    ratio: z.number().min(GUARD_BOUNDS.ratio.min).max(GUARD_BOUNDS.ratio.max).default(5),
    floor: whole(GUARD_BOUNDS.floor).default(500),
    /** Days looked back, and how many of them must have had changes before the median counts. */
    days: whole(GUARD_BOUNDS.days).default(14),
    minDays: whole(GUARD_BOUNDS.minDays).default(3),
    /** The limit while there are too few days. */
    floorWithoutHistory: whole(GUARD_BOUNDS.floorWithoutHistory).default(20_000),
  })
  .refine(({ days, minDays }) => minDays <= days, {
    path: ['minDays'],
    message: '不能多于回看天数 · no more than the days looked back',
  })
export type GuardSettings = z.infer<typeof GuardSettings>

/** What is stored, or the defaults where it is missing or out of bounds. */
export function readGuardSettings(stored: unknown): GuardSettings {
  const read = GuardSettings.safeParse(stored ?? {})
  return read.success ? read.data : GuardSettings.parse({})
}

/** Changes of this run with those of the same day before it, how many of them to red, and the totals of earlier days. */
export type GuardInput = {
  kind: 'place' | 'source'
  key: string
  changes: number
  red?: number
  earlierDays: readonly number[]
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2
}

export function guardFindings(inputs: readonly GuardInput[], settings: GuardSettings): GuardFinding[] {
  return inputs.flatMap(({ kind, key, changes, earlierDays, red = 0 }) => {
    const usual = earlierDays.length < settings.minDays ? null : median(earlierDays)
    const limit =
      usual === null ? settings.floorWithoutHistory : Math.max(settings.floor, Math.ceil(usual * settings.ratio))
    if (changes > limit) return [{ kind, key, changes, median: usual, limit }]
    // GRADE-28: what nobody has seen before may not turn very many red on its first days, whatever else it may change.
    const reds = usual === null && red > settings.floor
    return reds ? [{ kind, key, changes: red, median: null, limit: settings.floor, red: true }] : []
  })
}

/**
 * Whether two stopped runs are one matter: an unusual source in common or, where no source stands out in either, a place. What comes
 * from elsewhere is decided by itself, so that nothing rides along with a delivery that is well known.
 */
export function isOneMatter(
  a: readonly Pick<GuardFinding, 'kind' | 'key'>[],
  b: readonly Pick<GuardFinding, 'kind' | 'key'>[],
): boolean {
  const keys = (of: typeof a, kind: GuardFinding['kind']): string[] =>
    of.flatMap((one) => (one.kind === kind ? [one.key] : []))
  const kind = [...a, ...b].some((one) => one.kind === 'source') ? 'source' : 'place'
  const theirs = new Set(keys(b, kind))
  return keys(a, kind).some((key) => theirs.has(key))
}

/** Changes that took effect on one day by themselves, for one county or because of one source. */
export type GuardDay = { kind: 'place' | 'source'; key: string; day: Day; n: number }
/** What a run really asked for on a day and was stopped for. */
export type GuardHeld = { kind: 'place' | 'source'; key: string; day: Day; changes: number; red?: number }
export type GuardReplayed = GuardFinding & { day: Day; stopped: boolean }

/**
 * GRADE-27: what these numbers would have held: of every day that is asked for (`days`), what took effect by itself, and what
 * was stopped, each measured as it would have been measured then. Newest day first.
 */
export function guardReplay(
  history: readonly GuardDay[],
  stopped: readonly GuardHeld[],
  settings: GuardSettings,
  asked: { from: Day; to: Day },
): GuardReplayed[] {
  const byKey = new Map<string, GuardDay[]>()
  for (const one of history) {
    const of = byKey.get(`${one.kind} ${one.key}`)
    if (of) of.push(one)
    else byKey.set(`${one.kind} ${one.key}`, [one])
  }
  const earlier = ({ kind, key, day }: { kind: string; key: string; day: Day }): number[] => {
    const since = addDays(day, -settings.days)
    return (byKey.get(`${kind} ${key}`) ?? []).flatMap((one) => (one.day < day && one.day >= since ? [one.n] : []))
  }
  const measured = (one: GuardHeld, isStopped: boolean): GuardReplayed[] =>
    one.day < asked.from || one.day > asked.to
      ? []
      : guardFindings([{ ...one, earlierDays: earlier(one) }], settings).map((finding) => ({
          ...finding,
          day: one.day,
          stopped: isStopped,
        }))
  return [
    ...history.flatMap(({ n, ...one }) => measured({ ...one, changes: n }, false)),
    ...stopped.flatMap((one) => measured(one, true)),
  ].toSorted((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : b.changes - a.changes))
}
