import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { PRESETS } from '@weiwang/domain/healthcode/reg-policy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { citizen, COUNTY, DAY, GRID, OTHER_COUNTY, registrationPlace, VILLAGE } from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

let t: Place
let desk: Actor
let chief: Actor
beforeAll(async () => {
  t = await registrationPlace()
  desk = t.actor({ area: COUNTY, roles: ['operator'] })
  chief = t.actor({ area: COUNTY, roles: ['chief'] })
})
afterAll(() => t.close())

const count = async (table: string, where = 'true', values: unknown[] = []): Promise<number> =>
  (await t.sql(`select count(*)::int as n from ${table} where ${where}`, values))[0].n

const WUHAN = { stays: [{ area: '420106', from: '2020-02-10', to: '2020-02-15' }] }

describe('registering (REGISTER-2, 6, 7, 8)', () => {
  const LI = { name: '李晓英', number: citizen('1985-03-04', 12) }
  let me: Actor
  let id: string
  let personId: string

  test('a person, a declaration, the grid and a colour come from one form; what identifies is sealed', async () => {
    me = await t.resident('+8613900010001')
    expect((await t.get(me, '/api/my/registration')).body).toMatchObject({ state: 'none', me: null, checking: null })
    const form = t.body(LI)
    id = form.id
    const sent = await t.post(me, '/api/my/registration', form)
    expect([sent.status, sent.text]).toEqual([200, expect.any(String)])
    expect(sent.body).toMatchObject({ state: 'registered', n: 1, need: 'may' })
    personId = sent.body.personId
    // Judged, and nothing found: the absence of a grade, which the code shows as green.
    expect(await t.colour(personId)).toBeNull()
    await t.drain()
    const [row] = await t.sql('select home_area, need, by, declarations from registration where person_id = $1', [
      personId,
    ])
    expect(row).toEqual({ home_area: GRID, need: 'may', by: 'self', declarations: 1 })
    const rows = await t.sql(
      `select row_to_json(r)::text as a from registration r union all select row_to_json(d)::text from declaration d
        union all select row_to_json(p)::text from person p where person_id = $1`,
      [personId],
    )
    const text = JSON.stringify(rows)
    for (const secret of ['李晓英', LI.number, '平江路', '某某公司', '李小乐', '13900010001'])
      expect([secret, text.includes(secret)]).toEqual([secret, false])
  })

  test('a repeat of the same form changes nothing and has the same answer (case 39, case 58)', async () => {
    const form = { ...t.body(LI), id }
    const answers = await Promise.all([1, 2, 3].map(() => t.post(me, '/api/my/registration', form)))
    expect(answers.map((one) => [one.status, one.body.personId, one.body.n])).toEqual(
      [1, 2, 3].map(() => [200, personId, 1]),
    )
    expect(await count('declaration', 'person_id = $1', [personId])).toBe(1)
  })

  test('what is known is not asked again, and the residence is not read from the number', async () => {
    const { body } = await t.get(me, '/api/my/registration')
    expect(body).toMatchObject({
      state: 'registered',
      me: {
        personId,
        name: '李晓英',
        birth: '1985-03-04',
        phone: '+8613900010001',
        address: '平江路 100 号',
        area: GRID,
        placed: true,
        answers: { registeredHere: true, stays: [] },
        words: { employer: '某某公司' },
      },
    })
    expect(body.me.document).not.toContain(LI.number.slice(3, 14))
  })

  test('a stay in a key area is judged at once with its reason; taken back, the colour turns back by itself', async () => {
    const said = await t.post(me, '/api/my/declarations', {
      id: randomUUID(),
      personId,
      answers: { situation: 'living', registeredHere: true, underMeasure: false, ...WUHAN },
      words: { purpose: 'work' },
      promise: true,
    })
    expect(said.body).toMatchObject({ n: 2 })
    // GRADE-9: nobody outside has let one's own word give red.
    expect(await t.colour(personId)).toBe('yellow')
    const [grade] = await t.sql('select reasons from grade_now where person_id = $1', [personId])
    expect(grade.reasons[0]).toMatchObject({
      rule: 'key_area',
      fact: { kind: 'stay', place: '420106', source: 'declaration' },
    })
    const next = await t.post(me, '/api/my/declarations', {
      id: randomUUID(),
      personId,
      answers: { situation: 'living', registeredHere: true, underMeasure: false },
      words: { purpose: 'work' },
      promise: true,
    })
    expect(next.body).toMatchObject({ n: 3 })
    expect(await t.colour(personId)).toBeNull()
    expect(await count('fact', `person_id = $1 and source = 'declaration' and withdrawn_at is null`, [personId])).toBe(
      0,
    )
    const { body } = await t.get(me, `/api/my/declarations?personId=${personId}`)
    expect(body.total).toBe(3)
    expect(body.items.map((one: any) => [one.n, one.supersededAt === null])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ])
  })

  test('saying the same again writes no new result (GRADE-14)', async () => {
    const before = await count('grade', 'person_id = $1', [personId])
    await t.post(me, '/api/my/declarations', {
      id: randomUUID(),
      personId,
      answers: { situation: 'living', registeredHere: true, underMeasure: false },
      words: { purpose: 'work' },
      promise: true,
    })
    expect(await count('grade', 'person_id = $1', [personId])).toBe(before)
  })

  test('corrections have no limit and each leaves its line; a name that is clearly another is looked at first', async () => {
    for (let i = 1; i <= 5; i++) {
      const answer = await t.post(me, '/api/my/registration/correct', {
        personId,
        changes: { home: { area: VILLAGE, address: `平江路 ${100 + i} 号`, kind: 'rent' } },
      })
      expect(answer.body.fields).toEqual([{ field: 'address', outcome: 'changed' }])
    }
    const name = await t.post(me, '/api/my/registration/correct', { personId, changes: { name: '李小英' } })
    expect(name.body.fields).toEqual([{ field: 'name', outcome: 'changed' }])
    const other = await t.post(me, '/api/my/registration/correct', {
      personId,
      changes: { name: '王大力', birth: '1990-01-01' },
    })
    expect(other.body.fields).toEqual([
      { field: 'name', outcome: 'checked' },
      { field: 'birth', outcome: 'checked' },
    ])
    expect(await count('registration_change', 'person_id = $1', [personId])).toBe(8)
    expect(await count('audit', `verb = 'registration.correct' and thing_id = $1`, [personId])).toBe(7)
    expect((await t.get(me, '/api/my/registration')).body.me).toMatchObject({
      name: '李小英',
      address: '平江路 105 号',
    })
  })

  test('a document that was mistyped: the registration goes to the right one, the wrong record says nothing', async () => {
    const right = citizen('1985-03-04', 13)
    const answer = await t.post(me, '/api/my/registration/correct', {
      personId,
      changes: { document: { kind: 'resident', number: right } },
    })
    expect(answer.body.fields).toEqual([{ field: 'document', outcome: 'changed' }])
    expect(answer.body.personId).not.toBe(personId)
    const { body } = await t.get(me, '/api/my/people')
    expect(body.items.map((one: any) => [one.personId, one.relation])).toEqual([[answer.body.personId, 'self']])
    expect((await t.get(me, `/api/my/declarations?personId=${personId}`)).status).toBe(404)
  })
})

