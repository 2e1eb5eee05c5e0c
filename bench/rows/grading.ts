import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { addDays } from '@weiwang/domain/core/day'
import { evaluatePlan } from '@weiwang/domain/grading/evaluate'
import type { GradeFact, Surroundings } from '@weiwang/domain/grading/evaluate'
import { planOf } from '@weiwang/domain/grading/plan'
import { JIANGSU } from '@weiwang/domain/grading/presets/jiangsu'
import { riskIndex, spansOf } from '@weiwang/domain/grading/risk'
import type { RiskSpan } from '@weiwang/domain/grading/risk'
import { COLOUR_RANK } from '@weiwang/domain/grading/rule-set'
import { readConfig } from '@weiwang/server/core/config'
import { Server } from '@weiwang/server/core/server'
import { startTestCluster } from '@weiwang/server/core/testing/cluster'
import { driveRun, startRun } from '@weiwang/server/grading/run'
import { findRuleSet } from '@weiwang/server/grading/store'
import { Engine } from 'json-rules-engine'
import pg from 'pg'
import { pino } from 'pino'
import type { BenchRow } from '../row.ts'

/**
 * Grading of everybody against SQL written by hand for exactly these rules, against json-rules-engine, and after a batch.
 * The rule set is the provincial code (eight rules); three facts a person. As in a province at the height of an
 * outbreak, most facts are stays where nothing was, and about one person in a hundred gets a colour.
 */
const AS_OF = '2020-03-01'
const RULE_SET = '00000000-0000-7000-8000-000000000001'
const EMERGENCY = '00000000-0000-7000-8000-000000000002'
const SOURCES = ['rail', 'air', 'telecom', 'clinic']

/** 3,000 counties of stays; twenty of them in ten risk areas. */
const RISK: RiskSpan[] = Array.from({ length: 20 }, (_, i) => ({
  area: String(100_101 + i * 137),
  level: i < 8 ? 'high' : i < 14 ? 'medium' : 'low',
  from: '2020-02-01',
  to: i % 3 === 0 ? '2020-02-20' : null,
}))

const PLACE = `(100000 + (1 + abs(hashint8(i * 7 + 1)) % 3000))::text`

function loadSql(from: number, to: number): string {
  return `
insert into person (person_id, home_area, emergency_id, masked, doc_kind, source, created_at, updated_at)
select md5('p' || i)::uuid, '320' || (1 + i % 9)::text || '05' || lpad((i % 20)::text, 3, '0') || lpad((i % 300 / 20)::text, 3, '0') || '001', '${EMERGENCY}', '张*', 'id', 'bench', now(), now()
from generate_series(${from}::bigint, ${to}::bigint - 1) i;
insert into fact (person_id, fact_id, kind, place, value, degree, from_day, to_day, source, batch_id, recorded_at)
select md5('p' || (i / 3))::uuid, md5('f' || i)::uuid, kind,
  case when kind = 'stay' then ${PLACE} end,
  case kind when 'symptom' then (array['fever', 'cough', 'other'])[1 + i % 3] when 'fever_clinic' then (array['held', 'visited', 'excluded'])[1 + i % 3]
    when 'test' then (array['positive', 'negative', 'negative', 'negative'])[1 + i % 4] when 'case' then (array['confirmed', 'recovered', 'suspected', 'excluded'])[1 + i % 4]
    when 'measure' then (array['in', 'lifted'])[1 + i % 2] when 'abroad' then 'IT' end,
  case when kind = 'contact' then 1 + i % 3 end,
  d, d + (case when kind = 'stay' then abs(hashint8(i + 5)) % 4 else 0 end)::int, (array['rail', 'air', 'telecom', 'clinic'])[1 + i % 4], '${EMERGENCY}', timestamptz '2020-02-29 12:00Z'
from (select i, date '2020-01-05' + (abs(hashint8(i)) % 55)::int as d,
        case when h < 9870 then 'stay' when h < 9930 then 'symptom' when h < 9950 then 'contact' when h < 9985 then 'test' when h < 9990 then 'fever_clinic' when h < 9991 then 'case' when h < 9996 then 'measure' else 'abroad' end as kind
      from (select i, abs(hashint8(i * 3 + 11)) % 10000 as h from generate_series(${from}::bigint * 3, ${to}::bigint * 3 - 1) i) s) t`
}

