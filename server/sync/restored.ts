import { numberOf, restoredAt } from '../core/postgres/restored.ts'
import type { Server } from '../core/server.ts'

/** What phones are told of the last restore: its instant, and the least epoch of every grid (SYNC-8). */
export type Restored = { at: string | null; epoch: number }

const KEPT_MS = 30_000
const kept = new WeakMap<Server, { until: number; restored: Restored }>()

/**
 * SYNC-12: made before its phone heard of the last restore, a push may be one that was answered before it, and what was refused then
 * might be accepted now. Nothing of it is run; whoever still listens hears of the restore and asks again.
 */
export async function isFromBefore(server: Server, told: string | null | undefined): Promise<boolean> {
  return told !== undefined && told !== (await lastRestore(server)).at
}

/** Asked by every contact and all but constant: looked up at most every half minute. */
export async function lastRestore(server: Server): Promise<Restored> {
  const known = kept.get(server)
  if (known && known.until > performance.now()) return known.restored
  const at = await restoredAt(server.jobsPool.db)
  const restored = { at: at?.toISOString() ?? null, epoch: at === null ? 1 : numberOf(at) }
  kept.set(server, { until: performance.now() + KEPT_MS, restored })
  return restored
}
