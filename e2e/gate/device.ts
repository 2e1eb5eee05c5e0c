import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, expect } from '@playwright/test'
import type { BrowserContext, Locator, Page } from '@playwright/test'
import { usualPolicy } from '@weiwang/domain/checkpoints/gate'
import type { GatePolicy } from '@weiwang/domain/checkpoints/gate'
import { z } from 'zod'
import { codeSentTo } from '../api.ts'
import type { Client } from '../api.ts'
import { findChromium } from '../browser.ts'
import { settled } from '../screens.ts'
import { writeFilm, writeNobody, writePicture } from './camera.ts'

/** A gate as a journey needs it: somebody on its roster, its place, and a device with a camera before which things are held. */
const PASSWORD = '三个 不相干 的词 2020'

/** Somebody on the roster with the role, a password and a duty over the area. */
export async function member(
  operator: Client,
  of: { address: string; area: string; phone: string },
): Promise<{ login: string; password: string }> {
  const { account } = await operator.write(
    z.looseObject({ account: z.looseObject({ id: z.string() }) }),
    '/api/accounts',
    { name: '卡口甲', area: of.area, phone: of.phone, roles: ['checkpoint'] },
  )
  const { today } = await operator.read(z.looseObject({ today: z.string() }), '/api/deployment')
  await operator.write(z.unknown(), '/api/duties', { accountId: account.id, area: of.area, kind: 'cover', from: today })
  await operator.post('/api/activation/code', { phone: of.phone })
  const code = await codeSentTo(of.address, of.phone)
  await operator.post('/api/activation', { identifier: of.phone, code, password: PASSWORD, device: 'e2e' })
  return { login: of.phone, password: PASSWORD }
}

/** An estate's gate that takes nobody's temperature, unless told otherwise. */
export async function addGate(
  operator: Client,
  area: string,
  name: { zh: string; en: string },
  more: Partial<GatePolicy> = {},
): Promise<string> {
  const id = randomUUID()
  const usual = usualPolicy('estate')
  await operator.write(z.unknown(), '/api/gates', {
    id,
    area,
    name,
    kind: 'estate',
    policy: {
      ...usual,
      temperature: { ...usual.temperature, ask: 'nobody' },
      call: [...usual.call, { role: 'community', name: '玉山社区', phone: '0512-57500000' }],
      ...more,
    },
  })
  return id
}

export type Device = Awaited<ReturnType<typeof openDevice>>

