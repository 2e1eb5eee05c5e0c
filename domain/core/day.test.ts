import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf, daysBetween, instantOf, isDay, secondOfDay } from './day.ts'

const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York', 'Pacific/Guam', 'Asia/Kathmandu']
const anyDay = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2060-12-31T00:00:00Z'), noInvalidDate: true })
  .map((d) => d.toISOString().slice(0, 10))

describe('days', () => {
  test('a day that does not exist is no day', () => {
    expect(['2020-02-29', '2020-02-10'].map(isDay)).toEqual([true, true])
    expect(
      ['2020-02-30', '2019-02-29', '2020-13-01', '2020-2-1', '', '2020-02-10T00:00', '0000-01-01'].map(isDay),
    ).toEqual([false, false, false, false, false, false, false])
  })

  test('adding days and counting them are each other’s reverse', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -20_000, max: 20_000 }), (day, n) => {
        expect(daysBetween(day, addDays(day, n))).toBe(n)
      }),
    )
  })

  test('case 25: day 14 after 5 July is 19 July', () => {
    expect(addDays('2020-07-05', 14)).toBe('2020-07-19')
  })

  test('case 80: the local day does not depend on the machine’s zone', () => {
    expect(dayOf(new Date('2020-02-10T16:00:00Z'), 'Asia/Shanghai')).toBe('2020-02-11')
    expect(dayOf(new Date('2020-02-10T15:59:59Z'), 'Asia/Shanghai')).toBe('2020-02-10')
    expect(dayOf(new Date('2020-02-10T04:59:59Z'), 'America/New_York')).toBe('2020-02-09')
  })

  test('the start of a local day lies in that day, and a second earlier does not', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...ZONES), (day, zone) => {
        const start = instantOf(day, zone)
        expect(dayOf(start, zone)).toBe(day)
        expect(dayOf(new Date(start.getTime() - 1000), zone)).toBe(addDays(day, -1))
      }),
    )
  })

  test('a minute that was asked before is the day that it is, also where a zone was off by half a minute', () => {
    // Liberia was 44 minutes and 30 seconds behind until 1972.
    const midnight = Date.UTC(1971, 4, 5, 0, 44, 30)
    const asked = [-1, 0, -1].map((s) => dayOf(new Date(midnight + s * 1000), 'Africa/Monrovia'))
    expect(asked).toEqual(['1971-05-04', '1971-05-05', '1971-05-04'])
    const [late, early] = [new Date('2020-02-10T15:59:59.999Z'), new Date('2020-02-10T16:00:00Z')]
    expect([late, early, late].map((at) => dayOf(at, 'Asia/Shanghai'))).toEqual([
      '2020-02-10',
      '2020-02-11',
      '2020-02-10',
    ])
  })

  test('case 49: a wall-clock time comes back as it went in, also around the change of clocks', () => {
    for (const day of ['2020-03-07', '2020-03-08', '2020-03-09', '2020-10-31', '2020-11-01', '2020-11-02']) {
      const at = instantOf(day, 'America/New_York', 14, 30)
      expect([dayOf(at, 'America/New_York'), secondOfDay(at, 'America/New_York')]).toEqual([day, 14 * 3600 + 30 * 60])
    }
  })

  test('hour 24 is the start of the next day', () => {
    expect(instantOf('2020-02-10', 'Asia/Shanghai', 24)).toEqual(instantOf('2020-02-11', 'Asia/Shanghai'))
  })
})
