import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

const again = say(
  '请核对后再试；忘记密码、换了手机号或验证器，可点“找回”，由上级网格中心核准',
  'Check and try again; for a forgotten password, a new number or a lost authenticator use "Recover", which the centre above approves',
)

/** One answer for an unknown account, a wrong password, a locked and a closed account (ACCESS-12). */
export const loginFailed = defineProblem<Record<string, never>>({
  code: 'LOGIN_FAILED',
  kind: 'unauthenticated',
  rule: 'ACCESS-12',
  message: () => say('账号或密码、验证码不正确', 'The account, password or code is not right'),
  remedy: () => again,
})

export const tooManyTries = defineProblem<{ seconds: number }>({
  code: 'TOO_MANY_TRIES',
  kind: 'limit',
  rule: 'ACCESS-13',
  message: ({ seconds }) =>
    say(
      `尝试次数过多，请 ${Math.ceil(seconds / 60)} 分钟后再试`,
      `Too many tries; wait ${Math.ceil(seconds / 60)} minutes`,
    ),
  remedy: () => again,
})

export const weakPassword = defineProblem<{ why: 'short' | 'common' | 'name' }>({
  code: 'WEAK_PASSWORD',
  kind: 'invalid',
  rule: 'ACCESS-14',
  message: ({ why }) =>
    why === 'short'
      ? say('密码至少 10 个字符', 'A password has at least 10 characters')
      : why === 'common'
        ? say('这个密码太常见', 'This password is too common')
        : say('密码里不能有您的账号或手机号', 'The password may not hold your login name or phone number'),
  remedy: () =>
    say(
      '可以用一句只有自己知道的话，不必有特殊符号',
      'Use a sentence only you know; special characters are not needed',
    ),
})

export const totpAlready = defineProblem<Record<string, never>>({
  code: 'TOTP_ALREADY',
  kind: 'conflict',
  rule: 'ACCESS-15',
  message: () => say('已绑定验证器', 'An authenticator is already bound'),
  remedy: () => say('换验证器请用“找回”，由上级网格中心核准', 'To change it use "Recover"; the centre above approves'),
})

export const mayNotGive = defineProblem<{ role: string }>({
  code: 'MAY_NOT_GIVE_ROLE',
  kind: 'refused',
  rule: 'ACCESS-7',
  message: ({ role }) => say(`您不能授予“${role}”这个岗位`, `You may not give the role "${role}"`),
  remedy: () => say('请管理员办理', 'Ask an administrator'),
})

export const holdsTwoPersonRole = defineProblem<Record<string, never>>({
  code: 'HOLDS_TWO_PERSON_ROLE',
  kind: 'refused',
  rule: 'ACCESS-8',
  message: () => say('负责人、审计员、管理员的账号不能直接调动', 'An account that approves is not moved'),
  remedy: () =>
    say('请先撤销该岗位，调动后再由两人授予', 'Withdraw the role first; two people give it anew at the new place'),
})

export const accountExists = defineProblem<{ what: 'phone' | 'login' }>({
  code: 'ACCOUNT_EXISTS',
  kind: 'conflict',
  rule: 'ACCESS-16',
  message: ({ what }) =>
    what === 'phone'
      ? say('这个手机号已有账号', 'This phone number already has an account')
      : say('这个登录名已被使用', 'This login name is taken'),
  remedy: () =>
    say(
      '请核对号码；号码换了主人的，先停用原账号',
      'Check the number; if it changed hands, close the old account first',
    ),
})

export const needsPhoneOrLogin = defineProblem<Record<string, never>>({
  code: 'NEEDS_PHONE_OR_LOGIN',
  kind: 'invalid',
  rule: 'ACCESS-16',
  message: () => say('手机号和登录名至少填一项', 'Give a phone number or a login name'),
})

export const badPhone = defineProblem<{ value: string }>({
  code: 'BAD_PHONE',
  kind: 'invalid',
  message: () => say('不是有效的手机号', 'Not a valid phone number'),
  remedy: () =>
    say(
      '国内手机 11 位；境外号码以 + 和国家代码开头',
      'Mainland mobiles have 11 digits; others begin with + and the country code',
    ),
})

export const accountClosed = defineProblem<Record<string, never>>({
  code: 'ACCOUNT_CLOSED',
  kind: 'conflict',
  rule: 'ACCESS-16',
  message: () => say('账号已停用', 'The account is closed'),
})

export const ownAccount = defineProblem<Record<string, never>>({
  code: 'OWN_ACCOUNT',
  kind: 'refused',
  rule: 'ACCESS-6',
  message: () => say('不能给自己办理', 'You may not do this for yourself'),
  remedy: () => say('请另一位有权限的同事办理', 'Ask another colleague whose role may'),
})

