import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

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
  const whole = sealed[0] === VERSION ? sealed.length >= HEADER : sealed[0] === ID && sealed.length === SEALED_ID
  if (!whole) throw new RangeError('not a sealed value')
  return sealed.subarray(1, 17)
}

export function decrypt(key: Buffer, place: Place, sealed: Buffer): string {
  keyIdOf(sealed)
  if (sealed[0] === ID) return decryptId(key, place, sealed)
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

/**
 * Ids by the thousand: one block of AES-256 each, XEX as in IEEE 1619 with one block a unit, bound to table, column and row. Setting up
 * GCM for each costs more than signing what the id belongs to. A value has no tag: whoever opens one compares what comes out with the keyed
 * hash that lies beside it. A sealed id is: version byte, 16 bytes of data-key id, the block.
 */
const ID = 2
const BLOCK = 16
export const SEALED_ID = 1 + 16 + BLOCK

function blocks(key: Buffer, data: Buffer, way: 'seal' | 'open'): Buffer {
  const cipher = (way === 'seal' ? createCipheriv : createDecipheriv)('aes-256-ecb', key, null)
  cipher.setAutoPadding(false)
  return cipher.update(data)
}

function idKeys(key: Buffer, { table, column }: Pick<Place, 'table' | 'column'>): { of: Buffer; tweak: Buffer } {
  const derived = (what: string): Buffer =>
    createHmac('sha256', key).update(`ids\u0000${what}\u0000${table}\u0000${column}`).digest()
  return { of: derived('block'), tweak: derived('row') }
}

function mix(into: Buffer, tweaks: Buffer): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) ^ (tweaks[i] ?? 0)
}

/** Rows as 16 ASCII characters each, ids as UUIDs; the sealed ids of SEALED_ID bytes one after the other. */
export function encryptIds(
  key: Buffer,
  keyId: Buffer,
  place: Pick<Place, 'table' | 'column'>,
  rows: readonly string[],
  ids: readonly string[],
): Buffer {
  const keys = idKeys(key, place)
  if (rows.length !== ids.length || !rows.every((row) => row.length === BLOCK))
    throw new RangeError('rows of 16 characters are needed')
  const data = Buffer.from(ids.join('').replaceAll('-', ''), 'hex')
  if (data.length !== ids.length * BLOCK || !ids.every((id) => id.length === 36)) throw new RangeError('not a UUID')
  const named = Buffer.from(rows.join(''), 'latin1')
  const tweaks = blocks(keys.tweak, named, 'seal')
  mix(data, tweaks)
  const sealed = blocks(keys.of, data, 'seal')
  mix(sealed, tweaks)
  const all = Buffer.alloc(ids.length * SEALED_ID)
  for (let i = 0; i < ids.length; i++) {
    const at = i * SEALED_ID
    all[at] = ID
    keyId.copy(all, at + 1)
    sealed.copy(all, at + 17, i * BLOCK, (i + 1) * BLOCK)
  }
  return all
}

function decryptId(key: Buffer, place: Place, sealed: Buffer): string {
  const keys = idKeys(key, place)
  const tweak = blocks(keys.tweak, Buffer.from(place.row, 'latin1'), 'seal')
  const data = Buffer.from(sealed.subarray(17))
  mix(data, tweak)
  const id = blocks(keys.of, data, 'open')
  mix(id, tweak)
  const h = id.toString('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}
