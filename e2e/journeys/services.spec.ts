import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { logInAs } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { choose, faults, goTo, logIn, settled, sideways, windowOf } from '../screens.ts'

/**
 * Help that arrives, and disputes that are settled (SERV-1 to SERV-14, MED-1 to MED-6), on the desk's screens: a desk asks for a
 * door, gives it to somebody, sees it done; every number opens its list; what is confidential is confidential.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let door = ''
let person = ''
let service = ''
let dispute = ''

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

/** In the page's own session, as the screens ask. */
async function api(
  page: Page,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<{ status: number; body: any }> {
  return page.evaluate(
    async ({ how, where, what }) => {
      const answer = await fetch(where, {
        method: how,
        headers: { 'x-weiwang': '1', ...(what ? { 'content-type': 'application/json' } : {}) },
        ...(what ? { body: JSON.stringify(what) } : {}),
      })
      return { status: answer.status, body: await answer.json() }
    },
    { how: method, where: path, what: body },
  )
}

const SHOTS = process.env['WEIWANG_SHOTS']
async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  await settled(page)
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

test('the desk asks for a door, is offered at once, and opens what is wanted for a purpose', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  // A household with somebody in it, from the register of the worker's own grid.
  await logIn(page, at, 'county', 'operator')
  const doors = await api(page, 'GET', '/api/households?limit=20')
  expect(doors.status).toBe(200)
  for (const one of doors.body.items) {
    const whole = await api(page, 'GET', `/api/households/${one.id}`)
    const [first] = whole.body.people ?? []
    if (!first) continue
    door = one.id
    person = first.personId
    break
  }
  expect(door).not.toBe('')
  await page.goto(`${at.address}/households/${door}`)
  await page.locator('.page-acts').getByRole('link', { name: '服务', exact: true }).click()
  await expect(page).toHaveURL(/householdId=/)
  await expect(page.getByText('没有这样的服务')).toBeVisible()
  await shot(page, 'services-empty-1440-zh')
  await page.getByRole('button', { name: '申请服务' }).click()
  await choose(page, '种类', /药品/)
  await choose(page, '缓急', /急/)
  await page.getByRole('dialog').getByLabel('需要什么').fill('降压药一盒')
  await page.getByRole('dialog').getByRole('button', { name: '申请服务' }).click()
  const row = page.getByRole('row', { name: /药品/ })
  await expect(row).toBeVisible()
  service = (await api(page, 'GET', `/api/services?householdId=${door}`)).body.items[0].id
  await row.click()
  await expect(page.getByRole('heading', { name: /药品/ })).toBeVisible()
  await page.getByRole('button', { name: '查看需要什么、联系谁' }).click()
  await page.getByLabel('用途').last().fill('安排送药')
  await windowOf(page).getByRole('button', { name: '查看需要什么、联系谁' }).click()
  await expect(page.getByText('降压药一盒')).toBeVisible()
  await expect(page.getByText('本次查看已记录')).toBeVisible()
  await shot(page, 'service-panel-1440-zh')
  expect(await faults(page)).toEqual([])
})

test('offered by name, taken by the worker, done with his word; each number opens its list', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  const helpers = (await api(page, 'GET', `/api/services/${service}/helpers`)).body.items
  const area = (await api(page, 'GET', `/api/services/${service}`)).body.area
  const workers = at.logins.filter((one) => one.role === 'worker' && area.startsWith(one.area))
  const chosen = helpers.find((one: { name: string }) => workers.some(({ name }) => name === one.name)) ?? helpers[0]
  const worker = workers.find((one) => one.name === chosen?.name)
  expect(chosen).toBeTruthy()
  await page.goto(`${at.address}/services?open=${service}`)
  await page.getByRole('button', { name: '派单', exact: true }).click()
  await choose(page, '派给', new RegExp(chosen.name))
  await windowOf(page).getByRole('button', { name: '派单', exact: true }).click()
  await expect(page.getByText(`已派 ${chosen.name}`).first()).toBeVisible()
  expect(worker, 'the worker of the grid is among the helpers').toBeTruthy()
  const hands = await logInAs(at, worker?.login ?? '')
  const step = (body: object) => hands.post(`/api/services/${service}/step`, { id: service, ...body })
  expect(await step({ step: 'accept' })).toMatchObject({ status: 200, body: { state: 'accepted' } })
  const cost = { cents: 3250, paidBy: 'resident' }
  expect(await step({ step: 'done', proof: { kind: 'word', by: 'self' }, cost })).toMatchObject({
    status: 200,
    body: { state: 'done' },
  })
  await page.goto(`${at.address}/services?list=done&open=${service}`)
  await expect(page.getByText('32.50 元 · 居民自付')).toBeVisible()
  await page.goto(`${at.address}/services?tab=kinds`)
  await expect(page.getByRole('row', { name: /药品/ })).toBeVisible()
  await shot(page, 'services-kinds-1440-zh')
  expect(await faults(page)).toEqual([])
  const asked = page.getByRole('link', { name: /^药品 申请 \d+$/ })
  const n = Number((await asked.innerText()).replaceAll(',', ''))
  await asked.click()
  await expect(page).toHaveURL(/list=asked/)
  await expect(page.getByText(new RegExp(`共 ${n} 条`)).first()).toBeVisible()
  await page.goto(`${at.address}/figures`)
  const card = page.getByRole('link', { name: /^服务申请/ }).first()
  await expect(card).toBeVisible()
  await card.click()
  await expect(page.getByRole('heading', { level: 1, name: '服务' })).toBeVisible()
})

