/** SQL of following areas: doors, residents and address points inside areas that ended. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import { moveConflicts } from './store-change.ts'

/** The place after which a walk goes on: area and id. */
export type Place = { area: string; id: string }
export const FIRST: Place = { area: '', id: '00000000-0000-0000-0000-000000000000' }

export type OldDoor = { id: string; area: string; estate: string | null; building: string | null }

export async function doorsInside(db: Db, tops: readonly AreaCode[], after: Place, limit: number): Promise<OldDoor[]> {
  const { rows } = await sql<OldDoor>`
    select h.id, h.area, h.estate, h.building from household h
    where ${inScope('h.area', tops)} and (h.area, h.id) > (${after.area} collate "C", ${after.id}::uuid)
    order by h.area, h.id limit ${limit}`.execute(db)
  return rows
}

/** Who lives behind doors now. */
export async function residentsOf(db: Db, households: readonly string[]): Promise<string[]> {
  if (households.length === 0) return []
  const { rows } = await sql<{ person_id: string }>`
    select person_id from residence where household_id = any(${households}::uuid[]) and to_day is null order by person_id`.execute(
    db,
  )
  return rows.map((row) => row.person_id)
}

export type DoorMove = { id: string; from: AreaCode; to: AreaCode }

/**
 * Doors that still lie where they were read get their new area. Inside a county the row changes; into another it is written
 * there and deleted here (no row changes its key), under the same id, so that residences and visits still lead to it. The
 * number that an office gave it stays behind: it is only unique inside a county. Answers which have moved.
 */
export async function moveDoors(db: Db, moves: readonly DoorMove[], now: Date): Promise<DoorMove[]> {
  const [near, far] = [moves.filter((m) => !crosses(m)), moves.filter(crosses)]
  const moved = new Set<string>()
  const add = (rows: readonly { id: string }[]): void => rows.forEach(({ id }) => moved.add(id))
  if (near.length > 0) {
    const { rows } = await sql<{ id: string }>`
      update household h set area = m."to", updated_at = ${now}::timestamptz, version = h.version + 1
      from json_to_recordset(${JSON.stringify(near)}::json) as m (id uuid, "from" text, "to" text)
      where h.county = left(m."from", 6) and h.id = m.id and h.area = m."from" returning h.id`.execute(db)
    add(rows)
  }
  await moveConflicts(
    db,
    moves.map(({ id, to }) => ({ id, area: to })),
  )
  if (far.length === 0) return moves.filter(({ id }) => moved.has(id))
  const { rows } = await sql<{ id: string }>`
    with m as (select * from json_to_recordset(${JSON.stringify(far)}::json) as m (id uuid, "from" text, "to" text)),
    gone as (
      delete from household h using m where h.county = left(m."from", 6) and h.id = m.id and h.area = m."from" returning h.*
    )
    insert into household (county, id, area, emergency_id, kind, use, estate, building, door, address_sealed, address_hash, members,
      source, external_id, created_at, updated_at, version, edits, hazards, lat, lng, accuracy, position_by)
    select left(m."to", 6), g.id, m."to", g.emergency_id, g.kind, g.use, g.estate, g.building, g.door, g.address_sealed, g.address_hash,
      g.members, g.source, null, g.created_at, ${now}::timestamptz, g.version + 1, g.edits, g.hazards, g.lat, g.lng, g.accuracy, g.position_by
    from gone g join m on m.id = g.id
    returning id`.execute(db)
  add(rows)
  return moves.filter(({ id }) => moved.has(id))
}

function crosses(move: { from: AreaCode; to: AreaCode }): boolean {
  return move.from.slice(0, 6) !== move.to.slice(0, 6)
}

/** People whose home is listed inside: those of no door, and those whose door lies elsewhere. */
export async function personsInside(db: Db, tops: readonly AreaCode[], after: Place, limit: number): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select p.home_area as area, p.person_id as id from person p
    where ${inScope('p.home_area', tops)} and (p.home_area, p.person_id) > (${after.area} collate "C", ${after.id}::uuid)
    order by p.home_area, p.person_id limit ${limit}`.execute(db)
  return rows
}

export type OldPoint = { county: string; id: string; area: string; street: string; building: string | null }

export async function pointsInside(
  db: Db,
  tops: readonly AreaCode[],
  after: Place,
  limit: number,
): Promise<OldPoint[]> {
  const { rows } = await sql<OldPoint>`
    select p.county, p.id, p.area, p.street, p.building from address_point p
    where ${inScope('p.area', tops)} and (p.area, p.id) > (${after.area} collate "C", ${after.id}::uuid)
    order by p.area, p.id limit ${limit}`.execute(db)
  return rows
}

/** Like doors: into another county by a new row. */
export async function movePoints(db: Db, moves: readonly DoorMove[]): Promise<void> {
  const [near, far] = [moves.filter((m) => !crosses(m)), moves.filter(crosses)]
  if (near.length > 0)
    await sql`
      update address_point p set area = m."to", village = left(m."to", 12)
      from json_to_recordset(${JSON.stringify(near)}::json) as m (id uuid, "from" text, "to" text)
      where p.county = left(m."from", 6) and p.id = m.id and p.area = m."from"`.execute(db)
  if (far.length === 0) return
  await sql`
    with m as (select * from json_to_recordset(${JSON.stringify(far)}::json) as m (id uuid, "from" text, "to" text)),
    gone as (
      delete from address_point p using m where p.county = left(m."from", 6) and p.id = m.id and p.area = m."from" returning p.*
    )
    insert into address_point (county, id, village, street, number_from, number_to, parity, building, area, source)
    select left(m."to", 6), g.id, left(m."to", 12), g.street, g.number_from, g.number_to, g.parity, g.building, m."to", g.source
    from gone g join m on m.id = g.id`.execute(db)
}

export type OldHome = { person_id: string; address_sealed: Buffer | null; source: string }

/** What was written with present residences: a new row is sealed anew. */
export async function homesOf(db: Db, ids: readonly string[]): Promise<Map<string, OldHome>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<OldHome>`
    select person_id, address_sealed, source from residence where person_id = any(${ids}::uuid[]) and to_day is null`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.person_id, row]))
}
