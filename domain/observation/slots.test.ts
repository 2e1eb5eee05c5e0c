import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dayOf, instantOf } from '../core/day.ts'
import {
  DEFAULT_PLAN,
  expectedSlots,
  isExpected,
  isQuiet,
  isZone,
  outOfQuiet,
  ReadingPlan,
  slotAt,
  slotsOfDay,
  slotState,
} from './slots.ts'
import type { Span } from './slots.ts'

const SHANGHAI = 'Asia/Shanghai'
const NEW_YORK = 'America/New_York'
const GUAM = 'Pacific/Guam'
const LONDON = 'Europe/London'

const span = (more: Partial<Span> = {}): Span => ({
  firstDay: '2020-02-05',
  lastDay: '2020-02-18',
  fromAt: instantOf('2020-02-05', SHANGHAI),
  endedAt: null,
  zone: SHANGHAI,
  ...more,
})

const names = (slots: readonly { day: string; part: string }[]): string[] => slots.map((s) => `${s.day} ${s.part}`)

describe('READ-1 the slots of a day', () => {
  test('deadlines are wall-clock times of the place where the person is', () => {
    const at = (day: string, zone: string) => slotsOfDay(DEFAULT_PLAN, day, zone).map((s) => s.dueAt.toISOString())
    expect(at('2020-02-05', SHANGHAI)).toEqual(['2020-02-05T02:00:00.000Z', '2020-02-05T12:00:00.000Z'])
    expect(at('2020-02-05', NEW_YORK)).toEqual(['2020-02-05T15:00:00.000Z', '2020-02-06T01:00:00.000Z'])
    expect(at('2020-02-05', GUAM)).toEqual(['2020-02-05T00:00:00.000Z', '2020-02-05T10:00:00.000Z'])
  })

  test('the day on which clocks change has the same slots, an hour nearer or further', () => {
    const hours = (day: string, zone: string) => {
      const [a, b] = slotsOfDay(DEFAULT_PLAN, day, zone)
      const before = slotsOfDay(DEFAULT_PLAN, addDays(day, -1), zone)[1]
      return [a, b].map((s) => ((s?.dueAt.getTime() ?? 0) - (before?.dueAt.getTime() ?? 0)) / 3_600_000)
    }
    expect(hours('2020-03-07', NEW_YORK)).toEqual([14, 24])
    expect(hours('2020-03-08', NEW_YORK)).toEqual([13, 23])
    expect(hours('2020-11-01', NEW_YORK)).toEqual([15, 25])
    expect(hours('2020-03-29', LONDON)).toEqual([13, 23])
  })

  test('a plan that makes no sense is refused', () => {
    const morning = { part: 'morning' as const, opens: 0, remind: 510, due: 600, closes: 840 }
    const good = { slots: [morning], steps: [{ how: 'call' as const, missed: 1, hours: null }], unreached: 2 }
    expect(ReadingPlan.safeParse(good).success).toBe(true)
    const bad = [
      { ...good, slots: [] },
      { ...good, slots: [{ ...morning, due: 500 }] },
      { ...good, slots: [{ ...morning, remind: 300 }] }, // in the quiet hours
      { ...good, slots: [morning, { ...morning }] },
      { ...good, slots: [morning, { ...morning, part: 'evening', opens: 700, remind: 1000, due: 1200, closes: 1440 }] },
      { ...good, steps: [{ how: 'call', missed: 2, hours: null }] },
    ]
    for (const plan of bad) expect(ReadingPlan.safeParse(plan).success).toBe(false)
    expect(ReadingPlan.safeParse(DEFAULT_PLAN).success).toBe(true)
  })
})

