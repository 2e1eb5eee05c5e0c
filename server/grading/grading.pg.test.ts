import { randomBytes, randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { plansOf } from '../core/testing/plans.ts'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { gradingJobs, requestIncremental } from './jobs.ts'
import { gradingRoutes } from './routes.ts'
import { driveRun, rangeOf, stepRun } from './run.ts'
import { joinRun, keepSamples, storePreview, writeJudgement } from './store-run.ts'

let t: TestServer
let emergency: string
let today: string
let operator: Actor
let chief: Actor
let stranger: Actor
const GRID = '320505001001001'
const OTHER = '320102002001001'
const heard: unknown[] = []

beforeAll(async () => {
  const listener = {
    reactions: { 'grades.changed': async (_s: unknown, payload: unknown) => void heard.push(payload) },
    timers: [],
  }
  t = await testServer({
    rooms: [
      { room: 'grading', jobs: gradingJobs },
      { room: 'listener', jobs: listener },
    ],
    routes: [gradingRoutes],
  })
  emergency = await t.openEmergency()
  today = t.server.clock.today()
  operator = t.actor({ area: '3205', roles: ['operator'] })
  chief = t.actor({ area: '3205', roles: ['chief'] })
  stranger = t.actor({ area: '3201', roles: ['operator', 'chief'] })
  for (const [id, red] of [
    ['rail', true],
    ['tip', false],
  ] as const) {
    await t.sql(
      `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, may_give_red, state, created_at) values ($1, '32', '{"zh":"铁路","en":"Rail"}', 'x', '{}', 'rail', '{}', '{}', $2, 'open', now())`,
      [id, red],
    )
  }
})
afterAll(() => t.close())

beforeEach(async () => {
  await t.sql(
    'truncate fact, person, grade, grade_now, grade_dirty, grade_near, grade_manual, grade_manual_batch, grade_touch, grade_found, grade_next, grade_preview, grade_run, rule_set, job_progress, grade_change_day, risk_area, household, residence, setting cascade',
  )
  heard.length = 0
})

async function person(area = GRID): Promise<string> {
  const hex = randomBytes(16).toString('hex')
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
  await t.sql(
    `insert into person (person_id, home_area, emergency_id, masked, doc_kind, source, created_at, updated_at) values ($1, $2, $3, '张*明', 'id', 'x', now(), now())`,
    [id, area, emergency],
  )
  return id
}

async function inWuhan(id: string, source = 'rail', last = -3): Promise<void> {
  await t.sql(
    `insert into fact (person_id, fact_id, kind, place, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, 'stay', '420106', $3, $4, $5, $6, now() - interval '1 minute')`,
    [id, randomUUID(), addDays(today, last - 3), addDays(today, last), source, randomUUID()],
  )
  await t.sql('insert into grade_dirty (person_id, at) values ($1, now()) on conflict do nothing', [id])
}

async function saved(): Promise<string> {
  const answer = await t.request(operator, 'POST', '/api/rule-sets', { document: SUZHOU })
  expect(answer.status).toBe(200)
  return answer.body.id
}

async function previewed(id: string): Promise<string> {
  const run = await t.request(operator, 'POST', '/api/grade-runs/preview', { ruleSetId: id })
  expect(run.status).toBe(200)
  await t.drain()
  return run.body.id
}

async function activated(): Promise<string> {
  const id = await saved()
  await previewed(id)
  expect((await t.request(operator, 'POST', `/api/rule-sets/${id}/propose`, {})).status).toBe(200)
  const approved = await t.request(chief, 'POST', `/api/rule-sets/${id}/approve`, {})
  expect(approved.status).toBe(200)
  await t.drain()
  return id
}

const nowOf = async (id: string): Promise<{ grade: string | null; colour: string | null; n: number } | undefined> =>
  (await t.sql('select grade, colour, n from grade_now where person_id = $1', [id]))[0]

async function incremental(): Promise<string | undefined> {
  const [runId] = await t.server.asSystem('test', requestIncremental)
  if (runId !== undefined) await driveRun(t.server, runId)
  return runId
}

describe('from a draft to grades', () => {
  test('GRADE-20, 21: preview by grade and area with masked samples, nothing written; proposed, approved by a second person, everybody graded', async () => {
    const id = await saved()
    const sick = await person()
    await inWuhan(sick)
    await inWuhan(await person(OTHER))
    expect((await t.request(operator, 'POST', `/api/rule-sets/${id}/propose`, {})).body.code).toBe('PREVIEW_NEEDED')

    const runId = await previewed(id)
    const preview = (await t.request(operator, 'GET', `/api/grade-runs/${runId}`)).body.preview
    expect(preview).toMatchObject({
      changed: 1,
      grades: [{ before: null, after: 'red', persons: 1 }],
      areas: [{ area: '320505', after: { red: 1 }, changed: 1 }],
    })
    expect(preview.samples).toMatchObject([
      { personId: sick, masked: '张*明', after: { grade: 'red', colour: 'red', until: addDays(today, 11) } },
    ])
    expect(preview.samples[0].reasons[0]).toMatchObject({
      rule: 'key_area',
      fact: { kind: 'stay', place: '420106', source: 'rail' },
      day: addDays(today, -3),
    })
    expect(await nowOf(sick)).toBeUndefined()

    await t.request(operator, 'POST', `/api/rule-sets/${id}/propose`, {})
    const self = { ...operator, roles: ['operator' as const, 'chief' as const] }
    expect((await t.request(self, 'POST', `/api/rule-sets/${id}/approve`, {})).status).toBe(403)
    const child = t.actor({ area: '3205', roles: ['chief'], createdBy: operator.id })
    expect((await t.request(child, 'POST', `/api/rule-sets/${id}/approve`, {})).status).toBe(403)
    expect((await t.request(chief, 'POST', `/api/rule-sets/${id}/approve`, {})).body.ruleSet.state).toBe('active')
    await t.drain()
    expect(await nowOf(sick)).toMatchObject({ grade: 'red', colour: 'red', n: 1 })
    expect(heard.length).toBe(1)
    expect(await t.sql(`select count(*) from grade_now`)).toEqual([{ count: 1 }])
    expect(await t.sql(`select verb, outcome from audit where thing_id = $1 order by at`, [id])).toContainEqual({
      verb: 'rule_set.approve',
      outcome: 'refused',
    })
    for (const table of ['grade_found', 'grade_touch'])
      expect(await t.sql(`select count(*) from ${table}`)).toEqual([{ count: 0 }])
  })

  test('of many: people are matched with people at once, never each with all, whatever the planner has counted before', async () => {
    const [earlier, run, n] = [randomUUID(), randomUUID(), 3_000]
    const judged = (id: string) =>
      t.sql(
        `insert into grade_next (run_id, person_id, home_area, prev_n, changed, grade, from_day, reasons, sources)
         select $1, gen_random_uuid(), $2, 0, true, 'red', $3, '[]', '{rail}' from generate_series(1, $4)`,
        [id, GRID, today, n],
      )
    await judged(earlier)
    await t.sql('analyze grade_next')
    await judged(run)
    const keep = async (db: Db): Promise<void> => {
      await storePreview(db, run, { area: '3205', except: [] })
      await keepSamples(db, run)
    }
    const plans = await t.server.asSystem('test', (ctx) => plansOf(ctx.db, keep))
    const joining = await t.server.asSystem('test', (ctx) => plansOf(ctx.db, (db) => joinRun(db, run, earlier)))
    for (const text of [plans, joining]) {
      expect(text).toContain('Delete on grade_next')
      expect(text).not.toContain('Nested Loop')
    }
    await t.server.asSystem('test', (ctx) => keep(ctx.db))
    expect(await t.sql(`select count(*) from grade_next where run_id = $1`, [run])).toEqual([{ count: 10 }])
    expect(await t.sql(`select n from grade_preview where run_id = $1`, [run])).toEqual([{ n }])
  })

  test('a faulty document is refused with place and remedy, and a second version leaves the first as it is', async () => {
    const bad = { ...SUZHOU, rules: [{ ...SUZHOU.rules[0], gives: {} }] }
    const refused = await t.request(operator, 'POST', '/api/rule-sets', { document: bad })
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'RULE_SET_FAULTY', rule: 'GRADE-15', details: { faults: [{ path: 'rules.0.gives' }] } },
    })
    const first = await saved()
    const second = await t.request(operator, 'POST', '/api/rule-sets', {
      document: { ...SUZHOU, rules: SUZHOU.rules.slice(0, 2) },
    })
    expect(second.body.version).toBe(2)
    expect((await t.request(operator, 'GET', `/api/rule-sets/${first}`)).body.document.rules).toHaveLength(
      SUZHOU.rules.length,
    )
    expect((await t.request(operator, 'POST', '/api/rule-sets/validate', { document: bad })).body).toMatchObject({
      ok: false,
    })
  })

  test('case 66, GRADE-8: the day after the last day the list no longer shows red, before any job has run', async () => {
    await activated()
    const sick = await person()
    await inWuhan(sick, 'rail', -14)
    await incremental()
    expect((await t.request(operator, 'GET', '/api/graded?grade=red')).body.total).toBe(1)
    await t.sql(
      `update grade_now set until_day = until_day - 1, review_day = review_day - 1, reasons = jsonb_set(reasons, '{0,until}', to_jsonb((until_day - 1)::text))`,
    )
    expect((await t.request(operator, 'GET', '/api/graded?grade=red')).body).toMatchObject({ total: 0, items: [] })
    expect((await t.request(operator, 'GET', '/api/graded/counts')).body.grades).toEqual({})
    expect((await t.request(operator, 'GET', `/api/people/${sick}/grade`)).body.now).toBeNull()
  })
})

