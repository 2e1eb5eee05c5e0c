import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { logInAs, weiwang } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { step } from '../observing.ts'
import { choose, faults, fillLogIn, logIn, openPhone, settled, sideways, windowOf } from '../screens.ts'

/**
 * An observation day by day on the screens (OBS-1 to OBS-20, READ-1 to READ-12): opened by hand at the desk, notice and
 * commitment, a reading at the door without a net, one slot missed and called about, released on the right local day with its paper.
 */
test.describe.configure({ mode: 'serial' })

const GRID = '320508018025001'
let at: Deployment
/** Answers are read freely here; the screens parse them. */
let desk: { get: (url: string) => Promise<any>; post: (url: string, body?: object) => Promise<any> }
let door = ''
let person = ''
let masked = ''
let observation = ''

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  desk = await logInAs(at, 'county320508.operator')
})
test.afterAll(() => at.stop())

const SHOTS = process.env['WEIWANG_SHOTS']
async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  await settled(page)
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

async function now(): Promise<any> {
  return (await desk.get(`/api/observations/${observation}`)).body
}

/** The clock of the exercise goes on; the program that runs reads it within a minute. */
async function nextDay(day: string): Promise<void> {
  expect((await weiwang(at, ['exercise', 'advance', '1d'])).code).toBe(0)
  await expect
    .poll(async () => (await desk.get('/api/me')).body.today, { timeout: 120_000, intervals: [2000] })
    .toBe(day)
}

async function openDesk(page: Page, search: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/observation${search}`)
}

test('opened by hand from the page of a door; every number of the board opens its list', async ({ page }) => {
  const doors = await desk.get(`/api/households?limit=60&area=${GRID}`)
  for (const one of doors.body.items) {
    const whole = (await desk.get(`/api/households/${one.id}`)).body
    const taken = await desk.get(`/api/observations?householdId=${one.id}`)
    if (whole.people.length !== 1 || taken.body.total > 0) continue
    door = one.id
    person = whole.people[0].personId
    masked = whole.people[0].masked
    break
  }
  expect(door).not.toBe('')
  await openDesk(page, '')
  await page.goto(`${at.address}/households/${door}`)
  await page.locator('.page-acts').getByRole('link', { name: '居家观察', exact: true }).click()
  await expect(page.getByText('这里没有这样的观察')).toBeVisible()
  await page.getByRole('button', { name: '建立观察' }).click()
  await page.getByRole('dialog').getByLabel('最后接触日（第 0 天）').fill('2020-02-03')
  await page.getByRole('dialog').getByRole('button', { name: '建立观察' }).click()
  const row = page.getByRole('row', { name: /第 12 天 \/ 共 14 天/ })
  await expect(row).toBeVisible()
  const found = await desk.get(`/api/observations?personId=${person}`)
  observation = found.body.items[0].id
  expect(found.body.items[0]).toMatchObject({ endDay: '2020-02-17', step: 'notify' })
  await row.click()
  await expect(page.getByRole('heading', { name: '第 12 天 / 共 14 天' })).toBeVisible()

  await page.goto(`${at.address}/observation`)
  const card = page.getByRole('link', { name: /^告知 \d+/ })
  await expect(card).toBeVisible()
  const n = Number(/\d+/.exec(await card.innerText())?.[0])
  expect(n).toBeGreaterThan(0)
  await shot(page, 'observation-board')
  await card.click()
  await expect(page).toHaveURL(/step=notify/)
  await expect(page.getByText(new RegExp(`共 ${n} 条`)).first()).toBeVisible()
})

test('the home is looked at, the notice given, the commitment taken; the file is opened and printed for a purpose', async ({
  page,
}) => {
  await openDesk(page, `?tab=list&open=${observation}`)
  await step(page, '核查居家条件', async () => {
    await page.getByRole('dialog').getByText('有单独房间').click()
    await page.getByRole('dialog').getByText('有独立卫生间').click()
    await page.getByRole('dialog').getByLabel('说明').fill('两间卧室，朝北的一间')
  })
  await expect(page.getByText('居家条件符合').first()).toBeVisible()
  await step(page, '登记已告知', () => choose(page, '方式', /宣读/))
  await expect(page.getByText('已告知').first()).toBeVisible()
  await step(page, '登记承诺', async () => {
    await choose(page, '方式', /见证人/)
    await page.getByRole('dialog').getByLabel('见证人及所见').fill('邻居王强在场听到本人同意')
  })
  await expect(page.getByText('观察中').first()).toBeVisible()
  expect((await now()).current.commitment).toMatchObject({ how: 'witness' })
  await page.getByRole('button', { name: '查看姓名、电话和文字' }).click()
  await page.getByLabel('用途').last().fill('打印告知书')
  await windowOf(page).getByRole('button', { name: '查看姓名、电话和文字' }).click()
  await expect(page.getByText('两间卧室，朝北的一间')).toBeVisible()
  await expect(page.getByText('已打开，审计留有记录')).toBeVisible()
  await shot(page, 'observation-panel')
  const paper = await page.request.get(`${at.address}/api/observations/${observation}/notice.pdf?purpose=printing`)
  expect(paper.status()).toBe(200)
  expect((await paper.body()).subarray(0, 5).toString()).toBe('%PDF-')
  expect(await faults(page)).toEqual([])
})

test('at the door, without a net: day and slots are there, a reading is kept here and then at the server', async ({
  page,
}) => {
  const login = at.logins.find((one) => one.login === `worker${GRID}`)
  if (!login) throw new Error('no worker')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${at.address}/worker/login`)
  await fillLogIn(page, login)
  await openPhone(page)
  const row = page.getByRole('link', { name: /^居家观察：\d+ 户现在要办$/ })
  await expect(row).toBeVisible({ timeout: 60_000 })
  await row.click()
  const doors = page.getByRole('link', { name: /第 12 天 \/ 共 14 天/ })
  await expect(doors.first()).toBeVisible()
  await shot(page, 'phone-doors')
  // A page that was opened once is there without a net, as the installed app has them all.
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: '今天' })).toBeVisible()
  await page.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
  }, `/worker/observation/${door}/readings`)
  await expect(page.getByLabel('体温（℃）')).toBeVisible()
  await page.context().setOffline(true)
  await page.getByLabel('体温（℃）').fill('39.2')
  await page.getByRole('button', { name: '登记体温和症状' }).click()
  await expect(page.getByText('请再看一次，或说明没有看错')).toBeVisible()
  await page.getByLabel('体温（℃）').fill('36.6')
  await shot(page, 'phone-reading')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: '登记体温和症状' }).click()
  await expect(page.getByText('已存本机')).toBeVisible()
  expect((await desk.get(`/api/observations/${observation}/readings`)).body.total).toBe(0)
  await page.context().setOffline(false)
  await expect(page.getByText('服务器已收到')).toBeVisible({ timeout: 60_000 })
  const filed = await desk.get(`/api/observations/${observation}/readings`)
  expect(filed.body.items[0]).toMatchObject({ temperature: 366, how: 'door' })
})

