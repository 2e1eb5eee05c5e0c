import { advance } from '@weiwang/domain/observation/reading-watch'
import type { Advance } from '@weiwang/domain/observation/reading-watch'
import { outOfQuiet, slotName } from '@weiwang/domain/observation/slots'
import type { How, ReadingPlan } from '@weiwang/domain/observation/slots'
import { decideRegrade } from '@weiwang/domain/tasks/decide'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/ids.ts'
import { changeTasks, openTasks } from '../tasks/bulk.ts'
import type { NewTask, TaskChange } from '../tasks/bulk.ts'
import { lockTasks } from '../tasks/store.ts'
import { followedOf, partOf } from './due-follow.ts'
import { zoneOf } from './reading-feed.ts'
import {
  insertCalls,
  insertMissed,
  openCalls,
  openEmergencies,
  plansByArea,
  raiseCalls,
  slotsSince,
  takeDue,
  updateDues,
} from './readings-store.ts'
import type { CallRow, DuePlace, DueRow, MissedSlot, Moved, NewCall, RaisedCall } from './readings-store.ts'
import { insertMessages } from './reminders-store.ts'
import type { NewMessage } from './reminders-store.ts'
import { CALL_GRADE, welfareCampaign, welfareReasons, welfareTaskId } from './welfare.ts'

/**
 * READ-10: what time brings: reminders, missed deadlines, calls and tasks. The timer takes those whose next instant has come, by an
 * index that holds nobody else, chunk by chunk; a chunk is one transaction, so that a kill loses nothing, a second run finds nothing,
 * and several processes share the work. A clock that jumps by days is followed in one step.
 */
export const CHUNK = 500

/** `awake`: the first moment from now on at which this person may be written to or called. */
type Step = { row: DueRow; plan: ReadingPlan; zone: string; awake: Date; adv: Advance; how: How | null }

const idOf = (row: DueRow): string => `${row.county}/${row.observation_id}`

/** Who is reached at the door only is not called first. */
function howOf(row: DueRow, how: How | null): How | null {
  return how === 'call' && row.contact === 'door' ? 'door' : how
}

async function follow(ctx: Ctx, rows: readonly DueRow[]): Promise<Step[]> {
  const planOf = await plansByArea(ctx.db)
  const keys = rows.map((row) => ({ county: row.county, observationId: row.observation_id }))
  const from = rows.reduce((min, row) => (row.handled_to < min ? row.handled_to : min), ctx.now)
  const answered = new Set(
    (await slotsSince(ctx.db, keys, from)).map(
      (slot) => `${slot.county}/${slot.observation_id}/${slotName({ day: slot.day, part: partOf(slot.part) })}`,
    ),
  )
  const awake = new Map<string, Date>()
  return rows.map((row) => {
    const plan = planOf(row.area)
    const zone = zoneOf(row, ctx)
    if (!awake.has(zone)) awake.set(zone, outOfQuiet(ctx.now, zone))
    const adv = advance(plan, followedOf(row, ctx), ctx.now, (name) => answered.has(`${idOf(row)}/${name}`))
    return { row, plan, zone, awake: awake.get(zone) ?? ctx.now, adv, how: howOf(row, adv.how) }
  })
}

function movedOf(ctx: Ctx, { row, adv, how }: Step): Moved {
  return {
    county: row.county,
    observation_id: row.observation_id,
    handled_to: ctx.now,
    next_due: adv.next,
    missed: adv.missed,
    since: adv.since,
    how,
    updated_at: ctx.now,
  }
}

function missedOf(ctx: Ctx, { row, adv }: Step): MissedSlot[] {
  return adv.missedSlots.map((slot) => ({
    county: row.county,
    observation_id: row.observation_id,
    day: slot.day,
    part: slot.part,
    area: row.responsible_area,
    emergency_id: row.emergency_id,
    due_at: slot.dueAt,
    recorded_at: ctx.now,
  }))
}

