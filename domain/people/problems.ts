import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

/** Case 9: a near record is shown before saving; the writer may go on and says why. */
export const nearPerson = defineProblem<{ candidates: unknown[] }>({
  code: 'NEAR_PERSON',
  kind: 'conflict',
  rule: 'PEOPLE-8',
  message: ({ candidates }) =>
    say(`已有 ${candidates.length} 条相近的人员记录`, `There are ${candidates.length} near records of persons already`),
  remedy: () =>
    say('请先查看；确为另一人时填写理由后继续', 'Look at them first; if it is another person, give a reason and go on'),
})

export const nearHousehold = defineProblem<{ households: unknown[]; people: unknown[] }>({
  code: 'NEAR_HOUSEHOLD',
  kind: 'conflict',
  rule: 'PEOPLE-12',
  message: ({ households, people }) =>
    say(
      `已有相近的户 ${households.length} 个、相近的人员 ${people.length} 名`,
      `There are ${households.length} near households and ${people.length} near persons already`,
    ),
  remedy: () =>
    say(
      '请先查看；确为另一户时填写理由后继续',
      'Look at them first; if it is another household, give a reason and go on',
    ),
})

export const unknownArea = defineProblem<{ area: string }>({
  code: 'AREA_UNKNOWN',
  kind: 'invalid',
  rule: 'PEOPLE-12',
  message: ({ area }) => say(`没有编码为 ${area} 的辖区`, `There is no area with the code ${area}`),
  remedy: () => say('请核对辖区编码；户须落到网格或微网格', 'Check the code; a household lies in a grid or unit'),
})

export const needsGrid = defineProblem<{ area: string }>({
  code: 'AREA_NOT_GRID',
  kind: 'invalid',
  rule: 'PEOPLE-12',
  message: ({ area }) => say(`${area} 不是网格或微网格`, `${area} is not a grid or unit`),
  remedy: () =>
    say('户须落到网格（15 位）或微网格（18 位）', 'A household lies in a grid (15 digits) or unit (18 digits)'),
})

export const needsPlace = defineProblem<Record<string, never>>({
  code: 'PLACE_MISSING',
  kind: 'invalid',
  rule: 'PEOPLE-14',
  message: () => say('没有说明去向', 'No place was given'),
  remedy: () => say('请选择辖区或户', 'Choose an area or a household'),
})

export const mergeSame = defineProblem<Record<string, never>>({
  code: 'MERGE_SAME',
  kind: 'refused',
  rule: 'PEOPLE-9',
  message: () => say('两条记录已是同一人', 'The two records are one person already'),
  remedy: () => say('请刷新页面', 'Reload the page'),
})

export const mergeNotThere = defineProblem<Record<string, never>>({
  code: 'MERGE_NOT_THERE',
  kind: 'conflict',
  rule: 'PEOPLE-9',
  message: () => say('此记录没有合并过，或已撤销', 'This record is not merged, or the merge was undone'),
  remedy: () => say('请刷新页面', 'Reload the page'),
})

export const reviewDecided = defineProblem<{ state: string }>({
  code: 'REVIEW_DECIDED',
  kind: 'conflict',
  rule: 'PEOPLE-9',
  message: () => say('此项已有结论', 'This has been decided already'),
  remedy: () => say('请刷新列表', 'Reload the list'),
})

export const decisionUnfit = defineProblem<{ decision: string; kind: string }>({
  code: 'DECISION_UNFIT',
  kind: 'invalid',
  rule: 'PEOPLE-9',
  message: () => say('此结论不适用于这类待核项', 'This decision does not fit this kind of review'),
  remedy: () =>
    say(
      '疑似同一人：合并或不是同一人；姓名冲突：保留或采用新姓名；异地登记：已迁往或仍住本地',
      'A pair: merge or different; a name clash: keep or take; registered elsewhere: moved or stays',
    ),
})

