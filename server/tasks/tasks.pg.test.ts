import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { behindLock } from '../core/testing/behind-lock.ts'
import { feedBody } from './change.ts'
import { taskJobs } from './jobs.ts'
import { findTask } from './store.ts'
import { pushOneChunk } from './push.ts'
import { escalateDue, followHome, followPerson } from './react.ts'
import { A, B, makeWorld } from './world.fixture.ts'
import type { World } from './world.fixture.ts'

let w: World
beforeAll(async () => {
  w = await makeWorld()
})
afterAll(() => w.close())

const counts = async () => {
  const [row] =
    await w.sql(`select (select count(*) from task)::int as tasks, (select count(*) from task_event)::int as events, (select count(*) from list_entry)::int as entries,
    (select count(*) from open_task)::int as locks, (select count(*) from grid_feed)::int as feed, (select coalesce(sum(n), 0) from stat_day)::int as counted`)
  return row
}

describe('TASK-5: push', () => {
  let propose: Awaited<ReturnType<World['desk']>>
  let approve: typeof propose
  beforeAll(async () => {
    propose = await w.desk('3205')
    approve = await w.desk('3205')
    for (const grid of w.grids(A)) for (const grade of ['red', 'yellow', 'blue']) await w.person(grid, grade)
    await w.person(`${A}001001`, 'red') // known to the village only
    await w.person(w.grids(A)[0] ?? '', null)
  })

  test('the consequence is told in numbers before anything is sent, and the proposer may not approve (ACCESS-6)', async () => {
    const id = randomUUID()
    const proposed = await w.post(propose, '/api/pushes', { id, area: '3205', campaignId: w.campaignId })
    expect(proposed.body.consequence).toEqual({
      persons: 25,
      byGrade: { red: 9, yellow: 8, blue: 8 },
      grids: 8,
      counties: 1,
      unresolved: 1,
      keptOpen: 0,
      answeredBefore: 0,
    })
    expect((await counts()).tasks).toBe(0)
    expect((await w.post(propose, `/api/pushes/${id}/decide`, { approve: true })).status).toBe(403)
    expect((await w.post(approve, `/api/pushes/${id}/decide`, { approve: true })).status).toBe(200)
    expect((await w.post(approve, `/api/pushes/${id}/decide`, { approve: true })).body.code).toBe('PUSH_DECIDED')

    // Killed between chunks: three chunks of seven, the rest by whoever starts next.
    for (let i = 0; i < 3; i++) expect(await pushOneChunk(w.server, id, 7)).toBe('more')
    expect((await counts()).tasks).toBe(21)
    await w.drain()
    const done = await counts()
    expect(done).toEqual({ tasks: 25, events: 25, entries: 25, locks: 25, feed: 24, counted: 25 })
    expect((await w.get(approve, `/api/pushes/${id}`)).body).toMatchObject({
      state: 'done',
      result: { task: 24, unresolved: 1, keptOpen: 0, answeredBefore: 0 },
    })

    // The same push again, from its beginning: nothing changes.
    await w.sql(`update push set state = 'running', cursor = null where id = $1`, [id])
    expect(await pushOneChunk(w.server, id, 1000)).toBe('more')
    expect(await counts()).toEqual(done)
    await w.sql(`update push set state = 'done' where id = $1`, [id])
  })

  test('feed numbers run without gaps grid by grid', async () => {
    const rows = await w.sql(
      `select grid, array_agg(n order by n) as ns, (select n from grid_clock c where c.grid = f.grid) as clock from grid_feed f group by grid`,
    )
    expect(rows.length).toBe(8)
    for (const row of rows) expect([row.ns, row.clock]).toEqual([['1', '2', '3'].map(String), 3])
  })

  test('TASK-1: what the set-based push tells the phones is what the fold would tell', async () => {
    const rows = await w.sql(`select f.id, f.body, f.urgent from grid_feed f where f.kind = 'task'`)
    expect(rows.length).toBe(24)
    for (const { id, body, urgent } of rows) {
      const task = await w.server.asSystem('test', (ctx) => findTask(ctx.db, [''], id))
      if (!task) throw new Error('no task')
      const { row, state } = task
      expect(body).toEqual(
        JSON.parse(
          JSON.stringify(
            feedBody({
              county: row.county,
              state,
              masked: row.masked,
              reference: row.reference,
              reasons: row.reasons,
            }),
          ),
        ),
      )
      expect(urgent).toBe(state.grade === 'red')
    }
  })

  test('a second push of the same people keeps what is open and answers nothing twice', async () => {
    const before = await counts()
    const id = await w.push('3205', propose, approve)
    expect((await w.get(approve, `/api/pushes/${id}`)).body.result).toEqual({
      task: 0,
      keptOpen: 25,
      answeredBefore: 0,
      unresolved: 0,
    })
    expect(await counts()).toEqual({ ...before, entries: 50, counted: 50 })
  })

  test('case 76: two pushes at once open one task a person', async () => {
    const ids = [randomUUID(), randomUUID()]
    for (const grid of w.grids(B)) await w.person(grid, 'yellow')
    const [p, q] = [await w.desk('3201'), await w.desk('3201')]
    for (const id of ids) {
      await w.post(p, '/api/pushes', { id, area: '3201', campaignId: w.campaignId })
      await w.sql(`update push set state = 'running' where id = $1`, [id])
    }
    await Promise.all(ids.map((id) => pushOneChunk(w.server, id, 100)))
    expect(await w.sql(`select count(*)::int as n from task where county = $1`, [B])).toEqual([{ n: 8 }])
    expect(q.area).toBe('3201')
  })

  test('references are unique in a county and carry two check digits', async () => {
    const rows = await w.sql(`select reference from task where county = $1`, [A])
    expect(new Set(rows.map((r) => r.reference)).size).toBe(25)
    for (const { reference } of rows) expect(BigInt(reference) % 97n).toBe(1n)
  })

  test('ACCESS-3: a push of another area cannot be read, proposed or decided', async () => {
    const other = await w.desk('3201')
    const [push] = await w.sql(`select id from push where area = '3205' limit 1`)
    const stateOf = async (state: string) => {
      const { body } = await w.get(other, `/api/pushes?state=${state}`)
      return [body.total, body.items.map((one: { state: string }) => one.state)]
    }
    expect(await stateOf('running')).toEqual([2, ['running', 'running']])
    expect(await stateOf('proposed')).toEqual([0, []])
    expect((await w.get(other, '/api/pushes?state=some')).status).toBe(400)
    expect((await w.get(other, `/api/pushes/${push.id}`)).status).toBe(404)
    expect((await w.post(other, `/api/pushes/${push.id}/decide`, { approve: true })).status).toBe(404)
    expect(
      (await w.post(other, '/api/pushes', { id: randomUUID(), area: '3205', campaignId: w.campaignId })).status,
    ).toBe(404)
    expect(
      (await w.sql(`select count(*)::int as n from audit where outcome = 'refused' and actor = $1`, [other.id]))[0].n,
    ).toBe(3)
  })
})

