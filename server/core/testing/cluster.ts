import { mkdirSync, rmSync } from 'node:fs'
import { mkdtempSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { migrate } from '../db/migrate.ts'
import { startEmbedded } from '../postgres/embedded.ts'

/**
 * A PostgreSQL for tests: an embedded one in a folder of its own that is gone afterwards, or the server that
 * WEIWANG_TEST_DATABASE_URL names (its superuser). `template` is a migrated database that tests clone.
 */
export type TestCluster = { url: (database: string) => string; template: string; stop: () => Promise<void> }

export const TEMPLATE = 'weiwang_template'

function urlOf(base: string, database: string): string {
  const url = new URL(base)
  url.pathname = `/${database}`
  return url.href
}

async function makeTemplate(adminUrl: string, template: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(`drop database if exists ${template} with (force)`)
    await client.query(`create database ${template}`)
  } finally {
    await client.end()
  }
  await migrate(urlOf(adminUrl, template))
}

/**
 * @param settings of the embedded server, over those that suit many small databases
 * @param under an empty folder on a disk of its own: always an embedded server
 */
export async function startTestCluster(
  settings: Record<string, string> = {},
  under: string | null = null,
): Promise<TestCluster> {
  const other = process.env['WEIWANG_TEST_DATABASE_URL']
  if (other && under === null) {
    const template = `${TEMPLATE}_${process.pid}`
    await makeTemplate(other, template)
    return { url: (db) => urlOf(other, db), template, stop: () => dropDatabase(other, template) }
  }
  const dir = mkdtempSync(path.join(under ?? tmpdir(), 'weiwang-test-'))
  chmodSync(dir, 0o711)
  const dataDir = path.join(dir, 'data')
  mkdirSync(dataDir)
  const server = await startEmbedded({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '128MB',
      max_connections: '200',
      ...settings,
    },
  })
  const stop = async (): Promise<void> => {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await makeTemplate(server.adminUrl, TEMPLATE)
  } catch (error) {
    // A migration that does not apply leaves no server behind.
    await stop()
    throw error
  }
  return {
    url: (db) => urlOf(server.adminUrl, db),
    template: TEMPLATE,
    stop,
  }
}

export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(`drop database if exists ${name} with (force)`)
  } finally {
    await client.end()
  }
}
