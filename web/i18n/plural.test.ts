import { expect, test } from 'vitest'
import { setSingular, unitFor } from './plural.ts'

test('one is singular, with an adjective and its verb; anything else stays', () => {
  expect(
    [
      'Goes to 1 grids and concerns 15 people',
      '1 rows are due for deletion today',
      'Changes the grade or colour of 1 people',
      '1 open tasks, 1 workers',
      '11 people, 2.1 days, 1,001 rows, 21 grids',
      '将改变 1 人',
      '1 rooms found, 1 emergencies, 1 rule sets waiting, 1 others',
    ].map(setSingular),
  ).toEqual([
    'Goes to 1 grid and concerns 15 people',
    '1 row is due for deletion today',
    'Changes the grade or colour of 1 person',
    '1 open task, 1 worker',
    '11 people, 2.1 days, 1,001 rows, 21 grids',
    '将改变 1 人',
    '1 room found, 1 emergency, 1 rule set waiting, 1 other',
  ])
  expect([unitFor(1, 'household visits'), unitFor(2, 'tasks'), unitFor(1, '条')]).toEqual([
    'household visit',
    'tasks',
    '条',
  ])
})
