import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runRetention } from '../access/retention.ts'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { visitRoutes } from '../visits/routes.ts'
import { incidentJobs } from './jobs.ts'
import { followDisputeAreas } from './reorganise.ts'
import { incidentRoutes } from './routes.ts'

let w: World
let grid = ''
let village: Actor
let town: Actor
let county: Actor
let mediator: Actor
let colleague: Actor
const DAY = 24 * 3_600_000

beforeAll(async () => {
  w = await makeWorld({
    rooms: [{ room: 'incidents', jobs: incidentJobs }],
    routes: [incidentRoutes, visitRoutes],
  })
  grid = w.grids(A)[0] ?? ''
  village = await w.desk(grid.slice(0, 12))
  town = await w.desk(grid.slice(0, 9))
  county = await w.desk(A)
  mediator = await w.worker(grid)
  colleague = await w.worker(grid)
})
afterAll(() => w.close())
beforeEach(async () => {
  await w.sql('delete from dispute_event')
  await w.sql('delete from dispute_access')
  await w.sql('delete from dispute')
  await w.sql('delete from notice')
})

const PARTIES = [
  { name: '王秀英', phone: '13812345678', role: '租客' },
  { name: '李建国', role: '房东' },
]
async function open(more: object = {}): Promise<string> {
  const id = randomUUID()
  const body = { id, kind: 'rent', area: grid, parties: PARTIES, words: '解封后租金怎么算', ...more }
  const answer = await w.post(mediator, '/api/mediations', body)
  if (answer.status !== 200) throw new Error(answer.text)
  return id
}
const step = (who: Actor, id: string, body: object) => w.post(who, `/api/mediations/${id}/step`, body)
const notices = async (who: Actor) =>
  (await w.sql('select kind from notice where account_id = $1 order by id', [who.id])).map((row) => row.kind)

