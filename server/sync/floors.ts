import { addDays, instantOf } from '@weiwang/domain/core/day'
import { RETENTION } from '@weiwang/domain/access/retention'
import { sql } from 'kysely'
import type { Server } from '../core/server.ts'

/**
 * SYNC-9: things that have been gone for longer than a phone is expected to stay away are cleared from the feed. Before that
 * the floor of their grid is raised to the highest of their numbers, so that a phone from before, which never heard that they
 * are gone, begins anew. Raising is harmless to repeat; deleting is left to retention, which looks at the floor.
 */
export async function raiseFloors(server: Server): Promise<void> {
  const days = RETENTION.find((rule) => rule.id === 'grid_feed')?.days ?? 30
  const before = instantOf(addDays(server.clock.today(), -days), server.clock.zone)
  await server.asSystem('sync.floors', async (ctx) => {
    await sql`
      with old as (
        select county, grid, max(n) as n from grid_feed where at < ${before} and body ->> 'gone' is not null group by county, grid
      ), locked as (
        select c.county, c.grid, old.n from grid_clock c join old on old.county = c.county and old.grid = c.grid
        where c.floor < old.n order by c.county collate "C", c.grid collate "C" for update of c
      )
      update grid_clock c set floor = locked.n from locked where c.county = locked.county and c.grid = locked.grid`.execute(
      ctx.db,
    )
  })
}
