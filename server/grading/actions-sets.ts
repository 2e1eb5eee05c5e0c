import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { RefuseRuleSet, RuleSetActivated, RuleSetRef, RuleSetView, SaveRuleSet } from '@weiwang/domain/grading/api'
import { codeTaken, previewNeeded, ruleSetFaulty, ruleSetState } from '@weiwang/domain/grading/problems'
import { readRuleSet } from '@weiwang/domain/grading/validate'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { areaNamer, presentSet } from './present.ts'
import { startRun } from './run.ts'
import type { RuleSetRow } from './store.ts'
import { changeSet, findSetInLine, insertSet, lastVersion, lockActiveOf, lockSet, newestPreview } from './store-sets.ts'

/** Verbs on rule sets: save, propose, approve, refuse. A version is never edited: saving makes the next one. */

/** An area outside the scope is not there (ACCESS-3). */
export function mustHold(ctx: Ctx, area: AreaCode, thing: string): void {
  if (!ctx.scope.some((mine) => contains(mine, area))) throw notFound({ thing })
}

async function lockedSet(ctx: Ctx, id: string): Promise<RuleSetRow> {
  const row = await lockSet(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'rule_set' })
  return row
}

async function answer(ctx: Ctx, id: string): Promise<RuleSetView> {
  const row = await findSetInLine(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'rule_set' })
  return presentSet(ctx, row)
}

export const saveRuleSet = defineAction({
  name: 'rule_set.save',
  input: SaveRuleSet,
  output: RuleSetView,
  run: async (ctx, args) => {
    const { document, validation } = readRuleSet(args.document, await areaNamer(ctx, args.document))
    if (!document || !validation.ok)
      throw ruleSetFaulty(
        { faults: validation.faults.filter((fault) => fault.level === 'error') },
        validation.faults[0]?.path,
      )
    mustHold(ctx, document.area, 'area')
    permit(ctx, 'file', { kind: 'rule_set', area: document.area })
    const last = await lastVersion(ctx.db, document.code)
    if (last && last.area !== document.area) throw codeTaken({ code: document.code }, 'code')
    const id = newId(ctx.now)
    await insertSet(ctx.db, { id, version: (last?.version ?? 0) + 1, document, by: actorId(ctx), now: ctx.now })
    ctx.audit({
      verb: 'rule_set.save',
      thing: 'rule_set',
      thingId: id,
      area: document.area,
      detail: { code: document.code, version: (last?.version ?? 0) + 1 },
    })
    return answer(ctx, id)
  },
})

/** GRADE-20: nobody proposes what nobody has seen the effect of. */
export const proposeRuleSet = defineAction({
  name: 'rule_set.propose',
  input: RuleSetRef,
  output: RuleSetView,
  run: async (ctx, args) => {
    const row = await lockedSet(ctx, args.id)
    mustHold(ctx, row.area, 'rule_set')
    permit(ctx, 'propose', { kind: 'rule_set', area: row.area })
    if (row.state !== 'draft') throw ruleSetState({ state: row.state })
    if ((await newestPreview(ctx.db, row.id)) === null) throw previewNeeded({})
    await changeSet(ctx.db, row.id, { state: 'proposed', proposedBy: actorId(ctx), byCreatedBy: ctx.actor.createdBy })
    ctx.audit({ verb: 'rule_set.propose', thing: 'rule_set', thingId: row.id, area: row.area })
    return answer(ctx, row.id)
  },
})

/** GRADE-20, ACCESS-6: the second person puts it in force; the former one of the area retires and everybody is graded. */
export const approveRuleSet = defineAction({
  name: 'rule_set.approve',
  input: RuleSetRef,
  output: RuleSetActivated,
  run: async (ctx, args) => {
    const row = await lockedSet(ctx, args.id)
    mustHold(ctx, row.area, 'rule_set')
    permit(ctx, 'approve', { kind: 'rule_set', area: row.area, by: row.proposed_by, byCreatedBy: row.by_created_by })
    if (row.state !== 'proposed') throw ruleSetState({ state: row.state })
    await requireOpenEmergency(ctx, row.area)
    const former = await lockActiveOf(ctx.db, row.area)
    if (former) await changeSet(ctx.db, former.id, { state: 'retired', retiredAt: ctx.now })
    await changeSet(ctx.db, row.id, { state: 'active', approvedBy: actorId(ctx), activatedAt: ctx.now })
    const { runId } = await startRun(ctx, { ruleSet: row, kind: 'full', by: row.proposed_by, approvedBy: ctx.actor.id })
    ctx.audit({
      verb: 'rule_set.approve',
      thing: 'rule_set',
      thingId: row.id,
      area: row.area,
      detail: { runId, former: former?.id ?? null },
    })
    return { ruleSet: await answer(ctx, row.id), runId }
  },
})

export const refuseRuleSet = defineAction({
  name: 'rule_set.refuse',
  input: RefuseRuleSet,
  output: RuleSetView,
  run: async (ctx, args) => {
    const row = await lockedSet(ctx, args.id)
    mustHold(ctx, row.area, 'rule_set')
    permit(ctx, 'approve', { kind: 'rule_set', area: row.area, by: row.proposed_by, byCreatedBy: row.by_created_by })
    if (row.state !== 'proposed') throw ruleSetState({ state: row.state })
    await changeSet(ctx.db, row.id, { state: 'draft', proposedBy: null, byCreatedBy: null })
    ctx.audit({ verb: 'rule_set.refuse', thing: 'rule_set', thingId: row.id, area: row.area, purpose: args.reason })
    return answer(ctx, row.id)
  },
})
