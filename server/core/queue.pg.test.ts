import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { readConfig } from './config.ts'
import { defineJobs } from './jobs.ts'
import { openDatabase } from './postgres/database.ts'
import type { Database } from './postgres/database.ts'
import { startQueue } from './queue.ts'
import { Server } from './server.ts'

let dir: string
let database: Database
let server: Server
const seen: number[] = []
let hung = 0
let letGo = (): void => undefined

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'weiwang-queue-'))
  chmodSync(dir, 0o711)
  const config = readConfig({ DATA_DIR: path.join(dir, 'data'), EXERCISE: 'off' })
  database = await openDatabase(config, () => undefined)
  const jobs = defineJobs({
    reactions: {
      hang: () => {
        hung += 1
        return new Promise<void>((resolve) => (letGo = resolve))
      },
      ping: async (_server, payload) => {
        if (typeof payload === 'object' && payload !== null && 'n' in payload) seen.push(Number(payload.n))
      },
    },
  })
  const log = pino({ level: 'silent' })
  server = await Server.open({ config, log, url: database.url, rooms: [{ room: 'test', jobs }], now: new Date() })
})
afterAll(async () => {
  await server.close()
  await database.stop()
  rmSync(dir, { recursive: true, force: true })
})

function ping(n: number): Promise<void> {
  return server.asSystem('ping', async (ctx) => ctx.emit('ping', { n }))
}

test('a crew whose questions are never answered is hired anew', async () => {
  const queue = await startQueue(server, { alone: true, concurrency: 2, silentMs: 1_500 })
  const said = vi.spyOn(server.log, 'error')
  try {
    await server.jobsPool.db.transaction().execute(async (trx) => {
      await sql`lock table graphile_worker._private_jobs in access exclusive mode`.execute(trx)
      await expect
        .poll(() => said.mock.calls.map(([, text]) => String(text)), { timeout: 20_000 })
        .toContainEqual(expect.stringContaining('are silent'))
    })
    await ping(7)
    await expect.poll(() => seen, { timeout: 40_000 }).toContain(7)
  } finally {
    said.mockRestore()
    await queue.stop()
  }
})

test('a crew whose first question met a fault, which the library keeps for ever, is hired anew', async () => {
  const { superuser } = z
    .object({ superuser: z.string() })
    .parse(JSON.parse(readFileSync(path.join(dir, 'data/postgres.json'), 'utf8')))
  const url = Object.assign(new URL(database.url), { username: 'postgres', password: superuser })
  const owner = new pg.Client({ connectionString: url.href })
  await owner.connect()
  await owner.query('alter table graphile_worker._private_tasks rename to away')
  const queue = await startQueue(server, { alone: true, concurrency: 2, failingMs: 1_500 })
  try {
    await sleep(500)
    await owner.query('alter table graphile_worker.away rename to _private_tasks')
    await ping(9)
    await expect.poll(() => seen, { timeout: 40_000 }).toContain(9)
  } finally {
    await owner.end()
    await queue.stop()
  }
})

test('a crew that hangs at a job which it does not hold any more is hired anew; one at a long job that it holds is not', async () => {
  const queue = await startQueue(server, { alone: true, concurrency: 1, silentMs: 1_500 })
  const said = vi.spyOn(server.log, 'error')
  const texts = () => said.mock.calls.map(([, text]) => String(text))
  try {
    await server.asSystem('hang', async (ctx) => ctx.emit('hang', {}))
    await expect.poll(() => hung, { timeout: 20_000 }).toBe(1)
    await ping(8)
    // Three looks of the watch.
    await sleep(5_000)
    expect(texts()).not.toContainEqual(expect.stringContaining('are silent'))
    expect(seen).not.toContain(8)
    // As after a crash that took the lock along; it is done elsewhere.
    await sql`delete from graphile_worker._private_jobs where locked_by is not null`.execute(server.jobsPool.db)
    await expect.poll(() => seen, { timeout: 40_000 }).toContain(8)
    expect(texts()).toContainEqual(expect.stringContaining('are silent'))
    expect(said.mock.calls).toContainEqual([expect.objectContaining({ at: ['hang>test'] }), expect.anything()])
  } finally {
    said.mockRestore()
    letGo()
    await queue.stop()
  }
})

test('the queue works on after PostgreSQL was killed under it, and takes up what a killed worker held', async () => {
  await ping(1)
  await server.asSystem('hold', async (ctx) => {
    await sql`update graphile_worker._private_jobs set locked_by = 'worker-of-a-killed-process', locked_at = now()`.execute(
      ctx.db,
    )
  })
  const queue = await startQueue(server, { alone: true, concurrency: 2 })
  try {
    await expect.poll(() => seen, { timeout: 20_000 }).toContain(1)
    const pid = Number(readFileSync(path.join(dir, 'data/postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(
        () =>
          ping(2).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true)
    await expect.poll(() => seen, { timeout: 30_000 }).toContain(2)
  } finally {
    await queue.stop()
  }
})
