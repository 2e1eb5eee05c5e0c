import { concat, sameBytes, utf8Of } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { readCbor, readSign1, sign1, writeCbor } from './cose.ts'
import type { Sign } from './cose.ts'

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
const EXP = 4
const NBF = 5
const CTI = 7
const CNF = 8
const OURS = -65537
const Y_EVEN = 2
/** No control or format character: nothing that could turn the name around on the screen of a gate. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}]+$/u
const RULE_SET = /^[a-z0-9_.-]+$/

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_SECONDS
}

function isWhole(c: Credential): boolean {
  return (
    c.codeId.length === CODE_ID_BYTES &&
    COLOURS.includes(c.colour) &&
    isSeconds(c.issuedAt) &&
    isSeconds(c.expiresAt) &&
    c.issuedAt < c.expiresAt &&
    PLAIN.test(c.name) &&
    utf8Of(c.name).length <= NAME_BYTES &&
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
    length += utf8Of(char).length
    if (length > NAME_BYTES) break
    out += char
  }
  return out.trim() === '' ? '*' : out.trimEnd()
}

function coseKey(holder: Uint8Array): Map<number, unknown> {
  return new Map<number, unknown>([
    [1, 2],
    [-1, 1],
    [-2, holder.subarray(1)],
    [-3, holder[0] !== Y_EVEN],
  ])
}

function claimsOf(c: Credential): Uint8Array {
  const ours: unknown[] = [COLOURS.indexOf(c.colour), c.name, c.ruleSet]
  if (c.paper) ours.push(true)
  const claims = new Map<number, unknown>([
    [EXP, c.expiresAt],
    [NBF, c.issuedAt],
    [CTI, c.codeId],
  ])
  if (c.holder) claims.set(CNF, new Map([[1, coseKey(c.holder)]]))
  claims.set(OURS, ours)
  return writeCbor(claims)
}

/** Signs one credential. @throws RangeError for what is not a whole credential: a fault of the caller, never of a user. */
export async function signCredential(c: Credential, kid: Uint8Array, sign: Sign): Promise<Bytes> {
  if (!isWhole(c)) throw new RangeError('not a credential')
  return sign1(kid, claimsOf(c), sign)
}

export type ReadCredential = {
  credential: Credential
  kid: Bytes
  /** The bytes under the signature of the issuer, and that signature. */
  signed: Bytes
  signature: Bytes
}

function readHolder(cnf: unknown): Uint8Array | null {
  const key: unknown = cnf instanceof Map ? cnf.get(1) : undefined
  if (!(key instanceof Map)) return null
  const x: unknown = key.get(-2)
  const odd: unknown = key.get(-3)
  if (!(x instanceof Uint8Array) || x.length !== 32 || typeof odd !== 'boolean') return null
  return concat([Uint8Array.of(odd ? 3 : Y_EVEN), x])
}

/** Reads a credential strictly, without looking at its signature; null for anything that we would not have written. */
export function readCredential(bytes: Uint8Array): ReadCredential | null {
  const message = readSign1(bytes)
  if (!message) return null
  const claims = readCbor(message.payload)
  if (!(claims instanceof Map)) return null
  const ours: unknown = claims.get(OURS)
  const codeId: unknown = claims.get(CTI)
  const [issuedAt, expiresAt]: unknown[] = [claims.get(NBF), claims.get(EXP)]
  if (!Array.isArray(ours) || !(codeId instanceof Uint8Array) || !isSeconds(issuedAt) || !isSeconds(expiresAt))
    return null
  const [number, name, ruleSet, paper]: unknown[] = ours
  const colour = typeof number === 'number' ? COLOURS[number] : undefined
  if (colour === undefined || typeof name !== 'string' || typeof ruleSet !== 'string') return null
  const credential: Credential = {
    codeId: codeId.slice(),
    colour,
    name,
    ruleSet,
    issuedAt,
    expiresAt,
    holder: readHolder(claims.get(CNF)),
    paper: paper === true,
  }
  // Written again it must be the same bytes: no second spelling, no claim that we do not know.
  if (!isWhole(credential) || !sameBytes(claimsOf(credential), message.payload)) return null
  return { credential, kid: message.kid, signed: message.signed, signature: message.signature }
}
