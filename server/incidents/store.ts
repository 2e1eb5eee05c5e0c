import type { AreaCode } from '@weiwang/domain/areas/code'
import { readDisputeEvent } from '@weiwang/domain/incidents/event'
import type { DisputeEvent } from '@weiwang/domain/incidents/event'
import { foldDispute } from '@weiwang/domain/incidents/fold'
import type { DisputeState } from '@weiwang/domain/incidents/fold'
import type { DisputeList } from '@weiwang/domain/incidents/api'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { decodeCursor, inListOrder, keyIs, keyRows } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Dispute, DisputeEvent as DisputeEventTable } from '../core/db/types.ts'
import { countedAt, cut, keysOf, placed } from '../tasks/store-lists.ts'
import type { Counted, Paged, Paging, Where } from '../tasks/store-lists.ts'

export type DisputeRow = Selectable<Dispute>
export type LoadedDispute = { row: DisputeRow; state: DisputeState }

const at = (iso: string): Date => new Date(iso)

/** What a state writes into its row. */
export function rowOfDispute(state: DisputeState) {
  return {
    area: state.area,
    kind: state.kind,
    state: state.state,
    desks: state.desks,
    mediator: state.mediator,
    sessions: state.sessions,
    follow_up: state.followUp,
    due_by: at(state.dueBy),
    closing: state.closing,
    opened_at: at(state.openedAt),
    opened_day: state.openedDay,
    closed_at: state.closedAt === null ? null : at(state.closedAt),
    closed_day: state.closedDay,
    updated_at: at(state.updatedAt),
    version: state.version,
  }
}

export async function disputeHistory(db: Db, county: string, id: string): Promise<Selectable<DisputeEventTable>[]> {
  return db
    .selectFrom('dispute_event')
    .selectAll()
    .where('county', '=', county)
    .where('dispute_id', '=', id)
    .orderBy('n')
    .execute()
}

async function withState(db: Db, row: DisputeRow | undefined): Promise<LoadedDispute | null> {
  if (!row) return null
  const lines = await disputeHistory(db, row.county, row.id)
  const events = lines.flatMap(
    (line) =>
      readDisputeEvent({
        ...line,
        occurredAt: line.occurred_at.toISOString(),
        recordedAt: line.recorded_at.toISOString(),
      }) ?? [],
  )
  // Past its days it has lost its events and stays as a count.
  return events.length === 0 ? null : { row, state: foldDispute(events) }
}

/** By id alone, wherever it lies: the caller says who may see it. */
export async function lockDispute(db: Db, id: string): Promise<LoadedDispute | null> {
  return withState(db, await db.selectFrom('dispute').selectAll().where('id', '=', id).forUpdate().executeTakeFirst())
}

export async function findDispute(db: Db, id: string): Promise<LoadedDispute | null> {
  return withState(db, await db.selectFrom('dispute').selectAll().where('id', '=', id).executeTakeFirst())
}

export async function lockDisputeOfVisit(db: Db, county: string, visitId: string): Promise<LoadedDispute | null> {
  const row = await db
    .selectFrom('dispute')
    .selectAll()
    .where('county', '=', county)
    .where('visit_id', '=', visitId)
    .forUpdate()
    .executeTakeFirst()
  return withState(db, row)
}

