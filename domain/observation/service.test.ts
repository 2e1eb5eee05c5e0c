import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ASK_AGAIN_MS,
  availableSteps,
  decideExpiry,
  decideOffer,
  decideStep,
  decideUnmatched,
} from './service-decide.ts'
import type { ServiceActor, ServiceArgs } from './service-decide.ts'
import { serviceCounts } from './service-counts.ts'
import type { NewServiceEvent, ServiceEvent } from './service-event.ts'
import { readServiceEvent } from './service-event.ts'
import { foldService, lateMinutes, nextTelling, recordService } from './service-fold.ts'
import type { ServiceState } from './service-fold.ts'
import { PROMISES, timesOf } from './service-kind.ts'
import { SERVICE_KINDS, SERVICE_STEPS } from './service-api.ts'
import { daysLeft, medicineName, runsOut } from './service-medicine.ts'
import { MOST_AT_ONCE, nextHelper, rankHelpers } from './service-rank.ts'
import type { Candidate } from './service-rank.ts'
import { dueOccurrence, nextOccurrence, occursOn, weekdayOf, windowOn } from './service-rhythm.ts'
import type { Rhythm } from './service-api.ts'
import { addDays } from '../core/day.ts'

const ZONE = 'Asia/Shanghai'
const DOOR = '320506001001001'
const at = (text: string) => new Date(`${text}+08:00`)

describe('SERV-3, SERV-4: until when', () => {
  test.each([
    // kind, urgency, asked, window end, due
    ['food', 'usual', '2020-02-10T10:00', null, '2020-02-10T14:00'],
    ['food', 'usual', '2020-02-10T18:00', null, '2020-02-11T10:00'],
    ['food', 'usual', '2020-02-10T23:00', null, '2020-02-11T12:00'],
    ['medicine', 'urgent', '2020-02-10T23:00', null, '2020-02-11T00:00'],
    ['medical', 'usual', '2020-02-10T03:00', null, '2020-02-10T03:30'],
    ['rubbish', 'usual', '2020-02-10T16:59', null, '2020-02-10T17:00'],
    ['rubbish', 'usual', '2020-02-10T17:00', null, '2020-02-11T17:00'],
    ['food', 'round', '2020-02-10T23:59', null, '2020-02-11T16:00'],
    ['food', 'round', '2020-02-28T00:00', null, '2020-02-29T16:00'],
    ['food', 'usual', '2020-02-10T10:00', '2020-02-12T09:00', '2020-02-12T09:00'],
    // A window that is over says nothing any more.
    ['food', 'usual', '2020-02-10T10:00', '2020-02-10T09:00', '2020-02-10T14:00'],
  ] as const)('%s %s asked %s, window to %s: %s', (kind, urgency, asked, to, due) => {
    const windowTo = to === null ? null : at(to).toISOString()
    expect(timesOf({ kind, urgency, windowTo }, at(asked), ZONE).dueBy).toBe(at(due).toISOString())
  })

  test('nobody is asked at night for what can wait; what is promised at night wakes somebody', () => {
    const asked = at('2020-02-10T23:00')
    const offer = (kind: 'food' | 'medical', urgency: 'usual' | 'urgent') =>
      timesOf({ kind, urgency, windowTo: null }, asked, ZONE).nextOffer
    expect(offer('food', 'usual')).toBe(at('2020-02-11T08:00').toISOString())
    expect(offer('food', 'urgent')).toBe(asked.toISOString())
    expect(offer('medical', 'usual')).toBe(asked.toISOString())
  })

  test('every kind is due after it was asked, and is told later each time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SERVICE_KINDS),
        fc.constantFrom('urgent', 'usual', 'round'),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2020-12-31'), noInvalidDate: true }),
        (kind, urgency, asked) => {
          const times = timesOf({ kind, urgency, windowTo: null }, asked, ZONE)
          expect(Date.parse(times.dueBy)).toBeGreaterThan(asked.getTime())
          const steps = times.steps.map((step) => Date.parse(step))
          expect(steps).toEqual(steps.toSorted((a, b) => a - b))
          expect(steps[0]).toBeGreaterThanOrEqual(Date.parse(times.dueBy) - 1)
        },
      ),
    )
  })

  test('each kind has words in both languages', () => {
    for (const kind of SERVICE_KINDS) expect([PROMISES[kind].say.zh, PROMISES[kind].say.en].every(Boolean)).toBe(true)
  })
})

