import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'
import type { Fault } from './api.ts'

export const ruleSetFaulty = defineProblem<{ faults: Fault[] }>({
  code: 'RULE_SET_FAULTY',
  kind: 'invalid',
  rule: 'GRADE-15',
  message: ({ faults }) => {
    const first = faults[0]
    return say(
      `规则集有误：${first?.path ?? ''} ${first?.message.zh ?? ''}`,
      `The rule set has faults: ${first?.path ?? ''} ${first?.message.en ?? ''}`,
    )
  },
  remedy: ({ faults }) => faults[0]?.remedy ?? say('请改正后再保存', 'Correct it and save again'),
})

export const codeTaken = defineProblem<{ code: string }>({
  code: 'RULE_SET_CODE_TAKEN',
  kind: 'conflict',
  rule: 'GRADE-15',
  message: ({ code }) =>
    say(`编号“${code}”已用于其他辖区的规则集`, `The code "${code}" belongs to a rule set of another area`),
  remedy: () => say('请换一个编号', 'Choose another code'),
})

export const ruleSetState = defineProblem<{ state: string }>({
  code: 'RULE_SET_STATE',
  kind: 'conflict',
  rule: 'GRADE-20',
  message: ({ state }) =>
    say(`规则集当前状态为 ${state}，不能做此操作`, `The rule set is ${state}; this cannot be done now`),
  remedy: () => say('请刷新后查看最新状态', 'Reload to see where it stands'),
})

export const previewNeeded = defineProblem<Record<string, never>>({
  code: 'PREVIEW_NEEDED',
  kind: 'conflict',
  rule: 'GRADE-20',
  message: () => say('请先预览本版本规则集的影响', 'Preview what this version would change first'),
  remedy: () => say('点“预览”，完成后再提请启用', 'Run the preview, then propose'),
})

export const ruleSetInactive = defineProblem<Record<string, never>>({
  code: 'RULE_SET_INACTIVE',
  kind: 'conflict',
  rule: 'GRADE-20',
  message: () => say('只有已启用的规则集可以研判', 'Only a rule set in force can grade'),
  remedy: () => say('请先启用规则集', 'Activate the rule set first'),
})

export const runState = defineProblem<{ state: string }>({
  code: 'RUN_STATE',
  kind: 'conflict',
  rule: 'GRADE-22',
  message: ({ state }) => say(`研判当前状态为 ${state}，不能做此操作`, `The run is ${state}; this cannot be done now`),
  remedy: () => say('请刷新后查看最新状态', 'Reload to see where it stands'),
})

/** More has joined a held run than the person has read of. */
export const runGrew = defineProblem<{ seen: number; now: number }>({
  code: 'RUN_GREW',
  kind: 'conflict',
  rule: 'GRADE-22',
  message: ({ seen, now }) =>
    say(
      `您看到的是 ${seen} 人的改变，现在是 ${now} 人：又有同类变化并入`,
      `You have read of ${seen} changes; by now there are ${now}, because more have joined`,
    ),
  remedy: () => say('请核对新的人数和原因后再决定', 'Look at the new number and its reasons, then decide'),
})

export const redNeedsCase = defineProblem<Record<string, never>>({
  code: 'RED_NEEDS_CASE',
  kind: 'refused',
  rule: 'GRADE-24',
  message: () => say('手工判红须填病例编号', 'Red by hand needs a case number'),
  remedy: () =>
    say('请填写流调的病例编号；没有编号不能判红', 'Give the number of the case; without one there is no red'),
})

export const reasonWrongWay = defineProblem<{ way: 'raise' | 'lower' }>({
  code: 'REASON_WRONG_WAY',
  kind: 'refused',
  rule: 'GRADE-24',
  message: ({ way }) =>
    way === 'lower'
      ? say('这一理由只能调低，不能调高', 'This reason may only lower a grade')
      : say('这一理由只能调高，不能调低', 'This reason may only raise a grade'),
  remedy: () => say('请选与变更方向相符的理由', 'Choose a reason that fits the change'),
})

export const manyWrongWay = defineProblem<{ way: 'raise' | 'lower'; persons: number }>({
  code: 'REASON_WRONG_WAY',
  kind: 'refused',
  rule: 'GRADE-24',
  message: ({ way, persons }) =>
    way === 'lower'
      ? say(
          `这一理由只能调低，名单中有 ${persons} 人会被调高`,
          `This reason may only lower; it would raise ${persons} of the list`,
        )
      : say(
          `这一理由只能调高，名单中有 ${persons} 人不会被调高`,
          `This reason may only raise; ${persons} of the list would not be raised`,
        ),
  remedy: () =>
    say(
      '请选与变更方向相符的理由，或从名单中去掉这些人',
      'Choose a reason that fits, or take these people off the list',
    ),
})

