import { randomUUID } from 'node:crypto'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { toHex } from '@weiwang/domain/healthcode/bytes'
import { expandPoint } from '@weiwang/domain/healthcode/point'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import { presentationText, readCode } from '@weiwang/domain/healthcode/presentation'
import { applyRevocations, decodeRevocations, isRevoked, noneRevoked } from '@weiwang/domain/healthcode/revocation'
import type { Revoked } from '@weiwang/domain/healthcode/revocation'
import { checkCode, DEFAULT_POLICY } from '@weiwang/domain/healthcode/verify'
import type { GateKey, Verdict } from '@weiwang/domain/healthcode/verify'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeWorld, GRID, newPhoneKey } from './code.fixture.ts'
import type { CodeWorld, PhoneKey } from './code.fixture.ts'
import { asItCame, verifyHere } from './code-gates.ts'
import { keepKeys, revokeKey } from './code-keys.ts'
import { tellHolders } from './code-tell.ts'

let w: CodeWorld
beforeAll(async () => {
  w = await codeWorld()
})
afterAll(() => w.close())
beforeEach(async () => {
  await w.sql(
    'truncate code, code_event, code_holder, code_phone_key, code_misuse, code_revocation, code_partner, code_partner_day, code_rule_set, registration, declaration, account_person, account_proof, fact, person, grade, grade_now, grade_dirty, grade_run, rule_set, residence, grade_manual, risk_area cascade',
  )
  await w.ruleSet()
})

const codes = async (who: Actor) => (await w.request(who, 'GET', '/api/my/codes')).body.items
const takeDays = (who: Actor, person: string, keys: readonly PhoneKey[], from = 0) =>
  w.request(who, 'POST', `/api/my/codes/${person}/days`, {
    days: keys.map((key, i) => ({ day: addDays(w.today, from + i), publicKey: key.publicKey })),
  })
const fresh = (who: Actor, person: string, tag?: string) =>
  w.request(who, 'GET', `/api/my/codes/${person}/fresh`, undefined, tag === undefined ? {} : { 'if-none-match': tag })

async function gateKeys(): Promise<GateKey[]> {
  const { keys } = (await w.request(null, 'GET', '/api/code/keys')).body
  return keys.map((key: GateKey & { publicKey: string }) => ({
    ...key,
    publicKey: Uint8Array.from(Buffer.from(key.publicKey, 'base64url')),
  }))
}

async function gateList(held: Revoked = noneRevoked()): Promise<Revoked> {
  const response = await w.http.app.inject({
    method: 'GET',
    url: `/api/code/revocations?since=${held.n}&epoch=${held.epoch}`,
  })
  const delta = decodeRevocations(Uint8Array.from(response.rawPayload))
  const list = delta && applyRevocations(held, delta)
  if (!list) throw new Error('no list')
  return list
}

/** What a gate that has just fetched keys and list says to a phone. */
async function atGate(
  credential: string,
  key: PhoneKey,
  over: { revoked?: Revoked; keys?: GateKey[] } = {},
): Promise<Verdict> {
  const now = Math.floor(w.server.clock.now().getTime() / 1000)
  const read = readCode(await presentationText(Uint8Array.from(Buffer.from(credential, 'base64url')), now, key.sign))
  if (!read) throw new Error('not read')
  return checkCode(read, {
    keys: over.keys ?? (await gateKeys()),
    revoked: over.revoked ?? (await gateList()),
    clock: { now, trusted: true },
    list: { asOf: now, maxAgeS: 3600 },
    policy: DEFAULT_POLICY,
    verify: verifyHere,
    expand: asItCame,
  })
}

