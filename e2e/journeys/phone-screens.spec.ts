import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { walkPhone } from '../phone/screens.ts'
import { settled } from '../screens.ts'

/**
 * Show 7: every screen of the phone at 360 px, in Chinese and in English. Each language is walked once; on each screen the whole
 * check runs in one of the two looks (light, or dark in large text) and the contrasts in the other.
 */
let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at?.stop())
// What the program answers is dressed on its way, which a service worker would hide.
test.use({ serviceWorkers: 'block', viewport: { width: 360, height: 740 } })

type Look = { scheme: 'light' | 'dark'; large: boolean }
const LIGHT: Look = { scheme: 'light', large: false }
const DARK: Look = { scheme: 'dark', large: true }
const WHOLE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

async function dress(page: Page, { scheme, large }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme })
  await page.evaluate((on) => document.documentElement.toggleAttribute('data-large', on), large)
  await settled(page)
}

async function violations(page: Page, of: 'whole' | 'contrast'): Promise<string[]> {
  // In the page itself: nothing here lies in frames, and a tab of its own for each look would be most of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const found = await (of === 'whole' ? axe.withTags(WHOLE) : axe.withRules(['color-contrast'])).analyze()
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.html}`).join('; ')}`)
}

/** What a thumb must find is 48 px high, and nothing goes over the side. */
async function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`${scrollWidth} px wide`)
    for (const one of document.querySelectorAll('button, a[href], summary, input, textarea, select')) {
      if (one.matches('a *, button *')) found.push(`takes a tap of its link: ${one.outerHTML.slice(0, 120)}`)
      // A box that a label wraps is pressed by pressing the label.
      const { width, height } = (one.closest('label') ?? one).getBoundingClientRect()
      if (width === 0 || height === 0) continue
      if (Math.round(height) < 48 || Math.round(width) < 44)
        found.push(`${Math.round(width)} x ${Math.round(height)}: ${one.outerHTML.slice(0, 120)}`)
    }
    return found
  })
}

for (const lang of ['zh', 'en'] as const) {
  test(`every screen in ${lang === 'zh' ? 'Chinese' : 'English'}`, async ({ page }) => {
    test.setTimeout(600_000)
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(`fault of the page: ${error.message}`))
    const [whole, other] = lang === 'zh' ? [LIGHT, DARK] : [DARK, LIGHT]
    let screens = 0
    await walkPhone(page, at, lang, async (name) => {
      screens += 1
      await dress(page, other)
      const found = await violations(page, 'contrast')
      await dress(page, whole)
      found.push(...(await violations(page, 'whole')), ...(await misfits(page)))
      faults.push(...found.map((fault) => `${name}: ${fault}`))
    })
    expect(faults).toEqual([])
    expect(screens).toBeGreaterThan(72)
  })
}
