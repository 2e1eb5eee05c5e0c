/** SQL of posts, shifts, turns and hours. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { upper } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { Hours } from '@weiwang/domain/teams/force'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, ForcePost, ForceShift, ForceTurn } from '../core/db/types.ts'
import { lacking, pageById } from './force-store.ts'
import type { Paged, Paging } from './force-store.ts'
import { placed } from './placed.ts'
import type { Placed } from './placed.ts'

export type PostRow = Selectable<ForcePost>
export type ShiftRow = Selectable<ForceShift>
export type TurnRow = Selectable<ForceTurn>

export async function insertPost(db: Db, row: InsertObject<DB, 'force_post'>): Promise<void> {
  await db.insertInto('force_post').values(row).execute()
}

export async function lockPost(db: Db, scope: readonly AreaCode[], id: string): Promise<PostRow | null> {
  const row = await db
    .selectFrom('force_post')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_post.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function findPost(db: Db, scope: readonly AreaCode[], id: string): Promise<PostRow | null> {
  const row = await db
    .selectFrom('force_post')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_post.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function listPosts(
  db: Db,
  filter: { areas: readonly AreaCode[]; kind?: string | undefined; now: Date },
  paging: Paging,
): Promise<Paged<PostRow & { shifts: number }>> {
  const kind = filter.kind === undefined ? sql`true` : sql`t.kind = ${filter.kind}`
  const columns = sql`t.*, (select count(*)::int from force_shift s where s.county = t.county and s.post_id = t.id and s.ended_at is null and s.ends_at > ${filter.now}) as shifts`
  const where = sql`t.ended_at is null and ${inScope('t.area', filter.areas)} and ${kind}`
  return pageById(db, { columns, from: sql`force_post t`, where }, paging)
}

/** A post that closes takes what has not begun with it. */
export async function endPost(db: Db, row: PostRow, now: Date): Promise<void> {
  await sql`update force_post set ended_at = ${now} where county = ${row.county} and id = ${row.id}`.execute(db)
  await sql`update force_turn set ended_at = ${now} where county = ${row.county} and post_id = ${row.id} and ended_at is null and starts_at > ${now} and in_at is null`.execute(
    db,
  )
  await sql`update force_shift set ended_at = ${now} where county = ${row.county} and post_id = ${row.id} and ended_at is null and starts_at > ${now}`.execute(
    db,
  )
}

export async function insertShifts(db: Db, rows: readonly InsertObject<DB, 'force_shift'>[]): Promise<number> {
  if (rows.length === 0) return 0
  const made = await db
    .insertInto('force_shift')
    .values([...rows])
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .execute()
  return made.length
}

export async function lockShift(db: Db, scope: readonly AreaCode[], id: string): Promise<ShiftRow | null> {
  const row = await db
    .selectFrom('force_shift')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_shift.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function findShift(db: Db, scope: readonly AreaCode[], id: string): Promise<ShiftRow | null> {
  const row = await db
    .selectFrom('force_shift')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_shift.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function endShift(db: Db, row: ShiftRow, now: Date): Promise<void> {
  await sql`update force_shift set ended_at = ${now} where county = ${row.county} and id = ${row.id}`.execute(db)
  await sql`update force_turn set ended_at = ${now} where county = ${row.county} and shift_id = ${row.id} and ended_at is null and in_at is null`.execute(
    db,
  )
}

const Starts = z.tuple([z.iso.datetime(), z.uuid()])

async function pageByStart<T extends { id: string; starts_at: Date }>(
  db: Db,
  parts: { columns: RawBuilder<unknown>; from: RawBuilder<unknown>; where: RawBuilder<unknown> },
  paging: Paging,
): Promise<Paged<T>> {
  const at = decodeCursor(Starts, paging.cursor)
  const rest = at === null ? sql`true` : sql`(t.starts_at, t.id) > (${at[0]}::timestamptz, ${at[1]}::uuid)`
  const { rows } = await sql<T>`
    select ${parts.columns} from ${parts.from} where ${parts.where} and ${rest} order by t.starts_at, t.id limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from ${parts.from} where ${parts.where}`.execute(
    db,
  )
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor([last.starts_at.toISOString(), last.id]) : null,
    total: counted.rows[0]?.n ?? 0,
  }
}

export type ShiftFilter = Placed & { from: Day; to: Day; list: 'all' | 'gaps'; post?: string | undefined }

export async function listShifts(db: Db, filter: ShiftFilter, paging: Paging): Promise<Paged<ShiftRow>> {
  const parts: RawBuilder<unknown>[] = [
    sql`t.ended_at is null and t.day between ${filter.from}::date and ${filter.to}::date`,
    placed(filter),
  ]
  if (filter.list === 'gaps') parts.push(lacking())
  if (filter.post !== undefined) parts.push(sql`t.post_id = ${filter.post}::uuid`)
  return pageByStart(db, { columns: sql`t.*`, from: sql`force_shift t`, where: sql.join(parts, sql` and `) }, paging)
}

export async function turnsOfShifts(db: Db, ids: readonly string[]): Promise<TurnRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('force_turn')
    .selectAll()
    .where('shift_id', 'in', [...ids])
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
}

