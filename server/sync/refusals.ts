/**
 * SYNC-12: what a phone was told of an item is the answer under its key, a refusal too. The phone goes by it: it shows the item as
 * refused, and what mends it comes under a key of its own. So the same item come late, in a request that was held up, doubled or given
 * up on its way, is not run, whatever would be answered now, whichever process hears it and however long after.
 */
import type { Actor } from '@weiwang/domain/access/actor'
import { isAreaCode } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { keyReused } from '@weiwang/domain/core/problems'
import { ProblemOut } from '@weiwang/domain/sync/api'
import type { PushResult } from '@weiwang/domain/sync/api'
import { z } from 'zod'
import { findOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Server } from '../core/server.ts'
import { answerUnder, forgetAnswer, keyOf } from '../core/transaction.ts'
import { openText } from '../people/opening.ts'
import type { Item, PushOptions } from './push.ts'

const PLACE = { table: 'idempotency', column: 'answer' }
const NAME = 'push.refuse'

/** Sealed, for it may name whom the item is near to; without an emergency in force no more than the words are kept. */
type Kept = { sealed: string } | { problem: ProblemOut }
type ProblemOut = z.infer<typeof ProblemOut>

const refuseItem = defineAction({
  name: NAME,
  input: z.object({ key: z.uuid(), area: z.string(), problem: ProblemOut }),
  reach: 'all',
  run: async (ctx, { key, area, problem }): Promise<Kept> => {
    const emergency = isAreaCode(area) ? await findOpenEmergency(ctx, area) : null
    if (!emergency) return { problem: { ...problem, details: {} } }
    const place = { ...PLACE, row: key, emergencyId: emergency.id, now: ctx.now }
    return { sealed: (await ctx.keys.seal(place, JSON.stringify(problem))).toString('base64') }
  },
})

/**
 * Keeps a refusal before it is told.
 * @returns how the item is answered: as it was refused first, or null when something else lies under its key
 */
export async function keepRefusal(
  server: Server,
  actor: Actor,
  item: Item,
  options: PushOptions & { same: string },
  problem: ProblemOut,
): Promise<PushResult | null> {
  const args = { key: item.key, area: item.grid ?? options.home, problem }
  const { keyCounty, same } = options
  try {
    const { answer } = await server.runOnce(refuseItem, actor, args, { key: item.key, keyCounty, same })
    return { key: item.key, outcome: 'refused', problem: (await openKept(server, item.key, answer)) ?? problem }
  } catch (error) {
    if (error instanceof Problem && error.body.code === keyReused.code) return null
    throw error
  }
}

/** The refusal that lies under the item's key already; null: there is none, or it is of other content. */
export async function keptRefusal(
  server: Server,
  actor: Actor,
  item: Item,
  { keyCounty: county, same }: Pick<PushOptions, 'keyCounty'> & { same: string },
): Promise<PushResult | null> {
  const kept = await answerUnder<Kept>(server, { county, key: keyOf(actor.id, item.key), action: NAME }, same)
  const problem = kept === null ? null : await openKept(server, item.key, kept)
  return problem === null ? null : { key: item.key, outcome: 'refused', problem }
}

/** Null: the key of its emergency was destroyed. */
async function openKept(server: Server, row: string, kept: Kept): Promise<ProblemOut | null> {
  if ('problem' in kept) return kept.problem
  const text = await openText(server, { ...PLACE, row }, Buffer.from(kept.sealed, 'base64'))
  return text === null ? null : ProblemOut.parse(JSON.parse(text))
}

/** A phone that is to be cleared offers once more what was refused: it goes by the refusal no longer. @returns whether there was one */
export function liftRefusal(server: Server, actor: Actor, key: string, county: string): Promise<boolean> {
  return forgetAnswer(server, { county, key: keyOf(actor.id, key), action: NAME })
}
