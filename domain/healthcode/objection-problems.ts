import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

type None = Record<string, never>

export const objectionIdTaken = defineProblem<{ id: string }>({
  code: 'OBJECTION_ID_TAKEN',
  kind: 'conflict',
  rule: 'OBJECT-3',
  message: () => say('这个编号已用于另一件申诉', 'This id belongs to another objection'),
  remedy: () => say('请重新提交', 'Send it again'),
})

export const nothingToObject = defineProblem<None>({
  code: 'OBJECTION_TO_NOTHING',
  kind: 'refused',
  rule: 'OBJECT-1',
  message: () =>
    say('目前是绿码或尚未赋码，没有需要申诉的内容', 'The code is green or there is none: nothing to object to'),
  remedy: () => say('如码色有变化，可随时申诉', 'Object at any time when the colour changes'),
})

export const noSuchReason = defineProblem<{ reason: string }>({
  code: 'OBJECTION_REASON_GONE',
  kind: 'conflict',
  rule: 'OBJECT-1',
  message: () => say('这条原因已不在码色中', 'This reason no longer stands behind the colour'),
  remedy: () => say('请刷新后再选', 'Read the code again and choose'),
})

export const oneAtATime = defineProblem<None>({
  code: 'OBJECTION_UNDER_WAY',
  kind: 'conflict',
  rule: 'OBJECT-4',
  message: () => say('这个人已有一件申诉正在办理', 'An objection of this person is under way'),
  remedy: () => say('请在原申诉中补充材料', 'Add to the one that is there'),
})

export const tooManyToday = defineProblem<{ most: number }>({
  code: 'OBJECTION_TOO_MANY',
  kind: 'refused',
  rule: 'OBJECT-4',
  message: ({ most }) => say(`今天已提交 ${most} 件申诉`, `${most} objections were opened today`),
  remedy: () => say('请明天再提交，或到社区服务台办理', 'Open one tomorrow, or come to the community desk'),
})

export const objectionClosed = defineProblem<None>({
  code: 'OBJECTION_CLOSED',
  kind: 'conflict',
  rule: 'OBJECT-2',
  message: () => say('这件申诉已办结', 'The objection is over'),
  remedy: () => say('如有新材料，请提交新的申诉', 'With something new, open another one'),
})

export const objectionOpen = defineProblem<None>({
  code: 'OBJECTION_OPEN',
  kind: 'conflict',
  rule: 'OBJECT-14',
  message: () => say('这件申诉没有可撤销的更正', 'There is no correction of this objection to take back'),
})

export const nothingAsked = defineProblem<None>({
  code: 'OBJECTION_NOTHING_ASKED',
  kind: 'conflict',
  rule: 'OBJECT-7',
  message: () => say('目前没有要求补充材料', 'Nothing is asked for'),
  remedy: () => say('可以随时补传图片', 'Pictures may be added at any time'),
})

export const askedBefore = defineProblem<None>({
  code: 'OBJECTION_ASKED_BEFORE',
  kind: 'refused',
  rule: 'OBJECT-7',
  message: () => say('本级已要求补充过一次', 'This desk has asked for more once'),
  remedy: () => say('请按现有材料办理或转上级', 'Go on with what there is, or pass it on'),
})

export const notYourStage = defineProblem<None>({
  code: 'OBJECTION_NOT_YOUR_STAGE',
  kind: 'refused',
  rule: 'OBJECT-8',
  message: () => say('这一步由目前承办的网格中心办理', 'This step is for the desk that it lies with now'),
})

export const notHighEnough = defineProblem<None>({
  code: 'OBJECTION_FOR_COUNTY',
  kind: 'refused',
  rule: 'OBJECT-8',
  message: () => say('申诉由县级终审', 'Objections are decided by the county'),
  remedy: () => say('请核查后转上级', 'Look into it and pass it on'),
})

export const notLookedAt = defineProblem<None>({
  code: 'OBJECTION_NOT_LOOKED_AT',
  kind: 'refused',
  rule: 'OBJECT-8',
  message: () =>
    say('社区、街道尚未核查，不能驳回', 'Neither community nor street has looked into it: it cannot be refused yet'),
  remedy: () => say('可以先予支持，或等核查意见', 'It can be granted; to refuse it, wait for what they find'),
})

