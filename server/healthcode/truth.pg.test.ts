import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import { makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { visitRoutes } from '../visits/routes.ts'
import { findEverybody } from './truth-finder.ts'
import { truthJobs } from './truth-jobs.ts'
import { truthRoutes } from './truth-routes.ts'

/* eslint-disable typescript/no-explicit-any -- tests read answers freely */
const GRID = '320506001001001'
let w: World
let today: string
let operator: Actor
let chief: Actor
let neighbour: Actor
let auditor: Actor
let n = 0

beforeAll(async () => {
  w = await makeWorld({ rooms: [{ room: 'truth', jobs: truthJobs }], routes: [truthRoutes, visitRoutes] })
  today = await w.server.asSystem('test', async (ctx) => ctx.today)
  for (const { id, bounds } of PRESETS)
    await w.sql(
      `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, state, created_at) values ($1, '32', '{"zh":"来源","en":"Source"}', 'x', '{}', 'other', '{}', $2, 'open', now())`,
      [id, JSON.stringify(bounds)],
    )
  await w.sql(
    `insert into risk_area (id, area, level, from_day, source, recorded_at) values ($1, '4201', 'high', '2019-12-01', 'list', now())`,
    [randomUUID()],
  )
  operator = await w.desk('320506', ['operator'])
  chief = await w.desk('320506', ['chief'])
  neighbour = await w.desk('320102', ['operator', 'chief'])
  auditor = await w.desk('3205', ['auditor'])
})
afterAll(() => w.close())
beforeEach(async () => {
  await w.sql('truncate contradiction, contradiction_event, contradiction_due')
})

const ANSWERS = {
  situation: 'living',
  registeredHere: true,
  arrival: null,
  stays: [],
  abroad: [],
  contacts: [],
  symptoms: [],
  temperature: null,
  underMeasure: false,
}

async function declares(personId: string, answers: object = {}): Promise<string> {
  const id = randomUUID()
  await w.sql('update declaration set superseded_at = now() where person_id = $1 and superseded_at is null', [personId])
  await w.sql(
    `insert into declaration (person_id, id, n, home_area, emergency_id, at, day, by, answers)
     values ($1, $2, (select coalesce(max(n), 0) + 1 from declaration where person_id = $1), $3, $4, now(), $5, 'self', $6)`,
    [personId, id, GRID, w.emergencyId, today, JSON.stringify({ ...ANSWERS, ...answers })],
  )
  await w.server.asSystem('test', async (ctx) => ctx.emit('declared', { personId }))
  await w.drain()
  return id
}

async function says(
  personId: string,
  source: string,
  from: number,
  to: number,
  more: { kind?: string; value?: string; place?: string | null } = {},
): Promise<string> {
  const id = randomUUID()
  await w.sql(
    `insert into fact (person_id, fact_id, kind, place, value, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
    [
      personId,
      id,
      more.kind ?? 'stay',
      more.place === undefined ? '420106' : more.place,
      more.value ?? null,
      addDays(today, -from),
      addDays(today, -to),
      source,
      randomUUID(),
    ],
  )
  return id
}

/** Somebody at home of whom a line says that they were in Wuhan, and who declares nothing. */
async function denies(): Promise<{ personId: string; factId: string; id: string }> {
  const personId = await w.person(GRID, null, { masked: `王*${++n}` })
  const factId = await says(personId, 'telecom', 8, 4)
  await declares(personId)
  const [row] = await w.sql('select id from contradiction where person_id = $1', [personId])
  return { personId, factId, id: row.id }
}

async function resident(personId: string): Promise<Actor> {
  const actor = w.actor({ area: '32', roles: ['resident'], scope: [], sessionId: randomUUID() })
  const phone = `+86138${String(10_000_000 + ++n).padStart(8, '0')}`
  const sealed = await w.server.keys.seal(
    { emergencyId: NO_EMERGENCY, now: new Date(), table: 'account', row: actor.id, column: 'phone_sealed' },
    phone,
  )
  await w.sql(
    `insert into account (id, area, name, phone_hash, phone_sealed, state, sessions_from, created_at, updated_at) values ($1, '32', '居民', $2, $3, 'active', now(), now(), now())`,
    [actor.id, w.server.keys.hash('account_phone', phone), sealed],
  )
  await w.sql(
    `insert into account_person (account_id, person_id, relation, basis, since) values ($1, $2, 'self', 'proof', '2020-01-01')`,
    [actor.id, personId],
  )
  await w.sql(`insert into account_proof (session_id, account_id, at) values ($1, $2, now())`, [
    actor.sessionId,
    actor.id,
  ])
  return actor
}

const state = async (id: string): Promise<any> =>
  (
    await w.sql('select state, outcome, ceased, corrected_by, finding, version from contradiction where id = $1', [id])
  )[0]

describe('the desk (TRUTH-7 to TRUTH-11)', () => {
  test('both sides in words, in the own area only, with figures that open their lists', async () => {
    const { id } = await denies()
    const list = await w.get(operator, '/api/contradictions')
    expect(list.body).toMatchObject({
      total: 1,
      items: [{ id, kind: 'stay_denied', state: 'open', sources: ['telecom'] }],
    })
    expect(list.body.items[0].said.map((line: any) => line.say.en)).toEqual([
      'declared no stay elsewhere within 14 days',
    ])
    expect(list.body.items[0].known[0]).toMatchObject({ source: 'telecom', sourceName: { en: 'Source' } })
    expect((await w.get(neighbour, '/api/contradictions')).body.total).toBe(0)
    for (const url of [`/api/contradictions/${id}`, `/api/contradictions?area=320506`])
      expect((await w.get(neighbour, url)).status).toBe(404)
    expect((await w.post(neighbour, `/api/contradictions/${id}/ask`, { how: 'call' })).status).toBe(404)
    expect((await w.post(auditor, `/api/contradictions/${id}/ask`, { how: 'call' })).status).toBe(403)
    const figures = (await w.get(operator, '/api/contradictions/figures')).body
    for (const { kind, counts } of figures.byKind)
      expect((await w.get(operator, `/api/contradictions?list=all&kind=${kind}`)).body.total).toBe(counts.total)
    expect(figures.bySource).toMatchObject([{ source: 'telecom', counts: { open: 1, total: 1 }, wrong: null }])
  })

  test('somebody is sent with what to ask and no word of a lie; what they find waits for the desk; once (TRUTH-8)', async () => {
    const { id, personId } = await denies()
    const worker = await w.worker(GRID)
    const asked = await w.post(operator, `/api/contradictions/${id}/ask`, { how: 'visit' })
    expect(asked.body).toMatchObject({ state: 'asked' })
    expect((await w.post(operator, `/api/contradictions/${id}/ask`, { how: 'call' })).body.code).toBe(
      'CONTRADICTION_ASKED',
    )
    const task = (await w.get(worker, `/api/tasks/${asked.body.taskId}`)).body
    expect(task).toMatchObject({ grade: 'yellow' })
    const text = JSON.stringify(task.reasons)
    expect(text).toContain('420106')
    expect(text).not.toMatch(/谎|撒|不实|lie|false/i)
    const visit = {
      id: randomUUID(),
      taskId: asked.body.taskId,
      method: 'door',
      result: 'met',
      answers: {},
      disposition: 'HERE_MONITOR',
      occurredAt: new Date().toISOString(),
    }
    const answered = await w.post(worker, '/api/visits', visit)
    expect([answered.status, answered.text]).toEqual([200, expect.any(String)])
    await w.drain()
    expect(await state(id)).toMatchObject({ state: 'answered', finding: 'HERE_MONITOR' })
    // Its answer is about the declaration: it bears out no source, and no second contradiction comes of it.
    await w.server.asSystem('test', async (ctx) => ctx.emit('declared', { personId }))
    await w.drain()
    expect(await w.sql('select count(*)::int as n from contradiction where person_id = $1', [personId])).toEqual([
      { n: 1 },
    ])
  })

  test('false only by a chief who did not send to ask, once the person was heard, with what it rests on (TRUTH-10)', async () => {
    const { id, personId } = await denies()
    const decide = (who: Actor, more: object = {}) =>
      w.post(who, `/api/contradictions/${id}/decide`, { outcome: 'false', words: '本人承认', ...more })
    expect((await decide(operator)).status).toBe(403)
    expect((await decide(chief)).body.code).toBe('CONTRADICTION_NOT_HEARD')
    const me = await resident(personId)
    expect((await w.post(me, `/api/my/contradictions/${id}/explain`, { words: '我确实去过，怕不让进门' })).status).toBe(
      200,
    )
    expect((await decide(chief, { words: undefined })).body.code).toBe('CONTRADICTION_WORDS_NEEDED')
    expect((await decide(chief)).body).toMatchObject({ state: 'closed', outcome: 'false' })
    expect((await decide(chief)).body.code).toBe('CONTRADICTION_OVER')
    // Decided of this evidence it is not asked again, whatever is declared next.
    await declares(personId)
    await findEverybody(w.server)
    expect(await w.sql('select count(*)::int as n from contradiction where person_id = $1', [personId])).toEqual([
      { n: 1 },
    ])
  })

  test('who sent somebody to ask does not say that it was false', async () => {
    const both = await w.desk('320506', ['operator', 'chief'])
    const { id, personId } = await denies()
    await w.post(both, `/api/contradictions/${id}/ask`, { how: 'call' })
    await w.post(await resident(personId), `/api/my/contradictions/${id}/explain`, { words: '我去过' })
    expect(
      (await w.post(both, `/api/contradictions/${id}/decide`, { outcome: 'false', words: '承认' })).body.code,
    ).toBe('CONTRADICTION_OWN')
  })

  test('our error: the row is corrected where it lies, does not come back, and counts with its source (TRUTH-11)', async () => {
    const { id, personId, factId } = await denies()
    expect((await w.post(operator, `/api/contradictions/${id}/decide`, { outcome: 'our_error' })).body.code).toBe(
      'CONTRADICTION_FACT_NEEDED',
    )
    expect(
      (await w.post(operator, `/api/contradictions/${id}/decide`, { outcome: 'our_error', facts: [randomUUID()] })).body
        .code,
    ).toBe('CONTRADICTION_FACT_NEEDED')
    expect(
      (await w.post(operator, `/api/contradictions/${id}/decide`, { outcome: 'our_error', facts: [factId] })).body
        .outcome,
    ).toBe('our_error')
    await w.drain()
    const [fact] = await w.sql('select withdrawn_at, denied_by from fact where fact_id = $1', [factId])
    expect([fact.withdrawn_at !== null, fact.denied_by !== null]).toEqual([true, true])
    await declares(personId)
    expect(
      await w.sql(`select count(*)::int as n from contradiction where person_id = $1 and state <> 'closed'`, [
        personId,
      ]),
    ).toEqual([{ n: 0 }])
    const figures = (await w.get(operator, '/api/contradictions/figures')).body
    expect(figures.bySource).toMatchObject([{ source: 'telecom', wrong: 1, counts: { our_error: 1 } }])
  })

  test('words are sealed, opened for a purpose, and leave a line with whose they are', async () => {
    const { id, personId } = await denies()
    await w.post(await resident(personId), `/api/my/contradictions/${id}/explain`, { words: '手机借给弟弟了' })
    const [sealed] = await w.sql(
      `select text_sealed from contradiction_event where contradiction_id = $1 and kind = 'explained'`,
      [id],
    )
    expect(sealed.text_sealed.includes(Buffer.from('手机'))).toBe(false)
    expect((await w.post(auditor, `/api/contradictions/${id}/read`, { purpose: '核对' })).status).toBe(403)
    expect(
      (await w.post(operator, `/api/contradictions/${id}/read`, { purpose: '核对申报' })).body.texts,
    ).toMatchObject([{ kind: 'explained', text: '手机借给弟弟了' }])
    expect(
      await w.sql(
        `select purpose, ids from audit where verb = 'contradiction.read' and outcome = 'done' order by at desc limit 1`,
      ),
    ).toEqual([{ purpose: '核对申报', ids: [personId] }])
  })
})

describe('the person (TRUTH-12)', () => {
  test('sees both sides, is told that no colour changes, explains, and corrects by declaring anew', async () => {
    const { id, personId } = await denies()
    const me = await resident(personId)
    const mine = (await w.get(me, '/api/my/contradictions')).body
    expect(mine.items).toMatchObject([
      { id, kind: 'stay_denied', open: true, may: ['declare', 'explain'], words: null },
    ])
    expect(mine.about.en).toContain('changes no colour')
    await w.post(me, `/api/my/contradictions/${id}/explain`, { words: '记错了' })
    expect((await w.get(me, '/api/my/contradictions')).body.items[0].words).toBe('记错了')
    const next = await declares(personId, {
      stays: [{ area: '420106', from: addDays(today, -8), to: addDays(today, -4) }],
    })
    expect(await state(id)).toMatchObject({ state: 'ceased', ceased: 'corrected', corrected_by: next })
    const other = await resident(await w.person(GRID, null))
    expect((await w.get(other, '/api/my/contradictions')).body.items).toEqual([])
    expect((await w.post(other, `/api/my/contradictions/${id}/explain`, { words: '不是我' })).status).toBe(404)
  })

  test('an honest mistake is linked to the declaration that corrects it', async () => {
    const { id, personId } = await denies()
    await w.post(operator, `/api/contradictions/${id}/decide`, { outcome: 'honest_error' })
    const me = await resident(personId)
    expect((await w.get(me, '/api/my/contradictions')).body.items).toMatchObject([
      { outcome: 'honest_error', may: ['declare'] },
    ])
    const next = await declares(personId, {
      stays: [{ area: '4201', from: addDays(today, -8), to: addDays(today, -4) }],
    })
    expect(await state(id)).toMatchObject({ state: 'closed', outcome: 'honest_error', corrected_by: next })
    expect((await w.get(me, '/api/my/contradictions')).body.items[0].may).toEqual([])
  })

  test('whoever stands for the person is told that there is something, and nothing of what', async () => {
    const personId = await w.person(GRID, null)
    const me = await resident(personId)
    await says(personId, 'telecom', 8, 4)
    await declares(personId)
    const told = await w.sql(`select body from notice where account_id = $1 and kind = 'contradiction.found'`, [me.id])
    expect([told.length, /420106|武汉|停留/.test(JSON.stringify(told))]).toEqual([1, false])
  })

  test('a row that is taken back leaves nothing to ask about', async () => {
    const { id, factId } = await denies()
    await w.sql('update fact set withdrawn_at = now() where fact_id = $1', [factId])
    await findEverybody(w.server)
    expect(await state(id)).toMatchObject({ state: 'ceased', ceased: 'withdrawn' })
    await w.sql('update fact set withdrawn_at = null where fact_id = $1', [factId])
    await findEverybody(w.server)
    expect(await state(id)).toMatchObject({ state: 'open', ceased: null })
  })

  test('nobody is sent to ask what is settled: corrected or decided meanwhile, the task is taken back', async () => {
    const taskOf = async (id: string) =>
      (
        await w.sql('select t.state, t.outcome from task t join contradiction c on c.task_id = t.id where c.id = $1', [
          id,
        ])
      )[0]
    const one = await denies()
    await w.post(operator, `/api/contradictions/${one.id}/ask`, { how: 'call' })
    await declares(one.personId, { stays: [{ area: '4201', from: addDays(today, -8), to: addDays(today, -4) }] })
    expect(await taskOf(one.id)).toMatchObject({ outcome: 'withdrawn' })
    const two = await denies()
    await w.post(operator, `/api/contradictions/${two.id}/ask`, { how: 'call' })
    await w.post(operator, `/api/contradictions/${two.id}/decide`, { outcome: 'unknown' })
    expect(await taskOf(two.id)).toMatchObject({ outcome: 'withdrawn' })
  })

  test('declaring the same again goes on with what is being asked about (TRUTH-7)', async () => {
    const { id, personId } = await denies()
    await w.post(operator, `/api/contradictions/${id}/ask`, { how: 'call' })
    const next = await declares(personId)
    expect(await w.sql('select id, state, declaration_id from contradiction where person_id = $1', [personId])).toEqual(
      [{ id, state: 'asked', declaration_id: next }],
    )
  })
})

describe('signs of misuse (TRUTH-13)', () => {
  async function registers(phone: Buffer, by: string): Promise<string> {
    const personId = await w.person(GRID, null)
    await w.sql('update person set phone_hash = $2 where person_id = $1', [personId, phone])
    await w.sql(
      `insert into registration (person_id, home_area, emergency_id, need, situation, registered_here, purpose, by, declared_at, registered_day, registered_at) values ($1, $2, $3, 'may', 'living', true, 'home', $4, now(), $5, now())`,
      [personId, GRID, w.emergencyId, by, today],
    )
    return personId
  }
  test('one telephone under which many registered themselves; those whom a worker registered are none of it', async () => {
    for (let i = 0; i < 5; i++) await registers(Buffer.from('worker'), 'proxy')
    for (let i = 0; i < 4; i++) await registers(Buffer.from('shared'), 'self')
    await findEverybody(w.server)
    expect(await w.sql(`select kind from contradiction where kind like 'shared%'`)).toEqual([])
    await registers(Buffer.from('shared'), 'self')
    await findEverybody(w.server)
    await findEverybody(w.server)
    expect(
      await w.sql(`select kind, sources, known#>>'{0,value}' as n from contradiction where kind like 'shared%'`),
    ).toEqual([{ kind: 'shared_phone', sources: ['phone'], n: '5' }])
  })
})

