import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@weiwang/domain/core/problem'
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

test('case 5: beyond so many pulls under way the next is turned away before it is asked who it is, and comes in when there is room', async () => {
  const worker = await p.worker([GRID])
  // Known to the test's sessions from here on.
  expect((await p.pull(worker)).status).toBe(200)
  const pull = (who: string) =>
    fetch(`${address}/api/sync/pull`, {
      method: 'POST',
      headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        device: randomUUID(),
        protocol: 1,
        app: 'test',
        clock: new Date().toISOString(),
        grids: [{ grid: GRID, epoch: 1, n: 1 }],
      }),
    })
  const holds = new pg.Client({ connectionString: p.adminUrl })
  await holds.connect()
  await holds.query('begin')
  await holds.query('lock table phone in access exclusive mode')
  const under = Array.from({ length: MOST_PULLS }, () => pull(worker.id))
  await sleep(500)
  // Nobody's name: whoever looked would answer that there is no such session.
  const away = await pull('nobody')
  expect(away.status).toBe(429)
  const body = await away.json()
  expect(body.details.seconds).toBeGreaterThanOrEqual(3)
  expect(body).toEqual(JSON.parse(JSON.stringify(syncBusy({ seconds: body.details.seconds }).body)))
  expect(syncBusy({ seconds: 3 })).toBeInstanceOf(Problem)
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(away.headers.get(name)).toBe(value)
  expect(away.headers.get('cache-control')).toBe('no-store')
  // Everything else is answered.
  expect((await fetch(`${address}/openapi.json`)).status).toBe(200)
  await holds.query('rollback')
  await holds.end()
  for (const one of under) expect((await one).status).toBe(200)
  expect((await pull('nobody')).status).toBe(401)
  expect((await pull(worker.id)).status).toBe(200)
})
