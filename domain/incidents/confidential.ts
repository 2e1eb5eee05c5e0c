import type { Actor } from '../access/actor.ts'
import type { DisputeState } from './fold.ts'

type Held = Pick<DisputeState, 'desks' | 'mediator' | 'access'>

/** MED-3: a desk that it lies or has lain with: its operator or chief, of exactly that area; who sits above only counts it. */
export function isDesk(actor: Actor, dispute: Pick<Held, 'desks'>): boolean {
  return (
    actor.kind === 'account' &&
    actor.roles.some((role) => role === 'operator' || role === 'chief') &&
    dispute.desks.includes(actor.area)
  )
}

/**
 * MED-3: confidential unless said otherwise: the mediator, the desk, those given access by name. No role, no level and no right over
 * an area opens it; whoever recorded it and handed it on no longer sees it.
 */
export function maySee(actor: Actor, dispute: Held): boolean {
  if (actor.kind !== 'account') return false
  return dispute.mediator === actor.id || dispute.access.includes(actor.id) || isDesk(actor, dispute)
}
