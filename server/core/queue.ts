import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseCronItems, run, runOnce } from 'graphile-worker'
import type { CronItem, Runner, Task, TaskList, WorkerEvents } from 'graphile-worker'
import { Logger as WorkerLogger } from 'graphile-worker'
import { sql } from 'kysely'
import { startAlive } from './alive.ts'
import type { Alive, Rhythm } from './alive.ts'
import { reactOf } from './jobs.ts'
import type { Server } from './server.ts'

/** What is said of a fault of the queue: the error as it is carries a whole connection along, and the job with its payload. */
function faultOf(error: unknown) {
  if (!(error instanceof Error)) return undefined
  return { message: error.message, stack: error.stack, code: 'code' in error ? error.code : undefined }
}

function workerLogger(server: Server): WorkerLogger {
  return new WorkerLogger(() => (level, message, meta) => {
    if (level === 'error') server.log.error({ err: faultOf(meta?.['error']) }, message)
    else if (level === 'warning') server.log.warn(message)
    else server.log.debug(message)
  })
}

/** Every reaction and timer of every room as one task list of the queue. */
export function taskList(server: Server): TaskList {
  const list: Record<string, Task> = {}
  for (const { room, jobs } of server.rooms) {
    for (const [event, reaction] of Object.entries(jobs.reactions))
      list[`${event}>${room}`] = (payload) => reactOf(reaction)(server, payload)
    for (const timer of jobs.timers) list[`timer>${room}.${timer.name}`] = () => timer.run(server)
  }
  return list
}

function cronItems(server: Server): CronItem[] {
  return server.rooms.flatMap(({ room, jobs }) =>
    jobs.timers.map((timer) => ({
      task: `timer>${room}.${timer.name}`,
      match: timer.cron,
      options: { jobKey: `timer>${room}.${timer.name}`, maxAttempts: 3, backfillPeriod: 0 },
      payload: {},
      identifier: `timer>${room}.${timer.name}`,
    })),
  )
}

export type Queue = { stop: () => Promise<void> }

type Crew = { runner: Runner; ids: string[]; signs: Signs }

/**
 * When a worker of the crew last got an answer, since when it gets nothing but faults (both in milliseconds of `performance`), and
 * what its workers are at, by the job's id.
 */
type Signs = { last: number; failing: number | null; jobs: Map<string, string> }

/** An idle worker asks once a second: a crew that is at nothing and asks for nothing so long hangs, or is no more. */
const SILENT_MS = 120_000
/** So long a crew may get nothing but faults from a database that answers others. */
const FAILING_MS = 10_000
const LOOK_MS = 10_000

function signsOf(events: WorkerEvents): Signs {
  const signs: Signs = { last: performance.now(), failing: null, jobs: new Map() }
  const heard = (): void => {
    signs.last = performance.now()
    signs.failing = null
  }
  events.on('worker:getJob:empty', heard)
  events.on('worker:getJob:error', () => {
    signs.failing ??= performance.now()
  })
  events.on('job:start', ({ job }) => {
    heard()
    signs.jobs.set(job.id, job.task_identifier)
  })
  events.on('job:complete', ({ job }) => {
    heard()
    signs.jobs.delete(job.id)
  })
  return signs
}

