import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { can } from '../access/can.ts'
import type { Actor, Role } from '../access/actor.ts'
import { addDays, instantOf } from '../core/day.ts'
import { StepBody } from './api.ts'
import type { StepName } from './api.ts'
import { observationCounts } from './counts.ts'
import { endBy, standing } from './dates.ts'
import type { NewObservationEvent, ObservationEvent } from './event.ts'
import { readObservationEvent } from './event.ts'
import { daysOf, foldObservation, isOpen, ObservationState, recordObservation, stateOf, stepOf } from './fold.ts'
import { MEASURES, SHIPPED_RULES } from './measure.ts'
import type { Measure } from './measure.ts'
import { decideAutomaticRelease, decideLapse, decideStep, stepRefusal, stepRight } from './steps.ts'
import type { When } from './steps.ts'

const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York'] as const
const GRID = '320506001001001'
const GIVEN = { successorId: '018f0000-0000-7000-8000-00000000aaaa', note: 'G000000192-R' }
const NOTE = '说明'

/** An observation driven by steps at moments, as phone and server drive it. */
class Story {
  events: ObservationEvent[] = []
  readonly zone: string
  constructor(zone: string, of: { measure?: Measure; exposureDay?: string | null; startDay?: string } = {}) {
    this.zone = zone
    const measure = of.measure ?? 'home_quarantine'
    const exposureDay = of.exposureDay === undefined ? '2020-02-01' : of.exposureDay
    const startDay = of.startDay ?? '2020-02-03'
    const length = SHIPPED_RULES[measure]
    this.add(startDay, 9, {
      kind: 'opened',
      body: {
        on: startDay,
        root: 'r',
        measure,
        reason: 'close_contact',
        from: { kind: 'hand', id: null },
        responsibleArea: GRID,
        personId: 'p',
        householdId: 'h',
        groupId: null,
        place: 'home',
        responderPersonId: null,
        exposureDay,
        continuous: false,
        startDay,
        endDay: endBy(length, exposureDay, startDay),
        length,
        rules: { id: null, version: 0 },
        movedFrom: null,
      },
    })
  }
  get state(): ObservationState {
    return foldObservation(this.events)
  }
  add(day: string, hour: number, ...events: NewObservationEvent[]): void {
    const at = instantOf(day, this.zone, hour).toISOString()
    const before = this.events.length === 0 ? null : this.state
    this.events.push(
      ...recordObservation(before, events, { area: GRID, by: 'w', occurredAt: at, recordedAt: at }).events,
    )
  }
  when(day: string, hour: number, minute = 0, occurred?: Date): When {
    const now = instantOf(day, this.zone, hour, minute)
    return { now, zone: this.zone, occurredAt: occurred ?? now }
  }
  /** The code of the refusal, or the word for how it stands after. */
  do(day: string, hour: number, body: object, occurred?: Date): string {
    const decision = decideStep(this.state, StepBody.parse(body), this.when(day, hour, 0, occurred), GIVEN)
    if (!decision.ok) return decision.problem.body.code
    this.add(day, hour, ...decision.events)
    return stateOf(this.state)
  }
  /** Paper up to the daily checks. */
  begin(): this {
    const papers = [
      { step: 'suitability', room: true, toilet: true, coResidents: 2, elderly: 1, pets: false, medicines: true },
      { step: 'notice', how: 'paper' },
      { step: 'commitment', how: 'signed', strokes: [[1, 2, 3, 4]] },
    ]
    const stands = papers.map((body) => this.do('2020-02-03', 10, body)).join(' ')
    if (stands !== 'suitable notified active') throw new Error(stands)
    return this
  }
}

