import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** A deployment of its own for one journey: the built program, an embedded database in a folder that is gone afterwards. */

const Login = z.object({
  level: z.string(),
  role: z.string(),
  login: z.string(),
  password: z.string(),
  name: z.string(),
  area: z.string(),
  areaName: z.string(),
})
export type Login = z.infer<typeof Login>

const Ready = z.object({
  ready: z.literal(true),
  address: z.string(),
  seconds: z.number(),
  logins: z.array(Login),
  /** The number of somebody who is observed. */
  resident: z.string().nullable(),
})

export type Deployment = {
  address: string
  dataDir: string
  logins: Login[]
  resident: string | null
  login: (level: string, role: string) => Login
  feedFiles: () => string[]
  /** The files that the offices send on a day, 2020-02-15. */
  feedFilesOf: (day: string) => string[]
  child: ChildProcess
  /** What the program was started with beyond our own environment: commands beside it need the same. */
  env: Record<string, string>
  /** Ends the program as a crash would, and starts it again on the same folder; log-ins are new. */
  crash: () => Promise<void>
  /** Ends the program by a signal, does something while it is away, and starts it again on the same folder. */
  restart: (signal: 'SIGTERM' | 'SIGKILL', meanwhile: () => Promise<void>) => Promise<void>
  /** The last lines that the program wrote to its log, over crashes. */
  said: () => string
  /** The process id of the embedded PostgreSQL. */
  databasePid: () => number
  /** Ends it and takes its folder away; with `keep` the data folder stays, to be copied by others. */
  stop: (how?: { keep: boolean }) => Promise<void>
}

const ROOT = path.resolve(import.meta.dirname, '..')

/** How the program is started: the build, or with WEIWANG_SOURCE=1 the sources. */
export function programOf(): { file: string; before: string[] } {
  if (!process.env['WEIWANG_SOURCE'])
    return { file: process.execPath, before: [path.join(ROOT, 'server/dist/cli/main.js')] }
  const loader = path.join(ROOT, 'node_modules/tsx/dist/loader.mjs')
  return {
    file: process.execPath,
    before: ['--conditions=source', '--import', loader, path.join(ROOT, 'server/cli/main.ts')],
  }
}

/** The folder in which what each program says stays until the next run: a journey that failed once may not do so again for weeks. */
export const SAID = 'WEIWANG_E2E_SAID'

type Running = { child: ChildProcess; ready: z.infer<typeof Ready>; said: () => string }

function launch(args: string[], env: Record<string, string>): Promise<Running> {
  return new Promise((resolve, reject) => {
    const { file, before } = programOf()
    const child = spawn(file, [...before, 'serve', '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, NODE_OPTIONS: '' },
    })
    let out = ''
    let err = ''
    const folder = process.env[SAID]
    if (folder !== undefined) child.stderr.pipe(createWriteStream(path.join(folder, `program-${child.pid ?? 0}.log`)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err = (err + text).slice(-4000)))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const line = out.split('\n').find((l) => l.startsWith('{"ready"'))
      if (line !== undefined) resolve({ child, ready: Ready.parse(JSON.parse(line)), said: () => err })
    })
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${err}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

function postmasterOf(dataDir: string): number | null {
  try {
    return Number(readFileSync(path.join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return null
  }
}

/** A program that was killed leaves its database running; a journey that failed there must not. */
async function endDatabase(dataDir: string): Promise<void> {
  const pid = postmasterOf(dataDir)
  if (pid === null) return
  try {
    // A number left in a file may belong to somebody else by now.
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir)) return
    process.kill(pid, 'SIGQUIT')
    for (let i = 0; i < 100 && postmasterOf(dataDir) !== null; i++) await sleep(50)
  } catch {
    // It is gone.
  }
}

/** Where the folder of a loaded exercise lies that deployments begin as a copy of (global-setup.ts). */
export const TEMPLATE = 'WEIWANG_E2E_TEMPLATE'

/** Only for the exercise of a grid in a database of the program's own. */
function templateFor(options: {
  exercise?: string
  env?: Record<string, string>
  fresh?: boolean
}): string | undefined {
  const other = (options.exercise ?? 'grid') !== 'grid' || options.env !== undefined || options.fresh === true
  return other ? undefined : process.env[TEMPLATE]
}

export async function startDeployment(
  options: {
    exercise?: string
    env?: Record<string, string>
    args?: string[]
    /** The data folder of a deployment that was stopped: this one begins as a copy of it. */
    from?: string
    /** From an empty folder, whatever was loaded before. */
    fresh?: boolean
  } = {},
): Promise<Deployment> {
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-e2e-'))
  chmodSync(dir, 0o711)
  const dataDir = path.join(dir, 'data')
  // With owners and modes: the database's files may be another user's.
  const from = options.from ?? templateFor(options)
  if (from !== undefined) {
    execFileSync('cp', ['-a', from, dataDir])
    // The keys of days (GATE-12) lie beside the key file.
    for (const file of ['.key', '.key.days'])
      if (existsSync(`${from}${file}`)) execFileSync('cp', ['-a', `${from}${file}`, `${dataDir}${file}`])
  }
  // The port is kept over a crash, as an operator's would be.
  const args = ['--port', '0', '--data-dir', dataDir, '--exercise', options.exercise ?? 'grid', ...(options.args ?? [])]
  const env = options.env ?? {}
  let running = await launch(args, env).catch(async (error: unknown) => {
    await endDatabase(dataDir)
    rmSync(dir, { recursive: true, force: true })
    throw error
  })
  const port = new URL(running.ready.address).port
  const deployment: Deployment = {
    address: running.ready.address,
    dataDir,
    logins: running.ready.logins,
    resident: running.ready.resident,
    login: (level, role) => {
      const found = deployment.logins.find((l) => l.level === level && l.role === role)
      if (!found)
        throw new Error(
          `no log-in for ${role} of ${level}; there are ${deployment.logins.map((l) => `${l.level}/${l.role}`).join(', ')}`,
        )
      return found
    },
    feedFiles: () =>
      readdirSync(path.join(dataDir, 'exercise', 'feeds'), { recursive: true, encoding: 'utf8' }).map((name) =>
        path.join(dataDir, 'exercise', 'feeds', name),
      ),
    feedFilesOf: (day) => {
      const folder = path.join(dataDir, 'exercise', 'feeds', day)
      return readdirSync(folder).map((name) => path.join(folder, name))
    },
    child: running.child,
    env,
    said: () => running.said(),
    databasePid: () => {
      const pid = postmasterOf(dataDir)
      if (pid === null) throw new Error('there is no embedded PostgreSQL')
      return pid
    },
    crash: () => deployment.restart('SIGKILL', () => Promise.resolve()),
    restart: async (signal, meanwhile) => {
      running.child.kill(signal)
      await ended(running.child)
      await meanwhile()
      running = await launch(
        args.map((arg, i) => (args[i - 1] === '--port' ? port : arg)),
        env,
      )
      deployment.child = running.child
      deployment.logins = running.ready.logins
    },
    stop: async (how = { keep: false }) => {
      running.child.kill('SIGTERM')
      await ended(running.child)
      await endDatabase(dataDir)
      if (!how.keep) rmSync(dir, { recursive: true, force: true })
    },
  }
  return deployment
}
