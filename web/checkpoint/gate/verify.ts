import type { Verify } from '@weiwang/domain/healthcode/cose'
import { expandPoint } from '@weiwang/domain/healthcode/point'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGN = { name: 'ECDSA', hash: 'SHA-256' }
/**
 * Keys read lately: the issuer's few, which come with every code, and those of phones, since who goes out comes in again and a phone keeps
 * its key for a day. Working out the long form of a point and importing it costs a cheap phone more than both signatures.
 */
const KEPT = 1_000

/** Signatures checked by the browser; points come long or short. One that is not on the curve, or bytes that are none, verify nothing. */
export function webVerify(subtle: SubtleCrypto): Verify {
  const kept = new Map<string, CryptoKey>()

  async function keyOf(point: Uint8Array): Promise<CryptoKey | null> {
    const name = String.fromCharCode(...point)
    const known = kept.get(name)
    if (known) return known
    const long = point.length === 33 ? expandPoint(point) : point
    if (!long) return null
    const key = await subtle.importKey('raw', new Uint8Array(long), CURVE, false, ['verify'])
    if (kept.size >= KEPT) {
      const [oldest] = kept.keys()
      if (oldest !== undefined) kept.delete(oldest)
    }
    kept.set(name, key)
    return key
  }

  return async (publicKey, data, signature) => {
    try {
      const key = await keyOf(publicKey)
      return key !== null && (await subtle.verify(SIGN, key, new Uint8Array(signature), new Uint8Array(data)))
    } catch {
      return false
    }
  }
}

/** `webVerify` works out the long form itself, once a phone. */
export const asItCame = (compressed: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(compressed)
