import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const disputeNowhere = defineProblem<Record<string, never>>({
  code: 'DISPUTE_NOWHERE',
  kind: 'invalid',
  rule: 'MED-1',
  message: () => say('没有说明在哪个网格', 'It is not said in which grid'),
  remedy: () => say('请选择网格或住户', 'Choose a grid or a door'),
})

export const disputeIdTaken = defineProblem<{ id: string }>({
  code: 'DISPUTE_ID_TAKEN',
  kind: 'conflict',
  rule: 'MED-1',
  message: () => say('这个编号已用于另一件纠纷', 'This id belongs to another dispute'),
  remedy: () => say('请重新提交', 'Record it again'),
})

export const disputeClosed = defineProblem<Record<string, never>>({
  code: 'DISPUTE_CLOSED',
  kind: 'conflict',
  rule: 'MED-2',
  message: () => say('这件纠纷已结案', 'The dispute is closed'),
  remedy: () => say('如又起争执，请重新打开', 'Open it again if they quarrel again'),
})

export const disputeOpen = defineProblem<Record<string, never>>({
  code: 'DISPUTE_OPEN',
  kind: 'conflict',
  rule: 'MED-2',
  message: () => say('这件纠纷尚未结案', 'The dispute is not closed'),
})

export const nothingAgreed = defineProblem<Record<string, never>>({
  code: 'DISPUTE_NOT_AGREED',
  kind: 'conflict',
  rule: 'MED-2',
  message: () => say('还没有达成一致', 'Nothing has been agreed yet'),
  remedy: () => say('请先记录调解结果', 'Record first how the talk ended'),
})

export const notYourDispute = defineProblem<Record<string, never>>({
  code: 'DISPUTE_NOT_YOURS',
  kind: 'refused',
  rule: 'MED-3',
  message: () => say('这一步由调解人或本级值班台办理', 'This step is for the mediator or the desk'),
})

export const noDeskAbove = defineProblem<{ area: string }>({
  code: 'DISPUTE_NO_DESK_ABOVE',
  kind: 'refused',
  rule: 'MED-4',
  message: () => say('上级没有可接手的值班台', 'There is no desk above to take it'),
  remedy: () => say('请在本级继续调解或结案', 'Go on with it here, or close it'),
})

export const disputeLacks = defineProblem<{ missing: string }>({
  code: 'DISPUTE_STEP_INCOMPLETE',
  kind: 'invalid',
  rule: 'MED-2',
  message: ({ missing }) => say(`这一步还缺：${missing}`, `This step lacks: ${missing}`),
})

export const accessOutside = defineProblem<{ account: string }>({
  code: 'DISPUTE_ACCESS_OUTSIDE',
  kind: 'refused',
  rule: 'MED-3',
  message: () => say('不能让此人查看', 'This person cannot be given access'),
  remedy: () => say('请从本县的同事中选择', 'Choose a colleague of this county'),
})
