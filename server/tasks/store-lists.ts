import type { AreaCode } from '@weiwang/domain/areas/code'
import { levelOf } from '@weiwang/domain/areas/code'
import type { TaskList } from '@weiwang/domain/tasks/api'
import { HERE_CODES } from '@weiwang/domain/tasks/disposition'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { sumCounts } from '../core/counters.ts'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor, inListOrder, keyIs, keyRows, pageKeys } from '../core/db/keyed-page.ts'
import type { PageKeys } from '../core/db/keyed-page.ts'
import { atCodes, inScope } from '../core/db/scope.ts'
import type { TaskRow } from './store.ts'

/** Lists of tasks, list entries and transfers: a page in the list's order, and the exact total of the same filter. */
export type Where = {
  areas: readonly AreaCode[]
  own: boolean
  /** Exact codes that the present organisation adds to the area and takes from it (AREA-10). */
  plus?: readonly AreaCode[]
  minus?: readonly AreaCode[]
}
export type Paging = { limit: number; cursor?: string | undefined }
export type Paged<T> = { rows: T[]; next: string | null; total: number }

export type TaskFilter = Where & {
  list: TaskList
  now: Date
  from: string
  to: string
  grade?: string | undefined
  campaignId?: string | undefined
  disposition?: string | undefined
  assignee?: string | undefined
  reference?: string | undefined
  updatedSince?: Date | undefined
}

export function cut<T>(rows: T[], limit: number, total: number, place: (row: T) => (string | number)[]): Paged<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { rows: items, next: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null, total }
}

/** Scope and, for `own`, exactly the area, then the fold of ended areas; on the alias `t`. */
export function placed(where: Where): RawBuilder<boolean> {
  const { plus = [], minus = [] } = where
  const scope = inScope('t.area', where.areas)
  const here = where.own ? sql<boolean>`(${scope} and t.area = ${where.areas[0] ?? ''})` : scope
  const kept = minus.length === 0 ? here : sql<boolean>`(${here} and not ${atCodes('t.area', minus)})`
  return plus.length === 0 ? kept : sql<boolean>`(${kept} or ${atCodes('t.area', plus)})`
}

/** The keys of a page over a place: of its areas and of what is folded into it. */
export function keysOf(db: Db, where: Where): Promise<PageKeys> {
  return pageKeys(db, [...where.areas, ...(where.plus ?? [])], where.own)
}

const OPEN = sql`t.answered_at is null and t.closed_at is null`

function listed(filter: TaskFilter): RawBuilder<unknown> {
  switch (filter.list) {
    case 'open':
      return OPEN
    case 'accepted':
      return sql`${OPEN} and t.accepted_at is not null`
    case 'overdue':
      return sql`${OPEN} and t.answer_by < ${filter.now}`
    case 'unaccepted':
      return sql`${OPEN} and t.accept_by < ${filter.now}`
    case 'unresolved':
      return sql`${OPEN} and char_length(t.area) < 15`
    case 'waiting':
      return sql`${OPEN} and t.state = 'waiting'`
    case 'escalated':
      return sql`${OPEN} and t.escalated > 0`
    case 'review':
      return sql`t.state = 'review'`
    case 'answered':
      return sql`t.answered_day between ${filter.from} and ${filter.to}`
    case 'found':
      return sql`t.answered_day between ${filter.from} and ${filter.to} and t.disposition in (${sql.join(HERE_CODES)})`
    case 'withdrawn':
    case 'expired':
      return sql`t.outcome = ${filter.list} and t.outcome in ('withdrawn', 'expired') and t.closed_day between ${filter.from} and ${filter.to}`
  }
}

function narrowed(filter: TaskFilter): RawBuilder<unknown> {
  const parts = [listed(filter), placed(filter)]
  if (filter.grade !== undefined) parts.push(sql`t.grade = ${filter.grade}`)
  if (filter.campaignId !== undefined) parts.push(sql`t.campaign_id = ${filter.campaignId}`)
  if (filter.disposition !== undefined) parts.push(sql`t.disposition = ${filter.disposition}`)
  if (filter.assignee !== undefined) parts.push(sql`t.assignee = ${filter.assignee}`)
  if (filter.reference !== undefined) parts.push(sql`t.reference = ${filter.reference}`)
  if (filter.updatedSince !== undefined) parts.push(sql`t.updated_at >= ${filter.updatedSince}`)
  return sql.join(parts, sql` and `)
}

const UrgentPlace = z.tuple([z.number(), z.iso.datetime(), z.uuid()])
const DayPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])

