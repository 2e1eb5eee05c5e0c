import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import type { GradeFact } from '@weiwang/domain/grading/evaluate'
import { MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import type { RiskSpan } from '@weiwang/domain/grading/risk'
import type { Criterion, Rule } from '@weiwang/domain/grading/rule-set'
import type { RiskLevel } from '@weiwang/domain/feeds/api'
import fc from 'fast-check'

/** Random people, risk areas and rule sets for the equality of the engines; small worlds, so that everything meets. */
export const START: Day = '2020-02-01'
const PLACES = [
  '42',
  '4201',
  '420106',
  '420106001',
  '420111',
  '320505',
  '320505001',
  '320506',
  '330106',
  '330106001',
  '330106001002',
  '330106002',
]
const RISK_PLACES = ['42', '4201', '420106', '330106001', '330106002', '330106', '320506']
export const SOURCES = ['rail', 'clinic', 'tip', 'roam']

const dayArb = fc.integer({ min: -30, max: 25 }).map((n) => addDays(START, n))
const spanArb = fc.tuple(dayArb, fc.integer({ min: 0, max: 12 })).map(([from, n]) => ({ from, to: addDays(from, n) }))
const recordedArb = fc.integer({ min: 1, max: 9 })
const sourceArb = fc.constantFrom(...SOURCES)
const bare = { place: null, value: null, degree: null }

const valued = (
  kind: 'symptom' | 'fever_clinic' | 'test' | 'case' | 'abroad' | 'measure',
  values: string[],
): fc.Arbitrary<GradeFact> =>
  fc
    .tuple(fc.constantFrom(...values), dayArb, fc.integer({ min: 0, max: 2 }), sourceArb, recordedArb)
    .map(([value, from, n, source, recordedAt]) => ({
      ...bare,
      kind,
      value,
      from,
      to: addDays(from, n),
      source,
      recordedAt,
    }))

export const factArb: fc.Arbitrary<GradeFact> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...PLACES), spanArb, sourceArb, recordedArb)
      .map(([place, span, source, recordedAt]): GradeFact => ({
        ...bare,
        kind: 'stay',
        place,
        ...span,
        source,
        recordedAt,
      })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(1 as const, 2 as const, 3 as const), dayArb, sourceArb, recordedArb)
      .map(([degree, day, source, recordedAt]): GradeFact => ({
        ...bare,
        kind: 'contact',
        degree,
        from: day,
        to: day,
        source,
        recordedAt,
      })),
  },
  valued('symptom', ['fever', 'cough', 'other']),
  valued('fever_clinic', ['visited', 'held', 'excluded']),
  valued('test', ['positive', 'negative', 'pending']),
  valued('case', ['confirmed', 'suspected', 'asymptomatic', 'recovered', 'excluded']),
  valued('abroad', ['IT', 'KR']),
  { weight: 2, arbitrary: valued('measure', ['in', 'lifted']) },
)

export type ManualSeed = {
  grade: 'red' | 'yellow' | 'blue' | null
  colour: 'red' | 'yellow' | 'green' | null
  reason: (typeof MANUAL_REASONS)[number]
  from: Day
  until: Day
  at: number
}
export const manualArb: fc.Arbitrary<ManualSeed> = fc
  .tuple(
    fc.constantFrom('red' as const, 'yellow' as const, 'blue' as const, null),
    fc.constantFrom('red' as const, 'yellow' as const, 'green' as const, null),
    fc.constantFrom(...MANUAL_REASONS),
    spanArb,
    recordedArb,
  )
  .map(([grade, colour, reason, span, at]) => ({ grade, colour, reason, from: span.from, until: span.to, at }))

/** `home`: which door, or none; `alias`: merged into the person of that number. */
export type PersonSeed = {
  facts: GradeFact[]
  home: number | null
  since: Day
  alias: number | null
  manual: ManualSeed | null
  area: '320505001001001' | '321102001001001'
}
export const personArb: fc.Arbitrary<PersonSeed> = fc.record({
  facts: fc.array(factArb, { maxLength: 5 }),
  home: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 3 }),
  since: fc.integer({ min: -20, max: 10 }).map((n) => addDays(START, n)),
  alias: fc
    .option(fc.integer({ min: 0, max: 11 }), { freq: 1, nil: null })
    .chain((a) => fc.boolean().map((keep) => (keep ? null : a))),
  manual: fc
    .option(manualArb, { freq: 1 })
    .chain((m) => fc.integer({ min: 0, max: 4 }).map((n) => (n === 0 ? m : null))),
  area: fc.constantFrom('320505001001001' as const, '320505001001001' as const, '321102001001001' as const),
})

export const riskArb: fc.Arbitrary<RiskSpan[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom(...RISK_PLACES),
      fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
      spanArb,
      fc.boolean(),
    )
    .map(([area, level, span, open]) => ({ area, level, from: span.from, to: open ? null : span.to })),
  { maxLength: 6, selector: (r) => `${r.area} ${r.level} ${r.from}` },
)