describe('verbs on a task', () => {
  test('a worker sees the tasks of the grid by urgency, accepts and tries; a neighbour sees nothing (case 7, 43)', async () => {
    const grid = w.grids(A)[1] ?? ''
    const mine = await w.worker(grid)
    const neighbour = await w.worker(w.grids(A)[2] ?? '')
    const list = (await w.get(mine, '/api/tasks')).body
    expect(list.total).toBe(3)
    expect(list.items.map((t: { grade: string }) => t.grade)).toEqual(['red', 'yellow', 'blue'])
    const [task] = list.items
    for (const [method, url] of [
      ['GET', ''],
      ['POST', '/accept'],
      ['POST', '/attempt'],
    ] as const) {
      const body = url === '/attempt' ? { channel: 'phone', result: 'NO_ANSWER' } : {}
      const answer =
        method === 'GET'
          ? await w.get(neighbour, `/api/tasks/${task.id}`)
          : await w.post(neighbour, `/api/tasks/${task.id}${url}`, body)
      expect(answer.status).toBe(404)
    }
    const nobody = w.actor({ area: '', roles: ['operator'], scope: [] })
    expect((await w.get(nobody, '/api/tasks')).body).toMatchObject({ items: [], total: 0 })
    expect((await w.post(mine, `/api/tasks/${task.id}/accept`, {})).body).toMatchObject({ state: 'accepted' })
    expect(
      (await w.post(mine, `/api/tasks/${task.id}/attempt`, { channel: 'phone', result: 'NO_ANSWER' })).body,
    ).toMatchObject({ state: 'in_progress' })
    const detail = (await w.get(mine, `/api/tasks/${task.id}`)).body
    expect(detail.history.map((h: { kind: string }) => h.kind)).toEqual(['opened', 'accepted', 'attempted'])
    expect(detail.nextTry).not.toBeNull()
    expect(detail.actions.filter((a: { ok: boolean }) => a.ok).map((a: { action: string }) => a.action)).toEqual([
      'accept',
      'attempt',
      'visit',
      'return',
    ])
  })

  test('TASK-6: a worker returns it up, the village passes it to another grid, both grids are told', async () => {
    const [g0 = '', g1 = ''] = w.grids(A)
    const worker = await w.worker(g0)
    const village = await w.desk(g0.slice(0, 12))
    const task = (await w.get(worker, '/api/tasks?grade=yellow')).body.items[0]
    const returned = await w.post(worker, `/api/tasks/${task.id}/return`, {
      reason: 'not_my_area',
      evidence: '门牌是隔壁网格的',
    })
    expect(returned.body).toMatchObject({ area: g0.slice(0, 12), state: 'returned' })
    expect((await w.get(worker, `/api/tasks/${task.id}`)).status).toBe(404)
    expect((await w.get(village, '/api/tasks?list=unresolved')).body.items.map((t: { id: string }) => t.id)).toContain(
      task.id,
    )
    expect((await w.post(village, `/api/tasks/${task.id}/pass`, { area: w.grids(A)[5], reason: 'x' })).body.rule).toBe(
      'TASK-7',
    )
    expect(
      (await w.post(village, `/api/tasks/${task.id}/pass`, { area: g1, reason: '门牌属二网格' })).body,
    ).toMatchObject({ area: g1, state: 'pushed' })
    const gone = await w.sql(`select grid, body from grid_feed where id = $1 order by at, grid, n`, [task.id])
    expect(gone.map((r) => [r.grid, r.body.gone ?? false])).toEqual([
      [g0, true],
      [g1, false],
    ])
  })

  test('cases 18, 53: assigning is atomic, only to who can own, and both are told', async () => {
    const grid = w.grids(A)[3] ?? ''
    const desk = await w.desk(A)
    const [first, second] = [await w.worker(grid), await w.worker(grid)]
    const stranger = await w.worker(w.grids(A)[6] ?? '')
    const ids = (await w.get(desk, `/api/tasks?area=${grid}`)).body.items.map((t: { id: string }) => t.id)
    expect(ids.length).toBe(3)
    expect((await w.post(desk, '/api/tasks/assign', { ids, to: stranger.id })).body.code).toBe('TASK_NOT_ELIGIBLE')
    expect((await w.post(desk, '/api/tasks/assign', { ids, to: randomUUID() })).body.code).toBe('TASK_NOT_ELIGIBLE')
    expect((await w.post(desk, '/api/tasks/assign', { ids: [...ids, randomUUID()], to: first.id })).status).toBe(404)
    expect((await w.get(desk, `/api/tasks?area=${grid}&assignee=${first.id}`)).body.total).toBe(0)
    expect((await w.post(desk, '/api/tasks/assign', { ids, to: first.id })).status).toBe(200)
    expect((await w.post(desk, '/api/tasks/assign', { ids: [ids[0]], to: second.id })).status).toBe(200)
    const owners = (await w.get(desk, `/api/tasks/${ids[0]}/owners`)).body.items.map((o: { id: string }) => o.id)
    expect(owners).toEqual(expect.arrayContaining([first.id, second.id, desk.id]))
    expect(owners).not.toContain(stranger.id)
    const history = (await w.get(desk, `/api/tasks/${ids[0]}`)).body.history.filter(
      (h: { kind: string }) => h.kind === 'assigned',
    )
    expect(history.map((h: { by: { id: string }; body: object }) => [h.by.id, h.body])).toMatchObject([
      [desk.id, { from: null, to: first.id }],
      [desk.id, { from: first.id, to: second.id }],
    ])
    const notices = await w.sql(
      `select body from grid_feed where kind = 'notice' and grid = $1 and body ->> 'taskId' = $2 order by n`,
      [grid, ids[0]],
    )
    expect(notices.map((n) => [n.body.for, n.body.what])).toEqual([
      [first.id, 'assigned'],
      [second.id, 'reassigned'],
      [first.id, 'taken_over'],
    ])
  })
})

