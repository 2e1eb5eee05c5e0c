import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Stage } from './objection-api.ts'
import { clockAt, startClock, stageArea } from './objection-clock.ts'
import {
  availableSteps,
  decideDesk,
  decideHolder,
  decideOutcome,
  dueEvents,
  mayDecide,
  mayUndo,
  sourceFinding,
} from './objection-decide.ts'
import type { ObjectionDesk } from './objection-decide.ts'
import type { NewObjectionEvent } from './objection-event.ts'
import { applyObjection, foldObjection, minutesOf, recordObjection, standingOf } from './objection-fold.ts'
import type { ObjectionState } from './objection-fold.ts'
import { afterGrant, factSay, remediesOf } from './objection-words.ts'

const AREA = '320508001001001'
const T0 = '2020-03-02T16:30:00.000Z'
const ZONE = 'Asia/Shanghai'
const at = (hours: number): Date => new Date(Date.parse(T0) + hours * 3_600_000)
const iso = (hours: number): string => at(hours).toISOString()
const when = (hours: number) => ({ now: at(hours), zone: ZONE })

const CONTESTED = { key: 'k', rule: 'high-risk-stay', source: 'telecom', household: false }
const OPENED: NewObjectionEvent = {
  kind: 'opened',
  body: { on: '2020-03-03', ground: 'never_there', asker: 'self', colour: 'red', contested: CONTESTED },
}

function opened(): ObjectionState {
  return recordObjection(null, [OPENED], { area: AREA, by: 'a', occurredAt: T0, recordedAt: T0 }).state
}

function then(state: ObjectionState, hours: number, ...events: NewObjectionEvent[]): ObjectionState {
  return recordObjection(state, events, { area: AREA, by: 'b', occurredAt: iso(hours), recordedAt: iso(hours) }).state
}

const COUNTY: ObjectionDesk = { stage: true, county: true, ownColour: false, ownIntake: false, decided: false }
const BELOW: ObjectionDesk = { ...COUNTY, county: false }

function events(decision: { ok: boolean; events?: NewObjectionEvent[] }): NewObjectionEvent[] {
  if (!decision.ok || !decision.events) throw new Error('refused')
  return decision.events
}

describe('OBJECT-6, the clock', () => {
  test('community four hours, street four, county sixteen: 24 in all, then the city', () => {
    const state = opened()
    const stages = [0, 4, 4.01, 8, 8.01, 24, 24.01].map((h) => standingOf(state, at(h)).stage)
    expect(stages).toEqual(['community', 'community', 'street', 'street', 'county', 'county', 'city'])
    expect(standingOf(state, at(8.01)).dueBy).toBe(iso(24))
  })

  test('case 67: the due moment itself is in time, one millisecond later is late', () => {
    const state = opened()
    expect(standingOf(state, new Date(Date.parse(iso(4))))).toMatchObject({ late: false, stage: 'community' })
    expect(standingOf(state, new Date(Date.parse(iso(4)) + 1))).toMatchObject({ late: true, stage: 'street' })
    expect(standingOf(state, new Date(Date.parse(iso(24))))).toMatchObject({ overdue: false })
    expect(standingOf(state, new Date(Date.parse(iso(24)) + 1))).toMatchObject({ overdue: true, stage: 'city' })
  })

  test('whatever the timer has written, the reader sees the same stage and the same end', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 40, noNaN: true }), fc.double({ min: 0, max: 40, noNaN: true }), (a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a]
        const written = then(opened(), early, ...dueEvents(opened(), when(early)))
        const unwritten = standingOf(opened(), at(late))
        const seen = standingOf(written, at(late))
        expect({ ...seen, name: '' }).toEqual({ ...unwritten, name: '' })
      }),
    )
  })

  test('passed on early, each stage has its own whole time and the 24 hours still end', () => {
    const street = then(
      opened(),
      1,
      ...events(decideDesk(opened(), { step: 'pass', finding: 'supports' }, BELOW, when(1))),
    )
    expect(standingOf(street, at(1))).toMatchObject({
      stage: 'street',
      dueBy: iso(5),
      late: false,
      name: 'street_review',
    })
    const county = then(street, 2, ...events(decideDesk(street, { step: 'pass', finding: 'unclear' }, BELOW, when(2))))
    expect(standingOf(county, at(2))).toMatchObject({ stage: 'county', dueBy: iso(18), allDueBy: iso(24) })
    expect(standingOf(county, at(18.5))).toMatchObject({ stage: 'city', late: true, overdue: false })
  })

  test('no stage ever ends after the whole does', () => {
    const stages: Stage[] = ['community', 'street', 'county', 'city']
    fc.assert(
      fc.property(fc.double({ min: 0, max: 30, noNaN: true }), (h) => {
        const { clock, steps } = clockAt(startClock(T0), at(h))
        expect(clock.dueBy <= clock.allDueBy).toBe(true)
        expect(steps.map((one) => one.to)).toEqual(stages.slice(1, steps.length + 1))
      }),
    )
  })

  test('an event written late is dated where it took effect', () => {
    const [first] = dueEvents(opened(), when(30))
    expect(first).toMatchObject({ kind: 'escalated', body: { on: '2020-03-03', at: iso(4), from: 'community' } })
    expect(dueEvents(opened(), when(30))).toHaveLength(3)
  })

  test('desks by stage, also where the address is only known coarser', () => {
    const stages: Stage[] = ['community', 'street', 'county', 'city']
    expect(stages.map((stage) => stageArea(AREA, stage))).toEqual(['320508001001', '320508001', '320508', '3205'])
    expect(stageArea('320508', 'community')).toBe('320508')
  })
})

