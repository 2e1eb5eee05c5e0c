import { DealEscalation, SeeEscalations } from '@weiwang/domain/tasks/api'
import type { Escalation, ListEscalations } from '@weiwang/domain/tasks/api'
import { DEALT } from '@weiwang/domain/tasks/api'
import { notFound } from '@weiwang/domain/core/problems'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { presentTasks } from './present.ts'
import { areasOf, permitRead } from './queries.ts'
import { accountNames } from '../access/names.ts'
import { findTask, tasksById, URGENCY } from './store.ts'
import { listEscalations, markDealt, markSeen, wasTold } from './store-escalations.ts'
import type { EscalationRow } from './store-escalations.ts'

/** The inbox of who was told that a task is late (TASK-18). */
const PERCENT = 50
const Clock = z.enum(['accept', 'answer'])
const Dealt = z.enum(DEALT)

function stateOf(row: EscalationRow): Escalation['state'] {
  if (row.dealt !== null) return 'dealt'
  return row.seen_at === null ? 'new' : 'seen'
}

async function present(ctx: Ctx, rows: readonly EscalationRow[]): Promise<Escalation[]> {
  const tasks = await presentTasks(
    ctx,
    await tasksById(
      ctx.db,
      ctx.scope,
      rows.map((row) => ({ county: row.county, id: row.task_id })),
    ),
  )
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.told),
  )
  const people = await accountNames(
    ctx.db,
    rows.map((row) => row.dealt_by),
  )
  return rows.flatMap((row) => {
    const task = byId.get(row.task_id)
    if (!task) return []
    return [
      {
        taskId: row.task_id,
        n: row.n,
        to: { id: row.account_id, name: row.account_name },
        told: { code: row.told, name: names.get(row.told) ?? row.told },
        clock: Clock.parse(row.clock),
        step: row.step,
        percent: row.step * PERCENT,
        at: row.at.toISOString(),
        state: stateOf(row),
        seenAt: row.seen_at?.toISOString() ?? null,
        dealt: row.dealt === null ? null : Dealt.parse(row.dealt),
        dealtBy: row.dealt_by === null ? null : { id: row.dealt_by, name: people.get(row.dealt_by) ?? '' },
        dealtAt: row.dealt_at?.toISOString() ?? null,
        mine: row.account_id === ctx.actor.id,
        task,
      },
    ]
  })
}

export async function readEscalations(ctx: Ctx, args: ListEscalations) {
  const areas = areasOf(ctx, args.area)
  permitRead(ctx, 'read', 'task', areas)
  const page = await listEscalations(
    ctx.db,
    {
      areas,
      account: args.whose === 'mine' ? ctx.actor.id : null,
      state: args.state,
      urgency: args.grade === undefined ? null : URGENCY[args.grade],
    },
    args,
  )
  return { items: await present(ctx, page.rows), next: page.next, total: page.total }
}

/** Seeing is one's own: whoever else was told still has it as new. */
export const seeEscalations = defineAction({
  name: 'escalation.see',
  input: SeeEscalations,
  reach: 'county',
  run: async (ctx, args): Promise<{ seen: number }> => {
    const areas = areasOf(ctx, undefined)
    const [area = ctx.actor.area] = areas
    permit(ctx, 'read', { kind: 'task', area })
    const seen = await markSeen(ctx.db, areas, ctx.actor.id, args.items, ctx.now)
    for (const { task_id, area: at } of seen)
      ctx.audit({ verb: 'escalation.see', thing: 'task', thingId: task_id, area: at })
    return { seen: seen.length }
  },
})

/** Whoever was told, or a centre that may act on the task, says what was done; it counts for everybody told so far. */
export const dealEscalation = defineAction({
  name: 'escalation.deal',
  input: DealEscalation,
  reach: 'county',
  run: async (ctx, args): Promise<{ dealt: number }> => {
    const loaded = await findTask(ctx.db, ctx.scope, args.taskId)
    if (!loaded) throw notFound({ thing: 'task' })
    const { county, area } = loaded.row
    const told = await wasTold(ctx.db, county, args.taskId, ctx.actor.id)
    permit(ctx, told ? 'read' : 'bulk', { kind: 'task', area })
    const dealt = await markDealt(
      ctx.db,
      { county, taskId: args.taskId, upTo: args.n },
      { how: args.how, by: ctx.actor.id, at: ctx.now },
    )
    ctx.audit({
      verb: 'escalation.deal',
      thing: 'task',
      thingId: args.taskId,
      area,
      detail: { how: args.how, n: args.n, dealt },
    })
    return { dealt }
  },
})
