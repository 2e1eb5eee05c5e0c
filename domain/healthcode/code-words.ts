import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import { CAPPED_NOTE, CASE_SAY, CLINIC_SAY, DEGREE_SAY, MEASURE_SAY, SYMPTOM_SAY, TEST_SAY } from '../grading/words.ts'
import type { CodeState, CodeTrigger, StopReason } from './code-api.ts'
import type { CodeReasonRow } from './code-state.ts'

/** What the page of a code says (CODE-13 … CODE-16): the state, what it means for going out, and what to do now. */
export const CODE_STATE_SAY: Record<CodeState, Say> = {
  none: say('尚未登记', 'Not registered'),
  applied: say('已登记，等待研判', 'Registered, not yet judged'),
  green: say('绿码', 'Green'),
  pending: say('绿码待定', 'Green pending'),
  yellow: say('黄码', 'Yellow'),
  red: say('红码', 'Red'),
  expired: say('已停用', 'No longer in use'),
  suspended: say('身份核对中', 'Identity being checked'),
}

/** CODE-15: what the message about a change says: that there is news, and where; no colour and no reason. */
export const CODE_NEWS: Say = say('您的登记信息有更新，请打开居民页查看：', 'There is news on your page: ')

export const CODE_MEANS: Record<CodeState, Say> = {
  none: say(
    '登记后可领取健康码；也可凭身份证件或纸质证明通行。',
    'A code comes with registration; an identity document or paper serves as well.',
  ),
  applied: say(
    '暂无码色。可凭身份证件或纸质证明通行。',
    'No colour yet. An identity document or paper serves meanwhile.',
  ),
  green: say(
    '可正常通行，请配合测温。小区和出租房不得拒绝绿码人员。',
    'Go where you like; temperature is measured. Estates and landlords may not refuse a green holder.',
  ),
  pending: say(
    '可在工作、生活需要的范围内活动，请配合测温。',
    'Move where work and daily life need it; temperature is measured.',
  ),
  yellow: say(
    '请在住处观察，暂不在市内走动。就医、急事请联系社区，紧急情况不受码色限制。',
    'Stay at home for observation. For a doctor or something urgent call your community; no colour stands in the way of an emergency.',
  ),
  red: say(
    '请留在住处，由社区联系您。就医请拨 120 或联系社区，紧急情况不受码色限制。',
    'Stay where you are; your community will contact you. For medical help call 120 or your community; no colour stands in the way of an emergency.',
  ),
  expired: say(
    '健康码已停用：应急响应结束，或登记已注销。个人信息按期删除。',
    'This code is no longer used: the emergency is over, or the registration was withdrawn. Your data are deleted on time.',
  ),
  suspended: say(
    '正在核对您的身份信息，暂不显示码色。可凭身份证件或纸质证明通行。',
    'Your identity is being checked, so no colour is shown. An identity document or paper serves meanwhile.',
  ),
}

/** CODE-23: nobody is judged where the person lives now. */
export const NO_RULES = {
  name: say('此地没有码色', 'No colour here'),
  means: say(
    '您现在的住处没有启用判码规则，因此没有码色；别处的码色不带到这里。可凭身份证件或纸质证明通行。',
    'No rules for colours are in force where you live now, so there is no colour; that of another place is not carried over. An identity document or paper serves.',
  ),
  todo: [
    say(
      '无需重复提交；当地启用规则后本页会更新',
      'Nothing to send again: this page changes when rules come into force',
    ),
  ],
}

export const CODE_TRIGGER_SAY: Record<CodeTrigger, Say> = {
  applied: say('登记', 'Registered'),
  declaration: say('您更新了申报', 'You declared anew'),
  rule: say('按规则研判', 'Judged by the rules'),
  period_over: say('观察期满', 'The period is over'),
  manual: say('经人工核定', 'Decided by a person'),
  objection: say('申诉处理结果', 'Your objection was decided'),
  correction: say('更正了数据', 'Data were corrected'),
  rule_set: say('启用新的规则', 'New rules are in force'),
  moved: say('住到了别处，以当地的规则为准', 'You live elsewhere now, and the rules of that place count'),
  identity: say('身份核对', 'Your identity was checked'),
  emergency_over: say('应急响应结束', 'The emergency is over'),
}

/** CODE-21: what a desk stops a code for. */
export const STOP_SAY: Record<StopReason, Say> = {
  phone_lost: say('手机丢失', 'The phone is lost'),
  used_by_others: say('被他人使用', 'Somebody else uses it'),
  not_the_holder: say('登记的不是证件本人', 'Registered with a document by somebody else'),
}

