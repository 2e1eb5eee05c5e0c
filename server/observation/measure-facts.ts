import { addDays } from '@weiwang/domain/core/day'
import type { Fact } from '@weiwang/domain/feeds/fact'
import type { ObservationState } from '@weiwang/domain/observation/fold'
import { MEASURE_RULES } from '@weiwang/domain/observation/measure'
import { findEmergency } from '../access/store.ts'
import type { Server } from '../core/server.ts'
import { OBSERVATION_SOURCE, sayOwn } from '../feeds/own.ts'
import { resolveAlias } from '../people/store.ts'
import { findObservation } from './store.ts'

/** OBS-2, OBS-20: what an observation says to grading, by its state alone, so that it can be said again without effect. */
function fact(value: 'in' | 'lifted', day: string): Fact {
  return { kind: 'measure', place: null, value, degree: null, from: day, to: day, source: OBSERVATION_SOURCE.id }
}

/** `in` from the first day; `lifted` on the day after the last one, whether somebody released or it lapsed. An error says nothing. */
export function measureFacts(state: ObservationState): { says: Fact[]; took: Fact[] } {
  const began = fact('in', state.startDay)
  const lifted = state.endDay === null ? [] : [fact('lifted', addDays(state.endDay, 1))]
  if (!MEASURE_RULES[state.measure].fact || state.outcome === 'cancelled') return { says: [], took: [began, ...lifted] }
  // Moved to another county: the successor says the same, and goes on saying it.
  if (state.outcome === 'released' || state.lapsedAt !== null) return { says: [began, ...lifted], took: [] }
  return { says: [began], took: lifted }
}

/** Reaction to every change of an observation. */
export async function sayMeasure(server: Server, of: { observationId: string }): Promise<void> {
  await server.asSystem('observation.measure', async (ctx) => {
    const loaded = await findObservation(ctx.db, [''], of.observationId)
    if (!loaded || loaded.state.outcome === 'transferred') return
    const emergency = await findEmergency(ctx.db, [''], loaded.row.emergency_id)
    if (!emergency || emergency.state !== 'open') return
    const { personId } = loaded.state
    const roots = await resolveAlias(ctx.db, [personId])
    await sayOwn(ctx, OBSERVATION_SOURCE, {
      emergency,
      personId: roots.get(personId) ?? personId,
      ...measureFacts(loaded.state),
    })
  })
}
