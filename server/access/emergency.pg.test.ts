import { randomUUID } from 'node:crypto'
import { RETENTION } from '@weiwang/domain/access/retention'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { familiesOf } from './close-out-store.ts'
import { runCloseOut } from './close-out.ts'
import { accessJobs } from './jobs.ts'
import { runRetention } from './retention.ts'
import { sweepsOf } from './retention-store.ts'
import { requireOpenEmergency } from './store.ts'
import { cast, GRID_A, GUSU, VILLAGE, WUJIANG } from './cast.fixture.ts'
import type { Browser, Cast } from './cast.fixture.ts'

let t: Cast
let n = 0
beforeAll(async () => {
  t = await cast()
})
afterAll(() => t.close())

async function chief(area = '3205'): Promise<Browser> {
  const login = `c${++n}`
  await t.account(`主任${n}`, area, ['chief'], { login })
  return t.login(login)
}

const both = (text: string) => ({ zh: text, en: text })
const order = (area: string, more: object = {}) => ({
  area,
  name: both('一级响应'),
  legalOrder: '苏政发〔2020〕1 号',
  purpose: both('阻断传播'),
  basis: both('传染病防治法第四十二条'),
  starts: '2020-01-25',
  ...more,
})

async function open(area = '3205', more: object = {}): Promise<string> {
  const [a, b] = [await chief(area), await chief(area)]
  const { body } = await a.request('POST', '/api/emergencies', order(area, more))
  const approved = await b.request('POST', `/api/emergencies/${body.id}/approve`, { id: body.id, version: 1 })
  expect(approved.body.state).toBe('open')
  return body.id
}

async function end(id: string, area = '3205'): Promise<void> {
  const a = await chief(area)
  const { body } = await a.request('GET', '/api/emergencies?limit=200')
  const { version } = body.items.find((item: { id: string }) => item.id === id)
  expect((await a.request('POST', `/api/emergencies/${id}/end`, { version, reason: '解除响应' })).body.state).toBe(
    'ended',
  )
}

async function isOpen(area: string): Promise<boolean> {
  return t.server.asSystem('test', async (ctx) => {
    try {
      await requireOpenEmergency(ctx, area)
      return true
    } catch {
      return false
    }
  })
}

describe('the legal order (EMERGENCY-1 to EMERGENCY-3)', () => {
  test('two people; in force for its area and everything below; one at a time', async () => {
    const [a, b] = [await chief(GUSU), await chief(GUSU)]
    const { body } = await a.request('POST', '/api/emergencies', order(GUSU))
    expect(await isOpen(GUSU)).toBe(false)
    expect((await a.request('POST', `/api/emergencies/${body.id}/approve`, { version: 1 })).status).toBe(403)
    expect((await b.request('POST', `/api/emergencies/${body.id}/approve`, { version: 9 })).body.code).toBe(
      'CHANGED_MEANWHILE',
    )
    const other = await chief(WUJIANG)
    expect((await other.request('POST', `/api/emergencies/${body.id}/approve`, { version: 1 })).status).toBe(404)
    expect((await b.request('POST', `/api/emergencies/${body.id}/approve`, { version: 1 })).body.state).toBe('open')
    expect([await isOpen(GRID_A), await isOpen(WUJIANG), await isOpen('3205')]).toEqual([true, false, false])
    // Nested or around: one order at a time.
    const city = await chief()
    const wide = await city.request('POST', '/api/emergencies', order('3205'))
    expect(
      (await (await chief()).request('POST', `/api/emergencies/${wide.body.id}/approve`, { version: 1 })).body.code,
    ).toBe('EMERGENCY_OVERLAPS')
    // Readable below, not sideways.
    const village = await chief(VILLAGE)
    expect((await village.request('GET', '/api/emergencies')).body.items.map((i: { id: string }) => i.id)).toContain(
      body.id,
    )
    expect((await other.request('GET', '/api/emergencies')).body.items.map((i: { id: string }) => i.id)).not.toContain(
      body.id,
    )
    await end(body.id, GUSU)
    expect(await isOpen(GUSU)).toBe(false)
  })

  test('many approvals at once open one', async () => {
    const proposer = await chief(WUJIANG)
    const made: string[] = []
    for (let i = 0; i < 6; i++) made.push((await proposer.request('POST', '/api/emergencies', order(WUJIANG))).body.id)
    const approvers = []
    for (let i = 0; i < 6; i++) approvers.push(await chief(WUJIANG))
    // Connections are open already, so that the approvals really meet.
    for (let i = 0; i < 3; i++) await Promise.all(approvers.map((b) => b.request('GET', '/api/emergencies')))
    const answers = await Promise.all(
      approvers.map((b, i) => b.request('POST', `/api/emergencies/${made[i]}/approve`, { version: 1 })),
    )
    expect(answers.map((x) => x.status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409, 409])
    await end((await t.sql(`select id from emergency where state = 'open' and area = '${WUJIANG}'`))[0].id, WUJIANG)
  })

  test('case 67: its last day is valid to its end, then it has ended even before the job says so', async () => {
    const today = t.server.clock.today()
    const id = await open('3205', { ends: today })
    expect(await isOpen(GUSU)).toBe(true)
    t.server.clock.shift(
      instantOf(addDays(today, 1), t.server.clock.zone).getTime() - t.server.clock.now().getTime() - 1000,
    )
    expect(await isOpen(GUSU)).toBe(true)
    t.server.clock.shift(1000)
    expect(await isOpen(GUSU)).toBe(false)
    await accessJobs.timers.find((timer) => timer.name === 'lapse')?.run(t.server)
    expect((await t.sql('select state from emergency where id = $1', [id]))[0].state).toBe('ended')
    const { body } = await (await chief()).request('GET', '/api/emergencies')
    expect(body.items.find((i: { id: string }) => i.id === id).closeOutBy).toBe(addDays(today, 30))
  })
})

