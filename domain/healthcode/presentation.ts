import { decodeBase45, encodeBase45 } from './base45.ts'
import type { Bytes } from './bytes.ts'
import { concat, readU32, u32, utf8Of } from './bytes.ts'
import { SIGNATURE_BYTES } from './cose.ts'
import { readOwnCredential } from './credential.ts'
import type { ReadCredential, Sign } from './credential.ts'
import { isLow, lowered } from './point.ts'

/**
 * What the QR code holds (CODE-2). Live: the credential, the time, and the signature of the day's key over both, renewed
 * every 30 s; a screenshot therefore ages. On paper: the credential alone, which has no holder key and says that it is paper.
 */
export const PREFIX = 'WW1:'
/** QR version 10-L holds 395 characters; ours stay below by enough for one more field. */
export const MAX_CHARS = 380
/** How often a phone signs anew, and what a gate accepts of difference between its clock and the phone's. */
export const RENEW_S = 30
export const FRESH_S = 60

/** The first byte of a live text; a credential alone begins with 0x84, the head of its array. */
const LIVE = 1
const CONTEXT = utf8Of('WW1 presentation\u0000')
const TAIL = 4 + SIGNATURE_BYTES

export type ReadCode = ReadCredential & {
  /** The credential as it came: what an export passes on. */
  bytes: Bytes
  /** Null when the text is a credential alone: paper, or a copy taken out of a phone. */
  live: { at: number; signed: Bytes; signature: Bytes } | null
}

/** What the holder's key signs: bound to this use, to the credential and to the second. */
function toPresent(credential: Uint8Array, at: number): Bytes {
  return concat([CONTEXT, credential, u32(at)])
}

/** The text of a live code. `at` in seconds by the phone's clock; `sign` uses the day's key, which cannot leave the phone. */
export async function presentationText(credential: Uint8Array, at: number, sign: Sign): Promise<string> {
  const signature = lowered(await sign(toPresent(credential, at)))
  return PREFIX + encodeBase45(concat([Uint8Array.of(LIVE), credential, u32(at), signature]))
}

/** The text of a paper code. */
export function paperText(credential: Uint8Array): string {
  return PREFIX + encodeBase45(credential)
}

function readLive(bytes: Bytes): ReadCode | null {
  const cut = bytes.length - TAIL
  if (cut < 2) return null
  const credential = bytes.subarray(1, cut)
  const read = readOwnCredential(credential)
  const signature = bytes.subarray(cut + 4)
  if (!read || read.credential.holder === null || !isLow(signature)) return null
  const at = readU32(bytes, cut)
  return { ...read, bytes: credential, live: { at, signed: toPresent(credential, at), signature } }
}

/** Reads what a scanner found, strictly; null for every text that no code of ours has. Never throws. */
export function readCode(text: string): ReadCode | null {
  if (text.length > MAX_CHARS || !text.startsWith(PREFIX)) return null
  const bytes = decodeBase45(text.slice(PREFIX.length))
  if (!bytes) return null
  if (bytes[0] === LIVE) return readLive(bytes)
  const read = readOwnCredential(bytes)
  return read && { ...read, bytes, live: null }
}
