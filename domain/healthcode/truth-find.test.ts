import { describe, expect, test } from 'vitest'
import { addDays } from '../core/day.ts'
import { PRESETS } from '../feeds/presets.ts'
import { riskIndex } from '../grading/risk.ts'
import { findContradictions } from './truth-find.ts'
import type { Known, KnownFact, Said } from './truth-find.ts'
import { allowanceOf, nearIndex } from './truth-source.ts'

const DAY = '2020-03-01'
const ago = (n: number): string => addDays(DAY, -n)
const risk = riskIndex([
  { area: '4201', level: 'high', from: '2020-01-01', to: null },
  { area: '310118', level: 'medium', from: '2020-02-01', to: null },
  { area: '330302', level: 'low', from: '2020-02-01', to: null },
])
const allowances = new Map(PRESETS.map((p) => [p.id, allowanceOf(p.id, p.bounds)]))
const around = { risk, allowances, near: nearIndex([['320583', '310118']]) }

const said = (more: Partial<Said['answers']> = {}, home = '320505001001001'): Said => ({
  day: DAY,
  home,
  answers: { stays: [], abroad: [], contacts: [], symptoms: [], arrival: null, underMeasure: false, ...more },
})
const nothing: Known = { facts: [], answers: [], observations: [], returns: [], mates: [] }
let n = 0
const fact = (more: Partial<KnownFact>): KnownFact => ({
  id: `f${++n}`,
  kind: 'stay',
  place: '420106',
  value: null,
  degree: null,
  from: ago(9),
  to: ago(5),
  source: 'telecom',
  ...more,
})
const kinds = (s: Said, known: Partial<Known>): string[] =>
  findContradictions(s, { ...nothing, ...known }, around).map((one) => one.kind)

