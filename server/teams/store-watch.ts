/** SQL of watches. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { MOST_DOORS } from '@weiwang/domain/teams/watch'
import type { WatchDoor } from '@weiwang/domain/teams/watch'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Watch, WatchNote } from '../core/db/types.ts'
import { countedIn, placed } from './placed.ts'
import type { Placed } from './placed.ts'
import type { Paged } from './store-lists.ts'

export type WatchDbRow = Selectable<Watch>
export type NoteRow = Selectable<WatchNote>
type Paging = { limit: number; cursor?: string | undefined }

/** WATCH-3: whoever changes the watches of a grid waits for whoever else does, so that no two give one code or one door. */
export async function lockGrid(db: Db, grid: AreaCode): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('watch', ${grid}::bigint))`.execute(db)
}

/** The same for every grid of an area, in the order in which everybody takes them. */
export async function lockGridsIn(db: Db, area: AreaCode): Promise<void> {
  await sql`
    select count(pg_advisory_xact_lock(hashtextextended('watch', g.code::bigint))) from (
      select distinct code from area where level = 6 and ${inScope('code', [area])} order by code
    ) g`.execute(db)
}

// ---- doors of the register ------------------------------------------------------------------------------------------------

export type RegisterDoor = WatchDoor & { county: string; members: number }
const REGISTER = sql`h.county, h.id, h.area, h.kind, h.estate, h.building, h.door, h.members`

/** Doors of an area that stand in no watch, of grids and their units: what lies coarser has no grid to be watched in. */
export async function doorsWithout(db: Db, area: AreaCode): Promise<RegisterDoor[]> {
  const { rows } = await sql<RegisterDoor>`
    select ${REGISTER} from household h
    where ${inScope('h.area', [area])} and length(h.area) >= 15
      and not exists (select from watch_door w where w.county = h.county and w.household_id = h.id)
    order by h.area, h.id`.execute(db)
  return rows
}

export async function registerDoors(db: Db, ids: readonly string[]): Promise<RegisterDoor[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<RegisterDoor>`
    select ${REGISTER} from household h where h.id = any(${[...ids]}::uuid[]) order by h.id`.execute(db)
  return rows
}

// ---- watches ----------------------------------------------------------------------------------------------------------------

export async function watchesOfGrid(db: Db, grid: AreaCode): Promise<WatchDbRow[]> {
  return db
    .selectFrom('watch')
    .selectAll()
    .where('area', '=', grid)
    .where('ended_at', 'is', null)
    .orderBy('code')
    .execute()
}

/** Grids among these that are divided. */
export async function dividedGrids(db: Db, grids: readonly AreaCode[]): Promise<Set<AreaCode>> {
  if (grids.length === 0) return new Set()
  const { rows } = await sql<{ area: string }>`
    select distinct area from watch where area = any(${[...grids]}::text[]) and ended_at is null`.execute(db)
  return new Set(rows.map((row) => row.area))
}

/** Every code ever given under these grids of one county: none is given twice. */
export async function codesTaken(db: Db, grids: readonly AreaCode[]): Promise<Map<AreaCode, Set<AreaCode>>> {
  const taken = new Map<AreaCode, Set<AreaCode>>(grids.map((grid) => [grid, new Set()]))
  const { rows } = await sql<{ grid: string; code: string }>`
    select g.grid, w.code from unnest(${[...grids]}::text[]) as g (grid)
    join watch w on w.county = left(g.grid, 6) and w.code collate "C" >= g.grid and w.code collate "C" < g.grid || ':'`.execute(
    db,
  )
  for (const { grid, code } of rows) taken.get(grid)?.add(code)
  return taken
}

export async function insertWatches(db: Db, rows: readonly InsertObject<DB, 'watch'>[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into watch (county, id, area, code, kind, name, leader_account, leader_name, made, opened_at, updated_at)
    select county, id, area, code, kind, name, leader_account, leader_name, made, opened_at, updated_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as w (county text, id uuid, area text, code text, kind text, name text,
      leader_account uuid, leader_name text, made text, opened_at timestamptz, updated_at timestamptz)`.execute(db)
}

