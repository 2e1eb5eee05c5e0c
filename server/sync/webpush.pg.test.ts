import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Actor } from '@weiwang/domain/access/actor'
import { dayOf, instantOf } from '@weiwang/domain/core/day'
import webpush from 'web-push'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { A, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { pushRoutes } from './routes-push.ts'
import { sweep, wakeGrids } from './webpush.ts'
import { wakeJobs } from './webpush-jobs.ts'
import { wakeRoutes } from './webpush-routes.ts'

const pair = webpush.generateVAPIDKeys()

type Told = { path: string; headers: IncomingMessage['headers']; bytes: number }
let told: Told[] = []
let answers: number[] = []
let service: HttpServer
let base = ''
let w: World

beforeAll(async () => {
  service = createServer((request, response) => {
    let bytes = 0
    request.on('data', (chunk: Buffer) => (bytes += chunk.length))
    request.on('end', () => {
      told.push({ path: request.url ?? '', headers: request.headers, bytes })
      response.writeHead(answers.shift() ?? 201).end()
    })
  })
  await new Promise<void>((done) => service.listen(0, '127.0.0.1', done))
  const address = service.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  w = await makeWorld({
    rooms: [{ room: 'wakes', jobs: wakeJobs }],
    routes: [pushRoutes, wakeRoutes],
    env: {
      VAPID_PUBLIC: pair.publicKey,
      VAPID_PRIVATE: pair.privateKey,
      VAPID_SUBJECT: 'mailto:desk@example.org',
      PUSH_HOSTS: '127.0.0.1',
    },
  })
})
afterAll(async () => {
  await w.close()
  service.close()
})
beforeEach(() => {
  told = []
  answers = []
})

/** Moves the clock of the program to an hour of tomorrow. */
function goTo(hour: number, minute = 0): void {
  const { zone } = w.server.clock
  const now = w.server.clock.now()
  const next = instantOf(dayOf(new Date(now.getTime() + 24 * 3_600_000), zone), zone, hour, minute)
  w.server.clock.shift(next.getTime() - now.getTime())
}

async function phoneOf(actor: Actor, on = true): Promise<string> {
  const device = randomUUID()
  await w.post(actor, '/api/sync/phones', { device, name: '红米', app: '1.0.0', protocol: 1 })
  if (on) {
    const answer = await w.post(actor, '/api/sync/wake', { device, endpoint: `${base}/${device}` })
    if (answer.status !== 200) throw new Error(answer.text)
  }
  return device
}

async function instruct(grid: string): Promise<void> {
  const county = await w.desk(A)
  const answer = await w.post(county, '/api/instructions', {
    id: randomUUID(),
    area: A,
    instruction: {
      title: '核对',
      text: '今日核对',
      to: [grid],
      level: 6,
      route: 'straight',
      dueAt: new Date(w.server.clock.now().getTime() + 36_000_000).toISOString(),
    },
  })
  if (answer.status !== 200) throw new Error(answer.text)
  await w.drain()
}

async function run(): Promise<string[]> {
  const before = told.length
  await wakeGrids(w.server)
  await w.drain()
  return told.slice(before).map(({ path }) => path.slice(1))
}

describe('WAKE: web push', () => {
  test('WAKE-1: an instruction wakes the phones of its grid once, with an empty message signed by the site', async () => {
    goTo(10)
    const [grid = '', other = ''] = w.grids(A)
    const mine = await phoneOf(await w.worker(grid))
    const unit = await phoneOf(await w.worker(`${grid}001`))
    await phoneOf(await w.worker(other))
    await phoneOf(await w.worker(grid), false)
    await instruct(grid)
    expect((await run()).toSorted()).toEqual([mine, unit].toSorted())
    expect(told[0]?.bytes).toBe(0)
    expect(String(told[0]?.headers.authorization)).toContain(`k=${pair.publicKey}`)
    expect(told[0]?.headers.ttl).toBe('14400')
    // What has woken once does not wake again, also when the timer comes twice.
    expect(await run()).toEqual([])
    const counted = await w.sql('select n, night from wake_count')
    expect(counted).toEqual([
      { n: 1, night: 0 },
      { n: 1, night: 0 },
    ])
  })

  test('WAKE-3: at night an instruction waits for the morning and a red task does not', async () => {
    goTo(21)
    const [, , grid = ''] = w.grids(A)
    const mine = await phoneOf(await w.worker(grid))
    await instruct(grid)
    expect(await run()).toEqual([])
    await w.person(grid, 'red')
    await w.person(grid, 'yellow')
    await w.push(A)
    expect(await run()).toEqual([mine])
    expect(
      await w.sql('select night from wake_count where account_id = (select account_id from phone where device = $1)', [
        mine,
      ]),
    ).toEqual([{ night: 1 }])
    const [, , , quiet = ''] = w.grids(A)
    const asleep = await phoneOf(await w.worker(quiet))
    await instruct(quiet)
    expect(await run()).toEqual([])
    goTo(8, 1)
    expect(await run()).toEqual([asleep])
  })

  test('WAKE-3: a call for help wakes the phones of the desk that was told, and of nobody else, at night too', async () => {
    goTo(2)
    const desk = await w.desk(A)
    const [theirs] = [await phoneOf(desk), await phoneOf(await w.worker(w.grids(A)[1] ?? ''))]
    await w.server.asSystem('test', async (ctx) =>
      ctx.emit('help.asked', { id: randomUUID(), area: A, accounts: [desk.id] }),
    )
    await w.drain()
    expect(told.map(({ path, bytes }) => [path, bytes])).toEqual([[`/${theirs}`, 0]])
  })

  test('WAKE-4: a busy service is asked again, a dead address is forgotten, a lost phone is left alone', async () => {
    goTo(10)
    const [, , , , grid = ''] = w.grids(A)
    const worker = await w.worker(grid)
    const mine = await phoneOf(worker)
    await instruct(grid)
    answers = [503]
    expect(await run()).toEqual([mine])
    await w.sql(`update graphile_worker._private_jobs set run_at = now()`)
    await w.drain()
    expect(told.map(({ path }) => path.slice(1))).toEqual([mine, mine])
    await instruct(grid)
    answers = [410]
    await run()
    expect(await w.sql('select 1 from phone_wake where device = $1', [mine])).toEqual([])
    expect(await w.sql('select 1 from graphile_worker._private_jobs')).toEqual([])

    const next = await phoneOf(worker)
    await instruct(grid)
    await w.post(await w.desk(A), `/api/sync/phones/${next}/lost`, { account: worker.id, reason: '丢失' })
    expect(await run()).toEqual([])
    await sweep(w.server)
    expect(await w.sql('select 1 from phone_wake where device = $1', [next])).toEqual([])
  })

  test('WAKE-2: only a phone of one’s own, only a push service that is known; and off again', async () => {
    const [grid = ''] = w.grids(A)
    const worker = await w.worker(grid)
    const device = await phoneOf(worker)
    const put = (actor: Actor, endpoint: string) => w.post(actor, '/api/sync/wake', { device, endpoint })
    expect((await put(worker, 'https://10.0.0.5/x')).body.code).toBe('WAKE_ADDRESS')
    expect((await put(worker, 'http://localhost:1/x')).body.code).toBe('WAKE_ADDRESS')
    expect((await put(await w.worker(grid), `${base}/x`)).status).toBe(404)
    expect((await w.get(worker, '/api/sync/wake')).body).toEqual({ key: pair.publicKey, on: false })
    // A phone that does not say which it is, is the one of its session.
    const here: Actor = { ...(await w.worker(grid)), sessionId: randomUUID() }
    expect((await w.post(here, '/api/sync/wake', { endpoint: `${base}/x` })).status).toBe(404)
    await phoneOf(here, false)
    expect((await w.post(here, '/api/sync/wake', { endpoint: `${base}/x` })).status).toBe(200)
    expect((await w.get(here, '/api/sync/wake')).body.on).toBe(true)
    expect((await w.post(here, '/api/sync/wake/end', {})).body.on).toBe(false)
    expect((await w.get(here, '/api/sync/wake')).body.on).toBe(false)
    // The address lies sealed: nothing of it can be read in the row.
    const [row] = await w.sql('select endpoint_sealed from phone_wake where device = $1', [device])
    expect(row.endpoint_sealed.toString('latin1')).not.toContain('127.0.0.1')
    expect((await w.post(worker, '/api/sync/wake/end', { device })).body).toEqual({ on: false })
    expect(await w.sql('select 1 from phone_wake where device = $1', [device])).toEqual([])
  })
})
