import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { logInAs } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, fillLogIn, logIn, openPhone, typePin } from '../screens.ts'

/** An instruction on the worker's own screens, and its doors as the phone and the server count them (INSTR-6). */
let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at?.stop())
test.use({ viewport: { width: 390, height: 844 } })

const Detail = z.looseObject({
  version: z.number(),
  progress: z.looseObject({
    read: z.number(),
    accepted: z.number(),
    done: z.number(),
    doors: z.number(),
    doorsDone: z.number(),
  }),
})

async function progress(desk: Client, id: string) {
  return (await desk.read(Detail, `/api/instructions/${id}`)).progress
}

async function file(page: Page, result: string): Promise<void> {
  await page.getByRole('radio', { name: result }).check()
  await page.getByRole('button', { name: '提交', exact: true }).click()
  const anyway = page.getByRole('button', { name: '问题留空，仍然提交' })
  const sent = page.locator('.sent')
  await expect(anyway.or(sent).first()).toBeVisible()
  if (await anyway.isVisible()) await anyway.click()
  await expect(sent).toBeVisible()
}

/** By its own address without reading the page anew, which would lock the phone. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  }, path)
}

const count = (page: Page) => page.getByRole('main').getByText(/^已登记 \d+ \/ \d+ 户$/)

test('read, accepted, visited door by door, taken back by a correction, done, changed and recalled on the phone; phone, server and the centre’s open page say the same', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000)
  page.setDefaultTimeout(20_000)
  await logIn(page, at, 'grid', 'worker')
  const desk = await logInAs(at, at.login('county', 'operator').login)
  const now = new Date(/"now":"([^"]+)"/.exec((await desk.get('/api/me')).text)?.[1] ?? '')
  const id = crypto.randomUUID()
  const due = (hours: number): string => new Date(now.getTime() + hours * 3_600_000).toISOString()
  const instruction = {
    title: '逐户核对（演练）',
    text: '今日逐户核对',
    to: ['320508'],
    level: 6,
    route: 'straight',
    dueAt: due(24),
    eachDoor: { kinds: ['home'], purpose: 'household' },
  }
  expect((await desk.post('/api/instructions', { id, area: '320508', instruction })).status).toBe(200)

  // The centre has its page open all the while.
  const centre = await browser.newPage({ viewport: { width: 1440, height: 1000 } })
  await logIn(centre, at, 'county', 'operator')
  await centre.goto(`${at.address}/instructions/${id}`)
  await expect(centre.getByRole('heading', { level: 1, name: '逐户核对（演练）' })).toBeVisible()
  const told = (name: string) => centre.getByRole('link', { name: new RegExp(`^${name}`) }).first()
  await expect(told('收到')).toContainText(/收到\s*1/, { timeout: 60_000 })

  await page.getByRole('link', { name: '有 1 条新指令' }).click({ timeout: 60_000 })
  await page.getByRole('link', { name: /逐户核对（演练）/ }).click()
  await expect.poll(async () => (await progress(desk, id)).read, { timeout: 30_000 }).toBe(1)
  await page.getByRole('button', { name: '签收，开始办理' }).click()
  await expect(page.getByText('已签收')).toBeVisible()
  await expect(told('已签收')).toContainText('1', { timeout: 60_000 })
  expect(await faults(page)).toEqual([])

  // One door from the instruction, at which somebody is met.
  await page.locator('a.card-line[href*="instruction="]').first().click()
  await file(page, '见到本人')
  await page.getByRole('link', { name: '下一户' }).click()
  await expect(count(page)).toHaveText(/^已登记 1 \//)
  // One at which nobody is: it is to be gone to again.
  await page.locator('a.card-line[href*="instruction="]').first().click()
  await file(page, '不在家')
  await page.getByRole('link', { name: '下一户' }).click()
  await expect(count(page)).toHaveText(/^已登记 1 \//)
  // One from the door's own page, as on a round: the visit goes under the instruction by itself.
  const third = await page.locator('a.card-line[href*="instruction="]').nth(2).getAttribute('href')
  const door = /doors\/([\w-]+)/.exec(third ?? '')?.[1] ?? ''
  await go(page, `/worker/doors/${door}`)
  await page.locator('a.big-primary').click()
  await file(page, '见到本人')
  await expect.poll(async () => (await progress(desk, id)).doorsDone, { timeout: 60_000 }).toBe(2)
  const { doors } = await progress(desk, id)
  // It was the door opposite: corrected, it does not count; corrected back, it does.
  for (const [result, n] of [
    ['不在家', 1],
    ['见到本人', 2],
  ] as const) {
    await page.getByRole('button', { name: '点错了，更正' }).click()
    await page.getByLabel('为什么更正').fill('看错门牌')
    await file(page, result)
    await expect.poll(async () => (await progress(desk, id)).doorsDone, { timeout: 60_000 }).toBe(n)
  }

  await page.goto(`${at.address}/worker/instructions/${id}`)
  await typePin(page)
  await expect(count(page)).toHaveText(`已登记 2 / ${doors} 户`)
  // The phone's own count and the server's are one.
  await expect(page.getByText(/服务器上全网格已有/)).toHaveCount(0, { timeout: 60_000 })
  await page.getByRole('button', { name: '已完成', exact: true }).click()
  await expect.poll(async () => (await progress(desk, id)).done, { timeout: 60_000 }).toBe(1)
  await expect(told('完成')).toContainText('1', { timeout: 60_000 })

  // Changed: it is read and accepted again, and the doors that were visited stay visited.
  const change = { id, version: 1, title: '逐户核对（演练，改）', text: '延至明日', dueAt: due(30), reason: '上级要求' }
  expect((await desk.post(`/api/instructions/${id}/change`, change)).status).toBe(200)
  await expect(page.getByRole('heading', { name: '逐户核对（演练，改）' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: '签收，开始办理' })).toBeVisible()
  await expect(count(page)).toHaveText(`已登记 2 / ${doors} 户`)
  await expect.poll(async () => (await progress(desk, id)).read, { timeout: 30_000 }).toBe(1)
  expect((await progress(desk, id)).doorsDone).toBe(2)

  expect((await desk.post(`/api/instructions/${id}/recall`, { id, version: 2, reason: '已统一处理' })).status).toBe(200)
  await expect(page.getByText('这条指令已撤回，不必再办')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: /返回/ }).click()
  await page.getByRole('navigation', { name: '主要页面' }).getByRole('link', { name: '指令' }).click()
  await page.getByText('已完成、已撤回 · 1').click()
  await expect(page.getByRole('link', { name: /逐户核对（演练，改）/ })).toContainText('已撤回')
})

test('SYNC-22: what is half typed in a small sheet or a correction is there after a reload and after logging out', async ({
  page,
}) => {
  test.setTimeout(300_000)
  page.setDefaultTimeout(20_000)
  await logIn(page, at, 'grid', 'worker')
  const desk = await logInAs(at, at.login('county', 'operator').login)
  const now = new Date(/"now":"([^"]+)"/.exec((await desk.get('/api/me')).text)?.[1] ?? '')
  const id = crypto.randomUUID()
  const dueAt = new Date(now.getTime() + 24 * 3_600_000).toISOString()
  const order = { title: '填到一半（演练）', text: '请回报', to: ['320508'], level: 6, route: 'straight', report: true }
  const sent = await desk.post('/api/instructions', { id, area: '320508', instruction: { ...order, dueAt } })
  expect(sent.status).toBe(200)
  await page.getByRole('navigation', { name: '主要页面' }).getByRole('link', { name: '指令' }).click()
  await page.getByRole('link', { name: /填到一半（演练）/ }).click({ timeout: 60_000 })
  await page.getByRole('button', { name: '我无法办理' }).click()
  await page.getByLabel('为什么').fill('人手不够，写到一半')
  const instruction = new URL(page.url()).pathname

  await go(page, '/worker/doors')
  await page.getByRole('textbox', { name: /^查找/ }).fill('101')
  await page
    .locator('a.card[href*="/doors/"]')
    .filter({ hasNotText: /\D0 人/ })
    .first()
    .click()
  await page.locator('a.card-name[href*="/people/"]').first().click()
  await page.getByRole('link', { name: '更正此人' }).click()
  await page.getByLabel('电话', { exact: true }).fill('13900001234')
  await page.getByLabel('电话', { exact: true }).blur()
  const person = new URL(page.url()).pathname

  // It is on the disk before the page goes: the list of what is half-written, read when it is opened, says so.
  const listed = (look: () => Promise<void>): Promise<void> =>
    expect(async () => {
      await go(page, '/worker/me')
      await expect(page.getByRole('heading', { level: 1, name: '我的' })).toBeVisible({ timeout: 5000 })
      await go(page, '/worker/me/drafts')
      await look()
    }).toPass({ timeout: 60_000 })
  const drafts = (): Promise<void> =>
    listed(async () => {
      await expect(page.getByText('人手不够，写到一半')).toBeVisible({ timeout: 5000 })
      await expect(page.getByRole('link', { name: '继续填' })).toHaveCount(2, { timeout: 5000 })
    })
  await drafts()
  const here = async (): Promise<void> => {
    await go(page, instruction)
    await page.getByRole('button', { name: '我无法办理' }).click()
    await expect(page.getByLabel('为什么')).toHaveValue('人手不够，写到一半')
    await go(page, person)
    await expect(page.getByLabel('电话', { exact: true })).toHaveValue('13900001234')
  }
  await page.reload()
  await typePin(page)
  await here()

  await go(page, '/worker/me/account')
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.waitForURL(/\/worker\/login/)
  await fillLogIn(page, at.login('grid', 'worker'))
  await page.waitForURL((url) => !url.pathname.endsWith('/login'))
  await openPhone(page)
  await drafts()
  await here()

  // Sent, it is no draft any more; and the correction says what stood there.
  await page.getByRole('button', { name: '保存更正' }).click()
  // The page goes on by itself once it is kept.
  await page.waitForURL((url) => url.pathname === person.replace(/\/edit$/, ''))
  await go(page, instruction)
  await page.getByRole('button', { name: '我无法办理' }).click()
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await listed(() => expect(page.getByText('没有填到一半的内容')).toBeVisible({ timeout: 5000 }))
  const Cannot = z.looseObject({ progress: z.looseObject({ cannot: z.number() }) })
  await expect
    .poll(async () => (await desk.read(Cannot, `/api/instructions/${id}`)).progress.cannot, { timeout: 60_000 })
    .toBe(1)
})
