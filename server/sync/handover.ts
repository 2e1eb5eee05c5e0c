/**
 * Work that its worker may not file (SYNC-13): kept sealed under the place it is about, in one queue and no other (case 42), until
 * the supervisor of the place takes it in as that worker's work or sets it aside with a reason. The worker is told either way.
 */
import type { Actor } from '@weiwang/domain/access/actor'
import { contains, countyOf, isAreaCode } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { keyReused, notFound } from '@weiwang/domain/core/problems'
import { ProblemOut } from '@weiwang/domain/sync/api'
import type { PushResult } from '@weiwang/domain/sync/api'
import {
  HANDOVER_REASONS,
  HandoverReason,
  HandoverState,
  OpenedHandover,
  OpenHandover,
  SetAsideHandover,
  TakeHandover,
  TakenHandover,
} from '@weiwang/domain/sync/handover'
import type { HandoverRow, ListHandovers, ListMyHandovers, MyHandover } from '@weiwang/domain/sync/handover'
import { bodyGone, handoverDecided, heldForSupervisor, kindUnknown, setAside } from '@weiwang/domain/sync/push-problems'
import { z } from 'zod'
import { areaNames, findOpenEmergency, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { feedOnce } from '../core/feed.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { openText } from '../people/opening.ts'
import { findAreas, helperAt, helperIn } from './elsewhere.ts'
import {
  findHandover,
  gridToTell,
  handoverByKey,
  insertHandover,
  listHandovers,
  lockHandover,
  updateHandover,
  waitingUnknown,
} from './handover-store.ts'
import type { HandoverRecord } from './handover-store.ts'
import { kindNames, kindOf } from './kinds.ts'
import { areasAsked } from './phones.ts'
import type { Item, PushOptions } from './push.ts'

const BODY = { table: 'handover', column: 'body_sealed' }
const NOTE = { table: 'handover', column: 'note_sealed' }

/** The item as the phone made it. */
const Kept = z.object({
  seq: z.number(),
  grid: z.string().nullable(),
  body: z.record(z.string(), z.unknown()),
  asked: z.string().optional(),
})

// ---- Holding ------------------------------------------------------------------------------------------------------------------

const Hold = z.object({
  key: z.uuid(),
  kind: z.string(),
  area: z.string(),
  device: z.uuid(),
  at: z.iso.datetime(),
  ids: z.array(z.uuid()),
  reason: z.enum(HANDOVER_REASONS),
  problem: ProblemOut.nullable(),
  kept: Kept,
})

/** Written under the item's own key, so that a later try of the same item finds it here and is not filed beside it (case 42). */
const holdItem = defineAction({
  name: 'handover.hold',
  input: Hold,
  reach: 'all',
  run: async (ctx, args): Promise<{ id: string }> => {
    const { id: emergencyId } = await requireOpenEmergency(ctx, args.area)
    const id = newId(ctx.now)
    const sealed = await ctx.keys.seal({ ...BODY, row: id, emergencyId, now: ctx.now }, JSON.stringify(args.kept))
    const made = await insertHandover(ctx.db, {
      county: countyOf(args.area),
      id,
      area: args.area,
      key: args.key,
      account_id: ctx.actor.id,
      account_name: ctx.actor.name,
      device: args.device,
      kind: args.kind,
      subject_ids: args.ids,
      made_at: new Date(args.at),
      recorded_at: ctx.now,
      body_sealed: sealed,
      reason: args.reason,
      problem: args.problem === null ? null : json(args.problem),
      state: 'waiting',
    })
    if (!made) return { id: (await handoverByKey(ctx.db, ctx.actor.id, args.key))?.id ?? id }
    const detail = { kind: args.kind, reason: args.reason, device: args.device }
    ctx.audit({ verb: 'handover.hold', thing: 'handover', thingId: id, area: args.area, detail })
    return { id }
  },
})

export type HoldOptions = PushOptions & {
  same: string
  reason: HandoverReason
  area: AreaCode | undefined
  problem?: Problem | undefined
}

/**
 * Keeps an item for the supervisor; without an emergency in force nothing personal is kept, and the item stays on the phone.
 * @param filed how the item was answered when it was filed under its key and the phone never heard of it
 */
export async function hold(
  server: Server,
  actor: Actor,
  item: Item,
  options: HoldOptions,
  filed?: () => Promise<PushResult>,
): Promise<PushResult> {
  const area = options.area !== undefined && isAreaCode(options.area) ? options.area : options.home
  const args = {
    key: item.key,
    kind: item.kind,
    area,
    device: options.device,
    at: item.at.toISOString(),
    ids: [...new Set(item.ids)].slice(0, 200),
    reason: options.reason,
    problem: options.problem?.body ?? null,
    kept: { seq: item.seq, grid: item.grid, body: item.body, ...(item.asked ? { asked: item.asked } : {}) },
  }
  try {
    await server.runOnce(holdItem, actor, args, { key: item.key, keyCounty: options.keyCounty, same: options.same })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const standing = await standingOf(server, actor, item, error)
    const isFiled = error.body.code === keyReused.code && standing.problem === error.body
    return isFiled && filed ? filed() : standing
  }
  return standingOf(server, actor, item, notFound({ thing: 'handover' }))
}

/** How an item that lies here stands now; when it does not, `otherwise` is why it was refused. */
export async function standingOf(server: Server, actor: Actor, item: Item, otherwise: Problem): Promise<PushResult> {
  const row = await handoverByKey(server.jobsPool.db, actor.id, item.key)
  const { key } = item
  if (!row) return { key, outcome: 'refused', problem: otherwise.body }
  const recordedAt = row.recorded_at.toISOString()
  if (row.state === 'taken') {
    // What it made stands since then: a backup that has the item as waiting has nothing of it yet, and the phone has to keep it (SYNC-14).
    const madeAt = (row.decided_at ?? row.recorded_at).toISOString()
    return { key, outcome: 'accepted', answer: row.answer, recordedAt: madeAt }
  }
  if (row.state === 'set_aside') {
    const note = await openNote(server.keys, row)
    return { key, outcome: 'refused', problem: setAside({ note: note ?? '', by: row.decided_by_name ?? '' }).body }
  }
  const helper = await helperAt(server, actor, row.area)
  return { key, outcome: 'held', recordedAt, problem: heldForSupervisor({ reason: row.reason, helper }).body }
}

async function openNote(keys: Ctx['keys'], row: HandoverRecord): Promise<string | null> {
  return openText({ keys }, { ...NOTE, row: row.id }, row.note_sealed)
}

async function openKept(ctx: Ctx, row: HandoverRecord): Promise<z.infer<typeof Kept> | null> {
  const text = await openText(ctx, { ...BODY, row: row.id }, row.body_sealed)
  return text === null ? null : Kept.parse(JSON.parse(text))
}

// ---- Lists --------------------------------------------------------------------------------------------------------------------

async function present(ctx: Ctx, rows: readonly HandoverRecord[]): Promise<HandoverRow[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => ({
    id: row.id,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    kind: row.kind,
    worker: { id: row.account_id, name: row.account_name },
    madeAt: row.made_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    reason: HandoverReason.parse(row.reason),
    problem: row.problem === null ? null : ProblemOut.parse(row.problem),
    state: HandoverState.parse(row.state),
    known: kindOf(row.kind) !== undefined,
    decidedBy: row.decided_by_name,
    decidedAt: row.decided_at?.toISOString() ?? null,
  }))
}

