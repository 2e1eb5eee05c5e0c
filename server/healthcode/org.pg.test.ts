import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeJobs } from './code-jobs.ts'
import { codeRoutes } from './code-routes.ts'
import { findOne } from './truth-finder.ts'
import { orgJobs } from './org-jobs.ts'
import { orgRoutes } from './org-routes.ts'
import { COUNTY, OTHER_COUNTY, VILLAGE, citizen, registrationPlace } from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

/** A company of three: one consents, one never registered, one belongs to nobody; another company's officer sees nothing. */
let t: Place
let officer: Actor
let worker: Actor
let stranger: Actor
let operator: Actor
let chief: Actor
const org = randomUUID()
const people = new Map<Actor, string>()
const NUMBERS = {
  officer: citizen('1980-06-06', 22),
  worker: citizen('1985-05-05', 31),
  nobody: citizen('1990-09-09', 7),
}

async function registered(phone: string, name: string, number: string): Promise<Actor> {
  const actor = await t.resident(phone)
  const sent = await t.post(actor, '/api/my/registration', t.body({ name, number }))
  expect([sent.body.state, sent.text]).toEqual(['registered', expect.any(String)])
  people.set(actor, sent.body.personId)
  return actor
}

beforeAll(async () => {
  t = await registrationPlace({
    rooms: [
      { room: 'code', jobs: codeJobs },
      { room: 'orgs', jobs: orgJobs },
    ],
    routes: [codeRoutes, orgRoutes],
  })
  officer = await registered('+8613900090001', '钱经理', NUMBERS.officer)
  worker = await registered('+8613900090002', '孙小工', NUMBERS.worker)
  stranger = await registered('+8613900090003', '周旁人', citizen('1970-07-07', 9))
  operator = t.actor({ area: COUNTY, roles: ['operator'] })
  chief = t.actor({ area: COUNTY, roles: ['chief'] })
  await t.drain()
})
afterAll(() => t.close())

const apply = (id = org, more: object = {}) =>
  t.post(officer, '/api/my/orgs', {
    id,
    kind: 'company',
    name: '平江某某厂',
    creditCode: '91350100M000100Y43',
    area: VILLAGE,
    contact: { name: '钱经理', phone: '13900090001' },
    ...more,
  })
const mine = async (): Promise<any> =>
  (await t.get(officer, '/api/my/orgs')).body.items.find((one: any) => one.id === org)
const members = async (): Promise<any> => (await t.get(officer, `/api/my/orgs/${org}/members`)).body
const employers = async (): Promise<any> => (await t.get(worker, '/api/my/employers')).body

test('ORG-1 to ORG-3: applied once, decided by the desk; until then no list', async () => {
  expect((await apply()).body).toMatchObject({ id: org, state: 'applied', name: '平江某某厂' })
  expect((await apply()).status).toBe(200)
  expect((await apply(randomUUID())).body.code).toBe('ORG_KNOWN')
  expect((await apply(randomUUID(), { creditCode: '91350100M000100Y44' })).body.code).toBe('ORG_CREDIT_CODE')
  expect((await apply(randomUUID(), { area: COUNTY, creditCode: undefined })).body.code).toBe('ORG_PLACE_UNKNOWN')
  const early = await t.post(officer, `/api/my/orgs/${org}/lists`, {
    list: randomUUID(),
    rows: [{ row: 1, name: 'a', number: 'b' }],
  })
  expect(early.body.code).toBe('ORG_NOT_APPROVED')
  const waiting = await t.get(operator, '/api/orgs?list=waiting')
  expect([waiting.body.total, waiting.body.items[0].id]).toEqual([1, org])
  expect((await t.post(operator, `/api/orgs/${org}/decide`, { decision: 'refused' })).body.code).toBe(
    'ORG_WORDS_NEEDED',
  )
  expect((await t.post(operator, `/api/orgs/${org}/decide`, { decision: 'approved' })).body).toMatchObject({
    state: 'approved',
  })
  expect((await t.post(chief, `/api/orgs/${org}/decide`, { decision: 'approved' })).body.code).toBe('ORG_DECIDED')
})

