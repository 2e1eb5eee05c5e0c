import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { Problem } from '@weiwang/domain/core/problem'
import type { Say } from '@weiwang/domain/core/say'
import { say } from '@weiwang/domain/core/say'
import type { Meaning, Reading } from '@weiwang/domain/feeds/api'
import { cellText } from '@weiwang/domain/feeds/cell'
import { layoutOf, MEANING_NAMES } from '@weiwang/domain/feeds/layout'
import { placeLookup } from '@weiwang/domain/feeds/place'
import type { PlaceLookup } from '@weiwang/domain/feeds/place'
import { fileGone, nothingRead } from '@weiwang/domain/feeds/problems'
import type { RowContext } from '@weiwang/domain/feeds/row'
import { readRow } from '@weiwang/domain/feeds/row'
import { isExercise } from '../access/emergency-actions.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { DISK_FULL_LINE, isDiskFull } from '../core/disk.ts'
import { jobProgress } from '../core/progress.ts'
import type { Server } from '../core/server.ts'
import { alone } from './claim.ts'
import type { Claim } from './claim.ts'
import { discard, fileOf, hasFile } from './inbox.ts'
import { loadPersons, readyFacts, withIds } from './load.ts'
import type { ReadRow } from './load.ts'
import { openTable } from './reader/table.ts'
import type { FileRow, Table } from './reader/table.ts'
import { markDirty, restoreChunk, withdrawChunk } from './store-facts.ts'
import { findBatchRow, getFeed, listRejects, lockBatch, placeNames, setReading, updateBatch } from './store.ts'
import type { BatchRow, FeedRow } from './store.ts'

/** Rows of one transaction: big enough that its costs are spread, small enough that locks are short. */
export const CHUNK = 2_000

/** Rows read before the loop is given to the chunk that is being stored: its statements should not wait for the next chunk. */
const TURN = 25

/** Whether the digits of a column's numbers are what was typed: in a column that Excel has rounded, long numbers end in 000. */
export function digitsAreSound(values: readonly string[]): boolean {
  const long = values.filter((v) => /^\d{17}[\dXx]$/.test(v))
  const rounded = long.filter((v) => v.endsWith('000')).length
  const scientific = values.some((v) => /^\d(\.\d+)?E\+?\d+$/i.test(v))
  return !scientific && long.length >= 20 && rounded <= Math.max(1, long.length * 0.02)
}

const PLACES_MS = 60_000
const places = new WeakMap<Server, { lookup: PlaceLookup; until: number }>()

/** The names of places, kept for a minute: a machine that sends rows often should not load them each time. */
export async function placesOf(server: Server): Promise<PlaceLookup> {
  const kept = places.get(server)
  const now = server.clock.now().getTime()
  if (kept !== undefined && kept.until > now) return kept.lookup
  const { areas, aliases } = await placeNames(server.jobsPool.db)
  const lookup = placeLookup(areas, aliases)
  places.set(server, { lookup, until: now + PLACES_MS })
  return lookup
}

export async function rowContext(server: Server, feed: FeedRow, textCells: boolean): Promise<RowContext> {
  return {
    source: feed.id,
    today: server.clock.today(),
    zone: server.clock.zone,
    place: await placesOf(server),
    textCells,
    exercise: await server.asSystem('feeds.exercise', isExercise),
  }
}

