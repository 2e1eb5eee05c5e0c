import { describe, expect, test } from 'vitest'
import { addDays, instantOf } from '../core/day.ts'
import { StepBody } from './api.ts'
import { foldObservation, ObservationState, recordObservation } from './fold.ts'
import type { ObservationEvent } from './event.ts'
import { MEASURES, SHIPPED_RULES } from './measure.ts'
import type { Measure } from './measure.ts'
import { mayBeOut, openOuting, OUTING_PURPOSES, OUTING_RULES, OUTING_WAYS } from './outing.ts'
import { outingNow } from './outing-now.ts'
import { decideStep } from './steps.ts'
import { isUsualStep } from './step-usual.ts'

const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York'] as const
const GRID = '320506001001001'
const FIRST = '2020-02-16'

/** Observed from 16 February, the last day the 29th; driven as phone and server drive it. */
class Days {
  events: ObservationEvent[] = []
  readonly zone: string
  constructor(zone: string, measure: Measure) {
    this.zone = zone
    this.record(FIRST, 9, [
      {
        kind: 'opened',
        body: {
          on: FIRST,
          root: 'r',
          measure,
          reason: 'other',
          from: { kind: 'hand', id: null },
          responsibleArea: GRID,
          personId: 'p',
          householdId: 'h',
          groupId: null,
          place: 'home',
          responderPersonId: null,
          exposureDay: '2020-02-15',
          continuous: false,
          startDay: FIRST,
          endDay: '2020-02-29',
          length: SHIPPED_RULES[measure],
          rules: { id: null, version: 0 },
          movedFrom: null,
        },
      },
    ])
  }
  get state(): ObservationState {
    return foldObservation(this.events)
  }
  at(day: string, hour: number, minute = 0): Date {
    return instantOf(day, this.zone, hour, minute)
  }
  record(day: string, hour: number, events: Parameters<typeof recordObservation>[1], minute = 0): void {
    const at = this.at(day, hour, minute).toISOString()
    const stamp = { area: GRID, by: 'w', occurredAt: at, recordedAt: at }
    this.events.push(...recordObservation(this.events.length === 0 ? null : this.state, events, stamp).events)
  }
  /** The code that refuses, or 'ok'. */
  do(day: string, hour: number, body: object, minute = 0): string {
    const now = this.at(day, hour, minute)
    const given = { successorId: '018f0000-0000-7000-8000-00000000aaaa', note: '' }
    const decision = decideStep(this.state, StepBody.parse(body), { now, zone: this.zone, occurredAt: now }, given)
    if (!decision.ok) return decision.problem.body.code
    this.record(day, hour, decision.events, minute)
    return 'ok'
  }
  agree(of: {
    from: [string, number]
    to: [string, number]
    at?: [string, number]
    purpose?: string
    way?: string
  }): string {
    const [day, hour] = of.at ?? ['2020-02-18', 10]
    return this.do(day, hour, {
      step: 'outing',
      purpose: of.purpose ?? 'medical',
      way: of.way ?? 'special_car',
      agreedBy: 'cadre',
      from: this.at(...of.from).toISOString(),
      to: this.at(...of.to).toISOString(),
    })
  }
}

const LEFT = { step: 'breach', what: 'left' }

describe('OBS-27 what each measure lets one out for', () => {
  const allowed = MEASURES.flatMap((measure) =>
    OUTING_PURPOSES.flatMap((purpose) => OUTING_WAYS.map((way) => ({ measure, purpose, way }))),
  )
  test.each(allowed)('$measure, $purpose, $way', ({ measure, purpose, way }) => {
    const rules = OUTING_RULES[measure]
    const days = new Days('Asia/Shanghai', measure)
    const said = days.agree({ from: ['2020-02-18', 14], to: ['2020-02-18', 17], purpose, way })
    const fits = rules !== null && rules.purposes.includes(purpose) && rules.ways.includes(way)
    expect(said).toBe(fits ? 'ok' : rules === null ? 'OBSERVATION_OUTING_FREE' : 'OBSERVATION_OUTING_NOT_FOR')
  })

  test('of a quarantine one goes to a doctor, a test, an emergency, by car or ambulance alone; who may go anyway asks nobody', () => {
    expect(OUTING_RULES.home_quarantine?.purposes).toEqual(['medical', 'test', 'emergency'])
    expect(OUTING_RULES.home_quarantine?.ways).toEqual(['special_car', 'ambulance'])
    expect(OUTING_RULES.self_monitoring).toBeNull()
    expect(new Days('UTC', 'self_monitoring').do('2020-02-18', 10, LEFT)).toBe('OBSERVATION_NOT_BINDING')
  })
})

