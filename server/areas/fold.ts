import type { AreaCode } from '@weiwang/domain/areas/code'
import { contains, upper } from '@weiwang/domain/areas/code'
import type { Moved } from '@weiwang/domain/areas/fold'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { standsAt } from './store.ts'

/** Counters and lists stand at grids: a unit counts for the grid that its code names. */
const GRID_DIGITS = 15

/**
 * AREA-10: codes that ended and lie, or stand now, inside an area, as far as it shows at `digits`: a grid that was split within
 * its village moves nothing between villages. Found from the changes that crossed such a border, then back along everything
 * that led to them.
 */
async function endedAround(db: Db, area: AreaCode, digits: number): Promise<AreaCode[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive back as (
      select code from area_successor
      where ((code >= ${area} and code < ${upper(area)}) or (successor >= ${area} and successor < ${upper(area)}))
        and left(code, ${digits}) <> left(successor, ${digits})
      union
      select s.code from area_successor s join back b on s.successor = b.code
    )
    select distinct code from back where char_length(code) <= ${GRID_DIGITS}`.execute(db)
  return rows.map((row) => row.code)
}

/**
 * The ended areas that change row at an area, with where they stand now. `elsewhere`: those that would come in from outside of
 * what the reader may see; their figures stay where he sees them not (ACCESS-1).
 */
export async function movedAround(
  at: { db: Db; scope: readonly AreaCode[] },
  area: AreaCode,
  digits: number,
): Promise<{ moved: Moved[]; elsewhere: AreaCode[] }> {
  const stands = await standsAt(at.db, await endedAround(at.db, area, digits))
  const all = [...stands]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([code, to]) => (code === to ? [] : [{ code, stands: to }]))
  const touching = all.filter(
    (one) => contains(area, one.code) !== contains(area, one.stands) || contains(area, one.code),
  )
  const seen = (code: AreaCode) => contains(area, code) || at.scope.some((one) => contains(one, code))
  return {
    moved: touching.filter((one) => seen(one.code)),
    elsewhere: touching.flatMap((one) => (seen(one.code) ? [] : [one.code])),
  }
}
