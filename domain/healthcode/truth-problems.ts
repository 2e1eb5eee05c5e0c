import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const contradictionOver = defineProblem<{ state: string }>({
  code: 'CONTRADICTION_OVER',
  kind: 'conflict',
  rule: 'TRUTH-9',
  message: () => say('此项不一致已认定或已不存在', 'This contradiction is decided, or is none any more'),
  remedy: () => say('请刷新后查看结果', 'Look at it again'),
})

export const alreadyAsked = defineProblem<Record<string, never>>({
  code: 'CONTRADICTION_ASKED',
  kind: 'conflict',
  rule: 'TRUTH-8',
  message: () => say('已派人核实，尚未答复', 'Somebody has been sent to ask and has not answered'),
  remedy: () => say('请等答复，或在任务中催办', 'Wait for the answer, or see to the task'),
})

export const nobodyToAsk = defineProblem<Record<string, never>>({
  code: 'CONTRADICTION_NO_GRID',
  kind: 'refused',
  rule: 'TRUTH-8',
  message: () =>
    say('住址未落到村（社区），无处派单', 'The home is not known down to a village, so nobody can be sent'),
  remedy: () => say('请先在人员页落实住址', 'Settle the home on the page of the person first'),
})

export const notHeard = defineProblem<Record<string, never>>({
  code: 'CONTRADICTION_NOT_HEARD',
  kind: 'refused',
  rule: 'TRUTH-10',
  message: () =>
    say('未听取本人说明，不能认定申报不实', 'Nobody is said to have declared falsely without having been heard'),
  remedy: () => say('请先派人核实，或等本人说明', 'Send somebody to ask, or wait for their own words'),
})

export const factNeeded = defineProblem<Record<string, never>>({
  code: 'CONTRADICTION_FACT_NEEDED',
  kind: 'invalid',
  rule: 'TRUTH-11',
  message: () => say('请选择哪一条数据有误', 'Say which of the data are wrong'),
  remedy: () => say('在已知一侧勾选有误的数据', 'Choose on the side of what is known'),
})

export const wordsNeeded = defineProblem<Record<string, never>>({
  code: 'CONTRADICTION_WORDS_NEEDED',
  kind: 'invalid',
  rule: 'TRUTH-10',
  message: () => say('请写明认定的依据', 'Say what the decision rests on'),
})

export const contradictionHeld = defineProblem<{ mine: string }>({
  code: 'CONTRADICTION_OWN',
  kind: 'refused',
  rule: 'TRUTH-10',
  message: () =>
    say('派人核实者不能同时认定申报不实', 'Whoever sent somebody to ask may not also say that it was false'),
  remedy: () => say('请由另一位负责人认定', 'Another chief decides'),
})
