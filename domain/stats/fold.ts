/**
 * Figures as organised now or on a day (STAT-11): what was counted under a code that is no area then goes from the row in which the code lies
 * to the row in which it stands. Pure: the server reads the counts of the moved codes, each exactly once.
 */
import { contains } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import type { Moved } from '../areas/fold.ts'

/** A row below an area: the child in which a code lies, the area itself for what has no child, null outside of it. */
export function rowOf(area: AreaCode, digits: number, code: AreaCode): AreaCode | null {
  if (!contains(area, code)) return null
  return code.length < digits ? area : code.slice(0, digits)
}

export type Shift = { code: AreaCode; from: AreaCode | null; to: AreaCode | null }

/** The moved codes that change row at an area; what moves inside one row changes nothing there. */
export function shiftsOf(area: AreaCode, digits: number, moved: readonly Moved[]): Shift[] {
  return moved.flatMap(({ code, stands }) => {
    const from = rowOf(area, digits, code)
    const to = rowOf(area, digits, stands)
    return from === to ? [] : [{ code, from, to }]
  })
}

/**
 * Takes each count of a moved code from its row and adds it where it stands, and to or from the whole when one end lies
 * outside. Children and own add up to the whole before and after (STAT-3).
 * @param add adds `times` (1 or -1) the count to a row; null is the whole
 */
export function fold<Count extends { code: AreaCode }>(
  shifts: readonly Shift[],
  counts: readonly Count[],
  add: (row: AreaCode | null, count: Count, times: 1 | -1) => void,
): void {
  const byCode = new Map(shifts.map((shift) => [shift.code, shift]))
  for (const count of counts) {
    const shift = byCode.get(count.code)
    if (!shift) continue
    if (shift.from !== null) add(shift.from, count, -1)
    if (shift.to !== null) add(shift.to, count, 1)
    if (shift.from === null) add(null, count, 1)
    if (shift.to === null) add(null, count, -1)
  }
}
