import { createHash } from 'node:crypto'
import { chownSync, createReadStream, mkdirSync, readdirSync } from 'node:fs'
import { constants, copyFile, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Binaries } from './binaries.ts'

export type Progress = (bytes: number) => void

export type Copied = { files: number; bytes: number }

export function own(file: string, binaries: Binaries): void {
  if (binaries.user) chownSync(file, binaries.user.uid, binaries.user.gid)
}

/** Copies a tree that may change meanwhile: a file that is gone was not needed. Leaves the process free to serve between files. */
export async function copyTree(
  from: string,
  to: string,
  binaries: Binaries,
  skip: ReadonlySet<string>,
  copied: Copied,
  progress: Progress,
): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  own(to, binaries)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue
    const source = path.join(from, entry.name)
    const target = path.join(to, entry.name)
    if (entry.isDirectory()) {
      await copyTree(source, target, binaries, skip, copied, progress)
      continue
    }
    try {
      await copyFile(source, target, constants.COPYFILE_FICLONE)
      own(target, binaries)
      copied.files++
      copied.bytes += (await stat(target)).size
      progress(copied.bytes)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
}

export async function hashTree(dir: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of listFiles(dir)) {
    hash.update(path.relative(dir, file)).update('\u0000')
    for await (const chunk of createReadStream(file)) hash.update(chunk)
  }
  return hash.digest('hex')
}

function listFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
}
