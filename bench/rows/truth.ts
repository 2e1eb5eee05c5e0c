import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { addDays } from '@weiwang/domain/core/day'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { readConfig } from '@weiwang/server/core/config'
import { Server } from '@weiwang/server/core/server'
import { startTestCluster } from '@weiwang/server/core/testing/cluster'
import { searchDeclared, searchTable } from '@weiwang/server/exercise/declared.fixture'
import { findEverybody } from '@weiwang/server/healthcode/truth-finder'
import pg from 'pg'
import { pino } from 'pino'
import type { BenchRow } from '../row.ts'
import { bulk } from './bulk.ts'

/**
 * The finder of contradictions over everybody who has declared, against SQL written by hand for exactly these kinds; then the search of
 * the first day with its table. Three facts a person, as in the rows of grading: most are stays where nothing was, and of those in
 * risk areas many are declared.
 */
const EMERGENCY = '00000000-0000-7000-8000-000000000002'
const SOURCES = ['rail', 'air', 'telecom', 'fever_clinic']

type Bench = { client: pg.Client; server: Server; today: string; stop: () => Promise<void> }

/** 3,000 counties of stays; twenty of them in risk areas, as in the rows of grading. */
function riskOf(today: string): { area: string; level: string; from: string; to: string | null }[] {
  return Array.from({ length: 20 }, (_, i) => ({
    area: String(100_101 + i * 137),
    level: i < 8 ? 'high' : i < 14 ? 'medium' : 'low',
    from: addDays(today, -29),
    to: i % 3 === 0 ? addDays(today, -10) : null,
  }))
}

const place = (i: string): string => `(100000 + (1 + abs(hashint8(${i} * 7 + 1)) % 3000))::text`
const dayOf = (i: string, today: string): string => `(date '${today}' - 55 + (abs(hashint8(${i})) % 55)::int)`

/** Every third declares the stay that the first of the facts tells of. */
function loadSql(from: number, to: number, today: string): string {
  const day = dayOf('i * 3', today)
  return `
insert into declaration (person_id, id, n, home_area, emergency_id, at, day, by, answers)
select md5('p' || i)::uuid, md5('d' || i)::uuid, 1, '320' || (1 + i % 9)::text || '05001001001', '${EMERGENCY}', timestamptz '${today} 02:00Z', date '${today}' - (i % 3)::int, 'self',
  case when i % 3 = 0 then jsonb_build_object('situation', 'returning', 'registeredHere', true, 'arrival', null, 'abroad', '[]'::jsonb, 'contacts', '[]'::jsonb, 'symptoms', '[]'::jsonb, 'temperature', null, 'underMeasure', i % 100 = 0,
      'stays', jsonb_build_array(jsonb_build_object('area', ${place('i * 3')}, 'from', ${day}, 'to', ${day} + (abs(hashint8(i * 3 + 5)) % 4)::int)))
    else jsonb_build_object('situation', 'living', 'registeredHere', true, 'arrival', null, 'abroad', '[]'::jsonb, 'contacts', '[]'::jsonb, 'symptoms', '[]'::jsonb, 'temperature', null, 'underMeasure', i % 100 = 0, 'stays', '[]'::jsonb) end
from generate_series(${from}::bigint, ${to}::bigint - 1) i;
insert into fact (person_id, fact_id, kind, place, value, degree, from_day, to_day, source, batch_id, recorded_at)
select md5('p' || (i / 3))::uuid, md5('f' || i)::uuid, kind,
  case when kind = 'stay' then ${place('i')} end,
  case kind when 'symptom' then (array['fever', 'cough', 'other'])[1 + i % 3] when 'fever_clinic' then (array['held', 'visited', 'excluded'])[1 + i % 3]
    when 'test' then 'negative' when 'case' then (array['confirmed', 'recovered', 'suspected', 'excluded'])[1 + i % 4] when 'measure' then (array['in', 'lifted'])[1 + i % 2] when 'abroad' then 'IT' end,
  case when kind = 'contact' then 1 + i % 3 end,
  d, d + (case when kind = 'stay' then abs(hashint8(i + 5)) % 4 else 0 end)::int, (array[${SOURCES.map((s) => `'${s}'`).join(', ')}])[1 + i % 4], '${EMERGENCY}', timestamptz '${today} 02:00Z'
from (select i, ${dayOf('i', today)} as d,
        case when h < 9870 then 'stay' when h < 9930 then 'symptom' when h < 9950 then 'contact' when h < 9985 then 'test' when h < 9990 then 'fever_clinic' when h < 9991 then 'case' when h < 9996 then 'measure' else 'abroad' end as kind
      from (select i, abs(hashint8(i * 3 + 11)) % 10000 as h from generate_series(${from}::bigint * 3, ${to}::bigint * 3 - 1) i) s) t`
}

