import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { sql } from 'kysely'
import type { Server } from './server.ts'

/**
 * CORE-1: every process that takes jobs says every ten seconds that it lives and what its workers are called. What a worker
 * holds whose process was not heard of for a minute is let go by any other; the queue alone would wait for four hours. Times are
 * the database's, so the clocks of the machines do not matter.
 */
const BEAT_MS = 10_000
const GONE_SECONDS = 60
/** After a break (the database was away) everybody has a minute to be heard of before anything of theirs is let go. */
const STEADY_BEATS = 6

export type Alive = {
  /** These take jobs from now on. */
  workers: (ids: readonly string[]) => Promise<void>
  stop: () => Promise<void>
}

export type Rhythm = { beatMs: number; goneSeconds: number; steadyBeats: number }
const RHYTHM: Rhythm = { beatMs: BEAT_MS, goneSeconds: GONE_SECONDS, steadyBeats: STEADY_BEATS }

async function say(server: Server, id: string, ids: readonly string[]): Promise<void> {
  await sql`insert into process_alive (id, host, pid, workers, seen_at) values (${id}, ${hostname()}, ${process.pid}, ${[...ids]}::text[], clock_timestamp())
    on conflict (id) do update set workers = excluded.workers, seen_at = excluded.seen_at`.execute(server.jobsPool.db)
}

/**
 * Lets go of what no living process holds; returns how many jobs. A lock younger than the time of grace may belong to a worker
 * whose name is just being said.
 */
export async function letGoOfTheGone(server: Server, goneSeconds = GONE_SECONDS): Promise<number> {
  const grace = sql`make_interval(secs => ${goneSeconds})`
  const { rows } = await sql<{ n: number }>`
    with live as (select unnest(workers) as worker from process_alive where seen_at >= clock_timestamp() - ${grace}),
    held as (
      select locked_by, 1 as jobs from graphile_worker._private_jobs where locked_by is not null and locked_at < clock_timestamp() - ${grace}
      union all
      select locked_by, 0 from graphile_worker._private_job_queues where locked_by is not null and locked_at < clock_timestamp() - ${grace}
    ),
    gone as (select locked_by, sum(jobs) as jobs from held where locked_by not in (select worker from live) group by locked_by)
    select coalesce(sum(jobs), 0)::int as n, graphile_worker.force_unlock_workers(array_agg(locked_by)) from gone having count(*) > 0`.execute(
    server.jobsPool.db,
  )
  await sql`delete from process_alive where seen_at < clock_timestamp() - make_interval(secs => ${goneSeconds * 60})`.execute(
    server.jobsPool.db,
  )
  return rows[0]?.n ?? 0
}

/** Says that this process lives until it is stopped, and looks after what others left behind. */
export function startAlive(server: Server, rhythm: Rhythm = RHYTHM): Alive {
  const id = randomUUID()
  let ids: readonly string[] = []
  let steady = 0
  let running: Promise<void> = Promise.resolve()
  const beat = async (): Promise<void> => {
    try {
      await say(server, id, ids)
      steady++
      if (steady < rhythm.steadyBeats) return
      const n = await letGoOfTheGone(server, rhythm.goneSeconds)
      if (n > 0) server.log.warn({ jobs: n }, 'jobs of a process that is gone are taken up 接手已退出进程的任务')
    } catch (error) {
      steady = 0
      server.log.warn({ err: error }, 'this process could not say that it lives')
    }
  }
  const timer = setInterval(() => {
    running = running.then(beat)
  }, rhythm.beatMs)
  timer.unref()
  return {
    workers: async (names) => {
      ids = names
      running = running.then(beat)
      await running
    },
    stop: async () => {
      clearInterval(timer)
      await running
      await sql`delete from process_alive where id = ${id}`.execute(server.jobsPool.db).catch(() => undefined)
    },
  }
}
