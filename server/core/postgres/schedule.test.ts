import { describe, expect, test } from 'vitest'
import { backupDue, backupLate, keptSince, latestQuiet } from './schedule.ts'

const ZONE = 'Asia/Shanghai'
const QUIET = 3 * 60 + 20
const at = (text: string): Date => new Date(text)

describe('when the database backs itself up', () => {
  test('the quiet hour is local: 03:20 in Shanghai is 19:20 the day before in UTC', () => {
    expect(latestQuiet(at('2026-11-25T19:19:00Z'), QUIET, ZONE)).toEqual(at('2026-11-24T19:20:00Z'))
    expect(latestQuiet(at('2026-11-25T19:20:00Z'), QUIET, ZONE)).toEqual(at('2026-11-25T19:20:00Z'))
  })

  const due = (
    now: string,
    last: string | null,
    made = '2026-11-01T00:00:00Z',
    failed: string | null = null,
  ): boolean =>
    backupDue(
      {
        now: at(now),
        last: last === null ? null : at(last),
        made: at(made),
        failed: failed === null ? null : at(failed),
      },
      QUIET,
      ZONE,
    )

  test('once a day: due from the quiet hour on, not again once there is one of that night', () => {
    expect(due('2026-11-25T19:10:00Z', '2026-11-24T19:25:00Z')).toBe(false)
    expect(due('2026-11-25T19:20:00Z', '2026-11-24T19:25:00Z')).toBe(true)
    expect(due('2026-11-25T19:30:00Z', '2026-11-25T19:25:00Z')).toBe(false)
  })

  test('a machine that was off at night waits for the next one, but not longer than two days', () => {
    expect(due('2026-11-26T04:00:00Z', '2026-11-24T19:25:00Z')).toBe(false)
    expect(due('2026-11-27T04:00:00Z', '2026-11-24T19:25:00Z')).toBe(true)
  })

  test('a deployment of an hour is not copied at noon; its first night it is', () => {
    expect(due('2026-11-25T04:00:00Z', null, '2026-11-25T03:00:00Z')).toBe(false)
    expect(due('2026-11-25T19:20:00Z', null, '2026-11-25T03:00:00Z')).toBe(true)
  })

  test('after a failure the next try waits two hours', () => {
    expect(due('2026-11-25T20:00:00Z', null, '2026-11-25T03:00:00Z', '2026-11-25T19:20:00Z')).toBe(false)
    expect(due('2026-11-25T21:20:00Z', null, '2026-11-25T03:00:00Z', '2026-11-25T19:20:00Z')).toBe(true)
  })

  test('late is more than two days without one', () => {
    const made = at('2026-11-01T00:00:00Z')
    expect(backupLate({ now: at('2026-11-25T00:00:00Z'), last: at('2026-11-23T00:00:00Z'), made })).toBe(false)
    expect(backupLate({ now: at('2026-11-25T00:00:01Z'), last: at('2026-11-23T00:00:00Z'), made })).toBe(true)
    expect(backupLate({ now: at('2026-11-01T05:00:00Z'), last: null, made })).toBe(false)
  })

  test('DELETE-6: kept for whole local days', () => {
    expect(keptSince(at('2026-11-25T10:00:00Z'), 30, ZONE)).toEqual(at('2026-10-25T16:00:00Z'))
  })
})
