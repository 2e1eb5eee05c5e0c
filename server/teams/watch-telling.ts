/** What phones of the grid see of its watches (feed kind `watch`): which doors, and who answers for them. */
import { sql } from 'kysely'
import type { Ctx } from '../core/ctx.ts'

/** Watches of one county by ids; one that has ended is gone. A neighbour without an account stands there as such, without a name. */
export async function tellWatches(ctx: Ctx, county: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { rows } = await sql<{ grid: string; id: string; body: Record<string, unknown> }>`
    select w.area as grid, w.id, case when w.ended_at is not null then '{"gone": true}'::jsonb else jsonb_build_object(
      'county', w.county, 'area', w.area, 'code', w.code, 'kind', w.kind, 'name', w.name,
      'leader', case when w.leader_account is not null then jsonb_build_object('kind', 'account', 'name', w.leader_name)
        when w.leader_sealed is not null then jsonb_build_object('kind', 'neighbour') end,
      'doors', (select coalesce(jsonb_agg(d.household_id order by d.household_id), '[]'::jsonb) from watch_door d
        where d.county = w.county and d.watch_id = w.id),
      'version', w.version) end as body
    from watch w where w.county = ${county} and w.id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  for (const { grid, id, body } of rows) ctx.feed({ grid, kind: 'watch', id, body })
}
