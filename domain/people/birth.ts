/**
 * Birth dates as offices send them, at the precision they have (PEOPLE-5, case 74): a day, a month, a year, or nothing.
 * Kept as text: `1963-05-17`, `1963-05`, `1963`; a time part is dropped, not shifted.
 */
import type { Day } from '../core/day.ts'
import { isDay } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Reading } from './reading.ts'
import { fault, plain, read } from './reading.ts'

export type Birth = { value: string; precision: 'day' | 'month' | 'year' }

const UNREADABLE = fault(
  'BIRTH_UNREADABLE',
  'PEOPLE-5',
  say('出生日期无法识别', 'The birth date cannot be read'),
  say('请写成 1963-05-17、1963-05 或 1963，不知道可留空', 'Write 1963-05-17, 1963-05 or 1963, or leave it empty'),
)
const AMBIGUOUS = fault(
  'BIRTH_AMBIGUOUS',
  'PEOPLE-5',
  say('出生日期的日和月分不清', 'Day and month of the birth date cannot be told apart'),
  say('请写成 1963-05-04', 'Write 1963-05-04'),
)
const FUTURE = fault(
  'BIRTH_FUTURE',
  'PEOPLE-5',
  say('出生日期晚于今天', 'The birth date lies in the future'),
  say('请核对', 'Check it'),
)

/** Null when the cell says nothing. `X`, `?` and `00` stand for an unknown part. */
export function readBirth(input: string, today: Day): Reading<Birth | null> {
  const text = plain(input)
    .replace(/[T\s]+\d{1,2}:\d{2}.*$/i, '')
    .replace(/年|月/g, '-')
    .replace(/日|生/g, '')
    .replace(/[./]/g, '-')
    .replace(/-+$/, '')
    .trim()
  if (text === '' || /^(不详|未知|无|unknown|n-a|[xX?-]+)$/i.test(text)) return read(null)
  const ymd = /^(\d{4})(?:-?([\dX?]{1,2}))?(?:-?([\dX?]{1,2}))?$/i.exec(text)
  if (ymd?.[1] !== undefined) return compose(ymd[1], ymd[2], ymd[3], today)
  const yearLast = /^([\dX?]{1,2})-([\dX?]{1,2})-(\d{4})$/i.exec(text)
  if (yearLast?.[3] === undefined) return UNREADABLE
  const [, a, b, year] = yearLast
  if (unknown(a) && unknown(b)) return compose(year, undefined, undefined, today)
  if (Number(a) > 12) return compose(year, b, a, today)
  if (Number(b) > 12) return compose(year, a, b, today)
  return Number(a) === Number(b) ? compose(year, a, b, today) : AMBIGUOUS
}

function unknown(part: string | undefined): boolean {
  return part === undefined || !/^\d+$/.test(part) || Number(part) === 0
}

function compose(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  today: Day,
): Reading<Birth | null> {
  if (year === undefined || Number(year) < 1850) return UNREADABLE
  if (unknown(month)) return year > today.slice(0, 4) ? FUTURE : read({ value: year, precision: 'year' })
  const m = String(month).padStart(2, '0')
  if (Number(m) > 12) return UNREADABLE
  if (unknown(day))
    return `${year}-${m}` > today.slice(0, 7) ? FUTURE : read({ value: `${year}-${m}`, precision: 'month' })
  const value = `${year}-${m}-${String(day).padStart(2, '0')}`
  if (!isDay(value)) return UNREADABLE
  return value > today ? FUTURE : read({ value, precision: 'day' })
}

/** Equal as far as both say: `1963` agrees with `1963-05-17`; null when one says nothing. */
export function birthsAgree(a: string | null | undefined, b: string | null | undefined): boolean | null {
  if (!a || !b) return null
  const n = Math.min(a.length, b.length)
  return a.slice(0, n) === b.slice(0, n)
}
