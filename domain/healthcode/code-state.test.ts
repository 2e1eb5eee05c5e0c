import { addDays } from '../core/day.ts'
import { describe, expect, test } from 'vitest'
import { PRESETS } from '../grading/presets/all.ts'
import type { Reason } from '../grading/rule-set.ts'
import { shortNames } from './code-short.ts'
import { applyCode, changeOf, colourOfState, outdates, standingOf, triggerOf } from './code-state.ts'
import type { CodeInputs, CodeNow } from './code-state.ts'
import { isUnsettled } from './code-unsettled.ts'
import { CODE_MEANS, CODE_NEWS, CODE_STATE_SAY, factSay, sourceSay, todoOf } from './code-words.ts'
import { CODE_STATES } from './code-api.ts'

const TODAY = '2026-11-26'
const SET = '00000000-0000-0000-0000-0000000000aa'
const stay: Reason = {
  rule: 'key_area',
  say: { zh: '近14天到过重点疫区', en: 'Was in a key epidemic area within 14 days' },
  grade: 'red',
  colour: 'red',
  fact: { kind: 'stay', place: '4201', from: '2026-11-20', to: '2026-11-22', source: 'rail' },
  day: '2026-11-22',
  until: '2026-12-06',
}
const base: CodeInputs = {
  today: TODAY,
  heldUntil: null,
  registered: true,
  emergencyOpen: true,
  graded: null,
  ruleSet: {
    id: SET,
    otherwise: { colour: 'green', say: { zh: '未见异常', en: 'Nothing abnormal is known' } },
    unsettled: { colour: 'pending', say: { zh: '短期停留', en: 'A short stay' } },
  },
  unsettled: false,
  since: '2026-11-25',
}
const red: CodeInputs['graded'] = {
  colour: 'red',
  ruleSetId: SET,
  fromDay: '2026-11-22',
  untilDay: '2026-12-06',
  reasons: [stay],
}
const now = (inputs: Partial<CodeInputs>): CodeNow => ({ ...standingOf({ ...base, ...inputs }), n: 1 })

describe('what a code is (CODE-13)', () => {
  test('registered and nothing known: what the rule set says of everybody else', () => {
    expect(standingOf(base)).toMatchObject({
      state: 'green',
      ruleSetId: SET,
      untilDay: null,
      reasons: [{ rule: 'otherwise' }],
    })
  })

  test('every preset says so, and Suzhou alone says what a short stay gives', () => {
    const codes = PRESETS.filter((preset) => preset.rules.some((rule) => rule.gives.colour !== undefined))
    expect(codes.map((preset) => preset.area)).toEqual(['3205', '3211', '32'])
    for (const preset of codes) {
      expect(preset.otherwise?.colour).toBe('green')
      expect(preset.unsettled?.colour ?? null).toBe(preset.area === '3205' ? 'pending' : null)
    }
  })

  test('not yet judged is the absence of a colour, never green', () => {
    expect(standingOf({ ...base, ruleSet: null }).state).toBe('applied')
    expect(standingOf({ ...base, ruleSet: { id: SET, otherwise: null, unsettled: null } }).state).toBe('applied')
  })

  test('CODE-23: where no rule set is in force what other rules gave is not carried over; what a person decided is', () => {
    expect(standingOf({ ...base, ruleSet: null, graded: red })).toMatchObject({ state: 'applied', ruleSetId: null })
    const manual: Reason = { ...stay, rule: 'manual', colour: 'yellow', until: '2026-11-28' }
    const both = { ...red, reasons: [stay, manual] }
    expect(standingOf({ ...base, ruleSet: null, graded: both })).toMatchObject({
      state: 'yellow',
      ruleSetId: SET,
      untilDay: '2026-11-28',
      reasons: [{ rule: 'manual' }],
    })
    const over = { ...red, reasons: [stay, { ...manual, until: '2026-11-25' }] }
    expect(standingOf({ ...base, ruleSet: null, graded: over }).state).toBe('applied')
    const standing = standingOf({ ...base, ruleSet: null })
    expect(triggerOf(now({ graded: red }), standing, TODAY, true)).toBe('moved')
    expect(triggerOf(now({ graded: red }), standing, TODAY)).toBe('rule_set')
  })

  test('graded: the colour with the reasons that give it, and those alone', () => {
    const other: Reason = { ...stay, rule: 'nearby', colour: null, grade: 'blue' }
    const past: Reason = { ...stay, rule: 'old', until: '2026-11-25' }
    const standing = standingOf({ ...base, graded: { ...red, reasons: [stay, other, past] } })
    expect(standing).toMatchObject({ state: 'red', untilDay: '2026-12-06' })
    expect(standing.reasons.map((reason) => reason.rule)).toEqual(['key_area'])
  })

  test('a short stayer is pending by declaration; what is worse goes before it, what is better does not', () => {
    expect(standingOf({ ...base, unsettled: true })).toMatchObject({
      state: 'pending',
      reasons: [{ rule: 'unsettled' }],
    })
    expect(standingOf({ ...base, unsettled: true, graded: red }).state).toBe('red')
    expect(standingOf({ ...base, unsettled: true, graded: { ...red, colour: 'green', reasons: [] } }).state).toBe(
      'pending',
    )
  })

  test('held, erased or after the emergency there is no colour at all', () => {
    // CODE-21: to the end of its last day, and the day after it is as if nothing had been.
    expect(standingOf({ ...base, heldUntil: base.today, graded: red })).toMatchObject({
      state: 'suspended',
      untilDay: base.today,
      reasons: [],
    })
    expect(standingOf({ ...base, heldUntil: addDays(base.today, -1), graded: red }).state).toBe('red')
    expect(standingOf({ ...base, emergencyOpen: false, graded: red }).state).toBe('expired')
    expect(standingOf({ ...base, registered: false, graded: red }).state).toBe('expired')
  })

  test('who is unsettled: by what is declared, never for who is registered or has a home here', () => {
    const visitor = { registeredHere: false, purpose: 'tourism', residence: 'visiting' }
    expect(isUnsettled(visitor)).toBe(true)
    expect(isUnsettled({ ...visitor, residence: 'unknown' })).toBe(true)
    expect(isUnsettled({ ...visitor, residence: 'unknown', purpose: 'work' })).toBe(false)
    for (const residence of ['own', 'rent', 'dorm']) expect(isUnsettled({ ...visitor, residence })).toBe(false)
    expect(isUnsettled({ ...visitor, registeredHere: true })).toBe(false)
    expect(isUnsettled({ ...visitor, registeredHere: null })).toBe(false)
  })
})

