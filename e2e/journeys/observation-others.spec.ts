import { expect, test } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { logInAs, weiwang } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { openAtDesk, step } from '../observing.ts'
import { comeIn, pick } from '../resident/person.ts'
import { choose, faults, fillLogIn, logIn, openPhone, windowOf } from '../screens.ts'

/**
 * Show 5 of home observation: a grandmother without a telephone is observed by visits and calls alone, and a child under its
 * mother's number (READ-7, READ-11, READ-17, OBS-5; cases 27 and 28).
 */
test.describe.configure({ mode: 'serial' })

const GRID = '320508018025001'
let at: Deployment
let desk: Client
let page: Page
type Person = { personId: string; birth: string; sex: number; hasPhone: boolean; phone: string | null }
type Home = { household: string; people: Person[] }
let homes: Home[] = []
let elder = ''
/** The child's observation and whoever answers for it. */
let child = { id: '', masked: '', phone: '' }

// Answers are read freely here; the screens parse them.
async function get(url: string): Promise<any> {
  const { status, body } = await desk.get(url)
  expect([url, status]).toEqual([url, 200])
  return body
}

/** The exercise has few without a telephone of their own or of a child, and does not choose them by sex. */
const isElder = ({ birth, hasPhone }: Person): boolean => birth !== '' && birth < '1950' && !hasPhone
const isMother = ({ birth, sex, phone }: Person): boolean =>
  sex === 2 && phone !== null && birth > '1970' && birth < '2000'
const isChild = ({ birth }: Person): boolean => birth > '2008'
const isFamily = ({ people }: Home): boolean => people.some(isChild) && people.some(isMother)

async function homeOf(id: string): Promise<Home> {
  const { people } = await get(`/api/households/${id}`)
  const known: Person[] = []
  for (const { personId } of people) {
    const { sex, hasPhone } = await get(`/api/people/${personId}`)
    const { status, body } = await desk.post(`/api/people/${personId}/open`, { purpose: 'contact_person' })
    expect(status).toBe(200)
    const { birth, phone } = body as { birth: string | null; phone: string | null }
    known.push({ personId, sex, hasPhone, phone, birth: birth ?? '' })
  }
  return { household: id, people: known }
}

/** The first homes without an observation in which an elder without a telephone and a family are found, two homes. */
async function homesOf(grid: string): Promise<Home[]> {
  const found: Home[] = []
  const old = (): Home | undefined => found.find(({ people }) => people.some(isElder))
  for (const one of (await get(`/api/households?limit=200&area=${grid}`)).items) {
    if ((await get(`/api/observations?householdId=${one.id}`)).total > 0) continue
    found.push(await homeOf(one.id))
    if (old() && found.some((home) => home !== old() && isFamily(home))) break
  }
  return found
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000)
  at = await startDeployment({ exercise: 'grid' })
  desk = await logInAs(at, `county${GRID.slice(0, 6)}.operator`)
  homes = await homesOf(GRID)
  const view = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 1440, height: 900 } }
  page = await (await browser.newContext(view)).newPage()
})
test.afterAll(async () => {
  await page.context().close()
  await at.stop()
})

async function workersPhone(browser: Browser): Promise<Page> {
  const phone = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 800 } })).newPage()
  const login = at.logins.find((one) => one.login === `worker${GRID}`)
  if (!login) throw new Error('no worker')
  await phone.goto(`${at.address}/worker/login`)
  await fillLogIn(phone, login)
  await openPhone(phone)
  return phone
}

/** From Today to the door, and what she says there. */
async function readAtDoor(phone: Page, household: string, temperature: string): Promise<void> {
  await phone.getByRole('link', { name: /^居家观察/ }).click({ timeout: 60_000 })
  await phone.locator(`a[href$="/observation/${household}"]`).click()
  await phone.getByRole('link', { name: '登记体温和症状' }).click()
  await phone.getByLabel('体温（℃）').first().fill(temperature)
  await phone.getByRole('button', { name: '登记体温和症状' }).click()
  await expect(phone.getByText('服务器已收到')).toBeVisible({ timeout: 60_000 })
}

