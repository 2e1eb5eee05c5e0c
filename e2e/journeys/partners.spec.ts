import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, logIn, windowOf } from '../screens.ts'

/**
 * Other places that verify (CODE-20): one proposes, another approves and is told the key once, verdicts are given and counted, the keys
 * for who verifies alone are taken along, one ends it at once and the key opens nothing any more.
 */
test.describe.configure({ mode: 'serial' })

const SHOTS = process.env['WEIWANG_SHOTS']
let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

async function looked(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await page.waitForLoadState('networkidle')
    expect(await faults(page), `${name} at ${width}`).toEqual([])
    if (SHOTS) await page.screenshot({ path: path.join(SHOTS, `${name}-${width}.png`), fullPage: true })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

const verdict = (key: string): Promise<Response> =>
  fetch(`${at.address}/api/code/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ text: 'WW1:HELLO' }),
  })

test('proposed by one, approved by another who sees the key once, counted, and ended at once', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'city', 'operator')
  await page.goto(`${at.address}/gates?tab=partners`)
  await expect(page.getByText('还没有其他地方在线验码')).toBeVisible()
  await page.getByRole('button', { name: '提议新增' }).click()
  const form = windowOf(page)
  await form.getByLabel('单位').fill('上海市健康码')
  await form.getByLabel('用途').fill('跨省互认')
  await form.getByRole('button', { name: '提议新增' }).click()
  const row = page.getByRole('row').filter({ hasText: '上海市健康码' })
  await expect(row).toContainText('待批准')
  await expect(row.getByRole('button', { name: '批准并生成密钥' })).toHaveCount(0)
  await looked(page, 'partners-proposed')
  // Who proposed reads that it waits for another, and who may decide that it waits for them.
  await page.goto(`${at.address}/`)
  await expect(page.getByText('个在线验码单位待批准')).toBeVisible()
  await page.goto(`${at.address}/gates?tab=partners`)

  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'dark', timezoneId: 'Asia/Shanghai' })
  const second = await context.newPage()
  await second.setViewportSize({ width: 1440, height: 900 })
  await logIn(second, at, 'city', 'chief')
  await second.getByRole('button', { name: 'English', exact: true }).click()
  await second.goto(`${at.address}/`)
  await expect(second.getByText(/other place waiting for your leave to verify codes/)).toBeVisible()
  await second.goto(`${at.address}/gates?tab=partners`)
  const theirs = second.getByRole('row').filter({ hasText: '上海市健康码' })
  await theirs.getByRole('button', { name: 'Approve and make the key' }).click()
  await windowOf(second).getByRole('button', { name: 'Approve and make the key' }).click()
  const shown = windowOf(second).locator('code').first()
  await expect(shown).toContainText('wv_')
  const key = (await shown.innerText()).trim()
  expect((await verdict(key)).status).toBe(200)
  await windowOf(second).getByRole('button', { name: 'Close' }).first().click()
  await expect(theirs).toContainText('in force')
  await expect(second.getByText(key)).toHaveCount(0)
  await looked(second, 'partners-approved-dark')

  const file = page.waitForEvent('download')
  await page.reload()
  await page.getByRole('button', { name: '导出密钥文件' }).click()
  expect((await file).suggestedFilename()).toBe('weiwang-code-keys.json')
  // Counts are written a few seconds later, and the sheet asks again by itself.
  await expect(row).toContainText('拒绝 1', { timeout: 60_000 })
  await row.getByRole('button', { name: '停用' }).click()
  await windowOf(page).getByLabel('理由').fill('密钥遗失')
  await windowOf(page).getByRole('button', { name: '停用' }).click()
  await expect(row).toContainText('已停用')
  expect((await verdict(key)).status).toBe(401)
  await looked(page, 'partners-ended')
  await context.close()
})