describe.each(ZONES)('the seven steps in %s', (zone) => {
  test('Show 1 on paper: notice, commitment, a missed reading, a fever, back home, checks, release, call', () => {
    const s = new Story(zone)
    expect([stateOf(s.state), stepOf(s.state)]).toEqual(['opened', 'notify'])
    s.begin()
    expect(stepOf(s.state)).toBe('bind')
    s.do('2020-02-03', 11, { step: 'team', teamId: '018f0000-0000-7000-8000-00000000bbbb' })
    expect(stepOf(s.state)).toBe('check')
    s.add('2020-02-04', 12, { kind: 'missed', body: { on: '2020-02-04', slot: '2020-02-04/morning' } })
    expect(s.do('2020-02-04', 13, { step: 'breach', what: 'no_readings' })).toBe('OBSERVATION_WELFARE_FIRST')
    expect(s.do('2020-02-04', 13, { step: 'welfare', how: 'phone', found: 'well' })).toBe('active')
    expect(s.do('2020-02-06', 8, { step: 'symptom', codes: ['fever'], temperature: 37.9 })).toBe('symptomatic')
    expect(s.do('2020-02-06', 9, { step: 'care', stage: 'clinic_asked' })).toBe('referred')
    expect(s.do('2020-02-06', 15, { step: 'care', stage: 'returned' })).toBe('active')
    expect(s.do('2020-02-14', 9, { step: 'check_release', symptoms: false, tests: 'negative' })).toBe(
      'OBSERVATION_RELEASE_NOT_YET',
    )
    expect(s.do('2020-02-15', 9, { step: 'release' })).toBe('OBSERVATION_RELEASE_NOT_YET')
    expect(s.do('2020-02-15', 9, { step: 'check_release', symptoms: false, tests: 'negative' })).toBe('active')
    expect(s.do('2020-02-16', 0, { step: 'release' })).toBe('released')
    expect(s.state).toMatchObject({ endedDay: '2020-02-16', followUpDay: '2020-02-19', deleteDay: '2020-05-17' })
    expect(s.do('2020-02-19', 10, { step: 'follow_up', outcome: 'well' })).toBe('released')
    expect(s.state.followUpDay).toBeNull()
    expect(s.do('2020-02-19', 10, { step: 'symptom', codes: ['cough'] })).toBe('OBSERVATION_ENDED')
  })

  test('OBS-20 (case 66): nobody acted for 12 hours: it lapses, binds nobody, and can only be released, corrected or objected to', () => {
    const s = new Story(zone).begin()
    expect(decideLapse(s.state, s.when('2020-02-16', 11, 59))).toEqual({ ok: true, events: [] })
    const lapse = decideLapse(s.state, s.when('2020-02-16', 12))
    expect(lapse).toEqual({ ok: true, events: [{ kind: 'lapsed', body: { on: '2020-02-16' } }] })
    // Before anybody has written it down the answer is the same.
    expect(s.do('2020-02-16', 12, { step: 'extend', endDay: '2020-02-20', document: '苏医 1', note: NOTE })).toBe(
      'OBSERVATION_LAPSED',
    )
    if (lapse.ok) s.add('2020-02-16', 12, ...lapse.events)
    expect(stateOf(s.state)).toBe('lapsed')
    expect(decideLapse(s.state, s.when('2020-02-16', 13))).toEqual({ ok: true, events: [] })
    expect(s.do('2020-02-16', 13, { step: 'breach', what: 'left' })).toBe('OBSERVATION_LAPSED')
    expect(s.do('2020-02-16', 13, { step: 'check_release', symptoms: false, tests: 'not_asked' })).toBe('lapsed')
    expect(s.do('2020-02-16', 13, { step: 'release' })).toBe('released')
  })

  test('OBS-15 (case 15): an early end is asked and approved; both dates agree; yesterday is the earliest', () => {
    const s = new Story(zone).begin()
    const ask = (endDay: string) =>
      s.do('2020-02-10', 9, { step: 'shorten', endDay, reason: 'contact_excluded', note: NOTE })
    expect([ask('2020-02-15'), ask('2020-02-08'), ask('2020-02-11')]).toEqual([
      'OBSERVATION_BAD_END',
      'OBSERVATION_BAD_END',
      'active',
    ])
    expect(s.state.endDay).toBe('2020-02-15')
    expect(s.do('2020-02-13', 9, { step: 'decide_shorten', approve: true, note: NOTE })).toBe('active')
    // Approved two days late: it ends now, and the strip and the end agree.
    expect(s.state).toMatchObject({ endDay: '2020-02-12', ruleEndDay: '2020-02-15', shortening: null })
    expect(standing(daysOf(s.state), s.when('2020-02-13', 9).now, zone)).toMatchObject({
      phase: 'due',
      day: 11,
      of: 11,
    })
    expect(s.do('2020-02-13', 9, { step: 'decide_shorten', approve: true, note: NOTE })).toBe(
      'OBSERVATION_NO_SHORTENING',
    )
  })

  test('OBS-14: days are added from the day after the last one, at most 28, and only with a document', () => {
    const s = new Story(zone).begin()
    const add = (endDay: string) =>
      s.do('2020-02-15', 23, { step: 'extend', endDay, document: '苏医 2020-7', note: NOTE })
    expect([add('2020-02-15'), add('2020-03-15'), add('2020-02-22')]).toEqual([
      'OBSERVATION_BAD_END',
      'OBSERVATION_BAD_END',
      'active',
    ])
    expect(standing(daysOf(s.state), s.when('2020-02-16', 0, 1).now, zone)).toMatchObject({
      phase: 'running',
      day: 15,
      of: 21,
    })
  })

  test('OBS-16: moved to another county on day 6: it ends there, and the days are the same here', () => {
    const s = new Story(zone).begin()
    expect(s.do('2020-02-07', 9, { step: 'stay', area: '320102001001001' })).toBe('transferred')
    const { movedTo, exposureDay, startDay, endDay, from } = s.state
    expect(movedTo).toEqual({ county: '320102', id: GIVEN.successorId, area: '320102001001001' })
    const here = { exposureDay, startDay, endDay, from, endedAt: null }
    for (const [h, m] of [
      [0, 1],
      [23, 59],
    ] as const) {
      const now = instantOf('2020-02-07', zone, h, m)
      expect(standing(here, now, zone)).toMatchObject({ phase: 'running', day: 6, of: 14 })
    }
  })
})

