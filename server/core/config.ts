import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/**
 * Settings come from the environment; each is also a flag of `serve` (`--port 8081` for PORT), because both are read from the
 * one table below. Off loopback a phone needs https, so a HOST that is not loopback is refused without a certificate or a proxy
 * that has one.
 */
export type Config = {
  port: number
  host: string
  dataDir: string
  databaseUrl: string | null
  migrateUrl: string | null
  /** Other databases under the same key file, beside DATABASE_URL: `keys rotate` goes over them too. */
  otherDatabaseUrls: string[]
  keyFile: string
  publicUrl: string | null
  tls: { cert: string; key: string } | null
  trustProxy: boolean
  exercise: 'off' | 'grid' | 'town' | 'county'
  zone: string
  root: string
  role: 'all' | 'web' | 'jobs'
  sms: { url: string; key: string } | null
  /** Web push to workers' phones; null: the site has none. */
  vapid: { publicKey: string; privateKey: string; subject: string } | null
  /** Hosts of push services beside those of the known browsers. */
  pushHosts: string[]
  /** Whether roles that approve, open identities, do bulk work or export must have a second factor (ACCESS-20). */
  totp: 'required' | 'advised'
  /** When the embedded database is backed up each day, in minutes after local midnight; null: not by itself. */
  backupAt: number | null
  /** Days that a backup is kept; null: what the database says, else 30. */
  backupDays: number | null
  logLevel: (typeof LOG_LEVELS)[number] | null
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Most that the embedded server keeps a backup (design, section 9). */
const MOST_BACKUP_DAYS = 30

const text = z.string().min(1)

/** The one table of settings: the environment, the flags of `serve` and the words of `serve --help` come from it. */
const EnvSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: text.default('127.0.0.1'),
  DATA_DIR: text.optional(),
  DATABASE_URL: text.optional(),
  MIGRATE_URL: text.optional(),
  OTHER_DATABASE_URLS: text.optional(),
  KEY_FILE: text.optional(),
  PUBLIC_URL: z.url().optional(),
  TLS_CERT: text.optional(),
  TLS_KEY: text.optional(),
  TRUST_PROXY: z.enum(['0', '1', 'true', 'false']).default('0'),
  EXERCISE: z.enum(['off', 'grid', 'town', 'county']).default('town'),
  ZONE: z.string().default('Asia/Shanghai'),
  ROOT_AREA: z
    .string()
    .regex(/^\d{2}(\d{2}(\d{2})?)?$/)
    .default('32'),
  ROLE: z.enum(['all', 'web', 'jobs']).default('all'),
  SMS_GATEWAY_URL: z.url().optional(),
  SMS_GATEWAY_KEY: z.string().optional(),
  VAPID_PUBLIC: z.string().optional(),
  VAPID_PRIVATE: z.string().optional(),
  VAPID_SUBJECT: z.string().optional(),
  PUSH_HOSTS: z.string().optional(),
  TOTP: z.enum(['required', 'advised']).optional(),
  BACKUP_AT: z.union([z.literal('off'), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)]).optional(),
  BACKUP_DAYS: z.coerce.number().int().min(1).max(3650).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).optional(),
})
type Env = z.output<typeof EnvSchema>

/** The flags of `serve`, one for each setting: DATA_DIR is --data-dir. */
export const SETTING_FLAGS: readonly string[] = Object.keys(EnvSchema.shape).map((name) =>
  name.toLowerCase().replaceAll('_', '-'),
)

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

/** 03:20 in the deployment's zone, unless told; an exercise alone is not worth a copy a day. */
const QUIET = '03:20'

function backupAt(e: Env): number | null {
  const at = e.BACKUP_AT ?? (e.EXERCISE === 'off' && e.DATABASE_URL === undefined ? QUIET : 'off')
  if (at === 'off') return null
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  return hours * 60 + minutes
}

function checkBackups(e: Env): void {
  if (e.DATABASE_URL !== undefined && e.BACKUP_AT !== undefined && e.BACKUP_AT !== 'off')
    throw new ConfigError(
      'BACKUP_AT is for the embedded database; back up the server that DATABASE_URL names with its own tools and tell it with "weiwang backup note". ' +
        'BACKUP_AT 只用于内置数据库；外部数据库请用其自带工具备份，并用 weiwang backup note 登记。',
    )
  if (e.DATABASE_URL === undefined && (e.BACKUP_DAYS ?? 0) > MOST_BACKUP_DAYS)
    throw new ConfigError(
      `BACKUP_DAYS: backups of the embedded database are kept at most ${MOST_BACKUP_DAYS} days. 内置数据库的备份最多保留 ${MOST_BACKUP_DAYS} 天。`,
    )
}