const question = (key: string) => ({ type: 'yes_no', key, say: both(key), required: true })
const campaignBody = (questions: object[]) => ({
  name: both('返苏排查'),
  purpose: both('找到从风险地区返回的人'),
  basis: both('应急响应令'),
  script: both('您好，我是社区网格员'),
  questions,
  starts: '2020-01-26',
  ends: '2099-01-01',
})

describe('campaigns (CAMPAIGN-1 to CAMPAIGN-3)', () => {
  test('under an open emergency only; drafted by one, opened by another; the questions then stand', async () => {
    const [a, b] = [await chief(GUSU), await chief(GUSU)]
    const draft = {
      area: GUSU,
      ...campaignBody([
        question('fever'),
        { type: 'number', key: 'temp', say: both('体温'), min: 34, max: 43, decimals: 1, unit: '℃' },
      ]),
    }
    expect((await a.request('POST', '/api/campaigns', draft)).body.code).toBe('NO_OPEN_EMERGENCY')
    const emergency = await open()
    const { body } = await a.request('POST', '/api/campaigns', draft)
    expect(body.campaign).toMatchObject({
      state: 'draft',
      emergencyId: emergency,
      hours: { red: { accept: 2, answer: 24 }, yellow: { answer: 24 }, blue: { answer: 72 } },
    })
    expect(body.budget).toEqual({ questions: 2, freeText: 0, warnAt: 8, refuseAt: 15, state: 'ok' })
    const { id } = body.campaign
    expect((await a.request('POST', `/api/campaigns/${id}/open`, { version: 1 })).status).toBe(403)
    // Who edits last is the author.
    const edited = await b.request('POST', `/api/campaigns/${id}`, { version: 1, ...campaignBody([question('fever')]) })
    expect(edited.body.campaign.questions).toHaveLength(1)
    expect((await b.request('POST', `/api/campaigns/${id}/open`, { version: 2 })).status).toBe(403)
    expect((await a.request('POST', `/api/campaigns/${id}/open`, { version: 2 })).body.campaign.state).toBe('open')
    // A push is offered what people drafted; the program's own campaigns, which make their tasks themselves, stay in the list of all.
    const own = randomUUID()
    await t.sql(
      `insert into campaign select $1, emergency_id, area, name, purpose, basis, script, '[]', hours, starts, ends, 'open', null, null, created_at, created_at from campaign where id = $2`,
      [own, id],
    )
    const offered = async (query: string) =>
      (await a.request('GET', `/api/campaigns?state=open${query}`)).body.items.map((one: { id: string }) => one.id)
    expect(await offered('')).toEqual(expect.arrayContaining([own, id]))
    expect(await offered('&drafted=true')).toContain(id)
    expect(await offered('&drafted=true')).not.toContain(own)
    await t.sql('delete from campaign where id = $1', [own])
    expect((await a.request('POST', `/api/campaigns/${id}`, { version: 3, ...campaignBody([]) })).body.code).toBe(
      'CAMPAIGN_STATE',
    )
    const other = await chief(WUJIANG)
    expect((await other.request('GET', `/api/campaigns/${id}`)).status).toBe(404)
    expect((await other.request('POST', `/api/campaigns/${id}/end`, { version: 3, reason: '试试' })).status).toBe(404)
    await end(emergency)
    expect((await a.request('GET', `/api/campaigns/${id}`)).body.state).toBe('ended')
  })

  test('the field budget warns from 8 and refuses 15', async () => {
    const emergency = await open()
    const a = await chief(GUSU)
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        i === 0 ? { type: 'text', key: 'note', say: both('备注') } : question(`q${i}`),
      )
    const seven = await a.request('POST', '/api/campaigns', { area: GUSU, ...campaignBody(many(7)) })
    expect(seven.body.budget).toMatchObject({ state: 'ok', freeText: 1 })
    const warned = await a.request('POST', '/api/campaigns', { area: GUSU, ...campaignBody(many(8)) })
    expect(warned.body.budget.state).toBe('warn')
    expect((await a.request('POST', '/api/campaigns', { area: GUSU, ...campaignBody(many(14)) })).status).toBe(200)
    expect((await a.request('POST', '/api/campaigns', { area: GUSU, ...campaignBody(many(15)) })).body).toMatchObject({
      code: 'OVER_FIELD_BUDGET',
      rule: 'CAMPAIGN-3',
    })
    await end(emergency)
  })
})

