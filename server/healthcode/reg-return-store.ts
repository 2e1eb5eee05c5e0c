/** SQL of returns: events first, the row beside them; lists by expected day. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { ReturnEvent } from '@weiwang/domain/healthcode/reg-return'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, ReturnEvent as ReturnEventTable, ReturnRegistration } from '../core/db/types.ts'
import { boundedCount } from '../people/store.ts'

export type ReturnRow = Selectable<ReturnRegistration>
type EventRow = Selectable<ReturnEventTable>

export const EXPECTED = ['submitted', 'triaged', 'host_notified'] as const
const OPEN = [...EXPECTED, 'arrived_confirmed', 'health_plan_started', 'no_show'] as const

export async function insertReturn(db: Db, row: InsertObject<DB, 'return_registration'>): Promise<void> {
  await db.insertInto('return_registration').values(row).execute()
}

export async function updateReturn(
  db: Db,
  key: { county: string; id: string },
  set: UpdateObject<DB, 'return_registration'>,
): Promise<void> {
  await db
    .updateTable('return_registration')
    .set(set)
    .where('county', '=', key.county)
    .where('id', '=', key.id)
    .execute()
}

export async function appendReturnEvents(
  db: Db,
  of: { county: string; id: string; area: string; from: number; by: string | null; at: Date },
  events: readonly ReturnEvent[],
): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('return_event')
    .values(
      events.map((event, i) => ({
        county: of.county,
        return_id: of.id,
        n: of.from + i,
        area: of.area,
        kind: event.kind,
        body: json<unknown>(event.body),
        by: of.by,
        recorded_at: of.at,
      })),
    )
    .execute()
}

export async function lockReturn(db: Db, scope: readonly AreaCode[], id: string): Promise<ReturnRow | null> {
  const row = await db
    .selectFrom('return_registration')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('return_registration.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Of these persons, newest first. */
export async function returnsOf(db: Db, persons: readonly string[], limit: number): Promise<ReturnRow[]> {
  if (persons.length === 0) return []
  return db
    .selectFrom('return_registration')
    .selectAll()
    .where('person_id', 'in', [...persons])
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
}

export async function returnEvents(db: Db, keys: readonly { county: string; id: string }[]): Promise<EventRow[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<EventRow>`
    select e.* from return_event e
    join unnest(${keys.map((key) => key.county)}::text[], ${keys.map((key) => key.id)}::uuid[]) as k (county, id)
      on e.county = k.county collate "C" and e.return_id = k.id
    order by e.return_id, e.n`.execute(db)
  return rows
}

/** Open returns of persons, locked in the order of their ids. */
export async function lockOpenReturns(db: Db, persons: readonly string[]): Promise<ReturnRow[]> {
  if (persons.length === 0) return []
  const { rows } = await sql<ReturnRow>`
    select * from return_registration
    where person_id = any(${[...persons]}::uuid[]) and state = any(${[...OPEN]}::text[]) order by id for update`.execute(
    db,
  )
  return rows
}

/** Who should have come by now, a few at a time; rows in another process's hands are passed over. */
export async function overdueReturns(db: Db, today: Day, limit: number): Promise<ReturnRow[]> {
  const { rows } = await sql<ReturnRow>`
    select * from return_registration where grace_until < ${today}::date and state in ('submitted', 'triaged', 'host_notified')
    order by grace_until, id limit ${limit} for update skip locked`.execute(db)
  return rows
}

export type ReturnFilter = {
  areas: readonly AreaCode[]
  list: 'expected' | 'late' | 'arrived' | 'all'
  state: string | undefined
  from: Day | undefined
  to: Day | undefined
  today: Day
}

/** "Late" is a comparison with the day, so that a list is true before any job has run (case 66). */
function meets(filter: ReturnFilter): RawBuilder<unknown> {
  const waiting = sql<boolean>`r.state in ('submitted', 'triaged', 'host_notified')`
  const late = sql<boolean>`(r.state = 'no_show' or (${waiting} and r.grace_until < ${filter.today}::date))`
  const lists: Record<ReturnFilter['list'], RawBuilder<boolean>> = {
    expected: sql<boolean>`(${waiting} and r.grace_until >= ${filter.today}::date)`,
    late,
    arrived: sql<boolean>`r.state in ('arrived_confirmed', 'health_plan_started')`,
    all: sql<boolean>`true`,
  }
  const parts = [inScope('r.area', filter.areas), sql<boolean>`r.blanked_at is null`, lists[filter.list]]
  if (filter.state !== undefined) parts.push(sql<boolean>`r.state = ${filter.state}`)
  if (filter.from !== undefined) parts.push(sql<boolean>`r.expected_day >= ${filter.from}::date`)
  if (filter.to !== undefined) parts.push(sql<boolean>`r.expected_day <= ${filter.to}::date`)
  return sql`from return_registration r where ${sql.join(parts, sql` and `)}`
}

export async function listReturnRows(
  db: Db,
  filter: ReturnFilter,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ rows: ReturnRow[]; next: string | null; total: number }> {
  const from = meets(filter)
  const total = await boundedCount(db, from)
  const at = /^(\d{4}-\d{2}-\d{2})~([0-9a-f-]{36})$/.exec(page.cursor ?? '')
  const after = at
    ? sql<boolean>`(r.expected_day, r.id) > (${at[1] ?? ''}::date, ${at[2] ?? ''}::uuid)`
    : sql<boolean>`true`
  const { rows } =
    await sql<ReturnRow>`select r.* ${from} and ${after} order by r.expected_day, r.id limit ${page.limit + 1}`.execute(
      db,
    )
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return { rows: items, next: rows.length > page.limit && last ? `${last.expected_day}~${last.id}` : null, total }
}

/** Expected and late by child area, in the same words as the lists. */
export async function countReturns(
  db: Db,
  of: { areas: readonly AreaCode[]; digits: number; today: Day },
): Promise<{ area: string; expected: number; late: number }[]> {
  const { rows } = await sql<{ area: string; expected: number; late: number }>`
    select left(r.area, ${of.digits}) as area,
      count(*) filter (where r.state <> 'no_show' and r.grace_until >= ${of.today}::date)::int as expected,
      count(*) filter (where r.state = 'no_show' or r.grace_until < ${of.today}::date)::int as late
    from return_registration r
    where ${inScope('r.area', of.areas)} and r.blanked_at is null and r.state in ('submitted', 'triaged', 'host_notified', 'no_show')
    group by 1 order by 1 limit 5000`.execute(db)
  return rows
}

/** Erases ended returns of a person; returns how many, and how many are still open. */
export async function eraseReturns(db: Db, personId: string): Promise<{ erased: number; kept: number }> {
  const ended = sql`(county, id) in (select county, id from return_registration
    where person_id = ${personId}::uuid and state in ('completed', 'cancelled', 'no_show'))`
  await sql`delete from return_event where (county, return_id) in (select county, id from return_registration
    where person_id = ${personId}::uuid and state in ('completed', 'cancelled', 'no_show'))`.execute(db)
  const { rows } = await sql<{ id: string }>`delete from return_registration where ${ended} returning id`.execute(db)
  const left = await sql<{ n: number }>`
    select count(*)::int as n from return_registration where person_id = ${personId}::uuid`.execute(db)
  return { erased: rows.length, kept: left.rows[0]?.n ?? 0 }
}
