/**
 * Help at hand (HELP-1): a worker alone at a door presses one button; the nearest desk is told at once, by name, and the next one
 * up after five minutes without an answer, as long as nobody has said that he has heard it. Asking is never refused for reasons of
 * area: who has no duty today is heard where his account belongs.
 */
import { contains, countyOf, isAreaCode, levelOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { AskedHelp, AskHelp, HelpId, HelpNote, HelpState, Position } from '@weiwang/domain/people/change-api'
import type { HelpLine, ListHelp, MyHelp } from '@weiwang/domain/people/change-api'
import { helpClosed } from '@weiwang/domain/people/problems'
import { z } from 'zod'
import { desksAround, insertNotices } from '../access/account-store.ts'
import { areaExists, findOpenEmergency } from '../access/store.ts'
import { standsAt, successorsNow } from '../areas/store.ts'
import { defineAction } from '../core/action.ts'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { NO_EMERGENCY } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { doorMeant } from './change.ts'
import { openText } from './opening.ts'
import { areaNames } from './store.ts'
import type { Cut } from './store.ts'
import { doorLabels } from './store-conflict.ts'
import {
  coveredAreas,
  endedCalls,
  findHelp,
  insertHelp,
  listHelpBy,
  listHelpRows,
  lockHelp,
  phonesOf,
  unheard,
  updateHelp,
} from './store-help.ts'
import type { HelpRow } from './store-help.ts'

const MOST_DESKS = 500
const RISES_AFTER_MS = 5 * 60_000
const Detail = z.object({ position: Position.nullish(), words: z.string().nullish() })
type Detail = z.output<typeof Detail>

/** Where the phone says it is, when there is such an area; else where the account belongs. */
async function placeOf(ctx: Ctx, grid: string | undefined): Promise<AreaCode> {
  if (grid !== undefined && grid !== '' && isAreaCode(grid) && (await areaExists(ctx.db, grid))) return grid
  return ctx.actor.area || (ctx.actor.scope[0] ?? ctx.root)
}

/** The nearest desk at or above an area that somebody sits at; null when there is none. */
async function nearestDesks(ctx: Ctx, area: AreaCode): Promise<{ area: AreaCode; accounts: string[] } | null> {
  const above = area === '' ? [] : pathOf(area).filter((code) => code.length >= 2)
  const desks = await desksAround(ctx.db, above, { limit: MOST_DESKS })
  const [nearest] = desks
  if (!nearest) return null
  return { area: nearest.area, accounts: desks.filter((desk) => desk.area === nearest.area).map((desk) => desk.id) }
}

/** @returns the level of the desk that was told; 0 when there is none. */
async function tellDesk(
  ctx: Ctx,
  call: { id: string; area: AreaCode; byName: string },
  from: AreaCode,
): Promise<number> {
  const desk = await nearestDesks(ctx, from)
  if (!desk) return 0
  const where = (await areaNames(ctx.db, [call.area]))(call.area)
  const body = {
    zh: `${call.byName} 在 ${where} 求助，请立即联系`,
    en: `${call.byName} asks for help at ${where}; call at once`,
  }
  await insertNotices(
    ctx.db,
    desk.accounts.map((accountId) => ({ accountId, id: newId(ctx.now), kind: 'help.asked', body, at: ctx.now })),
  )
  ctx.emit('help.asked', { id: call.id, area: desk.area, accounts: desk.accounts })
  return levelOf(desk.area)
}

async function asked(ctx: Ctx, row: Pick<HelpRow, 'id' | 'area' | 'recorded_at' | 'state'>): Promise<AskedHelp> {
  const areaName = (await areaNames(ctx.db, [row.area]))(row.area)
  const { id, area, recorded_at, state } = row
  return { id, area, areaName, at: recorded_at.toISOString(), state: HelpState.parse(state) }
}

function audit(
  ctx: Ctx,
  verb: string,
  row: { id: string; area: AreaCode },
  detail: Record<string, unknown> = {},
): void {
  ctx.audit({ verb, thing: 'help', thingId: row.id, area: row.area, detail })
}

export const askHelp = defineAction({
  name: 'help.ask',
  input: AskHelp,
  output: AskedHelp,
  reach: 'all',
  run: async (ctx, args) => {
    const before = await findHelp(ctx.db, args.id)
    if (before) {
      if (before.account_id !== ctx.actor.id) throw notFound({ thing: 'help' })
      audit(ctx, 'help.ask', before, { repeat: true })
      return asked(ctx, before)
    }
    const area = await placeOf(ctx, args.grid)
    const emergency = await findOpenEmergency(ctx, area)
    const detail: Detail = { position: args.position, words: args.words }
    const said = args.position !== undefined || (args.words ?? '') !== ''
    const level = await tellDesk(ctx, { id: args.id, area, byName: ctx.actor.name }, area)
    const row = {
      county: countyOf(area),
      id: args.id,
      area,
      account_id: ctx.actor.id,
      account_name: ctx.actor.name,
      task_id: args.taskId ?? null,
      household_id: args.householdId === undefined ? null : await doorMeant(ctx, args.householdId),
      detail_sealed: said
        ? await ctx.keys.seal(
            {
              emergencyId: emergency?.id ?? NO_EMERGENCY,
              now: ctx.now,
              table: 'help_call',
              row: args.id,
              column: 'detail_sealed',
            },
            JSON.stringify(detail),
          )
        : null,
      made_at: new Date(Math.min(Date.parse(args.occurredAt), ctx.now.getTime())),
      recorded_at: ctx.now,
      told_level: level,
      told_at: ctx.now,
      state: 'open',
    }
    await insertHelp(ctx.db, row)
    audit(ctx, 'help.ask', row, { toldLevel: level, position: args.position !== undefined })
    return asked(ctx, row)
  },
})

/** Whoever may work off what workers hand over answers for them; the author may always. */
async function toAnswer(ctx: Ctx, id: string): Promise<HelpRow> {
  const row = await lockHelp(ctx.db, id)
  if (!row) throw notFound({ thing: 'help' })
  if (row.account_id === ctx.actor.id) return row
  if (!ctx.scope.some((area) => contains(area, row.area))) throw notFound({ thing: 'help' })
  permit(ctx, 'file', { kind: 'handover', area: row.area })
  return row
}

/** "I have heard it and I am on it": by name; the worker's phone shows who. */
export const seeHelp = defineAction({
  name: 'help.see',
  input: HelpId,
  output: AskedHelp,
  reach: 'all',
  run: async (ctx, { id }) => {
    const row = await toAnswer(ctx, id)
    permit(ctx, 'file', { kind: 'handover', area: row.area })
    if (row.state === 'closed') throw helpClosed({ by: row.closed_by_name ?? '' })
    if (row.state === 'open') {
      const set = { state: 'seen', seen_by: ctx.actor.id, seen_by_name: ctx.actor.name, seen_at: ctx.now }
      await updateHelp(ctx.db, row, set)
      ctx.emit('help.changed', { id })
    }
    audit(ctx, 'help.see', row, { by: row.account_id })
    return asked(ctx, { ...row, state: 'seen' })
  },
})

/** Dealt with: by a desk, or by the worker who is safe. */
export const closeHelp = defineAction({
  name: 'help.close',
  input: HelpNote,
  output: AskedHelp,
  reach: 'all',
  run: async (ctx, { id, note }) => {
    const row = await toAnswer(ctx, id)
    if (row.state !== 'closed') {
      const emergency = await findOpenEmergency(ctx, row.area)
      const at = { emergencyId: emergency?.id ?? NO_EMERGENCY, now: ctx.now }
      await updateHelp(ctx.db, row, {
        state: 'closed',
        closed_by: ctx.actor.id,
        closed_by_name: ctx.actor.name,
        closed_at: ctx.now,
        note_sealed:
          note === undefined || note === ''
            ? null
            : await ctx.keys.seal({ ...at, table: 'help_call', row: id, column: 'note_sealed' }, note),
      })
      ctx.emit('help.changed', { id })
    }
    audit(ctx, 'help.close', row, { by: row.account_id })
    return asked(ctx, { ...row, state: 'closed' })
  },
})

// ---- Lists ----------------------------------------------------------------------------------------------------------------------

function cursorOf(text: string | undefined): string | null {
  const read = z.uuid().safeParse(text)
  return read.success ? read.data : null
}

async function detailOf(ctx: Ctx, row: HelpRow): Promise<Detail> {
  const text = await openText(ctx, { table: 'help_call', row: row.id, column: 'detail_sealed' }, row.detail_sealed)
  return Detail.catch({}).parse(text === null ? {} : JSON.parse(text))
}

function noteOf(ctx: Ctx, row: HelpRow): Promise<string | null> {
  return openText(ctx, { table: 'help_call', row: row.id, column: 'note_sealed' }, row.note_sealed)
}

async function openPhones(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [id, sealed] of await phonesOf(ctx.db, [...new Set(ids)])) {
    const phone = await openText(ctx, { table: 'account', row: id, column: 'phone_sealed' }, sealed)
    if (phone !== null) found.set(id, phone)
  }
  return found
}