export const tooLittle = defineProblem<Record<string, never>>({
  code: 'PERSON_TOO_LITTLE',
  kind: 'invalid',
  rule: 'PEOPLE-6',
  message: () => say('信息太少，无法认定是谁', 'Too little to know who this is'),
  remedy: () =>
    say(
      '至少要有证件号码，或电话，或姓名加出生日期或地址',
      'Give a document number, or a telephone, or a name with a birth date or an address',
    ),
})

export const unreadableRegister = defineProblem<{ why: string }>({
  code: 'REGISTER_UNREADABLE',
  kind: 'invalid',
  rule: 'PEOPLE-12',
  message: ({ why }) => say(`户册文件无法读取：${why}`, `The register cannot be read: ${why}`),
  remedy: () =>
    say(
      '请用 CSV 或 XLSX，首行写明网格或地址、户编号、姓名、证件号码、电话等列名',
      'Send CSV or XLSX with headings such as grid or address, household id, name, document, phone',
    ),
})

export const emptyRegister = defineProblem<Record<string, never>>({
  code: 'REGISTER_EMPTY',
  kind: 'invalid',
  rule: 'PEOPLE-12',
  message: () => say('户册中没有数据行', 'The register has no rows'),
  remedy: () => say('请核对文件是否选错', 'Check that this is the right file'),
})

export const listTooWide = defineProblem<{ limit: number }>({
  code: 'LIST_TOO_WIDE',
  kind: 'invalid',
  rule: 'PEOPLE-10',
  message: ({ limit }) =>
    say(`范围内超过 ${limit} 条，无法逐页浏览`, `More than ${limit} rows: too many to page through`),
  remedy: () => say('请选择县（区）或更小的辖区，或改用查询', 'Choose a county or a smaller area, or search'),
})

export const nameEmpty = defineProblem<Record<string, never>>({
  code: 'NAME_EMPTY',
  kind: 'invalid',
  rule: 'PEOPLE-19',
  message: () => say('姓名不能为空', 'A name cannot be empty'),
  remedy: () => say('请填写姓名，或不改此项', 'Write the name, or leave this field as it is'),
})

export const conflictDecided = defineProblem<{ state: string }>({
  code: 'CONFLICT_DECIDED',
  kind: 'conflict',
  rule: 'PEOPLE-20',
  message: () => say('此项已有结论', 'This has been decided already'),
  remedy: () => say('请刷新列表', 'Reload the list'),
})

export const conflictMoved = defineProblem<Record<string, never>>({
  code: 'CONFLICT_MOVED',
  kind: 'conflict',
  rule: 'PEOPLE-20',
  message: () => say('现有内容刚刚又变了', 'What stands there has just changed again'),
  remedy: () => say('请重新打开，看过新内容后再定', 'Open it again and look at the new value before you decide'),
})

export const helpClosed = defineProblem<{ by: string }>({
  code: 'HELP_CLOSED',
  kind: 'conflict',
  rule: 'HELP-1',
  message: ({ by }) => say(`此求助已由${by}办结`, `This call was closed by ${by}`),
  remedy: () => say('请刷新列表', 'Reload the list'),
})

export const doorOutOfReach = defineProblem<Record<string, never>>({
  code: 'DOOR_OUT_OF_REACH',
  kind: 'refused',
  rule: 'PEOPLE-24',
  message: () =>
    say('户所在地和新址不都在您的辖区内', 'Where the door stands and where it would go are not both in your area'),
  remedy: () => say('请由管辖两地的网格中心核定', 'Let a centre that covers both places decide'),
})

export const doorGridGone = defineProblem<Record<string, never>>({
  code: 'DOOR_GRID_GONE',
  kind: 'conflict',
  rule: 'PEOPLE-24',
  message: () => say('户册所写的网格已不存在', 'The grid that the register names is no longer there'),
  remedy: () =>
    say('请保留现有，并按新网格编码重报户册', 'Keep what stands, and import the register with the new code'),
})
