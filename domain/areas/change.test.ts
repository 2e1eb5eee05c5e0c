import { describe, expect, test } from 'vitest'
import { affectedTops, decideChange, doorGoesTo } from './change.ts'
import type { Known, Look } from './change.ts'
import { ChangePlan } from './api.ts'
import { contains, levelOf, parentOf } from './code.ts'

const V = '320105001012'
const W = '320105001013'
const area = (code: string, name = code, households: number | null = null): Known => ({
  code,
  parent: parentOf(code),
  level: levelOf(code),
  name,
  kind: 'comprehensive',
  households,
})

function look(areas: Known[], ended: string[] = []): Look {
  const byCode = new Map(areas.map((a) => [a.code, a]))
  return {
    get: (code) => byCode.get(code),
    below: (code) => areas.filter((a) => a.code !== code && contains(code, a.code)),
    used: (parent) => new Set([...areas.map((a) => a.code), ...ended].filter((c) => parentOf(c) === parent)),
  }
}

const world = look(
  [
    area('320105'),
    area('320105001'),
    area('320105002'),
    area(V, '茶亭社区'),
    area(W, '江东门社区'),
    area(`${V}001`, '第1网格', 900),
    area(`${V}002`, '第2网格', 150),
    area(`${V}001001`),
    area(`${V}001002`),
    area(`${V}002001`),
  ],
  [`${V}003`],
)
const decide = (plan: unknown, w = world) => decideChange(ChangePlan.parse(plan), w)
const refusal = (plan: unknown) => {
  try {
    decide(plan)
  } catch (error) {
    return error instanceof Error ? error.message.split(':')[0] : ''
  }
  return 'none'
}
const share = (s: object) => ({ areas: [], buildings: [], households: [], ...s })
const split = {
  kind: 'split',
  code: `${V}001`,
  parts: [
    { name: '西', share: share({}) },
    { name: '东', share: share({ areas: [`${V}001002`] }) },
  ],
  rest: 0,
}

describe('AREA-5: split', () => {
  test('parts get the next codes that were never used, units go along and keep their last digits', () => {
    const d = decide(split)
    expect(d.begins.map((a) => a.code)).toEqual([`${V}004`, `${V}005`, `${V}004001`, `${V}005002`])
    expect(d.ends.map((a) => a.code)).toEqual([`${V}001`, `${V}001001`, `${V}001002`])
    expect(d.successors).toContainEqual({ code: `${V}001002`, successor: `${V}005002` })
    expect(d.area).toBe(V)
    expect(affectedTops(d)).toEqual([`${V}001`])
  })

  test('a door goes where it is named, where its unit goes, or to the rest', () => {
    const parts = [
      { name: '西', share: share({}) },
      {
        name: '东',
        share: share({
          areas: [`${V}001002`],
          buildings: [{ estate: '阳光花园', building: null }],
          households: ['0190a000-0000-7000-8000-000000000001'],
        }),
      },
    ]
    const d = decide({ ...split, parts })
    const follow = (code: string) =>
      d.successors.filter((s) => s.code === code && code !== `${V}001`).map((s) => s.successor)[0]
    const to = (door: Partial<{ id: string; area: string; estate: string; building: string }>) =>
      doorGoesTo(d.plan, { id: 'x', area: `${V}001`, estate: null, building: null, ...door }, follow)
    expect(to({})).toBe(`${V}004`)
    expect(to({ area: `${V}001001` })).toBe(`${V}004001`)
    expect(to({ area: `${V}001002` })).toBe(`${V}005002`)
    expect(to({ estate: '阳光花园', building: '3' })).toBe(`${V}005`)
    expect(to({ id: '0190a000-0000-7000-8000-000000000001', area: `${V}001001` })).toBe(`${V}005`)
  })

  test.each([
    [
      'nothing twice',
      { ...split, parts: split.parts.map((p) => ({ ...p, share: share({ areas: [`${V}001002`] }) })) },
      'AREA_PART_OVERLAPS',
    ],
    [
      'nothing from outside',
      { ...split, parts: [split.parts[0], { name: '东', share: share({ areas: [`${V}002001`] }) }] },
      'AREA_SHARE_OUTSIDE',
    ],
    [
      'a used code is not given again',
      { ...split, parts: [{ name: '西', code: `${V}003`, share: share({}) }, split.parts[1]] },
      'AREA_CODE_TAKEN',
    ],
    [
      'a code of another parent',
      { ...split, parts: [{ name: '西', code: `${W}001`, share: share({}) }, split.parts[1]] },
      'AREA_CODE_ELSEWHERE',
    ],
    ['someone must take the rest', { ...split, rest: 7 }, 'AREA_BAD_REST'],
    ['counties are not split here', { ...split, code: '320105' }, 'AREA_LEVEL_FIXED'],
  ])('%s', (_, plan, code) => {
    expect(refusal(plan)).toBe(code)
  })
})

describe('AREA-6: merge', () => {
  test('one of them goes on and takes the units of the others under free numbers', () => {
    const d = decide({ kind: 'merge', codes: [`${V}001`, `${V}002`], into: `${V}001`, name: '第1网格' })
    expect(d.renewed).toMatchObject([{ code: `${V}001`, households: 1050 }])
    expect(d.successors).toEqual([
      { code: `${V}002`, successor: `${V}001` },
      { code: `${V}002001`, successor: `${V}001003` },
    ])
    expect(d.ends.map((a) => a.code)).not.toContain(`${V}001`)
  })

  test('into a new code all of them end', () => {
    const d = decide({ kind: 'merge', codes: [`${V}001`, `${V}002`], name: '新网格' })
    expect(d.begins.map((a) => a.code)).toEqual([`${V}004`, `${V}004001`, `${V}004002`, `${V}004003`])
    expect(d.ends).toHaveLength(5)
  })

  test('only siblings', () => {
    expect(refusal({ kind: 'merge', codes: [`${V}001`, W], name: 'x' })).toBe('AREA_NOT_SIBLINGS')
    expect(refusal({ kind: 'merge', codes: [V, V], name: 'x' })).toBe('AREA_NOT_SIBLINGS')
  })
})

test('AREA-7: a rename keeps the code and refuses the same name', () => {
  expect(decide({ kind: 'rename', code: V, name: '新茶亭社区' })).toMatchObject({
    ends: [],
    begins: [],
    renewed: [{ code: V, name: '新茶亭社区' }],
  })
  expect(refusal({ kind: 'rename', code: V, name: '茶亭社区' })).toBe('AREA_SAME_NAME')
})

test('AREA-8: a move gives new codes all the way down and lies in the area that holds both ends', () => {
  const d = decide({ kind: 'move', code: V, to: '320105002' })
  expect(d.area).toBe('320105')
  expect(d.begins.map((a) => a.code).toSorted()).toEqual([
    '320105002001',
    '320105002001001',
    '320105002001001001',
    '320105002001001002',
    '320105002001002',
    '320105002001002001',
  ])
  expect(d.begins.every((b) => b.parent === parentOf(b.code))).toBe(true)
  expect(refusal({ kind: 'move', code: V, to: '320105001' })).toBe('AREA_BAD_TARGET')
  expect(refusal({ kind: 'move', code: V, to: '320105' })).toBe('AREA_BAD_TARGET')
})
