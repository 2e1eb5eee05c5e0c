import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
import { encodeRevocations } from '@weiwang/domain/healthcode/revocation'
import { z } from 'zod'
import { logIn as clientOf } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { addGate, member, openDevice } from '../gate/device.ts'
import type { Device } from '../gate/device.ts'
import { newIssuer, oneBitOff } from '../gate/people.ts'
import type { Holder, Issuer } from '../gate/people.ts'
import { comeIn, idNumber, next, pick, promise, sayJourney, sayWell, sayWho } from '../resident/person.ts'
import { noteSigning, notesOf, textOf } from '../resident/signed.ts'
import { fillLogIn } from '../screens.ts'

/**
 * A gate with a camera: Show 2, what it answers without a server to a live code, a screenshot, a copy, a changed, a rotated-out and a
 * replaced code, and to clocks that are wrong; Show 3, the server is stopped and passages arrive once after its return.
 */
test.describe.configure({ mode: 'serial' })

const DAY = 86_400_000
const GREEN_SECOND = 1_000
/** After so long before an empty camera the next one is somebody else. */
const GONE = 3_500

let at: Deployment
let operator: Client
let gateId: string
let folder: string
let device: Device
let context: BrowserContext
let page: Page
let issuer: Issuer
let old: Issuer
/** The server's clock minus this computer's. */
let offset = 0
const now = (): number => Date.now() + offset

/** What the issuer has said so far; the gate hears it when it next asks. */
const lists = { keys: [] as object[], revoked: [] as { codeId: Uint8Array; until: number }[] }

/** The journey's own issuer stands beside the deployment's: codes of any time and colour, whatever the exercise has. */
async function hearOurIssuer(where: BrowserContext): Promise<void> {
  await where.route('**/api/code/keys', async (route) => {
    const answer = await route.fetch()
    const body: unknown = await answer.json()
    const said = z.looseObject({ keys: z.array(z.unknown()) }).parse(body)
    await route.fulfill({ response: answer, json: { ...said, keys: [...said.keys, ...lists.keys] } })
  })
  await where.route('**/api/code/revocations*', async (route) => {
    const asked = new URL(route.request().url()).searchParams
    const since = asked.get('epoch') === '1000000000' ? Number(asked.get('since')) : 0
    // Beside whatever the deployment's list was: a list of its own, from its beginning.
    const head = { epoch: 1_000_000_000, from: since, to: lists.revoked.length, asOf: Math.floor(now() / 1000) }
    const body = Buffer.from(encodeRevocations(head, lists.revoked.slice(since)))
    await route.fulfill({ status: 200, contentType: 'application/cbor', body })
  })
}

