import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { paths } from '../../web/worker/paths.ts'
import { walkPhone } from '../phone/screens.ts'
import { settled } from '../screens.ts'

/**
 * Show 7: every screen of the phone at 360 px, in Chinese and in English. Each language is walked once; on each screen contrasts and
 * sizes are looked at in both looks (light, and dark in large text), and the rest, which no look changes, in one of them. Every
 * address of the phone is visited: a new one without a case fails. Pictures of what was seen: WEIWANG_SHOTS=folder.
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
    const bars = document.querySelectorAll('.act-bar, .tabs')
    if (bars.length > 1) found.push(`${bars.length} bars over one another at the foot`)
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

const ONE = 'one'

/** Addresses of the phone that nobody has looked at. */
function unvisited(seen: ReadonlySet<string>): string[] {
  const all = Object.values(paths).map((make) => make(ONE))
  const fixed = new Set(all.filter((path) => !path.split('/').includes(ONE)))
  return all.filter((path) => {
    if (fixed.has(path)) return !seen.has(path)
    const like = new RegExp(`^${path.replace(ONE, '[^/]+')}$`)
    return ![...seen].some((one) => like.test(one) && !fixed.has(one))
  })
}

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['WEIWANG_SHOTS']
  if (folder) await page.screenshot({ path: `${folder}/${name.replaceAll(/[^\w]+/g, '-')}.png`, fullPage: true })
}

for (const lang of ['zh', 'en'] as const) {
  test(`every screen in ${lang === 'zh' ? 'Chinese' : 'English'}`, async ({ page }) => {
    test.setTimeout(900_000)
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(`fault of the page: ${error.message}`))
    const [whole, other] = lang === 'zh' ? [LIGHT, DARK] : [DARK, LIGHT]
    let screens = 0
    const seen = new Set<string>()
    await walkPhone(page, at, lang, async (name) => {
      screens += 1
      seen.add(new URL(page.url()).pathname)
      await dress(page, other)
      const found = [...(await violations(page, 'contrast')), ...(await misfits(page))]
      await shot(page, `${lang} ${name} ${other.scheme}`)
      await dress(page, whole)
      found.push(...(await violations(page, 'whole')), ...(await misfits(page)))
      await shot(page, `${lang} ${name} ${whole.scheme}`)
      faults.push(...found.map((fault) => `${name}: ${fault}`))
    })
    expect(faults).toEqual([])
    expect(unvisited(seen)).toEqual([])
    expect(screens).toBeGreaterThan(82)
  })
}
