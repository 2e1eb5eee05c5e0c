import { hoursOf, clockFrom } from '@weiwang/domain/tasks/due'
import type { Clock } from '@weiwang/domain/tasks/due'
import type { Grade } from '@weiwang/domain/tasks/api'
import type { CounterStep } from '../core/counters.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { jobProgress } from '../core/progress.ts'
import type { Server } from '../core/server.ts'
import { campaignOf } from './store.ts'
import { askedIn, lockPush, PushCursor, pushChunk, runOf, updatePush } from './store-push.ts'
import type { ChunkResult, PushRow } from './store-push.ts'

/**
 * TASK-5: a push runs in chunks, each its own transaction: list entries, locks, tasks, events, counters, feed items and the
 * place reached commit together. After a kill it goes on from that place; run twice, it changes nothing.
 */
export const CHUNK = 1000

export type PushCounts = { task: number; keptOpen: number; answeredBefore: number; unresolved: number; persons: number }

export function countsOf(stored: unknown): PushCounts {
  const zero = { task: 0, keptOpen: 0, answeredBefore: 0, unresolved: 0, persons: 0 }
  if (typeof stored !== 'object' || stored === null) return zero
  const known = Object.entries(stored).flatMap(([key, n]) =>
    key in zero && typeof n === 'number' ? [[key, n] as const] : [],
  )
  return { ...zero, ...Object.fromEntries(known) }
}

const FIELD: Record<string, keyof PushCounts> = {
  task: 'task',
  kept_open: 'keptOpen',
  answered_before: 'answeredBefore',
  unresolved: 'unresolved',
}

function counted(counts: PushCounts, result: ChunkResult): PushCounts {
  const sum = { ...counts, persons: counts.persons + result.persons }
  for (const entry of result.entries) {
    const field = FIELD[entry.outcome]
    if (field) sum[field] += entry.n
  }
  return sum
}

function steps(ctx: Ctx, result: ChunkResult): CounterStep[] {
  return result.entries.map(({ area, grade, n }) => ({ area, day: ctx.today, metric: `listed:${grade}`, n }))
}

function clocksAt(ctx: Ctx, campaignHours: unknown): Record<Grade, { clock: Clock; escalateAt: string }> {
  const hours = hoursOf(campaignHours)
  const of = (grade: Grade) => {
    const clock = clockFrom(ctx.now, grade, hours, ctx.zone)
    // What nextEscalation gives for a task just opened: the sooner of the first steps.
    const first = [clock.acceptSteps[0], clock.answerSteps[0]].flatMap((at) => at ?? []).toSorted()[0]
    return { clock, escalateAt: first ?? clock.answerBy }
  }
  return { red: of('red'), yellow: of('yellow'), blue: of('blue') }
}

async function chunk(ctx: Ctx, pushId: string, size: number): Promise<'more' | 'done'> {
  const push = await lockPush(ctx.db, [''], pushId)
  if (!push || push.state !== 'running') return 'done'
  const campaign = await campaignOf(ctx.db, push.campaign_id)
  const run = push.run_id === null ? null : await runOf(ctx.db, push.run_id)
  const cursor = PushCursor.safeParse(push.cursor)
  const result = await pushChunk(ctx, {
    listing: {
      area: push.area,
      today: ctx.today,
      run: push.run_id === null ? null : { id: push.run_id, incremental: run?.kind === 'incremental' },
    },
    push: { id: push.id, campaignId: push.campaign_id },
    asked: await askedIn(ctx.db, push.campaign_id),
    after: cursor.success ? cursor.data : null,
    size,
    clocks: clocksAt(ctx, campaign.hours),
  })
  ctx.count(steps(ctx, result))
  const counts = counted(countsOf(push.counts), result)
  const done = result.next === null
  await updatePush(ctx.db, push.id, {
    counts: json(counts),
    ...(done ? { state: 'done', finished_at: ctx.now } : { cursor: json(result.next) }),
  })
  await report(ctx, push, counts, done)
  if (done) ctx.emit('push.done', { pushId: push.id })
  return done ? 'done' : 'more'
}

async function report(ctx: Ctx, push: PushRow, counts: PushCounts, done: boolean): Promise<void> {
  if (push.job_id === null) return
  await jobProgress(ctx, push.job_id, {
    state: done ? 'done' : 'running',
    done: counts.persons,
    ...(done ? { result: counts } : {}),
  })
}

/** Runs a push to its end from wherever it stands. Two at once take turns chunk by chunk. */
export async function runPush(server: Server, pushId: string, size = CHUNK): Promise<void> {
  while ((await server.asSystem('push.chunk', (ctx) => chunk(ctx, pushId, size))) === 'more');
}

/** One chunk, for tests of a kill between chunks. */
export async function pushOneChunk(server: Server, pushId: string, size: number): Promise<'more' | 'done'> {
  return server.asSystem('push.chunk', (ctx) => chunk(ctx, pushId, size))
}
