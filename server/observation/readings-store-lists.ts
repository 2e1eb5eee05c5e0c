import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { sumCounts } from '../core/counters.ts'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, inListOrder, keyIs, keyRows } from '../core/db/keyed-page.ts'
import { atCodes, inScope } from '../core/db/scope.ts'
import { countable, cut, keysOf, placed } from '../tasks/store-lists.ts'
import type { Counted, Paged, Paging, Where } from '../tasks/store-lists.ts'
import type { CallRow, ReadingRow, SlotRow } from './readings-store.ts'

/** Lists of slots, calls and readings: a page in the list's order and the exact total of the same filter. */
export const SLOT_STATES = ['on_time', 'late', 'missed'] as const
export type SlotFilter = Where & {
  state: (typeof SLOT_STATES)[number] | undefined
  from: string
  to: string
  observationId: string | undefined
}

const SlotPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])
export type ListedSlot = SlotRow & { masked: string | null }

function slotWhere(filter: SlotFilter): RawBuilder<unknown> {
  const parts = [placed(filter), sql`t.day between ${filter.from} and ${filter.to}`]
  if (filter.observationId !== undefined) parts.push(sql`t.observation_id = ${filter.observationId}`)
  return sql.join(parts, sql` and `)
}

/** Two slots of one person never have the same deadline, so that the deadline stands for the part of the day in the order. */
export async function listSlots(db: Db, filter: SlotFilter, paging: Paging): Promise<Paged<ListedSlot>> {
  const n = paging.limit + 1
  const keys = await keysOf(db, filter)
  const states = filter.state === undefined ? SLOT_STATES : [filter.state]
  const after = decodeCursor(SlotPlace, paging.cursor)
  const rest =
    after === null
      ? sql`true`
      : sql`(t.day, t.due_at, t.observation_id) < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`
  const at = keys.by === 'county' ? sql`t.responsible_county = k.key` : sql`t.village = k.key`
  const page = sql<ListedSlot>`
    select x.*, d.masked from (
      select x.* from ${keyRows(keys)} cross join unnest(${[...states]}::text[]) as s(state) cross join lateral (
        select t.* from reading_slot t where ${at} and t.state = s.state and ${slotWhere(filter)} and ${rest}
        order by t.day desc, t.due_at desc, t.observation_id desc limit ${n}
      ) x order by x.day desc, x.due_at desc, x.observation_id desc limit ${n}
    ) x left join reading_due d on d.county = x.county and d.observation_id = x.observation_id
    order by x.day desc, x.due_at desc, x.observation_id desc`
  const { rows } = await inListOrder(db, () => page.execute(db))
  return cut(rows, paging.limit, await totalOfSlots(db, filter, states), (row) => [
    row.day,
    row.due_at.toISOString(),
    row.observation_id,
  ])
}

async function totalOfSlots(db: Db, filter: SlotFilter, states: readonly string[]): Promise<number> {
  if (filter.observationId === undefined && countable(filter)) {
    const sums = await sumCounts(db, filter, filter)
    return states.reduce((total, state) => total + (sums.get(`reading:${state}`) ?? 0), 0)
  }
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from reading_slot t where t.state = any(${[...states]}::text[]) and ${slotWhere(filter)}`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

export type CallFilter = Where & { list: 'due' | 'open' | 'door' | 'done'; now: Date; from: Date; to: Date }

const CallPlace = z.tuple([z.iso.datetime(), z.uuid()])
const OPEN = sql`t.closed_at is null`

function callWhere(filter: CallFilter): RawBuilder<unknown> {
  switch (filter.list) {
    case 'due':
      return sql`${OPEN} and t.how = 'call' and t.not_before <= ${filter.now}`
    case 'open':
      return OPEN
    case 'door':
      return sql`${OPEN} and t.how = 'door'`
    case 'done':
      return sql`t.closed_at >= ${filter.from} and t.closed_at < ${filter.to}`
  }
}

/** Those to be made longest first; those that are done newest first. */
export async function listCalls(db: Db, filter: CallFilter, paging: Paging): Promise<Paged<CallRow>> {
  const n = paging.limit + 1
  const where = sql`${callWhere(filter)} and ${placed(filter)}`
  const after = decodeCursor(CallPlace, paging.cursor)
  if (filter.list === 'done') {
    const rest = after === null ? sql`true` : sql`(t.closed_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    const { rows } = await sql<CallRow>`
      select t.* from reading_call t where ${where} and ${rest} order by t.closed_at desc, t.id desc limit ${n}`.execute(
      db,
    )
    return cut(rows, paging.limit, await totalOfCalls(db, where), (row) => [row.closed_at?.toISOString() ?? '', row.id])
  }
  const keys = await keysOf(db, filter)
  const rest = after === null ? sql`true` : sql`(t.not_before, t.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
  const page = sql<CallRow>`
    select x.* from ${keyRows(keys)} cross join lateral (
      select t.* from reading_call t where ${keyIs(keys.by)} and ${where} and ${rest} order by t.not_before, t.id limit ${n}
    ) x order by x.not_before, x.id limit ${n}`
  const { rows } = await inListOrder(db, () => page.execute(db))
  return cut(rows, paging.limit, await totalOfCalls(db, where), (row) => [row.not_before.toISOString(), row.id])
}

async function totalOfCalls(db: Db, where: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from reading_call t where ${where}`.execute(db)
  return rows[0]?.n ?? 0
}

/** Who waits for a call or for the door now, by the first `digits` of the area: a figure of now. */
export async function callFigures(db: Db, at: Counted, digits: number): Promise<{ code: string; n: number }[]> {
  const place = 'area' in at ? inScope('t.area', [at.area]) : atCodes('t.area', at.codes)
  const { rows } = await sql<{ code: string; n: number }>`
    select left(t.area, ${digits}) as code, count(*)::int as n from reading_call t where ${OPEN} and ${place} group by 1`.execute(
    db,
  )
  return rows
}

export async function listReadings(
  db: Db,
  key: { county: string; observationId: string },
  paging: Paging,
): Promise<Paged<ReadingRow>> {
  const after = decodeCursor(CallPlace, paging.cursor)
  const rest = after === null ? sql`true` : sql`(t.occurred_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
  const mine = sql`t.county = ${key.county} and t.observation_id = ${key.observationId}`
  const { rows } = await sql<ReadingRow>`
    select t.* from reading t where ${mine} and ${rest} order by t.occurred_at desc, t.id desc limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from reading t where ${mine}`.execute(db)
  return cut(rows, paging.limit, counted.rows[0]?.n ?? 0, (row) => [row.occurred_at.toISOString(), row.id])
}
