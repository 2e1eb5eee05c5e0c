import { countyOf } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from './db/connect.ts'
import { byText, turnOf } from './db/said.ts'
import type { Said } from './db/said.ts'
import { inScope } from './db/scope.ts'

/** One step of a counter: `n` may be negative. `area` is a grid, or the coarser area where the thing lies. */
export type CounterStep = { area: string; day: string; metric: string; n: number }
export type SourceStep = { county: string; source: string; day: string; disposition: string; n: number }

/**
 * The day under which counters of what is there now stand (people and doors of the register): before every day that a figure asks
 * for, so that no span takes them in.
 */
export const STOCK_DAY = '1900-01-01'
export type Stock = 'stock_people' | 'stock_doors'

/** Where counters stand: at grids, and summed by town so that a county, a city or the province reads a hundredth of the rows. */
export type CounterTable = 'stat_day' | 'stat_town'
const TOWN = 9

/** Steps at one place and day are one; what comes to nothing is none. In the order of the key, which is everybody's (STAT-1). */
function summed(steps: readonly { key: readonly string[]; n: number }[]): (readonly (string | number)[])[] {
  const sums = new Map<string, { key: readonly string[]; n: number }>()
  for (const { key, n } of steps) {
    const name = key.join('\u0000')
    sums.set(name, { key, n: (sums.get(name)?.n ?? 0) + n })
  }
  return [...sums]
    .filter(([, { n }]) => n !== 0)
    .toSorted(([a], [b]) => byText(a, b))
    .map(([, { key, n }]) => [...key, n])
}

const COUNTED = [
  ['county', 'text'],
  ['area', 'text'],
  ['day', 'date'],
  ['metric', 'text'],
  ['n', 'bigint'],
] as const

function added(said: Said, table: CounterTable, rows: readonly (readonly unknown[])[], turn: string): string {
  const [one] = rows
  const from =
    one && rows.length === 1
      ? `select ${said.list(one)} from ${turn}`
      : `select s.county, s.area, s.day, s.metric, s.n from ${turn}, ${said.rows('s', COUNTED, rows)} order by s.i`
  return `insert into ${table} (county, area, day, metric, n) ${from}
      on conflict (county, area, day, metric) do update set n = ${table}.n + excluded.n returning 1 as n`
}

/**
 * STAT-1: counters move in the transaction of the event, by the parts `grids` and `towns` of its last statement (last-statement.ts).
 * Each table in the order of its key, so that two transactions that count in the same places never wait in a ring; the rows of
 * towns last, since a whole town's workers want them.
 * @param turn what they wait for
 */
export function countedParts(
  said: Said,
  steps: readonly CounterStep[],
  turn: string,
): { parts: string[]; last: string } {
  const at = (place: (area: string) => string) =>
    summed(steps.map(({ area, day, metric, n }) => ({ key: [countyOf(area), place(area), day, metric], n })))
  const grids = at((area) => area)
  const towns = at((area) => area.slice(0, TOWN))
  const parts: string[] = []
  if (grids.length > 0) parts.push(`grids as (${added(said, 'stat_day', grids, turn)})`)
  const then = grids.length > 0 ? turnOf('grids') : turn
  if (towns.length > 0) parts.push(`towns as (${added(said, 'stat_town', towns, then)})`)
  return { parts, last: towns.length > 0 ? 'towns' : 'grids' }
}

const ANSWERED = [
  ['county', 'text'],
  ['source', 'text'],
  ['day', 'date'],
  ['disposition', 'text'],
  ['n', 'bigint'],
] as const

