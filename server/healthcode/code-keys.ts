/**
 * The keys that sign codes (CODE-17): made at the first start, the private part sealed, replaced by a timer long before the end
 * with an overlap in which both are known everywhere, revoked for good.
 */
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { toHex } from '@weiwang/domain/healthcode/bytes'
import type { Bytes } from '@weiwang/domain/healthcode/bytes'
import { lower } from '@weiwang/domain/healthcode/point'
import { noSuchKey } from '@weiwang/domain/healthcode/code-problems'
import type { GateKey } from '@weiwang/domain/healthcode/verify'
import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import type { CodeKey } from '../core/db/types.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'

const DAY_MS = 86_400_000
/** How long a key signs; how long before it signs it is announced; how long codes signed on its last day may still hold. */
export const SIGNS_DAYS = 30
export const ANNOUNCED_DAYS = 7
export const HOLDS_DAYS = 10
/** An ended key is told to gates for so long, with its end: they refuse its codes by the date and not as unknown. */
const TOLD_DAYS = 60

export type KeyRow = Selectable<CodeKey>

/** The point of a public key, 65 bytes: the end of its SubjectPublicKeyInfo. */
export function pointOf(publicKey: KeyObject): Bytes {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return Uint8Array.from(der.subarray(der.length - 65))
}

async function makeKey(ctx: Ctx, signFrom: Date): Promise<KeyRow> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const point = pointOf(publicKey)
  const kid = createHash('sha256').update(point).digest().subarray(0, 4)
  const place = { table: 'code_key', row: toHex(kid), column: 'private_sealed' }
  const text = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  const signUntil = new Date(signFrom.getTime() + SIGNS_DAYS * DAY_MS)
  const row = await ctx.db
    .insertInto('code_key')
    .values({
      kid,
      public_key: Buffer.from(point),
      private_sealed: await ctx.keys.seal({ emergencyId: NO_EMERGENCY, now: ctx.now, ...place }, text),
      made_at: ctx.now,
      sign_from: signFrom,
      sign_until: signUntil,
      until_at: new Date(signUntil.getTime() + HOLDS_DAYS * DAY_MS),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  ctx.audit({
    verb: 'code_key.make',
    thing: 'code_key',
    thingId: toHex(kid),
    area: ctx.root,
    detail: { signsFrom: signFrom.toISOString() },
  })
  return row
}

async function lockKeys(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('weiwang.code_key'))`.execute(db)
}

/** Keys that gates should know: not long ended, revoked ones included (they must stay revoked). */
export async function toldKeys(db: Db, now: Date): Promise<KeyRow[]> {
  return db
    .selectFrom('code_key')
    .selectAll()
    .where('until_at', '>', new Date(now.getTime() - TOLD_DAYS * DAY_MS))
    .orderBy('sign_from')
    .execute()
}

const signs = (key: KeyRow, at: Date): boolean => key.revoked_at === null && key.sign_from <= at && at < key.sign_until

/**
 * What the timer, the first start and `code rotate` do: sees that a key signs now and that the next one is known in time.
 * @param rotate a new key even where none is due; it signs once every gate has had the time to learn it
 */
export async function keepKeys(ctx: Ctx, rotate = false): Promise<KeyRow[]> {
  await lockKeys(ctx.db)
  const keys = (await toldKeys(ctx.db, ctx.now)).filter((key) => key.revoked_at === null)
  const current = keys.find((key) => signs(key, ctx.now))
  const made: KeyRow[] = []
  if (!current) {
    // Nothing signs: at the first start, or after a revocation. Gates that are offline meanwhile check by hand (CODE-8).
    const next = keys.find((key) => key.sign_from > ctx.now)
    if (next) {
      await ctx.db.updateTable('code_key').set({ sign_from: ctx.now }).where('kid', '=', next.kid).execute()
      return [next]
    }
    made.push(await makeKey(ctx, ctx.now))
    return made
  }
  const announced = keys.some((key) => key.sign_from > ctx.now)
  const soon = new Date(ctx.now.getTime() + ANNOUNCED_DAYS * DAY_MS)
  if (!announced && (rotate || current.sign_until <= soon)) {
    const from = current.sign_until <= soon ? current.sign_until : soon
    made.push(await makeKey(ctx, from))
    if (from < current.sign_until)
      await ctx.db.updateTable('code_key').set({ sign_until: from }).where('kid', '=', current.kid).execute()
  }
  return made
}

/** CODE-17: for good; every code signed with it is refused at every gate that hears of it. @throws noSuchKey */
export async function revokeKey(ctx: Ctx, kid: string, reason: string): Promise<void> {
  await lockKeys(ctx.db)
  const revoked = await ctx.db
    .updateTable('code_key')
    .set({ revoked_at: ctx.now, reason, revoked_by: actorId(ctx) })
    .where('kid', '=', Buffer.from(kid, 'hex'))
    .where('revoked_at', 'is', null)
    .returning('kid')
    .executeTakeFirst()
  const known =
    revoked ??
    (await ctx.db.selectFrom('code_key').select('kid').where('kid', '=', Buffer.from(kid, 'hex')).executeTakeFirst())
  if (!known) throw noSuchKey({ kid })
  if (revoked) ctx.audit({ verb: 'code_key.revoke', thing: 'code_key', thingId: kid, area: ctx.root, purpose: reason })
  await keepKeys(ctx)
}

/** `signNow` does not wait: for signing many in a row. */
export type Signer = { kid: Bytes; signNow: (data: Uint8Array) => Uint8Array; holdsUntil: Date; signsUntil: Date }

const signers = new WeakMap<Server['keys'], Map<string, KeyObject>>()

type SigningKey = { key: KeyObject; dsaEncoding: 'ieee-p1363' }

/** ES256 with the lower s. */
function signLow(key: SigningKey, data: Uint8Array): Uint8Array {
  const signature = sign('sha256', data, key)
  lower(signature)
  return signature
}

/** The key that signs now, opened once a process. */
export async function currentSigner(ctx: Ctx): Promise<Signer> {
  const key = (await toldKeys(ctx.db, ctx.now)).findLast((one) => signs(one, ctx.now)) ?? (await keepKeys(ctx))[0]
  if (!key) throw new Error('no key signs codes')
  const kid = toHex(key.kid)
  const opened = signers.get(ctx.keys) ?? new Map<string, KeyObject>()
  signers.set(ctx.keys, opened)
  let privateKey = opened.get(kid)
  if (!privateKey) {
    const text = await ctx.keys.open({ table: 'code_key', row: kid, column: 'private_sealed' }, key.private_sealed)
    privateKey = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })
    opened.set(kid, privateKey)
  }
  const signing: SigningKey = { key: privateKey, dsaEncoding: 'ieee-p1363' }
  return {
    kid: Uint8Array.from(key.kid),
    signNow: (data) => signLow(signing, data),
    holdsUntil: key.until_at,
    signsUntil: key.sign_until,
  }
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** As gates hold them. */
export function gateKey(row: KeyRow): GateKey {
  return {
    kid: toHex(row.kid),
    publicKey: Uint8Array.from(row.public_key),
    from: seconds(row.sign_from),
    until: seconds(row.until_at),
    revokedAt: row.revoked_at === null ? null : seconds(row.revoked_at),
  }
}
