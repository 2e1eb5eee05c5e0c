import type { Bytes } from './bytes.ts'
import { isLow, lowered } from './point.ts'

/**
 * COSE_Sign1 (RFC 9052) with ES256 and a key id of four bytes, in its one canonical spelling: what another encoder would have
 * written otherwise is not read, and of the two signatures that fit one text only the lower one (CODE-1). The layout is fixed, so it is
 * written and read byte by byte: a third of what a general decoder costs, and nothing that it could accept beyond.
 */
export const KID_BYTES = 4
export const SIGNATURE_BYTES = 64

/** ES256 over the bytes; 64 bytes (IEEE P1363). */
export type Sign = (data: Bytes) => Promise<Uint8Array>
/** `publicKey` is the point, 65 bytes. */
export type Verify = (publicKey: Bytes, data: Bytes, signature: Bytes) => Promise<boolean>

/** [ h'{1: -7, 4: kid}' up to the kid. */
const HEAD = Uint8Array.of(0x84, 0x49, 0xa2, 0x01, 0x26, 0x04, 0x44)
const HEADER_AT = 2
const HEADER_BYTES = 9
/** ["Signature1", h'… up to the protected header. */
const SIGNATURE1 = Uint8Array.of(0x84, 0x6a, 0x53, 0x69, 0x67, 0x6e, 0x61, 0x74, 0x75, 0x72, 0x65, 0x31, 0x49)
const EMPTY_MAP = 0xa0
const EMPTY_BYTES = 0x40
const LONG_BYTES = 0x58
/** Lengths that take one byte more than their head: ours lie between. */
const [LEAST, MOST] = [24, 255]

/** What is signed: the Sig_structure of RFC 9052 section 4.4. */
function toSign(header: Uint8Array, payload: Uint8Array, out: Bytes): Bytes {
  out.set(SIGNATURE1)
  out.set(header, SIGNATURE1.length)
  const at = SIGNATURE1.length + HEADER_BYTES
  out[at] = EMPTY_BYTES
  out[at + 1] = LONG_BYTES
  out[at + 2] = payload.length
  out.set(payload, at + 3)
  return out.subarray(0, at + 3 + payload.length)
}

const TO_SIGN_MOST = SIGNATURE1.length + HEADER_BYTES + 3 + MOST
/** Messages are made ready one after the other: one piece of memory serves them all. */
const SCRATCH = new Uint8Array(TO_SIGN_MOST)

/**
 * A message without its signature. `signed` is a view, and `with` writes into what it is given, so that signing thousands makes no
 * rubbish: both are good until the next message is begun.
 */
export type Unsigned = {
  length: number
  signed: Bytes
  with: <B extends Uint8Array>(signature: Uint8Array, into: B) => B
}

const MESSAGE = new Uint8Array(HEAD.length + KID_BYTES + 3 + MOST + 2 + SIGNATURE_BYTES)

/** @throws RangeError for a payload that is not one of ours */
export function unsigned1(kid: Uint8Array, payload: Uint8Array): Unsigned {
  if (kid.length !== KID_BYTES || payload.length < LEAST || payload.length > MOST) throw new RangeError('not a message')
  const at = HEADER_AT + HEADER_BYTES
  const end = at + 3 + payload.length
  MESSAGE.set(HEAD)
  MESSAGE.set(kid, HEAD.length)
  MESSAGE[at] = EMPTY_MAP
  MESSAGE[at + 1] = LONG_BYTES
  MESSAGE[at + 2] = payload.length
  MESSAGE.set(payload, at + 3)
  MESSAGE[end] = LONG_BYTES
  MESSAGE[end + 1] = SIGNATURE_BYTES
  const head = MESSAGE.subarray(0, end + 2)
  return {
    length: end + 2 + SIGNATURE_BYTES,
    signed: toSign(MESSAGE.subarray(HEADER_AT, at), payload, SCRATCH),
    with: (signature, into) => {
      into.set(head)
      into.set(lowered(signature), end + 2)
      return into
    },
  }
}

export type Signed = { kid: Bytes; payload: Bytes; signed: Bytes; signature: Bytes }

/**
 * Takes a message apart, as views of it; null unless it is spelled exactly as we spell it. The signature is not looked at.
 */
export function readSign1(bytes: Bytes): Signed | null {
  for (let i = 0; i < HEAD.length; i++) if (bytes[i] !== HEAD[i]) return null
  const at = HEADER_AT + HEADER_BYTES
  const length = bytes[at + 2] ?? 0
  const from = at + 3
  const end = from + length
  const whole =
    bytes[at] === EMPTY_MAP &&
    bytes[at + 1] === LONG_BYTES &&
    length >= LEAST &&
    bytes.length === end + 2 + SIGNATURE_BYTES &&
    bytes[end] === LONG_BYTES &&
    bytes[end + 1] === SIGNATURE_BYTES
  if (!whole) return null
  const signature = bytes.subarray(end + 2)
  if (!isLow(signature)) return null
  const payload = bytes.subarray(from, end)
  return {
    kid: bytes.subarray(HEAD.length, at),
    payload,
    signed: toSign(bytes.subarray(HEADER_AT, at), payload, new Uint8Array(TO_SIGN_MOST)),
    signature,
  }
}
