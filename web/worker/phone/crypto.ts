import { BOX_INFO, IV_BYTES, joinBox } from '@weiwang/domain/core/sealed-box'
import type { Bytes } from './codec.ts'
import { utf8 } from './codec.ts'

/**
 * Ciphers of the phone, all WebCrypto. Sealed = iv (12) ‖ AES-256-GCM ciphertext with tag, bound to where it lies by the
 * additional data, so that a row cannot be put in another's place.
 */
const SALT_BYTES = 16
const KEY_BITS = 256

/** About 0.3 s on a desk, 1.2 s on a phone four times slower: an offline guess at six digits costs days. */
export const PIN_ROUNDS = 300_000

export type Ciphers = ReturnType<typeof ciphersOf>

export function ciphersOf(crypto: Crypto) {
  const { subtle } = crypto
  const random = (bytes: number): Bytes => crypto.getRandomValues(new Uint8Array(bytes))

  async function seal(key: CryptoKey, plain: Bytes, about: string): Promise<Bytes> {
    const iv = random(IV_BYTES)
    const cipher = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, key, plain)
    const sealed = new Uint8Array(IV_BYTES + cipher.byteLength)
    sealed.set(iv)
    sealed.set(new Uint8Array(cipher), IV_BYTES)
    return sealed
  }

  /** @throws when the key or the place is another one. */
  async function open(key: CryptoKey, sealed: Bytes, about: string): Promise<Bytes> {
    const algorithm = { name: 'AES-GCM', iv: sealed.slice(0, IV_BYTES), additionalData: utf8(about) }
    return new Uint8Array(await subtle.decrypt(algorithm, key, sealed.slice(IV_BYTES)))
  }

  async function pinKey(pin: string, salt: Bytes, rounds: number): Promise<CryptoKey> {
    const base = await subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveKey'])
    return subtle.deriveKey(
      { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
      base,
      { name: 'AES-GCM', length: KEY_BITS },
      false,
      ['encrypt', 'decrypt'],
    )
  }

  /** Never leaves this browser: IndexedDB keeps the key object, and no script can read its bytes. */
  function newDeviceKey(): Promise<CryptoKey> {
    return subtle.generateKey({ name: 'AES-GCM', length: KEY_BITS }, false, ['encrypt', 'decrypt'])
  }

  function dataKeyOf(raw: Bytes): Promise<CryptoKey> {
    return subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  }

  /** The sealed box of domain/core/sealed-box.ts to the server's point (SYNC-15). */
  async function box(serverPoint: Bytes, plain: Bytes, about: string): Promise<Bytes> {
    const curve = { name: 'ECDH', namedCurve: 'P-256' }
    const server = await subtle.importKey('raw', serverPoint, curve, false, [])
    const own = await subtle.generateKey(curve, true, ['deriveBits'])
    const point = new Uint8Array(await subtle.exportKey('raw', own.publicKey))
    const shared = await subtle.deriveBits({ name: 'ECDH', public: server }, own.privateKey, KEY_BITS)
    const salt = new Uint8Array(point.length + serverPoint.length)
    salt.set(point)
    salt.set(serverPoint, point.length)
    const key = await subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(BOX_INFO) },
      await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
      { name: 'AES-GCM', length: KEY_BITS },
      false,
      ['encrypt'],
    )
    const iv = random(IV_BYTES)
    const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(about) }, key, plain)
    return new Uint8Array(joinBox({ point, iv, sealed: new Uint8Array(sealed) }))
  }

  return { random, seal, open, pinKey, newDeviceKey, dataKeyOf, box, newSalt: () => random(SALT_BYTES) }
}