test('at the door: told, and signed by finger; the desk sees what was drawn', async ({ page }) => {
  const login = at.logins.find((one) => one.login === `worker${GRID}`)
  if (!login) throw new Error('no worker')
  let home = ''
  const id = randomUUID()
  for (const one of (await desk.get(`/api/households?limit=60&area=${GRID}`)).body.items) {
    const { people } = (await desk.get(`/api/households/${one.id}`)).body
    if (people.length === 0 || (await desk.get(`/api/observations?householdId=${one.id}`)).body.total > 0) continue
    const opened = await desk.post('/api/observations', {
      persons: [{ id, personId: people[0].personId, exposureDay: '2020-02-10' }],
      measure: 'home_monitoring',
      reason: 'co_resident',
      householdId: one.id,
    })
    expect(opened.status).toBe(200)
    home = one.id
    break
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${at.address}/worker/login`)
  await fillLogIn(page, login)
  await openPhone(page)
  await page.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
  }, `/worker/observation/${home}`)
  await page.getByRole('button', { name: '登记已告知' }).click({ timeout: 60_000 })
  await page.getByRole('radio', { name: '宣读' }).check()
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '登记承诺' }).click()
  await page.getByRole('radio', { name: '手机上手写签名' }).check()
  const box = await page.getByRole('img', { name: '在框内签名' }).boundingBox()
  if (!box) throw new Error('no box')
  await page.mouse.move(box.x + 40, box.y + 40)
  await page.mouse.down()
  for (let i = 1; i <= 12; i++) await page.mouse.move(box.x + 40 + i * 15, box.y + 40 + (i % 3) * 25)
  await page.mouse.up()
  await expect(page.getByText('已签')).toBeVisible()
  await shot(page, 'phone-signature')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: '保存' }).click()
  await expect
    .poll(async () => (await desk.get(`/api/observations/${id}`)).body.current.commitment?.how, { timeout: 60_000 })
    .toBe('signed')
  await openDesk(page, `?tab=list&open=${id}`)
  await page.getByRole('button', { name: '查看姓名、电话和文字' }).click()
  await page.getByLabel('用途').last().fill('核对签名')
  await windowOf(page).getByRole('button', { name: '查看姓名、电话和文字' }).click()
  await expect(page.getByRole('img', { name: '签名' })).toBeVisible()
  await shot(page, 'observation-signature')
})

test('nothing came by the evening: the next morning it is a call, and what was said ends it', async ({ page }) => {
  test.setTimeout(400_000)
  await nextDay('2020-02-16')
  await expect
    .poll(async () => (await now()).missed, { timeout: 150_000, intervals: [3000], message: 'one slot missed' })
    .toBe(1)
  await openDesk(page, '?tab=calls')
  const row = page.getByRole('row').filter({ hasText: masked }).first()
  await expect(row).toContainText('连续漏报 1 次')
  await shot(page, 'observation-calls')
  await row.getByRole('button', { name: '打电话' }).click()
  await page.getByRole('button', { name: '看号码' }).click()
  await choose(page, '结果', /平安/)
  await page.getByRole('dialog').getByText('通话中报了体温和症状').click()
  await page
    .getByRole('dialog')
    .getByLabel(/体温（℃）/)
    .fill('36.4')
  await shot(page, 'observation-call')
  await page.getByRole('dialog').getByRole('button', { name: '登记结果' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  expect((await now()).missed).toBe(0)
  await page.goto(`${at.address}/observation?tab=calls&calls=done`)
  await expect(page.getByRole('row').filter({ hasText: masked }).first()).toBeVisible()
})

test('released on the day after the last one, not before, with its paper (case 25)', async ({ page }) => {
  test.setTimeout(400_000)
  await nextDay('2020-02-17')
  expect((await now()).may).not.toContain('release')
  await openDesk(page, `?tab=list&list=release_due&open=${observation}`)
  await expect(page.getByText('今天是最后一天').first()).toBeVisible()
  await step(page, '解除前核查', () => choose(page, '检测', /阴性/))
  expect((await now()).current.outcome).toBeNull()
  await nextDay('2020-02-18')
  await expect.poll(async () => (await now()).state, { timeout: 150_000, intervals: [3000] }).toBe('released')
  const { history } = await now()
  expect(history.find((line: { kind: string }) => line.kind === 'released').body).toMatchObject({
    effective: '2020-02-18',
    on: '2020-02-18',
  })
  await page.goto(`${at.address}/observation?tab=list&list=released&from=2020-02-18&to=2020-02-18&open=${observation}`)
  await expect(page.getByRole('button', { name: '打印解除通知书' })).toBeVisible()
  await shot(page, 'observation-released')
  const paper = await page.request.get(`${at.address}/api/observations/${observation}/certificate.pdf?purpose=printing`)
  expect(paper.status()).toBe(200)
  expect(paper.headers()['content-type']).toContain('application/pdf')
})

const PAGES = [
  '/observation',
  '/observation?tab=list',
  '/observation?tab=calls&calls=open',
  '/observation?tab=calendar',
  '/observation?tab=slots',
  '/observation?tab=messages',
  '/observation?tab=rules',
  '/observation?tab=plan',
]

test('every sheet at 1440 and 360 px, in Chinese and English, without a fault that a screen reader would meet', async ({
  page,
}) => {
  test.setTimeout(600_000)
  await logIn(page, at, 'county', 'operator')
  const open = (await desk.get('/api/observations?list=open&limit=1')).body.items[0].id
  for (const lang of ['zh', 'en']) {
    await page.evaluate((one) => localStorage.setItem('weiwang.lang', one), lang)
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: width === 360 ? 780 : 900 })
      for (const path of [...PAGES, `/observation?tab=list&open=${open}`]) {
        await page.goto(`${at.address}${path}`)
        await page.waitForLoadState('networkidle')
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        expect.soft(await faults(page), `${path} ${lang} ${width}`).toEqual([])
        const wider = await sideways(page)
        expect.soft(wider, `${path} ${lang} ${width}`).toBeLessThanOrEqual(0)
        await shot(page, `all${path.replaceAll(/[^a-z]+/g, '-').slice(0, 40)}-${width}-${lang}`)
      }
    }
  }
})

test('the phone at 360 px, in Chinese and English, without a fault that a screen reader would meet', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const login = at.logins.find((one) => one.login === `worker${GRID}`)
  if (!login) throw new Error('no worker')
  await page.setViewportSize({ width: 360, height: 780 })
  await page.goto(`${at.address}/worker/login`)
  await fillLogIn(page, login)
  await openPhone(page)
  const row = page.getByRole('link', { name: /^(居家观察|Home observation)/ })
  await expect(row.first()).toBeVisible({ timeout: 60_000 })
  await row.first().click()
  for (const lang of ['zh', 'en']) {
    await page.evaluate((one) => localStorage.setItem('weiwang.lang', one), lang)
    if (lang === 'en') {
      await page.reload()
      await openPhone(page)
    }
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForTimeout(2000)
    expect.soft(await faults(page), `doors ${lang}`).toEqual([])
    await shot(page, `phone-doors-360-${lang}`)
    await page
      .getByRole('main')
      .getByRole('link', { name: /第 \d+ 天|Day \d+/ })
      .first()
      .click()
    await expect(page.getByRole('list', { name: /每一天|Day by day/ }).first()).toBeVisible()
    expect.soft(await faults(page), `door ${lang}`).toEqual([])
    await shot(page, `phone-door-360-${lang}`)
    await page
      .getByRole('button', { name: /^(登记问候|Note a welfare check)$/ })
      .first()
      .click()
    await expect(page.getByRole('button', { name: /^(保存|Keep this)$/ })).toBeVisible()
    expect.soft(await faults(page), `step ${lang}`).toEqual([])
    await shot(page, `phone-step-360-${lang}`)
    await page.getByRole('button', { name: /^(取消|Cancel)$/ }).click()
    await page.goBack()
  }
})
