import type { Day } from '@weiwang/domain/core/day'
import { HELD, HELD_DAYS, MEMORY_DAYS, REFUTES, VERIFIES, WINDOW_DAYS } from '@weiwang/domain/healthcode/truth-find'
import { OWN_SOURCES } from '@weiwang/domain/healthcode/truth-source'
import type { Allowance } from '@weiwang/domain/healthcode/truth-source'
import { addDays } from '@weiwang/domain/core/day'
import { lit } from '../grading/compile.ts'

/**
 * The finder of contradictions for everybody at once: the sentences of domain/healthcode/truth-find.ts as set-based SQL, in the same
 * order. One pass over the facts keeps what can matter and meets it with what is declared now; what is left is little, and only for
 * its people the rest of what is known is looked up. Every text here is our own or goes through `lit`.
 *
 * Parameters of every statement: $1 places, $2 from, $3 to: the days on which each place is a risk area; $4 place, $5 county: which
 * counties lie within the reach of the masts of a place; $6 merged persons, $7 who stands for them.
 */
export type TruthPlan = {
  today: Day
  zone: string
  allowances: readonly Allowance[]
  /** Only the persons in the temporary table `truth_touch`. */
  touched: boolean
  aliases: boolean
}

/** A declaration older than this is held against nothing new any more (TRUTH-4). */
export const DECLARED_DAYS = 28

const list = (values: readonly string[]): string => values.map(lit).join(', ')
const day = (d: Day): string => `date ${lit(d)}`
const overlap = (a: string, b: string): string => `(starts_with(${a}, ${b}) or starts_with(${b}, ${a}))`
const city = (a: string, b: string): string => overlap(`left(${a}, 4)`, `left(${b}, 4)`)
const OWN = `(${list(OWN_SOURCES)})`

function slackOf(source: string, allowances: readonly Allowance[]): string {
  const some = allowances.filter((a) => a.slack > 0)
  return some.length === 0
    ? '0'
    : `case ${source} ${some.map((a) => `when ${lit(a.source)} then ${a.slack}`).join(' ')} else 0 end`
}

function flag(source: string, allowances: readonly Allowance[], has: (a: Allowance) => boolean): string {
  const some = allowances.filter(has).map((a) => a.source)
  return some.length === 0 ? 'false' : `${source} in (${list(some)})`
}

/** What is declared now, of whom it may concern; `d.person_id` is the person who stands for a merged one. */
function declared(plan: TruthPlan): string {
  const person = plan.aliases ? 'coalesce(x.target, d.person_id)' : 'd.person_id'
  const join = plan.aliases ? ' left join unnest($6::uuid[], $7::uuid[]) x(alias, target) on x.alias = d.person_id' : ''
  const touched = plan.touched ? ` and ${person} in (select person_id from truth_touch)` : ''
  return `(select ${person} as person_id, d.id, d.day, d.home_area, d.emergency_id, d.answers from declaration d${join}
    where d.superseded_at is null and d.erased_at is null and d.day > ${day(addDays(plan.today, -DECLARED_DAYS))}${touched})`
}

/** Facts as whoever stands for a merged person has them. */
function facts(plan: TruthPlan): string {
  const { aliases, touched } = plan
  if (touched) {
    const raw = aliases
      ? `(select person_id as raw, person_id as target from truth_touch union all select x.alias, x.target from unnest($6::uuid[], $7::uuid[]) x(alias, target) join truth_touch t on t.person_id = x.target)`
      : `(select person_id as raw, person_id as target from truth_touch)`
    return `${raw} w join fact f on f.person_id = w.raw`
  }
  return aliases
    ? `fact f left join unnest($6::uuid[], $7::uuid[]) w(alias, target) on w.alias = f.person_id`
    : 'fact f'
}

function personOf({ touched, aliases }: TruthPlan): string {
  if (touched) return 'w.target'
  return aliases ? 'coalesce(w.target, f.person_id)' : 'f.person_id'
}

