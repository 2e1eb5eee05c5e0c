import type { Actor } from '@weiwang/domain/access/actor'
import type { Figures } from '@weiwang/domain/stats/api'
import { addDays } from '@weiwang/domain/core/day'
import { metricOf } from '@weiwang/domain/stats/metrics'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { A } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { answered, foldWorld, n, reorganise, share } from './fold.fixture.ts'

// Every figure of every day opens its list: hundreds of requests, each on a database that others use too.
vi.setConfig({ testTimeout: 300_000 })

/** AREA-10, STAT-11: the same figures as organised on any day, over a split, a merger and a move on three different days. */
let w: World
let county: Actor
let province: Actor
const TOWN = `${A}001`
const [ONE, TWO] = [`${TOWN}001`, `${TOWN}002`]

beforeAll(async () => {
  w = await foldWorld()
  county = await w.desk(A)
  province = await w.desk('32')
})
afterAll(() => w.close())

const ago = (days: number) => addDays(w.server.clock.today(), -days)

async function figures(area: string, day: string, who = county): Promise<Figures> {
  const answer = await w.get(who, `/api/stats/figures?area=${area}&organised=${day}`)
  expect([answer.status, area, day, answer.text]).toEqual([200, area, day, answer.text])
  expect(answer.body.organised).toBe(day)
  return answer.body
}

/** Rows of a day as [code, answered], what lies at the area itself as [`own`, answered] when it has any. */
async function rows(area: string, day: string): Promise<[string, number | undefined][]> {
  const { children } = await figures(area, day)
  const all = children.map((row): [string, number | undefined] => [row.own ? 'own' : row.area, n(row, 'answered')])
  return all.filter(([code, answers]) => code !== 'own' || answers !== 0)
}

/** STAT-3 and STAT-2 on a day: children and own add up at every level, and every number opens a list of the same total. */
async function addsUp(day: string): Promise<void> {
  for (const area of ['32', '3205', A, TOWN, ONE, TWO]) {
    const f = await figures(area, day, area.length < 6 ? province : county)
    for (const figure of f.figures.filter(({ id }) => metricOf(id).additive)) {
      const sum = f.children.reduce((all, row) => all + (n(row, figure.id) ?? 0), 0)
      expect([day, area, figure.id, sum]).toEqual([day, area, figure.id, figure.n])
    }
    if (area.length < 6) continue
    for (const figure of [f, ...f.children].flatMap((row) => row.figures).filter((one) => one.n > 0)) {
      const url = `${figure.door.path}?${new URLSearchParams(figure.door.query as Record<string, string>)}`
      const list = await w.get(county, url)
      expect([day, url, list.body.total, list.body.items?.length]).toEqual([day, url, figure.n, figure.n])
    }
  }
}

