import { isOpen } from '@weiwang/domain/observation/fold'
import type { Server } from '../core/server.ts'
import { changeObservation } from './change.ts'
import { nextOf } from './due-follow.ts'
import { tellReadings } from './reading-feed.ts'
import { callOfTask, lockDue, plansByArea, updateCall, updateDue } from './readings-store.ts'
import { lockObservation } from './store.ts'

/**
 * READ-12: a welfare task that the worker has answered without a reading: somebody has seen them. The silence ends; the next missed
 * deadline begins anew.
 */
export async function followTask(server: Server, task: { county: string; taskId: string }): Promise<void> {
  await server.asSystem('readings.task', async (ctx) => {
    const call = await callOfTask(ctx.db, task.county, task.taskId)
    if (!call) return
    const key = { county: call.county, observationId: call.observation_id }
    await updateCall(ctx.db, call, { closed: 'reached', closed_at: ctx.now })
    const due = await lockDue(ctx.db, key)
    if (!due) return
    const plan = (await plansByArea(ctx.db))(due.area)
    const row = { ...due, missed: 0, since: null, how: null, heard_at: ctx.now, updated_at: ctx.now }
    row.next_due = await nextOf(ctx, row, plan)
    const { missed, since, how, heard_at, next_due, updated_at } = row
    await updateDue(ctx.db, key, { missed, since, how, heard_at, next_due, updated_at })
    await tellReadings(ctx, row, { plan, taskId: null })
    const loaded = await lockObservation(ctx.db, [''], call.observation_id)
    if (!loaded || !isOpen(loaded.state)) return
    await changeObservation(
      ctx,
      loaded,
      [{ kind: 'welfare', body: { on: ctx.today, how: 'door', found: 'well', visitId: null } }],
      { by: null },
    )
  })
}
