import { PassTask, ReturnTask, ReviewTask } from '@weiwang/domain/tasks/api'
import { expect, test } from 'vitest'
import { requestOf, START } from './taskRequest.ts'

const ID = '01890000-0000-7000-8000-000000000001'

test('an act that still lacks something has no request, so its button cannot be pressed', () => {
  expect(requestOf('assign', ID, START)).toBeNull()
  expect(requestOf('pass', ID, { ...START, area: { code: '320505', name: '虎丘区' } })).toBeNull()
  expect(requestOf('return', ID, { ...START, reason: '   ' })).toBeNull()
  expect(requestOf('locate', ID, { ...START, reason: '四个字啊' })).toBeNull()
  expect(requestOf('review', ID, { ...START, decision: 'change', reason: '核实' })).toBeNull()
})

test('what is sent fits the schema of the server', () => {
  const pass = requestOf('pass', ID, { ...START, area: { code: '320505', name: '虎丘区' }, reason: '地址在隔壁' })
  const back = requestOf('return', ID, { ...START, reason: '邻居说已搬走' })
  const review = requestOf('review', ID, { ...START, decision: 'change', disposition: 'HERE_NO_RISK', reason: '核实' })
  expect(PassTask.safeParse({ id: ID, ...pass?.body }).success).toBe(true)
  expect(ReturnTask.safeParse({ id: ID, ...back?.body }).success).toBe(true)
  expect(ReviewTask.safeParse({ id: ID, ...review?.body }).success).toBe(true)
})

test('a confirmation carries no other disposition left over from a change of mind', () => {
  const body = requestOf('review', ID, {
    ...START,
    decision: 'confirm',
    disposition: 'HERE_NO_RISK',
    reason: '属实',
  })?.body
  expect(body).toEqual({ decision: 'confirm', reason: '属实' })
})
