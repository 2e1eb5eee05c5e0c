/** SQL of the desk's lists and figures of registrations: the same conditions for a figure and for the list that it opens. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import { boundedCount } from '../people/store.ts'

export type RegistrationFilter = {
  areas: readonly AreaCode[]
  from: Day | undefined
  to: Day | undefined
  need: string | undefined
  situation: string | undefined
  by: string | undefined
  place: 'placed' | 'unplaced' | undefined
}

const GRID = 15

const placed = sql<boolean>`length(r.home_area) >= ${sql.lit(GRID)}`

function meets(filter: RegistrationFilter): RawBuilder<unknown> {
  const parts = [inScope('r.home_area', filter.areas), sql<boolean>`r.erased_at is null`]
  if (filter.from !== undefined) parts.push(sql<boolean>`r.registered_day >= ${filter.from}::date`)
  if (filter.to !== undefined) parts.push(sql<boolean>`r.registered_day <= ${filter.to}::date`)
  if (filter.need !== undefined) parts.push(sql<boolean>`r.need = ${filter.need}`)
  if (filter.situation !== undefined) parts.push(sql<boolean>`r.situation = ${filter.situation}`)
  if (filter.by !== undefined) parts.push(sql<boolean>`r.by = ${filter.by}`)
  if (filter.place === 'placed') parts.push(placed)
  if (filter.place === 'unplaced') parts.push(sql<boolean>`not ${placed}`)
  return sql`from registration r where ${sql.join(parts, sql` and `)}`
}

export type RegistrationRowShown = {
  person_id: string
  home_area: string
  masked: string
  need: string
  situation: string
  by: string
  purpose: string
  registered_at: Date
  declarations: number
  declared_at: Date
  address_differs: boolean
}

export async function listRegistrationRows(
  db: Db,
  filter: RegistrationFilter,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ rows: RegistrationRowShown[]; next: string | null; total: number }> {
  const from = meets(filter)
  const total = await boundedCount(db, from)
  const at = /^([0-9T:.Z-]{20,30})~([0-9a-f-]{36})$/.exec(page.cursor ?? '')
  const after = at
    ? sql<boolean>`(r.registered_at, r.person_id) < (${at[1] ?? ''}::timestamptz, ${at[2] ?? ''}::uuid)`
    : sql<boolean>`true`
  const { rows } = await sql<RegistrationRowShown>`
    select x.*, coalesce(p.masked, '*') as masked from (
      select r.person_id, r.home_area, r.need, r.situation, r.by, r.purpose, r.registered_at, r.declarations, r.declared_at, r.address_differs
      ${from} and ${after} order by r.registered_at desc, r.person_id desc limit ${page.limit + 1}) x
    left join person p on p.person_id = x.person_id order by x.registered_at desc, x.person_id desc`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  const next = rows.length > page.limit && last ? `${last.registered_at.toISOString()}~${last.person_id}` : null
  return { rows: items, next, total }
}

export type RegistrationCounts = { registered: number; must: number; unplaced: number; proxy: number }

const counts = sql`count(*)::int as registered, count(*) filter (where r.need = 'must')::int as must,
  count(*) filter (where not ${placed})::int as unplaced, count(*) filter (where r.by = 'proxy')::int as proxy`

/** By the day of registering. */
export async function countByDay(db: Db, filter: RegistrationFilter): Promise<(RegistrationCounts & { day: Day })[]> {
  const { rows } = await sql<RegistrationCounts & { day: Day }>`
    select r.registered_day as day, ${counts} ${meets(filter)} group by 1 order by 1 limit 400`.execute(db)
  return rows
}

/** By areas so many digits long; what is coarser stands under itself. */
export async function countByArea(
  db: Db,
  filter: RegistrationFilter,
  digits: number,
): Promise<(RegistrationCounts & { area: string })[]> {
  const { rows } = await sql<RegistrationCounts & { area: string }>`
    select left(r.home_area, ${digits}) as area, ${counts} ${meets(filter)} group by 1 order by 1 limit 5000`.execute(
    db,
  )
  return rows
}

export type HeldRowShown = {
  id: string
  area: string
  at: Date
  masked: string
  relation: string
  why: string[]
  body_sealed: Buffer | null
}

export async function listHeldRows(
  db: Db,
  areas: readonly AreaCode[],
  page: { limit: number; cursor?: string | undefined },
): Promise<{ rows: HeldRowShown[]; next: string | null; total: number }> {
  const from = sql`from registration_held h where ${inScope('h.area', areas)} and h.state = 'open'`
  const total = await boundedCount(db, from)
  const at = /^([0-9T:.Z-]{20,30})~([0-9a-f-]{36})$/.exec(page.cursor ?? '')
  const after = at
    ? sql<boolean>`(h.at, h.id) > (${at[1] ?? ''}::timestamptz, ${at[2] ?? ''}::uuid)`
    : sql<boolean>`true`
  const { rows } = await sql<HeldRowShown>`
    select h.id, h.area, h.at, h.masked, h.relation, h.why, h.body_sealed ${from} and ${after} order by h.at, h.id limit ${page.limit + 1}`.execute(
    db,
  )
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return { rows: items, next: rows.length > page.limit && last ? `${last.at.toISOString()}~${last.id}` : null, total }
}

export async function countHeld(db: Db, areas: readonly AreaCode[]): Promise<number> {
  return boundedCount(db, sql`from registration_held h where ${inScope('h.area', areas)} and h.state = 'open'`)
}
