import { describe, expect, test } from 'vitest'
import { dayOf, instantOf } from '../core/day.ts'
import { paperTime, readSignCode, screenCode, screenTime } from './force-code.ts'
import { fitsHours, readHours, readSkills, weekdayOf } from './force.ts'
import { kindOf, readForceSheet } from './force-sheet.ts'
import { minutesByDay, minutesWithin, overlaps, remarksOf, shiftsOf, turnCounts, turnState } from './force-time.ts'

const CHINA = 'Asia/Shanghai'
const YORK = 'America/New_York'
const at = (text: string) => new Date(text)
const turn = (
  inAt: string | null,
  outAt: string | null,
  startsAt = '2020-02-10T00:00:00Z',
  endsAt = '2020-02-10T04:00:00Z',
) => ({
  startsAt: at(startsAt),
  endsAt: at(endsAt),
  inAt: inAt === null ? null : at(inAt),
  outAt: outAt === null ? null : at(outAt),
})

describe('FORCE-8: what a turn is, in words', () => {
  test.each([
    ['before the shift', turn(null, null), '2020-02-09T23:00:00Z', 'planned'],
    ['inside the grace', turn(null, null), '2020-02-10T00:05:00Z', 'planned'],
    ['after the grace', turn(null, null), '2020-02-10T00:06:00Z', 'awaited'],
    ['when it is over', turn(null, null), '2020-02-10T04:00:00Z', 'missed'],
    ['there', turn('2020-02-10T00:00:00Z', null), '2020-02-10T02:00:00Z', 'present'],
    ['still there two hours after', turn('2020-02-10T00:00:00Z', null), '2020-02-10T06:00:00Z', 'present'],
    ['never signed out', turn('2020-02-10T00:00:00Z', null), '2020-02-10T06:00:01Z', 'no_sign_out'],
    ['worked', turn('2020-02-10T00:00:00Z', '2020-02-10T04:00:00Z'), '2020-02-10T06:00:01Z', 'worked'],
  ])('%s', (_, one, now, state) => expect(turnState(one, at(now))).toBe(state))

  test('five minutes are neither late nor early, six are', () => {
    expect(remarksOf(turn('2020-02-10T00:05:59Z', '2020-02-10T03:55:00Z'))).toEqual({ late: 0, early: 0 })
    expect(remarksOf(turn('2020-02-10T00:06:00Z', '2020-02-10T03:54:00Z'))).toEqual({ late: 6, early: 6 })
  })
})

describe('FORCE-8: hours', () => {
  test('a night is two days that add up to the whole', () => {
    const night = turn('2020-02-10T14:00:30Z', '2020-02-10T22:00:10Z')
    const days = minutesByDay(night, CHINA)
    expect([...days]).toEqual([
      ['2020-02-10', 120],
      ['2020-02-11', 360],
    ])
  })

  test.each([
    ['a day of 23 hours', '2020-03-08', 23 * 60],
    ['a day of 25 hours', '2020-11-01', 25 * 60],
    ['a common day', '2020-11-02', 24 * 60],
  ])('%s has so many minutes', (_, day, minutes) => {
    const from = instantOf(day, YORK)
    const next = instantOf(
      day === '2020-03-08' ? '2020-03-09' : day === '2020-11-01' ? '2020-11-02' : '2020-11-03',
      YORK,
    )
    const whole = turn(from.toISOString(), next.toISOString())
    expect(minutesByDay(whole, YORK).get(day)).toBe(minutes)
  })

  test('days always add up to the turn, wherever it begins', () => {
    for (let i = 0; i < 400; i++) {
      const inAt = new Date(Date.UTC(2020, 9, 30) + i * 977_000 * 7)
      const outAt = new Date(inAt.getTime() + (i % 37) * 61_337_00)
      const one = { ...turn(null, null), inAt, outAt }
      const sum = [...minutesByDay(one, YORK).values()].reduce((a, b) => a + b, 0)
      expect(sum).toBe(minutesWithin(one, inAt, outAt))
    }
  })

  test('only what has both a coming and a going counts', () => {
    const base = { area: '320506001001001', day: '2020-02-10', ended: false }
    expect(turnCounts({ ...base, inAt: at('2020-02-10T00:00:00Z'), outAt: null })).toEqual([])
    expect(turnCounts({ ...base, inAt: at('2020-02-10T00:00:00Z'), outAt: at('2020-02-10T00:00:00Z') })).toHaveLength(1)
    expect(
      turnCounts({ ...base, ended: true, inAt: at('2020-02-10T00:00:00Z'), outAt: at('2020-02-10T00:00:00Z') }),
    ).toEqual([])
  })
})

