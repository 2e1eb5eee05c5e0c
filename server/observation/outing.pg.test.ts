import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { myRoutes } from './my-routes.ts'
import { item, readingPlace } from './readings.fixture.ts'
import type { Place } from './readings.fixture.ts'

/** What was missing around somebody at home: a permitted outing, the employer on the notice, late reports on the own page. */
const GRID = '320505001001001'
let p: Place
let desk: Actor
let stranger: Actor
beforeAll(async () => {
  p = await readingPlace([myRoutes])
  desk = p.actor({ area: '320505', roles: ['operator'] })
  stranger = await p.resident('+8613900007000')
})
afterAll(() => p.close())

type One = { id: string; county: string; account: Actor }
let numbers = 0
async function somebodyObserved(): Promise<One> {
  const phone = `+861390000${7101 + numbers++}`
  const personId = await p.somebody({ area: GRID, phone, masked: '周*安' })
  return { ...(await p.observe({ desk, personId })), account: await p.resident(phone) }
}

const step = (id: string, body: object, who = desk) => p.post(who, `/api/observations/${id}/step`, { do: body })
const mine = async ({ id, account }: One) =>
  (await p.get(account, '/api/my/observations')).items.find((one: any) => one.id === id)
const total = async (list: string): Promise<number> =>
  (await p.get(desk, `/api/observations?list=${list}&area=320505`)).total
const onBoard = async (list: string): Promise<number> =>
  (await p.get(desk, '/api/observations/board?area=320505')).lists.find((one: any) => one.list === list).n

/** Hours from now, by the clock of the server. */
const later = (hours: number): string => new Date(p.server.clock.now().getTime() + hours * 3_600_000).toISOString()

describe('OBS-27 an outing for need', () => {
  test('asked for on the own page, agreed to at the desk, no breach while it lasts; back again it is over, and every list says so', async () => {
    const one = await somebodyObserved()
    const lists = async () => {
      for (const list of ['outing_asked', 'out']) expect([list, await onBoard(list)]).toEqual([list, await total(list)])
      return [await total('outing_asked'), await total('out')]
    }
    expect(await lists()).toEqual([0, 0])
    expect(await mine(one)).toMatchObject({ outings: [], outingAsked: null })
    expect((await mine(one)).outingFor).toContain('food')

    const asked = { purpose: 'medical', from: later(0), to: later(3), words: '去中医院拿化验单' }
    const url = `/api/my/observations/${one.id}/outing`
    expect((await p.post(stranger, url, asked)).status).toBe(404)
    expect((await p.post(one.account, url, asked)).status).toBe(200)
    expect(await lists()).toEqual([1, 0])
    expect((await mine(one)).outingAsked).toMatchObject({ purpose: 'medical' })
    const stored = await p.sql('select body, text_sealed from observation_event where observation_id = $1', [one.id])
    expect(JSON.stringify(stored)).not.toContain('化验单')

    const agreed = { step: 'outing', purpose: 'medical', way: 'special_car', agreedBy: 'cadre' }
    expect((await step(one.id, { ...agreed, from: asked.from, to: asked.to })).status).toBe(200)
    expect(await lists()).toEqual([0, 1])
    expect((await mine(one)).outings).toMatchObject([{ agreedBy: 'cadre', way: 'special_car', backAt: null }])
    const left = { step: 'breach', what: 'left' }
    expect((await step(one.id, left)).body).toMatchObject({ code: 'OBSERVATION_OUTING_AGREED', rule: 'OBS-27' })

    expect((await p.post(stranger, `${url}/over`, {})).status).toBe(404)
    expect((await p.post(one.account, `${url}/over`, {})).status).toBe(200)
    expect(await lists()).toEqual([0, 0])
    const detail = await p.get(desk, `/api/observations/${one.id}`)
    expect(detail.history.map((line: any) => line.kind)).toEqual(
      expect.arrayContaining(['outing_asked', 'outing_agreed', 'outing_over']),
    )
    expect(detail.current.breaches).toBe(0)
    const trail = await p.sql(
      `select verb from audit where thing_id = $1 and verb like 'observation.%outing%' order by verb`,
      [one.id],
    )
    expect(trail.map((line: any) => line.verb)).toEqual([
      'observation.ask_outing',
      'observation.outing',
      'observation.outing_over',
    ])
  })

  test('said no to: the person reads why and may ask again', async () => {
    const one = await somebodyObserved()
    const url = `/api/my/observations/${one.id}/outing`
    expect((await p.post(one.account, url, { purpose: 'food', from: later(1), to: later(2) })).status).toBe(200)
    expect((await step(one.id, { step: 'refuse_outing', reason: 'brought_instead' })).status).toBe(200)
    expect(await mine(one)).toMatchObject({ outingAsked: null, outingRefused: { reason: 'brought_instead' } })
    expect((await p.post(one.account, url, { purpose: 'food', from: later(1), to: later(2) })).status).toBe(200)
    expect(await mine(one)).toMatchObject({ outingRefused: null })
    expect((await step(one.id, { step: 'refuse_outing', reason: 'other' })).status).toBe(200)
  })
})

