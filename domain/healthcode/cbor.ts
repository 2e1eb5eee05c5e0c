import { decode, encode, rfc8949EncodeOptions } from 'cborg'

/** CBOR for what has no fixed layout: lists. Strict in reading, canonical in writing. */
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
