import { createServer, request as ask } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { fillLogIn, openPhone, registerIsDown, typePin } from '../screens.ts'

/** The app is updated while the outbox is full: a gate before the program gives another version of the app and cuts the net. */
let at: Deployment
let gate: Server
let address = ''
const now = { version: 1, net: true }

function pass(incoming: IncomingMessage, answer: ServerResponse): void {
  const path = incoming.url ?? ''
  if (!now.net && path.startsWith('/api/')) return void incoming.socket.destroy()
  const { hostname, port } = new URL(at.address)
  const onward = ask({ hostname, port, path, method: incoming.method, headers: incoming.headers }, (said) => {
    const isWorker = path === '/worker/sw.js'
    const { 'content-length': _length, 'content-encoding': encoding, etag: _etag, ...headers } = said.headers
    answer.writeHead(said.statusCode ?? 502, isWorker ? headers : said.headers)
    if (!isWorker) return void said.pipe(answer)
    if (encoding !== undefined) throw new Error('the service worker came compressed')
    said.on('data', (part: Buffer) => answer.write(part))
    said.on('end', () => answer.end(`\n// version ${now.version}\n`))
  })
  onward.on('error', () => incoming.socket.destroy())
  incoming.pipe(onward)
}

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  gate = createServer((incoming, answer) => {
    // Whole and readable, never "as you have it".
    if (incoming.url === '/worker/sw.js')
      for (const name of ['accept-encoding', 'if-none-match', 'if-modified-since']) delete incoming.headers[name]
    pass(incoming, answer)
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  const bound = gate.address()
  address = `http://localhost:${typeof bound === 'object' && bound ? bound.port : 0}`
})
test.afterAll(async () => {
  gate?.closeAllConnections()
  gate?.close()
  await at?.stop()
})

const strip = (page: Page) => page.getByRole('region', { name: '传送情况' })
const VISITS = 4

test('a new version with a full outbox: offered when no form is open, taken when asked for, and everything goes up once', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${address}/worker/login`)
  await fillLogIn(page, at.login('grid', 'worker'))
  await openPhone(page)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  await registerIsDown(page)
  await expect(strip(page)).toContainText('本机没有待传')
  now.net = false
  for (let i = 0; i < VISITS; i++) {
    await page.getByRole('link', { name: '户', exact: true }).click()
    await page.getByRole('textbox', { name: /^查找/ }).fill(`${i + 1}01`)
    await page.locator('a.card:has(.card-door)').first().click()
    await page.locator('a.big-primary').click()
    await page.getByRole('radio', { name: '见到本人' }).check()
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await expect(page.getByRole('heading', { name: '已存本机' })).toBeVisible()
    await page.getByRole('link', { name: '下一户' }).click()
  }
  await expect(strip(page)).toContainText(`本机 ${VISITS} 条待传`)

  // A form is open: the new version is there and waits.
  await page.locator('summary.group').first().click()
  await page.locator('a.card:has(.card-door)').first().click()
  await page.locator('a.big-primary').click()
  await page.getByLabel(/^备注/).fill('写到一半')
  now.version = 2
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/worker/')
    await registration?.update()
  })
  const waiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration('/worker/'))?.waiting?.state ?? '')
  await expect.poll(waiting, { timeout: 30_000 }).toBe('installed')
  await expect(page.getByRole('button', { name: '现在更新' })).toHaveCount(0)
  await page.getByRole('button', { name: '返回' }).click()
  await page.getByRole('button', { name: '返回' }).click()
  await page.getByRole('link', { name: '今天', exact: true }).click()
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '现在更新' }).click()])

  await typePin(page)
  await expect(strip(page)).toContainText(`本机 ${VISITS} 条待传`)
  expect(await waiting()).toBe('')
  await page.getByRole('link', { name: '我的', exact: true }).click()
  await page.getByRole('link', { name: '填到一半的' }).click()
  await expect(page.getByText('写到一半')).toBeVisible()
  now.net = true
  await page.getByRole('button', { name: '返回' }).click()
  await page.getByRole('link', { name: /^待传/ }).click()
  await page.getByRole('button', { name: '现在同步' }).click()
  await page.getByRole('link', { name: '我的', exact: true }).click()
  await expect(strip(page)).toContainText(`服务器已有今天 ${VISITS} 条`, { timeout: 60_000 })
  await expect(strip(page)).toContainText('本机没有待传')
})
