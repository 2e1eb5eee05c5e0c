import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizen, COUNTY, document, GRID, OTHER_COUNTY, place, row, telephone, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { resolvePersons } from './resolving.ts'
import { boundedCount } from './store.ts'

let t: Place
let id = ''
let twin = ''
let household = ''
const SECRET = { name: '欧阳明月', phone: '13855556666', number: citizen('1977-07-07', 5), address: '临顿路5号' }

beforeAll(async () => {
  t = await place()
  await t.sql(
    `insert into address_point (county, id, village, street, parity, area, source) values ($1, gen_random_uuid(), $2, '临顿路', 0, $3, 'test')`,
    [COUNTY, VILLAGE, GRID],
  )
  const [r] = await t.register([
    row({
      document: document(SECRET.number),
      name: SECRET.name,
      phone: telephone(SECRET.phone),
      address: SECRET.address,
    }),
  ])
  id = r?.personId ?? ''
  await resolvePersons(t.server, { limit: 10 })
  const [u] = await t.register([row({ name: SECRET.name, phone: telephone(SECRET.phone) })])
  twin = u?.personId ?? ''
  household = '01900000-0000-7000-8000-000000000001'
  const made = await t.request(t.as(GRID, ['worker']), 'POST', '/api/households', {
    id: household,
    area: GRID,
    kind: 'home',
    address: SECRET.address,
    door: '5',
    members: [{ name: SECRET.name, document: SECRET.number }],
    continueReason: '已核对',
  })
  if (made.status !== 200) throw new Error(made.text)
})
afterAll(() => t.close())

describe('another county finds nothing, by any route (case 43)', () => {
  it('answers not found, and leaves a line of the try', async () => {
    const far = t.as(OTHER_COUNTY, ['operator', 'chief'])
    const [review] = await t.sql('select id from person_review limit 1')
    const asked: ['GET' | 'POST', string, object?][] = [
      ['GET', `/api/people/${id}`],
      ['GET', `/api/people?area=${COUNTY}`],
      ['GET', `/api/people/unresolved?area=${COUNTY}`],
      ['GET', `/api/people/reviews?area=${COUNTY}`],
      ['POST', '/api/people/search', { text: SECRET.name, area: COUNTY }],
      ['POST', '/api/people/near', { name: SECRET.name, phone: SECRET.phone, area: COUNTY }],
      ['POST', '/api/people', { name: '新来的', phone: '13899990000', area: COUNTY }],
      ['POST', `/api/people/${id}/open`, { purpose: 'contact_person' }],
      ['POST', '/api/people/open-page', { ids: [id], purpose: 'contact_person' }],
      ['POST', `/api/people/${id}/move`, { area: OTHER_COUNTY, fromDay: '2026-01-01' }],
      ['POST', `/api/people/${id}/undo-merge`, { reason: '试试' }],
      ['POST', '/api/people/merge', { from: id, into: twin, reason: '试试' }],
      ['POST', `/api/people/unresolved/${twin}/assign`, { area: OTHER_COUNTY }],
      ['POST', `/api/people/reviews/${review.id}/decide`, { decision: 'different' }],
      ['GET', `/api/households?area=${COUNTY}`],
      ['GET', `/api/households/${household}`],
      ['POST', '/api/households/near', { area: GRID, address: SECRET.address }],
      ['POST', '/api/households', { id: '01900000-0000-7000-8000-0000000000ff', area: GRID, kind: 'home' }],
      ['POST', '/api/households/import', { area: COUNTY, source: 'test', rows: [{ row: 1 }] }],
    ]
    for (const [method, url, body] of asked) {
      const answer = await t.request(far, method, url, body)
      expect([method, url, answer.status, answer.body.code]).toEqual([method, url, 404, 'NOT_FOUND'])
      expect(answer.text).not.toContain(SECRET.name)
    }
    const lines = await t.sql("select verb from audit where outcome = 'refused' and actor = $1", [far.id])
    expect(lines).toHaveLength(asked.length)
  })

  it('shows it nothing in its own lists and searches', async () => {
    const far = t.as(OTHER_COUNTY)
    for (const url of ['/api/people', '/api/people/unresolved', '/api/people/reviews', '/api/households']) {
      expect({ url, ...(await t.request(far, 'GET', url)).body }).toMatchObject({
        url,
        items: [],
        total: 0,
        next: null,
      })
    }
    for (const text of [
      SECRET.name,
      'ouyangmingyue',
      'oymy',
      SECRET.phone,
      '6666',
      '1977-07-07',
      SECRET.number,
      SECRET.address,
    ]) {
      expect([text, (await t.request(far, 'POST', '/api/people/search', { text })).body.total]).toEqual([text, 0])
    }
    const near = await t.request(far, 'POST', '/api/people/near', {
      name: SECRET.name,
      document: SECRET.number,
      phone: SECRET.phone,
      area: OTHER_COUNTY,
    })
    expect(near.body.items).toEqual([])
  })

  it('gives no rows to whoever has no scope (case 7)', async () => {
    const nobody = t.actor({ area: COUNTY, scope: [], roles: ['operator'] })
    for (const url of ['/api/people', '/api/people/unresolved', '/api/people/reviews', '/api/households']) {
      expect([url, (await t.request(nobody, 'GET', url)).body.total]).toEqual([url, 0])
    }
    expect((await t.request(nobody, 'GET', `/api/people/${id}`)).status).toBe(404)
    expect((await t.request(nobody, 'POST', `/api/people/${id}/open`, { purpose: 'contact_person' })).status).toBe(404)
  })

  it('is refused to roles that read no persons, and to the logged out', async () => {
    expect((await t.request(t.as(COUNTY, ['analyst']), 'GET', '/api/people')).status).toBe(403)
    expect((await t.request(null, 'GET', '/api/people')).status).toBe(401)
  })

  it('filters by area AND scope (case 16)', async () => {
    const worker = t.as(GRID, ['worker'])
    const list = (await t.request(worker, 'GET', `/api/people?area=${COUNTY}`)).body
    expect(list.items.map((i: { area: string }) => i.area)).toEqual([GRID])
    expect(list.total).toBe(1)
  })
})

