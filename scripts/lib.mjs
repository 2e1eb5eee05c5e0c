import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '..')

/** The node that runs npm, so that a node of some package's bin never replaces the user's. */
export const NODE = process.execPath

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(
    `Node ${process.versions.node} is too old: Weiwang needs 20.19 or newer. Node 版本过低，需要 20.19 或更新版本。`,
  )
  process.exit(2)
}

/** Runs a command to its end; its output goes to ours. Exits with its code when it fails. */
export function must(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options })
  if (result.error) throw result.error
  if (result.status !== 0) process.exit(result.status ?? 1)
}

export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}

function mtime(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0
}

/** Installs what the lock file names, when it has not been installed yet or has changed since. */
export function install() {
  const installed = mtime(path.join(ROOT, 'node_modules/.package-lock.json'))
  if (installed > 0 && installed >= mtime(path.join(ROOT, 'package-lock.json')) - 1000) return
  console.error('Installing packages (a minute or so). 正在安装依赖，约一分钟。')
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

const SKIP = new Set(['node_modules', 'dist', 'data', '.git', 'test-results', 'playwright-report'])

function newest(dir) {
  let at = 0
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (SKIP.has(entry.name)) continue
    const file = path.join(dir, entry.name)
    at = Math.max(at, entry.isDirectory() ? newest(file) : statSync(file).mtimeMs)
  }
  return at
}

const BUILDS = [
  { name: 'server', from: ['domain', 'server'], stamp: 'server/dist/.built' },
  { name: 'screens', from: ['domain', 'web'], stamp: 'web/dist/.built' },
]

/** Builds what is older than its sources. */
export function build() {
  for (const { name, from, stamp } of BUILDS) {
    const file = path.join(ROOT, stamp)
    const sources = Math.max(
      ...from.map((dir) => newest(path.join(ROOT, dir))),
      mtime(path.join(ROOT, 'package-lock.json')),
    )
    if (mtime(file) >= sources) continue
    console.error(`Building the ${name}. 正在构建。`)
    if (name === 'server') buildServer()
    else buildScreens()
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, '')
  }
}

function buildServer() {
  must(NODE, ['node_modules/typescript/bin/tsc', '-b', 'server/tsconfig.build.json'])
  if (existsSync(path.join(ROOT, 'server/areas/build-boundaries.ts'))) {
    must(NODE, ['--conditions=source', '--import', 'tsx', 'server/areas/build-boundaries.ts'])
  }
}

function buildScreens() {
  for (const face of ['centre', 'worker', 'checkpoint', 'resident'])
    must(NODE, ['node_modules/vite/bin/vite.js', 'build', '-c', `web/${face}/vite.config.ts`, '--logLevel', 'warn'])
}
