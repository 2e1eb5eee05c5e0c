/** The small place that the tests of this room live in: two counties of one city, and a cast. */
import type { Actor, Role } from '@weiwang/domain/access/actor'
import { levelOf, parentOf } from '@weiwang/domain/areas/code'
import { checkDigit, readDocument } from '@weiwang/domain/people/document'
import type { IdDocument } from '@weiwang/domain/people/document'
import { readPhone } from '@weiwang/domain/people/phone'
import type { Phone } from '@weiwang/domain/people/phone'
import { insertAreas } from '../areas/store.ts'
import { defineJobs } from '../core/jobs.ts'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { peopleJobs } from './jobs.ts'
import type { PersonRow, Registered } from './register.ts'
import { registerPersons } from './register.ts'
import { peopleRoutes } from './routes.ts'

export const COUNTY = '320508'
export const VILLAGE = '320508001001'
export const GRID = '320508001001001'
export const GRID2 = '320508001001002'
export const OTHER_COUNTY = '320506'
export const OTHER_GRID = '320506001001001'

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
]

export type Place = TestServer & {
  /** Events that higher rooms would have reacted to, once the queue was drained. */
  events: { event: string; payload: unknown }[]
  emergencyId: string
  as: (area: string, roles?: Role[]) => Actor
  register: (rows: PersonRow[]) => Promise<Registered[]>
}

export async function place(): Promise<Place> {
  const events: Place['events'] = []
  const watch = (event: string) => async (_server: unknown, payload: unknown) => {
    events.push({ event, payload })
  }
  const reactions = Object.fromEntries(
    ['person.moved', 'person.resolved', 'person.merged', 'person.unmerged'].map((e) => [e, watch(e)]),
  )
  const t = await testServer({
    rooms: [
      { room: 'people', jobs: peopleJobs },
      { room: 'above', jobs: defineJobs({ reactions }) },
    ],
    routes: [peopleRoutes],
  })
  const areas = AREAS.map(([code, name, kind]) => ({
    code,
    parent: parentOf(code),
    level: levelOf(code),
    name,
    kind,
    households: null,
  }))
  await t.server.asSystem('test.areas', (ctx) => insertAreas(ctx.db, areas, '2019-01-01'))
  const emergencyId = await t.openEmergency()
  return {
    ...t,
    events,
    emergencyId,
    as: (area, roles = ['operator']) => t.actor({ area, roles }),
    register: (rows) => t.server.asSystem('test.register', (ctx) => registerPersons(ctx, rows)),
  }
}

/** A citizen number that is right: born on a day, the n-th of it. */
export function citizen(birth: string, n = 1): string {
  const first = `320508${birth.replaceAll('-', '')}${String(n).padStart(3, '0')}`
  const made = first + checkDigit(first)
  return made.endsWith('000') ? citizen(birth, n + 1) : made
}

export function document(number: string, kind?: 'passport', country?: string): IdDocument {
  const r = readDocument(number, { today: '2026-01-01', typed: true, kind, country })
  if (!r.ok) throw new Error(r.problem.code)
  return r.value
}

export function telephone(text: string): Phone {
  const r = readPhone(text)
  if (!r.ok) throw new Error(r.problem.code)
  return r.value
}

export function row(of: Partial<PersonRow>): PersonRow {
  return { document: null, name: null, phone: null, area: COUNTY, source: 'rail', ...of }
}
