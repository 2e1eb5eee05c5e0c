import { expect, test } from 'vitest'
import { sameVisit } from './same.ts'

const visit = {
  id: '0190a000-0000-7000-8000-000000000001',
  method: 'door',
  result: 'met',
  answers: { symptoms: false, members: 3 },
  occurredAt: '2020-02-15T08:00:00.000Z',
}

test('VISIT-1: a version that reads more, with other defaults, finds the same visit the same', () => {
  const later = { ...visit, personIds: [], answers: { members: 3, symptoms: false }, note: '', extra: { tags: [] } }
  expect(sameVisit(later)).toBe(sameVisit(visit))
  expect(sameVisit({ ...visit, occurredAt: '2020-02-15T16:00:00+08:00' })).toBe(sameVisit(visit))
})

test('VISIT-3: a field kept among the answers is the field that a later version knows', () => {
  const before = { ...visit, answers: { ...visit.answers, '+weather': { rain: true } } }
  expect(sameVisit({ ...visit, weather: { rain: true } })).toBe(sameVisit(before))
  expect(sameVisit(before)).not.toBe(sameVisit(visit))
})

test('SYNC-13: between two posts the area may have become another; whatever was said may not', () => {
  expect(sameVisit({ ...visit, area: '320506001001001' })).toBe(sameVisit({ ...visit, area: '320506001001003' }))
  for (const other of [
    { ...visit, result: 'not_home' },
    { ...visit, answers: { symptoms: true, members: 3 } },
    { ...visit, answers: { symptoms: false } },
    { ...visit, personIds: ['0190a000-0000-7000-8000-000000000002'] },
    { ...visit, occurredAt: '2020-02-15T08:00:01.000Z' },
  ])
    expect(sameVisit(other)).not.toBe(sameVisit(visit))
})
