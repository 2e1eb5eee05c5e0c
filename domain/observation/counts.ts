import { countArea } from '../tasks/counts.ts'
import type { Count } from '../tasks/counts.ts'
import type { ObservationState } from './fold.ts'

type Counted = Pick<
  ObservationState,
  'responsibleArea' | 'openedDay' | 'movedFrom' | 'outcome' | 'endedDay' | 'lapsedDay'
>

/**
 * STAT-1 for observations: what a row adds to the counters of the one area that counts it (case 17). What was entered by error
 * was none; what came with a person from elsewhere is not new, since it was counted where it began, and what went on elsewhere was not
 * released: both are figures of their own (case 33).
 */
export function observationCounts(state: Counted): Count[] {
  const area = countArea(state.responsibleArea)
  const counts: Count[] = []
  if (state.outcome === 'cancelled') return counts
  const came = state.movedFrom === null ? 'obs_opened' : 'obs_transferred_in'
  counts.push({ area, day: state.openedDay, metric: came, n: 1 })
  if (state.outcome === 'transferred' && state.endedDay !== null)
    counts.push({ area, day: state.endedDay, metric: 'obs_transferred_out', n: 1 })
  if (state.outcome === 'released' && state.endedDay !== null)
    counts.push({ area, day: state.endedDay, metric: 'obs_released', n: 1 })
  if (state.lapsedDay !== null) counts.push({ area, day: state.lapsedDay, metric: 'obs_lapsed', n: 1 })
  return counts
}