describe('a colour (CODE-13)', () => {
  test('registered and nothing known: green by what the rule set says of everybody else, with its words', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const [code] = await codes(who)
    expect(code).toMatchObject({ state: 'green', colour: 'green', relation: 'self', masked: '张*明', untilDay: null })
    expect(code.reasons).toMatchObject([{ rule: 'otherwise', source: { zh: '您本人的申报' } }])
    expect(code.history).toMatchObject([{ n: 1, from: 'none', to: 'green', trigger: 'declaration' }])
  })

  test('who neither is registered here nor has a home is pending where the rule set says so', async () => {
    const visitor = await w.registered({ here: false, purpose: 'tourism', residence: 'visiting' })
    const settled = await w.registered({ here: false, purpose: 'work', residence: 'rent' })
    const who = await w.account([visitor, settled])
    expect((await codes(who)).map((code: { state: string }) => code.state)).toEqual(['pending', 'green'])
  })

  test('without a rule set in force nobody has a colour, and none can be fetched', async () => {
    await w.sql(`update rule_set set state = 'retired'`)
    const person = await w.registered()
    const who = await w.account([person])
    expect((await codes(who))[0]).toMatchObject({ state: 'applied', colour: null, mayPaper: false })
    const { body } = await takeDays(who, person, [newPhoneKey()])
    expect(body).toMatchObject({ credentials: [], missing: [{ day: w.today }, {}, {}] })
  })

  test('a run turns it red with source, day and end, and back by itself when the fact is withdrawn', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const fact = await w.inWuhan(person)
    const [red] = await codes(who)
    expect(red).toMatchObject({ state: 'red', untilDay: addDays(w.today, 11), n: 2 })
    expect(red.reasons[0]).toMatchObject({ rule: 'key_area', source: { zh: '铁路' }, until: addDays(w.today, 11) })
    expect(red.reasons[0].what.zh).toContain(addDays(w.today, -3))
    await w.withdraw(fact, person)
    const [green] = await codes(who)
    expect(green).toMatchObject({ state: 'green', n: 3 })
    expect(green.history.map((h: { to: string }) => h.to)).toEqual(['green', 'red', 'green'])
  })

  test('however often it changed, the holder can read all of it', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const [code] = await codes(who)
    await w.sql(
      `insert into code_event (person_id, home_area, n, at, from_state, to_state, rule_set_id, from_day, until_day, trigger, reasons)
       select person_id, home_area, g.n, at + g.n * interval '1 minute', 'green', case when g.n % 2 = 0 then 'red' else 'green' end,
         rule_set_id, from_day, until_day, trigger, reasons
       from code_event, generate_series(2, 120) g (n) where person_id = $1 and code_event.n = 1`,
      [person],
    )
    const seen = [...(await codes(who))[0].history]
    expect([code.history.length, seen.length, seen[0].n]).toEqual([1, 50, 120])
    for (let first = seen.at(-1).n; first > 1; first = seen.at(-1).n) {
      const { body } = await w.request(who, 'GET', `/api/my/codes/${person}/history?before=${first}`)
      expect(body.items[0].n).toBe(first - 1)
      seen.push(...body.items)
    }
    expect(seen.map((one: { n: number }) => one.n)).toEqual(Array.from({ length: 120 }, (_, i) => 120 - i))
    const stranger = await w.account([await w.registered()])
    expect((await w.request(stranger, 'GET', `/api/my/codes/${person}/history?before=9`)).status).toBe(404)
    // A number alone reads none of it (CODE-22).
    await w.sql(`update account_person set basis = 'phone' where account_id = $1`, [who.id])
    expect((await w.request(who, 'GET', `/api/my/codes/${person}/history?before=9`)).status).not.toBe(200)
  })

  test('case 66: on the first day after the end it is green at read time, before any midnight work', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    await w.inWuhan(person)
    const after = instantOf(addDays(w.today, 12), w.server.clock.zone).getTime() - Date.now() + 1000
    w.server.clock.shift(after)
    try {
      const [code] = await codes(who)
      expect(code.state).toBe('green')
      expect(code.history[0].to).toBe('red')
      const key = newPhoneKey()
      const { body } = await w.request(who, 'POST', `/api/my/codes/${person}/days`, {
        days: [{ day: addDays(w.today, 12), publicKey: key.publicKey }],
      })
      expect(body).toMatchObject({ state: 'green', n: 3 })
      expect(await atGate(body.credentials[0].credential, key)).toMatchObject({ kind: 'colour', colour: 'green' })
      expect((await codes(who))[0].history[0]).toMatchObject({ trigger: 'period_over' })
    } finally {
      w.server.clock.shift(-after)
    }
  })

  test('CODE-23: who moves where no rule set is in force has no colour, is told why, and an office finds nothing to judge by', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    await w.inWuhan(person)
    const key = newPhoneKey()
    const { body } = await takeDays(who, person, [key])
    const before = await gateList()
    const nanjing = '320102001001001'
    await w.sql('update person set home_area = $2 where person_id = $1', [person, nanjing])
    await w.server.asSystem('test', async (ctx) =>
      ctx.emit('person.moved', { personId: person, from: GRID, to: nanjing }),
    )
    await w.drain()
    const [code] = await codes(who)
    expect(code).toMatchObject({ state: 'applied', colour: null, reasons: [], mayPaper: false })
    expect(code.means.en).toContain('No rules for colours are in force where you live')
    expect(code.history[0]).toMatchObject({ from: 'red', to: 'applied', trigger: 'moved' })
    const id = Uint8Array.from(Buffer.from(body.credentials[0].codeId, 'base64url'))
    expect(isRevoked(await gateList(before), id)).toBe(true)
    // Back again, the rules of the place judge anew.
    await w.sql('update person set home_area = $2 where person_id = $1', [person, GRID])
    await w.judged([person])
    expect((await codes(who))[0]).toMatchObject({ state: 'red', colour: 'red' })
  })

  test('CODE-22: a number alone sees and fetches no code; the document does', async () => {
    const person = await w.registered()
    const phone = '+8613900007777'
    await w.sql('update person set phone_hash = $2 where person_id = $1', [person, w.server.keys.hash('phone', phone)])
    await w.inWuhan(person)
    const who = await w.account([], phone)
    const [shown] = await codes(who)
    expect(shown).toMatchObject({ personId: person, state: 'none', colour: null, reasons: [], history: [], n: 0 })
    // Nor who of those known by it holds the phone: a mother whose number stands for her child too.
    expect(shown.relation).toBe('number')
    expect((await takeDays(who, person, [newPhoneKey()])).status).toBe(404)
    expect((await fresh(who, person)).status).toBe(404)
    expect((await w.request(who, 'POST', `/api/my/codes/${person}/paper`, {})).status).toBe(404)
    expect((await w.request(who, 'GET', `/api/my/codes/${person}/export`)).status).toBe(404)
    await w.sql(
      `insert into account_person (account_id, person_id, relation, basis, since) values ($1, $2, 'self', 'proof', $3)`,
      [who.id, person, w.today],
    )
    expect((await codes(who))[0]).toMatchObject({ state: 'red', colour: 'red', relation: 'self' })
    expect((await takeDays(who, person, [newPhoneKey()])).body.credentials).toHaveLength(1)
  })

  test('a person who is somebody else’s is not found, by every verb', async () => {
    const person = await w.registered()
    const other = await w.account([await w.registered()])
    expect(await codes(other)).toHaveLength(1)
    expect((await fresh(other, person)).status).toBe(404)
    expect((await takeDays(other, person, [newPhoneKey()])).status).toBe(404)
    expect((await w.request(other, 'POST', `/api/my/codes/${person}/paper`, {})).status).toBe(404)
    expect((await w.request(other, 'GET', `/api/my/codes/${person}/export`)).status).toBe(404)
  })

  test('when the emergency ends codes stop, and what is out is replaced', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const key = newPhoneKey()
    const { body } = await takeDays(who, person, [key])
    await w.sql(`update emergency set state = 'ended', ended_at = now()`)
    try {
      await w.server.asSystem('test', async (ctx) => ctx.emit('emergency.ended', { emergencyId: w.emergency }))
      await w.drain()
      expect((await codes(who))[0]).toMatchObject({ state: 'expired', colour: null })
      expect(await atGate(body.credentials[0].credential, key)).toMatchObject({ kind: 'refused', rule: 'CODE-7' })
    } finally {
      await w.sql(`update emergency set state = 'open', ended_at = null`)
    }
  })
})

