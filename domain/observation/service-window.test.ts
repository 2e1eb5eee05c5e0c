import { describe, expect, test } from 'vitest'
import { instantOf } from '../core/day.ts'
import { windowNamed, windowsAhead } from './service-window.ts'
import { isQuiet } from './slots.ts'

describe.each(['Asia/Shanghai', 'UTC', 'America/New_York'])('SERV-3 windows in %s', (zone) => {
  const at = (hour: number, minute = 0) => instantOf('2020-02-28', zone, hour, minute)
  test.each([
    [0, 'today_morning', 6],
    [11, 'today_morning', 6],
    [12, 'today_afternoon', 5],
    [17, 'today_evening', 4],
    [20, 'tomorrow_morning', 3],
    [23, 'tomorrow_morning', 3],
  ])('at %i: %s is next, of %i', (hour, next, n) => {
    const windows = windowsAhead(at(hour), zone)
    expect([windows[0]?.name, windows.length]).toEqual([next, n])
    for (const { from, to } of windows) expect([from < to, new Date(to) > at(hour)]).toEqual([true, true])
  })

  test('what is under way begins now; tomorrow is the leap day; nothing lies in the quiet hours', () => {
    expect(windowNamed('today_morning', at(9, 30), zone)).toEqual({
      from: at(9, 30).toISOString(),
      to: at(12).toISOString(),
    })
    expect(windowNamed('today_morning', at(12), zone)).toBeNull()
    expect(windowNamed('tomorrow_evening', at(12), zone)?.to).toBe(instantOf('2020-02-29', zone, 20).toISOString())
    for (const { from } of windowsAhead(at(7), zone)) expect(isQuiet(new Date(from), zone)).toBe(false)
  })
})
