import { expect, test } from 'vitest'
import { byDoor, changedSince, foundNobody, grouped, highest, walked } from './order.ts'
import type { DoorView, TaskView, VisitView } from './phone/types.ts'

const door = (label: string): DoorView => ({
  id: label,
  grid: 'g',
  n: 1,
  body: { county: '', area: 'g', kind: 'home', use: 'self', members: 1, hazards: [], version: 1 },
  address: null,
  label,
  local: false,
  marks: [],
})

type Patch = Partial<Omit<TaskView, 'body'>> & { body?: Partial<TaskView['body']> }
function task(id: string, { body, ...patch }: Patch = {}): TaskView {
  return {
    id,
    grid: 'g',
    n: 1,
    body: {
      county: 'c',
      area: 'g',
      campaignId: 'k',
      masked: '张*明',
      reference: id,
      grade: 'yellow',
      state: 'pushed',
      answerBy: '2026-02-15T10:00:00Z',
      version: 1,
      ...body,
    },
    person: null,
    door: door('3 幢 201'),
    filed: false,
    accepted: false,
    returned: false,
    marks: [],
    ...patch,
  }
}
const now = new Date('2026-02-15T09:00:00Z')
const end = new Date('2026-02-15T16:00:00Z')

test('late stands before today, today before later, and a task that waits for a later day after them', () => {
  const shown = grouped(
    [
      task('later', { body: { answerBy: '2026-02-16T10:00:00Z' } }),
      task('waits', { body: { state: 'waiting', answerBy: '2026-02-15T08:00:00Z' } }),
      task('today'),
      task('late', { body: { answerBy: '2026-02-15T09:00:00Z' } }),
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

test('what was filed or returned here is done at once, whatever the server has said so far', () => {
  const shown = grouped(
    [task('filed', { filed: true }), task('back', { returned: true }), task('shut', { body: { state: 'closed' } })],
    now,
    end,
  )
  expect(shown.map((g) => [g.group, g.tasks.length])).toEqual([['done', 3]])
})

test('red before yellow whatever the hour; of one grade and hour, doors in walking order (2 before 10)', () => {
  const shown = grouped(
    [
      task('d10', { door: door('10 幢') }),
      task('d2', { door: door('2 幢') }),
      task('red', { body: { grade: 'red', answerBy: '2026-02-15T12:00:00Z' } }),
    ],
    now,
    end,
  )
  expect(shown[0]?.tasks.map((t) => t.id)).toEqual(['red', 'd2', 'd10'])
})

test('as a walk: each door once with all that is to do there, tasks without a door last, nothing that is done', () => {
  const walk = walked([
    task('nowhere', { door: null }),
    task('b', { door: door('10 幢') }),
    task('a2', { door: door('2 幢') }),
    task('a1', { door: door('2 幢'), body: { grade: 'red' } }),
    task('done', { filed: true, door: door('1 幢') }),
  ])
  expect(walk.map((one) => [one.door?.label ?? null, one.tasks.map((t) => t.id)])).toEqual([
    ['2 幢', ['a1', 'a2']],
    ['10 幢', ['b']],
    [null, ['nowhere']],
  ])
  expect([door('10 幢'), door('9 幢')].toSorted(byDoor)[0]?.label).toBe('9 幢')
})

function visit(id: string, result: string, more: Partial<VisitView['body']> = {}): VisitView {
  return {
    id,
    grid: 'g',
    n: 1,
    body: { county: '', day: '2026-02-15', method: 'door', result, ...more },
    local: false,
    state: null,
  }
}

test('nobody home leaves a re-visit until somebody was met there, or the visit was corrected', () => {
  expect(foundNobody([visit('a', 'not_home')])?.id).toBe('a')
  expect(foundNobody([visit('b', 'met'), visit('a', 'not_home')])).toBeNull()
  expect(foundNobody([visit('b', 'not_home'), visit('a', 'met')])?.id).toBe('b')
  expect(foundNobody([visit('b', 'met', { supersedes: 'a' }), visit('a', 'not_home')])).toBeNull()
  // A task says by itself when it is tried again.
  expect(foundNobody([visit('a', 'not_home', { taskId: 't' })])).toBeNull()
  expect(foundNobody([])).toBeNull()
})

test('news are what came above the number that was seen in its grid; a grid never looked at has none', () => {
  const things = [
    { grid: 'a', n: 5 },
    { grid: 'a', n: 6 },
    { grid: 'b', n: 9 },
  ]
  expect(changedSince(things, { a: 5 })).toEqual([{ grid: 'a', n: 6 }])
  expect(highest(things)).toEqual({ a: 6, b: 9 })
  expect(changedSince(things, highest(things))).toEqual([])
})
