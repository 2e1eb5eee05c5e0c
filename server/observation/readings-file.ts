import type { AreaCode } from '@weiwang/domain/areas/code'
import { contains } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import type { NewObservationEvent } from '@weiwang/domain/observation/event'
import { isOpen } from '@weiwang/domain/observation/fold'
import { alarmOf, takenAt } from '@weiwang/domain/observation/reading'
import { isStillTaken, OLDEST_HOURS } from '@weiwang/domain/observation/still-taken'
import { isUnlikely } from '@weiwang/domain/observation/temperature'
import type { Alarm, WayIn } from '@weiwang/domain/observation/reading'
import { FiledReading } from '@weiwang/domain/observation/reading-api'
import type { FiledReadings, FileReadings, ReadingItem } from '@weiwang/domain/observation/reading-api'
import {
  correctedReading,
  notAsked,
  readingIdTaken,
  unlikelyTemperature,
} from '@weiwang/domain/observation/reading-problems'
import { missedAfter } from '@weiwang/domain/observation/reading-watch'
import { isExpected, slotAt, slotName, slotNamed, slotState } from '@weiwang/domain/observation/slots'
import type { ReadingPlan, Slot } from '@weiwang/domain/observation/slots'
import { differenceOf } from '@weiwang/domain/tasks/counts'
import type { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { argsHash } from '../core/transaction.ts'
import { changeObservation } from './change.ts'
import { followedOf, nextOf, partOf } from './due-follow.ts'
import { endCall } from './reading-ends.ts'
import { tellReadings, zoneOf } from './reading-feed.ts'
import {
  findReading,
  findSlot,
  insertReading,
  lastSlots,
  lockDue,
  openCalls,
  plansByArea,
  putSlot,
  updateDue,
  updateReading,
} from './readings-store.ts'
import type { DueRow, ReadingRow, SlotRow } from './readings-store.ts'
import { lockObservation } from './store.ts'

/** One reading filed, by whichever way it came: the row, its slot, what it ends, what it raises (READ-3 to READ-6, READ-11). */
export type Filed = z.infer<typeof FiledReading>
type Item = z.output<typeof ReadingItem>
type From = { how: WayIn; taken: Date; by: string | null }

const HOUR = 3_600_000
/** Enough slots to see how long nothing has come. */
const LOOK_BACK = 20

/** A reading of this id was filed before: its answer, or another reading's id (case 39). */
function repeated(row: ReadingRow, hash: Buffer): Filed {
  if (!row.args_hash.equals(hash)) throw readingIdTaken({ id: row.id })
  const rest: Filed = {
    id: row.id,
    observationId: row.observation_id,
    slot: { day: row.day, part: partOf(row.part) },
    state: 'on_time',
    alarm: null,
    ended: null,
    recordedAt: row.recorded_at.toISOString(),
  }
  return FiledReading.catch(rest).parse(row.answer)
}

/** READ-4: the slot of a reading; a named one may lie in the past, never ahead, and nothing older than three days. */
function slotFor(
  ctx: Ctx,
  of: { due: DueRow; plan: ReadingPlan; item: Item; prior: ReadingRow | null; taken: Date },
): Slot {
  const { due, plan, item, prior, taken } = of
  const zone = zoneOf(due, ctx)
  if (ctx.now.getTime() - taken.getTime() > OLDEST_HOURS * HOUR) throw notAsked({ why: 'old' })
  if (due.ended_at !== null && taken > due.ended_at) throw notAsked({ why: 'ended' })
  const named = item.slot ?? (prior ? { day: prior.day, part: partOf(prior.part) } : slotAt(plan, taken, zone))
  const slot = slotNamed(plan, named, zone)
  if (!slot || slot.day < due.first_day || slot.day > due.last_day) throw notAsked({ why: 'day' })
  if (slot.opensAt > ctx.now) throw notAsked({ why: 'ahead' })
  if (!isStillTaken(slot, ctx.now)) throw notAsked({ why: 'old' })
  return slot
}

/** READ-5: a correction replaces what was said, not when it was first said. */
async function priorOf(ctx: Ctx, item: Item): Promise<ReadingRow | null> {
  if (item.supersedes === undefined) return null
  const prior = await findReading(ctx.db, item.county, item.supersedes)
  if (!prior || prior.observation_id !== item.observationId) throw notFound({ thing: 'reading' })
  if (prior.superseded_by !== null) throw correctedReading({ by: prior.superseded_by })
  return prior
}

const keyOf = (count: { area: string; day: string; metric: string }): string =>
  `${count.area}|${count.day}|${count.metric}`

function counted(slot: Pick<SlotRow, 'area' | 'day' | 'state'> | null) {
  return slot === null ? [] : [{ area: slot.area.slice(0, 15), day: slot.day, metric: `reading:${slot.state}`, n: 1 }]
}

/** READ-16: the slot's row and the counters move together. @returns what the slot is now */
async function fillSlot(ctx: Ctx, due: DueRow, slot: Slot, from: From): Promise<'on_time' | 'late'> {
  const key = { county: due.county, observationId: due.observation_id }
  const before = await findSlot(ctx.db, key, slot)
  const earliest = before?.taken_at && before.taken_at < from.taken ? before.taken_at : from.taken
  const state = slotState(slot, earliest, ctx.now) === 'on_time' ? 'on_time' : 'late'
  if (!isExpected(followedOf(due, ctx), slot) && before === null) return state
  const row = {
    county: due.county,
    observation_id: due.observation_id,
    day: slot.day,
    part: slot.part,
    area: before?.area ?? due.responsible_area,
    emergency_id: due.emergency_id,
    due_at: before?.due_at ?? slot.dueAt,
    state,
    how: before?.how ?? from.how,
    taken_at: earliest,
    recorded_at: ctx.now,
  }
  await putSlot(ctx.db, row)
  ctx.count(differenceOf(counted(before), counted(row), keyOf))
  return state
}

/** READ-6: fever or a symptom that is reported at once takes the observation's symptom step, in the same transaction. */
async function raise(ctx: Ctx, due: DueRow, alarm: Alarm, of: { item: Item; taken: Date }): Promise<void> {
  const loaded = await lockObservation(ctx.db, [''], due.observation_id)
  if (!loaded || !isOpen(loaded.state)) return
  const { temperature } = of.item
  const codes = [...(alarm.fever ? ['fever'] : []), ...alarm.symptoms]
  await changeObservation(
    ctx,
    loaded,
    [
      {
        kind: 'symptom',
        body: {
          on: ctx.today,
          codes,
          temperature: temperature === null ? null : temperature / 10,
          readingId: of.item.id,
        },
      },
    ],
    { occurredAt: of.taken.toISOString() },
  )
}

/** READ-11: heard from. What was being done about the silence ends; what is next is asked anew. */
async function heard(
  ctx: Ctx,
  of: { due: DueRow; plan: ReadingPlan; slot: Slot; readingId: string },
  from: From,
): Promise<{ row: DueRow; ended: Filed['ended']; taskId: string | null }> {
  const { due, plan, slot, readingId } = of
  const key = { county: due.county, observationId: due.observation_id }
  const heardAt = due.heard_at !== null && due.heard_at > from.taken ? due.heard_at : from.taken
  const came = (await lastSlots(ctx.db, key, LOOK_BACK)).map((one) => ({
    dueAt: one.due_at,
    missed: one.state === 'missed',
  }))
  const { missed, since } = missedAfter(came, heardAt)
  const row: DueRow = {
    ...due,
    heard_at: heardAt,
    missed,
    since,
    how: missed === 0 ? null : due.how,
    updated_at: ctx.now,
  }
  row.next_due = await nextOf(ctx, row, plan)
  await updateDue(ctx.db, key, {
    heard_at: row.heard_at,
    missed,
    since,
    how: row.how,
    next_due: row.next_due,
    updated_at: ctx.now,
  })
  const [call] = await openCalls(ctx.db, [key])
  if (!call || missed > 0) return { row, ended: null, taskId: call?.task_id ?? null }
  const own = from.how === 'door' || from.how === 'phone'
  const taskId = await endCall(ctx, call, 'answered', {
    by: own ? 'worker' : 'other',
    readingId,
    method: from.how === 'door' ? 'door' : own ? 'phone' : 'message',
    reason: 'reading_came',
  })
  if (call.why === 'missed') await noteHeard(ctx, due, from, slotName(slot))
  return { row, ended: { callId: call.id, taskId }, taskId: null }
}

/** OBS-12: whoever took the reading has asked how they are; who reported by themselves has been heard from. */
async function noteHeard(ctx: Ctx, due: DueRow, from: From, slot: string): Promise<void> {
  const loaded = await lockObservation(ctx.db, [''], due.observation_id)
  if (!loaded || !isOpen(loaded.state)) return
  const on = ctx.today
  const event: NewObservationEvent =
    from.how === 'door' || from.how === 'phone'
      ? { kind: 'welfare', body: { on, how: from.how, found: 'well', visitId: null } }
      : { kind: 'heard', body: { on, slot } }
  await changeObservation(ctx, loaded, [event], { occurredAt: from.taken.toISOString() })
}

/** @param due locked by the caller, who has looked at whose it is */
export async function fileOne(ctx: Ctx, due: DueRow, item: Item, from: From): Promise<Filed> {
  const hash = argsHash({ ...item, how: from.how })
  const known = await findReading(ctx.db, item.county, item.id)
  if (known) {
    // A twin of this very request came first; the lock on the row was taken, so the trail says why.
    ctx.audit({ verb: 'reading.repeat', thing: 'observation', thingId: due.observation_id, area: due.area })
    return repeated(known, hash)
  }
  await requireOpenEmergency(ctx, due.area)
  const plan = (await plansByArea(ctx.db))(due.area)
  const prior = await priorOf(ctx, item)
  const slot = slotFor(ctx, { due, plan, item, prior, taken: from.taken })
  if (item.temperature !== null && isUnlikely(item.temperature) && !item.confirmed)
    throw unlikelyTemperature({ temperature: item.temperature, observationId: item.observationId }, 'temperature')
  const alarm = alarmOf(item)
  const sealed =
    item.note === undefined || item.note === ''
      ? null
      : await ctx.keys.seal(
          { emergencyId: due.emergency_id, now: ctx.now, table: 'reading', row: item.id, column: 'note_sealed' },
          item.note,
        )
  await insertReading(ctx.db, {
    county: due.county,
    id: item.id,
    observation_id: due.observation_id,
    person_id: due.person_id,
    area: due.area,
    emergency_id: due.emergency_id,
    day: slot.day,
    part: slot.part,
    how: from.how,
    temperature: item.temperature,
    symptoms: item.symptoms,
    mood: item.mood,
    needs: item.needs,
    note_sealed: sealed,
    confirmed: item.confirmed,
    fever: alarm?.fever ?? false,
    alarm: alarm !== null,
    by: from.by,
    args_hash: hash,
    occurred_at: from.taken,
    recorded_at: ctx.now,
    supersedes: prior?.id ?? null,
  })
  if (prior) await updateReading(ctx.db, { county: due.county, id: prior.id }, { superseded_by: item.id })
  const state = await fillSlot(ctx, due, slot, from)
  const { row, ended, taskId } = await heard(ctx, { due, plan, slot, readingId: item.id }, from)
  if (alarm !== null) await raise(ctx, due, alarm, { item, taken: from.taken })
  const filed: Filed = {
    id: item.id,
    observationId: due.observation_id,
    slot: { day: slot.day, part: slot.part },
    state,
    alarm,
    ended,
    recordedAt: ctx.now.toISOString(),
  }
  await updateReading(ctx.db, { county: due.county, id: item.id }, { answer: json(filed) })
  await tellReadings(ctx, row, { plan, taskId, urgent: ended !== null || alarm !== null })
  announce(ctx, due, filed, from.how, prior !== null)
  return filed
}

function announce(ctx: Ctx, due: DueRow, filed: Filed, how: WayIn, correction: boolean): void {
  ctx.audit({
    verb: correction ? 'reading.correct' : 'reading.file',
    thing: 'observation',
    thingId: due.observation_id,
    area: due.area,
    detail: { how, slot: `${filed.slot.day}/${filed.slot.part}`, alarm: filed.alarm !== null },
  })
  ctx.emit('reading.filed', {
    county: due.county,
    observationId: due.observation_id,
    slot: filed.slot,
    readingId: filed.id,
    alarm: filed.alarm !== null,
  })
}

/** By telephone or at the door, several persons at once: all of them or none, and each id once. @throws notFound, notAllowed */
export async function fileReadings(ctx: Ctx, args: z.output<typeof FileReadings>): Promise<FiledReadings> {
  const items: Filed[] = []
  const taken = takenAt(new Date(args.occurredAt), ctx.now)
  // In the order of the key, so that two who file for the same door never wait in a ring.
  for (const item of args.items.toSorted((a, b) => (a.observationId < b.observationId ? -1 : 1))) {
    const before = await filedBefore(ctx, item, args.how)
    if (before) {
      items.push(before)
      continue
    }
    const due = await lockDue(ctx.db, { county: item.county, observationId: item.observationId })
    if (!due || !sees(ctx, due.area)) throw notFound({ thing: 'observation' })
    permit(ctx, 'file', { kind: 'observation', area: due.area })
    items.push(await fileOne(ctx, due, item, { how: args.how, taken, by: actorId(ctx) }))
  }
  const order = new Map(args.items.map((item, i) => [item.id, i]))
  return {
    items: items.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)),
    recordedAt: ctx.now.toISOString(),
  }
}

/** Case 39: what this account has filed already is answered again, also when the person has left the area since. */
export async function filedBefore(ctx: Ctx, item: Item, how: WayIn): Promise<Filed | null> {
  const known = await findReading(ctx.db, item.county, item.id)
  const by = actorId(ctx)
  return known !== null && known.by === by ? repeated(known, argsHash({ ...item, how })) : null
}

function sees(ctx: Ctx, area: AreaCode): boolean {
  return ctx.scope.some((mine) => contains(mine, area))
}
