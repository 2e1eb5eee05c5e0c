import { isOpen } from '@weiwang/domain/observation/fold'
import { z } from 'zod'
import type { Server } from '../core/server.ts'
import { changeObservation } from './change.ts'
import { nextOf } from './due-follow.ts'
import { tellReadings } from './reading-feed.ts'
import { callOfTask, lockDue, plansByArea, silentOf, toldMissed, updateCall, updateDue } from './readings-store.ts'
import { lockObservation, lockObservations } from './store.ts'

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

const Missed = z.object({
  items: z.array(z.object({ county: z.string(), observationId: z.string(), slots: z.array(z.string()) })),
})
const AT_ONCE = 50

/**
 * OBS-12: what did not come stands in the story of the observation too, behind the job that found it, so that a deadline never waits
 * for it. A repeat after a kill finds what is told already by the slots that the story names.
 */
export async function noteMissed(server: Server, payload: unknown): Promise<void> {
  const { items } = Missed.parse(payload)
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = new Map(items.slice(from, from + AT_ONCE).map((one) => [one.observationId, one]))
    await server.asSystem('readings.missed', async (ctx) => {
      const told = await toldMissed(ctx.db, [...some.values()])
      const silent = await silentOf(ctx.db, [...some.values()])
      for (const loaded of await lockObservations(ctx.db, [''], [...some.keys()])) {
        const slots = some.get(loaded.row.id)?.slots ?? []
        const fresh = slots.filter((slot) => !told.has(`${loaded.row.id}/${slot}`))
        // Whoever has reported meanwhile is not said to be silent.
        if (!isOpen(loaded.state) || !silent.has(loaded.row.id) || fresh.length === 0) continue
        const events = fresh.map((slot) => ({ kind: 'missed' as const, body: { on: ctx.today, slot } }))
        await changeObservation(ctx, loaded, events, { by: null })
      }
    })
  }
}
