import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { DATA_KINDS } from '@weiwang/domain/healthcode/reg-api'
import type { DataKind, MyData } from '@weiwang/domain/healthcode/reg-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberHash } from './org-members.ts'
import { citizen, COUNTY, DAY, GRID, registrationPlace } from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

/**
 * REGISTER-20: everything that is held about a person stands on the page of rights. A table that begins to name a person fails here
 * until it has its section, or its reason for having none.
 */
const SHOWN: Readonly<Record<string, DataKind>> = {
  person: 'identity',
  identity: 'identity',
  residence: 'residence',
  address_pending: 'residence',
  unresolved: 'residence',
  registration: 'registration',
  registration_change: 'registration',
  registration_held: 'registration',
  declaration: 'declarations',
  return_registration: 'returns',
  account_person: 'family',
  fact: 'facts',
  fact_denied: 'facts',
  grade: 'grades',
  grade_manual: 'grades',
  code_event: 'codes',
  code_misuse: 'codes',
  objection: 'objections',
  hardship_pass: 'passes',
  contradiction: 'contradictions',
  observation: 'observations',
  reading: 'readings',
  service: 'services',
  service_rule: 'services',
  medicine: 'services',
  visit_person: 'visits',
  task: 'tasks',
  org_member: 'employers',
}

const NOT_SHOWN: Readonly<Record<string, string>> = {
  person_key: 'keyed hashes by which a repeat finds the same record; nothing can be read from them',
  person_alias: 'which record was joined into which; what the joined record holds is shown with it',
  person_made: 'which sending of a phone made a record; no content',
  person_review: 'two records that may be one: it names another person, and a desk decides',
  account_proof: 'that a log-in has shown the document; names an account and no person',
  fact_batch: 'which delivery said a fact again; the fact is shown with its source',
  grade_now: 'the grade of today beside its history, which is shown',
  grade_dirty: 'who is to be judged again: empty a moment later',
  grade_near: 'work of a run: who lives with whom; the result is shown with its reason',
  grade_touch: 'work of a run, emptied with it',
  grade_found: 'work of a run, emptied with it',
  grade_next: 'the day on which somebody is judged again; it stands in the grade as its end',
  grade_manual_batch: 'a list that two people decide; what it did to a person is a manual change and shown',
  list_entry: 'that somebody stood on a list that was pushed; the task that came of it is shown',
  open_task: 'the lock that keeps a task single; the task is shown',
  open_observation: 'the lock that keeps an observation single; the observation is shown',
  visit: 'how many people were met; who it was stands in visit_person',
  reading_due: 'when the next reading is asked for; the observation and its readings are shown',
  reading_message: 'that a reminder left, for 30 days; the number is not in it',
  code: 'the state of today beside its history, which is shown',
  code_holder: 'codes of a day, under a keyed hash and sealed, so that nobody can be followed by them (CODE-12)',
  contradiction_event: 'steps of a contradiction, which is shown',
  contradiction_due: 'who is to be looked at again: empty a moment later',
  gate_referral:
    'who was sent home by a gate: the task that came of it, with the name of the gate, is shown; blanked after 14 days',
}

let t: Place
let me: Actor
let personId = ''

beforeAll(async () => {
  t = await registrationPlace()
  me = await t.resident('+8613900080001')
  const sent = await t.post(me, '/api/my/registration', t.body({ name: '卫来', number: citizen('1975-05-05', 21) }))
  if (sent.status !== 200) throw new Error(sent.text)
  personId = sent.body.personId
})
afterAll(() => t.close())

