import { createHash } from 'node:crypto'
import { Batch, BatchRef, WithdrawBatch } from '@weiwang/domain/feeds/api'
import type { BatchReceived } from '@weiwang/domain/feeds/api'
import { batchState, feedNotOpen, fileGone } from '@weiwang/domain/feeds/problems'
import { say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { startJob } from '../core/progress.ts'
import { batchFor, feedFor } from './access.ts'
import { presentBatch } from './present.ts'
import { findBatch, findTwin, insertBatch, lockBatch, updateBatch } from './store.ts'
import type { BatchView, FeedRow } from './store.ts'

/** Acts on batches: receive, resume, withdraw. The work itself is in importer.ts. */
export const ReceiveBatch = z.strictObject({
  id: z.string(),
  batchId: z.uuid(),
  fileName: z.string().min(1).max(255),
  bytes: z.number().int(),
  /** SHA-256 of the file, hexadecimal. */
  sha256: z.string().length(64),
})
export type ReceiveBatch = z.infer<typeof ReceiveBatch>

async function get(ctx: Ctx, id: string): Promise<BatchView> {
  const batch = await findBatch(ctx.db, [''], id)
  if (batch === null) throw new Error(`batch ${id} is not there`)
  return batch
}

function fileHash(ctx: Ctx, sha256: string): Buffer {
  return ctx.keys.hash('source_key', `file\u0000${sha256}`)
}

/** A row for a delivery, or the batch that the same delivery made before (FEED-17). */
export async function newBatch(
  ctx: Ctx,
  feed: FeedRow,
  args: Omit<ReceiveBatch, 'id'> & { job: boolean },
): Promise<{ id: string; repeated: boolean }> {
  if (feed.state !== 'open') throw feedNotOpen({ feed: feed.id, state: feed.state })
  const emergency = await requireOpenEmergency(ctx, feed.area)
  const hash = fileHash(ctx, args.sha256)
  const twin = await findTwin(ctx.db, feed.id, hash)
  if (twin !== null) return { id: twin, repeated: true }
  const made = await insertBatch(ctx.db, {
    id: args.batchId,
    feed_id: feed.id,
    area: feed.area,
    emergency_id: emergency.id,
    file_name: args.fileName,
    file_hash: hash,
    bytes: args.bytes,
    state: 'received',
    by: actorId(ctx),
    received_at: ctx.now,
  })
  if (!made) {
    // Another one came in between; its row is committed, or the index would not have seen it.
    const other = await findTwin(ctx.db, feed.id, hash)
    if (other === null) throw batchState({ state: 'received' })
    return { id: other, repeated: true }
  }
  if (args.job) {
    const title = say(`导入 ${feed.name.zh}：${args.fileName}`, `Import ${feed.name.en}: ${args.fileName}`)
    const jobId = await startJob(ctx, { kind: 'feed.import', title, area: feed.area, subject: `batch:${args.batchId}` })
    await updateBatch(ctx.db, args.batchId, { job_id: jobId })
  }
  return { id: args.batchId, repeated: false }
}

/** The file lies in the inbox under the batch's id already; a job loads it after this commits. */
export const receiveBatch = defineAction({
  name: 'batch.receive',
  input: ReceiveBatch,
  run: async (ctx, { id, ...args }): Promise<BatchReceived> => {
    const feed = await feedFor(ctx, id, 'file', 'batch')
    const batch = await newBatch(ctx, feed, { ...args, job: true })
    ctx.audit({
      verb: 'batch.receive',
      thing: 'batch',
      thingId: batch.id,
      area: feed.area,
      detail: { feed: feed.id, bytes: args.bytes, repeated: batch.repeated },
    })
    if (!batch.repeated) ctx.emit('batch.received', { batchId: batch.id }, { key: batch.id })
    return { batch: presentBatch(await get(ctx, batch.id)), repeated: batch.repeated }
  },
})

/** A batch that stands still goes on; one that failed for want of its file cannot. */
export const resumeBatch = defineAction({
  name: 'batch.resume',
  input: BatchRef,
  output: Batch,
  run: async (ctx, { id }) => {
    const seen = await batchFor(ctx, id, 'file')
    const batch = await lockBatch(ctx.db, id)
    if (batch.state === 'failed') throw fileGone({})
    if (!['received', 'loading', 'withdrawing'].includes(batch.state)) throw batchState({ state: batch.state })
    ctx.audit({ verb: 'batch.resume', thing: 'batch', thingId: id, area: seen.area })
    ctx.emit(batch.state === 'withdrawing' ? 'batch.withdrawing' : 'batch.received', { batchId: id }, { key: id })
    return presentBatch(await get(ctx, id))
  },
})

/** FEED-19: with a reason, by a chief; what other batches say too stays. */
export const withdrawBatch = defineAction({
  name: 'batch.withdraw',
  input: WithdrawBatch,
  output: Batch,
  run: async (ctx, { id, reason }) => {
    const seen = await batchFor(ctx, id, 'revoke')
    const batch = await lockBatch(ctx.db, id)
    if (batch.state !== 'loaded') throw batchState({ state: batch.state })
    const title = say(
      `撤回 ${seen.feed_name.zh}：${batch.file_name}`,
      `Withdraw ${seen.feed_name.en}: ${batch.file_name}`,
    )
    const jobId = await startJob(ctx, { kind: 'feed.withdraw', title, area: batch.area, subject: `batch:${id}` })
    await updateBatch(ctx.db, id, {
      state: 'withdrawing',
      withdrawn_by: actorId(ctx),
      withdraw_reason: reason,
      job_id: jobId,
    })
    ctx.audit({
      verb: 'batch.withdraw',
      thing: 'batch',
      thingId: id,
      area: batch.area,
      detail: { feed: batch.feed_id, reason },
    })
    ctx.emit('batch.withdrawing', { batchId: id }, { key: id })
    return presentBatch(await get(ctx, id))
  },
})

export function sha256Of(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}
