/** Reads of persons: masked lines, one person, aliases. */
import { pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { PersonLine } from '@weiwang/domain/people/api'
import { listTooWide } from '@weiwang/domain/people/problems'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import { stockOf } from './stock.ts'

const MAX_CHAIN = 50

/** PEOPLE-9: every id and the record that stands for it. Chains are short, so a loop of look-ups by key is enough. */
export async function resolveAlias(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const roots = new Map(ids.map((id) => [id, id]))
  let open = new Set(ids)
  for (let depth = 0; open.size > 0 && depth < MAX_CHAIN; depth++) {
    const { rows } = await sql<{ person_id: string; target: string }>`
      select person_id, target from person_alias where person_id = any(${[...open]}::uuid[])`.execute(db)
    const next = new Map(rows.map((row) => [row.person_id, row.target]))
    for (const [id, at] of roots) roots.set(id, next.get(at) ?? at)
    open = new Set(next.values())
  }
  return roots
}

/** Where these records live, of those that the transaction sees. */
export async function homesOf(db: Db, ids: readonly string[]): Promise<Map<string, AreaCode>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ person_id: string; home_area: string }>`
    select person_id, home_area from person where person_id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.person_id, row.home_area]))
}

/** The records that were merged into this one, over all steps. */
export async function mergedInto(db: Db, root: string): Promise<string[]> {
  const found = new Set<string>()
  let level = [root]
  while (level.length > 0 && found.size < 1000) {
    const rows = await db.selectFrom('person_alias').select('person_id').where('target', 'in', level).execute()
    level = rows.map((row) => row.person_id).filter((id) => !found.has(id) && id !== root)
    for (const id of level) found.add(id)
  }
  return [...found].toSorted()
}

/** "姑苏区 平江街道 某某社区 003" for a code: official names from the county down; above a county its own name. */
export async function areaNames(db: Db, codes: readonly AreaCode[]): Promise<(code: AreaCode) => string> {
  const parts = (code: AreaCode): AreaCode[] =>
    code === '' ? [] : code.length < 6 ? [code] : pathOf(code).filter((c) => c.length >= 6)
  const wanted = [...new Set(codes.flatMap(parts))]
  const rows =
    wanted.length === 0
      ? []
      : await db
          .selectFrom('area')
          .select(['code', 'name'])
          .where('code', 'in', wanted)
          .where('valid_to', 'is', null)
          .execute()
  const names = new Map(rows.map((row) => [row.code, row.name]))
  return (code) =>
    parts(code)
      .map((c) => names.get(c) ?? c)
      .join(' ')
}

/** A record that was merged into another stands in no list (PEOPLE-9). */
export const notMerged: RawBuilder<boolean> = sql<boolean>`not exists (select from person_alias a where a.person_id = p.person_id)`

type LineRow = {
  person_id: string
  home_area: string
  masked: string
  sex: number
  doc_kind: string
  household_id: string | null
  certainty: number | null
  unresolved: boolean
  in_review: boolean
}

/** A review that lies outside the scope is no business of its reader: not even that there is one (ACCESS-3). */
export function inReview(person: RawBuilder<unknown>, scope: readonly AreaCode[]): RawBuilder<boolean> {
  const mine = inScope('v.home_area', scope)
  return sql<boolean>`
    (exists (select from person_review v where v.person_id = ${person} and v.state = 'open' and ${mine})
      or exists (select from person_review v where v.other = ${person} and v.state = 'open' and ${mine}))`
}

const lineColumns = (scope: readonly AreaCode[]): RawBuilder<unknown> => sql`
  p.person_id, p.home_area, p.masked, p.sex, p.doc_kind, r.household_id, r.certainty,
  exists (select from unresolved u where u.person_id = p.person_id and u.resolved_at is null) as unresolved,
  ${inReview(sql`p.person_id`, scope)} as in_review`

const lineJoin = sql`left join residence r on r.person_id = p.person_id and r.to_day is null`

async function presentLines(db: Db, rows: readonly LineRow[]): Promise<PersonLine[]> {
  const nameOf = await areaNames(
    db,
    rows.map((row) => row.home_area),
  )
  return rows.map((row) => ({
    personId: row.person_id,
    masked: row.masked,
    sex: row.sex,
    docKind: row.doc_kind,
    area: row.home_area,
    areaName: nameOf(row.home_area),
    householdId: row.household_id,
    certainty: row.certainty ?? 0,
    unresolved: row.unresolved,
    inReview: row.in_review,
  }))
}

/** Masked lines of these persons that lie in the scope, by id. */
export async function personLines(
  db: Db,
  scope: readonly AreaCode[],
  ids: readonly string[],
): Promise<Map<string, PersonLine>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<LineRow>`
    select ${lineColumns(scope)} from person p ${lineJoin} where p.person_id = any(${ids}::uuid[]) and ${inScope('p.home_area', scope)}`.execute(
    db,
  )
  return new Map((await presentLines(db, rows)).map((line) => [line.personId, line]))
}

export type PageArgs = { limit: number; cursor?: string | undefined }
export type Cut<T> = { items: T[]; next: string | null; total: number }

/** More than this is nobody's reading list; the count stops there and the reader is asked to choose an area (PEOPLE-10). */
export const MAX_LIST = 1_000_000

/** The exact count, or a refusal. @throws listTooWide */
export async function boundedCount(db: Db, from: RawBuilder<unknown>, max = MAX_LIST): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from (select 1 ${from} limit ${max + 1}) c`.execute(db)
  const n = rows[0]?.n ?? 0
  if (n > max) throw listTooWide({ limit: max })
  return n
}