/** How many jobs these workers hold, by the database's own word. */
async function heldBy(server: Server, ids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from graphile_worker._private_jobs where locked_by = any(${[...ids]}::text[])`.execute(
    server.jobsPool.db,
  )
  return rows[0]?.n ?? 0
}

/** Jobs that a worker held when it was killed would wait for hours: whoever knows that it is gone lets them go. */
async function letGo(server: Server, ids: readonly string[] | 'all'): Promise<void> {
  if (ids === 'all') {
    await sql`select graphile_worker.force_unlock_workers(array(select distinct locked_by from graphile_worker._private_jobs where locked_by is not null union select distinct locked_by from graphile_worker._private_job_queues where locked_by is not null))`.execute(
      server.jobsPool.db,
    )
    return
  }
  if (ids.length > 0)
    await sql`select graphile_worker.force_unlock_workers(${[...ids]}::text[])`.execute(server.jobsPool.db)
}

async function hire(server: Server, concurrency: number, alive: Alive, onLoss: () => void): Promise<Crew> {
  const events: WorkerEvents = new EventEmitter()
  const ids: string[] = []
  const signs = signsOf(events)
  events.on('worker:create', ({ worker }) => ids.push(worker.workerId))
  events.on('worker:stop', onLoss)
  const runner = await run({
    pgPool: server.jobsPool.raw,
    taskList: taskList(server),
    parsedCronItems: parseCronItems(cronItems(server)),
    concurrency,
    noHandleSignals: true,
    pollInterval: 1000,
    logger: workerLogger(server),
    events,
  })
  runner.promise.catch(onLoss)
  try {
    await alive.workers(ids)
  } catch (error) {
    // Nobody would know of a crew that is left at work here.
    await dissolve(runner)
    throw error
  }
  return { runner, ids, signs }
}

const RETRY_MS = 500
/** How long the rest of a crew may finish what it holds; every job may safely run twice. */
const STOP_MS = 10_000

/** Where the database is away the library may wait for ever. */
async function dissolve(runner: Runner): Promise<void> {
  await Promise.race([runner.stop().catch(() => undefined), sleep(STOP_MS)])
}

/**
 * The library leaves one promise of its timers to nobody: when the database is away in the very second in which timers are due, it
 * is rejected and would end the program. The crew is hired anew by its other promise; whatever else is left so still ends it.
 */
export function isStray(reason: unknown): boolean {
  return reason instanceof Error && /graphile-worker[^\n]*cron/.test(reason.stack ?? '')
}

/**
 * Takes jobs until it is stopped; stopping waits for those under way. The library's workers end when their connection does
 * (PostgreSQL was killed or restarted); then the whole crew is hired anew, and what it held is let go.
 * @param alone no other process works on this database (the embedded server), so every lock found at the start is stale;
 * otherwise processes look after each other (alive.ts).
 */
export async function startQueue(
  server: Server,
  options: { alone: boolean; concurrency?: number; rhythm?: Rhythm; silentMs?: number; failingMs?: number },
): Promise<Queue> {
  const { concurrency = 4, silentMs = SILENT_MS, failingMs = FAILING_MS } = options
  let stopping = false
  let crew: Crew | null = null
  /** The number of the crew that counts: whoever belongs to an earlier one is on the way out. */
  let current = 0
  let isLost = false
  let renewing: Promise<void> | null = null
  if (options.alone) await letGo(server, 'all')
  const alive = startAlive(server, options.rhythm)
  const onStray = (reason: unknown): void => {
    if (!isStray(reason)) throw reason
    server.log.warn({ err: reason }, 'the timers wait for the database 定时任务等待数据库')
    lost()
  }
  process.on('unhandledRejection', onStray)
  async function hireOne(): Promise<void> {
    const number = ++current
    isLost = false
    crew = await hire(server, concurrency, alive, () => {
      if (number === current) lost()
    })
  }
  async function dismiss(old: Crew): Promise<void> {
    current += 1
    await dissolve(old.runner)
    await letGo(server, old.ids)
  }
  /** A crew may be lost in the very moment in which it is hired, when the database goes once more: then the next one is. */
  async function renew(): Promise<void> {
    while (!stopping && isLost) {
      try {
        if (crew) await dismiss(crew)
        await hireOne()
        if (!isLost) server.log.info('the queue works again 任务队列已恢复')
      } catch (error) {
        isLost = true
        server.log.warn({ err: error }, 'the queue waits for the database 任务队列等待数据库')
        await sleep(RETRY_MS)
      }
    }
  }
  function lost(): void {
    isLost = true
    if (stopping || renewing) return
    renewing = renew().finally(() => {
      renewing = null
      if (isLost) lost()
    })
  }
  /**
   * A question that is never answered has no error by which its crew would be lost. Nor has a crew whose first question met a
   * database that was away: the library keeps that fault and gives it to each question after it. All at long jobs are silent too: as
   * long as the database says that they hold what they are at, they are left at it. At what they do not hold they can finish nothing.
   */
  async function look(at: Crew): Promise<void> {
    const { last, failing, jobs } = at.signs
    const now = performance.now()
    if (now - last < silentMs && (failing === null || now - failing < failingMs)) return
    // Each throws while the database is away: then nobody is lost, and it is asked again.
    if (jobs.size > 0 && (await heldBy(server, at.ids)) > 0) return
    if (now - last < silentMs) await sql`select 1`.execute(server.jobsPool.db)
    if (at !== crew || stopping || renewing || at.signs.last !== last) return
    server.log.error(
      { silentMs: Math.round(now - last), at: [...jobs.values()] },
      'the workers of the queue are silent and are hired anew 任务队列无响应，重新启动',
    )
    lost()
  }
  let looking = false
  const watch = setInterval(
    () => {
      if (stopping || renewing || looking || !crew) return
      looking = true
      void look(crew)
        .catch(() => undefined)
        .finally(() => (looking = false))
    },
    Math.min(LOOK_MS, silentMs, failingMs),
  )
  watch.unref()
  const beginning = hireOne()
  renewing = beginning
  await beginning
  renewing = null
  if (isLost) lost()
  return {
    stop: async () => {
      stopping = true
      clearInterval(watch)
      await renewing
      await crew?.runner.stop().catch(() => undefined)
      await alive.stop()
      process.off('unhandledRejection', onStray)
    },
  }
}

/** Runs everything that is due now and returns: for commands and tests. Its workers are said to live like any others. */
export async function drainQueue(server: Server): Promise<void> {
  const alive = startAlive(server)
  const events: WorkerEvents = new EventEmitter()
  const ids: string[] = []
  events.on('worker:create', ({ worker }) => {
    ids.push(worker.workerId)
    void alive.workers(ids)
  })
  try {
    await runOnce({
      pgPool: server.jobsPool.raw,
      taskList: taskList(server),
      noHandleSignals: true,
      logger: workerLogger(server),
      events,
    })
  } finally {
    await alive.stop()
  }
}
