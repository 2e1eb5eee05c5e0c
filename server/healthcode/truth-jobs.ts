import { say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { insertNotices } from '../access/account-store.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { linksTo } from '../people/account-person-store.ts'
import { holds } from '../people/account-persons.ts'
import { append } from './truth-actions.ts'
import { findDue, findEverybody, findOne, followBatch } from './truth-finder.ts'
import { changeContradiction, contradictionsOfTask, taskLine } from './truth-store-lists.ts'

/** When the finder looks: somebody declares, a delivery comes or goes, a level changes, somebody was asked, an objection is decided, a
 * day passes. */
const Person = z.object({ personId: z.uuid() })
const Decided = z.object({ personId: z.uuid().nullable() })
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

const Found = z.object({ items: z.array(z.object({ personId: z.uuid(), id: z.uuid() })) })
const TOLD = say(
  '您的申报有一处与已有数据不一致，请登录查看、更正或说明；不影响您的码色',
  'One thing in your declaration does not fit what is known: please look, correct it or explain. It changes no colour',
)

/** TRUTH-12: whoever stands for the person is told that there is something to look at, and nothing of what it is. */
async function tellHolders(server: Server, payload: unknown): Promise<void> {
  const { items } = Found.parse(payload)
  await server.asSystem('truth.tell', async (ctx) => {
    const links = await linksTo(
      ctx.db,
      items.map((one) => one.personId),
    )
    const accounts = new Set(links.filter((link) => holds(link, ctx.today)).map((link) => link.accountId))
    await insertNotices(
      ctx.db,
      [...accounts].map((accountId) => ({
        accountId,
        id: newId(ctx.now),
        kind: 'contradiction.found',
        body: TOLD,
        at: ctx.now,
      })),
    )
  })
}

export const truthJobs = defineJobs({
  reactions: {
    declared: lookAt,
    'contradiction.again': lookAt,
    'contradictions.found': tellHolders,
    // What an objection has put right at the fact is nothing to explain any more.
    'objection.decided': async (server, payload) => {
      const { personId } = Decided.parse(payload)
      if (personId !== null) await lookAt(server, { personId })
    },
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
