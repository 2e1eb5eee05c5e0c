import { countyOf } from '@weiwang/domain/areas/code'
import { standsAt } from '../areas/store.ts'
import type { Server } from '../core/server.ts'
import { changeDispute } from './change.ts'
import { disputesNowhere } from './store.ts'

/**
 * MED-7: when areas are reorganised a dispute follows its grid and its desk, so that whoever sat there goes on seeing it. Between
 * counties it keeps its code and follows its desk alone.
 */
const CHUNK = 200
const ZERO = '00000000-0000-0000-0000-000000000000'

export async function followDisputeAreas(server: Server): Promise<void> {
  for (let after = ZERO; ;) {
    const last = await server.asSystem('mediation.areas', async (ctx) => {
      const list = await disputesNowhere(ctx.db, after, CHUNK)
      const stands = await standsAt(
        ctx.db,
        list.flatMap(({ state }) => [state.area, ...state.desks]),
      )
      for (const loaded of list) {
        const { area: from, closedAt } = loaded.state
        const at = stands.get(from) ?? from
        // What is closed keeps its code, like every count of the past (AREA-10).
        const to = closedAt === null && at.length >= 6 && countyOf(at) === countyOf(from) ? at : from
        const desks = loaded.state.desks.map((desk) => stands.get(desk) ?? desk)
        if (to === from && desks.join() === loaded.state.desks.join()) continue
        const event = { kind: 'reorganised', body: { on: ctx.today, from, to, desks } } as const
        await changeDispute(ctx, loaded, [event], { by: null })
      }
      return list.length < CHUNK ? null : (list.at(-1)?.row.id ?? null)
    })
    if (last === null) return
    after = last
  }
}
