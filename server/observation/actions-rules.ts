import { pathOf } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { DecidedRules, DecideRules, ProposeRules } from '@weiwang/domain/observation/api'
import type { RulesInForce } from '@weiwang/domain/observation/api'
import { ObservationRules, SHIPPED_RULES } from '@weiwang/domain/observation/measure'
import { rulesDecided } from '@weiwang/domain/observation/problems'
import { z } from 'zod'
import { areaExists } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { areasOf } from '../tasks/queries.ts'
import { accountNames, named } from '../access/names.ts'
import { insertRules, lockRules, nextRulesVersion, replaceRules, rulesAround, rulesFor, updateRules } from './store.ts'
import type { RulesRow } from './store.ts'

/** OBS-4: how long each measure lasts in an area, as versions: proposed by one, put in force by another. */
const State = z.enum(['proposed', 'in_force', 'replaced', 'refused'])

export const proposeRules = defineAction({
  name: 'observation_rules.propose',
  input: ProposeRules,
  output: DecidedRules,
  run: async (ctx, { id, area, rules, reason }): Promise<z.infer<typeof DecidedRules>> => {
    permit(ctx, 'propose', { kind: 'observation_rules', area })
    if (!(await areaExists(ctx.db, area))) throw notFound({ thing: 'area' })
    const version = await nextRulesVersion(ctx.db, area)
    await insertRules(ctx.db, {
      id,
      area,
      version,
      state: 'proposed',
      rules: json(rules),
      reason,
      by: actorId(ctx),
      by_created_by: ctx.actor.createdBy,
      proposed_at: ctx.now,
    })
    ctx.audit({ verb: 'observation_rules.propose', thing: 'observation_rules', thingId: id, area, detail: { version } })
    return { id, version, state: 'proposed' }
  },
})

export const decideRules = defineAction({
  name: 'observation_rules.decide',
  input: DecideRules,
  output: DecidedRules,
  run: async (ctx, { id, approve }): Promise<z.infer<typeof DecidedRules>> => {
    const row = await lockRules(ctx.db, id)
    if (!row || !ctx.scope.some((mine) => row.area.startsWith(mine))) throw notFound({ thing: 'observation_rules' })
    permit(ctx, 'approve', {
      kind: 'observation_rules',
      area: row.area,
      by: row.by,
      byCreatedBy: row.by_created_by,
    })
    if (row.state !== 'proposed') throw rulesDecided({ state: row.state })
    if (approve) await replaceRules(ctx.db, row.area)
    const state = approve ? 'in_force' : 'refused'
    await updateRules(ctx.db, id, {
      state,
      approved_by: actorId(ctx),
      decided_at: ctx.now,
    })
    ctx.audit({
      verb: 'observation_rules.decide',
      thing: 'observation_rules',
      thingId: id,
      area: row.area,
      detail: { approve, version: row.version },
    })
    return { id, version: row.version, state }
  },
})

function present(row: RulesRow, names: Map<string, string>): RulesInForce['holds'] {
  return {
    id: row.id,
    area: row.area,
    version: row.version,
    state: State.parse(row.state),
    rules: ObservationRules.catch(SHIPPED_RULES).parse(row.rules),
    reason: row.reason,
    by: named(names, row.by),
    approvedBy: row.approved_by === null ? null : { id: row.approved_by, name: names.get(row.approved_by) ?? '' },
    at: (row.decided_at ?? row.proposed_at).toISOString(),
  }
}

/** What holds for an area, and every version of the areas around it. */
export async function readRules(ctx: Ctx, args: { area?: string | undefined }): Promise<RulesInForce> {
  const [area = ctx.root] = areasOf(ctx, args.area)
  permit(ctx, 'read', { kind: 'observation_rules', area })
  const rows = await rulesAround(ctx.db, area)
  const names = await accountNames(
    ctx.db,
    rows.flatMap((row) => [row.by, row.approved_by]),
  )
  const holds = await rulesFor(ctx.db, area)
  const mine = rows.find((row) => row.id === holds.id)
  const shipped: RulesInForce['holds'] = {
    id: null,
    area: pathOf(area)[0] ?? area,
    version: 0,
    state: 'in_force',
    rules: holds.rules,
    reason: '',
    by: { id: null, name: '' },
    approvedBy: null,
    at: null,
  }
  return { holds: mine ? present(mine, names) : shipped, versions: rows.map((row) => present(row, names)) }
}
