import { expect, test } from 'vitest'
import { MOST_REST_MS, pace } from './pace.ts'

/** Reports of so many milliseconds, one after another, alone or while a page of 20 ms is made. */
function filed(reports: ReturnType<typeof pace>, from: number, ms: number, n: number): void {
  for (let i = 0; i < n; i++) reports.report(from + i)(from + i + ms)
}

function page(reports: ReturnType<typeof pace>, at: number, reportMs: number): number {
  const over = reports.page(at)
  filed(reports, at, reportMs, 10)
  return over(at + 20)
}

test('SYNC-11: the rest after a page grows while reports beside pages are slow, shrinks when they are not, and is never endless', () => {
  const reports = pace()
  filed(reports, 0, 5, 100)
  expect(page(reports, 200, 6)).toBe(20)
  const slow = Array.from({ length: 12 }, (_, i) => page(reports, 300 + i * 50, 40))
  expect(slow.at(-1)).toBeGreaterThan(100)
  expect(slow.at(-1)).toBeLessThanOrEqual(MOST_REST_MS)
  const quick = Array.from({ length: 40 }, (_, i) => page(reports, 2000 + i * 50, 5))
  expect(quick.at(-1)).toBe(20)
})

test('without reports there is nothing to rest for', () => {
  const reports = pace()
  expect(reports.page(0)(500)).toBe(0)
  filed(reports, 500, 5, 3)
  expect(reports.page(600)(700)).toBeGreaterThan(0)
  expect(reports.page(5000)(5400)).toBe(0)
})

test('a report that only the end of a page fell into counts as beside it', () => {
  const reports = pace()
  filed(reports, 0, 5, 50)
  for (let i = 0; i < 30; i++) {
    const at = 100 + i * 100
    const answered = reports.report(at)
    reports.page(at + 1)(at + 11)
    answered(at + 80)
  }
  expect(reports.page(3200)(3210)).toBeGreaterThan(50)
})
