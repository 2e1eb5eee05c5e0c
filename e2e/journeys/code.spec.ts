import { expect, test } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
import { fromHex, toHex } from '@weiwang/domain/healthcode/bytes'
import { checkCode, DEFAULT_POLICY } from '@weiwang/domain/healthcode/verify'
import { readCode } from '@weiwang/domain/healthcode/presentation'
import { noneRevoked } from '@weiwang/domain/healthcode/revocation'
import { CodeKeys } from '@weiwang/domain/healthcode/code-api'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { comeIn, idNumber, next, pick, promise, sayJourney, sayWell, sayWho } from '../resident/person.ts'
import { drawn, drawnBy, notesOf, noteSigning, textOf, verify } from '../resident/signed.ts'
import { faults, sideways } from '../screens.ts'

/**
 * The code on a resident's phone: registered in a few screens, a stay in a high-risk city gives its colour with the reason at once,
 * the own correction turns it back; four codes of a family on one phone and one on paper; shown without a network and with the server
 * down; an objection with a picture; one's data on one page (CODE-2, CODE-9, REGISTER-8, -12, -20, OBJECT-3).
 */
test.describe.configure({ mode: 'serial' })

const HOME = '拙政园社区'
const MOTHER = { name: '陈秀英', number: idNumber('1985-02-03', '402'), phone: '13955550101' }
const FATHER = { name: '陈国强', number: idNumber('1950-05-06', '103'), phone: '' }
const FIRST = { name: '李小雨', number: idNumber('2012-05-06', '101'), phone: '' }
const SECOND = { name: '李小阳', number: idNumber('2015-05-06', '102'), phone: '' }
const BROTHER = { name: '陈建华', number: idNumber('1988-07-01', '301'), phone: '13955550102' }
/** The day of the exercise, and the last one in the high-risk city. */
const CAME = '2020-02-13'
const MASK = 3

let at: Deployment
let context: BrowserContext
let page: Page

const PHONE = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 360, height: 740 } }

test.beforeAll(async ({ browser }) => {
  at = await startDeployment({ exercise: 'grid' })
  context = await browser.newContext(PHONE)
  page = await context.newPage()
  await noteSigning(page)
})
test.afterAll(async () => {
  await context.close()
  await at.stop()
})

async function accessible(on: Page = page): Promise<void> {
  expect(await faults(on)).toEqual([])
  const wide = await sideways(on)
  expect(wide).toBe(0)
}

const colour = (word: string, on: Page = page) => on.getByRole('heading', { level: 1, name: word })
const live = (on: Page = page) => on.getByRole('img', { name: /健康码，请对准/ })

test('registered screen by screen; what is missing is named there, and a draft survives the closing of the page', async () => {
  await comeIn(page, at.address, MOTHER.phone)
  await accessible()
  await page.getByRole('link', { name: '申领健康码' }).click()
  await expect(page.getByText('谁必须申领')).toBeVisible()
  await page.getByText('收集什么、为什么').click()
  await accessible()
  await page.getByRole('button', { name: '开始填写' }).click()
  await next(page)
  await expect(page.getByText('还差这一项').first()).toBeVisible()
  await accessible()
  await pick(page, /哪一种情况/, '从外地回来')
  await pick(page, /户口在本市吗/, '是')
  await expect(page.getByText('您必须申领')).toBeVisible()
  await next(page)
  // Half filled in, the phone is put away.
  await page.getByLabel('证件号码').fill(MOTHER.number)
  await page.getByLabel(/^姓名/).fill(MOTHER.name)
  await accessible()
  await page.goto(`${at.address}/r/`)
  await page.getByRole('link', { name: '申领健康码' }).click()
  await page.getByRole('button', { name: '接着上次填' }).click()
  await expect(page.getByLabel('证件号码')).toHaveValue(MOTHER.number)
  await sayWho(page, MOTHER, HOME)
})

test('a stay in a high-risk city: the colour with its reason at once, by word, shape and living code', async () => {
  await sayJourney(page, '武昌', CAME)
  // Where she comes from stands there as a stay, to be looked at.
  await expect(page.getByText('已按您从哪里来填好')).toBeVisible()
  await accessible()
  await sayWell(page)
  await accessible()
  await promise(page)
  await expect(colour('黄码')).toBeVisible()
  await expect(page.getByText(/武昌区/).first()).toBeVisible()
  await expect(page.getByText('现在要做')).toBeVisible()
  await expect(live()).toBeVisible()
  await accessible()
  // Everything that a gate and its holder look at is on the first screen of a small phone.
  const fold = await page
    .getByRole('link', { name: '需要帮助' })
    .evaluate((link) => link.getBoundingClientRect().bottom)
  expect(fold).toBeLessThan(740)
})

