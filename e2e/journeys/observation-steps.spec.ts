import { expect, test } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { countOf, Figures, logInAs } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { drawnPicture } from '../picture.ts'
import { choose, faults, fillLogIn, logIn } from '../screens.ts'

/**
 * The rarer steps of an observation, pressed at the desk (OBS-10 to OBS-18, OBS-21): a breach dealt with in its order, care, days
 * that only a doctor adds, another place of stay, another county, a central place, an objection, an error, a signed paper as a
 * picture; and how people are reached, what was sent, and numbers that want no messages (READ-7, READ-14, READ-15).
 */
test.describe.configure({ mode: 'serial' })

const GRID = '320508018025001'
const VILLAGE = GRID.slice(0, 12)
const COUNTY = GRID.slice(0, 6)
/** Another county of the city, known as a whole. */
const OTHER = '320505'
let at: Deployment
let desk: Client
let page: Page
const homes: { householdId: string; personId: string }[] = []

test.beforeAll(async ({ browser }) => {
  at = await startDeployment({ exercise: 'grid' })
  desk = await logInAs(at, `county${COUNTY}.operator`)
  page = await (
    await browser.newContext({
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 1440, height: 900 },
    })
  ).newPage()
  for (const one of (await get(`/api/households?limit=100&area=${GRID}`)).items) {
    const { people } = await get(`/api/households/${one.id}`)
    if (people.length === 0 || (await get(`/api/observations?householdId=${one.id}`)).total > 0) continue
    homes.push({ householdId: one.id, personId: people[0].personId })
    if (homes.length === 8) break
  }
  await logIn(page, at, 'county', 'operator')
})
test.afterAll(async () => {
  await page.context().close()
  await at.stop()
})

// Answers are read freely here; the screens parse them.
async function get(url: string): Promise<any> {
  const { status, body } = await desk.get(url)
  expect([url, status]).toEqual([url, 200])
  return body
}
const file = (id: string): Promise<any> => get(`/api/observations/${id}`)

/** Opened and told, with its panel in sight. */
async function observed(measure = 'home_quarantine'): Promise<string> {
  const home = homes.pop()
  if (!home) throw new Error('no home is left')
  const id = randomUUID()
  const body = { measure, reason: 'close_contact', householdId: home.householdId }
  const persons = [{ id, personId: home.personId, exposureDay: '2020-02-10' }]
  expect((await desk.post('/api/observations', { ...body, persons })).status).toBe(200)
  const told = await desk.post(`/api/observations/${id}/step`, { do: { step: 'notice', how: 'read' } })
  expect(told.status).toBe(200)
  await page.goto(`${at.address}/observation?tab=list&open=${id}`)
  await expect(page.getByRole('heading', { name: /第 5 天 \/ 共 14 天/ })).toBeVisible()
  return id
}

/** The button of a step, which may stand among the others, and its dialog. */
async function begin(verb: string): Promise<Locator> {
  const button = page.getByRole('button', { name: verb, exact: true }).first()
  const others = page.locator('details.obs-others')
  await expect(others.or(button).first()).toBeVisible()
  if (!(await button.isVisible())) await others.locator('summary').click()
  await button.click()
  const dialog = page.getByRole('dialog', { name: verb })
  await expect(dialog).toBeVisible()
  return dialog
}

async function step(verb: string, fill: (dialog: Locator) => Promise<void>): Promise<void> {
  const dialog = await begin(verb)
  await fill(dialog)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await expect(dialog).toBeHidden()
}

async function accessible(): Promise<void> {
  expect(await faults(page)).toEqual([])
}

test('OBS-13: a breach is dealt with in its order, and the days go on', async () => {
  const id = await observed()
  const { endDay } = await file(id)
  await step('登记违反', async () => choose(page, '什么事', /外出/))
  // The police before anybody has been at the door: refused, with what is to be done first.
  const dialog = await begin('登记处理')
  await choose(page, '做了什么', /民警/)
  await dialog.getByRole('button', { name: '登记处理', exact: true }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('button', { name: '取消' }).click()
  for (const what of [/打了电话/, /上了门/, /劝导/]) await step('登记处理', async () => choose(page, '做了什么', what))
  expect((await file(id)).current.breach).toMatchObject({ what: 'left', step: 'persuaded' })
  await step('违反了结', async () => choose(page, '结果', /已回家/))
  expect(await file(id)).toMatchObject({ endDay, current: { breach: null } })
})

test('OBS-11: symptoms noted at the desk, the way to care, admitted', async () => {
  const id = await observed()
  await step('登记症状', async (dialog) => {
    await dialog.getByRole('combobox', { name: '症状' }).click()
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '干咳' }).click()
    await page.keyboard.press('Escape')
  })
  for (const stage of [/已联系医生/, /联系转运/, /住院/])
    await step('登记就医进展', async () => choose(page, '到哪一步', stage))
  expect((await file(id)).current).toMatchObject({ care: { stage: 'admitted' } })
  await expect(page.getByText('住院').first()).toBeVisible()
})

test('OBS-14: the desk has no button for more days; the doctor of the village adds them by a document', async ({
  browser,
}) => {
  const id = await observed()
  await page.locator('details.obs-others summary').click()
  await expect(page.getByRole('button', { name: '延长', exact: true })).toHaveCount(0)
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })
  const own = page
  page = await context.newPage()
  await page.goto(`${at.address}/login`)
  await fillLogIn(page, at.login('village', 'doctor'))
  await page.waitForURL((url) => !url.pathname.endsWith('/login'))
  await page.goto(`${at.address}/observation?tab=list&open=${id}`)
  await step('延长', async (dialog) => {
    await dialog.getByLabel('新的最后一天').fill('2020-03-02')
    await dialog.getByLabel('书面决定文号').fill('苏疾控〔2020〕18号')
    await dialog.getByLabel('说明').fill('家中新增病例，重新计算')
  })
  await expect(page.getByText('3月2日').or(page.getByText('3 月 2 日')).first()).toBeVisible()
  page = own
  await context.close()
  expect((await file(id)).endDay).toBe('2020-03-02')
})