describe('how it changes (CODE-14, CODE-16)', () => {
  test('an event only when the holder could see a difference', () => {
    const before = now({ graded: red })
    expect(changeOf(before, standingOf({ ...base, graded: { ...red } }), 'rule')).toBeNull()
    expect(changeOf(before, standingOf({ ...base, graded: { ...red, untilDay: '2026-12-07' } }), 'rule')).toMatchObject(
      { n: 2 },
    )
    const other = { ...stay, fact: { ...stay.fact, place: '4202' } }
    expect(changeOf(before, standingOf({ ...base, graded: { ...red, reasons: [other] } }), 'rule')).toMatchObject({
      n: 2,
    })
  })

  test('the fold of the events is the state', () => {
    const first = changeOf(null, standingOf(base), 'applied')
    if (!first) throw new Error('no event')
    expect(first).toMatchObject({ n: 1, from: 'none', state: 'green' })
    const second = changeOf(applyCode(first), standingOf({ ...base, graded: red }), 'rule')
    if (!second) throw new Error('no event')
    expect(second).toMatchObject({ n: 2, from: 'green', state: 'red' })
    expect(applyCode(second)).toEqual({ ...standingOf({ ...base, graded: red }), n: 2 })
  })

  test('what is on phones and paper is replaced when it would say something else, and only then', () => {
    const before = now({ graded: red })
    const longer = changeOf(before, standingOf({ ...base, graded: { ...red, untilDay: '2026-12-07' } }), 'rule')
    expect(longer && outdates(before, longer)).toBe(false)
    const green = changeOf(before, standingOf(base), 'period_over')
    expect(green && outdates(before, green)).toBe(true)
    const otherRules = changeOf(
      now({}),
      standingOf({ ...base, ruleSet: { ...base.ruleSet!, id: 'other' } }),
      'rule_set',
    )
    expect(otherRules && outdates(now({}), otherRules)).toBe(true)
  })

  test('why it changed is read from the two', () => {
    const ended = { ...now({ graded: red }), untilDay: '2026-11-25' }
    expect(triggerOf(ended, standingOf(base), TODAY)).toBe('period_over')
    expect(triggerOf(now({}), standingOf({ ...base, graded: red }), TODAY)).toBe('rule')
    expect(triggerOf(now({}), standingOf({ ...base, emergencyOpen: false }), TODAY)).toBe('emergency_over')
    const manual = { ...stay, rule: 'manual' }
    expect(triggerOf(now({}), standingOf({ ...base, graded: { ...red, reasons: [manual] } }), TODAY)).toBe('manual')
    // Last day included: on that day itself the period is not over.
    expect(triggerOf({ ...ended, untilDay: TODAY }, standingOf(base), TODAY)).toBe('rule')
  })
})

describe('what is said', () => {
  test('every state has its words in both languages, and only four of them are colours', () => {
    for (const state of CODE_STATES)
      for (const say of [CODE_STATE_SAY[state], CODE_MEANS[state], ...todoOf(state, '2026-12-06')])
        expect(say.zh.length * say.en.length).toBeGreaterThan(0)
    expect(CODE_STATES.filter((state) => colourOfState(state) !== null)).toEqual(['green', 'pending', 'yellow', 'red'])
  })

  test('the message holds no colour and no word of health (CODE-15)', () => {
    expect(`${CODE_NEWS.zh}${CODE_NEWS.en}`).not.toMatch(
      /[红黄绿]|码|健康|病|隔离|观察|red|yellow|green|health|code|colour|quarantine/i,
    )
  })

  test('whoever lives behind the same door is not described', () => {
    const household = {
      ...stay,
      via: 'household' as const,
      fact: { ...stay.fact, kind: 'fever_clinic', value: 'held' },
    }
    expect(factSay(household, (code) => code)?.zh).toBe('与您同住的人')
    expect(factSay(stay, () => '湖北省 武汉市')?.zh).toBe('湖北省 武汉市，2026-11-20 — 2026-11-22')
    expect(sourceSay(stay, new Map([['rail', { zh: '铁路', en: 'Railway' }]]))?.en).toBe('Railway')
  })

  test('a rule set has a short name that fits, and another one when that is taken', () => {
    expect(shortNames('suzhou-2020-02-22', 3)[0]).toBe('suzhou.3')
    const names = shortNames('zhenjiang-2020-02', 12)
    expect(names[0]).toBe('zhenjia.12')
    expect(names[1]).toBe('zhenji.12b')
    for (const name of names) expect(name.length).toBeLessThanOrEqual(10)
    expect(new Set(names).size).toBe(names.length)
  })
})
