import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  AreaAnswer,
  BuildingsAnswer,
  ChangeEffects,
  ChangesAnswer,
  ChangeView,
  ChildrenAnswer,
  DoorsAnswer,
  ImportAnswer,
  SearchAnswer,
} from '@weiwang/domain/areas/api'
import { addDays } from '@weiwang/domain/core/day'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { allDivisions } from './divisions.ts'
import { useBoundaries } from './boundaries.ts'
import { followChange } from './following.ts'
import { generateGrids } from './generate-grids.ts'
import { loadDivisions } from './load.ts'
import { areaRoutes } from './routes.ts'
import { standsAt, successorsNow } from './store.ts'

const VILLAGE = '320105001012'
let t: TestServer

beforeAll(async () => {
  t = await testServer({ routes: [areaRoutes] })
  await t.server.asSystem('areas.load', loadDivisions)
})
afterAll(() => t.close())

const operator = () => t.actor({ area: '320105', roles: ['operator'] })
const chief = () => t.actor({ area: '320105', roles: ['chief'] })
/** Grids that are as they are since before today, so that they may change today. */
async function grids(village: string, sizes: number[]): Promise<void> {
  for (const [i, n] of sizes.entries()) {
    const code = `${village}${String(i + 1).padStart(3, '0')}`
    await t.sql(
      `insert into area (code, parent, level, name, kind, households, valid_from) values ($1, $2, 6, $3, 'comprehensive', $4, '2020-01-01')`,
      [code, village, `第${i + 1}网格`, n],
    )
  }
}
const today = () => t.server.clock.today()
const get = async (code: string, day?: string) =>
  AreaAnswer.parse(
    (await t.request(operator(), 'GET', `/api/areas/${code}${day === undefined ? '' : `?asOf=${day}`}`)).body,
  )

