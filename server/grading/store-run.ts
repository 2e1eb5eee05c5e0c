import { upper } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { GuardInput } from '@weiwang/domain/grading/guard'
import type { GuardFinding } from '@weiwang/domain/grading/api'
import type { Reason } from '@weiwang/domain/grading/rule-set'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import type { Compiled, JudgeRun, PlaceSpans, Range, Scope } from './compile.ts'
import {
  applySql,
  dropNextSql,
  findSql,
  judgeSql,
  keepFoundSql,
  lit,
  PLACES_WITHIN,
  scopeSql,
  spreadSql,
} from './compile.ts'
import type { Aliases, RunRow } from './store.ts'
import type { MatesLeaf } from '@weiwang/domain/grading/plan'

export const PHASES = ['touch', 'find', 'spread', 'judge', 'guard', 'apply', 'end'] as const
export type Phase = (typeof PHASES)[number]

export type NewRun = {
  id: string
  area: string
  ruleSetId: string
  kind: 'full' | 'incremental' | 'preview'
  asOf: Day
  jobId: string
  by: string | null
  approvedBy: string | null
  now: Date
}

export async function insertRun(db: Db, run: NewRun): Promise<void> {
  await db
    .insertInto('grade_run')
    .values({
      id: run.id,
      area: run.area,
      rule_set_id: run.ruleSetId,
      kind: run.kind,
      as_of: run.asOf,
      state: 'running',
      phase: run.kind === 'incremental' ? 'touch' : 'find',
      job_id: run.jobId,
      by: run.by,
      approved_by: run.approvedBy,
      started_at: run.now,
    })
    .execute()
}

export async function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  return db.selectFrom('grade_run').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Two drivers of one run take turns at its row; whoever comes second reads how far the first has got. */
export async function lockRun(db: Db, id: string): Promise<RunRow | undefined> {
  return db.selectFrom('grade_run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** One at a time works on a chunk: a process that takes a run over waits for what the killed one has left in the database. */
export async function lockChunk(db: Db, id: string, chunk: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`grading/${id}/${chunk}`}, 0))`.execute(db)
}

/**
 * For this transaction: a chunk is sorted and joined in memory; to compile its statements costs more than it saves; the
 * facts are read with parallel workers, although the planner cannot know how few of them pass; and the transaction that
 * holds the run waits for its chunks as long as they take.
 */
export async function bulkSettings(db: Db): Promise<void> {
  await sql`select set_config('jit', 'off', true), set_config('work_mem', '64MB', true), set_config('parallel_tuple_cost', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`.execute(
    db,
  )
}

export type RunChange = {
  state?: 'waiting' | 'running' | 'done' | 'held' | 'refused' | 'failed'
  phase?: Phase
  chunk?: number
  chunks?: number
  counts?: Record<string, number>
  guard?: GuardFinding[]
  approvedBy?: string
  asOf?: Day
  finishedAt?: Date
}

export async function changeRun(db: Db, id: string, change: RunChange): Promise<void> {
  await db
    .updateTable('grade_run')
    .set({
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.phase === undefined ? {} : { phase: change.phase }),
      ...(change.chunk === undefined ? {} : { chunk: change.chunk }),
      ...(change.chunks === undefined ? {} : { chunks: change.chunks }),
      ...(change.counts === undefined ? {} : { counts: json(change.counts) }),
      ...(change.guard === undefined ? {} : { guard: json(change.guard) }),
      ...(change.approvedBy === undefined ? {} : { approved_by: change.approvedBy }),
      ...(change.asOf === undefined ? {} : { as_of: change.asOf }),
      ...(change.finishedAt === undefined ? {} : { finished_at: change.finishedAt }),
    })
    .where('id', '=', id)
    .execute()
}

export async function noteRun(
  db: Db,
  id: string,
  note: { reason?: string; by_created_by?: string | null },
): Promise<void> {
  await db.updateTable('grade_run').set(note).where('id', '=', id).execute()
}

/** At most this many people are taken by one incremental run; the next one takes the rest. */
export const MAX_TOUCHED = 200_000

function scoped(column: string, scope: Scope): ReturnType<typeof sql<boolean>> {
  return sql<boolean>`${sql.raw(scopeSql(column, scope))}`
}

/**
 * Whom an incremental run looks at: those whose facts changed, those whose day has come, the record that stands for a
 * merged one; and when a rule looks at households, everybody behind the same door, as they are and as they were.
 */
export async function takeTouched(
  db: Db,
  run: { id: string; asOf: Day },
  scope: Scope,
  mates: boolean,
): Promise<number> {
  await sql`
    with mine as (
      select d.person_id from grade_dirty d join person p on p.person_id = d.person_id
      where ${scoped('p.home_area', scope)} order by d.person_id limit ${MAX_TOUCHED} for update of d),
    gone as (delete from grade_dirty d using mine where d.person_id = mine.person_id returning d.person_id)
    insert into grade_touch (run_id, person_id, apply) select ${run.id}::uuid, person_id, true from gone`.execute(db)
  await sql`
    insert into grade_touch (run_id, person_id, apply)
    select ${run.id}::uuid, g.person_id, true from grade_now g
    where g.review_day <= ${run.asOf}::date and ${scoped('g.home_area', scope)} order by g.review_day limit ${MAX_TOUCHED}
    on conflict do nothing`.execute(db)
  await addTargets(db, run.id, true)
  if (mates) {
    await addMates(db, run.id, true)
    await addTargets(db, run.id, true)
  }
  await takeNear(db, run.id, scope)
  if (mates) {
    await addMates(db, run.id, false)
    await addTargets(db, run.id, false)
  }
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from grade_touch where run_id = ${run.id}::uuid and apply`.execute(db)
  return rows[0]?.n ?? 0
}

