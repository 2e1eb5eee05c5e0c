import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Batch, batchEnds, enterAsResident, logInAs, until } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { choose, faults, logIn, settled, sideways, windowOf } from '../screens.ts'

/**
 * The wrong row, the ticket and the next batch (OBJECT-1 to OBJECT-15, FEED-42): a source says that somebody was in Wuhan, the colour
 * turns, the holder objects from the own page and at the desk, the county grants it, the colour is free at once, and the same row in
 * the next delivery does nothing. Then figures whose numbers open their lists, a pass for hardship, every sheet at two widths.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let person = ''
let number = ''
let phone = ''
let neighbour = ''
let objection = ''
let desk: Client
let sends = 0

const Opened = z.looseObject({
  document: z.looseObject({ number: z.string() }).nullable(),
  phone: z.string().nullable(),
})
const Grade = z.looseObject({ now: z.looseObject({ colour: z.string().nullable() }).nullable() })
const Line = z.looseObject({ personId: z.string() })

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  desk = await logInAs(at, 'city3205.operator')
})
test.afterAll(() => at.stop())

async function colour(of: string): Promise<string | null> {
  return (await desk.read(Grade, `/api/people/${of}/grade`)).now?.colour ?? null
}
const held = (one: string | null): boolean => one !== null && one !== 'green'

/** One delivery of the source that says wrongly that these people were in Wuhan; each file is another one. */
async function wrongRow(...numbers: string[]): Promise<z.infer<typeof Batch>> {
  const head = '姓名,证件号码,漫游地,起始日期,结束日期'
  const rows = numbers.map((one) => `某某,${one},湖北省武汉市江汉区,2020-02-08,2020-02-12`)
  sends += 1
  const bytes = Buffer.from([head, ...rows, ''].join('\r\n'))
  const { batch } = await desk.load('telecom', { name: `roaming-${sends}.csv`, bytes })
  return batchEnds(desk, batch.id)
}

const SHOTS = process.env['WEIWANG_SHOTS']
async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  await settled(page)
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

/** A picture of a ticket, drawn in the browser: `type` as the browser knows it. */
async function ticket(page: Page, type: 'image/png' | 'image/jpeg'): Promise<Buffer> {
  const data = await page.evaluate((as) => {
    const canvas = document.createElement('canvas')
    canvas.width = 600
    canvas.height = 400
    const pen = canvas.getContext('2d')
    if (!pen) return ''
    pen.fillStyle = 'white'
    pen.fillRect(0, 0, 600, 400)
    pen.fillStyle = 'black'
    pen.font = '32px sans-serif'
    pen.fillText('苏州 — 苏州园区 2020-02-09', 40, 200)
    return canvas.toDataURL(as).split(',')[1] ?? ''
  }, type)
  return Buffer.from(data, 'base64')
}

test('a wrong row of a source turns the colour of two who were never there', async () => {
  test.setTimeout(180_000)
  // People of the register with a document, a telephone and nothing held against them.
  const found: { personId: string; number: string; phone: string }[] = []
  for (const { personId } of await desk.all(Line, '/api/people', { area: '320508018025001' })) {
    if (held(await colour(personId))) continue
    const known = await desk.write(Opened, `/api/people/${personId}/open`, { purpose: 'contact_person' })
    if (known.document === null || known.phone === null) continue
    found.push({ personId, number: known.document.number, phone: known.phone })
    if (found.length === 2) break
  }
  const [first, second] = found
  if (!first || !second) throw new Error('nobody in the register has a document and a telephone')
  person = first.personId
  number = first.number
  phone = first.phone
  neighbour = second.personId
  expect(await wrongRow(number, second.number)).toMatchObject({ state: 'loaded', accepted: 2, denied: 0 })
  for (const one of [person, neighbour])
    await until('the colour to turn', async () => (held(await colour(one)) ? true : null))
})

