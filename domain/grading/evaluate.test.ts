import { describe, expect, test } from 'vitest'
import { addDays } from '../core/day.ts'
import { evaluate } from './evaluate.ts'
import type { GradeFact, GradedSubject } from './evaluate.ts'
import { GOLDEN, GOLDEN_RED_SOURCES, GOLDEN_RISK } from './golden.ts'
import type { GoldenCase } from './golden.ts'
import { gradeFrom } from './reading.ts'
import { PRESETS } from './presets/all.ts'
import { SUZHOU } from './presets/suzhou.ts'
import { riskIndex } from './risk.ts'
import type { Criterion, Rule, RuleSet } from './rule-set.ts'

const AROUND = { risk: riskIndex(GOLDEN_RISK), redSources: GOLDEN_RED_SOURCES }

function subjectOf(c: GoldenCase): GradedSubject {
  return { facts: c.facts, ...(c.mate ? { mates: [{ door: 'home', since: '2019-01-01', facts: c.mate }] } : {}) }
}

const one = (when: Criterion, extra: Partial<Rule> = {}): RuleSet => ({
  area: '3205',
  rules: [
    {
      id: 'r',
      say: { zh: '规', en: 'rule' },
      when,
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 60, from: 'fact' },
      ...extra,
    },
  ],
})
const fact = (f: Partial<GradeFact>): GradeFact => ({
  kind: 'stay',
  place: null,
  value: null,
  degree: null,
  from: '2020-02-01',
  to: '2020-02-01',
  source: 'rail',
  ...f,
})

describe('the golden set on the evaluator (case 75)', () => {
  test.each(GOLDEN.map((c) => [c.name, c] as const))('%s', (_name, c) => {
    const result = evaluate(c.rules, subjectOf(c), AROUND, c.asOf)
    expect({ grade: result.grade, colour: result.colour, until: result.untilDay }).toEqual(c.expect)
  })

  test.each(PRESETS.filter((p) => p.code !== 'joint-assessment').map((p) => [p.code, p] as const))(
    'every clause of the published rule set %s decides a golden case',
    (_code, preset) => {
      const used = GOLDEN.filter((c) => c.rules.code === preset.code).flatMap((c) =>
        evaluate(c.rules, subjectOf(c), AROUND, c.asOf).reasons.map((r) => r.rule),
      )
      expect(preset.rules.map((r) => r.id).filter((id) => !used.includes(id))).toEqual([])
    },
  )
})

describe('windows and ends', () => {
  test('GRADE-1, case 25: last exposure 5 July, day 14 is 19 July and included, 20 July is not', () => {
    const rules = one({ kind: 'contact', degrees: [1], withinDays: 14 })
    const facts = [fact({ kind: 'contact', degree: 1, from: '2020-07-05', to: '2020-07-05' })]
    expect(evaluate(rules, { facts }, AROUND, '2020-07-19').grade).toBe('red')
    expect(evaluate(rules, { facts }, AROUND, '2020-07-20').grade).toBeNull()
    expect(evaluate(rules, { facts }, AROUND, '2020-07-05').grade).toBe('red')
    expect(evaluate(rules, { facts }, AROUND, '2020-07-04').grade).toBeNull()
  })

  test('GRADE-8, case 66: the stored reasons give on every later day what a new judgement would give', () => {
    const facts = [
      fact({ kind: 'contact', degree: 1, from: '2020-01-28', to: '2020-01-28' }),
      fact({ kind: 'symptom', value: 'fever', from: '2020-02-09', to: '2020-02-09' }),
      fact({ place: '330302', from: '2020-02-01', to: '2020-02-09', source: 'tip' }),
    ]
    const stored = evaluate(SUZHOU, { facts }, AROUND, '2020-02-10').reasons
    for (let day = '2020-02-10'; day < '2020-03-10'; day = addDays(day, 1)) {
      const fresh = evaluate(SUZHOU, { facts }, AROUND, day)
      expect({ day, ...gradeFrom(stored, day) }).toEqual({
        day,
        grade: fresh.grade,
        colour: fresh.colour,
        untilDay: fresh.untilDay,
      })
    }
  })

  test('GRADE-3: the level of the day of the run, when the rule says so', () => {
    const rules = one({ kind: 'stay', levels: ['medium'], withinDays: 30, judged: 'run_day' })
    const facts = [fact({ place: '330302', from: '2020-01-10', to: '2020-01-12' })]
    expect(evaluate(rules, { facts }, AROUND, '2020-01-24')).toMatchObject({ grade: null, reviewDay: '2020-01-25' })
    expect(evaluate(rules, { facts }, AROUND, '2020-01-25')).toMatchObject({ grade: 'red', untilDay: '2020-02-10' })
    expect(evaluate(rules, { facts }, AROUND, '2020-02-11').grade).toBeNull()
  })

  test('GRADE-6: from the entry into the area; without one, from the last exposure', () => {
    const rules = one({ kind: 'stay', where: ['42'], withinDays: 60 }, { lasts: { days: 14, from: 'entry' } })
    const left = fact({ place: '420106', to: '2020-02-05' })
    const entered = fact({ place: '320505', from: '2020-02-08', to: '2020-02-20' })
    expect(evaluate(rules, { facts: [left] }, AROUND, '2020-02-07').untilDay).toBe('2020-02-19')
    expect(evaluate(rules, { facts: [left, entered] }, AROUND, '2020-02-10').untilDay).toBe('2020-02-22')
    expect(evaluate(rules, { facts: [left, entered] }, AROUND, '2020-02-07')).toMatchObject({
      untilDay: '2020-02-19',
      reviewDay: '2020-02-08',
    })
  })

  test('GRADE-12: the end of what a “not” excludes is a day to look again', () => {
    const rules = one({
      kind: 'all',
      of: [
        { kind: 'contact', degrees: [1], withinDays: 14 },
        { kind: 'not', of: { kind: 'test', results: ['negative'], withinDays: 2 } },
      ],
    })
    const facts = [
      fact({ kind: 'contact', degree: 1 }),
      fact({ kind: 'test', value: 'negative', from: '2020-02-03', to: '2020-02-03' }),
    ]
    expect(evaluate(rules, { facts }, AROUND, '2020-02-04')).toMatchObject({ grade: null, reviewDay: '2020-02-06' })
    expect(evaluate(rules, { facts }, AROUND, '2020-02-06').grade).toBe('red')
  })
})

