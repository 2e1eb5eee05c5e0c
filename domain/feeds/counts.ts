import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import { addDays, daysBetween, isDay, maxDay } from '../core/day.ts'
import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import type { RiskLevel } from './api.ts'
import { readAreaCode } from './place.ts'

/**
 * Risk levels from daily cumulative counts (FEED-30 to FEED-34). Our approximation of the national rule, which also asks for
 * a cluster: more than 50 new cases in the fourteen days that end with the day is high, 1 to 50 medium, none low.
 */
export const WINDOW_DAYS = 14
const HIGH_ABOVE = 50

export type CountRow = { date: string; cityCode: string; city: string; confirmed: string }
export type Count = { area: AreaCode; day: Day; confirmed: number }
export type CountReading =
  | { ok: true; count: Count }
  | { ok: false; excluded: Say }
  | { ok: false; fault: { column: string; value: string; say: Say } }

/** FEED-31: pseudo-cities, rows without a code of six digits and totals of provinces are no places to have stayed in. */
export function readCount(row: CountRow, known: (code: AreaCode) => boolean): CountReading {
  const city = row.city.trim()
  const code = row.cityCode.trim()
  if (!isDay(row.date))
    return {
      ok: false,
      fault: { column: 'date', value: row.date, say: say('日期须为 YYYY-MM-DD', 'A day is YYYY-MM-DD') },
    }
  if (/境外输入/.test(city))
    return { ok: false, excluded: say('境外输入不是地区', 'Imported from abroad: not a place') }
  if (code === '' && city === '') return { ok: false, excluded: say('全省合计', 'Total of a province') }
  if (!/^\d{6}$/.test(code)) return { ok: false, excluded: say('没有区划代码', 'No area code') }
  const area = readAreaCode(code)
  if (area === null || area.length < 4) return { ok: false, excluded: say('全省合计', 'Total of a province') }
  if (!known(area))
    return { ok: false, excluded: say('区划代码不在目录中', 'The code is not in the directory of areas') }
  if (!/^\d{1,9}$/.test(row.confirmed.trim())) {
    return {
      ok: false,
      fault: {
        column: 'confirmed',
        value: row.confirmed,
        say: say('累计确诊数须为非负整数', 'The count is a whole number, not negative'),
      },
    }
  }
  return { ok: true, count: { area, day: row.date, confirmed: Number(row.confirmed) } }
}

export type DayCount = {
  day: Day
  confirmed: number
  carried: boolean
  fresh: number
  fortnight: number
  level: RiskLevel
}

export function levelFor(fortnight: number): RiskLevel {
  if (fortnight > HIGH_ABOVE) return 'high'
  return fortnight > 0 ? 'medium' : 'low'
}

/**
 * One area's days from its first figure to `last`, without holes.
 *
 * FEED-32, corrections downwards: a fall is never a negative number of new cases, it counts 0. A fall that is back at its
 * former height, or above, with the next figure was a slip (52, 2, 60 in Suzhou on 3–5 February 2020): only what exceeds
 * the former height is new. A fall that stays is a correction: the corrected figure is the new base, so that cases after
 * it are seen and not hidden below an old maximum.
 * FEED-33: a missing day carries the last figure forward. The first figure of an area is new on its day.
 */
export function dailyCounts(counts: readonly { day: Day; confirmed: number }[], last: Day): DayCount[] {
  const reported = new Map(counts.map((c) => [c.day, c.confirmed]))
  const first = [...reported.keys()].toSorted()[0]
  if (first === undefined) return []
  const days: DayCount[] = []
  let base = 0
  let beforeFall: number | null = null
  let window = 0
  const length = daysBetween(first, maxDay(first, last)) + 1
  for (let i = 0; i < length; i++) {
    const day = addDays(first, i)
    const given = reported.get(day)
    let fresh = 0
    if (given !== undefined) {
      if (given < base) {
        beforeFall = base
      } else {
        fresh = beforeFall !== null && given >= beforeFall ? given - beforeFall : given - base
        beforeFall = null
      }
      base = given
    }
    const gone = days[i - WINDOW_DAYS]
    window += fresh - (gone?.fresh ?? 0)
    days.push({ day, confirmed: base, carried: given === undefined, fresh, fortnight: window, level: levelFor(window) })
  }
  return days
}

export type RiskSpan = { level: RiskLevel; from: Day; to: Day }

/**
 * FEED-34: consecutive days of one level are one span. The last level holds for another window after the last figure, as the
 * next figures are expected daily, and then lapses: a source that has stopped must not keep a place high for ever.
 */
export function riskSpans(days: readonly Pick<DayCount, 'day' | 'level'>[]): RiskSpan[] {
  const spans: RiskSpan[] = []
  for (const { day, level } of days) {
    const open = spans.at(-1)
    if (open !== undefined && open.level === level) open.to = day
    else spans.push({ level, from: day, to: day })
  }
  const open = spans.at(-1)
  if (open !== undefined) open.to = addDays(open.to, WINDOW_DAYS)
  return spans
}
