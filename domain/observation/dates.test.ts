import { describe, expect, test } from 'vitest'
import { instantOf } from '../core/day.ts'
import { dayStrip, deletedOn, endBy, lapsedThrough, observedOn, standing } from './dates.ts'
import type { Days } from './dates.ts'

/** The zone is an argument; the suite itself runs under three values of TZ as well (case 80). */
const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York'] as const
const FOURTEEN = { days: 14, from: 'exposure' } as const

function row(of: Partial<Days>): Days {
  const exposureDay = of.exposureDay === undefined ? '2020-02-01' : of.exposureDay
  const startDay = of.startDay ?? exposureDay ?? '2020-02-01'
  const from = of.from ?? 'exposure'
  const endDay = of.endDay === undefined ? endBy({ days: 14, from }, exposureDay, startDay) : of.endDay
  return { exposureDay, startDay, endDay, from, endedAt: of.endedAt ?? null }
}

describe.each(ZONES)('days of an observation in %s', (zone) => {
  const early = (day: string): Date => instantOf(day, zone, 0, 1)
  const late = (day: string): Date => instantOf(day, zone, 23, 59)

  /** What the day strip says at 00:01 and at 23:59 of a day: the same, since a day is a day. */
  function at(of: Days, day: string): string {
    const [a, b] = [standing(of, early(day), zone), standing(of, late(day), zone)]
    const say = (s: typeof a): string => `${s.phase} ${s.day ?? '-'}/${s.of ?? '-'}`
    return say(a) === say(b) ? say(a) : `${say(a)} → ${say(b)}`
  }

  test.each([
    // name, row, [day, what is said]
    [
      'day 0 is the exposure day, day 14 is included (case 25)',
      row({ exposureDay: '2020-07-05' }),
      [
        ['2020-07-05', 'running 0/14'],
        ['2020-07-17', 'running 12/14'],
        ['2020-07-18', 'running 13/14'],
        ['2020-07-19', 'last_day 14/14'],
        ['2020-07-20', 'due 14/14 → lapsed 14/14'],
        ['2020-07-21', 'lapsed 14/14'],
      ],
    ],
    [
      'exposure on 29 February',
      row({ exposureDay: '2020-02-29' }),
      [
        ['2020-02-29', 'running 0/14'],
        ['2020-03-01', 'running 1/14'],
        ['2020-03-13', 'running 13/14'],
        ['2020-03-14', 'last_day 14/14'],
        ['2020-03-15', 'due 14/14 → lapsed 14/14'],
      ],
    ],
    [
      'exposure on 31 December',
      row({ exposureDay: '2020-12-31' }),
      [
        ['2020-12-31', 'running 0/14'],
        ['2021-01-01', 'running 1/14'],
        ['2021-01-14', 'last_day 14/14'],
        ['2021-01-15', 'due 14/14 → lapsed 14/14'],
      ],
    ],
    [
      'exposure on 28 February of a common year',
      row({ exposureDay: '2021-02-28' }),
      [
        ['2021-03-01', 'running 1/14'],
        ['2021-03-14', 'last_day 14/14'],
      ],
    ],
    [
      'enrolled on the last day',
      row({ exposureDay: '2020-02-01', startDay: '2020-02-15' }),
      [
        ['2020-02-14', 'before -/14'],
        ['2020-02-15', 'last_day 14/14'],
        ['2020-02-16', 'due 14/14 → lapsed 14/14'],
      ],
    ],
    [
      'shortened to day 10',
      row({ exposureDay: '2020-02-01', endDay: '2020-02-11' }),
      [
        ['2020-02-10', 'running 9/10'],
        ['2020-02-11', 'last_day 10/10'],
        ['2020-02-12', 'due 10/10 → lapsed 10/10'],
      ],
    ],
    [
      'extended to day 21',
      row({ exposureDay: '2020-02-01', endDay: '2020-02-22' }),
      [
        ['2020-02-15', 'running 14/21'],
        ['2020-02-22', 'last_day 21/21'],
      ],
    ],
    [
      'a length from the first day',
      row({ exposureDay: null, startDay: '2020-03-01', from: 'start' }),
      [
        ['2020-03-01', 'running 0/14'],
        ['2020-03-15', 'last_day 14/14'],
      ],
    ],
    [
      'an exposure that lies ahead (case 31)',
      row({ exposureDay: '2020-02-10', startDay: '2020-02-08' }),
      [
        ['2020-02-08', 'running -/14'],
        ['2020-02-24', 'last_day 14/14'],
      ],
    ],
    [
      'blank stays blank (case 14)',
      row({ exposureDay: null, startDay: '2020-02-01' }),
      [
        ['2020-02-01', 'undated -/-'],
        ['2021-02-01', 'undated -/-'],
      ],
    ],
    ['ended', row({ exposureDay: '2020-02-01', endedAt: '2020-02-05T00:00:00.000Z' }), [['2020-02-06', 'ended 5/14']]],
  ] as [string, Days, [string, string][]][])('OBS-3: %s', (_name, of, table) => {
    expect(table.map(([day]) => [day, at(of, day)])).toEqual(table)
  })

  test('OBS-20 (cases 67, 73): the last day counts to its end; the lapse begins at noon of the day after', () => {
    const of = row({ exposureDay: '2020-02-01' })
    const phase = (day: string, hour: number, minute: number) =>
      standing(of, instantOf(day, zone, hour, minute), zone).phase
    expect([phase('2020-02-15', 23, 59), phase('2020-02-16', 0, 0)]).toEqual(['last_day', 'due'])
    expect([phase('2020-02-16', 11, 59), phase('2020-02-16', 12, 0)]).toEqual(['due', 'lapsed'])
  })

  test('case 66: what the database is asked and what is said of a row are one', () => {
    for (const end of ['2020-02-14', '2020-02-15', '2020-02-16']) {
      for (const minutes of [0, 1, 719, 720, 721, 1439]) {
        const now = instantOf('2020-02-16', zone, Math.floor(minutes / 60), minutes % 60)
        const of = row({ exposureDay: '2020-02-01', endDay: end })
        expect(standing(of, now, zone).phase === 'lapsed').toBe(end <= lapsedThrough(now, zone))
      }
    }
  })

  test('the strip has every day once, first and last included', () => {
    const strip = dayStrip(row({ exposureDay: '2020-02-29', startDay: '2020-03-02' }), late('2020-03-05'), zone)
    expect(strip.map((one) => one.n)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    expect(strip.filter((one) => one.when === 'today').map((one) => one.day)).toEqual(['2020-03-05'])
    expect(strip.at(-1)).toEqual({ day: '2020-03-14', n: 14, when: 'ahead', last: true })
  })
})

test('OBS-4: a rule that counts from the exposure gives no end without one; enrolled after the end is told by its end', () => {
  expect(endBy(FOURTEEN, null, '2020-02-01')).toBeNull()
  expect(endBy({ days: 7, from: 'start' }, null, '2020-02-01')).toBe('2020-02-08')
  expect(endBy(FOURTEEN, '2020-01-10', '2020-02-01')).toBe('2020-01-24')
})

test('case 25: a reading is asked on the last day and not on the next', () => {
  const of = row({ exposureDay: '2020-07-05', startDay: '2020-07-17' })
  const asked = ['2020-07-16', '2020-07-17', '2020-07-18', '2020-07-19', '2020-07-20'].filter((day) =>
    observedOn(of, day),
  )
  expect(asked).toEqual(['2020-07-17', '2020-07-18', '2020-07-19'])
  expect(deletedOn('2020-02-16', 90)).toBe('2020-05-17')
})