const withinArb = fc.integer({ min: 0, max: 21 })
const atomArb: fc.Arbitrary<Criterion> = fc.oneof(
  fc.record({
    kind: fc.constant('stay' as const),
    levels: fc.subarray(['high' as const, 'medium' as const, 'low' as const], { minLength: 1 }),
    withinDays: withinArb,
  }),
  fc.record({
    kind: fc.constant('stay' as const),
    levels: fc.constant<RiskLevel[]>(['medium', 'high']),
    withinDays: withinArb,
    judged: fc.constantFrom('stay_days' as const, 'run_day' as const),
    where: fc.constantFrom<string[]>(['42'], ['33', '4201']),
  }),
  fc.record({
    kind: fc.constant('stay' as const),
    where: fc.subarray(['42', '3205', '330106001'], { minLength: 1 }),
    withinDays: withinArb,
  }),
  fc.record({
    kind: fc.constant('contact' as const),
    degrees: fc.subarray([1 as const, 2 as const, 3 as const], { minLength: 1 }),
    withinDays: withinArb,
  }),
  fc.record({
    kind: fc.constant('symptom' as const),
    codes: fc.constantFrom<string[]>(['fever'], ['fever', 'cough']),
    withinDays: withinArb,
  }),
  fc.record({ kind: fc.constant('abroad' as const), withinDays: withinArb }),
  fc.record({ kind: fc.constant('abroad' as const), countries: fc.constant<string[]>(['IT']), withinDays: withinArb }),
  fc.record({
    kind: fc.constant('fever_clinic' as const),
    states: fc.subarray(['held' as const, 'visited' as const, 'excluded' as const], { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('test' as const),
    results: fc.subarray(['positive' as const, 'negative' as const, 'pending' as const], { minLength: 1 }),
    withinDays: withinArb,
  }),
  fc.record({
    kind: fc.constant('case' as const),
    statuses: fc.subarray(['confirmed' as const, 'suspected' as const, 'recovered' as const], { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('measure' as const) }),
  fc.record({
    kind: fc.constant('measure' as const),
    states: fc.constant<'lifted'[]>(['lifted']),
    withinDays: withinArb,
  }),
)
const notArb: fc.Arbitrary<Criterion> = atomArb.map((of): Criterion => ({ kind: 'not', of }))
const groupArb: fc.Arbitrary<Criterion> = fc.oneof(
  fc.array(atomArb, { minLength: 1, maxLength: 3 }).map((of): Criterion => ({ kind: 'any', of })),
  fc
    .tuple(atomArb, fc.array(fc.oneof(atomArb, notArb), { minLength: 1, maxLength: 2 }))
    .map(([a, rest]): Criterion => ({ kind: 'all', of: [a, ...rest] })),
)
const nestedArb: fc.Arbitrary<Criterion> = fc.oneof(
  fc.tuple(groupArb, fc.oneof(atomArb, groupArb)).map((of): Criterion => ({ kind: 'any', of })),
  fc.tuple(groupArb, fc.oneof(atomArb, groupArb, notArb)).map((of): Criterion => ({ kind: 'all', of })),
)
const matesArb: fc.Arbitrary<Criterion> = fc
  .tuple(fc.oneof(atomArb, groupArb, nestedArb), fc.boolean())
  .map(([who, shop]): Criterion => ({ kind: 'lives_with', who, ...(shop ? { doors: ['home', 'shop'] } : {}) }))
const criterionArb: fc.Arbitrary<Criterion> = fc.oneof(
  { weight: 3, arbitrary: atomArb },
  { weight: 3, arbitrary: groupArb },
  { weight: 2, arbitrary: nestedArb },
  { weight: 2, arbitrary: matesArb },
  fc.tuple(matesArb, atomArb).map((of): Criterion => ({ kind: 'all', of })),
  fc.tuple(atomArb, matesArb).map(([a, m]): Criterion => ({ kind: 'all', of: [a, { kind: 'not', of: m }] })),
  fc
    .record({ levels: fc.constant<RiskLevel[]>(['high', 'medium']), withinDays: withinArb })
    .map((r): Criterion => ({ kind: 'stay', match: 'county', ...r })),
)

const givesArb = fc.constantFrom(
  { grade: 'red' as const, colour: 'red' as const },
  { grade: 'red' as const },
  { grade: 'yellow' as const, colour: 'red' as const },
  { grade: 'yellow' as const, colour: 'yellow' as const },
  { grade: 'blue' as const },
  { colour: 'pending' as const },
  { colour: 'green' as const, grade: 'blue' as const },
)
const lastsArb = fc.record({
  days: withinArb,
  from: fc.constantFrom('fact' as const, 'fact' as const, 'entry' as const, 'release' as const),
})

export const rulesArb: fc.Arbitrary<Rule[]> = fc
  .array(fc.record({ when: criterionArb, gives: givesArb, lasts: lastsArb }), { minLength: 1, maxLength: 5 })
  .map((rules) =>
    rules.map((rule, i): Rule => ({
      id: `rule_${i}`,
      say: { zh: `规则${i}：它'的'`, en: `Rule ${i}: it's` },
      ...rule,
    })),
  )
