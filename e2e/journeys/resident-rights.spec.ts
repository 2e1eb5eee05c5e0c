import { expect, test } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
import { z } from 'zod'
import { batchEnds, codeSentTo, enterAsResident, logInAs } from '../api.ts'
import type { Batch, Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { comeIn, idNumber, MADE_UP, next, pick, promise, sayWell, sayWho } from '../resident/person.ts'
import { faults, logIn, sideways, windowOf } from '../screens.ts'

/**
 * What a resident may do beside showing a code, each pressed on the page: explain what does not fit, hear the colour, add to an objection
 * that asks for more, have things erased, take another number, end the standing for a child; and what the page says at the peak, with a
 * wrong clock and with a clock that was turned (TRUTH-12, OBJECT-7, REGISTER-5, -12, -20 to -22, CODE-18; case 70).
 */
test.describe.configure({ mode: 'serial' })

const HOME = '拙政园社区'
const HOLDER = { name: '顾念慈', number: idNumber('1979-06-02', '318', MADE_UP), phone: '13955550401' }
const CHILD = { name: '顾小舟', number: idNumber('2014-09-01', '319', MADE_UP), phone: '' }
const NEW_NUMBER = '13955550402'
const PHONE = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 360, height: 740 } }
const MINUTE = 60_000
const SHOTS = process.env['WEIWANG_SHOTS']

let at: Deployment
let context: BrowserContext
let page: Page
let office: Client

test.beforeAll(async ({ browser }) => {
  at = await startDeployment({ exercise: 'grid' })
  office = await logInAs(at, 'city3205.operator')
  context = await browser.newContext(PHONE)
  page = await context.newPage()
  // What the page sounds and says is written down: a machine without a speaker has neither.
  await page.addInitScript(() => {
    const heard: { tones: number[]; words: string[] } = { tones: [], words: [] }
    Object.assign(globalThis, { heard, turned: 0 })
    const start: unknown = Reflect.get(OscillatorNode.prototype, 'start')
    OscillatorNode.prototype.start = function (when?: number) {
      heard.tones.push(this.frequency.value)
      if (typeof start === 'function') Reflect.apply(start, this, [when])
    }
    if ('speechSynthesis' in globalThis)
      speechSynthesis.speak = (said) => void heard.words.push(`${said.lang} ${said.text}`)
    // A phone whose clock is wrong by so much.
    const now = Date.now.bind(Date)
    const shift = Number(new URLSearchParams(location.search).get('shift') ?? 0)
    Date.now = () => now() + shift + Number(Reflect.get(globalThis, 'turned'))
  })
})
test.afterAll(async () => {
  await context.close()
  await at.stop()
})

async function seen(name: string): Promise<void> {
  for (const lang of ['zh', 'en']) {
    if (lang === 'en') await page.getByRole('button', { name: 'English' }).click()
    expect(await faults(page), `${name} ${lang}`).toEqual([])
    const wide = await sideways(page)
    expect(wide, `${name} ${lang}`).toBe(0)
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/rights-${name}-${lang}.png`, fullPage: true })
    if (lang === 'en') await page.getByRole('button', { name: '中文' }).click()
  }
}

const colour = (word: string | RegExp) => page.getByRole('heading', { level: 1, name: word })
const live = () => page.getByRole('img', { name: /健康码，请对准/ })

async function refreshed(word: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.getByRole('button', { name: '刷新' }).click()
    await expect(colour(word)).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
}

test('registered, with a child; who declares to have been nowhere is named by an office', async () => {
  test.setTimeout(300_000)
  await comeIn(page, at.address, HOLDER.phone)
  await page.getByRole('link', { name: '申领健康码' }).click()
  await page.getByRole('button', { name: '开始填写' }).click()
  await pick(page, /哪一种情况/, '一直住在本市')
  await pick(page, /户口在本市吗/, '是')
  await next(page)
  await sayWho(page, HOLDER, HOME)
  await pick(page, /去过外地吗/, '没去过')
  await sayWell(page)
  await promise(page)
  await expect(colour('绿码')).toBeVisible()
  await page.goto(`${at.address}/r/#family`)
  await page.getByRole('link', { name: '添加家人' }).click()
  await page.getByRole('button', { name: '开始填写' }).click()
  await page
    .getByRole('group', { name: '为谁添加？' })
    .getByText(/我的孩子/)
    .click()
  await pick(page, /哪一种情况/, '一直住在本市')
  await pick(page, /户口在本市吗/, '是')
  await next(page)
  await sayWho(page, CHILD, HOME)
  await pick(page, /去过外地吗/, '没去过')
  await sayWell(page)
  await promise(page)
  await expect(live()).toBeVisible()
  const row = `${HOLDER.name},${HOLDER.number},湖北省武汉市江汉区,2020-02-08,2020-02-12`
  const bytes = Buffer.from(['姓名,证件号码,漫游地,起始日期,结束日期', row, ''].join('\r\n'))
  const { batch } = await office.load('telecom', { name: 'roaming-rights.csv', bytes })
  const ended: Batch = await batchEnds(office, batch.id)
  expect(ended).toMatchObject({ state: 'loaded', accepted: 1 })
  await page.goto(`${at.address}/r/#home`)
  await refreshed(/红码|黄码/)
})