describe('days (CODE-11)', () => {
  test('three days ahead, each with its own code id and key; today passes a gate, tomorrow does not yet', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const keys = [newPhoneKey(), newPhoneKey(), newPhoneKey()]
    const { status, body, headers } = await takeDays(who, person, keys)
    expect(status).toBe(200)
    expect(body.missing).toEqual([])
    expect(headers['etag']).toMatch(/^"/)
    expect(body.credentials.map((one: { day: string }) => one.day)).toEqual([0, 1, 2].map((i) => addDays(w.today, i)))
    expect(new Set(body.credentials.map((one: { codeId: string }) => one.codeId)).size).toBe(3)
    for (const [i, one] of body.credentials.entries()) {
      expect(one.holder).toBe(keys[i]?.holder)
      expect(one.until).toBe(instantOf(addDays(w.today, i + 1), w.server.clock.zone).toISOString())
    }
    expect(await atGate(body.credentials[0].credential, keys[0]!)).toMatchObject({ kind: 'colour', colour: 'green' })
    expect(await atGate(body.credentials[1].credential, keys[1]!)).toMatchObject({ kind: 'refused', rule: 'CODE-6' })
    expect(await atGate(body.credentials[0].credential, keys[1]!)).toMatchObject({ kind: 'refused', rule: 'CODE-2' })
  })

  test('the same key again gives the same bytes; nothing is signed twice', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const key = newPhoneKey()
    const first = await takeDays(who, person, [key])
    const again = await takeDays(who, person, [key])
    expect(again.body.credentials).toEqual(first.body.credentials)
    expect(again.headers['etag']).toBe(first.headers['etag'])
    expect(await w.sql('select count(*)::int as n from code_holder')).toEqual([{ n: 1 }])
    const both = await Promise.all([1, 2, 3, 4].map(() => takeDays(who, person, [key])))
    expect(new Set(both.map(({ body }) => body.credentials[0].codeId)).size).toBe(1)
  })

  test('another phone of the account takes over: the first one is refused at gates', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const [old, next] = [newPhoneKey(), newPhoneKey()]
    const first = await takeDays(who, person, [old])
    const second = await takeDays(who, person, [next])
    expect(await atGate(first.body.credentials[0].credential, old)).toMatchObject({ kind: 'refused', rule: 'CODE-7' })
    expect(await atGate(second.body.credentials[0].credential, next)).toMatchObject({ kind: 'colour' })
  })

  test('no more than ten moves a day', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    for (let i = 0; i < 11; i++) expect((await takeDays(who, person, [newPhoneKey()])).status).toBe(200)
    expect((await takeDays(who, person, [newPhoneKey()])).body.code).toBe('TOO_MANY_REPLACED')
  })

  test('a colour that ends: no day beyond its last, and that one to its end (case 73)', async () => {
    const person = await w.registered()
    await w.inWuhan(person, 'rail', 13)
    const who = await w.account([person])
    const { body } = await takeDays(who, person, [newPhoneKey(), newPhoneKey(), newPhoneKey()])
    expect(body.credentials.map((one: { day: string }) => one.day)).toEqual([w.today, addDays(w.today, 1)])
    expect(body.missing).toMatchObject([
      { day: addDays(w.today, 2), why: { en: expect.stringContaining('ends before') } },
    ])
  })

  test('mother and two children: three codes on one phone, each with its own id; one key serves one day', async () => {
    const [mother, son, daughter] = [await w.registered(), await w.registered(), await w.registered()]
    const who = await w.account([mother, son, daughter])
    const key = newPhoneKey()
    const ids = []
    for (const person of [mother, son, daughter])
      ids.push((await takeDays(who, person, [key])).body.credentials[0].codeId)
    expect(new Set(ids).size).toBe(3)
    expect((await takeDays(who, mother, [key], 1)).body.code).toBe('KEY_USED')
    expect((await codes(who)).map((code: { relation: string }) => code.relation)).toEqual(['self', 'child', 'child'])
  })

  test('CODE-12: a key of another account is refused, and the sign of misuse stays although nothing was given', async () => {
    const [mine, theirs] = [await w.registered(), await w.registered()]
    const key = newPhoneKey()
    await takeDays(await w.account([mine]), mine, [key])
    const { status, body } = await takeDays(await w.account([theirs]), theirs, [key])
    expect([status, body.code]).toEqual([403, 'KEY_ELSEWHERE'])
    expect(await w.sql('select person_id, kind from code_misuse')).toEqual([
      { person_id: theirs, kind: 'key_elsewhere' },
    ])
    expect(await w.sql('select count(*)::int as n from code_holder')).toEqual([{ n: 1 }])
  })

  test('a key on no curve, a day too far, a day twice', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const bad = {
      ...newPhoneKey(),
      publicKey: Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]).toString('base64url'),
    }
    expect((await takeDays(who, person, [bad])).body.code).toBe('BAD_HOLDER_KEY')
    expect((await takeDays(who, person, [newPhoneKey()], 3)).body.code).toBe('DAY_TOO_FAR')
    expect((await takeDays(who, person, [newPhoneKey()], -1)).body.code).toBe('DAY_TOO_FAR')
    const { publicKey } = newPhoneKey()
    const twice = [w.today, w.today].map((day) => ({ day, publicKey }))
    expect((await w.request(who, 'POST', `/api/my/codes/${person}/days`, { days: twice })).status).toBe(400)
  })

  test('no join leads from a code id to a person', async () => {
    const person = await w.registered()
    await takeDays(await w.account([person]), person, [newPhoneKey()])
    const [row] = await w.sql('select * from code_holder')
    const hex = person.replaceAll('-', '')
    const stored = Object.values(row).map((value) =>
      Buffer.isBuffer(value) ? `${value.toString('hex')} ${value.toString('latin1')}` : String(value),
    )
    for (const value of stored) {
      expect(value).not.toContain(hex)
      expect(value).not.toContain(person)
    }
    const place = { table: 'code_holder', row: row.code_id.toString('hex'), column: 'person_sealed' }
    expect(await w.server.keys.open(place, row.person_sealed)).toBe(person)
  })
})

