import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { findBinaries } from './binaries.ts'
import { readManifest, RESTORED, SECRET_FILES } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { copyTree, hashTree, own } from './tree.ts'
import type { Progress } from './tree.ts'

const Pending = z.object({
  from: z.string(),
  at: z.string(),
  coversUntil: z.string(),
  hash: z.string(),
  bytes: z.number(),
  kept: z.string().nullable(),
  secrets: z.record(z.string(), z.string()),
})
export type Pending = z.infer<typeof Pending>

type Folder = { home: string; cluster: string; copying: string; ready: string }

function folderOf(dataDir: string): Folder {
  const home = path.join(dataDir, 'postgres')
  const cluster = path.join(home, 'cluster')
  return { home, cluster, copying: `${cluster}.restoring`, ready: `${cluster}.restored` }
}

function checkedManifest(from: string): Manifest {
  const manifest = readManifest(from)
  if (!manifest)
    throw new Error(`${from} holds no verified backup (manifest.json is missing). 该目录不是经过验证的备份。`)
  const { version } = findBinaries()
  if (manifest.postgres.split('.')[0] !== version.split('.')[0])
    throw new Error(
      `The backup was made by PostgreSQL ${manifest.postgres}, this program brings ${version}. 备份的数据库版本不符。`,
    )
  return manifest
}

/**
 * Puts a verified backup in the place of the data folder's cluster, which nobody may be using; the old one is kept beside under
 * a name with the time. Each step is one rename, and `settleFolder` finishes what was begun. Afterwards the caller raises the
 * epochs of every database and calls `restoreDone`.
 */
export async function restoreBackup(from: string, dataDir: string, now: Date, progress: Progress): Promise<Pending> {
  const manifest = checkedManifest(from)
  if ((await hashTree(path.join(from, 'postgres', 'cluster'))) !== manifest.hash)
    throw new Error(`${from} was changed after it had been verified; it is not used. 备份内容与清单不符，已拒绝恢复。`)
  const binaries = findBinaries()
  const { home, cluster, copying, ready } = folderOf(dataDir)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  own(home, binaries)
  for (const left of [copying, ready]) await rm(left, { recursive: true, force: true })
  await copyTree(path.join(from, 'postgres', 'cluster'), copying, binaries, new Set(), { files: 0, bytes: 0 }, progress)
  const secrets: Record<string, string> = {}
  for (const name of SECRET_FILES) {
    const file = path.join(from, name)
    if (existsSync(file)) secrets[name] = readFileSync(file, 'utf8')
  }
  const kept = existsSync(cluster) ? `${cluster}.before-${now.toISOString().replaceAll(/[:.]/g, '-')}` : null
  const { at, coversUntil, hash, bytes } = manifest
  const pending: Pending = { from, at, coversUntil, hash, bytes, kept, secrets }
  const marker = path.join(copying, RESTORED)
  writeFileSync(marker, JSON.stringify(pending), { mode: 0o600, flush: true })
  own(marker, binaries)
  renameSync(copying, ready)
  if (kept !== null) renameSync(cluster, kept)
  settleFolder(dataDir)
  return pending
}

/**
 * Before a server is started on the folder: a restore that was killed between its renames is finished, one that was killed
 * before the old cluster was moved away did not happen. Returns the restore whose epochs are still to be raised.
 */
export function settleFolder(dataDir: string): Pending | null {
  const { cluster, copying, ready } = folderOf(dataDir)
  rmSync(copying, { recursive: true, force: true })
  if (existsSync(ready)) {
    if (existsSync(cluster)) rmSync(ready, { recursive: true, force: true })
    else renameSync(ready, cluster)
  }
  const pending = pendingRestore(dataDir)
  for (const [name, text] of Object.entries(pending?.secrets ?? {})) {
    const file = path.join(dataDir, name)
    if (existsSync(file)) chmodSync(file, 0o600)
    writeFileSync(file, text, { mode: 0o600 })
  }
  return pending
}

export function pendingRestore(dataDir: string): Pending | null {
  const file = path.join(folderOf(dataDir).cluster, RESTORED)
  return existsSync(file) ? Pending.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}

export function restoreDone(dataDir: string): void {
  rmSync(path.join(folderOf(dataDir).cluster, RESTORED), { force: true })
}
