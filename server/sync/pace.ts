import type { Server } from '../core/server.ts'

/**
 * How reports fare while first syncs are served (SYNC-11). A first sync is work in the background: after each page its line rests, and
 * the rest grows while reports that fell into a page take longer than those that did not, and shrinks again when they do not. Without
 * reports there is no rest. It never stands still: the longest rest is bounded.
 */
export type Pace = {
  /** A report begins; the returned function says that it has its answer. */
  report: (now: number) => (now: number) => void
  /** A page begins; the returned function gives how many milliseconds to rest after it. */
  page: (now: number) => (now: number) => number
  /** Whether reports came of late. */
  lately: (now: number) => boolean
}

/** Reports of the last moments are what counts. */
const WEIGHT = 0.1
/** Beside a page a report may take half as long again, and a little more, before the line gives way. */
const SLOWER = 1.5
const LITTLE_MS = 1
/** Rests as multiples of what the page took. */
const LEAST = 1
const MOST = 8
const GROWS = 1.5
const SHRINKS = 1.2
/** After so long without a report nobody is filing. */
const LATELY_MS = 1_000
export const MOST_REST_MS = 1_000

const mean = (before: number | null, ms: number): number => (before === null ? ms : before + WEIGHT * (ms - before))

export function pace(): Pace {
  let [pages, begun, times, last] = [0, 0, LEAST, -Infinity]
  let [alone, beside]: [number | null, number | null] = [null, null]
  const lately = (now: number): boolean => now - last <= LATELY_MS
  return {
    lately,
    report(began) {
      const [under, before] = [pages > 0, begun]
      last = began
      return (now) => {
        if (under || begun !== before) beside = mean(beside, now - began)
        else alone = mean(alone, now - began)
      }
    },
    page(began) {
      pages += 1
      begun += 1
      return (now) => {
        pages -= 1
        if (!lately(now)) return 0
        const slow = alone !== null && beside !== null && beside > alone * SLOWER + LITTLE_MS
        times = slow ? Math.min(MOST, times * GROWS) : Math.max(LEAST, times / SHRINKS)
        return Math.min(MOST_REST_MS, (now - began) * times)
      }
    },
  }
}

const paces = new WeakMap<Server, Pace>()

/** Reports come in by one route and pages go out by another, of one process. */
export function paceOf(server: Server): Pace {
  const found = paces.get(server) ?? pace()
  paces.set(server, found)
  return found
}
