import { randomBytes, randomUUID } from 'node:crypto'
import { createPublicKey, verify } from 'node:crypto'
import { PASSAGE_LISTS, ProposeOpening } from '@weiwang/domain/checkpoints/api'
import { listsOf } from '@weiwang/domain/checkpoints/passage'
import { addDays, dayOf, instantOf } from '@weiwang/domain/core/day'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import { checkDigit } from '@weiwang/domain/people/document'
import { runRetention } from '../access/retention.ts'
import { insertSet } from '../grading/store-sets.ts'
import { familiesOf } from '../access/close-out-store.ts'
import { Server } from '../core/server.ts'
import { A, B, VILLAGE } from '../teams/place.fixture.ts'
import { objectionRoutes } from '../healthcode/objection-routes.ts'
import { makeGates, passage, seal } from './gates.fixture.ts'
import type { Gates } from './gates.fixture.ts'
import { markOfDay, openOfDay } from '../core/keys/day-keys.ts'
import { marksOf, NAMED_AT_GATE } from '../healthcode/gate-marks.ts'
import { openingsOf } from '../healthcode/reg-data-store.ts'
import { holdersOf } from './code-link.ts'
import { passageOf } from './store-passages.ts'

/* eslint-disable typescript/no-explicit-any -- tests read answers freely */
let w: Gates
let today: string
const MINUTE = 60_000
const HOUR = 60 * MINUTE

beforeAll(async () => {
  w = await makeGates([objectionRoutes])
  today = w.server.clock.today()
})
afterAll(() => w.close())

const send = async (who: any, items: unknown[]): Promise<any[]> => {
  const { status, body } = await w.post(who, '/api/passages', { items })
  expect([status, status === 200 ? null : body]).toEqual([200, null])
  return body.results
}
const outcomes = (results: any[]): string[] => results.map((one) => one.problem?.code ?? one.outcome)
const countOf = async (gate: string, list: string, day = today): Promise<number> =>
  (await w.get(w.operator, `/api/passages?gate=${gate}&day=${day}&list=${list}`)).body.total
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const boundClock = () => {
  const { clock } = w.server
  return { today: clock.today.bind(clock), now: clock.now.bind(clock) }
}
const rowsOf = async (gate: string): Promise<any[]> =>
  w.sql('select * from passage where gate_id = $1 order by at, id', [gate])

