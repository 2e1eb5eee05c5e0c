import { randomUUID } from 'node:crypto'
import { addDays } from '@weiwang/domain/core/day'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { familiesOf } from '../access/close-out-store.ts'
import { deleteChunk } from '../access/retention-store.ts'
import { runRetention } from '../access/retention.ts'
import { citizen, DAY, registrationPlace } from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

let t: Place
let me: Actor
let personId: string
const TABLES = [
  'registration',
  'declaration',
  'registration_change',
  'registration_held',
  'registration_draft',
  'return_registration',
  'return_event',
  'account_person',
] as const
const left = async (): Promise<Record<string, number>> => {
  const found: Record<string, number> = {}
  for (const table of TABLES) found[table] = (await t.sql(`select count(*)::int as n from ${table}`))[0].n
  return found
}

beforeAll(async () => {
  t = await registrationPlace()
  me = await t.resident('+8613900070001')
  const sent = await t.post(me, '/api/my/registration', t.body({ name: '卫来', number: citizen('1975-05-05', 11) }))
  personId = sent.body.personId
  const answers = { situation: 'living', registeredHere: true, underMeasure: false }
  await t.post(me, '/api/my/declarations', {
    id: randomUUID(),
    personId,
    answers,
    words: { purpose: 'work' },
    promise: true,
  })
  await t.post(me, '/api/my/registration/correct', { personId, changes: { name: '卫来来' } })
  const plan = { id: randomUUID(), personId, expectedDay: DAY, fromArea: '420106', transport: 'train' }
  await t.post(me, '/api/my/returns', plan)
  await t.post(me, `/api/my/returns/${plan.id}/step`, { step: 'cancel' })
  await t.request(me, 'PUT', '/api/my/registration/draft', { subject: 'new', body: { a: 1 } }, { 'x-weiwang': '1' })
  const other = await t.resident('+8613900070002')
  await t.post(other, '/api/my/registration', t.body({ name: '卫来来', number: citizen('1975-05-05', 11) }))
  const chief = t.actor({ area: '320508', roles: ['chief'] })
  const { items } = (await t.get(chief, '/api/registrations/held')).body
  await t.post(chief, `/api/registrations/held/${items[0].id}/decide`, {
    decision: 'refuse',
    cardSeen: false,
    reason: '不是本人',
  })
})
afterAll(() => t.close())

test('DELETE-1: on the last day of the term everything is there, the day after it is gone; what holds stays', async () => {
  const before = await left()
  expect(before).toMatchObject({
    declaration: 2,
    registration_change: 1,
    registration_held: 1,
    registration_draft: 1,
    return_registration: 1,
  })
  t.at(addDays(DAY, 30), 12)
  await runRetention(t.server)
  expect(await left()).toEqual(before)
  t.at(addDays(DAY, 31), 1)
  await runRetention(t.server)
  expect(await left()).toMatchObject({
    registration: 1,
    declaration: 1,
    registration_change: 1,
    registration_held: 0,
    registration_draft: 0,
    return_registration: 0,
    return_event: 0,
    account_person: 1,
  })
  t.at(addDays(DAY, 91), 1)
  await runRetention(t.server)
  expect(await left()).toMatchObject({ registration: 1, declaration: 1, registration_change: 0 })
})

test('DELETE-5: the close-out of the emergency leaves nothing of registration', async () => {
  const of = { emergencyId: t.emergencyId, area: '32', endedAt: t.server.clock.now() }
  for (const family of familiesOf(of)) {
    let keys = 1
    while (keys > 0)
      keys = (await t.server.retentionPool.db.transaction().execute((db) => deleteChunk(db, family))).keys.length
  }
  expect(Object.values(await left()).every((n) => n === 0)).toBe(true)
})
