import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { batchEnds, Client, gradedSince, logInAs, Page, Run, runEnds, runIds, until, weiwang } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'

/** Show 4: the real counts of early 2020 decide about somebody who was in Wuhan until 5 February. */

const DATA = process.env['WEIWANG_DATA'] ?? path.resolve(import.meta.dirname, '../../../shared/data')
const COUNTS = path.join(DATA, 'china-city-daily-2020q1.csv')
const WUHAN = '4201'
/** A county of Suzhou in which the exercise has nobody: whoever is graded there is ours. */
const COUNTY = '320505'

let deployment: Deployment | undefined

test.skip(
  !existsSync(COUNTS),
  `the counts of early 2020 are not here: ${COUNTS} is missing; set WEIWANG_DATA to the folder that has china-city-daily-2020q1.csv`,
)
test.afterAll(() => deployment?.stop())

const RiskArea = z.looseObject({ id: z.string(), area: z.string(), level: z.string(), source: z.string() })
const CountLine = z.looseObject({ day: z.string(), confirmed: z.number(), fortnight: z.number(), level: z.string() })
const Counts = z.looseObject({ items: z.array(CountLine), about: z.object({ zh: z.string(), en: z.string() }) })
const Imported = z.looseObject({
  rows: z.number(),
  used: z.number(),
  excluded: z.array(z.looseObject({ city: z.string(), n: z.number() })),
  areas: z.number(),
  riskAreas: z.number(),
  faults: z.array(z.unknown()),
})
const PersonGrade = z.looseObject({
  now: z
    .looseObject({
      grade: z.string().nullable(),
      until: z.string().nullable(),
      reasons: z.array(z.looseObject({ rule: z.string(), until: z.string().nullable() })),
    })
    .nullable(),
})

/** What the file itself says of a city, read here without the program: day and cumulative count. */
function fileCounts(cityCode: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of readFileSync(COUNTS, 'utf8').split(/\r?\n/)) {
    const [day = '', , , code, , confirmed] = line.split(',')
    if (code === cityCode) counts.set(day, Number(confirmed))
  }
  return counts
}

/** GB 11643: the last character of an identity number. The region 3299 does not exist, so the number is nobody's. */
function identityNumber(first17: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(first17[i]), 0)
  return first17 + ('10X98765432'[sum % 11] ?? '')
}

const DOCUMENT = identityNumber('32990019880808123')
const FEED = [
  '手机号;姓名;证件号码;漫游地;开始日期;结束日期;现住址',
  `19900000001;演某某;${DOCUMENT};武汉市;2020-02-01;2020-02-05;江苏省苏州市虎丘区枫桥街道`,
].join('\r\n')

/** Only levels count here: with nothing but this rule, nobody is graded for the name of a province. */
const RULES = {
  code: 'levels-only',
  area: '3205',
  name: { zh: '仅按风险等级（测试）', en: 'By level alone (test)' },
  about: { zh: '近14天到过高风险地区', en: 'Stayed in a high-risk area within 14 days' },
  rules: [
    {
      id: 'high',
      say: { zh: '近14天到过高风险地区', en: 'Stayed in a high-risk area within 14 days' },
      when: { kind: 'stay', levels: ['high'], withinDays: 14 },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 14, from: 'fact' },
    },
  ],
  otherwise: { colour: 'green', say: { zh: '未见异常', en: 'Nothing abnormal is known' } },
}

/** How many of our county would be red on a day; nobody else lives there. */
async function redOn(operator: Client, ruleSetId: string, asOf: string): Promise<number> {
  const started = await operator.write(Run, '/api/grade-runs/preview', { ruleSetId, asOf })
  const run = await runEnds(operator, started.id)
  expect(run.state).toBe('done')
  expect(run.preview?.asOf).toBe(asOf)
  const row = z
    .looseObject({ after: z.record(z.string(), z.number()) })
    .optional()
    .parse(run.preview?.areas.find((area) => area.area === COUNTY))
  return row?.after['red'] ?? 0
}

/** Sessions of four days ago have ended with their idle time: whoever reads the new day has logged in on it. */
async function onDay(running: Deployment, day: string): Promise<Client> {
  await until(`the exercise to stand on ${day}`, async () => {
    const told = await new Client(running.address).read(z.looseObject({ today: z.string() }), '/api/deployment')
    return told.today === day ? true : null
  })
  return logInAs(running, 'city3205.operator')
}

