import type { AreaCode } from '@weiwang/domain/areas/code'
import { childLength } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { Say } from '@weiwang/domain/core/say'
import type { Reason } from '@weiwang/domain/grading/rule-set'
import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope, within } from '../core/db/scope.ts'
import type { GradeManualBatch } from '../core/db/types.ts'
import { gradedAsOf } from './store.ts'
import type { NowRow, RunRow } from './store.ts'

/** What the screens read: runs, previews, graded people, their figures. Every function takes the reader's areas. */
export type NamedRun = RunRow & { rule_set_name: Say }

export type ListRunRows = {
  areas: readonly AreaCode[]
  kind?: string | undefined
  state?: string | undefined
  after: { at: string; id: string } | null
  limit: number
}

export async function listRuns(
  db: Db,
  { areas, kind, state, after, limit }: ListRunRows,
): Promise<{ rows: NamedRun[]; total: number }> {
  const base = db
    .selectFrom('grade_run')
    .innerJoin('rule_set', 'rule_set.id', 'grade_run.rule_set_id')
    .where(inScope('grade_run.area', areas))
    .$if(kind !== undefined, (q) => q.where('grade_run.kind', '=', kind ?? ''))
    .$if(state !== undefined, (q) => q.where('grade_run.state', '=', state ?? ''))
  const count = await base.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirst()
  const rows = await base
    .selectAll('grade_run')
    .select('rule_set.name as rule_set_name')
    .$if(after !== null, (q) =>
      q.where(
        sql<boolean>`(grade_run.started_at, grade_run.id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`,
      ),
    )
    .orderBy('grade_run.started_at', 'desc')
    .orderBy('grade_run.id', 'desc')
    .limit(limit)
    .execute()
  return { rows, total: count?.n ?? 0 }
}

export async function findNamedRun(db: Db, areas: readonly AreaCode[], id: string): Promise<NamedRun | undefined> {
  return db
    .selectFrom('grade_run')
    .innerJoin('rule_set', 'rule_set.id', 'grade_run.rule_set_id')
    .selectAll('grade_run')
    .select('rule_set.name as rule_set_name')
    .where('grade_run.id', '=', id)
    .where(inScope('grade_run.area', areas))
    .executeTakeFirst()
}

export type PreviewCell = {
  area: string
  old_grade: string
  old_colour: string
  grade: string
  colour: string
  n: number
}

/** The distribution of a preview over the areas one level below each of the reader's (GRADE-21). */
export async function previewCells(db: Db, runId: string, areas: readonly AreaCode[]): Promise<PreviewCell[]> {
  const out: PreviewCell[] = []
  for (const area of areas) {
    const { rows } = await sql<PreviewCell>`
      select left(area, ${childLength(area)}) as area, old_grade, old_colour, grade, colour, sum(n)::bigint as n
      from grade_preview where run_id = ${runId}::uuid and ${inScope('area', [area])}
      group by 1, 2, 3, 4, 5 order by 1`.execute(db)
    out.push(...rows)
  }
  return out
}

export type SampleRow = {
  person_id: string
  masked: string
  home_area: string
  old_grade: string | null
  old_colour: string | null
  grade: string | null
  colour: string | null
  until_day: Day | null
  reasons: Reason[]
}

export async function previewSamples(db: Db, runId: string, areas: readonly AreaCode[]): Promise<SampleRow[]> {
  const { rows } = await sql<SampleRow>`
    select x.person_id, p.masked, x.home_area, x.old_grade, x.old_colour, x.grade, x.colour, x.until_day, x.reasons
    from grade_next x join person p on p.person_id = x.person_id
    where x.run_id = ${runId}::uuid and ${inScope('x.home_area', areas)}
      and (x.grade is distinct from x.old_grade or x.colour is distinct from x.old_colour)
    order by x.person_id limit 10`.execute(db)
  return rows
}

export type GradedFilter = {
  areas: readonly AreaCode[]
  grade?: string | undefined
  colour?: string | undefined
  day: Day
}

