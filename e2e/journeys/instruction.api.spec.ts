import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { Client, logIn, logInAs, Page, Say, until, weiwang } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'

/**
 * Show 5: a county sends an instruction to forty grids; receipts come from a phone and from the desks of the grids, a late one is
 * told to the level above by name, the rest is recalled; the village, the town, the county and the city see the same numbers.
 */
const COUNTY = '320508'
const CITY = '3205'
const GRIDS = 40

const Progress = z.looseObject({
  received: z.number(),
  read: z.number(),
  accepted: z.number(),
  cannot: z.number(),
  done: z.number(),
  late: z.number(),
})
const Instruction = z.looseObject({
  id: z.string(),
  state: z.string(),
  version: z.number(),
  progress: Progress,
  attachments: z.array(z.looseObject({ id: z.string(), name: z.string() })),
})
const Children = z.looseObject({
  items: z.array(z.looseObject({ area: z.string(), progress: Progress })),
  asOf: z.string(),
})
const Receipt = z.looseObject({
  area: z.string(),
  state: z.string(),
  late: z.boolean(),
  escalated: z.number(),
  told: z.string().nullable(),
})
const Work = z.looseObject({
  receivers: z.number(),
  grids: z.number(),
  uncovered: z.number(),
  uncoveredNames: z.array(z.string()),
})
const Areas = z.looseObject({
  items: z.array(z.looseObject({ code: z.string(), name: z.string(), level: z.number() })),
})
const Notices = z.looseObject({ items: z.array(z.looseObject({ say: Say })) })

let at: Deployment
test.beforeAll(async () => {
  at = await startDeployment({ exercise: 'grid' })
})
test.afterAll(() => at?.stop())

const level = (name: string): Promise<Client> =>
  logIn(at.address, at.login(name, name === 'grid' ? 'worker' : 'operator'))

/** Two villages with twenty grids each: the one of the exercise, and another of the same town. */
async function makeGrids(operator: Client, grid: string): Promise<{ grids: string[]; villages: string[] }> {
  const village = grid.slice(0, 12)
  const below = await operator.read(Areas, `/api/areas/${village.slice(0, 9)}/children`)
  const other = below.items.find((area) => area.code !== village && area.code < `${village.slice(0, 9)}400`)
  if (!other) throw new Error(`no other village beside ${village}`)
  const grids = [village, other.code].flatMap((code) =>
    Array.from({ length: GRIDS / 2 }, (_, i) => `${code}${String(i + 1).padStart(3, '0')}`),
  )
  const rows = grids
    .filter((code) => code !== grid)
    .map((code) => ({
      village: code.slice(0, 12),
      grid: code.slice(12),
      name: `第${Number(code.slice(12))}网格`,
      kind: 'comprehensive',
      households: '400',
    }))
  const answer = await operator.post('/api/areas/grids/import', { area: COUNTY, rows, check: false })
  expect(answer.body).toMatchObject({ added: GRIDS - 1, errors: [] })
  return { grids, villages: [village, other.code] }
}

