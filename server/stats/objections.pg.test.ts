import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import type { Figure, Figures } from '@weiwang/domain/stats/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gradingJobs, requestIncremental } from '../grading/jobs.ts'
import { driveRun } from '../grading/run.ts'
import { insertSet } from '../grading/store-sets.ts'
import { objectionRoutes } from '../healthcode/objection-routes.ts'
import { A, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { rebuildStats } from './rebuild.ts'
import { statRoutes } from './routes.ts'

/** Objections in the figures: each opens its list, children add up; what they say of a source is counted again without difference. */
let w: World
let desk: Actor
let chief: Actor
const IDS = ['objections_open', 'objections_late'] as const

function done(answer: { status: number; text: string }): void {
  if (answer.status !== 200) throw new Error(answer.text)
}

beforeAll(async () => {
  w = await makeWorld({ rooms: [{ room: 'grading', jobs: gradingJobs }], routes: [objectionRoutes, statRoutes] })
  const today = w.server.clock.today()
  const set = { id: randomUUID(), version: 1, document: SUZHOU, by: null, now: w.server.clock.now() }
  await w.server.asSystem('test', (ctx) => insertSet(ctx.db, set))
  await w.sql(`update rule_set set state = 'active', activated_at = now() where id = $1`, [set.id])
  await w.sql(
    `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, may_give_red, state, created_at) values ('roam', '32', '{"zh":"漫游","en":"Roaming"}', 'x', '{}', 'telecom', '{}', '{}', true, 'open', now())`,
  )
  desk = await w.desk('3205')
  chief = await w.desk('3205', ['chief'])
  const opened: string[] = []
  for (const [i, grid] of w.grids(A).entries()) {
    const personId = await w.person(grid, null)
    await w.sql(
      `insert into fact (person_id, fact_id, kind, place, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, 'stay', '420106', $3, $3, 'roam', $4, now())`,
      [personId, randomUUID(), addDays(today, -2), randomUUID()],
    )
    await w.sql('insert into grade_dirty (person_id, at) values ($1, now())', [personId])
    for (const runId of await w.server.asSystem('test', requestIncremental)) await driveRun(w.server, runId)
    const id = randomUUID()
    const body = { id, personId, ground: 'never_there', words: `第 ${i} 件`, documentSeen: true }
    done(await w.post(desk, '/api/objections', body))
    opened.push(id)
  }
  w.server.clock.shift(9 * 3_600_000)
  for (const [i, id] of opened.slice(0, 3).entries()) {
    const { facts } = (await w.get(chief, `/api/objections/${id}`)).body
    const base = { words: '已核实' }
    const granted = { ...base, decision: 'granted', wrong: 'source', facts: [{ factId: facts[0].factId }] }
    const refused = { ...base, decision: 'refused', refusal: 'facts_hold' }
    done(await w.post(chief, `/api/objections/${id}/decide`, i < 2 ? granted : refused))
  }
})
afterAll(() => w.close())

const of = (row: { figures: Figure[] }, id: string) => row.figures.find((figure) => figure.id === id)?.n
const figures = async (area: string): Promise<Figures> => (await w.get(desk, `/api/stats/figures?area=${area}`)).body

test('STAT-2, STAT-3: figures are what their lists hold, and children add up to their parent', async () => {
  const top = await figures('3205')
  expect(IDS.map((id) => of(top, id))).toEqual([5, 5])
  for (const area of ['3205', A, `${A}001`, `${A}001001`, w.grids(A)[7] ?? '']) {
    const answer = await figures(area)
    for (const id of IDS) {
      const below = answer.children.reduce((sum, row) => sum + (of(row, id) ?? 0), 0)
      expect([area, id, answer.children.length === 0 ? of(answer, id) : below]).toEqual([area, id, of(answer, id)])
      const door = answer.figures.find((figure) => figure.id === id)?.door
      const list = await w.get(desk, `${door?.path}?${new URLSearchParams(door?.query).toString()}`)
      expect([area, id, list.status, list.body.total]).toEqual([area, id, 200, of(answer, id)])
    }
  }
})

test('a worker, who may not open the list, is shown no such figure', async () => {
  const worker = await w.worker(w.grids(A)[0] ?? '')
  const answer = await w.get(worker, `/api/stats/figures?area=${w.grids(A)[0]}`)
  expect(answer.status).toBe(200)
  expect(IDS.map((id) => of(answer.body, id))).toEqual([undefined, undefined])
})

test('STAT-5, STAT-8: what decisions say of a source is counted again without a difference; what is wrong is found', async () => {
  const counts = await w.sql(
    `select disposition, sum(n)::int as n from stat_source where source = 'roam' group by 1 order by 1`,
  )
  expect(counts).toEqual([
    { disposition: 'OBJECTION_GRANTED', n: 2 },
    { disposition: 'OBJECTION_REFUSED', n: 1 },
  ])
  const rebuilt = async () => {
    const { differences, folds } = await rebuildStats(w.server, { repair: true })
    return [...differences, ...folds]
  }
  expect(await rebuilt()).toEqual([])
  await w.sql(`update stat_source set n = n + 1 where source = 'roam' and disposition = 'OBJECTION_GRANTED'`)
  await w.sql(
    `update objection set escalations = 7 where closed_at is null and id = (select min(id::text)::uuid from objection where closed_at is null)`,
  )
  expect(await rebuilt()).toMatchObject([
    { metric: 'source:roam:OBJECTION_GRANTED', stored: 3, counted: 2 },
    { field: 'objection.escalations', stored: '7', folded: '0' },
  ])
})
