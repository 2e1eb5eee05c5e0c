import type { Day } from '../core/day.ts'
import { dayOf, isDay } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Reading } from '../people/reading.ts'
import { fault, read } from '../people/reading.ts'
import type { DateOrder } from './api.ts'
import type { Cell } from './cell.ts'
import { cellText } from './cell.ts'

/**
 * FEED-11: a day from a cell. Accepted: 2020-2-5, 2020/2/5, 2020.2.5, 2020年2月5日, 20200205, each with a time behind;
 * 5 Feb 2020 and Feb 5, 2020; an ISO instant with an offset (its day in the deployment's zone); an Excel serial of the 1900
 * system. Day and month with separators and the year behind are read by the column's declared order; without one only what
 * cannot be misread (25/02/2020, 03/03/2020). Two-digit years and days without a year are refused. Days run from
 * 2000-01-01 to today (FEED-12).
 */
export type DateContext = { order: DateOrder | null; today: Day; zone: string }

const EARLIEST: Day = '2000-01-01'
const SERIAL_EPOCH = Date.UTC(1899, 11, 30)
/** Serials of 2000-01-01 to 2173: below, a number is no plausible day; above, it is another form. */
const SERIAL_MIN = 36_526
const SERIAL_MAX = 100_000

const TIME = String.raw`(?:[T\s]*\d{1,2}[:时点]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?\s*(?:[AaPp][Mm])?|[T\s]*\d{1,2}[时点])?`
const YMD = new RegExp(String.raw`^(\d{4})([-/.年])\s*(\d{1,2})[-/.月]\s*(\d{1,2})\s*[日号]?${TIME}$`)
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:T?\s?\d{4}(?:\d{2})?)?$/
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})${TIME}$`)
const DAY_MONTH_NAME = new RegExp(
  String.raw`^(\d{1,2})(?:st|nd|rd|th)?[-\s,/.]*([a-z]{3,9})\.?[-\s,/.]+(\d{4})${TIME}$`,
  'i',
)
const MONTH_NAME_DAY = new RegExp(
  String.raw`^([a-z]{3,9})\.?[-\s]+(\d{1,2})(?:st|nd|rd|th)?[-\s,]+(\d{4})${TIME}$`,
  'i',
)
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const faults = {
  form: () =>
    fault(
      'DATE_FORM',
      'FEED-11',
      say('日期无法识别', 'This is not a day that can be read'),
      say('请写成 2020-02-05 或 2020年2月5日', 'Write 2020-02-05'),
    ),
  ambiguous: (a: string, b: string) =>
    fault(
      'DATE_AMBIGUOUS',
      'FEED-11',
      say(`日期有两种读法：${a} 或 ${b}`, `The date can be read as ${a} or as ${b}`),
      say(
        '请写成 2020-02-05，或在数据源设置中声明该列的日月顺序',
        'Write 2020-02-05, or declare the order of day and month for this column in the source',
      ),
    ),
  order: (order: string) =>
    fault(
      'DATE_ORDER',
      'FEED-11',
      say(`日期与该列声明的顺序（${order}）不符`, `The date does not fit the declared order (${order})`),
      say('请核对该列的日月顺序', 'Check the order of day and month of this column'),
    ),
  noYear: () =>
    fault(
      'DATE_NO_YEAR',
      'FEED-11',
      say('日期缺少四位年份', 'The date has no four-digit year'),
      say('请补全四位年份', 'Write the year with four digits'),
    ),
  partial: () =>
    fault('DATE_PARTIAL', 'FEED-11', say('日期缺少日', 'The date has no day'), say('请补全到日', 'Give the full day')),
  none: (day: string) =>
    fault(
      'DATE_NONE',
      'FEED-11',
      say(`日历上没有 ${day} 这一天`, `There is no day ${day}`),
      say('请核对日期', 'Check the date'),
    ),
  future: (day: string, today: string) =>
    fault(
      'DATE_FUTURE',
      'FEED-12',
      say(`日期 ${day} 晚于今天（${today}）`, `${day} is after today (${today})`),
      say(
        '请核对年份和月份；尚未发生的行程请在发生后报送',
        'Check year and month; send what has not happened yet after it has',
      ),
    ),
  early: (day: string) =>
    fault(
      'DATE_EARLY',
      'FEED-12',
      say(`日期 ${day} 过早`, `${day} is too long ago`),
      say('请核对年份', 'Check the year'),
    ),
}

function ymd(y: string | undefined, m: string | undefined, d: string | undefined): string {
  return `${y ?? ''}-${(m ?? '').padStart(2, '0')}-${(d ?? '').padStart(2, '0')}`
}

function settle(day: string, ctx: DateContext): Reading<Day> {
  if (!isDay(day)) return day < '1000' ? faults.early(day) : faults.none(day)
  if (day > ctx.today) return faults.future(day, ctx.today)
  return day < EARLIEST ? faults.early(day) : read(day)
}

function fromSerial(serial: number, ctx: DateContext): Reading<Day> {
  // Serials carry the time as a fraction; rounding to the second first keeps 23:59:59.9999 on its day.
  const seconds = Math.round(serial * 86_400)
  return settle(new Date(SERIAL_EPOCH + seconds * 1000).toISOString().slice(0, 10), ctx)
}

/** Day, month and year with the year last: by the declared order, or only when there is one reading. */
function yearLast(first: string, second: string, year: string, ctx: DateContext): Reading<Day> {
  const dmy = ymd(year, second, first)
  const mdy = ymd(year, first, second)
  if (ctx.order === 'dmy' || ctx.order === 'mdy') {
    const day = ctx.order === 'dmy' ? dmy : mdy
    return isDay(day) ? settle(day, ctx) : faults.order(ctx.order)
  }
  if (ctx.order === 'ymd') return faults.order('ymd')
  const readings = [dmy, mdy].filter((d) => isDay(d))
  if (readings.length === 2 && dmy !== mdy) return faults.ambiguous(dmy, mdy)
  const only = readings[0]
  return only === undefined ? faults.none(dmy) : settle(only, ctx)
}

function named(
  month: string | undefined,
  day: string | undefined,
  year: string | undefined,
  ctx: DateContext,
): Reading<Day> {
  const m = MONTHS.indexOf((month ?? '').slice(0, 3).toLowerCase())
  return m < 0 ? faults.form() : settle(ymd(year, String(m + 1), day), ctx)
}

const DASHED = /^\d{4}-\d{2}-\d{2}$/

function fromText(text: string, ctx: DateContext): Reading<Day> {
  // What nearly every machine writes needs none of what follows.
  if (DASHED.test(text)) return settle(text, ctx)
  if (ISO_INSTANT.test(text)) {
    const at = new Date(text)
    return Number.isNaN(at.getTime()) ? faults.form() : settle(dayOf(at, ctx.zone), ctx)
  }
  let m = YMD.exec(text)
  if (m) return settle(ymd(m[1], m[3], m[4]), ctx)
  m = COMPACT.exec(text)
  if (m) return settle(ymd(m[1], m[2], m[3]), ctx)
  m = YEAR_LAST.exec(text)
  if (m) return yearLast(m[1] ?? '', m[2] ?? '', m[3] ?? '', ctx)
  m = DAY_MONTH_NAME.exec(text)
  if (m) return named(m[2], m[1], m[3], ctx)
  m = MONTH_NAME_DAY.exec(text)
  if (m) return named(m[1], m[2], m[3], ctx)
  if (/^\d{5,6}(\.\d+)?$/.test(text) && Number(text) >= SERIAL_MIN && Number(text) < SERIAL_MAX) {
    return fromSerial(Number(text), ctx)
  }
  if (/^\d{4}([-/.]\d{1,2}|年\d{1,2}月)?$/.test(text)) return faults.partial()
  if (/^\d{1,2}([-/.]\d{1,2}|月\d{1,2}[日号]?)([-/.]\d{2})?(\s|$)/.test(text)) return faults.noYear()
  return faults.form()
}

/** A day, or null for a blank cell. */
export function readDay(cell: Cell, ctx: DateContext): Reading<Day | null> {
  if (typeof cell === 'number') {
    if (Number.isInteger(cell) && cell > 10_000_000) return fromText(String(cell), ctx)
    return cell >= SERIAL_MIN && cell < SERIAL_MAX ? fromSerial(cell, ctx) : faults.form()
  }
  if (cell instanceof Date) {
    // Readers give 08:04:59.999 for 8:05; the nearest second is what was typed.
    return Number.isNaN(cell.getTime())
      ? faults.form()
      : settle(new Date(Math.round(cell.getTime() / 1000) * 1000).toISOString().slice(0, 10), ctx)
  }
  const text = cellText(cell)
  return text === '' ? read(null) : fromText(text, ctx)
}