/** One person with everything that hangs on her, under an emergency. */
async function personal(
  emergency: string,
): Promise<{ person: string; visit: string; batch: string; campaign: string }> {
  const [person, household, visit, task, batch, campaign, fact] = Array.from({ length: 7 }, () => randomUUID())
  const at = new Date('2020-02-01T00:00:00Z')
  const seal = async (table: string, row: string, column: string, text: string): Promise<Buffer> =>
    t.server.keys.seal({ emergencyId: emergency, now: t.server.clock.now(), table, row, column }, text)
  await t.sql(
    `insert into campaign values ($1, $2, '3205', '{}', '{}', '{}', '{}', '[]', '{}', '2020-01-01', '2020-02-10', 'ended', null, null, $3, null, null, $3)`,
    [campaign, emergency, at],
  )
  await t.sql(
    `insert into person (person_id, home_area, emergency_id, masked, name_sealed, doc_kind, source, created_at, updated_at) values ($1, $2, $3, '林*', $4, 'id', 'rail', $5, $5)`,
    [person, GRID_A, emergency, await seal('person', person ?? '', 'name', '林晓雨'), at],
  )
  await t.sql(
    `insert into grade_now (person_id, home_area, n, rule_set_id, from_day, reasons, recorded_at) values ($1, $2, 1, $1, '2020-02-01', '[]', $3)`,
    [person, GRID_A, at],
  )
  await t.sql(
    `insert into household (county, id, area, emergency_id, kind, use, source, created_at, updated_at) values ($1, $2, $3, $4, 'home', 'self', 'x', $5, $5)`,
    [GUSU, household, GRID_A, emergency, at],
  )
  await t.sql(
    `insert into visit (county, id, area, emergency_id, campaign_id, method, result, answers, persons, args_hash, by, occurred_at, recorded_at, day) values ($1, $2, $3, $4, $5, 'door', 'met', '{"fever": false}', 1, '', $2, $6, $6, '2020-02-01')`,
    [GUSU, visit, GRID_A, emergency, campaign, at],
  )
  await t.sql(`insert into visit_person (county, visit_id, person_id, area) values ($1, $2, $3, $4)`, [
    GUSU,
    visit,
    person,
    GRID_A,
  ])
  await t.sql(`insert into open_task values ($1, $2, $3, $4, $5)`, [person, campaign, GRID_A, GUSU, task])
  await t.sql(
    `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, state, created_at) values ($1, '3205', '{}', 'x', '{}', 'rail', '{}', '{}', 'open', $2)`,
    [`f${batch}`, at],
  )
  await t.sql(
    `insert into batch (id, feed_id, area, emergency_id, file_name, file_hash, bytes, state, received_at, finished_at) values ($1, $2, '3205', $3, 'a.csv', $4, 1, 'loaded', $5, $5)`,
    [batch, `f${batch}`, emergency, Buffer.from(batch ?? ''), at],
  )
  await t.sql(
    `insert into fact (person_id, fact_id, kind, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, 'stay', '2020-01-20', '2020-01-21', 'rail', $3, $4)`,
    [person, fact, batch, at],
  )
  await t.sql(`insert into batch_reject (batch_id, row, col, area, reason) values ($1, 3, 'phone', '3205', 'bad')`, [
    batch,
  ])
  return { person: person ?? '', visit: visit ?? '', batch: batch ?? '', campaign: campaign ?? '' }
}

