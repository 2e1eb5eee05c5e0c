import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { instantOf } from '@weiwang/domain/core/day'
import { makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import type { NamedJobs } from '../core/jobs.ts'
import type { Http } from '../core/http.ts'
import { statRoutes } from './routes.ts'
import { visitRoutes } from '../visits/routes.ts'
import { observationJobs } from '../observation/jobs.ts'
import { observationRoutes } from '../observation/routes.ts'

/** The cast of the tests of observations: two counties, doors, and a clock that can be set to an hour of a day. */
export type Observed = World & {
  /** A home of the register with somebody in it. */
  home: (grid: string) => Promise<{ householdId: string; personId: string }>
  /** Sets the clock to an hour of a local day. */
  at: (day: string, hour: number, minute?: number) => void
  open: (who: Actor, more: object) => Promise<any> // eslint-disable-line typescript/no-explicit-any -- tests read answers freely
  step: (who: Actor, id: string, body: object) => Promise<any> // eslint-disable-line typescript/no-explicit-any
  total: (who: Actor, query: string) => Promise<number>
}

export async function observed(
  options: { rooms?: NamedJobs[]; routes?: ((http: Http) => void)[] } = {},
): Promise<Observed> {
  const w = await makeWorld({
    rooms: [{ room: 'observation', jobs: observationJobs }, ...(options.rooms ?? [])],
    routes: [observationRoutes, visitRoutes, statRoutes, ...(options.routes ?? [])],
  })
  return {
    ...w,
    home: async (grid) => {
      const householdId = randomUUID()
      await w.sql(
        `insert into household (county, id, area, emergency_id, kind, use, building, door, source, created_at, updated_at)
         values (left($2, 6), $1, $2, $3, 'home', 'self', '3', '501', 'test', now(), now())`,
        [householdId, grid, w.emergencyId],
      )
      const personId = await w.person(grid, 'red')
      await w.sql(`update residence set household_id = $2 where person_id = $1`, [personId, householdId])
      return { householdId, personId }
    },
    at: (day, hour, minute = 0) => {
      const { clock } = w.server
      clock.shift(instantOf(day, clock.zone, hour, minute).getTime() - clock.now().getTime())
    },
    open: (who, more) =>
      w.post(who, '/api/observations', {
        measure: 'home_quarantine',
        reason: 'close_contact',
        ...more,
      }),
    step: (who, id, body) => w.post(who, `/api/observations/${id}/step`, { do: body }),
    total: async (who, query) => {
      const answer = await w.get(who, `/api/observations?${query}`)
      if (answer.status !== 200) throw new Error(answer.text)
      return answer.body.total
    },
  }
}