/** Those next to the touched ones whom another rule set judges are left to it; those it has left to this one are taken. */
async function takeNear(db: Db, runId: string, scope: Scope): Promise<void> {
  await sql`
    insert into grade_near (person_id)
    select t.person_id from grade_touch t join person p on p.person_id = t.person_id
    where t.run_id = ${runId}::uuid and t.apply and not (${scoped('p.home_area', scope)})
    on conflict (person_id) do nothing`.execute(db)
  await sql`
    with mine as (
      delete from grade_near d using person p where p.person_id = d.person_id and ${scoped('p.home_area', scope)} returning d.person_id)
    insert into grade_touch (run_id, person_id, apply) select ${runId}::uuid, person_id, true from mine
    on conflict (run_id, person_id) do update set apply = true`.execute(db)
}

async function addTargets(db: Db, runId: string, apply: boolean): Promise<void> {
  await sql`
    with recursive c as (
      select a.target from grade_touch t join person_alias a on a.person_id = t.person_id where t.run_id = ${runId}::uuid
      union
      select a.target from c join person_alias a on a.person_id = c.target)
    insert into grade_touch (run_id, person_id, apply) select ${runId}::uuid, target, ${apply}::boolean from c
    on conflict (run_id, person_id) do update set apply = grade_touch.apply or excluded.apply`.execute(db)
}

async function addMates(db: Db, runId: string, apply: boolean): Promise<void> {
  await sql`
    with recursive ids as (
      select person_id from grade_touch where run_id = ${runId}::uuid
      union
      select a.person_id from ids join person_alias a on a.target = ids.person_id)
    insert into grade_touch (run_id, person_id, apply)
    select distinct ${runId}::uuid, r2.person_id, ${apply}::boolean
    from ids join residence r1 on r1.person_id = ids.person_id and r1.household_id is not null
    join residence r2 on r2.household_id = r1.household_id and r2.to_day is null
    on conflict (run_id, person_id) do update set apply = grade_touch.apply or excluded.apply`.execute(db)
}

/** A held run is judged again, as things stand now, for the same people (GRADE-22). */
export async function touchAgain(db: Db, runId: string): Promise<void> {
  await sql`
    insert into grade_touch (run_id, person_id, apply) select run_id, person_id, true from grade_next where run_id = ${runId}::uuid
    on conflict (run_id, person_id) do update set apply = true`.execute(db)
  await sql`delete from grade_next where run_id = ${runId}::uuid`.execute(db)
  await sql`delete from grade_found where run_id = ${runId}::uuid`.execute(db)
}

const MOST_HELD = 50

