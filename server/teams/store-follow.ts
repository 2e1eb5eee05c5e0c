/** SQL of teams that follow their doors and of members whose duty or account ends. */
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { TeamRow } from './store.ts'

/** Open teams of these doors, in whatever county they were formed. */
export async function teamsOfDoors(db: Db, householdIds: readonly string[]): Promise<TeamRow[]> {
  if (householdIds.length === 0) return []
  const { rows } = await sql<TeamRow>`
    select t.* from team t join household h on h.id = t.household_id
    where t.household_id = any(${[...householdIds]}::uuid[]) and t.ended_at is null and t.area <> h.area
      and exists (select from area a where a.code = left(h.area, 15) and a.valid_to is null) order by t.id`.execute(db)
  return rows
}

/** Open teams that lie where no area is any more. */
export async function teamsInEnded(db: Db, after: string, limit: number): Promise<TeamRow[]> {
  const { rows } = await sql<TeamRow>`
    select t.* from (select distinct code from area_successor) s join team t on t.area >= s.code and t.area < s.code || ':'
    where t.ended_at is null and t.id > ${after}::uuid
      and not exists (select from area a where a.code = s.code and a.valid_to is null) order by t.id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** What an account covers today, and whether it may still work. */
export async function coversToday(
  db: Db,
  accountId: string,
  day: string,
): Promise<{ open: boolean; covers: string[] }> {
  const { rows } = await sql<{ open: boolean; covers: string[] }>`
    select a.state in ('roster', 'active') as open,
      array(select d.area from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${day}::date
        and (d.to_day is null or d.to_day >= ${day}::date)) as covers
    from account a where a.id = ${accountId}`.execute(db)
  return rows[0] ?? { open: false, covers: [] }
}

/** Counties that have teams with an empty seat, for the timer. */
export async function countiesWithTeams(db: Db): Promise<string[]> {
  const { rows } = await sql<{
    county: string
  }>`select distinct county from team where ended_at is null order by 1`.execute(db)
  return rows.map((row) => row.county)
}
