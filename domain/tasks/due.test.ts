import { describe, expect, test } from 'vitest'
import { clockFrom, clockOfDay, dueAt, hoursOf, outOfQuietHours } from './due.ts'

const iso = (d: Date) => d.toISOString()

describe('TASK-3 dueAt: red runs around the clock, yellow and blue stand still from 20:00 to 08:00 local', () => {
  const table: [string, string, number, 'red' | 'yellow' | 'blue', string][] = [
    // zone, start, hours, grade, due
    ['Asia/Shanghai', '2020-02-10T15:00:00Z', 24, 'red', '2020-02-11T15:00:00.000Z'],
    ['Asia/Shanghai', '2020-02-10T15:00:00Z', 2, 'red', '2020-02-10T17:00:00.000Z'],
    // 23:00 local: the yellow clock starts at 08:00 the next day; 24 running hours are two days of twelve.
    ['Asia/Shanghai', '2020-02-10T15:00:00Z', 24, 'yellow', '2020-02-12T12:00:00.000Z'],
    // 10:00 local: ten hours today, twelve tomorrow, two on the third day.
    ['Asia/Shanghai', '2020-02-10T02:00:00Z', 24, 'yellow', '2020-02-12T02:00:00.000Z'],
    ['Asia/Shanghai', '2020-02-10T02:00:00Z', 72, 'blue', '2020-02-16T02:00:00.000Z'],
    // exactly 20:00 is night, exactly 08:00 is day
    ['Asia/Shanghai', '2020-02-10T12:00:00Z', 1, 'yellow', '2020-02-11T01:00:00.000Z'],
    ['Asia/Shanghai', '2020-02-10T00:00:00Z', 12, 'yellow', '2020-02-10T12:00:00.000Z'],
    ['Asia/Shanghai', '2020-02-09T23:59:00Z', 12, 'yellow', '2020-02-10T12:00:00.000Z'],
    // over the year's end
    ['Asia/Shanghai', '2020-12-31T11:00:00Z', 2, 'blue', '2021-01-01T01:00:00.000Z'],
    ['UTC', '2020-02-10T19:30:00Z', 1, 'yellow', '2020-02-11T08:30:00.000Z'],
    // the night of 8 March 2020 is an hour shorter in New York: 08:00 EDT is 12:00Z
    ['America/New_York', '2020-03-08T00:30:00Z', 1, 'yellow', '2020-03-08T12:30:00.000Z'],
    // the night of 1 November 2020 is an hour longer: 08:00 EST is 13:00Z
    ['America/New_York', '2020-10-31T23:30:00Z', 1, 'yellow', '2020-11-01T13:30:00.000Z'],
  ]
  test.each(table)('%s %s + %d h %s = %s', (zone, start, hours, grade, due) => {
    expect(iso(dueAt(new Date(start), hours, grade, zone))).toBe(due)
  })

  test('the clock never gives a due time inside the night, and more hours are never earlier', () => {
    for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York']) {
      let before = 0
      for (let h = 1; h < 60; h++) {
        const due = dueAt(new Date('2020-03-07T21:17:00Z'), h, 'yellow', zone)
        expect(due.getTime()).toBeGreaterThan(before)
        before = due.getTime()
        const hour = Number(
          new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' }).format(
            new Date(before - 1),
          ),
        )
        expect(hour).toBeGreaterThanOrEqual(8)
        expect(hour).toBeLessThan(20)
      }
    }
  })
})

test('TASK-3: the hours of a campaign override the defaults one by one; nonsense takes the default', () => {
  expect(hoursOf({})).toEqual({ red: { accept: 2, answer: 24 }, yellow: { answer: 24 }, blue: { answer: 72 } })
  expect(hoursOf({ red: { accept: 1 }, blue: { answer: -5 } })).toEqual({
    red: { accept: 1, answer: 24 },
    yellow: { answer: 24 },
    blue: { answer: 72 },
  })
  expect(hoursOf(null)).toEqual(hoursOf({}))
})

test('TASK-4: steps stand at 50, 100 and 150 % of the grade’s own clock', () => {
  const clock = clockFrom(new Date('2020-02-10T02:00:00Z'), 'yellow', hoursOf({}), 'Asia/Shanghai')
  expect(clock.acceptBy).toBeNull()
  // 12 running hours from 10:00: ten today, two tomorrow
  expect(clock.answerSteps).toEqual([
    '2020-02-11T02:00:00.000Z',
    '2020-02-12T02:00:00.000Z',
    '2020-02-13T02:00:00.000Z',
  ])
  const red = clockFrom(new Date('2020-02-10T15:00:00Z'), 'red', hoursOf({}), 'Asia/Shanghai')
  expect(red.acceptSteps).toEqual(['2020-02-10T16:00:00.000Z', '2020-02-10T17:00:00.000Z', '2020-02-10T18:00:00.000Z'])
})

test('case 4: follow up on a day ends on the local day boundary, in three zones', () => {
  expect(clockOfDay('2020-02-13', 'Asia/Shanghai').answerBy).toBe('2020-02-13T16:00:00.000Z')
  expect(clockOfDay('2020-02-13', 'UTC').answerBy).toBe('2020-02-14T00:00:00.000Z')
  expect(clockOfDay('2020-11-01', 'America/New_York').answerBy).toBe('2020-11-02T05:00:00.000Z')
})

test('quiet hours move to 08:00 and leave the day alone', () => {
  expect(iso(outOfQuietHours(new Date('2020-02-10T12:00:00Z'), 'Asia/Shanghai'))).toBe('2020-02-11T00:00:00.000Z')
  expect(iso(outOfQuietHours(new Date('2020-02-10T11:59:00Z'), 'Asia/Shanghai'))).toBe('2020-02-10T11:59:00.000Z')
  expect(iso(outOfQuietHours(new Date('2020-02-09T22:00:00Z'), 'Asia/Shanghai'))).toBe('2020-02-10T00:00:00.000Z')
})
