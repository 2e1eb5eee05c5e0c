import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import type { Config } from '../config.ts'
import { readKeyFile, rotateMaster, writeKeyFile } from '../keys/keyfile.ts'
import { NO_EMERGENCY } from '../keys/keyring.ts'
import { forgetPrevious, rotateAll } from '../keys/rotate-all.ts'
import { keysByMaster, rewrapAll } from '../keys/rotation.ts'
import { Server } from '../server.ts'
import { openServer } from '../../open.ts'
import { lastVerifiedBackup } from './backup.ts'
import { backupStatus, backUpWhenDue } from './backup-jobs.ts'
import { keptBackups, setSetting } from './backup-store.ts'
import { openDatabase } from './database.ts'
import { withEvery } from './every.ts'
import { RESTORED } from './manifest.ts'
import { restoreBackup } from './restore.ts'
import { removeOld, runBackup } from './run-backup.ts'

/** The real database and the exercise's in one folder under one key file. */
const log = pino({ level: 'silent' })
const PLACE = { table: 'test', row: '1', column: 'c' }
const DATABASES = ['weiwang', 'weiwang_exercise']
let dir: string
let real: Config
let exercise: Config
const sealed = new Map<string, Buffer>()

async function onDatabase<T>(config: Config, run: (server: Server) => Promise<T>): Promise<T> {
  const database = await openDatabase(config, () => undefined)
  const server = await Server.open({ config, log, url: database.url, rooms: [], now: new Date() })
  try {
    return await run(server)
  } finally {
    await server.close()
    await database.stop()
  }
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'weiwang-every-'))
  chmodSync(dir, 0o711)
  const env = { DATA_DIR: path.join(dir, 'data') }
  real = readConfig({ ...env, EXERCISE: 'off' })
  exercise = readConfig({ ...env, EXERCISE: 'grid' })
  for (const [name, config] of [
    ['weiwang', real],
    ['weiwang_exercise', exercise],
  ] as const) {
    await onDatabase(config, async (server) => {
      sealed.set(
        name,
        await server.keys.seal({ emergencyId: NO_EMERGENCY, now: new Date(), ...PLACE }, `text of ${name}`),
      )
      await server.keys.publicKeyPem()
      await sql`insert into grid_clock (county, grid, epoch, n) values ('320508', '320508001001001', 1, 7)`.execute(
        server.jobsPool.db,
      )
    })
  }
}, 60_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** What was sealed at the beginning still opens, in each database. */
async function opened(): Promise<string[]> {
  return withEvery(real, log, (each) =>
    Promise.all(each.map(({ name, server }) => server.keys.open(PLACE, sealed.get(name) ?? Buffer.alloc(0)))),
  )
}
const BOTH = DATABASES.map((name) => `text of ${name}`)

async function epochs(): Promise<number[]> {
  return withEvery(real, log, (each) =>
    Promise.all(
      each.map(async ({ server }) => {
        const { rows } = await sql<{ epoch: number }>`select epoch from grid_clock`.execute(server.jobsPool.db)
        return rows[0]?.epoch ?? 0
      }),
    ),
  )
}

async function audited(verb: string): Promise<number[]> {
  return withEvery(real, log, (each) =>
    Promise.all(
      each.map(async ({ server }) => {
        const { rows } = await sql<{ n: number }>`select count(*) as n from audit where verb = ${verb}`.execute(
          server.jobsPool.db,
        )
        return rows[0]?.n ?? 0
      }),
    ),
  )
}

