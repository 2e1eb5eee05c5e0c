import { randomUUID } from 'node:crypto'
import { addDays } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { changesFrom } from '../areas/store-following.ts'
import { pointsOfCounties } from './gazetteer.ts'
import { COUNTY, GRID, place, row, telephone, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { placePersons } from './places.ts'
import { openText } from './opening.ts'

let t: Place
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

const [WEST, EAST] = [`${VILLAGE}003`, `${VILLAGE}004`]
const today = () => t.server.clock.today()

async function area(code: string, name: string): Promise<void> {
  await t.sql(
    `insert into area (code, parent, level, name, kind, valid_from) values ($1, $2, 6, $3, 'grid', '2020-01-01')`,
    [code, code.slice(0, 12), name],
  )
}

/** What the areas room writes when a change is applied. */
async function applied(plan: object, ends: string, begins: string[], minutesAgo: number): Promise<string> {
  const id = randomUUID()
  await t.sql(
    `insert into area_change (id, area, kind, plan, on_day, state, proposed_at, decided_at)
     values ($1, $2, $3, $4, $5, 'applied', now(), now() - make_interval(mins => $6))`,
    [id, VILLAGE, 'kind' in plan ? plan.kind : '', JSON.stringify(plan), today(), minutesAgo],
  )
  await t.sql(`update area set valid_to = $2 where code = $1 and valid_to is null`, [ends, addDays(today(), -1)])
  for (const code of begins)
    await t.sql(`insert into area_successor (code, successor, on_day) values ($1, $2, $3)`, [ends, code, today()])
  return id
}

it('PEOPLE-16: without a door a person waits at the parent, and the address is read again where it may be (AREA-5)', async () => {
  const [fed, placed] = (
    await t.register([
      row({ name: '孙一', phone: telephone('13800010001'), area: COUNTY }),
      row({ name: '孙二', phone: telephone('13800010002'), area: COUNTY }),
    ])
  ).map((r) => r.personId ?? '')
  const at = (personId: string, said: boolean) => ({
    personId,
    area: GRID,
    householdId: null,
    kind: 'own' as const,
    address: '平江街道钮家巷社区临顿路8号',
    source: 'rail',
    placed: said,
    fromDay: '2020-01-01',
  })
  await t.server.asSystem('test', (ctx) => placePersons(ctx, [at(fed ?? '', false), at(placed ?? '', true)]))
  const point = async (street: string, n: number) =>
    t.sql(
      `insert into address_point (county, id, village, street, number_from, number_to, building, area, source) values ($1, $2, $3, $4, $5, $5, null, $6, 'import')`,
      [COUNTY, randomUUID(), VILLAGE, street, n, GRID],
    )
  await point('临顿路', 8)
  await point('阳光花园', 1)
  await t.server.asSystem('test', (ctx) => pointsOfCounties(t.server, ctx.db, [COUNTY]))

  await area(WEST, '西网格')
  await area(EAST, '东网格')
  const share = (buildings: object[] = []) => ({ areas: [], buildings, households: [] })
  const plan = {
    kind: 'split',
    code: GRID,
    parts: [
      { code: WEST, name: '西网格', share: share() },
      { code: EAST, name: '东网格', share: share([{ estate: '阳光花园', building: null }]) },
    ],
    rest: 0,
  }
  const split = await applied(plan, GRID, [WEST, EAST], 10)
  await t.server.asSystem('test', async (ctx) => ctx.emit('areas.changed', { changeId: split }))
  await t.drain()

  // The street was named by no part, so it is the rest's; the address leads there. What a worker had said waits for a person.
  expect(await t.sql(`select street, area from address_point order by street`)).toEqual([
    { street: '临顿路', area: WEST },
    { street: '阳光花园', area: EAST },
  ])
  const homes = await t.sql(
    `select p.person_id, p.home_area, r.id, r.address_sealed from person p join residence r on r.person_id = p.person_id and r.to_day is null`,
  )
  const home = (id: string | undefined) => homes.find((h) => h.person_id === id)
  expect(home(fed).home_area).toBe(WEST)
  expect(home(placed).home_area).toBe(VILLAGE)
  expect(await t.sql(`select person_id, home_area, why from unresolved where resolved_at is null`)).toEqual([
    { person_id: placed, home_area: VILLAGE, why: 'no_grid' },
  ])
  expect(await t.sql(`select 1 from address_pending`)).toEqual([])
  // Sealed anew under the new row: it opens.
  const said = home(placed)
  await t.server.asSystem('test', async (ctx) => {
    const where = { table: 'residence', row: said.id, column: 'address_sealed' }
    expect(await openText(ctx, where, said.address_sealed)).toBe('平江街道钮家巷社区临顿路8号')
  })
})

it('a change that is followed late goes on through those applied after it, in whatever order they are told', async () => {
  const [old, between, last] = [`${VILLAGE}002`, `${VILLAGE}005`, `${VILLAGE}006`]
  const door = randomUUID()
  await t.sql(
    `insert into household (county, id, area, emergency_id, kind, use, source, created_at, updated_at) values ($1, $2, $3, $4, 'home', 'self', 'test', now(), now())`,
    [COUNTY, door, old, t.emergencyId],
  )
  await area(between, '中间网格')
  await area(last, '最后网格')
  const first = await applied({ kind: 'move', code: old, to: VILLAGE, as: between }, old, [between], 8)
  const second = await applied({ kind: 'move', code: between, to: VILLAGE, as: last }, between, [last], 5)
  expect(await t.server.asSystem('test', (ctx) => changesFrom(ctx.db, first))).toEqual([first, second])
  for (const changeId of [second, first, second]) {
    await t.server.asSystem('test', async (ctx) => ctx.emit('areas.changed', { changeId }))
    await t.drain()
  }
  expect(await t.sql(`select area, version from household where id = $1`, [door])).toEqual([{ area: last, version: 3 }])
})
