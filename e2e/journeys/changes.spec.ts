import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { logIn as signIn } from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { faults, logIn, windowOf } from '../screens.ts'

/**
 * Two people change one field of one person (cases 46, 47), and a worker alone at a door asks for help: what the desk sees and does,
 * in both languages, without a fault that a screen reader would meet.
 */
test.describe.configure({ mode: 'serial' })

let at: Deployment
let worker: Client
let desk: Client
const SHOTS = process.env['WEIWANG_SHOTS']

test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
  worker = await signIn(at.address, at.login('grid', 'worker'))
  desk = await signIn(at.address, at.login('county', 'operator'))
})
test.afterAll(() => at.stop())

const Pushed = z.looseObject({ results: z.array(z.looseObject({ outcome: z.string(), answer: z.unknown() })) })
const Changed = z.looseObject({ fields: z.array(z.looseObject({ field: z.string(), outcome: z.string() })) })

/** One item, as a phone hands it in. */
async function handIn(kind: string, body: object): Promise<{ outcome: string; answer: unknown }> {
  const item = { key: randomUUID(), seq: 1, kind, at: new Date().toISOString(), body }
  const { results } = await worker.write(Pushed, '/api/sync/push', {
    device: randomUUID(),
    protocol: 1,
    app: 'journey',
    clock: new Date().toISOString(),
    items: [item],
  })
  const [result] = results
  if (!result) throw new Error('no answer')
  return result
}

async function axe(page: Page, name: string): Promise<void> {
  expect(await faults(page), name).toEqual([])
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

const english = (page: Page) => page.getByRole('button', { name: 'English' }).click()

test('two values of one telephone stand side by side, and the worker’s is taken', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  const { area } = at.login('grid', 'worker')
  const id = randomUUID()
  const made = await handIn('person.add', { id, area, name: '冯一诺', phone: '13800001001', continueReason: '演练' })
  expect(made.outcome).toBe('accepted')
  const personId = z.looseObject({ personId: z.string() }).parse(made.answer).personId
  const change = { phone: { from: '+8613800001001', to: '13800001002' } }
  await desk.write(Changed, `/api/people/${personId}/change`, { changes: change, occurredAt: new Date().toISOString() })
  const held = await handIn('person.change', {
    id,
    changes: { phone: { from: '+8613800001001', to: '13800001003' } },
    note: '本人当面说的',
  })
  expect(Changed.parse(held.answer).fields).toMatchObject([{ field: 'phone', outcome: 'held' }])

  await logIn(page, at, 'county', 'chief')
  await expect(page.getByText('处内容两边不一致')).toBeVisible()
  await page.getByRole('link', { name: /核定.*处内容两边不一致/ }).click()
  await expect(page.getByText('+8613800001003')).toHaveCount(0)
  await axe(page, 'conflicts')
  await page.getByRole('row', { name: /电话/ }).first().click()
  await page.getByRole('button', { name: '查看两处内容' }).click()
  await windowOf(page).getByRole('button', { name: '查看两处内容' }).click()
  await expect(page.getByRole('region', { name: '现有内容' })).toContainText('+8613800001002')
  await expect(page.getByRole('region', { name: '网格员改为' })).toContainText('+8613800001003')
  await expect(page.getByText('本人当面说的')).toBeVisible()
  await axe(page, 'conflict-open')
  await page.getByRole('button', { name: '采用网格员的' }).click()
  const dialog = page.getByRole('dialog', { name: '采用网格员的' })
  await dialog.getByLabel('理由（网格员可见）').fill('电话核实')
  await dialog.getByRole('button', { name: '采用网格员的' }).click()
  await expect(page.getByText('没有不一致的内容')).toBeVisible()
  await english(page)
  await expect(page.getByText('Nothing stands under two values')).toBeVisible()
  await axe(page, 'conflicts-empty-en')
  const Mine = z.looseObject({ items: z.array(z.looseObject({ state: z.string(), reason: z.string().nullable() })) })
  expect((await worker.read(Mine, '/api/people/changes/mine')).items).toMatchObject([
    { state: 'taken', reason: '电话核实' },
  ])
})

test('HELP-1: a worker asks, the desk sees who, where and the number, answers by name and closes', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  const { area, name } = at.login('grid', 'worker')
  const id = randomUUID()
  const position = { lat: 31.3105, lng: 120.6201, accuracy: 12 }
  expect((await handIn('help.ask', { id, grid: area, position, words: '楼里有犬，出不去' })).outcome).toBe('accepted')
  await logIn(page, at, 'county', 'chief')
  const alert = page.getByRole('alert').filter({ hasText: '网格员求助' })
  await expect(alert).toContainText(name)
  await expect(alert).toContainText('楼里有犬，出不去')
  await axe(page, 'now-help')
  await alert.getByRole('button', { name: '我来处理' }).click()
  await expect(alert).toContainText('已在处理')
  const Mine = z.looseObject({ items: z.array(z.looseObject({ state: z.string(), seenBy: z.unknown() })) })
  expect((await worker.read(Mine, '/api/help/mine')).items[0]).toMatchObject({
    state: 'seen',
    seenBy: { name: at.login('county', 'chief').name },
  })
  await english(page)
  await axe(page, 'now-help-en')
  await page.getByRole('link', { name: 'Help', exact: true }).click()
  await page.getByRole('button', { name: 'Dealt with' }).click()
  const dialog = page.getByRole('dialog', { name: 'Dealt with' })
  await dialog.getByLabel('What was done').fill('Sent a colleague')
  await dialog.getByRole('button', { name: 'Dealt with' }).click()
  await expect(page.getByText('Nobody asks for help')).toBeVisible()
  await page.getByRole('tab', { name: 'Dealt with' }).click()
  await expect(page.getByText('Sent a colleague')).toBeVisible()
  await axe(page, 'help-closed-en')
})
