import { countyOf } from '@weiwang/domain/areas/code'
import { standsAt } from '../areas/store.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { moveOrg, orgsNowhere } from './org-store.ts'

const CHUNK = 100
const ZERO = '00000000-0000-0000-0000-000000000000'

/** ORG-15: when areas are reorganised an organisation follows its village, inside its county, with all that belongs to it. */
export async function followOrgAreas(server: Server): Promise<void> {
  for (let after = ZERO; ;) {
    const last = await server.asSystem('org.areas', async (ctx) => {
      const list = await orgsNowhere(ctx.db, after, CHUNK)
      const stands = await standsAt(
        ctx.db,
        list.map((org) => org.area),
      )
      for (const org of list) {
        const to = stands.get(org.area) ?? org.area
        if (to === org.area || to.length < 6 || countyOf(to) !== org.county) continue
        await moveOrg(ctx.db, org, to)
        ctx.audit({ verb: 'org.reorganised', thing: 'org', thingId: org.id, area: to, detail: { from: org.area } })
      }
      return list.length < CHUNK ? null : (list.at(-1)?.id ?? null)
    })
    if (last === null) return
    after = last
  }
}

export const orgJobs = defineJobs({ reactions: { 'areas.followed': async (server) => followOrgAreas(server) } })