/** Somebody with a signed code of today. */
async function holder(area: string, name: string): Promise<{ personId: string; codeId: string }> {
  const { body } = await w.post(await w.desk(area.slice(0, 6), ['operator']), '/api/people', {
    name,
    phone: `139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
    area,
    continueReason: '测试',
  })
  const codeId = randomBytes(8)
  const place = { table: 'code_holder', row: codeId.toString('hex'), column: 'person_sealed' }
  const sealed = await w.server.keys.seal({ ...place, emergencyId: w.emergencyId, now: new Date() }, body.personId)
  await w.sql(
    `insert into code_holder (person_hash, code_id, emergency_id, person_sealed, day, kid, credential, n, issued_at, until_at)
     values ($1, $2, $3, $4, $5, $6, $7, 1, now(), now() + interval '1 day')`,
    [
      w.server.keys.hash('code_person', body.personId),
      codeId,
      w.emergencyId,
      sealed,
      today,
      randomBytes(4),
      randomBytes(60),
    ],
  )
  return { personId: body.personId, codeId: codeId.toString('hex') }
}

const of = (codeId: string) => ({ private: { codeId, plate: null, visitor: null } })

test('GATE-1: a gate is made with its post, edited by version and closed with it; outside the scope it is not there', async () => {
  const gate = await w.makeGate()
  const seen = await w.get(w.operator, `/api/gates/${gate}`)
  expect(seen.body).toMatchObject({ area: `${VILLAGE}001`, postId: gate, kind: 'estate', version: 1, closedAt: null })
  expect((await w.sql('select kind, ended_at from force_post where id = $1', [gate]))[0]).toEqual({
    kind: 'gate',
    ended_at: null,
  })

  const other = await w.desk(B, ['operator'])
  expect((await w.get(other, `/api/gates/${gate}`)).status).toBe(404)
  expect((await w.get(other, `/api/gates?area=${VILLAGE}`)).status).toBe(404)
  expect((await w.post(w.guard, '/api/gates', {})).status).toBe(400)
  const { name, kind, policy } = seen.body
  const made = { id: randomUUID(), area: VILLAGE, name, kind, policy }
  expect((await w.post(w.guard, '/api/gates', made)).body.code).toBe('NOT_ALLOWED')
  expect((await w.post(w.operator, '/api/gates', { ...made, area: A })).body.code).toBe('GATE_ABOVE_COUNTY')

  const edit = { version: 1, name, kind, policy: { ...policy, listMaxAgeMin: 60 } }
  expect((await w.post(w.operator, `/api/gates/${gate}`, edit)).status).toBe(200)
  expect((await w.post(w.operator, `/api/gates/${gate}`, edit)).body.code).toBe('GATE_CHANGED')
  const rest = { ...policy, temperature: { ...policy.temperature, restMin: 12, restMax: 10 } }
  expect((await w.post(w.operator, `/api/gates/${gate}`, { ...edit, version: 2, policy: rest })).body.code).toBe(
    'GATE_BAD_REST',
  )
  // Nothing in a policy could close the lane without a code or the emergency pass.
  expect(
    (await w.post(w.operator, `/api/gates/${gate}`, { ...edit, version: 2, policy: { ...policy, noCode: false } }))
      .status,
  ).toBe(400)

  expect((await w.post(w.operator, `/api/gates/${gate}/close`, { reason: '小区合并' })).status).toBe(200)
  expect((await w.sql('select ended_at is null as open from force_post where id = $1', [gate]))[0].open).toBe(false)
  expect(outcomes(await send(w.guard, [passage(gate)]))).toEqual(['accepted'])
  const later = passage(gate, {}, new Date(Date.now() + 5 * MINUTE))
  expect(outcomes(await send(w.guard, [later]))).toEqual(['GATE_CLOSED'])
})

test('GATE-6: somebody of the gates sees those that a duty of today covers, the one of the shift first', async () => {
  const first = await w.makeGate({ area: `${VILLAGE}001` })
  const second = await w.makeGate({ area: `${VILLAGE}002` })
  await w.makeGate({ area: `${A}002001001` })
  const shift = {
    postId: second,
    from: addDays(today, -1),
    to: addDays(today, 1),
    starts: '00:00',
    ends: '00:00',
    needed: 1,
  }
  expect((await w.post(w.operator, '/api/forces/shifts', shift)).status).toBe(200)
  const { body } = await w.get(w.operator, `/api/forces/shifts?post=${second}&from=${today}&to=${today}`)
  const put = { turnId: randomUUID(), accountId: w.guard.id }
  expect((await w.post(w.operator, `/api/forces/shifts/${body.items[0].id}/turns`, put)).status).toBe(200)

  const mine = (await w.get(w.guard, '/api/gate/me')).body
  expect(mine.gates[0]).toMatchObject({ id: second, shift: { now: true } })
  expect(mine.gates.map((one: any) => one.id)).toContain(first)
  expect(mine.gates.every((one: any) => one.area.startsWith(VILLAGE))).toBe(true)
  expect(mine.sealKey.point).toMatch(/^[A-Za-z0-9_-]{87}$/)
  expect(JSON.stringify(mine)).not.toMatch(/private|secret/i)
  const elsewhere = await w.member('checkpoint', [`${B}001001`])
  expect((await w.get(elsewhere, '/api/gate/me')).body.gates).toEqual([])
  const worker = await w.member('worker', [`${VILLAGE}001`])
  expect((await w.get(worker, '/api/gate/me')).body.gates).toEqual([])
  const gates = (await w.get(w.operator, `/api/gates?area=${VILLAGE}&list=unstaffed&limit=200`)).body.items
  expect(gates.map((one: any) => one.id)).toContain(first)
  expect(gates.map((one: any) => one.id)).not.toContain(second)
})

test('GATE-6, cases 41 and 64: each item is answered alone; a repeat is taken once; sealed parts open under their own id only', async () => {
  const gate = await w.makeGate()
  const point = (await w.get(w.guard, '/api/gate/me')).body.sealKey
  const inside = { codeId: randomBytes(8).toString('hex'), plate: null, visitor: null }
  const sealed = (id: string, under: string, keyId = point.id) => {
    const { private: _, ...rest } = passage(gate, { id })
    return { ...rest, sealed: { keyId, box: seal(point.point, under, inside) } }
  }
  const [plain, boxed, moved, stale] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  const items = [
    passage(gate, { id: plain }),
    { kind: 'passage', id: randomUUID(), nonsense: true },
    'not even an object',
    sealed(boxed, boxed),
    sealed(moved, boxed),
    sealed(stale, stale, 'another-key'),
    passage(gate, { check: 'by_hand', colour: 'green' }),
    passage(gate, { lane: 'emergency', check: null, colour: null, verdict: 'refuse_refer', ...of('00'.repeat(8)) }),
    passage(gate, { lane: 'no_code', check: null, colour: null }),
    passage(randomUUID()),
    passage(gate, { id: plain }),
  ]
  expect(outcomes(await send(w.guard, items))).toEqual([
    'accepted',
    'PASSAGE_UNREADABLE',
    'PASSAGE_UNREADABLE',
    'accepted',
    'PASSAGE_BOX',
    'PASSAGE_BOX',
    'PASSAGE_FAULT',
    'PASSAGE_FAULT',
    'PASSAGE_FAULT',
    'NOT_FOUND',
    'duplicate',
  ])
  // The same again, twice at the same moment, while a new one comes along.
  const more = [...items, passage(gate, {}, new Date())]
  const both = await Promise.all([send(w.guard, more), send(w.guard, more)])
  expect(both.map((results) => outcomes(results)[0])).toEqual(['duplicate', 'duplicate'])
  expect((await rowsOf(gate)).length).toBe(3)
  expect(await countOf(gate, 'all')).toBe(3)
  const key = w.server.keys.days.find({ emergencyId: w.emergencyId, day: today })
  expect(key).not.toBeNull()
  for (const row of await rowsOf(gate)) {
    expect(row.code_sealed.length).toBeGreaterThan(45)
    expect(JSON.stringify(row)).not.toContain(inside.codeId)
  }
})

test('GATE-6: what was recorded on duty and arrives after it counts; what was not, does not; a clock ahead is not believed', async () => {
  const gate = await w.makeGate()
  const late = await w.member('checkpoint', [VILLAGE])
  await w.sql(`update duty set from_day = $2, to_day = $3 where account_id = $1`, [
    late.id,
    addDays(today, -3),
    addDays(today, -2),
  ])
  const gone = { ...late, scope: [] as string[], area: '' }
  const on = (day: string) => passage(gate, {}, instantOf(day, w.server.clock.zone, 12))
  const results = await send(gone, [
    on(addDays(today, -2)),
    on(addDays(today, -1)),
    on(addDays(today, -20)),
    on(addDays(today, -3)),
  ])
  expect(outcomes(results)).toEqual(['accepted', 'NOT_AT_GATE', 'PASSAGE_TOO_OLD', 'accepted'])
  const stranger = await w.member('checkpoint', [`${B}001001`])
  expect(outcomes(await send(stranger, [passage(gate)]))).toEqual(['NOT_FOUND'])
  const worker = await w.member('worker', [`${VILLAGE}001`])
  expect(outcomes(await send(worker, [passage(gate)]))).toEqual(['NOT_FOUND'])

  const ahead = passage(gate, { clockTrusted: false }, new Date(Date.now() + 26 * HOUR))
  expect(outcomes(await send(w.guard, [ahead]))).toEqual(['accepted'])
  const row = (await rowsOf(gate)).find((one) => one.id === ahead.id)
  expect([row.day, row.clock_trusted]).toEqual([today, false])
  expect(row.at.getTime()).toBeLessThanOrEqual(Date.now())
})

test('GATE-13: every number has its list with the same total, and both follow the rules of the domain', async () => {
  const gate = await w.makeGate({ kind: 'road' })
  const visitor = { name: '王五', document: '320505199001011234', phone: '13900001111', purpose: '探亲', host: '3-201' }
  const no = { check: null, colour: null }
  const shapes: [object, object | null][] = [
    [{}, null],
    [{ direction: 'out', colour: 'yellow', verdict: 'refuse_refer' }, null],
    [{ colour: 'red', verdict: 'refuse_refer', temperature: null }, null],
    [{ colour: 'pending', temperature: 372 }, null],
    [{ check: 'by_hand', checkRule: 'CODE-9', colour: null }, null],
    [{ check: 'refused', checkRule: 'CODE-4', colour: null, verdict: 'refuse_refer' }, null],
    [{ temperature: 375, verdict: 'hold_fever' }, null],
    [{ temperature: 375, verdict: 'hold_fever', retest: { at: new Date().toISOString(), temperature: 380 } }, null],
    [{ temperature: 374, retest: { at: new Date().toISOString(), temperature: 366 } }, null],
    [
      { ...no, lane: 'emergency', verdict: 'emergency_pass', temperature: null },
      { codeId: null, plate: null, visitor: null },
    ],
    [
      { ...no, lane: 'no_code' },
      { codeId: null, plate: null, visitor: null },
    ],
    [
      { ...no, lane: 'visitor' },
      { codeId: null, plate: null, visitor },
    ],
    [
      { ...no, lane: 'hardship' },
      { codeId: null, plate: null, visitor: null },
    ],
    [{ ...no, lane: 'document', colour: 'green' }, null],
    [{ companions: 3 }, { codeId: randomBytes(8).toString('hex'), plate: '苏E·A1234', visitor: null }],
  ]
  const items = shapes.map(([shape, inside]) => passage(gate, { ...shape, ...(inside ? { private: inside } : {}) }))
  expect(new Set(outcomes(await send(w.guard, items)))).toEqual(new Set(['accepted']))
  const rows = await rowsOf(gate)
  for (const list of PASSAGE_LISTS) {
    const { body } = await w.get(w.operator, `/api/passages?gate=${gate}&day=${today}&list=${list}&limit=200`)
    const pure = rows.filter((row) => listsOf(passageOf(row)).includes(list)).map((row): string => row.id)
    const ids: string[] = body.items.map((one: any) => one.id)
    expect([list, body.total, ids.toSorted(byText)]).toEqual([list, pure.length, pure.toSorted(byText)])
  }
  const { body } = await w.get(w.operator, `/api/gates/figures?gate=${gate}&day=${today}`)
  expect(body.total).toMatchObject({
    all: 15,
    red: 1,
    fever: 3,
    fever_twice: 1,
    resting: 1,
    visitor: 1,
    vehicle: 1,
    emergency: 1,
  })
  const byHour = body.hours.reduce((sum: number, one: any) => sum + (one.counts.all ?? 0), 0)
  expect(byHour).toBe(15)
  expect(body.rows.find((one: any) => one.gateId === gate).counts.all).toBe(15)
  const hour = body.hours.at(-1)
  const listed = await w.get(w.operator, `/api/passages?gate=${gate}&day=${today}&hour=${hour.hour}`)
  expect(listed.body.total).toBe(hour.counts.all)
  // A page at a time gives each row once.
  const first = await w.get(w.operator, `/api/passages?gate=${gate}&day=${today}&limit=10`)
  const second = await w.get(w.operator, `/api/passages?gate=${gate}&day=${today}&limit=10&cursor=${first.body.next}`)
  expect(new Set([...first.body.items, ...second.body.items].map((one: any) => one.id)).size).toBe(15)
  const wide = await w.get(w.operator, `/api/passages?area=${VILLAGE}&day=${today}&limit=200`)
  expect(wide.body.items.length).toBe(wide.body.total)
  // What a desk reads names nobody, no code and no vehicle.
  const text = JSON.stringify([wide.body, body])
  for (const word of ['王五', '3-201', 'A1234', '13900001111', 'codeId', 'sealed']) expect(text).not.toContain(word)
})

test('GATE-5: a fever rests and is measured again, once; figures move with it', async () => {
  const gate = await w.makeGate()
  const hold = passage(gate, { temperature: 376, verdict: 'hold_fever' })
  const again = {
    kind: 'retest',
    id: randomUUID(),
    gateId: gate,
    passageId: hold.id,
    at: new Date().toISOString(),
    temperature: 368,
  }
  // In one batch, in whatever order: what follows comes after.
  expect(outcomes(await send(w.guard, [again, hold]))).toEqual(['accepted', 'accepted'])
  expect(outcomes(await send(w.guard, [again, hold]))).toEqual(['duplicate', 'duplicate'])
  expect(outcomes(await send(w.guard, [{ ...again, id: randomUUID() }]))).toEqual(['NOTHING_TO_RETEST'])
  expect((await rowsOf(gate))[0]).toMatchObject({ retest: 368, verdict: 'admit_with_temp' })
  expect([await countOf(gate, 'fever'), await countOf(gate, 'resting'), await countOf(gate, 'fever_twice')]).toEqual([
    1, 0, 0,
  ])
})

const referral = (gateId: string, more: object = {}, person: object = {}) => ({
  kind: 'referral',
  id: randomUUID(),
  gateId,
  passageId: null,
  at: new Date().toISOString(),
  why: 'yellow',
  disposition: 'grid',
  homeProof: 'property',
  homeArea: `${VILLAGE}002`,
  called: '社区',
  private: { name: '钱大同', document: '', phone: '13811112222', address: '东巷 5 号', note: '', ...person },
  ...more,
})

test('GATE-7: whoever goes home is told to the grid of the home as a task, once; a fever goes to the clinic; nobody is turned back from his home', async () => {
  const gate = await w.makeGate()
  const home = referral(gate)
  const [first] = await send(w.guard, [home])
  expect(first).toMatchObject({
    outcome: 'accepted',
    task: { reference: expect.stringMatching(/^\d{9}$/), areaName: expect.any(String) },
  })
  expect(outcomes(await send(w.guard, [home]))).toEqual(['duplicate'])
  await w.drain()
  const tasks = await w.sql(
    `select t.area, t.state, t.grade, c.name ->> 'zh' as campaign from task t join campaign c on c.id = t.campaign_id where t.reference = $1`,
    [first.task.reference],
  )
  expect(tasks).toEqual([{ area: `${VILLAGE}002`, state: 'pushed', grade: 'yellow', campaign: '卡口转送' }])
  // A second gate on the way home: the task that is there.
  const [second] = await send(w.guard, [referral(gate)])
  expect(second.task.reference).toBe(first.task.reference)

  expect(outcomes(await send(w.guard, [referral(gate, { why: 'fever' })]))).toEqual(['GATE_BAD_DISPOSITION'])
  expect(outcomes(await send(w.guard, [referral(gate, { why: 'fever', disposition: 'fever_clinic' })]))).toEqual([
    'accepted',
  ])
  expect(outcomes(await send(w.guard, [referral(gate, { homeProof: null })]))).toEqual(['GATE_BAD_DISPOSITION'])
  const back = { disposition: 'turned_back', homeProof: null }
  expect(outcomes(await send(w.guard, [referral(gate, back)]))).toEqual(['GATE_NO_TURN_BACK'])
  const road = await w.makeGate({ kind: 'road' })
  expect(outcomes(await send(w.guard, [referral(road, back)]))).toEqual(['accepted'])
  // Too little to find anybody by: the desk has it without a task.
  const [nobody] = await send(w.guard, [referral(gate, {}, { phone: '', address: '' })])
  expect([nobody.outcome, nobody.task]).toEqual(['accepted', undefined])

  const { body } = await w.get(w.operator, `/api/gates/referrals?gate=${gate}&list=all`)
  expect(body.total).toBe(4)
  expect(body.items.find((one: any) => one.id === home.id)).toMatchObject({
    name: '钱*同',
    why: 'yellow',
    task: { reference: first.task.reference, state: 'pushed' },
  })
  expect(JSON.stringify(body)).not.toContain('13811112222')
  const opened = await w.post(w.operator, `/api/gates/referrals/${home.id}/open`, { purpose: 'contact_person' })
  expect(opened.body).toMatchObject({ name: '钱大同', phone: '13811112222' })
  const line = await w.sql(`select purpose, ids from audit where verb = 'gate.referral_open'`)
  expect(line).toEqual([{ purpose: 'contact_person', ids: [] }])
  const [task] = await w.sql('select id, person_id, reasons::text as reasons from task where reference = $1', [
    first.task.reference,
  ])
  expect((await toldTo(task.person_id)).map((row) => row.verb).toSorted(byText)).toEqual([
    'gate.refer',
    'gate.refer',
    'gate.referral_open',
  ])
  // The task outlives the passages: it does not say which gate, and no line about gates says which task.
  expect([task.reasons.includes('东门'), task.reasons.includes('卡口')]).toEqual([false, true])
  const leads = await w.sql(`select verb from audit where thing = 'gate' and detail::text like '%' || $1 || '%'`, [
    task.id,
  ])
  expect(leads).toEqual([])
  expect((await w.post(w.guard, `/api/gates/referrals/${home.id}/open`, { purpose: 'contact_person' })).status).toBe(
    403,
  )
  expect((await w.post(w.operator, `/api/gates/referrals/${home.id}/close`, { outcome: 'arrived' })).status).toBe(200)
  expect((await w.post(w.operator, `/api/gates/referrals/${home.id}/close`, { outcome: 'lost' })).body.code).toBe(
    'REFERRAL_CLOSED',
  )
})

test('GATE-7: the grid that finds them at home closes the referral; any other answer leaves it to the desk', async () => {
  const gate = await w.makeGate()
  const [one, two] = [referral(gate, {}, { phone: '13855550001' }), referral(gate, {}, { phone: '13855550002' })]
  await send(w.guard, [one, two])
  const answer = async (id: string, disposition: string): Promise<void> => {
    const [row] = await w.sql('select task_county, task_id from gate_referral where id = $1', [id])
    await w.server.asSystem('test', async (ctx) =>
      ctx.emit('task.answered', { county: row.task_county, taskId: row.task_id, disposition }),
    )
    await w.drain()
  }
  await answer(one.id, 'HERE_HOME_OBS')
  await answer(two.id, 'NOT_RESIDENT')
  await answer(one.id, 'HERE_HOME_OBS')
  const rows = await w.sql('select id, outcome from gate_referral where gate_id = $1', [gate])
  expect(new Map(rows.map((row) => [row.id, row.outcome]))).toEqual(
    new Map([
      [one.id, 'arrived'],
      [two.id, null],
    ]),
  )
})

const window = (from: number, to: number) => ({
  from: new Date(Date.now() - from * MINUTE).toISOString(),
  to: new Date(Date.now() - to * MINUTE).toISOString(),
})
const proposal = (gateIds: string[], more: object = {}) => ({
  id: randomUUID(),
  caseNumber: `苏病例-${randomUUID().slice(0, 8)}`,
  gateIds,
  ...window(30, 0),
  reason: '流调：病例当时经过',
  ...more,
})

/** What the page of rights says of acts at gates about somebody (GATE-15). */
async function toldTo(personId: string) {
  return w.server.asSystem('test', async (ctx) => {
    const of = { records: [personId], marks: await marksOf(ctx, [personId]), owners: [], before: null, limit: 50 }
    return (await openingsOf(ctx.db, of)).rows.filter((row) => /^(gate|passage)[.]/.test(row.verb))
  })
}

test('GATE-11: contacts of a case are found by two people, place and hours, and by nothing else', async () => {
  const gate = await w.makeGate()
  const other = await w.makeGate()
  const here = await holder(`${VILLAGE}001`, '周一')
  const afar = await holder(`${B}001001001`, '吴二')
  const elsewhere = await holder(`${VILLAGE}001`, '郑三')
  const early = await holder(`${VILLAGE}001`, '冯四')
  const visitor = { name: '褚五', document: '', phone: '13700000000', purpose: '', host: '' }
  const long = new Date(Date.now() - 2 * HOUR)
  await send(w.guard, [
    passage(gate, of(here.codeId)),
    passage(gate, { direction: 'out', ...of(here.codeId) }),
    passage(gate, of(afar.codeId)),
    passage(gate, of('ff'.repeat(8))),
    passage(gate, {
      lane: 'visitor',
      check: null,
      colour: null,
      private: { codeId: null, plate: '苏E·B0001', visitor },
    }),
    passage(other, of(elsewhere.codeId)),
    passage(gate, of(early.codeId), long),
  ])
  const asked = proposal([gate])
  for (const extra of [
    { personId: here.personId },
    { codeId: here.codeId },
    { plate: '苏E·B0001' },
    { phone: '13700000000' },
  ])
    expect((await w.post(w.operator, '/api/gates/openings', { ...asked, ...extra })).status).toBe(400)
  expect((await w.post(w.guard, '/api/gates/openings', asked)).body.code).toBe('NOT_ALLOWED')
  // Cases are a county's: the desk of the village itself opens nothing.
  const village = await w.desk(VILLAGE, ['operator', 'chief'])
  expect((await w.post(village, '/api/gates/openings', asked)).body.code).toBe('NOT_ALLOWED')
  expect((await w.post(w.operator, '/api/gates/openings', { ...asked, ...window(6 * 60, 0) })).body.code).toBe(
    'OPENING_BAD_WINDOW',
  )
  expect((await w.post(w.operator, '/api/gates/openings', { ...asked, ...window(30, -30) })).body.code).toBe(
    'OPENING_BAD_WINDOW',
  )
  expect(
    (await w.post(w.operator, '/api/gates/openings', { ...asked, ...window(20 * 24 * 60, 20 * 24 * 60 - 60) })).body
      .code,
  ).toBe('OPENING_BAD_WINDOW')
  expect((await w.post(w.operator, '/api/gates/openings', { ...asked, caseNumber: '' })).status).toBe(400)
  expect((await w.post(w.operator, '/api/gates/openings', asked)).status).toBe(200)
  expect((await w.post(w.operator, `/api/gates/openings/${asked.id}/result`, {})).body.code).toBe('OPENING_GONE')

  // Neither who proposed, nor who made his account, nor an account that he made.
  const yes = { approve: true }
  const decide = (who: any) => w.post(who, `/api/gates/openings/${asked.id}/decide`, yes)
  expect((await decide(w.operator)).body.code).toBe('NOT_ALLOWED')
  expect((await decide({ ...w.chief, id: w.operator.id })).body.code).toBe('NOT_ALLOWED')
  const made = await w.desk(A, ['chief'])
  expect((await decide({ ...made, createdBy: w.operator.id })).body.code).toBe('NOT_ALLOWED')
  expect((await decide(await w.desk(B, ['chief']))).status).toBe(404)
  expect((await decide(village)).body.code).toBe('NOT_ALLOWED')
  expect((await decide(w.chief)).status).toBe(200)
  expect((await decide(made)).body.code).toBe('OPENING_DECIDED')
  const maker = await w.desk(A, ['chief'])
  const byMade = proposal([gate])
  const operator = { ...(await w.desk(A, ['operator'])), createdBy: maker.id }
  expect((await w.post(operator, '/api/gates/openings', byMade)).status).toBe(200)
  expect((await w.post(maker, `/api/gates/openings/${byMade.id}/decide`, yes)).body.code).toBe('NOT_ALLOWED')

  const { body } = await w.post(w.operator, `/api/gates/openings/${asked.id}/result`, {})
  expect(body.people.map((one: any) => one.personId)).toEqual(expect.arrayContaining([here.personId, null]))
  expect(body.people.length).toBe(2)
  expect(body.visitors).toEqual([{ name: '褚五', phone: '13700000000' }])
  expect(body.plates).toEqual(['苏E·B0001'])
  expect(JSON.stringify(body)).not.toMatch(/"at"|gate|time|count/)
  const listed = (await w.get(w.operator, '/api/gates/openings')).body.items.find((one: any) => one.id === asked.id)
  expect(listed).toMatchObject({
    state: 'done',
    counts: { passages: 5, withCode: 4, people: 2 },
    proposedBy: w.operator.name,
    decidedBy: w.chief.name,
  })
  const lines = await w.sql(
    `select verb, purpose, ids from audit where thing_id = $1 and outcome = 'done' order by at, id`,
    [asked.id],
  )
  expect(lines.map((line) => line.verb)).toEqual(['passage.propose', 'passage.open', 'passage.result'])
  expect(new Set(lines.map((line) => line.purpose))).toEqual(new Set([asked.caseNumber]))
  expect(lines.map((line) => line.ids)).toEqual([[], [], []])
  // Those whom it found are told of it, under the case's number (GATE-15).
  for (const one of [here, afar])
    expect((await toldTo(one.personId)).map((line) => `${line.verb} ${line.purpose}`).toSorted(byText)).toEqual([
      `passage.open ${asked.caseNumber}`,
      `passage.result ${asked.caseNumber}`,
    ])
  expect(await toldTo(elsewhere.personId)).toEqual([])
  const refused = await w.sql(`select count(*)::int as n from audit where thing_id = $1 and outcome = 'refused'`, [
    asked.id,
  ])
  expect(refused[0].n).toBeGreaterThanOrEqual(4)
})

test('GATE-11: no question about a person, a code or a vehicle can be put to passages', async () => {
  expect(Object.keys(ProposeOpening.shape).toSorted()).toEqual(['caseNumber', 'from', 'gateIds', 'id', 'reason', 'to'])
  const columns = (
    await w.sql(`select column_name as c from information_schema.columns where table_name = 'passage'`)
  ).map((row) => row.c)
  for (const word of ['person', 'account', 'code_id', 'plate', 'name', 'phone', 'device', 'hash'])
    expect([word, columns.filter((one) => one.includes(word))]).toEqual([word, []])
  const readers = (await import('node:fs'))
    .readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.startsWith('store') && name.endsWith('.ts'))
  const sources = await Promise.all(
    readers.map(async (name) => ({
      name,
      text: (await import('node:fs')).readFileSync(new URL(name, import.meta.url), 'utf8'),
    })),
  )
  // One statement reads a sealed code id, and it asks by county, gates and hours.
  const reading = sources.filter(({ text }) => /select [^`]*code_sealed/.test(text)).map(({ name }) => name)
  expect(reading).toEqual(['store-openings.ts'])
  // Equal code ids give unequal bytes, so that no two passages can be joined by what is stored.
  const gate = await w.makeGate()
  const codeId = randomBytes(8).toString('hex')
  await send(w.guard, [passage(gate, of(codeId)), passage(gate, of(codeId))])
  const [a, b] = await rowsOf(gate)
  expect(a.code_sealed.equals(b.code_sealed)).toBe(false)
})

