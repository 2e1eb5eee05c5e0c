import { expect, test } from 'vitest'
import { isStray } from './queue.ts'

function refused(stack: string): Error {
  const error = new Error('connect ECONNREFUSED 127.0.0.1:35095')
  error.stack = `Error: ${error.message}\n${stack}`
  return error
}

test('of promises that nobody holds only the one of the library’s timers is forgiven', () => {
  // As seen when PostgreSQL was killed at the turn of a minute.
  expect(isStray(refused('    at async scheduleCronJobs (/srv/node_modules/graphile-worker/src/cron.ts:120:3)'))).toBe(
    true,
  )
  expect(isStray(refused('    at async touch (/srv/server/dist/access/session.js:40:5)'))).toBe(false)
  expect(isStray('graphile-worker/cron')).toBe(false)
})