const Mine = z.looseObject({
  people: z.array(z.looseObject({ personId: z.string(), may: z.boolean(), colour: z.string().nullable() })),
  items: z.array(
    z.looseObject({
      id: z.string(),
      state: z.string(),
      proofs: z.array(z.unknown()),
      answer: z.looseObject({ granted: z.boolean(), words: z.string().nullable() }).nullable(),
    }),
  ),
})
let holder: Client

test('the holder objects from the own page: grounds, words, a picture of the ticket', async ({ page }) => {
  holder = await enterAsResident(at.address, phone)
  const me = (await holder.read(Mine, '/api/my/objections')).people.find((one) => one.personId === person)
  expect(me).toMatchObject({ may: true })
  objection = randomUUID()
  const words = '那几天我在苏州上班，有车票'
  await holder.write(z.unknown(), '/api/my/objections', {
    id: objection,
    personId: person,
    ground: 'never_there',
    words,
  })
  const sent = await holder.send('PUT', `/api/my/objections/${objection}/proofs/${randomUUID()}?kind=ticket`, {
    body: new Uint8Array(await ticket(page, 'image/jpeg')),
    headers: { 'content-type': 'image/jpeg', 'x-weiwang': '1' },
  })
  expect(sent.status).toBe(200)
  const [own] = (await holder.read(Mine, '/api/my/objections')).items
  expect(own).toMatchObject({ id: objection, state: 'submitted', answer: null })
  expect(own?.proofs).toHaveLength(1)
})

test('at the desk: what is due first, both sides, read for a purpose, passed on', async ({ page }) => {
  test.setTimeout(180_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/objections`)
  await page.getByRole('row', { name: /没有到过那里/ }).click()
  await expect(page.getByRole('heading', { name: '来源怎么说' })).toBeVisible()
  await expect(page.getByText('申诉的就是这条')).toBeVisible()
  await page.getByRole('button', { name: '查看说明和证明' }).click()
  await windowOf(page).getByRole('button', { name: '查看说明和证明' }).click()
  await expect(page.getByText('那几天我在苏州上班，有车票')).toBeVisible()
  const seen = page.getByRole('img', { name: /第 1 张/ })
  await expect(seen).toBeVisible()
  expect(await seen.evaluate((one) => one instanceof HTMLImageElement && one.naturalWidth)).toBe(600)
  await shot(page, 'objection-both-sides-1440-zh')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: '转上级' }).click()
  await choose(page, '核查意见', /支持申诉/)
  await windowOf(page).getByLabel(/说明/).fill('考勤和车票属实')
  await windowOf(page).getByRole('button', { name: '转上级' }).click()
  await expect(page.getByText(/社区转街道/)).toBeVisible()
  // An operator does not decide.
  await expect(page.getByRole('button', { name: '决定' })).toBeDisabled()
})

test('for somebody without a phone: opened at the desk by a relative, a picture added, withdrawn again', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/people/${neighbour}`)
  await page.getByRole('link', { name: '码色申诉、临时通行证' }).click()
  const panel = page.getByRole('dialog').last()
  await panel.getByLabel('哪里不对').fill('父亲当时在家，附车票')
  await panel.getByRole('checkbox', { name: '由亲属代办' }).click()
  await panel.getByLabel('亲属姓名').fill('张小明')
  await panel.getByLabel('亲属电话').fill('13900000000')
  await shot(page, 'objection-at-desk-1440-zh')
  expect(await faults(page)).toEqual([])
  await panel.getByRole('checkbox', { name: '已核对来人证件' }).click()
  await panel.getByRole('button', { name: '提交申诉' }).click()
  await expect(page.getByText('亲属到社区服务台', { exact: true })).toBeVisible()
  const file = { name: 'ticket.png', mimeType: 'image/png', buffer: await ticket(page, 'image/png') }
  await page.locator('input[type=file]').setInputFiles(file)
  await expect(page.getByText('1 张')).toBeVisible()
  await page.getByRole('button', { name: '代为撤回' }).click()
  await windowOf(page).getByRole('button', { name: '代为撤回' }).click()
  await expect(page.getByText('申诉已撤回')).toBeVisible()
})

