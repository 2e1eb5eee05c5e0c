import { contains, pathOf, upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { AreaHit, AreaRef, AreaView } from '@weiwang/domain/areas/api'
import { AREA_KINDS } from '@weiwang/domain/areas/kind'
import type { AreaKind } from '@weiwang/domain/areas/kind'
import { searchText, termsOf } from '@weiwang/domain/areas/terms'
import type { AliasRow } from '@weiwang/domain/areas/terms'
import type { Day } from '@weiwang/domain/core/day'
import type { Page } from '@weiwang/domain/core/page'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'

export type AreaRow = {
  code: string
  parent: string | null
  level: number
  name: string
  kind: string
  households: number | null
  valid_from: string
  valid_to: string | null
}

function asKind(kind: string): AreaKind {
  return AREA_KINDS.find((k) => k === kind) ?? 'official'
}

/** The version that holds on a day: from `valid_from` to the end of `valid_to`. */
export function holdsOn(table: string, day: Day): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(`${table}.valid_from`)} <= ${day}::date and (${sql.ref(`${table}.valid_to`)} is null or ${sql.ref(`${table}.valid_to`)} >= ${day}::date))`
}

function childCount(day: Day): RawBuilder<number> {
  return sql<number>`(select count(*) from area as c where c.parent = area.code and ${holdsOn('c', day)})`
}

function view(row: AreaRow & { children: number }): AreaView {
  const { valid_from: validFrom, valid_to: validTo, kind, ...rest } = row
  return { ...rest, kind: asKind(kind), validFrom, validTo }
}

const COLUMNS = [
  'area.code',
  'area.parent',
  'area.level',
  'area.name',
  'area.kind',
  'area.households',
  'area.valid_from',
  'area.valid_to',
] as const

/** The area as organised on a day; undefined when it did not exist then. */
export async function findArea(db: Db, code: AreaCode, day: Day): Promise<AreaView | undefined> {
  const row = await db
    .selectFrom('area')
    .select([...COLUMNS, childCount(day).as('children')])
    .where('area.code', '=', code)
    .where(holdsOn('area', day))
    .executeTakeFirst()
  return row && view(row)
}

/** The last version of an area, whether it still holds or not. */
export async function findLastVersion(db: Db, code: AreaCode): Promise<AreaRow | undefined> {
  return db
    .selectFrom('area')
    .select(COLUMNS)
    .where('code', '=', code)
    .orderBy('valid_from', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Names by code as of a day, for showing; codes without a version on that day have their last name. */
export async function areaNames(db: Db, codes: readonly AreaCode[], day: Day): Promise<Map<AreaCode, string>> {
  if (codes.length === 0) return new Map()
  const { rows } = await sql<{ code: string; name: string }>`
    select distinct on (code) code, name from area where code in (${sql.join([...new Set(codes)])})
    order by code, ${holdsOn('area', day)} desc, valid_from desc`.execute(db)
  return new Map(rows.map((r) => [r.code, r.name]))
}

/** From the province down to the area itself, as far as they exist. */
export async function areaPath(db: Db, code: AreaCode, day: Day): Promise<AreaRef[]> {
  const codes = pathOf(code)
  const names = await areaNames(db, codes, day)
  return codes.flatMap((c, i) => (names.has(c) ? [{ code: c, name: names.get(c) ?? c, level: i + 1 }] : []))
}

async function refs(db: Db, codes: readonly AreaCode[], day: Day): Promise<AreaRef[]> {
  const names = await areaNames(db, codes, day)
  return codes.map((code) => ({ code, name: names.get(code) ?? code, level: pathOf(code).length }))
}

export async function aliasesOf(
  db: Db,
  code: AreaCode,
): Promise<{ alias: string; kind: 'short' | 'old' | 'other' | 'learned' }[]> {
  const rows = await db
    .selectFrom('area_alias')
    .select(['alias', 'kind'])
    .where('code', '=', code)
    .orderBy('alias')
    .limit(50)
    .execute()
  const kinds = ['short', 'old', 'other', 'learned'] as const
  return rows.map((r) => ({ alias: r.alias, kind: kinds.find((k) => k === r.kind) ?? 'other' }))
}

type PageArgs = { limit: number; cursor?: string | undefined }

/** What lies directly below, in order of code; code null lists the provinces. */
export async function childrenOf(db: Db, code: AreaCode | null, day: Day, page: PageArgs): Promise<Page<AreaView>> {
  let query = db.selectFrom('area').where(holdsOn('area', day))
  query = code === null ? query.where('area.level', '=', 1) : query.where('area.parent', '=', code)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  if (page.cursor !== undefined) query = query.where('area.code', '>', page.cursor)
  const rows = await query
    .select([...COLUMNS, childCount(day).as('children')])
    .orderBy('area.code')
    .limit(page.limit + 1)
    .execute()
  return pageOfRows(rows, page.limit, total)
}

/** All areas of a level inside an area, in order of code. */
export async function areasOfLevel(
  db: Db,
  level: number,
  within: AreaCode | null,
  day: Day,
  page: PageArgs,
): Promise<Page<AreaView>> {
  let query = db.selectFrom('area').where('area.level', '=', level).where(holdsOn('area', day))
  if (within !== null) query = query.where('area.code', '>=', within).where('area.code', '<', upper(within))
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  if (page.cursor !== undefined) query = query.where('area.code', '>', page.cursor)
  const rows = await query
    .select([...COLUMNS, childCount(day).as('children')])
    .orderBy('area.code')
    .limit(page.limit + 1)
    .execute()
  return pageOfRows(rows, page.limit, total)
}

function pageOfRows(rows: (AreaRow & { children: number })[], limit: number, total: number): Page<AreaView> {
  const items = rows.slice(0, limit).map(view)
  return { items, next: rows.length > limit ? (items.at(-1)?.code ?? null) : null, total }
}

/** At most so many terms are looked at for one search: one letter must not read the whole table. */
const TERMS_READ = 5000

/**
 * AREA-3: by the beginning of a name, a later part of it, another name, pinyin or initials, or by code. Exact hits first,
 * then the home province, then higher levels, then shorter names.
 */
export async function searchAreas(
  db: Db,
  args: { q: string; level?: number | undefined; within?: AreaCode | undefined; limit: number },
  day: Day,
  home: AreaCode,
): Promise<AreaHit[]> {
  const q = searchText(args.q)
  if (q === '') return []
  const rows = /^\d+$/.test(q) ? await byCode(db, q, args) : await byTerm(db, q, args, home)
  const above = [...new Set(rows.flatMap((r) => pathOf(r.code).slice(1, -1)))]
  const names = await areaNames(db, above, day)
  return rows.map((r) => ({
    code: r.code,
    name: r.name,
    level: r.level,
    kind: asKind(r.kind),
    by: r.by,
    where: pathOf(r.code)
      .slice(1, -1)
      .map((c) => names.get(c) ?? '')
      .join(''),
  }))
}

type Found = { code: string; name: string; level: number; kind: string; by: AreaHit['by'] }
type SearchArgs = { level?: number | undefined; within?: AreaCode | undefined; limit: number }

function narrowed(args: SearchArgs): RawBuilder<boolean> {
  const parts = [sql<boolean>`a.valid_to is null`]
  if (args.level !== undefined) parts.push(sql<boolean>`a.level = ${args.level}`)
  if (args.within !== undefined) parts.push(sql<boolean>`a.code >= ${args.within} and a.code < ${upper(args.within)}`)
  return sql<boolean>`${sql.join(parts, sql` and `)}`
}

async function byCode(db: Db, q: string, args: SearchArgs): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select a.code, a.name, a.level, a.kind, 'code' as by from area as a
    where a.code >= ${q} and a.code < ${upper(q)} and ${narrowed(args)} order by a.level, a.code limit ${args.limit}`.execute(
    db,
  )
  return rows
}

