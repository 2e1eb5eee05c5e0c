import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Ctx } from '../core/ctx.ts'
import { addressHash, cleanText } from './identity.ts'
import { OWN_ADDRESS } from './resolving.ts'
import { closeUnresolved, putPending } from './store-register.ts'

/**
 * PEOPLE-15: where somebody says to live goes the way of every address, also when it was told before: whoever moves back says the old
 * one again. `moves`: the own word moves them even from a place that a register or a worker has said.
 */
export async function sayOwnAddress(
  ctx: Ctx,
  of: { personId: string; area: AreaCode; address: string; emergencyId: string; moves: boolean },
): Promise<void> {
  const address = cleanText(of.address, 400)
  if (address === null) return
  const { seal } = await ctx.keys.sealer(of.emergencyId, ctx.now)
  await putPending(
    ctx.db,
    [
      {
        personId: of.personId,
        area: of.area,
        sealed: seal({ table: 'address_pending', row: of.personId, column: 'address_sealed' }, address),
        hash: addressHash(ctx.keys, address),
        source: of.moves ? OWN_ADDRESS : 'declared',
      },
    ],
    { emergencyId: of.emergencyId, now: ctx.now },
  )
  // One queue at a time (case 42).
  await closeUnresolved(ctx.db, [of.personId], ctx.now)
  ctx.emit('people.pending', {}, { key: 'people.pending' })
}