describe.each(ZONES)('OBS-27 in %s', (zone) => {
  test.each([
    ['within the day', ['2020-02-18', 14], ['2020-02-18', 17], 'ok'],
    ['twelve hours', ['2020-02-18', 8], ['2020-02-18', 20], 'ok'],
    ['over midnight', ['2020-02-18', 22], ['2020-02-19', 2], 'ok'],
    ['on the last day, the leap day', ['2020-02-25', 10], ['2020-02-25', 12], 'ok'],
    ['noted the morning after', ['2020-02-17', 11], ['2020-02-17', 13], 'ok'],
    ['thirteen hours', ['2020-02-18', 8], ['2020-02-18', 21], 'OBSERVATION_OUTING_HOURS'],
    ['no time at all', ['2020-02-18', 14], ['2020-02-18', 14], 'OBSERVATION_OUTING_HOURS'],
    ['backwards', ['2020-02-18', 17], ['2020-02-18', 14], 'OBSERVATION_OUTING_HOURS'],
    ['more than a day ago', ['2020-02-17', 9], ['2020-02-17', 12], 'OBSERVATION_OUTING_HOURS'],
    ['more than a week ahead', ['2020-02-25', 11], ['2020-02-25', 12], 'OBSERVATION_OUTING_HOURS'],
  ] as const)('%s', (_, from, to, said) => {
    const days = new Days(zone, 'home_monitoring')
    expect(days.agree({ from: [...from], to: [...to] })).toBe(said)
  })

  test('nothing before the first day and nothing after the last', () => {
    const days = new Days(zone, 'home_monitoring')
    const hours = (day: string): Parameters<Days['agree']>[0] => ({ from: [day, 10], to: [day, 12] })
    expect(days.agree({ ...hours('2020-02-15'), at: [FIRST, 9] })).toBe('OBSERVATION_OUTING_HOURS')
    expect(days.agree({ ...hours('2020-02-29'), at: ['2020-02-28', 9] })).toBe('ok')
    expect(days.agree({ ...hours('2020-03-01'), at: ['2020-02-28', 9] })).toBe('OBSERVATION_OUTING_HOURS')
  })

  test('while its hours run nobody can make it a breach; a minute before and after, and once back, it is one', () => {
    const fresh = (): Days => {
      const days = new Days(zone, 'home_monitoring')
      expect(days.agree({ from: ['2020-02-18', 14], to: ['2020-02-18', 17] })).toBe('ok')
      return days
    }
    expect(fresh().do('2020-02-18', 13, LEFT, 59)).toBe('ok')
    expect(fresh().do('2020-02-18', 14, LEFT)).toBe('OBSERVATION_OUTING_AGREED')
    expect(fresh().do('2020-02-18', 17, LEFT)).toBe('OBSERVATION_OUTING_AGREED')
    expect(fresh().do('2020-02-18', 17, LEFT, 1)).toBe('ok')
    const back = fresh()
    expect(back.do('2020-02-18', 15, { step: 'outing_over' })).toBe('ok')
    expect(back.do('2020-02-18', 15, LEFT, 30)).toBe('ok')
    // Visitors and a co-resident are another matter.
    expect(fresh().do('2020-02-18', 15, { step: 'breach', what: 'visitors' })).toBe('ok')
  })
})

