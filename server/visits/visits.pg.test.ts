import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { visitRoutes } from './routes.ts'

let w: World
let worker: Actor
let grid: string
beforeAll(async () => {
  w = await makeWorld({ routes: [visitRoutes] })
  grid = w.grids(A)[0] ?? ''
  worker = await w.worker(grid)
})
afterAll(() => w.close())

const task = async (grade = 'red', area = grid) => {
  const personId = await w.person(area, grade, { sources: ['rail', 'air'] })
  await w.push(A)
  const [row] = await w.sql(`select id from task where person_id = $1`, [personId])
  return { id: String(row.id), personId }
}

const visit = (more: object) => ({
  id: randomUUID(),
  method: 'door',
  result: 'met',
  answers: { symptoms: false },
  occurredAt: new Date().toISOString(),
  ...more,
})
const stat = async (metric: string) =>
  Number((await w.sql(`select coalesce(sum(n), 0)::int as n from stat_day where metric = $1`, [metric]))[0].n)

describe('filing', () => {
  test('a visit closes its task, counts once, keeps the note sealed and tells the source', async () => {
    const { id, personId } = await task()
    const relative = await w.person(grid, null, { masked: '李*' })
    const before = { visits: await stat('visits'), persons: await stat('persons') }
    const filed = await w.post(
      worker,
      '/api/visits',
      visit({ taskId: id, personIds: [relative], disposition: 'HERE_NO_RISK', note: '邻居证明未离苏' }),
    )
    expect(filed.status).toBe(200)
    expect(filed.body).toMatchObject({
      area: grid,
      missing: [],
      raw: [],
      task: { state: 'closed', outcome: 'answered' },
    })
    expect([await stat('visits'), await stat('persons'), await stat('answered:HERE_NO_RISK')]).toEqual([
      before.visits + 1,
      before.persons + 2,
      1,
    ])
    expect(await w.sql(`select source, disposition, n::int from stat_source order by source`)).toEqual([
      { source: 'air', disposition: 'HERE_NO_RISK', n: 1 },
      { source: 'rail', disposition: 'HERE_NO_RISK', n: 1 },
    ])
    expect(await w.sql(`select count(*)::int as n from open_task where person_id = $1`, [personId])).toEqual([{ n: 0 }])
    const [row] = await w.sql(`select answers, note_sealed from visit where id = $1`, [filed.body.id])
    expect(row.answers).toEqual({ symptoms: false })
    expect(row.note_sealed.toString('latin1')).not.toContain('邻居')
    const detail = (await w.get(worker, `/api/visits/${filed.body.id}`)).body
    expect([detail.hasNote, detail.masked.toSorted()]).toEqual([true, ['张*明', '李*'].toSorted()])
    const opened = await w.post(worker, `/api/visits/${filed.body.id}/open`, { purpose: 'check_at_door' })
    expect(opened.body.note).toBe('邻居证明未离苏')
    expect((await w.sql(`select purpose, cardinality(ids) as n from audit where verb = 'visit.open'`))[0]).toEqual({
      purpose: 'check_at_door',
      n: 2,
    })
  })

  test('case 58: five parallel posts of one visit make one row and give five equal answers, without any key', async () => {
    const { id } = await task()
    const before = await stat('visits')
    const body = visit({ taskId: id, disposition: 'HERE_MONITOR' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => w.post(worker, '/api/visits', body)))
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map((a) => a.text)).size).toBe(1)
    expect([
      await stat('visits'),
      (await w.sql(`select count(*)::int as n from visit where id = $1`, [body.id]))[0].n,
    ]).toEqual([before + 1, 1])
    expect((await w.post(worker, '/api/visits', { ...body, result: 'refused' })).body.code).toBe('VISIT_ID_TAKEN')
    // Long after: the same answer still (case 39).
    expect((await w.post(worker, '/api/visits', body)).text).toBe(answers[0].text)
  })

  test('case 39: a repeat gets the first answer though its task has left the grid', async () => {
    const { id } = await task()
    const body = visit({ taskId: id, disposition: 'NOT_RESIDENT', note: '房东说不认识' })
    const first = await w.post(worker, '/api/visits', body)
    expect(first.body.task).toMatchObject({ state: 'returned' })
    expect((await w.get(worker, `/api/tasks/${id}`)).status).toBe(404)
    expect((await w.post(worker, '/api/visits', body)).text).toBe(first.text)
  })

  test('VISIT-5: a visit whose task a colleague closed meanwhile is kept and counted, and answers nothing twice', async () => {
    const { id } = await task()
    await w.post(worker, '/api/visits', visit({ taskId: id, disposition: 'HERE_CENTRAL' }))
    const before = [await stat('visits'), await stat('answered:HERE_CENTRAL')]
    const late = await w.post(worker, '/api/visits', visit({ taskId: id, disposition: 'HERE_RELEASED' }))
    expect(late.body.task).toMatchObject({ state: 'closed', outcome: 'answered' })
    expect([await stat('visits'), await stat('answered:HERE_CENTRAL'), await stat('answered:HERE_RELEASED')]).toEqual([
      (before[0] ?? 0) + 1,
      before[1],
      0,
    ])
  })

  test('case 64, case 19: unknown question, result and disposition are kept raw; the task goes to review', async () => {
    const { id } = await task()
    const filed = await w.post(
      worker,
      '/api/visits',
      visit({ taskId: id, result: 'abducted', disposition: 'NEW_CODE', answers: { mood: 'grim' } }),
    )
    expect(filed.body).toMatchObject({ missing: ['symptoms'], raw: ['mood'], task: { state: 'review' } })
    const desk = await w.desk(A)
    expect((await w.get(desk, '/api/tasks?list=review')).body.items.map((t: { id: string }) => t.id)).toContain(id)
    expect((await w.get(desk, '/api/tasks')).body.items.map((t: { id: string }) => t.id)).not.toContain(id)
  })

  test('nothing personal is collected without an open emergency', async () => {
    await w.sql(`update emergency set state = 'ended'`)
    const refused = await w.post(worker, '/api/visits', visit({ area: grid }))
    await w.sql(`update emergency set state = 'open'`)
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect((await w.sql(`select count(*)::int as n from visit where disposition is null`))[0].n).toBe(0)
  })
})