describe('masked everywhere (PEOPLE-11)', () => {
  it('shows no name, number, telephone or address in any list, page or search', async () => {
    const desk = t.as(COUNTY, ['operator', 'chief'])
    const answers = [
      await t.request(desk, 'GET', '/api/people'),
      await t.request(desk, 'GET', `/api/people/${id}`),
      await t.request(desk, 'GET', '/api/people/unresolved'),
      await t.request(desk, 'GET', '/api/people/reviews'),
      await t.request(desk, 'GET', '/api/households'),
      await t.request(desk, 'GET', `/api/households/${household}`),
      await t.request(desk, 'POST', '/api/people/search', { text: SECRET.name }),
      await t.request(t.as(VILLAGE), 'POST', '/api/people/search', { text: '欧阳' }),
      await t.request(desk, 'POST', '/api/people/near', { name: SECRET.name, phone: SECRET.phone, area: COUNTY }),
      await t.request(desk, 'POST', '/api/households/near', { area: GRID, address: SECRET.address }),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      for (const secret of [SECRET.name, '明月', SECRET.phone, SECRET.number, SECRET.address])
        expect(answer.text).not.toContain(secret)
    }
    expect(answers[0]?.text).toContain('欧阳**')
    expect(
      (await t.sql("select count(*)::int as n from audit where verb = 'person.open' and outcome = 'done'"))[0].n,
    ).toBe(0)
  })
})

describe('opening an identity (PEOPLE-11)', () => {
  it('opens for a purpose of the list and leaves a line with the id', async () => {
    const desk = t.as(COUNTY)
    const opened = await t.request(desk, 'POST', `/api/people/${id}/open`, { purpose: 'contact_person' })
    expect(opened.body).toEqual({
      personId: id,
      name: SECRET.name,
      document: { kind: 'resident', country: 'CN', number: SECRET.number },
      phone: '+8613855556666',
      birth: '1977-07-07',
      address: SECRET.address,
    })
    const [line] = await t.sql("select * from audit where verb = 'person.open' and actor = $1", [desk.id])
    expect(line).toMatchObject({ purpose: 'contact_person', ids: [id], thing_id: id, outcome: 'done' })
    expect(JSON.stringify(line)).not.toContain(SECRET.name)
    expect((await t.request(desk, 'POST', `/api/people/${id}/open`, { purpose: 'curiosity' })).status).toBe(400)
    expect((await t.request(desk, 'POST', `/api/people/${id}/open`, {})).status).toBe(400)
  })

  it('sends a page to a phone with one line that lists the ids; one id outside refuses it', async () => {
    const worker = t.as(COUNTY, ['worker'])
    const page = await t.request(worker, 'POST', '/api/people/open-page', { ids: [id, twin], purpose: 'check_at_door' })
    expect(page.body.items).toHaveLength(2)
    const lines = await t.sql("select * from audit where verb = 'person.open' and actor = $1", [worker.id])
    expect(lines).toHaveLength(1)
    expect(lines[0].ids).toEqual([id, twin].toSorted())
    const outside = await t.request(t.as(GRID, ['worker']), 'POST', '/api/people/open-page', {
      ids: [id, twin],
      purpose: 'check_at_door',
    })
    expect(outside.status).toBe(404)
  })

  it('shows nothing when the data key has been destroyed', async () => {
    const lone = await place()
    const [r] = await lone.register([row({ name: '短暂', phone: telephone('13811112222') })])
    await lone.sql('update data_key set wrapped = null, destroyed_at = now()')
    lone.server.keys.forget()
    const opened = await lone.request(lone.as(COUNTY), 'POST', `/api/people/${r?.personId}/open`, {
      purpose: 'contact_person',
    })
    expect(opened.body).toMatchObject({ name: null, phone: null, document: null })
    // What can no longer be opened breaks no later batch.
    const later = [
      row({ name: '短暂', phone: telephone('13811112222') }),
      row({ name: '短站', phone: telephone('13811112222') }),
    ]
    expect((await lone.register(later)).map((x) => x.outcome)).toEqual(['unchanged', 'created'])
    await lone.close()
  })
})

