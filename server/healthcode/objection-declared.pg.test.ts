import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { feedJobs } from '../feeds/jobs.ts'
import { feedRoutes } from '../feeds/routes.ts'
import { objectionRoutes } from './objection-routes.ts'
import { citizen, COUNTY, registrationPlace } from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

/**
 * Show 1 without its screens: somebody registers, declares a stay in a high-risk city, and a source says the same; red with its
 * reasons; granted with a ticket, both are denied; free again; neither the next batch nor the same declaration turns it back.
 */
let t: Place
let me: Actor
let operator: Actor
let chief: Actor
let personId = ''
const WHO = { name: '王建国', number: citizen('1980-05-06', 31), birth: '1980-05-06' }
const STAY = { stays: [{ area: '420106', from: '2020-02-10', to: '2020-02-14' }] }
const FREE = ['green', null]

beforeAll(async () => {
  t = await registrationPlace({ rooms: [{ room: 'feeds', jobs: feedJobs }], routes: [feedRoutes, objectionRoutes] })
  me = await t.resident('+8613900020031')
  operator = t.actor({ area: '3205', roles: ['operator'] })
  chief = t.actor({ area: COUNTY, roles: ['chief'] })
  const telecom = PRESETS.find((one) => one.id === 'telecom')
  await t.post(operator, '/api/feeds', { ...telecom, id: 'telecom', area: '3205', owner: '通管' })
  await t.post(operator, '/api/feeds/telecom/open', {})
  await t.sql(`update feed set may_give_red = true where id = 'telecom'`)
})
afterAll(() => t.close())

let sent = 0
async function batch(): Promise<any> {
  sent += 1
  const rows = ['证件号码,姓名,漫游地,起始日期,结束日期']
  for (let i = 0; i < sent; i++) rows.push(`${WHO.number},${WHO.name},湖北省武汉市武昌区,2020-02-10,2020-02-14`)
  const boundary = 'x-weiwang-boundary'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="r${sent}.csv"\r\ncontent-type: text/csv\r\n\r\n`
  const body = Buffer.from(`${head}${rows.join('\r\n')}\r\n\r\n--${boundary}--\r\n`)
  const type = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  const answer = await t.request(operator, 'POST', '/api/feeds/telecom/batches', body, type)
  if (answer.status !== 200) throw new Error(answer.text)
  await t.drain()
  return (await t.get(operator, `/api/batches/${answer.body.batch.id}`)).body
}

const declared = async (answers: object): Promise<void> => {
  const said = await t.post(me, '/api/my/declarations', {
    id: randomUUID(),
    personId,
    answers: { situation: 'living', registeredHere: true, underMeasure: false, ...answers },
    words: { purpose: 'work' },
    promise: true,
  })
  if (said.status !== 200) throw new Error(said.text)
  await t.drain()
}

test('registered and declared: a stay in a high-risk city gives a colour with its reason; the source says it too', async () => {
  const made = await t.post(me, '/api/my/registration', t.body(WHO))
  expect([made.status, made.text]).toEqual([200, expect.any(String)])
  personId = made.body.personId
  await t.drain()
  await declared(STAY)
  expect(await t.colour(personId)).toBe('yellow')
  expect(await batch()).toMatchObject({ state: 'loaded', accepted: 1, denied: 0 })
  expect(await t.colour(personId)).toBe('red')
  const { people } = (await t.get(me, '/api/my/objections')).body
  const sources = people[0].reasons.map((reason: any) => reason.fact.source)
  expect([people[0].colour, people[0].may, sources.toSorted()]).toEqual(['red', true, ['declaration', 'telecom']])
})

test('granted with both corrected: free at once; the next batch and the same declaration do nothing', async () => {
  const id = randomUUID()
  const words = '填错了，车票证明我在苏州'
  const made = await t.post(me, '/api/my/objections', { id, personId, ground: 'never_there', words })
  expect([made.status, made.text]).toEqual([200, expect.any(String)])
  const { facts } = (await t.get(chief, `/api/objections/${id}`)).body
  const both = facts.filter((fact: any) => fact.behind).map((fact: any) => ({ factId: fact.factId }))
  expect(both).toHaveLength(2)
  const body = { decision: 'granted', wrong: 'source', facts: both, words: '车票核实' }
  const granted = await t.post(chief, `/api/objections/${id}/decide`, body)
  expect([granted.status, granted.body.state]).toEqual([200, 'granted'])
  expect(FREE).toContain(await t.colour(personId))
  await t.drain()
  expect(await batch()).toMatchObject({ rows: 2, accepted: 0, unchanged: 2, denied: 2 })
  expect(FREE).toContain(await t.colour(personId))
  await declared(STAY)
  expect(FREE).toContain(await t.colour(personId))
  const [mine] = (await t.get(me, '/api/my/objections')).body.items
  expect(mine).toMatchObject({ state: 'granted', answer: { granted: true, colourBefore: 'red', words: '车票核实' } })
})

test('something else that is declared later is judged as always', async () => {
  await declared({ stays: [{ area: '420106', from: '2020-02-15', to: '2020-02-16' }] })
  expect(await t.colour(personId)).toBe('yellow')
})
