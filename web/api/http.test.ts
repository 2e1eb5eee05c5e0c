import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { ApiProblem, get, problemOf, send, withQuery } from './http.ts'

afterEach(() => vi.unstubAllGlobals())

function answers(status: number, body: string): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status })))
}

test('a refusal arrives with its rule and its remedy, not as a bare status (case 60)', async () => {
  answers(
    403,
    JSON.stringify({
      code: 'NOT_ALLOWED',
      kind: 'refused',
      rule: 'ACCESS-4',
      message: { zh: '不能', en: 'no' },
      remedy: { zh: '请同事', en: 'ask' },
    }),
  )
  const problem = await get(z.unknown(), '/api/x').catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problemOf(problem)).toMatchObject({ rule: 'ACCESS-4', kind: 'refused', remedy: { en: 'ask' } })
})

test('an answer of another shape is said with its place, and is not shown as if it were right', async () => {
  answers(200, JSON.stringify({ total: 'many' }))
  const problem = await get(z.object({ total: z.number() }), '/api/x').catch((error: unknown) => error)
  expect(problemOf(problem)).toMatchObject({ code: 'ANSWER_SHAPE', at: expect.stringContaining('/api/x total') })
})

test('a page of a proxy instead of JSON is still a problem with words', async () => {
  answers(502, '<html>Bad gateway</html>')
  const problem = await get(z.unknown(), '/api/x').catch((error: unknown) => error)
  expect(problemOf(problem)).toMatchObject({ kind: 'unavailable', message: { en: expect.stringContaining('502') } })
})

test('an unreachable server is its own problem, so that a visit counts as kept here and not as refused', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  const problem = await get(z.unknown(), '/api/x').catch((error: unknown) => error)
  expect(problemOf(problem)).toMatchObject({ code: 'OFFLINE', kind: 'unavailable' })
})

test('a write carries the key of its form and the header that another site cannot set (SYNC-1)', async () => {
  const seen: RequestInit[] = []
  vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
    seen.push(init)
    return Promise.resolve(new Response('{}', { status: 200 }))
  })
  await send(z.unknown(), { path: '/api/x', body: { a: 1 }, key: 'k' })
  expect(seen[0]?.headers).toMatchObject({ 'idempotency-key': 'k', 'x-weiwang': '1' })
})

test('empty filters are left out of the address', () => {
  expect(withQuery('/api/tasks', { area: '32', grade: '', list: undefined, own: null })).toBe('/api/tasks?area=32')
})