test('every table that names a person has its section, or its reason for having none', async () => {
  const rows = await t.sql(
    `select distinct table_name as name from information_schema.columns
     where table_schema = 'public' and column_name like '%person%' and data_type in ('uuid', 'ARRAY', 'bytea', 'jsonb')
     order by 1`,
  )
  const named = rows.map((row) => String(row.name))
  const told = [...Object.keys(SHOWN), ...Object.keys(NOT_SHOWN)]
  expect(named.filter((table) => !told.includes(table))).toEqual([])
  // And nothing is excused that is not there.
  const tables = await t.sql(`select table_name as name from information_schema.tables where table_schema = 'public'`)
  const there = new Set(tables.map((row) => String(row.name)))
  expect(told.filter((table) => !there.has(table))).toEqual([])
  const own: readonly DataKind[] = ['drafts', 'account']
  expect(new Set([...Object.values(SHOWN), ...own])).toEqual(new Set(DATA_KINDS))
})

const data = async (): Promise<MyData> => (await t.get(me, `/api/my/data?personId=${personId}`)).body
const totals = (of: MyData): Partial<Record<DataKind, number>> =>
  Object.fromEntries(of.sections.map((one) => [one.kind, one.total]))

test('what the later rooms hold is on the page with what was said, and a copy holds it too', async () => {
  const before = totals(await data())
  const { emergencyId: emergency } = t
  const [org, objection] = [randomUUID(), randomUUID()]
  const words = await t.server.keys.seal(
    { emergencyId: emergency, now: new Date(), table: 'objection', row: objection, column: 'words_sealed' },
    '那几天我在苏州上班',
  )
  await t.sql(
    `insert into objection (county, id, area, emergency_id, person_id, masked, asker, ground, colour, words_sealed, stage, due_by, all_due_by,
       opened_at, opened_day, updated_at, version)
     values ($1, $2, $3, $4, $5, '卫*', 'self', 'never_there', 'yellow', $6, 'community', now(), now(), now(), $7, now(), 1)`,
    [COUNTY, objection, GRID, emergency, personId, words, DAY],
  )
  const opened = { on: DAY, ground: 'never_there', asker: 'self', colour: 'yellow', contested: null }
  await t.sql(
    `insert into objection_event (county, objection_id, n, area, kind, body, occurred_at, recorded_at)
     values ($1, $2, 1, $3, 'opened', $4, now(), now())`,
    [COUNTY, objection, GRID, JSON.stringify(opened)],
  )
  await t.sql(
    `insert into hardship_pass (county, id, area, emergency_id, person_id, masked, number, reason, issued_at, issued_day, until_at)
     values ($1, $2, $3, $4, $5, '卫*', 'P-0001', 'funeral', now(), $6, now())`,
    [COUNTY, randomUUID(), GRID, emergency, personId, DAY],
  )
  await t.sql(
    `insert into org (county, id, area, emergency_id, kind, name, state, applied_at, updated_at, version)
     values ($1, $2, $3, $4, 'company', '苏州丝织厂', 'approved', now(), now(), 1)`,
    [COUNTY, org, GRID, emergency],
  )
  await t.sql(
    `insert into org_member (county, org_id, id, area, emergency_id, doc_hash, masked, ref, person_id, by_link, invited_at, consented_day)
     values ($1, $2, $3, $4, $5, $6, '卫*', '', $7, false, now(), $8)`,
    [COUNTY, org, randomUUID(), GRID, emergency, memberHash(t.server, personId), personId, DAY],
  )
  await t.sql(
    `insert into reading (county, id, observation_id, person_id, area, emergency_id, day, part, how, temperature, fever, alarm, args_hash, occurred_at, recorded_at)
     values ($1, $2, $2, $3, $4, $5, $6, 'morning', 'self', 368, false, false, '\\x00', now(), now())`,
    [COUNTY, randomUUID(), personId, GRID, emergency, DAY],
  )
  await t.sql(
    `insert into medicine (county, id, area, emergency_id, person_id, masked, name_hash, detail_sealed, runs_out, made_at, updated_at)
     values ($1, $2, $3, $4, $5, '卫*', '\\x00', '\\x00', $6, now(), now())`,
    [COUNTY, randomUUID(), GRID, emergency, personId, DAY],
  )
  await t.sql(
    `insert into contradiction (person_id, id, home_area, emergency_id, kind, sources, declared_on, said, known, state, found_at, found_day, updated_at)
     values ($1, $2, $3, $4, 'stay_denied', '{}', $5, '{}', '[]', 'open', now(), $5, now())`,
    [personId, randomUUID(), GRID, emergency, DAY],
  )
  await t.sql(
    `insert into fact_denied (person_id, id, source, kind, place, from_day, to_day, reason, reason_id, at)
     values ($1, $2, 'telecom', 'stay', '420106', $3, $3, 'objection', $4, now())`,
    [personId, randomUUID(), DAY, objection],
  )
  await t.sql(
    `insert into grade_manual (person_id, id, home_area, colour, reason, from_day, until_day, at)
     values ($1, $2, $3, 'green', 'wrong_data', $4, $4, now())`,
    [personId, randomUUID(), GRID, DAY],
  )
  const after = totals(await data())
  const more: readonly DataKind[] = [
    'objections',
    'passes',
    'employers',
    'readings',
    'services',
    'contradictions',
    'facts',
    'grades',
  ]
  for (const kind of more) expect([kind, after[kind]]).toEqual([kind, (before[kind] ?? 0) + 1])
  const copy = await t.request(me, 'GET', `/api/my/data/copy?personId=${personId}&format=json`)
  for (const said of ['那几天我在苏州上班', 'P-0001', '苏州丝织厂', '36.8', '已更正，不再采用'])
    expect(copy.text).toContain(said)
  for (const format of ['csv', 'pdf'])
    expect((await t.request(me, 'GET', `/api/my/data/copy?personId=${personId}&format=${format}`)).status).toBe(200)
})