test('a grandmother or grandfather without a telephone: nobody writes to them; whoever goes there writes down what they say', async ({
  browser,
}) => {
  test.setTimeout(400_000)
  const old = homes.flatMap((home) => home.people.map((who) => ({ ...who, household: home.household }))).find(isElder)
  if (!old) throw new Error('nobody old without a telephone in the grid')
  const { personId, household } = old
  elder = (await get(`/api/people/${personId}`)).masked
  await logIn(page, at, 'county', 'operator')
  const id = await openAtDesk(page, { at, desk, household }, personId, (line) =>
    line.getByLabel('最后接触日（第 0 天）').fill('2020-02-14'),
  )
  await page.goto(`${at.address}/observation?tab=list&open=${id}`)
  await expect(page.getByRole('heading', { name: '第 1 天 / 共 14 天' })).toBeVisible()
  // A commitment to a quarantine is taken when somebody has looked at the home (OBS-8).
  await step(page, '核查居家条件', async () => {
    await windowOf(page).getByText('有单独房间').click()
    await windowOf(page).getByText('有独立卫生间').click()
  })
  await step(page, '登记已告知', () => choose(page, '方式', /宣读/))
  await step(page, '登记承诺', async () => {
    await choose(page, '方式', /见证人/)
    await windowOf(page).getByLabel('见证人及所见').fill('邻居在场听到老人同意')
  })
  await expect.poll(async () => (await get(`/api/observations/${id}/readings`)).contact).toBe('door')
  await page.reload()
  await expect(page.getByText('上门', { exact: true }).first()).toBeVisible()

  const phone = await workersPhone(browser)
  await readAtDoor(phone, household, '36.5')
  const [first] = (await get(`/api/observations/${id}/readings`)).items
  expect(first).toMatchObject({ temperature: 365, how: 'door' })

  // Two days on nothing has been written to anybody about her; that nobody came is a door to go to, not a message.
  expect((await weiwang(at, ['exercise', 'advance', '2d'])).code).toBe(0)
  await expect.poll(async () => (await get('/api/me')).today, { timeout: 120_000 }).toBe('2020-02-17')
  await expect
    .poll(async () => (await get(`/api/observations/${id}`)).missed, { timeout: 120_000, intervals: [1000] })
    .toBeGreaterThan(0)
  const asked = async (): Promise<number> =>
    (await get(`/api/tasks?list=open&area=${GRID}&limit=200`)).items.filter(
      (one: { householdId: string; masked: string; personId: string }) => one.personId === personId,
    ).length
  await expect.poll(asked, { timeout: 60_000 }).toBe(1)
  expect((await get(`/api/readings/messages?personId=${personId}`)).total).toBe(0)

  // The next visit ends the silence, and the task with it (READ-11).
  await phone.goto(`${at.address}/worker/`)
  await openPhone(phone)
  await readAtDoor(phone, household, '36.4')
  await expect.poll(asked, { timeout: 60_000 }).toBe(0)
  expect((await get(`/api/observations/${id}`)).missed).toBe(0)
  await phone.context().close()
})

test('TEAM-9: the doctor of that team has the door with what was said, the officer without; each opens whom to ring for a purpose', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const said = { doctor: '36.4 ℃', officer: null }
  for (const role of ['doctor', 'officer'] as const) {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })
    const own = await context.newPage()
    await logIn(own, at, 'village', role)
    await own.getByRole('link', { name: '我的包保户' }).click()
    await expect(own.getByRole('heading', { level: 1, name: '我的包保户' })).toBeVisible()
    const row = own.getByRole('row').filter({ hasText: elder }).first()
    await expect(row).toContainText('/ 共 14 天')
    if (said[role] === null) await expect(row).not.toContainText('℃')
    else await expect(row).toContainText(said[role])
    await expect(own.getByRole('heading', { name: '今天要去的' })).toBeVisible()
    expect(await faults(own)).toEqual([])
    await row.getByRole('button', { name: '看电话' }).click()
    await windowOf(own).getByLabel('用途').fill('约上门时间')
    await windowOf(own).getByRole('button', { name: '看电话' }).click()
    await expect(row.getByRole('button', { name: '看电话' })).toHaveCount(0)
    await context.close()
  }
})