describe('codes shown twice (TRUTH-13)', () => {
  test('are a figure of the gate in the own area, and nobody is named', async () => {
    const gate = randomUUID()
    await w.sql(
      `insert into gate (county, id, area, post_id, kind, name, policy, opened_at, updated_at) values ('320506', $1, $2, $3, 'estate', '{"zh":"东门","en":"East gate"}', '{}', now(), now())`,
      [gate, GRID, randomUUID()],
    )
    for (const rule of ['CODE-9', 'CODE-9', 'CODE-3'])
      await w.sql(
        `insert into passage (county, id, gate_id, area, emergency_id, day, hour, at, recorded_at, direction, lane, checked, check_rule, verdict, threshold, vehicle, clock_trusted)
         values ('320506', $1, $2, $3, $4, $5, 8, now(), now(), 'in', 'code', 'refused', $6, 'refuse_refer', 373, false, true)`,
        [randomUUID(), gate, GRID, w.emergencyId, today, rule],
      )
    const { reused } = (await w.get(operator, '/api/contradictions/figures')).body
    expect(reused).toEqual([
      { gateId: gate, areaName: expect.any(String), name: { zh: '东门', en: 'East gate' }, n: 2 },
    ])
    expect((await w.get(neighbour, '/api/contradictions/figures')).body.reused).toEqual([])
    expect(await w.sql('select count(*)::int as n from contradiction')).toEqual([{ n: 0 }])
  })
})