test('OBS-7, OBS-8: in order; an unfit home or the wish for a central place takes no commitment; a refusal ends nothing', () => {
  const s = new Story('Asia/Shanghai')
  const sign = { step: 'commitment', how: 'paper', photoId: '018f0000-0000-7000-8000-00000000cccc' }
  expect(s.do('2020-02-03', 10, sign)).toBe('OBSERVATION_NOTICE_FIRST')
  s.do('2020-02-03', 10, { step: 'notice', how: 'read' })
  expect(s.do('2020-02-03', 10, sign)).toBe('OBSERVATION_SUITABILITY_FIRST')
  const home = {
    step: 'suitability',
    room: true,
    toilet: false,
    coResidents: 2,
    elderly: 1,
    pets: true,
    medicines: true,
  }
  expect(s.do('2020-02-03', 10, home)).toBe('unsuitable')
  expect(s.do('2020-02-03', 10, sign)).toBe('OBSERVATION_HOME_UNFIT')
  expect(s.do('2020-02-03', 11, { ...home, toilet: true, wantsCentral: true })).toBe('notified')
  expect(s.do('2020-02-03', 11, sign)).toBe('OBSERVATION_HOME_UNFIT')
  expect(s.do('2020-02-03', 12, { ...home, toilet: true })).toBe('notified')
  expect(s.do('2020-02-03', 12, { step: 'commitment', how: 'witness' })).toBe('OBSERVATION_PROOF_MISSING')
  expect(s.do('2020-02-03', 12, { step: 'refusal', reason: 'disputes' })).toBe('refused')
  expect(isOpen(s.state)).toBe(true)
  expect(s.do('2020-02-04', 12, sign)).toBe('active')
})

test('OBS-13: call, door, persuade, then police; it never begins the days anew', () => {
  const s = new Story('Asia/Shanghai').begin()
  expect(s.do('2020-02-05', 9, { step: 'breach_step', done: 'called' })).toBe('OBSERVATION_NO_BREACH')
  expect(s.do('2020-02-05', 9, { step: 'breach', what: 'left' })).toBe('breach')
  expect(stepOf(s.state)).toBe('guard')
  expect(s.do('2020-02-05', 9, { step: 'breach', what: 'visitors' })).toBe('OBSERVATION_BREACH_OPEN')
  expect(s.do('2020-02-05', 10, { step: 'breach_step', done: 'police' })).toBe('OBSERVATION_BREACH_ORDER')
  expect(s.do('2020-02-05', 10, { step: 'breach_step', done: 'at_the_door' })).toBe('breach')
  expect(s.do('2020-02-05', 11, { step: 'breach_step', done: 'police' })).toBe('breach')
  expect(s.do('2020-02-05', 12, { step: 'breach_over', outcome: 'back' })).toBe('active')
  expect(s.state).toMatchObject({ endDay: '2020-02-15', breaches: 1 })
})

