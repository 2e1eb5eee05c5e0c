import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { logIn as clientOf } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, goTo, logIn, sideways, windowOf } from '../screens.ts'

/**
 * Gates on the desk's screens (GATE-1, GATE-7, GATE-11 to GATE-13): a gate is made in both languages, every number opens its list, a
 * referral is closed, passages are opened for a case by two people, a day has its certificate; wide and narrow, light and dark.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let operator: Client
let guard: Client
let today: string
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  operator = await clientOf(at.address, at.login('county', 'operator'))
  guard = await clientOf(at.address, at.login('village', 'checkpoint'))
  ;({ today } = await operator.read(z.looseObject({ today: z.string() }), '/api/deployment'))
})
test.afterAll(() => at.stop())

const SHOTS = process.env['WEIWANG_SHOTS']
const Mine = z.looseObject({ gates: z.array(z.looseObject({ id: z.string(), kind: z.string() })) })
const Filed = z.looseObject({ results: z.array(z.looseObject({ outcome: z.string() })) })

async function looked(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390, 360]) {
    await page.setViewportSize({ width, height: 900 })
    await page.waitForLoadState('networkidle')
    const found = await faults(page)
    if (SHOTS) await page.screenshot({ path: path.join(SHOTS, `${name}-${width}.png`), fullPage: true })
    expect(found, `${name} at ${width}`).toEqual([])
    const over = await sideways(page)
    expect(over, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

const passage = (gateId: string, more: object = {}) => ({
  kind: 'passage',
  id: randomUUID(),
  gateId,
  at: new Date(Date.now() + 3_600_000).toISOString(),
  clockTrusted: true,
  listAgeMin: 3,
  direction: 'in',
  lane: 'code',
  check: 'valid',
  checkRule: null,
  colour: 'green',
  verdict: 'admit_with_temp',
  temperature: 365,
  retest: null,
  companions: null,
  private: { codeId: 'ab'.repeat(8), plate: null, visitor: null },
  ...more,
})

async function file(items: object[]): Promise<void> {
  const { results } = await guard.write(Filed, '/api/passages', { items })
  expect(results.map((one) => one.outcome)).toEqual(items.map(() => 'accepted'))
}

test('a gate is made, changed and closed, and its shifts stand with the forces', async ({ page }) => {
  test.setTimeout(300_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await goTo(page, '卡口')
  await expect(page.getByRole('row').filter({ hasText: '小区东门' })).toBeVisible()
  await looked(page, 'gates-zh')

  await page.getByRole('button', { name: '新设卡口' }).click()
  const form = windowOf(page)
  await form.getByLabel('名称（中文）').fill('西门（演练）')
  await expect(form.getByRole('button', { name: '新设卡口' })).toBeDisabled()
  await form.getByLabel('名称（英文）').fill('West gate (exercise)')
  await form.getByLabel('辖区', { exact: true }).fill(at.login('village', 'operator').area)
  await page.locator('.ant-select-item-option').first().click()
  await expect(form.getByText('任何卡口都有：无码通道')).toBeVisible()
  await looked(page, 'gate-form-zh')
  await form.getByRole('button', { name: '新设卡口' }).click()
  const row = page.getByRole('row').filter({ hasText: '西门（演练）' })
  await expect(row).toContainText('此刻无班次')
  await row.click()
  await expect(page.getByRole('link', { name: '后续 0 班' })).toHaveAttribute('href', /\/forces\?tab=posts&post=/)
  await looked(page, 'gate-panel-zh')
  await page.getByRole('button', { name: '修改' }).click()
  await windowOf(page).getByLabel('名称（中文）').fill('西二门（演练）')
  await windowOf(page).getByRole('button', { name: '修改' }).click()
  await expect(page.getByRole('row').filter({ hasText: '西二门（演练）' })).toBeVisible()
  await page.getByRole('button', { name: '撤除' }).click()
  await windowOf(page).getByLabel('理由').fill('演练结束')
  await windowOf(page).getByRole('button', { name: '撤除' }).click()
  await expect(page.getByRole('row').filter({ hasText: '西二门（演练）' })).toHaveCount(0)
})

test('every number opens its list with the same total; a referral is opened with a purpose and closed', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const [gate] = (await guard.read(Mine, '/api/gate/me')).gates
  if (!gate) throw new Error('the exercise has no gate')
  const hold = passage(gate.id, { temperature: 378, verdict: 'hold_fever' })
  await file([
    passage(gate.id),
    passage(gate.id, { colour: 'red', verdict: 'refuse_refer' }),
    hold,
    passage(gate.id, {
      lane: 'emergency',
      check: null,
      colour: null,
      verdict: 'emergency_pass',
      private: { codeId: null, plate: null, visitor: null },
    }),
  ])
  await file([
    { kind: 'retest', id: randomUUID(), gateId: gate.id, passageId: hold.id, at: hold.at, temperature: 380 },
    {
      kind: 'referral',
      id: randomUUID(),
      gateId: gate.id,
      passageId: hold.id,
      at: hold.at,
      why: 'fever',
      disposition: 'fever_clinic',
      homeProof: null,
      homeArea: null,
      called: '120（演练）',
      private: { name: '钱大同', document: '', phone: '19900007777', address: '东巷 5 号', note: '' },
    },
  ])
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/gates`)
  const door = page.locator('a.figure').filter({ hasText: '通行' }).first()
  await expect(door).toContainText('4')
  await door.click()
  await expect(page.getByText('共 4 条')).toBeVisible()
  await expect(page.getByText('码编号、车牌和访客信息加密')).toBeVisible()
  await page
    .getByRole('link', { name: /红码 1$/ })
    .first()
    .click()
  await expect(page.getByText('共 1 条')).toBeVisible()
  await expect(page.getByRole('cell', { name: '未放行' }).or(page.getByText('暂不放行，转送'))).not.toHaveCount(0)
  await looked(page, 'gate-figures-zh')

  await page.getByRole('tab', { name: '转送' }).click()
  const row = page.getByRole('row').filter({ hasText: '钱*同' })
  await expect(row).toContainText('送发热门诊')
  await expect(page.getByText('19900007777')).toHaveCount(0)
  await row.getByRole('button', { name: '打开身份' }).click()
  await windowOf(page).getByRole('button', { name: '打开身份' }).click()
  await expect(page.getByText('19900007777')).toBeVisible()
  await windowOf(page).getByRole('button', { name: '关闭' }).first().click()
  await looked(page, 'gate-referrals-zh')
  await row.getByRole('button', { name: '办结' }).click()
  await windowOf(page).getByRole('button', { name: '办结' }).click()
  await expect(page.getByRole('row').filter({ hasText: '钱*同' })).toHaveCount(0)
})

test('passages are opened for a case by two people, and a day has its signed certificate; in English and in the dark', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/gates?tab=openings`)
  await page.getByRole('button', { name: '提出查找' }).click()
  const form = windowOf(page)
  await form.getByLabel('病例编号').fill('苏病例-0001')
  await form.getByLabel('卡口（最多 5 个，同一县）').click()
  await page.locator('.ant-select-item-option').filter({ hasText: '小区东门' }).click()
  await page.keyboard.press('Escape')
  const yesterday = new Date(`${today}T12:00:00Z`)
  yesterday.setUTCDate(yesterday.getUTCDate() - 1)
  const day = yesterday.toISOString().slice(0, 10)
  await form.getByLabel('日期').fill(day)
  await form.getByLabel('起（时:分）').fill('08:00')
  await form.getByLabel('止（时:分，最多 4 小时）').fill('12:30')
  await form.getByLabel('理由').fill('流调：病例当时经过')
  await expect(form.getByRole('button', { name: '提出查找' })).toBeDisabled()
  await form.getByLabel('止（时:分，最多 4 小时）').fill('12:00')
  await form.getByRole('button', { name: '提出查找' }).click()
  await expect(page.getByRole('row').filter({ hasText: '苏病例-0001' })).toContainText('待批准')
  await expect(page.getByRole('button', { name: '批准开启' })).toHaveCount(0)
  await looked(page, 'gate-openings-zh')

  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'dark', timezoneId: 'Asia/Shanghai' })
  const second = await context.newPage()
  await second.setViewportSize({ width: 1440, height: 900 })
  await logIn(second, at, 'county', 'chief')
  await second.getByRole('button', { name: 'English', exact: true }).click()
  await expect(second.getByRole('link', { name: 'Now', exact: true })).toBeVisible()
  await second.goto(`${at.address}/gates?tab=openings`)
  const row = second.getByRole('row').filter({ hasText: '苏病例-0001' })
  await row.getByRole('button', { name: 'Approve and open' }).click()
  await windowOf(second).getByRole('button', { name: 'Approve and open' }).click()
  await expect(row.getByRole('button', { name: 'See who' })).toBeVisible()
  await row.getByRole('button', { name: 'See who' }).click()
  // Yesterday's were strangers of the exercise: nobody of the register.
  await expect(second.getByText('Nobody', { exact: true })).toBeVisible()
  await windowOf(second).getByRole('button', { name: 'Close' }).first().click()
  await looked(second, 'gate-openings-dark')
  await second.goto(`${at.address}/gates?tab=deletion`)
  await second.getByRole('button', { name: `Certificate ${day}` }).click()
  await expect(second.getByText('Certificate of deletion of passages')).toBeVisible()
  await looked(second, 'gate-proof-dark')
  await context.close()
})
