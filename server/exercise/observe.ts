import type { Actor } from '@weiwang/domain/access/actor'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { Problem } from '@weiwang/domain/core/problem'
import { rngOf } from '@weiwang/domain/exercise/prng'
import type { Rng } from '@weiwang/domain/exercise/prng'
import type { StepBody } from '@weiwang/domain/observation/api'
import type { Server } from '../core/server.ts'
import { stepObservation } from '../observation/actions.ts'
import { fileReading } from '../observation/readings-actions.ts'
import { newId } from '../core/transaction.ts'
import { actorsOf } from './accounts.ts'
import { askedOf, openObservationsOf } from './store.ts'

/** The share of the doors whose papers are done when the exercise opens; the rest waits for people at each step. */
const LOOKED_AT = 0.8
const NOTIFIED = 0.85
const SIGNED = 0.85
const CHUNK = 500

/** What a worker did at a door, in order: at most the home, the notice and the commitment, read out before a neighbour. */
function papersOf(rng: Rng): StepBody[] {
  const papers: StepBody[] = []
  if (!rng.chance(LOOKED_AT)) return papers
  const coResidents = rng.between(0, 4)
  papers.push({
    step: 'suitability',
    room: rng.chance(0.9),
    toilet: rng.chance(0.8),
    coResidents,
    elderly: coResidents > 1 && rng.chance(0.4) ? 1 : 0,
    children: coResidents > 1 && rng.chance(0.3) ? 1 : 0,
    pets: rng.chance(0.15),
    medicines: rng.chance(0.2),
    wantsCentral: rng.chance(0.02),
  })
  if (!rng.chance(NOTIFIED)) return papers
  papers.push({ step: 'notice', how: 'paper' })
  if (rng.chance(SIGNED)) papers.push({ step: 'commitment', how: 'witness', witness: '邻居在场，宣读后同意（演练）' })
  return papers
}

/**
 * EX-15: the observations that yesterday's answers opened, taken as far as the papers go by the workers of their grids, through the
 * action that people use. What the rules refuse (an unfit home takes no commitment) stays where it is.
 */
export async function observeYesterday(server: Server, seed: string): Promise<number> {
  const rng = rngOf(`${seed}/observe`)
  let done = 0
  for (let after = { county: '', reference: '' }; ;) {
    const list = await server.asSystem('exercise.observations', (ctx) => openObservationsOf(ctx.db, after, CHUNK))
    const actors = await actorsOf(server, [...new Set(list.map(({ area }) => `worker${area.slice(0, 15)}`))])
    for (const { id, area } of list) {
      const papers = papersOf(rng)
      const worker = actors.get(`worker${area.slice(0, 15)}`)
      if (worker) done += await take(server, worker, id, papers)
    }
    const last = list.at(-1)
    if (list.length < CHUNK || !last) return done
    after = last
  }
}

async function take(server: Server, worker: Actor, id: string, papers: readonly StepBody[]): Promise<number> {
  let done = 0
  for (const body of papers) {
    try {
      await server.run(stepObservation, worker, { id, do: body })
      done++
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return done
    }
  }
  return done
}

/** The share of those who answered last evening, and of those who have answered this morning; the others are due at ten. */
const EVENING = 0.9
const MORNING = 0.7

type When = { at: Date; slot?: { day: string; part: 'evening' } }

/**
 * EX-17: the readings of last evening and the first of this morning, told by telephone to the workers of the grids: plain
 * temperatures, nobody ill, so that what happens next is up to those who take part.
 */
export async function readFirst(server: Server, seed: string): Promise<number> {
  const rng = rngOf(`${seed}/readings`)
  const yesterday = addDays(server.clock.today(), -1)
  const evening: When = {
    at: instantOf(yesterday, server.config.zone, 19, 20),
    slot: { day: yesterday, part: 'evening' },
  }
  let done = 0
  for (let after = { county: '', reference: '' }; ;) {
    const list = await server.asSystem('exercise.readings', (ctx) => askedOf(ctx.db, after, CHUNK))
    const actors = await actorsOf(server, [...new Set(list.map(({ area }) => `worker${area.slice(0, 15)}`))])
    for (const one of list) {
      const told: When[] = [
        ...(rng.chance(EVENING) ? [evening] : []),
        ...(rng.chance(MORNING) ? [{ at: server.clock.now() }] : []),
      ]
      const temperature = rng.between(362, 369)
      const worker = actors.get(`worker${one.area.slice(0, 15)}`)
      if (worker) for (const when of told) done += await tell(server, worker, { ...one, temperature }, when)
    }
    const last = list.at(-1)
    if (list.length < CHUNK || !last) return done
    after = last
  }
}

async function tell(
  server: Server,
  worker: Actor,
  one: { id: string; county: string; temperature: number },
  { at, slot }: When,
): Promise<number> {
  const { id: observationId, county, temperature } = one
  const said = { temperature, symptoms: [], mood: null, needs: [], confirmed: false }
  const item = { id: newId(at), county, observationId, ...(slot ? { slot } : {}), ...said }
  try {
    await server.run(fileReading, worker, { how: 'phone', occurredAt: at.toISOString(), items: [item] })
    return 1
  } catch (error) {
    // Who was given notice only later is not asked for that evening.
    if (!(error instanceof Problem)) throw error
    return 0
  }
}
