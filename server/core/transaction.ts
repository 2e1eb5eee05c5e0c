import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { countyOf, upper } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { keyReused } from '@weiwang/domain/core/problems'
import { sql } from 'kysely'
import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { Reach } from './action.ts'
import type { Ctx } from './ctx.ts'
import { kept } from './db/connect.ts'
import type { DB } from './db/types.ts'
import { newId } from './ids.ts'
import { nothing, writeLast } from './last-statement.ts'
import type { Gathered, Keyed } from './last-statement.ts'
import type { Server } from './server.ts'

export { newId } from './ids.ts'

const RETRY = new Set(['40001', '40P01'])
const MAX_TRIES = 6

function sqlState(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** Deadlocks and serialisation failures are the database asking to try again; everything else is the caller's. */
async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const state = sqlState(error)
      if (attempt >= MAX_TRIES || state === null || !RETRY.has(state)) throw error
      await new Promise((resolve) => setTimeout(resolve, attempt * 20 * (1 + (randomBytes(1)[0] ?? 0) / 255)))
    }
  }
}

function boundsOf(actor: Actor, reach: Reach): RawBuilder<unknown> {
  const area = reach === 'county' ? countyOf(actor.area) : actor.area
  // No area means empty settings, and an empty setting means nothing (ACCESS-2).
  return sql`set_config('weiwang.lo', ${area}, true), set_config('weiwang.hi', ${area === '' ? '' : upper(area)}, true)`
}

async function setBounds(db: Transaction<DB>, actor: Actor, reach: Reach): Promise<void> {
  await sql`select ${boundsOf(actor, reach)} ${kept}`.execute(db)
}

function makeCtx(server: Server, actor: Actor, db: Transaction<DB>, requestId: string, gathered: Gathered): Ctx {
  const now = server.clock.now()
  return {
    db,
    actor,
    scope: actor.scope,
    now,
    today: server.clock.today(),
    zone: server.clock.zone,
    root: server.config.root,
    keys: server.keys,
    log: server.log,
    requestId,
    audit: (line) => gathered.audit.push(line),
    feed: (item) => gathered.feed.push(item),
    count: (steps) => gathered.counts.push(...steps),
    countSources: (steps) => gathered.sources.push(...steps),
    emit: (event, payload, options = {}) => gathered.events.push({ event, payload, options }),
  }
}

/** One task for each room that reacts, all in one statement. */
async function writeEvents(server: Server, db: Transaction<DB>, events: Gathered['events']): Promise<void> {
  const tasks = events.flatMap(({ event, payload, options }) =>
    (server.reactions.get(event) ?? []).map((task) => {
      const { runAt = null, key, queue = null } = options
      return { task, payload, run_at: runAt, key: key === undefined ? null : `${task}/${key}`, queue }
    }),
  )
  if (tasks.length === 0) return
  await sql`select weiwang_enqueue(e.task, e.payload, e.run_at, e.key, e.queue)
    from json_to_recordset(${JSON.stringify(tasks)}::json) as e (task text, payload json, run_at timestamptz, key text, queue text)`.execute(
    db,
  )
}

async function hasWritten(db: Transaction<DB>): Promise<boolean> {
  const { rows } = await sql<{ wrote: boolean }>`select pg_current_xact_id_if_assigned() is not null as wrote`.execute(
    db,
  )
  return rows[0]?.wrote ?? false
}

/** SYNC-1: a repeat gets the first answer, before the action runs; otherwise a repeated "close" would be refused as closed. */
async function firstAnswer<T>(db: Transaction<DB>, keyed: Keyed): Promise<Once<T> | null> {
  const { rows } = await sql<Stored<T>>`
    select answer, args_hash, action, at from idempotency where county = ${keyed.county} and key = ${keyed.key}`.execute(
    db,
  )
  return readFirst(keyed, rows[0])
}

/** The stored answer was made by this very action from these very arguments, so it has the action's type. */
type Stored<T> = { answer: T; args_hash: Buffer; action: string; at: Date }

function readFirst<T>(keyed: Keyed, row: Stored<T> | undefined): Once<T> | null {
  if (!row) return null
  if (row.action !== keyed.action || !row.args_hash.equals(keyed.hash)) throw keyReused({ key: keyed.key })
  return { answer: row.answer, repeat: true, at: row.at }
}

/** The bounds and the look for a first answer in one statement: phones send nothing without a key. */
async function begin<T>(db: Transaction<DB>, actor: Actor, reach: Reach, keyed: Keyed | null): Promise<Once<T> | null> {
  if (!keyed) {
    await setBounds(db, actor, reach)
    return null
  }
  const { rows } = await sql<{ answer: T; args_hash: Buffer | null; action: string | null; at: Date | null }>`
    select ${boundsOf(actor, reach)}, i.answer, i.args_hash, i.action, i.at
    from (select 1) one left join idempotency i on i.county = ${keyed.county} and i.key = ${keyed.key} ${kept}`.execute(
    db,
  )
  const row = rows[0]
  if (!row || row.args_hash === null || row.at === null || row.action === null) return null
  return readFirst(keyed, { answer: row.answer, args_hash: row.args_hash, action: row.action, at: row.at })
}

