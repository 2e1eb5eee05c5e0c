import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { makeBackup } from './backup.ts'
import { backupDays, endStated, insertBackup, keptBackups, markRemoved, setFailure } from './backup-store.ts'
import type { BackupKind } from './backup-store.ts'
import { findBinaries } from './binaries.ts'
import { clusterOf } from './database.ts'
import { clearLeftover } from './embedded.ts'
import { withEvery } from './every.ts'
import type { Each } from './every.ts'
import { FolderInUse, lockFolder } from './lock.ts'
import { readManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { keptSince } from './schedule.ts'
import type { Progress } from './tree.ts'

export type Removed = { place: string; at: string; hash: string }
export type MadeBackup = { out: string; manifest: Manifest; removed: Removed[] }

export function backupsDir(config: Config): string {
  return path.join(config.dataDir, 'backups')
}

function nameOf(now: Date): string {
  return now.toISOString().replaceAll(/[:.]/g, '-')
}

async function oneAtATime<T>(config: Config, run: () => Promise<T>): Promise<T> {
  let release: () => void
  try {
    release = lockFolder(path.join(config.dataDir, 'backup.lock'))
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    throw new Error('A backup is being made already. 已有备份正在进行。', { cause: error })
  }
  try {
    return await run()
  } finally {
    release()
  }
}

/**
 * One backup from beginning to end: leavings of a killed one are cleared, the cluster is copied and verified by starting it,
 * every database in it remembers it and has its audit line, and backups past their end are removed. The cluster must be running.
 */
export async function runBackup(
  config: Config,
  log: Logger,
  how: { kind: BackupKind; out?: string; progress?: Progress },
): Promise<MadeBackup> {
  const now = new Date()
  const out = how.out ?? path.join(backupsDir(config), nameOf(now))
  return oneAtATime(config, () =>
    withEvery(config, log, async (each) => {
      await clearLeavings(backupsDir(config))
      const manifest = await makeBackup(clusterOf(config), out, now, how.progress ?? ((): void => undefined))
      for (const one of each) await remember(one, manifest, { kind: how.kind, out })
      return { out, manifest, removed: await removeOld(config, each, now) }
    }),
  )
}

async function remember(
  { server, name }: Each,
  manifest: Manifest,
  how: { kind: BackupKind; out: string },
): Promise<void> {
  if (!manifest.databases.some((d) => d.name === name)) return
  await server.asSystem('backup', async (ctx) => {
    await insertBackup(ctx.db, {
      kind: how.kind,
      // An exercise runs on a day of its own; its clock only ever goes forward, so this moment covers what was written before.
      coversUntil: new Date(new Date(manifest.coversUntil).getTime() + server.clock.offset()),
      verifiedAt: new Date(manifest.at),
      place: how.out,
      hash: manifest.hash,
      bytes: manifest.bytes,
    })
    await setFailure(ctx.db, null)
    ctx.audit({
      verb: 'backup',
      thing: 'settings',
      thingId: 'backup',
      area: ctx.root,
      detail: { kind: how.kind, hash: manifest.hash, bytes: manifest.bytes, at: manifest.at },
    })
  })
}

/** Half-made copies of a process that was killed, with the server that it may have left running on one. */
async function clearLeavings(dir: string): Promise<void> {
  if (!existsSync(dir)) return
  for (const name of readdirSync(dir).filter((n) => n.endsWith('.partial'))) {
    await clearLeftover(path.join(dir, name, 'postgres', 'cluster'), findBinaries())
    await rm(path.join(dir, name), { recursive: true, force: true })
  }
}

type Old = { place: string; at: string; hash: string }

function oldIn(dir: string, before: Date): Old[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir).flatMap((name) => {
    const place = path.join(dir, name)
    const manifest = readManifest(place)
    return manifest && new Date(manifest.at) < before ? [{ place, at: manifest.at, hash: manifest.hash }] : []
  })
}

/** The folder that a restore put aside holds what the database held: it goes with the backups. Its name says when it was. */
function oldKept(config: Config, before: Date): Old[] {
  const home = path.join(config.dataDir, 'postgres')
  if (!existsSync(home)) return []
  return readdirSync(home).flatMap((name) => {
    const stamp = /^cluster\.before-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z$/.exec(name)
    if (!stamp) return []
    const at = `${stamp[1]}T${stamp[2]}:${stamp[3]}:${stamp[4]}.${stamp[5]}Z`
    return new Date(at) < before ? [{ place: path.join(home, name), at, hash: '' }] : []
  })
}

/** Elsewhere (`--out`): only while the very backup that we remember still lies there. */
async function oldElsewhere(each: readonly Each[], before: Date): Promise<Old[]> {
  const found = new Map<string, Old>()
  for (const { server } of each) {
    for (const row of await keptBackups(server.jobsPool.db)) {
      if (row.kind === 'stated' || row.hash === null || row.verifiedAt >= before) continue
      found.set(row.hash, { place: row.place, at: row.verifiedAt.toISOString(), hash: row.hash })
    }
  }
  return [...found.values()]
}

/**
 * DELETE-6: backups past `backup_days` are removed, each with a line in the trail of every database that was in it. Where
 * databases of one folder keep them for different times, the shorter one holds.
 */
export async function removeOld(config: Config, each: readonly Each[], now: Date): Promise<Removed[]> {
  const days = Math.min(...(await Promise.all(each.map(({ server }) => backupDays(server.jobsPool.db)))))
  const before = keptSince(now, days, config.zone)
  const old = new Map<string, Old>()
  for (const one of [
    ...(await oldElsewhere(each, before)),
    ...oldIn(backupsDir(config), before),
    ...oldKept(config, before),
  ])
    old.set(one.place, one)
  for (const one of old.values()) {
    const there = one.hash === '' || readManifest(one.place)?.hash === one.hash
    if (there) await rm(one.place, { recursive: true, force: true })
    for (const { server } of each) await tellRemoved(server, one, there)
  }
  for (const { server } of each) await server.asSystem('backup.remove', (ctx) => endStated(ctx.db, before, now))
  return [...old.values()]
}

async function tellRemoved(server: Each['server'], old: Old, there: boolean): Promise<void> {
  await server.asSystem('backup.remove', async (ctx) => {
    const known = old.hash !== '' && (await markRemoved(ctx.db, old.hash, new Date()))
    if (!known && !there) return
    ctx.audit({
      verb: 'backup.remove',
      thing: 'settings',
      thingId: 'backup',
      area: ctx.root,
      // `found` false: whoever moved the folder away keeps the promise himself.
      detail: { at: old.at, hash: old.hash, found: there },
    })
  })
}