const NOW = at('2020-02-10T10:00')
const when = { now: NOW, zone: ZONE }
const stamp = { area: DOOR, by: null, occurredAt: NOW.toISOString(), recordedAt: NOW.toISOString() }
const asked = (more: Partial<(NewServiceEvent & { kind: 'asked' })['body']> = {}): NewServiceEvent => ({
  kind: 'asked',
  body: {
    on: '2020-02-10',
    kind: 'food',
    urgency: 'usual',
    asker: 'worker',
    askedBy: 'asker',
    householdId: null,
    personId: null,
    observationId: null,
    ruleId: null,
    medicineId: null,
    windowFrom: null,
    windowTo: null,
    ...timesOf({ kind: 'food', urgency: 'usual', windowTo: null }, NOW, ZONE),
    ...more,
  },
})
const fresh = () => recordService(null, [asked()], stamp).state
const step = (state: ServiceState, who: Partial<ServiceActor>, args: ServiceArgs) =>
  decideStep(state, args, { self: 'nobody', field: false, desk: false, receiver: false, ...who }, when)
function after(state: ServiceState, who: Partial<ServiceActor>, args: ServiceArgs): ServiceState {
  const decision = step(state, who, args)
  if (!decision.ok) throw new Error(decision.problem.body.code)
  return decision.events.length === 0 ? state : recordService(state, decision.events, stamp).state
}
const refused = (state: ServiceState, who: Partial<ServiceActor>, args: ServiceArgs): string => {
  const decision = step(state, who, args)
  return decision.ok ? 'ok' : decision.problem.body.code
}
const offered = (to = 'helper') => {
  const decision = decideOffer(fresh(), to, when)
  if (!decision.ok) throw new Error('no')
  return recordService(fresh(), decision.events, stamp).state
}
const word = { kind: 'word', by: 'self', photo: null, codeOk: false } as const

