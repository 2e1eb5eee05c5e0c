import { addDays } from '@weiwang/domain/core/day'
import type { Fact } from '@weiwang/domain/feeds/fact'
import { evaluate } from '@weiwang/domain/grading/evaluate'
import { JIANGSU } from '@weiwang/domain/grading/presets/jiangsu'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import { riskIndex } from '@weiwang/domain/grading/risk'
import { recordObservation } from '@weiwang/domain/observation/fold'
import type { ObservationState } from '@weiwang/domain/observation/fold'
import { SHIPPED_RULES } from '@weiwang/domain/observation/measure'
import type { Measure } from '@weiwang/domain/observation/measure'
import { expect, test } from 'vitest'
import { measureFacts } from './measure-facts.ts'

const AROUND = { risk: riskIndex([]), redSources: new Set(['case_investigation']) }
const CONTACT: Fact = {
  kind: 'contact',
  place: null,
  value: null,
  degree: 1,
  from: '2020-02-01',
  to: '2020-02-01',
  source: 'case_investigation',
}

function stateOf(measure: Measure): ObservationState {
  return recordObservation(
    null,
    [
      {
        kind: 'opened',
        body: {
          on: '2020-02-03',
          root: 'r',
          measure,
          reason: 'close_contact',
          from: { kind: 'hand', id: null },
          responsibleArea: '320506001001001',
          personId: 'p',
          householdId: null,
          groupId: null,
          place: 'home',
          responderPersonId: null,
          exposureDay: '2020-02-01',
          continuous: false,
          startDay: '2020-02-03',
          endDay: '2020-02-15',
          length: SHIPPED_RULES[measure],
          rules: { id: null, version: 0 },
          movedFrom: null,
        },
      },
    ],
    { area: '320506001001001', by: null, occurredAt: '2020-02-03T01:00:00Z', recordedAt: '2020-02-03T01:00:00Z' },
  ).state
}

const open = stateOf('home_quarantine')
const lapsed = { ...open, lapsedAt: '2020-02-16T04:00:00Z', lapsedDay: '2020-02-16' }

test.each([
  ['Jiangsu', JIANGSU],
  ['Suzhou', SUZHOU],
])(
  'OBS-20 (case 73), rules of %s: the colour turns green on the day after the last one, and not before, released or lapsed',
  (_name, rules) => {
    const colour = (facts: readonly Fact[], on: string) =>
      evaluate(rules, { facts: [...facts] }, AROUND, on).colour ?? 'green'
    const days = ['2020-02-15', '2020-02-16'] as const
    const { says } = measureFacts(lapsed)
    expect(days.map((on) => colour(says, on))).toEqual(['yellow', 'green'])
    expect(days.map((on) => colour(measureFacts({ ...open, outcome: 'released' }).says, on))).toEqual([
      'yellow',
      'green',
    ])
    // Nobody has lifted it: it stands. This is what a forgotten release would do to somebody without the lapse.
    expect(colour(measureFacts(open).says, '2020-02-16')).toBe('yellow')
  },
)

test('OBS-20: what else is known still speaks: a contact from an approved source is red to its own last day', () => {
  const colour = (on: string) =>
    evaluate(JIANGSU, { facts: [CONTACT, ...measureFacts(lapsed).says] }, AROUND, on).colour ?? 'green'
  expect([colour('2020-02-15'), colour('2020-02-16')]).toEqual(['red', 'green'])
})

test('OBS-2, OBS-17, OBS-18: monitoring says nothing; an error takes back both; a central place lifts nothing', () => {
  expect(measureFacts(stateOf('home_monitoring')).says).toEqual([])
  expect(measureFacts(stateOf('self_monitoring')).says).toEqual([])
  const cancelled = measureFacts({ ...open, outcome: 'cancelled' })
  expect([cancelled.says, cancelled.took.map((one) => one.value)]).toEqual([[], ['in', 'lifted']])
  expect(measureFacts({ ...open, outcome: 'to_central' }).says.map((one) => one.value)).toEqual(['in'])
  // Shortened before its release: lifted on the day after the new end.
  const shortened = measureFacts({ ...open, endDay: '2020-02-10', outcome: 'released' })
  expect(shortened.says.at(-1)?.from).toBe(addDays('2020-02-10', 1))
})
