import { countArea } from '../tasks/counts.ts'
import type { Count } from '../tasks/counts.ts'
import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'

/** STAT-1 for visits: a visit that was corrected counts nothing, the correction counts on the day of the first (case 44). */
export function visitCounts(visit: { area: AreaCode; day: Day; persons: number; superseded: boolean }): Count[] {
  if (visit.superseded) return []
  const area = countArea(visit.area)
  const counts = [{ area, day: visit.day, metric: 'visits', n: 1 }]
  return visit.persons === 0 ? counts : [...counts, { area, day: visit.day, metric: 'persons', n: visit.persons }]
}
