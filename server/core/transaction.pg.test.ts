import { randomUUID } from 'node:crypto'
import { notFound } from '@weiwang/domain/core/problems'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineAction } from './action.ts'
import { permit } from './ctx.ts'
import { json } from './db/json.ts'
import { inScope } from './db/scope.ts'
import { defineJobs } from './jobs.ts'
import { testServer } from './testing/test-server.ts'
import type { TestServer } from './testing/test-server.ts'

const Add = z.strictObject({ id: z.uuid(), area: z.string(), silent: z.boolean().default(false) })

/** A write on a table that every test database has: a line under "Jobs". */
const addLine = defineAction({
  name: 'test.add',
  input: Add,
  run: async (ctx, args) => {
    permit(ctx, 'file', { kind: 'task', area: args.area })
    await ctx.db
      .insertInto('job_progress')
      .values({
        id: args.id,
        area: args.area,
        kind: 'test',
        title: json({ zh: '试', en: 'test' }),
        state: 'done',
        started_at: ctx.now,
        updated_at: ctx.now,
      })
      .execute()
    if (!args.silent) ctx.audit({ verb: 'test.add', thing: 'job', thingId: args.id, area: args.area })
    ctx.feed({ grid: `${args.area}001`, kind: 'test', id: args.id, body: {} })
    ctx.emit('test.added', { id: args.id })
    return { id: args.id, at: ctx.now.toISOString() }
  },
})

const Count = z.strictObject({ id: z.uuid(), areas: z.array(z.string()) })

/** Counts once in each area, in the order given, and tells the grids; some twice. */
const countUp = defineAction({
  name: 'test.count',
  input: Count,
  run: async (ctx, { id, areas }) => {
    for (const area of areas) {
      ctx.count([{ area, day: '2020-02-15', metric: 'test', n: 1 }])
      ctx.countSources([
        { county: area.slice(0, 6), source: `test-${area.slice(6)}`, day: '2020-02-15', disposition: 'X', n: 1 },
      ])
      ctx.feed({ grid: area, kind: 'test', id, body: { first: true } })
      ctx.feed({ grid: area, kind: 'test', id, body: { last: true } })
    }
    ctx.audit({ verb: 'test.count', thing: 'job', thingId: id, area: areas[0] ?? '' })
    return { id }
  },
})

const seen: unknown[] = []
let t: TestServer
const VILLAGE = '320105001012'

beforeAll(async () => {
  const jobs = defineJobs({ reactions: { 'test.added': async (_server, payload) => void seen.push(payload) } })
  t = await testServer({
    rooms: [{ room: 'test', jobs }],
    routes: [(http) => http.action('POST', '/api/test', addLine), (http) => http.action('POST', '/api/count', countUp)],
  })
})
afterAll(() => t.close())