describe('MED-3: confidential on every route', () => {
  test('who may not see it counts it and finds nothing else; nothing that is typed is stored in the clear', async () => {
    const id = await open()
    const strangers = [
      colleague,
      town,
      county,
      await w.desk('32'),
      await w.desk(grid.slice(0, 12), ['auditor']),
      await w.desk(A, ['auditor']),
      await w.desk(B),
      await w.worker(w.grids(A)[1] ?? ''),
    ]
    for (const who of strangers) {
      expect((await w.get(who, `/api/mediations/${id}`)).status).toBe(404)
      expect((await w.get(who, `/api/mediations/${id}/colleagues`)).status).toBe(404)
      expect((await w.post(who, `/api/mediations/${id}/read`, { purpose: '看看' })).status).toBe(404)
      for (const body of [
        { step: 'take' },
        { step: 'close', closing: 'twice' },
        { step: 'give_access', account: who.id },
      ])
        expect((await step(who, id, body)).status).toBe(404)
      const repeat = await w.post(who, '/api/mediations', { id, kind: 'rent', area: who.scope[0] ?? A })
      expect(repeat.status).not.toBe(200)
      expect((await w.get(who, '/api/mediations/mine')).body.total).toBe(0)
    }
    const list = await w.get(county, `/api/mediations?area=${A}`)
    expect(list.body.total).toBe(1)
    expect(list.body.items[0]).toMatchObject({
      hidden: true,
      area: grid,
      kind: 'rent',
      state: 'open',
      mediator: null,
      door: null,
      parties: null,
      sessions: null,
      followUp: null,
    })
    expect(list.text).not.toMatch(/王|李|138|租客|租金|网格员/)
    const kinds = (await w.get(county, '/api/mediations/kinds')).body.items
    expect(kinds.find((row: { kind: string }) => row.kind === 'rent')).toMatchObject({ opened: 1, open: 1, closed: 0 })
    // An analyst has no list and no counts of kinds; of figures he has the suppressed ones (STAT-6).
    const analyst = await w.desk(A, ['analyst'])
    expect([
      (await w.get(analyst, '/api/mediations')).status,
      (await w.get(analyst, '/api/mediations/kinds')).status,
    ]).toEqual([403, 403])
    // Nothing of it goes into what phones of the grid pull, and the trail names neither kind nor party.
    expect(await w.sql("select count(*)::int as n from grid_feed where body::text ~ 'dispute|mediation|rent'")).toEqual(
      [{ n: 0 }],
    )
    const trail = JSON.stringify(await w.sql("select * from audit where thing = 'dispute'"))
    expect(trail).not.toMatch(/rent|王|李|租/)
    for (const table of ['dispute', 'dispute_event'])
      expect(await w.sql(`select count(*)::int as n from ${table} t where t::text ~ '王秀英|李建国|租金'`)).toEqual([
        { n: 0 },
      ])
  })

  test('its mediator and the desk open it for a purpose; those named see it until it is ended', async () => {
    const id = await open()
    for (const who of [mediator, village]) {
      expect((await w.get(who, `/api/mediations/${id}`)).body).toMatchObject({
        hidden: false,
        parties: 2,
        desk: { code: grid.slice(0, 12) },
      })
      const read = await w.post(who, `/api/mediations/${id}/read`, { purpose: '上门调解' })
      expect([read.body.words, read.body.parties.map((p: { name: string }) => p.name)]).toEqual([
        '解封后租金怎么算',
        ['王秀英', '李建国'],
      ])
    }
    expect(
      await w.sql("select count(*)::int as n from audit where verb = 'mediation.read' and purpose = '上门调解'"),
    ).toEqual([{ n: 2 }])
    const known = (await w.get(mediator, `/api/mediations/${id}/colleagues`)).body.items.map(
      (one: { id: string }) => one.id,
    )
    expect(known).toEqual(expect.arrayContaining([colleague.id, town.id, county.id]))
    expect((await step(mediator, id, { step: 'give_access', account: (await w.desk(B)).id })).body.code).toBe(
      'DISPUTE_ACCESS_OUTSIDE',
    )
    expect((await step(mediator, id, { step: 'give_access', account: colleague.id })).status).toBe(200)
    expect(await notices(colleague)).toEqual(['mediation.access'])
    expect((await w.get(colleague, '/api/mediations/mine')).body.items).toMatchObject([{ id, hidden: false }])
    expect((await w.post(colleague, `/api/mediations/${id}/read`, { purpose: '协助' })).status).toBe(200)
    // Who was given access reads and does nothing.
    expect((await step(colleague, id, { step: 'close', closing: 'withdrawn' })).body.code).toBe('DISPUTE_NOT_YOURS')
    await step(village, id, { step: 'end_access', account: colleague.id })
    expect((await w.get(colleague, `/api/mediations/${id}`)).status).toBe(404)
    // Whoever takes it is its mediator; who recorded it no longer sees it.
    await step(village, id, { step: 'take' })
    expect([
      (await w.get(mediator, `/api/mediations/${id}`)).status,
      (await w.get(village, `/api/mediations/${id}`)).body.mediator.id,
    ]).toEqual([404, village.id])
  })

  test('without a desk at the village it lies with the nearest one above', async () => {
    const other = w.grids(A)[6] ?? ''
    const worker = await w.worker(other)
    const id = randomUUID()
    await w.post(worker, '/api/mediations', { id, kind: 'fear', area: other })
    expect([
      (await w.get(county, `/api/mediations/${id}`)).status,
      (await w.get(town, `/api/mediations/${id}`)).status,
    ]).toEqual([200, 404])
  })
})

