import type { AreaCode } from '../areas/code.ts'
import { contains, countyOf } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import { addDays, maxDay } from '../core/day.ts'
import type { RiskLevel } from '../feeds/api.ts'
import type { StayCriterion } from './rule-set.ts'

/** Days before and after all others: open ends. */
export const FIRST_DAY: Day = '0001-01-01'
export const NO_END: Day = '9999-12-31'

export type RiskSpan = { area: AreaCode; level: RiskLevel; from: Day; to: Day | null }

/** Days on which a place matches, both included. */
export type Span = { from: Day; to: Day }

export type RiskIndex = {
  byArea: Map<AreaCode, RiskSpan[]>
  inCounty: Map<AreaCode, RiskSpan[]>
  cache: Map<string, Span[]>
}

/** An index of risk areas for many look-ups; spans that are withdrawn are left out by the caller. */
export function riskIndex(spans: readonly RiskSpan[]): RiskIndex {
  const byArea = new Map<AreaCode, RiskSpan[]>()
  const inCounty = new Map<AreaCode, RiskSpan[]>()
  const add = (map: Map<AreaCode, RiskSpan[]>, key: AreaCode, span: RiskSpan): void => {
    const list = map.get(key)
    if (list) list.push(span)
    else map.set(key, [span])
  }
  for (const span of spans) {
    add(byArea, span.area, span)
    if (span.area.length > 6) add(inCounty, countyOf(span.area), span)
  }
  return { byArea, inCounty, cache: new Map() }
}

function merged(spans: Span[]): Span[] {
  const out: Span[] = []
  for (const span of spans.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = out.at(-1)
    if (last && (last.to === NO_END || span.from <= addDays(last.to, 1))) last.to = maxDay(last.to, span.to)
    else out.push({ ...span })
  }
  return out
}

function candidates(index: RiskIndex, atom: StayCriterion, place: AreaCode): RiskSpan[] {
  if (atom.match === 'county') {
    if (place.length < 6) return []
    return (index.inCounty.get(countyOf(place)) ?? []).filter((span) => !contains(span.area, place))
  }
  const found: RiskSpan[] = []
  for (const length of [2, 4, 6, 9, 12, 15, 18]) {
    if (length > place.length) break
    found.push(...(index.byArea.get(place.slice(0, length)) ?? []))
  }
  return found
}

/**
 * The days on which a stay in `place` would match (GRADE-2, GRADE-4): the place equals or lies inside a risk area of one of
 * the levels; with `match: 'county'` the risk area lies elsewhere in the same county; with `where` the place lies in one of
 * the listed areas. Spans that touch are one.
 */
export function spansOf(index: RiskIndex, atom: StayCriterion, place: AreaCode): Span[] {
  if (atom.where && !atom.where.some((area) => contains(area, place))) return []
  const { levels } = atom
  if (!levels) return [{ from: FIRST_DAY, to: NO_END }]
  const key = `${atom.match ?? 'area'}|${levels.join()}|${place}`
  const known = index.cache.get(key)
  if (known) return known
  const spans = merged(
    candidates(index, atom, place)
      .filter((span) => levels.includes(span.level))
      .map((span) => ({ from: span.from, to: span.to ?? NO_END })),
  )
  index.cache.set(key, spans)
  return spans
}
