import { describe, expect, test } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { taskCounts, sharedLevels, differenceOf } from './counts.ts'
import {
  availableActions,
  decideAccept,
  decideAnswer,
  decideAssign,
  decideAttempt,
  decideCorrection,
  decideLocate,
  decidePass,
  decideRegrade,
  decideReturn,
  decideReview,
} from './decide.ts'
import type { Answer, Decision } from './decide.ts'
import { DISPOSITIONS } from './disposition.ts'
import { clockFrom, hoursOf } from './due.ts'
import { readTaskEvent } from './event.ts'
import type { TaskEvent } from './event.ts'
import { foldTask, isOverdue, nextEscalation, record } from './fold.ts'
import type { TaskState } from './fold.ts'
import { nextTry } from './retry.ts'

const ZONE = 'Asia/Shanghai'
const at = (iso: string) => ({ now: new Date(iso), zone: ZONE, hours: hoursOf({}) })
const T0 = '2020-02-10T02:00:00.000Z'
const GRID = '320506001001001'
const WORKER = '00000000-0000-7000-8000-00000000000a'
const OTHER = '00000000-0000-7000-8000-00000000000b'

type Story = { state: TaskState; events: TaskEvent[] }

function open(grade: 'red' | 'yellow' | 'blue' = 'red', area = GRID): Story {
  return record(
    null,
    [
      {
        kind: 'opened',
        body: {
          on: '2020-02-10',
          pushId: null,
          root: 'r',
          campaignId: 'c',
          personId: 'p',
          householdId: null,
          grade,
          clock: clockFrom(new Date(T0), grade, hoursOf({}), ZONE),
          sources: ['rail'],
          movedFrom: null,
        },
      },
    ],
    { area, by: null, occurredAt: T0, recordedAt: T0 },
  )
}

function go(story: Story, iso: string, decide: (state: TaskState, when: ReturnType<typeof at>) => Decision): Story {
  const decision = decide(story.state, at(iso))
  if (!decision.ok) throw decision.problem
  if (decision.events.length === 0) return story
  const next = record(story.state, decision.events, {
    area: story.state.area,
    by: WORKER,
    occurredAt: iso,
    recordedAt: iso,
  })
  return { state: next.state, events: [...story.events, ...next.events] }
}

function refusal(
  story: Story,
  iso: string,
  decide: (state: TaskState, when: ReturnType<typeof at>) => Decision,
): string {
  const decision = decide(story.state, at(iso))
  return decision.ok ? 'ok' : (decision.problem.body.rule ?? '')
}

const answer = (disposition: string, more: Partial<Answer> = {}): Answer => ({
  disposition,
  method: 'door',
  visitId: 'v',
  successor: null,
  expectedDay: null,
  earlier: null,
  ...more,
})
const T1 = '2020-02-10T03:00:00.000Z'

describe('TASK-10: what each disposition does to the task', () => {
  const expected: Record<string, [string, string | null]> = {
    HERE_HOME_OBS: ['closed', 'answered'],
    HERE_CENTRAL: ['closed', 'answered'],
    HERE_MONITOR: ['closed', 'answered'],
    HERE_RELEASED: ['closed', 'answered'],
    HERE_NO_RISK: ['closed', 'answered'],
    HERE_TRANSIT_ONLY: ['closed', 'answered'],
    HERE_REFUSED: ['review', null],
    HERE_SYMPTOM: ['closed', 'answered'],
    AWAY_OTHER_AREA: ['review', null],
    NOT_RESIDENT: ['returned', null],
    NOT_RETURNED: ['waiting', null],
    WRONG_INFO: ['closed', 'answered'],
    PHONE_EMPTY: ['in_progress', null],
    PHONE_OFF: ['in_progress', null],
    NO_ANSWER: ['in_progress', null],
    HUNG_UP: ['in_progress', null],
    PHONE_NOT_OWNER: ['in_progress', null],
    DUPLICATE: ['closed', 'merged_duplicate'],
    DECEASED_OTHER: ['review', null],
  }
  test('the table is complete', () => {
    expect(DISPOSITIONS.map((d) => d.code).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const d of DISPOSITIONS)
      expect([d.say.zh, d.say.en, d.after.zh, d.after.en].every((text) => text.length > 0)).toBe(true)
  })
  test.each(DISPOSITIONS.map((d) => d.code))('%s', (code) => {
    const { state } = go(open(), T1, (s, w) => decideAnswer(s, answer(code), w))
    expect([state.state, state.outcome]).toEqual(expected[code])
    // Answered is what ends the clock: nothing that goes on may look answered.
    expect(state.answeredAt !== null).toBe(['closed', 'review'].includes(state.state))
    expect(taskCounts(state).length).toBe(state.answeredAt === null ? 0 : 1)
  })
  test('case 19: a disposition that is not in the list is kept raw and reviewed', () => {
    const { state } = go(open(), T1, (s, w) => decideAnswer(s, answer('GONE_FISHING'), w))
    expect([state.state, state.disposition]).toEqual(['review', 'GONE_FISHING'])
  })
  test('AWAY_OTHER_AREA with a place in reach closes here and names its successor', () => {
    const successor = { county: '320102', taskId: 't2', area: '320102' }
    const { state, events } = go(open(), T1, (s, w) => decideAnswer(s, answer('AWAY_OTHER_AREA', { successor }), w))
    expect([state.state, state.outcome]).toEqual(['closed', 'answered'])
    expect(events[1]).toMatchObject({ kind: 'answered', body: { successor } })
  })
})

