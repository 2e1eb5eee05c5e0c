import { z } from 'zod'
import { followChange } from '../areas/following.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { takeKnown, tellDecided } from './handover.ts'
import { followAccounts } from './phones-store.ts'
import { attachPapers, attachPictures, attachServicePictures, sweepPictures } from './sealed-photos.ts'
import { tellChange, tellHelp } from './tell-people.ts'

const Followed = z.object({ changeId: z.uuid(), room: z.string() })

/** Accounts have moved with their areas; who may see their phones moves with them. */
async function followPhones(server: Server, payload: unknown): Promise<void> {
  const { changeId, room } = Followed.parse(payload)
  if (room !== 'access') return
  await server.asSystem('phone.follow', async (ctx) => {
    const following = await followChange(ctx.db, changeId)
    if (following) await followAccounts(ctx.db, following.tops)
  })
}

export const phoneJobs = defineJobs({
  reactions: {
    'handover.decided': tellDecided,
    'areas.followed': followPhones,
    'change.decided': tellChange,
    'help.changed': tellHelp,
    'visit.pictured': attachPictures,
    'observation.pictured': attachPapers,
    'service.pictured': attachServicePictures,
  },
  timers: [
    { name: 'pictures', cron: '50 16 * * *', run: sweepPictures },
    // Within a minute of the start of a program that knows more.
    { name: 'known', cron: '* * * * *', run: async (server) => void (await takeKnown(server)) },
  ],
})
