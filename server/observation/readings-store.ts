import type { AreaCode } from '@weiwang/domain/areas/code'
import { pathOf } from '@weiwang/domain/areas/code'
import { DEFAULT_PLAN, readPlan } from '@weiwang/domain/observation/slots'
import type { ReadingPlan, SlotKey } from '@weiwang/domain/observation/slots'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Reading, ReadingCall, ReadingDue, ReadingPlan as PlanTable, ReadingSlot } from '../core/db/types.ts'

/** Readings one by one and in handfuls: rows of who is asked, of slots, of what was said, of calls. Lists are in readings-lists.ts. */
export type DueRow = Selectable<ReadingDue>
export type SlotRow = Selectable<ReadingSlot>
export type ReadingRow = Selectable<Reading>
export type CallRow = Selectable<ReadingCall>

export type Key = { county: string; observationId: string }

// ---- Plans -----------------------------------------------------------------------------------------------------------------

export type PlanRow = Selectable<PlanTable>

/** READ-1: plans are few; whoever follows many people reads all of them once and asks by area. */
export async function plansByArea(db: Db): Promise<(area: AreaCode) => ReadingPlan> {
  const rows = await db.selectFrom('reading_plan').select(['area', 'plan']).execute()
  const plans = new Map(rows.map((row) => [row.area, readPlan(row.plan)]))
  return (area) => {
    for (const code of pathOf(area).toReversed()) {
      const plan = plans.get(code)
      if (plan) return plan
    }
    return DEFAULT_PLAN
  }
}

export async function findPlan(db: Db, area: AreaCode): Promise<PlanRow | null> {
  const rows = await db.selectFrom('reading_plan').selectAll().where('area', 'in', pathOf(area)).execute()
  return rows.toSorted((a, b) => b.area.length - a.area.length)[0] ?? null
}

/** @returns false when another version stands there */
export async function putPlan(db: Db, row: InsertObject<DB, 'reading_plan'>, version: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows: n } = await db
    .insertInto('reading_plan')
    .values(row)
    .onConflict((oc) =>
      oc
        .column('area')
        .doUpdateSet((eb) => ({
          plan: eb.ref('excluded.plan'),
          set_by: eb.ref('excluded.set_by'),
          set_by_name: eb.ref('excluded.set_by_name'),
          set_at: eb.ref('excluded.set_at'),
          version: eb.ref('excluded.version'),
        }))
        .where('reading_plan.version', '=', version),
    )
    .executeTakeFirst()
    .then((result) => result ?? { numInsertedOrUpdatedRows: 0n })
  return Number(n ?? 0n) > 0
}

// ---- Who is asked ------------------------------------------------------------------------------------------------------------

