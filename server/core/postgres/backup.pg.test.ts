import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  existsSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { makeBackup } from './backup.ts'
import { minorChange, patienceMs, startEmbedded } from './embedded.ts'
import type { Embedded } from './embedded.ts'
import { FolderInUse, startTime } from './lock.ts'
import { restoreBackup } from './restore.ts'

let dir: string
let dataDir: string

async function query(url: string, text: string): Promise<{ n: number }[]> {
  const client = new pg.Client({ connectionString: url })
  // A connection that breaks between two queries is the next query's error, not the process's end.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

function on(server: Embedded, database: string): string {
  const url = new URL(server.adminUrl)
  url.pathname = `/${database}`
  return url.href
}

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'weiwang-embedded-'))
  chmodSync(dir, 0o711)
  dataDir = path.join(dir, 'data')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('the embedded server', () => {
  test('a second process on the same folder is told who holds it', async () => {
    const first = await startEmbedded({ dataDir })
    try {
      await expect(startEmbedded({ dataDir })).rejects.toThrow(FolderInUse)
      await expect(startEmbedded({ dataDir })).rejects.toThrow(String(process.pid))
    } finally {
      await first.stop()
    }
  })

  test('a stale lock and a stale pid file whose number is used again are taken over', async () => {
    writeFileSync(path.join(dataDir, 'weiwang.lock'), `${process.pid} 1\n`)
    expect(startTime(process.pid)).not.toBe('1')
    writeFileSync(path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), `${process.pid}\n`)
    const server = await startEmbedded({ dataDir })
    await server.stop()
    expect(existsSync(path.join(dataDir, 'weiwang.lock'))).toBe(false)
  })

  test('killed, the server comes back on the same port with what was committed', async () => {
    const server = await startEmbedded({ dataDir })
    try {
      await query(server.adminUrl, 'create table if not exists kept (n int); insert into kept values (1)')
      const pid = (
        await query(
          server.adminUrl,
          `select pg_postmaster_start_time() is not null as ok, (pg_read_file('postmaster.pid')) as n`,
        )
      )[0]?.n
      process.kill(Number(String(pid).split('\n')[0]), 'SIGKILL')
      await expect
        .poll(() => query(server.adminUrl, 'select count(*)::int as n from kept').catch(() => null), {
          timeout: 30_000,
        })
        .toEqual([{ n: 1 }])
    } finally {
      await server.stop()
    }
  })

  test('after the crash of one of its processes it is started again from outside, where room is waited for first', async () => {
    const lines: string[] = []
    const server = await startEmbedded({ dataDir, log: (line) => lines.push(line) })
    const postmaster = (): string =>
      readFileSync(path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0] ?? ''
    const before = postmaster()
    const client = new pg.Client({ connectionString: server.adminUrl })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      process.kill(rows[0]?.pid ?? 0, 'SIGKILL')
      await expect.poll(() => lines.some((line) => line.includes('starting it again')), { timeout: 30_000 }).toBe(true)
      const alive = (): Promise<unknown> => query(server.adminUrl, 'select 1 as n').catch(() => null)
      await expect.poll(alive, { timeout: 30_000 }).toEqual([{ n: 1 }])
      expect(postmaster()).not.toBe(before)
    } finally {
      await client.end().catch(() => undefined)
      await server.stop()
    }
  })

  test('one that says that it is starting up is waited for, however long its recovery takes; a silent one is not', () => {
    const minutes = (code: string): number => patienceMs(Object.assign(new Error(code), { code })) / 60_000
    expect([minutes('57P03'), minutes('ECONNREFUSED'), patienceMs(null) / 60_000]).toEqual([60, 1, 1])
  })

  test('killed while a backend is in a long statement, the server comes back when that one has let go', async () => {
    const server = await startEmbedded({ dataDir })
    try {
      const long = 'select sum(length(repeat(md5(g::text), 20)))::int as n from generate_series(1, 3000000) g'
      const busy = query(server.adminUrl, long).catch(() => [])
      const running = `select count(*)::int as n from pg_stat_activity where query like 'select sum(length%' and state = 'active'`
      await expect.poll(() => query(server.adminUrl, running), { interval: 20 }).toEqual([{ n: 1 }])
      const file = path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
      process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL')
      await busy
      const alive = (): Promise<unknown> => query(server.adminUrl, 'select 1 as n').catch(() => null)
      await expect.poll(alive, { timeout: 50_000 }).toEqual([{ n: 1 }])
    } finally {
      await server.stop()
    }
  })

  test('a start that fails is tried again: with what kept it from starting gone, the server is there', async () => {
    const lines: string[] = []
    const server = await startEmbedded({ dataDir, log: (line) => lines.push(line) })
    const cluster = path.join(dataDir, 'postgres', 'cluster')
    const settings = path.join(cluster, 'postgresql.auto.conf')
    const before = readFileSync(settings, 'utf8')
    try {
      writeFileSync(settings, 'no_such_setting = 1\n')
      process.kill(Number(readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL')
      await expect
        .poll(() => lines.filter((line) => line.includes('starting it again')).length, { timeout: 30_000 })
        .toBeGreaterThan(1)
      writeFileSync(settings, before)
      const alive = (): Promise<unknown> => query(server.adminUrl, 'select 1 as n').catch(() => null)
      await expect.poll(alive, { timeout: 30_000 }).toEqual([{ n: 1 }])
    } finally {
      writeFileSync(settings, before)
      await server.stop()
    }
  })

  test.runIf(process.getuid?.() === 0)(
    'as root, a folder that the server’s user cannot reach is named with the remedy',
    async () => {
      const shut = path.join(dir, 'shut')
      mkdirSync(shut, { mode: 0o700 })
      await expect(startEmbedded({ dataDir: path.join(shut, 'data') })).rejects.toThrow(`may not pass through ${shut}`)
    },
  )

  test('a folder that another minor version ran last is opened, and told with both numbers and what leads back', async () => {
    const file = path.join(dataDir, 'postgres.json')
    const kept = JSON.parse(readFileSync(file, 'utf8'))
    const ours = kept.version
    expect(ours).toMatch(/^18\./)
    writeFileSync(file, JSON.stringify({ ...kept, version: '18.0.0' }))
    const lines: string[] = []
    const tell = (line: string): void => void lines.push(line)
    await (await startEmbedded({ dataDir, tell })).stop()
    expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe(ours)
    const minor = ours.split('.').slice(0, 2).join('.')
    expect(lines).toEqual([expect.stringMatching(`^PostgreSQL ${minor} .* PostgreSQL 18.0 ran last.*backup.*备份`)])
    // The same again is no change, nor is a folder of before versions were written down.
    expect([minorChange(ours, ours), minorChange(undefined, ours)]).toEqual([null, null])
    lines.length = 0
    await (await startEmbedded({ dataDir, tell })).stop()
    expect(lines).toEqual([])
  })

  test('a folder of another major version is refused with both numbers', async () => {
    const other = path.join(dir, 'other')
    mkdirSync(path.join(other, 'postgres', 'cluster'), { recursive: true })
    writeFileSync(path.join(other, 'postgres', 'cluster', 'PG_VERSION'), '15\n')
    await expect(startEmbedded({ dataDir: other })).rejects.toThrow(/PostgreSQL 15.*PostgreSQL 18/s)
  })
})

