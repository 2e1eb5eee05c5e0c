import type { CountyHead, TrailLine } from '@weiwang/domain/access/canonical'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope, within } from '../core/db/scope.ts'
import type { Audit, AuditBlock } from '../core/db/types.ts'
import { paged } from './store.ts'
import type { Paged } from './store.ts'

export type AuditRow = Selectable<Audit>

export type AuditFilter = {
  limit: number
  cursor?: string | undefined
  area?: AreaCode | undefined
  actor?: string | undefined
  thing?: string | undefined
  thingId?: string | undefined
  outcome?: string | undefined
  verb?: string | undefined
  from: Day
  to: Day
}

/** Newest first. Always between two days: the trail is cut by day, and an open end would read all of it. */
export async function listAudit(db: Db, scope: readonly AreaCode[], filter: AuditFilter): Promise<Paged<AuditRow>> {
  let base = db
    .selectFrom('audit')
    .where('day', '>=', filter.from)
    .where('day', '<=', filter.to)
    .where(inScope('audit.area', scope))
  if (filter.area !== undefined) base = base.where(within('audit.area', filter.area))
  if (filter.actor !== undefined) base = base.where('actor', '=', filter.actor)
  if (filter.thing !== undefined) base = base.where('thing', '=', filter.thing)
  if (filter.thingId !== undefined) base = base.where('thing_id', '=', filter.thingId)
  if (filter.outcome !== undefined) base = base.where('outcome', '=', filter.outcome)
  if (filter.verb !== undefined) base = base.where('verb', '=', filter.verb)
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll()
    .orderBy('day', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  const [day, id] = (filter.cursor ?? '').split('/')
  if (day !== undefined && id !== undefined) query = query.where(sql<boolean>`(day, id) < (${day}::date, ${id}::uuid)`)
  return paged(await query.execute(), filter.limit, total, (row) => `${row.day}/${row.id}`)
}

// ---- Sealing ---------------------------------------------------------------------------------------------------------------

export type Chain = { county: string; day: Day }

/** One sealer at a time in the whole deployment; the others find nothing to do. */
export async function takeSealer(db: Db): Promise<boolean> {
  const { rows } = await sql<{
    got: boolean
  }>`select pg_try_advisory_xact_lock(hashtext('weiwang.sealer')) as got`.execute(db)
  return rows[0]?.got ?? false
}

/** Counties and days with lines older than `before` that no block holds. */
export async function unsealedChains(db: Db, before: Date): Promise<Chain[]> {
  return db
    .selectFrom('audit')
    .select(['county', 'day'])
    .distinct()
    .where('block', 'is', null)
    .where('at', '<', before)
    .orderBy('day')
    .orderBy('county')
    .execute()
}

const LINE_COLUMNS = [
  'id',
  'at',
  'area',
  'actor',
  'actor_name',
  'verb',
  'thing',
  'thing_id',
  'outcome',
  'purpose',
  'ids',
  'detail',
  'request_id',
] as const
type LineRow = Pick<AuditRow, (typeof LINE_COLUMNS)[number]>

function toLine(row: LineRow): TrailLine {
  return {
    id: row.id,
    at: row.at.toISOString(),
    area: row.area,
    actor: row.actor,
    actorName: row.actor_name,
    verb: row.verb,
    thing: row.thing,
    thingId: row.thing_id,
    outcome: row.outcome,
    purpose: row.purpose,
    ids: row.ids,
    detail: row.detail,
    requestId: row.request_id,
  }
}

export async function unsealedLines(db: Db, chain: Chain, before: Date, limit: number): Promise<TrailLine[]> {
  const rows = await db
    .selectFrom('audit')
    .select([...LINE_COLUMNS])
    .where('county', '=', chain.county)
    .where('day', '=', chain.day)
    .where('block', 'is', null)
    .where('at', '<', before)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toLine)
}

export type BlockRow = Selectable<AuditBlock>