test.beforeAll(async () => {
  test.setTimeout(240_000)
  at = await startDeployment({ exercise: 'grid' })
  operator = await clientOf(at.address, at.login('county', 'operator'))
  const said = await operator.read(z.looseObject({ now: z.string() }), '/api/deployment')
  offset = new Date(said.now).getTime() - Date.now()
  folder = mkdtempSync(path.join(tmpdir(), 'weiwang-gate-'))
  issuer = await newIssuer('a1b2c3d4')
  old = await newIssuer('0b0b0b0b')
  lists.keys = [issuer.key(now()), old.key(now(), { until: Math.floor(now() / 1000) - 3600 })]

  const area = at.login('village', 'operator').area
  gateId = await addGate(operator, area, { zh: '玉山花园北门', en: 'North gate of Yushan Garden' })
  await addGate(operator, area, { zh: '玉山花园南门', en: 'South gate of Yushan Garden' })
  const who = await member(operator, { address: at.address, area, phone: '19900007001' })

  device = await openDevice({ folder, name: 'north' })
  ;({ context, page } = device)
  await page.goto(`${at.address}/gate/`)
  await fillLogIn(page, who)
})
test.afterAll(async () => {
  await device?.close()
  await at?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const faults = (): Promise<string[]> => device.faults()
const picture = (name: string): Promise<void> => device.picture(name)
const flash = () => device.flash()
const seen = (tune: string, ...words: string[]): Promise<void> => device.seen(tune, ...words)
const hold = (text: string | null): Promise<void> => device.hold(text)
const type = (text: string): Promise<void> => device.type(text)
const answers = (text: string, tune: string, word: string): Promise<void> => device.answers(text, tune, word)
const update = (grows = false): Promise<void> => device.update(grows)

test('log in, three steps, choose the gate; the camera looks', async () => {
  await page.getByRole('button', { name: /玉山花园北门/ }).click()
  await expect(page.getByRole('heading', { name: '三步上手' })).toBeVisible()
  expect(await faults()).toEqual([])
  await picture('guide')
  await page.getByRole('button', { name: '开始验码' }).click()
  await expect(page.getByText('把健康码对准方框')).toBeVisible()
  const state = page.getByRole('list', { name: '本机状态' })
  await expect(state).toContainText('名单 刚刚')
  await expect(state).toContainText('时间可信')
  expect(await faults()).toEqual([])
  await picture('scan')
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
})

let ours = false
/** From here on the gate hears of the journey's issuer too. */
async function knowOurIssuer(): Promise<void> {
  if (ours) return
  ours = true
  await hearOurIssuer(context)
  await update()
}

const HOLDER = { name: '陈秀英', number: idNumber('1985-02-03', '404'), phone: '13955550171' }

test('a code from the page of residents, by the keys of the deployment: its colour at the gate, and refused once it was replaced', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const phone = await (await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })).newPage()
  await noteSigning(phone)
  const shown = async (): Promise<string> => {
    const note = (await notesOf(phone)).at(-1)
    return note === undefined ? '' : textOf(note)
  }
  await comeIn(phone, at.address, HOLDER.phone)
  await phone.getByRole('link', { name: '申领健康码' }).click()
  await phone.getByRole('button', { name: '开始填写' }).click()
  await pick(phone, /哪一种情况/, '从外地回来')
  await pick(phone, /户口在本市吗/, '是')
  await next(phone)
  await sayWho(phone, HOLDER, '拙政园社区')
  await sayJourney(phone, '武昌', '2020-02-13')
  await sayWell(phone)
  await promise(phone)
  await expect(phone.getByRole('heading', { level: 1, name: '黄码' })).toBeVisible()
  await expect(phone.getByRole('img', { name: /健康码，请对准/ })).toBeVisible()
  await update()
  await context.setOffline(true)
  await hold(await shown())
  await seen('yellow', '黄码', '陈*英')
  await expect(flash()).toBeHidden()
  await context.setOffline(false)
  await hold(null)
  // The same text may be shown again below: for the gate its holder must have gone in between.
  await page.waitForTimeout(GONE)

  // She corrects what she said, and has a green code; the yellow one is on the list.
  await phone.getByRole('link', { name: '情况变了？重新申报' }).click()
  await phone.getByRole('button', { name: '开始填写' }).click()
  await pick(phone, /哪一种情况/, '一直住在本市')
  await next(phone)
  await pick(phone, /去过外地吗/, '没去过')
  await next(phone)
  await pick(phone, /哪里不舒服/, '没有不舒服')
  await next(phone)
  await next(phone)
  const before = await shown()
  await promise(phone)
  await expect(phone.getByRole('heading', { level: 1, name: '绿码' })).toBeVisible()
  // The codes of the days ahead were replaced with today's.
  await update(true)
  await context.setOffline(true)
  await answers(before, 'refused', '此码不能用')
  await answers(await shown(), 'green', '绿码')
  await context.setOffline(false)
  await phone.context().close()
})

test('Show 2, without a server: live passes; screenshot, copy, changed and rotated-out do not', async () => {
  test.setTimeout(240_000)
  await knowOurIssuer()
  const holder = await issuer.holder({}, now())
  const replaced = await issuer.holder({ name: '李*' }, now())
  await context.setOffline(true)

  const live = await holder.show(now())
  await hold(live)
  await seen('green', '绿码', '张*明')
  const shownAt = Date.now()
  await picture('green')
  await expect(flash()).toBeHidden()
  // About a second, and it looks again by itself.
  expect(Date.now() - shownAt).toBeLessThan(GREEN_SECOND + 1_500)
  await expect(page.getByText('把健康码对准方框')).toBeVisible()

  // A picture of it taken by somebody, shown as soon as its holder has gone.
  await hold(null)
  await page.waitForTimeout(GONE)
  await answers(live, 'refused', '此码不能用')
  const other = await issuer.copy(holder)
  await answers(await other.show(now()), 'refused', '此码不能用')
  await answers(oneBitOff(await holder.show(now())), 'refused', '此码不能用')
  const rotated = await old.holder({}, now())
  await answers(await rotated.show(now()), 'refused', '此码不能用')
  // The screenshot, more than a minute later.
  await answers(await holder.show(now() - 61_000), 'refused', '此码不能用')
  // The clock of the holder's phone is a day back.
  await answers(await holder.show(now() - DAY), 'refused', '此码不能用')

  // Replaced ten minutes ago, and this gate has heard nothing since.
  lists.revoked.push({ codeId: replaced.codeId, until: Math.floor(now() / 1000) + 86_400 })
  await answers(await replaced.show(now()), 'green', '绿码')
  await context.setOffline(false)
  await hold(null)
  await update(true)
  await context.setOffline(true)
  await page.waitForTimeout(GONE)
  // Synced: the same code does not pass.
  await answers(await replaced.show(now() + 30_000), 'refused', '此码不能用')
  await context.setOffline(false)
})

