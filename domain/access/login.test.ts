import { describe, expect, test } from 'vitest'
import { blockText, canonicalJson, headText } from './canonical.ts'
import { validOn } from './duty.ts'
import { LIMITS, needsSecondFactor, passwordFault, sessionHours, waitSeconds } from './login.ts'
import { normalisePhone } from './phone.ts'
import { answerFault, fieldBudget, Question } from './questions.ts'
import { cutoffDay, cutoffOf, RETENTION } from './retention.ts'
import { readRoster, rolesOf } from './roster.ts'

describe('tries (ACCESS-13)', () => {
  const at = new Date('2026-11-25T08:00:00Z')
  const later = (s: number): Date => new Date(at.getTime() + s * 1000)

  test('five are free, then the wait doubles to its limit', () => {
    expect(waitSeconds(LIMITS.pair, { count: 4, last: at }, at)).toBe(0)
    expect(waitSeconds(LIMITS.pair, { count: 5, last: at }, at)).toBe(30)
    expect(waitSeconds(LIMITS.pair, { count: 6, last: at }, at)).toBe(60)
    expect(waitSeconds(LIMITS.pair, { count: 5000, last: at }, at)).toBe(900)
  })

  test('the wait runs down and ends', () => {
    expect(waitSeconds(LIMITS.pair, { count: 5, last: at }, later(29.5))).toBe(1)
    expect(waitSeconds(LIMITS.pair, { count: 5, last: at }, later(30))).toBe(0)
    expect(waitSeconds(LIMITS.pair, { count: 0, last: null }, at)).toBe(0)
  })

  test('ACCESS-17: a desk’s session is shorter than a phone’s, also for who is both', () => {
    expect([sessionHours(['operator', 'worker'], 'full'), sessionHours(['worker'], 'full')]).toEqual([12, 720])
    expect(sessionHours(['chief'], 'needs_totp') * 60).toBeCloseTo(10)
  })
})

test.each([
  ['123456789', [], 'short'],
  ['1234567890', [], 'common'],
  ['aaaaaaaaaaaa', [], 'common'],
  ['PassWord123', [], 'common'],
  ['13812345678', ['13812345678'], 'name'],
  ['wangwei-12', ['wangwei'], 'name'],
  ['春风又绿江南岸一二三', [], null],
  ['correct horse battery', ['wangwei'], null],
] as const)('password %s (ACCESS-14)', (password, known, fault) => expect(passwordFault(password, known)).toBe(fault))

test.each([
  ['13812345678', '+8613812345678'],
  ['１３８-1234-5678', '+8613812345678'],
  ['0086 138 1234 5678', '+8613812345678'],
  ['+852 9123 4567', '+85291234567'],
  ['0512-65218888', null],
  // Ten digits that the number plan would take for a fixed line.
  ['1370000006', null],
  ['13800000001', '+8613800000001'],
  ['1.38E+10', null],
  ['12345', null],
  ['wangwei', null],
])('phone %s', (text, number) => expect(normalisePhone(text)).toBe(number))

test('a duty’s last day is valid to its end, an ended one never (case 67)', () => {
  const duty = { from: '2026-11-01', to: '2026-11-02', ended: false }
  expect(['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'].map((day) => validOn(duty, day))).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(validOn({ ...duty, to: null }, '2099-01-01')).toBe(true)
  expect(validOn({ ...duty, ended: true }, '2026-11-01')).toBe(false)
})

describe('roster', () => {
  test('headings below a title, in any order, either language; extra columns are named; wrappers are taken off', () => {
    const table = readRoster([
      ['某街道网格员花名册', ''],
      ['序号', '联系电话（必填）', '姓 名', 'Area', '备注'],
      ['1', '="13812345678"', "'张三", 'X', ''],
      ['', '', '', '', ''],
    ])
    expect(table?.rows).toEqual([{ row: 3, name: '张三', phone: '13812345678', area: 'X', roles: '', grids: '' }])
    expect(table?.columns.map((c) => c.field)).toEqual([null, 'phone', 'name', 'area', null])
  })

  test('a table without headings is not read as if its first row were one', () => {
    expect(readRoster([['张三', '13812345678']])).toBe(null)
    expect(readRoster([])).toBe(null)
  })

  test('roles as people write them; a desk’s roles are not among them', () => {
    expect(rolesOf('')).toEqual({ roles: ['worker'] })
    expect(rolesOf('专职网格员、联防长')).toEqual({ roles: ['watch_leader', 'worker'] })
    expect(rolesOf('doctor;社区民警')).toEqual({ roles: ['doctor', 'officer'] })
    expect(rolesOf('管理员')).toEqual({ unknown: '管理员' })
    expect(rolesOf('chief')).toEqual({ unknown: 'chief' })
  })
})

