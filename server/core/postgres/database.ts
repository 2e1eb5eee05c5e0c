import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { GROUP_ROLES } from '../db/roles.ts'
import { ask, databaseAt, weiwangDatabases } from './cluster.ts'
import { startEmbedded } from './embedded.ts'
import { FolderInUse } from './lock.ts'

/** The database that the program works on, migrated; the address of the log-in role, and how to let go of it. */
export type Database = {
  url: string
  embedded: boolean
  migrated: string[]
  exited: Promise<string>
  stop: () => Promise<void>
}

const LOGIN = 'weiwang'

/** What PostgreSQL says, and what the operator should read. */
type Lines = { log: (line: string) => void; tell?: (line: string) => void }

/** An exercise has a database of its own beside the real one. */
export function databaseName(config: Config): string {
  return config.exercise === 'off' ? 'weiwang' : 'weiwang_exercise'
}

function loginPassword(dataDir: string): string {
  const file = path.join(dataDir, 'postgres-login')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const password = randomBytes(24).toString('base64url')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return password
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const found = await ask(adminUrl, 'select from pg_database where datname = $1', [name])
  if (found.length === 0) await ask(adminUrl, `create database ${name}`)
}

/** The program logs in as a role that owns nothing and is a member of the working roles only. */
async function ensureLogin(adminUrl: string, database: string, password: string): Promise<void> {
  const found = await ask(adminUrl, 'select from pg_roles where rolname = $1', [LOGIN])
  if (found.length === 0) await ask(adminUrl, `create role ${LOGIN} login noinherit`)
  await ask(adminUrl, `alter role ${LOGIN} password ${pg.escapeLiteral(password)}`)
  await ask(adminUrl, `grant ${GROUP_ROLES.join(', ')} to ${LOGIN}`)
  await ask(adminUrl, `grant connect on database ${database} to ${LOGIN}`)
}

async function openEmbedded(config: Config, { log, tell }: Lines): Promise<Database> {
  const server = await startEmbedded({ dataDir: config.dataDir, log, ...(tell ? { tell } : {}) })
  try {
    const name = databaseName(config)
    await ensureDatabase(server.adminUrl, name)
    const migrated = await migrate(databaseAt(server.adminUrl, name))
    const password = loginPassword(config.dataDir)
    await ensureLogin(server.adminUrl, name, password)
    return {
      url: databaseAt(server.adminUrl, name, { name: LOGIN, password }),
      embedded: true,
      migrated,
      exited: server.exited,
      stop: server.stop,
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** The embedded server that another process of ours runs on this folder: commands work beside a running `serve`. */
export function attachEmbedded(config: Config): string {
  const { port } = Port.parse(JSON.parse(readFileSync(path.join(config.dataDir, 'postgres.json'), 'utf8')))
  return databaseAt(`postgres://127.0.0.1:${port}/`, databaseName(config), {
    name: LOGIN,
    password: loginPassword(config.dataDir),
  })
}

const Port = z.object({ port: z.number().int(), superuser: z.string() })

/** What a backup copies from: the embedded cluster of this folder, which must be running. */
export function clusterOf(config: Config): { adminUrl: string; cluster: string; dataDir: string } {
  const { port, superuser } = Port.parse(JSON.parse(readFileSync(path.join(config.dataDir, 'postgres.json'), 'utf8')))
  return {
    adminUrl: `postgres://postgres:${superuser}@127.0.0.1:${port}/postgres`,
    cluster: path.join(config.dataDir, 'postgres', 'cluster'),
    dataDir: config.dataDir,
  }
}

/** The embedded server, or the one that DATABASE_URL names, brought to the newest shape. */
export async function openDatabase(
  config: Config,
  log: Lines['log'],
  tell?: (line: string) => void,
): Promise<Database> {
  if (config.databaseUrl === null) return openEmbedded(config, tell ? { log, tell } : { log })
  const migrated = await migrate(config.migrateUrl ?? config.databaseUrl)
  return {
    url: config.databaseUrl,
    embedded: false,
    migrated,
    exited: new Promise(() => undefined),
    stop: async () => undefined,
  }
}

export type Named = { name: string; url: string }

/** The databases of the folder's running cluster, the real one and the exercise's, for the log-in role. */
export async function folderDatabases(config: Config): Promise<Named[]> {
  const { adminUrl } = clusterOf(config)
  const user = { name: LOGIN, password: loginPassword(config.dataDir) }
  const names = await weiwangDatabases(adminUrl)
  return names.map((name) => ({ name, url: databaseAt(adminUrl, name, user) }))
}

/** Whether an embedded cluster lies in the folder. */
export function hasCluster(config: Config): boolean {
  return existsSync(path.join(config.dataDir, 'postgres', 'cluster', 'PG_VERSION'))
}

/** Brings every database of the folder's running cluster to the newest shape. */
export async function prepareFolder(config: Config): Promise<void> {
  const { adminUrl } = clusterOf(config)
  for (const name of await weiwangDatabases(adminUrl)) {
    await migrate(databaseAt(adminUrl, name))
    await ensureLogin(adminUrl, name, loginPassword(config.dataDir))
  }
}

/**
 * The folder's cluster for commands about all of its databases, none of which is made: run by us and brought to the newest
 * shape, or as a running `serve` has it.
 */
export async function openFolder(
  config: Config,
  log: (line: string) => void,
): Promise<{ started: boolean; stop: () => Promise<void> }> {
  const server = await startEmbedded({ dataDir: config.dataDir, log }).catch((error: unknown) => {
    if (error instanceof FolderInUse) return null
    throw error
  })
  if (!server) return { started: false, stop: async () => undefined }
  try {
    await prepareFolder(config)
    return { started: true, stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}