/** A cursor of area and id, in the order of the index (home_area, person_id). */
export function splitCursor(cursor: string | undefined): [string, string] | null {
  const m = /^(\d{0,18})~([0-9a-f-]{36})$/.exec(cursor ?? '')
  return m?.[1] !== undefined && m[2] !== undefined ? [m[1], m[2]] : null
}

/** Who reads: of a request, what lists need. */
export type Reader = { db: Db; scope: readonly AreaCode[] }

/** Persons of the areas in the order of their areas: everybody, or those that meet a condition on `p`. */
export async function listPersons(
  { db, scope }: Reader,
  areas: readonly AreaCode[],
  where: RawBuilder<boolean> | null,
  page: PageArgs,
): Promise<Cut<PersonLine>> {
  const meets = sql`where ${inScope('p.home_area', areas)} and ${notMerged} and ${where ?? sql`true`}`
  const total =
    (where === null ? await stockOf(db, 'stock_people', areas) : null) ??
    (await boundedCount(db, sql`from person p ${meets}`))
  const at = splitCursor(page.cursor)
  const after = at
    ? sql<boolean>`(p.home_area, p.person_id) > (${at[0]} collate "C", ${at[1]}::uuid)`
    : sql<boolean>`true`
  const { rows } = await sql<LineRow>`
    select ${lineColumns(scope)} from person p ${lineJoin} ${meets} and ${after} order by p.home_area, p.person_id limit ${page.limit + 1}`.execute(
    db,
  )
  const items = await presentLines(db, rows.slice(0, page.limit))
  const last = items.at(-1)
  return { items, next: rows.length > page.limit && last ? `${last.area}~${last.personId}` : null, total }
}

/** Present members of a household. */
export function livesIn(householdId: string): RawBuilder<boolean> {
  return sql<boolean>`p.person_id in (select m.person_id from residence m where m.household_id = ${householdId}::uuid and m.to_day is null)`
}

/** Present members of the households with this address. */
export function livesAt(address: Buffer): RawBuilder<boolean> {
  return sql<boolean>`p.person_id in (select m.person_id from residence m join household h on h.id = m.household_id where h.address_hash = ${address} and m.to_day is null)`
}

export type PersonRecord = {
  person_id: string
  home_area: string
  source: string
  updated_at: Date
  version: number
  emergency_id: string
  doc_kind: string
  has_doc: boolean
  has_phone: boolean
}

export async function findPerson(db: Db, scope: readonly AreaCode[], id: string): Promise<PersonRecord | null> {
  const { rows } = await sql<PersonRecord>`
    select p.person_id, p.home_area, p.source, p.updated_at, p.version, p.emergency_id, p.doc_kind,
      i.doc_sealed is not null as has_doc, i.phone_sealed is not null as has_phone
    from person p left join identity i on i.person_id = p.person_id
    where p.person_id = ${id}::uuid and ${inScope('p.home_area', scope)}`.execute(db)
  return rows[0] ?? null
}

export type ResidenceRow = {
  id: string
  person_id: string
  area: string
  household_id: string | null
  kind: string
  certainty: number
  source: string
  from_day: string
  to_day: string | null
}

export async function residencesOf(db: Db, ids: readonly string[]): Promise<ResidenceRow[]> {
  return db
    .selectFrom('residence')
    .select(['id', 'person_id', 'area', 'household_id', 'kind', 'certainty', 'source', 'from_day', 'to_day'])
    .where('person_id', 'in', ids)
    .orderBy('from_day', 'desc')
    .orderBy('recorded_at', 'desc')
    .limit(100)
    .execute()
}

export type SealedIdentity = {
  person_id: string
  home_area: string
  name_sealed: Buffer | null
  doc_sealed: Buffer | null
  phone_sealed: Buffer | null
  birth_sealed: Buffer | null
  residence_id: string | null
  residence_address: Buffer | null
  unresolved_address: Buffer | null
  pending_address: Buffer | null
}

export async function findSealed(
  db: Db,
  scope: readonly AreaCode[],
  ids: readonly string[],
): Promise<SealedIdentity[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<SealedIdentity>`
    select p.person_id, p.home_area, p.name_sealed, i.doc_sealed, i.phone_sealed, i.birth_sealed, r.id as residence_id,
      r.address_sealed as residence_address, u.address_sealed as unresolved_address, w.address_sealed as pending_address
    from person p
    left join identity i on i.person_id = p.person_id
    left join residence r on r.person_id = p.person_id and r.to_day is null
    left join unresolved u on u.person_id = p.person_id and u.resolved_at is null
    left join address_pending w on w.person_id = p.person_id
    where p.person_id = any(${ids}::uuid[]) and ${inScope('p.home_area', scope)}`.execute(db)
  return rows
}

/** Ids of the persons of areas, up to a bound: for matching in memory within a community. */
export async function personIdsIn(db: Db, areas: readonly AreaCode[], limit: number): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select p.person_id from person p where ${inScope('p.home_area', areas)} and ${notMerged} limit ${limit}`.execute(db)
  return rows.map((row) => row.person_id)
}