describe('retention (DELETE-1 to DELETE-3)', () => {
  test('visit detail goes 30 days after its campaign, its count stays; the last day is kept to its end; the figure says so first', async () => {
    const emergency = await open()
    const { visit, campaign } = await personal(emergency)
    const today = t.server.clock.today()
    const a = await chief('32')
    const due = async (): Promise<number> => {
      const { body } = await a.request('GET', '/api/retention')
      return body.rules.find((r: { rule: string }) => r.rule === 'visit_detail').due
    }
    await t.sql('update campaign set ends = $2, ended_at = null where id = $1', [campaign, addDays(today, -30)])
    expect(await due()).toBe(0)
    await runRetention(t.server, 'visit_detail')
    expect((await t.sql('select answers from visit where id = $1', [visit]))[0].answers).toEqual({ fever: false })
    await t.sql('update campaign set ends = $2 where id = $1', [campaign, addDays(today, -31)])
    expect(await due()).toBe(1)
    const county = await chief(WUJIANG)
    expect((await county.request('GET', '/api/retention')).body.due).toBe(0)
    expect(await runRetention(t.server, 'visit_detail')).toEqual([
      { rule: 'visit_detail', tables: { visit: 1, visit_person: 1 }, rows: 2 },
    ])
    expect((await t.sql('select answers, persons, result from visit where id = $1', [visit]))[0]).toEqual({
      answers: {},
      persons: 1,
      result: 'met',
    })
    expect(await due()).toBe(0)
    const { body } = await a.request('GET', '/api/retention/manifests')
    expect(body.items[0]).toMatchObject({ rule: 'visit_detail', rows: 2, tables: { visit: 1, visit_person: 1 } })
    expect(body.items[0].hash).toMatch(/^[0-9a-f]{64}$/)
    await end(emergency)
  })

  test('every rule of the table runs, and running again deletes nothing more', async () => {
    t.server.clock.shift(4 * 365 * 86_400_000)
    const first = await runRetention(t.server)
    expect(first.map((r) => r.rule)).toEqual(RETENTION.map((r) => r.id))
    for (const rule of ['login_try', 'session', 'audit', 'batch_reject'])
      expect([rule, (first.find((r) => r.rule === rule)?.rows ?? 0) > 0]).toEqual([rule, true])
    expect((await runRetention(t.server)).every((r) => r.rows === 0)).toBe(true)
    for (const rule of RETENTION)
      expect(sweepsOf(rule.id, { at: new Date(), day: '2020-01-01', now: new Date() }).length).toBeGreaterThan(0)
  })

  test('the application and the jobs cannot delete what retention deletes', async () => {
    for (const pool of [t.server.appPool.raw, t.server.jobsPool.raw]) {
      for (const table of ['visit', 'person', 'audit', 'deletion_manifest'])
        await expect(pool.query(`delete from ${table}`)).rejects.toThrow(/permission denied/)
    }
    await expect(t.server.retentionPool.raw.query('delete from deletion_manifest')).rejects.toThrow(/permission denied/)
    await expect(t.server.retentionPool.raw.query(`update person set masked = 'x'`)).rejects.toThrow(
      /permission denied/,
    )
  })
})

