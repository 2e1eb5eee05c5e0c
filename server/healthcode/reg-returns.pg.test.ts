import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { DATA_KINDS } from '@weiwang/domain/healthcode/reg-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { behindLock } from '../core/testing/behind-lock.ts'
import { followHomes } from './reg-store.ts'
import { followReturns, noteNoShows } from './reg-returns.ts'
import {
  citizen,
  COUNTY,
  DAY,
  GRID,
  OTHER_COUNTY,
  OTHER_GRID,
  OTHER_VILLAGE,
  registrationPlace,
} from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

let t: Place
let me: Actor
let personId: string
const desk = (area = COUNTY) => t.actor({ area, roles: ['operator'] })
beforeAll(async () => {
  t = await registrationPlace()
  me = await t.resident('+8613900060001')
  const sent = await t.post(me, '/api/my/registration', t.body({ name: '冯小刚', number: citizen('1977-07-07', 11) }))
  personId = sent.body.personId
  await t.drain()
  await t.sql(
    `insert into risk_area (id, area, level, from_day, source, recorded_at) values ($1, '420106', 'high', '2020-01-20', 'list', now())`,
    [randomUUID()],
  )
})
afterAll(() => t.close())

const plan = (more: object = {}) => ({
  id: randomUUID(),
  personId,
  expectedDay: '2020-02-22',
  fromArea: '420106',
  transport: 'train',
  ...more,
})
const mine = async (id: string): Promise<any> =>
  (await t.get(me, '/api/my/returns')).body.items.find((one: any) => one.id === id)
const fed = async (grid: string, id: string): Promise<any> =>
  (await t.sql(`select body, urgent from grid_feed where grid = $1 and kind = 'return' and id = $2`, [grid, id]))[0]

