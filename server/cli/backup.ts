import path from 'node:path'
import { sql } from 'kysely'
import type { Config } from '../core/config.ts'
import { makeBackup, restoreBackup } from '../core/postgres/backup.ts'
import { clusterOf, databaseName } from '../core/postgres/database.ts'
import { readKeyFile, rotateMaster, writeKeyFile } from '../core/keys/keyfile.ts'
import { lockFolder } from '../core/postgres/lock.ts'
import { readArgs, Refused, UsageError } from './io.ts'
import type { Io } from './io.ts'
import { configOf, DEPLOYMENT_FLAGS, withServer } from './program.ts'

function onlyEmbedded(config: Config): void {
  if (config.databaseUrl === null) return
  throw new Refused(
    'DATABASE_URL names a server of its own: back it up with the tools of that server. 外部数据库请使用其自带的备份工具。',
  )
}

/** `backup [--out DIR]`: beside a running `serve` or alone; the folder counts only after a server was started on it. */
export async function backupCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, { ...DEPLOYMENT_FLAGS, out: { type: 'string' } })
  const config = configOf(flags)
  onlyEmbedded(config)
  const now = new Date()
  const out = path.resolve(
    typeof flags['out'] === 'string'
      ? flags['out']
      : path.join(config.dataDir, 'backups', now.toISOString().replaceAll(/[:.]/g, '-')),
  )
  await withServer(config, async (server) => {
    const manifest = await makeBackup(clusterOf(config), out, now, (bytes) =>
      io.progress(Math.round(bytes / 1_048_576), null, 'MiB'),
    )
    const value = JSON.stringify({ at: manifest.at, hash: manifest.hash })
    // What phones may forget is what the last verified backup holds (SYNC-8).
    await server.asSystem('backup', async (ctx) => {
      await sql`insert into setting (key, value) values ('last_backup', ${value}::jsonb) on conflict (key) do update set value = excluded.value`.execute(
        ctx.db,
      )
      ctx.audit({
        verb: 'backup',
        thing: 'settings',
        thingId: 'last_backup',
        area: ctx.root,
        detail: { hash: manifest.hash, bytes: manifest.bytes },
      })
    })
    io.result(
      { out, ...manifest },
      `Backup verified by starting it: ${out} (${manifest.files} files, ${Math.round(manifest.bytes / 1_048_576)} MiB). The key file is not in it: keep a copy apart. 备份已验证；密钥文件不在其中，请另存。`,
    )
  })
}

/** `restore DIR`: puts a verified backup in place and raises every grid's epoch, so that phones start over and hand in again. */
export async function restoreCommand(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, DEPLOYMENT_FLAGS)
  const from = words[0]
  if (from === undefined) throw new UsageError('restore needs the folder of a backup: weiwang restore DIR')
  const config = configOf(flags)
  onlyEmbedded(config)
  const release = lockFolder(path.join(config.dataDir, 'weiwang.lock'))
  let restored: Awaited<ReturnType<typeof restoreBackup>>
  try {
    restored = await restoreBackup(path.resolve(from), config.dataDir, new Date(), (bytes) =>
      io.progress(Math.round(bytes / 1_048_576), null, 'MiB'),
    )
  } finally {
    release()
  }
  await withServer(
    config,
    async (server) => {
      const raised = await server.asSystem('restore', async (ctx) => {
        const { numUpdatedRows } = await ctx.db
          .updateTable('grid_clock')
          .set((eb) => ({ epoch: eb('epoch', '+', 1) }))
          .executeTakeFirst()
        ctx.audit({
          verb: 'restore',
          thing: 'settings',
          thingId: databaseName(config),
          area: ctx.root,
          detail: { backup: restored.manifest.at },
        })
        return Number(numUpdatedRows)
      })
      io.result(
        { from, at: restored.manifest.at, grids: raised, kept: restored.kept },
        `Restored to ${restored.manifest.at}; the epoch of ${raised} grids was raised. The folder before: ${restored.kept ?? 'none'}. 已恢复，原数据目录保留在旁。`,
      )
    },
    { attach: false },
  )
}

/**
 * `keys rotate`: a new master key wraps every data key. The old master stays in the file, because backups made before hold
 * keys that it wrapped; `--forget-previous` drops it when those backups are gone.
 */
export async function rotateCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, { ...DEPLOYMENT_FLAGS, 'forget-previous': { type: 'boolean' } })
  const config = configOf(flags)
  const before = readKeyFile(config.keyFile)
  if (flags['forget-previous']) {
    writeKeyFile(config.keyFile, { ...before, previous: [] })
    io.result(
      { forgotten: before.previous.length },
      `Forgot ${before.previous.length} old master keys. 已移除旧主密钥。`,
    )
    return
  }
  writeKeyFile(config.keyFile, rotateMaster(before))
  await withServer(config, async (server) => {
    const wrapped = await server.keys.rewrap()
    await server.asSystem('keys.rotate', async (ctx) =>
      ctx.audit({ verb: 'keys.rotate', thing: 'settings', thingId: 'master', area: ctx.root, detail: { wrapped } }),
    )
    io.result(
      { wrapped, keyFile: config.keyFile },
      `${wrapped} data keys are wrapped by a new master key. Keep a new copy of ${config.keyFile}. 主密钥已更换，请重新备份密钥文件。`,
    )
  })
}