/** READ-7, READ-14: by message to whoever answers; who is called every day stands in the queue of calls instead. */
function messagesOf(ctx: Ctx, steps: readonly Step[]): NewMessage[] {
  return steps.flatMap(({ row, adv, zone, awake }) => {
    if (adv.remind === null || row.contact !== 'sms') return []
    const { day, part, dueAt } = adv.remind
    return [
      {
        id: newId(ctx.now),
        responder_person_id: row.responder_person_id,
        day,
        part,
        county: row.county,
        area: row.area,
        emergency_id: row.emergency_id,
        due_at: dueAt,
        zone,
        not_before: awake,
        at: ctx.now,
      },
    ]
  })
}

function callOf(ctx: Ctx, step: Step, why: 'round' | 'missed', taskId: string | null): NewCall {
  const { row, adv, awake } = step
  return {
    county: row.county,
    id: newId(ctx.now),
    observation_id: row.observation_id,
    area: row.area,
    emergency_id: row.emergency_id,
    why,
    how: step.how ?? 'call',
    missed: adv.missed,
    since: adv.since,
    task_id: taskId,
    opened_at: ctx.now,
    not_before: awake,
  }
}

function newTask(ctx: Ctx, { row, adv }: Step, how: How, since: Date): NewTask {
  return {
    id: welfareTaskId(row.observation_id, since, how),
    area: row.area,
    personId: row.person_id,
    householdId: row.household_id,
    masked: row.masked,
    grade: CALL_GRADE[how],
    reasons: welfareReasons({ missed: adv.missed, since, how, today: ctx.today }),
  }
}

/** READ-9: the first step opens a call and a task; a further one raises both. @returns the task of each, by row */
async function act(
  ctx: Ctx,
  steps: readonly Step[],
  calls: ReadonlyMap<string, CallRow>,
  campaigns: Set<string>,
): Promise<Map<string, string>> {
  const wanted = new Map<string, { id: string; task: NewTask; emergencyId: string }>()
  const raises: TaskChange[] = []
  const tasks = new Map<string, string>()
  const open = await lockTasks(
    ctx.db,
    [''],
    steps.flatMap((step) => calls.get(idOf(step.row))?.task_id ?? []),
  )
  const byId = new Map(open.map((one) => [one.row.id, one]))
  for (const step of steps) {
    const { row, adv, how } = step
    if (how === null || adv.since === null) continue
    const taskId = calls.get(idOf(row))?.task_id
    const loaded = taskId ? byId.get(taskId) : undefined
    if (!loaded || loaded.state.closedAt !== null) {
      const task = newTask(ctx, step, how, adv.since)
      wanted.set(idOf(row), { id: task.id, task, emergencyId: row.emergency_id })
      continue
    }
    tasks.set(idOf(row), loaded.row.id)
    const { hours } = await welfareCampaign(ctx, row.emergency_id, campaigns)
    const when = { now: ctx.now, zone: ctx.zone, hours }
    const decision = decideRegrade(
      loaded.state,
      { grade: CALL_GRADE[how], sources: [], runId: null, reason: 'missed' },
      when,
    )
    const reasons = welfareReasons({ missed: adv.missed, since: adv.since, how, today: ctx.today })
    if (decision.ok && decision.events.length > 0) raises.push({ loaded, events: decision.events, reasons })
  }
  for (const emergencyId of new Set([...wanted.values()].map((one) => one.emergencyId))) {
    const campaign = await welfareCampaign(ctx, emergencyId, campaigns)
    const mine = [...wanted].filter(([, one]) => one.emergencyId === emergencyId)
    const made = await openTasks(
      ctx,
      campaign,
      mine.map(([, one]) => one.task),
    )
    for (const [id, one] of mine) if (made.has(one.id)) tasks.set(id, one.id)
  }
  await changeTasks(ctx, raises, { by: null })
  return tasks
}

