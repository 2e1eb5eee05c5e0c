import { describe, expect, it } from 'vitest'
import { isTooOld, orderFor, runOutcome } from './phones.ts'
import { PROTOCOL, PROTOCOL_MIN } from './api.ts'

describe('SYNC-16: what a phone is told', () => {
  const fine = { lost: false, account: 'active', sessionLive: true }
  it('nothing while all is well; to ask for the log-in when its session is over', () => {
    expect(orderFor(fine, 3)).toBe('none')
    expect(orderFor({ ...fine, sessionLive: false }, 0)).toBe('lock')
  })
  it('a lost phone and one of a closed account clear only when nothing lies on them any more', () => {
    for (const standing of [
      { ...fine, lost: true },
      { ...fine, account: 'closed' },
    ]) {
      expect(orderFor(standing, 1)).toBe('lock')
      expect(orderFor(standing, 0)).toBe('clear')
    }
  })
  it('an account that is only locked may be opened again: nothing is cleared', () => {
    expect(orderFor({ ...fine, account: 'locked' }, 0)).toBe('lock')
  })
})

it('case 6: a run without an end goes on for ten minutes and is then one that was broken off', () => {
  const now = new Date('2020-02-10T10:00:00Z')
  expect(runOutcome({ outcome: null, lastAt: new Date('2020-02-10T09:50:01Z') }, now)).toBe('running')
  expect(runOutcome({ outcome: null, lastAt: new Date('2020-02-10T09:50:00Z') }, now)).toBe('aborted')
  expect(runOutcome({ outcome: 'done', lastAt: new Date('2020-01-01T00:00:00Z') }, now)).toBe('done')
})

it('SYNC-18: this version and every one down to the least still sync', () => {
  expect([isTooOld(PROTOCOL), isTooOld(PROTOCOL_MIN), isTooOld(PROTOCOL_MIN - 1)]).toEqual([false, false, true])
})
