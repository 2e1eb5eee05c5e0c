/** SQL of following areas: duties and accounts inside areas that ended. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import { knownRoles } from './login-store.ts'
import type { DutyRow } from './duty-store.ts'
import type { Role } from '@weiwang/domain/access/actor'

/** Whoever has duties inside that last to a day or beyond, by account after a cursor. */
export async function accountsOnDuty(
  db: Db,
  tops: readonly AreaCode[],
  day: Day,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`
    select distinct account_id from duty where ended_at is null and (to_day is null or to_day >= ${day}::date)
      and ${inScope('area', tops)} and account_id > ${after}::uuid order by account_id limit ${limit}`.execute(db)
  return rows.map((row) => row.account_id)
}

/** Their duties inside, the longest first, so that of several that become one the longest is carried. */
export async function lockDutiesInside(
  db: Db,
  accounts: readonly string[],
  tops: readonly AreaCode[],
  day: Day,
): Promise<DutyRow[]> {
  if (accounts.length === 0) return []
  return db
    .selectFrom('duty')
    .selectAll()
    .where('account_id', 'in', accounts)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('to_day', 'is', null), eb('to_day', '>=', day)]))
    .where(inScope('duty.area', tops))
    .orderBy('account_id')
    .orderBy(sql`to_day desc nulls first`)
    .orderBy('from_day')
    .orderBy('id')
    .forUpdate()
    .execute()
}

export type Seat = { id: string; area: AreaCode; state: string; roles: Role[] }

export async function lockAccountsInside(
  db: Db,
  tops: readonly AreaCode[],
  after: string,
  limit: number,
): Promise<Seat[]> {
  const rows = await db
    .selectFrom('account')
    .select(['id', 'area', 'state'])
    .where(inScope('account.area', tops))
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .execute()
  if (rows.length === 0) return []
  const roles = await db
    .selectFrom('account_role')
    .select(['account_id', 'role'])
    .where(
      'account_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('role')
    .execute()
  return rows.map((row) => ({
    ...row,
    roles: knownRoles(roles.filter((one) => one.account_id === row.id).map((one) => one.role)),
  }))
}

/** What is asked for an account lies where the account lies. */
export async function moveAsked(db: Db, accountId: string, area: AreaCode): Promise<void> {
  await db
    .updateTable('role_proposal')
    .set({ area })
    .where('account_id', '=', accountId)
    .where('state', '=', 'proposed')
    .execute()
  await db
    .updateTable('recovery')
    .set({ area })
    .where('account_id', '=', accountId)
    .where('state', '=', 'asked')
    .execute()
}

/** The people who decide at an area: whoever approves there and is active. */
export async function chiefsAt(db: Db, area: AreaCode): Promise<string[]> {
  const rows = await db
    .selectFrom('account')
    .innerJoin('account_role', 'account_role.account_id', 'account.id')
    .select('account.id')
    .where('account.area', '=', area)
    .where('account.state', '=', 'active')
    .where('account_role.role', 'in', ['chief', 'administrator'])
    .distinct()
    .limit(50)
    .execute()
  return rows.map((row) => row.id)
}
