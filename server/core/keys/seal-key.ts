import { createDecipheriv, createECDH, createHash, hkdfSync } from 'node:crypto'
import { BOX_INFO, IV_BYTES, POINT_BYTES, splitBox, TAG_BYTES } from '@weiwang/domain/core/sealed-box'
import { sql } from 'kysely'
import type { Db } from '../db/connect.ts'
import { NO_EMERGENCY } from './keyring.ts'
import type { Keyring } from './keyring.ts'

/**
 * The deployment's key pair to which phones seal what they have not handed in (SYNC-15). The private part lies in the database,
 * sealed like every other secret, so that a rotation of the master key reaches it; the public point goes to every phone.
 */
export type SealKey = { id: string; point: Buffer; privateKey: Buffer }

const CURVE = 'prime256v1'
const PLACE = { table: 'setting', row: 'seal_key', column: 'value' }

type Stored = { id: string; point: string; sealed: string }

async function stored(db: Db): Promise<Stored | null> {
  const { rows } = await sql<Stored>`
    select value ->> 'id' as id, value ->> 'point' as point, value ->> 'sealed' as sealed
    from setting where key = 'seal_key'`.execute(db)
  return rows[0] ?? null
}

/** The key pair, made at first use; of two makers at once one wins and both use it. */
export async function sealKey(keys: Keyring, db: Db, now: Date): Promise<SealKey> {
  let found = await stored(db)
  if (!found) {
    const pair = createECDH(CURVE)
    const point = pair.generateKeys()
    const sealed = await keys.seal({ ...PLACE, emergencyId: NO_EMERGENCY, now }, pair.getPrivateKey('base64url'))
    const value = {
      id: createHash('sha256').update(point).digest('hex').slice(0, 16),
      point: point.toString('base64url'),
      sealed: sealed.toString('base64url'),
    }
    await sql`insert into setting (key, value) values ('seal_key', ${JSON.stringify(value)}::jsonb) on conflict (key) do nothing`.execute(
      db,
    )
    found = await stored(db)
  }
  if (!found) throw new Error('the seal key is not there')
  return {
    id: found.id,
    point: Buffer.from(found.point, 'base64url'),
    privateKey: Buffer.from(await keys.open(PLACE, Buffer.from(found.sealed, 'base64url')), 'base64url'),
  }
}

/** The text in a box that was sealed to this key under `itemKey`; null when it does not open. */
export function openBox(key: SealKey, itemKey: string, box: Uint8Array): string | null {
  return openBoxBytes(key, itemKey, box)?.toString('utf8') ?? null
}

export function openBoxBytes(key: SealKey, itemKey: string, box: Uint8Array): Buffer | null {
  const parts = splitBox(box)
  if (!parts || parts.point.length !== POINT_BYTES) return null
  try {
    const pair = createECDH(CURVE)
    pair.setPrivateKey(key.privateKey)
    const shared = pair.computeSecret(parts.point)
    const salt = Buffer.concat([parts.point, key.point])
    const secret = Buffer.from(hkdfSync('sha256', shared, salt, BOX_INFO, 32))
    return openBytes(secret, itemKey, Buffer.concat([parts.iv, parts.sealed]))
  } catch {
    // A foreign point: the same to who sent it as another key or changed bytes.
    return null
  }
}

/** What a phone sealed under a key of 32 bytes: iv ‖ AES-256-GCM ciphertext with tag, bound to `about`; null when it does not open. */
export function openBytes(secret: Uint8Array, about: string, sealed: Buffer): Buffer | null {
  const end = sealed.length - TAG_BYTES
  if (end < IV_BYTES) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, IV_BYTES))
    decipher.setAAD(Buffer.from(about, 'utf8'))
    decipher.setAuthTag(sealed.subarray(end))
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, end)), decipher.final()])
  } catch {
    return null
  }
}