async function area(dialog: Locator, text: string): Promise<void> {
  await dialog.getByRole('combobox', { name: '辖区' }).click()
  await dialog.getByRole('combobox', { name: '辖区' }).fill(text)
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: text }).first().click()
}

test('OBS-16, STAT-12: another address in the county; then another county, which is neither a release nor a new one', async () => {
  const figures = async (): Promise<Record<string, number>> => {
    const { figures: all } = Figures.parse(await get(`/api/stats/figures?area=${COUNTY}`))
    return { out: countOf(all, 'obs_transferred_out'), released: countOf(all, 'obs_released') }
  }
  const before = await figures()
  const id = await observed()
  await step('更换住处', async (dialog) => {
    await area(dialog, VILLAGE)
    await dialog.getByLabel('地址').fill('人民路 8 号亲戚家')
    await choose(page, '住在哪里', /另外的住处/)
  })
  expect(await file(id)).toMatchObject({ area: VILLAGE, current: { place: 'elsewhere' } })
  await step('更换住处', async (dialog) => {
    await area(dialog, OTHER)
    await dialog.getByLabel('地址').fill('外县父母家')
    await choose(page, '住在哪里', /另外的住处/)
  })
  expect((await file(id)).current.outcome).toBe('transferred')
  expect(await figures()).toEqual({ out: (before['out'] ?? 0) + 1, released: before['released'] })
  await page.goto(`${at.address}/observation?tab=list&list=transferred_out`)
  await expect(page.getByText(/共 1 条/).first()).toBeVisible()
})

test('OBS-17, OBS-18, OBS-21: to a central place; an objection and its answer; an error', async () => {
  const central = await observed()
  await step('转集中观察', async (dialog) => dialog.getByLabel('集中观察点').fill('城西酒店'))
  expect((await file(central)).current.outcome).toBe('to_central')

  const objected = await observed('home_monitoring')
  await step('登记异议', async (dialog) => dialog.getByLabel('文号或编号').fill('异 2020-7'))
  expect((await file(objected)).current.objection).toMatchObject({ reference: '异 2020-7', answered: null })
  await step('答复异议', async (dialog) => {
    await choose(page, '结果', /维持/)
    await dialog.getByLabel('说明').fill('同车厢记录属实')
  })
  expect((await file(objected)).current.objection).toMatchObject({ answered: 'kept' })
  await step('登记错误，撤销', async (dialog) => {
    await choose(page, '什么事', /登错人/)
    await dialog.getByLabel('说明').fill('同名不同人')
  })
  expect((await file(objected)).current.outcome).toBe('cancelled')
})

test('OBS-10: a commitment on paper goes up as a picture, and is looked at for a purpose', async () => {
  const id = await observed('home_monitoring')
  const paper_ = await drawnPicture(page)
  await step('登记承诺', async (dialog) => {
    await choose(page, '方式', /纸上签名并拍照/)
    await dialog.locator('input[type=file]').setInputFiles(paper_)
    await expect(dialog.getByText('照片已选，登记后上传')).toBeVisible()
  })
  await expect.poll(async () => (await file(id)).photo?.here).toBe(true)
  await page.getByRole('button', { name: '查看签了字的承诺书' }).click()
  const looking = page.getByRole('dialog', { name: '查看签了字的承诺书' })
  await looking.getByLabel('用途').fill('核对承诺书')
  await looking.getByRole('button', { name: '查看签了字的承诺书' }).click()
  const picture = page.getByRole('img', { name: '签了字的承诺书' })
  await expect(picture).toBeVisible()
  // Small, as pictures of visits are.
  await expect.poll(() => picture.evaluate((one) => Reflect.get(one, 'naturalWidth'))).toBe(1280)
  await accessible()
})

test('READ-7, READ-15: how somebody is reached; what was sent; a number that wants no messages', async () => {
  const id = await observed('home_monitoring')
  await page.getByRole('button', { name: '改联系方式' }).click()
  await choose(page, '怎样联系', /电话/)
  const changing = page.getByRole('dialog', { name: '改联系方式' })
  await changing.getByRole('button', { name: '改联系方式' }).click()
  await expect(changing).toBeHidden()
  expect((await get(`/api/observations/${id}/readings`)).contact).toBe('voice')
  await expect(page.getByText(/20:00 至 8:00/).first()).toBeVisible()
  await page.goto(`${at.address}/observation?tab=messages`)
  await expect(page.getByRole('heading', { name: '退订的号码' })).toBeVisible()
  await page.getByLabel('手机号码').fill('138 0000 9999')
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page.getByText('这个号码照常接收短信')).toBeVisible()
  await page.getByRole('button', { name: '登记退订' }).click()
  await page.getByRole('dialog', { name: '登记退订' }).getByRole('button', { name: '登记退订' }).click()
  await expect(page.getByText('这个号码已退订')).toBeVisible()
  await accessible()
  await page.getByRole('button', { name: '恢复接收' }).click()
  await page.getByRole('dialog', { name: '恢复接收' }).getByRole('button', { name: '恢复接收' }).click()
  await expect(page.getByText('这个号码照常接收短信')).toBeVisible()
})
