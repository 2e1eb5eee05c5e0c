import { secondOfDay } from '@weiwang/domain/core/day'

/** From 20:00 to 08:00, when the clocks of yellow and blue stand still (TASK-3), only a red task sounds; the badge still counts. */
const QUIET_FROM = 20
const QUIET_TO = 8
const HOUR_S = 3600

export function isQuiet(at: Date, zone: string): boolean {
  const hour = Math.floor(secondOfDay(at, zone) / HOUR_S)
  return hour >= QUIET_FROM || hour < QUIET_TO
}

/** What can sound: a red task, or an instruction in one of its versions. */
export type Sounding = { key: string; red: boolean }

/** Whether something among it is new and may sound now; `known` are the keys that were there before. */
export function maySound(now: readonly Sounding[], known: ReadonlySet<string>, quiet: boolean): boolean {
  return now.some(({ key, red }) => !known.has(key) && (red || !quiet))
}
