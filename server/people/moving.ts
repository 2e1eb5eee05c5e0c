/** A door that turns out to stand elsewhere, with everybody who lives behind it (PEOPLE-24). */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Ctx } from '../core/ctx.ts'
import { openText } from './opening.ts'
import { placePersons } from './places.ts'
import { countStock } from './stock.ts'
import { lockPresent } from './store-places.ts'
import { homesOf, moveDoors, residentsOf } from './store-reorganise.ts'

/**
 * Moves the door and its residents, who live at the new place from today on; their tasks follow by `person.moved`. The caller
 * holds the door and must see both places (reach 'all').
 */
export async function moveDoor(
  ctx: Ctx,
  { id, from, to }: { id: string; from: AreaCode; to: AreaCode },
): Promise<void> {
  const residents = await residentsOf(ctx.db, [id])
  const present = await lockPresent(ctx.db, residents)
  const homes = await homesOf(ctx.db, residents)
  countStock(ctx, 'stock_doors', await moveDoors(ctx.db, [{ id, from, to }], ctx.now))
  const places = await Promise.all(
    [...present.values()].map(async (at) => {
      const home = homes.get(at.person_id)
      const where = { table: 'residence', row: at.id ?? '', column: 'address_sealed' }
      return {
        personId: at.person_id,
        area: to,
        householdId: id,
        kind: KINDS.find((kind) => kind === at.kind) ?? ('unknown' as const),
        address: await openText(ctx, where, home?.address_sealed ?? null),
        source: home?.source ?? '',
        placed: true,
        // Who is yet to come is there from that day.
        fromDay: at.from_day !== null && at.from_day > ctx.today ? at.from_day : ctx.today,
      }
    }),
  )
  await placePersons(ctx, places)
}

const KINDS = ['own', 'rent', 'dorm', 'visiting'] as const