describe('stays against the errors of their sources (TRUTH-3, TRUTH-4)', () => {
  test('a stay of days that a line saw and nobody declared', () => {
    expect(kinds(said(), { facts: [fact({})] })).toEqual(['stay_denied'])
  })
  test('the same of a place without risk, outside the fourteen days, or at home, is nothing', () => {
    expect(kinds(said(), { facts: [fact({ place: '330302' }), fact({ from: ago(20), to: ago(14) })] })).toEqual([])
    expect(kinds(said({}, '420102001001001'), { facts: [fact({})] })).toEqual([])
  })
  test('the last day of the fourteen counts; with a clock that is off a day less', () => {
    expect(kinds(said(), { facts: [fact({ source: 'case_investigation', from: ago(20), to: ago(14) })] })).toEqual([
      'stay_denied',
    ])
    expect(kinds(said(), { facts: [fact({ source: 'rail', from: ago(14), to: ago(14) })] })).toEqual([])
    expect(kinds(said(), { facts: [fact({ source: 'rail', from: ago(13), to: ago(13) })] })).toEqual(['stay_denied'])
  })
  test('hours on a line are no stay by themselves, and with a ticket of the same days they are (dwell)', () => {
    const line = fact({ from: ago(5), to: ago(5) })
    expect(kinds(said(), { facts: [line] })).toEqual([])
    expect(kinds(said(), { facts: [line, fact({ source: 'road', from: ago(4), to: ago(4), place: '4201' })] })).toEqual(
      ['stay_denied'],
    )
  })
  test('a ticket on a day of other places is a change of trains', () => {
    const ticket = fact({ source: 'rail', from: ago(5), to: ago(5) })
    const leg = fact({ source: 'rail', from: ago(5), to: ago(5), place: '510104' })
    expect(kinds(said(), { facts: [ticket] })).toEqual(['stay_denied'])
    expect(kinds(said(), { facts: [ticket, leg] })).toEqual([])
    // Left the neighbouring city on the day before, and flew from here.
    const left = (n: number) => said({ stays: [{ area: '421102', from: ago(9), to: ago(n) }] })
    expect(kinds(left(6), { facts: [ticket] })).toEqual([])
    expect(kinds(left(8), { facts: [ticket] })).toEqual(['stay_denied'])
  })
  test('a line of somebody beside the border logs in over it; another source ends the doubt', () => {
    const over = fact({ place: '310118' })
    expect(kinds(said({}, '320583001001001'), { facts: [over] })).toEqual([])
    expect(kinds(said({}, '320505001001001'), { facts: [over] })).toEqual(['stay_denied'])
    expect(
      kinds(said({}, '320583001001001'), {
        facts: [over, fact({ source: 'road', place: '310118', from: ago(5), to: ago(5) })],
      }),
    ).toEqual(['stay_denied'])
  })
  test('a line is in the name of its owner: somebody of the same door was there', () => {
    expect(kinds(said(), { facts: [fact({})], mates: [{ place: '4201', from: ago(8), to: ago(6) }] })).toEqual([])
    expect(kinds(said(), { facts: [fact({})], mates: [{ place: '4201', from: ago(20), to: ago(15) }] })).toEqual([
      'stay_denied',
    ])
  })
  test('another district of the city, or the whole province, is the same stay', () => {
    for (const area of ['420106', '420111', '4201', '42'])
      expect(kinds(said({ stays: [{ area, from: ago(9), to: ago(5) }] }), { facts: [fact({})] })).toEqual([])
    expect(kinds(said({ arrival: { fromArea: '42', arrivedOn: ago(5) } }), { facts: [fact({})] })).toEqual([])
  })
  test('a declared end that is two days early is within memory and a late clock, three are not', () => {
    const stay = (to: number) => said({ stays: [{ area: '4201', from: ago(12), to: ago(to) }] })
    expect(kinds(stay(7), { facts: [fact({ from: ago(12) })] })).toEqual([])
    expect(kinds(stay(8), { facts: [fact({ from: ago(12) })] })).toEqual(['stay_shortened'])
  })
  test('whoever was asked and found not to have been there is not asked again; found to have been, the doubt ends (TRUTH-5)', () => {
    const ticket = fact({ source: 'rail', from: ago(5), to: ago(5) })
    const asked = (disposition: string) => [{ disposition, sources: ['rail'], day: ago(2) }]
    expect(kinds(said(), { facts: [ticket], answers: asked('HERE_NO_RISK') })).toEqual([])
    expect(
      kinds(said(), {
        facts: [ticket, fact({ place: '510104', source: 'rail', from: ago(5), to: ago(5) })],
        answers: asked('HERE_HOME_OBS'),
      }),
    ).toEqual(['stay_denied'])
    // An answer from before the stay says nothing of it.
    expect(
      kinds(said(), { facts: [ticket], answers: [{ disposition: 'HERE_NO_RISK', sources: ['rail'], day: ago(8) }] }),
    ).toEqual(['stay_denied'])
  })
  test('what the person said before, or what this program says itself, is no evidence', () => {
    expect(
      kinds(said(), {
        facts: [
          fact({ source: 'declaration' }),
          fact({ source: 'observation', kind: 'measure', value: 'in', from: ago(3), to: ago(3) }),
        ],
      }),
    ).toEqual([])
  })
  test('what is known stands beside what was declared, with its last day in the window', () => {
    const [found] = findContradictions(said(), { ...nothing, facts: [fact({ id: 'one', to: DAY })] }, around)
    expect(found?.evidence).toEqual([
      {
        kind: 'stay',
        source: 'telecom',
        ref: 'one',
        place: '420106',
        value: null,
        degree: null,
        from: ago(9),
        to: ago(1),
        verified: false,
      },
    ])
  })
})

