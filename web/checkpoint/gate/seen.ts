/** A presentation is good for a minute each way; what was seen longer ago is refused by its age. */
const KEPT_MS = 180_000
/** More within three minutes than any gate passes: the memory has a bound whatever comes. */
const MOST = 5_000

/**
 * Presentations that this gate has answered, in memory only: the same one a second time is a copy, or the same person once more, and
 * the attendant is told how long ago it was (GATE-106).
 */
export function newSeen() {
  const at = new Map<string, number>()
  const keyOf = (codeId: string, signedAt: number): string => `${codeId}/${signedAt}`

  function prune(now: number): void {
    for (const [key, when] of at) {
      if (now - when <= KEPT_MS && at.size <= MOST) break
      at.delete(key)
    }
  }

  return {
    /** When it was answered before, null when it was not. */
    before: (codeId: string, signedAt: number): number | null => at.get(keyOf(codeId, signedAt)) ?? null,
    note: (codeId: string, signedAt: number, now: number): void => {
      prune(now)
      at.set(keyOf(codeId, signedAt), now)
    },
    size: (): number => at.size,
  }
}
