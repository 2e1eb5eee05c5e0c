/** Verbs on who must and who may (REGISTER-9): proposed by one, put in force or refused by another, each with its line in the trail. */
import { can } from '@weiwang/domain/access/can'
import { notFound } from '@weiwang/domain/core/problems'
import { DecidedPolicy, DecidePolicy, ProposePolicy } from '@weiwang/domain/healthcode/reg-desk-api'
import type { Policies } from '@weiwang/domain/healthcode/reg-desk-api'
import { PRESET_NAMES, PRESETS, RegistrationPolicy, shippedPolicy } from '@weiwang/domain/healthcode/reg-policy'
import type { PresetName } from '@weiwang/domain/healthcode/reg-policy'
import { policyFaults } from '@weiwang/domain/healthcode/reg-policy-check'
import type { PolicyDraft } from '@weiwang/domain/healthcode/reg-policy-check'
import { policyDecided, policyFaulty } from '@weiwang/domain/healthcode/reg-problems'
import { z } from 'zod'
import { areaExists } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import {
  insertPolicy,
  lockPolicy,
  nextPolicyVersion,
  policiesAround,
  policyRowFor,
  replacePolicy,
  updatePolicy,
} from './reg-policy-store.ts'
import type { PolicyRow } from './reg-policy-store.ts'

const State = z.enum(['proposed', 'in_force', 'replaced', 'refused'])

/** @throws policyFaulty */
function policyOf(policy: PresetName | PolicyDraft): RegistrationPolicy {
  if (typeof policy === 'string') return PRESETS[policy]
  const faults = policyFaults(policy)
  if (faults.length > 0) throw policyFaulty({ faults }, faults[0]?.at)
  return RegistrationPolicy.parse(policy)
}

export const proposePolicy = defineAction({
  name: 'registration_policy.propose',
  input: ProposePolicy,
  output: DecidedPolicy,
  run: async (ctx, { id, area, policy, reason }): Promise<z.infer<typeof DecidedPolicy>> => {
    permit(ctx, 'propose', { kind: 'registration_rules', area })
    if (!(await areaExists(ctx.db, area))) throw notFound({ thing: 'area' })
    const version = await nextPolicyVersion(ctx.db, area)
    await insertPolicy(ctx.db, {
      id,
      area,
      version,
      state: 'proposed',
      policy: json<unknown>(policyOf(policy)),
      reason,
      by: actorId(ctx),
      by_name: ctx.actor.name,
      by_created_by: ctx.actor.createdBy,
      proposed_at: ctx.now,
    })
    ctx.audit({
      verb: 'registration_policy.propose',
      thing: 'registration_policy',
      thingId: id,
      area,
      purpose: reason,
      detail: { version },
    })
    return { id, version, state: 'proposed' }
  },
})

export const decidePolicy = defineAction({
  name: 'registration_policy.decide',
  input: DecidePolicy,
  output: DecidedPolicy,
  run: async (ctx, { id, approve }): Promise<z.infer<typeof DecidedPolicy>> => {
    const row = await lockPolicy(ctx.db, id)
    if (!row || !ctx.scope.some((mine) => row.area.startsWith(mine))) throw notFound({ thing: 'registration_rules' })
    permit(ctx, 'approve', { kind: 'registration_rules', area: row.area, by: row.by, byCreatedBy: row.by_created_by })
    if (row.state !== 'proposed') throw policyDecided({ state: row.state })
    if (approve) await replacePolicy(ctx.db, row.area)
    const state = approve ? 'in_force' : 'refused'
    await updatePolicy(ctx.db, id, {
      state,
      approved_by: actorId(ctx),
      approved_by_name: ctx.actor.name,
      decided_at: ctx.now,
    })
    ctx.audit({
      verb: 'registration_policy.decide',
      thing: 'registration_policy',
      thingId: id,
      area: row.area,
      detail: { approve, version: row.version },
    })
    return { id, version: row.version, state }
  },
})

function present(ctx: Ctx, row: PolicyRow): Policies['holds'] {
  const thing = { kind: 'registration_rules', area: row.area, by: row.by, byCreatedBy: row.by_created_by } as const
  return {
    id: row.id,
    area: row.area,
    version: row.version,
    state: State.parse(row.state),
    policy: RegistrationPolicy.catch(shippedPolicy(row.area)).parse(row.policy),
    reason: row.reason,
    by: row.by_name,
    approvedBy: row.approved_by_name,
    at: (row.decided_at ?? row.proposed_at).toISOString(),
    mayDecide: row.state === 'proposed' && can(ctx.actor, 'approve', thing),
  }
}

/** GET /api/registrations/policy: what holds for an area, and every version of the areas around it. */
export async function readPolicies(ctx: Ctx, args: { area?: string | undefined }): Promise<Policies> {
  const [first] = areasFor(ctx, args.area)
  const area = args.area ?? (first === undefined || first === '' ? ctx.root : first)
  permit(ctx, 'read', { kind: 'registration_rules', area })
  const holds = await policyRowFor(ctx.db, area)
  const rows = await policiesAround(ctx.db, area)
  return {
    holds: holds
      ? present(ctx, holds)
      : {
          id: null,
          area,
          version: 0,
          state: 'in_force',
          policy: shippedPolicy(area),
          reason: '',
          by: '',
          approvedBy: null,
          at: null,
          mayDecide: false,
        },
    versions: rows.map((row) => present(ctx, row)),
    presets: [
      { name: 'suzhou', say: PRESET_NAMES.suzhou, policy: PRESETS.suzhou },
      { name: 'zhenjiang', say: PRESET_NAMES.zhenjiang, policy: PRESETS.zhenjiang },
    ],
    mayPropose: can(ctx.actor, 'propose', { kind: 'registration_rules', area }),
  }
}
