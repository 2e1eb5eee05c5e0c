import { countyOf } from '@weiwang/domain/areas/code'
import { standsAt } from '../areas/store.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { endedGateAreas, moveGates } from './store.ts'

/** Open gates follow their area inside the county, as their posts do (FORCE-13). */
async function followGateAreas(server: Server): Promise<void> {
  await server.asSystem('gates.areas', async (ctx) => {
    for (const [from, to] of await standsAt(ctx.db, await endedGateAreas(ctx.db))) {
      if (to === from || to.length <= 6 || countyOf(to) !== countyOf(from)) continue
      await moveGates(ctx.db, from, to, ctx.now)
      ctx.audit({ verb: 'gate.follow', thing: 'gate', thingId: from, area: to, detail: { from, to } })
    }
  })
}

export const checkpointJobs = defineJobs({
  reactions: { 'areas.followed': async (server) => followGateAreas(server) },
  timers: [],
})
