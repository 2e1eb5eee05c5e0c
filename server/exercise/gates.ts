/** Gates of an exercise (EX-19): two in its first village, a shift for whoever stands there, and what passed yesterday. */
import { randomBytes } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { decideAtGate } from '@weiwang/domain/checkpoints/decide'
import { usualPolicy } from '@weiwang/domain/checkpoints/gate'
import type { GateColour, GateKind, GatePolicy } from '@weiwang/domain/checkpoints/gate'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import { rngOf } from '@weiwang/domain/exercise/prng'
import { gateLogin } from '@weiwang/domain/exercise/staff'
import { addGate } from '../checkpoints/gates.ts'
import { filePassages } from '../checkpoints/passages.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { planShifts, putOnShift } from '../teams/force-posts.ts'
import { listShifts } from '../teams/force-store-posts.ts'
import { actorsOf } from './accounts.ts'

const SHIFT_DAYS = 6
const PASSED = 90

/** Made-up numbers like those of the other offices (EX-14). */
const CALL: GatePolicy['call'] = [
  { role: 'ambulance', name: '120（演练）', phone: '0512-0000 0120' },
  { role: 'clinic', name: '发热门诊（演练）', phone: '0512-0000 0121' },
  { role: 'community', name: '社区（演练）', phone: '0512-0000 0122' },
  { role: 'isolation', name: '隔离点（演练）', phone: '0512-0000 0123' },
]

type Made = { id: string; area: string; kind: GateKind; name: Say; policy: GatePolicy }

function gatesOf(seed: string, plan: VillagePlan): Made[] {
  const { code } = plan.village
  const made = (at: string, area: string, kind: GateKind, name: Say): Made => ({
    id: idFrom(`${seed}/gate/${code}/${at}`),
    area,
    kind,
    name,
    policy: { ...usualPolicy(kind), call: CALL },
  })
  return [
    made('estate', `${code}001`, 'estate', say('小区东门', 'East gate of the estate')),
    made('road', code, 'road', say('路口检查点', 'Road checkpoint')),
  ]
}

export async function putGates(
  server: Server,
  operator: Actor,
  seed: string,
  at: { plans: readonly VillagePlan[]; day: Day },
): Promise<void> {
  const [plan] = at.plans
  const guard = plan && (await actorsOf(server, [gateLogin(plan.village.code)])).get(gateLogin(plan.village.code))
  if (!plan || !guard) return
  const gates = gatesOf(seed, plan)
  for (const gate of gates) await server.run(addGate, operator, gate, { key: `exercise/${gate.id}` })
  const [first] = gates
  if (first) await roster(server, operator, guard, first.id, at.day)
  for (const gate of gates)
    await filePassages(server, guard, passedAt(server, seed, gate, addDays(at.day, -1)), 'exercise')
}

async function roster(server: Server, operator: Actor, guard: Actor, postId: string, day: Day): Promise<void> {
  const shifts = { postId, from: day, to: addDays(day, SHIFT_DAYS), starts: '06:00', ends: '22:00', needed: 2 }
  await server.run(planShifts, operator, shifts, { key: `exercise/shifts/${postId}` })
  const { rows } = await server.asSystem('exercise.shifts', (ctx) =>
    listShifts(
      ctx.db,
      { areas: [''], own: false, from: day, to: addDays(day, SHIFT_DAYS), list: 'all', post: postId },
      { limit: SHIFT_DAYS + 1 },
    ),
  )
  for (const shift of rows) {
    const turnId = idFrom(`turn/${shift.id}`)
    await server.run(putOnShift, operator, { id: shift.id, turnId, accountId: guard.id }, { key: `exercise/${turnId}` })
  }
}

/** Strangers of yesterday, judged by the rule that a gate applies; their codes are random and nobody's. */
function passedAt(server: Server, seed: string, gate: Made, day: Day): object[] {
  const rng = rngOf(`${seed}/passed/${gate.id}`)
  const start = instantOf(day, server.clock.zone).getTime()
  return Array.from({ length: PASSED }, (_, i) => {
    const colour: GateColour = rng.chance(0.94)
      ? 'green'
      : rng.chance(0.5)
        ? 'pending'
        : rng.chance(0.7)
          ? 'yellow'
          : 'red'
    const temperature = rng.chance(0.02) ? rng.between(373, 379) : rng.between(359, 371)
    const emergency = i === 40
    const base = { colour: emergency ? null : colour, check: emergency ? null : ('valid' as const) }
    const fever = temperature >= gate.policy.temperature.threshold
    const retest = fever ? rng.between(362, 371) : null
    const lane = emergency ? ('emergency' as const) : ('code' as const)
    const decided = decideAtGate({ ...base, lane, temperature, retest, papers: null }, gate.policy)
    const at = new Date(start + (6 * 60 + rng.int(15 * 60)) * 60_000)
    return {
      kind: 'passage',
      id: idFrom(`${seed}/passage/${gate.id}/${i}`),
      gateId: gate.id,
      at: at.toISOString(),
      clockTrusted: true,
      listAgeMin: rng.between(1, 40),
      direction: gate.kind === 'estate' && rng.chance(0.45) ? 'out' : 'in',
      lane,
      checkRule: null,
      ...base,
      verdict: decided.verdict ?? 'admit_with_temp',
      temperature,
      retest: retest === null ? null : { at: new Date(at.getTime() + 8 * 60_000).toISOString(), temperature: retest },
      companions: null,
      private: { codeId: emergency ? null : randomBytes(8).toString('hex'), plate: null, visitor: null },
    }
  })
}
