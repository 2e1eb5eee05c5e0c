import type { Logger } from 'pino'
import { pino } from 'pino'
import type { Config } from './core/config.ts'
import { attachEmbedded, openDatabase } from './core/postgres/database.ts'
import type { Database } from './core/postgres/database.ts'
import { FolderInUse } from './core/postgres/lock.ts'
import { Server } from './core/server.ts'
import { ROOMS } from './rooms.ts'

export type Opened = { server: Server; database: Database; close: () => Promise<void> }

export function makeLogger(level = process.env['LOG_LEVEL'] ?? 'info'): Logger {
  // Logs go to stderr, so that stdout holds results only. No body, name or number is ever logged.
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** Our own database, or, where a `serve` already runs on the folder, a connection to it. */
async function database(config: Config, log: Logger): Promise<Database> {
  try {
    return await openDatabase(config, (line) => log.debug({ postgres: line }))
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
  const opened = options.attach
    ? await database(config, log)
    : await openDatabase(config, (line) => log.debug({ postgres: line }))
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
