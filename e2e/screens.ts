import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import type { Deployment } from './deployment.ts'

/** What people do on every screen: log in and out, go to a room, wait for a job's end. */

export async function fillLogIn(page: Page, who: { login: string; password: string }): Promise<void> {
  await page.getByLabel(/手机号或账号|Phone number or login name/).fill(who.login)
  await page.getByLabel(/^(密码|Password)$/).fill(who.password)
  await page.getByRole('button', { name: /^(登录|Log in)$/ }).click()
}

export async function logIn(page: Page, at: Deployment, level: string, role: string): Promise<void> {
  const { login, password } = at.login(level, role)
  const face = role === 'worker' ? '/worker/login' : '/login'
  await page.context().clearCookies()
  await page.goto(`${at.address}${face}`)
  await fillLogIn(page, { login, password })
  await expect(page.getByText(/演练数据|made-up/).first()).toBeVisible()
  await page.waitForURL((url) => !url.pathname.endsWith('/login'))
  if (role === 'worker') await openPhone(page)
}

export const PIN = '258013'

export async function typePin(page: Page, pin: string = PIN): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByRole('button', { name: /^(确定|OK)$/ }).click()
}

/** A worker's phone: the first time a PIN is chosen and everything comes down, later the PIN opens it. */
export async function openPhone(page: Page): Promise<void> {
  const begin = page.getByRole('button', { name: /^(设解锁码|Choose a PIN)$/ })
  const locked = page.getByRole('heading', { name: /^(输入解锁码|Enter your PIN)$/ })
  await expect(begin.or(locked)).toBeVisible()
  if (await begin.isVisible()) {
    await begin.click()
    await typePin(page)
    await expect(page.getByRole('heading', { name: /^(再输一次|The same once more)$/ })).toBeVisible()
  }
  await typePin(page)
  await expect(page.getByRole('navigation', { name: /^(主要页面|Main pages)$/ })).toBeVisible({ timeout: 60_000 })
}

/** The whole register lies on the phone: before that the net is not to be taken away from it. */
export async function registerIsDown(page: Page): Promise<void> {
  await page.getByRole('link', { name: '户', exact: true }).click()
  await expect(page.locator('summary.group').first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('region', { name: '传送情况' })).not.toContainText('正在同步', { timeout: 60_000 })
  await page.getByRole('link', { name: '今天', exact: true }).click()
}

/** Frames in a row without motion after which a page has come to rest, and after how many looks it is taken as it is. */
const REST = { frames: 3, most: 60 }

/**
 * A colour that is still on its way to another is nobody's contrast: waits for what moves and ends by itself, and for what begins to
 * move when that has ended (a button that is left when a dialog opens).
 */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async ({ frames, most }) => {
    for (let quiet = 0, looks = 0; quiet < frames && looks < most; looks++) {
      const ends = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
      quiet = ends.some((one) => one.playState === 'running') ? 0 : quiet + 1
      await Promise.allSettled(ends.map((one) => one.finished))
      await new Promise((next) => requestAnimationFrame(next))
    }
  }, REST)
}

/**
 * What somebody with a screen reader, or without good eyes, would stumble over (WCAG A and AA), and what takes a tap away from the
 * link or button around it, once the page has come to rest.
 */
export async function faults(page: Page): Promise<string[]> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  const nested = await page
    .locator(['a', 'button'].flatMap((outer) => ['a', 'button'].map((inner) => `${outer} ${inner}`)).join())
    .evaluateAll((all) => all.map((one) => `nested: ${one.outerHTML.slice(0, 200)}`))
  return [...violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`), ...nested]
}

/** By how many pixels the page goes over the side. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** A room by its name: on a narrow screen out of the menu, in a folded group by typing, as a person would. */
export async function goTo(page: Page, room: string): Promise<void> {
  const link = page.getByRole('link', { name: room, exact: true }).first()
  const menu = page.getByRole('button', { name: /^(栏目|Rooms)/ })
  const find = page.getByRole('searchbox', { name: /^(查找栏目|Find a room)$/ })
  await expect(link.or(menu).or(find).first()).toBeVisible()
  if (await menu.isVisible()) await menu.click()
  await expect(link.or(find).first()).toBeVisible()
  if (!(await link.isVisible())) await find.fill(room)
  await link.click()
  await expect(page.getByRole('heading', { level: 1, name: room })).toBeVisible()
}

/** Chooses one of a select's choices by its label, and sees that it was taken. */
export async function choose(page: Page, label: string, choice: RegExp): Promise<void> {
  const select = page.getByRole('combobox', { name: label }).last()
  await expect(async () => {
    // A press on an open one closes it; and the choices of the one before may still be on their way out.
    if ((await select.getAttribute('aria-expanded')) !== 'true') await select.click({ timeout: 2000 })
    const list = page.locator(`[id="${await select.getAttribute('aria-controls')}"]`)
    const choices = page.locator('.ant-select-dropdown').filter({ has: list }).locator('.ant-select-item-option')
    await choices.filter({ hasText: choice }).first().click({ timeout: 2000 })
    await expect(page.locator('.ant-select').filter({ has: select }).filter({ hasText: choice })).toBeVisible({
      timeout: 2000,
    })
  }).toPass({ timeout: 30_000 })
}

/** The number on a figure's card. */
export async function figure(page: Page, name: string): Promise<number> {
  const card = page.getByRole('link', { name: new RegExp(`^${name}`) }).first()
  const text = (await card.innerText()).replaceAll(',', '')
  return Number(/\d+/.exec(text.slice(name.length))?.[0] ?? Number.NaN)
}

/**
 * The window that asks before something is done. The panel behind it is a dialog too and often has a button of the same name: looked
 * for as "the last dialog", it would be pressed when the window is a moment late.
 */
export function windowOf(page: Page): Locator {
  return page.locator('.ant-modal-wrap:visible').getByRole('dialog').last()
}
