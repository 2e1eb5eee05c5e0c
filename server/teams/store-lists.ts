/** SQL of the lists of teams: pages in a fixed order with their exact totals, and the figures that open them. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import { countedIn, placed } from './placed.ts'
import type { Placed } from './placed.ts'
import { awayOn, holdsOn } from './store.ts'
import type { LeaveRow, TeamRow } from './store.ts'

export type Paged<T> = { rows: T[]; next: string | null; total: number }
type Paging = { limit: number; cursor?: string | undefined }

function cut<T>(rows: T[], limit: number, total: number, place: (row: T) => (string | number)[]): Paged<T> {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null, total }
}

type Place = (column: string) => RawBuilder<boolean>

/**
 * TEAM-6: seats in which on a day fewer stand than the template asks for, with how many are lacking. Looked at are the seats that are
 * not held for good and the teams of who is on leave; in every other seat stands who holds it, since a seat is held from the day on
 * which it is given. So this costs what is lacking and not what there is. Seats of teams that are over may be among them.
 */
function lackingSeats(place: Place, day: Day): RawBuilder<unknown> {
  return sql`
    select s.county, s.team_id, s.role, s.need - h.n as lack
    from team_seat s cross join lateral (select count(distinct m.account_id)::int as n from team_member m
      where m.county = s.county and m.team_id = s.team_id and m.role = s.role and ${holdsOn('m', day)} and not ${awayOn(sql`m.account_id`, day)}) h
    where s.need > h.n and (s.county, s.team_id) in (
      select o.county, o.team_id from team_seat o where o.need > o.held and ${place('o.area')}
      union select m.county, m.team_id from team_leave l join team_member m on m.account_id = l.account_id and m.ended_at is null
        where l.ended_at is null and l.from_day <= ${day}::date and (l.to_day is null or l.to_day >= ${day}::date) and ${place('m.area')})`
}

function isShort(place: Place, day: Day): RawBuilder<boolean> {
  return sql<boolean>`(t.county, t.id) in (select county, team_id from (${lackingSeats(place, day)}) x)`
}

export async function shortTeams(db: Db, areas: readonly AreaCode[], day: Day, limit: number): Promise<TeamRow[]> {
  const here: Place = (column) => inScope(column, areas)
  const { rows } = await sql<TeamRow>`
    select t.* from team t where t.ended_at is null and ${here('t.area')} and ${isShort(here, day)}
    order by t.county, t.id limit ${limit}`.execute(db)
  return rows
}

export type TeamFilter = Placed & {
  list: 'all' | 'full' | 'short'
  account: string | null
  day: Day
}

function teamWhere(filter: TeamFilter): RawBuilder<unknown> {
  const parts = [sql`t.ended_at is null`, placed(filter)]
  const short = isShort((column) => placed(filter, column), filter.day)
  if (filter.list === 'short') parts.push(short)
  if (filter.list === 'full') parts.push(sql`not ${short}`)
  if (filter.account !== null)
    parts.push(sql`exists (select from team_member m where m.account_id = ${filter.account}::uuid and m.county = t.county and m.team_id = t.id
      and m.ended_at is null and (m.to_day is null or m.to_day >= ${filter.day}::date))`)
  return sql.join(parts, sql` and `)
}

const TeamPlace = z.tuple([z.string(), z.uuid()])

/** By area and id: the doors of one street stand together, and a page costs the same everywhere. */
export async function listTeams(db: Db, filter: TeamFilter, page: Paging): Promise<Paged<TeamRow>> {
  const where = teamWhere(filter)
  const after = decodeCursor(TeamPlace, page.cursor)
  const rest = after === null ? sql`true` : sql`(t.area, t.id) > (${after[0]} collate "C", ${after[1]}::uuid)`
  const { rows } = await sql<TeamRow>`
    select t.* from team t where ${where} and ${rest} order by t.area, t.id limit ${page.limit + 1}`.execute(db)
  const count = await sql<{ n: number }>`select count(*)::int as n from team t where ${where}`.execute(db)
  return cut(rows, page.limit, count.rows[0]?.n ?? 0, (row) => [row.area, row.id])
}

/** Figures of now (STAT-2): doors with a team and those whose team is short today, by the first `digits` of the area. */
export async function teamFigures(
  db: Db,
  at: { area: AreaCode } | { codes: readonly AreaCode[] },
  digits: number,
  day: Day,
): Promise<{ code: string; teams: number; short: number }[]> {
  const short = isShort((column) => countedIn(at, column), day)
  const { rows } = await sql<{ code: string; teams: number; short: number }>`
    select left(t.area, ${digits}) as code, count(*)::int as teams, count(*) filter (where ${short})::int as short
    from team t where t.ended_at is null and ${countedIn(at)} group by 1`.execute(db)
  return rows
}

export type Summary = {
  doors: number
  short: number
  roles: { role: string; need: number; has: number }[]
}

export async function summaryOf(db: Db, areas: readonly AreaCode[], day: Day): Promise<Summary> {
  const here: Place = (column) => inScope(column, areas)
  const { rows } = await sql<{ doors: number; short: number }>`
    select count(*)::int as doors, count(*) filter (where ${isShort(here, day)})::int as short
    from team t where t.ended_at is null and ${here('t.area')}`.execute(db)
  const roles = await sql<{ role: string; need: number; has: number }>`
    select s.role, sum(s.need)::int as need, sum(s.need - coalesce(x.lack, 0))::int as has
    from team_seat s join team t on t.county = s.county and t.id = s.team_id and t.ended_at is null
      left join (${lackingSeats(here, day)}) x on x.county = s.county and x.team_id = s.team_id and x.role = s.role
    where ${here('s.area')} group by 1 order by 1`.execute(db)
  return { doors: rows[0]?.doors ?? 0, short: rows[0]?.short ?? 0, roles: roles.rows }
}

