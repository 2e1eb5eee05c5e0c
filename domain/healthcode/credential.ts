import type { Bytes } from './bytes.ts'
import { utf8Length } from './bytes.ts'
import { ClaimsReader, ClaimsWriter } from './claims.ts'
import { readSign1, unsigned1 } from './cose.ts'
import type { Sign, Unsigned } from './cose.ts'

/**
 * The credential (CODE-1): a CBOR Web Token (RFC 8392) in COSE_Sign1, small enough that a presentation of it fits a QR code
 * of version 10-L. Claims: 4 end, 5 from, 7 code id, 8 holder key (RFC 8747), and one private claim with an array
 * [colour, masked name, rule set] or, on paper, [colour, masked name, rule set, true].
 */
export type { Sign, Verify } from './cose.ts'

export type Colour = 'red' | 'yellow' | 'green' | 'pending'

export type Credential = {
  /** 8 random bytes, one per person and day. */
  codeId: Uint8Array
  colour: Colour
  /** Masked (ACCESS-10); at most NAME_BYTES. */
  name: string
  /** The rule set under which the colour was given, in short; colours of different rule sets are never compared. */
  ruleSet: string
  /** Seconds. From when it holds: the moment of issue, or the beginning of its day when it was fetched ahead. */
  issuedAt: number
  /** Seconds, exclusive: the end of its last day (case 73). */
  expiresAt: number
  /** The key of the holder's phone, compressed P-256 (33 bytes); null on paper. */
  holder: Uint8Array | null
  paper: boolean
}

export const CODE_ID_BYTES = 8
/** Together they leave the presentation at 379 characters (CODE-2). */
export const NAME_BYTES = 14
export const RULE_SET_BYTES = 10

const COLOURS: readonly Colour[] = ['pending', 'green', 'yellow', 'red']
const MAX_SECONDS = 0xffffffff
const [EXP, NBF, CTI, CNF] = [4, 5, 7, 8]
/** -65537, of the range for private use. */
const OURS = Uint8Array.of(0x3a, 0x00, 0x01, 0x00, 0x00)
/** 8: {1: {1: 2, -1: 1, -2: h'…32', -3: …: a COSE_Key of P-256 (RFC 8747, RFC 9053), up to x. */
const KEY = Uint8Array.of(CNF, 0xa1, 0x01, 0xa4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20)
const SIGN_OF_Y = 0x22
const [FALSE, TRUE] = [0xf4, 0xf5]
const Y_EVEN = 2
const [MAP, ARRAY, BYTES] = [0xa0, 0x80, 0x40]
/** No control or format character: nothing that could turn the name around on the screen of a gate. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}]+$/u
const RULE_SET = /^[a-z0-9_.-]+$/

export function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_SECONDS
}

function lengthOf(text: string): number {
  let length = 0
  for (const char of text) length += utf8Length(char.codePointAt(0) ?? 0)
  return length
}

/** A masked name that fits, of characters that stand still. */
export function isName(name: string): boolean {
  return PLAIN.test(name) && lengthOf(name) <= NAME_BYTES
}

function isWhole(c: Credential): boolean {
  return (
    c.codeId.length === CODE_ID_BYTES &&
    COLOURS.includes(c.colour) &&
    isSeconds(c.issuedAt) &&
    isSeconds(c.expiresAt) &&
    c.issuedAt < c.expiresAt &&
    isName(c.name) &&
    RULE_SET.test(c.ruleSet) &&
    c.ruleSet.length <= RULE_SET_BYTES &&
    c.paper === (c.holder === null) &&
    (c.holder === null || (c.holder.length === 33 && (c.holder[0] === 2 || c.holder[0] === 3)))
  )
}

/** Cuts a masked name to what fits, between characters. */
export function fitName(masked: string): string {
  let out = ''
  let length = 0
  for (const char of masked) {
    length += utf8Length(char.codePointAt(0) ?? 0)
    if (length > NAME_BYTES) break
    out += char
  }
  return out.trim() === '' ? '*' : out.trimEnd()
}

