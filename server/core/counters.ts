import { countyOf } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { Db } from './db/connect.ts'

/** One step of a counter: `n` may be negative. `area` is a grid, or the coarser area where the thing lies. */
export type CounterStep = { area: string; day: string; metric: string; n: number }
export type SourceStep = { county: string; source: string; day: string; disposition: string; n: number }

/**
 * STAT-1: counters move in the transaction of the event. One statement in the order of the key, so that two transactions
 * that count in the same places never wait in a ring.
 */
export async function addCounts(db: Db, steps: readonly CounterStep[]): Promise<void> {
  if (steps.length === 0) return
  const rows = steps.map((step) => ({ county: countyOf(step.area), ...step }))
  await sql`
    insert into stat_day (county, area, day, metric, n)
    select county, area, day, metric, sum(n)
    from json_to_recordset(${JSON.stringify(rows)}::json) as s(county text, area text, day date, metric text, n bigint)
    group by county, area, day, metric having sum(n) <> 0
    order by county collate "C", area collate "C", day, metric collate "C"
    on conflict (county, area, day, metric) do update set n = stat_day.n + excluded.n`.execute(db)
}

/** STAT-8: answers by source, for the precision of each. */
export async function addSourceCounts(db: Db, steps: readonly SourceStep[]): Promise<void> {
  if (steps.length === 0) return
  await sql`
    insert into stat_source (county, source, day, disposition, n)
    select county, source, day, disposition, sum(n)
    from json_to_recordset(${JSON.stringify(steps)}::json) as s(county text, source text, day date, disposition text, n bigint)
    group by county, source, day, disposition having sum(n) <> 0
    order by county collate "C", source collate "C", day, disposition collate "C"
    on conflict (county, source, day, disposition) do update set n = stat_source.n + excluded.n`.execute(db)
}
