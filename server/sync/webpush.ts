/** Web push: telling a phone that is not open that there is something new (WAKE-1 to WAKE-4). */
import { dayOf, instantOf, addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { EndWake, mayWake, PutWake, WakeAnswer, wakeOutcome } from '@weiwang/domain/sync/wake'
import type { WakeKey } from '@weiwang/domain/sync/wake'
import { wakeAddress, wakeOff } from '@weiwang/domain/sync/push-problems'
import { outOfQuietHours } from '@weiwang/domain/tasks/due'
import webpush from 'web-push'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Config } from '../core/config.ts'
import type { Ctx } from '../core/ctx.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { lockPhone } from './phones-store.ts'
import {
  countWake,
  deviceOfSession,
  dropWake,
  freshGrids,
  markWoken,
  phonesOfAccounts,
  phonesToWake,
  putWake,
  sweepWakes,
  wakeOf,
} from './webpush-store.ts'

const MINUTE_MS = 60_000
/** How far back is looked for what is new: a run that was missed is made up for. */
const LOOK_BACK_MS = 15 * MINUTE_MS
/** In the first half hour of the day also what came while phones were left alone. */
const MORNING_MS = 30 * MINUTE_MS
const NIGHT_MS = 13 * 60 * MINUTE_MS
const GRIDS_AT_ONCE = 200
const PHONES_AT_ONCE = 2_000
const MOST_ROUNDS = 50
/** A push that could not be handed over after so long says nothing new any more. */
const WORTH_MS = 2 * 60 * MINUTE_MS
const TTL_SECONDS = 4 * 3600
const ANSWER_MS = 10_000
/** So many push services' answers are waited for at the same time; the rest of the queue goes on beside. */
const LANES = 4
const COUNTS_DAYS = 90

const place = (at: { device: string; accountId: string }) => ({
  table: 'phone_wake',
  row: `${at.device}/${at.accountId}`,
  column: 'endpoint_sealed',
})

type Site = Pick<Config, 'vapid' | 'pushHosts'>

/** The action knows whether the site has web push. @throws wakeOff, wakeAddress, notFound when this is no phone of the account */
export function putWakeAction(site: Site) {
  return defineAction({
    name: 'wake.put',
    input: PutWake,
    output: WakeAnswer,
    reach: 'all',
    secret: true,
    run: async (ctx, args) => {
      const { endpoint } = args
      if (site.vapid === null) throw wakeOff({})
      if (!mayWake(endpoint, site.pushHosts)) throw wakeAddress({})
      const device = args.device ?? (await deviceHere(ctx))
      const phone = device === null ? null : await lockPhone(ctx.db, device, ctx.actor.id)
      if (device === null || !phone || phone.state !== 'active') throw notFound({ thing: 'phone' })
      const at = { device, accountId: ctx.actor.id }
      const sealed = await ctx.keys.seal({ emergencyId: NO_EMERGENCY, now: ctx.now, ...place(at) }, endpoint)
      await putWake(ctx.db, { ...at, endpoint: sealed, now: ctx.now })
      ctx.audit({ verb: 'wake.put', thing: 'phone', thingId: device, area: phone.area })
      return { on: true }
    },
  })
}

/** The phone that the session in hand belongs to. */
async function deviceHere(ctx: Ctx): Promise<string | null> {
  return ctx.actor.sessionId === null ? null : deviceOfSession(ctx.db, ctx.actor.id, ctx.actor.sessionId)
}

export async function readWake(ctx: Ctx, site: Site): Promise<z.output<typeof WakeKey>> {
  const device = await deviceHere(ctx)
  const on = device !== null && (await wakeOf(ctx.db, { device, accountId: ctx.actor.id })) !== null
  return { key: site.vapid?.publicKey ?? null, on }
}

export const endWake = defineAction({
  name: 'wake.end',
  input: EndWake,
  output: WakeAnswer,
  reach: 'all',
  run: async (ctx, args) => {
    const device = args.device ?? (await deviceHere(ctx))
    if (device !== null && (await dropWake(ctx.db, { device, accountId: ctx.actor.id })))
      ctx.audit({ verb: 'wake.end', thing: 'phone', thingId: device, area: ctx.actor.area })
    return { on: false }
  },
})

export function isQuiet(now: Date, zone: string): boolean {
  return outOfQuietHours(now, zone).getTime() !== now.getTime()
}

