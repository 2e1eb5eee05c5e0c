/** Gates at the desk: made with their post, edited, closed, and read with their staff and figures (GATE-1, GATE-2). */
import { countyOf } from '@weiwang/domain/areas/code'
import type { Organised } from '@weiwang/domain/areas/api'
import { AddGate, CloseGate, EditGate, GateDone } from '@weiwang/domain/checkpoints/api'
import type { GateView, ListGates } from '@weiwang/domain/checkpoints/api'
import type { GatePolicy } from '@weiwang/domain/checkpoints/gate'
import { badRest, gateAboveCounty, gateChanged, gateClosed, postNotForGate } from '@weiwang/domain/checkpoints/problems'
import { notFound } from '@weiwang/domain/core/problems'
import { areaExists } from '../access/store.ts'
import { foldFor } from '../areas/fold.ts'
import { defineAction } from '../core/action.ts'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { areaNames } from '../people/store.ts'
import { addPost, closePost } from '../teams/force-posts.ts'
import { findPost } from '../teams/force-store-posts.ts'
import type { Placed } from '../teams/placed.ts'
import { endGate, findGate, gateOfPost, insertGate, kindOf, listGates, lockGate, staffOf, updateGate } from './store.ts'
import type { GateRow } from './store.ts'
import { figuresByGate } from './store-passages.ts'
import { referralsToday } from './store-referrals.ts'

const COUNTY_DIGITS = 6

function requirePolicy(policy: GatePolicy): void {
  if (policy.temperature.restMin > policy.temperature.restMax) throw badRest({}, 'policy.temperature.restMax')
}

export const addGate = defineAction({
  name: 'gate.add',
  input: AddGate,
  output: GateDone,
  reach: 'county',
  run: async (ctx, args) => {
    permit(ctx, 'file', { kind: 'gate', area: args.area })
    if (args.area.length <= COUNTY_DIGITS) throw gateAboveCounty({}, 'area')
    if (!(await areaExists(ctx.db, args.area))) throw notFound({ thing: 'area' })
    requirePolicy(args.policy)
    const county = countyOf(args.area)
    await insertGate(ctx.db, {
      county,
      id: args.id,
      area: args.area,
      post_id: await postFor(ctx, args),
      kind: args.kind,
      name: json(args.name),
      policy: json(args.policy),
      opened_at: ctx.now,
      updated_at: ctx.now,
    })
    ctx.audit({ verb: 'gate.add', thing: 'gate', thingId: args.id, area: args.area, detail: { kind: args.kind } })
    return { id: args.id }
  },
})

/** A gate is staffed as every post is: with a post that is there, or with one made under its own id. */
async function postFor(ctx: Ctx, args: AddGate): Promise<string> {
  if (args.postId === undefined) {
    const made = { id: args.id, area: args.area, kind: 'gate' as const, name: args.name.zh.slice(0, 60) }
    return (await addPost.run(ctx, made)).id
  }
  const post = await findPost(ctx.db, ctx.scope, args.postId)
  if (!post) throw notFound({ thing: 'post' })
  const taken = await gateOfPost(ctx.db, post.county, post.id)
  if (post.kind !== 'gate' || post.ended_at !== null || post.area !== args.area || taken !== null)
    throw postNotForGate({}, 'postId')
  return post.id
}

async function openGate(ctx: Ctx, id: string): Promise<GateRow> {
  const row = await lockGate(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'gate' })
  permit(ctx, 'file', { kind: 'gate', area: row.area })
  if (row.ended_at !== null) throw gateClosed({})
  return row
}

export const editGate = defineAction({
  name: 'gate.edit',
  input: EditGate,
  output: GateDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await openGate(ctx, args.id)
    if (row.version !== args.version) throw gateChanged({})
    requirePolicy(args.policy)
    await updateGate(ctx.db, row, { name: args.name, kind: args.kind, policy: args.policy, now: ctx.now })
    const changed = Object.keys(args.policy).filter(
      (field) =>
        JSON.stringify(Object.entries(args.policy).find(([k]) => k === field)?.[1]) !==
        JSON.stringify(Object.entries(row.policy).find(([k]) => k === field)?.[1]),
    )
    ctx.audit({ verb: 'gate.edit', thing: 'gate', thingId: row.id, area: row.area, detail: { policy: changed } })
    return { id: row.id }
  },
})