describe('a return told before travelling (REGISTER-15)', () => {
  test('the grid is told before anybody is there, with the level of the place and no name, number or telephone', async () => {
    const asked = plan({ number: 'G1234', remark: '带一只猫' })
    const sent = await t.post(me, '/api/my/returns', asked)
    expect([sent.status, sent.text]).toEqual([200, expect.any(String)])
    expect(sent.body).toMatchObject({ state: 'host_notified', fromName: '武昌区', may: ['change', 'arrive', 'cancel'] })
    expect(sent.body.steps.map((one: any) => one.state)).toEqual(['submitted', 'triaged', 'host_notified'])
    const feed = await fed(GRID, asked.id)
    expect(feed).toMatchObject({ urgent: true, body: { level: 'high', expectedDay: '2020-02-22', masked: '冯*刚' } })
    const text = JSON.stringify([feed, await t.sql('select row_to_json(r)::text as a from return_registration r')])
    for (const secret of ['冯小刚', '13900060001', 'G1234', '猫'])
      expect([secret, text.includes(secret)]).toEqual([secret, false])
    const repeat = await t.post(me, '/api/my/returns', asked)
    expect([repeat.status, repeat.body.steps.length]).toEqual([200, 3])
  })

  test('not in the past, not too far ahead, not from nowhere, not for somebody else', async () => {
    const code = async (more: object) => (await t.post(me, '/api/my/returns', plan(more))).body.code
    expect(await code({ expectedDay: '2020-02-19' })).toBe('RETURN_TOO_FAR')
    expect(await code({ expectedDay: '2020-03-22' })).toBe('RETURN_TOO_FAR')
    expect(await code({ fromArea: '990101' })).toBe('PLACE_UNKNOWN')
    expect(await code({ fromArea: undefined })).toBe('PLACE_UNKNOWN')
    expect(await code({ personId: randomUUID() })).toBe('NOT_FOUND')
  })

  test('REGISTER-16, case 66, case 67: late by the day and not by the job; then somebody is sent to look, once', async () => {
    const asked = plan()
    await t.post(me, '/api/my/returns', asked)
    t.at('2020-02-23', 23)
    expect(await mine(asked.id)).toMatchObject({ state: 'host_notified' })
    expect((await t.get(desk(), '/api/returns?list=late')).body.total).toBe(0)
    t.at('2020-02-24', 0)
    expect(await mine(asked.id)).toMatchObject({ state: 'no_show' })
    const late = (await t.get(desk(), '/api/returns?list=late')).body
    expect(late.total).toBe(2)
    expect((await t.get(desk(), '/api/returns?list=expected')).body.total).toBe(0)
    expect((await t.get(desk(), '/api/registrations/figures')).body.total).toMatchObject({ expected: 0, overdue: 2 })
    expect(await noteNoShows(t.server)).toBe(2)
    expect(await noteNoShows(t.server)).toBe(0)
    expect((await t.get(desk(), '/api/returns?list=late')).body.total).toBe(2)
    const tasks = await t.sql(`select kind, grade, area, reasons from task where person_id = $1`, [personId])
    expect(tasks).toMatchObject([{ kind: 'check', grade: 'yellow', area: GRID }])
    expect(JSON.stringify(tasks[0].reasons)).toContain('REGISTER-16')
  })

  test('who says another day is expected again; who arrives is done with by the worker, step by step', async () => {
    const asked = plan({ expectedDay: '2020-02-24' })
    await t.post(me, '/api/my/returns', asked)
    const changed = await t.post(me, '/api/my/returns', { ...asked, expectedDay: '2020-02-26', transport: 'car' })
    expect(changed.body).toMatchObject({ state: 'host_notified', expectedDay: '2020-02-26', transport: 'car' })
    expect((await fed(GRID, asked.id)).body).toMatchObject({ expectedDay: '2020-02-26', graceUntil: '2020-02-27' })
    expect((await t.post(me, `/api/my/returns/${asked.id}/step`, { step: 'arrive' })).body.state).toBe(
      'arrived_confirmed',
    )
    expect((await t.post(me, `/api/my/returns/${asked.id}/step`, { step: 'arrive' })).status).toBe(200)
    expect((await t.post(me, `/api/my/returns/${asked.id}/step`, { step: 'cancel' })).body.code).toBe(
      'RETURN_STEP_UNFIT',
    )
    const worker = t.actor({ area: GRID, roles: ['worker'] })
    const url = `/api/returns/${asked.id}/step`
    expect((await t.post(t.actor({ area: OTHER_GRID, roles: ['worker'] }), url, { step: 'complete' })).status).toBe(404)
    expect((await t.post(t.actor({ area: GRID, roles: ['volunteer'] }), url, { step: 'complete' })).status).toBe(403)
    expect((await t.post(worker, url, { step: 'start_plan' })).body.state).toBe('health_plan_started')
    expect((await t.post(worker, url, { step: 'complete' })).body.state).toBe('completed')
    expect((await fed(GRID, asked.id)).body).toMatchObject({ gone: true })
    expect(await mine(asked.id)).toMatchObject({ state: 'completed', may: [] })
  })

  test('of two moves the later one is what a return and a registration follow, whichever is followed last', async () => {
    const asked = plan({ expectedDay: '2020-02-27' })
    await t.post(me, '/api/my/returns', asked)
    await t.drain()
    const move = (to: string) => t.sql('update person set home_area = $2 where person_id = $1', [personId, to])
    const meanwhile = async (): Promise<void> => void (await move(GRID))
    await move(OTHER_GRID)
    const lock = { text: 'select 1 from return_registration where id = $1 for update', values: [asked.id] }
    await behindLock(t, lock, [() => followReturns(t.server, [personId])], meanwhile)
    expect(await t.sql('select area, state from return_registration where id = $1', [asked.id])).toEqual([
      { area: GRID, state: 'host_notified' },
    ])
    await move(OTHER_GRID)
    const held = { text: 'select 1 from registration where person_id = $1 for update', values: [personId] }
    const follow = () => t.server.asSystem('test', async (ctx) => void (await followHomes(ctx.db, [personId])))
    await behindLock(t, held, [follow], meanwhile)
    expect(await t.sql('select home_area from registration where person_id = $1', [personId])).toEqual([
      { home_area: GRID },
    ])
    expect((await t.post(me, `/api/my/returns/${asked.id}/step`, { step: 'cancel' })).status).toBe(200)
  })

  test('case 32: moved to another county, the return is opened there and gone here', async () => {
    const asked = plan({ expectedDay: '2020-02-28', home: { area: OTHER_VILLAGE, address: '长桥路 5 号' } })
    const sent = await t.post(me, '/api/my/returns', asked)
    expect(sent.body.state).toBe('triaged')
    await t.drain()
    const told = await fed(OTHER_GRID, asked.id)
    expect(told.body).toMatchObject({ state: 'host_notified', expectedDay: '2020-02-28' })
    await t.post(me, '/api/my/registration/correct', {
      personId,
      changes: { home: { area: '320508001002', address: '平江路 7 号' } },
    })
    await t.drain()
    expect((await fed(OTHER_GRID, asked.id)).body).toMatchObject({ gone: true })
    const open = (await t.get(desk(), '/api/returns?list=expected')).body
    expect(open.items.map((one: any) => [one.area, one.expectedDay, one.state])).toEqual([
      [GRID, '2020-02-28', 'host_notified'],
    ])
    expect((await t.get(desk(OTHER_COUNTY), '/api/returns?list=expected')).body.total).toBe(0)
  })
})