describe('SERV-2, SERV-6 to SERV-8: steps', () => {
  test('offered, accepted, on the way, done, rated', () => {
    let state = after(offered(), { self: 'helper' }, { step: 'accept' })
    expect([state.state, state.takenBy, state.nextOffer]).toEqual(['accepted', 'helper', null])
    state = after(state, { self: 'helper' }, { step: 'start' })
    const cost = { cents: 4250, paidBy: 'resident', receiptPhoto: null } as const
    state = after(state, { self: 'helper' }, { step: 'done', proof: word, cost })
    expect([state.state, state.proof, state.doneBy, state.cost?.cents]).toEqual(['done', 'word', 'helper', 4250])
    state = after(state, { self: 'asker' }, { step: 'rate', rating: 4 })
    expect([state.rating, state.endedDay]).toEqual([4, '2020-02-10'])
  })

  test.each([
    ['who was not offered it does not take it', 'SERVICE_NOT_OFFERED', {}, { step: 'accept' }],
    ['nor decline it', 'SERVICE_NOT_OFFERED', {}, { step: 'decline' }],
    ['nor be on the way', 'SERVICE_NOT_YOURS', {}, { step: 'start' }],
    ['nor have done it', 'SERVICE_NOT_YOURS', {}, { step: 'done', proof: word }],
    ['nor refuse it', 'SERVICE_NOT_YOURS', {}, { step: 'refuse', reason: 'not_possible' }],
    ['nor cancel it', 'SERVICE_NOT_YOURS', {}, { step: 'cancel' }],
    ['a desk says why it refuses', 'SERVICE_STEP_INCOMPLETE', { desk: true }, { step: 'refuse' }],
    ['done needs a proof', 'SERVICE_PROOF_MISSING', { self: 'helper' }, { step: 'done' }],
    [
      'the digits must be right',
      'SERVICE_CODE_WRONG',
      { self: 'helper' },
      { step: 'done', proof: { kind: 'code', photo: null, codeOk: false } },
    ],
    [
      'a picture must be there',
      'SERVICE_PROOF_MISSING',
      { self: 'helper' },
      { step: 'done', proof: { kind: 'photo', photo: null, codeOk: false } },
    ],
    [
      "the receiver's tap is the receiver's",
      'SERVICE_PROOF_MISSING',
      { self: 'helper' },
      { step: 'done', proof: { kind: 'receiver', photo: null, codeOk: false } },
    ],
    [
      'a word is somebody’s',
      'SERVICE_RECEIVER_MISSING',
      { self: 'helper' },
      { step: 'done', proof: { kind: 'word', photo: null, codeOk: false } },
    ],
    [
      'who is not of the household is named',
      'SERVICE_RECEIVER_MISSING',
      { self: 'helper' },
      { step: 'done', proof: { kind: 'word', by: 'neighbour', photo: null, codeOk: false } },
    ],
    ['nothing is rated before it is done', 'SERVICE_NOT_DONE', { self: 'asker' }, { step: 'rate', rating: 5 }],
  ] as const)('%s', (_, code, who, args) => {
    expect(refused(offered(), who, args)).toBe(code)
  })

  test('SERV-7: a picture goes with digits and with a word; whose word it was is kept, until it never came', () => {
    const done = after(
      offered(),
      { self: 'helper' },
      {
        step: 'done',
        proof: { kind: 'word', by: 'neighbour', named: true, photo: 'p', codeOk: false },
      },
    )
    expect([done.proof, done.receivedBy, done.proofPhoto]).toEqual(['word', 'neighbour', 'p'])
    const back = after(done, { self: 'asker' }, { step: 'not_received' })
    expect([back.receivedBy, back.proofPhoto]).toEqual([null, null])
    const digits = { kind: 'code', by: 'self', photo: 'q', codeOk: true } as const
    const coded = after(offered(), { self: 'helper' }, { step: 'done', proof: digits })
    expect([coded.receivedBy, coded.proofPhoto]).toEqual([null, 'q'])
  })

  test('the receiver was quicker: who brought it is not refused, and his picture is taken in once', () => {
    const taken = after(offered(), { self: 'helper' }, { step: 'accept' })
    const tap = { kind: 'receiver', photo: null, codeOk: false } as const
    const done = after(taken, { self: 'r', receiver: true }, { step: 'done', proof: tap })
    expect([done.proof, done.doneBy, done.proofPhoto]).toEqual(['receiver', 'helper', null])
    expect(after(done, { self: 'helper' }, { step: 'done', proof: word }).version).toBe(done.version)
    const seen = after(done, { self: 'helper' }, { step: 'done', proof: { ...word, photo: 'p' } })
    expect([seen.proof, seen.proofPhoto, seen.version]).toEqual(['receiver', 'p', done.version + 1])
    expect(after(seen, { self: 'helper' }, { step: 'done', proof: { ...word, photo: 'q' } }).proofPhoto).toBe('p')
    expect(refused(done, { self: 'other', field: true }, { step: 'done', proof: word })).toBe('SERVICE_ENDED')
  })

  test('who took it is not overtaken; accepting twice is once', () => {
    const state = after(offered(), { self: 'helper' }, { step: 'accept' })
    expect(refused(state, { self: 'other', field: true }, { step: 'accept' })).toBe('SERVICE_TAKEN')
    expect(refused(state, { self: 'other', field: true }, { step: 'done', proof: word })).toBe('SERVICE_TAKEN')
    expect(after(state, { self: 'helper' }, { step: 'accept' }).version).toBe(state.version)
  })

  test('a worker at the door does at once what nobody has taken', () => {
    const state = after(fresh(), { self: 'w', field: true }, { step: 'done', proof: word })
    expect([state.state, state.doneBy]).toEqual(['done', 'w'])
  })

  test('what was not received counts as open again, and never after seven days', () => {
    const done = after(offered(), { self: 'helper' }, { step: 'done', proof: word })
    const back = after(done, { self: 'asker' }, { step: 'not_received' })
    expect([back.state, back.doneDay, back.endedAt, back.rating]).toEqual(['open', null, null, null])
    expect(serviceCounts(done).map((c) => c.metric)).toEqual(['svc_asked:food', 'svc_done:food'])
    expect(serviceCounts(back).map((c) => c.metric)).toEqual(['svc_asked:food'])
    const onDay = (day: string) =>
      decideStep(
        done,
        { step: 'not_received' },
        { self: 'asker', field: false, desk: false, receiver: false },
        {
          now: at(`${day}T23:59`),
          zone: ZONE,
        },
      ).ok
    expect([onDay('2020-02-17'), onDay('2020-02-18')]).toEqual([true, false])
  })

  test('who brought it does not rate it; it is rated once', () => {
    const done = after(fresh(), { self: 'asker', field: true }, { step: 'done', proof: word })
    expect(refused(done, { self: 'asker' }, { step: 'rate', rating: 5 })).toBe('SERVICE_NOT_YOURS')
    const rated = after(done, { receiver: true }, { step: 'rate', rating: 2 })
    expect(refused(rated, { receiver: true }, { step: 'rate', rating: 5 })).toBe('SERVICE_RATED')
  })

  test('an offer ends with its last moment, once, and whoever let it pass is not asked again', () => {
    const state = offered()
    const until = Date.parse(state.offerUntil ?? '')
    const ends = (now: number) => decideExpiry(state, { now: new Date(now), zone: ZONE })
    expect(ends(until - 1)).toEqual([])
    const passed = recordService(state, ends(until), stamp).state
    expect([passed.state, passed.passed, passed.offeredTo]).toEqual(['open', ['helper'], null])
    expect(decideExpiry(passed, { now: new Date(until), zone: ZONE })).toEqual([])
  })

  test('nobody left: asked again after an hour, at night in the morning', () => {
    const day = recordService(fresh(), [decideUnmatched(fresh(), when)], stamp).state
    expect([day.nextOffer, day.unmatched]).toEqual([new Date(NOW.getTime() + ASK_AGAIN_MS).toISOString(), 1])
    const night = decideUnmatched(fresh(), { now: at('2020-02-10T19:30'), zone: ZONE })
    expect(night.body).toMatchObject({ again: at('2020-02-11T08:00').toISOString() })
  })

  test('late is a function of the moment: the due moment is in time, what ended is as it was', () => {
    const state = fresh()
    const due = Date.parse(state.dueBy)
    expect([lateMinutes(state, new Date(due)), lateMinutes(state, new Date(due + 60_000))]).toEqual([0, 1])
    const ended = { dueBy: state.dueBy, endedAt: state.dueBy }
    expect(lateMinutes(ended, new Date(due + 999_999_999))).toBe(0)
    expect(nextTelling(state)).toEqual({ step: 1, at: state.steps[0] })
  })
})