/** GRADE-26: the red of a list must show in what is known about each person. */
export const redUnexplained = defineProblem<{ persons: number }>({
  code: 'RED_UNEXPLAINED',
  kind: 'refused',
  rule: 'GRADE-26',
  message: ({ persons }) =>
    say(
      `名单中有 ${persons} 人没有任何疫情线索，不能批量判红`,
      `Nothing is on record about ${persons} of the list: a list cannot turn them red`,
    ),
  remedy: () =>
    say(
      '请由来源报送病例、接触或旅居线索，按规则研判；个别人员逐人办理，填写病例编号',
      'Have their source deliver the case, contact or stay, and let the rules judge; single people are changed one by one with a case number',
    ),
})

export const nobodyListed = defineProblem<Record<string, never>>({
  code: 'NOBODY_LISTED',
  kind: 'invalid',
  rule: 'GRADE-25',
  message: () => say('名单里没有本辖区的人', 'The list names nobody of this area'),
  remedy: () => say('请核对证件号码和辖区', 'Check the document numbers and the area'),
})

export const manualTooLong = defineProblem<{ days: number }>({
  code: 'MANUAL_TOO_LONG',
  kind: 'refused',
  rule: 'GRADE-24',
  message: ({ days }) => say(`截止日须在今天至 ${days} 天内`, `The last day lies between today and ${days} days on`),
  remedy: () => say('请改截止日；到期可再次核定', 'Choose an earlier day; it can be decided again'),
})

export const noRuleSet = defineProblem<{ area: string }>({
  code: 'NO_RULE_SET',
  kind: 'conflict',
  rule: 'GRADE-20',
  message: () => say('本辖区没有启用的规则集', 'No rule set is in force here'),
  remedy: () => say('请先启用规则集', 'Activate a rule set first'),
})

export const batchDecided = defineProblem<{ state: string }>({
  code: 'MANUAL_BATCH_DECIDED',
  kind: 'conflict',
  rule: 'GRADE-25',
  message: () => say('该批变更已有决定', 'This batch has been decided'),
  remedy: () => say('请刷新后查看', 'Reload to see it'),
})

export const strangersInBatch = defineProblem<{ persons: number }>({
  code: 'STRANGERS_IN_BATCH',
  kind: 'not_found',
  rule: 'ACCESS-3',
  message: ({ persons }) =>
    say(`${persons} 人找不到，或不在您的辖区内`, `${persons} people are not found, or not in your area`),
  remedy: () => say('请从名单中选择本辖区人员', 'Choose people of your area from the list'),
})

export const guardUnchanged = defineProblem<Record<string, never>>({
  code: 'GUARD_UNCHANGED',
  kind: 'invalid',
  rule: 'GRADE-27',
  message: () => say('与现行数值相同', 'These are the numbers in force'),
  remedy: () => say('请先修改数值', 'Change a number first'),
})

export const guardWaiting = defineProblem<Record<string, never>>({
  code: 'GUARD_WAITING',
  kind: 'conflict',
  rule: 'GRADE-27',
  message: () => say('已有一项数值变更等待批准', 'A change of these numbers is waiting for a decision'),
  remedy: () => say('请先由第二人批准或否决', 'Let a second person decide it first'),
})

export const guardDecided = defineProblem<{ state: string }>({
  code: 'GUARD_DECIDED',
  kind: 'conflict',
  rule: 'GRADE-27',
  message: () => say('该项变更已有决定', 'This change has been decided'),
  remedy: () => say('请刷新后查看', 'Reload to see it'),
})

export const redByHandFull = defineProblem<{ limit: number }>({
  code: 'RED_BY_HAND_FULL',
  kind: 'refused',
  rule: 'GRADE-29',
  message: ({ limit }) =>
    say(
      `本县（市、区）已有 ${limit} 人由人工判红且没有线索佐证，不能再增加`,
      `${limit} people of this county are red by hand with nothing on record behind it; no more can be`,
    ),
  remedy: () =>
    say(
      '请由来源报送病例或接触者数据',
      'Let the source deliver its cases or contacts; then nothing has to be done by hand',
    ),
})

export const ownRun = defineProblem<Record<string, never>>({
  code: 'OWN_RUN',
  kind: 'refused',
  rule: 'GRADE-30',
  message: () =>
    say(
      '您报送了其中的数据，或提出、批准过其来源判红，不能放行这次研判',
      'You delivered data of this run, or proposed or approved that their source gives red: you may not let it go on',
    ),
  remedy: () => say('请由其他负责人决定', 'Let another chief decide'),
})
