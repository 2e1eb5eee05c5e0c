/** Workers' phones: registering, contacts, losing and clearing one (SYNC-15, SYNC-16), and what a centre sees of them. */
import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { contains, countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { instantOf } from '@weiwang/domain/core/day'
import { notFound, otherAccount } from '@weiwang/domain/core/problems'
import { RegisteredPhone, RegisterPhone } from '@weiwang/domain/sync/api'
import type { Order } from '@weiwang/domain/sync/api'
import {
  isTooOld,
  orderFor,
  PhoneRow,
  PhoneState,
  ReportFound,
  ReportLost,
  runOutcome,
} from '@weiwang/domain/sync/phones'
import type {
  Contact,
  ListPhones,
  ListTries,
  ListUnsynced,
  MyPhonesAnswer,
  TryRow,
  UnsyncedRow,
} from '@weiwang/domain/sync/phones'
import { ownPhoneHere, phoneCleared, phoneLost } from '@weiwang/domain/sync/push-problems'
import { z } from 'zod'
import { endSession } from '../access/login-store.ts'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import type { Server } from '../core/server.ts'
import { keyOf } from '../core/transaction.ts'
import type { StoredAnswer } from '../core/transaction.ts'
import {
  endContact,
  homeOf,
  listPhones,
  listTries,
  listUnsynced,
  lockPhone,
  noteClearTold,
  noteContact,
  phoneInScope,
  phonesOf,
  putPhone,
  setLost,
  standingOfPhone,
} from './phones-store.ts'
import type { PhoneRecord, StandingRow } from './phones-store.ts'
import { sealKey } from '../core/keys/seal-key.ts'
import { isFromBefore } from './restored.ts'

export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

// ---- Contacts ----------------------------------------------------------------------------------------------------------------

/** How a phone stands: what it is told, and under which keys it files. */
export type Standing = {
  device: string
  accountId: string
  /** What the phone is told, by what it said waits on it; push asks again after it has taken items. */
  order: Order
  /** The order once so many items wait on the phone. */
  orderAt: (waiting: number) => Order
  /** The account's own area, whatever it covers today. */
  home: AreaCode
  /** Under which county this phone's keys lie, for good. */
  county: string
  lostAt: Date | null
}

/** With the run that this contact belongs to; null when the phone never registered. */
export type Touched = Standing & { runAt: Date | null }

type Speaker = Pick<Actor, 'id' | 'sessionId'>

async function standing(
  server: Server,
  actor: Speaker,
  contact: Contact,
  row: StandingRow | null,
  sessionLive: boolean,
): Promise<Standing> {
  const home = row ? { area: row.area, state: row.account_state } : await homeOf(server.jobsPool.db, actor.id)
  if (!home) throw notFound({ thing: 'account' })
  const orderAt = (waiting: number): Order =>
    orderFor({ lost: row !== null && row.state !== 'active', account: home.state, sessionLive }, waiting)
  return {
    device: contact.device,
    accountId: actor.id,
    order: orderAt(contact.waiting),
    orderAt,
    home: home.area,
    county: row?.county ?? (countyOf(home.area) || server.config.root),
    lostAt: row?.lost_at ?? null,
  }
}

/** Somebody else is logged in on this device: nothing is taken as theirs, and nothing of theirs lies down on it. @throws otherAccount */
function sameAccount(actor: Speaker, { account }: { account?: string | undefined }): void {
  if (account !== undefined && account !== actor.id) throw otherAccount({})
}

/** Notes that a phone spoke, at the beginning of its request (case 6). @throws notFound when the account is gone, otherAccount */
export async function touchPhone(server: Server, actor: Speaker, contact: Contact): Promise<Touched> {
  sameAccount(actor, contact)
  const now = server.clock.now()
  const of = { accountId: actor.id, sessionId: actor.sessionId, contact, now }
  const row = await noteContact(server.sharedPool.db, of)
  return { ...(await standing(server, actor, contact, row, true)), runAt: row?.try_at ?? null }
}

/** At the end of a pull; a run without it was broken off. */
export async function contactDone(
  server: Server,
  touched: Touched,
  done: { level?: boolean; bytes: number; items: number },
): Promise<void> {
  const { device, accountId, runAt, order } = touched
  if (runAt === null) return
  const { db } = server.jobsPool
  const now = server.clock.now()
  await endContact(db, { device, accountId, runAt, now, level: false, ...done })
  if (order === 'clear') await noteClearTold(db, device, accountId, now)
}

/**
 * For a push: only looks, also for what stands under the keys of its items, and whether it was made before a restore that its phone
 * had not heard of; the contact is noted with what came of it (pushDone).
 * @throws notFound when the account is gone
 */
export async function lookAtPhone(
  server: Server,
  actor: Speaker,
  contact: Contact,
  { keys = [], sessionLive = true }: { keys?: readonly string[]; sessionLive?: boolean } = {},
): Promise<Standing & { stored: Map<string, StoredAnswer> | undefined; isOld: boolean }> {
  sameAccount(actor, contact)
  const { device } = contact
  const asked = { device, accountId: actor.id, keys: keys.map((key) => keyOf(actor.id, key)) }
  const { row, stored } = await standingOfPhone(server.sharedPool.db, asked)
  const byKey = new Map(
    keys.flatMap((key) => {
      const one = stored.get(keyOf(actor.id, key))
      return one ? [[key, one] as const] : []
    }),
  )
  // Under which county the keys of an unknown phone lie is not known before.
  return {
    ...(await standing(server, actor, contact, row, sessionLive)),
    stored: row ? byKey : undefined,
    isOld: await isFromBefore(server, contact.restoredAt),
  }
}

/**
 * Notes the contact of a push: how many items it brought, and how many still wait on the phone. The phone has its answer meanwhile
 * (SYNC-27), unless it is told to do something, which has to be known of it.
 */
export async function pushDone(
  server: Server,
  actor: Speaker,
  contact: Contact,
  done: { items: number; waiting: number; order: Order },
): Promise<void> {
  const { db } = server.jobsPool
  const now = server.clock.now()
  const oldest = done.waiting === 0 ? null : contact.oldest
  const after = { ...contact, waiting: done.waiting, oldest }
  const of = { accountId: actor.id, sessionId: actor.sessionId, contact: after, now, items: done.items }
  if (done.order === 'none') {
    server.afterwards('a contact of a phone', noteContact(server.sharedPool.db, of, 'unhurried'))
    return
  }
  const row = await noteContact(server.sharedPool.db, of)
  if (row && done.order === 'clear') await noteClearTold(db, contact.device, actor.id, now)
}

// ---- Registering, losing, finding ------------------------------------------------------------------------------------------------

/** SYNC-15: makes this browser a phone of who is logged in. 256 random bits are given once; only their hash is kept. @throws phoneLost */
export const registerPhone = defineAction({
  name: 'phone.register',
  input: RegisterPhone,
  output: RegisteredPhone,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<RegisteredPhone> => {
    sameAccount(ctx.actor, args)
    const home = await homeOf(ctx.db, ctx.actor.id)
    if (!home) throw notFound({ thing: 'account' })
    const secret = randomBytes(32).toString('base64url')
    const put = await putPhone(ctx.db, {
      device: args.device,
      accountId: ctx.actor.id,
      accountName: home.name,
      area: home.area,
      county: countyOf(home.area) || ctx.root,
      name: args.name,
      secretHash: secretHash(secret),
      sessionId: ctx.actor.sessionId,
      app: args.app,
      protocol: args.protocol,
      now: ctx.now,
    })
    if (!put) throw phoneLost({})
    const key = await sealKey(ctx.keys, ctx.db, ctx.now)
    const detail = { account: ctx.actor.id, app: args.app }
    ctx.audit({ verb: 'phone.register', thing: 'phone', thingId: args.device, area: home.area, detail })
    return {
      device: args.device,
      secret,
      sealKey: { id: key.id, point: key.point.toString('base64url') },
      now: ctx.now.toISOString(),
    }
  },
})

/** A worker's own phone, or one in the scope of a centre that may. @throws notFound, notAllowed */
async function phoneInHand(ctx: Ctx, at: { device: string; account: string }) {
  const phone = await lockPhone(ctx.db, at.device, at.account)
  const own = phone?.account_id === ctx.actor.id
  if (!phone || (!own && !ctx.scope.some((area) => contains(area, phone.area)))) throw notFound({ thing: 'phone' })
  if (!own) permit(ctx, 'revoke', { kind: 'phone', area: phone.area })
  return phone
}

/** SYNC-16: its session ends at once; at its next contact it hands in what is sealed and is told to clear. */
export const reportLost = defineAction({
  name: 'phone.lost',
  input: ReportLost,
  output: PhoneRow,
  reach: 'all',
  run: async (ctx, args): Promise<PhoneRow> => {
    const phone = await phoneInHand(ctx, args)
    if (phone.session_id !== null && phone.session_id === ctx.actor.sessionId) throw ownPhoneHere({})
    if (phone.state === 'cleared') throw phoneCleared({})
    if (phone.state === 'active') {
      const by = { id: ctx.actor.id, name: ctx.actor.name, reason: args.reason, now: ctx.now }
      await setLost(ctx.db, { device: args.device, accountId: args.account }, by)
      if (phone.session_id !== null) await endSession(ctx.db, args.account, phone.session_id, ctx.now)
    }
    const detail = { account: args.account, waiting: phone.waiting }
    ctx.audit({
      verb: 'phone.lost',
      thing: 'phone',
      thingId: args.device,
      area: phone.area,
      purpose: args.reason,
      detail,
    })
    return presentOne(ctx, args)
  },
})

/** As long as it has not been cleared. @throws phoneCleared */
export const reportFound = defineAction({
  name: 'phone.found',
  input: ReportFound,
  output: PhoneRow,
  reach: 'all',
  run: async (ctx, args): Promise<PhoneRow> => {
    const phone = await phoneInHand(ctx, args)
    if (phone.state === 'cleared') throw phoneCleared({})
    if (phone.state === 'lost') await setLost(ctx.db, { device: args.device, accountId: args.account }, null)
    const detail = { account: args.account }
    ctx.audit({ verb: 'phone.found', thing: 'phone', thingId: args.device, area: phone.area, detail })
    return presentOne(ctx, args)
  },
})

async function presentOne(ctx: Ctx, at: { device: string; account: string }): Promise<PhoneRow> {
  const row = await lockPhone(ctx.db, at.device, at.account)
  if (!row) throw notFound({ thing: 'phone' })
  const [shown] = await presentPhones(ctx, [row])
  if (!shown) throw notFound({ thing: 'phone' })
  return shown
}

// ---- Lists ------------------------------------------------------------------------------------------------------------------------

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

async function presentPhones(ctx: Ctx, rows: readonly PhoneRecord[]): Promise<PhoneRow[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => ({
    device: row.device,
    account: { id: row.account_id, name: row.account_name },
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    name: row.name,
    app: row.app,
    protocol: row.protocol,
    tooOld: isTooOld(row.protocol),
    state: PhoneState.parse(row.state),
    registeredAt: row.registered_at.toISOString(),
    contactAt: row.contact_at.toISOString(),
    syncedAt: iso(row.synced_at),
    waiting: row.waiting,
    refused: row.refused,
    oldestAt: iso(row.oldest_at),
    clockAhead: row.clock_ahead,
    lostAt: iso(row.lost_at),
    lostBy: row.lost_by_name,
    clearToldAt: iso(row.clear_told_at),
    clearedAt: iso(row.cleared_at),
  }))
}

