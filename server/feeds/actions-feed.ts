import { randomBytes } from 'node:crypto'
import { changedMeanwhile } from '@weiwang/domain/core/problems'
import type { Mapping } from '@weiwang/domain/feeds/api'
import { CreateFeed, EditFeed, Feed, FeedKey, FeedRef } from '@weiwang/domain/feeds/api'
import { mappingFault } from '@weiwang/domain/feeds/mapping'
import { isOutside } from '@weiwang/domain/feeds/outside'
import { feedExists, feedMapping, feedNotOpen, redInsider, redState } from '@weiwang/domain/feeds/problems'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { feedFor } from './access.ts'
import { presentFeed } from './present.ts'
import { countBatches, getFeed, insertFeed, updateFeed } from './store.ts'
import type { FeedRow } from './store.ts'

/** Acts on sources: register, edit, open, close, the right to give red, the key of machines. */

/** @throws feedMapping */
function checkMapping(mapping: Mapping): void {
  const fault = mappingFault(mapping)
  if (fault !== null) throw feedMapping({ why: fault.zh, whyEn: fault.en }, 'mapping')
}

async function answer(ctx: Ctx, id: string): Promise<Feed> {
  const feed = await getFeed(ctx.db, id)
  return presentFeed(feed, (await countBatches(ctx.db, [id])).get(id))
}

export const createFeed = defineAction({
  name: 'feed.create',
  input: CreateFeed,
  output: Feed,
  run: async (ctx, args) => {
    permit(ctx, 'file', { kind: 'feed', area: args.area })
    checkMapping(args.mapping)
    const made = await insertFeed(ctx.db, {
      id: args.id,
      area: args.area,
      name: json(args.name),
      owner: args.owner,
      purpose: json(args.purpose),
      kind: args.kind,
      mapping: json<unknown>(args.mapping),
      bounds: json<unknown>(args.bounds),
      state: 'draft',
      created_by: actorId(ctx),
      created_at: ctx.now,
    })
    if (!made) throw feedExists({ id: args.id })
    ctx.audit({ verb: 'feed.create', thing: 'feed', thingId: args.id, area: args.area })
    return answer(ctx, args.id)
  },
})

export const editFeed = defineAction({
  name: 'feed.edit',
  input: EditFeed,
  output: Feed,
  run: async (ctx, { id, version, mapping, bounds, name, owner, purpose }) => {
    const feed = await feedFor(ctx, id, 'file', 'feed', true)
    if (feed.version !== version) throw changedMeanwhile({ thing: 'feed', mine: version, theirs: feed.version })
    if (mapping !== undefined) checkMapping(mapping)
    // FEED-20: what was approved was this mapping; another one must be approved anew.
    const withdrawn = mapping !== undefined && JSON.stringify(mapping) !== JSON.stringify(feed.mapping)
    await updateFeed(ctx.db, id, {
      ...(name === undefined ? {} : { name: json(name) }),
      ...(owner === undefined ? {} : { owner }),
      ...(purpose === undefined ? {} : { purpose: json(purpose) }),
      ...(mapping === undefined ? {} : { mapping: json<unknown>(mapping) }),
      ...(bounds === undefined ? {} : { bounds: json<unknown>(bounds) }),
      ...(withdrawn ? { may_give_red: false, red_proposed_by: null, red_approved_by: null } : {}),
    })
    if (withdrawn && feed.may_give_red) ctx.emit('feed.red_changed', { feedId: id }, { key: id })
    ctx.audit({
      verb: 'feed.edit',
      thing: 'feed',
      thingId: id,
      area: feed.area,
      detail: { mapping: mapping !== undefined, redWithdrawn: withdrawn && feed.may_give_red },
    })
    return answer(ctx, id)
  },
})

function stateAction(name: 'feed.open' | 'feed.close', state: 'open' | 'closed') {
  return defineAction({
    name,
    input: FeedRef,
    output: Feed,
    run: async (ctx, { id }) => {
      const feed = await feedFor(ctx, id, 'file', 'feed', true)
      await updateFeed(ctx.db, id, { state })
      ctx.audit({ verb: name, thing: 'feed', thingId: id, area: feed.area })
      return answer(ctx, id)
    },
  })
}
export const openFeed = stateAction('feed.open', 'open')
export const closeFeed = stateAction('feed.close', 'closed')