describe('FORCE-6: shifts', () => {
  test('one at night ends on the day after, and the next may begin in that instant', () => {
    const [night, next] = shiftsOf({ from: '2020-02-10', to: '2020-02-11', starts: '20:00', ends: '08:00' }, CHINA)
    const [day] = shiftsOf({ from: '2020-02-11', to: '2020-02-11', starts: '08:00', ends: '20:00' }, CHINA)
    if (!night || !next || !day) throw new Error('no shifts')
    expect([night.endsAt.toISOString(), night.day]).toEqual(['2020-02-11T00:00:00.000Z', '2020-02-10'])
    expect([overlaps(night, day), overlaps(day, next), overlaps(night, next)]).toEqual([false, false, false])
    expect(overlaps(night, { startsAt: at('2020-02-10T23:59:00Z'), endsAt: at('2020-02-11T01:00:00Z') })).toBe(true)
  })

  test('over the change of clocks a shift keeps its wall clock', () => {
    const [one] = shiftsOf({ from: '2020-03-07', to: '2020-03-07', starts: '22:00', ends: '06:00' }, YORK)
    if (!one) throw new Error('no shift')
    expect((one.endsAt.getTime() - one.startsAt.getTime()) / 3_600_000).toBe(7)
  })

  test('hours that somebody gave: joined spans, over midnight, other weekdays', () => {
    expect([weekdayOf('2020-02-10'), weekdayOf('2020-02-16'), weekdayOf('2019-12-30')]).toEqual([1, 7, 1])
    const hours = readHours('周一至周五 08:00-12:00；mon-fri 12:00-18:00; 六 18:00-24:00、周日 00:00-06:00') ?? []
    const fits = (starts: string, ends: string) => fitsHours(hours, at(starts), at(ends), CHINA)
    expect(hours).toHaveLength(12)
    expect(fits('2020-02-10T01:00:00Z', '2020-02-10T09:00:00Z')).toBe(true)
    expect(fits('2020-02-10T01:00:00Z', '2020-02-10T11:00:00Z')).toBe(false)
    expect(fits('2020-02-15T12:00:00Z', '2020-02-15T20:00:00Z')).toBe(true)
    expect(fits('2020-02-16T12:00:00Z', '2020-02-16T20:00:00Z')).toBe(false)
    expect(fitsHours([], at('2020-02-16T12:00:00Z'), at('2020-02-16T20:00:00Z'), CHINA)).toBe(true)
  })

  test.each(['晚上', '周一 8点', '周八 08:00-12:00', '周五至周一 08:00-12:00', '周一 12:00-08:00', '周一 08:00-25:00'])(
    'hours that are not understood are not guessed: %s',
    (text) => expect(readHours(text)).toBeNull(),
  )
})

describe('FORCE-7: the code of a post', () => {
  const post = '0190f000-0000-7000-8000-000000000001'
  const minute = Date.parse('2020-02-10T00:00:00Z') / 60_000
  test('is read as it was written, and nothing else is', () => {
    const proof = '0123456789abcdef0123456789abcdef'
    expect(readSignCode(` ${screenCode(post, minute, proof)} `)).toEqual({
      kind: 'screen',
      postId: post,
      minute,
      proof,
    })
    for (const text of [
      '',
      'WWP1',
      `WWP1.${post}.${minute}.${proof}0`,
      `WWP2.${post}.${minute}.${proof}`,
      `WWP1.x.${minute}.${proof}`,
    ])
      expect(readSignCode(text)).toBeNull()
  })
  test.each([
    ['2020-02-10T00:00:30Z', 'code', '2020-02-10T00:00:30.000Z'],
    ['2020-02-10T00:03:59Z', 'code', '2020-02-10T00:03:59.000Z'],
    ['2020-02-09T23:59:00Z', 'code', '2020-02-09T23:59:00.000Z'],
    ['2020-02-10T00:04:00Z', 'code_later', '2020-02-10T00:00:00.000Z'],
    ['2020-02-10T12:00:59Z', 'code_later', '2020-02-10T00:00:00.000Z'],
    ['2020-02-10T12:01:00Z', null, null],
    ['2020-02-09T23:58:59Z', null, null],
  ])('sent at %s', (now, how, when) => {
    const time = screenTime(minute, at(now))
    expect(time.ok ? [time.how, time.at.toISOString()] : [null, null]).toEqual([how, when])
  })
  test('printed: the phone may be wrong, the shift may not', () => {
    const shift = { startsAt: at('2020-02-10T00:00:00Z'), endsAt: at('2020-02-10T04:00:00Z') }
    const time = (said: string | null, now: string) => {
      const read = paperTime(shift, said === null ? null : at(said), at(now))
      return read.ok ? read.at.toISOString() : null
    }
    expect(time('2020-02-10T00:10:00Z', '2020-02-10T00:12:00Z')).toBe('2020-02-10T00:10:00.000Z')
    expect(time('2020-02-10T00:15:00Z', '2020-02-10T00:12:00Z')).toBe('2020-02-10T00:12:00.000Z')
    expect(time('2031-02-10T00:15:00Z', '2020-02-10T00:12:00Z')).toBe('2020-02-10T00:12:00.000Z')
    expect(time('2020-02-10T03:55:00Z', '2020-02-10T09:00:00Z')).toBe('2020-02-10T03:55:00.000Z')
    expect(time(null, '2020-02-09T22:59:00Z')).toBeNull()
    expect(time(null, '2020-02-10T06:00:01Z')).toBeNull()
  })
})

describe('FORCE-2: a list of volunteers', () => {
  test("headings below a title, in both languages, with columns that are nobody's", () => {
    const read = readForceSheet([
      ['志愿者名册', '', ''],
      ['姓名', 'Phone（必填）', '备注', '特长'],
      ['李明', "'13800000001", 'x', '驾驶、配送'],
      ['', '', 'x', ''],
    ])
    expect(read?.columns.map((one) => one.field)).toEqual(['name', 'phone', null, 'skills'])
    expect(read?.rows).toMatchObject([{ row: 3, name: '李明', phone: '13800000001', skills: '驾驶、配送' }])
    expect(readForceSheet([['a', 'b']])).toBeNull()
  })
  test('skills and kinds from closed lists', () => {
    expect(readSkills('驾驶、Sign language,medical')).toEqual({ skills: ['medical', 'driving', 'sign_language'] })
    expect(readSkills('驾驶、飞行')).toEqual({ unknown: '飞行' })
    expect([kindOf(''), kindOf('物业人员'), kindOf('保安')]).toEqual(['volunteer', 'property', null])
  })
})

test('the zone of the tests is not the zone of the rules', () =>
  expect(dayOf(at('2020-02-10T16:00:00Z'), CHINA)).toBe('2020-02-11'))