/** Any order of steps by anybody, and time that passes. */
const anyStep = fc.record({
  step: fc.constantFrom(...SERVICE_STEPS),
  self: fc.constantFrom('a', 'b', 'asker'),
  field: fc.boolean(),
  desk: fc.boolean(),
  receiver: fc.boolean(),
  offer: fc.boolean(),
  proof: fc.constantFrom('code', 'photo', 'word', 'receiver'),
  minutes: fc.integer({ min: 0, max: 3000 }),
})

test('SERV-2: whatever is done in whatever order, the stored events fold to the same state and never contradict', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (acts) => {
      const first = recordService(null, [asked()], stamp)
      let { state } = first
      const events: ServiceEvent[] = [...first.events]
      let now = NOW.getTime()
      for (const act of acts) {
        now += act.minutes * 60_000
        const then = { now: new Date(now), zone: ZONE }
        const proof = { kind: act.proof, by: 'family', photo: 'p', codeOk: true } as const
        const cost = { cents: 1, paidBy: 'free' } as const
        const decision = act.offer
          ? decideOffer(state, act.self, then)
          : decideStep(state, { step: act.step, proof, cost, rating: 3, reason: 'other' }, act, then)
        if (!decision.ok || decision.events.length === 0) continue
        const iso = then.now.toISOString()
        const done = recordService(state, decision.events, { ...stamp, by: act.self, occurredAt: iso, recordedAt: iso })
        state = done.state
        events.push(...done.events)
      }
      expect(foldService(events.map((event) => readServiceEvent(JSON.parse(JSON.stringify(event))) ?? event))).toEqual(
        state,
      )
      const ended = state.state === 'done' || state.state === 'refused' || state.state === 'cancelled'
      expect(state.endedAt !== null).toBe(ended)
      expect(state.doneAt !== null).toBe(state.state === 'done')
      // It lies with one person, is offered to one, or waits to be offered: never two of them, never none while it is open.
      const where = [state.takenBy !== null && !ended, state.offeredTo !== null, state.nextOffer !== null].filter(
        Boolean,
      )
      expect(where.length).toBe(ended ? 0 : 1)
      expect(new Set(state.passed).size).toBe(state.passed.length)
    }),
    { numRuns: 500 },
  )
})

