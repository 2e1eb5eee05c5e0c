import { randomUUID } from 'node:crypto'
import { scopeOf } from '@weiwang/domain/access/roles'
import type { Figures } from '@weiwang/domain/stats/api'
import { addDays } from '@weiwang/domain/core/day'
import { expect } from 'vitest'
import { accessJobs } from '../access/jobs.ts'
import { accessRoutes } from '../access/routes.ts'
import { areaRoutes } from '../areas/routes.ts'
import { peopleJobs } from '../people/jobs.ts'
import { peopleRoutes } from '../people/routes.ts'
import { A, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { LISTS } from './lists.fixture.ts'

/** A world whose areas change: for tests of figures as organised now, then, and on a day (STAT-11). */
export async function foldWorld(): Promise<World> {
  return makeWorld({
    rooms: [
      { room: 'access', jobs: accessJobs },
      { room: 'people', jobs: peopleJobs },
    ],
    routes: [areaRoutes, accessRoutes, peopleRoutes, ...LISTS],
  })
}

/** What began on a day cannot change on it again, so each test's change lies a day after the one before. */
export async function reorganise(w: World, plan: object, daysAgo = 0): Promise<void> {
  const proposed = await w.post(await w.desk('32'), '/api/areas/changes', {
    plan,
    onDay: addDays(w.server.clock.today(), -daysAgo),
  })
  expect([proposed.status, proposed.text]).toEqual([200, proposed.text])
  const applied = await w.post(await w.desk('32'), `/api/areas/changes/${proposed.body.id}/apply`, {})
  expect([applied.status, applied.text]).toEqual([200, applied.text])
  await w.drain()
}

/** A worker of the grid answers for a person there. */
export async function answered(w: World, grid: string, disposition: string): Promise<void> {
  const person = await w.person(grid, 'blue')
  await w.push(A)
  const made = await w.worker(grid)
  const worker = {
    ...made,
    area: grid.slice(0, 12),
    scope: scopeOf({ area: grid.slice(0, 12), roles: ['worker'] }, [grid]),
  }
  const [task] = await w.sql(`select id from task where person_id = $1`, [person])
  const filed = await w.post(worker, '/api/visits', {
    id: randomUUID(),
    taskId: task.id,
    method: 'door',
    result: 'met',
    disposition,
    occurredAt: w.server.clock.now().toISOString(),
  })
  expect([filed.status, filed.text]).toEqual([200, filed.text])
}

export const n = (row: { figures: Figures['figures'] } | undefined, id: string) =>
  row?.figures.find((f) => f.id === id)?.n
/** A part of a split that says of nothing where it goes. */
export const share = { areas: [], buildings: [], households: [] }