describe('TASK-12, TASK-14: grades and homes change', () => {
  const open = async (personId: string) =>
    await w.sql(`select * from task where person_id = $1 order by opened_at`, [personId])

  test('regraded up gets a new clock, down to none takes the task back and frees the lock; a repeat changes nothing', async () => {
    const grid = w.grids(A)[4] ?? ''
    const [up, down] = [await w.person(grid, 'blue'), await w.person(grid, 'red')]
    await w.push(A)
    const run = randomUUID()
    await w.regrade(up, 'red', run)
    await w.regrade(down, null, run)
    for (let i = 0; i < 2; i++) {
      await w.server.asSystem('test', async (ctx) => ctx.emit('grades.changed', { runId: run }))
      await w.drain()
      const [a] = await open(up)
      const [b] = await open(down)
      expect([a.grade, a.urgency, a.version]).toEqual(['red', 1, 2])
      expect(a.accept_by).not.toBeNull()
      expect([b.outcome, b.state, b.version]).toEqual(['withdrawn', 'closed', 2])
      expect(await w.sql(`select count(*)::int as n from open_task where person_id = $1`, [down])).toEqual([{ n: 0 }])
      expect(await w.sql(`select n from stat_day where metric = 'withdrawn' and area = $1`, [grid])).toEqual(
        [{ n: '1' }].map(() => ({ n: expect.anything() })),
      )
    }
  })

  test('case 32: a person who moves to another county takes the open task along, same root; case 33: both ends can be reported', async () => {
    const [from = '', to = ''] = [w.grids(A)[7], w.grids(B)[0]]
    const id = await w.person(from, 'yellow')
    await w.push(A)
    await w.move(id, to)
    for (let i = 0; i < 2; i++) {
      await w.server.asSystem('test', async (ctx) => ctx.emit('person.moved', { personId: id, from, to }))
      await w.drain()
      const [old, next] = await open(id)
      expect([old.outcome, old.area, next.area, next.root, next.county, next.state]).toEqual([
        'moved',
        from,
        to,
        old.id,
        B,
        'pushed',
      ])
      expect((await open(id)).length).toBe(2)
    }
    expect(await w.sql(`select county from open_task where person_id = $1`, [id])).toEqual([{ county: B }])
    const [out, into, province] = [await w.desk('3205'), await w.desk(B), await w.desk('32')]
    expect((await w.get(out, '/api/transfers?direction=out')).body).toMatchObject({
      total: 1,
      items: [{ area: from, other: to }],
    })
    expect((await w.get(into, '/api/transfers?direction=in')).body.total).toBe(1)
    // Between two cities of the province: none of the province's own.
    expect((await w.get(province, '/api/transfers?direction=out')).body.total).toBe(0)
    const worker = await w.worker(to)
    expect((await w.get(worker, '/api/tasks')).body.items.map((t: { personId: string }) => t.personId)).toContain(id)
  })

  test('of two moves and of two grades the later one counts, whichever is followed last', async () => {
    const [first = '', second = '', third = ''] = [w.grids(A)[1], w.grids(A)[2], w.grids(A)[3]]
    const id = await w.person(first, 'yellow')
    await w.push(A)
    await w.move(id, second)
    const lock = { text: 'select 1 from task where person_id = $1 for update', values: [id] }
    await behindLock(w, lock, [() => followHome(w.server, id, 'moved')], () => w.move(id, third))
    expect((await open(id))[0].area).toBe(third)
    await w.regrade(id, 'red')
    await behindLock(w, lock, [() => followPerson(w.server, id)], () => w.regrade(id, 'blue'))
    expect((await open(id))[0].grade).toBe('blue')
  })

  test('an address that is resolved brings the task down to the grid, without a transfer', async () => {
    const id = await w.person(`${A}002`, 'red')
    await w.push(A)
    const grid = w.grids(A)[6] ?? ''
    await w.move(id, grid)
    await w.server.asSystem('test', async (ctx) => ctx.emit('person.resolved', { personId: id }))
    await w.drain()
    const [task] = await open(id)
    expect([task.area, task.bounces, task.state]).toEqual([grid, 0, 'pushed'])
    // What a person has passed on since is not taken back by a later resolution of the same address.
    const other = w.grids(A)[5] ?? ''
    await w.post(await w.desk(A), `/api/tasks/${task.id}/pass`, { area: other, reason: '现场核实' })
    await w.server.asSystem('test', async (ctx) => ctx.emit('person.resolved', { personIds: [id] }))
    await w.drain()
    expect((await open(id))[0].area).toBe(other)
    expect(await w.sql(`select count(*)::int as n from task_transfer where task_id = $1`, [task.id])).toEqual([
      { n: 0 },
    ])
  })
})