describe('MED-2, MED-4: from the record to the close', () => {
  test('held, agreed, looked at, closed, opened again, passed up; each counted once', async () => {
    const id = await open()
    const agreed = await step(mediator, id, { step: 'mediated', result: 'agreed', words: '减半收取' })
    expect([agreed.body.state, agreed.body.followUp !== null]).toEqual(['agreed', true])
    expect((await step(mediator, id, { step: 'followed_up', holds: true })).body.state).toBe('agreed')
    expect((await step(mediator, id, { step: 'close', closing: 'kept' })).body.state).toBe('closed')
    const flows = () =>
      w.sql(
        "select metric, sum(n)::int as n from stat_day where metric like 'dispute%' and area = $1 group by 1 order by 1",
        [grid],
      )
    const before = await flows()
    expect((await w.get(village, '/api/mediations?list=closed')).body.total).toBe(1)
    await step(village, id, { step: 'reopen', words: '又吵起来了' })
    expect((await flows()).find((row) => row.metric === 'dispute_closed:rent').n).toBe(
      before.find((row) => row.metric === 'dispute_closed:rent').n - 1,
    )
    const up = await step(village, id, { step: 'pass_up' })
    expect(up.body.state).toBe('passed_up')
    await w.drain()
    expect(await notices(town)).toEqual(['mediation.passed'])
    const seen = (await w.get(town, `/api/mediations/${id}`)).body
    expect([seen.desk.code, seen.history.map((line: { kind: string }) => line.kind)]).toEqual([
      grid.slice(0, 9),
      ['opened', 'mediated', 'followed_up', 'closed', 'reopened', 'passed_up'],
    ])
    // The desk below still has it, and the texts are read in order.
    const read = await w.post(village, `/api/mediations/${id}/read`, { purpose: '核对' })
    expect(read.body.texts).toEqual([
      { n: 2, text: '减半收取' },
      { n: 5, text: '又吵起来了' },
    ])
  })

  test('nothing for a day is late; a follow-up is in its list from its day on', async () => {
    const id = await open()
    const total = async (list: string) => (await w.get(county, `/api/mediations?list=${list}`)).body.total
    expect([await total('late'), await total('follow_up')]).toEqual([0, 0])
    w.server.clock.shift(DAY + 60_000)
    expect(await total('late')).toBe(1)
    const followUp = w.server.clock.today()
    await step(mediator, id, { step: 'mediated', result: 'agreed', followUp })
    expect([await total('late'), await total('follow_up')]).toEqual([0, 1])
  })

  test('a grid of somebody else, no grid, and no emergency are refused', async () => {
    const post = (body: object) => w.post(mediator, '/api/mediations', { id: randomUUID(), kind: 'rent', ...body })
    expect((await post({ area: w.grids(A)[1] })).status).toBe(404)
    expect((await post({})).body.code).toBe('DISPUTE_NOWHERE')
    await w.sql("update emergency set state = 'ended'")
    expect((await post({ area: grid })).body.code).toBe('NO_OPEN_EMERGENCY')
    await w.sql("update emergency set state = 'open'")
    expect((await post({ area: grid, opinion: '不满' })).status).toBe(400)
  })
})

