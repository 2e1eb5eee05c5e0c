import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const serviceNowhere = defineProblem<Record<string, never>>({
  code: 'SERVICE_NOWHERE',
  kind: 'invalid',
  rule: 'SERV-1',
  message: () => say('没有说明为哪一户或哪个人', 'It is not said for which door or person'),
  remedy: () => say('请选择住户或人员', 'Choose a door or a person'),
})

export const serviceIdTaken = defineProblem<{ id: string }>({
  code: 'SERVICE_ID_TAKEN',
  kind: 'conflict',
  rule: 'SERV-1',
  message: () => say('这个编号已用于另一项服务', 'This id belongs to another service'),
  remedy: () => say('请重新提交', 'Ask again'),
})

export const serviceEnded = defineProblem<{ state: string }>({
  code: 'SERVICE_ENDED',
  kind: 'conflict',
  rule: 'SERV-2',
  message: () => say('这项服务已结束', 'This service has ended'),
  remedy: () => say('如仍需要，请重新申请', 'Ask again if it is still needed'),
})

export const serviceNotDone = defineProblem<Record<string, never>>({
  code: 'SERVICE_NOT_DONE',
  kind: 'conflict',
  rule: 'SERV-2',
  message: () => say('这项服务还没有完成', 'This service is not done yet'),
})

export const serviceTaken = defineProblem<{ by: string }>({
  code: 'SERVICE_TAKEN',
  kind: 'conflict',
  rule: 'SERV-6',
  message: () => say('已有人接单', 'Somebody has taken it'),
  remedy: () => say('如需换人，请网格中心改派', 'To give it to somebody else, ask the centre'),
})

export const serviceNotYours = defineProblem<{ step: string }>({
  code: 'SERVICE_NOT_YOURS',
  kind: 'refused',
  rule: 'SERV-6',
  message: () => say('这一步由接单人、申请人或网格中心办理', 'This step is for who took it, who asked, or the centre'),
})

export const serviceNotOffered = defineProblem<Record<string, never>>({
  code: 'SERVICE_NOT_OFFERED',
  kind: 'conflict',
  rule: 'SERV-5',
  message: () => say('这项服务没有派给您，或已过时限', 'It was not offered to you, or the offer is over'),
  remedy: () => say('请等待下一次派单', 'Wait for the next offer'),
})

export const proofMissing = defineProblem<Record<string, never>>({
  code: 'SERVICE_PROOF_MISSING',
  kind: 'invalid',
  rule: 'SERV-7',
  message: () => say('请说明收件人如何确认', 'Say how the receiver confirmed it'),
  remedy: () =>
    say(
      '请对方读出四位码、拍一张门口的照片，或隔门、电话确认',
      'Have the four digits read out, take a picture at the door, or ask through the door or by telephone',
    ),
})

export const receiverMissing = defineProblem<Record<string, never>>({
  code: 'SERVICE_RECEIVER_MISSING',
  kind: 'invalid',
  rule: 'SERV-7',
  message: () => say('没有写明由谁确认收到', 'It is not said who took it'),
  remedy: () =>
    say(
      '请选本人、同住家人、邻居或其他；不是这一户的请写姓名',
      'Choose the person, the family, a neighbour or somebody else; name who is not of the household',
    ),
})

export const servicePhotoTaken = defineProblem<{ id: string }>({
  code: 'SERVICE_PHOTO_TAKEN',
  kind: 'conflict',
  rule: 'SERV-7',
  message: () => say('这个编号下已有另一张照片', 'Another picture lies under this number'),
  remedy: () => say('请重新拍照，会有新的编号', 'Take the picture again; it gets a number of its own'),
})

export const codeWrong = defineProblem<Record<string, never>>({
  code: 'SERVICE_CODE_WRONG',
  kind: 'invalid',
  rule: 'SERV-7',
  message: () => say('四位码不对', 'The four digits are not right'),
  remedy: () => say('请对方再读一次，或改用照片、口头确认', 'Have them read again, or use a picture or a word'),
})

export const stepIncomplete = defineProblem<{ missing: string }>({
  code: 'SERVICE_STEP_INCOMPLETE',
  kind: 'invalid',
  rule: 'SERV-2',
  message: ({ missing }) => say(`这一步还缺：${missing}`, `This step lacks: ${missing}`),
})

export const ratedAlready = defineProblem<Record<string, never>>({
  code: 'SERVICE_RATED',
  kind: 'conflict',
  rule: 'SERV-8',
  message: () => say('已经评价过', 'It has been rated already'),
})

export const tooLateToDoubt = defineProblem<{ days: number }>({
  code: 'SERVICE_TOO_LATE',
  kind: 'refused',
  rule: 'SERV-8',
  message: ({ days }) => say(`完成超过 ${days} 天，不能再报未收到`, `It was done more than ${days} days ago`),
  remedy: () => say('请重新申请', 'Ask again'),
})

export const notAHelper = defineProblem<{ to: string }>({
  code: 'SERVICE_NOT_A_HELPER',
  kind: 'refused',
  rule: 'SERV-5',
  message: () => say('此人今天不能承担这项服务', 'This person cannot bring it today'),
  remedy: () => say('请从候选人中选择', 'Choose one of those that are listed'),
})

export const ruleFault = defineProblem<{ why: 'days' | 'ended' }>({
  code: 'SERVICE_RULE',
  kind: 'invalid',
  rule: 'SERV-10',
  message: ({ why }) =>
    why === 'days'
      ? say('这一规律在起止日期内没有一天', 'The rule has no day between its first and its last')
      : say('这一规律已结束', 'The rule has ended'),
})

export const tooMany = defineProblem<{ most: number }>({
  code: 'SERVICE_TOO_MANY',
  kind: 'limit',
  rule: 'SERV-1',
  message: ({ most }) =>
    say(`这一户未完成的服务已有 ${most} 项`, `This door has ${most} services that are not done yet`),
  remedy: () => say('请先完成或取消其中一些', 'Finish or cancel some first'),
})