describe('a change of colour (CODE-14, CODE-15)', () => {
  test('everything out is replaced in the same transaction, on phones and on paper, and a synced gate refuses it', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const keys = [newPhoneKey(), newPhoneKey(), newPhoneKey()]
    const { body } = await takeDays(who, person, keys)
    expect((await w.request(who, 'POST', `/api/my/codes/${person}/paper`, {})).status).toBe(200)
    const before = await gateList()
    await w.inWuhan(person)
    const after = await gateList(before)
    expect(after.n).toBe(before.n + 4)
    for (const { codeId } of body.credentials) {
      const id = Uint8Array.from(Buffer.from(codeId, 'base64url'))
      expect([isRevoked(before, id), isRevoked(after, id)]).toEqual([false, true])
    }
    // Ten minutes later: a synced gate refuses, one that has not heard still shows the colour, and tells how old its list is.
    expect(await atGate(body.credentials[0].credential, keys[0]!, { revoked: after })).toMatchObject({ rule: 'CODE-7' })
    expect(await atGate(body.credentials[0].credential, keys[0]!, { revoked: before })).toMatchObject({
      colour: 'green',
    })
    const again = await takeDays(who, person, keys.slice(0, 1))
    expect(again.body).toMatchObject({ state: 'red' })
    expect(await atGate(again.body.credentials[0].credential, keys[0]!)).toMatchObject({ colour: 'red' })
  })

  test('numbers come in the order of commits, without gaps, under many writers at once (case 71)', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => w.registered()))
    for (const person of people) await takeDays(await w.account([person]), person, [newPhoneKey()])
    await w.sql(
      `insert into fact (person_id, fact_id, kind, place, from_day, to_day, source, batch_id, recorded_at)
       select p, gen_random_uuid(), 'stay', '420106', $2, $2, 'rail', gen_random_uuid(), now() from unnest($1::uuid[]) p`,
      [people, addDays(w.today, -3)],
    )
    const start = (await w.sql('select n from code_list'))[0].n
    await w.judged(people)
    const rows = await w.sql('select n from code_revocation where n > $1 order by n', [start])
    expect(rows.map((row) => Number(row.n) - Number(start))).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  })

  test('the holder is told once, by a message without a colour; what they did themselves is not told', async () => {
    const person = await w.registered()
    await w.account([person], '+8613900001234')
    const sent: string[] = []
    const gateway = { send: async (_to: string, text: string) => void sent.push(text) }
    const noon = instantOf(w.today, w.server.clock.zone, 12).getTime() - w.server.clock.now().getTime()
    w.server.clock.shift(noon)
    try {
      await tellHolders(w.server, gateway)
      expect(sent).toEqual([])
      await w.inWuhan(person)
      expect([await tellHolders(w.server, gateway), await tellHolders(w.server, gateway)]).toEqual([1, 0])
      expect(sent).toHaveLength(1)
      expect(sent[0]).not.toMatch(/红|黄|绿|码|健康|病|red|green|health/)
      await w.sql('update code set told_n = 0')
      w.server.clock.shift(11 * 3_600_000)
      expect(await tellHolders(w.server, gateway)).toBe(0)
      w.server.clock.shift(-11 * 3_600_000)
    } finally {
      w.server.clock.shift(-noon)
    }
  })

  test('CODE-15: whom no account stands for is told by the number of the record, without one by the grid, once', async () => {
    const [withNumber, without, nowhere] = [
      await w.registered(),
      await w.registered(),
      await w.registered({ area: '320505' }),
    ] as const
    const place = { table: 'identity', row: withNumber, column: 'phone_sealed' }
    const sealed = await w.server.keys.seal({ emergencyId: w.emergency, now: new Date(), ...place }, '13900005678')
    await w.sql(
      `insert into identity (person_id, home_area, phone_sealed, key_id, updated_at) values ($1, $2, $3, $4, now())`,
      [withNumber, GRID, sealed, randomUUID()],
    )
    const desk = w.actor({ area: '320505', roles: ['operator'] })
    await w.sql(
      `insert into account (id, area, name, state, sessions_from, created_at, updated_at) values ($1, '320505', '县中心', 'active', now(), now(), now())`,
      [desk.id],
    )
    await w.sql(
      `insert into account_role (account_id, role, area, granted_at) values ($1, 'operator', '320505', now())`,
      [desk.id],
    )
    const sent: string[] = []
    const gateway = { send: async (to: string) => void sent.push(to) }
    const noon = instantOf(w.today, w.server.clock.zone, 12).getTime() - w.server.clock.now().getTime()
    w.server.clock.shift(noon)
    try {
      await tellHolders(w.server, gateway)
      sent.length = 0
      for (const one of [withNumber, without, nowhere]) await w.inWuhan(one)
      await tellHolders(w.server, gateway)
      await tellHolders(w.server, gateway)
    } finally {
      w.server.clock.shift(-noon)
    }
    expect(sent).toEqual(['+8613900005678'])
    const tasks = await w.sql(`select person_id, area, reasons from task where person_id = any($1::uuid[])`, [
      [withNumber, without, nowhere],
    ])
    expect(tasks).toMatchObject([{ person_id: without, area: GRID, reasons: [{ rule: 'CODE-15' }] }])
    expect(JSON.stringify(tasks)).not.toMatch(/红|黄|绿|red|yellow|green/)
    expect(await w.sql(`select kind from notice where account_id = $1`, [desk.id])).toEqual([{ kind: 'code.news' }])
  })

  test('a new rule set in force: the next look replaces what stood under the old one', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const key = newPhoneKey()
    const first = await takeDays(who, person, [key])
    await w.ruleSet({ ...SUZHOU, code: 'suzhou-2020-03-01' })
    const second = await takeDays(who, person, [key])
    expect(second.body.credentials[0].codeId).not.toBe(first.body.credentials[0].codeId)
    expect((await codes(who))[0].history[0]).toMatchObject({ trigger: 'rule_set' })
    const { ruleSets } = (await w.request(null, 'GET', '/api/code/keys')).body
    expect(ruleSets.map((one: { short: string }) => one.short)).toEqual(['suzhou.1', 'suzhou.2'])
  })
})