describe('divisions', () => {
  test('AREA-1: everything is loaded once; a second load changes nothing', async () => {
    const again = await t.server.asSystem('areas.load', loadDivisions)
    expect(again).toEqual({ areas: allDivisions().length, added: 0 })
    const [{ n, orphans }] = await t.sql(
      `select count(*)::int as n, count(*) filter (where parent is not null and not exists (select from area p where p.code = area.parent))::int as orphans from area`,
    )
    expect([n, orphans]).toEqual([allDivisions().length, 0])
  })

  test('AREA-1: path, counts of children and pages that neither repeat nor miss', async () => {
    const area = await get('320105001')
    expect(area.path.map((p) => p.name)).toEqual(['江苏省', '南京市', '建邺区', '莫愁湖街道'])
    expect(area.children).toBe(13)
    const seen: string[] = []
    for (let cursor = ''; ;) {
      const page = ChildrenAnswer.parse(
        (await t.request(operator(), 'GET', `/api/areas/320105001/children?limit=5${cursor}`)).body,
      )
      seen.push(...page.items.map((i) => i.code))
      expect(page.total).toBe(13)
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    expect(new Set(seen).size).toBe(13)
    expect(ChildrenAnswer.parse((await t.request(operator(), 'GET', '/api/areas/0/children')).body).total).toBe(34)
    expect(
      ChildrenAnswer.parse((await t.request(operator(), 'GET', '/api/areas?level=3&within=32&limit=1')).body).total,
    ).toBe(104)
  })

  test.each([
    ['莫愁湖', '', '320105001', 'name'],
    ['湖街道', '&within=320105', '320105001', 'name'],
    ['mochouhu', '', '320105001', 'pinyin'],
    ['mch', '&within=3201', '320105001', 'pinyin'],
    ['港闸区', '', '320613', 'alias'],
    ['luhe', '', '320116', 'pinyin'],
    ['320105001', '', '320105001', 'code'],
    ['武汉', '&level=2', '4201', 'name'],
  ])('AREA-3: search finds %s', async (q, more, code, by) => {
    const { items } = SearchAnswer.parse(
      (await t.request(operator(), 'GET', `/api/areas/search?q=${encodeURIComponent(q)}${more}`)).body,
    )
    expect(items.find((i) => i.code === code)?.by).toBe(by)
    expect(items.length).toBeLessThanOrEqual(20)
  })

  test('AREA-3: what could be a pattern is text', async () => {
    for (const q of ['%', '_', "';--", '\\', '%25']) {
      const answer = await t.request(operator(), 'GET', `/api/areas/search?q=${encodeURIComponent(q)}`)
      expect([answer.status, answer.body.items]).toEqual([200, []])
    }
  })

  test('ACCESS-1: without a scope there is nothing (case 7)', async () => {
    const nobody = t.actor({ area: '320105', roles: ['operator'], scope: [] })
    for (const url of ['/api/areas/320105', '/api/areas/0/children', '/api/areas/search?q=a', '/api/areas?level=3'])
      expect((await t.request(nobody, 'GET', url)).status).toBe(403)
    expect((await t.request(null, 'GET', '/api/areas/320105')).status).toBe(401)
  })
})

describe('changes', () => {
  const share = (s: object = {}) => ({ areas: [], buildings: [], households: [], ...s })
  const splitPlan = (code: string) => ({
    kind: 'split',
    code,
    parts: [
      { name: '西网格', share: share() },
      { name: '东网格', share: share({ buildings: [{ estate: '阳光花园', building: null }] }) },
    ],
    rest: 0,
  })

  test('ACCESS-6, AREA-5: a split is previewed with counts, proposed, and applied by a second person', async () => {
    await grids(VILLAGE, [900, 300])
    const old = `${VILLAGE}001`
    const emergency = await t.openEmergency('32')
    for (const [i, estate] of ['阳光花园', '阳光花园', null].entries()) {
      const id = randomUUID()
      await t.sql(
        `insert into household (county, id, area, emergency_id, kind, use, estate, building, source, created_at, updated_at) values ('320105', $1, $2, $3, 'home', 'self', $4, $5, 'test', now(), now())`,
        [id, old, emergency, estate, String(i)],
      )
    }
    const proposer = operator()
    const preview = await t.request(proposer, 'POST', '/api/areas/changes/preview', {
      plan: splitPlan(old),
      onDay: today(),
    })
    const effects = ChangeEffects.parse(preview.body)
    expect(effects).toMatchObject({
      households: 3,
      ends: [{ code: old }],
      begins: [
        { code: `${VILLAGE}003`, households: 1 },
        { code: `${VILLAGE}004`, households: 2 },
      ],
    })
    expect(await t.sql('select 1 from area_change')).toEqual([])

    const proposed = ChangeView.parse(
      (await t.request(proposer, 'POST', '/api/areas/changes', { plan: splitPlan(old), onDay: today() })).body,
    )
    expect(proposed).toMatchObject({ state: 'proposed', mayDecide: false, area: VILLAGE })
    const own = await t.request(
      { ...proposer, roles: ['operator', 'chief'] },
      'POST',
      `/api/areas/changes/${proposed.id}/apply`,
      {},
    )
    expect([own.status, own.body.code]).toEqual([403, 'AREA_NEEDS_SECOND'])
    expect((await t.request(operator(), 'POST', `/api/areas/changes/${proposed.id}/apply`, {})).status).toBe(403)
    const stranger = t.actor({ area: '320106', roles: ['chief'] })
    expect((await t.request(stranger, 'POST', `/api/areas/changes/${proposed.id}/apply`, {})).status).toBe(404)

    const list = ChangesAnswer.parse((await t.request(chief(), 'GET', '/api/areas/changes?state=proposed')).body)
    expect(list).toMatchObject({ total: 1, items: [{ id: proposed.id, mayDecide: true }] })
    const applied = await t.request(chief(), 'POST', `/api/areas/changes/${proposed.id}/apply`, {})
    expect(ChangeView.parse(applied.body)).toMatchObject({ state: 'applied', mayDecide: false })
    const again = await t.request(chief(), 'POST', `/api/areas/changes/${proposed.id}/apply`, {})
    expect([again.status, again.body.code]).toEqual([409, 'AREA_CHANGE_DECIDED'])

    // As organised then and now.
    const yesterday = addDays(today(), -1)
    expect(await get(old, yesterday)).toMatchObject({ validTo: yesterday })
    expect((await get(old)).successors.map((s) => s.code)).toEqual([`${VILLAGE}003`, `${VILLAGE}004`])
    expect((await get(`${VILLAGE}003`)).predecessors.map((s) => s.code)).toEqual([old])
    const before = ChildrenAnswer.parse(
      (await t.request(operator(), 'GET', `/api/areas/${VILLAGE}/children?asOf=${yesterday}`)).body,
    )
    const after = ChildrenAnswer.parse((await t.request(operator(), 'GET', `/api/areas/${VILLAGE}/children`)).body)
    expect(before.items.map((i) => i.code.slice(-3))).toEqual(['001', '002'])
    expect(after.items.map((i) => i.code.slice(-3))).toEqual(['002', '003', '004'])
    expect(
      (await t.sql(`select verb from audit where thing_id = $1 and outcome = 'done' order by at`, [proposed.id])).map(
        (r) => r.verb,
      ),
    ).toEqual(['area.propose', 'area.apply'])
  })

  test('AREA-5: rooms that hold doors learn where each goes', async () => {
    const [{ id }] = await t.sql(`select id from area_change where kind = 'split' and state = 'applied'`)
    await t.server.asSystem('test', async (ctx) => {
      const following = await followChange(ctx.db, id)
      const door = { id: randomUUID(), area: `${VILLAGE}001`, estate: null, building: null }
      expect(following).toMatchObject({ onDay: today(), tops: [`${VILLAGE}001`] })
      expect(following?.goesTo(door)).toBe(`${VILLAGE}003`)
      expect(following?.goesTo({ ...door, estate: '阳光花园', building: '7' })).toBe(`${VILLAGE}004`)
      expect(following?.stands(`${VILLAGE}001`)).toBe(VILLAGE)
      expect(await followChange(ctx.db, randomUUID())).toBeNull()
    })
  })

  test('AREA-10: figures of an old code stand at its one successor, or at the parent when there are several', async () => {
    await t.server.asSystem('test', async (ctx) => {
      expect((await successorsNow(ctx.db, [`${VILLAGE}001`, `${VILLAGE}002`])).get(`${VILLAGE}001`)).toEqual([
        `${VILLAGE}003`,
        `${VILLAGE}004`,
      ])
      const stands = await standsAt(ctx.db, [`${VILLAGE}001`, `${VILLAGE}002`, `${VILLAGE}999`, '320105'])
      expect(Object.fromEntries(stands)).toEqual({
        [`${VILLAGE}001`]: VILLAGE,
        [`${VILLAGE}002`]: `${VILLAGE}002`,
        [`${VILLAGE}999`]: VILLAGE,
        '320105': '320105',
      })
    })
  })

  test('AREA-10: successors are followed through several changes', async () => {
    const village = '320105001001'
    await grids(village, [300, 200, 300])
    const go = async (plan: object, onDay = today()) => {
      const proposed = ChangeView.parse(
        (await t.request(operator(), 'POST', '/api/areas/changes', { plan, onDay })).body,
      )
      const answer = await t.request(chief(), 'POST', `/api/areas/changes/${proposed.id}/apply`, {})
      expect(answer.status).toBe(200)
    }
    await go({ kind: 'merge', codes: [`${village}001`, `${village}002`], name: '合并网格' }, addDays(today(), -3))
    await go({ kind: 'move', code: `${village}004`, to: '320105001004' }, addDays(today(), -1))
    await go({ kind: 'rename', code: '320105001004001', name: '迁来网格' })
    await t.server.asSystem('test', async (ctx) => {
      expect((await successorsNow(ctx.db, [`${village}001`])).get(`${village}001`)).toEqual(['320105001004001'])
    })
    const moved = await get('320105001004001')
    expect(moved).toMatchObject({ name: '迁来网格', households: 500 })
    expect(moved.aliases).toContainEqual({ alias: '合并网格', kind: 'old' })
    expect((await get('320105001004001', addDays(today(), -1))).name).toBe('合并网格')
    const found = SearchAnswer.parse(
      (await t.request(operator(), 'GET', `/api/areas/search?q=${encodeURIComponent('合并网')}&within=320105`)).body,
    )
    expect(found.items.map((i) => i.code)).toEqual(['320105001004001'])
  })

  test('AREA-9: not before its day, not when the present has moved on, not with a day out of reach', async () => {
    const village = '320105001003'
    await grids(village, [300, 300])
    const plan = splitPlan(`${village}001`)
    const later = ChangeView.parse(
      (await t.request(operator(), 'POST', '/api/areas/changes', { plan, onDay: addDays(today(), 5) })).body,
    )
    expect((await t.request(chief(), 'POST', `/api/areas/changes/${later.id}/apply`, {})).body.code).toBe(
      'AREA_NOT_YET',
    )
    const now = ChangeView.parse(
      (await t.request(operator(), 'POST', '/api/areas/changes', { plan, onDay: today() })).body,
    )
    await t.sql(
      `insert into area (code, parent, level, name, kind, valid_from) values ($1, $2, 7, '1号楼', 'building', '2020-01-01')`,
      [`${village}001001`, `${village}001`],
    )
    expect((await t.request(chief(), 'POST', `/api/areas/changes/${now.id}/apply`, {})).body.code).toBe(
      'AREA_CHANGED_SINCE',
    )
    expect((await t.request(operator(), 'POST', '/api/areas/changes', { plan, onDay: '2019-12-31' })).body.code).toBe(
      'AREA_DAY_TOO_FAR',
    )
    const taken = ChangeView.parse((await t.request(chief(), 'POST', `/api/areas/changes/${now.id}/refuse`, {})).body)
    expect(taken.state).toBe('refused')
  })

  test('ACCESS-3: areas outside the scope are not found for changing, and nothing is written', async () => {
    await grids('320106003001', [300, 300])
    const plan = splitPlan('320106003001001')
    expect((await t.request(operator(), 'POST', '/api/areas/changes/preview', { plan, onDay: today() })).status).toBe(
      404,
    )
    expect((await t.request(operator(), 'POST', '/api/areas/changes', { plan, onDay: today() })).status).toBe(404)
    const across = { kind: 'move', code: `${VILLAGE}002`, to: '320106003001' }
    expect((await t.request(operator(), 'POST', '/api/areas/changes', { plan: across, onDay: today() })).status).toBe(
      403,
    )
    expect(
      (
        await t.request(t.actor({ area: '320105', roles: ['worker'] }), 'POST', '/api/areas/changes', {
          plan: splitPlan(`${VILLAGE}002`),
          onDay: today(),
        })
      ).status,
    ).toBe(403)
  })
})

describe('AREA-5: what a split can share out', () => {
  test('buildings with their doors, and the doors of one in the order of their numbers, paged; for who may propose', async () => {
    const grid = '320105004001001'
    const door = (estate: string | null, building: string | null, number: string) =>
      t.sql(
        `insert into household (county, id, area, emergency_id, kind, use, estate, building, door, source, created_at, updated_at)
         values ('320105', $1, $2, $1, 'home', 'self', $3, $4, $5, 'test', now(), now())`,
        [randomUUID(), grid, estate, building, number],
      )
    for (const n of ['101', '1001', '102']) await door('红星里', '2幢', n)
    await door('红星里', '1幢', '101')
    await door(null, null, '9号')
    const ask = (path: string, who = operator()) => t.request(who, 'GET', `/api/areas/${grid}/${path}`)
    const first = BuildingsAnswer.parse((await ask('buildings?limit=2')).body)
    const rest = BuildingsAnswer.parse((await ask(`buildings?limit=2&cursor=${first.next ?? ''}`)).body)
    expect([first.total, rest.next]).toEqual([3, null])
    expect([...first.items, ...rest.items]).toEqual([
      { estate: null, building: null, doors: 1 },
      { estate: '红星里', building: '1幢', doors: 1 },
      { estate: '红星里', building: '2幢', doors: 3 },
    ])
    const query = `doors?${new URLSearchParams({ estate: '红星里', building: '2幢', limit: '2' })}`
    const two = DoorsAnswer.parse((await ask(query)).body)
    const last = DoorsAnswer.parse((await ask(`${query}&cursor=${two.next ?? ''}`)).body)
    expect([...two.items, ...last.items].map((one) => one.door)).toEqual(['101', '102', '1001'])
    expect([two.total, last.next]).toEqual([3, null])
    expect((await ask('doors')).body.items.map((one: { door: string }) => one.door)).toEqual(['9号'])
    expect((await ask('buildings', t.actor({ area: grid, roles: ['worker'] }))).status).toBe(403)
    expect((await ask('buildings', t.actor({ area: '320106', roles: ['operator'] }))).status).toBe(404)
  })
})

describe('import of grids', () => {
  const url = '/api/areas/grids/import'
  test('AREA-4: rows as JSON: checked first, then written once; the same again changes nothing', async () => {
    const rows = [
      { village: '320105002001', grid: '1', households: '320' },
      { village: '没有的社区', grid: '1' },
    ]
    const check = ImportAnswer.parse(
      (await t.request(operator(), 'POST', url, { area: '320105', rows, check: true })).body,
    )
    expect(check).toMatchObject({ changeId: null, added: 1, errors: [{ row: 3, column: 'village' }] })
    expect(await t.sql(`select 1 from area where code = '320105002001001'`)).toEqual([])
    const done = ImportAnswer.parse((await t.request(operator(), 'POST', url, { area: '320105', rows })).body)
    expect(done).toMatchObject({ added: 1, unchanged: 0 })
    const again = ImportAnswer.parse((await t.request(operator(), 'POST', url, { area: '320105', rows })).body)
    expect(again).toMatchObject({ added: 0, unchanged: 1, changeId: null })
  })

  test('AREA-4: a GB18030 CSV under a title line', async () => {
    // Bytes of "网格表\n村（社区）编码,网格号,名称,类型,户数\n320105002002,1,东网格,综合,410\n" in GB18030.
    const csv = Buffer.from(
      'cdf8b8f1b1ed0ab4e5a3a8c9e7c7f8a3a9b1e0c2eb2ccdf8b8f1bac52cc3fbb3c62cc0e0d0cd2cbba7cafd0a3332303130353030323030322c312cb6abcdf8b8f12cd7dbbacf2c3431300a',
      'hex',
    )
    const boundary = 'x'
    const part = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const body = Buffer.concat([
      Buffer.from(
        `${part('area', '320105')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="grids.csv"\r\nContent-Type: text/csv\r\n\r\n`,
      ),
      csv,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    const answer = await t.request(operator(), 'POST', url, body, {
      'content-type': `multipart/form-data; boundary=${boundary}`,
    })
    expect(ImportAnswer.parse(answer.body)).toMatchObject({ added: 1, errors: [] })
    expect(await get('320105002002001')).toMatchObject({ name: '东网格', households: 410, kind: 'comprehensive' })
  })

  test('AREA-4: a note names the line of the file, under a title too', async () => {
    const text = '网格表\n社区,网格号,户数\n320105002003,1,400\n没有的社区,2,400\n'
    const body = `--b\r\ncontent-disposition: form-data; name="area"\r\n\r\n320105\r\n--b\r\ncontent-disposition: form-data; name="check"\r\n\r\ntrue\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="g.csv"\r\n\r\n${text}\r\n--b--\r\n`
    const answer = await t.request(operator(), 'POST', url, body, { 'content-type': 'multipart/form-data; boundary=b' })
    expect(ImportAnswer.parse(answer.body)).toMatchObject({
      changeId: null,
      added: 1,
      errors: [{ row: 4, column: 'village', value: '没有的社区' }],
    })
  })

  test('AREA-4: generated grids: for villages that have none, once', async () => {
    const sizes = [
      { code: '320105006001', households: 1300 },
      { code: VILLAGE, households: 1300 },
    ]
    const run = () => t.server.asSystem('test', (ctx) => generateGrids(ctx, sizes, '2020-01-01'))
    expect(await run()).toEqual({ grids: 3, villages: 1 })
    expect(await run()).toEqual({ grids: 0, villages: 0 })
  })

  test('ACCESS-3: into an area of others: not found', async () => {
    expect((await t.request(operator(), 'POST', url, { area: '320106', rows: [] })).status).toBe(404)
    expect((await t.request(operator(), 'POST', url, { area: '32', rows: [] })).status).toBe(404)
  })
})

test('AREA-11: outlines say what they are, and say so when there are none', async () => {
  const square: [number, number][] = [
    [118, 32],
    [119, 32],
    [119, 33],
    [118, 32],
  ]
  const feature = {
    type: 'Feature' as const,
    id: '320105',
    properties: { name: '建邺区', centre: null },
    geometry: { type: 'MultiPolygon' as const, coordinates: [[square]] },
  }
  useBoundaries(() => ({ source: 'test', datum: 'GCJ-02', features: [feature] }))
  const below = await t.request(operator(), 'GET', '/api/areas/boundaries/3201')
  expect(below.body).toMatchObject({
    datum: 'GCJ-02',
    note: { zh: '示意图', en: 'schematic' },
    features: [{ id: '320105' }],
  })
  expect((await t.request(operator(), 'GET', '/api/areas/boundaries/320105?self=true')).body.features).toHaveLength(1)
  useBoundaries(() => null)
  const none = await t.request(operator(), 'GET', '/api/areas/boundaries/3201')
  expect([none.status, none.body.features, none.body.datum]).toEqual([200, [], null])
  expect(none.body.note.en).toMatch(/no outlines/)
})
