/** SQL of instructions and receipts. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { countyOf, upper } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { leavesPhonesAt } from '@weiwang/domain/tasks/instruction'
import type { INSTRUCTION_LISTS } from '@weiwang/domain/tasks/instruction-api'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type {
  DB,
  Instruction,
  InstructionAddition,
  InstructionAttachment,
  InstructionDoor,
  InstructionVersion,
  Receipt,
} from '../core/db/types.ts'

const GRID_LEVEL = 6

export type InstructionRow = Selectable<Instruction>
export type ReceiptRow = Selectable<Receipt>
export type VersionRow = Selectable<InstructionVersion>
export type AdditionRow = Selectable<InstructionAddition>

function standing(day: Day): RawBuilder<boolean> {
  return sql<boolean>`(a.valid_from <= ${day}::date and (a.valid_to is null or a.valid_to >= ${day}::date))`
}

function inside(areas: readonly AreaCode[]): RawBuilder<boolean> {
  return inScope('a.code', areas)
}

export async function areasAtLevels(
  db: Db,
  to: readonly AreaCode[],
  day: Day,
): Promise<{ level: number; areas: number }[]> {
  const { rows } = await sql<{ level: number; areas: number }>`
    select a.level::int as level, count(distinct a.code)::int as areas from area a
    where a.level between 2 and 6 and ${inside(to)} and ${standing(day)} group by 1 order by 1`.execute(db)
  return rows
}

/** Doors of some kinds inside areas; null kinds are no doors. */
export async function countDoors(db: Db, to: readonly AreaCode[], kinds: readonly string[] | null): Promise<number> {
  if (kinds === null) return 0
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from household h where ${inScope('h.area', to)} and h.kind = any(${kinds}::text[])`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/**
 * Grids inside that no worker covers today, the first by code: a duty on the grid, on a unit of it or on an area around it counts,
 * that of a doctor, an officer or a cadre does not (TASK-13).
 */
export async function uncoveredGrids(
  db: Db,
  to: readonly AreaCode[],
  day: Day,
  limit: number,
): Promise<{ total: number; names: string[] }> {
  const { rows } = await sql<{ name: string; total: number }>`
    select a.name, (count(*) over ())::int as total from area a
    where a.level = 6 and ${inside(to)} and ${standing(day)} and not exists (
      select from duty d join account_role r on r.account_id = d.account_id and r.role = 'worker'
      where d.ended_at is null and d.from_day <= ${day}::date and (d.to_day is null or d.to_day >= ${day}::date)
        and (d.area = any(array[left(a.code, 2), left(a.code, 4), left(a.code, 6), left(a.code, 9), left(a.code, 12), a.code])
          or (d.area > a.code and d.area < a.code || ':'))
    ) order by a.code limit ${limit}`.execute(db)
  return { total: rows[0]?.total ?? 0, names: rows.map((row) => row.name) }
}

export async function insertInstruction(db: Db, row: InsertObject<DB, 'instruction'>): Promise<boolean> {
  const made = await db
    .insertInto('instruction')
    .values(row)
    .onConflict((oc) => oc.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function insertVersion(db: Db, row: InsertObject<DB, 'instruction_version'>): Promise<void> {
  await db.insertInto('instruction_version').values(row).execute()
}

export async function findInstruction(db: Db, id: string): Promise<InstructionRow | null> {
  return (await db.selectFrom('instruction').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function lockInstruction(db: Db, id: string): Promise<InstructionRow | null> {
  return (await db.selectFrom('instruction').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
}

export async function setInstruction(
  db: Db,
  id: string,
  set: Partial<Pick<InstructionRow, 'state' | 'version' | 'title' | 'due_at'>>,
): Promise<void> {
  await db.updateTable('instruction').set(set).where('id', '=', id).execute()
}

export async function versionsOf(db: Db, id: string): Promise<VersionRow[]> {
  return db.selectFrom('instruction_version').selectAll().where('instruction_id', '=', id).orderBy('version').execute()
}

export async function additionsOf(db: Db, id: string): Promise<AdditionRow[]> {
  return db
    .selectFrom('instruction_addition')
    .selectAll()
    .where('instruction_id', '=', id)
    .orderBy(sql`length(area)`)
    .orderBy('area')
    .execute()
}

export async function insertAddition(db: Db, row: InsertObject<DB, 'instruction_addition'>): Promise<boolean> {
  const made = await db
    .insertInto('instruction_addition')
    .values(row)
    .onConflict((oc) => oc.columns(['instruction_id', 'area']).doNothing())
    .returning('area')
    .executeTakeFirst()
  return made !== undefined
}

/** Instructions that are still being handed to their receivers, for who takes up what a killed process left. */
export async function sendingSince(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('instruction')
    .select('id')
    .where('state', '=', 'sending')
    .where('sent_at', '<', before)
    .execute()
  return rows.map((row) => row.id)
}

/** The counties (or the wider areas themselves) in which receivers of a level lie, in the order of the grid clocks. */
export async function countiesOf(db: Db, to: readonly AreaCode[], level: number, day: Day): Promise<string[]> {
  const { rows } = await sql<{ county: string }>`
    select distinct left(a.code, 6) collate "C" as county from area a
    where a.level = ${level} and ${inside(to)} and ${standing(day)} order by 1`.execute(db)
  return rows.map((row) => row.county)
}

export type Handing = {
  row: InstructionRow
  level: number
  to: readonly AreaCode[]
  county: string
  dueAt: Date
  by: string
  now: Date
  day: Day
}

/** Makes the receivers of one county, each once, with their first event; answers the ones that were made now. */
export async function makeReceipts(db: Db, handing: Handing): Promise<AreaCode[]> {
  const { row, level, to, county, dueAt, by, now, day } = handing
  const half = new Date(now.getTime() + (dueAt.getTime() - now.getTime()) / 2)
  const leaves = level === GRID_LEVEL ? leavesPhonesAt({ state: 'sent', doneAt: null }, dueAt, now) : null
  // A level on the way has no doors of its own, so that sums count each once.
  const doors =
    row.door_kinds === null || level !== row.level
      ? sql`0`
      : sql`(select count(*) from household h where h.area >= a.code and h.area < a.code || ':' and h.kind = any(${row.door_kinds}::text[]))`
  const { rows } = await sql<{ area: string }>`
    with made as (
      insert into receipt (county, instruction_id, area, level, version, state, sent_at, due_at, next_step_at, leaves_at, doors)
      select distinct on (a.code) left(a.code, 6), ${row.id}::uuid, a.code, ${level}::smallint, ${row.version}::integer, 'sent',
        ${now}::timestamptz, ${dueAt}::timestamptz, ${half}::timestamptz, ${leaves}::timestamptz, ${doors}
      from area a
      where a.level = ${level} and a.code >= ${county} and a.code < ${upper(county)} and ${inside(to)} and ${standing(day)}
      on conflict (county, instruction_id, area) do nothing
      returning county, area
    ), told as (
      insert into receipt_event (county, instruction_id, area, n, kind, version, by_name, occurred_at, at)
      select county, ${row.id}::uuid, area, 1, 'sent', ${row.version}::integer, ${by}, ${now}::timestamptz, ${now}::timestamptz from made
    )
    select area from made order by area collate "C"`.execute(db)
  return rows.map((one) => one.area)
}

export async function lockReceipt(db: Db, id: string, area: AreaCode): Promise<ReceiptRow | null> {
  return (
    (await db
      .selectFrom('receipt')
      .selectAll()
      .where('county', '=', countyOf(area))
      .where('instruction_id', '=', id)
      .where('area', '=', area)
      .forUpdate()
      .executeTakeFirst()) ?? null
  )
}

/** A chunk of the receivers of an instruction after an area, locked in the order of the grid clocks. */
export async function lockReceipts(db: Db, id: string, after: AreaCode, limit: number): Promise<ReceiptRow[]> {
  return db
    .selectFrom('receipt')
    .selectAll()
    .where('instruction_id', '=', id)
    .where('area', '>', after)
    .orderBy('area')
    .limit(limit)
    .forUpdate()
    .execute()
}

/** Receivers whose next half of the time given has passed; those that another process holds are passed over. */
export async function lockDueSteps(db: Db, now: Date, limit: number): Promise<ReceiptRow[]> {
  return db
    .selectFrom('receipt')
    .selectAll()
    .where('next_step_at', '<=', now)
    .orderBy('next_step_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** Of which the grid's phones are to be told that they have it no longer (INSTR-10); those that another process holds are passed over. */
export async function lockLeaving(db: Db, now: Date, limit: number): Promise<ReceiptRow[]> {
  return db
    .selectFrom('receipt')
    .selectAll()
    .where('leaves_at', '<=', now)
    .orderBy('leaves_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

export async function updateReceipt(db: Db, row: ReceiptRow, set: Partial<ReceiptRow>): Promise<void> {
  await db
    .updateTable('receipt')
    .set(set)
    .where('county', '=', row.county)
    .where('instruction_id', '=', row.instruction_id)
    .where('area', '=', row.area)
    .execute()
}

export async function appendReceiptEvent(db: Db, row: InsertObject<DB, 'receipt_event'>): Promise<void> {
  await db.insertInto('receipt_event').values(row).execute()
}

export async function receiptAt(db: Db, id: string, area: AreaCode): Promise<ReceiptRow | null> {
  return (
    (await db
      .selectFrom('receipt')
      .selectAll()
      .where('county', '=', countyOf(area))
      .where('instruction_id', '=', id)
      .where('area', '=', area)
      .executeTakeFirst()) ?? null
  )
}

export async function receiptsAt(db: Db, id: string, areas: readonly AreaCode[]): Promise<ReceiptRow[]> {
  if (areas.length === 0) return []
  return db
    .selectFrom('receipt')
    .selectAll()
    .where('county', 'in', [...new Set(areas.map(countyOf))])
    .where('instruction_id', '=', id)
    .where('area', '=', sql<string>`any(${areas}::text[])`)
    .orderBy('area')
    .execute()
}

const sums = (now: Date) => sql`
  count(*)::int as received, count(r.read_at)::int as read, count(r.accepted_at)::int as accepted,
  (count(*) filter (where r.state = 'cannot'))::int as cannot, (count(*) filter (where r.state = 'done'))::int as done,
  (count(*) filter (where r.state not in ('done', 'recalled') and r.due_at < ${now}))::int as late,
  coalesce(sum(r.doors), 0)::int as doors, coalesce(sum(r.doors_done), 0)::int as "doorsDone"`

export type ProgressRow = {
  received: number
  read: number
  accepted: number
  cannot: number
  done: number
  late: number
  doors: number
  doorsDone: number
}

/** Progress of several instructions inside a scope, in one statement. */
export async function progressOf(
  db: Db,
  ids: readonly string[],
  scope: readonly AreaCode[],
  now: Date,
): Promise<Map<string, ProgressRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<ProgressRow & { id: string }>`
    select r.instruction_id as id, ${sums(now)} from receipt r
    where r.instruction_id = any(${ids}::uuid[]) and ${inScope('r.area', scope)} group by 1`.execute(db)
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}

/** Progress by the areas of one level inside an area, and of the area itself where it has received: the rows are the whole. */
export async function progressBelow(
  db: Db,
  at: { id: string; area: AreaCode; digits: number },
  now: Date,
): Promise<(ProgressRow & { area: AreaCode })[]> {
  const { rows } = await sql<ProgressRow & { area: string }>`
    select left(r.area, ${at.digits}) as area, ${sums(now)} from receipt r
    where r.instruction_id = ${at.id} and r.area >= ${at.area} and r.area < ${upper(at.area)}
    group by 1 order by 1`.execute(db)
  return rows
}

export type ReceiptFilter = {
  id: string
  areas: readonly AreaCode[]
  list: string
  now: Date
  after: string
  limit: number
}

const LISTS: Record<string, (now: Date) => RawBuilder<boolean>> = {
  received: () => sql`true`,
  unread: () => sql`r.read_at is null`,
  read: () => sql`r.read_at is not null`,
  accepted: () => sql`r.accepted_at is not null`,
  cannot: () => sql`r.state = 'cannot'`,
  done: () => sql`r.state = 'done'`,
  late: (now) => sql`r.state not in ('done', 'recalled') and r.due_at < ${now}`,
  escalated: () => sql`r.escalated > 0`,
}

export async function listReceiptRows(db: Db, filter: ReceiptFilter): Promise<{ rows: ReceiptRow[]; total: number }> {
  const where = sql`r.instruction_id = ${filter.id} and ${inScope('r.area', filter.areas)} and ${(LISTS[filter.list] ?? (() => sql`false`))(filter.now)}`
  const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from receipt r where ${where}`.execute(
    db,
  )
  const { rows } = await sql<ReceiptRow>`
    select r.* from receipt r where ${where} and r.area > ${filter.after} order by r.area limit ${filter.limit + 1}`.execute(
    db,
  )
  return { rows, total: counted[0]?.n ?? 0 }
}

