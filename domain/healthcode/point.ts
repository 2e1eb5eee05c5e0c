import type { Bytes } from './bytes.ts'

/**
 * Points of P-256 as they travel: 33 bytes (RFC 9053, the sign of y beside x). Browsers import only the long form of 65 bytes,
 * so the second coordinate is worked out here: the prime is 3 mod 4, a square root is one power.
 */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

export function numberOf(bytes: Uint8Array): bigint {
  let hex = '0x'
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return BigInt(hex)
}

function bytesOf(value: bigint): Bytes {
  const hex = value.toString(16).padStart(64, '0')
  const out = new Uint8Array(32)
  for (let i = 0; i < 32; i++) out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return out
}

/** x squared, `times` times. */
function squared(x: bigint, times: number): bigint {
  let out = x
  for (let i = 0; i < times; i++) out = (out * out) % P
  return out
}

/** a to the power (P + 1) / 4 = 2^254 - 2^222 + 2^190 + 2^94, by the shape of the prime: 253 squarings, 7 products. */
function root(a: bigint): bigint {
  const t1 = (squared(a, 1) * a) % P
  const t2 = (squared(t1, 2) * t1) % P
  const t4 = (squared(t2, 4) * t2) % P
  const t8 = (squared(t4, 8) * t4) % P
  const t16 = (squared(t8, 16) * t8) % P
  const high = (squared(t16, 32) * a) % P
  return squared((squared(high, 96) * a) % P, 94)
}

/** The 65 bytes of a point given by 33, or null when there is no such point on the curve. */
export function expandPoint(compressed: Uint8Array): Bytes | null {
  const sign = compressed[0]
  if (compressed.length !== 33 || (sign !== 2 && sign !== 3)) return null
  const x = numberOf(compressed.subarray(1))
  if (x >= P) return null
  const square = (((x * x) % P) * x + B + 3n * (P - x)) % P
  let y = root(square)
  if ((y * y) % P !== square) return null
  if ((y & 1n) !== BigInt(sign & 1)) y = P - y
  const out = new Uint8Array(65)
  out[0] = 4
  out.set(compressed.subarray(1), 1)
  out.set(bytesOf(y), 33)
  return out
}

/** The 33 bytes of a point of 65, or null for another shape. Whether it lies on the curve is not looked at. */
export function compressPoint(point: Uint8Array): Bytes | null {
  if (point.length !== 65 || point[0] !== 4) return null
  const out = new Uint8Array(33)
  out[0] = 2 + ((point[64] ?? 0) & 1)
  out.set(point.subarray(1, 33), 1)
  return out
}

/** Half of the order, as bytes, to compare without a big number: every second signature passes here. */
const HALF = bytesOf(N >> 1n)

/** Whether s lies in the lower half: of the two signatures that fit one text, only this one is read (CODE-1). */
export function isLow(signature: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const [s, half] = [signature[32 + i] ?? 0, HALF[i] ?? 0]
    if (s !== half) return s < half
  }
  return true
}

const ORDER = bytesOf(N)

/** Makes s the lower one where the signature lies: the order less s, byte by byte, a tenth of what big numbers cost here. */
export function lower(signature: Uint8Array): void {
  if (isLow(signature)) return
  let borrow = 0
  for (let i = 31; i >= 0; i--) {
    const left = (ORDER[i] ?? 0) - (signature[32 + i] ?? 0) - borrow
    borrow = left < 0 ? 1 : 0
    signature[32 + i] = left + 256 * borrow
  }
}

/** The same signature with the lower s. */
export function lowered(signature: Uint8Array): Uint8Array {
  if (isLow(signature)) return signature
  const out = Uint8Array.from(signature)
  lower(out)
  return out
}
