import { mkdtempSync, rmSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { decodeBase45, encodeBase45 } from '@weiwang/domain/healthcode/base45'
import { toHex } from '@weiwang/domain/healthcode/bytes'
import { PREFIX, readCode } from '@weiwang/domain/healthcode/presentation'
import { z } from 'zod'
import { logIn as clientOf } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { addGate, member, openDevice } from '../gate/device.ts'
import type { Device } from '../gate/device.ts'
import { STRAIGHT } from '../gate/camera.ts'
import { comeIn, idNumber, next, pick, promise, sayWell, sayWho } from '../resident/person.ts'
import type { Made } from '../resident/person.ts'
import { noteSigning, notesOf, signedBy, textOf } from '../resident/signed.ts'
import { fillLogIn } from '../screens.ts'

/**
 * Shows 2 and 3 with real phones: two residents' pages and two gates, each in a browser of its own, keys and list of the deployment
 * alone, and no network anywhere while codes are shown. What the phones show is photographed from their screens.
 */
test.describe.configure({ mode: 'serial' })

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** After so long before an empty camera the next one is somebody else. */
const GONE = 3_500
const PHONE = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 360, height: 740 } }
const MOTHER = { name: '陈秀英', number: idNumber('1985-02-03', '404'), phone: '13955550471' }
const FATHER = { name: '孙志刚', number: idNumber('1984-05-06', '413'), phone: '13955550472' }

let at: Deployment
let operator: Client
let folder: string
let north: Device
let south: Device
let mother: Page
let father: Page
let gateId: string

const Codes = z.looseObject({ items: z.array(z.looseObject({ personId: z.string() })) })
let motherIs: string

/** Registered on the phone itself; the page then has the code of today and the days after. */
async function phoneOf(browser: Browser, who: Made): Promise<Page> {
  const page = await (await browser.newContext(PHONE)).newPage()
  await noteSigning(page)
  await comeIn(page, at.address, who.phone)
  await page.getByRole('link', { name: '申领健康码' }).click()
  await page.getByRole('button', { name: '开始填写' }).click()
  await pick(page, /哪一种情况/, '一直住在本市')
  await pick(page, /户口在本市吗/, '是')
  await next(page)
  await sayWho(page, who, '拙政园社区')
  await pick(page, /去过外地吗/, '没去过')
  await sayWell(page)
  await promise(page)
  await expect(page.getByRole('heading', { level: 1, name: '绿码' })).toBeVisible()
  await expect(page.getByRole('img', { name: /健康码，请对准/ })).toBeVisible()
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  return page
}

/** A device before its gate, logged in, its page and keys on it. */
async function gateOf(name: string, gate: string, phone: string, area: string): Promise<Device> {
  const device = await openDevice({ folder, name })
  await device.page.goto(`${at.address}/gate/`)
  await fillLogIn(device.page, await member(operator, { address: at.address, area, phone }))
  await device.page.getByRole('button', { name: new RegExp(`玉山花园${gate}`) }).click()
  await device.page.getByRole('button', { name: '开始验码' }).click()
  await expect(device.page.getByText('把健康码对准方框')).toBeVisible()
  await device.page.evaluate(async () => void (await navigator.serviceWorker.ready))
  return device
}

/** What the phone shows now: its screen, as a camera of a gate has it in the middle of its picture. */
async function screenOf(page: Page): Promise<Uint8Array> {
  const shot = await page.locator('svg.qr').screenshot()
  const bytes = await north.page.evaluate(
    async ({ png, width, height }) => {
      const read = Uint8Array.from(atob(png), (char) => char.charCodeAt(0))
      const picture = await createImageBitmap(new Blob([read], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(width, height)
      const pen = canvas.getContext('2d')
      if (!pen) throw new Error('no canvas')
      pen.fillStyle = '#555'
      pen.fillRect(0, 0, width, height)
      const side = height * 0.86
      pen.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side)
      const { data } = pen.getImageData(0, 0, width, height)
      let text = ''
      for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i + 1] ?? 0)
      return btoa(text)
    },
    { png: shot.toString('base64'), width: STRAIGHT.width, height: STRAIGHT.height },
  )
  return Uint8Array.from(Buffer.from(bytes, 'base64'))
}

/** The text of what it shows now. */
async function textShown(page: Page): Promise<string> {
  const note = (await notesOf(page)).at(-1)
  if (!note) throw new Error('the phone has signed nothing')
  return textOf(note)
}