describe('READ-4 the slot that a reading belongs to', () => {
  const cases: [string, string, string][] = [
    ['2020-02-04T16:00:00Z', SHANGHAI, '2020-02-05 morning'], // 00:00
    ['2020-02-04T16:01:00Z', SHANGHAI, '2020-02-05 morning'], // 00:01
    ['2020-02-05T01:59:00Z', SHANGHAI, '2020-02-05 morning'],
    ['2020-02-05T05:59:59Z', SHANGHAI, '2020-02-05 morning'], // 13:59:59
    ['2020-02-05T06:00:00Z', SHANGHAI, '2020-02-05 evening'], // 14:00
    ['2020-02-05T15:59:00Z', SHANGHAI, '2020-02-05 evening'], // 23:59
    ['2020-02-05T16:00:00Z', SHANGHAI, '2020-02-06 morning'],
    // The same instants for somebody in New York and on Guam (case 26).
    ['2020-02-05T15:59:00Z', NEW_YORK, '2020-02-05 morning'],
    ['2020-02-05T04:59:00Z', NEW_YORK, '2020-02-04 evening'],
    ['2020-02-05T05:01:00Z', NEW_YORK, '2020-02-05 morning'],
    ['2020-02-05T01:00:00Z', GUAM, '2020-02-05 morning'],
    ['2020-02-04T14:00:00Z', GUAM, '2020-02-05 morning'],
    // Leap day and the turn of a year.
    ['2020-02-28T16:01:00Z', SHANGHAI, '2020-02-29 morning'],
    ['2020-12-31T15:59:00Z', SHANGHAI, '2020-12-31 evening'],
    ['2020-12-31T16:01:00Z', SHANGHAI, '2021-01-01 morning'],
  ]
  test.each(cases)('%s in %s is %s', (instant, zone, slot) => {
    expect(names([slotAt(DEFAULT_PLAN, new Date(instant), zone)])).toEqual([slot])
  })

  test('every instant lies in exactly one slot, on its own local day', () => {
    const zones = fc.constantFrom(SHANGHAI, NEW_YORK, GUAM, LONDON, 'Asia/Kathmandu')
    const instants = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2021-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const key = slotAt(DEFAULT_PLAN, instant, zone)
        expect(key.day).toBe(dayOf(instant, zone))
        const slot = slotsOfDay(DEFAULT_PLAN, key.day, zone).find((s) => s.part === key.part)
        if (!slot) throw new Error('no such slot')
        // On the days on which clocks change an hour may be named twice or not at all.
        expect(slot.opensAt.getTime() - 3_600_000).toBeLessThanOrEqual(instant.getTime())
        expect(slot.closesAt.getTime() + 3_600_000).toBeGreaterThan(instant.getTime())
      }),
    )
  })
})

describe('READ-2 which slots are asked', () => {
  test('the first and the last day are included: day 14 is asked (cases 25, 67)', () => {
    const all = expectedSlots(
      DEFAULT_PLAN,
      span(),
      instantOf('2020-02-01', SHANGHAI),
      instantOf('2020-03-01', SHANGHAI),
    )
    expect(all).toHaveLength(28)
    expect(names(all).at(0)).toBe('2020-02-05 morning')
    expect(names(all).at(-1)).toBe('2020-02-18 evening')
  })

  test('told in the afternoon: the evening is asked and the morning is not; told after the reminder: from tomorrow', () => {
    const from = (hour: number, minute = 0) =>
      names(
        expectedSlots(
          DEFAULT_PLAN,
          span({ fromAt: instantOf('2020-02-05', SHANGHAI, hour, minute) }),
          instantOf('2020-02-05', SHANGHAI),
          instantOf('2020-02-06', SHANGHAI, 23),
        ),
      )[0]
    expect(from(8, 30)).toBe('2020-02-05 morning')
    expect(from(8, 31)).toBe('2020-02-05 evening')
    expect(from(19)).toBe('2020-02-06 morning')
  })

  test('enrolled on the last day: its evening only; enrolled after the end: nothing', () => {
    const last = span({ fromAt: instantOf('2020-02-18', SHANGHAI, 12) })
    const until = instantOf('2020-03-01', SHANGHAI)
    expect(names(expectedSlots(DEFAULT_PLAN, last, last.fromAt, until))).toEqual(['2020-02-18 evening'])
    const after = span({ fromAt: instantOf('2020-02-19', SHANGHAI) })
    expect(expectedSlots(DEFAULT_PLAN, after, after.fromAt, until)).toEqual([])
  })

  test('shortened, and ended at noon: the morning counts, the evening does not', () => {
    const ended = span({ endedAt: instantOf('2020-02-10', SHANGHAI, 12) })
    const got = names(
      expectedSlots(DEFAULT_PLAN, ended, instantOf('2020-02-10', SHANGHAI), instantOf('2020-02-12', SHANGHAI)),
    )
    expect(got).toEqual(['2020-02-10 morning'])
  })

  test('days are those of the person who is abroad (case 26)', () => {
    const abroad = span({ zone: NEW_YORK, fromAt: instantOf('2020-02-05', NEW_YORK) })
    const [first] = expectedSlots(DEFAULT_PLAN, abroad, abroad.fromAt, instantOf('2020-02-06', NEW_YORK))
    expect(first?.dueAt.toISOString()).toBe('2020-02-05T15:00:00.000Z')
    expect(slotsOfDay(DEFAULT_PLAN, '2020-02-19', NEW_YORK).some((slot) => isExpected(abroad, slot))).toBe(false)
  })
})