async function byTerm(db: Db, q: string, args: SearchArgs, home: AreaCode): Promise<Found[]> {
  // Within an area the codes are few and its terms are read; otherwise the terms that begin so.
  const inArea = args.within === undefined ? sql`` : sql`and code >= ${args.within} and code < ${upper(args.within)}`
  const { rows } = await sql<Found>`
    select code, name, level, kind, by from (
      select distinct on (a.code) a.code, a.name, a.level, a.kind, t.kind as by, t.term = ${q} as exact, length(t.term) as size
      from (select term, code, kind from area_term where term >= ${q} and term < ${`${q}\u{10ffff}`} ${inArea} order by term limit ${TERMS_READ}) as t
      join area as a on a.code = t.code
      where ${narrowed(args)}
      order by a.code, (t.term = ${q}) desc, length(t.term)
    ) as hits order by exact desc, (code >= ${home} and code < ${upper(home)}) desc, level, size, code limit ${args.limit}`.execute(
    db,
  )
  return rows
}

/**
 * What areas have become, followed through every later change to what exists now. An area that still exists is itself; one
 * that was only renamed too. At most 20 changes deep.
 */
export async function successorsNow(db: Db, codes: readonly AreaCode[]): Promise<Map<AreaCode, AreaCode[]>> {
  if (codes.length === 0) return new Map()
  const { rows } = await sql<{ origin: string; code: string }>`
    with recursive walk (origin, code, depth) as (
      select c collate "C", c collate "C", 0 from unnest(${[...new Set(codes)]}::text[]) as c
      union
      select w.origin, s.successor, w.depth + 1 from walk as w
      join area_successor as s on s.code = w.code
      where w.depth < 20 and not exists (select from area as a where a.code = w.code and a.valid_to is null)
    )
    select distinct w.origin, w.code from walk as w
    where exists (select from area as a where a.code = w.code and a.valid_to is null)
    order by w.origin, w.code`.execute(db)
  const now = new Map<AreaCode, AreaCode[]>()
  for (const { origin, code } of rows) now.set(origin, [...(now.get(origin) ?? []), code])
  return now
}