async function callsAndTasks(ctx: Ctx, steps: readonly Step[], campaigns: Set<string>): Promise<void> {
  const acting = steps.filter(({ row, how }) => how !== null && how !== row.how)
  const rounds = steps.filter(({ row, adv }) => adv.remind !== null && row.contact === 'voice')
  const more = steps.filter(({ row, adv, how }) => how !== null && how === row.how && adv.missedSlots.length > 0)
  const touched = [...new Set([...acting, ...rounds, ...more])]
  if (touched.length === 0) return
  const open = await openCalls(
    ctx.db,
    touched.map(({ row }) => ({ county: row.county, observationId: row.observation_id })),
  )
  const calls = new Map(open.map((call) => [`${call.county}/${call.observation_id}`, call]))
  const tasks = await act(ctx, acting, calls, campaigns)
  const raised: RaisedCall[] = [...acting, ...more].flatMap((step) => {
    const call = calls.get(idOf(step.row))
    if (!call) return []
    const { adv, how } = step
    const taskId = tasks.get(idOf(step.row)) ?? call.task_id
    return [
      {
        county: call.county,
        id: call.id,
        why: 'missed',
        how: how ?? call.how,
        missed: adv.missed,
        since: adv.since,
        task_id: taskId,
      },
    ]
  })
  const fresh = [
    ...acting.flatMap((step) =>
      calls.has(idOf(step.row)) ? [] : [callOf(ctx, step, 'missed', tasks.get(idOf(step.row)) ?? null)],
    ),
    ...rounds.flatMap((step) =>
      calls.has(idOf(step.row)) || acting.includes(step) ? [] : [callOf(ctx, step, 'round', null)],
    ),
  ]
  await raiseCalls(ctx.db, raised)
  await insertCalls(ctx.db, fresh)
}

type Followed = { n: number; last: DuePlace | null }

/** One chunk; `campaigns` remembers which welfare campaigns are there. @returns how many were followed, and the last of them */
async function chunk(
  ctx: Ctx,
  of: { size: number; after: DuePlace | null; campaigns: Set<string> },
): Promise<Followed> {
  const { campaigns } = of
  const rows = await takeDue(ctx.db, ctx.now, of.size, of.after)
  const end = rows.at(-1)
  if (!end) return { n: 0, last: null }
  const open = await openEmergencies(
    ctx.db,
    rows.map((row) => row.emergency_id),
    ctx.today,
  )
  // Nobody is asked any more under an emergency that is over.
  const over = rows.filter((row) => !open.has(row.emergency_id))
  const steps = await follow(
    ctx,
    rows.filter((row) => open.has(row.emergency_id)),
  )
  const made = await insertMissed(
    ctx.db,
    steps.flatMap((step) => missedOf(ctx, step)),
  )
  ctx.count(made.map(({ area, day }) => ({ area: area.slice(0, 15), day, metric: 'reading:missed', n: 1 })))
  await callsAndTasks(ctx, steps, campaigns)
  await insertMessages(ctx.db, messagesOf(ctx, steps))
  await updateDues(ctx.db, [
    ...steps.map((step) => movedOf(ctx, step)),
    ...over.map((row) => ({
      county: row.county,
      observation_id: row.observation_id,
      handled_to: ctx.now,
      next_due: null,
      missed: row.missed,
      since: row.since,
      how: row.how,
      updated_at: ctx.now,
    })),
  ])
  const items = steps.flatMap(({ row, adv }) =>
    adv.missedSlots.length === 0
      ? []
      : [{ county: row.county, observationId: row.observation_id, slots: adv.missedSlots.map(slotName) }],
  )
  if (items.length > 0) ctx.emit('reading.missed', { items })
  return { n: rows.length, last: { at: end.next_due ?? ctx.now, id: end.observation_id } }
}

/**
 * Follows time for everybody who is due at this moment. Whoever becomes due meanwhile is found by the next run, so that a run ends.
 * @returns how many were followed
 */
export async function followTime(server: Server, size = CHUNK): Promise<number> {
  const campaigns = new Set<string>()
  let done = 0
  let after: DuePlace | null = null
  for (;;) {
    const from = after
    const followed: Followed = await server.asSystem('readings.time', (ctx) =>
      chunk(ctx, { size, after: from, campaigns }),
    )
    done += followed.n
    if (followed.n < size) return done
    after = followed.last
  }
}

/** One chunk, for tests of a kill between chunks. */
export async function followOneChunk(server: Server, size: number): Promise<number> {
  const { n } = await server.asSystem('readings.time', (ctx) => chunk(ctx, { size, after: null, campaigns: new Set() }))
  return n
}
