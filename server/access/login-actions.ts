import { randomInt, timingSafeEqual } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import {
  CODE_DIGITS,
  CODE_LIMITS,
  CODE_MINUTES,
  CODE_TRIES,
  HAND_OVER_ALPHABET,
  HAND_OVER_HOURS,
  HAND_OVER_LENGTH,
  passwordFault,
  sessionHours,
} from '@weiwang/domain/access/login'
import type { SessionLevel } from '@weiwang/domain/access/login'
import { maskPhone } from '@weiwang/domain/access/mask'
import { normalisePhone } from '@weiwang/domain/access/phone'
import { badPhone, loginFailed, tooManyTries, weakPassword } from '@weiwang/domain/access/problems'
import { hash, verify } from '@node-rs/argon2'
import type { Ctx } from '../core/ctx.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Keyring } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { newId, writeTransaction } from '../core/transaction.ts'
import {
  activateAccount,
  countCodes,
  countWrongCode,
  endSession,
  failuresOf,
  findLogin,
  insertCode,
  insertRecovery,
  insertSession,
  insertTries,
  lockCode,
  lockSubjects,
  setPasswordHash,
  useCode,
} from './login-store.ts'
import type { Login } from './login-store.ts'
import { halfOpen, hashToken, newToken, secondFactorMissing } from './session.ts'
import { checkSecondFactor } from './totp.ts'
import { reserveTry, tryWorked } from './tries.ts'

/** Where a request came from; `device` is what its owner calls it. */
export type Caller = { address: string; agent: string; device: string }
export type Opened = { token: string; expiresAt: Date; next: 'done' | 'totp' | 'enrol' }

/** An argon2id hash of nothing anybody knows: verified when there is no account, so that both answers take the same work. */
const DUMMY = '$argon2id$v=19$m=19456,t=2,p=1$U0gycZqxVGUqtzHgnlzbgw$AdlA8vj4xPvN3kJuNhIypN6IOMtlweMoWJQYZmNdYiM'

/** argon2id with 19 MiB, 2 passes, 1 lane (the library's and OWASP's figures): about 50 ms here. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'))
}

export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const right = await verify(stored ?? DUMMY, password.normalize('NFC'))
  return right && stored !== null
}

/** A phone as +country and digits, anything else as a login name in lower case. */
function identifierOf(text: string): string {
  return normalisePhone(text) ?? text.trim().toLowerCase()
}

async function lookUp(server: Server, identifier: string): Promise<Login | null> {
  const phoneHash = server.keys.hash('account_phone', identifier)
  return findLogin(server.jobsPool.db, { phoneHash, login: identifier })
}

export function actorOf(account: Pick<Login, 'id' | 'name' | 'area' | 'roles' | 'createdBy'>): Actor {
  const { id, name, area, roles, createdBy } = account
  return { kind: 'account', id, name, area, scope: [area], roles, createdBy, sessionId: null }
}

type Way = 'password' | 'code' | 'activation' | 'totp'

const NEXT = { full: 'done', needs_totp: 'totp', needs_enrolment: 'enrol' } as const

function levelOf(server: Server, account: Login, way: Way): SessionLevel {
  if (account.totp && way !== 'totp') return 'needs_totp'
  return secondFactorMissing(server, account) ? 'needs_enrolment' : 'full'
}

/** Writes the session and its audit line. With a second factor still to come, or to be enrolled, it is half open and short. */
export async function openSession(
  server: Server,
  account: Login,
  caller: Caller,
  way: Way,
  before?: (ctx: Ctx) => Promise<void>,
): Promise<Opened> {
  const level = levelOf(server, account, way)
  const token = newToken()
  const expiresAt = await writeTransaction(
    server,
    actorOf(account),
    { reach: 'all', action: 'login', args: null },
    async (ctx) => {
      if (before) await before(ctx)
      const end = new Date(ctx.now.getTime() + sessionHours(account.roles, level) * 3_600_000)
      await insertSession(ctx.db, {
        id: newId(ctx.now),
        tokenHash: hashToken(token),
        accountId: account.id,
        level,
        device: caller.device === '' ? null : { id: newId(ctx.now), name: caller.device },
        agent: caller.agent,
        now: ctx.now,
        expiresAt: end,
      })
      ctx.audit({
        verb: level === 'full' ? 'login' : 'login.first_factor',
        thing: 'account',
        thingId: account.id,
        area: account.area,
        detail: { way },
      })
      return end
    },
  )
  return { token, expiresAt, next: NEXT[level] }
}

/** ACCESS-12: one answer and one amount of work for a wrong password, an unknown, a locked and a closed account. */
export async function logIn(
  server: Server,
  args: { identifier: string; password: string },
  caller: Caller,
): Promise<Opened> {
  const identifier = identifierOf(args.identifier)
  const made = await reserveTry(server, identifier, caller.address)
  const account = await lookUp(server, identifier)
  const usable = account?.state === 'active' ? account : null
  const right = await verifyPassword(usable?.passwordHash ?? null, args.password)
  if (!usable || !right) throw loginFailed({})
  await tryWorked(server, made)
  return openSession(server, usable, caller, 'password')
}

