import { describe, expect, test } from 'vitest'
import { foldOf } from '../areas/fold.ts'
import type { Moved } from '../areas/fold.ts'
import { fold, rowOf, shiftsOf } from './fold.ts'

const TOWN = '320505001'
const [A, B] = [`${TOWN}001`, `${TOWN}002`]
const grid = (village: string, n: number) => `${village}00${n}`

/** The counts of codes as a table of rows and a whole, first as they are, then folded. */
function table(area: string, digits: number, counts: Record<string, number>, moved: readonly Moved[]) {
  const rows = new Map<string, number>()
  let whole = 0
  const add = (row: string, n: number) => rows.set(row, (rows.get(row) ?? 0) + n)
  for (const [code, n] of Object.entries(counts)) {
    const row = rowOf(area, digits, code)
    if (row === null) continue
    add(row, n)
    whole += n
  }
  const list = Object.entries(counts).map(([code, n]) => ({ code, n }))
  fold(shiftsOf(area, digits, moved), list, (row, count, times) => {
    if (row === null) whole += times * count.n
    else add(row, times * count.n)
  })
  return { rows: Object.fromEntries([...rows].filter(([, n]) => n !== 0)), whole }
}

const sum = (rows: Record<string, number>) => Object.values(rows).reduce((a, b) => a + b, 0)

describe('STAT-11: as organised now', () => {
  test('a split without a residence row stands at the parent, where it is neither of the parts', () => {
    const moved = [{ code: grid(A, 1), stands: A }]
    const folded = table(A, 15, { [grid(A, 1)]: 5, [grid(A, 2)]: 1, [grid(A, 3)]: 2 }, moved)
    expect(folded).toEqual({ rows: { [A]: 5, [grid(A, 2)]: 1, [grid(A, 3)]: 2 }, whole: 8 })
    // One level up nothing has moved.
    expect(shiftsOf(TOWN, 12, moved)).toEqual([])
  })

  test('a merger adds up in the one that goes on', () => {
    const moved = [
      { code: grid(A, 1), stands: grid(A, 3) },
      { code: grid(A, 2), stands: grid(A, 3) },
    ]
    const folded = table(A, 15, { [grid(A, 1)]: 5, [grid(A, 2)]: 1, [grid(A, 3)]: 2 }, moved)
    expect(folded).toEqual({ rows: { [grid(A, 3)]: 8 }, whole: 8 })
  })

  test('a move leaves the old parent and comes to the new one; at the town only the rows change', () => {
    const moved = [{ code: grid(A, 1), stands: grid(B, 4) }]
    const counts = { [grid(A, 1)]: 5, [grid(A, 2)]: 1, [grid(B, 1)]: 2 }
    expect(table(A, 15, counts, moved)).toEqual({ rows: { [grid(A, 2)]: 1 }, whole: 1 })
    expect(table(B, 15, counts, moved)).toEqual({ rows: { [grid(B, 4)]: 5, [grid(B, 1)]: 2 }, whole: 7 })
    expect(table(TOWN, 12, counts, moved)).toEqual({ rows: { [A]: 1, [B]: 7 }, whole: 8 })
  })

  test('children and own add up to the whole at every level, whatever moved (STAT-3)', () => {
    const moved = [
      { code: A, stands: TOWN },
      { code: grid(A, 1), stands: grid(B, 7) },
      { code: grid(A, 2), stands: '320506' },
      { code: '320506001002001', stands: grid(B, 1) },
      { code: '320507', stands: A },
    ]
    const counts = { [A]: 3, [grid(A, 1)]: 5, [grid(A, 2)]: 7, [grid(B, 1)]: 11, '320506001002001': 13, '320507': 17 }
    for (const [area, digits] of [
      ['3205', 6],
      ['320505', 9],
      [TOWN, 12],
      [A, 15],
      [B, 15],
    ] as const) {
      const { rows, whole } = table(area, digits, counts, moved)
      expect([area, sum(rows)]).toEqual([area, whole])
    }
  })

  test('the list behind a row takes the same codes in and leaves the same out', () => {
    const moved = [
      { code: grid(A, 1), stands: grid(B, 4) },
      { code: grid(A, 2), stands: A },
      { code: A, stands: TOWN },
    ]
    expect(foldOf(B, false, moved)).toEqual({ plus: [grid(A, 1)], minus: [] })
    expect(foldOf(A, false, moved)).toEqual({ plus: [], minus: [grid(A, 1), A] })
    expect(foldOf(A, true, moved)).toEqual({ plus: [grid(A, 2)], minus: [A] })
    expect(foldOf(TOWN, false, moved)).toEqual({ plus: [], minus: [] })
    expect(foldOf(grid(A, 2), false, moved)).toEqual({ plus: [], minus: [grid(A, 2)] })
  })
})
