import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const noSuchArea = defineProblem<{ code: string }>({
  code: 'AREA_NOT_FOUND',
  kind: 'not_found',
  rule: 'AREA-1',
  message: ({ code }) => say(`没有编码为 ${code} 的辖区`, `There is no area ${code}`),
  remedy: () => say('请按名称或拼音查找后选择', 'Search by name or pinyin and choose it'),
})

export const areaEnded = defineProblem<{ code: string; name: string }>({
  code: 'AREA_ENDED',
  kind: 'conflict',
  rule: 'AREA-9',
  message: ({ name, code }) => say(`${name}（${code}）已经撤并`, `${name} (${code}) has ended`),
  remedy: () => say('请改用它的后继辖区', 'Use the area that succeeded it'),
})

export const codeTaken = defineProblem<{ code: string }>({
  code: 'AREA_CODE_TAKEN',
  kind: 'conflict',
  rule: 'AREA-9',
  message: ({ code }) =>
    say(`编码 ${code} 用过了，编码不重复使用`, `The code ${code} has been used; a code is never given twice`),
  remedy: () => say('请留空，由系统给出下一个可用编码', 'Leave it empty and the next free code is given'),
})

export const codeElsewhere = defineProblem<{ code: string; parent: string }>({
  code: 'AREA_CODE_ELSEWHERE',
  kind: 'invalid',
  rule: 'AREA-9',
  message: ({ code, parent }) =>
    say(`编码 ${code} 不属于 ${parent} 的下一级`, `The code ${code} does not lie directly below ${parent}`),
  remedy: ({ parent }) =>
    say(`请填 ${parent} 后加三位数字，或留空`, `Give ${parent} followed by three digits, or leave it empty`),
})

export const noCodeLeft = defineProblem<{ parent: string }>({
  code: 'AREA_NO_CODE_LEFT',
  kind: 'limit',
  rule: 'AREA-9',
  message: ({ parent }) => say(`${parent} 的下级编码已用完`, `No code is left below ${parent}`),
  remedy: () => say('请先拆分上级辖区', 'Split the area above first'),
})

export const levelFixed = defineProblem<{ level: number }>({
  code: 'AREA_LEVEL_FIXED',
  kind: 'invalid',
  rule: 'AREA-5',
  message: () =>
    say(
      '省、市、县一级的调整由国家公布，不能在此办理',
      'Provinces, cities and counties are changed by the state, not here',
    ),
  remedy: () => say('请等待区划数据更新', 'Wait for the divisions to be updated'),
})

export const partOverlaps = defineProblem<{ what: string }>({
  code: 'AREA_PART_OVERLAPS',
  kind: 'invalid',
  rule: 'AREA-5',
  message: ({ what }) => say(`「${what}」同时分给了两处`, `${what} is given to two parts`),
  remedy: () => say('每个下级、楼栋和户只能分到一处', 'Each area below, building and household goes to one part'),
})

export const shareOutside = defineProblem<{ what: string; code: string }>({
  code: 'AREA_SHARE_OUTSIDE',
  kind: 'invalid',
  rule: 'AREA-5',
  message: ({ what, code }) => say(`「${what}」不在 ${code} 的下一级`, `${what} does not lie directly below ${code}`),
  remedy: () => say('请从列出的下级中选择', 'Choose from the areas listed below it'),
})

export const badRest = defineProblem<{ rest: number }>({
  code: 'AREA_BAD_REST',
  kind: 'invalid',
  rule: 'AREA-5',
  message: () => say('没有指明其余住户归哪一部分', 'Which part takes the rest is not one of the parts'),
  remedy: () => say('请选择一个部分接收未指定的住户', 'Choose the part that takes every door not named'),
})

export const notSiblings = defineProblem<{ codes: string[] }>({
  code: 'AREA_NOT_SIBLINGS',
  kind: 'invalid',
  rule: 'AREA-6',
  message: () => say('只能合并同一上级、同一层级的辖区', 'Only areas of one level with one parent can be merged'),
  remedy: () => say('请先把它们划到同一上级', 'Move them under one parent first'),
})

