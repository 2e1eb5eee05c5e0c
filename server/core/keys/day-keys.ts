/**
 * Keys of single days, for what must be gone on a date wherever a copy of it lies (GATE-12). A data key of the database stands in its
 * backups too, wrapped by the master; these stand in no database: each is a file of its own in a folder beside the key file, and
 * removing the file is the deletion that reaches every backup. Copies of the key file do not hold them. Whoever runs web processes
 * on several machines shares the folder with them as he shares the key file. Losing it loses at most what would go within two weeks.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { decrypt, encrypt, keyIdOf } from './sealing.ts'
import type { Place } from './sealing.ts'

const Stored = z.strictObject({ id: z.uuid(), key: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const NAME = new RegExp(`^(${UUID})[.](\\d{4}-\\d{2}-\\d{2})[.]key$`)

/** Whose key: of an emergency, since databases that share a key file share the folder. */
export type DayOf = { emergencyId: string; day: string }
export type DayKey = DayOf & { id: string; key: Buffer; made: boolean }

export class DayKeys {
  readonly #dir: string
  readonly #known = new Map<string, { key: DayKey; until: number }>()
  /** A key that was removed by another process is used at most this long. */
  static readonly CACHE_MS = 30_000

  constructor(keyFile: string) {
    this.#dir = `${keyFile}.days`
  }

  get folder(): string {
    return this.#dir
  }

  #file({ emergencyId, day }: DayOf): string {
    const name = `${emergencyId}.${day}.key`
    if (!NAME.test(name)) throw new RangeError(`not a day of an emergency: ${name}`)
    return path.join(this.#dir, name)
  }

  /** The key of a day if it is there. */
  find(of: DayOf): DayKey | null {
    const slot = `${of.emergencyId}/${of.day}`
    const cached = this.#known.get(slot)
    if (cached && cached.until > Date.now()) return cached.key
    this.#known.delete(slot)
    const file = this.#file(of)
    if (!existsSync(file)) return null
    const { id, key } = Stored.parse(JSON.parse(readFileSync(file, 'utf8')))
    const found = { ...of, id, key: Buffer.from(key, 'base64url'), made: false }
    this.#known.set(slot, { key: found, until: Date.now() + DayKeys.CACHE_MS })
    return found
  }

  /** The key of a day, made at first use (`made`); of two makers at once one wins and both use it. */
  take(of: DayOf): DayKey {
    const there = this.find(of)
    if (there) return there
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
    const file = this.#file(of)
    const partial = `${file}.${randomUUID()}.partial`
    const id = randomUUID()
    writeFileSync(partial, JSON.stringify({ id, key: randomBytes(32).toString('base64url') }), {
      mode: 0o600,
      flush: true,
    })
    try {
      linkSync(partial, file)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      unlinkSync(partial)
    }
    const found = this.find(of)
    if (!found) throw new Error(`the key of ${of.day} is not there`)
    return { ...found, made: found.id === id }
  }

  /** Days of an emergency whose key is there. */
  daysOf(emergencyId: string): string[] {
    if (!existsSync(this.#dir)) return []
    return readdirSync(this.#dir)
      .flatMap((name) => {
        const match = NAME.exec(name)
        return match?.[1] === emergencyId && match[2] !== undefined ? [match[2]] : []
      })
      .toSorted()
  }

  /** Overwritten and removed: from here on nothing that was sealed under it opens anywhere. */
  destroy(of: DayOf): void {
    this.#known.delete(`${of.emergencyId}/${of.day}`)
    const file = this.#file(of)
    if (!existsSync(file)) return
    writeFileSync(file, randomBytes(128), { mode: 0o600, flush: true })
    unlinkSync(file)
  }

  /** Forgets keys in memory. */
  forget(): void {
    this.#known.clear()
  }
}

export function sealOfDay(key: DayKey, place: Place, text: string): Buffer {
  return encrypt(key.key, Buffer.from(key.id.replaceAll('-', ''), 'hex'), place, text)
}

/** Null when it was sealed under another key than this. @throws when the bytes are damaged or moved from their place */
export function openOfDay(key: DayKey, place: Place, sealed: Buffer): string | null {
  if (keyIdOf(sealed).toString('hex') !== key.id.replaceAll('-', '')) return null
  return decrypt(key.key, place, sealed)
}

/**
 * A mark of a text, equal for equal texts of one day: somebody can be looked for by it as long as the key is there, and nothing leads
 * from it to the text without. For what holds of whom an act of the day was, and must not be known later.
 */
export function markOfDay(key: DayKey, use: string, text: string): Buffer {
  return createHmac('sha256', key.key).update(`${use}/${text}`).digest().subarray(0, MARK_BYTES)
}
const MARK_BYTES = 16
