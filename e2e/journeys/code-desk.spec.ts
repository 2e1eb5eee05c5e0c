import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { enterAsResident } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { idNumber, MADE_UP } from '../resident/person.ts'
import { choose, faults, logIn, sideways, windowOf } from '../screens.ts'
import { randomUUID } from 'node:crypto'

/**
 * What a desk does with codes: says how somebody's stands, prints it on paper, stops it and lets it go on (CODE-19, CODE-21); and writes
 * who must register here, which a second person puts in force (REGISTER-9).
 */
test.describe.configure({ mode: 'serial' })

const HOME = '320508018025'
const HOLDER = { name: '陆知行', number: idNumber('1981-01-09', '511', MADE_UP), phone: '13955550501' }
const SHOTS = process.env['WEIWANG_SHOTS']
let at: Deployment
let person = ''

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  const resident = await enterAsResident(at.address, HOLDER.phone)
  const Sent = z.looseObject({ personId: z.string() })
  const sent = await resident.write(Sent, '/api/my/registration', {
    id: randomUUID(),
    who: { document: { kind: 'resident', number: HOLDER.number }, name: HOLDER.name },
    home: { area: HOME, address: '东北街 12 号 3 幢 502 室', kind: 'own' },
    answers: { situation: 'living', registeredHere: true, underMeasure: false },
    words: { purpose: 'home' },
    promise: true,
  })
  person = sent.personId
})
test.afterAll(() => at.stop())

async function seen(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [360, 740],
  ] as const) {
    await page.setViewportSize({ width, height })
    expect(await faults(page), `${name} ${width}`).toEqual([])
    const wide = await sideways(page)
    expect(wide, `${name} ${width}`).toBeLessThanOrEqual(0)
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/desk-${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

const section = (page: Page) => page.locator('section').filter({ has: page.getByRole('heading', { name: '健康码' }) })

test('CODE-19, CODE-21: how a code stands, on paper, stopped with a reason, and on again when the card was seen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/people/${person}`)
  const code = section(page)
  await expect(code.getByText('绿码').first()).toBeVisible()
  await seen(page, 'code')
  const printed = page.waitForResponse((one) => one.url().endsWith(`/api/codes/${person}/paper`))
  await code.getByRole('button', { name: '打印纸质码' }).click()
  await windowOf(page).getByLabel('为谁、因何打印').fill('本人没有手机，到窗口办理')
  await windowOf(page).getByRole('button', { name: '打印纸质码' }).click()
  expect((await printed).headers()['content-type']).toBe('application/pdf')
  await expect(windowOf(page)).toBeHidden()

  await code.getByRole('button', { name: '停用' }).click()
  await expect(windowOf(page).getByRole('button', { name: '停用' })).toBeDisabled()
  await choose(page, '因何停用', /被他人使用/)
  await windowOf(page)
    .getByLabel(/本人怎么说/)
    .fill('本人到窗口说明手机卡被人冒用')
  await seen(page, 'stop')
  await windowOf(page).getByRole('button', { name: '停用' }).click()
  await expect(code.getByText('身份核对中').first()).toBeVisible()
  await expect(code.getByText(/停用至 .*到期自动恢复/)).toBeVisible()
  await seen(page, 'stopped')
  const resident = await enterAsResident(at.address, HOLDER.phone).catch(() => null)
  // A new log-in has shown no document: what it sees of the code is nothing, stopped or not.
  if (resident !== null) expect((await resident.send('GET', `/api/my/codes/${person}/fresh`)).status).not.toBe(200)

  await code.getByRole('button', { name: '恢复' }).click()
  await windowOf(page)
    .getByLabel(/本人怎么说/)
    .fill('证件与本人相符')
  await windowOf(page).getByRole('button', { name: '恢复' }).click()
  await expect(code.getByText('绿码').first()).toBeVisible()
  await code.getByRole('button', { name: '停用' }).click()
  await choose(page, '因何停用', /被他人使用/)
  await windowOf(page)
    .getByLabel(/本人怎么说/)
    .fill('再停一次')
  await windowOf(page).getByRole('button', { name: '停用' }).click()
  await expect(windowOf(page).getByText('7 天内已停用过一次，再次停用须由负责人决定')).toBeVisible()
})

test('REGISTER-9: who must register is written on the screen, faults stand at their place, and a second person says yes', async ({
  page,
}) => {
  test.setTimeout(240_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/registrations?tab=rules`)
  await page.getByRole('button', { name: '提议更换' }).click()
  const form = windowOf(page)
  await choose(page, '从哪一套改起', /镇江/)
  await expect(form.getByText('第 4 组')).toBeVisible()
  await form.getByRole('button', { name: '加一组' }).click()
  const last = form.getByRole('group', { name: /第 5 组/ })
  await expect(last.getByText('请写中文名称')).toBeVisible()
  await expect(last.getByText('永远轮不到：第 1 组已包含这些人')).toBeVisible()
  await seen(page, 'policy-faults')
  await form.getByLabel('询问天数').fill('90')
  await expect(form.getByText('请填 1 到 60 的整数')).toBeVisible()
  await expect(form.getByRole('button', { name: '提议更换' })).toBeDisabled()
  await form.getByLabel('询问天数').fill('21')
  await last.getByRole('button', { name: /去掉这一组/ }).click()
  const fourth = form.getByRole('group', { name: /第 4 组/ })
  await fourth.getByLabel('名称（中文，居民会看到）').fill('全体本市户籍居民')
  await form.getByLabel('理由').fill('按区指挥部要求')
  await form.getByRole('button', { name: '提议更换' }).click()
  await expect(form).toBeHidden()
  await expect(page.getByRole('row', { name: /按区指挥部要求/ })).toBeVisible()
  await logIn(page, at, 'county', 'chief')
  await page.goto(`${at.address}/registrations?tab=rules`)
  await page
    .getByRole('row', { name: /按区指挥部要求/ })
    .getByRole('button', { name: '生效' })
    .click()
  await expect(windowOf(page).getByText('全体本市户籍居民')).toBeVisible()
  await windowOf(page).getByRole('button', { name: '生效' }).click()
  await expect(page.getByText('320508 · 第 1 版')).toBeVisible()
  await expect(page.getByText('21 天')).toBeVisible()
  await seen(page, 'policy-holds')
})
