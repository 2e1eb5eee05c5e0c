import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { RiskLevel } from '@weiwang/domain/feeds/api'
import { sql } from 'kysely'
import type { Selectable, SelectQueryBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { within } from '../core/db/scope.ts'
import type { DB, RiskArea } from '../core/db/types.ts'

/** Risk areas and the daily counts that some are derived from. */
export type RiskAreaRow = Selectable<RiskArea> & { by_name: string | null }
export type NewRiskArea = {
  id: string
  area: AreaCode
  level: RiskLevel
  from: Day
  to: Day | null
  note: string | null
}

function riskAreas(db: Db): SelectQueryBuilder<DB, 'risk_area' | 'account', RiskAreaRow> {
  return db
    .selectFrom('risk_area')
    .leftJoin('account', 'account.id', 'risk_area.by')
    .selectAll('risk_area')
    .select('account.name as by_name')
    .where('risk_area.withdrawn_at', 'is', null)
    .$castTo<RiskAreaRow>()
}

export type RiskFilter = {
  day?: Day | undefined
  area?: AreaCode | undefined
  level?: RiskLevel | undefined
  source?: 'list' | 'derived' | undefined
}
export type RiskCursor = { area: string; from: string; id: string }

export async function listRiskAreas(
  db: Db,
  filter: RiskFilter,
  page: { limit: number; after?: RiskCursor | undefined },
): Promise<{ rows: RiskAreaRow[]; more: boolean; total: number }> {
  let where = riskAreas(db)
  const { day } = filter
  if (day !== undefined) {
    where = where.where('from_day', '<=', day).where((eb) => eb.or([eb('to_day', 'is', null), eb('to_day', '>=', day)]))
  }
  if (filter.area !== undefined) where = where.where(within('risk_area.area', filter.area))
  if (filter.level !== undefined) where = where.where('level', '=', filter.level)
  if (filter.source !== undefined) where = where.where('source', '=', filter.source)
  const { total } = await where
    .clearSelect()
    .select(sql<number>`count(*)`.as('total'))
    .$castTo<{ total: number }>()
    .executeTakeFirstOrThrow()
  let query = where
    .orderBy('risk_area.area')
    .orderBy('from_day')
    .orderBy('risk_area.id')
    .limit(page.limit + 1)
  const { after } = page
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(risk_area.area, risk_area.from_day, risk_area.id) > (${after.area}, ${after.from}::date, ${after.id}::uuid)`,
    )
  }
  const rows = await query.execute()
  return { rows: rows.slice(0, page.limit), more: rows.length > page.limit, total }
}

export async function findRiskArea(db: Db, id: string, lock = false): Promise<RiskAreaRow | null> {
  if (lock) await db.selectFrom('risk_area').select('id').where('id', '=', id).forUpdate().execute()
  return (await riskAreas(db).where('risk_area.id', '=', id).executeTakeFirst()) ?? null
}

export async function areaNames(db: Db, codes: Iterable<AreaCode>): Promise<Map<AreaCode, string>> {
  const wanted = [
    ...new Set(
      [...codes].flatMap((code) => [2, 4, 6, 9, 12].filter((n) => n <= code.length).map((n) => code.slice(0, n))),
    ),
  ]
  if (wanted.length === 0) return new Map()
  const rows = await db
    .selectFrom('area')
    .select(['code', 'name'])
    .where('code', 'in', wanted)
    .where('valid_to', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.code, row.name]))
}

export async function knownAreas(db: Db, codes: readonly AreaCode[]): Promise<Set<AreaCode>> {
  if (codes.length === 0) return new Set()
  const { rows } = await sql<{ code: string }>`
    select code from area where code = any(${codes}::text[]) and valid_to is null`.execute(db)
  return new Set(rows.map((row) => row.code))
}

/** All provinces, cities and counties there are: what codes of a file are checked against. */
export async function countyCodes(db: Db): Promise<Set<AreaCode>> {
  const rows = await db
    .selectFrom('area')
    .select('code')
    .where('level', '<=', 3)
    .where('valid_to', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.code))
}

/**
 * Upserts entries of a list by area, level and first day; answers for each whether it changed anything. A list that names an
 * end for an entry that had none, or another end, ends it so.
 */
export async function putListed(
  db: Db,
  stamp: { now: Date; by: string | null },
  rows: readonly NewRiskArea[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const changed = await sql<{ area: string; level: string; from_day: string }>`
    insert into risk_area (id, area, level, from_day, to_day, source, note, by, recorded_at)
    select u.id, u.area, u.level, u.from_day, u.to_day, 'list', u.note, ${stamp.by}::uuid, ${stamp.now}::timestamptz
    from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.area)}::text[], ${rows.map((r) => r.level)}::text[],
      ${rows.map((r) => r.from)}::date[], ${rows.map((r) => r.to)}::date[], ${rows.map((r) => r.note)}::text[]) as u(id, area, level, from_day, to_day, note)
    on conflict (area, level, from_day, source) where withdrawn_at is null
    do update set to_day = excluded.to_day, note = coalesce(excluded.note, risk_area.note), by = excluded.by, recorded_at = excluded.recorded_at
      where risk_area.to_day is distinct from excluded.to_day
    returning area, level, from_day`.execute(db)
  return new Set(changed.rows.map((row) => listKey({ area: row.area, level: row.level, from: row.from_day })))
}

/** The id of the entry of the list with this area, level and first day. */
export async function getListed(db: Db, of: { area: AreaCode; level: RiskLevel; from: Day }): Promise<string> {
  const { id } = await db
    .selectFrom('risk_area')
    .select('id')
    .where('area', '=', of.area)
    .where('level', '=', of.level)
    .where('from_day', '=', of.from)
    .where('source', '=', 'list')
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow()
  return id
}

export async function countedAreas(db: Db): Promise<AreaCode[]> {
  const rows = await db.selectFrom('case_count').select('area').distinct().execute()
  return rows.map((row) => row.area)
}

export function listKey(row: { area: string; level: string; from: string }): string {
  return `${row.area} ${row.level} ${row.from}`
}

export async function updateRiskArea(
  db: Db,
  id: string,
  change: { to_day?: Day; withdrawn_at?: Date; note?: string },
): Promise<void> {
  await db.updateTable('risk_area').set(change).where('id', '=', id).execute()
}

export type StoredCount = { area: AreaCode; day: Day; confirmed: number }

/** Reported figures; a figure that comes later for a day that was carried forward takes its place. */
export async function putCounts(
  db: Db,
  source: string,
  counts: readonly StoredCount[],
  carried: boolean,
): Promise<void> {
  for (let i = 0; i < counts.length; i += 5000) {
    const part = counts.slice(i, i + 5000)
    await sql`
      insert into case_count (area, day, confirmed, carried, source)
      select u.area, u.day, u.confirmed, ${carried}, ${source}
      from unnest(${part.map((c) => c.area)}::text[], ${part.map((c) => c.day)}::date[], ${part.map((c) => c.confirmed)}::int[]) as u(area, day, confirmed)
      on conflict (area, day) do update set confirmed = excluded.confirmed, carried = excluded.carried, source = excluded.source
      where ${carried ? sql`case_count.carried` : sql`true`}`.execute(db)
  }
}

/** Reported figures of areas, carried ones left out: they are computed anew. */
export async function reportedCounts(
  db: Db,
  areas: readonly AreaCode[],
): Promise<Map<AreaCode, { day: Day; confirmed: number }[]>> {
  const { rows } = await sql<StoredCount>`
    select area, day, confirmed from case_count where area = any(${areas}::text[]) and not carried order by area, day`.execute(
    db,
  )
  const found = new Map<AreaCode, { day: Day; confirmed: number }[]>()
  for (const { area, day, confirmed } of rows) {
    const list = found.get(area)
    if (list === undefined) found.set(area, [{ day, confirmed }])
    else list.push({ day, confirmed })
  }
  return found
}

export async function lastReportedDay(db: Db): Promise<Day | null> {
  const { day } = await db
    .selectFrom('case_count')
    .select(sql<Day | null>`max(day)`.as('day'))
    .where('carried', '=', false)
    .executeTakeFirstOrThrow()
  return day
}

/** One importer of counts at a time: each derives levels from all that is stored. */
export async function lockCounts(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('case_count', 5))`.execute(db)
}