const OBJECT = say(
  '认为有误？可在本页申诉，24 小时内答复。',
  'Think this is wrong? Object on this page; you get an answer within 24 hours.',
)
const KEEP = say('如有发热、咳嗽请如实更新申报。', 'If you get a fever or cough, declare it.')
const TODO: Record<CodeState, Say[]> = {
  none: [say('登记并申报', 'Register and declare')],
  applied: [say('无需重复提交，研判后本页会更新', 'Nothing to send again: this page changes when you are judged')],
  green: [KEEP],
  pending: [
    say(
      '办理居住登记，或入住已登记的旅馆后，更新申报可转绿码',
      'Register your residence, or stay at a hotel that has registered you, and declare anew to turn green',
    ),
    KEEP,
  ],
  yellow: [
    say('在固定住处观察，每天按要求填报体温', 'Stay at one address and report your temperature as asked'),
    say('期满无异常自动转绿，无需申请', 'It turns green by itself when the period is over; nothing to apply for'),
    OBJECT,
  ],
  red: [
    say('不外出，不乘坐公共交通，等待社区联系', 'Do not go out or take public transport; your community will call'),
    say('条件满足时自动转换，无需申请', 'It changes by itself when its conditions are met; nothing to apply for'),
    OBJECT,
  ],
  expired: [],
  suspended: [say('保持电话畅通；核对完成后自动恢复', 'Stay within reach of the telephone; it comes back by itself')],
}

export function todoOf(state: CodeState, untilDay: string | null): Say[] {
  if (state === 'suspended' && untilDay !== null)
    return [
      say('带证件到社区可当场恢复', 'A desk of your community puts it right at once when it has seen your card'),
      say(`最迟 ${untilDay} 结束后自动恢复`, `It comes back by itself after ${untilDay} at the latest`),
      ...TODO[state],
    ]
  if (untilDay === null || (state !== 'red' && state !== 'yellow')) return TODO[state]
  // What is to be done stands first: the page shows it beside the code.
  const [first, ...rest] = TODO[state]
  const until = say(`截止 ${untilDay}（含当日）`, `Until ${untilDay}, that day included`)
  return [...(first === undefined ? [] : [first]), until, ...rest]
}

const OWN_SOURCES: Record<string, Say> = {
  declaration: say('您本人的申报', 'Your own declaration'),
  manual: say('经人工核定', 'Decided by a person'),
}

/** Who said it: the office by its name, or oneself. */
export function sourceSay(reason: CodeReasonRow, feeds: ReadonlyMap<string, Say>): Say | null {
  const { source } = reason.fact
  return OWN_SOURCES[source] ?? feeds.get(source) ?? (source === '' ? null : say('有关部门', 'A public office'))
}

/** One's own word gives yellow where an office's would give red (GRADE-9): said to its holder in words of their own. */
const OWN_WORD = say('（您本人申报的，按黄码处理）', ' (your own declaration: yellow)')

export function reasonSay({ say: words, capped, fact }: CodeReasonRow): Say {
  if (capped !== true || fact.source !== 'declaration') return words
  return say(words.zh.replace(CAPPED_NOTE.zh, OWN_WORD.zh), words.en.replace(CAPPED_NOTE.en, OWN_WORD.en))
}

function period(from: string, to: string): string {
  return from === to ? from : `${from} — ${to}`
}

/** What of the fact may be told to its holder: the place and days, or the kind; of a household member nothing. */
export function factSay(reason: CodeReasonRow, areaName: (code: string) => string): Say | null {
  const { fact, via } = reason
  if (via === 'household') return say('与您同住的人', 'Somebody who lives with you')
  const days = period(fact.from, fact.to)
  const value = fact.value ?? ''
  const word = (words: Record<string, Say>): Say => {
    const found = words[value]
    return found ? say(`${found.zh}（${days}）`, `${found.en} (${days})`) : say(days, days)
  }
  switch (fact.kind) {
    case 'stay': {
      const place = areaName(fact.place ?? '')
      return say(`${place}，${days}`, `${place}, ${days}`)
    }
    case 'contact': {
      const degree = DEGREE_SAY[fact.degree ?? 0]
      return degree ? say(`${degree.zh}（${fact.to}）`, `${degree.en} (${fact.to})`) : null
    }
    case 'symptom':
      return word(SYMPTOM_SAY)
    case 'fever_clinic':
      return word(CLINIC_SAY)
    case 'test':
      return word(TEST_SAY)
    case 'case':
      return word(CASE_SAY)
    case 'measure':
      return word(MEASURE_SAY)
    case 'abroad':
      return say(`入境日期 ${days}`, `Arrived on ${days}`)
    default:
      return null
  }
}
