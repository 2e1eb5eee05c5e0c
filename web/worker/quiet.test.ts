import { expect, test } from 'vitest'
import { isQuiet, maySound } from './quiet.ts'

test('it is quiet from 20:00 to 08:00 of the deployment’s zone, whatever the phone’s own zone is', () => {
  const at = (utc: string): boolean => isQuiet(new Date(utc), 'Asia/Shanghai')
  expect([
    at('2026-02-15T11:59:59Z'),
    at('2026-02-15T12:00:00Z'),
    at('2026-02-15T23:59:59Z'),
    at('2026-02-16T00:00:00Z'),
  ]).toEqual([false, true, true, false])
})

test('a red task sounds around the clock as its push does (TASK-3, WAKE-3), an instruction by day, and what is known not again', () => {
  const [red, instruction] = [
    { key: 'task', red: true },
    { key: 'instruction 2', red: false },
  ]
  const none = new Set<string>()
  expect([
    maySound([red], none, true),
    maySound([instruction], none, true),
    maySound([instruction], none, false),
  ]).toEqual([true, false, true])
  expect(maySound([red, instruction], new Set(['task']), true)).toBe(false)
  // Its next version is news, whatever version another one has.
  expect(maySound([instruction], new Set(['instruction 1', 'other 2']), false)).toBe(true)
})
