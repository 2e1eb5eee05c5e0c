/** The guard's numbers as people see them, and what other numbers would have held (GRADE-27). */
import { can } from '@weiwang/domain/access/can'
import { addDays } from '@weiwang/domain/core/day'
import { guardReplay, readGuardSettings } from '@weiwang/domain/grading/guard'
import type { GuardReplayed, GuardSettings } from '@weiwang/domain/grading/guard'
import { GUARD_CHANGE_STATES } from '@weiwang/domain/grading/guard-api'
import type { GuardChange, GuardPreview, GuardView } from '@weiwang/domain/grading/guard-api'
import { z } from 'zod'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { decidable, findingNamer, namer } from './present.ts'
import { guardDays, guardSettings, newestGuardChanges, stoppedRuns } from './store-guard.ts'
import type { GuardChangeRow } from './store-guard.ts'

/** Days that a preview goes back, and the furthest that a median may look behind them. */
const TRIED_DAYS = 14
const FURTHEST = 60
const SHOWN = 200

const State = z.enum(GUARD_CHANGE_STATES)

async function presentChanges(ctx: Ctx, rows: readonly GuardChangeRow[]): Promise<GuardChange[]> {
  const name = await namer(
    ctx,
    rows.flatMap((row) => [row.by, row.decided_by]),
  )
  return rows.map((row) => ({
    id: row.id,
    state: State.parse(row.state),
    before: readGuardSettings(row.before),
    settings: readGuardSettings(row.settings),
    reason: row.reason,
    by: name(row.by),
    ...decidable(ctx, 'settings', { area: row.area, by: row.by, byCreatedBy: row.by_created_by }),
    decidedBy: name(row.decided_by),
    decision: row.decision,
    proposedAt: row.proposed_at.toISOString(),
    decidedAt: row.decided_at?.toISOString() ?? null,
  }))
}

/** Whoever reads the rules, or the settings of the deployment, sees the numbers at which a run stops. */
export async function readGuard(ctx: Ctx): Promise<GuardView> {
  if (!can(ctx.actor, 'read', { kind: 'settings', area: ctx.root }))
    permit(ctx, 'read', { kind: 'rule_set', area: ctx.root })
  return viewGuard(ctx)
}

export async function viewGuard(ctx: Ctx): Promise<GuardView> {
  return {
    settings: await guardSettings(ctx.db),
    mayPropose: can(ctx.actor, 'propose', { kind: 'settings', area: ctx.root }),
    changes: await presentChanges(ctx, await newestGuardChanges(ctx.db)),
  }
}

const keyOf = ({ day, kind, key, changes, stopped }: GuardReplayed): string =>
  [day, kind, key, changes, stopped].join(' ')

/** For who may propose: it counts every county. */
export async function previewGuard(ctx: Ctx, settings: GuardSettings): Promise<GuardPreview> {
  permit(ctx, 'propose', { kind: 'settings', area: ctx.root })
  const asked = { from: addDays(ctx.today, 1 - TRIED_DAYS), to: ctx.today }
  const history = await guardDays(ctx.db, addDays(asked.from, -FURTHEST), asked.to)
  const stopped = await stoppedRuns(ctx.db, asked.from, asked.to)
  const now = guardReplay(history, stopped, await guardSettings(ctx.db), asked)
  const later = guardReplay(history, stopped, settings, asked)
  const limits = new Map(now.map((line) => [keyOf(line), line.limit]))
  const limitsThen = new Map(later.map((line) => [keyOf(line), line.limit]))
  const either = [...new Map([...now, ...later].map((line) => [keyOf(line), line])).values()]
  const shown = either.toSorted((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : b.changes - a.changes))
  const called = await findingNamer(ctx, shown.slice(0, SHOWN))
  return {
    ...asked,
    heldNow: limits.size,
    heldThen: limitsThen.size,
    lines: shown.slice(0, SHOWN).map((line) => ({
      day: line.day,
      kind: line.kind,
      key: line.key,
      name: called(line),
      changes: line.changes,
      limitNow: limits.get(keyOf(line)) ?? null,
      limitThen: limitsThen.get(keyOf(line)) ?? null,
      stopped: line.stopped,
    })),
  }
}
