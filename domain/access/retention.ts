import { addDays, instantOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * DELETE-1, the retention table: what goes how many days after what. Rooms that are not built yet (outreach) add their line when
 * they come; a line without its table would be a promise without a deed.
 */
export type RetentionRule = { id: string; days: number; say: Say }

export const RETENTION: readonly RetentionRule[] = [
  {
    id: 'visit_detail',
    days: 30,
    say: say('走访明细：专项排查结束后 30 天', 'Visit detail: 30 days after its campaign'),
  },
  {
    id: 'observation',
    days: 90,
    say: say(
      '居家观察及其读数、服务：解除或结束后 90 天',
      'Home observation with its readings and services: 90 days after its release or end',
    ),
  },
  {
    id: 'code_history',
    days: 30,
    say: say('研判与码色历史：应急响应结束后 30 天', 'History of grades and colours: 30 days after the emergency'),
  },
  {
    id: 'code_holder',
    days: 14,
    say: say(
      '签发的健康码、作废名单和手机密钥：码失效后 14 天',
      'Signed codes, the list of replaced ones and keys of phones: 14 days after the code has ended',
    ),
  },
  {
    id: 'code_misuse',
    days: 30,
    say: say('健康码滥用迹象：30 天', 'Signs of misuse of a code: 30 days'),
  },
  {
    id: 'batch_reject',
    days: 14,
    say: say('批次退回行：批次完成后 14 天', 'Rejected rows: 14 days after their batch'),
  },
  { id: 'idempotency', days: 30, say: say('提交编号与首次答复：30 天', 'Submission keys and first answers: 30 days') },
  { id: 'one_time_code', days: 1, say: say('一次性验证码：1 天', 'One-time codes: 1 day') },
  { id: 'login_try', days: 2, say: say('登录尝试：2 天', 'Log-in tries: 2 days') },
  {
    id: 'session',
    days: 30,
    say: say('登录会话与设备：结束后 30 天', 'Sessions and their devices: 30 days after their end'),
  },
  { id: 'recovery', days: 30, say: say('找回申请：办结后 30 天', 'Recovery requests: 30 days after the decision') },
  { id: 'sms_shown', days: 1, say: say('演示短信：1 天', 'Shown messages: 1 day') },
  { id: 'reading_message', days: 30, say: say('填报提醒短信记录：30 天', 'Reminders that were sent: 30 days') },
  { id: 'notice', days: 30, say: say('通知：30 天', 'Notices: 30 days') },
  {
    id: 'handover',
    days: 30,
    say: say('转交的内容：处理后 30 天', 'Work handed over to a supervisor: 30 days after the decision'),
  },
  {
    id: 'draft',
    days: 30,
    say: say('填写中的表单：最后一次改动后 30 天', 'Half-written forms: 30 days after the last change'),
  },
  {
    id: 'declaration',
    days: 30,
    say: say(
      '被替代的申报、办结的返回登记和登记核对：30 天',
      'Replaced declarations, ended returns, registrations that were looked at: 30 days',
    ),
  },
  {
    id: 'registration_draft',
    days: 30,
    say: say('居民未提交的草稿：最后一次改动后 30 天', 'Residents’ drafts: 30 days after the last change'),
  },
  {
    id: 'registration_change',
    days: 90,
    say: say('本人更正记录：90 天', 'Corrections of one’s own data: 90 days'),
  },
  {
    id: 'help_call',
    days: 30,
    say: say('求助：办结后 30 天', 'Calls for help: 30 days after they were dealt with'),
  },
  {
    id: 'field_conflict',
    days: 30,
    say: say('两处不一致的内容：核定后 30 天', 'Fields under two values: 30 days after the decision'),
  },
  {
    id: 'service',
    days: 30,
    say: say(
      '服务明细、规律和用药（不在观察中的）：结束后 30 天，件数保留',
      'Services, repeating ones and medicines of who is not observed: 30 days after their end; the count stays',
    ),
  },
  {
    id: 'service_observed',
    days: 90,
    say: say(
      '观察期间的服务明细：解除后 90 天，件数保留',
      'Services of an observation: 90 days after its release; the count stays',
    ),
  },
  {
    id: 'dispute',
    days: 90,
    say: say(
      '纠纷调解内容：结案后 90 天，件数保留',
      'What disputes were about and whose: 90 days after they were closed; the count stays',
    ),
  },
  {
    id: 'contradiction',
    days: 90,
    say: say(
      '申报不一致及说明：认定或消除后 90 天',
      'Contradictions of declarations: 90 days after they were decided or ceased',
    ),
  },
  {
    id: 'objection',
    days: 90,
    say: say(
      '码色申诉及证明：办结后 90 天，件数保留',
      'Objections with their proof: 90 days after the decision; the count stays',
    ),
  },
  {
    id: 'hardship_pass',
    days: 30,
    say: say('临时通行证：到期后 30 天，张数保留', 'Temporary passes: 30 days after their end; the count stays'),
  },
  {
    id: 'org',
    days: 90,
    say: say(
      '单位及其名单、日报、复工材料：注销或未通过后 90 天',
      'Organisations with their lists, rolls and files: 90 days after they were closed or refused',
    ),
  },
  {
    id: 'org_member',
    days: 30,
    say: say(
      '单位已离开的人员、各次名单和日报：30 天',
      'Who has left an organisation, versions of its lists and its daily rolls: 30 days',
    ),
  },
  {
    id: 'team',
    days: 90,
    say: say('包保小组和请假：结束后 90 天', 'Teams and leaves: 90 days after their end'),
  },
  {
    id: 'force_health',
    days: 30,
    say: say('工作人员健康报告：30 天', 'Health reports of those who work: 30 days'),
  },
  {
    id: 'passage',
    days: 14,
    say: say(
      '通行记录、开启结果、卡口操作涉及何人及其密钥：14 天',
      'Passages, what was found when they were opened, whom acts at gates were about, and their keys: 14 days',
    ),
  },
  {
    id: 'gate_referral',
    days: 14,
    say: say('卡口转送的姓名和去向详情：14 天，件数保留', 'Who was referred at a gate: 14 days; the count stays'),
  },
  { id: 'gate_lookup', days: 1, say: say('卡口按证件查码的次数：1 天', 'Looks by document at gates: 1 day') },
  {
    id: 'force_turn',
    days: 90,
    say: say(
      '班次签到：班次结束后 90 天去除姓名，次数保留',
      'Turns at posts: without the name 90 days after the shift; the count stays',
    ),
  },
  { id: 'force_kit', days: 90, say: say('防护用品发放：90 天', 'Protective kit given: 90 days') },
  {
    id: 'force',
    days: 90,
    say: say(
      '志愿者登记、派驻和移交：结束后 90 天',
      'Enrolments, assignments and what was handed over: 90 days after their end',
    ),
  },
  { id: 'watch_note', days: 30, say: say('联防敲门和求助记录：30 天', 'Rings and calls of watches: 30 days') },
  { id: 'phone_try', days: 30, say: say('手机同步记录：30 天', 'Runs of syncing: 30 days') },
  { id: 'job', days: 90, say: say('任务进度：完成后 90 天', 'Job progress: 90 days after its end') },
  {
    id: 'grid_feed',
    days: 30,
    say: say(
      '手机同步中的走访、通知和已移出事项：30 天',
      'Visits, notices and things gone in what phones pull: 30 days',
    ),
  },
  { id: 'audit', days: 3 * 365, say: say('审计记录（不含内容）：3 年', 'Audit lines, which hold no content: 3 years') },
]

/**
 * The instant before which a thing must have ended to be due: the start of the local day that lies `days` before today, so the
 * last day of a period is kept until its end (case 67).
 */
export function cutoffOf(rule: RetentionRule, today: Day, zone: string): Date {
  return instantOf(cutoffDay(rule, today), zone)
}

/** Things whose last day is before this one are due. */
export function cutoffDay(rule: RetentionRule, today: Day): Day {
  return addDays(today, -rule.days)
}