/** Runs of a rule set that are held now, oldest first, locked: what is held later joins one of them. */
export async function lockHeld(db: Db, ruleSetId: string): Promise<RunRow[]> {
  return db
    .selectFrom('grade_run')
    .selectAll()
    .where('rule_set_id', '=', ruleSetId)
    .where('kind', '=', 'incremental')
    .where('state', '=', 'held')
    .orderBy('started_at')
    .limit(MOST_HELD)
    .forUpdate()
    .execute()
}

/** Gives the people of one run to another; who is in both stands as the one that gives has judged. */
export async function joinRun(db: Db, from: string, into: string): Promise<void> {
  await noLoops(db, 'on')
  await sql`
    delete from grade_next old using grade_next new
    where old.run_id = ${into}::uuid and new.run_id = ${from}::uuid and new.person_id = old.person_id`.execute(db)
  await sql`update grade_next set run_id = ${into}::uuid where run_id = ${from}::uuid`.execute(db)
  await sql`
    insert into grade_touch (run_id, person_id, apply) select ${into}::uuid, person_id, apply from grade_touch where run_id = ${from}::uuid
    on conflict (run_id, person_id) do update set apply = grade_touch.apply or excluded.apply`.execute(db)
}

/** People of a run that failed for good are looked at by the next one. */
export async function giveBack(db: Db, runId: string, now: Date): Promise<void> {
  await sql`
    insert into grade_dirty (person_id, at) select person_id, ${now}::timestamptz from grade_touch where run_id = ${runId}::uuid and apply
    on conflict (person_id) do update set at = excluded.at`.execute(db)
}

export async function touchedPlaces(db: Db, runId: string, aliases: Aliases): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`
    select distinct f.place from (
      select person_id from grade_touch where run_id = ${runId}::uuid
      union all
      select a.alias from unnest(${aliases.alias}::uuid[], ${aliases.target}::uuid[]) as a(alias, target)
      join grade_touch t on t.run_id = ${runId}::uuid and t.person_id = a.target) w
    join fact f on f.person_id = w.person_id
    where f.kind = 'stay' and f.withdrawn_at is null and f.place is not null`.execute(db)
  return rows.map((row) => row.place)
}

export async function placesWithin(db: Db, areas: readonly string[]): Promise<string[]> {
  const bounds = [[...areas], areas.map((area) => upper(area))]
  const { rows } = await sql<{ place: string }>`${numbered(PLACES_WITHIN, bounds)}`.execute(db)
  return rows.map((row) => row.place)
}

