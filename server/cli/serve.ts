import { setTimeout as sleep } from 'node:timers/promises'
import { isLoopback, readConfig, SETTING_FLAGS } from '../core/config.ts'
import { settleBackupDays } from '../core/postgres/backup-jobs.ts'
import { healthRoutes } from '../core/health.ts'
import { buildHttp } from '../core/http.ts'
import { startQueue } from '../core/queue.ts'
import { serveFaces } from '../core/static.ts'
import { makeLogger, openServer } from '../open.ts'
import { ROUTES } from '../rooms.ts'
import { resolveActor } from '../access/session.ts'
import { prepare } from '../first-start.ts'
import { readArgs } from './io.ts'
import type { Io } from './io.ts'

/** SIGTERM drains and stops within ten seconds. */
const DRAIN_MS = 9000

export async function serve(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, Object.fromEntries(SETTING_FLAGS.map((name) => [name, { type: 'string' as const }])))
  const given = Object.fromEntries(Object.entries(flags).flatMap(([k, v]) => (typeof v === 'string' ? [[k, v]] : [])))
  const config = readConfig(process.env, given)
  const log = makeLogger(config.logLevel ?? 'info')
  const started = Date.now()
  const { server, database, close } = await openServer(config, log, { attach: false })
  await settleBackupDays(server)
  const state = { ready: false }
  const http = await buildHttp(server, resolveActor)
  for (const routes of ROUTES) await routes(http)
  healthRoutes(http, { ready: () => state.ready })
  await serveFaces(http)
  const stopSignal = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
  // A first start loads for a while: asked to stop meanwhile, it stops; what is loaded stays, and the next start goes on.
  const welcome = await Promise.race([prepare(server, io), stopSignal.then(() => null)]).catch(
    async (error: unknown) => {
      // What cannot be prepared is said and ends the program with its database: a start that hangs is found by nobody.
      await Promise.race([close(), sleep(DRAIN_MS)])
      throw error
    },
  )
  if (!welcome) {
    io.note('Stopped before it was ready. 启动完成前已停止。')
    await database.stop()
    process.exit(0)
  }
  // It listens first: what the queue sends from its first moment on names the address.
  if (config.role !== 'jobs') {
    await http.app.listen({ port: config.port, host: config.host })
    server.listensAt(http.app.server.address())
  }
  const queue = config.role === 'web' ? null : await startQueue(server, { alone: database.embedded })
  state.ready = true
  const address = config.role === 'jobs' ? (config.publicUrl ?? '') : server.publicUrl
  io.result(
    {
      ready: true,
      address,
      seconds: (Date.now() - started) / 1000,
      logins: welcome.logins,
      resident: welcome.resident,
    },
    welcome.text(address, isLoopback(config.host)),
  )
  const why = await Promise.race([stopSignal, database.exited])
  state.ready = false
  io.note(`Stopping (${why}). 正在停止。`)
  const done = (async () => {
    await http.app.close()
    await queue?.stop()
    await close()
    return true
  })()
  if (!(await Promise.race([done, sleep(DRAIN_MS).then(() => false)]))) {
    io.note(
      'Work under way did not end in time; it is taken up again at the next start. 未完成的工作将在下次启动后继续。',
    )
    await database.stop()
    process.exit(0)
  }
}
