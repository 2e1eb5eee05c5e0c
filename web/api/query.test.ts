import { QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { newQueryClient, q } from './query.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const Batch = z.object({ state: z.string() })

/** A page that shows one thing; what it shows, and how often the server was asked. */
function page(answer: () => Response) {
  const asked: string[] = []
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path)
    try {
      return Promise.resolve(answer())
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  })
  const client = newQueryClient()
  const observer = new QueryObserver(client, q(Batch, '/api/batches/1'))
  const leave = observer.subscribe(() => undefined)
  return { asked, shown: () => observer.getCurrentResult(), leave }
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })
const away = { code: 'UNAVAILABLE', kind: 'unavailable', message: { zh: '暂时不可用', en: 'not available' } }

test('case 60: a page without an answer, because nobody was there, asks by itself until somebody is', async () => {
  let now: () => Response = () => {
    throw new TypeError('Failed to fetch')
  }
  const { asked, shown, leave } = page(() => now())
  await vi.advanceTimersByTimeAsync(4_900)
  expect([shown().isError, shown().data]).toEqual([true, undefined])
  now = () => json(away, 503)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(shown().isError).toBe(true)
  now = () => json({ state: 'loaded' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect([shown().isError, shown().data]).toEqual([false, { state: 'loaded' }])
  const often = asked.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(often)
  leave()
})

test('a refusal is an answer: it is shown and not asked for again', async () => {
  const { asked, shown, leave } = page(() => json({ ...away, code: 'NOT_FOUND', kind: 'not_found' }, 404))
  await vi.advanceTimersByTimeAsync(60_000)
  expect([shown().isError, asked.length]).toEqual([true, 1])
  leave()
})

test('a page that was left is asked for no more', async () => {
  const { asked, leave } = page(() => json(away, 503))
  await vi.advanceTimersByTimeAsync(100)
  leave()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(1)
})
