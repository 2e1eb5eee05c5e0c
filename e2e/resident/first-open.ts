import { chromium } from '@playwright/test'
import type { Page } from '@playwright/test'
import { findChromium } from '../browser.ts'

/** What opening the page costs on a slow phone over 2G: bytes and time until the code stands there. */
export type Opened = { bytes: number; ms: number }

/** As WebPageTest has 2G: 280 kbit/s down, 256 up, 800 ms there and back. */
const SLOW_NET = { offline: false, latency: 800, downloadThroughput: 280_000 / 8, uploadThroughput: 256_000 / 8 }
const SLOWER_CPU = 4

async function once(page: Page, url: string): Promise<Opened> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', SLOW_NET)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER_CPU })
  let bytes = 0
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  const started = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator('svg.qr path').waitFor({ state: 'attached' })
  const ms = performance.now() - started
  const until = bytes
  await cdp.detach()
  return { bytes: until, ms }
}

/** `first`: nothing on the phone yet but the log-in. `again`: from the home screen, the page and the code on the phone. */
export async function openings(url: string, times: number): Promise<{ first: Opened[]; again: Opened[] }> {
  const { executablePath, env } = await findChromium()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], env: { ...process.env, ...env } })
  const first: Opened[] = []
  const again: Opened[] = []
  try {
    for (let i = 0; i < times; i++) {
      const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 740 } })
      const page = await context.newPage()
      first.push(await once(page, url))
      await page.evaluate(async () => void (await navigator.serviceWorker.ready))
      await page.close()
      const next = await context.newPage()
      again.push(await once(next, url))
      await context.close()
    }
  } finally {
    await browser.close()
  }
  return { first, again }
}