/** Who asks, where, since when, and how to call back: a colleague's number, for those who answer for them. */
export async function listHelp(ctx: Ctx, args: ListHelp): Promise<Cut<HelpLine>> {
  const areas = areasFor(ctx, args.area)
  permit(ctx, 'file', { kind: 'handover', area: areas[0] ?? '' })
  const page = { limit: args.limit, cursor: cursorOf(args.cursor) }
  const { rows, total } = await listHelpRows(ctx.db, areas, args.state, page)
  const shown = rows.slice(0, args.limit)
  const [phones, doors] = [
    await openPhones(
      ctx,
      shown.map((row) => row.account_id),
    ),
    await doorLabels(
      ctx.db,
      shown.flatMap((row) => row.household_id ?? []),
    ),
  ]
  const nameOf = await areaNames(
    ctx.db,
    shown.map((row) => row.area),
  )
  const items: HelpLine[] = []
  for (const row of shown) {
    const detail = await detailOf(ctx, row)
    items.push({
      id: row.id,
      area: row.area,
      areaName: nameOf(row.area),
      state: HelpState.parse(row.state),
      by: { id: row.account_id, name: row.account_name, phone: phones.get(row.account_id) ?? null },
      taskId: row.task_id,
      householdId: row.household_id,
      door: row.household_id === null ? null : doors.get(row.household_id) || null,
      position: detail.position ?? null,
      words: detail.words ?? null,
      at: row.made_at.toISOString(),
      heardAt: row.recorded_at.toISOString(),
      seenBy: row.seen_by_name,
      seenAt: row.seen_at?.toISOString() ?? null,
      closedBy: row.closed_by_name,
      closedAt: row.closed_at?.toISOString() ?? null,
      note: await noteOf(ctx, row),
    })
  }
  return { items, next: rows.length > args.limit ? (items.at(-1)?.id ?? null) : null, total }
}