describe('VISIT-6: corrections', () => {
  test('case 44: a correction counts once, a second one too; both rows are kept, the day stays', async () => {
    const { id } = await task()
    const first = await w.post(worker, '/api/visits', visit({ taskId: id, disposition: 'HERE_MONITOR' }))
    const visits = await stat('visits')
    const [monitor, wrong, home] = [
      await stat('answered:HERE_MONITOR'),
      await stat('answered:WRONG_INFO'),
      await stat('answered:HERE_HOME_OBS'),
    ]
    w.server.clock.shift(86_400_000)
    const second = await w.post(
      worker,
      '/api/visits',
      visit({
        taskId: id,
        disposition: 'WRONG_INFO',
        supersedes: first.body.id,
        correctionReason: '点错了',
        occurredAt: w.server.clock.now().toISOString(),
      }),
    )
    expect(second.body.day).toBe(first.body.day)
    const third = await w.post(
      worker,
      '/api/visits',
      visit({
        taskId: id,
        disposition: 'HERE_HOME_OBS',
        supersedes: second.body.id,
        occurredAt: w.server.clock.now().toISOString(),
      }),
    )
    w.server.clock.shift(-86_400_000)
    expect(third.status).toBe(200)
    expect(await stat('visits')).toBe(visits)
    expect([
      await stat('answered:HERE_MONITOR'),
      await stat('answered:WRONG_INFO'),
      await stat('answered:HERE_HOME_OBS'),
    ]).toEqual([monitor - 1, wrong, home + 1])
    expect(
      (
        await w.post(
          worker,
          '/api/visits',
          visit({ taskId: id, disposition: 'HERE_MONITOR', supersedes: first.body.id }),
        )
      ).body.code,
    ).toBe('VISIT_CORRECTED')
    expect((await w.sql(`select count(*)::int as n from visit where task_id = $1`, [id]))[0].n).toBe(3)
    expect((await w.get(worker, `/api/visits?taskId=${id}`)).body.total).toBe(1)
  })

  test('a closing answer corrected to “no answer” opens the task again and takes its lock', async () => {
    const { id, personId } = await task()
    const first = await w.post(worker, '/api/visits', visit({ taskId: id, disposition: 'HERE_MONITOR' }))
    const again = await w.post(
      worker,
      '/api/visits',
      visit({ taskId: id, method: 'phone', result: 'no_answer', disposition: 'NO_ANSWER', supersedes: first.body.id }),
    )
    expect(again.body.task).toMatchObject({ state: 'in_progress', outcome: null })
    expect(await w.sql(`select task_id from open_task where person_id = $1`, [personId])).toEqual([{ task_id: id }])
  })
})

