import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { ObservationList } from './api.ts'
import type { ObservationState, ObservationStateName, Step } from './fold.ts'
import { MEASURE_RULES } from './measure.ts'

/** The seven steps in words; ours in the spirit of the method, whose own wording is not public (OBS-7). */
export const STEP_NAMES: Record<Step, Say> = {
  notify: say('告知', 'Notify'),
  agree: say('承诺', 'Agree'),
  bind: say('包保', 'Bind the team'),
  check: say('日检', 'Daily check'),
  serve: say('服务', 'Serve'),
  guard: say('守护', 'Guard'),
  release: say('解除', 'Release'),
}

export const STATE_NAMES: Record<ObservationStateName, Say> = {
  opened: say('已建立', 'Opened'),
  unsuitable: say('居家条件不符', 'Home not fit'),
  suitable: say('居家条件符合', 'Home is fit'),
  notified: say('已告知', 'Notified'),
  refused: say('拒签承诺', 'Refused to sign'),
  active: say('观察中', 'Under way'),
  symptomatic: say('有症状', 'Has symptoms'),
  referred: say('就医中', 'On the way to care'),
  admitted: say('已住院', 'Admitted'),
  breach: say('违反处理中', 'Breach being dealt with'),
  lapsed: say('逾期失效', 'Lapsed'),
  released: say('已解除', 'Released'),
  transferred: say('已转出', 'Transferred'),
  to_central: say('转集中', 'To a central place'),
  cancelled: say('已撤销', 'Cancelled'),
}

export const LIST_NAMES: Record<ObservationList, Say> = {
  open: say('未结', 'Open'),
  observed: say('观察中', 'Observed now'),
  release_due: say('待解除', 'Due for release'),
  lapsed: say('逾期失效', 'Lapsed'),
  undated: say('无满期日', 'No last day'),
  care: say('症状与就医', 'Symptoms and care'),
  breach: say('违反', 'Breach'),
  shortening: say('待批提前解除', 'Early end to approve'),
  outing_asked: say('外出申请待答复', 'Outings asked for'),
  out: say('已同意外出', 'Outings agreed to'),
  unanswered: say('孩子没有负责人', 'Children nobody answers for'),
  follow_up: say('待回访', 'Follow-up call due'),
  opened: say('新增', 'Opened'),
  released: say('解除', 'Released'),
  lapsed_on: say('逾期', 'Lapsed'),
  ended: say('结束', 'Ended'),
  transferred_out: say('转出外县', 'Passed on to another county'),
  transferred_in: say('外县转入', 'Taken over from another county'),
}

/** What the notice says (OBS-9, OBS-21); the place may print its own letterhead around it, not other rights. */
export const NOTICE = {
  rules: [
    say('每日早晚各测一次体温并报告', 'Measure and report the temperature every morning and evening'),
    say(
      '体温 37.3℃ 及以上，或干咳、乏力、咽痛、嗅味觉减退、腹泻等，立即报告；由专车送发热门诊，不乘公共交通',
      'Report at once a temperature of 37.3 °C or more, dry cough, fatigue, sore throat, loss of smell or taste, diarrhoea; a special car takes you to the fever clinic, no public transport',
    ),
    say(
      '单人单间，尽量使用独立卫生间；不接待访客',
      'One person one room, a toilet of your own where possible; no visitors',
    ),
    say('生活垃圾装袋投入专用桶', 'Bag your rubbish for the dedicated bin'),
    say(
      '食品、药品、就医等需要可随时提出，由包保小组办理',
      'Ask at any time for food, medicine or a doctor; your team sees to it',
    ),
  ],
  consequence: say(
    '不履行观察义务的，依照《传染病防治法》等规定承担相应责任',
    'Whoever does not keep to the observation is liable under the law on the prevention of infectious diseases',
  ),
  central: say(
    '居家条件不便的，有权要求到集中观察点观察',
    'If your home makes it hard, you have the right to be observed in a central place',
  ),
  objection: say(
    '对本告知有异议的，可向下列单位提出，异议期间仍按告知执行',
    'You may object to this notice at the place below; it stands while your objection is looked at',
  ),
  privacy: say(
    '所填信息仅用于本次疫情防控，解除后 90 天内删除；不公开、不用于其他用途',
    'What is recorded serves this outbreak only and is deleted 90 days after the release; it is not made public and used for nothing else',
  ),
  release: say(
    '居家观察已满期，经核查符合解除条件，即日起解除。请继续做好个人防护。',
    'The days of the observation are over and what a release asks for is met; it ends today. Please go on protecting yourself.',
  ),
  /** Nobody had to look: self-monitoring ends by itself. */
  releaseUnchecked: say(
    '监测已满期，即日起结束。请继续做好个人防护。',
    'The days of the monitoring are over; it ends today. Please go on protecting yourself.',
  ),
  /** Who is in hospital is handed over to it (OBS-19); the note says nothing of an illness, others will read it. */
  releaseHandedOver: say(
    '居家观察已满期，即日起结束，后续由接收单位负责。',
    'The days of the home observation are over and it ends today; whoever has taken over goes on.',
  ),
} as const

/** OBS-19: what the release note says of this one: only what was found, and no word of health. */
export function releaseWords(state: Pick<ObservationState, 'measure' | 'care'>): Say {
  if (state.care?.stage === 'admitted') return NOTICE.releaseHandedOver
  return MEASURE_RULES[state.measure].needs.commitment ? NOTICE.release : NOTICE.releaseUnchecked
}
