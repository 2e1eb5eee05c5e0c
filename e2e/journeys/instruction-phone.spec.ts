import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { logInAs } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, logIn } from '../screens.ts'

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

const count = (page: Page) => page.getByRole('main').getByText(/^已登记 \d+ \/ \d+ 户$/)

test('read, accepted, visited door by door, done, changed and recalled on the phone; phone and server count the same doors', async ({
  page,
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

  await page.getByRole('link', { name: '有 1 条新指令' }).click({ timeout: 60_000 })
  await page.getByRole('link', { name: /逐户核对（演练）/ }).click()
  await expect.poll(async () => (await progress(desk, id)).read, { timeout: 30_000 }).toBe(1)
  await page.getByRole('button', { name: '签收，开始办理' }).click()
  await expect(page.getByText('已签收')).toBeVisible()
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
  await page.evaluate((path) => {
    history.pushState({}, '', path)
    dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  }, `/worker/doors/${door}`)
  await page.locator('a.big-primary').click()
  await file(page, '见到本人')
  await expect.poll(async () => (await progress(desk, id)).doorsDone, { timeout: 60_000 }).toBe(2)
  const { doors } = await progress(desk, id)

  await page.goto(`${at.address}/worker/instructions/${id}`)
  for (const digit of '258013') await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByRole('button', { name: '确定', exact: true }).click()
  await expect(count(page)).toHaveText(`已登记 2 / ${doors} 户`)
  // The phone's own count and the server's are one.
  await expect(page.getByText(/服务器上全网格已有/)).toHaveCount(0, { timeout: 60_000 })
  await page.getByRole('button', { name: '已完成', exact: true }).click()
  await expect.poll(async () => (await progress(desk, id)).done, { timeout: 60_000 }).toBe(1)

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