export const badTarget = defineProblem<{ to: string }>({
  code: 'AREA_BAD_TARGET',
  kind: 'invalid',
  rule: 'AREA-8',
  message: ({ to }) => say(`不能划入 ${to}`, `It cannot go under ${to}`),
  remedy: () => say('请选择另一个同级的上级辖区', 'Choose another parent of the same level'),
})

export const sameName = defineProblem<{ name: string }>({
  code: 'AREA_SAME_NAME',
  kind: 'conflict',
  rule: 'AREA-7',
  message: ({ name }) => say(`名称已经是「${name}」`, `It is already named ${name}`),
  remedy: () => say('请填写新的名称', 'Give another name'),
})

export const tooEarly = defineProblem<{ onDay: string; from: string; name: string }>({
  code: 'AREA_DAY_TOO_EARLY',
  kind: 'conflict',
  rule: 'AREA-9',
  message: ({ onDay, from, name }) =>
    say(
      `${name} 从 ${from} 起才是现在的样子，不能在 ${onDay} 调整`,
      `${name} is as it is only since ${from}; it cannot change on ${onDay}`,
    ),
  remedy: () => say('请选择更晚的生效日期', 'Choose a later day'),
})

export const notThen = defineProblem<{ day: string; name: string }>({
  code: 'AREA_NOT_THEN',
  kind: 'invalid',
  rule: 'AREA-10',
  message: ({ day, name }) => say(`${day} 还没有或已没有「${name}」`, `${name} was no area on ${day}`),
  remedy: () => say('请另选日期，或从上级辖区看', 'Choose another day, or look from the area above'),
})

export const notYet = defineProblem<{ onDay: string }>({
  code: 'AREA_NOT_YET',
  kind: 'conflict',
  rule: 'AREA-9',
  message: ({ onDay }) =>
    say(
      `这项调整从 ${onDay} 起生效，当天才能执行`,
      `This change takes effect on ${onDay} and can be applied from that day`,
    ),
  remedy: () => say('请在生效日执行，或重新提出', 'Apply it on that day, or propose it anew'),
})

export const dayTooFar = defineProblem<{ onDay: string }>({
  code: 'AREA_DAY_TOO_FAR',
  kind: 'invalid',
  rule: 'AREA-9',
  message: ({ onDay }) =>
    say(`生效日期 ${onDay} 应在前后 90 天之内`, `The day ${onDay} must lie within 90 days of today`),
  remedy: () => say('请改日期', 'Change the day'),
})

export const changeDecided = defineProblem<{ state: string }>({
  code: 'AREA_CHANGE_DECIDED',
  kind: 'conflict',
  rule: 'AREA-9',
  message: () => say('这项调整已经有结果', 'This change has been decided'),
  remedy: () => say('请刷新列表', 'Reload the list'),
})

export const needsSecond = defineProblem<Record<string, never>>({
  code: 'AREA_NEEDS_SECOND',
  kind: 'refused',
  rule: 'ACCESS-6',
  message: () => say('提出调整的人不能自己批准', 'Who proposes a change does not apply it'),
  remedy: () => say('请另一位负责人办理', 'Ask another person in charge'),
})

export const changedSince = defineProblem<{ code: string }>({
  code: 'AREA_CHANGED_SINCE',
  kind: 'conflict',
  rule: 'AREA-9',
  message: ({ code }) =>
    say(
      `提出之后 ${code} 又有变化，与预览不符`,
      `${code} has changed since this was proposed; it no longer is what was previewed`,
    ),
  remedy: () => say('请退回后重新预览、提出', 'Refuse it, preview again and propose anew'),
})

export const unreadableFile = defineProblem<{ why: string }>({
  code: 'AREA_FILE_UNREADABLE',
  kind: 'invalid',
  rule: 'AREA-4',
  message: ({ why }) => say(`文件读不出来：${why}`, `The file cannot be read: ${why}`),
  remedy: () =>
    say(
      '请用 CSV 或 XLSX，首行为：村（社区）、网格号、名称、类型、户数',
      'Use CSV or XLSX with the columns village, grid, name, kind, households in the first row',
    ),
})
