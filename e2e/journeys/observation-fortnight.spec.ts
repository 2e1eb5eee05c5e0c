import { expect, test } from '@playwright/test'
import type { Browser, Locator, Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { logInAs, messagesTo, Rebuilt, weiwang, wrongDoors, wrongSums } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { drawnPicture } from '../picture.ts'
import { openAtDesk, step } from '../observing.ts'
import { choose, fillLogIn, logIn, openPhone, windowOf } from '../screens.ts'

/**
 * A whole observation on the screens, with the clock of the exercise: listed, told, committed; one reading that did not come (a
 * call, a task, and both taken back when the person reported by the link of a message); a fever on day 5 and what followed; a
 * service; released on the day after the last one with the certificate, over the end of a leap year's February; the second member
 * of the household ends two days later and is the only one who is still reminded (case 27).
 */
test.describe.configure({ mode: 'serial' })

const GRID = '320508018025001'
let at: Deployment
let desk: Client
let worker: Client
let page: Page
let home = ''
let FIRST = ''
let SECOND = ''
const COUNTY = GRID.slice(0, 6)

test.beforeAll(async ({ browser }) => {
  at = await startDeployment({ exercise: 'grid' })
  desk = await logInAs(at, `county${COUNTY}.operator`)
  worker = await logInAs(at, `worker${GRID}`)
  page = await (
    await browser.newContext({
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 1440, height: 900 },
    })
  ).newPage()
})
test.afterAll(async () => {
  await page.context().close()
  await at.stop()
})

