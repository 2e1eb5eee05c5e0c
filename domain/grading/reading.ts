import type { Day } from '../core/day.ts'
import { maxDay, minDay } from '../core/day.ts'
import { NO_END } from './risk.ts'
import type { Colour, Grade, Reason } from './rule-set.ts'
import { COLOUR_RANK, GRADE_RANK } from './rule-set.ts'

export type Result = { grade: Grade | null; colour: Colour | null; untilDay: Day | null }

const gradeRank = (reason: Reason): number => (reason.grade === null ? 0 : GRADE_RANK[reason.grade])
const colourRank = (reason: Reason): number => (reason.colour === null ? 0 : COLOUR_RANK[reason.colour])

/**
 * GRADE-7: the strongest of the reasons that hold on a day, and the last day on which grade and colour stay so. Readers call
 * it with today on the stored reasons, so that no result outlives its last day while the midnight job is late (GRADE-8).
 */
export function gradeFrom(reasons: readonly Reason[], day: Day): Result {
  const holding = reasons.filter((reason) => reason.until === null || reason.until >= day)
  const strongest = (rank: (reason: Reason) => number): { reason: Reason; until: Day } | null => {
    const best = Math.max(0, ...holding.map(rank))
    const winners = best === 0 ? [] : holding.filter((reason) => rank(reason) === best)
    const reason = winners[0]
    return reason ? { reason, until: winners.map((w) => w.until ?? NO_END).reduce(maxDay) } : null
  }
  const grade = strongest(gradeRank)
  const colour = strongest(colourRank)
  const until = minDay(grade?.until ?? NO_END, colour?.until ?? NO_END)
  return {
    grade: grade?.reason.grade ?? null,
    colour: colour?.reason.colour ?? null,
    untilDay: until === NO_END ? null : until,
  }
}

const text = (a: string | undefined, b: string | undefined): number =>
  (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0

/** The canonical order, the same in SQL: strength, then the later end, then the order of the rules, then the evidence. */
export function sortReasons(reasons: readonly Reason[], ruleIndex: (id: string) => number): Reason[] {
  return reasons.toSorted(
    (a, b) =>
      gradeRank(b) - gradeRank(a) ||
      colourRank(b) - colourRank(a) ||
      text(b.until ?? NO_END, a.until ?? NO_END) ||
      ruleIndex(a.rule) - ruleIndex(b.rule) ||
      text(b.day, a.day) ||
      text(a.fact.kind, b.fact.kind) ||
      text(a.fact.place, b.fact.place) ||
      text(a.fact.value, b.fact.value) ||
      (a.fact.degree ?? 0) - (b.fact.degree ?? 0) ||
      text(a.fact.from, b.fact.from) ||
      text(a.fact.to, b.fact.to) ||
      text(a.fact.source, b.fact.source) ||
      text(a.via, b.via),
  )
}
