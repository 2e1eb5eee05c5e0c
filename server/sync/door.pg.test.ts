import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { syncBusy } from '@weiwang/domain/sync/busy'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECURITY_HEADERS } from '../core/http.ts'
import { GRID, phoneWorld } from './sync.fixture.ts'
import type { Phone } from './sync.fixture.ts'

/** SYNC-11 over a real connection: the way ahead of everything else is not taken by requests that a test injects. */
let p: Phone
let address: string
beforeAll(async () => {
  p = await phoneWorld()
  address = await p.http.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => p.close())

const MOST_PULLS = 40
const FIRST_SYNCS = 4

const pull = (who: string, n: number, more: object = {}) =>
  fetch(`${address}/api/sync/pull`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      device: randomUUID(),
      protocol: 1,
      app: 'test',
      clock: new Date().toISOString(),
      grids: n === 0 ? [] : [{ grid: GRID, epoch: 1, n }],
      ...more,
    }),
  })

/** While it runs nobody's contact can be noted, so that pulls stay under way. */
async function held(run: () => Promise<void>): Promise<void> {
  const holds = new pg.Client({ connectionString: p.adminUrl })
  await holds.connect()
  try {
    await holds.query('begin')
    await holds.query('lock table phone in access exclusive mode')
    await run()
    await holds.query('rollback')
  } finally {
    await holds.end()
  }
}

/** Nobody's name: whoever looked would answer that there is no such session. */
async function turnedAway(answer: Response): Promise<void> {
  expect(answer.status).toBe(429)
  const body = await answer.json()
  expect(body.details.seconds).toBeGreaterThanOrEqual(3)
  expect(body).toEqual(JSON.parse(JSON.stringify(syncBusy({ seconds: body.details.seconds }).body)))
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(answer.headers.get(name)).toBe(value)
  expect(answer.headers.get('cache-control')).toBe('no-store')
}

test('case 5: beyond so many pulls under way the next is turned away before it is asked who it is, and comes in when there is room', async () => {
  const worker = await p.worker([GRID])
  // Known to the test's sessions from here on.
  expect((await p.pull(worker)).status).toBe(200)
  let under: Promise<Response>[] = []
  await held(async () => {
    under = Array.from({ length: MOST_PULLS }, () => pull(worker.id, 1))
    await sleep(500)
    await turnedAway(await pull('nobody', 1))
    // Everything else is answered.
    expect((await fetch(`${address}/openapi.json`)).status).toBe(200)
  })
  for (const one of under) expect((await one).status).toBe(200)
  expect((await pull('nobody', 1)).status).toBe(401)
  expect((await pull(worker.id, 1)).status).toBe(200)
})

test('a first sync for which there is no place is turned away at the door as well; whoever has something already is not, and is read whole', async () => {
  const worker = await p.worker([GRID])
  expect((await p.pull(worker)).status).toBe(200)
  let firsts: Promise<Response>[] = []
  let next: Promise<Response> | null = null
  await held(async () => {
    firsts = Array.from({ length: FIRST_SYNCS }, () => pull(worker.id, 0))
    await sleep(500)
    await turnedAway(await pull('nobody', 0))
    expect((await pull('nobody', 1)).status).toBe(401)
    // What is urgent is short for everybody; a body in many pieces, or of another shape, goes the usual way.
    expect((await pull('nobody', 0, { head: true })).status).toBe(401)
    expect((await pull('nobody', 0, { app: 'x'.repeat(3000) })).status).toBe(401)
    next = pull(worker.id, 1)
    expect((await pull(worker.id, 0, { clock: 'never' })).status).toBe(400)
    await sleep(100)
  })
  for (const one of firsts) expect((await one).status).toBe(200)
  expect((await (next ?? pull('nobody', 1))).status).toBe(200)
})
