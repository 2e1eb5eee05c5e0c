import { addDays, dayOf, instantOf } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * SERV-3: when somebody is there to take it, as it is asked in one tap. Hours of the place; what is over by now is not offered, what
 * is under way begins now.
 */
export const WINDOWS = [
  'today_morning',
  'today_afternoon',
  'today_evening',
  'tomorrow_morning',
  'tomorrow_afternoon',
  'tomorrow_evening',
] as const
export type WindowName = (typeof WINDOWS)[number]

export const WINDOW_SAY: Record<WindowName, Say> = {
  today_morning: say('今天上午', 'This morning'),
  today_afternoon: say('今天下午', 'This afternoon'),
  today_evening: say('今天傍晚', 'Early this evening'),
  tomorrow_morning: say('明天上午', 'Tomorrow morning'),
  tomorrow_afternoon: say('明天下午', 'Tomorrow afternoon'),
  tomorrow_evening: say('明天傍晚', 'Early tomorrow evening'),
}

/** None lies in the quiet hours. */
const HOURS = { morning: [8, 12], afternoon: [12, 17], evening: [17, 20] } as const

export type Window = { name: WindowName; from: string; to: string }

/** The windows that can still be asked for, the next first; ISO instants. */
export function windowsAhead(now: Date, zone: string): Window[] {
  const today = dayOf(now, zone)
  return WINDOWS.flatMap((name): Window[] => {
    const day = name.startsWith('today') ? today : addDays(today, 1)
    const part = name.endsWith('morning') ? 'morning' : name.endsWith('afternoon') ? 'afternoon' : 'evening'
    const [begin, end] = HOURS[part]
    const to = instantOf(day, zone, end)
    if (to <= now) return []
    const from = instantOf(day, zone, begin)
    return [{ name, from: (from < now ? now : from).toISOString(), to: to.toISOString() }]
  })
}

/** The window of this name, when it can still be asked for. */
export function windowNamed(name: string, now: Date, zone: string): { from: string; to: string } | null {
  const found = windowsAhead(now, zone).find((one) => one.name === name)
  return found ? { from: found.from, to: found.to } : null
}
