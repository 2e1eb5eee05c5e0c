/** The traveller's own page of returns, and the desk's and the worker's steps on them. */
import { contains } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { MyReturns, PlanReturn, StepMyReturn } from '@weiwang/domain/healthcode/reg-api'
import type { MyReturn } from '@weiwang/domain/healthcode/reg-api'
import { ReturnState } from '@weiwang/domain/healthcode/reg-api'
import type { ListReturns, ReturnLine } from '@weiwang/domain/healthcode/reg-desk-api'
import { SteppedReturn, StepReturn } from '@weiwang/domain/healthcode/reg-desk-api'
import { idTaken, returnStepUnfit, returnTooFar, unknownPlace } from '@weiwang/domain/healthcode/reg-problems'
import { returnStateOn, stepsOf } from '@weiwang/domain/healthcode/reg-return'
import type { ReturnEvent } from '@weiwang/domain/healthcode/reg-return'
import { RETURN_NEXT, RETURN_STATE_NAMES } from '@weiwang/domain/healthcode/reg-words'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { areasFor, may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { areaNames } from '../people/store.ts'
import { boundMine, standing, standingFor } from './holders.ts'
import { policyFor } from './reg-policy-store.ts'
import { listReturnRows, lockReturn, returnEvents, returnsOf } from './reg-return-store.ts'
import type { ReturnRow } from './reg-return-store.ts'
import { changeReturn, fromNames, openReturn, planOf } from './reg-returns.ts'
import { dropDraft, knownAreas, personHeads } from './reg-store.ts'
import { areaOf, emergencyOf, sayHome } from './reg-checks.ts'

const SHOWN = 20

/** The state on the day of asking: nobody waits for a job to be told that they are late. */
function stateOf(ctx: Ctx, row: ReturnRow): ReturnState {
  return returnStateOn({ state: planOf(row).state, expectedDay: row.grace_until }, ctx.today, 0)
}

async function presentMine(ctx: Ctx, rows: readonly ReturnRow[]): Promise<MyReturn[]> {
  const events = await returnEvents(ctx.db, rows)
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const fromName = await fromNames(
    ctx,
    rows.map((row) => row.from_place),
  )
  return rows.map((row) => {
    const state = stateOf(ctx, row)
    const steps = stepsOf(state, 'resident')
    return {
      id: row.id,
      personId: row.person_id ?? '',
      masked: row.masked,
      state,
      stateName: RETURN_STATE_NAMES[state],
      expectedDay: row.expected_day,
      transport: planOf(row).transport,
      fromName: fromName(row.from_place),
      areaName: nameOf(row.area),
      next: RETURN_NEXT[state],
      may: steps.flatMap((step) => (step === 'change' || step === 'arrive' || step === 'cancel' ? [step] : [])),
      steps: events
        .filter((event) => event.return_id === row.id)
        .flatMap((event) => {
          const reached = REACHED[event.kind]
          return reached === undefined
            ? []
            : [{ state: reached, stateName: RETURN_STATE_NAMES[reached], at: event.recorded_at.toISOString() }]
        }),
    }
  })
}

const REACHED: Record<string, ReturnState> = {
  submitted: 'submitted',
  triaged: 'triaged',
  notified: 'host_notified',
  arrived: 'arrived_confirmed',
  plan_started: 'health_plan_started',
  completed: 'completed',
  cancelled: 'cancelled',
  no_show: 'no_show',
}

/** GET /api/my/returns */
export async function readMyReturns(ctx: Ctx): Promise<z.infer<typeof MyReturns>> {
  const { persons } = await standing(ctx)
  const rows = await returnsOf(
    ctx.db,
    persons.map((one) => one.personId),
    SHOWN,
  )
  return { items: await presentMine(ctx, rows) }
}

async function answer(ctx: Ctx, row: ReturnRow): Promise<MyReturn> {
  const [item] = await presentMine(ctx, [row])
  if (!item) throw notFound({ thing: 'return' })
  return item
}

/** POST /api/my/returns: a new one, or another day for the one of this id. */
export const planMyReturn = defineAction({
  name: 'return.plan',
  input: PlanReturn,
  reach: 'all',
  run: async (ctx, args): Promise<MyReturn> => {
    const person = await boundMine(ctx, args.personId)
    const head = (await personHeads(ctx.db, [person.personId])).get(person.personId)
    if (!head) throw notFound({ thing: 'person' })
    const area = args.home === undefined ? head.home_area : areaOf(ctx, args.home)
    const policy = await policyFor(ctx.db, area)
    const { aheadDays, graceDays } = policy.returns
    if (args.expectedDay < ctx.today || args.expectedDay > addDays(ctx.today, aheadDays))
      throw returnTooFar({ days: aheadDays }, 'expectedDay')
    const fromPlace = args.fromArea ?? args.fromCountry ?? ''
    if (
      fromPlace === '' ||
      (args.fromArea !== undefined && !(await knownAreas(ctx.db, [args.fromArea])).has(fromPlace))
    )
      throw unknownPlace({ area: fromPlace }, 'fromArea')
    const { id: emergencyId } = await emergencyOf(ctx, area)
    const place = { emergencyId, now: ctx.now, table: 'return_registration', row: args.id, column: 'body_sealed' }
    const bodySealed = await ctx.keys.seal(
      place,
      JSON.stringify({ number: args.number ?? '', remark: args.remark ?? '', home: args.home ?? null }),
    )
    if (args.home !== undefined) await sayHome(ctx, person.personId, args.home, emergencyId)
    const before = await lockReturn(ctx.db, [''], args.id)
    if (before && before.person_id !== person.personId) throw idTaken({ id: args.id })
    const row = before
      ? await change(ctx, before, { args, fromPlace, graceDays, bodySealed })
      : await openReturn(ctx, {
          id: args.id,
          area,
          emergencyId,
          personId: person.personId,
          accountId: ctx.actor.id,
          masked: head.masked,
          expectedDay: args.expectedDay,
          transport: args.transport,
          fromPlace,
          companions: args.companions,
          bodySealed,
        })
    await dropDraft(ctx.db, ctx.actor.id, 'return')
    ctx.audit({
      verb: before ? 'return.change' : 'return.plan',
      thing: 'return',
      thingId: args.id,
      area: row.area,
      detail: { expectedDay: args.expectedDay },
    })
    return answer(ctx, row)
  },
})

async function change(
  ctx: Ctx,
  row: ReturnRow,
  to: { args: z.output<typeof PlanReturn>; fromPlace: string; graceDays: number; bodySealed: Buffer },
): Promise<ReturnRow> {
  const { expectedDay, transport, companions } = to.args
  const plan = planOf(row)
  const same =
    plan.expectedDay === expectedDay &&
    plan.transport === transport &&
    plan.fromPlace === to.fromPlace &&
    row.companions === companions
  if (same) return row
  const state = stateOf(ctx, row)
  if (!stepsOf(state, 'resident').includes('change')) throw returnStepUnfit({ step: 'change', state })
  const events: ReturnEvent[] = [{ kind: 'changed', body: { expectedDay, transport, fromPlace: to.fromPlace } }]
  if (row.area.length >= 15) events.push({ kind: 'notified', body: { area: row.area } })
  return (await changeReturn(ctx, row, events, { graceDays: to.graceDays, companions, bodySealed: to.bodySealed })).row
}

function eventOf(
  ctx: Ctx,
  step: 'arrive' | 'start_plan' | 'complete' | 'cancel',
  how: 'resident' | 'worker',
): ReturnEvent {
  const on = ctx.today
  if (step === 'arrive') return { kind: 'arrived', body: { on, how } }
  if (step === 'start_plan') return { kind: 'plan_started', body: { on } }
  if (step === 'complete') return { kind: 'completed', body: { on } }
  return { kind: 'cancelled', body: { why: how } }
}

const DONE: Record<string, ReturnState> = {
  arrive: 'arrived_confirmed',
  start_plan: 'health_plan_started',
  complete: 'completed',
  cancel: 'cancelled',
}

async function step(
  ctx: Ctx,
  row: ReturnRow,
  name: 'arrive' | 'start_plan' | 'complete' | 'cancel',
  how: 'resident' | 'worker',
): Promise<ReturnRow> {
  const state = stateOf(ctx, row)
  // A repeat finds it done (SYNC-1).
  if (planOf(row).state === DONE[name]) return row
  if (!stepsOf(state, how).includes(name)) throw returnStepUnfit({ step: name, state })
  return (await changeReturn(ctx, row, [eventOf(ctx, name, how)])).row
}

/** POST /api/my/returns/:id/step */
export const stepMyReturn = defineAction({
  name: 'return.my-step',
  input: StepMyReturn,
  reach: 'all',
  run: async (ctx, { id, step: name }): Promise<MyReturn> => {
    const { persons } = await standingFor(ctx, 'return')
    const row = await lockReturn(ctx.db, [''], id)
    if (!row || !persons.some((one) => one.personId === row.person_id)) throw notFound({ thing: 'return' })
    const after = await step(ctx, row, name, 'resident')
    ctx.audit({ verb: `return.${name}`, thing: 'return', thingId: id, area: row.area, detail: { by: 'resident' } })
    return answer(ctx, after)
  },
})

// ---- Desk and worker ------------------------------------------------------------------------------------------------------------

/** GET /api/returns */
export async function readReturns(
  ctx: Ctx,
  args: ListReturns,
): Promise<{ items: ReturnLine[]; next: string | null; total: number }> {
  const areas = areasFor(ctx, args.area)
  for (const area of areas) permit(ctx, 'read', { kind: 'registration', area })
  const { rows, next, total } = await listReturnRows(
    ctx.db,
    { areas, list: args.list, state: args.state, from: args.from, to: args.to, today: ctx.today },
    args,
  )
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const fromName = await fromNames(
    ctx,
    rows.map((row) => row.from_place),
  )
  const items = rows.map((row): ReturnLine => {
    const state = stateOf(ctx, row)
    const plan = planOf(row)
    return {
      id: row.id,
      county: row.county,
      area: row.area,
      areaName: nameOf(row.area),
      personId: row.person_id ?? '',
      masked: row.masked,
      state,
      stateName: RETURN_STATE_NAMES[state],
      level: plan.level,
      expectedDay: row.expected_day,
      transport: plan.transport,
      fromName: fromName(row.from_place),
      companions: row.companions,
      arrived: plan.arrivedOn === null ? null : { on: plan.arrivedOn, how: plan.arrivedHow },
      createdAt: row.created_at.toISOString(),
      taskId: row.task_id,
      may: may(ctx, 'file', { kind: 'registration', area: row.area }) ? stepsOf(state, 'worker') : [],
    }
  })
  return { items, next, total }
}

/** POST /api/returns/:id/step, and the phone's item `return.step`. */
export const stepReturn = defineAction({
  name: 'return.step',
  input: StepReturn,
  output: SteppedReturn,
  reach: 'all',
  run: async (ctx, { id, step: name }): Promise<z.infer<typeof SteppedReturn>> => {
    const row = await lockReturn(ctx.db, ctx.scope, id)
    if (!row || !ctx.scope.some((mine) => contains(mine, row.area))) throw notFound({ thing: 'return' })
    permit(ctx, 'file', { kind: 'registration', area: row.area })
    const after = await step(ctx, row, name, 'worker')
    ctx.audit({ verb: `return.${name}`, thing: 'return', thingId: id, area: row.area, detail: { by: 'worker' } })
    return { id, state: ReturnState.parse(after.state) }
  },
})
