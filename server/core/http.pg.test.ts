import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { SESSION_COOKIE } from './http.ts'
import { testServer } from './testing/test-server.ts'
import type { TestServer } from './testing/test-server.ts'

let t: TestServer

beforeAll(async () => {
  t = await testServer({
    routes: [
      (http) =>
        http.action('POST', '/api/nothing', {
          name: 'nothing',
          input: z.strictObject({}),
          reach: 'scope',
          run: async () => ({}),
        }),
      (http) =>
        http.query('GET', '/api/echo/:id', {
          name: 'echo',
          input: z.strictObject({ id: z.uuid(), n: z.coerce.number().int().min(1) }),
          output: z.object({ n: z.number() }),
          run: async (_ctx, args) => ({ n: args.n, secret: 'not for the wire' }),
        }),
      (http) =>
        http.query('GET', '/api/cut', {
          name: 'cut',
          input: z.strictObject({}),
          output: z.object({}),
          run: async (ctx) => {
            const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(ctx.db)
            await t.sql('select pg_terminate_backend($1, 5000)', [rows[0]?.pid])
            await sql`select 1`.execute(ctx.db)
            return {}
          },
        }),
    ],
  })
})
afterAll(() => t.close())

const ID = '0198f3a0-0000-7000-8000-000000000001'

describe('requests', () => {
  test('without log-in nothing answers but what is open', async () => {
    expect((await t.request(null, 'GET', `/api/echo/${ID}?n=1`)).body.code).toBe('NOT_LOGGED_IN')
    const open = await t.request(null, 'GET', '/api/deployment')
    expect([open.status, open.body.exercise]).toEqual([200, false])
  })

  test('a database that goes away in the middle is told to the user, and once to the operator with its reason', async () => {
    const chief = t.actor({ area: '32', roles: ['chief'] })
    const told = vi.spyOn(t.server.log, 'warn')
    for (let i = 0; i < 2; i++) {
      const answer = await t.request(chief, 'GET', '/api/cut')
      expect([answer.status, answer.body.code]).toEqual([503, 'UNAVAILABLE'])
    }
    expect(told.mock.calls).toEqual([[{ err: expect.any(Error), route: '/api/cut', more: 0 }, expect.any(String)]])
    told.mockRestore()
    expect((await t.request(chief, 'GET', `/api/echo/${ID}?n=3`)).status).toBe(200)
  })

  test('fields cross the wire by whitelist', async () => {
    const chief = t.actor({ area: '32', roles: ['chief'] })
    expect((await t.request(chief, 'GET', `/api/echo/${ID}?n=3`)).body).toEqual({ n: 3 })
  })

  test('bad input names the place, and an unknown field is an error', async () => {
    const chief = t.actor({ area: '32', roles: ['chief'] })
    const bad = await t.request(chief, 'GET', `/api/echo/${ID}?n=0`)
    expect([bad.status, bad.body.code, bad.body.at]).toEqual([400, 'INVALID_INPUT', 'n'])
    expect(bad.body.remedy.zh).toContain('已填内容仍在')
    // Each language speaks its own: no English sentence for who reads Chinese, and the other way round.
    expect(bad.body.message.zh).toMatch(/^填写有误：n [^a-z]*\p{Script=Han}/u)
    expect(bad.body.message.en).toMatch(/^Input is not valid: n [^\p{Script=Han}]+$/u)
    const large = await t.http.app.inject({
      method: 'POST',
      url: '/api/nothing',
      headers: { authorization: `Bearer ${chief.id}`, 'content-type': 'application/json' },
      payload: `"${'x'.repeat(3 * 1024 * 1024)}"`,
    })
    expect(large.json().message.zh).toBe('填写有误：内容过大，超过上限')
    expect((await t.request(chief, 'GET', `/api/echo/${ID}?n=1&m=2`)).status).toBe(400)
  })

  test('a browser’s write without the header of our pages is refused', async () => {
    const chief = t.actor({ area: '32', roles: ['chief'] })
    expect((await t.request(chief, 'POST', '/api/nothing', {})).status).toBe(200)
    const foreign = await t.http.app.inject({
      method: 'POST',
      url: '/api/nothing',
      cookies: { [SESSION_COOKIE]: chief.id },
      payload: {},
    })
    expect(foreign.json()).toMatchObject({ code: 'FOREIGN_WRITE', kind: 'refused' })
    const ours = await t.http.app.inject({
      method: 'POST',
      url: '/api/nothing',
      cookies: { [SESSION_COOKIE]: chief.id },
      headers: { 'x-weiwang': '1' },
      payload: {},
    })
    expect(ours.statusCode).toBe(200)
  })

  test('SYNC-16: who says whose phone speaks is not answered by the session of somebody else', async () => {
    const chief = t.actor({ area: '32', roles: ['chief'] })
    expect((await t.request(chief, 'POST', '/api/nothing', {})).status).toBe(200)
    const as = (account: string) =>
      t.http.app.inject({
        method: 'POST',
        url: '/api/nothing',
        cookies: { [SESSION_COOKIE]: chief.id },
        headers: { 'x-weiwang': '1', 'x-weiwang-account': account },
        payload: {},
      })
    expect((await as(chief.id)).statusCode).toBe(200)
    expect((await as(randomUUID())).json()).toMatchObject({ code: 'OTHER_ACCOUNT', kind: 'conflict' })
  })

  test('answers are not kept by caches and pages are not framed', async () => {
    const open = await t.request(null, 'GET', '/api/deployment')
    expect(open.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    })
  })
})
