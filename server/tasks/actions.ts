import { contains } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import {
  AcceptTask,
  AssignTasks,
  AttemptTask,
  LocateTask,
  OpenedTask,
  OpenTask,
  PassTask,
  ReturnTask,
  ReviewTask,
} from '@weiwang/domain/tasks/api'
import type { TaskAction } from '@weiwang/domain/tasks/api'
import {
  decideAccept,
  decideAssign,
  decideAttempt,
  decideLocate,
  decidePass,
  decideReturn,
  decideReview,
  taskVerb,
} from '@weiwang/domain/tasks/decide'
import type { Decision, When } from '@weiwang/domain/tasks/decide'
import { hoursOf } from '@weiwang/domain/tasks/due'
import { notEligible, passOutside } from '@weiwang/domain/tasks/problems'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { areaExists } from '../access/store.ts'
import { changeTask, textPlace } from './change.ts'
import type { ChangeOptions } from './change.ts'
import { campaignOf, history, homeOf, lockTask, lockTasks, ownersOf } from './store.ts'
import type { Loaded } from './store.ts'

/** One function for each verb on a task. Reach is the county: events and areas above a grid are part of the task's story. */
export type Acted = { id: string; version: number; state: string; area: string; answerBy: string }

export function acted(loaded: Loaded): Acted {
  const { row, state } = loaded
  return { id: row.id, version: state.version, state: state.state, area: state.area, answerBy: state.clock.answerBy }
}

export async function whenOf(ctx: Ctx, campaignId: string): Promise<When> {
  const campaign = await campaignOf(ctx.db, campaignId)
  return { now: ctx.now, zone: ctx.zone, hours: hoursOf(campaign.hours) }
}

/** Load within the scope, permit, decide, write, audit: the five steps of every verb. @throws notFound, notAllowed, the decision's problem */
async function act(
  ctx: Ctx,
  id: string,
  action: TaskAction,
  decide: (loaded: Loaded, when: When) => Decision | Promise<Decision>,
  options: ChangeOptions = {},
): Promise<Acted> {
  const loaded = await lockTask(ctx.db, ctx.scope, id)
  if (!loaded) throw notFound({ thing: 'task' })
  permit(ctx, taskVerb(action), { kind: 'task', area: loaded.state.area })
  const decision = await decide(loaded, await whenOf(ctx, loaded.row.campaign_id))
  if (!decision.ok) throw decision.problem
  const after = await changeTask(ctx, loaded, decision.events, options)
  ctx.audit({
    verb: `task.${action}`,
    thing: 'task',
    thingId: id,
    area: loaded.state.area,
    detail: { state: after.state.state, to: after.state.area },
  })
  return acted(after)
}

function occurred(occurredAt: string | undefined): ChangeOptions {
  return occurredAt === undefined ? {} : { occurredAt: new Date(occurredAt).toISOString() }
}

export const acceptTask = defineAction({
  name: 'task.accept',
  input: AcceptTask,
  reach: 'county',
  run: (ctx, args): Promise<Acted> =>
    act(
      ctx,
      args.id,
      'accept',
      ({ state }, when) => decideAccept(state, ctx.actor.id, when),
      occurred(args.occurredAt),
    ),
})

export const attemptTask = defineAction({
  name: 'task.attempt',
  input: AttemptTask,
  reach: 'county',
  run: (ctx, args): Promise<Acted> =>
    act(
      ctx,
      args.id,
      'attempt',
      ({ state }, when) => decideAttempt(state, { channel: args.channel, result: args.result, visitId: null }, when),
      { ...occurred(args.occurredAt), text: args.note },
    ),
})

export const returnTask = defineAction({
  name: 'task.return',
  input: ReturnTask,
  reach: 'county',
  run: (ctx, args): Promise<Acted> =>
    act(
      ctx,
      args.id,
      'return',
      ({ state }, when) => decideReturn(state, { reason: args.reason, disposition: null, visitId: null }, when),
      { text: args.evidence },
    ),
})

/** TASK-7: only to an area inside the reach of who passes, that exists today. */
export const passTask = defineAction({
  name: 'task.pass',
  input: PassTask,
  reach: 'county',
  run: (ctx, args): Promise<Acted> =>
    act(
      ctx,
      args.id,
      'pass',
      async ({ row, state }, when) => {
        const reachable = ctx.scope.some((area) => contains(area, args.area)) && (await areaExists(ctx.db, args.area))
        if (!reachable) return { ok: false, problem: passOutside({ area: args.area }) }
        const home = row.person_id === null ? null : await homeOf(ctx.db, row.person_id)
        const householdId = home !== null && contains(args.area, home.area) ? home.householdId : null
        return decidePass(state, { area: args.area, reason: 'passed', householdId }, when)
      },
      { text: args.reason },
    ),
})

