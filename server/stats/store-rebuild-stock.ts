import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { STOCK_DAY } from '../core/counters.ts'
import type { CounterTable } from '../core/counters.ts'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { Difference } from './store-rebuild.ts'

/** STAT-15: the counters of what is there against the rows of people and doors, at grids or at towns. One statement is one snapshot. */
export async function stockDifferences(db: Db, county: string, table: CounterTable): Promise<Difference[]> {
  const digits = table === 'stat_town' ? 9 : 15
  const { rows } = await sql<Difference>`
    with counted as (
      select left(p.home_area, ${digits}) as area, 'stock_people' as metric, count(*) as n from person p
      where ${homes(county)} and not exists (select from person_alias a where a.person_id = p.person_id) group by 1
      union all
      select left(area, ${digits}), 'stock_doors', count(*) from household where county = ${county} group by 1
    ), stored as (select area, metric, n from ${sql.table(table)} where county = ${county} and day = ${STOCK_DAY} and n <> 0)
    select ${county} as county, coalesce(c.area, s.area) as area, ${STOCK_DAY} as day, coalesce(c.metric, s.metric) as metric,
      coalesce(s.n, 0)::int as stored, coalesce(c.n, 0)::int as counted
    from counted c full join stored s on s.area = c.area and s.metric = c.metric
    where coalesce(s.n, 0) <> coalesce(c.n, 0) order by 2, 4 limit 1000`.execute(db)
  return rows
}

/** Whose home is this county; a code above a county holds nobody but its own. */
function homes(county: string): RawBuilder<boolean> {
  return county.length < 6 ? sql<boolean>`p.home_area = ${county}` : inScope('p.home_area', [county])
}
