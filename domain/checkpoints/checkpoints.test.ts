import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideAtGate, dispositionsOf } from './decide.ts'
import type { AtGate } from './decide.ts'
import { CALL_ROLES, CHECKS, GATE_COLOURS, GATE_KINDS, GatePolicy, LANES, REFER_WHY, usualPolicy } from './gate.ts'
import { LOOK_LIMITS, waitOfLooks } from './looks.ts'
import { daysOf, goneFrom, windowHolds } from './opening.ts'
import { afterRetest, listsOf } from './passage.ts'

const policy = usualPolicy('road')
const seen = (more: Partial<AtGate> = {}): AtGate => ({
  lane: 'code',
  check: 'valid',
  colour: 'green',
  temperature: 365,
  retest: null,
  papers: null,
  ...more,
})

const anyPolicy = fc.record({
  listMaxAgeMin: fc.integer({ min: 15, max: 129_600 }),
  whenListOld: fc.constantFrom('by_hand' as const, 'colour_and_age' as const),
  temperature: fc.record({
    ask: fc.constantFrom('everyone' as const, 'not_green' as const, 'nobody' as const),
    threshold: fc.integer({ min: 370, max: 380 }),
    restMin: fc.constant(5),
    restMax: fc.constant(10),
  }),
  direction: fc.constantFrom('in' as const, 'out' as const, 'both' as const),
  visitors: fc.boolean(),
  vehicles: fc.boolean(),
  reader: fc.boolean(),
  yellow: fc.constantFrom('refuse_refer' as const, 'admit_with_temp' as const),
  pending: fc.constantFrom('refuse_refer' as const, 'admit_with_temp' as const),
  turnBack: fc.boolean(),
  call: fc.constant(CALL_ROLES.map((role) => ({ role, name: role, phone: '12345' }))),
})
const anybody = fc.record({
  lane: fc.constantFrom(...LANES),
  check: fc.option(fc.constantFrom(...CHECKS)),
  colour: fc.option(fc.constantFrom(...GATE_COLOURS)),
  temperature: fc.option(fc.integer({ min: 340, max: 420 })),
  retest: fc.option(fc.integer({ min: 340, max: 420 })),
  papers: fc.option(fc.boolean()),
  keyArea: fc.boolean(),
})

describe('what a gate does (GATE-3 to GATE-5)', () => {
  test('the usual: green with a normal temperature passes, without one it is measured first', () => {
    expect(decideAtGate(seen(), policy)).toMatchObject({ verdict: 'admit_with_temp', ask: null, refer: null })
    expect(decideAtGate(seen({ temperature: null }), policy)).toMatchObject({ verdict: null, ask: 'temperature' })
    const nobody = { ...policy, temperature: { ...policy.temperature, ask: 'nobody' as const } }
    expect(decideAtGate(seen({ temperature: null }), nobody)).toMatchObject({ verdict: 'admit' })
  })

  test('37.2 passes and 37.3 rests; after rest the second measurement counts', () => {
    expect(decideAtGate(seen({ temperature: 372 }), policy).verdict).toBe('admit_with_temp')
    expect(decideAtGate(seen({ temperature: 373 }), policy)).toMatchObject({
      verdict: 'hold_fever',
      ask: 'retest',
      refer: null,
    })
    expect(decideAtGate(seen({ temperature: 373, retest: 372 }), policy)).toMatchObject({ verdict: 'admit_with_temp' })
    expect(decideAtGate(seen({ temperature: 373, retest: 373 }), policy)).toMatchObject({
      verdict: 'hold_fever',
      refer: 'fever',
    })
  })

  test('red refers under every policy, yellow and pending as the site says', () => {
    expect(decideAtGate(seen({ colour: 'red' }), policy)).toMatchObject({ verdict: 'refuse_refer', refer: 'red' })
    expect(decideAtGate(seen({ colour: 'yellow' }), policy)).toMatchObject({ verdict: 'refuse_refer', refer: 'yellow' })
    expect(decideAtGate(seen({ colour: 'pending' }), policy)).toMatchObject({ verdict: 'admit_with_temp' })
    const strict = { ...policy, pending: 'refuse_refer' as const }
    expect(decideAtGate(seen({ colour: 'pending' }), strict)).toMatchObject({ refer: 'pending' })
  })

  test('an old list or a refused code asks for papers and is never a colour', () => {
    for (const check of ['by_hand', 'refused'] as const) {
      expect(decideAtGate(seen({ check, colour: null }), policy)).toMatchObject({ verdict: null, ask: 'papers' })
      expect(decideAtGate(seen({ check, colour: null, papers: true }), policy)).toMatchObject({
        verdict: 'admit_with_temp',
      })
      expect(decideAtGate(seen({ check, colour: null, papers: false }), policy)).toMatchObject({
        refer: 'code_refused',
      })
    }
  })

  test('nobody without a code is refused for having none, and no colour, fever or policy stops an emergency', () => {
    fc.assert(
      fc.property(anybody, anyPolicy, (at, any) => {
        expect(GatePolicy.safeParse(any).success).toBe(true)
        expect(decideAtGate({ ...at, lane: 'emergency' }, any)).toMatchObject({ verdict: 'emergency_pass', ask: null })
        const calm = { temperature: 365, retest: null, papers: true, keyArea: false }
        const without = decideAtGate({ ...calm, lane: 'no_code', check: null, colour: null }, any)
        expect(without.verdict).toMatch(/^admit/)
      }),
    )
  })

  test('every state leads on: a verdict or a question that its answer settles', () => {
    fc.assert(
      fc.property(anybody, anyPolicy, (at, any) => {
        let now = { ...at }
        let decision = decideAtGate(now, any)
        for (let i = 0; i < 4 && decision.ask !== null; i++) {
          if (decision.ask === 'temperature') now = { ...now, temperature: 365 }
          if (decision.ask === 'papers') now = { ...now, papers: true }
          if (decision.ask === 'retest') now = { ...now, retest: 366 }
          decision = decideAtGate(now, any)
        }
        expect([decision.ask, decision.verdict === null]).toEqual([null, false])
        expect(decision.say.zh.length * decision.do.en.length).toBeGreaterThan(0)
        // Whoever does not simply pass has somebody to call, and nobody else has.
        expect(decision.refer !== null).toBe(decision.call.length > 0)
      }),
    )
  })
})