test('OBS-2: going out is no breach of self-monitoring, which ends by itself when its days are over', () => {
  const s = new Story('Asia/Shanghai', { measure: 'self_monitoring' })
  expect(s.do('2020-02-03', 9, { step: 'notice', how: 'screen' })).toBe('active')
  expect(stepOf(s.state)).toBe('check')
  expect(s.do('2020-02-04', 9, { step: 'breach', what: 'left' })).toBe('OBSERVATION_NOT_BINDING')
  expect(decideAutomaticRelease(s.state, s.when('2020-02-15', 23, 59), 'n')).toEqual({ ok: true, events: [] })
  const ended = decideAutomaticRelease(s.state, s.when('2020-02-16', 0), 'n')
  expect(ended.ok && ended.events.map((e) => e.kind)).toEqual(['released'])
})

test('OBS-19: an open symptom or a test without a result stops a release; who is in hospital is handed over to it', () => {
  const s = new Story('Asia/Shanghai').begin()
  expect(s.do('2020-02-15', 9, { step: 'check_release', symptoms: true, tests: 'negative' })).toBe('symptomatic')
  expect(s.do('2020-02-16', 1, { step: 'release' })).toBe('OBSERVATION_NOT_WELL')
  expect(s.do('2020-02-16', 2, { step: 'care', stage: 'admitted' })).toBe('admitted')
  expect(s.do('2020-02-16', 3, { step: 'check_release', symptoms: false, tests: 'pending' })).toBe('admitted')
  expect(s.do('2020-02-16', 3, { step: 'release' })).toBe('OBSERVATION_NOT_WELL')
  expect(s.do('2020-02-16', 3, { step: 'check_release', symptoms: false, tests: 'negative' })).toBe('admitted')
  expect(s.do('2020-02-16', 4, { step: 'release' })).toBe('released')
})

test('OBS-4 (cases 14, 31): no end without day 0; when it becomes known the end follows; known once, it is not typed over', () => {
  const s = new Story('Asia/Shanghai', { exposureDay: null })
  expect([s.state.startDay, s.state.endDay]).toEqual(['2020-02-03', null])
  expect(s.do('2020-02-20', 9, { step: 'release' })).toBe('OBSERVATION_END_UNKNOWN')
  expect(s.do('2020-02-05', 9, { step: 'date', exposureDay: '2020-01-10' })).toBe('OBSERVATION_OVER')
  expect(s.do('2020-02-05', 9, { step: 'date', exposureDay: '2020-02-01' })).toBe('opened')
  expect(s.state).toMatchObject({ exposureDay: '2020-02-01', endDay: '2020-02-15', ruleEndDay: '2020-02-15' })
  expect(s.do('2020-02-05', 9, { step: 'date', exposureDay: '2020-02-04' })).toBe('OBSERVATION_END_KNOWN')
})

test('OBS-23: what was seen before the end and arrives after it is kept, with both times; what was seen after is refused', () => {
  const s = new Story('Asia/Shanghai').begin()
  s.do('2020-02-15', 9, { step: 'check_release', symptoms: false, tests: 'negative' })
  s.do('2020-02-16', 8, { step: 'release' })
  const before = instantOf('2020-02-15', 'Asia/Shanghai', 18)
  expect(s.do('2020-02-17', 8, { step: 'symptom', codes: ['cough'] }, before)).toBe('released')
  expect(s.state).toMatchObject({ outcome: 'released', endedDay: '2020-02-16', symptoms: { codes: ['cough'] } })
  expect(s.do('2020-02-17', 8, { step: 'symptom', codes: ['cough'] })).toBe('OBSERVATION_ENDED')
})

