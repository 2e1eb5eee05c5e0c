/** Steps of the counters of the figures room for gates (STAT-1). */
import type { Day } from '../core/day.ts'

const GRID = 15

export function passageCounts(
  of: readonly { area: string; day: Day }[],
): { area: string; day: Day; metric: string; n: number }[] {
  return of.map(({ area, day }) => ({ area: area.slice(0, GRID), day, metric: 'gate_passages', n: 1 }))
}

export function referralCounts(of: {
  area: string
  day: Day
  disposition: string
}): { area: string; day: Day; metric: string; n: number }[] {
  return [{ area: of.area.slice(0, GRID), day: of.day, metric: `gate_referred:${of.disposition}`, n: 1 }]
}