export const locateTask = defineAction({
  name: 'task.locate',
  input: LocateTask,
  reach: 'county',
  run: (ctx, args): Promise<Acted> =>
    act(ctx, args.id, 'locate', ({ state }, when) => decideLocate(state, when), { text: args.reason }),
})

export const reviewTask = defineAction({
  name: 'task.review',
  input: ReviewTask,
  reach: 'county',
  run: (ctx, args): Promise<Acted> =>
    act(
      ctx,
      args.id,
      'review',
      ({ state }, when) =>
        decideReview(state, { decision: args.decision, disposition: args.disposition ?? null }, when),
      { text: args.reason },
    ),
})

/** TASK-16: what people typed with their acts, opened for a purpose that the audit keeps. */
export const openTask = defineAction({
  name: 'task.open',
  input: OpenTask,
  output: OpenedTask,
  reach: 'county',
  run: async (ctx, args): Promise<OpenedTask> => {
    const loaded = await lockTask(ctx.db, ctx.scope, args.id)
    if (!loaded) throw notFound({ thing: 'task' })
    const { row } = loaded
    permit(ctx, 'open', { kind: 'person', area: row.area })
    const lines = await history(ctx.db, row.county, row.id)
    const texts: OpenedTask['texts'] = []
    for (const line of lines) {
      if (line.text_sealed !== null)
        texts.push({ n: line.n, text: await ctx.keys.open(textPlace(row.id, line.n), line.text_sealed) })
    }
    ctx.audit({
      verb: 'task.open',
      thing: 'task',
      thingId: row.id,
      area: row.area,
      purpose: args.purpose,
      ids: row.person_id === null ? [] : [row.person_id],
    })
    return { id: row.id, texts }
  },
})

/**
 * TASK-13 (cases 18, 53): all or nothing, to somebody who can own each of them; who assigned is in the event, and both the old
 * and the new owner are told.
 */
export const assignTasks = defineAction({
  name: 'task.assign',
  input: AssignTasks,
  reach: 'county',
  run: async (ctx, args): Promise<{ items: Acted[] }> => {
    const ids = [...new Set(args.ids)]
    const loaded = await lockTasks(ctx.db, ctx.scope, ids)
    if (loaded.length !== ids.length) throw notFound({ thing: 'task' })
    const eligible = new Map<string, boolean>()
    const items: Acted[] = []
    for (const one of loaded) {
      permit(ctx, taskVerb('assign'), { kind: 'task', area: one.state.area })
      const known =
        eligible.get(one.state.area) ?? (await ownersOf(ctx.db, one.state.area, ctx.today, args.to)).length > 0
      eligible.set(one.state.area, known)
      if (!known) throw notEligible({ to: args.to, why: 'duty' })
      const decision = decideAssign(one.state, args.to, await whenOf(ctx, one.row.campaign_id))
      if (!decision.ok) throw decision.problem
      const after = await changeTask(ctx, one, decision.events)
      tell(ctx, one, args.to)
      ctx.audit({
        verb: 'task.assign',
        thing: 'task',
        thingId: one.row.id,
        area: one.state.area,
        detail: { to: args.to, from: one.state.assignee },
      })
      items.push(acted(after))
    }
    return { items }
  },
})

/** A new task and a reassignment are told apart; the old owner hears of it too. */
function tell(ctx: Ctx, before: Loaded, to: string): void {
  const { row, state } = before
  if (state.area.length < 15) return
  const grid = state.area.slice(0, 15)
  const notice = {
    taskId: row.id,
    county: row.county,
    reference: row.reference,
    grade: state.grade,
    by: ctx.actor.id,
    byName: ctx.actor.name,
  }
  ctx.feed({
    grid,
    kind: 'notice',
    id: `${row.id}/${state.version + 1}/to`,
    urgent: true,
    body: { ...notice, for: to, what: state.assignee === null ? 'assigned' : 'reassigned' },
  })
  if (state.assignee !== null && state.assignee !== to) {
    ctx.feed({
      grid,
      kind: 'notice',
      id: `${row.id}/${state.version + 1}/from`,
      urgent: true,
      body: { ...notice, for: state.assignee, what: 'taken_over', to },
    })
  }
}
