import { decodeBase45, encodeBase45 } from './base45.ts'
import type { Bytes } from './bytes.ts'
import { concat } from './bytes.ts'
import { ClaimsReader, ClaimsWriter } from './claims.ts'
import { readSign1, unsigned1 } from './cose.ts'
import { isName, isSeconds } from './credential.ts'
import { MAX_CHARS, PREFIX } from './presentation.ts'
import { issuerOf, listAge, tooOld, withinDates, WORDS } from './verify.ts'
import type { CheckAround } from './verify.ts'
import { isRevoked } from './revocation.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * What the square of a temporary pass holds (OBJECT-15, OBJECT-17): a CBOR Web Token in COSE_Sign1 by the keys that sign codes, so
 * that a gate knows it without a server. Claims: 4 end, 5 from, 7 mark, and one private claim [reason, masked name, number]. It is
 * no colour and is never read as a code: its first byte and its private claim are its own.
 */
export const PASS_REASONS = ['hospital', 'birth', 'funeral', 'dying', 'medicine'] as const
export type PassReason = (typeof PASS_REASONS)[number]

export type Pass = {
  /** 8 bytes: what the list of replaced codes calls it when it is revoked. */
  mark: Uint8Array
  number: string
  /** Masked (ACCESS-10). */
  name: string
  reason: PassReason
  /** Seconds; the end is the last second in which it holds. */
  from: number
  until: number
}

export const MARK_BYTES = 8
/** The first byte; a live code begins with 1, a credential alone with 0x84. */
const PASS = 2
const [EXP, NBF, CTI] = [4, 5, 7]
const [MAP, ARRAY, BYTES] = [0xa0, 0x80, 0x40]
/** -65538, of the range for private use. */
const OURS = Uint8Array.of(0x3a, 0x00, 0x01, 0x00, 0x01)
const NUMBER = /^[0-9A-Z-]{4,20}$/

function isWhole(pass: Pass): boolean {
  return (
    pass.mark.length === MARK_BYTES &&
    NUMBER.test(pass.number) &&
    isName(pass.name) &&
    isSeconds(pass.from) &&
    isSeconds(pass.until) &&
    pass.from < pass.until
  )
}

function claimsOf(pass: Pass): Bytes {
  return new ClaimsWriter()
    .byte(MAP + 4)
    .byte(EXP)
    .uint(pass.until)
    .byte(NBF)
    .uint(pass.from)
    .byte(CTI)
    .byte(BYTES + MARK_BYTES)
    .copy(pass.mark)
    .copy(OURS)
    .byte(ARRAY + 3)
    .byte(PASS_REASONS.indexOf(pass.reason))
    .text(pass.name)
    .text(pass.number)
    .done()
}

/** The text of the square. @throws RangeError for what is no whole pass: a fault of the caller */
export function passText(pass: Pass, kid: Uint8Array, signNow: (data: Uint8Array) => Uint8Array): string {
  if (!isWhole(pass)) throw new RangeError('not a pass')
  const message = unsigned1(kid, claimsOf(pass))
  const bytes = message.with(signNow(message.signed), new Uint8Array(message.length))
  return PREFIX + encodeBase45(concat([Uint8Array.of(PASS), bytes]))
}

export type ReadPass = { pass: Pass; kid: Bytes; signed: Bytes; signature: Bytes }

function readClaims(payload: Uint8Array): Pass | null {
  const claims = new ClaimsReader(payload)
  claims.expect([MAP + 4, EXP])
  const until = claims.uint()
  claims.expect([NBF])
  const from = claims.uint()
  claims.expect([CTI, BYTES + MARK_BYTES])
  const mark = claims.take(MARK_BYTES)
  claims.expect(OURS)
  claims.expect([ARRAY + 3])
  const reason = PASS_REASONS[claims.byte()]
  const name = claims.text()
  const number = claims.text()
  if (!claims.ended || reason === undefined) return null
  return { mark, number, name, reason, from, until }
}

/** Reads what a scanner found, strictly; null for every text that is no pass. Never throws. */
export function readPass(text: string): ReadPass | null {
  if (text.length > MAX_CHARS || !text.startsWith(PREFIX)) return null
  const bytes = decodeBase45(text.slice(PREFIX.length))
  if (bytes?.[0] !== PASS) return null
  const message = readSign1(bytes.subarray(1))
  const pass = message && readClaims(message.payload)
  if (!pass || !isWhole(pass)) return null
  return { pass, kid: message.kid, signed: message.signed, signature: message.signature }
}

export type PassVerdict = { pass: Pass | null; listAgeS: number | null } & (
  | { kind: 'valid' }
  | { kind: 'by_hand' | 'refused'; why: Say; rule: string }
)

const REVOKED = say('此凭证已收回', 'This pass was revoked')
const EARLY = say('此凭证尚未生效', 'This pass does not hold yet')
const OVER = say('此凭证已过期', 'This pass is over')

/** What a gate says to a pass, without a server: as of a code (CODE-1 to CODE-8), with no colour in it. */
export async function checkPass(read: ReadPass, around: Omit<CheckAround, 'policy' | 'seen'>): Promise<PassVerdict> {
  const listAgeS = listAge(around)
  const by = await issuerOf(read, around)
  if (!('key' in by)) return { ...by, pass: null, listAgeS }
  const { pass } = read
  const found = { pass, listAgeS }
  const { now, trusted } = around.clock
  const no = (why: Say, rule: string, kind: 'refused' | 'by_hand' = 'refused'): PassVerdict => ({
    ...found,
    kind,
    why,
    rule,
  })
  if (by.key.revokedAt !== null) return no(WORDS.revokedKey, 'CODE-4')
  if (isRevoked(around.revoked, pass.mark)) return no(REVOKED, 'OBJECT-15')
  if (!trusted) return no(WORDS.clock, 'CODE-5', 'by_hand')
  const dated = withinDates(by.key, { from: pass.from, until: pass.until + 1 }, now, { early: EARLY, over: OVER })
  if (dated) return { ...found, ...dated }
  // It may have been revoked since: as with a code, that is the gate's own fault (CODE-8).
  if (tooOld(around)) return no(WORDS.oldList, 'CODE-8', 'by_hand')
  return { ...found, kind: 'valid' }
}
