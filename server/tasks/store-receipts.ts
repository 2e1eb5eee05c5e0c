/** SQL of receipts that follow their areas. */
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { InstructionRow, ReceiptRow } from './store-instructions.ts'

/** Receipts whose area has ended and became others; the codes are few, and each is asked by index. Those held elsewhere wait. */
export async function lockEndedReceipts(db: Db, limit: number): Promise<ReceiptRow[]> {
  const { rows } = await sql<ReceiptRow>`
    select r.* from (select distinct code from area_successor) s join receipt r on r.area = s.code
    where not exists (select from area a where a.code = r.area and a.valid_to is null)
    order by r.instruction_id, r.area limit ${limit} for update of r skip locked`.execute(db)
  return rows
}

/** A receiver that goes on where another ended: its row and all that was said there, with who said it and when. */
export async function copyReceipt(db: Db, row: ReceiptRow, to: AreaCode, note: Buffer | null): Promise<boolean> {
  const { rows } = await sql<{ area: string }>`
    insert into receipt (county, instruction_id, area, level, version, n, state, sent_at, due_at, read_at, accepted_at, done_at,
      passed_on_at, escalated, next_step_at, leaves_at, told_name, by_name, note_sealed)
    select ${countyOf(to)}, instruction_id, ${to}, level, version, n, state, sent_at, due_at, read_at, accepted_at, done_at,
      passed_on_at, escalated, next_step_at, leaves_at, told_name, by_name, ${note}::bytea
    from receipt where county = ${row.county} and instruction_id = ${row.instruction_id} and area = ${row.area}
    on conflict (county, instruction_id, area) do nothing returning area`.execute(db)
  if (rows.length === 0) return false
  await sql`
    insert into receipt_event (county, instruction_id, area, n, kind, version, step, by, by_name, occurred_at, at)
    select ${countyOf(to)}, instruction_id, ${to}, n, kind, version, step, by, by_name, occurred_at, at
    from receipt_event where county = ${row.county} and instruction_id = ${row.instruction_id} and area = ${row.area}
    on conflict (county, instruction_id, area, n) do nothing`.execute(db)
  return true
}

/** The row goes; what was said there stays among the events. */
export async function endReceipt(db: Db, row: ReceiptRow): Promise<void> {
  await db
    .deleteFrom('receipt')
    .where('county', '=', row.county)
    .where('instruction_id', '=', row.instruction_id)
    .where('area', '=', row.area)
    .execute()
}

/** Doors that were counted for the ended receiver count where they lie now; a door that is nowhere any more at the first successor. */
export async function moveDoorsDone(db: Db, row: ReceiptRow, to: readonly AreaCode[]): Promise<void> {
  const digits = row.area.length
  const rest = to[0] ?? row.area
  const lies = sql`coalesce((select left(h.area, ${digits}::integer) from household h
    where h.id = d.household_id and left(h.area, ${digits}::integer) = any(${to}::text[])), ${rest})`
  const old = sql`d.county = ${row.county} and d.instruction_id = ${row.instruction_id} and d.area = ${row.area}`
  await sql`update instruction_door d set area = ${lies} where ${old} and left(${lies}, 6) = d.county`.execute(db)
  // No row changes its distribution key: into another county it is written anew.
  await sql`
    insert into instruction_door (county, instruction_id, household_id, area, visit_id, at)
    select left(${lies}, 6), d.instruction_id, d.household_id, ${lies}, d.visit_id, d.at from instruction_door d where ${old}
    on conflict (county, instruction_id, household_id) do nothing`.execute(db)
  await sql`delete from instruction_door d where ${old}`.execute(db)
}

/** What a receiver has to do and has done at doors, counted anew (INSTR-6). */
export async function recountDoors(db: Db, row: InstructionRow, area: AreaCode, level: number): Promise<void> {
  const doors =
    row.door_kinds === null || level !== row.level
      ? sql`0`
      : sql`(select count(*) from household h where h.area >= ${area} and h.area < ${`${area}:`} and h.kind = any(${row.door_kinds}::text[]))`
  await sql`
    update receipt set doors = ${doors}, doors_done = (
      select count(*) from instruction_door d where d.county = ${countyOf(area)} and d.instruction_id = ${row.id} and d.area = ${area})
    where county = ${countyOf(area)} and instruction_id = ${row.id} and area = ${area}`.execute(db)
}
