import { describe, expect, test } from 'vitest'
import { answerersFor, isChild, yearsOn } from './answerer.ts'
import type { Near } from './answerer.ts'

const DAY = '2020-02-29'
const near = (personId: string, birth: string | null, sex: number, hasPhone = true): Near => ({
  personId,
  birth,
  sex,
  hasPhone,
})

describe('OBS-28 who answers for a child', () => {
  test.each([
    ['2004-02-29', 16],
    ['2004-03-01', 15],
    ['2004-03', 15],
    ['2004-02', 16],
    ['2004', 16],
    [null, null],
    ['', null],
  ])('born %s: %s years on 29 February', (birth, years) => {
    expect(yearsOn(birth, DAY)).toBe(years)
  })

  test('who is sixteen answers; of whom no birth is known nobody says that he is a child', () => {
    expect([isChild('2004-02-29', DAY), isChild('2004-03-01', DAY), isChild(null, DAY)]).toEqual([false, true, false])
  })

  test('a mother with a telephone stands before a father, both before a grandmother; a brother of ten is not there', () => {
    const door = [
      near('grandmother', '1950-01-01', 2),
      near('brother', '2009-01-01', 1),
      near('father', '1985-01-01', 1),
      near('mother', '1987-01-01', 2),
      near('lodger', null, 0),
    ]
    expect(answerersFor('2014-06-01', door, DAY).map((one) => [one.personId, one.likely])).toEqual([
      ['mother', 'mother'],
      ['father', 'father'],
      ['grandmother', 'adult'],
      ['lodger', 'adult'],
    ])
  })

  test('whoever has a telephone is named before whoever has none', () => {
    const door = [near('mother', '1987-01-01', 2, false), near('father', '1985-01-01', 1)]
    expect(answerersFor('2014-06-01', door, DAY).map((one) => one.personId)).toEqual(['father', 'mother'])
  })

  test('somebody only fifteen years older is no parent', () => {
    expect(answerersFor('2014-06-01', [near('sister', '1999-06-02', 2)], DAY)[0]?.likely).toBe('adult')
  })
})
