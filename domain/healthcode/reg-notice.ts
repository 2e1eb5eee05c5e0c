/**
 * Why each thing is collected, on what basis, who sees it and until when (REGISTER-10; domain notes 11.3: purpose, minimum, term,
 * recipients). Shown before the first field, on the rights page, and in every copy.
 */
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { DataKind } from './reg-api.ts'

export type Collection = {
  about: DataKind
  say: Say
  why: Say
  basis: Say
  seenBy: Say
  until: Say
  correct: 'here' | 'object' | 'desk'
  erase: { may: 'now' | 'kept'; say: Say }
}

const BASIS = say(
  '传染病防治法、突发公共卫生事件应急条例和本地应急响应命令',
  'The law on infectious diseases, the regulation on public health emergencies, and the order of this response',
)
const GRID = say(
  '住处网格的网格员、所属社区和区县的值守人员',
  'The worker of the grid where you live, and the desks of the community and county',
)
const OWN = say('仅您本人', 'You alone')
const RESPONSE_END = say('应急响应结束后 30 天', '30 days after the response ends')
const KEPT_RESPONSE = {
  may: 'kept' as const,
  say: say(
    '应急响应期间依法保留，响应结束后 30 天内删除，备份一并删除',
    'Kept by law while the response lasts; deleted within 30 days after it, backups too',
  ),
}

