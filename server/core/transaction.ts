import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { countyOf, upper } from '@weiwang/domain/areas/code'
import { uuid7 } from '@weiwang/domain/core/ids'
import { Problem } from '@weiwang/domain/core/problem'
import { keyReused } from '@weiwang/domain/core/problems'
import { sql } from 'kysely'
import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { Reach } from './action.ts'
import type { AuditLine, Ctx, EmitOptions, FeedItem } from './ctx.ts'
import { kept } from './db/connect.ts'
import { json } from './db/json.ts'
import type { DB } from './db/types.ts'
import type { Server } from './server.ts'

export function newId(now: Date): string {
  return uuid7(now, randomBytes(10))
}

type Gathered = {
  audit: AuditLine[]
  feed: FeedItem[]
  events: { event: string; payload: object; options: EmitOptions }[]
}

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
  await sql`select ${boundsOf(actor, reach)}`.execute(db)
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
    emit: (event, payload, options = {}) => gathered.events.push({ event, payload, options }),
  }
}

async function writeAudit(
  db: Transaction<DB>,
  ctx: Ctx,
  lines: AuditLine[],
  outcome: 'done' | 'refused',
): Promise<void> {
  if (lines.length === 0) return
  await db
    .insertInto('audit')
    .values(
      lines.map((line) => ({
        county: countyOf(line.area),
        day: ctx.today,
        id: newId(ctx.now),
        at: ctx.now,
        area: line.area,
        actor: ctx.actor.kind === 'account' ? ctx.actor.id : null,
        actor_name: ctx.actor.name,
        verb: line.verb,
        thing: line.thing,
        thing_id: line.thingId,
        outcome,
        purpose: line.purpose ?? null,
        ids: line.ids ?? [],
        detail: json(line.detail ?? {}),
        request_id: ctx.requestId,
        block: null,
      })),
    )
    .execute()
}

/**
 * SYNC-3: numbers are taken by the last statements of the transaction, one grid at a time in ascending code, so that the
 * order of numbers is the order of commits and no two transactions wait in a ring.
 */
async function writeFeed(db: Transaction<DB>, ctx: Ctx, items: FeedItem[]): Promise<void> {
  const grids = [...new Set(items.map((item) => item.grid))].toSorted()
  for (const grid of grids) {
    // Of several words about one thing the last counts.
    const mine = [
      ...new Map(items.filter((item) => item.grid === grid).map((item) => [`${item.kind}/${item.id}`, item])).values(),
    ]
    const county = countyOf(grid)
    const { n } = await db
      .insertInto('grid_clock')
      .values({ county, grid, n: mine.length })
      .onConflict((oc) => oc.columns(['county', 'grid']).doUpdateSet({ n: sql<number>`grid_clock.n + excluded.n` }))
      .returning('n')
      .executeTakeFirstOrThrow()
    await db
      .insertInto('grid_feed')
      .values(
        mine.map((item, i) => ({
          county,
          grid,
          n: n - mine.length + 1 + i,
          kind: item.kind,
          id: item.id,
          urgent: item.urgent ?? false,
          body: json(item.body),
          at: ctx.now,
        })),
      )
      .onConflict((oc) =>
        oc.columns(['county', 'grid', 'kind', 'id']).doUpdateSet((eb) => ({
          n: eb.ref('excluded.n'),
          urgent: eb.ref('excluded.urgent'),
          body: eb.ref('excluded.body'),
          at: eb.ref('excluded.at'),
        })),
      )
      .execute()
  }
}

async function writeEvents(server: Server, db: Transaction<DB>, events: Gathered['events']): Promise<void> {
  for (const { event, payload, options } of events) {
    for (const task of server.reactions.get(event) ?? []) {
      const key = options.key === undefined ? null : `${task}/${options.key}`
      await sql`select weiwang_enqueue(${task}, ${JSON.stringify(payload)}::json, ${options.runAt ?? null}, ${key}, ${options.queue ?? null})`.execute(
        db,
      )
    }
  }
}

async function hasWritten(db: Transaction<DB>): Promise<boolean> {
  const { rows } = await sql<{ wrote: boolean }>`select pg_current_xact_id_if_assigned() is not null as wrote`.execute(
    db,
  )
  return rows[0]?.wrote ?? false
}

type Keyed = { county: string; key: string; action: string; hash: Buffer }

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

