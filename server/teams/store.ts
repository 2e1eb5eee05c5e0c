/** SQL of teams. */
import { upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { TeamRole } from '@weiwang/domain/teams/template'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Team, TeamLeave, TeamMember, TeamSeat, TeamTemplate } from '../core/db/types.ts'

export type TeamRow = Selectable<Team>
export type MemberRow = Selectable<TeamMember>
export type SeatRow = Selectable<TeamSeat>
export type LeaveRow = Selectable<TeamLeave>
export type TemplateRow = Selectable<TeamTemplate>

/** TEAM-6: fillings of one county wait for each other, so that two of them do not see the same loads. */
export async function lockFilling(db: Db, county: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('teams', ${county}::int))`.execute(db)
}

// ---- templates ----------------------------------------------------------------------------------------------------------

export async function templatesAround(db: Db, areas: readonly AreaCode[]): Promise<TemplateRow[]> {
  if (areas.length === 0) return []
  return db
    .selectFrom('team_template')
    .selectAll()
    .where('area', 'in', [...areas])
    .orderBy('version', 'desc')
    .execute()
}

export async function insertTemplate(db: Db, row: InsertObject<DB, 'team_template'>): Promise<boolean> {
  const made = await db
    .insertInto('team_template')
    .values(row)
    .onConflict((oc) => oc.columns(['area', 'version']).doNothing())
    .returning('version')
    .executeTakeFirst()
  return made !== undefined
}

// ---- doors --------------------------------------------------------------------------------------------------------------

export type DoorRow = {
  county: string
  id: string
  area: AreaCode
  estate: string | null
  building: string | null
  door: string | null
  members: number
  hazards: string[]
  lat: number | null
  lng: number | null
}

const DOOR = sql`h.county, h.id, h.area, h.estate, h.building, h.door, h.members, h.hazards, h.lat, h.lng`

export async function doorsById(db: Db, ids: readonly string[], scope: readonly AreaCode[]): Promise<DoorRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<DoorRow>`
    select ${DOOR} from household h where h.id = any(${[...ids]}::uuid[]) and ${inScope('h.area', scope)} order by h.id`.execute(
    db,
  )
  return rows
}

// ---- teams --------------------------------------------------------------------------------------------------------------

export async function openTeamAt(db: Db, county: string, householdId: string): Promise<TeamRow | null> {
  const row = await db
    .selectFrom('team')
    .selectAll()
    .where('county', '=', county)
    .where('household_id', '=', householdId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export async function insertTeams(db: Db, rows: readonly InsertObject<DB, 'team'>[]): Promise<void> {
  if (rows.length > 0)
    await db
      .insertInto('team')
      .values([...rows])
      .execute()
}

export async function lockTeam(db: Db, scope: readonly AreaCode[], id: string): Promise<TeamRow | null> {
  const row = await db
    .selectFrom('team')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('team.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function findTeam(db: Db, scope: readonly AreaCode[], id: string): Promise<TeamRow | null> {
  const row = await db
    .selectFrom('team')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('team.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function teamsById(db: Db, county: string, ids: readonly string[]): Promise<TeamRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('team')
    .selectAll()
    .where('county', '=', county)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute()
}

/** One more for whom the team is there; the version rises so that phones take the new form. */
export async function touchTeams(db: Db, county: string, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('team')
    .set((eb) => ({ updated_at: now, version: eb('version', '+', 1) }))
    .where('county', '=', county)
    .where('id', 'in', [...ids])
    .execute()
}

export async function setObservations(db: Db, team: TeamRow, observations: readonly string[]): Promise<void> {
  await db
    .updateTable('team')
    .set({ observations: [...observations] })
    .where('county', '=', team.county)
    .where('id', '=', team.id)
    .execute()
}

export async function endTeam(db: Db, team: TeamRow, why: 'released' | 'moved' | 'by_hand', now: Date): Promise<void> {
  await db
    .updateTable('team')
    .set({ ended_at: now, ended_why: why, updated_at: now, version: team.version + 1, observations: [] })
    .where('county', '=', team.county)
    .where('id', '=', team.id)
    .execute()
  await db
    .updateTable('team_member')
    .set({ ended_at: now, ended_why: 'team_over' })
    .where('county', '=', team.county)
    .where('team_id', '=', team.id)
    .where('ended_at', 'is', null)
    .execute()
}

export async function moveTeam(db: Db, team: TeamRow, area: AreaCode, now: Date): Promise<void> {
  const at = { county: team.county, id: team.id }
  await sql`update team set area = ${area}, updated_at = ${now}, version = version + 1 where county = ${at.county} and id = ${at.id}`.execute(
    db,
  )
  await sql`update team_seat set area = ${area} where county = ${at.county} and team_id = ${at.id}`.execute(db)
  await sql`update team_member set area = ${area} where county = ${at.county} and team_id = ${at.id} and ended_at is null`.execute(
    db,
  )
}

// ---- seats and members --------------------------------------------------------------------------------------------------

export async function insertSeats(db: Db, rows: readonly InsertObject<DB, 'team_seat'>[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into team_seat (county, team_id, role, area, need)
    select county, team_id, role, area, need from json_to_recordset(${JSON.stringify(rows)}::json)
      as s (county text, team_id uuid, role text, area text, need smallint)`.execute(db)
}

