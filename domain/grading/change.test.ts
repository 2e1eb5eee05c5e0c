import { describe, expect, test } from 'vitest'
import { checkManual, fitsWay } from './change.ts'

const TODAY = '2020-03-01'
const red = { grade: 'red' as const, colour: 'red' as const, reason: 'case_confirmed' as const, until: TODAY }
const lower = { grade: null, colour: null, reason: 'wrong_person' as const, until: TODAY }

describe('GRADE-24: changes by hand', () => {
  test('no red without a case number, in grade or in colour', () => {
    expect(() => checkManual(red, TODAY)).toThrow('RED_NEEDS_CASE')
    expect(() => checkManual({ ...red, grade: 'yellow' }, TODAY)).toThrow('RED_NEEDS_CASE')
    expect(() => checkManual({ ...red, caseNo: 'C-7' }, TODAY)).not.toThrow()
  })
  test('it expires: today is the earliest last day, the limit of the reason the latest, that day included', () => {
    expect(() => checkManual({ ...lower, until: '2020-02-29' }, TODAY)).toThrow('MANUAL_TOO_LONG')
    expect(() => checkManual({ ...lower, until: '2020-03-31' }, TODAY)).not.toThrow()
    expect(() => checkManual({ ...lower, until: '2020-04-01' }, TODAY)).toThrow('MANUAL_TOO_LONG')
  })
  test('a reason that clears may not raise; one that raises must raise', () => {
    expect(fitsWay(lower, { grade: 'red', colour: 'red' })).toBe(true)
    expect(fitsWay({ ...lower, colour: 'yellow' }, { grade: 'red', colour: null })).toBe(false)
    expect(fitsWay({ ...red, reason: 'contact_found' }, { grade: 'red', colour: 'red' })).toBe(false)
    expect(fitsWay({ ...red, reason: 'contact_found' }, { grade: 'yellow', colour: 'red' })).toBe(true)
    expect(fitsWay({ ...lower, colour: 'green' }, { grade: 'blue', colour: null })).toBe(true)
  })
})