type Paged<T> = { items: T[]; next: string | null; total: number }

/** Uuids of version 7 are the order of arrival. */
function cursorOf(args: { cursor?: string | undefined }): string | null {
  const read = z.uuid().safeParse(args.cursor)
  return read.success ? read.data : null
}

function page<T>(rows: readonly HandoverRecord[], items: T[], limit: number, total: number): Paged<T> {
  return { items: items.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null, total }
}

/** Case 43: only what lies in the reader's scope. */
export async function handovers(ctx: Ctx, args: ListHandovers): Promise<Paged<HandoverRow>> {
  const areas = areasAsked(ctx, args.area)
  permit(ctx, 'read', { kind: 'handover', area: areas[0] ?? '' })
  const filter = { areas, state: args.state, account: args.worker }
  const { rows, total } = await listHandovers(ctx.db, filter, cursorOf(args), args.limit)
  return page(rows, await present(ctx, rows), args.limit, total)
}

/** The worker's own, wherever they lie. */
export async function myHandovers(ctx: Ctx, args: ListMyHandovers): Promise<Paged<MyHandover>> {
  const filter = { areas: null, state: args.state, account: ctx.actor.id, keys: args.keys }
  const { rows, total } = await listHandovers(ctx.db, filter, cursorOf(args), args.limit)
  const shown = await present(ctx, rows)
  const helpers = new Map<AreaCode, MyHandover['helper']>()
  const items: MyHandover[] = []
  for (const [i, row] of rows.entries()) {
    const base = shown[i]
    if (!base) continue
    if (!helpers.has(row.area)) helpers.set(row.area, await helperIn(ctx, row.area))
    items.push({ ...base, key: row.key, note: await openNote(ctx.keys, row), helper: helpers.get(row.area) ?? null })
  }
  return page(rows, items, args.limit, total)
}

