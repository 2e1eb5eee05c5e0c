import { expect, test } from 'vitest'
import { isWeakPin } from './pin.ts'

test('what everybody tries first is no PIN: one digit, a row up or down, a part over and over', () => {
  expect(['000000', '123456', '987654', '890123', '121212', '123123', '45454545'].map(isWeakPin)).not.toContain(false)
})

test('others are taken, also those that only begin like a row', () => {
  expect(['258013', '123457', '135790', '1234567890123'].map(isWeakPin)).toEqual([false, false, false, true])
})