describe('rights on one page (REGISTER-20, 21, 22)', () => {
  test('everything that is held, why, until when, and where to complain; as JSON, CSV and PDF', async () => {
    const { body } = await t.get(me, `/api/my/data?personId=${personId}`)
    const section = (kind: string) => body.sections.find((one: any) => one.kind === kind)
    expect(body.sections.map((one: any) => one.kind)).toHaveLength(DATA_KINDS.length)
    expect(JSON.stringify(section('identity').items)).toContain('冯小刚')
    expect(section('returns').total).toBeGreaterThan(3)
    expect(section('facts').correct).toBe('object')
    expect(section('registration').until.zh).toContain('30 天')
    expect(body.complain.map((one: any) => one.phone)).toContain('12345')
    const files = []
    for (const format of ['json', 'csv', 'pdf']) {
      const file = await t.request(me, 'GET', `/api/my/data/copy?personId=${personId}&format=${format}`)
      files.push([format, file.status, String(file.headers['content-type']).split(';')[0], file.text.slice(0, 5)])
    }
    expect(files).toEqual([
      ['json', 200, 'application/json', '{\n  "'],
      ['csv', 200, 'text/csv', '\uFEFF类别 K'],
      ['pdf', 200, 'application/pdf', '%PDF-'],
    ])
    expect((await t.sql(`select count(*)::int as n from audit where verb = 'registration.copy'`))[0].n).toBe(3)
    const stranger = await t.resident('+8613900060009')
    expect((await t.get(stranger, `/api/my/data?personId=${personId}`)).status).toBe(404)
    expect((await t.request(stranger, 'GET', `/api/my/data/copy?personId=${personId}&format=csv`)).status).toBe(404)
  })

  test('who opened it and why: roles and areas, never a name; one’s own look is not among them', async () => {
    const worker = t.actor({ area: GRID, roles: ['worker'], name: '网格员张三' })
    await t.sql(
      `insert into account (id, area, name, state, sessions_from, created_at, updated_at) values ($1, $2, '网格员张三', 'active', now(), now(), now())`,
      [worker.id, GRID],
    )
    await t.sql(`insert into account_role (account_id, role, area, granted_at) values ($1, 'worker', $2, now())`, [
      worker.id,
      GRID,
    ])
    expect((await t.post(worker, `/api/people/${personId}/open`, { purpose: 'check_at_door' })).status).toBe(200)
    const { body, text } = await t.get(me, `/api/my/data/opened?personId=${personId}`)
    expect(body).toMatchObject({
      total: 1,
      items: [{ role: { zh: '网格员' }, purpose: 'check_at_door', what: { zh: '打开身份信息' } }],
    })
    expect(text).not.toContain('张三')
  })

  test('what may go goes, the rest says why and until when', async () => {
    const erase = async (kinds: string[]) => (await t.post(me, '/api/my/data/erase', { personId, kinds })).body.results
    await t.request(
      me,
      'PUT',
      '/api/my/registration/draft',
      { subject: 'new', body: { name: '半个字' } },
      { 'x-weiwang': '1' },
    )
    expect((await t.get(me, '/api/my/registration')).body.draft).toMatchObject({
      subject: 'new',
      body: { name: '半个字' },
    })
    expect(JSON.stringify(await t.sql("select encode(sealed, 'escape') as a from registration_draft"))).not.toContain(
      '半个字',
    )
    expect(await erase(['drafts', 'declarations'])).toMatchObject([
      { kind: 'drafts', erased: 1, kept: 0 },
      { kind: 'declarations', erased: 0, kept: 1 },
    ])
    expect((await t.get(me, '/api/my/registration')).body.draft).toBeNull()
    const [returns] = await erase(['returns'])
    expect(returns.kept).toBe(1)
    expect(returns.erased).toBeGreaterThan(1)
    const must = { situation: 'living', registeredHere: false, underMeasure: false }
    await t.post(me, '/api/my/declarations', {
      id: randomUUID(),
      personId,
      answers: must,
      words: { purpose: 'work' },
      promise: true,
    })
    expect(await erase(['registration'])).toMatchObject([
      { erased: 0, kept: 1, why: { en: expect.stringContaining('required') } },
    ])
    const ill = {
      situation: 'living',
      registeredHere: true,
      underMeasure: false,
      symptoms: [{ code: 'fever', from: DAY }],
    }
    await t.post(me, '/api/my/declarations', {
      id: randomUUID(),
      personId,
      answers: ill,
      words: { purpose: 'work' },
      promise: true,
    })
    expect(await erase(['registration'])).toMatchObject([
      { erased: 0, kept: 1, why: { en: expect.stringContaining('measure') } },
    ])
    const well = { situation: 'living', registeredHere: true, underMeasure: false }
    await t.post(me, '/api/my/declarations', {
      id: randomUUID(),
      personId,
      answers: well,
      words: { purpose: 'work' },
      promise: true,
    })
    expect(await erase(['registration'])).toMatchObject([{ kept: 0, erased: 5 }])
    expect((await t.get(me, '/api/my/registration')).body.state).toBe('none')
    expect(
      (
        await t.sql('select count(*)::int as n from declaration where person_id = $1 and body_sealed is not null', [
          personId,
        ])
      )[0].n,
    ).toBe(0)
    expect(
      (await t.sql(`select count(*)::int as n from fact where person_id = $1 and withdrawn_at is null`, [personId]))[0]
        .n,
    ).toBe(0)
    // The binding stays: the number alone opens nothing, and the same form registers again.
    expect((await t.get(t.again(me), '/api/my/registration')).body.state).toBe('prove')
    expect(
      (await t.post(me, '/api/my/registration', t.body({ name: '冯小刚', number: citizen('1977-07-07', 11) }))).body
        .state,
    ).toBe('registered')
  })
})