let phones = 0
describe('documents of all kinds (PEOPLE-3), and what a place asks (REGISTER-9)', () => {
  test.each([
    ['resident', citizen('1991-02-03', 21), undefined],
    ['hmt_residence', citizen('1991-02-03', 22, '810000'), undefined],
    ['hm_travel', 'H12345678', undefined],
    ['tw_travel', '12345678', undefined],
    ['passport', 'X1234567', 'GB'],
    ['permanent', 'CAN110291020301', undefined],
  ])('%s', async (kind, number, country) => {
    phones += 1
    const who = await t.resident(`+86139000200${String(phones).padStart(2, '0')}`)
    const form = t.body({ name: 'Chan Tai Man', number })
    const sent = await t.post(who, '/api/my/registration', {
      ...form,
      who: {
        document: { kind, number, ...(country === undefined ? {} : { country }) },
        name: 'Chan Tai Man',
        birth: '1991-02-03',
      },
    })
    expect([kind, sent.status, sent.body.state]).toEqual([kind, 200, 'registered'])
  })

  test('what cannot be read says where and why; nothing is written', async () => {
    const who = await t.resident('+8613900010090')
    const good = t.body({ name: '周正', number: citizen('1990-05-05', 31) })
    const bad = await t.post(who, '/api/my/registration', {
      ...good,
      who: { document: { kind: 'resident', number: '320508199005050011' }, name: '周正' },
    })
    expect(bad.body).toMatchObject({ code: 'DOCUMENT_CHECK', at: 'who.document' })
    const strange = await t.post(who, '/api/my/registration', {
      ...good,
      answers: {
        situation: 'living',
        registeredHere: true,
        underMeasure: false,
        stays: [{ area: '990101', from: DAY, to: DAY }],
      },
    })
    expect(strange.body.code).toBe('PLACE_UNKNOWN')
    const promise = await t.post(who, '/api/my/registration', { ...good, promise: false })
    expect(promise.status).toBe(400)
    expect(await count('account_person', 'account_id = $1', [who.id])).toBe(0)
  })

  test('who must is data, proposed by one and put in force by another', async () => {
    const who = await t.resident('+8613900010091')
    const policy = async () => (await t.get(who, `/api/my/registration?area=${COUNTY}`)).body.rules
    expect((await policy()).groups.some((group: any) => group.situation === 'living' && group.need === 'may')).toBe(
      true,
    )
    const proposed = await t.post(desk, '/api/registrations/policy', {
      id: randomUUID(),
      area: COUNTY,
      policy: 'zhenjiang',
      reason: '按市里要求',
    })
    expect(proposed.body).toMatchObject({ version: 1, state: 'proposed' })
    const url = `/api/registrations/policy/${proposed.body.id}/decide`
    expect((await t.post(desk, url, { approve: true })).status).toBe(403)
    expect((await t.post(t.actor({ area: OTHER_COUNTY, roles: ['chief'] }), url, { approve: true })).status).toBe(404)
    expect((await t.post(chief, url, { approve: true })).body.state).toBe('in_force')
    expect((await t.post(chief, url, { approve: true })).body.code).toBe('POLICY_DECIDED')
    const sent = await t.post(who, '/api/my/registration', t.body({ name: '郑方', number: citizen('1979-09-09', 41) }))
    expect(sent.body.need).toBe('must')
    await t.sql('delete from registration_policy')
  })
})

