import type { Day } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { Colour } from '../grading/rule-set.ts'
import { CASE_SAY, CLINIC_SAY, COLOUR_SAY, DEGREE_SAY, MEASURE_SAY, SYMPTOM_SAY, TEST_SAY } from '../grading/words.ts'
import type {
  Asker,
  Finding,
  Ground,
  Hardship,
  ObjectionStateName,
  ProofKind,
  Refusal,
  Relation,
  Stage,
  Wrong,
} from './objection-api.ts'
import type { ObjectionEvent } from './objection-event.ts'

/** The words of objections as people read them, shared by pages, papers and notices. */
export const GROUND_SAY: Readonly<Record<Ground, Say>> = {
  period_over: say('期限已满', 'The period is over'),
  wrong_person: say('不是我的信息（人员或号码错误）', 'Not me: the wrong person or number'),
  never_there: say('没有到过那里', 'I was never there'),
  not_a_contact: say('不是接触者', 'I am not a contact'),
  data_late: say('数据滞后', 'The data are late'),
  result_missing: say('检测结果缺失', 'A test result is missing'),
  household: say('同住人规则不适用', 'The household rule does not apply'),
  other: say('其他', 'Something else'),
}

/** What helps to decide it soon. */
export const GROUND_HINT: Readonly<Record<Ground, Say>> = {
  period_over: say('请写明观察或管理从哪天到哪天', 'Say from which day to which day you were under observation'),
  wrong_person: say('请说明号码、证件是否曾属于他人', 'Say whether the number or document was somebody else’s'),
  never_there: say(
    '车票、机票、住宿或工作证明的照片最有用',
    'A picture of a ticket, a hotel bill or a note from work helps most',
  ),
  not_a_contact: say('请写明那天您在哪里', 'Say where you were on that day'),
  data_late: say('请写明哪项数据应更新、何时办的', 'Say what should have been updated, and when it was done'),
  result_missing: say('请附检测报告的照片', 'Add a picture of the test report'),
  household: say('请写明从哪天起不再同住', 'Say since when you no longer live together'),
  other: say('请写明哪里不对', 'Say what is wrong'),
}

/** What is told on the telephone and printed: the last eight digits of the id, which no two of a county share in practice. */
export function referenceOf(id: string): string {
  return `S-${id.slice(-8).toUpperCase()}`
}

export const STATE_SAY: Readonly<Record<ObjectionStateName, Say>> = {
  submitted: say('已提交', 'Submitted'),
  community_review: say('社区核查中', 'The community looks into it'),
  need_more: say('待补充材料', 'More is asked for'),
  supplemented: say('已补充，继续核查', 'Added to; the review goes on'),
  street_review: say('街道核查中', 'The street looks into it'),
  county_decision: say('县级终审中', 'The county decides'),
  granted: say('申诉成立', 'Granted'),
  refused: say('申诉不成立', 'Refused'),
  withdrawn: say('已撤回', 'Withdrawn'),
}

export const STAGE_SAY: Readonly<Record<Stage, Say>> = {
  community: say('社区', 'Community'),
  street: say('街道', 'Street'),
  county: say('县级', 'County'),
  city: say('市级', 'City'),
}

export const ASKER_SAY: Readonly<Record<Asker, Say>> = {
  self: say('本人', 'the person'),
  account: say('家人账户', 'a family member’s account'),
  desk_self: say('本人到社区服务台', 'the person at the community desk'),
  desk_relative: say('亲属到社区服务台', 'a relative at the community desk'),
}

export const RELATION_SAY: Readonly<Record<Relation, Say>> = {
  child: say('子女', 'child'),
  parent: say('父母', 'parent'),
  spouse: say('配偶', 'spouse'),
  other: say('其他亲属', 'another relative'),
}

export const PROOF_SAY: Readonly<Record<ProofKind, Say>> = {
  ticket: say('车票、机票', 'Ticket'),
  test: say('检测报告', 'Test report'),
  paper: say('证明文件', 'Document'),
  photo: say('照片', 'Picture'),
}

export const FINDING_SAY: Readonly<Record<Finding, Say>> = {
  supports: say('核查支持申诉', 'What was found supports it'),
  doubts: say('核查不支持申诉', 'What was found speaks against it'),
  unclear: say('核查不能确定', 'It could not be made out'),
}

