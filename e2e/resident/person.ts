import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { checkDigit } from '@weiwang/domain/people/document'
import { codeSentTo, messagesTo } from '../api.ts'

/** What somebody does on the page of residents: in by the own number, screen after screen of a registration. */
export type Made = { name: string; number: string; phone: string }

/** No place of the country: an exercise takes only such numbers from a source (EX-10). */
export const MADE_UP = '329908'

/** A number as the bureau would give it: the check digit fits. */
export function idNumber(birth: string, serial: string, place = '320508'): string {
  const first = `${place}${birth.replaceAll('-', '')}${serial}`
  return `${first}${checkDigit(first)}`
}

export async function comeIn(page: Page, address: string, phone: string): Promise<void> {
  await page.goto(`${address}/r/`)
  await page.getByLabel('手机号').fill(phone)
  const before = new Set((await messagesTo(address, phone)).map(({ id }) => id))
  // A number gets one code a minute.
  await expect(async () => {
    await page.getByRole('button', { name: '获取验证码' }).click()
    await expect(page.getByLabel('六位验证码')).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 150_000, intervals: [30_000] })
  // Not the one of an earlier log-in with the same number.
  await page.getByLabel('六位验证码').fill(await codeSentTo(address, phone, before))
  await page.getByRole('button', { name: '进入' }).click()
  await expect(page.getByLabel('手机号')).toBeHidden()
}

export async function pick(page: Page, group: RegExp, name: string): Promise<void> {
  await page.getByRole('group', { name: group }).getByText(name, { exact: true }).click()
}

export async function next(page: Page): Promise<void> {
  await page.getByRole('button', { name: '下一步' }).click()
}

async function place(page: Page, label: RegExp, text: string): Promise<void> {
  await page.getByLabel(label).fill(text)
  await page.locator('.found button').first().click()
}

/** Who somebody is and where they live. */
export async function sayWho(page: Page, who: Made, home: string): Promise<void> {
  await page.getByLabel('证件号码').fill(who.number)
  await page.getByLabel(/^姓名/).fill(who.name)
  await next(page)
  // Who is added begins with the home of whoever adds.
  if (await page.getByRole('button', { name: '换一个' }).isHidden()) await place(page, /住在哪个社区/, home)
  await page.getByLabel(/小区、楼栋/).fill('东北街 12 号 3 幢 502 室')
  await next(page)
}

/** Nothing abroad, nobody sick nearby, well, at home. */
export async function sayWell(page: Page): Promise<void> {
  await pick(page, /去过境外吗/, '没去过')
  await pick(page, /接触过确诊/, '没有')
  await next(page)
  await pick(page, /哪里不舒服/, '没有不舒服')
  await pick(page, /正在隔离/, '没有')
  await next(page)
  await pick(page, /做什么/, '家在这里')
  await next(page)
}

export async function promise(page: Page): Promise<void> {
  await page.getByText('以上是真实的').click()
  await page.getByRole('button', { name: '提交，马上出码' }).click()
}

/** Comes back from a place by train; the stay there is filled in from it. */
export async function sayJourney(page: Page, from: string, arrivedOn: string): Promise<void> {
  await place(page, /从哪个县/, from)
  await page.getByLabel(/哪天到的/).fill(arrivedOn)
  await pick(page, /怎么来的/, '火车')
  await next(page)
}
