import { parseTemperature } from '@weiwang/domain/observation/temperature'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMPTY, isFilled, lacksOf, wordsOf } from './reading.tsx'

const tenthsOf = (typed: string): unknown => Reflect.get(wordsOf({ ...EMPTY, typed }), 'temperature')

test('READ-3: a temperature travels from here as the server reads it', () => {
  for (const typed of [
    '36.5',
    '36,5',
    '365',
    '３６．５',
    '36.5℃',
    '36',
    '36.52',
    '33.9',
    '43.1',
    '3',
    '',
    '36.',
    'abc',
    '366666',
  ])
    expect([typed, tenthsOf(typed)]).toEqual([typed, parseTemperature(typed)])
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 450 }), (tenths) => {
      const typed = `${Math.floor(tenths / 10)}.${tenths % 10}`
      expect(tenthsOf(typed)).toBe(parseTemperature(typed))
    }),
  )
})

test('a report is complete with a temperature and a word about symptoms, or when it cannot be taken', () => {
  expect(isFilled(EMPTY)).toBe(false)
  expect(isFilled({ ...EMPTY, typed: '36.5' })).toBe(false)
  expect(lacksOf(EMPTY)).toEqual(['temperature', 'symptoms'])
  expect(lacksOf({ ...EMPTY, typed: '36.5' })).toEqual(['symptoms'])
  expect(lacksOf({ ...EMPTY, typed: '3', well: true })).toEqual(['temperature'])
  expect(isFilled({ ...EMPTY, typed: '36.5', well: true })).toBe(true)
  expect(isFilled({ ...EMPTY, cannot: true, symptoms: ['cough'] })).toBe(true)
  expect(wordsOf({ ...EMPTY, cannot: true, typed: '36.5', symptoms: ['cough'], note: ' ' })).toEqual({
    temperature: null,
    symptoms: ['cough'],
    mood: null,
    needs: [],
  })
})
