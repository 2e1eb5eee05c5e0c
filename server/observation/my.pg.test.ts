import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { myRoutes } from './my-routes.ts'
import { item, readingPlace } from './readings.fixture.ts'
import type { Place } from './readings.fixture.ts'
import { serviceRoutes } from './service-routes.ts'

const GRID = '320505001001001'
let p: Place
let desk: Actor
let mother: Actor
let stranger: Actor
let own: { id: string; county: string }
let child: { id: string; county: string }

beforeAll(async () => {
  p = await readingPlace([myRoutes, serviceRoutes])
  desk = p.actor({ area: '320505', roles: ['operator'] })
  const motherId = await p.somebody({ area: GRID, phone: '+8613900003001', masked: '李*英' })
  const childId = await p.somebody({ area: GRID, masked: '李*乐' })
  own = await p.observe({ desk, personId: motherId })
  child = await p.observe({ desk, personId: childId, responder: motherId })
  mother = await p.resident('+8613900003001')
  stranger = await p.resident('+8613900003002')
})
afterAll(() => p.close())

describe("the resident's page", () => {
  test('shows the own days and those of a child for whom one answers, and nothing to anybody else', async () => {
    const mine = await p.get(mother, '/api/my/observations')
    expect(mine.items.map((one: any) => [one.masked, one.self, one.standing.day, one.standing.of])).toEqual(
      expect.arrayContaining([
        ['李*英', true, 0, 14],
        ['李*乐', false, 0, 14],
      ]),
    )
    expect((await p.get(stranger, '/api/my/observations')).items).toEqual([])
    for (const path of ['people', 'notice.pdf', 'certificate.pdf']) {
      const answer = await p.request(stranger, 'GET', `/api/my/observations/${own.id}/${path}`)
      expect([path, answer.status]).toEqual([path, 404])
    }
  })

  test('OBS-10: the commitment is signed on the own phone, once, and stands on the printed notice', async () => {
    const before = (await p.get(mother, '/api/my/observations')).items.find((one: any) => one.id === own.id)
    expect(before).toMatchObject({ noticed: true, agreed: false, mayAgree: true })
    const strokes = [[10, 20, 500, 600, 900, 300]]
    expect((await p.post(mother, `/api/my/observations/${own.id}/agree`, { strokes })).status).toBe(200)
    const after = (await p.get(mother, '/api/my/observations')).items.find((one: any) => one.id === own.id)
    expect(after).toMatchObject({ agreed: true, mayAgree: false })
    const pdf = await p.request(mother, 'GET', `/api/my/observations/${own.id}/notice.pdf`)
    expect(pdf.status).toBe(200)
    expect(pdf.headers['content-type']).toBe('application/pdf')
    expect(pdf.text.startsWith('%PDF-')).toBe(true)
    const trail = await p.sql(
      `select verb, purpose from audit where thing_id = $1 and (verb = 'observation.commitment' or purpose is not null)`,
      [own.id],
    )
    expect(new Set(trail.map((line: any) => line.verb))).toEqual(
      new Set(['observation.commitment', 'observation.notice']),
    )
  })

  test('OBS-19: there is no release note before a release, and the answer says so', async () => {
    const answer = await p.request(mother, 'GET', `/api/my/observations/${own.id}/certificate.pdf`)
    expect(answer.body.code).toBe('OBSERVATION_NOT_RELEASED')
  })

  test('OBS-21: an objection is made in words, kept sealed, and only once while it is open', async () => {
    const words = '我那天不在那趟车上'
    expect((await p.post(mother, `/api/my/observations/${child.id}/object`, { words })).status).toBe(200)
    const seen = (await p.get(mother, '/api/my/observations')).items.find((one: any) => one.id === child.id)
    expect(seen).toMatchObject({ objection: { answered: null }, mayObject: false })
    const rows = await p.sql('select text_sealed, body from observation_event where observation_id = $1', [child.id])
    expect(JSON.stringify(rows)).not.toContain('那趟车')
    expect((await p.post(stranger, `/api/my/observations/${child.id}/object`, { words })).status).toBe(404)
    // The answer is read by whoever objected, in the desk's words, and by no stranger.
    const answer = { step: 'answer_objection', outcome: 'kept', note: '车厢记录已核对，属实' }
    expect((await p.post(desk, `/api/observations/${child.id}/step`, { do: answer })).status).toBe(200)
    const read = await p.post(mother, `/api/my/observations/${child.id}/answer`, {})
    expect(read.body).toEqual({ outcome: 'kept', words: '车厢记录已核对，属实' })
    expect((await p.post(stranger, `/api/my/observations/${child.id}/answer`, {})).status).toBe(404)
    expect((await p.post(mother, `/api/my/observations/${own.id}/answer`, {})).body).toEqual({
      outcome: null,
      words: null,
    })
  })

  test('READ-17: what was reported of a child stands on the page of who answers for it, newest first, and on nobody else’s', async () => {
    for (const [hour, temperature] of [
      [9, 364],
      [15, 369],
    ] as const) {
      p.at('2020-02-06', hour)
      expect((await p.file(mother, '/api/my/readings', { items: [item(child, { temperature })] })).status).toBe(200)
    }
    const past = await p.get(mother, `/api/my/observations/${child.id}/readings?limit=1`)
    expect(past).toMatchObject({
      total: 2,
      items: [{ temperature: 369, part: 'evening', how: 'self', corrected: false }],
    })
    const more = await p.get(
      mother,
      `/api/my/observations/${child.id}/readings?limit=1&cursor=${encodeURIComponent(past.next)}`,
    )
    expect(more).toMatchObject({ next: null, items: [{ temperature: 364, part: 'morning' }] })
    expect((await p.request(stranger, 'GET', `/api/my/observations/${child.id}/readings`)).status).toBe(404)
  })

  test('SERV-7: help is asked for from the page; the code shows when somebody brings it; the receiver says it came and rates it', async () => {
    const id = randomUUID()
    const asked = await p.post(mother, '/api/my/services', {
      id,
      observationId: child.id,
      kind: 'medicine',
      words: '退烧药',
    })
    expect([asked.status, asked.text]).toEqual([200, expect.any(String)])
    expect((await p.post(mother, '/api/my/services', { id, observationId: child.id, kind: 'medicine' })).status).toBe(
      200,
    )
    const list = async () => (await p.get(mother, '/api/my/services')).items
    expect(await list()).toMatchObject([{ id, kind: 'medicine', code: null, by: null }])
    expect(await p.get(stranger, '/api/my/services')).toMatchObject({ items: [] })

    const worker = p.actor({ area: GRID, roles: ['worker'] })
    expect((await p.post(worker, `/api/services/${id}/step`, { step: 'accept' })).status).toBe(200)
    const [under] = await list()
    expect(under.code).toMatch(/^\d{4}$/)
    expect(under.may).toContain('done')
    expect((await p.post(stranger, `/api/my/services/${id}/step`, { step: 'done' })).status).toBe(404)
    expect((await p.post(mother, `/api/my/services/${id}/step`, { step: 'done' })).status).toBe(200)
    expect((await p.post(mother, `/api/my/services/${id}/step`, { step: 'rate', rating: 5 })).status).toBe(200)
    expect(await list()).toMatchObject([{ state: 'done', rating: 5, code: null }])
  })

  test('SERV-13: what a worker asks for a whole door stands on the page of who is observed there, and names whom to ring', async () => {
    const householdId = randomUUID()
    const [elder, son] = [
      await p.somebody({ area: GRID, masked: '钱*伯' }),
      await p.somebody({ area: GRID, phone: '+8613900003005', masked: '钱*明' }),
    ]
    await p.sql(
      `insert into household (county, id, area, emergency_id, kind, use, estate, building, door, source, created_at, updated_at)
       values (left($2, 6), $1, $2, $3, 'home', 'self', '里弄', '1幢', '101', 'test', now(), now())`,
      [householdId, GRID, p.emergencyId],
    )
    await p.sql('update residence set household_id = $1 where person_id = $2', [householdId, elder])
    const { keys, clock } = p.server
    const place = { table: 'person', row: son, column: 'name_sealed' }
    const name = await keys.seal({ emergencyId: p.emergencyId, now: clock.now(), ...place }, '钱小明')
    await p.sql('update person set name_sealed = $2 where person_id = $1', [son, name])
    const observed = await p.observe({ desk, personId: elder, responder: son })
    const account = await p.resident('+8613900003005')
    const worker = p.actor({ area: GRID, roles: ['worker'] })

    const whole = randomUUID()
    expect((await p.post(worker, '/api/services', { id: whole, kind: 'rubbish', householdId })).status).toBe(200)
    expect((await p.post(worker, `/api/services/${whole}/step`, { step: 'accept' })).status).toBe(200)
    const [shown] = (await p.get(account, '/api/my/services')).items
    expect(shown).toMatchObject({ id: whole, masked: '', state: 'accepted' })
    expect(shown.code).toMatch(/^\d{4}$/)
    expect((await p.get(stranger, '/api/my/services')).items).toEqual([])
    expect((await p.post(stranger, `/api/my/services/${whole}/step`, { step: 'done' })).status).toBe(404)
    const opened = async (id: string) =>
      (await p.post(worker, `/api/services/${id}/open`, { purpose: '送到门口' })).body
    expect(await opened(whole)).toMatchObject({ name: null, phone: '+8613900003005', rung: '钱小明' })

    // Asked for the elder himself, who has no telephone: his son is rung, and the trail names both.
    const his = randomUUID()
    expect((await p.post(worker, '/api/services', { id: his, kind: 'medicine', personId: elder })).status).toBe(200)
    expect(await opened(his)).toMatchObject({ phone: '+8613900003005', rung: '钱小明' })
    const [line] = await p.sql(`select ids from audit where verb = 'service.open' and thing_id = $1`, [his])
    expect(new Set(line.ids)).toEqual(new Set([elder, son]))

    // Both stand on the son's page, as long as he answers for one who is observed.
    const seen = async () => (await p.get(account, '/api/my/services')).items.map((one: any) => one.id)
    expect(new Set(await seen())).toEqual(new Set([whole, his]))
    expect((await p.post(account, `/api/my/services/${whole}/step`, { step: 'done' })).status).toBe(200)
    const why = { step: 'cancel', reason: 'entry_error', note: '登错' }
    expect((await p.post(desk, `/api/observations/${observed.id}/step`, { do: why })).status).toBe(200)
    expect(await seen()).toEqual([])
  })

  test('whoever is on duty at the door is named with a number, and the desk above', async () => {
    const people = await p.get(mother, `/api/my/observations/${own.id}/people`)
    expect(people.desk.name).toContain('网格中心')
    expect(Array.isArray(people.people)).toBe(true)
  })
})