/** The worker's own calls: who has heard them, and how to reach that person. */
export async function listMyHelp(ctx: Ctx, args: { limit: number; cursor?: string | undefined }): Promise<Cut<MyHelp>> {
  const { rows, total } = await listHelpBy(ctx.db, ctx.actor.id, { limit: args.limit, cursor: cursorOf(args.cursor) })
  const shown = rows.slice(0, args.limit)
  const phones = await openPhones(
    ctx,
    shown.flatMap((row) => row.seen_by ?? []),
  )
  const nameOf = await areaNames(
    ctx.db,
    shown.map((row) => row.area),
  )
  const items: MyHelp[] = []
  for (const row of shown)
    items.push({
      id: row.id,
      at: row.made_at.toISOString(),
      area: row.area,
      areaName: nameOf(row.area),
      state: HelpState.parse(row.state),
      seenBy:
        row.seen_by_name === null ? null : { name: row.seen_by_name, phone: phones.get(row.seen_by ?? '') ?? null },
      seenAt: row.seen_at?.toISOString() ?? null,
      closedAt: row.closed_at?.toISOString() ?? null,
      note: await noteOf(ctx, row),
    })
  return { items, next: rows.length > args.limit ? (items.at(-1)?.id ?? null) : null, total }
}

// ---- Rising, and telling the phone ------------------------------------------------------------------------------------------------

/** HELP-1: unheard for five minutes, the next desk up is told too, up to the province. */
export async function raiseHelp(server: Server): Promise<void> {
  await server.asSystem('help.rise', async (ctx) => {
    for (const row of await unheard(ctx.db, new Date(ctx.now.getTime() - RISES_AFTER_MS))) {
      const above = pathOf(row.area).filter((code) => code.length >= 2 && levelOf(code) < row.told_level)
      const level = await tellDesk(ctx, { id: row.id, area: row.area, byName: row.account_name }, above.at(-1) ?? '')
      await updateHelp(ctx.db, row, { told_level: level, told_at: ctx.now })
      if (level > 0) audit(ctx, 'help.rise', row, { toldLevel: level })
    }
  })
}

/**
 * HELP-1: a call whose area has ended goes on where that is now: what it became, of several the one that the worker covers, otherwise
 * the area around them. For after duties have followed; harmless to repeat.
 */
export async function followHelp(server: Server): Promise<void> {
  await server.asSystem('help.follow', async (ctx) => {
    const rows = await endedCalls(ctx.db)
    const areas = rows.map((row) => row.area)
    const [became, stands] = [await successorsNow(ctx.db, areas), await standsAt(ctx.db, areas)]
    for (const row of rows) {
      const covers = await coveredAreas(ctx.db, row.account_id, ctx.today)
      const parts = became.get(row.area) ?? []
      const own = parts.filter((code) => covers.some((area) => contains(area, code) || contains(code, area)))
      const to = own.length === 1 ? own[0] : stands.get(row.area)
      // No row changes its distribution key: in another county it stays under its old code, seen from above.
      if (to === undefined || to === row.area || countyOf(to) !== row.county) continue
      await updateHelp(ctx.db, row, { area: to })
      audit(ctx, 'help.follow', { id: row.id, area: to }, { from: row.area })
    }
  })
}

export type HelpNotice = { id: string; area: AreaCode; to: string; body: Record<string, unknown> }

/** What the worker's phone shows, for the room that reaches phones. */
export async function helpNotice(ctx: Ctx, id: string): Promise<HelpNotice | null> {
  const row = await findHelp(ctx.db, id)
  if (!row || row.state === 'open') return null
  const closed = row.state === 'closed'
  return {
    id,
    area: row.area,
    to: row.account_id,
    body: {
      what: closed ? 'help.closed' : 'help.seen',
      helpId: id,
      by: closed ? row.closed_by : row.seen_by,
      byName: closed ? row.closed_by_name : row.seen_by_name,
    },
  }
}
