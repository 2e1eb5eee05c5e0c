import { expect, test } from 'vitest'
import type { DoorView } from './phone/types.ts'
import { placed, SIDE } from './plan.ts'

const door = (id: string, position: { lat: number; lng: number } | null): DoorView => ({
  id,
  grid: 'g',
  n: 1,
  body: {
    county: '',
    area: 'g',
    kind: 'home',
    use: 'self',
    members: 1,
    hazards: [],
    version: 1,
    position: position && { ...position, accuracy: 10 },
  },
  address: null,
  label: id,
  local: false,
  marks: [],
})

test('north is above, east is right, everything inside, and who has no place is left out', () => {
  const plan = placed([
    door('south-west', { lat: 31.3, lng: 120.58 }),
    door('north-east', { lat: 31.302, lng: 120.583 }),
    door('nowhere', null),
  ])
  const [a, b] = plan.points
  expect(plan.points).toHaveLength(2)
  expect(a && b && a.x < b.x && a.y > b.y).toBe(true)
  expect(plan.points.every(({ x, y }) => x >= 0 && y >= 0 && x <= SIDE && y <= SIDE)).toBe(true)
  // 0.003 degrees of longitude at 31 degrees north.
  expect(Math.abs(plan.metres - 285)).toBeLessThan(10)
})

test('one door alone stands in the middle', () => {
  expect(placed([door('a', { lat: 31.3, lng: 120.58 })]).points[0]).toMatchObject({ x: SIDE / 2, y: SIDE / 2 })
  expect(placed([]).points).toEqual([])
})