test('REGISTER-9: a place writes its own; a faulty one is refused with every fault in both languages, and holds after another says so', async () => {
  const propose = (policy: unknown) =>
    t.post(desk, '/api/registrations/policy', { id: randomUUID(), area: COUNTY, policy, reason: '本区规定' })
  const own = {
    ...PRESETS.suzhou,
    groups: [
      {
        need: 'must',
        say: { zh: '所有来返人员', en: 'Whoever comes or returns' },
        situation: 'coming',
        registeredHere: null,
      },
    ],
    others: 'may',
    family: { ...PRESETS.suzhou.family, max: 3 },
  }
  const faulty = await propose({
    ...own,
    groups: [...own.groups, { ...own.groups[0], say: { zh: '', en: 'x' }, registeredHere: true }],
    askDays: 90,
    documents: ['passport'],
  })
  expect(faulty).toMatchObject({ status: 400, body: { code: 'POLICY_FAULTY', rule: 'REGISTER-9' } })
  expect(faulty.body.details.faults.map((one: any) => one.at)).toEqual([
    'groups.1.say.zh',
    'groups.1',
    'documents',
    'askDays',
  ])
  expect(faulty.body.message.zh).toContain('第 1 组已包含')
  const proposed = await propose(own)
  expect(proposed).toMatchObject({ status: 200, body: { state: 'proposed' } })
  const url = `/api/registrations/policy/${proposed.body.id}/decide`
  expect((await t.post(chief, url, { approve: true })).body.state).toBe('in_force')
  const holds = (await t.get(desk, `/api/registrations/policy?area=${COUNTY}`)).body.holds
  expect(holds.policy).toEqual(own)
  await t.sql('delete from registration_policy')
})

