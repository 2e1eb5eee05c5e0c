import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import type { Figure, Figures } from '@weiwang/domain/stats/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { A, B } from '../tasks/world.fixture.ts'
import { teamRoutes } from '../teams/routes.ts'
import { observed } from './observation.fixture.ts'
import type { Observed } from './observation.fixture.ts'
import { rebuildStats } from './rebuild.ts'

/** Observations that cross a county, teams and watches: each figure is its list, and children add up (STAT-2, STAT-12, STAT-13). */
let w: Observed
let province: Actor
let desk: Actor
let grid: string
beforeAll(async () => {
  w = await observed({ routes: [teamRoutes] })
  province = await w.desk('32')
  desk = await w.desk(A)
  grid = w.grids(A)[0] ?? ''
  w.at('2020-02-03', 9)
})
afterAll(() => w.close())

const IDS = [
  'obs_opened',
  'obs_released',
  'obs_transferred_out',
  'obs_transferred_in',
  'teams',
  'teams_short',
  'watches',
  'watches_unled',
  'watch_calls',
] as const
const of = (row: { figures: Figure[] }, id: string) => row.figures.find((figure) => figure.id === id)?.n ?? 0
const figures = async (area: string): Promise<Figures> =>
  (await w.get(province, `/api/stats/figures?area=${area}`)).body
const numbers = async (area: string) => {
  const answer = await figures(area)
  return Object.fromEntries(IDS.map((id) => [id, of(answer, id)]))
}

async function holds(area: string): Promise<void> {
  const answer = await figures(area)
  for (const id of IDS) {
    const below = answer.children.reduce((sum, row) => sum + of(row, id), 0)
    expect([area, id, answer.children.length === 0 ? of(answer, id) : below]).toEqual([area, id, of(answer, id)])
    const door = answer.figures.find((figure) => figure.id === id)?.door
    const list = await w.get(province, `${door?.path}?${new URLSearchParams(door?.query).toString()}`)
    expect([area, id, list.status, list.body.total]).toEqual([area, id, 200, of(answer, id)])
  }
}
const all = async () => {
  for (const area of ['32', A, `${A}001`, `${A}001001`, grid, B]) await holds(area)
}

async function watch(leader: string | null): Promise<string> {
  const id = randomUUID()
  await w.sql(
    `insert into watch (county, id, area, code, kind, name, leader_account, leader_name, made, opened_at, updated_at)
     values (left($2, 6), $1, $2, $3, 'building', '三幢', $4, $5, 'register', now(), now())`,
    [id, grid, `${grid}${id.slice(0, 3)}`, leader, leader === null ? null : '楼长'],
  )
  return id
}

test('case 33: what goes on in another county is neither released nor opened anew; each end has its figure and list', async () => {
  const { personId, householdId } = await w.home(grid)
  const id = randomUUID()
  await w.open(desk, { persons: [{ id, personId, exposureDay: '2020-02-01' }], householdId })
  const there = w.grids(B)[0] ?? ''
  expect((await w.step(desk, id, { step: 'stay', area: there })).body.state).toBe('transferred')
  await w.drain()
  expect(await numbers(A)).toMatchObject({
    obs_opened: 1,
    obs_released: 0,
    obs_transferred_out: 1,
    obs_transferred_in: 0,
  })
  expect(await numbers(B)).toMatchObject({
    obs_opened: 0,
    obs_released: 0,
    obs_transferred_out: 0,
    obs_transferred_in: 1,
  })
  expect(await numbers('32')).toMatchObject({ obs_opened: 1, obs_transferred_out: 1, obs_transferred_in: 1 })
  await all()
  expect((await rebuildStats(w.server, { repair: false })).differences).toEqual([])
  await w.sql("update stat_day set n = n + 1 where metric = 'obs_transferred_in'")
  expect((await rebuildStats(w.server, { repair: true })).differences).not.toEqual([])
})

test('teams with and without an empty seat, watches with and without a leader, a call until it is answered', async () => {
  const { householdId } = await w.home(grid)
  const team = randomUUID()
  await w.sql(
    `insert into team (county, id, area, household_id, emergency_id, template_area, template_version, from_day, opened_at, updated_at)
     values (left($2, 6), $1, $2, $3, $4, '', 0, '2020-02-03', now(), now())`,
    [team, grid, householdId, w.emergencyId],
  )
  const before = await numbers(A)
  await w.sql(`insert into team_seat (county, area, team_id, role, need) values (left($2, 6), $2, $1, 'doctor', 1)`, [
    team,
    grid,
  ])
  expect(await numbers(A)).toEqual({ ...before, teams_short: (before['teams_short'] ?? 0) + 1 })
  const leader = await w.desk(A, ['watch_leader'])
  await watch(null)
  const led = await watch(leader.id)
  const note = randomUUID()
  const body = { id: note, watchId: led, householdId: null, kind: 'help', rang: null, text: '' }
  expect((await w.post(leader, '/api/watches/notes', body)).status).toBe(200)
  expect(await numbers(A)).toMatchObject({ watches: 2, watches_unled: 1, watch_calls: 1 })
  await all()
  expect((await w.post(desk, `/api/watches/notes/${note}/answer`, {})).status).toBe(200)
  expect(await numbers(A)).toMatchObject({ watch_calls: 0 })
})