describe('one request, one transaction', () => {
  test('case 58: five equal posts at once make one row and give five equal answers (SYNC-1)', async () => {
    const chief = t.actor({ area: VILLAGE, roles: ['worker'] })
    const body = { id: randomUUID(), area: VILLAGE }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => t.request(chief, 'POST', '/api/test', body, { 'idempotency-key': 'k1' })),
    )
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map((a) => a.text)).size).toBe(1)
    expect(await t.sql('select count(*) from job_progress where id = $1', [body.id])).toEqual([{ count: 1 }])
    expect(await t.sql('select count(*) from audit where thing_id = $1', [body.id])).toEqual([{ count: 1 }])
  })

  test('SYNC-2: the same key with other content is refused', async () => {
    const worker = t.actor({ area: VILLAGE, roles: ['worker'] })
    await t.request(worker, 'POST', '/api/test', { id: randomUUID(), area: VILLAGE }, { 'idempotency-key': 'k2' })
    const other = await t.request(
      worker,
      'POST',
      '/api/test',
      { id: randomUUID(), area: VILLAGE },
      { 'idempotency-key': 'k2' },
    )
    expect(other.body.code).toBe('KEY_REUSED')
  })

  test('an insert that lost to its twin in the last moment is no write: it is looked at again and answers as a repeat', async () => {
    let runs = 0
    const lose = defineAction({
      name: 'test.lose',
      input: z.strictObject({}),
      run: async (ctx) => {
        runs += 1
        // What such an insert leaves of itself: a number and no row.
        if (runs === 1) await sql`select pg_current_xact_id()`.execute(ctx.db)
        return { runs }
      },
    })
    expect(await t.server.run(lose, t.actor({ area: VILLAGE, roles: ['worker'] }), {})).toEqual({ runs: 2 })
  })

  test('a write without an audit line does not commit', async () => {
    const worker = t.actor({ area: VILLAGE, roles: ['worker'] })
    const id = randomUUID()
    const answer = await t.request(worker, 'POST', '/api/test', { id, area: VILLAGE, silent: true })
    expect(answer.status).toBe(500)
    expect(await t.sql('select count(*) from job_progress where id = $1', [id])).toEqual([{ count: 0 }])
  })

  test('a refusal leaves a line in the audit trail and changes nothing (ACCESS-4)', async () => {
    const worker = t.actor({ area: VILLAGE, roles: ['worker'] })
    // Another county, one that exists nowhere, and the county around: the first two are not there, and the same (ACCESS-3).
    for (const [area, code] of [
      ['320106001001', 'NOT_FOUND'],
      ['329999', 'NOT_FOUND'],
      [VILLAGE.slice(0, 6), 'NOT_ALLOWED'],
    ]) {
      const id = randomUUID()
      const answer = await t.request(worker, 'POST', '/api/test', { id, area })
      expect(answer.body.code).toBe(code)
      expect(await t.sql('select outcome, verb from audit where thing_id = $1', [id])).toEqual([
        { outcome: 'refused', verb: 'test.add' },
      ])
      expect(await t.sql('select count(*) from job_progress where id = $1', [id])).toEqual([{ count: 0 }])
    }
  })

  test('SYNC-3: grid numbers have no gap and no double under parallel writers', async () => {
    const worker = t.actor({ area: '320105002', roles: ['worker'] })
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        t.request(worker, 'POST', '/api/test', { id: randomUUID(), area: i % 2 ? '320105002001' : '320105002002' }),
      ),
    )
    const rows = await t.sql(
      `select grid, array_agg(n::int order by n) as ns from grid_feed where grid like '320105002%' group by grid order by grid`,
    )
    expect(rows.map((r) => r.ns)).toEqual([
      Array.from({ length: 10 }, (_, i) => i + 1),
      Array.from({ length: 10 }, (_, i) => i + 1),
    ])
  })

  test('an event reaches the rooms that react, after the commit', async () => {
    const worker = t.actor({ area: VILLAGE, roles: ['worker'] })
    const id = randomUUID()
    await t.request(worker, 'POST', '/api/test', { id, area: VILLAGE })
    await t.drain()
    expect(seen).toContainEqual({ id })
  })
})

describe('STAT-1: counters by the last statement', () => {
  const county = '320111'
  const grids = ['001001001', '001001002', '002001001', '003001001'].map((rest) => `${county}${rest}`)
  const sums = async () => ({
    grids: await t.sql(`select area, n::int from stat_day where metric = 'test' and county = $1 order by area`, [
      county,
    ]),
    towns: await t.sql(`select area, n::int from stat_town where metric = 'test' and county = $1 order by area`, [
      county,
    ]),
    sources: await t.sql(`select sum(n)::int as n from stat_source where county = $1 and disposition = 'X'`, [county]),
    clocks: await t.sql(`select distinct n::int as n from grid_clock where county = $1`, [county]),
  })

  test('many who count in the same places in opposite orders, and repeats of each, count once each and wait in no ring', async () => {
    const chief = t.actor({ area: county, roles: ['chief'] })
    const rings = async () =>
      Number((await t.sql(`select deadlocks::int as n from pg_stat_database where datname = current_database()`))[0].n)
    const before = await rings()
    const ROUNDS = 24
    const posts = Array.from({ length: ROUNDS }, (_, i) => {
      const body = { id: randomUUID(), areas: i % 2 ? grids : grids.toReversed() }
      const post = () => t.request(chief, 'POST', '/api/count', body, { 'idempotency-key': body.id })
      return Promise.all([post(), post()])
    })
    for (const [one, two] of await Promise.all(posts)) expect([one?.status, one?.text]).toEqual([200, two?.text])
    const per = (n: number) => ({ n })
    expect(await sums()).toEqual({
      grids: grids.map((area) => ({ area, ...per(ROUNDS) })),
      towns: ['001', '002', '003'].map((town, i) => ({ area: `${county}${town}`, n: i === 0 ? 2 * ROUNDS : ROUNDS })),
      sources: [per(grids.length * ROUNDS)],
      clocks: [per(ROUNDS)],
    })
    expect(await rings()).toBe(before)
    const bodies = await t.sql(`select distinct body from grid_feed where kind = 'test' and county = $1`, [county])
    expect(bodies).toEqual([{ body: { last: true } }])
  })

  test('what is taken back within one action is no row; a refused action counts nothing', async () => {
    const chief = t.actor({ area: county, roles: ['chief'] })
    const nothing = defineAction({
      name: 'test.none',
      input: z.strictObject({ fail: z.boolean() }),
      run: async (ctx, { fail }) => {
        const step = { area: `${county}009001001`, day: '2020-02-16', metric: 'test' }
        ctx.count([{ ...step, n: 2 }])
        if (fail) throw notFound({ thing: 'job' })
        ctx.count([{ ...step, n: -2 }])
        ctx.audit({ verb: 'test.none', thing: 'job', thingId: 'x', area: county })
        return {}
      },
    })
    await t.server.run(nothing, chief, { fail: false })
    await expect(t.server.run(nothing, chief, { fail: true })).rejects.toThrow('NOT_FOUND')
    expect(await t.sql(`select * from stat_day where area = $1`, [`${county}009001001`])).toEqual([])
  })
})

