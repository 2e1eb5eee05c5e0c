import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personsOfAccount } from '../people/account-persons.ts'
import { citizen, COUNTY, DAY, GRID, OTHER_COUNTY, OTHER_GRID, registrationPlace, VILLAGE } from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

let t: Place
beforeAll(async () => {
  t = await registrationPlace()
})
afterAll(() => t.close())

const people = async (who: Actor): Promise<any> => (await t.get(who, '/api/my/people')).body
const of = async (who: Actor): Promise<string[]> =>
  t.server.read(
    who,
    'test.persons',
    null,
    async (ctx) => (await personsOfAccount(ctx)).map((one) => one.relation),
    'all',
  )

describe('a mother with two children and her father (REGISTER-12, REGISTER-13; Show 6)', () => {
  let mother: Actor
  const ids = new Map<string, string>()
  const add = (relation: string, name: string, number: string, more: object = {}) =>
    t.post(mother, '/api/my/people', { ...t.body({ name, number }), relation, ...more })

  test('who is not registered adds nobody', async () => {
    mother = await t.resident('+8613900050001')
    expect((await add('child', '陈小一', citizen('2002-02-25', 1))).body.code).toBe('REGISTER_FIRST')
    expect(
      (await t.post(mother, '/api/my/registration', t.body({ name: '陈芳', number: citizen('1980-06-06', 22) }))).body
        .state,
    ).toBe('registered')
  })

  test('four people on one phone, each under a document of their own; the elder is told', async () => {
    for (const [relation, name, number, more] of [
      ['child', '陈小一', citizen('2002-02-25', 1), {}],
      ['child', '陈小二', citizen('2012-09-01', 2), {}],
      ['parent', '陈大山', citizen('1948-01-01', 31), { phone: '13900050002' }],
    ] as const) {
      const added = await add(relation, name, number, more)
      expect([name, added.body.state, added.text]).toEqual([name, 'registered', expect.any(String)])
      ids.set(name, added.body.personId)
    }
    const mine = await people(mother)
    expect(mine.items.map((one: any) => [one.relation, one.masked, one.until, one.registered])).toEqual(
      expect.arrayContaining([
        ['self', '陈*', null, true],
        ['child', '陈*一', '2020-02-24', true],
        ['child', '陈*二', '2030-08-31', true],
        ['parent', '陈*山', null, true],
      ]),
    )
    expect(mine.items[0].relation).toBe('self')
    expect(mine.limits).toMatchObject({ max: 6, used: 3, closed: null })
    await t.drain()
    const [link] = await t.sql(`select noticed_at from account_person where relation = 'parent'`)
    expect(link.noticed_at).not.toBeNull()
    expect((await t.sql(`select count(*)::int as n from sms_shown where to_masked like '%0002'`))[0].n).toBe(1)
    const answers = {
      situation: 'living',
      registeredHere: true,
      underMeasure: false,
      symptoms: [{ code: 'fever', from: DAY }],
    }
    const said = await t.post(mother, '/api/my/declarations', {
      id: randomUUID(),
      personId: ids.get('陈小二'),
      answers,
      words: { purpose: 'home' },
      promise: true,
    })
    expect(said.body.n).toBe(2)
    expect(await t.colour(ids.get('陈小二') ?? '')).toBe('yellow')
  })

  test('by age and by number of people, as the place has it', async () => {
    expect((await add('child', '陈小三', citizen('2002-02-20', 3))).body).toMatchObject({ code: 'NOT_A_CHILD' })
    expect((await add('parent', '陈阿姨', citizen('1960-02-21', 4))).body).toMatchObject({ code: 'NOT_AN_ELDER' })
    for (const [i, name] of ['陈小四', '陈小五', '陈小六'].entries())
      expect((await add('child', name, citizen('2015-01-01', 10 + i))).body.state).toBe('registered')
    expect((await add('child', '陈小七', citizen('2015-01-01', 20))).body).toMatchObject({ code: 'TOO_MANY_WARDS' })
    expect((await people(mother)).limits).toMatchObject({ used: 6, closed: { zh: expect.any(String) } })
    for (const one of (await people(mother)).items.filter((item: any) =>
      ['陈*四', '陈*五', '陈*六'].includes(item.masked),
    ))
      expect((await t.post(mother, `/api/my/people/${one.personId}/end`, {})).body.ended).toBe(true)
    expect((await people(mother)).limits.used).toBe(3)
  })

  test('who is red or yellow adds nobody where the place says green holders only', async () => {
    const answers = { situation: 'living', registeredHere: true, underMeasure: false }
    const self = (await people(mother)).items[0].personId
    const say = (more: object) =>
      t.post(mother, '/api/my/declarations', {
        id: randomUUID(),
        personId: self,
        answers: { ...answers, ...more },
        words: { purpose: 'home' },
        promise: true,
      })
    await say({ symptoms: [{ code: 'fever', from: DAY }] })
    expect((await add('child', '陈小八', citizen('2016-01-01', 30))).body.code).toBe('HOLDER_NOT_GREEN')
    await say({})
    expect((await people(mother)).limits.closed).toBeNull()
  })

  test('case 67: the account stands for the eldest to the end of the last day at seventeen, and not a day longer', async () => {
    const eldest = ids.get('陈小一') ?? ''
    t.at('2020-02-24', 23)
    expect(await of(mother)).toEqual(expect.arrayContaining(['self', 'child', 'child', 'parent']))
    expect((await t.get(mother, `/api/my/declarations?personId=${eldest}`)).status).toBe(200)
    t.at('2020-02-25', 0)
    expect((await of(mother)).toSorted()).toEqual(['child', 'parent', 'self'])
    expect((await t.get(mother, `/api/my/declarations?personId=${eldest}`)).status).toBe(404)
    expect((await t.post(mother, `/api/my/people/${eldest}/end`, {})).status).toBe(404)
    t.at(DAY)
    expect((await of(mother)).length).toBe(4)
  })

  test('a birth date that was wrong is put right, and the end with it', async () => {
    const who = await t.resident('+8613900050010')
    await t.post(who, '/api/my/registration', t.body({ name: '吴刚', number: citizen('1980-07-07', 41) }))
    const added = await t.post(who, '/api/my/people', {
      ...t.body({ name: 'Tom Wu', number: 'X1234567', birth: '2010-05-05' }),
      who: { document: { kind: 'passport', country: 'GB', number: 'X1234567' }, name: 'Tom Wu', birth: '2010-05-05' },
      relation: 'child',
    })
    expect(added.body.state).toBe('registered')
    await t.post(who, '/api/my/registration/correct', {
      personId: added.body.personId,
      changes: { birth: '2011-05-05' },
    })
    expect((await people(who)).items.find((one: any) => one.relation === 'child').until).toBe('2029-05-04')
    const part = await t.post(who, '/api/my/people', {
      ...t.body({ name: 'Ann Wu', number: 'X7654321' }),
      who: { document: { kind: 'passport', country: 'GB', number: 'X7654321' }, name: 'Ann Wu', birth: '2010' },
      relation: 'child',
    })
    expect(part.body.code).toBe('BIRTH_NEEDED')
  })

  test('who has registered alone is nobody’s ward: held without a word; who registers alone ends it', async () => {
    const elder = await t.resident('+8613900050002')
    const number = citizen('1948-01-01', 31)
    expect((await t.post(elder, '/api/my/registration', t.body({ name: '陈大山', number }))).body.state).toBe(
      'registered',
    )
    expect((await people(mother)).items.map((one: any) => one.relation)).not.toContain('parent')
    const again = await add('parent', '陈大山', number, { phone: '13900050002' })
    expect(again.body).toEqual({ state: 'checked', personId: null, n: null, need: 'may' })
    expect((await people(mother)).checking).toBe(1)
  })
})