test('AREA-10, STAT-11, STAT-3: figures and lists as organised on any day over a split, a merger and a move', async () => {
  await answered(w, `${ONE}001`, 'HERE_NO_RISK')
  await answered(w, `${ONE}002`, 'HERE_NO_RISK')
  await answered(w, `${TWO}001`, 'HERE_NO_RISK')
  const split = {
    kind: 'split',
    code: `${ONE}001`,
    parts: [
      { name: '西网格', share },
      { name: '东网格', share },
    ],
    rest: 0,
  }
  await reorganise(w, split, 9)
  await answered(w, `${ONE}003`, 'HERE_NO_RISK')
  await answered(w, `${ONE}004`, 'OTHER')
  await reorganise(w, { kind: 'merge', codes: [`${ONE}004`, `${ONE}002`], into: `${ONE}002`, name: '大网格' }, 6)
  await answered(w, `${ONE}002`, 'HERE_NO_RISK')
  await reorganise(w, { kind: 'move', code: `${ONE}003`, to: TWO }, 3)
  await answered(w, `${TWO}003`, 'HERE_NO_RISK')
  // A grid that came from nowhere, two days ago, and one that ended and became nothing.
  await w.sql(
    `insert into area (code, parent, level, name, kind, valid_from) values ($1, $2, 6, '新网格', 'test', $3)`,
    [`${TWO}009`, TWO, ago(2)],
  )
  await answered(w, `${TWO}009`, 'OTHER')
  await w.sql(`update area set valid_to = $2 where code = $1`, [`${TWO}001`, ago(2)])

  // Before the split: both halves, and what the moved half became, are the grid that they came from.
  expect(await rows(ONE, ago(10))).toEqual([
    [`${ONE}001`, 4],
    [`${ONE}002`, 2],
  ])
  expect(await rows(TWO, ago(10))).toEqual([
    [`${TWO}001`, 1],
    [`${TWO}002`, 0],
    ['own', 1],
  ])
  // Between split and merger: what the whole grid had done stands at the village, the halves have their own.
  expect(await rows(ONE, ago(9))).toEqual([
    [`${ONE}002`, 2],
    [`${ONE}003`, 2],
    [`${ONE}004`, 1],
    ['own', 1],
  ])
  // Between merger and move.
  expect(await rows(ONE, ago(6))).toEqual([
    [`${ONE}002`, 3],
    [`${ONE}003`, 2],
    ['own', 1],
  ])
  // After the move the first grid is one in each village: it stands at the town; what had no predecessor waits for its day.
  expect(await rows(ONE, ago(3))).toEqual([[`${ONE}002`, 3]])
  expect(await rows(TWO, ago(3))).toEqual([
    [`${TWO}001`, 1],
    [`${TWO}002`, 0],
    [`${TWO}003`, 2],
    ['own', 1],
  ])
  expect(await rows(TOWN, ago(3))).toEqual([
    [ONE, 3],
    [TWO, 4],
    ['own', 1],
  ])
  // Today: the new grid has its own, what ended without a successor stands at the village.
  expect(await rows(TWO, ago(0))).toEqual([
    [`${TWO}002`, 0],
    [`${TWO}003`, 2],
    [`${TWO}009`, 1],
    ['own', 1],
  ])
  expect(await rows(TWO, 'now')).toEqual(await rows(TWO, ago(0)))
  for (const days of [10, 9, 6, 3, 0]) await addsUp(ago(days))
  for (const area of [A, '3205']) {
    const totals = await Promise.all(
      [10, 9, 6, 3, 0].map(async (days) => n(await figures(area, ago(days), province), 'answered')),
    )
    expect([area, totals]).toEqual([area, [8, 8, 8, 8, 8]])
  }
})

test('AREA-10: a day shows the names of that day, and an area that was none then is refused with a remedy', async () => {
  await reorganise(w, { kind: 'rename', code: TWO, name: '新名社区' }, 1)
  const named = async (day: string) => {
    const town = await figures(TOWN, day)
    return [town.children.find((row) => row.area === TWO && !row.own)?.name, (await figures(TWO, day)).name]
  }
  expect(await named(ago(5))).toEqual([`区${TWO}`, `区${TWO}`])
  expect(await named(ago(0))).toEqual(['新名社区', '新名社区'])
  const none = await w.get(county, `/api/stats/figures?area=${ONE}004&organised=${ago(10)}`)
  expect([none.status, none.body.code, none.body.rule]).toEqual([400, 'AREA_NOT_THEN', 'AREA-10'])
  expect(none.body.remedy).toMatchObject({ zh: expect.any(String), en: expect.any(String) })
  // Before anything is known every area is refused, and so is what is no day.
  expect((await w.get(county, `/api/stats/figures?area=${A}&organised=1999-12-31`)).body.code).toBe('AREA_NOT_THEN')
  expect((await w.get(county, `/api/stats/figures?area=${A}&organised=2020-02-30`)).status).toBe(400)
  // The list behind a number accepts the same word: a closed area of a day is its tasks.
  const url = `/api/tasks?list=answered&area=${ONE}001&organised=${ago(10)}&from=${ago(0)}`
  expect((await w.get(county, url)).body.total).toBe(4)
})

test('AREA-10, ACCESS-1: a day shows nobody what lies outside of his areas, and says how much of it there is', async () => {
  const village = await w.desk(ONE)
  const then = await figures(ONE, ago(10), village)
  expect([n(then, 'answered'), then.elsewhere]).toEqual([5, 1])
})
