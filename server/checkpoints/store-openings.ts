/** SQL of opening passages to find contacts. What is read of a passage is its sealed code id and what a visitor left, by gate and hours. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, PassageOpening } from '../core/db/types.ts'
import type { Cut, Paging } from './store.ts'

export type OpeningRow = Selectable<PassageOpening>

export async function insertOpening(db: Db, row: InsertObject<DB, 'passage_opening'>): Promise<void> {
  await db.insertInto('passage_opening').values(row).execute()
}

export async function lockOpening(db: Db, scope: readonly AreaCode[], id: string): Promise<OpeningRow | null> {
  const row = await db
    .selectFrom('passage_opening')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('passage_opening.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** One proposal at a time for a county, so that limits count everybody. */
export async function lockOpenings(db: Db, county: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('passage_opening', hashtext(${county})))`.execute(db)
}

/** Openings of a case, and of each of these gates on a day; what was refused does not count. */
export async function openingsBefore(
  db: Db,
  of: { caseNumber: string; county: string; gateIds: readonly string[]; day: Day },
): Promise<{ ofCase: number; ofGate: number }> {
  const { rows } = await sql<{ ofCase: number; ofGate: number }>`
    select (select count(*)::int from passage_opening where case_number = ${of.caseNumber} and state <> 'refused') as "ofCase",
      (select coalesce(max(n), 0)::int from (
        select count(*) as n from passage_opening o cross join lateral unnest(o.gate_ids) g (id)
        where o.county = ${of.county} and o.day = ${of.day}::date and o.state <> 'refused' and g.id = any(${[...of.gateIds]}::uuid[]) group by g.id
      ) x) as "ofGate"`.execute(db)
  return rows[0] ?? { ofCase: 0, ofGate: 0 }
}

export type Decided = {
  state: 'refused' | 'done'
  by: string
  at: Date
  note: Buffer | null
  counts?: { passages: number; withCode: number; people: number }
  result?: Buffer
}

export async function decideOpeningRow(db: Db, row: OpeningRow, set: Decided): Promise<void> {
  await db
    .updateTable('passage_opening')
    .set({
      state: set.state,
      decided_by_name: set.by,
      decided_at: set.at,
      note_sealed: set.note,
      counts: set.counts === undefined ? null : json(set.counts),
      result_sealed: set.result ?? null,
    })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

const ByTime = z.tuple([z.iso.datetime(), z.uuid()])

export async function listOpenings(
  db: Db,
  filter: { areas: readonly AreaCode[]; state?: string | undefined },
  paging: Paging,
): Promise<Cut<OpeningRow>> {
  const parts: RawBuilder<unknown>[] = [inScope('t.area', filter.areas)]
  if (filter.state !== undefined) parts.push(sql`t.state = ${filter.state}`)
  const where = sql.join(parts, sql` and `)
  const at = decodeCursor(ByTime, paging.cursor)
  const rest = at === null ? sql`true` : sql`(t.proposed_at, t.id) < (${at[0]}::timestamptz, ${at[1]}::uuid)`
  const { rows } = await sql<OpeningRow>`
    select t.* from passage_opening t where ${where} and ${rest} order by t.proposed_at desc, t.id desc limit ${paging.limit + 1}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`select count(*)::int as n from passage_opening t where ${where}`.execute(db)
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor([last.proposed_at.toISOString(), last.id]) : null,
    total: counted.rows[0]?.n ?? 0,
  }
}

export type Sealed = {
  id: string
  day: Day
  emergency_id: string
  code_sealed: Buffer | null
  more_sealed: Buffer | null
}

/** GATE-11: by gates and hours, and by nothing else. */
export async function passagesInWindow(
  db: Db,
  of: { county: string; gateIds: readonly string[]; from: Date; to: Date },
): Promise<Sealed[]> {
  const { rows } = await sql<Sealed>`
    select id, day, emergency_id, code_sealed, more_sealed from passage
    where county = ${of.county} and gate_id = any(${[...of.gateIds]}::uuid[]) and at >= ${of.from} and at < ${of.to}`.execute(
    db,
  )
  return rows
}

/** How people of a result are called and where they live now. */
export async function peopleOf(
  db: Db,
  ids: readonly string[],
): Promise<{ person_id: string; masked: string; home_area: AreaCode }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ person_id: string; masked: string; home_area: AreaCode }>`
    select person_id, masked, home_area from person where person_id = any(${[...ids]}::uuid[]) order by home_area, person_id`.execute(
    db,
  )
  return rows
}
