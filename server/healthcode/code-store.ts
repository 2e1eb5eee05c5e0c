/** SQL of the code: states and their history, signed codes, the list of replaced ones, other places' keys. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { CodeState, CodeTrigger } from '@weiwang/domain/healthcode/code-api'
import type { CodeEvent, CodeNow, CodeReasonRow } from '@weiwang/domain/healthcode/code-state'
import type { Reason } from '@weiwang/domain/grading/rule-set'
import { Colour } from '@weiwang/domain/grading/rule-set'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { gradedAsOf } from '../grading/store.ts'

const StoredState = CodeState.exclude(['none'])

export type CodeRow = {
  person_id: string
  home_area: AreaCode
  emergency_id: string
  n: number
  state: string
  rule_set_id: string | null
  from_day: Day
  until_day: Day | null
  reasons: CodeReasonRow[]
  applied_at: Date
  changed_at: Date
  told_n: number
  held_until: Day | null
}

export function codeNow(row: CodeRow): CodeNow {
  return {
    n: row.n,
    state: StoredState.parse(row.state),
    ruleSetId: row.rule_set_id,
    fromDay: row.from_day,
    untilDay: row.until_day,
    reasons: row.reasons,
  }
}

/** Always in the order of the ids, so that no two transactions wait for each other in a ring. */
export async function lockCodes(db: Db, ids: readonly string[]): Promise<Map<string, CodeRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<CodeRow>`
    select * from code where person_id = any(${[...ids]}::uuid[]) order by person_id for update`.execute(db)
  return new Map(rows.map((row) => [row.person_id, row]))
}

/** Two that make the first code of one person wait for each other here: there is no row to lock yet. */
export async function lockFirst(db: Db, ids: readonly string[]): Promise<void> {
  for (const id of ids.toSorted())
    await sql`select pg_advisory_xact_lock(hashtextextended('code/' || ${id}::text, 0))`.execute(db)
}

export async function findCodes(db: Db, ids: readonly string[]): Promise<Map<string, CodeRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<CodeRow>`select * from code where person_id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.person_id, row]))
}

export type Subject = {
  person_id: string
  home_area: AreaCode
  emergency_id: string
  masked: string
  registered_here: boolean | null
  purpose: string | null
  /** The day of the declaration that stands, or of the registration. */
  declared_on: Day | null
  residence: string | null
  colour: z.infer<typeof Colour> | null
  rule_set_id: string | null
  from_day: Day | null
  until_day: Day | null
  reasons: Reason[] | null
}

/** Everything that decides a code, of many persons in one statement: who, what they declared, how they are graded today. */
export async function subjectsOf(db: Db, ids: readonly string[], today: Day): Promise<Subject[]> {
  if (ids.length === 0) return []
  const wanted = sql`${[...ids]}::uuid[]`
  const { rows } = await sql<Subject>`
    select p.person_id, p.home_area, p.emergency_id, p.masked, r.registered_here, r.purpose,
      coalesce(d.day, r.registered_day) as declared_on, h.kind as residence,
      g.colour, g.rule_set_id, g.from_day, g.until_day, g.reasons
    from person p
    left join registration r on r.person_id = p.person_id and r.erased_at is null
    left join declaration d on d.person_id = p.person_id and d.superseded_at is null
    left join residence h on h.person_id = p.person_id and h.to_day is null
    left join (select * from ${gradedAsOf(today, sql<boolean>`g.person_id = any(${wanted})`)} x where x.colour is not null) g
      on g.person_id = p.person_id
    where p.person_id = any(${wanted}) order by p.person_id`.execute(db)
  return rows.map((row) => ({
    ...row,
    colour: Colour.safeParse(row.colour).data ?? null,
    until_day: row.until_day === '9999-12-31' ? null : row.until_day,
  }))
}

export type Changed = { personId: string; area: AreaCode; emergencyId: string; event: CodeEvent; tell: boolean }

/** Writes events and the states after them, in two statements whatever their number. */
export async function writeChanges(
  db: Db,
  changes: readonly Changed[],
  of: { now: Date; runId: string | null; by: string | null },
): Promise<void> {
  if (changes.length === 0) return
  const rows = JSON.stringify(
    changes.map(({ personId, area, emergencyId, event, tell }) => ({
      person_id: personId,
      home_area: area,
      emergency_id: emergencyId,
      n: event.n,
      from_state: event.from,
      to_state: event.state,
      trigger: event.trigger,
      rule_set_id: event.ruleSetId,
      from_day: event.fromDay,
      until_day: event.untilDay,
      reasons: event.reasons,
      told_n: tell ? event.n - 1 : event.n,
    })),
  )
  const recordset = sql`json_to_recordset(${rows}::json) as c (person_id uuid, home_area text, emergency_id uuid, n integer, from_state text,
    to_state text, trigger text, rule_set_id uuid, from_day date, until_day date, reasons jsonb, told_n integer)`
  await sql`
    insert into code_event (person_id, n, home_area, at, from_state, to_state, trigger, rule_set_id, from_day, until_day, reasons, run_id, by)
    select person_id, n, home_area, ${of.now}::timestamptz, from_state, to_state, trigger, rule_set_id, from_day, until_day, reasons,
      ${of.runId}::uuid, ${of.by}::uuid from ${recordset}`.execute(db)
  await sql`
    insert into code as t (person_id, home_area, emergency_id, n, state, rule_set_id, from_day, until_day, reasons, applied_at, changed_at, told_n)
    select person_id, home_area, emergency_id, n, to_state, rule_set_id, from_day, until_day, reasons, ${of.now}::timestamptz,
      ${of.now}::timestamptz, told_n from ${recordset}
    on conflict (person_id) do update set home_area = excluded.home_area, emergency_id = excluded.emergency_id, n = excluded.n,
      state = excluded.state, rule_set_id = excluded.rule_set_id, from_day = excluded.from_day, until_day = excluded.until_day,
      reasons = excluded.reasons, changed_at = excluded.changed_at,
      told_n = case when excluded.told_n = excluded.n then excluded.n when t.told_n < t.n then t.told_n else excluded.told_n end`.execute(
    db,
  )
}

/** CODE-21: stopped to the end of a day, or no longer. */
export async function setHeld(db: Db, personId: string, until: Day | null): Promise<void> {
  await db.updateTable('code').set({ held_until: until }).where('person_id', '=', personId).execute()
}

/** Whether it was stopped after a day (CODE-21). */
export async function wasStoppedSince(db: Db, personId: string, day: Day): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select 1 as n from code_event where person_id = ${personId}::uuid and to_state = 'suspended' and from_day >= ${day}::date limit 1`.execute(
    db,
  )
  return rows.length > 0
}

