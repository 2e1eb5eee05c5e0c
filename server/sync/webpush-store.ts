/** SQL of web push. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

type Phone = { device: string; accountId: string }

export async function deviceOfSession(db: Db, accountId: string, sessionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('phone')
    .select('device')
    .where('account_id', '=', accountId)
    .where('session_id', '=', sessionId)
    .where('state', '=', 'active')
    .orderBy('contact_at', 'desc')
    .executeTakeFirst()
  return row?.device ?? null
}

export async function putWake(db: Db, at: Phone & { endpoint: Buffer; now: Date }): Promise<void> {
  await db
    .insertInto('phone_wake')
    .values({ device: at.device, account_id: at.accountId, endpoint_sealed: at.endpoint, put_at: at.now })
    .onConflict((oc) =>
      oc.columns(['device', 'account_id']).doUpdateSet((eb) => ({
        endpoint_sealed: eb.ref('excluded.endpoint_sealed'),
        put_at: eb.ref('excluded.put_at'),
      })),
    )
    .execute()
}

export async function dropWake(db: Db, at: Phone): Promise<boolean> {
  const gone = await db
    .deleteFrom('phone_wake')
    .where('device', '=', at.device)
    .where('account_id', '=', at.accountId)
    .returning('device')
    .executeTakeFirst()
  return gone !== undefined
}

/** The address of a phone that may be told: neither lost nor cleared, its account at work. */
export async function wakeOf(db: Db, at: Phone): Promise<Buffer | null> {
  const { rows } = await sql<{ endpoint_sealed: Buffer }>`
    select w.endpoint_sealed from phone_wake w
    join phone p on p.device = w.device and p.account_id = w.account_id and p.state = 'active'
    join account a on a.id = w.account_id and a.state = 'active'
    where w.device = ${at.device} and w.account_id = ${at.accountId}`.execute(db)
  return rows[0]?.endpoint_sealed ?? null
}

export type FreshGrid = { grid: AreaCode; n: number; red: boolean }

/**
 * Grids in whose feeds something urgent has begun since an instant that no phone was woken for: a red task that was just opened,
 * or an instruction that nobody has read.
 */
export async function freshGrids(db: Db, since: Date, redOnly: boolean, limit: number): Promise<FreshGrid[]> {
  const kinds = redOnly
    ? sql`f.kind = 'task' and f.body ->> 'version' = '1'`
    : sql`(f.kind = 'task' and f.body ->> 'version' = '1' or f.kind = 'instruction' and f.body ->> 'state' = 'sent')`
  const { rows } = await sql<FreshGrid>`
    select f.grid, max(f.n)::bigint as n, bool_or(f.kind = 'task') as red
    from grid_feed f left join grid_wake w on w.grid = f.grid
    where f.urgent and f.at > ${since} and ${kinds} and f.n > coalesce(w.n, 0)
    group by f.grid order by bool_or(f.kind = 'task') desc, f.grid collate "C" limit ${limit}`.execute(db)
  return rows
}

export async function markWoken(db: Db, grids: readonly FreshGrid[], now: Date): Promise<void> {
  if (grids.length === 0) return
  await db
    .insertInto('grid_wake')
    .values(grids.map(({ grid, n }) => ({ grid, n, at: now })))
    .onConflict((oc) => oc.column('grid').doUpdateSet((eb) => ({ n: eb.ref('excluded.n'), at: eb.ref('excluded.at') })))
    .execute()
}

/** The phones of the workers who cover one of these grids, or a part of one, today; nobody else is sent its feed (SYNC-3). */
export async function phonesToWake(db: Db, grids: readonly AreaCode[], day: Day, limit: number): Promise<Phone[]> {
  const { rows } = await sql<Phone>`
    with w as (select unnest(${grids}::text[]) collate "C" as grid), covering as (
      select d.account_id from w join duty d on d.area = any(array[left(w.grid, 2), left(w.grid, 4), left(w.grid, 6), left(w.grid, 9), left(w.grid, 12), w.grid])
      where d.ended_at is null and d.from_day <= ${day}::date and (d.to_day is null or d.to_day >= ${day}::date)
      union
      select d.account_id from w join duty d on d.area > w.grid and d.area < w.grid || ':'
      where d.ended_at is null and d.from_day <= ${day}::date and (d.to_day is null or d.to_day >= ${day}::date)
    )
    select p.device, p.account_id as "accountId" from covering c
    join account_role r on r.account_id = c.account_id and r.role = 'worker'
    join phone_wake p on p.account_id = c.account_id
    join phone h on h.device = p.device and h.account_id = p.account_id and h.state = 'active'
    order by 2, 1 limit ${limit}`.execute(db)
  return rows
}

/** The phones of some accounts that may be told. */
export async function phonesOfAccounts(db: Db, accounts: readonly string[], limit: number): Promise<Phone[]> {
  if (accounts.length === 0) return []
  const { rows } = await sql<Phone>`
    select p.device, p.account_id as "accountId" from phone_wake p
    join phone h on h.device = p.device and h.account_id = p.account_id and h.state = 'active'
    where p.account_id = any(${accounts}::uuid[]) order by 2, 1 limit ${limit}`.execute(db)
  return rows
}

export async function countWake(db: Db, at: Phone & { day: Day; night: boolean; now: Date }): Promise<void> {
  await sql`update phone_wake set told_at = ${at.now} where device = ${at.device} and account_id = ${at.accountId}`.execute(
    db,
  )
  await db
    .insertInto('wake_count')
    .values({ account_id: at.accountId, day: at.day, n: 1, night: at.night ? 1 : 0 })
    .onConflict((oc) =>
      oc.columns(['account_id', 'day']).doUpdateSet((eb) => ({
        n: sql`wake_count.n + ${eb.ref('excluded.n')}`,
        night: sql`wake_count.night + ${eb.ref('excluded.night')}`,
      })),
    )
    .execute()
}

/** Addresses of phones that may not be told any more, and counts that nobody looks at any more. */
export async function sweepWakes(db: Db, before: Day): Promise<void> {
  await sql`
    delete from phone_wake w where not exists (
      select from phone p join account a on a.id = p.account_id and a.state = 'active'
      where p.device = w.device and p.account_id = w.account_id and p.state = 'active')`.execute(db)
  await sql`delete from wake_count where day < ${before}::date`.execute(db)
}
