import { AddWard, Declare, Register } from '@weiwang/domain/healthcode/reg-api'
import { expect, test } from 'vitest'
import {
  answersOf,
  formFrom,
  formOf,
  homeOf,
  missing,
  NEW_FORM,
  staysFrom,
  stepAt,
  stepsOf,
  whoOf,
  wordsOf,
} from './form.ts'
import type { Form, Mode } from './form.ts'

const ID = '01900000-0000-7000-8000-000000000001'
const PERSON = '01900000-0000-8000-8000-000000000002'
const TODAY = '2020-02-24'

/** Somebody who comes back from Wuhan by train and feels well. */
const FULL: Form = {
  ...NEW_FORM,
  id: ID,
  situation: 'returning',
  registeredHere: true,
  documentKind: 'resident',
  number: '320506195203080025',
  name: '陈秀英',
  homeArea: { area: '320506111005', name: '横街社区' },
  address: ' 中山东路 12 号 ',
  homeKind: 'own',
  fromPlace: { area: '420106', name: '武昌区' },
  leftOn: '2020-02-22',
  arrivedOn: '2020-02-23',
  transport: 'train',
  transportNumber: 'G1721',
  stayed: true,
  stays: [{ place: { area: '420106', name: '武昌区' }, from: '2020-02-10', to: '2020-02-22' }],
  beenAbroad: false,
  noContact: true,
  well: true,
  temperature: '36.5',
  underMeasure: false,
  purpose: 'home',
  members: [{ name: '李建国', relation: 'spouse', document: '' }],
  promise: true,
}

const whole = (form: Form) => ({
  id: form.id,
  who: whoOf(form),
  home: homeOf(form),
  answers: answersOf(form),
  words: wordsOf(form),
  promise: true,
})

test('what is filled in travels as the server reads it: registered, declared anew, somebody added', () => {
  const read = Register.parse(whole(FULL))
  expect(read.home.address).toBe('中山东路 12 号')
  expect(read.answers.temperature).toBe(365)
  expect(read.answers.arrival).toEqual({
    fromArea: '420106',
    leftOn: '2020-02-22',
    arrivedOn: '2020-02-23',
    transport: 'train',
  })
  expect(
    Declare.parse({ id: ID, personId: PERSON, answers: answersOf(FULL), words: wordsOf(FULL), promise: true }),
  ).toBeTruthy()
  expect(AddWard.parse({ ...whole(FULL), relation: 'parent', phone: '13812345678' })).toBeTruthy()
})

test('somebody living here sends no journey, whatever was typed before; a passport travels with its country', () => {
  const living: Form = { ...FULL, situation: 'living', stayed: false }
  const read = Register.parse(whole(living))
  expect(read.answers.arrival).toBeNull()
  expect(read.answers.stays).toEqual([])
  expect(read.words.number).toBeUndefined()
  const foreign: Form = { ...FULL, documentKind: 'passport', country: 'DE', number: 'C01X00T47', birth: '1963', sex: 2 }
  expect(Register.parse(whole(foreign)).who).toMatchObject({ document: { country: 'DE' }, birth: '1963', sex: 2 })
})

test('a whole form misses nothing, an empty one names its fields in the order of the screens', () => {
  for (const mode of ['self', 'again'] as const)
    for (const step of stepsOf(mode)) expect([step, missing(step, FULL, mode)]).toEqual([step, []])
  const empty = { ...NEW_FORM, id: ID }
  expect(missing('who', empty, 'ward')).toEqual(['relation', 'situation', 'registeredHere'])
  expect(missing('paper', { ...empty, documentKind: 'passport' }, 'self')).toEqual([
    'number',
    'country',
    'name',
    'birth',
  ])
  expect(missing('stays', empty, 'self')).toEqual(['stayed', 'beenAbroad', 'contacts'])
  expect(missing('health', { ...empty, symptoms: ['fever'] }, 'self')).toEqual(['symptoms', 'underMeasure'])
  expect(missing('health', { ...FULL, temperature: '365' }, 'self')).toEqual([])
  expect(missing('health', { ...FULL, temperature: '99' }, 'self')).toEqual(['temperature'])
  expect(missing('review', { ...FULL, promise: false }, 'self')).toEqual(['promise'])
  // Who has not travelled is asked nothing about it.
  expect(missing('journey', { ...empty, situation: 'living' }, 'self')).toEqual([])
})

test('a stay that ends before it begins is not a stay', () => {
  const turned = { ...FULL, stays: [{ ...FULL.stays[0]!, from: '2020-02-22', to: '2020-02-10' }] }
  expect(missing('stays', turned, 'self')).toEqual(['stays'])
})

test('where one comes from is filled in as a stay, within the days that are asked, and not for who left long ago', () => {
  expect(staysFrom(FULL, TODAY, 14)).toEqual([{ place: FULL.fromPlace, from: '2020-02-10', to: '2020-02-22' }])
  expect(staysFrom({ ...FULL, leftOn: '2020-02-01' }, TODAY, 14)).toEqual([])
  expect(staysFrom({ ...FULL, fromAbroad: true }, TODAY, 14)).toEqual([])
  expect(staysFrom({ ...FULL, leftOn: '', arrivedOn: '2020-02-26' }, TODAY, 14)[0]?.to).toBe(TODAY)
})

test('case 20: a draft comes back as it was, but for the promise; of an older page what still fits', () => {
  expect(formOf(JSON.parse(JSON.stringify(FULL)), ID)).toEqual({ ...FULL, promise: false })
  const odd = formOf({ name: 7, stays: 'x', registeredHere: false, unknown: 1, number: 'A1' }, ID)
  expect(odd).toMatchObject({ name: '', stays: [], registeredHere: false, number: 'A1' })
  expect('unknown' in odd).toBe(false)
})

test('a new declaration begins with the last one; how one feels is asked anew', () => {
  const { answers, words } = Register.parse(whole({ ...FULL, well: false, symptoms: ['cough'], symptomFrom: TODAY }))
  const again = formFrom({ answers, words }, ID, () => '武昌区')
  expect(again).toMatchObject({ situation: 'returning', stays: FULL.stays, fromPlace: FULL.fromPlace, purpose: 'home' })
  expect([again.well, again.symptoms]).toEqual([false, []])
})

test('a problem of the server leads to the screen where it is put right', () => {
  const modes: Mode[] = ['self', 'again']
  expect(modes.map((mode) => stepAt('who.document.number', mode))).toEqual(['paper', null])
  expect(stepAt('home.address', 'self')).toBe('home')
  expect(stepAt('answers.stays.0.area', 'again')).toBe('stays')
  expect(stepAt('answers.arrival.arrivedOn', 'again')).toBe('journey')
  expect(stepAt(undefined, 'self')).toBeNull()
})