/** Nothing ended, lifted or excluded is needed here: those are read of the few whose person is left. */
function mayMatter(plan: TruthPlan): string {
  const since = day(addDays(plan.today, -DECLARED_DAYS - WINDOW_DAYS))
  const held = HELD.map((h) => `(f.kind = ${lit(h.kind)} and f.value in (${list(h.in)}))`).join(' or ')
  return `case when f.kind = 'stay' then f.to_day >= ${since} and f.place = any($1::text[])
    else f.to_day >= ${day(addDays(plan.today, -DECLARED_DAYS - HELD_DAYS))} and (f.kind in ('contact', 'symptom', 'abroad') or (f.kind = 'fever_clinic' and f.value <> 'excluded') or ${held}) end`
}

/** The days of a fact against the day of the declaration, and what the declaration says of its kind. */
function meets(plan: TruthPlan): string {
  const slack = slackOf('f.source', plan.allowances)
  const last = 'least(f.to_day, f.b, d.day - 1)'
  const told = HELD.map((h) => `when ${lit(h.kind)} then ${h.told}`).join(' ')
  const held = `(not (d.answers->>'underMeasure')::boolean and f.from_day <= d.day - (case f.kind ${told} else 1 end) - ${slack} and f.from_day >= d.day - ${HELD_DAYS})`
  const ill = `(jsonb_array_length(d.answers->'symptoms') = 0 and f.from_day <= d.day - 1 - ${slack} and f.to_day >= d.day - 1 + ${slack})`
  return `case f.kind
    when 'stay' then f.from_day <= d.day - 1 - ${slack} and ${last} >= greatest(f.from_day, f.a) and ${last} >= d.day - ${WINDOW_DAYS} + ${slack}
      and not ${city('f.place', 'd.home_area')}
    when 'contact' then f.degree in (1, 2) and f.to_day >= d.day - ${WINDOW_DAYS} and f.to_day < d.day
      and not exists (select from jsonb_array_elements(d.answers->'contacts') c where (c->>'degree')::int <= 2)
    when 'abroad' then not (${flag('f.source', plan.allowances, (a) => a.border)}) and f.to_day >= d.day - ${WINDOW_DAYS} + ${slack} and f.from_day <= d.day - 1 - ${slack}
      and d.answers#>>'{arrival,fromCountry}' is distinct from f.value and not exists (select from jsonb_array_elements(d.answers->'abroad') c where c->>'country' = f.value)
    when 'symptom' then ${ill}
    when 'fever_clinic' then (f.value in ('visited', 'held') and ${ill}) or (f.value = 'held' and ${held})
    else ${held} end`
}

/** Where the declaration puts the person, and until when. */
function says(answers: string): string {
  return `(select x.area as place, x."to" as until from jsonb_to_recordset(${answers}->'stays') as x(area text, "to" date)
    union all select ${answers}#>>'{arrival,fromArea}', (${answers}#>>'{arrival,arrivedOn}')::date where ${answers}#>>'{arrival,fromArea}' is not null)`
}

/**
 * Step 0: the few facts that can matter at all. A table of its own, so that the planner knows how few they are and looks for their
 * declarations, not the other way round.
 */
export function factsSql(plan: TruthPlan): string {
  return `create temporary table truth_fact on commit drop as
select ${personOf(plan)} as person_id, f.fact_id, f.kind, f.place, f.value, f.degree, f.from_day, f.to_day, f.source, r.a, r.b
from ${facts(plan)} left join unnest($1::text[], $2::date[], $3::date[]) as r(place, a, b) on f.kind = 'stay' and r.place collate "C" = f.place and f.from_day <= r.b and f.to_day >= r.a
where ${mayMatter(plan)} and case when f.withdrawn_at is not null or f.source in ${OWN} then false else f.kind <> 'stay' or r.place is not null end`
}

