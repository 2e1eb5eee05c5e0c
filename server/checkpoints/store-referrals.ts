/** SQL of referrals and of looks by document. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, GateReferral } from '../core/db/types.ts'
import { placed } from '../teams/placed.ts'
import type { Placed } from '../teams/placed.ts'
import type { Cut, Paging } from './store.ts'

export type ReferralRow = Selectable<GateReferral>

export async function insertReferral(db: Db, row: InsertObject<DB, 'gate_referral'>): Promise<void> {
  await db.insertInto('gate_referral').values(row).execute()
}

export async function referralThere(db: Db, county: string, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('gate_referral')
    .select('id')
    .where('county', '=', county)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

export async function lockReferral(db: Db, scope: readonly AreaCode[], id: string): Promise<ReferralRow | null> {
  const row = await db
    .selectFrom('gate_referral')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('gate_referral.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function closeReferralRow(
  db: Db,
  row: ReferralRow,
  set: { outcome: string; by: string; now: Date },
): Promise<void> {
  await db
    .updateTable('gate_referral')
    .set({ outcome: set.outcome, closed_at: set.now, closed_by: set.by })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

/** Referrals that wait for the grid which has this task. */
export async function lockReferralsOfTask(db: Db, county: string, taskId: string): Promise<ReferralRow[]> {
  return db
    .selectFrom('gate_referral')
    .selectAll()
    .where('task_county', '=', county)
    .where('task_id', '=', taskId)
    .where('closed_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
}

export type ReferralFilter = {
  place: Placed
  list: string
  gate?: string | undefined
  from?: Day | undefined
  to?: Day | undefined
}

function referralWhere(filter: ReferralFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [placed(filter.place)]
  if (filter.gate !== undefined) parts.push(sql`t.gate_id = ${filter.gate}::uuid`)
  if (filter.from !== undefined) parts.push(sql`t.day >= ${filter.from}::date`)
  if (filter.to !== undefined) parts.push(sql`t.day <= ${filter.to}::date`)
  if (filter.list === 'open') parts.push(sql`t.closed_at is null`)
  else if (filter.list !== 'all') parts.push(sql`t.disposition = ${filter.list}`)
  return sql.join(parts, sql` and `)
}

const ByTime = z.tuple([z.iso.datetime(), z.uuid()])

/** The newest first. Referrals are few: hundreds a day in a city. */
export async function listReferrals(db: Db, filter: ReferralFilter, paging: Paging): Promise<Cut<ReferralRow>> {
  const where = referralWhere(filter)
  const at = decodeCursor(ByTime, paging.cursor)
  const rest = at === null ? sql`true` : sql`(t.at, t.id) < (${at[0]}::timestamptz, ${at[1]}::uuid)`
  const { rows } = await sql<ReferralRow>`
    select t.* from gate_referral t where ${where} and ${rest} order by t.at desc, t.id desc limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from gate_referral t where ${where}`.execute(db)
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor([last.at.toISOString(), last.id]) : null,
    total: counted.rows[0]?.n ?? 0,
  }
}

export async function referralsToday(
  db: Db,
  gates: readonly { county: string; id: string }[],
  day: Day,
): Promise<Map<string, number>> {
  if (gates.length === 0) return new Map()
  const { rows } = await sql<{ gate_id: string; n: number }>`
    select t.gate_id, count(*)::int as n from gate_referral t
    where t.county = any(${[...new Set(gates.map((one) => one.county))]}::text[]) and t.day = ${day}::date
      and t.gate_id = any(${gates.map((one) => one.id)}::uuid[]) group by t.gate_id`.execute(db)
  return new Map(rows.map((row) => [row.gate_id, row.n]))
}

/** Where tasks of referrals stand now; what has been deleted is not there any more. */
export async function tasksOf(
  db: Db,
  keys: readonly { county: string; id: string }[],
): Promise<Map<string, { id: string; county: string; reference: string; state: string }>> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<{ id: string; county: string; reference: string; state: string }>`
    select id, county, reference, state from task
    where county = any(${[...new Set(keys.map((one) => one.county))]}::text[]) and id = any(${keys.map((one) => one.id)}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** The open task of somebody in a campaign: the one just made, or one that was there (TASK-5). */
export async function openTaskOf(
  db: Db,
  personId: string,
  campaignId: string,
): Promise<{ county: string; taskId: string; reference: string } | null> {
  const { rows } = await sql<{ county: string; taskId: string; reference: string }>`
    select t.county, t.id as "taskId", t.reference from open_task o join task t on t.county = o.county and t.id = o.task_id
    where o.person_id = ${personId}::uuid and o.campaign_id = ${campaignId}::uuid`.execute(db)
  return rows[0] ?? null
}

// ---- looks by document -----------------------------------------------------------------------------------------------------------

/** One look at a time for an account, so that a hundred at the same moment count each other. */
export async function lockLooks(db: Db, accountId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('gate_lookup', hashtext(${accountId})))`.execute(db)
}

/** Looks of an account since an instant, and when the last miss was. */
export async function looksSince(db: Db, accountId: string, since: Date): Promise<{ at: Date; found: boolean }[]> {
  const { rows } = await sql<{ at: Date; found: boolean }>`
    select at, found from gate_lookup where account_id = ${accountId}::uuid and at > ${since} order by at`.execute(db)
  return rows
}

export async function insertLook(db: Db, row: InsertObject<DB, 'gate_lookup'>): Promise<void> {
  await db.insertInto('gate_lookup').values(row).execute()
}

/** Whether somebody is known by this name: the hash of the whole name, as the register has it. */
export async function namedSo(db: Db, personId: string, hash: Buffer): Promise<boolean> {
  const row = await db
    .selectFrom('person')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('name_hash', '=', hash)
    .executeTakeFirst()
  return row !== undefined
}
