import { createHash } from 'node:crypto'
import {
  chownSync,
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { findBinaries } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { startEmbedded } from './embedded.ts'

/**
 * An online copy of the cluster between start and stop of a backup, which needs no client program of PostgreSQL. It counts
 * as a backup only after a server has been started on it and has answered; that also recovers it to a clean folder. The key
 * file is not part of it, so whoever holds the backup alone can open nothing.
 */
export const Manifest = z.object({
  version: z.literal(1),
  postgres: z.string(),
  at: z.string(),
  databases: z.array(z.object({ name: z.string(), migrations: z.number(), rows: z.record(z.string(), z.number()) })),
  files: z.number(),
  bytes: z.number(),
  hash: z.string(),
})
export type Manifest = z.infer<typeof Manifest>

const SECRET_FILES = ['postgres.json', 'postgres-login']

// What a running server makes anew or what would name its process.
const SKIP = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'pg_stat_tmp',
  'pgsql_tmp',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_subtrans',
  'pg_dynshmem',
  'pg_replslot',
])
const KEEP_EMPTY = [
  'pg_stat_tmp',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_subtrans',
  'pg_dynshmem',
  'pg_replslot',
  'pg_wal',
  'pg_wal/archive_status',
  'pg_wal/summaries',
]

export type Progress = (bytes: number) => void

type Copied = { files: number; bytes: number }

function own(file: string, binaries: Binaries): void {
  if (binaries.user) chownSync(file, binaries.user.uid, binaries.user.gid)
}

/** Copies a tree that may change meanwhile: a file that is gone was not needed. */
function copyTree(
  from: string,
  to: string,
  binaries: Binaries,
  skip: ReadonlySet<string>,
  copied: Copied,
  progress: Progress,
): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  own(to, binaries)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue
    const source = path.join(from, entry.name)
    const target = path.join(to, entry.name)
    if (entry.isDirectory()) {
      copyTree(source, target, binaries, skip, copied, progress)
      continue
    }
    try {
      copyFileSync(source, target, constants.COPYFILE_FICLONE)
      own(target, binaries)
      copied.files++
      copied.bytes += statSync(target).size
      progress(copied.bytes)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
}

type Source = { adminUrl: string; cluster: string }

async function copyOnline(source: Source, target: string, binaries: Binaries, progress: Progress): Promise<Copied> {
  const client = new pg.Client({ connectionString: source.adminUrl })
  // A connection that breaks between two queries is the next query's error, not the process's end.
  client.on('error', () => undefined)
  await client.connect()
  const copied = { files: 0, bytes: 0 }
  try {
    // A slot of this connection keeps every log segment from here on until we have copied them.
    await client.query(`select pg_create_physical_replication_slot($1, true, true)`, [`weiwang_backup_${process.pid}`])
    await client.query(`select pg_backup_start('weiwang', true)`)
    copyTree(source.cluster, target, binaries, new Set([...SKIP, 'pg_wal']), copied, progress)
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>(
      `select labelfile, spcmapfile from pg_backup_stop(false)`,
    )
    const label = rows[0]
    if (!label) throw new Error('the backup did not end')
    for (const dir of KEEP_EMPTY) {
      mkdirSync(path.join(target, dir), { recursive: true, mode: 0o700 })
      own(path.join(target, dir), binaries)
    }
    copyTree(
      path.join(source.cluster, 'pg_wal'),
      path.join(target, 'pg_wal'),
      binaries,
      new Set(['archive_status', 'summaries']),
      copied,
      progress,
    )
    writeFileSync(path.join(target, 'backup_label'), label.labelfile, { mode: 0o600 })
    own(path.join(target, 'backup_label'), binaries)
    return copied
  } finally {
    await client.end()
  }
}

async function hashTree(dir: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of listFiles(dir)) {
    hash.update(path.relative(dir, file)).update('\u0000')
    for await (const chunk of createReadStream(file)) hash.update(chunk)
  }
  return hash.digest('hex')
}

function listFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
}

async function describe(adminUrl: string): Promise<Manifest['databases']> {
  const client = new pg.Client({ connectionString: adminUrl })
  // A connection that breaks between two queries is the next query's error, not the process's end.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where not datistemplate and datname like 'weiwang%' order by 1`,
    )
    const found: Manifest['databases'] = []
    for (const { datname } of rows) found.push(await describeOne(adminUrl, datname))
    return found
  } finally {
    await client.end()
  }
}

