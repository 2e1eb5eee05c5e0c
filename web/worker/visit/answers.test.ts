import type { Question } from '@weiwang/domain/access/questions'
import type { Form, FormField } from '@weiwang/domain/tasks/form'
import { describe, expect, test } from 'vitest'
import {
  confirmKey,
  faultsOf,
  fieldsOf,
  holdsBack,
  openQuestions,
  readNumber,
  readQuestions,
  resultOf,
} from './answers.ts'
import type { Asked } from './answers.ts'
import { freshDraft } from './draft.ts'
import type { VisitDraft } from './draft.ts'

const draft: VisitDraft = {
  ...freshDraft('01890000-0000-7000-8000-000000000001'),
  result: 'met',
  disposition: 'HERE_MONITOR',
}
const say = { zh: '发热', en: 'Fever' }
const fever: Question = { type: 'yes_no', key: 'fever', say, required: true }
const number = (key: string): Question => ({
  type: 'number',
  key,
  say,
  required: false,
  unit: '°C',
  min: 30,
  max: 45,
  decimals: 1,
})
const temperature: FormField = { ask: number('temperature'), of: 'person', usual: { min: 35, max: 41 } }
const form = (fields: FormField[] = []): Form => ({ purpose: 'household', say, fields })
const task = (questions: Question[] = [], more: Partial<Asked> = {}): Asked => ({
  kind: 'task',
  questions,
  form: form(),
  persons: [],
  ...more,
})

test('a question that this page does not know is left out and the others are asked (case 19)', () => {
  expect(readQuestions([fever, { type: 'hologram', key: 'x' }]).map((q) => q.key)).toEqual(['fever'])
  expect(readQuestions('nonsense')).toEqual([])
})

test('a disposition asks for what it needs: area, day or note', () => {
  const fields = (disposition: string, patch: Partial<VisitDraft> = {}) =>
    faultsOf({ ...draft, disposition, ...patch }, task()).fields
  expect(fields('AWAY_OTHER_AREA')).toEqual(['goesTo'])
  expect(fields('NOT_RETURNED')).toEqual(['expectedDay'])
  expect(fields('HERE_REFUSED')).toEqual(['note'])
  expect(fields('HERE_REFUSED', { note: ' ' })).toEqual(['note'])
  expect(fields('HERE_MONITOR')).toEqual([])
})

test('a visit without a task says what was found at the door, and needs no disposition', () => {
  const door = task([], { kind: 'door' })
  expect(faultsOf({ ...draft, disposition: null, result: null }, door).fields).toEqual(['result'])
  expect(faultsOf({ ...draft, disposition: null }, door).fields).toEqual([])
})

test('a required answer is asked for when someone was met, and not of an empty flat', () => {
  expect(faultsOf(draft, task([fever])).answers).toEqual({ fever: 'missing' })
  expect(faultsOf({ ...draft, result: 'not_home' }, task([fever])).answers).toEqual({})
})

test('VISIT-2: a required question that nobody answers is named and does not hold the visit back', () => {
  const open = faultsOf(draft, task([fever]))
  expect([openQuestions(open), holdsBack(open)]).toEqual([1, false])
  const answered = faultsOf({ ...draft, answers: { fever: true } }, task([fever]))
  expect([openQuestions(answered), holdsBack(answered)]).toEqual([0, false])
  expect(holdsBack(faultsOf({ ...draft, answers: { temp: '36.5度' } }, task([number('temp')])))).toBe(true)
  expect(holdsBack(faultsOf({ ...draft, disposition: null }, task([fever])))).toBe(true)
})

test('who could not be reached answers no questions: no answer, phone off, number wrong', () => {
  const open = ['NO_ANSWER', 'PHONE_OFF', 'PHONE_EMPTY', 'HUNG_UP', 'PHONE_NOT_OWNER', 'DUPLICATE'].filter(
    (code) => openQuestions(faultsOf({ ...draft, disposition: code, result: resultOf(code) }, task([fever]))) > 0,
  )
  expect(open).toEqual([])
})

test('no is an answer', () => {
  expect(faultsOf({ ...draft, answers: { fever: false } }, task([fever])).answers).toEqual({})
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

describe('what the form asks', () => {
  const asked = task([], { form: form([temperature]), persons: ['a', 'b'] })
  const given = (a: unknown, confirmed: string[] = []): VisitDraft => ({
    ...draft,
    members: { a: { temperature: a } },
    confirmed,
  })

  test('an unusual number is asked once more of that person alone, and looking at it lets it pass', () => {
    expect(faultsOf(given(41.5), asked).members).toEqual({ a: { temperature: 'unusual' } })
    const looked = [confirmKey('a', 'temperature', 41.5)]
    expect(faultsOf(given(41.5, looked), asked).members).toEqual({})
    // Another value is another number to look at.
    expect(faultsOf(given(42.5, looked), asked).members).toEqual({ a: { temperature: 'unusual' } })
    expect(faultsOf(given(36.5), asked).members).toEqual({})
  })

  test('who was not visited is not asked', () => {
    expect(faultsOf(given(41.5), { ...asked, persons: ['b'] }).members).toEqual({})
  })

  test('nobody is asked twice: what the campaign asks is left out of the form', () => {
    const both: Asked = { ...asked, questions: [number('temperature')] }
    expect(fieldsOf(both, 'person', draft, 'a')).toEqual([])
    expect(fieldsOf(asked, 'person', draft, 'a')).toHaveLength(1)
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