test('every colour has its word and shape; a picture from a file; red is taken further with words, numbers and a place', async () => {
  await context.setOffline(true)
  for (const [colour, word] of [
    ['yellow', '黄码'],
    ['pending', '待定'],
    ['red', '红码'],
  ] as const) {
    const holder = await issuer.holder({ colour }, now())
    await hold(await holder.show(now()))
    await seen(colour, word)
    await picture(colour)
    await expect(flash()).toBeHidden()
  }
  expect(await faults()).toEqual([])
  await picture('red-case')
  await page.getByRole('button', { name: '怎么办' }).click()
  await expect(page.getByRole('link', { name: /玉山社区/ })).toHaveAttribute('href', 'tel:0512-57500000')
  expect(await faults()).toEqual([])
  await picture('refer')
  await page.getByRole('textbox', { name: '姓名' }).fill('王强')
  await page.getByRole('textbox', { name: '住址' }).fill('玉山镇花园路 8 号')
  await page.getByRole('button', { name: '登记去向' }).click()
  await expect(page.getByText(/已存本机/)).toBeVisible()
  await page.getByRole('button', { name: '下一位' }).click()
  await context.setOffline(false)
})

test('a scanner that types, without a camera in sight: the same verdict', async () => {
  const holder = await issuer.holder({}, now())
  await hold(null)
  await type(await holder.show(now()))
  await seen('green')
  await expect(flash()).toBeHidden()
})

test('case 70: a gate whose clock is set a day ahead shows no colour until it has heard the server or somebody has compared it', async () => {
  const holder = await issuer.holder({}, now())
  // Another day on the computer itself cannot be had here: the page's own clock is set.
  await context.setOffline(true)
  await page.evaluate((day) => {
    const real = Date.now.bind(Date)
    Object.assign(window, { weiwangDay: real })
    Date.now = () => real() + day
  }, DAY)
  await expect(page.getByText('时间不可信')).toBeVisible()
  await hold(await holder.show(now()))
  await seen('by_hand', '人工核验')
  await picture('by-hand')
  await expect(flash()).toBeHidden()
  expect(await faults()).toEqual([])
  await page.getByRole('link', { name: /时间不可信/ }).click()
  await expect(page.getByText(/相差太多/)).toBeVisible()
  expect(await faults()).toEqual([])
  await picture('clock')
  // With a network the time is the server's again by itself, whatever the clock of the device shows.
  await context.setOffline(false)
  await expect(page.getByText('把健康码对准方框').or(page.getByText('时间可信')).first()).toBeVisible({
    timeout: 90_000,
  })
  await page.evaluate(() => {
    const { weiwangDay } = window as unknown as { weiwangDay: () => number }
    Date.now = weiwangDay
  })
  await expect(page.getByText('时间可信')).toBeVisible({ timeout: 90_000 })
})

const Figures = z.looseObject({ total: z.record(z.string(), z.number()) })
const passages = async (): Promise<Record<string, number>> =>
  (await operator.read(Figures, '/api/gates/figures', { gate: gateId })).total

