import { expect, test } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'

/**
 * Web push at the phone's end. There is no push service here, so the browser is handed the message as its service would hand it
 * (WAKE-1): empty, and shown as "there is something new" and nothing else. A browser without windows shows no notification, so
 * what the program asks to be shown is written down beside.
 */
let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at?.stop())

test('an empty push shows that there is something new, and nothing about anybody', async ({ page, context }) => {
  test.setTimeout(120_000)
  await context.grantPermissions(['notifications'], { origin: at.address })
  await page.goto(`${at.address}/worker/`)
  const cdp = await context.newCDPSession(page)
  const registration = new Promise<string>((done) => {
    cdp.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const active = versions.find((one) => one.status === 'activated')
      if (active) done(active.registrationId)
    })
  })
  await cdp.send('ServiceWorker.enable')
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  const registrationId = await registration
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  await worker.evaluate(() => {
    const asked: unknown[] = []
    Object.assign(globalThis, { asked })
    const { prototype } = ServiceWorkerRegistration
    const show = Reflect.get(prototype, 'showNotification')
    Reflect.set(prototype, 'showNotification', function (this: unknown, title: unknown, options: object) {
      asked.push({ title, ...options })
      return Reflect.apply(show, this, [title, options])
    })
  })
  // Twice, as a push service may: the same tag, so that one notification stands.
  for (let i = 0; i < 2; i++)
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: at.address, registrationId, data: '' })
  const something = {
    title: '微网 Weiwang',
    body: '有新任务或指令，请打开查看 · Something new; open to see',
    tag: 'weiwang',
    icon: '/worker/icon-192.png',
  }
  const asked = () => worker.evaluate(() => Reflect.get(globalThis, 'asked'))
  await expect.poll(asked, { timeout: 20_000 }).toEqual([something, something])
})