test('a child under its mother’s number: her page has the child, and what she reports stands under the child', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const family = homes.find((home) => isFamily(home) && !home.people.some(isElder))
  const young = family?.people.find(isChild)
  const mother = family?.people.find(isMother)
  if (!family || !young || !mother?.phone) throw new Error('no mother with a child in the grid')
  const masked: string = (await get(`/api/people/${young.personId}`)).masked
  const hers: string = (await get(`/api/people/${mother.personId}`)).masked
  const id = await openAtDesk(page, { at, desk, household: family.household }, young.personId, async (line) => {
    await line.getByLabel('最后接触日（第 0 天）').fill('2020-02-15')
    await choose(page, '谁来填报、接电话', new RegExp(`^${hers.replaceAll('*', '.')}`))
  })
  await page.goto(`${at.address}/observation?tab=list&open=${id}`)
  await step(page, '登记已告知', () => choose(page, '方式', /宣读/))
  expect((await get(`/api/observations/${id}`)).current.responderPersonId).toBe(mother.personId)

  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 800 } })
  const resident = await context.newPage()
  await comeIn(resident, at.address, mother.phone)
  const card = resident.getByRole('region', { name: masked })
  await expect(card).toBeVisible()
  await expect(card.getByRole('heading', { level: 1 })).not.toContainText('本人')
  await expect(card.getByText('第 2 天 / 共 14 天')).toBeVisible()
  expect(await faults(resident)).toEqual([])
  await card.getByRole('link', { name: '报体温' }).click()
  await resident.getByLabel('体温').fill('36.8')
  await pick(resident, /不舒服/, '没有不舒服')
  await resident.getByRole('button', { name: '提交' }).click()
  await expect(resident.getByText('已收到，谢谢')).toBeVisible()
  const [last] = (await get(`/api/observations/${id}/readings`)).items
  expect(last).toMatchObject({ temperature: 368, how: 'self' })
  expect((await get(`/api/observations/${id}`)).personId).toBe(young.personId)
  child = { id, masked, phone: mother.phone }
  // Nothing of the child stands under the mother: she is observed by nobody (case 28).
  expect((await get(`/api/observations?personId=${mother.personId}`)).total).toBe(0)
  await context.close()
})

test('OBS-27: the mother asks to take the child to a doctor, the desk agrees for the cadre; out in these hours is no breach, and back she says so', async ({
  browser,
}) => {
  test.setTimeout(400_000)
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 360, height: 800 },
  })
  const resident = await context.newPage()
  await comeIn(resident, at.address, child.phone)
  const card = resident.getByRole('region', { name: child.masked })
  await card.getByRole('link', { name: '申请外出' }).click()
  expect(await faults(resident)).toEqual([])
  // A quarantine is left for a doctor, a test, an emergency alone.
  await expect(resident.getByRole('group', { name: /为什么外出/ }).getByRole('button')).toHaveCount(3)
  await pick(resident, /为什么外出/, '看病')
  // From this minute on, whatever the hour is; past midnight the page takes the next day.
  const now = new Date((await (await resident.request.get(`${at.address}/api/my/observations`)).json()).asOf)
  const here = (date: Date, of: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', ...of }).format(date)
  const hour = { hour: '2-digit', minute: '2-digit' } as const
  await resident.getByLabel('哪天').fill(here(now, { dateStyle: 'short' }))
  await resident.getByLabel('几点出门').fill(here(now, hour))
  await resident.getByLabel('几点返回').fill(here(new Date(now.getTime() + 3 * 3_600_000), hour))
  await resident.getByRole('button', { name: '提交申请' }).click()
  await expect(card.getByText('申请外出，等待答复')).toBeVisible()

  await page.goto(`${at.address}/observation`)
  await page.getByRole('link', { name: /^外出申请待答复/ }).click()
  await expect(page.getByText('共 1 条').first()).toBeVisible()
  await page.goto(`${at.address}/observation?tab=list&open=${child.id}`)
  await step(page, '同意外出', async () => {
    await choose(page, '怎么去', /专车接送/)
    await choose(page, '谁同意', /社区干部/)
  })
  await expect(page.getByText(/就医 · 专车接送 · 社区干部同意 · 外出中/).first()).toBeVisible()
  expect(await faults(page)).toEqual([])

  // Whoever would make it a breach is told that it is none.
  const { status, body } = await desk.post(`/api/observations/${child.id}/step`, {
    do: { step: 'breach', what: 'left' },
  })
  expect([status, (body as { code: string }).code]).toEqual([403, 'OBSERVATION_OUTING_AGREED'])

  await resident.reload()
  await expect(card.getByText('外出中（已同意）')).toBeVisible()
  await card.getByRole('button', { name: '我已返回' }).click()
  await expect(card.getByText('已返回', { exact: true })).toBeVisible()
  expect((await get(`/api/observations/${child.id}`)).current).toMatchObject({ breach: null, breaches: 0 })
  await context.close()
})
