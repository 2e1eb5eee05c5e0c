import type { Actor } from '@weiwang/domain/access/actor'
import type { Figures } from '@weiwang/domain/stats/api'
import { metricOf } from '@weiwang/domain/stats/metrics'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { A } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { answered, foldWorld, n, reorganise, share } from './fold.fixture.ts'
import { rebuildStats } from './rebuild.ts'

// Every figure of every level opens its list: hundreds of requests, each on a database that others use too.
vi.setConfig({ testTimeout: 300_000 })

/** STAT-11: figures as organised now and as organised then, through a split, a merger, and a move between villages. */
let w: World
let county: Actor
const TOWN = `${A}001`
const [ONE, TWO] = [`${TOWN}001`, `${TOWN}002`]

beforeAll(async () => {
  w = await foldWorld()
  county = await w.desk(A)
})
afterAll(() => w.close())

const figures = async (area: string, organised: 'now' | 'then', who = county): Promise<Figures> => {
  const answer = await w.get(who, `/api/stats/figures?area=${area}&organised=${organised}`)
  expect([answer.status, area]).toEqual([200, area])
  return answer.body
}
const row = (f: Figures, code: string) => f.children.find((one) => one.area === code && !one.own)

/** STAT-2 and STAT-3 for every level and both views: rows add up, and every number opens a list of the same total. */
async function consistent(): Promise<void> {
  // A list of nothing is opened once for each figure: the rest would be fifty requests a row.
  const emptyOnes = new Set<string>()
  for (const area of ['32', '3205', A, TOWN, ONE, TWO]) {
    for (const organised of ['now', 'then'] as const) {
      const f = await figures(area, organised, area.length < 6 ? await w.desk('32') : county)
      for (const figure of f.figures) {
        if (!metricOf(figure.id).additive) continue
        const sum = f.children.reduce((all, one) => all + (n(one, figure.id) ?? 0), 0)
        expect([area, organised, figure.id, sum]).toEqual([area, organised, figure.id, figure.n])
      }
      if (area.length < 6) continue
      for (const one of [f, ...f.children]) {
        for (const figure of one.figures) {
          if (figure.n === 0 && emptyOnes.has(figure.id)) continue
          if (figure.n === 0) emptyOnes.add(figure.id)
          const url = `${figure.door.path}?${new URLSearchParams(figure.door.query as Record<string, string>)}`
          const list = await w.get(county, url)
          expect([organised, url, list.body.total]).toEqual([organised, url, figure.n])
          // A short list is whole on its first page: the rows are as many as the total says.
          expect([organised, url, list.body.items.length]).toEqual([organised, url, figure.n])
        }
      }
    }
  }
  const report = await rebuildStats(w.server, { repair: false })
  expect([report.differences, report.folds]).toEqual([[], []])
}

test('AREA-10, STAT-11: a split without residence rows stands at the parent; the codes as they were still say where', async () => {
  await answered(w, `${ONE}001`, 'HERE_NO_RISK')
  await answered(w, `${ONE}001`, 'OTHER')
  await answered(w, `${ONE}002`, 'HERE_NO_RISK')
  await answered(w, `${TWO}001`, 'HERE_NO_RISK')
  await consistent()
  const before = await figures(ONE, 'then')
  await reorganise(
    w,
    {
      kind: 'split',
      code: `${ONE}001`,
      parts: [
        { name: '西网格', share },
        { name: '东网格', share },
      ],
      rest: 0,
    },
    2,
  )
  await consistent()
  const then = await figures(ONE, 'then')
  expect(row(then, `${ONE}001`)).toMatchObject({ standsAt: ONE, holds: [] })
  expect(n(row(then, `${ONE}001`), 'answered')).toBe(2)
  const now = await figures(ONE, 'now')
  expect(now.children.map((one) => [one.area, one.own, n(one, 'answered'), n(one, 'review')])).toEqual([
    [`${ONE}002`, false, 1, 0],
    [`${ONE}003`, false, 0, 0],
    [`${ONE}004`, false, 0, 0],
    [ONE, true, 2, 1],
  ])
  expect(now.children.at(-1)?.holds).toEqual([{ code: `${ONE}001`, name: `区${ONE}001` }])
  for (const id of ['answered', 'listed', 'visits', 'review', 'found']) expect(n(now, id)).toBe(n(before, id))
})

test('STAT-11: a merger adds up in what goes on, and what stood at the parent stays there', async () => {
  await reorganise(
    w,
    { kind: 'merge', codes: [`${ONE}003`, `${ONE}004`, `${ONE}002`], into: `${ONE}002`, name: '大网格' },
    1,
  )
  await consistent()
  // The halves became one again, so everything that the first grid was has one successor.
  const now = await figures(ONE, 'now')
  expect(now.children.filter((one) => !one.own).map((one) => [one.area, n(one, 'answered')])).toEqual([
    [`${ONE}002`, 3],
  ])
  expect(row(now, `${ONE}002`)?.holds.map((one) => one.code)).toEqual([`${ONE}001`, `${ONE}003`, `${ONE}004`])
})

test('STAT-11, ACCESS-1: a move goes with its figures, for who sees both ends; who sees one end is told what is missing', async () => {
  await reorganise(w, { kind: 'move', code: `${ONE}002`, to: TWO })
  await consistent()
  const to = `${TWO}003`
  expect(n(row(await figures(TWO, 'now'), to), 'answered')).toBe(3)
  expect(n(await figures(TWO, 'now'), 'answered')).toBe(4)
  expect(n(await figures(ONE, 'now'), 'answered')).toBe(0)
  expect(n(await figures(TWO, 'then'), 'answered')).toBe(1)
  expect(n(await figures(ONE, 'then'), 'answered')).toBe(3)
  const town = await figures(TOWN, 'now')
  expect([n(row(town, ONE), 'answered'), n(row(town, TWO), 'answered'), n(town, 'answered')]).toEqual([0, 4, 4])

  const village = await w.desk(TWO)
  const seen = await figures(TWO, 'now', village)
  expect([n(seen, 'answered'), seen.elsewhere]).toEqual([1, 4])
  const door = seen.figures.find((one) => one.id === 'answered')?.door
  const url = `${door?.path}?${new URLSearchParams(door?.query as Record<string, string>)}&organised=now`
  expect((await w.get(village, url.replace('&organised=now&organised=now', '&organised=now'))).body.total).toBe(1)
})

test('STAT-11: a village moves to another town with its grids and with what lay at the village itself', async () => {
  const village = `${A}002001`
  await answered(w, `${village}001`, 'HERE_NO_RISK')
  const lost = await w.person(village, 'blue')
  await w.push(A)
  expect(lost).toBeTruthy()
  await reorganise(w, { kind: 'move', code: village, to: TOWN })
  await consistent()
  const to = `${TOWN}003`
  const town = await figures(TOWN, 'now')
  expect([n(row(town, to), 'answered'), n(row(town, to), 'listed')]).toEqual([1, 3])
  const inside = await figures(to, 'now')
  expect(inside.children.map((one) => [one.area, one.own, n(one, 'listed')])).toEqual([
    [`${to}001`, false, 2],
    [`${to}002`, false, 0],
    [to, true, 1],
  ])
  const csv = await w.get(county, `/api/stats/dispositions?area=${to}&organised=now`)
  expect(csv.body.total).toBe(1)
})
