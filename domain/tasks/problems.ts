import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const taskClosed = defineProblem<{ reference: string }>({
  code: 'TASK_CLOSED',
  kind: 'conflict',
  rule: 'TASK-2',
  message: () => say('任务已结束', 'The task is closed'),
  remedy: () =>
    say('请查看结论；如需更正，请更正原走访', 'See the answer; to correct it, correct the visit that gave it'),
})

export const taskInReview = defineProblem<Record<string, never>>({
  code: 'TASK_IN_REVIEW',
  kind: 'conflict',
  rule: 'TASK-2',
  message: () => say('任务已答复，正由网格中心复核', 'The task is answered and is being reviewed by the centre'),
  remedy: () => say('请等待复核结果', 'Wait for the review'),
})

export const notInReview = defineProblem<Record<string, never>>({
  code: 'TASK_NOT_IN_REVIEW',
  kind: 'conflict',
  rule: 'TASK-11',
  message: () => say('任务没有待复核的答复', 'The task has no answer to review'),
  remedy: () => say('请先核查，或把任务转给网格', 'Check it first, or pass it to a grid'),
})

export const alreadyAccepted = defineProblem<{ assignee: string }>({
  code: 'TASK_ACCEPTED',
  kind: 'conflict',
  rule: 'TASK-2',
  message: () => say('任务已由同事接收', 'A colleague has accepted the task'),
  remedy: () => say('如需改派，请网格中心改派', 'To hand it over, ask the centre to reassign it'),
})

export const noLevelAbove = defineProblem<{ area: string }>({
  code: 'TASK_NO_LEVEL_ABOVE',
  kind: 'refused',
  rule: 'TASK-6',
  message: () => say('任务已在县级，不能再退回', 'The task is at the county and cannot be returned further'),
  remedy: () =>
    say('请转给下级、转往外地，或复核后结束', 'Pass it down, forward it to another county, or review and close it'),
})

export const bouncedTwice = defineProblem<{ bounces: number }>({
  code: 'TASK_BOUNCED_TWICE',
  kind: 'refused',
  rule: 'TASK-6',
  message: ({ bounces }) =>
    say(
      `任务已横向转派 ${bounces} 次，不能再转`,
      `The task has been passed sideways ${bounces} times and may not be passed again`,
    ),
  remedy: () =>
    say(
      '请本级网格中心自行核实后复核结束，或退回上级',
      'This centre finds out itself and reviews it, or returns it to the level above',
    ),
})

export const passOutside = defineProblem<{ area: string }>({
  code: 'TASK_PASS_OUTSIDE',
  kind: 'refused',
  rule: 'TASK-7',
  message: () => say('不能转到这个辖区', 'The task cannot be passed to this area'),
  remedy: () =>
    say(
      '请选择本中心辖区内的网格；不在辖区内的请退回上级',
      'Choose a grid inside your area; for others return it to the level above',
    ),
})

export const notEnoughTries = defineProblem<{ attempts: number; channels: number; door: boolean }>({
  code: 'TASK_NOT_ENOUGH_TRIES',
  kind: 'refused',
  rule: 'TASK-9',
  message: ({ attempts, channels, door }) =>
    say(
      `请求民警协查前须尝试至少 3 次、用过至少 2 种方式并上门一次；现有 ${attempts} 次、${channels} 种、${door ? '已上门' : '未上门'}`,
      `Before the police are asked there must be 3 tries on 2 channels and one at the door; so far ${attempts} on ${channels}, ${door ? 'door visited' : 'door not visited'}`,
    ),
  remedy: () => say('请换一种方式再试，并上门一次', 'Try another channel, and go to the door once'),
})

export const notEligible = defineProblem<{ to: string; why: string }>({
  code: 'TASK_NOT_ELIGIBLE',
  kind: 'refused',
  rule: 'TASK-13',
  message: () => say('此人不能接收这个任务', 'This account cannot own the task'),
  remedy: () => say('请从可接收人员中选择', 'Choose from the list of who can'),
})

export const roleMayNot = defineProblem<{ verb: string; thing: string }>({
  code: 'NOT_ALLOWED',
  kind: 'refused',
  rule: 'ACCESS-4',
  message: () => say('您的岗位不能做这项操作', 'Your role may not do this'),
  remedy: () => say('请有此权限的同事办理', 'Ask a colleague whose role may'),
})

export const dispositionNeeded = defineProblem<{ decision: string }>({
  code: 'TASK_DISPOSITION_NEEDED',
  kind: 'invalid',
  rule: 'TASK-11',
  message: () => say('请选择能结束任务的核查结论', 'Choose an answer that ends the task'),
  remedy: () => say('仍需核查的，请选“重新核查”', 'If it has to be checked again, choose "reopen"'),
})

export const runNotDone = defineProblem<{ state: string }>({
  code: 'PUSH_RUN_NOT_DONE',
  kind: 'refused',
  rule: 'TASK-5',
  message: ({ state }) =>
    say(`研判未完成（${state}），不能下发`, `The run is not done (${state}) and cannot be pushed`),
  remedy: () => say('请等待研判完成，或按当前研判等级下发', 'Wait until it is done, or push the grades as they stand'),
})

export const campaignNotOpen = defineProblem<{ state: string }>({
  code: 'CAMPAIGN_NOT_OPEN',
  kind: 'refused',
  rule: 'TASK-5',
  message: () =>
    say('专项排查未开始、已结束，或不含这个辖区', 'The campaign is not open, is over, or does not cover this area'),
  remedy: () => say('请选择正在进行的专项排查', 'Choose one that is open and covers the area'),
})