export type InstructionFilter = {
  /** Written here or inside, or received here or inside. */
  scope: readonly AreaCode[]
  /** Areas around the scope: only their instructions can have receivers here, so that the list never looks at others'. */
  around: readonly AreaCode[]
  list: (typeof INSTRUCTION_LISTS)[number]
  now: Date
  before: { at: Date; id: string } | null
  limit: number
}

function inList(filter: InstructionFilter): RawBuilder<boolean> {
  const received = (more: RawBuilder<boolean>) =>
    sql<boolean>`i.state <> 'recalled' and exists (select from receipt r where r.instruction_id = i.id and ${more})`
  switch (filter.list) {
    case 'all':
      return sql<boolean>`true`
    case 'open':
      return sql<boolean>`i.state <> 'recalled'`
    case 'late':
      return received(
        sql`${inScope('r.area', filter.scope)} and r.state not in ('done', 'recalled') and r.due_at < ${filter.now}`,
      )
    case 'unread':
      return received(sql`r.area = any(${filter.scope}::text[]) and r.state = 'sent'`)
  }
}

export async function listInstructionRows(
  db: Db,
  filter: InstructionFilter,
): Promise<{ rows: InstructionRow[]; total: number }> {
  const where = sql`${inList(filter)} and (${inScope('i.area', filter.scope)} or (i.area = any(${filter.around}::text[]) and exists (
    select from receipt r where r.instruction_id = i.id and ${inScope('r.area', filter.scope)})))`
  const { rows: counted } = await sql<{
    n: number
  }>`select count(*)::int as n from instruction i where ${where}`.execute(db)
  const rest = filter.before ? sql`(i.sent_at, i.id) < (${filter.before.at}, ${filter.before.id}::uuid)` : sql`true`
  const { rows } = await sql<InstructionRow>`
    select i.* from instruction i where ${where} and ${rest} order by i.sent_at desc, i.id desc limit ${filter.limit + 1}`.execute(
    db,
  )
  return { rows, total: counted[0]?.n ?? 0 }
}

