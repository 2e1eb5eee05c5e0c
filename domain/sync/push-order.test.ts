import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupsOf } from './push-order.ts'

describe('SYNC-12: the order of items', () => {
  it('keeps what names one thing together, in the order in which it was made, and the rest apart', () => {
    const items = [
      { seq: 3, ids: ['door', 'visit'] },
      { seq: 1, ids: ['door'] },
      { seq: 2, ids: ['task'] },
      { seq: 4, ids: [] },
    ]
    expect(groupsOf(items).map((group) => group.map((one) => one.seq))).toEqual([[1, 3], [2], [4]])
  })

  it('joins groups that a later item names together', () => {
    const items = [
      { seq: 1, ids: ['a'] },
      { seq: 2, ids: ['b'] },
      { seq: 3, ids: ['c'] },
      { seq: 4, ids: ['c', 'a'] },
    ]
    expect(groupsOf(items).map((group) => group.map((one) => one.seq))).toEqual([[1, 3, 4], [2]])
  })

  it('loses nothing, doubles nothing, and never puts two items of one thing into two groups', () => {
    const some = fc.array(
      fc.record({ seq: fc.nat(50), ids: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 3 }) }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(some, (items) => {
        const groups = groupsOf(items)
        expect(new Set(groups.flat())).toEqual(new Set(items))
        expect(groups.flat()).toHaveLength(items.length)
        const owners = new Map<string, number>()
        for (const [i, group] of groups.entries()) {
          expect(group.map((one) => one.seq)).toEqual(group.map((one) => one.seq).toSorted((a, b) => a - b))
          for (const id of group.flatMap((one) => one.ids)) {
            expect(owners.get(id) ?? i).toBe(i)
            owners.set(id, i)
          }
        }
      }),
    )
  })
})