const PERSONAL = [
  'person',
  'grade_now',
  'household',
  'visit',
  'visit_person',
  'open_task',
  'batch_reject',
  'fact',
  'batch',
]

describe('close-out (DELETE-4, DELETE-5)', () => {
  beforeEach(async () => {
    for (const table of PERSONAL) await t.sql(`delete from ${table}`)
  })

  test('two people; everything personal goes, keys are destroyed, the certificate verifies and a changed one does not', async () => {
    const emergency = await open()
    const { person } = await personal(emergency)
    const [kept] = await t.sql('select name_sealed from person where person_id = $1', [person])
    const place = { table: 'person', row: person, column: 'name' }
    expect(await t.server.keys.open(place, kept.name_sealed)).toBe('林晓雨')
    const [a, b] = [await chief(), await chief()]
    expect((await a.request('POST', `/api/emergencies/${emergency}/close-out`, {})).body.code).toBe(
      'CLOSE_OUT_TOO_EARLY',
    )
    await end(emergency)
    // DELETE-2: what a centre's first page counts, and for whom it is something to do.
    const waiting = async (who: typeof a, state: string) => {
      const { body } = await who.request('GET', `/api/emergencies?state=${state}&limit=200`)
      return body.items.find((one: { id: string }) => one.id === emergency)?.closeOut
    }
    expect(await waiting(a, 'ended')).toBeNull()
    expect(await waiting(a, 'open')).toBeUndefined()
    const proposed = await a.request('POST', `/api/emergencies/${emergency}/close-out`, {})
    expect([await waiting(a, 'ended'), await waiting(b, 'ended')]).toEqual([
      { state: 'proposed', mayDecide: false },
      { state: 'proposed', mayDecide: true },
    ])
    expect(proposed.body).toMatchObject({
      state: 'proposed',
      tables: { person: 1, visit: 1, household: 1, fact: 1, batch: 1 },
    })
    expect(
      (await a.request('POST', `/api/emergencies/${emergency}/close-out/approve`, { confirm: 'DELETE' })).status,
    ).toBe(403)
    expect(
      (await b.request('POST', `/api/emergencies/${emergency}/close-out/approve`, { confirm: 'yes' })).status,
    ).toBe(400)
    expect(
      (
        await (
          await chief(WUJIANG)
        ).request('POST', `/api/emergencies/${emergency}/close-out/approve`, { confirm: 'DELETE' })
      ).status,
    ).toBe(404)
    expect(
      (await b.request('POST', `/api/emergencies/${emergency}/close-out/approve`, { confirm: 'DELETE' })).body.state,
    ).toBe('running')
    await t.drain()

    for (const table of PERSONAL) {
      expect([table, (await t.sql(`select count(*) as n from ${table}`))[0].n]).toEqual([table, 0])
    }
    await expect(t.server.keys.open(place, kept.name_sealed)).rejects.toThrow(/destroyed/)
    expect(await t.sql('select wrapped from data_key where emergency_id = $1', [emergency])).toEqual([
      { wrapped: null },
    ])

    const { body: done } = await b.request('GET', `/api/emergencies/${emergency}/close-out`)
    expect(done).toMatchObject({ state: 'done', tables: { person: 1, grade_now: 1, visit_person: 1, data_key: 1 } })
    expect(await waiting(b, 'ended')).toBeUndefined()
    expect(await waiting(b, 'closed_out')).toEqual({ state: 'done', mayDecide: false })
    const { certificate } = done
    expect(certificate.backups.heldUntil).toBe(addDays(t.server.clock.today(), 30))
    expect(certificate.tables).toEqual(done.tables)
    const stored = await t.sql('select rows from deletion_manifest where emergency_id = $1', [emergency])
    expect(certificate.manifests.reduce((sum: number, m: { rows: number }) => sum + m.rows, 0)).toBe(
      stored.reduce((sum, m) => sum + m.rows, 0),
    )
    const anyone = t.browser()
    expect((await anyone.request('POST', '/api/certificates/verify', { certificate })).body.valid).toBe(true)
    // The places of the auditor and the witness are filled in by hand.
    expect(
      (
        await anyone.request('POST', '/api/certificates/verify', {
          certificate: { ...certificate, auditor: { name: '甲', signature: '乙' } },
        })
      ).body.valid,
    ).toBe(true)
    for (const forged of [
      { ...certificate, tables: { ...certificate.tables, person: 2 } },
      { ...certificate, approvedBy: '别人' },
      { ...certificate, signature: undefined },
    ]) {
      expect((await anyone.request('POST', '/api/certificates/verify', { certificate: forged })).body.valid).toBe(false)
    }
    expect((await t.sql('select state from emergency where id = $1', [emergency]))[0].state).toBe('closed_out')
    // Running it again changes nothing.
    await runCloseOut(t.server, emergency)
    expect((await b.request('GET', `/api/emergencies/${emergency}/close-out`)).body.certificate).toEqual(certificate)
  })

  test('what another emergency holds stays, with its key', async () => {
    const first = await open()
    await personal(first)
    await end(first)
    const second = await open()
    const later = await personal(second)
    const [a, b] = [await chief(), await chief()]
    await a.request('POST', `/api/emergencies/${first}/close-out`, {})
    await b.request('POST', `/api/emergencies/${first}/close-out/approve`, { confirm: 'DELETE' })
    await t.drain()
    expect((await t.sql('select person_id from person')).map((p) => p.person_id)).toEqual([later.person])
    expect((await t.sql('select id from visit')).map((v) => v.id)).toEqual([later.visit])
    expect(
      (await t.sql('select wrapped is null as gone from data_key where emergency_id = $1', [second])).map(
        (k) => k.gone,
      ),
    ).toEqual([false])
    await end(second)
  })

  test('a fact that a batch of another emergency says too is given to that batch; one that nobody else says goes', async () => {
    const first = await open()
    const earlier = await personal(first)
    await end(first)
    const second = await open()
    const later = await personal(second)
    const silent = await personal(second)
    await t.sql(`update batch set state = 'withdrawn' where id = $1`, [silent.batch])
    const [shared, alone] = [randomUUID(), randomUUID()]
    for (const fact of [shared, alone])
      await t.sql(
        `insert into fact (person_id, fact_id, kind, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, 'stay', '2020-01-22', '2020-01-22', 'rail', $3, '2020-02-01')`,
        [later.person, fact, earlier.batch],
      )
    for (const [batch, fact] of [
      [later.batch, shared],
      [silent.batch, shared],
      [silent.batch, alone],
    ])
      await t.sql('insert into fact_batch (batch_id, person_id, fact_id) values ($1, $2, $3)', [
        batch,
        later.person,
        fact,
      ])
    const facts = () =>
      t.sql('select fact_id, batch_id from fact where person_id = $1 and fact_id = any($2::uuid[])', [
        later.person,
        [shared, alone],
      ])
    const [a, b] = [await chief(), await chief()]
    const proposed = await a.request('POST', `/api/emergencies/${first}/close-out`, {})
    expect(proposed.body.tables.fact).toBe(2)
    await b.request('POST', `/api/emergencies/${first}/close-out/approve`, { confirm: 'DELETE' })
    await t.drain()
    expect(await facts()).toEqual([{ fact_id: shared, batch_id: later.batch }])
    expect((await t.sql('select fact_id from fact_batch where fact_id = $1', [alone])).length).toBe(0)
    expect((await b.request('GET', `/api/emergencies/${first}/close-out`)).body.state).toBe('done')
    await end(second)
  })

  test('no table that holds persons or sealed values is forgotten', async () => {
    const families = familiesOf({ emergencyId: randomUUID(), area: '32', endedAt: new Date() })
    const swept = new Set(families.flatMap((f) => [f.parent, ...f.children.map((c) => c.table)]))
    const found =
      await t.sql(`select distinct table_name as name from information_schema.columns where table_schema = 'public'
      and (column_name in ('person_id', 'masked', 'persons') or column_name like '%\\_sealed')`)
    // The program's own keys. Staff, not the public: they are closed with their accounts. The trail keeps ids without content for three years.
    const staff = [
      'account',
      'account_secret',
      'recovery',
      'sms_shown',
      'one_time_code',
      'audit',
      'phone_wake',
      'code_key',
    ]
    expect(found.map((row) => row.name).filter((name) => !swept.has(name) && !staff.includes(name))).toEqual([])
  })
})
