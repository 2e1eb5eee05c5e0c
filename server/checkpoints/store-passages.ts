/** SQL of passages, of their figures by gate and hour, and of the keys of days. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { PassageList } from '@weiwang/domain/checkpoints/api'
import { CHECKS, DIRECTIONS, GATE_COLOURS, LANES, VERDICTS } from '@weiwang/domain/checkpoints/gate'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor, inListOrder, keyIs, keyRows, pageKeys } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Passage } from '../core/db/types.ts'
import { placed } from '../teams/placed.ts'
import type { Placed } from '../teams/placed.ts'
import type { Paging, Cut } from './store.ts'

export type PassageRow = Selectable<Passage>
export type NewPassage = InsertObject<DB, 'passage'>

const Kept = z.object({
  direction: z.enum(DIRECTIONS),
  lane: z.enum(LANES),
  checked: z.enum(CHECKS).nullable(),
  colour: z.enum(GATE_COLOURS).nullable(),
  verdict: z.enum(VERDICTS),
  temperature: z.number().nullable(),
  retest: z.number().nullable(),
  threshold: z.number(),
  vehicle: z.boolean(),
})

/** The closed words of a row, as the rules know them. */
export function passageOf(row: PassageRow): Kept {
  return Kept.parse(row)
}
type Kept = z.output<typeof Kept>

/** Of these ids, those that a county has already. */
export async function knownPassages(db: Db, county: string, ids: readonly string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('passage')
    .select(['id', 'recorded_at'])
    .where('county', '=', county)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row.recorded_at]))
}

/** GATE-6: what is there already stays as it is. @returns the ids that were made */
export async function insertPassages(db: Db, rows: readonly NewPassage[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const made = await db
    .insertInto('passage')
    .values([...rows])
    .onConflict((oc) => oc.columns(['county', 'id']).doNothing())
    .returning('id')
    .execute()
  return new Set(made.map((row) => row.id))
}

export async function lockPassage(db: Db, county: string, id: string): Promise<PassageRow | null> {
  const row = await db
    .selectFrom('passage')
    .selectAll()
    .where('county', '=', county)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function setRetest(
  db: Db,
  row: Pick<PassageRow, 'county' | 'id'>,
  set: { retest: number; retest_at: Date; verdict: string },
): Promise<void> {
  await sql`update passage set retest = ${set.retest}, retest_at = ${set.retest_at}, verdict = ${set.verdict}
    where county = ${row.county} and id = ${row.id}::uuid`.execute(db)
}

export type HourStep = { day: Day; hour: number; metric: string; n: number }

/** GATE-13: in the transaction of the passage and in the order of the key, so that two transactions never wait in a ring. */
export async function countHours(
  db: Db,
  gate: { county: string; id: string; area: AreaCode },
  steps: readonly HourStep[],
): Promise<void> {
  if (steps.length === 0) return
  await sql`
    insert into gate_hour (county, gate_id, area, day, hour, metric, n)
    select ${gate.county}, ${gate.id}::uuid, ${gate.area}, s.day, s.hour, s.metric, sum(s.n)
    from json_to_recordset(${JSON.stringify(steps)}::json) as s (day date, hour smallint, metric text, n integer)
    group by s.day, s.hour, s.metric having sum(s.n) <> 0
    order by s.day, s.hour, s.metric collate "C"
    on conflict (county, gate_id, area, day, hour, metric) do update set n = gate_hour.n + excluded.n`.execute(db)
}

/** That a key of a day was made, for the proof of its destruction; many say it, the first is written. */
export async function noteKey(db: Db, key: { id: string; emergencyId: string; day: Day }, now: Date): Promise<void> {
  await sql`insert into passage_key (id, emergency_id, day, made_at)
    select ${key.id}::uuid, ${key.emergencyId}::uuid, ${key.day}::date, ${now}
    where not exists (select from passage_key where id = ${key.id}::uuid) on conflict (id) do nothing`.execute(db)
}

/** GATE-15 */
export async function insertNamed(db: Db, rows: readonly InsertObject<DB, 'gate_named'>[]): Promise<void> {
  for (let from = 0; from < rows.length; from += NAMED_CHUNK)
    await db
      .insertInto('gate_named')
      .values(rows.slice(from, from + NAMED_CHUNK))
      .execute()
}
const NAMED_CHUNK = 1_000

/** The condition of a list, the same as listsOf of the domain (a test compares the two on every combination). */
export function inList(list: PassageList): RawBuilder<unknown> {
  const fever = sql`(coalesce(t.temperature >= t.threshold, false) or t.verdict = 'hold_fever')`
  switch (list) {
    case 'all':
      return sql`true`
    case 'in':
    case 'out':
      return sql`t.direction = ${list}`
    case 'green':
    case 'yellow':
    case 'red':
    case 'pending':
      return sql`(t.colour = ${list} and coalesce(t.checked, 'valid') = 'valid')`
    case 'no_colour':
      return sql`(t.colour is null or t.checked in ('by_hand', 'refused'))`
    case 'by_hand':
      return sql`t.checked = 'by_hand'`
    case 'refused_code':
      return sql`t.checked = 'refused'`
    case 'fever':
      return fever
    case 'fever_twice':
      return sql`t.retest >= t.threshold`
    case 'resting':
      return sql`(t.retest is null and t.verdict = 'hold_fever')`
    case 'refer':
      return sql`t.verdict = 'refuse_refer'`
    case 'emergency':
      return sql`t.verdict = 'emergency_pass'`
    case 'no_code':
    case 'visitor':
    case 'hardship':
      return sql`t.lane = ${list}`
    case 'vehicle':
      return sql`t.vehicle`
  }
}

export type PassageFilter = {
  place: Placed
  from: Day
  to: Day
  gate?: { county: string; id: string } | undefined
  hour?: number | undefined
  list: PassageList
}

const ByTime = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()])

