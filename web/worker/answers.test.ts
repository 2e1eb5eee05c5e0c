import type { Question } from '@weiwang/domain/access/questions'
import { FileVisit } from '@weiwang/domain/visits/api'
import { expect, test } from 'vitest'
import { faultsOf, holdsBack, openQuestions, readNumber, readQuestions, requestOf, resultOf } from './answers.ts'
import type { Draft } from './drafts.ts'

const draft: Draft = {
  visitId: '01890000-0000-7000-8000-000000000001',
  key: '01890000-0000-7000-8000-000000000002',
  method: 'door',
  result: 'met',
  disposition: 'HERE_MONITOR',
  answers: {},
  note: '',
  goesTo: null,
  expectedDay: '',
  supersedes: null,
  correctionReason: '',
  tried: false,
  savedAt: '2026-02-15T09:00:00Z',
}
const fever: Question = { type: 'yes_no', key: 'fever', say: { zh: '发热', en: 'Fever' }, required: true }

test('a question that this page does not know is left out and the others are asked (case 19)', () => {
  expect(readQuestions([fever, { type: 'hologram', key: 'x' }]).map((q) => q.key)).toEqual(['fever'])
  expect(readQuestions('nonsense')).toEqual([])
})

test('a disposition asks for what it needs: area, day or note', () => {
  const fields = (disposition: string, patch: Partial<Draft> = {}) =>
    faultsOf({ ...draft, disposition, ...patch }, [], 'task').fields
  expect(fields('AWAY_OTHER_AREA')).toEqual(['goesTo'])
  expect(fields('NOT_RETURNED')).toEqual(['expectedDay'])
  expect(fields('HERE_REFUSED')).toEqual(['note'])
  expect(fields('HERE_REFUSED', { note: ' ' })).toEqual(['note'])
  expect(fields('HERE_MONITOR')).toEqual([])
})

test('a required answer is asked for when someone was met, and not of an empty flat', () => {
  expect(faultsOf(draft, [fever], 'task').answers).toEqual({ fever: 'missing' })
  expect(faultsOf({ ...draft, result: 'not_home' }, [fever], 'task').answers).toEqual({})
})

test('VISIT-2: a required question that nobody answers is named and does not hold the visit back', () => {
  const open = faultsOf(draft, [fever], 'task')
  expect([openQuestions(open), holdsBack(open)]).toEqual([1, false])
  const answered = faultsOf({ ...draft, answers: { fever: true } }, [fever], 'task')
  expect([openQuestions(answered), holdsBack(answered)]).toEqual([0, false])
  const range = { unit: '℃', min: 34, max: 43, decimals: 1 }
  const temperature: Question = { type: 'number', key: 'temp', say: fever.say, required: true, ...range }
  expect(holdsBack(faultsOf({ ...draft, answers: { temp: '36.5度' } }, [temperature], 'task'))).toBe(true)
  expect(holdsBack(faultsOf({ ...draft, disposition: null }, [fever], 'task'))).toBe(true)
})

test('who could not be reached answers no questions: no answer, phone off, number wrong', () => {
  const open = ['NO_ANSWER', 'PHONE_OFF', 'PHONE_EMPTY', 'HUNG_UP', 'PHONE_NOT_OWNER', 'DUPLICATE'].filter(
    (code) => openQuestions(faultsOf({ ...draft, disposition: code, result: resultOf(code) }, [fever], 'task')) > 0,
  )
  expect(open).toEqual([])
})

test('no is an answer', () => {
  expect(faultsOf({ ...draft, answers: { fever: false } }, [fever], 'task').answers).toEqual({})
})

test('temperatures as they are typed', () => {
  expect(['36.5', '36,5', '３６．５', ' 37 ', '', '36.5度', '3 6'].map(readNumber)).toEqual([
    36.5,
    36.5,
    36.5,
    37,
    null,
    null,
    null,
  ])
})

test('what is sent fits the schema of the server, and a correction names what it corrects and why', () => {
  const body = requestOf(
    { ...draft, supersedes: '01890000-0000-7000-8000-000000000009', correctionReason: '点错了', note: ' 二楼 ' },
    { taskId: '01890000-0000-7000-8000-000000000003', personIds: [] },
    new Date('2026-02-15T09:00:00Z'),
  )
  expect(FileVisit.safeParse(body).success).toBe(true)
  expect(body).toMatchObject({
    supersedes: '01890000-0000-7000-8000-000000000009',
    correctionReason: '点错了',
    note: '二楼',
  })
})

test('the door’s result follows from the disposition', () => {
  expect(['HERE_HOME_OBS', 'HERE_REFUSED', 'NOT_RETURNED', 'NOT_RESIDENT'].map(resultOf)).toEqual([
    'met',
    'refused',
    'not_home',
    'wrong_address',
  ])
})
