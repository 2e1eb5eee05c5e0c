import { addDays, instantOf } from '@weiwang/domain/core/day'
import { ObservationState } from '@weiwang/domain/observation/fold'
import { nextInstant } from '@weiwang/domain/observation/reading-watch'
import type { Followed } from '@weiwang/domain/observation/reading-watch'
import { How, slotName } from '@weiwang/domain/observation/slots'
import type { ReadingPlan } from '@weiwang/domain/observation/slots'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { endCall } from './reading-ends.ts'
import { forgetReadings, tellReadings, zoneOf } from './reading-feed.ts'
import {
  duesInside,
  findObserved,
  insertDue,
  lockDue,
  nextOrdinal,
  openCalls,
  phonesOf,
  plansByArea,
  slotsSince,
  updateDue,
} from './readings-store.ts'
import type { DueRow, Key, Observed } from './readings-store.ts'

/**
 * READ-2: who is asked follows the observation: opened, its days changed, moved within the county, in hospital, back, ended. Runs
 * behind every change of an observation and may run twice; it reads the observation as it stands now.
 */

/** No end is known yet (OBS-4). */
const NO_END = '2999-12-31'

export function followedOf(row: DueRow, ctx: Pick<Ctx, 'zone'>): Followed {
  return {
    firstDay: row.first_day,
    lastDay: row.last_day,
    fromAt: row.from_at,
    endedAt: row.ended_at,
    zone: zoneOf(row, ctx),
    handledTo: row.handled_to,
    missed: row.missed,
    since: row.since,
    how: How.nullable().catch(null).parse(row.how),
  }
}

/** The next instant of a row, with what has come for its slots. */
export async function nextOf(ctx: Ctx, row: DueRow, plan: ReadingPlan): Promise<Date | null> {
  const key = { county: row.county, observationId: row.observation_id }
  const came = await slotsSince(ctx.db, [key], row.handled_to)
  const answered = new Set(
    came.filter((slot) => slot.state !== 'missed').map((slot) => slotName({ day: slot.day, part: partOf(slot.part) })),
  )
  return nextInstant(plan, followedOf(row, ctx), (name) => answered.has(name))
}

export function partOf(text: string): 'morning' | 'noon' | 'evening' | 'night' {
  return text === 'noon' || text === 'evening' || text === 'night' ? text : 'morning'
}

const MARK = { notice: false, moved: false }

/** What of the state decides about asking; one that cannot be read is asked as if nothing were known. */
function marksOf(observed: Observed): { notice: boolean; moved: boolean; hospital: Date | null } {
  const parsed = ObservationState.safeParse(observed.current)
  if (!parsed.success) return { ...MARK, hospital: null }
  const { noticeOn, movedFrom, care } = parsed.data
  return {
    notice: noticeOn !== null,
    moved: movedFrom !== null,
    hospital: care?.stage === 'admitted' ? new Date(care.at) : null,
  }
}

/** Asked from the notice on; where none was noted, from the day after the opening (READ-2). */
function askedFrom(ctx: Ctx, observed: Observed, told: boolean): Date {
  return told ? ctx.now : instantOf(addDays(observed.opened_day, 1), ctx.zone)
}

async function begin(ctx: Ctx, observed: Observed, told: boolean, endedAt: Date | null): Promise<DueRow> {
  const responder = observed.responder_person_id ?? observed.person_id
  const phones = await phonesOf(ctx.db, [responder])
  const row: DueRow = {
    county: observed.county,
    observation_id: observed.id,
    area: observed.area,
    responsible_area: observed.responsible_area,
    emergency_id: observed.emergency_id,
    person_id: observed.person_id,
    household_id: observed.household_id,
    responder_person_id: responder,
    masked: observed.masked,
    ordinal: await nextOrdinal(ctx.db, responder),
    // Without a telephone there are only visits; which number takes messages is found out by the first one (READ-7).
    contact: phones.has(responder) ? 'sms' : 'door',
    zone: null,
    first_day: observed.start_day,
    last_day: observed.end_day ?? NO_END,
    from_at: askedFrom(ctx, observed, told),
    ended_at: endedAt,
    handled_to: ctx.now,
    next_due: null,
    missed: 0,
    since: null,
    how: null,
    heard_at: null,
    updated_at: ctx.now,
  }
  await insertDue(ctx.db, row)
  return row
}

/** What changes in a row by what its observation says now. */
function changed(ctx: Ctx, row: DueRow, observed: Observed, told: boolean, endedAt: Date | null): DueRow {
  const back = row.ended_at !== null && endedAt === null
  const earlier = told && row.from_at > ctx.now ? ctx.now : row.from_at
  return {
    ...row,
    area: observed.area,
    responsible_area: observed.responsible_area,
    household_id: observed.household_id,
    responder_person_id: observed.responder_person_id ?? observed.person_id,
    first_day: observed.start_day,
    last_day: observed.end_day ?? NO_END,
    ended_at: endedAt,
    updated_at: ctx.now,
    from_at: back ? ctx.now : earlier,
    // Back from a hospital: nobody asked in between, so nothing was missed.
    ...(back ? { handled_to: ctx.now, missed: 0, since: null, how: null } : {}),
  }
}

export async function followObservation(ctx: Ctx, key: Key): Promise<void> {
  const [observed] = await findObserved(ctx.db, [key])
  if (!observed) return
  const { notice, moved, hospital } = marksOf(observed)
  const endedAt = observed.ended_at ?? hospital
  const before = await lockDue(ctx.db, key)
  if (!before && endedAt !== null) return
  const told = notice || moved
  const row = before ? changed(ctx, before, observed, told, endedAt) : await begin(ctx, observed, told, endedAt)
  // A change of who answers gives another place in the list of that person.
  if (before && before.responder_person_id !== row.responder_person_id)
    row.ordinal = await nextOrdinal(ctx.db, row.responder_person_id)
  const plan = (await plansByArea(ctx.db))(row.area)
  if (before && before.area !== row.area)
    forgetReadings(ctx, { county: row.county, area: before.area, observationId: row.observation_id })
  let taskId: string | null = null
  for (const call of await openCalls(ctx.db, [key])) {
    if (endedAt === null) taskId = call.task_id
    else await endCall(ctx, call, 'ended')
  }
  const after = endedAt === null ? row : { ...row, missed: 0, since: null, how: null }
  after.next_due = await nextOf(ctx, after, plan)
  const { county: _county, observation_id: _id, ...set } = after
  await updateDue(ctx.db, key, set)
  await tellReadings(ctx, after, { plan, taskId, ...(endedAt === null ? {} : { gone: 'ended' }) })
}

const CHUNK = 500

/** READ-1: a new plan: everybody asked in the area is asked by it from now on, chunk by chunk. */
export async function planAgain(server: Server, area: string): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await server.asSystem('readings.plan', async (ctx) => {
      const some = await duesInside(ctx.db, area, after, CHUNK)
      const planOf = await plansByArea(ctx.db)
      for (const row of some) {
        const key = { county: row.county, observationId: row.observation_id }
        const next = await nextOf(ctx, row, planOf(row.area))
        await updateDue(ctx.db, key, { next_due: next, updated_at: ctx.now })
        const [call] = await openCalls(ctx.db, [key])
        await tellReadings(ctx, row, { plan: planOf(row.area), taskId: call?.task_id ?? null })
      }
      return some
    })
    const last = rows.at(-1)
    if (rows.length < CHUNK || !last) return
    after = last.observation_id
  }
}