/** The area asked for, inside the scope, or the whole scope. @throws notFound */
export function areasAsked(ctx: Ctx, area: AreaCode | undefined): readonly AreaCode[] {
  if (area === undefined) return ctx.scope
  if (!ctx.scope.some((own) => contains(own, area))) throw notFound({ thing: 'area' })
  return [area]
}

type Paged<T> = { items: T[]; next: string | null; total: number }

function cut<R, T>(
  rows: readonly R[],
  items: readonly T[],
  limit: number,
  total: number,
  cursor: (row: R) => (string | number)[],
): Paged<T> {
  const last = rows[limit - 1]
  return {
    items: items.slice(0, limit),
    next: rows.length > limit && last !== undefined ? encodeCursor(cursor(last)) : null,
    total,
  }
}

const PhonePlace = z.tuple([z.iso.datetime(), z.uuid(), z.uuid()])

export async function phones(ctx: Ctx, args: ListPhones): Promise<Paged<PhoneRow>> {
  const areas = areasAsked(ctx, args.area)
  permit(ctx, 'read', { kind: 'phone', area: areas[0] ?? '' })
  const silentBefore = args.silentSince === undefined ? null : instantOf(args.silentSince, ctx.zone)
  const filter = { areas, only: args.only, silentBefore }
  const { rows, total } = await listPhones(ctx.db, filter, decodeCursor(PhonePlace, args.cursor), args.limit)
  const items = await presentPhones(ctx, rows)
  return cut(rows, items, args.limit, total, (row) => [row.contact_at.toISOString(), row.device, row.account_id])
}