export async function insertTurn(db: Db, row: InsertObject<DB, 'force_turn'>): Promise<void> {
  await db.insertInto('force_turn').values(row).execute()
}

export async function lockTurn(db: Db, scope: readonly AreaCode[], id: string): Promise<TurnRow | null> {
  const row = await db
    .selectFrom('force_turn')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_turn.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function updateTurn(db: Db, row: TurnRow, set: UpdateObject<DB, 'force_turn'>): Promise<void> {
  await db.updateTable('force_turn').set(set).where('county', '=', row.county).where('id', '=', row.id).execute()
}

/** FORCE-6: a turn of the same person, at whatever post, that has an instant in common. */
export async function turnAcross(db: Db, accountId: string, starts: Date, ends: Date): Promise<TurnRow | null> {
  const { rows } = await sql<TurnRow>`
    select * from force_turn where account_id = ${accountId}::uuid and ended_at is null and starts_at < ${ends} and ends_at > ${starts}
    order by starts_at limit 1`.execute(db)
  return rows[0] ?? null
}

/** What an account has ahead, and what it is in. */
export async function turnsAhead(db: Db, accountId: string, from: Date, limit: number): Promise<TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    select * from force_turn where account_id = ${accountId}::uuid and ended_at is null and ends_at > ${from} order by starts_at, id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Turns of a county that begin after an instant and have not begun: what ends with an assignment or a leaving. */
export async function lockTurnsFrom(db: Db, county: string, accountId: string, from: Date): Promise<TurnRow[]> {
  const { rows } = await sql<TurnRow>`
    select * from force_turn where county = ${county} and account_id = ${accountId}::uuid and ended_at is null and in_at is null and starts_at >= ${from}
    order by starts_at, id for update`.execute(db)
  return rows
}

/** The turn that a code is for: of this account, at this post or in this shift, whose window holds the instant. */
export async function lockTurnFor(
  db: Db,
  accountId: string,
  of: { postId: string } | { shiftId: string },
  opens: Date,
  closes: Date,
): Promise<TurnRow[]> {
  const which = 'postId' in of ? sql`post_id = ${of.postId}::uuid` : sql`shift_id = ${of.shiftId}::uuid`
  const { rows } = await sql<TurnRow>`
    select * from force_turn where account_id = ${accountId}::uuid and ended_at is null and ${which}
      and starts_at <= ${opens} and ends_at >= ${closes} order by starts_at, id for update`.execute(db)
  return rows
}

/** Away on a day: on leave, or resting for a reason that is nobody's (FORCE-10). */
export async function awayOnDay(db: Db, accountIds: readonly string[], day: Day): Promise<Set<string>> {
  if (accountIds.length === 0) return new Set()
  const ids = [...accountIds]
  const { rows } = await sql<{ id: string }>`
    select account_id as id from team_leave where account_id = any(${ids}::uuid[]) and ended_at is null and from_day <= ${day}::date and (to_day is null or to_day >= ${day}::date)
    union
    select account_id from force_health where account_id = any(${ids}::uuid[]) and ended_at is null and rest_until >= ${day}::date`.execute(
    db,
  )
  return new Set(rows.map((row) => row.id))
}

export type FreeRow = { id: string; name: string; area: AreaCode; hours: Hours[] | null; busy: boolean }

/** Whoever has a duty in the county on the day of a shift, the nearest first. */
export async function peopleFor(db: Db, shift: ShiftRow, limit: number): Promise<FreeRow[]> {
  const { rows } = await sql<FreeRow>`
    select a.id, a.name, a.area, m.hours,
      exists (select from force_turn u where u.account_id = a.id and u.ended_at is null and u.starts_at < ${shift.ends_at} and u.ends_at > ${shift.starts_at}) as busy
    from (
      select d.account_id, max(case when starts_with(${shift.area}, d.area) or starts_with(d.area, ${shift.area}) then 20
        when left(d.area, 12) = left(${shift.area}, 12) then 12 when left(d.area, 9) = left(${shift.area}, 9) then 9 else 6 end) as near
      from duty d where d.area >= ${shift.county} and d.area < ${upper(shift.county)} and d.ended_at is null
        and d.from_day <= ${shift.day}::date and (d.to_day is null or d.to_day >= ${shift.day}::date) group by 1
    ) x join account a on a.id = x.account_id left join force_member m on m.county = ${shift.county} and m.account_id = a.id and m.ended_at is null
    where a.state in ('roster', 'active')
      and not exists (select from force_turn u where u.county = ${shift.county} and u.shift_id = ${shift.id} and u.account_id = a.id and u.ended_at is null)
    order by x.near desc, a.name, a.id limit ${limit}`.execute(db)
  return rows
}

export async function hasDutyInCounty(db: Db, accountId: string, county: string, day: Day): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    select id from duty where account_id = ${accountId}::uuid and area >= ${county} and area < ${upper(county)} and ended_at is null
      and from_day <= ${day}::date and (to_day is null or to_day >= ${day}::date) limit 1`.execute(db)
  return rows.length > 0
}

export type TurnFilter = Placed & {
  from: Day
  to: Day
  list: 'all' | 'worked' | 'missed' | 'no_sign_out'
  account?: string | undefined
  now: Date
  closed: Date
}

function turnWhere(filter: TurnFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [
    sql`t.ended_at is null and t.day between ${filter.from}::date and ${filter.to}::date`,
    placed(filter),
  ]
  if (filter.list === 'worked') parts.push(sql`t.out_at is not null`)
  if (filter.list === 'missed') parts.push(sql`t.in_at is null and t.ends_at <= ${filter.now}`)
  if (filter.list === 'no_sign_out')
    parts.push(sql`t.in_at is not null and t.out_at is null and t.ends_at < ${filter.closed}`)
  if (filter.account !== undefined) parts.push(sql`t.account_id = ${filter.account}::uuid`)
  return sql.join(parts, sql` and `)
}

export async function listTurns(db: Db, filter: TurnFilter, paging: Paging): Promise<Paged<TurnRow>> {
  return pageByStart(db, { columns: sql`t.*`, from: sql`force_turn t`, where: turnWhere(filter) }, paging)
}

const ByName = z.tuple([z.string(), z.uuid()])
export type HoursRow = { account_id: string; name: string; turns: number; minutes: number }

const WORKED = sql`t.ended_at is null and t.out_at is not null and t.account_id is not null`
const MINUTES = sql<number>`sum(floor(extract(epoch from t.out_at) / 60) - floor(extract(epoch from t.in_at) / 60))::int`

/** FORCE-8 of one person, whatever the areas of the posts. */
export async function hoursOf(
  db: Db,
  accountId: string,
  span: { from: Day; to: Day },
): Promise<{ turns: number; minutes: number }> {
  const { rows } = await sql<{ turns: number; minutes: number }>`
    select count(*)::int as turns, coalesce(${MINUTES}, 0)::int as minutes from force_turn t
    where ${WORKED} and t.account_id = ${accountId}::uuid and t.day between ${span.from}::date and ${span.to}::date`.execute(
    db,
  )
  return rows[0] ?? { turns: 0, minutes: 0 }
}

/** FORCE-8: turns worked and their minutes by person, in the order of names: the sum of the list that each opens. */
export async function listHours(
  db: Db,
  filter: { areas: readonly AreaCode[]; from: Day; to: Day },
  paging: Paging,
): Promise<Paged<HoursRow>> {
  const where = sql`${WORKED}
    and t.day between ${filter.from}::date and ${filter.to}::date and ${inScope('t.area', filter.areas)}`
  const at = decodeCursor(ByName, paging.cursor)
  const rest = at === null ? sql`true` : sql`(name collate "C", account_id) > (${at[0]} collate "C", ${at[1]}::uuid)`
  const { rows } = await sql<HoursRow>`
    select * from (
      select t.account_id, max(t.account_name) as name, count(*)::int as turns,
        ${MINUTES} as minutes
      from force_turn t where ${where} group by t.account_id
    ) x where ${rest} order by name collate "C", account_id limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{
    n: number
  }>`select count(distinct t.account_id)::int as n from force_turn t where ${where}`.execute(db)
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor([last.name, last.account_id]) : null,
    total: counted.rows[0]?.n ?? 0,
  }
}