describe('READ-5 what a slot is at a moment (case 66)', () => {
  const slot = slotsOfDay(DEFAULT_PLAN, '2020-02-05', SHANGHAI)[1]
  if (!slot) throw new Error('no evening')
  const at = (hour: number, minute: number, second = 0) =>
    new Date(instantOf('2020-02-05', SHANGHAI, hour, minute).getTime() + second * 1000)
  const cases: [string, Date | null, Date, string][] = [
    ['13:59, nothing yet', null, at(13, 59), 'ahead'],
    ['14:00', null, at(14, 0), 'open'],
    ['20:00, the deadline itself', null, at(20, 0), 'open'],
    ['20:00:59', null, at(20, 0, 59), 'open'],
    ['20:01', null, at(20, 1), 'missed'],
    ['taken at 19:59', at(19, 59), at(23, 0), 'on_time'],
    ['taken at 20:00:59', at(20, 0, 59), at(23, 0), 'on_time'],
    ['taken at 20:01', at(20, 1), at(23, 0), 'late'],
  ]
  test.each(cases)('%s', (_name, taken, now, state) => expect(slotState(slot, taken, now)).toBe(state))
})

describe('READ-8 the quiet hours, where the person is (case 30)', () => {
  const cases: [string, string, string][] = [
    ['2020-02-05T11:59:00Z', SHANGHAI, '2020-02-05T11:59:00.000Z'], // 19:59
    ['2020-02-05T12:00:00Z', SHANGHAI, '2020-02-06T00:00:00.000Z'], // 20:00
    ['2020-02-05T19:00:00Z', SHANGHAI, '2020-02-06T00:00:00.000Z'], // 03:00
    ['2020-02-06T00:00:00Z', SHANGHAI, '2020-02-06T00:00:00.000Z'], // 08:00
    ['2020-02-05T12:00:00Z', NEW_YORK, '2020-02-05T13:00:00.000Z'], // 07:00 there
    ['2020-03-08T06:30:00Z', NEW_YORK, '2020-03-08T12:00:00.000Z'], // the night with a changed clock
  ]
  test.each(cases)('%s in %s leaves at %s', (at, zone, leaves) => {
    expect(outOfQuiet(new Date(at), zone).toISOString()).toBe(leaves)
    expect(isQuiet(new Date(at), zone)).toBe(new Date(at).toISOString() !== leaves)
  })

  test('no reminder of the plan as delivered falls into them, in any zone, on any day', () => {
    const zones = fc.constantFrom(SHANGHAI, NEW_YORK, GUAM, LONDON)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 800 }), zones, (n, zone) => {
        for (const slot of slotsOfDay(DEFAULT_PLAN, addDays('2020-01-01', n), zone))
          expect(isQuiet(slot.remindAt, zone)).toBe(false)
      }),
    )
  })
})

test('zones that are not known are refused', () => {
  expect(['Asia/Shanghai', 'America/Argentina/Ushuaia', 'UTC'].map(isZone)).toEqual([true, true, true])
  expect(['Mars/Base', '+08:00', "Asia/Shanghai'; --", ''].map(isZone)).toEqual([false, false, false, false])
})
