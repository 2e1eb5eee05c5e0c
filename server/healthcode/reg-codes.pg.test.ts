import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newPhoneKey } from './code.fixture.ts'
import { codeJobs } from './code-jobs.ts'
import { codeRoutes } from './code-routes.ts'
import { citizen, registrationPlace } from './reg.fixture.ts'
import type { Place } from './reg.fixture.ts'

/** Show 6 on the database: a mother with two children and her father, four codes on one phone and one on paper. */
let t: Place
let mother: Actor
const ids = new Map<string, string>()
const people = [
  ['self', '陈芳', citizen('1980-06-06', 22)],
  ['child', '陈小一', citizen('2002-02-25', 1)],
  ['child', '陈小二', citizen('2012-09-01', 2)],
  ['parent', '陈大山', citizen('1948-01-01', 31)],
] as const

beforeAll(async () => {
  t = await registrationPlace({ rooms: [{ room: 'code', jobs: codeJobs }], routes: [codeRoutes] })
  mother = await t.resident('+8613900080001')
  for (const [relation, name, number] of people) {
    const form = t.body({ name, number })
    const sent =
      relation === 'self'
        ? await t.post(mother, '/api/my/registration', form)
        : await t.post(mother, '/api/my/people', { ...form, relation })
    if (sent.body.state !== 'registered') throw new Error(`${name} is not registered: ${sent.text}`)
    ids.set(name, sent.body.personId)
  }
  await t.drain()
})
afterAll(() => t.close())

const take = async (name: string, from: string): Promise<any> => {
  const days = [0, 1, 2].map((n) => ({ day: addDays(from, n), publicKey: newPhoneKey().publicKey }))
  return (await t.post(mother, `/api/my/codes/${ids.get(name)}/days`, { days })).body
}
const shown = async (): Promise<any[]> => (await t.get(mother, '/api/my/codes')).body.items

test('four codes on one phone, holder first, each under its own name and with days of its own', async () => {
  const items = await shown()
  expect(items.map((one) => one.relation)).toEqual(['self', expect.any(String), expect.any(String), expect.any(String)])
  expect(new Set(items.map((one) => one.masked))).toEqual(new Set(['陈*', '陈*一', '陈*二', '陈*山']))
  expect(new Set(items.map((one) => one.colour))).toEqual(new Set(['green']))
  const codeIds = new Set<string>()
  for (const [, name] of people) {
    const { credentials } = await take(name, '2020-02-20')
    expect([name, credentials.map((one: any) => one.day)]).toEqual([name, ['2020-02-20', '2020-02-21', '2020-02-22']])
    for (const one of credentials) codeIds.add(one.codeId)
  }
  expect(codeIds.size).toBe(12)
})

test('one on paper, for the grandfather', async () => {
  const paper = await t.post(mother, `/api/my/codes/${ids.get('陈大山')}/paper`, {})
  expect([paper.status, paper.headers['content-type'], paper.text.slice(0, 5)]).toEqual([
    200,
    'application/pdf',
    '%PDF-',
  ])
})

test('the eldest is eighteen on 25 February: no day beyond the 24th is given, and then the mother holds three', async () => {
  t.at('2020-02-23')
  const { credentials } = await take('陈小一', '2020-02-23')
  expect(credentials.map((one: any) => one.day)).toEqual(['2020-02-23', '2020-02-24'])
  t.at('2020-02-24', 23)
  expect((await shown()).length).toBe(4)
  t.at('2020-02-25', 0)
  expect(new Set((await shown()).map((one) => one.masked))).toEqual(new Set(['陈*', '陈*二', '陈*山']))
  expect((await t.get(mother, `/api/my/codes/${ids.get('陈小一')}/fresh`)).status).toBe(404)
})

test('CODE-14: when the account stands for somebody no longer, what is outstanding is on the list of replaced codes', async () => {
  const replaced = async (): Promise<number> => (await t.sql('select count(*)::int as n from code_revocation'))[0].n
  const before = await replaced()
  await take('陈小二', '2020-02-25')
  const younger = ids.get('陈小二') ?? ''
  expect((await t.post(mother, `/api/my/people/${younger}/end`, {})).body.ended).toBe(true)
  expect(await replaced()).toBe(before + 3)
  expect((await t.get(mother, `/api/my/codes/${younger}/fresh`)).status).toBe(404)
})

test('a stay in a key area turns the code at once, and the phone asks for it anew', async () => {
  const self = ids.get('陈芳') ?? ''
  const answers = {
    situation: 'living',
    registeredHere: true,
    underMeasure: false,
    stays: [{ area: '420106', from: '2020-02-18', to: '2020-02-24' }],
  }
  const said = await t.post(mother, '/api/my/declarations', {
    id: randomUUID(),
    personId: self,
    answers,
    words: { purpose: 'home' },
    promise: true,
  })
  expect(said.status).toBe(200)
  const mine = (await shown()).find((one) => one.personId === self)
  expect(mine.colour).toBe('yellow')
  expect(mine.reasons[0].say.zh).toContain('重点疫区')
  expect((await take('陈芳', '2020-02-25')).credentials).toHaveLength(3)
})
