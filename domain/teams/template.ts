import type { Role } from '../access/actor.ts'
import { pathOf } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * TEAM-1: a team is a template filled with people. A template is data in versions, one for each place that wants its own; the
 * nearest around a door counts, the shipped one where there is none.
 */
export const TEAM_ROLES = [
  'cadre',
  'officer',
  'doctor',
  'worker',
  'volunteer',
  'watch_leader',
] as const satisfies Role[]
export type TeamRole = (typeof TEAM_ROLES)[number]

/** How far the duty of a member may lie from the door: over its grid, in its village, town or county. */
export const REACHES = ['grid', 'village', 'town', 'county'] as const
export type Reach = (typeof REACHES)[number]

/** The digits up to which duty and door agree. */
export const REACH_DIGITS: Record<Reach, number> = { grid: 15, village: 12, town: 9, county: 6 }

export type RoleRule = {
  role: TeamRole
  /** How many of this role each team has. */
  count: number
  /** At most so many doors a person; a person's own cap, when set, counts instead. */
  cap: number
  reach: Reach
  /** At most so far from the doors that the person has already, where positions are known. */
  metres: number | null
  /** The door sees this role every so many days; 0: when it is called. */
  every: number
}

export type Template = { area: AreaCode; version: number; name: Say; roles: RoleRule[] }

/** 四包一: cadre, officer, doctor, grid worker. Version 0 belongs to nobody and holds where no centre has written its own. */
export const SHIPPED_TEMPLATE: Template = {
  area: '',
  version: 0,
  name: say('四包一', 'Four to one'),
  roles: [
    { role: 'worker', count: 1, cap: 40, reach: 'village', metres: null, every: 1 },
    { role: 'doctor', count: 1, cap: 60, reach: 'town', metres: null, every: 1 },
    { role: 'cadre', count: 1, cap: 80, reach: 'village', metres: null, every: 2 },
    { role: 'officer', count: 1, cap: 120, reach: 'town', metres: null, every: 3 },
  ],
}

/** TEAM-2: nobody stands alone at a door: a template has at least two seats, and each role once. */
export function templateFault(roles: readonly RoleRule[]): 'alone' | 'twice' | null {
  if (new Set(roles.map((rule) => rule.role)).size !== roles.length) return 'twice'
  return roles.reduce((sum, rule) => sum + rule.count, 0) < 2 ? 'alone' : null
}

/** The newest version of the nearest place around an area. */
export function templateAt(templates: readonly Template[], area: AreaCode): Template {
  for (const place of pathOf(area).toReversed()) {
    const here = templates.filter((one) => one.area === place).toSorted((a, b) => b.version - a.version)
    if (here[0]) return here[0]
  }
  return SHIPPED_TEMPLATE
}

/** What may be known about an observed door; each field is shown to the roles that need it for their part (TEAM-9). */
export const DOOR_FIELDS = [
  'address',
  'members',
  'people',
  'phone',
  'measure',
  'days',
  'readings',
  'symptoms',
  'medicine',
  'needs',
  'notice',
  'conditions',
  'outings',
  'hazards',
  'team',
] as const
export type DoorField = (typeof DOOR_FIELDS)[number]

const COMMON = ['address', 'hazards', 'team'] as const

/** TEAM-9, as data: which role sees which field of the same door. A role that is not here sees nothing. */
export const DOOR_MATRIX: Partial<Record<Role, readonly DoorField[]>> = {
  worker: [...COMMON, 'members', 'people', 'phone', 'measure', 'days', 'readings', 'needs', 'notice', 'conditions'],
  doctor: [...COMMON, 'people', 'phone', 'measure', 'days', 'readings', 'symptoms', 'medicine'],
  cadre: [...COMMON, 'members', 'people', 'phone', 'measure', 'days', 'needs', 'notice', 'conditions'],
  officer: [...COMMON, 'people', 'phone', 'measure', 'days', 'notice', 'outings'],
  volunteer: [...COMMON, 'needs'],
  watch_leader: ['address', 'members', 'needs'],
  operator: DOOR_FIELDS,
  chief: DOOR_FIELDS,
}

/** The fields that somebody of these roles sees: the union, in the order of DOOR_FIELDS. */
export function doorFields(roles: readonly Role[]): DoorField[] {
  return DOOR_FIELDS.filter((field) => roles.some((role) => DOOR_MATRIX[role]?.includes(field)))
}

/** TEAM-9: the one place that decides; lists of the server and bodies of the feed both pass through here. */
export function showDoor<T extends Partial<Record<DoorField, unknown>>>(
  door: T,
  roles: readonly Role[],
): Partial<Pick<T, DoorField & keyof T>> {
  const shown: Partial<Pick<T, DoorField & keyof T>> = {}
  for (const field of doorFields(roles)) if (field in door) Object.assign(shown, { [field]: door[field] })
  return shown
}