test('ACCESS-3: another county finds nothing by any address, and what is there is like what is nowhere', async () => {
  const outside = t.actor({ area: OTHER_COUNTY, roles: ['operator', 'chief', 'auditor'] })
  const asked = plan({ expectedDay: '2020-02-22' })
  await t.post(me, '/api/my/returns', asked)
  const policy = randomUUID()
  const ours = { id: policy, area: COUNTY, policy: 'zhenjiang', reason: '测试' }
  expect((await t.post(desk(), '/api/registrations/policy', ours)).status).toBe(200)
  const other = await t.resident('+8613900060077')
  await t.post(other, '/api/my/registration', t.body({ name: '完全不同', number: citizen('1977-07-07', 11) }))
  const held = (await t.get(desk(), '/api/registrations/held')).body.items[0].id
  const answers = { situation: 'living', registeredHere: true, underMeasure: false }
  const home = { area: GRID, address: '某路 1 号' }
  const who = { document: { kind: 'resident', number: citizen('1977-07-07', 11) }, name: '某某' }
  const asks = (of: {
    person: string
    ret: string
    held: string
    policy: string
    area: string
  }): [string, string, object?][] => [
    ['GET', `/api/my/data?personId=${of.person}`],
    ['GET', `/api/my/data/copy?personId=${of.person}`],
    ['GET', `/api/my/data/opened?personId=${of.person}`],
    ['POST', '/api/my/data/erase', { personId: of.person, kinds: ['drafts'] }],
    ['GET', `/api/my/declarations?personId=${of.person}`],
    [
      'POST',
      '/api/my/declarations',
      { id: randomUUID(), personId: of.person, answers, words: { purpose: 'home' }, promise: true },
    ],
    ['POST', `/api/my/people/${of.person}/end`, {}],
    ['POST', '/api/my/registration/correct', { personId: of.person, changes: { sex: 1 } }],
    ['POST', '/api/my/returns', plan({ personId: of.person })],
    ['POST', `/api/my/returns/${of.ret}/step`, { step: 'cancel' }],
    ['GET', `/api/registrations?area=${of.area}`],
    ['GET', `/api/registrations/figures?area=${of.area}`],
    ['GET', `/api/registrations/held?area=${of.area}`],
    ['GET', `/api/registrations/policy?area=${of.area}`],
    ['GET', `/api/returns?area=${of.area}`],
    ['POST', `/api/registrations/held/${of.held}/decide`, { decision: 'refuse', cardSeen: false, reason: '测试' }],
    ['POST', '/api/registrations/policy', { id: randomUUID(), area: of.area, policy: 'suzhou', reason: '测试' }],
    ['POST', `/api/registrations/policy/${of.policy}/decide`, { approve: true }],
    [
      'POST',
      '/api/registrations/proxy',
      { id: randomUUID(), who, home: { ...home, area: `${of.area}` }, answers, words: { purpose: 'home' } },
    ],
    ['POST', `/api/returns/${of.ret}/step`, { step: 'cancel' }],
  ]
  const real = asks({ person: personId, ret: asked.id, held, policy, area: COUNTY })
  const none = asks({
    person: randomUUID(),
    ret: randomUUID(),
    held: randomUUID(),
    policy: randomUUID(),
    area: '320999',
  })
  const told = []
  for (const [i, [method, url, body]] of real.entries()) {
    const [, nowhere = '', other] = none[i] ?? []
    const one = await t.request(outside, method as 'GET', url, body, { 'x-weiwang': '1' })
    const two = await t.request(outside, method as 'GET', nowhere, other, { 'x-weiwang': '1' })
    if (one.status !== 404 || two.status !== 404 || one.text !== two.text)
      told.push([method, url, one.status, two.status, one.text, two.text])
  }
  expect(told).toEqual([])
})
