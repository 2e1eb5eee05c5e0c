import { expect, test } from 'vitest'
import { simplifyRing } from './simplify.ts'
import type { Point } from './simplify.ts'

const wavy = (from: Point, to: Point, n: number): Point[] =>
  Array.from(
    { length: n },
    (_, i) => [from[0] + ((to[0] - from[0]) * i) / n + (i % 2) * 0.001, from[1] + ((to[1] - from[1]) * i) / n] as const,
  )

test('a ring stays closed, keeps its corners and loses its ripples', () => {
  const ring = [
    ...wavy([0, 0], [0, 1], 50),
    ...wavy([0, 1], [1, 1], 50),
    ...wavy([1, 1], [1, 0], 50),
    ...wavy([1, 0], [0, 0], 50),
    [0, 0] as const,
  ]
  const simple = simplifyRing(ring, 0.001)
  expect(simple.length).toBeLessThan(12)
  expect(simple[0]).toEqual(simple.at(-1))
  for (const corner of [
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 0],
  ])
    expect(simple.some(([x, y]) => Math.hypot(x - (corner[0] ?? 0), y - (corner[1] ?? 0)) < 0.05)).toBe(true)
})

test('nothing is dropped below the least size, and a triangle stays one', () => {
  const square: Point[] = [
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 0],
    [0, 0],
  ]
  expect(simplifyRing(square, 10)).toEqual(square)
})
