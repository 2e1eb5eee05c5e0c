import type { AreaCode } from '../areas/code.ts'

/** Roles of design section 7. One account may hold several; rights are their union. */
export const ROLES = [
  'resident',
  'worker',
  'watch_leader',
  'volunteer',
  'doctor',
  'officer',
  'cadre',
  'checkpoint',
  'operator',
  'analyst',
  'chief',
  'auditor',
  'administrator',
] as const
export type Role = (typeof ROLES)[number]

/** Who acts. `scope` lists the areas that may be seen; empty means nothing at all (ACCESS-1). */
export type Actor = {
  kind: 'account' | 'machine' | 'system'
  id: string
  name: string
  /** The account's area: the bounds that the database repeats. */
  area: AreaCode
  /** What may be seen and filed now: the account's area for a centre, the areas of today's duties for a worker. */
  scope: AreaCode[]
  roles: Role[]
  /** The account that created this one; it may not approve what this one proposes, nor be approved by it. */
  createdBy: string | null
  sessionId: string | null
}