export type PlacedDoor = { county: string; household_id: string; watch_id: string; area: AreaCode }

/** A door that stands somewhere already stays there: the key decides between two at once. @returns how many were placed */
export async function placeDoors(db: Db, rows: readonly PlacedDoor[], now: Date): Promise<number> {
  if (rows.length === 0) return 0
  const { rows: made } = await sql<{ n: number }>`
    with placed as (
      insert into watch_door (county, household_id, watch_id, area, at)
      select county, household_id, watch_id, area, ${now}::timestamptz
      from json_to_recordset(${JSON.stringify(rows)}::json) as d (county text, household_id uuid, watch_id uuid, area text)
      on conflict (county, household_id) do nothing returning 1
    ) select count(*)::int as n from placed`.execute(db)
  return made[0]?.n ?? 0
}

export async function moveDoors(
  db: Db,
  county: string,
  householdIds: readonly string[],
  to: string,
  now: Date,
): Promise<void> {
  if (householdIds.length === 0) return
  await sql`
    update watch_door set watch_id = ${to}, at = ${now}
    where county = ${county} and household_id = any(${[...householdIds]}::uuid[])`.execute(db)
}

export async function removeDoors(db: Db, county: string, householdIds: readonly string[]): Promise<void> {
  if (householdIds.length === 0) return
  await sql`delete from watch_door where county = ${county} and household_id = any(${[...householdIds]}::uuid[])`.execute(
    db,
  )
}

export async function setDoorArea(db: Db, county: string, householdId: string, area: AreaCode): Promise<void> {
  await sql`update watch_door set area = ${area} where county = ${county} and household_id = ${householdId} and area <> ${area}`.execute(
    db,
  )
}

export type StandingDoor = RegisterDoor & { watch_id: string; needs: boolean }

/** The doors of watches as the register has them now; one that the register does not know any more is not among them. */
export async function doorsOfWatches(db: Db, county: string, watchIds: readonly string[]): Promise<StandingDoor[]> {
  if (watchIds.length === 0) return []
  const { rows } = await sql<StandingDoor>`
    select ${REGISTER}, w.watch_id, w.needs from watch_door w join household h on h.county = w.county and h.id = w.household_id
    where w.county = ${county} and w.watch_id = any(${[...watchIds]}::uuid[]) order by h.id`.execute(db)
  return rows
}

/** Where doors stand, wherever that is: a door that went to another county still has its old row. */
export async function standingOf(
  db: Db,
  ids: readonly string[],
): Promise<
  { county: string; household_id: string; watch_id: string; area: string; grid: string; now: string | null }[]
> {
  if (ids.length === 0) return []
  const { rows } = await sql<{
    county: string
    household_id: string
    watch_id: string
    area: string
    grid: string
    now: string | null
  }>`
    select d.county, d.household_id, d.watch_id, d.area, w.area as grid, h.area as now
    from watch_door d join watch w on w.county = d.county and w.id = d.watch_id
    left join household h on h.id = d.household_id
    where d.household_id = any(${[...ids]}::uuid[])`.execute(db)
  return rows
}

