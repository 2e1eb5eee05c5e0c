import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import { checkSpace, whenThereIsRoom } from '../disk.ts'
import { findBinaries, makeServerDir, SERVER_HOME, SERVER_USER } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { isAlive, lockFolder } from './lock.ts'
import { settleFolder } from './restore.ts'

/**
 * The embedded PostgreSQL: the real server, one folder, one process of ours a folder. It listens on loopback only, with
 * scram passwords that lie beside the data (mode 600).
 */
export type Embedded = {
  /** Connection of the superuser, for roles and migrations. */
  adminUrl: string
  port: number
  cluster: string
  /** Fast shutdown; resolves when the server is gone. */
  stop: () => Promise<void>
  /** Resolves if the server ends without being asked to. */
  exited: Promise<string>
}

/** `version`: of the server that ran the folder last; folders made before that was written down have none. */
const Secrets = z.object({ superuser: z.string(), port: z.number().int(), version: z.string().optional() })
type Secrets = z.infer<typeof Secrets>

export type EmbeddedOptions = {
  dataDir: string
  settings?: Record<string, string>
  /** What PostgreSQL says. */
  log?: (line: string) => void
  /** What the operator should read. */
  tell?: (line: string) => void
}

function owned<T extends object>(binaries: Binaries, options: T): T & { uid?: number; gid?: number } {
  return binaries.user ? { ...options, uid: binaries.user.uid, gid: binaries.user.gid } : options
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** As root the server runs as a user of its own, who must be able to pass every folder on the way; we never chmod a parent. */
function checkReach(dir: string, binaries: Binaries): void {
  const { user } = binaries
  if (!user) return
  for (let at = path.dirname(dir); ; at = path.dirname(at)) {
    const { mode, uid, gid } = statSync(at)
    const passes = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001
    if (!passes) {
      throw new Error(
        `The database runs as the user ${SERVER_USER}, who may not pass through ${at}. Set DATA_DIR to a folder such as ${SERVER_HOME}/data, or let others pass: chmod o+x ${at}. ` +
          `数据库以 ${SERVER_USER} 用户运行，无法进入 ${at}：请改用其他 DATA_DIR，或执行 chmod o+x ${at}。`,
      )
    }
    if (at === path.dirname(at)) return
  }
}

function checkVersion(cluster: string, binaries: Binaries): void {
  const folder = readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim()
  const ours = binaries.version.split('.')[0]
  if (folder !== ours) {
    throw new Error(
      `The data folder was made by PostgreSQL ${folder}, this program brings PostgreSQL ${ours}. ` +
        `Run the version of the program that made it, or let a PostgreSQL ${folder} serve the folder and name it in DATABASE_URL. ` +
        `数据目录由 PostgreSQL ${folder} 建立，与本程序自带的 ${ours} 不符：请运行建立它的程序版本，或由 PostgreSQL ${folder} 打开该目录并设置 DATABASE_URL。`,
    )
  }
}

/** 18.4.0-beta.17 of the package is PostgreSQL 18.4. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

/**
 * Servers of one major version read each other's folders, so another minor version is told and not refused; a backup of before
 * is what leads back if the new one should misbehave.
 */
export function minorChange(before: string | undefined, now: string): string | null {
  if (before === undefined || minorOf(before) === minorOf(now)) return null
  const [from, to] = [minorOf(before), minorOf(now)]
  return (
    `PostgreSQL ${to} opens a data folder that PostgreSQL ${from} ran last: the files stay as they are. Keep the last backup of before until you trust it (weiwang backup list). ` +
    `数据库由 PostgreSQL ${from} 换为 ${to}，数据文件不变；确认无误前请保留此前的最后一份备份（weiwang backup list）。`
  )
}

function initCluster(cluster: string, binaries: Binaries, secretsFile: string): Secrets {
  const secrets: Secrets = { superuser: randomBytes(24).toString('base64url'), port: 0 }
  const pwfile = path.join(path.dirname(cluster), '.initdb-password')
  writeFileSync(pwfile, secrets.superuser, { mode: 0o600 })
  if (binaries.user) chownSync(pwfile, binaries.user.uid, binaries.user.gid)
  try {
    execFileSync(
      path.join(binaries.dir, 'bin', 'initdb'),
      [
        '-D',
        cluster,
        '-U',
        'postgres',
        '--auth=scram-sha-256',
        `--pwfile=${pwfile}`,
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ],
      owned(binaries, { stdio: 'pipe' as const, cwd: path.dirname(cluster) }),
    )
  } catch (error) {
    rmSync(cluster, { recursive: true, force: true })
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    throw new Error(`The database could not be made in ${cluster}: ${text.trim().split('\n').at(-1)}`, { cause: error })
  } finally {
    rmSync(pwfile, { force: true })
  }
  writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}

/**
 * A pid file left behind: by a server that a killed parent left running (it is stopped, we hold the folder's lock), or by
 * one that is gone (removed, also when its number now belongs to some other process).
 */
export async function clearLeftover(cluster: string, binaries: Binaries): Promise<void> {
  const pidFile = path.join(cluster, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const isOurs = (): boolean => {
    if (!isAlive(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster)
    } catch {
      return process.platform !== 'linux'
    }
  }
  if (isOurs()) {
    execFileSync(
      path.join(binaries.dir, 'bin', 'pg_ctl'),
      ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'],
      owned(binaries, { stdio: 'pipe' as const, cwd: cluster }),
    )
    return
  }
  rmSync(pidFile, { force: true })
}

const SILENT_MS = 60_000
const RECOVERY_MS = 60 * 60_000
const TOLD_AFTER_MS = 15_000
const RECOVERING_LINE =
  'the database is reading back what it had written before it was ended: nothing is lost, please wait 数据库正在恢复上次中断前的记录：数据无丢失，请稍候'

/**
 * How long a server that was just started is waited for: one that says that it is starting up is replaying its log, which after a
 * crash in much work takes minutes on a slow disk, and would begin anew if it were ended.
 */
export function patienceMs(error: unknown): number {
  const starting = error instanceof Error && 'code' in error && error.code === '57P03'
  return starting ? RECOVERY_MS : SILENT_MS
}

async function waitUntilReady(
  url: string,
  child: ChildProcess,
  lines: string[],
  tell: (line: string) => void,
  given: () => boolean,
): Promise<void> {
  const since = Date.now()
  for (let told = false; ;) {
    if (given()) throw new Error('PostgreSQL was asked to stop before it was ready')
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `PostgreSQL did not start: ${lines.filter((l) => /FATAL|PANIC|ERROR|could not/.test(l)).at(-1) ?? lines.at(-1) ?? 'no word from it'}`,
      )
    }
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
    // A connection that breaks between two queries is the next query's error, not the process's end.
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select 1')
      return
    } catch (error) {
      const [waited, patience] = [Date.now() - since, patienceMs(error)]
      if (waited > patience)
        throw new Error(`PostgreSQL did not answer within ${patience / 1000} seconds`, { cause: error })
      if (!told && waited > TOLD_AFTER_MS && patience === RECOVERY_MS) {
        tell(RECOVERING_LINE)
        told = true
      }
      await sleep(25)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const binaries = findBinaries()
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 })
  const home = path.join(options.dataDir, 'postgres')
  makeServerDir(home, binaries)
  checkReach(home, binaries)
  checkSpace(home)
  const release = lockFolder(path.join(options.dataDir, 'weiwang.lock'))
  try {
    settleFolder(options.dataDir)
    const cluster = path.join(home, 'cluster')
    const secretsFile = path.join(options.dataDir, 'postgres.json')
    let secrets: Secrets
    if (existsSync(path.join(cluster, 'PG_VERSION'))) {
      checkVersion(cluster, binaries)
      if (!existsSync(secretsFile)) {
        throw new Error(
          `${secretsFile} is missing: without it nobody can log in to the database in ${cluster}. Put it back from a backup. 缺少数据库口令文件，请从备份恢复。`,
        )
      }
      secrets = Secrets.parse(JSON.parse(readFileSync(secretsFile, 'utf8')))
      await clearLeftover(cluster, binaries)
    } else {
      if (existsSync(cluster) && statSync(cluster).isDirectory()) rmSync(cluster, { recursive: true, force: true })
      secrets = initCluster(cluster, binaries, secretsFile)
    }
    return await launch(cluster, binaries, secrets, secretsFile, options, release)
  } catch (error) {
    release()
    throw error
  }
}

