import path from 'node:path'
import type { Config } from '../core/config.ts'
import { backupStatus, backupWords } from '../core/postgres/backup-jobs.ts'
import { insertBackup } from '../core/postgres/backup-store.ts'
import { openFolder } from '../core/postgres/database.ts'
import { finishRestore } from '../core/postgres/every.ts'
import { lockFolder } from '../core/postgres/lock.ts'
import { restoreBackup } from '../core/postgres/restore.ts'
import { runBackup } from '../core/postgres/run-backup.ts'
import { makeLogger } from '../open.ts'
import { readArgs, Refused, UsageError } from './io.ts'
import type { Io } from './io.ts'
import { configOf, DEPLOYMENT_FLAGS, withServer } from './program.ts'

function onlyEmbedded(config: Config): void {
  if (config.databaseUrl === null) return
  throw new Refused(
    'DATABASE_URL names a server of its own: back it up with the tools of that server and tell it with "weiwang backup note". ' +
      '外部数据库请使用其自带的备份工具，并用 weiwang backup note 登记。',
  )
}

function mebibytes(io: Io): (bytes: number) => void {
  return (bytes) => io.progress(Math.round(bytes / 1_048_576), null, 'MiB')
}

/** `backup [--out DIR]`: beside a running `serve` or alone; the folder counts only after a server was started on it. */
export async function backupCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, { ...DEPLOYMENT_FLAGS, out: { type: 'string' } })
  const config = configOf(flags)
  onlyEmbedded(config)
  const out = flags['out']
  const log = makeLogger(config.logLevel ?? 'warn')
  // Makes the named database where there is none yet, and keeps the cluster running until the backup is done.
  const {
    out: place,
    manifest,
    removed,
  } = await withServer(config, () =>
    runBackup(config, log, {
      kind: 'manual',
      progress: mebibytes(io),
      ...(typeof out === 'string' ? { out: path.resolve(out) } : {}),
    }),
  )
  const gone =
    removed.length === 0
      ? ''
      : `\n${removed.length} backups past their end were removed. 已删除 ${removed.length} 份到期备份。`
  io.result(
    { out: place, ...manifest, removed },
    `Backup verified by starting it: ${place} (${manifest.files} files, ${Math.round(manifest.bytes / 1_048_576)} MiB). The key file is not in it: keep a copy apart. 备份已验证；密钥文件不在其中，请另存。${gone}`,
  )
}

/** `backup list`: when the last one was verified, what is kept and for how long; exit 1 when nothing was verified for two days. */
export async function backupListCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, DEPLOYMENT_FLAGS)
  const status = await withServer(configOf(flags), (server) => backupStatus(server, new Date()))
  const words = backupWords(status)
  const rows = status.kept.map(
    (row) =>
      `  ${row.verifiedAt.toISOString()}  ${row.kind.padEnd(9)}  ${row.bytes === null ? '-' : `${Math.round(row.bytes / 1_048_576)} MiB`}  ${row.place}`,
  )
  const failed = status.failure ? [`Failed 失败 ${status.failure.at}: ${status.failure.why}`] : []
  const text = [`${words.en}. ${words.zh}。 Kept 保留 ${status.days} d.`, ...failed, ...rows].join('\n')
  if (status.late) throw new Refused(text, status)
  io.result(status, text)
}

const NOTE = 'usage: weiwang backup note --verified-at TIME [--covers-until TIME] [--place TEXT]'

function timeOf(value: string | boolean | undefined): Date | null {
  if (typeof value !== 'string') return null
  const time = new Date(value)
  if (Number.isNaN(time.getTime()) || !/T.*(Z|[+-]\d{2}:?\d{2})$/.test(value))
    throw new UsageError(`${NOTE}: a time with its zone, for example 2026-11-25T03:20:00+08:00`)
  return time
}

/**
 * `backup note`: the operator of an external server states that a backup was verified. Phones forget what lies before
 * --covers-until (the start of that backup); without it, --verified-at must be the start.
 */
export async function backupNoteCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, {
    ...DEPLOYMENT_FLAGS,
    'verified-at': { type: 'string' },
    'covers-until': { type: 'string' },
    place: { type: 'string' },
  })
  const config = configOf(flags)
  if (config.databaseUrl === null)
    throw new Refused(
      'The embedded database verifies its own backups: weiwang backup. 内置数据库请用 weiwang backup 备份并验证。',
    )
  const verifiedAt = timeOf(flags['verified-at'])
  if (!verifiedAt) throw new UsageError(NOTE)
  const coversUntil = timeOf(flags['covers-until']) ?? verifiedAt
  if (verifiedAt > new Date() || coversUntil > verifiedAt)
    throw new UsageError(`${NOTE}: neither lies ahead, and a backup covers nothing after it was verified`)
  const place = typeof flags['place'] === 'string' ? flags['place'] : 'stated by the operator'
  await withServer(config, (server) =>
    server.asSystem('backup.note', async (ctx) => {
      const shifted = new Date(coversUntil.getTime() + server.clock.offset())
      await insertBackup(ctx.db, { kind: 'stated', coversUntil: shifted, verifiedAt, place, hash: null, bytes: null })
      ctx.audit({
        verb: 'backup.note',
        thing: 'settings',
        thingId: 'backup',
        area: ctx.root,
        detail: { verifiedAt: verifiedAt.toISOString(), coversUntil: coversUntil.toISOString() },
      })
    }),
  )
  io.result(
    { verifiedAt: verifiedAt.toISOString(), coversUntil: coversUntil.toISOString() },
    `Noted: phones may forget what the server had before ${coversUntil.toISOString()}. 已登记。`,
  )
}

/** `restore DIR`: puts a verified backup in place and raises every grid's epoch in every database of it (SYNC-8). */
export async function restoreCommand(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, DEPLOYMENT_FLAGS)
  const from = words[0]
  if (from === undefined) throw new UsageError('restore needs the folder of a backup: weiwang restore DIR')
  const config = configOf(flags)
  onlyEmbedded(config)
  const log = makeLogger(config.logLevel ?? 'warn')
  const release = lockFolder(path.join(config.dataDir, 'weiwang.lock'))
  try {
    await restoreBackup(path.resolve(from), config.dataDir, new Date(), mebibytes(io))
  } finally {
    release()
  }
  const folder = await openFolder(config, (line) => log.debug({ postgres: line }))
  try {
    const done = await finishRestore(config, log)
    if (!done) throw new Error('another process has finished the restore')
    const { pending, raised } = done
    const lines = raised.map(({ name, grids }) => `  ${name}: ${grids} grids`)
    io.result(
      { from, at: pending.at, raised, grids: raised.reduce((sum, one) => sum + one.grids, 0), kept: pending.kept },
      `Restored to ${pending.at}; the epoch of every grid was raised. The folder before: ${pending.kept ?? 'none'}. 已恢复，原数据目录保留在旁。\n${lines.join('\n')}`,
    )
  } finally {
    await folder.stop()
  }
}
