/** The world of tasks with phones: what a worker hands in, and who decides what may not be filed. */
import { createCipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { BOX_INFO, joinBox } from '@weiwang/domain/core/sealed-box'
import type { Http } from '../core/http.ts'
import type { NamedJobs } from '../core/jobs.ts'
import { makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { visitRoutes } from '../visits/routes.ts'
import { phoneJobs } from './phone-jobs.ts'
import { pushRoutes } from './routes-push.ts'

export type PushWorld = World & {
  /** A task of a person in a grid, pushed down; its id and the person's. */
  task: (grid: string, grade?: string) => Promise<{ id: string; personId: string }>
  item: (kind: string, body: object, more?: object) => Item
  visit: (body: object, more?: object) => Item
  send: (actor: Actor, items: readonly unknown[], more?: object) => Promise<any> // eslint-disable-line typescript/no-explicit-any -- tests read answers freely
  /** Ends what an account covers as an operator would: yesterday was the last day. */
  takeAway: (actor: Actor) => Promise<Actor>
  count: (sql: string, values?: unknown[]) => Promise<number>
}

export type Item = { key: string; seq: number; kind: string; at: string; body: Record<string, unknown>; grid?: string }

let seq = 0

export async function pushWorld(
  options: { rooms?: NamedJobs[]; routes?: ((http: Http) => void)[] } = {},
): Promise<PushWorld> {
  const w = await makeWorld({
    routes: [visitRoutes, pushRoutes, ...(options.routes ?? [])],
    rooms: [{ room: 'phones', jobs: phoneJobs }, ...(options.rooms ?? [])],
  })
  const item: PushWorld['item'] = (kind, body, more = {}) => {
    seq += 1
    return { key: randomUUID(), seq, kind, at: w.server.clock.now().toISOString(), body: { ...body }, ...more }
  }
  return {
    ...w,
    item,
    task: async (grid, grade = 'red') => {
      const personId = await w.person(grid, grade)
      await w.push(grid.slice(0, 6))
      const [row] = await w.sql(`select id from task where person_id = $1`, [personId])
      return { id: String(row.id), personId }
    },
    visit: (body, more = {}) =>
      item(
        'visit.file',
        {
          id: randomUUID(),
          method: 'door',
          result: 'met',
          answers: { symptoms: false },
          occurredAt: w.server.clock.now().toISOString(),
          ...body,
        },
        more,
      ),
    send: async (actor, items, more = {}) =>
      w.post(actor, '/api/sync/push', {
        device: '0190a000-0000-7000-8000-00000000d001',
        protocol: 1,
        app: 'test',
        clock: new Date().toISOString(),
        waiting: items.length,
        items,
        ...more,
      }),
    takeAway: async (actor) => {
      await w.sql(
        `update duty set to_day = $2::date - 1, cut_at = $3 where account_id = $1 and ended_at is null and (to_day is null or to_day >= $2::date)`,
        [actor.id, w.server.clock.today(), w.server.clock.now()],
      )
      return { ...actor, scope: [], area: '' }
    },
    count: async (text, values) => Number((await w.sql(`select count(*)::int as n from ${text}`, values))[0].n),
  }
}

/** What the phone does with WebCrypto, by node's own functions. */
export function sealTo(point: string, itemKey: string, text: string | Buffer): string {
  const pair = createECDH('prime256v1')
  const own = pair.generateKeys()
  const server = Buffer.from(point, 'base64url')
  const secret = hkdfSync('sha256', pair.computeSecret(server), Buffer.concat([own, server]), BOX_INFO, 32)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(secret), iv)
  cipher.setAAD(Buffer.from(itemKey, 'utf8'))
  const sealed = Buffer.concat([cipher.update(Buffer.from(text)), cipher.final(), cipher.getAuthTag()])
  return Buffer.from(joinBox({ point: own, iv, sealed })).toString('base64url')
}
