import { describe, expect, test } from 'vitest'
import { dayWords, dueWords, fullTime, spanWords, timeWords } from './time.ts'
import type { Clock } from './time.ts'

const clock: Clock = { now: new Date('2026-02-15T09:40:05Z'), zone: 'Asia/Shanghai', lang: 'zh' }
const en: Clock = { ...clock, lang: 'en' }

describe('days are days of the deployment’s zone, whatever the reader’s computer thinks (case 80)', () => {
  test('an instant before midnight there is today, one after it is tomorrow', () => {
    expect(timeWords(new Date('2026-02-15T15:59:00Z'), clock)).toBe('今天 23:59')
    expect(timeWords(new Date('2026-02-15T16:00:00Z'), clock)).toBe('明天 00:00')
  })
  test('the full time has day and seconds', () => {
    expect(fullTime(clock.now, clock.zone)).toBe('2026-02-15 17:40:05')
  })
  test('near days have names, far days have dates, other years have the year', () => {
    expect(
      ['2026-02-13', '2026-02-14', '2026-02-16', '2026-02-20', '2025-12-31'].map((d) => dayWords(d, clock)),
    ).toEqual(['前天', '昨天', '明天', '2月20日', '2025年12月31日'])
    expect(dayWords('2025-12-31', en)).toBe('31 Dec 2025')
  })
})

describe('lateness is said in words', () => {
  test('the minute of the deadline itself is already late, the minute before is not', () => {
    expect(dueWords(clock.now, clock)).toEqual({ text: '迟 1 分钟', late: true })
    expect(dueWords(new Date(clock.now.getTime() + 60_000), clock)).toEqual({ text: '还有 1 分钟', late: false })
  })
  test('hours, then days', () => {
    expect(dueWords(new Date('2026-02-15T07:30:00Z'), clock).text).toBe('迟 2 小时')
    expect(dueWords(new Date('2026-02-12T07:30:00Z'), en).text).toBe('3 days late')
    expect(dueWords(new Date('2026-02-16T01:00:00Z'), clock).text).toBe('明天 09:00 到期')
  })
})

test('a span names its last day, and an open end says that it is open', () => {
  expect(spanWords('2026-02-01', '2026-02-05', clock)).toBe('2月1日至2月5日')
  expect(spanWords('2026-02-01', null, clock)).toBe('2月1日起')
})
