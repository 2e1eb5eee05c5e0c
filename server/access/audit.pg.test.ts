import { addDays } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sealAudit } from './audit-seal.ts'
import { verifyAudit } from './audit-verify.ts'
import { cast, GUSU, VILLAGE, WUJIANG } from './cast.fixture.ts'
import type { Browser, Cast } from './cast.fixture.ts'

let t: Cast
let auditor: Browser
beforeAll(async () => {
  t = await cast()
  await t.account('省审计', '32', ['auditor'], { login: 'auditor' })
})
afterAll(() => t.close())

/** Lines on two counties and two days, sealed, with the day's head. */
beforeEach(async () => {
  auditor = await t.login('auditor')
  await t.sql('delete from audit')
  await t.sql('delete from audit_block')
  await t.sql('delete from audit_head')
  for (const county of [GUSU, WUJIANG]) await lines(county, 3)
  await seal()
})

async function lines(county: string, count: number): Promise<void> {
  await t.server.asSystem('test', async (ctx) => {
    for (let i = 0; i < count; i++)
      ctx.audit({
        verb: 'test.do',
        thing: 'thing',
        thingId: `${county}-${i}`,
        area: county,
        detail: { b: i, a: { z: 1, y: [2, 3] } },
      })
  })
}

async function seal(): Promise<{ blocks: number; heads: number }> {
  t.server.clock.shift(4000)
  return sealAudit(t.server)
}

/** Moves to 00:20 of the next local day, when the finished one is chained. */
async function nextDay(): Promise<string> {
  const day = t.server.clock.today()
  while (t.server.clock.today() === day) t.server.clock.shift(3_600_000)
  t.server.clock.shift(3_600_000)
  await sealAudit(t.server)
  auditor = await t.login('auditor')
  return day
}

async function verdict(from = t.server.clock.today(), to = t.server.clock.today()) {
  return verifyAudit(t.server.jobsPool.db, { from, to, now: t.server.clock.now(), zone: t.server.clock.zone })
}

