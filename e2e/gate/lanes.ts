import { mkdtempSync, rmSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { usualPolicy } from '@weiwang/domain/checkpoints/gate'
import { encode } from 'uqr'
import { z } from 'zod'
import { enterAsResident, logIn as clientOf } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { addGate, member, openDevice } from './device.ts'
import type { Device } from './device.ts'
import { squareOn } from './paper.ts'
import { idNumber } from '../resident/person.ts'
import { fillLogIn } from '../screens.ts'

/**
 * Everything of a gate beside the code of a phone, in one language at the size of a phone: a picture from a file, the light and what is
 * felt, fever and rest, a document asked about, visitors, a vehicle and who is in it, the emergency that nothing stops, a temporary
 * pass without a network, and somebody who comes back (GATE-3, GATE-5, GATE-8, GATE-9, GATE-14, GATE-113). Each language is a file of
 * journeys of its own, so that the two walk beside each other.
 */
const WHO = { name: '陈秀英', number: idNumber('1985-02-03', '424'), phone: '13955550491' }
const HOME = '320508018025'

/** A phone with a light, and one that says what it made felt: no machine of a test has either. */
async function withLight(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const felt: unknown[] = []
    const lit: unknown[] = []
    Object.assign(window, { felt, lit })
    Object.defineProperty(navigator, 'vibrate', {
      configurable: true,
      value: (pattern: unknown) => felt.push(pattern) > 0,
    })
    const able = { configurable: true, value: () => ({ torch: true }) }
    Object.defineProperty(MediaStreamTrack.prototype, 'getCapabilities', able)
    MediaStreamTrack.prototype.applyConstraints = async (wanted) => void lit.push(wanted?.advanced?.[0])
  })
}
const told = (page: Page, of: 'felt' | 'lit'): Promise<unknown[]> =>
  page.evaluate((name) => Reflect.get(window, name), of)

/** A square as it lies in somebody's album. */
async function albumPicture(page: Page, data: boolean[][]): Promise<Buffer> {
  const png = await page.evaluate(async (rows) => {
    const dot = 9
    const canvas = new OffscreenCanvas(rows.length * dot, rows.length * dot)
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('no canvas')
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.fillStyle = '#000'
    for (const [y, row] of rows.entries())
      for (const [x, dark] of row.entries()) if (dark) pen.fillRect(x * dot, y * dot, dot, dot)
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text)
  }, data)
  return Buffer.from(png, 'base64')
}

const Passages = z.looseObject({
  items: z.array(
    z.looseObject({
      lane: z.string(),
      verdict: z.string(),
      check: z.string().nullable(),
      colour: z.string().nullable(),
      companions: z.number().nullable(),
    }),
  ),
  total: z.number(),
})
const Returns = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      state: z.string(),
      arrived: z.looseObject({ how: z.string().nullable() }).nullable(),
    }),
  ),
})
const HasId = z.looseObject({ id: z.string() })
const Pass = z.looseObject({ id: z.string(), number: z.string() })