describe('backup and restore', () => {
  test('an online backup under writes is verified by starting it, and restores to the moment', async () => {
    const server = await startEmbedded({ dataDir })
    const out = path.join(dir, 'backup')
    await query(server.adminUrl, 'create database weiwang')
    await migrate(on(server, 'weiwang'))
    await query(on(server, 'weiwang'), `insert into setting (key, value) values ('before', '1')`)
    // A writer goes on while the files are copied.
    let writing = true
    const writer = (async () => {
      for (let i = 0; writing; i++)
        await query(on(server, 'weiwang'), `insert into setting (key, value) values ('w${i}', '1')`)
    })()
    const manifest = await makeBackup(
      { adminUrl: server.adminUrl, cluster: server.cluster, dataDir },
      out,
      new Date('2020-02-10T00:00:00Z'),
      () => undefined,
    )
    writing = false
    await writer
    expect(manifest.databases.map((d) => d.name)).toEqual(['weiwang'])
    await query(on(server, 'weiwang'), `insert into setting (key, value) values ('after', '1')`)
    await server.stop()
    const { kept } = await restoreBackup(out, dataDir, new Date('2020-02-11T00:00:00Z'), () => undefined)
    expect(kept).not.toBeNull()
    const again = await startEmbedded({ dataDir })
    try {
      expect(await query(on(again, 'weiwang'), `select count(*)::int as n from setting where key = 'before'`)).toEqual([
        { n: 1 },
      ])
      expect(await query(on(again, 'weiwang'), `select count(*)::int as n from setting where key = 'after'`)).toEqual([
        { n: 0 },
      ])
    } finally {
      await again.stop()
    }
  })

  test('a backup changed after it was verified is not used', async () => {
    const out = path.join(dir, 'backup')
    const cluster = path.join(out, 'postgres', 'cluster')
    const file = readdirSync(path.join(cluster, 'global'))[0] ?? ''
    writeFileSync(path.join(cluster, 'global', file), 'x')
    await expect(restoreBackup(out, dataDir, new Date(), () => undefined)).rejects.toThrow(
      'changed after it had been verified',
    )
  })
})
