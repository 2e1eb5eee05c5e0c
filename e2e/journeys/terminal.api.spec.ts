import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { Client, logInAs, Page, Say, weiwang } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'

/**
 * The main job from a terminal, beside the running program: what a duty officer's script does every morning. Each command has one
 * result, exits 0, 1 or 2, and what it says is what the screens say.
 */
test.describe.configure({ mode: 'serial' })

const CENTRE = '3205'
let at: Deployment
let operator: Client

test.beforeAll(async () => {
  at = await startDeployment()
  operator = await logInAs(at, 'city3205.operator')
})
test.afterAll(() => at.stop())

function fileOf(start: string): string {
  const found = at.feedFiles().find((file) => path.basename(file).startsWith(start) && !file.includes('2020-02-14'))
  if (!found) throw new Error(`no file ${start}`)
  return found
}

const Imported = z.looseObject({
  repeated: z.boolean(),
  batch: z.looseObject({
    state: z.string(),
    rows: z.number(),
    accepted: z.number(),
    unchanged: z.number(),
    rejected: z.number(),
    error: z.looseObject({ message: Say }).nullable(),
  }),
})

/** The rows of an export or of a file of rejects, without their head. */
function rowsOf(file: string): number {
  return readFileSync(file, 'utf8').trimEnd().split(/\r?\n/).length - 1
}

test('a delivery is imported, with its rejects as a file; the same again changes nothing; a refused one says why', async () => {
  const rejects = path.join(at.dataDir, 'rejects.csv')
  const first = await weiwang(at, ['feed', 'import', 'rail', fileOf('rail-'), '--rejects', rejects])
  expect(first.code, first.err).toBe(0)
  const { batch, repeated } = Imported.parse(first.value)
  expect(repeated).toBe(false)
  expect(batch).toMatchObject({ state: 'loaded', rows: batch.accepted + batch.unchanged + batch.rejected })
  expect(batch.accepted).toBeGreaterThan(0)
  expect(batch.rejected).toBeGreaterThan(0)
  expect(rowsOf(rejects)).toBeGreaterThanOrEqual(batch.rejected)
  // Whole values of rejected rows are for who took them alone.
  expect(statSync(rejects).mode & 0o777).toBe(0o600)
  expect(readdirSync(at.dataDir).filter((name) => name.endsWith('.part'))).toEqual([])

  const again = await weiwang(at, ['feed', 'import', 'rail', fileOf('rail-')])
  expect(again.code, again.err).toBe(0)
  expect(Imported.parse(again.value)).toMatchObject({ repeated: true, batch: { accepted: batch.accepted } })

  const refused = await weiwang(at, ['feed', 'import', 'telecom', fileOf('不应接收')])
  expect(refused.code).toBe(1)
  const told = Imported.parse(refused.value).batch
  expect(told.state).toBe('failed')
  expect(refused.err).toContain(told.error?.message.zh ?? '-')
  expect(refused.err).toContain(told.error?.message.en ?? '-')
})

test('a preview of the rules and a push are proposed; both wait for a second person', async () => {
  const preview = await weiwang(at, ['grade', '--preview'])
  expect(preview.code, preview.err).toBe(0)
  expect(preview.value).toMatchObject({ state: 'done', preview: { asOf: '2020-02-15' } })
  const [campaign] = (await operator.read(Page, '/api/campaigns', { state: 'open', limit: 1 })).items
  const { id } = z.looseObject({ id: z.string() }).parse(campaign)
  const push = await weiwang(at, ['push', '--area', CENTRE, '--campaign', id])
  expect(push.code, push.err).toBe(0)
  const proposed = z.looseObject({ id: z.string(), state: z.string() }).parse(push.value)
  expect(proposed.state).toBe('proposed')
  const waiting = await operator.read(Page, '/api/pushes', { state: 'proposed' })
  expect(waiting.items.map((one) => z.looseObject({ id: z.string() }).parse(one).id)).toContain(proposed.id)
})

test('figures and exports are those of the screens', async () => {
  const stats = await weiwang(at, ['stats', '--area', CENTRE])
  expect(stats.code, stats.err).toBe(0)
  const Figures = z.looseObject({ figures: z.array(z.looseObject({ id: z.string(), n: z.number() })) })
  const told = new Map(Figures.parse(stats.value).figures.map(({ id, n }) => [id, n]))
  const shown = await operator.read(Figures, '/api/stats/figures', { area: CENTRE })
  for (const { id, n } of shown.figures) if (id === 'visits' || id === 'open') expect(told.get(id), id).toBe(n)
  for (const [what, list] of [
    ['tasks', '/api/tasks'],
    ['visits', '/api/visits'],
    ['list', '/api/list-entries'],
  ] as const) {
    const out = path.join(at.dataDir, `${what}.csv`)
    const { code, err } = await weiwang(at, ['export', what, '--area', CENTRE, '--out', out])
    expect(code, err).toBe(0)
    expect(rowsOf(out), what).toBe(await operator.total(list, { area: CENTRE }))
    expect(statSync(out).mode & 0o777).toBe(0o600)
  }
})

test('wrong words are wrong usage, what is not there is refused, and neither leaves a file', async () => {
  for (const args of [
    ['feed', 'import'],
    ['export', 'people', '--out', 'x.csv'],
    ['push'],
    ['grade', '--as-of', '2020-02-15'],
    ['nothing'],
  ])
    expect([args, (await weiwang(at, args)).code]).toEqual([args, 2])
  const missing = await weiwang(at, ['feed', 'import', 'rail', '/nowhere/rail.csv'])
  expect([missing.code, missing.err.includes('文件不存在')]).toEqual([1, true])
  const out = path.join(at.dataDir, 'elsewhere.csv')
  const outside = await weiwang(at, ['export', 'tasks', '--area', 'nowhere', '--out', out])
  expect(outside.code, outside.err).toBe(1)
  expect(existsSync(out)).toBe(false)
  const roster = path.join(at.dataDir, 'roster.csv')
  writeFileSync(roster, '姓名,手机号,岗位,辖区代码\n')
  expect((await weiwang(at, ['accounts', 'import', roster])).code).toBe(1)
})
