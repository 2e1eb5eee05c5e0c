import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import { checkDigit } from '@weiwang/domain/people/document'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runRetention } from '../access/retention.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import { behindLock } from '../core/testing/behind-lock.ts'
import { feedJobs } from '../feeds/jobs.ts'
import { feedRoutes } from '../feeds/routes.ts'
import { gradingJobs, requestIncremental } from '../grading/jobs.ts'
import { gradingRoutes } from '../grading/routes.ts'
import { driveRun } from '../grading/run.ts'
import { insertSet } from '../grading/store-sets.ts'
import { documentId } from '../people/identity.ts'
import { makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { jpeg } from '../visits/jpeg.fixture.ts'
import { photoRoutes } from '../visits/photos.ts'
import { followCodes } from './code-change.ts'
import { escalateObjections, followPersons, objectionJobs } from './objection-jobs.ts'
import { objectionRoutes } from './objection-routes.ts'

/* eslint-disable typescript/no-explicit-any -- tests read answers freely */
const GRID = '320506001001001'
const COUNTY = '320506'
let w: World
let today: string
let operator: Actor
let cityOperator: Actor
let community: Actor
let street: Actor
let county: Actor
let otherChief: Actor
let neighbour: Actor
let auditor: Actor
let n = 0
let phones = 0
/** Nothing is held against the person: green, or no colour where the rule set gives none by itself. */
const FREE = ['green', null]

/** A made-up number that is valid. */
function idNumber(): string {
  n += 1
  const first = `3205061975${String(1 + (n % 12)).padStart(2, '0')}01${String(100 + n).padStart(3, '0')}`
  return first + checkDigit(first)
}

async function said(
  source: string,
  rows: string[][],
  header = ['证件号码', '姓名', '漫游地', '起始日期', '结束日期'],
): Promise<any> {
  const text = [header, ...rows].map((row) => row.join(',')).join('\r\n')
  const boundary = 'x-weiwang-boundary'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="r${randomUUID()}.csv"\r\ncontent-type: text/csv\r\n\r\n`
  const body = Buffer.from(`${head}${text}\r\n\r\n--${boundary}--\r\n`)
  const sent = await w.request(cityOperator, 'POST', `/api/feeds/${source}/batches`, body, {
    'content-type': `multipart/form-data; boundary=${boundary}`,
  })
  if (sent.status !== 200) throw new Error(sent.text)
  await w.drain()
  return (await w.request(cityOperator, 'GET', `/api/batches/${sent.body.batch.id}`)).body
}

type Holder = { actor: Actor; personId: string; number: string; row: string[] }

/** Somebody at home in the grid of whom the source says that they were in Wuhan, with an account that is bound to them. */
async function holder(source = 'roam', to = -2, also: string[][] = []): Promise<Holder> {
  const number = idNumber()
  const personId = documentId(w.server.keys, { kind: 'resident', country: 'CN', number })
  await w.person(GRID, null, { id: personId, masked: `王*${n}` })
  const row = [number, '王小明', '湖北省武汉市江汉区', addDays(today, to - 3), addDays(today, to)]
  const batch = await said(source, [row, ...also])
  expect(batch).toMatchObject({ state: 'loaded', rejected: 0, denied: 0 })
  await w.drain()
  return { actor: await resident(personId), personId, number, row }
}

/** @param bound by a document, or known by the number alone */
async function resident(personId: string, bound = true): Promise<Actor> {
  const actor = w.actor({ area: '32', roles: ['resident'], scope: [], sessionId: randomUUID() })
  phones += 1
  const phone = `+86139${String(10_000_000 + phones)}`
  const place = { table: 'account', row: actor.id, column: 'phone_sealed' }
  const sealed = await w.server.keys.seal({ emergencyId: NO_EMERGENCY, now: new Date(), ...place }, phone)
  await w.sql(
    `insert into account (id, area, name, phone_hash, phone_sealed, state, sessions_from, created_at, updated_at) values ($1, '32', '居民', $2, $3, 'active', now(), now(), now())`,
    [actor.id, w.server.keys.hash('account_phone', phone), sealed],
  )
  if (!bound) {
    const hash = w.server.keys.hash('phone', phone)
    await w.sql('update person set phone_hash = $2 where person_id = $1', [personId, hash])
    return actor
  }
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

const mine = async (who: Actor): Promise<any> => {
  const answer = await w.request(who, 'GET', '/api/my/objections')
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}

async function opened(h: Holder, more: object = {}): Promise<string> {
  const id = randomUUID()
  const answer = await w.post(h.actor, '/api/my/objections', {
    id,
    personId: h.personId,
    ground: 'never_there',
    words: '我当时在苏州上班，有考勤',
    ...more,
  })
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)])
  return id
}

const one = async (who: Actor, id: string): Promise<any> => {
  const answer = await w.request(who, 'GET', `/api/objections/${id}`)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}

const step = (who: Actor, id: string, body: object) => w.post(who, `/api/objections/${id}/step`, body)
const decide = (who: Actor, id: string, body: object) => w.post(who, `/api/objections/${id}/decide`, body)

async function grant(who: Actor, id: string, more: object = {}): Promise<any> {
  const { facts } = await one(who, id)
  const behind = facts.filter((fact: any) => fact.behind).map((fact: any) => ({ factId: fact.factId }))
  return decide(who, id, { decision: 'granted', wrong: 'source', facts: behind, words: '票据已核实', ...more })
}

const colourOf = async (personId: string): Promise<string | null> =>
  (await w.sql('select colour from grade_now where person_id = $1', [personId]))[0]?.colour ?? null

beforeAll(async () => {
  w = await makeWorld({
    rooms: [
      { room: 'feeds', jobs: feedJobs },
      { room: 'grading', jobs: gradingJobs },
      { room: 'objections', jobs: objectionJobs },
    ],
    routes: [feedRoutes, gradingRoutes, photoRoutes, objectionRoutes],
  })
  today = w.server.clock.today()
  for (const [code, name] of [
    ['42', '湖北省'],
    ['4201', '武汉市'],
    ['420103', '江汉区'],
  ] as const)
    await w.sql(
      `insert into area (code, parent, level, name, kind, valid_from) values ($1, null, $2, $3, 'official', '2020-01-01')`,
      [code, code.length / 2, name],
    )
  const set = { id: randomUUID(), version: 1, document: SUZHOU, by: null, now: w.server.clock.now() }
  await w.server.asSystem('test', (ctx) => insertSet(ctx.db, set))
  await w.sql(`update rule_set set state = 'active', activated_at = now() where id = $1`, [set.id])
  cityOperator = await w.desk('3205', ['operator'])
  operator = await w.desk(COUNTY, ['operator'])
  county = await w.desk(COUNTY, ['chief'])
  otherChief = await w.desk(COUNTY, ['chief'])
  street = await w.desk('320506001', ['operator'])
  community = await w.desk('320506001001', ['operator'])
  neighbour = await w.desk('320102', ['operator', 'chief'])
  auditor = await w.desk('32', ['auditor'])
  const telecom = PRESETS.find((p) => p.id === 'telecom')!
  for (const id of ['roam', 'roam2']) {
    const made = await w.post(cityOperator, '/api/feeds', { ...telecom, id, area: '3205', owner: '通管' })
    if (made.status !== 200) throw new Error(made.text)
    await w.post(cityOperator, `/api/feeds/${id}/open`, {})
    await w.sql('update feed set may_give_red = true where id = $1', [id])
  }
})
afterAll(() => w.close())

describe('FEED-42, OBJECT-11: an objection that is granted is put right at the fact', () => {
  test('red by a wrong row, granted with a ticket, green at once; the same row again does nothing and the batch says so', async () => {
    const h = await holder()
    expect(await colourOf(h.personId)).toBe('red')
    const before = await mine(h.actor)
    expect(before.people).toMatchObject([{ personId: h.personId, self: true, colour: 'red', may: true }])
    expect(before.people[0].reasons[0].fact.say.zh).toContain('江汉区')
    const id = await opened(h)
    const proof = randomUUID()
    const exif = [{ marker: 0xe1, data: Buffer.from('Exif\0\0GPS 31.3,120.6') }]
    const sent = await w.request(h.actor, 'PUT', `/api/my/objections/${id}/proofs/${proof}?kind=ticket`, jpeg(exif), {
      'content-type': 'image/jpeg',
    })
    expect([sent.status, sent.text]).toEqual([200, expect.any(String)])
    expect((await mine(h.actor)).items[0]).toMatchObject({ id, state: 'submitted', proofs: [{ kind: 'ticket' }] })

    const granted = await grant(county, id)
    expect([granted.status, granted.body.state, FREE]).toEqual([
      200,
      'granted',
      expect.arrayContaining([granted.body.colour]),
    ])
    expect(FREE).toContain(await colourOf(h.personId))
    const answer = (await mine(h.actor)).items[0].answer
    expect(answer).toMatchObject({ granted: true, wrong: 'source', colourBefore: 'red', words: '票据已核实' })

    for (let again = 0; again < 2; again++) {
      const batch = await said('roam', [
        h.row,
        [idNumber(), '李四', '湖北省武汉市', addDays(today, -4), addDays(today, -3)],
      ])
      expect(batch).toMatchObject({ rows: 2, accepted: 1, unchanged: 1, denied: 1 })
      await w.drain()
      expect(FREE).toContain(await colourOf(h.personId))
    }
    const [denial] = await w.sql('select hits::int, source from fact_denied where person_id = $1', [h.personId])
    expect(denial).toMatchObject({ hits: 2, source: 'roam' })
  })

  test('a row inside the days corrected does nothing either; another place, other days or another source still count', async () => {
    const h = await holder()
    const id = await opened(h)
    const { facts } = await one(county, id)
    const wide = { factId: facts[0].factId, from: addDays(today, -9), to: addDays(today, -1) }
    expect((await grant(county, id, { facts: [wide] })).status).toBe(200)
    const [number, name, place] = h.row
    const inside = await said('roam', [[number!, name!, place!, addDays(today, -8), addDays(today, -1)]])
    expect(inside).toMatchObject({ accepted: 0, unchanged: 1, denied: 1 })
    await w.drain()
    expect(FREE).toContain(await colourOf(h.personId))
    expect(await said('roam', [[number!, name!, place!, addDays(today, -8), today]])).toMatchObject({
      accepted: 1,
      denied: 0,
    })
    await w.drain()
    expect(await colourOf(h.personId)).toBe('red')
    const other = await holder()
    const otherId = await opened(other)
    await grant(county, otherId)
    expect(await said('roam2', [other.row])).toMatchObject({ accepted: 1, denied: 0 })
    await w.drain()
    expect(await colourOf(other.personId)).toBe('red')
  })

  test('withdrawing the batch and sending it again revives nothing; the household and everybody else are as before', async () => {
    const h = await holder()
    const id = await opened(h)
    await grant(county, id)
    const [fact] = await w.sql('select batch_id from fact where person_id = $1', [h.personId])
    const chief = await w.desk('3205', ['chief'])
    const gone = await w.post(chief, `/api/batches/${fact.batch_id}/withdraw`, { reason: '重报' })
    expect([gone.status, gone.text]).toEqual([200, expect.any(String)])
    await w.drain()
    expect(await said('roam', [h.row])).toMatchObject({ unchanged: 1, denied: 1 })
    await w.drain()
    expect(FREE).toContain(await colourOf(h.personId))
  })

  test('OBJECT-14: a correction on a forged proof is taken back by a second person, and the fact counts again', async () => {
    const h = await holder()
    const id = await opened(h)
    await grant(county, id)
    const undo = (who: Actor) => w.post(who, `/api/objections/${id}/undo`, { words: '票据系伪造' })
    expect((await undo(county)).body.code).toBe('OBJECTION_UNDO_BY_ANOTHER')
    expect((await undo(operator)).status).toBe(403)
    const undone = await undo(otherChief)
    expect([undone.status, undone.body.colour]).toEqual([200, 'red'])
    expect(await colourOf(h.personId)).toBe('red')
    expect((await undo(otherChief)).body.rule).toBe('OBJECT-14')
    expect(await said('roam', [h.row, [...h.row]])).toMatchObject({ unchanged: 2, denied: 0 })
  })

  test('a load that runs at the same moment as the correction is seen by one of the two', async () => {
    const h = await holder()
    const id = await opened(h)
    const row = [...h.row]
    const [, batch] = await Promise.all([grant(county, id), said('roam', [row, [...row]])])
    expect(batch.state).toBe('loaded')
    await w.drain()
    expect(FREE).toContain(await colourOf(h.personId))
    const live = await w.sql('select 1 from fact where person_id = $1 and withdrawn_at is null', [h.personId])
    expect(live).toEqual([])
  })

  test('who lives with somebody whose fact is corrected is judged again too; of the other they read nothing', async () => {
    const h = await holder()
    const son = await w.person(GRID, null, { masked: '王*儿' })
    const home = randomUUID()
    await w.sql(
      `insert into household (county, id, area, emergency_id, kind, use, source, created_at, updated_at) values ($1, $2, $3, $4, 'home', 'self', 'test', now(), now())`,
      [COUNTY, home, GRID, w.emergencyId],
    )
    await w.sql('update residence set household_id = $1 where person_id = any($2::uuid[]) and to_day is null', [
      home,
      [h.personId, son],
    ])
    await w.sql(
      `insert into fact (person_id, fact_id, kind, value, from_day, to_day, source, batch_id, recorded_at) select person_id, $2, 'fever_clinic', 'held', from_day, from_day, source, batch_id, now() from fact where person_id = $1`,
      [h.personId, randomUUID()],
    )
    await w.sql('insert into grade_dirty (person_id, at) values ($1, now()) on conflict do nothing', [h.personId])
    const again = async () => {
      for (const runId of await w.server.asSystem('test', requestIncremental)) await driveRun(w.server, runId)
      await w.drain()
    }
    await again()
    expect(await colourOf(son)).toBe('yellow')
    const child = await resident(son)
    const theirs = (await mine(child)).people[0]
    expect(theirs.reasons).toMatchObject([{ household: true, fact: { place: null } }])
    expect(JSON.stringify(theirs)).not.toContain('江汉')
    const id = await opened(h, { ground: 'wrong_person' })
    const { facts } = await one(county, id)
    const all = facts.map((fact: any) => ({ factId: fact.factId }))
    expect(all).toHaveLength(2)
    expect((await grant(county, id, { facts: all, wrong: 'matching' })).status).toBe(200)
    await w.drain()
    expect(FREE).toContain(await colourOf(son))
  })

  test('of two moves the later one is what an objection follows, whichever is followed last', async () => {
    const h = await holder()
    const id = await opened(h)
    const move = (to: string) => w.sql('update person set home_area = $2 where person_id = $1', [h.personId, to])
    await move('320506001001002')
    const lock = { text: 'select 1 from objection where id = $1 for update', values: [id] }
    const follow = () => followPersons(w.server, { personId: h.personId })
    await behindLock(w, lock, [follow], async () => void (await move('320506001001003')))
    expect((await one(county, id)).area).toBe('320506001001003')
  })

  test('OBJECT-16: who moves takes an open objection along, into another county too: number, proof and clock stay', async () => {
    const h = await holder()
    const id = await opened(h)
    const proof = randomUUID()
    await w.request(h.actor, 'PUT', `/api/my/objections/${id}/proofs/${proof}?kind=ticket`, jpeg([]), {
      'content-type': 'image/jpeg',
    })
    const before = await one(county, id)
    const moved = async (to: string): Promise<void> => {
      await w.sql('update person set home_area = $2 where person_id = $1', [h.personId, to])
      await w.server.asSystem('test', async (ctx) => ctx.emit('person.moved', { personId: h.personId }))
      await w.drain()
    }
    // Beside it in the same county first.
    await moved('320506001001002')
    expect(await one(county, id)).toMatchObject({ area: '320506001001002', dueBy: before.dueBy })
    await moved(`320102${'001001001'}`)
    expect((await w.request(county, 'GET', `/api/objections/${id}`)).status).toBe(404)
    const there = await one(neighbour, id)
    expect(there).toMatchObject({ reference: before.reference, dueBy: before.dueBy, allDueBy: before.allDueBy })
    expect(there.history.map((line: any) => line.kind)).toEqual(['opened', 'proved', 'moved', 'moved'])
    const list = await w.request(neighbour, 'GET', '/api/objections?list=open')
    expect([list.status, list.text]).toEqual([200, expect.any(String)])
    expect(list.body).toMatchObject({ total: 1, items: [{ id }] })
    // What was said and shown is opened there as before; nothing stays behind.
    const seen = await w.post(neighbour, `/api/objections/${id}/open`, { purpose: '核对申诉' })
    expect([seen.status, seen.text]).toEqual([200, expect.stringContaining('我当时在苏州上班')])
    const rows = await w.sql(
      `select county from objection where id = $1 union all select county from objection_event where objection_id = $1
       union all select county from objection_proof where objection_id = $1`,
      [id],
    )
    expect(new Set(rows.map((row) => row.county))).toEqual(new Set(['320102']))
    expect((await mine(h.actor)).items[0]).toMatchObject({ id, proofs: [{ kind: 'ticket' }] })
    // Decided by the rules of the new home, which gave the colour anew.
    const set = { id: randomUUID(), version: 1, by: null, now: w.server.clock.now() }
    const document = { ...SUZHOU, code: 'elsewhere', area: '3201' }
    await w.server.asSystem('test', (ctx) => insertSet(ctx.db, { ...set, document }))
    await w.sql(`update rule_set set state = 'active', activated_at = now() where id = $1`, [set.id])
    const granted = await grant(neighbour, id)
    expect([granted.status, granted.text]).toEqual([200, expect.any(String)])
  })

  test('STAT-8, FEED-40: the precision of the source moves', async () => {
    const of = async (): Promise<{ answered: number; wrong: number }> => {
      const url = `/api/feeds/roam/precision?from=${today}&to=${today}`
      const { answered, wrong } = (await w.request(cityOperator, 'GET', url)).body
      return { answered, wrong }
    }
    const before = await of()
    const h = await holder()
    await grant(county, await opened(h))
    expect(await of()).toEqual({ answered: before.answered + 1, wrong: before.wrong + 1 })
  })
})

describe('OBJECT-3, OBJECT-4: who may object', () => {
  test('one at a time; the same opening again is the same; nobody else’s person, no green code', async () => {
    const h = await holder()
    const stranger = await holder()
    const id = await opened(h)
    expect(await opened(h, {}).catch(() => 'refused')).toBe('refused')
    const again = { id, personId: h.personId, ground: 'never_there', words: '同一件' }
    expect((await w.post(h.actor, '/api/my/objections', again)).body.id).toBe(id)
    const theirs = { id: randomUUID(), personId: h.personId, ground: 'other', words: '不是我' }
    expect((await w.post(stranger.actor, '/api/my/objections', theirs)).status).toBe(404)
    expect((await w.post(stranger.actor, `/api/my/objections/${id}/withdraw`, {})).status).toBe(404)
    expect((await mine(stranger.actor)).items).toEqual([])
    await grant(county, id)
    const green = await w.post(h.actor, '/api/my/objections', { ...again, id: randomUUID() })
    expect(green.body.code).toBe('OBJECTION_TO_NOTHING')
  })

  test('OBJECT-1: pending by what is declared is objected to, with the declaration as its reason', async () => {
    const personId = documentId(w.server.keys, { kind: 'resident', country: 'CN', number: idNumber() })
    await w.person(GRID, null, { id: personId, masked: '游*客' })
    await w.sql(`update residence set kind = 'visiting' where person_id = $1`, [personId])
    const emergency = (await w.sql('select emergency_id from person where person_id = $1', [personId]))[0].emergency_id
    await w.sql(
      `insert into registration (person_id, home_area, emergency_id, need, situation, registered_here, purpose, by, declared_at, registered_day, registered_at)
       values ($1, $2, $3, 'must', 'living', false, 'tourism', 'self', now(), $4, now())`,
      [personId, GRID, emergency, today],
    )
    await w.server.asSystem('test', (ctx) => followCodes(ctx, [personId], { apply: true }))
    const actor = await resident(personId)
    const [me] = (await mine(actor)).people
    expect(me).toMatchObject({ colour: 'pending', may: true, why: null })
    expect(me.reasons).toMatchObject([{ rule: 'unsettled', fact: { sourceName: { en: 'Own declaration' } } }])
    const ask = { id: randomUUID(), personId, ground: 'other', reason: me.reasons[0].key, words: '我在这里租房' }
    expect((await w.post(actor, '/api/my/objections', ask)).body).toMatchObject({
      colour: 'pending',
      state: 'submitted',
    })
  })

  test('at the community desk for a person without a phone, by a relative; outside the area there is no such person', async () => {
    const h = await holder()
    const body = {
      id: randomUUID(),
      personId: h.personId,
      ground: 'wrong_person',
      words: '号码是别人的',
      documentSeen: true,
      relative: { relation: 'child', name: '王小小', phone: '13900000000' },
    }
    expect((await w.post(neighbour, '/api/objections', body)).status).toBe(404)
    expect((await w.request(community, 'GET', `/api/objections/ask?personId=${h.personId}`)).body).toMatchObject({
      colour: 'red',
      may: true,
    })
    const made = await w.post(community, '/api/objections', body)
    expect([made.status, made.body.state]).toEqual([200, 'submitted'])
    const rows = await w.sql('select * from objection where id = $1', [body.id])
    expect(JSON.stringify(rows)).not.toContain('王小小')
    const opened_ = await w.post(community, `/api/objections/${body.id}/open`, { purpose: '核查' })
    expect(opened_.body).toMatchObject({ words: '号码是别人的', relative: { relation: 'child', name: '王小小' } })
    const [line] = await w.sql(`select purpose, ids from audit where thing_id = $1 and verb = 'objection.read'`, [
      body.id,
    ])
    expect(line).toMatchObject({ purpose: '核查', ids: [h.personId] })
  })

  test('OBJECT-5: only pictures, without what a camera writes into them; six at most', async () => {
    const h = await holder()
    const id = await opened(h)
    const put = (proof: string, bytes: Buffer) =>
      w.request(h.actor, 'PUT', `/api/my/objections/${id}/proofs/${proof}?kind=photo`, bytes, {
        'content-type': 'image/jpeg',
      })
    expect((await put(randomUUID(), Buffer.from('<html>'))).body.rule).toBe('OBJECT-5')
    const first = randomUUID()
    const exif = [{ marker: 0xe1, data: Buffer.from('Exif\0\0GPSPOSITION') }]
    expect((await put(first, jpeg(exif))).status).toBe(200)
    expect((await put(first, jpeg(exif))).status).toBe(200)
    const seen = await w.request(h.actor, 'GET', `/api/my/objections/${id}/proofs/${first}`)
    expect([seen.status, seen.text.includes('GPSPOSITION')]).toEqual([200, false])
    for (let i = 0; i < 5; i++) expect((await put(randomUUID(), jpeg())).status).toBe(200)
    expect((await put(randomUUID(), jpeg())).body.code).toBe('OBJECTION_PROOFS_FULL')
    const stranger = await holder()
    expect((await w.request(stranger.actor, 'GET', `/api/my/objections/${id}/proofs/${first}`)).status).toBe(404)
    const wanted = `/api/objections/${id}/proofs/${first}?purpose=${encodeURIComponent('核查')}`
    expect((await w.request(auditor, 'GET', wanted)).status).toBe(403)
    expect((await w.request(community, 'GET', wanted)).status).toBe(200)
    expect((await w.request(neighbour, 'GET', wanted)).status).toBe(404)
  })
})

describe('OBJECT-6, OBJECT-8: through the desks, and by itself', () => {
  test('community, street and county in turn; each only where it lies now; need_more and supplemented', async () => {
    const h = await holder()
    const id = await opened(h)
    expect((await step(street, id, { step: 'take' })).status).toBe(200)
    expect((await step(community, id, { step: 'ask', words: '请补车票' })).body.state).toBe('need_more')
    const asked = (await mine(h.actor)).items[0]
    expect(asked).toMatchObject({
      state: 'need_more',
      asked: '请补车票',
      dueBy: null,
      may: expect.arrayContaining(['supplement']),
    })
    const told = await w.post(h.actor, `/api/my/objections/${id}/supplement`, { words: '已补' })
    expect(told.body.state).toBe('supplemented')
    const passed = await step(community, id, { step: 'pass', finding: 'supports', words: '考勤属实' })
    expect(passed.body).toMatchObject({ state: 'street_review', stage: 'street' })
    expect((await step(community, id, { step: 'pass', finding: 'supports' })).body.code).toBe(
      'OBJECTION_NOT_YOUR_STAGE',
    )
    expect((await step(street, id, { step: 'pass', finding: 'unclear' })).body.stage).toBe('county')
    expect((await decide(street, id, { decision: 'refused', refusal: 'facts_hold', words: '不行' })).status).toBe(403)
    const refused = await decide(county, id, { decision: 'refused', refusal: 'proof_lacking', words: '考勤非本人' })
    expect(refused.body.state).toBe('refused')
    const answer = (await mine(h.actor)).items[0].answer
    expect(answer.remedies[0].zh).toContain('再次申诉')
    const paper = await w.request(community, 'GET', `/api/objections/${id}/answer.pdf`)
    expect([paper.status, paper.text.startsWith('%PDF-')]).toEqual([200, true])
    expect((await w.request(neighbour, 'GET', `/api/objections/${id}/answer.pdf`)).status).toBe(404)
    expect((await w.request(auditor, 'GET', `/api/objections/${id}/answer.pdf`)).status).toBe(403)
    expect(answer.remedies.at(-1).zh).toContain('行政复议')
    expect(await colourOf(h.personId)).toBe('red')
  })

  test('late is a function of the moment; the timer writes and tells once; the auditor sees it; nothing is lost when it is late', async () => {
    const h = await holder()
    const id = await opened(h)
    const early = await decide(county, id, { decision: 'refused', refusal: 'facts_hold', words: '不行' })
    expect(early.body.code).toBe('OBJECTION_NOT_LOOKED_AT')
    const list = async (which: string, who = county): Promise<string[]> => {
      const url = `/api/objections?list=${which}&area=${who === auditor ? '32' : COUNTY}`
      const page = (await w.request(who, 'GET', url)).body
      expect(page.total).toBe(page.items.length)
      return page.items.map((row: any) => row.id)
    }
    expect(await list('late')).not.toContain(id)
    const hour = 3_600_000
    w.server.clock.shift(5 * hour)
    // Before the timer has run: whose turn it is, the lists and the figure agree already.
    expect(await one(county, id)).toMatchObject({ stage: 'street', late: true, escalations: 1 })
    expect(await list('late')).toContain(id)
    expect((await step(community, id, { step: 'take' })).body.code).toBe('OBJECTION_NOT_YOUR_STAGE')
    await escalateObjections(w.server)
    expect(await escalateObjections(w.server)).toBe(0)
    const events = await w.sql(`select kind from objection_event where objection_id = $1 order by n`, [id])
    expect(events.map((event: any) => event.kind)).toEqual(['opened', 'escalated'])
    const toldStreet = await w.sql(`select 1 from notice where account_id = $1 and kind = 'objection.escalated'`, [
      street.id,
    ])
    expect(toldStreet.length).toBeGreaterThan(0)
    w.server.clock.shift(20 * hour)
    expect(await one(county, id)).toMatchObject({ stage: 'city', overdue: true, late: true })
    expect(await list('overdue')).toContain(id)
    await escalateObjections(w.server)
    expect(await list('overdue', auditor)).toContain(id)
    const toldAuditor = await w.sql(`select 1 from notice where account_id = $1 and kind = 'objection.overdue'`, [
      auditor.id,
    ])
    expect(toldAuditor.length).toBeGreaterThan(0)
    const stages = (
      await w.sql(
        `select body ->> 'to' as stage from objection_event where objection_id = $1 and kind = 'escalated' order by n`,
        [id],
      )
    ).map((event: any) => event.stage)
    expect(stages).toEqual(['street', 'county', 'city'])
    expect((await grant(county, id)).status).toBe(200)
    const row = (await w.sql('select was_late, was_overdue, minutes from objection where id = $1', [id]))[0]
    expect(row).toMatchObject({ was_late: true, was_overdue: true })
    expect(row.minutes).toBeGreaterThanOrEqual(25 * 60)
    w.server.clock.shift(-25 * hour)
  })

  test('OBJECT-9: whoever decided the colour by hand may not decide the objection; another ends the change where it lies', async () => {
    const number = idNumber()
    const personId = documentId(w.server.keys, { kind: 'resident', country: 'CN', number })
    await w.person(GRID, null, { id: personId })
    const by = await w.post(county, `/api/people/${personId}/grade`, {
      grade: 'yellow',
      colour: 'yellow',
      reason: 'symptoms_found',
      until: addDays(today, 5),
    })
    expect([by.status, by.text]).toEqual([200, expect.any(String)])
    const actor = await resident(personId)
    const id = randomUUID()
    await w.post(actor, '/api/my/objections', { id, personId, ground: 'other', words: '没有症状' })
    const { manual, steps } = await one(county, id)
    expect(manual).toMatchObject([{ mine: true }])
    expect(steps.find((s: any) => s.step === 'decide')).toMatchObject({ ok: false, rule: 'OBJECT-9' })
    const body = { decision: 'granted', wrong: 'by_hand', manual: [manual[0].id], words: '复测无症状' }
    expect((await decide(county, id, body)).body.code).toBe('OBJECTION_OWN_COLOUR')
    const granted = await decide(otherChief, id, body)
    expect([granted.status, FREE]).toEqual([200, expect.arrayContaining([granted.body.colour])])
    await w.drain()
    expect(FREE).toContain(await colourOf(personId))
  })

  test('granting without putting anything right is refused, and nothing of somebody else can be denied', async () => {
    const h = await holder()
    const other = await holder()
    const id = await opened(h)
    const base = { decision: 'granted', wrong: 'source', words: '好的' }
    expect((await decide(county, id, base)).body.rule).toBe('OBJECT-11')
    const [theirs] = await w.sql('select fact_id from fact where person_id = $1', [other.personId])
    const wrong = await decide(county, id, { ...base, facts: [{ factId: theirs.fact_id }] })
    expect(wrong.body.code).toBe('OBJECTION_FACT_NOT_THEIRS')
    expect(await colourOf(other.personId)).toBe('red')
  })

  test('outside the area nothing is there, on every address', async () => {
    const h = await holder()
    const id = await opened(h)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['POST', '/step', { step: 'take' }],
      ['POST', '/decide', { decision: 'refused', refusal: 'facts_hold', words: '不' + '行' }],
      ['POST', '/undo', { words: '撤销' }],
      ['POST', '/open', { purpose: '核查' }],
    ] as const)
      expect([path, (await w.request(neighbour, method, `/api/objections/${id}${path}`, body)).status]).toEqual([
        path,
        404,
      ])
    const list = await w.request(neighbour, 'GET', '/api/objections')
    expect([list.status, list.text]).toEqual([200, expect.any(String)])
    expect(list.body.items).toEqual([])
    expect((await w.request(h.actor, 'GET', '/api/objections')).status).toBe(403)
  })
})

describe('figures', () => {
  test('each number equals the list that it opens, by rule, source and ground', async () => {
    const span = `from=${addDays(today, -1)}&to=${addDays(today, 2)}&area=${COUNTY}`
    for (const by of ['rule', 'source', 'ground'] as const) {
      const figures = (await w.request(county, 'GET', `/api/objections/figures?by=${by}&${span}`)).body
      expect(figures.items.length).toBeGreaterThan(0)
      for (const number of ['opened', 'granted', 'refused', 'withdrawn', 'open', 'late', 'overdue'] as const) {
        const sum = figures.items.reduce((total: number, row: any) => total + row[number], 0)
        expect([by, number, sum]).toEqual([by, number, figures.all[number]])
        for (const row of figures.items) {
          const url = `/api/objections?list=${number}&${by}=${encodeURIComponent(row.key)}&${span}`
          expect([by, row.key, number, (await w.request(county, 'GET', url)).body.total]).toEqual([
            by,
            row.key,
            number,
            row[number],
          ])
        }
      }
      expect(figures.all.share).toBeGreaterThan(0)
    }
  })

  test('paged without a row twice or missed, what is due first first', async () => {
    const seen: string[] = []
    const due: string[] = []
    let next: string | null = ''
    let total = 0
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`
      const page: any = (await w.request(county, 'GET', `/api/objections?limit=2${cursor}`)).body
      seen.push(...page.items.map((row: any) => row.id))
      due.push(...page.items.flatMap((row: any) => row.dueBy ?? []))
      next = page.next
      total = page.total
    }
    expect(new Set(seen).size).toBe(total)
    expect(due).toEqual(due.toSorted())
  })
})

