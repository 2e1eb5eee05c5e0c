import type { Actor } from '@weiwang/domain/access/actor'
import { Problem } from '@weiwang/domain/core/problem'
import { findingOf } from '@weiwang/domain/exercise/finding'
import { rngOf } from '@weiwang/domain/exercise/prng'
import type { Truth } from '@weiwang/domain/exercise/scenario'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { fileVisit } from '../visits/actions.ts'
import { actorsOf } from './accounts.ts'
import { plansOf } from './plans.ts'
import { requireExercise } from './state.ts'
import { openTasksOf } from './store.ts'
import type { OpenTask } from './store.ts'
import { truthsOf } from './truth.ts'

/** What the simulated workers did. `refused`: the rooms said no, with the codes of their problems. */
export type WorkedDay = {
  visits: number
  refused: number
  left: number
  dispositions: Record<string, number>
  problems: Record<string, number>
}

export type RunDay = {
  /** The share of the open tasks that is worked on, 0 to 1. */
  rate: number
  seed: string
  /** Villages whose workers have been round, of those of the exercise. */
  onVillage?: ((done: number, total: number) => void) | undefined
}

/**
 * EX-8: the workers of the exercise go through their open tasks. Each visit is filed by the worker of the grid through the
 * action that people use; nothing is written beside it.
 */
export async function runDay(server: Server, { rate, seed, onVillage }: RunDay): Promise<WorkedDay> {
  const state = await requireExercise(server)
  const worked: WorkedDay = { visits: 0, refused: 0, left: 0, dispositions: {}, problems: {} }
  const rng = rngOf(`${seed}/work/${server.clock.today()}`)
  const villages = plansOf(state).length
  let done = 0
  for (const { village, byPerson } of truthsOf(server.keys, state)) {
    const tasks = await server.asSystem('exercise.tasks', (ctx) => openTasksOf(ctx.db, village.village.code, ctx.now))
    const actors = await actorsOf(
      server,
      village.grids.map((grid) => `worker${grid.code}`),
    )
    for (const task of tasks) {
      const truth = byPerson.get(task.personId)
      const worker = actors.get(`worker${task.area.slice(0, 15)}`)
      if (!truth || !worker || !rng.chance(rate)) {
        worked.left++
        continue
      }
      const disposition = await visit(server, worker, task, truth, rng)
      count(worked, disposition)
    }
    onVillage?.(++done, villages)
  }
  return worked
}

function count(worked: WorkedDay, outcome: { filed: string } | { refused: string }): void {
  if ('filed' in outcome) {
    worked.visits++
    worked.dispositions[outcome.filed] = (worked.dispositions[outcome.filed] ?? 0) + 1
  } else {
    worked.refused++
    worked.problems[outcome.refused] = (worked.problems[outcome.refused] ?? 0) + 1
  }
}

async function visit(
  server: Server,
  worker: Actor,
  task: OpenTask,
  truth: Truth,
  rng: ReturnType<typeof rngOf>,
): Promise<{ filed: string } | { refused: string }> {
  const found = findingOf(truth, rng, server.clock.today(), task.attempts + 1)
  const now = server.clock.now()
  try {
    await server.run(fileVisit, worker, {
      id: newId(now),
      taskId: task.id,
      personIds: [],
      method: found.method,
      result: found.result,
      disposition: found.disposition,
      answers: found.answers,
      ...(found.note === null ? {} : { note: found.note }),
      ...(found.goesTo === null ? {} : { goesTo: found.goesTo }),
      ...(found.expectedDay === null ? {} : { expectedDay: found.expectedDay }),
      occurredAt: now.toISOString(),
    })
    return { filed: found.disposition }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { refused: error.body.code }
  }
}
