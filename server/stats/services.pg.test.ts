import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import type { Figure, Figures } from '@weiwang/domain/stats/api'
import { instantOf } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRetention } from '../access/retention.ts'
import { incidentRoutes } from '../incidents/routes.ts'
import { serviceJobs } from '../observation/service-jobs.ts'
import { serviceRoutes } from '../observation/service-routes.ts'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { rebuildStats } from './rebuild.ts'
import { statRoutes } from './routes.ts'

/** Services and disputes in the figures: each opens its list, children add up, and counting again finds no difference. */
let w: World
let province: Actor
const IDS = [
  'services_asked',
  'services_done',
  'services_open',
  'services_late',
  'disputes_opened',
  'disputes_closed',
  'disputes_open',
] as const

beforeAll(async () => {
  w = await makeWorld({
    rooms: [{ room: 'services', jobs: serviceJobs }],
    routes: [serviceRoutes, incidentRoutes, statRoutes],
  })
  province = await w.desk('32')
  const { clock } = w.server
  clock.shift(instantOf(clock.today(), clock.zone, 34).getTime() - clock.now().getTime())
  const kinds = ['food', 'rubbish', 'other'] as const
  const proof = { kind: 'word', by: 'self' }
  for (const [i, grid] of [...w.grids(A), ...w.grids(B)].entries()) {
    const worker = await w.worker(grid)
    const personId = await w.person(grid, null)
    const id = randomUUID()
    await w.post(worker, '/api/services', { id, personId, kind: kinds[i % 3] })
    if (i % 3 === 0) await w.post(worker, `/api/services/${id}/step`, { step: 'done', proof })
    if (i % 6 === 0) await w.post(worker, `/api/services/${id}/step`, { step: 'not_received' })
    if (i % 4 === 1) await w.post(worker, `/api/services/${id}/step`, { step: 'cancel', reason: 'not_needed' })
    const dispute = randomUUID()
    await w.post(worker, '/api/mediations', { id: dispute, area: grid, kind: i % 2 === 0 ? 'rent' : 'fear' })
    if (i % 3 === 1) await w.post(worker, `/api/mediations/${dispute}/step`, { step: 'close', closing: 'withdrawn' })
    if (i % 6 === 1) await w.post(worker, `/api/mediations/${dispute}/step`, { step: 'reopen' })
  }
  await w.drain()
  clock.shift(5 * 3_600_000)
})
afterAll(() => w.close())

const of = (row: { figures: Figure[] }, id: string) => row.figures.find((figure) => figure.id === id)?.n
const figures = async (area: string): Promise<Figures> =>
  (await w.get(province, `/api/stats/figures?area=${area}`)).body

test('STAT-2, STAT-3: figures are what their lists hold, and children add up to their parent', async () => {
  const top = await figures('32')
  expect(IDS.map((id) => of(top, id))).toEqual([16, 3, 10, 3, 16, 2, 14])
  for (const area of ['32', '3205', A, `${A}001`, `${A}001001`, w.grids(A)[0] ?? '']) {
    const answer = await figures(area)
    const below = (id: string) => answer.children.reduce((sum, row) => sum + (of(row, id) ?? 0), 0)
    for (const id of IDS) {
      // A grid has no children.
      expect([area, id, answer.children.length === 0 ? of(answer, id) : below(id)]).toEqual([area, id, of(answer, id)])
      const door = answer.figures.find((figure) => figure.id === id)?.door
      const list = await w.get(province, `${door?.path}?${new URLSearchParams(door?.query).toString()}`)
      expect([area, id, list.status, list.body.total]).toEqual([area, id, 200, of(answer, id)])
    }
  }
})

test('STAT-5: counting again finds no difference, also when the detail is gone; what is wrong is found', async () => {
  const rebuilt = async () => {
    const { differences, folds } = await rebuildStats(w.server, { repair: true })
    return [...differences, ...folds]
  }
  expect(await rebuilt()).toEqual([])
  w.server.clock.shift(200 * 24 * 3_600_000)
  const swept = [...(await runRetention(w.server, 'service')), ...(await runRetention(w.server, 'dispute'))]
  expect(swept.map((one) => one.tables)).toMatchObject([{ service: 6 }, { dispute: 2 }])
  expect(await rebuilt()).toEqual([])
  await w.sql("update stat_day set n = n + 1 where metric = 'svc_done:food'")
  await w.sql("update service set taken_by = null, state = 'accepted' where blanked_at is null")
  const found = await rebuilt()
  expect(found.some((one) => 'metric' in one && one.metric === 'svc_done:food')).toBe(true)
  expect(found.some((one) => 'field' in one && one.field === 'service.state')).toBe(true)
})
