import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * AES-256-GCM. A sealed value is: version byte, 16 bytes of data-key id, 12 bytes of nonce, 16 bytes of tag, the ciphertext.
 * It is bound to its table, row and column: moved elsewhere, it does not open.
 */
const VERSION = 1
const HEADER = 1 + 16 + 12 + 16

export type Place = { table: string; row: string; column: string }

function aad(place: Place): Buffer {
  return Buffer.from(`${place.table}\u0000${place.row}\u0000${place.column}`, 'utf8')
}

export function encrypt(key: Buffer, keyId: Buffer, place: Place, text: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(aad(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.from([VERSION]), keyId, nonce, cipher.getAuthTag(), body])
}

/** The data key that a sealed value needs. */
export function keyIdOf(sealed: Buffer): Buffer {
  if (sealed.length < HEADER || sealed[0] !== VERSION) throw new RangeError('not a sealed value')
  return sealed.subarray(1, 17)
}

export function decrypt(key: Buffer, place: Place, sealed: Buffer): string {
  keyIdOf(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(17, 29))
  decipher.setAAD(aad(place))
  decipher.setAuthTag(sealed.subarray(29, 45))
  return Buffer.concat([decipher.update(sealed.subarray(HEADER)), decipher.final()]).toString('utf8')
}

export function wrap(master: Buffer, dataKeyId: string, dataKey: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', master, nonce)
  cipher.setAAD(Buffer.from(dataKeyId, 'utf8'))
  const body = Buffer.concat([cipher.update(dataKey), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

export function unwrap(master: Buffer, dataKeyId: string, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, 12))
  decipher.setAAD(Buffer.from(dataKeyId, 'utf8'))
  decipher.setAuthTag(wrapped.subarray(12, 28))
  return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()])
}
