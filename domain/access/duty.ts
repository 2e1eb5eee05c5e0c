import { contains, countyOf } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { Role } from './actor.ts'
import { FIELD_ROLES } from './roles.ts'

/** Who covers what, from when to when; both ends included, so that a stand-in's last day is valid until its end (ACCESS-9). */
export type DutySpan = { from: Day; to: Day | null; ended: boolean }

export function validOn(duty: DutySpan, day: Day): boolean {
  return !duty.ended && duty.from <= day && (duty.to === null || day <= duty.to)
}

export type Candidate = { id: string; area: AreaCode; state: string; roles: readonly Role[] }

/**
 * ACCESS-9 (case 53): who may be given an area. Someone on the roster or active, with a field role, whose own area lies in the
 * same county or holds the area itself. Null when eligible.
 */
export function ineligible(candidate: Candidate, area: AreaCode): 'closed' | 'role' | 'county' | null {
  if (candidate.state === 'closed' || candidate.state === 'locked') return 'closed'
  if (!candidate.roles.some((role) => FIELD_ROLES.includes(role))) return 'role'
  const near = contains(candidate.area, area) || (area.length >= 6 && countyOf(candidate.area) === countyOf(area))
  return near ? null : 'county'
}
