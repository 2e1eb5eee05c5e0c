import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizen, COUNTY, document, GRID, GRID2, OTHER_GRID, place, row, VILLAGE } from '../people/place.fixture.ts'
import type { Place } from '../people/place.fixture.ts'
import { rebuildStats } from './rebuild.ts'

/** STAT-15: the total of a list of everybody is a counter, and has to be what the list holds at every level. */
let t: Place
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

const PLACES = ['32', '3205', COUNTY, '320508001', VILLAGE, GRID, GRID2, '320506', OTHER_GRID]
const desk = () => t.as('32')
const ok = async (method: 'GET' | 'POST', url: string, body?: object) => {
  const answer = await t.request(desk(), method, url, body)
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body
}

/** Every row of the list, page by page, and what it says that there are. */
async function walked(path: string, area: string): Promise<{ rows: number; total: number }> {
  for (let rows = 0, cursor = ''; ;) {
    const page = await ok('GET', `${path}?limit=7&area=${area}${cursor}`)
    rows += page.items.length
    if (page.next === null) return { rows, total: page.total }
    cursor = `&cursor=${encodeURIComponent(page.next)}`
  }
}

async function sound(): Promise<void> {
  for (const path of ['/api/people', '/api/households'])
    for (const area of PLACES) {
      const { rows, total } = await walked(path, area)
      expect(total, `${path} of ${area}`).toBe(rows)
    }
  expect((await rebuildStats(t.server, { repair: false })).stock).toEqual([])
}

const person = async (name: string, birth: string, n: number, area: string): Promise<string> => {
  const [made] = await t.register([
    row({ document: document(citizen(birth, n)), name, area, placed: area.length === 15 }),
  ])
  return made?.personId ?? ''
}
const total = async (area: string) => (await ok('GET', `/api/people?limit=1&area=${area}`)).total

describe('people and doors of the register as counters', () => {
  it('counts who is new once, whoever says so and however often', async () => {
    for (const [i, area] of [GRID, GRID, GRID2, VILLAGE, COUNTY, '3205', OTHER_GRID].entries())
      await person(`人${'甲乙丙丁戊己庚'[i]}`, '1971-01-01', i + 1, area)
    await sound()
    expect(await total('32')).toBe(7)
    const again = row({ document: document(citizen('1971-01-01', 1)), name: '人甲', area: GRID })
    await Promise.all(Array.from({ length: 20 }, () => t.register([again])))
    const twice = row({ document: document(citizen('1972-01-01', 9)), name: '新来', area: GRID })
    await Promise.all(Array.from({ length: 20 }, () => t.register([twice])))
    await sound()
    expect(await total('32')).toBe(8)
  })

  it('follows moves, into another county too', async () => {
    const id = await person('搬家', '1973-01-01', 1, GRID)
    const before = await total(COUNTY)
    const { today } = { today: t.server.clock.today() }
    await ok('POST', `/api/people/${id}/move`, { area: GRID2, fromDay: today })
    await sound()
    expect(await total(COUNTY)).toBe(before)
    await ok('POST', `/api/people/${id}/move`, { area: OTHER_GRID, fromDay: today })
    await sound()
    expect(await total(COUNTY)).toBe(before - 1)
  })

  it('joins two records into one row, moves the joined one uncounted, and takes them apart again', async () => {
    const [a, b] = [await person('张一', '1974-01-01', 1, GRID), await person('李二', '1975-01-01', 2, GRID2)]
    const before = await total('32')
    await ok('POST', '/api/people/merge', { from: a, into: b, reason: '同一人' })
    await sound()
    expect(await total('32')).toBe(before - 1)
    await ok('POST', `/api/people/${b}/move`, { area: OTHER_GRID, fromDay: t.server.clock.today() })
    await sound()
    await ok('POST', `/api/people/${a}/undo-merge`, { reason: '弄错了' })
    await sound()
    expect(await total('32')).toBe(before)
  })

  it('counts doors made by hand and by a register, and the door that the register puts into another grid', async () => {
    await ok('POST', '/api/households', { id: randomUUID(), area: GRID, kind: 'home', members: [{ name: '门内' }] })
    const line = (grid: string) => ({
      area: COUNTY,
      source: 'police',
      rows: [
        {
          row: 1,
          externalId: 'H1',
          grid,
          address: '临顿路1号',
          kind: '住宅',
          use: '自住',
          name: '户一',
          document: citizen('1976-01-01'),
        },
        { row: 2, externalId: 'H2', grid, address: '临顿路2号', kind: '店铺', use: '出租' },
      ],
    })
    await ok('POST', '/api/households/import', line(GRID))
    await ok('POST', '/api/households/import', line(GRID))
    await sound()
    expect((await ok('GET', `/api/households?area=${GRID}`)).total).toBe(3)
    await ok('POST', '/api/households/import', line(GRID2))
    await sound()
    expect((await ok('GET', `/api/households?area=${GRID2}`)).total).toBe(2)
    // Into another village only when a person says so (PEOPLE-24).
    const there = '320508001002001'
    await ok('POST', '/api/households/import', line(there))
    await sound()
    const held = await t.sql(`select id from field_conflict where decided_at is null`)
    expect(held).toHaveLength(2)
    for (const { id } of held) {
      const { seen } = await ok('POST', `/api/people/conflicts/${id}/open`, {})
      await ok('POST', `/api/people/conflicts/${id}/decide`, { decision: 'take', reason: '已核实', seen })
    }
    await t.drain()
    await sound()
    expect((await ok('GET', `/api/households?area=${there}`)).total).toBe(2)
  })

  it('counts by rows what a filter narrows, and finds and repairs a counter that is wrong', async () => {
    expect((await ok('GET', `/api/households?area=${COUNTY}&estate=没有`)).total).toBe(0)
    await t.sql(`update stat_day set n = n + 2 where metric = 'stock_people' and area = $1`, [GRID])
    await t.sql(`update stat_town set n = n - 1 where metric = 'stock_doors'`)
    const found = await rebuildStats(t.server, { repair: true })
    expect(found.stock.length).toBeGreaterThanOrEqual(2)
    expect(found.repaired).toBe(true)
    await sound()
  })
})