type Running = { child: ChildProcess; exited: Promise<string> }

async function spawnServer(
  cluster: string,
  binaries: Binaries,
  url: string,
  args: string[],
  options: EmbeddedOptions,
  given: () => boolean,
): Promise<Running> {
  const child = spawn(path.join(binaries.dir, 'bin', 'postgres'), args, {
    ...owned(binaries, { cwd: cluster }),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C at the terminal reaches us alone, and we shut it down in order.
    detached: true,
  })
  const lines: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) {
      lines.push(line)
      if (lines.length > 200) lines.shift()
      options.log?.(line)
    }
  })
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`PostgreSQL ended (${signal ?? code}): ${lines.at(-1) ?? ''}`))
  })
  try {
    await waitUntilReady(url, child, lines, (line) => options.tell?.(line), given)
    return { child, exited }
  } catch (error) {
    child.kill('SIGINT')
    await exited
    throw error
  }
}

/** Fast shutdown, then an immediate one: recovery at the next start loses nothing that was committed. */
async function shutDown({ child, exited }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), 8000)
  await exited
  clearTimeout(timer)
}

const LINGER_MS = 60_000

/**
 * Backends of a killed server see it only between two steps of their work, and hold its memory until then: PostgreSQL
 * refuses to start beside them, rightly, and is asked again.
 */
