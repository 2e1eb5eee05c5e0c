import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

type None = Record<string, never>

export const orgNeedsHolder = defineProblem<None>({
  code: 'ORG_NEEDS_HOLDER',
  kind: 'refused',
  rule: 'ORG-1',
  message: () =>
    say('须先登记本人证件，才能代表单位申请', 'Register with your own document before you answer for an organisation'),
  remedy: () => say('请先完成健康码登记', 'Apply for your health code first'),
})

export const returnDayOther = defineProblem<None>({
  code: 'ORG_RETURN_DAY_OTHER',
  kind: 'conflict',
  rule: 'ORG-18',
  message: () => say('单位填写的返回日期已改变', 'The employer has written another day of return since'),
  remedy: () => say('请刷新后再确认', 'Look again before you confirm it'),
})

export const orgIdTaken = defineProblem<None>({
  code: 'ORG_ID_TAKEN',
  kind: 'conflict',
  rule: 'ORG-1',
  message: () => say('这个编号已被使用', 'This id is used already'),
  remedy: () => say('请重新提交', 'Send it again'),
})

export const orgPlace = defineProblem<{ area: string }>({
  code: 'ORG_PLACE_UNKNOWN',
  kind: 'invalid',
  rule: 'ORG-1',
  message: ({ area }) => say(`“${area}”不是本地的街道或社区`, `"${area}" is no town or village here`),
  remedy: () => say('请从列表中选择单位所在的街道或社区', 'Choose the town or village where it stands from the list'),
})

export const orgCreditCode = defineProblem<None>({
  code: 'ORG_CREDIT_CODE',
  kind: 'invalid',
  rule: 'ORG-2',
  message: () => say('统一社会信用代码有误', 'The unified social credit code is not valid'),
  remedy: () => say('请核对 18 位代码，或留空', 'Check its 18 characters, or leave it empty'),
})

export const orgKnown = defineProblem<None>({
  code: 'ORG_KNOWN',
  kind: 'conflict',
  rule: 'ORG-2',
  message: () => say('这个信用代码的单位已在本县登记', 'An organisation with this credit code is there in the county'),
  remedy: () => say('请联系本单位的经办人，或联系社区', 'Ask the one who answers for it, or the community'),
})

export const orgTooMany = defineProblem<{ most: number }>({
  code: 'ORG_TOO_MANY',
  kind: 'limit',
  rule: 'ORG-1',
  message: ({ most }) =>
    say(`一个账户最多负责 ${most} 家单位`, `One account answers for at most ${most} organisations`),
  remedy: () => say('请先注销不再负责的单位', 'Close those you no longer answer for'),
})

export const orgNotApproved = defineProblem<None>({
  code: 'ORG_NOT_APPROVED',
  kind: 'conflict',
  rule: 'ORG-3',
  message: () => say('单位尚未通过审核，或已注销', 'The organisation is not approved, or closed'),
  remedy: () => say('审核通过后再操作', 'Wait for the centre’s decision'),
})

export const orgDecided = defineProblem<None>({
  code: 'ORG_DECIDED',
  kind: 'conflict',
  rule: 'ORG-3',
  message: () => say('这个申请已有决定', 'This application was decided'),
  remedy: () => say('请刷新', 'Read it again'),
})

export const orgWordsNeeded = defineProblem<None>({
  code: 'ORG_WORDS_NEEDED',
  kind: 'invalid',
  rule: 'ORG-3',
  message: () => say('请写明理由', 'Say why'),
  remedy: () => say('单位会看到这些话', 'The organisation reads these words'),
})

export const orgListEmpty = defineProblem<None>({
  code: 'ORG_LIST_EMPTY',
  kind: 'invalid',
  rule: 'ORG-4',
  message: () => say('名单里没有可读的行', 'There is no row to read in the list'),
  remedy: () => say('表头须有“姓名”和“证件号码”', 'It needs the headings "name" and "document number"'),
})

