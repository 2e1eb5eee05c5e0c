import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { levelOf, parentOf } from '@weiwang/domain/areas/code'
import { instantOf } from '@weiwang/domain/core/day'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import { checkDigit } from '@weiwang/domain/people/document'
import { insertAreas, insertTerms } from '../areas/store.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import { testServer } from '../core/testing/test-server.ts'
import type { Answer, TestOptions, TestServer } from '../core/testing/test-server.ts'
import { gradingJobs } from '../grading/jobs.ts'
import { myRoutes } from '../observation/my-routes.ts'
import { peopleJobs } from '../people/jobs.ts'
import { registerPersons } from '../people/register.ts'
import { peopleRoutes } from '../people/routes.ts'
import { readPerson } from '../people/typed.ts'
import { registrationJobs } from './reg-jobs.ts'
import { registrationRoutes } from './reg-routes.ts'

/** The cast of the tests of registration: a town with one grid in one village and two in another, a rule set, and phones. */
export const COUNTY = '320508'
export const TOWN = '320508001'
/** Its only grid answers for every address in it. */
export const VILLAGE = '320508001002'
export const GRID = '320508001002001'
export const OTHER_COUNTY = '320506'
export const OTHER_VILLAGE = '320506001001'
export const OTHER_GRID = '320506001001001'
export const DAY = '2020-02-20'
const ZONE = 'Asia/Shanghai'

const AREAS: [string, string, string][] = [
  ['32', '江苏省', 'province'],
  ['3205', '苏州市', 'city'],
  ['320508', '姑苏区', 'county'],
  ['320508001', '平江街道', 'town'],
  ['320508001001', '钮家巷社区', 'village'],
  ['320508001001001', '第一网格', 'grid'],
  ['320508001001002', '第二网格', 'grid'],
  ['320508001002', '历史街区社区', 'village'],
  ['320508001002001', '第一网格', 'grid'],
  ['320506', '吴中区', 'county'],
  ['320506001', '长桥街道', 'town'],
  ['320506001001', '新家社区', 'village'],
  ['320506001001001', '第一网格', 'grid'],
  ['42', '湖北省', 'province'],
  ['4201', '武汉市', 'city'],
  ['420106', '武昌区', 'county'],
]

/** A citizen's number with its check digit; the first six digits say nothing about anybody's home. */
export function citizen(birth: string, n: number, area = '420106'): string {
  const first = `${area}${birth.replaceAll('-', '')}${String(n).padStart(3, '0')}`
  return first + checkDigit(first)
}

export type Place = TestServer & {
  emergencyId: string
  at: (day: string, hour?: number) => void
  resident: (phone: string) => Promise<Actor>
  /** The same account on another phone: a log-in that has shown the number only. */
  again: (actor: Actor) => Actor
  post: (actor: Actor, url: string, body: object) => Promise<Answer>
  get: (actor: Actor, url: string) => Promise<Answer>
  body: (who: { name: string; number: string; birth?: string }, more?: object, answers?: object) => Body
  /** Somebody whom a feed has told of. */
  known: (of: { name: string; number?: string; phone?: string; area?: string }) => Promise<string>
  colour: (personId: string) => Promise<string | null>
}

type Body = Record<string, unknown> & { id: string }

export async function registrationPlace(more: TestOptions = {}): Promise<Place> {
  const t = await testServer({
    rooms: [
      { room: 'people', jobs: peopleJobs },
      { room: 'grading', jobs: gradingJobs },
      { room: 'registration', jobs: registrationJobs },
      ...(more.rooms ?? []),
    ],
    routes: [registrationRoutes, peopleRoutes, myRoutes, ...(more.routes ?? [])],
    // Its days and hours are fixed ones, and so is their zone.
    env: { ZONE, ...more.env },
  })
  const { server } = t
  const at = (day: string, hour = 9): void =>
    server.clock.shift(instantOf(day, ZONE, hour).getTime() - server.clock.now().getTime())
  at(DAY)
  const areas = AREAS.map(([code, name, kind]) => ({
    code,
    parent: parentOf(code),
    level: levelOf(code),
    name,
    kind,
    households: null,
  }))
  await server.asSystem('test.areas', async (ctx) => {
    await insertAreas(ctx.db, areas, '2019-01-01')
    await insertTerms(ctx.db, areas)
  })
  const emergencyId = await t.openEmergency()
  await t.sql(
    `insert into rule_set (id, code, version, area, name, about, rules, state, created_at, activated_at)
      values ($1, $2, 1, '3205', $3, $4, $5, 'active', now(), now())`,
    [
      randomUUID(),
      SUZHOU.code,
      SUZHOU.name,
      SUZHOU.about,
      JSON.stringify({ rules: SUZHOU.rules, otherwise: SUZHOU.otherwise }),
    ],
  )
  const post = (actor: Actor, url: string, body: object): Promise<Answer> =>
    t.request(actor, 'POST', url, body, { 'x-weiwang': '1' })
  return {
    ...t,
    emergencyId,
    at,
    post,
    get: (actor, url) => t.request(actor, 'GET', url),
    again: (actor) => ({ ...actor, sessionId: randomUUID() }),
    resident: async (phone) => {
      const actor = t.actor({ area: '', roles: ['resident'], scope: [], sessionId: randomUUID() })
      const place = { table: 'account', row: actor.id, column: 'phone_sealed' }
      const sealed = await server.keys.seal({ emergencyId: NO_EMERGENCY, now: server.clock.now(), ...place }, phone)
      await t.sql(
        `insert into account (id, area, name, phone_hash, phone_sealed, phone_masked, state, sessions_from, created_at, updated_at)
          values ($1, '32', '居民', $2, $3, '139****', 'active', now(), now(), now())`,
        [actor.id, server.keys.hash('account_phone', phone), sealed],
      )
      await t.sql(
        `insert into account_role (account_id, role, area, granted_at) values ($1, 'resident', '32', now())`,
        [actor.id],
      )
      return actor
    },
    body: (who, more = {}, answers = {}) => ({
      id: randomUUID(),
      who: {
        document: { kind: 'resident', number: who.number },
        name: who.name,
        ...(who.birth === undefined ? {} : { birth: who.birth }),
      },
      home: { area: VILLAGE, address: '平江路 100 号', kind: 'own' },
      answers: { situation: 'living', registeredHere: true, underMeasure: false, ...answers },
      words: { purpose: 'home', employer: '某某公司', members: [{ name: '李小乐', relation: 'child' }] },
      promise: true,
      ...more,
    }),
    known: async ({ name, number, phone, area = GRID }) => {
      const fields = {
        name,
        ...(number === undefined ? {} : { document: number }),
        ...(phone === undefined ? {} : { phone }),
      }
      const { row } = readPerson(fields, { today: server.clock.today(), area, source: 'rail', typed: true })
      const [made] = await server.asSystem('test.known', (ctx) => registerPersons(ctx, [row]))
      if (!made?.personId) throw new Error('not registered')
      return made.personId
    },
    colour: async (personId) =>
      (await t.sql('select colour from grade_now where person_id = $1', [personId]))[0]?.colour ?? null,
  }
}
