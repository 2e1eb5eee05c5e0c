import type { AreaCode } from '@weiwang/domain/areas/code'
import { upper } from '@weiwang/domain/areas/code'
import type { Grade, PushConsequence } from '@weiwang/domain/tasks/api'
import type { Clock } from '@weiwang/domain/tasks/due'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import { feedMany } from '../core/feed.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import { gradedAsOf } from '../grading/store.ts'
import type { DB, Push } from '../core/db/types.ts'
import { cut } from './store-lists.ts'
import type { Paged, Paging } from './store-lists.ts'
import { decodeCursor } from '../core/db/keyed-page.ts'
import { URGENCY } from './store.ts'

/** The set-based half of a push: who is on the list, and one chunk of it as one statement. */
export type PushRow = Selectable<Push>

/** Where a push stands: the next person after this place in (area, person). */
export const PushCursor = z.object({ area: z.string(), person: z.string() })
export type PushCursor = z.infer<typeof PushCursor>

/** More campaigns of one emergency with the same questions are not looked through. */
const MOST_ALIKE = 100

const START: PushCursor = { area: '', person: '00000000-0000-0000-0000-000000000000' }

export async function insertPush(db: Db, row: InsertObject<DB, 'push'>): Promise<void> {
  await db.insertInto('push').values(row).execute()
}

export async function updatePush(db: Db, id: string, set: UpdateObject<DB, 'push'>): Promise<void> {
  await db.updateTable('push').set(set).where('id', '=', id).execute()
}

