import { existsSync, mkdirSync, readFileSync, renameSync, statfsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import type { Db } from '../db/connect.ts'
import { findBinaries } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { ask, databaseAt, weiwangDatabases } from './cluster.ts'
import { startEmbedded } from './embedded.ts'
import { RESTORED, SECRET_FILES } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { copyTree, hashTree, own } from './tree.ts'
import type { Copied, Progress } from './tree.ts'

// What a running server makes anew or what would name its process.
const SKIP = new Set([
  RESTORED,
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

async function checkSpace(adminUrl: string, target: string): Promise<void> {
  const rows = await ask<{ bytes: string }>(
    adminUrl,
    `select (select sum(pg_database_size(oid)) from pg_database) + (select sum(size) from pg_ls_waldir()) as bytes`,
  )
  const need = Number(rows[0]?.bytes ?? 0) + 200 * 1_048_576
  const { bavail, bsize } = statfsSync(target)
  if (bavail * bsize >= need) return
  throw new Error(
    `A backup needs ${Math.ceil(need / 1_048_576)} MiB and ${Math.floor((bavail * bsize) / 1_048_576)} are free at ${target}. 磁盘空间不足，无法备份。`,
  )
}

type Source = { adminUrl: string; cluster: string }

async function copyOnline(
  source: Source,
  target: string,
  binaries: Binaries,
  progress: Progress,
): Promise<Copied & { coversUntil: Date }> {
  const client = new pg.Client({ connectionString: source.adminUrl })
  // A connection that breaks between two queries is the next query's error, not the process's end.
  client.on('error', () => undefined)
  await client.connect()
  const copied = { files: 0, bytes: 0 }
  try {
    // A slot of this connection keeps every log segment from here on until we have copied them.
    await client.query(`select pg_create_physical_replication_slot($1, true, true)`, [`weiwang_backup_${process.pid}`])
    const { rows: started } = await client.query<{ at: Date }>(`select clock_timestamp() as at`)
    await client.query(`select pg_backup_start('weiwang', true)`)
    await copyTree(source.cluster, target, binaries, new Set([...SKIP, 'pg_wal']), copied, progress)
    // What began before we did and is still running may commit after the end of the backup, under an earlier time.
    const { rows: open } = await client.query<{ until: Date }>(
      `select least($1::timestamptz, min(xact_start)) as until from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      [started[0]?.at],
    )
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>(
      `select labelfile, spcmapfile from pg_backup_stop(false)`,
    )
    const label = rows[0]
    if (!label) throw new Error('the backup did not end')
    for (const dir of KEEP_EMPTY) {
      mkdirSync(path.join(target, dir), { recursive: true, mode: 0o700 })
      own(path.join(target, dir), binaries)
    }
    await copyTree(
      path.join(source.cluster, 'pg_wal'),
      path.join(target, 'pg_wal'),
      binaries,
      new Set(['archive_status', 'summaries']),
      copied,
      progress,
    )
    writeFileSync(path.join(target, 'backup_label'), label.labelfile, { mode: 0o600 })
    own(path.join(target, 'backup_label'), binaries)
    const coversUntil = open[0]?.until
    if (!coversUntil) throw new Error('the backup did not end')
    return { ...copied, coversUntil }
  } finally {
    await client.end()
  }
}

async function describe(adminUrl: string): Promise<Manifest['databases']> {
  const found: Manifest['databases'] = []
  for (const name of await weiwangDatabases(adminUrl)) {
    const url = databaseAt(adminUrl, name)
    const count = async (table: string): Promise<number> =>
      Number((await ask<{ n: number }>(url, `select count(*) as n from ${table}`))[0]?.n ?? 0)
    const masters = await ask<{ master: string; n: number }>(
      url,
      `select master, count(*)::int as n from (select master_id as master from data_key where wrapped is not null
       union all select value ->> 'master' from setting where key = 'signing_key') k group by master`,
    )
    found.push({
      name,
      migrations: await count('migration'),
      rows: {
        person: await count('person'),
        task: await count('task'),
        visit: await count('visit'),
        audit: await count('audit'),
      },
      masters: Object.fromEntries(masters.map((row) => [row.master, row.n])),
    })
  }
  return found
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
 * An online copy of the cluster between start and stop of a backup, which needs no client program of PostgreSQL. It counts
 * as a backup only after a server has been started on it and has answered; that also recovers it to a clean folder. The key
 * file is not part of it, so whoever holds the backup alone can open nothing.
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
  await rm(partial, { recursive: true, force: true })
  mkdirSync(path.join(partial, 'postgres'), { recursive: true, mode: 0o711 })
  own(path.join(partial, 'postgres'), binaries)
  try {
    await checkSpace(source.adminUrl, partial)
    const { coversUntil, ...copied } = await copyOnline(
      source,
      path.join(partial, 'postgres', 'cluster'),
      binaries,
      progress,
    )
    for (const file of SECRET_FILES) {
      const from = path.join(source.dataDir, file)
      if (existsSync(from)) writeFileSync(path.join(partial, file), readFileSync(from), { mode: 0o600 })
    }
    const databases = await verify(partial)
    const manifest: Manifest = {
      version: 1,
      postgres: binaries.version,
      at: now.toISOString(),
      coversUntil: coversUntil.toISOString(),
      databases,
      ...copied,
      hash: await hashTree(path.join(partial, 'postgres', 'cluster')),
    }
    writeFileSync(path.join(partial, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    renameSync(partial, out)
    return manifest
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

/**
 * What the newest verified backup holds: everything committed before `coversUntil`, which is in the deployment's own time, so it
 * compares with the times that the server writes. A phone may forget only what is older. Null: there is no backup, nothing may be
 * forgotten. With an external server it is what the operator stated (`weiwang backup note`).
 */
export async function lastVerifiedBackup(db: Db): Promise<{ coversUntil: Date; verifiedAt: Date } | null> {
  const row = await db
    .selectFrom('backup')
    .select(['covers_until', 'verified_at'])
    .where('removed_at', 'is', null)
    .orderBy('covers_until', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { coversUntil: row.covers_until, verifiedAt: row.verified_at } : null
}
