import { expect, test } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'

let deployment: Deployment

test.beforeAll(async () => {
  deployment = await startDeployment()
})
test.afterAll(async () => {
  await deployment?.stop()
})

test("the worker's app is installable, opens without a net after a reload, and keeps nothing of the server's answers", async ({
  page,
  context,
}) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${deployment.address}/worker/`)
  await expect(page.locator('#root')).not.toBeEmpty()
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })

  // What the browser asks for before it offers to install.
  const manifest = await page.request.get(`${deployment.address}/worker/manifest.webmanifest`)
  const said = (await manifest.json()) as { name: string; icons: { src: string; sizes: string }[]; start_url: string }
  expect(said.start_url).toBe('/worker/')
  expect(said.name).toContain('微网')
  expect(said.name).toContain('Weiwang')
  for (const { src, sizes } of said.icons) {
    const [width] = sizes.split('x')
    const drawn = await page.evaluate(async (url) => {
      const picture = new Image()
      picture.src = url
      await picture.decode()
      return picture.naturalWidth
    }, `/worker/${src}`)
    expect(drawn).toBe(Number(width))
  }

  // A new version must be seen at the next look, not in a year.
  for (const file of ['', 'sw.js', 'manifest.webmanifest', 'icon-192.png']) {
    const answer = await page.request.get(`${deployment.address}/worker/${file}`)
    expect(answer.headers()['cache-control'], file).toBe('no-cache')
  }

  await context.setOffline(true)
  await page.reload()
  await expect(page.locator('#root')).not.toBeEmpty()
  await page.goto(`${deployment.address}/worker/doors`)
  await expect(page.locator('#root')).not.toBeEmpty()
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toContain('/worker/sw.js')
  const kept = await page.evaluate(async () => {
    const urls: string[] = []
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname)
    return urls
  })
  expect(kept.length).toBeGreaterThan(5)
  expect(kept.filter((url) => !url.startsWith('/worker/'))).toEqual([])
  expect(faults).toEqual([])
})