// ---- One-time codes ------------------------------------------------------------------------------------------------------

export function codeHash(keys: Keyring, id: string, code: string): Buffer {
  return keys.hash('code', `${id}\u0000${code}`)
}

/** Letters and digits as people copy them from paper: case, blanks and dashes do not matter. */
export function plainCode(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[\s-]/gu, '')
}

export function randomText(length: number): string {
  return Array.from({ length }, () => HAND_OVER_ALPHABET[randomInt(HAND_OVER_ALPHABET.length)] ?? '').join('')
}

function phoneOrThrow(text: string): string {
  const phone = normalisePhone(text)
  if (phone === null) throw badPhone({ value: '' }, 'phone')
  return phone
}

export type Asked = { sent: true; minutes: number; digits: number }

/**
 * ACCESS-12: a code is made for every number and the queue decides whether there is somebody to send it to, so that neither
 * the answer nor its time tells which numbers have accounts.
 */
export async function askCode(
  server: Server,
  phoneText: string,
  purpose: 'login' | 'activate' | 'resident',
  caller: Caller,
): Promise<Asked> {
  const phone = phoneOrThrow(phoneText)
  const target = server.keys.hash('account_phone', phone)
  const door = server.keys.hash('subject', `codes\u0000${caller.address}`)
  const wait = await server.asSystem('login.code', async (ctx) => {
    await lockSubjects(ctx.db, [target, door])
    const ago = (seconds: number): Date => new Date(ctx.now.getTime() - seconds * 1000)
    const { minute, day, address } = CODE_LIMITS
    if ((await countCodes(ctx.db, target, ago(minute.windowSeconds))) >= minute.most) return minute.windowSeconds
    if ((await countCodes(ctx.db, target, ago(day.windowSeconds))) >= day.most) return 3600
    if ((await failuresOf(ctx.db, door, ago(address.windowSeconds), false)).count >= address.most) return 3600
    await insertTries(ctx.db, [door], newId(ctx.now), ctx.now)
    const id = newId(ctx.now)
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
    const sealed = await ctx.keys.seal(
      { emergencyId: NO_EMERGENCY, now: ctx.now, table: 'one_time_code', row: id, column: 'sealed' },
      JSON.stringify({ to: phone, code }),
    )
    await insertCode(ctx.db, {
      id,
      target,
      purpose,
      hash: codeHash(ctx.keys, id, code),
      sealed,
      now: ctx.now,
      expiresAt: new Date(ctx.now.getTime() + CODE_MINUTES * 60_000),
    })
    ctx.emit('access.code', { id })
    return 0
  })
  if (wait > 0) throw tooManyTries({ seconds: wait })
  return { sent: true, minutes: CODE_MINUTES, digits: CODE_DIGITS }
}

/** Uses a code up, or counts a wrong one; both commit. */
export async function takeCode(
  server: Server,
  target: Buffer,
  purpose: 'login' | 'activate' | 'resident' | 'hand_over',
  code: string,
): Promise<boolean> {
  return server.asSystem('login.code', async (ctx) => {
    const row = await lockCode(ctx.db, target, purpose, ctx.now, CODE_TRIES)
    if (!row) return false
    if (!timingSafeEqual(codeHash(ctx.keys, row.id, plainCode(code)), row.hash)) {
      await countWrongCode(ctx.db, row.id)
      return false
    }
    await useCode(ctx.db, row.id, ctx.now)
    return true
  })
}

export async function logInByCode(
  server: Server,
  args: { phone: string; code: string },
  caller: Caller,
): Promise<Opened> {
  const phone = phoneOrThrow(args.phone)
  const made = await reserveTry(server, phone, caller.address)
  const right = await takeCode(server, server.keys.hash('account_phone', phone), 'login', args.code)
  const account = await lookUp(server, phone)
  if (!right || account?.state !== 'active') throw loginFailed({})
  await tryWorked(server, made)
  return openSession(server, account, caller, 'code')
}

/**
 * ACCESS-22: a resident proves the number and is in; who has no account gets one of the role resident, of no area and no duty, which
 * sees what its number answers for. Nothing told before the code was right says whether there was one.
 * @param open makes the account; access alone knows when something personal may be collected
 */
export async function logInResident(
  server: Server,
  args: { phone: string; code: string },
  open: (phone: string) => Promise<void>,
  caller: Caller,
): Promise<Opened> {
  const phone = phoneOrThrow(args.phone)
  const made = await reserveTry(server, phone, caller.address)
  const right = await takeCode(server, server.keys.hash('account_phone', phone), 'resident', args.code)
  if (!right) throw loginFailed({})
  await open(phone)
  const account = await lookUp(server, phone)
  if (account?.state !== 'active') throw loginFailed({})
  await tryWorked(server, made)
  return openSession(server, account, caller, 'code')
}

