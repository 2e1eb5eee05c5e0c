import type { Day } from '@weiwang/domain/core/day'
import { DECLARED_RISK, declarants, PLANTED } from '@weiwang/domain/exercise/declared'
import type { Declarant, PlantedKind } from '@weiwang/domain/exercise/declared'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { findEverybody } from '../healthcode/truth-finder.ts'

/**
 * The search of the first day (EX-19): declarations with a few false ones among them are put into a database of their own, the finder looks
 * at everybody, and what it found is held against what is true.
 */
const CHUNK = 10_000

function declarantId(n: number): string {
  return idFrom(`declarant/${n}`)
}

type Row = Declarant & { id: string; declaration: string; door: string }

function rowOf(person: Declarant): Row {
  return {
    ...person,
    id: declarantId(person.n),
    declaration: idFrom(`declaration/${person.n}`),
    door: idFrom(`door/${person.household}`),
  }
}

/** Days begin where the deployment is, not where the database is. */
async function insertChunk(db: Db, rows: readonly Row[], emergencyId: string, zone: string): Promise<void> {
  const people = JSON.stringify(
    rows.map(({ id, declaration, door, home, day, answers }) => ({ id, declaration, door, home, day, answers })),
  )
  await sql`
    with p as materialized (
      select * from json_to_recordset(${people}::json) as p(id uuid, declaration uuid, door uuid, home text, day date, answers jsonb)),
    r as (
      insert into residence (person_id, id, home_area, area, county, household_id, kind, certainty, source, from_day, recorded_at)
      select id, declaration, home, home, left(home, 6), door, 'own', 6, 'exercise', day - 400, day::timestamp at time zone ${zone} from p)
    insert into declaration (person_id, id, n, home_area, emergency_id, at, day, by, answers)
    select id, declaration, 1, home, ${emergencyId}::uuid, day::timestamp at time zone ${zone} + interval '2 hours', day, 'self', answers from p`.execute(
    db,
  )
  const facts = JSON.stringify(
    rows.flatMap(({ id, facts: sent, day }) =>
      sent.map((fact, i) => ({ id, ...fact, fact: idFrom(`fact/${id}/${i}`), day })),
    ),
  )
  await sql`
    insert into fact (person_id, fact_id, kind, place, value, degree, from_day, to_day, source, batch_id, recorded_at)
    select id, fact, kind, place, value, degree, "from", "to", source, ${emergencyId}::uuid, day::timestamp at time zone ${zone}
    from json_to_recordset(${facts}::json) as f(id uuid, fact uuid, kind text, place text, value text, degree smallint, "from" date, "to" date, source text, day date)`.execute(
    db,
  )
  const told = JSON.stringify(
    rows.flatMap((row) =>
      row.told.map((one, i) => ({ id: row.id, home: row.home, task: idFrom(`task/${row.id}/${i}`), ...one })),
    ),
  )
  await sql`
    insert into task (county, id, root, area, campaign_id, kind, person_id, masked, grade, urgency, state, outcome, disposition, answer_by, reasons, sources,
      reference, opened_at, answered_at, answered_day, closed_at, closed_day, updated_at, version)
    select left(home, 6), task, task, home, ${emergencyId}::uuid, 'check', id, '张*', 'yellow', 2, 'answered', 'answered', disposition, day::timestamp at time zone ${zone}, '[]', array[source],
      task::text, day::timestamp at time zone ${zone}, day::timestamp at time zone ${zone}, day, day::timestamp at time zone ${zone}, day, day::timestamp at time zone ${zone}, 1
    from json_to_recordset(${told}::json) as t(id uuid, home text, task uuid, source text, disposition text, day date)`.execute(
    db,
  )
  const observed = JSON.stringify(
    rows.flatMap(({ id, home, observation }) =>
      observation ? [{ id, home, one: idFrom(`observation/${id}`), ...observation }] : [],
    ),
  )
  await sql`
    insert into observation (county, id, root, area, responsible_area, emergency_id, person_id, masked, reference, measure, reason, opened_from, state, step,
      start_day, end_day, count_from, rules_version, opened_day, opened_at, current, updated_at, version)
    select left(home, 6), one, one, home, home, ${emergencyId}::uuid, id, '张*', one::text, measure, 'risk_area', 'hand', 'active', 'guard',
      "noticeOn", "lastDay", 'start', 1, "noticeOn", "noticeOn"::timestamp at time zone ${zone}, jsonb_build_object('noticeOn', "noticeOn"), "noticeOn"::timestamp at time zone ${zone}, 1
    from json_to_recordset(${observed}::json) as o(id uuid, home text, one uuid, measure text, "noticeOn" date, "lastDay" date)`.execute(
    db,
  )
  const returned = JSON.stringify(
    rows.flatMap(({ id, home, returned: one }) => (one ? [{ id, home, one: idFrom(`return/${id}`), ...one }] : [])),
  )
  await sql`
    insert into return_registration (county, id, area, emergency_id, person_id, masked, state, expected_day, grace_until, transport, from_place, version, created_at, updated_at)
    select left(home, 6), one, home, ${emergencyId}::uuid, id, '张*', 'submitted', "expectedOn", "expectedOn" + 1, 'train', '5101', 1, "madeOn"::timestamp at time zone ${zone} + interval '4 hours', "madeOn"::timestamp at time zone ${zone}
    from json_to_recordset(${returned}::json) as r(id uuid, home text, one uuid, "madeOn" date, "expectedOn" date)`.execute(
    db,
  )
}

