import type { Logger } from 'pino'
import { pino } from 'pino'
import type { Config } from './core/config.ts'
import { attachEmbedded, openDatabase, prepareFolder } from './core/postgres/database.ts'
import type { Database } from './core/postgres/database.ts'
import { finishRestore } from './core/postgres/every.ts'
import { FolderInUse } from './core/postgres/lock.ts'
import { pendingRestore } from './core/postgres/restore.ts'
import { Server } from './core/server.ts'
import { ROOMS } from './rooms.ts'

export type Opened = { server: Server; database: Database; close: () => Promise<void> }

export function makeLogger(level: NonNullable<Config['logLevel']>): Logger {
  // Logs go to stderr, so that stdout holds results only. No body, name or number is ever logged.
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** Our own database; a restore that was killed before its end is finished first (SYNC-8). */
async function ownDatabase(config: Config, log: Logger): Promise<Database> {
  const opened = await openDatabase(
    config,
    (line) => log.debug({ postgres: line }),
    (line) => log.warn(line),
  )
  try {
    if (opened.embedded && pendingRestore(config.dataDir)) {
      await prepareFolder(config)
      await finishRestore(config, log)
    }
    return opened
  } catch (error) {
    await opened.stop()
    throw error
  }
}

/** Our own database, or, where a `serve` already runs on the folder, a connection to it. */
async function sharedDatabase(config: Config, log: Logger): Promise<Database> {
  try {
    return await ownDatabase(config, log)
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    return {
      url: attachEmbedded(config),
      embedded: true,
      migrated: [],
      exited: new Promise(() => undefined),
      stop: async () => undefined,
    }
  }
}

export async function openServer(config: Config, log: Logger, options: { attach: boolean }): Promise<Opened> {
  const opened = await (options.attach ? sharedDatabase(config, log) : ownDatabase(config, log))
  try {
    const server = await Server.open({ config, log, url: opened.url, rooms: ROOMS, now: new Date() })
    const close = async (): Promise<void> => {
      await server.close()
      await opened.stop()
    }
    return { server, database: opened, close }
  } catch (error) {
    await opened.stop()
    throw error
  }
}
