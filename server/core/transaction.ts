import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { countyOf, upper } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { keyReused } from '@weiwang/domain/core/problems'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Reach } from './action.ts'
import type { Ctx } from './ctx.ts'
import { kept } from './db/connect.ts'
import type { Db, Pool } from './db/connect.ts'
import type { Step } from './db/flight.ts'
import { LateTransaction } from './db/late.ts'
import type { Bounds } from './db/late.ts'
import type { DB } from './db/types.ts'
import { newId } from './ids.ts'
import { lastSteps, LOST, nothing } from './last-statement.ts'
import type { Gathered, Keyed } from './last-statement.ts'
import type { Server } from './server.ts'
import { LOOK_UPS, togetherAt } from './together.ts'

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

/** The bounds of row security: digits and one colon, nothing else. No area means empty settings, and those mean nothing (ACCESS-2). */
function boundsOf(actor: Actor, reach: Reach): Bounds {
  const area = reach === 'county' ? countyOf(actor.area) : actor.area
  const hi = area === '' ? '' : upper(area)
  if (!/^\d*:?$/.test(area + hi.slice(area.length - 1))) throw new RangeError(`not an area code: ${area}`)
  return { lo: area, hi }
}

/** A read begins with its bounds, as one simple statement. */
function beginningRead(bounds: Bounds | null): string {
  const begin = 'begin isolation level repeatable read read only'
  if (!bounds) return begin
  return `${begin}; select set_config('weiwang.lo', '${bounds.lo}', true), set_config('weiwang.hi', '${bounds.hi}', true)`
}

async function inSnapshot<T>(pool: Kysely<DB>, begin: string, run: (db: Kysely<DB>) => Promise<T>): Promise<T> {
  return pool.connection().execute(async (db) => {
    await sql.raw(begin).execute(db)
    try {
      const answer = await run(db)
      await sql.raw('commit').execute(db)
      return answer
    } catch (error) {
      await sql
        .raw('rollback')
        .execute(db)
        .catch(() => undefined)
      throw error
    }
  })
}

type In = { db: Db; bounds: Bounds | null }

function makeCtx(server: Server, actor: Actor, of: In, requestId: string, gathered: Gathered): Ctx {
  const now = server.clock.now()
  return {
    get db() {
      return of.db
    },
    shared: server.sharedPool.db,
    bounds: of.bounds,
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
    last: (insert) => gathered.last.push(insert),
    count: (steps) => gathered.counts.push(...steps),
    countSources: (steps) => gathered.sources.push(...steps),
    emit: (event, payload, options = {}) => gathered.events.push({ event, payload, options }),
  }
}

/** One task for each room that reacts and that it concerns, all in one statement; of several under one key the last counts. */
function eventSteps(server: Server, events: Gathered['events']): Step[] {
  const tasks = events.flatMap(({ event, payload, options }) =>
    (server.reactions.get(event) ?? [])
      .filter(({ when }) => when?.(payload) ?? true)
      .map(({ task }) => {
        const { runAt = null, key, queue = null } = options
        return { task, payload, run_at: runAt, key: key === undefined ? null : `${task}/${key}`, queue }
      }),
  )
  if (tasks.length === 0) return []
  const last = [...new Map(tasks.map((one, i) => [one.key ?? i, one])).values()]
  return [{ text: 'select weiwang_enqueue($1::json)', values: [JSON.stringify(last)] }]
}

async function hasWritten(db: Db): Promise<boolean> {
  const { rows } = await sql<{ wrote: boolean }>`select pg_current_xact_id_if_assigned() is not null as wrote`.execute(
    db,
  )
  return rows[0]?.wrote ?? false
}

/** The answers under some keys: phones send nothing without one, so many are looked up at the same moment. */
const keptAnswers = togetherAt(
  async (db: Kysely<DB>, all: readonly Keyed[]): Promise<{ row: Stored<never> | null }[]> => {
    const { rows } = await sql<Stored<never> & { i: number }>`
    select w.i::int as i, k.answer, k.args_hash, k.action, k.at
    from unnest(${all.map(({ county }) => county)}::text[], ${all.map(({ key }) => key)}::text[]) with ordinality w (county, key, i)
    join idempotency k on k.county = w.county collate "C" and k.key = w.key ${kept}`.execute(db)
    const found = new Map(rows.map((row) => [row.i, row]))
    return all.map((_, i) => ({ row: found.get(i + 1) ?? null }))
  },
  LOOK_UPS,
)

/**
 * SYNC-1: a repeat gets the first answer, before the action runs; otherwise a repeated "close" would be refused as closed. Of two
 * that both find nothing here the unique key decides in the end (last-statement.ts).
 */
async function firstAnswer<T>(server: Server, keyed: Keyed, found?: StoredAnswer | null): Promise<Once<T> | null> {
  const row = found === undefined ? (await keptAnswers(server.sharedPool.db, keyed)).row : found
  return row && readFirst<T>(keyed, row)
}

/** The stored answer was made by this very action from these very arguments, so it has the action's type. */
type Stored<T> = { answer: T; args_hash: Buffer; action: string; at: Date }
export type StoredAnswer = Stored<never>

/** As keys stand: those of two accounts never meet. */
export function keyOf(actorId: string, key: string): string {
  return `${actorId}/${key}`
}

