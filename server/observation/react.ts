import { contains, countyOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { deletedOn, lapsedThrough } from '@weiwang/domain/observation/dates'
import { exposureOf } from '@weiwang/domain/observation/exposure'
import type { Exposure } from '@weiwang/domain/observation/exposure'
import { isOpen } from '@weiwang/domain/observation/fold'
import type { Measure } from '@weiwang/domain/observation/measure'
import { say } from '@weiwang/domain/core/say'
import { decideAutomaticRelease, decideLapse, FOLLOW_UP_CLOSES, KEPT_DAYS } from '@weiwang/domain/observation/steps'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { z } from 'zod'
import { insertNotices } from '../access/account-store.ts'
import { areaExists, findOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { openText } from '../people/opening.ts'
import { mergedInto, resolveAlias } from '../people/store.ts'
import { responsibleAt } from '../tasks/store.ts'
import { whenOf } from './actions.ts'
import { addressPlace, changeObservation, unitPlace } from './change.ts'
import { openOne, openSuccessor } from './opening.ts'
import {
  answeredTask,
  dueObservations,
  findObservation,
  homesOf,
  insertAlarms,
  lockObservation,
  lockObservations,
  openLocksOf,
  unreached,
  visitSaying,
} from './store.ts'
import type { Home, Loaded } from './store.ts'

/** What observations do when other rooms say that something happened, and when days pass. Everything here may run twice. */
const ZERO = '00000000-0000-0000-0000-000000000000'
const CHUNK = 200

/** Which measure an answer at the door opens; null for every other answer (TASK-10). */
export function measureAfter(disposition: string | null): Measure | null {
  const follow = disposition === null ? null : findDisposition(disposition)?.follow
  if (follow === 'observation') return 'home_quarantine'
  return follow === 'monitor' ? 'home_monitoring' : null
}

type Found = {
  personIds: readonly string[]
  area: AreaCode
  householdId: string | null
  measure: Measure
  exposure: Exposure
  from: { kind: 'task' | 'visit'; id: string }
}

/** Opens for people who were found at a door, in the order of their ids; who has an open one, or whose days are over, has none. */
async function openFound(ctx: Ctx, found: Found): Promise<void> {
  const emergency = await findOpenEmergency(ctx, found.area)
  if (!emergency) return
  const roots = await resolveAlias(ctx.db, found.personIds)
  const homes = await homesOf(ctx.db, [...roots.values()])
  const people = [...homes.values()].toSorted((a, b) => (a.personId < b.personId ? -1 : 1))
  const groupId = people.length > 1 ? newId(ctx.now) : null
  for (const home of people) {
    await openOne(
      ctx,
      {
        id: newId(ctx.now),
        personId: home.personId,
        masked: home.masked,
        measure: found.measure,
        reason: found.exposure.reason,
        from: found.from,
        area: found.area,
        responsibleArea: found.area,
        householdId: found.householdId ?? home.householdId,
        groupId,
        place: 'home',
        responderPersonId: null,
        exposureDay: found.exposure.day,
        continuous: false,
        startDay: ctx.today,
        emergencyId: emergency.id,
      },
      { by: null },
    )
  }
}

const TaskEvent = z.object({ county: z.string(), taskId: z.string() })

/**
 * A corrected answer takes back what the first one opened, as long as nobody has been given a notice; after that a person decides.
 */
async function takeBack(ctx: Ctx, personId: string, taskId: string, measure: Measure | null): Promise<void> {
  const roots = await resolveAlias(ctx.db, [personId])
  const locks = await openLocksOf(ctx.db, [roots.get(personId) ?? personId])
  const open = await lockObservations(
    ctx.db,
    [''],
    locks.map((lock) => lock.id),
  )
  for (const loaded of open) {
    const { openedFrom, noticeOn, measure: opened } = loaded.state
    if (openedFrom.id !== taskId || noticeOn !== null || opened === measure) continue
    const body = { on: ctx.today, reason: 'entry_error', deleteDay: deletedOn(ctx.today, KEPT_DAYS) }
    await changeObservation(ctx, loaded, [{ kind: 'cancelled', body }], { by: null })
  }
}

/** A task was answered "home observation in place" or "health monitoring". */
export async function openFromTask(server: Server, payload: unknown): Promise<void> {
  const { county, taskId } = TaskEvent.parse(payload)
  await server.asSystem('observation.from_task', async (ctx) => {
    const task = await answeredTask(ctx.db, county, taskId)
    const measure = measureAfter(task?.disposition ?? null)
    if (!task || task.personId === null) return
    await takeBack(ctx, task.personId, taskId, measure)
    if (measure === null) return
    await openFound(ctx, {
      personIds: [task.personId],
      area: task.area,
      householdId: task.householdId,
      measure,
      exposure: exposureOf(task.reasons),
      from: { kind: 'task', id: taskId },
    })
  })
}

const VisitEvent = z.object({ county: z.string(), visitId: z.string() })
const VisitSays = z.object({ disposition: z.string().nullable(), taskId: z.string().nullable(), persons: z.number() })

/** Which visits may open an observation, by what the event says of them. */
export function visitOpens(payload: unknown): boolean {
  const says = VisitSays.safeParse(payload)
  // An event of an earlier version says less: then the visit itself is looked at.
  if (!says.success) return true
  const { disposition, taskId, persons } = says.data
  return taskId === null && persons > 0 && measureAfter(disposition) !== null
}

/** A visit without a task says the same of everybody whom it names; a visit of a task speaks by its task. */
export async function openFromVisit(server: Server, payload: unknown): Promise<void> {
  const { county, visitId } = VisitEvent.parse(payload)
  await server.asSystem('observation.from_visit', async (ctx) => {
    const visit = await visitSaying(ctx.db, county, visitId)
    const measure = measureAfter(visit?.disposition ?? null)
    if (!visit || measure === null || visit.taskId !== null || visit.personIds.length === 0) return
    await openFound(ctx, {
      personIds: visit.personIds,
      area: visit.area,
      householdId: visit.householdId,
      measure,
      exposure: { day: null, reason: 'other' },
      from: { kind: 'visit', id: visitId },
    })
  })
}

const Transferred = z.object({
  observationId: z.string(),
  to: z.object({ county: z.string(), id: z.string(), area: z.string() }),
  householdId: z.string().nullable(),
  responsibleArea: z.string().nullable(),
  place: z.enum(['home', 'elsewhere', 'central']),
})

/** OBS-16: the successor in the other county, once. */
export async function openTransferred(server: Server, payload: unknown): Promise<void> {
  const { observationId, to, householdId, responsibleArea, place } = Transferred.parse(payload)
  await server.asSystem('observation.transfer', async (ctx) => {
    const loaded = await findObservation(ctx.db, [''], observationId)
    if (!loaded || (await findObservation(ctx.db, [''], to.id))) return
    const { row, state } = loaded
    const address = await openText(ctx, addressPlace(row.id), row.address_sealed)
    const unit = await openText(ctx, unitPlace(row.id), row.unit_sealed)
    await openSuccessor(
      ctx,
      { county: row.county, id: row.id, area: state.area, emergencyId: row.emergency_id },
      state,
      { id: to.id, area: to.area, responsibleArea: responsibleArea ?? to.area, householdId, place, masked: row.masked },
      { by: null, address: address ?? undefined, unit: unit ?? undefined },
    )
  })
}

// ---- Days pass (OBS-19, OBS-20) ----------------------------------------------------------------------------------------------

/** The desk that is told: the village, or the next above where somebody is. */
async function deskOver(ctx: Ctx, area: AreaCode): Promise<{ area: AreaCode; to: { id: string; name: string }[] }> {
  const levels = pathOf(area)
    .filter((code) => code.length >= 4 && code.length <= 12)
    .toReversed()
  for (const level of levels) {
    const to = await responsibleAt(ctx.db, level, ctx.today)
    if (to.length > 0) return { area: level, to }
  }
  return { area: area.slice(0, 6), to: [] }
}

const Urgent = z.object({ observationId: z.string(), why: z.enum(['symptom', 'refused', 'unsuitable', 'outing']) })

const WHY = {
  symptom: say('出现症状，请联系医生', 'has a symptom; call a doctor'),
  refused: say('拒签承诺，请了解情况', 'refused the commitment; ask why'),
  unsuitable: say(
    '居家条件不符或要求集中，请安排集中观察点',
    'cannot or does not want to stay at home; find a central place',
  ),
  outing: say('本人申请外出，请答复', 'asks to go out; give an answer'),
} as const

/** OBS-8, OBS-10, OBS-11: what the desk has to know at once, by name, at any hour. */
export async function tellDesk(server: Server, payload: unknown): Promise<void> {
  const { observationId, why } = Urgent.parse(payload)
  await server.asSystem('observation.urgent', async (ctx) => {
    const loaded = await findObservation(ctx.db, [''], observationId)
    if (!loaded || !isOpen(loaded.state)) return
    const { to } = await deskOver(ctx, loaded.state.responsibleArea)
    const { reference } = loaded.row
    const body = say(`居家观察 ${reference}：${WHY[why].zh}`, `Observation ${reference}: ${WHY[why].en}`)
    const kind = `observation.${why}`
    await insertNotices(
      ctx.db,
      to.map((person) => ({ accountId: person.id, id: newId(ctx.now), kind, body, at: ctx.now })),
    )
  })
}

async function alarm(ctx: Ctx, { row, state }: Loaded): Promise<void> {
  const { area, to } = await deskOver(ctx, state.responsibleArea)
  const told = { county: row.county, observation_id: row.id, area: state.area, told: area, at: ctx.now }
  await insertAlarms(
    ctx.db,
    to.map((person) => ({ ...told, account_id: person.id })),
  )
  const body = say(
    `居家观察 ${row.reference} 满期日 ${state.endDay ?? ''} 已过 12 小时无人办理解除，措施已失效，请立即补办`,
    `Observation ${row.reference}: its last day, ${state.endDay ?? ''}, was over 12 hours ago and nobody released it; the measure has lapsed, release it now`,
  )
  await insertNotices(
    ctx.db,
    to.map((person) => ({ accountId: person.id, id: newId(ctx.now), kind: 'observation.lapsed', body, at: ctx.now })),
  )
  ctx.emit('observation.lapsed', {
    county: row.county,
    observationId: row.id,
    area,
    to: to.map((person) => person.id),
  })
}

async function endOne(ctx: Ctx, loaded: Loaded): Promise<void> {
  const when = whenOf(ctx)
  const released = decideAutomaticRelease(loaded.state, when, `${loaded.row.reference}-R`)
  if (released.ok && released.events.length > 0) {
    await changeObservation(ctx, loaded, released.events, { by: null })
    return
  }
  const lapse = decideLapse(loaded.state, when)
  if (!lapse.ok || lapse.events.length === 0) return
  await alarm(ctx, await changeObservation(ctx, loaded, lapse.events, { by: null }))
}

/**
 * The timer only writes what time has already made true (case 66): who was checked is released, who was forgotten lapses and the
 * desk is told. It reads those that are due, not all that ever were.
 */
export async function endDue(server: Server): Promise<number> {
  let done = 0
  for (let after = ZERO; ;) {
    const { n, last } = await server.asSystem('observation.due', async (ctx) => {
      const lapsed = lapsedThrough(ctx.now, ctx.zone)
      const due = await dueObservations(ctx.db, { today: ctx.today, lapsed, after }, CHUNK)
      for (const loaded of due) await endOne(ctx, loaded)
      return { n: due.length, last: due.at(-1)?.row.id ?? null }
    })
    done += n
    if (n < CHUNK || last === null) return done
    after = last
  }
}

/** OBS-19: calls that did not come about are given up. */
export async function closeUnreached(server: Server): Promise<void> {
  for (let after = ZERO; ;) {
    const last = await server.asSystem('observation.close', async (ctx) => {
      const list = await unreached(ctx.db, addDays(ctx.today, -FOLLOW_UP_CLOSES), after, CHUNK)
      for (const loaded of list)
        await changeObservation(ctx, loaded, [{ kind: 'closed', body: { on: ctx.today } }], { by: null })
      return list.length < CHUNK ? null : (list.at(-1)?.row.id ?? null)
    })
    if (last === null) return
    after = last
  }
}

// ---- People move, are merged (OBS-16, OBS-22) ----------------------------------------------------------------------------------

/** Goes where the person lives now, when it was the home where the person stayed: a place chosen for the observation stays. */
export async function followHome(server: Server, personId: string): Promise<void> {
  await server.asSystem('observation.follow', async (ctx) => {
    const roots = await resolveAlias(ctx.db, [personId])
    const root = roots.get(personId) ?? personId
    const locks = await openLocksOf(ctx.db, [root, ...(await mergedInto(ctx.db, root))])
    const open = await lockObservations(
      ctx.db,
      [''],
      locks.map((lock) => lock.id),
    )
    // Under the locks: of two moves the later one is what counts, whichever is followed last.
    const home = (await homesOf(ctx.db, [root])).get(root)
    if (!home || home.area.length < 6) return
    for (const loaded of open)
      if (loaded.state.place === 'home' && isOpen(loaded.state)) await moveTo(ctx, loaded, home)
  })
}

/** Within the county the place of stay changes; in another the observation ends here and its successor opens there. */
export async function moveTo(ctx: Ctx, loaded: Loaded, home: Omit<Home, 'personId' | 'sex'>): Promise<void> {
  const { row, state } = loaded
  if (home.area === state.area && home.householdId === state.householdId) return
  if (countyOf(home.area) === countyOf(state.area)) {
    const followed = contains(state.responsibleArea, state.area)
    const body = {
      on: ctx.today,
      to: home.area,
      responsibleArea: followed ? home.area : state.responsibleArea,
      householdId: home.householdId,
      place: 'home',
    }
    await changeObservation(ctx, loaded, [{ kind: 'stay_changed', body }], { by: null })
    return
  }
  const successor = { county: countyOf(home.area), id: newId(ctx.now), area: home.area }
  const body = { on: ctx.today, to: home.area, successor, deleteDay: deletedOn(ctx.today, KEPT_DAYS) }
  const after = await changeObservation(ctx, loaded, [{ kind: 'transferred', body }], { by: null })
  if (!contains(ctx.root, home.area) || !(await areaExists(ctx.db, home.area.slice(0, 6)))) return
  await openSuccessor(
    ctx,
    { county: row.county, id: row.id, area: state.area, emergencyId: row.emergency_id },
    after.state,
    {
      id: successor.id,
      area: home.area,
      responsibleArea: home.area,
      householdId: home.householdId,
      place: 'home',
      masked: home.masked,
    },
    { by: null, unit: (await openText(ctx, unitPlace(row.id), row.unit_sealed)) ?? undefined },
  )
}

/** Two records were one person: where both are observed, the later one was an error and the earlier goes on. */
export async function mergeObservations(server: Server, from: string, into: string): Promise<void> {
  await server.asSystem('observation.merge', async (ctx) => {
    const locks = await openLocksOf(ctx.db, [from, into])
    if (locks.length < 2) return
    const open = await lockObservations(
      ctx.db,
      [''],
      locks.map((lock) => lock.id),
    )
    const [, ...later] = open.toSorted((a, b) => (a.state.openedAt < b.state.openedAt ? -1 : 1))
    for (const loaded of later) {
      const body = { on: ctx.today, reason: 'duplicate', deleteDay: deletedOn(ctx.today, KEPT_DAYS) }
      await changeObservation(ctx, loaded, [{ kind: 'cancelled', body }], { by: null })
    }
  })
}

const TeamEvent = z.object({ county: z.string(), observationId: z.string(), teamId: z.string().nullable() })

/** TEAM has bound or let go a team for the door of an observation. */
export async function bindTeam(ctx: Ctx, payload: z.infer<typeof TeamEvent>): Promise<void> {
  const loaded = await lockObservation(ctx.db, [''], payload.observationId)
  if (!loaded || !isOpen(loaded.state) || loaded.state.teamId === payload.teamId) return
  const on = ctx.today
  await changeObservation(
    ctx,
    loaded,
    [
      payload.teamId === null
        ? { kind: 'unbound', body: { on, reason: 'team' } }
        : { kind: 'bound', body: { on, teamId: payload.teamId } },
    ],
    { by: null },
  )
}
