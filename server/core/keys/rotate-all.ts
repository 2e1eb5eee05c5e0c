import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { keptBackups } from '../postgres/backup-store.ts'
import type { Each } from '../postgres/every.ts'
import { withEvery } from '../postgres/every.ts'
import { lockFolder } from '../postgres/lock.ts'
import { readManifest } from '../postgres/manifest.ts'
import { backupsDir } from '../postgres/run-backup.ts'
import { readKeyFile, rotateMaster, writeKeyFile } from './keyfile.ts'
import { aloneWithMasters, keysByMaster, rewrapAll } from './rotation.ts'

/** Two rotations at once would lose a master, and with it everything wrapped by it. */
async function withKeyFile<T>(config: Config, run: () => Promise<T>): Promise<T> {
  const release = lockFolder(`${config.keyFile}.lock`)
  try {
    return await run()
  } finally {
    release()
  }
}

export type Rotated = { name: string; wrapped: number; mine: boolean }

/**
 * KEY-4: a new master wraps every key of every database under this key file. First every database is opened, then the file
 * gets the new master (the old ones stay in it), then keys are wrapped anew; killed at any point, everything opens, and running
 * it again finishes it.
 */
export async function rotateAll(config: Config, log: Logger): Promise<Rotated[]> {
  return withKeyFile(config, () =>
    withEvery(config, log, async (each) => {
      if (!each.some((one) => one.mine))
        throw new Error(`No database here was made with ${config.keyFile}. 没有使用此密钥文件的数据库。`)
      writeKeyFile(config.keyFile, rotateMaster(readKeyFile(config.keyFile)))
      const rotated: Rotated[] = []
      for (const { name, server, mine } of each)
        rotated.push({ name, mine, wrapped: mine ? await rotateOne(server) : 0 })
      return rotated
    }),
  )
}

async function rotateOne(server: Each['server']): Promise<number> {
  const { keyFile } = server.config
  const wrapped = await rewrapAll(server.jobsPool.db, readKeyFile(keyFile))
  await server.asSystem('keys.rotate', async (ctx) =>
    ctx.audit({ verb: 'keys.rotate', thing: 'settings', thingId: 'master', area: ctx.root, detail: { wrapped } }),
  )
  return wrapped
}

/** What still needs an old master: a database, a backup, or a folder kept by a restore (`keys` null: nobody can look into it). */
export type StillOld = { where: string; keys: number | null }

export type Forgotten = { forgotten: number; still: StillOld[] }

/** Drops the old masters, unless something anywhere is wrapped by one; then nothing is changed and `still` says what. */
export async function forgetPrevious(config: Config, log: Logger): Promise<Forgotten> {
  return withKeyFile(config, () =>
    withEvery(config, log, (each) =>
      alone(
        each.filter((one) => one.mine),
        async (mine) => {
          const file = readKeyFile(config.keyFile)
          const still = [
            ...(await oldInDatabases(mine, file.master.id)),
            ...(await oldInCopies(config, mine, file.master.id)),
          ]
          if (still.length > 0) return { forgotten: 0, still }
          writeKeyFile(config.keyFile, { ...file, previous: [] })
          return { forgotten: file.previous.length, still }
        },
      ),
    ),
  )
}

/** Nothing new is wrapped in any of the databases while `run` counts and writes the file. */
async function alone<T>(each: readonly Each[], run: (each: readonly Each[]) => Promise<T>): Promise<T> {
  const next = (left: readonly Each[]): Promise<T> => {
    const [first, ...rest] = left
    if (!first) return run(each)
    return first.server.jobsPool.db.transaction().execute(async (db) => {
      await aloneWithMasters(db)
      return next(rest)
    })
  }
  return next(each)
}

function oldOf(byMaster: Iterable<[string, number]>, newest: string): number {
  return [...byMaster].reduce((sum, [master, n]) => (master === newest ? sum : sum + n), 0)
}

async function oldInDatabases(each: readonly Each[], newest: string): Promise<StillOld[]> {
  const still: StillOld[] = []
  for (const { name, server } of each) {
    const keys = oldOf(await keysByMaster(server.jobsPool.db), newest)
    if (keys > 0) still.push({ where: name, keys })
  }
  return still
}

async function oldInCopies(config: Config, each: readonly Each[], newest: string): Promise<StillOld[]> {
  const places = new Set<string>()
  const dir = backupsDir(config)
  for (const name of existsSync(dir) ? readdirSync(dir) : []) places.add(path.join(dir, name))
  for (const { server } of each)
    for (const row of await keptBackups(server.jobsPool.db)) if (row.kind !== 'stated') places.add(row.place)
  const names = new Set(each.map((one) => one.name))
  const still: StillOld[] = []
  for (const place of places) {
    const databases = readManifest(place)?.databases.filter((d) => names.has(d.name)) ?? []
    const keys = databases.reduce((sum, d) => sum + oldOf(Object.entries(d.masters), newest), 0)
    if (keys > 0) still.push({ where: place, keys })
  }
  const home = path.join(config.dataDir, 'postgres')
  for (const name of existsSync(home) ? readdirSync(home) : [])
    if (name.startsWith('cluster.before-')) still.push({ where: path.join(home, name), keys: null })
  return still
}