describe('MED-5, MED-6: the visit form "mediation held"', () => {
  const visit = (more: object) => ({
    id: randomUUID(),
    area: grid,
    method: 'door',
    result: 'met',
    purpose: 'mediation',
    form: { id: 'shipped/mediation', version: 0 },
    occurredAt: w.server.clock.now().toISOString(),
    ...more,
  })
  const ofVisit = async (id: string) => (await w.sql('select * from dispute where visit_id = $1', [id]))[0]

  test('is a dispute, once; a correction corrects it; its worker is the mediator', async () => {
    const first = visit({ answers: { about: 'charges', outcome: 'agreed', agreed: '退一半' } })
    await w.post(mediator, '/api/visits', first)
    await w.drain()
    await w.server.asSystem('test', async (ctx) => ctx.emit('visit.filed', { county: A, visitId: first.id }))
    await w.drain()
    const row = await ofVisit(first.id)
    expect([row.kind, row.state, row.mediator, row.sessions]).toEqual(['charges', 'agreed', mediator.id, 1])
    const read = await w.post(mediator, `/api/mediations/${row.id}/read`, { purpose: '回访' })
    expect(read.body.texts).toEqual([{ n: 2, text: '退一半' }])
    const second = visit({
      supersedes: first.id,
      correctionReason: '填错',
      answers: { about: 'rent', outcome: 'again' },
    })
    expect((await w.post(mediator, '/api/visits', second)).status).toBe(200)
    await w.drain()
    expect(await w.sql('select kind, state from dispute')).toEqual([{ kind: 'rent', state: 'mediating' }])
    const third = visit({
      supersedes: second.id,
      correctionReason: '不是调解',
      purpose: 'household',
      form: undefined,
      answers: {},
    })
    await w.post(mediator, '/api/visits', third)
    await w.drain()
    expect(await w.sql('select kind, state, closing from dispute')).toEqual([
      { kind: 'rent', state: 'closed', closing: 'withdrawn' },
    ])
  })

  test('passed on it lies with the desk above; other visits make nothing', async () => {
    const passed = visit({ answers: { about: 'discrimination', outcome: 'passed_on' } })
    await w.post(mediator, '/api/visits', passed)
    await w.post(mediator, '/api/visits', visit({ purpose: 'household', form: undefined }))
    await w.drain()
    expect(await w.sql('select kind, state, desks from dispute')).toEqual([
      { kind: 'discrimination', state: 'passed_up', desks: [grid.slice(0, 12), grid.slice(0, 9)] },
    ])
  })

  test('that a visit was a mediation is told to its worker alone', async () => {
    const one = visit({ answers: { about: 'fear', outcome: 'again', agreed: '楼上楼下' }, note: '两家都在' })
    await w.post(mediator, '/api/visits', one)
    await w.drain()
    expect((await w.get(mediator, `/api/visits/${one.id}`)).body).toMatchObject({
      purpose: 'mediation',
      hasNote: true,
      answers: { about: 'fear' },
    })
    for (const who of [colleague, village, county]) {
      const seen = await w.get(who, `/api/visits/${one.id}`)
      expect(seen.body).toMatchObject({ purpose: null, form: null, answers: {}, hasNote: false })
      expect(seen.text).not.toMatch(/mediation|fear/)
      expect((await w.post(who, `/api/visits/${one.id}/open`, { purpose: '看看' })).status).toBe(404)
      expect((await w.get(who, '/api/visits')).text).not.toMatch(/mediation|fear/)
    }
    expect((await w.get(county, '/api/visits/export.csv')).text).not.toMatch(/mediation|调解|fear/)
    expect(await w.sql("select count(*)::int as n from grid_feed where body::text ~ 'mediation'")).toEqual([{ n: 0 }])
  })
})

test('DELETE-1: ninety days after it was closed a dispute is a count', async () => {
  const id = await open()
  await step(mediator, id, { step: 'give_access', account: colleague.id })
  await step(mediator, id, { step: 'close', closing: 'settled_otherwise', words: '已和解' })
  w.server.clock.shift(90 * DAY)
  expect((await runRetention(w.server, 'dispute'))[0]?.rows).toBe(0)
  w.server.clock.shift(DAY)
  expect((await runRetention(w.server, 'dispute'))[0]?.tables).toEqual({
    dispute: 1,
    dispute_event: 3,
    dispute_access: 1,
  })
  const [row] = await w.sql('select kind, closing, mediator, parties_sealed, words_sealed, household_id from dispute')
  expect(row).toEqual({
    kind: 'rent',
    closing: 'settled_otherwise',
    mediator: null,
    parties_sealed: null,
    words_sealed: null,
    household_id: null,
  })
  expect((await w.get(mediator, `/api/mediations/${id}`)).status).toBe(404)
})

test('MED-7: when the village ends, the desk that took its place sees what lay there', async () => {
  const id = await open()
  const closed = await open()
  await step(mediator, closed, { step: 'close', closing: 'withdrawn' })
  const codes = [grid.slice(0, 12), grid]
  await w.sql("update area set valid_to = '2020-02-01' where code = any($1::text[])", [codes])
  await followDisputeAreas(w.server)
  await followDisputeAreas(w.server)
  await w.sql('update area set valid_to = null where code = any($1::text[])', [codes])
  const rows = await w.sql('select id, area, desks from dispute')
  expect(rows.find((row) => row.id === id)).toMatchObject({ area: grid.slice(0, 9), desks: [grid.slice(0, 9)] })
  expect(rows.find((row) => row.id === closed)).toMatchObject({ area: grid, desks: [grid.slice(0, 9)] })
  expect([
    (await w.get(town, `/api/mediations/${id}`)).status,
    (await w.get(village, `/api/mediations/${id}`)).status,
  ]).toEqual([200, 404])
})
