import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { ObservationReason, StepName } from './api.ts'
import type { OUTING_REFUSALS, OutingAgreedBy, OutingPurpose, OutingWay } from './outing.ts'
import type { OutingNow } from './outing-now.ts'
import type { BREACH_STEPS, CareStage, ObservationEvent } from './event.ts'
import type { z } from 'zod'

/** The words of the steps for desk and phone: one table, so that both say the same. What a step says as codes is named here too. */
export const REASON_NAMES: Record<z.infer<typeof ObservationReason>, Say> = {
  close_contact: say('密切接触', 'Close contact'),
  secondary_contact: say('密接的密接', 'Contact of a contact'),
  risk_area: say('来自风险地区', 'From a risk area'),
  abroad: say('入境', 'From abroad'),
  after_central: say('集中观察后', 'After a central place'),
  recovered: say('出院康复', 'Out of hospital'),
  co_resident: say('同住人员', 'Lives with somebody observed'),
  other: say('其他', 'Other'),
}

/** Verbs for buttons. */
export const STEP_VERBS: Record<StepName, Say> = {
  suitability: say('核查居家条件', 'Look at the home'),
  notice: say('登记已告知', 'Note that it was told'),
  commitment: say('登记承诺', 'Take the commitment'),
  refusal: say('登记拒签', 'Note a refusal to sign'),
  team: say('绑定包保小组', 'Bind the team'),
  symptom: say('登记症状', 'Note symptoms'),
  symptom_over: say('症状消失', 'Symptoms are over'),
  care: say('登记就医进展', 'Note the way to care'),
  welfare: say('登记问候', 'Note a welfare check'),
  breach: say('登记违反', 'Note a breach'),
  breach_step: say('登记处理', 'Note what was done'),
  breach_over: say('违反了结', 'Close the breach'),
  ask_outing: say('登记外出申请', 'Note that an outing is asked for'),
  outing: say('同意外出', 'Agree to an outing'),
  refuse_outing: say('不同意外出', 'Say no to the outing'),
  outing_over: say('登记已返回或取消', 'Note back home, or called off'),
  date: say('补最后接触日', 'Set the day of exposure'),
  extend: say('延长', 'Add days'),
  shorten: say('申请提前解除', 'Ask for an early end'),
  decide_shorten: say('审批提前解除', 'Decide the early end'),
  stay: say('更换住处', 'Change the place of stay'),
  central: say('转集中观察', 'Move to a central place'),
  responder: say('指定负责人', 'Name who answers'),
  objection: say('登记异议', 'Note an objection'),
  answer_objection: say('答复异议', 'Answer the objection'),
  check_release: say('解除前核查', 'Check for the release'),
  release: say('解除', 'Release'),
  follow_up: say('登记回访', 'Note the follow-up call'),
  cancel: say('登记错误，撤销', 'Cancel as an error'),
}

