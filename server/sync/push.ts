/**
 * Reports up (SYNC-12): each item is its own request with its own transaction and its own answer. An item that cannot be read,
 * that is refused or that the server fails on never keeps its neighbours from arriving (cases 41, 64), and nothing that arrives is
 * lost: what its worker may not file waits for a supervisor (SYNC-13, handover.ts).
 */
import type { Actor } from '@weiwang/domain/access/actor'
import { canonicalJson } from '@weiwang/domain/access/canonical'
import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { keyReused, notAllowed, notFound, unavailable } from '@weiwang/domain/core/problems'
import { MAX_PUSH, PROTOCOL } from '@weiwang/domain/sync/api'
import type { PushResult } from '@weiwang/domain/sync/api'
import type { HandoverReason } from '@weiwang/domain/sync/handover'
import { afterEarlier, notYoursNow } from '@weiwang/domain/sync/push-problems'
import { groupsOf } from '@weiwang/domain/sync/push-order'
import { z } from 'zod'
import type { Server } from '../core/server.ts'
import type { Once, StoredAnswer } from '../core/transaction.ts'
import { hold, standingOf } from './handover.ts'
import { findAreas, helperAt, lookOf, widened } from './elsewhere.ts'
import type { Found } from './elsewhere.ts'
import { areaName } from './handover-store.ts'
import { kindOf, unreadable } from './kinds.ts'
import type { Body, Kind, Ready } from './kinds.ts'
import { keepRefusal, keptRefusal, liftRefusal } from './refusals.ts'

/** How many groups of items of one push are run side by side: enough to hide waiting, few enough to leave room for others. */
const SIDE_BY_SIDE = 4

const Key = z.object({ key: z.uuid() })

/** Read loosely: only what nothing can be done without is demanded. */
const LooseItem = z.object({
  key: z.uuid(),
  kind: z.string().min(1).max(60),
  seq: z.number().int().catch(0),
  grid: z.string().max(18).optional().catch(undefined),
  at: z.iso.datetime({ offset: true }).optional().catch(undefined),
  body: z.record(z.string(), z.unknown()),
  toSupervisor: z.string().max(300).optional().catch(undefined),
})

export type Item = {
  key: string
  kind: string
  seq: number
  grid: AreaCode | null
  at: Date
  body: Body
  ids: string[]
  /** The worker cannot mend it and asks for the supervisor, with these words. */
  asked?: string
}

export type PushOptions = {
  device: string
  protocol: number
  /** The account's own area, where an item without any place goes. */
  home: AreaCode
  keyCounty: string
  /** What stood under the keys of the items when the request began, by key; without it each item looks for itself. */
  stored?: ReadonlyMap<string, StoredAnswer> | undefined
  requestId?: string
  /** Set when nothing may be filed directly: everything goes to the supervisor, for this reason. */
  only?: (item: Item) => HandoverReason | null
  /** The phone is to be cleared: what is refused is kept for the supervisor too, for it can be mended nowhere else. */
  last?: HandoverReason | undefined
}

type Job = { index: number; seq: number; ids: string[]; item: Item }

/** The keys of what can be read at all. */
export function keysOf(raw: readonly unknown[]): string[] {
  return raw.slice(0, MAX_PUSH).flatMap((one) => Key.safeParse(one).data?.key ?? [])
}

/**
 * Of a request that was made before a restore of which its phone had not heard: whoever still listens asks again, as a request of its
 * own, and is answered by how things stand then.
 */
export function askAgain(raw: readonly unknown[]): PushResult[] {
  return raw.slice(0, MAX_PUSH).map((one) => ({ key: Key.safeParse(one).data?.key ?? '', outcome: 'later' }))
}

