import type { AreaCode } from '../areas/code.ts'
import { pathOf } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { TaskState } from './fold.ts'

/**
 * What a row adds to the counters of its grid and day (STAT-1). The counter moves by the difference between what the row
 * counted before and what it counts after, in the transaction of the change, so that a correction never counts twice
 * (case 44) and a rebuild is the sum over all rows.
 */
export type Count = { area: AreaCode; day: Day; metric: string; n: number }
export type SourceCount = { source: string; day: Day; disposition: string; n: number }

/** Counters stand at the grid, or at the coarser area where the thing lies. */
export function countArea(area: AreaCode): AreaCode {
  return area.slice(0, 15)
}

type Counted = Pick<TaskState, 'area' | 'disposition' | 'answeredDay' | 'outcome' | 'closedDay' | 'sources'>

export function taskCounts(task: Counted): Count[] {
  const counts: Count[] = []
  const area = countArea(task.area)
  if (task.answeredDay !== null)
    counts.push({ area, day: task.answeredDay, metric: `answered:${task.disposition ?? ''}`, n: 1 })
  if (task.closedDay !== null && (task.outcome === 'withdrawn' || task.outcome === 'expired')) {
    counts.push({ area, day: task.closedDay, metric: task.outcome, n: 1 })
  }
  return counts
}

export function sourceCounts(task: Counted): SourceCount[] {
  const { answeredDay: day } = task
  if (day === null) return []
  return task.sources.map((source) => ({ source, day, disposition: task.disposition ?? '', n: 1 }))
}

/**
 * STAT-7: how many levels two areas share, 0 to 7. A transfer is out of an area of level L when the shared levels are fewer
 * than L, so one stored number serves every level and what passes inside an area is none of its transfers.
 */
export function sharedLevels(a: AreaCode, b: AreaCode): number {
  const other = pathOf(b)
  return pathOf(a).filter((code, i) => other[i] === code).length
}

/** By what counters of areas are told apart when a difference is made of them. */
export const keyOfCount = ({ area, day, metric }: Count): string => `${area}|${day}|${metric}`

/** after − before, without the zeros. */
export function differenceOf<T extends { n: number }>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (count: T) => string,
): T[] {
  const sum = new Map<string, T>()
  const add = (count: T, sign: number) => {
    const key = keyOf(count)
    sum.set(key, { ...count, n: (sum.get(key)?.n ?? 0) + sign * count.n })
  }
  for (const count of before) add(count, -1)
  for (const count of after) add(count, 1)
  return [...sum.values()].filter((count) => count.n !== 0)
}
