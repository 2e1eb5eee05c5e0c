import type { Batch, Feed, Reject } from '@weiwang/domain/feeds/api'
import { BatchState } from '@weiwang/domain/feeds/api'
import { z } from 'zod'
import { readingOf } from './store.ts'
import type { BatchView, FeedCounts, FeedRow, RejectDetail } from './store.ts'

/** What crosses the wire, field by field. */
const FeedState = z.enum(['draft', 'open', 'closed'])

export function presentFeed(row: FeedRow, counts: FeedCounts | undefined): Feed {
  return {
    id: row.id,
    area: row.area,
    name: row.name,
    owner: row.owner,
    purpose: row.purpose,
    kind: row.kind,
    mapping: row.mapping,
    bounds: row.bounds,
    mayGiveRed: row.may_give_red,
    red: row.may_give_red ? 'approved' : row.red_proposed_by === null ? 'none' : 'proposed',
    redProposedBy: row.red_proposed_by,
    redApprovedBy: row.red_approved_by,
    hasKey: row.key_hash !== null,
    state: FeedState.parse(row.state),
    batches: counts?.batches ?? 0,
    lastBatchAt: counts?.last?.toISOString() ?? null,
    version: row.version,
  }
}

const Fault = z.object({
  code: z.string(),
  rule: z.string().optional(),
  message: z.object({ zh: z.string(), en: z.string() }),
  remedy: z.object({ zh: z.string(), en: z.string() }).optional(),
})

export function presentBatch(row: BatchView): Batch {
  const error = Fault.safeParse(row.error)
  return {
    id: row.id,
    feedId: row.feed_id,
    feedName: row.feed_name,
    area: row.area,
    fileName: row.file_name,
    bytes: row.bytes,
    state: BatchState.parse(row.state),
    reading: readingOf(row),
    rows: row.rows,
    accepted: row.accepted,
    unchanged: row.unchanged,
    rejected: row.rejected,
    denied: row.denied,
    error: error.success ? error.data : null,
    jobId: row.job_id,
    by: row.by_name,
    receivedAt: row.received_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    withdrawReason: row.withdraw_reason,
  }
}

/** The ends of a value, enough to find it in one's own file; the whole value is in the file of rejects, whose fetching is audited. */
export function maskValue(text: string): string {
  const chars = Array.from(text)
  if (chars.length <= 2) return '*'.repeat(chars.length)
  const keep = chars.length >= 8 ? 2 : 1
  return chars.slice(0, keep).join('') + '*'.repeat(Math.min(12, chars.length - 2 * keep)) + chars.slice(-keep).join('')
}

export function presentReject(row: number, column: string, value: string | null, detail: RejectDetail): Reject {
  return { row, column, value, code: detail.code, rule: detail.rule, reason: detail.reason, remedy: detail.remedy }
}