test('GATE-11: a case opens a few windows, a gate a few on a day, and refusing counts for none', async () => {
  const gate = await w.makeGate()
  for (let i = 0; i < 6; i++)
    expect((await w.post(w.operator, '/api/gates/openings', proposal([gate]))).status).toBe(200)
  const over = await w.post(w.operator, '/api/gates/openings', proposal([gate]))
  expect(over.body.code).toBe('OPENED_ENOUGH')
  const [last] = (await w.get(w.chief, '/api/gates/openings?state=proposed')).body.items
  expect(
    (await w.post(w.chief, `/api/gates/openings/${last.id}/decide`, { approve: false, note: '不需要' })).status,
  ).toBe(200)
  expect((await w.post(w.operator, '/api/gates/openings', proposal([gate]))).status).toBe(200)
})

test('GATE-8: a code by document needs the name too, tells nothing of who is known, and closes when somebody tries numbers', async () => {
  const gate = await w.makeGate()
  const numbered = (first17: string): string => first17 + checkDigit(first17)
  const number = numbered('32050519900307123')
  const ask = (text: string, name: string, who = w.guard) =>
    w.post(who, '/api/gate/document', { gateId: gate, number: text, name, how: 'typed' })
  const made = { name: '沈六', document: number, area: `${VILLAGE}001`, continueReason: '测试' }
  const { personId } = (await w.post(w.operator, '/api/people', made)).body
  const unknownAnswer = (await ask(numbered('32050519800101123'), '无此人')).body
  expect(unknownAnswer.result).toBe('none')
  // Known, and without a code: the same words.
  expect((await ask(number, '沈六')).body).toEqual(unknownAnswer)

  const set = { id: randomUUID(), version: 1, document: SUZHOU, by: null, now: w.server.clock.now() }
  await w.server.asSystem('test', (ctx) => insertSet(ctx.db, set))
  await w.sql(`update rule_set set state = 'active', activated_at = now() where id = $1`, [set.id])
  await w.sql(
    `insert into registration (person_id, home_area, emergency_id, need, situation, registered_here, purpose, by, declared_at, registered_day, registered_at)
     values ($1, $2, $3, 'may', 'living', true, 'living', 'self', now(), $4, now())`,
    [personId, `${VILLAGE}001`, w.emergencyId, today],
  )
  await w.sql(
    `insert into code (person_id, home_area, emergency_id, n, state, rule_set_id, from_day, reasons, applied_at, changed_at)
     values ($1, $2, $3, 1, 'green', $4, $5, '[]', now(), now())`,
    [personId, `${VILLAGE}001`, w.emergencyId, set.id, today],
  )
  const found = (await ask(number, '沈六')).body
  expect(found).toMatchObject({
    result: 'colour',
    colour: 'green',
    name: '沈*',
    codeId: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
  expect(Object.keys(found).toSorted()).toEqual(['codeId', 'colour', 'name', 'result', 'until', 'why'])
  // One code id a day, so that a passage by document is found again like any other.
  expect((await ask(number, '沈六')).body.codeId).toBe(found.codeId)
  const holders = await w.server.asSystem('test', (ctx) => holdersOf(ctx, [found.codeId]))
  expect([...holders.values()]).toEqual([personId])
  expect((await ask(number, '沈七')).body).toEqual(unknownAnswer)
  // Told to the person as long as passages are kept, and on no line of the trail (GATE-15).
  expect((await toldTo(personId)).map((row) => `${row.verb} ${row.purpose}`)).toEqual(
    Array.from({ length: 2 }, () => 'gate.document pass_gate'),
  )
  const named = await w.sql(`select 1 from audit where thing = 'gate' and ids <> '{}'`)
  expect(named).toEqual([])

  for (let i = 0; i < 7; i++) await ask(numbered(`3205051980010${1000 + i}`), '试')
  const closed = await ask(number, '沈六')
  expect([closed.status, closed.body.code]).toEqual([429, 'LOOKED_TOO_MUCH'])
  const other = await w.member('checkpoint', [VILLAGE])
  expect((await ask(number, '沈六', other)).body.result).toBe('colour')
  const lines = await w.sql(
    `select verb, count(*)::int as n from audit where verb like 'gate.document%' group by 1 order by 1`,
  )
  expect(lines).toEqual([
    { verb: 'gate.document', n: 13 },
    { verb: 'gate.document_limited', n: 1 },
  ])
  const far = await w.member('checkpoint', [`${B}001001`])
  expect((await ask(number, '沈六', far)).status).toBe(404)
})

test('GATE-12, show 7: after 14 days passages are gone from tables, from what indexes reach, from exports and from a backup taken before; a signed proof says so', async () => {
  const zone = w.server.clock.zone
  const gate = await w.makeGate()
  const person = await holder(`${VILLAGE}001`, '韩七')
  const old = addDays(today, -14)
  const at = instantOf(old, zone, 12)
  const codes = [person.codeId, randomBytes(8).toString('hex')]
  await w.sql(`update duty set from_day = '2019-01-01' where account_id = $1`, [w.guard.id])
  expect(
    outcomes(
      await send(
        w.guard,
        codes.map((code) => passage(gate, of(code), at)),
      ),
    ),
  ).toEqual(['accepted', 'accepted'])
  const asked = proposal([gate], {
    from: instantOf(old, zone, 11).toISOString(),
    to: instantOf(old, zone, 13).toISOString(),
  })
  expect((await w.post(w.operator, '/api/gates/openings', asked)).status).toBe(200)
  expect((await w.post(w.chief, `/api/gates/openings/${asked.id}/decide`, { approve: true })).status).toBe(200)
  expect((await w.post(w.operator, `/api/gates/openings/${asked.id}/result`, {})).body.people.length).toBe(1)
  await runRetention(w.server, 'passage')
  expect((await w.get(w.chief, `/api/gates/deletions/${old}`)).body).toMatchObject({ state: 'kept' })
  expect((await rowsOf(gate)).length).toBe(2)

  const keyBefore = w.server.keys.days.find({ emergencyId: w.emergencyId, day: old })
  // A backup is taken now; then the last of the fourteen days is over.
  const url = new URL(w.adminUrl)
  const source = url.pathname.slice(1)
  const copy = `${source}_copy`
  const admin = new pg.Client({ connectionString: w.adminUrl.replace(source, 'postgres') })
  await admin.connect()
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [source])
  await admin.query(`create database ${copy} template ${source}`)
  try {
    const { today: realToday, now: realNow } = boundClock()
    Object.assign(w.server.clock, { today: () => addDays(today, 1), now: () => new Date(Date.now() + 24 * HOUR) })
    try {
      expect((await w.get(w.chief, `/api/gates/deletions/${old}`)).body.state).toBe('due')
      const swept = (await runRetention(w.server, 'passage'))[0]?.tables
      expect(swept).toMatchObject({ passage: expect.any(Number), passage_opening: expect.any(Number), passage_key: 1 })
      expect(await rowsOf(gate)).toEqual([])
      expect((await w.post(w.operator, `/api/gates/openings/${asked.id}/result`, {})).body.code).toBe('OPENING_GONE')
      const [opening] = await w.sql('select state, reason_sealed, result_sealed from passage_opening where id = $1', [
        asked.id,
      ])
      expect(opening).toEqual({ state: 'gone', reason_sealed: null, result_sealed: null })
      // The figures stay.
      expect((await w.get(w.operator, `/api/gates/figures?gate=${gate}&day=${old}`)).body.total.all).toBe(2)

      const { body: proof } = await w.get(w.chief, `/api/gates/deletions/${old}`)
      expect(proof).toMatchObject({ state: 'gone', goneFrom: addDays(today, 1), exports: { made: 0 } })
      expect(proof.reach.every((one: any) => one.rows === 0)).toBe(true)
      expect(proof.keys.every((key: any) => key.destroyedAt !== null)).toBe(true)
      expect(proof.deleted.length).toBeGreaterThan(0)
      const key = createPublicKey(proof.publicKey)
      const signed = (text: string) =>
        verify(
          'sha256',
          Buffer.from(text),
          { key, dsaEncoding: 'ieee-p1363' },
          Buffer.from(proof.signature, 'base64url'),
        )
      expect([signed(proof.text), signed(proof.text.replace('passage 0', 'passage 1'))]).toEqual([true, false])
      expect((await w.get(w.guard, `/api/gates/deletions/${old}`)).status).toBe(403)
      // The same question as before, for hours that are gone.
      expect((await w.post(w.operator, '/api/gates/openings', { ...asked, id: randomUUID() })).body.code).toBe(
        'OPENING_BAD_WINDOW',
      )
    } finally {
      Object.assign(w.server.clock, { today: realToday, now: realNow })
    }
    // Whoever restores the backup with the same key file finds rows and cannot open them: not one code, not the result.
    const back = await Server.open({
      config: w.server.config,
      log: pino({ level: 'silent' }),
      url: w.adminUrl.replace(source, copy),
      rooms: [],
      now: new Date(),
    })
    try {
      const restored = new pg.Client({ connectionString: w.adminUrl.replace(source, copy) })
      await restored.connect()
      const { rows } = await restored.query('select id, code_sealed from passage where gate_id = $1', [gate])
      const wrapped = await restored.query('select count(*)::int as n from data_key where wrapped is not null')
      await restored.end()
      expect([rows.length, wrapped.rows[0].n > 0]).toEqual([2, true])
      expect(back.keys.days.find({ emergencyId: w.emergencyId, day: old })).toBeNull()
      // What is missing is the key and nothing else: with the one that was destroyed they would open.
      const inside = rows.map((row) => {
        const place = { table: 'passage', row: row.id, column: 'code_sealed' }
        return keyBefore === null ? null : openOfDay(keyBefore, place, row.code_sealed)
      })
      expect(new Set(inside)).toEqual(new Set(codes))
      for (const row of rows)
        await expect(
          back.keys.open({ table: 'passage', row: row.id, column: 'code_sealed' }, row.code_sealed),
        ).rejects.toThrow()
      expect(back.keys.days.daysOf(w.emergencyId)).toContain(today)
    } finally {
      await back.close()
    }
  } finally {
    await admin.query(`drop database if exists ${copy} with (force)`)
    await admin.end()
  }
})

test('DELETE-5: the close-out knows every table of gates that holds anything of anybody, and figures agree with what is there', async () => {
  const swept = new Set(
    familiesOf({ emergencyId: w.emergencyId, area: '32', endedAt: new Date() }).map((one) => one.parent),
  )
  for (const table of ['passage', 'passage_opening', 'gate_referral', 'gate_named', 'gate_lookup'])
    expect([table, swept.has(table)]).toEqual([table, true])
  const holders = await w.server.asSystem('test', (ctx) => holdersOf(ctx, ['ab'.repeat(8)]))
  expect(holders.size).toBe(0)
  const kept = addDays(today, -14)
  const wrong = await w.sql(
    `select 1 from (select gate_id, day, hour, count(*) as n from passage where day > $1 group by 1, 2, 3) p
     full join (select gate_id, day, hour, sum(n) as n from gate_hour where metric = 'all' and day > $1 group by 1, 2, 3) h using (gate_id, day, hour)
     where p.n is distinct from h.n`,
    [kept],
  )
  expect(wrong).toEqual([])
  expect(dayOf(new Date(), w.server.clock.zone)).toBe(today)
})

/** A return told before travelling, of somebody of this grid. */
async function expectedAt(
  area: string,
  more: { state?: string; day?: string } = {},
): Promise<{ id: string; personId: string }> {
  const { personId } = await holder(area, '冯小刚')
  const id = randomUUID()
  const day = more.day ?? today
  await w.sql(
    `insert into return_registration (county, id, area, emergency_id, person_id, masked, state, level, expected_day, grace_until, transport, from_place, version, created_at, updated_at)
     values ($1, $2, $3, $4, $5, '冯*刚', $6, 'high', $7, $8, 'train', 'JP', 3, now(), now())`,
    [area.slice(0, 6), id, area, w.emergencyId, personId, more.state ?? 'host_notified', day, addDays(day, 1)],
  )
  return { id, personId }
}
const arrival = (gateId: string, returnId: string) => ({
  kind: 'arrival',
  id: randomUUID(),
  gateId,
  at: new Date(Date.now() - MINUTE).toISOString(),
  returnId,
})

test('GATE-14: a gate says that somebody expected has come, once, beside no passage; the grid hears it', async () => {
  const gate = await w.makeGate()
  const here = await expectedAt(`${VILLAGE}001`)
  const late = await expectedAt(`${VILLAGE}002`, { state: 'no_show', day: addDays(today, -3) })
  const gone = await expectedAt(`${VILLAGE}001`, { state: 'cancelled' })
  const far = await expectedAt(`${A}002001001`)
  const list = async (): Promise<any> => (await w.get(w.guard, `/api/gate/expected?gateId=${gate}`)).body
  const first = await list()
  expect(first.items.map((one: any) => [one.id, one.name, one.late])).toEqual([
    [late.id, '冯*刚', true],
    [here.id, '冯*刚', false],
  ])
  expect(first.total).toBe(2)
  expect(JSON.stringify(first)).not.toContain(here.personId)
  const stranger = await w.member('checkpoint', [`${B}001001`], '卡口乙')
  expect((await w.get(stranger, `/api/gate/expected?gateId=${gate}`)).status).toBe(404)

  const before = await countOf(gate, 'all')
  const item = arrival(gate, here.id)
  expect(outcomes(await send(w.guard, [item, arrival(gate, late.id)]))).toEqual(['accepted', 'accepted'])
  expect(outcomes(await send(w.guard, [item]))).toEqual(['duplicate'])
  // Another gate, or the person, was quicker: no fault.
  expect(outcomes(await send(w.guard, [arrival(gate, here.id)]))).toEqual(['accepted'])
  expect(outcomes(await send(w.guard, [arrival(gate, gone.id), arrival(gate, far.id)]))).toEqual([
    'RETURN_STEP_UNFIT',
    'NOT_FOUND',
  ])
  expect(outcomes(await send(stranger, [arrival(gate, here.id)]))).toEqual(['NOT_FOUND'])
  expect(
    await w.sql('select state, arrived_on, arrived_how from return_registration where id = $1', [here.id]),
  ).toEqual([{ state: 'arrived_confirmed', arrived_on: today, arrived_how: 'gate' }])
  const events = await w.sql('select kind, body from return_event where return_id = $1', [here.id])
  expect(events).toEqual([{ kind: 'arrived', body: { on: today, how: 'gate' } }])
  const [fed] = await w.sql(`select body from grid_feed where kind = 'return' and id = $1`, [here.id])
  expect(fed.body).toMatchObject({ state: 'arrived_confirmed', arrivedOn: today, arrivedHow: 'gate' })
  expect((await list()).items).toEqual([])
  expect(await countOf(gate, 'all')).toBe(before)
  const trail = await w.sql(
    `select ids, detail from audit where verb = 'return.arrive' and thing_id = $1 order by at`,
    [here.id],
  )
  // The trail does not say at which gate (GATE-15).
  expect(trail[0]).toEqual({ ids: [here.personId], detail: { by: 'gate' } })
})

test('OBJECT-17: a gate hears the mark of a pass, notes it sealed, and who passed with it is found as a contact; revoked, it is on the list', async () => {
  const gate = await w.makeGate()
  const { personId } = await holder(`${VILLAGE}001`, '赵大')
  const issued = await w.post(w.operator, '/api/hardship-passes', {
    id: randomUUID(),
    personId,
    reason: 'hospital',
    hours: 6,
    to: '市立医院',
  })
  expect([issued.status, issued.body.number]).toEqual([200, expect.stringMatching(/^L/)])
  const passes = (await w.get(w.guard, `/api/gate/passes?gateId=${gate}`)).body
  const mine = passes.items.find((one: any) => one.shortId === issued.body.number)
  expect(mine).toMatchObject({ mark: expect.stringMatching(/^[0-9a-f]{16}$/) })
  const through = (more: object = {}) =>
    passage(gate, {
      lane: 'hardship',
      colour: null,
      ...more,
      private: { codeId: mine.mark, plate: null, visitor: null },
    })
  expect(outcomes(await send(w.guard, [through(), through({ colour: 'green' })]))).toEqual([
    'accepted',
    'PASSAGE_FAULT',
  ])
  expect(await countOf(gate, 'hardship')).toBe(1)
  const found = await w.server.asSystem('test', (ctx) => holdersOf(ctx, [mine.mark, 'ab'.repeat(8)]))
  expect([...found]).toEqual([[mine.mark, personId]])
  // No column leads from the mark to the pass.
  const columns = JSON.stringify(await w.sql('select row_to_json(h)::text as t from hardship_pass h'))
  expect(columns).not.toContain(mine.mark)

  expect((await w.post(w.operator, `/api/hardship-passes/${issued.body.id}/revoke`, { why: 'mistake' })).status).toBe(
    200,
  )
  const listed = await w.sql(`select encode(code_id, 'hex') as mark from code_revocation order by n desc limit 1`)
  expect(listed).toEqual([{ mark: mine.mark }])
  expect((await w.get(w.guard, `/api/gate/passes?gateId=${gate}`)).body.items).toEqual(
    passes.items.filter((one: any) => one !== mine),
  )
})

test('GATE-15: what outlives the passages does not say who stood at a gate; until they go the person is told of every act', async () => {
  const gate = await w.makeGate()
  const person = await holder(`${VILLAGE}001`, '蒋八')
  await send(w.guard, [passage(gate, of(person.codeId))])
  const asked = proposal([gate])
  expect((await w.post(w.operator, '/api/gates/openings', asked)).status).toBe(200)
  expect((await w.post(w.chief, `/api/gates/openings/${asked.id}/decide`, { approve: true })).status).toBe(200)
  expect((await toldTo(person.personId)).map((row) => row.purpose)).toEqual([asked.caseNumber])
  const home = referral(gate, {}, { name: '沈九', phone: '13811113333' })
  expect(outcomes(await send(w.guard, [home]))).toEqual(['accepted'])
  // No line of the trail that has the gate has a person, and no column of the marks has one.
  const trail = await w.sql(
    `select distinct verb from audit where thing in ('gate', 'passage_opening') and ids <> '{}'`,
  )
  expect(trail).toEqual([])
  const rows = await w.sql('select * from gate_named')
  expect(JSON.stringify(rows)).not.toContain(person.personId)
  // Another day gives another mark: what was on two days does not join.
  const marksOn = [0, -1].map((days) => {
    const key = w.server.keys.days.take({ emergencyId: w.emergencyId, day: addDays(today, days) })
    return markOfDay(key, NAMED_AT_GATE, person.personId).toString('hex')
  })
  expect(new Set(marksOn).size).toBe(2)

  const day = dayOf(new Date(asked.from), w.server.clock.zone)
  const reach = async (): Promise<number> =>
    (await w.get(w.chief, `/api/gates/deletions/${day}`)).body.reach.find((one: any) => one.table === 'gate_named').rows
  const bound = boundClock()
  Object.assign(w.server.clock, {
    today: () => addDays(today, 15),
    now: () => new Date(Date.now() + 15 * 24 * HOUR),
  })
  try {
    expect(await reach()).toBeGreaterThan(0)
    await runRetention(w.server, 'passage')
    expect(await reach()).toBe(0)
    expect(await toldTo(person.personId)).toEqual([])
    // The first answer to a referral, which has the task, went as well; whoever sends it again learns nothing and makes nothing.
    expect(await w.sql(`select 1 from idempotency where action = 'gate.refer'`)).toEqual([])
    const [again] = await send(w.guard, [home])
    expect([again.outcome === 'refused' || again.outcome === 'later', again.task]).toEqual([false, undefined])
    expect(await w.sql('select count(*)::int as n from gate_referral where id = $1', [home.id])).toEqual([{ n: 1 }])
    // The rows as a backup holds them: nothing that is left asks for anybody in them.
    const marks = await w.server.asSystem('test', (ctx) => marksOf(ctx, [person.personId]))
    expect(rows.some((row) => marks.some((mark) => mark.equals(row.mark)))).toBe(false)
    const [line] = await w.sql(
      `select detail ->> 'people' as people from audit where verb = 'passage.open' and thing_id = $1`,
      [asked.id],
    )
    expect(line.people).toBe('1')
  } finally {
    Object.assign(w.server.clock, bound)
  }
})