/** Of several equal requests at once, one wins the unique key; the others start over and read its answer. */
class LostRace extends Error {}

export function argsHash(args: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(args) ?? '')
    .digest()
}

export type WriteOptions = {
  reach: Reach
  requestId?: string
  key?: string
  /** Under which county the key lies, when it must not follow the actor's area of today. */
  keyCounty?: string
  /** What a repeat must equal, when not the arguments themselves: they may be read differently by a later version. */
  same?: unknown
  action: string
  args: unknown
}

/** An answer, whether this request only repeated one (nothing was written), and when it was first given. */
export type Once<T> = { answer: T; repeat: boolean; at: Date }

/** One request, one transaction, one outcome: everything that no room can forget happens here. */
export async function writeTransaction<T>(
  server: Server,
  actor: Actor,
  options: WriteOptions,
  run: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  return (await writeOnce(server, actor, options, run)).answer
}

/** As writeTransaction, and tells a repeat from a first. */
export async function writeOnce<T>(
  server: Server,
  actor: Actor,
  options: WriteOptions,
  run: (ctx: Ctx) => Promise<T>,
): Promise<Once<T>> {
  const requestId = options.requestId ?? newId(server.clock.now())
  const pool: Kysely<DB> = options.reach === 'all' || actor.kind === 'system' ? server.jobsPool.db : server.appPool.db
  const keyed: Keyed | null =
    options.key === undefined
      ? null
      : {
          county: options.keyCounty ?? (countyOf(actor.area) || server.config.root),
          key: `${actor.id}/${options.key}`,
          action: options.action,
          hash: argsHash(options.same ?? options.args),
        }
  const once = (): Promise<Once<T>> =>
    pool.transaction().execute(async (db) => {
      const gathered = nothing()
      const first = await begin<T>(db, actor, options.reach, keyed)
      if (first) return first
      const ctx = makeCtx(server, actor, db, requestId, gathered)
      const answer = await run(ctx)
      if (gathered.audit.length === 0 && actor.kind !== 'system' && (await hasWritten(db))) {
        throw new Error(`${options.action} changed rows and gave no audit line`)
      }
      await writeEvents(server, db, gathered.events)
      const end = { outcome: 'done' as const, once: keyed ? { keyed, answer } : undefined }
      if (!(await writeLast(ctx, gathered, end))) throw new LostRace()
      // An action that knew the thing already answers without doing anything, and so without a line in the trail.
      return { answer, repeat: actor.kind !== 'system' && gathered.audit.length === 0, at: ctx.now }
    })
  for (let attempt = 1; ; attempt++) {
    try {
      return await retried(once)
    } catch (error) {
      if (error instanceof LostRace && attempt < MAX_TRIES) continue
      // A twin of this request may have won meanwhile and changed what this one decided upon; then its answer is the answer.
      const first = keyed ? await server.jobsPool.db.transaction().execute((db) => firstAnswer<T>(db, keyed)) : null
      if (first) return first
      await auditRefusal(server, actor, options, requestId, error)
      throw error
    }
  }
}

/** A refusal leaves its line in a transaction of its own, for the auditor to see the tries. */
export async function auditRefusal(
  server: Server,
  actor: Actor,
  options: WriteOptions,
  requestId: string,
  error: unknown,
): Promise<void> {
  if (!(error instanceof Problem) || actor.kind === 'system') return
  if (error.body.kind !== 'refused' && error.body.kind !== 'not_found') return
  const thing = typeof error.body.details['thing'] === 'string' ? error.body.details['thing'] : options.action
  const gathered = nothing()
  const area = actor.area || server.config.root
  await server.jobsPool.db.transaction().execute(async (db) => {
    const ctx = makeCtx(server, actor, db, requestId, gathered)
    const detail = { code: error.body.code }
    gathered.audit.push({ verb: options.action, thing, thingId: idOf(options.args), area, detail })
    await writeLast(ctx, gathered, { outcome: 'refused' })
  })
}

function idOf(args: unknown): string {
  if (typeof args !== 'object' || args === null) return ''
  for (const name of ['id', 'code', 'taskId', 'personId', 'area']) {
    const value: unknown = Object.entries(args).find(([key]) => key === name)?.[1]
    if (typeof value === 'string') return value.slice(0, 100)
  }
  return ''
}

/** A read: one snapshot, no writes possible, bounds set. */
export async function readTransaction<T>(
  server: Server,
  actor: Actor,
  options: WriteOptions,
  run: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  const requestId = options.requestId ?? newId(server.clock.now())
  const pool = options.reach === 'all' || actor.kind === 'system' ? server.jobsPool.db : server.appPool.db
  const gathered = nothing()
  try {
    return await retried(() =>
      pool
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (db) => {
          await setBounds(db, actor, options.reach)
          return run(makeCtx(server, actor, db, requestId, gathered))
        }),
    )
  } catch (error) {
    await auditRefusal(server, actor, options, requestId, error)
    throw error
  }
}