describe('KEY-4: rotation goes over every database of the folder', () => {
  test('named by one, both are wrapped by the new master, and everything opens', async () => {
    const before = readKeyFile(real.keyFile).master.id
    const rotated = await rotateAll(real, log)
    expect(rotated).toEqual(DATABASES.map((name) => ({ name, wrapped: 2, mine: true })))
    const { master } = readKeyFile(real.keyFile)
    expect(master.id).not.toBe(before)
    const held = await withEvery(exercise, log, (each) =>
      Promise.all(each.map(async ({ server }) => [...(await keysByMaster(server.jobsPool.db))])),
    )
    expect(held).toEqual([[[master.id, 2]], [[master.id, 2]]])
    expect(await opened()).toEqual(BOTH)
    expect(await audited('keys.rotate')).toEqual([1, 1])
  })

  test('killed after one database: forgetting says which one still needs an old master, and how many keys', async () => {
    writeKeyFile(real.keyFile, rotateMaster(readKeyFile(real.keyFile)))
    await withEvery(real, log, async (each) => {
      const first = each.find(({ name }) => name === 'weiwang')
      if (first) await rewrapAll(first.server.jobsPool.db, readKeyFile(real.keyFile))
    })
    const file = readFileSync(real.keyFile, 'utf8')
    expect(await forgetPrevious(real, log)).toEqual({ forgotten: 0, still: [{ where: 'weiwang_exercise', keys: 2 }] })
    expect(readFileSync(real.keyFile, 'utf8')).toBe(file)
    expect(await opened()).toEqual(BOTH)
    await rotateAll(exercise, log)
    expect(await forgetPrevious(real, log)).toEqual({ forgotten: 3, still: [] })
    expect(readKeyFile(real.keyFile).previous).toEqual([])
    expect(await opened()).toEqual(BOTH)
  })

  test('a running program wraps a new data key by the master that a command has put in the file meanwhile', async () => {
    await onDatabase(real, async (server) => {
      await rotateAll(real, log)
      await server.keys.seal({ emergencyId: '00000000-0000-0000-0000-000000000009', now: new Date(), ...PLACE }, 'x')
      const { master } = readKeyFile(real.keyFile)
      expect([...(await keysByMaster(server.jobsPool.db))]).toEqual([[master.id, 3]])
    })
  })

  test('a database of another key file is left alone and stops nobody', async () => {
    const other = readConfig({ DATA_DIR: real.dataDir, EXERCISE: 'off', KEY_FILE: path.join(dir, 'other.key') })
    writeKeyFile(other.keyFile, { ...readKeyFile(real.keyFile), personId: Buffer.alloc(32, 1).toString('base64url') })
    await expect(rotateAll(other, log)).rejects.toThrow('No database here was made with')
    expect(readKeyFile(other.keyFile).previous).toHaveLength(readKeyFile(real.keyFile).previous.length)
  })
})

