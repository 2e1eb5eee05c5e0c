import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { gradingRoutes } from './routes.ts'
import { guardSettings } from './store-guard.ts'

let t: TestServer
let today: string
let chief: Actor
let second: Actor
let administrator: Actor
let county: Actor
const DEFAULTS = { ratio: 5, floor: 500, days: 14, minDays: 3, floorWithoutHistory: 20_000 }

beforeAll(async () => {
  t = await testServer({ routes: [gradingRoutes] })
  today = t.server.clock.today()
  const { root } = t.server.config
  chief = t.actor({ area: root, roles: ['chief'] })
  second = t.actor({ area: root, roles: ['chief'] })
  administrator = t.actor({ area: root, roles: ['administrator'] })
  county = t.actor({ area: `${root}0505`, roles: ['operator', 'chief'] })
})
afterAll(() => t.close())
beforeEach(() => t.sql(`truncate grade_guard_change, grade_change_day, setting`))

const propose = (who: Actor, settings: object, reason = '连日大量到苏人员') =>
  t.request(who, 'POST', '/api/grade-guard', { settings: { ...DEFAULTS, ...settings }, reason })
const read = async (who: Actor) => (await t.request(who, 'GET', '/api/grade-guard')).body
const inForce = () => t.server.asSystem('test', (ctx) => guardSettings(ctx.db))

describe('GRADE-27: the numbers of the guard', () => {
  test('are seen by whoever reads the rules, and proposed where the whole deployment is seen', async () => {
    expect(await read(county)).toMatchObject({ settings: DEFAULTS, mayPropose: false, changes: [] })
    expect(await read(chief)).toMatchObject({ mayPropose: true })
    // An administrator has no business with the rules, but with the settings.
    expect(await read(administrator)).toMatchObject({ settings: DEFAULTS, mayPropose: true })
    expect((await propose(county, { floor: 800 })).status).toBe(403)
    expect(await t.sql(`select outcome from audit where verb = 'grade_guard.propose'`)).toEqual([
      { outcome: 'refused' },
    ])
  })

  test('are put in force by a second person, and every step stands in the trail (ACCESS-6)', async () => {
    const proposed = await propose(administrator, { floor: 800 })
    expect(proposed.body.changes).toMatchObject([{ state: 'proposed', mine: true, mayDecide: false }])
    const { id } = proposed.body.changes[0]
    expect(await inForce()).toEqual(DEFAULTS)
    expect((await t.request(administrator, 'POST', `/api/grade-guard/${id}/approve`, {})).status).toBe(403)
    const approved = await t.request(chief, 'POST', `/api/grade-guard/${id}/approve`, {})
    expect(approved.body).toMatchObject({ settings: { floor: 800 }, changes: [{ state: 'applied', before: DEFAULTS }] })
    expect(await inForce()).toEqual({ ...DEFAULTS, floor: 800 })
    const trail = await t.sql(`select verb, detail from audit where thing_id = $1 and outcome = 'done' order by at`, [
      id,
    ])
    expect(trail).toEqual([
      { verb: 'grade_guard.propose', detail: { floor: [500, 800] } },
      { verb: 'grade_guard.approve', detail: { floor: [500, 800] } },
    ])
    expect((await t.request(second, 'POST', `/api/grade-guard/${id}/refuse`, { reason: '太迟' })).status).toBe(409)
  })

  test('wait one at a time, never for their proposer, and a refusal changes nothing', async () => {
    const { id } = (await propose(chief, { ratio: 8 })).body.changes[0]
    expect((await propose(second, { ratio: 9 })).body.code).toBe('GUARD_WAITING')
    expect((await t.request(chief, 'POST', `/api/grade-guard/${id}/approve`, {})).status).toBe(403)
    const refused = await t.request(second, 'POST', `/api/grade-guard/${id}/refuse`, { reason: '先核对来源' })
    expect(refused.body.changes[0]).toMatchObject({ state: 'refused', decision: '先核对来源' })
    expect(await inForce()).toEqual(DEFAULTS)
    expect((await propose(second, { ratio: 9 })).status).toBe(200)
  })

  test('have bounds, so that no number turns the guard off', async () => {
    const wrong = [
      { floor: 0 },
      { ratio: 51 },
      { floorWithoutHistory: 1_000_001 },
      { days: 2 },
      { days: 5, minDays: 6 },
    ]
    for (const settings of wrong) expect([settings, (await propose(chief, settings)).status]).toEqual([settings, 400])
    expect((await propose(chief, {})).body.code).toBe('GUARD_UNCHANGED')
    // What somebody wrote by hand past the bounds does not switch it off either.
    await t.sql(`insert into setting (key, value) values ('grading.guard', '{"floor": 99999999}')`)
    expect(await inForce()).toEqual(DEFAULTS)
  })

  test('are tried first on the last days: what took effect by itself, measured as it would have been then', async () => {
    for (const [back, n] of [
      [4, 100],
      [3, 120],
      [2, 110],
      [1, 700],
    ])
      await t.sql(`insert into grade_change_day (kind, key, day, n) values ('place', '320505', $1, $2)`, [
        addDays(today, -Number(back)),
        n,
      ])
    const preview = async (settings: object) =>
      (await t.request(chief, 'POST', '/api/grade-guard/preview', { settings: { ...DEFAULTS, ...settings } })).body
    // 5 times the median of 100, 120, 110 is 550: the day of 700 would have been held by the numbers in force.
    expect(await preview({ ratio: 7 })).toMatchObject({
      from: addDays(today, -13),
      to: today,
      heldNow: 1,
      heldThen: 0,
      lines: [{ day: addDays(today, -1), kind: 'place', key: '320505', changes: 700, limitNow: 550, limitThen: null }],
    })
    // Before three days are known the other limit counts.
    expect(await preview({ floorWithoutHistory: 99 })).toMatchObject({ heldNow: 1, heldThen: 4 })
    expect((await t.request(county, 'POST', '/api/grade-guard/preview', { settings: DEFAULTS })).status).toBe(403)
    expect(await t.sql('select 1 from grade_guard_change')).toEqual([])
  })
})
