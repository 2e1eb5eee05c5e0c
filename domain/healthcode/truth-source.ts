import type { AreaCode } from '../areas/code.ts'
import { contains, countyOf } from '../areas/code.ts'
import type { ErrorBounds } from '../feeds/api.ts'

/**
 * TRUTH-3: what of a source's known errors (`feed.bounds`) a contradiction has to allow for. Everything here is worked out from the
 * bounds that the owner of the feed states; a source without bounds is taken at its word.
 */
export type Allowance = {
  source: string
  /** Clocks are off: days at the edges of a stay may be the day before or after. */
  slack: number
  /** Hours of passing through look like a stay: by itself only a night counts. */
  night: boolean
  /** A change of train may be reported: a day on which the person was elsewhere too is a journey. */
  transit: boolean
  /** Telephones near a border log in on the other side. */
  border: boolean
  /** The row names the owner of a line, who may not be the one who carries it. */
  line: boolean
}

/** From this many minutes on, what a source calls a stay may be the middle of a day's journey. */
export const DAY_TRIP_MINUTES = 120

/** Rooms of this program say facts under these names: they repeat what is read at its origin, or what was declared itself. */
export const OWN_SOURCES = ['declaration', 'observation'] as const

export function allowanceOf(source: string, bounds: ErrorBounds): Allowance {
  const dwell = bounds.dwellMinutes ?? 0
  const border = bounds.borderRoaming === true
  return {
    source,
    slack: Math.ceil((bounds.clockSkewMinutes ?? 0) / 1440),
    night: dwell >= DAY_TRIP_MINUTES,
    transit: dwell > 0,
    border,
    // Whoever knows of roaming knows lines, and a line is in the name of whoever bought it.
    line: border,
  }
}

/** Which counties lie within the reach of one another's masts. What is coarser than a county has no border. */
export type Near = { has: (place: AreaCode, other: AreaCode) => boolean; of: (place: AreaCode) => readonly AreaCode[] }

/** @param pairs counties, each pair once, in either order */
export function nearIndex(pairs: Iterable<readonly [AreaCode, AreaCode]>): Near {
  const by = new Map<AreaCode, Set<AreaCode>>()
  const add = (a: AreaCode, b: AreaCode): void => {
    const known = by.get(a)
    if (known) known.add(b)
    else by.set(a, new Set([b]))
  }
  for (const [a, b] of pairs) {
    add(a, b)
    add(b, a)
  }
  const of = (place: AreaCode): AreaCode[] => [...(by.get(countyOf(place)) ?? [])].toSorted()
  const has = (place: AreaCode, other: AreaCode): boolean =>
    overlaps(place, other) || countyOf(place) === countyOf(other) || of(place).some((county) => overlaps(county, other))
  return { has, of }
}

/** One is the other or lies inside it. */
export function overlaps(a: AreaCode, b: AreaCode): boolean {
  return contains(a, b) || contains(b, a)
}

/**
 * Sources place people no finer than a city: a ticket names the district of the station, a line the district of the mast. Whoever says to have
 * been in one district of a city has not hidden the one beside it.
 */
export function sameCity(a: AreaCode, b: AreaCode): boolean {
  return overlaps(a.slice(0, 4), b.slice(0, 4))
}
