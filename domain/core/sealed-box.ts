/**
 * The sealed box between phone and server (SYNC-15), the same bytes on both sides; signing and ciphers are arguments of each
 * side's own code (WebCrypto there, node:crypto here), so that this file stays pure.
 *
 * box = version(1 byte, 1) ‖ ephemeral P-256 point (65 bytes, uncompressed) ‖ iv (12) ‖ AES-256-GCM ciphertext with tag (16)
 * key = HKDF-SHA-256(ECDH(ephemeral, server), salt = ephemeral point ‖ server point, info = 'weiwang phone box v1', 32 bytes)
 * additional data = UTF-8 of the item's key: a box opened under another key does not open.
 */
export const BOX_VERSION = 1
export const POINT_BYTES = 65
export const IV_BYTES = 12
export const TAG_BYTES = 16
export const BOX_INFO = 'weiwang phone box v1'

export type BoxParts = { point: Uint8Array; iv: Uint8Array; sealed: Uint8Array }

export function joinBox({ point, iv, sealed }: BoxParts): Uint8Array {
  const box = new Uint8Array(1 + POINT_BYTES + IV_BYTES + sealed.length)
  box[0] = BOX_VERSION
  box.set(point, 1)
  box.set(iv, 1 + POINT_BYTES)
  box.set(sealed, 1 + POINT_BYTES + IV_BYTES)
  return box
}

/** Null when these bytes are no box of this version. */
export function splitBox(box: Uint8Array): BoxParts | null {
  if (box[0] !== BOX_VERSION || box.length < 1 + POINT_BYTES + IV_BYTES + TAG_BYTES) return null
  return {
    point: box.slice(1, 1 + POINT_BYTES),
    iv: box.slice(1 + POINT_BYTES, 1 + POINT_BYTES + IV_BYTES),
    sealed: box.slice(1 + POINT_BYTES + IV_BYTES),
  }
}
