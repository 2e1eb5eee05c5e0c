import type { Role } from '../access/actor.ts'
import type { AreaCode } from '../areas/code.ts'
import { sharedLevels } from '../tasks/counts.ts'
import type { ServiceKind } from './service-api.ts'

/** SERV-5: to whom a service is offered. Pure: the same candidates in any order give the same ranking. */
export const HELPER_ROLES: readonly Role[] = ['volunteer', 'watch_leader', 'cadre', 'worker', 'doctor']

/** `skills`: words of whoever enrols helpers; null while nobody has noted any. `team`: responsible for this very door. */
export type Candidate = {
  id: string
  name: string
  roles: readonly string[]
  areas: readonly AreaCode[]
  load: number
  team: boolean
  skills: readonly string[] | null
}
export type Ranked = Candidate & { role: string; near: number; passed: boolean }

/** So many at once are enough for one person. */
export const MOST_AT_ONCE = 8
const VILLAGE = 5

/** What a kind asks of who brings it: one of these roles, or a skill of this name. */
const NEEDS: Partial<Record<ServiceKind, { roles: readonly string[]; skill: string }>> = {
  medical: { roles: ['doctor', 'cadre', 'worker'], skill: 'medical' },
  psychological: { roles: ['doctor', 'cadre'], skill: 'psychological' },
}
/** A volunteer before a neighbour, and both before whoever has tasks at other doors. */
const ORDER: readonly string[] = ['volunteer', 'watch_leader', 'cadre', 'worker', 'doctor']

function suits(kind: ServiceKind, candidate: Candidate): boolean {
  const needs = NEEDS[kind]
  if (!needs) return true
  return (
    candidate.roles.some((role) => needs.roles.includes(role)) || (candidate.skills?.includes(needs.skill) ?? false)
  )
}

function roleOf(kind: ServiceKind, roles: readonly string[]): string {
  const order = kind === 'medical' ? ['doctor', ...ORDER] : ORDER
  return order.find((role) => roles.includes(role)) ?? ''
}

function nearness(area: AreaCode, areas: readonly AreaCode[]): number {
  return Math.max(0, ...areas.map((mine) => sharedLevels(mine, area)))
}

/** Whose duty contains the door, or lies in its village. */
function reaches(area: AreaCode, areas: readonly AreaCode[]): boolean {
  return areas.some((mine) => area.startsWith(mine)) || nearness(area, areas) >= VILLAGE
}

function place(kind: ServiceKind, one: Ranked): readonly [number, number, number, number, string] {
  const order = kind === 'medical' ? ['doctor', ...ORDER] : ORDER
  return [one.team ? 0 : 1, -one.near, one.load, order.indexOf(one.role), one.id]
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0
    const y = b[i] ?? 0
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

/**
 * Those who could bring it: the team of the door first, then the nearest, then the least loaded. Who has let it pass, or has as
 * many as one person can do, stands in the list and is not asked.
 */
export function rankHelpers(
  service: { kind: ServiceKind; area: AreaCode; passed: readonly string[]; notBy: readonly string[] },
  candidates: readonly Candidate[],
): Ranked[] {
  return candidates
    .filter((one) => suits(service.kind, one) && reaches(service.area, one.areas) && !service.notBy.includes(one.id))
    .map((one) => ({
      ...one,
      role: roleOf(service.kind, one.roles),
      near: nearness(service.area, one.areas),
      passed: service.passed.includes(one.id),
    }))
    .filter((one) => one.role !== '')
    .toSorted((a, b) => compare(place(service.kind, a), place(service.kind, b)))
}

/** The first who has not let it pass and has room; null when the desk has to find somebody. */
export function nextHelper(ranked: readonly Ranked[]): Ranked | null {
  return ranked.find((one) => !one.passed && one.load < MOST_AT_ONCE) ?? null
}
