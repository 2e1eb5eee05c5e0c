import type { Ctx } from '../core/ctx.ts'
import { personHash } from './code-change.ts'
import { addRevocations, replaceOf } from './code-holder-store.ts'

/**
 * An account stands for a person no longer: what its phone shows, and what was printed, is on the list of replaced codes from now on
 * (CODE-14); whoever stands for the person now fetches anew. Last in its transaction, for the counter of that list.
 */
export async function endCodes(ctx: Ctx, personId: string): Promise<void> {
  await addRevocations(ctx.db, await replaceOf(ctx.db, [personHash(ctx, personId)], ctx.now), ctx.now)
}