async function whenOrphansAreGone(start: () => Promise<Running>, given: () => boolean): Promise<Running> {
  const until = Date.now() + LINGER_MS
  for (;;) {
    try {
      return await start()
    } catch (error) {
      if (given() || Date.now() > until || !String(error).includes('is still in use')) throw error
      await sleep(250)
    }
  }
}

/** In a row: a server that ran for a while begins to count anew. */
const RESTARTS = 20
const STEADY_MS = 10 * 60_000

/**
 * An eighth of the memory, from 256 MB to 1 GB: an import into a table of ten million facts touches the pages of its key at random,
 * and fetches each from the system when they do not fit.
 */
export function sharedBuffers(memory: number): string {
  return `${Math.round(Math.min(1024, Math.max(256, memory / 8 / 2 ** 20)))}MB`
}

async function launch(
  cluster: string,
  binaries: Binaries,
  secrets: Secrets,
  secretsFile: string,
  options: EmbeddedOptions,
  release: () => void,
): Promise<Embedded> {
  const port = await freePort()
  const told = minorChange(secrets.version, binaries.version)
  if (told !== null) options.tell?.(told)
  writeFileSync(secretsFile, JSON.stringify({ ...secrets, port, version: binaries.version }), { mode: 0o600 })
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: sharedBuffers(totalmem()),
    timezone: 'UTC',
    log_timezone: 'UTC',
    wal_level: 'replica',
    // After the crash of one of its processes it ends, and is started again from here, when there is room: where it recovers by itself
    // on a full disk and that recovery fails at once, PostgreSQL 18 does not notice, and refuses everybody for ever.
    restart_after_crash: 'off',
    ...options.settings,
  }
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])]
  const adminUrl = `postgres://postgres:${secrets.superuser}@127.0.0.1:${port}/postgres`
  let stopping = false
  const given = (): boolean => stopping
  const start = (): Promise<Running> =>
    whenOrphansAreGone(() => spawnServer(cluster, binaries, adminUrl, args, options, given), given)
  let running = await start()
  // Killed from outside, or ended because one of its processes was, the server is started again on the same port, and the pools
  // find it there. A start that fails is tried again as well: the disk may have filled while it came up.
  const supervise = async (): Promise<string> => {
    let since = Date.now()
    let why = await running.exited
    for (let restarts = 0; ; restarts++) {
      if (Date.now() - since > STEADY_MS) restarts = 0
      if (stopping || restarts >= RESTARTS) return why
      options.log?.(`${why}; starting it again`)
      await sleep(Math.min(200 * 2 ** restarts, 5_000))
      // Full, it would end again at once: it is started when there is room, however long that takes.
      await whenThereIsRoom(cluster, (line) => options.tell?.(line), given)
      if (stopping) return why
      since = Date.now()
      try {
        await clearLeftover(cluster, binaries)
        running = await start()
      } catch (error) {
        why = error instanceof Error ? error.message : String(error)
        continue
      }
      // Asked to stop while it was coming up: it must not outlive us.
      if (stopping) await shutDown(running)
      why = await running.exited
    }
  }
  const exited = supervise().catch((error: unknown) => String(error))
  const stop = async (): Promise<void> => {
    stopping = true
    await shutDown(running)
    await exited
    release()
  }
  return { adminUrl, port, cluster, stop, exited }
}
