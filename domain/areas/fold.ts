/**
 * "As organised now" or on a day (AREA-10): which codes of other days count for an area, and which of the codes inside it count
 * elsewhere. A code is never given twice, so what was counted under a code is moved by the code alone. Pure; the server reads
 * the pairs.
 */
import { contains } from './code.ts'
import type { AreaCode } from './code.ts'

/** A code that is no area on the day asked for, and where its figures stand then: its one successor or predecessor, or the common parent of several. */
export type Moved = { code: AreaCode; stands: AreaCode }

/**
 * What the organisation asked for adds to an area and takes from it. Each code means exactly itself and, for a grid, the units in
 * it: what lies deeper has a pair of its own.
 */
export type Fold = { plus: AreaCode[]; minus: AreaCode[] }

/** `own`: what lies at the area itself and at nothing inside it. */
export function foldOf(area: AreaCode, own: boolean, moved: readonly Moved[]): Fold {
  const then = (code: AreaCode) => (own ? code === area : contains(area, code))
  return {
    plus: moved.flatMap(({ code, stands }) => (!then(code) && then(stands) ? [code] : [])),
    minus: moved.flatMap(({ code, stands }) => (then(code) && !then(stands) ? [code] : [])),
  }
}

export function isFolded(fold: { plus: readonly AreaCode[]; minus: readonly AreaCode[] }): boolean {
  return fold.plus.length + fold.minus.length > 0
}