export function lanes({ lang, phone, width }: { lang: 'zh' | 'en'; phone: string; width: number }): void {
  test.describe.configure({ mode: 'serial' })

  let at: Deployment
  let operator: Client
  let resident: Client
  let folder: string
  let personId: string
  let today: string

  test.beforeAll(async () => {
    test.setTimeout(240_000)
    at = await startDeployment({ exercise: 'grid' })
    operator = await clientOf(at.address, at.login('county', 'operator'))
    ;({ today } = await operator.read(z.looseObject({ today: z.string() }), '/api/deployment'))
    resident = await enterAsResident(at.address, WHO.phone)
    const sent = await resident.write(z.looseObject({ personId: z.string() }), '/api/my/registration', {
      id: randomUUID(),
      who: { document: { kind: 'resident', number: WHO.number }, name: WHO.name },
      home: { area: HOME, address: '东北街 12 号 3 幢 502 室', kind: 'own' },
      answers: { situation: 'living', registeredHere: true, underMeasure: false },
      words: { purpose: 'home' },
      promise: true,
    })
    personId = sent.personId
    folder = mkdtempSync(path.join(tmpdir(), 'weiwang-lanes-'))
  })
  test.afterAll(async () => {
    await device?.close()
    await at?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** The square as it is printed on the paper of a pass. */
  async function paperOf(pass: string): Promise<boolean[][]> {
    const purpose = encodeURIComponent('当面交给本人')
    const answer = await fetch(`${at.address}/api/hardship-passes/${pass}/pass.pdf?purpose=${purpose}`, {
      headers: operator.headers,
    })
    expect(answer.status).toBe(200)
    return squareOn(Buffer.from(await answer.arrayBuffer()))
  }

  const say = <T>(zh: T, en: T): T => (lang === 'zh' ? zh : en)
  let device: Device
  let page: Page
  let gateId: string
  const bad: string[] = []
  const list = async (name = 'all'): Promise<z.infer<typeof Passages>> =>
    operator.read(Passages, '/api/passages', { gate: gateId, list: name })

  /** The screen as it is now: a picture, what a reader of screens would stumble over, what a thumb would miss. */
  const look = async (name: string): Promise<void> => {
    await device.picture(`lane-${name}-${lang}`)
    bad.push(...[...(await device.faults()), ...(await device.misfits())].map((fault) => `${name}: ${fault}`))
  }
  const allSent = async (): Promise<void> => {
    await expect(page.getByText(say('已全部上传', 'All sent'))).toBeVisible({ timeout: 60_000 })
  }
  /** Opened anew, a gate has nobody before it any more, and need not wait until the last one has surely gone. */
  const sent = async (): Promise<void> => {
    // What was pressed has led back to the camera: the page of it would be opened again instead.
    await expect(page.getByRole('list', { name: say('本机状态', 'State of this device') })).toBeVisible()
    await page.reload()
    await allSent()
  }
  const measure = async (digits: string): Promise<void> => {
    for (const digit of digits) await page.getByRole('button', { name: digit, exact: true }).click()
    await page.getByRole('button', { name: say('确定', 'OK'), exact: true }).click()
  }
  const back = async (): Promise<void> => page.getByRole('button', { name: say('返回', 'Back') }).click()
  const open = async (way: [string, string]): Promise<void> => {
    await page.getByRole('button', { name: say('无码通行', 'No code'), exact: true }).click()
    await page.getByRole('button', { name: new RegExp(`^${say(...way)}`) }).click()
  }

  test.beforeAll(async () => {
    test.setTimeout(240_000)
    const area = at.login('village', 'operator').area
    const usual = usualPolicy('estate')
    gateId = await addGate(
      operator,
      area,
      { zh: `玉山花园${say('东', '西')}门`, en: `${say('East', 'West')} gate of Yushan Garden` },
      {
        temperature: { ...usual.temperature, ask: 'everyone' },
        vehicles: true,
        visitors: true,
        reader: lang === 'en',
      },
    )
    device = await openDevice({
      folder,
      name: lang,
      lang: say('zh-CN', 'en-GB'),
      viewport: { width, height: 780 },
    })
    page = device.page
    await withLight(page)
    await page.goto(`${at.address}/gate/`)
    await page.evaluate((next) => localStorage.setItem('weiwang.lang', next), lang)
    await page.reload()
    await fillLogIn(page, await member(operator, { address: at.address, area, phone }))
    await page.getByRole('button', { name: say(/玉山花园东门/, /West gate of Yushan/) }).click()
    await page.getByRole('button', { name: say('开始验码', 'Start') }).click()
    await expect(page.getByText(say('把健康码对准方框', 'Hold the health code in the frame'))).toBeVisible()
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  })

  test('the light goes on and off, and is off when the camera begins anew', async () => {
    const light = page.getByRole('button', { name: say('补光', 'Light'), exact: true })
    await expect(light).toHaveAttribute('aria-pressed', 'false')
    await light.click()
    await expect(light).toHaveAttribute('aria-pressed', 'true')
    await light.click()
    await expect(light).toHaveAttribute('aria-pressed', 'false')
    expect(await told(page, 'lit')).toEqual([{ torch: true }, { torch: false }])
    await look('scan')
  })

  test('a document is asked about: its colour, a temperature, and no wrong name gives anything', async () => {
    await open(['用证件查码', 'Code by document'])
    await page.getByRole('button', { name: say('查码', 'Ask'), exact: true }).click()
    await expect(page.getByText(say('请填写', 'Please fill this in')).first()).toBeVisible()
    await page.getByLabel(say('证件号码', 'Number')).fill(WHO.number)
    await page.getByLabel(say('证件上的姓名', 'Name on the document')).fill('别人')
    await page.getByRole('button', { name: say('查码', 'Ask'), exact: true }).click()
    await expect(page.getByText(say(/没有查到可用的码/, /No code is found/))).toBeVisible()
    await look('document-none')
    await page.getByLabel(say('证件上的姓名', 'Name on the document')).fill(WHO.name)
    await page.getByRole('button', { name: say('查码', 'Ask'), exact: true }).click()
    await device.seen('green', say('绿码', 'Green'), '陈*英')
    await look('document-pad')
    await measure('365')
    await expect(page.getByText(say('36.5℃', '36.5 ℃'))).toBeVisible()
    await look('document-passed')
    expect((await told(page, 'felt')).at(-1)).toEqual([60])
  })

  test('without a network a document is written down by hand, sealed', async () => {
    await device.context.setOffline(true)
    await open(['用证件查码', 'Code by document'])
    await page.getByLabel(say('证件号码', 'Number')).fill('E12345678')
    await page.getByLabel(say('证件上的姓名', 'Name on the document')).fill('Anna Berg')
    await page.getByRole('radio', { name: say('护照', 'Passport') }).check()
    await page.getByLabel(say('签发国家（三字母）', 'Issued by (three letters)')).fill('SWE')
    await page.getByRole('button', { name: say('查码', 'Ask'), exact: true }).click()
    await expect(page.getByText(say('没有网络，查不到颜色', 'No network: the colour cannot be asked'))).toBeVisible()
    await look('document-offline')
    await page.getByRole('button', { name: say('手工登记放行', 'Write down by hand') }).click()
    await measure('362')
    await device.context.setOffline(false)
    // Here the gate is left alone: after a while whoever stood there has gone, and it tells of them by itself.
    await allSent()
    expect((await list()).items.filter((one) => one.lane === 'document').map((one) => one.colour)).toEqual([
      null,
      'green',
    ])
  })

  test('a visitor of the estate, with a car and two others in it', async () => {
    await page.getByRole('button', { name: say('访客', 'Visitor'), exact: true }).click()
    await page.getByRole('button', { name: say('登记放行', 'Write down, let pass') }).click()
    await expect(page.getByText(say('请填写', 'Please fill this in')).first()).toBeVisible()
    await page.getByLabel(say(/^姓名/, /^Name/)).fill('王来访')
    await page.getByLabel(say('电话', 'Telephone')).fill('13900001111')
    await page.getByLabel(say('访问谁家', 'Whom they visit')).fill('3 幢 502')
    await look('visitor')
    await page.getByRole('button', { name: say('登记放行', 'Write down, let pass') }).click()
    await measure('366')
    await page.getByRole('button', { name: say('车辆', 'Vehicle'), exact: true }).click()
    await page.getByLabel(say('车牌', 'Number plate')).fill('苏e 12345')
    await page.getByRole('button', { name: say('多一人', 'One more') }).click()
    await page.getByRole('button', { name: say('多一人', 'One more') }).click()
    await look('vehicle')
    await page.getByRole('button', { name: say('记下', 'Note it') }).click()
    await expect(page.getByText(/苏E 12345/)).toBeVisible()
    await look('vehicle-noted')
    await page.getByRole('button', { name: say('紧急放行', 'Emergency'), exact: true }).click()
    await device.seen('emergency', say('紧急放行', 'Emergency'))
    await look('emergency')
    expect((await told(page, 'felt')).at(-1)).toEqual([60, 60, 60])
    await page.getByRole('button', { name: say('继续', 'Go on'), exact: true }).click()
    await sent()
    const visitors = await list('visitor')
    expect(visitors.items).toMatchObject([{ lane: 'visitor', verdict: 'admit_with_temp', companions: 2 }])
    expect((await list('vehicle')).total).toBe(1)
    expect((await list('emergency')).items).toMatchObject([{ verdict: 'emergency_pass', colour: null }])
    // What the visitor gave is in no list.
    expect(JSON.stringify(await list())).not.toMatch(/王来访|13900001111|苏E/)
  })

  test('a fever rests, is measured again after the rest, and goes to the clinic with whom to call', async () => {
    await open(['看证件放行', 'Look at papers'])
    await page.getByRole('button', { name: say('清楚，放行', 'Clear, let pass') }).click()
    await measure('379')
    await page.getByRole('button', { name: say(/^复测 1$/, /^Retest 1$/) }).click()
    await expect(page.getByText(say(/还要休息 5 分钟/, /5 more minutes of rest/))).toBeVisible()
    await look('fever-rests')
    // Six minutes pass on the device, alone: a server that is heard would say that they have not.
    await device.context.setOffline(true)
    await page.evaluate((by) => {
      const [wall, count] = [Date.now.bind(Date), performance.now.bind(performance)]
      Date.now = () => wall() + by
      performance.now = () => count() + by
    }, 6 * 60_000)
    await back()
    await page.getByRole('button', { name: say(/^复测 1$/, /^Retest 1$/) }).click()
    await expect(page.getByText(say('可以复测', 'May be measured again'))).toBeVisible()
    await page.getByRole('button', { name: say('复测', 'Measure again'), exact: true }).click()
    await look('fever-again')
    await measure('380')
    await expect(page.getByRole('link', { name: /120/ })).toHaveAttribute('href', 'tel:120')
    await expect(page.getByText(say('送发热门诊', 'To the fever clinic'), { exact: true })).toBeVisible()
    await page.getByRole('textbox', { name: say('姓名', 'Name'), exact: true }).fill('周发热')
    await look('fever-refer')
    await page.getByRole('button', { name: say('登记去向', 'Note where they go') }).click()
    await page.getByRole('button', { name: say('下一位', 'Next'), exact: true }).click()
    await device.context.setOffline(false)
    await sent()
    expect((await list('fever_twice')).total).toBe(1)
  })

  test('a temporary pass without a network: its paper is photographed, its number is typed; revoked, it does not pass', async () => {
    test.setTimeout(240_000)
    const pass = await operator.write(Pass, '/api/hardship-passes', {
      id: randomUUID(),
      personId,
      reason: 'hospital',
      hours: 6,
      to: '市立医院',
    })
    const paper = await albumPicture(page, await paperOf(pass.id))
    await device.update()
    await device.context.setOffline(true)
    // The picture of the paper, from a file: the reader finds the square on the page.
    const album = page.getByLabel(say('选图片', 'Picture'), { exact: true })
    await album.setInputFiles({
      name: 'nothing.png',
      mimeType: 'image/png',
      buffer: await albumPicture(page, encode('hello', { border: 4 }).data),
    })
    await expect(page.getByText(say('这不是健康码', 'This is not a health code'))).toBeVisible()
    await album.setInputFiles({ name: 'pass.png', mimeType: 'image/png', buffer: paper })
    await device.seen('pass', say('临时通行', 'Temporary pass'), '陈*英', say('就医', 'To hospital'))
    await device.picture(`lane-pass-flash-${lang}`)
    expect((await told(page, 'felt')).at(-1)).toEqual([60, 60, 200])
    await measure('367')
    await look('pass-passed')
    await open(['临时通行证', 'Temporary pass'])
    await page.getByLabel(say('编号', 'Number')).fill(pass.number.toLowerCase())
    await expect(page.getByText(say(/有效：陈\*英，就医/, /Valid: 陈\*英, To hospital/))).toBeVisible()
    await look('pass-number')
    await page.getByRole('button', { name: say('放行', 'Let pass'), exact: true }).click()
    await device.seen('pass')
    await measure('367')
    await device.context.setOffline(false)
    await sent()
    expect((await list('hardship')).items.map((one) => [one.check, one.colour])).toEqual([
      ['valid', null],
      ['valid', null],
    ])

    await operator.write(z.unknown(), `/api/hardship-passes/${pass.id}/revoke`, { why: 'misused' })
    await device.update(true)
    await device.context.setOffline(true)
    await album.setInputFiles({ name: 'pass.png', mimeType: 'image/png', buffer: paper })
    await device.seen('refused', say('此证不能用', 'Pass not accepted'), say('此凭证已收回', 'This pass was revoked'))
    await look('pass-revoked')
    await open(['临时通行证', 'Temporary pass'])
    await page.getByLabel(say('编号', 'Number')).fill(pass.number)
    await expect(page.getByText(say('名单里没有这个编号', 'No valid pass of the list has this number'))).toBeVisible()
    await look('pass-none')
    await back()
    await device.context.setOffline(false)
  })

  test('somebody who told of a return has come: the gate says so without a network, and the grid hears it', async () => {
    test.setTimeout(180_000)
    const id = randomUUID()
    await resident.write(HasId, '/api/my/returns', {
      id,
      personId,
      expectedDay: today,
      fromArea: '420106',
      transport: 'train',
      companions: 1,
    })
    await device.update()
    await expect(page.getByRole('button', { name: say('返回 1', 'Returns 1') })).toBeVisible({ timeout: 30_000 })
    await device.context.setOffline(true)
    await page.getByRole('button', { name: say('返回 1', 'Returns 1') }).click()
    await expect(page.getByText('陈*英').first()).toBeVisible()
    await look('returns')
    await page.getByRole('button', { name: say(/^到了/, /^Has come/) }).click()
    await expect(page.getByText(say('陈*英 已记到达', '陈*英: noted'))).toBeVisible()
    await look('returns-come')
    await back()
    await device.context.setOffline(false)
    await sent()
    const arrived = async () =>
      (await operator.read(Returns, '/api/returns', { list: 'arrived' })).items.find((one) => one.id === id)
    await expect
      .poll(arrived, { timeout: 60_000 })
      .toMatchObject({ state: 'arrived_confirmed', arrived: { how: 'gate' } })
    // It is no passage.
    expect((await list()).items.filter((one) => one.lane === 'return')).toEqual([])
  })

  test('every screen on the way could be read and pressed', () => expect(bad).toEqual([]))
}