/** Its post goes with it: turns that have not begun end. Passages that arrive later and were made before still count. */
export const closeGate = defineAction({
  name: 'gate.close',
  input: CloseGate,
  output: GateDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await openGate(ctx, args.id)
    await endGate(ctx.db, row, ctx.now)
    const post = await findPost(ctx.db, ctx.scope, row.post_id)
    if (post?.ended_at === null) await closePost.run(ctx, { id: row.post_id })
    ctx.audit({ verb: 'gate.close', thing: 'gate', thingId: row.id, area: row.area, detail: { reason: args.reason } })
    return { id: row.id }
  },
})

export async function readGates(ctx: Ctx, args: ListGates) {
  const areas = readAreas(ctx, args.area)
  const page = await listGates(ctx.db, { areas, list: args.list, kind: args.kind, now: ctx.now }, args)
  return { items: await presentGates(ctx, page.rows), next: page.next, total: page.total }
}

export async function readGate(ctx: Ctx, args: { id: string }): Promise<GateView> {
  const row = await findGate(ctx.db, args.id)
  if (!row) throw notFound({ thing: 'gate' })
  permit(ctx, 'read', { kind: 'gate', area: row.area })
  const [view] = await presentGates(ctx, [row])
  if (!view) throw notFound({ thing: 'gate' })
  return view
}

/** The areas of a list, each of which the reader may read gates in. @throws notAllowed, notFound */
export function readAreas(ctx: Ctx, area: string | undefined, kind: 'gate' | 'passage' = 'gate'): string[] {
  const areas = areasFor(ctx, area).map((one) => (one === '' ? ctx.root : one))
  for (const one of areas.length === 0 ? [ctx.root] : areas) permit(ctx, 'read', { kind, area: one })
  return areas
}

/** Where a list of a figure looks, as counted or as organised now or on a day (STAT-11). */
export async function gatePlace(
  ctx: Ctx,
  args: { area?: string | undefined; own?: boolean | undefined; organised?: Organised | undefined },
  kind: 'gate' | 'passage',
): Promise<Placed> {
  const areas = readAreas(ctx, args.area, kind)
  const own = args.own === true && areas.length === 1
  return { areas, own, ...(await foldFor(ctx, args, own)) }
}

async function presentGates(ctx: Ctx, rows: readonly GateRow[]): Promise<GateView[]> {
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const staff = await staffOf(ctx.db, rows, ctx.now)
  const today = await todayOf(ctx, rows)
  return rows.map((row) => {
    const of = staff.get(row.post_id)
    return {
      id: row.id,
      area: row.area,
      areaName: nameOf(row.area),
      name: row.name,
      kind: kindOf(row),
      policy: row.policy,
      version: row.version,
      postId: row.post_id,
      openedAt: row.opened_at.toISOString(),
      closedAt: row.ended_at?.toISOString() ?? null,
      staff: of?.until ? { now: of.now, missing: of.missing, until: of.until.toISOString() } : null,
      shiftsAhead: of?.ahead ?? 0,
      today: today(row.id),
    }
  })
}

export type Today = { passages: number; notGreen: number; fever: number; referrals: number; resting: number }

/** Today's figures of gates, from the counters. Not green: a colour that is one of the other three. */
export async function todayOf(ctx: Ctx, gates: readonly GateRow[]): Promise<(id: string) => Today> {
  const figures = new Map<string, Map<string, number>>()
  const scope = [...new Set(gates.map((one) => one.county))]
  if (gates.length > 0)
    for (const one of await figuresByGate(ctx.db, {
      areas: scope,
      day: ctx.today,
      gates: gates.map((gate) => gate.id),
    })) {
      const of = figures.get(one.gate_id) ?? new Map<string, number>()
      of.set(one.metric, (of.get(one.metric) ?? 0) + one.n)
      figures.set(one.gate_id, of)
    }
  const referrals = await referralsToday(ctx.db, gates, ctx.today)
  return (id) => {
    const of = (metric: string): number => figures.get(id)?.get(metric) ?? 0
    return {
      passages: of('all'),
      notGreen: of('red') + of('yellow') + of('pending'),
      fever: of('fever'),
      referrals: referrals.get(id) ?? 0,
      resting: of('resting'),
    }
  }
}
