import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Actor, Role } from '@weiwang/domain/access/actor'
import { json } from '../db/json.ts'
import pg from 'pg'
import { pino } from 'pino'
import { inject } from 'vitest'
import { readConfig } from '../config.ts'
import { buildHttp } from '../http.ts'
import type { Http } from '../http.ts'
import type { NamedJobs } from '../jobs.ts'
import { drainQueue } from '../queue.ts'
import { coreRoutes } from '../routes.ts'
import { Server } from '../server.ts'
import type { TestCluster } from './cluster.ts'

export type Answer = { status: number; body: any; headers: Record<string, unknown>; text: string }

export type TestServer = {
  server: Server
  http: Http
  /** Connection of the superuser to this test's own database. */
  adminUrl: string
  actor: (of: Partial<Actor> & { area: string; roles: Role[] }) => Actor
  /** A request as an actor (null: not logged in), through the real routes. */
  request: (
    actor: Actor | null,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object | string | Buffer,
    headers?: Record<string, string>,
  ) => Promise<Answer>
  /** Runs everything in the queue that is due. */
  drain: () => Promise<void>
  /** An open emergency, without which nothing personal may be written; returns its id. */
  openEmergency: (area?: string) => Promise<string>
  sql: (text: string, values?: unknown[]) => Promise<any[]>
  close: () => Promise<void>
}

export type TestOptions = {
  rooms?: NamedJobs[]
  routes?: ((http: Http) => void | Promise<void>)[]
  env?: Record<string, string>
  /** Another server than that of the run. */
  cluster?: TestCluster
}

/** The hours of the day at which a test may begin: no midnight and no night is near. */
const EARLIEST = 9
const LATEST = 14
const SHANGHAI = 8

/**
 * The zone nearest to Shanghai's whose clocks show one of these hours now. A test that ran through midnight, or at night when messages
 * wait, would fail at some hours of the day and pass at others; one that is about an hour or a midnight moves the clock there itself.
 * Etc/GMT-8 is eight hours ahead of UTC.
 */
function daytimeZone(): string {
  const utc = new Date().getUTCHours()
  const ahead = Math.min(LATEST, Math.max(EARLIEST, utc + SHANGHAI)) - utc
  return ahead < 0 ? `Etc/GMT+${-ahead}` : `Etc/GMT-${ahead}`
}

function withDatabase(base: string, name: string): string {
  const url = new URL(base)
  url.pathname = `/${name}`
  return url.href
}

async function admin(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** A server on a database of its own, cloned from the migrated template; `close` leaves nothing behind. */
export async function testServer(options: TestOptions = {}): Promise<TestServer> {
  const base = options.cluster?.url('postgres') ?? inject('clusterUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  await admin(base, `create database ${name} template ${options.cluster?.template ?? inject('template')}`)
  const adminUrl = withDatabase(base, name)
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-keys-'))
  const config = readConfig({
    DATA_DIR: path.join(dir, 'data'),
    EXERCISE: 'off',
    ZONE: daytimeZone(),
    ...options.env,
  })
  const log = pino({ level: process.env['WEIWANG_TEST_LOG'] ?? 'fatal' })
  const server = await Server.open({ config, log, url: adminUrl, rooms: options.rooms ?? [], now: new Date() })
  const actors = new Map<string, Actor>()
  const http = await buildHttp(server, async (_server, token) => actors.get(token) ?? null)
  coreRoutes(http)
  for (const routes of options.routes ?? []) await routes(http)
  const raw = new pg.Pool({ connectionString: adminUrl, max: 2 })
  raw.on('error', () => undefined)
  return {
    server,
    http,
    adminUrl,
    actor: (of) => ({
      kind: 'account',
      id: randomUUID(),
      name: '测试',
      scope: [of.area],
      createdBy: null,
      sessionId: null,
      ...of,
    }),
    request: async (actor, method, url, body, headers = {}) => {
      const token = actor?.id ?? ''
      if (actor) actors.set(token, actor)
      const response = await http.app.inject({
        method,
        url,
        headers: { ...(actor ? { authorization: `Bearer ${token}` } : {}), ...headers },
        ...(body === undefined ? {} : { payload: body }),
      })
      await server.settled()
      const isJson = String(response.headers['content-type'] ?? '').includes('json')
      return {
        status: response.statusCode,
        body: isJson ? response.json() : response.body,
        headers: response.headers,
        text: response.body,
      }
    },
    drain: () => drainQueue(server),
    openEmergency: async (area = '32') => {
      const id = randomUUID()
      const text = { zh: '测试应急响应', en: 'Test emergency' }
      await server.jobsPool.db
        .insertInto('emergency')
        .values({
          id,
          area,
          name: json(text),
          legal_order: '测试令',
          purpose: json(text),
          basis: json(text),
          starts: '2020-01-01',
          state: 'open',
          proposed_at: new Date(),
          opened_at: new Date(),
        })
        .execute()
      return id
    },
    sql: async (text, values) => (await raw.query(text, values)).rows,
    close: async () => {
      await http.app.close()
      await raw.end()
      await server.close()
      await admin(base, `drop database if exists ${name} with (force)`)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
