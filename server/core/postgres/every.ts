import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { Server } from '../server.ts'
import { folderDatabases, hasCluster, openFolder } from './database.ts'
import type { Named } from './database.ts'
import { noteRestored, numberOf } from './restored.ts'
import { pendingRestore, restoreDone } from './restore.ts'
import type { Pending } from './restore.ts'
import { insertBackup } from './backup-store.ts'

/** One database under this deployment's settings. `mine`: it was made with the key file in hand. */
export type Each = { name: string; server: Server; mine: boolean }

/** The real database and the exercise's lie in one folder under one key file; an external one is named by settings. */
function external(config: Config): Named[] {
  const urls = config.databaseUrl === null ? [] : [config.databaseUrl]
  return [...new Set([...urls, ...config.otherDatabaseUrls])].map((url) => {
    const { host, pathname } = new URL(url)
    return { name: `${host}${pathname}`, url }
  })
}

async function openEach(config: Config, log: Logger, named: readonly Named[]): Promise<Each[]> {
  const each: Each[] = []
  try {
    for (const { name, url } of named) {
      const exercise = name === 'weiwang' ? 'off' : config.exercise
      const server = await Server.open({
        config: { ...config, exercise },
        log,
        url,
        rooms: [],
        now: new Date(),
        keys: 'any',
      })
      each.push({ name, server, mine: await server.keysMatch() })
    }
    return each
  } catch (error) {
    await closeAll(each)
    throw error
  }
}

async function closeAll(each: readonly Each[]): Promise<void> {
  for (const { server } of each) await server.close()
}

/**
 * Runs something over every database of the deployment: those of the folder's cluster, beside a running `serve` or alone, and
 * those that DATABASE_URL and OTHER_DATABASE_URLS name. A restore that was interrupted is finished first.
 */
export async function withEvery<T>(
  config: Config,
  log: Logger,
  run: (each: readonly Each[]) => Promise<T>,
): Promise<T> {
  const folder =
    config.databaseUrl === null || hasCluster(config)
      ? await openFolder(config, (l) => log.debug({ postgres: l }))
      : null
  try {
    if (folder?.started) await finishRestore(config, log)
    const each = await openEach(config, log, [...(folder ? await folderDatabases(config) : []), ...external(config)])
    try {
      return await run(each)
    } finally {
      await closeAll(each)
    }
  } finally {
    await folder?.stop()
  }
}

export type Raised = { name: string; grids: number }

/**
 * SYNC-8: the epoch of every grid of every restored database is raised, so that phones start over; the backup that was restored
 * is what that database knows of backups. Killed in between, the next start does it again: an epoch raised twice does no harm.
 * The folder's cluster must be running, and be ours.
 */
export async function finishRestore(
  config: Config,
  log: Logger,
): Promise<{ pending: Pending; raised: Raised[] } | null> {
  const pending = pendingRestore(config.dataDir)
  if (!pending) return null
  const each = await openEach(config, log, await folderDatabases(config))
  try {
    const raised: Raised[] = []
    for (const { name, server } of each) raised.push({ name, grids: await raiseEpochs(server, name, pending) })
    restoreDone(config.dataDir)
    return { pending, raised }
  } finally {
    await closeAll(each)
  }
}

async function raiseEpochs(server: Server, name: string, pending: Pending): Promise<number> {
  const at = new Date()
  return server.asSystem('restore', async (ctx) => {
    await noteRestored(ctx.db, at)
    const { numUpdatedRows } = await ctx.db
      .updateTable('grid_clock')
      .set({ epoch: sql<number>`greatest(epoch + 1, ${numberOf(at)}::integer)` })
      .executeTakeFirst()
    await insertBackup(ctx.db, {
      kind: 'manual',
      // The deployment's clock: that of an exercise stands where the restored database left it.
      coversUntil: new Date(new Date(pending.coversUntil).getTime() + server.clock.offset()),
      verifiedAt: new Date(pending.at),
      place: pending.from,
      hash: pending.hash,
      bytes: pending.bytes,
    })
    ctx.audit({
      verb: 'restore',
      thing: 'settings',
      thingId: name,
      area: ctx.root,
      detail: { backup: pending.at, hash: pending.hash, grids: Number(numUpdatedRows) },
    })
    return Number(numUpdatedRows)
  })
}
