import { countArea } from '../tasks/counts.ts'
import type { Count } from '../tasks/counts.ts'
import type { ObservationState } from './fold.ts'

type Counted = Pick<
  ObservationState,
  'responsibleArea' | 'openedDay' | 'movedFrom' | 'outcome' | 'endedDay' | 'lapsedDay'
>

/**
 * STAT-1 for observations: what a row adds to the counters of the one area that counts it (case 17). What was entered by error
 * was none, and what came with a person from elsewhere is not new: it was counted where it began.
 */
export function observationCounts(state: Counted): Count[] {
  const area = countArea(state.responsibleArea)
  const counts: Count[] = []
  if (state.outcome === 'cancelled') return counts
  if (state.movedFrom === null) counts.push({ area, day: state.openedDay, metric: 'obs_opened', n: 1 })
  if (state.outcome === 'released' && state.endedDay !== null)
    counts.push({ area, day: state.endedDay, metric: 'obs_released', n: 1 })
  if (state.lapsedDay !== null) counts.push({ area, day: state.lapsedDay, metric: 'obs_lapsed', n: 1 })
  return counts
}