export async function lockWatch(db: Db, scope: readonly AreaCode[], id: string): Promise<WatchDbRow | null> {
  const row = await db
    .selectFrom('watch')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('watch.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function findWatch(db: Db, scope: readonly AreaCode[], id: string): Promise<WatchDbRow | null> {
  const row = await db
    .selectFrom('watch')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('watch.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function updateWatch(
  db: Db,
  watch: Pick<WatchDbRow, 'county' | 'id'>,
  set: UpdateObject<DB, 'watch'>,
): Promise<void> {
  await db
    .updateTable('watch')
    .set((eb) => ({ ...set, version: eb('version', '+', 1) }))
    .where('county', '=', watch.county)
    .where('id', '=', watch.id)
    .execute()
}

export async function watchesLedBy(db: Db, accountId: string): Promise<WatchDbRow[]> {
  return db
    .selectFrom('watch')
    .selectAll()
    .where('leader_account', '=', accountId)
    .where('ended_at', 'is', null)
    .orderBy('code')
    .limit(20)
    .execute()
}

// ---- lists ------------------------------------------------------------------------------------------------------------------

export type WatchLine = WatchDbRow & { doors: number; people: number; open_help: number }
export type WatchFilter = Placed & { kind: string | null; list: 'all' | 'no_leader' | 'large' }

const NO_LEADER = sql<boolean>`(w.leader_account is null and w.leader_sealed is null)`
const doorsIn = sql<number>`(select count(*)::int from watch_door d where d.county = w.county and d.watch_id = w.id)`
const LARGE = sql<boolean>`(w.kind <> 'building' and ${doorsIn} > ${MOST_DOORS})`

function watchWhere(filter: WatchFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`w.ended_at is null`, placed(filter, 'w.area')]
  if (filter.kind !== null) parts.push(sql`w.kind = ${filter.kind}`)
  if (filter.list === 'no_leader') parts.push(NO_LEADER)
  if (filter.list === 'large') parts.push(LARGE)
  return sql.join(parts, sql` and `)
}

const lineColumns = sql`w.*, ${doorsIn} as doors,
  (select coalesce(sum(h.members), 0)::int from watch_door d join household h on h.county = d.county and h.id = d.household_id
    where d.county = w.county and d.watch_id = w.id) as people,
  (select count(*)::int from watch_note n where n.county = w.county and n.watch_id = w.id and n.kind = 'help' and n.answered_at is null) as open_help`

const CodePlace = z.tuple([z.string()])

/** By code, which is the order of grids and of addresses within them. */
export async function listWatches(db: Db, filter: WatchFilter, page: Paging): Promise<Paged<WatchLine>> {
  const where = watchWhere(filter)
  const after = decodeCursor(CodePlace, page.cursor)
  const rest = after === null ? sql`true` : sql`w.code > ${after[0]} collate "C"`
  const { rows } = await sql<WatchLine>`
    select ${lineColumns} from (select * from watch w where ${where} and ${rest} order by w.code limit ${page.limit + 1}) w
    order by w.code`.execute(db)
  const count = await sql<{ n: number }>`select count(*)::int as n from watch w where ${where}`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > page.limit && last ? encodeCursor([last.code]) : null,
    total: count.rows[0]?.n ?? 0,
  }
}

/** Figures of now (STAT-2): watches, those without a leader, and leaders' calls for help that nobody has seen to. */
export type WatchFigure = { code: string; watches: number; no_leader: number; calls: number }

export async function watchFigures(
  db: Db,
  at: { area: AreaCode } | { codes: readonly AreaCode[] },
  digits: number,
): Promise<WatchFigure[]> {
  const { rows } = await sql<WatchFigure>`
    select code, sum(watches)::int as watches, sum(no_leader)::int as no_leader, sum(calls)::int as calls from (
      select left(w.area, ${digits}) as code, count(*) as watches, count(*) filter (where ${NO_LEADER}) as no_leader, 0 as calls
        from watch w where w.ended_at is null and ${countedIn(at, 'w.area')} group by 1
      union all
      select left(n.area, ${digits}), 0, 0, count(*) from watch_note n
        where n.kind = 'help' and n.answered_at is null and ${countedIn(at, 'n.area')} group by 1
    ) x group by code`.execute(db)
  return rows
}

export async function watchLine(db: Db, county: string, id: string): Promise<WatchLine | null> {
  const { rows } = await sql<WatchLine>`
    select ${lineColumns} from watch w where w.county = ${county} and w.id = ${id}`.execute(db)
  return rows[0] ?? null
}