describe('no path to a colour (TRUTH-2)', () => {
  test('from finding to "false" no grade, colour, change by hand or run is written', async () => {
    const count = `select (select count(*) from grade) + (select count(*) from grade_now) + (select count(*) from grade_manual) + (select count(*) from grade_run) + (select count(*) from grade_dirty) + (select count(*) from code) + (select count(*) from code_event) as n`
    const before = await w.sql(count)
    const { id, personId } = await denies()
    await w.post(operator, `/api/contradictions/${id}/ask`, { how: 'visit' })
    await w.post(await resident(personId), `/api/my/contradictions/${id}/explain`, { words: '我去过武汉' })
    await w.post(chief, `/api/contradictions/${id}/decide`, { outcome: 'false', words: '本人承认' })
    await findEverybody(w.server)
    await w.drain()
    expect(await w.sql(count)).toEqual(before)
  })

  test('the room writes its own tables only, and nothing that judges reads them', () => {
    const files = readdirSync(import.meta.dirname).filter(
      (name) => name.startsWith('truth-') && !name.includes('.test.'),
    )
    for (const name of files) {
      const text = readFileSync(path.join(import.meta.dirname, name), 'utf8')
      for (const [, table] of text.matchAll(/(?:insert into|delete from|insertInto\(')\s*([a-z_]+)/g))
        expect([name, table]).toEqual([name, expect.stringMatching(/^(contradiction|truth_)/)])
      for (const [, table] of text.matchAll(/(?<!do )(?<!for )\bupdate (?!set)([a-z_]+)/g))
        expect([name, table]).toEqual([name, expect.stringMatching(/^contradiction/)])
      expect(text).not.toMatch(
        /judge-one|regradeOne|startRun|writeJudgement|actions-manual|grade_manual|markDirty|code-store/,
      )
    }
    for (const room of ['../grading', '../feeds', '../people', '../observation']) {
      const dir = path.join(import.meta.dirname, room)
      for (const name of readdirSync(dir).filter((one) => one.endsWith('.ts') && !one.includes('.test.')))
        expect([name, /contradiction/.test(readFileSync(path.join(dir, name), 'utf8'))]).toEqual([name, false])
    }
    for (const name of readdirSync(import.meta.dirname).filter(
      (one) => /^(code|reg|objection|org)-.*\.ts$/.test(one) && !one.includes('.test.'),
    ))
      expect([
        name,
        /from contradiction|join contradiction/.test(readFileSync(path.join(import.meta.dirname, name), 'utf8')),
      ]).toEqual([name, false])
  })
})
