import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizen, COUNTY, document, GRID, OTHER_COUNTY, OTHER_GRID, place, row, telephone } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'

let t: Place
let far: Actor
let home: Actor
beforeAll(async () => {
  t = await place()
  far = t.as(OTHER_COUNTY, ['operator', 'chief'])
  home = t.as(COUNTY, ['operator', 'chief'])
})
afterAll(() => t.close())

let n = 0
/** A name, number and telephone that nobody has. */
function somebody(): { name: string; number: string; phone: string } {
  n++
  const names = ['申屠明', '濮阳青', '公冶文', '澹台光', '宗政华', '太叔平', '轩辕安', '令狐秋', '钟离川', '宇文岳']
  const number = citizen(`19${60 + n}-03-0${(n % 9) + 1}`, 41 + 2 * n)
  return { name: names[n % names.length] ?? '', number, phone: `1377777${String(1000 + n * 7)}` }
}
type Who = ReturnType<typeof somebody>

/** At home behind a door of the other county, placed by its register. */
async function known(who: Who): Promise<string> {
  const made = await t.request(home, 'POST', '/api/people', {
    name: who.name,
    document: who.number,
    phone: who.phone,
    area: GRID,
  })
  expect(made.body.outcome).toBe('created')
  return made.body.personId
}

/** Everything that a desk can ask about somebody whom it registers, in one order; ids, names, numbers and times taken out. */
async function everything(who: Who): Promise<unknown[]> {
  const told: unknown[] = []
  const ids = new Map<string, string>()
  const plain = (text: string): string => {
    let out = text
      .replaceAll(who.name, '<name>')
      .replaceAll(who.number, '<number>')
      .replaceAll(who.phone, '<phone>')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replaceAll(/"birth":"[^"]*"/g, '<birth>')
      .replaceAll(/"masked":"[^"]*"/g, '<masked>')
    for (const id of out.match(/[0-9a-f]{8}-[0-9a-f]{4}-\d[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []) {
      if (!ids.has(id)) ids.set(id, `<id ${ids.size} of version ${id[14]}>`)
      out = out.replaceAll(id, ids.get(id) ?? '')
    }
    return out
  }
  const ask = async (method: 'GET' | 'POST', url: string, body?: object): Promise<any> => {
    const answer = await t.request(far, method, url, body)
    const shown = plain(url)
    told.push([method, shown, body === undefined ? '' : plain(JSON.stringify(body)), answer.status, plain(answer.text)])
    return answer.body
  }
  const fields = { name: who.name, document: who.number, phone: who.phone }
  await ask('POST', '/api/people/near', { ...fields, area: OTHER_COUNTY })
  const { personId } = await ask('POST', '/api/people', { ...fields, area: OTHER_COUNTY })
  await ask('GET', `/api/people/${personId}`)
  await ask('POST', '/api/people', { ...fields, area: OTHER_COUNTY })
  await ask('POST', '/api/people', { ...fields, name: '完全不同', area: OTHER_COUNTY })
  await ask('POST', '/api/people/near', { ...fields, area: OTHER_COUNTY })
  for (const text of [who.number, who.name, who.phone]) await ask('POST', '/api/people/search', { text })
  await ask('GET', '/api/people/unresolved')
  await ask('GET', '/api/people/reviews')
  await ask('POST', `/api/people/unresolved/${personId}/assign`, { area: OTHER_GRID })
  await ask('GET', `/api/people/${personId}`)
  await ask('POST', `/api/people/${personId}/open`, { purpose: 'contact_person' })
  const made = await ask('POST', '/api/households', {
    id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    area: OTHER_GRID,
    kind: 'home',
    door: `${n}号`,
    members: [fields],
  })
  await ask('GET', `/api/households/${made.household.id}`)
  const rows = [{ row: 1, ...fields, grid: OTHER_GRID, externalId: `E${n}` }]
  await ask('POST', '/api/households/import', { area: OTHER_COUNTY, source: 'register', rows })
  await ask('POST', '/api/households/import', { area: OTHER_COUNTY, source: 'register', rows })
  await ask('POST', `/api/people/${personId}/move`, { area: OTHER_COUNTY, fromDay: '2026-01-01' })
  await ask('GET', `/api/people/${personId}`)
  // Out of the way of the next one, who is asked for in the same lists.
  await t.sql('delete from unresolved where person_id = $1', [personId])
  await t.sql("update person_review set state = 'kept' where person_id = $1 and kind = 'name_clash'", [personId])
  return told.map((one) => JSON.stringify(one).replaceAll(`${n}号`, '<door>').replaceAll(`E${n}`, '<external>'))
}

describe('who is known elsewhere is somebody new here (PEOPLE-17, ACCESS-3)', () => {
  it('answers every question as for somebody whom nobody knows', async () => {
    const stranger = await everything(somebody())
    const who = somebody()
    const id = await known(who)
    const before = await t.sql('select * from person where person_id = $1', [id])
    const told = await everything(who)
    expect(told).toEqual(stranger)
    expect(stranger.some((line) => String(line).includes('created'))).toBe(true)
    expect(await t.sql('select * from person where person_id = $1', [id])).toEqual(before)
    expect((await t.sql('select count(*)::int as n from residence where person_id = $1', [id]))[0].n).toBe(1)
  })

  it('does so for who has no document as well', async () => {
    const who = { ...somebody() }
    const first = await t.request(home, 'POST', '/api/people', { name: who.name, phone: who.phone, area: GRID })
    const [here, again] = [
      await t.request(far, 'POST', '/api/people', { name: who.name, phone: who.phone, area: OTHER_GRID }),
      await t.request(far, 'POST', '/api/people', { name: who.name, phone: who.phone, area: OTHER_GRID }),
    ]
    expect([here.body.outcome, again.body.outcome]).toEqual(['created', 'unchanged'])
    expect(here.body.personId).not.toBe(first.body.personId)
    expect(again.body.personId).toBe(here.body.personId)
    expect((await t.request(home, 'GET', `/api/people/${first.body.personId}`)).body.area).toBe(GRID)
  })

  it('makes one record of many desks of one place at once, and one for each of two places', async () => {
    const who = somebody()
    await known(who)
    const body = { name: who.name, document: who.number }
    const town = t.as('320506001', ['operator'])
    const made = await Promise.all([
      ...Array.from({ length: 6 }, () => t.request(far, 'POST', '/api/people', { ...body, area: OTHER_GRID })),
      ...Array.from({ length: 6 }, () => t.request(town, 'POST', '/api/people', { ...body, area: OTHER_GRID })),
    ])
    expect(made.map((m) => m.status)).toEqual(Array.from({ length: 12 }, () => 200))
    expect(new Set(made.map((m) => m.body.personId)).size).toBe(1)
    const other = await t.request(t.as('320508001002'), 'POST', '/api/people', { ...body, area: '320508001002001' })
    expect(other.body.outcome).toBe('created')
    expect(other.body.personId).not.toBe(made[0]?.body.personId)
  })

  it('leaves to a feed whom it names: the fact is the person’s, wherever the feed comes from', async () => {
    const who = somebody()
    const id = await known(who)
    const [fed] = await t.register([row({ document: document(who.number), name: who.name, area: OTHER_COUNTY })])
    expect(fed).toEqual({ personId: id, outcome: 'unchanged' })
  })

  it('lets a desk above both see both', async () => {
    const who = somebody()
    const id = await known(who)
    const city = t.as('3205')
    const made = await t.request(city, 'POST', '/api/people', { name: who.name, document: who.number, area: '3205' })
    expect(made.body).toEqual({ personId: id, outcome: 'unchanged' })
  })
})

describe('the home centre decides (PEOPLE-17)', () => {
  async function registeredAway(): Promise<{ who: Who; id: string; guest: string; review: string }> {
    const who = somebody()
    const id = await known(who)
    const { body } = await t.request(far, 'POST', '/api/households', {
      id: `01900000-0000-7000-8000-1${String(n).padStart(11, '0')}`,
      area: OTHER_GRID,
      kind: 'home',
      address: `长桥街道${n}号`,
      members: [{ name: who.name, document: who.number }],
    })
    const guest = body.members[0].personId
    const list = (await t.request(home, 'GET', '/api/people/reviews?kind=same_document')).body
    const review = list.items.find((item: { person: { personId: string } }) => item.person.personId === id)
    expect(review).toMatchObject({
      other: null,
      otherMasked: expect.stringContaining('*'),
      reasons: [{ zh: '在 吴中区 长桥街道 新家社区 第一网格 登记' }],
    })
    expect(JSON.stringify(list)).not.toContain(guest)
    return { who, id, guest, review: review.id }
  }
  const decide = (who: Actor, review: string, decision: string) =>
    t.request(who, 'POST', `/api/people/reviews/${review}/decide`, { decision })

  it('says that the person has moved: one person, living there, whose record here is history', async () => {
    const { who, id, guest, review } = await registeredAway()
    expect((await decide(home, review, 'merge')).status).toBe(400)
    expect((await decide(far, review, 'moved')).status).toBe(404)
    expect((await decide(home, review, 'moved')).body).toEqual({ id: review, state: 'merged' })
    const there = await t.request(far, 'GET', `/api/people/${guest}`)
    expect(there.body).toMatchObject({ personId: id, area: OTHER_GRID, mergedFrom: [guest], inReview: false })
    expect(there.body.residences.map((r: { area: string }) => r.area).toSorted()).toEqual([
      OTHER_GRID,
      OTHER_GRID,
      GRID,
    ])
    const door = await t.request(far, 'GET', `/api/households/${there.body.householdId}`)
    expect([door.body.members, door.body.people.length]).toEqual([1, 1])
    expect((await t.request(home, 'GET', `/api/people/${id}`)).status).toBe(404)
    const again = await t.request(far, 'POST', '/api/people', {
      name: who.name,
      document: who.number,
      area: OTHER_GRID,
    })
    expect(again.body).toEqual({ personId: id, outcome: 'unchanged' })
    const opened = await t.request(far, 'POST', `/api/people/${id}/open`, { purpose: 'contact_person' })
    expect(opened.body.address).toContain('长桥街道')
  })

  it('says that the person stays: nothing changes for either, and it is not asked again', async () => {
    const { who, id, guest, review } = await registeredAway()
    expect((await decide(home, review, 'stays')).body).toEqual({ id: review, state: 'kept' })
    expect((await t.request(home, 'GET', `/api/people/${id}`)).body).toMatchObject({ area: GRID, inReview: false })
    expect((await t.request(far, 'GET', `/api/people/${guest}`)).body.personId).toBe(guest)
    const again = await t.request(far, 'POST', '/api/people', {
      name: who.name,
      document: who.number,
      area: OTHER_GRID,
    })
    expect(again.body).toEqual({ personId: guest, outcome: 'unchanged' })
    const open = await t.request(home, 'GET', '/api/people/reviews?kind=same_document')
    expect(open.body.items.filter((item: { id: string }) => item.id === review)).toEqual([])
  })

  it('keeps the telephone of somebody elsewhere out of a pair that only the city sees', async () => {
    const phone = telephone('13766660000')
    await t.register([row({ document: document(citizen('1955-05-05', 7)), name: '尉迟恭敬', phone })])
    const made = await t.request(far, 'POST', '/api/people', {
      name: '尉迟恭敬',
      phone: '13766660000',
      birth: '1955-05-05',
      area: OTHER_COUNTY,
    })
    const line = await t.request(far, 'GET', `/api/people/${made.body.personId}`)
    expect(line.body.inReview).toBe(false)
    const put = await t.request(far, 'POST', `/api/people/unresolved/${made.body.personId}/assign`, {
      area: OTHER_GRID,
    })
    expect([put.status, put.body.state]).toEqual([200, 'moved'])
  })
})
