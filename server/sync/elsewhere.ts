/** Where the things of an item lie now, and whether the account covered them when the item was made (SYNC-13). */
import type { Actor } from '@weiwang/domain/access/actor'
import { boundsOf } from '@weiwang/domain/access/roles'
import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { dayOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { hadCovered } from '@weiwang/domain/sync/handover'
import { HandoverReason } from '@weiwang/domain/sync/handover'
import type { Cover } from '@weiwang/domain/sync/handover'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import type { Server } from '../core/server.ts'
import { becameNow, cameFrom, coversOf, placeNow, placesThen, waitingAbout } from './handover-store.ts'
import type { Subject } from './handover-store.ts'
import { helpersFor } from './mine.ts'

export type Found = {
  subject: Subject
  /** Where it lies now; null: nowhere. */
  area: AreaCode | null
  /** The area that the item named and that has ended, when the subject is an area. */
  was: AreaCode | null
  covered: boolean
  /** It is not there yet: an earlier item that makes it waits for a supervisor, for this reason. */
  waits: HandoverReason | null
}

/** Looks everywhere: the system's connection, or a transaction of reach `all`. */
export type Look = { db: Db; zone: string; today: Day }

export function lookOf(server: Server): Look {
  return { db: server.jobsPool.db, zone: server.clock.zone, today: server.clock.today() }
}

export type By = { actor: Actor; ids: readonly string[]; at: Date }

/** One answer for each subject; with `by`, whether that account covered it at that instant. */
export async function findAreas(look: Look, subjects: readonly Subject[], by?: By): Promise<Found[]> {
  const covers = by ? await coversOf(look.db, by.actor.id) : []
  const found: Found[] = []
  for (const subject of subjects) found.push(await findOne(look, subject, covers, by))
  return found
}

async function findOne(look: Look, subject: Subject, covers: readonly Cover[], by?: By): Promise<Found> {
  const area = await placeNow(look.db, subject)
  const nowhere = { subject, area: null, was: null, covered: false, waits: null }
  if (area !== null)
    return { ...nowhere, area, covered: by !== undefined && (await wasCovered(look, subject, area, covers, by)) }
  if (subject.thing === 'area') return { ...nowhere, ...(await endedArea(look, subject, covers, by)) }
  const waiting = by ? await waitingAbout(look.db, by.actor.id, [subject.id]) : null
  return waiting === null ? nowhere : { ...nowhere, area: waiting.area, waits: HandoverReason.parse(waiting.reason) }
}

async function wasCovered(
  look: Look,
  subject: Subject,
  area: AreaCode,
  covers: readonly Cover[],
  { at }: By,
): Promise<boolean> {
  const { db, zone, today } = look
  const day = dayOf(at, zone)
  const places = [...(await placesThen(db, subject, at, day)), ...(await cameFrom(db, area, day))]
  return hadCovered(covers, places, { at, today, zone })
}

/** The one area that came of it, or of several the one that is the worker's own; otherwise somebody has to choose. */
async function endedArea(look: Look, subject: Subject, covers: readonly Cover[], by?: By): Promise<Partial<Found>> {
  const became = await becameNow(look.db, subject.id)
  const mine = became.filter((code) => by?.actor.scope.some((own) => contains(own, code)))
  const one = mine.length === 1 ? mine[0] : became.length === 1 ? became[0] : undefined
  if (one === undefined) return { area: became[0] ?? null, was: subject.id }
  const covered = by !== undefined && (await wasCovered(look, subject, one, covers, by))
  return { area: one, was: subject.id, covered: mine.length === 1 || covered }
}

/** The same account, seeing these areas besides its own, for one request. */
export function widened(actor: Actor, areas: readonly AreaCode[]): Actor {
  const scope = [...new Set([...actor.scope, ...areas])]
  const bounds = boundsOf(scope)
  // Of two provinces: only what the item is about.
  if (bounds === null) return { ...actor, scope: [...areas], area: boundsOf(areas) ?? '' }
  return { ...actor, scope, area: bounds }
}

export type HelperOf = { name: string; phone: string } | null

/** Whom the worker calls about a place. */
export async function helperIn(ctx: Ctx, area: AreaCode): Promise<HelperOf> {
  const helpers = await helpersFor(ctx, area)
  const helper = helpers.find((one) => one.role === 'supervisor') ?? helpers.find((one) => one.role === 'centre')
  return helper ? { name: helper.name, phone: helper.phone } : null
}

export async function helperAt(server: Server, actor: Actor, area: AreaCode): Promise<HelperOf> {
  return server.read(actor, 'sync.helper', { area }, (ctx) => helperIn(ctx, area), 'all')
}
