/**
 * One field under two values (PEOPLE-19, PEOPLE-20): kept sealed with what its writer saw, shown once to whoever may decide, in the
 * queue of the place where the person or door lies now. Nothing is overwritten before somebody has looked at both.
 */
import { can } from '@weiwang/domain/access/can'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import {
  CONFLICT_WHYS,
  ChangeField,
  DecideConflict,
  DecidedConflict,
  OpenConflict,
  OpenedConflict,
} from '@weiwang/domain/people/change-api'
import type { ConflictLine, ListConflicts, ListMyChanges, MyChange } from '@weiwang/domain/people/change-api'
import { conflictDecided, conflictMoved, doorGridGone, doorOutOfReach } from '@weiwang/domain/people/problems'
import { z } from 'zod'
import { codesNow } from '../areas/store.ts'
import { defineAction } from '../core/action.ts'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { doorTarget, personTarget } from './change.ts'
import type { Target } from './change.ts'
import { valueHash } from './held.ts'
import { openText } from './opening.ts'
import { inMyScope } from './scope.ts'
import { areaNames } from './store.ts'
import type { Cut } from './store.ts'
import {
  doorLabels,
  findConflict,
  listConflictRows,
  listConflictsBy,
  maskedOf,
  settleConflicts,
  updateConflict,
} from './store-conflict.ts'
import type { ConflictRow } from './store-conflict.ts'

const Thing = z.enum(['person', 'household'])
const Why = z.enum(CONFLICT_WHYS)
const MyState = z.enum(['open', 'kept', 'taken', 'settled', 'superseded'])

/** Deciding is for those who decide who is who (operator, chief). */
function permitDeciding(ctx: Ctx, area: AreaCode): void {
  const thing = { kind: 'person' as const, area }
  if (!can(ctx.actor, 'propose', thing) && !can(ctx.actor, 'approve', thing))
    throw notAllowed({ verb: 'propose', thing: 'person' })
}

/** PEOPLE-24: a door leaves one village for another only by somebody who answers for both. @throws doorOutOfReach, doorGridGone */
async function requireBothPlaces(ctx: Ctx, from: AreaCode, to: AreaCode): Promise<void> {
  if (!inMyScope(ctx, from) || !inMyScope(ctx, to)) throw doorOutOfReach({})
  if (!(await codesNow(ctx.db, [to])).has(to)) throw doorGridGone({})
}

function cursorOf(text: string | undefined): string | null {
  const read = z.uuid().safeParse(text)
  return read.success ? read.data : null
}

async function present(ctx: Ctx, rows: readonly ConflictRow[]): Promise<ConflictLine[]> {
  const of = (thing: string) => rows.filter((row) => row.thing === thing).map((row) => row.thing_id)
  const [masked, doors] = [await maskedOf(ctx.db, of('person')), await doorLabels(ctx.db, of('household'))]
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => ({
    id: row.id,
    thing: Thing.parse(row.thing),
    thingId: row.thing_id,
    area: row.area,
    areaName: nameOf(row.area),
    label: masked.get(row.thing_id) ?? doors.get(row.thing_id) ?? '',
    field: ChangeField.parse(row.field),
    why: Why.parse(row.why),
    byName: row.by_name,
    also: row.also.length,
    madeAt: row.made_at.toISOString(),
    since: row.recorded_at.toISOString(),
  }))
}

/** Values stand in none of the lines: one is opened at a time, and that leaves its line in the trail. */
export async function listConflicts(ctx: Ctx, args: ListConflicts): Promise<Cut<ConflictLine>> {
  const areas = areasFor(ctx, args.area)
  permitDeciding(ctx, areas[0] ?? '')
  const { rows, total } = await listConflictRows(ctx.db, areas, {
    limit: args.limit,
    cursor: cursorOf(args.cursor),
    thing: args.thing,
  })
  const items = await present(ctx, rows.slice(0, args.limit))
  return { items, next: rows.length > args.limit ? (items.at(-1)?.id ?? null) : null, total }
}

async function load(ctx: Ctx, id: string): Promise<ConflictRow> {
  const row = await findConflict(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'conflict' })
  permitDeciding(ctx, row.area)
  return row
}

/** The thing itself, locked, with all its present values. */
async function targetOf(ctx: Ctx, row: ConflictRow): Promise<Target> {
  const target = row.thing === 'person' ? await personTarget(ctx, row.thing_id) : await doorTarget(ctx, row.thing_id)
  if (!target) throw notFound({ thing: row.thing })
  return target
}

function tokenOf(ctx: Ctx, row: ConflictRow, current: string): string {
  return valueHash(ctx.keys, row.thing_id, row.field, current).toString('base64url')
}

function openOf(ctx: Ctx, row: ConflictRow, column: 'from_sealed' | 'to_sealed' | 'note_sealed' | 'reason_sealed') {
  return openText(ctx, { table: 'field_conflict', row: row.id, column }, row[column])
}