/**
 * AREA-10, "as organised now": where a figure of an old code stands. One successor takes it; where one became several, it
 * stands at their common parent, because nothing says which; an area that ended without successors at the nearest area
 * above that exists.
 */
export async function standsAt(db: Db, codes: readonly AreaCode[]): Promise<Map<AreaCode, AreaCode>> {
  const now = await successorsNow(db, codes)
  const result = new Map<AreaCode, AreaCode>()
  const open: AreaCode[] = []
  for (const code of new Set(codes)) {
    const successors = now.get(code) ?? []
    if (successors.length === 1 && successors[0] !== undefined) result.set(code, successors[0])
    else if (successors.length > 1) result.set(code, commonParent(successors))
    else open.push(code)
  }
  if (open.length === 0) return result
  const candidates = [...new Set(open.flatMap((c) => pathOf(c)))]
  const alive = await db
    .selectFrom('area')
    .select('code')
    .where('code', 'in', candidates)
    .where('valid_to', 'is', null)
    .execute()
  const existing = new Set(alive.map((r) => r.code))
  for (const code of open) result.set(code, pathOf(code).findLast((c) => existing.has(c)) ?? '')
  return result
}

/**
 * AREA-10, "as organised on day D": where a figure of a code stands by the versions of that day. A code that had ended is followed
 * to what succeeded it by then, one that began later back to what it came from; several stand at their common parent, and what
 * leads nowhere where the area around it stood. A code that was an area on that day is itself. At most 20 changes deep.
 */
export async function standsOn(db: Db, codes: readonly AreaCode[], day: Day): Promise<Map<AreaCode, AreaCode>> {
  if (codes.length === 0) return new Map()
  const all = [...new Set(codes.flatMap(pathOf))]
  const { rows } = await sql<{ origin: string; code: string }>`
    with recursive walk (origin, code, depth) as (
      select c collate "C", c collate "C", 0 from unnest(${all}::text[]) as c
      union
      select w.origin, next.code, w.depth + 1 from walk as w
      cross join lateral (
        select exists (select from area a where a.code = w.code and a.valid_from <= ${day}::date) as begun,
          exists (select from area a where a.code = w.code and ${holdsOn('a', day)}) as holds
      ) as at
      cross join lateral (
        select s.successor as code from area_successor s where s.code = w.code and at.begun
        union all
        select s.code from area_successor s where s.successor = w.code and not at.begun
      ) as next
      where w.depth < 20 and not at.holds
    )
    select distinct w.origin, w.code from walk as w
    where exists (select from area a where a.code = w.code and ${holdsOn('a', day)})
    order by w.origin, w.code`.execute(db)
  const led = new Map<AreaCode, AreaCode[]>()
  for (const { origin, code } of rows) led.set(origin, [...(led.get(origin) ?? []), code])
  const place = (code: AreaCode) => led.get(pathOf(code).findLast((above) => led.has(above)) ?? '') ?? []
  return new Map([...new Set(codes)].map((code) => [code, commonParent(place(code))]))
}

