/**
 * PEOPLE-18: what is registered again under a later emergency belongs to it from then on, sealed under its data key, so that
 * the close-out of the earlier one deletes nobody in use. Only what belongs to an emergency that is over is carried.
 */
import { waitForNoSweep } from '../access/retention-store.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from './opening.ts'
import type { SealedColumn } from './store-carry.ts'
import {
  moveHouseholds,
  movePersons,
  outlivedHouseholds,
  outlivedPersons,
  replaceSealed,
  sealedConflicts,
  sealedOf,
} from './store-carry.ts'

/** Opens every text and seals it under the later key; what was deleted with its key stays deleted. */
async function reseal(ctx: Ctx, emergencyId: string, cells: readonly SealedColumn[]): Promise<string> {
  const sealer = await ctx.keys.sealer(emergencyId, ctx.now)
  const fresh: (SealedColumn & { sealed: Buffer })[] = []
  for (const cell of cells) {
    const place = { table: cell.table, row: cell.row, column: cell.column }
    const text = await openText(ctx, place, cell.sealed)
    if (text !== null) fresh.push({ ...cell, sealed: sealer.seal(place, text) })
  }
  await replaceSealed(ctx.db, fresh)
  return sealer.keyId
}

/** Persons of these whose emergency is over go to the given one, with everything sealed about where and who they are. */
export async function carryPersons(ctx: Ctx, emergencyId: string, ids: readonly string[]): Promise<void> {
  if ((await outlivedPersons(ctx.db, emergencyId, ids)).length === 0) return
  // Whoever deletes right now finishes first; whoever wants to delete waits and then finds them carried.
  await waitForNoSweep(ctx.db)
  const old = await outlivedPersons(ctx.db, emergencyId, ids)
  if (old.length === 0) return
  const keyId = await reseal(ctx, emergencyId, await sealedOf(ctx.db, old))
  await movePersons(ctx.db, old, { emergencyId, keyId, now: ctx.now })
}

/** Households that somebody of the given emergency lives in, or that were registered again. */
export async function carryHouseholds(ctx: Ctx, emergencyId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0 || (await outlivedHouseholds(ctx.db, emergencyId, ids)).length === 0) return
  await waitForNoSweep(ctx.db)
  const old = await outlivedHouseholds(ctx.db, emergencyId, ids)
  if (old.length === 0) return
  await reseal(ctx, emergencyId, [
    ...old.flatMap(({ id, sealed }) =>
      sealed === null ? [] : [{ table: 'household' as const, row: id, column: 'address_sealed', sealed }],
    ),
    ...(await sealedConflicts(
      ctx.db,
      old.map(({ id }) => id),
    )),
  ])
  await moveHouseholds(
    ctx.db,
    old.map(({ id }) => id),
    emergencyId,
    ctx.now,
  )
}
