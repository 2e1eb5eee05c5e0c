import { contains, countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { decideAssign, decideRegrade } from '@weiwang/domain/tasks/decide'
import { Grade, GRADES } from '@weiwang/domain/tasks/api'
import { maySound } from '@weiwang/domain/tasks/escalation'
import type { NewTaskEvent } from '@weiwang/domain/tasks/event'
import { nextEscalation } from '@weiwang/domain/tasks/fold'
import { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { whenOf } from './actions.ts'
import { changeTask, openSuccessor, recordTransfer } from './change.ts'
import {
  doubledTasks,
  dueEscalations,
  findTask,
  homeOf,
  lockTask,
  lockTasks,
  openTasksOf,
  openTasksOfCampaign,
  openTasksOwnedBy,
  ownersOf,
  regradesOf,
  responsibleAt,
  setReasons,
  tasksToRegrade,
  URGENCY,
} from './store.ts'
import type { Loaded, Regrade } from './store.ts'
import { insertEscalations } from './store-escalations.ts'

/** What tasks do when other rooms say that something happened. Everything here may run twice without effect. */
const ZERO = '00000000-0000-0000-0000-000000000000'
const CHUNK = 200
/** Levels of centres above a grid, up to the county. */
const HIGHEST = 3

/** Runs `one` chunk after chunk, each its own transaction, until a chunk is not full. */
async function inChunks(
  server: Server,
  name: string,
  one: (ctx: Ctx, after: string) => Promise<{ last: string | null; more: boolean }>,
): Promise<void> {
  let after = ZERO
  for (;;) {
    const { last, more } = await server.asSystem(name, (ctx) => one(ctx, after))
    if (!more || last === null) return
    after = last
  }
}

const Fact = z.object({ fact: z.object({ source: z.string() }) })

function sourcesOf(reasons: unknown): string[] {
  if (!Array.isArray(reasons)) return []
  const list: unknown[] = reasons
  return [...new Set(list.flatMap((reason) => Fact.safeParse(reason).data?.fact.source ?? []))].toSorted()
}

async function regradeOne(ctx: Ctx, loaded: Loaded, to: Regrade, runId: string | null): Promise<void> {
  const holds = to.grade !== null && (to.until === null || to.until >= ctx.today)
  const grade = holds ? Grade.parse(to.grade) : null
  const decision = decideRegrade(
    loaded.state,
    { grade, sources: sourcesOf(to.reasons), runId, reason: 'grade' },
    await whenOf(ctx, loaded.row.campaign_id),
  )
  if (!decision.ok || decision.events.length === 0) return
  if (grade === null) return void (await changeTask(ctx, loaded, decision.events, { by: null }))
  // The phones are told the new grade with its new reasons.
  await setReasons(ctx.db, loaded.row, to.reasons)
  await changeTask(ctx, { ...loaded, row: { ...loaded.row, reasons: to.reasons } }, decision.events, { by: null })
}

async function regradeAll(ctx: Ctx, ids: readonly string[], runId: string | null): Promise<void> {
  const tasks = await lockTasks(ctx.db, [''], ids)
  // Under the locks: of two runs the later grade is what counts, whichever is followed last.
  const byTask = new Map((await regradesOf(ctx.db, ids, ctx.today)).map((one) => [one.taskId, one]))
  for (const loaded of tasks) {
    const to = byTask.get(loaded.row.id)
    if (to) await regradeOne(ctx, loaded, to, runId)
  }
}

/** TASK-12: after a run, open tasks follow the grades; a person regraded down to none takes back the open task. */
export async function followRun(server: Server, runId: string): Promise<void> {
  await inChunks(server, 'tasks.regrade', async (ctx, after) => {
    const ids = await tasksToRegrade(ctx.db, { runId }, after, CHUNK)
    await regradeAll(ctx, ids, runId)
    return { last: ids.at(-1) ?? null, more: ids.length === CHUNK }
  })
}

/** One person's grade was changed by hand. */
export async function followPerson(server: Server, personId: string): Promise<void> {
  await server.asSystem('tasks.regrade', async (ctx) =>
    regradeAll(ctx, await tasksToRegrade(ctx.db, { personId }, ZERO, CHUNK), null),
  )
}

/**
 * TASK-14 (cases 32, 33): the open tasks of a person go where the person lives now: within the county to the grid, into another
 * county as a successor with the same root, out of the deployment by closing. Answered ones keep their area.
 */
export async function followHome(server: Server, personId: string, why: 'moved' | 'resolved'): Promise<void> {
  await server.asSystem('tasks.follow', async (ctx) => {
    const tasks = await lockTasks(ctx.db, [''], await openTasksOf(ctx.db, personId))
    // Under the locks: of two moves the later one is what counts, whichever is followed last.
    const home = await homeOf(ctx.db, personId)
    if (!home) return
    for (const loaded of tasks) {
      // Where an observed person stays is the observation's to say, and its tasks go by that.
      if (loaded.row.kind !== 'check') continue
      if (loaded.state.area === home.area || loaded.state.answeredAt !== null) continue
      // A resolved address only brings a task down from where it could not be placed: what a person has passed on stays.
      if (why === 'resolved' && !contains(loaded.state.area, home.area)) continue
      await moveTask(ctx, loaded, home, why)
    }
  })
}

type Home = { area: AreaCode; masked: string; householdId: string | null }

async function moveTask(ctx: Ctx, loaded: Loaded, home: Home, why: 'moved' | 'resolved'): Promise<void> {
  const { row, state } = loaded
  const from = state.area
  if (countyOf(home.area) === countyOf(from)) {
    const reason = why === 'moved' ? 'person_moved' : 'address_resolved'
    const passed: NewTaskEvent = {
      kind: 'passed_down',
      body: { on: ctx.today, from, to: home.area, reason, sideways: false, householdId: home.householdId },
    }
    const after = await changeTask(ctx, loaded, [passed], { by: null })
    // Coming down from where it could not be placed is no transfer.
    if (why === 'moved' && !contains(from, home.area))
      await recordMove(ctx, { taskId: row.id, n: after.state.version, from, to: home.area, masked: row.masked })
    return
  }
  if (row.person_id === null) return
  const inside = contains(ctx.root, home.area)
  const successor = { county: countyOf(home.area), taskId: newId(ctx.now), area: home.area }
  const after = await changeTask(ctx, loaded, [{ kind: 'moved', body: { on: ctx.today, to: home.area, successor } }], {
    by: null,
  })
  if (inside) {
    await openSuccessor(ctx, {
      id: successor.taskId,
      area: home.area,
      personId: row.person_id,
      householdId: home.householdId,
      masked: home.masked,
      from: { loaded: after, area: from },
    })
  } else {
    await recordTransfer(ctx, {
      taskId: row.id,
      n: after.state.version,
      direction: 'out',
      area: from,
      other: home.area,
      masked: row.masked,
    })
  }
}

async function recordMove(
  ctx: Ctx,
  move: { taskId: string; n: number; from: AreaCode; to: AreaCode; masked: string },
): Promise<void> {
  const { from, to, ...rest } = move
  await recordTransfer(ctx, { ...rest, direction: 'out', area: from, other: to })
  await recordTransfer(ctx, { ...rest, direction: 'in', area: to, other: from })
}

/** AWAY_OTHER_AREA: the person is elsewhere in the deployment; the task goes on there under the same root. */
export async function openForwarded(
  server: Server,
  taskId: string,
  to: { county: string; taskId: string; area: string },
): Promise<void> {
  await server.asSystem('tasks.forward', async (ctx) => {
    const loaded = await lockTask(ctx.db, [''], taskId)
    if (!loaded || loaded.row.person_id === null || (await findTask(ctx.db, [''], to.taskId))) return
    await openSuccessor(ctx, {
      id: to.taskId,
      area: to.area,
      personId: loaded.row.person_id,
      householdId: null,
      masked: loaded.row.masked,
      from: { loaded, area: loaded.state.area },
    })
  })
}

/** Two records turned out to be one person: where both have an open task of a campaign, one goes on and shows the other. */
export async function mergeTasks(server: Server, from: string, into: string): Promise<void> {
  await server.asSystem('tasks.merge', async (ctx) => {
    for (const { extra, kept } of await doubledTasks(ctx.db, from, into)) {
      const loaded = await lockTask(ctx.db, [''], extra)
      if (!loaded || loaded.state.closedAt !== null || loaded.state.answeredAt !== null) continue
      await changeTask(
        ctx,
        loaded,
        [{ kind: 'merged_duplicate', body: { on: ctx.today, visitId: null, earlier: kept } }],
        { by: null },
      )
    }
  })
}

/** TASK-15 (case 42): a worker who no longer covers the area gives back what is still open, to whoever covers it now. */
export async function giveBack(server: Server, accountId: string): Promise<void> {
  await inChunks(server, 'tasks.give-back', async (ctx, after) => {
    const ids = await openTasksOwnedBy(ctx.db, accountId, after, CHUNK)
    for (const loaded of await lockTasks(ctx.db, [''], ids)) {
      if (
        loaded.state.assignee !== accountId ||
        (await ownersOf(ctx.db, loaded.state.area, ctx.today, accountId)).length > 0
      )
        continue
      const decision = decideAssign(loaded.state, null, await whenOf(ctx, loaded.row.campaign_id))
      if (decision.ok) await changeTask(ctx, loaded, decision.events, { by: null })
    }
    return { last: ids.at(-1) ?? null, more: ids.length === CHUNK }
  })
}

/** A campaign that ended takes what is still open with it. */
export async function expireCampaign(server: Server, campaignId: string): Promise<void> {
  await inChunks(server, 'tasks.expire', async (ctx, after) => {
    const ids = await openTasksOfCampaign(ctx.db, campaignId, after, CHUNK)
    for (const loaded of await lockTasks(ctx.db, [''], ids)) {
      if (loaded.state.closedAt !== null || loaded.state.answeredAt !== null) continue
      await changeTask(ctx, loaded, [{ kind: 'expired', body: { on: ctx.today, reason: 'campaign_ended' } }], {
        by: null,
      })
    }
    return { last: ids.at(-1) ?? null, more: ids.length === CHUNK }
  })
}

/** TASK-4: who stands above a task: the next three centres, then the county again. */
export function levelAbove(area: AreaCode, step: number): AreaCode {
  const chain = [12, 9, 6]
    .filter((digits) => digits < area.length || (digits === 6 && area.length === 6))
    .map((digits) => area.slice(0, digits))
  return chain[Math.min(step, chain.length) - 1] ?? area
}

/**
 * The escalation timer only writes what time has already made true: lateness itself is computed when it is read (case 66).
 * Each step once; the people told are named in the event.
 */
export async function escalateDue(server: Server): Promise<number> {
  let done = 0
  for (;;) {
    const n = await server.asSystem('tasks.escalate', async (ctx) => {
      const grades = GRADES.filter((grade) => maySound(grade, ctx.now, ctx.zone))
      const due = await dueEscalations(ctx.db, ctx.now, grades, CHUNK)
      for (const loaded of due) await escalateOne(ctx, loaded)
      return due.length
    })
    done += n
    if (n < CHUNK) return done
  }
}

/** The level that is told: one above the task at the first step; a level without anybody is passed over (TASK-18). */
async function toldAt(
  ctx: Ctx,
  area: AreaCode,
  step: number,
): Promise<{ area: AreaCode; to: { id: string; name: string }[] }> {
  const first = levelAbove(area, step)
  for (let level = step; level <= step + HIGHEST; level++) {
    const at = levelAbove(area, level)
    const to = await responsibleAt(ctx.db, at, ctx.today)
    if (to.length > 0) return { area: at, to }
  }
  return { area: first, to: [] }
}

async function escalateOne(ctx: Ctx, due: Loaded): Promise<void> {
  let loaded = due
  for (
    let next = nextEscalation(loaded.state);
    next !== null && new Date(next.at) <= ctx.now;
    next = nextEscalation(loaded.state)
  ) {
    const { area, to } = await toldAt(ctx, loaded.state.area, next.step)
    loaded = await changeTask(
      ctx,
      loaded,
      [{ kind: 'escalated', body: { on: ctx.today, clock: next.clock, step: next.step, area, to } }],
      { by: null },
    )
    const { row, state } = loaded
    await insertEscalations(
      ctx.db,
      to.map((person) => ({
        county: row.county,
        task_id: row.id,
        n: state.version,
        account_id: person.id,
        account_name: person.name,
        area: state.area,
        told: area,
        clock: next.clock,
        step: next.step,
        urgency: URGENCY[state.grade],
        at: ctx.now,
      })),
    )
    ctx.emit('task.escalated', {
      county: loaded.row.county,
      taskId: loaded.row.id,
      area,
      step: next.step,
      percent: next.percent,
      to: to.map((person) => person.id),
    })
  }
}