test('TRUTH-12: both sides of what does not fit, and it is explained in one’s own words', async () => {
  test.setTimeout(120_000)
  await expect(async () => {
    await page.goto(`${at.address}/r/#home`)
    await page.getByRole('link', { name: '我的申诉' }).click()
    await expect(page.getByRole('heading', { name: '需要您说明的' })).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 60_000 })
  const one = page.getByRole('article').filter({ hasText: '未申报的重点地区停留' })
  await expect(one.getByText('您申报的')).toBeVisible()
  await expect(one.getByText(/江汉区/)).toBeVisible()
  await one.getByRole('button', { name: '说明情况' }).click()
  await expect(one.getByRole('alert')).toHaveText('请写几个字')
  await seen('contradiction')
  await one.getByLabel('说明情况').fill('手机卡给了在武汉的弟弟用，我没有离开过苏州')
  await one.getByRole('button', { name: '说明情况' }).click()
  await expect(one.getByText('已收到您的说明：手机卡给了在武汉的弟弟用')).toBeVisible()
  await expect(one.getByLabel('再补充几句')).toHaveValue('')
  await seen('explained')
  // The desk has it, sealed until it is read for a purpose.
  const Rows = z.looseObject({ items: z.array(z.looseObject({ explained: z.boolean() })) })
  const desk = await logInAs(at, at.login('county', 'operator').login)
  const { items } = await desk.read(Rows, '/api/contradictions', { list: 'all', limit: 50 })
  expect(items.some((row) => row.explained)).toBe(true)
})

test('the colour is heard: by number and height of the tones and by words, in the language of the page', async () => {
  await page.goto(`${at.address}/r/#home`)
  const word = (await colour(/红码|黄码/).innerText()).slice(0, 2)
  await page.getByRole('button', { name: '用声音说出颜色' }).click()
  const tones = word === '红码' ? [330, 330, 330] : [660, 660]
  await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'heard').tones)).toEqual(tones)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Say the colour aloud' }).click()
  await page.getByRole('button', { name: '中文' }).click()
  const words = await page.evaluate(() => Reflect.get(globalThis, 'heard').words)
  expect(words).toEqual([`zh-CN 本人 ${word}`, `en-GB Myself ${word === '红码' ? 'Red' : 'Yellow'}`])
})

