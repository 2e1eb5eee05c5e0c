import { childLength, contains, levelOfLength, upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Organised } from '@weiwang/domain/areas/api'
import { foldOf } from '@weiwang/domain/areas/fold'
import type { Fold, Moved } from '@weiwang/domain/areas/fold'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { holdsOn, standsOn } from './store.ts'

/** Counters and lists stand at grids: a unit counts for the grid that its code names. */
const GRID_DIGITS = 15
type Reader = { db: Db; scope: readonly AreaCode[]; today: Day }

/** The day whose organisation is asked for; null: the codes as they were counted. */
export function organisedOn(organised: Organised | undefined, today: Day): Day | null {
  if (organised === undefined || organised === 'then') return null
  return organised === 'now' ? today : organised
}

/** Where a border was crossed at an area, as far as it shows at `digits`, and areas below it that are none on the day. */
async function borders(db: Db, area: AreaCode, digits: number, day: Day): Promise<AreaCode[]> {
  const end = upper(area)
  const { rows } = await sql<{ code: string }>`
    select unnest(array[code, successor]) as code from area_successor
    where ((code >= ${area} and code < ${end}) or (successor >= ${area} and successor < ${end}))
      and left(code, ${digits}) <> left(successor, ${digits})
    union
    select code from area where level = ${levelOfLength(digits)} and code >= ${area} and code < ${end}
    group by code having not bool_or(${holdsOn('area', day)})`.execute(db)
  return rows.map((row) => row.code)
}

/**
 * AREA-10: codes that are none on a day and lie, or stood then, inside an area: everything that led to a change across a border
 * or followed from it, with what lies inside. A grid that was split within its village moves nothing between villages. Step by
 * step, so that where nothing ever changed, as nearly everywhere, one look into two indexes is all.
 */
async function movedCodes(db: Db, area: AreaCode, digits: number, day: Day): Promise<AreaCode[]> {
  const from = await borders(db, area, digits, day)
  if (from.length === 0) return []
  const { rows: chain } = await sql<{ code: string }>`
    with recursive chain (code) as (
      select c collate "C" from unnest(${from}::text[]) as c
      union
      select other.code from chain cross join lateral (
        select s.code from area_successor s where s.successor = chain.code
        union all
        select s.successor from area_successor s where s.code = chain.code
      ) as other
    ) select code from chain`.execute(db)
  const { rows } = await sql<{ code: string }>`
    select distinct inside.code from unnest(${chain.map((row) => row.code)}::text[]) as top
    cross join lateral (
      select a.code from area a where a.code >= top collate "C" and a.code < top || ':' collate "C" and char_length(a.code) <= ${GRID_DIGITS}
      group by a.code having not bool_or(${holdsOn('a', day)})
    ) as inside`.execute(db)
  return rows.map((row) => row.code)
}

/**
 * The codes that change row at an area, with where they stand on a day: those that have ended by then, and those that began
 * later. `elsewhere`: those that would come in from outside of what the reader may see; their figures stay where he sees them
 * not (ACCESS-1).
 */
export async function movedAround(
  at: Reader,
  area: AreaCode,
  digits: number,
  day: Day,
): Promise<{ moved: Moved[]; elsewhere: AreaCode[] }> {
  const stands = await standsOn(at.db, await movedCodes(at.db, area, digits, day), day)
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

/** What a list takes in and leaves out, by the same rule as the figure that opens it (STAT-11); nothing as counted. */
export async function foldFor(
  at: Reader,
  asked: { area?: AreaCode | undefined; organised?: Organised | undefined },
  own: boolean,
): Promise<Partial<Fold>> {
  const day = organisedOn(asked.organised, at.today)
  if (day === null || asked.area === undefined) return {}
  const { moved } = await movedAround(at, asked.area, own ? childLength(asked.area) : asked.area.length, day)
  return foldOf(asked.area, own, moved)
}
