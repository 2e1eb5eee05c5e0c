import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

type Nothing = Record<string, never>

export const observationEnded = defineProblem<{ outcome: string; on: string }>({
  code: 'OBSERVATION_ENDED',
  kind: 'conflict',
  rule: 'OBS-23',
  message: ({ on }) => say(`这项居家观察已于 ${on} 结束`, `This observation has ended on ${on}`),
  remedy: () => say('请查看其经过；确需再观察的另行建立', 'See what happened; open another one where that is needed'),
})

export const observationLapsed = defineProblem<{ endDay: string }>({
  code: 'OBSERVATION_LAPSED',
  kind: 'conflict',
  rule: 'OBS-20',
  message: ({ endDay }) =>
    say(
      `最后一天 ${endDay} 已过 12 小时，措施已失效`,
      `The last day, ${endDay}, was over 12 hours ago; the measure has lapsed`,
    ),
  remedy: () => say('请补办解除告知单', 'Write the release note now'),
})

export const observationOver = defineProblem<{ endDay: string; today: string }>({
  code: 'OBSERVATION_OVER',
  kind: 'refused',
  rule: 'OBS-4',
  message: ({ endDay }) =>
    say(`按规则 ${endDay} 已满期，不再观察`, `By rule the days were over on ${endDay}; nobody is observed`),
  remedy: () =>
    say(
      '核对最后接触日期；确已满期的，核查结论选“已满期”',
      'Check the day of the last exposure; if it is right, answer "period over"',
    ),
})

export const endUnknown = defineProblem<Nothing>({
  code: 'OBSERVATION_END_UNKNOWN',
  kind: 'refused',
  rule: 'OBS-4',
  message: () =>
    say('最后接触日期未知，没有满期日', 'The day of the last exposure is not known, so there is no last day'),
  remedy: () => say('请先补录最后接触日期', 'Enter the day of the last exposure first'),
})

export const endKnown = defineProblem<{ endDay: string }>({
  code: 'OBSERVATION_END_KNOWN',
  kind: 'conflict',
  rule: 'OBS-4',
  message: ({ endDay }) => say(`满期日已定为 ${endDay}`, `The last day is set already: ${endDay}`),
  remedy: () =>
    say(
      '延长须有医生书面决定，缩短须两人办理',
      'A doctor extends in writing; shortening is asked by one and approved by another',
    ),
})

export const badEnd = defineProblem<{ endDay: string; earliest: string; latest: string }>({
  code: 'OBSERVATION_BAD_END',
  kind: 'invalid',
  rule: 'OBS-15',
  message: ({ earliest, latest }) =>
    say(`满期日应在 ${earliest} 至 ${latest} 之间`, `The last day must lie from ${earliest} to ${latest}`),
  remedy: () => say('请改选日期', 'Choose another day'),
})

export const noticeFirst = defineProblem<Nothing>({
  code: 'OBSERVATION_NOTICE_FIRST',
  kind: 'refused',
  rule: 'OBS-7',
  message: () => say('尚未送达告知书', 'The notice has not been given yet'),
  remedy: () => say('请先送达告知书并讲明权利', 'Give the notice and tell of the rights first'),
})

export const suitabilityFirst = defineProblem<Nothing>({
  code: 'OBSERVATION_SUITABILITY_FIRST',
  kind: 'refused',
  rule: 'OBS-8',
  message: () => say('尚未核查居家条件', 'Whether the home is fit has not been looked at yet'),
  remedy: () =>
    say(
      '请先核查单间、卫生间、同住人、老人、宠物和用药',
      'Look at room, toilet, co-residents, elderly, pets and medicines first',
    ),
})

export const homeUnfit = defineProblem<Nothing>({
  code: 'OBSERVATION_HOME_UNFIT',
  kind: 'refused',
  rule: 'OBS-8',
  message: () =>
    say('居家条件不符合，或本人要求集中观察', 'The home is not fit, or the person asks for a central place'),
  remedy: () => say('请转集中观察点或改换住处', 'Go to a central place, or to another place of stay'),
})