/** Sources as they are delivered with the program, and one that says who came from abroad. */
async function insertSources(db: Db, area: string): Promise<void> {
  const feeds = [...PRESETS.map(({ id, bounds }) => ({ id, bounds })), { id: 'customs', bounds: {} }]
  await sql`
    insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, state, created_at)
    select id, ${area}, jsonb_build_object('zh', id, 'en', id), 'exercise', '{"zh":"演练","en":"Exercise"}', 'other', '{}', bounds, 'open', now()
    from json_to_recordset(${JSON.stringify(feeds)}::json) as f(id text, bounds jsonb) on conflict (id) do nothing`.execute(
    db,
  )
  await sql`
    insert into risk_area (id, area, level, from_day, source, recorded_at)
    select gen_random_uuid(), area, level, '2019-12-01', 'list', now() from json_to_recordset(${JSON.stringify(DECLARED_RISK)}::json) as r(area text, level text)`.execute(
    db,
  )
}

export type Search = { seed: string; people: number; share: number; today: Day; emergencyId: string; area: string }
export type SearchRow = {
  kind: PlantedKind | 'honest'
  zh: string
  en: string
  beyond: boolean
  planted: number
  found: number
}
export type SearchResult = {
  people: number
  facts: number
  rows: SearchRow[]
  /** People who declared honestly and came under suspicion, by kind of contradiction. */
  wrong: { kind: string; n: number }[]
  beyond: number
  beyondFound: number
  found: number
  wrongTotal: number
  seconds: number
  coloursChanged: number
}

/** Everything that gives somebody a colour, as one text: the search may not change it. */
async function colours(db: Db): Promise<string> {
  const { rows } = await sql<{ text: string }>`
    select concat_ws('/', (select count(*) from grade), (select count(*) from grade_now), (select count(*) from grade_manual), (select count(*) from grade_run),
      (select count(*) from grade_dirty), (select count(*) from code), (select count(*) from code_event)) as text`.execute(
    db,
  )
  return rows[0]?.text ?? ''
}

