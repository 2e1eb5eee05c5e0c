import { describe, expect, test } from 'vitest'
import { GuardSettings, guardFindings, median } from './guard.ts'

const settings = GuardSettings.parse({})
const input = (changes: number, earlierDays: number[]) => [
  { kind: 'source' as const, key: 'rail', changes, earlierDays },
]

describe('GRADE-22: unusual numbers stop a run', () => {
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
    expect(guardFindings(input(20_001, []), settings)).toMatchObject([{ median: null, limit: 20_000 }])
  })
})