describe('OBJECT-15: a temporary pass for hardship', () => {
  test('hours, one at a time, audited, printed in two languages, revoked; the colour stays', async () => {
    const h = await holder()
    const body = { id: randomUUID(), personId: h.personId, reason: 'funeral', hours: 6, to: '昆山市殡仪馆' }
    expect((await w.post(neighbour, '/api/hardship-passes', body)).status).toBe(404)
    expect((await w.post(community, '/api/hardship-passes', { ...body, hours: 25 })).status).toBe(400)
    const made = await w.post(community, '/api/hardship-passes', body)
    expect([made.status, made.body.state]).toEqual([200, 'holds'])
    expect(made.body.number).toMatch(/^L\d{6}-\d{6}$/)
    expect((await w.post(community, '/api/hardship-passes', body)).body.number).toBe(made.body.number)
    const twice = await w.post(community, '/api/hardship-passes', { ...body, id: randomUUID() })
    expect(twice.body.code).toBe('PASS_THERE')
    expect(await colourOf(h.personId)).toBe('red')
    expect((await mine(h.actor)).passes).toMatchObject([{ number: made.body.number }])
    const pdf = await w.request(community, 'GET', `/api/hardship-passes/${body.id}/pass.pdf`)
    expect([pdf.status, pdf.text.startsWith('%PDF-')]).toEqual([200, true])
    expect((await w.request(h.actor, 'GET', `/api/my/passes/${body.id}/pass.pdf`)).status).toBe(200)
    const other = await holder()
    expect((await w.request(other.actor, 'GET', `/api/my/passes/${body.id}/pass.pdf`)).status).toBe(404)
    const revoked = await w.post(community, `/api/hardship-passes/${body.id}/revoke`, { why: 'misused' })
    expect(revoked.body.state).toBe('revoked')
    expect((await mine(h.actor)).passes).toEqual([])
    expect((await w.request(community, 'GET', `/api/hardship-passes/${body.id}/pass.pdf`)).body.code).toBe('PASS_OVER')
    const trail = await w.sql('select verb from audit where thing_id = $1', [body.id])
    for (const verb of ['issue', 'print', 'revoke'])
      expect(trail.map((line: any) => line.verb)).toContain(`hardship_pass.${verb}`)
    expect(
      (await w.sql('select to_sealed from hardship_pass where id = $1', [body.id]))[0].to_sealed.toString(),
    ).not.toContain('昆山')
  })

  test('CODE-22: whoever has the number alone prints nobody’s name and document', async () => {
    const personId = documentId(w.server.keys, { kind: 'resident', country: 'CN', number: idNumber() })
    await w.person(GRID, null, { id: personId, masked: '孙*' })
    const pass = { id: randomUUID(), personId, reason: 'hospital', hours: 6, to: '市立医院' }
    expect((await w.post(community, '/api/hardship-passes', pass)).status).toBe(200)
    const who = await resident(personId, false)
    expect((await mine(who)).people).toMatchObject([{ personId }])
    expect((await mine(who)).passes).toEqual([])
    expect((await w.request(who, 'GET', `/api/my/passes/${pass.id}/pass.pdf`)).status).toBe(404)
  })

  test('its end is a moment: the last second still holds (case 67)', async () => {
    const h = await holder()
    const body = { id: randomUUID(), personId: h.personId, reason: 'hospital', hours: 1, to: '市立医院' }
    await w.post(community, '/api/hardship-passes', body)
    w.server.clock.shift(3_600_000 - 5_000)
    expect((await mine(h.actor)).passes).toHaveLength(1)
    w.server.clock.shift(10_000)
    expect((await mine(h.actor)).passes).toHaveLength(0)
    w.server.clock.shift(-3_605_000)
  })
})