describe('questions of a campaign (CAMPAIGN-2, CAMPAIGN-3)', () => {
  const say = { zh: '问', en: 'q' }
  test('the budget', () => {
    const q = (n: number): { type: string }[] =>
      Array.from({ length: n }, (_, i) => ({ type: i < 2 ? 'text' : 'yes_no' }))
    expect([7, 8, 14, 15].map((n) => fieldBudget(q(n)).state)).toEqual(['ok', 'warn', 'warn', 'refuse'])
    expect(fieldBudget(q(3)).freeText).toBe(2)
  })

  test('answers against questions', () => {
    const number = Question.parse({ type: 'number', key: 't', say, min: 34, max: 43, required: true })
    expect([undefined, 33.9, 34, 43, 43.1, '36', Number.NaN].map((a) => answerFault(number, a))).toEqual([
      'missing',
      'out_of_range',
      null,
      null,
      'out_of_range',
      'not_a_number',
      'not_a_number',
    ])
    const options = [
      { value: 'a', say },
      { value: 'b', say },
    ]
    const multi = Question.parse({ type: 'multi', key: 'm', say, options })
    expect([[], ['a', 'b'], ['c'], 'a'].map((a) => answerFault(multi, a))).toEqual([
      null,
      null,
      'not_an_option',
      'wrong_type',
    ])
    const choice = Question.parse({ type: 'choice', key: 'c', say, options })
    expect(['a', 'x', null].map((a) => answerFault(choice, a))).toEqual([null, 'not_an_option', null])
    const text = Question.parse({ type: 'text', key: 'x', say, max: 2 })
    expect(['好𠮷', '三个字'].map((a) => answerFault(text, a))).toEqual([null, 'too_long'])
    const date = Question.parse({ type: 'date', key: 'd', say })
    expect(['2020-02-29', '2021-02-29', '2020-2-1'].map((a) => answerFault(date, a))).toEqual([
      null,
      'not_a_day',
      'not_a_day',
    ])
    // No is an answer.
    expect(answerFault(Question.parse({ type: 'yes_no', key: 'y', say, required: true }), false)).toBe(null)
  })

  test('an empty range and equal option values are refused when they are written', () => {
    expect(Question.safeParse({ type: 'number', key: 't', say, min: 2, max: 1 }).success).toBe(false)
    const twice = [
      { value: 'a', say },
      { value: 'a', say },
    ]
    expect(Question.safeParse({ type: 'choice', key: 'c', say, options: twice }).success).toBe(false)
  })
})

describe('canonical text (AUDIT-2)', () => {
  test('does not depend on the order of keys, and tells everything else apart', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: '文' }], e: undefined })).toBe('{"a":[{"c":"文","d":null}],"b":1}')
    expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }))
    expect(canonicalJson(['a,b'])).not.toBe(canonicalJson(['a', 'b']))
  })

  test('a block says whose it is and how long; lines cannot run into each other', () => {
    const line = {
      id: '1',
      at: 't',
      area: 'a',
      actor: null,
      actorName: '甲',
      verb: 'v',
      thing: 'x',
      thingId: '1',
      outcome: 'done',
      purpose: null,
      ids: [],
      detail: {},
      requestId: 'r',
    }
    const block = { county: '320508', day: '2026-11-25', n: 1 }
    expect(blockText(block, [line])).not.toBe(blockText({ ...block, n: 2 }, [line]))
    expect(blockText(block, [{ ...line, verb: 'v\n["2"]' }]).split('\n')).toHaveLength(2)
  })

  test('heads are chained in one order', () => {
    const [a, b] = [
      { county: '320508', day: '2026-11-25', n: 1, hash: 'x' },
      { county: '320509', day: '2026-11-25', n: 1, hash: 'y' },
    ]
    expect(headText('2026-11-25', [b, a])).toBe(headText('2026-11-25', [a, b]))
  })
})

test.each(['UTC', 'Asia/Shanghai', 'America/New_York'])(
  'a period’s last day is kept to its end in %s (DELETE-1)',
  (zone) => {
    const rule = RETENTION.find((r) => r.id === 'visit_detail')
    if (!rule) throw new Error('the rule is gone')
    expect(cutoffDay(rule, '2026-12-01')).toBe('2026-11-01')
    const cut = cutoffOf(rule, '2026-12-01', zone)
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    }).format(cut)
    expect(parts).toMatch(/^2026-11-01, 00:00:00/)
  },
)

describe('ACCESS-20: who needs a second factor', () => {
  test('every desk that opens identities, approves, works in bulk or exports; nobody in the field', () => {
    for (const role of ['operator', 'analyst', 'chief', 'auditor', 'administrator'] as const)
      expect([role, needsSecondFactor([role])]).toEqual([role, true])
    // A worker opens the identities of the own grid on the phone: that has its own lock.
    for (const role of ['worker', 'volunteer', 'doctor', 'resident'] as const)
      expect([role, needsSecondFactor([role])]).toEqual([role, false])
    expect(needsSecondFactor(['worker', 'operator'])).toBe(true)
    expect(needsSecondFactor([])).toBe(false)
  })
})
