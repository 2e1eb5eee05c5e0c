import { notFound } from '@weiwang/domain/core/problems'
import { ApproveRun, ProposeRun, RefuseRun, RunView, StartPreview } from '@weiwang/domain/grading/api'
import { addDays } from '@weiwang/domain/core/day'
import { ownRun, ruleSetInactive, runGrew, runState } from '@weiwang/domain/grading/problems'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { jobProgress } from '../core/progress.ts'
import { mustHold } from './actions-sets.ts'
import { viewRun } from './queries.ts'
import { changedBy, resumeApproved, startRun } from './run.ts'
import type { RuleSetRow, RunRow } from './store.ts'
import { changeRun, cleanUp, lockRun, noteRun, runMakers } from './store-run.ts'
import { findSetInLine } from './store-sets.ts'

/** Verbs on runs. They reach past the row guards, because the work tables of a run are nobody's: each checks its own scope. */
async function setOf(ctx: Ctx, id: string): Promise<RuleSetRow> {
  const row = await findSetInLine(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'rule_set' })
  mustHold(ctx, row.area, 'rule_set')
  return row
}

async function lockedRun(ctx: Ctx, id: string): Promise<RunRow> {
  const run = await lockRun(ctx.db, id)
  if (!run) throw notFound({ thing: 'grade_run' })
  mustHold(ctx, run.area, 'grade_run')
  return run
}

/** GRADE-21: what a rule set would change against today; nothing is written to grades. */
export const startPreview = defineAction({
  name: 'grade_run.preview',
  input: StartPreview,
  reach: 'all',
  output: RunView,
  run: async (ctx, args) => {
    const ruleSet = await setOf(ctx, args.ruleSetId)
    permit(ctx, 'propose', { kind: 'rule_set', area: ruleSet.area })
    const asOf = args.asOf ?? ctx.today
    const { runId } = await startRun(ctx, { ruleSet, kind: 'preview', by: actorId(ctx), approvedBy: null, asOf })
    ctx.audit({
      verb: 'grade_run.preview',
      thing: 'grade_run',
      thingId: runId,
      area: ruleSet.area,
      detail: { ruleSetId: ruleSet.id, asOf },
    })
    return viewRun(ctx, runId)
  },
})

/** A full run that a person asks for: judged, shown, and kept back until a second person agrees (ACCESS-6). */
export const proposeRun = defineAction({
  name: 'grade_run.propose',
  input: ProposeRun,
  reach: 'all',
  output: RunView,
  run: async (ctx, args) => {
    const ruleSet = await setOf(ctx, args.ruleSetId)
    permit(ctx, 'propose', { kind: 'grade', area: ruleSet.area })
    await requireOpenEmergency(ctx, ruleSet.area)
    if (ruleSet.state !== 'active') throw ruleSetInactive({})
    const { runId } = await startRun(ctx, { ruleSet, kind: 'full', by: actorId(ctx), approvedBy: null })
    await noteRun(ctx.db, runId, { by_created_by: ctx.actor.createdBy })
    ctx.audit({ verb: 'grade_run.propose', thing: 'grade_run', thingId: runId, area: ruleSet.area })
    return viewRun(ctx, runId)
  },
})

/** How far back deliveries make somebody a maker of a run. */
const MADE_DAYS = 14

/** The second person lets a waiting or a held run take effect. It is judged again, as things stand now. */
export const approveRun = defineAction({
  name: 'grade_run.approve',
  input: ApproveRun,
  reach: 'all',
  output: RunView,
  run: async (ctx, args) => {
    const run = await lockedRun(ctx, args.id)
    permit(ctx, 'approve', { kind: 'grade', area: run.area, by: run.by, byCreatedBy: run.by_created_by })
    if (run.state !== 'waiting' && run.state !== 'held') throw runState({ state: run.state })
    const changed = changedBy(run)
    if (args.changed !== undefined && run.state === 'held' && args.changed !== changed)
      throw runGrew({ seen: args.changed, now: changed })
    await requireOpenEmergency(ctx, run.area)
    if (
      (await runMakers(ctx.db, run.id, addDays(ctx.today, -MADE_DAYS))).some(
        (id) => id === ctx.actor.id || id === ctx.actor.createdBy,
      )
    )
      throw ownRun({})
    await resumeApproved(ctx, run, ctx.actor.id)
    ctx.audit({
      verb: 'grade_run.approve',
      thing: 'grade_run',
      thingId: run.id,
      area: run.area,
      detail: { was: run.state },
    })
    return viewRun(ctx, run.id)
  },
})

export const refuseRun = defineAction({
  name: 'grade_run.refuse',
  input: RefuseRun,
  reach: 'all',
  output: RunView,
  run: async (ctx, args) => {
    const run = await lockedRun(ctx, args.id)
    permit(ctx, 'approve', { kind: 'grade', area: run.area, by: run.by, byCreatedBy: run.by_created_by })
    if (run.state !== 'waiting' && run.state !== 'held') throw runState({ state: run.state })
    await cleanUp(ctx.db, run.id, ['grade_touch', 'grade_found', 'grade_next', 'grade_preview'])
    await changeRun(ctx.db, run.id, { state: 'refused', finishedAt: ctx.now })
    await noteRun(ctx.db, run.id, { reason: args.reason })
    if (run.job_id) await jobProgress(ctx, run.job_id, { state: 'cancelled' })
    ctx.audit({ verb: 'grade_run.refuse', thing: 'grade_run', thingId: run.id, area: run.area, purpose: args.reason })
    return viewRun(ctx, run.id)
  },
})