const Id = z.tuple([z.uuid()])

export async function unsynced(ctx: Ctx, args: ListUnsynced): Promise<Paged<UnsyncedRow>> {
  const areas = areasAsked(ctx, args.area)
  permit(ctx, 'read', { kind: 'phone', area: areas[0] ?? '' })
  const filter = { areas, since: instantOf(args.since, ctx.zone), today: ctx.today, now: ctx.now }
  const { rows, total } = await listUnsynced(ctx.db, filter, decodeCursor(Id, args.cursor)?.[0] ?? null, args.limit)
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const items = rows.map((row) => ({
    account: { id: row.id, name: row.name },
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    phones: row.phones,
    syncedAt: iso(row.synced_at),
    contactAt: iso(row.contact_at),
    tries: row.tries,
    longestMs: row.longest_ms,
    bytes: row.bytes,
  }))
  return cut(rows, items, args.limit, total, (row) => [row.id])
}

/** The phones of who asks, whatever it may see otherwise. */
export async function myPhones(ctx: Ctx): Promise<MyPhonesAnswer> {
  const rows = await phonesOf(ctx.db, ctx.actor.id)
  const items = await presentPhones(ctx, rows)
  return {
    items: items.map((item, i) => ({
      ...item,
      thisOne: ctx.actor.sessionId !== null && rows[i]?.session_id === ctx.actor.sessionId,
    })),
  }
}

const Started = z.tuple([z.iso.datetime()])

export async function tries(ctx: Ctx, args: ListTries): Promise<Paged<TryRow>> {
  const phone = await phoneInScope(ctx.db, ctx.scope, args.device, args.account)
  if (!phone) throw notFound({ thing: 'phone' })
  permit(ctx, 'read', { kind: 'phone', area: phone.area })
  const after = decodeCursor(Started, args.cursor)
  const of = { device: args.device, accountId: args.account }
  const { rows, total } = await listTries(ctx.db, of, after === null ? null : new Date(after[0]), args.limit)
  const items = rows.map((row) => ({
    startedAt: row.started_at.toISOString(),
    ms: row.last_at.getTime() - row.started_at.getTime(),
    requests: row.requests,
    bytes: row.bytes,
    items: row.items,
    outcome: runOutcome({ outcome: row.outcome, lastAt: row.last_at }, ctx.now),
  }))
  return cut(rows, items, args.limit, total, (row) => [row.started_at.toISOString()])
}