/** Step 1: facts that a declaration leaves out, their own errors not yet allowed for. */
export function meetSql(plan: TruthPlan): string {
  const allowed = slackOf('m.source', plan.allowances)
  // Levels of one place may change: of its days in a risk area the last counts. A row that is covered by what is declared covers the
  // earlier ones as well, so each may be asked by itself.
  return `create temporary table truth_meet on commit drop as
with m as materialized (
  select d.person_id, d.id as declaration_id, d.day, d.home_area, d.emergency_id, d.answers,
    f.fact_id, f.kind, f.place, f.value, f.degree, f.from_day, f.to_day, f.source,
    case when f.kind = 'stay' then least(f.to_day, f.b, d.day - 1) end as last
  from truth_fact f
  join ${declared(plan)} d on d.person_id = f.person_id
  where ${meets(plan)})
select distinct on (s.declaration_id, s.fact_id) s.* from (
  select m.*, m.last - ${MEMORY_DAYS} - ${allowed} as until, c.until as said_until
  from m left join lateral (select max(y.until) as until from ${says('m.answers')} y where ${city('y.place', 'm.place')}) c on m.kind = 'stay') s
where s.kind <> 'stay' or s.said_until is null or s.said_until < s.until
order by s.declaration_id, s.fact_id, s.last desc`
}

/** Step 2: what whoever asked these people has found. */
export function answersSql(plan: TruthPlan): string {
  const alias = plan.aliases
    ? ` union select x.alias, x.target from unnest($6::uuid[], $7::uuid[]) x(alias, target) join truth_meet m on m.person_id = x.target`
    : ''
  return `create temporary table truth_answer on commit drop as
select w.target as person_id, t.disposition, t.sources, t.answered_day as day
from (select distinct person_id as raw, person_id as target from truth_meet${alias}) w join task t on t.person_id = w.raw
where t.answered_day is not null and t.disposition in (${list([...REFUTES, ...VERIFIES])}) and t.sources <> '{}'`
}

/** Step 3: all that is known of these people, without what whoever asked has found to be wrong (TRUTH-5). */
export function knownSql(plan: TruthPlan): string {
  const alias = plan.aliases
    ? ` union select x.alias, x.target from unnest($6::uuid[], $7::uuid[]) x(alias, target) join truth_meet m on m.person_id = x.target`
    : ''
  return `create temporary table truth_known on commit drop as
select w.target as person_id, f.fact_id, f.kind, f.place, f.value, f.from_day, f.to_day, f.source
from (select distinct person_id as raw, person_id as target from truth_meet${alias}) w join fact f on f.person_id = w.raw
where f.withdrawn_at is null and f.source not in ${OWN} and not exists (select from truth_answer a
  where a.person_id = w.target and a.disposition in (${list(REFUTES)}) and f.source = any(a.sources) and a.day >= f.to_day)`
}

const VERIFIED = `exists (select from truth_answer a where a.person_id = s.person_id and a.disposition in (${list(VERIFIES)}) and s.source = any(a.sources) and a.day >= s.to_day)`

function mates(plan: TruthPlan): string {
  const line = plan.allowances.filter((a) => a.line).map((a) => a.source)
  const other = [...OWN_SOURCES, ...line]
  const about = (from: string, to: string): string =>
    `${from} <= s.to_day + ${MEMORY_DAYS} and ${to} >= s.from_day - ${MEMORY_DAYS}`
  return `exists (select from residence r1 join residence r2 on r2.household_id = r1.household_id and r2.to_day is null and r2.person_id <> r1.person_id
    where r1.person_id = s.person_id and r1.to_day is null and (
      exists (select from fact f where f.person_id = r2.person_id and f.kind = 'stay' and f.withdrawn_at is null and f.source not in (${list(other)}) and ${city('f.place', 's.place')} and ${about('f.from_day', 'f.to_day')})
      or exists (select from declaration d cross join lateral (
          select x.area as place, x."from" as a, x."to" as b from jsonb_to_recordset(d.answers->'stays') as x(area text, "from" date, "to" date)
          union all select d.answers#>>'{arrival,fromArea}', (d.answers#>>'{arrival,arrivedOn}')::date - ${WINDOW_DAYS}, (d.answers#>>'{arrival,arrivedOn}')::date where d.answers#>>'{arrival,fromArea}' is not null) y
        where d.person_id = r2.person_id and d.superseded_at is null and d.erased_at is null and ${city('y.place', 's.place')} and ${about('y.a', 'y.b')})))`
}