describe('DELETE-1', () => {
  test('ninety days after its end the count is left and nothing of whom or what', async () => {
    const before = (await w.sql('select count(*)::int as n from objection'))[0].n
    await w.sql(`update objection set closed_at = closed_at - interval '93 days' where outcome = 'granted'`)
    const due = (await w.sql(`select count(*)::int as n from objection where outcome = 'granted'`))[0].n
    expect(due).toBeGreaterThan(0)
    await runRetention(w.server)
    const rows = await w.sql(
      `select person_id, masked, words_sealed, reasons, rule from objection where blanked_at is not null`,
    )
    expect(rows).toHaveLength(due)
    for (const row of rows) expect(row).toMatchObject({ person_id: null, masked: '', words_sealed: null, reasons: [] })
    expect(rows[0].rule).not.toBeNull()
    expect((await w.sql('select count(*)::int as n from objection'))[0].n).toBe(before)
    const left = await w.sql(
      `select 1 from objection_event e join objection o on o.id = e.objection_id where o.blanked_at is not null`,
    )
    expect(left).toEqual([])
    const url = `/api/objections?list=granted&from=${addDays(today, -2)}&to=${addDays(today, 2)}`
    const page = (await w.request(county, 'GET', url)).body
    expect(page.total).toBe(page.items.length)
    // One of them moved to another county with its person.
    expect(page.items.filter((row: any) => row.personId === null).length).toBe(due - 1)
  })
})
