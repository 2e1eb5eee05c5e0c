import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/**
 * The deployment's keys, in one file of mode 600 kept apart from the database and its backups. The master key wraps the data
 * keys and can be rotated; the id and search keys give identities their names and never change; losing the file loses the
 * sealed data, so the start says to keep a copy.
 */
const Key = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const KeyFile = z.strictObject({
  version: z.literal(1),
  madeAt: z.string(),
  master: z.strictObject({ id: z.string(), key: Key }),
  previous: z.array(z.strictObject({ id: z.string(), key: Key })),
  personId: Key,
  search: Key,
})
export type KeyFile = z.infer<typeof KeyFile>

function newKey(): string {
  return randomBytes(32).toString('base64url')
}

export function makeKeyFile(now: Date): KeyFile {
  return {
    version: 1,
    madeAt: now.toISOString(),
    master: { id: randomBytes(6).toString('hex'), key: newKey() },
    previous: [],
    personId: newKey(),
    search: newKey(),
  }
}

/** Writes beside and renames, so that a crash leaves the old file or the new one, never half of one. */
export function writeKeyFile(file: string, keys: KeyFile): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const partial = `${file}.${process.pid}.partial`
  writeFileSync(partial, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(partial, file)
  chmodSync(file, 0o600)
}

export function readKeyFile(file: string): KeyFile {
  const parsed = KeyFile.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success)
    throw new Error(
      `${file} is not a key file of Weiwang. Put the right one back. 密钥文件格式不符，请恢复正确的密钥文件。`,
    )
  return parsed.data
}

/** Reads the key file, making it when it is missing. `made` tells the start to warn about a copy; `open` that others may read it. */
export function loadKeyFile(file: string, now: Date): { keys: KeyFile; made: boolean; open: boolean } {
  if (!existsSync(file)) {
    const keys = makeKeyFile(now)
    writeKeyFile(file, keys)
    return { keys, made: true, open: false }
  }
  return { keys: readKeyFile(file), made: false, open: (statSync(file).mode & 0o077) !== 0 }
}

/** A new master key; the old one stays until every data key has been wrapped anew. */
export function rotateMaster(keys: KeyFile): KeyFile {
  return {
    ...keys,
    previous: [keys.master, ...keys.previous],
    master: { id: randomBytes(6).toString('hex'), key: newKey() },
  }
}
