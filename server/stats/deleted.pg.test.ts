import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCloseOut } from '../access/close-out.ts'
import { runRetention } from '../access/retention.ts'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { STOCK_DAY } from '../core/counters.ts'
import { peopleRoutes } from '../people/routes.ts'
import { statRoutes } from './routes.ts'
import { visitRoutes } from '../visits/routes.ts'
import { rebuildStats } from './rebuild.ts'

let w: World

beforeAll(async () => {
  w = await makeWorld({ routes: [visitRoutes, peopleRoutes, statRoutes] })
  for (const grid of [...w.grids(A).slice(0, 3), ...w.grids(B).slice(0, 2)]) await w.person(grid, 'red')
  // Made by SQL, so not counted.
  await rebuildStats(w.server, { repair: true })
  await w.push('32')
  for (const task of await w.sql('select id, county from task')) {
    const filed = await w.post(await w.desk(task.county), '/api/visits', {
      id: randomUUID(),
      taskId: task.id,
      method: 'door',
      result: 'met',
      disposition: 'HERE_HOME_OBS',
      occurredAt: w.server.clock.now().toISOString(),
    })
    if (filed.status !== 200) throw new Error(JSON.stringify(filed.body))
  }
  await w.drain()
})
afterAll(() => w.close())

const ofDays = (table: string) =>
  w.sql(`select county, area, day, metric, n from ${table} where n <> 0 and day <> $1 order by 1, 2, 3, 4`, [STOCK_DAY])
const counters = async () => ({
  days: await ofDays('stat_day'),
  towns: await ofDays('stat_town'),
  sources: await w.sql('select county, source, day, disposition, n from stat_source where n <> 0 order by 1, 2, 3, 4'),
})

/** Counted again and repaired where something differs: what differed, and what stands afterwards. */
async function recounted(): Promise<{ wrong: unknown[]; after: unknown }> {
  const { differences, folds } = await rebuildStats(w.server, { repair: true })
  return { wrong: [...differences, ...folds], after: await counters() }
}

test('STAT-5, DELETE-1: after visit details are deleted the rebuild finds what was counted', async () => {
  const before = await counters()
  expect(before.days.filter((row) => row.metric === 'persons').map((row) => row.n)).toEqual([1, 1, 1, 1, 1])
  await w.sql("update campaign set state = 'ended', ended_at = now() - interval '31 days'")
  const swept = await runRetention(w.server, 'visit_detail')
  expect(swept[0]?.tables).toEqual({ visit: 5, visit_person: 5 })
  expect(await w.sql('select 1 from visit_person')).toEqual([])
  expect(await recounted()).toEqual({ wrong: [], after: before })
})

test('STAT-2, DELETE-1: the list of persons visited keeps a row for each that is counted, and names nobody', async () => {
  const desk = await w.desk('32')
  const days = (await w.sql('select min(day) as from, max(day) as to from visit'))[0]
  const read = async (query: string) =>
    (await w.get(desk, `/api/visits/persons?from=${days.from}&to=${days.to}${query}`)).body
  const whole = await read('&area=32')
  expect([whole.total, whole.items.length]).toEqual([5, 5])
  const named = (row: { personId: unknown; masked: unknown; nth: number }) => [row.personId, row.masked, row.nth]
  expect(whole.items.map(named)).toEqual(Array.from({ length: 5 }, () => [null, null, 1]))
  // Page by page there are as many rows as the total says.
  const seen: string[] = []
  for (let cursor = ''; ;) {
    const page = await read(`&limit=2&area=32${cursor}`)
    seen.push(...page.items.map((row: { id: string }) => row.id))
    expect(page.total).toBe(5)
    if (page.next === null) break
    cursor = `&cursor=${encodeURIComponent(page.next)}`
  }
  expect(new Set(seen).size).toBe(5)
  // A filter that is counted by rows says the same.
  const { by } = whole.items[0]
  const mine = await read(`&area=32&by=${by.id}`)
  expect(mine.total).toBe(mine.items.length)
})

test('STAT-5, DELETE-5: after a close-out the counters of its days stand, and later days are counted as ever', async () => {
  const before = await counters()
  const desk = await w.desk('32')
  const closed = async () => (await w.get(desk, `/api/stats/closed?area=${A}`)).body.items
  const listed = async () => [
    (await w.get(desk, '/api/people?area=32')).body.total,
    (await w.get(desk, `/api/people?area=${A}`)).body.total,
  ]
  expect([await closed(), await listed()]).toEqual([[], [5, 3]])
  await w.sql("update emergency set state = 'ended', ended_at = now()")
  await w.sql(
    `insert into close_out (id, emergency_id, state, proposed_by_name, proposed_at, approved_by_name, approved_at)
     values ($1, $2, 'running', 'a', now(), 'b', now())`,
    [randomUUID(), w.emergencyId],
  )
  expect(await recounted()).toEqual({ wrong: [], after: before })
  expect(await closed()).toMatchObject([{ id: w.emergencyId, done: false }])
  await runCloseOut(w.server, w.emergencyId)
  expect(await w.sql('select 1 from visit union all select 1 from task')).toEqual([])
  // STAT-15: what is there now is counted down with the rows, and needs no recount.
  expect([await listed(), (await rebuildStats(w.server, { repair: false })).stock]).toEqual([[0, 0], []])
  expect(await recounted()).toEqual({ wrong: [], after: before })
  // STAT-16: the figure of the closed days stays, its list has no rows, and the reader is told which emergency that was.
  const today = w.server.clock.today()
  expect(await closed()).toMatchObject([{ id: w.emergencyId, lastDay: today, done: true }])
  const figures = (await w.get(desk, `/api/stats/figures?area=32`)).body
  const visits = figures.figures.find((one: { id: string }) => one.id === 'visits')
  const behind = (await w.get(desk, `/api/visits?area=32&from=${today}&to=${today}`)).body
  expect([visits.n, behind.total, behind.items.length]).toEqual([5, 5, 0])
  const outside = await w.desk('330102')
  expect((await w.get(outside, '/api/stats/closed')).body.items).toEqual([])
  expect(
    (await w.get(await w.desk(A), `/api/stats/closed?area=${A}&from=2019-01-01&to=2019-01-02`)).body.items,
  ).toEqual([])
  const [grid] = w.grids(A)
  await w.sql(`insert into stat_day (county, area, day, metric, n) values ($1, $2, current_date + 3, 'visits', 7)`, [
    A,
    grid,
  ])
  const report = await rebuildStats(w.server, { repair: true })
  expect(report.differences.map(({ area, metric, stored, counted }) => [area, metric, stored, counted])).toEqual([
    [grid, 'visits', 7, 0],
  ])
  expect(await counters()).toEqual(before)
})
