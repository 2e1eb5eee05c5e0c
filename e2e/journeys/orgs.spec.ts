import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { addDays } from '@weiwang/domain/core/day'
import { z } from 'zod'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { comeIn, idNumber } from '../resident/person.ts'
import { faults, logIn, sideways, windowOf } from '../screens.ts'

/**
 * A company's officer applies and is approved at the desk, sends a list with a result for every row, a worker consents on their own
 * phone, and the officer reads one sentence about each (ORG-1 … ORG-8).
 */
test.describe.configure({ mode: 'serial' })

const PHONE = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 360, height: 740 } }
const HOME = '320508018025'
const OFFICER = { name: '钱经理', number: idNumber('1979-01-02', '412'), phone: '13955550301' }
const WORKER = { name: '孙小工', number: idNumber('1991-03-04', '413'), phone: '13955550302' }

const Today = z.looseObject({ today: z.string() })
let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

async function accessible(page: Page): Promise<void> {
  expect(await faults(page)).toEqual([])
  const wide = await sideways(page)
  expect(wide).toBe(0)
}

/** Registered by the interface, which has a journey of its own. */
async function resident(browser: Browser, who: typeof OFFICER): Promise<Page> {
  const page = await (await browser.newContext(PHONE)).newPage()
  await comeIn(page, at.address, who.phone)
  const sent = await page.request.post(`${at.address}/api/my/registration`, {
    headers: { 'x-weiwang': '1' },
    data: {
      id: randomUUID(),
      who: { document: { kind: 'resident', number: who.number }, name: who.name },
      home: { area: HOME, address: '东北街 12 号 3 幢 502 室', kind: 'own' },
      answers: { situation: 'living', registeredHere: true, underMeasure: false },
      words: { purpose: 'work' },
      promise: true,
    },
  })
  expect(await sent.text()).toContain('registered')
  return page
}

async function screen(page: Page, name: string): Promise<void> {
  await page.goto(`${at.address}/r/?${name}#${name}`)
}

let officer: Page

test('applied for on a phone, approved at the desk', async ({ browser, page }) => {
  officer = await resident(browser, OFFICER)
  await screen(officer, 'orgs')
  await officer.getByText('登记一家单位').click()
  await officer.getByRole('button', { name: '提交' }).click()
  await expect(officer.getByText('请填写').first()).toBeVisible()
  await accessible(officer)
  await officer.getByLabel('单位名称').fill('拙政园食品厂')
  await officer.getByLabel('所在社区（村）').fill('拙政园社区')
  await officer.locator('.found button').first().click()
  await officer.getByLabel('联系人').fill(OFFICER.name)
  await officer.getByLabel('联系电话').fill(OFFICER.phone)
  await officer.getByRole('button', { name: '提交' }).click()
  await expect(officer.getByRole('heading', { name: '拙政园食品厂' })).toBeVisible()
  await expect(officer.getByText('待审核')).toBeVisible()
  await logIn(page, at, 'city', 'operator')
  await page.goto(`${at.address}/registrations?tab=orgs`)
  await accessible(page)
  await page.getByText('拙政园食品厂').click()
  await accessible(page)
  await page.getByRole('button', { name: '通过', exact: true }).click()
  await windowOf(page).getByRole('button', { name: '通过', exact: true }).click()
  await expect(page.getByText('没有单位')).toBeVisible()
})

