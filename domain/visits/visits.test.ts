import { expect, test } from 'vitest'
import { FileVisit } from './api.ts'
import { visitCounts } from './counts.ts'
import { countedDay, questionsOf, readAnswers } from './file.ts'

const say = { zh: '问', en: 'q' }
const questions = questionsOf([
  { key: 'back_on', type: 'date', say, required: true },
  {
    key: 'how',
    type: 'choice',
    say,
    options: [
      { value: 'train', say },
      { value: 'car', say },
    ],
  },
  { key: 'odd', type: 'hologram', say },
])

test('VISIT-2: required answers that are missing are named, the rest passes', () => {
  expect(readAnswers(questions, { how: 'car' })).toEqual({ missing: ['back_on'], raw: [] })
  expect(readAnswers(questions, { how: 'car', back_on: '2020-02-10' })).toEqual({ missing: [], raw: [] })
})

test('VISIT-3 (case 19): an unknown question, option or question type is kept raw and refuses nothing', () => {
  expect(questions.map((q) => q.key)).toEqual(['back_on', 'how'])
  expect(readAnswers(questions, { back_on: '2020-02-10', how: 'balloon', new_one: { deep: [1] } })).toEqual({
    missing: [],
    raw: ['how', 'new_one'],
  })
  const wire = {
    id: '018f0000-0000-7000-8000-000000000001',
    method: 'door',
    result: 'abducted',
    disposition: 'NEW_CODE',
    answers: { x: [1] },
    occurredAt: '2020-02-10T10:00:00+08:00',
  }
  expect(FileVisit.parse(wire).result).toBe('abducted')
})

test('VISIT-4 (case 3): a visit counts on the local day it took place, whatever day the phone was next opened', () => {
  const day = (occurred: string, recorded: string) =>
    countedDay(new Date(occurred), new Date(recorded), 'Asia/Shanghai')
  expect(day('2020-11-30T15:59:00Z', '2020-12-01T16:00:00Z')).toBe('2020-11-30')
  expect(day('2020-11-30T16:00:00Z', '2020-12-01T16:00:00Z')).toBe('2020-12-01')
  // a clock far ahead or a visit older than thirty days counts on the day it came in
  expect(day('2031-01-01T00:00:00Z', '2020-12-01T03:00:00Z')).toBe('2020-12-01')
  expect(day('2020-11-01T03:00:00Z', '2020-12-01T03:00:00Z')).toBe('2020-11-01')
  expect(day('2020-10-31T03:00:00Z', '2020-12-01T03:00:00Z')).toBe('2020-12-01')
})

test('STAT-1 (case 44): a superseded visit counts nothing, a unit counts at its grid', () => {
  const visit = { area: '320506001001001007', day: '2020-02-10', persons: 2, superseded: false }
  expect(visitCounts(visit)).toEqual([
    { area: '320506001001001', day: '2020-02-10', metric: 'visits', n: 1 },
    { area: '320506001001001', day: '2020-02-10', metric: 'persons', n: 2 },
  ])
  expect(visitCounts({ ...visit, superseded: true })).toEqual([])
})