/** What a step does, and what it does not do, for whoever is about to do it. */
export const STEP_EFFECTS: Record<StepName, Say> = {
  suitability: say(
    '有单间和独立卫生间、或独居为符合。本人有权要求集中观察；条件不符或有此要求的，不签承诺（OBS-8）。',
    'A room and a toilet of one’s own, or living alone, is fit. Who would rather go to a central place has the right to; then no commitment is taken (OBS-8).',
  ),
  notice: say(
    '本人已拿到、看到或听到告知书。从此刻起按次填报。',
    'The person has the notice, or has seen or heard it. Readings are asked for from now on.',
  ),
  commitment: say(
    '只登记签名或见证，不录音（OBS-10）。',
    'Only a signature or a witness; no sound is recorded (OBS-10).',
  ),
  refusal: say(
    '如实登记。观察照常进行，不因拒签封门（OBS-10）。',
    'Recorded as it is. The observation goes on and nobody is locked in for it (OBS-10).',
  ),
  team: say('由该户现有的包保小组负责。', 'The team that stands at this door is responsible.'),
  symptom: say(
    '即刻办理：医生、发热门诊、转运，各记时间（OBS-11）。',
    'Urgent: doctor, clinic and the way there, each with its time (OBS-11).',
  ),
  symptom_over: say('写明谁确认、怎样确认。', 'Say who found so, and how.'),
  care: say('每一步各记时间；住院的按住院继续。', 'Each link with its time; who is admitted goes on as admitted.'),
  welfare: say('没有回音先问平安，再谈其他（OBS-12）。', 'Silence is first a question whether all is well (OBS-12).'),
  breach: say(
    '依次处理：电话、上门、劝导，然后才是民警或事件。不重新计日（OBS-13）。',
    'Dealt with in order: call, door, persuade, then police or an incident. The days do not begin anew (OBS-13).',
  ),
  breach_step: say('按次序登记做过的处理。', 'What was done, in its order.'),
  breach_over: say('违反了结，观察照原日期继续。', 'The breach is over; the days stay as they were.'),
  ask_outing: say(
    '代本人登记，网格中心和网格员会看到，由社区答复（OBS-27）。',
    'For the person; the centre and the worker see it, and the community answers (OBS-27).',
  ),
  outing: say(
    '写明谁同意、为什么、从几点到几点、怎么去。这段时间在外不算违反（OBS-27）。',
    'Say who agreed, what for, from when to when and which way. Being out in these hours is no breach (OBS-27).',
  ),
  refuse_outing: say(
    '写明理由，本人看得到；能代办的请转为服务。',
    'The person sees why; what can be brought becomes a service.',
  ),
  outing_over: say('已返回的记返回；还没出门的记取消。', 'Back home, or, before it has begun, called off.'),
  date: say('补上后由规则算出满期日。', 'The last day follows from the rule.'),
  extend: say(
    '只能由医生凭书面决定办理，每次最多 28 天（OBS-14）。',
    'By a doctor alone, with the reference of the written decision, at most 28 days at a time (OBS-14).',
  ),
  shorten: say('由另一人批准后生效（OBS-15）。', 'It holds once another person has approved it (OBS-15).'),
  decide_shorten: say(
    '批准后按新日期结束，迟批的即时结束。',
    'Approved, it ends on the new day; approved late, it ends now.',
  ),
  stay: say(
    '县内只改住处；外县的在此处转出、到那里继续，日期不变（OBS-16）。',
    'Inside the county only the place changes; in another county it goes on there with the same days (OBS-16).',
  ),
  central: say('居家观察在此结束，措施在集中点继续（OBS-17）。', 'It ends here; the measure goes on there (OBS-17).'),
  responder: say(
    '由谁代为填报和接电话；不选为本人。孩子须指定一人（OBS-28）。',
    'Who reports and is rung up; nobody chosen means the person. A child needs somebody (OBS-28).',
  ),
  objection: say('异议期间照常（OBS-21）。', 'It stands meanwhile (OBS-21).'),
  answer_objection: say('答复入档并告知本人。', 'The answer is kept in the file; tell the person.'),
  check_release: say(
    '最后一天或之后核查。当天未办的，到点自动解除（OBS-19）。',
    'On the last day or after. Whoever was checked is released when the day is over (OBS-19).',
  ),
  release: say(
    '即日起解除，出具告知单，三天后回访，90 天后删除档案。',
    'It ends today with its note; a call follows in three days, and the file is deleted after 90.',
  ),
  follow_up: say('解除后的电话回访。', 'The call after the release.'),
  cancel: say(
    '视为没有发生：不计数，事实撤回（OBS-18）。',
    'It was none: no figure counts it and its facts are taken back (OBS-18).',
  ),
}

type Words<K extends string> = Record<K, Say>