export const openConflict = defineAction({
  name: 'conflict.open',
  secret: true,
  input: OpenConflict,
  output: OpenedConflict,
  reach: 'all',
  run: async (ctx, { id }) => {
    const row = await load(ctx, id)
    permit(ctx, row.thing === 'person' ? 'open' : 'read', {
      kind: row.thing === 'person' ? 'person' : 'household',
      area: row.area,
    })
    if (row.state !== 'open') throw conflictDecided({ state: row.state })
    const target = await targetOf(ctx, row)
    const [line] = await present(ctx, [row])
    if (!line) throw notFound({ thing: 'conflict' })
    const current = target.now.get(line.field) ?? ''
    ctx.audit({
      verb: 'conflict.open',
      thing: row.thing,
      thingId: row.thing_id,
      area: row.area,
      purpose: 'correct_record',
      ids: row.thing === 'person' ? [row.thing_id] : [],
      detail: { field: row.field, conflict: id },
    })
    const proposed = (await openOf(ctx, row, 'to_sealed')) || null
    // A place is read by its name.
    const named = line.field === 'area' ? await areaNames(ctx.db, [current, proposed ?? '']) : (text: string) => text
    return {
      ...line,
      current: current === '' ? null : named(current),
      proposed: proposed === null ? null : named(proposed),
      saw: (await openOf(ctx, row, 'from_sealed')) || null,
      note: await openOf(ctx, row, 'note_sealed'),
      seen: tokenOf(ctx, row, current),
    }
  },
})

/** PEOPLE-20: what stands there stays, or the worker's value is written; the workers who said it are told. */
export const decideConflict = defineAction({
  name: 'conflict.decide',
  input: DecideConflict,
  output: DecidedConflict,
  reach: 'all',
  run: async (ctx, { id, decision, reason, seen }) => {
    const first = await load(ctx, id)
    const target = await targetOf(ctx, first)
    // Under the lock of the thing: two deciders wait for each other.
    const row = await load(ctx, id)
    if (row.state !== 'open') throw conflictDecided({ state: row.state })
    const field = ChangeField.parse(row.field)
    const current = target.now.get(field) ?? ''
    if (tokenOf(ctx, row, current) !== seen) throw conflictMoved({})
    const state = decision === 'take' ? ('taken' as const) : ('kept' as const)
    if (state === 'taken') {
      const to = (await openOf(ctx, row, 'to_sealed')) ?? ''
      if (field === 'area') await requireBothPlaces(ctx, target.area, to)
      await target.write(new Map([[field, to]]), {})
      await settleConflicts(ctx.db, { thingId: row.thing_id, field, hash: row.to_hash, except: id }, ctx.now)
    }
    const { seal } = await ctx.keys.sealer(row.emergency_id, ctx.now)
    await updateConflict(ctx.db, row, {
      state,
      against_hash: valueHash(ctx.keys, row.thing_id, field, current),
      decided_by: ctx.actor.id,
      decided_by_name: ctx.actor.name,
      decided_at: ctx.now,
      reason_sealed: seal({ table: 'field_conflict', row: id, column: 'reason_sealed' }, reason),
    })
    ctx.audit({
      verb: 'conflict.decide',
      thing: row.thing,
      thingId: row.thing_id,
      area: row.area,
      ids: row.thing === 'person' ? [row.thing_id] : [],
      detail: { field, decision, conflict: id },
    })
    ctx.emit('change.decided', { id })
    return { id, state }
  },
})

/** What became of what this account handed in and was held. */
export async function listMyChanges(ctx: Ctx, args: z.output<typeof ListMyChanges>): Promise<Cut<MyChange>> {
  const { rows, total } = await listConflictsBy(ctx.db, ctx.actor.id, {
    limit: args.limit,
    cursor: cursorOf(args.cursor),
  })
  const shown = rows.slice(0, args.limit)
  const items = await Promise.all(
    shown.map(async (row) => ({
      id: row.id,
      thing: Thing.parse(row.thing),
      thingId: row.thing_id,
      field: ChangeField.parse(row.field),
      state: MyState.parse(row.state),
      madeAt: row.made_at.toISOString(),
      decidedAt: row.decided_at?.toISOString() ?? null,
      byName: row.decided_by_name,
      reason: await openOf(ctx, row, 'reason_sealed'),
    })),
  )
  return { items, next: rows.length > args.limit ? (items.at(-1)?.id ?? null) : null, total }
}

/** What the workers who said a value are told, for the room that reaches phones. */
export type ChangeNotice = { id: string; area: AreaCode; tell: string[]; body: Record<string, unknown> }

export async function changeNotice(ctx: Ctx, id: string): Promise<ChangeNotice | null> {
  const row = await findConflict(ctx.db, [''], id)
  if (!row || (row.state !== 'kept' && row.state !== 'taken')) return null
  return {
    id,
    area: row.area,
    tell: [...new Set([row.by, ...row.also])],
    body: {
      what: `change.${row.state}`,
      conflictId: id,
      thing: row.thing,
      thingId: row.thing_id,
      field: row.field,
      by: row.decided_by,
      byName: row.decided_by_name,
    },
  }
}