describe('search (PEOPLE-10)', () => {
  it('finds by exact value above a community, in every way', async () => {
    const desk = t.as(COUNTY)
    const by = async (text: string) => {
      const { body } = await t.request(desk, 'POST', '/api/people/search', { text })
      return [body.by, body.loose, body.total]
    }
    expect(await by(SECRET.name)).toEqual(['name', false, 2])
    expect(await by('ouyang mingyue')).toEqual(['pinyin', false, 2])
    expect(await by('6666')).toEqual(['phone_end', false, 2])
    expect(await by('１３８５５５５６６６６')).toEqual(['phone', false, 2])
    expect(await by('19770707')).toEqual(['birth', false, 1])
    expect(await by(SECRET.number)).toEqual(['document', false, 1])
    expect(await by('临顿路 5号')).toEqual(['address', false, 1])
    expect(await by('欧阳')).toEqual(['name', false, 0])
    const initials = await t.request(desk, 'POST', '/api/people/search', { text: 'oymy', by: 'initials' })
    expect(initials.body.total).toBe(2)
  })

  it('opens rows within a community and finds parts, sounds and slips', async () => {
    const desk = t.as(VILLAGE)
    for (const text of ['欧阳', '欧阳明悦', 'ouyang', 'oym', '临顿路', '556666', '1977-07']) {
      const { body } = await t.request(desk, 'POST', '/api/people/search', {
        text,
        ...(text === '556666' ? { by: 'phone_end' } : {}),
        ...(text === 'oym' ? { by: 'initials' } : {}),
      })
      expect([text, body.loose, body.total]).toEqual([text, true, 1])
    }
    expect((await t.request(desk, 'POST', '/api/people/search', { text: '司马' })).body.total).toBe(0)
  })

  it('asks for a smaller area instead of counting without end', async () => {
    const { db } = t.server.jobsPool
    await expect(boundedCount(db, sql`from person`, 1)).rejects.toMatchObject({ body: { code: 'LIST_TOO_WIDE' } })
    expect(await boundedCount(db, sql`from person`, 2)).toBe(2)
  })

  it('finds a merged record under its own number as the one that stands for it', async () => {
    const number = citizen('1976-06-06', 3)
    const [old] = await t.register([row({ document: document(number), name: '并入者' })])
    const [kept] = await t.register([row({ document: document(citizen('1976-06-06', 23)), name: '保留者' })])
    await t.request(t.as(COUNTY), 'POST', '/api/people/merge', {
      from: old?.personId,
      into: kept?.personId,
      reason: '换证',
    })
    const found = await t.request(t.as(COUNTY), 'POST', '/api/people/search', { text: number })
    expect(found.body.items.map((i: { personId: string }) => i.personId)).toEqual([kept?.personId])
  })

  it('pages without repeating or missing, with the exact total', async () => {
    await t.register(
      Array.from({ length: 23 }, (_, i) =>
        row({ document: document(citizen('1999-09-09', i + 1)), name: '重名者', area: i % 2 === 0 ? COUNTY : VILLAGE }),
      ),
    )
    for (const actor of [t.as(COUNTY), t.as(VILLAGE)]) {
      const seen: string[] = []
      let cursor: string | null = null
      let total = 0
      do {
        const { body }: { body: { items: { personId: string }[]; next: string | null; total: number } } =
          await t.request(actor, 'POST', '/api/people/search', {
            text: '重名者',
            limit: 5,
            ...(cursor === null ? {} : { cursor }),
          })
        seen.push(...body.items.map((i) => i.personId))
        cursor = body.next
        total = body.total
      } while (cursor !== null)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength(total)
      expect(total).toBe(actor.area === COUNTY ? 23 : 11)
    }
  })
})
