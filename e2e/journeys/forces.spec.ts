import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { logIn as clientOf } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, logIn, sideways, windowOf } from '../screens.ts'

/** Forces on the desk's screens: each number opens its list, and every sheet is read wide and narrow, in both languages. */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let operator: Client
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  operator = await clientOf(at.address, at.login('county', 'operator'))
})
test.afterAll(() => at.stop())

const Id = z.looseObject({ id: z.string() })
const SHOTS = process.env['WEIWANG_SHOTS']

async function looked(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
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

test('people, estates, assigned staff, posts with a gap and a code, hours, kit', async ({ page }) => {
  test.setTimeout(300_000)
  const village = at.login('village', 'operator').area
  const write = (url: string, body: object) => operator.write(z.looseObject({}), url, body)
  const Figures = z.looseObject({ figures: z.array(z.looseObject({ id: z.string(), n: z.number() })) })
  const counted = async (): Promise<(id: string) => number> => {
    const { figures } = await operator.read(Figures, '/api/stats/figures')
    return (id) => figures.find((one) => one.id === id)?.n ?? -1
  }
  const before = await counted()
  const org = randomUUID()
  await write('/api/forces/organisations', {
    id: org,
    area: village,
    kind: 'property',
    name: '安居物业（演练）',
    contact: { name: '王经理', phone: '19900001111' },
  })
  await write('/api/forces/estates', {
    id: randomUUID(),
    area: village,
    orgId: org,
    name: '东苑（演练）',
    dutyPhone: '0512-55550000',
    contact: null,
  })
  const enrol = (name: string, phone: string, kind: string) =>
    operator.write(Id, '/api/forces/people', {
      area: village,
      name,
      phone,
      kind,
      orgId: kind === 'property' ? org : null,
      skills: ['driving', 'delivery'],
      hours: [{ day: 6, from: '08:00', to: '18:00' }],
    })
  const guard = await enrol('门卫甲', '19900000001', 'property')
  await enrol('志愿者乙', '19900000002', 'volunteer')
  await write(`/api/forces/people/${guard.id}/confirm`, {})
  const { account: officer } = await operator.write(z.looseObject({ account: Id }), '/api/accounts', {
    name: '民警丙',
    area: village,
    phone: '19900000003',
    roles: ['officer'],
  })
  const post = randomUUID()
  await write('/api/forces/posts', { id: post, area: village, kind: 'gate', name: '北门岗' })

  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/forces`)
  await expect(page.getByRole('heading', { level: 1, name: '力量' })).toBeVisible()
  // The desk's word on the screen.
  const row = page.getByRole('row').filter({ hasText: '志愿者乙' })
  await row.getByRole('button', { name: '确认' }).click()
  await windowOf(page).getByRole('button', { name: '确认' }).click()
  await expect(row.getByText('已确认')).toBeVisible()
  await expect(page.locator('a.figure').filter({ hasText: '已确认' }).first()).toContainText('2')
  await looked(page, 'forces-people-zh')

  await page.getByRole('tab', { name: '单位和小区' }).click()
  await expect(page.getByText('0512-55550000')).toBeVisible()
  await expect(page.getByText('王经理')).toHaveCount(0)
  await page.getByRole('button', { name: '打开联系人' }).click()
  await windowOf(page).getByRole('button', { name: '打开联系人' }).click()
  await expect(page.getByText('王经理 19900001111')).toBeVisible()
  await looked(page, 'forces-orgs-zh')

  await page.getByRole('tab', { name: '派驻网格' }).click()
  await expect(page.getByText('没有派驻人员')).toBeVisible()
  const { today } = await operator.read(z.looseObject({ today: z.string() }), '/api/deployment')
  await write('/api/forces/attachments', {
    id: randomUUID(),
    accountId: officer.id,
    area: village,
    body: 'police',
    bodyName: '平江派出所',
    from: today,
    to: today,
  })
  await page.reload()
  await expect(page.getByRole('row').filter({ hasText: '民警丙' })).toContainText('平江派出所')
  await looked(page, 'forces-assigned-zh')

  await page.getByRole('tab', { name: '岗位和班次' }).click()
  // Other posts of the place, the checkpoints' among them, stand beside it.
  const north = page.getByRole('row').filter({ hasText: '北门岗' })
  await north.getByRole('button', { name: '排班次' }).click()
  await windowOf(page).getByLabel('开始（时:分）').fill('00:00')
  await windowOf(page).getByLabel('结束（时:分）').fill('23:59')
  await windowOf(page).getByRole('button', { name: '排班次' }).click()
  await expect(page.getByText('新增 7 班，已有 0 班')).toBeVisible()
  await expect(north.getByText('缺 2 人').first()).toBeVisible()
  await north.getByRole('button', { name: '排人' }).first().click()
  await windowOf(page).getByRole('combobox', { name: '人员' }).click()
  await page
    .getByTitle(/门卫甲/)
    .first()
    .click()
  await windowOf(page).getByRole('button', { name: '排人' }).click()
  await expect(north.getByText('缺 1 人').first()).toBeVisible()
  await looked(page, 'forces-posts-zh')
  await north.getByRole('button', { name: '签到码', exact: true }).click()
  await expect(page.getByRole('img', { name: /签到码 · 北门岗/ })).toBeVisible()
  await looked(page, 'forces-code-zh')

  for (const [tab, name] of [
    ['hours', 'forces-hours-zh'],
    ['kit', 'forces-kit-zh'],
  ] as const) {
    await page.goto(`${at.address}/forces?tab=${tab}`)
    await expect(page.getByRole('tab', { selected: true })).toBeVisible()
    await looked(page, name)
  }
  // Whoever works says it himself; the desk of the county reads it.
  await page.goto(`${at.address}/my-turns`)
  await page.getByLabel('签到码').fill('WWP1.wrong')
  await page.getByRole('button', { name: '签到', exact: true }).click()
  await expect(page.getByText('签到码无效或已过期')).toBeVisible()
  await page.getByRole('button', { name: '报告接触或症状' }).click()
  await windowOf(page).getByLabel('内容').fill('咽痛（演练）')
  await windowOf(page).getByRole('button', { name: '报告接触或症状' }).click()
  await expect(page.getByRole('row').filter({ hasText: '咽痛（演练）' })).toBeVisible()
  await looked(page, 'my-turns-zh')
  await page.goto(`${at.address}/forces?tab=kit`)
  await expect(page.getByRole('row').filter({ hasText: '咽痛（演练）' })).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Forces' })).toBeVisible()
  await looked(page, 'forces-kit-en')
  // The county's figures open the same lists.
  const after = await counted()
  expect(['forces_people', 'forces_volunteers', 'forces_attached', 'forces_gaps'].map((id) => after(id))).toEqual([
    2,
    1,
    1,
    // The checkpoint of the exercise may lack people too.
    before('forces_gaps') + 1,
  ])
})