// Answers are read freely here; the screens parse them.
async function get(url: string): Promise<any> {
  const { status, body } = await desk.get(url)
  expect([url, status]).toEqual([url, 200])
  return body
}
async function done(by: Client, url: string, body: object): Promise<any> {
  const answer = await by.post(url, body)
  expect([url, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([url, 200, ''])
  return answer.body
}
const file = (id: string): Promise<any> => get(`/api/observations/${id}`)

async function days(n: number, day: string): Promise<void> {
  expect((await weiwang(at, ['exercise', 'advance', `${n}d`])).code).toBe(0)
  await expect.poll(async () => (await get('/api/me')).today, { timeout: 30_000, intervals: [500] }).toBe(day)
}

type Slot = { day: string; part: 'morning' | 'evening' }
const hourOf = { morning: '09:00', evening: '19:20' }

/** What the worker was told by telephone or at the door, each for its own slot and of its own hour (READ-4). */
async function told(of: string[], slots: readonly Slot[]): Promise<void> {
  for (const slot of slots) {
    const items = of.map((observationId) => ({
      id: randomUUID(),
      county: COUNTY,
      observationId,
      slot,
      temperature: 365,
      symptoms: [],
    }))
    const occurredAt = `${slot.day}T${hourOf[slot.part]}:00+08:00`
    await done(worker, '/api/readings', { how: 'phone', occurredAt, items })
  }
}
const evening = (day: string): Slot => ({ day, part: 'evening' })
const morning = (day: string): Slot => ({ day, part: 'morning' })

const panel = (id: string): Promise<unknown> => page.goto(`${at.address}/observation?tab=list&open=${id}`)

test('day 1: opened at the desk, looked at, told and agreed', async () => {
  await logIn(page, at, 'county', 'operator')
  for (const one of (await get(`/api/households?limit=100&area=${GRID}`)).items) {
    const whole = await get(`/api/households/${one.id}`)
    if (whole.people.length !== 2 || (await get(`/api/observations?householdId=${one.id}`)).total > 0) continue
    // Whoever has a telephone is reached by it; the exercise has homes with none.
    if (!(await get(`/api/people/${whole.people[0].personId}`)).hasPhone) continue
    home = one.id
    break
  }
  expect(home).not.toBe('')
  const [first] = (await get(`/api/households/${home}`)).people
  FIRST = await openAtDesk(page, { at, desk, household: home }, first.personId, async (line) => {
    await line.getByLabel('最后接触日（第 0 天）').fill('2020-02-14')
  })
  expect((await get(`/api/observations/${FIRST}/readings`)).contact).toBe('sms')
  await panel(FIRST)
  await expect(page.getByRole('heading', { name: '第 1 天 / 共 14 天' })).toBeVisible()
  await step(page, '核查居家条件', async () => {
    await page.getByRole('dialog').getByText('有单独房间').click()
    await page.getByRole('dialog').getByText('有独立卫生间').click()
  })
  await step(page, '登记已告知', () => choose(page, '方式', /纸质/))
  await step(page, '登记承诺', async () => {
    await choose(page, '方式', /见证人/)
    await page.getByRole('dialog').getByLabel('见证人及所见').fill('邻居王强在场听到本人同意')
  })
  await expect(page.getByText('观察中').first()).toBeVisible()
  expect(await file(FIRST)).toMatchObject({ endDay: '2020-02-28', state: 'active' })
})

test('the witness’s words are read back for a purpose', async () => {
  await page.getByRole('button', { name: '查看姓名、电话和文字' }).click()
  await page.getByLabel('用途').last().fill('核对见证')
  await page.getByRole('dialog').getByRole('button', { name: '查看姓名、电话和文字' }).last().click()
  await expect(page.getByText('邻居王强在场听到本人同意')).toBeVisible()
})

test('day 3: the second member is opened, two days later; the first answers for both', async () => {
  await days(2, '2020-02-17')
  const [first, second] = (await get(`/api/households/${home}`)).people
  SECOND = await openAtDesk(page, { at, desk, household: home }, second.personId, async (line) => {
    await line.getByLabel('最后接触日（第 0 天）').fill('2020-02-16')
    await choose(page, '谁来填报、接电话', new RegExp(first.masked.replaceAll('*', '.')))
    await choose(page, '原因', /同住/)
  })
  await panel(SECOND)
  await step(page, '登记已告知', () => choose(page, '方式', /宣读/))
  expect(await file(SECOND)).toMatchObject({ endDay: '2020-03-01' })
  await told([FIRST], [evening('2020-02-15'), morning('2020-02-16'), evening('2020-02-16'), morning('2020-02-17')])
  await expect.poll(async () => (await file(FIRST)).missed, { timeout: 5_000 }).toBe(0)
})

/** The links of the newest message to a number, as they stand in it. */
async function linksTo(phone: string): Promise<string[]> {
  const newest = (await messagesTo(at.address, phone)).find(({ text }) => text.includes('/r#'))
  return newest?.text.match(/http\S+\/r#[\w-]{22}/g) ?? []
}

test('day 4: nothing came last evening: a call and a task; the link of this morning’s message takes both back', async () => {
  test.setTimeout(180_000)
  await days(1, '2020-02-18')
  await expect
    .poll(async () => (await file(FIRST)).missed, { timeout: 90_000, intervals: [1000], message: 'one slot missed' })
    .toBe(1)
  await page.goto(`${at.address}/observation?tab=calls`)
  const { masked } = await file(FIRST)
  await expect(page.getByRole('row').filter({ hasText: masked }).first()).toContainText('连续漏报 1 次')
  const welfare = async (): Promise<any[]> =>
    (await get(`/api/tasks?list=open&area=${GRID}&limit=200`)).items.filter(
      (one: { householdId: string }) => one.householdId === home,
    )
  await expect.poll(async () => (await welfare()).length, { timeout: 30_000 }).toBeGreaterThan(0)
  // One message to the one who answers, with a line for each of the two.
  const sent = async (): Promise<any> =>
    (await get(`/api/readings/messages?state=sent&area=${GRID}`)).items.find(
      (one: { day: string; persons: number }) => one.day === '2020-02-18' && one.persons === 2,
    )
  await expect.poll(sent, { timeout: 90_000, intervals: [1000] }).toBeTruthy()
  const { phone } = await done(desk, `/api/observations/${FIRST}/open`, { purpose: '核对短信' })
  await expect.poll(async () => (await linksTo(phone)).length, { timeout: 30_000 }).toBe(2)
  for (const link of await linksTo(phone)) {
    // The page drops the token from its address at once: each link is a page of its own.
    const resident = await page.context().newPage()
    await resident.goto(link)
    await resident.getByLabel('体温').first().fill('36.4')
    await resident.getByRole('button', { name: '没有不舒服' }).click()
    await resident.getByRole('button', { name: '提交' }).click()
    await expect(resident.getByText('已收到，谢谢')).toBeVisible()
    await resident.close()
  }
  await expect.poll(async () => (await file(FIRST)).missed, { timeout: 30_000 }).toBe(0)
  await expect.poll(async () => (await welfare()).length, { timeout: 60_000 }).toBe(0)
  await page.goto(`${at.address}/observation?tab=calls&calls=done`)
  await expect(page.getByRole('row').filter({ hasText: masked }).first()).toContainText('已有填报')
})

/** The phone of the worker of this grid, on today's page. */
async function workersPhone(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 844 } })
  const phone = await context.newPage()
  const login = at.logins.find((one) => one.login === `worker${GRID}`)
  if (!login) throw new Error('no worker')
  await phone.goto(`${at.address}/worker/login`)
  await fillLogIn(phone, login)
  await openPhone(phone)
  return phone
}

