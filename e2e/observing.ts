import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import { z } from 'zod'
import { Page as Rows } from './api.ts'
import type { Client } from './api.ts'
import type { Deployment } from './deployment.ts'
import { windowOf } from './screens.ts'

/** What a desk does about an observation, in a browser. */

const People = z.looseObject({ people: z.array(z.looseObject({ personId: z.string() })) })

type Door = { at: Deployment; desk: Client; household: string }

/** From the page of the door: who of it, and from when; the id of the observation that was made. */
export async function openAtDesk(
  page: Page,
  { at, desk, household }: Door,
  personId: string,
  fill: (line: Locator) => Promise<void>,
): Promise<string> {
  const { people } = await desk.read(People, `/api/households/${household}`)
  await page.goto(`${at.address}/households/${household}`)
  await page.locator('.page-acts').getByRole('link', { name: '居家观察', exact: true }).click()
  await page.getByRole('button', { name: '建立观察' }).click()
  const line = windowOf(page)
    .locator('fieldset')
    .nth(people.findIndex((one) => one.personId === personId))
  await line.getByRole('checkbox').first().check()
  await fill(line)
  await windowOf(page).getByRole('button', { name: '建立观察' }).click()
  await expect(page.getByText('已建立 1 人').last()).toBeVisible()
  const { items } = await desk.read(Rows, '/api/observations', { personId })
  return z.looseObject({ id: z.string() }).parse(items[0]).id
}

/** A step at the desk: its button, which may stand among the rarer ones, its small form, its button again. */
export async function step(page: Page, verb: string, fill: () => Promise<void>): Promise<void> {
  const button = page.getByRole('button', { name: verb, exact: true }).first()
  const others = page.locator('details.obs-others')
  // The panel is drawn anew when the step before it has been heard of.
  await expect(async () => {
    if (!(await button.isVisible()) && (await others.getAttribute('open', { timeout: 1000 })) === null)
      await others.locator('summary').click({ timeout: 1000 })
    await button.click({ timeout: 2000 })
    await expect(windowOf(page)).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 30_000 })
  await fill()
  await windowOf(page).getByRole('button', { name: verb, exact: true }).click()
  await expect(page.getByRole('dialog', { name: verb })).toBeHidden()
}
