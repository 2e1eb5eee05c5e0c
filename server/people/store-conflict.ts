/** SQL of conflicts: one field of one thing under two values. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, FieldConflict } from '../core/db/types.ts'
import { boundedCount } from './store.ts'

export type ConflictRow = Selectable<FieldConflict>

/** Of one field: what is open, and what was decided for the value that stands there; the thing itself is locked. */
export async function conflictsOf(db: Db, thingId: string, field: string): Promise<ConflictRow[]> {
  return db
    .selectFrom('field_conflict')
    .selectAll()
    .where('thing_id', '=', thingId)
    .where('field', '=', field)
    .where('state', 'in', ['open', 'kept'])
    .orderBy('recorded_at', 'desc')
    .limit(200)
    .execute()
}

export async function insertConflict(db: Db, row: InsertObject<DB, 'field_conflict'>): Promise<void> {
  await db.insertInto('field_conflict').values(row).execute()
}

export async function updateConflict(
  db: Db,
  at: { thing_id: string; id: string },
  set: UpdateObject<DB, 'field_conflict'>,
): Promise<void> {
  await db.updateTable('field_conflict').set(set).where('thing_id', '=', at.thing_id).where('id', '=', at.id).execute()
}

/** The value that now stands there needs nobody's decision any more. */
export async function settleConflicts(
  db: Db,
  of: { thingId: string; field: string; hash: Buffer; except?: string },
  now: Date,
): Promise<string[]> {
  const rows = await db
    .updateTable('field_conflict')
    .set({ state: 'settled', decided_at: now })
    .where('thing_id', '=', of.thingId)
    .where('field', '=', of.field)
    .where('to_hash', '=', of.hash)
    .where('state', '=', 'open')
    .where('id', '<>', of.except ?? '00000000-0000-0000-0000-000000000000')
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Uuids of version 7: the order of arrival, oldest first. */
export async function listConflictRows(
  db: Db,
  areas: readonly AreaCode[],
  filter: { limit: number; cursor: string | null; thing?: string | undefined },
): Promise<{ rows: ConflictRow[]; total: number }> {
  const thing = filter.thing === undefined ? sql`true` : sql`c.thing = ${filter.thing}`
  const from = sql`from field_conflict c where c.state = 'open' and ${inScope('c.area', areas)} and ${thing}`
  const total = await boundedCount(db, from)
  const after = filter.cursor === null ? sql`true` : sql`c.id > ${filter.cursor}::uuid`
  const { rows } =
    await sql<ConflictRow>`select c.* ${from} and ${after} order by c.id limit ${filter.limit + 1}`.execute(db)
  return { rows, total }
}

export async function findConflict(db: Db, scope: readonly AreaCode[], id: string): Promise<ConflictRow | null> {
  const { rows } = await sql<ConflictRow>`
    select c.* from field_conflict c where c.id = ${id}::uuid and ${inScope('c.area', scope)}`.execute(db)
  return rows[0] ?? null
}

/** What an account said and somebody else has to decide or has decided, newest first. */
export async function listConflictsBy(
  db: Db,
  accountId: string,
  page: { limit: number; cursor: string | null },
): Promise<{ rows: ConflictRow[]; total: number }> {
  const from = sql`from field_conflict c where (c.by = ${accountId}::uuid or c.also @> array[${accountId}::uuid])`
  const total = await boundedCount(db, from)
  const after = page.cursor === null ? sql`true` : sql`c.id < ${page.cursor}::uuid`
  const { rows } =
    await sql<ConflictRow>`select c.* ${from} and ${after} order by c.id desc limit ${page.limit + 1}`.execute(db)
  return { rows, total }
}

export async function maskedOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('person').select(['person_id', 'masked']).where('person_id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.person_id, row.masked]))
}

export async function doorLabels(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('household')
    .select(['id', 'estate', 'building', 'door'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, [row.estate, row.building, row.door].filter(Boolean).join(' ')]))
}
