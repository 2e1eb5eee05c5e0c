import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { admission, door, threshold, turns } from './admission.ts'

const one = (account: string, device = `phone of ${account}`) => ({ account, device })

test('SYNC-11, case 5: a few are let in and keep their place; the rest are told when to come back, spread', () => {
  const gate = admission(3, Math.random)
  const first = ['a', 'b', 'c'].map((account) => gate.admit(one(account), 0))
  expect(first.every((place) => place.in)).toBe(true)
  const told = Array.from({ length: 300 }, (_, i) => gate.admit(one(`w${i}`), 1000))
  const seconds = told.map((place) => (place.in ? -1 : place.seconds))
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(3)
  expect(Math.max(...seconds)).toBeLessThanOrEqual(303)
  expect(new Set(seconds).size).toBeGreaterThan(50)
  expect(gate.admit(one('a'), 14_000)).toEqual({ in: true })
})

test('a place whose phone went silent is free again, and nobody waits for ever', () => {
  const gate = admission(1, () => 0)
  expect(gate.admit(one('a'), 0).in).toBe(true)
  expect(gate.admit(one('b'), 5_000)).toEqual({ in: false, seconds: 3 })
  expect(gate.admit(one('b'), 15_001).in).toBe(true)
  expect(gate.admit(one('a'), 15_002).in).toBe(false)
})

test('who has everything makes room at once', () => {
  const gate = admission(1, () => 0)
  gate.admit(one('a'), 0)
  expect([gate.holds(one('a')), gate.admit(one('b'), 1).in]).toEqual([true, false])
  gate.leave(one('a'))
  expect([gate.holds(one('a')), gate.admit(one('b'), 2).in]).toEqual([false, true])
})

test('an account has one place, by whatever phone, and only the phone that has it gives it back', () => {
  const gate = admission(3, () => 0)
  const [first, second] = [one('a', 'first'), one('a', 'second')]
  expect([gate.admit(first, 0).in, gate.admit(second, 1).in, gate.full(1)]).toEqual([true, false, false])
  gate.leave(second)
  expect([gate.holds(first), gate.holds(second), gate.wait(second, 2)]).toEqual([true, false, 3])
  gate.leave(first)
  expect(gate.admit(second, 3).in).toBe(true)
})

test('of what takes long two are under way, three wait in their order, the sixth is told to come again', async () => {
  const line = turns(2, 3)
  const entered: number[] = []
  const all = Array.from({ length: 6 }, async (_, i) => (await line.enter()) && entered.push(i))
  expect(await all[5]).toBe(false)
  expect(entered).toEqual([0, 1])
  line.leave()
  await all[2]
  expect(entered).toEqual([0, 1, 2])
  for (let i = 0; i < 4; i++) line.leave()
  await Promise.all(all)
  expect(entered).toEqual([0, 1, 2, 3, 4])
  expect(await line.enter()).toBe(true)
})

test('a crowd is turned away at the door, spread over longer the larger it is', () => {
  const entrance = door(2, () => 1)
  expect([entrance.enter(0).in, entrance.enter(0).in]).toEqual([true, true])
  const told = Array.from({ length: 1000 }, () => entrance.enter(1))
  const seconds = told.map((one) => (one.in ? 0 : one.seconds))
  expect(seconds[0]).toBeLessThan(5)
  expect(seconds.at(-1)).toBeGreaterThan(200)
  entrance.leave()
  expect(entrance.enter(2).in).toBe(true)
})

test('strangers have a part of the places, and a crowd of them lengthens only their own wait', () => {
  const entrance = door(4, () => 1, undefined, 2)
  expect([entrance.enter(0, true).in, entrance.enter(0, true).in, entrance.enter(0, true).in]).toEqual([
    true,
    true,
    false,
  ])
  expect([entrance.full(), entrance.full(true)]).toEqual([false, true])
  for (let i = 0; i < 20_000; i++) entrance.enter(1, true)
  expect([entrance.enter(2).in, entrance.enter(2).in]).toEqual([true, true])
  const told = entrance.enter(2)
  expect(told.in ? 0 : told.seconds).toBeLessThan(5)
  entrance.leave(true)
  expect([entrance.full(), entrance.full(true)]).toEqual([false, false])
})

test('asking how long to wait takes no place', () => {
  const gate = admission(1, () => 0)
  expect([gate.wait(one('a'), 0), gate.full(0)]).toEqual([null, false])
  gate.admit(one('b'), 0)
  expect([gate.wait(one('a'), 0), gate.wait(one('b'), 0), gate.holds(one('a'))]).toEqual([3, null, false])
})

test('who is told to come back is told by how long first syncs take of late', () => {
  const gate = admission(2, () => 1)
  const told = (): number => {
    const place = gate.admit(one('waits'), 0)
    return place.in ? 0 : place.seconds
  }
  const both = (): void => {
    gate.admit(one('a'), 0)
    gate.admit(one('b'), 0)
  }
  both()
  expect([gate.full(0), told()]).toEqual([true, 4])
  for (let i = 0; i < 40; i++) {
    both()
    gate.leave(one('a'), { now: 10_000 })
    gate.leave(one('b'))
  }
  expect(gate.full(0)).toBe(false)
  both()
  expect(told()).toBe(8)
})

test('a crowd before the door is looked at a little at a time while others are busy, in its order, and nobody is forgotten', async () => {
  const seen: number[] = []
  const look = (i: number) => () => {
    const at = performance.now()
    while (performance.now() - at < 0.4);
    seen.push(i)
  }
  let busy = true
  const before = threshold(() => busy)
  const all = Array.from({ length: 30 }, (_, i) => i)
  for (const i of all) before.next(look(i))
  const atOnce = seen.length
  expect(atOnce).toBeGreaterThan(0)
  expect(atOnce).toBeLessThan(10)
  for (let i = 0; i < 200 && seen.length < 30; i++) await sleep(10)
  expect(seen).toEqual(all)
  busy = false
  for (const i of all) before.next(look(i))
  for (let i = 0; i < 200 && seen.length < 60; i++) await sleep(10)
  expect(seen).toEqual([...all, ...all])
})