export type AttachmentRow = Omit<Selectable<InstructionAttachment>, 'content'>

const ATTACHMENT = ['id', 'area', 'instruction_id', 'n', 'name', 'type', 'bytes', 'hash', 'by', 'at'] as const

/** False when the id is known already. */
export async function insertAttachment(db: Db, row: InsertObject<DB, 'instruction_attachment'>): Promise<boolean> {
  const made = await db
    .insertInto('instruction_attachment')
    .values(row)
    .onConflict((oc) => oc.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findAttachment(db: Db, id: string): Promise<AttachmentRow | null> {
  return (
    (await db.selectFrom('instruction_attachment').select(ATTACHMENT).where('id', '=', id).executeTakeFirst()) ?? null
  )
}

export async function attachmentContent(db: Db, id: string): Promise<Buffer | null> {
  const row = await db.selectFrom('instruction_attachment').select('content').where('id', '=', id).executeTakeFirst()
  return row?.content ?? null
}

/** Takes up what was uploaded by the writer for this area; false when another instruction has it or it is not there. */
export async function bindAttachment(
  db: Db,
  at: { id: string; instructionId: string; area: AreaCode; by: string | null; n: number },
): Promise<boolean> {
  const bound = await db
    .updateTable('instruction_attachment')
    .set({ instruction_id: at.instructionId, n: at.n })
    .where('id', '=', at.id)
    .where('area', '=', at.area)
    .where('by', '=', at.by)
    .where('instruction_id', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return bound !== undefined
}

export async function attachmentsOf(db: Db, instructionId: string): Promise<AttachmentRow[]> {
  return db
    .selectFrom('instruction_attachment')
    .select(ATTACHMENT)
    .where('instruction_id', '=', instructionId)
    .orderBy('n')
    .execute()
}

/** What was uploaded and never sent. */
export async function dropLooseAttachments(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('instruction_attachment').where('instruction_id', 'is', null).where('at', '<', before).execute()
}

/** True when the door counts now for the first time (INSTR-6). */
export async function insertDoor(db: Db, row: InsertObject<DB, 'instruction_door'>): Promise<boolean> {
  const made = await db
    .insertInto('instruction_door')
    .values(row)
    .onConflict((oc) => oc.columns(['county', 'instruction_id', 'household_id']).doNothing())
    .returning('household_id')
    .executeTakeFirst()
  return made !== undefined
}

export type DoorRow = Selectable<InstructionDoor>

/** Which visit counts a door for an instruction, and in which grid; null when none does. */
export async function doorOf(
  db: Db,
  at: { county: string; instructionId: string; householdId: string },
): Promise<DoorRow | null> {
  return (
    (await db
      .selectFrom('instruction_door')
      .selectAll()
      .where('county', '=', at.county)
      .where('instruction_id', '=', at.instructionId)
      .where('household_id', '=', at.householdId)
      .executeTakeFirst()) ?? null
  )
}

/** Another visit counts the door from now on, or none does. */
export async function setDoor(db: Db, row: DoorRow, visitId: string | null): Promise<void> {
  const at = sql`county = ${row.county} and instruction_id = ${row.instruction_id} and household_id = ${row.household_id}`
  const set =
    visitId === null
      ? sql`delete from instruction_door where ${at}`
      : sql`update instruction_door set visit_id = ${visitId} where ${at}`
  await set.execute(db)
}

export async function addDoorDone(db: Db, id: string, grid: AreaCode, n: 1 | -1): Promise<void> {
  await sql`
    update receipt set doors_done = doors_done + ${n}::integer
    where county = ${countyOf(grid)} and instruction_id = ${id} and area = ${grid}`.execute(db)
}
