import type { VillagePopulation } from '@weiwang/domain/exercise/population'
import { population } from '@weiwang/domain/exercise/population'
import { makeScenario } from '@weiwang/domain/exercise/scenario'
import type { Truth } from '@weiwang/domain/exercise/scenario'
import { readDocument } from '@weiwang/domain/people/document'
import type { Keyring } from '../core/keys/keyring.ts'
import { documentId } from '../people/identity.ts'
import { plansOf } from './plans.ts'
import type { ExerciseState } from './state.ts'

/** The truth of one village by person id: made again from the seed, so that nothing of it lies in the database. */
export type VillageTruth = { village: VillagePopulation; byPerson: Map<string, Truth> }

function personId(keys: Keyring, truth: Truth, today: string): string | null {
  const options =
    truth.docKind === 'passport' ? { today, kind: 'passport' as const, country: 'KR' } : { today, typed: true }
  const read = readDocument(truth.doc, options)
  return read.ok ? documentId(keys, read.value) : null
}

export function* truthsOf(keys: Keyring, state: ExerciseState): Generator<VillageTruth> {
  for (const village of population(state.seed, plansOf(state))) {
    const byPerson = new Map<string, Truth>()
    for (const truth of makeScenario(state.seed, village, state.day).truths) {
      const id = personId(keys, truth, state.day)
      if (id !== null) byPerson.set(id, truth)
    }
    yield { village, byPerson }
  }
}
