import type { Ctx } from '../core/ctx.ts'
import { KeyDestroyed } from '../core/keys/keyring.ts'

/** The text of a sealed column, or null when there is none or when it was deleted with its data key. */
export async function openText(
  { keys }: Pick<Ctx, 'keys'>,
  at: { table: string; row: string; column: string },
  sealed: Buffer | null,
): Promise<string | null> {
  if (sealed === null) return null
  try {
    return await keys.open(at, sealed)
  } catch (error) {
    if (error instanceof KeyDestroyed) return null
    throw error
  }
}
