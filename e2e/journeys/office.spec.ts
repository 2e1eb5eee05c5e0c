import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { choose, logIn } from '../screens.ts'

/**
 * The desk's less frequent work on the screens: sources, changes by hand of many, files with dirt in them, first log-in of a
 * worker, a batch that was wrong, two records of one person, and the end of an emergency. One deployment, one flow a test.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

function fileOf(name: string, lines: readonly string[]): string {
  const file = path.join(at.dataDir, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

function feedFile(source: string): string {
  const found = at.feedFiles().find((name) => name.includes(`2020-02-15/${source}-`))
  if (!found) throw new Error(`no file of ${source}`)
  return found
}

async function chooseFile(page: Page, button: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).click()
  await (await chooser).setFiles(file)
}

/** A valid number that nobody of the exercise has. */
function documentOf(order: number): string {
  const body = `32050519${60 + order}0315${String(810 + order)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0)
  return body + ('10X98765432'[sum % 11] ?? '')
}

const dialog = (page: Page) => page.getByRole('dialog').last()

async function confirm(page: Page, verb: string, reason?: string): Promise<void> {
  await page.getByRole('button', { name: verb, exact: true }).first().click()
  if (reason !== undefined) await dialog(page).getByLabel('理由').fill(reason)
  await dialog(page).getByRole('button', { name: verb, exact: true }).click()
}

test('a source is edited by the rules of its route; another mapping gives up red, and only an outsider gives it back', async ({
  page,
}) => {
  await logIn(page, at, 'city', 'operator')
  await page.goto(`${at.address}/feeds?open=rail`)
  await page.getByRole('button', { name: '修改数据源' }).click()
  await dialog(page).getByLabel('提供单位').fill('市铁路疫情防控办')
  await dialog(page).getByLabel('短于多少分钟的停留不可靠').fill('45')
  await dialog(page).getByLabel('表头的写法').first().fill('姓名\n行动轨迹')
  await dialog(page).getByRole('button', { name: '保存', exact: true }).click()
  await expect(dialog(page).getByText('本系统不接收“行动轨迹”')).toBeVisible()
  await dialog(page).getByLabel('表头的写法').first().fill('姓名\n旅客全名')
  await expect(dialog(page).getByText('保存后不再可给红色')).toBeVisible()
  await dialog(page).getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('停留不足 45 分钟不可靠').last()).toBeVisible()
  await confirm(page, '申请红色资格')
  await expect(page.getByText('等待本中心以外的人批准')).toBeVisible()
  await confirm(page, '发放密钥')
  const first = await page.locator('code').innerText()
  await confirm(page, '更换密钥')
  await expect(page.locator('code')).not.toHaveText(first)
  await page.reload()
  await expect(page.getByRole('button', { name: '更换密钥' })).toBeVisible()
  await expect(page.locator('code')).toHaveCount(0)

  await logIn(page, at, 'city', 'chief')
  await page.goto(`${at.address}/feeds?red=proposed&open=rail`)
  await expect(page.getByText('等待本中心以外的人批准')).toBeVisible()
  await expect(page.getByRole('button', { name: '批准红色资格' })).toHaveCount(0)
  await logIn(page, at, 'province', 'chief')
  await page.goto(`${at.address}/feeds?red=proposed`)
  await page.getByText('铁路购票乘车').click()
  await expect(page.getByText('请您决定能否给出红色')).toBeVisible()
  await confirm(page, '批准红色资格')
  await expect(page.getByText('没有等待批准的')).toBeVisible()
})

test('a batch with rejects is found by its filter, and a chief takes it back with a reason', async ({ page }) => {
  await logIn(page, at, 'city', 'operator')
  await page.goto(`${at.address}/feeds`)
  await page.getByRole('button', { name: '上传文件' }).click()
  await choose(page, '数据源', /铁路/)
  await chooseFile(page, '选择文件', feedFile('rail'))
  await expect(page.getByText('已导入').first()).toBeVisible({ timeout: 60_000 })
  const batch = page.url()
  await page.goto(`${at.address}/feeds?tab=batches`)
  await page.getByRole('checkbox', { name: '只看有退回的' }).check()
  await expect(page).toHaveURL(/rejects=1/)
  const listed = page.getByRole('row').filter({ hasText: '已导入' })
  await expect(listed.first()).toBeVisible()
  for (const row of await listed.all()) await expect(row.getByRole('cell').last()).not.toHaveText('0')

  await logIn(page, at, 'city', 'chief')
  await page.goto(batch)
  await confirm(page, '撤回批次', '铁路办报错了日期')
  await expect(page.getByText('已撤回').first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('铁路办报错了日期')).toBeVisible()
})

test('a change by hand of many: its effect is shown, a red that nothing explains is refused, a second person applies', async ({
  page,
}) => {
  await logIn(page, at, 'city', 'operator')
  await page.goto(`${at.address}/lists?tab=graded`)
  const boxes = page.getByRole('row').getByRole('checkbox')
  await boxes.nth(1).check()
  await boxes.nth(2).check()
  await page.getByRole('button', { name: '批量人工改变' }).click()
  await choose(page, '理由', /来源数据有误/)
  await dialog(page).getByRole('button', { name: '计算影响' }).click()
  await expect(dialog(page).getByText('名单上 2 人，其中 2 人将改变')).toBeVisible()
  await dialog(page).getByRole('button', { name: '提出', exact: true }).click()
  await expect(page).toHaveURL(/tab=manual/)
  await expect(page.getByRole('button', { name: '批准', exact: true })).toBeDisabled()

  // People whom no office has named, turned red by a list: with a case number or without.
  await page.goto(`${at.address}/people`)
  await expect(boxes.nth(3)).toBeVisible()
  for (const n of [1, 2, 3]) await boxes.nth(n).check()
  await page.getByRole('button', { name: '批量人工改变' }).click()
  await choose(page, '理由', /新发现的接触者/)
  await choose(page, '等级', /红/)
  await choose(page, '码色', /红码/)
  await dialog(page).getByRole('button', { name: '计算影响' }).click()
  await expect(dialog(page).getByText('规则 GRADE-24').first()).toBeVisible()
  await dialog(page).getByLabel('病例编号').fill('BL-2020-17')
  await dialog(page).getByRole('button', { name: '计算影响' }).click()
  await expect(dialog(page).getByText('规则 GRADE-26')).toBeVisible()
  await expect(dialog(page).getByText(/没有任何疫情线索，不能批量判红/)).toBeVisible()
  await expect(dialog(page).getByRole('button', { name: '提出', exact: true })).toBeDisabled()
  await dialog(page).getByRole('button', { name: '取消' }).click()

  // Pasted numbers that are nobody's here are told line by line.
  await page.goto(`${at.address}/rules?tab=manual`)
  await page.getByRole('button', { name: '批量人工改变' }).click()
  await dialog(page)
    .getByLabel(/^名单/)
    .fill(`姓名\t证件号码\n某人\t${documentOf(1)}\n某某\t3.20505E+17`)
  await dialog(page).getByRole('button', { name: '计算影响' }).click()
  await expect(dialog(page).getByText('没有找到的行：2')).toBeVisible()

  await logIn(page, at, 'city', 'chief')
  await page.goto(`${at.address}/rules?tab=manual`)
  await confirm(page, '批准')
  await expect(page.getByText('已执行').first()).toBeVisible()
})

test('a register with dirt is read row by row, and two records of one person are merged and parted again', async ({
  page,
}) => {
  const grid = at.login('grid', 'worker').area
  const line = (cells: string[]): string => cells.join(',')
  const head = ['户编号', '网格', '小区', '幢', '室', '姓名', '证件号码', '手机号']
  const file = fileOf('register.csv', [
    line(head),
    line(['T-1', grid, '瑞涛北苑', '9', '101', '欧阳试录', documentOf(1), '13900001111']),
    line(['T-2', grid, '瑞涛北苑', '9', '102', '欧阳试录', '', '13900001111']),
    line(['T-3', grid, '瑞涛北苑', '9', '103', '数字坏了', '3.20505E+17', '']),
    line(['T-4', '999999999999999', '瑞涛北苑', '9', '104', '网格没有', documentOf(2), '']),
  ])
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/people?tab=register`)
  await page.getByLabel('来源代号').fill('office2020')
  await chooseFile(page, '选择文件', file)
  await expect(page.getByText('退回').first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/Excel|表格/).first()).toBeVisible()
  await page.goto(`${at.address}/people?tab=reviews`)
  await page
    .getByRole('row')
    .filter({ hasText: '欧*录' })
    .first()
    .getByRole('button', { name: /合并/ })
    .click()
  await dialog(page).getByRole('button', { name: /合并/ }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.goto(`${at.address}/people`)
  await page.getByLabel('找人').fill('欧阳试录')
  await page.getByRole('button', { name: '查找', exact: true }).click()
  await page.getByText('欧*录').first().click()
  await expect(page.getByText('已合并 1 条记录')).toBeVisible()
  await confirm(page, '拆开', '不是同一人')
  await expect(page.getByText('已合并 1 条记录')).toHaveCount(0)
})