async function storeAnswer(db: Transaction<DB>, ctx: Ctx, keyed: Keyed, answer: unknown): Promise<void> {
  const stored = await db
    .insertInto('idempotency')
    .values({
      county: keyed.county,
      key: keyed.key,
      action: keyed.action,
      actor: ctx.actor.kind === 'account' ? ctx.actor.id : null,
      args_hash: keyed.hash,
      answer: sql`${JSON.stringify(answer ?? null)}::json`,
      at: ctx.now,
    })
    .onConflict((oc) => oc.columns(['county', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!stored) throw new LostRace()
}

/**
 * The usual end of what a phone sends (one line of the trail, a key, one grid) as the one last statement. The key is stored before
 * the clock is taken, since the clock reads from it: who loses the race for a key holds no clock while waiting.
 */
async function writeAtOnce(
  db: Transaction<DB>,
  ctx: Ctx,
  line: AuditLine,
  keyed: Keyed,
  answer: unknown,
  items: readonly FeedItem[],
): Promise<void> {
  const mine = [...new Map(items.map((item) => [`${item.kind}/${item.id}`, item])).values()]
  const grid = mine[0]?.grid ?? ''
  const by = ctx.actor.kind === 'account' ? ctx.actor.id : null
  const fed = mine.map(
    (item, i) =>
      sql`(${i + 1}::bigint, ${item.kind}, ${item.id}, ${item.urgent ?? false}::boolean, ${json(item.body)})`,
  )
  const { rows } = await sql<{ kept: number }>`
    with trail as (
      insert into audit (county, day, id, at, area, actor, actor_name, verb, thing, thing_id, outcome, purpose, ids, detail, request_id)
      values (${countyOf(line.area)}, ${ctx.today}, ${newId(ctx.now)}, ${ctx.now}, ${line.area}, ${by}, ${ctx.actor.name}, ${line.verb},
        ${line.thing}, ${line.thingId}, 'done', ${line.purpose ?? null}, ${line.ids ?? []}::uuid[], ${json(line.detail ?? {})}, ${ctx.requestId})
    ), kept as (
      insert into idempotency (county, key, action, actor, args_hash, answer, at)
      values (${keyed.county}, ${keyed.key}, ${keyed.action}, ${by}, ${keyed.hash}, ${JSON.stringify(answer ?? null)}::json, ${ctx.now})
      on conflict (county, key) do nothing returning key
    ), clock as (
      insert into grid_clock (county, grid, n) select ${countyOf(grid)}, ${grid}, ${mine.length}::bigint from kept
      on conflict (county, grid) do update set n = grid_clock.n + excluded.n returning county, grid, n
    ), fed as (
      insert into grid_feed (county, grid, n, kind, id, urgent, body, at)
      select clock.county, clock.grid, clock.n - ${mine.length}::bigint + item.k, item.kind, item.id, item.urgent, item.body, ${ctx.now}::timestamptz
      from clock, (values ${sql.join(fed)}) as item (k, kind, id, urgent, body)
      on conflict (county, grid, kind, id) do update
        set n = excluded.n, urgent = excluded.urgent, body = excluded.body, at = excluded.at
    )
    select count(*) as kept from kept ${kept}`.execute(db)
  if (rows[0]?.kept !== 1) throw new LostRace()
}

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
      const gathered: Gathered = { audit: [], feed: [], events: [] }
      const first = await begin<T>(db, actor, options.reach, keyed)
      if (first) return first
      const ctx = makeCtx(server, actor, db, requestId, gathered)
      const answer = await run(ctx)
      if (gathered.audit.length === 0 && actor.kind !== 'system' && (await hasWritten(db))) {
        throw new Error(`${options.action} changed rows and gave no audit line`)
      }
      await writeEvents(server, db, gathered.events)
      const [line, ...lines] = gathered.audit
      if (keyed && line && lines.length === 0 && new Set(gathered.feed.map((item) => item.grid)).size === 1) {
        await writeAtOnce(db, ctx, line, keyed, answer, gathered.feed)
      } else {
        await writeAudit(db, ctx, gathered.audit, 'done')
        if (keyed) await storeAnswer(db, ctx, keyed, answer)
        await writeFeed(db, ctx, gathered.feed)
      }
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
  const gathered: Gathered = { audit: [], feed: [], events: [] }
  const area = actor.area || server.config.root
  await server.jobsPool.db.transaction().execute(async (db) => {
    const ctx = makeCtx(server, actor, db, requestId, gathered)
    await writeAudit(
      db,
      ctx,
      [{ verb: options.action, thing, thingId: idOf(options.args), area, detail: { code: error.body.code } }],
      'refused',
    )
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
  const gathered: Gathered = { audit: [], feed: [], events: [] }
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