/** Persons of a run who have a code, in the order of ids. */
export async function codesOfRun(db: Db, runId: string, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select g.person_id from grade g join code c on c.person_id = g.person_id
    where g.run_id = ${runId}::uuid and g.person_id > ${after}::uuid order by g.person_id limit ${limit}`.execute(db)
  return rows.map((row) => row.person_id)
}

/** Codes whose last day is over. */
export async function codesPastEnd(db: Db, today: Day, limit: number): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select person_id from code where until_day < ${today}::date order by person_id limit ${limit}`.execute(db)
  return rows.map((row) => row.person_id)
}

export async function codesOfEmergency(db: Db, id: string, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select person_id from code where emergency_id = ${id}::uuid and state <> 'expired' and person_id > ${after}::uuid
    order by person_id limit ${limit}`.execute(db)
  return rows.map((row) => row.person_id)
}

export type EventRow = {
  person_id: string
  n: number
  at: Date
  from: z.infer<typeof CodeState>
  to: z.infer<typeof CodeState>
  trigger: z.infer<typeof CodeTrigger>
  reasons: CodeReasonRow[]
}

/** The newest changes of each of these, newest first. */
export async function eventsOf(
  db: Db,
  ids: readonly string[],
  { most, before }: { most: number; before?: number },
): Promise<EventRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{
    person_id: string
    n: number
    at: Date
    from_state: string
    to_state: string
    trigger: string
    reasons: CodeReasonRow[]
  }>`
    select e.person_id, e.n, e.at, e.from_state, e.to_state, e.trigger, e.reasons
    from unnest(${[...ids]}::uuid[]) as w (id)
    cross join lateral (select * from code_event x where x.person_id = w.id and ${before === undefined ? sql`true` : sql`x.n < ${before}`} order by x.n desc limit ${most}) e
    order by e.person_id, e.n desc`.execute(db)
  return rows.map((row) => ({
    person_id: row.person_id,
    n: row.n,
    at: row.at,
    from: CodeState.parse(row.from_state),
    to: CodeState.parse(row.to_state),
    trigger: CodeTrigger.parse(row.trigger),
    reasons: row.reasons,
  }))
}

// ---- rule sets in short

/** The names that stand in codes, for these rule sets where they have one already. */
export async function shortsOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('code_rule_set').selectAll().where('rule_set_id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.rule_set_id, row.short]))
}

/** Takes a short name for a rule set; null when somebody else has it. */
export async function takeShort(db: Db, short: string, ruleSetId: string): Promise<string | null> {
  await sql`insert into code_rule_set (short, rule_set_id) values (${short}, ${ruleSetId}::uuid) on conflict do nothing`.execute(
    db,
  )
  return (await shortsOf(db, [ruleSetId])).get(ruleSetId) ?? null
}

export type NamedRuleSet = { short: string; ruleSetId: string; name: { zh: string; en: string }; area: string }

export async function namedRuleSets(db: Db): Promise<NamedRuleSet[]> {
  const rows = await db
    .selectFrom('code_rule_set as s')
    .innerJoin('rule_set as r', 'r.id', 's.rule_set_id')
    .select(['s.short', 's.rule_set_id', 'r.name', 'r.area'])
    .orderBy('s.short')
    .execute()
  return rows.map((row) => ({ short: row.short, ruleSetId: row.rule_set_id, name: row.name, area: row.area }))
}