/** One answer for each item, in the order of the items. */
export async function pushItems(
  server: Server,
  actor: Actor,
  raw: readonly unknown[],
  options: PushOptions,
): Promise<PushResult[]> {
  const results: PushResult[] = []
  const jobs: Job[] = []
  for (const [index, one] of raw.slice(0, MAX_PUSH).entries()) {
    const read = readItem(one, server.clock.now())
    if ('key' in read) jobs.push({ index, seq: read.seq, ids: read.ids, item: read })
    else results[index] = read.result
  }
  const groups = groupsOf(jobs)
  const runners = Array.from({ length: SIDE_BY_SIDE }, async () => {
    for (let group = groups.shift(); group; group = groups.shift())
      await runGroup(server, actor, group, options, results)
  })
  await Promise.all(runners)
  return results
}

function readItem(raw: unknown, now: Date): Item | { result: PushResult } {
  const parsed = LooseItem.safeParse(raw)
  if (!parsed.success) {
    const key = z.object({ key: z.string().max(100) }).safeParse(raw)
    const problem = unreadable(LooseItem, raw, parsed.error).body
    return { result: { key: key.success ? key.data.key : '', outcome: 'refused', problem } }
  }
  const { at, grid, toSupervisor, ...rest } = parsed.data
  // A phone whose clock is ahead cannot have done it after now.
  const made = at === undefined ? now : new Date(Math.min(Date.parse(at), now.getTime()))
  return {
    ...rest,
    at: made,
    grid: grid ?? null,
    ids: kindOf(rest.kind)?.ids(rest.body) ?? [],
    ...(toSupervisor === undefined ? {} : { asked: toSupervisor }),
  }
}

/** In order; once one must wait, what follows about the same thing waits with it. */
async function runGroup(
  server: Server,
  actor: Actor,
  group: readonly Job[],
  options: PushOptions,
  results: PushResult[],
): Promise<void> {
  let waits = false
  for (const { index, item } of group) {
    results[index] = waits
      ? { key: item.key, outcome: 'later', problem: afterEarlier({}).body }
      : await pushOne(server, actor, item, options)
    waits ||= results[index].outcome === 'later'
  }
}

async function pushOne(server: Server, actor: Actor, item: Item, options: PushOptions): Promise<PushResult> {
  try {
    const result = await tryOne(server, actor, item, options)
    return result.outcome === 'refused' ? await settled(server, actor, item, options, result) : result
  } catch (error) {
    return failed(server, item, error)
  }
}

/** A refusal stands under the item's key before it is told (refusals.ts), unless the item got in meanwhile. */
async function settled(
  server: Server,
  actor: Actor,
  item: Item,
  options: PushOptions,
  result: PushResult,
): Promise<PushResult> {
  if (options.last !== undefined) return offeredAnew(server, actor, item, options, result)
  if (result.problem === undefined) return result
  const of = { ...options, same: sameAs(item) }
  // That something lies there is no refusal of its own: it would take the place of what is lifted at this very moment.
  const kept =
    result.problem.code === keyReused.code
      ? await keptRefusal(server, actor, item, of)
      : await keepRefusal(server, actor, item, of, result.problem)
  if (kept) return kept
  const first = await firstAnswered(server, actor, item, options)
  return first.outcome === 'refused' ? result : first
}

/** How often a refusal that comes back is lifted, and how often it is looked whether there is one, before the answer stands. */
const LIFTS = 5
const LOOKS = 2

/**
 * The phone is to be cleared and offers what was refused once more. A late copy of a request of before may refuse it anew in between,
 * and another of this very request may have lifted it: told as refused now, the work would go with the phone.
 */
async function offeredAnew(
  server: Server,
  actor: Actor,
  item: Item,
  options: PushOptions,
  first: PushResult,
): Promise<PushResult> {
  let [result, looks] = [first, 0]
  for (let lifts = 0; lifts < LIFTS; lifts++) {
    const lifted = await liftRefusal(server, actor, item.key, options.keyCounty)
    if (!lifted && (result.problem?.code !== keyReused.code || ++looks > LOOKS)) return result
    result = await tryOne(server, actor, item, { ...options, stored: undefined })
    if (result.outcome !== 'refused') return result
  }
  return { key: item.key, outcome: 'later', problem: unavailable({ what: 'server' }).body }
}