test('day 5: a fever at the door, on the worker’s phone: the desk is told at once, and what followed stands with its hours', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  await days(1, '2020-02-19')
  await told([FIRST, SECOND], [evening('2020-02-18')])
  const names = new Map<string, string>()
  for (const id of [FIRST, SECOND])
    names.set(id, (await done(desk, `/api/observations/${id}/open`, { purpose: '上门核对' })).name)
  const phone = await workersPhone(browser)
  await phone.getByRole('link', { name: /^居家观察/ }).click({ timeout: 60_000 })
  await phone.locator(`a[href$="/observation/${home}"]`).click()
  // What was told a moment ago comes last of everything that comes down to a phone at first.
  await phone.getByRole('link', { name: '登记体温和症状' }).click({ timeout: 60_000 })
  const of = (id: string): Locator => phone.getByRole('region', { name: names.get(id) ?? id })
  await of(FIRST).getByLabel('体温（℃）').fill('38.6')
  await of(FIRST).getByRole('checkbox', { name: '干咳' }).check()
  await expect(of(FIRST).getByText('须即刻处理：联系医生，并登记就医进展')).toBeVisible()
  await of(SECOND).getByLabel('体温（℃）').fill('36.6')
  await phone.getByRole('button', { name: '登记体温和症状' }).click()
  await expect(phone.getByText('服务器已收到')).toBeVisible({ timeout: 60_000 })
  await phone.context().close()
  const [last] = (await get(`/api/observations/${FIRST}/readings`)).items
  expect(last).toMatchObject({ temperature: 386, symptoms: ['cough'], how: 'door' })
  await page.goto(`${at.address}/observation?tab=list&list=care`)
  await page
    .getByRole('row')
    .filter({ hasText: (await file(FIRST)).masked })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: '第 5 天 / 共 14 天' })).toBeVisible()
  for (const stage of [/已联系医生/, /发热门诊已看/, /已返回/]) {
    await step(page, '登记就医进展', () => choose(page, '到哪一步', stage))
  }
  await step(page, '症状消失', async () => {
    await page.getByRole('dialog').getByLabel('说明').fill('核酸阴性，医生诊断为普通感冒')
  })
  expect((await file(FIRST)).current).toMatchObject({ symptoms: null, care: { stage: 'returned' } })
})

test('a service is asked for at the desk and brought by the worker, who takes it on the phone with a picture', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  await page.goto(`${at.address}/services?householdId=${home}`)
  await page.getByRole('button', { name: '申请服务' }).click()
  await choose(page, '种类', /药品/)
  await page.getByRole('dialog').getByLabel('需要什么').fill('退烧药一盒')
  await page.getByRole('dialog').getByRole('button', { name: '申请服务' }).click()
  await expect(page.getByRole('row', { name: /药品/ })).toBeVisible()
  const phone = await workersPhone(browser)
  await phone.getByRole('link', { name: /待认领|等您答复/ }).click({ timeout: 60_000 })
  await phone.getByRole('link', { name: /药品/ }).first().click()
  await phone.getByRole('button', { name: '我来办' }).click()
  await phone.getByRole('button', { name: '已送到' }).click()
  await phone.getByRole('button', { name: '当面确认' }).click()
  await phone.getByRole('radio', { name: '同住家人' }).check()
  await phone.getByLabel('拍下放在门口的东西（可不拍）').setInputFiles(await drawnPicture(phone))
  await expect(phone.getByRole('button', { name: '删除这张照片' })).toBeVisible()
  await phone.getByRole('dialog').or(phone.locator('.sheet')).getByRole('button', { name: '已送到' }).last().click()
  await expect
    .poll(async () => (await get(`/api/services?list=done&householdId=${home}`)).total, { timeout: 60_000 })
    .toBe(1)
  const { id } = (await get(`/api/services?list=done&householdId=${home}`)).items[0]
  await expect
    .poll(async () => (await get(`/api/services/${id}`)).proofPhoto?.here, { timeout: 60_000, message: 'the picture' })
    .toBe(true)
  await phone.context().close()
  // What the phone took is looked at on the desk, for a purpose.
  await page.goto(`${at.address}/services?list=done&open=${id}`)
  await expect(page.getByText('口头确认 · 同住家人')).toBeVisible()
  await page.getByRole('button', { name: '查看门口照片' }).click()
  const looking = windowOf(page)
  await looking.getByLabel('用途').fill('核对送达')
  await looking.getByRole('button', { name: '查看门口照片' }).click()
  const picture = page.getByRole('img', { name: '门口照片' })
  await expect.poll(() => picture.evaluate((one) => Reflect.get(one, 'naturalWidth'))).toBe(1280)
})

