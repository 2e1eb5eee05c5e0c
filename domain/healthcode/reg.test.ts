import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../core/day.ts'
import { COLLECTIONS } from './reg-notice.ts'
import { Answers, DATA_KINDS } from './reg-api.ts'
import { PolicyDraft, policyFaults } from './reg-policy-check.ts'
import { needOf, PRESETS, RegistrationPolicy, shippedPolicy } from './reg-policy.ts'
import { foldReturns, returnStateOn, stepsOf } from './reg-return.ts'
import type { ReturnEvent } from './reg-return.ts'
import { ageOn, birthdayOf, factsOf, faultOf, guardianshipUntil, heldWhy, wardFault } from './reg-rules.ts'

const TODAY = '2020-02-20'
const said = (more: object = {}): Answers =>
  Answers.parse({ situation: 'living', registeredHere: true, underMeasure: false, ...more })

describe('who must and who may (REGISTER-9)', () => {
  const { suzhou, zhenjiang } = PRESETS
  test.each([
    ['returning', true, 'must'],
    ['returning', false, 'must'],
    ['coming', false, 'must'],
    ['living', false, 'must'],
    ['living', true, 'may'],
  ] as const)('Suzhou: %s, registered here %s: %s', (situation, registeredHere, need) => {
    expect(needOf(suzhou, { situation, registeredHere })).toBe(need)
  })
  test.each([
    ['returning', true, 'must'],
    ['coming', false, 'must'],
    ['living', false, 'must'],
    ['living', true, 'must'],
  ] as const)('Zhenjiang: %s, registered here %s: %s', (situation, registeredHere, need) => {
    expect(needOf(zhenjiang, { situation, registeredHere })).toBe(need)
  })
  test('Zhenjiang has its own where nobody decided, everywhere else Suzhou’s; both are whole', () => {
    expect(shippedPolicy('3211')).toBe(zhenjiang)
    expect(shippedPolicy('321102003')).toBe(zhenjiang)
    expect(shippedPolicy('3205')).toBe(suzhou)
    for (const preset of [suzhou, zhenjiang]) expect(RegistrationPolicy.parse(preset)).toEqual(preset)
    expect(suzhou.family).toEqual({ max: 6, childUnder: 18, elderFrom: 60, greenHolder: true })
  })
})

describe('what may be said (REGISTER-7)', () => {
  test('who comes or returns says from where and when; days follow each other and are not in the future', () => {
    const arrival = { fromArea: '420106', arrivedOn: '2020-02-18', transport: 'train' }
    expect(faultOf(said(), TODAY)).toBeNull()
    expect(faultOf(said({ situation: 'returning' }), TODAY)?.body.code).toBe('ARRIVAL_NEEDED')
    expect(faultOf(said({ situation: 'returning', arrival }), TODAY)).toBeNull()
    const nowhere = { arrivedOn: '2020-02-18', transport: 'train' }
    expect(faultOf(said({ situation: 'coming', arrival: nowhere }), TODAY)?.body.code).toBe('ARRIVAL_NEEDED')
    const wrong = [
      { stays: [{ area: '420106', from: '2020-02-10', to: '2020-02-09' }] },
      { stays: [{ area: '420106', from: '2020-02-10', to: '2020-02-21' }] },
      { contacts: [{ degree: 1, day: '2020-02-21' }] },
      { symptoms: [{ code: 'fever', from: '2020-02-21' }] },
      { arrival: { ...arrival, leftOn: '2020-02-19' } },
    ]
    for (const more of wrong) expect([more, faultOf(said(more), TODAY)?.body.code]).toEqual([more, 'ANSWER_UNFIT'])
    // Case 67: the last day itself still counts.
    expect(faultOf(said({ stays: [{ area: '420106', from: TODAY, to: TODAY }] }), TODAY)).toBeNull()
  })

  test('REGISTER-8, FEED-1: facts are no finer than county and day, and a measure is not declared into being', () => {
    const facts = factsOf(
      said({
        situation: 'returning',
        arrival: { fromArea: '420106003', leftOn: '2020-02-17', arrivedOn: '2020-02-18', transport: 'car' },
        stays: [
          { area: '420106', from: '2020-02-10', to: '2020-02-17' },
          { area: '420106', from: '2020-02-10', to: '2020-02-17' },
        ],
        abroad: [{ country: 'JP', arrivedOn: '2020-02-09' }],
        contacts: [{ degree: 1, day: '2020-02-12' }],
        symptoms: [{ code: 'cough', from: '2020-02-15' }],
        underMeasure: true,
      }),
      TODAY,
    )
    expect(facts.map(({ kind, place, value, degree, from, to }) => [kind, place, value, degree, from, to])).toEqual([
      ['stay', '420106', null, null, '2020-02-10', '2020-02-17'],
      ['abroad', null, 'JP', null, '2020-02-09', '2020-02-09'],
      ['contact', null, null, 1, '2020-02-12', '2020-02-12'],
      ['symptom', null, 'cough', null, '2020-02-15', TODAY],
    ])
    expect(new Set(facts.map((fact) => fact.source))).toEqual(new Set(['declaration']))
    // Who is still on the way has been nowhere yet.
    const ahead = said({
      situation: 'coming',
      arrival: { fromArea: '420106', arrivedOn: '2020-02-25', transport: 'train' },
    })
    expect(factsOf(ahead, TODAY)).toEqual([])
  })
})