/** Rows of a file read by the feed's mapping, in chunks; rows up to the cursor are passed over unread. */
async function* chunksOf(
  server: Server,
  feed: FeedRow,
  table: Table<Meaning>,
  cursor: number,
): AsyncGenerator<ReadRow[]> {
  const layout = layoutOf(feed.mapping, table.header)
  const numbers = layout.at.get('doc_number')?.index
  let ctx: RowContext | null = null
  let chunk: ReadRow[] = []
  for await (const bunch of table.rows) {
    ctx ??= await rowContext(server, feed, table.textCells || soundIn(bunch, numbers))
    for (const row of bunch) {
      if (row.n <= cursor) continue
      chunk.push(withIds(server.keys, feed.id, row.n, readRow(layout, row.cells, ctx)))
      if (chunk.length % TURN === 0) await setImmediate()
      if (chunk.length < CHUNK) continue
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}

function soundIn(rows: readonly FileRow[], column: number | undefined): boolean {
  return column !== undefined && digitsAreSound(rows.map((row) => cellText(row.cells[column])))
}

/** Makes a chunk ready, while the one before is being stored, and gives what stores it. */
type Stage = (rows: readonly ReadRow[]) => (ctx: Ctx, batchId: string) => Promise<unknown>

/** Walks the file once and gives its chunks to a stage, each in its own transaction; the next chunk is read meanwhile. */
export async function walk(
  server: Server,
  batch: BatchRow,
  feed: FeedRow,
  stage: { name: string; cursor: number; run: Stage; claim?: Claim },
): Promise<void> {
  const table = await openTable(
    fileOf(server.config.dataDir, batch.id),
    batch.file_name,
    feed.mapping.columns,
    (m) => MEANING_NAMES[m],
  )
  const reading: Reading = {
    ...table.reading,
    columns: table.header.columns.map(({ header, meaning }) => ({ header, meaning })),
  }
  await server.asSystem('batch.read', async (ctx) => {
    await setReading(ctx.db, batch.id, reading)
    const total = table.estimate === null ? {} : { total: table.estimate * 2 }
    if (batch.job_id !== null) await jobProgress(ctx, batch.job_id, { state: 'running', step: stage.name, ...total })
  })
  let writing: Promise<unknown> = Promise.resolve()
  try {
    for await (const chunk of chunksOf(server, feed, table, stage.cursor)) {
      const store = stage.run(chunk)
      await writing
      stage.claim?.check()
      writing = server.asSystem(stage.name, (ctx) => store(ctx, batch.id))
      writing.catch(() => undefined)
    }
  } finally {
    await writing
  }
}

function readyPersons(rows: readonly ReadRow[]): ReturnType<Stage> {
  return (ctx, batchId) => loadPersons(ctx, batchId, rows)
}

async function firstReason(ctx: Ctx, batchId: string): Promise<Say> {
  const [first] = await listRejects(ctx.db, batchId, { limit: 1 })
  return first?.detail.reason ?? say('', '')
}

/** FEED-6: nothing read is a failure with its reason, never "success, 0 rows" (case 12). */
async function finish(server: Server, batchId: string): Promise<void> {
  await server.asSystem('batch.loaded', async (ctx) => {
    const batch = await lockBatch(ctx.db, batchId)
    if (!['received', 'loading'].includes(batch.state)) return
    const { rows, accepted, unchanged, rejected } = batch
    const result = { rows, accepted, unchanged, rejected }
    if (accepted + unchanged === 0) {
      const reason = await firstReason(ctx, batchId)
      throw nothingRead({ rows, first: reason.zh, firstEn: reason.en })
    }
    await updateBatch(ctx.db, batchId, { state: 'loaded', finished_at: ctx.now })
    if (batch.job_id !== null)
      await jobProgress(ctx, batch.job_id, { state: 'done', done: rows * 2, total: rows * 2, result })
    ctx.audit({
      verb: 'batch.load',
      thing: 'batch',
      thingId: batchId,
      area: batch.area,
      detail: { feed: batch.feed_id, ...result },
    })
    ctx.emit('batch.loaded', { batchId }, { key: batchId })
  })
}

/** Writes down why, so that taking back goes on after a crash even when the reason is gone. */
async function condemn(ctx: Ctx, batchId: string, problem: Problem): Promise<void> {
  const { code, rule, message, remedy } = problem.body
  await updateBatch(ctx.db, batchId, { error: json<unknown>({ code, rule, message, remedy }) })
}

async function fail(ctx: Ctx, batch: BatchRow): Promise<void> {
  const kept = { rows: batch.rejected, accepted: 0, unchanged: 0 }
  await updateBatch(ctx.db, batch.id, { state: 'failed', finished_at: ctx.now, ...kept })
  if (batch.job_id !== null)
    await jobProgress(ctx, batch.job_id, { state: 'failed', error: z.looseObject({}).parse(batch.error) })
  ctx.audit({
    verb: 'batch.fail',
    thing: 'batch',
    thingId: batch.id,
    area: batch.area,
    detail: { feed: batch.feed_id },
  })
}

async function giveUp(server: Server, batchId: string): Promise<void> {
  await takeBack(server, batchId, ['received', 'loading'])
  await server.asSystem('batch.failed', async (ctx) => {
    const batch = await lockBatch(ctx.db, batchId)
    // Another worker may have brought it to its end meanwhile.
    if (['received', 'loading'].includes(batch.state)) await fail(ctx, batch)
  })
}

/**
 * Loads a batch from where it stands to its end. Harmless to call again, by anybody, at any time: another worker at the same
 * batch makes it return. What the file or the law forbids fails the batch, takes back what it had brought and deletes the
 * file; other errors are thrown, and a later call goes on from the cursor.
 */
export async function importBatch(server: Server, batchId: string): Promise<void> {
  await alone(server, batchId, async (claim) => {
    const batch = await findLoading(server, batchId)
    if (batch === null) return
    if (batch.error !== null) {
      await giveUp(server, batchId)
      await discard(fileOf(server.config.dataDir, batchId))
      return
    }
    try {
      if (!hasFile(server.config.dataDir, batchId)) {
        if (mayBeElsewhere(server, batch, claim)) return
        throw fileGone({})
      }
      const feed = await getFeed(server.jobsPool.db, batch.feed_id)
      await walk(server, batch, feed, { name: 'batch.facts', cursor: batch.cursor, run: readyFacts, claim })
      await walk(server, batch, feed, { name: 'batch.persons', cursor: batch.resolved, run: readyPersons, claim })
      await finish(server, batchId)
    } catch (error) {
      if (!(error instanceof Problem)) {
        tellFull(server, batchId, error)
        throw error
      }
      await server.asSystem('batch.condemn', (ctx) => condemn(ctx, batchId, error))
      await giveUp(server, batchId)
    }
    await discard(fileOf(server.config.dataDir, batchId))
  })
}

/** One line for the operator; the batch is taken up again from its cursor by itself. */
function tellFull(server: Server, batchId: string, error: unknown): void {
  if (isDiskFull(error, server.config)) server.log.error({ batch: batchId }, DISK_FULL_LINE)
}

const ELSEWHERE_MS = 10 * 60_000

/** Processes of one deployment may have folders of their own: the one that took the file in is given time to come back. */
function mayBeElsewhere(server: Server, batch: BatchRow, claim: Claim): boolean {
  return claim.fresh || server.clock.now().getTime() - batch.received_at.getTime() < ELSEWHERE_MS
}

async function findLoading(server: Server, batchId: string): Promise<BatchRow | null> {
  const batch = await findBatchRow(server.jobsPool.db, batchId)
  return batch !== null && ['received', 'loading'].includes(batch.state) ? batch : null
}

/** What the batch said ceases, chunk by chunk; each chunk that is done stays done, so it can be interrupted anywhere. */
async function takeBack(server: Server, batchId: string, states: readonly string[]): Promise<void> {
  for (const step of [withdrawChunk, restoreChunk]) {
    let done = CHUNK
    while (done > 0) {
      done = await server.asSystem('batch.withdraw.chunk', async (ctx) => {
        const batch = await lockBatch(ctx.db, batchId)
        if (!states.includes(batch.state)) return 0
        const chunk = await step(ctx.db, { id: batchId, now: ctx.now }, CHUNK)
        await markDirty(ctx.db, chunk.persons, ctx.now)
        return chunk.done
      })
    }
  }
}

/** FEED-19: finishes a withdrawal from where it stands. Harmless to call again. */
export async function finishWithdrawal(server: Server, batchId: string): Promise<void> {
  await alone(server, batchId, async () => {
    await takeBack(server, batchId, ['withdrawing'])
    await server.asSystem('batch.withdrawn', async (ctx) => {
      const batch = await lockBatch(ctx.db, batchId)
      if (batch.state !== 'withdrawing') return
      await updateBatch(ctx.db, batchId, { state: 'withdrawn', withdrawn_at: ctx.now })
      if (batch.job_id !== null) await jobProgress(ctx, batch.job_id, { state: 'done' })
      ctx.emit('batch.withdrawn', { batchId }, { key: batchId })
    })
  })
}
