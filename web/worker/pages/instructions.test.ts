import { describe, expect, test } from 'vitest'
import type { DoorView, VisitView } from '../phone/types.ts'
import { askedOf, isVisited, readInstruction, stateWith } from './instructions.ts'

const view = (body: Record<string, unknown>) => ({ id: 'i.g', grid: 'g', n: 1, kind: 'instruction', body })
const body = { instructionId: 'i', version: 2, state: 'read', title: '清查', dueAt: '2026-02-16T10:00:00Z' }

test('an instruction of an older server is read with what it says; one without its number is none', () => {
  expect(readInstruction(view(body))).toMatchObject({
    id: 'i',
    at: 'i.g',
    area: 'g',
    title: '清查',
    eachDoor: null,
    additions: [],
  })
  expect(readInstruction(view({ ...body, version: undefined }))).toBeNull()
})

test('what was said here counts at once, never backwards, and only for the version in hand', () => {
  const instruction = readInstruction(view(body))
  if (!instruction) throw new Error('not read')
  const said = (says: string, version = 2) => ({ id: 'i', area: 'g', version, says })
  expect(stateWith(instruction, [said('accepted'), said('read')])).toBe('accepted')
  expect(stateWith(instruction, [said('done', 1)])).toBe('read')
  expect(stateWith(instruction, [{ ...said('done'), id: 'other' }])).toBe('read')
  expect(stateWith(instruction, [{ ...said('done'), area: 'another grid' }])).toBe('read')
  expect(stateWith({ ...instruction, state: 'recalled' }, [said('done')])).toBe('recalled')
})

describe('INSTR-6: a door counts here as it counts at the server', () => {
  const eachDoor = { kinds: ['home'], purpose: 'household' }
  const order = (more: Record<string, unknown> = {}) => {
    const instruction = readInstruction(view({ ...body, eachDoor, ...more }))
    if (!instruction) throw new Error('not read')
    return instruction
  }
  const visit = (more: Partial<VisitView['body']> = {}, at: Partial<VisitView> = {}): VisitView => ({
    id: '01890000-0000-4000-8000-000000000001',
    grid: 'g',
    n: 1,
    local: false,
    state: null,
    body: { county: '', day: '2026-02-16', method: 'door', result: 'met', instructionId: 'i', ...more },
    ...at,
  })
  const counts = (...visits: VisitView[]) => isVisited(order(), visits)

  test('by a visit under it at which somebody was met, be it still here; not by one that was refused or goes under another', () => {
    expect(counts(visit())).toBe(true)
    expect(counts(visit({}, { state: 'waiting', local: true }))).toBe(true)
    expect(counts(visit({ result: 'refused' }))).toBe(true)
    expect(counts(visit({ result: 'not_home' }))).toBe(false)
    expect(counts(visit({}, { state: 'refused', local: true }))).toBe(false)
    expect([counts(visit({ instructionId: 'other' })), counts(visit({ instructionId: null }))]).toEqual([false, false])
  })

  test('a correction that nobody was met takes it back, unless another visit stands; one that somebody was gives it', () => {
    const first = visit({}, { id: 'first' })
    const corrected = visit({ result: 'not_home', supersedes: 'first' }, { id: 'second' })
    expect(counts(corrected, first)).toBe(false)
    expect(counts(visit({}, { id: 'third' }), corrected, first)).toBe(true)
    expect(counts(visit({ supersedes: 'second' }, { id: 'third' }), corrected, first)).toBe(true)
  })

  test('a visit answers the one due first that still wants this door, and none that does not', () => {
    const door = (kind: string, grid = 'g'): DoorView => ({
      id: 'd',
      grid,
      n: 1,
      body: { county: '', area: grid, kind, use: 'self', members: 1, hazards: [], version: 1 },
      address: null,
      label: null,
      local: false,
      marks: [],
    })
    const all = [
      { instruction: order({ instructionId: 'later', dueAt: '2026-02-20T10:00:00Z' }), state: 'read' },
      { instruction: order({ instructionId: 'first', dueAt: '2026-02-19T10:00:00Z' }), state: 'sent' },
      { instruction: order({ instructionId: 'gone', dueAt: '2026-02-18T10:00:00Z' }), state: 'recalled' },
    ]
    const asked = (at: DoorView, purpose = 'household', visits: VisitView[] = []) =>
      askedOf(all, { door: at, purpose, visits })
    expect(asked(door('home'))).toBe('first')
    expect([asked(door('shop')), asked(door('home', 'other')), asked(door('home'), 'clue')]).toEqual([null, null, null])
    const done = visit({ instructionId: 'first' })
    expect(asked(door('home'), 'household', [done])).toBe('later')
  })
})
