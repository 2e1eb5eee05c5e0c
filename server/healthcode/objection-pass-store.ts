import type { AreaCode } from '@weiwang/domain/areas/code'
import { Hardship } from '@weiwang/domain/healthcode/objection-api'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, HardshipPass } from '../core/db/types.ts'

/** Temporary paper passes (OBJECT-15). */
export type PassRow = Omit<Selectable<HardshipPass>, 'reason'> & { reason: Hardship }

const asPass = (row: Selectable<HardshipPass>): PassRow => ({ ...row, reason: Hardship.parse(row.reason) })

/** Those that hold at a moment for some persons; the end itself is still in time. */
export async function passesHolding(db: Db, persons: readonly string[], now: Date): Promise<PassRow[]> {
  if (persons.length === 0) return []
  const rows = await db
    .selectFrom('hardship_pass')
    .selectAll()
    .where('person_id', 'in', [...persons])
    .where('until_at', '>=', now)
    .where('revoked_at', 'is', null)
    .orderBy('until_at')
    .limit(20)
    .execute()
  return rows.map(asPass)
}

export async function findPass(db: Db, scope: readonly AreaCode[], id: string, lock: boolean): Promise<PassRow | null> {
  const query = db
    .selectFrom('hardship_pass')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('hardship_pass.area', scope))
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return row ? asPass(row) : null
}

/** False when one of this id or number is there. */
export async function insertPass(db: Db, row: InsertObject<DB, 'hardship_pass'>): Promise<boolean> {
  const made = await db
    .insertInto('hardship_pass')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function revokePassRow(
  db: Db,
  row: { county: string; id: string },
  of: { by: string | null; why: string; at: Date },
): Promise<void> {
  await db
    .updateTable('hardship_pass')
    .set({ revoked_at: of.at, revoked_by: of.by, revoked_why: of.why })
    .where('id', '=', row.id)
    .where('county', '=', row.county)
    .execute()
}

export type PassFilter = { areas: readonly AreaCode[]; list: 'holds' | 'all'; now: Date; from: string; to: string }

const HoldPlace = z.tuple([z.iso.datetime(), z.uuid()])
const DayPlace = z.tuple([z.iso.date(), z.uuid()])

/** Those that hold, the first to end first; all of a span, newest first. */
export async function listPasses(
  db: Db,
  filter: PassFilter,
  paging: { limit: number; cursor?: string | undefined },
): Promise<{ rows: PassRow[]; next: string | null; total: number }> {
  const holds = filter.list === 'holds'
  const where: RawBuilder<unknown> = holds
    ? sql`${inScope('t.area', filter.areas)} and t.revoked_at is null and t.until_at >= ${filter.now}`
    : sql`${inScope('t.area', filter.areas)} and t.issued_day between ${filter.from} and ${filter.to}`
  const held = holds ? decodeCursor(HoldPlace, paging.cursor) : null
  const day = holds ? null : decodeCursor(DayPlace, paging.cursor)
  const rest = held
    ? sql`(t.until_at, t.id) > (${held[0]}::timestamptz, ${held[1]}::uuid)`
    : day
      ? sql`(t.issued_day, t.id) < (${day[0]}::date, ${day[1]}::uuid)`
      : sql`true`
  const order = holds ? sql`t.until_at, t.id` : sql`t.issued_day desc, t.id desc`
  const { rows } = await sql<Selectable<HardshipPass>>`
    select t.* from hardship_pass t where ${where} and ${rest} order by ${order} limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from hardship_pass t where ${where}`.execute(db)
  const items = rows.slice(0, paging.limit).map(asPass)
  const last = items.at(-1)
  const place = last ? (holds ? [last.until_at.toISOString(), last.id] : [last.issued_day, last.id]) : []
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor(place) : null,
    total: counted.rows[0]?.n ?? 0,
  }
}
