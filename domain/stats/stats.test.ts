import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { METRIC_IDS } from './api.ts'
import { doorOf, METRICS, metricOf } from './metrics.ts'
import { SMALL } from '../core/small.ts'
import { suppress } from './suppress.ts'

test('STAT-2: every figure has a definition in both languages and a door that keeps area and days', () => {
  expect(METRICS.map((m) => m.id)).toEqual([...METRIC_IDS])
  for (const id of METRIC_IDS) {
    const m = metricOf(id)
    expect([m.say, m.unit, m.definition].every((s) => s.zh !== '' && s.en !== '')).toBe(true)
    const door = doorOf(id, { area: '3205', from: '2020-02-01', to: '2020-02-02', own: false })
    expect(door.query['area']).toBe('3205')
    expect(door.query['from']).toBe(m.kind === 'flow' ? '2020-02-01' : undefined)
  }
})

describe('STAT-6: small cells', () => {
  test.each([
    // one small cell takes the smallest other with it
    [[[3], [10], [20]], [33], [[null], [null], [20]], [33]],
    // two small cells that add up to five or more hide each other
    [[[3], [4], [20]], [27], [[null], [null], [20]], [27]],
    // two that add up to fewer than five do not
    [[[1], [1], [20]], [22], [[null], [null], [null]], [22]],
    // zero is shown
    [[[0], [7]], [7], [[0], [7]], [7]],
    // a small total hides, and its only non-zero child with it
    [[[0], [3]], [3], [[0], [null]], [null]],
  ])('%j / %j', (rows, totals, outRows, outTotals) => {
    expect(suppress(rows, totals)).toEqual({ rows: outRows, totals: outTotals })
  })

  test('nothing hidden can be computed back from what is shown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 8,
        }),
        (parts) => {
          // columns: a, b, c, and d = a + b + c
          const rows = parts.map((row) => [...row, row.reduce((x, y) => x + y, 0)])
          const totals = [0, 1, 2, 3].map((c) => rows.reduce((sum, row) => sum + (row[c] ?? 0), 0))
          const out = suppress(rows, totals, [{ total: 3, parts: [0, 1, 2] }])
          const sumsOf = (numbers: number[], shown: (number | null)[], total: number | null) => {
            const hidden = numbers.filter((_, i) => shown[i] === null)
            if (total === null) return
            expect(hidden.length).not.toBe(1)
            const sum = hidden.reduce((x, y) => x + y, 0)
            expect(hidden.length === 0 || shown.every((n) => n === null) || sum >= SMALL).toBe(true)
          }
          for (let c = 0; c < 4; c++)
            sumsOf(
              rows.map((r) => r[c] ?? 0),
              out.rows.map((r) => r[c] ?? null),
              out.totals[c] ?? null,
            )
          ;[...out.rows, out.totals].forEach((row, i) =>
            sumsOf((rows[i] ?? totals).slice(0, 3), row.slice(0, 3), row[3] ?? null),
          )
          for (const n of [...out.rows.flat(), ...out.totals]) expect(n === null || n === 0 || n >= SMALL).toBe(true)
        },
      ),
      { numRuns: 500, seed: 20200210 },
    )
  })
})