export async function findPush(db: Db, scope: readonly AreaCode[], id: string): Promise<PushRow | null> {
  const row = await db
    .selectFrom('push')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('push.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function lockPush(db: Db, scope: readonly AreaCode[], id: string): Promise<PushRow | null> {
  const row = await db
    .selectFrom('push')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('push.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

const StartPlace = z.tuple([z.iso.datetime(), z.uuid()])

export async function listPushes(
  db: Db,
  areas: readonly AreaCode[],
  paging: Paging & { state?: string | undefined },
): Promise<Paged<PushRow>> {
  const all = db.selectFrom('push').where(inScope('push.area', areas))
  const base = paging.state === undefined ? all : all.where('push.state', '=', paging.state)
  const { total } = await base.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll()
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(paging.limit + 1)
  const after = decodeCursor(StartPlace, paging.cursor)
  if (after) query = query.where(sql<boolean>`(started_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return cut(await query.execute(), paging.limit, total, (row) => [row.started_at.toISOString(), row.id])
}

/** Pushes that say they run and have not moved since: their process is gone, or was killed. */
export async function stalledPushes(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('push')
    .leftJoin('job_progress', 'job_progress.id', 'push.job_id')
    .select('push.id')
    .where('push.state', '=', 'running')
    .where((eb) => eb.or([eb('job_progress.updated_at', '<', before), eb('job_progress.id', 'is', null)]))
    .execute()
  return rows.map((row) => row.id)
}

export async function runOf(db: Db, id: string): Promise<{ state: string; kind: string; area: string } | null> {
  const row = await db.selectFrom('grade_run').select(['state', 'kind', 'area']).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Who is on the list of a push: persons with a grade that holds today; of an incremental run, only those it changed. */
export type Listing = { area: AreaCode; today: string; run: { id: string; incremental: boolean } | null }

function graded(listing: Listing): RawBuilder<unknown> {
  const touched = listing.run?.incremental
    ? sql`and exists (select from grade h where h.run_id = ${listing.run.id} and h.person_id = g.person_id)`
    : sql``
  return sql`g.grade is not null and g.from_day <= ${listing.today}::date ${touched}`
}

/**
 * The first of the list after a place. Whose red has ended and whose yellow still stands is yellow, however late the midnight
 * job is (GRADE-8); those are few and found by their own index, so that the others are read in the order of theirs.
 */
function nextOnList(
  listing: Listing,
  areas: RawBuilder<boolean>,
  after: PushCursor,
  size: number,
): RawBuilder<unknown> {
  const day = listing.today
  const late = sql<boolean>`${areas} and g.review_day <= ${day}::date and g.until_day < ${day}::date`
  const from = (relation: RawBuilder<unknown>, where: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
    select g.person_id, g.home_area, g.grade, g.reasons from ${relation} g
    where ${where} and ${graded(listing)} and (g.home_area, g.person_id) > (${after.area}, ${after.person}::uuid)
    order by g.home_area, g.person_id limit ${size})`
  return sql`(
    select g.person_id, g.home_area, g.grade, g.reasons from (
      ${from(sql`grade_now`, sql`${areas} and (g.until_day is null or g.until_day >= ${day}::date)`)}
      union all ${from(gradedAsOf(day, late), sql`true`)}
    ) g order by g.home_area, g.person_id limit ${size})`
}

/** Whose answers count for a campaign, and on which days they were given. */
export type Asked = { campaignId: string; alike: string[]; starts: string; ends: string }

/**
 * TASK-5: campaigns of one emergency that ask the same questions, this one among them; another department has asked them already. A
 * campaign without questions asks what its own purpose says, and is alone.
 */
export async function askedIn(db: Db, campaignId: string): Promise<Asked> {
  const { rows } = await sql<{ starts: string; ends: string; alike: string[] }>`
    select c.starts, c.ends, array(
      select o.id from campaign o
      where o.emergency_id = c.emergency_id and o.state <> 'draft' and o.questions = c.questions and c.questions <> '[]'::jsonb and o.id <> c.id
      order by o.id limit ${MOST_ALIKE}) || c.id as alike
    from campaign c where c.id = ${campaignId}`.execute(db)
  const [row] = rows
  if (!row) throw new RangeError(`there is no campaign ${campaignId}`)
  return { campaignId, ...row }
}

/** Answered in this campaign, or elsewhere to the same questions on days of this one. `t` is the task. */
function answeredBefore({ campaignId, alike, starts, ends }: Asked): RawBuilder<boolean> {
  return sql<boolean>`t.campaign_id = any(${alike}::uuid[]) and t.answered_at is not null
    and (t.campaign_id = ${campaignId} or t.answered_day between ${starts}::date and ${ends}::date)`
}

/** The consequence in numbers, before anything is sent. */
export async function consequenceOf(db: Db, listing: Listing, asked: Asked): Promise<PushConsequence> {
  const { campaignId } = asked
  const { rows } = await sql<
    Record<'persons' | 'red' | 'yellow' | 'blue' | 'grids' | 'counties' | 'unresolved' | 'kept' | 'before', number>
  >`
    with c as (
      select coalesce(a.target, g.person_id) as pid, min(p.home_area collate "C") as area, min(g.grade) as grade
      from ${gradedAsOf(listing.today, inScope('g.home_area', [listing.area]))} g left join person_alias a on a.person_id = g.person_id
      join person p on p.person_id = coalesce(a.target, g.person_id)
      where ${graded(listing)}
      group by 1
    ), d as (
      select c.*, exists (select from open_task o where o.person_id = c.pid and o.campaign_id = ${campaignId}) as kept,
        exists (select from task t where t.person_id = c.pid and ${answeredBefore(asked)}) as before
      from c
    )
    select count(*)::int as persons,
      count(*) filter (where grade = 'red')::int as red, count(*) filter (where grade = 'yellow')::int as yellow, count(*) filter (where grade = 'blue')::int as blue,
      count(distinct left(area, 15)) filter (where char_length(area) >= 15 and not kept and not before)::int as grids,
      count(distinct left(area, 6))::int as counties,
      count(*) filter (where char_length(area) < 15 and not kept and not before)::int as unresolved,
      count(*) filter (where kept)::int as kept, count(*) filter (where before and not kept)::int as before
    from d`.execute(db)
  const row = rows[0]
  return {
    persons: row?.persons ?? 0,
    byGrade: { red: row?.red ?? 0, yellow: row?.yellow ?? 0, blue: row?.blue ?? 0 },
    grids: row?.grids ?? 0,
    counties: row?.counties ?? 0,
    unresolved: row?.unresolved ?? 0,
    keptOpen: row?.kept ?? 0,
    answeredBefore: row?.before ?? 0,
  }
}

export type Chunk = {
  listing: Listing
  push: { id: string; campaignId: string }
  asked: Asked
  after: PushCursor | null
  size: number
  clocks: Record<Grade, { clock: Clock; escalateAt: string }>
}
export type ChunkResult = {
  next: PushCursor | null
  persons: number
  entries: { area: string; grade: string; outcome: string; n: number }[]
}

/** The first place of a chunk: its county. Null at the end. */
async function countyAfter(db: Db, chunk: Chunk, after: PushCursor): Promise<string | null> {
  const { rows } = await sql<{ area: string }>`
    select g.home_area as area from ${nextOnList(chunk.listing, inScope('g.home_area', [chunk.listing.area]), after, 1)} g`.execute(
    db,
  )
  const area = rows[0]?.area
  return area === undefined ? null : area.slice(0, 6)
}

/**
 * One chunk of one county: entries, locks, tasks and their first events. Everything has a key that a repeat falls on: the
 * list entry (county, push, person), the lock (person, campaign), and a task id made from push and person.
 */
export async function pushChunk(ctx: Ctx, chunk: Chunk): Promise<ChunkResult> {
  const { db } = ctx
  const after = chunk.after ?? START
  const county = await countyAfter(db, chunk, after)
  if (county === null) return { next: null, persons: 0, entries: [] }
  const { listing, push } = chunk
  const here = sql<boolean>`${inScope('g.home_area', [listing.area])} and g.home_area < ${upper(county)}`
  const clocks = (['red', 'yellow', 'blue'] as const).map(
    (grade) =>
      sql`(${grade}, ${URGENCY[grade]}::smallint, ${chunk.clocks[grade].clock.acceptBy}::timestamptz, ${chunk.clocks[grade].clock.answerBy}::timestamptz, ${chunk.clocks[grade].escalateAt}::timestamptz, ${JSON.stringify(chunk.clocks[grade].clock)}::jsonb)`,
  )
  const { rows } = await sql<{
    area: string
    grade: string
    outcome: string
    n: number
    ids: string[]
    last: PushCursor | null
    persons: number
  }>`
    with clock (grade, urgency, accept_by, answer_by, escalate_at, clock) as (values ${sql.join(clocks)}),
    listed as materialized (
      select * from ${nextOnList(listing, here, after, chunk.size)} g
    ),
    person_of as materialized (
      select distinct on (p.person_id) p.person_id, p.home_area as area, left(p.home_area, 6) as county, p.masked, l.grade, l.reasons,
        encode(sha256(convert_to(${push.id} || p.person_id::text, 'UTF8')), 'hex') as hash
      from listed l left join person_alias a on a.person_id = l.person_id
      join person p on p.person_id = coalesce(a.target, l.person_id)
      -- A scalar subquery with a limit is asked person by person, by index; an anti-join would read the whole table.
      where (select e.push_id from list_entry e where e.person_id = p.person_id and e.push_id = ${push.id} limit 1) is null
      order by p.person_id, case l.grade when 'red' then 1 when 'yellow' then 2 else 3 end
    ),
    cand as materialized (
      select c.*, overlay(overlay(left(c.hash, 32) placing '8' from 13) placing '8' from 17)::uuid as task_id, b.id as before_id, o.task_id as open_id,
        (select r.household_id from residence r where r.person_id = c.person_id and r.to_day is null order by r.recorded_at desc limit 1) as household_id
      from person_of c
      cross join lateral (select array(select l.person_id from person_alias l where l.target = c.person_id) || c.person_id as ids) who
      left join lateral (
        select o.task_id from open_task o where o.person_id = any(who.ids) and o.campaign_id = ${push.campaignId} limit 1
      ) o on true
      left join lateral (
        select t.id from task t where t.person_id = any(who.ids) and ${answeredBefore(chunk.asked)}
        order by t.answered_at desc limit 1
      ) b on true
    ),
    locked as (
      insert into open_task (person_id, campaign_id, home_area, county, task_id)
      select person_id, ${push.campaignId}, area, county, task_id from cand where before_id is null and open_id is null order by person_id
      on conflict (person_id, campaign_id) do nothing
      returning person_id
    ),
    fresh as materialized (
      select c.*, row_number() over (partition by c.county order by c.area, c.person_id) as k, count(*) over (partition by c.county) as of,
        array(select distinct r -> 'fact' ->> 'source' from jsonb_array_elements(case when jsonb_typeof(c.reasons) = 'array' then c.reasons else '[]'::jsonb end) r
              where r -> 'fact' ->> 'source' is not null order by 1) as sources
      from cand c join locked l on l.person_id = c.person_id
    ),
    numbered as (
      insert into task_number (county, n) select county, count(*) from fresh group by county order by county
      on conflict (county) do update set n = task_number.n + excluded.n
      returning county, n
    ),
    made as (
      insert into task (county, id, root, area, campaign_id, push_id, kind, person_id, household_id, masked, grade, urgency, state,
        accept_by, answer_by, next_escalation, reasons, sources, reference, opened_at, updated_at, version)
      select f.county, f.task_id, f.task_id, f.area, ${push.campaignId}, ${push.id}, 'check', f.person_id, f.household_id, f.masked, f.grade, k.urgency, 'pushed',
        k.accept_by, k.answer_by, k.escalate_at, f.reasons, f.sources,
        lpad(r.no::text, 7, '0') || lpad((98 - (r.no * 100) % 97)::text, 2, '0'), ${ctx.now}, ${ctx.now}, 1
      from fresh f join clock k on k.grade = f.grade join numbered n on n.county = f.county
      cross join lateral (select n.n - f.of + f.k as no) r
    ),
    happened as (
      insert into task_event (county, task_id, n, area, kind, body, by, occurred_at, recorded_at)
      select f.county, f.task_id, 1, f.area, 'opened', jsonb_build_object('on', ${ctx.today}::text, 'pushId', ${push.id}::text, 'root', f.task_id,
        'campaignId', ${push.campaignId}::text, 'personId', f.person_id, 'householdId', f.household_id, 'grade', f.grade, 'clock', k.clock,
        'sources', to_jsonb(f.sources), 'movedFrom', null), null, ${ctx.now}, ${ctx.now}
      from fresh f join clock k on k.grade = f.grade
    ),
    entry as (
      insert into list_entry (county, push_id, person_id, area, masked, grade, outcome, task_id, day, at)
      select c.county, ${push.id}, c.person_id, c.area, c.masked, c.grade,
        case when f.person_id is not null then case when char_length(c.area) >= 15 then 'task' else 'unresolved' end
             when c.before_id is not null and c.open_id is null then 'answered_before' else 'kept_open' end,
        coalesce(f.task_id, c.open_id, c.before_id), ${ctx.today}, ${ctx.now}
      from cand c left join fresh f on f.person_id = c.person_id
      on conflict (county, push_id, person_id) do nothing
      returning area, grade, outcome, task_id
    ),
    tail as (
      select jsonb_build_object('area', home_area, 'person', person_id) as last, count(*) over () as persons
      from listed order by home_area desc, person_id desc limit 1
    )
    select left(e.area, 15) as area, e.grade, e.outcome, count(*)::int as n,
      array_agg(e.task_id) filter (where e.outcome in ('task')) as ids, null as last, 0 as persons
    from entry e group by 1, 2, 3
    union all select '', '', '', 0, null, last, persons::int from tail`.execute(db)
  const tail = rows.find((row) => row.last !== null)
  const ids = rows.flatMap((row) => row.ids ?? [])
  await feedOpened(ctx, ids)
  return {
    next: tail?.last ?? null,
    persons: tail?.persons ?? 0,
    entries: rows.flatMap((row) =>
      row.last === null ? [{ area: row.area, grade: row.grade, outcome: row.outcome, n: row.n }] : [],
    ),
  }
}

/** What `feedBody` says of a task just opened, for all of them at once. */
async function feedOpened(ctx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const iso = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  await feedMany(
    ctx,
    'task',
    sql`select t.county, left(t.area, 15) as grid, t.id::text as id, t.grade = 'red' as urgent, jsonb_build_object(
        'county', t.county, 'area', t.area, 'campaignId', t.campaign_id, 'personId', t.person_id, 'householdId', t.household_id, 'masked', t.masked,
        'reference', t.reference, 'grade', t.grade, 'state', t.state, 'disposition', null, 'assignee', null,
        'acceptBy', ${iso('t.accept_by')}, 'answerBy', ${iso('t.answer_by')}, 'dueDay', null, 'nextTry', null, 'version', t.version,
        'sources', to_jsonb(t.sources), 'reasons', coalesce((
          select jsonb_agg(jsonb_build_object('say', r.reason -> 'say', 'until', r.reason -> 'until') order by r.i)
          from jsonb_array_elements(case when jsonb_typeof(t.reasons) = 'array' then t.reasons else '[]'::jsonb end)
            with ordinality r(reason, i)
        ), '[]'::jsonb)) as body
      from task t where t.id = any(${ids}::uuid[])`,
  )
}