describe('fresh (CODE-18)', () => {
  test('gives what stands; the same tag gets 304 from memory, and a replaced code is forgotten there', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const taken = await takeDays(who, person, [newPhoneKey()])
    const first = await fresh(who, person)
    expect(first.body.credentials).toEqual(taken.body.credentials)
    expect(first.headers['etag']).toBe(taken.headers['etag'])
    expect(Number(first.headers['x-weiwang-next'])).toBeGreaterThanOrEqual(900)
    const tag = String(first.headers['etag'])
    expect((await fresh(who, person, tag)).status).toBe(304)
    await w.inWuhan(person)
    const later = await fresh(who, person, tag)
    expect(later).toMatchObject({ status: 200, body: { state: 'red', credentials: [] } })
    expect(later.headers['etag']).not.toBe(tag)
  })
})

describe('stopped at a desk (CODE-21)', () => {
  const desk = () => w.actor({ area: '320505001001', roles: ['operator'] })
  const stop = (who: Actor, person: string, why: string) =>
    w.request(who, 'POST', `/api/codes/${person}/stop`, { why, words: '本人到场说明' })

  test('a lost phone: what is on it ends and its log-in too, the colour stays, a paper code is printed', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    await w.sql('update account set phone_masked = $2 where id = $1', [who.id, '139****0000'])
    const { body } = await takeDays(who, person, [newPhoneKey()])
    const before = await gateList()
    const stopped = await stop(desk(), person, 'phone_lost')
    expect(stopped).toMatchObject({ status: 200, body: { state: 'green', heldUntil: null, ended: 1 } })
    const id = Uint8Array.from(Buffer.from(body.credentials[0].codeId, 'base64url'))
    expect(isRevoked(await gateList(before), id)).toBe(true)
    const [account] = await w.sql('select sessions_from > created_at as ended from account where id = $1', [who.id])
    expect(account.ended).toBe(true)
    expect((await w.request(desk(), 'POST', `/api/codes/${person}/paper`, {})).status).toBe(200)
  })

  test('a lost phone shows nobody of the family any more; what another account or paper has of them stays', async () => {
    const [mother, child] = [await w.registered(), await w.registered()]
    const who = await w.account([mother, child])
    const father = await w.account([await w.registered(), child])
    const lost = []
    for (const person of [mother, child]) lost.push((await takeDays(who, person, [newPhoneKey()])).body.credentials[0])
    const other = (await takeDays(father, child, [newPhoneKey()])).body.credentials[0]
    expect((await w.request(father, 'POST', `/api/my/codes/${child}/paper`, {})).status).toBe(200)
    const before = await gateList()
    await stop(desk(), mother, 'phone_lost')
    const list = await gateList(before)
    const revoked = (one: { codeId: string }): boolean =>
      isRevoked(list, Uint8Array.from(Buffer.from(one.codeId, 'base64url')))
    expect([...lost, other].map(revoked)).toEqual([true, true, false])
    const [paper] = await w.sql('select replaced_at from code_holder where holder is null')
    expect(paper.replaced_at).toBeNull()
  })

  test('used by others: no colour until the card was seen, by itself after three days, again only by a chief', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    await takeDays(who, person, [newPhoneKey()])
    const until = addDays(w.today, 2)
    expect((await stop(desk(), person, 'used_by_others')).body).toMatchObject({ state: 'suspended', heldUntil: until })
    expect((await codes(who))[0]).toMatchObject({ state: 'suspended', colour: null, reasons: [] })
    expect((await codes(who))[0].todo.map((one: { zh: string }) => one.zh).join()).toContain(until)
    expect((await takeDays(who, person, [newPhoneKey()])).body.credentials).toEqual([])
    // A run does not bring it back, nor a colour.
    await w.inWuhan(person)
    expect((await codes(who))[0]).toMatchObject({ state: 'suspended' })
    const resumed = await w.request(desk(), 'POST', `/api/codes/${person}/resume`, {
      cardSeen: true,
      words: '证件相符',
    })
    expect(resumed.body).toMatchObject({ state: 'red', heldUntil: null })
    expect(
      (await w.request(desk(), 'POST', `/api/codes/${person}/resume`, { cardSeen: true, words: '证件相符' })).body.code,
    ).toBe('CODE_NOT_STOPPED')
    expect((await stop(desk(), person, 'used_by_others')).body.code).toBe('CODE_STOPPED_BEFORE')
    const chief = w.actor({ area: '320505', roles: ['chief'] })
    expect((await stop(chief, person, 'not_the_holder')).status).toBe(200)
    const elsewhere = w.actor({ area: '320102', roles: ['operator', 'chief'] })
    expect((await stop(elsewhere, person, 'used_by_others')).status).toBe(404)
    expect((await stop(w.actor({ area: '3205', roles: ['auditor'] }), person, 'used_by_others')).status).toBe(403)
    await w.sql('update code set held_until = $2, until_day = $2 where person_id = $1', [person, addDays(w.today, -1)])
    expect((await codes(who))[0]).toMatchObject({ state: 'red' })
    expect((await codes(who))[0].history.map((one: { trigger: string }) => one.trigger)).toContain('identity')
    const lines = await w.sql(
      `select purpose, detail from audit where verb = 'code.stop' and outcome = 'done' order by at, id`,
    )
    expect(lines.at(-1)).toMatchObject({ purpose: '本人到场说明', detail: { why: 'not_the_holder' } })
  })
})

