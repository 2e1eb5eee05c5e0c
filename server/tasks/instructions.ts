import { contains, countyOf, cutTo, levelOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { additionFault, leavesPhonesAt, nextReceipt, receiverLevels, stepsDue } from '@weiwang/domain/tasks/instruction'
import type { ReceiptEventKind } from '@weiwang/domain/tasks/instruction'
import {
  ChangeInstruction,
  GiveReceipt,
  InstructionDetail,
  InstructionWork,
  OpenedNote,
  OpenNote,
  PassInstruction,
  PreviewInstruction,
  RecallInstruction,
  SendInstruction,
} from '@weiwang/domain/tasks/instruction-api'
import type { InstructionInput } from '@weiwang/domain/tasks/instruction-api'
import {
  attachmentUnknown,
  instructionChanged,
  instructionIdTaken,
  instructionRecalled,
  mayNotWeaken,
  nobodyBelow,
  notAReceiver,
  pastDue,
} from '@weiwang/domain/tasks/problems'
import { insertNotices } from '../access/account-store.ts'
import { areaNames, requireOpenEmergency } from '../access/store.ts'
import { successorsNow } from '../areas/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { argsHash, newId } from '../core/transaction.ts'
import { readInstruction } from './instruction-queries.ts'
import { responsibleAt } from './store.ts'
import {
  addDoorDone,
  additionsOf,
  appendReceiptEvent,
  areasAtLevels,
  attachmentsOf,
  bindAttachment,
  countDoors,
  countiesOf,
  doorOf,
  findInstruction,
  insertAddition,
  insertDoor,
  insertInstruction,
  insertVersion,
  lockDueSteps,
  lockInstruction,
  lockLeaving,
  lockReceipt,
  lockReceipts,
  makeReceipts,
  receiptAt,
  receiptsAt,
  sendingSince,
  setDoor,
  setInstruction,
  uncoveredGrids,
  updateReceipt,
  versionsOf,
} from './store-instructions.ts'
import type { AdditionRow, AttachmentRow, InstructionRow, ReceiptRow, VersionRow } from './store-instructions.ts'

export const GRID = 15
const GRID_LEVEL = 6
const CHUNK = 500
const NAMES = 20

/** Receivers lie inside the writer's area and below it, at a level that exists there. @throws notFound, nobodyBelow */
function checkReceivers(ctx: Ctx, area: AreaCode, input: InstructionInput): void {
  const inScope = (code: AreaCode) => ctx.scope.some((mine) => contains(mine, code))
  if (!inScope(area)) throw notFound({ thing: 'area' })
  permit(ctx, 'file', { kind: 'instruction', area })
  for (const to of input.to) if (!contains(area, to)) throw notFound({ thing: 'area' })
  if (!receiverLevels(area).includes(input.level)) throw nobodyBelow({})
}

/** INSTR-3: the work that an instruction makes, counted before it is sent. */
export async function previewInstruction(
  ctx: Ctx,
  args: { area: AreaCode; instruction: InstructionInput },
): Promise<InstructionWork> {
  const { area, instruction } = args
  checkReceivers(ctx, area, instruction)
  const levels = await areasAtLevels(ctx.db, instruction.to, ctx.today)
  const at = (level: number): number => levels.find((one) => one.level === level)?.areas ?? 0
  const uncovered = await uncoveredGrids(ctx.db, instruction.to, ctx.today, NAMES)
  return {
    receivers: at(instruction.level),
    grids: at(GRID_LEVEL),
    doors: await countDoors(ctx.db, instruction.to, instruction.eachDoor?.kinds ?? null),
    uncovered: uncovered.total,
    uncoveredNames: uncovered.names,
    levels: levels.filter(({ level }) => level > levelOf(area) && level <= instruction.level),
  }
}

export const previewQuery = { input: PreviewInstruction, output: InstructionWork, run: previewInstruction }

/** INSTR-1: one sending, whatever is lost on the way; the receivers are made county by county by the queue. */
export const sendInstruction = defineAction({
  name: 'instruction.send',
  input: SendInstruction,
  output: InstructionDetail,
  run: async (ctx, args): Promise<InstructionDetail> => {
    const { id, area, instruction } = args
    const hash = argsHash(args)
    checkReceivers(ctx, area, instruction)
    if (new Date(instruction.dueAt) <= ctx.now) throw pastDue({})
    const work = await previewInstruction(ctx, args)
    if (work.receivers === 0) throw nobodyBelow({})
    // What is asked at doors is about people, so it needs the order under which that may be asked.
    if (instruction.eachDoor) await requireOpenEmergency(ctx, area)
    const by = { by: ctx.actor.id, by_name: ctx.actor.name }
    const made = await insertInstruction(ctx.db, {
      id,
      area,
      state: 'sending',
      title: instruction.title,
      route: instruction.route,
      level: instruction.level,
      targets: instruction.to,
      due_at: new Date(instruction.dueAt),
      report: instruction.report,
      door_kinds: instruction.eachDoor?.kinds ?? null,
      door_purpose: instruction.eachDoor?.purpose ?? null,
      args_hash: hash,
      ...by,
      sent_at: ctx.now,
    })
    if (!made) {
      const known = await findInstruction(ctx.db, id)
      if (!known?.args_hash.equals(hash)) throw instructionIdTaken({ id })
      return readInstruction(ctx, id)
    }
    await insertVersion(ctx.db, {
      instruction_id: id,
      version: 1,
      kind: 'sent',
      title: instruction.title,
      text: instruction.text,
      due_at: new Date(instruction.dueAt),
      ...by,
      at: ctx.now,
    })
    for (const [n, one] of instruction.attachments.entries()) {
      const bound = await bindAttachment(ctx.db, { id: one, instructionId: id, area, by: ctx.actor.id, n })
      if (!bound) throw attachmentUnknown({ id: one })
    }
    ctx.audit({
      verb: 'instruction.send',
      thing: 'instruction',
      thingId: id,
      area,
      detail: {
        receivers: work.receivers,
        doors: work.doors,
        route: instruction.route,
        level: instruction.level,
        attachments: instruction.attachments.length,
      },
    })
    ctx.emit('instruction.sent', { id }, { key: id })
    return readInstruction(ctx, id)
  },
})

/** Hands an instruction to its first receivers; harmless to repeat, taken up again when a process was killed. */
export async function handOut(server: Server, id: string): Promise<void> {
  const row = await server.asSystem('instruction.hand', (ctx) => findInstruction(ctx.db, id))
  if (!row || row.state !== 'sending') return
  const level = row.route === 'straight' ? row.level : Math.min(row.level, levelOf(row.area) + 1)
  await handTo(server, row, { level, to: row.targets, dueAt: row.due_at, by: row.by_name })
  await server.asSystem('instruction.hand', async (ctx) => {
    const locked = await lockInstruction(ctx.db, id)
    if (locked?.state === 'sending') await setInstruction(ctx.db, id, { state: 'sent' })
  })
}

const LEVELS = [2, 3, 4, 5, 6] as const

type Hand = { level: number; to: readonly AreaCode[]; dueAt: Date; by: string }

async function handTo(server: Server, row: InstructionRow, asked: Hand): Promise<void> {
  // What was named may lie deeper than the next level: then the area around it receives and passes it on.
  const cut = (to: AreaCode): AreaCode => {
    const level = LEVELS.find((one) => one === asked.level)
    return level !== undefined && levelOf(to) > level ? cutTo(to, level) : to
  }
  // What was named may have become something else since (INSTR-9).
  const now = await server.asSystem('instruction.hand', (ctx) => successorsNow(ctx.db, asked.to))
  const hand = { ...asked, to: [...new Set(asked.to.flatMap((code) => now.get(code) ?? [code]).map(cut))] }
  const counties = await server.asSystem('instruction.hand', (ctx) =>
    countiesOf(ctx.db, hand.to, hand.level, ctx.today),
  )
  for (const county of counties) {
    await server.asSystem('instruction.hand', async (ctx) => {
      const made = await makeReceipts(ctx.db, { row, ...hand, county, now: ctx.now, day: ctx.today })
      const grids = made.filter((code) => code.length === GRID)
      const order = grids.length > 0 ? await orderOf(ctx, row.id) : null
      if (order) for (const receipt of await receiptsAt(ctx.db, row.id, grids)) tell(ctx, order, receipt)
    })
  }
  // Changed or recalled while it was being handed out: whoever was handed the former version since gets the present one.
  const present = await server.asSystem('instruction.hand', (ctx) => findInstruction(ctx.db, row.id))
  if (present && present.version > row.version)
    await spreadVersion(server, row.id, present.version, present.state === 'recalled' ? 'recalled' : 'changed')
}

export async function takeUpHandOuts(server: Server): Promise<void> {
  const before = new Date(server.clock.now().getTime() - 60_000)
  for (const id of await server.asSystem('instruction.take_up', (ctx) => sendingSince(ctx.db, before)))
    await handOut(server, id)
}

type Order = {
  row: InstructionRow
  version: VersionRow
  additions: AdditionRow[]
  attachments: AttachmentRow[]
}

async function orderOf(ctx: Ctx, id: string): Promise<Order | null> {
  const row = await findInstruction(ctx.db, id)
  const version = (await versionsOf(ctx.db, id)).findLast((one) => one.kind !== 'recalled')
  if (!row || !version) return null
  return { row, version, additions: await additionsOf(ctx.db, id), attachments: await attachmentsOf(ctx.db, id) }
}

/** What a phone of the grid sees of an instruction: the order itself and where this grid's own answer stands. */
function tell(ctx: Ctx, { row, version, additions, attachments }: Order, receipt: ReceiptRow): void {
  const { instruction_id: id, area } = receipt
  // What has left the phones does not come again because somebody was late (INSTR-10).
  if (area.length !== GRID || receipt.leaves_at === null) return
  ctx.feed({
    grid: area,
    kind: 'instruction',
    id,
    urgent: receipt.state === 'sent',
    body: {
      instructionId: id,
      area,
      version: receipt.version,
      state: receipt.state,
      title: version.title,
      text: version.text,
      additions: additions
        .filter((one) => contains(one.area, area))
        .map((one) => ({ area: one.area, text: one.text, by: one.by_name })),
      from: row.area,
      by: row.by_name,
      sentAt: receipt.sent_at.toISOString(),
      dueAt: receipt.due_at.toISOString(),
      report: row.report,
      eachDoor: row.door_kinds === null ? null : { kinds: row.door_kinds, purpose: row.door_purpose },
      doors: receipt.doors,
      doorsDone: receipt.doors_done,
      // Names and sizes: the bytes are fetched when somebody asks for them.
      attachments: attachments.map(({ id: paper, name, type, bytes }) => ({ id: paper, name, type, bytes })),
    },
  })
}

export async function tellGrid(ctx: Ctx, receipt: ReceiptRow): Promise<void> {
  const order = receipt.area.length === GRID ? await orderOf(ctx, receipt.instruction_id) : null
  if (order) tell(ctx, order, receipt)
}

type Said = { kind: ReceiptEventKind; version: number; step?: number; at: Date; by: string | null; byName: string }

/** Event and row move together, by the fold that the phone uses (INSTR-2); the grid's phones are told. */
export async function say(
  ctx: Ctx,
  row: ReceiptRow,
  said: Said,
  more: Partial<ReceiptRow> = {},
  order: Order | null = null,
): Promise<ReceiptRow> {
  const before = {
    state: row.state,
    version: row.version,
    readAt: row.read_at?.toISOString() ?? null,
    acceptedAt: row.accepted_at?.toISOString() ?? null,
    doneAt: row.done_at?.toISOString() ?? null,
    passedOnAt: row.passed_on_at?.toISOString() ?? null,
    escalated: row.escalated,
  }
  const state = STATES.find((one) => one === before.state) ?? 'sent'
  const after = nextReceipt(
    { ...before, state },
    { kind: said.kind, at: ctx.now.toISOString(), by: said.by, version: said.version, step: said.step ?? null },
  )
  const leaves = leavesPhonesAt(after, more.due_at ?? row.due_at, ctx.now)
  const instant = (text: string | null): Date | null => (text === null ? null : new Date(text))
  const set = {
    state: after.state,
    version: after.version,
    n: row.n + 1,
    read_at: instant(after.readAt),
    accepted_at: instant(after.acceptedAt),
    done_at: instant(after.doneAt),
    passed_on_at: instant(after.passedOnAt),
    escalated: after.escalated,
    // One that has left already stays away, unless what was said now is news for whoever is there.
    leaves_at: row.level !== GRID_LEVEL || (row.leaves_at === null && leaves <= ctx.now) ? null : leaves,
    by_name: said.byName,
    ...(after.state === 'done' || after.state === 'recalled' ? { next_step_at: null } : {}),
    ...more,
  }
  await appendReceiptEvent(ctx.db, {
    county: row.county,
    instruction_id: row.instruction_id,
    area: row.area,
    n: row.n + 1,
    kind: said.kind,
    version: said.version,
    step: said.step ?? null,
    by: said.by,
    by_name: said.byName,
    occurred_at: said.at,
    at: ctx.now,
  })
  await updateReceipt(ctx.db, row, set)
  const next = { ...row, ...set }
  if (order) tell(ctx, order, next)
  else await tellGrid(ctx, next)
  return next
}

const STATES = ['sent', 'read', 'accepted', 'cannot', 'done', 'recalled'] as const

export function notePlace(at: { id: string; area: AreaCode }): { table: string; row: string; column: string } {
  return { table: 'receipt', row: `${at.id}/${at.area}`, column: 'note_sealed' }
}

/** INSTR-7: what a receiver says. Said of a former version it is kept and answers with the new one, which must be read first. */
export const giveReceipt = defineAction({
  name: 'instruction.receipt',
  input: GiveReceipt,
  reach: 'county',
  output: InstructionDetail,
  run: async (ctx, args): Promise<InstructionDetail> => {
    if (!ctx.scope.some((mine) => contains(mine, args.area) || contains(args.area, mine)))
      throw notFound({ thing: 'instruction' })
    const row = await lockReceipt(ctx.db, args.id, args.area)
    if (!row) throw notAReceiver({})
    permit(ctx, 'file', { kind: 'instruction', area: ctx.scope.find((mine) => contains(args.area, mine)) ?? args.area })
    if (row.state === 'recalled') throw instructionRecalled({})
    if (args.version < row.version) throw instructionChanged({ version: row.version })
    const { id: emergencyId } = args.note === undefined ? { id: null } : await requireOpenEmergency(ctx, args.area)
    const place = notePlace(args)
    const note =
      args.note === undefined || emergencyId === null
        ? {}
        : { note_sealed: await ctx.keys.seal({ emergencyId, now: ctx.now, ...place }, args.note) }
    await say(
      ctx,
      row,
      {
        kind: args.says,
        version: row.version,
        at: args.occurredAt === undefined ? ctx.now : new Date(args.occurredAt),
        by: ctx.actor.id,
        byName: ctx.actor.name,
      },
      note,
    )
    ctx.audit({
      verb: `instruction.${args.says}`,
      thing: 'instruction',
      thingId: args.id,
      area: args.area,
      detail: { version: row.version },
    })
    return readInstruction(ctx, args.id)
  },
})

/** What a receiver wrote beside its answer, opened one at a time; it may name somebody. */
export const openNote = defineAction({
  name: 'instruction.note',
  input: OpenNote,
  output: OpenedNote,
  secret: true,
  run: async (ctx, args) => {
    const row = ctx.scope.some((mine) => contains(mine, args.area)) ? await receiptAt(ctx.db, args.id, args.area) : null
    if (!row?.note_sealed) throw notFound({ thing: 'note' })
    permit(ctx, 'read', { kind: 'instruction', area: args.area })
    ctx.audit({ verb: 'instruction.note', thing: 'instruction', thingId: args.id, area: args.area })
    return { text: await ctx.keys.open(notePlace(args), row.note_sealed) }
  },
})

/** INSTR-4: a centre on the way passes an instruction to the level below, with more and never with less. */
export const passInstruction = defineAction({
  name: 'instruction.pass',
  input: PassInstruction,
  output: InstructionDetail,
  run: async (ctx, args): Promise<InstructionDetail> => {
    if (!ctx.scope.some((mine) => contains(mine, args.area))) throw notFound({ thing: 'instruction' })
    const row = await lockReceipt(ctx.db, args.id, args.area)
    const instruction = await findInstruction(ctx.db, args.id)
    if (!row || !instruction) throw notAReceiver({})
    permit(ctx, 'file', { kind: 'instruction', area: args.area })
    if (row.state === 'recalled') throw instructionRecalled({})
    if (levelOf(args.area) >= instruction.level) throw nobodyBelow({})
    if (args.text !== '' || args.dueAt !== null) {
      const addition = { text: args.text, dueAt: args.dueAt }
      const fault = additionFault(
        { dueAt: row.due_at.toISOString() },
        { area: args.area, receiver: args.area },
        addition,
      )
      if (fault !== null) throw mayNotWeaken({ fault })
      await insertAddition(ctx.db, {
        instruction_id: args.id,
        area: args.area,
        text: args.text,
        due_at: args.dueAt === null ? null : new Date(args.dueAt),
        by: ctx.actor.id,
        by_name: ctx.actor.name,
        at: ctx.now,
      })
    }
    await say(ctx, row, {
      kind: 'passed_on',
      version: row.version,
      at: ctx.now,
      by: ctx.actor.id,
      byName: ctx.actor.name,
    })
    ctx.audit({ verb: 'instruction.pass', thing: 'instruction', thingId: args.id, area: args.area })
    ctx.emit('instruction.passed', { id: args.id, area: args.area }, { key: `${args.id}/${args.area}` })
    return readInstruction(ctx, args.id)
  },
})

export async function handOn(server: Server, id: string, area: AreaCode): Promise<void> {
  const found = await server.asSystem('instruction.hand', async (ctx) => ({
    row: await findInstruction(ctx.db, id),
    receipt: await receiptAt(ctx.db, id, area),
    addition: (await additionsOf(ctx.db, id)).find((one) => one.area === area),
  }))
  const { row, receipt, addition } = found
  if (!row || !receipt || receipt.state === 'recalled') return
  const level = Math.min(row.level, levelOf(area) + 1)
  // Only what the writer named, cut to what lies here.
  const to = row.targets.flatMap((target) => (contains(target, area) ? [area] : contains(area, target) ? [target] : []))
  await handTo(server, row, {
    level,
    to,
    dueAt: addition?.due_at ?? receipt.due_at,
    by: receipt.by_name ?? row.by_name,
  })
}

async function nextVersion(
  ctx: Ctx,
  args: { id: string; version: number; reason: string },
  next: { kind: 'changed' | 'recalled'; title?: string; text?: string; dueAt?: Date },
): Promise<InstructionDetail> {
  const row = await lockInstruction(ctx.db, args.id)
  if (!row || !ctx.scope.some((mine) => contains(mine, row.area))) throw notFound({ thing: 'instruction' })
  permit(ctx, next.kind === 'recalled' ? 'revoke' : 'file', { kind: 'instruction', area: row.area })
  if (row.state === 'recalled') throw instructionRecalled({})
  if (row.version !== args.version) throw instructionChanged({ version: row.version })
  const last = (await versionsOf(ctx.db, args.id)).at(-1)
  const version = row.version + 1
  const title = next.title ?? row.title
  const dueAt = next.dueAt ?? row.due_at
  await insertVersion(ctx.db, {
    instruction_id: args.id,
    version,
    kind: next.kind,
    title,
    text: next.text ?? last?.text ?? '',
    due_at: dueAt,
    reason: args.reason,
    by: ctx.actor.id,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  await setInstruction(ctx.db, args.id, {
    version,
    title,
    due_at: dueAt,
    ...(next.kind === 'recalled' ? { state: 'recalled' as const } : {}),
  })
  ctx.audit({
    verb: `instruction.${next.kind === 'recalled' ? 'recall' : 'change'}`,
    thing: 'instruction',
    thingId: args.id,
    area: row.area,
    detail: { version, reason: args.reason },
  })
  ctx.emit('instruction.version', { id: args.id, version, kind: next.kind }, { key: `${args.id}/${version}` })
  return readInstruction(ctx, args.id)
}

export const changeInstruction = defineAction({
  name: 'instruction.change',
  input: ChangeInstruction,
  output: InstructionDetail,
  run: async (ctx, args): Promise<InstructionDetail> => {
    const dueAt = new Date(args.dueAt)
    if (dueAt <= ctx.now) throw pastDue({})
    return nextVersion(ctx, args, { kind: 'changed', title: args.title, text: args.text, dueAt })
  },
})

export const recallInstruction = defineAction({
  name: 'instruction.recall',
  input: RecallInstruction,
  output: InstructionDetail,
  run: async (ctx, args): Promise<InstructionDetail> => nextVersion(ctx, args, { kind: 'recalled' }),
})

/** INSTR-4: what a level on the way has made earlier stays so; a change may only be earlier still. */
function dueFor({ row, additions }: Order, area: AreaCode): Date {
  return additions.reduce(
    (due, one) =>
      one.due_at !== null && one.area !== area && contains(one.area, area) && one.due_at < due ? one.due_at : due,
    row.due_at,
  )
}

/** Carries a new version to every receiver, chunk by chunk; a receiver that has it already is passed over. */
export async function spreadVersion(
  server: Server,
  id: string,
  version: number,
  kind: 'changed' | 'recalled',
): Promise<void> {
  for (let after: AreaCode | null = ''; after !== null;) {
    const from: AreaCode = after
    after = await server.asSystem('instruction.version', async (ctx) => {
      const order = await orderOf(ctx, id)
      const receipts = await lockReceipts(ctx.db, id, from, CHUNK)
      for (const receipt of receipts) {
        if (!order || receipt.version >= version) continue
        const { row } = order
        const dueAt = kind === 'changed' ? dueFor(order, receipt.area) : receipt.due_at
        const half = new Date(ctx.now.getTime() + (dueAt.getTime() - ctx.now.getTime()) / 2)
        await say(
          ctx,
          receipt,
          { kind, version, at: ctx.now, by: null, byName: row.by_name },
          kind === 'changed' ? { due_at: dueAt, sent_at: ctx.now, next_step_at: half, note_sealed: null } : {},
          order,
        )
      }
      return receipts.length < CHUNK ? null : (receipts.at(-1)?.area ?? null)
    })
  }
}

/**
 * INSTR-5: at 50, 100 and 150 % of the time given the level above is told, by name. Half time only reminds where nobody has
 * accepted; from the deadline on it is late.
 */
export async function escalateReceipts(server: Server): Promise<void> {
  for (;;) {
    const told = await server.asSystem('instruction.escalate', async (ctx) => {
      const rows = await lockDueSteps(ctx.db, ctx.now, CHUNK)
      for (const row of rows) await escalateOne(ctx, row)
      return rows.length
    })
    if (told < CHUNK) return
  }
}

async function escalateOne(ctx: Ctx, row: ReceiptRow): Promise<void> {
  const steps = stepsDue(row.sent_at, row.due_at, ctx.now)
  const half = (row.due_at.getTime() - row.sent_at.getTime()) / 2
  const next = steps >= 3 ? null : new Date(row.sent_at.getTime() + half * (steps + 1))
  const silent = steps <= 1 && row.accepted_at !== null
  if (steps <= row.escalated || silent) return updateReceipt(ctx.db, row, { next_step_at: next })
  const above = pathOf(row.area).filter((code) => code !== '' && code !== row.area)
  const to = await onShiftAbove(ctx, above)
  const instruction = await findInstruction(ctx.db, row.instruction_id)
  await say(
    ctx,
    row,
    { kind: 'escalated', version: row.version, step: steps, at: ctx.now, by: null, byName: row.by_name ?? '' },
    { next_step_at: next, told_name: to.map(({ name: who }) => who).join('、') || null },
  )
  if (to.length === 0 || !instruction) return
  const name = (await areaNames(ctx.db, [row.area])).get(row.area) ?? row.area
  const body = {
    zh: `《${instruction.title}》：${name} 已过 ${steps * 50}% 时限，尚未完成`,
    en: `"${instruction.title}": ${name} has used ${steps * 50} % of the time and is not done`,
  }
  await insertNotices(
    ctx.db,
    to.map(({ id }) => ({ accountId: id, id: newId(ctx.now), kind: 'instruction_late', body, at: ctx.now })),
  )
}

/** Who is told of lateness, as of a late task: whoever is on shift at the nearest level above, otherwise the people of its desk (TASK-4). */
async function onShiftAbove(ctx: Ctx, above: readonly AreaCode[]): Promise<{ id: string; name: string }[]> {
  for (const area of above.toReversed()) {
    const to = await responsibleAt(ctx.db, area, ctx.today)
    if (to.length > 0) return to
  }
  return []
}

/** INSTR-10: what is over leaves the phones, so that a first sync does not bring all that ever was; harmless to repeat. */
export async function leavePhones(server: Server): Promise<void> {
  for (;;) {
    const left = await server.asSystem('instruction.leave', async (ctx) => {
      const rows = await lockLeaving(ctx.db, ctx.now, CHUNK)
      for (const row of rows) {
        const body = { gone: true, why: 'over', area: row.area }
        ctx.feed({ grid: row.area, kind: 'instruction', id: row.instruction_id, body })
        await updateReceipt(ctx.db, row, { leaves_at: null })
      }
      return rows.length
    })
    if (left < CHUNK) return
  }
}

export type DoorVisit = { instructionId: string; householdId: string; area: AreaCode; visitId: string }

/**
 * INSTR-6: a visit by the form of an instruction counts its door, once. Called in the transaction of the visit; the receipt is held
 * first, so that of two visits and a correction at one moment each sees what the other did.
 */
export async function noteDoor(ctx: Ctx, at: DoorVisit): Promise<void> {
  if (at.area.length < GRID) return
  const grid = cutTo(at.area, GRID_LEVEL)
  if (!(await lockReceipt(ctx.db, at.instructionId, grid))) return
  const counts = await insertDoor(ctx.db, {
    county: countyOf(grid),
    instruction_id: at.instructionId,
    household_id: at.householdId,
    area: grid,
    visit_id: at.visitId,
    at: ctx.now,
  })
  if (counts) await countDoor(ctx, at.instructionId, grid, 1)
}

/**
 * INSTR-6: a visit that was corrected does not count its door any more.
 * @param next the visit that counts it instead, asked for while the receipt is held; null when none that stands found anybody
 */
export async function takeBackDoor(ctx: Ctx, at: DoorVisit, next: () => Promise<string | null>): Promise<void> {
  const door = await doorOf(ctx.db, { ...at, county: countyOf(at.area) })
  if (door?.visit_id !== at.visitId) return
  await lockReceipt(ctx.db, at.instructionId, door.area)
  const visitId = await next()
  await setDoor(ctx.db, door, visitId)
  if (visitId === null) await countDoor(ctx, at.instructionId, door.area, -1)
}

async function countDoor(ctx: Ctx, id: string, grid: AreaCode, n: 1 | -1): Promise<void> {
  await addDoorDone(ctx.db, id, grid, n)
  const receipt = await receiptAt(ctx.db, id, grid)
  if (receipt) await tellGrid(ctx, receipt)
}
