import type { AreaCode } from '@weiwang/domain/areas/code'
import { pathOf } from '@weiwang/domain/areas/code'
import type { Reading } from '@weiwang/domain/feeds/api'
import { ErrorBounds, FeedKind, Mapping, Reading as ReadingSchema } from '@weiwang/domain/feeds/api'
import { sql } from 'kysely'
import type { InsertObject, SelectQueryBuilder, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import type { Batch, DB, Feed } from '../core/db/types.ts'

/** Sources, batches and their rejects. Facts are in store-facts.ts, risk areas in store-risk.ts. */
export type BatchRow = Selectable<Batch>
export type FeedRow = Omit<Selectable<Feed>, 'mapping' | 'bounds' | 'kind'> & {
  mapping: Mapping
  bounds: ErrorBounds
  kind: FeedKind
}

function asFeed(row: Selectable<Feed>): FeedRow {
  return {
    ...row,
    mapping: Mapping.parse(row.mapping),
    bounds: ErrorBounds.parse(row.bounds),
    kind: FeedKind.parse(row.kind),
  }
}

/** A source is seen by the centre that keeps it, by those above it and by those inside its area, whose people it tells of. */
function visible<O>(
  q: SelectQueryBuilder<DB, 'feed', O>,
  scope: readonly AreaCode[],
): SelectQueryBuilder<DB, 'feed', O> {
  if (scope.includes('')) return q
  const above = scope.flatMap((area) => pathOf(area))
  return q.where((eb) =>
    eb.or([inScope('feed.area', scope), ...(above.length > 0 ? [eb('feed.area', 'in', above)] : [])]),
  )
}

export async function findFeed(db: Db, scope: readonly AreaCode[], id: string, lock = false): Promise<FeedRow | null> {
  const query = visible(db.selectFrom('feed').selectAll('feed').where('feed.id', '=', id), scope)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return row === undefined ? null : asFeed(row)
}

/** The state of the feed read by everybody who writes facts: the mapping and the state as they are now. */
export async function getFeed(db: Db, id: string): Promise<FeedRow> {
  return asFeed(await db.selectFrom('feed').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
}

export type FeedCounts = { batches: number; last: Date | null }

export async function listFeeds(
  db: Db,
  scope: readonly AreaCode[],
  args: {
    limit: number
    cursor?: string | undefined
    state?: string | undefined
    kind?: string | undefined
    red?: 'proposed' | undefined
  },
): Promise<{ rows: FeedRow[]; more: boolean; total: number }> {
  let base = visible(db.selectFrom('feed').selectAll('feed'), scope)
  if (args.state !== undefined) base = base.where('feed.state', '=', args.state)
  if (args.kind !== undefined) base = base.where('feed.kind', '=', args.kind)
  if (args.red === 'proposed')
    base = base.where('feed.may_give_red', '=', false).where('feed.red_proposed_by', 'is not', null)
  const { total } = await base
    .clearSelect()
    .select(sql<number>`count(*)`.as('total'))
    .executeTakeFirstOrThrow()
  let page = base.orderBy('feed.id').limit(args.limit + 1)
  if (args.cursor !== undefined) page = page.where('feed.id', '>', args.cursor)
  const rows = await page.execute()
  return { rows: rows.slice(0, args.limit).map(asFeed), more: rows.length > args.limit, total }
}

export async function countBatches(db: Db, feedIds: readonly string[]): Promise<Map<string, FeedCounts>> {
  if (feedIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('batch')
    .select(['feed_id', sql<number>`count(*)`.as('n'), sql<Date | null>`max(received_at)`.as('last')])
    .where('feed_id', 'in', feedIds)
    .groupBy('feed_id')
    .execute()
  return new Map(rows.map((row) => [row.feed_id, { batches: row.n, last: row.last }]))
}

/** False when a source with this id is there. */
export async function insertFeed(db: Db, row: InsertObject<DB, 'feed'>): Promise<boolean> {
  const made = await db
    .insertInto('feed')
    .values(row)
    .onConflict((oc) => oc.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function updateFeed(db: Db, id: string, change: UpdateObject<DB, 'feed'>): Promise<void> {
  await db
    .updateTable('feed')
    .set({ ...change, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .execute()
}

export async function findFeedByKey(db: Db, id: string, keyHash: Buffer): Promise<FeedRow | null> {
  const row = await db
    .selectFrom('feed')
    .selectAll()
    .where('id', '=', id)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst()
  return row === undefined ? null : asFeed(row)
}

export type BatchView = BatchRow & { feed_name: Feed['name']; by_name: string | null }

function batches(
  db: Db,
): SelectQueryBuilder<
  DB,
  'batch' | 'feed' | 'account',
  Selectable<Batch> & { feed_name: Selectable<Feed>['name']; by_name: string | null }
> {
  return db
    .selectFrom('batch')
    .innerJoin('feed', 'feed.id', 'batch.feed_id')
    .leftJoin('account', 'account.id', 'batch.by')
    .selectAll('batch')
    .select(['feed.name as feed_name', 'account.name as by_name'])
    .$castTo<Selectable<Batch> & { feed_name: Selectable<Feed>['name']; by_name: string | null }>()
}

export async function findBatch(db: Db, scope: readonly AreaCode[], id: string): Promise<BatchView | null> {
  return (await batches(db).where('batch.id', '=', id).where(inScope('batch.area', scope)).executeTakeFirst()) ?? null
}

export async function listBatches(
  db: Db,
  scope: readonly AreaCode[],
  args: {
    limit: number
    before?: { at: string; id: string } | undefined
    feedId?: string | undefined
    state?: string | undefined
    rejects?: boolean | undefined
    since?: Date | undefined
  },
): Promise<{ rows: BatchView[]; more: boolean; total: number }> {
  let where = batches(db).where(inScope('batch.area', scope))
  if (args.feedId !== undefined) where = where.where('batch.feed_id', '=', args.feedId)
  if (args.state !== undefined) where = where.where('batch.state', '=', args.state)
  if (args.rejects !== undefined) where = where.where('batch.rejected', args.rejects ? '>' : '=', 0)
  if (args.since !== undefined) where = where.where('batch.received_at', '>=', args.since)
  const { total } = await where
    .clearSelect()
    .select(sql<number>`count(*)`.as('total'))
    .$castTo<{ total: number }>()
    .executeTakeFirstOrThrow()
  let page = where
    .orderBy('batch.received_at', 'desc')
    .orderBy('batch.id', 'desc')
    .limit(args.limit + 1)
  if (args.before !== undefined)
    page = page.where(
      sql<boolean>`(batch.received_at, batch.id) < (${args.before.at}::timestamptz, ${args.before.id}::uuid)`,
    )
  const rows = await page.execute()
  return { rows: rows.slice(0, args.limit), more: rows.length > args.limit, total }
}

/** FEED-17: the unique index decides. Null when the same file of this source is there, loaded or being loaded. */
export async function insertBatch(db: Db, row: InsertObject<DB, 'batch'>): Promise<boolean> {
  const made = await db
    .insertInto('batch')
    .values(row)
    .onConflict((oc) =>
      oc.columns(['feed_id', 'file_hash']).where('state', 'not in', ['failed', 'withdrawn']).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findTwin(db: Db, feedId: string, hash: Buffer): Promise<string | null> {
  const row = await db
    .selectFrom('batch')
    .select('id')
    .where('feed_id', '=', feedId)
    .where('file_hash', '=', hash)
    .where('state', 'not in', ['failed', 'withdrawn'])
    .executeTakeFirst()
  return row?.id ?? null
}

export async function findBatchRow(db: Db, id: string): Promise<BatchRow | null> {
  return (await db.selectFrom('batch').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function lockBatch(db: Db, id: string): Promise<BatchRow> {
  return db.selectFrom('batch').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
}

export async function updateBatch(db: Db, id: string, change: UpdateObject<DB, 'batch'>): Promise<void> {
  await db.updateTable('batch').set(change).where('id', '=', id).execute()
}

export async function setReading(db: Db, id: string, reading: Reading): Promise<void> {
  await db
    .updateTable('batch')
    .set({ reading: json<unknown>(reading), state: 'loading' })
    .where('id', '=', id)
    .where('state', 'in', ['received', 'loading'])
    .execute()
}

export type ChunkCounts = { rows: number; accepted: number; unchanged: number; rejected: number; denied: number }

/** Counters and cursor move in the transaction of the rows that they count (FEED-18). */
export async function addCounts(db: Db, id: string, counts: ChunkCounts, cursor: number): Promise<void> {
  await db
    .updateTable('batch')
    .set({
      rows: sql<number>`rows + ${counts.rows}::bigint`,
      accepted: sql<number>`accepted + ${counts.accepted}::bigint`,
      unchanged: sql<number>`unchanged + ${counts.unchanged}::bigint`,
      rejected: sql<number>`rejected + ${counts.rejected}::bigint`,
      denied: sql<number>`denied + ${counts.denied}::bigint`,
      cursor,
    })
    .where('id', '=', id)
    .execute()
}

/** Rows of a batch that fell on a correction (FEED-42). */
export async function deniedRows(db: Db, id: string): Promise<number> {
  const row = await db.selectFrom('batch').select('denied').where('id', '=', id).executeTakeFirst()
  return row?.denied ?? 0
}

/** Batches that a job should be working on, oldest first: found again after a crash. */
export async function openBatches(db: Db): Promise<{ id: string; state: string }[]> {
  return db
    .selectFrom('batch')
    .select(['id', 'state'])
    .where('state', 'in', ['received', 'loading', 'withdrawing'])
    .orderBy('received_at')
    .limit(100)
    .execute()
}

export const RejectDetail = z.object({
  code: z.string(),
  rule: z.string(),
  reason: z.object({ zh: z.string(), en: z.string() }),
  remedy: z.object({ zh: z.string(), en: z.string() }),
})
export type RejectDetail = z.infer<typeof RejectDetail>

export type NewReject = { row: number; column: string; sealed: Buffer | null; detail: RejectDetail }
export type StoredReject = NewReject

export async function insertRejects(
  db: Db,
  batchId: string,
  area: AreaCode,
  rejects: readonly NewReject[],
): Promise<void> {
  for (let i = 0; i < rejects.length; i += 2000) {
    const part = rejects.slice(i, i + 2000)
    await sql`
      insert into batch_reject (batch_id, row, col, area, value_sealed, reason, detail)
      select ${batchId}, u.row, u.col, ${area}, u.sealed, u.reason, u.detail
      from unnest(${part.map((r) => r.row)}::bigint[], ${part.map((r) => r.column)}::text[], ${part.map((r) => r.sealed)}::bytea[],
        ${part.map((r) => r.detail.code)}::text[], ${part.map((r) => JSON.stringify(r.detail))}::jsonb[]) as u(row, col, sealed, reason, detail)
      on conflict (batch_id, row, col) do nothing`.execute(db)
  }
}

export async function listRejects(
  db: Db,
  batchId: string,
  args: { limit: number; after?: { row: number; column: string } | undefined },
): Promise<StoredReject[]> {
  let page = db
    .selectFrom('batch_reject')
    .select(['row', 'col', 'value_sealed', 'detail'])
    .where('batch_id', '=', batchId)
  if (args.after !== undefined)
    page = page.where(sql<boolean>`(row, col) > (${args.after.row}::bigint, ${args.after.column}::text)`)
  const rows = await page.orderBy('row').orderBy('col').limit(args.limit).execute()
  return rows.map((r) => ({ row: r.row, column: r.col, sealed: r.value_sealed, detail: RejectDetail.parse(r.detail) }))
}

export async function countRejects(db: Db, batchId: string): Promise<number> {
  const { n } = await db
    .selectFrom('batch_reject')
    .select(sql<number>`count(*)`.as('n'))
    .where('batch_id', '=', batchId)
    .executeTakeFirstOrThrow()
  return n
}

export function readingOf(row: BatchRow): Reading | null {
  const parsed = ReadingSchema.safeParse(row.reading)
  return parsed.success ? parsed.data : null
}

/** Names from the province down to the county, and other names with the codes of today: what places are looked up in. */
export async function placeNames(
  db: Db,
): Promise<{ areas: { code: string; name: string }[]; aliases: { code: string; name: string }[] }> {
  const areas = await db
    .selectFrom('area')
    .select(['code', 'name'])
    .where('level', '<=', 3)
    .where('valid_to', 'is', null)
    .execute()
  const aliases = await db
    .selectFrom('area_alias')
    .select(['code', 'alias as name'])
    .where(sql<number>`length(code)`, '<=', 6)
    .execute()
  return { areas, aliases }
}

export async function listPrecision(
  db: Db,
  source: string,
  from: string,
  to: string,
): Promise<{ day: string; disposition: string; n: number }[]> {
  return db
    .selectFrom('stat_source')
    .select(['day', 'disposition', sql<number>`sum(n)::bigint`.as('n')])
    .where('source', '=', source)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .groupBy(['day', 'disposition'])
    .orderBy('day')
    .orderBy('disposition')
    .execute()
}
