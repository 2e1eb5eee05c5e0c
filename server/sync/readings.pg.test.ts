import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { item, readingPlace } from '../observation/readings.fixture.ts'
import type { Place } from '../observation/readings.fixture.ts'
import { rebuildStats } from '../stats/rebuild.ts'
import { statRoutes } from '../stats/routes.ts'
import { A } from '../tasks/world.fixture.ts'
import { pushItems } from './push.ts'

/** Readings as rooms above them see them: handed in by phones, counted in figures. */
let p: Place
let desk: Actor
let grid: string
let worker: Actor

beforeAll(async () => {
  p = await readingPlace([statRoutes])
  desk = await p.desk(A)
  grid = p.grids(A)[0] ?? ''
  worker = await p.worker(grid)
})
afterAll(() => p.close())

const states = async (of: { id: string }) =>
  (await p.sql('select state from reading_slot where observation_id = $1 order by due_at', [of.id])).map(
    (slot) => slot.state,
  )

const push = (who: Actor, key: string, items: object[], at: string) =>
  pushItems(p.server, who, [{ key, kind: 'reading.file', seq: 1, grid, at, body: { how: 'door', items } }], {
    device: randomUUID(),
    protocol: 1,
    home: who.area,
    keyCounty: A,
  })

describe('SYNC-12 readings from a phone', () => {
  test('the item reading.file: several at once, again without doubling, from a worker who does not cover it kept for the supervisor', async () => {
    p.at('2020-02-24', 8)
    const one = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000131' }) })
    const two = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000132' }) })
    const [key, items] = [randomUUID(), [item(one), item(two)]]
    expect((await push(worker, key, items, '2020-02-24T00:00:00Z'))[0]).toMatchObject({ outcome: 'accepted' })
    expect((await push(worker, key, items, '2020-02-24T00:00:00Z'))[0]).toMatchObject({ outcome: 'duplicate' })
    expect([...(await states(one)), ...(await states(two))]).toEqual(['on_time', 'on_time'])
    const other = await p.worker(p.grids(A)[4] ?? '')
    expect((await push(other, randomUUID(), [item(one)], '2020-02-24T00:00:00Z'))[0]?.outcome).toBe('held')
    expect(await p.sql('select count(*)::int as n from reading where observation_id = $1', [one.id])).toEqual([
      { n: 1 },
    ])
  })

  test('one item that cannot be taken does not keep its neighbours from arriving (case 64)', async () => {
    p.at('2020-02-25', 9)
    const of = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000141' }) })
    const [bad] = await push(worker, randomUUID(), [item(of, { temperature: 410 })], '2020-02-25T01:00:00Z')
    expect(bad).toMatchObject({ outcome: 'refused', problem: { code: 'UNLIKELY_TEMPERATURE' } })
    const [good] = await push(worker, randomUUID(), [item(of)], '2020-02-25T01:00:00Z')
    expect(good?.outcome).toBe('accepted')
  })
})

describe('READ-16 the figures (shows 6)', () => {
  test('due is on time, late and missed together; children add up; each number opens its list; a rebuild finds no difference', async () => {
    p.at('2020-02-26', 7)
    const there = p.grids(A)[5] ?? ''
    const both = [
      await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000151' }) }),
      await p.observe({ desk, personId: await p.somebody({ area: there, phone: '+8613900000152' }) }),
    ]
    p.at('2020-02-26', 10, 1)
    await p.tick()
    p.at('2020-02-26', 11)
    await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: p.server.clock.now().toISOString(),
      items: [item(both[0] ?? { id: '', county: '' })],
    })
    const figures = await p.get(desk, `/api/stats/figures?area=${A}&from=2020-02-20&to=2020-02-28`)
    const n = (row: { figures: { id: string; n: number }[] }, id: string) =>
      row.figures.find((one) => one.id === id)?.n ?? -1
    const ids = ['readings_due', 'readings_on_time', 'readings_late', 'readings_missed', 'calls_open']
    expect(n(figures, 'readings_due')).toBe(
      n(figures, 'readings_on_time') + n(figures, 'readings_late') + n(figures, 'readings_missed'),
    )
    expect(n(figures, 'readings_late')).toBe(1)
    for (const id of ids) {
      const below = figures.children.map((row: { figures: { id: string; n: number }[] }) => n(row, id))
      expect(below.reduce((a: number, b: number) => a + b, 0)).toBe(n(figures, id))
      const { door } = figures.figures.find((one: { id: string }) => one.id === id)
      const list = await p.get(desk, `${door.path}?${new URLSearchParams(door.query).toString()}`)
      expect({ id, total: list.total }).toEqual({ id, total: n(figures, id) })
    }
    const report = await rebuildStats(p.server, { repair: false })
    expect(report.differences).toEqual([])
    await p.sql(`update stat_day set n = n + 1 where metric = 'reading:late'`)
    const broken = await rebuildStats(p.server, { repair: true })
    expect(broken.differences.some((one) => one.metric === 'reading:late')).toBe(true)
    expect((await rebuildStats(p.server, { repair: false })).differences).toEqual([])
  })
})