test('Show 3: the server is stopped; the gate decides, keeps sealed, and what it decided arrives once after the restart', async () => {
  test.setTimeout(240_000)
  // What was decided so far is there.
  await expect(page.getByText('已全部上传')).toBeVisible({ timeout: 60_000 })
  const before = (await passages())['all'] ?? 0
  const people: Holder[] = []
  for (let i = 0; i < 5; i++) people.push(await issuer.holder({}, now()))
  await at.restart('SIGTERM', async () => {
    for (const [i, one] of people.entries()) {
      if (i === 0) await hold(await one.show(now()))
      else {
        await type(await one.show(now()))
      }
      await seen('green')
      await expect(flash()).toBeHidden()
      if (i === 0) await hold(null)
    }
    await page.getByRole('button', { name: '紧急放行' }).click()
    await seen('emergency')
    await expect(flash()).toBeHidden()
    expect(await faults()).toEqual([])
    await picture('emergency')
    await page.getByRole('textbox', { name: '车牌' }).fill('苏E12345')
    await page.getByRole('button', { name: '继续', exact: true }).click()
    await expect(page.getByText('待传 6')).toBeVisible()
    // The application is closed and opened without the server: it is all still there.
    await page.reload()
    await expect(page.getByText('待传 6')).toBeVisible()
    await expect(page.getByText('把健康码对准方框')).toBeVisible()
  })
  await expect(page.getByText('已全部上传')).toBeVisible({ timeout: 120_000 })
  operator = await clientOf(at.address, at.login('county', 'operator'))
  await expect.poll(async () => (await passages())['all']).toBe(before + 6)
  expect((await passages())['emergency']).toBeGreaterThanOrEqual(1)
})

test('a thousand in a row through the scanner: the memory stays, the disk holds them, and they arrive', async () => {
  test.setTimeout(600_000)
  await expect(page.getByText('已全部上传')).toBeVisible({ timeout: 60_000 })
  const before = (await passages())['all'] ?? 0
  const paper = await issuer.paper({}, now())
  await context.setOffline(true)
  const cdp = await context.newCDPSession(page)
  const heap = async (): Promise<number> => {
    await cdp.send('HeapProfiler.collectGarbage')
    return (await cdp.send('Runtime.getHeapUsage')).usedSize
  }
  /** Keys as a scanner sends them, in the page: a thousand times eighty strokes over the wire would measure the wire. */
  const typeIn = (times: number): Promise<void> =>
    page.evaluate(
      async ({ text, n }) => {
        for (let i = 0; i < n; i++) {
          for (const key of text) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true }))
          await new Promise((next) => setTimeout(next, 5))
        }
      },
      { text: paper, n: times },
    )
  await typeIn(100)
  await expect(page.getByText('待传 100')).toBeVisible({ timeout: 60_000 })
  const first = await heap()
  await typeIn(900)
  await expect(page.getByText('待传 1000')).toBeVisible({ timeout: 240_000 })
  const last = await heap()
  // Nine hundred people more: less than a megabyte.
  expect(last - first).toBeLessThan(1_000_000)
  expect(await page.locator('.last li').count()).toBe(5)
  await context.setOffline(false)
  await expect(page.getByText('已全部上传')).toBeVisible({ timeout: 240_000 })
  await expect.poll(async () => (await passages())['all'], { timeout: 60_000 }).toBe(before + 1_000)
})

test('GATE-105: a cheap phone survives: eight looks a second at most, none when the page is hidden, and the camera rests when nobody comes', async () => {
  await hold(null)
  await expect(page.getByText('把健康码对准方框')).toBeVisible()
  const looks = await page.evaluate(async () => {
    let n = 0
    // eslint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { getImageData } = CanvasRenderingContext2D.prototype
    CanvasRenderingContext2D.prototype.getImageData = function (...area: Parameters<typeof getImageData>) {
      n += 1
      return getImageData.apply(this, area)
    }
    await new Promise((done) => setTimeout(done, 3_000))
    CanvasRenderingContext2D.prototype.getImageData = getImageData
    return n
  })
  expect(looks).toBeGreaterThan(2)
  expect(looks).toBeLessThanOrEqual(3 * 8 + 1)

  const isOn = () => page.locator('video').evaluate((video: HTMLVideoElement) => video.srcObject !== null)
  const turn = (state: 'hidden' | 'visible') =>
    page.evaluate((to) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => to })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  expect(await isOn()).toBe(true)
  await turn('hidden')
  await expect.poll(isOn).toBe(false)
  await turn('visible')
  await expect.poll(isOn).toBe(true)

  // Four minutes in which nobody came.
  await page.evaluate(() => {
    const real = performance.now.bind(performance)
    performance.now = () => real() + 4 * 60_000
  })
  await expect(page.getByText('相机已停，省电降温')).toBeVisible()
  expect(await isOn()).toBe(false)
  await picture('rests')
  await page.getByRole('button', { name: '继续扫码' }).click()
  await expect.poll(isOn).toBe(true)
  await page.reload()
})