const list = randomUUID()
const csv = (): string => {
  const lines = [
    '员工名单',
    '工号,姓名,证件号码',
    `A1,孙小工,${NUMBERS.worker}`,
    `A2,吴未登,${NUMBERS.nobody}`,
    `A3,吴未登,${NUMBERS.nobody}`,
    'A4,错号,420106198006060111',
    'A5,Anna,AB1234567',
  ]
  return Buffer.from(lines.join('\r\n')).toString('base64')
}

test('ORG-4: every row of a file has its result, the same file again is the same version', async () => {
  const sent = await t.post(officer, `/api/my/orgs/${org}/lists`, { list, file: csv() })
  expect(sent.body.rows.map((one: any) => [one.row, one.result])).toEqual([
    [3, 'invited'],
    // Who has not registered looks no different from who has.
    [4, 'invited'],
    [5, 'duplicate_row'],
    [6, 'invalid_document'],
    [7, 'cannot_be_judged'],
  ])
  const again = await t.post(officer, `/api/my/orgs/${org}/lists`, { list, file: csv() })
  expect([again.body.n, again.body.sums]).toEqual([1, sent.body.sums])
  const next = await t.post(officer, `/api/my/orgs/${org}/lists`, {
    list: randomUUID(),
    rows: [{ row: 1, name: '孙小工', number: NUMBERS.worker }],
  })
  expect([next.body.n, next.body.rows[0].result]).toEqual([2, 'already'])
  const versions = await t.get(officer, `/api/my/orgs/${org}/lists?limit=1`)
  expect([versions.body.total, versions.body.items[0].n, versions.body.next]).toEqual([2, 2, '2'])
})

test('ORG-6: before consent the table leads to nobody', async () => {
  const rows = await t.sql('select masked, person_id, doc_hash, name_sealed from org_member where org_id = $1', [org])
  expect(rows.map((row: any) => row.person_id)).toEqual([null, null])
  const text = JSON.stringify(
    rows.map((row: any) => [row.masked, row.doc_hash.toString('hex'), row.name_sealed.toString('utf8')]),
  )
  expect(text).not.toContain(NUMBERS.worker)
  expect(text).not.toContain('孙小工')
  expect(await t.sql('select 1 from person p join org_member m on m.doc_hash in (p.name_hash, p.phone_hash)')).toEqual(
    [],
  )
  const page = await members()
  expect([page.total, page.items.map((one: any) => one.answer.kind)]).toEqual([2, ['waits_consent', 'waits_consent']])
})

test('ORG-6, ORG-8: consent on the own phone; both see the same; withdrawn, nothing is left', async () => {
  const [asked] = (await employers()).items
  expect([asked.state, asked.orgName, asked.answer.kind]).toEqual(['invited', '平江某某厂', 'waits_consent'])
  expect((await t.post(stranger, '/api/my/employers/consent', { member: asked.id })).status).toBe(404)
  const given = await t.post(worker, '/api/my/employers/consent', { member: asked.id })
  expect(given.body.items[0]).toMatchObject({ state: 'consented', since: '2020-02-20', answer: { kind: 'may_work' } })
  const seen = (await members()).items.find((one: any) => one.id === asked.id)
  expect(seen).toEqual({ id: asked.id, masked: '孙*工', ref: 'A1', answer: given.body.items[0].answer })
  expect((await mine()).members).toEqual({ invited: 1, consented: 1 })
  const back = await t.post(worker, `/api/my/employers/${asked.id}/withdraw`, {})
  expect(back.body.items[0]).toMatchObject({ state: 'invited', answer: { kind: 'waits_consent' } })
  expect(await t.sql('select person_id, consented_at from org_member where id = $1', [asked.id])).toEqual([
    { person_id: null, consented_at: null },
  ])
  await t.post(worker, '/api/my/employers/consent', { member: asked.id })
})