export type Coverage = {
  doors: number
  in_one: number
  in_two: number
  astray: number
  watches: number
  no_leader: number
  large: number
  open_help: number
}

/** WATCH-3: counted from the register and not from the watches, so that what is missing shows. */
export async function coverageOf(db: Db, areas: readonly AreaCode[]): Promise<Coverage> {
  const { rows } = await sql<Coverage>`
    with door as (
      select h.county, h.id, h.area,
        (select count(*) from watch_door d join watch w on w.county = d.county and w.id = d.watch_id and w.ended_at is null
          where d.household_id = h.id and d.county = h.county) as n
      from household h where ${inScope('h.area', areas)}
    )
    select
      (select count(*)::int from door) as doors,
      (select count(*)::int from door where n = 1) as in_one,
      (select count(*)::int from door where n > 1) as in_two,
      (select count(*)::int from watch_door d join watch w on w.county = d.county and w.id = d.watch_id
        left join household h on h.county = d.county and h.id = d.household_id
        where ${inScope('w.area', areas)} and (h.id is null or w.ended_at is not null or left(h.area, 15) <> w.area)) as astray,
      (select count(*)::int from watch w where w.ended_at is null and ${inScope('w.area', areas)}) as watches,
      (select count(*)::int from watch w where w.ended_at is null and ${NO_LEADER} and ${inScope('w.area', areas)}) as no_leader,
      (select count(*)::int from watch w where w.ended_at is null and ${LARGE} and ${inScope('w.area', areas)}) as large,
      (select count(*)::int from watch_note n where n.kind = 'help' and n.answered_at is null and ${inScope('n.area', areas)}) as open_help`.execute(
    db,
  )
  const [row] = rows
  if (!row) throw new Error('no row of sums')
  return row
}

const DoorPlace = z.tuple([z.string(), z.uuid()])

/** Doors in no watch, those of no grid included. */
export async function listUncovered(db: Db, areas: readonly AreaCode[], page: Paging): Promise<Paged<RegisterDoor>> {
  const from = sql`from household h where ${inScope('h.area', areas)} and not exists (
    select from watch_door d join watch w on w.county = d.county and w.id = d.watch_id and w.ended_at is null
    where d.county = h.county and d.household_id = h.id)`
  const after = decodeCursor(DoorPlace, page.cursor)
  const rest = after === null ? sql`true` : sql`(h.area, h.id) > (${after[0]} collate "C", ${after[1]}::uuid)`
  const { rows } = await sql<RegisterDoor>`
    select ${REGISTER} ${from} and ${rest} order by h.area, h.id limit ${page.limit + 1}`.execute(db)
  const count = await sql<{ n: number }>`select count(*)::int as n ${from}`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > page.limit && last ? encodeCursor([last.area, last.id]) : null,
    total: count.rows[0]?.n ?? 0,
  }
}

