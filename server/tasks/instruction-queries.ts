import { contains, cutTo, isAreaCode, levelOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Page } from '@weiwang/domain/core/page'
import { notFound } from '@weiwang/domain/core/problems'
import { isLate, RECEIPT_STATES, ROUTES } from '@weiwang/domain/tasks/instruction'
import { Progress } from '@weiwang/domain/tasks/instruction-api'
import type {
  InstructionDetail,
  InstructionRow as Shown,
  ListInstructions,
  ListReceipts,
  ReceiptRow as ShownReceipt,
} from '@weiwang/domain/tasks/instruction-api'
import { can } from '@weiwang/domain/access/can'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { areasOf } from './queries.ts'
import {
  additionsOf,
  attachmentsOf,
  findInstruction,
  listInstructionRows,
  listReceiptRows,
  progressBelow,
  progressOf,
  receiptAt,
  versionsOf,
} from './store-instructions.ts'
import type { InstructionRow, ReceiptRow } from './store-instructions.ts'

const NOTHING: Progress = Progress.parse({
  received: 0,
  read: 0,
  accepted: 0,
  cannot: 0,
  done: 0,
  late: 0,
  doors: 0,
  doorsDone: 0,
})
const State = z.enum(['sending', 'sent', 'recalled'])
const Route = z.enum(ROUTES)
const ReceiptStateName = z.enum(RECEIPT_STATES)
const GRID_LEVEL = 6
/** Digits of the code of the level below. */
const BELOW: Record<number, number> = { 1: 4, 2: 6, 3: 9, 4: 12, 5: 15 }

async function present(ctx: Ctx, rows: readonly InstructionRow[], scope: readonly AreaCode[]): Promise<Shown[]> {
  const names = await areaNames(ctx.db, [...rows.map((row) => row.area), ...placesOf(ctx)])
  const progress = await progressOf(
    ctx.db,
    rows.map((row) => row.id),
    scope,
    ctx.now,
  )
  const shown: Shown[] = []
  const [home] = placesOf(ctx)
  for (const row of rows) {
    const own = home === undefined ? null : await receiptAt(ctx.db, row.id, home)
    shown.push({
      id: row.id,
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      title: row.title,
      version: row.version,
      state: State.parse(row.state),
      route: Route.parse(row.route),
      level: row.level,
      dueAt: (own?.due_at ?? row.due_at).toISOString(),
      sentAt: row.sent_at.toISOString(),
      by: row.by_name,
      eachDoor: row.door_kinds === null ? null : { kinds: row.door_kinds, purpose: row.door_purpose ?? '' },
      report: row.report,
      progress: Progress.catch(NOTHING).parse(progress.get(row.id)),
      mine: own
        ? {
            area: own.area,
            areaName: names.get(own.area) ?? own.area,
            state: ReceiptStateName.parse(own.state),
            version: own.version,
            passedOn: own.passed_on_at !== null,
          }
        : null,
    })
  }
  return shown
}

const Place = z.tuple([z.iso.datetime(), z.uuid()])

export async function readInstructions(ctx: Ctx, args: ListInstructions): Promise<Page<Shown>> {
  const areas = areasOf(ctx, args.area)
  for (const area of areas) permit(ctx, 'read', { kind: 'instruction', area })
  const after = decodeCursor(Place, args.cursor)
  const { rows, total } = await listInstructionRows(ctx.db, {
    scope: areas,
    around: areas.flatMap((area) => (isAreaCode(area) ? pathOf(area) : [])),
    list: args.state,
    now: ctx.now,
    before: after === null ? null : { at: new Date(after[0]), id: after[1] },
    limit: args.limit,
  })
  const page = rows.slice(0, args.limit)
  const last = page.at(-1)
  return {
    items: await present(ctx, page, areas),
    next: rows.length > args.limit && last ? encodeCursor([last.sent_at.toISOString(), last.id]) : null,
    total,
  }
}

/** The scope, with whoever covers a unit of a grid seeing what the grid received. */
function placesOf(ctx: Ctx): AreaCode[] {
  return ctx.scope.map((mine) => (levelOf(mine) > GRID_LEVEL ? cutTo(mine, GRID_LEVEL) : mine))
}

