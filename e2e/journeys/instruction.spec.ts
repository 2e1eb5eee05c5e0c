import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { logInAs } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, goTo, logIn } from '../screens.ts'

/** Instructions, forms, whom to call and load at the desk, as a person meets them; no fault on any of these screens. */
test.describe.configure({ mode: 'serial' })

let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at?.stop())

/** Pictures of what was seen, when somebody wants to look: WEIWANG_SHOTS=folder. */
async function seen(page: Page, name: string): Promise<void> {
  const folder = process.env['WEIWANG_SHOTS']
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  expect(await faults(page), name).toEqual([])
}

test('an instruction is written, looked at before, sent, answered, changed and recalled', async ({ page }) => {
  test.setTimeout(240_000)
  await page.setViewportSize({ width: 1440, height: 1000 })
  await logIn(page, at, 'county', 'operator')
  await goTo(page, '指令')
  await seen(page, 'instructions-empty')
  await page.getByRole('link', { name: '写指令' }).click()
  await page.getByRole('button', { name: '查看影响' }).click()
  await expect(page.getByText('还有 2 处需要填写')).toBeVisible()
  await page.getByLabel('标题').fill('逐户核对返苏人员（演练）')
  await page.getByLabel('内容', { exact: true }).fill('今日完成逐户核对\n完成后回执')
  await page.getByLabel('完成日期').fill('2020-02-16')
  await page.getByRole('checkbox', { name: '逐户完成' }).check()
  await page.locator('input[type=file]').setInputFiles({
    name: '通知.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4\n演练'),
  })
  await expect(page.getByText('通知.pdf')).toBeVisible()
  await seen(page, 'instruction-write')
  await page.getByRole('button', { name: '查看影响' }).click()
  const dialog = page.getByRole('dialog', { name: '下达前核对' })
  await expect(dialog.getByText(/将向 \d+ 个网格下达/)).toBeVisible()
  await expect(dialog.getByText(/户要逐户完成/)).toBeVisible()
  await seen(page, 'instruction-preview')
  await dialog.getByRole('button', { name: '下达' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '逐户核对返苏人员（演练）' })).toBeVisible()
  const done = page.getByRole('link', { name: /^完成/ }).first()
  await expect(page.getByRole('link', { name: /^收到\s*1/ })).toBeVisible()
  await expect(done).toContainText('0')
  await expect(page.getByRole('link', { name: '通知.pdf' })).toHaveAttribute('href', /\/attachments\//)

  // The phone answers; the open page shows it by itself.
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const worker = await logInAs(at, at.login('grid', 'worker').login)
  const area = (await page.getByRole('table').last().locator('tbody tr').count()) > 0
  expect(area).toBe(true)
  const me = await worker.get('/api/me')
  const grid = /"area":"(\d{15})/.exec(me.text)?.[1] ?? ''
  for (const says of ['read', 'accepted', 'done'])
    expect((await worker.post(`/api/instructions/${id}/receipt`, { id, area: grid, version: 1, says })).status).toBe(
      200,
    )
  await expect(done).toContainText('1', { timeout: 15_000 })
  await seen(page, 'instruction-done')
  await done.click()
  await expect(page).toHaveURL(/list=done/)
  await expect(page.getByRole('table', { name: '谁答复了什么' }).or(page.getByRole('table').last())).toContainText(
    '完成',
  )

  await page.getByRole('button', { name: '更改', exact: true }).click()
  const change = page.getByRole('dialog', { name: '更改' })
  await change.getByLabel('标题').fill('逐户核对返苏人员（演练，改）')
  await change.getByRole('button', { name: '更改' }).click()
  await expect(change.getByText('请填写')).toBeVisible()
  await change.getByLabel('理由').fill('上级要求')
  await change.getByRole('button', { name: '更改' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '逐户核对返苏人员（演练，改）' })).toBeVisible()
  await expect(page.getByRole('link', { name: /^未阅\s*1/ })).toBeVisible({ timeout: 20_000 })

  await page.getByRole('button', { name: '撤回', exact: true }).click()
  const recall = page.getByRole('dialog', { name: '撤回' })
  await recall.getByLabel('理由').fill('已统一处理')
  await recall.getByRole('button', { name: '撤回' }).click()
  await expect(page.getByText('这条指令已撤回')).toBeVisible()
  await seen(page, 'instruction-recalled')
})