/** WATCH-6: accounts of the role in the county, those with the fewest watches first. */
export async function leaderChoices(
  db: Db,
  county: string,
  limit: number,
): Promise<{ id: string; name: string; area: string; watches: number }[]> {
  const { rows } = await sql<{ id: string; name: string; area: string; watches: number }>`
    select a.id, a.name, a.area, (select count(*)::int from watch w where w.leader_account = a.id and w.ended_at is null) as watches
    from account a join account_role r on r.account_id = a.id and r.role = 'watch_leader'
    where a.state in ('roster', 'active') and ${inScope('a.area', [county])} order by 4, a.id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Watches whose grid has ended: they follow where their doors went. */
export async function watchesInEnded(db: Db, after: string, limit: number): Promise<WatchDbRow[]> {
  const { rows } = await sql<WatchDbRow>`
    select w.* from (select distinct code from area_successor) s join watch w on w.area = s.code and w.ended_at is null
    where w.id > ${after}::uuid and not exists (select from area a where a.code = w.area and a.valid_to is null)
    order by w.id limit ${limit}`.execute(db)
  return rows
}

/** Where the doors of a watch lie now, in whatever county. */
export async function doorsNow(db: Db, watch: WatchDbRow): Promise<RegisterDoor[]> {
  const { rows } = await sql<RegisterDoor>`
    select ${REGISTER} from watch_door d join household h on h.id = d.household_id
    where d.county = ${watch.county} and d.watch_id = ${watch.id} order by h.id`.execute(db)
  return rows
}

export async function allDoorIds(db: Db, watch: Pick<WatchDbRow, 'county' | 'id'>): Promise<string[]> {
  const rows = await db
    .selectFrom('watch_door')
    .select('household_id')
    .where('county', '=', watch.county)
    .where('watch_id', '=', watch.id)
    .execute()
  return rows.map((row) => row.household_id)
}

// ---- notes ------------------------------------------------------------------------------------------------------------------

export async function insertNote(db: Db, row: InsertObject<DB, 'watch_note'>): Promise<boolean> {
  const made = await db
    .insertInto('watch_note')
    .values(row)
    .onConflict((oc) => oc.columns(['county', 'id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findNote(db: Db, scope: readonly AreaCode[], id: string): Promise<NoteRow | null> {
  const row = await db
    .selectFrom('watch_note')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('watch_note.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function answerNote(db: Db, note: NoteRow, by: { id: string; name: string; at: Date }): Promise<boolean> {
  const row = await db
    .updateTable('watch_note')
    .set({ answered_by: by.id, answered_name: by.name, answered_at: by.at })
    .where('county', '=', note.county)
    .where('id', '=', note.id)
    .where('answered_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Open calls of doors, so that a door says that help is wanted as long as one is. */
export async function openHelpAt(db: Db, county: string, watchIds: readonly string[]): Promise<Set<string>> {
  if (watchIds.length === 0) return new Set()
  const { rows } = await sql<{ household_id: string }>`
    select distinct household_id from watch_note where county = ${county} and watch_id = any(${[...watchIds]}::uuid[])
      and kind = 'help' and answered_at is null and household_id is not null`.execute(db)
  return new Set(rows.map((row) => row.household_id))
}

export async function setNeeds(db: Db, county: string, householdId: string, needs: boolean): Promise<boolean> {
  const { rows } = await sql<{ household_id: string }>`
    update watch_door set needs = ${needs} where county = ${county} and household_id = ${householdId} and needs <> ${needs}
    returning household_id`.execute(db)
  return rows.length > 0
}

export type NoteLine = NoteRow & { watch_name: string; building: string | null; door: string | null }
const NotePlace = z.tuple([z.iso.datetime(), z.uuid()])

/** Newest first. */
export async function listNotes(
  db: Db,
  filter: Placed & { open: boolean; watchId: string | null },
  page: Paging,
): Promise<Paged<NoteLine>> {
  const parts: RawBuilder<unknown>[] = [placed(filter, 'n.area')]
  if (filter.open) parts.push(sql`n.kind = 'help' and n.answered_at is null`)
  if (filter.watchId !== null) parts.push(sql`n.watch_id = ${filter.watchId}::uuid`)
  const where = sql.join(parts, sql` and `)
  const after = decodeCursor(NotePlace, page.cursor)
  const rest = after === null ? sql`true` : sql`(n.recorded_at, n.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
  const { rows } = await sql<NoteLine>`
    select n.*, w.name as watch_name, h.building, h.door from watch_note n
    join watch w on w.county = n.county and w.id = n.watch_id
    left join household h on h.county = n.county and h.id = n.household_id
    where ${where} and ${rest} order by n.recorded_at desc, n.id desc limit ${page.limit + 1}`.execute(db)
  const count = await sql<{ n: number }>`select count(*)::int as n from watch_note n where ${where}`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > page.limit && last ? encodeCursor([last.recorded_at.toISOString(), last.id]) : null,
    total: count.rows[0]?.n ?? 0,
  }
}
