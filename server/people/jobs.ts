import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import { followHelp, raiseHelp } from './help.ts'
import { takeUpImports } from './import-file.ts'
import { proposeNear } from './register.ts'
import { followAreas, takeUpAreas } from './reorganise.ts'
import { resolvePersons } from './resolving.ts'

const Followed = z.object({ room: z.string() })
const Near = z.object({ personIds: z.array(z.uuid()) })

/** One turn of stage two; what is left is taken by the next. */
const TURN = 50_000

export const peopleJobs = defineJobs({
  reactions: {
    'areas.changed': followAreas,
    'areas.followed': async (server, payload) => {
      if (Followed.parse(payload).room === 'access') await followHelp(server)
    },
    'people.pending': async (server) => {
      await resolvePersons(server, { limit: TURN })
    },
    'people.near': async (server, payload) => {
      const { personIds } = Near.parse(payload)
      await server.asSystem('people.near', (ctx) => proposeNear(ctx, personIds))
    },
  },
  // Catches what a killed process left behind.
  timers: [
    { name: 'imports', cron: '* * * * *', run: takeUpImports },
    { name: 'areas', cron: '*/5 * * * *', run: takeUpAreas },
    { name: 'help', cron: '* * * * *', run: raiseHelp },
    { name: 'help-areas', cron: '*/5 * * * *', run: followHelp },
    {
      name: 'resolve',
      cron: '*/5 * * * *',
      run: async (server) => {
        await resolvePersons(server, { limit: TURN })
      },
    },
  ],
})
