import { z } from 'zod'
import { PageQuery } from './page.ts'

export const SaySchema = z.strictObject({ zh: z.string().min(1).max(4000), en: z.string().min(1).max(4000) })

export const DaySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** What every screen needs before anybody is logged in. */
export const Deployment = z.object({
  exercise: z.boolean(),
  zone: z.string(),
  now: z.iso.datetime(),
  today: DaySchema,
  root: z.string(),
  version: z.string(),
})
export type Deployment = z.infer<typeof Deployment>

export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const

/** Long work that can be left and found again. */
export const Job = z.object({
  id: z.string(),
  area: z.string(),
  kind: z.string(),
  title: z.object({ zh: z.string(), en: z.string() }),
  state: z.enum(JOB_STATES),
  done: z.number(),
  total: z.number().nullable(),
  step: z.string().nullable(),
  result: z.unknown(),
  error: z.unknown(),
  subject: z.string().nullable(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
})
export type Job = z.infer<typeof Job>

export const ListJobs = PageQuery.extend({
  state: z.enum(JOB_STATES).optional(),
  subject: z.string().max(100).optional(),
}).strict()
export const GetJob = z.strictObject({ id: z.uuid() })

export const BACKUP_KINDS = ['manual', 'automatic', 'stated'] as const
const Instant = z.iso.datetime()
export const Backup = z.object({
  kind: z.enum(BACKUP_KINDS),
  verifiedAt: Instant,
  /** What was committed before this is in it, in the deployment's own time. */
  coversUntil: Instant,
  bytes: z.number().nullable(),
  place: z.string(),
})
export type Backup = z.infer<typeof Backup>

/**
 * GET /api/backups → Backups, for who reads the settings of the whole deployment: real time, also in an exercise. `next` is when
 * the database backs itself up again, null when it does not (it is external, or backups were turned off); `late` when nothing was
 * verified for two days. The newest hundred are listed, `total` are kept.
 */
export const Backups = z.object({
  external: z.boolean(),
  next: Instant.nullable(),
  late: z.boolean(),
  days: z.number().int(),
  failure: z.object({ at: z.string(), why: z.string() }).nullable(),
  kept: z.array(Backup),
  total: z.number().int(),
  bytes: z.number(),
})
export type Backups = z.infer<typeof Backups>
