import { countyOf, upper } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { cappedRule } from '@weiwang/domain/grading/evaluate'
import { MANUAL_RULE } from '@weiwang/domain/grading/manual'
import {
  endersOf,
  factLeaves,
  isState,
  matesLeaves,
  spanKey,
  STATES,
  statesOf,
  usesEntry,
  usesRelease,
} from '@weiwang/domain/grading/plan'
import type { FactLeaf, MatesLeaf, Node, Plan } from '@weiwang/domain/grading/plan'
import { MANUAL_REASON_INFO, MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import type { RiskIndex, RiskSpan } from '@weiwang/domain/grading/risk'
import { NO_END, spansOf } from '@weiwang/domain/grading/risk'
import { COLOUR_RANK, GRADE_RANK, MAX_REASONS } from '@weiwang/domain/grading/rule-set'
import type { StayCriterion } from '@weiwang/domain/grading/rule-set'

/**
 * A plan as set-based SQL: no statement loops over persons. Three steps, all joined by person only:
 *
 * 1. find: one pass over `fact` (or over the facts of the touched persons) keeps what may meet a criterion. Places are
 *    joined by equality with the days on which they match, which `placeSpans` has worked out with the evaluator's own code.
 * 2. spread: what a household member meets becomes a row of the others behind the door.
 * 3. judge: leaves → tree → reasons → grade, colour, ends, next to the grade of today; only differences are kept.
 *
 * Every piece of text here comes from a checked rule set or goes through `lit`. Rule numbers: docs/rules/grading.md.
 */
export type Compiled = { plan: Plan; specs: Spec[]; redSources: readonly string[] }

/** Stay criteria that match the same days of a place share a spec; number 0 is "inside the area of the rule set". */
export type Spec = { n: number; key: string; atom: StayCriterion; within: number; onStayDays: boolean }

export const ENTRY_SPEC = 0

export function compilePlan(plan: Plan, redSources: readonly string[]): Compiled {
  const specs: Spec[] = []
  for (const { atom } of factLeaves(plan)) {
    if (atom.kind !== 'stay') continue
    const key = spanKey(atom)
    const known = specs.find((spec) => spec.key === key)
    const onStayDays = atom.judged !== 'run_day'
    if (known) {
      known.within = Math.max(known.within, atom.withinDays)
      known.onStayDays &&= onStayDays
    } else specs.push({ n: specs.length + 1, key, atom, within: atom.withinDays, onStayDays })
  }
  return { plan, specs, redSources }
}

export function lit(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

const day = (d: Day): string => `date ${lit(d)}`
const oneOf = (column: string, values: readonly (string | number)[]): string =>
  values.length === 0
    ? 'false'
    : `${column} in (${values.map((v) => (typeof v === 'number' ? String(v) : lit(v))).join(', ')})`

export type PlaceSpans = { places: string[]; specs: number[]; froms: Day[]; tos: Day[] }

/** The days on which each place matches each spec, as parallel arrays for `unnest`; what cannot matter any more is left out. */
export function placeSpans(
  { plan, specs }: Compiled,
  risk: RiskIndex,
  places: readonly string[],
  asOf: Day,
): PlaceSpans {
  const out: PlaceSpans = { places: [], specs: [], froms: [], tos: [] }
  const add = (place: string, spec: number, from: Day, to: Day): void => {
    out.places.push(place)
    out.specs.push(spec)
    out.froms.push(from)
    out.tos.push(to === NO_END ? 'infinity' : to)
  }
  const entries = usesEntry(plan)
  for (const place of places) {
    if (entries && place.startsWith(plan.area)) add(place, ENTRY_SPEC, '0001-01-01', NO_END)
    for (const spec of specs) {
      for (const span of spansOf(risk, spec.atom, place)) {
        if (span.to < addDays(asOf, -spec.within)) continue
        add(place, spec.n, span.from, span.to)
      }
    }
  }
  return out
}

/** Distinct places of stays: one probe of the index a place, whatever the number of facts. */
export const DISTINCT_PLACES = `
with recursive p as (
  (select place from fact where kind = 'stay' and withdrawn_at is null order by place limit 1)
  union all
  select (select f.place from fact f where f.kind = 'stay' and f.withdrawn_at is null and f.place > p.place order by f.place limit 1)
  from p where p.place is not null)
select place from p where place is not null`

/** The areas whose places can match at all (GRADE-2, GRADE-4), none inside another: where `PLACES_WITHIN` looks. */
export function placeAreas({ plan, specs }: Compiled, risk: readonly RiskSpan[]): string[] {
  const areas = new Set<string>(usesEntry(plan) ? [plan.area] : [])
  for (const { atom } of specs) {
    if (atom.where) for (const area of atom.where) areas.add(area)
    else
      for (const { area, level } of risk)
        if (atom.levels?.includes(level)) areas.add(atom.match === 'county' ? countyOf(area) : area)
  }
  const out: string[] = []
  for (const area of [...areas].toSorted()) {
    const last = out.at(-1)
    if (last === undefined || !area.startsWith(last)) out.push(area)
  }
  return out
}

/** Distinct places of stays between the bounds of $1 and $2: as above, but not for places where nothing is. */
export const PLACES_WITHIN = `
with recursive p as (
  select u.hi, (select f.place from fact f where f.kind = 'stay' and f.withdrawn_at is null and f.place >= u.lo and f.place < u.hi order by f.place limit 1) as place
  from unnest($1::text[], $2::text[]) as u(lo, hi)
  union all
  select p.hi, (select f.place from fact f where f.kind = 'stay' and f.withdrawn_at is null and f.place > p.place and f.place < p.hi order by f.place limit 1)
  from p where p.place is not null)
select place from p where place is not null`

const sinceSql = (asOf: Day, n: number): string => `f.to_day >= ${day(addDays(asOf, -n))}`

/**
 * Which facts may matter, by themselves: coarse, cheap, and never too narrow. Nearly all facts are stays where nothing
 * was; `case` lets them go after one comparison of the kind, one of the days and one probe of the places ($1).
 */
function mayMatter({ plan, specs }: Compiled, asOf: Day): string {
  const stays: string[] = []
  if (specs.length > 0) stays.push(sinceSql(asOf, Math.max(...specs.map((spec) => spec.within))))
  if (usesEntry(plan)) stays.push(`f.from_day >= ${day(addDays(asOf, -60))}`)
  const windows = new Map<string, number>()
  const states = new Set<string>(usesRelease(plan) ? ['measure'] : [])
  for (const { atom } of factLeaves(plan)) {
    if (isState(atom)) states.add(atom.kind)
    else if (atom.kind !== 'stay') windows.set(atom.kind, Math.max(windows.get(atom.kind) ?? 0, atom.withinDays))
  }
  const parts = [...windows].map(([kind, within]) => `(f.kind = ${lit(kind)} and ${sinceSql(asOf, within)})`)
  if (states.size > 0) parts.push(`(${oneOf('f.kind', [...states])})`)
  const others = parts.length === 0 ? 'false' : parts.join('\n   or ')
  return `case when f.kind = 'stay' then ${stays.length === 0 ? 'false' : `(${stays.join(' or ')}) and f.place = any($1::text[])`}
   else ${others} end`
}

/** Which days of its place a stay must meet, and that the fact stands; beside the join, where other kinds pass. */
function mayMeet({ plan, specs }: Compiled, asOf: Day): string {
  const each = specs.map((spec) => {
    const overlap = spec.onStayDays ? ' and f.from_day <= s.to_day and f.to_day >= s.from_day' : ''
    return `(s.spec = ${spec.n} and ${sinceSql(asOf, spec.within)}${overlap})`
  })
  if (usesEntry(plan)) each.push(`(s.spec = ${ENTRY_SPEC} and f.from_day >= ${day(addDays(asOf, -60))})`)
  // That a fact is withdrawn is rare and stands at the end of its row: asked here, where few are left, it need not be read
  // for every fact.
  return each.length === 0
    ? 'f.withdrawn_at is null'
    : `case when f.withdrawn_at is not null then false when f.kind = 'stay' then ${each.join(' or ')} else true end`
}

const FOUND = 'person_id, kind, place, value, degree, from_day, to_day, source, recorded_at, spec, s_from, s_to'

/**
 * Step 1 as a temporary table `found`: a plain SELECT, so that PostgreSQL may read the facts with parallel workers.
 * Parameters: $1 places, $2 specs, $3 from, $4 to; $5 alias ids, $6 their targets.
 */
export function findSql(
  compiled: Compiled,
  asOf: Day,
  options: { touchedBy: string | null; aliases: boolean },
): string {
  const { touchedBy, aliases } = options
  const alias = `unnest($5::uuid[], $6::uuid[]) as a(alias, target)`
  const from =
    touchedBy === null
      ? `fact f${aliases ? ` left join ${alias} on a.alias = f.person_id` : ''}`
      : `(select t.person_id as raw, t.person_id as target from grade_touch t${aliases ? ` left join ${alias} on a.alias = t.person_id` : ''} where t.run_id = ${lit(touchedBy)}${aliases ? ' and a.alias is null' : ''}
      ${aliases ? `union all select a.alias, a.target from ${alias} join grade_touch t on t.run_id = ${lit(touchedBy)} and t.person_id = a.target` : ''}) w
   join fact f on f.person_id = w.raw`
  const person = touchedBy === null ? (aliases ? 'coalesce(a.target, f.person_id)' : 'f.person_id') : 'w.target'
  const stays = compiled.specs.length > 0 || usesEntry(compiled.plan)
  const spans = `unnest($1::text[], $2::smallint[], $3::date[], $4::date[]) as s(place, spec, from_day, to_day)`
  return `create temporary table found on commit drop as
select ${person} as person_id, f.kind, f.place, f.value, f.degree, f.from_day, f.to_day, f.source, f.recorded_at,
       ${stays ? 's.spec, s.from_day as s_from, s.to_day as s_to' : 'null::smallint as spec, null::date as s_from, null::date as s_to'}
from ${from}
   ${stays ? `left join ${spans} on f.kind = 'stay' and s.place collate "C" = f.place` : ''}
where ${mayMatter(compiled, asOf)}
  and ${mayMeet(compiled, asOf)}`
}

export function keepFoundSql(runId: string): string {
  return `insert into grade_found (run_id, ${FOUND}) select ${lit(runId)}, ${FOUND} from found order by person_id`
}

export type Range = { lo: string | null; hi: string | null }

function inRange(column: string, { lo, hi }: Range): string {
  return `${lo === null ? '' : ` and ${column} >= ${lit(lo)}`}${hi === null ? '' : ` and ${column} < ${lit(hi)}`}`
}

/** The changes by hand that stand on the day, and the facts that they leave (GRADE-13). */
function baseCtes({ plan }: Compiled, runId: string, range: Range, asOf: Day): string {
  const entry = usesEntry(plan)
    ? `,
entered as (select person_id, array_agg(from_day) as days from base where spec = ${ENTRY_SPEC} and from_day <= ${day(asOf)} group by person_id)`
    : ''
  const release = usesRelease(plan)
    ? `,
lifted as (select person_id, array_agg(from_day) as days from base where kind = 'measure' and value = 'lifted' and leaf is null group by person_id)`
    : ''
  return `m as (
  select distinct on (person_id) * from grade_manual
  where not exists (select 1 from person_alias x where x.person_id = grade_manual.person_id)
    and from_day <= ${day(asOf)} and until_day >= ${day(asOf)} and ended_at is null${inRange('person_id', range)}
  order by person_id, at desc, id desc),
base as (
  select r.* from grade_found r left join m on m.person_id = r.person_id
  where r.run_id = ${lit(runId)}${inRange('r.person_id', range)} and (m.person_id is null or r.recorded_at > m.at))${entry}${release}`
}

/** GRADE-6, for events; `d` is the day of the exposure. */
function capSql(leaf: FactLeaf, d: string): string | null {
  const { lasts } = leaf
  if (!lasts) return null
  switch (lasts.from) {
    case 'fact':
      return `${d} + ${lasts.days}`
    case 'entry':
      return `coalesce((select min(x) from unnest(en.days) x where x >= ${d}), ${d}) + ${lasts.days}`
    case 'release':
      return `(select min(x) from unnest(li.days) x where x >= ${d}) ${lasts.days === 0 ? '- 1' : `+ ${lasts.days}`}`
  }
}

const EVIDENCE = 'b.kind, b.place, b.value, b.degree, b.from_day, b.to_day, b.source, b.recorded_at'

function eventLeafSql(leaf: FactLeaf, compiled: Compiled): string {
  const { atom } = leaf
  if (isState(atom)) throw new Error('not an event')
  let start = 'b.from_day'
  let d = 'b.to_day'
  let end = `b.to_day + ${atom.withinDays}`
  let meets = `b.kind = ${lit(atom.kind)} and b.leaf is null`
  if (atom.kind === 'stay') {
    const key = spanKey(atom)
    const spec = compiled.specs.find((s) => s.key === key)
    meets += ` and b.spec = ${spec?.n ?? -1}`
    start = 'greatest(b.from_day, b.s_from)'
    if (atom.judged === 'run_day') end = `least(b.to_day + ${atom.withinDays}, b.s_to)`
    else {
      d = 'least(b.to_day, b.s_to)'
      end = `${d} + ${atom.withinDays}`
      meets += ` and ${start} <= ${d}`
    }
  }
  if (atom.kind === 'contact') meets += ` and ${oneOf('b.degree', atom.degrees)}`
  if (atom.kind === 'symptom' && atom.codes) meets += ` and ${oneOf('b.value', atom.codes)}`
  if (atom.kind === 'abroad' && atom.countries) meets += ` and ${oneOf('b.value', atom.countries)}`
  const cap = capSql(leaf, d)
  const joins = `${leaf.lasts?.from === 'entry' ? ' left join entered en on en.person_id = b.person_id' : ''}${leaf.lasts?.from === 'release' ? ' left join lifted li on li.person_id = b.person_id' : ''}`
  return `select b.person_id, ${leaf.n} as leaf, ${start} as start_day, ${d} as day, ${cap ? `least(${end}, ${cap})` : end} as until_day, ${EVIDENCE} from base b${joins} where ${meets}`
}

/** GRADE-5: until the first later fact that ends the state. */
function stateLeafSql(leaf: FactLeaf): string {
  const { atom, lasts } = leaf
  if (!isState(atom)) throw new Error('not a state')
  const { order } = STATES[atom.kind]
  const rank = `case b.value ${order.map((value, i) => `when ${lit(value)} then ${i}`).join(' ')} else -1 end`
  const release = lasts?.from === 'release' && lasts.days > 0 ? `b.release + ${lasts.days}` : 'b.release - 1'
  const parts = [`coalesce(${release}, date 'infinity')`]
  if (lasts && lasts.from !== 'release') parts.push(`b.to_day + ${lasts.days}`)
  if (atom.withinDays !== undefined) parts.push(`b.to_day + ${atom.withinDays}`)
  const enders = endersOf(atom)
  const window = `over (partition by b.person_id order by b.from_day, ${rank} rows between 1 following and unbounded following)`
  const inner = `select b.*, ${enders.length === 0 ? 'null::date' : `min(b.from_day) filter (where ${oneOf('b.value', enders)}) ${window}`} as release from base b where b.kind = ${lit(atom.kind)} and b.leaf is null`
  return `select b.person_id, ${leaf.n} as leaf, b.from_day as start_day, b.to_day as day, least(${parts.join(', ')}) as until_day, ${EVIDENCE} from (${inner}) b where ${oneOf('b.value', statesOf(atom))}`
}

/** Rows of leaves, those over by the day dropped; `ok_until` when the source may give red (GRADE-9). */
function leafRowsSql(leaves: readonly FactLeaf[], compiled: Compiled, asOf: Day, withMates: boolean): string {
  const parts = leaves.map((leaf) => (isState(leaf.atom) ? stateLeafSql(leaf) : eventLeafSql(leaf, compiled)))
  const own =
    parts.length === 0
      ? null
      : `select x.*, case when ${oneOf('x.source', compiled.redSources)} then x.until_day end as ok_until, null::text as via from (
    ${parts.join('\n    union all ')}) x where x.until_day >= x.start_day and x.until_day >= ${day(asOf)}`
  const mates = withMates
    ? `select b.person_id, b.leaf, b.start_day, b.day, b.until_day, ${EVIDENCE}, b.ok_until, 'household'::text as via from base b where b.leaf is not null and b.until_day >= ${day(asOf)}`
    : null
  const all = [own, mates].filter((part) => part !== null)
  return all.length === 0
    ? `select b.person_id, 0 as leaf, b.from_day as start_day, b.from_day as day, b.from_day as until_day, ${EVIDENCE}, null::date as ok_until, null::text as via from base b where false`
    : all.join('\n  union all ')
}

/** Until when each leaf holds: `a<n>` by all sources, `k<n>` by those that may give red; `future` and `ends` for the review. */
function heldSql(plan: Plan, leaves: readonly number[], asOf: Day): string {
  const begun = `start_day <= ${day(asOf)}`
  const columns = leaves.flatMap((n) => [
    `max(until_day) filter (where leaf = ${n} and ${begun}) as a${n}`,
    `max(ok_until) filter (where leaf = ${n} and ${begun}) as k${n}`,
  ])
  const negated = leaves.filter((n) => plan.leaves[n]?.negated)
  const ends = negated.map((n) => `nullif(max(until_day) filter (where leaf = ${n} and ${begun}), 'infinity') + 1`)
  return `select person_id, ${[...columns, `min(start_day) filter (where start_day > ${day(asOf)}) as future`, `${ends.length === 0 ? 'null::date' : `least(${ends.join(', ')})`} as ends`].join(', ')} from rows group by person_id`
}

type Mode = 'a' | 'k'

/** The tree as an expression: the last day on which it holds, null when it does not. */
function nodeSql(node: Node, mode: Mode): string {
  switch (node.op) {
    case 'leaf':
      return `h.${mode}${node.n}`
    case 'not':
      return `(case when ${nodeSql(node.of, 'a')} is null then date 'infinity' end)`
    case 'any':
      return node.of.length === 0
        ? 'null::date'
        : `greatest(${node.of.map((child) => nodeSql(child, mode)).join(', ')})`
    case 'all': {
      const parts = node.of.map((child) => nodeSql(child, mode))
      return parts.length === 0
        ? 'null::date'
        : `(case when ${parts.map((p) => `${p} is not null`).join(' and ')} then least(${parts.join(', ')}) end)`
    }
  }
}

/** For each leaf that supports the tree: the last day that the `all`s above it allow; null when one of them does not hold. */
function limits(node: Node, mode: Mode, above: string[] = [], out = new Map<number, string>()): Map<number, string> {
  if (node.op === 'leaf') {
    out.set(
      node.n,
      above.length === 0
        ? `date 'infinity'`
        : `case when ${above.map((a) => `${a} is not null`).join(' and ')} then least(${above.join(', ')}) end`,
    )
  } else if (node.op === 'any') for (const child of node.of) limits(child, mode, above, out)
  else if (node.op === 'all') for (const child of node.of) limits(child, mode, [...above, nodeSql(node, mode)], out)
  return out
}

function byLeaf(map: Map<number, string>): string {
  return map.size === 0
    ? 'null::date'
    : `case r.leaf ${[...map].map(([n, expr]) => `when ${n} then ${expr}`).join(' ')} end`
}

/**
 * Step 2: the rows that the members of a household bring to each other. `aliases`: $1 alias ids, $2 their targets.
 * Only residences that are open now count, the door must be of the kinds that the rule names, and the member must be one
 * whom the same rule set judges (GRADE-11).
 */
export function spreadSql(
  compiled: Compiled,
  leaf: MatesLeaf,
  run: { id: string; asOf: Day; touched: boolean; aliases: boolean; scope: Scope },
  range: Range,
): string {
  const { plan } = compiled
  const inner = factLeaves(plan).filter((l) => l.feeds === leaf.n)
  const target = run.aliases ? 'coalesce(am.target, r2.person_id)' : 'r2.person_id'
  const aliasOf = (name: string): string => `unnest($1::uuid[], $2::uuid[]) as ${name}(alias, target)`
  const self = run.aliases
    ? `(select i.person_id as target, i.person_id as raw from it i union select a.target, a.alias from ${aliasOf('a')} join it i on i.person_id = a.target)`
    : '(select person_id as target, person_id as raw from it)'
  return `with ${baseCtes(compiled, run.id, range, run.asOf)},
rows as (
  ${leafRowsSql(inner, compiled, run.asOf, false)}),
held as (${heldSql(
    plan,
    inner.map((l) => l.n),
    run.asOf,
  )}),
brought as (
  select r.*, ${byLeaf(limits(leaf.node, 'a'))} as lim_all, ${byLeaf(limits(leaf.node, 'k'))} as lim_ok
  from rows r join held h using (person_id) where r.start_day <= ${day(run.asOf)}),
it as (
  select distinct b.person_id from brought b join person p on p.person_id = b.person_id
  where b.lim_all is not null and ${scopeSql('p.home_area', run.scope)}),
behind as (
  select distinct s.target as person_id, ${target} as mate, greatest(r1.from_day, r2.from_day) as since
  from ${self} s
  join residence r1 on r1.person_id = s.raw and r1.to_day is null and r1.household_id is not null
  join household d on d.county = r1.county and d.id = r1.household_id and ${oneOf('d.kind', leaf.doors)}
  join residence r2 on r2.household_id = r1.household_id and r2.to_day is null
  ${run.aliases ? `left join ${aliasOf('am')} on am.alias = r2.person_id` : ''})
insert into grade_found (run_id, person_id, kind, from_day, to_day, source, recorded_at, leaf, start_day, day, until_day, ok_until)
select ${lit(run.id)}, b.mate, r.kind, r.from_day, r.to_day, r.source, r.recorded_at, ${leaf.n}, greatest(r.start_day, b.since), r.day,
       least(r.until_day, r.lim_all), case when r.ok_until is not null and r.lim_ok is not null then least(r.ok_until, r.lim_ok) end
from brought r join behind b on b.person_id = r.person_id and b.mate <> b.person_id
${run.touched ? `join grade_touch t on t.run_id = ${lit(run.id)} and t.person_id = b.mate and t.apply` : ''}
where r.lim_all is not null and least(r.until_day, r.lim_all) >= greatest(r.start_day, b.since)`
}

function ruleRows(plan: Plan): string {
  const json = (value: object): string => `${lit(JSON.stringify(value))}::jsonb`
  const text = (value: string | null): string => (value === null ? 'null::text' : lit(value))
  const rank = (grade: keyof typeof GRADE_RANK | null, colour: keyof typeof COLOUR_RANK | null): string =>
    `${grade === null ? 0 : GRADE_RANK[grade]}, ${colour === null ? 0 : COLOUR_RANK[colour]}`
  const rows = plan.rules.map(({ index, rule, givesRed }) => {
    const capped = cappedRule(rule)
    const grade = rule.gives.grade ?? null
    const colour = rule.gives.colour ?? null
    return `(${index}, ${lit(rule.id)}, ${givesRed}, ${json(rule.say)}, ${text(grade)}, ${text(colour)}, ${rank(grade, colour)}, ${json(capped.say)}, ${text(capped.grade)}, ${text(capped.colour)}, ${rank(capped.grade, capped.colour)})`
  })
  return `(values ${rows.join(',\n    ')}) as q(idx, id, red, say, grade, colour, gr, cr, csay, cgrade, ccolour, cgr, ccr)`
}

function rankCase(column: string, ranks: Record<string, number>): string {
  return `case ${column} ${Object.entries(ranks)
    .map(([value, rank]) => `when ${lit(value)} then ${rank}`)
    .join(' ')} else 0 end`
}

function manualSay(): string {
  return `case m.reason ${MANUAL_REASONS.map((code) => `when ${lit(code)} then ${lit(JSON.stringify(MANUAL_REASON_INFO[code].say))}::jsonb`).join(' ')} end`
}

export type Scope = { area: string; except: readonly string[] }

export function scopeSql(column: string, { area, except }: Scope): string {
  const inside = (code: string): string => `(${column} >= ${lit(code)} and ${column} < ${lit(upper(code))})`
  return [inside(area), ...except.map((code) => `not ${inside(code)}`)].join(' and ')
}

export type JudgeRun = { id: string; ruleSetId: string; asOf: Day; touched: boolean; scope: Scope }

const factJson = (...optional: string[]): string =>
  `jsonb_build_object('kind', kind, ${optional.map((name) => `${lit(name)}, ${name}, `).join('')}'from', from_day, 'to', to_day, 'source', source)`

/** The fact of a reason without what it has not; taking nulls out costs as much as the rest, so nearly all go without. */
const FACT_JSON = `case when degree is null and value is null and place is not null then ${factJson('place')}
           when degree is null and place is null and value is not null then ${factJson('value')}
           else jsonb_strip_nulls(${factJson('place', 'value', 'degree')}) end`

/** Step 3: what is different from today goes to `grade_next`. One statement for one range of persons. */
export function judgeSql(compiled: Compiled, run: JudgeRun, range: Range): string {
  const { plan } = compiled
  // Leaves that only feed a household are looked at too: when they begin, this person and so the household is judged again.
  const own = factLeaves(plan)
  const mates = matesLeaves(plan)
  const leaves = [...own, ...mates].map((leaf) => leaf.n)
  const asOf = day(run.asOf)
  const all = new Map<number, string>()
  const ok = new Map<number, string>()
  for (const rule of plan.rules) {
    limits(rule.node, 'a', [], all)
    if (rule.givesRed) limits(rule.node, 'k', [], ok)
  }
  const ruleOf = `case r.leaf ${leaves.map((n) => `when ${n} then ${plan.leaves[n]?.rule ?? -1}`).join(' ')} end`
  const entryFuture = usesEntry(plan)
    ? `(select b.person_id, min(b.from_day) as entry from base b where b.spec = ${ENTRY_SPEC} and b.from_day > ${asOf} group by b.person_id)`
    : `(select null::uuid as person_id, null::date as entry where false)`
  // Of a few, each row is looked up by itself (a limit inside a lateral join leaves no other way); of everybody, all are read.
  const old = run.touched
    ? `select g.* from grade_touch t cross join lateral (select x.* from grade_now x where x.person_id = t.person_id limit 1) g
  where t.run_id = ${lit(run.id)} and t.apply${inRange('t.person_id', range)}`
    : `select g.* from grade_now g where true${inRange('g.person_id', range)}`
  return `with ${baseCtes(compiled, run.id, range, run.asOf)},
rows as (
  ${leafRowsSql(own, compiled, run.asOf, mates.length > 0)}),
held as (${heldSql(plan, leaves, run.asOf)}),
hits as (
  select r.*, ${ruleOf} as rule_idx, ${byLeaf(all)} as lim_all, ${byLeaf(ok)} as lim_ok
  from rows r join held h using (person_id) where r.start_day <= ${asOf}),
merged as (
  select person_id, rule_idx, kind, place, value, degree, from_day, to_day, source, via,
         max(least(ok_until, lim_ok)) filter (where ok_until is not null and lim_ok is not null) as red_until,
         max(day) filter (where ok_until is not null and lim_ok is not null) as red_day,
         max(least(until_day, lim_all)) as all_until, max(day) as all_day
  from hits where lim_all is not null
  group by person_id, rule_idx, kind, place, value, degree, from_day, to_day, source, via),
-- Many people have the same reason (a train, a symptom of a day): it is ranked and written out once for all of them.
given as (
  select g.*, q.idx, q.id as rule,
         case when g.cap then q.csay else q.say end as say,
         case when g.cap then q.cgrade else q.grade end as grade, case when g.cap then q.ccolour else q.colour end as colour,
         case when g.cap then q.cgr else q.gr end as gr, case when g.cap then q.ccr else q.cr end as cr
  from (select rule_idx, kind, place, value, degree, from_day, to_day, source, via, cap, until_day, day, array_agg(person_id) as persons
        from (select x.*, y.red and x.red_until is null as cap,
                     case when y.red and x.red_until is not null then x.red_until else x.all_until end as until_day,
                     case when y.red and x.red_until is not null then x.red_day else x.all_day end as day
              from merged x join (select idx, red from ${ruleRows(plan)}) y on y.idx = x.rule_idx) x
        group by rule_idx, kind, place, value, degree, from_day, to_day, source, via, cap, until_day, day) g
  join ${ruleRows(plan)} on q.idx = g.rule_idx),
reason as materialized (
  select persons, grade, colour, gr, cr, until_day, source,
         row_number() over (order by gr desc, cr desc, until_day desc, idx, day desc, kind, coalesce(place, ''), coalesce(value, ''), coalesce(degree, 0), from_day, to_day, source, coalesce(via, '')) as ord,
         jsonb_build_object('rule', rule, 'say', say, 'grade', grade, 'colour', colour, 'day', day, 'until', nullif(until_day, 'infinity'), 'fact', ${FACT_JSON})
           || case when cap or via is not null then jsonb_strip_nulls(jsonb_build_object('capped', case when cap then true end, 'via', via)) else '{}' end as js
  from (select persons, idx, rule, say, grade, colour, gr, cr, cap, via, kind, place, value, degree, from_day, to_day, source, day, until_day from given
        union all
        select array[m.person_id], -1, ${lit(MANUAL_RULE)}, ${manualSay()}, m.grade, m.colour, ${rankCase('m.grade', GRADE_RANK)}, ${rankCase('m.colour', COLOUR_RANK)},
               false, null, ${lit(MANUAL_RULE)} collate "C", null, m.reason collate "C", null, m.from_day, m.until_day, ${lit(MANUAL_RULE)} collate "C", m.from_day, m.until_day from m) r),
pairs as materialized (select unnest(persons) as person_id, ord from reason),
counted as materialized (select person_id, count(*) as n, min(ord) as ord from pairs group by person_id),
ranked as (
  select p.person_id, r.*, max(r.gr) over w as max_gr, max(r.cr) over w as max_cr, row_number() over (partition by p.person_id order by r.ord) as rn
  from counted c join pairs p on p.person_id = c.person_id join reason r on r.ord = p.ord where c.n > 1
  window w as (partition by p.person_id)),
-- Nearly all have one reason, and need no ranking.
result as (
  select c.person_id, r.grade, r.colour, case when r.gr > 0 or r.cr > 0 then nullif(r.until_day, 'infinity') end as until_day, r.alone as reasons, array[r.source::text] as sources
  from counted c join (select *, jsonb_build_array(js) as alone from reason offset 0) r on r.ord = c.ord where c.n = 1
  union all
  select person_id,
         max(grade) filter (where gr = max_gr and gr > 0),
         max(colour) filter (where cr = max_cr and cr > 0),
         nullif(least(max(until_day) filter (where gr = max_gr and gr > 0), max(until_day) filter (where cr = max_cr and cr > 0)), 'infinity'),
         jsonb_agg(js order by ord) filter (where rn <= ${MAX_REASONS}),
         array_agg(source::text)
  from ranked group by person_id),
fresh as (
  select person_id, r.grade, r.colour, r.until_day, coalesce(r.reasons, '[]') as reasons, coalesce(r.sources, '{}') as sources,
         least(r.until_day + 1, h.future, h.ends, e.entry, m.until_day + 1) as review_day
  from result r full join held h using (person_id) full join ${entryFuture} e using (person_id) left join m using (person_id)),
old as (
  ${old}),
both_sides as (
  select person_id, f.grade, f.colour, f.until_day, coalesce(f.reasons, '[]') as reasons, coalesce(f.sources, '{}') as sources, f.review_day,
         o.n, o.rule_set_id, o.home_area as old_home, o.grade as old_grade, o.colour as old_colour, o.until_day as old_until, o.from_day as old_from,
         o.review_day as old_review, coalesce(o.reasons, '[]') as old_reasons
  from fresh f full join old o using (person_id)),
compared as (
  select b.*, p.home_area, b.reasons <> b.old_reasons as reworded,
         (b.grade is distinct from b.old_grade or b.colour is distinct from b.old_colour or b.until_day is distinct from b.old_until
          or (b.rule_set_id <> ${lit(run.ruleSetId)} and b.reasons <> '[]')
          -- Reasons that are only over are no change (GRADE-14).
          or (b.reasons <> b.old_reasons and b.reasons <> coalesce((
            select jsonb_agg(x order by i) from jsonb_array_elements(b.old_reasons) with ordinality t(x, i)
            where x->>'until' is null or x->>'until' >= ${lit(run.asOf)}), '[]'))) as changed
  -- Homes are looked up in the order of their index, so that a page of it is read once.
  from (select * from both_sides order by person_id offset 0) b
  cross join lateral (select x.home_area from person x where x.person_id = b.person_id limit 1) p
  ${run.touched ? `join grade_touch t on t.run_id = ${lit(run.id)} and t.person_id = b.person_id and t.apply` : ''}
  where ${scopeSql('p.home_area', run.scope)})
insert into grade_next (run_id, person_id, home_area, prev_n, changed, old_grade, old_colour, grade, colour, from_day, until_day, review_day, reasons, sources)
select ${lit(run.id)}, person_id, home_area, coalesce(n, 0), changed, old_grade, old_colour, grade, colour,
       case when changed or n is null then ${asOf} else old_from end, until_day, review_day, reasons,
       case when cardinality(sources) = 1 then sources
            when cardinality(sources) > 1 then array(select distinct s from unnest(sources) s order by 1)
            else coalesce((select array_agg(distinct x->'fact'->>'source') from jsonb_array_elements(old_reasons) x), '{}') end
from compared
where changed or review_day is distinct from old_review or (n is not null and (old_home <> home_area or reworded))
order by person_id`
}

export function dropNextSql(runId: string, range: Range): string {
  return `delete from grade_next where run_id = ${lit(runId)}${inRange('person_id', range)}`
}

/**
 * Takes a range of differences into effect, and away, so that a second try finds nothing left to do. Whoever was changed
 * since the judgement keeps that change and is looked at again. Two writers of one person meet at a key of the history or of
 * the current row: the second fails, and its try after that finds the change (`apply` of store-run.ts). Rows are inserted
 * plainly for that: to ask for the conflict at each insert costs an eighth of the whole.
 */
export function applySql(run: { id: string; ruleSetId: string }, range: Range): string {
  return `with used as (
  delete from grade_found where run_id = ${lit(run.id)}${inRange('person_id', range)}),
taken as (
  delete from grade_next x where run_id = ${lit(run.id)}${inRange('person_id', range)}
  returning *, (select g.n from grade_now g where g.person_id = x.person_id) as now_n),
-- A row beside the history may be there with number 0: of whom only a day of review is known.
mine as (select *, coalesce(now_n, 0) = prev_n as ready from taken),
history as (
  insert into grade (person_id, n, home_area, run_id, rule_set_id, grade, colour, from_day, until_day, reasons, recorded_at)
  select person_id, prev_n + 1, home_area, ${lit(run.id)}, ${lit(run.ruleSetId)}, grade, colour, from_day, until_day, reasons, $1::timestamptz
  from mine where ready and changed),
again as (
  insert into grade_dirty (person_id, at) select m.person_id, $1::timestamptz from mine m where not m.ready
  on conflict (person_id) do update set at = excluded.at),
known as (
  update grade_now g set home_area = m.home_area, n = m.prev_n + m.changed::int, rule_set_id = ${lit(run.ruleSetId)}, grade = m.grade, colour = m.colour,
    from_day = m.from_day, until_day = m.until_day, review_day = m.review_day, reasons = m.reasons, recorded_at = $1::timestamptz
  from mine m where m.ready and m.now_n is not null and g.person_id = m.person_id and g.n = m.now_n)
insert into grade_now (person_id, home_area, n, rule_set_id, grade, colour, from_day, until_day, review_day, reasons, recorded_at)
select person_id, home_area, changed::int, ${lit(run.ruleSetId)}, grade, colour, from_day, until_day, review_day, reasons, $1::timestamptz
from mine where ready and now_n is null`
}
