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

const GRID_DIGITS = 15

/**
 * Rows that lie at exactly these codes; a grid includes its units, as its counters do (AREA-10). For what an ended area left
 * behind: what lay deeper has a code of its own.
 */
export function atCodes(column: string, codes: readonly AreaCode[]): RawBuilder<boolean> {
  if (codes.length === 0) return sql<boolean>`false`
  const ref = sql.ref(column)
  const grids = codes.filter((code) => code.length === GRID_DIGITS)
  const coarser = codes.filter((code) => code.length !== GRID_DIGITS)
  const parts = grids.map((code) => sql`(${ref} >= ${code} and ${ref} < ${upper(code)})`)
  if (coarser.length > 0) parts.push(sql`${ref} = any(${coarser}::text[])`)
  return sql<boolean>`(${sql.join(parts, sql` or `)})`
}

/** Rows inside one area. */
export function within(column: string, area: AreaCode): RawBuilder<boolean> {
  return inScope(column, [area])
}
