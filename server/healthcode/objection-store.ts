import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Say } from '@weiwang/domain/core/say'
import type { ObjectionList, Stage } from '@weiwang/domain/healthcode/objection-api'
import { NEAR_HOURS, STAGE_HOURS } from '@weiwang/domain/healthcode/objection-clock'
import { sourceFinding } from '@weiwang/domain/healthcode/objection-decide'
import { readObjectionEvent } from '@weiwang/domain/healthcode/objection-event'
import type { ObjectionEvent } from '@weiwang/domain/healthcode/objection-event'
import { foldObjection, minutesOf, standingOf } from '@weiwang/domain/healthcode/objection-fold'
import type { ObjectionState } from '@weiwang/domain/healthcode/objection-fold'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { decodeCursor, inListOrder, keyIs, keyRows } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Objection, ObjectionEvent as EventTable, ObjectionProof } from '../core/db/types.ts'
import { countedAt, cut, keysOf, placed } from '../tasks/store-lists.ts'
import type { Counted, Paged, Paging, Where } from '../tasks/store-lists.ts'

/** Objections one by one, their proof, their lists and figures. Passes are in objection-pass-store.ts. */
export type ObjectionRow = Selectable<Objection>
export type LoadedObjection = { row: ObjectionRow; state: ObjectionState; events: ObjectionEvent[] }
export type EventLine = Selectable<EventTable>
export type ProofRow = Selectable<ObjectionProof>

const at = (iso: string): Date => new Date(iso)

/** What a state writes into its row. */
export function rowOfObjection(state: ObjectionState) {
  const closed = state.closedAt === null ? null : at(state.closedAt)
  const after = closed === null ? null : standingOf(state, closed)
  return {
    area: state.area,
    stage: state.clock.stage,
    due_by: at(state.clock.dueBy),
    all_due_by: at(state.clock.allDueBy),
    asked_until: state.asked === null ? null : at(state.asked.until),
    escalations: state.escalations,
    proofs: state.proofs,
    opened_at: at(state.openedAt),
    opened_day: state.openedDay,
    outcome: state.outcome,
    wrong: state.wrong,
    refusal: state.refusal,
    finding: sourceFinding(state)?.disposition ?? null,
    minutes: minutesOf(state),
    was_late: after?.late ?? false,
    was_overdue: after?.overdue ?? false,
    closed_at: closed,
    closed_day: state.closedDay,
    updated_at: at(state.updatedAt),
    version: state.version,
  }
}

export async function objectionHistory(db: Db, county: string, id: string): Promise<EventLine[]> {
  return db
    .selectFrom('objection_event')
    .selectAll()
    .where('county', '=', county)
    .where('objection_id', '=', id)
    .orderBy('n')
    .execute()
}

export function eventOf(line: EventLine): ObjectionEvent | null {
  return readObjectionEvent({
    ...line,
    occurredAt: line.occurred_at.toISOString(),
    recordedAt: line.recorded_at.toISOString(),
  })
}

async function withState(db: Db, row: ObjectionRow | undefined): Promise<LoadedObjection | null> {
  if (!row) return null
  const events = (await objectionHistory(db, row.county, row.id)).flatMap((line) => eventOf(line) ?? [])
  // Past its days it has lost its events and stays as a count.
  return events.length === 0 ? null : { row, state: foldObjection(events), events }
}