test('CODE-2: what is drawn is what a gate accepts, by the keys it fetched; the hand moves, and after 30 s it is signed anew', async () => {
  const asked = await page.request.get(`${at.address}/api/code/keys`)
  const { keys, now } = CodeKeys.parse(await asked.json())
  const around = {
    keys: keys.map((key) => ({ ...key, publicKey: Uint8Array.from(Buffer.from(key.publicKey, 'base64url')) })),
    revoked: noneRevoked(),
    clock: { now, trusted: true },
    list: { asOf: now, maxAgeS: 3600 },
    policy: DEFAULT_POLICY,
    verify,
  }
  const first = (await notesOf(page)).at(-1)
  const text = first === undefined ? '' : textOf(first)
  expect(text.length).toBeLessThanOrEqual(380)
  expect(await drawn(page)).toEqual(drawnBy(text, MASK))
  const read = readCode(text)
  if (read === null) throw new Error('the text of the page cannot be read')
  expect(await checkCode(read, around)).toMatchObject({
    kind: 'colour',
    colour: 'yellow',
    credential: { name: '陈*英' },
  })
  expect(fromHex(toHex(read.credential.codeId))?.length).toBe(8)

  const hand = page.locator('.now')
  const was = await hand.innerText()
  await expect(hand).not.toHaveText(was)
  const before = (await notesOf(page)).length
  await expect.poll(async () => (await notesOf(page)).length, { timeout: 40_000 }).toBeGreaterThan(before)
  const renewed = (await notesOf(page)).at(-1)
  expect(renewed?.data).not.toBe(first?.data)
  // A picture of the first one is refused a minute later, whoever shows it.
  const later = { ...around, clock: { now: now + 90, trusted: true } }
  expect(await checkCode(read, later)).toMatchObject({ kind: 'refused', rule: 'CODE-3' })
})

test('without a network and with the server down it still shows, and says as of when', async () => {
  // The page is kept on the phone once the code is there.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await at.restart('SIGTERM', async () => {
    await page.reload()
    await expect(colour('黄码')).toBeVisible()
    await expect(live()).toBeVisible()
    await page.getByRole('button', { name: '刷新' }).click()
    await expect(page.getByText(/没有网络：这是 \d\d:\d\d 的颜色/)).toBeVisible()
    await accessible()
  })
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByText(/服务器 \d\d:\d\d 确认/)).toBeVisible()
})

test('REGISTER-8: she corrects what she said, and the colour turns back at once; both stand in the record', async () => {
  await page.getByRole('link', { name: '情况变了？重新申报' }).click()
  await page.getByRole('button', { name: '开始填写' }).click()
  // What was said stands there; who she is and where she lives is not asked again.
  await pick(page, /哪一种情况/, '一直住在本市')
  await next(page)
  await expect(page.getByText('武汉市武昌区')).toBeVisible()
  await pick(page, /去过外地吗/, '没去过')
  await next(page)
  await pick(page, /哪里不舒服/, '没有不舒服')
  await next(page)
  await next(page)
  await promise(page)
  await expect(colour('绿码')).toBeVisible()
  await expect(live()).toBeVisible()
  await page.getByText('颜色变化记录').click()
  await expect(page.getByText(/您更新了申报/).first()).toBeVisible()
  await accessible()
})

async function add(who: typeof FIRST, relation: RegExp): Promise<void> {
  await page.goto(`${at.address}/r/#family`)
  await expect(page.getByText(/最多 6 人/)).toBeVisible()
  await accessible()
  await page.getByRole('link', { name: '添加家人' }).click()
  await page.getByRole('button', { name: '开始填写' }).click()
  await page.getByRole('group', { name: '为谁添加？' }).getByText(relation).click()
  await pick(page, /哪一种情况/, '一直住在本市')
  await pick(page, /户口在本市吗/, '是')
  await next(page)
  await sayWho(page, who, HOME)
  await pick(page, /去过外地吗/, '没去过')
  await sayWell(page)
  await promise(page)
  await expect(live()).toBeVisible()
}