test('ORG-18: a day of return counts once the person has confirmed the very day, and the employer sees nothing of it', async () => {
  const personId = people.get(worker)
  const listed = (returns: string) =>
    t.post(officer, `/api/my/orgs/${org}/lists`, {
      list: randomUUID(),
      rows: [{ row: 1, name: '孙小工', number: NUMBERS.worker, returns }],
    })
  const kept = async () =>
    (
      await t.sql(`select returns_on, confirmed_returns_on, confirmed_day from org_member where person_id = $1`, [
        personId,
      ])
    )[0]
  const found = async (): Promise<unknown[]> => {
    await t.server.asSystem('test', (ctx) => findOne(ctx, personId ?? ''))
    return t.sql(
      `select kind, sources from contradiction where person_id = $1 and state in ('open', 'asked', 'answered')`,
      [personId],
    )
  }
  expect((await listed('2020-02-30')).body.rows[0].result).toBe('cannot_be_judged')
  expect((await listed('2020-02-24')).body.rows[0].result).toBe('already')
  const [asked] = (await employers()).items
  expect(asked).toMatchObject({ returnsOn: '2020-02-24', confirmed: null })
  // They declare to have come a week ago; what the employer alone says is nothing to hold it against.
  const answers = {
    situation: 'coming',
    registeredHere: true,
    underMeasure: false,
    arrival: { fromArea: '320506', leftOn: '2020-02-12', arrivedOn: '2020-02-13', transport: 'train' },
  }
  const declared = await t.post(worker, '/api/my/declarations', {
    id: randomUUID(),
    personId,
    answers,
    words: { purpose: 'work' },
    promise: true,
  })
  expect([declared.status, declared.text]).toEqual([200, expect.any(String)])
  expect(await found()).toEqual([])
  const give = (returnsOn?: string) => t.post(worker, '/api/my/employers/consent', { member: asked.id, returnsOn })
  expect((await give('2020-02-25')).body.code).toBe('ORG_RETURN_DAY_OTHER')
  const given = (await give('2020-02-24')).body.items[0]
  expect(given).toMatchObject({ confirmed: '2020-02-24', since: '2020-02-20' })
  expect(await found()).toEqual([{ kind: 'arrival_differs', sources: ['org'] }])
  // Another day of the employer changes nothing until it is confirmed as well.
  await listed('2020-02-28')
  expect(await kept()).toMatchObject({ returns_on: '2020-02-28', confirmed_returns_on: '2020-02-24' })
  const seen = (await members()).items.find((one: any) => one.id === asked.id)
  expect(Object.keys(seen).toSorted()).toEqual(['answer', 'id', 'masked', 'ref'])
  await t.post(worker, `/api/my/employers/${asked.id}/withdraw`, {})
  expect(await found()).toEqual([])
  await t.post(worker, '/api/my/employers/consent', { member: asked.id })
  expect(await kept()).toMatchObject({ confirmed_returns_on: null, confirmed_day: null })
})

