import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'
import { showTemperature } from './temperature.ts'

export const unlikelyTemperature = defineProblem<{ temperature: number; observationId: string }>({
  code: 'UNLIKELY_TEMPERATURE',
  kind: 'conflict',
  rule: 'READ-3',
  message: ({ temperature }) =>
    say(
      `体温 ${showTemperature(temperature)}℃ 不太常见，请再量一次`,
      `${showTemperature(temperature)} ℃ is unusual; please measure again`,
    ),
  remedy: () => say('核对无误后点“确认就是这个数”再提交', 'When it is right, confirm the number and send again'),
})

export const notAsked = defineProblem<{ why: 'ended' | 'day' | 'ahead' | 'old' }>({
  code: 'READING_NOT_ASKED',
  kind: 'conflict',
  rule: 'READ-2',
  message: ({ why }) => {
    if (why === 'ended') return say('已经结束，不需要再填报', 'This has ended; nothing needs to be reported any more')
    if (why === 'ahead') return say('这一次还没到时间', 'It is too early for this one')
    if (why === 'old')
      return say('这是三天以前的，不能再补报', 'This was more than three days ago and can no longer be added')
    return say('那一天不在填报期内', 'That day is not one of the days asked for')
  },
  remedy: () => say('如有疑问请联系网格员', 'If in doubt, ask your grid worker'),
})

export const readingIdTaken = defineProblem<{ id: string }>({
  code: 'READING_ID_TAKEN',
  kind: 'conflict',
  rule: 'SYNC-2',
  message: () => say('同一编号已有不同内容的填报', 'Another reading was filed under the same number'),
  remedy: () => say('请刷新页面后重新填报', 'Reload the page and fill it in again'),
})

export const correctedReading = defineProblem<{ by: string }>({
  code: 'READING_CORRECTED',
  kind: 'conflict',
  rule: 'READ-5',
  message: () => say('这次填报已被更正过', 'This reading has been corrected already'),
  remedy: () => say('请更正最新的一次', 'Correct the newest one'),
})

export const linkUnknown = defineProblem<Record<string, never>>({
  code: 'LINK_UNKNOWN',
  kind: 'not_found',
  rule: 'READ-13',
  message: () => say('链接无效', 'This link is not valid'),
  remedy: () =>
    say('请使用最新短信中的链接，或联系网格员', 'Use the link of the newest message, or ask your grid worker'),
})

export const linkOver = defineProblem<Record<string, never>>({
  code: 'LINK_OVER',
  kind: 'conflict',
  rule: 'READ-13',
  message: () => say('链接已过期', 'This link is over'),
  remedy: () => say('请等下一条短信，或联系网格员', 'Wait for the next message, or ask your grid worker'),
})

export const linkUsed = defineProblem<Record<string, never>>({
  code: 'LINK_USED',
  kind: 'conflict',
  rule: 'READ-13',
  message: () => say('已收到填报，谢谢', 'It has been filled in already, thank you'),
  remedy: () => say('如需更正，请联系网格员', 'To correct something, ask your grid worker'),
})

export const callClosed = defineProblem<{ closed: string }>({
  code: 'CALL_CLOSED',
  kind: 'conflict',
  rule: 'READ-12',
  message: ({ closed }) =>
    closed === 'answered'
      ? say('对方刚刚已填报，不必再打', 'A reading has just come; no call is needed')
      : say('这通电话已办结', 'This call has been dealt with'),
})

export const calledTooEarly = defineProblem<{ notBefore: string }>({
  code: 'CALLED_TOO_EARLY',
  kind: 'conflict',
  rule: 'READ-8',
  message: () =>
    say('现在是休息时间（20:00—08:00），请勿拨打', 'It is the quiet time (20:00 to 08:00); please do not call'),
  remedy: () => say('到时间后会排在名单最前面', 'It will stand first in the list when the time comes'),
})