// ---- Deciding -------------------------------------------------------------------------------------------------------------------

async function inHand(ctx: Ctx, id: string): Promise<HandoverRecord> {
  const row = await lockHandover(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'handover' })
  return row
}

async function toDecide(ctx: Ctx, id: string): Promise<HandoverRecord> {
  const row = await inHand(ctx, id)
  permit(ctx, 'file', { kind: 'handover', area: row.area })
  if (row.state !== 'waiting') throw handoverDecided({ by: row.decided_by_name ?? '' })
  return row
}

export const openHandover = defineAction({
  name: 'handover.open',
  input: OpenHandover,
  output: OpenedHandover,
  secret: true,
  run: async (ctx, args): Promise<OpenedHandover> => {
    const row = await findHandover(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'handover' })
    permit(ctx, 'open', { kind: 'handover', area: row.area })
    const kept = await openKept(ctx, row)
    const detail = { kind: row.kind, of: row.account_id }
    ctx.audit({
      verb: 'handover.open',
      thing: 'handover',
      thingId: row.id,
      area: row.area,
      purpose: args.purpose,
      ids: row.subject_ids,
      detail,
    })
    return {
      id: row.id,
      kind: row.kind,
      madeAt: row.made_at.toISOString(),
      body: kept?.body ?? null,
      asked: kept?.asked ?? null,
      note: await openNote(ctx.keys, row),
    }
  },
})

/**
 * Taken in: the action runs as that worker's work, who stays its author, within the areas of the supervisor who answers for it;
 * in the same transaction the item leaves the queue, so that it is never in two.
 */
export const takeHandover = defineAction({
  name: 'handover.take',
  input: TakeHandover,
  output: TakenHandover,
  reach: 'all',
  run: async (ctx, args): Promise<TakenHandover> => {
    const row = await toDecide(ctx, args.id)
    const kind = kindOf(row.kind)
    if (!kind) throw kindUnknown({ kind: row.kind })
    const kept = await openKept(ctx, row)
    if (!kept) throw bodyGone({})
    const found = await findAreas(ctx, kind.subjects(kept.body))
    const lies = found.flatMap((one) => (one.area === null ? [] : [one.area]))
    if (lies.some((area) => !ctx.scope.some((own) => contains(own, area)))) throw notFound({ thing: 'area' })
    const chosen = args.area ?? null
    if (chosen !== null && !ctx.scope.some((own) => contains(own, chosen))) throw notFound({ thing: 'area' })
    const body = found.reduce((now, one) => {
      const to = chosen ?? one.area
      return one.was !== null && to !== null ? kind.moved(now, one.was, to) : now
    }, kept.body)
    const read = kind.read(body, { at: row.made_at.toISOString(), taken: true })
    if (!read.ok) throw read.problem
    const scope = chosen === null ? lies : [...lies, chosen]
    const answer = await read.ready.runIn(asWorker(ctx, row, scope.length > 0 ? scope : [row.area]))
    const set = { state: 'taken', body_sealed: null, answer: json(answer ?? null), ...decided(ctx) }
    await updateHandover(ctx.db, row, set)
    announce(ctx, row, 'taken')
    return { id: row.id, state: 'taken', answer: answer ?? null }
  },
})

// ---- What this server has learnt to read ------------------------------------------------------------------------------------------

const KNOWN_AT_ONCE = 100
/** What was tried in vain by this program is the supervisor's: it does not get better by being tried again. */
const tried = new WeakMap<Server, Set<string>>()

/**
 * SYNC-18: what a newer phone handed in before this server knew it is taken in as soon as it does, as its worker's work at that time,
 * when the worker covered it then and the supervisor has not decided before. What does not go through waits for the supervisor.
 */
export async function takeKnown(server: Server): Promise<number> {
  const before = tried.get(server) ?? new Set<string>()
  tried.set(server, before)
  const rows = await server.asSystem('handover.known', (ctx) =>
    waitingUnknown(ctx.db, kindNames(), KNOWN_AT_ONCE, [...before]),
  )
  let taken = 0
  for (const id of rows) {
    before.add(id)
    try {
      if (await server.asSystem('handover.known', (ctx) => takeOneKnown(ctx, id))) taken += 1
    } catch (error) {
      // Refused like the worker's own request would be; nothing of it was written.
      if (!(error instanceof Problem))
        server.log.warn({ err: error, handover: id }, 'a handed-over item could not be taken in')
    }
  }
  return taken
}

