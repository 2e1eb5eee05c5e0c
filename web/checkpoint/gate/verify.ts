import type { Verify } from '@weiwang/domain/healthcode/cose'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGN = { name: 'ECDSA', hash: 'SHA-256' }
/** The issuer has a few keys, and every code is checked with one of them; holders' keys come once each and are not kept. */
const KEPT = 16

/** Signatures checked by the browser. A point that is not on the curve, or bytes that are none, verify nothing. */
export function webVerify(subtle: SubtleCrypto, isIssuer: (publicKey: Uint8Array) => string | null): Verify {
  const kept = new Map<string, CryptoKey>()

  async function keyOf(publicKey: Uint8Array): Promise<CryptoKey> {
    const kid = isIssuer(publicKey)
    const known = kid === null ? undefined : kept.get(kid)
    if (known) return known
    const key = await subtle.importKey('raw', new Uint8Array(publicKey), CURVE, false, ['verify'])
    if (kid !== null) {
      if (kept.size >= KEPT) kept.clear()
      kept.set(kid, key)
    }
    return key
  }

  return async (publicKey, data, signature) => {
    try {
      const key = await keyOf(publicKey)
      return await subtle.verify(SIGN, key, new Uint8Array(signature), new Uint8Array(data))
    } catch {
      return false
    }
  }
}
