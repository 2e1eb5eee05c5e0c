import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { logIn } from '../screens.ts'

/** Every room of the desk and the phone opens, in both languages, without a fault that a screen reader would meet. */
test.describe.configure({ mode: 'serial' })

let at: Deployment

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

const DESK = [
  '/',
  '/lists',
  '/tasks',
  '/people',
  '/people?tab=doors',
  '/people?tab=reviews',
  '/feeds',
  '/risk-areas',
  '/rules',
  '/figures',
  '/figures?organised=then',
  '/escalations',
  '/escalations?whose=all',
  '/areas',
  '/areas?tab=propose',
  '/areas?tab=changes',
  '/areas?tab=import',
  '/accounts',
  '/accounts?tab=duties',
  '/phones',
  '/phones?tab=phones',
  '/phones?tab=unsynced',
  '/audit',
  '/emergency',
  '/settings',
]
const PHONE = ['/worker/', '/worker/doors', '/worker/me']

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`)
}

async function opens(page: Page, path: string): Promise<void> {
  const broken: string[] = []
  page.on('pageerror', (error) => broken.push(String(error)))
  await page.goto(`${at.address}${path}`)
  await page.waitForLoadState('networkidle')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await faults(page), path).toEqual([])
  expect(broken, path).toEqual([])
}

test('every room of the desk, in Chinese and in English', async ({ page }) => {
  test.setTimeout(300_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'chief')
  for (const path of DESK) await opens(page, path)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  for (const path of ['/', '/figures', '/rules', '/tasks', '/areas', '/areas?tab=propose', '/escalations']) await opens(page, path)
})

test('the phone, in Chinese', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await logIn(page, at, 'grid', 'worker')
  for (const path of PHONE) await opens(page, path)
})
