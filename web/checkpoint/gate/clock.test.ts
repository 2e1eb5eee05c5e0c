import { expect, test } from 'vitest'
import { newBell } from '../../worker/phone/bell.ts'
import { keyRange, newDisk } from '../../worker/phone/testing.ts'
import { LEAP_MS, openClock } from './clock.ts'
import { GateStore } from './store.ts'

const SERVER = Date.parse('2020-02-15T01:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A phone whose clock shows `wall`; `steady` counts since the start of the page. */
function device() {
  const disk = newDisk()
  const at = { wall: SERVER, steady: 1_000 }
  const pass = (ms: number): void => {
    at.wall += ms
    at.steady += ms
  }
  const start = () => {
    at.steady = 0
    const store = new GateStore('clock', { indexedDB: disk, IDBKeyRange: keyRange })
    return openClock({ store, clocks: { wall: () => at.wall, steady: () => at.steady }, bell: newBell() })
  }
  return { at, pass, start }
}

test('a phone that never heard the server is not trusted, and is after the first word', async () => {
  const { at, start } = device()
  at.wall = SERVER + DAY
  const clock = await start()
  expect(clock.trust()).toEqual({ trusted: false, why: 'never' })
  await clock.contact(SERVER, at.steady)
  expect(clock.trust()).toMatchObject({ trusted: true, by: 'server' })
  // A day ahead, and the time is right all the same.
  expect(clock.now()).toBe(SERVER)
})

test('case 70: a clock put back or forward while the gate works changes nothing: the steady count goes on', async () => {
  const { at, pass, start } = device()
  const clock = await start()
  await clock.contact(SERVER, at.steady)
  pass(10 * 60_000)
  at.wall -= DAY
  expect(clock.now()).toBe(SERVER + 10 * 60_000)
  expect(clock.trust().trusted).toBe(true)
})

test('case 70: a leap forward that no short sleep explains ends the trust, and a contact gives it back', async () => {
  const { at, pass, start } = device()
  const clock = await start()
  await clock.contact(SERVER, at.steady)
  pass(60_000)
  at.wall += DAY
  expect(clock.trust()).toEqual({ trusted: false, why: 'leap' })
  await clock.contact(SERVER + 60_000, at.steady)
  expect(clock.trust().trusted).toBe(true)
  expect(clock.now()).toBe(SERVER + 60_000)
})

test('a short sleep, in which the steady count stood still, is made up from the clock', async () => {
  const { at, start } = device()
  const clock = await start()
  await clock.contact(SERVER, at.steady)
  at.wall += 5 * 60_000
  expect(clock.trust().trusted).toBe(true)
  expect(clock.now()).toBe(SERVER + 5 * 60_000)
})

test('case 70: after a new start an earlier time than the last trusted one is not believed', async () => {
  const { at, pass, start } = device()
  const first = await start()
  await first.contact(SERVER, at.steady)
  pass(HOUR)
  await first.observe()
  at.wall -= 30 * 60_000
  const second = await start()
  expect(second.trust()).toEqual({ trusted: false, why: 'back' })
  // Nobody's word makes the time run backwards.
  expect(second.toConfirm()).toBeNull()
  expect(await second.confirm()).toBe(false)
  // The time that is shown stays at the last trusted one.
  expect(second.now()).toBe(SERVER + HOUR)
})

test('a new start soon after goes on; a long time away wants a contact or a second clock', async () => {
  const { at, pass, start } = device()
  const first = await start()
  await first.contact(SERVER, at.steady)
  pass(60_000)
  await first.observe()
  at.wall += LEAP_MS / 2
  expect((await start()).trust()).toMatchObject({ trusted: true, by: 'server' })
  at.wall += 8 * HOUR
  const later = await start()
  expect(later.trust()).toEqual({ trusted: false, why: 'leap' })
  expect(later.toConfirm()).toBe(SERVER + 60_000 + LEAP_MS / 2 + 8 * HOUR)
  expect(await later.confirm()).toBe(true)
  expect(later.trust()).toMatchObject({ trusted: true, by: 'hand' })
})

test('the time of the way is halved: an answer that took two seconds is a second old', async () => {
  const { at, start } = device()
  const clock = await start()
  const sent = at.steady
  at.steady += 2_000
  at.wall += 2_000
  await clock.contact(SERVER, sent)
  expect(clock.now()).toBe(SERVER + 1_000)
})
