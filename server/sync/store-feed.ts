/** SQL of what phones pull. */
import { upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

export type DutyOf = { area: AreaCode; from_day: Day; to_day: Day | null; stands_in_for: string | null }

/** What an account covers on a day, stand-ins included, by code. */
export async function dutiesOf(db: Db, accountId: string, day: Day): Promise<DutyOf[]> {
  const { rows } = await sql<DutyOf>`
    select area, from_day, to_day, stands_in_for from duty
    where account_id = ${accountId} and ended_at is null and from_day <= ${day} and (to_day is null or to_day >= ${day})
    order by area collate "C", from_day`.execute(db)
  return rows
}

/** The grids that stand today inside some areas, by code; one more than `limit` tells that there are more. */
export async function gridsInside(db: Db, areas: readonly AreaCode[], day: Day, limit: number): Promise<AreaCode[]> {
  if (areas.length === 0) return []
  const ranges = areas.map((area) => sql`(code >= ${area} and code < ${upper(area)})`)
  const { rows } = await sql<{ code: string }>`
    select distinct code collate "C" as code from area
    where level = 6 and valid_from <= ${day}::date and (valid_to is null or valid_to >= ${day}::date) and (${sql.join(ranges, sql` or `)})
    order by 1 limit ${limit + 1}`.execute(db)
  return rows.map((row) => row.code)
}

export type ClockRow = { grid: AreaCode; epoch: number; n: number; floor: number }

/** One indexed read for each grid; a grid of which nothing was ever told has no row. */
export async function clocksOf(db: Db, grids: readonly AreaCode[]): Promise<Map<AreaCode, ClockRow>> {
  if (grids.length === 0) return new Map()
  const { rows } = await sql<ClockRow>`
    select c.grid, c.epoch, c.n, c.floor
    from unnest(${grids.map((grid) => grid.slice(0, 6))}::text[], ${grids}::text[]) as w (county, grid)
    join grid_clock c on c.county = w.county collate "C" and c.grid = w.grid collate "C"`.execute(db)
  return new Map(rows.map((row) => [row.grid, row]))
}

export type FeedRow = {
  grid: AreaCode
  n: number
  kind: string
  id: string
  gone: boolean
  /** JSON as the database spells it: nobody here looks into it on its way to the phone. */
  body: string
}

const COLUMNS = sql.raw(
  `grid, n, kind, id, coalesce((body -> 'gone') = 'true'::jsonb, false) as gone, body::text as body`,
)

/**
 * The next things of one grid, strictly by number. A phone that has nothing yet is not sent which people, doors and visits are
 * gone (`fresh`); of other kinds it is, as one that was urgent a moment ago may lie on it from the head page.
 * @param unit only what lies in this unit, and whatever has no place of its own
 */
export async function feedAfter(
  db: Db,
  at: { grid: AreaCode; n: number; unit: AreaCode | null; fresh: boolean },
  limit: number,
): Promise<FeedRow[]> {
  const inUnit =
    at.unit === null
      ? sql`true`
      : sql`(body ->> 'area' is null or (body ->> 'area') collate "C" >= ${at.unit} and (body ->> 'area') collate "C" < ${upper(at.unit)})`
  const fresh = at.fresh ? sql`(body ->> 'gone' is null or kind not in ('person', 'household', 'visit'))` : sql`true`
  const { rows } = await sql<FeedRow>`
    select ${COLUMNS} from grid_feed
    where county = ${at.grid.slice(0, 6)} and grid = ${at.grid} and n > ${at.n} and ${inUnit} and ${fresh}
    order by n limit ${limit}`.execute(db)
  return rows
}

/** What is urgent in a grid, newest first: the head page. */
export async function urgentOf(db: Db, grid: AreaCode, unit: AreaCode | null, limit: number): Promise<FeedRow[]> {
  const inUnit =
    unit === null
      ? sql`true`
      : sql`(body ->> 'area' is null or (body ->> 'area') collate "C" >= ${unit} and (body ->> 'area') collate "C" < ${upper(unit)})`
  const { rows } = await sql<FeedRow>`
    select ${COLUMNS} from grid_feed
    where county = ${grid.slice(0, 6)} and grid = ${grid} and urgent and ${inUnit}
    order by n desc limit ${limit}`.execute(db)
  return rows
}

export type SealedPerson = {
  person_id: string
  name_sealed: Buffer | null
  phone_sealed: Buffer | null
  birth_sealed: Buffer | null
  doc_sealed: Buffer | null
}

export async function sealedPersons(db: Db, ids: readonly string[]): Promise<SealedPerson[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<SealedPerson>`
    select p.person_id, p.name_sealed, i.phone_sealed, i.birth_sealed, i.doc_sealed
    from person p left join identity i on i.person_id = p.person_id
    where p.person_id = any(${ids}::uuid[])`.execute(db)
  return rows
}

export async function sealedDoors(db: Db, ids: readonly string[]): Promise<{ id: string; address_sealed: Buffer }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string; address_sealed: Buffer }>`
    select id, address_sealed from household where id = any(${ids}::uuid[]) and address_sealed is not null`.execute(db)
  return rows
}

export type ContactRow = { area: AreaCode; role: string; name: string; phone: string }

/** The numbers of the areas around a place, the nearest first. */
export async function contactsAround(db: Db, areas: readonly AreaCode[]): Promise<ContactRow[]> {
  if (areas.length === 0) return []
  const { rows } = await sql<ContactRow>`
    select area, role, name, phone from area_contact where area = any(${areas}::text[]) order by length(area) desc`.execute(
    db,
  )
  return rows
}

export async function putContact(
  db: Db,
  row: { area: AreaCode; role: string; name: string; phone: string; by: string | null; now: Date },
): Promise<void> {
  await sql`
    insert into area_contact (area, role, name, phone, by, updated_at)
    values (${row.area}, ${row.role}, ${row.name}, ${row.phone}, ${row.by}, ${row.now})
    on conflict (area, role) do update set name = excluded.name, phone = excluded.phone, by = excluded.by, updated_at = excluded.updated_at`.execute(
    db,
  )
}
