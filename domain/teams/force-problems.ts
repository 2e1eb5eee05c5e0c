import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

type None = Record<string, never>

export const forceTwice = defineProblem<None>({
  code: 'FORCE_TWICE',
  kind: 'conflict',
  rule: 'FORCE-1',
  message: () => say('此人已登记', 'This person is enrolled already'),
  remedy: () => say('请在名单中修改', 'Change it in the list'),
})
export const forceOrgTwice = defineProblem<{ name: string }>({
  code: 'FORCE_ORG_TWICE',
  kind: 'conflict',
  rule: 'FORCE-3',
  message: ({ name }) => say(`本县已有单位“${name}”`, `There is an organisation "${name}" in the county`),
  remedy: () => say('请使用已有单位', 'Use the one that is there'),
})
export const forceAboveCounty = defineProblem<None>({
  code: 'FORCE_ABOVE_COUNTY',
  kind: 'invalid',
  rule: 'FORCE-1',
  message: () => say('请选择县（市、区）及以下辖区', 'Choose a county or an area inside one'),
  remedy: () => say('力量按县登记', 'Forces are kept by county'),
})
export const forceEnded = defineProblem<None>({
  code: 'FORCE_ENDED',
  kind: 'conflict',
  rule: 'FORCE-1',
  message: () => say('已结束', 'It has ended'),
  remedy: () => say('请刷新后再看', 'Look again'),
})
export const forceChanged = defineProblem<None>({
  code: 'FORCE_CHANGED',
  kind: 'conflict',
  rule: 'FORCE-1',
  message: () => say('他人刚刚修改过', 'Somebody has changed it meanwhile'),
  remedy: () => say('请刷新后再改', 'Look again, then change it'),
})
export const badForceDays = defineProblem<None>({
  code: 'FORCE_BAD_DAYS',
  kind: 'invalid',
  rule: 'FORCE-4',
  message: () =>
    say('日期不对：止日不早于起日，最长 366 天', 'The last day is not before the first, and at most 366 days after'),
  remedy: () => say('请修改日期', 'Change the days'),
})
export const badSuccessor = defineProblem<{ why: 'self' | 'role' | 'county' | 'closed' }>({
  code: 'FORCE_BAD_SUCCESSOR',
  kind: 'refused',
  rule: 'FORCE-5',
  message: ({ why }) =>
    why === 'self'
      ? say('接替人就是本人', 'The successor is the same person')
      : say('接替人不能在此辖区值守', 'The successor cannot have a duty in this area'),
  remedy: () => say('请另选本县人员', 'Choose somebody else of the county'),
})
export const needsFieldRole = defineProblem<{ why: string }>({
  code: 'FORCE_NOT_ELIGIBLE',
  kind: 'refused',
  rule: 'FORCE-4',
  message: () =>
    say(
      '派驻须为本县的民警、干部、医生等有一线岗位的账号',
      'Only accounts of the county with a field role are assigned to a grid',
    ),
  remedy: () => say('请先在账号页授予“民警”或“干部”岗位', 'Give the role of police officer or cadre first'),
})
export const forceBusy = defineProblem<{ post: string }>({
  code: 'FORCE_BUSY',
  kind: 'conflict',
  rule: 'FORCE-6',
  message: ({ post }) => say(`此时段已排在“${post}”`, `On the roster of "${post}" at this time`),
  remedy: () => say('请另选人员或时段', 'Choose somebody else or another time'),
})
/** Leave and rest look alike: who rests for his health is not told apart (FORCE-10). */
export const forceAway = defineProblem<None>({
  code: 'FORCE_AWAY',
  kind: 'refused',
  rule: 'FORCE-6',
  message: () => say('此人当日不在岗', 'This person is away on that day'),
  remedy: () => say('请另选人员', 'Choose somebody else'),
})
export const shiftFull = defineProblem<{ needed: number }>({
  code: 'FORCE_SHIFT_FULL',
  kind: 'conflict',
  rule: 'FORCE-6',
  message: ({ needed }) => say(`该班次 ${needed} 人已满`, `The shift has its ${needed} people`),
  remedy: () => say('请先撤下一人', 'Take somebody off first'),
})
export const badCode = defineProblem<None>({
  code: 'FORCE_BAD_CODE',
  kind: 'refused',
  rule: 'FORCE-7',
  message: () => say('签到码无效或已过期', 'The code is not valid, or no longer'),
  remedy: () =>
    say(
      '请重新扫描岗位屏幕上的码；网络不通时 12 小时内补传有效',
      'Scan the screen of the post again; without a network it may be sent within 12 hours',
    ),
})
export const notOnRoster = defineProblem<None>({
  code: 'FORCE_NOT_ON_ROSTER',
  kind: 'refused',
  rule: 'FORCE-7',
  message: () => say('您此时不在该岗位的班表上', 'You are not on the roster of this post at this time'),
  remedy: () =>
    say('请联系值班台排班；班前 1 小时起可签到', 'Ask the desk; signing in is possible from an hour before the shift'),
})
export const notSignedIn = defineProblem<None>({
  code: 'FORCE_NOT_SIGNED_IN',
  kind: 'conflict',
  rule: 'FORCE-7',
  message: () => say('尚未签到，不能签退', 'Not signed in, so there is nothing to sign out of'),
  remedy: () => say('请先签到；漏签由值班台补登', 'Sign in first; the desk enters what was forgotten'),
})
export const badTimes = defineProblem<None>({
  code: 'FORCE_BAD_TIMES',
  kind: 'invalid',
  rule: 'FORCE-8',
  message: () => say('签到、签退时间不对', 'The times are wrong'),
  remedy: () => say('签退不早于签到，均不晚于现在', 'Out is not before in, and neither is ahead of now'),
})
export const healthTooWide = defineProblem<None>({
  code: 'FORCE_HEALTH_DESK',
  kind: 'refused',
  rule: 'FORCE-10',
  message: () =>
    say(
      '只有本人、小组医生和县级网格中心可以查看',
      'Only the person, the doctor of the team and the desk of the county see it',
    ),
  remedy: () => say('上级只看人数', 'Above the county there are numbers only'),
})
