import type { Actor } from '@weiwang/domain/access/actor'
import { can } from '@weiwang/domain/access/can'
import type { Thing, Verb } from '@weiwang/domain/access/can'
import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Db } from './db/connect.ts'
import type { Bounds } from './db/late.ts'
import type { DB } from './db/types.ts'
import type { CounterStep, SourceStep } from './counters.ts'
import type { Keyring } from './keys/keyring.ts'

export type AuditLine = {
  /** What was done, for example `task.pass`. */
  verb: string
  thing: string
  thingId: string
  /** Where the thing lies: who may read the line. */
  area: AreaCode
  purpose?: string
  /** Persons whose identity was opened or exported. */
  ids?: string[]
  /** Facts of the act, never content. */
  detail?: Record<string, unknown>
}

/** Something a phone of the grid should see; numbered when the transaction ends (SYNC-3). */
export type FeedItem = { grid: AreaCode; kind: string; id: string; urgent?: boolean; body: object }

/** A row of a room's own table that goes with the last statement of the transaction; names of table and columns are the room's. */
export type LastInsert = { table: string; key: readonly string[]; row: Readonly<Record<string, unknown>> }

export type EmitOptions = { runAt?: Date; key?: string; queue?: string }

/** What one request has: its transaction, who acts, the server's time, and the places where its side effects are gathered. */
export type Ctx = {
  /** The transaction, with its bounds set; it begins when it is first asked something. */
  db: Db
  /**
   * The database as the system sees it, outside of this transaction and without bounds: for look-ups by key alone that many requests
   * of one moment ask together (together.ts), and that say themselves what the actor may see of them.
   */
  shared: Kysely<DB>
  /** Of the transaction, for such look-ups; null: the system's, which reach everywhere. */
  bounds: Bounds | null
  actor: Actor
  scope: readonly AreaCode[]
  now: Date
  today: Day
  zone: string
  root: AreaCode
  keys: Keyring
  log: Logger
  requestId: string
  audit: (line: AuditLine) => void
  feed: (item: FeedItem) => void
  /** When the row's key stands there already, somebody else was first, and the action runs anew. */
  last: (insert: LastInsert) => void
  /** Steps of counters; the rows are taken by the last statement of the transaction (STAT-1). */
  count: (steps: readonly CounterStep[]) => void
  countSources: (steps: readonly SourceStep[]) => void
  emit: (event: string, payload: object, options?: EmitOptions) => void
}

/** The account that acts, as it stands beside what it did; null for the program itself. */
export function actorId(ctx: Ctx): string | null {
  return ctx.actor.kind === 'account' ? ctx.actor.id : null
}

/** The same question as a fact, for answers that say what the reader could do. */
export function may(ctx: Ctx, verb: Verb, thing: Thing): boolean {
  return can(ctx.actor, verb, thing)
}

/**
 * ACCESS-4: one line before anything is decided. The refusal leaves its line in the audit trail. What lies neither inside the
 * scope nor around it is not there, whether the code exists or not (ACCESS-3); who has no scope at all has no rights.
 * @throws notAllowed, notFound
 */
export function permit(ctx: Ctx, verb: Verb, thing: Thing): void {
  if (can(ctx.actor, verb, thing)) return
  const near = ctx.scope.some((mine) => contains(mine, thing.area) || contains(thing.area, mine))
  if (ctx.scope.length > 0 && !near) throw notFound({ thing: 'area' })
  throw notAllowed({ verb, thing: thing.kind })
}

/**
 * ACCESS-3: the areas that a list runs over: the whole scope, or the part of it that lies inside the area asked for.
 * @throws notFound when the two have nothing in common; the try is audited.
 */
export function areasFor(ctx: Ctx, area: AreaCode | undefined): readonly AreaCode[] {
  if (area === undefined) return ctx.scope
  if (ctx.scope.some((mine) => contains(mine, area))) return [area]
  const inside = ctx.scope.filter((mine) => contains(area, mine))
  if (inside.length === 0) throw notFound({ thing: 'area' })
  return inside
}

export function systemActor(name: string): Actor {
  return {
    kind: 'system',
    id: '00000000-0000-0000-0000-000000000001',
    name,
    area: '',
    scope: [''],
    roles: [],
    createdBy: null,
    sessionId: null,
  }
}