function claimsOf(c: Credential): Bytes {
  const out = new ClaimsWriter()
  out
    .byte(MAP + (c.holder ? 5 : 4))
    .byte(EXP)
    .uint(c.expiresAt)
    .byte(NBF)
    .uint(c.issuedAt)
    .byte(CTI)
    .byte(BYTES + CODE_ID_BYTES)
    .copy(c.codeId)
  if (c.holder)
    out
      .copy(KEY)
      .copy(c.holder.subarray(1))
      .byte(SIGN_OF_Y)
      .byte(c.holder[0] === Y_EVEN ? FALSE : TRUE)
  out
    .copy(OURS)
    .byte(ARRAY + (c.paper ? 4 : 3))
    .byte(COLOURS.indexOf(c.colour))
    .text(c.name)
    .text(c.ruleSet)
  if (c.paper) out.byte(TRUE)
  return out.done()
}

/** Signs one credential. @throws RangeError for what is not a whole credential: a fault of the caller, never of a user. */
export async function signCredential(c: Credential, kid: Uint8Array, sign: Sign): Promise<Bytes> {
  const { length, signed } = unsignedCredential(c, kid)
  const signature = await sign(signed.slice())
  // Others may have been made ready while this one waited: it is written again.
  return unsignedCredential(c, kid).with(signature, new Uint8Array(length))
}

/** The same for whoever signs many in a row and waits for nothing. @throws RangeError */
export function unsignedCredential(c: Credential, kid: Uint8Array): Unsigned {
  if (!isWhole(c)) throw new RangeError('not a credential')
  return unsigned1(kid, claimsOf(c))
}

export type ReadCredential = {
  credential: Credential
  kid: Bytes
  /** The bytes under the signature of the issuer, and that signature. */
  signed: Bytes
  signature: Bytes
}

function readHolder(claims: ClaimsReader): Bytes | null {
  if (claims.next !== CNF) return null
  claims.expect(KEY)
  const holder = new Uint8Array(33)
  holder.set(claims.take(32), 1)
  claims.expect([SIGN_OF_Y])
  const odd = claims.byte()
  if (odd !== FALSE && odd !== TRUE) claims.failed = true
  holder[0] = odd === TRUE ? Y_EVEN + 1 : Y_EVEN
  return holder
}

function readClaims(payload: Uint8Array): Credential | null {
  const claims = new ClaimsReader(payload)
  const pairs = claims.byte() - MAP
  claims.expect([EXP])
  const expiresAt = claims.uint()
  claims.expect([NBF])
  const issuedAt = claims.uint()
  claims.expect([CTI, BYTES + CODE_ID_BYTES])
  const codeId = claims.take(CODE_ID_BYTES)
  const holder = readHolder(claims)
  claims.expect(OURS)
  const items = claims.byte() - ARRAY
  const colour = COLOURS[claims.byte()]
  const name = claims.text()
  const ruleSet = claims.text()
  const paper = holder === null
  if (paper) claims.expect([TRUE])
  if (!claims.ended || pairs !== (paper ? 4 : 5) || items !== (paper ? 4 : 3) || colour === undefined) return null
  return { codeId, colour, name, ruleSet, issuedAt, expiresAt, holder, paper }
}

/** Reads a credential strictly, without looking at its signature; null for anything that we would not have written. */
export function readCredential(bytes: Uint8Array): ReadCredential | null {
  return readOwnCredential(bytes.slice())
}

/** The same of bytes that nobody else changes: what is read are views of them. */
export function readOwnCredential(bytes: Bytes): ReadCredential | null {
  const message = readSign1(bytes)
  const credential = message && readClaims(message.payload)
  if (!credential || !isWhole(credential)) return null
  return { credential, kid: message.kid, signed: message.signed, signature: message.signature }
}