describe('paper (CODE-10, CODE-19)', () => {
  test('a PDF for the holder and at the desk of the area, with its purpose; not elsewhere, not without the right', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const printed = await w.request(who, 'POST', `/api/my/codes/${person}/paper`, {})
    expect(printed.headers['content-type']).toBe('application/pdf')
    expect(printed.text.slice(0, 5)).toBe('%PDF-')
    const desk = w.actor({ area: '320505001001', roles: ['operator'] })
    const elsewhere = w.actor({ area: '320102', roles: ['operator', 'chief'] })
    const auditor = w.actor({ area: '3205', roles: ['auditor'] })
    expect((await w.request(desk, 'POST', `/api/codes/${person}/paper`, { purpose: '老人来取' })).status).toBe(200)
    expect((await w.request(elsewhere, 'POST', `/api/codes/${person}/paper`, {})).status).toBe(404)
    expect((await w.request(auditor, 'POST', `/api/codes/${person}/paper`, {})).status).toBe(403)
    expect((await w.request(desk, 'GET', `/api/codes/${person}`)).body).toMatchObject({
      state: 'green',
      masked: '张*明',
    })
    expect((await w.request(elsewhere, 'GET', `/api/codes/${person}`)).status).toBe(404)
    const lines = await w.sql(`select purpose from audit where verb = 'code.paper' and outcome = 'done' order by at`)
    expect(lines.at(-1)).toEqual({ purpose: '老人来取' })
    const [row] = await w.sql('select until_at, holder from code_holder order by issued_at limit 1')
    expect(row.holder).toBeNull()
    expect(row.until_at).toEqual(instantOf(addDays(w.today, 2), w.server.clock.zone))
    for (let i = 0; i < 3; i++) await w.request(desk, 'POST', `/api/codes/${person}/paper`, {})
    expect((await w.request(desk, 'POST', `/api/codes/${person}/paper`, {})).body.code).toBe('TOO_MANY_PAPERS')
  })
})

