/** A small world for tests of the code: people who registered, their accounts, what is known of them, and their phones. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import type { RuleSetDocument } from '@weiwang/domain/grading/rule-set'
import type { Sign } from '@weiwang/domain/healthcode/cose'
import { compressPoint } from '@weiwang/domain/healthcode/point'
import { json } from '../core/db/json.ts'
import type { Http } from '../core/http.ts'
import type { NamedJobs } from '../core/jobs.ts'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { gradingJobs } from '../grading/jobs.ts'
import { markPersons } from '../grading/store-run.ts'
import { requestIncremental } from '../grading/jobs.ts'
import { gradingRoutes } from '../grading/routes.ts'
import { followCodes } from './code-change.ts'
import { codeJobs } from './code-jobs.ts'
import { pointOf } from './code-keys.ts'
import { codeRoutes } from './code-routes.ts'

export const GRID = '320505001001001'

export type PhoneKey = { publicKey: string; holder: string; sign: Sign }

export function newPhoneKey(): PhoneKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const point = pointOf(publicKey)
  const holder = compressPoint(point)
  if (!holder) throw new Error('not a point')
  return {
    publicKey: Buffer.from(point).toString('base64url'),
    holder: Buffer.from(holder).toString('base64url'),
    sign: async (data) => Uint8Array.from(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  }
}

export type CodeWorld = TestServer & {
  today: string
  emergency: string
  ruleSet: (document?: RuleSetDocument) => Promise<string>
  /** Somebody known, not registered. */
  person: (area?: string, masked?: string) => Promise<string>
  /** Registered, with a code. */
  registered: (of?: {
    area?: string
    masked?: string
    here?: boolean
    purpose?: string
    residence?: string
  }) => Promise<string>
  /** An account that has shown its document; persons: self first. */
  account: (persons: readonly string[], phone?: string) => Promise<Actor>
  /** A stay in a key area, told by a source; judged when the queue is drained. */
  inWuhan: (personId: string, source?: string, lastAgo?: number) => Promise<string>
  withdraw: (factId: string, personId: string) => Promise<void>
  /** An incremental run over these. */
  judged: (ids: readonly string[]) => Promise<void>
}

export async function codeWorld(
  more: NamedJobs[] = [],
  routes: ((http: Http) => void | Promise<void>)[] = [],
): Promise<CodeWorld> {
  const t = await testServer({
    rooms: [{ room: 'grading', jobs: gradingJobs }, { room: 'code', jobs: codeJobs }, ...more],
    routes: [gradingRoutes, codeRoutes, ...routes],
  })
  const emergency = await t.openEmergency()
  const today = t.server.clock.today()
  for (const [id, red] of [
    ['rail', true],
    ['tip', false],
  ] as const)
    await t.sql(
      `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, may_give_red, state, created_at) values ($1, '32', '{"zh":"铁路","en":"Railway"}', 'x', '{}', 'rail', '{}', '{}', $2, 'open', now())`,
      [id, red],
    )
  const person = async (area = GRID, masked = '张*明'): Promise<string> => {
    const id = randomUUID().replace(/^(.{14})4/, '$18')
    await t.sql(
      `insert into person (person_id, home_area, emergency_id, masked, doc_kind, source, created_at, updated_at) values ($1, $2, $3, $4, 'id', 'x', now(), now())`,
      [id, area, emergency, masked],
    )
    return id
  }
  const judged = async (ids: readonly string[]): Promise<void> => {
    await t.server.asSystem('test', async (ctx) => {
      await markPersons(ctx.db, ids, ctx.now)
      await requestIncremental(ctx)
    })
    await t.drain()
  }
  return {
    ...t,
    today,
    emergency,
    person,
    judged,
    ruleSet: async (document = SUZHOU) => {
      const id = randomUUID()
      await t.sql(`update rule_set set state = 'retired' where state = 'active' and area = $1`, [document.area])
      await t.server.jobsPool.db
        .insertInto('rule_set')
        .values({
          id,
          code: document.code,
          version: Number((await t.sql('select count(*)::int as n from rule_set'))[0].n) + 1,
          area: document.area,
          name: json(document.name),
          about: json(document.about),
          rules: json({
            rules: document.rules,
            ...(document.otherwise ? { otherwise: document.otherwise } : {}),
            ...(document.unsettled ? { unsettled: document.unsettled } : {}),
          }),
          state: 'active',
          created_at: new Date(),
          activated_at: new Date(),
        })
        .execute()
      return id
    },
    registered: async (of = {}) => {
      const id = await person(of.area, of.masked)
      const { here = true, purpose = 'home', residence } = of
      await t.sql(
        `insert into registration (person_id, home_area, emergency_id, need, situation, registered_here, purpose, by, declared_at, registered_day, registered_at)
         values ($1, $2, $3, 'must', 'living', $4, $5, 'self', now(), $6, now())`,
        [id, of.area ?? GRID, emergency, here, purpose, today],
      )
      if (residence !== undefined)
        await t.sql(
          `insert into residence (person_id, id, home_area, area, county, kind, certainty, source, from_day, recorded_at) values ($1, $2, $3, $3, $4, $5, 1, 'x', $6, now())`,
          [id, randomUUID(), GRID, GRID.slice(0, 6), residence, today],
        )
      await t.server.asSystem('test', (ctx) => followCodes(ctx, [id], { apply: true, trigger: 'declaration' }))
      return id
    },
    account: async (persons, phone) => {
      const id = randomUUID()
      const sessionId = randomUUID()
      const sealed = phone
        ? await t.server.keys.seal(
            {
              emergencyId: '00000000-0000-0000-0000-000000000000',
              now: new Date(),
              table: 'account',
              row: id,
              column: 'phone_sealed',
            },
            phone,
          )
        : null
      await t.sql(
        `insert into account (id, area, name, phone_sealed, state, sessions_from, created_at, updated_at) values ($1, '32', '居民', $2, 'active', now(), now(), now())`,
        [id, sealed],
      )
      await t.sql(`insert into account_proof (session_id, account_id, at) values ($1, $2, now())`, [sessionId, id])
      for (const [i, personId] of persons.entries())
        await t.sql(
          `insert into account_person (account_id, person_id, relation, basis, since) values ($1, $2, $3, 'proof', $4)`,
          [id, personId, i === 0 ? 'self' : 'child', today],
        )
      return t.actor({ id, area: '', scope: [], roles: ['resident'], sessionId })
    },
    inWuhan: async (personId, source = 'rail', lastAgo = 3) => {
      const factId = randomUUID()
      await t.sql(
        `insert into fact (person_id, fact_id, kind, place, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, 'stay', '420106', $3, $4, $5, $6, now() - interval '1 minute')`,
        [personId, factId, addDays(today, -lastAgo - 3), addDays(today, -lastAgo), source, randomUUID()],
      )
      await judged([personId])
      return factId
    },
    withdraw: async (factId, personId) => {
      await t.sql('update fact set withdrawn_at = now() where fact_id = $1', [factId])
      await judged([personId])
    },
  }
}
