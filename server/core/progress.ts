import type { Say } from '@weiwang/domain/core/say'
import { actorId } from './ctx.ts'
import type { Ctx } from './ctx.ts'
import { json } from './db/json.ts'
import type { Server } from './server.ts'
import { newId } from './transaction.ts'

export type NewJob = { kind: string; title: Say; area: string; subject?: string; total?: number }

/** Registers long work under "Jobs", in the transaction that starts it. Returns its id. */
export async function startJob(ctx: Ctx, job: NewJob): Promise<string> {
  const id = newId(ctx.now)
  await ctx.db
    .insertInto('job_progress')
    .values({
      id,
      area: job.area,
      kind: job.kind,
      title: json(job.title),
      state: 'waiting',
      total: job.total ?? null,
      subject: job.subject ?? null,
      by: actorId(ctx),
      started_at: ctx.now,
      updated_at: ctx.now,
    })
    .execute()
  return id
}

export type JobChange = {
  state?: 'running' | 'done' | 'failed' | 'cancelled'
  done?: number
  total?: number
  step?: string
  result?: object
  error?: object
}

/** Writes how far the work is, in the caller's transaction (with the rows that it counts). */
export async function jobProgress(ctx: Ctx, id: string, change: JobChange): Promise<void> {
  const finished = change.state !== undefined && change.state !== 'running'
  await ctx.db
    .updateTable('job_progress')
    .set({
      updated_at: ctx.now,
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.done === undefined ? {} : { done: change.done }),
      ...(change.total === undefined ? {} : { total: change.total }),
      ...(change.step === undefined ? {} : { step: change.step }),
      ...(change.result === undefined ? {} : { result: json(change.result) }),
      ...(change.error === undefined ? {} : { error: json(change.error) }),
      ...(finished ? { finished_at: ctx.now } : {}),
    })
    .where('id', '=', id)
    .execute()
}

export async function reportProgress(server: Server, id: string, change: JobChange): Promise<void> {
  await server.asSystem('job.progress', (ctx) => jobProgress(ctx, id, change))
}