describe('OBJECT-7, asking for more', () => {
  const asked = (hours: number): ObjectionState =>
    then(opened(), hours, ...events(decideDesk(opened(), { step: 'ask', words: '车票' }, BELOW, when(hours))))

  test('the clock stands still while it waits, and goes on when the holder answers', () => {
    const state = asked(3)
    expect(standingOf(state, at(20))).toMatchObject({ name: 'need_more', waiting: true, dueBy: null, late: false })
    const answered = then(state, 23, ...events(decideHolder(state, 'supplement', false, when(23))))
    expect(standingOf(answered, at(23))).toMatchObject({ name: 'supplemented', stage: 'community', dueBy: iso(24) })
    expect(standingOf(answered, at(24.5))).toMatchObject({ stage: 'street', name: 'street_review', late: true })
    expect(answered.waitedMs).toBe(20 * 3_600_000)
  })

  test('unanswered, it goes on after 48 hours with what there is, by itself', () => {
    const state = asked(1)
    expect(standingOf(state, at(49))).toMatchObject({ waiting: true })
    expect(standingOf(state, at(49.5))).toMatchObject({ waiting: false, name: 'community_review', dueBy: iso(52) })
    expect(standingOf(state, at(52.5))).toMatchObject({ stage: 'street' })
  })

  test('each desk asks once; nothing is supplemented that was not asked for', () => {
    const state = then(asked(1), 2, ...events(decideHolder(asked(1), 'supplement', false, when(2))))
    const again = decideDesk(state, { step: 'ask', words: '再' }, BELOW, when(3))
    expect(again.ok ? null : again.problem.body.rule).toBe('OBJECT-7')
    const early = decideHolder(opened(), 'supplement', false, when(1))
    expect(early.ok).toBe(false)
  })

  test('time waited is not counted as time taken', () => {
    const state = then(asked(2), 12, ...events(decideHolder(asked(2), 'supplement', false, when(12))))
    const over = then(state, 13, { kind: 'withdrawn', body: { on: '2020-03-03', atDesk: false } })
    expect(minutesOf(over)).toBe(180)
  })
})

describe('OBJECT-8, OBJECT-9: who decides', () => {
  const corrected = { denied: ['d'], manual: [], before: 'red', after: 'green' } as const
  const given = { ...corrected, denied: [...corrected.denied], manual: [] }
  const grant = {
    id: 'x',
    decision: 'granted',
    wrong: 'source',
    facts: [],
    manual: [],
    elsewhere: false,
    words: 'ok',
  } as const
  const grantArgs = { ...grant, facts: [], manual: [] }

  test('the county alone; to the holder’s good at any stage, against it only after those who know the place', () => {
    expect(mayDecide(opened(), 'granted', BELOW, when(1))?.body.rule).toBe('OBJECT-8')
    expect(mayDecide(opened(), 'granted', COUNTY, when(1))).toBeNull()
    expect(mayDecide(opened(), 'refused', COUNTY, when(1))?.body.code).toBe('OBJECTION_NOT_LOOKED_AT')
    expect(mayDecide(opened(), 'refused', COUNTY, when(9))).toBeNull()
  })

  test('whoever decided the colour by hand may not decide the objection, nor whoever took it at the desk', () => {
    expect(mayDecide(opened(), 'granted', { ...COUNTY, ownColour: true }, when(9))?.body.code).toBe(
      'OBJECTION_OWN_COLOUR',
    )
    expect(mayDecide(opened(), 'refused', { ...COUNTY, ownColour: true }, when(9))?.body.rule).toBe('OBJECT-9')
    expect(mayDecide(opened(), 'granted', { ...COUNTY, ownIntake: true }, when(9))?.body.rule).toBe('OBJECT-9')
  })

  test('OBJECT-11: granting puts something right, or says where it was', () => {
    const nothing = decideOutcome(opened(), grantArgs, COUNTY, { ...given, denied: [] }, when(2))
    expect(nothing.ok ? null : nothing.problem.body.rule).toBe('OBJECT-11')
    const elsewhere = { ...grantArgs, elsewhere: true }
    expect(decideOutcome(opened(), elsewhere, COUNTY, { ...given, denied: [] }, when(2)).ok).toBe(true)
    const done = then(opened(), 2, ...events(decideOutcome(opened(), grantArgs, COUNTY, given, when(2))))
    expect(done).toMatchObject({ outcome: 'granted', wrong: 'source', colourAfter: 'green', closedBy: 'b' })
    expect(standingOf(done, at(40))).toMatchObject({ name: 'granted', dueBy: null, late: false, overdue: false })
  })

  test('OBJECT-14: taken back once, by somebody else', () => {
    const done = then(opened(), 2, ...events(decideOutcome(opened(), grantArgs, COUNTY, given, when(2))))
    expect(mayUndo(done, { county: true, decided: true })?.body.code).toBe('OBJECTION_UNDO_BY_ANOTHER')
    expect(mayUndo(done, { county: true, decided: false })).toBeNull()
    const undone = then(done, 3, { kind: 'undone', body: { on: '2020-03-03', lifted: ['d'], after: 'red' } })
    expect(mayUndo(undone, { county: true, decided: false })?.body.rule).toBe('OBJECT-14')
  })

  test('a step for another stage says so; a closed one takes none', () => {
    const wrong = decideDesk(opened(), { step: 'take' }, { ...BELOW, stage: false }, when(1))
    expect(wrong.ok ? null : wrong.problem.body.code).toBe('OBJECTION_NOT_YOUR_STAGE')
    const over = then(opened(), 1, { kind: 'withdrawn', body: { on: '2020-03-03', atDesk: false } })
    for (const { problem } of availableSteps(over, COUNTY, when(2))) expect(problem).not.toBeNull()
  })

  test('STAT-8: what a decision says of the source', () => {
    const of = (outcome: ObjectionState['outcome'], wrong: ObjectionState['wrong'], undone = false) =>
      sourceFinding({ contested: CONTESTED, outcome, wrong, undone })?.disposition ?? null
    expect(of('granted', 'source')).toBe('OBJECTION_GRANTED')
    expect(of('granted', 'matching')).toBe('OBJECTION_GRANTED')
    expect(of('granted', 'declaration')).toBeNull()
    expect(of('granted', 'source', true)).toBe('OBJECTION_REFUSED')
    expect(of('refused', null)).toBe('OBJECTION_REFUSED')
    expect(of('withdrawn', null)).toBeNull()
  })
})