describe('the sealed trail (AUDIT-2 to AUDIT-4)', () => {
  test('an untouched trail is whole, whatever order jsonb keeps its keys in', async () => {
    const v = await verdict()
    expect(v).toMatchObject({ ok: true, blocks: 2, lines: 6, findings: [] })
    expect(await seal()).toMatchObject({ blocks: 0 })
  })

  test('lines younger than a few seconds wait, and their age is told', async () => {
    await lines(GUSU, 2)
    expect((await sealAudit(t.server)).blocks).toBe(0)
    t.server.clock.shift(2000)
    expect((await verdict()).unsealed).toEqual({ lines: 2, oldestSeconds: 2 })
    expect((await seal()).blocks).toBe(1)
    expect((await verdict()).unsealed.lines).toBe(0)
  })

  test('two sealers at once make each block once', async () => {
    await lines(GUSU, 5)
    t.server.clock.shift(4000)
    await Promise.all([sealAudit(t.server), sealAudit(t.server), sealAudit(t.server)])
    await sealAudit(t.server)
    expect(await verdict()).toMatchObject({ ok: true })
    expect(
      (await t.sql('select n, lines from audit_block where county = $1 order by n', [GUSU])).map((b) => b.lines),
    ).toEqual([3, 5])
  })

  // Each done as the owner of the database, who alone can.
  const FORGERIES: [what: string, sql: string, kind: string][] = [
    ['a changed verb', `update audit set verb = 'x' where thing_id = '${GUSU}-1'`, 'changed_block'],
    ['a changed detail', `update audit set detail = '{"b": 9}' where thing_id = '${GUSU}-1'`, 'changed_block'],
    ['a changed actor', `update audit set actor_name = '别人' where thing_id = '${GUSU}-1'`, 'changed_block'],
    [
      'an identity taken off a line',
      `update audit set ids = '{00000000-0000-4000-8000-000000000000}' where thing_id = '${GUSU}-1'`,
      'changed_block',
    ],
    ['a deleted line', `delete from audit where thing_id = '${GUSU}-1'`, 'missing_line'],
    [
      'a line slipped into a block',
      `insert into audit select county, day, gen_random_uuid(), at, area, actor, actor_name, verb, thing, 'new', outcome, purpose, ids, detail, request_id, block from audit where thing_id = '${GUSU}-1'`,
      'changed_block',
    ],
    ['a line moved out of its block', `update audit set block = null where thing_id = '${GUSU}-1'`, 'missing_line'],
    ['a deleted block', `delete from audit_block where county = '${GUSU}'`, 'missing_block'],
  ]
  test.each(FORGERIES)('%s is found and its place named', async (_what, forgery, kind) => {
    await t.sql(forgery)
    const v = await verdict()
    expect(v.ok).toBe(false)
    expect(v.findings).toContainEqual(expect.objectContaining({ kind, county: GUSU, block: 1 }))
    expect(v.findings.every((f) => f.county === GUSU)).toBe(true)
  })

  test('a block in the middle that goes with its lines leaves a gap and a broken chain', async () => {
    for (let i = 0; i < 2; i++) {
      await lines(GUSU, 1)
      await seal()
    }
    await t.sql(`delete from audit where county = '${GUSU}' and block = 2`)
    await t.sql(`delete from audit_block where county = '${GUSU}' and n = 2`)
    expect((await verdict()).findings.map((f) => [f.kind, f.block])).toEqual([
      ['missing_block', 2],
      ['broken_chain', 3],
    ])
  })

  test('cutting off the end of a finished day is found by the chain of days', async () => {
    const day = await nextDay()
    expect(await verdict(day, day)).toMatchObject({ ok: true, heads: 1 })
    await t.sql(`delete from audit where county = '${GUSU}'`)
    await t.sql(`delete from audit_block where county = '${GUSU}'`)
    expect((await verdict(day, day)).findings.map((f) => [f.kind, f.county])).toEqual([['missing_block', GUSU]])
  })

  test('a chain written anew from end to end is found by the head kept outside', async () => {
    const day = await nextDay()
    const { body: kept } = await auditor.request('GET', '/api/audit/heads')
    await t.sql(`update audit set verb = 'x' where thing_id = '${GUSU}-1'`)
    await t.sql('update audit set block = null')
    await t.sql('delete from audit_block')
    await t.sql('delete from audit_head')
    await sealAudit(t.server)
    expect(await verdict(day, day)).toMatchObject({ ok: true })
    const checked = await auditor.request(
      'GET',
      `/api/audit/verify?from=${day}&to=${day}&headDay=${day}&headHash=${kept.items[0].hash}`,
    )
    expect(checked.body.findings).toMatchObject([{ kind: 'changed_head' }])
  })

  test('days without work and a pause of the jobs leave no hole; a changed head breaks the next', async () => {
    const first = await nextDay()
    t.server.clock.shift(3 * 86_400_000)
    await lines(GUSU, 1)
    await seal()
    const last = await nextDay()
    // One for the first day, one over the pause (somebody logged in during it), one for the last.
    expect(await verdict(first, last)).toMatchObject({ ok: true, heads: 3 })
    await t.sql(`update audit_head set heads = '[]' where day = $1`, [first])
    expect((await verdict(first, last)).findings.map((f) => [f.kind, f.day])).toContainEqual(['changed_head', first])
    await t.sql('delete from audit_head where day = $1', [first])
    expect((await verdict(first, last)).findings.map((f) => [f.kind, f.day])).toContainEqual([
      'missing_head',
      addDays(first, 3),
    ])
  })

  test('a line that commits after its day was chained is sealed and chained with the next', async () => {
    const day = await nextDay()
    await t.sql(
      `insert into audit select county, day, gen_random_uuid(), at, area, actor, actor_name, verb, thing, 'late', outcome, purpose, ids, detail, request_id, null from audit where thing_id = '${GUSU}-1'`,
    )
    await seal()
    await lines(WUJIANG, 1)
    await seal()
    const next = await nextDay()
    const [head] = await t.sql('select heads from audit_head where day = $1', [next])
    expect(head.heads.map((h: { day: string; n: number }) => [h.day, h.n])).toContainEqual([day, 2])
    expect(await verdict(day, next)).toMatchObject({ ok: true })
  })
})

