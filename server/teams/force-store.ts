/** SQL of people, organisations, estates and assignments of forces. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, ForceAttachment, ForceEstate, ForceHandover, ForceMember, ForceOrg } from '../core/db/types.ts'
import { countedIn, placed } from './placed.ts'
import type { Placed } from './placed.ts'

export type MemberRow = Selectable<ForceMember>
export type OrgRow = Selectable<ForceOrg>
export type EstateRow = Selectable<ForceEstate>
export type AttachmentRow = Selectable<ForceAttachment>
export type HandoverRow = Selectable<ForceHandover>
export type Paged<T> = { rows: T[]; next: string | null; total: number }
export type Paging = { limit: number; cursor?: string | undefined }
const ById = z.tuple([z.uuid()])

/** A page by id with the exact total of the same filter. `from` names the table as `t`. */
export async function pageById<T extends { id: string }>(
  db: Db,
  parts: { columns: RawBuilder<unknown>; from: RawBuilder<unknown>; where: RawBuilder<unknown> },
  paging: Paging,
): Promise<Paged<T>> {
  const at = decodeCursor(ById, paging.cursor)
  const rest = at === null ? sql`true` : sql`t.id > ${at[0]}::uuid`
  const { rows } = await sql<T>`
    select ${parts.columns} from ${parts.from} where ${parts.where} and ${rest} order by t.id limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from ${parts.from} where ${parts.where}`.execute(
    db,
  )
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor([last.id]) : null,
    total: counted.rows[0]?.n ?? 0,
  }
}