function filtered({ areas, grade, colour, day }: GradedFilter): ReturnType<typeof sql> {
  const conditions = [
    ...(grade === undefined ? [] : [sql`x.grade = ${grade}`]),
    ...(colour === undefined ? [] : [sql`x.colour = ${colour}`]),
  ]
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`
  return sql`${gradedAsOf(day, inScope('g.home_area', areas))} x ${where}`
}

export async function listGraded(
  db: Db,
  filter: GradedFilter,
  page: { after: { area: string; id: string } | null; limit: number },
): Promise<{ rows: (NowRow & { masked: string })[]; total: number }> {
  const count = await sql<{ n: number }>`select count(*) as n from ${filtered(filter)}`.execute(db)
  const { areas, day, grade, colour } = filter
  const after =
    page.after === null
      ? sql`true`
      : sql`(g.home_area, g.person_id) > (${page.after.area} collate "C", ${page.after.id}::uuid)`
  const conditions = [
    ...(grade === undefined ? [] : [sql`x.grade = ${grade}`]),
    ...(colour === undefined ? [] : [sql`x.colour = ${colour}`]),
    sql`true`,
  ]
  const { rows } = await sql<NowRow & { masked: string }>`
    select y.*, coalesce(p.masked, '*') as masked from (
      select * from ${gradedAsOf(day, sql<boolean>`${inScope('g.home_area', areas)} and ${after}`)} x
      where ${sql.join(conditions, sql` and `)} order by x.home_area, x.person_id limit ${page.limit}) y
    left join person p on p.person_id = y.person_id order by y.home_area, y.person_id`.execute(db)
  return { rows, total: count.rows[0]?.n ?? 0 }
}

export type CountRow = { area: string; grade: string | null; colour: string | null; n: number }

/** Figures of today by area, cut to codes of `length`. */
export async function countGraded(db: Db, area: AreaCode, length: number, day: Day): Promise<CountRow[]> {
  const { rows } = await sql<CountRow>`
    select left(x.home_area, ${length}) as area, x.grade, x.colour, count(*) as n
    from ${gradedAsOf(day, inScope('g.home_area', [area]))} x group by 1, 2, 3`.execute(db)
  return rows
}

export type HistoryRow = {
  n: number
  rule_set_id: string
  rule_set_name: Say
  grade: string | null
  colour: string | null
  from_day: Day
  until_day: Day | null
  reasons: Reason[]
  by: string | null
  case_no: string | null
  recorded_at: Date
}

export async function gradeHistory(db: Db, personId: string): Promise<HistoryRow[]> {
  return db
    .selectFrom('grade')
    .innerJoin('rule_set', 'rule_set.id', 'grade.rule_set_id')
    .select([
      'n',
      'rule_set_id',
      'rule_set.name as rule_set_name',
      'grade',
      'colour',
      'from_day',
      'until_day',
      'reasons',
      'by',
      'case_no',
      'recorded_at',
    ])
    .where('person_id', '=', personId)
    .orderBy('n', 'desc')
    .limit(100)
    .execute()
}

export type PersonRow = { person_id: string; home_area: string; masked: string }

export async function personsInScope(db: Db, areas: readonly AreaCode[], ids: readonly string[]): Promise<PersonRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('person')
    .select(['person_id', 'home_area', 'masked'])
    .where('person_id', 'in', ids)
    .where(inScope('person.home_area', areas))
    .execute()
}

/**
 * How many of these have no fact since a day, of their own or of a record merged into theirs, that could speak for red (GRADE-26): one of a source that may give red, and nothing to do
 * with these accounts: neither delivered by one of them nor of a source that one of them proposed or approved for red.
 */
export async function countUnexplained(
  db: Db,
  ids: readonly string[],
  since: Day,
  by: readonly string[],
): Promise<number> {
  const accounts = sql`${by.filter((id) => /^[0-9a-f-]{36}$/.test(id))}::uuid[]`
  const { rows } = await sql<{ n: number }>`
    with recursive r as (
      select id as root, id, 0 as depth from unnest(${ids}::uuid[]) as u(id)
      union all
      select r.root, a.person_id, r.depth + 1 from r join person_alias a on a.target = r.id where r.depth < 20)
    select count(*) as n from unnest(${ids}::uuid[]) as u(id)
    where not exists (
      select 1 from r join fact f on f.person_id = r.id join feed s on s.id = f.source and s.may_give_red
      left join batch b on b.id = f.batch_id
      where r.root = u.id and f.withdrawn_at is null and f.to_day >= ${since}::date
        and (s.red_proposed_by is null or s.red_proposed_by <> all(${accounts}))
        and (s.red_approved_by is null or s.red_approved_by <> all(${accounts}))
        and (b.by is null or b.by <> all(${accounts})))`.execute(db)
  return rows[0]?.n ?? 0
}

/** Counted and added to by one at a time. */
export async function lockRedByHand(db: Db, county: AreaCode): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('grade.red/' || ${county}::text, 0))`.execute(db)
}

