/** The place that the tests of the phone live in: one county with two villages of grids, its people, its workers. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { levelOf, parentOf } from '@weiwang/domain/areas/code'
import type { Pull, Pulled } from '@weiwang/domain/sync/api'
import { insertAreas } from '../areas/store.ts'
import type { Http } from '../core/http.ts'
import type { NamedJobs } from '../core/jobs.ts'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { peopleJobs } from '../people/jobs.ts'
import { placePersons } from '../people/places.ts'
import { registerPersons } from '../people/register.ts'
import { peopleRoutes } from '../people/routes.ts'
import { syncJobs } from './jobs.ts'
import { syncRoutes } from './routes.ts'

export const VILLAGE = '320508001001'
export const GRID = '320508001001001'
export const GRID2 = '320508001001002'
export const FAR_GRID = '320508002001001'

const AREAS: [string, string, string][] = [
  ['32', '江苏省', 'province'],
  ['3205', '苏州市', 'city'],
  ['320508', '姑苏区', 'county'],
  ['320508001', '平江街道', 'town'],
  [VILLAGE, '钮家巷社区', 'village'],
  [GRID, '第一网格', 'grid'],
  [GRID2, '第二网格', 'grid'],
  ['320508002', '金阊街道', 'town'],
  ['320508002001', '彩香社区', 'village'],
  [FAR_GRID, '第一网格', 'grid'],
]

export type Phone = TestServer & {
  emergencyId: string
  worker: (areas: readonly string[], home?: string) => Promise<Actor>
  endDuties: (actor: Actor) => Promise<void>
  /** Makes doors with people through the register's own ways; returns their ids. */
  doors: (grid: string, n: number, members?: number) => Promise<{ householdId: string; personIds: string[] }[]>
  pull: (actor: Actor, args?: Partial<Pull>) => Promise<Pulled & { status: number; bytes: number }>
  /** Pulls until there is no more, as a phone does. */
  pullAll: (actor: Actor, args?: Partial<Pull>) => Promise<Pulled[]>
}

export async function phoneWorld(
  options: { rooms?: NamedJobs[]; routes?: ((http: Http) => void | Promise<void>)[] } = {},
): Promise<Phone> {
  const t = await testServer({
    rooms: [{ room: 'people', jobs: peopleJobs }, ...(options.rooms ?? []), { room: 'sync', jobs: syncJobs }],
    routes: [peopleRoutes, ...(options.routes ?? []), syncRoutes],
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
  const worker: Phone['worker'] = async (covered, home = VILLAGE) => {
    const id = randomUUID()
    await t.sql(
      `insert into account (id, area, name, state, sessions_from, created_at, updated_at) values ($1, $2, '网格员', 'active', now(), now(), now())`,
      [id, home],
    )
    await t.sql(`insert into account_role (account_id, role, area, granted_at) values ($1, 'worker', $2, now())`, [
      id,
      home,
    ])
    for (const area of covered)
      await t.sql(
        `insert into duty (id, account_id, area, kind, account_name, from_day, created_at) values ($1, $2, $3, 'cover', '网格员', '2020-01-01', now())`,
        [randomUUID(), id, area],
      )
    return t.actor({ id, area: covered[0] ?? '', scope: [...covered], roles: ['worker'] })
  }
  let made = 0
  const doors: Phone['doors'] = async (grid, n, members = 2) => {
    made += 1
    const homes = await t.server.asSystem('test.doors', async (ctx) => {
      const found: { householdId: string; personIds: string[] }[] = []
      for (let i = 0; i < n; i++) {
        const householdId = randomUUID()
        await ctx.db
          .insertInto('household')
          .values({
            county: grid.slice(0, 6),
            id: householdId,
            area: grid,
            emergency_id: emergencyId,
            kind: 'home',
            use: 'self',
            estate: '桂花苑',
            building: `${Math.floor(i / 10) + 1}幢`,
            door: `${100 + i}`,
            members: 0,
            source: 'test',
            created_at: ctx.now,
            updated_at: ctx.now,
          })
          .execute()
        const rows = Array.from({ length: members }, (_, k) => ({
          document: null,
          name: `王${'一二三四五六七八九十'[i % 10] ?? ''}${'甲乙丙丁'[k] ?? ''}`,
          phone: null,
          area: grid,
          source: 'test',
          externalId: `${householdId}/${k}`,
          birth: `19${60 + k}-${String(1 + (made % 12)).padStart(2, '0')}-${String(10 + (i % 19))}`,
          placed: true,
        }))
        const registered = await registerPersons(ctx, rows, { near: false })
        const personIds = registered.flatMap((one) => (one.personId === null ? [] : [one.personId]))
        await placePersons(
          ctx,
          personIds.map((personId) => ({
            personId,
            area: grid,
            householdId,
            kind: 'own',
            address: null,
            source: 'test',
            placed: true,
            fromDay: ctx.today,
          })),
        )
        found.push({ householdId, personIds })
      }
      return found
    })
    await t.drain()
    return homes
  }
  const pull: Phone['pull'] = async (actor, args = {}) => {
    const answer = await t.request(actor, 'POST', '/api/sync/pull', {
      device: randomUUID(),
      protocol: 1,
      app: 'test',
      clock: new Date().toISOString(),
      grids: [],
      ...args,
    })
    return { ...answer.body, status: answer.status, bytes: answer.text.length }
  }
  return {
    ...t,
    emergencyId,
    worker,
    endDuties: async (actor) => {
      await t.sql(`update duty set ended_at = now() where account_id = $1`, [actor.id])
    },
    doors,
    pull,
    pullAll: async (actor, args = {}) => {
      const pages: Pulled[] = []
      let grids = args.grids ?? []
      for (;;) {
        const page = await pull(actor, { ...args, grids })
        pages.push(page)
        grids = page.grids.map(({ grid, epoch, to }) => ({ grid, epoch, n: to }))
        if (!page.more || page.comeBack !== null) return pages
      }
    },
  }
}
