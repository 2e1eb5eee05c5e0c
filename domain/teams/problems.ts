import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

export const badTemplate = defineProblem<{ fault: 'alone' | 'twice' }>({
  code: 'TEAM_TEMPLATE',
  kind: 'invalid',
  rule: 'TEAM-2',
  message: ({ fault }) =>
    fault === 'alone'
      ? say('每户至少两人负责', 'A team has at least two people')
      : say('同一岗位只能写一次', 'Each role stands once in a template'),
  remedy: ({ fault }) =>
    fault === 'alone' ? say('请增加岗位或人数', 'Add a role or a person') : say('请合并为一行', 'Put them in one line'),
})

export const notSuited = defineProblem<{ accountId: string; why: 'role' | 'duty' | 'leave' | 'closed' | 'seated' }>({
  code: 'TEAM_NOT_SUITED',
  kind: 'refused',
  rule: 'TEAM-5',
  message: ({ why }) =>
    why === 'role'
      ? say('此人没有该岗位', 'This person does not have the role')
      : why === 'duty'
        ? say('此人当日值守范围不含该户', 'This person has no duty near the door today')
        : why === 'leave'
          ? say('此人正在请假', 'This person is on leave')
          : why === 'closed'
            ? say('此账号已停用', 'This account is closed')
            : say('此人已在该户小组中', 'This person is in the team already'),
  remedy: () => say('请从推荐名单中另选', 'Choose somebody else from the suggestions'),
})

export const atCap = defineProblem<{ load: number; cap: number }>({
  code: 'TEAM_AT_CAP',
  kind: 'refused',
  rule: 'TEAM-5',
  message: ({ load, cap }) =>
    say(`此人已负责 ${load} 户，上限 ${cap} 户`, `This person has ${load} doors of at most ${cap}`),
  remedy: () => say('请另选人员，或先调整上限', 'Choose somebody else, or change the cap first'),
})

export const notMember = defineProblem<Record<string, never>>({
  code: 'TEAM_NOT_MEMBER',
  kind: 'conflict',
  rule: 'TEAM-5',
  message: () => say('此人已不在该户小组中', 'This person is not in the team any more'),
  remedy: () => say('请刷新后再看', 'Look again'),
})

export const teamEnded = defineProblem<Record<string, never>>({
  code: 'TEAM_ENDED',
  kind: 'conflict',
  rule: 'TEAM-8',
  message: () => say('该户小组已解散', 'The team has ended'),
  remedy: () => say('观察结束后小组随之解散', 'A team ends with the observation'),
})

export const leaveOverlaps = defineProblem<{ from: string; to: string }>({
  code: 'TEAM_LEAVE_OVERLAPS',
  kind: 'conflict',
  rule: 'TEAM-7',
  message: ({ from, to }) => say(`与 ${from} 至 ${to} 的请假重叠`, `It overlaps a leave from ${from} to ${to}`),
  remedy: () => say('请先结束原请假', 'End the former leave first'),
})

export const badLeave = defineProblem<Record<string, never>>({
  code: 'TEAM_BAD_LEAVE',
  kind: 'invalid',
  rule: 'TEAM-7',
  message: () => say('请假日期不对，或替班人就是本人', 'The days are wrong, or the stand-in is the same person'),
  remedy: () => say('开始日不早于今天，结束日不早于开始日', 'It begins today or later and ends on that day or later'),
})

export const previewOld = defineProblem<Record<string, never>>({
  code: 'WATCH_PREVIEW_OLD',
  kind: 'conflict',
  rule: 'WATCH-3',
  message: () => say('预览之后住户有变动', 'Doors have changed since the preview'),
  remedy: () => say('请重新预览后再应用', 'Look at the preview again, then apply'),
})

export const tooManyUnits = defineProblem<{ grid: string; most: number }>({
  code: 'WATCH_TOO_MANY',
  kind: 'limit',
  rule: 'WATCH-1',
  message: ({ grid, most }) =>
    say(`网格 ${grid} 的联防单元超过 ${most} 个`, `Grid ${grid} would have more than ${most} watches`),
  remedy: () => say('请先拆分网格', 'Split the grid first'),
})

export const watchEnded = defineProblem<Record<string, never>>({
  code: 'WATCH_ENDED',
  kind: 'conflict',
  rule: 'WATCH-4',
  message: () => say('该联防单元已撤销', 'The watch has ended'),
  remedy: () => say('请刷新后再看', 'Look again'),
})

export const otherGrid = defineProblem<Record<string, never>>({
  code: 'WATCH_OTHER_GRID',
  kind: 'refused',
  rule: 'WATCH-4',
  message: () => say('只能在同一网格内合并或移动', 'Doors are joined and moved inside one grid only'),
  remedy: () => say('跨网格请先调整住户所属网格', 'To another grid, move the household first'),
})

export const splitNeedsBoth = defineProblem<Record<string, never>>({
  code: 'WATCH_SPLIT_BOTH',
  kind: 'invalid',
  rule: 'WATCH-4',
  message: () => say('拆分后两边都要有住户', 'Both parts need a door'),
  remedy: () => say('请选择一部分住户，不能全选', 'Choose some of the doors, not all'),
})

export const notLeader = defineProblem<{ accountId: string }>({
  code: 'WATCH_NOT_LEADER',
  kind: 'refused',
  rule: 'WATCH-6',
  message: () => say('此账号没有联防长岗位，或不在本县', 'This account is no watch leader, or of another county'),
  remedy: () =>
    say('请先授予联防长岗位，或填写无账号的邻居', 'Give the role first, or name a neighbour without an account'),
})

export const coverageTooWide = defineProblem<Record<string, never>>({
  code: 'WATCH_TOO_WIDE',
  kind: 'refused',
  rule: 'WATCH-3',
  message: () => say('请先选定一个县（区）', 'Choose a county first'),
  remedy: () => say('覆盖检查按县及以下进行', 'Coverage is checked inside a county'),
})