export const proofMissing = defineProblem<{ how: string }>({
  code: 'OBSERVATION_PROOF_MISSING',
  kind: 'invalid',
  rule: 'OBS-10',
  message: () =>
    say(
      '承诺书须手写签名、拍照，或由见证人填写',
      'A commitment is signed by hand, photographed on paper, or entered by a witness',
    ),
  remedy: () =>
    say(
      '请补上签名、照片或见证人的填写；不录音',
      'Add the signature, the photo or the entry of the witness; no sound is recorded',
    ),
})

export const paperTaken = defineProblem<{ id: string }>({
  code: 'OBSERVATION_PAPER_TAKEN',
  kind: 'conflict',
  rule: 'OBS-10',
  message: () => say('这个编号下已有另一张照片', 'Another picture lies under this id'),
  remedy: () => say('请重新拍照并登记承诺', 'Take the picture again and enter the commitment anew'),
})

export const notBinding = defineProblem<{ measure: string }>({
  code: 'OBSERVATION_NOT_BINDING',
  kind: 'refused',
  rule: 'OBS-2',
  message: () =>
    say('这项措施不限制外出，外出不是违反', 'This measure does not keep anybody in; going out is no breach'),
  remedy: () => say('如有聚集或症状，请按相应步骤登记', 'Record a gathering or a symptom for what it is'),
})

export const welfareFirst = defineProblem<Nothing>({
  code: 'OBSERVATION_WELFARE_FIRST',
  kind: 'refused',
  rule: 'OBS-12',
  message: () =>
    say('未按时报告先问平安，再谈违反', 'Readings that did not come are first a question whether the person is well'),
  remedy: () => say('请先电话或上门问候并登记情况', 'Call or knock first and record how the person is'),
})

export const breachOpen = defineProblem<Nothing>({
  code: 'OBSERVATION_BREACH_OPEN',
  kind: 'conflict',
  rule: 'OBS-13',
  message: () => say('已有一次违反正在处理', 'A breach is being dealt with already'),
  remedy: () => say('请在其下继续登记', 'Record what followed under it'),
})

export const noBreach = defineProblem<Nothing>({
  code: 'OBSERVATION_NO_BREACH',
  kind: 'conflict',
  rule: 'OBS-13',
  message: () => say('没有正在处理的违反', 'No breach is being dealt with'),
})

export const outingFree = defineProblem<Nothing>({
  code: 'OBSERVATION_OUTING_FREE',
  kind: 'refused',
  rule: 'OBS-27',
  message: () => say('这项措施可以外出，无需同意', 'This measure lets the person out; nothing has to be agreed to'),
})

export const outingNotFor = defineProblem<{ purpose: string; way: string }>({
  code: 'OBSERVATION_OUTING_NOT_FOR',
  kind: 'refused',
  rule: 'OBS-27',
  message: () => say('这项措施不能为此或以此方式外出', 'This measure lets nobody out for this, or this way'),
  remedy: () =>
    say(
      '居家隔离只为就医、检测或紧急情况，由专车或救护车接送；其他需要请登记为服务',
      'A quarantine is left for a doctor, a test or an emergency, by special car or ambulance; anything else is asked for as a service',
    ),
})

export const badOuting = defineProblem<{ from: string; to: string; hours: number }>({
  code: 'OBSERVATION_OUTING_HOURS',
  kind: 'invalid',
  rule: 'OBS-27',
  message: () => say('外出时间不对', 'The hours of the outing do not fit'),
  remedy: ({ hours }) =>
    say(
      `起止在观察期内，最长 ${hours} 小时，最早为昨天此刻，最晚为七天后`,
      `Within the days, at most ${hours} hours, not before this time yesterday and within seven days from now`,
    ),
})

export const outingThere = defineProblem<{ from: string; to: string }>({
  code: 'OBSERVATION_OUTING_THERE',
  kind: 'conflict',
  rule: 'OBS-27',
  message: () => say('这段时间已有同意的外出', 'An outing in these hours has been agreed to already'),
  remedy: () => say('如有变动，先取消原来的', 'Call that one off first if it changes'),
})

export const noOuting = defineProblem<Nothing>({
  code: 'OBSERVATION_NO_OUTING',
  kind: 'conflict',
  rule: 'OBS-27',
  message: () => say('没有要登记的外出', 'There is no outing to note this of'),
})