test('what repeats, the round of tomorrow, and who runs out of a medicine', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/services?personId=${person}&tab=rules`)
  await page.getByRole('button', { name: '添加重复服务' }).click()
  await choose(page, '如何重复', /隔几天/)
  await page.getByRole('dialog').getByText('随集中配送').click()
  await page.getByRole('dialog').getByRole('button', { name: '添加重复服务' }).click()
  await expect(page.getByRole('row', { name: /每 2 天/ })).toBeVisible()
  await shot(page, 'services-rules-1440-zh')
  expect(await faults(page)).toEqual([])

  await page.getByRole('button', { name: '登记用药' }).click()
  await page.getByRole('dialog').getByLabel('药名').fill('二甲双胍片')
  await page
    .getByRole('dialog')
    .getByLabel(/家里还有/)
    .fill('4')
  await page.getByRole('dialog').getByRole('button', { name: '登记用药' }).click()
  await page.goto(`${at.address}/services?tab=medicines`)
  const line = page.getByRole('row', { name: /4 天/ })
  await expect(line).toBeVisible()
  await expect(page.getByText('二甲双胍片')).toHaveCount(0)
  await shot(page, 'services-medicines-1440-zh')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: '按药名查' }).click()
  await page.getByRole('dialog').getByLabel('药名').fill('二甲双胍 片')
  await page.getByRole('dialog').getByLabel('用途').fill('配药')
  await page.getByRole('dialog').getByRole('button', { name: '按药名查' }).click()
  await expect(page.getByRole('heading', { name: '查到 1 人' })).toBeVisible()
  await page.getByRole('button', { name: '打开', exact: true }).first().click()
  await page.getByRole('dialog').getByLabel('用途').fill('配药')
  await page.getByRole('dialog').getByRole('button', { name: '打开', exact: true }).click()
  await expect(page.getByText('二甲双胍片')).toBeVisible()

  await api(page, 'POST', '/api/services', { id: randomUUID(), kind: 'food', urgency: 'round', householdId: door })
  await page.goto(`${at.address}/services?tab=round`)
  await expect(page.getByRole('row', { name: /生活物资/ }).first()).toBeVisible()
  await shot(page, 'services-round-1440-zh')
  expect(await faults(page)).toEqual([])
})

test('a dispute is recorded at the desk, mediated, read for a purpose; another desk counts it and reads nothing', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await goTo(page, '调解')
  await expect(page.getByText('没有这样的纠纷')).toBeVisible()
  await shot(page, 'mediation-empty-1440-zh')
  const area = (await api(page, 'GET', `/api/services/${service}`)).body.area.slice(0, 15)
  const me = await api(page, 'GET', '/api/me')
  expect(me.status).toBe(200)
  dispute = randomUUID()
  const opened = await api(page, 'POST', '/api/mediations', {
    id: dispute,
    kind: 'rent',
    area,
    parties: [
      { name: '王秀英', role: '租客' },
      { name: '李建国', role: '房东' },
    ],
    words: '解封后租金怎么算',
  })
  expect(opened.status).toBe(200)
  await page.goto(`${at.address}/mediation?open=${dispute}`)
  await expect(page.getByRole('heading', { name: /租赁/ })).toBeVisible()
  await expect(page.getByText('王秀英')).toHaveCount(0)
  await page.getByRole('button', { name: '查看当事人和内容' }).click()
  await page.getByRole('dialog').getByLabel('用途').fill('上门调解')
  await windowOf(page).getByRole('button', { name: '查看当事人和内容' }).click()
  await expect(page.getByText('王秀英')).toBeVisible()
  await page.getByRole('button', { name: '记录一次调解' }).click()
  await choose(page, '这次调解的结果', /达成一致/)
  await page
    .getByLabel(/约定内容/)
    .last()
    .fill('减半收取')
  await windowOf(page).getByRole('button', { name: '记录一次调解' }).click()
  await expect(page.getByText(/调解 · 达成一致/)).toBeVisible()
  await shot(page, 'mediation-panel-1440-zh')
  expect(await faults(page)).toEqual([])

  await logIn(page, at, 'city', 'chief')
  await page.goto(`${at.address}/mediation`)
  const stub = page.getByRole('row', { name: /租赁/ })
  await expect(stub.getByText('保密').first()).toBeVisible()
  await stub.click()
  await expect(page.getByText('您可以看到件数，看不到内容')).toBeVisible()
  await shot(page, 'mediation-stub-1440-zh')
  expect(await faults(page)).toEqual([])
  expect((await api(page, 'GET', `/api/mediations/${dispute}`)).status).toBe(404)
})

const PAGES = [
  '/services',
  '/services?tab=kinds',
  '/services?tab=round',
  '/services?tab=rules',
  '/services?tab=medicines',
  '/mediation',
  '/mediation?tab=mine',
  '/mediation?tab=kinds',
]

test('every sheet at 1440 and 390 px, in Chinese and English, without a fault that a screen reader would meet', async ({
  page,
}) => {
  test.setTimeout(600_000)
  await logIn(page, at, 'county', 'operator')
  for (const lang of ['zh', 'en']) {
    await page.evaluate((one) => localStorage.setItem('weiwang.lang', one), lang)
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      for (const path of [...PAGES, `/services?list=asked&open=${service}`, `/mediation?open=${dispute}`]) {
        await page.goto(`${at.address}${path}`)
        await page.waitForLoadState('networkidle')
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await faults(page), `${path} ${lang} ${width}`).toEqual([])
        const wider = await sideways(page)
        expect(wider, `${path} ${lang} ${width}`).toBeLessThanOrEqual(0)
        await shot(page, `all${path.replaceAll(/[^a-z]+/g, '-').slice(0, 40)}-${width}-${lang}`)
      }
    }
  }
})
