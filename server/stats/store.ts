import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'

/** Reads of the figures: areas below, transfers that cross a level, sources. */
export type Below = { code: string; name: string }

/** The areas of the level below, as organised now. */
export async function childrenOf(db: Db, area: AreaCode): Promise<Below[]> {
  return db
    .selectFrom('area')
    .select(['code', 'name'])
    .where('parent', '=', area)
    .where('valid_to', 'is', null)
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
