import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { append } from './truth-actions.ts'
import { findDue, findEverybody, findOne, followBatch } from './truth-finder.ts'
import { changeContradiction, contradictionsOfTask, taskLine } from './truth-store-lists.ts'

/** When the finder looks: somebody declares, a delivery comes or goes, a level changes, somebody was asked, a day passes. */
const Person = z.object({ personId: z.uuid() })
const Batch = z.object({ batchId: z.uuid() })
const TaskEvent = z.object({ county: z.string(), taskId: z.uuid() })

async function lookAt(server: Server, payload: unknown): Promise<void> {
  const { personId } = Person.parse(payload)
  await server.asSystem('truth.one', (ctx) => findOne(ctx, personId))
}

/** TRUTH-8: what whoever was sent has found waits for the desk; what another task has found may refute or bear out a source. */
async function followTask(server: Server, payload: unknown): Promise<void> {
  const { county, taskId } = TaskEvent.parse(payload)
  const personId = await server.asSystem('truth.task', async (ctx) => {
    const task = await taskLine(ctx.db, county, taskId)
    if (!task) return null
    const mine = await contradictionsOfTask(ctx.db, taskId)
    for (const row of mine) {
      if (row.state !== 'asked') continue
      await append(ctx, row, { kind: 'finding', body: { disposition: task.disposition }, by: null })
      await changeContradiction(ctx.db, row, { state: 'answered', finding: task.disposition ?? '' }, ctx.now)
    }
    return mine.length > 0 ? null : task.person_id
  })
  if (personId !== null) await server.asSystem('truth.one', (ctx) => findOne(ctx, personId))
}

export const truthJobs = defineJobs({
  reactions: {
    declared: lookAt,
    'contradiction.again': lookAt,
    'task.answered': followTask,
    'batch.loaded': async (server, payload) => followBatch(server, Batch.parse(payload).batchId),
    'batch.withdrawn': async (server, payload) => followBatch(server, Batch.parse(payload).batchId),
    'risk_areas.changed': async (server) => void (await findEverybody(server)),
  },
  timers: [
    { name: 'due', cron: '*/10 * * * *', run: async (server) => void (await findDue(server)) },
    { name: 'everybody', cron: '40 19 * * *', run: async (server) => void (await findEverybody(server)) },
  ],
})