/** Seen by who wrote it, by every centre on the way and by every receiver. @throws notFound */
export async function seenInstruction(ctx: Ctx, id: string): Promise<InstructionRow> {
  const row = await findInstruction(ctx.db, id)
  if (!row) throw notFound({ thing: 'instruction' })
  if (ctx.scope.some((mine) => contains(mine, row.area))) return row
  const { rows } = await listReceiptRows(ctx.db, {
    id,
    areas: placesOf(ctx),
    list: 'received',
    now: ctx.now,
    after: '',
    limit: 1,
  })
  if (rows.length === 0) throw notFound({ thing: 'instruction' })
  return row
}

export async function readInstruction(ctx: Ctx, id: string): Promise<InstructionDetail> {
  const row = await seenInstruction(ctx, id)
  const [shown] = await present(ctx, [row], placesOf(ctx))
  if (!shown) throw notFound({ thing: 'instruction' })
  const versions = await versionsOf(ctx.db, id)
  const additions = (await additionsOf(ctx.db, id)).filter((one) =>
    ctx.scope.some((mine) => contains(one.area, mine) || contains(mine, one.area)),
  )
  const names = await areaNames(ctx.db, [...row.targets, ...additions.map((one) => one.area)])
  const own = ctx.scope.some((mine) => contains(mine, row.area))
  return {
    ...shown,
    text: versions.findLast((one) => one.kind !== 'recalled')?.text ?? '',
    to: row.targets.map((code) => ({ code, name: names.get(code) ?? code })),
    additions: additions.map((one) => ({
      area: one.area,
      areaName: names.get(one.area) ?? one.area,
      text: one.text,
      dueAt: one.due_at?.toISOString() ?? null,
      by: one.by_name,
    })),
    versions: versions.map((one) => ({
      version: one.version,
      kind: one.kind,
      reason: one.reason,
      by: one.by_name,
      at: one.at.toISOString(),
    })),
    attachments: (await attachmentsOf(ctx.db, id)).map(({ id: one, name, type, bytes }) => ({
      id: one,
      name,
      type,
      bytes,
    })),
    mayChange: own && row.state !== 'recalled' && can(ctx.actor, 'file', { kind: 'instruction', area: row.area }),
  }
}

export async function readInstructionChildren(ctx: Ctx, args: { id: string; area: AreaCode }) {
  await seenInstruction(ctx, args.id)
  areasOf(ctx, args.area)
  permit(ctx, 'read', { kind: 'instruction', area: args.area })
  const digits = BELOW[levelOf(args.area)]
  const rows =
    digits === undefined ? [] : await progressBelow(ctx.db, { id: args.id, area: args.area, digits }, ctx.now)
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return {
    items: rows.map(({ area, ...progress }) => ({ area, areaName: names.get(area) ?? area, progress })),
    asOf: ctx.now.toISOString(),
  }
}

function presentReceipt(row: ReceiptRow, name: string, now: Date): ShownReceipt {
  const state = ReceiptStateName.parse(row.state)
  return {
    area: row.area,
    areaName: name,
    state,
    version: row.version,
    readAt: row.read_at?.toISOString() ?? null,
    acceptedAt: row.accepted_at?.toISOString() ?? null,
    doneAt: row.done_at?.toISOString() ?? null,
    dueAt: row.due_at.toISOString(),
    late: isLate({ state }, row.due_at, now),
    escalated: row.escalated,
    told: row.told_name,
    doors: row.doors,
    doorsDone: row.doors_done,
    by: row.by_name,
    hasNote: row.note_sealed !== null,
  }
}

export async function readReceipts(ctx: Ctx, args: ListReceipts): Promise<Page<ShownReceipt>> {
  await seenInstruction(ctx, args.id)
  const areas = areasOf(ctx, args.area)
  for (const area of areas) permit(ctx, 'read', { kind: 'instruction', area })
  const after = decodeCursor(z.tuple([z.string()]), args.cursor)?.[0] ?? ''
  const { rows, total } = await listReceiptRows(ctx.db, {
    id: args.id,
    areas,
    list: args.list,
    now: ctx.now,
    after,
    limit: args.limit,
  })
  const page = rows.slice(0, args.limit)
  const names = await areaNames(
    ctx.db,
    page.map((row) => row.area),
  )
  const last = page.at(-1)
  return {
    items: page.map((row) => presentReceipt(row, names.get(row.area) ?? row.area, ctx.now)),
    next: rows.length > args.limit && last ? encodeCursor([last.area]) : null,
    total,
  }
}
