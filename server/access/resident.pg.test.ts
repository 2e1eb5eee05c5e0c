import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cast, GRID_A, GUSU, VILLAGE } from './cast.fixture.ts'
import type { Browser, Cast } from './cast.fixture.ts'

let t: Cast
beforeAll(async () => {
  t = await cast()
})
afterAll(() => t.close())

/** Asks for a code, drains the queue, and reads the newest message on the development page. */
async function codeFor(b: Browser, phone: string): Promise<string> {
  const asked = await b.request('POST', '/api/resident/code', { phone })
  expect(asked.status).toBe(200)
  await t.drain()
  const { body } = await t.browser('127.0.0.1').request('GET', '/api/dev/messages')
  return /\d{6}/.exec(body.items[0]?.text ?? '')?.[0] ?? ''
}

async function accounts(): Promise<number> {
  return (await t.sql('select count(*)::int as n from account'))[0].n
}

describe('a resident logs in with the own number (ACCESS-22)', () => {
  test('without an open emergency nobody new is taken down, and the answer says why', async () => {
    const before = await accounts()
    const b = t.browser('10.8.0.1')
    const answer = await b.request('POST', '/api/resident/verify', {
      phone: '13900002000',
      code: await codeFor(b, '13900002000'),
    })
    expect(answer.body.code).toBe('NO_OPEN_EMERGENCY')
    expect(await accounts()).toBe(before)
  })

  test('the first right code makes an account of no area and no duty, the next ones open it; a code works once', async () => {
    await t.openEmergency()
    const before = await accounts()
    const b = t.browser('10.8.0.2')
    const code = await codeFor(b, '13900002001')
    const wrong = await b.request('POST', '/api/resident/verify', { phone: '13900002001', code: '000000' })
    expect(wrong.status).toBe(401)
    expect(await accounts()).toBe(before)
    const opened = await b.request('POST', '/api/resident/verify', { phone: '13900002001', code })
    expect(opened.body).toEqual({ next: 'done' })
    expect(await accounts()).toBe(before + 1)
    const me = await b.request('GET', '/api/me')
    expect(me.body).toMatchObject({ roles: ['resident'], scope: [] })
    expect((await b.request('POST', '/api/resident/verify', { phone: '13900002001', code })).status).toBe(401)
    await t.sql(`delete from one_time_code`)
    const again = await b.request('POST', '/api/resident/verify', {
      phone: '13900002001',
      code: await codeFor(b, '13900002001'),
    })
    expect(again.body).toEqual({ next: 'done' })
    expect(await accounts()).toBe(before + 1)
  })

  test('a worker who is a resident too keeps one account; a code for a resident does not open a log-in elsewhere', async () => {
    await t.account('网格员甲', VILLAGE, ['worker'], { phone: '13900002002' })
    const before = await accounts()
    const b = t.browser('10.8.0.3')
    const code = await codeFor(b, '13900002002')
    expect((await b.request('POST', '/api/login/code/verify', { phone: '13900002002', code })).status).toBe(401)
    const opened = await b.request('POST', '/api/resident/verify', { phone: '13900002002', code })
    expect(opened.body).toEqual({ next: 'done' })
    expect(await accounts()).toBe(before)
    expect((await b.request('GET', '/api/me')).body.roles.toSorted()).toEqual(['resident', 'worker'])
  })

  test('known and unknown numbers get the same answer, and each a message', async () => {
    const b = t.browser('10.8.0.4')
    const known = await b.request('POST', '/api/resident/code', { phone: '13900002003' })
    await t.account('网格员乙', VILLAGE, ['worker'], { phone: '13900002004' })
    const other = await b.request('POST', '/api/resident/code', { phone: '13900002004' })
    expect(known.text).toBe(other.text)
    const sent = (await t.sql('select count(*)::int as n from sms_shown'))[0].n
    await t.drain()
    expect((await t.sql('select count(*)::int as n from sms_shown'))[0].n).toBe(sent + 2)
  })

  test('a resident sees no list, no figure and nobody by any route of a desk or a worker', async () => {
    const b = t.browser('10.8.0.5')
    await b.request('POST', '/api/resident/verify', {
      phone: '13900002005',
      code: await codeFor(b, '13900002005'),
    })
    for (const path of [
      '/api/accounts',
      '/api/audit',
      `/api/duties?area=${GUSU}`,
      '/api/campaigns',
      `/api/duties/cover?area=${GRID_A}`,
    ]) {
      const answer = await b.request('GET', path)
      const empty = answer.status === 200 && JSON.stringify(answer.body.items ?? []) === '[]'
      expect(empty || answer.status === 403 || answer.status === 404, `${path} ${answer.status} ${answer.text}`).toBe(
        true,
      )
    }
  })
})
