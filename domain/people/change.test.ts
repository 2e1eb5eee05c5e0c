import { describe, expect, it, test } from 'vitest'
import { judge, roundPosition } from './change.ts'
import type { LastEdit } from './change.ts'
import { HAZARD_SAY, HAZARDS, mergeHazards } from './hazards.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 1, 1, 8, minute))
const edit = (by: string, from: string, to: string, minute: number): LastEdit => ({ by, from, to, at: at(minute) })

describe('three-way comparison of one field (SYNC-19, PEOPLE-19)', () => {
  const table: [string, Parameters<typeof judge>[0], ReturnType<typeof judge>][] = [
    ['it stands as it was seen', sight('A', 'A', 'B'), 'applied'],
    ['nothing stood and nothing was seen', sight('', '', 'B'), 'applied'],
    ['what is wanted stands already', sight('B', 'A', 'B'), 'same'],
    ['nothing was changed, whatever stands', sight('X', 'A', 'A'), 'same'],
    ['somebody else has changed it (case 46)', sight('X', 'A', 'B'), 'held'],
    ['somebody else has filled it in', sight('X', '', 'B'), 'held'],
    ['somebody else has emptied it', sight('', 'A', 'B'), 'held'],
    [
      'my own earlier edit from the same sight stands (case 46)',
      sight('B', 'A', 'C', edit('me', 'A', 'B', 1)),
      'applied',
    ],
    ['back to what was seen, after my own edit', sight('B', 'A', 'A', edit('me', 'A', 'B', 1)), 'applied'],
    ['my earlier edit arrives after my later one', sight('C', 'A', 'B', edit('me', 'A', 'C', 9)), 'superseded'],
    ['my earlier edit arrives late and says what stands', sight('C', 'A', 'C', edit('me', 'A', 'C', 9)), 'same'],
    ['my edit was changed by somebody who saw it', sight('X', 'A', 'C', edit('other', 'B', 'X', 2)), 'held'],
    ['somebody else’s edit from the same sight', sight('B', 'A', 'C', edit('other', 'A', 'B', 1)), 'held'],
    ['my edit from another sight', sight('B', 'A', 'C', edit('me', 'Z', 'B', 1)), 'held'],
    ['the desk has changed it after my edit', sight('X', 'A', 'C', edit('me', 'A', 'B', 1)), 'held'],
  ]
  function sight(current: string, from: string, to: string, last: LastEdit | null = null) {
    return { current, from, to, last, by: 'me', at: at(5) }
  }
  test.each(table)('%s', (_name, given, verdict) => {
    expect(judge(given)).toBe(verdict)
  })

  it('over all values of three: nothing is overwritten that its writer has not seen', () => {
    const values = ['', 'A', 'B']
    const all = values.flatMap((current) => values.flatMap((from) => values.map((to) => ({ current, from, to }))))
    const judged = all.map((one) => ({ ...one, verdict: judge({ ...one, last: null, by: 'me', at: at(5) }) }))
    const unseen = judged.filter(({ current, from, to }) => current !== from && current !== to && from !== to)
    expect(unseen.map((one) => one.verdict)).toEqual(unseen.map(() => 'held'))
    expect(judged.filter((one) => one.verdict === 'applied' && one.current !== one.from)).toEqual([])
    expect(judged.filter((one) => one.verdict === 'held')).toHaveLength(unseen.length)
  })
})

describe('hazards at a door (PEOPLE-22)', () => {
  it('are merged word by word: what one adds and another takes away are both done', () => {
    expect(mergeHazards(['dog', 'slippery'], ['dog'], ['dog', 'no_light'])).toEqual(['dog', 'no_light', 'slippery'])
    expect(mergeHazards(['dog', 'no_light'], ['dog'], [])).toEqual(['no_light'])
    expect(mergeHazards(['dog'], [], [])).toEqual(['dog'])
  })
  it('are facts of the place: a word that is not on the list is left out, one about a person above all', () => {
    expect(mergeHazards([], [], ['aggressive_person', 'dog'])).toEqual(['dog'])
    expect(Object.keys(HAZARD_SAY).toSorted()).toEqual(HAZARDS.toSorted())
    for (const { zh, en } of Object.values(HAZARD_SAY)) expect(zh + en).not.toMatch(/人|person|people|man|woman/i)
  })
})

describe('the position of a door (PEOPLE-23)', () => {
  it('keeps a tenth of a metre', () => {
    expect(roundPosition({ lat: 31.29876543219, lng: 120.6, accuracy: 4.123 })).toEqual({
      lat: 31.298765,
      lng: 120.6,
      accuracy: 4.1,
    })
  })
})