test('the county grants it: free at once; the same row in the next delivery does nothing, and the batch says so', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'chief')
  await page.goto(`${at.address}/objections?open=${objection}`)
  await page.getByRole('button', { name: '决定' }).click()
  await choose(page, '谁错了', /来源数据有误/)
  await expect(windowOf(page).getByText('否定 1 条事实')).toBeVisible()
  await windowOf(page).getByLabel(/说明/).fill('车票核实，漫游记录有误')
  await shot(page, 'objection-decide-1440-zh')
  expect(await faults(page)).toEqual([])
  await windowOf(page).getByRole('button', { name: '支持申诉' }).click()
  await expect(page.getByText('答复: 来源数据有误')).toBeVisible()
  expect(held(await colour(person))).toBe(false)
  await shot(page, 'objection-granted-1440-zh')
  const own = (await holder.read(Mine, '/api/my/objections')).items[0]
  expect(own).toMatchObject({ state: 'granted', answer: { granted: true, words: '车票核实，漫游记录有误' } })

  const again = await wrongRow(number, number)
  expect(again).toMatchObject({ state: 'loaded', accepted: 0, denied: 2 })
  await page.waitForTimeout(2000)
  expect(held(await colour(person))).toBe(false)
  await logIn(page, at, 'city', 'operator')
  await page.goto(`${at.address}/batches/${again.id}`)
  await expect(page.getByText('其中已更正').first()).toBeVisible()
  await shot(page, 'batch-corrected-1440-zh')
  expect(await faults(page)).toEqual([])
})

test('each number of the figures opens its list with the same total', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/objections?tab=figures&by=source`)
  const granted = page.getByRole('link', { name: /成立 1$/ }).last()
  await expect(granted).toBeVisible()
  await shot(page, 'objection-figures-1440-zh')
  expect(await faults(page)).toEqual([])
  await granted.click()
  await expect(page).toHaveURL(/list=granted/)
  await expect(page.getByText(/共 1 条/).first()).toBeVisible()
})

test('a temporary pass for hardship: issued, printed, revoked', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await logIn(page, at, 'county', 'operator')
  await page.goto(`${at.address}/objections?person=${person}`)
  const panel = page.getByRole('dialog').last()
  await panel.getByLabel(/前往何处/).fill('昆山市殡仪馆')
  await choose(page, '事由', /奔丧/)
  await panel.getByRole('button', { name: '签发临时通行证' }).click()
  const row = page.getByRole('row', { name: /奔丧/ })
  await expect(row).toBeVisible()
  await shot(page, 'passes-1440-zh')
  expect(await faults(page)).toEqual([])
  const href = await row.getByRole('link', { name: /打印/ }).getAttribute('href')
  const pdf = await page.request.get(`${at.address}${href}`)
  expect(pdf.headers()['content-type']).toBe('application/pdf')
  await row.getByRole('button', { name: '收回' }).click()
  await windowOf(page).getByRole('button', { name: '收回' }).click()
  await expect(page.getByText('没有这样的通行证')).toBeVisible()
})

test('every sheet at 1440 and 360 px, Chinese and English, light and dark, without a fault that a screen reader would meet', async ({
  page,
}) => {
  test.setTimeout(600_000)
  await logIn(page, at, 'county', 'chief')
  const pages = [
    '/objections',
    `/objections?list=granted&open=${objection}`,
    '/objections?tab=figures',
    '/objections?tab=passes&passes=all',
  ]
  for (const [lang, scheme] of [
    ['zh', 'light'],
    ['en', 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.evaluate((one) => localStorage.setItem('weiwang.lang', one), lang)
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 900 })
      for (const path of pages) {
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
