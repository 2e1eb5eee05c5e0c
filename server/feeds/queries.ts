import type { Page } from '@weiwang/domain/core/page'
import { instantOf } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { can } from '@weiwang/domain/access/can'
import type {
  Batch,
  CaseCount,
  Feed,
  ListBatches,
  ListCaseCounts,
  ListFeeds,
  ListRejects,
  ListRiskAreas,
  Precision,
  PrecisionQuery,
  Reject,
  RiskArea,
} from '@weiwang/domain/feeds/api'
import { dailyCounts } from '@weiwang/domain/feeds/counts'
import { RISK_ABOUT } from '@weiwang/domain/feeds/api'
import { SOURCE_FOUND_WRONG } from '@weiwang/domain/feeds/found'
import { invalidInput } from '@weiwang/domain/core/problems'
import type { Say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { batchFor, feedFor, permitList } from './access.ts'
import { presentRiskArea } from './actions-risk.ts'
import { maskValue, presentBatch, presentFeed, presentReject } from './present.ts'
import { openValue } from './rejects.ts'
import { areaNames, lastReportedDay, listRiskAreas, reportedCounts } from './store-risk.ts'
import { countBatches, countRejects, listBatches, listFeeds, listPrecision, listRejects } from './store.ts'

/** Reads of the room: parse the cursor, ask within the scope, present. */
function cursorOf<T>(schema: z.ZodType<T>, cursor: string | undefined): T | undefined {
  if (cursor === undefined) return undefined
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (parsed.success) return parsed.data
  } catch {
    // Falls through to the refusal: a cursor is only ever one that we gave.
  }
  throw invalidInput({ issues: [{ path: 'cursor', message: 'unknown cursor', zh: '翻页标记无法识别' }] }, 'cursor')
}

function cursor(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

export async function listFeedsQuery(ctx: Ctx, args: ListFeeds): Promise<Page<Feed>> {
  permitList(ctx, 'feed')
  const { rows, more, total } = await listFeeds(ctx.db, ctx.scope, args)
  const counts = await countBatches(
    ctx.db,
    rows.map((row) => row.id),
  )
  return {
    items: rows.map((row) => presentFeed(row, counts.get(row.id))),
    next: more ? (rows.at(-1)?.id ?? null) : null,
    total,
  }
}

export async function getFeedQuery(ctx: Ctx, id: string): Promise<Feed> {
  const feed = await feedFor(ctx, id, 'read', 'feed')
  return presentFeed(feed, (await countBatches(ctx.db, [id])).get(id))
}

const BatchCursor = z.object({ at: z.iso.datetime(), id: z.uuid() })

export async function listBatchesQuery(ctx: Ctx, args: ListBatches): Promise<Page<Batch>> {
  permitList(ctx, 'batch')
  const { rows, more, total } = await listBatches(ctx.db, ctx.scope, {
    ...args,
    since: args.since === undefined ? undefined : instantOf(args.since, ctx.zone),
    before: cursorOf(BatchCursor, args.cursor),
  })
  const last = rows.at(-1)
  return {
    items: rows.map(presentBatch),
    next: more && last ? cursor({ at: last.received_at.toISOString(), id: last.id }) : null,
    total,
  }
}

export async function getBatchQuery(ctx: Ctx, id: string): Promise<Batch> {
  return presentBatch(await batchFor(ctx, id, 'read'))
}

const RejectCursor = z.object({ row: z.number().int(), column: z.string() })

/** Values are shown by their ends alone, and not at all to who may not load: a read leaves no line in the audit trail. */
export async function listRejectsQuery(ctx: Ctx, args: ListRejects): Promise<Page<Reject>> {
  const batch = await batchFor(ctx, args.id, 'read')
  const mayOpen = can(ctx.actor, 'file', { kind: 'batch', area: batch.area })
  const rows = await listRejects(ctx.db, args.id, { limit: args.limit + 1, after: cursorOf(RejectCursor, args.cursor) })
  const page = rows.slice(0, args.limit)
  const items = await Promise.all(
    page.map(async (r) => {
      const value = mayOpen ? await openValue(ctx, args.id, r) : null
      return presentReject(r.row, r.column, value === null ? null : maskValue(value), r.detail)
    }),
  )
  const last = page.at(-1)
  return {
    items,
    next: rows.length > args.limit && last ? cursor({ row: last.row, column: last.column }) : null,
    total: await countRejects(ctx.db, args.id),
  }
}

const WRONG = new Set(['WRONG_INFO', 'HERE_NO_RISK', 'NOT_RESIDENT', SOURCE_FOUND_WRONG])

/** FEED-40: the share of answered tasks whose listing was right, of the reader's own area. */
export async function precisionQuery(ctx: Ctx, { id, from, to }: PrecisionQuery): Promise<Precision> {
  await feedFor(ctx, id, 'read', 'feed')
  const rows = await listPrecision(ctx.db, id, from, to)
  const days = new Map<string, { answered: number; wrong: number }>()
  const dispositions = new Map<string, number>()
  const sum = { answered: 0, wrong: 0 }
  for (const { day, disposition, n } of rows) {
    const at = days.get(day) ?? { answered: 0, wrong: 0 }
    const wrong = WRONG.has(disposition) ? n : 0
    days.set(day, { answered: at.answered + n, wrong: at.wrong + wrong })
    dispositions.set(disposition, (dispositions.get(disposition) ?? 0) + n)
    sum.answered += n
    sum.wrong += wrong
  }
  const share = (p: { answered: number; wrong: number }): number | null =>
    p.answered === 0 ? null : 1 - p.wrong / p.answered
  return {
    feedId: id,
    days: [...days].map(([day, p]) => ({ day, ...p, precision: share(p) })),
    dispositions: [...dispositions].map(([disposition, n]) => ({ disposition, n })).toSorted((a, b) => b.n - a.n),
    ...sum,
    precision: share(sum),
  }
}

const RiskCursor = z.object({ area: z.string(), from: z.string(), id: z.uuid() })

export async function listRiskAreasQuery(ctx: Ctx, args: ListRiskAreas): Promise<Page<RiskArea> & { about: Say }> {
  permitList(ctx, 'risk_area')
  const { limit, cursor: text, ...filter } = args
  const { rows, more, total } = await listRiskAreas(ctx.db, filter, { limit, after: cursorOf(RiskCursor, text) })
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const last = rows.at(-1)
  return {
    items: rows.map((row) => presentRiskArea(row, names)),
    next: more && last ? cursor({ area: last.area, from: last.from_day, id: last.id }) : null,
    total,
    about: RISK_ABOUT,
  }
}

export async function caseCountsQuery(
  ctx: Ctx,
  { area, from, to }: ListCaseCounts,
): Promise<{ items: CaseCount[]; about: Say }> {
  permitList(ctx, 'risk_area')
  const counts = (await reportedCounts(ctx.db, [area])).get(area)
  if (counts === undefined) throw notFound({ thing: 'risk_area' })
  const last = (await lastReportedDay(ctx.db)) ?? to
  const days = dailyCounts(counts, last).filter(({ day }) => day >= from && day <= to)
  return { items: days.map((day) => ({ area, ...day })), about: RISK_ABOUT }
}