describe('contacts, measures, symptoms, arrivals', () => {
  const contact = fact({
    kind: 'contact',
    place: null,
    degree: 1,
    source: 'case_investigation',
    from: ago(6),
    to: ago(6),
  })
  test('a contact counts once somebody has spoken of it, before the declaration (TRUTH-6)', () => {
    const told = (day: string) => [{ disposition: 'HERE_MONITOR', sources: ['case_investigation'], day }]
    expect(kinds(said(), { facts: [contact] })).toEqual([])
    expect(kinds(said(), { facts: [contact], answers: told(DAY) })).toEqual([])
    expect(kinds(said(), { facts: [contact], answers: told(ago(1)) })).toEqual(['contact_denied'])
    expect(kinds(said({ contacts: [{ degree: 2 }] }), { facts: [contact], answers: told(ago(1)) })).toEqual([])
    expect(kinds(said({ contacts: [{ degree: 3 }] }), { facts: [contact], answers: told(ago(1)) })).toEqual([
      'contact_denied',
    ])
  })
  test('an observation of which notice was given and which has not ended (domain 3.4, first kind)', () => {
    const one = { id: 'o', noticeOn: ago(1), lastDay: DAY, endedOn: null, kind: 'home_quarantine' }
    expect(kinds(said(), { observations: [one] })).toEqual(['measure_denied'])
    expect(kinds(said({ underMeasure: true }), { observations: [one] })).toEqual([])
    expect(kinds(said(), { observations: [{ ...one, noticeOn: DAY }] })).toEqual([])
    expect(kinds(said(), { observations: [{ ...one, lastDay: ago(1) }] })).toEqual([])
    expect(kinds(said(), { observations: [{ ...one, endedOn: DAY }] })).toEqual([])
    expect(kinds(said(), { observations: [{ ...one, kind: 'self_monitoring' }] })).toEqual([])
  })
  test('a state lasts until somebody ends it, also a day late', () => {
    const held = fact({
      kind: 'measure',
      value: 'in',
      place: null,
      source: 'case_investigation',
      from: ago(5),
      to: ago(5),
    })
    const lifted = (n: number) => ({ ...held, id: `l${n}`, value: 'lifted', from: ago(n), to: ago(n) })
    expect(kinds(said(), { facts: [held] })).toEqual(['measure_denied'])
    expect(kinds(said(), { facts: [held, lifted(2)] })).toEqual([])
    expect(kinds(said(), { facts: [held, lifted(-1)] })).toEqual([])
    expect(kinds(said(), { facts: [held, lifted(-2)] })).toEqual(['measure_denied'])
  })
  test('at a fever clinic yesterday; cleared since, or two days ago, is nothing', () => {
    const seen = (n: number, value = 'visited') =>
      fact({ kind: 'fever_clinic', value, place: null, source: 'fever_clinic', from: ago(n), to: ago(n) })
    expect(kinds(said(), { facts: [seen(1)] })).toEqual(['symptom_denied'])
    expect(kinds(said(), { facts: [seen(2)] })).toEqual([])
    expect(kinds(said(), { facts: [seen(1), seen(0, 'excluded')] })).toEqual([])
    expect(kinds(said({ symptoms: [{ code: 'fever', from: ago(1) }] }), { facts: [seen(1)] })).toEqual([])
  })
  test('whoever registered a return was away on that day (domain 3.4, second kind)', () => {
    const one = { id: 'r', source: 'return' as const, madeOn: ago(4), expectedOn: ago(3) }
    const arrived = (n: number) => said({ arrival: { fromArea: '5101', arrivedOn: ago(n) } })
    expect(kinds(arrived(8), { returns: [one] })).toEqual(['arrival_differs'])
    expect(kinds(arrived(5), { returns: [one] })).toEqual([])
    expect(kinds(arrived(2), { returns: [one] })).toEqual([])
    expect(kinds(arrived(8), { returns: [{ ...one, expectedOn: one.madeOn }] })).toEqual([])
  })
  test('abroad', () => {
    const from = fact({ kind: 'abroad', value: 'IT', place: null, source: 'customs', from: ago(5), to: ago(5) })
    expect(kinds(said(), { facts: [from] })).toEqual(['abroad_denied'])
    expect(kinds(said({ abroad: [{ country: 'IT' }] }), { facts: [from] })).toEqual([])
    expect(kinds(said({ arrival: { fromCountry: 'IT', arrivedOn: ago(5) } }), { facts: [from] })).toEqual([])
  })
})