export async function lockAccountRoster(db: Db, accountId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('force', hashtext(${accountId})))`.execute(db)
}

// ---- people ----------------------------------------------------------------------------------------------------------------

export type PeopleFilter = Placed & {
  list: 'all' | 'enrolled' | 'confirmed'
  kind?: string | undefined
  skill?: string | undefined
  org?: string | undefined
}

export async function listMembers(db: Db, filter: PeopleFilter, paging: Paging): Promise<Paged<MemberRow>> {
  const parts: RawBuilder<unknown>[] = [sql`t.ended_at is null`, placed(filter)]
  if (filter.list !== 'all') parts.push(sql`t.state = ${filter.list}`)
  if (filter.kind !== undefined) parts.push(sql`t.kind = ${filter.kind}`)
  if (filter.skill !== undefined) parts.push(sql`${filter.skill} = any(t.skills)`)
  if (filter.org !== undefined) parts.push(sql`t.org_id = ${filter.org}::uuid`)
  return pageById(db, { columns: sql`t.*`, from: sql`force_member t`, where: sql.join(parts, sql` and `) }, paging)
}

export async function insertMember(db: Db, row: InsertObject<DB, 'force_member'>): Promise<boolean> {
  const made = await db
    .insertInto('force_member')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return made.numInsertedOrUpdatedRows === 1n
}

export async function lockMember(db: Db, scope: readonly AreaCode[], id: string): Promise<MemberRow | null> {
  const row = await db
    .selectFrom('force_member')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_member.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function memberOf(db: Db, county: string, accountId: string): Promise<MemberRow | null> {
  const row = await db
    .selectFrom('force_member')
    .selectAll()
    .where('county', '=', county)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export async function updateMember(
  db: Db,
  row: Pick<MemberRow, 'county' | 'id' | 'version'>,
  set: UpdateObject<DB, 'force_member'>,
): Promise<void> {
  await db
    .updateTable('force_member')
    .set({ ...set, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

/** Skills of confirmed people: what the ranking of services asks (SERV-5). */
export async function skillsOfAccounts(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ account_id: string; skills: string[] }>`
    select account_id, array_agg(distinct skill) as skills from force_member, unnest(skills) as skill
    where account_id = any(${[...ids]}::uuid[]) and ended_at is null and state = 'confirmed' group by 1`.execute(db)
  return new Map(rows.map((row) => [row.account_id, row.skills]))
}

// ---- organisations and estates -----------------------------------------------------------------------------------------------

export async function insertOrg(db: Db, row: InsertObject<DB, 'force_org'>): Promise<boolean> {
  const made = await db
    .insertInto('force_org')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return made.numInsertedOrUpdatedRows === 1n
}

export async function findOrg(db: Db, county: string, id: string): Promise<OrgRow | null> {
  const row = await db
    .selectFrom('force_org')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** The open organisations of some counties by their names, for a list that is imported. */
export async function orgsNamed(db: Db, counties: readonly string[], names: readonly string[]): Promise<OrgRow[]> {
  if (counties.length === 0 || names.length === 0) return []
  return db
    .selectFrom('force_org')
    .selectAll()
    .where('county', 'in', [...counties])
    .where('name', 'in', [...names])
    .where('ended_at', 'is', null)
    .execute()
}

export async function lockOrg(db: Db, scope: readonly AreaCode[], id: string): Promise<OrgRow | null> {
  const row = await db
    .selectFrom('force_org')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_org.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function endOrg(db: Db, row: OrgRow, now: Date): Promise<void> {
  await sql`update force_org set ended_at = ${now}, updated_at = ${now} where county = ${row.county} and id = ${row.id}`.execute(
    db,
  )
  await sql`update force_estate set org_id = null, org_name = null, updated_at = ${now} where county = ${row.county} and org_id = ${row.id} and ended_at is null`.execute(
    db,
  )
}

export type OrgListed = OrgRow & { people: number; estates: number }

export async function listOrgs(
  db: Db,
  filter: { areas: readonly AreaCode[]; kind?: string | undefined },
  paging: Paging,
): Promise<Paged<OrgListed>> {
  const kind = filter.kind === undefined ? sql`true` : sql`t.kind = ${filter.kind}`
  const columns = sql`t.*,
    (select count(*)::int from force_member m where m.county = t.county and m.org_id = t.id and m.ended_at is null) as people,
    (select count(*)::int from force_estate e where e.county = t.county and e.org_id = t.id and e.ended_at is null) as estates`
  const where = sql`t.ended_at is null and ${inScope('t.area', filter.areas)} and ${kind}`
  return pageById(db, { columns, from: sql`force_org t`, where }, paging)
}

export async function insertEstate(db: Db, row: InsertObject<DB, 'force_estate'>): Promise<void> {
  await db.insertInto('force_estate').values(row).execute()
}

export async function lockEstate(db: Db, scope: readonly AreaCode[], id: string): Promise<EstateRow | null> {
  const row = await db
    .selectFrom('force_estate')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_estate.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function endEstate(db: Db, row: EstateRow, now: Date): Promise<void> {
  await db
    .updateTable('force_estate')
    .set({ ended_at: now, updated_at: now })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

export async function listEstates(
  db: Db,
  filter: { areas: readonly AreaCode[]; org?: string | undefined },
  paging: Paging,
): Promise<Paged<EstateRow>> {
  const org = filter.org === undefined ? sql`true` : sql`t.org_id = ${filter.org}::uuid`
  const where = sql`t.ended_at is null and ${inScope('t.area', filter.areas)} and ${org}`
  return pageById(db, { columns: sql`t.*`, from: sql`force_estate t`, where }, paging)
}

// ---- assignments -----------------------------------------------------------------------------------------------------------

export async function insertAttachment(db: Db, row: InsertObject<DB, 'force_attachment'>): Promise<void> {
  await db.insertInto('force_attachment').values(row).execute()
}

export async function lockAttachment(db: Db, scope: readonly AreaCode[], id: string): Promise<AttachmentRow | null> {
  const row = await db
    .selectFrom('force_attachment')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_attachment.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function updateAttachment(
  db: Db,
  row: AttachmentRow,
  set: UpdateObject<DB, 'force_attachment'>,
): Promise<void> {
  await db.updateTable('force_attachment').set(set).where('county', '=', row.county).where('id', '=', row.id).execute()
}

/** Assignments whose last day is over and whose work nobody has handed over yet. */
export async function attachmentsDue(db: Db, today: Day, limit: number): Promise<AttachmentRow[]> {
  const { rows } = await sql<AttachmentRow>`
    select * from force_attachment where ended_at is null and to_day < ${today}::date order by to_day, id limit ${limit} for update skip locked`.execute(
    db,
  )
  return rows
}

export type AttachmentFilter = Placed & {
  list: 'now' | 'ending' | 'ahead'
  body?: string | undefined
  today: Day
  soon: Day
}
export type AttachmentListed = AttachmentRow & { open: number }

/** What somebody has in hand in a county; tasks, services and disputes are read and never written here. */
const inHand = sql`(
  (select count(*)::int from task k where k.county = t.county and k.assignee = t.account_id and k.answered_at is null and k.closed_at is null)
  + (select count(*)::int from service s where s.county = t.county and s.taken_by = t.account_id and s.ended_at is null)
  + (select count(*)::int from dispute d where d.county = t.county and d.mediator = t.account_id and d.closed_at is null))`

export function attachedOn(list: AttachmentFilter['list'], today: Day, soon: Day): RawBuilder<unknown> {
  if (list === 'ahead') return sql`t.ended_at is null and t.from_day > ${today}::date`
  const now = sql`t.ended_at is null and t.from_day <= ${today}::date and t.to_day >= ${today}::date`
  return list === 'now' ? now : sql`${now} and t.to_day <= ${soon}::date`
}

export async function listAttachments(
  db: Db,
  filter: AttachmentFilter,
  paging: Paging,
): Promise<Paged<AttachmentListed>> {
  const body = filter.body === undefined ? sql`true` : sql`t.body = ${filter.body}`
  const where = sql`${attachedOn(filter.list, filter.today, filter.soon)} and ${placed(filter)} and ${body}`
  return pageById(db, { columns: sql`t.*, ${inHand} as open`, from: sql`force_attachment t`, where }, paging)
}

export type OpenThing = { thing: 'task' | 'service' | 'dispute'; id: string; area: AreaCode }

export async function openThingsOf(db: Db, county: string, accountId: string): Promise<OpenThing[]> {
  const { rows } = await sql<OpenThing>`
    select 'task' as thing, id, area from task where county = ${county} and assignee = ${accountId}::uuid and answered_at is null and closed_at is null
    union all
    select 'service', id, area from service where county = ${county} and taken_by = ${accountId}::uuid and ended_at is null
    union all
    select 'dispute', id, area from dispute where county = ${county} and mediator = ${accountId}::uuid and closed_at is null
    order by 1, 2 limit 5000`.execute(db)
  return rows
}

export async function insertHandovers(db: Db, rows: readonly InsertObject<DB, 'force_handover'>[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('force_handover')
    .values([...rows])
    .onConflict((oc) => oc.doNothing())
    .execute()
}

export async function lockHandover(db: Db, scope: readonly AreaCode[], id: string): Promise<HandoverRow | null> {
  const row = await db
    .selectFrom('force_handover')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('force_handover.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function doneHandover(db: Db, row: HandoverRow, by: string, now: Date): Promise<void> {
  await db
    .updateTable('force_handover')
    .set({ done_at: now, done_by: by })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

/** Settled: the thing is over, or somebody else has it. */
const settledAt = (now: Date): RawBuilder<boolean> => sql<boolean>`(case t.thing
  when 'task' then not exists (select from task k where k.county = t.county and k.id = t.thing_id and k.answered_at is null and k.closed_at is null and (k.assignee is null or k.assignee = t.account_id))
  when 'service' then not exists (select from service s where s.county = t.county and s.id = t.thing_id and s.ended_at is null and (s.taken_by is null or s.taken_by = t.account_id))
  when 'dispute' then not exists (select from dispute d where d.county = t.county and d.id = t.thing_id and d.closed_at is null and (d.mediator is null or d.mediator = t.account_id))
  else not exists (select from force_turn u join force_shift h on h.county = u.county and h.id = u.shift_id where u.county = t.county and u.id = t.thing_id and h.ended_at is null and h.ends_at > ${now}
    and h.needed > (select count(*) from force_turn o where o.county = h.county and o.shift_id = h.id and o.ended_at is null)) end)`

export async function listHandovers(
  db: Db,
  areas: readonly AreaCode[],
  now: Date,
  paging: Paging,
): Promise<Paged<HandoverRow & { settled: boolean }>> {
  const where = sql`t.done_at is null and ${inScope('t.area', areas)}`
  return pageById(db, { columns: sql`t.*, ${settledAt(now)} as settled`, from: sql`force_handover t`, where }, paging)
}

// ---- figures ---------------------------------------------------------------------------------------------------------------

export type ForceFigure = { code: string; confirmed: number; volunteers: number; attached: number; gaps: number }

/** Numbers of now, by the first `digits` of the area. Gaps: shifts of today that lack somebody. */
export async function forceFigures(
  db: Db,
  at: { area: AreaCode } | { codes: readonly AreaCode[] },
  digits: number,
  today: Day,
): Promise<ForceFigure[]> {
  const here = countedIn(at)
  const { rows } = await sql<ForceFigure>`
    select code, sum(confirmed)::int as confirmed, sum(volunteers)::int as volunteers, sum(attached)::int as attached, sum(gaps)::int as gaps from (
      select left(t.area, ${digits}) as code, count(*) as confirmed, count(*) filter (where t.kind = 'volunteer') as volunteers, 0 as attached, 0 as gaps
        from force_member t where t.ended_at is null and t.state = 'confirmed' and ${here} group by 1
      union all
      select left(t.area, ${digits}), 0, 0, count(*), 0 from force_attachment t where ${attachedOn('now', today, today)} and ${here} group by 1
      union all
      select left(t.area, ${digits}), 0, 0, 0, count(*) from force_shift t where t.ended_at is null and t.day = ${today}::date and ${lacking()} and ${here} group by 1
    ) x group by code`.execute(db)
  return rows
}

/** FORCE-6: a shift with fewer people than it needs; on the alias `t`. */
export function lacking(): RawBuilder<boolean> {
  return sql<boolean>`t.needed > (select count(*) from force_turn u where u.county = t.county and u.shift_id = t.id and u.ended_at is null)`
}

export type ForceSums = {
  people: { kind: string; enrolled: number; confirmed: number }[]
  attached: { body: string; now: number; ending: number }[]
  orgs: number
  estates: number
  posts: number
  handovers: number
  gaps: number
}

export async function sumForces(db: Db, areas: readonly AreaCode[], today: Day, soon: Day): Promise<ForceSums> {
  const here = inScope('t.area', areas)
  const people = await sql<ForceSums['people'][number]>`
    select kind, count(*) filter (where state = 'enrolled')::int as enrolled, count(*) filter (where state = 'confirmed')::int as confirmed
    from force_member t where ended_at is null and ${here} group by 1`.execute(db)
  const attached = await sql<ForceSums['attached'][number]>`
    select body, count(*)::int as now, count(*) filter (where to_day <= ${soon}::date)::int as ending
    from force_attachment t where ${attachedOn('now', today, soon)} and ${here} group by 1`.execute(db)
  const rest = await sql<Omit<ForceSums, 'people' | 'attached'>>`select
    (select count(*)::int from force_org t where ended_at is null and ${here}) as orgs,
    (select count(*)::int from force_estate t where ended_at is null and ${here}) as estates,
    (select count(*)::int from force_post t where ended_at is null and ${here}) as posts,
    (select count(*)::int from force_handover t where done_at is null and ${here}) as handovers,
    (select count(*)::int from force_shift t where ended_at is null and day = ${today}::date and ${lacking()} and ${here}) as gaps`.execute(
    db,
  )
  const [sums] = rest.rows
  return {
    people: people.rows,
    attached: attached.rows,
    ...(sums ?? { orgs: 0, estates: 0, posts: 0, handovers: 0, gaps: 0 }),
  }
}

// ---- areas that were reorganised ---------------------------------------------------------------------------------------------

/** What is open and lies where no area is any more; rows of what happened keep their code, as counters do (AREA-10). */
const FOLLOWS = [
  'force_org',
  'force_estate',
  'force_member',
  'force_attachment',
  'force_handover',
  'force_post',
] as const

export async function endedForceAreas(db: Db): Promise<AreaCode[]> {
  const codes = new Set<AreaCode>()
  for (const table of FOLLOWS) {
    const over = table === 'force_handover' ? sql`t.done_at is null` : sql`t.ended_at is null`
    const { rows } = await sql<{ area: AreaCode }>`
      select distinct t.area from (select distinct code from area_successor) s join ${sql.table(table)} t on t.area = s.code
      where ${over} and not exists (select from area a where a.code = t.area and a.valid_to is null)`.execute(db)
    for (const row of rows) codes.add(row.area)
  }
  return [...codes].toSorted()
}

export async function moveForces(db: Db, from: AreaCode, to: AreaCode, now: Date): Promise<void> {
  for (const table of FOLLOWS) {
    const over = table === 'force_handover' ? sql`done_at is null` : sql`ended_at is null`
    await sql`update ${sql.table(table)} set area = ${to} where area = ${from} and ${over}`.execute(db)
  }
  await sql`update force_shift set area = ${to} where area = ${from} and ended_at is null and starts_at > ${now}`.execute(
    db,
  )
  await sql`update force_turn set area = ${to} where area = ${from} and ended_at is null and in_at is null and starts_at > ${now}`.execute(
    db,
  )
}

/** Accounts of a county that may be named: with their own area and whether they are open. */
export async function countyAccounts(
  db: Db,
  ids: readonly string[],
): Promise<{ id: string; name: string; area: AreaCode; state: string; roles: string[] }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string; name: string; area: AreaCode; state: string; roles: string[] }>`
    select a.id, a.name, a.area, a.state, array(select role from account_role r where r.account_id = a.id order by 1) as roles
    from account a where a.id = any(${[...ids]}::uuid[])`.execute(db)
  return rows
}
