import { can } from '@weiwang/domain/access/can'
import type { ThingKind, Verb } from '@weiwang/domain/access/can'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import type { Ctx } from '../core/ctx.ts'
import { permit } from '../core/ctx.ts'
import { findBatch, findFeed } from './store.ts'
import type { BatchView, FeedRow } from './store.ts'

/** The source within the actor's sight, permitted for this verb on sources or on its batches. @throws notFound, notAllowed */
export async function feedFor(
  ctx: Ctx,
  id: string,
  verb: Verb,
  kind: 'feed' | 'batch',
  lock = false,
): Promise<FeedRow> {
  const feed = await findFeed(ctx.db, ctx.scope, id, lock)
  if (feed === null) throw notFound({ thing: 'feed' })
  permit(ctx, verb, { kind, area: feed.area })
  return feed
}

export async function batchFor(ctx: Ctx, id: string, verb: Verb): Promise<BatchView> {
  const batch = await findBatch(ctx.db, ctx.scope, id)
  if (batch === null) throw notFound({ thing: 'batch' })
  permit(ctx, verb, { kind: 'batch', area: batch.area, by: batch.by })
  return batch
}

/** A list is for whoever may read that kind of thing somewhere in his scope. */
export function permitList(ctx: Ctx, kind: ThingKind): void {
  if (ctx.actor.kind === 'system') return
  if (!ctx.scope.some((area) => can(ctx.actor, 'read', { kind, area }))) throw notAllowed({ verb: 'read', thing: kind })
}