/**
 * The same colours by hand: one pass over the facts into a working set, places joined by equality, states by their last
 * fact, and of those found the people whose home is in the area (without that it would colour people whom another rule
 * set judges). No reasons, no ends, no history, no sources that may not give red. It is the fastest of those that were
 * tried (a hash join with all people takes three times as long): the filter asks for the kind once and for the place before
 * the join, reads the end of a row last, and homes are looked up in the order of their index.
 */
function handSql(): string {
  const spans = RISK.map(
    (r) =>
      `('${r.area}', ${r.level === 'high' ? 4 : r.level === 'medium' ? 3 : 1}, date '${r.from}', date '${r.to ?? 'infinity'}')`,
  ).join(', ')
  const places = RISK.map((r) => `'${r.area}'`).join(', ')
  const since = (n: number): string => `f.to_day >= date '${addDays(AS_OF, -n)}'`
  const listed = `(f.place >= '42' and f.place < '42:')`
  return `create temporary table by_hand as
with c as materialized (
  select f.person_id, f.kind, f.value, f.from_day, f.to_day,
    case f.kind when 'stay' then greatest(s.rank, case when ${listed} then 4 end) else 0 end as rank
  from fact f left join (values ${spans}) s(place, rank, a, b) on f.kind = 'stay' and s.place = f.place
    and f.from_day <= s.b and f.to_day >= s.a and least(f.to_day, s.b) >= date '${addDays(AS_OF, -14)}'
  where case when f.kind = 'stay' then ${since(14)} and (f.place in (${places}) or ${listed})
    else (f.kind = 'contact' and f.degree = 1 and ${since(14)})
    or (f.kind = 'symptom' and f.value in ('fever', 'cough', 'breathless', 'fatigue', 'sore_throat') and ${since(14)})
    or f.kind in ('case', 'measure') end
    and case when f.from_day > date '${AS_OF}' or (f.kind = 'stay' and s.rank is null and not ${listed}) then false
    else f.withdrawn_at is null end),
lifted as (select person_id, max(from_day) as day from c where kind = 'measure' and value = 'lifted' group by person_id),
last as (
  select distinct on (person_id, kind) person_id, kind, value, to_day from c where kind in ('case', 'measure')
  order by person_id, kind, from_day desc, case value when 'excluded' then 5 when 'recovered' then 4 when 'confirmed' then 3 when 'asymptomatic' then 2 when 'suspected' then 1 when 'lifted' then 1 else 0 end desc)
select g.person_id, g.rank from (select person_id, max(rank) as rank from (
  select person_id, rank from c where kind = 'stay'
  union all
  select c.person_id, 4 from c left join lifted l on l.person_id = c.person_id where c.kind = 'contact' and (l.day is null or l.day < c.to_day)
  union all
  select person_id, 3 from c where kind = 'symptom'
  union all
  select person_id, 4 from last where value in ('confirmed', 'suspected', 'asymptomatic', 'in')
  union all
  select person_id, 3 from last where value = 'recovered' and to_day >= date '${addDays(AS_OF, -13)}') r
group by person_id order by person_id offset 0) g
cross join lateral (select p.home_area from person p where p.person_id = g.person_id limit 1) p
where p.home_area >= '32' and p.home_area < '32:'`
}

type Bench = { client: pg.Client; server: Server; stop: () => Promise<void> }