export const outingAgreed = defineProblem<{ from: string; to: string }>({
  code: 'OBSERVATION_OUTING_AGREED',
  kind: 'refused',
  rule: 'OBS-27',
  message: () => say('这段时间外出是社区同意的，不算违反', 'Being out in these hours was agreed to; it is no breach'),
  remedy: () => say('过了时间仍未返回的，先联系本人', 'Ring the person first when the hours are over'),
})

export const breachOrder = defineProblem<Nothing>({
  code: 'OBSERVATION_BREACH_ORDER',
  kind: 'refused',
  rule: 'OBS-13',
  message: () =>
    say(
      '先电话、再上门、再劝导，然后才转民警或事件',
      'Call, then knock, then persuade; only then police or an incident',
    ),
  remedy: () => say('请先登记上门的情况', 'Record the visit to the door first'),
})

export const careNotBegun = defineProblem<Nothing>({
  code: 'OBSERVATION_CARE_NOT_BEGUN',
  kind: 'conflict',
  rule: 'OBS-11',
  message: () => say('没有就医记录，无从返回', 'There is no way to a doctor to come back from'),
  remedy: () => say('请先登记联系医生或送医', 'Record the doctor or the clinic first'),
})

export const noShortening = defineProblem<Nothing>({
  code: 'OBSERVATION_NO_SHORTENING',
  kind: 'conflict',
  rule: 'OBS-15',
  message: () => say('没有待批的提前解除', 'Nothing waits for approval'),
})

export const releaseNotYet = defineProblem<{ endDay: string }>({
  code: 'OBSERVATION_RELEASE_NOT_YET',
  kind: 'refused',
  rule: 'OBS-19',
  message: ({ endDay }) =>
    say(`最后一天是 ${endDay}，当天仍在观察中`, `The last day is ${endDay}; it counts until its end`),
  remedy: () =>
    say(
      '可在最后一天先做解除核查，次日零点起解除',
      'The checks can be made on the last day; the release follows from midnight on',
    ),
})

export const checkFirst = defineProblem<Nothing>({
  code: 'OBSERVATION_CHECK_FIRST',
  kind: 'refused',
  rule: 'OBS-19',
  message: () => say('尚未做解除核查', 'The checks before a release have not been made'),
  remedy: () => say('请先核实症状和检测', 'Ask for symptoms and tests first'),
})

export const notWellYet = defineProblem<{ why: string }>({
  code: 'OBSERVATION_NOT_WELL',
  kind: 'refused',
  rule: 'OBS-19',
  message: () => say('有症状未了结或检测未出', 'A symptom is not settled or a test has no result yet'),
  remedy: () => say('请医生作出书面决定，或登记已了结', 'A doctor decides in writing, or it is recorded as settled'),
})

export const notReleased = defineProblem<Nothing>({
  code: 'OBSERVATION_NOT_RELEASED',
  kind: 'conflict',
  rule: 'OBS-19',
  message: () => say('尚未解除', 'It is not released yet'),
})

export const noObjection = defineProblem<Nothing>({
  code: 'OBSERVATION_NO_OBJECTION',
  kind: 'conflict',
  rule: 'OBS-21',
  message: () => say('没有未答复的异议', 'There is no objection to answer'),
})

export const sameStay = defineProblem<Nothing>({
  code: 'OBSERVATION_SAME_STAY',
  kind: 'conflict',
  rule: 'OBS-16',
  message: () => say('住处没有变化', 'The place of stay is the same'),
})

export const stayUnknown = defineProblem<Nothing>({
  code: 'OBSERVATION_STAY_UNKNOWN',
  kind: 'invalid',
  rule: 'OBS-6',
  message: () => say('没有写明住在哪里', 'Where the person stays is not said'),
  remedy: () => say('请选择住户或辖区', 'Choose a door or an area'),
})

export const rulesDecided = defineProblem<{ state: string }>({
  code: 'OBSERVATION_RULES_DECIDED',
  kind: 'conflict',
  rule: 'OBS-4',
  message: () => say('这一版已经有人决定', 'This version has been decided already'),
  remedy: () => say('如需改动，请另提一版', 'Propose another version to change it'),
})
