import { upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * ACCESS-1: rows whose area column lies inside the given areas, as ranges (never LIKE). No area, no rows. The empty code
 * stands for everything and is only ever held by the system itself.
 * @param column a column reference such as `task.area`; never text from outside.
 */
export function inScope(column: string, areas: readonly AreaCode[]): RawBuilder<boolean> {
  if (areas.includes('')) return sql<boolean>`true`
  if (areas.length === 0) return sql<boolean>`false`
  const ref = sql.ref(column)
  const ranges = areas.map((area) => sql`(${ref} >= ${area} and ${ref} < ${upper(area)})`)
  return sql<boolean>`(${sql.join(ranges, sql` or `)})`
}

/** Rows inside one area. */
export function within(column: string, area: AreaCode): RawBuilder<boolean> {
  return inScope(column, [area])
}
