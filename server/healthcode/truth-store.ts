import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { ErrorBounds } from '@weiwang/domain/feeds/api'
import { FACT_KINDS } from '@weiwang/domain/feeds/fact'
import { REFUTES, RISK_CRITERION, VERIFIES, WINDOW_DAYS } from '@weiwang/domain/healthcode/truth-find'
import type { Found, Known, KnownFact } from '@weiwang/domain/healthcode/truth-find'
import { DECLARATION_KINDS } from '@weiwang/domain/healthcode/truth-kinds'
import { allowanceOf, OWN_SOURCES } from '@weiwang/domain/healthcode/truth-source'
import type { Allowance, Near } from '@weiwang/domain/healthcode/truth-source'
import { NO_END, riskIndex, spansOf } from '@weiwang/domain/grading/risk'
import type { RiskIndex } from '@weiwang/domain/grading/risk'
import { sql } from 'kysely'
import type { RawBuilder, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { Contradiction, ContradictionEvent } from '../core/db/types.ts'
import { json } from '../core/db/json.ts'
import { riskSpans } from '../grading/store.ts'
import type { Aliases } from '../grading/store.ts'
import { placesWithin } from '../grading/store-run.ts'
import { answersSql, DECLARED_DAYS, factsSql, foundSql, knownSql, meetSql } from './truth-compile.ts'
import type { TruthPlan } from './truth-compile.ts'

/** SQL of contradictions. Nothing here writes to grading, codes, feeds or any other room; a test reads this file for it (TRUTH-2). */
export type ContradictionRecord = Selectable<Contradiction>
export type EventRecord = Selectable<ContradictionEvent>

/** Generated text with numbered parameters. */
function numbered(text: string, values: readonly unknown[]): RawBuilder<unknown> {
  const pieces = text
    .split(/\$(\d+)/)
    .map((part, i) => (i % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`))
  return sql.join(pieces, sql.raw(''))
}

/** An id made of what it is about, as uuid8 of domain/core/ids makes one. */
function idFrom(bytes: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`overlay(overlay(encode(substring(sha256(${bytes}) from 1 for 16), 'hex') placing '8' from 13 for 1) placing '8' from 17 for 1)::uuid`
}

// ---- What the finder compares with ---------------------------------------------------------------------------------------------

/** The known errors of every source, as its owner states them. */
export async function allowances(db: Db): Promise<Allowance[]> {
  const rows = await db.selectFrom('feed').select(['id', 'bounds']).orderBy('id').execute()
  return rows
    .filter((row) => !OWN_SOURCES.some((own) => own === row.id))
    .map((row) => allowanceOf(row.id, ErrorBounds.catch({}).parse(row.bounds)))
}

/** Levels that matter to declarations that are still held against anything. */
export async function riskFor(db: Db, today: Day): Promise<RiskIndex> {
  return riskIndex(await riskSpans(db, addDays(today, -DECLARED_DAYS - WINDOW_DAYS)))
}

/** The areas whose places can be risk areas at all, none inside another. */
function riskAreas(risk: RiskIndex): AreaCode[] {
  const out: AreaCode[] = []
  const areas = [...risk.byArea].filter(([, spans]) => spans.some((s) => RISK_CRITERION.levels?.includes(s.level)))
  for (const [area] of areas.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const last = out.at(-1)
    if (last === undefined || !area.startsWith(last)) out.push(area)
  }
  return out
}

export type Parameters = {
  places: string[]
  froms: Day[]
  tos: Day[]
  nearPlaces: string[]
  nearCounties: string[]
  aliases: Aliases
}

/** The days on which the places that facts name are risk areas, and what lies near those places. */
export async function parametersOf(db: Db, of: { risk: RiskIndex; near: Near; aliases: Aliases }): Promise<Parameters> {
  const out: Parameters = { places: [], froms: [], tos: [], nearPlaces: [], nearCounties: [], aliases: of.aliases }
  for (const place of await placesWithin(db, riskAreas(of.risk))) {
    const spans = spansOf(of.risk, RISK_CRITERION, place)
    for (const span of spans) {
      out.places.push(place)
      out.froms.push(span.from)
      out.tos.push(span.to === NO_END ? 'infinity' : span.to)
    }
    if (spans.length === 0) continue
    for (const county of of.near.of(place)) {
      out.nearPlaces.push(place)
      out.nearCounties.push(county)
    }
  }
  return out
}

// ---- Finding -------------------------------------------------------------------------------------------------------------------

/** For this transaction: read facts with parallel workers and join in memory; compiling costs more than it saves. */
async function bulkSettings(db: Db): Promise<void> {
  await sql`select set_config('jit', 'off', true), set_config('work_mem', '64MB', true), set_config('parallel_tuple_cost', '0', true)`.execute(
    db,
  )
}

/** Whom the finder looks at this time. */
export async function touch(db: Db, persons: readonly string[]): Promise<void> {
  await sql`create temporary table truth_touch (person_id uuid primary key) on commit drop`.execute(db)
  await sql`insert into truth_touch select distinct u.id from unnest(${[...persons]}::uuid[]) as u(id)`.execute(db)
}

/** Takes up to `limit` of those who wait, with whoever stands for them. */
export async function takeDue(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    delete from contradiction_due where person_id in (
      select person_id from contradiction_due order by person_id limit ${limit} for update skip locked)
    returning person_id`.execute(db)
  return rows.map((row) => row.person_id)
}

export async function markDue(db: Db, persons: readonly string[], now: Date): Promise<void> {
  if (persons.length === 0) return
  await sql`
    insert into contradiction_due (person_id, at) select distinct u.id, ${now}::timestamptz from unnest(${[...persons]}::uuid[]) as u(id) order by 1
    on conflict (person_id) do nothing`.execute(db)
}

/** Of a batch, those who have declared something: the rest have nothing that a fact could contradict. */
export async function markBatch(
  db: Db,
  batch: { id: string; after: string; limit: number; now: Date },
): Promise<string | null> {
  const { rows } = await sql<{ person_id: string }>`
    select distinct f.person_id from fact f where f.batch_id = ${batch.id}::uuid and f.person_id > ${batch.after}::uuid
    order by f.person_id limit ${batch.limit}`.execute(db)
  if (rows.length === 0) return null
  await sql`
    insert into contradiction_due (person_id, at)
    select t.target, ${batch.now}::timestamptz from (
      select distinct coalesce(a.target, u.id) as target from unnest(${rows.map((row) => row.person_id)}::uuid[]) as u(id) left join person_alias a on a.person_id = u.id) t
    where exists (select from declaration d where d.person_id = t.target and d.superseded_at is null)
    order by t.target on conflict (person_id) do nothing`.execute(db)
  return rows.length < batch.limit ? null : (rows.at(-1)?.person_id ?? null)
}

/** The set-based finder: leaves the temporary table `truth_found`. */
export async function findAll(db: Db, plan: TruthPlan, of: Parameters): Promise<void> {
  await bulkSettings(db)
  const values = [of.places, of.froms, of.tos, of.nearPlaces, of.nearCounties, of.aliases.alias, of.aliases.target]
  await sql`${numbered(factsSql(plan), values)}`.execute(db)
  await sql`analyze truth_fact`.execute(db)
  await sql`${numbered(meetSql(plan), values)}`.execute(db)
  await sql`analyze truth_meet`.execute(db)
  await sql`${numbered(answersSql(plan), values)}`.execute(db)
  await sql`${numbered(knownSql(plan), values)}`.execute(db)
  // Asked for each that is left, by person: without these each look reads the whole of what is known.
  await sql`create index on truth_known (person_id)`.execute(db)
  await sql`create index on truth_answer (person_id)`.execute(db)
  await sql`analyze truth_known, truth_answer`.execute(db)
  await sql`${numbered(foundSql(plan), values)}`.execute(db)
}

/** What the pure finder has found of one declaration, where the set-based one leaves its own. */
export async function keepFound(
  db: Db,
  { target, declaration }: { target: string; declaration: DeclarationRow },
  found: readonly Found[],
): Promise<void> {
  await sql`create temporary table truth_found (person_id uuid, declaration_id uuid, day date, home_area text collate "C", emergency_id uuid, kind text, known jsonb, answers jsonb) on commit drop`.execute(
    db,
  )
  for (const { kind, evidence } of found)
    await sql`insert into truth_found select ${target}::uuid, id, day, home_area, emergency_id, ${kind}, ${json(evidence)}::jsonb, answers
      from declaration where person_id = ${declaration.person_id}::uuid and id = ${declaration.id}::uuid`.execute(db)
}

export type Written = {
  /** Of what ceased: the task by which it was being asked. */
  task_id?: string | null
  person_id: string
  id: string
  kind: string
  home_area: string
  declaration_id: string | null
  what: 'found' | 'evidence' | 'ceased' | 'corrected'
}

const KINDS = sql.join(DECLARATION_KINDS.map((kind) => sql`${kind}`))

/** What of the answers stands on one side. */
const SAID = sql`case
  when f.kind in ('stay_denied', 'stay_shortened') then jsonb_build_object('stays', f.answers->'stays', 'arrival', f.answers->'arrival')
  when f.kind = 'abroad_denied' then jsonb_build_object('abroad', f.answers->'abroad', 'arrival', f.answers->'arrival')
  when f.kind = 'contact_denied' then jsonb_build_object('contacts', f.answers->'contacts')
  when f.kind = 'measure_denied' then jsonb_build_object('underMeasure', f.answers->'underMeasure')
  when f.kind = 'symptom_denied' then jsonb_build_object('symptoms', f.answers->'symptoms')
  else jsonb_build_object('arrival', f.answers->'arrival') end`

/**
 * TRUTH-7: puts `truth_found` into effect. Of one person and kind one contradiction is open at a time: a new declaration that says the same
 * goes on with it, whoever was sent. What was decided of this declaration, or of the same evidence, is not asked again.
 * @returns what changed, for the history
 */
export async function writeFound(db: Db, now: Date, today: Day): Promise<Written[]> {
  const { rows } = await sql<Written & { fresh: boolean }>`
    with f as (
      select distinct on (person_id, kind) * from truth_found order by person_id, kind, day desc, declaration_id),
    n as (
      select f.*, c.id as live from f
      left join contradiction c on c.person_id = f.person_id and c.kind = f.kind and c.state in ('open', 'asked', 'answered')
      where not exists (select from contradiction o where o.person_id = f.person_id and o.kind = f.kind and o.state = 'closed'
        and (o.declaration_id = f.declaration_id or (o.outcome in ('false', 'unknown')
          and not exists (select from jsonb_array_elements(f.known) k where not o.known @> jsonb_build_array(jsonb_build_object('ref', k->>'ref'))))))),
    w as (
      insert into contradiction as c (person_id, id, home_area, emergency_id, declaration_id, kind, sources, declared_on, said, known, state, found_at, found_day, updated_at)
      select f.person_id, coalesce(f.live, ${idFrom(sql`convert_to(f.declaration_id::text || '/' || f.kind, 'UTF8')`)}),
        f.home_area, f.emergency_id, f.declaration_id, f.kind,
        (select array_agg(distinct x.source order by x.source) from (
          select k->>'source' as source from jsonb_array_elements(f.known) k union all select 'visit' from jsonb_array_elements(f.known) k where (k->>'verified')::boolean) x),
        f.day, ${SAID}, f.known, 'open', ${now}::timestamptz, ${today}::date, ${now}::timestamptz
      from n f order by f.person_id, f.kind
      on conflict (person_id, id) do update set declaration_id = excluded.declaration_id, declared_on = excluded.declared_on, said = excluded.said,
        known = excluded.known, sources = excluded.sources, home_area = excluded.home_area,
        state = case when c.state = 'ceased' then 'open' else c.state end, ceased = null, ended_at = null, updated_at = excluded.updated_at, version = c.version + 1
        where c.state <> 'closed' and (c.state = 'ceased' or c.known <> excluded.known or c.declaration_id <> excluded.declaration_id)
      returning c.person_id, c.id, c.kind, c.home_area, c.declaration_id, c.version)
    select w.*, w.version = 1 as fresh from w`.execute(db)
  return rows.map(({ fresh, ...row }) => ({ ...row, what: fresh ? 'found' : 'evidence' }))
}

/** TRUTH-12: what is contradicted no more ceases by itself; whoever was told to correct something and did is noted beside it. */
export async function ceaseOthers(db: Db, of: { touched: boolean; now: Date; today: Day }): Promise<Written[]> {
  const mine = of.touched
    ? sql`c.person_id in (select person_id from truth_touch)`
    : sql`c.declared_on > ${addDays(of.today, -DECLARED_DAYS)}::date`
  const standing = sql`(select d.id from declaration d where d.person_id = c.person_id and d.superseded_at is null and d.erased_at is null)`
  const gone = await sql<Omit<Written, 'what'>>`
    update contradiction c set state = 'ceased', ended_at = ${of.now}::timestamptz, updated_at = ${of.now}::timestamptz, version = c.version + 1,
      ceased = case when ${standing} is not distinct from c.declaration_id then 'withdrawn' else 'corrected' end,
      corrected_by = nullif(${standing}, c.declaration_id)
    where c.state in ('open', 'asked', 'answered') and c.kind in (${KINDS}) and ${mine}
      and not exists (select from truth_found f where f.person_id = c.person_id and f.kind = c.kind)
    returning c.person_id, c.id, c.kind, c.home_area, c.declaration_id, c.task_id`.execute(db)
  const corrected = await sql<Omit<Written, 'what'>>`
    update contradiction c set corrected_by = ${standing}, updated_at = ${of.now}::timestamptz, version = c.version + 1
    where c.state = 'closed' and c.outcome = 'honest_error' and c.corrected_by is null and c.kind in (${KINDS}) and ${mine}
      and ${standing} <> c.declaration_id and not exists (select from truth_found f where f.person_id = c.person_id and f.kind = c.kind)
    returning c.person_id, c.id, c.kind, c.home_area, c.declaration_id`.execute(db)
  return [
    ...gone.rows.map((row) => ({ ...row, what: 'ceased' as const })),
    ...corrected.rows.map((row) => ({ ...row, what: 'corrected' as const })),
  ]
}

export type NewEvent = {
  person_id: string
  id: string
  home_area: string
  kind: EventRecord['kind']
  body?: object
  by?: string | null
  text?: Buffer | null
}

export async function appendEvents(db: Db, events: readonly NewEvent[], now: Date): Promise<void> {
  for (let i = 0; i < events.length; i += 1_000) {
    const some = events.slice(i, i + 1_000)
    await sql`
      insert into contradiction_event (person_id, contradiction_id, n, home_area, kind, body, by, text_sealed, at)
      select u.person_id, u.id, coalesce((select max(e.n) from contradiction_event e where e.person_id = u.person_id and e.contradiction_id = u.id), 0) + 1,
        u.home_area, u.kind, u.body::jsonb, u.by, decode(u.text, 'hex'), ${now}::timestamptz
      from unnest(${some.map((e) => e.person_id)}::uuid[], ${some.map((e) => e.id)}::uuid[], ${some.map((e) => e.home_area)}::text[], ${some.map((e) => e.kind)}::text[],
        ${some.map((e) => JSON.stringify(e.body ?? {}))}::text[], ${some.map((e) => e.by ?? null)}::uuid[], ${some.map((e) => e.text?.toString('hex') ?? null)}::text[])
        as u(person_id, id, home_area, kind, body, by, text)`.execute(db)
  }
}

// ---- One person, for the pure finder ---------------------------------------------------------------------------------------------

export type DeclarationRow = { person_id: string; id: string; day: Day; home_area: AreaCode; answers: unknown }

/** What is declared of a person now, by any of the records that stand for the same one; the newest. */
export async function declarationOf(db: Db, records: readonly string[]): Promise<DeclarationRow | null> {
  const { rows } = await sql<DeclarationRow>`
    select person_id, id, day, home_area, answers from declaration
    where person_id = any(${[...records]}::uuid[]) and superseded_at is null and erased_at is null order by day desc, id limit 1`.execute(
    db,
  )
  return rows[0] ?? null
}

/** All that the pure finder is given. @param line sources that know a line and not who carries it */
export async function knownOf(
  db: Db,
  records: readonly string[],
  zone: string,
  line: readonly string[],
): Promise<Known> {
  const ids = sql`${[...records]}::uuid[]`
  const facts = await sql<Omit<KnownFact, 'kind'> & { kind: string }>`
    select fact_id as id, kind, place, value, degree, from_day as "from", to_day as "to", source from fact
    where person_id = any(${ids}) and withdrawn_at is null and source <> all(${[...OWN_SOURCES]}::text[])`.execute(db)
  const answers = await sql<{ disposition: string; sources: string[]; day: Day }>`
    select disposition, sources, answered_day as day from task
    where person_id = any(${ids}) and answered_day is not null and disposition = any(${[...REFUTES, ...VERIFIES]}::text[]) and sources <> '{}'`.execute(
    db,
  )
  const observations = await sql<Known['observations'][number]>`
    select id, current->>'noticeOn' as "noticeOn", end_day as "lastDay", ended_day as "endedOn", measure as kind from observation
    where person_id = any(${ids}) and blanked_at is null and outcome is distinct from 'cancelled' and current->>'noticeOn' is not null`.execute(
    db,
  )
  const returns = await sql<Known['returns'][number]>`
    select id, 'return' as source, (created_at at time zone ${zone})::date as "madeOn", expected_day as "expectedOn" from return_registration
    where person_id = any(${ids}) and blanked_at is null and state not in ('cancelled', 'no_show')
    union all
    select id, 'org', confirmed_day, confirmed_returns_on from org_member
    where person_id = any(${ids}) and confirmed_returns_on is not null and ended_at is null`.execute(db)
  const mates = await sql<Known['mates'][number]>`
    with m as (select r2.person_id from residence r1 join residence r2 on r2.household_id = r1.household_id and r2.to_day is null and r2.person_id <> r1.person_id
      where r1.person_id = any(${ids}) and r1.to_day is null)
    select f.place, f.from_day as "from", f.to_day as "to" from m join fact f on f.person_id = m.person_id
    where f.kind = 'stay' and f.place is not null and f.withdrawn_at is null and f.source <> all(${[...OWN_SOURCES, ...line]}::text[])
    union all
    select y.place, y.a, y.b from m join declaration d on d.person_id = m.person_id and d.superseded_at is null and d.erased_at is null cross join lateral (
      select x.area as place, x."from" as a, x."to" as b from jsonb_to_recordset(d.answers->'stays') as x(area text, "from" date, "to" date)
      union all select d.answers#>>'{arrival,fromArea}', (d.answers#>>'{arrival,arrivedOn}')::date - ${WINDOW_DAYS}::int, (d.answers#>>'{arrival,arrivedOn}')::date
        where d.answers#>>'{arrival,fromArea}' is not null) y`.execute(db)
  return {
    facts: facts.rows.flatMap((row) => {
      const kind = FACT_KINDS.find((one) => one === row.kind)
      return kind ? [{ ...row, kind }] : []
    }),
    answers: answers.rows,
    observations: observations.rows,
    returns: returns.rows,
    mates: mates.rows,
  }
}

// ---- Signs of misuse (TRUTH-13) ------------------------------------------------------------------------------------------------

/** People without a tie to one another from which on one telephone is a sign, and from how many doors. */
const MANY_PEOPLE = 5
const MANY_DOORS = 3
/** Days for which a key that was seen under two accounts counts. */
const KEY_DAYS = 14

/**
 * One telephone under which many have registered themselves, and one key of a phone under unrelated accounts. Wards and those whom a
 * worker registered share a telephone rightly. The sign stands with whoever holds the telephone, not with everybody on it.
 */
export async function writeSigns(db: Db, now: Date, today: Day): Promise<Written[]> {
  const { rows } = await sql<Written & { version: number }>`
    with phones as (
      select p.phone_hash, count(*) as n, (array_agg(g.person_id order by (a.account_id is not null) desc, g.registered_at, g.person_id))[1] as person_id
      from registration g join person p on p.person_id = g.person_id
      left join residence r on r.person_id = g.person_id and r.to_day is null
      left join account_person a on a.person_id = g.person_id and a.account_id = g.account_id and a.relation = 'self' and a.ended_at is null
      where p.phone_hash is not null and g.by = 'self' and g.erased_at is null
      group by p.phone_hash having count(*) >= ${MANY_PEOPLE} and count(distinct coalesce(r.household_id, g.person_id)) >= ${MANY_DOORS}),
    signs as (
      select person_id, 'shared_phone' as kind, 'phone' as source, n, phone_hash as about from phones
      union all
      select person_id, 'shared_key', 'key', count(*), uuid_send(person_id) from code_misuse where at >= ${now}::timestamptz - make_interval(days => ${KEY_DAYS}) group by person_id),
    n as (
      select s.*, g.home_area, g.emergency_id, c.id as live,
        jsonb_build_array(jsonb_build_object('kind', s.source, 'source', s.source, 'ref', ${idFrom(sql`s.about`)}, 'place', null,
          'value', s.n::text, 'degree', null, 'from', ${today}::date, 'to', ${today}::date, 'verified', false)) as known
      from signs s join registration g on g.person_id = s.person_id
      left join contradiction c on c.person_id = s.person_id and c.kind = s.kind and c.state in ('open', 'asked', 'answered')
      where not exists (select from contradiction o where o.person_id = s.person_id and o.kind = s.kind and o.state = 'closed' and (o.known#>>'{0,value}')::int >= s.n))
    insert into contradiction as c (person_id, id, home_area, emergency_id, kind, sources, declared_on, said, known, state, found_at, found_day, updated_at)
    select person_id, coalesce(live, ${idFrom(sql`convert_to(kind || n::text, 'UTF8') || about`)}),
      home_area, emergency_id, kind, array[source], ${today}::date, '{}', known, 'open', ${now}::timestamptz, ${today}::date, ${now}::timestamptz
    from n order by person_id, kind
    on conflict (person_id, id) do update set known = excluded.known, updated_at = excluded.updated_at, version = c.version + 1
      where c.state in ('open', 'asked', 'answered') and c.known#>>'{0,value}' <> excluded.known#>>'{0,value}'
    returning c.person_id, c.id, c.kind, c.home_area, c.declaration_id, c.version`.execute(db)
  return rows.map(({ version, ...row }) => ({ ...row, what: version === 1 ? 'found' : 'evidence' }))
}
