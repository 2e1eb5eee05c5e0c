import { expect, test } from 'vitest'
import { admission } from './admission.ts'

test('SYNC-11, case 5: a few are let in and keep their place; the rest are told when to come back, spread', () => {
  const gate = admission(3, Math.random)
  const first = ['a', 'b', 'c'].map((device) => gate.admit(device, 0))
  expect(first.every((one) => one.in)).toBe(true)
  const told = Array.from({ length: 300 }, (_, i) => gate.admit(`w${i}`, 1000))
  const seconds = told.map((one) => (one.in ? -1 : one.seconds))
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(3)
  expect(Math.max(...seconds)).toBeLessThanOrEqual(303)
  expect(new Set(seconds).size).toBeGreaterThan(50)
  expect(gate.admit('a', 14_000)).toEqual({ in: true })
})

test('a place whose phone went silent is free again, and nobody waits for ever', () => {
  const gate = admission(1, () => 0)
  expect(gate.admit('a', 0).in).toBe(true)
  expect(gate.admit('b', 5_000)).toEqual({ in: false, seconds: 3 })
  expect(gate.admit('b', 15_001).in).toBe(true)
  expect(gate.admit('a', 15_002).in).toBe(false)
})
