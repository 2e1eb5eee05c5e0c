/** SQL of gates and of who stands there. */
import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { GATE_KINDS } from '@weiwang/domain/checkpoints/gate'
import type { GateKind, GatePolicy } from '@weiwang/domain/checkpoints/gate'
import type { Say } from '@weiwang/domain/core/say'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Gate } from '../core/db/types.ts'

export type GateRow = Selectable<Gate>
export type Paging = { limit: number; cursor?: string | undefined }
export type Cut<T> = { rows: T[]; next: string | null; total: number }

const Kind = z.enum(GATE_KINDS)
export function kindOf(row: Pick<GateRow, 'kind'>): GateKind {
  return Kind.parse(row.kind)
}

export async function insertGate(db: Db, row: InsertObject<DB, 'gate'>): Promise<void> {
  await db.insertInto('gate').values(row).execute()
}

/** A gate wherever it lies; whoever calls asks next whether it may be seen. */
export async function findGate(db: Db, id: string): Promise<GateRow | null> {
  return (await db.selectFrom('gate').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function findGates(db: Db, ids: readonly string[]): Promise<Map<string, GateRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('gate')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

export async function lockGate(db: Db, scope: readonly AreaCode[], id: string): Promise<GateRow | null> {
  const row = await db
    .selectFrom('gate')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('gate.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function gateOfPost(db: Db, county: string, postId: string): Promise<GateRow | null> {
  const row = await db
    .selectFrom('gate')
    .selectAll()
    .where('county', '=', county)
    .where('post_id', '=', postId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export async function updateGate(
  db: Db,
  row: GateRow,
  set: { name: Say; kind: GateKind; policy: GatePolicy; now: Date },
): Promise<void> {
  await db
    .updateTable('gate')
    .set({
      name: json(set.name),
      kind: set.kind,
      policy: json(set.policy),
      version: row.version + 1,
      updated_at: set.now,
    })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

export async function endGate(db: Db, row: GateRow, now: Date): Promise<void> {
  await db
    .updateTable('gate')
    .set({ ended_at: now, updated_at: now, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .execute()
}

/** Nobody is on the roster of the running shift, or it lacks people, or none runs at all. */
const UNSTAFFED = (now: Date): RawBuilder<boolean> => sql<boolean>`coalesce((
    select bool_or(s.needed > (select count(*) from force_turn u where u.county = s.county and u.shift_id = s.id and u.ended_at is null))
    from force_shift s where s.county = t.county and s.post_id = t.post_id and s.ended_at is null and s.starts_at <= ${now} and s.ends_at > ${now}
  ), true)`

const ByArea = z.tuple([z.string(), z.uuid()])

export async function listGates(
  db: Db,
  filter: { areas: readonly AreaCode[]; list: 'open' | 'closed' | 'unstaffed'; kind?: string | undefined; now: Date },
  paging: Paging,
): Promise<Cut<GateRow>> {
  const parts: RawBuilder<unknown>[] = [
    inScope('t.area', filter.areas),
    filter.list === 'closed' ? sql`t.ended_at is not null` : sql`t.ended_at is null`,
  ]
  if (filter.kind !== undefined) parts.push(sql`t.kind = ${filter.kind}`)
  if (filter.list === 'unstaffed') parts.push(UNSTAFFED(filter.now))
  const where = sql.join(parts, sql` and `)
  const at = decodeCursor(ByArea, paging.cursor)
  const rest = at === null ? sql`true` : sql`(t.area, t.id) > (${at[0]} collate "C", ${at[1]}::uuid)`
  const { rows } = await sql<GateRow>`
    select t.* from gate t where ${where} and ${rest} order by t.area, t.id limit ${paging.limit + 1}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from gate t where ${where}`.execute(db)
  const items = rows.slice(0, paging.limit)
  const last = items.at(-1)
  return {
    rows: items,
    next: rows.length > paging.limit && last ? encodeCursor([last.area, last.id]) : null,
    total: counted.rows[0]?.n ?? 0,
  }
}

export type Staff = { post_id: string; now: number; missing: number; until: Date | null; ahead: number }

/** Of posts: who is on the roster of the running shift, how many it lacks, and shifts to come. */
export async function staffOf(
  db: Db,
  posts: readonly { county: string; post_id: string }[],
  now: Date,
): Promise<Map<string, Staff>> {
  if (posts.length === 0) return new Map()
  const { rows } = await sql<Staff>`
    select p.post_id,
      (coalesce(sum(r.n) filter (where s.starts_at <= ${now}), 0))::int as now,
      (coalesce(sum(greatest(s.needed - r.n, 0)) filter (where s.starts_at <= ${now}), 0))::int as missing,
      max(s.ends_at) filter (where s.starts_at <= ${now}) as until,
      (count(*) filter (where s.starts_at > ${now}))::int as ahead
    from unnest(${posts.map((one) => one.county)}::text[], ${posts.map((one) => one.post_id)}::uuid[]) as p (county, post_id)
    join force_shift s on s.county = p.county collate "C" and s.post_id = p.post_id and s.ended_at is null and s.ends_at > ${now}
    cross join lateral (
      select count(*)::int as n from force_turn u where u.county = s.county and u.shift_id = s.id and u.ended_at is null
    ) r group by p.post_id`.execute(db)
  return new Map(rows.map((row) => [row.post_id, row]))
}

export type MyShift = { post_id: string; starts_at: Date; ends_at: Date }

/** Turns of an account at posts that run now or begin before `until`, the earliest of each post. */
export async function myShifts(db: Db, accountId: string, now: Date, until: Date): Promise<Map<string, MyShift>> {
  const { rows } = await sql<MyShift>`
    select distinct on (post_id) post_id, starts_at, ends_at from force_turn
    where account_id = ${accountId}::uuid and ended_at is null and ends_at > ${now} and starts_at <= ${until}
    order by post_id, starts_at`.execute(db)
  return new Map(rows.map((row) => [row.post_id, row]))
}

export type Cover = { area: AreaCode; from_day: Day; to_day: Day | null; ended_at: Date | null }

export async function coversOf(db: Db, accountId: string): Promise<Cover[]> {
  const { rows } = await sql<Cover>`
    select area, from_day, to_day, ended_at from duty where account_id = ${accountId}::uuid`.execute(db)
  return rows
}

/** GATE-6: work that was done while a duty covered the gate counts, also when the duty has ended since. */
export function hadCover(covers: readonly Cover[], area: AreaCode, at: Date, day: Day): boolean {
  return covers.some(
    (one) =>
      contains(one.area, area) &&
      one.from_day <= day &&
      (one.to_day === null || one.to_day >= day) &&
      (one.ended_at === null || one.ended_at > at),
  )
}

export async function gatesAt(db: Db, areas: readonly AreaCode[], limit: number): Promise<GateRow[]> {
  const { rows } = await sql<GateRow>`
    select * from gate where ended_at is null and ${inScope('gate.area', areas)} order by area, id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Gates of ended areas, for who follows a reorganisation. */
export async function endedGateAreas(db: Db): Promise<AreaCode[]> {
  const { rows } = await sql<{ area: AreaCode }>`
    select distinct g.area from gate g where g.ended_at is null
      and not exists (select from area a where a.code = g.area and a.valid_to is null)`.execute(db)
  return rows.map((row) => row.area)
}

/** Open gates follow their area inside the county; passages, figures and referrals keep the code under which they were made. */
export async function moveGates(db: Db, from: AreaCode, to: AreaCode, now: Date): Promise<void> {
  await sql`update gate set area = ${to}, updated_at = ${now}, version = version + 1
    where county = ${from.slice(0, 6)} and area = ${from} and ended_at is null`.execute(db)
}