function commonParent(codes: readonly AreaCode[]): AreaCode {
  const [first = ''] = codes
  return pathOf(first).findLast((c) => codes.every((other) => contains(c, other))) ?? ''
}

export async function successorRefs(db: Db, code: AreaCode, day: Day): Promise<AreaRef[]> {
  const now = await successorsNow(db, [code])
  return refs(
    db,
    (now.get(code) ?? []).filter((c) => c !== code),
    day,
  )
}

export async function predecessorRefs(db: Db, code: AreaCode, day: Day): Promise<AreaRef[]> {
  const rows = await db
    .selectFrom('area_successor')
    .select('code')
    .distinct()
    .where('successor', '=', code)
    .orderBy('code')
    .limit(100)
    .execute()
  return refs(
    db,
    rows.map((r) => r.code),
    day,
  )
}

/** Versions that hold now of these codes and, with `below`, of everything inside them. At most `limit`. */
export async function currentRows(
  db: Db,
  codes: readonly AreaCode[],
  below: boolean,
  limit = 20_000,
): Promise<AreaRow[]> {
  if (codes.length === 0) return []
  const inside = below
    ? sql.join(
        codes.map((c) => sql`(code >= ${c} and code < ${upper(c)})`),
        sql` or `,
      )
    : sql`code in (${sql.join(codes)})`
  return db
    .selectFrom('area')
    .select(COLUMNS)
    .where('valid_to', 'is', null)
    .where(sql<boolean>`(${inside})`)
    .orderBy('code')
    .limit(limit)
    .execute()
}

/** Which of these codes are areas now. */
export async function codesNow(db: Db, codes: readonly AreaCode[]): Promise<Set<AreaCode>> {
  if (codes.length === 0) return new Set()
  const rows = await db
    .selectFrom('area')
    .select('code')
    .where('code', 'in', codes)
    .where('valid_to', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.code))
}

/** Every code that was ever used directly below a parent: codes are never given twice. */
export async function usedBelow(db: Db, parent: AreaCode): Promise<Set<AreaCode>> {
  const rows = await db.selectFrom('area').select('code').distinct().where('parent', '=', parent).execute()
  return new Set(rows.map((r) => r.code))
}

export async function endVersions(db: Db, codes: readonly AreaCode[], lastDay: Day): Promise<void> {
  if (codes.length === 0) return
  await db
    .updateTable('area')
    .set({ valid_to: lastDay })
    .where('code', 'in', codes)
    .where('valid_to', 'is', null)
    .execute()
}

export type NewArea = {
  code: AreaCode
  parent: AreaCode | null
  level: number
  name: string
  kind: string
  households: number | null
}

/** One JSON parameter costs a fifth of the arrays that node-postgres would escape character by character. */
export async function insertAreas(db: Db, areas: readonly NewArea[], from: Day): Promise<void> {
  if (areas.length === 0) return
  await sql`
    insert into area (code, parent, level, name, kind, households, valid_from)
    select code, parent, level, name, kind, households, ${from}::date
    from json_to_recordset(${JSON.stringify(areas)}::json) as d (code text, parent text, level smallint, name text, kind text, households integer)`.execute(
    db,
  )
}

export async function setHouseholds(
  db: Db,
  changes: readonly { code: AreaCode; households: number | null }[],
): Promise<void> {
  if (changes.length === 0) return
  await sql`
    update area set households = d.households
    from unnest(${changes.map((c) => c.code)}::text[], ${changes.map((c) => c.households)}::integer[]) as d (code, households)
    where area.code = d.code and area.valid_to is null`.execute(db)
}