describe('by a worker, for somebody who cannot (REGISTER-17)', () => {
  test('the card in hand, the worker named, no account; another name is looked at; elsewhere is not there', async () => {
    const worker = t.actor({ area: GRID, roles: ['worker'], name: '网格员甲' })
    const { promise: _, ...form } = t.body({ name: '何阿婆', number: citizen('1935-05-05', 51) })
    const sent = await t.post(worker, '/api/registrations/proxy', form)
    expect([sent.status, sent.body.state, sent.text]).toEqual([200, 'registered', expect.any(String)])
    expect(sent.body.masked).toBe('何*婆')
    await t.drain()
    const [row] = await t.sql('select by, by_account, account_id, home_area from registration where person_id = $1', [
      sent.body.personId,
    ])
    expect(row).toEqual({ by: 'proxy', by_account: worker.id, account_id: null, home_area: GRID })
    expect((await t.post(worker, '/api/registrations/proxy', form)).body.n).toBe(1)
    const other = { ...form, id: randomUUID(), who: { ...(form['who'] as object), name: '林黛玉' } }
    expect((await t.post(worker, '/api/registrations/proxy', other)).body).toMatchObject({
      state: 'checked',
      personId: null,
    })
    const away = t.actor({ area: OTHER_GRID, roles: ['worker'] })
    expect((await t.post(away, '/api/registrations/proxy', { ...form, id: randomUUID() })).status).toBe(404)
    const resident = await t.resident('+8613900050020')
    expect((await t.post(resident, '/api/registrations/proxy', { ...form, id: randomUUID() })).status).toBe(404)
  })
})

