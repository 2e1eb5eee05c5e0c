import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { instructionJobs } from './instruction-jobs.ts'
import { runPush } from './push.ts'
import {
  escalateDue,
  expireCampaign,
  followHome,
  followPerson,
  followRun,
  giveBack,
  mergeTasks,
  openForwarded,
} from './react.ts'
import { followAreas, followRehomed, takeUpAreas } from './reorganise.ts'
import { stalledPushes } from './store-push.ts'

const Run = z.object({ runId: z.string().optional().nullable(), personId: z.string().optional().nullable() })
/** People move one by one and are resolved by the chunk. */
const People = z.object({ personId: z.string().optional(), personIds: z.array(z.string()).optional() })
const Merge = z.object({ from: z.string(), into: z.string() })
const Account = z.object({ accountId: z.string() })
const PushOf = z.object({ pushId: z.string() })
const Campaign = z.object({ campaignId: z.string() })
const Forward = z.object({
  taskId: z.string(),
  to: z.object({ county: z.string(), taskId: z.string(), area: z.string() }),
})

const STALLED_MS = 90_000

async function followAll(server: Server, payload: unknown, why: 'moved' | 'resolved'): Promise<void> {
  const { personId, personIds = [] } = People.parse(payload)
  for (const id of personId === undefined ? personIds : [personId, ...personIds]) await followHome(server, id, why)
}

export const taskJobs = defineJobs({
  reactions: {
    ...instructionJobs.reactions,
    'push.approved': async (server, payload) => runPush(server, PushOf.parse(payload).pushId),
    'grades.changed': async (server, payload) => {
      const { runId, personId } = Run.parse(payload)
      if (runId) await followRun(server, runId)
      if (personId) await followPerson(server, personId)
    },
    'person.moved': async (server, payload) => followAll(server, payload, 'moved'),
    'person.resolved': async (server, payload) => followAll(server, payload, 'resolved'),
    'person.rehomed': followRehomed,
    'areas.followed': followAreas,
    'person.merged': async (server, payload) => {
      const { from, into } = Merge.parse(payload)
      await mergeTasks(server, from, into)
    },
    'duty.changed': async (server, payload) => giveBack(server, Account.parse(payload).accountId),
    'account.closed': async (server, payload) => giveBack(server, Account.parse(payload).accountId),
    'task.forwarded': async (server, payload) => {
      const { taskId, to } = Forward.parse(payload)
      await openForwarded(server, taskId, to)
    },
    'campaign.ended': async (server, payload) => expireCampaign(server, Campaign.parse(payload).campaignId),
  },
  timers: [
    ...instructionJobs.timers,
    { name: 'areas', cron: '*/5 * * * *', run: takeUpAreas },
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
