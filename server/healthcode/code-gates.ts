/** What gates and other places fetch: public keys, the list of replaced codes, a verdict (CODE-4, CODE-7, CODE-20). */
import { KeyObject, verify, webcrypto } from 'node:crypto'
import { say } from '@weiwang/domain/core/say'
import type { Bytes } from '@weiwang/domain/healthcode/bytes'
import type { CodeKeys, CodeVerdict } from '@weiwang/domain/healthcode/code-api'
import type { Verify } from '@weiwang/domain/healthcode/cose'
import { readCode } from '@weiwang/domain/healthcode/presentation'
import {
  applyRevocations,
  decodeRevocations,
  encodeRevocations,
  noneRevoked,
} from '@weiwang/domain/healthcode/revocation'
import type { Revoked } from '@weiwang/domain/healthcode/revocation'
import { checkCode, DEFAULT_POLICY, notACode } from '@weiwang/domain/healthcode/verify'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import { numberOf, restoredAt } from '../core/postgres/restored.ts'
import type { Server } from '../core/server.ts'
import { findHolder, lastRevocation, revocationsSince } from './code-holder-store.ts'
import { gateKey, keepKeys, toldKeys } from './code-keys.ts'
import { namedRuleSets } from './code-store.ts'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const
/**
 * Keys read from points: those of issuers, which are few and come with every code, and those of phones seen lately. Reading a phone's key
 * costs more than verifying with it, and who passes one gate of a place passes the next: a day has some six passages a person.
 */
const MOST_KEYS = 20_000
const known = new Map<string, KeyObject>()

async function keyOf(point: Bytes): Promise<KeyObject> {
  const name = Buffer.from(point.buffer, point.byteOffset, point.length).toString('latin1')
  const found = known.get(name)
  if (found) return found
  const key = await importPoint(point)
  if (known.size >= MOST_KEYS) {
    const [oldest] = known.keys()
    if (oldest !== undefined) known.delete(oldest)
  }
  known.set(name, key)
  return key
}

/** WebCrypto reads a point, short or long, in half of the time that DER takes, and checks that it lies on the curve. */
async function importPoint(point: Bytes): Promise<KeyObject> {
  return KeyObject.from(await webcrypto.subtle.importKey('raw', point, CURVE, false, ['verify']))
}

/** ES256 by the server's own library; takes the short form of a point, too. */
export const verifyHere: Verify = async (publicKey, data, signature) => {
  try {
    return verify('sha256', data, { key: await keyOf(publicKey), dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}

/** The library expands a point itself. */
export const asItCame = (compressed: Uint8Array): Bytes => new Uint8Array(compressed)

/** GET /api/code/keys */
export async function readKeys(ctx: Ctx): Promise<CodeKeys> {
  const keys = await toldKeys(ctx.db, ctx.now)
  const names = await areaNames(ctx.db, [ctx.root])
  const name = names.get(ctx.root) ?? ctx.root
  return {
    keys: keys.map((row) => {
      const key = gateKey(row)
      return { ...key, publicKey: Buffer.from(key.publicKey).toString('base64url') }
    }),
    ruleSets: (await namedRuleSets(ctx.db)).map(({ short, name: called, area }) => ({ short, name: called, area })),
    issuer: { name: say(`${name}微网`, `Weiwang ${name}`), url: null },
    now: ctx.now.getTime() / 1000,
  }
}

/** As many as one answer carries; whoever gets so many asks again from the last. */
const MOST = 200_000
const KEPT_MS = 5_000
const KEPT_ANSWERS = 64

type Answer = { at: number; last: number; bytes: Buffer }
const answers = new WeakMap<Server, Map<number, Answer>>()

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** The list after a number, as of now. An answer that is cut off says no date: only who has all of it may say how old it is. */
export async function revocationBytes(db: Db, since: number, now: Date): Promise<Buffer> {
  const at = await restoredAt(db)
  const last = await lastRevocation(db)
  const from = Math.min(since, last)
  const rows = await revocationsSince(db, from, { until: now, limit: MOST })
  const whole = rows.length < MOST
  const to = whole ? Math.max(last, rows.at(-1)?.n ?? 0) : (rows.at(-1)?.n ?? last)
  const head = { epoch: at === null ? 1 : numberOf(at), from, to, asOf: whole ? seconds(now) : 0 }
  return Buffer.from(
    encodeRevocations(
      head,
      rows.map(({ codeId, until }) => ({ codeId, until: seconds(until) })),
    ),
  )
}

/** GET /api/code/revocations: the same answer for everybody who asks from the same number within some seconds, as long as nothing is added. */
export async function revocationsFor(server: Server, args: { since: number; epoch: number }): Promise<Buffer> {
  const { db } = server.jobsPool
  const at = await restoredAt(db)
  const since = args.epoch === (at === null ? 1 : numberOf(at)) ? args.since : 0
  const kept = answers.get(server) ?? new Map<number, Answer>()
  answers.set(server, kept)
  const last = await lastRevocation(db)
  const known = kept.get(since)
  if (known && known.last === last && performance.now() - known.at < KEPT_MS) return known.bytes
  const bytes = await revocationBytes(db, since, server.clock.now())
  kept.delete(since)
  if (kept.size >= KEPT_ANSWERS) {
    const [oldest] = kept.keys()
    if (oldest !== undefined) kept.delete(oldest)
  }
  kept.set(since, { at: performance.now(), last, bytes })
  return bytes
}

/** A list of one, as the gate's rule wants it: the database knows at once what a gate hears later. */
async function revokedNow(db: Db, codeId: Uint8Array, now: Date): Promise<Revoked> {
  const holder = await findHolder(db, Buffer.from(codeId))
  const asOf = seconds(now)
  const entries = holder && holder.replaced_at !== null ? [{ codeId, until: seconds(holder.until_at) }] : []
  const delta = decodeRevocations(encodeRevocations({ epoch: 0, from: 0, to: entries.length, asOf }, entries))
  return (delta && applyRevocations(noneRevoked(), delta)) ?? noneRevoked()
}

/** The verdict of the server on one scanned text: the same rule as at a gate, with a list of this very moment. */
export async function verdictOn(ctx: Ctx, text: string): Promise<CodeVerdict> {
  const read = readCode(text)
  const now = ctx.now.getTime() / 1000
  const verdict = read
    ? await checkCode(read, {
        keys: (await toldKeys(ctx.db, ctx.now)).map(gateKey),
        revoked: await revokedNow(ctx.db, read.credential.codeId, ctx.now),
        clock: { now, trusted: true },
        list: { asOf: now, maxAgeS: 60 },
        policy: DEFAULT_POLICY,
        verify: verifyHere,
        expand: asItCame,
      })
    : notACode()
  const { credential } = verdict
  const ruleSet = credential && (await namedRuleSets(ctx.db)).find((one) => one.short === credential.ruleSet)
  return {
    verdict: verdict.kind,
    colour: verdict.kind === 'colour' ? verdict.colour : null,
    why: verdict.kind === 'colour' ? null : verdict.why,
    rule: verdict.kind === 'colour' ? null : verdict.rule,
    masked: credential?.name ?? null,
    paper: verdict.paper,
    ruleSet: ruleSet ? { short: ruleSet.short, name: ruleSet.name, area: ruleSet.area } : null,
    until: credential ? new Date(credential.expiresAt * 1000).toISOString() : null,
    listAgeS: verdict.listAgeS,
    at: ctx.now.toISOString(),
  }
}

/** At the first start and by the timer. */
export async function ensureKeys(server: Server): Promise<void> {
  await server.asSystem('code.keys', keepKeys)
}
