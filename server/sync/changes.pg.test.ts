import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import type { FeedItemOut } from '@weiwang/domain/sync/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import { behindLock } from '../core/testing/behind-lock.ts'
import { visitRoutes } from '../visits/routes.ts'
import { phoneJobs } from './phone-jobs.ts'
import { pushRoutes } from './routes-push.ts'
import { FAR_GRID, GRID, GRID2, phoneWorld, VILLAGE } from './sync.fixture.ts'
import type { Phone } from './sync.fixture.ts'

let w: Phone
let worker: Actor
let second: Actor
let desk: Actor
let seq = 0
beforeAll(async () => {
  w = await phoneWorld({ rooms: [{ room: 'phones', jobs: phoneJobs }], routes: [pushRoutes, visitRoutes] })
  worker = await w.worker([GRID])
  second = await w.worker([GRID])
  desk = await account(VILLAGE, '村台')
})
afterAll(() => w.close())

/** An operator and chief with an account of its own. */
async function account(area: string, name: string): Promise<Actor> {
  const one = w.actor({ area, roles: ['operator', 'chief'], name })
  await w.sql(
    `insert into account (id, area, name, state, sessions_from, created_at, updated_at) values ($1, $2, $3, 'active', now(), now(), now())`,
    [one.id, area, name],
  )
  for (const role of one.roles)
    await w.sql(`insert into account_role (account_id, role, area, granted_at) values ($1, $2, $3, now())`, [
      one.id,
      role,
      area,
    ])
  return one
}

/** An item made some minutes ago. */
function item(kind: string, body: object, minutesAgo = 0) {
  seq += 1
  const at = new Date(w.server.clock.now().getTime() - minutesAgo * 60_000).toISOString()
  return { key: randomUUID(), seq, kind, at, grid: GRID, body: { ...body } }
}

// eslint-disable-next-line typescript/no-explicit-any -- tests read answers freely
async function send(actor: Actor, items: readonly unknown[]): Promise<any[]> {
  const answer = await w.request(actor, 'POST', '/api/sync/push', {
    device: '0190a000-0000-7000-8000-00000000d001',
    protocol: 1,
    app: 'test',
    clock: new Date().toISOString(),
    items,
  })
  expect(answer.status).toBe(200)
  return answer.body.results
}

async function one(actor: Actor, kind: string, body: object, minutesAgo = 0) {
  const [result] = await send(actor, [item(kind, body, minutesAgo)])
  return result
}

/** What the phone holds of the grid, as it pulls it. */
async function seen(id: string, actor = worker): Promise<FeedItemOut | undefined> {
  await w.drain()
  return (await w.pullAll(actor)).flatMap((page) => page.items).find((x) => x.id === id)
}

const fields = (result: { answer: { fields: { field: string; outcome: string }[] } }) =>
  Object.fromEntries(result.answer.fields.map(({ field, outcome }) => [field, outcome]))

async function resident(name: string, phone: string, birth = '1970-03-04'): Promise<string> {
  const [door] = await w.doors(GRID, 1, 0)
  const id = randomUUID()
  const body = { id, area: GRID, householdId: door?.householdId, name, phone, birth, continueReason: '测试' }
  const result = await one(worker, 'person.add', body)
  expect(result).toMatchObject({ outcome: 'accepted', answer: { outcome: 'created' } })
  return result.answer.personId
}

