import { expect, test } from 'vitest'
import { z } from 'zod'
import { readFilters, writeFilters } from './filters.ts'
import { withSticky } from './parts/GoLink.tsx'
import { doorPath, safeReturn } from './paths.ts'

const Schema = z.object({ list: z.enum(['open', 'overdue']), area: z.string(), grade: z.enum(['red', 'blue']) })

test('an unknown word in a shared address loses itself, not the other filters', () => {
  expect(readFilters(Schema, '?list=overdue&grade=purple&area=320505&x=1')).toEqual({ list: 'overdue', area: '320505' })
})

test('an area code stays text, with its leading zeros', () => {
  expect(readFilters(Schema, '?area=0320')).toEqual({ area: '0320' })
})

test('clearing a filter removes it from the address and keeps the rest', () => {
  expect(writeFilters('?list=open&area=32', { list: null, grade: 'red' })).toBe('?area=32&grade=red')
  expect(writeFilters('?list=open', { list: '' })).toBe('')
})

test('a figure opens its own list with its own filters (STAT-2)', () => {
  expect(doorPath({ path: '/api/tasks', query: { list: 'overdue', area: '320505' } })).toBe(
    '/tasks?list=overdue&area=320505',
  )
})

test('log-in returns only to addresses of this site', () => {
  expect(
    ['/tasks?area=32', '//evil.example', '/\\evil.example', 'https://evil.example', undefined, '/login?to=/'].map(
      safeReturn,
    ),
  ).toEqual(['/tasks?area=32', '/', '/', '/', '/', '/'])
})

test('the area and day of the desk go along with a step, unless the step names its own', () => {
  expect(withSticky('/tasks?list=open', '?area=3205&day=2020-02-10&grade=red')).toBe(
    '/tasks?list=open&area=3205&day=2020-02-10',
  )
  expect(withSticky('/figures?area=320508', '?area=3205')).toBe('/figures?area=320508')
})
