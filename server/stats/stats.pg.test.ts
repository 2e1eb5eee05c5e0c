import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import type { Figure, Figures } from '@weiwang/domain/stats/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { rebuildStats } from './rebuild.ts'
import { LISTS } from './lists.fixture.ts'

let w: World
let province: Actor
const people: string[] = []

/** A small seeded generator: the same story in every run. */
function dice(seed: number): (n: number) => number {
  let s = seed
  return (n) => {
    s = (Math.imul(s, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((s / 4_294_967_296) * n)
  }
}

const CODES = [
  'HERE_HOME_OBS',
  'HERE_NO_RISK',
  'WRONG_INFO',
  'NOT_RESIDENT',
  'NOT_RETURNED',
  'NO_ANSWER',
  'PHONE_OFF',
  'DUPLICATE',
  'HERE_REFUSED',
  'AWAY_OTHER_AREA',
  'DECEASED_OTHER',
  'SOMETHING_NEW',
]

async function randomStory(seed: number, steps: number): Promise<void> {
  const roll = dice(seed)
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T
  const grids = [...w.grids(A), ...w.grids(B)]
  const filed: { id: string; taskId: string; area: string }[] = []
  const desks = new Map([
    [A, await w.desk(A)],
    [B, await w.desk(B)],
  ])
  for (let i = 0; i < steps; i++) {
    const [row] = await w.sql(`select id, area, county, state from task order by md5(id::text || $1) limit 1`, [
      String(roll(1_000_000)),
    ])
    const desk = desks.get(row.county) as Actor
    const now = w.server.clock.now().toISOString()
    switch (roll(9)) {
      case 0:
      case 1:
      case 2: {
        const id = randomUUID()
        const answer = await w.post(desk, '/api/visits', {
          id,
          taskId: row.id,
          method: pick(['door', 'phone']),
          result: 'met',
          disposition: pick(CODES),
          goesTo: pick(grids),
          occurredAt: now,
        })
        if (answer.status === 200) filed.push({ id, taskId: row.id, area: row.area })
        break
      }
      case 3: {
        if (filed.length === 0) break
        const one = pick(filed)
        const id = randomUUID()
        const answer = await w.post(desk, '/api/visits', {
          id,
          taskId: one.taskId,
          method: 'door',
          result: 'met',
          disposition: pick(CODES),
          supersedes: one.id,
          occurredAt: now,
        })
        if (answer.status === 200) filed.splice(filed.indexOf(one), 1, { ...one, id })
        break
      }
      case 4:
        await w.post(desk, `/api/tasks/${row.id}/pass`, { area: pick(grids), reason: 'x' })
        break
      case 5:
        await w.post(desk, `/api/tasks/${row.id}/return`, { reason: 'cannot', evidence: 'x' })
        break
      case 6:
        await w.post(desk, `/api/tasks/${row.id}/review`, {
          decision: pick(['confirm', 'change', 'reopen']),
          disposition: pick(CODES),
          reason: 'x',
        })
        break
      case 7: {
        const run = randomUUID()
        await w.regrade(pick(people), pick(['red', 'yellow', 'blue', null]), run)
        await w.server.asSystem('test', async (ctx) => ctx.emit('grades.changed', { runId: run }))
        break
      }
      default: {
        const person = pick(people)
        await w.move(person, pick(grids))
        await w.server.asSystem('test', async (ctx) => ctx.emit('person.moved', { personId: person }))
      }
    }
    if (roll(4) === 0) await w.drain()
    if (roll(20) === 0) w.server.clock.shift(3_600_000 * 5)
  }
  await w.drain()
}

beforeAll(async () => {
  w = await makeWorld({
    routes: [...LISTS],
  })
  province = await w.desk('32')
  for (const grid of [...w.grids(A), ...w.grids(B)])
    for (const grade of ['red', 'yellow', 'blue']) people.push(await w.person(grid, grade, { sources: ['rail'] }))
  for (const area of [A, `${A}001`, `${A}001001`, `${B}002`])
    people.push(await w.person(area, 'red', { sources: ['telecom'] }))
  await w.push('32')
})
afterAll(() => w.close())

const value = (figures: Figure[], id: string) => figures.find((f) => f.id === id)?.n ?? -1

async function figuresOf(area: string, more = ''): Promise<Figures> {
  const answer = await w.get(province, `/api/stats/figures?area=${area}${more}`)
  expect(answer.status).toBe(200)
  return answer.body
}

test('STAT-1, STAT-5 (cases 42, 44): after random work the rebuild finds no difference, the folds equal the rows', async () => {
  for (const seed of [1, 20200210]) {
    await randomStory(seed, 90)
    const report = await rebuildStats(w.server, { repair: false })
    expect(report.differences).toEqual([])
    expect(report.folds).toEqual([])
    expect(report.counties).toBe(2)
    expect(report.tasks).toBeGreaterThan(50)
  }
}, 120_000)

test('STAT-2: at five levels every figure equals the total of the list that it opens', async () => {
  const today = w.server.clock.today()
  const span = `&from=2020-01-01`.replace('2020-01-01', today.slice(0, 8) + '01')
  for (const area of ['32', '3205', A, `${A}001`, `${A}001001`, w.grids(A)[0] ?? '']) {
    const figures = await figuresOf(area, span)
    const rows = [{ figures: figures.figures }, ...figures.children]
    for (const row of area.length >= 6 ? rows : rows.slice(0, 1)) {
      for (const figure of row.figures) {
        const list = await w.get(
          province,
          `${figure.door.path}?${new URLSearchParams({ ...figure.door.query, limit: '1' }).toString()}`,
        )
        expect([area, figure.id, list.status, list.body.total]).toEqual([area, figure.id, 200, figure.n])
      }
    }
  }
  const all = await figuresOf('32', span)
  for (const id of ['visits', 'persons', 'listed', 'answered', 'found', 'open', 'unresolved', 'withdrawn', 'review'])
    expect([id, value(all.figures, id) > 0]).toEqual([id, true])
}, 120_000)

test('the list behind a figure really has that many rows', async () => {
  const span = `from=${w.server.clock.today().slice(0, 8)}01`
  for (const path of [
    '/api/visits',
    '/api/visits/persons',
    '/api/list-entries',
    '/api/transfers?direction=in',
    '/api/transfers?direction=out',
    '/api/tasks?list=answered',
    '/api/tasks?list=found',
    '/api/tasks?list=withdrawn',
    '/api/tasks?list=unresolved',
    '/api/tasks?list=review',
  ]) {
    let cursor: string | null = null
    let rows = 0
    let total = -1
    do {
      const page: { items: unknown[]; next: string | null; total: number } = (
        await w.get(
          province,
          `${path}${path.includes('?') ? '&' : '?'}${span}&limit=17${cursor === null ? '' : `&cursor=${cursor}`}`,
        )
      ).body
      rows += page.items.length
      cursor = page.next
      total = page.total
    } while (cursor !== null)
    expect([path, rows]).toEqual([path, total])
  }
})

test('STAT-3: children and own add up to the parent at every level, except transfers', async () => {
  const span = `&from=${w.server.clock.today().slice(0, 8)}01`
  for (const area of ['32', '3205', '3201', A, `${A}001`, `${A}001001`]) {
    const figures = await figuresOf(area, span)
    for (const figure of figures.figures) {
      if (figure.id.startsWith('transferred')) continue
      const sum = figures.children.reduce((n, child) => n + value(child.figures, figure.id), 0)
      expect([area, figure.id, sum]).toEqual([area, figure.id, figure.n])
    }
  }
  const sorted = await figuresOf('32', '&sort=open')
  expect(sorted.children.map((c) => value(c.figures, 'open'))).toEqual(
    sorted.children.map((c) => value(c.figures, 'open')).toSorted((a, b) => b - a),
  )
})

test('STAT-7 (case 33): a move between two grids of a county is no transfer of the county', async () => {
  const [from = '', to = ''] = [w.grids(B)[0], w.grids(B)[7]]
  const person = await w.person(from, 'red')
  await w.push(B)
  const before = [
    value((await figuresOf(B)).figures, 'transferred_out'),
    value((await figuresOf(from)).figures, 'transferred_out'),
    value((await figuresOf(to)).figures, 'transferred_in'),
  ]
  await w.move(person, to)
  await w.server.asSystem('test', async (ctx) => ctx.emit('person.moved', { personId: person }))
  await w.drain()
  const after = [
    value((await figuresOf(B)).figures, 'transferred_out'),
    value((await figuresOf(from)).figures, 'transferred_out'),
    value((await figuresOf(to)).figures, 'transferred_in'),
  ]
  expect(after.map((n, i) => n - (before[i] ?? 0))).toEqual([0, 1, 1])
})

test('case 66, 67: overdue is a function of the moment of reading; no job has run', async () => {
  const grid = w.grids(B)[4] ?? ''
  await w.person(grid, 'red')
  await w.push(B)
  const before = value((await figuresOf(grid)).figures, 'overdue')
  w.server.clock.shift(24 * 3_600_000 + 60_000)
  const late = await figuresOf(grid)
  const list = (await w.get(province, `/api/tasks?list=overdue&area=${grid}`)).body
  w.server.clock.shift(-24 * 3_600_000 - 60_000)
  expect(value(late.figures, 'overdue')).toBeGreaterThan(before)
  expect(list.total).toBe(value(late.figures, 'overdue'))
  expect(list.items.some((t: { lateMinutes: number }) => t.lateMinutes >= 1)).toBe(true)
})

test('yesterday stands beside today', async () => {
  const before = await figuresOf('32')
  w.server.clock.shift(86_400_000)
  const after = await figuresOf('32')
  w.server.clock.shift(-86_400_000)
  for (const figure of after.figures.filter((f) => f.before !== null))
    expect([figure.id, figure.before]).toEqual([figure.id, value(before.figures, figure.id)])
})

test('STAT-5: a damaged counter is found, named and repaired, while visits go on', async () => {
  await w.sql(
    `update stat_day set n = n + 3 where (county, area, day, metric) in (select county, area, day, metric from stat_day where metric = 'visits' limit 1)`,
  )
  await w.sql(`update task set answer_by = answer_by + interval '1 hour' where id = (select id from task limit 1)`)
  const [report] = await Promise.all([rebuildStats(w.server, { repair: true }), randomStory(7, 15)])
  expect(report.differences.map((d) => [d.metric, d.stored - d.counted])).toContainEqual(['visits', 3])
  expect(report.folds.map((f) => f.field)).toContain('answer_by')
  expect((await rebuildStats(w.server, { repair: false })).differences).toEqual([])
}, 60_000)

test('ACCESS-3: another county’s figures, sources and export are not found; a worker sees the grid', async () => {
  const other = await w.desk(B)
  for (const path of ['figures', 'dispositions', 'sources', 'export.csv'])
    expect((await w.get(other, `/api/stats/${path}?area=${A}`)).status).toBe(404)
  expect(
    (await w.sql(`select count(*)::int as n from audit where outcome = 'refused' and actor = $1`, [other.id]))[0].n,
  ).toBe(4)
  const worker = await w.worker(w.grids(A)[0] ?? '')
  expect((await w.get(worker, '/api/stats/figures')).body.area).toBe(w.grids(A)[0])
  const nobody = w.actor({ area: '', roles: ['analyst'], scope: [] })
  expect((await w.get(nobody, '/api/stats/figures')).status).toBe(404)
})

test('STAT-6: an analyst is not shown small cells, nor what would give them away', async () => {
  const span = `from=${w.server.clock.today().slice(0, 8)}01`
  const analyst = await w.desk(A, ['analyst'])
  const full = await figuresOf(A, `&${span}`)
  const seen: Figures = (await w.get(analyst, `/api/stats/figures?area=${A}&${span}`)).body
  const small = full.children.flatMap((c) => c.figures).filter((f) => f.n > 0 && f.n < 5).length
  expect(small).toBeGreaterThan(0)
  for (const row of [seen, ...seen.children]) for (const f of row.figures) expect(f.n === 0 || f.n >= 5).toBe(true)
  for (const id of ['open', 'answered', 'visits']) {
    const hidden = seen.children.filter((c) => value(c.figures, id) === -1).length
    expect([id, value(seen.figures, id) !== -1 && hidden === 1]).toEqual([id, false])
  }
})

test('STAT-6, STAT-8: exports hide small cells; a source sees its precision', async () => {
  const csv = await w.get(province, `/api/stats/export.csv?area=${A}001`)
  expect(csv.text).toContain('<5')
  const cells = csv.text
    .split('\r\n')
    .slice(1, -1)
    .flatMap((line: string) => line.split(',').slice(2, -1))
  expect(cells.every((cell: string) => cell === '<5' || cell === '0' || Number(cell) >= 5)).toBe(true)
  const sources = (await w.get(province, `/api/stats/sources?from=${w.server.clock.today().slice(0, 8)}01`)).body.items
  const rail = sources.find((s: { source: string }) => s.source === 'rail')
  expect(rail.answered).toBeGreaterThanOrEqual(5)
  expect(rail.precision).toBeGreaterThanOrEqual(0)
  expect(rail.precision).toBeLessThan(1000)
})
