import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { choose, figure, goTo, logIn, windowOf } from '../screens.ts'

/**
 * From feed to door on the screens (FEED, GRADE-21, TASK-5, VISIT-1, STAT-2): a duty officer loads what the offices sent,
 * previews rules, a second person approves, the list is pushed, a worker finds people, and the numbers move.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
/** The people of the push, as its window said before it was approved. */
let pushed = 0

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

function file(source: string): string {
  const found = at.feedFiles().find((name) => name.includes(`2020-02-15/${source}-`))
  if (!found) throw new Error(`no file of ${source} in ${at.feedFiles().join(', ')}`)
  return found
}

async function upload(page: Page, source: RegExp, path: string): Promise<void> {
  await goTo(page, '数据源')
  await page.getByRole('button', { name: '上传文件' }).click()
  await choose(page, '数据源', source)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: '选择文件' }).click()
  await (await chooser).setFiles(path)
  await expect(page.getByText('已导入').first()).toBeVisible({ timeout: 60_000 })
}

test('the city loads a GB18030 CSV, a workbook and a semicolon CSV, and sees rejects with remedies', async ({
  page,
}) => {
  await logIn(page, at, 'city', 'operator')
  await upload(page, /铁路/, file('rail'))
  await expect(page.getByText('退回的行')).toBeVisible()
  await expect(page.getByText(/校验位|请/).first()).toBeVisible()
  await upload(page, /民航/, file('air'))
  await upload(page, /通信/, file('telecom'))
})

test('the rules of Suzhou read as sentences, are previewed, and take effect when a second person approves', async ({
  page,
}) => {
  await logIn(page, at, 'city', 'operator')
  await goTo(page, '规则')
  // The list of presets below has the same name and may be there first.
  await page.getByRole('row').filter({ hasText: '苏州苏城码规则' }).click()
  await page.getByRole('button', { name: '预览', exact: true }).click()
  await expect(page.getByText(/将改变 \d+ 人/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('姓名已遮盖')).toBeVisible()
  await page.getByRole('button', { name: '提出启用' }).click()
  await expect(page.getByText('待批准').first()).toBeVisible()
  await expect(page.getByRole('button', { name: '批准启用' })).toBeDisabled()
  await logIn(page, at, 'city', 'chief')
  await goTo(page, '规则')
  await page.getByRole('row').filter({ hasText: '苏州苏城码规则' }).click()
  await page.getByRole('button', { name: '批准启用' }).click()
  await page.getByRole('dialog').getByRole('button', { name: /批准/ }).click()
  await expect(page).toHaveURL(/tab=runs/)
  await page.goto(`${at.address}/rules`)
  await expect(page.getByRole('row', { name: /苏州苏城码规则/ }).getByText('启用中')).toBeVisible()
})

test('a push shows its consequence in numbers and is sent by the second person', async ({ page }) => {
  await logIn(page, at, 'city', 'operator')
  await goTo(page, '清单')
  await page.getByRole('button', { name: '提出下发' }).click()
  await page.getByRole('button', { name: '计算影响并提出' }).click()
  await expect(page.getByText('待批准').first()).toBeVisible()
  await logIn(page, at, 'city', 'chief')
  await goTo(page, '清单')
  await page.getByText('待批准').first().click()
  await page.getByRole('button', { name: '批准', exact: true }).click()
  const asked = await windowOf(page).innerText()
  pushed = Number(/涉及\s*([\d,]+)\s*人/.exec(asked)?.[1]?.replaceAll(',', ''))
  expect(pushed).toBeGreaterThan(0)
  await windowOf(page).getByRole('button', { name: '批准', exact: true }).click()
  await expect(page.getByText('待批准')).toHaveCount(0, { timeout: 60_000 })
  await goTo(page, '数字')
  await expect.poll(() => figure(page, '推送名单'), { timeout: 60_000 }).toBe(pushed)
})

const OUTCOMES = ['在辖区·已落实居家观察', '信息有误', '非本辖区居住']

/** The campaign's questions that must be answered when somebody was met. */
async function answer(page: Page): Promise<void> {
  await page.getByRole('radio', { name: '其他地区', exact: true }).check()
  await page.getByLabel(/同住人数/).fill('2')
  await page.getByRole('checkbox', { name: '无不适' }).check()
}

test('the worker of the grid finds the people on a phone and files three visits with different outcomes', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await logIn(page, at, 'grid', 'worker')
  for (const outcome of OUTCOMES) {
    await page
      .getByRole('link', { name: /上门核查/ })
      .first()
      .click()
    await page.getByRole('radio', { name: new RegExp(`^${outcome}`) }).check()
    if (outcome === OUTCOMES[0]) await answer(page)
    else await page.getByRole('radio', { name: '不在家' }).check()
    await page.getByLabel(/^备注/).fill('门口核实')
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await expect(page.getByRole('heading', { name: '服务器已收到' })).toBeVisible()
    await page.getByRole('link', { name: '下一户' }).click()
  }
})

test('the same three visits stand in the figures of all five levels, and each number opens its list', async ({
  page,
}) => {
  for (const level of ['village', 'town', 'county', 'city', 'province']) {
    await logIn(page, at, level, 'operator')
    await goTo(page, '数字')
    if (level === 'city' || level === 'province') await expect.poll(() => figure(page, '推送名单')).toBe(pushed)
    await expect.poll(() => figure(page, '走访户次'), { message: level }).toBe(3)
    await page
      .getByRole('link', { name: /^走访户次/ })
      .first()
      .click()
    await expect(page.getByText(/共 3 [条户]/).first()).toBeVisible()
  }
})