/**
 * The same kinds by hand, person by person and kind by kind: no evidence, no ids, no history, nothing that is open taken along or
 * ceased, no doors (there are none here), no merged records.
 */
function handSql(today: string): string {
  const spans = riskOf(today)
    .filter((r) => r.level !== 'low')
    .map((r) => `('${r.area}', date '${r.from}', date '${r.to ?? 'infinity'}')`)
    .join(', ')
  const places = riskOf(today)
    .filter((r) => r.level !== 'low')
    .map((r) => `'${r.area}'`)
    .join(', ')
  const city = (a: string, b: string): string => `left(${a}, 4) = left(${b}, 4)`
  const slack = `case when f.source = 'fever_clinic' then 0 else 1 end`
  const stays = `jsonb_to_recordset(c.answers->'stays') as y(area text, "to" date)`
  const asked = (codes: string): string =>
    `exists (select from task t where t.person_id = c.person_id and t.disposition in (${codes}) and c.source = any(t.sources) and t.answered_day >= c.to_day)`
  const ended = (kind: string, values: string, until: string): string =>
    `exists (select from fact e where e.person_id = c.person_id and e.withdrawn_at is null and e.kind = '${kind}' and e.value in (${values}) and e.from_day >= c.from_day and e.from_day <= ${until})`
  return `create temporary table by_hand as
with c as materialized (
  select f.person_id, d.day, d.home_area, d.answers, f.kind, f.place, f.value, f.degree, f.from_day, f.to_day, f.source, ${slack} as slack, least(f.to_day, s.b, d.day - 1) as last
  from fact f left join (values ${spans}) s(place, a, b) on f.kind = 'stay' and s.place = f.place and f.from_day <= s.b and f.to_day >= s.a
  join declaration d on d.person_id = f.person_id and d.superseded_at is null and d.erased_at is null and d.day > date '${addDays(today, -28)}'
  where case when f.kind = 'stay' then f.to_day >= date '${addDays(today, -42)}' and f.place in (${places}) and s.place is not null else f.kind in ('contact', 'symptom', 'fever_clinic', 'case', 'measure', 'abroad') end
    and f.withdrawn_at is null
    and case f.kind
      when 'stay' then f.from_day <= d.day - 1 - ${slack} and least(f.to_day, s.b, d.day - 1) >= greatest(f.from_day, s.a) and least(f.to_day, s.b, d.day - 1) >= d.day - 14 + ${slack} and not ${city('f.place', 'd.home_area')}
      when 'contact' then f.degree <= 2 and f.to_day between d.day - 14 and d.day - 1 and d.answers->'contacts' = '[]'
      when 'abroad' then f.source <> 'telecom' and f.to_day >= d.day - 14 + ${slack} and f.from_day <= d.day - 1 - ${slack} and d.answers->'abroad' = '[]'
      else true end),
known as (select c.* from c where not ${asked(`'HERE_NO_RISK', 'WRONG_INFO', 'HERE_TRANSIT_ONLY'`)})
select distinct person_id, kind from (
  select person_id, case when exists (select from ${stays} where ${city('y.area', 'c.place')}) then 'stay_shortened' else 'stay_denied' end as kind
  from known c where c.kind = 'stay' and not exists (select from ${stays} where ${city('y.area', 'c.place')} and y."to" >= c.last - 1 - c.slack)
    and (exists (select from fact f where f.person_id = c.person_id and f.withdrawn_at is null and f.kind = 'stay' and f.source <> c.source and ${city('f.place', 'c.place')} and f.from_day <= c.to_day + 1 and f.to_day >= c.from_day - 1)
      or not (c.from_day = c.to_day and (c.source = 'telecom'
        or (c.source in ('rail', 'air') and (exists (select from fact f where f.person_id = c.person_id and f.withdrawn_at is null and f.kind = 'stay' and not ${city('f.place', 'c.place')} and f.from_day <= c.from_day and f.to_day >= c.from_day)
          or exists (select from ${stays} where not ${city('y.area', 'c.place')} and y."to" between c.from_day - 2 and c.from_day + 2))))))
  union all
  select person_id, 'abroad_denied' from known c where c.kind = 'abroad'
  union all
  select person_id, 'contact_denied' from known c where c.kind = 'contact' and ${asked(`'HERE_HOME_OBS', 'HERE_CENTRAL', 'HERE_MONITOR', 'HERE_RELEASED'`)}
  union all
  select person_id, 'measure_denied' from known c where not (c.answers->>'underMeasure')::boolean and c.from_day >= c.day - 28 and (
    (c.kind = 'measure' and c.value = 'in' and c.from_day <= c.day - 1 - c.slack and not ${ended('measure', `'lifted'`, 'c.day + 1')})
    or (c.kind = 'case' and c.value in ('confirmed', 'suspected', 'asymptomatic') and c.from_day <= c.day - 2 - c.slack and not ${ended('case', `'recovered', 'excluded'`, 'c.day + 1')})
    or (c.kind = 'fever_clinic' and c.value = 'held' and c.from_day <= c.day - 2 - c.slack and not ${ended('fever_clinic', `'excluded'`, 'c.day + 1')}))
  union all
  select person_id, 'symptom_denied' from known c where c.answers->'symptoms' = '[]' and c.from_day <= c.day - 1 - c.slack and c.to_day >= c.day - 1 + c.slack
    and (c.kind = 'symptom' or (c.kind = 'fever_clinic' and c.value in ('visited', 'held') and not ${ended('fever_clinic', `'excluded'`, 'c.day')}))
  union all
  select d.person_id, 'measure_denied' from observation o join declaration d on d.person_id = o.person_id and d.superseded_at is null
  where o.measure <> 'self_monitoring' and not (d.answers->>'underMeasure')::boolean and (o.current->>'noticeOn')::date < d.day and (o.end_day is null or o.end_day >= d.day) and (o.ended_day is null or o.ended_day > d.day)
  union all
  select d.person_id, 'arrival_differs' from return_registration r join declaration d on d.person_id = r.person_id and d.superseded_at is null
  where (d.answers#>>'{arrival,arrivedOn}')::date < (r.created_at at time zone 'Asia/Shanghai')::date - 1 and r.expected_day > (r.created_at at time zone 'Asia/Shanghai')::date) x`
}

