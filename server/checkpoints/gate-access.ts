/** Who may act at a gate, and at which moment (GATE-6). */
import { can } from '@weiwang/domain/access/can'
import { notAtGate } from '@weiwang/domain/checkpoints/problems'
import { dayOf } from '@weiwang/domain/core/day'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import type { Ctx } from '../core/ctx.ts'
import { coversOf, findGate, hadCover } from './store.ts'
import type { Cover, GateRow } from './store.ts'

/** Whether the actor may file at this gate now: a desk around it, or somebody of the gates with a duty that covers it today. */
export function mayFileNow(ctx: Ctx, gate: GateRow): boolean {
  return can(ctx.actor, 'file', { kind: 'gate', area: gate.area })
}

/** A gate at which the actor stands now. @throws notFound, notAllowed */
export async function gateNow(ctx: Ctx, id: string): Promise<GateRow> {
  const gate = await findGate(ctx.db, id)
  if (!gate || gate.ended_at !== null) throw notFound({ thing: 'gate' })
  if (mayFileNow(ctx, gate)) return gate
  if (!can({ ...ctx.actor, scope: [gate.area] }, 'file', { kind: 'gate', area: gate.area }))
    throw notAllowed({ verb: 'file', thing: 'gate' })
  throw notFound({ thing: 'gate' })
}

export type Standing = { gate: GateRow; desk: boolean; covers: readonly Cover[] }

/**
 * A gate at which the actor stands or has stood: what was recorded offline arrives after the duty has ended. Each thing is then
 * held to its own moment by `stoodAt`. @throws notFound, notAllowed
 */
export async function gateEver(ctx: Ctx, id: string): Promise<Standing> {
  const gate = await findGate(ctx.db, id)
  if (!gate) throw notFound({ thing: 'gate' })
  const desk = mayFileNow(ctx, gate)
  if (desk) return { gate, desk, covers: [] }
  const role = can({ ...ctx.actor, scope: [gate.area] }, 'file', { kind: 'gate', area: gate.area })
  const covers = role ? await coversOf(ctx.db, ctx.actor.id) : []
  // Never stood here: the gate is not there for this account (ACCESS-3).
  if (!covers.some((one) => gate.area.startsWith(one.area))) throw notFound({ thing: 'gate' })
  return { gate, desk, covers }
}

/** @throws notAtGate */
export function stoodAt(ctx: Ctx, standing: Standing, at: Date): void {
  if (standing.desk) return
  if (!hadCover(standing.covers, standing.gate.area, at, dayOf(at, ctx.zone))) throw notAtGate({})
}
