import type { Day } from '../core/day.ts'
import type { RiskSpan } from './risk.ts'
import type { GradeFact } from './evaluate.ts'
import type { Colour, Grade, RuleSetDocument } from './rule-set.ts'
import { JIANGSU } from './presets/jiangsu.ts'
import { JOINT } from './presets/joint.ts'
import { SUZHOU } from './presets/suzhou.ts'
import { ZHENJIANG } from './presets/zhenjiang.ts'

/**
 * The golden set (case 75): named persons with the answer that the published rule gives, run on the evaluator and on SQL.
 * Sources `clinic`, `investigation` and `rail` may give red, `tip` may not.
 */
export type GoldenCase = {
  name: string
  rules: RuleSetDocument
  asOf: Day
  facts: readonly GradeFact[]
  /** Facts of one member of the same home. */
  mate?: readonly GradeFact[]
  expect: { grade: Grade | null; colour: Colour | null; until: Day | null }
}

export const GOLDEN_RED_SOURCES: ReadonlySet<string> = new Set(['clinic', 'investigation', 'rail'])

export const GOLDEN_RISK: readonly RiskSpan[] = [
  { area: '4201', level: 'high', from: '2020-01-20', to: '2020-03-15' },
  { area: '3303', level: 'medium', from: '2020-01-25', to: '2020-02-10' },
  { area: '3401', level: 'low', from: '2020-01-01', to: null },
  { area: '330106001', level: 'high', from: '2020-02-01', to: '2020-02-20' },
]

const base = { place: null, value: null, degree: null }
const stay = (place: string, from: Day, to: Day, source = 'rail'): GradeFact => ({
  ...base,
  kind: 'stay',
  place,
  from,
  to,
  source,
})
const contact = (degree: 1 | 2 | 3, day: Day, source = 'investigation'): GradeFact => ({
  ...base,
  kind: 'contact',
  degree,
  from: day,
  to: day,
  source,
})
const state = (
  kind: 'case' | 'measure' | 'fever_clinic' | 'test' | 'symptom' | 'abroad',
  value: string,
  day: Day,
  source = 'clinic',
): GradeFact => ({ ...base, kind, value, from: day, to: day, source })

const RED = { grade: 'red', colour: 'red' } as const
const YELLOW = { grade: 'yellow', colour: 'yellow' } as const
const NONE = { grade: null, colour: null, until: null } as const