export async function setBounds(
  db: Db,
  county: string,
  bounds: readonly { teamId: string; role: string; bound: string | null }[],
): Promise<void> {
  if (bounds.length === 0) return
  await sql`
    update team_seat s set bound = b.bound
    from json_to_recordset(${JSON.stringify(bounds)}::json) as b ("teamId" uuid, role text, bound text)
    where s.county = ${county} and s.team_id = b."teamId" and s.role = b.role and s.bound is distinct from b.bound`.execute(
    db,
  )
}

export async function seatsOf(db: Db, county: string, teamIds: readonly string[]): Promise<SeatRow[]> {
  if (teamIds.length === 0) return []
  return db
    .selectFrom('team_seat')
    .selectAll()
    .where('county', '=', county)
    .where('team_id', 'in', [...teamIds])
    .orderBy('team_id')
    .orderBy('role')
    .execute()
}

export type NewMember = {
  county: string
  id: string
  team_id: string
  household_id: string
  area: string
  role: string
  account_id: string
  account_name: string
  from_day: Day
  to_day: Day | null
  stands_in_for: string | null
  stands_in_for_name: string | null
  leave_id: string | null
  why: 'filled' | 'by_hand' | 'replaced' | 'stand_in' | 'handed_over'
  by: string | null
}

/** Who has a seat for good counts in it (`held`); who stands in for a leave does not. */
const FOR_GOOD = sql`leave_id is null and to_day is null`

export async function insertMembers(db: Db, rows: readonly NewMember[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`
    with made as (insert into team_member (county, id, team_id, household_id, area, role, account_id, account_name, from_day, to_day, stands_in_for,
      stands_in_for_name, leave_id, why, by, at)
    select county, id, team_id, household_id, area, role, account_id, account_name, from_day, to_day, stands_in_for,
      stands_in_for_name, leave_id, why, by, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json) as m (county text, id uuid, team_id uuid, household_id uuid, area text, role text,
      account_id uuid, account_name text, from_day date, to_day date, stands_in_for uuid, stands_in_for_name text, leave_id uuid, why text, by uuid)
      returning county, team_id, role, leave_id, to_day)
    update team_seat s set held = s.held + g.n
    from (select county, team_id, role, count(*)::int as n from made where ${FOR_GOOD} group by 1, 2, 3) g
    where s.county = g.county and s.team_id = g.team_id and s.role = g.role`.execute(db)
}

export type MemberNow = MemberRow & { away: boolean }

/** A member's row holds on a day, and its person is not on leave then. */
export function holdsOn(alias: string, day: Day): RawBuilder<boolean> {
  const m = (column: string): RawBuilder<unknown> => sql.ref(`${alias}.${column}`)
  return sql<boolean>`(${m('ended_at')} is null and ${m('from_day')} <= ${day}::date and (${m('to_day')} is null or ${m('to_day')} >= ${day}::date))`
}

export function awayOn(account: RawBuilder<unknown>, day: Day): RawBuilder<boolean> {
  return sql<boolean>`exists (select from team_leave l where l.account_id = ${account} and l.ended_at is null
    and l.from_day <= ${day}::date and (l.to_day is null or l.to_day >= ${day}::date))`
}

/** Who is in these teams from a day on, later stand-ins included. */
export async function membersOf(db: Db, county: string, teamIds: readonly string[], day: Day): Promise<MemberNow[]> {
  if (teamIds.length === 0) return []
  const { rows } = await sql<MemberNow>`
    select m.*, ${awayOn(sql`m.account_id`, day)} as away from team_member m
    where m.county = ${county} and m.team_id = any(${[...teamIds]}::uuid[]) and m.ended_at is null
      and (m.to_day is null or m.to_day >= ${day}::date)
    order by m.team_id, m.role, m.from_day, m.id`.execute(db)
  return rows
}

export async function historyOf(db: Db, county: string, teamId: string): Promise<MemberRow[]> {
  return db
    .selectFrom('team_member')
    .selectAll()
    .where('county', '=', county)
    .where('team_id', '=', teamId)
    .orderBy('at')
    .orderBy('id')
    .limit(500)
    .execute()
}

/** What a person has from a day on, in county order; locked, unless it is only looked at. */
export async function membershipsOf(db: Db, accountId: string, day: Day, lock: boolean): Promise<MemberRow[]> {
  const rows = db
    .selectFrom('team_member')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('to_day', 'is', null), eb('to_day', '>=', day)]))
    .orderBy('county')
    .orderBy('team_id')
    .orderBy('id')
  return (lock ? rows.forUpdate() : rows).execute()
}