describe('where somebody goes (GATE-7)', () => {
  test('Changzhou (1) to (4)', () => {
    const base = { fever: false, homeProved: false, kind: 'road' as const }
    expect(dispositionsOf({ ...base, why: 'key_area' }, { turnBack: true })[0]).toBe('isolation_site')
    expect(dispositionsOf({ ...base, why: 'key_area', fever: true }, { turnBack: true })).toEqual(['fever_clinic'])
    expect(dispositionsOf({ ...base, why: 'yellow', homeProved: true }, { turnBack: true })[0]).toBe('grid')
    expect(dispositionsOf({ ...base, why: 'yellow' }, { turnBack: true })[0]).toBe('turned_back')
  })

  test('nobody is turned back from an estate, from a proved home or with a fever, whatever the policy says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REFER_WHY),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(...GATE_KINDS),
        fc.boolean(),
        (why, fever, homeProved, kind, turnBack) => {
          const offered = dispositionsOf({ why, fever, homeProved, kind }, { turnBack })
          expect(offered.length).toBeGreaterThan(0)
          const never = kind === 'estate' || homeProved || fever || !turnBack
          expect(never && offered.includes('turned_back')).toBe(false)
          expect(!homeProved && offered.includes('grid')).toBe(false)
          expect(fever && offered.length > 1).toBe(false)
        },
      ),
    )
  })
})

test('GATE-13: a passage counts once for its direction and once for its colour, and a second measurement moves only what it changes', () => {
  const p = {
    direction: 'in' as const,
    lane: 'code' as const,
    checked: 'valid' as const,
    colour: 'yellow' as const,
    verdict: 'hold_fever' as const,
    temperature: 380,
    retest: null,
    threshold: 373,
    vehicle: false,
  }
  expect(listsOf(p).toSorted()).toEqual(['all', 'fever', 'in', 'resting', 'yellow'])
  expect(listsOf(afterRetest(p, 366)).toSorted()).toEqual(['all', 'fever', 'in', 'yellow'])
  expect(listsOf(afterRetest(p, 373)).toSorted()).toEqual(['all', 'fever', 'fever_twice', 'in', 'yellow'])
  // What was to be looked at by hand has no colour, whatever the gate says of it.
  expect(listsOf({ ...p, checked: 'by_hand' })).toContain('no_colour')
})

describe('opening for contacts (GATE-11, GATE-12)', () => {
  const zone = 'Asia/Shanghai'
  const now = new Date('2020-02-20T04:00:00Z')
  const at = (text: string): Date => new Date(text)
  test('case 73: at most four hours, over, and within the last fourteen days, the fourteenth to its end', () => {
    const holds = (from: string, to: string): boolean =>
      windowHolds({ from: at(from), to: at(to) }, now, '2020-02-20', zone)
    expect(holds('2020-02-20T00:00:00Z', '2020-02-20T04:00:00Z')).toBe(true)
    expect(holds('2020-02-19T23:59:00Z', '2020-02-20T04:00:00Z')).toBe(false)
    expect(holds('2020-02-20T04:00:00Z', '2020-02-20T04:00:01Z')).toBe(false)
    expect(holds('2020-02-05T16:00:00Z', '2020-02-05T17:00:00Z')).toBe(true)
    expect(holds('2020-02-05T15:59:59Z', '2020-02-05T17:00:00Z')).toBe(false)
    expect(goneFrom('2020-02-06')).toBe('2020-02-21')
  })
  test('a window over midnight touches two days', () => {
    expect(daysOf({ from: at('2020-02-19T15:00:00Z'), to: at('2020-02-19T17:00:00Z') }, zone)).toEqual([
      '2020-02-19',
      '2020-02-20',
    ])
    expect(daysOf({ from: at('2020-02-19T15:00:00Z'), to: at('2020-02-19T16:00:00Z') }, zone)).toEqual(['2020-02-19'])
  })
})

test('GATE-8: so many looks and no more, and the lane opens again when the oldest has gone', () => {
  const now = new Date('2020-02-20T04:00:00Z')
  const looks = (n: number, found: boolean, everyMs: number) =>
    Array.from({ length: n }, (_, i) => ({ at: new Date(now.getTime() - i * everyMs), found }))
  expect(waitOfLooks(looks(LOOK_LIMITS.minute.most - 1, true, 1000), now)).toBe(0)
  expect(waitOfLooks(looks(LOOK_LIMITS.minute.most, true, 1000), now)).toBe(1)
  expect(waitOfLooks(looks(9, false, 1000), now)).toBe(0)
  expect(waitOfLooks(looks(10, false, 1000), now)).toBe(10)
  expect(waitOfLooks(looks(10, false, 61_000), now)).toBe(1)
  expect(waitOfLooks(looks(LOOK_LIMITS.hour.most, true, 5000), now)).toBeGreaterThan(0)
})
