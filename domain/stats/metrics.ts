import type { Organised } from '../areas/api.ts'
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
const SERVICES = say('次', 'services')
const DISPUTES = say('件', 'disputes')
const OBJECTIONS = say('件', 'objections')
const TEAMS = say('个', 'teams')
const WATCHES = say('个', 'watches')
const PERSONS_ON_DUTY = say('人次', 'turns')
const PASSAGES = say('人次', 'passages')

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

const services = (list: string) => ({ path: '/api/services', query: { list } })
const disputes = (list: string) => ({ path: '/api/mediations', query: { list } })
const objections = (list: string) => ({ path: '/api/objections', query: { list } })

const forces = (path: string, query: Record<string, string>) => ({ path: `/api/forces/${path}`, query })

const teams = (query: Record<string, string>) => ({ path: '/api/teams', query })
const watches = (query: Record<string, string>) => ({ path: '/api/watches', query })

const observations = (list: string) => ({ path: '/api/observations', query: { list } })

const READINGS = say('次', 'readings')
const readings = (query: Record<string, string> = {}) => ({ path: '/api/readings/slots', query })

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
      '上述走访中登记的人员数之和，同一人每次走访计一次；明细到期销毁后照计，名单中该行不再显示是谁',
      'Persons named in those visits, one for each visit; still counted when the detail of a visit was deleted at its term: the list keeps the row and names nobody',
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
  metric('obs_observed', 'now', {
    say: say('居家观察中', 'Observed at home'),
    unit: PEOPLE,
    definition: say(
      '此刻在居家观察期内的人，最后一天计入；每人只计入责任辖区一处',
      'People whose observation has begun and whose last day is not over, the last day included; each counts once, in the area responsible',
    ),
    ...observations('observed'),
  }),
  metric('obs_opened', 'flow', {
    say: say('新增居家观察', 'Observations opened'),
    unit: PEOPLE,
    definition: say(
      '所选日期内建立的居家观察；登记错误撤销的和随人转来的不计',
      'Observations opened on the days asked for; without those entered by error and those that came with a person from elsewhere',
    ),
    ...observations('opened'),
  }),
  metric('obs_release_due', 'now', {
    say: say('待解除', 'Due for release'),
    unit: PEOPLE,
    definition: say(
      '今天是最后一天的，和最后一天已过、未满 12 小时、尚未解除的',
      'Those whose last day is today, and those whose last day is over by less than 12 hours and whom nobody has released',
    ),
    ...observations('release_due'),
  }),
  metric('obs_lapsed', 'now', {
    say: say('逾期失效', 'Lapsed'),
    unit: PEOPLE,
    definition: say(
      '最后一天结束已满 12 小时仍无人办理解除的：措施已失效，须补办',
      'Those whose last day was over 12 hours ago and whom nobody has released: the measure has lapsed and the note is owed',
    ),
    ...observations('lapsed'),
  }),
  metric('obs_released', 'flow', {
    say: say('解除观察', 'Released'),
    unit: PEOPLE,
    definition: say('所选日期内解除的居家观察', 'Observations released on the days asked for'),
    ...observations('released'),
  }),
  metric('obs_transferred_out', 'flow', {
    say: say('居家观察转出', 'Observations passed on'),
    unit: PEOPLE,
    definition: say(
      '所选日期内因迁到外县（市、区）而在此结束、在新处继续的居家观察；不算解除，按责任辖区计',
      'Observations that ended here on the days asked for because the person moved to another county, where they go on; no release; counted in the area responsible',
    ),
    ...observations('transferred_out'),
  }),
  metric('obs_transferred_in', 'flow', {
    say: say('居家观察转入', 'Observations taken over'),
    unit: PEOPLE,
    definition: say(
      '所选日期内随人从外县（市、区）转来、日期不变继续的居家观察；不算新增，按责任辖区计',
      'Observations that came with a person from another county on the days asked for and go on with the same days; not opened anew; counted in the area responsible',
    ),
    ...observations('transferred_in'),
  }),
  metric('readings_due', 'flow', {
    say: say('应报', 'Readings due'),
    unit: READINGS,
    definition: say(
      '所选日期内应报的早晚填报中已报的和已过时限未报的；尚未到时限又未报的不计',
      'Readings of the slots of the days asked for that have come or whose deadline is over; those still to come are not counted',
    ),
    ...readings(),
  }),
  metric('readings_on_time', 'flow', {
    say: say('按时报', 'Readings on time'),
    unit: READINGS,
    definition: say('时限以内测得的', 'Taken by the deadline of their slot'),
    ...readings({ state: 'on_time' }),
  }),
  metric('readings_late', 'flow', {
    say: say('迟报', 'Readings late'),
    unit: READINGS,
    definition: say('时限以后才测得的', 'Taken after the deadline of their slot'),
    ...readings({ state: 'late' }),
  }),
  metric('readings_missed', 'flow', {
    say: say('漏报', 'Readings missed'),
    unit: READINGS,
    definition: say('时限已过仍没有收到的', 'Slots whose deadline is over and for which nothing has come'),
    ...readings({ state: 'missed' }),
  }),
  metric('calls_open', 'now', {
    say: say('待问候', 'People to speak to'),
    unit: PEOPLE,
    definition: say(
      '此刻等待电话问候或上门看望的被观察人员',
      'Observed people who wait at this moment for a call or for somebody at the door',
    ),
    path: '/api/readings/calls',
    query: { list: 'open' },
  }),
  metric('services_asked', 'flow', {
    say: say('服务申请', 'Services asked for'),
    unit: SERVICES,
    definition: say(
      '所选日期内提出的服务，含按规律自动产生的',
      'Services asked for on the days asked for, those of a repeating rule included',
    ),
    ...services('asked'),
  }),
  metric('services_done', 'flow', {
    say: say('服务完成', 'Services done'),
    unit: SERVICES,
    definition: say(
      '所选日期内完成、由收件人确认的服务；报未收到的不算',
      'Services done on the days asked for, as the receiver confirmed; one that was not received is none',
    ),
    ...services('done'),
  }),
  metric('services_open', 'now', {
    say: say('服务未完成', 'Services open'),
    unit: SERVICES,
    definition: say('此刻尚未完成、未取消的服务', 'Services that are neither done nor ended at this moment'),
    ...services('open'),
  }),
  metric('services_late', 'now', {
    say: say('服务超时', 'Services late'),
    unit: SERVICES,
    definition: say('此刻已过时限仍未完成的服务', 'Open services whose time is over at this moment'),
    ...services('late'),
  }),
  metric('disputes_opened', 'flow', {
    say: say('纠纷登记', 'Disputes recorded'),
    unit: DISPUTES,
    definition: say(
      '所选日期内登记的、因防疫引起的纠纷；名单只显示件数，内容保密',
      'Disputes from outbreak control recorded on the days asked for; the list counts them, what they are about is confidential',
    ),
    ...disputes('opened'),
  }),
  metric('disputes_closed', 'flow', {
    say: say('纠纷结案', 'Disputes closed'),
    unit: DISPUTES,
    definition: say('所选日期内结案、未重新打开的纠纷', 'Disputes closed on the days asked for and not opened again'),
    ...disputes('closed'),
  }),
  metric('disputes_open', 'now', {
    say: say('纠纷未结', 'Disputes open'),
    unit: DISPUTES,
    definition: say('此刻尚未结案的纠纷', 'Disputes that are not closed at this moment'),
    ...disputes('open'),
  }),
  metric('objections_open', 'now', {
    say: say('码色申诉未决', 'Objections open'),
    unit: OBJECTIONS,
    definition: say(
      '此刻尚未决定或撤回的码色申诉',
      'Objections to a colour that are neither decided nor withdrawn at this moment',
    ),
    ...objections('open'),
  }),
  metric('objections_late', 'now', {
    say: say('码色申诉逾期', 'Objections late'),
    unit: OBJECTIONS,
    definition: say(
      '未决申诉中，社区、街道或县级有一级超过时限、已自动转上级的',
      'Of the open ones, those of which community, street or county has let its time pass, so that they went up by themselves',
    ),
    ...objections('late'),
  }),
  metric('forces_people', 'now', {
    say: say('在册力量', 'People of the forces'),
    unit: PEOPLE,
    definition: say(
      '此刻登记并经值班台确认的志愿者、物业、企业和机关人员',
      'Volunteers, property, company and department staff who are enrolled and confirmed by the desk at this moment',
    ),
    ...forces('people', { list: 'confirmed' }),
  }),
  metric('forces_volunteers', 'now', {
    say: say('志愿者', 'Volunteers'),
    unit: PEOPLE,
    definition: say('在册力量中的志愿者', 'Those of the forces who are volunteers'),
    ...forces('people', { list: 'confirmed', kind: 'volunteer' }),
  }),
  metric('forces_attached', 'now', {
    say: say('派驻网格', 'Assigned to grids'),
    unit: PEOPLE,
    definition: say(
      '今天在派驻期内的法官、检察官、民警和机关企业人员，首末两天均计入',
      'Officers of courts, procuratorates and police and staff whose assignment holds today, its first and last day included',
    ),
    ...forces('attachments', { list: 'now' }),
  }),
  metric('forces_gaps', 'now', {
    say: say('今天缺人的班次', 'Shifts short today'),
    unit: say('班', 'shifts'),
    definition: say(
      '今天开始、排班人数少于所需人数的班次',
      'Shifts that begin today and have fewer people than they need',
    ),
    ...forces('shifts', { list: 'gaps' }),
  }),
  metric('turns_worked', 'flow', {
    say: say('值守人次', 'Turns worked'),
    unit: PERSONS_ON_DUTY,
    definition: say(
      '所选日期内开始、已签到并签退的值守；去除姓名后照计',
      'Turns of shifts that began on the days asked for with both sign-in and sign-out; still counted when the name is gone',
    ),
    ...forces('turns', { list: 'worked' }),
  }),
  metric('gate_passages', 'flow', {
    say: say('卡口通行', 'Passages at gates'),
    unit: PASSAGES,
    definition: say(
      '所选日期内经过卡口并登记的人次，按通行的当地日期计；满 14 天的记录已销毁，数字保留',
      'People who passed a gate and were noted on the days asked for, by their local day; rows older than 14 days are deleted and the figure stays',
    ),
    path: '/api/passages',
  }),
  metric('gate_referrals', 'flow', {
    say: say('卡口转送', 'Referrals at gates'),
    unit: PEOPLE,
    definition: say(
      '所选日期内在卡口未直接放行、登记了去向的人，含现场核实放行的',
      'People who did not simply pass a gate on the days asked for and for whom it was noted where they went, those cleared there included',
    ),
    path: '/api/gates/referrals',
    query: { list: 'all' },
  }),
  metric('teams', 'now', {
    say: say('包保小组', 'Teams'),
    unit: TEAMS,
    definition: say(
      '此刻为居家观察户设的包保小组，每户一个',
      'Teams of observed doors at this moment, one for each door',
    ),
    ...teams({ list: 'all' }),
  }),
  metric('teams_short', 'now', {
    say: say('包保缺人', 'Teams short'),
    unit: TEAMS,
    definition: say(
      '今天有席位缺人的包保小组：人数少于模板要求，或在岗人请假而无人顶替',
      'Teams with a seat that lacks somebody today: fewer people than the template asks for, or one on leave for whom nobody stands in',
    ),
    ...teams({ list: 'short' }),
  }),
  metric('watches', 'now', {
    say: say('联防单元', 'Watches'),
    unit: WATCHES,
    definition: say(
      '此刻的联防单元：十户、一幢楼、十间商铺',
      'Watches at this moment: ten homes, a building, ten shops',
    ),
    ...watches({ list: 'all' }),
  }),
  metric('watches_unled', 'now', {
    say: say('无联防长的单元', 'Watches without a leader'),
    unit: WATCHES,
    definition: say('此刻没有指定联防长的联防单元', 'Watches for which no leader is named at this moment'),
    ...watches({ list: 'no_leader' }),
  }),
  metric('watch_calls', 'now', {
    say: say('联防长求助未处理', 'Calls of watch leaders'),
    unit: say('件', 'calls'),
    definition: say(
      '联防长提出、此刻还没有人说已处理的求助',
      'Calls for help by watch leaders to which nobody has said at this moment that it was seen to',
    ),
    path: '/api/watches/notes',
    query: { open: 'true' },
  }),
]

const BY_ID = new Map(LIST.map((m) => [m.id, m]))

export const METRICS: readonly MetricView[] = LIST.map(({ path: _path, query: _query, ...view }) => view)

export function metricOf(id: MetricId): Metric {
  const found = BY_ID.get(id)
  if (!found) throw new RangeError(`no such figure: ${id}`)
  return found
}

/** The list behind a figure: the same area, the same days, the same total. `own`: only what lies at the area itself; `organised`: not by the codes as they were counted. */
export function doorOf(
  id: MetricId,
  at: { area: AreaCode; from: Day; to: Day; own: boolean; organised?: Organised | undefined },
): Door {
  const { path, query, kind } = metricOf(id)
  return {
    path,
    query: {
      ...query,
      area: at.area,
      ...(kind === 'flow' ? { from: at.from, to: at.to } : {}),
      ...(at.own ? { own: 'true' } : {}),
      ...(at.organised === undefined ? {} : { organised: at.organised }),
    },
  }
}

export function isMetricId(text: string): text is MetricId {
  return METRIC_IDS.some((id) => id === text)
}
