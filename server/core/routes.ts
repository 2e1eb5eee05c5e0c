import { can } from '@weiwang/domain/access/can'
import { BACKUP_KINDS, Backups, Deployment, GetJob, Job, ListJobs } from '@weiwang/domain/core/api'
import { pageOf } from '@weiwang/domain/core/page'
import { notFound } from '@weiwang/domain/core/problems'
import { notAllowed } from '@weiwang/domain/core/problems'
import { sql } from 'kysely'
import { z } from 'zod'
import { permit } from './ctx.ts'
import type { Ctx } from './ctx.ts'
import { inScope } from './db/scope.ts'
import type { JobProgress } from './db/types.ts'
import type { Http } from './http.ts'
import { backupStatus } from './postgres/backup-jobs.ts'
import type { Server } from './server.ts'
import { VERSION } from './version.ts'
import type { Selectable } from 'kysely'

function presentJob(row: Selectable<JobProgress>): Job {
  return {
    id: row.id,
    area: row.area,
    kind: row.kind,
    title: row.title,
    state: JobState.parse(row.state),
    done: row.done,
    total: row.total,
    step: row.step,
    result: row.result,
    error: row.error,
    subject: row.subject,
    startedAt: row.started_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

const JobState = Job.shape.state

async function listJobs(
  ctx: Ctx,
  args: z.output<typeof ListJobs>,
): Promise<{ items: Job[]; next: string | null; total: number }> {
  if (!ctx.scope.some((area) => can(ctx.actor, 'read', { kind: 'job', area })))
    throw notAllowed({ verb: 'read', thing: 'job' })
  let base = ctx.db.selectFrom('job_progress').where(inScope('job_progress.area', ctx.scope))
  if (args.state !== undefined) base = base.where('state', '=', args.state)
  if (args.subject !== undefined) base = base.where('subject', '=', args.subject)
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let page = base
    .selectAll()
    .orderBy('id', 'desc')
    .limit(args.limit + 1)
  if (args.cursor !== undefined) page = page.where('id', '<', args.cursor)
  const rows = await page.execute()
  const items = rows.slice(0, args.limit).map(presentJob)
  return { items, next: rows.length > args.limit ? (items.at(-1)?.id ?? null) : null, total }
}

const MOST_BACKUPS = 100
const BackupKind = z.enum(BACKUP_KINDS)

/** Real time: an exercise lives on another day, its backups do not. */
async function readBackups(server: Server, ctx: Ctx): Promise<Backups> {
  permit(ctx, 'read', { kind: 'settings', area: ctx.root })
  const status = await backupStatus(server, new Date())
  return {
    external: server.config.databaseUrl !== null,
    next: status.next?.toISOString() ?? null,
    late: status.late,
    days: status.days,
    failure: status.failure,
    kept: status.kept.slice(0, MOST_BACKUPS).map((row) => ({
      kind: BackupKind.parse(row.kind),
      verifiedAt: row.verifiedAt.toISOString(),
      coversUntil: row.coversUntil.toISOString(),
      bytes: row.bytes,
      place: row.place,
    })),
    total: status.kept.length,
    bytes: status.kept.reduce((sum, row) => sum + (row.bytes ?? 0), 0),
  }
}

/** What the deployment is, before log-in; long work that can be left and found again. */
export function coreRoutes(http: Http): void {
  const { server } = http
  http.open('GET', '/api/deployment', {
    input: z.strictObject({}),
    output: Deployment,
    limit: 600,
    run: async () => {
      const row = await server.jobsPool.db
        .selectFrom('setting')
        .select('key')
        .where('key', '=', 'exercise')
        .executeTakeFirst()
      return {
        exercise: row !== undefined,
        zone: server.clock.zone,
        now: server.clock.now().toISOString(),
        today: server.clock.today(),
        root: server.config.root,
        version: VERSION,
      }
    },
  })
  http.query('GET', '/api/jobs', { name: 'job.list', input: ListJobs, output: pageOf(Job), run: listJobs })
  http.query('GET', '/api/backups', {
    name: 'backup.list',
    input: z.strictObject({}),
    output: Backups,
    run: (ctx) => readBackups(server, ctx),
  })
  http.query('GET', '/api/jobs/:id', {
    name: 'job.get',
    input: GetJob,
    output: Job,
    run: async (ctx, { id }) => {
      const row = await ctx.db
        .selectFrom('job_progress')
        .selectAll()
        .where('id', '=', id)
        .where(inScope('job_progress.area', ctx.scope))
        .executeTakeFirst()
      if (!row || !can(ctx.actor, 'read', { kind: 'job', area: row.area })) throw notFound({ thing: 'job' })
      return presentJob(row)
    },
  })
}
