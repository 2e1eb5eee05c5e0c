import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressOrder,
  byAddress,
  divide,
  joins,
  leaderDoor,
  LEADER_FIELDS,
  MOST_DOORS,
  outgrown,
  unitCodes,
  watchKind,
  WATCH_DOORS,
} from './watch.ts'
import type { WatchDoor } from './watch.ts'

const GRID = '320506001001001'
let n = 0
const door = (more: Partial<WatchDoor> = {}): WatchDoor => ({
  id: `id${String(n++).padStart(6, '0')}`,
  area: GRID,
  kind: 'home',
  estate: '东巷',
  building: null,
  door: null,
  ...more,
})
const row = (count: number, more: (i: number) => Partial<WatchDoor>): WatchDoor[] =>
  Array.from({ length: count }, (_, i) => door(more(i)))

describe('made from the register (WATCH-1, WATCH-2)', () => {
  test('addresses are ordered as people count them', () => {
    const texts = ['10号', '2号', '1号', '12幢3', '3幢10', '3幢9', null, '甲']
    expect(texts.toSorted(byAddress)).toEqual([null, '1号', '2号', '3幢9', '3幢10', '10号', '12幢3', '甲'])
  })

  test('a villagers’ group is no building; a shop is a shop wherever it is', () => {
    expect(watchKind({ kind: 'home', building: '3组' })).toBe('households')
    expect(watchKind({ kind: 'home', building: '3幢' })).toBe('building')
    expect(watchKind({ kind: 'rental', building: '' })).toBe('households')
    expect(watchKind({ kind: 'business', building: '3幢' })).toBe('shops')
  })

  test('437 doors along a road are 43 units of ten and one of seven', () => {
    const doors = row(437, (i) => ({ door: `${i + 1}号` }))
    const units = divide(doors.toReversed())
    expect(units.map((unit) => unit.doors.length)).toEqual([...Array.from({ length: 43 }, () => 10), 7])
    expect(units[0]?.doors).toEqual(doors.slice(0, 10).map((one) => one.id))
    expect(units[0]?.name).toBe('东巷1号–10号')
  })

  test('a rest of up to four goes with the last unit, a rest of five is one', () => {
    const sizes = (count: number) => divide(row(count, (i) => ({ door: `${i}号` }))).map((unit) => unit.doors.length)
    expect([4, 10, 14, 15, 24, 25].map(sizes)).toEqual([[4], [10], [14], [10, 5], [10, 14], [10, 10, 5]])
  })

  test('each building is one, each street has its own tens of shops', () => {
    const doors = [
      ...row(30, (i) => ({ building: '1幢', door: `${i}` })),
      ...row(3, () => ({ building: '2幢' })),
      ...row(12, (i) => ({ kind: 'shop', estate: '观前街', door: `${i}` })),
      ...row(6, (i) => ({ kind: 'shop', estate: '平江路', door: `${i}` })),
    ]
    expect(divide(doors).map((unit) => [unit.kind, unit.doors.length])).toEqual([
      ['building', 30],
      ['building', 3],
      ['shops', 6],
      ['shops', 12],
    ])
  })

  const anyDoor = fc
    .record({
      kind: fc.constantFrom('home', 'shop', 'rental', 'business', 'dormitory'),
      estate: fc.option(fc.constantFrom('东巷', '西街', '南园')),
      building: fc.option(fc.constantFrom('1幢', '2幢', '3组', '')),
      door: fc.option(fc.integer({ min: 1, max: 400 }).map((i) => `${i}号`)),
    })
    .map((more) => more)

  test('every door is in exactly one unit, whatever the order; units of tens have five to fourteen or are alone in their row', () => {
    fc.assert(
      fc.property(fc.array(anyDoor, { maxLength: 120 }), (given) => {
        const doors = given.map((more) => door(more))
        const units = divide(doors)
        expect(units.flatMap((unit) => unit.doors).toSorted()).toEqual(doors.map((one) => one.id).toSorted())
        expect(divide(doors.toReversed())).toEqual(units)
        for (const unit of units.filter((one) => one.kind === 'households'))
          expect(unit.doors.length).toBeLessThanOrEqual(MOST_DOORS)
        const tens = units.filter((one) => one.kind === 'households')
        expect(tens.length > 1 && tens.some((unit) => unit.doors.length < WATCH_DOORS / 2)).toBe(false)
      }),
    )
  })

  test('codes: the register’s unit where it is free, then the next numbers, never one that was given; 999 is the end', () => {
    const taken = new Set([`${GRID}001`, `${GRID}003`])
    expect(
      unitCodes(GRID, [{ code: null }, { code: `${GRID}003` }, { code: `${GRID}002` }, { code: null }], taken),
    ).toEqual([`${GRID}004`, `${GRID}005`, `${GRID}002`, `${GRID}006`])
    const all = new Set(Array.from({ length: 999 }, (_, i) => `${GRID}${String(i + 1).padStart(3, '0')}`))
    expect(unitCodes(GRID, [{ code: null }], all)).toBe(null)
    expect(unitCodes(GRID, [], all)).toEqual([])
  })
})

describe('doors that come later (WATCH-5)', () => {
  const standing = () => {
    const doors = row(20, (i) => ({ door: `${(i + 1) * 2}号` }))
    return [
      { id: 'first', kind: 'households' as const, doors: doors.slice(0, 10) },
      { id: 'second', kind: 'households' as const, doors: doors.slice(10) },
      { id: 'tower', kind: 'building' as const, doors: row(5, (i) => ({ building: '8幢', door: `${i}` })) },
    ]
  }

  test('between two doors it goes with the one before, at the start of the road with the one after', () => {
    expect(joins(door({ door: '9号' }), standing())).toBe('first')
    expect(joins(door({ door: '21号' }), standing())).toBe('first')
    expect(joins(door({ door: '23号' }), standing())).toBe('second')
    expect(joins(door({ door: '1号' }), standing())).toBe('first')
  })

  test('a flat goes to its building and begins one when that is new; a shop never stands with homes', () => {
    expect(joins(door({ building: '8幢', door: '77' }), standing())).toBe('tower')
    expect(joins(door({ building: '9幢' }), standing())).toBe(null)
    expect(joins(door({ kind: 'shop', door: '9号' }), standing())).toBe(null)
  })

  test('a unit of tens parts when it has fifteen, in the middle of its addresses; a building does not', () => {
    const doors = row(15, (i) => ({ door: `${15 - i}号` }))
    const go = outgrown('households', doors)
    expect(go).toEqual(
      doors
        .toSorted(addressOrder)
        .slice(8)
        .map((one) => one.id),
    )
    expect(outgrown('households', doors.slice(1))).toEqual([])
    expect(
      outgrown(
        'building',
        row(200, () => ({ building: '1幢' })),
      ),
    ).toEqual([])
  })
})

test('WATCH-7: the mask takes by name, so that nothing else comes along', () => {
  const all = { householdId: 'h', building: '1幢', door: '101', members: 3, help: true, grade: 'red', name: '张三' }
  expect(Object.keys(leaderDoor(all)).toSorted()).toEqual([...LEADER_FIELDS].toSorted())
})