export const decidedByYou = defineProblem<None>({
  code: 'OBJECTION_OWN_COLOUR',
  kind: 'refused',
  rule: 'OBJECT-9',
  message: () =>
    say(
      '这个码色由您手工定，申诉不能由您决定',
      'You decided this colour by hand and may not decide the objection to it',
    ),
  remedy: () => say('请由其他负责人决定', 'Let another chief decide'),
})

export const openedByYou = defineProblem<None>({
  code: 'OBJECTION_OWN_INTAKE',
  kind: 'refused',
  rule: 'OBJECT-9',
  message: () => say('这件申诉由您代为提交，不能由您决定', 'You took this objection at the desk and may not decide it'),
  remedy: () => say('请由其他负责人决定', 'Let another chief decide'),
})

export const nothingCorrected = defineProblem<None>({
  code: 'OBJECTION_NOTHING_CORRECTED',
  kind: 'invalid',
  rule: 'OBJECT-11',
  message: () => say('支持申诉须更正至少一处', 'Granting an objection puts at least one thing right'),
  remedy: () =>
    say(
      '请选择要更正的线索事实、手工变更，或说明已在别处更正',
      'Choose the facts or changes by hand that were wrong, or say that it was put right elsewhere',
    ),
})

export const stepLacks = defineProblem<{ missing: string }>({
  code: 'OBJECTION_STEP_INCOMPLETE',
  kind: 'invalid',
  rule: 'OBJECT-2',
  message: ({ missing }) => say(`这一步还缺：${missing}`, `This step lacks: ${missing}`),
})

export const factNotTheirs = defineProblem<{ fact: string }>({
  code: 'OBJECTION_FACT_NOT_THEIRS',
  kind: 'conflict',
  rule: 'OBJECT-11',
  message: () => say('所选事实不是这个人的或已撤回', 'A fact that was chosen is not of this person, or was withdrawn'),
  remedy: () => say('请刷新后再选', 'Read it again and choose'),
})

export const notAnswered = defineProblem<None>({
  code: 'OBJECTION_NOT_ANSWERED',
  kind: 'conflict',
  rule: 'OBJECT-12',
  message: () => say('这件申诉还没有答复', 'The objection is not answered yet'),
})

export const tooManyProofs = defineProblem<{ most: number }>({
  code: 'OBJECTION_PROOFS_FULL',
  kind: 'refused',
  rule: 'OBJECT-5',
  message: ({ most }) => say(`最多 ${most} 张图片`, `At most ${most} pictures`),
})

export const proofNotAPicture = defineProblem<{ kilobytes: number }>({
  code: 'OBJECTION_PROOF_NOT_A_PICTURE',
  kind: 'invalid',
  rule: 'OBJECT-5',
  message: ({ kilobytes }) =>
    say(`须为不超过 ${kilobytes} KB 的 JPEG 图片`, `A picture is a JPEG of at most ${kilobytes} KB`),
  remedy: () => say('请重新拍照或截图', 'Take the picture again'),
})

export const passIdTaken = defineProblem<{ id: string }>({
  code: 'PASS_ID_TAKEN',
  kind: 'conflict',
  rule: 'OBJECT-15',
  message: () => say('这个编号已用于另一张通行证', 'This id belongs to another pass'),
  remedy: () => say('请重新签发', 'Issue it again'),
})

export const passOver = defineProblem<None>({
  code: 'PASS_OVER',
  kind: 'conflict',
  rule: 'OBJECT-15',
  message: () => say('通行证已到期或已收回', 'The pass has ended or was revoked'),
})

export const passThere = defineProblem<{ number: string }>({
  code: 'PASS_THERE',
  kind: 'conflict',
  rule: 'OBJECT-15',
  message: ({ number }) => say(`已有一张有效通行证（${number}）`, `A pass holds already (${number})`),
  remedy: () => say('可重新打印，或先收回', 'Print it again, or revoke it first'),
})

export const undoByAnother = defineProblem<None>({
  code: 'OBJECTION_UNDO_BY_ANOTHER',
  kind: 'refused',
  rule: 'OBJECT-14',
  message: () => say('更正由您决定，须由另一人撤销', 'You decided this: somebody else takes it back'),
  remedy: () => say('请由其他负责人撤销', 'Let another chief do it'),
})