test('a county instructs forty grids: receipts, one that is late, a recall, seen at four levels', async () => {
  test.setTimeout(400_000)
  const [city, county, village, worker] = await Promise.all(['city', 'county', 'village', 'grid'].map(level))
  if (!city || !county || !village || !worker) throw new Error('a level has no log-in')
  const town = await level('town')
  const { scope } = await worker.read(z.looseObject({ scope: z.array(z.looseObject({ area: z.string() })) }), '/api/me')
  const grid = scope[0]?.area.slice(0, 15) ?? ''
  expect(grid).toMatch(/^320508\d{9}$/)
  const { grids, villages } = await makeGrids(city, grid)

  // A paper goes with it, told by its bytes.
  const paper = randomUUID()
  const pdf = Buffer.from(`%PDF-1.4\n${'演练'.repeat(500)}`)
  const sent = await county.send(
    'POST',
    `/api/instructions/attachments/${paper}?area=${COUNTY}&name=${encodeURIComponent('通知.pdf')}`,
    {
      body: new Uint8Array(pdf),
      headers: { 'content-type': 'application/octet-stream', 'x-weiwang': '1' },
    },
  )
  expect(sent.status).toBe(200)

  const id = randomUUID()
  const me = await county.read(z.looseObject({ now: z.string() }), '/api/me')
  const instruction = {
    title: '逐户核对返苏人员（演练）',
    text: '今日完成逐户核对，完成后回执',
    to: villages,
    level: 6,
    route: 'straight',
    dueAt: new Date(new Date(me.now).getTime() + 6 * 3_600_000).toISOString(),
    attachments: [paper],
  }
  // INSTR-3: the work, and who is missing, before it is sent.
  const work = await county.write(Work, '/api/instructions/preview', { area: COUNTY, instruction })
  expect(work).toMatchObject({ receivers: GRIDS, grids: GRIDS })
  expect(work.uncovered).toBeLessThan(GRIDS)
  expect(work.uncoveredNames.length).toBe(Math.min(20, work.uncovered))
  await county.write(Instruction, '/api/instructions', { id, area: COUNTY, instruction })
  const see = (who: Client): Promise<z.infer<typeof Instruction>> => who.read(Instruction, `/api/instructions/${id}`)
  await until('forty receivers', async () => ((await see(county)).progress.received === GRIDS ? true : null))

  // A phone says that it has read, by its own way; what it says twice is once.
  const says = { id, area: grid, version: 1, says: 'read' }
  const item = { key: randomUUID(), seq: 1, kind: 'instruction.receipt', grid, at: me.now, body: says }
  const contact = { device: randomUUID(), protocol: 1, app: 'journey' }
  const clocks = [0, 0, 1000].map((ms) => new Date(Date.parse(me.now) + ms).toISOString())
  // Doubled on its way or said again later, it is told that it was known (SYNC-1).
  for (const [i, outcome] of ['accepted', 'duplicate', 'duplicate'].entries()) {
    const pushed = await worker.post('/api/sync/push', { ...contact, clock: clocks[i], items: [item] })
    expect(pushed.body).toMatchObject({ results: [{ key: item.key, outcome }] })
  }
  const fetched = await worker.get(`/api/instructions/${id}/attachments/${paper}`)
  expect(fetched.text).toBe(pdf.toString())
  const answer = async (who: Client, area: string, what: string): Promise<number> =>
    (await who.post(`/api/instructions/${id}/receipt`, { id, area, version: 1, says: what })).status
  expect(await answer(worker, grid, 'done')).toBe(200)
  // The village answers for grids without a phone, the town for its other village; nobody for somebody else's.
  const here = grids.filter((code) => code.startsWith(villages[0] ?? '') && code !== grid)
  const there = grids.filter((code) => code.startsWith(villages[1] ?? ''))
  for (const code of here.slice(0, 9)) expect(await answer(village, code, 'accepted')).toBe(200)
  for (const code of there.slice(0, 5)) expect(await answer(town, code, 'done')).toBe(200)
  expect(await answer(village, there[0] ?? '', 'done')).toBe(404)
  expect(await answer(worker, here[0] ?? '', 'done')).toBe(404)

  // Four levels, one truth: each sees its own, and each number is its list.
  const numbers = async (): Promise<Record<string, z.infer<typeof Progress>>> => ({
    village: (await see(village)).progress,
    town: (await see(town)).progress,
    county: (await see(county)).progress,
    city: (await see(city)).progress,
  })
  expect(await numbers()).toMatchObject({
    village: { received: 20, read: 10, accepted: 10, done: 1, late: 0 },
    town: { received: 40, read: 15, accepted: 15, done: 6, late: 0 },
    county: { received: 40, read: 15, accepted: 15, done: 6, late: 0 },
    city: { received: 40, read: 15, accepted: 15, done: 6, late: 0 },
  })
  for (const [who, area] of [
    [city, CITY],
    [county, COUNTY],
    [town, grid.slice(0, 9)],
    [village, grid.slice(0, 12)],
  ] as const) {
    const { progress } = await see(who)
    const below = await who.read(Children, `/api/instructions/${id}/children`, { area })
    for (const name of ['received', 'read', 'accepted', 'done', 'late'] as const) {
      const sum = below.items.reduce((n, one) => n + z.number().parse(one.progress[name]), 0)
      expect([area, name, sum]).toEqual([area, name, progress[name]])
      expect([area, name, await who.total(`/api/instructions/${id}/receipts`, { list: name })]).toEqual([
        area,
        name,
        progress[name],
      ])
    }
  }

  // INSTR-5: a day later it is late, and the level above has been told by name.
  expect((await weiwang(at, ['exercise', 'advance', '1d'])).code).toBe(0)
  await until(
    'the late ones to be told',
    async () => {
      const rows = await village.all(Receipt, `/api/instructions/${id}/receipts`, { list: 'escalated' })
      return rows.length === 19 ? true : null
    },
    150,
  )
  const late = await county.all(Receipt, `/api/instructions/${id}/receipts`, { list: 'late' })
  expect(late.length).toBe(34)
  expect(late.every((row) => row.late && row.escalated === 3 && row.told !== null)).toBe(true)
  expect(await numbers()).toMatchObject({
    village: { late: 19 },
    town: { late: 34 },
    county: { late: 34 },
    city: { late: 34 },
  })
  expect((await county.read(Page, '/api/instructions', { state: 'late' })).total).toBe(1)
  const named = new Set(late.filter((row) => here.includes(row.area)).map((row) => row.told))
  expect(named.size).toBe(1)
  const told = (
    await Promise.all(
      at.logins
        .filter((one) => one.login.startsWith(`village${villages[0] ?? ''}`))
        .map(async (one) => (await logInAs(at, one.login)).read(Notices, '/api/me/notices')),
    )
  ).flatMap((page) => page.items)
  expect(told.filter((notice) => notice.say.zh.includes(instruction.title)).length).toBeGreaterThan(0)

  // INSTR-2: recalled, nothing more is asked of anybody.
  const recalled = await county.write(Instruction, `/api/instructions/${id}/recall`, {
    version: 1,
    reason: '已由上级统一处理（演练）',
  })
  expect(recalled).toMatchObject({ state: 'recalled', version: 2 })
  await until('the recall to be everywhere', async () => {
    const { progress } = await see(city)
    return progress.late === 0 ? true : null
  })
  for (const who of [village, town, county, city]) {
    expect((await see(who)).state).toBe('recalled')
    expect((await who.read(Page, '/api/instructions')).total).toBe(0)
    expect((await who.read(Page, '/api/instructions', { state: 'all' })).total).toBe(1)
  }
  const after = await worker.post(`/api/instructions/${id}/receipt`, { id, area: here[0], version: 2, says: 'done' })
  expect(after.status).toBe(404)
  const again = await village.post(`/api/instructions/${id}/receipt`, { id, area: here[0], version: 2, says: 'done' })
  expect(again.body).toMatchObject({ code: 'INSTRUCTION_RECALLED' })
})
