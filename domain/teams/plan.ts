import type { Day } from '../core/day.ts'
import { daysBetween } from '../core/day.ts'
import type { RoleRule, TeamRole } from './template.ts'

/**
 * TEAM-10: what several roles have to do at one door on one day becomes one visit. Things whose times of day have no moment in
 * common are two visits; what can be done at any time goes with the first.
 */
export type Work = {
  /** A task, a service, or a role's own rhythm at the door. */
  kind: 'task' | 'service' | 'round'
  id: string
  householdId: string
  role: TeamRole
  /** 1 first. */
  urgency: number
  /** Minutes of the local day between which it may be done; null: any time. */
  between: readonly [from: number, to: number] | null
}

export type VisitPlan = {
  householdId: string
  day: Day
  between: readonly [from: number, to: number] | null
  roles: TeamRole[]
  /** Most urgent first. */
  works: Work[]
}

function meet(
  a: readonly [number, number] | null,
  b: readonly [number, number] | null,
): readonly [number, number] | null {
  if (a === null || b === null) return a ?? b
  return [Math.max(a[0], b[0]), Math.min(a[1], b[1])]
}

/** One or more visits a door, each with everything that fits into it; doors in the order in which they came. */
export function planVisits(works: readonly Work[], day: Day): VisitPlan[] {
  const doors = new Map<string, Work[]>()
  for (const work of works) doors.set(work.householdId, [...(doors.get(work.householdId) ?? []), work])
  return [...doors].flatMap(([householdId, all]) => {
    const timed = all
      .filter((work) => work.between !== null)
      .toSorted((a, b) => (a.between?.[1] ?? 0) - (b.between?.[1] ?? 0) || order(a, b))
    const free = all.filter((work) => work.between === null)
    const visits: { between: readonly [number, number] | null; works: Work[] }[] = []
    // By the end of their times, as few visits as there can be: each takes in everything that begins before it must be over.
    for (const work of timed) {
      const last = visits.at(-1)
      const both = last ? meet(last.between, work.between) : null
      if (last && both && both[0] <= both[1]) {
        last.works.push(work)
        last.between = both
      } else visits.push({ between: work.between, works: [work] })
    }
    if (free.length > 0) {
      if (visits[0]) visits[0].works.push(...free)
      else visits.push({ between: null, works: free })
    }
    return visits.map((visit) => ({
      householdId,
      day,
      between: visit.between,
      roles: [...new Set(visit.works.map((work) => work.role))].toSorted(),
      works: visit.works.toSorted(order),
    }))
  })
}

function order(a: Work, b: Work): number {
  return a.urgency - b.urgency || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** The roles that come by themselves on a day: on the first day all, then each every so many days (TEAM-10). */
export function roundsOn(rules: readonly RoleRule[], since: Day, day: Day): TeamRole[] {
  const days = daysBetween(since, day)
  if (days < 0) return []
  return rules.filter((rule) => rule.every > 0 && days % rule.every === 0).map((rule) => rule.role)
}