describe('backups of the folder', () => {
  test('both databases remember it; until there is one, phones may forget nothing', async () => {
    await onDatabase(real, async (server) => {
      expect(await lastVerifiedBackup(server.jobsPool.db)).toBeNull()
      const start = new Date()
      const { manifest } = await runBackup(real, log, { kind: 'manual' })
      const last = await lastVerifiedBackup(server.jobsPool.db)
      expect(last?.coversUntil).toEqual(new Date(manifest.coversUntil))
      expect(last?.coversUntil.getTime()).toBeLessThanOrEqual(Date.now())
      expect(last?.coversUntil.getTime()).toBeGreaterThan(start.getTime() - 1000)
    })
    expect(await audited('backup')).toEqual([1, 1])
  })

  test('what was begun before the backup and ended after it is not covered by it', async () => {
    await onDatabase(real, async (server) => {
      const trx = await server.jobsPool.db.startTransaction().execute()
      const { rows } = await sql<{ at: Date }>`select now() as at`.execute(trx)
      await new Promise((resolve) => setTimeout(resolve, 50))
      const { manifest } = await runBackup(real, log, { kind: 'manual' })
      await trx.rollback().execute()
      expect(new Date(manifest.coversUntil).getTime()).toBeLessThanOrEqual(rows[0]?.at.getTime() ?? 0)
    })
  })

  test('masters that a backup needs are not forgotten while it is kept', async () => {
    await rotateAll(real, log)
    const { still } = await forgetPrevious(real, log)
    expect(still).toHaveLength(2)
    expect(still[0]?.where).toContain(path.join(real.dataDir, 'backups'))
    expect(still[0]?.keys).toBe(5)
  })

  test('SYNC-8: a restore that is killed before its end is finished by the next start, in every database', async () => {
    const before = await epochs()
    const place = (await withEvery(real, log, (each) => keptBackups(each[0]?.server.jobsPool.db ?? never()))).at(-1)
    await restoreBackup(place?.place ?? '', real.dataDir, new Date(), () => undefined)
    const cluster = path.join(real.dataDir, 'postgres', 'cluster')
    expect(existsSync(path.join(cluster, RESTORED))).toBe(true)
    // Killed between its two renames: the old cluster is away and the new one not yet in place.
    renameSync(cluster, `${cluster}.restored`)
    const { server, close } = await openServer(exercise, log, { attach: false })
    const last = await lastVerifiedBackup(server.jobsPool.db)
    await close()
    expect(existsSync(path.join(cluster, RESTORED))).toBe(false)
    const raised = await epochs()
    // Not by one: a second restore of the same backup must not give the same number again (SYNC-8).
    expect(raised.every((n, i) => n > (before[i] ?? 0) + 1)).toBe(true)
    expect(await audited('restore')).toEqual([1, 1])
    expect(last?.verifiedAt).toEqual(place?.verifiedAt)
    expect(await opened()).toEqual(BOTH)
    // Settled: another start raises nothing again.
    expect(await epochs()).toEqual(raised)
  })

  test('a restore that was killed while it copied did not happen, and leaves nothing', async () => {
    const copying = path.join(real.dataDir, 'postgres', 'cluster.restored')
    mkdirSync(copying)
    writeFileSync(path.join(copying, 'x'), 'x')
    expect(await opened()).toEqual(BOTH)
    expect(existsSync(copying)).toBe(false)
  })

  test('DELETE-6: past its days a backup is removed, with a line in every database, the folder kept by a restore too', async () => {
    const now = new Date()
    const removed = await withEvery(real, log, (each) => removeOld(real, each, now))
    expect(removed).toEqual([])
    const later = new Date(now.getTime() + 31 * 86_400_000)
    await withEvery(real, log, async (each) => {
      expect(await removeOld(real, each, later)).toHaveLength(3)
    })
    const left = await withEvery(real, log, (each) =>
      Promise.all(each.map(async ({ server }) => (await keptBackups(server.jobsPool.db)).length)),
    )
    expect(left).toEqual([0, 0])
    expect(readdirSync(path.join(real.dataDir, 'backups'))).toEqual([])
    expect(readdirSync(path.join(real.dataDir, 'postgres'))).toEqual(['cluster'])
    expect(await audited('backup.remove')).toEqual([3, 3])
    // The restored databases hold what older masters wrapped; once rotated, nothing needs these any more.
    await rotateAll(real, log)
    expect(await forgetPrevious(real, log)).toMatchObject({ still: [] })
  })

  test('at its hour the program backs itself up, once; backup_days of the database holds', async () => {
    await onDatabase(real, async (server) => {
      await setSetting(server.jobsPool.db, 'backup_days', 7)
      await sql`update setting set updated_at = now() - interval '5 days' where key = 'key_fingerprint'`.execute(
        server.jobsPool.db,
      )
      const hour = new Date()
      // The hour of the test is made the quiet one.
      const minutes = ((hour.getUTCHours() + 8) % 24) * 60 + hour.getUTCMinutes()
      Object.assign(server.config, { backupAt: minutes })
      expect(await backUpWhenDue(server, hour)).toBe(true)
      expect(await backUpWhenDue(server, new Date())).toBe(false)
      expect(await backupStatus(server, new Date())).toMatchObject({
        last: { kind: 'automatic' },
        days: 7,
        late: false,
        failure: null,
      })
    })
  })

  test('a backup that fails is told in the status and in the trail', async () => {
    await onDatabase(real, async (server) => {
      const hour = new Date(Date.now() + 86_400_000)
      const minutes = ((hour.getUTCHours() + 8) % 24) * 60 + hour.getUTCMinutes()
      Object.assign(server.config, { backupAt: minutes })
      writeFileSync(path.join(real.dataDir, 'backup.lock'), `${process.pid} ${'-'}\n`)
      expect(await backUpWhenDue(server, hour)).toBe(false)
      expect((await backupStatus(server, hour)).failure?.why).toContain('being made already')
      rmSync(path.join(real.dataDir, 'backup.lock'))
    })
    expect(await audited('backup.failed')).toEqual([1, 0])
  })
})

function never(): never {
  throw new Error('no database')
}
