import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, goTo, logIn, sideways, typePin, windowOf } from '../screens.ts'

/** Every room of the desk and the phone opens, in both languages, without a fault that a screen reader would meet. */
test.describe.configure({ mode: 'serial' })

let at: Deployment

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at.stop())

const DESK = [
  '/',
  '/lists',
  '/tasks',
  '/people',
  '/people?tab=doors',
  '/people?tab=unresolved',
  '/people?tab=reviews',
  '/people?tab=conflicts',
  '/people?tab=register',
  '/feeds',
  '/risk-areas',
  '/rules',
  '/rules?tab=runs',
  '/rules?tab=manual',
  '/rules?tab=guard',
  '/figures',
  '/figures?organised=then',
  '/figures?organised=2020-02-15',
  '/escalations',
  '/escalations?whose=all',
  '/areas',
  '/areas?tab=propose',
  '/areas?tab=changes',
  '/areas?tab=import',
  '/accounts',
  '/accounts?tab=duties',
  '/phones',
  '/phones?tab=phones',
  '/phones?tab=unsynced',
  '/audit',
  '/emergency',
  '/settings',
]
const PHONE = [
  '/worker/',
  '/worker/doors',
  '/worker/doors/new',
  '/worker/instructions',
  '/worker/me',
  '/worker/me/day',
  '/worker/me/outbox',
  '/worker/me/help',
  '/worker/me/settings',
  '/worker/me/account',
]

async function opens(page: Page, path: string): Promise<void> {
  const broken: string[] = []
  page.on('pageerror', (error) => broken.push(String(error)))
  await page.goto(`${at.address}${path}`)
  await page.waitForLoadState('networkidle')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await faults(page), path).toEqual([])
  expect(broken, path).toEqual([])
}

test('every room of the desk, in Chinese and in English', async ({ page }) => {
  test.setTimeout(600_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'chief')
  for (const path of DESK) await opens(page, path)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  for (const path of ['/', '/figures', '/rules', '/tasks', '/areas', '/areas?tab=propose', '/escalations'])
    await opens(page, path)
})

test('every room of the desk at 360 px, in English and in the dark: no sheet hidden, nothing wider than the screen', async ({
  page,
}) => {
  test.setTimeout(600_000)
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await logIn(page, at, 'county', 'chief')
  await page.evaluate(() => localStorage.setItem('weiwang.lang', 'en'))
  for (const path of DESK) {
    await opens(page, path)
    const wider = await sideways(page)
    expect(wider, path).toBeLessThanOrEqual(0)
  }
  // PEOPLE has more sheets than fit beside one another: each can be seen and pressed.
  await page.goto(`${at.address}/people`)
  const sheets = page.getByRole('tab')
  await expect(sheets.first()).toBeVisible()
  for (const sheet of await sheets.all()) await expect(sheet).toBeInViewport({ ratio: 1 })
  await sheets.first().focus()
  await page.keyboard.press('ArrowRight')
  await expect(sheets.nth(1)).toHaveAttribute('aria-selected', 'true')
  await expect(sheets.nth(1)).toBeFocused()
})