test('case 4, 66: NOT_RETURNED waits until 00:00 of the day and is late only after that day', () => {
  const { state } = go(open(), '2020-02-11T09:30:00.000Z', (s, w) =>
    decideAnswer(s, answer('NOT_RETURNED', { expectedDay: '2020-02-13' }), w),
  )
  expect(state.dueDay).toBe('2020-02-13')
  expect(isOverdue(state, '2020-02-13T15:59:59.000Z')).toBe(false)
  expect(isOverdue(state, '2020-02-13T16:00:00.000Z')).toBe(false) // the due moment itself is still in time (case 67)
  expect(isOverdue(state, '2020-02-13T16:00:00.001Z')).toBe(true)
})

describe('TASK-6: returned up and down again, never sideways more than twice', () => {
  const down = (area: string) => (s: TaskState, w: ReturnType<typeof at>) =>
    decidePass(s, { area, reason: 'x', householdId: null }, w)
  const up = (s: TaskState, w: ReturnType<typeof at>) =>
    decideReturn(s, { reason: 'not_my_area', disposition: null, visitId: null }, w)
  test('grid → village → other grid, twice; the third time is refused and the centre may end it', () => {
    let story = open()
    for (const grid of ['320506001001002', '320506001001003']) {
      story = go(story, T1, up)
      expect([story.state.area, story.state.state, story.state.assignee]).toEqual(['320506001001', 'returned', null])
      story = go(story, T1, down(grid))
      expect(story.state.area).toBe(grid)
    }
    expect(story.state.bounces).toBe(2)
    story = go(story, T1, up)
    expect(refusal(story, T1, down('320506001001004'))).toBe('TASK-6')
    story = go(story, T1, (s, w) => decideReview(s, { decision: 'change', disposition: 'NOT_RESIDENT' }, w))
    expect([story.state.state, story.state.outcome, story.state.disposition]).toEqual([
      'closed',
      'answered',
      'NOT_RESIDENT',
    ])
  })
  test('the first way down from where it could not be resolved is no bounce', () => {
    const story = go(open('red', '320506001'), T1, down(GRID))
    expect(story.state.bounces).toBe(0)
  })
  test('straight across from grid to grid counts', () => {
    expect(go(open(), T1, down('320506001001009')).state.bounces).toBe(1)
  })
  test('a unit goes back to the village, a county to nobody, another county is not passed to', () => {
    expect(go(open('red', `${GRID}001`), T1, up).state.area).toBe('320506001001')
    expect(refusal(open('red', '320506'), T1, up)).toBe('TASK-6')
    expect(refusal(open(), T1, down('320102001001001'))).toBe('TASK-7')
  })
})

describe('TASK-9: police are asked only after three tries on two channels and the door', () => {
  const tries = (channels: ('phone' | 'door')[]) =>
    channels.reduce(
      (story, channel) => go(story, T1, (s, w) => decideAttempt(s, { channel, result: 'NO_ANSWER', visitId: null }, w)),
      open(),
    )
  const locate = (s: TaskState, w: ReturnType<typeof at>) => decideLocate(s, w)
  test.each([
    [['phone', 'phone'], 'TASK-9'],
    [['phone', 'phone', 'phone', 'phone'], 'TASK-9'],
    [['door', 'phone'], 'TASK-9'],
    [['phone', 'door', 'phone'], 'ok'],
  ] as const)('%j: %s', (channels, rule) => {
    expect(refusal(tries([...channels]), T1, locate)).toBe(rule)
  })
})

