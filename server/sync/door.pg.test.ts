import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '@weiwang/domain/access/actor'
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

/** Workers whose sessions this process has seen good. */
async function knownWorkers(n: number): Promise<Actor[]> {
  const workers: Actor[] = []
  while (workers.length < n) {
    const worker = await p.worker([GRID])
    expect((await p.pull(worker)).status).toBe(200)
    workers.push(worker)
  }
  return workers
}

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

/** With a wait that is told in the words of the usual way. */
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

test('a first sync for which there is no place is turned away at the door as well, when its session was good before; whoever has something already is not, and is read whole', async () => {
  const workers = await knownWorkers(FIRST_SYNCS + 1)
  const last = workers.pop()?.id ?? ''
  let firsts: Promise<Response>[] = []
  let next: Promise<Response> | null = null
  await held(async () => {
    firsts = workers.map((worker) => pull(worker.id, 0))
    await sleep(500)
    await turnedAway(await pull(last, 0))
    // Another phone of somebody who has a place waits as well.
    await turnedAway(await pull(workers[0]?.id ?? '', 0))
    next = pull(last, 1)
    expect((await pull(last, 0, { clock: 'never' })).status).toBe(400)
    await sleep(100)
  })
  for (const one of firsts) expect((await one).status).toBe(200)
  expect((await (next ?? pull('nobody', 1))).status).toBe(200)
  expect((await pull(last, 0)).status).toBe(200)
})

test('a phone whose worker has no duty today takes no place of a first sync and waits for none', async () => {
  const workers = await knownWorkers(FIRST_SYNCS + 1)
  const last = workers.pop()?.id ?? ''
  const idle = await p.worker([])
  const mine = (await p.pull(idle)).mine?.version
  expect(mine).toBeTruthy()
  let rest: Promise<Response>[] = []
  await held(async () => {
    const asked = [...Array.from({ length: FIRST_SYNCS }, () => pull(idle.id, 0, { mine })), pull(last, 0)]
    // With as many of them under way as there are places, the next phone that has nothing yet is let in.
    const first = await Promise.race([asked.at(-1), sleep(500)])
    expect(first).toBeUndefined()
    const others = workers.slice(1).map((worker) => pull(worker.id, 0))
    await sleep(500)
    await turnedAway(await pull(workers[0]?.id ?? '', 0))
    asked.push(pull(idle.id, 0, { mine }), ...others)
    rest = asked
  })
  for (const one of rest) expect((await one).status).toBe(200)
})

test('who is nobody takes no place of a first sync, is told nothing of who waits, and lengthens no wait', async () => {
  const workers = await knownWorkers(FIRST_SYNCS + 1)
  const last = workers.pop()?.id ?? ''
  let firsts: Promise<Response>[] = []
  await held(async () => {
    firsts = workers.map((worker) => pull(worker.id, 0))
    await sleep(500)
    const outside = await Promise.all(
      Array.from({ length: 200 }, (_, i) => pull(`nobody ${i}`, 0, i % 2 === 0 ? {} : { app: 'x'.repeat(3000) })),
    )
    // Beyond a few at a time they are not looked at at all.
    for (const { status } of outside) expect([401, 429]).toContain(status)
    expect(outside.filter(({ status }) => status === 401).length).toBeGreaterThan(0)
    const told = await pull(last, 0)
    await turnedAway(told.clone())
    // One waits, so it is served within the shortest wait and what one first sync takes.
    expect((await told.json()).details.seconds).toBeLessThanOrEqual(4)
  })
  for (const one of firsts) expect((await one).status).toBe(200)
})

test('forty who send a head and no body keep nobody out', async () => {
  const [worker] = await knownWorkers(1)
  const { port } = new URL(address)
  const idle = Array.from({ length: MOST_PULLS }, () => connect(Number(port), '127.0.0.1'))
  try {
    for (const socket of idle) {
      socket.on('error', () => undefined)
      socket.write(
        'POST /api/sync/pull HTTP/1.1\r\nhost: x\r\nauthorization: Bearer nobody\r\ncontent-type: application/json\r\ncontent-length: 300\r\n\r\n{',
      )
    }
    await sleep(300)
    expect((await pull(worker?.id ?? '', 0)).status).toBe(200)
    expect((await pull(worker?.id ?? '', 1)).status).toBe(200)
  } finally {
    for (const socket of idle) socket.destroy()
  }
})
