import { secondOfDay } from '@weiwang/domain/core/day'

/** From 20:00 to 08:00, when the clocks of yellow and blue stand still (TASK-3), nothing sounds; the badge still counts. */
const QUIET_FROM = 20
const QUIET_TO = 8
const HOUR_S = 3600

export function isQuiet(at: Date, zone: string): boolean {
  const hour = Math.floor(secondOfDay(at, zone) / HOUR_S)
  return hour >= QUIET_FROM || hour < QUIET_TO
}