const lastOf = async (page: Page): Promise<string> => (await notesOf(page)).at(-1)?.data ?? ''

/** The next drawing of the phone by itself, after it did something or after half a minute: a code that no gate has answered yet. */
async function renewed(page: Page, by?: () => Promise<void>): Promise<void> {
  const before = await lastOf(page)
  await by?.()
  await expect.poll(() => lastOf(page), { timeout: 45_000 }).not.toBe(before)
}

/** Opened anew, a phone draws at once and need not be waited for: another second than before, so that it is another showing. */
async function opened(page: Page): Promise<void> {
  const before = await lastOf(page)
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('img', { name: /健康码，请对准/ })).toBeVisible()
    expect(['', before]).not.toContain(await lastOf(page))
  }).toPass({ timeout: 45_000 })
}

/** So much later on a device that is alone: its clock, and the count that nobody can set. */
async function later(page: Page, ms: number, counted = true): Promise<void> {
  await page.evaluate(
    ({ by, steady }) => {
      const wall = Date.now.bind(Date)
      Date.now = () => wall() + by
      if (!steady) return
      const count = performance.now.bind(performance)
      performance.now = () => count() + by
    },
    { by: ms, steady: counted },
  )
}

const gone = async (gate: Device): Promise<void> => {
  await gate.hold(null)
  await gate.page.waitForTimeout(GONE)
}