function tlsOf(e: Env): Config['tls'] {
  if (!e.TLS_CERT || !e.TLS_KEY) return null
  for (const file of [e.TLS_CERT, e.TLS_KEY]) {
    if (!existsSync(file)) throw new ConfigError(`${file} is not there. 证书文件不存在。`)
    readFileSync(file)
  }
  return { cert: e.TLS_CERT, key: e.TLS_KEY }
}

function checkHttps(e: Env, tls: Config['tls'], trustProxy: boolean): void {
  if (isLoopback(e.HOST) || tls || trustProxy) return
  throw new ConfigError(
    `HOST ${e.HOST} can be reached from other machines, and phones work only over https. ` +
      `Set TLS_CERT and TLS_KEY, or TRUST_PROXY=1 behind a proxy that has a certificate. ` +
      `对外提供服务须启用 https：请设置 TLS_CERT 与 TLS_KEY，或在已有证书的代理之后设置 TRUST_PROXY=1。`,
  )
}

/** Both keys as `weiwang vapid` prints them: a P-256 point of 65 bytes and its secret of 32, base64url. */
function vapidOf(e: Env): Config['vapid'] {
  const { VAPID_PUBLIC: publicKey = '', VAPID_PRIVATE: privateKey = '', VAPID_SUBJECT: subject = '' } = e
  if (publicKey === '' && privateKey === '' && subject === '') return null
  const whole =
    /^[A-Za-z0-9_-]{87}$/.test(publicKey) &&
    /^[A-Za-z0-9_-]{43}$/.test(privateKey) &&
    /^(mailto:.+@.+|https:\/\/.+)$/.test(subject)
  if (whole) return { publicKey, privateKey, subject }
  throw new ConfigError(
    'VAPID_PUBLIC, VAPID_PRIVATE and VAPID_SUBJECT (mailto: or https:) belong together; "weiwang vapid" makes a pair of keys. ' +
      'VAPID_PUBLIC、VAPID_PRIVATE、VAPID_SUBJECT 须一并设置；可用 weiwang vapid 生成密钥。',
  )
}

/** A word that is set to nothing counts as not set: `DATA_DIR= npm start` means the usual folder. */
function given(settings: Record<string, string | undefined>): [string, string | undefined][] {
  return Object.entries(settings).filter(([, value]) => value === undefined || value.trim() !== '')
}

export function readConfig(env: Record<string, string | undefined>, flags: Record<string, string> = {}): Config {
  const merged: Record<string, string | undefined> = Object.fromEntries(given(env))
  for (const [flag, value] of given(flags)) merged[flag.toUpperCase().replaceAll('-', '_')] = value
  const parsed = EnvSchema.safeParse(merged)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`)
  }
  const e = parsed.data
  checkZone(e.ZONE)
  checkBackups(e)
  const dataDir = path.resolve(e.DATA_DIR ?? defaultDataDir())
  const tls = tlsOf(e)
  const trustProxy = e.TRUST_PROXY === '1' || e.TRUST_PROXY === 'true'
  checkHttps(e, tls, trustProxy)
  return {
    port: e.PORT,
    host: e.HOST,
    dataDir,
    databaseUrl: e.DATABASE_URL ?? null,
    migrateUrl: e.MIGRATE_URL ?? e.DATABASE_URL ?? null,
    otherDatabaseUrls: (e.OTHER_DATABASE_URLS ?? '').split(/[\s,]+/).filter(Boolean),
    keyFile: path.resolve(e.KEY_FILE ?? `${dataDir}.key`),
    publicUrl: e.PUBLIC_URL ?? null,
    tls,
    trustProxy,
    exercise: e.EXERCISE,
    zone: e.ZONE,
    root: e.ROOT_AREA,
    role: e.ROLE,
    sms: e.SMS_GATEWAY_URL ? { url: e.SMS_GATEWAY_URL, key: e.SMS_GATEWAY_KEY ?? '' } : null,
    vapid: vapidOf(e),
    pushHosts: (e.PUSH_HOSTS ?? '').split(/[\s,]+/).filter(Boolean),
    totp: e.TOTP ?? (e.EXERCISE === 'off' ? 'required' : 'advised'),
    backupAt: backupAt(e),
    backupDays: e.BACKUP_DAYS ?? null,
    logLevel: e.LOG_LEVEL ?? null,
  }
}
