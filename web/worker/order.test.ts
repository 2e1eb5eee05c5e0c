import type { TaskCard } from '@weiwang/domain/tasks/api'
import { expect, test } from 'vitest'
import { grouped } from './order.ts'

const base: TaskCard = {
  id: '01890000-0000-7000-8000-000000000001',
  county: '320505',
  area: '320505001001001',
  areaName: '狮山街道 网格 1',
  campaignId: '01890000-0000-7000-8000-0000000000c1',
  personId: null,
  householdId: null,
  masked: '张*明',
  door: '3 幢 201',
  grade: 'yellow',
  state: 'pushed',
  outcome: null,
  disposition: null,
  assignee: null,
  reference: 'A1',
  attempts: 0,
  acceptBy: null,
  answerBy: '2026-02-15T10:00:00Z',
  nextTry: null,
  dueDay: null,
  lateMinutes: 0,
  escalated: 0,
  openedAt: '2026-02-15T00:00:00Z',
  answeredAt: null,
  closedAt: null,
  updatedAt: '2026-02-15T00:00:00Z',
  version: 1,
}
const now = new Date('2026-02-15T09:00:00Z')
const end = new Date('2026-02-15T16:00:00Z')
const task = (id: string, patch: Partial<TaskCard>): TaskCard => ({ ...base, id, ...patch })

test('late stands before today, today before later, and a task that waits for a later day last', () => {
  const shown = grouped(
    [
      task('later', { answerBy: '2026-02-16T10:00:00Z' }),
      task('waits', { state: 'waiting', answerBy: '2026-02-15T08:00:00Z' }),
      task('today', {}),
      task('late', { answerBy: '2026-02-15T09:00:00Z' }),
    ],
    now,
    end,
  )
  expect(shown.map((g) => [g.group, g.tasks.map((t) => t.id)])).toEqual([
    ['late', ['late']],
    ['today', ['today']],
    ['later', ['later']],
    ['waiting', ['waits']],
  ])
})

test('red before yellow whatever the hour; of one grade and hour, doors in walking order (2 before 10)', () => {
  const shown = grouped(
    [
      task('d10', { door: '10 幢' }),
      task('d2', { door: '2 幢' }),
      task('red', { grade: 'red', answerBy: '2026-02-15T12:00:00Z' }),
    ],
    now,
    end,
  )
  expect(shown[0]?.tasks.map((t) => t.id)).toEqual(['red', 'd2', 'd10'])
})
