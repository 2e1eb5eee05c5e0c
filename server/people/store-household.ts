/** SQL of households. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { countyOf } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import { stockOf } from './stock.ts'
import { boundedCount, splitCursor } from './store.ts'
import type { PageArgs } from './store.ts'

export type HouseholdRow = {
  county: string
  id: string
  area: string
  kind: string
  use: string
  estate: string | null
  building: string | null
  door: string | null
  members: number
  external_id: string | null
  source: string
  address_hash: Buffer | null
  version: number
  updated_at: Date
  hazards: string[]
  lat: number | null
  lng: number | null
  accuracy: number | null
  position_by: string | null
}

const columns = sql`h.county, h.id, h.area, h.kind, h.use, h.estate, h.building, h.door, h.members, h.external_id, h.source, h.address_hash, h.version, h.updated_at, h.hazards, h.lat, h.lng, h.accuracy, h.position_by`

export async function listHouseholdRows(
  db: Db,
  areas: readonly AreaCode[],
  filter: PageArgs & { estate?: string | undefined; building?: string | undefined },
): Promise<{ rows: HouseholdRow[]; next: string | null; total: number }> {
  const estate = filter.estate === undefined ? sql`true` : sql`h.estate = ${filter.estate}`
  const building = filter.building === undefined ? sql`true` : sql`h.building = ${filter.building}`
  // Estates and buildings are found by their county.
  const counties = areas.every((area) => area.length >= 6)
    ? sql`h.county = any(${[...new Set(areas.map(countyOf))]}::text[])`
    : sql`true`
  const named = filter.estate !== undefined || filter.building !== undefined
  const from = named
    ? sql`from household h where ${inScope('h.area', areas)} and ${counties} and ${estate} and ${building}`
    : sql`from household h where ${inScope('h.area', areas)}`
  const total = (named ? null : await stockOf(db, 'stock_doors', areas)) ?? (await boundedCount(db, from))
  const at = splitCursor(filter.cursor)
  const after = at ? sql`(h.area, h.id) > (${at[0]} collate "C", ${at[1]}::uuid)` : sql`true`
  const { rows } =
    await sql<HouseholdRow>`select ${columns} ${from} and ${after} order by h.area, h.id limit ${filter.limit + 1}`.execute(
      db,
    )
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > filter.limit && last ? `${last.area}~${last.id}` : null, total }
}

async function select(db: Db, where: RawBuilder<unknown>): Promise<HouseholdRow[]> {
  const { rows } = await sql<HouseholdRow>`select ${columns} from household h where ${where}`.execute(db)
  return rows
}

export async function findHousehold(db: Db, scope: readonly AreaCode[], id: string): Promise<HouseholdRow | null> {
  const [row] = await select(db, sql`h.id = ${id}::uuid and ${inScope('h.area', scope)}`)
  return row ?? null
}

/** Wherever it lies: for telling that an id is taken, and where a person who moves away goes to. */
export async function findHouseholdAnywhere(db: Db, id: string): Promise<HouseholdRow | null> {
  return (await select(db, sql`h.id = ${id}::uuid`))[0] ?? null
}

