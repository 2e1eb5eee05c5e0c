import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { AnswerKind, FileState, OrgState, RowResult } from './org-api.ts'
import type { FileEvent } from './org-file.ts'

/** The words of companies and schools, shared by pages, notices and lists. */
export const ORG_STATE_SAY: Readonly<Record<OrgState, Say>> = {
  applied: say('待审核', 'Waits for the centre'),
  approved: say('已通过', 'Approved'),
  refused: say('未通过', 'Refused'),
  closed: say('已注销', 'Closed'),
}

export const FILE_STATE_SAY: Readonly<Record<FileState, Say>> = {
  draft: say('填写中', 'Draft'),
  submitted: say('已提交', 'Handed in'),
  supplement_once: say('待补正（一次）', 'To be added to, once'),
  site_check: say('已现场核查', 'Looked at on the spot'),
  approved: say('已批准', 'Approved'),
  rejected: say('不予批准', 'Rejected'),
  expired: say('逾期失效', 'Expired'),
}

/** ORG-7: one sentence without a reason. `from` is the first day. */
export function answerSay(kind: AnswerKind, from: string | null): Say {
  switch (kind) {
    case 'may_work':
      return say('可到岗', 'May work')
    case 'may_work_from':
      return say(`${from ?? ''} 起可到岗`, `May work from ${from ?? ''}`)
    case 'not_yet':
      return say('暂不能到岗', 'Not yet')
    // Not where: that would say where somebody lives.
    case 'no_rules':
      return say('无健康码规则，无法答复', 'No rules are in force: no answer')
    case 'waits_consent':
      return say('待本人同意', 'Waits for consent')
  }
}

export const ROW_SAY: Readonly<Record<RowResult, Say>> = {
  invited: say('已邀请，待本人同意', 'Invited: waits for the person’s consent'),
  invalid_document: say('证件号码有误', 'The document number is not valid'),
  duplicate_row: say('与前面的行重复', 'The same as a row above'),
  already: say('名单中已有', 'Listed already'),
  cannot_be_judged: say('无法判断', 'Cannot be judged'),
}

export const ABOUT_CONSENT: Say = say(
  '单位只能看到一句话：可到岗、某日起可到岗、暂不能到岗、无健康码规则，或待您同意。看不到码色、原因和行程。您可随时撤回，无需说明理由。',
  'The employer sees one sentence only: may work, may work from a day, not yet, no rules in force, or waits for your consent; never a colour, a reason or where you were. Withdraw at any time, without a reason.',
)

/** ORG-18: asked beside the consent, and apart from it. */
export const ABOUT_RETURN: Say = say(
  '单位可填写预计您哪天返回。只有您确认的日期才会用来核对您的申报，不影响码色；单位看不到您是否确认。',
  'An employer may write on which day it expects you back. Only a day that you confirm is held against what you declare, and changes no colour; the employer does not see whether you confirmed it.',
)

export function fileEventSay(event: FileEvent): Say {
  switch (event.kind) {
    case 'drafted':
      return say('开始填写', 'Begun')
    case 'saved':
      return say('修改', 'Changed')
    case 'submitted':
      return say('提交', 'Handed in')
    case 'asked':
      return say(`要求补正，至 ${event.body.until}`, `Asked for more, until ${event.body.until}`)
    case 'supplemented':
      return say('已补正', 'Added to')
    case 'checked':
      return event.body.met
        ? say('现场核查：符合', 'Looked at on the spot: all is there')
        : say('现场核查：不符合', 'Looked at on the spot: something lacks')
    case 'approved':
      return say('批准', 'Approved')
    case 'rejected':
      return say('不予批准', 'Rejected')
    case 'expired':
      return say('逾期未补正，已失效', 'Expired: nothing was added in time')
  }
}
