import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { GradeFact, GradedSubject, Mate } from '@weiwang/domain/grading/evaluate'
import type { ManualChange } from '@weiwang/domain/grading/manual'
import { isManual } from '@weiwang/domain/grading/manual'
import { MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import type { RiskSpan } from '@weiwang/domain/grading/risk'
import { Colour, Grade } from '@weiwang/domain/grading/rule-set'
import type { Reason, Rules } from '@weiwang/domain/grading/rule-set'
import { DEGREES, FACT_KINDS } from '@weiwang/domain/feeds/fact'
import { RISK_LEVELS } from '@weiwang/domain/feeds/api'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { GradeRun, RuleSet as RuleSetTable } from '../core/db/types.ts'
import type { Selectable } from 'kysely'

export type RunRow = Selectable<GradeRun>
export type RuleSetRow = Selectable<RuleSetTable>

/** A member of a closed list, or undefined: what the database's own checks have kept out cannot come back in. */
function oneOf<T extends string | number>(list: readonly T[], value: unknown): T | undefined {
  return list.find((item) => item === value)
}

export function gradeOf(value: string | null): Grade | null {
  return Grade.safeParse(value).data ?? null
}

export function colourOf(value: string | null): Colour | null {
  return Colour.safeParse(value).data ?? null
}

// ---- what a run reads

/** Risk areas that are not withdrawn and ended no earlier than `since`. */
export async function riskSpans(db: Db, since: Day): Promise<RiskSpan[]> {
  const rows = await db
    .selectFrom('risk_area')
    .select(['area', 'level', 'from_day', 'to_day'])
    .where('withdrawn_at', 'is', null)
    .where((eb) => eb.or([eb('to_day', 'is', null), eb('to_day', '>=', since)]))
    .execute()
  return rows.flatMap((row) => {
    const level = oneOf(RISK_LEVELS, row.level)
    return level ? [{ area: row.area, level, from: row.from_day, to: row.to_day }] : []
  })
}

/** Sources that someone outside the centre has approved for red (GRADE-9). */
export async function redSources(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('feed').select('id').where('may_give_red', '=', true).orderBy('id').execute()
  return rows.map((row) => row.id)
}

export type Aliases = { alias: string[]; target: string[] }

/** Merged records with the record that stands for them at the end of the chain (case 77). */
export async function aliasMap(db: Db): Promise<Aliases> {
  const { rows } = await sql<{ person_id: string; target: string }>`
    with recursive c as (
      select person_id, target, 1 as depth from person_alias
      union all
      select c.person_id, a.target, c.depth + 1 from c join person_alias a on a.person_id = c.target where c.depth < 20)
    select distinct on (person_id) person_id, target from c order by person_id, depth desc`.execute(db)
  return { alias: rows.map((r) => r.person_id), target: rows.map((r) => r.target) }
}

export async function distinctPlaces(db: Db, text: string): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`${sql.raw(text)}`.execute(db)
  return rows.map((row) => row.place)
}

/** The rule sets in force with their areas; the smaller area goes before the larger one that holds it. */
export async function activeRuleSets(db: Db): Promise<RuleSetRow[]> {
  return db.selectFrom('rule_set').selectAll().where('state', '=', 'active').orderBy('area').execute()
}