test('ORG-7: a colour that ends is a day and nothing else', async () => {
  const personId = people.get(worker)
  const observation = randomUUID()
  const open = async (endDay: string | null): Promise<void> => {
    await t.sql('delete from open_observation where person_id = $1', [personId])
    await t.sql('delete from observation where person_id = $1', [personId])
    await t.sql(
      `insert into observation (county, id, root, area, responsible_area, emergency_id, person_id, masked, reference, measure, reason,
         opened_from, state, step, start_day, end_day, count_from, rules_version, opened_day, opened_at, updated_at, version, current)
       values ($1, $2, $2, $3, $3, $4, $5, '*', 'T-1', 'home_quarantine', 'test', 'hand', 'open', 'guard', '2020-02-12', $6, 'start', 1,
         '2020-02-12', now(), now(), 1, '{}')`,
      [COUNTY, observation, VILLAGE, t.emergencyId, personId, endDay],
    )
    await t.sql('insert into open_observation (person_id, home_area, county, observation_id) values ($1, $2, $3, $4)', [
      personId,
      VILLAGE,
      COUNTY,
      observation,
    ])
  }
  const answer = async (): Promise<unknown> => {
    const page = await members()
    const text = JSON.stringify(page)
    expect(text).not.toMatch(/home_quarantine|red|yellow|green|红|黄|绿|观察|隔离/)
    const { kind, from } = page.items.find((one: any) => one.ref === 'A1').answer
    return [kind, from]
  }
  const declare = async (more: object): Promise<void> => {
    const sent = await t.post(worker, '/api/my/declarations', {
      id: randomUUID(),
      personId,
      answers: { situation: 'living', registeredHere: true, underMeasure: false, ...more },
      words: { purpose: 'work' },
      promise: true,
    })
    expect(sent.status).toBe(200)
  }
  await declare({ stays: [{ area: '420106', from: '2020-02-10', to: '2020-02-15' }] })
  expect(await t.colour(personId ?? '')).toBe('yellow')
  expect(await answer()).toEqual(['may_work_from', '2020-03-01'])
  await declare({})
  expect(await answer()).toEqual(['may_work', null])
  await open('2020-02-25')
  expect(await answer()).toEqual(['may_work_from', '2020-02-26'])
  await open(null)
  expect(await answer()).toEqual(['not_yet', null])
  // Past its last day and not released: no day is promised.
  await open('2020-02-19')
  expect(await answer()).toEqual(['not_yet', null])
  await t.sql('delete from open_observation where person_id = $1', [personId])
  await t.sql('delete from observation where person_id = $1', [personId])
  expect(await answer()).toEqual(['may_work', null])
  // Where no rules are in force nobody waits for a day that does not come (CODE-23).
  const sets = await t.sql(`update rule_set set state = 'retired' where state = 'active' returning id`)
  expect(sets.length).toBeGreaterThan(0)
  await declare({})
  expect(await answer()).toEqual(['no_rules', null])
  for (const { id } of sets) await t.sql(`update rule_set set state = 'active' where id = $1`, [id])
  await declare({})
  expect(await answer()).toEqual(['may_work', null])
})

test('ORG-5: by link, each for themselves; a new link ends the one before', async () => {
  const first = (await t.post(officer, `/api/my/orgs/${org}/link`, {})).body
  const second = (await t.post(officer, `/api/my/orgs/${org}/link`, {})).body
  expect((await t.get(stranger, `/api/my/employers/link?token=${first.token}`)).body.code).toBe('ORG_LINK_OVER')
  const shown = (await t.get(stranger, `/api/my/employers/link?token=${second.token}`)).body
  expect([shown.orgName, shown.people.map((one: any) => one.personId)]).toEqual(['平江某某厂', [people.get(stranger)]])
  const body = { token: second.token, personId: people.get(stranger), ref: 'B1' }
  expect((await t.post(stranger, '/api/my/employers/consent', body)).body.items[0].state).toBe('consented')
  await t.post(stranger, '/api/my/employers/consent', body)
  expect((await members()).total).toBe(3)
  const other = { ...body, personId: people.get(worker) }
  expect((await t.post(stranger, '/api/my/employers/consent', other)).status).toBe(404)
})

test('ORG-4: a whole list: who is not in it has left; who came by link stays', async () => {
  const sent = await t.post(officer, `/api/my/orgs/${org}/lists`, {
    list: randomUUID(),
    whole: true,
    rows: [{ row: 1, name: '孙小工', number: NUMBERS.worker }],
  })
  expect([sent.body.left, (await members()).total]).toEqual([1, 2])
})

