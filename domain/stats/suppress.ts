import { isSmall, SMALL } from '../core/small.ts'

/**
 * STAT-6: small cells. In exports, for analysts and for everyone outside the scope, a count of 1 to 4 is not shown. Where the
 * hidden cells of a sum could be computed back from what is shown (one hidden cell, or several that add up to fewer than
 * five), the smallest other cell is hidden too, until nothing can be computed (secondary suppression). Zero is shown.
 *
 * Rows are children (all of them, and the own row), columns are figures, `totals` are the parent's. `sums` names columns that
 * add up inside a row (open = red + yellow + blue). A hidden cell is null.
 */
export type Sum = { total: number; parts: readonly number[] }
type Cell = { n: number; hidden: boolean }

/** Hides one more cell of the sum when the hidden ones can be computed back. True when it did. */
function settle(total: Cell | undefined, parts: readonly Cell[]): boolean {
  if (!total) return false
  const hidden = parts.filter((cell) => cell.hidden)
  const given =
    hidden.length === 0
      ? total.hidden
      : total.hidden
        ? false
        : hidden.length === 1 || hidden.reduce((a, cell) => a + cell.n, 0) < SMALL
  if (!given) return false
  const next =
    [...parts]
      .filter((cell) => !cell.hidden)
      .toSorted((a, b) => (a.n === 0 ? Infinity : a.n) - (b.n === 0 ? Infinity : b.n))[0] ?? total
  if (next.hidden) return false
  next.hidden = true
  return true
}

export function suppress(
  rows: readonly (readonly number[])[],
  totals: readonly number[],
  sums: readonly Sum[] = [],
): { rows: (number | null)[][]; totals: (number | null)[] } {
  const table = [...rows, totals].map((row) => row.map((n): Cell => ({ n, hidden: isSmall(n) })))
  const bottom = table[table.length - 1] ?? []
  const children = table.slice(0, -1)
  let changed = true
  while (changed) {
    changed = false
    for (let column = 0; column < bottom.length; column++) {
      const parts = children.flatMap((row) => row[column] ?? [])
      if (parts.length > 0 && settle(bottom[column], parts)) changed = true
    }
    for (const row of table) {
      for (const sum of sums) {
        if (
          settle(
            row[sum.total],
            sum.parts.flatMap((i) => row[i] ?? []),
          )
        )
          changed = true
      }
    }
  }
  const shown = table.map((row) => row.map((cell) => (cell.hidden ? null : cell.n)))
  return { rows: shown.slice(0, -1), totals: shown[shown.length - 1] ?? [] }
}