function isFlow(list: TaskList): boolean {
  return list === 'answered' || list === 'found'
}

async function pageOfTasks(db: Db, filter: TaskFilter, paging: Paging): Promise<TaskRow[]> {
  const n = paging.limit + 1
  const keys = await keysOf(db, filter)
  if (isFlow(filter.list)) {
    const after = decodeCursor(DayPlace, paging.cursor)
    const rest =
      after === null
        ? sql`true`
        : sql`(t.answered_day, t.answered_at, t.id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`
    const { rows } = await sql<TaskRow>`
      select x.* from ${keyRows(keys)} cross join lateral (
        select t.* from task t where ${keyIs(keys.by)} and ${narrowed(filter)} and ${rest}
        order by t.answered_day desc, t.answered_at desc, t.id desc limit ${n}
      ) x order by x.answered_day desc, x.answered_at desc, x.id desc limit ${n}`.execute(db)
    return rows
  }
  const after = decodeCursor(UrgentPlace, paging.cursor)
  const rest =
    after === null
      ? sql`true`
      : sql`(t.urgency, t.answer_by, t.id) > (${after[0]}::smallint, ${after[1]}::timestamptz, ${after[2]}::uuid)`
  const { rows } = await sql<TaskRow>`
    select x.* from ${keyRows(keys)} cross join lateral (
      select t.* from task t where ${keyIs(keys.by)} and ${narrowed(filter)} and ${rest}
      order by t.urgency, t.answer_by, t.id limit ${n}
    ) x order by x.urgency, x.answer_by, x.id limit ${n}`.execute(db)
  return rows
}