export const proposeRed = defineAction({
  name: 'feed.red.propose',
  input: FeedRef,
  output: Feed,
  run: async (ctx, { id }) => {
    const feed = await feedFor(ctx, id, 'propose', 'feed', true)
    if (feed.may_give_red || feed.red_proposed_by !== null) throw redState({ red: 'proposed' })
    await updateFeed(ctx.db, id, { red_proposed_by: ctx.actor.id })
    ctx.audit({ verb: 'feed.red.propose', thing: 'feed', thingId: id, area: feed.area })
    return answer(ctx, id)
  },
})

/** FEED-20: by somebody outside the centre, and never by whoever proposed it. */
export const approveRed = defineAction({
  name: 'feed.red.approve',
  input: FeedRef,
  output: Feed,
  run: async (ctx, { id }) => {
    const feed = await feedFor(ctx, id, 'read', 'feed', true)
    permit(ctx, 'approve', { kind: 'feed', area: feed.area, by: feed.red_proposed_by })
    if (feed.may_give_red || feed.red_proposed_by === null)
      throw redState({ red: feed.may_give_red ? 'approved' : 'none' })
    if (!isOutside(ctx.actor, feed.area)) throw redInsider({})
    await updateFeed(ctx.db, id, { may_give_red: true, red_approved_by: ctx.actor.id })
    ctx.emit('feed.red_changed', { feedId: id }, { key: id })
    ctx.audit({ verb: 'feed.red.approve', thing: 'feed', thingId: id, area: feed.area })
    return answer(ctx, id)
  },
})

export const revokeRed = defineAction({
  name: 'feed.red.revoke',
  input: FeedRef,
  output: Feed,
  run: async (ctx, { id }) => {
    // Taking the right away is always safe: whoever may propose it or approve it may end it.
    const feed = await feedFor(
      ctx,
      id,
      ctx.actor.roles.some((r) => r === 'chief' || r === 'auditor') ? 'approve' : 'propose',
      'feed',
      true,
    )
    await updateFeed(ctx.db, id, { may_give_red: false, red_proposed_by: null, red_approved_by: null })
    if (feed.may_give_red) ctx.emit('feed.red_changed', { feedId: id }, { key: id })
    ctx.audit({ verb: 'feed.red.revoke', thing: 'feed', thingId: id, area: feed.area })
    return answer(ctx, id)
  },
})

/** FEED-21: shown once, kept as a keyed hash; a new key ends the former one. */
export const makeKey = defineAction({
  name: 'feed.key',
  input: FeedRef,
  output: FeedKey,
  run: async (ctx, { id }) => {
    const feed = await feedFor(ctx, id, 'file', 'feed', true)
    if (feed.state === 'closed') throw feedNotOpen({ feed: id, state: feed.state })
    const key = `ww_${randomBytes(32).toString('base64url')}`
    await updateFeed(ctx.db, id, { key_hash: ctx.keys.hash('source_key', key) })
    ctx.audit({ verb: 'feed.key', thing: 'feed', thingId: id, area: feed.area })
    return { id, key }
  },
})

export const revokeKey = defineAction({
  name: 'feed.key.revoke',
  input: FeedRef,
  output: Feed,
  run: async (ctx, { id }) => {
    const feed = await feedFor(ctx, id, 'file', 'feed', true)
    await updateFeed(ctx.db, id, { key_hash: null })
    ctx.audit({ verb: 'feed.key.revoke', thing: 'feed', thingId: id, area: feed.area })
    return answer(ctx, id)
  },
})

export async function openFeedFor(ctx: Ctx, id: string): Promise<FeedRow> {
  const feed = await feedFor(ctx, id, 'file', 'batch')
  if (feed.state !== 'open') throw feedNotOpen({ feed: id, state: feed.state })
  return feed
}