test('however much there is: page by page without a row twice or missed, and a copy holds all of it', async () => {
  const { emergencyId: emergency } = t
  const kinds = async (kind: DataKind, page: number) =>
    (await t.get(me, `/api/my/data?personId=${personId}&kind=${kind}&page=${page}`)).body.sections
  await t.sql(
    `insert into return_registration (county, id, area, emergency_id, person_id, masked, state, expected_day, grace_until, transport, from_place, version, created_at, updated_at)
     select $1, gen_random_uuid(), $2, $3, $4, '卫*', 'cancelled', $5::date + i, $5::date + i, 'train', '420106', 1, now(), now()
     from generate_series(0, 449) i`,
    [COUNTY, GRID, emergency, personId, DAY],
  )
  const of = (sections: MyData['sections'], kind: DataKind) => sections.find((one) => one.kind === kind)
  const first = of((await data()).sections, 'returns')
  expect([first?.items.length, first?.total, first?.next]).toEqual([200, 450, 1])
  const days = new Set(first?.items.map((item) => item.lines[0]?.value))
  for (let page = first?.next ?? null; page !== null;) {
    const sections = await kinds('returns', page)
    expect(sections.map((one: MyData['sections'][number]) => [one.kind, one.total])).toEqual([['returns', 450]])
    for (const item of sections[0].items) days.add(item.lines[0].value)
    page = sections[0].next
  }
  expect(days.size).toBe(450)
  const copy = await t.request(me, 'GET', `/api/my/data/copy?personId=${personId}&format=json`)
  expect(of(JSON.parse(copy.text).sections, 'returns')?.items).toHaveLength(450)
  // What is on the first page alone is not told again.
  expect(of(await kinds('residence', 1), 'residence')?.items).toEqual([])
})

test('both languages say what a visit, a stay and a correction were', async () => {
  const lines = (await data()).sections
    .filter((one) => ['facts', 'visits', 'registration'].includes(one.kind))
    .flatMap((one) => one.items.flatMap((item) => item.lines.map((line) => line.value)))
  expect(lines.some((value) => value.includes('在') && value.includes(' In '))).toBe(true)
  expect(lines.join(' ')).not.toMatch(/\b(stay|symptom|fever_clinic|not_home|self_report|no_answer)\b/)
})