test('Show 4: real counts give levels, and the 14-day rule has both its ends', async () => {
  deployment = await startDeployment()
  const running = deployment
  const province = await logInAs(running, 'province32.operator')
  const operator = await logInAs(running, 'city3205.operator')
  const chief = await logInAs(running, 'city3205.chief')
  const second = await logInAs(running, 'city3205.chief2')

  const seen = await runIds(province)
  const { batch } = await operator.load('telecom', { name: 'one-person.csv', bytes: Buffer.from(FEED) })
  expect((await batchEnds(operator, batch.id)).accepted).toBe(1)
  await gradedSince(province, seen)
  const found = await operator.write(Page, '/api/people/search', { text: DOCUMENT, by: 'document' })
  const [person] = found.items.map((item) => z.looseObject({ personId: z.string(), area: z.string() }).parse(item))
  if (!person) throw new Error('the person of the file is not found by document')
  expect(person.area.slice(0, 6)).toBe(COUNTY)
  const { id: ruleSetId } = await operator.write(z.looseObject({ id: z.string() }), '/api/rule-sets', {
    document: RULES,
  })

  await test.step('without the level that the exercise lists, Wuhan has none and nobody is red', async () => {
    for (const risk of await province.all(RiskArea, '/api/risk-areas', { area: WUHAN }))
      await province.write(RiskArea, `/api/risk-areas/${risk.id}/withdraw`, { reason: '改用真实病例数推算（测试）' })
    expect(await redOn(operator, ruleSetId, '2020-02-15')).toBe(0)
  })

  await test.step('the counts are loaded, and loading them again changes nothing', async () => {
    const load = async () => {
      const answer = await province.upload(
        '/api/case-counts/import',
        'china-city-daily-2020q1.csv',
        readFileSync(COUNTS),
      )
      expect(answer.status, answer.text.slice(0, 500)).toBe(200)
      return Imported.parse(answer.body)
    }
    const first = await load()
    expect(first.rows).toBe(readFileSync(COUNTS, 'utf8').trimEnd().split('\n').length - 1)
    expect(first.faults).toEqual([])
    expect(first.excluded.some(({ city }) => city.includes('境外输入'))).toBe(true)
    expect(first.areas).toBeGreaterThan(300)
    const listed = () => province.total('/api/risk-areas', { source: 'derived' })
    const before = await listed()
    expect(before).toBeGreaterThan(300)
    await load()
    expect(await listed()).toBe(before)
    expect((await operator.upload('/api/case-counts/import', 'x.csv', readFileSync(COUNTS))).status).toBe(403)
  })

  await test.step('levels of 10 and 25 February can be read', async () => {
    const wuhan = fileCounts('420100')
    for (const [day, before] of [
      ['2020-02-10', '2020-01-27'],
      ['2020-02-25', '2020-02-11'],
    ] as const) {
      const [risk] = await operator.all(RiskArea, '/api/risk-areas', { area: WUHAN, day })
      expect(risk).toMatchObject({ area: WUHAN, level: 'high', source: 'derived' })
      const counts = await operator.read(Counts, '/api/case-counts', { area: WUHAN, from: day, to: day })
      expect(counts.about.en).toContain('approximation')
      const [line] = counts.items
      expect(line).toMatchObject({ day, level: 'high', confirmed: wuhan.get(day) })
      expect(line?.fortnight, `new in 14 days up to ${day}`).toBe((wuhan.get(day) ?? 0) - (wuhan.get(before) ?? 0))
    }
    // Lhasa had one case, found at the end of January: medium within the fortnight, low after it.
    const lhasa = async (day: string) =>
      (await operator.read(Counts, '/api/case-counts', { area: '5401', from: day, to: day })).items[0]?.level
    expect([await lhasa('2020-02-10'), await lhasa('2020-02-25')]).toEqual(['medium', 'low'])
  })

  await test.step('by previews: red on 15 and 19 February, not on 20 and 25', async () => {
    const reds: Record<string, number> = {}
    for (const day of ['15', '19', '20', '25']) reds[day] = await redOn(operator, ruleSetId, `2020-02-${day}`)
    expect(reds).toEqual({ '15': 1, '19': 1, '20': 0, '25': 0 })
  })

  await test.step('by the clock, with the rules in force: the same days', async () => {
    await chief.write(z.unknown(), `/api/rule-sets/${ruleSetId}/propose`)
    const { runId } = await second.write(z.looseObject({ runId: z.string() }), `/api/rule-sets/${ruleSetId}/approve`)
    let run = await runEnds(operator, runId)
    if (run.state === 'held') {
      await second.write(z.unknown(), `/api/grade-runs/${runId}/approve`)
      run = await runEnds(operator, runId)
    }
    expect(run.state).toBe('done')
    const grade = async (reader: Client) => (await reader.read(PersonGrade, `/api/people/${person.personId}/grade`)).now
    expect(await grade(operator)).toMatchObject({ grade: 'red', until: '2020-02-19', reasons: [{ rule: 'high' }] })
    const advance = async (days: string, day: string): Promise<Client> => {
      const moved = await weiwang(running, ['exercise', 'advance', days])
      expect(moved, moved.err).toMatchObject({ code: 0, value: { today: day } })
      return onDay(running, day)
    }
    const last = await advance('4d', '2020-02-19')
    expect(await grade(last), 'day 14 is included').toMatchObject({ grade: 'red', until: '2020-02-19' })
    expect((await grade(await advance('1d', '2020-02-20')))?.grade ?? null, 'day 15 is not').toBeNull()
    const later = await advance('5d', '2020-02-25')
    expect((await grade(later))?.grade ?? null).toBeNull()
    const graded = await later.read(Page, '/api/graded', { area: COUNTY, grade: 'red' })
    expect(graded.total).toBe(0)
  })
})