describe('no telling who is known (REGISTER-2, REGISTER-3)', () => {
  const WANG = { name: '王建国', number: citizen('1970-01-02', 51) }
  let known: string

  test('another name, another number, another account: one answer, nothing bound, nothing written about the person', async () => {
    known = await t.known({ ...WANG, phone: '+8613900030001' })
    const before = await t.sql('select * from person where person_id = $1', [known])
    const answers = []
    for (const [phone, name] of [
      ['+8613900030001', '赵六六'],
      ['+8613900030009', '王建国'],
    ] as const) {
      const who = await t.resident(phone)
      const sent = await t.post(who, '/api/my/registration', t.body({ ...WANG, name }))
      answers.push(sent.body)
      expect((await t.get(who, '/api/my/registration')).body).toMatchObject({ state: 'checked' })
      expect(JSON.stringify((await t.get(who, '/api/my/registration')).body)).not.toContain('王*国')
    }
    expect(answers).toEqual([1, 2].map(() => ({ state: 'checked', personId: null, n: null, need: 'may' })))
    expect(await t.sql('select * from person where person_id = $1', [known])).toEqual(before)
    expect(await count('account_person', 'person_id = $1', [known])).toBe(0)
    const held = (await t.get(desk, '/api/registrations/held')).body
    expect(held.items.map((one: any) => one.why.map((w: any) => w.why))).toEqual([['name'], ['phone']])
    expect(JSON.stringify(held)).not.toContain(WANG.number)
    expect(
      (await t.get(t.actor({ area: OTHER_COUNTY, roles: ['operator'] }), '/api/registrations/held')).body.total,
    ).toBe(0)
  })

  test('the desk accepts with the card in hand, and tells the account; refused says nothing either', async () => {
    const { items } = (await t.get(desk, '/api/registrations/held')).body
    const [name, phone] = items
    const url = (id: string) => `/api/registrations/held/${id}/decide`
    const refused = await t.post(desk, url(name.id), { decision: 'refuse', cardSeen: false, reason: '未出示证件' })
    expect(refused.body.state).toBe('refused')
    expect((await t.post(desk, url(phone.id), { decision: 'accept', cardSeen: false, reason: '换号' })).body.code).toBe(
      'CARD_NOT_SEEN',
    )
    expect(
      (await t.post(desk, url(phone.id), { decision: 'accept', cardSeen: true, reason: '换号，已看身份证' })).body
        .state,
    ).toBe('accepted')
    const [link] = await t.sql(
      'select account_id, relation from account_person where person_id = $1 and ended_at is null',
      [known],
    )
    expect(link).toMatchObject({ relation: 'self' })
    expect(await count('notice', 'account_id = $1', [link.account_id])).toBe(1)
    expect((await t.post(desk, url(phone.id), { decision: 'refuse', cardSeen: true, reason: '再次' })).body.code).toBe(
      'HELD_DECIDED',
    )
  })

  test('a number of submissions from one account is looked at, not refused with a reason', async () => {
    const who = await t.resident('+8613900030020')
    const states = []
    for (let i = 0; i < 18; i++) {
      await t.sql('update account_person set ended_at = now() where account_id = $1', [who.id])
      await t.sql('update registration set erased_at = now() where account_id = $1', [who.id])
      const sent = await t.post(
        who,
        '/api/my/registration',
        t.body({ name: `钱${i}多`, number: citizen('1981-01-01', 100 + i) }),
      )
      states.push(sent.body.state ?? sent.body.code)
    }
    expect(states.slice(0, 16).every((state) => state === 'registered')).toBe(true)
    expect(states.slice(16)).toEqual(['checked', 'checked'])
  })
})

