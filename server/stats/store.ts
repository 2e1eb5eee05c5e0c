import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import { holdsOn } from '../areas/store.ts'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'

/** Reads of the figures: areas below, transfers that cross a level, sources. */
export type Below = { code: string; name: string }

/** The areas of the level below, as organised on a day. */
export async function childrenOf(db: Db, area: AreaCode, day: Day): Promise<Below[]> {
  return db
    .selectFrom('area')
    .select(['code', 'name'])
    .where('parent', '=', area)
    .where(holdsOn('area', day))
    .orderBy('code')
    .execute()
}

export type SourceCount = { source: string; day: string; disposition: string; n: number }

export async function sourceCounts(
  db: Db,
  areas: readonly AreaCode[],
  source: string | undefined,
  span: { from: string; to: string },
): Promise<SourceCount[]> {
  const { rows } = await sql<SourceCount>`
    select source, day, disposition, sum(n)::int as n from stat_source
    where ${inScope('county', areas)} and day between ${span.from} and ${span.to} ${source === undefined ? sql`` : sql`and source = ${source}`}
    group by 1, 2, 3 having sum(n) <> 0 order by 1, 2`.execute(db)
  return rows
}

export async function feedNames(db: Db, ids: readonly string[]): Promise<Map<string, { zh: string; en: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('feed').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export type Closed = { id: string; name: { zh: string; en: string }; area: string; last_day: string; done: boolean }

/** A page can name no more; there is hardly ever one. */
const MOST_CLOSED = 20

/** STAT-16: emergencies of the areas, or of an area above them, that a close-out has taken or is taking, of days in the span. */
export async function closedEmergencies(
  db: Db,
  areas: readonly AreaCode[],
  span: { from: string; to: string },
  zone: string,
): Promise<Closed[]> {
  const { rows } = await sql<Closed>`
    select e.id, e.name, e.area, (e.ended_at at time zone ${zone})::date as last_day, c.state = 'done' as done
    from close_out c join emergency e on e.id = c.emergency_id
    where c.state in ('running', 'done') and e.ended_at is not null
      and e.starts <= ${span.to}::date and (e.ended_at at time zone ${zone})::date >= ${span.from}::date
      and exists (select from unnest(${[...areas]}::text[]) as asked (area)
        where starts_with(asked.area, e.area) or starts_with(e.area, asked.area))
    order by e.ended_at desc, e.id limit ${MOST_CLOSED}`.execute(db)
  return rows
}