export type LoadRow = {
  account_id: string
  name: string
  area: AreaCode
  roles: string[]
  load: number
  cap: number | null
  leave_id: string | null
  leave_from: Day | null
  leave_to: Day | null
  stand_in_name: string | null
}

export type LoadFilter = { areas: readonly AreaCode[]; roles: readonly string[]; away: boolean | null; day: Day }

/** TEAM-6: everybody with one of the roles and a duty in the areas, or with a door there, whether he has doors or none. */
function loads(filter: LoadFilter): RawBuilder<unknown> {
  const { day, areas } = filter
  const away = filter.away === null ? sql`true` : filter.away ? sql`l.id is not null` : sql`l.id is null`
  return sql`
    from account a
    left join lateral (
      select l.id, l.from_day, l.to_day, l.stand_in_name from team_leave l
      where l.account_id = a.id and l.ended_at is null and l.from_day <= ${day}::date and (l.to_day is null or l.to_day >= ${day}::date) limit 1
    ) l on true
    left join team_cap c on c.county = left(a.area, 6) and c.account_id = a.id
    where a.state in ('roster', 'active') and ${away}
      and exists (select from account_role r where r.account_id = a.id and r.role = any(${[...filter.roles]}::text[]))
      and (exists (select from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${day}::date
          and (d.to_day is null or d.to_day >= ${day}::date) and ${inScope('d.area', areas)})
        or exists (select from team_member m where m.account_id = a.id and m.ended_at is null and ${inScope('m.area', areas)}))`
}

const loadOf = (day: Day): RawBuilder<number> =>
  sql<number>`(select count(distinct m.team_id)::int from team_member m where m.account_id = a.id and ${holdsOn('m', day)})`

const LoadPlace = z.tuple([z.number(), z.uuid()])

/** Most doors first. */
export async function listLoads(db: Db, filter: LoadFilter, page: Paging): Promise<Paged<LoadRow>> {
  const from = loads(filter)
  const after = decodeCursor(LoadPlace, page.cursor)
  const rest = after === null ? sql`true` : sql`(-x.load, x.account_id) > (${after[0]}::int, ${after[1]}::uuid)`
  const { rows } = await sql<LoadRow>`
    select * from (
      select a.id as account_id, a.name, a.area, ${loadOf(filter.day)} as load, c.cap, l.id as leave_id, l.from_day as leave_from,
        l.to_day as leave_to, l.stand_in_name,
        array(select r.role from account_role r where r.account_id = a.id and r.role = any(${[...filter.roles]}::text[]) order by 1) as roles
      ${from}
    ) x where ${rest} order by -x.load, x.account_id limit ${page.limit + 1}`.execute(db)
  const count = await sql<{ n: number }>`select count(*)::int as n ${from}`.execute(db)
  return cut(rows, page.limit, count.rows[0]?.n ?? 0, (row) => [-row.load, row.account_id])
}

/** By role: how many people, and the least and the most doors that one of them has. */
export async function spreadByRole(
  db: Db,
  filter: Omit<LoadFilter, 'away'>,
): Promise<{ role: string; people: number; least: number; most: number }[]> {
  const { rows } = await sql<{ role: string; people: number; least: number; most: number }>`
    select r.role, count(*)::int as people, min(x.load)::int as least, max(x.load)::int as most
    from (select a.id, ${loadOf(filter.day)} as load ${loads({ ...filter, away: false })}) x
    join account_role r on r.account_id = x.id and r.role = any(${[...filter.roles]}::text[])
    group by 1 order by 1`.execute(db)
  return rows
}

export async function countAway(db: Db, filter: Omit<LoadFilter, 'away'>): Promise<{ people: number; away: number }> {
  const all = await sql<{ people: number; away: number }>`
    select count(*)::int as people, count(l.id)::int as away ${loads({ ...filter, away: null })}`.execute(db)
  return all.rows[0] ?? { people: 0, away: 0 }
}

export type LeaveLine = LeaveRow & { doors: number; covered: number }
const LeavePlace = z.tuple([z.string(), z.uuid()])

/** Leaves that hold or are to come, soonest first. */
export async function listLeaves(
  db: Db,
  areas: readonly AreaCode[],
  day: Day,
  page: Paging,
): Promise<Paged<LeaveLine>> {
  const where = sql`l.ended_at is null and (l.to_day is null or l.to_day >= ${day}::date) and ${inScope('l.area', areas)}`
  const after = decodeCursor(LeavePlace, page.cursor)
  const rest = after === null ? sql`true` : sql`(l.from_day, l.id) > (${after[0]}::date, ${after[1]}::uuid)`
  const { rows } = await sql<LeaveLine>`
    select l.*,
      (select count(distinct m.team_id)::int from team_member m where m.account_id = l.account_id and m.ended_at is null
        and (l.to_day is null or m.from_day <= l.to_day) and (m.to_day is null or m.to_day >= l.from_day)) as doors,
      (select count(distinct m.team_id)::int from team_member m where m.leave_id = l.id and m.stands_in_for = l.account_id and m.ended_at is null) as covered
    from team_leave l where ${where} and ${rest} order by l.from_day, l.id limit ${page.limit + 1}`.execute(db)
  const count = await sql<{ n: number }>`select count(*)::int as n from team_leave l where ${where}`.execute(db)
  return cut(rows, page.limit, count.rows[0]?.n ?? 0, (row) => [row.from_day, row.id])
}
