import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { METRIC_IDS } from './api.ts'
import type { Door, MetricId, MetricView } from './api.ts'

/** STAT-2: every figure is a door: its definition, its unit, and the list that has exactly the same total. */
type Metric = MetricView & { path: string; query: Record<string, string> }

const HOUSEHOLDS = say('户次', 'household visits')
const PERSONS = say('人次', 'person visits')
const PEOPLE = say('人', 'people')
const TASKS = say('条', 'tasks')

type Parts = { say: Say; unit: Say; definition: Say; path: string; query?: Record<string, string>; additive?: boolean }

function metric(id: MetricId, kind: 'flow' | 'now', parts: Parts): Metric {
  return {
    id,
    kind,
    additive: parts.additive ?? true,
    query: parts.query ?? {},
    say: parts.say,
    unit: parts.unit,
    definition: parts.definition,
    path: parts.path,
  }
}

const tasks = (list: string, grade?: string) => ({
  path: '/api/tasks',
  query: { list, ...(grade === undefined ? {} : { grade }) },
})

const LIST: readonly Metric[] = [
  metric('visits', 'flow', {
    say: say('走访户次', 'Households visited'),
    unit: HOUSEHOLDS,
    definition: say(
      '所选日期内发生的走访次数，按走访发生的当地日期计；被更正的走访只计更正后的一次',
      'Visits that took place on the days asked for, by their local day; a corrected visit counts once, as corrected',
    ),
    path: '/api/visits',
  }),
  metric('persons', 'flow', {
    say: say('走访人次', 'Persons visited'),
    unit: PERSONS,
    definition: say(
      '上述走访中登记的人员数之和；打开的名单按人逐行',
      'Persons named in those visits, one for each visit; the list shows one row for each person and visit',
    ),
    path: '/api/visits/persons',
  }),
  metric('listed', 'flow', {
    say: say('推送名单', 'Listed'),
    unit: PEOPLE,
    definition: say(
      '所选日期内推送到本辖区名单的人数，同一人被两次推送计两次',
      'People put on a list of this area on the days asked for; someone pushed twice counts twice',
    ),
    path: '/api/list-entries',
  }),
  metric('answered', 'flow', {
    say: say('已答复', 'Answered'),
    unit: TASKS,
    definition: say(
      '所选日期内作出核查结论的任务，含待复核的；尝试未果、退回和待返回的不算',
      'Tasks answered with a disposition on the days asked for, reviews included; tries without success, returns and waiting ones are not',
    ),
    ...tasks('answered'),
  }),
  metric('found', 'flow', {
    say: say('已找到', 'Found here'),
    unit: PEOPLE,
    definition: say('核查结论为“在辖区”各项的任务', 'Answered tasks whose disposition is one of the "here" ones'),
    ...tasks('found'),
  }),
  metric('open', 'now', {
    say: say('待办', 'Open'),
    unit: TASKS,
    definition: say(
      '此刻尚未作出结论的任务，含退回、待返回和协查中的',
      'Tasks without an answer at this moment, with those returned, waiting or being located',
    ),
    ...tasks('open'),
  }),
  metric('open_red', 'now', {
    say: say('待办·红', 'Open, red'),
    unit: TASKS,
    definition: say('待办中研判等级为红的', 'Open tasks graded red'),
    ...tasks('open', 'red'),
  }),
  metric('open_yellow', 'now', {
    say: say('待办·黄', 'Open, yellow'),
    unit: TASKS,
    definition: say('待办中研判等级为黄的', 'Open tasks graded yellow'),
    ...tasks('open', 'yellow'),
  }),
  metric('open_blue', 'now', {
    say: say('待办·蓝', 'Open, blue'),
    unit: TASKS,
    definition: say('待办中研判等级为蓝的', 'Open tasks graded blue'),
    ...tasks('open', 'blue'),
  }),
  metric('accepted', 'now', {
    say: say('已接收', 'Accepted'),
    unit: TASKS,
    definition: say('待办中已有人接收或已开始核查的', 'Open tasks that somebody has accepted or begun'),
    ...tasks('accepted'),
  }),
  metric('overdue', 'now', {
    say: say('超时', 'Overdue'),
    unit: TASKS,
    definition: say('此刻已过答复时限仍未作出结论的任务', 'Open tasks whose answer was due before this moment'),
    ...tasks('overdue'),
  }),
  metric('unaccepted', 'now', {
    say: say('超时未接收', 'Not accepted in time'),
    unit: TASKS,
    definition: say('此刻已过接收时限仍无人接收的任务', 'Open tasks that nobody accepted by the time to accept'),
    ...tasks('unaccepted'),
  }),
  metric('unresolved', 'now', {
    say: say('未落格', 'Unresolved'),
    unit: PEOPLE,
    definition: say(
      '此刻停在村（社区）及以上、尚未落到网格的待办任务，含退回的',
      'Open tasks that lie at a village or above and at no grid yet, returned ones included',
    ),
    ...tasks('unresolved'),
  }),
  metric('waiting', 'now', {
    say: say('待返回', 'Waiting'),
    unit: PEOPLE,
    definition: say('未返回、等到预计日期再核查的', 'Not back yet; asked again on the expected day'),
    ...tasks('waiting'),
  }),
  metric('review', 'now', {
    say: say('待复核', 'To review'),
    unit: TASKS,
    definition: say('已作结论、等网格中心复核的', 'Answered, waiting for the review of the centre'),
    ...tasks('review'),
  }),
  metric('escalated', 'now', {
    say: say('已升级', 'Escalated'),
    unit: TASKS,
    definition: say('此刻未作结论、已按时限比例报上级的任务', 'Open tasks that have been told to a level above'),
    ...tasks('escalated'),
  }),
  metric('transferred_in', 'flow', {
    say: say('转入', 'Transferred in'),
    unit: PEOPLE,
    definition: say(
      '任务随人从本辖区以外转入；辖区内部之间的转移不算，故下级之和可大于本级',
      'Tasks that came with a person from outside this area; moves inside it are none of its own, so children may add up to more',
    ),
    path: '/api/transfers',
    query: { direction: 'in' },
    additive: false,
  }),
  metric('transferred_out', 'flow', {
    say: say('转出', 'Transferred out'),
    unit: PEOPLE,
    definition: say(
      '任务随人转到本辖区以外；辖区内部之间的转移不算',
      'Tasks that went with a person to outside this area; moves inside it are none of its own',
    ),
    path: '/api/transfers',
    query: { direction: 'out' },
    additive: false,
  }),
  metric('withdrawn', 'flow', {
    say: say('已撤回', 'Taken back'),
    unit: TASKS,
    definition: say(
      '因研判等级降为无或线索撤销而撤回的任务',
      'Tasks taken back because the grade fell to none or its facts were withdrawn',
    ),
    ...tasks('withdrawn'),
  }),
  metric('expired', 'flow', {
    say: say('已过期', 'Expired'),
    unit: TASKS,
    definition: say('专项排查结束时仍未作结论的任务', 'Tasks without an answer when their campaign ended'),
    ...tasks('expired'),
  }),
]

const BY_ID = new Map(LIST.map((m) => [m.id, m]))

export const METRICS: readonly MetricView[] = LIST.map(({ path: _path, query: _query, ...view }) => view)

export function metricOf(id: MetricId): Metric {
  const found = BY_ID.get(id)
  if (!found) throw new RangeError(`no such figure: ${id}`)
  return found
}

/** The list behind a figure: the same area, the same days, the same total. `own`: only what lies at the area itself; `folded`: as organised now. */
export function doorOf(id: MetricId, at: { area: AreaCode; from: Day; to: Day; own: boolean; folded?: boolean }): Door {
  const { path, query, kind } = metricOf(id)
  return {
    path,
    query: {
      ...query,
      area: at.area,
      ...(kind === 'flow' ? { from: at.from, to: at.to } : {}),
      ...(at.own ? { own: 'true' } : {}),
      ...(at.folded ? { organised: 'now' } : {}),
    },
  }
}

export function isMetricId(text: string): text is MetricId {
  return METRIC_IDS.some((id) => id === text)
}