test('OBS-9: the employer is asked when somebody is told; it is sealed, opened for a purpose, and stands on the notice', async () => {
  const one = await somebodyObserved()
  const notice = async () =>
    (await p.post(desk, `/api/observations/${one.id}/notice`, { purpose: '打印告知书' })).body.unit
  expect(await notice()).toBeNull()
  const unit = { unit: '阳光纺织厂', unitContact: '沈主任', unitPhone: '0512-55550123' }
  expect((await step(one.id, { step: 'notice', how: 'paper', ...unit })).status).toBe(200)
  const known = { name: '阳光纺织厂', contact: { name: '沈主任', phone: '0512-55550123' } }
  expect(await notice()).toEqual(known)
  const opened = await p.post(desk, `/api/observations/${one.id}/open`, { purpose: '核对单位' })
  expect(opened.body.unit).toEqual(known)
  // Told again without it, what was said stays.
  expect((await step(one.id, { step: 'notice', how: 'read' })).status).toBe(200)
  expect(await notice()).toEqual(known)
  const rows = await p.sql(
    `select o.unit_sealed, o.current, e.body from observation o join observation_event e on e.observation_id = o.id where o.id = $1`,
    [one.id],
  )
  expect(rows[0].unit_sealed).not.toBeNull()
  expect(JSON.stringify(rows)).not.toContain('纺织厂')
  const pdf = await p.request(one.account, 'GET', `/api/my/observations/${one.id}/notice.pdf`)
  expect(pdf.text.startsWith('%PDF-')).toBe(true)
})

test('READ-4: every slot of the days before that the own page offers is taken, and the next older one is refused', async () => {
  const one = await somebodyObserved()
  p.at('2020-02-10', 9)
  const offered = async () =>
    (await p.get(one.account, '/api/my/readings')).items
      .flatMap((each: any) => (each.observationId === one.id ? each.earlier : []))
      .filter((slot: any) => slot.reading === null)
      .map(({ day, part }: any) => `${day} ${part}`)
  const slots = await offered()
  expect(slots).toEqual(
    ['2020-02-09', '2020-02-08', '2020-02-07'].flatMap((day) => [`${day} evening`, `${day} morning`]),
  )
  const file = (name: string) => {
    const [day, part] = name.split(' ')
    return p.file(one.account, '/api/my/readings', { items: [item(one, { slot: { day, part } })] })
  }
  for (const name of slots) {
    const answer = await file(name)
    expect([name, answer.status, answer.body.items?.[0]?.state]).toEqual([name, 200, 'late'])
  }
  expect(await offered()).toEqual([])
  expect((await file('2020-02-06 evening')).status).not.toBe(200)
})