describe('keys (CODE-17)', () => {
  test('a revoked key never comes back: its codes are refused, phones get new ones, another key signs', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    const key = newPhoneKey()
    const first = await takeDays(who, person, [key])
    const kid = toHex(
      readCode(
        await presentationText(
          Uint8Array.from(Buffer.from(first.body.credentials[0].credential, 'base64url')),
          1,
          key.sign,
        ),
      )!.kid,
    )
    await w.server.asSystem('test', (ctx) => revokeKey(ctx, kid, '演练'))
    expect(await atGate(first.body.credentials[0].credential, key)).toMatchObject({ kind: 'refused', rule: 'CODE-4' })
    expect((await fresh(who, person)).body.credentials).toEqual([])
    const second = await takeDays(who, person, [key])
    expect(await atGate(second.body.credentials[0].credential, key)).toMatchObject({ kind: 'colour' })
    // Case 71: nothing that runs later revives it.
    await w.server.asSystem('test', (ctx) => keepKeys(ctx))
    expect((await gateKeys()).find((one) => one.kid === kid)?.revokedAt).not.toBeNull()
    await expect(w.server.asSystem('test', (ctx) => revokeKey(ctx, '00000000', '演练'))).rejects.toMatchObject({
      body: { code: 'NO_SUCH_KEY' },
    })
  })

  test('rotation: the next key is known a week before it signs, the old one holds ten days after', async () => {
    await w.server.asSystem('test', (ctx) => keepKeys(ctx))
    const [made] = await w.server.asSystem('test', (ctx) => keepKeys(ctx, true))
    expect(made).toBeDefined()
    expect(await w.server.asSystem('test', (ctx) => keepKeys(ctx, true))).toEqual([])
    const keys = await w.sql(`select * from code_key where revoked_at is null order by sign_from`)
    const [current, next] = keys.slice(-2)
    expect(next.sign_from).toEqual(current.sign_until)
    expect(next.sign_from.getTime() - Date.now()).toBeGreaterThan(6.9 * 86_400_000)
    expect(current.until_at.getTime() - current.sign_until.getTime()).toBeGreaterThanOrEqual(10 * 86_400_000)
  })
})

