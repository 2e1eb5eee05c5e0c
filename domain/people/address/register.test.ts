import { describe, expect, test } from 'vitest'
import { buildGazetteer } from './gazetteer.ts'
import { parseRest } from './parse.ts'
import { indexPoints, resolveInRegister } from './register.ts'
import type { AddressPoint } from './register.ts'
import { resolveAddress } from './resolve.ts'

const gazetteer = buildGazetteer([
  { code: '32', name: '江苏省' },
  { code: '3201', name: '南京市' },
  { code: '320105', name: '建邺区' },
  { code: '320105001', name: '莫愁湖街道' },
  { code: '320105001012', name: '茶亭社区居委会' },
  { code: '320105001013', name: '江东门社区居委会' },
])
const point = (p: Partial<AddressPoint> & { street: string; area: string }): AddressPoint => ({
  village: p.area.slice(0, 12),
  numberFrom: null,
  numberTo: null,
  parity: 0,
  building: null,
  ...p,
})
const points = indexPoints([
  point({ street: '水西门大街', numberFrom: 1, numberTo: 199, parity: 1, area: '320105001012001' }),
  point({ street: '水西门大街', numberFrom: 2, numberTo: 200, parity: 2, area: '320105001013004' }),
  point({ street: '阳光花园', building: '3', area: '320105001012002001' }),
  point({ street: '阳光花园', building: '4幢', area: '320105001012002002' }),
  point({ street: '阳光花园', area: '320105001012002' }),
])
const resolve = (text: string, prior?: string) => resolveInRegister(resolveAddress({ text, prior }, gazetteer), points)

describe('ADDR-8: from the village to the grid and unit', () => {
  test('odd and even house numbers lie in different grids', () => {
    expect(resolve('建邺区水西门大街57号').code).toBe('320105001012001')
    expect(resolve('建邺区水西门大街58号').code).toBe('320105001013004')
  })

  test('a number outside every range, or none, stays where it was', () => {
    expect(resolve('建邺区水西门大街999号').code).toBe('320105')
    expect(resolve('建邺区水西门大街').code).toBe('320105')
  })

  test('a building is found in every spelling, an unknown one stays at the estate', () => {
    for (const door of ['3幢', '三号楼', '3栋2单元501室', '3-2-501', '3#'])
      expect(resolve(`建邺区阳光花园${door}`).code).toBe('320105001012002001')
    expect(resolve('建邺区茶亭社区阳光花园9幢').code).toBe('320105001012002')
  })

  test('an address that names no area is placed by its prior and a point', () => {
    expect(resolve('阳光花园4幢', '320105')).toMatchObject({ code: '320105001012002002', fallback: null })
    expect(resolve('阳光花园4幢').code).toBeNull()
  })

  test('nothing is claimed outside what was certain', () => {
    expect(resolve('建邺区江东门社区水西门大街57号').code).toBe('320105001013')
  })
})

describe('ADDR-7: street, number, estate and door', () => {
  test.each([
    ['水西门大街58号3幢2单元501室', { street: '水西门大街', number: 58, building: '3', unit: '2', room: '501' }],
    ['新金路12-1号', { street: '新金路', number: 12, sub: '1' }],
    ['阳光花园3-2-501', { estate: '阳光花园', building: '3', unit: '2', room: '501' }],
    ['幸福里六号楼乙单元', { estate: '幸福里', building: '6', unit: '乙' }],
    ['三组15号', { group: 3, number: 15 }],
    ['第十二村民小组', { group: 12 }],
    ['庙灯路99弄6号', { street: '庙灯路', number: 99 }],
    ['上海花园9幢B座', { estate: '上海花园', building: '9' }],
  ])('%s', (text, want) => {
    expect(parseRest(text)).toMatchObject(want)
  })
})
