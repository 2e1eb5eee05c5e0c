import { parseCronItems, run, runOnce } from 'graphile-worker'
import type { CronItem, Runner, Task, TaskList } from 'graphile-worker'
import { Logger as WorkerLogger } from 'graphile-worker'
import type { Server } from './server.ts'

function workerLogger(server: Server): WorkerLogger {
  return new WorkerLogger(() => (level, message, meta) => {
    if (level === 'error') server.log.error({ meta }, message)
    else if (level === 'warning') server.log.warn(message)
    else server.log.debug(message)
  })
}

/** Every reaction and timer of every room as one task list of the queue. */
export function taskList(server: Server): TaskList {
  const list: Record<string, Task> = {}
  for (const { room, jobs } of server.rooms) {
    for (const [event, react] of Object.entries(jobs.reactions))
      list[`${event}>${room}`] = (payload) => react(server, payload)
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

/** Takes jobs until it is stopped; stopping waits for those under way. */
export async function startQueue(server: Server, concurrency = 4): Promise<Runner> {
  return run({
    pgPool: server.jobsPool.raw,
    taskList: taskList(server),
    parsedCronItems: parseCronItems(cronItems(server)),
    concurrency,
    noHandleSignals: true,
    pollInterval: 1000,
    logger: workerLogger(server),
  })
}

/** Runs everything that is due now and returns: for commands and tests. */
export async function drainQueue(server: Server): Promise<void> {
  await runOnce({
    pgPool: server.jobsPool.raw,
    taskList: taskList(server),
    noHandleSignals: true,
    logger: workerLogger(server),
  })
}
