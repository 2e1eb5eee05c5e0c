import { expect, test } from 'vitest'
import { safeReturn } from './paths.ts'

test('log-in returns to a page of the phone and to nothing else', () => {
  expect(
    ['/tasks/1-2', '/worker/doors', '//evil.example', 'https://evil.example', '/login', null].map(safeReturn),
  ).toEqual(['/worker/tasks/1-2', '/worker/doors', '/worker/', '/worker/', '/worker/', '/worker/'])
})
