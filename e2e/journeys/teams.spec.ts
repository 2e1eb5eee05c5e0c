import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { logIn as clientOf, until } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, logIn, settled, sideways, windowOf } from '../screens.ts'

/**
 * Teams and watches on the screens. Show 3: teams for fifty doors, a doctor goes on leave, nobody stands alone. Show 4: a village is
 * divided into watches, two households join, a building is split, and the coverage check holds after each.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let operator: Client
let village: string
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  operator = await clientOf(at.address, at.login('county', 'operator'))
  village = at.login('village', 'operator').area
})
test.afterAll(() => at.stop())

const Id = z.looseObject({ id: z.string() })
const Household = z.looseObject({ id: z.string(), area: z.string(), building: z.string().nullable() })
const SHOTS = process.env['WEIWANG_SHOTS']

/** Wide and narrow, without a fault that a screen reader would meet; pictures when they are wanted. */
async function looked(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await page.waitForLoadState('networkidle')
    expect(await faults(page), `${name} at ${width}`).toEqual([])
    const over = await sideways(page)
    expect(over, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(0)
    if (SHOTS) await page.screenshot({ path: path.join(SHOTS, `${name}-${width}.png`), fullPage: true })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

async function number(page: Page, label: string): Promise<number> {
  const text = (await page.locator('a.figure').filter({ hasText: label }).first().innerText()).replaceAll(',', '')
  return Number(/\d+/.exec(text.replace(label, ''))?.[0] ?? Number.NaN)
}

/** Somebody on the roster with a role and a duty over the town of the exercise. */
async function member(role: string, name: string, phone: string): Promise<string> {
  const area = village.slice(0, 9)
  const { id } = (
    await operator.write(z.looseObject({ account: Id }), '/api/accounts', { name, area, phone, roles: [role] })
  ).account
  const today = (await operator.read(z.looseObject({ today: z.string() }), '/api/deployment')).today
  await operator.write(z.unknown(), '/api/duties', { accountId: id, area, kind: 'cover', from: today })
  return id
}

test('show 3: teams for fifty doors; a doctor goes on leave; nobody stands alone and loads differ by at most two', async ({
  page,
}) => {
  test.setTimeout(400_000)
  const names = ['医甲', '医乙', '医丙', '医丁', '医戊']
  for (const [i, name] of names.entries()) await member('doctor', name, `1990000010${i}`)
  for (const i of [0, 1]) await member('cadre', `干部${i}`, `1990000020${i}`)
  for (const i of [0, 1]) await member('officer', `民警${i}`, `1990000030${i}`)
  const households = await operator.all(Household, '/api/households', { area: village })
  const fifty = households.slice(0, 50).map((one) => one.id)
  expect(fifty).toHaveLength(50)
  await operator.write(z.unknown(), '/api/teams', { householdIds: fifty })

  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/teams`)
  await expect(page.getByRole('heading', { level: 1, name: '包保小组' })).toBeVisible()
  // The exercise has opened observations of its own, for which nobody but workers was there: they lack the others.
  const all = await operator.total('/api/teams')
  expect(all).toBeGreaterThanOrEqual(50)
  await expect(page.locator('a.figure').first()).toBeVisible()
  if ((await number(page, '小组不全')) > 0) {
    await page.getByRole('button', { name: '为缺人的户配人' }).click()
    await windowOf(page).getByRole('button', { name: '为缺人的户配人' }).click()
    await expect(page.getByText(/户中补了 \d+ 个席位/)).toBeVisible()
  }
  const figures = async () => [
    await number(page, '有小组的户'),
    await number(page, '小组齐全'),
    await number(page, '小组不全'),
  ]
  await expect.poll(figures).toEqual([all, all, 0])
  await looked(page, 'teams-doors-zh')

  const Load = z.looseObject({ name: z.string(), load: z.number() })
  const loads = async () =>
    (await operator.all(Load, '/api/teams/loads', { role: 'doctor', away: 'false' })).map((one) => one.load)
  const has = (await operator.all(Load, '/api/teams/loads', { role: 'doctor' })).find(
    (one) => one.name === '医甲',
  )?.load
  await page.goto(`${at.address}/teams?tab=loads&role=doctor`)
  await expect(page.getByRole('row', { name: /医甲/ })).toBeVisible()
  await page.getByRole('row', { name: /医甲/ }).getByRole('button', { name: '请假', exact: true }).click()
  await expect(windowOf(page).getByRole('button', { name: '请假', exact: true })).toBeDisabled()
  await windowOf(page).getByRole('button', { name: '先看结果' }).click()
  await expect(windowOf(page).getByText(`${has} 户，${has} 户有人替班`)).toBeVisible()
  await expect(windowOf(page).getByText(/医生：每人 .* · 相差不超过两户/)).toBeVisible()
  if (SHOTS) await page.screenshot({ path: path.join(SHOTS, 'teams-leave-zh-1440.png') })
  await windowOf(page).getByRole('button', { name: '请假', exact: true }).click()
  await expect(page.getByText(`${has} 户，${has} 户有人替班`).first()).toBeVisible()
  await looked(page, 'teams-loads-zh')

  await page.goto(`${at.address}/teams`)
  await expect(page.getByText('替 医甲').first()).toBeVisible()
  await expect.poll(figures).toEqual([all, all, 0])
  expect(await number(page, '今天请假')).toBe(1)
  const after = await loads()
  expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(2)
  await page
    .getByRole('row', { name: /替 医甲/ })
    .first()
    .click()
  await expect(page.getByRole('button', { name: '换人' }).first()).toBeVisible()
  await looked(page, 'teams-panel-zh')
  for (const tab of ['leaves', 'visits', 'template']) {
    await page.goto(`${at.address}/teams?tab=${tab}`)
    await looked(page, `teams-${tab}-zh`)
  }
  await page.getByRole('button', { name: 'English' }).click()
  await page.goto(`${at.address}/teams`)
  await expect(page.getByRole('heading', { level: 1, name: 'Teams' })).toBeVisible()
  await looked(page, 'teams-doors-en')
  await page.goto(`${at.address}/teams?tab=loads`)
  await looked(page, 'teams-loads-en')
  await page.getByRole('button', { name: '中文' }).click()
})

test('show 4: a village is divided into watches, two households join, a building is split; the check holds after each', async ({
  page,
}) => {
  test.setTimeout(400_000)
  const before = await operator.total('/api/households', { area: village })
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'village', 'operator')
  await page.goto(`${at.address}/watches`)
  await expect(page.getByText('有住户未入单元或归属不符')).toBeVisible()
  expect(await number(page, '未入单元')).toBe(before)
  await page.getByRole('button', { name: '由底册划分' }).click()
  await expect(windowOf(page).getByText(new RegExp(`${before.toLocaleString('en')} 户划为 \\d+ 个单元`))).toBeVisible()
  await settled(page)
  if (SHOTS) await page.screenshot({ path: path.join(SHOTS, 'watches-preview-zh-1440.png') })
  await windowOf(page).getByRole('button', { name: '由底册划分' }).click()
  await expect(page.getByText('每户都在且只在一个单元').first()).toBeVisible()
  expect([await number(page, '在一个单元'), await number(page, '未入单元')]).toEqual([before, 0])
  await looked(page, 'watches-zh')

  const worker = await clientOf(at.address, at.login('grid', 'worker'))
  const grid = at.login('grid', 'worker').area
  for (const [i, door] of ['新来1号', '新来2号'].entries()) {
    const home = {
      id: randomUUID(),
      area: grid,
      kind: 'home',
      use: 'self',
      estate: '新来巷',
      door,
      members: [],
      continueReason: '新迁入',
    }
    await worker.write(z.unknown(), '/api/households', home)
    const sum = await until('the door stands in a watch', async () => {
      const one = await operator.read(
        z.looseObject({ doors: z.number(), holds: z.boolean() }),
        '/api/watches/coverage',
        { area: village },
      )
      return one.holds && one.doors === before + i + 1 ? one : null
    })
    expect(sum.doors).toBe(before + i + 1)
  }

  await page.goto(`${at.address}/watches?kind=building`)
  await page.locator('tbody tr.ant-table-row').first().click()
  const panel = page.locator('.ant-drawer')
  await expect(panel.getByRole('heading', { name: '住户' })).toBeVisible()
  await expect(panel.getByRole('button', { name: '拆分' })).toBeDisabled()
  await panel.locator('tbody .ant-checkbox-input').first().check()
  await panel.locator('tbody .ant-checkbox-input').nth(1).check()
  await looked(page, 'watches-panel-zh')
  await panel.getByRole('button', { name: '拆分' }).click()
  await windowOf(page).getByLabel('新单元名称').fill('二单元')
  await windowOf(page).getByRole('button', { name: '拆分' }).click()
  await expect(windowOf(page).getByLabel('新单元名称')).toBeHidden()
  await page.goto(`${at.address}/watches`)
  await expect(page.getByText('每户都在且只在一个单元').first()).toBeVisible()
  expect([await number(page, '在一个单元'), await number(page, '未入单元')]).toEqual([before + 2, 0])
  await page.goto(`${at.address}/watches?tab=uncovered`)
  await looked(page, 'watches-uncovered-zh')
})

test('a neighbour leads a watch: rings, notes, asks for help; the centre sees the call and answers it', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const leader = at.login('village', 'operator')
  const accounts = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), login: z.string().nullable() })) })
  const found = await operator.read(accounts, '/api/accounts', { area: village, q: leader.name, limit: 50 })
  const account = found.items.find((one) => one.login === leader.login)?.id ?? ''
  await operator.write(z.unknown(), `/api/accounts/${account}/roles/grant`, { role: 'watch_leader' })
  const watches = await operator.all(Id, '/api/watches', { area: village, kind: 'households' })
  await operator.write(z.unknown(), `/api/watches/${watches[0]?.id}/leader`, {
    leader: { kind: 'account', accountId: account },
  })

  await page.setViewportSize({ width: 390, height: 844 })
  await logIn(page, at, 'village', 'operator')
  await page.goto(`${at.address}/my-watch`)
  await expect(page.getByRole('button', { name: '敲门记录' }).first()).toBeVisible()
  await looked(page, 'my-watch-zh')
  await page.getByRole('button', { name: '敲门记录' }).first().click()
  await windowOf(page).getByRole('button', { name: '敲门记录' }).click()
  await expect(windowOf(page).getByLabel('怎么样')).toBeHidden()
  await page.getByRole('button', { name: '求助' }).nth(1).click()
  await windowOf(page).getByLabel('需要什么').fill('老人独居，需要送菜')
  await windowOf(page).getByRole('button', { name: '求助' }).click()
  await expect(page.getByText('需要帮助').first()).toBeVisible()

  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/watches?tab=notes&only=true`)
  await expect(page.getByText('共 1 条')).toBeVisible()
  await page.getByRole('button', { name: '查看内容' }).click()
  await windowOf(page).getByRole('button', { name: '查看内容' }).click()
  await expect(page.getByText('老人独居，需要送菜')).toBeVisible()
  await looked(page, 'watches-notes-zh')
  await page.getByRole('button', { name: '已办理' }).click()
  await windowOf(page).getByRole('button', { name: '已办理' }).click()
  await expect(page.getByText('没有记录')).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await page.goto(`${at.address}/watches`)
  await expect(page.getByRole('heading', { level: 1, name: 'Watches' })).toBeVisible()
  await looked(page, 'watches-en')
})