export const HOW_TOLD: Words<'paper' | 'screen' | 'read'> = {
  paper: say('给了纸质告知书', 'On paper'),
  screen: say('在屏幕上看过', 'Read on a screen'),
  read: say('宣读', 'Read out'),
}
export const HOW_AGREED: Words<'signed' | 'paper' | 'witness'> = {
  signed: say('手机上手写签名', 'Signed on the phone'),
  paper: say('纸上签名并拍照', 'Signed on paper, photographed'),
  witness: say('宣读后口头同意，有见证人', 'Read out and agreed to before a witness'),
}
export const REFUSAL_REASONS: Words<'disputes' | 'wants_central' | 'cannot_stay' | 'other'> = {
  disputes: say('有异议', 'Disputes it'),
  wants_central: say('要求集中观察', 'Would rather go to a central place'),
  cannot_stay: say('无法居家', 'Cannot stay at home'),
  other: say('其他', 'Other'),
}
export const HOW_ASKED: Words<'phone' | 'door' | 'relative'> = {
  phone: say('打电话', 'By telephone'),
  door: say('上门', 'At the door'),
  relative: say('问家人', 'Through a relative'),
}
export const HOW_FOUND: Words<'well' | 'needs_help' | 'unwell' | 'not_there'> = {
  well: say('平安', 'Well'),
  needs_help: say('需要帮助', 'Needs help'),
  unwell: say('不舒服', 'Unwell'),
  not_there: say('没有找到', 'Not there'),
}
export const BREACHES: Words<'left' | 'visitors' | 'co_resident_left' | 'no_readings'> = {
  left: say('外出', 'Went out'),
  visitors: say('有访客', 'Had visitors'),
  co_resident_left: say('同住人外出', 'A co-resident went out'),
  no_readings: say('问候过仍不填报', 'No readings, after being asked'),
}
export const BREACH_DONE: Words<(typeof BREACH_STEPS)[number]> = {
  called: say('打了电话', 'Rung up'),
  at_the_door: say('上了门', 'Gone to the door'),
  persuaded: say('劝导', 'Persuaded'),
  police: say('民警到场', 'Police'),
  incident: say('转为事件', 'Made an incident'),
}
export const BREACH_ENDS: Words<'back' | 'explained' | 'handed_over' | 'error'> = {
  back: say('已回家', 'Is back'),
  explained: say('有正当理由', 'Explained'),
  handed_over: say('已移交', 'Handed over'),
  error: say('登记错误', 'Entered by error'),
}
export const OUTING_FOR: Words<OutingPurpose> = {
  medical: say('就医', 'To see a doctor'),
  test: say('检测', 'A test'),
  medicine: say('取药', 'To fetch medicine'),
  food: say('买菜买米', 'To buy food'),
  family: say('家中急事', 'A family matter that cannot wait'),
  emergency: say('突发紧急情况', 'An emergency'),
  other: say('其他必要事项', 'Another need'),
}
export const OUTING_BY: Words<OutingWay> = {
  special_car: say('专车接送', 'Special car'),
  ambulance: say('救护车', 'Ambulance'),
  own_way: say('自行前往，不乘公共交通', 'On one’s own, no public transport'),
}
export const OUTING_AGREED: Words<OutingAgreedBy> = {
  cadre: say('社区干部', 'Cadre'),
  doctor: say('医生', 'Doctor'),
  centre: say('网格中心', 'The centre'),
}
export const OUTING_NO: Words<(typeof OUTING_REFUSALS)[number]> = {
  brought_instead: say('由人代办或送上门', 'It is brought or done for the person'),
  not_needed: say('没有必要', 'There is no need'),
  too_long: say('时间过长', 'It takes too long'),
  not_allowed: say('这项措施不允许', 'The measure does not allow it'),
  other: say('其他', 'Other'),
}
export const OUTING_NOW: Words<OutingNow> = {
  ahead: say('未到时间', 'ahead'),
  out: say('外出中（已同意）', 'out now, agreed to'),
  overdue: say('时间已过，未登记返回', 'its hours are over, not noted as back'),
  back: say('已返回', 'back'),
  off: say('已取消', 'called off'),
}
export const CARE_NAMES: Words<CareStage> = {
  doctor_called: say('已联系医生', 'Doctor called'),
  doctor_seen: say('医生已看', 'Seen by a doctor'),
  clinic_asked: say('联系发热门诊', 'Clinic asked'),
  clinic_seen: say('发热门诊已看', 'Seen at the clinic'),
  hospital_asked: say('联系转运', 'Transport asked for'),
  hospital_left: say('已出发', 'On the way'),
  hospital_arrived: say('已到医院', 'Arrived'),
  admitted: say('住院', 'Admitted'),
  returned: say('已返回', 'Back home'),
}
export const EARLY_REASONS: Words<'wrong_exposure' | 'rule_changed' | 'contact_excluded' | 'other'> = {
  wrong_exposure: say('接触日期有误', 'Wrong day of exposure'),
  rule_changed: say('规定调整', 'The rule changed'),
  contact_excluded: say('排除接触', 'The contact was excluded'),
  other: say('其他', 'Other'),
}
export const PLACES: Words<'home' | 'elsewhere' | 'central'> = {
  home: say('自己家', 'At home'),
  elsewhere: say('另外的住处', 'Elsewhere'),
  central: say('集中观察点', 'A central place'),
}
export const OBJECTION_ENDS: Words<'kept' | 'changed' | 'ended'> = {
  kept: say('维持', 'Stands'),
  changed: say('已更改', 'Changed'),
  ended: say('已结束', 'Ended'),
}
export const TESTS: Words<'negative' | 'not_asked' | 'pending'> = {
  negative: say('阴性', 'Negative'),
  not_asked: say('未要求', 'Not asked for'),
  pending: say('结果未出', 'Not back yet'),
}
export const FOLLOW_UPS: Words<'well' | 'unwell' | 'not_reached'> = {
  well: say('平安', 'Well'),
  unwell: say('不舒服', 'Unwell'),
  not_reached: say('没联系上', 'Not reached'),
}
export const CANCEL_REASONS: Words<'wrong_person' | 'duplicate' | 'entry_error' | 'no_basis'> = {
  wrong_person: say('登错人', 'Wrong person'),
  duplicate: say('重复', 'Twice'),
  entry_error: say('录入错误', 'Typing error'),
  no_basis: say('没有依据', 'No basis'),
}

