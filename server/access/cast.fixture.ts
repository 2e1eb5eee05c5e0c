import type { Role } from '@weiwang/domain/access/actor'
import { testServer } from '../core/testing/test-server.ts'
import type { Answer, TestServer } from '../core/testing/test-server.ts'
import { buildHttp, SESSION_COOKIE } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { provisionAccount } from './account-actions.ts'
import { accessJobs } from './jobs.ts'
import { accessRoutes } from './routes.ts'
import { resolveActor } from './session.ts'

/** Tests of this room meet the same people: two counties of Suzhou, with desks and workers. */
export const PASSWORD = '春风又绿江南岸 1234'
export const GUSU = '320508'
export const WUJIANG = '320509'
export const TOWN = '320508001'
export const VILLAGE = '320508001001'
export const GRID_A = '320508001001001'
export const GRID_B = '320508001001002'
export const OTHER_GRID = '320509001001001'

const AREAS: [code: string, name: string][] = [
  ['32', '江苏省'],
  ['3205', '苏州市'],
  [GUSU, '姑苏区'],
  [WUJIANG, '吴江区'],
  [TOWN, '平江街道'],
  [VILLAGE, '钮家巷社区'],
  ['320508001002', '桃花坞社区'],
  [GRID_A, '钮家巷第一网格'],
  [GRID_B, '钮家巷第二网格'],
  ['320509001', '松陵街道'],
  ['320509001001', '鲈乡社区'],
  [OTHER_GRID, '鲈乡第一网格'],
]
const LEVELS: Record<number, number> = { 2: 1, 4: 2, 6: 3, 9: 4, 12: 5, 15: 6, 18: 7 }
const PARENT: Record<number, number> = { 4: 2, 6: 4, 9: 6, 12: 9, 15: 12, 18: 15 }

export type Browser = {
  cookie: string
  request: (method: 'GET' | 'POST', url: string, body?: object, headers?: Record<string, string>) => Promise<Answer>
}

export type Cast = TestServer & {
  /** The same server with the real log-in. */
  real: Http
  account: (name: string, area: string, roles: Role[], more?: { login?: string; phone?: string }) => Promise<string>
  /** A browser without a session, as from this address. */
  browser: (address?: string) => Browser
  /** Logged in by password. */
  login: (identifier: string, password?: string) => Promise<Browser>
  close: () => Promise<void>
}

let serial = 0

export async function cast(env: Record<string, string> = {}): Promise<Cast> {
  const t = await testServer({
    rooms: [{ room: 'access', jobs: accessJobs }],
    routes: [accessRoutes],
    env: { TOTP: 'advised', ...env },
  })
  const real = await buildHttp(t.server, resolveActor)
  accessRoutes(real)
  for (const [code, name] of AREAS) {
    const parent = code.slice(0, PARENT[code.length] ?? 0) || null
    await t.sql('insert into area (code, parent, level, name, kind, valid_from) values ($1, $2, $3, $4, $5, $6)', [
      code,
      parent,
      LEVELS[code.length],
      name,
      'x',
      '2000-01-01',
    ])
  }
  const browser = (address = '10.0.0.1'): Browser => {
    const b: Browser = {
      cookie: '',
      request: async (method, url, body, headers = {}) => {
        const response = await real.app.inject({
          method,
          url,
          remoteAddress: address,
          headers: { 'x-weiwang': '1', ...(b.cookie ? { cookie: `${SESSION_COOKIE}=${b.cookie}` } : {}), ...headers },
          ...(body === undefined ? {} : { payload: body }),
        })
        const set = response.cookies.find((c) => c.name === SESSION_COOKIE)
        if (set) b.cookie = set.value
        const json = String(response.headers['content-type'] ?? '').includes('json')
        return {
          status: response.statusCode,
          body: json ? response.json() : response.body,
          headers: response.headers,
          text: response.body,
        }
      },
    }
    return b
  }
  return {
    ...t,
    real,
    browser,
    account: (name, area, roles, more = {}) =>
      t.server.asSystem('test', (ctx) =>
        provisionAccount(ctx, {
          name,
          area,
          roles,
          login: more.login ?? `u${++serial}`,
          ...(more.phone ? { phone: more.phone } : {}),
          password: PASSWORD,
        }),
      ),
    login: async (identifier, password = PASSWORD) => {
      const b = browser()
      const answer = await b.request('POST', '/api/login', { identifier, password })
      if (answer.status !== 200) throw new Error(`log-in of ${identifier}: ${answer.text}`)
      return b
    },
    close: async () => {
      await real.app.close()
      await t.close()
    },
  }
}