export async function completeTotp(server: Server, token: string, code: string, caller: Caller): Promise<Opened> {
  const now = server.clock.now()
  const half = await halfOpen(server, token, now)
  if (!half) throw loginFailed({})
  const made = await reserveTry(server, `totp\u0000${half.account.id}`, caller.address)
  if (!(await checkSecondFactor(server, half.account.id, code))) throw loginFailed({})
  await tryWorked(server, made)
  const account = { ...half.account, passwordHash: null }
  return openSession(server, account, caller, 'totp', async (ctx) => {
    await endSession(ctx.db, account.id, half.sessionId, ctx.now)
  })
}

// ---- Activation and recovery ---------------------------------------------------------------------------------------------

export function handOverTarget(keys: Keyring, accountId: string): Buffer {
  return keys.hash('subject', `hand_over\u0000${accountId}`)
}

/** A code to give somebody by hand who has no phone to send it to; the newest one counts, for 24 hours. */
export async function makeHandOver(ctx: Ctx, accountId: string): Promise<{ code: string; until: Date }> {
  const id = newId(ctx.now)
  const code = randomText(HAND_OVER_LENGTH)
  const until = new Date(ctx.now.getTime() + HAND_OVER_HOURS * 3_600_000)
  await insertCode(ctx.db, {
    id,
    target: handOverTarget(ctx.keys, accountId),
    purpose: 'hand_over',
    hash: codeHash(ctx.keys, id, code),
    sealed: null,
    now: ctx.now,
    expiresAt: until,
  })
  return { code, until }
}

export function checkPassword(password: string, known: readonly string[]): void {
  const why = passwordFault(password, known)
  if (why !== null) throw weakPassword({ why }, 'password')
}

/** ACCESS-16: someone on the roster proves the number (or brings the code handed over) and chooses a password. */
export async function activate(
  server: Server,
  args: { identifier: string; code: string; password: string },
  caller: Caller,
): Promise<Opened> {
  const identifier = identifierOf(args.identifier)
  checkPassword(args.password, [identifier, identifier.replace(/^\+86/, '')])
  const made = await reserveTry(server, identifier, caller.address)
  const account = await lookUp(server, identifier)
  const phone = normalisePhone(args.identifier)
  const passwordHash = await hashPassword(args.password)
  const target =
    phone === null ? handOverTarget(server.keys, account?.id ?? NO_EMERGENCY) : server.keys.hash('account_phone', phone)
  const right = await takeCode(server, target, phone === null ? 'hand_over' : 'activate', args.code)
  if (!right || account?.state !== 'roster') throw loginFailed({})
  await tryWorked(server, made)
  return openSession(server, account, caller, 'activation', async (ctx) => {
    await setPasswordHash(ctx.db, account.id, passwordHash, ctx.now)
    await activateAccount(ctx.db, account.id, ctx.now)
    ctx.audit({ verb: 'account.activate', thing: 'account', thingId: account.id, area: account.area })
  })
}

export type RecoveryAsk = {
  identifier: string
  kind: 'password' | 'totp' | 'phone'
  reason: string
  newPhone?: string | undefined
}

/** ACCESS-11: written for the centre above when there is such an account; the answer does not tell. */
export async function askRecovery(server: Server, args: RecoveryAsk, caller: Caller): Promise<void> {
  const newPhone = args.kind === 'phone' || args.newPhone !== undefined ? phoneOrThrow(args.newPhone ?? '') : null
  const identifier = identifierOf(args.identifier)
  await reserveTry(server, `recovery\u0000${identifier}`, caller.address)
  const account = await lookUp(server, identifier)
  const usable = account?.state === 'active' || account?.state === 'locked' ? account : null
  await server.asSystem('recovery.ask', async (ctx) => {
    const id = newId(ctx.now)
    // Sealed in both cases: the work is the same.
    const sealed = await ctx.keys.seal(
      { emergencyId: NO_EMERGENCY, now: ctx.now, table: 'recovery', row: id, column: 'phone_sealed' },
      newPhone ?? '',
    )
    if (!usable) return
    const phone =
      newPhone === null ? null : { sealed, hash: ctx.keys.hash('account_phone', newPhone), masked: maskPhone(newPhone) }
    await insertRecovery(ctx.db, {
      id,
      accountId: usable.id,
      area: usable.area,
      kind: args.kind,
      reason: args.reason,
      phone,
      now: ctx.now,
    })
    ctx.audit({
      verb: 'recovery.ask',
      thing: 'account',
      thingId: usable.id,
      area: usable.area,
      detail: { kind: args.kind },
    })
  })
}
