import { expect, test } from 'vitest'
import { readGridRows } from './grid-rows.ts'
import { planGrids } from './plan-grids.ts'

const villages = [
  { code: '320105001012', name: '茶亭社区居委会' },
  { code: '320105001013', name: '张庄村委会' },
  { code: '320105002013', name: '张庄村委会' },
]
const known = {
  code: '320105001012009',
  parent: '320105001012',
  level: 6,
  name: '第9网格',
  kind: 'comprehensive',
  households: 300,
}
const read = (
  ...rows: { village: string; grid: string; unit?: string; name?: string; kind?: string; households?: string }[]
) => readGridRows(rows, villages, [known])

test('AREA-4: grids by code or name, numbers in every spelling, units below them', () => {
  const r = read(
    { village: '320105001012', grid: '1', kind: '综合', households: '320' },
    { village: '茶亭社区', grid: '第2网格', kind: '专属网格', households: '4' },
    { village: '茶亭社区居委会', grid: '001', unit: '3', name: '阳光花园3幢', households: '９６户' },
  )
  expect(r.errors).toEqual([])
  expect(r.warnings).toEqual([])
  expect(r.added.map((a) => [a.code, a.name, a.kind, a.households])).toEqual([
    ['320105001012001', '第1网格', 'comprehensive', 320],
    ['320105001012002', '第2网格', 'dedicated', 4],
    ['320105001012001003', '阳光花园3幢', 'building', 96],
  ])
})

test.each([
  ['a village of another area', { village: '320106001001', grid: '1' }, 'village'],
  ['a name that two villages have', { village: '张庄村', grid: '1' }, 'village'],
  ['number 0', { village: '茶亭社区', grid: '000' }, 'grid'],
  ['text as a number', { village: '茶亭社区', grid: 'A1' }, 'grid'],
  ['a unit without its grid', { village: '茶亭社区', grid: '5', unit: '1' }, 'grid'],
  ['an unknown kind', { village: '茶亭社区', grid: '1', kind: '混合' }, 'kind'],
  ['half a household', { village: '茶亭社区', grid: '1', households: '3.5' }, 'households'],
  ['another name for a grid that exists', { village: '茶亭社区', grid: '9', name: '别名' }, 'name'],
])('AREA-4: refuses %s with row, column and remedy, and goes on', (_, row, column) => {
  const r = read(row, { village: '茶亭社区', grid: '8' })
  expect(r.errors).toMatchObject([{ row: 2, column }])
  expect(r.errors[0]?.remedy.en).not.toBe('')
  expect(r.added.map((a) => a.code)).toEqual(['320105001012008'])
})

test('AREA-4: a row twice is refused, one that is known is unchanged or corrects the size', () => {
  const r = read(
    { village: '茶亭社区', grid: '1' },
    { village: '茶亭社区', grid: '1' },
    { village: '茶亭社区', grid: '9' },
  )
  expect([r.added.length, r.unchanged, r.errors[0]?.row]).toEqual([1, 1, 3])
  expect(read({ village: '茶亭社区', grid: '9', households: '310' }).renewed).toMatchObject([
    { code: known.code, households: 310 },
  ])
})

test('AREA-4: sizes outside 200 to 500 and units above 100 are warned of, not refused', () => {
  const r = read(
    { village: '茶亭社区', grid: '1', households: '199' },
    { village: '茶亭社区', grid: '2', households: '501' },
    { village: '茶亭社区', grid: '2', unit: '1', households: '101' },
    { village: '茶亭社区', grid: '3', households: '200' },
    { village: '茶亭社区', grid: '4', households: '500' },
  )
  expect(r.warnings.map((w) => w.row)).toEqual([2, 3, 4])
  expect(r.added).toHaveLength(5)
})

test('AREA-4: generated grids have 300 to 500 households and lose none', () => {
  for (let households = 1; households < 20_000; households += 37) {
    const grids = planGrids({ code: '320105001012', households })
    expect(grids.reduce((n, g) => n + (g.households ?? 0), 0)).toBe(households)
    for (const g of grids) expect(g.households).toBeLessThanOrEqual(500)
    // Below two grids' worth there is nothing to divide: 510 households are one grid too many and two too few.
    const least = households >= 600 ? 300 : Math.floor(households / 2)
    for (const g of grids) expect(g.households).toBeGreaterThanOrEqual(least)
    expect(grids[0]?.code).toBe('320105001012001')
  }
})