describe('scope', () => {
  test('case 7: an actor without scope gets no rows, from the query and from the database (ACCESS-1, ACCESS-2)', async () => {
    const worker = t.actor({ area: VILLAGE, roles: ['worker'] })
    await t.request(worker, 'POST', '/api/test', { id: randomUUID(), area: VILLAGE })
    const nobody = t.actor({ area: '', scope: [], roles: ['chief'] })
    const byQuery = await t.server.read(nobody, 'x', {}, (ctx) =>
      ctx.db.selectFrom('job_progress').selectAll().where(inScope('job_progress.area', ctx.scope)).execute(),
    )
    const byDatabase = await t.server.read(nobody, 'x', {}, (ctx) =>
      ctx.db.selectFrom('job_progress').selectAll().execute(),
    )
    expect([byQuery.length, byDatabase.length]).toEqual([0, 0])
  })

  test('the database shows only the own area even when a query forgets its scope', async () => {
    const here = t.actor({ area: '320105', roles: ['chief'] })
    const there = t.actor({ area: '320106', roles: ['chief'] })
    const count = (actor: typeof here): Promise<number> =>
      t.server.read(
        actor,
        'x',
        {},
        async (ctx) => (await ctx.db.selectFrom('job_progress').selectAll().execute()).length,
      )
    expect(await count(here)).toBeGreaterThan(0)
    expect(await count(there)).toBe(0)
  })

  test('a finding outside the scope is "not found" and audited', async () => {
    const actor = t.actor({ area: '320106', roles: ['chief'] })
    const id = randomUUID()
    await expect(
      t.server.read(actor, 'job.get', { id }, async () => Promise.reject(notFound({ thing: 'job' }))),
    ).rejects.toThrow('NOT_FOUND')
    expect(await t.sql('select outcome, thing, verb from audit where thing_id = $1', [id])).toEqual([
      { outcome: 'refused', thing: 'job', verb: 'job.get' },
    ])
  })

  test('the application role may not change or delete the audit trail', async () => {
    await expect(t.server.appPool.db.updateTable('audit').set({ verb: 'x' }).execute()).rejects.toThrow(
      'permission denied',
    )
    await expect(t.server.appPool.db.deleteFrom('audit').execute()).rejects.toThrow('permission denied')
  })
})

describe('sealing', () => {
  test('a sealed value opens in its place only, and never after its key is destroyed', async () => {
    const emergencyId = randomUUID()
    const place = { table: 'person', row: 'a', column: 'name' }
    const sealed = await t.server.keys.seal({ ...place, emergencyId, now: new Date() }, '张小明')
    expect(await t.server.keys.open(place, sealed)).toBe('张小明')
    await expect(t.server.keys.open({ ...place, row: 'b' }, sealed)).rejects.toThrow()
    await t.sql('update data_key set wrapped = null, destroyed_at = now() where emergency_id = $1', [emergencyId])
    t.server.keys.forget()
    await expect(t.server.keys.open(place, sealed)).rejects.toThrow('destroyed')
  })
})