/** Puts the derived levels of areas as given: what is no longer derived is withdrawn, what is there stays as it is. */
export async function replaceDerived(
  db: Db,
  now: Date,
  areas: readonly AreaCode[],
  rows: readonly NewRiskArea[],
): Promise<{ added: number; ended: number }> {
  const current = await sql<{ id: string; area: string; level: string; from_day: string; to_day: string | null }>`
    select id, area, level, from_day, to_day from risk_area where source = 'derived' and withdrawn_at is null and area = any(${areas}::text[])`.execute(
    db,
  )
  const key = (area: string, level: string, from: string, to: string | null): string =>
    `${area} ${level} ${from} ${to ?? ''}`
  const wanted = new Map(rows.map((r) => [key(r.area, r.level, r.from, r.to), r]))
  const gone: string[] = []
  for (const row of current.rows) {
    if (!wanted.delete(key(row.area, row.level, row.from_day, row.to_day))) gone.push(row.id)
  }
  if (gone.length > 0)
    await sql`update risk_area set withdrawn_at = ${now}::timestamptz where id = any(${gone}::uuid[])`.execute(db)
  const fresh = [...wanted.values()]
  for (let i = 0; i < fresh.length; i += 5000) {
    const part = fresh.slice(i, i + 5000)
    await sql`
      insert into risk_area (id, area, level, from_day, to_day, source, recorded_at)
      select u.id, u.area, u.level, u.from_day, u.to_day, 'derived', ${now}::timestamptz
      from unnest(${part.map((r) => r.id)}::uuid[], ${part.map((r) => r.area)}::text[], ${part.map((r) => r.level)}::text[],
        ${part.map((r) => r.from)}::date[], ${part.map((r) => r.to)}::date[]) as u(id, area, level, from_day, to_day)`.execute(
      db,
    )
  }
  return { added: fresh.length, ended: gone.length }
}
