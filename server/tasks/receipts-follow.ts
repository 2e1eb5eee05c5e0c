/**
 * INSTR-9: receipts follow their areas. What an area became owes what the area owed, and what was confirmed stays confirmed, with
 * who confirmed it and when; a receiver that takes in another is done only when both were. The ended one is no receiver any more,
 * so that received, read, done and late add up at every level of today.
 */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { levelOf } from '@weiwang/domain/areas/code'
import { findOpenEmergency } from '../access/store.ts'
import { successorsNow } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { KeyDestroyed } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { GRID, notePlace, say, tellGrid } from './instructions.ts'
import { findInstruction, lockReceipt, receiptAt, updateReceipt } from './store-instructions.ts'
import type { ReceiptRow } from './store-instructions.ts'
import { copyReceipt, endReceipt, lockEndedReceipts, moveDoorsDone, recountDoors } from './store-receipts.ts'

const CHUNK = 200

/** Harmless to repeat: what has moved is not there any more. For after doors have followed, whose number is counted anew. */
export async function followReceipts(server: Server, chunk = CHUNK): Promise<void> {
  for (;;) {
    const { found, moved } = await server.asSystem('instruction.follow', (ctx) => followChunk(ctx, chunk))
    if (found < chunk || moved === 0) return
  }
}

async function followChunk(ctx: Ctx, chunk: number): Promise<{ found: number; moved: number }> {
  const ended = await lockEndedReceipts(ctx.db, chunk)
  const became = await successorsNow(
    ctx.db,
    ended.map((row) => row.area),
  )
  let moved = 0
  for (const row of ended) {
    // Of another level, or nothing at all: it stays where somebody may look it up.
    const to = (became.get(row.area) ?? []).filter((code) => levelOf(code) === row.level)
    if (to.length === 0) continue
    await followOne(ctx, row, to)
    moved += 1
  }
  return { found: ended.length, moved }
}

async function followOne(ctx: Ctx, row: ReceiptRow, to: readonly AreaCode[]): Promise<void> {
  const instruction = await findInstruction(ctx.db, row.instruction_id)
  for (const area of to) {
    const made = await copyReceipt(ctx.db, row, area, await resealed(ctx, row, area))
    if (!made) await joined(ctx, row, area)
  }
  await moveDoorsDone(ctx.db, row, to)
  await endReceipt(ctx.db, row)
  for (const area of to) {
    if (instruction) await recountDoors(ctx.db, instruction, area, row.level)
    const receipt = await receiptAt(ctx.db, row.instruction_id, area)
    if (receipt) await tellGrid(ctx, receipt)
  }
  if (row.area.length === GRID)
    ctx.feed({ grid: row.area, kind: 'instruction', id: row.instruction_id, body: { gone: true, why: 'moved' } })
  const detail = { to: [...to], state: row.state }
  ctx.audit({ verb: 'instruction.follow', thing: 'instruction', thingId: row.instruction_id, area: row.area, detail })
}

/** A receiver that was one already takes over what the other still owes: it is not done before that is, nor later than it. */
async function joined(ctx: Ctx, row: ReceiptRow, area: AreaCode): Promise<void> {
  const into = await lockReceipt(ctx.db, row.instruction_id, area)
  if (!into) return
  if (row.due_at < into.due_at) await updateReceipt(ctx.db, into, { due_at: row.due_at })
  if (into.state !== 'done' || row.state === 'done' || row.state === 'recalled') return
  const said = { kind: 'reopened' as const, version: into.version, at: ctx.now, by: null, byName: into.by_name ?? '' }
  await say(ctx, into, said, { next_step_at: row.next_step_at })
}

/** A note is bound to the row that it lies in (KEY-1); one whose key was destroyed is deleted. */
async function resealed(ctx: Ctx, row: ReceiptRow, area: AreaCode): Promise<Buffer | null> {
  if (row.note_sealed === null) return null
  const emergency = await findOpenEmergency(ctx, area)
  if (!emergency) return null
  try {
    const text = await ctx.keys.open(notePlace({ id: row.instruction_id, area: row.area }), row.note_sealed)
    const place = notePlace({ id: row.instruction_id, area })
    return await ctx.keys.seal({ emergencyId: emergency.id, now: ctx.now, ...place }, text)
  } catch (error) {
    if (error instanceof KeyDestroyed) return null
    throw error
  }
}
