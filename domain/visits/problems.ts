import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const visitNowhere = defineProblem<Record<string, never>>({
  code: 'VISIT_NOWHERE',
  kind: 'invalid',
  rule: 'VISIT-1',
  message: () => say('走访没有写明任务、户或辖区', 'The visit names no task, no household and no area'),
  remedy: () => say('请从任务或户打开后填写', 'Open it from a task or a household'),
})

export const visitIdTaken = defineProblem<{ id: string }>({
  code: 'VISIT_ID_TAKEN',
  kind: 'conflict',
  rule: 'VISIT-1',
  message: () => say('同一走访编号已有不同内容', 'A visit with this id and other content exists'),
  remedy: () => say('请作为更正提交，或新建一次走访', 'Send it as a correction, or as a new visit'),
})

export const correctedAlready = defineProblem<{ by: string }>({
  code: 'VISIT_CORRECTED',
  kind: 'conflict',
  rule: 'VISIT-6',
  message: () => say('这次走访已被更正过', 'This visit has been corrected already'),
  remedy: () => say('请打开最新一版再更正', 'Open the newest version and correct that'),
})

export const notAPicture = defineProblem<{ kilobytes: number }>({
  code: 'NOT_A_PICTURE',
  kind: 'invalid',
  rule: 'VISIT-8',
  message: () => say('这不是能显示的 JPEG 照片', 'This is not a JPEG picture that can be shown'),
  remedy: ({ kilobytes }) => say(`请重新拍摄，不超过 ${kilobytes} KB`, `Take it again; at most ${kilobytes} KB`),
})