const offline = async (on: boolean): Promise<void> => {
  for (const context of [north.context, south.context, mother.context(), father.context()]) await context.setOffline(on)
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(400_000)
  at = await startDeployment({ exercise: 'grid' })
  operator = await clientOf(at.address, at.login('county', 'operator'))
  folder = mkdtempSync(path.join(tmpdir(), 'weiwang-phones-'))
  const area = at.login('village', 'operator').area
  await addGate(operator, area, { zh: '玉山花园北门', en: 'North gate of Yushan Garden' })
  gateId = await addGate(operator, area, { zh: '玉山花园南门', en: 'South gate of Yushan Garden' })
  // One beside the other: each is a browser of its own.
  ;[north, south, mother, father] = await Promise.all([
    gateOf('north', '北门', '19900007041', area),
    gateOf('south', '南门', '19900007042', area),
    phoneOf(browser, MOTHER),
    phoneOf(browser, FATHER),
  ])
  const { items } = Codes.parse(await (await mother.request.get(`${at.address}/api/my/codes`)).json())
  motherIs = items[0]?.personId ?? ''
})
test.afterAll(async () => {
  await north?.close()
  await south?.close()
  await at?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test('a live code passes; its screenshot 60 s later, another phone’s copy and one with a bit changed do not; a phone whose clock is a day back does not', async () => {
  test.setTimeout(300_000)
  for (const gate of [north, south]) await gate.update()
  await offline(true)
  // The page opens without a network, and shows.
  await mother.reload()
  await expect(mother.getByRole('heading', { level: 1, name: '绿码' })).toBeVisible()
  await renewed(mother)
  const live = await screenOf(mother)
  const shown = await textShown(mother)
  await north.answers(live, 'green', '绿码', '陈*英')
  await north.picture('phones-live')

  // The father's phone has a picture of it, and shows it a moment later.
  await gone(north)
  await north.answers(live, 'refused', '此码不能用', '此次出示已用过')
  // Or it has the credential itself, and signs with the only key it has.
  const stolen = readCode(shown)
  const [note] = (await notesOf(mother)).slice(-1)
  if (!stolen?.live || !note) throw new Error('no live code')
  const copy = textOf(await signedBy(father, note.data))
  expect(toHex(readCode(copy)?.credential.codeId ?? new Uint8Array())).toBe(toHex(stolen.credential.codeId))
  await north.answers(copy, 'refused', '此码不能用', '不是领取此码的手机')

  // One bit, wherever it lies: of the credential, of its signature, of the time, of the phone's signature.
  const bytes = decodeBase45(shown.slice(PREFIX.length)) ?? new Uint8Array()
  for (const place of [30, bytes.length - 64 - 4 - 20, bytes.length - 64 - 1, bytes.length - 20]) {
    const changed = Uint8Array.from(bytes)
    changed[place] = (changed[place] ?? 0) ^ 1
    await north.answers(PREFIX + encodeBase45(changed), 'refused', '此码不能用')
  }

  // Meanwhile the clock of the father's phone was set back by a day; it says so, and a gate finds its code old.
  // Not what it was made to sign a moment ago: its own code.
  await opened(father)
  await later(father, -DAY, false)
  await expect(father.getByText('手机时间被调过')).toBeVisible()
  // Its time stands still from here on: what it shows is as old as this. For everybody else more than a minute passes.
  await later(south.page, 66_000)
  await renewed(mother, () => later(mother, 66_000))
  const back = await textShown(father)
  await south.answers(back, 'refused', '此码不能用', '出示已过期')

  // More than a minute has gone since the screenshot: at a gate that has never seen it.
  await south.answers(live, 'refused', '此码不能用', '出示已过期')
  // The phone itself, live as ever, passes there.
  await gone(south)
  await south.answers(await screenOf(mother), 'green', '绿码')
  await offline(false)
  // With a network each hears what time it is, and shows right.
  await south.hold(null)
  await south.page.reload()
  await mother.reload()
  await father.reload()
  for (const page of [mother, father]) await expect(page.getByRole('heading', { level: 1, name: '绿码' })).toBeVisible()
})

test('replaced ten minutes ago: refused at the gate that has heard of it, passed with its age at the one that has not', async () => {
  test.setTimeout(300_000)
  for (const gate of [north, south]) await gate.update()
  await offline(true)
  // The person tells of a stay in a high-risk area from elsewhere; this phone is alone and still shows green.
  const told = await mother.request.post(`${at.address}/api/my/declarations`, {
    headers: { 'x-weiwang': '1' },
    data: {
      id: randomUUID(),
      personId: motherIs,
      answers: {
        situation: 'living',
        registeredHere: true,
        underMeasure: false,
        stays: [{ area: '420106', from: '2020-02-10', to: '2020-02-13' }],
      },
      words: { purpose: 'home' },
      promise: true,
    },
  })
  expect([told.status(), await told.text()]).toEqual([200, expect.stringContaining(motherIs)])
  await north.context.setOffline(false)
  await north.update()
  await north.context.setOffline(true)

  // Ten minutes pass on all three devices.
  for (const page of [north.page, south.page]) await later(page, 10 * MINUTE)
  await renewed(mother, () => later(mother, 10 * MINUTE))
  await expect(south.page.getByRole('list', { name: '本机状态' })).toContainText(/名单 1\d 分钟前/, { timeout: 30_000 })
  await expect(mother.getByRole('heading', { level: 1, name: '绿码' })).toBeVisible()
  const shown = await screenOf(mother)
  await south.answers(shown, 'green', '绿码')
  await south.picture('phones-unsynced')
  await north.answers(shown, 'refused', '此码不能用', '码已更换')
  await north.picture('phones-synced')
  await offline(false)
  // With a network the phone shows what holds now, and the other gate hears of it.
  await mother.reload()
  await mother.getByRole('button', { name: '刷新' }).click()
  await expect(mother.getByRole('heading', { level: 1, name: '黄码' })).toBeVisible()
  await south.page.reload()
  await south.update()
})

test('CODE-21: a code that a desk has stopped is refused at the gate that has heard of it, and shown no more by its phone; let go on, it passes', async () => {
  test.setTimeout(300_000)
  await north.page.reload()
  for (const gate of [north, south]) await gate.update()
  const { items } = Codes.parse(await (await father.request.get(`${at.address}/api/my/codes`)).json())
  const fatherIs = items[0]?.personId ?? ''
  await offline(true)
  await operator.write(z.unknown(), `/api/codes/${fatherIs}/stop`, {
    why: 'used_by_others',
    words: '本人到窗口说明手机卡被人冒用',
  })
  await north.context.setOffline(false)
  await north.update()
  await north.context.setOffline(true)
  // Whoever holds the phone is alone with it and still has what was fetched for today.
  await opened(father)
  await expect(father.getByRole('heading', { level: 1, name: '绿码' })).toBeVisible()
  const shown = await screenOf(father)
  await south.answers(shown, 'green', '绿码')
  await north.answers(shown, 'refused', '此码不能用', '码已更换')
  await north.picture('phones-stopped-code')
  await offline(false)
  await father.reload()
  await father.getByRole('button', { name: '刷新' }).click()
  await expect(father.getByRole('heading', { level: 1, name: '身份核对中' })).toBeVisible()
  await expect(father.getByText('带证件到社区可当场恢复')).toBeVisible()
  await expect(father.locator('svg.qr')).toHaveCount(0)
  await operator.write(z.unknown(), `/api/codes/${fatherIs}/resume`, { cardSeen: true, words: '证件与本人相符' })
  await father.getByRole('button', { name: '刷新' }).click()
  await expect(father.getByRole('heading', { level: 1, name: '绿码' })).toBeVisible()
  await opened(father)
  await gone(north)
  await north.answers(await screenOf(father), 'green', '绿码')
  // Not before the camera of the page that is opened next.
  await gone(north)
})

test('a code of a key that was rotated out is refused; so is every code of a key that was revoked, for good', async () => {
  test.setTimeout(300_000)
  const ended = Math.floor(Date.now() / 1000) - 20 * 365 * 86_400
  let said: 'ended' | 'revoked' | null = 'ended'
  // What the issuer says of its own key once it is past its time, or revoked: codes never live that long by themselves.
  await north.context.route('**/api/code/keys', async (route) => {
    const answer = await route.fetch()
    const body = z.looseObject({ keys: z.array(z.looseObject({})) }).parse(await answer.json())
    const more = said === 'ended' ? { until: ended } : said === 'revoked' ? { revokedAt: ended } : {}
    await route.fulfill({ response: answer, json: { ...body, keys: body.keys.map((key) => ({ ...key, ...more })) } })
  })
  const code = async (): Promise<Uint8Array> => {
    await opened(father)
    return screenOf(father)
  }
  await north.page.reload()
  await north.update()
  await offline(true)
  await north.answers(await code(), 'refused', '此码不能用', '签发密钥已过期')
  await offline(false)
  said = null
  await north.update()
  await offline(true)
  await gone(north)
  await north.answers(await code(), 'green', '绿码')
  await offline(false)
  said = 'revoked'
  await north.update()
  said = null
  await north.update()
  await offline(true)
  await gone(north)
  // GATE-111: whatever is heard later.
  await north.answers(await code(), 'refused', '此码不能用', '签发密钥已作废')
  await offline(false)
})

test('a gate whose clock is a day ahead shows no colour to anybody until it has heard the server', async () => {
  test.setTimeout(240_000)
  await opened(father)
  await offline(true)
  await later(south.page, DAY, false)
  await expect(south.page.getByText('时间不可信')).toBeVisible()
  await south.answers(await screenOf(father), 'by_hand', '人工核验')
  await south.picture('phones-clock')
  await expect(south.page.getByText('看过证件，身份清楚吗？')).toBeVisible()
  await offline(false)
  await south.page.reload()
  await expect(south.page.getByText('时间可信')).toBeVisible({ timeout: 90_000 })
})

const Figures = z.looseObject({ total: z.record(z.string(), z.number()) })
const passages = async (): Promise<number> =>
  (await operator.read(Figures, '/api/gates/figures', { gate: gateId })).total['all'] ?? 0

test('Show 3: the server is stopped; both residents still show, the gate still decides, and each passage arrives once after the restart', async () => {
  test.setTimeout(300_000)
  // What the test before it held is not before the camera any more when the page is opened anew.
  await gone(south)
  await expect(south.page.getByText('已全部上传')).toBeVisible({ timeout: 60_000 })
  const before = await passages()
  await at.restart('SIGTERM', async () => {
    // Opened anew, with no server there at all: the page, its code and its colour come from the phone, and so does the gate.
    await south.page.reload()
    await expect(south.page.getByText('把健康码对准方框')).toBeVisible()
    for (const [page, tune, word] of [
      [mother, 'yellow', '黄码'],
      [father, 'green', '绿码'],
    ] as const) {
      await page.reload()
      await expect(page.getByRole('heading', { level: 1, name: word })).toBeVisible()
      await expect(page.getByRole('img', { name: /健康码，请对准/ })).toBeVisible()
      await south.answers(await screenOf(page), tune, word)
      await gone(south)
    }
    await south.page.getByRole('button', { name: '紧急放行' }).click()
    await south.seen('emergency')
    await south.page.getByRole('button', { name: '继续', exact: true }).click()
    await expect(south.page.getByText('待传 3')).toBeVisible()
    await south.picture('phones-stopped')
  })
  await expect(south.page.getByText('已全部上传')).toBeVisible({ timeout: 120_000 })
  operator = await clientOf(at.address, at.login('county', 'operator'))
  await expect.poll(passages).toBe(before + 3)
})