/** False when a dispute of this id, or of its visit, is there already. */
export async function insertDispute(db: Db, row: InsertObject<DB, 'dispute'>): Promise<boolean> {
  const made = await db
    .insertInto('dispute')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function updateDispute(db: Db, row: { county: string; id: string }, state: DisputeState): Promise<void> {
  await db
    .updateTable('dispute')
    .set(rowOfDispute(state))
    .where('id', '=', row.id)
    .where('county', '=', row.county)
    .execute()
}

export async function appendDisputeEvents(
  db: Db,
  at_: { county: string; id: string },
  events: readonly DisputeEvent[],
  sealed: { n: number; text: Buffer } | null,
): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('dispute_event')
    .values(
      events.map((event) => ({
        county: at_.county,
        dispute_id: at_.id,
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

/** Access by name, as the fold has it. */
export async function writeAccess(
  db: Db,
  at_: { county: string; id: string; area: string },
  change: { account: string; given: boolean },
  now: Date,
): Promise<void> {
  await db
    .insertInto('dispute_access')
    .values({
      county: at_.county,
      dispute_id: at_.id,
      account_id: change.account,
      area: at_.area,
      given_at: now,
      ended_at: change.given ? null : now,
    })
    .onConflict((oc) =>
      oc.columns(['county', 'dispute_id', 'account_id']).doUpdateSet((eb) => ({
        ended_at: eb.ref('excluded.ended_at'),
        given_at: eb.ref('excluded.given_at'),
      })),
    )
    .execute()
}

/** Which of these an account was given access to by name. */
export async function namedFor(db: Db, account: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('dispute_access')
    .select('dispute_id')
    .where('account_id', '=', account)
    .where('ended_at', 'is', null)
    .where('dispute_id', 'in', [...ids])
    .execute()
  return new Set(rows.map((row) => row.dispute_id))
}

/** Who may be given access: active people of the desks around the grid and those on duty in it. */
export async function colleaguesOf(
  db: Db,
  around: readonly AreaCode[],
  today: string,
): Promise<{ id: string; name: string; area: string }[]> {
  const { rows } = await sql<{ id: string; name: string; area: string }>`
    select a.id, a.name, a.area from account a where a.state = 'active' and (
      (a.area = any(${around}::text[]) and exists (select from account_role r where r.account_id = a.id and r.role in ('operator', 'chief')))
      or exists (select from duty d join account_role r on r.account_id = d.account_id
        where d.account_id = a.id and d.ended_at is null and d.area = any(${around}::text[])
          and d.from_day <= ${today}::date and (d.to_day is null or d.to_day >= ${today}::date) and r.role in ('worker', 'cadre', 'officer')))
    order by length(a.area) desc, a.name, a.id limit 100`.execute(db)
  return rows
}

/** Disputes that lie at, or with the desk of, an area that is no more; counts alone stay as they are. */
export async function disputesNowhere(db: Db, after: string, limit: number): Promise<LoadedDispute[]> {
  const { rows } = await sql<DisputeRow>`
    select t.* from dispute t where t.blanked_at is null and t.id > ${after}::uuid and exists (
      select from unnest(array[t.area] || t.desks) as c (code)
      where not exists (select from area a where a.code = c.code and a.valid_to is null))
    order by t.id limit ${limit} for update skip locked`.execute(db)
  const loaded: LoadedDispute[] = []
  for (const row of rows) {
    const one = await withState(db, row)
    if (one) loaded.push(one)
  }
  return loaded
}

// ---- Visits of the form "mediation held" -------------------------------------------------------------------------------------------

export type MediationVisit = {
  id: string
  county: string
  area: AreaCode
  household_id: string | null
  purpose: string | null
  answers: unknown
  answers_sealed: Buffer | null
  supersedes: string | null
  by: string
  occurred_at: Date
}

export async function visitFor(db: Db, county: string, id: string): Promise<MediationVisit | null> {
  const { rows } = await sql<MediationVisit>`
    select id, county, area, household_id, purpose, answers, answers_sealed, supersedes, by, occurred_at
    from visit where county = ${county} and id = ${id}::uuid`.execute(db)
  return rows[0] ?? null
}

/** The first of a chain of corrections. */
export async function rootVisit(db: Db, county: string, id: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with recursive c as (
      select id, supersedes, 0 as depth from visit where county = ${county} and id = ${id}::uuid
      union all
      select v.id, v.supersedes, c.depth + 1 from c join visit v on v.county = ${county} and v.id = c.supersedes where c.depth < 100
    ) select id from c order by depth desc limit 1`.execute(db)
  return rows[0]?.id ?? id
}

// ---- Lists -------------------------------------------------------------------------------------------------------------------------

export type DisputeFilter = Where & {
  list: DisputeList
  now: Date
  today: string
  from: string
  to: string
  kind?: string | undefined
}

function listed(filter: DisputeFilter): RawBuilder<unknown> {
  switch (filter.list) {
    case 'open':
      return sql`t.closed_at is null`
    case 'late':
      return sql`t.closed_at is null and t.due_by < ${filter.now}`
    case 'follow_up':
      return sql`t.closed_at is null and t.follow_up <= ${filter.today}::date`
    case 'opened':
      return sql`t.opened_day between ${filter.from} and ${filter.to}`
    case 'closed':
      return sql`t.closed_at is not null and t.closed_day between ${filter.from} and ${filter.to}`
  }
}

function narrowed(filter: DisputeFilter): RawBuilder<unknown> {
  const parts = [listed(filter), placed(filter)]
  if (filter.kind !== undefined) parts.push(sql`t.kind = ${filter.kind}`)
  return sql.join(parts, sql` and `)
}

const DuePlace = z.tuple([z.iso.datetime(), z.uuid()])
const DayPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])

export async function listDisputes(db: Db, filter: DisputeFilter, paging: Paging): Promise<Paged<DisputeRow>> {
  const n = paging.limit + 1
  const keys = await keysOf(db, filter)
  const span = filter.list === 'opened' || filter.list === 'closed'
  const [day, time] = filter.list === 'closed' ? ['closed_day', 'closed_at'] : ['opened_day', 'opened_at']
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
  const page = sql<DisputeRow>`
    select x.* from ${keyRows(keys)} cross join lateral (
      select t.* from dispute t where ${keyIs(keys.by)} and ${narrowed(filter)} and ${rest} order by ${order('t')} limit ${n}
    ) x order by ${order('x')} limit ${n}`
  const { rows } = await inListOrder(db, () => page.execute(db))
  const counted = await sql<{ n: number }>`select count(*)::int as n from dispute t where ${narrowed(filter)}`.execute(
    db,
  )
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => {
    if (!span) return [row.due_by.toISOString(), row.id]
    if (filter.list === 'opened') return [row.opened_day, row.opened_at.toISOString(), row.id]
    return [row.closed_day ?? '', row.closed_at?.toISOString() ?? '', row.id]
  })
}

export async function listMyDisputes(
  db: Db,
  account: string,
  closed: boolean,
  paging: Paging,
): Promise<Paged<DisputeRow>> {
  const mine = sql`t.id in (select id from dispute where mediator = ${account}::uuid
    union select dispute_id from dispute_access where account_id = ${account}::uuid and ended_at is null)`
  const where = sql`${mine} and ${closed ? sql`t.closed_at is not null` : sql`t.closed_at is null`}`
  const after = decodeCursor(DuePlace, paging.cursor)
  const rest = after === null ? sql`true` : sql`(t.due_by, t.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
  const { rows } = await sql<DisputeRow>`
    select t.* from dispute t where ${where} and ${rest} order by t.due_by, t.id limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from dispute t where ${where}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => [row.due_by.toISOString(), row.id])
}

export async function disputesByKind(
  db: Db,
  areas: readonly AreaCode[],
  now: Date,
): Promise<{ kind: string; open: number; late: number }[]> {
  const { rows } = await sql<{ kind: string; open: number; late: number }>`
    select t.kind, count(*)::int as open, count(*) filter (where t.due_by < ${now})::int as late
    from dispute t where t.closed_at is null and ${inScope('t.area', areas)} group by 1`.execute(db)
  return rows
}

/** Figures of now, by the first `digits` of the area. */
export async function openDisputeFigures(
  db: Db,
  at_: Counted,
  digits: number,
): Promise<{ code: string; open: number }[]> {
  const { rows } = await sql<{ code: string; open: number }>`
    select left(t.area, ${digits}) as code, count(*)::int as open
    from dispute t where t.closed_at is null and ${countedAt(at_)} group by 1`.execute(db)
  return rows
}
