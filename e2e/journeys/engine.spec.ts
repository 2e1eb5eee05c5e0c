import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, expect, test } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
import { build } from 'vite'
import { door, fakeServer, GRID, ME, person, PIN, task } from '../../web/worker/phone/testing.ts'
import type { FakeServer } from '../../web/worker/phone/testing.ts'
import { findChromium } from '../browser.ts'

const PEOPLE = 1000
const DOORS = 400
const TASKS = 200
const ROOT = path.resolve(import.meta.dirname, '../..')

let script = ''
let http: Server
let address = ''
let server: FakeServer
let folder = ''

test.beforeAll(async () => {
  const built = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'silent',
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      lib: { entry: path.join(ROOT, 'e2e/phone/harness.ts'), formats: ['iife'], name: 'harness' },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!output || !('output' in output)) throw new Error('nothing was built')
  script = output.output.flatMap((file) => (file.type === 'chunk' && file.isEntry ? [file.code] : []))[0] ?? ''
  http = createServer((request, response) => {
    const isScript = request.url === '/engine.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/engine.js"></script>')
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const at = http.address()
  address = `http://localhost:${typeof at === 'object' && at ? at.port : 0}`
  server = await fakeServer({ now: () => Date.now() })
  folder = mkdtempSync(path.join(tmpdir(), 'weiwang-engine-'))
})
test.afterAll(() => {
  http?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<{ context: BrowserContext; page: Page; pid: number }> {
  const { executablePath, env } = await findChromium()
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: ['--no-sandbox'],
    env: { ...process.env, ...env },
  })
  await context.exposeFunction(
    'serverNet',
    async ({
      method,
      path: where,
      headers,
      body,
    }: {
      method: string
      path: string
      headers: Record<string, string>
      body: string | number[] | null
    }) => {
      if (!server.reachable) return null
      return server.net({
        method: method as 'GET' | 'POST' | 'PUT',
        path: where,
        headers,
        ...(body === null ? {} : { body: typeof body === 'string' ? body : Uint8Array.from(body) }),
      })
    },
  )
  const page = await context.newPage()
  await page.goto(address)
  await page.evaluate(() => window.openEngine('engine'))
  const session = await context.browser()?.newBrowserCDPSession()
  const info = await session?.send('SystemInfo.getProcessInfo')
  const pid = info?.processInfo.find((one) => one.type === 'browser')?.id ?? 0
  return { context, page, pid }
}

test('the engine in a real browser: register sealed on its disk, ten visits with photos without a net, killed, and exactly ten arrive', async () => {
  test.setTimeout(240_000)
  for (let i = 0; i < DOORS; i++)
    server.put(
      door(`d${i}`, { estate: '玉山花园', building: String(1 + (i % 20)), door: String(100 + i) }, `前进路${i}号`),
    )
  for (let i = 0; i < PEOPLE; i++)
    server.put(
      person(
        `p${i}`,
        `王${String.fromCodePoint(0x4e00 + i)}`,
        { householdId: `d${i % DOORS}` },
        `+86138${String(10_000_000 + i)}`,
      ),
    )
  for (let i = 0; i < TASKS; i++) server.put(task(`t${i}`, { householdId: `d${i}`, personId: `p${i}` }))

  let run = await start()
  const first = await run.page.evaluate(
    async ({ account, pin }) => {
      const began = performance.now()
      await window.phone.enrol({ account, pin })
      const enrolled = performance.now()
      const line = await window.phone.sync()
      return {
        enrol: enrolled - began,
        sync: performance.now() - enrolled,
        line,
        tasks: window.phone.shelf.tasks().length,
      }
    },
    { account: ME, pin: PIN },
  )
  expect(first.line.ok).toBe(true)
  expect(first.tasks).toBe(TASKS)
  const repeat = await run.page.evaluate(() => window.phone.sync())
  expect(repeat).toMatchObject({ ok: true, received: 0 })

  server.reachable = false
  const filed = await run.page.evaluate(async (grid) => {
    const waits: number[] = []
    for (let i = 0; i < 10; i++) {
      const photo = await window.phone.photos.take(await window.makePicture(2400, 1800))
      const began = performance.now()
      await window.phone.outbox.add({
        kind: 'visit.file',
        grid,
        body: { id: `v${i}`, taskId: `t${i % 2}`, method: 'door', result: 'met', answers: {}, occurredAt: '' },
        photos: [photo.id],
      })
      waits.push(performance.now() - began)
    }
    await window.phone.drafts.save({ form: 'f', version: '1', subject: 't5' }, { note: '写到一半' })
    return { waits, filed: window.phone.shelf.task('t0')?.filed }
  }, GRID)
  expect(filed.filed).toBe(true)

  // A flat battery: nothing is ended in order.
  process.kill(run.pid, 'SIGKILL')
  await run.context.close().catch(() => undefined)
  run = await start()
  const slow = await run.context.newCDPSession(run.page)
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const again = await run.page.evaluate(async (pin) => {
    const gate = window.phone.state().gate
    const began = performance.now()
    let usable = 0
    window.phone.subscribe(() => {
      if (usable === 0 && window.phone.shelf.tasks().length > 0) usable = performance.now() - began
    })
    const answer = await window.phone.unlock(pin)
    return {
      gate,
      answer,
      usable,
      whole: performance.now() - began,
      strip: window.phone.strip(),
      people: window.phone.shelf.persons().length,
      name: window.phone.shelf.task('t3')?.person?.name,
      draft: await window.phone.drafts.load({ form: 'f', version: '1', subject: 't5' }),
    }
  }, PIN)
  expect(again).toMatchObject({
    gate: 'locked',
    answer: { ok: true },
    strip: { waiting: 10, photosWaiting: 10 },
    people: PEOPLE,
    name: `王${String.fromCodePoint(0x4e03)}`,
    draft: { content: { note: '写到一半' } },
  })
  const search = await run.page.evaluate(async () => {
    const began = performance.now()
    const hits = await window.phone.search('0007')
    return { ms: performance.now() - began, hits: hits.length }
  })
  expect(search.hits).toBeGreaterThan(0)
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 })

  server.reachable = true
  server.loseAnswers = 1
  await run.page.evaluate(() => window.phone.sync())
  await run.page.evaluate(async () => {
    for (const item of window.phone.outbox.items()) await window.phone.outbox.retry(item.key)
    await window.phone.sync()
  })
  const visits = [...server.taken.values()].filter((item) => item.kind === 'visit.file')
  expect(new Set(visits.map((item) => item.body['id']))).toEqual(new Set(Array.from({ length: 10 }, (_, i) => `v${i}`)))
  expect(visits).toHaveLength(10)
  expect(await run.page.evaluate(() => window.phone.strip())).toMatchObject({
    waiting: 0,
    photosWaiting: 0,
    serverToday: 10,
  })

  // Shrunk, and without what the camera wrote into them.
  expect(server.photos.size).toBe(10)
  for (const { body, headers } of server.photos.values()) {
    expect(headers['content-type']).toBe('image/jpeg')
    expect(Buffer.from(body).includes('GPS')).toBe(false)
    const size = await run.page.evaluate(
      async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/jpeg' }))
        return [bitmap.width, bitmap.height]
      },
      [...body],
    )
    expect(size).toEqual([1280, 960])
  }
  test.info().annotations.push({
    type: 'measured',
    description: JSON.stringify({
      first: { enrol: first.enrol, sync: first.sync, bytes: first.line.bytes },
      repeat: repeat.bytes,
      add: filed.waits,
      slowed: { usable: again.usable, whole: again.whole, search: search.ms },
    }),
  })
  await run.context.close()
})
