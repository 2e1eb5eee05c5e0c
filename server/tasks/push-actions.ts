import { contains } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { DecidePush, ProposePush, PushConsequence, PushView } from '@weiwang/domain/tasks/api'
import { campaignNotOpen, nothingToPush, pushDecided, runNotDone } from '@weiwang/domain/tasks/problems'
import { areaNames, findCampaignInForce, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { startJob } from '../core/progress.ts'
import { iso } from './present.ts'
import { countsOf } from './push.ts'
import { accountNames, named } from '../access/names.ts'
import { askedIn, consequenceOf, findPush, insertPush, lockPush, runOf, updatePush } from './store-push.ts'
import type { PushRow } from './store-push.ts'

const NONE: PushConsequence = {
  persons: 0,
  byGrade: { red: 0, yellow: 0, blue: 0 },
  grids: 0,
  counties: 0,
  unresolved: 0,
  keptOpen: 0,
  answeredBefore: 0,
}

export async function presentPushes(ctx: Ctx, rows: readonly PushRow[]): Promise<PushView[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const people = await accountNames(
    ctx.db,
    rows.flatMap((row) => [row.by, row.approved_by]),
  )
  const person = (id: string | null) => named(people, id)
  return rows.map((row) => {
    const { persons: _persons, ...result } = countsOf(row.counts)
    return {
      id: row.id,
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      runId: row.run_id,
      campaignId: row.campaign_id,
      state: PushView.shape.state.parse(row.state),
      consequence: PushConsequence.catch(NONE).parse(row.consequence),
      result,
      jobId: row.job_id,
      by: person(row.by),
      approvedBy: row.approved_by === null ? null : person(row.approved_by),
      startedAt: row.started_at.toISOString(),
      finishedAt: iso(row.finished_at),
    }
  })
}

async function presentOne(ctx: Ctx, id: string): Promise<PushView> {
  const row = await findPush(ctx.db, ctx.scope, id)
  const [shown] = row ? await presentPushes(ctx, [row]) : []
  if (!shown) throw notFound({ thing: 'push' })
  return shown
}

/** TASK-5: proposed with its consequence in numbers; nothing is sent before a second person approves (ACCESS-6). */
export const proposePush = defineAction({
  name: 'push.propose',
  input: ProposePush,
  // A county pushes what a run of the city or the province has graded: the run lies above its bounds.
  reach: 'all',
  run: async (ctx, args): Promise<PushView> => {
    if (!ctx.scope.some((area) => contains(area, args.area))) throw notFound({ thing: 'area' })
    permit(ctx, 'propose', { kind: 'push', area: args.area })
    await requireOpenEmergency(ctx, args.area)
    const campaign = await findCampaignInForce(ctx, args.campaignId)
    if (!campaign || !contains(campaign.area, args.area)) throw campaignNotOpen({ state: campaign?.state ?? '' })
    const run = args.runId === undefined ? null : await runOf(ctx.db, args.runId)
    const touches = run !== null && (contains(run.area, args.area) || contains(args.area, run.area))
    if (args.runId !== undefined && !touches) throw notFound({ thing: 'grade_run' })
    if (run && run.state !== 'done') throw runNotDone({ state: run.state })
    const existing = await findPush(ctx.db, ctx.scope, args.id)
    if (existing) return presentOne(ctx, args.id)
    const listing = {
      area: args.area,
      today: ctx.today,
      run: run && args.runId !== undefined ? { id: args.runId, incremental: run.kind === 'incremental' } : null,
    }
    const consequence = await consequenceOf(ctx.db, listing, await askedIn(ctx.db, args.campaignId))
    if (consequence.persons === 0) throw nothingToPush({})
    await insertPush(ctx.db, {
      id: args.id,
      area: args.area,
      run_id: args.runId ?? null,
      campaign_id: args.campaignId,
      state: 'proposed',
      consequence: json(consequence),
      by: actorId(ctx),
      by_created_by: ctx.actor.createdBy,
      started_at: ctx.now,
    })
    ctx.audit({
      verb: 'push.propose',
      thing: 'push',
      thingId: args.id,
      area: args.area,
      detail: { persons: consequence.persons, grids: consequence.grids },
    })
    return presentOne(ctx, args.id)
  },
})

export const decidePush = defineAction({
  name: 'push.decide',
  input: DecidePush,
  run: async (ctx, args): Promise<PushView> => {
    const push = await lockPush(ctx.db, ctx.scope, args.id)
    if (!push) throw notFound({ thing: 'push' })
    permit(ctx, 'approve', { kind: 'push', area: push.area, by: push.by, byCreatedBy: push.by_created_by })
    if (push.state !== 'proposed') throw pushDecided({ state: push.state })
    const by = actorId(ctx)
    if (args.approve) {
      await requireOpenEmergency(ctx, push.area)
      const campaign = await findCampaignInForce(ctx, push.campaign_id)
      if (!campaign) throw campaignNotOpen({ state: '' })
      const consequence = PushConsequence.catch(NONE).parse(push.consequence)
      const title = {
        zh: `下发 ${consequence.persons} 人到 ${consequence.grids} 个网格`,
        en: `Push ${consequence.persons} people to ${consequence.grids} grids`,
      }
      const jobId = await startJob(ctx, {
        kind: 'push',
        title,
        area: push.area,
        subject: push.id,
        total: consequence.persons,
      })
      await updatePush(ctx.db, push.id, {
        state: 'running',
        approved_by: by,
        decided_at: ctx.now,
        job_id: jobId,
        reason: args.reason ?? null,
      })
      ctx.emit('push.approved', { pushId: push.id }, { key: push.id })
    } else {
      await updatePush(ctx.db, push.id, {
        state: 'refused',
        approved_by: by,
        decided_at: ctx.now,
        finished_at: ctx.now,
        reason: args.reason ?? null,
      })
    }
    ctx.audit({ verb: args.approve ? 'push.approve' : 'push.refuse', thing: 'push', thingId: push.id, area: push.area })
    return presentOne(ctx, push.id)
  },
})