/** TRUTH-3, in the order of `beyondErrors`. */
function beyond(plan: TruthPlan): string {
  const { allowances } = plan
  const near = (other: string): string =>
    `(left(s.place, 6) = left(${other}, 6) or ${overlap('s.place', other)} or exists (select from unnest($4::text[], $5::text[]) n(place, county) where n.place = s.place and ${overlap('n.county', other)}))`
  const oneDay = 's.from_day = s.to_day'
  const slack = slackOf('s.source', allowances)
  const parts: string[] = []
  const add = (has: (a: Allowance) => boolean, explained: string): void => {
    const who = flag('s.source', allowances, has)
    if (who !== 'false') parts.push(`not (${who} and ${explained})`)
  }
  add((a) => a.night, oneDay)
  add(
    (a) => a.transit,
    `${oneDay} and (exists (select from truth_known f where f.person_id = s.person_id and f.kind = 'stay' and not ${city('f.place', 's.place')} and f.from_day <= s.from_day and f.to_day >= s.from_day)
      or exists (select from ${says('s.answers')} y where not ${city('y.place', 's.place')} and y.until between s.from_day - ${MEMORY_DAYS} - ${slack} and s.from_day + ${MEMORY_DAYS} + ${slack}))`,
  )
  add(
    (a) => a.border,
    `(${near('s.home_area')} or exists (select from ${says('s.answers')} y where y.until >= s.until and not ${city('y.place', 's.place')} and ${near('y.place')}))`,
  )
  add((a) => a.line, mates(plan))
  const second = `exists (select from truth_known f where f.person_id = s.person_id and f.kind = 'stay' and f.source <> s.source and ${city('f.place', 's.place')} and f.from_day <= s.to_day + ${MEMORY_DAYS} and f.to_day >= s.from_day - ${MEMORY_DAYS})`
  return parts.length === 0 ? 'true' : `(s.verified or ${second} or (${parts.join('\n    and ')}))`
}

type Side = { to?: string; verified?: string }

function evidence({ to = 's.to_day', verified = 'false' }: Side = {}): string {
  return `jsonb_build_object('kind', s.kind, 'source', s.source, 'ref', s.fact_id, 'place', s.place, 'value', s.value, 'degree', s.degree, 'from', s.from_day, 'to', ${to}, 'verified', ${verified})`
}

/** No end of a state stands against it, whoever says it. */
function lasting(): string {
  const parts = HELD.map(
    (h) =>
      `s.kind = ${lit(h.kind)} and s.value in (${list(h.in)}) and s.from_day <= s.day - ${h.told} and not exists (select from truth_known e where e.person_id = s.person_id and e.kind = ${lit(h.kind)} and e.value in (${list(h.out)}) and e.from_day >= s.from_day and e.from_day <= s.day + ${MEMORY_DAYS})`,
  )
  return `(${parts.join('\n    or ')})`
}

