import { countyOf } from '@weiwang/domain/areas/code'
import { HERE_CODES } from '@weiwang/domain/tasks/disposition'
import { z } from 'zod'
import { standsAt } from '../areas/store.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { endedGateAreas, moveGates } from './store.ts'
import { closeReferralRow, lockReferralsOfTask } from './store-referrals.ts'

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

const Answered = z.object({ county: z.string(), taskId: z.uuid(), disposition: z.string().nullable() })
const GRID_SAID = '网格 grid'

/** GATE-7: the grid has found them at home, so the referral is over; any other answer leaves it to the desk. */
async function followTask(server: Server, payload: unknown): Promise<void> {
  const { county, taskId, disposition } = Answered.parse(payload)
  if (disposition === null || !HERE_CODES.includes(disposition)) return
  await server.asSystem('gates.task', async (ctx) => {
    for (const row of await lockReferralsOfTask(ctx.db, county, taskId)) {
      await closeReferralRow(ctx.db, row, { outcome: 'arrived', by: GRID_SAID, now: ctx.now })
      ctx.audit({
        verb: 'gate.referral_close',
        thing: 'gate',
        thingId: row.gate_id,
        area: row.area,
        detail: { referral: row.id, outcome: 'arrived' },
      })
    }
  })
}

export const checkpointJobs = defineJobs({
  reactions: { 'areas.followed': async (server) => followGateAreas(server), 'task.answered': followTask },
  timers: [],
})
