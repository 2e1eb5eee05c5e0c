import { instantOf } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { escalateDue } from './react.ts'
import { A, B, makeWorld } from './world.fixture.ts'
import type { World } from './world.fixture.ts'

/** TASK-18: the inbox of who was told that a task is late. */
let w: World
const HOUR = 3_600_000
beforeAll(async () => {
  w = await makeWorld()
})
afterAll(() => w.close())

/** Sets the clock to an hour of tomorrow, local, for as long as `run` takes. */
async function atHour<T>(hour: number, run: () => Promise<T>, days = 1): Promise<T> {
  const { clock } = w.server
  const then = instantOf(clock.today(), clock.zone, hour + 24 * days).getTime() - clock.now().getTime()
  clock.shift(then)
  try {
    return await run()
  } finally {
    clock.shift(-then)
  }
}

const inbox = async (who: Parameters<World['get']>[0], query = '') =>
  (await w.get(who, `/api/escalations?limit=50${query}`)).body
const states = async (who: Parameters<World['get']>[0], query = '') =>
  (await inbox(who, query)).items.map((e: { state: string; dealt: string | null }) => e.dealt ?? e.state)

async function late(grid: string, grade: 'red' | 'yellow'): Promise<string> {
  await w.sql(`update task set next_escalation = null where next_escalation is not null`)
  const person = await w.person(grid, grade)
  await w.push(grid.slice(0, 6))
  const [task] = await w.sql(`select id from task where person_id = $1`, [person])
  return task.id
}

test('named persons of the level are told; each sees for himself, who deals with it does so for all', async () => {
  const grid = w.grids(A)[0] ?? ''
  const village = grid.slice(0, 12)
  const [one, two] = [await w.desk(village), await w.desk(village)]
  const neighbour = await w.desk(w.grids(A)[2]?.slice(0, 12) ?? '')
  const id = await late(grid, 'red')
  w.server.clock.shift(1.5 * HOUR)
  await escalateDue(w.server)
  w.server.clock.shift(-1.5 * HOUR)
  const list = await inbox(one)
  expect([list.total, list.items[0]]).toMatchObject([
    1,
    {
      taskId: id,
      clock: 'accept',
      step: 1,
      percent: 50,
      state: 'new',
      mine: true,
      to: { id: one.id },
      told: { code: village, name: `区${village}` },
      task: { id, grade: 'red' },
    },
  ])
  const { n } = list.items[0]
  // Others were not told; the other desk person of the level has his own.
  expect((await inbox(neighbour)).total).toBe(0)
  expect((await inbox(await w.desk(A))).total).toBe(0)
  expect((await inbox(await w.desk(A), '&whose=all')).total).toBe(2)
  expect((await w.get(one, `/api/escalations?area=${B}`)).status).toBe(404)

  const seen = await w.post(one, '/api/escalations/see', { items: [{ taskId: id, n }] })
  expect(seen.body).toEqual({ seen: 1 })
  expect((await w.post(one, '/api/escalations/see', { items: [{ taskId: id, n }] })).body).toEqual({ seen: 0 })
  expect([await states(one), await states(two)]).toEqual([['seen'], ['new']])
  expect((await inbox(one, '&state=new')).total).toBe(0)
  expect(await w.sql(`select actor::text, thing_id from audit where verb = 'escalation.see'`)).toEqual([
    { actor: one.id, thing_id: id },
  ])

  // A foreign desk finds no such task and deals with nothing.
  expect((await w.post(neighbour, '/api/escalations/deal', { taskId: id, n, how: 'called' })).status).toBe(404)
  expect((await w.post(neighbour, '/api/escalations/see', { items: [{ taskId: id, n }] })).body).toEqual({ seen: 0 })
  const dealt = await w.post(one, '/api/escalations/deal', { taskId: id, n, how: 'called' })
  expect(dealt.body).toEqual({ dealt: 2 })
  expect([await states(one), await states(two), await states(two, '&state=dealt')]).toEqual([[], [], ['called']])
  expect((await inbox(two, '&state=dealt')).items[0].dealtBy).toEqual({ id: one.id, name: one.name })
})