export async function lastBlock(db: Db, chain: Chain): Promise<BlockRow | null> {
  const row = await db
    .selectFrom('audit_block')
    .selectAll()
    .where('county', '=', chain.county)
    .where('day', '=', chain.day)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function insertBlock(
  db: Db,
  block: { county: string; day: Day; n: number; lines: readonly TrailLine[]; prev: Buffer; hash: Buffer; at: Date },
): Promise<void> {
  const last = block.lines.at(-1)
  if (!last) throw new RangeError('a block has lines')
  await db
    .insertInto('audit_block')
    .values({
      county: block.county,
      day: block.day,
      n: block.n,
      lines: block.lines.length,
      last_at: new Date(last.at),
      prev_hash: block.prev,
      hash: block.hash,
      sealed_at: block.at,
      head: null,
    })
    .execute()
  await db
    .updateTable('audit')
    .set({ block: block.n })
    .where('county', '=', block.county)
    .where('day', '=', block.day)
    .where(
      'id',
      'in',
      block.lines.map((line) => line.id),
    )
    .execute()
}

// ---- Heads ---------------------------------------------------------------------------------------------------------------------

/** The last block of every county and day before `day` that no head has chained yet. */
export async function unchainedHeads(db: Db, day: Day): Promise<CountyHead[]> {
  const { rows } = await sql<{ county: string; day: string; n: number; hash: Buffer }>`
    select distinct on (county, day) county, day, n, hash from audit_block where head is null and day <= ${day} order by county, day, n desc`.execute(
    db,
  )
  return rows.map((row) => ({ county: row.county, day: row.day, n: row.n, hash: row.hash.toString('hex') }))
}

export type HeadRow = { day: Day; heads: CountyHead[]; prev: Buffer; hash: Buffer; sealedAt: Date }
const Heads = z.array(z.object({ county: z.string(), day: z.string(), n: z.number(), hash: z.string() }))

function toHead(row: { day: Day; heads: unknown; prev_hash: Buffer; hash: Buffer; sealed_at: Date }): HeadRow {
  return {
    day: row.day,
    heads: Heads.catch([]).parse(row.heads),
    prev: row.prev_hash,
    hash: row.hash,
    sealedAt: row.sealed_at,
  }
}

export async function lastHead(db: Db): Promise<HeadRow | null> {
  const row = await db.selectFrom('audit_head').selectAll().orderBy('day', 'desc').limit(1).executeTakeFirst()
  return row ? toHead(row) : null
}

export async function insertHead(db: Db, head: HeadRow): Promise<void> {
  await db
    .insertInto('audit_head')
    .values({ day: head.day, heads: json(head.heads), prev_hash: head.prev, hash: head.hash, sealed_at: head.sealedAt })
    .execute()
  await db
    .updateTable('audit_block')
    .set({ head: head.day })
    .where('head', 'is', null)
    .where('day', '<=', head.day)
    .execute()
}

export async function listHeads(db: Db, page: { limit: number; cursor?: string | undefined }): Promise<Paged<HeadRow>> {
  const { total } = await db
    .selectFrom('audit_head')
    .select(sql<number>`count(*)`.as('total'))
    .executeTakeFirstOrThrow()
  let query = db
    .selectFrom('audit_head')
    .selectAll()
    .orderBy('day', 'desc')
    .limit(page.limit + 1)
  if (page.cursor !== undefined) query = query.where('day', '<', page.cursor)
  return paged((await query.execute()).map(toHead), page.limit, total, (row) => row.day)
}

export async function headsBetween(db: Db, from: Day, to: Day): Promise<HeadRow[]> {
  const rows = await db
    .selectFrom('audit_head')
    .selectAll()
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day')
    .execute()
  return rows.map(toHead)
}

export async function headBefore(db: Db, day: Day): Promise<HeadRow | null> {
  const row = await db
    .selectFrom('audit_head')
    .selectAll()
    .where('day', '<', day)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toHead(row) : null
}

// ---- Verifying -------------------------------------------------------------------------------------------------------------------

/** Counties with blocks or sealed lines on a day, within the scope. */
export async function chainsOn(db: Db, scope: readonly AreaCode[], day: Day): Promise<string[]> {
  const { rows } = await sql<{ county: string }>`
    select county from audit_block where day = ${day} and ${inScope('audit_block.county', scope)}
    union select distinct county from audit where day = ${day} and block is not null and ${inScope('audit.county', scope)} order by county`.execute(
    db,
  )
  return rows.map((row) => row.county)
}

export async function blocksOf(db: Db, chain: Chain): Promise<BlockRow[]> {
  return db
    .selectFrom('audit_block')
    .selectAll()
    .where('county', '=', chain.county)
    .where('day', '=', chain.day)
    .orderBy('n')
    .execute()
}

export async function linesOf(db: Db, chain: Chain, block: number): Promise<TrailLine[]> {
  const rows = await db
    .selectFrom('audit')
    .select([...LINE_COLUMNS])
    .where('county', '=', chain.county)
    .where('day', '=', chain.day)
    .where('block', '=', block)
    .orderBy('id')
    .execute()
  return rows.map(toLine)
}

/** Numbers of blocks that lines name on a day. */
export async function blocksNamed(db: Db, chain: Chain): Promise<number[]> {
  const rows = await db
    .selectFrom('audit')
    .select('block')
    .distinct()
    .where('county', '=', chain.county)
    .where('day', '=', chain.day)
    .where('block', 'is not', null)
    .orderBy('block')
    .execute()
  return rows.flatMap((row) => (row.block === null ? [] : [row.block]))
}

/** Whether the lines of a day were deleted by the retention rule, as its manifests say. */
export async function deletedUpTo(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('deletion_manifest')
    .select(sql<Date | null>`max(cutoff)`.as('cutoff'))
    .where('rule', '=', 'audit')
    .executeTakeFirst()
  return row?.cutoff ?? null
}

export async function unsealedTail(
  db: Db,
  scope: readonly AreaCode[],
): Promise<{ lines: number; oldest: Date | null }> {
  const row = await db
    .selectFrom('audit')
    .select([sql<number>`count(*)`.as('lines'), sql<Date | null>`min(at)`.as('oldest')])
    .where('block', 'is', null)
    .where(inScope('audit.area', scope))
    .executeTakeFirstOrThrow()
  return row
}