test('TASK-8: the retry schedule keeps out of the night', () => {
  const late = new Date('2020-02-10T11:00:00Z') // 19:00 local
  expect(nextTry('NO_ANSWER', late, ZONE)?.toISOString()).toBe('2020-02-11T00:00:00.000Z')
  expect(nextTry('NO_ANSWER', new Date(T0), ZONE)?.toISOString()).toBe('2020-02-10T04:00:00.000Z')
  expect(nextTry('PHONE_OFF', new Date(T0), ZONE)?.toISOString()).toBe('2020-02-10T06:00:00.000Z')
  expect(nextTry('HUNG_UP', new Date(T0), ZONE)?.toISOString()).toBe('2020-02-11T01:00:00.000Z')
  expect(nextTry('PHONE_EMPTY', late, ZONE)).toBeNull()
})

describe('TASK-2, TASK-11, TASK-12', () => {
  const closed = () => go(open(), T1, (s, w) => decideAnswer(s, answer('HERE_HOME_OBS'), w))
  test('a closed task takes no more acts', () => {
    expect(refusal(closed(), T1, (s, w) => decideAccept(s, WORKER, w))).toBe('TASK-2')
    expect(refusal(closed(), T1, (s, w) => decideAnswer(s, answer('NO_ANSWER'), w))).toBe('TASK-2')
  })
  test('what a colleague accepted is not taken away; the centre reassigns (case 18)', () => {
    const mine = go(open(), T1, (s, w) => decideAccept(s, WORKER, w))
    expect(refusal(mine, T1, (s, w) => decideAccept(s, OTHER, w))).toBe('TASK-2')
    const given = go(mine, T1, (s, w) => decideAssign(s, OTHER, w))
    expect(given.events.at(-1)).toMatchObject({ kind: 'assigned', body: { to: OTHER, from: WORKER } })
  })
  test('review: confirm closes, change changes the answer, reopen gives a new clock and counts nothing', () => {
    const story = go(open(), T1, (s, w) => decideAnswer(s, answer('HERE_REFUSED'), w))
    const T2 = '2020-02-11T03:00:00.000Z'
    expect(go(story, T2, (s, w) => decideReview(s, { decision: 'confirm', disposition: null }, w)).state.outcome).toBe(
      'answered',
    )
    expect(
      go(story, T2, (s, w) => decideReview(s, { decision: 'change', disposition: 'HERE_MONITOR' }, w)).state
        .disposition,
    ).toBe('HERE_MONITOR')
    const again = go(story, T2, (s, w) => decideReview(s, { decision: 'reopen', disposition: null }, w)).state
    expect([again.state, again.clock.answerBy, taskCounts(again)]).toEqual(['pushed', '2020-02-12T03:00:00.000Z', []])
    expect(refusal(open(), T1, (s, w) => decideReview(s, { decision: 'confirm', disposition: null }, w))).toBe(
      'TASK-11',
    )
  })
  test('a grade that falls to none takes back only what is not answered', () => {
    const gone = { grade: null, sources: [], runId: 'run', reason: 'r' }
    expect(go(open(), T1, (s, w) => decideRegrade(s, gone, w)).state.outcome).toBe('withdrawn')
    expect(go(closed(), T1, (s, w) => decideRegrade(s, gone, w)).state.outcome).toBe('answered')
    const up = go(open('blue'), T1, (s, w) =>
      decideRegrade(s, { grade: 'red', sources: ['air'], runId: 'run', reason: 'r' }, w),
    ).state
    expect([up.grade, up.clock.answerBy, up.sources]).toEqual(['red', '2020-02-11T03:00:00.000Z', ['air', 'rail']])
  })
})

