import { defineProblem } from './problem.ts'
import { say } from './say.ts'

/** Outside the scope and not there are the same answer (ACCESS-3). */
export const notFound = defineProblem<{ thing: string }>({
  code: 'NOT_FOUND',
  kind: 'not_found',
  rule: 'ACCESS-3',
  message: () => say('找不到，或不在您的辖区内', 'Not found, or not in your area'),
  remedy: () => say('请核对编号，或请上级网格中心协助', 'Check the number, or ask the centre above'),
})

export const notAllowed = defineProblem<{ verb: string; thing: string }>({
  code: 'NOT_ALLOWED',
  kind: 'refused',
  rule: 'ACCESS-4',
  message: () => say('您的岗位不能做这项操作', 'Your role may not do this'),
  remedy: () => say('请有此权限的同事办理', 'Ask a colleague whose role may'),
})

/** `message` is English, `zh` the same in Chinese; without it the English stands in both. */
type InputIssue = { path: string; message: string; zh?: string }

export const invalidInput = defineProblem<{ issues: InputIssue[] }>({
  code: 'INVALID_INPUT',
  kind: 'invalid',
  message: ({ issues }) => {
    const first = issues[0]
    const at = first?.path ? `${first.path} ` : ''
    return say(
      `填写有误：${at}${first?.zh ?? first?.message ?? ''}`,
      `Input is not valid: ${at}${first?.message ?? ''}`,
    )
  },
  remedy: () => say('请改正后再提交，已填内容仍在', 'Correct it and send again; what you typed is kept'),
})

/** SYNC-2: a key belongs to one request; the same key with other content is a fault of the sender. */
export const keyReused = defineProblem<{ key: string }>({
  code: 'KEY_REUSED',
  kind: 'conflict',
  rule: 'SYNC-2',
  message: () => say('同一提交编号对应了不同内容', 'The same submission key came with different content'),
  remedy: () => say('请刷新页面后重新提交', 'Reload the page and send again'),
})

/** Someone else changed the thing since it was read. */
export const changedMeanwhile = defineProblem<{ thing: string; mine: number; theirs: number }>({
  code: 'CHANGED_MEANWHILE',
  kind: 'conflict',
  message: () => say('他人刚刚修改了此项', 'Someone else has just changed this'),
  remedy: () => say('请查看最新内容后再决定', 'Look at the newest version, then decide'),
})

export const unavailable = defineProblem<{ what: string }>({
  code: 'UNAVAILABLE',
  kind: 'unavailable',
  message: () => say('服务暂时不可用', 'The service is not available for the moment'),
  remedy: () => say('请稍后再试，已填内容仍在', 'Try again in a moment; what you typed is kept'),
})

/** SYNC-16: what lies on a phone is its account's; somebody else's log-in in the same browser neither hands it in nor reads for it. */
export const otherAccount = defineProblem<Record<string, never>>({
  code: 'OTHER_ACCOUNT',
  kind: 'conflict',
  rule: 'SYNC-16',
  message: () =>
    say('本机现在登录的是另一位用户，未提交', 'Somebody else is logged in on this phone; nothing was handed in'),
  remedy: () => say('请用本人账号登录，已填内容仍在', 'Log in as yourself; what you wrote is kept'),
})
