import { expect, test } from 'vitest'
import { together } from './together.ts'

test('who is alone asks at once; who comes meanwhile goes together, each with an answer of its own', async () => {
  const asked: number[][] = []
  const ask = together(
    async (all: readonly number[]) => {
      asked.push([...all])
      await new Promise((resolve) => setTimeout(resolve, 5))
      return all.map((n) => n * 10)
    },
    { most: 3 },
  )
  expect(await Promise.all([1, 2, 3, 4, 5].map(ask))).toEqual([10, 20, 30, 40, 50])
  expect(asked).toEqual([[1], [2, 3, 4], [5]])
  expect(await ask(6)).toBe(60)
})

test('a fault is told to those who asked with it, and to nobody after', async () => {
  let bad = true
  const ask = together(async (all: readonly number[]) => {
    if (bad) throw new Error('away')
    return all
  })
  const [one, two] = [ask(1), ask(2)]
  await expect(one).rejects.toThrow('away')
  await expect(two).rejects.toThrow('away')
  bad = false
  expect(await ask(3)).toBe(3)
})

test('after a question the next one rests, and takes along who came meanwhile; who is in a hurry does not wait for who is not', async () => {
  const asked: number[][] = []
  const began: number[] = []
  const ask = together(
    async (all: readonly number[]) => {
      began.push(performance.now())
      asked.push([...all])
      return all
    },
    { restMs: 40 },
  )
  await ask(1)
  const two = ask(2)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await Promise.all([two, ask(3)])
  expect(asked).toEqual([[1], [2, 3]])
  expect((began[1] ?? 0) - (began[0] ?? 0)).toBeGreaterThan(35)
  const slow = ask(4, 60_000)
  expect(await Promise.all([slow, ask(5, 0)])).toEqual([4, 5])
  expect(asked.at(-1)).toEqual([4, 5])
})