async function describeOne(adminUrl: string, name: string): Promise<Manifest['databases'][number]> {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const client = new pg.Client({ connectionString: url.href })
  // A connection that breaks between two queries is the next query's error, not the process's end.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const count = async (table: string): Promise<number> =>
      Number((await client.query(`select count(*) as n from ${table}`)).rows[0]?.n ?? 0)
    return {
      name,
      migrations: await count('migration'),
      rows: {
        person: await count('person'),
        task: await count('task'),
        visit: await count('visit'),
        audit: await count('audit'),
      },
    }
  } finally {
    await client.end()
  }
}

/** Starts a server on the copy: recovery runs, the databases answer, and the folder is left clean. */
async function verify(dir: string): Promise<Manifest['databases']> {
  const server = await startEmbedded({ dataDir: dir })
  try {
    return await describe(server.adminUrl)
  } finally {
    await server.stop()
  }
}

/**
 * @param out a folder that does not exist yet; it appears by one rename when the backup has been verified.
 * @returns the manifest that also lies in the folder.
 */
export async function makeBackup(
  source: Source & { dataDir: string },
  out: string,
  now: Date,
  progress: Progress,
): Promise<Manifest> {
  if (existsSync(out)) throw new Error(`${out} is there already. Choose another folder. 备份目录已存在。`)
  const binaries = findBinaries()
  const partial = `${out}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(path.join(partial, 'postgres'), { recursive: true, mode: 0o711 })
  own(path.join(partial, 'postgres'), binaries)
  try {
    const copied = await copyOnline(source, path.join(partial, 'postgres', 'cluster'), binaries, progress)
    for (const file of SECRET_FILES) {
      const from = path.join(source.dataDir, file)
      if (existsSync(from)) writeFileSync(path.join(partial, file), readFileSync(from), { mode: 0o600 })
    }
    const databases = await verify(partial)
    const manifest: Manifest = {
      version: 1,
      postgres: binaries.version,
      at: now.toISOString(),
      databases,
      ...copied,
      hash: await hashTree(path.join(partial, 'postgres', 'cluster')),
    }
    writeFileSync(path.join(partial, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    renameSync(partial, out)
    return manifest
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
}

/**
 * Puts a verified backup in the place of the data folder's cluster; the old one is kept beside under a name with the time.
 * The caller raises the epoch of every grid afterwards, so that phones start over and hand in again what the backup lacks.
 */
export async function restoreBackup(
  from: string,
  dataDir: string,
  now: Date,
  progress: Progress,
): Promise<{ manifest: Manifest; kept: string | null }> {
  const file = path.join(from, 'manifest.json')
  if (!existsSync(file))
    throw new Error(`${from} holds no verified backup (manifest.json is missing). 该目录不是经过验证的备份。`)
  const manifest = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  const found = await hashTree(path.join(from, 'postgres', 'cluster'))
  if (found !== manifest.hash)
    throw new Error(`${from} was changed after it had been verified; it is not used. 备份内容与清单不符，已拒绝恢复。`)
  const binaries = findBinaries()
  if (manifest.postgres.split('.')[0] !== binaries.version.split('.')[0]) {
    throw new Error(
      `The backup was made by PostgreSQL ${manifest.postgres}, this program brings ${binaries.version}. 备份的数据库版本不符。`,
    )
  }
  const home = path.join(dataDir, 'postgres')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  own(home, binaries)
  const cluster = path.join(home, 'cluster')
  const fresh = `${cluster}.restoring`
  rmSync(fresh, { recursive: true, force: true })
  copyTree(path.join(from, 'postgres', 'cluster'), fresh, binaries, new Set(), { files: 0, bytes: 0 }, progress)
  let kept: string | null = null
  if (existsSync(cluster)) {
    kept = `${cluster}.before-${now.toISOString().replaceAll(/[:.]/g, '-')}`
    renameSync(cluster, kept)
  }
  renameSync(fresh, cluster)
  for (const name of SECRET_FILES) {
    const secret = path.join(from, name)
    if (existsSync(secret)) writeFileSync(path.join(dataDir, name), readFileSync(secret), { mode: 0o600 })
  }
  return { manifest, kept }
}
