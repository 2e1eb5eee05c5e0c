import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contains, countyOf, cutTo, isAreaCode, levelOf, parentOf, pathOf, upper } from './code.ts'

const lengths = [2, 4, 6, 9, 12, 15, 18]
const code = fc.constantFrom(...lengths).chain((n) => fc.stringMatching(new RegExp(`^[0-9]{${n}}$`)))

describe('area codes', () => {
  test('only the seven lengths are codes', () => {
    expect(
      ['32', '3201', '320105', '320105001', '320105001012', '320105001012001', '320105001012001003'].map(isAreaCode),
    ).toEqual(Array.from({ length: 7 }, () => true))
    expect(['3', '320', '32010', '32010500', '32x1', ''].map(isAreaCode)).toEqual(
      Array.from({ length: 6 }, () => false),
    )
    expect(() => levelOf('320')).toThrow(RangeError)
  })

  test('the path leads from the province to the code, each the parent of the next', () => {
    expect(pathOf('320105001012')).toEqual(['32', '3201', '320105', '320105001', '320105001012'])
    expect(parentOf('320105001')).toBe('320105')
    expect(parentOf('32')).toBeNull()
    expect([countyOf('320105001012'), countyOf('3201')]).toEqual(['320105', '3201'])
    expect(cutTo('320105001012', 3)).toBe('320105')
  })

  test('the range [code, upper) holds exactly what the code contains', () => {
    fc.assert(
      fc.property(code, code, (outer, inner) => {
        expect(inner >= outer && inner < upper(outer)).toBe(contains(outer, inner))
      }),
    )
  })
})
