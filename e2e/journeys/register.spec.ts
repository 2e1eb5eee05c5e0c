import { expect, test } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { choose, faults, goTo, logIn } from '../screens.ts'

/** The register kept by hand at a desk: a person, a door with its people, a move; near ones are shown before anything is saved. */
test.describe.configure({ mode: 'serial' })

let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

const GRID = '320508018025001'

async function accessible(page: Page, what: string): Promise<void> {
  expect(await faults(page), what).toEqual([])
}

/** Types into a field that finds, and takes what it found first. */
async function find(page: Page, dialog: Locator, label: string, text: string): Promise<void> {
  await dialog.getByRole('combobox', { name: label }).fill(text)
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
    .filter({ hasText: text })
    .first()
    .click()
}

const yes = (dialog: Locator, verb: string): Promise<void> => dialog.getByRole('button', { name: verb }).click()

test('a person by hand, the near one first', async ({ page }) => {
  await logIn(page, at, 'county', 'operator')
  await goTo(page, '人员和户')
  await page.getByRole('button', { name: '登记人员' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('姓名').fill('欧阳明月')
  await dialog.getByLabel('证件号码').fill('110105194912310021')
  await dialog.getByLabel('电话').fill('13855550000')
  await accessible(page, 'the form')
  await yes(dialog, '登记人员')
  await expect(dialog.getByText('校验位').first()).toBeVisible()
  await dialog.getByLabel('证件号码').fill('')
  await yes(dialog, '登记人员')
  await expect(page.getByText('已登记', { exact: true })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^欧阳\*\*$/)

  await goTo(page, '人员和户')
  await page.getByRole('button', { name: '登记人员' }).click()
  await dialog.getByLabel('姓名').fill('欧阳明悦')
  await dialog.getByLabel('电话').fill('13855550000')
  await yes(dialog, '登记人员')
  await expect(dialog.getByRole('list', { name: '相近的记录' }).getByRole('link', { name: '欧阳**' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: '登记人员' })).toBeDisabled()
  await accessible(page, 'the near one')
  await dialog.getByLabel('仍要登记的理由').fill('姐妹同住')
  await yes(dialog, '登记人员')
  await expect(page.getByText('已登记', { exact: true })).toBeVisible()
  await expect(page.getByText('疑似重复').first()).toBeVisible()
})

test('a door with its people, and a move to it', async ({ page }) => {
  await logIn(page, at, 'county', 'operator')
  await goTo(page, '人员和户')
  await page.getByRole('tab', { name: '户', exact: true }).click()
  await page.getByRole('button', { name: '登记户' }).click()
  const dialog = page.getByRole('dialog')
  await find(page, dialog, '网格', GRID)
  await choose(page, '类型', /出租房/)
  await dialog.getByLabel('小区').fill('演练新村')
  await dialog.getByLabel('门牌').fill('101')
  await dialog.getByRole('button', { name: '添加住户' }).click()
  await dialog.getByLabel('姓名').fill('端木赐')
  await dialog.getByLabel('电话').fill('13855551111')
  await accessible(page, 'the form of a door')
  await yes(dialog, '登记户')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('演练新村 101')
  await expect(page.getByText('已登记', { exact: true })).toBeVisible()
  await expect(page.getByRole('table').getByText('端木*')).toBeVisible()

  await goTo(page, '人员和户')
  await page.getByRole('tab', { name: '户', exact: true }).click()
  await page.getByRole('button', { name: '登记户' }).click()
  await find(page, dialog, '网格', GRID)
  await dialog.getByLabel('小区').fill('演练新村')
  await dialog.getByLabel('门牌').fill('101')
  await yes(dialog, '登记户')
  await expect(dialog.getByRole('link', { name: '演练新村 101' })).toBeVisible()
  await dialog.getByRole('button', { name: '取消' }).click()

  await goTo(page, '人员和户')
  await page.getByLabel('查找人员').fill('欧阳明月')
  await page.getByRole('button', { name: '查找', exact: true }).click()
  await page.getByRole('cell', { name: '欧阳**' }).first().click()
  await page.getByRole('button', { name: '变更住处' }).click()
  await find(page, dialog, '现住辖区', GRID)
  await find(page, dialog, '户', '演练新村 101')
  await accessible(page, 'the form of a move')
  await yes(dialog, '变更住处')
  await expect(page.getByText('住处已更改')).toBeVisible()
  await page.getByRole('link', { name: '打开' }).first().click()
  await expect(page.getByRole('table').getByText('欧阳**')).toBeVisible()
})

test('in English, and out of the own area with a word about what follows', async ({ page }) => {
  await logIn(page, at, 'county', 'operator')
  await goTo(page, '人员和户')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Register a person' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('SMITH JOHN')
  await choose(page, 'Kind of document', /Passport/)
  await dialog.getByLabel('Document number').fill('E12345678')
  await dialog.getByLabel('Issued by').fill('GBR')
  await yes(dialog, 'Register a person')
  await expect(page.getByText('Registered', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Change the residence' }).click()
  await find(page, dialog, 'Lives now in', '320102')
  await expect(dialog.getByText('Outside your area')).toBeVisible()
  await accessible(page, 'a move away')
  await yes(dialog, 'Change the residence')
  await expect(page.getByRole('heading', { level: 1, name: 'People and doors' })).toBeVisible()
})
