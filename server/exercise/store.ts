import type { Role } from '@weiwang/domain/access/actor'
import { sql } from 'kysely'
import { knownRoles } from '../access/login-store.ts'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'

/** The only tables of its own that an exercise has are its lines in `setting`; everything else goes through the rooms. */
export async function readSetting(db: Db, key: 'exercise' | 'clock' | 'exercise_heartbeat'): Promise<unknown> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? null
}

export async function putSetting(
  db: Db,
  key: 'exercise' | 'clock' | 'exercise_heartbeat',
  value: object,
): Promise<void> {
  await db
    .insertInto('setting')
    .values({ key, value: json(value) })
    .onConflict((oc) =>
      oc.column('key').doUpdateSet({ value: sql`excluded.value`, updated_at: sql`excluded.updated_at` }),
    )
    .execute()
}

/** What would make a database a real one: its emergencies, persons and accounts. */
export async function countPersonal(db: Db): Promise<{ what: string; n: number }[]> {
  const { rows } = await sql<{ what: string; n: number }>`
    select 'emergencies' as what, count(*) as n from emergency
    union all select 'persons', count(*) from (select 1 from person limit 1) p
    union all select 'accounts', count(*) from (select 1 from account limit 1) a`.execute(db)
  return rows
}

export type StaffRow = {
  id: string
  login: string
  name: string
  area: string
  areaName: string
  createdBy: string | null
  roles: Role[]
  duties: string[]
}

/** Accounts by log-in name with their roles and the duties of a day. */
export async function readStaff(db: Db, logins: readonly string[], day: string): Promise<StaffRow[]> {
  const { rows } = await sql<Omit<StaffRow, 'roles'> & { roles: string[] }>`
    select a.id, a.login, a.name, a.area, coalesce(n.name, a.area) as "areaName", a.created_by as "createdBy",
      array(select role from account_role r where r.account_id = a.id order by role) as roles,
      array(select d.area from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${day}
            and (d.to_day is null or d.to_day >= ${day}) order by d.area) as duties
    from account a left join area n on n.code = a.area and n.valid_to is null
    where a.login = any(${[...logins]}::text[]) order by length(a.area), a.area, a.login`.execute(db)
  return rows.map((row) => ({ ...row, roles: knownRoles(row.roles) }))
}

/** No log-in by password any more: the server can be reached by others (EX-11). */
export async function accountsWithPassword(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('account_secret')
    .select('account_id')
    .where('password_hash', 'is not', null)
    .execute()
  return rows.map((row) => row.account_id)
}
