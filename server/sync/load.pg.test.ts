import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { WorkerLoad } from '@weiwang/domain/sync/load'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { loadRoutes } from './load.ts'

let w: World
let today = ''
beforeAll(async () => {
  w = await makeWorld({ routes: [loadRoutes] })
  today = w.server.clock.today()
})
afterAll(() => w.close())

/** A visit at an hour of a day, where the deployment is. */
const visit = (by: Actor, day: string, hour: number) =>
  w.sql(
    `insert into visit (county, id, area, emergency_id, method, result, args_hash, by, occurred_at, recorded_at, day)
     values ($1, $2, $3, $4, 'door', 'met', '', $5, $6, now(), $7::date)`,
    [
      by.area.slice(0, 6),
      randomUUID(),
      by.area,
      w.emergencyId,
      by.id,
      instantOf(day, w.server.clock.zone, hour, 30),
      day,
    ],
  )
const notice = (to: Actor, day: string, hour: number) =>
  w.sql(`insert into notice (account_id, id, kind, body, at) values ($1, $2, 'x', '{}', $3)`, [
    to.id,
    randomUUID(),
    instantOf(day, w.server.clock.zone, hour),
  ])

test('LOAD-1: forms and messages for each worker and day, at night apart; sorted by count and paged whole; only inside', async () => {
  const [g1 = '', g2 = '', g3 = ''] = w.grids(A)
  const [one, two, idle] = [await w.worker(g1), await w.worker(g2), await w.worker(g3)]
  await w.worker(w.grids(B)[0] ?? '')
  const yesterday = addDays(today, -1)
  for (const hour of [9, 12, 19]) await visit(one, today, hour)
  await visit(one, today, 20)
  await visit(one, yesterday, 10)
  await visit(two, today, 7)
  await notice(two, today, 23)
  await notice(two, today, 12)
  await notice(two, yesterday, 23)
  await w.sql('insert into wake_count (account_id, day, n, night) values ($1, $2, 5, 2)', [two.id, today])
  const county = await w.desk(A)
  const read = async (query: string, actor = county) => (await w.get(actor, `/api/worker-load?${query}`)).body
  const of = (body: { items: WorkerLoad[] }, who: Actor) => body.items.find((row) => row.account.id === who.id)

  const day = await read(`from=${today}&to=${today}`)
  expect(day.total).toBe(3)
  expect(of(day, one)).toMatchObject({ forms: 4, days: 1, most: 4, formsNight: 1, messages: 0, messagesNight: 0 })
  expect(of(day, two)).toMatchObject({ forms: 1, formsNight: 1, messages: 7, messagesNight: 3 })
  expect(of(day, idle)).toMatchObject({ forms: 0, days: 0, most: 0 })
  const both = await read(`from=${yesterday}&to=${today}&sort=forms`)
  expect(both.items.map((row: WorkerLoad) => row.forms)).toEqual([5, 1, 0])
  expect(of(both, one)).toMatchObject({ days: 2, most: 4 })
  expect((await read(`from=${today}&sort=night`)).items[0].account.id).toBe(two.id)

  for (const sort of ['area', 'forms', 'night']) {
    const seen: string[] = []
    for (let cursor = ''; ;) {
      const page = await read(`sort=${sort}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...page.items.map((row: WorkerLoad) => row.account.id))
      if (page.next === null) break
      cursor = page.next
    }
    expect([sort, seen.length, new Set(seen)]).toEqual([sort, 3, new Set([one.id, two.id, idle.id])])
  }
  expect((await read('', await w.desk(`${A}001001`))).total).toBe(2)
  expect((await read(`area=${B}`)).code).toBe('NOT_FOUND')
  expect((await read('sort=forms', await w.desk('3205'))).code).toBe('LOAD_ASKED')
  expect((await read(`from=${addDays(today, -20)}&to=${today}`)).code).toBe('LOAD_ASKED')
  expect((await w.get(one, '/api/worker-load')).status).toBe(403)
})