test('OBS-14, OBS-15: only a doctor adds days; who asked for an early end does not approve it (case 15)', () => {
  const actor = (role: Role, id: string): Actor => ({
    kind: 'account',
    id,
    name: '甲',
    area: '320506',
    scope: ['320506'],
    roles: [role],
    createdBy: null,
    sessionId: null,
  })
  const mayDo = (role: Role, step: StepName, by: string | null = null): boolean => {
    const { verb, kind } = stepRight(step)
    return can(actor(role, 'a'), verb, { kind, area: GRID, by })
  }
  const roles: Role[] = [
    'worker',
    'doctor',
    'officer',
    'cadre',
    'volunteer',
    'operator',
    'chief',
    'analyst',
    'administrator',
  ]
  expect(roles.filter((role) => mayDo(role, 'extend'))).toEqual(['doctor'])
  expect(roles.filter((role) => mayDo(role, 'decide_shorten', 'b'))).toEqual(['chief'])
  expect(mayDo('chief', 'decide_shorten', 'a')).toBe(false)
  expect(roles.filter((role) => mayDo(role, 'cancel'))).toEqual(['operator', 'chief'])
  expect(roles.filter((role) => mayDo(role, 'symptom'))).toEqual([
    'worker',
    'doctor',
    'officer',
    'cadre',
    'operator',
    'chief',
  ])
})

test('case 19: an event of a newer version is skipped, a new field in a known one is no fault', () => {
  const envelope = { n: 2, area: GRID, by: null, occurredAt: 'x', recordedAt: 'x' }
  expect(readObservationEvent({ kind: 'hologram', body: {}, ...envelope })).toBeNull()
  expect(readObservationEvent({ kind: 'lapsed', body: { on: '2020-02-16', why: 1 }, ...envelope })?.kind).toBe('lapsed')
})

test('STAT-1, STAT-12 (cases 17, 33, 44): counted once, at the grid that counts it; what is passed on or taken over is neither new nor released', () => {
  const s = new Story('Asia/Shanghai')
  const state = { ...s.state, area: '320102001001001', responsibleArea: '320506001001001007' }
  expect(observationCounts(state)).toEqual([{ area: GRID, day: '2020-02-03', metric: 'obs_opened', n: 1 }])
  expect(observationCounts({ ...state, movedFrom: { county: '320102', id: 'x', area: '320102' } })).toEqual([
    { area: GRID, day: '2020-02-03', metric: 'obs_transferred_in', n: 1 },
  ])
  expect(observationCounts({ ...state, outcome: 'transferred', endedDay: '2020-02-08' })).toEqual([
    { area: GRID, day: '2020-02-03', metric: 'obs_opened', n: 1 },
    { area: GRID, day: '2020-02-08', metric: 'obs_transferred_out', n: 1 },
  ])
  expect(observationCounts({ ...state, outcome: 'cancelled', endedDay: '2020-02-05' })).toEqual([])
  expect(
    observationCounts({ ...state, outcome: 'released', endedDay: '2020-02-16', lapsedDay: '2020-02-16' }),
  ).toHaveLength(3)
})

// ---- Properties of the fold ------------------------------------------------------------------------------------------------

const offset = fc.integer({ min: -3, max: 40 })
const day = offset.map((n) => addDays('2020-02-03', n))
const body = fc
  .oneof(
    fc.record({
      step: fc.constant('suitability' as const),
      room: fc.boolean(),
      toilet: fc.boolean(),
      coResidents: fc.integer({ min: 0, max: 5 }),
      elderly: fc.constant(0),
      children: fc.constant(0),
      pets: fc.boolean(),
      medicines: fc.boolean(),
      wantsCentral: fc.boolean(),
    }),
    fc.constant({ step: 'notice' as const, how: 'paper' as const }),
    fc.constant({ step: 'commitment' as const, how: 'witness' as const, witness: '李四在场' }),
    fc.constant({ step: 'refusal' as const, reason: 'other' as const }),
    fc.record({ step: fc.constant('symptom' as const), codes: fc.constant(['fever']) }),
    fc.constant({ step: 'symptom_over' as const, note: NOTE }),
    fc.record({
      step: fc.constant('care' as const),
      stage: fc.constantFrom(
        'doctor_called' as const,
        'clinic_seen' as const,
        'admitted' as const,
        'returned' as const,
      ),
    }),
    fc.constant({ step: 'welfare' as const, how: 'door' as const, found: 'well' as const }),
    fc.record({ step: fc.constant('breach' as const), what: fc.constantFrom('left' as const, 'no_readings' as const) }),
    fc.record({
      step: fc.constant('breach_step' as const),
      done: fc.constantFrom('at_the_door' as const, 'police' as const),
    }),
    fc.record({
      step: fc.constant('breach_over' as const),
      outcome: fc.constantFrom('back' as const, 'error' as const),
    }),
    fc.record({ step: fc.constant('date' as const), exposureDay: day }),
    fc.record({
      step: fc.constant('extend' as const),
      endDay: day,
      document: fc.constant('苏医 1'),
      note: fc.constant(NOTE),
    }),
    fc.record({
      step: fc.constant('shorten' as const),
      endDay: day,
      reason: fc.constant('other' as const),
      note: fc.constant(NOTE),
    }),
    fc.record({ step: fc.constant('decide_shorten' as const), approve: fc.boolean(), note: fc.constant(NOTE) }),
    fc.record({
      step: fc.constant('stay' as const),
      area: fc.constantFrom('320506001001002', '320506002001001', '320102001001001'),
      place: fc.constant('home' as const),
    }),
    fc.record({
      step: fc.constant('check_release' as const),
      symptoms: fc.boolean(),
      tests: fc.constantFrom('negative' as const, 'pending' as const),
    }),
    fc.constant({ step: 'release' as const }),
    fc.constant({ step: 'follow_up' as const, outcome: 'well' as const }),
    fc.constant({ step: 'central' as const, place: 'hotel' }),
    fc.constant({ step: 'cancel' as const, reason: 'entry_error' as const, note: NOTE }),
  )
  .map((one) => StepBody.parse(one))