/** Exact. Answers of a span without further filters are the counters' sum (STAT-1); the rest is counted by an index. */
async function totalOfTasks(db: Db, filter: TaskFilter): Promise<number> {
  const plain =
    filter.grade === undefined &&
    filter.campaignId === undefined &&
    filter.assignee === undefined &&
    filter.reference === undefined &&
    filter.updatedSince === undefined
  if (plain && isFlow(filter.list) && countable(filter)) {
    const sums = await sumCounts(db, filter, filter)
    let total = 0
    for (const [metric, count] of sums) {
      if (!metric.startsWith('answered:')) continue
      const code = metric.slice('answered:'.length)
      if (filter.list === 'found' && !HERE_CODES.includes(code)) continue
      if (filter.disposition === undefined || filter.disposition === code) total += count
    }
    return total
  }
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from task t where ${narrowed(filter)}`.execute(db)
  return rows[0]?.n ?? 0
}

/** Counters stand at grids: a filter finer than that is counted by rows. */
export function countable(where: Where): boolean {
  return where.areas.every((area) => area.length <= 15)
}

export async function listTasks(db: Db, filter: TaskFilter, paging: Paging): Promise<Paged<TaskRow>> {
  const rows = await inListOrder(db, () => pageOfTasks(db, filter, paging))
  const total = await totalOfTasks(db, filter)
  return cut(rows, paging.limit, total, (row) =>
    isFlow(filter.list)
      ? [row.answered_day ?? '', row.answered_at?.toISOString() ?? '', row.id]
      : [row.urgency, row.answer_by.toISOString(), row.id],
  )
}

export type ListEntryRow = {
  push_id: string
  person_id: string
  masked: string
  area: string
  grade: string
  outcome: string
  task_id: string | null
  day: string
  at: Date
  state: string | null
  disposition: string | null
}

export type EntryFilter = Where & {
  from: string
  to: string
  pushId?: string | undefined
  grade?: string | undefined
  outcome?: string | undefined
}

const EntryPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])

function entries(filter: EntryFilter): RawBuilder<unknown> {
  const parts = [
    placed(filter),
    filter.pushId === undefined
      ? sql`t.day between ${filter.from} and ${filter.to}`
      : sql`t.push_id = ${filter.pushId}`,
  ]
  if (filter.grade !== undefined) parts.push(sql`t.grade = ${filter.grade}`)
  if (filter.outcome !== undefined) parts.push(sql`t.outcome = ${filter.outcome}`)
  return sql.join(parts, sql` and `)
}

export async function listEntries(db: Db, filter: EntryFilter, paging: Paging): Promise<Paged<ListEntryRow>> {
  const n = paging.limit + 1
  const keys = await keysOf(db, filter)
  const after = decodeCursor(EntryPlace, paging.cursor)
  const rest =
    after === null
      ? sql`true`
      : sql`(t.day, t.at, t.person_id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`
  const page = sql<ListEntryRow>`
    select x.*, k.state, k.disposition from (
      select x.* from ${keyRows(keys)} cross join lateral (
        select t.* from list_entry t where ${keyIs(keys.by)} and ${entries(filter)} and ${rest}
        order by t.day desc, t.at desc, t.person_id desc limit ${n}
      ) x order by x.day desc, x.at desc, x.person_id desc limit ${n}
    ) x left join task k on k.id = x.task_id and ${inScope('k.area', [...filter.areas, ...(filter.plus ?? [])])}
    order by x.day desc, x.at desc, x.person_id desc`
  const { rows } = await inListOrder(db, () => page.execute(db))
  return cut(rows, paging.limit, await totalOfEntries(db, filter), (row) => [
    row.day,
    row.at.toISOString(),
    row.person_id,
  ])
}

async function totalOfEntries(db: Db, filter: EntryFilter): Promise<number> {
  if (filter.pushId === undefined && filter.outcome === undefined && countable(filter)) {
    const sums = await sumCounts(db, filter, filter)
    if (filter.grade !== undefined) return sums.get(`listed:${filter.grade}`) ?? 0
    return [...sums].reduce((total, [metric, count]) => (metric.startsWith('listed:') ? total + count : total), 0)
  }
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from list_entry t where ${entries(filter)}`.execute(db)
  return rows[0]?.n ?? 0
}

export type TransferRow = {
  task_id: string
  county: string
  area: string
  other: string
  masked: string
  day: string
  at: Date
  n: number
}

/** STAT-7: a transfer is out of an area when the other end lies outside it: fewer shared levels than the area has. */
export async function listTransfers(
  db: Db,
  filter: Where & { direction: 'in' | 'out'; from: string; to: string },
  paging: Paging,
): Promise<Paged<TransferRow>> {
  const crossing = filter.areas.map(
    (area) => sql`(${inScope('t.area', [area])} and t.shared < ${area === '' ? 0 : levelOf(area)})`,
  )
  // What an ended area left behind crosses the border of the area that it stands in now.
  const [first] = filter.areas
  if (first && filter.plus && filter.plus.length > 0)
    crossing.push(sql`(${atCodes('t.area', filter.plus)} and t.shared < ${levelOf(first)})`)
  const where = sql`t.direction = ${filter.direction} and t.day between ${filter.from} and ${filter.to} and ${placed(filter)}
    and (${crossing.length === 0 ? sql`false` : sql.join(crossing, sql` or `)})`
  const after = decodeCursor(EntryPlace, paging.cursor)
  const rest =
    after === null
      ? sql`true`
      : sql`(t.day, t.at, t.task_id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`
  const { rows } = await sql<TransferRow>`
    select t.* from task_transfer t where ${where} and ${rest} order by t.day desc, t.at desc, t.task_id desc limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from task_transfer t where ${where}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => [row.day, row.at.toISOString(), row.task_id])
}

export type OpenFigure = {
  code: string
  grade: string
  open: number
  accepted: number
  overdue: number
  unaccepted: number
  unresolved: number
  waiting: number
  escalated: number
}

/** Where figures of now are counted: inside an area, or at exactly some codes. */
export type Counted = { area: AreaCode } | { codes: readonly AreaCode[] }

export function countedAt(at: Counted): RawBuilder<boolean> {
  return 'area' in at ? inScope('t.area', [at.area]) : atCodes('t.area', at.codes)
}

/** Figures of now, by the first `digits` of the area and grade: one pass over the index of open tasks. */
export async function openFigures(db: Db, at: Counted, digits: number, now: Date): Promise<OpenFigure[]> {
  const { rows } = await sql<OpenFigure>`
    select left(t.area, ${digits}) as code, t.grade, count(*)::int as open,
      count(*) filter (where t.accepted_at is not null)::int as accepted,
      count(*) filter (where t.answer_by < ${now})::int as overdue,
      count(*) filter (where t.accept_by < ${now})::int as unaccepted,
      count(*) filter (where char_length(t.area) < 15)::int as unresolved,
      count(*) filter (where t.state = 'waiting')::int as waiting,
      count(*) filter (where t.escalated > 0)::int as escalated
    from task t where ${OPEN} and ${countedAt(at)} group by 1, 2`.execute(db)
  return rows
}

export async function reviewFigures(db: Db, at: Counted, digits: number): Promise<{ code: string; n: number }[]> {
  const { rows } = await sql<{ code: string; n: number }>`
    select left(t.area, ${digits}) as code, count(*)::int as n from task t where t.state = 'review' and ${countedAt(at)} group by 1`.execute(
    db,
  )
  return rows
}
