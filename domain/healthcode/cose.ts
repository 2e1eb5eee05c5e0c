import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import { concat, sameBytes } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { isLow, lowered } from './point.ts'

/**
 * COSE_Sign1 (RFC 9052) with ES256 and a key id of four bytes, in its one canonical spelling: what another encoder would have
 * written otherwise is not read, and of the two signatures that fit one text only the lower one (CODE-1).
 */
export const KID_BYTES = 4
export const SIGNATURE_BYTES = 64

/** ES256 over the bytes; 64 bytes (IEEE P1363). */
export type Sign = (data: Bytes) => Promise<Uint8Array>
/** `publicKey` is the point, 65 bytes. */
export type Verify = (publicKey: Bytes, data: Bytes, signature: Bytes) => Promise<boolean>

/** {1: -7, 4: kid} without its last four bytes. */
const PROTECTED = Uint8Array.of(0xa2, 0x01, 0x26, 0x04, 0x44)
/** ["Signature1", protected, h'', …] up to the protected header, which has nine bytes. */
const SIGNATURE1 = Uint8Array.of(0x84, 0x6a, 0x53, 0x69, 0x67, 0x6e, 0x61, 0x74, 0x75, 0x72, 0x65, 0x31, 0x49)
const EMPTY = Uint8Array.of(0x40)

function bytesHead(length: number): Bytes {
  if (length < 24) return Uint8Array.of(0x40 + length)
  if (length < 256) return Uint8Array.of(0x58, length)
  return Uint8Array.of(0x59, length >> 8, length & 0xff)
}

/** What is signed: the Sig_structure of RFC 9052 section 4.4. */
function toSign(header: Uint8Array, payload: Uint8Array): Bytes {
  return concat([SIGNATURE1, header, EMPTY, bytesHead(payload.length), payload])
}

export async function sign1(kid: Uint8Array, payload: Uint8Array, sign: Sign): Promise<Bytes> {
  if (kid.length !== KID_BYTES) throw new RangeError('a key id has four bytes')
  const header = concat([PROTECTED, kid])
  const signature = lowered(await sign(toSign(header, payload)))
  return envelope(header, payload, signature)
}

function envelope(header: Uint8Array, payload: Uint8Array, signature: Uint8Array): Bytes {
  return concat([
    Uint8Array.of(0x84, 0x49),
    header,
    Uint8Array.of(0xa0),
    bytesHead(payload.length),
    payload,
    Uint8Array.of(0x58, SIGNATURE_BYTES),
    signature,
  ])
}

export type Signed = { kid: Bytes; payload: Bytes; signed: Bytes; signature: Bytes }

/** Takes a message apart; null unless it is spelled exactly as `sign1` spells it. The signature is not looked at. */
export function readSign1(bytes: Uint8Array): Signed | null {
  const parts = readCbor(bytes)
  if (!Array.isArray(parts) || parts.length !== 4) return null
  const [header, , payload, signature]: unknown[] = parts
  if (!(header instanceof Uint8Array) || !(payload instanceof Uint8Array) || !(signature instanceof Uint8Array))
    return null
  if (header.length !== PROTECTED.length + KID_BYTES || !sameBytes(header.subarray(0, PROTECTED.length), PROTECTED))
    return null
  if (signature.length !== SIGNATURE_BYTES || !isLow(signature)) return null
  if (!sameBytes(envelope(header, payload, signature), bytes)) return null
  return {
    kid: header.slice(PROTECTED.length),
    payload: payload.slice(),
    signed: toSign(header, payload),
    signature: signature.slice(),
  }
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  useMaps: true,
  rejectDuplicateMapKeys: true,
}

/** Reads strict CBOR; undefined for anything else. Never throws. */
export function readCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, STRICT)
  } catch {
    return undefined
  }
}

/** The one canonical spelling (RFC 8949 section 4.2). */
export function writeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions)
}