test('AWAY_OTHER_AREA goes on in the other county under the same root; a known answer is not asked for again', async () => {
  const { id, personId } = await task('yellow')
  const there = w.grids(B)[2] ?? ''
  const filed = await w.post(
    worker,
    '/api/visits',
    visit({ taskId: id, method: 'phone', disposition: 'AWAY_OTHER_AREA', goesTo: there }),
  )
  expect(filed.body.task).toMatchObject({ state: 'closed', outcome: 'answered' })
  await w.drain()
  const rows = await w.sql(`select id, county, root, state, area from task where person_id = $1 order by opened_at`, [
    personId,
  ])
  expect(rows.map((r) => [r.county, r.root, r.state, r.area])).toEqual([
    [A, id, 'closed', grid],
    [B, id, 'pushed', there],
  ])
  const other = await w.worker(there)
  await w.post(other, '/api/visits', visit({ taskId: rows[1].id, disposition: 'HERE_HOME_OBS' }))
  const push = await w.push(A)
  const desk = await w.desk(A)
  const entries = (await w.get(desk, `/api/list-entries?pushId=${push}&outcome=answered_before`)).body
  expect(entries.items.map((e: { personId: string }) => e.personId)).toContain(personId)
  expect((await w.sql(`select count(*)::int as n from task where person_id = $1`, [personId]))[0].n).toBe(2)
})

test('ACCESS-3: another county’s visit, task and export are not found, and the tries are in the audit', async () => {
  const { id } = await task()
  const mine = await w.post(worker, '/api/visits', visit({ taskId: id, disposition: 'HERE_MONITOR' }))
  const other = await w.desk(B)
  const tries = await Promise.all([
    w.get(other, `/api/visits/${mine.body.id}`),
    w.post(other, `/api/visits/${mine.body.id}/open`, { purpose: 'curious' }),
    w.post(other, '/api/visits', visit({ taskId: id, disposition: 'HERE_MONITOR' })),
    w.post(other, '/api/visits', visit({ area: grid })),
    w.get(other, `/api/visits?area=${A}`),
    w.get(other, `/api/visits/persons?area=${grid}`),
    w.get(other, `/api/visits/export.csv?area=${A}`),
  ])
  expect(tries.map((t) => t.status)).toEqual([404, 404, 404, 404, 404, 404, 404])
  expect((await w.get(other, `/api/visits?taskId=${id}`)).body.total).toBe(0)
  expect(
    (await w.sql(`select count(*)::int as n from audit where outcome = 'refused' and actor = $1`, [other.id]))[0].n,
  ).toBe(7)
})

test('ACCESS-3: a person of another grid is not named by a visit, whoever knows the id; one who moved away meanwhile is', async () => {
  const stranger = await w.person(w.grids(B)[0] ?? '', null)
  const neighbour = await w.person(w.grids(A)[5] ?? '', null)
  const gone = await w.person(grid, null)
  await w.sql(`update residence set to_day = '2020-02-01' where person_id = $1`, [gone])
  await w.sql(`update person set home_area = $2 where person_id = $1`, [gone, w.grids(A)[5]])
  const body = visit({ area: grid, personIds: [stranger, neighbour, gone] })
  expect((await w.post(worker, '/api/visits', body)).status).toBe(200)
  const named = await w.sql(`select person_id from visit_person where visit_id = $1`, [body.id])
  expect(named.map((row) => row.person_id)).toEqual([gone])
})
