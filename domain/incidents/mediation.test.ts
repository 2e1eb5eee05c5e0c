import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Actor, Role } from '../access/actor.ts'
import { ROLES } from '../access/actor.ts'
import { shippedForm } from '../tasks/forms-shipped.ts'
import { DISPUTE_KINDS, MEDIATION_STEPS, OpenDispute, Party } from './api.ts'
import { maySee } from './confidential.ts'
import { disputeCounts } from './counts.ts'
import { decideDispute, decideMediated } from './decide.ts'
import type { DisputeArgs, Mediating } from './decide.ts'
import type { DisputeEvent, NewDisputeEvent } from './event.ts'
import { readDisputeEvent } from './event.ts'
import { foldDispute, isLate, recordDispute } from './fold.ts'
import type { DisputeState } from './fold.ts'
import { kindOfAnswer, resultOfAnswer } from './words.ts'

const ZONE = 'Asia/Shanghai'
const GRID = '320506001001001'
const at = (text: string) => new Date(`${text}+08:00`)
const NOW = at('2020-02-10T10:00')
const when = { now: NOW, zone: ZONE }
const stamp = { area: GRID, by: null, occurredAt: NOW.toISOString(), recordedAt: NOW.toISOString() }
const opened: NewDisputeEvent = {
  kind: 'opened',
  body: {
    on: '2020-02-10',
    kind: 'rent',
    desk: '320506001001',
    mediator: 'm',
    visitId: null,
    dueBy: at('2020-02-11T10:00').toISOString(),
  },
}
const fresh = () => recordDispute(null, [opened], stamp).state
const nobody: Mediating = { self: 'x', mediator: false, desk: false }
const mediator: Mediating = { self: 'm', mediator: true, desk: false }
const desk: Mediating = { self: 'd', mediator: false, desk: true }

function after(state: DisputeState, who: Mediating, args: DisputeArgs): DisputeState {
  const decision = decideDispute(state, args, who, when)
  if (!decision.ok) throw new Error(decision.problem.body.code)
  return decision.events.length === 0 ? state : recordDispute(state, decision.events, stamp).state
}
const refused = (state: DisputeState, who: Mediating, args: DisputeArgs): string => {
  const decision = decideDispute(state, args, who, when)
  return decision.ok ? 'ok' : decision.problem.body.code
}

describe('MED-2: steps', () => {
  test('agreed, looked at after a week, kept, closed, opened again', () => {
    let state = after(fresh(), mediator, { step: 'mediated', result: 'agreed' })
    expect([state.state, state.followUp, state.sessions]).toEqual(['agreed', '2020-02-17', 1])
    // The day itself is in time until its end (case 67).
    expect(state.dueBy).toBe(at('2020-02-18T00:00').toISOString())
    expect([isLate(state, at('2020-02-18T00:00')), isLate(state, at('2020-02-18T00:01'))]).toEqual([false, true])
    state = after(state, mediator, { step: 'followed_up', holds: true })
    state = after(state, mediator, { step: 'close', closing: 'kept' })
    expect([state.state, state.closing, state.closedDay, isLate(state, at('2030-01-01T00:00'))]).toEqual([
      'closed',
      'kept',
      '2020-02-10',
      false,
    ])
    expect(disputeCounts(state).map((c) => c.metric)).toEqual(['dispute_opened:rent', 'dispute_closed:rent'])
    state = after(state, desk, { step: 'reopen' })
    expect([state.state, state.closing, state.closedDay]).toEqual(['open', null, null])
    expect(disputeCounts(state).map((c) => c.metric)).toEqual(['dispute_opened:rent'])
  })

  test('passed up: the desk above has it, the one below still sees it', () => {
    const state = after(fresh(), desk, { step: 'pass_up', above: '320506001' })
    expect([state.state, state.desks]).toEqual(['passed_up', ['320506001001', '320506001']])
    expect(refused(fresh(), desk, { step: 'pass_up', above: null })).toBe('DISPUTE_NO_DESK_ABOVE')
  })

  test.each([
    ['nobody else does anything', nobody, { step: 'mediated', result: 'agreed' }, 'DISPUTE_NOT_YOURS'],
    ['nobody else gives access', nobody, { step: 'give_access', account: 'y' }, 'DISPUTE_NOT_YOURS'],
    ['kept needs an agreement', mediator, { step: 'close', closing: 'kept' }, 'DISPUTE_NOT_AGREED'],
    ['so does a follow-up', mediator, { step: 'followed_up', holds: true }, 'DISPUTE_NOT_AGREED'],
    ['closing says what it came to', mediator, { step: 'close' }, 'DISPUTE_STEP_INCOMPLETE'],
    ['a talk has a result', mediator, { step: 'mediated' }, 'DISPUTE_STEP_INCOMPLETE'],
    ['what is open is not opened again', mediator, { step: 'reopen' }, 'DISPUTE_OPEN'],
  ] as const)('%s', (_, who, args, code) => {
    expect(refused(fresh(), who, args)).toBe(code)
  })

  test('an agreement that is not kept is talked about again', () => {
    const agreed = after(fresh(), mediator, { step: 'mediated', result: 'agreed', followUp: '2020-02-12' })
    expect(after(agreed, mediator, { step: 'followed_up', holds: false }).state).toBe('mediating')
  })

  test('access is given once and ended', () => {
    const given = after(fresh(), mediator, { step: 'give_access', account: 'y' })
    expect([given.access, after(given, mediator, { step: 'give_access', account: 'y' }).version]).toEqual([
      ['y'],
      given.version,
    ])
    expect(after(given, desk, { step: 'end_access', account: 'y' }).access).toEqual([])
  })
})

