import type { Config } from '../core/config.ts'
import { readConfig } from '../core/config.ts'
import type { Server } from '../core/server.ts'
import { makeLogger, openServer } from '../open.ts'
import type { Flags } from './io.ts'

/** Which deployment a command works on: the same flags for every command, each a setting of `serve`. */
export const DEPLOYMENT_FLAGS = {
  'data-dir': { type: 'string' },
  'database-url': { type: 'string' },
  'migrate-url': { type: 'string' },
  'other-database-urls': { type: 'string' },
  'key-file': { type: 'string' },
  exercise: { type: 'string' },
} as const

export function configOf(flags: Flags, env: Record<string, string | undefined> = process.env): Config {
  const given: Record<string, string> = {}
  for (const name of Object.keys(DEPLOYMENT_FLAGS)) {
    const value = flags[name]
    if (typeof value === 'string') given[name] = value
  }
  return readConfig(env, given)
}

/** Opens the program, beside a running `serve` or alone, for the time of one command. Logs only what went wrong. */
export async function withServer<T>(
  config: Config,
  run: (server: Server) => Promise<T>,
  options: { attach: boolean } = { attach: true },
): Promise<T> {
  const opened = await openServer(config, makeLogger(config.logLevel ?? 'warn'), options)
  try {
    return await run(opened.server)
  } finally {
    await opened.close()
  }
}