/** A page of a span of days, the newest first; the total is the counter's (GATE-13). */
export async function listPassages(db: Db, filter: PassageFilter, paging: Paging): Promise<Cut<PassageRow>> {
  const at = decodeCursor(ByTime, paging.cursor)
  const parts: RawBuilder<unknown>[] = [inList(filter.list), ...common(filter)]
  if (at !== null) parts.push(sql`(t.day, t.at, t.id) < (${at[0]}::date, ${at[1]}::timestamptz, ${at[2]}::uuid)`)
  const where = sql.join(parts, sql` and `)
  const order = sql`order by t.day desc, t.at desc, t.id desc limit ${paging.limit + 1}`
  const rows = filter.gate
    ? (await sql<PassageRow>`select t.* from passage t where ${where} ${order}`.execute(db)).rows
    : await byKeys(db, filter.place, where, order)
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor([last.day, last.at.toISOString(), last.id]) : null,
    total: await countOf(db, filter),
  }
}

/** The same of passages and of their figures. */
function common(filter: PassageFilter): RawBuilder<unknown>[] {
  const { gate, hour } = filter
  return [
    sql`t.day between ${filter.from}::date and ${filter.to}::date`,
    placed(filter.place),
    gate ? sql`t.county = ${gate.county} and t.gate_id = ${gate.id}::uuid` : sql`true`,
    hour === undefined ? sql`true` : sql`t.hour = ${hour}`,
  ]
}

/** Codes that an area took over or gave away lie under their own counties and villages. */
async function byKeys(
  db: Db,
  place: Placed,
  where: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<PassageRow[]> {
  const keys = await pageKeys(db, [...place.areas, ...(place.plus ?? [])])
  return inListOrder(db, async () => {
    const { rows } = await sql<PassageRow>`
      select t.* from ${keyRows(keys)} cross join lateral (
        select t.* from passage t where ${keyIs(keys.by)} and ${where} ${order}
      ) t ${order}`.execute(db)
    return rows
  })
}

async function countOf(db: Db, filter: PassageFilter): Promise<number> {
  const where = sql.join([sql`t.metric = ${filter.list}`, ...common(filter)], sql` and `)
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(t.n), 0)::int as n from gate_hour t where ${where}`.execute(db)
  return rows[0]?.n ?? 0
}

export type Figure = { gate_id: string; area: AreaCode; metric: string; n: number }

/** Whole days of gates by metric. */
export async function figuresByGate(
  db: Db,
  filter: { areas: readonly AreaCode[]; day: Day; gates?: readonly string[] | undefined },
): Promise<Figure[]> {
  const only = filter.gates === undefined ? sql`true` : sql`t.gate_id = any(${[...filter.gates]}::uuid[])`
  const { rows } = await sql<Figure>`
    select t.gate_id, min(t.area) as area, t.metric, sum(t.n)::int as n from gate_hour t
    where t.day = ${filter.day}::date and ${inScope('t.area', filter.areas)} and ${only} group by t.gate_id, t.metric having sum(t.n) <> 0`.execute(
    db,
  )
  return rows
}

/** The busiest gates of a day, and how many had any passage. */
export async function busiestGates(
  db: Db,
  filter: { areas: readonly AreaCode[]; day: Day },
  limit: number,
): Promise<{ ids: string[]; gates: number }> {
  const { rows } = await sql<{ gate_id: string; gates: number }>`
    select t.gate_id, (count(*) over ())::int as gates from gate_hour t
    where t.day = ${filter.day}::date and t.metric = 'all' and ${inScope('t.area', filter.areas)}
    group by t.gate_id order by sum(t.n) desc, t.gate_id limit ${limit}`.execute(db)
  return { ids: rows.map((row) => row.gate_id), gates: rows[0]?.gates ?? 0 }
}

export async function figuresByHour(
  db: Db,
  filter: { areas: readonly AreaCode[]; day: Day; gate?: string | undefined },
): Promise<{ hour: number; metric: string; n: number }[]> {
  const only = filter.gate === undefined ? sql`true` : sql`t.gate_id = ${filter.gate}::uuid`
  const { rows } = await sql<{ hour: number; metric: string; n: number }>`
    select t.hour, t.metric, sum(t.n)::int as n from gate_hour t
    where t.day = ${filter.day}::date and ${inScope('t.area', filter.areas)} and ${only} group by t.hour, t.metric having sum(t.n) <> 0 order by t.hour`.execute(
    db,
  )
  return rows
}