export const COLLECTIONS: readonly Collection[] = [
  {
    about: 'identity',
    say: say('姓名、证件、电话、出生日期、性别', 'Name, document, telephone, birth date, sex'),
    why: say(
      '确认是您本人，不认错人；紧急时联系您',
      'To know that it is you and nobody else, and to reach you when it matters',
    ),
    basis: BASIS,
    seenBy: GRID,
    until: RESPONSE_END,
    correct: 'here',
    erase: KEPT_RESPONSE,
  },
  {
    about: 'residence',
    say: say('现住地址及所在网格', 'Where you live, and its grid'),
    why: say('由住处的网格员联系和帮助您', 'So that the worker of your place can reach and help you'),
    basis: BASIS,
    seenBy: GRID,
    until: RESPONSE_END,
    correct: 'here',
    erase: KEPT_RESPONSE,
  },
  {
    about: 'registration',
    say: say('登记：来源地、到达日期、交通方式、事由、单位', 'Registration: where from, when, by what, why, employer'),
    why: say(
      '判断需不需要健康管理，回应返岗需要',
      'To see whether a health plan is needed, and for going back to work',
    ),
    basis: BASIS,
    seenBy: GRID,
    until: RESPONSE_END,
    correct: 'here',
    erase: {
      may: 'now',
      say: say(
        '自愿登记的可立即删除；应当登记的保留现行一份，响应结束后 30 天内删除',
        'What you registered freely is erased at once; where registration is required the present one is kept until 30 days after the response',
      ),
    },
  },
  {
    about: 'declarations',
    say: say('申报：旅居、接触、症状、体温、同住人', 'Declarations: stays, contacts, symptoms, temperature, household'),
    why: say('按公布的规则研判码色', 'For your colour, by the published rules'),
    basis: BASIS,
    seenBy: GRID,
    until: say(
      '被新申报替代后 30 天；现行一份至应急响应结束后 30 天',
      '30 days after a newer one; the present one until 30 days after the response',
    ),
    correct: 'here',
    erase: {
      may: 'now',
      say: say('被替代的可立即删除；现行一份须保留', 'Replaced ones are erased at once; the present one is kept'),
    },
  },
  {
    about: 'returns',
    say: say('返回登记：预计日期、来源地、住处', 'Returns: expected day, from where, to where'),
    why: say('让网格员提前知道并做好准备', 'So that the worker knows beforehand and is ready'),
    basis: BASIS,
    seenBy: GRID,
    until: say('办结或取消后 30 天', '30 days after they ended'),
    correct: 'here',
    erase: {
      may: 'now',
      say: say('已办结或取消的可立即删除；未到的请先取消', 'Ended ones are erased at once; cancel what is open first'),
    },
  },
  {
    about: 'family',
    say: say('您代管的孩子和老人，或代管您的人', 'Children and elders you stand for, or who stands for you'),
    why: say('替没有手机的家人登记和出示', 'To register and show for those without a phone'),
    basis: say('您本人的申请', 'Your own request'),
    seenBy: say('您和相关家人', 'You and those it is about'),
    until: say(
      '结束代管之日；记录至应急响应结束后 30 天',
      'Until you end it; the record until 30 days after the response',
    ),
    correct: 'here',
    erase: { may: 'now', say: say('随时可结束代管', 'May be ended at any time') },
  },
  {
    about: 'facts',
    say: say('各部门推送或您申报的线索', 'Facts about you from offices and from your own declarations'),
    why: say('按公布的规则研判', 'To be judged by the published rules'),
    basis: BASIS,
    seenBy: say('研判系统；网格员只看到结论和理由', 'The program; workers see the result and its reason only'),
    until: RESPONSE_END,
    correct: 'object',
    erase: KEPT_RESPONSE,
  },
  {
    about: 'grades',
    say: say('研判结论及理由', 'Results and their reasons'),
    why: say('说明为什么、到哪天', 'To say why, and until when'),
    basis: BASIS,
    seenBy: GRID,
    until: RESPONSE_END,
    correct: 'object',
    erase: KEPT_RESPONSE,
  },
  {
    about: 'codes',
    say: say('健康码的变化记录', 'How your code changed'),
    why: say('说明何时、因何变化', 'To say when and why it changed'),
    basis: BASIS,
    seenBy: GRID,
    until: RESPONSE_END,
    correct: 'object',
    erase: KEPT_RESPONSE,
  },
  {
    about: 'objections',
    say: say('申诉：说明、证明、答复', 'Objections: words, proof, answer'),
    why: say('核对码色对不对，错了就改', 'To see whether the colour is right, and to put it right'),
    basis: say('您本人的申诉', 'Your own objection'),
    seenBy: say(
      '办理的网格中心；查看说明和证明均留记录',
      'The desks that decide; who reads words or proof is recorded',
    ),
    until: say('办结后 90 天', '90 days after it ended'),
    correct: 'here',
    erase: { may: 'kept', say: say('办结 90 天后自动删除', 'Deleted by itself 90 days after it ended') },
  },
  {
    about: 'passes',
    say: say('临时通行证', 'Temporary passes'),
    why: say('就医、奔丧等急事放行', 'So that hardship may pass'),
    basis: say('您本人的申请', 'Your own request'),
    seenBy: say('签发的网格中心、查验的卡口', 'The desk that issued it, the gate that looks it up'),
    until: say('到期后 30 天', '30 days after its end'),
    correct: 'desk',
    erase: { may: 'kept', say: say('到期后自动删除', 'Deleted by itself after its end') },
  },
  {
    about: 'contradictions',
    say: say('与您的申报不一致之处', 'What does not fit your declaration'),
    why: say('请您说明，或更正我方数据；不影响码色', 'To ask you, or to correct our data; no colour comes of it'),
    basis: BASIS,
    seenBy: GRID,
    until: say('消除或认定后 90 天', '90 days after it ended'),
    correct: 'here',
    erase: { may: 'kept', say: say('消除或认定 90 天后自动删除', 'Deleted by itself 90 days after it ended') },
  },
  {
    about: 'observations',
    say: say('居家观察及读数', 'Home observation and readings'),
    why: say('依法落实健康管理', 'To carry out a measure ordered by law'),
    basis: BASIS,
    seenBy: say('包保小组、社区医生', 'Your team and its doctor'),
    until: say('解除后 90 天', '90 days after release'),
    correct: 'object',
    erase: {
      may: 'kept',
      say: say('解除后 90 天自动删除', 'Deleted by itself 90 days after release'),
    },
  },
  {
    about: 'readings',
    say: say('观察期间填报的体温和症状', 'Temperatures and symptoms reported under observation'),
    why: say('有人不舒服时及时送医', 'So that whoever is unwell is seen to in time'),
    basis: BASIS,
    seenBy: say('包保小组、社区医生', 'Your team and its doctor'),
    until: say('解除后 90 天', '90 days after release'),
    correct: 'desk',
    erase: { may: 'kept', say: say('解除后 90 天自动删除', 'Deleted by itself 90 days after release') },
  },
  {
    about: 'services',
    say: say('请求和安排的帮助、用药', 'Help asked for and arranged, medicines'),
    why: say('送物资、送药、就医', 'To bring food and medicine, and for medical care'),
    basis: say('您本人的请求', 'Your own request'),
    seenBy: say('送达的志愿者、包保小组', 'Whoever brings it, and your team'),
    until: say('观察解除后 90 天', '90 days after release'),
    correct: 'desk',
    erase: { may: 'kept', say: say('到期自动删除', 'Deleted by itself when the term ends') },
  },
  {
    about: 'visits',
    say: say('走访记录', 'Visits'),
    why: say('核实情况、提供帮助', 'To check and to help'),
    basis: BASIS,
    seenBy: GRID,
    until: say('专项排查结束后 30 天', '30 days after the campaign'),
    correct: 'object',
    erase: { may: 'kept', say: say('到期自动删除', 'Deleted by itself when the term ends') },
  },
  {
    about: 'tasks',
    say: say('请网格员核对或联系您的任务', 'Tasks to check with you or to call you'),
    why: say('由同一位网格员核对一次，不重复上门', 'So that one worker asks once, and nobody knocks twice'),
    basis: BASIS,
    seenBy: GRID,
    until: say('专项排查结束后 30 天', '30 days after the campaign'),
    correct: 'desk',
    erase: { may: 'kept', say: say('到期自动删除', 'Deleted by itself when the term ends') },
  },
  {
    about: 'employers',
    say: say('把您列入名单的单位、学校', 'Companies and schools that have listed you'),
    why: say('让单位只知道能不能到岗', 'So that they learn whether you may work, and nothing else'),
    basis: say('您本人的同意', 'Your own consent'),
    seenBy: say('单位只看到能否到岗', 'The employer sees whether you may work'),
    until: say('撤回同意之时；离开名单 30 天后删除', 'Until you withdraw; 30 days after you left the list'),
    correct: 'here',
    erase: { may: 'now', say: say('随时可撤回同意', 'Consent is withdrawn at any time') },
  },
  {
    about: 'drafts',
    say: say('没有提交的草稿', 'Drafts not sent in'),
    why: say('断网、换手机也不丢', 'So that nothing is lost'),
    basis: say('您本人的填写', 'Your own typing'),
    seenBy: OWN,
    until: say('最后一次改动后 30 天', '30 days after the last change'),
    correct: 'here',
    erase: { may: 'now', say: say('可立即删除', 'Erased at once') },
  },
  {
    about: 'account',
    say: say('登录手机号', 'The number you log in with'),
    why: say('确认是您在操作', 'To know that it is you'),
    basis: say('您本人的申请', 'Your own request'),
    seenBy: OWN,
    until: say('注销之日', 'Until you close it'),
    correct: 'here',
    erase: { may: 'now', say: say('可随时更换或注销', 'May be changed or closed at any time') },
  },
]

export function collectionOf(about: DataKind): Collection {
  const found = COLLECTIONS.find((one) => one.about === about)
  if (!found) throw new RangeError(`no notice for ${about}`)
  return found
}
