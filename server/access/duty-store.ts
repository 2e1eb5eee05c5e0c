import type { AreaCode } from '@weiwang/domain/areas/code'
import { pathOf, upper } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { FIELD_ROLES } from '@weiwang/domain/access/roles'
import { sql } from 'kysely'
import type { InsertObject, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope, within } from '../core/db/scope.ts'
import type { DB, Duty } from '../core/db/types.ts'
import { knownRoles } from './login-store.ts'
import { paged } from './store.ts'
import type { Paged } from './store.ts'
import type { Role } from '@weiwang/domain/access/actor'

const GRID_LEVEL = 6

export type DutyRow = Selectable<Duty>

function validOnDay(day: Day) {
  return sql<boolean>`duty.ended_at is null and duty.from_day <= ${day} and (duty.to_day is null or duty.to_day >= ${day})`
}

export async function insertDuty(db: Db, row: InsertObject<DB, 'duty'>): Promise<void> {
  await db.insertInto('duty').values(row).execute()
}

export async function lockDuty(db: Db, scope: readonly AreaCode[], id: string): Promise<DutyRow | null> {
  const row = await db
    .selectFrom('duty')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('duty.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Duties of an account that last to a day or beyond, the ones over `areas` only when given. */
export async function lockDutiesOf(
  db: Db,
  scope: readonly AreaCode[],
  accountId: string,
  day: Day,
  areas?: readonly AreaCode[],
): Promise<DutyRow[]> {
  let query = db
    .selectFrom('duty')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('to_day', 'is', null), eb('to_day', '>=', day)]))
    .where(inScope('duty.area', scope))
  if (areas !== undefined) query = query.where('area', 'in', [...areas])
  return query.orderBy('id').forUpdate().execute()
}

/** Any duty of the same person over the same area that overlaps these days. */
export async function findOverlap(
  db: Db,
  accountId: string,
  area: AreaCode,
  from: Day,
  to: Day | null,
): Promise<DutyRow | null> {
  const row = await db
    .selectFrom('duty')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('area', '=', area)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('to_day', 'is', null), eb('to_day', '>=', from)]))
    .where(sql<boolean>`(${to}::date is null or from_day <= ${to}::date)`)
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** `lastDay` is still valid; a duty that would end before it began never was. */
export async function endDutyRow(db: Db, row: DutyRow, lastDay: Day, at: Date): Promise<void> {
  // Until this instant the place was theirs, also today: late work is judged by it (SYNC-13).
  const set = lastDay < row.from_day ? { ended_at: at } : { to_day: lastDay, cut_at: at }
  await db.updateTable('duty').set(set).where('id', '=', row.id).execute()
}

/** Ends what an account covers as of now: yesterday was its last day. */
export async function endDutiesNow(db: Db, rows: readonly DutyRow[], today: Day, at: Date): Promise<void> {
  for (const row of rows) await endDutyRow(db, row, addDays(today, -1), at)
}

export type DutyFilter = {
  limit: number
  cursor?: string | undefined
  area?: AreaCode | undefined
  account?: string | undefined
  day: Day
  all: boolean
}

export async function listDuties(db: Db, scope: readonly AreaCode[], filter: DutyFilter): Promise<Paged<DutyRow>> {
  let base = db.selectFrom('duty').where(inScope('duty.area', scope)).where('ended_at', 'is', null)
  if (filter.area !== undefined) base = base.where(within('duty.area', filter.area))
  if (filter.account !== undefined) base = base.where('account_id', '=', filter.account)
  if (!filter.all) base = base.where(validOnDay(filter.day))
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor)
  return paged(await query.execute(), filter.limit, total, (row) => row.id)
}

/** Who covers an area on a day: its own people first, then those of the areas around it as far as the scope reaches. */
export async function coverOf(db: Db, scope: readonly AreaCode[], area: AreaCode, day: Day): Promise<DutyRow[]> {
  return db
    .selectFrom('duty')
    .selectAll()
    .where('area', 'in', pathOf(area))
    .where(inScope('duty.area', scope))
    .where(validOnDay(day))
    .orderBy(sql`length(area)`, 'desc')
    .orderBy('id')
    .limit(100)
    .execute()
}

export type GapRow = { code: string; name: string; parentName: string }

/**
 * ACCESS-9: areas of a level that have nobody of their own on a day; who covers the area around them does not count. For a grid that
 * is a worker: the duty of a doctor, an officer or a cadre serves a team (TASK-13).
 */
export async function listGaps(
  db: Db,
  scope: readonly AreaCode[],
  filter: { area: AreaCode; level: number; day: Day; limit: number; cursor?: string | undefined },
): Promise<Paged<GapRow>> {
  const serves =
    filter.level === GRID_LEVEL
      ? sql<boolean>`exists (select from account_role r where r.account_id = duty.account_id and r.role = 'worker')`
      : sql<boolean>`true`
  const base = db
    .selectFrom('area')
    .where('area.level', '=', filter.level)
    .where('area.valid_to', 'is', null)
    .where(inScope('area.code', scope))
    .where(within('area.code', filter.area))
    .where(
      sql<boolean>`not exists (select from duty where duty.area = area.code and ${validOnDay(filter.day)} and ${serves})`,
    )
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .select([
      'area.code',
      'area.name',
      sql<string>`coalesce((select p.name from area p where p.code = area.parent and p.valid_to is null), '')`.as(
        'parentName',
      ),
    ])
    .orderBy('area.code')
    .limit(filter.limit + 1)
  if (filter.cursor !== undefined) query = query.where('area.code', '>', filter.cursor)
  return paged(await query.execute(), filter.limit, total, (row) => row.code)
}

export type OwnerRow = { id: string; name: string; area: string; roles: Role[]; duties: number }

/** Case 53: only those who may be given the area (the same rule as `ineligible` in domain/access/duty). */
export async function listOwners(
  db: Db,
  scope: readonly AreaCode[],
  filter: { area: AreaCode; day: Day; limit: number; cursor?: string | undefined },
): Promise<Paged<OwnerRow>> {
  const county = filter.area.slice(0, 6)
  const near = sql<boolean>`(account.area in (${sql.join(pathOf(filter.area))}) or (${filter.area.length >= 6}::boolean and account.area >= ${county} and account.area < ${upper(county)}))`
  const base = db
    .selectFrom('account')
    .where(inScope('account.area', scope))
    .where('state', 'in', ['roster', 'active'])
    .where(near)
    .where(
      sql<boolean>`exists (select from account_role r where r.account_id = account.id and r.role in (${sql.join([...FIELD_ROLES])}))`,
    )
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .select([
      'id',
      'name',
      'area',
      sql<string[]>`array(select role from account_role r where r.account_id = account.id order by role)`.as(
        'roleNames',
      ),
      sql<number>`(select count(*) from duty where duty.account_id = account.id and ${validOnDay(filter.day)})`.as(
        'duties',
      ),
    ])
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor)
  const rows = await query.execute()
  return paged(
    rows.map(({ roleNames, ...row }) => ({ ...row, roles: knownRoles(roleNames) })),
    filter.limit,
    total,
    (row) => row.id,
  )
}