test('OBJECT-7: the desk asks for more, and it is given on the page: words and a picture', async ({ browser }) => {
  test.setTimeout(180_000)
  await page.getByRole('link', { name: '颜色不对？提出申诉' }).click()
  await page.getByRole('button', { name: '没有到过那里' }).click()
  await page.getByLabel('说说是怎么回事').fill('手机卡不在我身上')
  await page.getByRole('button', { name: '提交申诉' }).click()
  await expect(page.getByText(/最迟 .* 答复/)).toBeVisible()
  const desk = await (await browser.newContext({ ...PHONE, viewport: { width: 1440, height: 900 } })).newPage()
  await logIn(desk, at, 'county', 'operator')
  await desk.goto(`${at.address}/objections`)
  await desk
    .getByRole('row', { name: /没有到过那里/ })
    .first()
    .click()
  await desk.getByRole('button', { name: '要求补充' }).click()
  await windowOf(desk).getByLabel(/说明/).fill('请补充 2 月 9 日在苏州的票据')
  await windowOf(desk).getByRole('button', { name: '要求补充' }).click()
  await expect(desk.getByText(/待补充|要求补充/).first()).toBeVisible()
  await page.goto(`${at.address}/r/#home`)
  await page.getByRole('link', { name: '我的申诉' }).click()
  await expect(page.getByText('请补充 2 月 9 日在苏州的票据')).toBeVisible()
  await page.getByRole('button', { name: '提交补充' }).click()
  await expect(page.getByText('请写几个字')).toBeVisible()
  await seen('asked')
  await page.getByLabel('说说是怎么回事').fill('附地铁票照片')
  const url = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 800
    canvas.height = 600
    canvas.getContext('2d')?.fillRect(10, 10, 300, 200)
    return canvas.toDataURL('image/jpeg')
  })
  const buffer = Buffer.from(url.split(',')[1] ?? '', 'base64')
  await page.locator('input[type=file]').setInputFiles({ name: 'ticket.jpg', mimeType: 'image/jpeg', buffer })
  await expect(page.getByRole('img', { name: /第 1 张/ })).toBeVisible()
  await page.getByRole('button', { name: '提交补充' }).click()
  await expect(page.getByText('已补充').first()).toBeVisible()
  await expect(page.getByText('请补充 2 月 9 日在苏州的票据')).toBeHidden()
  await seen('supplemented')
  await desk.reload()
  await expect(desk.getByText('已补充').first()).toBeVisible()
  await desk.context().close()
})

test('REGISTER-20, -22: everything that is held stands there; what may go is erased, the rest says why and until when', async () => {
  test.setTimeout(120_000)
  await page.goto(`${at.address}/r/#home`)
  // Something declared anew, so that there is something to erase.
  await page.getByRole('link', { name: '情况变了？重新申报' }).click()
  await page.getByRole('button', { name: '开始填写' }).click()
  await pick(page, /哪一种情况/, '一直住在本市')
  await next(page)
  await pick(page, /去过外地吗/, '没去过')
  await next(page)
  await pick(page, /哪里不舒服/, '没有不舒服')
  await next(page)
  await next(page)
  await promise(page)
  await expect(colour(/红码|黄码/)).toBeVisible()
  await page.getByRole('link', { name: '我的资料和权利' }).click()
  await expect(page.getByText('保存了什么')).toBeVisible()
  const held = page.locator('section').filter({ hasText: '保存了什么' })
  for (const [about, words] of [
    [/^申诉：/, '手机卡不在我身上'],
    [/^与您的申报不一致/, '未申报的重点地区停留'],
    [/^健康码的变化记录/, '按规则研判'],
  ] as const) {
    const one = held.locator('details').filter({ has: page.locator('summary', { hasText: about }) })
    await one.locator('summary').click()
    await expect(one.getByText(words).first()).toBeVisible()
  }
  await seen('data')
  await page.getByRole('button', { name: '删除所选' }).click()
  await expect(page.getByText('请先选要删除的')).toBeVisible()
  const erase = page.getByRole('group', { name: '删除' })
  await erase.getByRole('button', { name: '以前的申报' }).click()
  await erase.getByRole('button', { name: /整个登记/ }).click()
  await page.getByRole('button', { name: '删除所选' }).click()
  await expect(page.getByText('删除后不能找回。确定？')).toBeVisible()
  await page.getByRole('button', { name: '确定删除' }).click()
  await expect(page.getByText(/以前的申报: 删除 1 条，保留 1 条/)).toBeVisible()
  await expect(page.getByText(/整个登记（码会停用）: 删除 0 条，保留 1 条/)).toBeVisible()
  await seen('erased')
})

