import { expect, test } from 'vitest'
import { isQuiet } from './quiet.ts'

test('nothing sounds from 22:00 to 07:00 of the deployment’s zone, whatever the phone’s own zone is', () => {
  const at = (utc: string): boolean => isQuiet(new Date(utc), 'Asia/Shanghai')
  expect([
    at('2026-02-15T13:59:59Z'),
    at('2026-02-15T14:00:00Z'),
    at('2026-02-15T22:59:59Z'),
    at('2026-02-15T23:00:00Z'),
  ]).toEqual([false, true, true, false])
})
