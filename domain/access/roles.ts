import { contains, levelOf, pathOf } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { Actor, Role } from './actor.ts'

/** Roles of a desk: their scope is the account's area. Every other role sees the areas of the duties valid today (ACCESS-1). */
export const CENTRE_ROLES: readonly Role[] = ['operator', 'analyst', 'chief', 'auditor', 'administrator']
/** Roles whose holders can be given an area to cover (ACCESS-9). */
export const FIELD_ROLES: readonly Role[] = [
  'worker',
  'watch_leader',
  'volunteer',
  'doctor',
  'officer',
  'cadre',
  'checkpoint',
]
/** ACCESS-8: roles that can approve or see the trail are given by two people. */
export const TWO_PERSON_ROLES: readonly Role[] = ['chief', 'auditor', 'administrator']

/** ACCESS-7: which roles a role may give. Nobody gives what he lacks the right to give. */
const GIVES: Partial<Record<Role, readonly Role[]>> = {
  operator: FIELD_ROLES,
  chief: [...FIELD_ROLES, 'operator', 'analyst'],
  administrator: [...FIELD_ROLES, ...CENTRE_ROLES],
}

export const ROLE_NAMES: Record<Role, Say> = {
  resident: say('居民', 'resident'),
  worker: say('网格员', 'worker'),
  watch_leader: say('联防长', 'watch leader'),
  volunteer: say('志愿者', 'volunteer'),
  doctor: say('医生', 'doctor'),
  officer: say('民警', 'police officer'),
  cadre: say('干部', 'cadre'),
  checkpoint: say('卡口人员', 'checkpoint'),
  operator: say('网格中心值班员', 'centre operator'),
  analyst: say('分析员', 'analyst'),
  chief: say('网格中心负责人', 'centre chief'),
  auditor: say('审计员', 'auditor'),
  administrator: say('管理员', 'administrator'),
}

export function isCentre(roles: readonly Role[]): boolean {
  return roles.some((role) => CENTRE_ROLES.includes(role))
}

export function mayGive(actor: Actor, role: Role): boolean {
  if (actor.kind === 'system') return true
  return actor.roles.some((own) => GIVES[own]?.includes(role) ?? false)
}

/** Today's scope (ACCESS-1): a centre's own area and the areas of today's duties; no duty and no desk means nothing. */
export function scopeOf(account: { area: AreaCode; roles: readonly Role[] }, duties: readonly AreaCode[]): AreaCode[] {
  const areas = isCentre(account.roles) ? [account.area, ...duties] : [...duties]
  const unique = [...new Set(areas)].toSorted()
  return unique.filter((area) => !unique.some((other) => other !== area && contains(other, area)))
}

/** The smallest area that holds all of these: the bounds that the database repeats. Null when they share no province. */
export function boundsOf(areas: readonly AreaCode[]): AreaCode | null {
  const first = areas[0]
  if (first === undefined) return null
  return pathOf(first).findLast((outer) => areas.every((area) => contains(outer, area))) ?? null
}

/**
 * ACCESS-11: who may decide on a lost password, phone or second factor: someone of a centre above the account's area (at the
 * province, where nothing is above, of the same desk), never the account itself, never an account that it created.
 */
export function mayDecideRecovery(
  actor: Actor,
  account: { id: string; area: AreaCode; createdBy: string | null; roles: readonly Role[] },
): boolean {
  if (actor.kind === 'system') return true
  if (actor.id === account.id || actor.createdBy === account.id) return false
  if (!actor.roles.some((role) => role === 'chief' || role === 'administrator')) return false
  // Field workers belong to the village that rosters them: its centre is above them though the code is the same.
  const equalDesk = isCentre(account.roles) && levelOf(account.area) > 1
  return actor.scope.some((area) => contains(area, account.area) && !(equalDesk && area === account.area))
}

/**
 * ACCESS-18: who may change the number of an account or hand its code over, and so could become it: someone who may give all of
 * its roles; for an account with a role that approves, only who may decide its recovery.
 */
export function mayManage(
  actor: Actor,
  account: { id: string; area: AreaCode; createdBy: string | null; roles: readonly Role[] },
): boolean {
  if (account.roles.some((role) => TWO_PERSON_ROLES.includes(role))) return mayDecideRecovery(actor, account)
  return account.roles.every((role) => mayGive(actor, role))
}
