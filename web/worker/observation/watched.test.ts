import { foldObservation } from '@weiwang/domain/observation/fold'
import type { ObservationEvent } from '@weiwang/domain/observation/event'
import { DEFAULT_PLAN } from '@weiwang/domain/observation/slots'
import { describe, expect, it } from 'vitest'
import type { OutboxItem, RawView } from '../phone/types.ts'
import { doorsWatched, watchedOf } from './watched.ts'

/** What a phone says of those observed without a word of the server: days, slots, what is due, and what waits here. */
const ZONE = 'Asia/Shanghai'
const ID = '018f0000-0000-7000-8000-000000000001'
const OTHER = '018f0000-0000-7000-8000-000000000002'
const GRID = '320508018025001'
const at = (text: string): Date => new Date(`${text}+08:00`)

function state(id: string, endDay: string) {
  const opened: ObservationEvent = {
    kind: 'opened',
    n: 1,
    area: GRID,
    by: null,
    occurredAt: '2020-02-03T01:00:00.000Z',
    recordedAt: '2020-02-03T01:00:00.000Z',
    body: {
      on: '2020-02-03',
      root: id,
      measure: 'home_quarantine',
      reason: 'close_contact',
      from: { kind: 'hand', id: null },
      responsibleArea: GRID,
      personId: id,
      householdId: `home-${id}`,
      groupId: null,
      place: 'home',
      responderPersonId: null,
      exposureDay: '2020-02-01',
      continuous: false,
      startDay: '2020-02-03',
      endDay,
      length: { days: 14, from: 'exposure' },
      rules: { id: null, version: 0 },
      movedFrom: null,
    },
  }
  return foldObservation([opened])
}

function observation(id: string, endDay = '2020-02-15'): RawView {
  const current = state(id, endDay)
  const body = {
    county: '320508',
    area: GRID,
    masked: '张*',
    reference: id.slice(-1),
    personId: id,
    householdId: current.householdId,
    groupId: null,
    measure: 'home_quarantine',
    state: 'opened',
    step: 'notify',
    startDay: current.startDay,
    endDay,
    current,
    version: 1,
  }
  return { id, grid: GRID, n: 1, kind: 'observation', body }
}

function reading(id: string, more: object = {}): RawView {
  const body = {
    county: '320508',
    observationId: id,
    personId: id,
    householdId: `home-${id}`,
    masked: '张*',
    contact: 'sms',
    zone: ZONE,
    firstDay: '2020-02-03',
    lastDay: '2020-02-15',
    fromAt: '2020-02-03T01:00:00.000Z',
    endedAt: null,
    plan: DEFAULT_PLAN,
    came: [],
    how: null,
    taskId: null,
    heardAt: null,
    ...more,
  }
  return { id, grid: GRID, n: 1, kind: 'reading', body }
}

function kept(kind: string, body: Record<string, unknown>, when: string): OutboxItem {
  return {
    key: when,
    seq: 1,
    kind,
    grid: GRID,
    at: at(when).toISOString(),
    state: 'waiting',
    tries: 0,
    problem: null,
    body,
    photos: [],
    mends: null,
    recordedAt: null,
    movedTo: null,
    handover: null,
    answer: null,
  }
}

const look = (now: string, outbox: OutboxItem[] = [], readings = [reading(ID)], observations = [observation(ID)]) =>
  watchedOf({ observations, readings, outbox, now: at(now), zone: ZONE })

describe('observed doors on the phone', () => {
  it('a deadline passes without the server: 20:00 is open, 20:01 is missed, and missed comes before what is open (READ-5)', () => {
    const yesterday = { day: '2020-02-06', part: 'evening', takenAt: '2020-02-06T10:00:00.000Z' }
    const morning = { day: '2020-02-07', part: 'morning', takenAt: '2020-02-07T01:00:00.000Z' }
    const before = { day: '2020-02-06', part: 'morning', takenAt: '2020-02-06T01:00:00.000Z' }
    const came = [morning, yesterday, before].map((one) => ({
      ...one,
      recordedAt: one.takenAt,
      how: 'self',
      temperature: 365,
      alarm: false,
    }))
    const of = [reading(ID, { came })]
    const slots = (now: string) => look(now, [], of)[0]?.slots.map((slot) => [slot.part, slot.state])
    expect(slots('2020-02-07T20:00:59')).toEqual([
      ['morning', 'on_time'],
      ['evening', 'open'],
    ])
    expect(slots('2020-02-07T20:01:00')?.[1]).toEqual(['evening', 'missed'])
    expect(look('2020-02-07T20:00:00', [], of)[0]?.why).toBe('reading')
    expect(look('2020-02-07T20:01:00', [], of)[0]?.why).toBe('missed')
  })

  it('what was filed here counts at once and says that it waits here', () => {
    const item = kept(
      'reading.file',
      {
        how: 'door',
        occurredAt: at('2020-02-07T09:00:00').toISOString(),
        items: [{ id: OTHER, county: '320508', observationId: ID, temperature: 366 }],
      },
      '2020-02-07T09:00:00',
    )
    const slot = look('2020-02-07T11:00:00', [item])[0]?.slots.find((one) => one.day === '2020-02-07')
    expect(slot).toMatchObject({ part: 'morning', state: 'on_time', temperature: 366, here: true })
    const refused = look('2020-02-07T11:00:00', [{ ...item, state: 'refused' }])[0]
    expect(refused?.slots.find((one) => one.day === '2020-02-07')?.state).toBe('missed')
  })

  it('a notice kept here changes what can be done next, by the fold of the server', () => {
    const step = (body: object, when: string) => kept('observation.step', { id: ID, do: body }, when)
    const notice = step({ step: 'notice', how: 'read' }, '2020-02-07T09:00:00')
    expect(look('2020-02-07T09:01:00')[0]?.steps).not.toContain('refusal')
    const told = look('2020-02-07T09:01:00', [notice])[0]
    expect(told?.steps).toContain('refusal')
    expect(told?.state.noticeOn).toBe('2020-02-07')
    expect(told?.waiting).toBe(1)
  })

  it('day 6 of 14 at 23:59 is day 7 at 00:00, in the zone of the deployment', () => {
    expect(look('2020-02-07T23:59:59')[0]?.standing).toMatchObject({ day: 6, of: 14 })
    expect(look('2020-02-08T00:00:00')[0]?.standing).toMatchObject({ day: 7, of: 14 })
  })

  it('doors stand by what is due: who has to be released before who only has papers missing', () => {
    const heard = { came: [], heardAt: at('2020-02-15T23:00:00').toISOString() }
    const list = look(
      '2020-02-16T08:00:00',
      [],
      [reading(ID, { ...heard, lastDay: '2020-02-20' }), reading(OTHER, heard)],
      [observation(ID, '2020-02-20'), observation(OTHER)],
    )
    expect(doorsWatched(list).map((door) => door.id)).toEqual([`home-${OTHER}`, `home-${ID}`])
  })
})