export async function findRuleSet(db: Db, id: string): Promise<RuleSetRow | undefined> {
  return db.selectFrom('rule_set').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The rule set that judges the people of an area: of those in force that hold it, the one of the smallest area. */
export async function ruleSetFor(db: Db, area: AreaCode): Promise<RuleSetRow | undefined> {
  const active = await activeRuleSets(db)
  return active.filter((row) => area.startsWith(row.area)).toSorted((a, b) => b.area.length - a.area.length)[0]
}

// ---- one person

type FactRow = {
  person_id: string
  kind: string
  place: string | null
  value: string | null
  degree: number | null
  from_day: string
  to_day: string
  source: string
  recorded_at: Date
}

function factOf(row: FactRow): GradeFact[] {
  const kind = oneOf(FACT_KINDS, row.kind)
  if (!kind) return []
  return [
    {
      kind,
      place: row.place,
      value: row.value,
      degree: oneOf(DEGREES, row.degree) ?? null,
      from: row.from_day,
      to: row.to_day,
      source: row.source,
      recordedAt: row.recorded_at.getTime(),
    },
  ]
}

/** The record that stands for a person, and every record that it stands for. */
export async function recordsOf(db: Db, personId: string): Promise<{ target: string; records: string[] }> {
  const { rows } = await sql<{ target: string }>`
    with recursive c as (
      select ${personId}::uuid as target, 0 as depth
      union all
      select a.target, c.depth + 1 from c join person_alias a on a.person_id = c.target where c.depth < 20)
    select target from c order by depth desc limit 1`.execute(db)
  const target = rows[0]?.target ?? personId
  const all = await sql<{ id: string }>`
    with recursive c as (
      select ${target}::uuid as id, 0 as depth
      union all
      select a.person_id, c.depth + 1 from c join person_alias a on a.target = c.id where c.depth < 20)
    select distinct id from c`.execute(db)
  return { target, records: all.rows.map((r) => r.id) }
}

async function factsOf(db: Db, records: readonly string[]): Promise<GradeFact[]> {
  if (records.length === 0) return []
  const rows = await db
    .selectFrom('fact')
    .select(['person_id', 'kind', 'place', 'value', 'degree', 'from_day', 'to_day', 'source', 'recorded_at'])
    .where('person_id', 'in', records)
    .where('withdrawn_at', 'is', null)
    .execute()
  return rows.flatMap(factOf)
}

export type ManualRow = {
  id: string
  grade: Grade | null
  colour: Colour | null
  reason: string
  caseNo: string | null
  until: Day
  by: string | null
  approvedBy: string | null
  at: Date
  from: Day
  /** When it was ended before its last day (GRADE-31). */
  endedAt: Date | null
}

/** Changes by hand, the newest first. */
export async function manualRows(db: Db, personId: string): Promise<ManualRow[]> {
  const rows = await db
    .selectFrom('grade_manual')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return rows.map((r) => ({
    id: r.id,
    grade: gradeOf(r.grade),
    colour: colourOf(r.colour),
    reason: r.reason,
    caseNo: r.case_no,
    until: r.until_day,
    by: r.by,
    approvedBy: r.approved_by,
    at: r.at,
    from: r.from_day,
    endedAt: r.ended_at,
  }))
}

/** GRADE-31: ends changes by hand of one person that stand; those of somebody else are not touched. Returns the ids that ended. */
export async function endManual(
  db: Db,
  personId: string,
  ids: readonly string[],
  of: { by: string | null; now: Date },
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .updateTable('grade_manual')
    .set({ ended_at: of.now, ended_by: of.by })
    .where('person_id', '=', personId)
    .where('id', 'in', [...ids])
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  return rows.map((row) => row.id).toSorted()
}

export async function manualOn(db: Db, personId: string, day: Day): Promise<ManualChange | null> {
  for (const row of await manualRows(db, personId)) {
    const reason = oneOf(MANUAL_REASONS, row.reason)
    if (!reason || row.endedAt !== null) continue
    const change: ManualChange = {
      grade: row.grade,
      colour: row.colour,
      reason,
      from: row.from,
      until: row.until,
      at: row.at.getTime(),
    }
    if (isManual(change, day)) return change
  }
  return null
}

/**
 * Everything that the evaluator needs to know about one person and who lives with them (GRADE-11). For the jobs role.
 * @param judged a filter over `p.home_area`: whom the same rule set judges
 */
export async function subjectOf(
  db: Db,
  personId: string,
  day: Day,
  judged: RawBuilder<boolean>,
): Promise<GradedSubject> {
  const { target, records } = await recordsOf(db, personId)
  const { rows } = await sql<{ person_id: string; door: string; since: Day }>`
    select r2.person_id, d.kind as door, greatest(r1.from_day, r2.from_day) as since
    from residence r1
    join household d on d.county = r1.county and d.id = r1.household_id
    join residence r2 on r2.household_id = r1.household_id and r2.to_day is null
    where r1.person_id in (${sql.join(records)}) and r1.to_day is null and r1.household_id is not null`.execute(db)
  const mates: Mate[] = []
  for (const row of rows) {
    const mate = await recordsOf(db, row.person_id)
    if (mate.target === target) continue
    const { rows: inside } =
      await sql`select 1 from person p where p.person_id = ${mate.target}::uuid and ${judged}`.execute(db)
    if (inside.length === 0) continue
    mates.push({
      door: row.door,
      since: row.since,
      facts: await factsOf(db, mate.records),
      manual: await manualOn(db, mate.target, day),
    })
  }
  return { facts: await factsOf(db, records), mates, manual: await manualOn(db, target, day) }
}

// ---- rule sets

export function rulesOf(row: RuleSetRow): Rules {
  return row.rules
}

// ---- the effective grade of today

/**
 * Grades as of a day, as a relation (GRADE-8): a stored row holds until its last day; for one whose last day is over while
 * the midnight run is late, what its own reasons still give. Columns person_id, home_area, rule_set_id, grade, colour,
 * from_day, until_day, reasons. Give a filter over `g` (indexed columns of grade_now) to keep both halves small.
 */
export function gradedAsOf(day: Day, filter: ReturnType<typeof sql<boolean>>): ReturnType<typeof sql> {
  return sql`(
    select g.person_id, g.home_area, g.rule_set_id, g.grade, g.colour, g.from_day, g.until_day, g.reasons
    from grade_now g
    where ${filter} and (g.until_day is null or g.until_day >= ${day}::date) and (g.grade is not null or g.colour is not null)
    union all
    select g.person_id, g.home_area, g.rule_set_id, e.grade, e.colour, g.from_day,
           least((select max(coalesce(x->>'until', '9999-12-31')) from jsonb_array_elements(e.live) x where x->>'grade' = e.grade),
                 (select max(coalesce(x->>'until', '9999-12-31')) from jsonb_array_elements(e.live) x where x->>'colour' = e.colour))::date,
           e.live
    from grade_now g
    cross join lateral (
      select l.live,
        (select x->>'grade' from jsonb_array_elements(l.live) x where x->>'grade' is not null
         order by case x->>'grade' when 'red' then 3 when 'yellow' then 2 else 1 end desc limit 1) as grade,
        (select x->>'colour' from jsonb_array_elements(l.live) x where x->>'colour' is not null
         order by case x->>'colour' when 'red' then 4 when 'yellow' then 3 when 'pending' then 2 else 1 end desc limit 1) as colour
      from (select coalesce(jsonb_agg(x order by i), '[]') as live from jsonb_array_elements(g.reasons) with ordinality t(x, i)
            where x->>'until' is null or x->>'until' >= ${day}) l) e
    where ${filter} and g.review_day <= ${day}::date and g.until_day < ${day}::date and (e.grade is not null or e.colour is not null))`
}

export type NowRow = {
  person_id: string
  home_area: string
  rule_set_id: string
  grade: Grade | null
  colour: Colour | null
  from_day: Day
  until_day: Day | null
  reasons: Reason[]
}

/** What a person has today, or undefined. The caller checks the scope by `home_area`. For any room that comes after. */
export async function gradeToday(db: Db, personId: string, day: Day): Promise<NowRow | undefined> {
  const { rows } =
    await sql<NowRow>`select * from ${gradedAsOf(day, sql<boolean>`g.person_id = ${personId}::uuid`)} x`.execute(db)
  const row = rows[0]
  return row && { ...row, until_day: row.until_day === '9999-12-31' ? null : row.until_day }
}