test('show 6: a mother, two children and her father: four codes on one phone, and one on paper', async () => {
  await add(FIRST, /我的孩子/)
  await add(SECOND, /我的孩子/)
  await add(FATHER, /我家老人/)
  await page.goto(`${at.address}/r/#home`)
  const tabs = page.getByRole('navigation', { name: '家里人的码' }).getByRole('link')
  await expect(tabs).toHaveCount(4)
  for (const i of [0, 1, 2, 3]) {
    await tabs.nth(i).click()
    await expect(colour('绿码')).toBeVisible()
    await expect(live()).toBeVisible()
  }
  await accessible()
  const codeIds = new Set(
    (await notesOf(page)).map((note) => toHex(readCode(textOf(note))?.credential.codeId ?? new Uint8Array())),
  )
  expect(codeIds.size).toBeGreaterThanOrEqual(4)
  const paper = page.waitForEvent('download')
  await page.getByRole('button', { name: '打印纸质码' }).click()
  expect((await paper).suggestedFilename()).toBe('code.pdf')
  // Until when she stands for a child is told beforehand.
  await page.goto(`${at.address}/r/#family`)
  await expect(page.getByText(/满 18 岁自动结束/)).toHaveCount(2)
  await accessible()
})

test('all four show offline, each with its own code', async () => {
  await page.goto(`${at.address}/r/#home`)
  await expect(live()).toBeVisible()
  await context.setOffline(true)
  await page.reload()
  const tabs = page.getByRole('navigation', { name: '家里人的码' }).getByRole('link')
  for (const i of [3, 2, 1, 0]) {
    await tabs.nth(i).click()
    await expect(live()).toBeVisible()
  }
  await context.setOffline(false)
})

test('small and wide, in English and in the dark', async () => {
  const sizes: [number, number][] = [
    [320, 640],
    [1440, 900],
  ]
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    await accessible()
  }
  await page.setViewportSize(PHONE.viewport)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(colour('Green')).toBeVisible()
  await accessible()
  await page.emulateMedia({ colorScheme: 'dark' })
  for (const screen of ['home', 'family', 'return', 'objections', 'help']) {
    await page.goto(`${at.address}/r/#${screen}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await accessible()
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: '中文' }).click()
})

test('REGISTER-20: one’s data on one page: seen, copied, corrected', async () => {
  await page.goto(`${at.address}/r/#home`)
  await page.getByRole('link', { name: '我的资料和权利' }).click()
  await expect(page.getByText('哪里可以投诉')).toBeVisible()
  await accessible()
  const copy = page.waitForEvent('download')
  await page.getByRole('button', { name: '数据（JSON）' }).click()
  expect((await copy).suggestedFilename()).toBe('my-data.json')
  await page.locator('summary', { hasText: /^姓名$/ }).click()
  await page.getByLabel('姓名', { exact: true }).fill('陈秀瑛')
  await page.getByRole('button', { name: '提交改正' }).click()
  await expect(page.getByText(/姓名: (已改|要先有人核对)/)).toBeVisible()
  await accessible()
})

test('REGISTER-15: a return told before travelling stands there until she has arrived', async () => {
  await page.goto(`${at.address}/r/#return`)
  await page.getByRole('button', { name: '登记返回' }).click()
  await page.getByRole('button', { name: '登记返回' }).click()
  await expect(page.getByText('还差这一项').first()).toBeVisible()
  await accessible()
  await page.getByLabel('哪天到？').fill('2020-02-17')
  await page.getByLabel(/从哪个县/).fill('无锡')
  await page.locator('.found button').first().click()
  await pick(page, /怎么来的/, '自驾')
  await page.getByRole('button', { name: '登记返回' }).click()
  await expect(page.getByRole('article').filter({ hasText: '2月17日' })).toBeVisible()
  await accessible()
})

test('REGISTER-4: her number on another phone shows nothing before her document; then the code moves there, and back when she says so', async ({
  browser,
}) => {
  const other = await browser.newContext(PHONE)
  const second = await other.newPage()
  await comeIn(second, at.address, MOTHER.phone)
  await expect(second.getByRole('heading', { name: '这个号码登记过' })).toBeVisible()
  await accessible(second)
  await second.getByLabel(/^姓名/).fill('王小明')
  await second.getByLabel('证件号码').fill(MOTHER.number)
  await second.getByRole('button', { name: '确认是我' }).click()
  await expect(second.getByRole('alert')).toBeVisible()
  await second.getByLabel(/^姓名/).fill(MOTHER.name)
  await second.getByRole('button', { name: '确认是我' }).click()
  await expect(live(second)).toBeVisible()

  await page.goto(`${at.address}/r/#home`)
  // The quick "the same as before" of the server may be a second old.
  await expect(async () => {
    await page.getByRole('button', { name: '刷新' }).click()
    await expect(colour('码在另一部手机上')).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 20_000 })
  await accessible()
  await page.getByRole('button', { name: '在这部手机上出示' }).click()
  await expect(live()).toBeVisible()
  await expect(async () => {
    await second.getByRole('button', { name: '刷新' }).click()
    await expect(colour('码在另一部手机上', second)).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 20_000 })
  await other.close()
})

/** A picture as a phone takes it; what is drawn is beside the point. */
async function ticket(on: Page): Promise<Buffer> {
  const url = await on.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 2400
    canvas.height = 1800
    canvas.getContext('2d')?.fillRect(10, 10, 800, 600)
    return canvas.toDataURL('image/jpeg', 0.95)
  })
  return Buffer.from(url.split(',')[1] ?? '', 'base64')
}

