import { secondOfDay } from '@weiwang/domain/core/day'

/** From 22:00 to 07:00 nothing sounds, whatever is set; the badge still counts. */
const QUIET_FROM = 22
const QUIET_TO = 7
const HOUR_S = 3600

export function isQuiet(at: Date, zone: string): boolean {
  const hour = Math.floor(secondOfDay(at, zone) / HOUR_S)
  return hour >= QUIET_FROM || hour < QUIET_TO
}
