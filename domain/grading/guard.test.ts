import { describe, expect, test } from 'vitest'
import { GuardSettings, guardFindings, guardReplay, isOneMatter, median, readGuardSettings } from './guard.ts'

const settings = GuardSettings.parse({})
const input = (changes: number, earlierDays: number[]) => [
  { kind: 'source' as const, key: 'rail', changes, earlierDays },
]

describe('GRADE-22: unusual numbers stop a run', () => {
  test.each([
    ['the same source, other places', 'rail 320505', 'rail 320508', true],
    ['another source at the same place', 'rail 320505', 'air 320505', false],
    ['no source stands out, the same place', '320505', '320505', true],
    ['no source stands out, another place', '320505', '320508', false],
    ['a source beside none', 'rail 320505', '320505', false],
    ['one source of two in common', 'rail air 320505', 'air', true],
    ['nothing known', '', '320505', false],
  ])('one matter: %s', (_name, a, b, expected) => {
    const read = (text: string) =>
      text
        .split(' ')
        .filter(Boolean)
        .map((key) => ({ kind: /^\d/.test(key) ? ('place' as const) : ('source' as const), key }))
    expect(isOneMatter(read(a), read(b))).toBe(expected)
    expect(isOneMatter(read(b), read(a))).toBe(expected)
  })

  test('the median of an even number of days lies between', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBe(0)
  })
  test('exactly the limit passes, one more stops', () => {
    expect(guardFindings(input(1_000, [200, 200, 200]), settings)).toEqual([])
    expect(guardFindings(input(1_001, [200, 200, 200]), settings)).toEqual([
      { kind: 'source', key: 'rail', changes: 1_001, median: 200, limit: 1_000 },
    ])
  })
  test('below the floor nothing stops, whatever the ratio', () => {
    expect(guardFindings(input(500, [1, 1, 1]), settings)).toEqual([])
    expect(guardFindings(input(501, [1, 1, 1]), settings)).toHaveLength(1)
  })
  test('without enough days the larger floor holds', () => {
    expect(guardFindings(input(20_000, [1, 1]), settings)).toEqual([])
    // GRADE-28: very many to red on first days are held; later the usual measure counts.
    const red = (n: number, earlierDays: number[]) => [{ ...input(2_000, earlierDays)[0]!, red: n }]
    expect(guardFindings(red(500, [1, 1]), settings)).toEqual([])
    expect(guardFindings(red(501, [1, 1]), settings)).toMatchObject([
      { changes: 501, limit: 500, median: null, red: true },
    ])
    expect(guardFindings(red(1_317, [900, 900, 900]), settings)).toEqual([])
    expect(guardFindings(input(20_001, []), settings)).toMatchObject([{ median: null, limit: 20_000 }])
  })
})

const day = (n: number) => `2020-02-${String(n).padStart(2, '0')}`
const days = (ns: readonly number[], key = '320505') =>
  ns.map((n, i) => ({ kind: 'place' as const, key, day: day(i + 1), n }))

describe('GRADE-27: what numbers would have held', () => {
  test('each day is measured by the days before it alone', () => {
    const held = guardReplay(days([600, 100, 100, 100, 501, 3000]), [], settings, { from: day(1), to: day(6) })
    // The fifth day is beyond five times the median of 600, 100, 100, 100; the first has no days before it and passes.
    expect(held.map((one) => [one.day, one.changes, one.limit])).toEqual([
      [day(6), 3000, 500],
      [day(5), 501, 500],
    ])
  })

  test('days outside of those asked for are a measure and no answer', () => {
    const held = guardReplay(days([600, 100, 100, 100, 501, 3000]), [], settings, { from: day(6), to: day(6) })
    expect(held.map((one) => one.day)).toEqual([day(6)])
  })

  test('days beyond those looked back are no measure', () => {
    const short = { ...settings, days: 3, minDays: 3 }
    const held = guardReplay(days([5000, 5000, 100, 100, 100, 600]), [], short, { from: day(6), to: day(6) })
    expect(held.map((one) => one.median)).toEqual([100])
  })

  test('a county is measured by its own days, and what was stopped is measured too', () => {
    const history = [...days([400, 400, 400, 400]), ...days([1, 1, 1, 1], '320506')]
    const stopped = [{ kind: 'place' as const, key: '320506', day: day(5), changes: 600 }]
    expect(guardReplay(history, stopped, settings, { from: day(1), to: day(5) })).toEqual([
      { kind: 'place', key: '320506', day: day(5), changes: 600, median: 1, limit: 500, stopped: true },
    ])
  })

  test('what is stored out of bounds is read as the defaults', () => {
    expect(readGuardSettings({ floor: 10 ** 9 })).toEqual(settings)
    expect(readGuardSettings({ floor: 700 })).toEqual({ ...settings, floor: 700 })
    expect(GuardSettings.safeParse({ days: 4, minDays: 5 }).success).toBe(false)
  })
})
