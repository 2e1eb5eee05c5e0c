import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileTooBig } from '@weiwang/domain/feeds/problems'

/**
 * FEED-24: a file as it was sent lies in DATA_DIR/inbox, readable by the server's user alone, until its batch is loaded or
 * has failed for good, and is then deleted. Processes that share the work share this folder.
 */
export type Received = { path: string; bytes: number; sha256: string }

function inbox(dataDir: string): string {
  return path.join(dataDir, 'inbox')
}

export function fileOf(dataDir: string, batchId: string): string {
  return path.join(inbox(dataDir), batchId)
}

export function hasFile(dataDir: string, batchId: string): boolean {
  return existsSync(fileOf(dataDir, batchId))
}

/** Writes a stream under a name of its own, counting and hashing. @throws fileTooBig, and then nothing is left behind. */
export async function receive(dataDir: string, name: string, stream: Readable, limit: number): Promise<Received> {
  await mkdir(inbox(dataDir), { recursive: true, mode: 0o700 })
  const target = path.join(inbox(dataDir), `${name}.part`)
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      hash.update(chunk)
      done(bytes > limit ? fileTooBig({ what: 'bytes', limit }) : null, chunk)
    },
  })
  try {
    await pipeline(stream, meter, createWriteStream(target, { mode: 0o600 }))
  } catch (error) {
    await rm(target, { force: true })
    throw error
  }
  return { path: target, bytes, sha256: hash.digest('hex') }
}

/** Gives a received file to its batch. */
export async function adopt(dataDir: string, received: Received, batchId: string): Promise<void> {
  await rename(received.path, fileOf(dataDir, batchId))
}

export async function discard(file: string): Promise<void> {
  await rm(file, { force: true })
}
