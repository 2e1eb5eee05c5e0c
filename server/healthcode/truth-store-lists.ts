import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { Say } from '@weiwang/domain/core/say'
import type { ContradictionList } from '@weiwang/domain/healthcode/truth-api'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor, inListOrder, keyIs, keyRows, pageKeys } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import { pageOf } from './reg-data-store.ts'
import type { Total } from './reg-data-store.ts'
import type { ContradictionRecord, EventRecord } from './truth-store.ts'

/** Reads of contradictions: one, lists in their order, figures that are the totals of those lists. */
export type Filter = {
  areas: readonly AreaCode[]
  own: boolean
  list: ContradictionList
  state?: string | undefined
  kind?: string | undefined
  source?: string | undefined
  outcome?: string | undefined
  personId?: string | undefined
  from?: Day | undefined
  to?: Day | undefined
}

const WAITING = sql`t.state in ('open', 'answered')`

function listed(list: ContradictionList): RawBuilder<unknown> {
  switch (list) {
    case 'waiting':
      return WAITING
    case 'asked':
    case 'closed':
    case 'ceased':
      return sql`t.state = ${list}`
    case 'all':
      return sql`true`
  }
}

function narrowed(filter: Filter): RawBuilder<unknown> {
  const { areas, own } = filter
  const here = inScope('t.home_area', areas)
  const parts: RawBuilder<unknown>[] = [listed(filter.list), here]
  if (own && areas.length === 1) parts.push(sql`t.home_area = ${areas[0]}`)
  if (filter.state !== undefined) parts.push(sql`t.state = ${filter.state}`)
  if (filter.kind !== undefined) parts.push(sql`t.kind = ${filter.kind}`)
  if (filter.source !== undefined) parts.push(sql`${filter.source} = any(t.sources)`)
  if (filter.outcome !== undefined) parts.push(sql`t.outcome = ${filter.outcome}`)
  if (filter.personId !== undefined) parts.push(sql`t.person_id = ${filter.personId}::uuid`)
  if (filter.from !== undefined) parts.push(sql`t.found_day >= ${filter.from}::date`)
  if (filter.to !== undefined) parts.push(sql`t.found_day <= ${filter.to}::date`)
  return sql.join(parts, sql` and `)
}

const Place = z.tuple([z.iso.datetime(), z.uuid()])

