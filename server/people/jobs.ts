import { defineJobs } from '../core/jobs.ts'
import { resolvePersons } from './resolving.ts'

/** One turn of stage two; what is left is taken by the next. */
const TURN = 50_000

export const peopleJobs = defineJobs({
  reactions: {
    'people.pending': async (server) => {
      await resolvePersons(server, { limit: TURN })
    },
  },
  // Catches what a killed process left behind.
  timers: [
    {
      name: 'resolve',
      cron: '*/5 * * * *',
      run: async (server) => {
        await resolvePersons(server, { limit: TURN })
      },
    },
  ],
})
