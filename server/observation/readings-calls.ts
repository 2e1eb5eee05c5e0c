import { CallDone } from '@weiwang/domain/observation/reading-api'
import type { CallAnswer, FiledReadings, OpenedNumber } from '@weiwang/domain/observation/reading-api'
import { OpenNumber } from '@weiwang/domain/observation/reading-api'
import { goesToDoor, isReached } from '@weiwang/domain/observation/reading'
import { callClosed, calledTooEarly } from '@weiwang/domain/observation/reading-problems'
import { isQuiet, outOfQuiet } from '@weiwang/domain/observation/slots'
import { isOpen } from '@weiwang/domain/observation/fold'
import { contains } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { findSealed } from '../people/store.ts'
import { changeObservation } from './change.ts'
import { endCall, toTheDoor } from './reading-ends.ts'
import { fileReadings } from './readings-file.ts'
import { presentCalls } from './readings-lists.ts'
import { zoneOf } from './reading-feed.ts'
import { findCall, findDue, lockDue, plansByArea, updateCall, updateDue } from './readings-store.ts'
import type { CallRow, DueRow } from './readings-store.ts'
import { lockObservation } from './store.ts'

/** READ-12: whom somebody has to speak to, and what a call says. */

/** In the actor's scope by where the person stays. @throws notFound */
async function callInHand(ctx: Ctx, county: string, id: string): Promise<{ call: CallRow; due: DueRow }> {
  const call = await findCall(ctx.db, county, id)
  if (!call || !ctx.scope.some((mine) => contains(mine, call.area))) throw notFound({ thing: 'call' })
  const due = await findDue(ctx.db, { county, observationId: call.observation_id })
  if (!due) throw notFound({ thing: 'call' })
  return { call, due }
}

/** Whom to call, in clear: opened for this one call, with its line in the trail. No number is shown at night (READ-8). */
export const openNumber = defineAction({
  name: 'reading.number',
  input: OpenNumber,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<z.infer<typeof OpenedNumber>> => {
    const { call, due } = await callInHand(ctx, args.county, args.id)
    permit(ctx, 'file', { kind: 'observation', area: call.area })
    if (call.closed !== null) throw callClosed({ closed: call.closed })
    const zone = zoneOf(due, ctx)
    if (isQuiet(ctx.now, zone)) throw calledTooEarly({ notBefore: outOfQuiet(ctx.now, zone).toISOString() })
    const id = due.responder_person_id
    const [row] = await findSealed(ctx.db, [''], [id])
    if (!row) throw notFound({ thing: 'person' })
    ctx.audit({
      verb: 'person.open',
      thing: 'person',
      thingId: id,
      area: call.area,
      purpose: 'observation',
      ids: [id],
      detail: { channel: 'call', call: call.id },
    })
    return {
      name: await openText(ctx, { table: 'person', row: id, column: 'name_sealed' }, row.name_sealed),
      phone: await openText(ctx, { table: 'identity', row: id, column: 'phone_sealed' }, row.phone_sealed),
    }
  },
})

/** OBS-12: how the person was found when somebody asked. */
async function noteWelfare(
  ctx: Ctx,
  due: DueRow,
  how: 'phone' | 'door',
  found: 'well' | 'needs_help' | 'unwell',
  at: string,
): Promise<void> {
  const loaded = await lockObservation(ctx.db, [''], due.observation_id)
  if (!loaded || !isOpen(loaded.state)) return
  await changeObservation(ctx, loaded, [{ kind: 'welfare', body: { on: ctx.today, how, found, visitId: null } }], {
    occurredAt: at,
  })
}

/** The outcome of a call, with the readings that were given during it. */
export const callDone = defineAction({
  name: 'reading.call',
  input: CallDone,
  reach: 'all',
  run: async (ctx, args): Promise<z.infer<typeof CallAnswer>> => {
    const { call, due } = await callInHand(ctx, args.county, args.id)
    permit(ctx, 'file', { kind: 'observation', area: call.area })
    const occurredAt = args.occurredAt ?? ctx.now.toISOString()
    let filed: FiledReadings['items'] = []
    if (args.readings.length > 0)
      filed = (await fileReadings(ctx, { how: 'phone', occurredAt, items: args.readings })).items
    const fresh = await findCall(ctx.db, args.county, args.id)
    if (!fresh) throw notFound({ thing: 'call' })
    if (fresh.closed !== null && args.readings.length === 0) throw callClosed({ closed: fresh.closed })
    const tries = fresh.tries + 1
    await updateCall(ctx.db, fresh, { tries, last_outcome: args.outcome, last_at: ctx.now, last_by: ctx.actor.id })
    if (isReached(args.outcome) || args.outcome === 'needs_help')
      await noteWelfare(ctx, due, 'phone', args.outcome === 'reached' ? 'well' : 'needs_help', occurredAt)
    if (fresh.closed === null) await afterOutcome(ctx, { call: fresh, due, outcome: args.outcome, tries })
    ctx.audit({
      verb: 'reading.call',
      thing: 'observation',
      thingId: call.observation_id,
      area: call.area,
      detail: { call: call.id, outcome: args.outcome, readings: filed.length },
    })
    const after = await findCall(ctx.db, args.county, args.id)
    const [view] = after ? await presentCalls(ctx, [after]) : []
    if (!view) throw notFound({ thing: 'call' })
    return { call: view, readings: filed }
  },
})

type Outcome = z.infer<typeof CallDone>['outcome']

const HOUR = 3_600_000
const AGAIN_HOURS: Partial<Record<Outcome, number>> = { no_answer: 2, off: 4 }

async function afterOutcome(
  ctx: Ctx,
  of: { call: CallRow; due: DueRow; outcome: Outcome; tries: number },
): Promise<void> {
  const { call, due, outcome, tries } = of
  const key = { county: call.county, observationId: call.observation_id }
  if (isReached(outcome)) {
    // Spoken with: is well. The reading may still come; the next missed deadline begins anew.
    await endCall(ctx, call, 'reached', { by: 'worker', readingId: null, method: 'phone', reason: 'reached' })
    const locked = await lockDue(ctx.db, key)
    if (locked)
      await updateDue(ctx.db, key, { missed: 0, since: null, how: null, heard_at: ctx.now, updated_at: ctx.now })
    return
  }
  const again = outOfQuiet(new Date(ctx.now.getTime() + (AGAIN_HOURS[outcome] ?? 2) * HOUR), zoneOf(due, ctx))
  await updateCall(ctx.db, call, { not_before: again })
  // A number that is not theirs is no way to reach them.
  if (outcome === 'wrong_number') await updateDue(ctx.db, key, { contact: 'door', updated_at: ctx.now })
  const { unreached } = (await plansByArea(ctx.db))(due.area)
  if (goesToDoor(outcome) || tries >= unreached) await toTheDoor(ctx, call, due)
}
