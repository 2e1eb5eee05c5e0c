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
  const ZONE = 'Asia/Shanghai'
  // 07:30 of the 16th where the deployment is, still the 15th in UTC.
  const since = '2026-02-15T23:30:00.000Z'
  const eachDoor = { kinds: ['home'], purpose: 'household' }
  const order = (more: Record<string, unknown> = {}) => {
    const instruction = readInstruction(view({ ...body, sentAt: since, eachDoor, ...more }))
    if (!instruction) throw new Error('not read')
    return instruction
  }
  const idAt = (at: string): string => {
    const ms = new Date(at).getTime().toString(16).padStart(12, '0')
    return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000001`
  }
  const visit = (day: string, more: Record<string, unknown> = {}, at: Partial<VisitView> = {}): VisitView => ({
    id: '01890000-0000-4000-8000-000000000001',
    grid: 'g',
    n: 1,
    local: false,
    state: null,
    body: { county: '', day, method: 'door', result: 'met', purpose: 'household', ...more },
    ...at,
  })

  test('by a visit for its purpose since it came, by the local day and on that day by the moment', () => {
    const counts = (visits: VisitView[], more = {}) => isVisited(order(more), visits, ZONE)
    expect(counts([visit('2026-02-15')])).toBe(false)
    expect(counts([visit('2026-02-16')])).toBe(true)
    expect(counts([visit('2026-02-16', {}, { id: idAt('2026-02-15T23:00:00Z') })])).toBe(false)
    expect(counts([visit('2026-02-16', {}, { id: idAt('2026-02-16T01:00:00Z') })])).toBe(true)
    expect(counts([visit('2026-02-16', { purpose: 'clue' })])).toBe(false)
  })

  test('not where nobody was met, nor by a visit that was refused; a changed one goes on with its doors', () => {
    const counts = (one: VisitView, more = {}) => isVisited(order(more), [one], ZONE)
    expect(counts(visit('2026-02-17', { result: 'not_home' }))).toBe(false)
    expect(counts(visit('2026-02-17', { result: 'refused' }))).toBe(true)
    expect(counts(visit('2026-02-17', {}, { state: 'refused', local: true }))).toBe(false)
    expect(counts(visit('2026-02-17', { purpose: null, instructionId: 'i' }, { state: 'waiting', local: true }))).toBe(
      true,
    )
    const changed = { version: 3, sentAt: '2026-02-18T01:00:00.000Z' }
    expect(counts(visit('2026-02-17'), changed)).toBe(false)
    expect(counts(visit('2026-02-17'), { ...changed, since })).toBe(true)
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
      askedOf(all, { door: at, purpose, visits, zone: ZONE })
    expect(asked(door('home'))).toBe('first')
    expect([asked(door('shop')), asked(door('home', 'other')), asked(door('home'), 'clue')]).toEqual([null, null, null])
    const done = visit('2026-02-17', { purpose: null, instructionId: 'first' })
    expect(asked(door('home'), 'household', [done])).toBe('later')
  })
})