export const pushDecided = defineProblem<{ state: string }>({
  code: 'PUSH_DECIDED',
  kind: 'conflict',
  rule: 'TASK-5',
  message: ({ state }) => say(`这次下发已处理（${state}）`, `This push has been decided (${state})`),
  remedy: () => say('请刷新查看结果', 'Reload to see the result'),
})

export const nothingToPush = defineProblem<Record<string, never>>({
  code: 'PUSH_NOTHING',
  kind: 'refused',
  rule: 'TASK-5',
  message: () =>
    say(
      '名单为空：辖区内没有红、黄、蓝等级人员',
      'The list is empty: nobody in the area has a red, yellow or blue grade',
    ),
  remedy: () => say('请先装载数据源并研判', 'Load feeds and grade first'),
})

export const badSpan = defineProblem<{ from: string; to: string; most: number }>({
  code: 'BAD_SPAN',
  kind: 'invalid',
  rule: 'STAT-4',
  message: ({ most }) =>
    say(`起止日期不对，或超过 ${most} 天`, `The days are the wrong way round, or more than ${most} apart`),
  remedy: ({ most }) => say(`请选择不超过 ${most} 天的一段`, `Choose a span of at most ${most} days`),
})

export const formFaulty = defineProblem<{ faults: { at: string; fault: string }[] }>({
  code: 'FORM_FAULTY',
  kind: 'invalid',
  rule: 'FORM-2',
  message: ({ faults }) =>
    say(
      `表单有 ${faults.length} 处错误：${faults.map((f) => `${f.at || '整表'}（${f.fault}）`).join('、')}`,
      `The form has ${faults.length} faults: ${faults.map((f) => `${f.at || 'whole form'} (${f.fault})`).join(', ')}`,
    ),
  remedy: () => say('请按指出的题目修改后再保存', 'Mend the fields that are named and save again'),
})

export const formDecided = defineProblem<{ state: string }>({
  code: 'FORM_DECIDED',
  kind: 'conflict',
  rule: 'FORM-4',
  message: ({ state }) => say(`这一版本已处理（${state}）`, `This version has been decided (${state})`),
  remedy: () => say('请刷新查看结果', 'Reload to see the result'),
})

export const nobodyBelow = defineProblem<Record<string, never>>({
  code: 'INSTRUCTION_NOBODY',
  kind: 'invalid',
  rule: 'INSTR-3',
  message: () => say('所选范围内没有可接收的下级', 'There is no receiver of that level in the areas chosen'),
  remedy: () => say('请改选下级辖区或接收层级', 'Choose areas below your own, or another level of receivers'),
})

export const pastDue = defineProblem<Record<string, never>>({
  code: 'INSTRUCTION_PAST_DUE',
  kind: 'invalid',
  rule: 'INSTR-3',
  message: () => say('完成时限已过', 'The deadline has passed already'),
  remedy: () => say('请选择将来的时间', 'Choose a time to come'),
})

export const instructionIdTaken = defineProblem<{ id: string }>({
  code: 'INSTRUCTION_ID_TAKEN',
  kind: 'conflict',
  rule: 'SYNC-2',
  message: () => say('这个编号已用于另一条指令', 'This id belongs to another instruction'),
})

export const instructionRecalled = defineProblem<Record<string, never>>({
  code: 'INSTRUCTION_RECALLED',
  kind: 'conflict',
  rule: 'INSTR-2',
  message: () => say('这条指令已撤回', 'This instruction has been recalled'),
  remedy: () => say('无需再办', 'Nothing more is to be done'),
})

export const instructionChanged = defineProblem<{ version: number }>({
  code: 'INSTRUCTION_CHANGED',
  kind: 'conflict',
  rule: 'INSTR-7',
  message: ({ version }) =>
    say(`指令已更新为第 ${version} 版`, `The instruction has been changed; it is now version ${version}`),
  remedy: () => say('请先阅读新版本', 'Read the new version first'),
})

export const notAReceiver = defineProblem<Record<string, never>>({
  code: 'NOT_A_RECEIVER',
  kind: 'not_found',
  rule: 'INSTR-7',
  message: () => say('这条指令没有下达到该辖区', 'This instruction was not sent to that area'),
})

export const mayNotWeaken = defineProblem<{ fault: string }>({
  code: 'INSTRUCTION_WEAKENED',
  kind: 'refused',
  rule: 'INSTR-4',
  message: ({ fault }) =>
    fault === 'later'
      ? say('时限只能提前，不能推后', 'The deadline may be made earlier, never later')
      : say('补充内容不能为空', 'An addition needs a text or an earlier deadline'),
  remedy: () => say('可补充要求或提前时限', 'Add a requirement or an earlier deadline'),
})

export const notAnAttachment = defineProblem<{ megabytes: number }>({
  code: 'NOT_AN_ATTACHMENT',
  kind: 'invalid',
  rule: 'INSTR-8',
  message: ({ megabytes }) =>
    say(
      `附件只能是 PDF、JPEG 或 PNG，不超过 ${megabytes} MB`,
      `An attachment is a PDF, JPEG or PNG of at most ${megabytes} MB`,
    ),
  remedy: () => say('请换一个文件', 'Choose another file'),
})

export const attachmentUnknown = defineProblem<{ id: string }>({
  code: 'ATTACHMENT_UNKNOWN',
  kind: 'invalid',
  rule: 'INSTR-8',
  message: () => say('有附件未上传成功或已被使用', 'An attachment was not uploaded, or belongs to another instruction'),
  remedy: () => say('请移除后重新上传', 'Remove it and add it again'),
})
