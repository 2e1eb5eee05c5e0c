import { randomUUID } from 'node:crypto'
import type { Actor, Role } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listGaps } from '../access/duty-store.ts'
import { uncoveredGrids } from './store-instructions.ts'
import { ownersOf, responsibleAt } from './store.ts'
import { A, makeWorld } from './world.fixture.ts'
import type { World } from './world.fixture.ts'

/** TASK-13: who has a duty so that a team fills does not become the owner of the grid's work by it. */
let w: World
let desk: Actor
let grid: string
const team: Role[] = ['doctor', 'officer', 'cadre', 'volunteer', 'watch_leader']
const members = new Map<Role, Actor>()

beforeAll(async () => {
  w = await makeWorld()
  desk = await w.desk(A)
  grid = w.grids(A)[0] ?? ''
  for (const role of team) members.set(role, await onDuty(role, grid))
})
afterAll(() => w.close())

async function onDuty(role: Role, area: string): Promise<Actor> {
  const one = await w.desk(A, [role])
  await w.sql(
    `insert into duty (id, account_id, account_name, area, kind, from_day, created_at) values ($1, $2, 'm', $3, 'cover', '2020-01-01', now())`,
    [randomUUID(), one.id, area],
  )
  return one
}
const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id).toSorted()
const db = () => w.server.jobsPool.db
const today = () => w.server.clock.today()

test('a doctor, an officer, a cadre with a duty over a grid own none of its tasks, and are given none', async () => {
  await w.person(grid, 'yellow')
  await w.push(grid)
  const [task] = (await w.get(desk, `/api/tasks?area=${grid}`)).body.items
  const owners = ids(await ownersOf(db(), grid, today()))
  for (const one of members.values()) expect(owners).not.toContain(one.id)
  for (const one of members.values()) {
    const given = await w.post(desk, '/api/tasks/assign', { ids: [task.id], to: one.id })
    expect(given.body).toMatchObject({ code: 'TASK_NOT_ELIGIBLE', rule: 'TASK-13' })
  }
})

test('nobody of them is told of what is late there: the desk is, and the worker once there is one', async () => {
  const told = async (area: string) => ids(await responsibleAt(db(), area, today()))
  for (const one of members.values()) expect(await told(grid)).not.toContain(one.id)
  expect(await told(A)).toEqual([desk.id])
  const worker = await w.worker(grid)
  expect(await told(grid)).toContain(worker.id)
  expect(ids(await ownersOf(db(), grid, today()))).toContain(worker.id)
  await w.sql('delete from duty where account_id = $1', [worker.id])
})

test('a grid that only they cover has nobody: in the list of gaps, and for an order to its area', async () => {
  const gaps = async () => {
    const filter = { area: A, level: 6, day: today(), limit: 100 }
    return (await listGaps(db(), [A], filter)).rows.map(({ code }) => code)
  }
  const uncovered = async () => (await uncoveredGrids(db(), [grid], today(), 10)).total
  expect([(await gaps()).includes(grid), await uncovered()]).toEqual([true, 1])
  await w.worker(grid)
  expect([(await gaps()).includes(grid), await uncovered()]).toEqual([false, 0])
})
