import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, expect, test } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
import { z } from 'zod'
import { logInAs, until } from '../api.ts'
import { findChromium } from '../browser.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { fillLogIn, logIn, openPhone, registerIsDown, typePin } from '../screens.ts'

/** The worker's phone on its own screens and against the real program: days without signal, a killed browser, nothing lost. */
let at: Deployment
let folder: string

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  folder = mkdtempSync(path.join(tmpdir(), 'weiwang-phone-'))
})
test.afterAll(async () => {
  await at?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

type Running = { context: BrowserContext; page: Page; pid: number }

async function start(): Promise<Running> {
  const { executablePath, env } = await findChromium()
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: ['--no-sandbox'],
    env: { ...process.env, ...env },
    viewport: { width: 390, height: 844 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const session = await context.browser()?.newBrowserCDPSession()
  const info = await session?.send('SystemInfo.getProcessInfo')
  const pid = info?.processInfo.find((one) => one.type === 'browser')?.id ?? 0
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(20_000)
  return { context, page, pid }
}

/** A JPEG as a camera makes it, drawn in the page. */
async function picture(page: Page, hue: number): Promise<Buffer> {
  const text = await page.evaluate((turn) => {
    const canvas = document.createElement('canvas')
    canvas.width = 1600
    canvas.height = 1200
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('no canvas')
    for (let i = 0; i < 40; i++) {
      pen.fillStyle = `hsl(${turn + i * 9} 60% 50%)`
      pen.fillRect((i % 8) * 200, Math.floor(i / 8) * 240, 200, 240)
    }
    return canvas.toDataURL('image/jpeg', 0.9)
  }, hue)
  return Buffer.from(text.split(',')[1] ?? '', 'base64')
}

/** What a door is visited for: the usual purpose by its button, the others from the list below it. */
const OTHERS = ['返回人员登记', '测温', '上门服务', '发现线索']

async function visit(page: Page, door: string, purpose: string | null, n: number): Promise<void> {
  await page.getByRole('textbox', { name: /^查找/ }).fill(door)
  await page.locator('a.card:has(.card-door)').first().click()
  if (purpose === null) await page.locator('a.big-primary').click()
  else {
    await page.getByText('其他登记').click()
    await page.getByRole('link', { name: purpose }).click()
  }
  await page.getByRole('radio', { name: '见到本人' }).check()
  await page.getByLabel(/^备注/).fill(`第 ${n + 1} 次`)
  const buffer = await picture(page, n * 30)
  await page.locator('input[type=file]').setInputFiles({ name: `${n}.jpg`, mimeType: 'image/jpeg', buffer })
  await expect(page.getByRole('img', { name: '照片' })).toBeVisible()
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(page.getByRole('heading', { name: '已存本机' })).toBeVisible()
  await page.getByRole('link', { name: '下一户' }).click()
}

const strip = (page: Page) => page.getByRole('region', { name: '传送情况' })

test('Show 1: ten visits with photos over two doors without a net, a killed browser, and exactly ten on the server', async () => {
  test.setTimeout(300_000)
  let { context, page, pid } = await start()
  await logIn(page, at, 'grid', 'worker')
  await expect(page.getByRole('heading', { level: 1, name: '今天' })).toBeVisible()
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await registerIsDown(page)
  await expect(strip(page)).toContainText('本机没有待传')

  await context.setOffline(true)
  await page.reload()
  await openPhone(page)
  await page.getByRole('link', { name: '户', exact: true }).click()
  await page.locator('summary.group').nth(1).click()
  const names = await page.locator('details[open] .card-door').allInnerTexts()
  const doors = names.slice(0, 2)
  expect(doors).toHaveLength(2)
  for (const [d, door] of doors.entries()) {
    for (const [i, purpose] of [null, ...OTHERS].entries()) await visit(page, door, purpose, d * 5 + i)
  }
  await expect(strip(page)).toContainText('本机 10 条待传')
  await expect(strip(page)).toContainText('照片 10 张待传')

  // A flat battery: nothing is ended in order.
  process.kill(pid, 'SIGKILL')
  await context.close().catch(() => undefined)
  ;({ context, page, pid } = await start())
  await context.setOffline(true)
  await page.goto(`${at.address}/worker/`)
  await typePin(page, '999999')
  await expect(page.getByText('还可以试 9 次')).toBeVisible()
  await typePin(page)
  await expect(strip(page)).toContainText('本机 10 条待传')
  await expect(strip(page)).toContainText('照片 10 张待传')

  // A browser writes its cookies down late, so the log-in went with the battery: the reports arrive sealed all the same, and the
  // pictures follow after the next log-in.
  await context.clearCookies()
  await context.setOffline(false)
  await expect(strip(page)).toContainText('服务器已有今天 10 条', { timeout: 90_000 })
  await expect(page.getByText('登录已过期')).toBeVisible()
  await logIn(page, at, 'grid', 'worker')
  await expect(strip(page)).toContainText('本机没有待传', { timeout: 120_000 })
  await expect(strip(page)).toContainText('服务器已有今天 10 条')

  const desk = await logInAs(at, at.login('village', 'operator').login)
  const worker = at.login('grid', 'worker')
  const mine = z.looseObject({ id: z.string(), photos: z.number(), by: z.looseObject({ name: z.string() }) })
  const filed = await until('ten visits with their photos', async () => {
    const rows = (await desk.all(mine, '/api/visits', { area: worker.area })).filter(
      (row) => row.by.name === worker.name,
    )
    return rows.filter((row) => row.photos === 1).length === rows.length && rows.length > 0 ? rows : null
  })
  expect(new Set(filed.map((row) => row.id)).size).toBe(10)
  expect(filed).toHaveLength(10)
  const whole = z.looseObject({ photoIds: z.array(z.string()), photosMissing: z.number(), hasNote: z.boolean() })
  for (const row of filed) {
    const detail = await desk.read(whole, `/api/visits/${row.id}`)
    expect([detail.photoIds.length, detail.photosMissing, detail.hasNote]).toEqual([1, 0, true])
  }

  await page.getByRole('link', { name: '服务器已有今天 10 条' }).click()
  await expect(page.getByText('全部已到服务器')).toBeVisible()
  await expect(page.getByText('10 户次')).toBeVisible()
  await page.getByText('今天的回执 10 条').click()
  await expect(page.getByRole('listitem').filter({ hasText: /走访 · .* 收到/ })).toHaveCount(10)
  await context.close()
})

/** By its address: what was on the way is on the disk, and the PIN opens it. */
async function home(page: Page): Promise<void> {
  await page.goto(`${at.address}/worker/`)
  await openPhone(page)
}

/** A visit to the first door that a search finds, as far as the button that files it. */
async function begin(page: Page, asked: string): Promise<void> {
  await page.getByRole('link', { name: '户', exact: true }).click()
  await page.getByRole('textbox', { name: /^查找/ }).fill(asked)
  await page.locator('a.card:has(.card-door)').first().click()
  await page.locator('a.big-primary').click()
  await page.getByRole('radio', { name: '见到本人' }).check()
}

test('a refused report says why and is mended; what its worker cannot mend goes to the supervisor; a forgotten PIN loses nothing', async ({
  page,
  context,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  // The register comes down slowly: what was searched for before it was there is found when it is.
  let slow = true
  await page.route('**/api/sync/pull', async (route) => {
    if (slow) await new Promise((resolve) => setTimeout(resolve, 1500))
    await route.continue()
  })
  await logIn(page, at, 'grid', 'worker')
  const file = page.getByRole('button', { name: '提交', exact: true })
  const note = page.getByLabel(/^备注/)
  // Longer than the server takes: only an older or a broken phone sends it.
  const tooLong = async (): Promise<void> => {
    await note.evaluate((box) => box.removeAttribute('maxlength'))
    await note.fill('长'.repeat(2001))
    await file.click()
    await page.getByRole('link', { name: '打开这一条' }).click()
    await expect(page.getByText('被退回').first()).toBeVisible()
  }
  await begin(page, '101')
  slow = false
  await tooLong()
  await page.getByRole('button', { name: '改正后再提交' }).click()
  await note.fill('短')
  await file.click()
  await expect(page.getByRole('heading', { name: '服务器已收到' })).toBeVisible()

  await page.getByRole('link', { name: '下一户' }).click()
  await home(page)
  await begin(page, '102')
  await tooLong()
  await page.getByRole('button', { name: '改不了，转给负责人' }).click()
  await page.getByRole('button', { name: '转交', exact: true }).click()
  await expect(page.getByRole('heading', { name: /^在负责人处 · 1/ })).toBeVisible()

  await context.setOffline(true)
  await home(page)
  await begin(page, '201')
  await file.click()
  await expect(page.getByRole('heading', { name: '已存本机' })).toBeVisible()
  await page.reload()
  await expect(page.getByText('本机 1 条待传，已密封')).toBeVisible()
  await context.setOffline(false)
  await page.getByText('忘记解锁码').click()
  await page.getByRole('button', { name: '重新登录并设新解锁码' }).click()
  await fillLogIn(page, at.login('grid', 'worker'))
  await openPhone(page)
  await expect(strip(page)).toContainText('本机没有待传', { timeout: 60_000 })
  const desk = await logInAs(at, at.login('village', 'operator').login)
  const kept = z.looseObject({ reason: z.string(), state: z.string() })
  expect(await desk.all(kept, '/api/sync/handovers')).toMatchObject([{ reason: 'asked', state: 'waiting' }])
})
