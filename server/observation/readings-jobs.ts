import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { followTime } from './due.ts'
import { followObservation, planAgain } from './due-follow.ts'
import { followTask, noteMissed } from './readings-tasks.ts'
import { clearLinks, sendReminders } from './reminders.ts'

const Of = z.object({ county: z.string(), observationId: z.string() })
const Area = z.object({ area: z.string() })
const Task = z.object({ county: z.string(), taskId: z.string() })

async function follow(server: Server, payload: unknown): Promise<void> {
  const key = Of.parse(payload)
  await server.asSystem('readings.follow', (ctx) => followObservation(ctx, key))
}

/** Who is asked follows the observation; time is followed every minute; what is to be sent goes out behind it. */
export const readingJobs = defineJobs({
  reactions: {
    'observation.opened': follow,
    'observation.changed': follow,
    'observation.ended': follow,
    'readings.planned': async (server, payload) => planAgain(server, Area.parse(payload).area),
    'reading.missed': noteMissed,
    'task.answered': async (server, payload) => followTask(server, Task.parse(payload)),
  },
  timers: [
    {
      name: 'readings',
      cron: '* * * * *',
      run: async (server) => {
        await followTime(server)
        await sendReminders(server)
      },
    },
    { name: 'reading-links', cron: '17 * * * *', run: clearLinks },
  ],
})