describe('lists and figures of the desk (REGISTER-18)', () => {
  test('each figure equals the list that it opens; masked; another county sees nothing', async () => {
    const desk = t.actor({ area: COUNTY, roles: ['operator'] })
    await t.drain()
    const figures = (await t.get(desk, '/api/registrations/figures')).body
    const total = async (query: string): Promise<number> =>
      (await t.get(desk, `/api/registrations?from=${figures.from}&to=${figures.to}${query}`)).body.total
    expect(figures.total.registered).toBeGreaterThan(5)
    expect(figures.total.registered).toBe(await total(''))
    expect(figures.total.must).toBe(await total('&need=must'))
    expect(figures.total.proxy).toBe(await total('&by=proxy'))
    expect(figures.total.unplaced).toBe(await total('&place=unplaced'))
    for (const area of figures.areas)
      expect([area.area, area.registered]).toEqual([area.area, await total(`&area=${area.area}`)])
    for (const day of figures.days)
      expect(day.registered).toBe((await t.get(desk, `/api/registrations?from=${day.day}&to=${day.day}`)).body.total)
    expect(figures.total.held).toBe((await t.get(desk, '/api/registrations/held')).body.total)
    const seen = new Set<string>()
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: any = (
        await t.get(desk, `/api/registrations?limit=3${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      ).body
      for (const one of page.items) seen.add(one.personId)
      cursor = page.next
    }
    expect(seen.size).toBe(await total(''))
    const { items } = (await t.get(desk, '/api/registrations')).body
    expect(items.every((one: any) => one.masked.includes('*') && one.area.startsWith(COUNTY))).toBe(true)
    const other = t.actor({ area: OTHER_COUNTY, roles: ['operator'] })
    expect((await t.get(other, '/api/registrations')).body.total).toBe(0)
    expect((await t.get(other, `/api/registrations?area=${VILLAGE}`)).status).toBe(404)
    const worker = t.actor({ area: GRID, roles: ['worker'] })
    expect((await t.get(worker, '/api/registrations')).body.total).toBeGreaterThan(0)
    const volunteer = t.actor({ area: GRID, roles: ['volunteer'] })
    expect((await t.get(volunteer, '/api/registrations')).status).toBe(403)
  })
})