test('ACCESS-3: no room asks for what its reader may not have: a refusal in the trail is somebody’s try, not a screen’s', async ({
  page,
}) => {
  test.setTimeout(600_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  const refused: string[] = []
  let reader = ''
  page.on('response', (answer) => {
    const { pathname } = new URL(answer.url())
    const isNo = answer.status() === 403 || answer.status() === 404
    if (isNo && pathname.startsWith('/api/')) refused.push(`${reader} ${new URL(page.url()).pathname}: ${pathname}`)
  })
  for (const { level, role } of at.logins.filter((one) => one.level === 'village' && one.role !== 'gate')) {
    reader = role
    await logIn(page, at, level, role)
    const nav = page.getByRole('navigation', { name: '栏目' })
    await expect(nav.getByRole('link', { name: '当前', exact: true })).toBeVisible()
    const folded = nav.locator('button[aria-expanded="false"]')
    while ((await folded.count()) > 0) await folded.first().click()
    const rooms = await nav
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
    expect(rooms.length).toBeGreaterThan(1)
    for (const room of rooms) {
      await page.goto(`${at.address}${room}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForLoadState('networkidle')
      for (const sheet of await page.getByRole('tab').all()) {
        await sheet.click()
        await page.waitForLoadState('networkidle')
      }
    }
  }
  expect(reader).not.toBe('')
  expect(refused).toEqual([])
})

test('rooms stand in groups that remember, and are found by typing in Chinese, English, pinyin and initials', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'chief')
  const nav = page.getByRole('navigation', { name: '栏目' })
  const find = nav.getByRole('searchbox', { name: '查找栏目' })
  const home = nav.getByRole('button', { name: '居家照护' })
  const link = (name: string) => nav.getByRole('link', { name, exact: true })
  await expect(link('当前')).toHaveAttribute('aria-current', 'page')
  await expect(home).toHaveAttribute('aria-expanded', 'false')
  await expect(link('居家观察')).toHaveCount(0)
  await home.click()
  await link('居家观察').click()
  await expect(page.getByRole('heading', { level: 1, name: '居家观察' })).toBeVisible()
  // Folded, the room in which one stands stays in sight; what was folded stays so over a reload.
  await home.click()
  await expect(link('包保小组')).toHaveCount(0)
  await expect(link('居家观察')).toBeVisible()
  await page.reload()
  await expect(home).toHaveAttribute('aria-expanded', 'false')
  await expect(link('居家观察')).toHaveAttribute('aria-current', 'page')
  for (const [typed, heading] of [
    ['sjy', '数据源'],
    ['fengxian', '风险地区'],
    ['值守', '账号和值守'],
    ['gates', '卡口'],
  ] as const) {
    await find.fill(typed)
    await expect(link(heading)).toBeVisible()
    await find.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    await expect(find).toHaveValue('')
  }
  await find.fill('没有这个栏目')
  await expect(nav.getByRole('status')).toHaveText('没有这个名称的栏目')
  expect(await faults(page)).toEqual([])
  await find.press('Escape')
  await expect(home).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByLabel('人员、任务编号、辖区或栏目').fill('jjgc')
  await expect(page.getByRole('dialog').getByRole('link', { name: '居家观察' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: '居家观察' })).toBeVisible()
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('a window takes the press of whoever is quick, from the moment it is there', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/forces?tab=orgs`)
  const opens = page.getByRole('button', { name: '登记单位' })
  const no = windowOf(page).getByRole('button', { name: '取消' })
  await opens.click()
  const box = await no.boundingBox()
  await no.click()
  // Pressed by place, as a hand does it: nothing waits here for the window to come to rest.
  for (const after of [0, 60, 120, 180, 240]) {
    await expect(no).toBeHidden()
    await opens.click()
    await page.waitForTimeout(after)
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2)
    await page.mouse.down()
    await page.waitForTimeout(80)
    await page.mouse.up()
  }
  await expect(no).toBeHidden()
})

test('on a phone the rooms open over the page, by one button that says where one is', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await logIn(page, at, 'county', 'chief')
  const menu = page.getByRole('button', { name: /^栏目：/ })
  await expect(menu).toHaveText(/当前/)
  await menu.click()
  const panel = page.getByRole('dialog', { name: '栏目' })
  await expect(panel.getByRole('link', { name: '当前', exact: true })).toBeVisible()
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(menu).toBeFocused()
  await goTo(page, '卡口')
  await expect(panel).toBeHidden()
  await expect(menu).toHaveText(/卡口/)
  await expect(page.getByRole('main')).toBeFocused()
})

test('whoever has few rooms sees them as they are, and nobody sees a room that he may not enter', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'village', 'doctor')
  const nav = page.getByRole('navigation', { name: '栏目' })
  await expect(nav.getByRole('link')).toHaveText(['当前', '我的包保户', '走访表单', '居家观察', '辖区和网格', '设置'])
  await expect(nav.getByRole('searchbox')).toHaveCount(0)
})

test('the highest centre sees the state of its backups and what to do when there is none', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'province', 'administrator')
  await opens(page, '/settings?tab=backups')
  await expect(page.getByText('还没有经过验证的备份').first()).toBeVisible()
  await expect(page.getByText('./weiwang backup').first()).toBeVisible()
  // Below the deployment's root there is no such sheet (ACCESS-4).
  await logIn(page, at, 'county', 'chief')
  await page.goto(`${at.address}/settings?tab=backups`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('tab')).toHaveCount(0)
})

/** A page of the phone that was opened by its address is locked until the PIN has been given. */
async function opensOnPhone(page: Page, path: string): Promise<void> {
  await opens(page, path)
  await typePin(page)
  await seen(page, path)
}

async function seen(page: Page, what: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText(/^(正在读取|Reading)/)).toHaveCount(0)
  expect(await faults(page), what).toEqual([])
}

/** Cards of a task, a door and a person, and the forms behind them. */
async function walk(page: Page): Promise<void> {
  await page.goto(`${at.address}/worker/`)
  await typePin(page)
  await page
    .getByRole('link', { name: /上门核查|Check at the door/ })
    .first()
    .click()
  await seen(page, 'a task')
  await page.getByRole('link', { name: /^(打开这一户|Open the door)$/ }).click()
  await seen(page, 'a door')
  await page.locator('a.big-primary').click()
  await page.getByRole('radio', { name: /^(见到本人|Met)$/ }).check()
  await seen(page, 'a visit')
  await page.goBack()
  await page.locator('a.card-name').first().click()
  await seen(page, 'a person')
}

test('a sheet of the phone is gone through by keys alone, and leaves where it was opened', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await logIn(page, at, 'grid', 'worker')
  await opensOnPhone(page, '/worker/me/settings')
  const change = page.getByRole('button', { name: '更改解锁码' })
  await change.focus()
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('dialog', { name: '更改解锁码' })
  await expect(sheet).toBeFocused()
  const inside = sheet.locator('button:enabled')
  const n = await inside.count()
  for (let i = 0; i < n; i++) {
    await page.keyboard.press('Tab')
    await expect(inside.nth(i)).toBeFocused()
  }
  await page.keyboard.press('Tab')
  await expect(inside.first()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await expect(change).toBeFocused()
})

test('the phone, in Chinese and in English, light and dark, in large text at 360 px', async ({ page }) => {
  test.setTimeout(300_000)
  await page.setViewportSize({ width: 360, height: 740 })
  await logIn(page, at, 'grid', 'worker')
  for (const path of PHONE) await opensOnPhone(page, path)
  await walk(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.evaluate(() => {
    localStorage.setItem('weiwang.lang', 'en')
    localStorage.setItem('weiwang.large', '1')
  })
  for (const path of ['/worker/', '/worker/doors', '/worker/me', '/worker/me/settings']) await opensOnPhone(page, path)
  await walk(page)
  const wider = await sideways(page)
  expect(wider, 'nothing is cut off at the side').toBeLessThanOrEqual(0)
})