test('ORG-10: the roll is counts, small ones hidden from the employer and exact at the desk', async () => {
  const roll = { day: '2020-02-20', present: 38, absent: 3, fever: 1 }
  expect((await t.post(officer, `/api/my/orgs/${org}/roll`, roll)).body).toEqual({ ...roll, absent: null, fever: null })
  expect((await t.post(officer, `/api/my/orgs/${org}/roll`, { ...roll, fever: 60 })).body.code).toBe('ORG_ROLL_FEVER')
  expect((await t.post(officer, `/api/my/orgs/${org}/roll`, { ...roll, day: '2020-02-18' })).body.code).toBe(
    'ORG_ROLL_DAY',
  )
  expect((await t.get(officer, `/api/my/orgs/${org}/roll`)).body.days).toEqual([{ ...roll, absent: null, fever: null }])
  expect((await t.get(operator, `/api/orgs/${org}`)).body.rolls).toEqual([roll])
})

test('ORG-11 to ORG-14: a file is handed in, asked about once, looked at, approved by a second person', async () => {
  const body = {
    plan: '分批到岗，错峰就餐，每日两次测温消毒',
    opens: '2020-02-24',
    headcount: 40,
    materials: { masks: 2, disinfectant: 3, thermometry: 5 },
    isolationRooms: 1,
    officer: { name: '钱经理', phone: '13900090001' },
  }
  const file = `/api/my/orgs/${org}/file`
  expect((await t.post(officer, file, { body })).body).toMatchObject({
    state: 'draft',
    lacks: [{ zh: '口罩（至少 3 天）' }],
  })
  expect((await t.post(officer, `${file}/submit`, {})).body.code).toBe('ORG_FILE_LACKS')
  await t.post(officer, file, { body: { ...body, materials: { ...body.materials, masks: 6 } } })
  expect((await t.post(officer, `${file}/submit`, {})).body.state).toBe('submitted')
  const desk = (actor: Actor, step: object) => t.post(actor, `/api/orgs/${org}/file`, step)
  expect((await t.get(operator, '/api/orgs?list=files')).body.total).toBe(1)
  const asked = await desk(operator, { step: 'ask', words: '请补充宿舍名册' })
  expect(asked.body.resumption).toMatchObject({ state: 'supplement_once', askedUntil: '2020-02-25' })
  expect((await mine()).file.history.at(-1).words).toBe('请补充宿舍名册')
  expect((await t.post(officer, `${file}/submit`, { words: '已补' })).body.state).toBe('submitted')
  expect((await desk(operator, { step: 'ask', words: '再补' })).body.code).toBe('ORG_ASKED_ONCE')
  expect((await desk(operator, { step: 'check', met: true })).body.file.state).toBe('site_check')
  expect((await desk(operator, { step: 'approve' })).body.code).toBe('ORG_CHECKED_BY_YOU')
  expect((await desk(chief, { step: 'approve' })).body.file.state).toBe('approved')
  const events = await t.sql('select kind, n from resumption_event where org_id = $1 order by n', [org])
  expect(events.map((row: any) => row.kind)).toEqual([
    'drafted',
    'saved',
    'submitted',
    'asked',
    'supplemented',
    'checked',
    'approved',
  ])
})

test('ORG-1, ACCESS-3: another resident and another county find nothing', async () => {
  for (const path of ['members', 'lists', 'roll'])
    expect([path, (await t.get(stranger, `/api/my/orgs/${org}/${path}`)).status]).toEqual([path, 404])
  const elsewhere = t.actor({ area: OTHER_COUNTY, roles: ['chief'] })
  expect((await t.get(elsewhere, '/api/orgs?list=all')).body.total).toBe(0)
  expect((await t.get(elsewhere, `/api/orgs/${org}`)).status).toBe(404)
  expect((await t.get(elsewhere, `/api/orgs?area=${COUNTY}`)).status).toBe(404)
  const analyst = t.actor({ area: COUNTY, roles: ['analyst'] })
  expect((await t.get(analyst, '/api/orgs?list=all')).status).toBe(403)
})

test('ORG-3: whom to call is opened for a purpose that the trail keeps', async () => {
  const opened = await t.post(operator, `/api/orgs/${org}/open`, { purpose: '电话核实复工材料' })
  expect(opened.body).toEqual({ id: org, name: '钱经理', phone: '13900090001' })
  const [line] = await t.sql(`select purpose from audit where verb = 'org.open' and thing_id = $1`, [org])
  expect(line.purpose).toBe('电话核实复工材料')
})