/** Who of a county is red by hand today with nothing on record since a day. */
export async function countRedByHand(db: Db, county: AreaCode, of: { today: Day; since: Day }): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select distinct m.person_id as id from grade_manual m
    where ${within('m.home_area', county)} and m.at >= ${of.since}::date and m.until_day >= ${of.today}::date and m.ended_at is null
      and (m.grade = 'red' or m.colour = 'red')`.execute(db)
  return countUnexplained(
    db,
    rows.map((row) => row.id),
    of.since,
    [],
  )
}

export type Stand = { grade: string | null; colour: string | null }

/** What each of these people has today; who has nothing is not in the answer. */
export async function standings(db: Db, ids: readonly string[], day: Day): Promise<Map<string, Stand>> {
  const { rows } = await sql<Stand & { person_id: string }>`
    select x.person_id, x.grade, x.colour from ${gradedAsOf(day, sql<boolean>`g.person_id = any(${ids}::uuid[])`)} x`.execute(
    db,
  )
  return new Map(rows.map(({ person_id, ...stand }) => [person_id, stand]))
}

// ---- batches of changes by hand

export type BatchRow = Selectable<GradeManualBatch>

export async function lockBatch(db: Db, id: string): Promise<BatchRow | undefined> {
  return db.selectFrom('grade_manual_batch').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function listBatches(
  db: Db,
  list: {
    areas: readonly AreaCode[]
    state?: string | undefined
    after: { at: string; id: string } | null
    limit: number
  },
): Promise<{ rows: BatchRow[]; total: number }> {
  const base = db
    .selectFrom('grade_manual_batch')
    .where(inScope('grade_manual_batch.area', list.areas))
    .$if(list.state !== undefined, (q) => q.where('state', '=', list.state ?? ''))
  const count = await base.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirst()
  const { after } = list
  const rows = await base
    .selectAll()
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(proposed_at, id) < (${after?.at ?? ''}::timestamptz, ${after?.id ?? ''}::uuid)`),
    )
    .orderBy('proposed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(list.limit)
    .execute()
  return { rows, total: count?.n ?? 0 }
}

export type NewBatch = {
  id: string
  area: string
  persons: string[]
  grade: string | null
  colour: string | null
  reason: string
  caseNo: string | null
  until: Day
  by: string | null
  byCreatedBy: string | null
  now: Date
}

export async function insertBatch(db: Db, batch: NewBatch): Promise<void> {
  await db
    .insertInto('grade_manual_batch')
    .values({
      id: batch.id,
      area: batch.area,
      state: 'proposed',
      persons: batch.persons,
      grade: batch.grade,
      colour: batch.colour,
      reason: batch.reason,
      case_no: batch.caseNo,
      until_day: batch.until,
      by: batch.by,
      by_created_by: batch.byCreatedBy,
      proposed_at: batch.now,
    })
    .execute()
}

export async function decideBatch(
  db: Db,
  id: string,
  decision: { state: 'applied' | 'refused'; by: string | null; reason: string | null; now: Date },
): Promise<void> {
  await db
    .updateTable('grade_manual_batch')
    .set({ state: decision.state, decided_by: decision.by, decision: decision.reason, decided_at: decision.now })
    .where('id', '=', id)
    .execute()
}

export type NewManual = {
  id: string
  batchId: string | null
  grade: string | null
  colour: string | null
  reason: string
  caseNo: string | null
  from: Day
  until: Day
  by: string | null
  approvedBy: string | null
  now: Date
}

/** The same change for several people; `id` names the act, the person makes the key. */
export async function insertManual(db: Db, persons: readonly PersonRow[], change: NewManual): Promise<void> {
  for (let i = 0; i < persons.length; i += 1_000) {
    const part = persons.slice(i, i + 1_000)
    await db
      .insertInto('grade_manual')
      .values(
        part.map((person) => ({
          person_id: person.person_id,
          id: change.id,
          home_area: person.home_area,
          batch_id: change.batchId,
          grade: change.grade,
          colour: change.colour,
          reason: change.reason,
          case_no: change.caseNo,
          from_day: change.from,
          until_day: change.until,
          by: change.by,
          approved_by: change.approvedBy,
          at: change.now,
        })),
      )
      .execute()
  }
}
