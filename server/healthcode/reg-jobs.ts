import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { tellWard } from './reg-family.ts'
import { followReturns, noteNoShows } from './reg-returns.ts'
import { followHomes } from './reg-store.ts'

const Persons = z.object({ personId: z.uuid().optional(), personIds: z.array(z.uuid()).optional() })
const Told = z.object({ accountId: z.uuid(), personId: z.uuid() })

/** An address was found, or somebody has moved: rows go with the person, and the new grid is told of who is expected. */
async function follow(server: Server, payload: unknown): Promise<void> {
  const { personId, personIds } = Persons.parse(payload)
  const persons = [...(personIds ?? []), ...(personId === undefined ? [] : [personId])]
  if (persons.length === 0) return
  await server.asSystem('registration.follow', (ctx) => followHomes(ctx.db, persons))
  await followReturns(server, persons)
}

export const registrationJobs = defineJobs({
  reactions: {
    'person.resolved': follow,
    'person.moved': follow,
    'person.rehomed': follow,
    'registration.told': (server, payload) => tellWard(server, Told.parse(payload)),
  },
  timers: [
    // Whoever did not come is a no-show from the day after the grace on, whenever this runs (REGISTER-16).
    { name: 'no-shows', cron: '*/10 * * * *', run: async (server) => void (await noteNoShows(server)) },
  ],
})
