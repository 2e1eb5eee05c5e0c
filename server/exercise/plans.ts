import { planVillages, villagesOf } from '@weiwang/domain/exercise/place'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import { readDivisions } from '../areas/divisions.ts'
import type { ExerciseState } from './state.ts'

/** The villages of the stored exercise: made again from its parameters, never stored. */
export function plansOf(state: Pick<ExerciseState, 'size' | 'root' | 'people'>): VillagePlan[] {
  return planVillages(villagesOf(readDivisions('jiangsu')), state)
}
