/**
 * GATE-14: whoever has told of a return stands at the gate, and the grid hears that they have come. What the gate sends names the
 * return and nothing else: no passage, no code and no hour lies beside it, and the trail does not say which gate it was (GATE-15).
 */
import { ArrivalItem } from '@weiwang/domain/checkpoints/api'
import type { AskExpected, ExpectedReturns } from '@weiwang/domain/checkpoints/api'
import { addDays, dayOf } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { returnStepUnfit } from '@weiwang/domain/healthcode/reg-problems'
import { ReturnState } from '@weiwang/domain/healthcode/reg-api'
import { RETURN_LEVELS, stepsOf } from '@weiwang/domain/healthcode/reg-return'
import { TRANSPORT_NAMES } from '@weiwang/domain/healthcode/reg-words'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { lockReturn } from '../healthcode/reg-return-store.ts'
import { changeReturn, fromNames, planOf } from '../healthcode/reg-returns.ts'
import { gateEver, gateNow, stoodAt } from './gate-access.ts'
import { momentOf } from './passages-time.ts'
import { expectedBehind } from './store-codes.ts'

const VILLAGE = 12
const MOST = 300
/** Who is late by more is looked for by the grid, and who comes later than this is not told of yet. */
const BACK_DAYS = 7
const AHEAD_DAYS = 3

/** People of an estate live in several grids: those of the gate's village, or of its town where it lies in none. */
const behind = (gate: { area: string }): string => gate.area.slice(0, VILLAGE)

/** GET /api/gate/expected */
export async function readExpected(ctx: Ctx, args: z.output<typeof AskExpected>): Promise<ExpectedReturns> {
  const gate = await gateNow(ctx, args.gateId)
  const days = { from: addDays(ctx.today, -BACK_DAYS), to: addDays(ctx.today, AHEAD_DAYS) }
  const { rows, total } = await expectedBehind(ctx.db, behind(gate), days, MOST)
  const fromName = await fromNames(
    ctx,
    rows.map((row) => row.from_place),
  )
  return {
    asOf: ctx.now.toISOString(),
    items: rows.map((row) => ({
      id: row.id,
      name: row.masked,
      expectedDay: row.expected_day,
      late: row.grace_until < ctx.today,
      fromName: fromName(row.from_place),
      level: RETURN_LEVELS.find((level) => level === row.level) ?? null,
      transport: TRANSPORT_NAMES[planOf(row).transport],
      companions: row.companions,
    })),
    total,
  }
}

/** An item of `POST /api/passages`. Whoever has been seen already, by another gate or by themselves, is no fault. */
export const fileArrival = defineAction({
  name: 'gate.arrival',
  input: ArrivalItem,
  output: z.object({ id: z.uuid() }),
  reach: 'all',
  run: async (ctx, args) => {
    const standing = await gateEver(ctx, args.gateId)
    const at = momentOf(ctx, args.at)
    stoodAt(ctx, standing, at)
    const row = await lockReturn(ctx.db, [behind(standing.gate)], args.returnId)
    if (!row) throw notFound({ thing: 'return' })
    const state = ReturnState.parse(row.state)
    const come = planOf(row).arrivedOn !== null
    if (!come && !stepsOf(state, 'worker').includes('arrive')) throw returnStepUnfit({ step: 'arrive', state })
    const on = dayOf(at, ctx.zone)
    if (!come) await changeReturn(ctx, row, [{ kind: 'arrived', body: { on, how: 'gate' } }])
    ctx.audit({
      verb: 'return.arrive',
      thing: 'return',
      thingId: row.id,
      area: row.area,
      ...(row.person_id === null ? {} : { ids: [row.person_id] }),
      detail: { by: 'gate', ...(come ? { repeat: true } : {}) },
    })
    return { id: args.id }
  },
})
