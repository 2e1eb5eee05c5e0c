import { isCentre } from '@weiwang/domain/access/roles'
import { loginFailed, totpAlready } from '@weiwang/domain/access/problems'
import type { Actor } from '@weiwang/domain/access/actor'
import { Secret, TOTP } from 'otpauth'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Keyring } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { writeTransaction } from '../core/transaction.ts'
import { confirmTotp, findTotp, setTotp, takeRecoveryCode, takeTotpStep, totpIsOn } from './login-store.ts'

/** ACCESS-15, the second factor: RFC 6238 with SHA-1, six digits, 30 seconds, as every authenticator knows it. */
const PERIOD_SECONDS = 30
/** One step of difference either way between the clocks. */
const WINDOW = 1
export const RECOVERY_CODES = 10

function totpOf(secret: Secret, label: string): TOTP {
  return new TOTP({ issuer: 'Weiwang', label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret })
}

/** Authenticators run on real time, also while an exercise runs on another day. */
function realTime(): number {
  return Date.now()
}

/** The step that these digits belong to, or null. */
function stepOf(secret: string, digits: string): number | null {
  const delta = totpOf(Secret.fromBase32(secret), '').validate({ token: digits, window: WINDOW, timestamp: realTime() })
  return delta === null ? null : Math.floor(realTime() / 1000 / PERIOD_SECONDS) + delta
}

export function recoveryHash(keys: Keyring, accountId: string, code: string): Buffer {
  return keys.hash('code', `recovery\u0000${accountId}\u0000${code}`)
}

async function secretOf(server: Server, accountId: string): Promise<{ secret: string; confirmed: boolean } | null> {
  const row = await findTotp(server.jobsPool.db, accountId)
  if (!row) return null
  const secret = await server.keys.open({ table: 'account_secret', row: accountId, column: 'totp' }, row.sealed)
  return { secret, confirmed: row.confirmedAt !== null }
}

/** Six digits of the authenticator, each step once, or one of the recovery codes, each once. */
export async function checkSecondFactor(server: Server, accountId: string, code: string): Promise<boolean> {
  const text = code.normalize('NFKC').toUpperCase().replace(/[\s-]/gu, '')
  if (!/^\d{6}$/.test(text)) {
    const hash = recoveryHash(server.keys, accountId, text)
    return server.asSystem('login.recovery_code', (ctx) => takeRecoveryCode(ctx.db, accountId, hash, ctx.now))
  }
  const found = await secretOf(server, accountId)
  const step = found?.confirmed ? stepOf(found.secret, text) : null
  if (step === null) return false
  return server.asSystem('login.totp', (ctx) => takeTotpStep(ctx.db, accountId, step))
}

/** A new secret; it is not in force until six digits made from it come back. */
export async function enrolTotp(server: Server, actor: Actor): Promise<{ secret: string; uri: string }> {
  const now = await secretOf(server, actor.id)
  if (now?.confirmed && (await totpIsOn(server.jobsPool.db, actor.id))) throw totpAlready({})
  const secret = new Secret({ size: 20 })
  await writeTransaction(server, actor, { reach: 'all', action: 'totp.enrol', args: null }, async (ctx) => {
    const sealed = await ctx.keys.seal(
      { emergencyId: NO_EMERGENCY, now: ctx.now, table: 'account_secret', row: actor.id, column: 'totp' },
      secret.base32,
    )
    await setTotp(ctx.db, actor.id, sealed, ctx.now)
    ctx.audit({ verb: 'totp.enrol', thing: 'account', thingId: actor.id, area: actor.area || ctx.root })
  })
  return { secret: secret.base32, uri: totpOf(secret, actor.name).toString() }
}

/** Puts the second factor in force. `codes` are shown once; only their hashes are kept. */
export async function putTotpInForce(
  server: Server,
  actor: Actor,
  digits: string,
  codes: readonly string[],
): Promise<void> {
  const found = await secretOf(server, actor.id)
  if (found?.confirmed && (await totpIsOn(server.jobsPool.db, actor.id))) throw totpAlready({})
  const step = found ? stepOf(found.secret, digits.trim()) : null
  if (step === null) throw loginFailed({}, 'code')
  await writeTransaction(server, actor, { reach: 'all', action: 'totp.confirm', args: null }, async (ctx) => {
    if (!(await takeTotpStep(ctx.db, actor.id, step))) throw loginFailed({}, 'code')
    await confirmTotp(
      ctx.db,
      actor.id,
      ctx.now,
      codes.map((code) => recoveryHash(ctx.keys, actor.id, code)),
    )
    ctx.audit({ verb: 'totp.confirm', thing: 'account', thingId: actor.id, area: actor.area || ctx.root })
  })
}

/** A desk without a second factor is asked to enrol one. */
export function totpAdvised(roles: Actor['roles'], on: boolean): boolean {
  return isCentre(roles) && !on
}