/** Ends rows; what bridges a leave of a row that ends is over too. */
export async function endMembers(
  db: Db,
  county: string,
  rows: readonly Pick<MemberRow, 'id' | 'team_id' | 'account_id'>[],
  why: 'replaced' | 'handed_over' | 'off_duty' | 'leave_over',
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    with gone as (update team_member m set ended_at = ${now}, ended_why = ${why}
      where m.county = ${county} and m.id = any(${rows.map((r) => r.id)}::uuid[]) and m.ended_at is null
      returning county, team_id, role, leave_id, to_day)
    update team_seat s set held = s.held - g.n
    from (select county, team_id, role, count(*)::int as n from gone where ${FOR_GOOD} group by 1, 2, 3) g
    where s.county = g.county and s.team_id = g.team_id and s.role = g.role`.execute(db)
  const pairs = rows.map((row) => ({ team: row.team_id, account: row.account_id }))
  await sql`
    update team_member m set ended_at = ${now}, ended_why = 'leave_over'
    from json_to_recordset(${JSON.stringify(pairs)}::json) as p (team uuid, account uuid)
    where m.county = ${county} and m.team_id = p.team and m.stands_in_for = p.account and m.ended_at is null`.execute(
    db,
  )
}

// ---- people who could -----------------------------------------------------------------------------------------------------

export type PersonRow = {
  id: string
  name: string
  area: AreaCode
  roles: TeamRole[]
  covers: AreaCode[]
  load: number
  cap: number | null
  lat: number | null
  lng: number | null
  buildings: string[]
  away: boolean
}

/** A door's building, as those who serve it are told by. */
export function buildingKey(estate: string | null, building: string | null): string | null {
  return building === null || building === '' ? null : `${estate ?? ''} ${building}`
}

/**
 * Whoever has one of the roles and on the day a duty that lies near: around one of the places, or inside one of them.
 * @param places areas of the widest reach around the doors
 * @param away days over which being on leave counts
 */
export async function peopleNear(
  db: Db,
  ask: {
    county: string
    places: readonly AreaCode[]
    around: readonly AreaCode[]
    roles: readonly string[]
    day: Day
    away: { from: Day; to: Day | null }
    only?: readonly string[]
  },
): Promise<PersonRow[]> {
  const inside = ask.places.map((place) => sql`(d.area >= ${place} and d.area < ${upper(place)})`)
  const near = inside.length === 0 ? sql`false` : sql.join(inside, sql` or `)
  const only = ask.only === undefined ? sql`true` : sql`a.id = any(${[...ask.only]}::uuid[])`
  const { rows } = await sql<PersonRow>`
    with who as materialized (
      select a.id, a.name, a.area,
        array(select r.role from account_role r where r.account_id = a.id and r.role = any(${[...ask.roles]}::text[]) order by 1) as roles,
        array(select distinct d.area from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${ask.day}::date
          and (d.to_day is null or d.to_day >= ${ask.day}::date) order by 1) as covers
      from account a
      where a.state in ('roster', 'active') and ${only}
        and exists (select from account_role r where r.account_id = a.id and r.role = any(${[...ask.roles]}::text[]))
        and exists (select from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${ask.day}::date
          and (d.to_day is null or d.to_day >= ${ask.day}::date) and (d.area = any(${[...ask.around]}::text[]) or ${near}))
    )
    select w.*, c.cap, coalesce(x.load, 0)::int as load, x.lat, x.lng, coalesce(x.buildings, '{}') as buildings,
      exists (select from team_leave l where l.account_id = w.id and l.ended_at is null
        and (${ask.away.to}::date is null or l.from_day <= ${ask.away.to}::date) and (l.to_day is null or l.to_day >= ${ask.away.from}::date)) as away
    from who w
    left join team_cap c on c.county = ${ask.county} and c.account_id = w.id
    left join lateral (
      select count(distinct m.team_id) as load, avg(h.lat) as lat, avg(h.lng) as lng,
        array_agg(distinct coalesce(h.estate, '') || ' ' || h.building) filter (where h.building <> '') as buildings
      from team_member m left join household h on h.county = m.county and h.id = m.household_id
      where m.account_id = w.id and m.county = ${ask.county} and m.ended_at is null and (m.to_day is null or m.to_day >= ${ask.day}::date)
    ) x on true
    order by w.id`.execute(db)
  return rows
}

// ---- leaves and caps ----------------------------------------------------------------------------------------------------

export async function overlappingLeave(db: Db, accountId: string, from: Day, to: Day | null): Promise<LeaveRow | null> {
  const row = await db
    .selectFrom('team_leave')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('to_day', 'is', null), eb('to_day', '>=', from)]))
    .where(sql<boolean>`(${to}::date is null or from_day <= ${to}::date)`)
    .orderBy('from_day')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function insertLeave(db: Db, row: InsertObject<DB, 'team_leave'>): Promise<void> {
  await db.insertInto('team_leave').values(row).execute()
}

export async function lockLeave(db: Db, scope: readonly AreaCode[], id: string): Promise<LeaveRow | null> {
  const row = await db
    .selectFrom('team_leave')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('team_leave.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** After its last day it holds no more; one that had not begun never was. Whoever stood in goes with it. @returns the teams */
export async function endLeave(db: Db, leave: LeaveRow, lastDay: Day, now: Date): Promise<string[]> {
  const never = lastDay < leave.from_day
  await db
    .updateTable('team_leave')
    .set(never ? { ended_at: now } : { to_day: lastDay })
    .where('county', '=', leave.county)
    .where('id', '=', leave.id)
    .execute()
  const { rows } = await sql<{ team_id: string }>`
    update team_member m set
      to_day = case when m.from_day <= ${lastDay}::date then least(coalesce(m.to_day, ${lastDay}::date), ${lastDay}::date) else m.to_day end,
      ended_at = case when m.from_day > ${lastDay}::date then ${now}::timestamptz end,
      ended_why = case when m.from_day > ${lastDay}::date then 'leave_over' end
    where m.leave_id = ${leave.id} and m.ended_at is null returning m.team_id`.execute(db)
  return [...new Set(rows.map((row) => row.team_id))]
}

export async function setCap(db: Db, row: InsertObject<DB, 'team_cap'>): Promise<void> {
  await db
    .insertInto('team_cap')
    .values(row)
    .onConflict((oc) =>
      oc.columns(['county', 'account_id']).doUpdateSet((eb) => ({
        cap: eb.ref('excluded.cap'),
        by: eb.ref('excluded.by'),
        at: eb.ref('excluded.at'),
        area: eb.ref('excluded.area'),
      })),
    )
    .execute()
}

/** Leaves that hold or are at hand and whose doors nobody bridges yet: teams that were opened since. */
export async function unbridged(db: Db, until: Day, limit: number): Promise<LeaveRow[]> {
  const { rows } = await sql<LeaveRow>`
    select l.* from team_leave l
    where l.ended_at is null and l.from_day <= ${until}::date and exists (
      select from team_member m where m.account_id = l.account_id and m.ended_at is null
        and (l.to_day is null or m.from_day <= l.to_day) and (m.to_day is null or m.to_day >= l.from_day)
        and not exists (select from team_member s where s.county = m.county and s.team_id = m.team_id and s.leave_id = l.id
          and s.stands_in_for = m.account_id and s.ended_at is null))
    order by l.from_day, l.id limit ${limit}`.execute(db)
  return rows
}

// ---- open tasks at doors (read only; the task room owns them) --------------------------------------------------------------

export async function openTasksAt(
  db: Db,
  county: string,
  households: readonly string[],
): Promise<{ id: string; household_id: string; urgency: number }[]> {
  if (households.length === 0) return []
  const { rows } = await sql<{ id: string; household_id: string; urgency: number }>`
    select id, household_id, urgency from task
    where county = ${county} and household_id = any(${[...households]}::uuid[]) and answered_at is null and closed_at is null
    order by id limit 5000`.execute(db)
  return rows
}

export type OpenService = {
  id: string
  kind: string
  household_id: string
  rank: number
  taken_by: string | null
  window_from: Date | null
  window_to: Date | null
  due_by: Date
}

/** Services for these doors that are not brought yet, the soonest due first (read only; the service room owns them). */
export async function openServicesAt(db: Db, county: string, households: readonly string[]): Promise<OpenService[]> {
  if (households.length === 0) return []
  const { rows } = await sql<OpenService>`
    select id, kind, household_id, rank, taken_by, window_from, window_to, due_by from service
    where county = ${county} and household_id = any(${[...households]}::uuid[]) and ended_at is null
    order by due_by, id limit 5000`.execute(db)
  return rows
}
