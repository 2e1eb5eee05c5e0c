import { countyOf } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { SteppedObservation, StepObservation } from '@weiwang/domain/observation/api'
import type { StepBody } from '@weiwang/domain/observation/api'
import type { NewObservationEvent } from '@weiwang/domain/observation/event'
import { stateOf } from '@weiwang/domain/observation/fold'
import { stayUnknown } from '@weiwang/domain/observation/problems'
import { decideLapse, decideStep, stepRight } from '@weiwang/domain/observation/steps'
import type { When } from '@weiwang/domain/observation/steps'
import { areaExists, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { changeObservation } from './change.ts'
import type { ChangeOptions } from './change.ts'
import { creatorOf, doorAt, insertPaper, lockObservation } from './store.ts'
import type { Loaded } from './store.ts'

/** One action for the seven steps: load within the scope, permit by the step, decide, write, audit. */
export function whenOf(ctx: Ctx, occurredAt?: string): When {
  return { now: ctx.now, zone: ctx.zone, occurredAt: occurredAt === undefined ? ctx.now : new Date(occurredAt) }
}

export function stepped({ row, state }: Loaded): SteppedObservation {
  return {
    id: row.id,
    county: row.county,
    area: state.area,
    state: stateOf(state),
    endDay: state.endDay,
    version: state.version,
  }
}

/** What a person typed with a step; documents, witnesses and addresses are sealed apart. */
function noteOf(body: StepBody): string | undefined {
  return 'note' in body ? body.note : undefined
}

/** A stay is a door of the register or an area that exists; in the actor's reach when it lies in the same county. */
async function checkedStay(ctx: Ctx, body: StepBody & { step: 'stay' }): Promise<StepBody> {
  if (body.householdId !== undefined) {
    const door = await doorAt(ctx.db, [countyOf(body.area)], body.householdId)
    if (!door) throw notFound({ thing: 'household' })
    return { ...body, area: door.area }
  }
  if (body.area.length < 6 || !(await areaExists(ctx.db, body.area))) throw stayUnknown({})
  return body
}

/** OBS-10: what was drawn, or what the witness entered, sealed and never changed. */
export async function keepPaper(
  ctx: Ctx,
  loaded: Loaded,
  id: string,
  body: StepBody & { step: 'commitment' },
): Promise<void> {
  if (body.how === 'paper') return
  const { row, state } = loaded
  const kind = body.how === 'signed' ? 'strokes' : 'witness'
  const text = body.how === 'signed' ? JSON.stringify(body.strokes) : (body.witness ?? '')
  const place = { table: 'observation_paper', row: `${row.id}/${id}`, column: 'sealed' }
  await insertPaper(ctx.db, {
    county: row.county,
    observation_id: row.id,
    id,
    area: state.area,
    kind,
    sealed: await ctx.keys.seal({ emergencyId: row.emergency_id, now: ctx.now, ...place }, text),
    by: actorId(ctx),
    at: ctx.now,
  })
}

/** OBS-9: what the person says of the employer or school, when somebody is told. */
function unitOf(body: StepBody): string | undefined {
  if (body.step !== 'notice' || body.unit === undefined) return undefined
  const { unit, unitContact, unitPhone } = body
  const contact =
    unitContact === undefined && unitPhone === undefined ? null : { name: unitContact ?? '', phone: unitPhone ?? null }
  return JSON.stringify({ name: unit, contact })
}

function optionsOf(args: { occurredAt?: string | undefined; do: StepBody }): ChangeOptions {
  return {
    text: noteOf(args.do),
    unit: unitOf(args.do),
    ...(args.occurredAt === undefined ? {} : { occurredAt: new Date(args.occurredAt).toISOString() }),
    ...(args.do.step === 'stay' ? { address: args.do.address } : {}),
  }
}

/** Which step it was and what came of it, for the trail; a doctor's document and an approver are facts of the act. */
function detailOf(events: readonly NewObservationEvent[], after: Loaded): Record<string, unknown> {
  const [event] = events
  const of = event?.kind === 'extended' ? { document: event.body.document } : {}
  return { kind: event?.kind ?? 'nothing', state: stateOf(after.state), endDay: after.state.endDay, ...of }
}

/**
 * POST /api/observations/:id/step, and `observation.step` of phones. What time has already made true is recorded first, so that a
 * step after a lapse is decided against it (OBS-20, OBS-23). @throws notFound, notAllowed, the step's problem
 */
export const stepObservation = defineAction({
  name: 'observation.step',
  input: StepObservation,
  output: SteppedObservation,
  // The area that counts it may lie in another county (case 17), and its counters with it; the scope check below stands.
  reach: 'all',
  run: async (ctx, args): Promise<SteppedObservation> => {
    const found = await lockObservation(ctx.db, ctx.scope, args.id)
    if (!found) throw notFound({ thing: 'observation' })
    const { verb, kind } = stepRight(args.do.step)
    permit(ctx, verb, { kind, area: found.state.area, ...(verb === 'approve' ? await proposer(ctx, found) : {}) })
    await requireOpenEmergency(ctx, found.state.area)
    const body = args.do.step === 'stay' ? await checkedStay(ctx, args.do) : args.do
    const when = whenOf(ctx, args.occurredAt)
    const lapse = decideLapse(found.state, when)
    const loaded = lapse.ok ? await changeObservation(ctx, found, lapse.events, { by: null }) : found
    const given = { successorId: newId(ctx.now), note: `${found.row.reference}-R` }
    const decision = decideStep(loaded.state, body, when, given)
    if (!decision.ok) throw decision.problem
    if (body.step === 'commitment') await keepPaper(ctx, loaded, given.successorId, body)
    const after = await changeObservation(ctx, loaded, decision.events, optionsOf(args))
    transferred(ctx, after, body)
    // What was handed in for it before goes to it (SYNC-25).
    if (body.step === 'commitment' && body.how === 'paper') ctx.emit('observation.pictured', { observationId: args.id })
    ctx.audit({
      verb: `observation.${args.do.step}`,
      thing: 'observation',
      thingId: args.id,
      area: found.state.area,
      detail: detailOf(decision.events, after),
    })
    return stepped(after)
  },
})

/** OBS-15: who asked may not approve, nor somebody whose account the asker made. */
async function proposer(ctx: Ctx, loaded: Loaded): Promise<{ by: string | null; byCreatedBy: string | null }> {
  const by = loaded.state.shortening?.by ?? null
  return { by, byCreatedBy: by === null ? null : await creatorOf(ctx.db, by) }
}

/** The successor lies in another county, beyond the bounds of this act: a reaction opens it (OBS-16). */
function transferred(ctx: Ctx, after: Loaded, body: StepBody): void {
  const to = after.state.movedTo
  if (to === null || body.step !== 'stay') return
  ctx.emit('observation.transferred', {
    county: after.row.county,
    observationId: after.row.id,
    to,
    householdId: body.householdId ?? null,
    responsibleArea: body.responsibleArea ?? null,
    place: body.place,
  })
}