/** A browser of its own, whose camera films what is held before it. */
export async function openDevice(options: {
  folder: string
  name: string
  lang?: 'zh-CN' | 'en-GB'
  viewport?: { width: number; height: number }
}) {
  const folder = path.join(options.folder, options.name)
  mkdirSync(folder, { recursive: true })
  const film = path.join(folder, 'camera.y4m')
  writeNobody(film)
  const { executablePath, env } = await findChromium()
  const context: BrowserContext = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
    executablePath,
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
    viewport: options.viewport ?? { width: 390, height: 844 },
    locale: options.lang ?? 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    permissions: ['camera'],
  })
  const page: Page = context.pages()[0] ?? (await context.newPage())
  const flash = (): Locator => page.locator('.flash')

  // A verdict is on the screen for a second: each is noted as it appears, so that a busy computer misses none.
  await context.addInitScript(() => {
    const noted: { tune: string; text: string }[] = []
    Reflect.set(window, 'flashes', noted)
    let last: Element | null = null
    new MutationObserver(() => {
      const flash = document.querySelector<HTMLElement>('.flash')
      if (flash === last) return
      last = flash
      if (flash) noted.push({ tune: flash.dataset['tune'] ?? '', text: flash.textContent })
    }).observe(document, { subtree: true, childList: true })
  })
  /** Those up to here were looked at, of the page that was opened then. */
  let [from, opened] = [0, 0]

  async function seen(tune: string, ...words: string[]): Promise<void> {
    await expect
      .poll(
        async () => {
          const { noted, since } = await page.evaluate(
            (): { noted: { tune: string; text: string }[]; since: number } => ({
              noted: Reflect.get(window, 'flashes') ?? [],
              since: performance.timeOrigin,
            }),
          )
          // A page that was opened anew begins again.
          if (since !== opened) [from, opened] = [0, since]
          const at = noted.findIndex(
            (one, i) => i >= from && one.tune === tune && words.every((word) => one.text.includes(word)),
          )
          if (at >= 0) from = at + 1
          return at >= 0 ? '' : `not ${tune} ${words.join()} in ${JSON.stringify(noted.slice(from))}`
        },
        { timeout: 30_000 },
      )
      .toBe('')
  }

  /** The film is changed, and the camera opened anew, which is when the browser reads it. */
  async function hold(what: string | Uint8Array | null): Promise<void> {
    await page.getByRole('link', { name: /^(记录|Log)$/ }).click()
    if (what === null) writeNobody(film)
    else if (typeof what === 'string') writeFilm(film, what)
    else writePicture(film, what)
    await page.getByRole('button', { name: /返回|Back/ }).click()
  }

  /** How many replaced codes the gate knows, as its page says. */
  async function replacedKnown(): Promise<number> {
    const text = (await page.locator('.known').allInnerTexts()).join(' ')
    return Number(/, (\d+) (?:个|codes?)/.exec(text)?.[1] ?? Number.NaN)
  }

  return {
    context,
    page,
    flash,
    seen,
    hold,
    close: (): Promise<void> => context.close(),

    /** Held, answered, and the gate looks again. */
    answers: async (what: string | Uint8Array, tune: string, ...words: string[]): Promise<void> => {
      await hold(what)
      await seen(tune, ...words)
      await expect(flash()).toBeHidden()
    },

    /** Keys as a scanner sends them, one close behind the other: straight to the browser, since every step of a journey is noted. */
    type: async (text: string): Promise<void> => {
      const keys = await context.newCDPSession(page)
      const press = (key: string): Promise<unknown>[] =>
        (['keyDown', 'keyUp'] as const).map((of) =>
          keys.send('Input.dispatchKeyEvent', {
            type: of,
            key,
            code: key === 'Enter' ? key : '',
            ...(of === 'keyDown' && key !== 'Enter' ? { text: key } : {}),
          }),
        )
      await Promise.all([...Array.from(text), 'Enter'].flatMap(press))
      await keys.detach()
    },

    /** Keys and list are fetched because somebody wants it; the list is longer then. */
    update: async (grows = false): Promise<void> => {
      const press = page.getByRole('button', { name: /更新密钥和名单|Fetch keys and list/ })
      // What a verdict leaves to do comes to the front a moment after it, whatever page is open.
      await expect(async () => {
        await page.getByRole('link', { name: /^(更多|More)$/ }).click()
        await expect(press).toBeVisible({ timeout: 3000 })
      }).toPass({ timeout: 20_000 })
      // What is known stands there a moment after the page.
      if (grows) await expect.poll(replacedKnown).toBeGreaterThanOrEqual(0)
      const before = await replacedKnown()
      // A turn that was under way without a network ends first, and may take the press with it.
      await expect(async () => {
        await Promise.all([page.waitForResponse('**/api/code/revocations*', { timeout: 15_000 }), press.click()])
      }).toPass({ timeout: 60_000 })
      if (grows) await expect.poll(replacedKnown).toBeGreaterThan(before)
      await expect(press).toBeEnabled()
      await page.getByRole('button', { name: /返回|Back/ }).click()
    },

    faults: async (): Promise<string[]> => {
      await settled(page)
      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode()
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze()
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.html}`).join('; ')}`)
    },

    /** What a gloved thumb must find is 48 px high, and nothing goes over the side. */
    misfits: (): Promise<string[]> =>
      page.evaluate(() => {
        const found: string[] = []
        const { scrollWidth, clientWidth } = document.documentElement
        if (scrollWidth > clientWidth) found.push(`${scrollWidth} px wide`)
        // What is always there is there, whatever is asked above it.
        for (const one of document.querySelectorAll('.always button')) {
          const { bottom } = one.getBoundingClientRect()
          if (bottom > window.innerHeight) found.push(`${Math.round(bottom)} px down: ${one.textContent}`)
        }
        for (const one of document.querySelectorAll('button, a[href], input, textarea, select')) {
          const { width, height } = (one.closest('label') ?? one).getBoundingClientRect()
          if (width === 0 || height === 0) continue
          if (Math.round(height) < 48 || Math.round(width) < 44)
            found.push(`${Math.round(width)} x ${Math.round(height)}: ${one.outerHTML.slice(0, 120)}`)
        }
        return found
      }),

    picture: async (name: string): Promise<void> => {
      const shots = process.env['WEIWANG_SHOTS']
      if (shots) await page.screenshot({ path: path.join(shots, `gate-${name}.png`) })
    },
  }
}