describe('children and elders (REGISTER-12, REGISTER-13)', () => {
  test.each([
    ['2002-02-20', 18],
    ['2002-02-21', 17],
    ['2004-02-29', 15],
  ])('born on %s: %i on 20 February 2020', (birth, age) => expect(ageOn(birth, TODAY)).toBe(age))

  test('the account stands for a child to the end of the day before it is eighteen', () => {
    expect(guardianshipUntil('2002-02-21')).toBe(TODAY)
    expect(birthdayOf('2004-02-29', 18)).toBe('2022-03-01')
    expect(guardianshipUntil('2004-02-29')).toBe('2022-02-28')
    expect(guardianshipUntil('2004-03-01')).toBe('2022-02-28')
  })

  test('property: on the last day a child is seventeen, on the next one eighteen, whatever the birthday', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12_000 }), (n) => {
        const last = guardianshipUntil(addDays('1995-01-01', n))
        expect(ageOn(addDays('1995-01-01', n), last)).toBe(17)
        expect(ageOn(addDays('1995-01-01', n), addDays(last, 1))).toBe(18)
      }),
    )
  })

  test('under eighteen or sixty and over, with the whole birth date (case 74: part of one does not decide a day)', () => {
    const { family } = PRESETS.suzhou
    const fault = (relation: 'child' | 'parent', birth: string | null) =>
      wardFault(family, { relation, birth, today: TODAY })?.body.code ?? null
    expect(fault('child', '2002-02-21')).toBeNull()
    expect(fault('child', '2002-02-20')).toBe('NOT_A_CHILD')
    expect(fault('parent', '1960-02-20')).toBeNull()
    expect(fault('parent', '1960-02-21')).toBe('NOT_AN_ELDER')
    for (const birth of [null, '1963', '1963-05']) expect(fault('parent', birth)).toBe('BIRTH_NEEDED')
  })
})

describe('held for a person to look at (REGISTER-3)', () => {
  const of = { relation: 'self' as const, sent: 0, most: 10 }
  const same = { otherName: false, otherPhone: false, boundElsewhere: false }
  test('nobody known, or known the same: nothing holds it', () => {
    expect(heldWhy(null, of)).toEqual([])
    expect(heldWhy(same, of)).toEqual([])
  })
  test('another name, another number of one’s own, another account, very many', () => {
    expect(heldWhy({ ...same, otherName: true }, of)).toEqual(['name'])
    expect(heldWhy({ ...same, otherPhone: true }, of)).toEqual(['phone'])
    expect(heldWhy({ ...same, otherPhone: true }, { ...of, relation: 'child' })).toEqual([])
    expect(heldWhy({ ...same, boundElsewhere: true }, of)).toEqual(['bound'])
    expect(heldWhy({ ...same, boundElsewhere: true }, { ...of, relation: 'parent' })).toEqual(['guardian'])
    expect(heldWhy(null, { ...of, sent: 10 })).toEqual(['many'])
  })
})