export const notEligible = defineProblem<{ why: 'closed' | 'role' | 'county' | 'self' }>({
  code: 'OWNER_NOT_ELIGIBLE',
  kind: 'invalid',
  rule: 'ACCESS-9',
  message: ({ why }) =>
    ({
      closed: say('这个账号已停用，不能负责辖区', 'This account is closed and cannot cover an area'),
      role: say('这个账号的岗位不能负责辖区', 'The roles of this account cannot cover an area'),
      county: say('这个账号属于别的县（市、区）', 'This account belongs to another county'),
      self: say('代班人和本人不能是同一人', 'Nobody stands in for himself'),
    })[why],
  remedy: () => say('请从可选人员名单里选', 'Choose from the list of those who can'),
})

export const noSuchArea = defineProblem<{ value: string }>({
  code: 'NO_SUCH_AREA',
  kind: 'invalid',
  rule: 'ACCESS-9',
  message: ({ value }) => say(`没有“${value}”这个辖区`, `There is no area "${value}"`),
  remedy: () => say('请核对代码或名称', 'Check the code or the name'),
})

export const badDays = defineProblem<Record<string, never>>({
  code: 'BAD_DAYS',
  kind: 'invalid',
  message: () => say('结束日期早于开始日期', 'The end is before the start'),
})

export const dutyOverlaps = defineProblem<{ from: string; to: string | null }>({
  code: 'DUTY_OVERLAPS',
  kind: 'conflict',
  rule: 'ACCESS-9',
  message: ({ from, to }) =>
    say(
      `此人在这个辖区已有 ${from} 至 ${to ?? '长期'} 的值守`,
      `This person already covers it from ${from} to ${to ?? 'further notice'}`,
    ),
})

export const noOpenEmergency = defineProblem<Record<string, never>>({
  code: 'NO_OPEN_EMERGENCY',
  kind: 'refused',
  rule: 'EMERGENCY-1',
  message: () =>
    say('没有生效的应急响应，不得收集个人信息', 'No emergency is open here: nothing personal may be collected'),
  remedy: () =>
    say(
      '请负责人依据法定命令启动应急响应（两人办理）',
      'A centre chief opens one under its legal order, with a second person',
    ),
})

export const emergencyState = defineProblem<{ state: string }>({
  code: 'EMERGENCY_STATE',
  kind: 'conflict',
  rule: 'EMERGENCY-2',
  message: ({ state }) =>
    say(`应急响应现为“${state}”，不能这样办理`, `The emergency is "${state}"; this cannot be done now`),
})

export const emergencyOverlaps = defineProblem<Record<string, never>>({
  code: 'EMERGENCY_OVERLAPS',
  kind: 'conflict',
  rule: 'EMERGENCY-3',
  message: () => say('这个辖区已有生效的应急响应', 'An emergency is already open for this area'),
})

export const overBudget = defineProblem<{ questions: number; limit: number }>({
  code: 'OVER_FIELD_BUDGET',
  kind: 'invalid',
  rule: 'CAMPAIGN-3',
  message: ({ questions, limit }) =>
    say(`${questions} 个问题，须少于 ${limit} 个`, `${questions} questions; there must be fewer than ${limit}`),
  remedy: () =>
    say('只问做决定用得上的；已经知道的不再问', 'Ask only what a decision needs; what is known is not asked again'),
})

export const campaignState = defineProblem<{ state: string }>({
  code: 'CAMPAIGN_STATE',
  kind: 'conflict',
  rule: 'CAMPAIGN-1',
  message: ({ state }) =>
    say(`专项排查现为“${state}”，不能这样办理`, `The campaign is "${state}"; this cannot be done now`),
})

export const closeOutTooEarly = defineProblem<{ state: string }>({
  code: 'CLOSE_OUT_TOO_EARLY',
  kind: 'conflict',
  rule: 'DELETE-4',
  message: () => say('应急响应尚未结束，不能销毁', 'The emergency has not ended: nothing can be closed out'),
})

export const alreadyDecided = defineProblem<Record<string, never>>({
  code: 'ALREADY_DECIDED',
  kind: 'conflict',
  message: () => say('已经有人办理', 'Somebody has already decided this'),
})

export const unreadableFile = defineProblem<{ why: string }>({
  code: 'UNREADABLE_ROSTER',
  kind: 'invalid',
  message: ({ why }) => say(`读不出这个文件：${why}`, `This file cannot be read: ${why}`),
  remedy: () =>
    say('请存成 CSV 或 XLSX，表头含“姓名”“手机号”“辖区”', 'Save it as CSV or XLSX with the headings name, phone, area'),
})