test('REGISTER-5: another number, proven by the code that was sent to it; the old one opens nothing any more', async () => {
  test.setTimeout(240_000)
  const form = page.locator('form').filter({ has: page.getByLabel('新手机号') })
  await form.getByLabel('新手机号').fill(NEW_NUMBER)
  await form.getByRole('button', { name: '获取验证码' }).click()
  await expect(form.getByLabel('六位验证码')).toBeVisible()
  await form.getByLabel('六位验证码').fill('000000')
  await form.getByRole('button', { name: '换成这个号码' }).click()
  await expect(form.getByRole('alert')).toBeVisible()
  await seen('number')
  const code = await codeSentTo(at.address, NEW_NUMBER)
  await form.getByLabel('六位验证码').fill(code)
  await form.getByRole('button', { name: '换成这个号码' }).click()
  await expect(page.getByText(/已换成 139\*+0402/)).toBeVisible()
  await seen('numbered')
  // The phone goes on showing the code, and the new number leads to it after the document.
  await page.goto(`${at.address}/r/#home`)
  await expect(live()).toBeVisible()
  const Codes = z.looseObject({ items: z.array(z.unknown()) })
  const whoeverHasTheOld = await enterAsResident(at.address, HOLDER.phone)
  expect((await whoeverHasTheOld.read(Codes, '/api/my/codes')).items).toEqual([])
})

test('REGISTER-12: the standing for a child is ended, and its code leaves this phone', async () => {
  await page.goto(`${at.address}/r/#home`)
  const tabs = page.getByRole('navigation', { name: '家里人的码' }).getByRole('link')
  await expect(tabs).toHaveCount(2)
  await page.goto(`${at.address}/r/#family`)
  await page.getByRole('button', { name: '不再代管' }).click()
  await seen('ending')
  await page.getByRole('button', { name: '确定，不再代管' }).click()
  await expect(page.getByText(/还没有/)).toBeVisible()
  await seen('ended')
  await page.goto(`${at.address}/r/#home`)
  await expect(live()).toBeVisible()
  await expect(tabs).toHaveCount(0)
})

test('CODE-18: at the peak the code stays, and the page says when it asks again by itself', async () => {
  const busy = {
    code: 'CODES_BUSY',
    kind: 'unavailable',
    rule: 'CODE-18',
    message: { zh: '当前刷新人数多，120 秒后再试', en: 'Many are refreshing; try again in 120 seconds' },
    details: { seconds: 120 },
  }
  await page.route('**/api/my/codes**', (route) =>
    route.fulfill({ status: 503, headers: { 'retry-after': '120' }, json: busy }),
  )
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByText(/现在刷新的人多，\d\d:\d\d 左右自动再试/)).toBeVisible()
  await expect(live()).toBeVisible()
  await seen('busy')
  await page.unroute('**/api/my/codes**')
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByText(/服务器 \d\d:\d\d 确认/)).toBeVisible()
})

test('case 70: a wrong clock is reckoned with and told; a clock turned back is told until the server was heard', async () => {
  await page.goto(`${at.address}/r/?shift=${30 * MINUTE}#home`)
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByText('手机时间快了约 30 分钟，本页已按服务器时间校正')).toBeVisible()
  await expect(live()).toBeVisible()
  await seen('clock-fast')
  await page.goto(`${at.address}/r/?shift=${-20 * MINUTE}#home`)
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByText('手机时间慢了约 20 分钟，本页已按服务器时间校正')).toBeVisible()
  await context.setOffline(true)
  await page.evaluate((ms) => Object.assign(globalThis, { turned: ms }), -120 * MINUTE)
  await expect(page.getByText(/手机时间被调过/)).toBeVisible()
  // Time does not run backwards on the page: the code does not come back to life, and does not end early.
  await expect(live()).toBeVisible()
  await seen('clock-turned')
  await context.setOffline(false)
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByText(/手机时间被调过/)).toBeHidden()
})
