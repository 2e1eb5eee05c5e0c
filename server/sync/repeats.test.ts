import { expect, test } from 'vitest'
import { nameOf, repeats } from './repeats.ts'

test('SYNC-12: the same request at the same time or later gets the answer that it had; another one is run', async () => {
  const seen = repeats<number>(10, 1000)
  let runs = 0
  const run = async (): Promise<number> => ++runs
  expect(await Promise.all([seen.once('a', 0, run), seen.once('a', 1, run)])).toEqual([1, 1])
  expect([await seen.once('a', 900, run), await seen.once('b', 900, run)]).toEqual([1, 2])
  expect(await seen.once('a', 1100, run)).toBe(3)
})

test('what failed is tried like a new one; no more are kept than so many', async () => {
  const seen = repeats<string>(3, 1000)
  await expect(seen.once('a', 0, () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await seen.once('a', 0, async () => 'there')).toBe('there')
  for (const name of ['b', 'c', 'd', 'e']) await seen.once(name, 1, async () => name)
  expect(seen.size()).toBe(3)
  expect(await seen.once('a', 2, async () => 'again')).toBe('again')
})

test('two requests are the same by way, account, device, clock and items', () => {
  const body = { device: 'd', clock: '2020-02-15T01:00:00.000Z', items: [{ key: 'k' }, 'no item'] }
  const name = nameOf('push', 'a', body)
  expect(nameOf('push', 'a', { ...body, items: [{ key: 'k', more: 1 }, 5] })).toBe(name)
  const others = [
    nameOf('sealed', 'a', body),
    nameOf('push', 'b', body),
    nameOf('push', 'a', { ...body, clock: '2020-02-15T01:00:00.001Z' }),
    nameOf('push', 'a', { ...body, items: [{ key: 'k' }] }),
  ]
  expect(others).not.toContain(name)
})