describe('the reader', () => {
  test('filters by actor, thing, day and outcome; total is exact; pages do not repeat', async () => {
    await t.account('值班甲', GUSU, ['operator'], { login: 'opjia' })
    const operator = await t.login('opjia')
    await operator.request('POST', '/api/accounts', {
      name: '越界',
      area: WUJIANG,
      phone: '13600000001',
      roles: ['worker'],
    })
    const { body: refused } = await auditor.request('GET', '/api/audit?outcome=refused')
    expect(refused).toMatchObject({
      total: 1,
      items: [{ verb: 'account.invite', outcome: 'refused', actorName: '值班甲' }],
    })
    const { body: byActor } = await auditor.request('GET', `/api/audit?actor=${refused.items[0].actor}`)
    expect(byActor.items.map((i: { verb: string }) => i.verb)).toEqual(['account.invite', 'login'])
    const { body: byThing } = await auditor.request('GET', `/api/audit?thing=thing&thingId=${GUSU}-2`)
    expect(byThing.total).toBe(1)
    const yesterday = addDays(t.server.clock.today(), -1)
    expect((await auditor.request('GET', `/api/audit?from=${yesterday}&to=${yesterday}`)).body.total).toBe(0)
    const seen: string[] = []
    let url = '/api/audit?limit=2'
    let total = 0
    for (;;) {
      const { body } = await auditor.request('GET', url)
      seen.push(...body.items.map((i: { id: string }) => i.id))
      total = body.total
      if (body.next === null) break
      url = `/api/audit?limit=2&cursor=${encodeURIComponent(body.next)}`
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(total)
  })

  test('a county’s auditor verifies its chains; a village’s cannot, since the chain is the county’s', async () => {
    await t.account('区审计二', GUSU, ['auditor'], { login: 'gusu-verify' })
    await t.account('社区审计', VILLAGE, ['auditor'], { login: 'village-verify' })
    const day = t.server.clock.today()
    const county = await (await t.login('gusu-verify')).request('GET', `/api/audit/verify?from=${day}&to=${day}`)
    expect(county.body).toMatchObject({ ok: true, blocks: 1, lines: 3 })
    await t.sql(`update audit set verb = 'x' where thing_id = '${GUSU}-1'`)
    const after = await (await t.login('gusu-verify')).request('GET', `/api/audit/verify?from=${day}&to=${day}`)
    expect(after.body.findings).toMatchObject([{ kind: 'changed_block', county: GUSU }])
    expect(
      (await (await t.login('village-verify')).request('GET', `/api/audit/verify?from=${day}&to=${day}`)).status,
    ).toBe(403)
  })

  test('an auditor of a county reads its lines only; other desks read none', async () => {
    await t.account('区审计', GUSU, ['auditor'], { login: 'gusu-auditor' })
    await t.account('区主任', GUSU, ['chief', 'administrator'], { login: 'gusu-chief' })
    const own = await t.login('gusu-auditor')
    const { body } = await own.request('GET', '/api/audit?limit=200')
    expect(body.items.length).toBe(body.total)
    expect(body.items.every((i: { area: string }) => i.area.startsWith(GUSU))).toBe(true)
    expect((await own.request('GET', `/api/audit?area=${WUJIANG}`)).status).toBe(404)
    expect((await (await t.login('gusu-chief')).request('GET', '/api/audit')).status).toBe(403)
    expect((await own.request('GET', `/api/audit?area=${VILLAGE}`)).status).toBe(200)
  })
})