/** Several with their states: one statement for the rows' events. */
export async function withStates(db: Db, rows: readonly ObjectionRow[]): Promise<LoadedObjection[]> {
  if (rows.length === 0) return []
  const lines = await db
    .selectFrom('objection_event')
    .selectAll()
    .where('county', 'in', [...new Set(rows.map((row) => row.county))])
    .where(
      'objection_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('n')
    .execute()
  return rows.flatMap((row) => {
    const events = lines.filter((line) => line.objection_id === row.id).flatMap((line) => eventOf(line) ?? [])
    return events.length === 0 ? [] : [{ row, state: foldObjection(events), events }]
  })
}

export async function lockObjection(db: Db, scope: readonly AreaCode[], id: string): Promise<LoadedObjection | null> {
  const row = await db
    .selectFrom('objection')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('objection.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return withState(db, row)
}

export async function findObjection(db: Db, scope: readonly AreaCode[], id: string): Promise<LoadedObjection | null> {
  const row = await db
    .selectFrom('objection')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('objection.area', scope))
    .executeTakeFirst()
  return withState(db, row)
}

/** Of some persons, open ones first, then the newest; at most fifty. */
export async function objectionsOf(db: Db, persons: readonly string[]): Promise<LoadedObjection[]> {
  if (persons.length === 0) return []
  const rows = await db
    .selectFrom('objection')
    .selectAll()
    .where('person_id', 'in', [...persons])
    .orderBy(sql`closed_at is not null`)
    .orderBy('opened_at', 'desc')
    .limit(50)
    .execute()
  return withStates(db, rows)
}

export async function countObjections(db: Db, persons: readonly string[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from objection where person_id = any(${[...persons]}::uuid[])`.execute(db)
  return rows[0]?.n ?? 0
}

/** How many were opened for a person on a day, and whether one is open. */
export async function standingFor(
  db: Db,
  persons: readonly string[],
  day: string,
): Promise<{ today: number; open: boolean }> {
  const { rows } = await sql<{ today: number; open: number }>`
    select count(*) filter (where opened_day = ${day}::date)::int as today, count(*) filter (where closed_at is null)::int as open
    from objection where person_id = any(${[...persons]}::uuid[])`.execute(db)
  return { today: rows[0]?.today ?? 0, open: (rows[0]?.open ?? 0) > 0 }
}

/** False when one of this id is there, or the person has one under way. */
export async function insertObjection(db: Db, row: InsertObject<DB, 'objection'>): Promise<boolean> {
  const made = await db
    .insertInto('objection')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function updateObjection(
  db: Db,
  row: { county: string; id: string },
  state: ObjectionState,
): Promise<void> {
  await db
    .updateTable('objection')
    .set(rowOfObjection(state))
    .where('id', '=', row.id)
    .where('county', '=', row.county)
    .execute()
}

export async function appendObjectionEvents(
  db: Db,
  of: { county: string; id: string },
  events: readonly ObjectionEvent[],
  sealed: { n: number; text: Buffer } | null,
): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('objection_event')
    .values(
      events.map((event) => ({
        county: of.county,
        objection_id: of.id,
        n: event.n,
        area: event.area,
        kind: event.kind,
        body: json(event.body),
        by: event.by,
        text_sealed: sealed?.n === event.n ? sealed.text : null,
        occurred_at: at(event.occurredAt),
        recorded_at: at(event.recordedAt),
      })),
    )
    .execute()
}

// ---- Proof -------------------------------------------------------------------------------------------------------------------------

/** False when a picture of this id is there. */
export async function insertProof(db: Db, row: InsertObject<DB, 'objection_proof'>): Promise<boolean> {
  const made = await db
    .insertInto('objection_proof')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findProof(db: Db, county: string, objectionId: string, id: string): Promise<ProofRow | null> {
  const row = await db
    .selectFrom('objection_proof')
    .selectAll()
    .where('county', '=', county)
    .where('objection_id', '=', objectionId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

export type ProofLine = { id: string; objection_id: string; kind: string; bytes: number; at: Date }

export async function proofsOf(db: Db, objections: readonly { county: string; id: string }[]): Promise<ProofLine[]> {
  if (objections.length === 0) return []
  return db
    .selectFrom('objection_proof')
    .select(['id', 'objection_id', 'kind', 'bytes', 'at'])
    .where('county', 'in', [...new Set(objections.map((one) => one.county))])
    .where(
      'objection_id',
      'in',
      objections.map((one) => one.id),
    )
    .orderBy('at')
    .orderBy('id')
    .execute()
}

// ---- Lists -------------------------------------------------------------------------------------------------------------------------

export type ObjectionFilter = Where & {
  list: ObjectionList
  now: Date
  from: string
  to: string
  stage?: Stage | undefined
  ground?: string | undefined
  rule?: string | undefined
  source?: string | undefined
}

const hours = (n: number): string => `interval '${n} hours'`

/** Whose turn it is at a moment, from what the row has: the same steps as `clockAt`, as an expression. */
function stageAt(now: Date): RawBuilder<string> {
  const { street, county } = STAGE_HOURS
  return sql<string>`case
    when t.stage = 'community' then case
      when t.due_by >= ${now}::timestamptz then 'community'
      when least(t.due_by + ${sql.raw(hours(street))}, t.all_due_by) >= ${now}::timestamptz then 'street'
      when least(least(t.due_by + ${sql.raw(hours(street))}, t.all_due_by) + ${sql.raw(hours(county))}, t.all_due_by) >= ${now}::timestamptz then 'county'
      else 'city' end
    when t.stage = 'street' then case
      when t.due_by >= ${now}::timestamptz then 'street'
      when least(t.due_by + ${sql.raw(hours(county))}, t.all_due_by) >= ${now}::timestamptz then 'county'
      else 'city' end
    when t.stage = 'county' and t.due_by >= ${now}::timestamptz then 'county'
    else 'city' end`
}

const waiting = (now: Date): RawBuilder<boolean> =>
  sql<boolean>`(t.asked_until is not null and t.asked_until >= ${now}::timestamptz)`
/** OBJECT-6: a stage has let its time pass, written or not. */
const late = (now: Date): RawBuilder<boolean> => sql<boolean>`(t.escalations > 0 or t.due_by < ${now}::timestamptz)`
const overdue = (now: Date): RawBuilder<boolean> => sql<boolean>`t.all_due_by < ${now}::timestamptz`

const CLOSED_LISTS: readonly ObjectionList[] = ['decided', 'granted', 'refused', 'withdrawn']

function listed(filter: ObjectionFilter): RawBuilder<unknown> {
  const { now, from, to } = filter
  switch (filter.list) {
    case 'open':
      return sql`t.closed_at is null`
    case 'near':
      return sql`t.closed_at is null and not ${waiting(now)} and t.due_by < ${new Date(now.getTime() + NEAR_HOURS * 3_600_000)}::timestamptz`
    case 'late':
      return sql`t.closed_at is null and ${late(now)}`
    case 'overdue':
      return sql`t.closed_at is null and ${overdue(now)}`
    case 'waiting':
      return sql`t.closed_at is null and ${waiting(now)}`
    case 'opened':
      return sql`t.opened_day between ${from} and ${to}`
    case 'decided':
      return sql`t.closed_at is not null and t.outcome in ('granted', 'refused') and t.closed_day between ${from} and ${to}`
    case 'granted':
    case 'refused':
    case 'withdrawn':
      return sql`t.closed_at is not null and t.outcome = ${filter.list} and t.closed_day between ${from} and ${to}`
  }
}

function narrowed(filter: ObjectionFilter): RawBuilder<unknown> {
  const parts = [listed(filter), placed(filter)]
  if (filter.stage !== undefined) parts.push(sql`t.closed_at is null and ${stageAt(filter.now)} = ${filter.stage}`)
  if (filter.ground !== undefined) parts.push(sql`t.ground = ${filter.ground}`)
  if (filter.rule !== undefined) parts.push(sql`coalesce(t.rule, '') = ${filter.rule}`)
  if (filter.source !== undefined) parts.push(sql`coalesce(t.source, '') = ${filter.source}`)
  return sql.join(parts, sql` and `)
}

const DuePlace = z.tuple([z.iso.datetime(), z.uuid()])
const DayPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])

export async function listObjections(db: Db, filter: ObjectionFilter, paging: Paging): Promise<Paged<ObjectionRow>> {
  const n = paging.limit + 1
  const keys = await keysOf(db, filter)
  const closed = CLOSED_LISTS.includes(filter.list)
  const span = closed || filter.list === 'opened'
  const [day, time] = closed ? ['closed_day', 'closed_at'] : ['opened_day', 'opened_at']
  const due = span ? null : decodeCursor(DuePlace, paging.cursor)
  const past = span ? decodeCursor(DayPlace, paging.cursor) : null
  const rest = due
    ? sql`(t.due_by, t.id) > (${due[0]}::timestamptz, ${due[1]}::uuid)`
    : past
      ? sql`(${sql.ref(`t.${day}`)}, ${sql.ref(`t.${time}`)}, t.id) < (${past[0]}::date, ${past[1]}::timestamptz, ${past[2]}::uuid)`
      : sql`true`
  const order = (alias: string) =>
    span
      ? sql.raw(`${alias}.${day} desc, ${alias}.${time} desc, ${alias}.id desc`)
      : sql.raw(`${alias}.due_by, ${alias}.id`)
  const page = sql<ObjectionRow>`
    select x.* from ${keyRows(keys)} cross join lateral (
      select t.* from objection t where ${keyIs(keys.by)} and ${narrowed(filter)} and ${rest} order by ${order('t')} limit ${n}
    ) x order by ${order('x')} limit ${n}`
  const { rows } = await inListOrder(db, () => page.execute(db))
  const counted = await sql<{
    n: number
  }>`select count(*)::int as n from objection t where ${narrowed(filter)}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => {
    if (!span) return [row.due_by.toISOString(), row.id]
    if (!closed) return [row.opened_day, row.opened_at.toISOString(), row.id]
    return [row.closed_day ?? '', row.closed_at?.toISOString() ?? '', row.id]
  })
}

// ---- Figures -----------------------------------------------------------------------------------------------------------------------

export type FigureRow = {
  key: string
  opened: number
  granted: number
  refused: number
  withdrawn: number
  open: number
  late: number
  overdue: number
  median: number | null
}

/** By rule, source or ground; each number equals the list of the same filter. The row with key null is the whole. */
export async function objectionFigures(
  db: Db,
  areas: readonly AreaCode[],
  by: 'rule' | 'source' | 'ground',
  span: { from: string; to: string; now: Date },
): Promise<{ all: FigureRow; items: FigureRow[] }> {
  const closedIn = sql`t.closed_at is not null and t.closed_day between ${span.from} and ${span.to}`
  const openedIn = sql`t.opened_day between ${span.from} and ${span.to}`
  const numbers = sql`
    count(*) filter (where ${openedIn})::int as opened,
    count(*) filter (where t.outcome = 'granted' and ${closedIn})::int as granted,
    count(*) filter (where t.outcome = 'refused' and ${closedIn})::int as refused,
    count(*) filter (where t.outcome = 'withdrawn' and ${closedIn})::int as withdrawn,
    count(*) filter (where t.closed_at is null)::int as open,
    count(*) filter (where t.closed_at is null and ${late(span.now)})::int as late,
    count(*) filter (where t.closed_at is null and ${overdue(span.now)})::int as overdue,
    (percentile_disc(0.5) within group (order by t.minutes) filter (where t.outcome in ('granted', 'refused') and ${closedIn}))::int as median`
  // Grouped and whole are two statements over the same rows: a grouping set would be refused by a distributed database.
  const from = sql`from objection t where ${inScope('t.area', areas)} and (t.closed_at is null or ${closedIn} or ${openedIn})`
  const whole = await sql<FigureRow>`select '' as key, ${numbers} ${from}`.execute(db)
  const { rows } = await sql<FigureRow>`
    select coalesce(${sql.ref(`t.${by}`)}, '') as key, ${numbers} ${from} group by 1 order by 1`.execute(db)
  const zero = { key: '', opened: 0, granted: 0, refused: 0, withdrawn: 0, open: 0, late: 0, overdue: 0, median: null }
  return {
    all: whole.rows[0] ?? zero,
    items: rows.filter((row) => row.opened + row.granted + row.refused + row.withdrawn + row.open > 0),
  }
}

/** How each source fared in decided objections: for the side of the source on a desk's screen. */
export async function sourceRecord(
  db: Db,
  sources: readonly string[],
): Promise<Map<string, { upheld: number; decided: number }>> {
  if (sources.length === 0) return new Map()
  const { rows } = await sql<{ source: string; upheld: number; decided: number }>`
    select t.source, count(*) filter (where t.finding = 'OBJECTION_GRANTED')::int as upheld, count(*)::int as decided
    from objection t where t.source = any(${[...sources]}::text[]) and t.closed_at is not null and t.outcome in ('granted', 'refused')
    group by 1`.execute(db)
  return new Map(rows.map((row) => [row.source, row]))
}

export type OpenObjectionFigure = { code: string; open: number; near: number; late: number; overdue: number }

/** Figures of now, by the first `digits` of the area. */
export async function openObjectionFigures(
  db: Db,
  where: Counted,
  digits: number,
  now: Date,
): Promise<OpenObjectionFigure[]> {
  const soon = new Date(now.getTime() + NEAR_HOURS * 3_600_000)
  const { rows } = await sql<OpenObjectionFigure>`
    select left(t.area, ${digits}) as code, count(*)::int as open,
      count(*) filter (where not ${waiting(now)} and t.due_by < ${soon}::timestamptz)::int as near,
      count(*) filter (where ${late(now)})::int as late,
      count(*) filter (where ${overdue(now)})::int as overdue
    from objection t where t.closed_at is null and ${countedAt(where)} group by 1`.execute(db)
  return rows
}

// ---- Timer and reorganisation ----------------------------------------------------------------------------------------------------------

/** Open ones whose stage has let its time pass, the longest first. */
export async function dueObjections(db: Db, now: Date, limit: number): Promise<LoadedObjection[]> {
  const rows = await db
    .selectFrom('objection')
    .selectAll()
    .where('closed_at', 'is', null)
    .where('due_by', '<', now)
    .where('stage', '<>', 'city')
    .orderBy('due_by')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return withStates(db, rows)
}

/** Those that lie at an area that is no more. */
export async function objectionsNowhere(db: Db, after: string, limit: number): Promise<LoadedObjection[]> {
  const { rows } = await sql<ObjectionRow>`
    select t.* from objection t where t.closed_at is null and t.id > ${after}::uuid
      and not exists (select from area a where a.code = t.area and a.valid_to is null)
    order by t.id limit ${limit} for update skip locked`.execute(db)
  return withStates(db, rows)
}

/** Open ones of these persons, locked in the order of their ids. */
export async function lockOpenObjections(db: Db, persons: readonly string[]): Promise<LoadedObjection[]> {
  if (persons.length === 0) return []
  const { rows } = await sql<ObjectionRow>`
    select * from objection where person_id = any(${[...persons]}::uuid[]) and closed_at is null order by id for update`.execute(
    db,
  )
  return withStates(db, rows)
}

/**
 * The whole of an objection into another county: its id and the number that was told by telephone stay. What is sealed is bound to its
 * row's id and not to the county. Steps and pictures lie where it lies now, or its new desk would not see them. False when there is one
 * of the person under way already.
 */
export async function carryObjection(db: Db, row: ObjectionRow, home: AreaCode): Promise<boolean> {
  const county = countyOf(home)
  const { village: _village, ...rest } = row
  const made = await insertObjection(db, { ...rest, county, area: home, reasons: json<unknown>(row.reasons) })
  if (!made) return false
  for (const [table, columns] of CARRIED) {
    const names = sql.raw(columns)
    await sql`insert into ${sql.table(table)} (county, area, ${names}) select ${county}, ${home}, ${names} from ${sql.table(table)}
      where county = ${row.county} and objection_id = ${row.id}::uuid`.execute(db)
    await sql`delete from ${sql.table(table)} where county = ${row.county} and objection_id = ${row.id}::uuid`.execute(
      db,
    )
  }
  await db.deleteFrom('objection').where('id', '=', row.id).where('county', '=', row.county).execute()
  return true
}

const CARRIED = [
  ['objection_event', 'objection_id, n, kind, body, by, text_sealed, occurred_at, recorded_at'],
  ['objection_proof', 'objection_id, id, kind, bytes, hash, sealed, by, at'],
] as const

/** Auditors who look after an area: told when 24 hours are over. */
export async function auditorsOf(db: Db, areas: readonly AreaCode[], limit: number): Promise<string[]> {
  if (areas.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select a.id from account a where a.area = any(${[...areas]}::text[]) and a.state = 'active'
      and exists (select from account_role r where r.account_id = a.id and r.role = 'auditor')
    order by length(a.area) desc, a.id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

/** Names of sources as people know them. */
export async function sourceNames(db: Db, ids: readonly string[]): Promise<Map<string, { zh: string; en: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('feed')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** Rules as the rule sets that were in force call them. */
export async function ruleSays(db: Db, keys: readonly string[]): Promise<Map<string, Say>> {
  const names = new Map<string, Say>()
  if (keys.length === 0) return names
  const sets = await db.selectFrom('rule_set').select('rules').where('state', 'in', ['active', 'retired']).execute()
  for (const { rules } of sets) for (const rule of rules.rules) if (keys.includes(rule.id)) names.set(rule.id, rule.say)
  return names
}

/** An account of a resident: whom to tell, by person. */
export async function accountsFor(db: Db, personId: string): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`
    select account_id from account_person where person_id = ${personId}::uuid and ended_at is null limit 10`.execute(db)
  return rows.map((row) => row.account_id)
}