test('TASK-4: escalation tells named people one level higher, each step once, however late the timer runs', async () => {
  const grid = w.grids(B)[3] ?? ''
  const village = await w.desk(grid.slice(0, 12))
  await w.desk(grid.slice(0, 9))
  await w.sql(`update task set next_escalation = null where next_escalation is not null`)
  const id = await w.person(grid, 'red')
  await w.push(B)
  const [task] = await w.sql(`select id from task where person_id = $1`, [id])
  const hour = 3_600_000
  w.server.clock.shift(13 * hour)
  await escalateDue(w.server)
  await escalateDue(w.server)
  w.server.clock.shift(-13 * hour)
  const events = await w.sql(`select body from task_event where task_id = $1 and kind = 'escalated' order by n`, [
    task.id,
  ])
  expect(events.map((e) => [e.body.clock, e.body.step, e.body.area])).toEqual([
    ['accept', 1, grid.slice(0, 12)],
    ['accept', 2, grid.slice(0, 9)],
    ['accept', 3, grid.slice(0, 6)],
    ['answer', 1, grid.slice(0, 12)],
  ])
  expect(events[0].body.to.map((p: { id: string }) => p.id)).toContain(village.id)
})

test('case 35: “updated since” is a moment, not a day', async () => {
  const desk = await w.desk(A)
  const [{ at }] = await w.sql(`select max(updated_at) as at from task where county = $1 and closed_at is null`, [A])
  const since = (ms: number) => w.get(desk, `/api/tasks?updatedSince=${new Date(at.getTime() + ms).toISOString()}`)
  expect((await since(0)).body.total).toBeGreaterThan(0)
  expect((await since(1)).body.total).toBe(0)
})