test('handing the task on passes it, its end closes it; what the system moves deals with nothing', async () => {
  const grid = w.grids(A)[4] ?? ''
  const village = grid.slice(0, 12)
  const desk = await w.desk(village)
  const county = await w.desk(A)
  const worker = await w.worker(grid)
  const id = await late(grid, 'red')
  w.server.clock.shift(1.5 * HOUR)
  await escalateDue(w.server)
  w.server.clock.shift(-1.5 * HOUR)
  expect(await states(desk)).toEqual(['new'])
  await w.server.asSystem('test', async (ctx) => ctx.emit('duty.changed', { accountId: worker.id }))
  await w.drain()
  expect(await states(desk)).toEqual(['new'])
  const given = await w.post(desk, '/api/tasks/assign', { ids: [id], to: worker.id })
  expect([given.status, given.text]).toEqual([200, given.text])
  expect(await states(desk, '&state=dealt')).toEqual(['passed'])

  // Later steps are new again, one level higher, until the task ends.
  w.server.clock.shift(25 * HOUR)
  await escalateDue(w.server)
  const steps = (await inbox(county, '&whose=all')).items.map((e: { told: { code: string }; step: number }) => e.step)
  expect(steps.length).toBeGreaterThan(0)
  await w.regrade((await w.sql(`select person_id from task where id = $1`, [id]))[0].person_id, null)
  await w.server.asSystem('test', async (ctx) => ctx.emit('grades.changed', { personId: null }))
  const [{ person_id }] = await w.sql(`select person_id from task where id = $1`, [id])
  await w.server.asSystem('test', async (ctx) => ctx.emit('grades.changed', { personId: person_id }))
  await w.drain()
  w.server.clock.shift(-25 * HOUR)
  expect(
    (await w.sql(`select distinct dealt from escalation where task_id = $1 order by 1`, [id])).map((r) => r.dealt),
  ).toEqual(['closed', 'passed'])
})

test('TASK-18: a yellow task is not told at night but in the morning, a red one at once', async () => {
  const grid = w.grids(B)[0] ?? ''
  const village = await w.desk(grid.slice(0, 12))
  const id = await late(grid, 'yellow')
  await w.sql(`update task set next_escalation = now() where id = $1`, [id])
  const told = () => w.sql(`select step from escalation where task_id = $1 and account_id = $2`, [id, village.id])
  await atHour(22, () => escalateDue(w.server), 3)
  expect(await told()).toEqual([])
  await atHour(8, () => escalateDue(w.server), 4)
  expect((await told()).length).toBeGreaterThan(0)
  const red = await late(grid, 'red')
  await atHour(23, () => escalateDue(w.server), 4)
  expect((await w.sql(`select 1 from escalation where task_id = $1`, [red])).length).toBeGreaterThan(0)
})

test('a level without anybody is passed over to the next above that has', async () => {
  const grid = w.grids(B)[7] ?? ''
  const id = await late(grid, 'red')
  w.server.clock.shift(1.5 * HOUR)
  await escalateDue(w.server)
  w.server.clock.shift(-1.5 * HOUR)
  // Nobody stands at the village or the town; of the county's desk at most three are told.
  const rows = await w.sql(`select distinct told from escalation where task_id = $1`, [id])
  expect(rows).toEqual([{ told: B }])
})

test('the list is paged without loss, red first, and a task that left the area is not in it', async () => {
  const county = await w.desk(A)
  const all = await inbox(county, '&whose=all&state=dealt')
  const paged: string[] = []
  let cursor = ''
  do {
    const page = (await w.get(county, `/api/escalations?whose=all&state=dealt&limit=1${cursor}`)).body
    paged.push(
      ...page.items.map((e: { taskId: string; n: number; to: { id: string } }) => `${e.taskId}${e.n}${e.to.id}`),
    )
    cursor = page.next === null ? '' : `&cursor=${page.next}`
  } while (cursor !== '')
  expect(paged).toEqual(
    all.items.map((e: { taskId: string; n: number; to: { id: string } }) => `${e.taskId}${e.n}${e.to.id}`),
  )
  expect(paged.length).toBe(all.total)
})