function lookBack(now: Date, zone: string): Date {
  const opens = outOfQuietHours(instantOf(dayOf(now, zone), zone), zone)
  const since = now.getTime() - opens.getTime()
  return new Date(now.getTime() - (since >= 0 && since < MORNING_MS ? NIGHT_MS : LOOK_BACK_MS))
}

function lane(device: string): number {
  return Number.parseInt(device.slice(-1), 16) % LANES
}

/**
 * WAKE-3: each urgent thing wakes a grid's phones once, whatever was killed between: who is to be told goes into the queue in the
 * transaction that says they have been. At night only a red task does.
 */
export async function wakeGrids(server: Server): Promise<void> {
  if (server.config.vapid === null) return
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = await server.asSystem('wake.grids', async (ctx) => {
      const quiet = isQuiet(ctx.now, ctx.zone)
      const grids = await freshGrids(ctx.db, lookBack(ctx.now, ctx.zone), quiet, GRIDS_AT_ONCE)
      await markWoken(ctx.db, grids, ctx.now)
      const codes = grids.map(({ grid }) => grid)
      const phones = codes.length === 0 ? [] : await phonesToWake(ctx.db, codes, ctx.today, PHONES_AT_ONCE)
      wakeAll(ctx, phones)
      return grids.length
    })
    if (found < GRIDS_AT_ONCE) return
  }
}

const Asked = z.object({ accounts: z.array(z.string()) })

/** WAKE-3: a call for help wakes the phones of the desk that was told, at any hour. */
export async function wakeForHelp(server: Server, payload: unknown): Promise<void> {
  if (server.config.vapid === null) return
  const { accounts } = Asked.parse(payload)
  await server.asSystem('wake.help', async (ctx) => {
    wakeAll(ctx, await phonesOfAccounts(ctx.db, accounts, PHONES_AT_ONCE))
  })
}

/** Into the queue, with the transaction that says that they have been told. */
function wakeAll(ctx: Ctx, phones: readonly { device: string; accountId: string }[]): void {
  const until = new Date(ctx.now.getTime() + WORTH_MS).toISOString()
  for (const { device, accountId } of phones)
    ctx.emit(
      'phone.wake',
      { device, accountId, until },
      { key: `${device}/${accountId}`, queue: `webpush-${lane(device)}` },
    )
}

export const Wake = z.object({ device: z.string(), accountId: z.string(), until: z.iso.datetime() })

/** WAKE-1: an empty message. Nothing that could be read travels, so no key of the phone is needed either. */
async function post(vapid: NonNullable<Config['vapid']>, endpoint: string): Promise<number> {
  const request = webpush.generateRequestDetails({ endpoint, keys: { p256dh: '', auth: '' } }, null, {
    TTL: TTL_SECONDS,
    urgency: 'high',
    topic: 'weiwang',
    vapidDetails: vapid,
  })
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  delete headers['Content-Length']
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  await answer.body?.cancel()
  return answer.status
}

/** WAKE-4: what is gone is forgotten; what is busy is tried again by the queue until it says nothing new any more. */
export async function wakePhone(server: Server, payload: unknown): Promise<void> {
  const { vapid, pushHosts } = server.config
  const { device, accountId, until } = Wake.parse(payload)
  const now = server.clock.now()
  if (vapid === null || now.getTime() > new Date(until).getTime()) return
  const at = { device, accountId }
  const sealed = await server.asSystem('wake.phone', (ctx) => wakeOf(ctx.db, at))
  if (!sealed) return
  const endpoint = await server.keys.open(place(at), sealed)
  // A site that no longer names a host does not write to it.
  const status = mayWake(endpoint, pushHosts) ? await post(vapid, endpoint) : 410
  switch (wakeOutcome(status)) {
    case 'told': {
      const day = dayOf(now, server.clock.zone)
      const night = isQuiet(now, server.clock.zone)
      return server.asSystem('wake.told', (ctx) => countWake(ctx.db, { ...at, day, night, now }))
    }
    case 'gone':
      await server.asSystem('wake.gone', (ctx) => dropWake(ctx.db, at))
      return
    case 'again':
      throw new Error(`the push service answered ${status}`)
    case 'refused':
      server.log.warn({ status, host: new URL(endpoint).hostname }, 'the push service refused; check the VAPID keys')
  }
}

export async function sweep(server: Server): Promise<void> {
  await server.asSystem('wake.sweep', (ctx) => sweepWakes(ctx.db, addDays(ctx.today, -COUNTS_DAYS)))
}
