/** Who lives where (PEOPLE-14): one open residence per person, moves that close the old and open the new. */
import { contains, levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { carryHouseholds } from './carry.ts'
import { cleanText } from './identity.ts'
import { countStock } from './stock.ts'
import { resolveAlias } from './store.ts'
import type { NewResidence, Present } from './store-places.ts'
import { changeResidences, leaveQueues, lockPresent, markPlaced, recountHouseholds } from './store-places.ts'
import { tellChanged } from './told.ts'

export type Place = {
  personId: string
  /** A grid or unit, or coarser where a person says so. */
  area: AreaCode
  householdId: string | null
  kind: 'own' | 'rent' | 'dorm' | 'visiting' | 'unknown'
  address: string | null
  source: string
  /** Said by a register or a worker; a feed's address does not override it (PEOPLE-15). */
  placed: boolean
  /** The person's own word about where they live now: it moves them although a register or a worker has said another place (PEOPLE-15). */
  own?: boolean
  fromDay: Day
}

export type Placing = 'moved' | 'unchanged' | 'kept' | 'unknown'

/** An area alone says nothing against a finer place or a household inside it. */
function isSame(at: Present, place: Place): boolean {
  if (at.id === null || at.area === null) return false
  if (place.householdId === null) return contains(place.area, at.area)
  return at.area === place.area && at.household_id === place.householdId
}

/**
 * Places persons, all of one chunk in a few statements; the caller's transaction must see them all (reach 'all' or the system).
 * Emits `person.moved` for whoever had another residence before. Answers by person id as given: `kept` when a feed's address
 * met a residence that a register or worker had said; `unknown` when there is no such person.
 */
export async function placePersons(ctx: Ctx, places: readonly Place[]): Promise<Map<string, Placing>> {
  const roots = await resolveAlias(
    ctx.db,
    places.map((p) => p.personId),
  )
  const present = await lockPresent(ctx.db, [...new Set(roots.values())])
  const outcome = new Map<string, Placing>()
  const changes = new Map<string, NewResidence>()
  const confirmed: string[] = []
  const households = new Set<string>()
  for (const place of places) {
    const id = roots.get(place.personId) ?? place.personId
    const at = present.get(id)
    const result = !at
      ? 'unknown'
      : at.placed === true && !place.placed && place.own !== true
        ? 'kept'
        : isSame(at, place)
          ? 'unchanged'
          : 'moved'
    outcome.set(place.personId, result)
    if (!at || result === 'kept' || changes.has(id)) continue
    if (result === 'unchanged') {
      if (place.placed && at.placed !== true) confirmed.push(id)
      continue
    }
    changes.set(id, await residenceOf(ctx, id, at, place))
    if (at.household_id !== null) households.add(at.household_id)
    if (place.householdId !== null) households.add(place.householdId)
  }
  countStock(ctx, 'stock_people', await changeResidences(ctx.db, [...changes.values()], ctx.now))
  await carryDoors(ctx, places, roots, present)
  await markPlaced(ctx.db, confirmed)
  // Most rows of a repeated register wait nowhere, and then nothing is written.
  const placed = [...outcome]
    .filter(([, result]) => result === 'moved' || result === 'unchanged')
    .map(([id]) => roots.get(id) ?? id)
  await leaveQueues(
    ctx.db,
    placed.filter((id) => present.get(id)?.waiting === true),
    ctx.now,
  )
  await recountHouseholds(ctx.db, [...households], ctx.now)
  tellChanged(ctx, { personIds: [...changes.keys()], householdIds: [...households] })
  for (const [id, change] of changes) {
    const at = present.get(id)
    if (at && at.area !== null && at.area !== change.area)
      ctx.emit('person.moved', { personId: id, from: at.area, to: change.area })
  }
  return outcome
}

/** A door at which somebody is placed belongs to that person's emergency, when its own is over (PEOPLE-18). */
async function carryDoors(
  ctx: Ctx,
  places: readonly Place[],
  roots: ReadonlyMap<string, string>,
  present: ReadonlyMap<string, Present>,
): Promise<void> {
  const doors = new Map<string, Set<string>>()
  for (const { personId, householdId } of places) {
    const at = present.get(roots.get(personId) ?? personId)
    if (!at || householdId === null) continue
    doors.set(at.emergency_id, (doors.get(at.emergency_id) ?? new Set()).add(householdId))
  }
  for (const [emergencyId, ids] of doors) await carryHouseholds(ctx, emergencyId, [...ids])
}

async function residenceOf(ctx: Ctx, personId: string, at: Present, place: Place): Promise<NewResidence> {
  const id = newId(ctx.now)
  const address = cleanText(place.address, 400)
  const { seal } = await ctx.keys.sealer(at.emergency_id, ctx.now)
  return {
    id,
    personId,
    area: place.area,
    householdId: place.householdId,
    kind: place.kind,
    certainty: levelOf(place.area),
    addressSealed: address === null ? null : seal({ table: 'residence', row: id, column: 'address_sealed' }, address),
    source: place.source,
    placed: place.placed,
    fromDay: place.fromDay,
    lastDay: addDays(place.fromDay, -1),
    hadOne: at.id !== null,
    homeArea: at.home_area,
  }
}