export const WRONG_SAY: Readonly<Record<Wrong, Say>> = {
  source: say('来源数据有误', 'The data of the source were wrong'),
  matching: say('数据记到了您名下，实为他人', 'Somebody else’s data were put under your name'),
  late: say('来源数据更新滞后', 'The source updated its data late'),
  register: say('户籍同住登记有误', 'The register of who lives with you was wrong'),
  rule: say('规则应用有误', 'The rule was applied wrongly'),
  by_hand: say('手工变更有误', 'A change by hand was wrong'),
  declaration: say('申报内容填写有误', 'The declaration was filled in wrongly'),
  nobody: say('无人有误，情况已变化', 'Nobody was wrong: things have changed since'),
}

export const REFUSAL_SAY: Readonly<Record<Refusal, Say>> = {
  facts_hold: say('经核实，来源数据无误', 'Verified: the data of the source are right'),
  period_runs: say('期限尚未届满', 'The period is not over'),
  proof_lacking: say('材料不足以证明', 'What was shown does not prove it'),
  rule_applies: say('规则适用于您的情况', 'The rule applies to your case'),
  another_person: say('材料属于他人', 'What was shown belongs to somebody else'),
}

export const HARDSHIP_SAY: Readonly<Record<Hardship, Say>> = {
  hospital: say('就医', 'To hospital'),
  birth: say('分娩', 'Birth'),
  funeral: say('奔丧', 'Funeral'),
  dying: say('探望病危亲属', 'A dying relative'),
  medicine: say('取药', 'To fetch medicine'),
}

export const REVOKED_SAY: Readonly<Record<'not_needed' | 'misused' | 'mistake', Say>> = {
  not_needed: say('不再需要', 'No longer needed'),
  misused: say('使用不当', 'Misused'),
  mistake: say('签发有误', 'Issued by mistake'),
}

const SOONER: Partial<Record<Refusal, Say>> = {
  period_runs: say(
    '期满当日结束后码色自动转换，无需申请',
    'The colour turns by itself when the last day is over; nothing need be asked for',
  ),
  proof_lacking: say(
    '补齐车票、住宿、检测等材料后可随时再次申诉',
    'With a ticket, a bill or a test report you may object again at any time',
  ),
  another_person: say('请附本人的材料再次申诉', 'Object again with papers of your own'),
}

/** OBJECT-12: what can be done after a refusal, the nearest first. `desk` is the one above the county. */
export function remediesOf(refusal: Refusal, desk: { name: string; phone: string | null } | null): Say[] {
  const sooner = SOONER[refusal] ?? say('有新材料可随时再次申诉', 'With something new you may object again at any time')
  const phone = desk?.phone ?? null
  const above =
    desk === null
      ? []
      : [
          say(
            `可请${desk.name}网格中心复核${phone === null ? '' : `，电话 ${phone}`}`,
            `Ask the centre of ${desk.name} to look at it again${phone === null ? '' : `, telephone ${phone}`}`,
          ),
        ]
  return [
    sooner,
    ...above,
    say('可拨打 12345 投诉', 'Complain by telephone, 12345'),
    say(
      '可依法申请行政复议或提起行政诉讼',
      'Ask for administrative reconsideration, or go to court, as the law allows',
    ),
  ]
}

/** Of a granted one whose colour is still not green: that it was put right, and what else stands. */
export function afterGrant(colour: Colour | null): Say[] {
  if (colour === null || colour === 'green') return []
  return [
    say(
      `这一项已更正；因另有原因，目前仍为${COLOUR_SAY[colour].zh}，原因见健康码页`,
      `This was put right; for another reason the code is still ${COLOUR_SAY[colour].en}: see the code page`,
    ),
  ]
}

export type FactText = {
  kind: string
  value?: string | null | undefined
  degree?: number | null | undefined
  from: Day
  to: Day
}

function days(from: Day, to: Day): Say {
  return from === to ? say(from, `on ${from}`) : say(`${from} 至 ${to}`, `from ${from} to ${to}`)
}

const known = (words: Readonly<Record<string, Say>>, value: string | null | undefined): Say =>
  words[value ?? ''] ?? say(value ?? '', value ?? '')

