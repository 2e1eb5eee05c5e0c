import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import { citizen, COUNTY, GRID, GRID2, OTHER_GRID, place, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'

let t: Place
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

type Row = Record<string, unknown>
const imported = (rows: Row[], area = COUNTY, source = 'police') =>
  t.request(t.as(area), 'POST', '/api/households/import', {
    area,
    source,
    rows: rows.map((r, i) => ({ row: i + 1, ...r })),
  })

describe('importing a register (PEOPLE-12)', () => {
  const rows: Row[] = [
    {
      externalId: 'H1',
      grid: GRID,
      address: '临顿路1号',
      kind: '住宅',
      use: '自住',
      estate: '梅园',
      building: '1',
      door: '101',
      name: '钱大',
      document: citizen('1970-01-01'),
      phone: '13833330001',
    },
    {
      externalId: 'H1',
      grid: GRID,
      address: '临顿路1号',
      kind: '住宅',
      use: '自住',
      estate: '梅园',
      building: '1',
      door: '101',
      name: '钱小',
      birth: '2015-06-01',
    },
    { externalId: 'H2', grid: GRID2, address: '临顿路2号', kind: '店铺', use: '出租' },
    {
      externalId: 'H3',
      grid: GRID2,
      address: '临顿路3号',
      kind: 'group_rental',
      name: '孙二',
      document: 'E87654321',
      phone: '138',
    },
  ]

  it('creates, and the second time changes nothing (case 13)', async () => {
    const first = (await imported(rows)).body
    expect(first).toMatchObject({
      households: { created: 3, updated: 0, unchanged: 0 },
      people: { created: 3, updated: 0, unchanged: 0, held: 0 },
      rejected: 0,
    })
    expect(first.rows).toMatchObject([
      { row: 4, outcome: 'created', fault: { column: 'phone', reason: 'PHONE_INVALID' } },
    ])
    const before = await t.sql(
      'select to_jsonb(r) as r from residence r union all select to_jsonb(h) from household h union all select to_jsonb(p) from person p',
    )
    const second = (await imported(rows)).body
    expect(second).toMatchObject({
      households: { created: 0, updated: 0, unchanged: 3 },
      people: { created: 0, updated: 0, unchanged: 3, held: 0 },
    })
    expect(
      await t.sql(
        'select to_jsonb(r) as r from residence r union all select to_jsonb(h) from household h union all select to_jsonb(p) from person p',
      ),
    ).toEqual(before)
  })

  it('gives every bad row its reason and remedy, and takes the others (case 64)', async () => {
    const { body } = await imported([
      { externalId: 'B1', grid: '320508001001099', name: '甲' },
      { externalId: 'B2', grid: OTHER_GRID, name: '乙' },
      { externalId: 'B3', grid: GRID, kind: '城堡' },
      { externalId: 'B4', grid: GRID, name: '丙', document: '3.20102E+17' },
      { externalId: 'B5', grid: GRID, name: '丁', document: '320508199002300010' },
      { grid: GRID, name: '戊' },
      { externalId: 'B7', name: '己', address: '看不懂' },
      { externalId: 'B8', grid: VILLAGE },
      { externalId: 'B9', grid: GRID, use: '天知道' },
      { externalId: 'OK', grid: GRID, name: '好人', phone: '13833330009' },
    ])
    expect(body.rows.map((r: { row: number; fault: { reason: string } }) => [r.row, r.fault.reason])).toEqual([
      [1, 'GRID_UNKNOWN'],
      [2, 'GRID_OUTSIDE'],
      [3, 'KIND_UNKNOWN'],
      [4, 'DOCUMENT_FLOAT'],
      [5, 'DOCUMENT_DATE'],
      [6, 'HOUSEHOLD_UNNAMED'],
      [7, 'ADDRESS_NOT_FOUND'],
      [8, 'GRID_UNKNOWN'],
      [9, 'USE_UNKNOWN'],
    ])
    expect(
      body.rows.every(
        (r: { fault: { remedy: { zh: string; en: string } } }) => r.fault.remedy.zh !== '' && r.fault.remedy.en !== '',
      ),
    ).toBe(true)
    expect([body.rejected, body.people.created, body.households.created]).toEqual([9, 1, 1])
  })

  it('moves members with their household, and counts them where they are', async () => {
    const moved = rows.map((r) => (r['externalId'] === 'H1' ? { ...r, grid: GRID2 } : r))
    expect((await imported(moved)).body).toMatchObject({
      households: { updated: 1, unchanged: 2 },
      people: { updated: 2, unchanged: 1 },
    })
    const [h] = await t.sql("select id, members, area from household where external_id = 'H1'")
    expect(h).toMatchObject({ members: 2, area: GRID2 })
    const view = (await t.request(t.as(GRID2, ['worker']), 'GET', `/api/households/${h.id}`)).body
    expect(view.people.map((p: { masked: string }) => p.masked).toSorted()).toEqual(['钱*', '钱*'])
    expect(view.people.every((p: { area: string }) => p.area === GRID2)).toBe(true)
  })

  it('resolves a row without a grid by its address', async () => {
    const { body } = await imported([{ externalId: 'R1', address: '平江街道历史街区社区12号' }])
    expect(body.households.created).toBe(1)
    expect((await t.sql("select area from household where external_id = 'R1'"))[0].area).toBe('320508001002001')
  })

  it('makes no doubles of ten parallel imports (case 76)', async () => {
    const some = Array.from({ length: 20 }, (_, i) => ({
      externalId: `P${i}`,
      grid: GRID,
      name: `并行${i}`,
      phone: `1384444${String(1000 + i)}`,
    }))
    const answers = await Promise.all(Array.from({ length: 10 }, () => imported(some)))
    expect(answers.map((a) => a.status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(answers.reduce((sum, a) => sum + a.body.households.created, 0)).toBe(20)
    expect(answers.reduce((sum, a) => sum + a.body.people.created, 0)).toBe(20)
    expect(Number((await t.sql("select count(*) as n from household where external_id like 'P%'"))[0].n)).toBe(20)
    expect(
      (await t.sql("select distinct members from household where external_id like 'P%'")).map((r) => r.members),
    ).toEqual([1])
  })

  it('is not for a worker, and leaves one audit line', async () => {
    expect(
      (
        await t.request(t.as(COUNTY, ['worker']), 'POST', '/api/households/import', {
          area: COUNTY,
          source: 'police',
          rows: [{ row: 1 }],
        })
      ).status,
    ).toBe(403)
    const desk = t.as(COUNTY)
    await t.request(desk, 'POST', '/api/households/import', {
      area: COUNTY,
      source: 'police',
      rows: [{ row: 1, externalId: 'H9', grid: GRID }],
    })
    expect(await t.sql('select verb, outcome from audit where actor = $1', [desk.id])).toEqual([
      { verb: 'household.import', outcome: 'done' },
    ])
  })
})

describe('a household at the door', () => {
  const create = (of: Row, area = GRID) =>
    t.request(t.as(area, ['worker']), 'POST', '/api/households', { id: randomUUID(), area, kind: 'home', ...of })

  it('shows the near one before a second is made, and goes on with a reason (case 9)', async () => {
    expect(
      (await create({ address: '十全街7号', members: [{ name: 'Nomsa Dlamini', phone: '13855550000' }] })).status,
    ).toBe(200)
    const again = await create({ address: '十全街 7号', members: [{ name: 'Nomsa Dlamni', phone: '13855550000' }] })
    expect([again.status, again.body.code]).toEqual([409, 'NEAR_HOUSEHOLD'])
    expect(again.body.details.households).toHaveLength(1)
    expect(again.body.details.people[0].person.masked).toBe('N** D**')
    const shown = await t.request(t.as(GRID, ['worker']), 'POST', '/api/households/near', {
      area: GRID,
      address: '十全街7号',
    })
    expect(shown.body.items[0].reasons[0].zh).toBe('地址相同')
    expect(
      (
        await create({
          address: '十全街7号',
          members: [{ name: 'Nomsa Dlamni', phone: '13855550000' }],
          continueReason: '合租的另一户',
        })
      ).status,
    ).toBe(200)
    expect(
      Number((await t.sql("select count(*) as n from person_review where kind = 'near_name'"))[0].n),
    ).toBeGreaterThan(0)
  })

  it('makes one of a hundred parallel creations, by id and by door (case 76)', async () => {
    const id = randomUUID()
    const same = await Promise.all(Array.from({ length: 50 }, () => create({ id, address: '百口井1号' })))
    expect(same.map((a) => a.status)).toEqual(Array.from({ length: 50 }, () => 200))
    expect(same.filter((a) => a.body.outcome === 'created')).toHaveLength(1)
    const others = await Promise.all(Array.from({ length: 50 }, () => create({ address: '百口井2号' })))
    expect(others.filter((a) => a.status === 200)).toHaveLength(1)
    expect(others.filter((a) => a.status === 409)).toHaveLength(49)
  })

  it('refuses a village, an unknown grid and a wrong number, each by name', async () => {
    expect((await create({ area: VILLAGE, address: 'x1号' }, VILLAGE)).body.code).toBe('AREA_NOT_GRID')
    expect((await create({ area: `${VILLAGE}088` }, VILLAGE)).body.code).toBe('AREA_UNKNOWN')
    const wrong = await create({ address: 'y1号', members: [{ name: '某某', document: '110105194912310021' }] })
    expect([wrong.body.code, wrong.body.at]).toEqual(['DOCUMENT_CHECK', 'members.0.document'])
  })

  it('brings a person along whom the writer sees behind another door, and closes the old residence', async () => {
    const number = citizen('1988-08-08')
    await create({ address: '吴中1号', members: [{ name: '迁居人', document: number }] }, OTHER_GRID)
    const here = await t.request(t.as('3205'), 'POST', '/api/households', {
      id: randomUUID(),
      area: GRID,
      kind: 'home',
      address: '姑苏9号',
      members: [{ name: '迁居人', document: number }],
    })
    expect(here.body.members[0].outcome).toBe('unchanged')
    await t.drain()
    expect(t.events.some((e) => e.event === 'person.moved' && JSON.stringify(e.payload).includes(OTHER_GRID))).toBe(
      true,
    )
    expect(
      (await t.request(t.as(OTHER_GRID, ['worker']), 'GET', `/api/people/${here.body.members[0].personId}`)).status,
    ).toBe(404)
    expect((await t.sql('select members from household where area = $1', [OTHER_GRID]))[0].members).toBe(0)
  })

  it('keeps a member in the household when the same grid is all that is said', async () => {
    const number = citizen('1989-09-09')
    const made = await create({ address: '同网格5号', members: [{ name: '常住人', document: number }] })
    const again = await t.request(t.as(GRID, ['worker']), 'POST', '/api/people', {
      name: '常住人',
      document: number,
      area: GRID,
    })
    expect(again.body.outcome).toBe('unchanged')
    const view = await t.request(t.as(GRID, ['worker']), 'GET', `/api/households/${made.body.household.id}`)
    expect([view.body.members, view.body.people.length]).toEqual([1, 1])
  })

  it('masks doors in lists above a grid', async () => {
    await create({ estate: '竹园', building: '2', door: '303', address: '竹园2-303' })
    const above = (await t.request(t.as(COUNTY), 'GET', '/api/households?estate=竹园')).body.items[0]
    const inside = (await t.request(t.as(GRID, ['worker']), 'GET', '/api/households?estate=竹园')).body.items[0]
    expect([above.door, inside.door]).toEqual(['*', '303'])
  })
})

describe('a person at the door (case 9)', () => {
  const create = (of: Row) => t.request(t.as(GRID, ['worker']), 'POST', '/api/people', { area: GRID, ...of })
  it('shows near ones, goes on with a reason, reads wrong fields as such', async () => {
    expect((await create({ name: '陶三春', birth: '1950-03-03' })).body.outcome).toBe('created')
    const near = await create({ name: '陶三椿', birth: '1950', phone: '13866660000' })
    expect([near.status, near.body.code, near.body.details.candidates[0].reasons[0].zh]).toEqual([
      409,
      'NEAR_PERSON',
      '姓名同音',
    ])
    expect(
      (await create({ name: '陶三椿', birth: '1950', phone: '13866660000', continueReason: '是堂妹' })).body.outcome,
    ).toBe('created')
    // The trail says that it was continued, never what was typed.
    const trail = await t.sql(`select detail from audit where verb = 'person.create' order by at desc, id desc limit 1`)
    expect(trail).toEqual([{ detail: { outcome: 'created', continued: true } }])
    expect((await create({ name: '陶三春', birth: '1950-03-03' })).body.outcome).toBe('unchanged')
    expect((await create({ name: '某人', phone: '65221111' })).body).toMatchObject({
      code: 'PHONE_NO_AREA',
      at: 'phone',
    })
    expect((await create({ name: '无名氏' })).body.code).toBe('PERSON_TOO_LITTLE')
  })
})
