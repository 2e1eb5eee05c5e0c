import { ChangeLang, EndMySession, EndOthers, ReadNotices } from '@weiwang/domain/access/api'
import type { EndedSessions, Me, SessionItem } from '@weiwang/domain/access/api'
import type { Actor } from '@weiwang/domain/access/actor'
import { loginFailed } from '@weiwang/domain/access/problems'
import { notFound } from '@weiwang/domain/core/problems'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { writeTransaction } from '../core/transaction.ts'
import { isExercise } from './emergency-actions.ts'
import { checkPassword, hashPassword, randomText, verifyPassword } from './login-actions.ts'
import { endSession, endSessions, loginById, readNotices, setLang, setPasswordHash } from './login-store.ts'
import type { ShownSession } from './login-store.ts'
import { areaNames, findOpenEmergency } from './store.ts'
import { enrolTotp, putTotpInForce, RECOVERY_CODES, totpAdvised } from './totp.ts'
import { reserveTry, tryWorked } from './tries.ts'

/** Audit lines about oneself lie in one's own area, also for who has no scope today. */
function homeOf(ctx: Ctx): string {
  return ctx.actor.area || ctx.root
}

export async function presentMe(ctx: Ctx): Promise<z.infer<typeof Me>> {
  const { actor } = ctx
  const account = actor.kind === 'account' ? await loginById(ctx.db, actor.id) : null
  const area = account?.area ?? actor.area
  const names = await areaNames(ctx.db, [area, ...ctx.scope])
  const emergency = ctx.scope.length === 0 ? null : await findOpenEmergency(ctx, ctx.scope[0] ?? area)
  return {
    id: actor.id,
    name: actor.name,
    area,
    areaName: names.get(area) ?? area,
    scope: ctx.scope.map((code) => ({ area: code, name: names.get(code) ?? code })),
    roles: actor.roles,
    createdBy: actor.createdBy,
    lang: account?.lang ?? 'zh',
    totp: account?.totp ?? false,
    totpAdvised: totpAdvised(actor.roles, account?.totp ?? false),
    sessionId: actor.sessionId,
    now: ctx.now.toISOString(),
    today: ctx.today,
    zone: ctx.zone,
    exercise: await isExercise(ctx),
    emergency: emergency ? { id: emergency.id, name: emergency.name, starts: emergency.starts } : null,
  }
}

export function presentSession(row: ShownSession, mine: string | null): z.infer<typeof SessionItem> {
  return {
    id: row.id,
    device: row.device,
    agent: row.agent,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    mine: row.id === mine,
  }
}

export const endMySession = defineAction({
  name: 'me.end_session',
  input: EndMySession,
  reach: 'all',
  run: async (ctx, { id }): Promise<z.infer<typeof EndedSessions>> => {
    const ended = await endSession(ctx.db, ctx.actor.id, id, ctx.now)
    if (ended === 0) throw notFound({ thing: 'session' })
    ctx.audit({ verb: 'me.end_session', thing: 'session', thingId: id, area: homeOf(ctx) })
    return { ended }
  },
})

export const endOtherSessions = defineAction({
  name: 'me.end_other_sessions',
  input: EndOthers,
  reach: 'all',
  run: async (ctx): Promise<z.infer<typeof EndedSessions>> => {
    const ended = await endSessions(ctx.db, ctx.actor.id, ctx.now, ctx.actor.sessionId)
    ctx.audit({ verb: 'me.end_other_sessions', thing: 'session', thingId: '', area: homeOf(ctx), detail: { ended } })
    return { ended }
  },
})

export const changeLang = defineAction({
  name: 'me.lang',
  input: ChangeLang,
  reach: 'all',
  run: async (ctx, { lang }): Promise<{ done: true }> => {
    await setLang(ctx.db, ctx.actor.id, lang, ctx.now)
    ctx.audit({ verb: 'me.lang', thing: 'account', thingId: ctx.actor.id, area: homeOf(ctx) })
    return { done: true }
  },
})

export const markNoticesRead = defineAction({
  name: 'me.notices_read',
  input: ReadNotices,
  reach: 'all',
  run: async (ctx, { upTo }): Promise<{ done: true }> => {
    const n = await readNotices(ctx.db, ctx.actor.id, upTo, ctx.now)
    ctx.audit({ verb: 'me.notices_read', thing: 'account', thingId: ctx.actor.id, area: homeOf(ctx), detail: { n } })
    return { done: true }
  },
})

export async function logOut(server: Server, actor: Actor): Promise<void> {
  await writeTransaction(server, actor, { reach: 'all', action: 'logout', args: null }, async (ctx) => {
    if (actor.sessionId !== null) await endSession(ctx.db, actor.id, actor.sessionId, ctx.now)
    ctx.audit({ verb: 'logout', thing: 'account', thingId: actor.id, area: homeOf(ctx) })
  })
}

// What follows answers or takes secrets: never under an idempotency key, which would keep them.

/** The password once more, before anything that could lock its owner out. */
async function proveItsMe(server: Server, actor: Actor, password: string, address: string): Promise<void> {
  const made = await reserveTry(server, `me\u0000${actor.id}`, address)
  const account = await loginById(server.jobsPool.db, actor.id)
  if (!(await verifyPassword(account?.passwordHash ?? null, password))) throw loginFailed({}, 'password')
  await tryWorked(server, made)
}

/** ACCESS-14. Every other session ends: whoever knew the old password is out. */
export async function changePassword(
  server: Server,
  actor: Actor,
  args: { old: string; password: string },
  address: string,
): Promise<void> {
  checkPassword(args.password, [])
  await proveItsMe(server, actor, args.old, address)
  const passwordHash = await hashPassword(args.password)
  await writeTransaction(server, actor, { reach: 'all', action: 'me.password', args: null }, async (ctx) => {
    await setPasswordHash(ctx.db, actor.id, passwordHash, ctx.now)
    await endSessions(ctx.db, actor.id, ctx.now, actor.sessionId)
    ctx.audit({ verb: 'me.password', thing: 'account', thingId: actor.id, area: homeOf(ctx) })
  })
}

export async function enrol(
  server: Server,
  actor: Actor,
  password: string,
  address: string,
): Promise<{ secret: string; uri: string }> {
  await proveItsMe(server, actor, password, address)
  return enrolTotp(server, actor)
}

const HALF = 5

/** @returns the recovery codes, shown this once */
export async function confirmEnrolment(
  server: Server,
  actor: Actor,
  digits: string,
  address: string,
): Promise<string[]> {
  const made = await reserveTry(server, `enrol\u0000${actor.id}`, address)
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomText(HALF * 2))
  await putTotpInForce(server, actor, digits, codes)
  await tryWorked(server, made)
  return codes.map((code) => `${code.slice(0, HALF)}-${code.slice(HALF)}`)
}
