import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { defineJobs } from '../jobs.ts'
import type { Server } from '../server.ts'
import { backupDays, keptBackups, lastFailure, madeAt, setFailure, setSetting } from './backup-store.ts'
import type { BackupRow, Failure } from './backup-store.ts'
import { runBackup } from './run-backup.ts'
import { backupDue, backupLate, nextBackup } from './schedule.ts'

export type BackupStatus = {
  last: BackupRow | null
  kept: BackupRow[]
  days: number
  /** Minutes after local midnight; null: nothing is made by itself. */
  at: number | null
  /** When the database backs itself up again; null when it does not. */
  next: Date | null
  late: boolean
  failure: Failure | null
}

export async function backupStatus(server: Server, now: Date): Promise<BackupStatus> {
  const db = server.jobsPool.db
  const kept = await keptBackups(db)
  const last = kept[0] ?? null
  const { backupAt, databaseUrl, zone } = server.config
  const failure = await lastFailure(db)
  const is = { now, last: last?.verifiedAt ?? null, made: await madeAt(db) }
  const failed = failure ? new Date(failure.at) : null
  return {
    last,
    kept,
    days: await backupDays(db),
    at: backupAt,
    next: backupAt === null || databaseUrl !== null ? null : nextBackup({ ...is, failed }, backupAt, zone),
    late: backupLate(is),
    failure,
  }
}

/** BACKUP_DAYS as given at the start becomes what the database promises: the certificate of a close-out quotes it. */
export async function settleBackupDays(server: Server): Promise<void> {
  const days = server.config.backupDays
  if (days === null || days === (await backupDays(server.jobsPool.db))) return
  await server.asSystem('backup.days', async (ctx) => {
    await setSetting(ctx.db, 'backup_days', days)
    ctx.audit({ verb: 'backup.days', thing: 'settings', thingId: 'backup_days', area: ctx.root, detail: { days } })
  })
}

/** The embedded database backs itself up once a day (BACKUP_AT). A failure is kept for the status and tried again later. */
export async function backUpWhenDue(server: Server, now: Date): Promise<boolean> {
  const { config } = server
  if (config.backupAt === null || config.databaseUrl !== null) return false
  const { last, failure } = await backupStatus(server, now)
  const is = {
    now,
    last: last?.verifiedAt ?? null,
    made: await madeAt(server.jobsPool.db),
    failed: failure ? new Date(failure.at) : null,
  }
  if (!backupDue(is, config.backupAt, config.zone)) return false
  try {
    const { out, removed } = await runBackup(config, server.log, { kind: 'automatic' })
    server.log.info({ out, removed: removed.length }, 'backup verified 备份已验证')
    return true
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    server.log.error({ err: error }, 'the backup failed 备份失败')
    await server.asSystem('backup', async (ctx) => {
      await setFailure(ctx.db, { at: now.toISOString(), why })
      ctx.audit({ verb: 'backup.failed', thing: 'settings', thingId: 'backup', area: ctx.root })
    })
    return false
  }
}

/** The state of backups in words: on the terminal and on the desk. */
export function backupWords(status: BackupStatus): Say {
  const { last } = status
  if (!last) return say('还没有经过验证的备份', 'There is no verified backup yet')
  const at = last.verifiedAt.toISOString()
  return status.late
    ? say(`最近一次经过验证的备份已是 ${at}`, `The last verified backup is of ${at}: late`)
    : say(`最近一次经过验证的备份：${at}`, `Last verified backup: ${at}`)
}

export const backupJobs = defineJobs({
  timers: [
    { name: 'backup', cron: '*/10 * * * *', run: async (server) => void (await backUpWhenDue(server, new Date())) },
  ],
})