export const EVENT_NAMES: Record<ObservationEvent['kind'], Say> = {
  opened: say('建立', 'Opened'),
  dated: say('补最后接触日', 'Day of exposure set'),
  suitability: say('核查居家条件', 'Home looked at'),
  notified: say('告知', 'Told'),
  committed: say('承诺', 'Committed'),
  refused: say('拒签', 'Refused to sign'),
  bound: say('绑定包保小组', 'Team bound'),
  unbound: say('小组解除', 'Team unbound'),
  symptom: say('症状', 'Symptoms'),
  symptom_over: say('症状消失', 'Symptoms over'),
  care: say('就医', 'Care'),
  missed: say('未填报', 'Reading missed'),
  heard: say('恢复填报', 'Heard from again'),
  welfare: say('问候', 'Welfare check'),
  breach: say('违反', 'Breach'),
  breach_step: say('违反处理', 'Breach dealt with'),
  breach_over: say('违反了结', 'Breach over'),
  outing_asked: say('申请外出', 'Outing asked for'),
  outing_agreed: say('同意外出', 'Outing agreed to'),
  outing_refused: say('未同意外出', 'Outing not agreed to'),
  outing_over: say('外出结束', 'Outing over'),
  extended: say('延长', 'Days added'),
  shorten_asked: say('申请提前解除', 'Early end asked for'),
  shortened: say('提前解除已批准', 'Early end approved'),
  shorten_refused: say('提前解除未批准', 'Early end refused'),
  stay_changed: say('更换住处', 'Place of stay changed'),
  reorganised: say('随辖区调整', 'Moved with its area'),
  responder: say('指定负责人', 'Who answers was named'),
  objected: say('提出异议', 'Objection'),
  objection_answered: say('答复异议', 'Objection answered'),
  release_checked: say('解除前核查', 'Checked for the release'),
  released: say('解除', 'Released'),
  lapsed: say('逾期失效', 'Lapsed'),
  followed_up: say('回访', 'Followed up'),
  closed: say('结档', 'Closed'),
  transferred: say('转出到外县', 'Moved to another county'),
  central: say('转集中观察', 'To a central place'),
  cancelled: say('撤销', 'Cancelled'),
}
