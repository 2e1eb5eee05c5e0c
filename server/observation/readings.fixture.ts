import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { dayOf, instantOf } from '@weiwang/domain/core/day'
import { Undeliverable } from '../access/sms.ts'
import type { Http } from '../core/http.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import { makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { visitRoutes } from '../visits/routes.ts'
import { followTime } from './due.ts'
import { observationRoutes } from './routes.ts'
import { readingJobs } from './readings-jobs.ts'
import { readingRoutes } from './readings-routes.ts'
import { sendReminders } from './reminders.ts'

/** The cast of the tests of readings: the world of the tasks, with people at home, telephones, and a clock that is set. */
export const ZONE = 'Asia/Shanghai'
export const DAY = '2020-02-05'

export type Sent = { to: string; text: string }

export type Place = World & {
  /** Sets the clock of the server to a local time. */
  at: (day: string, hour: number, minute?: number, second?: number) => void
  /** What the timer does at this moment. */
  tick: () => Promise<void>
  sent: Sent[]
  /** How the gateway answers for a number: nothing is 'good'. */
  gateway: Map<string, 'broken' | 'undeliverable'>
  somebody: (of: { area: string; phone?: string; masked?: string }) => Promise<string>
  /** Observed from `day` on; the notice was given, and the queue has run. */
  observe: (of: {
    desk: Actor
    personId: string
    responder?: string
    exposureDay?: string
    notice?: boolean
  }) => Promise<{ id: string; county: string }>
  resident: (phone: string) => Promise<Actor>
  file: (actor: Actor, url: string, body: object) => Promise<any> // eslint-disable-line typescript/no-explicit-any -- tests read answers freely
}

export function item(of: { id: string; county: string }, more: object = {}): object {
  return { id: randomUUID(), county: of.county, observationId: of.id, temperature: 365, ...more }
}

export async function readingPlace(
  more: ((http: Http) => void)[] = [],
  env: Record<string, string> = { PUBLIC_URL: 'https://w.example' },
): Promise<Place> {
  const world = await makeWorld({
    rooms: [{ room: 'readings', jobs: readingJobs }],
    routes: [observationRoutes, readingRoutes, visitRoutes, ...more],
    // Its days and hours are fixed ones, and so is their zone.
    env: { ZONE, ...env },
  })
  const { server } = world
  const sent: Sent[] = []
  const gateway = new Map<string, 'broken' | 'undeliverable'>()
  const at = (day: string, hour: number, minute = 0, second = 0) => {
    const want = instantOf(day, ZONE, hour, minute).getTime() + second * 1000
    server.clock.shift(want - server.clock.now().getTime())
  }
  at(DAY, 7)
  return {
    ...world,
    at,
    get: async (who, url) => {
      const answer = await world.get(who, url)
      if (answer.status !== 200) throw new Error(`${url}: ${answer.text}`)
      return answer.body
    },
    sent,
    gateway,
    tick: async () => {
      await followTime(server)
      await sendReminders(server, {
        send: async (to, text) => {
          const how = gateway.get(to)
          if (how === 'undeliverable') throw new Undeliverable('refused with 404')
          if (how === 'broken') throw new Error('answered 503')
          sent.push({ to, text })
        },
      })
    },
    somebody: async ({ area, phone, masked }) => {
      const id = await world.person(area, null, masked === undefined ? {} : { masked })
      if (phone === undefined) return id
      const { keys } = server
      const { keyId, seal } = await keys.sealer(world.emergencyId, server.clock.now())
      await world.sql('update person set phone_hash = $2 where person_id = $1', [id, keys.hash('phone', phone)])
      await world.sql(
        `insert into identity (person_id, home_area, phone_sealed, key_id, updated_at) values ($1, $2, $3, $4, now())`,
        [id, area, seal({ table: 'identity', row: id, column: 'phone_sealed' }, phone), keyId],
      )
      return id
    },
    observe: async ({ desk, personId, responder, exposureDay = dayOf(server.clock.now(), ZONE), notice = true }) => {
      const id = randomUUID()
      const opened = await world.post(desk, '/api/observations', {
        persons: [{ id, personId, exposureDay, ...(responder === undefined ? {} : { responderPersonId: responder }) }],
        measure: 'home_monitoring',
        reason: 'close_contact',
      })
      if (opened.body.items?.[0]?.outcome !== 'opened') throw new Error(opened.text)
      if (notice) await world.post(desk, `/api/observations/${id}/step`, { do: { step: 'notice', how: 'read' } })
      await world.drain()
      return { id, county: desk.area.slice(0, 6) }
    },
    resident: async (phone) => {
      const actor = world.actor({ area: '32', roles: ['resident'], scope: [] })
      const sealed = await server.keys.seal(
        { emergencyId: NO_EMERGENCY, now: server.clock.now(), table: 'account', row: actor.id, column: 'phone_sealed' },
        phone,
      )
      await world.sql(
        `insert into account (id, area, name, phone_hash, phone_sealed, state, sessions_from, created_at, updated_at) values ($1, '32', '居民', $2, $3, 'active', now(), now(), now())`,
        [actor.id, server.keys.hash('account_phone', phone), sealed],
      )
      return actor
    },
    file: (actor, url, body) => world.request(actor, 'POST', url, body, { 'x-weiwang': '1' }),
  }
}