describe('reasons', () => {
  test('GRADE-9: a source that may not give red gives yellow and says so; in an “all” every part must come from one that may', () => {
    const rules = one({
      kind: 'all',
      of: [
        { kind: 'contact', degrees: [1], withinDays: 14 },
        { kind: 'symptom', withinDays: 14 },
      ],
    })
    const contact = fact({ kind: 'contact', degree: 1 })
    const result = evaluate(
      rules,
      { facts: [contact, fact({ kind: 'symptom', value: 'fever', source: 'tip' })] },
      AROUND,
      '2020-02-02',
    )
    expect(result).toMatchObject({ grade: 'yellow', colour: 'yellow' })
    expect(result.reasons.every((r) => r.capped === true && r.say.zh.includes('未获准判红'))).toBe(true)
    const both = [
      contact,
      fact({ kind: 'symptom', value: 'fever', to: '2020-02-02', source: 'clinic' }),
      fact({ kind: 'symptom', value: 'cough', to: '2020-02-09', source: 'tip' }),
    ]
    const mixed = evaluate(rules, { facts: both }, AROUND, '2020-02-10')
    expect(mixed).toMatchObject({ grade: 'red', untilDay: '2020-02-15' })
  })

  test('GRADE-11: a household reason names no place, value or degree of the other person', () => {
    const rules = one({ kind: 'lives_with', who: { kind: 'stay', where: ['42'], withinDays: 14 } })
    const result = evaluate(
      rules,
      { facts: [], mates: [{ door: 'home', since: '2020-01-01', facts: [fact({ place: '420106' })] }] },
      AROUND,
      '2020-02-02',
    )
    expect(result.reasons).toEqual([
      expect.objectContaining({
        via: 'household',
        fact: { kind: 'stay', from: '2020-02-01', to: '2020-02-01', source: 'rail' },
      }),
    ])
    const shop = evaluate(
      rules,
      { facts: [], mates: [{ door: 'shop', since: '2020-01-01', facts: [fact({ place: '420106' })] }] },
      AROUND,
      '2020-02-02',
    )
    expect(shop.grade).toBeNull()
  })

  test('at most twenty reasons, the strongest first', () => {
    const facts = Array.from({ length: 40 }, (_, i) => fact({ place: `4201${String(i + 10)}` }))
    const result = evaluate(
      SUZHOU,
      { facts: [...facts, fact({ kind: 'symptom', value: 'fever' })] },
      AROUND,
      '2020-02-02',
    )
    expect(result.reasons).toHaveLength(20)
    expect(result.reasons[0]).toMatchObject({ rule: 'key_area', until: '2020-02-15' })
  })

  test('GRADE-13: a change by hand sets earlier facts aside until its last day; a later fact counts', () => {
    const manual = {
      grade: null,
      colour: null,
      reason: 'wrong_person' as const,
      from: '2020-02-03',
      until: '2020-02-10',
      at: 1_000,
    }
    const old = fact({ place: '420106', recordedAt: 999 })
    expect(evaluate(SUZHOU, { facts: [old], manual }, AROUND, '2020-02-05')).toMatchObject({
      grade: null,
      reviewDay: '2020-02-11',
    })
    expect(evaluate(SUZHOU, { facts: [old], manual }, AROUND, '2020-02-11').grade).toBe('red')
    const fresh = fact({ kind: 'contact', degree: 1, recordedAt: 1_001 })
    expect(evaluate(SUZHOU, { facts: [old, fresh], manual }, AROUND, '2020-02-05').reasons.map((r) => r.rule)).toEqual([
      'contact',
      'manual',
    ])
  })
})