export const orgListLong = defineProblem<{ most: number }>({
  code: 'ORG_LIST_LONG',
  kind: 'invalid',
  rule: 'ORG-4',
  message: ({ most }) => say(`一次最多 ${most} 行`, `At most ${most} rows at a time`),
  remedy: () => say('请分成几个文件', 'Send it in several files'),
})

export const linkOver = defineProblem<None>({
  code: 'ORG_LINK_OVER',
  kind: 'not_found',
  rule: 'ORG-5',
  message: () => say('这个链接已失效', 'This link is no longer good'),
  remedy: () => say('请向单位要新的链接', 'Ask the organisation for a new one'),
})

export const rollDay = defineProblem<{ day: string }>({
  code: 'ORG_ROLL_DAY',
  kind: 'invalid',
  rule: 'ORG-10',
  message: ({ day }) => say(`${day} 不能填报`, `Nothing can be reported for ${day}`),
  remedy: () => say('只能填报今天和昨天', 'Report today or yesterday'),
})

export const rollFever = defineProblem<None>({
  code: 'ORG_ROLL_FEVER',
  kind: 'invalid',
  rule: 'ORG-10',
  message: () => say('发热人数多于总人数', 'More have a fever than there are'),
  remedy: () => say('请核对人数', 'Check the numbers'),
})

export const fileNotOpen = defineProblem<None>({
  code: 'ORG_FILE_NOT_OPEN',
  kind: 'conflict',
  rule: 'ORG-11',
  message: () => say('复工（复课）材料现在不能这样办理', 'The file is not where this can be done'),
  remedy: () => say('请刷新后查看当前状态', 'Read again where it stands'),
})

export const fileLacks = defineProblem<{ zh: string; en: string }>({
  code: 'ORG_FILE_LACKS',
  kind: 'invalid',
  rule: 'ORG-12',
  message: ({ zh, en }) => say(`还缺：${zh}`, `It lacks: ${en}`),
  remedy: () => say('补齐后再提交', 'Add it and hand it in'),
})

export const askedOnce = defineProblem<None>({
  code: 'ORG_ASKED_ONCE',
  kind: 'conflict',
  rule: 'ORG-13',
  message: () => say('只能要求补正一次', 'More may be asked for once only'),
  remedy: () => say('请现场核查或作出决定', 'Look at it on the spot, or decide'),
})

export const notChecked = defineProblem<None>({
  code: 'ORG_NOT_CHECKED',
  kind: 'conflict',
  rule: 'ORG-14',
  message: () => say('须先现场核查并符合要求', 'It has to be looked at on the spot, and all has to be there'),
  remedy: () => say('请先登记现场核查', 'Enter the check first'),
})

export const checkedByYou = defineProblem<None>({
  code: 'ORG_CHECKED_BY_YOU',
  kind: 'refused',
  rule: 'ORG-14',
  message: () => say('现场核查的人不能批准', 'Who looked at it on the spot may not approve it'),
  remedy: () => say('请由另一人决定', 'Somebody else decides'),
})

export const officersEnough = defineProblem<{ most: number }>({
  code: 'ORG_OFFICERS_ENOUGH',
  kind: 'limit',
  rule: 'ORG-17',
  message: ({ most }) => say(`一家单位最多 ${most} 名经办人`, `At most ${most} people answer for one organisation`),
  remedy: () => say('请先由一名经办人退出，或移交', 'One of them leaves first, or hands over'),
})

export const officerLinkOver = defineProblem<None>({
  code: 'ORG_OFFICER_LINK_OVER',
  kind: 'not_found',
  rule: 'ORG-17',
  message: () => say('这个邀请已失效', 'This invitation is no longer good'),
  remedy: () =>
    say('邀请只能用一次，三天内有效；请向单位要新的', 'It is good once and for three days: ask for a new one'),
})

export const lastOfficer = defineProblem<None>({
  code: 'ORG_LAST_OFFICER',
  kind: 'conflict',
  rule: 'ORG-17',
  message: () => say('您是唯一的经办人', 'Nobody else answers for it'),
  remedy: () => say('请移交给另一人，或注销单位', 'Hand over to somebody, or close the organisation'),
})