describe('other places (CODE-20)', () => {
  test('verify with a key of their own, told once; nobody else does, and it ends', async () => {
    const chief = w.actor({ area: '3205', roles: ['chief'] })
    const operator = w.actor({ area: '3205', roles: ['operator'] })
    const of = { area: '3205', name: '上海市健康码', purpose: '跨省互认', until: addDays(w.today, 30) }
    const proposed = await w.request(operator, 'POST', '/api/code/partners', of)
    expect(proposed.body).toMatchObject({ state: 'proposed', mine: true, mayDecide: false })
    const decide = (who: Actor, id: string, approve = true) =>
      w.request(who, 'POST', `/api/code/partners/${id}/decide`, { approve })
    expect((await decide(operator, proposed.body.id)).status).toBe(403)
    // Who proposed it does not decide it, chief or not.
    const own = (await w.request(chief, 'POST', '/api/code/partners', of)).body
    expect((await decide(chief, own.id)).status).toBe(403)
    const late = { ...of, until: addDays(w.today, 400) }
    expect((await w.request(operator, 'POST', '/api/code/partners', late)).body.code).toBe('PARTNER_SPAN')
    const { body: partner } = await decide(chief, proposed.body.id)
    expect(partner).toMatchObject({ state: 'open', key: expect.stringMatching(/^wv_/) })
    expect((await decide(chief, partner.id)).body.code).toBe('PARTNER_DECIDED')
    const verify = (text: string, key = partner.key) =>
      w.request(null, 'POST', '/api/code/verify', { text }, { authorization: `Bearer ${key}` })
    const person = await w.registered()
    const key = newPhoneKey()
    const { body } = await takeDays(await w.account([person]), person, [key])
    const credential = Uint8Array.from(Buffer.from(body.credentials[0].credential, 'base64url'))
    const text = await presentationText(credential, Math.floor(Date.now() / 1000), key.sign)
    expect((await verify(text)).body).toMatchObject({
      verdict: 'colour',
      colour: 'green',
      masked: '张*明',
      ruleSet: { short: 'suzhou.1', area: '3205' },
    })
    expect((await verify('WW1:HELLO')).body).toMatchObject({ verdict: 'refused', rule: 'CODE-1' })
    await w.inWuhan(person)
    expect((await verify(text)).body).toMatchObject({ verdict: 'refused', rule: 'CODE-7' })
    expect((await verify(text, 'wv_wrong')).status).toBe(401)
    const listed = async () => (await w.request(chief, 'GET', '/api/code/partners')).body.items
    expect((await listed()).map((one: { state: string }) => one.state).toSorted()).toEqual(['open', 'proposed'])
    // Counted a few seconds later, by kind; of what was asked nothing is kept.
    const given = async () => (await listed()).find((one: { id: string }) => one.id === partner.id).today
    await expect.poll(given, { timeout: 20_000 }).toEqual({ colour: 1, byHand: 0, refused: 2 })
    expect(JSON.stringify((await w.request(chief, 'GET', '/api/code/partners')).body)).not.toContain(partner.key)
    const end = (reason?: string) => w.request(operator, 'POST', `/api/code/partners/${partner.id}/end`, { reason })
    expect((await end()).status).toBe(400)
    expect((await end('密钥遗失')).body).toMatchObject({ state: 'ended', endReason: '密钥遗失' })
    expect((await end('再次')).body.code).toBe('PARTNER_DECIDED')
    expect((await verify(text)).status).toBe(401)
  })

  test('one’s own export names the standard’s elements and no number', async () => {
    const person = await w.registered()
    const who = await w.account([person])
    await takeDays(who, person, [newPhoneKey()])
    const { body } = await w.request(who, 'GET', `/api/my/codes/${person}/export`)
    expect(body).toMatchObject({
      personalBasic: { name: '张*明', regDivision: GRID.slice(0, 6) },
      health: { healthState: 'green', ruleSet: 'suzhou.1' },
      code: { expiresAt: instantOf(addDays(w.today, 1), w.server.clock.zone).toISOString() },
    })
  })
})

test('every address of the code stands in the description of the interface', async () => {
  const { body } = await w.request(null, 'GET', '/openapi.json')
  const paths = Object.keys(body.paths).filter((path) => /^\/api\/(my\/)?codes?(\/|$)/.test(path))
  expect(paths.toSorted()).toEqual([
    '/api/code/keys',
    '/api/code/partners',
    '/api/code/partners/{id}/decide',
    '/api/code/partners/{id}/end',
    '/api/code/revocations',
    '/api/code/verify',
    '/api/codes/{person}',
    '/api/codes/{person}/paper',
    '/api/codes/{person}/resume',
    '/api/codes/{person}/stop',
    '/api/my/codes',
    '/api/my/codes/{person}/days',
    '/api/my/codes/{person}/export',
    '/api/my/codes/{person}/fresh',
    '/api/my/codes/{person}/history',
    '/api/my/codes/{person}/paper',
  ])
  expect(body.paths['/api/my/codes/{person}/days'].post.requestBody).toBeDefined()
})

describe('bytes', () => {
  test('the server’s library reads a point short and long, and nothing that is none', async () => {
    const key = newPhoneKey()
    const data = Uint8Array.of(1, 2, 3)
    const signature = Uint8Array.from(await key.sign(data))
    const holder = Uint8Array.from(Buffer.from(key.holder, 'base64url'))
    const long = expandPoint(holder)
    if (!long) throw new Error('not a point')
    for (const point of [holder, long, long]) expect(await verifyHere(point, data, signature)).toBe(true)
    expect(await verifyHere(long, Uint8Array.of(1, 2, 4), signature)).toBe(false)
    for (const wrong of ['00', '', `02${'ff'.repeat(32)}`, `04${'11'.repeat(64)}`, `04${'11'.repeat(32)}`])
      expect([wrong, await verifyHere(Uint8Array.from(Buffer.from(wrong, 'hex')), data, signature)]).toEqual([
        wrong,
        false,
      ])
  })
})