/** What a fact says, as a sentence; `place` by its name. Of a household member only that there is one. */
export function factSay(fact: FactText, place: string | null, household = false): Say {
  const when = days(fact.from, fact.to)
  if (household) return say(`同住人相关情况（${when.zh}）`, `Something about a person of your household, ${when.en}`)
  switch (fact.kind) {
    case 'stay':
      return say(`${when.zh} 在${place ?? '某地'}`, `In ${place ?? 'some place'} ${when.en}`)
    case 'contact': {
      const who = DEGREE_SAY[fact.degree ?? 0] ?? say('接触者', 'a contact')
      return say(`${who.zh}，最后接触 ${fact.to}`, `Was ${who.en}, last on ${fact.to}`)
    }
    case 'symptom': {
      const what = known(SYMPTOM_SAY, fact.value)
      return say(`${when.zh} 有${what.zh}`, `Had ${what.en} ${when.en}`)
    }
    case 'fever_clinic': {
      const what = known(CLINIC_SAY, fact.value)
      return say(`${when.zh} 发热门诊${what.zh}`, `${what.en} at a fever clinic ${when.en}`)
    }
    case 'test': {
      const what = known(TEST_SAY, fact.value)
      return say(`${when.zh} 检测${what.zh}`, `Test ${what.en} ${when.en}`)
    }
    case 'case': {
      const what = known(CASE_SAY, fact.value)
      return say(`${when.zh} 病例状态：${what.zh}`, `Case status ${what.en} ${when.en}`)
    }
    case 'abroad':
      return say(`${when.zh} 自境外（${fact.value ?? ''}）入境`, `Arrived from abroad (${fact.value ?? ''}) ${when.en}`)
    case 'measure': {
      const what = known(MEASURE_SAY, fact.value)
      return say(`${what.zh}，自 ${fact.from}`, `${what.en}, since ${fact.from}`)
    }
    case 'declaration':
      return say(`本人申报的情况，${fact.from} 起`, `What was declared, since ${fact.from}`)
    default:
      return say(`手工变更，${when.zh}`, `A change by hand, ${when.en}`)
  }
}

/** A line of the history as the holder and the desk read it. */
export function eventSay(event: ObjectionEvent): Say {
  switch (event.kind) {
    case 'opened':
      return say(
        `提交申诉：${GROUND_SAY[event.body.ground].zh}（${ASKER_SAY[event.body.asker].zh}）`,
        `Opened: ${GROUND_SAY[event.body.ground].en} (${ASKER_SAY[event.body.asker].en})`,
      )
    case 'proved':
      return say(`补传${PROOF_SAY[event.body.proofKind].zh}`, `${PROOF_SAY[event.body.proofKind].en} added`)
    case 'taken':
      return say(`${STAGE_SAY[event.body.stage].zh}开始核查`, `${STAGE_SAY[event.body.stage].en} took it up`)
    case 'asked':
      return say(`${STAGE_SAY[event.body.stage].zh}要求补充材料`, `${STAGE_SAY[event.body.stage].en} asked for more`)
    case 'supplemented':
      return say('已补充材料', 'More was said')
    case 'passed':
      return say(
        `${STAGE_SAY[event.body.from].zh}转${STAGE_SAY[event.body.to].zh}：${FINDING_SAY[event.body.finding].zh}`,
        `${STAGE_SAY[event.body.from].en} passed it to the ${STAGE_SAY[event.body.to].en.toLowerCase()}: ${FINDING_SAY[event.body.finding].en}`,
      )
    case 'escalated':
      return say(
        `${STAGE_SAY[event.body.from].zh}逾期，自动转${STAGE_SAY[event.body.to].zh}`,
        `${STAGE_SAY[event.body.from].en} let its time pass: on to the ${STAGE_SAY[event.body.to].en.toLowerCase()} by itself`,
      )
    case 'granted':
      return say(`申诉成立：${WRONG_SAY[event.body.wrong].zh}`, `Granted: ${WRONG_SAY[event.body.wrong].en}`)
    case 'refused':
      return say(`申诉不成立：${REFUSAL_SAY[event.body.refusal].zh}`, `Refused: ${REFUSAL_SAY[event.body.refusal].en}`)
    case 'withdrawn':
      return say('申诉已撤回', 'Withdrawn')
    case 'undone':
      return say('更正已由另一人撤销', 'The correction was taken back by a second person')
    case 'reorganised':
      return say('辖区代码已调整', 'The areas were reorganised')
    case 'moved':
      return say('随本人迁居转往新住地，时限不变', 'Went along to the new home; the clock runs on')
  }
}