async function open(): Promise<Bench> {
  const cluster = await startTestCluster()
  const url = cluster.url(cluster.template)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-bench-'))
  const config = readConfig({ DATA_DIR: path.join(dir, 'data'), EXERCISE: 'off' })
  const server = await Server.open({ config, log: pino({ level: 'silent' }), url, rooms: [], now: new Date() })
  const today = server.clock.today()
  await client.query(
    `insert into emergency (id, area, name, legal_order, purpose, basis, starts, state, proposed_at) values ('${EMERGENCY}', '32', '{}', 'x', '{}', '{}', '2020-01-01', 'open', now())`,
  )
  return {
    client,
    server,
    today,
    stop: async () => {
      await server.close()
      await client.end()
      await cluster.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function load({ client, today }: Bench, people: number): Promise<void> {
  await bulk(client, ['fact', 'declaration'], async () => {
    for (let at = 0; at < people; at += 500_000) await client.query(loadSql(at, Math.min(people, at + 500_000), today))
  })
}

async function setUp({ client, today }: Bench): Promise<void> {
  for (const { id, bounds } of PRESETS)
    await client.query(
      `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, state, created_at) values ($1, '32', '{"zh":"x","en":"x"}', 'x', '{}', 'other', '{}', $2, 'open', now())`,
      [id, JSON.stringify(bounds)],
    )
  for (const r of riskOf(today))
    await client.query(
      `insert into risk_area (id, area, level, from_day, to_day, source, recorded_at) values (gen_random_uuid(), $1, $2, $3, $4, 'list', now())`,
      [r.area, r.level, r.from, r.to],
    )
}

async function byHand({ client, today }: Bench): Promise<number> {
  await client.query('drop table if exists by_hand')
  await client.query(`set jit = off; set work_mem = '64MB'; set parallel_tuple_cost = 0`)
  const started = performance.now()
  await client.query(handSql(today))
  return (performance.now() - started) / 1000
}

async function ours({ client, server }: Bench): Promise<number> {
  await client.query('truncate contradiction, contradiction_event')
  const started = performance.now()
  await findEverybody(server)
  return (performance.now() - started) / 1000
}

const seconds = (n: number): string => `${n.toFixed(2)} s`

async function finderRows(bench: Bench, people: number): Promise<BenchRow[]> {
  await setUp(bench)
  await load(bench, people)
  const hands: number[] = [await byHand(bench)]
  const tries: number[] = []
  for (let i = 0; i < 4; i++) {
    tries.push(await ours(bench))
    hands.push(await byHand(bench))
  }
  const { rows } = await bench.client.query<{ n: number; differ: number }>(
    `select count(*)::int as n, count(*) filter (where h.person_id is null or c.person_id is null)::int as differ
     from (select person_id, kind from by_hand) h full join (select person_id, kind from contradiction) c using (person_id, kind)`,
  )
  const [{ n, differ } = { n: 0, differ: -1 }] = rows
  const agains: number[] = []
  for (let i = 0; i < 3; i++) {
    const started = performance.now()
    await findEverybody(bench.server)
    agains.push((performance.now() - started) / 1000)
  }
  const again = Math.min(...agains)
  const hand = Math.min(...hands)
  const best = Math.min(...tries)
  const of = `${people.toLocaleString('en')} declarations with ${(people * 3).toLocaleString('en')} facts`
  return [
    {
      name: `contradictions found of ${of}`,
      measured: seconds(best),
      limit: `1.5 × ${seconds(hand)} by hand`,
      ratio: best / (1.5 * hand),
      ok: best <= 1.5 * hand && differ === 0,
      note: `${n.toLocaleString('en')} found with both sides, ids and history; by hand only whose and which; ${differ} differ`,
    },
    {
      name: 'the same again, nothing changed',
      measured: seconds(again),
      limit: `1.5 × ${seconds(hand)} by hand`,
      ratio: again / (1.5 * hand),
      ok: again <= 1.5 * hand,
    },
  ]
}

async function searchRows(people: number, share: number): Promise<BenchRow[]> {
  const bench = await open()
  try {
    const of = { seed: 'first day', people, share, today: bench.today, emergencyId: EMERGENCY, area: '32' }
    const result = await searchDeclared(bench.server, of)
    console.error(searchTable(result))
    const found = result.beyondFound / Math.max(1, result.beyond)
    const planted = result.rows.reduce((n, row) => n + row.planted, 0)
    return [
      {
        name: `false declarations found, of ${planted} planted among ${people.toLocaleString('en')}`,
        measured: `${result.beyondFound} of ${result.beyond} beyond the sources' errors (${(100 * found).toFixed(1)} %)`,
        limit: '95 %',
        ratio: 0.95 / Math.max(found, 0.001),
        ok: found >= 0.95,
        note: `by kind: ${result.rows.map((row) => `${row.kind} ${row.found}/${row.planted}`).join(', ')}; looked at in ${seconds(result.seconds)}`,
      },
      {
        name: 'honest people suspected, for each found',
        measured: `${result.wrongTotal} for ${result.found}`,
        limit: '1',
        ratio: result.wrongTotal / Math.max(1, result.found),
        ok: result.wrongTotal <= result.found && result.coloursChanged === 0,
        note: `${result.wrong.map(({ kind, n }) => `${kind} ${n}`).join(', ')}; colours changed: ${result.coloursChanged}`,
      },
    ]
  } finally {
    await bench.stop()
  }
}

/** @param scale 1 is ten million declarations (half a million at least) and a search among a million (100,000 at least). */
export async function truthRows(scale: number): Promise<BenchRow[]> {
  const bench = await open()
  const rows: BenchRow[] = []
  try {
    rows.push(...(await finderRows(bench, Math.max(500_000, 10_000_000 * scale))))
  } finally {
    await bench.stop()
  }
  const people = Math.max(100_000, Math.round(1_000_000 * scale))
  rows.push(...(await searchRows(people, people / 1_000_000)))
  return rows
}