describe('TASK-4: escalation', () => {
  test('red: first the time to accept, after acceptance the time to answer', () => {
    const story = open('red')
    expect(nextEscalation(story.state)).toMatchObject({ clock: 'accept', step: 1, at: '2020-02-10T03:00:00.000Z' })
    const mine = go(story, T1, (s, w) => decideAccept(s, WORKER, w))
    expect(nextEscalation(mine.state)).toMatchObject({
      clock: 'answer',
      step: 1,
      at: '2020-02-10T14:00:00.000Z',
      percent: 50,
    })
  })
  test('each step once, three at most, none after the answer', () => {
    let { state } = go(open('yellow'), T1, (s, w) => decideAccept(s, WORKER, w))
    for (let step = 1; step <= 3; step++) {
      expect(nextEscalation(state)?.step).toBe(step)
      state = record(
        state,
        [{ kind: 'escalated', body: { on: '2020-02-12', clock: 'answer', step, area: '320506', to: [] } }],
        { area: GRID, by: null, occurredAt: T1, recordedAt: T1 },
      ).state
    }
    expect(nextEscalation(state)).toBeNull()
    expect(nextEscalation(go(open(), T1, (s, w) => decideAnswer(s, answer('HERE_REFUSED'), w)).state)).toBeNull()
  })
})

describe('VISIT-6: a corrected visit', () => {
  const correct = (story: Story, code: string, free: boolean) =>
    go(story, '2020-02-11T03:00:00.000Z', (s, w) => decideCorrection(s, answer(code), free, w))
  const first = () => go(open(), T1, (s, w) => decideAnswer(s, answer('HERE_MONITOR'), w))
  test('case 44: another closing answer moves the count by one each way, twice over', () => {
    let story = first()
    for (const code of ['WRONG_INFO', 'HERE_NO_RISK']) {
      const before = taskCounts(story.state)
      story = correct(story, code, true)
      expect(
        differenceOf(before, taskCounts(story.state), (c) => `${c.area}|${c.day}|${c.metric}`)
          .map((c) => c.n)
          .toSorted((a, b) => a - b),
      ).toEqual([-1, 1])
      expect(story.state.answeredDay).toBe('2020-02-10')
    }
  })
  test('an answer that does not end the task opens it again, unless a newer task has the lock', () => {
    expect(correct(first(), 'NO_ANSWER', true).state.state).toBe('in_progress')
    expect(correct(first(), 'NO_ANSWER', false).state.state).toBe('closed')
  })
})

test('TASK-1: folding the stored events gives the state that was built step by step; an unknown kind is skipped', () => {
  let story = open('yellow')
  story = go(story, T1, (s, w) => decideAccept(s, WORKER, w))
  story = go(story, T1, (s, w) => decideAnswer(s, answer('PHONE_OFF', { method: 'phone' }), w))
  story = go(story, T1, (s, w) => decideAnswer(s, answer('NOT_RETURNED', { expectedDay: '2020-02-14' }), w))
  story = go(story, '2020-02-14T03:00:00.000Z', (s, w) => decideAnswer(s, answer('HERE_SYMPTOM'), w))
  const stored: unknown[] = JSON.parse(JSON.stringify(story.events))
  const read = stored.flatMap((row) => readTaskEvent(row) ?? [])
  expect(foldTask(read)).toEqual(story.state)
  expect(readTaskEvent({ ...story.events[1], kind: 'blessed' })).toBeNull()
})

test('STAT-7: shared levels decide at which level a transfer crosses', () => {
  expect(sharedLevels('320506001001001', '320506001001002')).toBe(5)
  expect(sharedLevels('320506', '320102001')).toBe(1)
  expect(sharedLevels('320506001', '320506001001')).toBe(4)
})

test('ACCESS-4: buttons follow role, place and state by the same decisions', () => {
  const actor = (roles: Actor['roles'], scope: string[]): Actor => ({
    kind: 'account',
    id: WORKER,
    name: 'w',
    area: scope[0] ?? '',
    scope,
    roles,
    createdBy: null,
    sessionId: null,
  })
  const ok = (a: Actor, story: Story) =>
    availableActions(story.state, a, at(T1))
      .filter((x) => x.ok)
      .map((x) => x.action)
  expect(ok(actor(['worker'], [GRID]), open())).toEqual(['accept', 'attempt', 'visit', 'return'])
  expect(ok(actor(['worker'], ['320506001001002']), open())).toEqual([])
  expect(ok(actor(['operator'], ['320506']), open())).toEqual([
    'accept',
    'assign',
    'attempt',
    'visit',
    'return',
    'pass',
  ])
  expect(ok(actor(['analyst'], ['320506']), open())).toEqual([])
  const review = go(open(), T1, (s, w) => decideAnswer(s, answer('HERE_REFUSED'), w))
  expect(ok(actor(['operator'], ['320506']), review)).toEqual(['review'])
})
