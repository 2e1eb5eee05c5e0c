/**
 * What a phone hands in without a session (SYNC-15): items sealed to the server's key, with the phone's own secret. A forgotten
 * PIN, a closed account, a lost phone or another worker's log-in on the same phone loses nothing (case 37).
 */
import type { Actor } from '@weiwang/domain/access/actor'
import { boundsOf, scopeOf } from '@weiwang/domain/access/roles'
import { PROTOCOL, PROTOCOL_MIN } from '@weiwang/domain/sync/api'
import type { Pushed, PushResult, PushSealed } from '@weiwang/domain/sync/api'
import type { HandoverReason } from '@weiwang/domain/sync/handover'
import type { Contact } from '@weiwang/domain/sync/phones'
import { boxDoesNotOpen, unknownPhone } from '@weiwang/domain/sync/push-problems'
import { knownRoles } from '../access/login-store.ts'
import type { Server } from '../core/server.ts'
import { writeTransaction } from '../core/transaction.ts'
import { lookAtPhone, pushDone, secretHash } from './phones.ts'
import type { Standing } from './phones.ts'
import { findSecret, isCleared, setCleared } from './phones-store.ts'
import type { Secret } from './phones-store.ts'
import { askAgain, pushItems } from './push.ts'
import { lastRestore } from './restored.ts'
import { openBox, sealKey } from '../core/keys/seal-key.ts'

const HEADER = /^Phone ([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/

/** Whose phone speaks, by `authorization: Phone <device>.<secret>`; where a body names a device, by that one. @throws unknownPhone */
export async function phoneOf(server: Server, authorization: string | undefined, device?: string): Promise<Secret> {
  const named = readHeader(authorization, device)
  const now = server.clock.now()
  const found = await findSecret(server.jobsPool.db, named.device, secretHash(named.secret), now, server.clock.today())
  if (!found) throw unknownPhone({})
  return found
}

function readHeader(authorization: string | undefined, device?: string): { device: string; secret: string } {
  const [, named, secret] = HEADER.exec(authorization ?? '') ?? []
  if (named === undefined || secret === undefined || named !== (device ?? named)) throw unknownPhone({})
  return { device: named, secret }
}

/** The phone's account as it stands today, seeing its duties and nothing of a desk. */
function actorOf(phone: Secret): Actor {
  const scope = phone.account_state === 'active' ? scopeOf({ area: phone.area, roles: [] }, phone.duties) : []
  return {
    kind: 'account',
    id: phone.account_id,
    name: phone.name,
    area: boundsOf(scope) ?? '',
    scope,
    roles: knownRoles(phone.roles),
    createdBy: phone.created_by,
    sessionId: null,
  }
}

function lastReason(phone: Secret, { clearing }: PushSealed): HandoverReason | undefined {
  if (phone.account_state !== 'active') return 'account_closed'
  return phone.state === 'lost' || clearing ? 'after_loss' : undefined
}

export async function pushSealed(server: Server, phone: Secret, args: PushSealed, requestId: string): Promise<Pushed> {
  const actor = actorOf(phone)
  const stands = await lookAtPhone(server, actor, args, { sessionLive: phone.session_live })
  if (stands.isOld) return closing(server, actor, args, stands, askAgain(args.items))
  const { items, faults } = await openItems(server, args)
  const reason = lastReason(phone, args)
  const pushed = await pushItems(server, actor, items, {
    device: args.device,
    protocol: args.protocol,
    home: stands.home,
    keyCounty: stands.county,
    requestId,
    last: reason,
    // What was made before the loss is the worker's own work; what came after may be somebody else's.
    only: (item) => {
      if (phone.account_state !== 'active') return 'account_closed'
      return stands.lostAt !== null && item.at >= stands.lostAt ? 'after_loss' : null
    },
  })
  const results = args.items.map(({ key }) => faults.get(key) ?? pushed.shift() ?? unreadable(key))
  return closing(server, actor, args, stands, results)
}

/** Closes the contact of a push: what still waits on the phone, and what it is told then. */
export async function closing(
  server: Server,
  actor: Pick<Actor, 'id' | 'sessionId'>,
  args: Contact,
  stands: Standing,
  results: PushResult[],
): Promise<Pushed> {
  const stays = results.filter((one) => one.outcome === 'later').length
  const waiting = Math.max(0, args.waiting - results.length + stays)
  const order = stands.orderAt(waiting)
  await pushDone(server, actor, args, { items: results.length, waiting, order })
  const { at: restoredAt } = await lastRestore(server)
  const now = server.clock.now().toISOString()
  return { now, protocol: { now: PROTOCOL, min: PROTOCOL_MIN }, order, restoredAt, results }
}

const unreadable = (key: string): PushResult => ({ key, outcome: 'refused', problem: boxDoesNotOpen({}).body })

async function openItems(
  server: Server,
  args: PushSealed,
): Promise<{ items: unknown[]; faults: Map<string, PushResult> }> {
  const key = await sealKey(server.keys, server.jobsPool.db, server.clock.now())
  const items: unknown[] = []
  const faults = new Map<string, PushResult>()
  for (const one of args.items) {
    const text = one.keyId === key.id ? openBox(key, one.key, Buffer.from(one.sealed, 'base64url')) : null
    const item = text === null ? null : parsed(text, one.key)
    if (item === null) faults.set(one.key, unreadable(one.key))
    else items.push(item)
  }
  return { items, faults }
}

/** The box speaks for its own key only. */
function parsed(text: string, key: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value, key } : null
  } catch {
    return null
  }
}

/**
 * SYNC-16: the phone says that its key is destroyed; its secret ends with it. Said again, because the answer was lost, nothing else
 * is done: a phone that is not answered could never wipe itself.
 */
export async function phoneCleared(
  server: Server,
  authorization: string | undefined,
  device: string,
): Promise<{ now: string }> {
  const named = readHeader(authorization, device)
  if (await isCleared(server.jobsPool.db, named.device, secretHash(named.secret)))
    return { now: server.clock.now().toISOString() }
  const phone = await phoneOf(server, authorization, device)
  const actor = { ...actorOf(phone), area: phone.area }
  return writeTransaction(server, actor, { reach: 'all', action: 'phone.cleared', args: null }, async (ctx) => {
    await setCleared(ctx.db, phone.device, phone.account_id, ctx.now)
    const detail = { account: phone.account_id, was: phone.state }
    ctx.audit({ verb: 'phone.cleared', thing: 'phone', thingId: phone.device, area: phone.area, detail })
    return { now: ctx.now.toISOString() }
  })
}