const acts = fc.array(fc.record({ hours: fc.integer({ min: 0, max: 60 }), late: fc.boolean(), body }), {
  maxLength: 30,
})

test('OBS-1 by any steps at any times: the fold is the sum of its steps, days hold together, and nothing leaves an end but a kept line', () => {
  fc.assert(
    fc.property(
      acts,
      fc.constantFrom(...MEASURES),
      fc.constantFrom(...ZONES),
      fc.constantFrom<string | null>('2020-02-01', null),
      (list, measure, zone, exposureDay) => {
        const s = new Story(zone, { measure, exposureDay })
        const faults: string[] = []
        let stands = s.state
        let now = instantOf('2020-02-03', zone, 9).getTime()
        for (const { hours, late, body: one } of list) {
          now += hours * 3_600_000
          const at = new Date(now)
          const when = { now: at, zone, occurredAt: late ? new Date(now - 48 * 3_600_000) : at }
          const before = stands
          const decision = decideStep(before, one, when, GIVEN)
          const refused = stepRefusal(before, one.step, when) !== null
          faults.push(...(refused && decision.ok ? ['done though refused'] : []))
          if (!decision.ok) continue
          const { state: after, events } = recordObservation(before, decision.events, {
            area: GRID,
            by: 'w',
            occurredAt: when.occurredAt.toISOString(),
            recordedAt: at.toISOString(),
          })
          s.events.push(...events)
          stands = after
          const { startDay, endDay, exposureDay: zero, outcome, endedDay } = after
          // Never an end without a beginning, never before it (case 14): what the database checks holds by the rules alone.
          const blank = endDay === null
          faults.push(...(blank || endDay >= startDay ? [] : ['an end before the start']))
          faults.push(...(blank || after.from === 'start' || zero !== null ? [] : ['an end without day 0']))
          // An end stands (OBS-23), and a release is never before the last day is over (case 67).
          const kept = before.outcome === null || (before.outcome === outcome && before.endedAt === after.endedAt)
          faults.push(...(kept ? [] : ['an end that did not stand']))
          const early = before.outcome === null && outcome === 'released' && (endedDay ?? '') <= (endDay ?? '')
          faults.push(...(early ? ['released on its last day'] : []))
          faults.push(...(isOpen(after) === (outcome === null) ? [] : ['open and ended']))
        }
        expect(faults).toEqual([])
        // Phone and server fold alike: through the wire and back, in one go or step by step.
        const wire = s.events.map((event) => readObservationEvent(JSON.parse(JSON.stringify(event))))
        const state = foldObservation(wire.flatMap((event) => event ?? []))
        expect(state).toEqual(stands)
        expect(ObservationState.parse(JSON.parse(JSON.stringify(state)))).toEqual(state)
        expect(state.version).toBe(s.events.length)
      },
    ),
    { numRuns: 200 },
  )
}, 60_000)