test('level by level: the town reads it on its page Now, adds to it and passes it on', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 1000 })
  const county = await logInAs(at, at.login('county', 'operator').login)
  const me = await county.get('/api/me')
  const now = /"now":"([^"]+)"/.exec(me.text)?.[1] ?? ''
  const id = crypto.randomUUID()
  const instruction = {
    title: '排查出租房（演练）',
    text: '逐级落实',
    to: ['320508'],
    level: 6,
    route: 'by_level',
    dueAt: new Date(new Date(now).getTime() + 30 * 3_600_000).toISOString(),
  }
  expect((await county.post('/api/instructions', { id, area: '320508', instruction })).status).toBe(200)
  await logIn(page, at, 'town', 'operator')
  await expect(page.getByRole('link', { name: /去看: 1 上级指令未阅/ })).toBeVisible({ timeout: 40_000 })
  await seen(page, 'now')
  await page.getByRole('link', { name: /去看: 1/ }).click()
  await page.getByRole('cell', { name: '排查出租房（演练）' }).click()
  await page.getByRole('button', { name: '已阅' }).click()
  await expect(page.getByText(/现在：已阅/)).toBeVisible()
  await page.getByRole('button', { name: '转达下级' }).click()
  const dialog = page.getByRole('dialog', { name: '转达下级' })
  await dialog.getByLabel(/补充要求/).fill('每户查验租约')
  await seen(page, 'instruction-pass')
  await dialog.getByRole('button', { name: '转达下级' }).click()
  await expect(page.getByText('每户查验租约')).toBeVisible()
  await expect(page.getByText(/已转达下级/)).toBeVisible()
  await seen(page, 'instruction-town')
})

test('a form is changed, its faults stand at their fields, and a second person puts it in force', async ({ page }) => {
  test.setTimeout(240_000)
  await page.setViewportSize({ width: 1440, height: 1000 })
  await logIn(page, at, 'county', 'operator')
  await goTo(page, '走访表单')
  await seen(page, 'forms')
  await page.getByRole('cell', { name: '店铺检查' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '店铺检查' })).toBeVisible()
  await seen(page, 'form')
  await page.getByRole('button', { name: '编写新版本' }).click()
  const fields = page.getByRole('region', { name: /^第 \d+ 题$/ })
  const before = await fields.count()
  await page.getByRole('button', { name: '添加题目' }).click()
  await expect(fields).toHaveCount(before + 1)
  await page.getByRole('button', { name: '保存为草稿' }).click()
  const added = fields.last()
  await expect(added.getByRole('alert')).toContainText('有空缺')
  await added.getByLabel('问题（中文）').fill('是否测温登记')
  await added.getByLabel('问题（英文）').fill('Are customers registered?')
  await added.getByRole('button', { name: /^上移/ }).click()
  await expect(fields.nth(before - 1).getByLabel('问题（中文）')).toHaveValue('是否测温登记')
  await expect(page.getByRole('region', { name: '手机上的样子' }).getByText('是否测温登记')).toBeVisible()
  await seen(page, 'form-editor')
  await page.getByRole('button', { name: '保存为草稿' }).click()
  await expect(page.getByRole('cell', { name: '待启用' })).toBeVisible()
  await page.getByRole('cell', { name: '待启用' }).click()
  await expect(page.getByText(/由您提出/)).toBeVisible()
  await logIn(page, at, 'county', 'chief')
  await page.goto(`${at.address}/forms/shop`)
  await page.getByRole('cell', { name: '待启用' }).click()
  await page.getByRole('button', { name: '启用', exact: true }).click()
  await seen(page, 'form-decide')
  await page.getByRole('dialog', { name: '启用' }).getByRole('button', { name: '启用' }).click()
  await expect(page.getByRole('cell', { name: '在用' })).toBeVisible()
  await page.goto(`${at.address}/forms`)
  await expect(page.getByRole('row', { name: /店铺检查/ })).toContainText('姑苏区')
})

test('whom to call and what workers carry, in Chinese and in English', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 1000 })
  await logIn(page, at, 'county', 'chief')
  await page.goto(`${at.address}/areas?tab=contacts`)
  await expect(page.getByRole('cell', { name: /0512-0000/ }).first()).toBeVisible()
  await seen(page, 'contacts')
  await page
    .getByRole('row', { name: /派出所|主管/ })
    .first()
    .getByRole('button')
    .click()
  const dialog = page.getByRole('dialog', { name: '主管' })
  await dialog.getByLabel('名称').fill('值班主管（演练）')
  await dialog.getByLabel('电话').fill('0512-0000 9999')
  await dialog.getByRole('button').last().click()
  await expect(page.getByRole('cell', { name: '0512-0000 9999' })).toBeVisible()
  await page.goto(`${at.address}/accounts?tab=load&from=2020-02-14&to=2020-02-15`)
  await expect(page.getByRole('cell').first()).toBeVisible()
  await seen(page, 'load')
  await page.getByRole('button', { name: 'English' }).click()
  for (const path of [
    '/instructions?list=all',
    '/instructions/new',
    '/forms',
    '/forms/household',
    '/areas?tab=contacts',
    '/accounts?tab=load',
  ]) {
    await page.goto(`${at.address}${path}`)
    await page.waitForLoadState('networkidle')
    await seen(page, `en${path.replaceAll(/\W/g, '-')}`)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['/instructions?list=all', '/instructions/new', '/forms/household']) {
    await page.goto(`${at.address}${path}`)
    await page.waitForLoadState('networkidle')
    await seen(page, `narrow${path.replaceAll(/\W/g, '-')}`)
  }
})