export async function searchDeclared(server: Server, of: Search): Promise<SearchResult> {
  const { emergencyId, area } = of
  const planted = new Map<string, PlantedKind>()
  await server.asSystem('exercise.declared', (ctx) => insertSources(ctx.db, area))
  let people = 0
  let facts = 0
  let chunk: Row[] = []
  const flush = async (): Promise<void> => {
    const rows = chunk
    chunk = []
    await server.asSystem('exercise.declared', (ctx) => insertChunk(ctx.db, rows, emergencyId, ctx.zone))
  }
  for (const door of declarants(of)) {
    for (const person of door) {
      const row = rowOf(person)
      if (person.planted !== null) planted.set(row.id, person.planted)
      chunk.push(row)
      people++
      facts += person.facts.length
    }
    if (chunk.length >= CHUNK) await flush()
  }
  await flush()
  await server.asSystem('exercise.declared', (ctx) =>
    sql`analyze fact, declaration, residence, task, observation`.execute(ctx.db),
  )
  const before = await server.asSystem('exercise.declared', (ctx) => colours(ctx.db))
  const started = performance.now()
  await findEverybody(server)
  const seconds = (performance.now() - started) / 1000
  return server.asSystem('exercise.declared', async (ctx) => {
    const { rows } = await sql<{
      person_id: string
      kind: string
    }>`select person_id, kind from contradiction where state = 'open'`.execute(ctx.db)
    const after = await colours(ctx.db)
    return { people, facts, seconds, coloursChanged: after === before ? 0 : 1, ...tableOf(planted, rows) }
  })
}

function tableOf(planted: ReadonlyMap<string, PlantedKind>, suspected: readonly { person_id: string; kind: string }[]) {
  const suspects = new Set(suspected.map((one) => one.person_id))
  const rows = PLANTED.map(({ kind, zh, en, beyond }): SearchRow => {
    const mine = [...planted].filter(([, one]) => one === kind).map(([id]) => id)
    return { kind, zh, en, beyond, planted: mine.length, found: mine.filter((id) => suspects.has(id)).length }
  })
  const honest = suspected.filter((one) => !planted.has(one.person_id))
  const byKind = new Map<string, Set<string>>()
  for (const { kind, person_id } of honest) byKind.set(kind, (byKind.get(kind) ?? new Set()).add(person_id))
  const sum = (some: readonly SearchRow[], key: 'planted' | 'found'): number => some.reduce((n, row) => n + row[key], 0)
  const beyond = rows.filter((row) => row.beyond)
  return {
    rows,
    wrong: [...byKind].map(([kind, ids]) => ({ kind, n: ids.size })).toSorted((a, b) => b.n - a.n),
    beyond: sum(beyond, 'planted'),
    beyondFound: sum(beyond, 'found'),
    found: sum(rows, 'found'),
    wrongTotal: new Set(honest.map((one) => one.person_id)).size,
  }
}

/** As a table for people, in both languages. */
export function searchTable(result: SearchResult): string {
  const lines = result.rows.map(
    (row) =>
      `| ${row.zh} ${row.en} | ${row.beyond ? '是 yes' : '否 no'} | ${row.planted} | ${row.found} | ${row.planted === 0 ? '' : `${((100 * row.found) / row.planted).toFixed(0)} %`} |`,
  )
  const wrong = result.wrong.map(({ kind, n }) => `${kind} ${n}`).join(', ')
  return [
    `${result.people.toLocaleString('en')} declarations, ${result.facts.toLocaleString('en')} rows of feeds; looked at in ${result.seconds.toFixed(1)} s`,
    '| planted 不实申报种类 | beyond errors 超出误差 | planted 数 | found 查出 | share |',
    '|---|---|---|---|---|',
    ...lines,
    `beyond the sources' errors: ${result.beyondFound} of ${result.beyond} (${((100 * result.beyondFound) / Math.max(1, result.beyond)).toFixed(1)} %); wrong suspicions: ${result.wrongTotal} against ${result.found} found (${wrong}); colours changed: ${result.coloursChanged}`,
  ].join('\n')
}