/** Nothing could be decided: keep it and come again. */
function failed(server: Server, item: Item, error: unknown): PushResult {
  if (!(error instanceof Problem))
    server.log.error({ err: error, key: item.key, kind: item.kind }, 'an item of a phone failed')
  return { key: item.key, outcome: 'later', problem: unavailable({ what: 'server' }).body }
}

/** What a repeat must equal: the body as the phone made it, however a later version of this server reads it. */
function sameAs(item: Item): string {
  return canonicalJson([item.kind, item.body])
}

function runOptions(item: Item, options: PushOptions) {
  const { keyCounty, requestId, stored } = options
  return {
    key: item.key,
    keyCounty,
    same: sameAs(item),
    ...(stored === undefined ? {} : { stored: stored.get(item.key) ?? null }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

const Recorded = z.object({ recordedAt: z.iso.datetime({ offset: true }) })

function accepted(item: Item, once: Once<unknown>): PushResult {
  const recorded = Recorded.safeParse(once.answer)
  return {
    key: item.key,
    outcome: once.repeat ? 'duplicate' : 'accepted',
    answer: once.answer,
    recordedAt: recorded.success ? recorded.data.recordedAt : once.at.toISOString(),
  }
}

async function tryOne(server: Server, actor: Actor, item: Item, options: PushOptions): Promise<PushResult> {
  const kind = kindOf(item.kind)
  const held = (reason: HandoverReason, area: AreaCode | null, problem?: Problem) =>
    hold(server, actor, item, { ...options, same: sameAs(item), reason, area: area ?? undefined, problem }, () =>
      firstAnswered(server, actor, item, options),
    )
  if (!kind) return held('unknown_kind', item.grid)
  const only = options.only?.(item) ?? null
  if (only !== null) return held(only, await firstPlace(server, kind, item))
  if (item.asked !== undefined) return held('asked', await firstPlace(server, kind, item))
  const read = kind.read(item.body, { at: item.at.toISOString() })
  if (!read.ok) {
    // A newer phone may mean something by it.
    if (options.protocol > PROTOCOL) return held('unknown_kind', await firstPlace(server, kind, item), read.problem)
    return refused(server, actor, item, options, read.problem)
  }
  try {
    return accepted(item, await read.ready.run(server, actor, runOptions(item, options)))
  } catch (error) {
    return afterFault({ server, actor, item, options, kind, ready: read.ready, held }, error)
  }
}

/** Something lies under the item's key: what it was answered then, or that this is another item under the same key. */
async function firstAnswered(server: Server, actor: Actor, item: Item, options: PushOptions): Promise<PushResult> {
  const read = kindOf(item.kind)?.read(item.body, { at: item.at.toISOString() })
  if (!read?.ok) return { key: item.key, outcome: 'refused', problem: keyReused({ key: item.key }).body }
  try {
    // Looked up anew: what stood there when the request began may be from before.
    return accepted(item, await read.ready.run(server, actor, runOptions(item, { ...options, stored: undefined })))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { key: item.key, outcome: 'refused', problem: error.body }
  }
}

async function firstPlace(server: Server, kind: Kind, item: Item): Promise<AreaCode | null> {
  const found = await findAreas(lookOf(server), kind.subjects(item.body))
  return found.find((one) => one.area !== null)?.area ?? item.grid
}

type Faulted = {
  server: Server
  actor: Actor
  item: Item
  options: PushOptions
  kind: Kind
  ready: Ready
  held: (reason: HandoverReason, area: AreaCode | null, problem?: Problem) => Promise<PushResult>
}

async function afterFault(on: Faulted, error: unknown): Promise<PushResult> {
  const { server, actor, item, options, kind } = on
  if (!(error instanceof Problem)) {
    if (isTransient(error)) throw error
    server.log.error({ err: error, key: item.key, kind: item.kind }, 'an item of a phone failed and is kept')
    return on.held('server_fault', await firstPlace(server, kind, item))
  }
  const { code, kind: sort } = error.body
  if (code === keyReused.code) return standingOf(server, actor, item, error)
  if (sort === 'limit' || sort === 'unavailable' || sort === 'unauthenticated') {
    return { key: item.key, outcome: 'later', problem: error.body }
  }
  if (code === notFound.code || code === notAllowed.code) return elsewhere(on, error)
  return refused(server, actor, item, options, error)
}

/** Refused items stay on the phone to be mended; from a phone that is to be cleared they are kept here instead. */
async function refused(
  server: Server,
  actor: Actor,
  item: Item,
  options: PushOptions,
  problem: Problem,
): Promise<PushResult> {
  if (options.last === undefined) return { key: item.key, outcome: 'refused', problem: problem.body }
  const kind = kindOf(item.kind)
  const area = kind ? await firstPlace(server, kind, item) : item.grid
  return hold(server, actor, item, {
    ...options,
    same: sameAs(item),
    reason: options.last,
    area: area ?? undefined,
    problem,
  })
}

/**
 * SYNC-13: the subject is not the worker's now. Work that was done while the worker covered it counts under the area as it is now;
 * other work waits for the supervisor of the place.
 */
async function elsewhere(on: Faulted, problem: Problem): Promise<PushResult> {
  const { server, actor, item, options, kind, held } = on
  const found = await findAreas(lookOf(server), kind.subjects(item.body), { actor, ids: item.ids, at: item.at })
  const inScope = (one: Found) => one.area !== null && actor.scope.some((area) => contains(area, one.area ?? ''))
  const waits = found.find((one) => one.waits !== null)
  if (waits?.waits) return held(waits.waits, waits.area, problem)
  // Of an area that became several, somebody has to choose.
  const foreign = found.find((one) => !one.covered && (one.was !== null || !inScope(one)))
  if (foreign?.area === null) return refused(server, actor, item, options, problem)
  const moved = found.filter((one) => one.was !== null || !inScope(one))
  if (moved.length === 0) {
    if (problem.body.code === notAllowed.code) return held('no_role', found[0]?.area ?? item.grid, problem)
    return refused(server, actor, item, options, problem)
  }
  if (!kind.work) {
    const helper = await helperAt(server, actor, moved[0]?.area ?? options.home)
    return refused(server, actor, item, options, notYoursNow({ helper }))
  }
  if (foreign) return held('not_mine', foreign.area, problem)
  return runMoved(on, found, problem)
}

async function runMoved(on: Faulted, found: readonly Found[], problem: Problem): Promise<PushResult> {
  const { server, actor, item, options, kind, held } = on
  const areas = found.flatMap((one) => (one.area === null ? [] : [one.area]))
  const body = found.reduce(
    (now, one) => (one.area !== null && one.was !== null ? kind.moved(now, one.was, one.area) : now),
    item.body,
  )
  const read = kind.read(body, { at: item.at.toISOString() })
  const area = areas[0] ?? options.home
  if (!read.ok) return held('not_mine', area, read.problem)
  try {
    const once = await read.ready.run(server, widened(actor, areas), runOptions(item, options))
    const name = await areaName(server.jobsPool.db, area)
    return { ...accepted(item, once), movedTo: { area, name } }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { code } = error.body
    if (code === keyReused.code) return standingOf(server, actor, item, error)
    if (code === notAllowed.code) return held('no_role', area, problem)
    if (code === notFound.code) return held('not_mine', area, error)
    return refused(server, actor, item, options, error)
  }
}

/** The database is away, busy or full; the same request may well go through in a moment. */
function isTransient(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '') return error instanceof Error && /timeout|terminated|connection|ended/i.test(error.message)
  return /^(08|40|53|55|57|58|ECONN|EPIPE|ETIMEDOUT|XX)/.test(code)
}
