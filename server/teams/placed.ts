import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { atCodes, inScope } from '../core/db/scope.ts'

/** Where a list looks: areas, one of them alone, and what has come to it or left it since it was counted (STAT-11). */
export type Placed = {
  areas: readonly AreaCode[]
  own: boolean
  plus?: readonly AreaCode[]
  minus?: readonly AreaCode[]
}

/** The same condition for every list that a figure opens (AREA-10). @param column of the area, by the alias of its query */
export function placed(where: Placed, column = 't.area'): RawBuilder<boolean> {
  const { plus = [], minus = [] } = where
  const scope = inScope(column, where.areas)
  const here = where.own ? sql<boolean>`(${scope} and ${sql.ref(column)} = ${where.areas[0] ?? ''})` : scope
  const kept = minus.length === 0 ? here : sql<boolean>`(${here} and not ${atCodes(column, minus)})`
  return plus.length === 0 ? kept : sql<boolean>`(${kept} or ${atCodes(column, plus)})`
}

/** Where figures of now are counted: inside an area, or at exactly some codes. */
export function countedIn(
  at: { area: AreaCode } | { codes: readonly AreaCode[] },
  column = 't.area',
): RawBuilder<boolean> {
  return 'area' in at ? inScope(column, [at.area]) : atCodes(column, at.codes)
}
