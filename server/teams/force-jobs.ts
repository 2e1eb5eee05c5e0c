import { countyOf } from '@weiwang/domain/areas/code'
import { standsAt } from '../areas/store.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { closeAttachments } from './force-attach.ts'
import { endedForceAreas, moveForces } from './force-store.ts'

/** FORCE-13: what is open follows its area inside the county; into another county nothing changes its key. */
async function followForceAreas(server: Server): Promise<void> {
  await server.asSystem('forces.areas', async (ctx) => {
    for (const [from, to] of await standsAt(ctx.db, await endedForceAreas(ctx.db))) {
      if (to === from || to.length < 6 || countyOf(to) !== countyOf(from)) continue
      await moveForces(ctx.db, from, to, ctx.now)
      ctx.audit({ verb: 'force.follow', thing: 'force', thingId: from, area: to, detail: { from, to } })
    }
  })
}

export const forceJobs = defineJobs({
  reactions: { 'areas.followed': async (server) => followForceAreas(server) },
  timers: [{ name: 'attachments', cron: '*/10 * * * *', run: closeAttachments }],
})
