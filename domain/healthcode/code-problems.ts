import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const noCode = defineProblem<Record<string, never>>({
  code: 'NO_CODE',
  kind: 'conflict',
  rule: 'CODE-13',
  message: () => say('还没有健康码', 'There is no code yet'),
  remedy: () => say('请先登记并申报', 'Register and declare first'),
})

export const badHolderKey = defineProblem<Record<string, never>>({
  code: 'BAD_HOLDER_KEY',
  kind: 'invalid',
  rule: 'CODE-11',
  message: () => say('本机密钥无效', 'The key of this phone is not a point of P-256'),
  remedy: () => say('请刷新页面重新生成', 'Reload the page to make a new one'),
})

export const keyUsed = defineProblem<{ day: string }>({
  code: 'KEY_USED',
  kind: 'conflict',
  rule: 'CODE-11',
  message: ({ day }) => say(`此密钥已用于 ${day}，每天一把`, `This key was used for ${day}: one key a day`),
  remedy: () => say('请生成新密钥', 'Make a new key'),
})

export const keyElsewhere = defineProblem<Record<string, never>>({
  code: 'KEY_ELSEWHERE',
  kind: 'refused',
  rule: 'CODE-12',
  message: () => say('此密钥属于另一账号，已记录', 'This key belongs to another account; it was noted'),
  remedy: () => say('请刷新页面重新生成', 'Reload the page to make a new one'),
})

export const tooManyReplaced = defineProblem<Record<string, never>>({
  code: 'TOO_MANY_REPLACED',
  kind: 'limit',
  rule: 'CODE-11',
  message: () => say('今日换机次数过多', 'The code was moved to another phone too often today'),
  remedy: () => say('请在原手机出示，或到社区打印纸质码', 'Show it on the first phone, or have a paper code printed'),
})

export const dayTooFar = defineProblem<{ day: string }>({
  code: 'DAY_TOO_FAR',
  kind: 'invalid',
  rule: 'CODE-11',
  message: ({ day }) => say(`${day} 不在今天起三天内`, `${day} is not within three days from today`),
})

export const codesBusy = defineProblem<{ seconds: number }>({
  code: 'CODES_BUSY',
  kind: 'unavailable',
  rule: 'CODE-18',
  message: ({ seconds }) =>
    say(`当前刷新人数多，${seconds} 秒后再试`, `Many are refreshing; try again in ${seconds} seconds`),
  remedy: () => say('手机上的码在有效期内照常使用', 'The code on the phone stays valid until its end'),
})

export const noSuchKey = defineProblem<{ kid: string }>({
  code: 'NO_SUCH_KEY',
  kind: 'not_found',
  rule: 'CODE-17',
  message: ({ kid }) => say(`没有签发密钥 ${kid}`, `There is no signing key ${kid}`),
})

export const partnerUnknown = defineProblem<Record<string, never>>({
  code: 'PARTNER_UNKNOWN',
  kind: 'unauthenticated',
  rule: 'CODE-20',
  message: () => say('验码机构密钥无效或已到期', 'The machine key is unknown or has ended'),
  remedy: () => say('请向签发中心重新申领', 'Ask the issuing centre for a new one'),
})

export const notStopped = defineProblem<Record<string, never>>({
  code: 'CODE_NOT_STOPPED',
  kind: 'conflict',
  rule: 'CODE-21',
  message: () => say('此健康码没有被停用', 'This code is not stopped'),
  remedy: () => say('请刷新后查看', 'Reload and look'),
})

export const stoppedBefore = defineProblem<{ days: number }>({
  code: 'CODE_STOPPED_BEFORE',
  kind: 'refused',
  rule: 'CODE-21',
  message: ({ days }) =>
    say(
      `${days} 天内已停用过一次，再次停用须由负责人决定`,
      `It was stopped within ${days} days; once more is the chief's to decide`,
    ),
  remedy: () => say('请负责人处理，或核对证件后恢复', 'Ask the chief, or look at the card and let it go on'),
})

export const tooManyPapers = defineProblem<Record<string, never>>({
  code: 'TOO_MANY_PAPERS',
  kind: 'limit',
  rule: 'CODE-10',
  message: () => say('今日打印次数已满', 'Enough paper codes were printed today'),
  remedy: () => say('已打印的在有效期内可用', 'Those already printed hold until their end'),
})

export const partnerDecided = defineProblem<Record<string, never>>({
  code: 'PARTNER_DECIDED',
  kind: 'conflict',
  rule: 'CODE-20',
  message: () => say('已有决定或已停用', 'It was decided already, or has ended'),
  remedy: () => say('请刷新后查看', 'Reload and look'),
})

export const partnerSpan = defineProblem<{ days: number }>({
  code: 'PARTNER_SPAN',
  kind: 'invalid',
  rule: 'CODE-20',
  message: ({ days }) => say(`截止日须在今天至 ${days} 天内`, `The last day lies between today and ${days} days ahead`),
})