/** Generated text with numbered parameters. */
function numbered(text: string, values: readonly unknown[]): RawBuilder<unknown> {
  const pieces = text
    .split(/\$(\d+)/)
    .map((part, i) => (i % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`))
  return sql.join(pieces, sql.raw(''))
}

/** Runs generated text with numbered parameters inside the caller's transaction. */
async function execute(db: Db, text: string, values: readonly unknown[] = []): Promise<number> {
  const result = await sql`${numbered(text, values)}`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

export async function find(
  db: Db,
  compiled: Compiled,
  run: { id: string; asOf: Day; touched: boolean },
  spans: PlaceSpans,
  aliases: Aliases,
): Promise<number> {
  const text = findSql(compiled, run.asOf, {
    touchedBy: run.touched ? run.id : null,
    aliases: aliases.alias.length > 0,
  })
  await execute(db, text, [spans.places, spans.specs, spans.froms, spans.tos, aliases.alias, aliases.target])
  return execute(db, keepFoundSql(run.id))
}

export async function spread(
  db: Db,
  compiled: Compiled,
  leaf: MatesLeaf,
  run: { id: string; asOf: Day; touched: boolean; scope: Scope },
  range: Range,
  aliases: Aliases,
): Promise<number> {
  const text = spreadSql(compiled, leaf, { ...run, aliases: aliases.alias.length > 0 }, range)
  return execute(db, text, [aliases.alias, aliases.target])
}

/** Judges a range of persons, in place of what an earlier try has judged. */
export async function judge(db: Db, compiled: Compiled, run: JudgeRun, range: Range): Promise<number> {
  await execute(db, dropNextSql(run.id, range))
  await noLoops(db, run.touched ? 'off' : 'on')
  return execute(db, judgeSql(compiled, run, range))
}

const UNIQUE_VIOLATION = '23505'
const APPLY_TRIES = 5

function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === UNIQUE_VIOLATION
}

/**
 * Takes a range of differences into effect, and away, so that a second try finds nothing left to do. When somebody was judged
 * by another writer at the same moment, the range is taken once more, and that person is left to the next run.
 */
export async function apply(db: Db, run: { id: string; ruleSetId: string }, range: Range, now: Date): Promise<void> {
  await noLoops(db, 'off')
  for (let tries = 1; ; tries++) {
    await sql`savepoint apply`.execute(db)
    try {
      await execute(db, applySql(run, range), [now])
      return
    } catch (error) {
      if (!isTaken(error) || tries === APPLY_TRIES) throw error
      await sql`rollback to savepoint apply`.execute(db)
    }
  }
}

/**
 * Nothing tells the planner how many rows a CTE holds, or how many rows of a table are of the run that has just written them: a
 * loop of a loop over two of them would be its dearest error. And what is looked up person by person is looked up by index: a
 * table that was empty when the statement was planned would be read whole for each person, while the other lane fills it.
 */
async function noLoops(db: Db, scans: 'on' | 'off'): Promise<void> {
  await sql`select set_config('enable_nestloop', 'off', true), set_config('enable_seqscan', ${scans}, true)`.execute(db)
}

// ---- guard

const CHANGED = sql<boolean>`(x.grade is distinct from x.old_grade or x.colour is distinct from x.old_colour)`

const TO_RED = sql<boolean>`((x.grade = 'red' and x.old_grade is distinct from 'red') or (x.colour = 'red' and x.old_colour is distinct from 'red'))`

/** Changes of grade or colour by county and by source: this run, with what the day has seen, and the days before. */
export async function guardInputs(
  db: Db,
  runId: string,
  today: Day,
  days: number,
): Promise<(GuardInput & { mine: number; mineRed: number })[]> {
  const { rows } = await sql<{
    kind: 'place' | 'source'
    key: string
    mine: number
    mine_red: number
    before: number
    before_red: number
    earlier: number[]
  }>`
    with groups as materialized (
      select left(x.home_area, 6) as county, x.sources, count(*) as n, count(*) filter (where ${TO_RED}) as red from grade_next x where x.run_id = ${runId}::uuid and ${CHANGED} group by 1, 2),
    now as (
      select 'place' as kind, county as key, sum(n)::bigint as n, sum(red)::bigint as red from groups group by 2
      union all
      select 'source', s, sum(n)::bigint, sum(red)::bigint from groups cross join unnest(sources) s group by 2)
    select now.kind, now.key, now.n as mine, now.red as mine_red,
      coalesce((select c.red from grade_change_day c where c.kind = now.kind and c.key = now.key and c.day = ${today}::date), 0) as before_red,
      coalesce((select c.n from grade_change_day c where c.kind = now.kind and c.key = now.key and c.day = ${today}::date), 0) as before,
      coalesce((select json_agg(c.n) from grade_change_day c where c.kind = now.kind and c.key = now.key
                and c.day < ${today}::date and c.day >= ${today}::date - ${days}::int), '[]') as earlier
    from now`.execute(db)
  return rows.map((r) => ({
    kind: r.kind,
    key: r.key,
    mine: r.mine,
    mineRed: r.mine_red,
    changes: r.mine + r.before,
    red: r.mine_red + r.before_red,
    earlierDays: r.earlier,
  }))
}

export async function countChanges(
  db: Db,
  inputs: readonly { kind: string; key: string; mine: number; mineRed: number }[],
  today: Day,
): Promise<void> {
  for (let i = 0; i < inputs.length; i += 1_000) {
    const part = inputs.slice(i, i + 1_000).toSorted((a, b) => (a.kind + a.key < b.kind + b.key ? -1 : 1))
    await sql`
      insert into grade_change_day (kind, key, day, n, red)
      select k, key, ${today}::date, n, red from unnest(${part.map((p) => p.kind)}::text[], ${part.map((p) => p.key)}::text[],
        ${part.map((p) => p.mine)}::bigint[], ${part.map((p) => p.mineRed)}::bigint[]) as u(k, key, n, red)
      on conflict (kind, key, day) do update set n = grade_change_day.n + excluded.n, red = grade_change_day.red + excluded.red`.execute(
      db,
    )
  }
}

// ---- previews

/** Keeps of a preview what is read later: the distribution by grid and a few people a town (GRADE-21). */
export async function storePreview(db: Db, runId: string, scope: Scope): Promise<void> {
  await noLoops(db, 'on')
  await sql`delete from grade_preview where run_id = ${runId}::uuid`.execute(db)
  await sql`
    insert into grade_preview (run_id, area, old_grade, old_colour, grade, colour, n)
    select ${runId}::uuid, area, coalesce(og, ''), coalesce(oc, ''), coalesce(g, ''), coalesce(c, ''), count(*)
    from (
      select left(x.home_area, 15) as area, x.old_grade as og, x.old_colour as oc, x.grade as g, x.colour as c
      from grade_next x where x.run_id = ${runId}::uuid
      union all
      select left(n.home_area, 15), n.grade, n.colour, n.grade, n.colour from grade_now n
      where (n.grade is not null or n.colour is not null) and ${scoped('n.home_area', scope)}
        and not exists (select 1 from grade_next x where x.run_id = ${runId}::uuid and x.person_id = n.person_id)) t
    where not (og is null and oc is null and g is null and c is null)
    group by 2, 3, 4, 5, 6`.execute(db)
}

export async function keepSamples(db: Db, runId: string): Promise<void> {
  await noLoops(db, 'on')
  await sql`
    delete from grade_next y using (
      select x.person_id, row_number() over (partition by left(x.home_area, 9), ${CHANGED} order by x.person_id) as rn, ${CHANGED} as c
      from grade_next x where x.run_id = ${runId}::uuid) k
    where y.run_id = ${runId}::uuid and y.person_id = k.person_id and (k.rn > 10 or not k.c)`.execute(db)
}

/** Persons looked at, changed, and of the changed by grade and colour after the run. */
export async function runCounts(db: Db, runId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ changed: boolean; grade: string | null; colour: string | null; n: number }>`
    select ${CHANGED} as changed, x.grade, x.colour, count(*) as n from grade_next x
    where x.run_id = ${runId}::uuid group by 1, 2, 3`.execute(db)
  const counts: Record<string, number> = { looked: 0, changed: 0 }
  const add = (key: string, n: number): void => void (counts[key] = (counts[key] ?? 0) + n)
  for (const row of rows) {
    add('looked', row.n)
    if (!row.changed) continue
    add('changed', row.n)
    add(`grade_${row.grade ?? 'none'}`, row.n)
    add(`colour_${row.colour ?? 'none'}`, row.n)
  }
  return counts
}

/** How many have a grade or a colour: the measure of how much a full run compares with. */
export async function nowCount(db: Db, scope: Scope): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from grade_now g where (g.grade is not null or g.colour is not null) and ${scoped('g.home_area', scope)}`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

export async function cleanUp(
  db: Db,
  runId: string,
  tables: readonly ('grade_touch' | 'grade_found' | 'grade_next' | 'grade_preview')[],
): Promise<void> {
  for (const table of tables) await sql`delete from ${sql.ref(table)} where run_id = ${runId}::uuid`.execute(db)
}

/** Earlier previews of a rule set, whose tables go when a new one is made. */
export async function oldPreviews(db: Db, ruleSetId: string, except: string): Promise<string[]> {
  const rows = await db
    .selectFrom('grade_run')
    .select('id')
    .where('rule_set_id', '=', ruleSetId)
    .where('kind', '=', 'preview')
    .where('id', '<>', except)
    .where('state', '=', 'done')
    .orderBy('started_at', 'desc')
    .limit(50)
    .execute()
  return rows.map((row) => row.id)
}

// ---- what needs a run

/** Whether somebody of the scope waits to be looked at. */
export async function isDue(db: Db, scope: Scope, today: Day): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select 1 from grade_now g where g.review_day <= ${today}::date and ${scoped('g.home_area', scope)})
        or exists (select 1 from grade_dirty d join person p on p.person_id = d.person_id where ${scoped('p.home_area', scope)})
        or exists (select 1 from grade_near d join person p on p.person_id = d.person_id where ${scoped('p.home_area', scope)}) as due`.execute(
    db,
  )
  return rows[0]?.due ?? false
}

export async function hasOpenIncremental(db: Db, ruleSetId: string): Promise<boolean> {
  const row = await db
    .selectFrom('grade_run')
    .select('id')
    .where('rule_set_id', '=', ruleSetId)
    .where('kind', '=', 'incremental')
    .where('state', '=', 'running')
    .where('phase', '=', 'touch')
    .executeTakeFirst()
  return row !== undefined
}

/** People whom no rule set in force judges need not wait; those behind their door, as it is and as it was, are judged again. */
export async function dropForeignDirty(db: Db, areas: readonly string[]): Promise<void> {
  if (areas.length === 0) return
  const inside = areas.map((area) => `(p.home_area >= ${lit(area)} and p.home_area < ${lit(upper(area))})`).join(' or ')
  await sql`
    with recursive gone as (
      delete from grade_dirty d using person p where p.person_id = d.person_id and not (${sql.raw(inside)}) returning d.person_id),
    ids as (
      select person_id from gone
      union
      select a.person_id from ids join person_alias a on a.target = ids.person_id)
    insert into grade_near (person_id)
    select distinct r2.person_id from ids
    join residence r1 on r1.person_id = ids.person_id and r1.household_id is not null
    join residence r2 on r2.household_id = r1.household_id and r2.to_day is null
    on conflict (person_id) do nothing`.execute(db)
  await sql`delete from grade_near d using person p where p.person_id = d.person_id and not (${sql.raw(inside)})`.execute(
    db,
  )
}

/** Marks those with stays in places where the level changed; returns how many. */
export async function markStays(db: Db, places: readonly string[], since: Day, now: Date): Promise<number> {
  if (places.length === 0) return 0
  const result = await sql`
    insert into grade_dirty (person_id, at)
    select distinct f.person_id, ${now}::timestamptz from fact f
    where f.kind = 'stay' and f.withdrawn_at is null and f.place = any(${[...places]}::text[]) and f.to_day >= ${since}::date
    order by 1
    on conflict (person_id) do update set at = excluded.at`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

export async function markPersons(db: Db, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await sql`
    insert into grade_dirty (person_id, at) select distinct u.id, ${now}::timestamptz from unnest(${[...ids]}::uuid[]) as u(id) order by 1
    on conflict (person_id) do update set at = excluded.at`.execute(db)
}

/** Marks the next of those with a grade in an area, in the order of their ids; the last of them, or null at the end. */
export async function markGraded(
  db: Db,
  area: string,
  after: string,
  limit: number,
  now: Date,
): Promise<string | null> {
  const { rows } = await sql<{ person_id: string }>`
    insert into grade_dirty (person_id, at)
    select person_id, ${now}::timestamptz from grade_now
    where home_area >= ${area} and home_area < ${upper(area)} and person_id > ${after}::uuid order by person_id limit ${limit}
    on conflict (person_id) do update set at = excluded.at returning person_id`.execute(db)
  return rows.length < limit
    ? null
    : (rows
        .map((row) => row.person_id)
        .toSorted()
        .at(-1) ?? null)
}

// ---- one person at once

export type FinishedRun = { id: string; area: string; ruleSetId: string; asOf: Day; by: string | null; now: Date }

/** The run of a change by hand: over as soon as it is written. */
export async function insertFinishedRun(db: Db, run: FinishedRun): Promise<void> {
  await db
    .insertInto('grade_run')
    .values({
      id: run.id,
      area: run.area,
      rule_set_id: run.ruleSetId,
      kind: 'incremental',
      as_of: run.asOf,
      state: 'done',
      phase: 'end',
      counts: json({ touched: 1, looked: 1, changed: 1 }),
      by: run.by,
      started_at: run.now,
      finished_at: run.now,
    })
    .execute()
}

export type JudgedRow = {
  person: { person_id: string; home_area: string }
  runId: string
  ruleSetId: string
  judged: {
    grade: string | null
    colour: string | null
    untilDay: Day | null
    reviewDay: Day | null
    fromDay: Day
    reasons: RawBuilder<Reason[]>
  }
  by: string | null
  caseNo: string | null
  now: Date
}

/** History and current row of one person, the row locked first so that a run of the same moment sees that it was changed. */
export async function writeJudgement(db: Db, row: JudgedRow): Promise<void> {
  const { person, judged } = row
  const old = await db
    .selectFrom('grade_now')
    .select('n')
    .where('person_id', '=', person.person_id)
    .forUpdate()
    .executeTakeFirst()
  const n = (old?.n ?? 0) + 1
  const values = {
    person_id: person.person_id,
    n,
    home_area: person.home_area,
    rule_set_id: row.ruleSetId,
    grade: judged.grade,
    colour: judged.colour,
    from_day: judged.fromDay,
    until_day: judged.untilDay,
    reasons: judged.reasons,
    recorded_at: row.now,
  }
  await db
    .insertInto('grade')
    .values({ ...values, run_id: row.runId, by: row.by, case_no: row.caseNo })
    .execute()
  await db
    .insertInto('grade_now')
    .values({ ...values, review_day: judged.reviewDay })
    .onConflict((oc) =>
      oc.column('person_id').doUpdateSet((eb) => ({
        n: eb.ref('excluded.n'),
        home_area: eb.ref('excluded.home_area'),
        rule_set_id: eb.ref('excluded.rule_set_id'),
        grade: eb.ref('excluded.grade'),
        colour: eb.ref('excluded.colour'),
        from_day: eb.ref('excluded.from_day'),
        until_day: eb.ref('excluded.until_day'),
        review_day: eb.ref('excluded.review_day'),
        reasons: eb.ref('excluded.reasons'),
        recorded_at: eb.ref('excluded.recorded_at'),
      })),
    )
    .execute()
}

/** Runs that should be under way, begun before a moment. */
export async function openRuns(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('grade_run')
    .select('id')
    .where('state', '=', 'running')
    .where('started_at', '<', before)
    .orderBy('started_at')
    .limit(20)
    .execute()
  return rows.map((row) => row.id)
}

// ---- levels that changed since they were last looked at

const RISK_SEEN = 'grading.risk_seen'

export async function riskSeen(db: Db): Promise<Date> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', RISK_SEEN).executeTakeFirst()
  return typeof row?.value === 'string' ? new Date(row.value) : new Date(0)
}

export async function changedRiskAreas(db: Db, since: Date): Promise<{ area: string }[]> {
  const { rows } = await sql<{ area: string }>`
    select distinct area from risk_area where greatest(recorded_at, withdrawn_at) > ${since}::timestamptz`.execute(db)
  return rows
}

export async function seeRisk(db: Db): Promise<void> {
  await sql`
    insert into setting (key, value)
    select ${RISK_SEEN}, to_jsonb(to_char(max(greatest(recorded_at, withdrawn_at)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) from risk_area having count(*) > 0
    on conflict (key) do update set value = excluded.value`.execute(db)
}

/** Everybody of whom a source says something: its right to give red has changed (GRADE-9). */
export async function markFeed(db: Db, feedId: string, now: Date): Promise<void> {
  await sql`
    insert into grade_dirty (person_id, at)
    select distinct f.person_id, ${now}::timestamptz from batch b join fact f on f.batch_id = b.id
    where b.feed_id = ${feedId} and f.source = ${feedId} and f.withdrawn_at is null order by 1
    on conflict (person_id) do update set at = excluded.at`.execute(db)
}

/**
 * GRADE-30: who stands behind what a run would turn red: whoever proposed or approved that one of its sources gives red, and
 * whoever delivered data of such a source since a day.
 */
export async function runMakers(db: Db, runId: string, since: Day): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with sources as materialized (
      select distinct s from grade_next x cross join unnest(x.sources) s where x.run_id = ${runId}::uuid and ${TO_RED})
    select distinct id from (
      select unnest(array[f.red_proposed_by, f.red_approved_by]) as id from feed f where f.id in (select s from sources)
      union all
      select b.by from batch b where b.feed_id in (select s from sources) and b.received_at >= ${since}::date) m
    where id is not null`.execute(db)
  return rows.map((row) => row.id)
}