test('installable, opens without a network, keeps nothing of the server, and only this face may compile machine code', async () => {
  const manifest = await page.request.get(`${at.address}/gate/manifest.webmanifest`)
  const said = z.looseObject({ start_url: z.string(), name: z.string() }).parse(await manifest.json())
  expect(said.start_url).toBe('/gate/')
  expect(said.name).toContain('微网')
  for (const file of ['', 'sw.js', 'manifest.webmanifest']) {
    const answer = await page.request.get(`${at.address}/gate/${file}`)
    expect(answer.headers()['cache-control'], file).toBe('no-cache')
    expect(answer.headers()['content-security-policy']).toContain("'wasm-unsafe-eval'")
  }
  for (const other of ['/', '/worker/', '/r/', '/api/deployment'])
    expect((await page.request.get(`${at.address}${other}`)).headers()['content-security-policy']).not.toContain('wasm')
  const kept = await page.evaluate(async () => {
    const urls: string[] = []
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname)
    return urls
  })
  expect(kept.some((url) => url.endsWith('.wasm'))).toBe(true)
  expect(kept.filter((url) => !url.startsWith('/gate/'))).toEqual([])
  const wasm = kept.find((url) => url.endsWith('.wasm')) ?? ''
  const answer = await page.request.get(`${at.address}${wasm}`)
  expect(answer.headers()['content-type']).toBe('application/wasm')
})

const misfits = (): Promise<string[]> => device.misfits()

const FORMS = ['no-code', 'document', 'pass', 'visitor', 'vehicle', 'returns', 'clock', 'refer', 'log', 'more'] as const

for (const lang of ['zh', 'en'] as const)
  test(`every screen at 360 px, ${lang}: light, and dark in large text`, async () => {
    test.setTimeout(240_000)
    await knowOurIssuer()
    await page.setViewportSize({ width: 360, height: 740 })
    await page.evaluate((next) => localStorage.setItem('weiwang.lang', next), lang)
    await hold(null)
    const bad: string[] = []
    const look = async (name: string): Promise<void> => {
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme })
        await page.evaluate((on) => document.documentElement.toggleAttribute('data-large', on), scheme === 'dark')
        await picture(`${name}-${lang}-${scheme}`)
        bad.push(...[...(await faults()), ...(await misfits())].map((fault) => `${name} ${lang} ${scheme}: ${fault}`))
      }
      await page.evaluate(() => document.documentElement.removeAttribute('data-large'))
    }
    const open = async (view: string): Promise<void> => {
      await page.goto(`${at.address}/gate/${view}`)
      await page.waitForLoadState('networkidle')
    }
    await open('')
    const yellow = await issuer.holder({ colour: 'pending' }, now())
    await type(await yellow.show(now()))
    await seen('pending')
    await expect(flash()).toBeHidden()
    // The pad asks for the temperature, within the thumb's reach.
    await look('pad')
    await page.getByRole('button', { name: '3', exact: true }).click()
    await page.getByRole('button', { name: '7', exact: true }).click()
    await page.getByRole('button', { name: '8', exact: true }).click()
    await page.getByRole('button', { name: /^(确定|OK)$/ }).click()
    await page.getByRole('link', { name: /^(记录|Log)$/ }).click()
    await expect(page.getByText(/号码 \d{3}|Number \d{3}/).first()).toBeVisible()
    await look('resting')
    for (const view of FORMS) {
      await open(view)
      await look(view)
    }
    await open('')
    await page.getByRole('button', { name: /^(无码通行|No code)$/ }).click()
    await page.getByRole('button', { name: /^(看证件放行|Look at papers)/ }).click()
    await expect(page.getByText(/看过证件|Papers looked at/)).toBeVisible()
    await look('papers')
    await open('more')
    await page.getByRole('button', { name: /^(换卡口|Another gate)$/ }).click()
    await look('choose')
    await page.getByRole('button', { name: /玉山花园北门|North gate/ }).click()
    await page.setViewportSize({ width: 1280, height: 800 })
    await look('desk')
    expect(bad).toEqual([])
  })
