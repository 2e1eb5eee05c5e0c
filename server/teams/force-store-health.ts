/** SQL of protective kit and of the health of those who work. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { KIT_FOR_RED } from '@weiwang/domain/teams/force'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, ForceHealth, ForceKit } from '../core/db/types.ts'
import { pageById } from './force-store.ts'
import type { Paged, Paging } from './force-store.ts'

export type KitRow = Selectable<ForceKit>
export type HealthRow = Selectable<ForceHealth>

export async function insertKit(db: Db, row: InsertObject<DB, 'force_kit'>): Promise<void> {
  await db.insertInto('force_kit').values(row).execute()
}

export async function listKit(
  db: Db,
  filter: { areas: readonly AreaCode[]; account?: string | undefined },
  paging: Paging,
): Promise<Paged<KitRow>> {
  const who = filter.account === undefined ? sql`true` : sql`t.account_id = ${filter.account}::uuid`
  return pageById(
    db,
    { columns: sql`t.*`, from: sql`force_kit t`, where: sql`${inScope('t.area', filter.areas)} and ${who}` },
    paging,
  )
}

/** What somebody was given, wherever; the newest first. */
export async function kitOf(db: Db, accountId: string, limit: number): Promise<KitRow[]> {
  return db
    .selectFrom('force_kit')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('day', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export type NoKitRow = { id: string; name: string; area: AreaCode; doors: number; missing: string[] }

/** FORCE-9: who goes to red doors (whoever has the task, otherwise the workers of the grid; the team of the door) and what each lacks. */
function withoutKit(areas: readonly AreaCode[], today: Day, since: Day): RawBuilder<unknown> {
  return sql`(
    with red as (
      select county, household_id, coalesce(household_id, id) as door, left(area, 15) as grid, assignee from task
      where answered_at is null and closed_at is null and grade = 'red' and ${inScope('area', areas)}
    ), who as (
      select assignee as account_id, door from red where assignee is not null
      union select d.account_id, r.door from red r join duty d on d.area = r.grid and d.ended_at is null
        and d.from_day <= ${today}::date and (d.to_day is null or d.to_day >= ${today}::date)
        join account_role o on o.account_id = d.account_id and o.role = 'worker' where r.assignee is null
      union select m.account_id, r.door from red r join team g on g.county = r.county and g.household_id = r.household_id and g.ended_at is null
        join team_member m on m.county = g.county and m.team_id = g.id and m.ended_at is null
        and m.from_day <= ${today}::date and (m.to_day is null or m.to_day >= ${today}::date)
    ), needs as (
      select w.account_id, count(distinct w.door)::int as doors,
        array(select r.piece from unnest(${[...KIT_FOR_RED]}::text[]) with ordinality as r(piece, place)
          where not exists (select from force_kit k where k.account_id = w.account_id and k.item = r.piece and k.day between ${since}::date and ${today}::date) order by r.place) as missing
      from who w group by w.account_id
    )
    select a.id, a.name, a.area, n.doors, n.missing from needs n join account a on a.id = n.account_id where cardinality(n.missing) > 0
  ) t`
}

export async function listNoKit(
  db: Db,
  filter: { areas: readonly AreaCode[]; today: Day; since: Day },
  paging: Paging,
): Promise<Paged<NoKitRow>> {
  const from = withoutKit(filter.areas, filter.today, filter.since)
  return pageById(db, { columns: sql`t.*`, from, where: sql`true` }, paging)
}

export async function countNoKit(db: Db, areas: readonly AreaCode[], today: Day, since: Day): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${withoutKit(areas, today, since)}`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

// ---- health ----------------------------------------------------------------------------------------------------------------

export async function insertHealth(db: Db, row: InsertObject<DB, 'force_health'>): Promise<void> {
  await db.insertInto('force_health').values(row).execute()
}

export async function lockHealth(db: Db, id: string): Promise<HealthRow | null> {
  const row = await db.selectFrom('force_health').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ?? null
}

export async function healthOf(db: Db, accountId: string, limit: number): Promise<HealthRow[]> {
  return db
    .selectFrom('force_health')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('reported_at', 'desc')
    .limit(limit)
    .execute()
}

/** A doctor who sits in a team of somebody today. */
export function doctorOf(doctor: string, today: Day): RawBuilder<boolean> {
  return sql<boolean>`exists (select from team_member d join team_member w on w.county = d.county and w.team_id = d.team_id
    where d.account_id = ${doctor}::uuid and d.role = 'doctor' and d.ended_at is null and d.from_day <= ${today}::date and (d.to_day is null or d.to_day >= ${today}::date)
      and w.account_id = t.account_id and w.ended_at is null and (w.to_day is null or w.to_day >= ${today}::date))`
}

export async function isDoctorOf(db: Db, doctor: string, account: string, today: Day): Promise<boolean> {
  const { rows } = await sql<{
    yes: boolean
  }>`select ${doctorOf(doctor, today)} as yes from (select ${account}::uuid as account_id) t`.execute(db)
  return rows[0]?.yes ?? false
}

export async function listHealth(
  db: Db,
  of: { counties: readonly string[]; doctor: string | null; today: Day },
  paging: Paging,
): Promise<Paged<HealthRow>> {
  const parts: RawBuilder<unknown>[] = []
  if (of.counties.length > 0) parts.push(sql`t.county = any(${[...of.counties]}::text[])`)
  if (of.doctor !== null) parts.push(doctorOf(of.doctor, of.today))
  const where = parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`
  return pageById(db, { columns: sql`t.*`, from: sql`force_health t`, where }, paging)
}

export async function setRest(
  db: Db,
  row: HealthRow,
  set: { rest_until: Day | null; decided_by: string; ended_at: Date | null },
): Promise<void> {
  await db.updateTable('force_health').set(set).where('county', '=', row.county).where('id', '=', row.id).execute()
}

/** Numbers of people, whoever they are: reported within so many days and not over, and resting today. */
export async function countHealth(
  db: Db,
  areas: readonly AreaCode[],
  today: Day,
): Promise<{ contact: number; symptoms: number; resting: number }> {
  const { rows } = await sql<{ contact: number; symptoms: number; resting: number }>`
    select count(distinct account_id) filter (where kind = 'contact')::int as contact,
      count(distinct account_id) filter (where kind = 'symptoms')::int as symptoms,
      count(distinct account_id) filter (where rest_until >= ${today}::date)::int as resting
    from force_health t where ended_at is null and ${inScope('t.area', areas)}`.execute(db)
  return rows[0] ?? { contact: 0, symptoms: 0, resting: 0 }
}