test('a step that is offered to a reader is one that the decision allows', () => {
  for (const { step: name, problem } of availableSteps(
    offered(),
    { self: 'helper', field: false, desk: false, receiver: false },
    when,
  ))
    expect([name, problem === null]).toEqual([name, ['accept', 'decline', 'done'].includes(name)])
})

describe('SERV-5: to whom', () => {
  const one = (id: string, more: Partial<Candidate> = {}): Candidate => ({
    id,
    name: id,
    roles: ['volunteer'],
    areas: [DOOR],
    load: 0,
    team: false,
    skills: null,
    ...more,
  })
  const service = { kind: 'food', area: DOOR, passed: [], notBy: [] } as const
  const order = (list: Candidate[], more = {}) => rankHelpers({ ...service, ...more }, list).map((c) => c.id)

  test('the team of the door, then the nearest, then the least loaded, then volunteers before workers', () => {
    expect(
      order([
        one('worker', { roles: ['worker'] }),
        one('town', { areas: ['320506001'] }),
        one('next', { areas: ['320506001001002'] }),
        one('busy', { load: 3 }),
        one('free'),
        one('team', { team: true, areas: ['320506001'], load: 5 }),
      ]),
    ).toEqual(['team', 'free', 'worker', 'busy', 'next', 'town'])
  })

  test('another village is no neighbour; a desk alone brings nothing', () => {
    expect(order([one('far', { areas: ['320506001002001'] }), one('desk', { roles: ['operator'] })])).toEqual([])
  })

  test('a doctor is asked for medical care, a volunteer is not, unless he has the skill', () => {
    const list = [
      one('v'),
      one('nurse', { skills: ['medical'] }),
      one('d', { roles: ['doctor'], areas: ['320506001'] }),
    ]
    expect(order(list, { kind: 'medical' })).toEqual(['nurse', 'd'])
  })

  test('who let it pass, or has his hands full, stands in the list and is not asked', () => {
    const ranked = rankHelpers({ ...service, passed: ['a'] }, [
      one('a'),
      one('b', { load: MOST_AT_ONCE }),
      one('c', { load: 1 }),
    ])
    expect(ranked.map((c) => [c.id, c.passed])).toEqual([
      ['a', true],
      ['c', false],
      ['b', false],
    ])
    expect(nextHelper(ranked)?.id).toBe('c')
    expect(nextHelper([])).toBe(null)
  })

  test('the ranking does not depend on the order in which candidates were found', () => {
    const candidate = fc.record({
      id: fc.uuid(),
      name: fc.constant('x'),
      roles: fc.subarray(['volunteer', 'worker', 'cadre', 'doctor', 'operator'], { minLength: 1 }),
      areas: fc.subarray([DOOR, '320506001001', '320506001001002', '320506001', '320506'], { minLength: 1 }),
      load: fc.integer({ min: 0, max: 9 }),
      team: fc.boolean(),
      skills: fc.constant(null),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { selector: (c) => c.id, maxLength: 12 }),
        fc.constantFrom(...SERVICE_KINDS),
        (list, kind) => {
          const forward = rankHelpers({ ...service, kind }, list)
          const back = rankHelpers({ ...service, kind }, list.toReversed())
          expect(back).toEqual(forward)
        },
      ),
    )
  })
})

