/**
 * SYNC-11: first syncs are served a few at a time, so that a thousand phones at eight in the morning do not keep those waiting
 * who file a visit (case 5). A phone that was let in keeps its place from page to page; the others are told when to come back,
 * spread by chance, so that they do not all come back at once.
 */
export type Admission = { admit: (device: string, now: number) => { in: true } | { in: false; seconds: number } }

const LEASE_MS = 15_000
const SHORTEST_S = 3
const LONGEST_S = 300
/** How long one first sync takes from its first page to its last, for telling when to come back. */
const ONE_TAKES_S = 2

export function admission(places: number, random: () => number): Admission {
  const leases = new Map<string, number>()
  const refusedAt = new Map<string, number>()
  const forget = (map: Map<string, number>, before: number): void => {
    for (const [device, at] of map) if (at < before) map.delete(device)
  }
  return {
    admit(device, now) {
      forget(leases, now)
      if (leases.has(device) || leases.size < places) {
        leases.set(device, now + LEASE_MS)
        refusedAt.delete(device)
        return { in: true }
      }
      forget(refusedAt, now - LONGEST_S * 1000)
      refusedAt.set(device, now)
      // Everybody who waits is served once in this time; each comes back at a moment of it.
      const span = Math.min(LONGEST_S, (refusedAt.size * ONE_TAKES_S) / places)
      return { in: false, seconds: Math.ceil(SHORTEST_S + random() * span) }
    },
  }
}