async function open(): Promise<Bench> {
  const cluster = await startTestCluster()
  const url = cluster.url(cluster.template)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-bench-'))
  const config = readConfig({ DATA_DIR: path.join(dir, 'data'), EXERCISE: 'off' })
  const server = await Server.open({ config, log: pino({ level: 'silent' }), url, rooms: [], now: new Date() })
  const setUp = [
    `insert into emergency (id, area, name, legal_order, purpose, basis, starts, state, proposed_at) values ('${EMERGENCY}', '32', '{}', 'x', '{}', '{}', '2020-01-01', 'open', now())`,
    ...SOURCES.map(
      (id) =>
        `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, may_give_red, state, created_at) values ('${id}', '32', '{}', 'x', '{}', 'other', '{}', '{}', true, 'open', now())`,
    ),
    ...RISK.map(
      (r) =>
        `insert into risk_area (id, area, level, from_day, to_day, source, recorded_at) values (gen_random_uuid(), '${r.area}', '${r.level}', '${r.from}', ${r.to ? `'${r.to}'` : 'null'}, 'list', now())`,
    ),
  ]
  for (const text of setUp) await client.query(text)
  await client.query(
    `insert into rule_set (id, code, version, area, name, about, rules, state, created_at) values ($1, 'bench', 1, '32', '{}', '{}', $2, 'active', now())`,
    [RULE_SET, JSON.stringify({ rules: JIANGSU.rules })],
  )
  return {
    client,
    server,
    stop: async () => {
      await server.close()
      await client.end()
      await cluster.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/**
 * Grows the population. The indexes and keys are made anew, as a bulk load would: the ids are random, and past the size of
 * the buffers each row would read and write a page of each of them.
 */
async function grow({ client }: Bench, from: number, to: number): Promise<void> {
  const { rows: keys } = await client.query<{ table: string; name: string; def: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as def from pg_constraint
     where contype = 'p' and conrelid in ('fact'::regclass, 'person'::regclass)`,
  )
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`)
  const { rows } = await client.query<{ indexdef: string; indexname: string }>(
    `select indexname, indexdef from pg_indexes where tablename in ('fact', 'person')`,
  )
  for (const { indexname } of rows) await client.query(`drop index ${indexname}`)
  for (const table of ['fact', 'person']) await client.query(`alter table ${table} set (autovacuum_enabled = false)`)
  for (let at = from; at < to; at += 500_000) await client.query(loadSql(at, Math.min(to, at + 500_000)))
  await client.query(`set maintenance_work_mem = '512MB'`)
  for (const { table, name, def } of keys) await client.query(`alter table ${table} add constraint ${name} ${def}`)
  for (const { indexdef } of rows) await client.query(indexdef)
  for (const table of ['fact', 'person']) {
    await client.query(`alter table ${table} reset (autovacuum_enabled)`)
    await client.query(`vacuum analyze ${table}`)
  }
}

async function run({ server }: Bench, kind: 'full' | 'incremental'): Promise<number> {
  const started = performance.now()
  const runId = await server.asSystem('bench', async (ctx) => {
    const ruleSet = await findRuleSet(ctx.db, RULE_SET)
    if (!ruleSet) throw new Error('no rule set')
    return (await startRun(ctx, { ruleSet, kind, by: null, approvedBy: EMERGENCY, asOf: AS_OF })).runId
  })
  await driveRun(server, runId)
  return (performance.now() - started) / 1000
}

async function byHand({ client }: Bench): Promise<number> {
  await client.query('drop table if exists by_hand')
  await client.query('set jit = off; set parallel_tuple_cost = 0')
  const started = performance.now()
  await client.query(handSql())
  return (performance.now() - started) / 1000
}

/** Colours of both, person by person. */
async function differences({ client }: Bench): Promise<number> {
  const rank = `case colour ${Object.entries(COLOUR_RANK)
    .map(([c, r]) => `when '${c}' then ${r}`)
    .join(' ')} end`
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from by_hand h full join (select person_id, ${rank} as rank from grade_now where colour is not null) g using (person_id) where h.rank is distinct from g.rank`,
  )
  return rows[0]?.n ?? -1
}

async function batch({ client }: Bench, rows: number, people: number, salt: number): Promise<void> {
  await client.query(
    `with new as (
       insert into fact (person_id, fact_id, kind, degree, place, from_day, to_day, source, batch_id, recorded_at)
       select md5('p' || (abs(hashint8(i + $3::bigint)) % $2::bigint))::uuid, gen_random_uuid(), case when i % 10 = 0 then 'contact' else 'stay' end, case when i % 10 = 0 then 1 end,
         case when i % 10 > 0 then ${PLACE} end, '2020-02-25', '2020-02-26', 'rail', gen_random_uuid(), now()
       from generate_series(1, $1::bigint) i returning person_id)
     insert into grade_dirty (person_id, at) select distinct person_id, now() from new on conflict do nothing`,
    [rows, people, salt],
  )
}

// ---- json-rules-engine on the same rules

type Person = { facts: GradeFact[] }

async function samplePeople({ client }: Bench, count: number): Promise<Person[]> {
  const { rows } = await client.query<{ facts: GradeFact[] }>(
    `select json_agg(json_build_object('kind', kind, 'place', place, 'value', value, 'degree', degree, 'from', from_day, 'to', to_day, 'source', source)) as facts
     from fact where person_id in (select person_id from person order by person_id limit $1) group by person_id`,
    [count],
  )
  return rows
}

/** No quantifiers and no dates of its own: every criterion is an operator of ours over the person's facts. */
function peerEngine({ risk }: Surroundings): { engine: Engine; red: () => string | null; reset: () => void } {
  const engine = new Engine()
  const within = (day: string, n: number): boolean => addDays(day, n) >= AS_OF
  const factsOf = (facts: GradeFact[], kind: string): GradeFact[] =>
    facts.filter((f) => f.kind === kind && f.from <= AS_OF)
  const lastOf = (facts: GradeFact[], kind: string): GradeFact | undefined =>
    factsOf(facts, kind)
      .toSorted((a, b) => (a.from < b.from ? -1 : 1))
      .at(-1)
  engine.addOperator('stayed', (facts: GradeFact[], level: 'high' | 'medium' | 'low') =>
    factsOf(facts, 'stay').some((f) =>
      spansOf(risk, { kind: 'stay', levels: [level], withinDays: 14 }, f.place ?? '').some(
        (s) => s.from <= f.to && s.to >= f.from && within(s.to < f.to ? s.to : f.to, 14),
      ),
    ),
  )
  engine.addOperator('stayedIn', (facts: GradeFact[], area: string) =>
    factsOf(facts, 'stay').some((f) => (f.place ?? '').startsWith(area) && within(f.to, 14)),
  )
  engine.addOperator('contact', (facts: GradeFact[], degree: number) =>
    factsOf(facts, 'contact').some(
      (f) =>
        f.degree === degree &&
        within(f.to, 14) &&
        !facts.some((m) => m.kind === 'measure' && m.value === 'lifted' && m.from >= f.to),
    ),
  )
  engine.addOperator('symptom', (facts: GradeFact[], codes: string[]) =>
    factsOf(facts, 'symptom').some((f) => codes.includes(f.value ?? '') && within(f.to, 14)),
  )
  engine.addOperator('caseIs', (facts: GradeFact[], states: string[]) =>
    states.includes(lastOf(facts, 'case')?.value ?? ''),
  )
  engine.addOperator('recovered', (facts: GradeFact[], n: number) => {
    const last = lastOf(facts, 'case')
    return last?.value === 'recovered' && within(last.to, n)
  })
  engine.addOperator('measured', (facts: GradeFact[], state: string) => lastOf(facts, 'measure')?.value === state)
  const when = (operator: string, value: unknown): { fact: string; operator: string; value: unknown } => ({
    fact: 'facts',
    operator,
    value,
  })
  const rule = (type: string, ...any: ReturnType<typeof when>[]): void =>
    void engine.addRule({ conditions: { any }, event: { type } })
  rule('red', when('caseIs', ['confirmed', 'suspected']))
  rule('red', when('caseIs', ['asymptomatic']))
  rule('red', when('contact', 1), when('measured', 'in'))
  rule('red', when('stayedIn', '42'), when('stayed', 'high'))
  rule('yellow', when('stayed', 'medium'))
  rule('yellow', when('recovered', 13))
  rule('yellow', when('symptom', ['fever', 'cough', 'breathless', 'fatigue', 'sore_throat']))
  rule('green', when('stayed', 'low'))
  let best: string | null = null
  const rank = (colour: string | null): number =>
    colour === 'red' ? 3 : colour === 'yellow' ? 2 : colour === 'green' ? 1 : 0
  engine.on('success', (event: { type: string }) => {
    if (rank(event.type) > rank(best)) best = event.type
  })
  return { engine, red: () => best, reset: () => void (best = null) }
}

async function peerRows(bench: Bench, peoplePerSecond: number, people: number): Promise<BenchRow[]> {
  const around: Surroundings = { risk: riskIndex(RISK), redSources: new Set(SOURCES) }
  const sample = await samplePeople(bench, Math.min(people, 4_000))
  const plan = planOf({ area: '32', rules: JIANGSU.rules })
  const { engine, red, reset } = peerEngine(around)
  let differ = 0
  for (const person of sample.slice(0, 500)) {
    reset()
    await engine.run({ facts: person.facts })
    if (red() !== evaluatePlan(plan, person, around, AS_OF).colour) differ++
  }
  const peerStart = performance.now()
  for (const person of sample) await engine.run({ facts: person.facts })
  const peer = sample.length / ((performance.now() - peerStart) / 1000)
  const ownStart = performance.now()
  for (let round = 0; round < 5; round++) for (const person of sample) evaluatePlan(plan, person, around, AS_OF)
  const own = (5 * sample.length) / ((performance.now() - ownStart) / 1000)
  const times = peoplePerSecond / peer
  const per = (n: number): string => `${Math.round(n).toLocaleString('en')} people/s`
  return [
    {
      name: 'full grading, people a second against json-rules-engine on the same rules',
      measured: `${per(peoplePerSecond)} = ${times.toFixed(0)} ×`,
      limit: `50 × of ${per(peer)}`,
      ratio: 50 / times,
      ok: times >= 50 && differ === 0,
      note: `both need every fact in reach; the peer gets them in memory, ours reads them from the database and writes the result; ${differ} of 500 sample people differ`,
    },
    {
      name: 'one person by the evaluator, reasons and ends included',
      measured: per(own),
      limit: 'for information',
      ratio: 1,
      ok: true,
      note: `${(own / peer).toFixed(0)} × json-rules-engine, facts in memory for both`,
    },
  ]
}

const seconds = (n: number): string => `${n.toFixed(2)} s`

async function fullRows(bench: Bench, people: number): Promise<{ rows: BenchRow[]; rate: number }> {
  // Best of five of each, taken in turn, so that what else the machine does falls on both; everybody is new each time.
  await byHand(bench)
  const hands: number[] = []
  const tries: number[] = []
  for (let i = 0; i < 5; i++) {
    hands.push(await byHand(bench))
    await bench.client.query('truncate grade, grade_now')
    tries.push(await run(bench, 'full'))
  }
  const first = Math.min(...tries)
  await bench.client.query('vacuum analyze grade_now')
  const again = Math.min(await run(bench, 'full'), await run(bench, 'full'))
  const hand = Math.min(...hands, await byHand(bench))
  const differ = await differences(bench)
  const graded =
    (await bench.client.query<{ n: number }>('select count(*)::int as n from grade_now where colour is not null'))
      .rows[0]?.n ?? 0
  const share = ((100 * graded) / people).toFixed(1)
  return {
    rate: people / first,
    rows: [
      {
        name: `full grading of ${people.toLocaleString('en')} people with ${(people * 3).toLocaleString('en')} facts, everybody new`,
        measured: seconds(first),
        limit: `1.5 × ${seconds(hand)} by hand`,
        ratio: first / (1.5 * hand),
        ok: first <= 1.5 * hand && differ === 0,
        note: `${graded.toLocaleString('en')} people (${share} %) graded with reasons, ends and history; by hand only the colours; ${differ} differ`,
      },
      {
        name: 'the same again, nothing changed',
        measured: seconds(again),
        limit: `1.5 × ${seconds(hand)} by hand`,
        ratio: again / (1.5 * hand),
        ok: again <= 1.5 * hand,
      },
    ],
  }
}

/** @param scale 1 is ten million people (half a million at least); the batch shrinks with it, but not below 1,000 rows. */
export async function gradingRows(scale: number): Promise<BenchRow[]> {
  const bench = await open()
  // Below half a million people the fixed cost of a run (a dozen transactions) is all that one would see.
  const whole = Math.max(500_000, 10_000_000 * scale)
  const sizes = [0.1, 0.5, 1].map((part) => Math.round(whole * part))
  const batchRows = Math.max(1_000, Math.round(10_000 * Math.min(1, scale * 10)))
  const rows: BenchRow[] = []
  const times: number[] = []
  try {
    let have = 0
    for (const size of sizes) {
      await grow(bench, have, size)
      have = size
      if (size === sizes.at(-1)) {
        await bench.client.query('truncate grade, grade_now')
        const full = await fullRows(bench, size)
        rows.push(...full.rows, ...(await peerRows(bench, full.rate, size)))
      } else await run(bench, 'full')
      const tries: number[] = []
      for (let i = 0; i < 3; i++) {
        await batch(bench, batchRows, size, i * 1_000_003 + size)
        tries.push(await run(bench, 'incremental'))
      }
      times.push(Math.min(...tries))
    }
  } finally {
    await bench.stop()
  }
  const [small = 0, middle = 0, large = 0] = times
  rows.push({
    name: `incremental after a batch of ${batchRows.toLocaleString('en')} rows, at ${sizes.map((n) => n.toLocaleString('en')).join(' / ')} people`,
    measured: [small, middle, large].map(seconds).join(' / '),
    limit: '2 × from the smallest to the largest',
    ratio: large / (2 * small),
    ok: large <= 2 * small,
    note: 'the cost follows the batch: ten times the people may not double it',
  })
  return rows
}
