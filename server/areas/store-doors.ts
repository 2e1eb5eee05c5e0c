/** SQL of what a split can share out (AREA-5): buildings of an area with their doors, and the doors of one building. */
import type { Building, BuildingsAnswer, DoorLine, DoorsAnswer } from '@weiwang/domain/areas/api'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { within } from '../core/db/scope.ts'

type Paging = { limit: number; cursor?: string | undefined }
const Place = z.tuple([z.string(), z.string()])

/** By estate and building; those without a name come first. */
export async function listBuildings(db: Db, area: AreaCode, paging: Paging): Promise<BuildingsAnswer> {
  const after = decodeCursor(Place, paging.cursor)
  const all = sql`select estate, building, count(*)::int as doors from household where ${within('household.area', area)} group by 1, 2`
  const rest =
    after === null ? sql`true` : sql`(coalesce(estate, ''), coalesce(building, '')) > (${after[0]}, ${after[1]})`
  const { rows } = await sql<Building>`
    select * from (${all}) b where ${rest} order by coalesce(estate, ''), coalesce(building, '') limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from (${all}) b`.execute(db)
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  const next = rows.length > paging.limit && last ? encodeCursor([last.estate ?? '', last.building ?? '']) : null
  return { items, next, total: counted.rows[0]?.n ?? 0 }
}

const DoorPlace = z.tuple([z.number(), z.string(), z.uuid()])

/** In the order of door numbers, shorter ones first: 9 before 10, 101 before 1001. */
export async function listDoors(
  db: Db,
  of: { code: AreaCode; estate: string; building: string },
  paging: Paging,
): Promise<DoorsAnswer> {
  const after = decodeCursor(DoorPlace, paging.cursor)
  const where = sql`${within('household.area', of.code)} and coalesce(estate, '') = ${of.estate} and coalesce(building, '') = ${of.building}`
  const rest =
    after === null
      ? sql`true`
      : sql`(char_length(coalesce(door, '')), coalesce(door, ''), id) > (${after[0]}::int, ${after[1]}, ${after[2]}::uuid)`
  const { rows } = await sql<DoorLine>`
    select id, door, members from household where ${where} and ${rest}
    order by char_length(coalesce(door, '')), coalesce(door, ''), id limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from household where ${where}`.execute(db)
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  const next =
    rows.length > paging.limit && last ? encodeCursor([(last.door ?? '').length, last.door ?? '', last.id]) : null
  return { items, next, total: counted.rows[0]?.n ?? 0 }
}
