import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
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

const Ready = z.object({ ready: z.literal(true), address: z.string(), seconds: z.number(), logins: z.array(Login) })

export type Deployment = {
  address: string
  dataDir: string
  logins: Login[]
  login: (level: string, role: string) => Login
  feedFiles: () => string[]
  child: ChildProcess
  /** Ends the program as a crash would, and starts it again on the same folder; log-ins are new. */
  crash: () => Promise<void>
  stop: () => Promise<void>
}

const MAIN = path.resolve(import.meta.dirname, '../server/dist/cli/main.js')

type Running = { child: ChildProcess; ready: z.infer<typeof Ready> }

function launch(args: string[], env: Record<string, string>): Promise<Running> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, 'serve', '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, NODE_OPTIONS: '' },
    })
    let out = ''
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err = (err + text).slice(-4000)))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const line = out.split('\n').find((l) => l.startsWith('{"ready"'))
      if (line !== undefined) resolve({ child, ready: Ready.parse(JSON.parse(line)) })
    })
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${err}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

export async function startDeployment(
  options: { exercise?: string; env?: Record<string, string>; args?: string[] } = {},
): Promise<Deployment> {
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-e2e-'))
  chmodSync(dir, 0o711)
  const dataDir = path.join(dir, 'data')
  // The port is kept over a crash, as an operator's would be.
  const args = ['--port', '0', '--data-dir', dataDir, '--exercise', options.exercise ?? 'grid', ...(options.args ?? [])]
  let running = await launch(args, options.env ?? {})
  const port = new URL(running.ready.address).port
  const deployment: Deployment = {
    address: running.ready.address,
    dataDir,
    logins: running.ready.logins,
    login: (level, role) => {
      const found = deployment.logins.find((l) => l.level === level && l.role === role)
      if (!found)
        throw new Error(
          `no log-in for ${role} of ${level}; there are ${deployment.logins.map((l) => `${l.level}/${l.role}`).join(', ')}`,
        )
      return found
    },
    feedFiles: () =>
      readdirSync(path.join(dataDir, 'exercise', 'feeds')).map((name) => path.join(dataDir, 'exercise', 'feeds', name)),
    child: running.child,
    crash: async () => {
      running.child.kill('SIGKILL')
      await ended(running.child)
      running = await launch(
        args.map((arg, i) => (args[i - 1] === '--port' ? port : arg)),
        options.env ?? {},
      )
      deployment.child = running.child
      deployment.logins = running.ready.logins
    },
    stop: async () => {
      running.child.kill('SIGTERM')
      await ended(running.child)
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return deployment
}
