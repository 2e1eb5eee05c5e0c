import { countArea } from '../tasks/counts.ts'
import type { Count } from '../tasks/counts.ts'
import type { DisputeState } from './fold.ts'

/** STAT-1 for disputes, by kind: what a row adds to the counters of its grid. */
export function disputeCounts(dispute: Pick<DisputeState, 'area' | 'kind' | 'openedDay' | 'closedDay'>): Count[] {
  const area = countArea(dispute.area)
  const opened = { area, day: dispute.openedDay, metric: `dispute_opened:${dispute.kind}`, n: 1 }
  if (dispute.closedDay === null) return [opened]
  return [opened, { area, day: dispute.closedDay, metric: `dispute_closed:${dispute.kind}`, n: 1 }]
}