export async function findHouseholds(
  db: Db,
  county: string,
  ids: readonly string[],
): Promise<Map<string, HouseholdRow>> {
  if (ids.length === 0) return new Map()
  const rows = await select(db, sql`h.county = ${county} and h.id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Case 9: the same address, or the same door of the same building, in the county and in scope. */
export async function nearHouseholdRows(
  db: Db,
  scope: readonly AreaCode[],
  near: {
    county: string
    addressHash: Buffer | null
    estate: string | null
    building: string | null
    door: string | null
  },
): Promise<HouseholdRow[]> {
  const byAddress = near.addressHash === null ? sql`false` : sql`h.address_hash = ${near.addressHash}`
  const byDoor =
    near.estate === null || near.door === null
      ? sql`false`
      : sql`(h.estate = ${near.estate} and h.building is not distinct from ${near.building} and h.door = ${near.door})`
  return select(
    db,
    sql`h.county = ${near.county} and (${byAddress} or ${byDoor}) and ${inScope('h.area', scope)} order by h.id limit 20`,
  )
}

export type NewHousehold = {
  id: string
  area: AreaCode
  kind: string
  use: string
  estate: string | null
  building: string | null
  door: string | null
  addressSealed: Buffer | null
  addressHash: Buffer | null
  source: string
  externalId: string | null
}

/** Returns the ids that were really new. */
export async function insertHouseholds(
  db: Db,
  rows: readonly NewHousehold[],
  emergencyId: string,
  now: Date,
): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const h = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const { rows: made } = await sql<{ id: string }>`
    insert into household (county, id, area, emergency_id, kind, use, estate, building, door, address_sealed, address_hash, source, external_id, created_at, updated_at)
    select left(u.area, 6), u.id, u.area, ${emergencyId}::uuid, u.kind, u.use, u.estate, u.building, u.door, u.address, u.hash, u.source, u.external,
      ${now}::timestamptz, ${now}::timestamptz
    from unnest(${h.map((x) => x.id)}::uuid[], ${h.map((x) => x.area)}::text[], ${h.map((x) => x.kind)}::text[], ${h.map((x) => x.use)}::text[],
      ${h.map((x) => x.estate)}::text[], ${h.map((x) => x.building)}::text[], ${h.map((x) => x.door)}::text[], ${h.map((x) => x.addressSealed)}::bytea[],
      ${h.map((x) => x.addressHash)}::bytea[], ${h.map((x) => x.source)}::text[], ${h.map((x) => x.externalId)}::text[])
      as u (id, area, kind, use, estate, building, door, address, hash, source, external)
    on conflict do nothing
    returning id`.execute(db)
  return new Set(made.map((row) => row.id))
}

/** Answers those that stand in another area than before, for the counters (STAT-15). */
export async function updateHouseholds(
  db: Db,
  rows: readonly NewHousehold[],
  now: Date,
): Promise<{ from: AreaCode; to: AreaCode }[]> {
  if (rows.length === 0) return []
  const { rows: before } = await sql<{ id: string; area: AreaCode }>`
    select h.id, h.area from household h
    join unnest(${rows.map((x) => countyOf(x.area))}::text[], ${rows.map((x) => x.id)}::uuid[]) as u (county, id) on h.county = u.county and h.id = u.id
    order by h.county, h.id for no key update of h`.execute(db)
  await sql`
    update household h set area = u.area, kind = u.kind, use = u.use, estate = u.estate, building = u.building, door = u.door,
      address_sealed = u.address, address_hash = u.hash, updated_at = ${now}::timestamptz, version = h.version + 1
    from unnest(${rows.map((x) => countyOf(x.area))}::text[], ${rows.map((x) => x.id)}::uuid[], ${rows.map((x) => x.area)}::text[],
      ${rows.map((x) => x.kind)}::text[], ${rows.map((x) => x.use)}::text[], ${rows.map((x) => x.estate)}::text[], ${rows.map((x) => x.building)}::text[],
      ${rows.map((x) => x.door)}::text[], ${rows.map((x) => x.addressSealed)}::bytea[], ${rows.map((x) => x.addressHash)}::bytea[])
      as u (county, id, area, kind, use, estate, building, door, address, hash)
    where h.county = u.county and h.id = u.id`.execute(db)
  const to = new Map(rows.map((row) => [row.id, row.area]))
  return before.map(({ id, area }) => ({ from: area, to: to.get(id) ?? area })).filter((move) => move.from !== move.to)
}

/** Two people at one door wait for each other, so that the second is shown what the first has just written. */
export async function lockDoor(db: Db, door: Buffer): Promise<void> {
  await sql`select pg_advisory_xact_lock(${door.readBigInt64BE(0).toString()}::bigint)`.execute(db)
}
