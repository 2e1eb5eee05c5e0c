/** Verbs on the guard's numbers: proposed by one, put in force or refused by another, each with its line in the trail. */
import { notFound } from '@weiwang/domain/core/problems'
import { GUARD_BOUNDS, readGuardSettings } from '@weiwang/domain/grading/guard'
import type { GuardNumber, GuardSettings } from '@weiwang/domain/grading/guard'
import { GuardRef, GuardView, ProposeGuard, RefuseGuard } from '@weiwang/domain/grading/guard-api'
import { guardDecided, guardUnchanged, guardWaiting } from '@weiwang/domain/grading/problems'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { newId } from '../core/transaction.ts'
import { mustHold } from './actions-sets.ts'
import { viewGuard } from './guarding.ts'
import {
  guardSettings,
  insertGuardChange,
  lockGuardChange,
  putGuardSettings,
  updateGuardChange,
} from './store-guard.ts'
import type { GuardChangeRow } from './store-guard.ts'

function isNumber(name: string): name is GuardNumber {
  return name in GUARD_BOUNDS
}

/** The numbers that change, each before and after. */
function changed(before: GuardSettings, after: GuardSettings): Record<string, [number, number]> {
  return Object.fromEntries(
    Object.keys(GUARD_BOUNDS)
      .filter(isNumber)
      .flatMap((name) => (before[name] === after[name] ? [] : [[name, [before[name], after[name]]]])),
  )
}

export const proposeGuard = defineAction({
  name: 'grade_guard.propose',
  input: ProposeGuard,
  output: GuardView,
  run: async (ctx, { settings, reason }) => {
    permit(ctx, 'propose', { kind: 'settings', area: ctx.root })
    const before = await guardSettings(ctx.db)
    const numbers = changed(before, settings)
    if (Object.keys(numbers).length === 0) throw guardUnchanged({})
    const id = newId(ctx.now)
    const made = await insertGuardChange(ctx.db, {
      id,
      area: ctx.root,
      state: 'proposed',
      before: json(before),
      settings: json(settings),
      reason,
      by: actorId(ctx),
      by_created_by: ctx.actor.createdBy,
      proposed_at: ctx.now,
    })
    if (!made) throw guardWaiting({})
    ctx.audit({
      verb: 'grade_guard.propose',
      thing: 'settings',
      thingId: id,
      area: ctx.root,
      purpose: reason,
      detail: numbers,
    })
    return viewGuard(ctx)
  },
})

async function openChange(ctx: Ctx, id: string): Promise<GuardChangeRow> {
  const row = await lockGuardChange(ctx.db, id)
  if (!row) throw notFound({ thing: 'settings' })
  mustHold(ctx, row.area, 'settings')
  permit(ctx, 'approve', { kind: 'settings', area: row.area, by: row.by, byCreatedBy: row.by_created_by })
  if (row.state !== 'proposed') throw guardDecided({ state: row.state })
  return row
}

/** ACCESS-6. Runs that begin from now on are measured by the new numbers; what is held stays held. */
export const approveGuard = defineAction({
  name: 'grade_guard.approve',
  input: GuardRef,
  output: GuardView,
  reach: 'all',
  run: async (ctx, { id }) => {
    const row = await openChange(ctx, id)
    const settings = readGuardSettings(row.settings)
    const numbers = changed(await guardSettings(ctx.db), settings)
    await putGuardSettings(ctx.db, settings, ctx.now)
    await updateGuardChange(ctx.db, id, { state: 'applied', decided_by: actorId(ctx), decided_at: ctx.now })
    ctx.audit({ verb: 'grade_guard.approve', thing: 'settings', thingId: id, area: row.area, detail: numbers })
    return viewGuard(ctx)
  },
})

export const refuseGuard = defineAction({
  name: 'grade_guard.refuse',
  input: RefuseGuard,
  output: GuardView,
  reach: 'all',
  run: async (ctx, { id, reason }) => {
    const row = await openChange(ctx, id)
    await updateGuardChange(ctx.db, id, {
      state: 'refused',
      decided_by: actorId(ctx),
      decision: reason,
      decided_at: ctx.now,
    })
    ctx.audit({ verb: 'grade_guard.refuse', thing: 'settings', thingId: id, area: row.area, purpose: reason })
    return viewGuard(ctx)
  },
})
