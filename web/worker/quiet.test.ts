import { expect, test } from 'vitest'
import { isQuiet } from './quiet.ts'

test('nothing sounds from 20:00 to 08:00 of the deployment’s zone, whatever the phone’s own zone is', () => {
  const at = (utc: string): boolean => isQuiet(new Date(utc), 'Asia/Shanghai')
  expect([
    at('2026-02-15T11:59:59Z'),
    at('2026-02-15T12:00:00Z'),
    at('2026-02-15T23:59:59Z'),
    at('2026-02-16T00:00:00Z'),
  ]).toEqual([false, true, true, false])
})
