import { describe, expect, it } from 'vitest'
import { OBSERVATION_STATES, recordObservation, stateOf } from './fold.ts'
import type { ObservationState } from './fold.ts'
import { HEALTH_STATES, shownHistory, shownState } from './shown.ts'

const BLIND = { health: false, conditions: false }
const STAMP = {
  area: '320505001001001',
  by: null,
  occurredAt: '2020-02-03T01:00:00.000Z',
  recordedAt: '2020-02-03T01:00:00.000Z',
}

function ill(): ObservationState {
  const { state } = recordObservation(
    null,
    [
      {
        kind: 'opened',
        body: {
          on: '2020-02-03',
          root: 'r',
          measure: 'home_monitoring',
          reason: 'close_contact',
          from: { kind: 'hand', id: null },
          responsibleArea: STAMP.area,
          personId: 'p',
          householdId: null,
          groupId: null,
          place: 'home',
          responderPersonId: null,
          exposureDay: '2020-02-01',
          continuous: false,
          startDay: '2020-02-03',
          endDay: '2020-02-15',
          length: { days: 14, from: 'exposure' },
          rules: { id: null, version: 0 },
          movedFrom: null,
        },
      },
      { kind: 'notified', body: { on: '2020-02-03', how: 'read', objection: true } },
      { kind: 'symptom', body: { on: '2020-02-03', codes: ['fever'], temperature: 38.2, readingId: null } },
      { kind: 'care', body: { on: '2020-02-03', stage: 'admitted', at: STAMP.recordedAt } },
      { kind: 'release_checked', body: { on: '2020-02-03', symptoms: true, tests: 'pending' } },
    ],
    STAMP,
  )
  return state
}

describe('OBS-26', () => {
  it('leaves the papers of somebody who is ill, under the word of the papers', () => {
    expect(stateOf(ill())).toBe('admitted')
    const shown = shownState(ill(), BLIND)
    expect(stateOf(shown)).toBe('notified')
    expect(JSON.stringify(shown)).not.toMatch(/fever|admitted|pending/)
    expect(shownState(ill(), { health: true, conditions: true })).toEqual(ill())
  })

  it('knows every state that tells of an illness', () => {
    expect(HEALTH_STATES.filter((name) => !OBSERVATION_STATES.includes(name))).toEqual([])
    expect(OBSERVATION_STATES.filter((name) => /symptom|referred|admitted/.test(name))).toEqual([...HEALTH_STATES])
  })

  it('leaves lines of health out of the history, and of a look at the home its conclusion', () => {
    const lines = [
      { kind: 'notified', body: { how: 'read' } },
      { kind: 'symptom', body: { codes: ['fever'] } },
      { kind: 'care', body: { stage: 'clinic_seen' } },
      { kind: 'welfare', body: { how: 'door', found: 'unwell' } },
      { kind: 'suitability', body: { on: 'd', suitable: true, wantsCentral: false, elderly: 1, medicines: true } },
    ]
    expect(shownHistory(lines, BLIND)).toEqual([
      { kind: 'notified', body: { how: 'read' } },
      { kind: 'welfare', body: { how: 'door' } },
      { kind: 'suitability', body: { on: 'd', suitable: true, wantsCentral: false } },
    ])
    expect(shownHistory(lines, { health: false, conditions: true }).at(-1)?.body).toMatchObject({ elderly: 1 })
    expect(shownHistory(lines, { health: true, conditions: true })).toEqual(lines)
  })
})