export async function lockDue(db: Db, key: Key): Promise<DueRow | null> {
  const row = await db
    .selectFrom('reading_due')
    .selectAll()
    .where('county', '=', key.county)
    .where('observation_id', '=', key.observationId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function findDue(db: Db, key: Key): Promise<DueRow | null> {
  const row = await db
    .selectFrom('reading_due')
    .selectAll()
    .where('county', '=', key.county)
    .where('observation_id', '=', key.observationId)
    .executeTakeFirst()
  return row ?? null
}

/** Where a run of the job stands: it never looks again at what it has passed, nor at the dead entries that it leaves behind. */
export type DuePlace = { at: Date; id: string }

/** READ-10: those for whom something has come due, soonest first; skipped when another process has them. */
export async function takeDue(db: Db, now: Date, limit: number, after: DuePlace | null): Promise<DueRow[]> {
  const rest =
    after === null ? sql<boolean>`true` : sql<boolean>`(next_due, observation_id) > (${after.at}, ${after.id}::uuid)`
  return db
    .selectFrom('reading_due')
    .selectAll()
    .where('next_due', '<=', now)
    .where(rest)
    .orderBy('next_due')
    .orderBy('observation_id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

export async function insertDue(db: Db, row: InsertObject<DB, 'reading_due'>): Promise<void> {
  await db
    .insertInto('reading_due')
    .values(row)
    .onConflict((oc) => oc.columns(['county', 'observation_id']).doNothing())
    .execute()
}

export async function updateDue(db: Db, key: Key, set: UpdateObject<DB, 'reading_due'>): Promise<void> {
  await db
    .updateTable('reading_due')
    .set(set)
    .where('county', '=', key.county)
    .where('observation_id', '=', key.observationId)
    .execute()
}

export type Moved = {
  county: string
  observation_id: string
  handled_to: Date
  next_due: Date | null
  missed: number
  since: Date | null
  how: string | null
  updated_at: Date
}

export async function updateDues(db: Db, rows: readonly Moved[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update reading_due set handled_to = s.handled_to, next_due = s.next_due, missed = s.missed, since = s.since, how = s.how, updated_at = s.updated_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as s (county text, observation_id uuid, handled_to timestamptz, next_due timestamptz,
      missed smallint, since timestamptz, how text, updated_at timestamptz)
    where reading_due.county = s.county and reading_due.observation_id = s.observation_id`.execute(db)
}

/** "The n-th of mine": the next number of a responder. */
export async function nextOrdinal(db: Db, responder: string): Promise<number> {
  const { n } = await db
    .selectFrom('reading_due')
    .select((eb) => eb.fn.coalesce(eb.fn.max('ordinal'), sql<number>`0`).as('n'))
    .where('responder_person_id', '=', responder)
    .executeTakeFirstOrThrow()
  return Number(n) + 1
}

/** Everybody for whom these persons answer and who is asked for readings now. */
export async function duesOfResponders(db: Db, persons: readonly string[]): Promise<DueRow[]> {
  if (persons.length === 0) return []
  return db
    .selectFrom('reading_due')
    .selectAll()
    .where('responder_person_id', 'in', [...persons])
    .where('ended_at', 'is', null)
    .orderBy('ordinal')
    .orderBy('observation_id')
    .limit(50)
    .execute()
}

/** Who is asked inside an area, by id after a place. */
export async function duesInside(db: Db, area: AreaCode, after: string, limit: number): Promise<DueRow[]> {
  return db
    .selectFrom('reading_due')
    .selectAll()
    .where(inScope('reading_due.area', [area]))
    .where('ended_at', 'is', null)
    .where('observation_id', '>', after)
    .orderBy('observation_id')
    .limit(limit)
    .forUpdate()
    .execute()
}

/** Emergencies under which people are asked today; nobody is asked under one that has ended. */
export async function openEmergencies(db: Db, ids: readonly string[], today: string): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('emergency')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .where('state', '=', 'open')
    .where((eb) => eb.or([eb('ends', 'is', null), eb('ends', '>=', today)]))
    .execute()
  return new Set(rows.map((row) => row.id))
}

// ---- Slots -------------------------------------------------------------------------------------------------------------------

const keysOf = (keys: readonly Key[]) =>
  sql`(county, observation_id) in (select k.county, k.id from json_to_recordset(${JSON.stringify(
    keys.map((key) => ({ county: key.county, id: key.observationId })),
  )}::json) as k (county text, id uuid))`

/**
 * What came for slots whose deadline is at or after an instant. Person by person by the key: the planner cannot know how few they
 * are, and would rather read every slot that ever was (measured: 100 ms against 3 for 500 people beside 80,000 old slots).
 */
export async function slotsSince(db: Db, keys: readonly Key[], from: Date): Promise<SlotRow[]> {
  if (keys.length === 0) return []
  const of = JSON.stringify(keys.map((key) => ({ county: key.county, id: key.observationId })))
  const { rows } = await sql<SlotRow>`
    select s.* from json_to_recordset(${of}::json) as k (county text, id uuid) cross join lateral (
      select * from reading_slot r where r.county = k.county and r.observation_id = k.id and r.due_at >= ${from} offset 0
    ) s`.execute(db)
  return rows
}

export async function findSlot(db: Db, key: Key, slot: SlotKey): Promise<SlotRow | null> {
  const row = await db
    .selectFrom('reading_slot')
    .selectAll()
    .where('county', '=', key.county)
    .where('observation_id', '=', key.observationId)
    .where('day', '=', slot.day)
    .where('part', '=', slot.part)
    .executeTakeFirst()
  return row ?? null
}

/** Newest deadline first. */
export async function lastSlots(db: Db, key: Key, limit: number): Promise<SlotRow[]> {
  return db
    .selectFrom('reading_slot')
    .selectAll()
    .where('county', '=', key.county)
    .where('observation_id', '=', key.observationId)
    .orderBy('due_at', 'desc')
    .limit(limit)
    .execute()
}

export async function putSlot(db: Db, row: InsertObject<DB, 'reading_slot'>): Promise<void> {
  await db
    .insertInto('reading_slot')
    .values(row)
    .onConflict((oc) =>
      oc.columns(['county', 'observation_id', 'day', 'part']).doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        how: eb.ref('excluded.how'),
        taken_at: eb.ref('excluded.taken_at'),
        recorded_at: eb.ref('excluded.recorded_at'),
      })),
    )
    .execute()
}

export type MissedSlot = {
  county: string
  observation_id: string
  day: string
  part: string
  area: string
  emergency_id: string
  due_at: Date
  recorded_at: Date
}

/** Deadlines that passed; a reading that came in the very moment stands. @returns those that are missed now */
export async function insertMissed(db: Db, rows: readonly MissedSlot[]): Promise<{ area: string; day: string }[]> {
  if (rows.length === 0) return []
  const { rows: made } = await sql<{ area: string; day: string }>`
    insert into reading_slot (county, observation_id, day, part, area, emergency_id, due_at, state, recorded_at)
    select county, observation_id, day, part, area, emergency_id, due_at, 'missed', recorded_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as s (county text, observation_id uuid, day date, part text, area text,
      emergency_id uuid, due_at timestamptz, recorded_at timestamptz)
    on conflict (county, observation_id, day, part) do nothing
    returning area, day`.execute(db)
  return made
}

// ---- Readings ------------------------------------------------------------------------------------------------------------------

export async function findReading(db: Db, county: string, id: string): Promise<ReadingRow | null> {
  const row = await db
    .selectFrom('reading')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** @returns false when a row with this id is there already */
export async function insertReading(db: Db, row: InsertObject<DB, 'reading'>): Promise<boolean> {
  const made = await db
    .insertInto('reading')
    .values(row)
    .onConflict((oc) => oc.columns(['id', 'county']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function updateReading(
  db: Db,
  key: { county: string; id: string },
  set: UpdateObject<DB, 'reading'>,
): Promise<void> {
  await db.updateTable('reading').set(set).where('county', '=', key.county).where('id', '=', key.id).execute()
}

/** Newest first; corrected ones too when asked. */
export async function readingsOf(
  db: Db,
  keys: readonly Key[],
  of: { sinceDay: string; corrected: boolean },
): Promise<ReadingRow[]> {
  if (keys.length === 0) return []
  let query = db
    .selectFrom('reading')
    .selectAll()
    .where(sql<boolean>`${keysOf(keys)}`)
    .where('day', '>=', of.sinceDay)
  if (!of.corrected) query = query.where('superseded_by', 'is', null)
  return query.orderBy('occurred_at', 'desc').limit(1000).execute()
}

// ---- Calls ---------------------------------------------------------------------------------------------------------------------

export async function openCalls(db: Db, keys: readonly Key[]): Promise<CallRow[]> {
  if (keys.length === 0) return []
  return db
    .selectFrom('reading_call')
    .selectAll()
    .where(sql<boolean>`${keysOf(keys)}`)
    .where('closed_at', 'is', null)
    .forUpdate()
    .execute()
}

export async function findCall(db: Db, county: string, id: string): Promise<CallRow | null> {
  const row = await db
    .selectFrom('reading_call')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function callOfTask(db: Db, county: string, taskId: string): Promise<CallRow | null> {
  const row = await db
    .selectFrom('reading_call')
    .selectAll()
    .where('county', '=', county)
    .where('task_id', '=', taskId)
    .where('closed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function updateCall(
  db: Db,
  key: { county: string; id: string },
  set: UpdateObject<DB, 'reading_call'>,
): Promise<void> {
  await db.updateTable('reading_call').set(set).where('county', '=', key.county).where('id', '=', key.id).execute()
}

export type NewCall = {
  county: string
  id: string
  observation_id: string
  area: string
  emergency_id: string
  why: 'round' | 'missed'
  how: string
  missed: number
  since: Date | null
  task_id: string | null
  opened_at: Date
  not_before: Date
}

export async function insertCalls(db: Db, rows: readonly NewCall[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into reading_call (county, id, observation_id, area, emergency_id, why, how, missed, since, task_id, opened_at, not_before)
    select county, id, observation_id, area, emergency_id, why, how, missed, since, task_id, opened_at, not_before
    from json_to_recordset(${JSON.stringify(rows)}::json) as c (county text, id uuid, observation_id uuid, area text, emergency_id uuid, why text,
      how text, missed smallint, since timestamptz, task_id uuid, opened_at timestamptz, not_before timestamptz)
    on conflict (county, observation_id) where closed_at is null do nothing`.execute(db)
}

export type RaisedCall = {
  county: string
  id: string
  why: string
  how: string
  missed: number
  since: Date | null
  task_id: string | null
}

export async function raiseCalls(db: Db, rows: readonly RaisedCall[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update reading_call set why = s.why, how = s.how, missed = s.missed, since = s.since, task_id = s.task_id
    from json_to_recordset(${JSON.stringify(rows)}::json) as s (county text, id uuid, why text, how text, missed smallint, since timestamptz, task_id uuid)
    where reading_call.county = s.county and reading_call.id = s.id`.execute(db)
}

// ---- Persons behind numbers ------------------------------------------------------------------------------------------------------

export async function phonesOf(db: Db, persons: readonly string[]): Promise<Map<string, Buffer>> {
  if (persons.length === 0) return new Map()
  const rows = await db
    .selectFrom('identity')
    .select(['person_id', 'phone_sealed'])
    .where('person_id', 'in', [...new Set(persons)])
    .execute()
  return new Map(rows.flatMap((row) => (row.phone_sealed === null ? [] : [[row.person_id, row.phone_sealed]])))
}

export async function namesOf(db: Db, persons: readonly string[]): Promise<Map<string, string>> {
  if (persons.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['person_id', 'masked'])
    .where('person_id', 'in', [...new Set(persons)])
    .execute()
  return new Map(rows.map((row) => [row.person_id, row.masked]))
}

export type Observed = {
  county: string
  id: string
  area: string
  responsible_area: string
  emergency_id: string
  person_id: string
  household_id: string | null
  responder_person_id: string | null
  masked: string
  measure: string
  start_day: string
  end_day: string | null
  exposure_day: string | null
  count_from: string
  opened_at: Date
  opened_day: string
  ended_at: Date | null
  current: unknown
}

export async function findObserved(db: Db, keys: readonly Key[]): Promise<Observed[]> {
  if (keys.length === 0) return []
  // Whose file is deleted is nobody any more.
  const rows = await db
    .selectFrom('observation')
    .select([
      'county',
      'id',
      'area',
      'responsible_area',
      'emergency_id',
      'person_id',
      'household_id',
      'responder_person_id',
      'masked',
      'measure',
      'start_day',
      'end_day',
      'exposure_day',
      'count_from',
      'opened_at',
      'opened_day',
      'ended_at',
      'current',
    ])
    .where('county', 'in', [...new Set(keys.map((key) => key.county))])
    .where('id', 'in', [...new Set(keys.map((key) => key.observationId))])
    .execute()
  return rows.flatMap(({ person_id, ...row }) => (person_id === null ? [] : [{ ...row, person_id }]))
}

/** Slots that the story of an observation names as missed already: `observation/slot`. */
export async function toldMissed(
  db: Db,
  items: readonly { county: string; observationId: string; slots: readonly string[] }[],
): Promise<Set<string>> {
  if (items.length === 0) return new Set()
  const wanted = items.flatMap((one) => one.slots.map((slot) => ({ county: one.county, id: one.observationId, slot })))
  const { rows } = await sql<{ name: string }>`
    select e.observation_id || '/' || (e.body ->> 'slot') as name
    from json_to_recordset(${JSON.stringify(wanted)}::json) as k (county text, id uuid, slot text)
    join observation_event e on e.county = k.county and e.observation_id = k.id and e.kind = 'missed' and e.body ->> 'slot' = k.slot`.execute(
    db,
  )
  return new Set(rows.map((row) => row.name))
}

/** Of these observations, those from which nothing has come since a deadline passed. */
export async function silentOf(db: Db, keys: readonly Key[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await db
    .selectFrom('reading_due')
    .select('observation_id')
    .where(sql<boolean>`${keysOf(keys)}`)
    .where('missed', '>', 0)
    .execute()
  return new Set(rows.map((row) => row.observation_id))
}
