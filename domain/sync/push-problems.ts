import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

type Helper = { name: string; phone: string } | null

function ask(helper: Helper) {
  return helper === null
    ? say('请联系所在辖区网格中心', 'Ask the centre of the place')
    : say(`请联系 ${helper.name}（${helper.phone}）`, `Call ${helper.name} (${helper.phone})`)
}

export const itemUnreadable = defineProblem<{ path: string; why: Say }>({
  code: 'ITEM_UNREADABLE',
  kind: 'invalid',
  rule: 'SYNC-12',
  message: ({ path, why }) =>
    say(
      `这一条读不懂：${path === '' ? '整条' : path}（${why.zh}）`,
      `This item cannot be read: ${path || 'the whole'} (${why.en})`,
    ),
  remedy: () => say('打开这一条，改正后重新提交', 'Open it, correct it and send it again'),
})

/** SYNC-13: with the supervisor. */
export const heldForSupervisor = defineProblem<{ reason: string; helper: Helper }>({
  code: 'HELD',
  kind: 'conflict',
  rule: 'SYNC-13',
  message: ({ reason }) => HELD[reason] ?? HELD['not_mine'] ?? say('已转交', 'Held'),
  remedy: ({ helper }) => ask(helper),
})

const HELD: Record<string, ReturnType<typeof say>> = {
  not_mine: say(
    '这里现在不由您负责，内容已转交负责人处理',
    'This place is not yours any more; the work is with its supervisor',
  ),
  no_role: say('您的岗位不能做这一项，内容已转交负责人处理', 'Your role may not do this; it is with the supervisor'),
  unknown_kind: say(
    '服务器还不认识这一类内容，已妥善保存，待升级后处理',
    'The server does not know this kind yet; it is kept until it does',
  ),
  account_closed: say('账号已停用，内容已转交负责人处理', 'The account is closed; the work is with the supervisor'),
  after_loss: say(
    '这部手机已报失，之后的内容须由负责人核对',
    'The phone was reported lost; what came after is checked by the supervisor',
  ),
  asked: say('已按您的要求转交负责人', 'Handed to the supervisor, as you asked'),
  server_fault: say('服务器处理时出错，内容已妥善保存', 'The server failed on it; it is kept'),
}

export const setAside = defineProblem<{ note: string; by: string }>({
  code: 'SET_ASIDE',
  kind: 'refused',
  rule: 'SYNC-13',
  message: ({ note, by }) => say(`${by} 未予采用：${note}`, `${by} did not take it in: ${note}`),
  remedy: () =>
    say('如有异议，请联系负责人；无需重新填写', 'Speak to the supervisor if you disagree; nothing more to fill in'),
})

/** Acceptances and the like bind whoever covers the place now; done by somebody else they mean nothing. */
export const notYoursNow = defineProblem<{ helper: Helper }>({
  code: 'NOT_YOURS_NOW',
  kind: 'conflict',
  rule: 'SYNC-13',
  message: () => say('这一项已转由他人负责，不必再处理', 'This is somebody else’s now; there is nothing left to do'),
  remedy: ({ helper }) => ask(helper),
})

/** An earlier item about the same thing could not be taken for the moment. */
export const afterEarlier = defineProblem<Record<string, never>>({
  code: 'AFTER_EARLIER',
  kind: 'unavailable',
  rule: 'SYNC-12',
  message: () => say('等前一条提交后再提交', 'Waits for an earlier item about the same thing'),
})

export const handoverDecided = defineProblem<{ by: string }>({
  code: 'HANDOVER_DECIDED',
  kind: 'conflict',
  rule: 'SYNC-13',
  message: ({ by }) => say(`${by} 已处理`, `${by} has decided it already`),
  remedy: () => say('请刷新列表', 'Load the list again'),
})

export const kindUnknown = defineProblem<{ kind: string }>({
  code: 'KIND_UNKNOWN',
  kind: 'conflict',
  rule: 'SYNC-18',
  message: ({ kind }) => say(`本服务器还不能处理“${kind}”`, `This server cannot take in "${kind}" yet`),
  remedy: () => say('升级服务器后再收录；也可退回并说明', 'Take it in after an upgrade, or set it aside with a reason'),
})

export const bodyGone = defineProblem<Record<string, never>>({
  code: 'HANDOVER_GONE',
  kind: 'conflict',
  rule: 'DELETE-1',
  message: () => say('内容已按规定删除', 'The content was deleted as the rules require'),
})

export const phoneLost = defineProblem<Record<string, never>>({
  code: 'PHONE_LOST',
  kind: 'refused',
  rule: 'SYNC-16',
  message: () => say('这部手机已报失，不能使用', 'This phone was reported lost and may not be used'),
  remedy: () => say('找回后请负责人撤销报失', 'When it is found again, the supervisor lifts the report'),
})

export const phoneCleared = defineProblem<Record<string, never>>({
  code: 'PHONE_CLEARED',
  kind: 'conflict',
  rule: 'SYNC-16',
  message: () => say('这部手机已清除', 'This phone has been cleared'),
  remedy: () => say('请在手机上重新登录', 'Log in on the phone again'),
})

export const ownPhoneHere = defineProblem<Record<string, never>>({
  code: 'OWN_PHONE_HERE',
  kind: 'invalid',
  rule: 'SYNC-16',
  message: () => say('不能用这部手机报失它自己', 'A phone cannot report itself lost'),
  remedy: () => say('请换一台设备，或请网格中心代办', 'Use another device, or ask the centre'),
})

/** The secret that a phone hands in with is not one of ours. */
export const unknownPhone = defineProblem<Record<string, never>>({
  code: 'UNKNOWN_PHONE',
  kind: 'unauthenticated',
  rule: 'SYNC-15',
  message: () => say('服务器不认识这部手机', 'The server does not know this phone'),
  remedy: () => say('请重新登录，已填内容仍在', 'Log in again; what you wrote is kept'),
})

export const boxDoesNotOpen = defineProblem<Record<string, never>>({
  code: 'BOX_DOES_NOT_OPEN',
  kind: 'invalid',
  rule: 'SYNC-15',
  message: () => say('这一条的密封无法打开', 'The sealed item does not open'),
  remedy: () => say('请登录后直接提交', 'Log in and hand it in directly'),
})

export const draftTooLong = defineProblem<{ most: number }>({
  code: 'DRAFT_TOO_LONG',
  kind: 'invalid',
  rule: 'SYNC-22',
  message: () => say('草稿太长，只留在本机', 'This draft is too long and stays on this phone'),
  remedy: () => say('请尽快提交', 'Hand it in soon'),
})

export const wakeOff = defineProblem<Record<string, never>>({
  code: 'WAKE_OFF',
  kind: 'conflict',
  rule: 'WAKE-1',
  message: () => say('本系统没有开通推送提醒', 'This site has no push notifications'),
  remedy: () => say('打开应用时仍会即时更新', 'While the app is open it is still updated at once'),
})

export const wakeAddress = defineProblem<Record<string, never>>({
  code: 'WAKE_ADDRESS',
  kind: 'refused',
  rule: 'WAKE-2',
  message: () => say('不支持这个浏览器的推送服务', 'The push service of this browser is not supported here'),
  remedy: () => say('请联系管理员，或换用其他浏览器', 'Ask the administrator, or use another browser'),
})