describe('two phones at once (case 76)', () => {
  test('two accounts that register one person at the same moment: one is bound, the other is looked at', async () => {
    const who = { name: '双方', number: citizen('1982-02-02', 91) }
    const [a, b] = [await t.resident('+8613900035001'), await t.resident('+8613900035002')]
    const sent = await Promise.all([a, b].map((one) => t.post(one, '/api/my/registration', t.body(who))))
    expect(sent.map((one) => String(one.body.state)).toSorted()).toEqual(['checked', 'registered'])
    expect(await count('account_person', `account_id = any($1) and ended_at is null`, [[a.id, b.id]])).toBe(1)
  })

  test('five equal posts of one form in parallel are one registration (case 58)', async () => {
    const one = await t.resident('+8613900035003')
    const form = t.body({ name: '五遍', number: citizen('1982-02-02', 92) })
    const sent = await Promise.all([1, 2, 3, 4, 5].map(() => t.post(one, '/api/my/registration', form)))
    expect(new Set(sent.map((each) => each.text)).size).toBe(1)
    expect(await count('declaration', 'id = $1', [form.id])).toBe(1)
  })

  test('an account whose registration was erased may become somebody else’s own', async () => {
    const one = await t.resident('+8613900035004')
    const first = await t.post(one, '/api/my/registration', t.body({ name: '先来', number: citizen('1982-02-02', 93) }))
    const other = t.body({ name: '后到', number: citizen('1983-03-03', 94) })
    expect((await t.post(one, '/api/my/registration', other)).body.code).toBe('REGISTERED_ALREADY')
    await t.post(one, '/api/my/data/erase', { personId: first.body.personId, kinds: ['registration'] })
    expect((await t.post(one, '/api/my/registration', other)).body.state).toBe('registered')
    const { items } = (await t.get(one, '/api/my/people')).body
    expect(items.map((each: any) => each.masked)).toEqual(['后*'])
  })

  test('official names are found for stays and for the home, and nothing finer than was asked for', async () => {
    const one = await t.resident('+8613900035005')
    const found = async (text: string, level: number) =>
      (await t.get(one, `/api/my/places?text=${encodeURIComponent(text)}&level=${level}`)).body.items
    expect(await found('武昌', 3)).toMatchObject([{ area: '420106', level: 3 }])
    expect((await found('历史街区', 5)).map((each: any) => each.area)).toContain(VILLAGE)
    expect(await found('历史街区', 3)).toEqual([])
  })
})