/** STAT-8: answers by source, for the precision of each; the part `sources`. */
export function sourceParts(said: Said, steps: readonly SourceStep[], turn: string): { parts: string[]; last: string } {
  const rows = summed(
    steps.map(({ county, source, day, disposition, n }) => ({ key: [county, source, day, disposition], n })),
  )
  if (rows.length === 0) return { parts: [], last: '' }
  const part = `sources as (
      insert into stat_source (county, source, day, disposition, n)
      select s.county, s.source, s.day, s.disposition, s.n from ${turn}, ${said.rows('s', ANSWERED, rows)} order by s.i
      on conflict (county, source, day, disposition) do update set n = stat_source.n + excluded.n returning 1 as n
    )`
  return { parts: [part], last: 'sources' }
}

/** One of the two tables alone: for the rebuild, which finds their differences apart. */
export async function addTo(db: Db, table: CounterTable, steps: readonly CounterStep[]): Promise<void> {
  if (steps.length === 0) return
  const rows = steps.map((step) => ({ county: countyOf(step.area), ...step }))
  await sql`
    insert into ${sql.table(table)} (county, area, day, metric, n)
    select county, area, day, metric, sum(n)
    from json_to_recordset(${JSON.stringify(rows)}::json) as s(county text, area text, day date, metric text, n bigint)
    group by county, area, day, metric having sum(n) <> 0
    order by county collate "C", area collate "C", day, metric collate "C"
    on conflict (county, area, day, metric) do update set n = ${sql.ref(`${table}.n`)} + excluded.n`.execute(db)
}

export type Span = { from: string; to: string }

function daysOf(span: Span): string[] {
  const days: string[] = []
  for (let day = span.from; day <= span.to && days.length < 400; day = addDays(day, 1)) days.push(day)
  return days
}

/**
 * Sums of counters inside areas (or, with `own`, at exactly the first one) over days, by metric, with what the present
 * organisation adds and takes (`plus`, `minus`; AREA-10). Days beyond 400 are not counted: callers bound their spans.
 */
export async function sumCounts(
  db: Db,
  at: { areas: readonly string[]; own?: boolean; plus?: readonly string[]; minus?: readonly string[] },
  span: Span,
): Promise<Map<string, number>> {
  const table = !at.own && at.areas.every((area) => area.length <= TOWN) ? 'stat_town' : 'stat_day'
  const place = at.own ? sql`area = ${at.areas[0] ?? ''}` : inScope('area', at.areas)
  const { rows } = await sql<{ metric: string; n: number }>`
    select metric, sum(n)::bigint as n from ${sql.table(table)} where day = any(${daysOf(span)}::date[]) and ${place} group by metric`.execute(
    db,
  )
  const sums = new Map(rows.map((row) => [row.metric, row.n]))
  const fold = async (codes: readonly string[], times: number) => {
    for (const { metric, n } of await sumCountsAt(db, codes, span))
      sums.set(metric, (sums.get(metric) ?? 0) + times * n)
  }
  await fold(at.plus ?? [], 1)
  await fold(at.minus ?? [], -1)
  return sums
}

/** The counters of exactly these codes, by code: what ended areas left behind. */
export async function sumCountsAt(
  db: Db,
  codes: readonly string[],
  span: Span,
): Promise<{ code: string; metric: string; n: number }[]> {
  if (codes.length === 0) return []
  const { rows } = await sql<{ code: string; metric: string; n: number }>`
    select area as code, metric, sum(n)::bigint as n from stat_day
    where day = any(${daysOf(span)}::date[]) and area = any(${[...codes]}::text[]) group by 1, 2`.execute(db)
  return rows
}

/** The same, split by the level below: the first `digits` of the code. What lies at the area itself is keyed by its own code. */
export async function sumCountsBelow(
  db: Db,
  area: string,
  digits: number,
  span: Span,
): Promise<{ code: string; metric: string; n: number }[]> {
  const { rows } = await sql<{ code: string; metric: string; n: number }>`
    select left(area, ${digits}) as code, metric, sum(n)::bigint as n from ${sql.table(digits <= TOWN ? 'stat_town' : 'stat_day')}
    where day = any(${daysOf(span)}::date[]) and ${inScope('area', [area])} group by 1, 2`.execute(db)
  return rows
}
