import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

type None = Record<string, never>

export const gateAboveCounty = defineProblem<None>({
  code: 'GATE_ABOVE_COUNTY',
  kind: 'invalid',
  rule: 'GATE-1',
  message: () => say('请选择县（市、区）以下的辖区', 'Choose an area inside a county'),
  remedy: () => say('卡口设在村（社区）、网格或镇（街道）', 'A gate lies in a town, a village or a grid'),
})
export const gateClosed = defineProblem<None>({
  code: 'GATE_CLOSED',
  kind: 'conflict',
  rule: 'GATE-1',
  message: () => say('此卡口已撤除', 'This gate is closed'),
  remedy: () => say('请刷新后再看', 'Look again'),
})
export const referralClosed = defineProblem<None>({
  code: 'REFERRAL_CLOSED',
  kind: 'conflict',
  rule: 'GATE-7',
  message: () => say('这次转送已办结', 'This referral is closed'),
  remedy: () => say('请刷新后再看', 'Look again'),
})
export const gateChanged = defineProblem<None>({
  code: 'GATE_CHANGED',
  kind: 'conflict',
  rule: 'GATE-1',
  message: () => say('他人刚刚修改过', 'Somebody has changed it meanwhile'),
  remedy: () => say('请刷新后再改', 'Look again, then change it'),
})
export const postNotForGate = defineProblem<None>({
  code: 'POST_NOT_FOR_GATE',
  kind: 'conflict',
  rule: 'GATE-1',
  message: () => say('该岗位不能用作此卡口', 'This post cannot become this gate'),
  remedy: () =>
    say(
      '请选同一辖区内未撤除、尚未用作卡口的“卡口”岗位，或不选',
      'Take an open post of kind gate in the same area that is none yet, or none',
    ),
})
export const badRest = defineProblem<None>({
  code: 'GATE_BAD_REST',
  kind: 'invalid',
  rule: 'GATE-5',
  message: () => say('复测的休息时间先短后长', 'The shortest rest comes before the longest'),
})
export const noTurnBackHome = defineProblem<None>({
  code: 'GATE_NO_TURN_BACK',
  kind: 'refused',
  rule: 'GATE-7',
  message: () => say('小区卡口不得劝返回家的人', 'Nobody is turned back from an estate that may be his home'),
  remedy: () => say('请改选其他去向', 'Choose another way for them'),
})
export const badDisposition = defineProblem<{ offered: string }>({
  code: 'GATE_BAD_DISPOSITION',
  kind: 'refused',
  rule: 'GATE-7',
  message: ({ offered }) => say(`此情形可选的去向：${offered}`, `What can be done in this case: ${offered}`),
  remedy: () =>
    say('发热的去发热门诊；回家的须当场核实住处', 'Who has a fever goes to the clinic; a home is proved on the spot'),
})
export const notAtGate = defineProblem<None>({
  code: 'NOT_AT_GATE',
  kind: 'refused',
  rule: 'GATE-6',
  message: () => say('您当时不在此卡口值守', 'You had no duty at this gate at the time'),
  remedy: () => say('请联系网格中心核对值守', 'Ask the centre to look at your duty'),
})
export const passageTooOld = defineProblem<{ days: number }>({
  code: 'PASSAGE_TOO_OLD',
  kind: 'refused',
  rule: 'GATE-12',
  message: ({ days }) => say(`已超过 ${days} 天，不再保存`, `Older than ${days} days: it is not kept any more`),
  remedy: () => say('请从本机移除', 'Remove it from this device'),
})
export const passageUnreadable = defineProblem<{ path: string; why: string }>({
  code: 'PASSAGE_UNREADABLE',
  kind: 'invalid',
  rule: 'GATE-6',
  message: ({ path }) => say(`这一条无法读取（${path}）`, `This item cannot be read (${path})`),
  remedy: () => say('请更新卡口程序后再传，或移除此条', 'Update the gate’s app and send it again, or remove the item'),
})
export const passageFault = defineProblem<{ field: string }>({
  code: 'PASSAGE_FAULT',
  kind: 'invalid',
  rule: 'GATE-4',
  message: ({ field }) => say(`这一条前后不符（${field}）`, `The item contradicts itself (${field})`),
  remedy: () => say('请核对后移除此条，由网格中心补记', 'Remove the item; the centre can enter it'),
})
export const passageBox = defineProblem<None>({
  code: 'PASSAGE_BOX',
  kind: 'invalid',
  rule: 'GATE-6',
  message: () => say('这一条的密封内容打不开', 'The sealed part of this item does not open'),
  remedy: () => say('请移除此条', 'Remove the item'),
})
export const nothingToRetest = defineProblem<None>({
  code: 'NOTHING_TO_RETEST',
  kind: 'conflict',
  rule: 'GATE-5',
  message: () => say('没有等待复测的发热', 'No fever waits to be measured again'),
})
export const lookedTooMuch = defineProblem<{ minutes: number }>({
  code: 'LOOKED_TOO_MUCH',
  kind: 'limit',
  rule: 'GATE-8',
  message: ({ minutes }) =>
    say(`按证件查码次数过多，请 ${minutes} 分钟后再查`, `Too many looks by document; again in ${minutes} minutes`),
  remedy: () => say('请走无码通道：看证件、测体温', 'Use the lane without a code: papers and temperature'),
})
export const badWindow = defineProblem<{ hours: number; days: number }>({
  code: 'OPENING_BAD_WINDOW',
  kind: 'invalid',
  rule: 'GATE-11',
  message: ({ hours, days }) =>
    say(
      `时段须先后有序、不超过 ${hours} 小时、不晚于现在、在最近 ${days} 天内`,
      `The window goes from earlier to later, lasts at most ${hours} hours, is over and lies within the last ${days} days`,
    ),
})
export const gatesApart = defineProblem<None>({
  code: 'OPENING_GATES_APART',
  kind: 'invalid',
  rule: 'GATE-11',
  message: () => say('所选卡口须在同一县（市、区）', 'The gates must lie in one county'),
})
export const openedEnough = defineProblem<{ most: number; per: Say }>({
  code: 'OPENED_ENOUGH',
  kind: 'limit',
  rule: 'GATE-11',
  message: ({ most, per }) =>
    say(`${per.zh}已开启 ${most} 次，不能再开`, `${per.en} has been opened for ${most} times; no more`),
  remedy: () => say('请与流调核对确需的地点和时段', 'Ask the investigation which places and hours are really needed'),
})
export const openingDecided = defineProblem<None>({
  code: 'OPENING_DECIDED',
  kind: 'conflict',
  rule: 'GATE-11',
  message: () => say('已有人决定', 'It has been decided'),
})
export const openingGone = defineProblem<None>({
  code: 'OPENING_GONE',
  kind: 'conflict',
  rule: 'GATE-12',
  message: () => say('通行记录已按期销毁，打不开', 'The passages were deleted at their term; nothing opens them'),
})