describe('SERV-10: what repeats', () => {
  const weekdays = (...days: number[]): Rhythm => ({ type: 'weekdays', days })
  test.each([
    ['2020-02-10', 1],
    ['2020-02-16', 7],
    ['2020-02-29', 6],
    ['1969-12-31', 3],
  ])('%s is weekday %i', (day, n) => {
    expect(weekdayOf(day)).toBe(n)
  })

  test.each([
    [weekdays(1, 4), '2020-02-01', null, '2020-02-11', '2020-02-13'],
    [weekdays(1, 4), '2020-02-01', '2020-02-12', '2020-02-11', null],
    [{ type: 'every', days: 3 }, '2020-02-27', null, '2020-02-28', '2020-03-01'],
    [{ type: 'every', days: 3 }, '2020-02-27', null, '2020-02-27', '2020-02-27'],
    [{ type: 'every', days: 1 }, '2020-02-27', null, '2020-02-20', '2020-02-27'],
  ] as const)('%j from %s to %s, on or after %s: %s', (rhythm, from, to, day, next) => {
    expect(nextOccurrence({ rhythm: rhythm as Rhythm, from, to }, day)).toBe(next)
  })

  test('walked day by day it is made on each of its days once, whenever the job runs and however often', () => {
    const rhythm = fc.oneof(
      fc.record({
        type: fc.constant('weekdays' as const),
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      }),
      fc.record({ type: fc.constant('every' as const), days: fc.integer({ min: 1, max: 20 }) }),
    )
    fc.assert(
      fc.property(rhythm, fc.boolean(), fc.integer({ min: 0, max: 40 }), (rule, round, length) => {
        const from = '2020-02-20'
        const span = { rhythm: rule, from, to: addDays(from, length), round }
        let nextDay = nextOccurrence(span, from)
        const made: string[] = []
        for (let i = -2; i < length + 5; i++) {
          for (let twice = 0; twice < 2; twice++) {
            const due = dueOccurrence({ ...span, nextDay }, addDays(from, i))
            if (due.day !== null) made.push(due.day)
            nextDay = due.next
          }
        }
        const wanted = Array.from({ length: length + 1 }, (_, i) => addDays(from, i)).filter((day) =>
          occursOn(span, day),
        )
        expect(made).toEqual(wanted)
      }),
    )
  })

  test('days that passed while no job ran are not made up for', () => {
    const rule = { rhythm: { type: 'every', days: 1 } as const, from: '2020-02-01', to: null, round: false }
    expect(dueOccurrence({ ...rule, nextDay: '2020-02-01' }, '2020-02-05')).toEqual({
      day: '2020-02-05',
      next: '2020-02-06',
    })
    // A round is ordered the day before.
    expect(dueOccurrence({ ...rule, round: true, nextDay: '2020-02-05' }, '2020-02-05')).toEqual({
      day: '2020-02-06',
      next: '2020-02-07',
    })
  })

  test('hours of a rule are local hours', () => {
    expect(windowOn('2020-02-10', { from: '09:30', to: '11:00' }, ZONE)).toEqual({
      from: at('2020-02-10T09:30').toISOString(),
      to: at('2020-02-10T11:00').toISOString(),
    })
  })
})

describe('SERV-11: how long a medicine lasts', () => {
  test.each([
    // stock, a day, from, last day
    [10, 2, '2020-02-10', '2020-02-14'],
    [1, 1, '2020-02-29', '2020-02-29'],
    [0, 1, '2020-02-10', '2020-02-09'],
    [1, 2, '2020-02-10', '2020-02-09'],
    [0.3, 0.1, '2020-02-10', '2020-02-12'],
    [30, 1, '2019-12-31', '2020-01-29'],
  ])('%d at %d a day from %s last until %s', (stock, perDay, asOf, last) => {
    expect(runsOut({ stock, perDay, asOf })).toBe(last)
  })
  test('days left count today; none left is zero', () => {
    expect([
      daysLeft('2020-02-12', '2020-02-10'),
      daysLeft('2020-02-10', '2020-02-10'),
      daysLeft('2020-02-09', '2020-02-10'),
    ]).toEqual([3, 1, 0])
  })
  test('one name for many ways of writing it', () => {
    expect(new Set(['二甲双胍 片', '二甲双胍片', '二甲双胍（片）', '二甲双胍（片)'].map(medicineName)).size).toBe(1)
    expect(medicineName('Ｍｅｔｆｏｒｍｉｎ 500-mg')).toBe(medicineName('metformin 500mg'))
  })
})