/** Step 4: contradictions, one a declaration and kind, each with everything that it rests on. */
export function foundSql(plan: TruthPlan): string {
  const base = 's.person_id, s.declaration_id, s.day, s.home_area, s.emergency_id, s.answers'
  const slack = slackOf('s.source', plan.allowances)
  const ill = `s.kind in ('symptom', 'fever_clinic') and jsonb_array_length(s.answers->'symptoms') = 0 and (s.kind = 'symptom' or s.value in ('visited', 'held'))
    and s.from_day <= s.day - 1 - ${slack} and s.to_day >= s.day - 1 + ${slack}
    and not (s.kind = 'fever_clinic' and exists (select from truth_known e where e.person_id = s.person_id and e.kind = 'fever_clinic' and e.value = 'excluded' and e.from_day >= s.from_day and e.from_day <= s.day))`
  const noted = `(o.current->>'noticeOn')::date`
  return `create temporary table truth_found on commit drop as
with s as materialized (
  select s.*, ${VERIFIED} as verified from truth_meet s
  where exists (select from truth_known k where k.person_id = s.person_id and k.fact_id = s.fact_id)),
e as (
  select ${base}, case when s.said_until is null then 'stay_denied' else 'stay_shortened' end as kind, s.source, s.fact_id as ref, ${evidence({ to: 's.last', verified: 's.verified' })} as side
  from s where s.kind = 'stay' and ${beyond(plan)}
  union all
  select ${base}, 'abroad_denied', s.source, s.fact_id, ${evidence()} from s where s.kind = 'abroad'
  union all
  select ${base}, 'contact_denied', s.source, s.fact_id, ${evidence({ verified: 'true' })} from s
  where s.kind = 'contact' and exists (select from truth_answer a where a.person_id = s.person_id and a.disposition in (${list(VERIFIES)}) and s.source = any(a.sources) and a.day >= s.to_day and a.day < s.day)
  union all
  select ${base}, 'measure_denied', s.source, s.fact_id, ${evidence({ to: 'null::date' })} from s
  where not (s.answers->>'underMeasure')::boolean and s.from_day >= s.day - ${HELD_DAYS} and s.from_day <= s.day - (case s.kind ${HELD.map((h) => `when ${lit(h.kind)} then ${h.told}`).join(' ')} else 1 end) - ${slack} and ${lasting()}
  union all
  select ${base}, 'symptom_denied', s.source, s.fact_id, ${evidence()} from s where ${ill}
  union all
  select d.person_id, d.id, d.day, d.home_area, d.emergency_id, d.answers, 'measure_denied', 'observation', o.id,
    jsonb_build_object('kind', 'observation', 'source', 'observation', 'ref', o.id, 'place', null, 'value', o.measure, 'degree', null, 'from', ${noted}, 'to', o.end_day, 'verified', false)
  from observation o join ${declared(plan)} d on d.person_id = o.person_id
  where o.blanked_at is null and o.outcome is distinct from 'cancelled' and o.measure <> 'self_monitoring' and (o.ended_day is null or o.ended_day > ${day(addDays(plan.today, -DECLARED_DAYS))})
    and not (d.answers->>'underMeasure')::boolean and ${noted} < d.day and (o.end_day is null or o.end_day >= d.day) and (o.ended_day is null or o.ended_day > d.day)
  union all
  select d.person_id, d.id, d.day, d.home_area, d.emergency_id, d.answers, 'arrival_differs', r.source, r.id,
    jsonb_build_object('kind', 'return', 'source', r.source, 'ref', r.id, 'place', null, 'value', 'expected', 'degree', null, 'from', r.made, 'to', r.expected_day, 'verified', false)
  from (select r.person_id, r.id, r.expected_day, (r.created_at at time zone ${lit(plan.zone)})::date as made, 'return' as source from return_registration r
      where r.person_id is not null and r.blanked_at is null and r.state not in ('cancelled', 'no_show')
      union all select m.person_id, m.id, m.confirmed_returns_on, m.confirmed_day, 'org' from org_member m
      where m.person_id is not null and m.confirmed_returns_on is not null and m.ended_at is null) r
    join ${declared(plan)} d on d.person_id = r.person_id
    cross join lateral (select (d.answers#>>'{arrival,arrivedOn}')::date as at) a
  where r.made <= d.day and r.expected_day > r.made and r.expected_day > a.at + ${MEMORY_DAYS} and a.at < r.made - ${MEMORY_DAYS} and a.at >= r.made - ${WINDOW_DAYS})
select person_id, declaration_id, day, home_area, emergency_id, kind,
  jsonb_agg(side order by source collate "C", ref::text collate "C") as known,
  (array_agg(answers))[1] as answers
from e group by person_id, declaration_id, day, home_area, emergency_id, kind`
}
