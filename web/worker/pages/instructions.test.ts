import { expect, test } from 'vitest'
import { readInstruction, stateWith } from './instructions.ts'

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
