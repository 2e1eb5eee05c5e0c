import { decideRegrade } from '@weiwang/domain/tasks/decide'
import type { NewTaskEvent } from '@weiwang/domain/tasks/event'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { whenOf } from '../tasks/actions.ts'
import { changeTasks } from '../tasks/bulk.ts'
import { lockTasks } from '../tasks/store.ts'
import type { Loaded } from '../tasks/store.ts'
import { updateCall, updateDue } from './readings-store.ts'
import type { CallRow, DueRow } from './readings-store.ts'
import { welfareReasons } from './welfare.ts'

/** READ-11, READ-12: how a call and its task end, and how they are raised to the door. */

/** How a welfare task ends when its reason is gone: the worker's own word answers it, anybody else's takes it back. */
export type TaskEnd = {
  by: 'worker' | 'other'
  readingId: string | null
  method: 'door' | 'phone' | 'message'
  reason: string
}

/** READ-11: the open task of a call ends, and whoever is under way to it is told at the next contact. */
export async function endTask(ctx: Ctx, call: CallRow, end: TaskEnd): Promise<string | null> {
  if (call.task_id === null) return null
  const [task] = await lockTasks(ctx.db, [''], [call.task_id])
  if (!task || task.state.closedAt !== null) return null
  await changeTasks(ctx, [{ loaded: task, events: [endOf(ctx, end)] }], {
    by: actorId(ctx),
  })
  tellUnderWay(ctx, task, call, end.reason)
  return call.task_id
}

function endOf(ctx: Ctx, end: TaskEnd): NewTaskEvent {
  if (end.by === 'other') return { kind: 'withdrawn', body: { on: ctx.today, reason: end.reason, runId: null } }
  return {
    kind: 'answered',
    body: {
      on: ctx.today,
      disposition: 'HERE_HOME_OBS',
      next: 'close',
      visitId: end.readingId,
      dueDay: null,
      clock: null,
      successor: null,
    },
  }
}

/** Case of the worker before the door: "answered at 20:30" stands first on the phone as soon as there is any signal. */
function tellUnderWay(ctx: Ctx, task: Loaded, call: CallRow, what: string): void {
  const { area, assignee } = task.state
  if (area.length < 15 || assignee === ctx.actor.id) return
  ctx.feed({
    grid: area.slice(0, 15),
    kind: 'notice',
    id: `${task.row.id}/answered`,
    urgent: true,
    body: {
      for: assignee,
      what,
      taskId: task.row.id,
      county: task.row.county,
      observationId: call.observation_id,
      reference: task.row.reference,
      at: ctx.now.toISOString(),
    },
  })
}

export async function endCall(
  ctx: Ctx,
  call: CallRow,
  closed: 'answered' | 'reached' | 'ended',
  end?: TaskEnd,
): Promise<string | null> {
  await updateCall(ctx.db, call, { closed, closed_at: ctx.now })
  return endTask(
    ctx,
    call,
    end ?? {
      by: 'other',
      readingId: null,
      method: 'message',
      reason: closed === 'ended' ? 'observation_ended' : 'reading_came',
    },
  )
}

/** READ-12: so many tries that reached nobody, or a word that asks for somebody to come, are followed by the door. */
export async function toTheDoor(ctx: Ctx, call: CallRow, due: DueRow): Promise<void> {
  await updateCall(ctx.db, call, { how: 'door' })
  await updateDue(
    ctx.db,
    { county: call.county, observationId: call.observation_id },
    { how: 'door', updated_at: ctx.now },
  )
  if (call.task_id === null) return
  const [task] = await lockTasks(ctx.db, [''], [call.task_id])
  if (!task || task.state.closedAt !== null) return
  const when = await whenOf(ctx, task.row.campaign_id)
  const decision = decideRegrade(task.state, { grade: 'yellow', sources: [], runId: null, reason: 'unreached' }, when)
  if (!decision.ok) return
  const reasons = welfareReasons({ missed: due.missed, since: due.since, how: 'door', today: ctx.today })
  await changeTasks(ctx, [{ loaded: task, events: decision.events, reasons }], { by: null })
}
