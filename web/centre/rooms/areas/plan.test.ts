import { SplitPlan } from '@weiwang/domain/areas/api'
import { expect, test } from 'vitest'
import { doorsBetween, give, keyOf, planOf, START, withoutPart } from './plan.ts'

const area = { code: '320505001001001', name: '第一网格' }

test('a split names what each part takes; what goes to the rest is not named', () => {
  const draft = {
    ...START,
    area,
    parts: ['西', '东 '],
    areas: give({}, [`${area.code}001`, `${area.code}002`], 1),
    buildings: give(
      give({}, [keyOf({ estate: '红星里', building: null })], 1),
      [keyOf({ estate: null, building: '2幢' })],
      0,
    ),
    doors: give({}, ['3f0b1a52-6a1c-4c6b-9d6e-1f2a3b4c5d6e'], 1),
  }
  const plan = planOf(draft)
  expect(plan).toMatchObject({
    rest: 0,
    parts: [
      { name: '西', share: { areas: [], buildings: [], households: [] } },
      {
        name: '东',
        share: {
          areas: [`${area.code}001`, `${area.code}002`],
          buildings: [{ estate: '红星里', building: null }],
          households: ['3f0b1a52-6a1c-4c6b-9d6e-1f2a3b4c5d6e'],
        },
      },
    ],
  })
  expect(SplitPlan.safeParse(plan).success).toBe(true)
})

test('nothing is asked while a name, an area or a target is missing', () => {
  expect(planOf(START)).toBeNull()
  expect(planOf({ ...START, area, parts: ['西', ' '] })).toBeNull()
  expect(planOf({ ...START, kind: 'move', area })).toBeNull()
  expect(planOf({ ...START, kind: 'merge', area, name: '大' })).toBeNull()
  expect(planOf({ ...START, kind: 'rename', area, name: '新名' })).toEqual({
    kind: 'rename',
    code: area.code,
    name: '新名',
  })
})

test('a removed part gives its shares back and the parts after it keep theirs', () => {
  const draft = { ...START, parts: ['甲', '乙', '丙'], rest: 2, areas: { a: 0, b: 1, c: 2 } }
  expect(withoutPart(draft, 1)).toMatchObject({ parts: ['甲', '丙'], rest: 1, areas: { a: 0, c: 1 } })
  expect(withoutPart(draft, 2).rest).toBe(0)
})

test('a range of doors goes by numbers, whichever end is typed first', () => {
  const doors = ['101', '1单元102室', '1001', '9号', null].map((door, i) => ({ id: String(i), door, members: 0 }))
  expect(doorsBetween(doors, '110', '9')).toEqual(['0', '1', '3'])
  expect(doorsBetween(doors, '', '9')).toEqual([])
})
