import { expect, test } from 'vitest'
import { CodeClock } from './clock.ts'

const HOUR = 3_600_000

function phoneAt(start: number): { now: () => number; set: (at: number) => void } {
  let at = start
  return { now: () => at, set: (next) => (at = next) }
}

test('the time is the server’s, whatever the phone’s clock says', () => {
  const phone = phoneAt(1_000_000)
  const clock = new CodeClock(null, phone.now)
  expect(clock.trust()).toBe('unknown')
  clock.heard(5_000_000, 1_000_000)
  phone.set(1_000_000 + HOUR)
  expect(clock.now()).toBe(5_000_000 + HOUR)
  expect(clock.trust()).toBe('good')
})

test('case 70: a clock turned back brings no code back to life, also after the page was closed, and is told', () => {
  const phone = phoneAt(10 * HOUR)
  const clock = new CodeClock(null, phone.now)
  clock.heard(10 * HOUR, 10 * HOUR)
  phone.set(15 * HOUR)
  expect(clock.now()).toBe(15 * HOUR)
  phone.set(9 * HOUR)
  expect(clock.now()).toBe(15 * HOUR)
  expect(clock.trust()).toBe('turned')
  const reopened = new CodeClock(clock.toKeep(), phone.now)
  expect(reopened.now()).toBe(15 * HOUR)
  expect(reopened.trust()).toBe('turned')
  reopened.heard(16 * HOUR, 9 * HOUR)
  expect(reopened.now()).toBe(16 * HOUR)
  expect(reopened.trust()).toBe('good')
})

test('a phone that is an hour fast is told so, an exercise on another day is not', () => {
  const phone = phoneAt(100 * HOUR)
  const clock = new CodeClock(null, phone.now)
  clock.heard(5 * HOUR, 99 * HOUR)
  expect([clock.trust(), clock.minutesWrong()]).toEqual(['wrong', 60])
  clock.heard(5 * HOUR, 100 * HOUR - 30_000)
  expect(clock.trust()).toBe('good')
})

test('an answer without a body tells the time too: the machine’s, by what its clock was before the real one', () => {
  const phone = phoneAt(100 * HOUR)
  const clock = new CodeClock(null, phone.now)
  clock.heard(5 * HOUR, 100 * HOUR)
  phone.set(3 * HOUR)
  expect(clock.trust()).toBe('turned')
  clock.heard(null, 101 * HOUR)
  expect(clock.now()).toBe(6 * HOUR)
  expect([clock.trust(), clock.minutesWrong()]).toEqual(['wrong', -98 * 60])
})