describe('OBS-27 from the ask to the way back', () => {
  test('asked for, agreed to, out, over its hours, back; the button of what comes next stands out', () => {
    const days = new Days('Asia/Shanghai', 'home_monitoring')
    const asked = {
      step: 'ask_outing',
      purpose: 'medicine',
      from: '2020-02-18T14:00:00+08:00',
      to: '2020-02-18T15:00:00+08:00',
    }
    expect(days.do('2020-02-18', 10, asked)).toBe('ok')
    expect(days.state.outingAsked).toMatchObject({ purpose: 'medicine', from: '2020-02-18T06:00:00.000Z' })
    expect(isUsualStep(days.state, 'outing')).toBe(true)
    // Asked for is not agreed to.
    expect(mayBeOut(days.state.outings, days.at('2020-02-18', 14, 30))).toBeNull()
    expect(
      days.agree({ from: ['2020-02-18', 14], to: ['2020-02-18', 15], at: ['2020-02-18', 11], purpose: 'medicine' }),
    ).toBe('ok')
    expect(days.state.outingAsked).toBeNull()
    expect(isUsualStep(days.state, 'outing_over')).toBe(true)
    const [one] = days.state.outings
    if (!one) throw new Error('none')
    const at = (hour: number, minute = 0) => outingNow(one, days.at('2020-02-18', hour, minute))
    expect([at(13), at(14), at(15), at(15, 1)]).toEqual(['ahead', 'out', 'out', 'overdue'])
    expect(days.do('2020-02-18', 15, { step: 'outing_over' }, 20)).toBe('ok')
    expect(days.state.outings[0]).toMatchObject({ backAt: '2020-02-18T07:20:00.000Z', off: false })
    expect(openOuting(days.state.outings)).toBeNull()
    expect(days.do('2020-02-18', 16, { step: 'outing_over' })).toBe('OBSERVATION_NO_OUTING')
    expect(days.state.breaches).toBe(0)
  })

  test('said no to with a reason; the next ask takes the no away', () => {
    const days = new Days('Asia/Shanghai', 'home_monitoring')
    const ask = {
      step: 'ask_outing',
      purpose: 'food',
      from: '2020-02-18T14:00:00+08:00',
      to: '2020-02-18T15:00:00+08:00',
    }
    expect(days.do('2020-02-18', 9, { step: 'refuse_outing', reason: 'other' })).toBe('OBSERVATION_NO_OUTING')
    days.do('2020-02-18', 10, ask)
    expect(days.do('2020-02-18', 11, { step: 'refuse_outing', reason: 'brought_instead' })).toBe('ok')
    expect(days.state).toMatchObject({
      outingAsked: null,
      outingRefused: { reason: 'brought_instead', on: '2020-02-18' },
    })
    days.do('2020-02-18', 12, ask)
    expect(days.state.outingRefused).toBeNull()
  })

  test('called off before it begins it covers nothing, and another may be agreed to in its hours; two at once are not', () => {
    const days = new Days('Asia/Shanghai', 'home_monitoring')
    const hours: Parameters<Days['agree']>[0] = { from: ['2020-02-18', 14], to: ['2020-02-18', 17] }
    days.agree(hours)
    expect(days.agree({ from: ['2020-02-18', 16], to: ['2020-02-18', 18] })).toBe('OBSERVATION_OUTING_THERE')
    expect(days.do('2020-02-18', 12, { step: 'outing_over' })).toBe('ok')
    expect(days.state.outings[0]).toMatchObject({ off: true, backAt: null })
    expect(mayBeOut(days.state.outings, days.at('2020-02-18', 15))).toBeNull()
    expect(days.agree({ ...hours, at: ['2020-02-18', 13] })).toBe('ok')
  })

  test('the state keeps the last ten; the history has all', () => {
    const days = new Days('Asia/Shanghai', 'home_monitoring')
    for (let n = 0; n < 12; n++) {
      const day = addDays(FIRST, n)
      expect(days.agree({ from: [day, 10], to: [day, 11], at: [day, 9] })).toBe('ok')
    }
    expect(days.state.outings).toHaveLength(10)
    expect(days.events.filter((event) => event.kind === 'outing_agreed')).toHaveLength(12)
  })

  test('a state that was written before there were outings is read as one without', () => {
    const {
      outings: _o,
      outingAsked: _a,
      outingRefused: _r,
      minor: _m,
      ...old
    } = new Days('UTC', 'home_monitoring').state
    expect(ObservationState.parse(old)).toMatchObject({
      outings: [],
      outingAsked: null,
      outingRefused: null,
      minor: false,
    })
  })
})