test('ORG-9: closed, every consent has ended', async () => {
  expect((await t.post(operator, `/api/orgs/${org}/close`, {})).status).toBe(403)
  expect((await t.post(officer, `/api/my/orgs/${org}/close`, {})).body).toEqual({ id: org })
  expect((await employers()).items).toEqual([])
  expect(
    await t.sql('select 1 from org_member where org_id = $1 and (person_id is not null or ended_at is null)', [org]),
  ).toEqual([])
})

describe('who answers for it (ORG-17)', () => {
  const call = (who: Actor, what: string, body: object = {}) => t.post(who, `/api/my/orgs/${second}/${what}`, body)
  const second = randomUUID()
  const take = (who: Actor, token: string) => t.post(who, '/api/my/officer-link', { token })
  const orgOf = async (who: Actor): Promise<any> =>
    (await t.get(who, '/api/my/orgs')).body.items.find((one: any) => one.id === second)

  test('a second one by a link that is good once and for three days; outside it, the organisation is not there', async () => {
    await apply(second, { creditCode: undefined, name: '平江小学' })
    expect((await call(stranger, 'officers')).status).toBe(404)
    const first = (await call(officer, 'officers')).body
    const link = (await call(officer, 'officers')).body
    expect(link.path).toBe(`/r/#officer/${link.token}`)
    // A new one ends the one before.
    expect((await take(worker, first.token)).body.code).toBe('ORG_OFFICER_LINK_OVER')
    const shown = await t.get(worker, `/api/my/officer-link?token=${link.token}`)
    expect(shown.body).toMatchObject({ orgName: '平江小学', handOver: false })
    const stranded = await t.resident('+8613900090099')
    expect((await take(stranded, link.token)).body.code).toBe('ORG_NEEDS_HOLDER')
    expect((await take(worker, link.token)).status).toBe(200)
    expect((await take(stranger, link.token)).body.code).toBe('ORG_OFFICER_LINK_OVER')
    expect((await orgOf(worker)).officers.map((one: any) => [one.masked, one.me])).toEqual([
      ['钱*理', false],
      ['孙*工', true],
    ])
    expect((await orgOf(officer)).invited).toBeNull()
    const old = (await call(officer, 'officers')).body
    t.at('2020-02-24', 12)
    expect((await take(stranger, old.token)).body.code).toBe('ORG_OFFICER_LINK_OVER')
    t.at('2020-02-20', 12)
    expect((await call(officer, 'officers/stop')).status).toBe(200)
    expect((await take(stranger, old.token)).body.code).toBe('ORG_OFFICER_LINK_OVER')
  })

  test('handed over, who made the link answers no more; the last one cannot leave; a link ends with who made it', async () => {
    const over = (await call(worker, 'officers', { handOver: true })).body
    expect((await take(stranger, over.token)).status).toBe(200)
    expect(await orgOf(worker)).toBeUndefined()
    expect((await call(worker, 'link')).status).toBe(404)
    expect((await orgOf(stranger)).officers).toHaveLength(2)
    const left = (await call(stranger, 'officers')).body
    expect((await call(stranger, 'leave')).status).toBe(200)
    expect((await take(worker, left.token)).body.code).toBe('ORG_OFFICER_LINK_OVER')
    expect((await call(officer, 'leave')).body.code).toBe('ORG_LAST_OFFICER')
    // Who was one before may be one again.
    const again = (await call(officer, 'officers')).body
    expect((await take(worker, again.token)).status).toBe(200)
    expect((await orgOf(officer)).officers).toHaveLength(2)
    const trail = await t.sql(
      `select verb from audit where thing = 'org' and thing_id = $1 and verb like 'org.officer%'`,
      [second],
    )
    expect(new Set(trail.map((one: any) => one.verb))).toEqual(
      new Set(['org.officer.invite', 'org.officer.take', 'org.officer.stop', 'org.officer.leave']),
    )
  })
})
