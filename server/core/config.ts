import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/**
 * Settings come from the environment; each is also a flag of `serve` (`--port 8081` for PORT). Off loopback a phone needs
 * https, so a HOST that is not loopback is refused without a certificate or a proxy that has one.
 */
export type Config = {
  port: number
  host: string
  dataDir: string
  databaseUrl: string | null
  migrateUrl: string | null
  keyFile: string
  publicUrl: string | null
  tls: { cert: string; key: string } | null
  trustProxy: boolean
  exercise: 'off' | 'grid' | 'town' | 'county'
  zone: string
  root: string
  role: 'all' | 'web' | 'jobs'
}

const EnvSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).optional(),
  DATABASE_URL: z.string().min(1).optional(),
  MIGRATE_URL: z.string().min(1).optional(),
  KEY_FILE: z.string().min(1).optional(),
  PUBLIC_URL: z.url().optional(),
  TLS_CERT: z.string().min(1).optional(),
  TLS_KEY: z.string().min(1).optional(),
  TRUST_PROXY: z.enum(['0', '1', 'true', 'false']).default('0'),
  EXERCISE: z.enum(['off', 'grid', 'town', 'county']).default('town'),
  ZONE: z.string().default('Asia/Shanghai'),
  ROOT_AREA: z
    .string()
    .regex(/^\d{2}(\d{2}(\d{2})?)?$/)
    .default('32'),
  ROLE: z.enum(['all', 'web', 'jobs']).default('all'),
})

export class ConfigError extends Error {}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || host.startsWith('127.')
}

/** As root the data folder is outside the project, where the server's own unprivileged user can reach it. */
function defaultDataDir(): string {
  return process.getuid?.() === 0 ? '/var/lib/weiwang/data' : path.resolve('data')
}

function checkZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new ConfigError(`ZONE ${zone} is not a time zone. 时区无效。 Use a name such as Asia/Shanghai.`)
  }
}

export function readConfig(env: Record<string, string | undefined>, flags: Record<string, string> = {}): Config {
  const merged: Record<string, string | undefined> = { ...env }
  for (const [flag, value] of Object.entries(flags)) merged[flag.toUpperCase().replaceAll('-', '_')] = value
  const parsed = EnvSchema.safeParse(merged)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`)
  }
  const e = parsed.data
  checkZone(e.ZONE)
  const dataDir = path.resolve(e.DATA_DIR ?? defaultDataDir())
  const tls = e.TLS_CERT && e.TLS_KEY ? { cert: e.TLS_CERT, key: e.TLS_KEY } : null
  for (const file of tls ? [tls.cert, tls.key] : []) {
    if (!existsSync(file)) throw new ConfigError(`${file} is not there. 证书文件不存在。`)
    readFileSync(file)
  }
  const trustProxy = e.TRUST_PROXY === '1' || e.TRUST_PROXY === 'true'
  if (!isLoopback(e.HOST) && !tls && !trustProxy) {
    throw new ConfigError(
      `HOST ${e.HOST} can be reached from other machines, and phones work only over https. ` +
        `Set TLS_CERT and TLS_KEY, or TRUST_PROXY=1 behind a proxy that has a certificate. ` +
        `对外提供服务须启用 https：请设置 TLS_CERT 与 TLS_KEY，或在已有证书的代理之后设置 TRUST_PROXY=1。`,
    )
  }
  return {
    port: e.PORT,
    host: e.HOST,
    dataDir,
    databaseUrl: e.DATABASE_URL ?? null,
    migrateUrl: e.MIGRATE_URL ?? e.DATABASE_URL ?? null,
    keyFile: path.resolve(e.KEY_FILE ?? `${dataDir}.key`),
    publicUrl: e.PUBLIC_URL ?? null,
    tls,
    trustProxy,
    exercise: e.EXERCISE,
    zone: e.ZONE,
    root: e.ROOT_AREA,
    role: e.ROLE,
  }
}
