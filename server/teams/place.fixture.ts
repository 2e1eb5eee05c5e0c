import { randomUUID } from 'node:crypto'
import type { Actor, Role } from '@weiwang/domain/access/actor'
import type { Http } from '../core/http.ts'
import type { NamedJobs } from '../core/jobs.ts'
import type { Answer, TestServer } from '../core/testing/test-server.ts'
import { testServer } from '../core/testing/test-server.ts'
import { peopleJobs } from '../people/jobs.ts'
import { peopleRoutes } from '../people/routes.ts'
import { teamJobs } from './jobs.ts'
import { teamRoutes } from './routes.ts'

/** A county with two towns of two villages of two grids, and another county: the ground of the tests of teams and watches. */
export const A = '320506'
export const B = '320102'
export const VILLAGE = `${A}001001`

export type Place = TestServer & {
  emergencyId: string
  desk: (area: string, roles?: Role[]) => Promise<Actor>
  /** Somebody of a role with a duty over areas; the account belongs to the first. */
  member: (role: Role, covers: string[], name?: string) => Promise<Actor>
  door: (area: string, more?: Partial<DoorOf>) => Promise<string>
  doors: (area: string, n: number, of: (i: number) => Partial<DoorOf>) => Promise<string[]>
  get: (actor: Actor, url: string) => Promise<Answer>
  post: (actor: Actor, url: string, body: object, key?: string) => Promise<Answer>
}
type DoorOf = {
  kind: string
  estate: string | null
  building: string | null
  door: string | null
  lat: number
  lng: number
  members: number
}

const LENGTHS = [2, 4, 6, 9, 12, 15]

function areas(): string[] {
  const codes = ['32', '3201', '3205']
  for (const county of [A, B]) {
    codes.push(county)
    for (const t of ['001', '002'])
      for (const code of [t, `${t}001`, `${t}002`, `${t}001001`, `${t}001002`, `${t}002001`, `${t}002002`])
        codes.push(`${county}${code}`)
  }
  return codes
}

export async function makePlace(
  options: { rooms?: NamedJobs[]; routes?: ((http: Http) => void | Promise<void>)[] } = {},
): Promise<Place> {
  const t = await testServer({
    rooms: [{ room: 'people', jobs: peopleJobs }, { room: 'teams', jobs: teamJobs }, ...(options.rooms ?? [])],
    routes: options.routes ?? [peopleRoutes, teamRoutes],
  })
  await t.sql('delete from area')
  for (const code of areas()) {
    const at = LENGTHS.indexOf(code.length)
    await t.sql(
      `insert into area (code, parent, level, name, kind, valid_from) values ($1, $2, $3, $4, 'test', '2020-01-01')`,
      [code, at === 0 ? null : code.slice(0, LENGTHS[at - 1]), at + 1, `区${code}`],
    )
  }
  const emergencyId = await t.openEmergency('32')
  const actor = async (area: string, roles: Role[], name: string, scope: string[]): Promise<Actor> => {
    const one = t.actor({ area, roles, name, scope })
    await t.sql(
      `insert into account (id, area, name, state, sessions_from, created_at, updated_at) values ($1, $2, $3, 'active', now(), now(), now())`,
      [one.id, area, name],
    )
    for (const role of roles)
      await t.sql(`insert into account_role (account_id, role, area, granted_at) values ($1, $2, $3, now())`, [
        one.id,
        role,
        area,
      ])
    return one
  }
  const doors: Place['doors'] = async (area, n, of) => {
    const rows = Array.from({ length: n }, (_, i) => ({
      id: randomUUID(),
      area,
      kind: 'home',
      estate: '东巷',
      building: null,
      door: `${i + 1}号`,
      members: 2,
      ...of(i),
    }))
    await t.sql(
      `insert into household (county, id, area, emergency_id, kind, use, estate, building, door, members, lat, lng, source, created_at, updated_at)
       select left(area, 6), id, area, $2, kind, 'self', estate, building, door, members, lat, lng, 'test', now(), now()
       from json_to_recordset($1::json) as d (id uuid, area text, kind text, estate text, building text, door text, members int, lat float8, lng float8)`,
      [JSON.stringify(rows), emergencyId],
    )
    return rows.map((row) => row.id)
  }
  return {
    ...t,
    emergencyId,
    desk: (area, roles = ['operator', 'chief']) => actor(area, roles, `台${area}`, [area]),
    member: async (role, covers, name) => {
      const home = covers[0] ?? A
      const one = await actor(home, [role], name ?? `${role}${covers.join()}`, covers)
      for (const area of covers)
        await t.sql(
          `insert into duty (id, account_id, account_name, area, kind, from_day, created_at) values ($1, $2, $3, $4, 'cover', '2020-01-01', now())`,
          [randomUUID(), one.id, one.name, area],
        )
      return one
    },
    door: async (area, more = {}) => (await doors(area, 1, () => more))[0] ?? '',
    doors,
    get: (who, url) => t.request(who, 'GET', url),
    post: (who, url, body, key) =>
      t.request(who, 'POST', url, body, key === undefined ? {} : { 'idempotency-key': key }),
  }
}