export async function listContradictions(
  db: Db,
  filter: Filter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ rows: ContradictionRecord[]; next: string | null; total: number }> {
  const keys = await pageKeys(db, filter.areas, filter.own)
  const after = decodeCursor(Place, cursor)
  const rest = after === null ? sql`true` : sql`(t.found_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
  const { rows } = await inListOrder(db, () =>
    sql<ContradictionRecord>`
      select x.* from ${keyRows(keys)} cross join lateral (
        select t.* from contradiction t where ${keyIs(keys.by)} and ${narrowed(filter)} and ${rest}
        order by t.found_at desc, t.id desc limit ${limit + 1}
      ) x order by x.found_at desc, x.id desc limit ${limit + 1}`.execute(db),
  )
  const total = await sql<{ n: number }>`select count(*) as n from contradiction t where ${narrowed(filter)}`.execute(
    db,
  )
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const next = rows.length > limit && last !== undefined ? encodeCursor([last.found_at.toISOString(), last.id]) : null
  return { rows: items, next, total: Number(total.rows[0]?.n ?? 0) }
}

export type FigureRow = { kind: string; source: string | null; state: string; outcome: string | null; n: number }

/** Counts by kind, and by source (a row of two sources counts with both), of the days on which they were found. */
export async function figureRows(
  db: Db,
  of: { areas: readonly AreaCode[]; from: Day; to: Day },
): Promise<{ byKind: FigureRow[]; bySource: FigureRow[] }> {
  const where = sql`${inScope('t.home_area', of.areas)} and t.found_day between ${of.from}::date and ${of.to}::date`
  const byKind = await sql<FigureRow>`
    select t.kind, null as source, t.state, t.outcome, count(*)::int as n from contradiction t where ${where} group by 1, 3, 4`.execute(
    db,
  )
  const bySource = await sql<FigureRow>`
    select '' as kind, s.source, t.state, t.outcome, count(*)::int as n from contradiction t cross join lateral unnest(t.sources) as s(source)
    where ${where} group by 2, 3, 4 order by 2`.execute(db)
  return { byKind: byKind.rows, bySource: bySource.rows }
}

export type ReusedRow = { gate_id: string; area: string; name: Say; n: number }

/** TRUTH-13: presentations that a gate had taken before, by gate; the passages themselves are not looked into. */
export async function reusedAt(db: Db, of: { areas: readonly AreaCode[]; from: Day; to: Day }): Promise<ReusedRow[]> {
  const { rows } = await sql<ReusedRow>`
    select p.gate_id, g.area, g.name, count(*)::int as n from passage p join gate g on g.county = p.county and g.id = p.gate_id
    where p.check_rule = 'CODE-9' and ${inScope('p.area', of.areas)} and p.day between ${of.from}::date and ${of.to}::date
    group by 1, 2, 3 order by 4 desc, 1 limit 50`.execute(db)
  return rows
}

export async function findContradiction(db: Db, id: string): Promise<ContradictionRecord | null> {
  return (await db.selectFrom('contradiction').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function lockContradiction(db: Db, id: string): Promise<ContradictionRecord | null> {
  return (await db.selectFrom('contradiction').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
}

export async function contradictionsOfTask(db: Db, taskId: string): Promise<ContradictionRecord[]> {
  return db.selectFrom('contradiction').selectAll().where('task_id', '=', taskId).orderBy('id').forUpdate().execute()
}

export async function contradictionsOf(db: Db, persons: readonly string[]): Promise<ContradictionRecord[]> {
  if (persons.length === 0) return []
  return db
    .selectFrom('contradiction')
    .selectAll()
    .where('person_id', 'in', [...persons])
    .orderBy('found_at', 'desc')
    .orderBy('id')
    .limit(50)
    .execute()
}

/** All of them, page by page, for the page of rights (REGISTER-20). */
export function contradictionsAbout(
  db: Db,
  persons: readonly string[],
  page: number,
): Promise<Total<ContradictionRecord>> {
  const from = sql`from contradiction where person_id = any(${[...persons]}::uuid[])`
  return pageOf(db, { select: sql`*`, from, order: sql`found_at desc, id` }, page)
}

export async function eventsOf(db: Db, of: { person_id: string; id: string }): Promise<EventRecord[]> {
  return db
    .selectFrom('contradiction_event')
    .selectAll()
    .where('person_id', '=', of.person_id)
    .where('contradiction_id', '=', of.id)
    .orderBy('n')
    .execute()
}

export type Change = {
  state?: 'asked' | 'answered' | 'closed'
  outcome?: string
  asked_how?: 'call' | 'visit'
  asked_by?: string | null
  task_county?: string
  task_id?: string
  finding?: string | null
  explained_at?: Date
  decided_by?: string | null
  decided_at?: Date
  ended_at?: Date
}

export async function changeContradiction(
  db: Db,
  of: { person_id: string; id: string; version: number },
  change: Change,
  now: Date,
): Promise<void> {
  await db
    .updateTable('contradiction')
    .set({ ...change, updated_at: now, version: of.version + 1 })
    .where('person_id', '=', of.person_id)
    .where('id', '=', of.id)
    .execute()
}

/** Of these tasks, those by which something is being asked still. */
export async function stillAsked(db: Db, taskIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('contradiction')
    .select('task_id')
    .where('task_id', 'in', [...taskIds])
    .where('state', '=', 'asked')
    .execute()
  return new Set(rows.flatMap((row) => row.task_id ?? []))
}

/** The task of a campaign that a person has open. */
export async function openTaskOf(
  db: Db,
  personId: string,
  campaignId: string,
): Promise<{ county: string; id: string } | null> {
  const row = await db
    .selectFrom('open_task')
    .select(['county', 'task_id'])
    .where('person_id', '=', personId)
    .where('campaign_id', '=', campaignId)
    .executeTakeFirst()
  return row ? { county: row.county, id: row.task_id } : null
}

export type TaskLine = {
  county: string
  id: string
  reference: string
  state: string
  disposition: string | null
  person_id: string | null
}

export async function taskLine(db: Db, county: string, id: string): Promise<TaskLine | null> {
  const row = await db
    .selectFrom('task')
    .select(['county', 'id', 'reference', 'state', 'disposition', 'person_id'])
    .where('county', '=', county)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

export async function maskedOf(db: Db, persons: readonly string[]): Promise<Map<string, string>> {
  if (persons.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['person_id', 'masked'])
    .where('person_id', 'in', [...new Set(persons)])
    .execute()
  return new Map(rows.map((row) => [row.person_id, row.masked]))
}

export async function feedNamesOf(db: Db, ids: readonly string[]): Promise<Map<string, Say>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('feed')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}