/** The answer of an action under a key to what equals `same`, without running anything; null: there is none. */
export async function answerUnder<T>(
  server: Server,
  of: { county: string; key: string; action: string },
  same: unknown,
): Promise<T | null> {
  const { rows } = await sql<{ answer: T }>`select answer from idempotency
    where county = ${of.county} and key = ${of.key} and action = ${of.action} and args_hash = ${argsHash(same)}`.execute(
    server.jobsPool.db,
  )
  return rows[0]?.answer ?? null
}

/** Only what changed nothing when it was answered may be forgotten: the next request under the key is run. @returns whether it stood there */
export async function forgetAnswer(
  server: Server,
  of: { county: string; key: string; action: string },
): Promise<boolean> {
  const { rows } = await sql`delete from idempotency
    where county = ${of.county} and key = ${of.key} and action = ${of.action} returning 1`.execute(server.jobsPool.db)
  return rows.length > 0
}

function readFirst<T>(keyed: Keyed, row: Stored<T>): Once<T> {
  if (row.action !== keyed.action || !row.args_hash.equals(keyed.hash)) throw keyReused({ key: keyed.key })
  return { answer: row.answer, repeat: true, at: row.at }
}

/** Of several equal requests at once, one wins the unique key; the others start over and read its answer. */
class LostRace extends Error {}

/**
 * Rows seem to be changed without a line in the trail. Once it may be a lost race: an insert `on conflict do nothing` that met its
 * twin in the last moment has taken a transaction number and left no row. Run again it finds the twin's row and takes none.
 */
class Unaudited extends Error {}

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
  /** What the caller found under the key a moment ago; what came since is found in the end, as always. */
  stored?: StoredAnswer | null
  /** What a repeat must equal, when not the arguments themselves: they may be read differently by a later version. */
  same?: unknown
  action: string
  args: unknown
}

/** In whose name the database is asked, and within which bounds: null under the system's role, which knows none. */
function roleOf(server: Server, actor: Actor, reach: Reach): { pool: Pool; bounds: Bounds | null } {
  if (reach === 'all' || actor.kind === 'system') return { pool: server.jobsPool, bounds: null }
  return { pool: server.appPool, bounds: boundsOf(actor, reach) }
}

async function inLate<T>(pool: Pool, bounds: Bounds | null, run: (late: LateTransaction) => Promise<T>): Promise<T> {
  const late = new LateTransaction(pool, bounds)
  try {
    return await run(late)
  } catch (error) {
    await late.rollback()
    throw error
  }
}

async function commitOrLose(late: LateTransaction, steps: readonly Step[]): Promise<void> {
  try {
    await late.commit(steps)
  } catch (error) {
    throw sqlState(error) === LOST ? new LostRace() : error
  }
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
  const { pool, bounds } = roleOf(server, actor, options.reach)
  const keyed: Keyed | null =
    options.key === undefined
      ? null
      : {
          county: options.keyCounty ?? (countyOf(actor.area) || server.config.root),
          key: keyOf(actor.id, options.key),
          action: options.action,
          hash: argsHash(options.same ?? options.args),
        }
  let looked = options.stored
  const once = async (): Promise<Once<T>> => {
    const found = looked
    looked = undefined
    const first = keyed ? await firstAnswer<T>(server, keyed, found) : null
    if (first) return first
    return inLate(pool, bounds, async (late) => {
      const gathered = nothing()
      const ctx = makeCtx(server, actor, late, requestId, gathered)
      const answer = await run(ctx)
      if (
        gathered.audit.length === 0 &&
        actor.kind !== 'system' &&
        (gathered.last.length > 0 || (late.begun && (await hasWritten(late.db))))
      ) {
        throw new Unaudited(`${options.action} changed rows and gave no audit line`)
      }
      const end = { outcome: 'done' as const, once: keyed ? { keyed, answer } : undefined }
      await commitOrLose(late, [...eventSteps(server, gathered.events), ...lastSteps(ctx, gathered, end)])
      // An action that knew the thing already answers without doing anything, and so without a line in the trail.
      return { answer, repeat: actor.kind !== 'system' && gathered.audit.length === 0, at: ctx.now }
    })
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await retried(once)
    } catch (error) {
      if (error instanceof LostRace && attempt < MAX_TRIES) continue
      if (error instanceof Unaudited && attempt === 1) continue
      // A twin of this request may have won meanwhile and changed what this one decided upon; then its answer is the answer.
      const first = keyed ? await firstAnswer<T>(server, keyed) : null
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
  const late = new LateTransaction(server.jobsPool, null)
  const ctx = makeCtx(server, actor, late, requestId, gathered)
  const detail = { code: error.body.code }
  gathered.audit.push({ verb: options.action, thing, thingId: idOf(options.args), area, detail })
  await late.commit(lastSteps(ctx, gathered, { outcome: 'refused' }))
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
  const { pool, bounds } = roleOf(server, actor, options.reach)
  const gathered = nothing()
  try {
    const begin = beginningRead(bounds)
    return await retried(() =>
      inSnapshot(pool.db, begin, (db) => run(makeCtx(server, actor, { db, bounds }, requestId, gathered))),
    )
  } catch (error) {
    await auditRefusal(server, actor, options, requestId, error)
    throw error
  }
}
