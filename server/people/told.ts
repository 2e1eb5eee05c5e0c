import type { Ctx } from '../core/ctx.ts'

/**
 * Says that persons or doors look different now to whoever is responsible for them (`people.changed`): another grid, door,
 * name, telephone or number of members. Phones are told by a reaction that takes its own number of the grid (SYNC-3).
 */
export function tellChanged(
  ctx: Ctx,
  changed: { personIds?: readonly string[]; householdIds?: readonly string[] },
): void {
  const personIds = [...new Set(changed.personIds)]
  const householdIds = [...new Set(changed.householdIds)]
  if (personIds.length + householdIds.length > 0) ctx.emit('people.changed', { personIds, householdIds })
}