test('days 6 to 14: read twice a day; on the last day it is checked', async () => {
  test.setTimeout(120_000)
  const BOTH = [FIRST, SECOND]
  await days(3, '2020-02-22')
  await told(BOTH, [evening('2020-02-19'), ...both('2020-02-20'), ...both('2020-02-21'), morning('2020-02-22')])
  await days(3, '2020-02-25')
  await told(BOTH, [evening('2020-02-22'), ...both('2020-02-23'), ...both('2020-02-24'), morning('2020-02-25')])
  await days(3, '2020-02-28')
  await told(BOTH, [evening('2020-02-25'), ...both('2020-02-26'), ...both('2020-02-27'), morning('2020-02-28')])
  expect((await file(FIRST)).may).not.toContain('release')
  await panel(FIRST)
  await expect(page.getByText('今天是最后一天').first()).toBeVisible()
  await step(page, '解除前核查', () => choose(page, '检测', /阴性/))
})
const both = (day: string): Slot[] => [morning(day), evening(day)]

test('29 February: released with the certificate; only the second member is reminded', async () => {
  test.setTimeout(180_000)
  await days(1, '2020-02-29')
  await told([FIRST, SECOND], [evening('2020-02-28')])
  await expect.poll(async () => (await file(FIRST)).state, { timeout: 90_000, intervals: [1000] }).toBe('released')
  const { history } = await file(FIRST)
  expect(history.find((line: { kind: string }) => line.kind === 'released').body).toMatchObject({
    effective: '2020-02-29',
    on: '2020-02-29',
  })
  await panel(FIRST)
  await expect(page.getByRole('button', { name: '打印解除通知书' })).toBeVisible()
  const paper = await page.request.get(`${at.address}/api/observations/${FIRST}/certificate.pdf?purpose=printing`)
  expect((await paper.body()).subarray(0, 5).toString()).toBe('%PDF-')
  // The same responder as before, and one line less.
  const { responderPersonId } = (await file(SECOND)).current
  const mine = (): Promise<any> => get(`/api/readings/messages?personId=${responderPersonId}`)
  await expect
    .poll(
      async () =>
        (await mine()).items.find(
          (one: { day: string; state: string }) => one.day === '2020-02-29' && one.state === 'sent',
        )?.persons,
      { timeout: 90_000, intervals: [1000] },
    )
    .toBe(1)
  await panel(SECOND)
  await expect(page.getByRole('heading', { name: '第 13 天 / 共 14 天' })).toBeVisible()
  await page.getByRole('link', { name: '查看', exact: true }).first().click()
  await expect(page.getByRole('row', { name: /已发/ }).first()).toBeVisible()
})

test('of fourteen days one reading is missed, as the figures count them', async () => {
  const slots = await get(`/api/readings/slots?observationId=${FIRST}&from=2020-02-15&to=2020-02-29&limit=100`)
  const missed = slots.items.filter((one: { state: string }) => one.state === 'missed')
  expect(missed.map((one: { day: string; part: string }) => `${one.day} ${one.part}`)).toEqual(['2020-02-17 evening'])
  expect(slots.total).toBeGreaterThanOrEqual(26)
})

test('Show 6: after the fortnight every figure of every level is the total of its list, and what is below adds up', async () => {
  test.setTimeout(300_000)
  let asked = 0
  for (const area of ['32', GRID.slice(0, 4), COUNTY, GRID.slice(0, 9), GRID.slice(0, 12)]) {
    const level = { 2: 'province', 4: 'city', 6: 'county', 9: 'town', 12: 'village' }[area.length] ?? ''
    const office = await logInAs(at, `${level}${area}.operator`)
    const doors = await wrongDoors(office, area, true)
    asked += doors.asked
    expect([area, doors.wrong]).toEqual([area, []])
    expect([area, await wrongSums(office, area)]).toEqual([area, []])
  }
  expect(asked).toBeGreaterThan(200)
  const rebuilt = await weiwang(at, ['stats', 'rebuild'])
  expect(Rebuilt.parse(rebuilt.value)).toMatchObject({ differences: [], folds: [] })
})