async function takeOneKnown(ctx: Ctx, id: string): Promise<boolean> {
  const row = await lockHandover(ctx.db, [''], id)
  const kind = row?.state === 'waiting' ? kindOf(row.kind) : undefined
  const kept = row && kind ? await openKept(ctx, row) : null
  if (!row || !kind || !kept) return false
  const author = asWorker(ctx, row, [row.area])
  const by = { actor: author.actor, ids: row.subject_ids, at: row.made_at }
  const found = await findAreas(ctx, kind.subjects(kept.body), by)
  if (!kind.work || found.some((one) => one.area === null || !one.covered)) return false
  const body = found.reduce(
    (now, one) => (one.was !== null && one.area !== null ? kind.moved(now, one.was, one.area) : now),
    kept.body,
  )
  const read = kind.read(body, { at: row.made_at.toISOString() })
  if (!read.ok) return false
  const lies = found.flatMap((one) => (one.area === null ? [] : [one.area]))
  const answer = await read.ready.runIn(asWorker(ctx, row, lies.length > 0 ? lies : [row.area]))
  const set = { state: 'taken', body_sealed: null, answer: json(answer ?? null), decided_at: ctx.now }
  await updateHandover(ctx.db, row, set)
  announce(ctx, row, 'taken')
  return true
}

/** The author sees exactly the areas it is about; every line of the trail says who took it in and for whom. */
function asWorker(ctx: Ctx, row: HandoverRecord, scope: readonly AreaCode[]): Ctx {
  const actor: Actor = {
    kind: 'account',
    id: row.account_id,
    name: row.account_name,
    area: scope[0] ?? row.area,
    scope: [...scope],
    roles: ['worker'],
    createdBy: null,
    sessionId: null,
  }
  return {
    ...ctx,
    actor,
    scope: actor.scope,
    audit: (line) => ctx.audit({ ...line, detail: { ...line.detail, handover: row.id, author: row.account_id } }),
  }
}

export const setAsideHandover = defineAction({
  name: 'handover.set_aside',
  input: SetAsideHandover,
  output: TakenHandover,
  run: async (ctx, args): Promise<TakenHandover> => {
    const row = await toDecide(ctx, args.id)
    const emergency = await findOpenEmergency(ctx, row.area)
    const at = { ...NOTE, row: row.id, emergencyId: emergency?.id ?? NO_EMERGENCY, now: ctx.now }
    const set = { state: 'set_aside', note_sealed: await ctx.keys.seal(at, args.reason), ...decided(ctx) }
    await updateHandover(ctx.db, row, set)
    announce(ctx, row, 'set_aside')
    return { id: row.id, state: 'set_aside', answer: null }
  },
})

function decided(ctx: Ctx) {
  return { decided_by: ctx.actor.id, decided_by_name: ctx.actor.name, decided_at: ctx.now }
}

function announce(ctx: Ctx, row: HandoverRecord, what: 'taken' | 'set_aside'): void {
  const detail = { kind: row.kind, author: row.account_id, reason: row.reason }
  ctx.audit({ verb: `handover.${what}`, thing: 'handover', thingId: row.id, area: row.area, detail })
  ctx.emit('handover.decided', { id: row.id })
}

const Decided = z.object({ id: z.uuid() })

/** The worker's phone is told in a grid that the worker covers now, wherever that is; without one the phone asks for its list. */
export async function tellDecided(server: Server, payload: unknown): Promise<void> {
  const { id } = Decided.parse(payload)
  await server.asSystem('handover.tell', async (ctx) => {
    const row = await findHandover(ctx.db, [''], id)
    if (!row || row.state === 'waiting') return
    const grid = await gridToTell(ctx.db, row.account_id, ctx.today, row.area.slice(0, 15))
    if (grid === null) return
    await feedOnce(ctx, {
      grid,
      kind: 'notice',
      id: `handover/${row.id}`,
      urgent: row.state === 'set_aside',
      body: {
        for: row.account_id,
        what: row.state === 'taken' ? 'handover_taken' : 'handover_set_aside',
        handoverId: row.id,
        key: row.key,
        itemKind: row.kind,
        by: row.decided_by,
        byName: row.decided_by_name,
        day: ctx.today,
      },
    })
  })
}
