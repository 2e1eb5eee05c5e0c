import { countyOf } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Ctx, FeedItem } from './ctx.ts'

/**
 * SYNC-3, the one way into the feed: over a CTE `item` (county, grid, kind, id, urgent, body, and k of c in its grid) the clocks of
 * the grids are moved in ascending code and the items stand under the numbers that this gave them. For the last statement of a
 * transaction, so that the order of numbers is the order of commits and no two transactions wait in a ring.
 * @param won a condition that may hold everything back
 */
export function numbered(at: Date, won: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`clock as (
      insert into grid_clock (county, grid, n)
      select county, grid, count(*) from item where ${won} group by county, grid order by county collate "C", grid collate "C"
      on conflict (county, grid) do update set n = grid_clock.n + excluded.n
      returning county, grid, n
    ), fed as (
      insert into grid_feed (county, grid, n, kind, id, urgent, body, at)
      select item.county, item.grid, clock.n - item.c + item.k, item.kind, item.id, item.urgent, item.body, ${at}::timestamptz
      from item join clock on clock.county = item.county and clock.grid = item.grid
      on conflict (county, grid, kind, id) do update
        set n = excluded.n, urgent = excluded.urgent, body = excluded.body, at = excluded.at
    )`
}

/** The CTE `item` of what one action gathered; of several words about one thing the last counts. */
export function gatheredItems(items: readonly FeedItem[]): RawBuilder<unknown> {
  const last = [...new Map(items.map((item) => [`${item.grid}/${item.kind}/${item.id}`, item])).values()]
  const counted = new Map<string, number>()
  const rows = last.map(({ grid, kind, id, urgent = false, body }) => {
    const k = (counted.get(grid) ?? 0) + 1
    counted.set(grid, k)
    return { county: countyOf(grid), grid, kind, id, urgent, body, k }
  })
  const whole = rows.map((row) => ({ ...row, c: counted.get(row.grid) }))
  return sql`item as materialized (
      select * from json_to_recordset(${JSON.stringify(whole)}::json)
        as i (county text, grid text, kind text, id text, urgent boolean, body jsonb, k bigint, c bigint)
    )`
}

/**
 * The same for bulk work, as the last statement of its transaction: many items of many grids at once.
 * @param items a select that gives county, grid, id (text, once a grid), urgent and body.
 */
export async function feedMany(ctx: Ctx, kind: string, items: RawBuilder<unknown>): Promise<void> {
  await sql`
    with item as materialized (
      select i.county, i.grid, ${kind}::text as kind, i.id, i.urgent, i.body,
        row_number() over (partition by grid order by urgent desc, id) as k, count(*) over (partition by grid) as c
      from (${items}) i
    ), ${numbered(ctx.now, sql`true`)}
    select 1`.execute(ctx.db)
}