test('export: within scope, formulas defused, marked, rows counted in the audit; another county’s is not found', async () => {
  const desk = await w.desk(A)
  await w.person(w.grids(A)[2] ?? '', 'red', { masked: '=1+1' })
  await w.push(A)
  const total = (await w.get(desk, '/api/tasks')).body.total
  const csv = await w.get(desk, '/api/tasks/export.csv')
  const lines = csv.text.trim().split('\r\n')
  expect(lines.length - 1).toBe(total)
  expect(csv.text).toContain("'=1+1")
  expect(lines[1]).toContain(desk.name)
  const audit = await w.sql(
    `select verb, detail from audit where actor = $1 and verb like 'tasks.export%' order by at, id`,
    [desk.id],
  )
  expect(audit.map((a) => [a.verb, a.detail.rows, a.detail.complete])).toEqual([
    ['tasks.export.begin', null, false],
    ['tasks.export', total, true],
  ])
  const other = await w.desk(B)
  expect((await w.get(other, `/api/tasks/export.csv?area=${A}`)).status).toBe(404)
  expect((await w.get(await w.worker(w.grids(A)[2] ?? ''), '/api/tasks/export.csv')).status).toBe(403)
})

test('paging: every row once, in order, the total exact, for a city, a town and a grid', async () => {
  const province = await w.desk('32')
  for (const area of ['32', '3205', A, `${A}001`, `${A}001001`, w.grids(A)[1]]) {
    const seen: string[] = []
    let cursor: string | null = ''
    let total = 0
    while (cursor !== null) {
      const page: { items: { id: string }[]; next: string | null; total: number } = (
        await w.get(province, `/api/tasks?area=${area}&limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body
      seen.push(...page.items.map((t) => t.id))
      cursor = page.next
      total = page.total
    }
    expect(seen.length).toBe(total)
    expect(new Set(seen).size).toBe(total)
    expect(total).toBeGreaterThan(0)
  }
})

test('case 42: a worker who no longer covers the grid gives back what is open; it stands in the grid’s list for the next', async () => {
  const grid = w.grids(B)[6] ?? ''
  await w.person(grid, 'red')
  await w.push(B)
  const [gone, next] = [await w.worker(grid), await w.worker(grid)]
  const id = (await w.get(gone, '/api/tasks')).body.items[0].id
  await w.post(gone, `/api/tasks/${id}/accept`, {})
  expect((await w.post(next, `/api/tasks/${id}/accept`, {})).body.code).toBe('TASK_ACCEPTED')
  await w.sql(`update duty set ended_at = now() where account_id = $1`, [gone.id])
  await w.server.asSystem('test', async (ctx) => ctx.emit('duty.changed', { accountId: gone.id, areas: [grid] }))
  await w.drain()
  expect((await w.get(next, `/api/tasks/${id}`)).body).toMatchObject({ state: 'pushed', assignee: null })
  expect((await w.post(next, `/api/tasks/${id}/accept`, {})).status).toBe(200)
})

test('GRADE-8: whose red has ended and whose yellow still stands is pushed as yellow before the midnight job has run', async () => {
  const grids = w.grids(B)
  const day = (n: number) => new Date(w.server.clock.now().getTime() + n * 86_400_000).toISOString().slice(0, 10)
  const reason = (grade: string, until: string, source: string) => ({
    rule: grade,
    say: { zh: grade, en: grade },
    grade,
    fact: { kind: 'stay', source },
    day: '2020-01-01',
    until,
  })
  const late = async (reasons: object[]): Promise<string> => {
    const id = await w.person(grids[3] ?? '', 'red')
    await w.sql('update grade_now set until_day = $2, review_day = $2, reasons = $3 where person_id = $1', [
      id,
      day(-2),
      JSON.stringify(reasons),
    ])
    return id
  }
  const yellow = await late([reason('red', day(-2), 'rail'), reason('yellow', day(5), 'air')])
  const over = await late([reason('red', day(-2), 'rail'), reason('yellow', day(-2), 'air')])
  const red = await w.person(grids[3] ?? '', 'red')
  await w.push(grids[3] ?? '')
  const tasks = await w.sql('select person_id, grade, sources from task where person_id = any($1)', [
    [yellow, over, red],
  ])
  expect(tasks.toSorted((a, b) => (a.grade < b.grade ? -1 : 1))).toEqual([
    { person_id: red, grade: 'red', sources: ['rail'] },
    { person_id: yellow, grade: 'yellow', sources: ['air'] },
  ])
  const [{ consequence }] = await w.sql('select consequence from push order by started_at desc limit 1')
  expect(consequence.persons - consequence.keptOpen - consequence.answeredBefore).toBe(2)

  // A run's news that reaches the tasks after midnight is read in the same way.
  const run = randomUUID()
  await w.sql('update grade_now set until_day = $2, review_day = $2, reasons = $3 where person_id = $1', [
    red,
    day(-2),
    JSON.stringify([reason('red', day(-2), 'rail'), reason('yellow', day(5), 'air')]),
  ])
  await w.regrade(red, 'red', run)
  await w.server.asSystem('test', async (ctx) => ctx.emit('grades.changed', { runId: run }))
  await w.drain()
  expect(await w.sql('select grade, outcome from task where person_id = $1', [red])).toEqual([
    { grade: 'yellow', outcome: null },
  ])
})

test('a push whose process was killed goes on by itself', async () => {
  const grid = w.grids(B)[1] ?? ''
  await w.person(grid, 'blue')
  const id = randomUUID()
  await w.post(await w.desk(B), '/api/pushes', { id, area: B, campaignId: w.campaignId })
  await w.post(await w.desk(B), `/api/pushes/${id}/decide`, { approve: true })
  await pushOneChunk(w.server, id, 3)
  await w.sql(`delete from graphile_worker._private_jobs`)
  const resume = taskJobs.timers.find((timer) => timer.name === 'resume-pushes')
  await resume?.run(w.server)
  expect((await w.sql(`select state from push where id = $1`, [id]))[0].state).toBe('running')
  w.server.clock.shift(120_000)
  await resume?.run(w.server)
  w.server.clock.shift(-120_000)
  expect((await w.sql(`select state, counts from push where id = $1`, [id]))[0]).toMatchObject({
    state: 'done',
    counts: { task: 1 },
  })
})

test('case 77: two records merged: one task goes on, and a later push asks for the person once', async () => {
  const grid = w.grids(B)[5] ?? ''
  const [loser, winner] = [await w.person(grid, 'red'), await w.person(grid, 'yellow')]
  await w.push(B)
  await w.sql(
    `insert into person_alias (person_id, target, home_area, at, reason) values ($1, $2, $3, now(), 'test')`,
    [loser, winner, grid],
  )
  for (let i = 0; i < 2; i++) {
    await w.server.asSystem('test', async (ctx) => ctx.emit('person.merged', { from: loser, into: winner }))
    await w.drain()
  }
  const open = await w.sql(`select person_id from open_task where person_id in ($1, $2)`, [loser, winner])
  expect(open).toEqual([{ person_id: winner }])
  const push = await w.push(B)
  const entries = await w.sql(`select outcome from list_entry where push_id = $1 and person_id in ($2, $3)`, [
    push,
    loser,
    winner,
  ])
  expect(entries).toEqual([{ outcome: 'kept_open' }])
})