export async function insertSuccessors(
  db: Db,
  pairs: readonly { code: AreaCode; successor: AreaCode }[],
  onDay: Day,
): Promise<void> {
  if (pairs.length === 0) return
  await sql`
    insert into area_successor (code, successor, on_day)
    select d.*, ${onDay}::date from unnest(${pairs.map((p) => p.code)}::text[], ${pairs.map((p) => p.successor)}::text[]) as d
    on conflict (code, successor, on_day) do nothing`.execute(db)
}

/** Makes areas findable by what termsOf gives for their names (AREA-3). */
export async function insertTerms(db: Db, areas: readonly { code: string; name: string }[]): Promise<void> {
  const terms = areas.flatMap((a) => termsOf(a.code, a.name).map((t) => ({ ...t, code: a.code })))
  if (terms.length === 0) return
  // In the order of the key, so that the index grows at its end and not all over.
  terms.sort((a, b) => (a.term < b.term ? -1 : a.term > b.term ? 1 : 0))
  await sql`
    insert into area_term (term, code, kind)
    select term, code, kind from json_to_recordset(${JSON.stringify(terms)}::json) as d (term text, code text, kind text)
    on conflict (term, code) do nothing`.execute(db)
}

export async function insertAliases(db: Db, aliases: readonly AliasRow[]): Promise<void> {
  if (aliases.length === 0) return
  const codes = aliases.map((a) => a.code)
  await sql`
    insert into area_alias (alias, code, kind)
    select * from unnest(${aliases.map((a) => a.alias)}::text[], ${codes}::text[], ${aliases.map((a) => a.kind)}::text[])
    on conflict (alias, code) do nothing`.execute(db)
  await sql`
    insert into area_term (term, code, kind)
    select term, code, 'alias' from unnest(${aliases.map((a) => searchText(a.alias))}::text[], ${codes}::text[]) as a (term, code)
    on conflict (term, code) do nothing`.execute(db)
}

/** Every code of level 1 to 5 that has any version. */
export async function codesUpToVillage(db: Db): Promise<Set<AreaCode>> {
  const rows = await db.selectFrom('area').select('code').where('level', '<=', 5).execute()
  return new Set(rows.map((r) => r.code))
}

/** The old name stays findable (AREA-7). */
export async function keepOldName(db: Db, code: AreaCode, alias: string): Promise<void> {
  await db
    .insertInto('area_alias')
    .values({ code, alias, kind: 'old' })
    .onConflict((oc) => oc.columns(['alias', 'code']).doNothing())
    .execute()
  await db
    .insertInto('area_term')
    .values({ code, term: searchText(alias), kind: 'alias' })
    .onConflict((oc) => oc.columns(['term', 'code']).doNothing())
    .execute()
}

/** Villages of an area by code and by the names a file may use, for the import of grids. */
export async function villagesIn(db: Db, area: AreaCode): Promise<{ code: string; name: string }[]> {
  return db
    .selectFrom('area')
    .select(['code', 'name'])
    .where('level', '=', 5)
    .where('valid_to', 'is', null)
    .where('code', '>=', area)
    .where('code', '<', upper(area))
    .orderBy('code')
    .limit(30_000)
    .execute()
}

/** How many areas lie directly below each of these now. */
export async function childrenCounts(db: Db, parents: readonly AreaCode[]): Promise<Map<AreaCode, number>> {
  if (parents.length === 0) return new Map()
  const { rows } = await sql<{ parent: string; n: number }>`
    select parent, count(*) as n from area where valid_to is null and parent in (select unnest(${[...parents]}::text[])) group by parent`.execute(
    db,
  )
  return new Map(rows.map((r) => [r.parent, r.n]))
}

/** Successors that began on a day, of these areas and everything inside them. */
export async function successorsOn(db: Db, tops: readonly AreaCode[], onDay: Day): Promise<Map<AreaCode, AreaCode[]>> {
  const pairs = new Map<AreaCode, AreaCode[]>()
  for (const top of tops) {
    const rows = await db
      .selectFrom('area_successor')
      .select(['code', 'successor'])
      .where('code', '>=', top)
      .where('code', '<', upper(top))
      .where('on_day', '=', onDay)
      .orderBy('code')
      .orderBy('successor')
      .execute()
    for (const { code, successor } of rows) pairs.set(code, [...(pairs.get(code) ?? []), successor])
  }
  return pairs
}