describe('returns (REGISTER-15, REGISTER-16)', () => {
  const submitted: ReturnEvent = {
    kind: 'submitted',
    body: { expectedDay: '2020-02-22', transport: 'train', fromPlace: '420106' },
  }
  const told: ReturnEvent[] = [
    submitted,
    { kind: 'triaged', body: { level: 'high' } },
    { kind: 'notified', body: { area: '320508001001001' } },
  ]
  test('sent in, sorted, told, arrived, under a plan, done', () => {
    const states = [
      ...told,
      { kind: 'arrived', body: { on: '2020-02-22', how: 'resident' } } as const,
      { kind: 'plan_started', body: { on: '2020-02-22' } } as const,
      { kind: 'completed', body: { on: '2020-03-07' } } as const,
    ].map((_, i, all) => foldReturns(all.slice(0, i + 1))?.state)
    expect(states).toEqual([
      'submitted',
      'triaged',
      'host_notified',
      'arrived_confirmed',
      'health_plan_started',
      'completed',
    ])
  })
  test('case 66, case 67: a no-show from the day after the grace on, by the day and not by a job', () => {
    const plan = foldReturns(told)
    if (!plan) throw new Error('no plan')
    expect(returnStateOn(plan, '2020-02-23', 1)).toBe('host_notified')
    expect(returnStateOn(plan, '2020-02-24', 1)).toBe('no_show')
    expect(returnStateOn({ ...plan, state: 'arrived_confirmed' }, '2020-02-24', 1)).toBe('arrived_confirmed')
  })
  test('who did not come and says another day is expected again; who has arrived changes nothing any more', () => {
    const late = foldReturns([...told, { kind: 'no_show', body: { on: '2020-02-24', taskId: null } }])
    expect(stepsOf(late?.state ?? 'draft', 'resident')).toEqual(['change', 'arrive', 'cancel'])
    const again = foldReturns([
      ...told,
      { kind: 'no_show', body: { on: '2020-02-24', taskId: null } },
      { kind: 'changed', body: { expectedDay: '2020-02-26', transport: 'car', fromPlace: '420106' } },
    ])
    expect(again).toMatchObject({ state: 'triaged', expectedDay: '2020-02-26', level: 'high' })
    expect(stepsOf('arrived_confirmed', 'resident')).toEqual([])
    expect(stepsOf('arrived_confirmed', 'worker')).toEqual(['start_plan', 'complete'])
  })
})

describe('REGISTER-9: what a place writes is checked', () => {
  const draft = (more: object = {}) => PolicyDraft.parse({ ...PRESETS.suzhou, ...more })
  const places = (policy: PolicyDraft): string[] => policyFaults(policy).map((one) => one.at)
  const group = { need: 'must', say: { zh: '甲', en: 'A' }, situation: null, registeredHere: null }

  test('what is delivered has no fault', () => {
    for (const preset of Object.values(PRESETS)) expect(policyFaults(PolicyDraft.parse(preset))).toEqual([])
  })

  test('a group that nobody can reach is named, also when several above it make it so', () => {
    expect(places(draft({ groups: [group, { ...group, situation: 'coming' }] }))).toEqual(['groups.1'])
    const halves = [
      { ...group, registeredHere: true },
      { ...group, registeredHere: false },
    ]
    expect(places(draft({ groups: [...halves, { ...group, situation: 'living' }] }))).toEqual(['groups.2'])
    expect(places(draft({ groups: halves }))).toEqual([])
  })

  test('whatever has no fault is a policy', () => {
    const any = fc.record({
      groups: fc.array(
        fc.record({
          need: fc.constantFrom('must', 'may'),
          say: fc.record({ zh: fc.constantFrom('', '甲', '甲'.repeat(201)), en: fc.constantFrom('', 'A') }),
          situation: fc.constantFrom(null, 'living', 'returning', 'coming'),
          registeredHere: fc.constantFrom(null, true, false),
        }),
        { maxLength: 14 },
      ),
      others: fc.constantFrom('must', 'may'),
      documents: fc.subarray(['resident', 'passport', 'permanent']),
      askDays: fc.integer({ min: -1, max: 62 }),
      family: fc.record({
        max: fc.integer({ min: -1, max: 22 }),
        childUnder: fc.integer({ min: 0, max: 20 }),
        elderFrom: fc.integer({ min: 38, max: 102 }),
        greenHolder: fc.boolean(),
      }),
      returns: fc.record({ aheadDays: fc.integer({ min: 0, max: 62 }), graceDays: fc.integer({ min: -1, max: 16 }) }),
    })
    fc.assert(
      fc.property(any, (policy) => {
        const faults = policyFaults(PolicyDraft.parse(policy))
        const fine = RegistrationPolicy.safeParse(policy).success
        expect(faults.length === 0 && !fine).toBe(false)
      }),
    )
  })
})

test('REGISTER-10: every kind of data has its purpose, basis, recipients and end, in both languages', () => {
  expect(COLLECTIONS.map((one) => one.about).toSorted()).toEqual([...DATA_KINDS].toSorted())
  for (const one of COLLECTIONS)
    for (const words of [one.say, one.why, one.basis, one.seenBy, one.until, one.erase.say])
      expect([one.about, words.zh.length > 1, words.en.length > 1]).toEqual([one.about, true, true])
})
