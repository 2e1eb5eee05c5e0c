/** SQL of calls for help. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, HelpCall } from '../core/db/types.ts'
import { boundedCount } from './store.ts'

export type HelpRow = Selectable<HelpCall>

/** False when a call of this id is there already. */
export async function insertHelp(db: Db, row: InsertObject<DB, 'help_call'>): Promise<boolean> {
  const made = await db
    .insertInto('help_call')
    .values(row)
    .onConflict((oc) => oc.columns(['id', 'county']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function updateHelp(
  db: Db,
  at: { county: string; id: string },
  set: UpdateObject<DB, 'help_call'>,
): Promise<void> {
  await db.updateTable('help_call').set(set).where('county', '=', at.county).where('id', '=', at.id).execute()
}

/** Locked; by whoever asks: the caller checks the scope or the author. */
export async function lockHelp(db: Db, id: string): Promise<HelpRow | null> {
  return (await db.selectFrom('help_call').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
}

export async function findHelp(db: Db, id: string): Promise<HelpRow | null> {
  return (await db.selectFrom('help_call').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

type Page = { limit: number; cursor: string | null }

/** Waiting: the oldest first; closed: the newest first. */
export async function listHelpRows(
  db: Db,
  areas: readonly AreaCode[],
  state: 'waiting' | 'closed',
  page: Page,
): Promise<{ rows: HelpRow[]; total: number }> {
  const which = state === 'waiting' ? sql`h.state <> 'closed'` : sql`h.state = 'closed'`
  const from = sql`from help_call h where ${which} and ${inScope('h.area', areas)}`
  const total = await boundedCount(db, from)
  const after =
    page.cursor === null
      ? sql`true`
      : state === 'waiting'
        ? sql`(h.recorded_at, h.id) > (select recorded_at, id from help_call where id = ${page.cursor}::uuid)`
        : sql`(h.recorded_at, h.id) < (select recorded_at, id from help_call where id = ${page.cursor}::uuid)`
  const order = state === 'waiting' ? sql`h.recorded_at, h.id` : sql`h.recorded_at desc, h.id desc`
  const { rows } =
    await sql<HelpRow>`select h.* ${from} and ${after} order by ${order} limit ${page.limit + 1}`.execute(db)
  return { rows, total }
}

export async function listHelpBy(db: Db, accountId: string, page: Page): Promise<{ rows: HelpRow[]; total: number }> {
  const from = sql`from help_call h where h.account_id = ${accountId}::uuid`
  const total = await boundedCount(db, from)
  const after =
    page.cursor === null
      ? sql`true`
      : sql`(h.recorded_at, h.id) < (select recorded_at, id from help_call where id = ${page.cursor}::uuid)`
  const { rows } = await sql<HelpRow>`
    select h.* ${from} and ${after} order by h.recorded_at desc, h.id desc limit ${page.limit + 1}`.execute(db)
  return { rows, total }
}

/** Heard by nobody since: to be told further up. */
export async function unheard(db: Db, before: Date): Promise<HelpRow[]> {
  const { rows } = await sql<HelpRow>`
    select h.* from help_call h where h.state = 'open' and h.told_at < ${before}::timestamptz and h.told_level > 1
    order by h.told_at limit 200 for update skip locked`.execute(db)
  return rows
}

/** Calls that nobody has closed, in areas that have ended and became others. */
export async function endedCalls(db: Db): Promise<HelpRow[]> {
  const { rows } = await sql<HelpRow>`
    select h.* from help_call h
    where h.state <> 'closed' and exists (select from area_successor s where s.code = h.area)
      and not exists (select from area a where a.code = h.area and a.valid_to is null)
    order by h.id limit 500 for update skip locked`.execute(db)
  return rows
}

/** What an account covers on a day. */
export async function coveredAreas(db: Db, accountId: string, day: Day): Promise<AreaCode[]> {
  const { rows } = await sql<{ area: string }>`
    select area from duty where account_id = ${accountId} and ended_at is null and from_day <= ${day}::date
      and (to_day is null or to_day >= ${day}::date)`.execute(db)
  return rows.map((row) => row.area)
}

/** Telephones of accounts as they are sealed. */
export async function phonesOf(db: Db, ids: readonly string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('account').select(['id', 'phone_sealed']).where('id', 'in', ids).execute()
  return new Map(rows.flatMap((row) => (row.phone_sealed === null ? [] : [[row.id, row.phone_sealed]])))
}
