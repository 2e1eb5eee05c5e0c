import { describe, expect, test } from 'vitest'
import { addDays } from '../core/day.ts'
import { checkDigit } from '../people/document.ts'
import type { FileBody } from './org-api.ts'
import { answerOf, readCreditCode, rollShown } from './org-decide.ts'
import type { MemberFacts } from './org-decide.ts'
import { decideDeskStep, decideSubmit, fileNow, foldFile, lacksOf, maySave } from './org-file.ts'
import type { FileEvent } from './org-file.ts'
import { judgeRows, readOrgSheet } from './org-list.ts'

const TODAY = '2020-02-20'

describe('ORG-7: one answer, from the colour and the ends alone', () => {
  const at = (state: MemberFacts['code']['state'], untilDay: string | null, end?: string | null): string => {
    const observation = end === undefined ? null : { endDay: end }
    const { kind, from } = answerOf({
      today: TODAY,
      consented: true,
      code: { state, untilDay },
      judged: true,
      observation,
    })
    return from === null ? kind : `${kind} ${from}`
  }
  test.each([
    ['green', null, undefined, 'may_work'],
    ['green', null, '2020-02-25', 'may_work_from 2020-02-26'],
    // The last day is the last day: it counts to its end (case 67).
    ['green', null, '2020-02-20', 'may_work_from 2020-02-21'],
    ['green', null, '2020-02-19', 'not_yet'],
    ['green', null, null, 'not_yet'],
    ['yellow', '2020-02-24', undefined, 'may_work_from 2020-02-25'],
    ['red', '2020-02-28', '2020-02-24', 'may_work_from 2020-02-29'],
    ['red', '2020-02-24', '2020-03-02', 'may_work_from 2020-03-03'],
    ['yellow', null, undefined, 'not_yet'],
    ['yellow', '2020-02-19', undefined, 'not_yet'],
    ['pending', '2020-02-24', undefined, 'not_yet'],
    ['applied', null, undefined, 'not_yet'],
    ['suspended', null, undefined, 'not_yet'],
    ['expired', null, undefined, 'not_yet'],
    ['none', null, undefined, 'not_yet'],
  ] as const)('%s until %s, observed until %s: %s', (state, until, end, expected) => {
    expect(at(state, until, end)).toBe(expected)
  })
  test('CODE-23: where no rules are in force the answer says so, and never before an observation or what was looked at', () => {
    const of = (state: MemberFacts['code']['state'], observation: MemberFacts['observation'] = null): string =>
      answerOf({ today: TODAY, consented: true, code: { state, untilDay: null }, judged: false, observation }).kind
    expect([of('applied'), of('applied', { endDay: '2020-02-25' }), of('suspended'), of('none')]).toEqual([
      'no_rules',
      'not_yet',
      'not_yet',
      'not_yet',
    ])
  })
  test('ORG-6: without consent nothing else is looked at', () => {
    for (const state of ['green', 'red', 'none'] as const)
      expect(
        answerOf({ today: TODAY, consented: false, code: { state, untilDay: null }, judged: true, observation: null })
          .kind,
      ).toBe('waits_consent')
  })
  test('the answer has no room for a colour, a reason or a place', () => {
    const shown = answerOf({
      today: TODAY,
      consented: true,
      code: { state: 'red', untilDay: '2020-02-28' },
      judged: true,
      observation: null,
    })
    expect(Object.keys(shown).toSorted()).toEqual(['from', 'kind', 'say'])
    expect(JSON.stringify(shown)).not.toMatch(/red|红|colour|码/)
  })
})

test('ORG-2: credit codes by their check character', () => {
  expect(readCreditCode('91350100M000100Y43')).toBe('91350100M000100Y43')
  expect(readCreditCode('９１350100m000100y43')).toBe('91350100M000100Y43')
  expect(readCreditCode('91350100M000100Y44')).toBeNull()
  expect(readCreditCode('91350100I000100Y43')).toBeNull()
  expect(readCreditCode('9135')).toBeNull()
})

