/**
 * SYNC-11: first syncs are served a few at a time, so that a thousand phones at eight in the morning do not keep those waiting
 * who file a visit (case 5). A phone that was let in keeps its place from page to page; the others are told when to come back,
 * spread by chance, so that they do not all come back at once.
 */
export type Admission = {
  admit: (device: string, now: number) => { in: true } | { in: false; seconds: number }
  /** Whether the phone has a place. */
  holds: (device: string) => boolean
  /** It has everything: its place is another's at once. */
  leave: (device: string) => void
}

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
    holds: (device) => leases.has(device),
    leave: (device) => void leases.delete(device),
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

/**
 * Of requests that take long, a few are worked on at a time and some wait in line; what comes beyond is answered at once that it
 * must come again. So those who file find the server free however many ask (case 5).
 */
/** `leave` after a rest of so many milliseconds when others wait, so that what is short finds a gap between what is long. */
export type Turns = { enter: () => Promise<boolean>; leave: (restMs?: number) => void }

export function turns(places: number, most: number): Turns {
  let busy = 0
  const line: (() => void)[] = []
  return {
    enter: async () => {
      if (busy < places) {
        busy += 1
        return true
      }
      if (line.length >= most) return false
      await new Promise<void>((resolve) => line.push(resolve))
      return true
    },
    leave: (restMs = 0) => {
      const pass = (): void => {
        const next = line.shift()
        if (next) next()
        else busy -= 1
      }
      if (line.length > 0 && restMs > 0) setTimeout(pass, restMs)
      else pass()
    },
  }
}

/** Counts what is under way; beyond `most` it answers after how many seconds to come again, longer the more were turned away of late. */
export type Door = {
  enter: (now: number) => { in: true } | { in: false; seconds: number }
  leave: () => void
  /** Nobody can enter at this moment. */
  full: () => boolean
}

const LATELY_MS = 60_000

export function door(most: number, random: () => number): Door {
  let inside = 0
  // Times of who was turned away, oldest first; those before `from` are long ago.
  let away: number[] = []
  let from = 0
  return {
    enter(now) {
      if (inside < most) {
        inside += 1
        return { in: true }
      }
      away.push(now)
      while ((away[from] ?? now) <= now - LATELY_MS) from += 1
      if (from > 1000) [away, from] = [away.slice(from), 0]
      const span = Math.min(LONGEST_S, (away.length - from) * (ONE_TAKES_S / 8))
      return { in: false, seconds: Math.ceil(SHORTEST_S + random() * span) }
    },
    leave: () => void (inside -= 1),
    full: () => inside >= most,
  }
}