describe('OBJECT-2: the fold', () => {
  test('events folded at once or one by one are the same state', () => {
    const list: NewObjectionEvent[] = [
      OPENED,
      { kind: 'proved', body: { on: '2020-03-03', proof: 'p', proofKind: 'ticket' } },
      { kind: 'taken', body: { on: '2020-03-03', stage: 'community' } },
      { kind: 'asked', body: { on: '2020-03-03', stage: 'community', until: iso(50) } },
      { kind: 'supplemented', body: { on: '2020-03-03', atDesk: true } },
      { kind: 'passed', body: { on: '2020-03-03', from: 'community', to: 'street', finding: 'doubts' } },
      { kind: 'reorganised', body: { on: '2020-03-03', from: AREA, to: '320508002001001' } },
      { kind: 'moved', body: { on: '2020-03-03', from: '320508002001001', to: '320507001001001' } },
    ]
    const stamp = { area: AREA, by: null, occurredAt: T0, recordedAt: T0 }
    const { state, events: written } = recordObjection(null, list, stamp)
    expect(foldObjection(written)).toEqual(state)
    expect(state).toMatchObject({ area: '320507001001001', proofs: 1, version: 8 })
    // OBJECT-16: who moves waits no longer for it, and nobody's time begins anew.
    const before = recordObjection(null, list.slice(0, -2), stamp).state
    expect(state.clock).toEqual(before.clock)
    expect(() => applyObjection(null, { ...written[1]! })).toThrow(RangeError)
  })

  test('names of states as they are passed through', () => {
    const taken = then(opened(), 1, { kind: 'taken', body: { on: '2020-03-03', stage: 'community' } })
    expect(standingOf(opened(), at(0)).name).toBe('submitted')
    expect(standingOf(taken, at(1)).name).toBe('community_review')
    expect(standingOf(taken, at(5)).name).toBe('street_review')
    expect(standingOf(taken, at(9)).name).toBe('county_decision')
    expect(standingOf(taken, at(30)).name).toBe('county_decision')
  })
})

describe('OBJECT-12: what the holder is told', () => {
  test('each refusal says the next remedy first and the legal one last', () => {
    for (const refusal of ['facts_hold', 'period_runs', 'proof_lacking', 'rule_applies', 'another_person'] as const) {
      const all = remediesOf(refusal, { name: '苏州市', phone: '0512-1' })
      expect(all.length).toBe(4)
      expect(all[1]?.zh).toContain('0512-1')
      expect(all.at(-1)?.zh).toContain('行政复议')
    }
    expect(remediesOf('facts_hold', null)).toHaveLength(3)
  })

  test('granted but not green says that another reason stands', () => {
    expect(afterGrant('green')).toEqual([])
    expect(afterGrant('yellow')[0]?.zh).toContain('黄码')
  })

  test('OBJECT-13: of a household member the holder learns that there is one and nothing more', () => {
    const fact = { kind: 'case', value: 'confirmed', from: '2020-02-01', to: '2020-02-01' }
    expect(factSay(fact, null, true).zh).not.toContain('确诊')
    expect(factSay(fact, null).zh).toContain('确诊')
  })
})
