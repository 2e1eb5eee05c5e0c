import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { letGoOfTheGone } from './alive.ts'
import { defineJobs } from './jobs.ts'
import { startQueue } from './queue.ts'
import { testServer } from './testing/test-server.ts'
import type { TestServer } from './testing/test-server.ts'

/** Two programs on one database, as behind an external DATABASE_URL: this one, and a process of its own that is killed. */
const RHYTHM = { beatMs: 200, goneSeconds: 2, steadyBeats: 2 }
const seen: number[] = []
const jobs = defineJobs({
  reactions: {
    hold: async (_server, payload) => {
      if (typeof payload === 'object' && payload !== null && 'n' in payload) seen.push(Number(payload.n))
    },
  },
})

let t: TestServer
let other: ChildProcess | null = null

beforeAll(async () => {
  t = await testServer({ rooms: [{ room: 'test', jobs }] })
})
afterAll(async () => {
  other?.kill('SIGKILL')
  await t.close()
})

const CHILD = `
import { pino } from 'pino'
import { readConfig } from '${path.join(import.meta.dirname, 'config.ts')}'
import { defineJobs } from '${path.join(import.meta.dirname, 'jobs.ts')}'
import { startQueue } from '${path.join(import.meta.dirname, 'queue.ts')}'
import { Server } from '${path.join(import.meta.dirname, 'server.ts')}'
const jobs = defineJobs({ reactions: { hold: async (_s, payload) => {
  process.stdout.write('took ' + payload.n + '\\n')
  await new Promise((resolve) => setTimeout(resolve, 600_000))
} } })
const server = await Server.open({ config: readConfig(process.env), log: pino({ level: 'silent' }), url: process.env.TEST_URL, rooms: [{ room: 'test', jobs }], now: new Date() })
await startQueue(server, { alone: false, concurrency: 1, rhythm: ${JSON.stringify(RHYTHM)} })
`

function startOther(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', CHILD],
    {
      cwd: path.resolve(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        EXERCISE: 'off',
        KEY_FILE: t.server.config.keyFile,
        DATA_DIR: t.server.config.dataDir,
        TEST_URL: t.adminUrl,
      },
    },
  )
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('took 1')) resolve(child)
    })
    child.once('exit', (code) => reject(new Error(`the other process ended with ${code}`)))
  })
}

test('CORE-1: what a living process holds is left to it, however long; what a killed one held is taken up by another', async () => {
  await t.server.asSystem('hold', async (ctx) => ctx.emit('hold', { n: 1 }))
  other = await startOther()
  const queue = await startQueue(t.server, { alone: false, concurrency: 1, rhythm: RHYTHM })
  try {
    await new Promise((resolve) => setTimeout(resolve, 4000))
    expect(seen).toEqual([])
    expect((await t.sql('select pid from process_alive order by pid')).map((row) => row.pid)).toEqual(
      [process.pid, other.pid].toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    )
    other.kill('SIGKILL')
    await expect.poll(() => seen, { timeout: 20_000, interval: 100 }).toEqual([1])
  } finally {
    await queue.stop()
  }
  expect(await t.sql('select 1 from process_alive where pid = $1', [process.pid])).toEqual([])
})

test('a lock that was only just taken is left alone, though its worker has not yet said its name', async () => {
  await t.server.asSystem('hold', async (ctx) => ctx.emit('hold', { n: 2 }))
  await t.sql(`update graphile_worker._private_jobs set locked_by = 'worker-just-hired', locked_at = now()`)
  expect(await letGoOfTheGone(t.server, 60)).toBe(0)
  await t.sql(`update graphile_worker._private_jobs set locked_at = now() - interval '61 seconds'`)
  expect(await letGoOfTheGone(t.server, 60)).toBe(1)
  expect(await t.sql('select 1 from graphile_worker._private_jobs where locked_by is not null')).toEqual([])
})
