import { expect, test } from '@playwright/test'
import type { Page as BrowserPage } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { gradesOf, logInAs, openTasks, Page, until } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { choose, faults, logIn, settled, sideways, windowOf } from '../screens.ts'

/**
 * Declarations against what is known (TRUTH-1 to TRUTH-13), on the desk's screens: both sides stand beside each other, somebody is sent to
 * ask, it is decided, every number opens its list; and nobody's colour or grade has changed by it.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let found: { id: string; personId: string }[] = []

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

const Identity = z.looseObject({
  name: z.string().nullable(),
  document: z.looseObject({ number: z.string() }).nullable(),
})
const Found = z.looseObject({ id: z.string(), personId: z.string() })

const SHOTS = process.env['WEIWANG_SHOTS']
async function shot(page: BrowserPage, name: string): Promise<void> {
  if (SHOTS === undefined) return
  await settled(page)
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

/** Jobs find and judge a moment after what they follow: the answer that has stood still for so long is the last. */
const STILL_MS = 3_000
async function still<T>(what: string, ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
  let [seen, since] = ['', 0]
  return until(
    what,
    async () => {
      const answer = await ask()
      const text = JSON.stringify(answer)
      if (text !== seen) [seen, since] = [text, Date.now()]
      return enough(answer) && Date.now() - since > STILL_MS ? answer : null
    },
    120,
  )
}

/** Not everybody who stands on a list was somewhere that a declaration would have to name. */
const DECLARED = 12

/** People on the lists are registered as having been nowhere, as somebody might who would rather not say. */
async function declareNothing(operator: Client, wanted: number): Promise<void> {
  let declared = 0
  for (const { personId, area } of await openTasks(operator)) {
    if (personId === null) continue
    const { name, document } = await operator.write(Identity, `/api/people/${personId}/open`, {
      purpose: 'check_at_door',
    })
    if (name === null || document === null) continue
    await operator.post('/api/registrations/proxy', {
      id: randomUUID(),
      who: { document: { kind: 'resident', number: document.number }, name },
      home: { area, address: '1 号' },
      answers: { situation: 'living', registeredHere: true, underMeasure: false },
      words: { purpose: 'home' },
    })
    declared += 1
    if (declared === DECLARED) break
  }
  found = await still(
    'contradictions',
    async () => {
      const { items } = await operator.read(Page, '/api/contradictions', { list: 'all', limit: 50 })
      return items.map((one) => Found.parse(one)).map(({ id, personId }) => ({ id, personId }))
    },
    (items) => items.length >= wanted,
  )
}

/** Of those whose declarations were looked at: others on the lists may be judged anew meanwhile, as days and visits have it. */
async function gradesOfFound(operator: Client): Promise<[string, string][]> {
  const ids = new Set(found.map(({ personId }) => personId))
  return [...(await gradesOf(operator))].filter(([id]) => ids.has(id))
}

test('both sides, somebody sent to ask, a decision; no grade has changed by it', async ({ page }) => {
  test.setTimeout(300_000)
  const operator = await logInAs(at, at.login('county', 'operator').login)
  await declareNothing(operator, 3)
  const before = await still(
    'grades',
    () => gradesOfFound(operator),
    (all) => all.length > 0,
  )
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/declarations`)
  await expect(page.getByText('申报近14天未到过其他地区').first()).toBeVisible()
  await shot(page, 'truth-list-1440-zh')
  const [first, second] = found
  await page.goto(`${at.address}/declarations?list=all&open=${first?.id ?? ''}`)
  await page.getByRole('button', { name: '派人核实' }).click()
  await windowOf(page).getByRole('button', { name: '派人核实' }).click()
  await expect(page.getByText('派人电话核实')).toBeVisible()
  await shot(page, 'truth-asked-1440-zh')
  await page.goto(`${at.address}/declarations?list=all&open=${second?.id ?? ''}`)
  await page.getByRole('button', { name: '认定' }).click()
  await choose(page, '认定', /无法判断/)
  await windowOf(page).getByRole('button', { name: '认定' }).click()
  await expect(page.locator('.history').getByText('无法判断')).toBeVisible()
  expect(await gradesOfFound(operator)).toEqual(before)
})

test('every number opens a list of the same length', async ({ page }) => {
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/declarations?tab=figures`)
  for (const label of ['发现', '核实中', '无法判断']) {
    const door = page.locator('.figure').filter({ hasText: label }).first()
    await expect(door).toContainText(/\d/)
    const n = Number(/\d+/.exec((await door.innerText()).replaceAll(',', ''))?.[0])
    await door.click()
    await expect(page.getByText(new RegExp(`共 ${n} `)).first()).toBeVisible()
    await page.goBack()
  }
})

const PAGES = ['/declarations', '/declarations?list=all', '/declarations?tab=figures']

test('at 1440, 768 and 360 px, in Chinese and English, without a fault that a screen reader would meet', async ({
  page,
}) => {
  test.setTimeout(600_000)
  await logIn(page, at, 'county', 'operator')
  for (const lang of ['zh', 'en']) {
    await page.evaluate((one) => localStorage.setItem('weiwang.lang', one), lang)
    for (const width of [1440, 768, 360]) {
      await page.setViewportSize({ width, height: width < 700 ? 780 : 900 })
      for (const path of [...PAGES, `/declarations?list=all&open=${found[0]?.id ?? ''}`]) {
        await page.goto(`${at.address}${path}`)
        await page.waitForLoadState('networkidle')
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await faults(page), `${path} ${lang} ${width}`).toEqual([])
        const wider = await sideways(page)
        expect(wider, `${path} ${lang} ${width}`).toBeLessThanOrEqual(0)
        await shot(page, `truth${path.replaceAll(/[^a-z]+/g, '-').slice(0, 40)}-${width}-${lang}`)
      }
    }
  }
})
