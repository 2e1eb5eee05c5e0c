import { expect, test } from 'vitest'
import { difference, grouped, percent } from './numbers.ts'

test('a share never rounds something to nothing, or a rest away', () => {
  expect([percent(0, 10), percent(1, 1000), percent(999, 1000), percent(10, 10), percent(1, 0)]).toEqual([
    '0%',
    '<1%',
    '>99%',
    '100%',
    '–',
  ])
})

test('numbers are grouped and differences carry their sign', () => {
  expect(grouped(16208)).toBe('16,208')
  expect([difference(12, 0), difference(3, 6), difference(4, 4)]).toEqual(['+12', '−3', '±0'])
})
