import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import { runPush } from './push.ts'
import { escalateDue, expireCampaign, followHome, followPerson, followRun, openForwarded } from './react.ts'
import { stalledPushes } from './store-push.ts'

const Run = z.object({ runId: z.string().optional().nullable(), personId: z.string().optional().nullable() })
const Person = z.object({ personId: z.string() })
/** People are resolved by the chunk, or one by one by hand. */
const Resolved = z.union([
  z.object({ personIds: z.array(z.string()) }),
  Person.transform(({ personId }) => ({ personIds: [personId] })),
])
const PushOf = z.object({ pushId: z.string() })
const Campaign = z.object({ campaignId: z.string() })
const Forward = z.object({
  taskId: z.string(),
  to: z.object({ county: z.string(), taskId: z.string(), area: z.string() }),
})

const STALLED_MS = 90_000

export const taskJobs = defineJobs({
  reactions: {
    'push.approved': async (server, payload) => runPush(server, PushOf.parse(payload).pushId),
    'grades.changed': async (server, payload) => {
      const { runId, personId } = Run.parse(payload)
      if (runId) await followRun(server, runId)
      if (personId) await followPerson(server, personId)
    },
    'person.moved': async (server, payload) => followHome(server, Person.parse(payload).personId, 'moved'),
    'person.resolved': async (server, payload) => {
      for (const personId of Resolved.parse(payload).personIds) await followHome(server, personId, 'resolved')
    },
    'task.forwarded': async (server, payload) => {
      const { taskId, to } = Forward.parse(payload)
      await openForwarded(server, taskId, to)
    },
    'campaign.ended': async (server, payload) => expireCampaign(server, Campaign.parse(payload).campaignId),
  },
  timers: [
    { name: 'escalate', cron: '* * * * *', run: async (server) => void (await escalateDue(server)) },
    {
      name: 'resume-pushes',
      cron: '* * * * *',
      run: async (server) => {
        const before = new Date(server.clock.now().getTime() - STALLED_MS)
        for (const id of await stalledPushes(server.jobsPool.db, before)) await runPush(server, id)
      },
    },
  ],
})
