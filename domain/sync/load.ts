import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { daysBetween, isDay } from '../core/day.ts'
import { defineProblem } from '../core/problem.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { say } from '../core/say.ts'

/** LOAD-1: what workers carry, so that a centre can see who carries too much; nobody is judged by it. */
const Day = z.string().refine(isDay)

export const LOAD_DAYS = 14
export const LOAD_SORTS = ['area', 'forms', 'night'] as const

/** GET /api/worker-load: workers with their home in an area. By numbers only inside one county, where all can be counted at once. */
export const ListLoad = PageQuery.extend({
  area: z.string().regex(AREA_PATTERN).optional(),
  from: Day.optional(),
  to: Day.optional(),
  sort: z.enum(LOAD_SORTS).default('area'),
}).strict()
export type ListLoad = z.infer<typeof ListLoad>

export const WorkerLoad = z.object({
  account: z.object({ id: z.uuid(), name: z.string() }),
  area: z.string(),
  areaName: z.string(),
  /** Forms handed in, on how many days, and the most on one. */
  forms: z.number().int(),
  days: z.number().int(),
  most: z.number().int(),
  /** Forms of doors that were visited between 20:00 and 08:00. */
  formsNight: z.number().int(),
  /** Messages to the account and pushes to its phones, and how many of them between 20:00 and 08:00. */
  messages: z.number().int(),
  messagesNight: z.number().int(),
})
export type WorkerLoad = z.infer<typeof WorkerLoad>
export const LoadPage = pageOf(WorkerLoad)

const COUNTY = 6

export type LoadFault = 'span' | 'wide'

export function loadFault(ask: { area: string; from: string; to: string; sort: string }): LoadFault | null {
  const days = daysBetween(ask.from, ask.to) + 1
  if (days < 1 || days > LOAD_DAYS) return 'span'
  return ask.sort !== 'area' && ask.area.length < COUNTY ? 'wide' : null
}

export const badLoad = defineProblem<{ fault: LoadFault }>({
  code: 'LOAD_ASKED',
  kind: 'invalid',
  rule: 'LOAD-1',
  message: ({ fault }) =>
    fault === 'span'
      ? say(`一次最多看 ${LOAD_DAYS} 天`, `At most ${LOAD_DAYS} days at once`)
      : say('按数量排序须选定一个区县或以下', 'Sorting by number needs a county, or less'),
  remedy: () => say('请缩小范围', 'Ask for less'),
})
