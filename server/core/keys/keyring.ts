import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { uuid8OfHex } from '@weiwang/domain/core/ids'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { DB } from '../db/types.ts'
import { DayKeys } from './day-keys.ts'
import { readKeyFile } from './keyfile.ts'
import type { KeyFile } from './keyfile.ts'
import { Mac } from './mac.ts'
import { whileWrapping } from './rotation.ts'
import { decrypt, encrypt, encryptIds, keyIdOf, unwrap, wrap } from './sealing.ts'
import type { Place } from './sealing.ts'

/** What a search hash is of; the kind is part of the key, so that equal texts of different kinds do not meet. */
export type HashKind =
  | 'name'
  | 'pinyin'
  | 'initials'
  | 'phone'
  | 'phone4'
  | 'birth'
  | 'address'
  | 'account_phone'
  | 'token'
  | 'code'
  | 'subject'
  | 'source_key'
  | 'post_code'
  | 'code_person'
  | 'code_account'
  | 'code_partner'
  | 'code_pass'

export class KeyDestroyed extends Error {}

/** The emergency id under which things that belong to no emergency are sealed (phone numbers of accounts). */
export const NO_EMERGENCY = '00000000-0000-0000-0000-000000000000'

type DataKey = { id: string; idBytes: Buffer; key: Buffer }

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function uuidText(bytes: Buffer): string {
  const h = bytes.toString('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}

/**
 * Seals and opens under data keys (one per emergency and month), hashes for search, names persons. Data keys are unwrapped
 * once and kept in memory for a while; a destroyed key is gone at the next look.
 */
export class Keyring {
  #file: KeyFile
  readonly #path: string
  /** These two never change, so they are made ready once: a bulk load hashes several values a row. */
  readonly #search: Mac
  readonly #person: Mac
  readonly #jobs: Kysely<DB>
  readonly #byId = new Map<string, { key: DataKey; until: number }>()
  readonly #current = new Map<string, { key: DataKey; until: number }>()
  #signing: { privateKey: KeyObject; publicKey: KeyObject } | null = null
  /** Keys of single days, which lie in no database and so in no backup. */
  readonly days: DayKeys

  constructor(path: string, file: KeyFile, jobs: Kysely<DB>) {
    this.#path = path
    this.#file = file
    this.#search = new Mac(Buffer.from(file.search, 'base64url'))
    this.#person = new Mac(Buffer.from(file.personId, 'base64url'))
    this.#jobs = jobs
    this.days = new DayKeys(path)
  }

  /** Keeps keys in memory at most this long, so that destroying one takes effect everywhere. */
  static readonly CACHE_MS = 60_000

  /** A fingerprint that a database keeps, to tell at start when another key file is used with it. */
  fingerprint(): string {
    return createHash('sha256')
      .update(`weiwang\u0000${this.#file.personId}\u0000${this.#file.search}`)
      .digest('hex')
      .slice(0, 32)
  }

  #master(id: string): Buffer {
    const find = (): { key: string } | undefined => [this.#file.master, ...this.#file.previous].find((m) => m.id === id)
    let found = find()
    if (!found) {
      // The master may have been rotated by a command while this process runs.
      this.#file = readKeyFile(this.#path)
      found = find()
    }
    if (!found)
      throw new Error(`The key file lacks the master key ${id} that wrapped a data key. 密钥文件缺少主密钥 ${id}。`)
    return Buffer.from(found.key, 'base64url')
  }

  async #load(id: string): Promise<DataKey> {
    const cached = this.#byId.get(id)
    if (cached && cached.until > Date.now()) return cached.key
    const row = await this.#jobs
      .selectFrom('data_key')
      .select(['wrapped', 'master_id'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw new Error(`data key ${id} is not there`)
    if (!row.wrapped) {
      this.#byId.delete(id)
      throw new KeyDestroyed(`data key ${id} was destroyed`)
    }
    const key = { id, idBytes: uuidBytes(id), key: unwrap(this.#master(row.master_id), id, row.wrapped) }
    this.#byId.set(id, { key, until: Date.now() + Keyring.CACHE_MS })
    return key
  }

  /** The data key of an emergency and the current month, made at first use; two makers at once get the same one. */
  async #currentKey(emergencyId: string, now: Date): Promise<DataKey> {
    const month = now.toISOString().slice(0, 7)
    const slot = `${emergencyId}/${month}`
    const cached = this.#current.get(slot)
    if (cached && cached.until > Date.now()) return cached.key
    const id = (await this.#standing(emergencyId, month)) ?? (await this.#make(emergencyId, month, now))
    const key = await this.#load(id)
    this.#current.set(slot, { key, until: Date.now() + Keyring.CACHE_MS })
    return key
  }

  async #standing(emergencyId: string, month: string): Promise<string | null> {
    const row = await this.#jobs
      .selectFrom('data_key')
      .select('id')
      .where('emergency_id', '=', emergencyId)
      .where('month', '=', month)
      .where('destroyed_at', 'is', null)
      .executeTakeFirst()
    return row?.id ?? null
  }

  /** Wrapped by the newest master, which a command may have changed since this process read the file. */
  async #make(emergencyId: string, month: string, now: Date): Promise<string> {
    const id = randomUUID()
    const made = await this.#jobs.transaction().execute(async (db) => {
      await whileWrapping(db)
      this.#file = readKeyFile(this.#path)
      return db
        .insertInto('data_key')
        .values({
          id,
          emergency_id: emergencyId,
          month,
          wrapped: wrap(this.#master(this.#file.master.id), id, randomBytes(32)),
          master_id: this.#file.master.id,
          created_at: now,
          destroyed_at: null,
        })
        .onConflict((oc) => oc.columns(['emergency_id', 'month']).where('destroyed_at', 'is', null).doNothing())
        .returning('id')
        .executeTakeFirst()
    })
    const found = made?.id ?? (await this.#standing(emergencyId, month))
    if (found === null) throw new Error('the data key is not there')
    return found
  }

  /** Seals many values with one look for the key: the returned function is synchronous. */
  async sealer(
    emergencyId: string,
    now: Date,
  ): Promise<{ keyId: string; seal: (place: Place, text: string) => Buffer }> {
    const key = await this.#currentKey(emergencyId, now)
    return { keyId: key.id, seal: (place, text) => encrypt(key.key, key.idBytes, place, text) }
  }

  /** Seals ids by the thousand, one after the other (sealing.ts): rows of 16 ASCII characters. Each opens like every other value. */
  async idSealer(
    emergencyId: string,
    now: Date,
    place: Pick<Place, 'table' | 'column'>,
  ): Promise<(rows: readonly string[], ids: readonly string[]) => Buffer> {
    const key = await this.#currentKey(emergencyId, now)
    return (rows, ids) => encryptIds(key.key, key.idBytes, place, rows, ids)
  }

  async seal(at: Place & { emergencyId: string; now: Date }, text: string): Promise<Buffer> {
    const { seal } = await this.sealer(at.emergencyId, at.now)
    return seal({ table: at.table, row: at.row, column: at.column }, text)
  }

  /** @throws KeyDestroyed when the value's data key is gone: the value is deleted, wherever a copy of it lies. */
  async open(place: Place, sealed: Buffer): Promise<string> {
    const key = await this.#load(uuidText(keyIdOf(sealed)))
    return decrypt(key.key, place, sealed)
  }

  /** Forgets keys in memory (after destroying them). */
  forget(): void {
    this.#byId.clear()
    this.#current.clear()
    this.days.forget()
  }

  /** A keyed hash for exact search; the key never leaves the server, since numbers can be enumerated. */
  hash(kind: HashKind, text: string): Buffer {
    return Buffer.from(this.#search.hex(`${kind}\u0000${text}`).slice(0, 32), 'hex')
  }

  /** The same for many: 16 bytes of each, one after the other. */
  hashes(kind: HashKind, texts: readonly string[]): Buffer {
    return Buffer.from(texts.map((text) => this.#search.hex(`${kind}\u0000${text}`).slice(0, 32)).join(''), 'hex')
  }

  /** PEOPLE-1: the same document gives the same person everywhere, so feeds load in parallel and repeats fall on themselves. */
  personId(docKind: string, country: string, number: string): string {
    return uuid8OfHex(this.#person.hex(`${docKind}\u0000${country}\u0000${number}`))
  }

  async #signingKeys(): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
    if (this.#signing) return this.#signing
    const found = (await this.#sealedSigningKey()) ?? (await this.#makeSigningKey())
    const privateKey = createPrivateKey({
      key: unwrap(this.#master(found.master), 'signing', Buffer.from(found.sealed, 'base64url')),
      format: 'der',
      type: 'pkcs8',
    })
    this.#signing = { privateKey, publicKey: createPublicKey(privateKey) }
    return this.#signing
  }

  async #sealedSigningKey(): Promise<{ sealed: string; master: string } | null> {
    const { rows } = await sql<{
      sealed: string
      master: string
    }>`select value ->> 'sealed' as sealed, value ->> 'master' as master from setting where key = 'signing_key'`.execute(
      this.#jobs,
    )
    return rows[0] ?? null
  }

  async #makeSigningKey(): Promise<{ sealed: string; master: string }> {
    const made = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' })
    await this.#jobs.transaction().execute(async (db) => {
      await whileWrapping(db)
      this.#file = readKeyFile(this.#path)
      const value = JSON.stringify({
        sealed: wrap(this.#master(this.#file.master.id), 'signing', made).toString('base64url'),
        master: this.#file.master.id,
      })
      await sql`insert into setting (key, value) values ('signing_key', ${value}::jsonb) on conflict (key) do nothing`.execute(
        db,
      )
    })
    const found = await this.#sealedSigningKey()
    if (!found) throw new Error('the signing key is not there')
    return found
  }

  /** ES256 over the bytes, 64-byte signature (IEEE P1363). */
  async sign(data: Buffer): Promise<Buffer> {
    const { privateKey } = await this.#signingKeys()
    return sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  }

  async verify(data: Buffer, signature: Buffer): Promise<boolean> {
    const { publicKey } = await this.#signingKeys()
    return verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  }

  async publicKeyPem(): Promise<string> {
    return (await this.#signingKeys()).publicKey.export({ type: 'spki', format: 'pem' }).toString()
  }
}