test('OBJECT-3: "it is wrong": reason, ground, words and a picture made small; then where it lies and by when it is answered', async ({
  browser,
}) => {
  const other = await browser.newContext(PHONE)
  const his = await other.newPage()
  await comeIn(his, at.address, BROTHER.phone)
  await his.getByRole('link', { name: '申领健康码' }).click()
  await his.getByRole('button', { name: '开始填写' }).click()
  await pick(his, /哪一种情况/, '从外地来')
  await pick(his, /户口在本市吗/, '不是')
  await next(his)
  await sayWho(his, BROTHER, HOME)
  await sayJourney(his, '武昌', CAME)
  await sayWell(his)
  await promise(his)
  await expect(colour('黄码', his)).toBeVisible()
  await his.getByRole('link', { name: '颜色不对？提出申诉' }).click()
  await his.getByRole('button', { name: '提交申诉' }).click()
  await expect(his.getByText('请写几个字')).toBeVisible()
  await accessible(his)
  await his.getByRole('button', { name: '没有到过那里' }).click()
  await his.getByLabel('说说是怎么回事').fill('那几天我在苏州上班，没有去武汉')
  const sent: number[] = []
  his.on('request', (request) => {
    if (request.method() === 'PUT') sent.push(request.postDataBuffer()?.length ?? 0)
  })
  const photo = await ticket(his)
  await his.locator('input[type=file]').setInputFiles({ name: 'ticket.jpg', mimeType: 'image/jpeg', buffer: photo })
  await expect(his.getByRole('img', { name: '第 1 张：车票、机票' })).toBeVisible()
  await accessible(his)
  await his.getByRole('button', { name: '提交申诉' }).click()
  await expect(his.getByText(/最迟 .* 答复/)).toBeVisible()
  expect(sent.length).toBe(1)
  expect(sent[0]).toBeLessThan(photo.length)
  await accessible(his)
  await his.getByRole('button', { name: '撤回申诉' }).click()
  await his.getByRole('button', { name: '确定撤回' }).click()
  await expect(his.getByText('已撤回').first()).toBeVisible()
  await other.close()
})

test('log-out takes the keys and codes off the phone', async () => {
  await page.goto(`${at.address}/r/#home`)
  await page.getByRole('button', { name: '退出' }).click()
  await expect(page.getByRole('alert')).toHaveText(/密钥都会删除/)
  await page.getByRole('button', { name: '退出' }).click()
  await expect(page.getByLabel('手机号')).toBeVisible()
  const left = await page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opened = indexedDB.open('weiwang-r')
        opened.onerror = () => reject(opened.error)
        opened.onsuccess = () => {
          const counted = opened.result.transaction('kept').objectStore('kept').count()
          counted.onsuccess = () => resolve(counted.result)
        }
      }),
  )
  expect(left).toBe(0)
  await context.setOffline(true)
  await page.reload()
  await expect(live()).toHaveCount(0)
  await context.setOffline(false)
})
