/**
 * Calendar days as text, `YYYY-MM-DD`. Day rules run on days of the deployment's zone, never on instants (design section 3):
 * day 0 is the day of the last exposure, a last day is valid until its end. Days compare as text.
 */
export type Day = string

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/
const MS_PER_DAY = 86_400_000

function parts(day: Day): [number, number, number] {
  const m = PATTERN.exec(day)
  if (!m) throw new RangeError(`not a day: ${day}`)
  return [Number(m[1]), Number(m[2]), Number(m[3])]
}

function format(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10)
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A day of the calendar from year 1000 on, found without a Date: millions of cells pass here. */
export function isDay(text: string): boolean {
  if (!PATTERN.test(text)) return false
  const y = Number(text.slice(0, 4))
  const m = Number(text.slice(5, 7))
  const d = Number(text.slice(8))
  const leap = m === 2 && y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0)
  return y >= 1000 && m >= 1 && d >= 1 && d <= (MONTH_DAYS[m - 1] ?? 0) + (leap ? 1 : 0)
}

export function addDays(day: Day, n: number): Day {
  const [y, m, d] = parts(day)
  return format(Date.UTC(y, m - 1, d) + n * MS_PER_DAY)
}

/** Whole days from `a` to `b`; negative when `b` is earlier. */
export function daysBetween(a: Day, b: Day): number {
  const [ay, am, ad] = parts(a)
  const [by, bm, bd] = parts(b)
  return Math.round((Date.UTC(by, bm - 1, bd) - Date.UTC(ay, am - 1, ad)) / MS_PER_DAY)
}

export function minDay(a: Day, b: Day): Day {
  return a < b ? a : b
}

export function maxDay(a: Day, b: Day): Day {
  return a > b ? a : b
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  let f = formatters.get(zone)
  if (!f) {
    f = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(zone, f)
  }
  return f
}

function wall(instant: Date, zone: string): { day: Day; seconds: number } {
  const p: Record<string, string> = {}
  for (const { type, value } of formatter(zone).formatToParts(instant)) p[type] = value
  return {
    day: `${p['year']}-${p['month']}-${p['day']}`,
    seconds: Number(p['hour']) * 3600 + Number(p['minute']) * 60 + Number(p['second']),
  }
}

const MINUTE_MS = 60_000
/** Since then no zone is off by a part of a minute, so a minute lies in one day everywhere. */
const WHOLE_MINUTES_FROM = Date.UTC(1973, 0)
const MOST_MINUTES = 2_000
const daysOfMinutes = new Map<string, Map<number, Day>>()

/** The local calendar day of an instant. Asked several times by every request, so what a minute was is remembered. */
export function dayOf(instant: Date, zone: string): Day {
  const ms = instant.getTime()
  if (!(ms >= WHOLE_MINUTES_FROM)) return wall(instant, zone).day
  const minute = Math.floor(ms / MINUTE_MS)
  let days = daysOfMinutes.get(zone)
  const known = days?.get(minute)
  if (known !== undefined) return known
  const { day } = wall(instant, zone)
  if (!days || days.size >= MOST_MINUTES) daysOfMinutes.set(zone, (days = new Map()))
  days.set(minute, day)
  return day
}

/** Seconds since local midnight, on the wall clock. */
export function secondOfDay(instant: Date, zone: string): number {
  return wall(instant, zone).seconds
}

/** The instant of a wall-clock time on a local day (`hour` may be 24 for the end of the day). */
export function instantOf(day: Day, zone: string, hour = 0, minute = 0): Date {
  const [y, m, d] = parts(day)
  const want = Date.UTC(y, m - 1, d, hour, minute)
  let guess = want
  // Two rounds settle every zone: the first takes the offset at the guess, the second the offset at the result.
  for (let i = 0; i < 2; i++) {
    const w = wall(new Date(guess), zone)
    const [wy, wm, wd] = parts(w.day)
    guess += want - (Date.UTC(wy, wm - 1, wd) + w.seconds * 1000)
  }
  return new Date(guess)
}
