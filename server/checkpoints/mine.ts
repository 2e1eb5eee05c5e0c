/** What a gate's app needs to work without the server (GATE-6). */
import { KEEP_DAYS } from '@weiwang/domain/checkpoints/gate'
import type { MyGate, MyGates } from '@weiwang/domain/checkpoints/api'
import { may } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { sealKey } from '../core/keys/seal-key.ts'
import { areaNames } from '../people/store.ts'
import { todayOf } from './gates.ts'
import { gatesAt, kindOf, myShifts } from './store.ts'

const MOST_GATES = 100
const AHEAD_MS = 12 * 3_600_000

/** Gates that my duties of today cover, the one of my shift first, then those by area. */
export async function readMine(server: Server, ctx: Ctx): Promise<MyGates> {
  const areas = ctx.scope.filter((area) => area !== '' && may(ctx, 'file', { kind: 'gate', area }))
  const gates = areas.length === 0 ? [] : await gatesAt(ctx.db, areas, MOST_GATES)
  const shifts = await myShifts(ctx.db, ctx.actor.id, ctx.now, new Date(ctx.now.getTime() + AHEAD_MS))
  const nameOf = await areaNames(
    ctx.db,
    gates.map((gate) => gate.area),
  )
  const today = await todayOf(ctx, gates)
  const items = gates.map((gate): MyGate => {
    const shift = shifts.get(gate.post_id)
    return {
      id: gate.id,
      name: gate.name,
      kind: kindOf(gate),
      area: gate.area,
      areaName: nameOf(gate.area),
      policy: gate.policy,
      version: gate.version,
      shift: shift
        ? {
            startsAt: shift.starts_at.toISOString(),
            endsAt: shift.ends_at.toISOString(),
            now: shift.starts_at <= ctx.now,
          }
        : null,
      today: today(gate.id),
    }
  })
  const rank = (one: MyGate): number => (one.shift === null ? 2 : one.shift.now ? 0 : 1)
  const key = await sealKey(server.keys, server.jobsPool.db, ctx.now)
  return {
    now: ctx.now.toISOString(),
    today: ctx.today,
    zone: ctx.zone,
    exercise: server.config.exercise !== 'off',
    account: { id: ctx.actor.id, name: ctx.actor.name },
    gates: items.toSorted((a, b) => rank(a) - rank(b)),
    sealKey: { id: key.id, point: key.point.toString('base64url') },
    keepDays: KEEP_DAYS,
  }
}
