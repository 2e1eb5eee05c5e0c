import { dayOf, daysBetween, secondOfDay } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import type { Lang } from '@weiwang/domain/core/say'

/** The zone of the deployment: days are local days of the place, not of the reader's computer. */
export type Clock = { now: Date; zone: string; lang: Lang }

function two(n: number): string {
  return String(n).padStart(2, '0')
}

/** Wall-clock time on the day, `17:40`. */
export function hourMinute(at: Date, zone: string): string {
  const s = secondOfDay(at, zone)
  return `${two(Math.floor(s / 3600))}:${two(Math.floor((s % 3600) / 60))}`
}

/** `17:40:05` */
export function hourMinuteSecond(at: Date, zone: string): string {
  return `${hourMinute(at, zone)}:${two(secondOfDay(at, zone) % 60)}`
}

/** The full time that a tap shows: `2026-02-15 17:40:05`. */
export function fullTime(at: Date, zone: string): string {
  return `${dayOf(at, zone)} ${hourMinuteSecond(at, zone)}`
}

/** A day as people say it: 今天, 昨天, 明天, 后天, 2月15日, 2019年2月15日. */
export function dayWords(day: Day, clock: Clock): string {
  const today = dayOf(clock.now, clock.zone)
  const distance = daysBetween(today, day)
  const zh = clock.lang === 'zh'
  const near: Record<number, [string, string]> = {
    [-2]: ['前天', 'two days ago'],
    [-1]: ['昨天', 'yesterday'],
    0: ['今天', 'today'],
    1: ['明天', 'tomorrow'],
    2: ['后天', 'in two days'],
  }
  const word = near[distance]
  if (word) return zh ? word[0] : word[1]
  const [y, m, d] = day.split('-').map(Number)
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  if (zh) return sameYear ? `${m}月${d}日` : `${y}年${m}月${d}日`
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][(m ?? 1) - 1]
  return sameYear ? `${d} ${month}` : `${d} ${month} ${y}`
}

/** From an instant to another as people say it: 今天 14:00–17:00, 今天 22:00–明天 02:00. */
export function hoursWords(from: Date, to: Date, clock: Clock): string {
  const [day, end] = [dayOf(from, clock.zone), dayOf(to, clock.zone)]
  const until = day === end ? '' : `${dayWords(end, clock)} `
  return `${dayWords(day, clock)} ${hourMinute(from, clock.zone)}–${until}${hourMinute(to, clock.zone)}`
}

/** An instant as people say it: 刚才, 12 分钟前, 今天 17:40, 昨天 08:05, 2月15日 08:05. */
export function timeWords(at: Date, clock: Clock): string {
  const minutes = Math.floor((clock.now.getTime() - at.getTime()) / 60_000)
  const zh = clock.lang === 'zh'
  if (minutes >= 0 && minutes < 1) return zh ? '刚才' : 'just now'
  if (minutes >= 1 && minutes < 60) return zh ? `${minutes} 分钟前` : `${minutes} min ago`
  return `${dayWords(dayOf(at, clock.zone), clock)} ${hourMinute(at, clock.zone)}`
}

function span(minutes: number, zh: boolean): string {
  if (minutes < 60) return zh ? `${minutes} 分钟` : `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return zh ? `${hours} 小时` : `${hours} h`
  const days = Math.floor(hours / 24)
  return zh ? `${days} 天` : `${days} days`
}

/** When a thing is due, with lateness in words: 迟 2 小时, 还有 40 分钟, 今天 17:40 到期, 明天 09:00 到期. */
export function dueWords(due: Date, clock: Clock): { text: string; late: boolean } {
  const minutes = Math.ceil((due.getTime() - clock.now.getTime()) / 60_000)
  const zh = clock.lang === 'zh'
  if (minutes <= 0) {
    const late = span(Math.max(1, -minutes), zh)
    return { text: zh ? `迟 ${late}` : `${late} late`, late: true }
  }
  if (minutes < 60) return { text: zh ? `还有 ${minutes} 分钟` : `${minutes} min left`, late: false }
  const when = `${dayWords(dayOf(due, clock.zone), clock)} ${hourMinute(due, clock.zone)}`
  return { text: zh ? `${when} 到期` : `due ${when}`, late: false }
}

/** A span of days, last day included: 2月1日至2月5日; an open end says so. */
export function spanWords(from: Day, to: Day | null, clock: Clock): string {
  const zh = clock.lang === 'zh'
  const first = dayWords(from, clock)
  if (to === null) return zh ? `${first}起` : `from ${first}`
  if (to === from) return first
  return zh ? `${first}至${dayWords(to, clock)}` : `${first} to ${dayWords(to, clock)}`
}