describe('ORG-4: rows of a list', () => {
  const number = (n: number): string => {
    const first = `42010619800606${String(n).padStart(3, '0')}`
    return first + checkDigit(first)
  }
  test('each has its result', () => {
    const rows = [
      { row: 2, name: '张三', number: number(11), kind: '', ref: 'A1', returns: '' },
      {
        row: 3,
        name: '李四',
        number: number(12).replace(/.$/, (c) => (c === '1' ? '2' : '1')),
        kind: '',
        ref: '',
        returns: '',
      },
      { row: 4, name: '张三', number: number(11), kind: '居民身份证', ref: '', returns: '' },
      { row: 5, name: 'Anna', number: 'AB1234567', kind: '', ref: '', returns: '' },
      { row: 6, name: '', number: number(13), kind: '', ref: '', returns: '' },
      { row: 7, name: '王五', number: number(14), kind: '身份证', ref: '', returns: '' },
    ]
    expect(judgeRows(rows, TODAY).map((one) => [one.row, one.result])).toEqual([
      [2, 'valid'],
      [3, 'invalid_document'],
      [4, 'duplicate_row'],
      [5, 'cannot_be_judged'],
      [6, 'cannot_be_judged'],
      [7, 'valid'],
    ])
  })
  test('ORG-18: a day of return as it is written, none, and what is no day or too far away', () => {
    const day = (returns: string): unknown => {
      const [one] = judgeRows([{ row: 1, name: '张三', number: number(11), kind: '', ref: '', returns }], TODAY)
      return one?.result === 'valid' ? one.returnsOn : one?.result
    }
    expect(day('')).toBeNull()
    expect(day('2020年2月25日')).toBe('2020-02-25')
    expect(day('2020/2/1')).toBe('2020-02-01')
    for (const wrong of ['过几天', '2020-02-30', addDays(TODAY, 61), addDays(TODAY, -61)])
      expect([wrong, day(wrong)]).toEqual([wrong, 'cannot_be_judged'])
    expect(day(addDays(TODAY, 60))).toBe(addDays(TODAY, 60))
    expect(
      readOrgSheet([
        ['姓名', '证件号码', '预计返回日期（年月日）'],
        ['张三', number(11), '2020-02-25'],
      ]),
    ).toMatchObject([{ returns: '2020-02-25' }])
  })
  test('headings below a title, in any order, with the row numbers of the file', () => {
    const table = [
      ['某某公司员工名单', '', ''],
      ['工号', '身份证号', '姓名 *'],
      ['A1', "'420106198006060110", '张三'],
      ['', '', ''],
      ['A2', '420106198006060129', '李四'],
    ]
    expect(readOrgSheet(table)).toEqual([
      { row: 3, name: '张三', number: '420106198006060110', kind: '', ref: 'A1', returns: '' },
      { row: 5, name: '李四', number: '420106198006060129', kind: '', ref: 'A2', returns: '' },
    ])
    expect(readOrgSheet([['甲', '乙']])).toBeNull()
  })
})

test('ORG-10: under five is hidden, nothing is not', () => {
  const [day] = rollShown([{ day: TODAY, present: 120, absent: 4, fever: 0 }])
  expect(day).toEqual({ day: TODAY, present: 120, absent: null, fever: 0 })
})

describe('ORG-11 to ORG-14: the file', () => {
  const body: FileBody = {
    plan: '分批到岗，错峰就餐，每日两次测温消毒',
    opens: '2020-02-24',
    headcount: 40,
    materials: { masks: 3, disinfectant: 3, thermometry: 3 },
    isolationRooms: 1,
    officer: { name: '钱某', phone: '13900000000' },
  }
  const on = TODAY
  const submitted: FileEvent[] = [
    { kind: 'drafted', body: { on } },
    { kind: 'submitted', body: { on } },
  ]
  const asked: FileEvent[] = [...submitted, { kind: 'asked', body: { on, until: '2020-02-25' } }]
  const who = { id: 'desk', today: TODAY }
  const refused = (decided: ReturnType<typeof decideSubmit>): string | null =>
    decided.ok ? null : decided.problem.body.code

  test('materials for three days, a room, an officer', () => {
    expect(lacksOf(body)).toEqual([])
    expect(lacksOf({ ...body, materials: { ...body.materials, masks: 2 } }).map((one) => one.zh)).toEqual([
      '口罩（至少 3 天）',
    ])
    expect(lacksOf({ ...body, isolationRooms: 0, officer: { name: '钱某', phone: '' } })).toHaveLength(2)
    expect(refused(decideSubmit(foldFile([]), { ...body, isolationRooms: 0 }, TODAY))).toBe('ORG_FILE_LACKS')
    expect(refused(decideSubmit(foldFile([]), body, TODAY))).toBeNull()
    expect(refused(decideSubmit(foldFile(submitted), body, TODAY))).toBe('ORG_FILE_NOT_OPEN')
  })
  test('more is asked for once; the last day still counts, then it has expired', () => {
    const waiting = foldFile(asked)
    expect([fileNow(waiting, '2020-02-25'), fileNow(waiting, '2020-02-26')]).toEqual(['supplement_once', 'expired'])
    expect([maySave(waiting, '2020-02-25'), maySave(waiting, '2020-02-26')]).toEqual([true, false])
    expect(refused(decideSubmit(waiting, body, '2020-02-26'))).toBe('ORG_FILE_NOT_OPEN')
    const again = foldFile([{ kind: 'supplemented', body: { on } }], waiting)
    expect(again.state).toBe('submitted')
    expect(refused(decideDeskStep(again, { step: 'ask', words: '再补' }, who))).toBe('ORG_ASKED_ONCE')
  })
  test('approved after a check that found everything, by somebody else', () => {
    const file = foldFile(submitted)
    expect(refused(decideDeskStep(file, { step: 'approve' }, who))).toBe('ORG_NOT_CHECKED')
    const bad = foldFile([{ kind: 'checked', body: { on, met: false, by: 'other' } }], file)
    expect(refused(decideDeskStep(bad, { step: 'approve' }, who))).toBe('ORG_NOT_CHECKED')
    const own = foldFile([{ kind: 'checked', body: { on, met: true, by: 'desk' } }], file)
    expect(refused(decideDeskStep(own, { step: 'approve' }, who))).toBe('ORG_CHECKED_BY_YOU')
    const good = foldFile([{ kind: 'checked', body: { on, met: true, by: 'other' } }], file)
    expect(refused(decideDeskStep(good, { step: 'approve' }, who))).toBeNull()
    expect(refused(decideDeskStep(good, { step: 'reject' }, who))).toBe('ORG_WORDS_NEEDED')
    expect(foldFile([{ kind: 'approved', body: { on } }], good).state).toBe('approved')
  })
})
