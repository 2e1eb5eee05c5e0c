import { expect, test } from 'vitest'
import { knownSessions } from './known.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('SYNC-11: whose session was good is known by it, in either way of bringing it, until it is good no more', () => {
  const known = knownSessions()
  expect(known.of(bearer('a'))).toBeNull()
  known.note(bearer('a'), 'worker')
  expect(known.of(bearer('a'))).toBe('worker')
  expect(known.of({ cookie: 'other=1; weiwang_session=a' })).toBe('worker')
  expect(known.of({ cookie: 'not_weiwang_session=a' })).toBeNull()
  expect(known.of({})).toBeNull()
  known.forget(bearer('a'))
  expect(known.of(bearer('a'))).toBeNull()
})

test('no more are remembered than so many, those that were used last', () => {
  const known = knownSessions(2)
  for (const one of ['a', 'b', 'a', 'c']) known.note(bearer(one), one)
  expect(['a', 'b', 'c'].map((one) => known.of(bearer(one)))).toEqual(['a', null, 'c'])
})
