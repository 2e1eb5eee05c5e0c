import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Ctx } from './ctx.ts'

/**
 * SYNC-3 for bulk work: as the last statement of its transaction, numbers many items of many grids at once, grid by grid in
 * ascending code (the order in which every other writer takes the clocks).
 * @param items a select that gives county, grid, id (text, once a grid), urgent and body.
 */
export async function feedMany(ctx: Ctx, kind: string, items: RawBuilder<unknown>): Promise<void> {
  await sql`
    with item as materialized (
      select i.*, row_number() over (partition by grid order by urgent desc, id) as k, count(*) over (partition by grid) as c
      from (${items}) i
    ), clock as (
      insert into grid_clock (county, grid, n)
      select county, grid, count(*) from item group by county, grid order by county collate "C", grid collate "C"
      on conflict (county, grid) do update set n = grid_clock.n + excluded.n
      returning county, grid, n
    )
    insert into grid_feed (county, grid, n, kind, id, urgent, body, at)
    select item.county, item.grid, clock.n - item.c + item.k, ${kind}, item.id, item.urgent, item.body, ${ctx.now}::timestamptz
    from item join clock on clock.county = item.county and clock.grid = item.grid
    on conflict (county, grid, kind, id) do update
      set n = excluded.n, urgent = excluded.urgent, body = excluded.body, at = excluded.at`.execute(ctx.db)
}