export const GOLDEN: readonly GoldenCase[] = [
  // Suzhou
  {
    name: 'Suzhou, key area: Wuhan until 5 February, on 15 February',
    rules: SUZHOU,
    asOf: '2020-02-15',
    facts: [stay('420106', '2020-01-23', '2020-02-05')],
    expect: { ...RED, until: '2020-02-19' },
  },
  {
    name: 'Suzhou, key area: the last day, day 14 (case 25, 67, 73)',
    rules: SUZHOU,
    asOf: '2020-02-19',
    facts: [stay('420106', '2020-01-23', '2020-02-05')],
    expect: { ...RED, until: '2020-02-19' },
  },
  {
    name: 'Suzhou, key area: day 15 is free',
    rules: SUZHOU,
    asOf: '2020-02-20',
    facts: [stay('420106', '2020-01-23', '2020-02-05')],
    expect: NONE,
  },
  {
    name: 'Suzhou, key area: no longer on 25 February',
    rules: SUZHOU,
    asOf: '2020-02-25',
    facts: [stay('420106', '2020-01-23', '2020-02-05')],
    expect: NONE,
  },
  {
    name: 'Suzhou, key area from a source that may not give red',
    rules: SUZHOU,
    asOf: '2020-02-15',
    facts: [stay('420106', '2020-01-23', '2020-02-05', 'tip')],
    expect: { ...YELLOW, until: '2020-02-19' },
  },
  {
    name: 'Suzhou, measure not lifted',
    rules: SUZHOU,
    asOf: '2020-03-30',
    facts: [state('measure', 'in', '2020-02-01')],
    expect: { ...RED, until: null },
  },
  {
    name: 'Suzhou, measure lifted today: released at once',
    rules: SUZHOU,
    asOf: '2020-02-12',
    facts: [state('measure', 'in', '2020-02-01'), state('measure', 'lifted', '2020-02-12')],
    expect: NONE,
  },
  {
    name: 'Suzhou, recovered: day 14 after recovery',
    rules: SUZHOU,
    asOf: '2020-02-24',
    facts: [state('case', 'confirmed', '2020-01-25'), state('case', 'recovered', '2020-02-10')],
    expect: { ...RED, until: '2020-02-24' },
  },
  {
    name: 'Suzhou, recovered: day 15 after recovery',
    rules: SUZHOU,
    asOf: '2020-02-25',
    facts: [state('case', 'confirmed', '2020-01-25'), state('case', 'recovered', '2020-02-10')],
    expect: NONE,
  },
  {
    name: 'Suzhou, suspected',
    rules: SUZHOU,
    asOf: '2020-02-11',
    facts: [state('case', 'suspected', '2020-02-10')],
    expect: { ...RED, until: null },
  },
  {
    name: 'Suzhou, suspected and excluded',
    rules: SUZHOU,
    asOf: '2020-02-12',
    facts: [state('case', 'suspected', '2020-02-10'), state('case', 'excluded', '2020-02-12')],
    expect: NONE,
  },
  {
    name: 'Suzhou, contact freed when the measure is lifted',
    rules: SUZHOU,
    asOf: '2020-02-12',
    facts: [contact(1, '2020-02-08'), state('measure', 'lifted', '2020-02-12')],
    expect: NONE,
  },
  {
    name: 'Suzhou, contact: day 14',
    rules: SUZHOU,
    asOf: '2020-02-22',
    facts: [contact(1, '2020-02-08')],
    expect: { ...RED, until: '2020-02-22' },
  },
  {
    name: 'Suzhou, household of a held patient',
    rules: SUZHOU,
    asOf: '2020-02-12',
    facts: [],
    mate: [state('fever_clinic', 'held', '2020-02-11')],
    expect: { ...YELLOW, until: null },
  },
  {
    name: 'Suzhou, household at once when the patient is excluded',
    rules: SUZHOU,
    asOf: '2020-02-13',
    facts: [],
    mate: [state('fever_clinic', 'held', '2020-02-11'), state('fever_clinic', 'excluded', '2020-02-13')],
    expect: NONE,
  },
  {
    name: 'Suzhou, cough: day 7',
    rules: SUZHOU,
    asOf: '2020-02-17',
    facts: [state('symptom', 'cough', '2020-02-10')],
    expect: { ...YELLOW, until: '2020-02-17' },
  },
  {
    name: 'Suzhou, cough: day 8',
    rules: SUZHOU,
    asOf: '2020-02-18',
    facts: [state('symptom', 'cough', '2020-02-10')],
    expect: NONE,
  },
  {
    name: 'Suzhou, diarrhoea is not among the signs',
    rules: SUZHOU,
    asOf: '2020-02-11',
    facts: [state('symptom', 'diarrhoea', '2020-02-10')],
    expect: NONE,
  },
  {
    name: 'Suzhou, medium risk ended during the stay: counted from the last such day',
    rules: SUZHOU,
    asOf: '2020-02-17',
    facts: [stay('330302', '2020-02-05', '2020-02-16')],
    expect: { ...YELLOW, until: '2020-02-17' },
  },
  {
    name: 'Suzhou, a risk town elsewhere in the county gives a check',
    rules: SUZHOU,
    asOf: '2020-02-12',
    facts: [stay('330106', '2020-02-08', '2020-02-10')],
    expect: { grade: 'blue', colour: null, until: '2020-02-24' },
  },
  {
    name: 'Suzhou, inside the risk town itself',
    rules: SUZHOU,
    asOf: '2020-02-12',
    facts: [stay('330106001002', '2020-02-08', '2020-02-10')],
    expect: { ...RED, until: '2020-02-24' },
  },
  {
    name: 'Suzhou, red wins and yellow follows',
    rules: SUZHOU,
    asOf: '2020-02-10',
    facts: [contact(1, '2020-01-28'), state('symptom', 'fever', '2020-02-09')],
    expect: { ...RED, until: '2020-02-11' },
  },
  // Zhenjiang
  {
    name: 'Zhenjiang, key area: day 13',
    rules: ZHENJIANG,
    asOf: '2020-02-18',
    facts: [stay('420106', '2020-02-01', '2020-02-05')],
    expect: { ...RED, until: '2020-02-18' },
  },
  {
    name: 'Zhenjiang, key area: 14 days are full',
    rules: ZHENJIANG,
    asOf: '2020-02-19',
    facts: [stay('420106', '2020-02-01', '2020-02-05')],
    expect: NONE,
  },
  {
    name: 'Zhenjiang, elsewhere: day 13',
    rules: ZHENJIANG,
    asOf: '2020-02-18',
    facts: [stay('320106', '2020-02-01', '2020-02-05')],
    expect: { ...YELLOW, until: '2020-02-18' },
  },
  {
    name: 'Zhenjiang, elsewhere: 14 days are full',
    rules: ZHENJIANG,
    asOf: '2020-02-19',
    facts: [stay('320106', '2020-02-01', '2020-02-05')],
    expect: NONE,
  },
  {
    name: 'Zhenjiang, at home in town',
    rules: ZHENJIANG,
    asOf: '2020-02-06',
    facts: [stay('321102', '2020-02-01', '2020-02-05')],
    expect: NONE,
  },
  {
    name: 'Zhenjiang, contact',
    rules: ZHENJIANG,
    asOf: '2020-02-06',
    facts: [contact(2, '2020-02-05')],
    expect: { ...RED, until: '2020-02-18' },
  },
  {
    name: 'Zhenjiang, unfinished measure',
    rules: ZHENJIANG,
    asOf: '2020-02-26',
    facts: [state('fever_clinic', 'held', '2020-02-05')],
    expect: { ...RED, until: null },
  },
  {
    name: 'Zhenjiang, household of a person under a measure is red',
    rules: ZHENJIANG,
    asOf: '2020-02-26',
    facts: [],
    mate: [state('measure', 'in', '2020-02-05')],
    expect: { ...RED, until: null },
  },
  {
    name: 'Zhenjiang, symptoms',
    rules: ZHENJIANG,
    asOf: '2020-02-06',
    facts: [state('symptom', 'other', '2020-02-05')],
    expect: { ...YELLOW, until: '2020-02-18' },
  },
  // The province
  {
    name: 'Jiangsu, confirmed',
    rules: JIANGSU,
    asOf: '2020-03-10',
    facts: [state('case', 'confirmed', '2020-03-01')],
    expect: { ...RED, until: null },
  },
  {
    name: 'Jiangsu, suspected',
    rules: JIANGSU,
    asOf: '2020-03-10',
    facts: [state('case', 'suspected', '2020-03-01')],
    expect: { ...RED, until: null },
  },
  {
    name: 'Jiangsu, asymptomatic',
    rules: JIANGSU,
    asOf: '2020-03-10',
    facts: [state('case', 'asymptomatic', '2020-03-01')],
    expect: { ...RED, until: null },
  },
  {
    name: 'Jiangsu, contact under observation',
    rules: JIANGSU,
    asOf: '2020-03-10',
    facts: [contact(1, '2020-03-01')],
    expect: { ...RED, until: '2020-03-15' },
  },
  {
    name: 'Jiangsu, contact released',
    rules: JIANGSU,
    asOf: '2020-03-10',
    facts: [contact(1, '2020-03-01'), state('measure', 'in', '2020-03-02'), state('measure', 'lifted', '2020-03-10')],
    expect: NONE,
  },
  {
    name: 'Jiangsu, from a high-risk area',
    rules: JIANGSU,
    asOf: '2020-03-10',
    facts: [stay('420106', '2020-03-01', '2020-03-05')],
    expect: { ...RED, until: '2020-03-19' },
  },
  {
    name: 'Jiangsu, from a medium-risk area',
    rules: JIANGSU,
    asOf: '2020-02-12',
    facts: [stay('330302', '2020-02-01', '2020-02-03')],
    expect: { ...YELLOW, until: '2020-02-17' },
  },
  {
    name: 'Jiangsu, recovered: day 13',
    rules: JIANGSU,
    asOf: '2020-03-14',
    facts: [state('case', 'confirmed', '2020-02-01'), state('case', 'recovered', '2020-03-01')],
    expect: { ...YELLOW, until: '2020-03-14' },
  },
  {
    name: 'Jiangsu, recovered: 14 days are full',
    rules: JIANGSU,
    asOf: '2020-03-15',
    facts: [state('case', 'confirmed', '2020-02-01'), state('case', 'recovered', '2020-03-01')],
    expect: NONE,
  },
  {
    name: 'Jiangsu, symptoms',
    rules: JIANGSU,
    asOf: '2020-03-15',
    facts: [state('symptom', 'fatigue', '2020-03-01')],
    expect: { ...YELLOW, until: '2020-03-15' },
  },
  {
    name: 'Jiangsu, from a low-risk area',
    rules: JIANGSU,
    asOf: '2020-03-10',
    facts: [stay('340102', '2020-03-01', '2020-03-05')],
    expect: { grade: null, colour: 'green', until: '2020-03-19' },
  },
  // Joint assessment
  {
    name: 'Joint, positive then negative',
    rules: JOINT,
    asOf: '2020-03-06',
    facts: [state('test', 'positive', '2020-03-01'), state('test', 'negative', '2020-03-05')],
    expect: NONE,
  },
  {
    name: 'Joint, a pending test does not cancel the positive one',
    rules: JOINT,
    asOf: '2020-03-06',
    facts: [state('test', 'positive', '2020-03-01'), state('test', 'pending', '2020-03-05')],
    expect: { grade: 'red', colour: null, until: '2020-03-15' },
  },
  {
    name: 'Joint, fever with a fresh negative test',
    rules: JOINT,
    asOf: '2020-03-03',
    facts: [state('symptom', 'fever', '2020-03-01'), state('test', 'negative', '2020-03-02')],
    expect: NONE,
  },
  {
    name: 'Joint, fever when the negative test is old',
    rules: JOINT,
    asOf: '2020-03-05',
    facts: [state('symptom', 'fever', '2020-03-01'), state('test', 'negative', '2020-03-02')],
    expect: { grade: 'yellow', colour: null, until: '2020-03-08' },
  },
  {
    name: 'Joint, lives with a close contact',
    rules: JOINT,
    asOf: '2020-03-05',
    facts: [],
    mate: [contact(1, '2020-03-01')],
    expect: { grade: 'yellow', colour: null, until: '2020-03-15' },
  },
  {
    name: 'Joint, from abroad',
    rules: JOINT,
    asOf: '2020-03-05',
    facts: [state('abroad', 'IT', '2020-03-01')],
    expect: { grade: 'yellow', colour: null, until: '2020-03-15' },
  },
  {
    name: 'Joint, continuous exposure: the last day lies ahead (case 31)',
    rules: JOINT,
    asOf: '2020-03-05',
    facts: [stay('420106', '2020-03-01', '2020-03-12')],
    expect: { grade: 'red', colour: null, until: '2020-03-26' },
  },
  {
    name: 'Joint, a stay that has not begun',
    rules: JOINT,
    asOf: '2020-02-28',
    facts: [stay('420106', '2020-03-01', '2020-03-12')],
    expect: NONE,
  },
  {
    name: 'Joint, general contact',
    rules: JOINT,
    asOf: '2020-03-05',
    facts: [contact(3, '2020-03-01')],
    expect: { grade: 'blue', colour: null, until: '2020-03-15' },
  },
  {
    name: 'Joint, seen at a fever clinic',
    rules: JOINT,
    asOf: '2020-03-05',
    facts: [state('fever_clinic', 'visited', '2020-03-01')],
    expect: { grade: 'blue', colour: null, until: '2020-03-08' },
  },
]
