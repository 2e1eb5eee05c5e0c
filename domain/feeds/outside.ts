import type { Actor } from '../access/actor.ts'

/**
 * FEED-20: who may approve that a source gives red: not a member of the centre that keeps it and approves its runs. An
 * auditor is nobody's member, unless the same account also runs things there.
 */
export function isOutside(actor: Pick<Actor, 'area' | 'roles'>, feedArea: string): boolean {
  const runs = actor.roles.some((role) => role === 'chief' || role === 'operator' || role === 'administrator')
  return actor.area !== feedArea || (actor.roles.includes('auditor') && !runs)
}