describe('incremental runs', () => {
  test('GRADE-10, 14: a new fact grades, its withdrawal takes back; history grows on change only', async () => {
    await activated()
    const sick = await person()
    await inWuhan(sick)
    await incremental()
    expect(await nowOf(sick)).toMatchObject({ grade: 'red', n: 1 })
    await t.sql('insert into grade_dirty (person_id, at) values ($1, now())', [sick])
    await incremental()
    expect(await nowOf(sick)).toMatchObject({ n: 1 })
    await t.sql('update fact set withdrawn_at = now()')
    await t.sql('insert into grade_dirty (person_id, at) values ($1, now())', [sick])
    await incremental()
    expect(await nowOf(sick)).toMatchObject({ grade: null, colour: null, n: 2 })
    expect(await t.sql('select n, grade from grade order by n')).toEqual([
      { n: 1, grade: 'red' },
      { n: 2, grade: null },
    ])
    expect(await incremental()).toBeUndefined()
  })

  test('without a rule set in force a loaded batch starts nothing', async () => {
    await inWuhan(await person())
    await t.server.asSystem('test', async (ctx) => ctx.emit('batch.loaded', { batchId: randomUUID() }))
    await t.drain()
    expect(await t.sql('select count(*) from grade_run')).toEqual([{ count: 0 }])
  })

  test('GRADE-9: red only from a source that may give red', async () => {
    await activated()
    const told = await person()
    await inWuhan(told, 'tip')
    await incremental()
    expect(await nowOf(told)).toMatchObject({ grade: 'yellow', colour: 'yellow' })
    const shown = (await t.request(operator, 'GET', `/api/people/${told}/grade`)).body
    expect(shown.now.reasons[0]).toMatchObject({ capped: true })
    expect(shown.history).toHaveLength(1)
  })

  test('GRADE-3: a level that is set later regrades those who were there', async () => {
    await activated()
    const back = await person()
    await t.sql(
      `insert into fact (person_id, fact_id, kind, place, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, 'stay', '330106', $3, $3, 'rail', $4, now())`,
      [back, randomUUID(), addDays(today, -2), randomUUID()],
    )
    await t.sql(
      `insert into risk_area (id, area, level, from_day, source, recorded_at) values ($1, '3301', 'medium', $2, 'list', now())`,
      [randomUUID(), addDays(today, -5)],
    )
    await t.server.asSystem('test', async (ctx) => ctx.emit('risk_areas.changed', {}))
    await t.drain()
    expect(await nowOf(back)).toMatchObject({ grade: 'yellow' })
  })

  test('GRADE-10, case 77: after a merge the facts count for the record that stands for both, and undone they go back', async () => {
    await activated()
    const [loser, winner] = [await person(), await person()]
    await inWuhan(loser)
    await incremental()
    await t.sql(
      `insert into person_alias (person_id, target, home_area, at, reason) values ($1, $2, $3, now(), 'same')`,
      [loser, winner, GRID],
    )
    await t.server.asSystem('test', async (ctx) => ctx.emit('person.merged', { from: loser, into: winner }))
    await t.drain()
    expect([await nowOf(loser), await nowOf(winner)]).toMatchObject([{ grade: null }, { grade: 'red' }])
    await t.sql('delete from person_alias')
    await t.server.asSystem('test', async (ctx) => ctx.emit('person.unmerged', { personId: loser, from: winner }))
    await t.drain()
    expect([await nowOf(loser), await nowOf(winner)]).toMatchObject([{ grade: 'red' }, { grade: null }])
  })

  test('killed in the middle of taking effect: the run goes on, nothing is lost and nothing double', async () => {
    await activated()
    const people = await Promise.all(Array.from({ length: 40 }, () => person()))
    for (const id of people) await inWuhan(id)
    const [runId = ''] = await t.server.asSystem('test', requestIncremental)
    let phase = ''
    while (phase !== 'apply') {
      await stepRun(t.server, runId)
      phase = (await t.sql('select phase from grade_run where id = $1', [runId]))[0].phase
    }
    await t.sql('update grade_run set chunks = 5 where id = $1', [runId])
    await stepRun(t.server, runId)
    const half = (await t.sql('select count(*) from grade_now'))[0].count
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(40)
    // Another process finds the run and takes it to its end; a second driver at the same time does no harm.
    await Promise.all([driveRun(t.server, runId), driveRun(t.server, runId)])
    expect(await t.sql('select count(*), min(n), max(n) from grade_now')).toEqual([{ count: 40, min: 1, max: 1 }])
    expect(await t.sql('select count(*) from grade')).toEqual([{ count: 40 }])
    expect(await t.sql('select state from grade_run where id = $1', [runId])).toEqual([{ state: 'done' }])
  })

  test('killed after chunks were written and before the cursor moved: judged and taken into effect once', async () => {
    await activated()
    const people = await Promise.all(Array.from({ length: 40 }, () => person()))
    for (const id of people) await inWuhan(id)
    const [runId = ''] = await t.server.asSystem('test', requestIncremental)
    const until = async (wanted: string): Promise<void> => {
      const phase = async () => (await t.sql('select phase from grade_run where id = $1', [runId]))[0].phase
      while ((await phase()) !== wanted) await stepRun(t.server, runId)
    }
    for (const phase of ['judge', 'apply']) {
      await until(phase)
      await t.sql('update grade_run set chunks = 4 where id = $1', [runId])
      await stepRun(t.server, runId)
      expect(await t.sql('select chunk from grade_run where id = $1', [runId])).toEqual([{ chunk: 2 }])
      await t.sql('update grade_run set chunk = 0 where id = $1', [runId])
    }
    await driveRun(t.server, runId)
    expect(await t.sql('select count(*), min(n), max(n) from grade_now')).toEqual([{ count: 40, min: 1, max: 1 }])
    expect(await t.sql('select count(*) from grade')).toEqual([{ count: 40 }])
    expect(await t.sql('select count(*) from grade_dirty')).toEqual([{ count: 0 }])
    expect(await t.sql('select state, counts from grade_run where id = $1', [runId])).toMatchObject([
      { state: 'done', counts: { looked: 40, changed: 40 } },
    ])
  })

  test('somebody is judged by another writer at the same moment: that judgement stays, the range is taken once more', async () => {
    await activated()
    const people = await Promise.all(Array.from({ length: 5 }, () => person()))
    for (const id of people) await inWuhan(id)
    const other = people[2] ?? ''
    const [runId = ''] = await t.server.asSystem('test', requestIncremental)
    const rows = async (): Promise<any[]> => t.sql('select phase, rule_set_id from grade_run where id = $1', [runId])
    while ((await rows())[0].phase !== 'apply') await stepRun(t.server, runId)
    const ruleSetId = (await rows())[0].rule_set_id
    let step: Promise<unknown> = Promise.resolve()
    await t.server.asSystem('test.other', async (ctx) => {
      await writeJudgement(ctx.db, {
        person: { person_id: other, home_area: GRID },
        runId: randomUUID(),
        ruleSetId,
        judged: { grade: 'blue', colour: null, untilDay: null, reviewDay: null, fromDay: today, reasons: json([]) },
        by: null,
        caseNo: null,
        now: ctx.now,
      })
      ctx.audit({ verb: 'test', thing: 'person', thingId: other, area: GRID })
      // The run meets the key that this transaction holds, and waits for it.
      step = stepRun(t.server, runId)
      const waits = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like 'with used as%'`
      while ((await t.sql(waits))[0].count === 0) await new Promise((go) => setTimeout(go, 20))
    })
    await step
    await driveRun(t.server, runId)
    expect(await nowOf(other)).toMatchObject({ grade: 'blue', n: 1 })
    for (const id of people.filter((one) => one !== other))
      expect(await nowOf(id)).toMatchObject({ grade: 'red', n: 1 })
    expect(await t.sql('select person_id from grade_dirty')).toEqual([{ person_id: other }])
    await incremental()
    expect(await nowOf(other)).toMatchObject({ grade: 'red', n: 2 })
  })

  test('a run that stops five times is given up, and its people are looked at by the next one', async () => {
    await activated()
    const sick = await person()
    await inWuhan(sick)
    const [runId = ''] = await t.server.asSystem('test', requestIncremental)
    await stepRun(t.server, runId)
    await t.sql(`update rule_set set rules = '{}'`)
    for (let i = 0; i < 5; i++) await expect(driveRun(t.server, runId)).rejects.toThrow()
    expect(await t.sql('select state from grade_run where id = $1', [runId])).toEqual([{ state: 'failed' }])
    await t.sql('update rule_set set rules = $1', [JSON.stringify({ rules: SUZHOU.rules })])
    await incremental()
    expect(await nowOf(sick)).toMatchObject({ grade: 'red' })
  })

  test('the parts of the id space cover it without overlap', () => {
    const ranges = Array.from({ length: 7 }, (_, i) => rangeOf(i, 7))
    expect(ranges[0]?.lo).toBeNull()
    expect(ranges.at(-1)?.hi).toBeNull()
    expect(ranges.slice(1).map((r) => r.lo)).toEqual(ranges.slice(0, -1).map((r) => r.hi))
  })
})

describe('GRADE-22: the guard', () => {
  test('an unusual number of changes is held before it takes effect, alarms the auditor, and goes on after a second person', async () => {
    await activated()
    await t.sql(`insert into setting (key, value) values ('grading.guard', '{"floor": 3, "floorWithoutHistory": 3}')`)
    const people = await Promise.all(Array.from({ length: 5 }, () => person()))
    for (const id of people) await inWuhan(id)
    const runId = await incremental()
    expect(await t.sql('select count(*) from grade_now')).toEqual([{ count: 0 }])
    const held = (await t.request(operator, 'GET', `/api/grade-runs/${runId}`)).body
    expect(held).toMatchObject({
      state: 'held',
      guard: expect.arrayContaining([
        expect.objectContaining({
          kind: 'source',
          key: 'rail',
          changes: 5,
          median: null,
          limit: 3,
          name: { zh: '铁路', en: 'Rail' },
        }),
        expect.objectContaining({ kind: 'place', key: '320505' }),
      ]),
    })
    expect(await t.sql(`select count(*) from audit where verb = 'grade.hold' and thing_id = $1`, [runId])).toEqual([
      { count: 1 },
    ])
    expect((await t.request(operator, 'POST', `/api/grade-runs/${runId}/approve`, {})).status).toBe(403)
    await t.request(chief, 'POST', `/api/grade-runs/${runId}/approve`, {})
    await t.drain()
    expect(await t.sql(`select count(*) from grade_now where grade = 'red'`)).toEqual([{ count: 5 }])
  })

  test('what else is unusual joins the run that is held: one decision, and nobody lets go what he has not read of', async () => {
    await activated()
    await t.sql(`insert into setting (key, value) values ('grading.guard', '{"floor": 1, "floorWithoutHistory": 1}')`)
    const first = [await person(), await person()]
    for (const id of first) await inWuhan(id)
    const runId = await incremental()
    const seen = (await t.request(chief, 'GET', `/api/grade-runs/${runId}`)).body
    expect(seen).toMatchObject({ state: 'held', counts: { changed: 2 } })
    const more = [await person(), await person(), await person()]
    for (const id of more) await inWuhan(id)
    // One of the first is looked at again: he counts once.
    await t.sql('insert into grade_dirty (person_id, at) values ($1, now())', [first[0]])
    const joined = await incremental()
    expect(joined).not.toBe(runId)
    expect((await t.request(chief, 'GET', `/api/grade-runs/${joined}`)).body).toMatchObject({
      state: 'done',
      counts: { changed: 0, joined: 4 },
    })
    expect((await t.request(chief, 'GET', `/api/grade-runs/${runId}`)).body).toMatchObject({
      state: 'held',
      counts: { looked: 5, changed: 5, grade_red: 5 },
      preview: { changed: 5, grades: [{ before: null, after: 'red', persons: 5 }] },
      guard: expect.arrayContaining([expect.objectContaining({ kind: 'source', key: 'rail', changes: 5 })]),
    })
    expect(await t.sql('select count(*) from grade_now')).toEqual([{ count: 0 }])
    // What another source makes unusual is another matter.
    for (const id of [await person(), await person()]) await inWuhan(id, 'tip')
    const other = await incremental()
    expect((await t.request(chief, 'GET', `/api/grade-runs/${other}`)).body).toMatchObject({
      state: 'held',
      counts: { changed: 2 },
    })
    expect((await t.request(chief, 'POST', `/api/grade-runs/${other}/refuse`, { reason: '来源有误' })).status).toBe(200)
    const approve = (changed: number) => t.request(chief, 'POST', `/api/grade-runs/${runId}/approve`, { changed })
    expect(await approve(seen.counts.changed)).toMatchObject({ status: 409, body: { code: 'RUN_GREW' } })
    expect((await approve(5)).status).toBe(200)
    await t.drain()
    expect(await t.sql(`select count(*) from grade_now where grade = 'red'`)).toEqual([{ count: 5 }])
    expect(await t.sql('select count(*) from grade_next')).toEqual([{ count: 0 }])
    for (const table of ['grade_touch', 'grade_preview'])
      expect(await t.sql(`select count(*) from ${table} where run_id = $1`, [runId])).toEqual([{ count: 0 }])
  })

  test('a refused run changes nothing', async () => {
    await activated()
    await t.sql(`insert into setting (key, value) values ('grading.guard', '{"floor": 1, "floorWithoutHistory": 1}')`)
    for (const id of [await person(), await person()]) await inWuhan(id)
    const runId = await incremental()
    expect((await t.request(chief, 'POST', `/api/grade-runs/${runId}/refuse`, { reason: '来源有误' })).body.state).toBe(
      'refused',
    )
    await t.drain()
    expect(await t.sql('select count(*) from grade_now')).toEqual([{ count: 0 }])
  })

  test('a full run that a person asks for waits for the second one', async () => {
    const ruleSetId = await activated()
    const sick = await person()
    await inWuhan(sick)
    const run = await t.request(operator, 'POST', '/api/grade-runs', { ruleSetId })
    await t.drain()
    expect((await t.request(operator, 'GET', `/api/grade-runs/${run.body.id}`)).body).toMatchObject({
      state: 'waiting',
      preview: { changed: 1 },
    })
    expect(await nowOf(sick)).toBeUndefined()
    const both = { ...operator, roles: ['operator' as const, 'chief' as const] }
    expect((await t.request(both, 'POST', `/api/grade-runs/${run.body.id}/approve`, {})).status).toBe(403)
    expect((await t.request(chief, 'POST', `/api/grade-runs/${run.body.id}/approve`, {})).status).toBe(200)
    await t.drain()
    expect(await nowOf(sick)).toMatchObject({ grade: 'red' })
  })
})

describe('GRADE-24, 25: changes by hand', () => {
  const clear = (until = addDays(today, 5)) => ({ grade: null, colour: null, reason: 'wrong_person', until })

  test('one person at once; facts known before are set aside, a later one counts, and it ends by itself', async () => {
    await activated()
    const sick = await person()
    await inWuhan(sick)
    await incremental()
    expect((await t.request(operator, 'POST', `/api/people/${sick}/grade`, clear())).status).toBe(403)
    const changed = await t.request(chief, 'POST', `/api/people/${sick}/grade`, clear())
    expect(changed).toMatchObject({ status: 200, body: { now: null, manual: [{ reason: 'wrong_person' }] } })
    expect(await nowOf(sick)).toMatchObject({ grade: null, n: 2 })
    await t.sql('insert into grade_dirty (person_id, at) values ($1, now())', [sick])
    await incremental()
    expect(await nowOf(sick)).toMatchObject({ grade: null, n: 2 })
    await t.sql(
      `insert into fact (person_id, fact_id, kind, degree, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, 'contact', 1, $3, $3, 'rail', $4, now() + interval '1 second')`,
      [sick, randomUUID(), today, randomUUID()],
    )
    await t.sql('insert into grade_dirty (person_id, at) values ($1, now())', [sick])
    await incremental()
    expect(await nowOf(sick)).toMatchObject({ grade: 'red', n: 3 })
  })

  test('no red without a case number, no reason that points the other way, no end beyond the reason', async () => {
    await activated()
    const sick = await person()
    const post = (body: object) => t.request(chief, 'POST', `/api/people/${sick}/grade`, body)
    const red = { grade: 'red', colour: 'red', reason: 'case_confirmed', until: addDays(today, 5) }
    expect((await post(red)).body.code).toBe('RED_NEEDS_CASE')
    expect((await post({ ...red, reason: 'wrong_person', caseNo: 'C-17' })).body.code).toBe('REASON_WRONG_WAY')
    expect((await post(clear(addDays(today, 31)))).body.code).toBe('MANUAL_TOO_LONG')
    expect((await post({ ...red, reason: 'because' })).status).toBe(400)
    expect((await post({ ...red, caseNo: 'C-17' })).body.now).toMatchObject({ grade: 'red', until: addDays(today, 5) })
    expect(await t.sql('select case_no from grade')).toEqual([{ case_no: 'C-17' }])
  })

  test('many at once: proposed by one, applied by another, and nobody from elsewhere', async () => {
    await activated()
    const people = [await person(), await person()]
    for (const id of people) await inWuhan(id)
    await incremental()
    const foreign = await person(OTHER)
    const body = { area: '3205', ...clear() }
    expect(
      (await t.request(operator, 'POST', '/api/grade-batches', { ...body, persons: [...people, foreign] })).body.code,
    ).toBe('STRANGERS_IN_BATCH')
    const batch = (await t.request(operator, 'POST', '/api/grade-batches', { ...body, persons: people })).body
    expect(await nowOf(people[0] ?? '')).toMatchObject({ grade: 'red' })
    expect(
      (
        await t.request(
          { ...operator, roles: ['operator', 'chief'] },
          'POST',
          `/api/grade-batches/${batch.id}/approve`,
          {},
        )
      ).status,
    ).toBe(403)
    expect((await t.request(chief, 'POST', `/api/grade-batches/${batch.id}/approve`, {})).body.state).toBe('applied')
    await t.drain()
    for (const id of people) expect(await nowOf(id)).toMatchObject({ grade: null })
  })

  test('a preview of many says whom it changes and what refuses it, and writes nothing', async () => {
    await activated()
    const [sick, well] = [await person(), await person()]
    await inWuhan(sick)
    await incremental()
    const foreign = await person(OTHER)
    const body = { area: '3205', persons: [sick, well, well, foreign], lines: ['姓名,证件', '某人,123'], ...clear() }
    const { body: preview } = await t.request(operator, 'POST', '/api/grade-batches/preview', body)
    expect(preview).toMatchObject({
      persons: [sick, well],
      repeated: 1,
      absentTotal: 2,
      changed: 1,
      refusals: [],
      grades: [{ before: 'red', after: null, persons: 1 }],
      areas: [{ before: { red: 1, none: 1 }, after: { none: 2 }, changed: 1 }],
    })
    expect(await nowOf(sick)).toMatchObject({ grade: 'red' })
    expect(await t.sql('select id from grade_manual_batch')).toEqual([])
    const elsewhere = { ...body, area: '320102' }
    expect((await t.request(operator, 'POST', '/api/grade-batches/preview', elsewhere)).status).toBe(404)
  })

  test('GRADE-26: a list that nothing on record explains turns nobody red, with or without a case number', async () => {
    await activated()
    const [sick, angry] = [await person(), await person()]
    await inWuhan(sick)
    const red = { grade: 'red', colour: 'red', reason: 'contact_found', until: addDays(today, 5) }
    const propose = (persons: string[], more: object = {}) =>
      t.request(operator, 'POST', '/api/grade-batches', { area: '3205', persons, ...red, ...more })
    expect((await propose([sick, angry])).body).toMatchObject({ code: 'RED_NEEDS_CASE', rule: 'GRADE-24' })
    expect((await propose([sick, angry], { caseNo: 'C-17' })).body).toMatchObject({
      code: 'RED_UNEXPLAINED',
      rule: 'GRADE-26',
      details: { persons: 1 },
    })
    expect((await propose([sick], { caseNo: 'C-17' })).body.state).toBe('proposed')
    // What was on record when it was proposed may be gone when it is decided.
    await t.sql('update fact set withdrawn_at = now()')
    const [batch] = await t.sql('select id from grade_manual_batch')
    expect((await t.request(chief, 'POST', `/api/grade-batches/${batch.id}/approve`, {})).body.code).toBe(
      'RED_UNEXPLAINED',
    )
    const refused = await t.request(chief, 'POST', `/api/grade-batches/${batch.id}/refuse`, { reason: '没有依据' })
    expect(refused.body).toMatchObject({ state: 'refused', decision: '没有依据' })
  })

  test('ACCESS-6: who proposed is told that it is his, and that he may not decide', async () => {
    await activated()
    const sick = await person()
    await inWuhan(sick)
    await incremental()
    const both = { ...operator, roles: ['operator' as const, 'chief' as const] }
    const body = { area: '3205', persons: [sick], ...clear() }
    expect((await t.request(both, 'POST', '/api/grade-batches', body)).body).toMatchObject({
      mine: true,
      mayDecide: false,
    })
    expect((await t.request(chief, 'GET', '/api/grade-batches')).body.items).toMatchObject([
      { mine: false, mayDecide: true },
    ])
  })
})

describe('ACCESS-3: another area is not there', () => {
  test('rule set, run, person, list, figures and acts answer not found, and the tries are in the audit', async () => {
    const ruleSetId = await activated()
    const sick = await person()
    await inWuhan(sick)
    await incremental()
    const [run] = await t.sql('select id from grade_run limit 1')
    const tries: [string, 'GET' | 'POST', string, object?][] = [
      ['rule set', 'GET', `/api/rule-sets/${ruleSetId}`],
      ['run', 'GET', `/api/grade-runs/${run.id}`],
      ['person', 'GET', `/api/people/${sick}/grade`],
      ['list', 'GET', '/api/graded?area=3205'],
      ['figures', 'GET', '/api/graded/counts?area=3205'],
      ['preview', 'POST', '/api/grade-runs/preview', { ruleSetId }],
      ['full run', 'POST', '/api/grade-runs', { ruleSetId }],
      ['propose', 'POST', `/api/rule-sets/${ruleSetId}/propose`, {}],
      ['approve', 'POST', `/api/rule-sets/${ruleSetId}/approve`, {}],
      ['approve run', 'POST', `/api/grade-runs/${run.id}/approve`, {}],
      [
        'change',
        'POST',
        `/api/people/${sick}/grade`,
        { grade: null, colour: null, reason: 'wrong_person', until: today },
      ],
      [
        'batch',
        'POST',
        '/api/grade-batches',
        { area: '3205', persons: [sick], grade: null, colour: null, reason: 'wrong_person', until: today },
      ],
      ['save', 'POST', '/api/rule-sets', { document: SUZHOU }],
    ]
    for (const [name, method, url, body] of tries) {
      const answer = await t.request(stranger, method, url, body)
      expect([name, answer.status, answer.body.code]).toEqual([name, 404, 'NOT_FOUND'])
    }
    for (const url of ['/api/graded', '/api/grade-runs', '/api/rule-sets', '/api/grade-batches'])
      expect((await t.request(stranger, 'GET', url)).body.total).toBe(0)
    expect(
      (await t.sql(`select count(*) from audit where actor = $1 and outcome = 'refused'`, [stranger.id]))[0].count,
    ).toBe(tries.length)
    const nobody = t.actor({ area: '3205', scope: [], roles: ['operator'] })
    expect((await t.request(nobody, 'GET', `/api/people/${sick}/grade`)).status).toBe(404)
  })

  test('a county below reads the rules it is judged by, its own people and figures, and nothing of its neighbour', async () => {
    const ruleSetId = await activated()
    for (const area of [GRID, GRID, '320506001001001']) await inWuhan(await person(area))
    await incremental()
    const county = t.actor({ area: '320505', roles: ['operator'] })
    expect((await t.request(county, 'GET', `/api/rule-sets/${ruleSetId}`)).body.sentences).toHaveLength(
      SUZHOU.rules.length,
    )
    expect((await t.request(county, 'GET', '/api/graded')).body.total).toBe(2)
    expect((await t.request(county, 'GET', '/api/graded/counts')).body).toMatchObject({
      grades: { red: 2 },
      children: [{ area: '320505001', grades: { red: 2 } }],
    })
    const whole = (await t.request(operator, 'GET', '/api/graded/counts')).body
    expect(whole.children.reduce((sum: number, child: { grades: { red: number } }) => sum + child.grades.red, 0)).toBe(
      whole.grades.red,
    )
    const page = (await t.request(operator, 'GET', '/api/graded?limit=2')).body
    const rest = (await t.request(operator, 'GET', `/api/graded?limit=2&cursor=${page.next}`)).body
    expect(new Set([...page.items, ...rest.items].map((item: { personId: string }) => item.personId)).size).toBe(3)
    expect(rest.next).toBeNull()
  })
})
