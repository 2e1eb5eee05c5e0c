import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillTeam } from './actions.ts'
import { A, B, makePlace, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'

let w: Place
let desk: Actor
let worker: Actor
const [ONE, TWO] = [`${VILLAGE}001`, `${VILLAGE}002`]
beforeAll(async () => {
  w = await makePlace()
  desk = await w.desk(A)
  worker = await w.member('worker', [ONE])
  // 437 households: a road of 300 homes and 20 shops, a village of 57 with a block of 60 flats.
  await w.doors(ONE, 300, (i) => ({ estate: '东巷', door: `${i + 1}号` }))
  await w.doors(ONE, 20, (i) => ({ estate: '东巷', kind: 'shop', door: `${i + 1}号` }))
  await w.doors(TWO, 57, (i) => ({ estate: '南村', building: `${1 + (i % 3)}组`, door: `${i}号` }))
  await w.doors(TWO, 60, (i) => ({ estate: '南园', building: '1幢', door: `${100 + i}` }))
})
afterAll(() => w.close())

const coverage = async (area = VILLAGE) => (await w.get(desk, `/api/watches/coverage?area=${area}`)).body
const watches = async (query = '') => (await w.get(desk, `/api/watches?area=${VILLAGE}&limit=200${query}`)).body
const holds = async (doors: number): Promise<void> =>
  expect(await coverage()).toMatchObject({ doors, inOne: doors, inNone: 0, inTwo: 0, astray: 0, holds: true })
/** A household that joins: as a worker makes it at the door. */
async function joinsAt(area: string, more: object): Promise<string> {
  const id = randomUUID()
  const made = await w.post(worker, '/api/households', {
    id,
    area,
    kind: 'home',
    use: 'self',
    members: [],
    continueReason: '新迁入',
    ...more,
  })
  if (made.status !== 200) throw new Error(made.text)
  await w.drain()
  return id
}

test('show 4: a village of 437 households is divided, two join, a building is split; the coverage check holds after each', async () => {
  expect(await coverage()).toMatchObject({ doors: 437, inOne: 0, inNone: 437, watches: 0, holds: false })
  expect((await w.get(desk, `/api/watches/uncovered?area=${VILLAGE}&limit=1`)).body.total).toBe(437)
  const seen = (await w.get(desk, `/api/watches/preview?area=${VILLAGE}`)).body
  expect([seen.doors, seen.units]).toEqual([437, 30 + 2 + 6 + 1])
  expect(seen.byKind).toEqual([
    { kind: 'households', units: 36, doors: 357, least: 7, most: 10 },
    { kind: 'building', units: 1, doors: 60, least: 60, most: 60 },
    { kind: 'shops', units: 2, doors: 20, least: 10, most: 10 },
  ])
  const made = await w.post(desk, '/api/watches/make', { area: VILLAGE, seal: seen.seal })
  expect([made.status, made.body]).toEqual([200, { watches: 39, doors: 437, jobId: null }])
  await holds(437)
  expect((await watches()).total).toBe(39)
  const codes = (await watches()).items.map((one: { code: string; area: string }) => [one.code, one.area])
  for (const [code, area] of codes) expect([code.length, code.startsWith(area)]).toEqual([18, true])
  expect(new Set(codes.map(([code]: string[]) => code)).size).toBe(39)

  // Two households join: one along the road, one new flat.
  const near = await joinsAt(ONE, { estate: '东巷', door: '15甲号' })
  await holds(438)
  const flat = await joinsAt(ONE, { estate: '新楼', building: '9幢', door: '101' })
  await holds(439)
  const where = await w.sql(
    `select d.household_id, w.kind, w.name, w.made from watch_door d join watch w on w.county = d.county and w.id = d.watch_id where d.household_id = any($1)`,
    [[near, flat]],
  )
  expect(where.find((row) => row.household_id === near)).toMatchObject({ kind: 'households', name: '东巷11号–20号' })
  expect(where.find((row) => row.household_id === flat)).toMatchObject({
    kind: 'building',
    name: '新楼9幢',
    made: 'grown',
  })

  // The block is split by its staircases.
  const [block] = (await watches('&kind=building')).items.filter((one: { doors: number }) => one.doors === 60)
  const detail = (await w.get(desk, `/api/watches/${block.id}`)).body
  const go = detail.doorList.slice(30).map((door: { householdId: string }) => door.householdId)
  const split = { newId: randomUUID(), name: '南园1幢二单元', householdIds: go }
  expect(
    (
      await w.post(desk, `/api/watches/${block.id}/split`, {
        ...split,
        householdIds: detail.doorList.map((d: { householdId: string }) => d.householdId),
      })
    ).body.code,
  ).toBe('WATCH_SPLIT_BOTH')
  expect((await w.post(desk, `/api/watches/${block.id}/split`, split)).body).toMatchObject({ doors: 30 })
  await holds(439)
  expect((await w.get(desk, `/api/watches/${split.newId}`)).body).toMatchObject({
    doors: 30,
    name: '南园1幢二单元',
    kind: 'building',
    leader: null,
  })
})

test('what was seen is what is made: a door that came since refuses; what stands is not divided again', async () => {
  await w.doors(`${A}001002001`, 12, (i) => ({ estate: '北街', door: `${i}` }))
  const area = `${A}001002`
  const seen = (await w.get(desk, `/api/watches/preview?area=${area}`)).body
  await w.door(`${A}001002001`, { estate: '北街', door: '99' })
  expect((await w.post(desk, '/api/watches/make', { area, seal: seen.seal })).body.code).toBe('WATCH_PREVIEW_OLD')
  const again = (await w.get(desk, `/api/watches/preview?area=${area}`)).body
  const both = await Promise.all([1, 2].map(() => w.post(desk, '/api/watches/make', { area, seal: again.seal })))
  expect(both.map((one) => one.status).toSorted((x, y) => x - y)).toEqual([200, 409])
  expect((await w.sql(`select count(*)::int as n from watch_door where area like $1`, [`${area}%`]))[0].n).toBe(13)
  const nothing = (await w.get(desk, `/api/watches/preview?area=${area}`)).body
  expect([nothing.doors, nothing.units]).toEqual([0, 0])
})

test('more than a village is divided in the background, village by village', async () => {
  await w.doors(`${B}001001001`, 25, (i) => ({ estate: '甲路', door: `${i}` }))
  await w.doors(`${B}002002002`, 31, (i) => ({ estate: '乙路', door: `${i}` }))
  const there = await w.desk(B)
  const { seal, units } = (await w.get(there, `/api/watches/preview?area=${B}`)).body
  const { jobId } = (await w.post(there, '/api/watches/make', { area: B, seal })).body
  await w.drain()
  expect(await w.sql(`select state, done::int, result from job_progress where id = $1`, [jobId])).toEqual([
    { state: 'done', done: 4, result: { watches: units, doors: 56 } },
  ])
  expect((await w.get(there, `/api/watches/coverage?area=${B}`)).body).toMatchObject({ doors: 56, holds: true })
  expect((await w.get(await w.desk('32'), '/api/watches/coverage?area=32')).body.code).toBe('WATCH_TOO_WIDE')
})

test('a unit of fourteen that gets a fifteenth parts in two; a door that goes away leaves; an empty watch ends', async () => {
  const area = `${A}002001001`
  await w.doors(area, 14, (i) => ({ estate: '长街', door: `${i * 2}` }))
  const { seal } = (await w.get(desk, `/api/watches/preview?area=${area}`)).body
  await w.post(desk, '/api/watches/make', { area, seal })
  const local = await w.member('worker', [area])
  const id = randomUUID()
  const made = await w.post(local, '/api/households', {
    id,
    area,
    kind: 'home',
    use: 'self',
    estate: '长街',
    door: '7',
    members: [],
    continueReason: '新迁入',
  })
  expect(made.status).toBe(200)
  await w.drain()
  const sizes = await w.sql(`select count(*)::int as n from watch_door where area = $1 group by watch_id order by 1`, [
    area,
  ])
  expect(sizes.map((row) => row.n)).toEqual([7, 8])
  // To another grid that is divided: it joins there; the register says so by an event.
  await w.sql(`update household set area = $2 where id = $1`, [id, ONE])
  await w.server.asSystem('test', async (ctx) => ctx.emit('people.changed', { personIds: [], householdIds: [id] }))
  await w.drain()
  const [at] = await w.sql(
    `select w.area from watch_door d join watch w on w.county = d.county and w.id = d.watch_id where d.household_id = $1`,
    [id],
  )
  expect(at).toEqual({ area: ONE })
  await holds(440)
})

test('joined, renamed, moved: always inside one grid; a watch that its last door left is over and its code is not given again', async () => {
  const area = `${A}002001002`
  await w.doors(area, 20, (i) => ({ estate: '短街', door: `${i}` }))
  const { seal } = (await w.get(desk, `/api/watches/preview?area=${area}`)).body
  await w.post(desk, '/api/watches/make', { area, seal })
  const page = (await w.get(desk, `/api/watches?area=${area}`)).body
  const [a, b] = page.items
  const foreign = (await watches()).items[0]
  expect((await w.post(desk, `/api/watches/${a.id}/join`, { other: foreign.id })).body.code).toBe('WATCH_OTHER_GRID')
  expect((await w.post(desk, `/api/watches/${a.id}/rename`, { name: '短街东段' })).status).toBe(200)
  const [door] = (await w.get(desk, `/api/watches/${b.id}`)).body.doorList
  expect((await w.post(desk, '/api/watches/move', { householdId: door.householdId, to: a.id })).body).toMatchObject({
    doors: 11,
  })
  expect((await w.post(desk, '/api/watches/move', { householdId: door.householdId, to: foreign.id })).body.code).toBe(
    'WATCH_OTHER_GRID',
  )
  expect((await w.post(desk, `/api/watches/${a.id}/join`, { other: b.id })).body).toMatchObject({ doors: 20 })
  expect((await w.post(desk, `/api/watches/${b.id}/rename`, { name: '没了' })).body.code).toBe('WATCH_ENDED')
  const split = { newId: randomUUID(), name: '又分', householdIds: [door.householdId] }
  await w.post(desk, `/api/watches/${a.id}/split`, split)
  expect((await w.get(desk, `/api/watches/${split.newId}`)).body.code).toBe(`${area}003`)
  // Its only door goes back: the watch ends by itself.
  await w.post(desk, '/api/watches/move', { householdId: door.householdId, to: a.id })
  expect((await w.sql(`select ended_at is not null as ended from watch where id = $1`, [split.newId]))[0].ended).toBe(
    true,
  )
  expect((await w.get(desk, `/api/watches/coverage?area=${area}`)).body).toMatchObject({
    doors: 20,
    watches: 1,
    holds: true,
  })
})

test('many hands at once: doors moved to and fro stand in one watch each', async () => {
  const area = `${A}002002001`
  const doors = await w.doors(area, 20, (i) => ({ estate: '争路', door: `${i}` }))
  const { seal } = (await w.get(desk, `/api/watches/preview?area=${area}`)).body
  await w.post(desk, '/api/watches/make', { area, seal })
  const [a, b] = (await w.get(desk, `/api/watches?area=${area}`)).body.items
  const acts = doors.flatMap((householdId, i) => [
    w.post(desk, '/api/watches/move', { householdId, to: i % 2 === 0 ? a.id : b.id }),
    w.post(desk, '/api/watches/move', { householdId, to: i % 3 === 0 ? a.id : b.id }),
  ])
  const split = w.post(desk, `/api/watches/${a.id}/split`, {
    newId: randomUUID(),
    name: '半路',
    householdIds: doors.slice(0, 2),
  })
  await Promise.all([...acts, split])
  expect((await w.get(desk, `/api/watches/coverage?area=${area}`)).body).toMatchObject({
    doors: 20,
    inOne: 20,
    holds: true,
  })
})

test('WATCH-10, TEAM-12: when a grid is split its watches and teams go with their doors, in one watch each, also into another county', async () => {
  const change = async (plan: object, ends: string, begins: string[]): Promise<void> => {
    const id = randomUUID()
    const today = w.server.clock.today()
    for (const code of begins)
      await w.sql(
        `insert into area (code, parent, level, name, kind, valid_from) values ($1, $2, 6, $1, 'grid', '2020-01-01') on conflict do nothing`,
        [code, code.slice(0, 12)],
      )
    await w.sql(
      `insert into area_change (id, area, kind, plan, on_day, state, proposed_at, decided_at) values ($1, '32', $2, $3, $4, 'applied', now(), now())`,
      [id, 'kind' in plan ? plan.kind : '', JSON.stringify(plan), today],
    )
    await w.sql(`update area set valid_to = $2 where code = $1 and valid_to is null`, [ends, addDays(today, -1)])
    for (const code of begins)
      await w.sql(`insert into area_successor (code, successor, on_day) values ($1, $2, $3)`, [ends, code, today])
    await w.server.asSystem('test', async (ctx) => ctx.emit('areas.changed', { changeId: id }))
    await w.drain()
  }
  for (const role of ['worker', 'doctor', 'cadre', 'officer'] as const) {
    await w.member(role, [A])
    await w.member(role, [B])
  }
  const [led] = (await watches('&kind=households')).items.filter((one: { area: string }) => one.area === ONE)
  const leader = await w.member('watch_leader', [ONE], '联防长')
  await w.post(desk, `/api/watches/${led.id}/leader`, { id: led.id, leader: { kind: 'account', accountId: leader.id } })
  const [home] = (await w.get(desk, `/api/watches/${led.id}`)).body.doorList
  const team = await w.server.asSystem('test', (ctx) =>
    fillTeam(ctx, { county: A, householdId: home.householdId, area: ONE, observationId: randomUUID() }),
  )
  const [west, east] = [`${VILLAGE}003`, `${VILLAGE}004`]
  const share = (buildings: object[] = []) => ({ areas: [], buildings, households: [] })
  await change(
    {
      kind: 'split',
      code: ONE,
      parts: [
        { code: west, name: '西', share: share() },
        { code: east, name: '东', share: share([{ estate: '新楼', building: null }]) },
      ],
      rest: 0,
    },
    ONE,
    [west, east],
  )
  await holds(440)
  const after = (await w.get(desk, `/api/watches/${led.id}`)).body
  expect([after.area, after.code.startsWith(west), after.doors, after.leader.name]).toEqual([
    west,
    true,
    led.doors,
    '联防长',
  ])
  expect(
    await w.sql(
      `select distinct w.area from watch_door d join watch w on w.county = d.county and w.id = d.watch_id join household h on h.id = d.household_id where h.estate = '新楼'`,
    ),
  ).toEqual([{ area: east }])
  expect((await w.sql(`select area from team where id = $1`, [team.teamId]))[0]).toEqual({ area: west })
  // The neighbour's county takes the whole grid over.
  const there = `${B}001001003`
  await change({ kind: 'move', code: west, to: `${B}001001`, as: there }, west, [there])
  const moved = await w.sql(
    `select county, area, leader_name from watch where leader_account = $1 and ended_at is null`,
    [leader.id],
  )
  expect(moved).toEqual([{ county: B, area: there, leader_name: '联防长' }])
  expect((await w.get(await w.desk(B), `/api/watches/coverage?area=${there}`)).body).toMatchObject({
    holds: true,
    astray: 0,
  })
  expect(await coverage()).toMatchObject({ holds: true, astray: 0 })
  const teams = await w.sql(
    `select county, area, ended_why, cardinality(observations)::int as n from team where household_id = $1 order by ended_at nulls last`,
    [home.householdId],
  )
  expect(teams).toEqual([
    { county: A, area: west, ended_why: 'moved', n: 0 },
    { county: B, area: there, ended_why: null, n: 1 },
  ])
})

test('scope: another county finds none, a worker reads and changes only his grid, who has no duty has nothing', async () => {
  const other = await w.desk('320102002')
  const [one] = (await watches()).items
  expect((await w.get(other, `/api/watches/${one.id}`)).status).toBe(404)
  expect((await w.get(other, `/api/watches?area=${VILLAGE}`)).status).toBe(404)
  expect((await w.post(other, `/api/watches/${one.id}/rename`, { name: '越权' })).status).toBe(404)
  expect((await w.post(other, '/api/watches/make', { area: VILLAGE, seal: 'x' })).status).toBe(404)
  const far = await w.member('worker', [`${A}002002002`])
  expect((await w.post(far, `/api/watches/${one.id}/rename`, { name: '越权' })).status).toBe(404)
  expect((await w.post(far, '/api/watches/make', { area: `${A}002002002`, seal: 'x' })).status).toBe(403)
  const nobody = w.actor({ area: '', roles: ['worker'], scope: [] })
  expect([403, 404]).toContain((await w.get(nobody, '/api/watches')).status)
})