describe('a number goes to somebody else one day (REGISTER-4, REGISTER-5)', () => {
  const SUN = { name: '孙丽', number: citizen('1988-08-08', 61) }
  const PHONE = '+8613900040001'
  let old: Actor
  let personId: string

  test('before any document the number stands for whoever is known by it; bound, it alone sees nothing', async () => {
    personId = await t.known({ ...SUN, phone: PHONE })
    old = await t.resident(PHONE)
    expect((await t.get(old, '/api/my/registration')).body.me).toMatchObject({ personId, name: null, document: null })
    for (const url of ['/api/my/data?', '/api/my/data/opened?', '/api/my/data/copy?format=csv&'])
      expect([url, (await t.get(old, `${url}personId=${personId}`)).body.code]).toEqual([url, 'REGISTER_FIRST'])
    expect((await t.post(old, '/api/my/registration', t.body(SUN))).body.state).toBe('registered')
    const other = t.again(old)
    expect((await t.get(other, '/api/my/registration')).body).toMatchObject({ state: 'prove', me: null, draft: null })
    for (const url of [
      '/api/my/people',
      '/api/my/returns',
      `/api/my/data?personId=${personId}`,
      `/api/my/declarations?personId=${personId}`,
    ])
      expect([url, (await t.get(other, url)).body.code]).toEqual([url, 'PROOF_NEEDED'])
    expect((await t.get(other, '/api/my/observations')).body.items).toEqual([])
    expect((await t.get(old, '/api/my/people')).body.items).toHaveLength(1)
  })

  test('the document opens the other phone too; a wrong one never says what was wrong, and tries are counted (ACCESS-13)', async () => {
    const other = t.again(old)
    const wrong = await t.post(other, '/api/my/registration/prove', { document: SUN.number, name: '孙大圣' })
    const worse = await t.post(other, '/api/my/registration/prove', {
      document: citizen('1988-08-08', 62),
      name: '孙丽',
    })
    expect([wrong.body.code, worse.body.code]).toEqual(['PROOF_FAILED', 'PROOF_FAILED'])
    expect(wrong.text).toBe(worse.text)
    expect(
      (await t.post(other, '/api/my/registration/prove', { document: SUN.number.toLowerCase(), name: '孙丽' })).body,
    ).toEqual({ proved: true })
    expect((await t.get(other, '/api/my/people')).body.items).toHaveLength(1)
    const guesser = t.again(old)
    const codes = []
    for (let i = 0; i < 30; i++)
      codes.push((await t.post(guesser, '/api/my/registration/prove', { document: String(i), name: '孙丽' })).body.code)
    expect(codes).toContain('TOO_MANY_TRIES')
  })

  test('the new holder of the number begins with nothing, and the former one keeps everything on the open phone', async () => {
    const holder = t.again(old)
    expect((await t.post(holder, '/api/my/registration/new-holder', { sure: true })).body).toEqual({ again: true })
    const [made] = await t.sql('select id from account where phone_hash = $1', [
      t.server.keys.hash('account_phone', PHONE),
    ])
    expect(made.id).not.toBe(old.id)
    const fresh = t.actor({ area: '', roles: ['resident'], scope: [], id: made.id, sessionId: randomUUID() })
    expect((await t.get(fresh, '/api/my/registration')).body).toMatchObject({ state: 'none', me: null })
    expect((await t.get(fresh, '/api/my/people')).body.items).toEqual([])
    expect((await t.get(fresh, '/api/my/observations')).body.items).toEqual([])
    // Also somebody known by the number whom nobody ever bound.
    await t.known({ name: '孙小丽', phone: PHONE })
    expect((await t.get(fresh, '/api/my/people')).body.items).toEqual([])
    expect((await t.get(old, '/api/my/people')).body.items).toMatchObject([{ personId, relation: 'self' }])
    // The new holder with the old one's document: somebody looks first.
    const taken = await t.post(fresh, '/api/my/registration', t.body(SUN))
    expect(taken.body).toMatchObject({ state: 'checked', personId: null })
  })

  test('who has a new number proves it by a code, on the phone that is still open', async () => {
    const phone = '13900040099'
    const now = t.server.clock.now()
    const target = t.server.keys.hash('account_phone', `+86${phone}`)
    const codeId = randomUUID()
    await t.sql(
      `insert into one_time_code (id, target_hash, purpose, code_hash, created_at, expires_at) values ($1, $2, 'resident', $3, $4, $5)`,
      [codeId, target, t.server.keys.hash('code', `${codeId}\u0000246810`), now, new Date(now.getTime() + 300_000)],
    )
    expect((await t.post(old, '/api/my/registration/number', { phone, code: '000000' })).body.code).toBe(
      'NUMBER_NOT_CHANGED',
    )
    const changed = await t.post(old, '/api/my/registration/number', { phone, code: '246810' })
    expect(changed.body).toEqual({ phone: '139****0099' })
    expect((await t.get(old, '/api/my/registration')).body.me).toMatchObject({ personId, phone: `+86${phone}` })
  })

  test('another account that brings the document and was accepted takes over; the former one sees nothing more', async () => {
    const child = { ...t.body({ name: '孙苗苗', number: citizen('2015-01-01', 64) }), relation: 'child' }
    expect((await t.post(old, '/api/my/people', child)).body.state).toBe('registered')
    const who = await t.resident('+8613900040050')
    expect((await t.post(who, '/api/my/registration', t.body(SUN))).body.state).toBe('checked')
    const held = (await t.get(desk, '/api/registrations/held')).body.items
    const mine = held.find((one: any) => one.phone === '139****0050')
    expect(mine.why.map((one: any) => one.why).toSorted()).toEqual(['bound', 'phone'])
    await t.post(desk, `/api/registrations/held/${mine.id}/decide`, {
      decision: 'accept',
      cardSeen: true,
      reason: '当面核对',
    })
    expect((await t.get(who, '/api/my/people')).body.items).toMatchObject([{ personId }])
    expect((await t.get(old, '/api/my/people')).body.items).toEqual([])
    // Nor whom it stood for: whoever holds the old phone answers for nobody, and the child is added again.
    expect((await t.post(who, '/api/my/people', { ...child, id: randomUUID() })).body.state).toBe('registered')
    expect((await t.get(who, '/api/my/people')).body.items).toHaveLength(2)
  })
})