test('a list with a result for every row; consent on the own phone; one sentence for the employer', async ({
  browser,
}) => {
  await officer.reload()
  const { today } = Today.parse(await (await officer.request.get(`${at.address}/api/deployment`)).json())
  const back = addDays(today, 5)
  const rows = [
    '姓名,证件号码,工号,预计返回日期',
    `${WORKER.name},${WORKER.number},A1,${back}`,
    '错号,32050819910304413,A2,',
    `${WORKER.name},${WORKER.number},A3,`,
  ]
  const csv = rows.map((row) => `${row}\n`).join('')
  await officer
    .getByLabel('上传名单')
    .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await expect(officer.getByText('第 2 行: 已邀请')).toBeVisible()
  await expect(officer.getByText(/第 4 行: 同一证件/)).toBeVisible()
  await officer.getByText(/^人员（1）/).click()
  await expect(officer.getByText('待本人同意', { exact: true })).toBeVisible()
  await accessible(officer)

  const worker = await resident(browser, WORKER)
  await screen(worker, 'employers')
  await expect(worker.getByRole('heading', { name: '拙政园食品厂' })).toBeVisible()
  await accessible(worker)
  // ORG-18: what the employer wrote of the return is confirmed apart from the consent, or not.
  await expect(worker.getByText('只有您确认的日期才会用来核对您的申报')).toBeVisible()
  await worker.getByRole('button', { name: '同意', exact: true }).click()
  await expect(worker.getByRole('button', { name: '撤回同意' })).toBeVisible()
  await expect(worker.getByText('可到岗', { exact: true })).toBeVisible()
  await expect(worker.getByText('您确认的返回日期')).toHaveCount(0)
  await worker.getByRole('checkbox', { name: /单位填写：预计您 .* 返回/ }).check()
  await worker.getByRole('button', { name: '确认这个日期' }).click()
  await expect(worker.getByText('您确认的返回日期')).toBeVisible()
  await expect(worker.getByRole('checkbox')).toHaveCount(0)
  await accessible(worker)

  await officer.reload()
  await officer.getByText(/^人员（1）/).click()
  await expect(officer.getByText('可到岗', { exact: true })).toBeVisible()

  await worker.getByRole('button', { name: '撤回同意' }).click()
  await expect(worker.getByRole('button', { name: '同意', exact: true })).toBeVisible()
  await officer.reload()
  await officer.getByText(/^人员（1）/).click()
  await expect(officer.getByText('待本人同意', { exact: true })).toBeVisible()
})

test('the roll as counts, the file kept with what it lacks', async () => {
  await officer.getByText('今日健康日报').click()
  await officer.getByLabel('到岗人数').first().fill('38')
  await officer.getByLabel('缺勤人数').fill('3')
  await officer.getByLabel('发热人数').fill('0')
  await officer.getByRole('button', { name: '提交', exact: true }).first().click()
  await expect(officer.getByText('缺勤人数 少于 5')).toBeVisible()
  await officer.getByText('复工（复课）材料').click()
  await officer.getByLabel('防控方案').fill('分批到岗，错峰就餐，每日两次测温')
  await officer.getByRole('button', { name: '保存' }).click()
  await expect(officer.getByText(/还缺.*口罩/)).toBeVisible()
  await accessible(officer)
})

test('ORG-17: a colleague answers for it by a link, then alone; who was the first does no more', async ({
  browser,
}) => {
  const COLLEAGUE = { name: '赵会计', number: idNumber('1982-03-04', '415'), phone: '13955550303' }
  await officer.reload()
  await officer.getByText('经办人（1）').click()
  await officer.getByRole('button', { name: '邀请另一位经办人' }).click()
  const link = officer.locator('.picked').filter({ hasText: '#officer/' })
  await expect(link).toBeVisible()
  await expect(officer.getByText(/有一个邀请待接受/)).toBeVisible()
  await accessible(officer)
  const colleague = await resident(browser, COLLEAGUE)
  await colleague.goto((await link.innerText()).replace('/r/#', '/r/?officer#'))
  await expect(colleague.getByText(/请您和现有经办人一起负责/)).toBeVisible()
  await accessible(colleague)
  await colleague.getByRole('button', { name: '接受', exact: true }).click()
  await expect(colleague.getByText('经办人（2）')).toBeVisible()

  // Handing over can be taken back while nobody has taken it; then the first one leaves.
  await officer.reload()
  await officer.getByText('经办人（2）').click()
  await expect(officer.getByText(/赵\*计/)).toBeVisible()
  await officer.getByRole('button', { name: '移交给他人' }).click()
  await expect(officer.getByText(/有一个移交待接受/)).toBeVisible()
  await officer.getByRole('button', { name: '作废这个链接' }).click()
  await expect(officer.getByText(/有一个移交待接受/)).toBeHidden()
  await officer.getByRole('button', { name: '我不再负责' }).click()
  await expect(officer.getByRole('heading', { name: '拙政园食品厂' })).toBeHidden()
  await colleague.reload()
  await colleague.getByText('经办人（1）').click()
  await expect(colleague.getByRole('button', { name: '我不再负责' })).toBeHidden()
  await accessible(colleague)
})