const anyAct = fc.record({
  step: fc.constantFrom(...MEDIATION_STEPS),
  result: fc.constantFrom('agreed', 'again', 'not_agreed'),
  holds: fc.boolean(),
  closing: fc.constantFrom('kept', 'settled_otherwise', 'to_court', 'withdrawn', 'twice'),
  account: fc.constantFrom('p', 'q'),
  above: fc.constantFrom(null, '320506001', '320506'),
  who: fc.constantFrom(nobody, mediator, desk),
})

test('MED-2: in whatever order, the stored events fold to the same state, and closed means closed', () => {
  fc.assert(
    fc.property(fc.array(anyAct, { maxLength: 25 }), (acts) => {
      const first = recordDispute(null, [opened], stamp)
      let { state } = first
      const events: DisputeEvent[] = [...first.events]
      for (const { who, ...act } of acts) {
        const decision = decideDispute(state, act, who, when)
        if (!decision.ok || decision.events.length === 0) continue
        const done = recordDispute(state, decision.events, stamp)
        state = done.state
        events.push(...done.events)
      }
      expect(foldDispute(events.map((event) => readDisputeEvent(JSON.parse(JSON.stringify(event))) ?? event))).toEqual(
        state,
      )
      expect(state.closedAt !== null).toBe(state.state === 'closed')
      expect(state.closing !== null).toBe(state.state === 'closed')
      expect(new Set(state.desks).size).toBe(state.desks.length)
      expect(new Set(state.access).size).toBe(state.access.length)
    }),
    { numRuns: 500 },
  )
})

describe('MED-3: confidential', () => {
  const person = (area: string, roles: Role[], id = 'x'): Actor => ({
    kind: 'account',
    id,
    name: '甲',
    area,
    scope: [area],
    roles,
    createdBy: null,
    sessionId: null,
  })
  const held = { desks: ['320506001001'], mediator: 'm', access: ['named'] }

  test('its mediator, its desk and those named; nobody by level, role or right over the area', () => {
    expect(maySee(person(GRID, ['worker'], 'm'), held)).toBe(true)
    expect(maySee(person('320506001001', ['operator']), held)).toBe(true)
    expect(maySee(person('3205', ['officer'], 'named'), held)).toBe(true)
    for (const area of ['32', '3205', '320506', '320506001', GRID])
      for (const role of ROLES) expect([area, role, maySee(person(area, [role]), held)]).toEqual([area, role, false])
    // Of the desk's own area only who works at the desk.
    for (const role of ROLES)
      expect([role, maySee(person('320506001001', [role]), held)]).toEqual([
        role,
        role === 'operator' || role === 'chief',
      ])
    expect(maySee({ ...person('', ['operator']), kind: 'system' }, held)).toBe(false)
  })
})

test('no field for opinion, belief, petition or stability', () => {
  const fields = [...Object.keys(OpenDispute.shape), ...Object.keys(Party.shape), ...DISPUTE_KINDS].join(' ')
  expect(fields).not.toMatch(/opinion|belief|relig|ethnic|petition|stab|politic|score|grade/i)
})

test('MED-5: every word of the shipped form "mediation held" is a word of mediation', () => {
  const words = (key: string) =>
    shippedForm('mediation').fields.flatMap(({ ask }) =>
      ask.key === key && ask.type === 'choice' ? ask.options.map((o) => o.value) : [],
    )
  expect(words('about').map(kindOfAnswer)).toEqual(words('about'))
  expect(words('outcome').every((word) => resultOfAnswer(word) !== null)).toBe(true)
  expect([kindOfAnswer('new word'), kindOfAnswer(null), resultOfAnswer('new word')]).toEqual(['other', 'other', null])
  expect(decideMediated('agreed', '2020-02-12', null, when).body).toMatchObject({ followUp: '2020-02-12' })
})