describe('SYNC-19: fields that phone and server both change', () => {
  test('case 46: two offline edits, the second clashes with the desk; each field is told for itself, the clash is shown once', async () => {
    const id = await resident('陆一鸣', '13800001001')
    const shown = await seen(id)
    expect(shown?.identity).toMatchObject({ name: '陆一鸣', phone: '+8613800001001' })
    // Meanwhile the desk changes the telephone.
    const [p1, q1, q2] = [
      item('person.change', { id, changes: { name: { from: '陆一鸣', to: '陆一明' } } }, 30),
      item('person.change', { id, changes: { phone: { from: shown?.identity?.phone, to: '138 0000 1003' } } }, 20),
      item('person.change', { id, changes: { phone: { from: shown?.identity?.phone, to: '138 0000 1004' } } }, 10),
    ]
    const byDesk = await w.request(desk, 'POST', `/api/people/${id}/change`, {
      changes: { phone: { from: '13800001001', to: '13800001002' } },
      occurredAt: w.server.clock.now().toISOString(),
    })
    expect(byDesk.body.fields).toEqual([{ field: 'phone', outcome: 'applied', conflictId: null }])
    const results = await send(worker, [p1, q1, q2])
    expect(results.map((r) => r.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(results.map(fields)).toEqual([{ name: 'applied' }, { phone: 'held' }, { phone: 'held' }])
    expect((await seen(id))?.identity).toMatchObject({ name: '陆一明', phone: '+8613800001002' })
    // The worker's last word alone waits; sent again it is not asked again.
    expect((await send(worker, [p1, q1, q2])).map((r) => r.outcome)).toEqual(['duplicate', 'duplicate', 'duplicate'])
    const list = await w.request(desk, 'GET', '/api/people/conflicts')
    expect(list.body).toMatchObject({
      total: 1,
      items: [{ thingId: id, field: 'phone', byName: worker.name, also: 0 }],
    })
    // Without the ids, which may hold any four digits.
    expect(list.text.replaceAll(/[0-9a-f-]{36}/g, '')).not.toContain('1004')
  })

  test('two phones in one moment: who waits for the other sees what the other has written', async () => {
    const id = await resident('伏同时', '13800001021')
    const change = (actor: Actor, to: string) => () =>
      one(actor, 'person.change', { id, changes: { phone: { from: '+8613800001021', to } } })
    const lock = { text: 'select 1 from person where person_id = $1 for no key update', values: [id] }
    const both = await behindLock(w, lock, [change(worker, '13800001022'), change(second, '13800001023')])
    expect(both.map(fields)).toEqual([{ phone: 'applied' }, { phone: 'held' }])
    expect((await seen(id))?.identity?.phone).toBe('+8613800001022')
    await w.sql(`delete from field_conflict where thing_id = $1`, [id])
  })

  test('case 47: a conflict always shows both values, and what the worker saw; opening it leaves its line', async () => {
    const { body: list } = await w.request(desk, 'GET', '/api/people/conflicts')
    const [line] = list.items
    const { body: opened } = await w.request(desk, 'POST', `/api/people/conflicts/${line.id}/open`, {})
    expect(opened).toMatchObject({ current: '+8613800001002', proposed: '+8613800001004', saw: '+8613800001001' })
    const [trail] = await w.sql(`select ids, purpose from audit where verb = 'conflict.open'`)
    expect(trail).toMatchObject({ ids: [line.thingId], purpose: 'correct_record' })
    // Another worker says the same: still one conflict, and both are told.
    const again = await one(second, 'person.change', {
      id: line.thingId,
      changes: { phone: { from: '+8613800001001', to: '+86 138-0000-1004' } },
    })
    expect(again.answer.fields).toEqual([{ field: 'phone', outcome: 'held', conflictId: line.id }])
    const decided = await w.request(desk, 'POST', `/api/people/conflicts/${line.id}/decide`, {
      decision: 'take',
      reason: '电话核实',
      seen: opened.seen,
    })
    expect(decided.body).toEqual({ id: line.id, state: 'taken' })
    expect((await seen(line.thingId))?.identity?.phone).toBe('+8613800001004')
    const told = (await w.pullAll(second)).flatMap((page) => page.items).filter((x) => x.kind === 'notice')
    expect(new Set(told.map((x) => x.body['for']))).toEqual(new Set([worker.id, second.id]))
    expect(JSON.stringify(told)).not.toMatch(/1004|核实/)
    const mine = await w.request(second, 'GET', '/api/people/changes/mine')
    expect(mine.body.items).toMatchObject([{ id: line.id, state: 'taken', reason: '电话核实', byName: desk.name }])
    // Found under the new number, no longer under the old one.
    const find = (text: string) => w.request(desk, 'POST', '/api/people/search', { text, by: 'phone' })
    expect((await find('13800001004')).body.total).toBe(1)
    expect((await find('13800001002')).body.total).toBe(0)
  })

  test('case 46: two offline edits of one field by one worker are no clash, whatever their order of arrival', async () => {
    const id = await resident('陆二', '13800002001')
    const change = (to: string, minutesAgo: number) =>
      item('person.change', { id, changes: { phone: { from: '+8613800002001', to } } }, minutesAgo)
    const [early, late] = [change('13800002002', 20), change('13800002003', 10)]
    expect((await send(worker, [late])).map(fields)).toEqual([{ phone: 'applied' }])
    expect((await send(worker, [early])).map(fields)).toEqual([{ phone: 'superseded' }])
    expect((await send(worker, [change('13800002004', 5)])).map(fields)).toEqual([{ phone: 'applied' }])
    expect((await seen(id))?.identity?.phone).toBe('+8613800002004')
    expect(await w.sql(`select 1 from field_conflict where thing_id = $1`, [id])).toEqual([])
  })

  test('case 76: five phones say the same at one moment: one conflict, every one of them is answered and told', async () => {
    const id = await resident('陆九', '13800011001')
    const workers = await Promise.all(Array.from({ length: 5 }, () => w.worker([GRID])))
    await one(second, 'person.change', { id, changes: { phone: { from: '+8613800011001', to: '13800011002' } } })
    const change = { phone: { from: '+8613800011001', to: '13800011003' } }
    const results = await Promise.all(workers.map((actor) => one(actor, 'person.change', { id, changes: change })))
    expect(results.map(fields)).toEqual(workers.map(() => ({ phone: 'held' })))
    const rows = await w.sql(`select by, also from field_conflict where thing_id = $1`, [id])
    expect(rows).toHaveLength(1)
    expect(new Set([rows[0].by, ...rows[0].also])).toEqual(new Set(workers.map((actor) => actor.id)))
    // Somebody writes that very value having seen what stands: nobody has to decide any more.
    const seenNow = { phone: { from: '+8613800011002', to: '13800011003' } }
    expect(fields(await one(second, 'person.change', { id, changes: seenNow }))).toEqual({ phone: 'applied' })
    expect(await w.sql(`select state from field_conflict where thing_id = $1`, [id])).toEqual([{ state: 'settled' }])
  })

  test('PEOPLE-18: what is open is sealed anew when the person is registered under a later emergency', async () => {
    const id = await resident('陆十', '13800012001')
    await one(second, 'person.change', { id, changes: { phone: { from: '+8613800012001', to: '13800012002' } } })
    const held = await one(worker, 'person.change', {
      id,
      changes: { phone: { from: '+8613800012001', to: '13800012003' } },
      note: '本人说的',
    })
    const conflictId = held.answer.fields[0].conflictId
    const [before] = await w.sql(`select emergency_id, to_sealed from field_conflict where id = $1`, [conflictId])
    await w.sql(`update emergency set state = 'ended', ended_at = now() where id = $1`, [before.emergency_id])
    const later = await w.openEmergency('32')
    await one(second, 'person.change', { id, changes: { sex: { from: 0, to: 1 } } })
    const [after] = await w.sql(`select emergency_id, to_sealed from field_conflict where id = $1`, [conflictId])
    expect(after.emergency_id).toBe(later)
    expect(after.to_sealed.equals(before.to_sealed)).toBe(false)
    const { body } = await w.request(desk, 'POST', `/api/people/conflicts/${conflictId}/open`, {})
    expect(body).toMatchObject({ current: '+8613800012002', proposed: '+8613800012003', note: '本人说的' })
  })

  test('what was decided once is not asked again; a decision about a value that has changed is refused', async () => {
    const id = await resident('陆三', '13800003001')
    const change = (actor: Actor, from: string, to: string) =>
      one(actor, 'person.change', { id, changes: { phone: { from, to } } })
    await change(second, '+8613800003001', '13800003002')
    const held = await change(worker, '+8613800003001', '13800003003')
    expect(fields(held)).toEqual({ phone: 'held' })
    const conflictId = held.answer.fields[0].conflictId
    const { body: opened } = await w.request(desk, 'POST', `/api/people/conflicts/${conflictId}/open`, {})
    await change(second, '+8613800003002', '13800003009')
    const decide = (seenNow: string) =>
      w.request(desk, 'POST', `/api/people/conflicts/${conflictId}/decide`, {
        decision: 'keep',
        reason: '以后者为准',
        seen: seenNow,
      })
    expect((await decide(opened.seen)).body).toMatchObject({ code: 'CONFLICT_MOVED', rule: 'PEOPLE-20' })
    const { body: looked } = await w.request(desk, 'POST', `/api/people/conflicts/${conflictId}/open`, {})
    expect(looked.current).toBe('+8613800003009')
    expect((await decide(looked.seen)).body.state).toBe('kept')
    expect((await decide(looked.seen)).body.code).toBe('CONFLICT_DECIDED')
    expect(fields(await change(worker, '+8613800003001', '13800003003'))).toEqual({ phone: 'kept' })
    // Whoever has seen what stands there now may change it.
    expect(fields(await change(worker, '+8613800003009', '13800003003'))).toEqual({ phone: 'applied' })
  })

  test('a value that cannot be read is refused with its place; a document’s birth date waits for a human (PEOPLE-7)', async () => {
    const id = await resident('陆四', '13800004001')
    const bad = await one(worker, 'person.change', { id, changes: { phone: { from: '+8613800004001', to: '123' } } })
    expect(bad).toMatchObject({ outcome: 'refused', problem: { code: 'PHONE_INVALID', at: 'changes.phone.to' } })
    const none = await one(worker, 'person.change', { id, changes: { phone: { from: '+8613800004001', to: null } } })
    expect(fields(none)).toEqual({ phone: 'applied' })
    expect((await seen(id))?.identity?.phone).toBeNull()
    const papers = randomUUID()
    const added = await one(worker, 'person.add', {
      id: papers,
      area: GRID,
      name: '陆五',
      document: '320508198503041234'.slice(0, 17) + checkDigitOf('32050819850304123'),
    })
    expect(added.outcome).toBe('accepted')
    const birth = { from: '1985-03-04', to: '1985-03-05' }
    const held = await one(worker, 'person.change', { id: papers, changes: { birth, sex: { from: 1, to: 1 } } })
    expect(fields(held)).toEqual({ birth: 'held', sex: 'same' })
    expect(await w.sql(`select why from field_conflict where thing_id = $1`, [added.answer.personId])).toEqual([
      { why: 'document' },
    ])
  })

  test('ACCESS-3: a person of another grid is not found, neither for the worker nor for another desk', async () => {
    const id = await resident('陆六', '13800006001')
    const away = await w.worker([FAR_GRID])
    const result = await one(away, 'person.change', { id, changes: { sex: { from: 0, to: 1 } } })
    expect(result.outcome).toBe('held')
    expect(await w.sql(`select sex from person where person_id = $1`, [id])).toEqual([{ sex: 0 }])
    const far = await account('320508002001', '别村')
    const { body } = await w.request(worker, 'POST', `/api/people/${id}/change`, {
      changes: { name: { from: '陆七', to: '陆八' } },
      occurredAt: w.server.clock.now().toISOString(),
    })
    const conflictId = body.fields[0].conflictId
    expect((await w.request(far, 'POST', `/api/people/conflicts/${conflictId}/open`, {})).status).toBe(404)
    // case 42: it goes where the person goes.
    await one(worker, 'person.move', { id, area: FAR_GRID, fromDay: w.server.clock.today() })
    expect((await w.request(far, 'POST', `/api/people/conflicts/${conflictId}/open`, {})).status).toBe(200)
    expect((await w.request(desk, 'POST', `/api/people/conflicts/${conflictId}/open`, {})).status).toBe(404)
  })
})

function checkDigitOf(first: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((n, weight, i) => n + weight * Number(first[i]), 0)
  return '10X98765432'[sum % 11] ?? ''
}

describe('doors', () => {
  test('PEOPLE-22, PEOPLE-23: hazards are merged; the position comes from visits at the door, and a hand corrects it', async () => {
    const [door] = await w.doors(GRID, 1, 0)
    const id = door?.householdId ?? ''
    const hazards = (actor: Actor, from: string[], to: string[]) =>
      one(actor, 'household.change', { id, changes: { hazards: { from, to } } })
    expect(fields(await hazards(worker, [], ['dog', 'aggressive_person']))).toEqual({ hazards: 'applied' })
    expect(fields(await hazards(second, [], ['no_light']))).toEqual({ hazards: 'applied' })
    expect(fields(await hazards(second, ['no_light'], ['no_light']))).toEqual({ hazards: 'same' })
    expect((await seen(id))?.body).toMatchObject({ hazards: ['dog', 'no_light'], position: null })
    const visit = (accuracy: number, more: object = {}) =>
      one(worker, 'visit.file', {
        id: randomUUID(),
        householdId: id,
        method: 'door',
        result: 'met',
        position: { lat: 31.3, lng: 120.6 + accuracy / 1000, accuracy },
        ...more,
      })
    const position = async () => (await seen(id))?.body['position']
    await visit(80)
    await visit(20, { method: 'phone' })
    expect(await position()).toBeNull()
    await visit(30)
    await visit(40)
    expect(await position()).toEqual({ lat: 31.3, lng: 120.63, accuracy: 30 })
    await visit(10)
    expect(await position()).toEqual({ lat: 31.3, lng: 120.61, accuracy: 10 })
    const to = { lat: 31.4, lng: 120.7, accuracy: 25 }
    expect(fields(await one(worker, 'household.change', { id, changes: { position: { from: null, to } } }))).toEqual({
      position: 'applied',
    })
    await visit(5)
    expect(await position()).toEqual(to)
  })

  test('kind, use and the words of a door: three-way too', async () => {
    const [door] = await w.doors(GRID, 1, 1)
    const id = door?.householdId ?? ''
    const body = (await seen(id))?.body
    expect(body).toMatchObject({ kind: 'home' })
    const first = await one(worker, 'household.change', {
      id,
      changes: { kind: { from: 'home', to: 'rental' }, door: { from: body?.['door'] ?? null, to: '９０２室' } },
    })
    expect(fields(first)).toEqual({ kind: 'applied', door: 'applied' })
    const other = await one(second, 'household.change', { id, changes: { kind: { from: 'home', to: 'shop' } } })
    expect(fields(other)).toEqual({ kind: 'held' })
    const list = await w.request(desk, 'GET', '/api/people/conflicts?thing=household')
    expect(list.body.items).toMatchObject([{ thingId: id, field: 'kind' }])
    expect((await seen(id))?.body).toMatchObject({ kind: 'rental', door: '902室' })
  })
})

describe('registered on a phone (cases 9, 40, 42, 45)', () => {
  test('SYNC-12: a refusal comes once more with all that it named, and what is kept of it names nobody', async () => {
    const person = { area: GRID, name: '齐格弗', phone: '13800007901', birth: '1988-07-01' }
    await one(worker, 'person.add', { id: randomUUID(), ...person })
    const near = item('person.add', { id: randomUUID(), ...person, name: '齐格佛' }, 0)
    const [first] = await send(second, [near])
    expect(first).toMatchObject({ outcome: 'refused', problem: { code: 'NEAR_PERSON' } })
    expect(first.problem.details.candidates[0].person.masked).toBe('齐*弗')
    expect(await send(second, [near])).toEqual([first])
    const kept = await w.sql(`select answer from idempotency where key = $1`, [`${second.id}/${near.key}`])
    expect(kept).toEqual([{ answer: { sealed: expect.any(String) } }])
  })

  test('case 40: two equal people registered offline by two workers become one record; a near one is found at arrival', async () => {
    const person = { area: GRID, name: '诺姆莎', phone: '13800007001', birth: '1991-02-03' }
    const [a, b] = [randomUUID(), randomUUID()]
    const first = await one(worker, 'person.add', { id: a, ...person })
    const same = await one(second, 'person.add', { id: b, ...person })
    expect([first.answer.outcome, same.answer.outcome]).toEqual(['created', 'unchanged'])
    expect(same.answer.personId).toBe(first.answer.personId)
    // case 9: one character away, the same telephone.
    const c = randomUUID()
    const near = await one(second, 'person.add', { id: c, ...person, name: '诺姆沙' })
    expect(near).toMatchObject({ outcome: 'refused', problem: { code: 'NEAR_PERSON', rule: 'PEOPLE-8' } })
    const [candidate] = near.problem.details.candidates
    expect(candidate).toMatchObject({ person: { personId: first.answer.personId, masked: '诺*莎' } })
    // "It is this one": the phone's id stands for it from now on.
    const used = await one(second, 'person.use', { id: c, personId: candidate.person.personId })
    expect(used).toMatchObject({ outcome: 'accepted', answer: { state: 'used' } })
    const members = [{ personId: c, answers: { words: '咳嗽两天' } }]
    const visit = randomUUID()
    const filed = await one(second, 'visit.file', {
      id: visit,
      area: GRID,
      method: 'door',
      result: 'met',
      personIds: [a, c],
      members,
    })
    expect(filed.outcome).toBe('accepted')
    expect(await w.sql(`select person_id from visit_person where visit_id = $1`, [visit])).toEqual([
      { person_id: first.answer.personId },
    ])
    const opened = await w.request(desk, 'POST', `/api/visits/${visit}/open`, { purpose: 'medical_help' })
    expect(opened.body.members).toEqual([{ personId: first.answer.personId, answers: { words: '咳嗽两天' } }])
  })

  test('with a reason it goes through and the pair waits in one queue (cases 42, 45); the same id again makes nothing new', async () => {
    const person = { area: GRID, name: '方小雨', phone: '13800008001', birth: '1992-05-06' }
    await one(worker, 'person.add', { id: randomUUID(), ...person })
    const id = randomUUID()
    const body = { id, ...person, name: '方晓雨', continueReason: '双胞胎' }
    const made = await one(worker, 'person.add', body)
    expect(made).toMatchObject({ outcome: 'accepted', answer: { outcome: 'created' } })
    const again = await one(worker, 'person.add', { ...body, phone: '13800008002' })
    expect(again.answer).toEqual({ personId: made.answer.personId, outcome: 'unchanged' })
    const { personId } = made.answer
    const reviews = await w.request(desk, 'GET', '/api/people/reviews?kind=near_name')
    const mine = reviews.body.items.filter(
      (r: { person: { personId: string }; other: { personId: string } | null }) =>
        r.person.personId === personId || r.other?.personId === personId,
    )
    expect(mine).toHaveLength(1)
    const unresolved = await w.request(desk, 'GET', '/api/people/unresolved')
    expect(unresolved.body.items.map((r: { personId: string }) => r.personId)).not.toContain(personId)
    expect(await w.sql(`select 1 from handover`)).not.toContainEqual(expect.objectContaining({ kind: 'person.add' }))
  })

  test('a supervisor who takes in a registration beside a near one goes on with it; the pair waits in its queue', async () => {
    const person = { area: GRID, name: '石磊', phone: '13800013001', birth: '1993-07-08' }
    await one(worker, 'person.add', { id: randomUUID(), ...person })
    const away = await w.worker([FAR_GRID])
    const id = randomUUID()
    const held = await one(away, 'person.add', { id, ...person, name: '石雷' })
    expect(held.outcome).toBe('held')
    const { body: list } = await w.request(desk, 'GET', '/api/sync/handovers')
    const row = list.items.find((x: { kind: string }) => x.kind === 'person.add')
    const taken = await w.request(desk, 'POST', `/api/sync/handovers/${row.id}/take`, {})
    expect(taken.body).toMatchObject({ state: 'taken', answer: { outcome: 'created' } })
    expect(await w.sql(`select person_id from person_made where id = $1`, [id])).toEqual([
      { person_id: taken.body.answer.personId },
    ])
    const reviews = await w.sql(
      `select 1 as n from person_review where $1::uuid in (person_id, other) and state = 'open'`,
      [taken.body.answer.personId],
    )
    expect(reviews).toHaveLength(1)
  })

  test('a door and its people made offline are one order of work: door, member, change, visit under the phone’s ids', async () => {
    const [door, member, visit] = [randomUUID(), randomUUID(), randomUUID()]
    const results = await send(worker, [
      item('household.add', {
        id: door,
        area: GRID,
        kind: 'rental',
        estate: '新苑',
        building: '9幢',
        door: '101',
        members: [{ id: member, name: '关山', phone: '13800009001' }],
      }),
      item('person.change', { id: member, changes: { sex: { from: 0, to: 2 } } }),
      item('visit.file', {
        id: visit,
        householdId: door,
        personIds: [member],
        method: 'door',
        result: 'met',
      }),
    ])
    expect(results.map((r) => r.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(await w.sql(`select persons from visit where id = $1`, [visit])).toEqual([{ persons: 1 }])
    // The same door again from another phone: the near one is shown, and used.
    const other = randomUUID()
    const twin = { id: other, area: GRID, kind: 'rental', estate: '新苑', building: '9幢', door: '101' }
    const near = await one(second, 'household.add', twin)
    expect(near).toMatchObject({ outcome: 'refused', problem: { code: 'NEAR_HOUSEHOLD' } })
    expect(near.problem.details.households[0].household.id).toBe(door)
    expect((await one(second, 'household.use', { id: other, householdId: door })).answer).toEqual({ householdId: door })
    const late = randomUUID()
    const filed = await one(second, 'visit.file', { id: late, householdId: other, method: 'door', result: 'met' })
    expect(filed.outcome).toBe('accepted')
    expect(await w.sql(`select household_id from visit where id = $1`, [late])).toEqual([{ household_id: door }])
  })

  test('PEOPLE-14: moving to another door, and out of the worker’s grids', async () => {
    const id = await resident('韩江', '13800010001')
    const [door] = await w.doors(GRID, 1, 0)
    const moved = await one(worker, 'person.move', {
      id,
      householdId: door?.householdId,
      fromDay: w.server.clock.today(),
    })
    expect(moved.answer).toEqual({ personId: id, state: 'moved' })
    expect((await seen(id))?.body).toMatchObject({ householdId: door?.householdId })
    const away = await one(worker, 'person.move', { id, area: GRID2, fromDay: w.server.clock.today() })
    expect(away.answer).toEqual({ personId: id, state: 'handed_over' })
    expect(await seen(id)).toBeUndefined()
    expect((await seen(id, await w.worker([GRID2])))?.identity).toMatchObject({ name: '韩江' })
  })
})

describe('HELP-1: help at hand', () => {
  test('the desk of the village is told by name; who hears it is shown on the phone; closed by the worker', async () => {
    const id = randomUUID()
    for (const [actor, phone] of [
      [worker, '+8613900001111'],
      [desk, '+8613900002222'],
    ] as const) {
      const at = { emergencyId: NO_EMERGENCY, now: new Date(), table: 'account', row: actor.id, column: 'phone_sealed' }
      const sealed = await w.server.asSystem('test.phone', (ctx) => ctx.keys.seal(at, phone))
      await w.sql(`update account set phone_sealed = $2 where id = $1`, [actor.id, sealed])
    }
    const asked = await one(worker, 'help.ask', {
      id,
      grid: GRID,
      words: '有狗',
      position: { lat: 31.3, lng: 120.6, accuracy: 12 },
    })
    expect(asked).toMatchObject({ outcome: 'accepted', answer: { id, area: GRID, state: 'open' } })
    const told = await w.sql(`select kind, body from notice where account_id = $1`, [desk.id])
    expect(told).toMatchObject([{ kind: 'help.asked' }])
    expect(told[0].body.zh).toContain(worker.name)
    const list = await w.request(desk, 'GET', '/api/help')
    expect(list.body).toMatchObject({
      total: 1,
      items: [
        {
          id,
          state: 'open',
          words: '有狗',
          position: { accuracy: 12 },
          by: { id: worker.id, name: worker.name, phone: '+8613900001111' },
        },
      ],
    })
    expect((await w.request(desk, 'POST', `/api/help/${id}/see`, {})).body.state).toBe('seen')
    expect((await seen(`help/${id}`))?.body).toMatchObject({ for: worker.id, what: 'help.seen', byName: desk.name })
    const mine = await w.request(worker, 'GET', '/api/help/mine')
    expect(mine.body.items).toMatchObject([{ id, state: 'seen', seenBy: { name: desk.name, phone: '+8613900002222' } }])
    expect((await one(worker, 'help.close', { id, note: '已离开' })).answer.state).toBe('closed')
    expect((await w.request(desk, 'GET', '/api/help')).body.total).toBe(0)
    expect((await w.request(desk, 'GET', '/api/help?state=closed')).body.items).toMatchObject([{ note: '已离开' }])
    expect((await w.sql(`select verb from audit where thing = 'help' order by at`)).map((row) => row.verb)).toEqual([
      'help.ask',
      'help.see',
      'help.close',
    ])
  })

  test('SYNC-10: told again in another grid it is gone from the first, so that a phone that covers both keeps the last word', async () => {
    const id = randomUUID()
    const both = await w.worker([GRID, GRID2])
    await one(both, 'help.ask', { id, grid: GRID2 })
    expect((await w.request(desk, 'POST', `/api/help/${id}/see`, {})).status).toBe(200)
    await w.drain()
    const lies = () =>
      w.sql(
        `select grid, body ->> 'what' as what, body ->> 'gone' as gone from grid_feed where kind = 'notice' and id = $1 order by grid`,
        [`help/${id}`],
      )
    expect(await lies()).toEqual([{ grid: GRID2, what: 'help.seen', gone: null }])
    // The grid goes to somebody else, and what follows is told in the one that stays.
    await w.sql(`update duty set ended_at = now() where account_id = $1 and area = $2`, [both.id, GRID2])
    expect((await w.request(desk, 'POST', `/api/help/${id}/close`, {})).status).toBe(200)
    await w.drain()
    expect(await lies()).toEqual([
      { grid: GRID, what: 'help.closed', gone: null },
      { grid: GRID2, what: null, gone: 'true' },
    ])
  })

  test('unheard for five minutes it rises, never twice to one desk; an area that is none and no duty are no hindrance', async () => {
    const county = await account('320508', '区台')
    const lost = await w.endDuties(await w.worker([GRID])).then(() => w.worker([]))
    const id = randomUUID()
    const asked = await one({ ...lost, scope: [], area: VILLAGE }, 'help.ask', { id, grid: '999999' })
    expect(asked).toMatchObject({ outcome: 'accepted', answer: { area: VILLAGE } })
    const { raiseHelp } = await import('../people/help.ts')
    const count = async () => (await w.sql(`select 1 from notice where account_id = $1`, [county.id])).length
    await raiseHelp(w.server)
    expect(await count()).toBe(0)
    await w.sql(`update help_call set told_at = told_at - interval '6 minutes' where id = $1`, [id])
    await raiseHelp(w.server)
    await raiseHelp(w.server)
    expect(await count()).toBe(1)
    await w.sql(`update help_call set told_at = told_at - interval '6 minutes' where id = $1`, [id])
    await raiseHelp(w.server)
    expect(await count()).toBe(1)
  })

  test('another village neither lists nor answers it', async () => {
    const id = randomUUID()
    await one(worker, 'help.ask', { id, grid: GRID })
    const far = await account('320508002001', '别村二')
    expect((await w.request(far, 'GET', '/api/help')).body.total).toBe(0)
    expect((await w.request(far, 'POST', `/api/help/${id}/see`, {})).status).toBe(404)
    expect((await w.request(second, 'POST', `/api/help/${id}/close`, {})).status).toBe(403)
  })
})

describe('SYNC-22, case 57: half-written forms follow their worker', () => {
  const of = { form: 'visit', version: '1', subject: 'task-1' }
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString()
  const drafts = async (actor: Actor) => (await w.request(actor, 'GET', '/api/sync/drafts')).body.items

  test('the last one written wins, whatever arrives last; dropped is gone; nobody else reads it; sealed', async () => {
    const keep = async (minute: number, content: unknown) =>
      (await one(worker, 'draft.keep', { ...of, savedAt: at(minute), content })).answer.state
    expect(await keep(10, { note: '写到一半' })).toBe('kept')
    expect(await keep(5, { note: '更早' })).toBe('older')
    expect(await drafts(worker)).toEqual([{ ...of, savedAt: at(10), content: { note: '写到一半' } }])
    expect(await drafts(second)).toEqual([])
    const [row] = await w.sql(`select content_sealed from draft`)
    expect(row.content_sealed.includes('写到')).toBe(false)
    expect(await keep(11, null)).toBe('dropped')
    expect(await keep(10, { note: '晚到' })).toBe('older')
    expect(await drafts(worker)).toEqual([])
  })

  test('a form whose visit is in is not offered again, though the phone could not say so', async () => {
    const visitId = randomUUID()
    const [door] = await w.doors(GRID, 1, 0)
    const householdId = door?.householdId
    await one(worker, 'draft.keep', { ...of, subject: 'x', savedAt: at(20), content: { visitId, note: '' } })
    expect(await drafts(worker)).toHaveLength(1)
    await one(worker, 'visit.file', { id: visitId, householdId, method: 'door', result: 'met' })
    expect(await drafts(worker)).toEqual([])
  })
})
