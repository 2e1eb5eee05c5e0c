import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { codeSentTo, logInAs } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, sideways } from '../screens.ts'

/**
 * The page of somebody who stays at home, on a narrow phone: in with the own number, a reading in two taps, whom to call, help,
 * what is wrong, and the notice as a file (READ-17, OBS-9, OBS-21, SERV-7, ACCESS-22).
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let page: Page
const Objections = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), objection: z.unknown() })) })

test.beforeAll(async ({ browser }) => {
  at = await startDeployment({ exercise: 'grid' })
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 360, height: 740 },
  })
  page = await context.newPage()
})
test.afterAll(async () => {
  await page.context().close()
  await at.stop()
})

async function accessible(): Promise<void> {
  expect(await faults(page)).toEqual([])
  const wide = await sideways(page)
  expect(wide).toBe(0)
}

test('in with the own number and the code that was sent to it', async () => {
  expect(at.resident).not.toBeNull()
  // The address of a message leads here, short as it is.
  await page.goto(`${at.address}/r`)
  await expect(page.getByRole('heading', { name: '打开我的页面' })).toBeVisible()
  await accessible()
  await expect(page.getByRole('complementary', { name: '演练' })).toBeVisible()
  await page.getByLabel('手机号').fill(at.resident ?? '')
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByLabel('六位验证码').fill('000000')
  await page.getByRole('button', { name: '进入' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('六位验证码').fill(await codeSentTo(at.address, at.resident ?? ''))
  await page.getByRole('button', { name: '进入' }).click()
  await expect(page.getByText(/第 \d+ 天 \/ 共 14 天/).first()).toBeVisible()
  await accessible()
})

test('who is responsible is one tap away, and the notice is a file', async () => {
  await page.getByRole('button', { name: '谁在负责' }).first().click()
  await expect(page.getByText('上级网格中心').first()).toBeVisible()
  const href = await page
    .getByRole('link', { name: /告知书/ })
    .first()
    .getAttribute('href')
  const pdf = await page.request.get(`${at.address}${href}`)
  expect(pdf.headers()['content-type']).toBe('application/pdf')
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
})

test('READ-3: a report in two taps; an unlikely temperature is asked about; a fever says what to do', async () => {
  const report = page.getByRole('link', { name: '报体温' })
  // Who told the reading of this morning to the worker has nothing to report now.
  test.skip((await report.count()) === 0, 'this person has reported already')
  await report.first().click()
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByText('请填 34.0 到 43.0 之间的度数').first()).toBeVisible()
  await accessible()
  await expect(page.getByLabel('体温').first()).toBeFocused()
  // The question of symptoms left out: it is named, in both languages, what was typed stays, and the cursor goes there.
  await page.getByLabel('体温').first().fill('39.6')
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByText('请填 34.0 到 43.0 之间的度数')).toHaveCount(0)
  await expect(page.getByText('请选一项：哪里不舒服，或“没有不舒服”').first()).toBeVisible()
  await expect(page.getByRole('button', { name: '没有不舒服' }).first()).toBeFocused()
  await expect(page.getByLabel('体温').first()).toHaveValue('39.6')
  await accessible()
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByText('Please choose: what troubles you, or “I feel well”').first()).toBeVisible()
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('button', { name: '干咳' }).first().click()
  await expect(page.getByText('请选一项：哪里不舒服，或“没有不舒服”')).toHaveCount(0)
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByText(/39\.6 ℃ 不常见/)).toBeVisible()
  await accessible()
  await page.getByRole('button', { name: '没有错，提交' }).click()
  await expect(page.getByText('已收到，谢谢')).toBeVisible()
  await expect(page.getByText(/120/)).toBeVisible()
  await accessible()
  await page.getByRole('link', { name: '返回' }).click()
  await expect(page.getByText('已报').first()).toBeVisible()
  // What was reported before stands there too, when it is wanted.
  await page.getByRole('button', { name: '报过的' }).first().click()
  await expect(page.getByRole('list', { name: '报过的' }).first()).toContainText('39.6 ℃ · 干咳')
  await accessible()
})

test('help is asked for and stands in the list', async () => {
  await page.getByRole('link', { name: '需要帮助' }).click()
  await page.getByRole('button', { name: '提交求助' }).click()
  await expect(page.getByText('请选要什么帮助')).toBeVisible()
  await page.getByRole('button', { name: '买药' }).click()
  await page.getByLabel(/说清楚一点/).fill('退烧药')
  await page.getByRole('button', { name: '提交求助' }).click()
  await expect(page.getByRole('article').filter({ hasText: '买药' })).toBeVisible()
  await accessible()
  await page.getByRole('link', { name: '返回' }).click()
})

test('OBS-21: what is wrong is said in words, and the page says that it was received', async () => {
  await page
    .getByRole('link', { name: /提出异议/ })
    .first()
    .click()
  await page.getByRole('button', { name: '提交异议' }).click()
  await expect(page.getByText('请写几个字')).toBeVisible()
  await page.getByRole('textbox').fill('那天我不在车上')
  await accessible()
  await page.getByRole('button', { name: '提交异议' }).click()
  await expect(page.getByText('异议已收到，等待答复').first()).toBeVisible()

  // Answered at the desk, it is read here in the desk's words.
  const { items } = Objections.parse(await (await page.request.get(`${at.address}/api/my/observations`)).json())
  const id = items.find((one) => one.objection !== null)?.id ?? ''
  const desk = await logInAs(at, 'county320508.operator')
  const answer = { step: 'answer_objection', outcome: 'kept', note: '车次记录已核对，属实' }
  expect((await desk.post(`/api/observations/${id}/step`, { do: answer })).status).toBe(200)
  await page.reload()
  await expect(page.getByText('异议已答复：维持').first()).toBeVisible()
  await page.getByRole('button', { name: '看答复' }).first().click()
  await expect(page.getByText('车次记录已核对，属实')).toBeVisible()
  await accessible()
})

test('REGISTER-12: who is known by the number alone is told how to see what is held, and comes to the registration', async () => {
  await page.getByRole('link', { name: '我的资料和权利' }).click()
  await expect(page.getByText('单凭号码不能给人看资料')).toBeVisible()
  await accessible()
  await page.getByRole('link', { name: '登记并核对证件' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goto(`${at.address}/r/#home`)
  await expect(page.getByText(/第 \d+ 天 \/ 共 14 天/).first()).toBeVisible()
})

test('the same in English and in the dark; without a network it says so and keeps what was typed', async () => {
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByText(/Day \d+ of 14/).first()).toBeVisible()
  await accessible()
  await page.emulateMedia({ colorScheme: 'dark' })
  await accessible()
  await page.getByRole('link', { name: 'Ask for help' }).click()
  await page.getByRole('button', { name: 'Food' }).click()
  await page.getByLabel(/A few words/).fill('rice')
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(page.getByText('No network: nothing was sent')).toBeVisible()
  await expect(page.getByLabel(/A few words/)).toHaveValue('rice')
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(page.getByRole('article').filter({ hasText: 'Food' })).toBeVisible()
})

test('logged out, the page knows nobody', async () => {
  await page.getByRole('link', { name: 'Back' }).click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByLabel('Your telephone number')).toBeVisible()
  expect((await page.request.get(`${at.address}/api/my/observations`)).status()).toBe(401)
})
