import { randomUUID } from 'node:crypto'
import type { Actor, Role } from '@weiwang/domain/access/actor'
import type { TestServer } from '../core/testing/test-server.ts'
import { testServer } from '../core/testing/test-server.ts'
import { taskJobs } from './jobs.ts'
import { taskRoutes } from './routes.ts'
import type { NamedJobs } from '../core/jobs.ts'
import type { Http } from '../core/http.ts'

/** Two counties in two cities with towns, villages and grids, people at desks and on duty, one campaign: the cast of the tests. */
export const A = '320506' // 吴中区, city 3205
export const B = '320102' // 玄武区, city 3201

export type World = TestServer & {
  campaignId: string
  emergencyId: string
  /** Grids of a county, in order: two towns × two villages × two grids. */
  grids: (county: string) => string[]
  desk: (area: string, roles?: Role[]) => Promise<Actor>
  worker: (grid: string) => Promise<Actor>
  person: (
    area: string,
    grade: string | null,
    more?: { sources?: string[]; masked?: string; id?: string },
  ) => Promise<string>
  regrade: (personId: string, grade: string | null, runId?: string) => Promise<void>
  move: (personId: string, area: string) => Promise<void>
  push: (area: string, by?: Actor, approver?: Actor) => Promise<string>
  get: (actor: Actor, url: string) => Promise<any> // eslint-disable-line typescript/no-explicit-any -- tests read answers freely
  post: (actor: Actor, url: string, body: object, key?: string) => Promise<any> // eslint-disable-line typescript/no-explicit-any
}

const RULE_SET = '00000000-0000-4000-8000-0000000000aa'

function areas(): string[] {
  const codes = ['32', '3201', '3205']
  for (const county of [A, B]) {
    codes.push(county)
    for (const t of ['001', '002']) {
      codes.push(`${county}${t}`)
      for (const v of ['001', '002']) {
        codes.push(`${county}${t}${v}`)
        for (const g of ['001', '002']) codes.push(`${county}${t}${v}${g}`)
      }
    }
  }
  return codes
}

const LEVEL: Record<number, number> = { 2: 1, 4: 2, 6: 3, 9: 4, 12: 5, 15: 6 }
const PARENT: Record<number, number> = { 4: 2, 6: 4, 9: 6, 12: 9, 15: 12 }

export async function makeWorld(
  options: { rooms?: NamedJobs[]; routes?: ((http: Http) => void)[]; env?: Record<string, string> } = {},
): Promise<World> {
  const t = await testServer({
    ...options,
    rooms: [{ room: 'tasks', jobs: taskJobs }, ...(options.rooms ?? [])],
    routes: [taskRoutes, ...(options.routes ?? [])],
  })
  await t.sql('delete from area')
  for (const code of areas()) {
    await t.sql(
      `insert into area (code, parent, level, name, kind, valid_from) values ($1, $2, $3, $4, 'test', '2020-01-01')`,
      [code, PARENT[code.length] ? code.slice(0, PARENT[code.length]) : null, LEVEL[code.length], `区${code}`],
    )
  }
  const emergencyId = await t.openEmergency('32')
  const campaignId = randomUUID()
  const text = JSON.stringify({ zh: '返苏人员排查', en: 'Returnees' })
  const questions = [{ key: 'symptoms', type: 'yes_no', say: { zh: '有症状吗', en: 'Symptoms?' }, required: true }]
  await t.sql(
    `insert into campaign (id, emergency_id, area, name, purpose, basis, script, questions, hours, starts, ends, state, created_at)
     values ($1, $2, '32', $3, $3, $3, $3, $4, '{}', '2020-01-01', '2099-12-31', 'open', now())`,
    [campaignId, emergencyId, text, JSON.stringify(questions)],
  )
  const actor = async (area: string, roles: Role[], name: string): Promise<Actor> => {
    const one = t.actor({ area, roles, name })
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
  const world: World = {
    ...t,
    campaignId,
    emergencyId,
    grids: (county) => areas().filter((code) => code.length === 15 && code.startsWith(county)),
    desk: (area, roles = ['operator', 'chief']) => actor(area, roles, `台${area}`),
    worker: async (grid) => {
      const one = await actor(grid, ['worker'], `网格员${grid}`)
      await t.sql(
        `insert into duty (id, account_id, account_name, area, kind, from_day, created_at) values ($1, $2, 'w', $3, 'cover', '2020-01-01', now())`,
        [randomUUID(), one.id, grid],
      )
      return one
    },
    person: async (area, grade, more = {}) => {
      const id = more.id ?? randomUUID()
      await t.sql(
        `insert into person (person_id, home_area, emergency_id, masked, doc_kind, source, created_at, updated_at) values ($1, $2, $3, $4, 'resident', 'test', now(), now())`,
        [id, area, emergencyId, more.masked ?? '张*明'],
      )
      await t.sql(
        `insert into residence (person_id, id, home_area, area, county, kind, certainty, source, from_day, recorded_at) values ($1, $2, $3, $3, left($3, 6), 'own', 6, 'test', '2020-01-01', now())`,
        [id, randomUUID(), area],
      )
      if (grade !== null) {
        const reasons = (more.sources ?? ['rail']).map((source) => ({
          rule: 'r1',
          say: { zh: '到过武汉', en: 'was in Wuhan' },
          fact: { kind: 'stay', source },
          day: '2020-02-01',
          until: null,
        }))
        await t.sql(
          `insert into grade_now (person_id, home_area, n, rule_set_id, grade, from_day, reasons, recorded_at) values ($1, $2, 1, $3, $4, '2020-01-01', $5, now())`,
          [id, area, RULE_SET, grade, JSON.stringify(reasons)],
        )
      }
      return id
    },
    regrade: async (personId, grade, runId) => {
      await t.sql(`update grade_now set grade = $2, n = n + 1 where person_id = $1`, [personId, grade])
      if (runId) {
        await t.sql(
          `insert into grade (person_id, n, home_area, run_id, rule_set_id, grade, from_day, reasons, recorded_at) select person_id, n, home_area, $2, rule_set_id, grade, from_day, reasons, now() from grade_now where person_id = $1`,
          [personId, runId],
        )
      }
    },
    move: async (personId, area) => {
      await t.sql(`update person set home_area = $2 where person_id = $1`, [personId, area])
      await t.sql(`update residence set to_day = '2020-02-01' where person_id = $1`, [personId])
      await t.sql(
        `insert into residence (person_id, id, home_area, area, county, kind, certainty, source, from_day, recorded_at) values ($1, $2, $3, $3, left($3, 6), 'own', 6, 'test', '2020-02-01', now())`,
        [personId, randomUUID(), area],
      )
      await t.sql(`update grade_now set home_area = $2 where person_id = $1`, [personId, area])
    },
    push: async (area, by, approver) => {
      const id = randomUUID()
      const proposed = await world.post(by ?? (await world.desk(area)), '/api/pushes', { id, area, campaignId })
      if (proposed.status !== 200) throw new Error(proposed.text)
      const approved = await world.post(approver ?? (await world.desk(area)), `/api/pushes/${id}/decide`, {
        approve: true,
      })
      if (approved.status !== 200) throw new Error(approved.text)
      await t.drain()
      return id
    },
    get: (who, url) => t.request(who, 'GET', url),
    post: (who, url, body, key) =>
      t.request(who, 'POST', url, body, key === undefined ? {} : { 'idempotency-key': key }),
  }
  return world
}
