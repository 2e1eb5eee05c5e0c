import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handOut } from './instructions.ts'
import { A, makeWorld } from './world.fixture.ts'
import type { World } from './world.fixture.ts'

let w: World
let county: Actor
beforeAll(async () => {
  w = await makeWorld()
  county = await w.desk(A)
})
afterAll(() => w.close())

const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const order = (more: object = {}) => ({
  title: '核对',
  text: '今日核对',
  to: [A],
  level: 6,
  route: 'straight',
  dueAt: soon(10),
  ...more,
})

test('INSTR-2: what is recalled while it is being handed out is recalled for whoever it reached', async () => {
  const id = randomUUID()
  await w.post(county, '/api/instructions', { id, area: A, instruction: order() })
  const { server } = w
  const real = server.asSystem.bind(server)
  let calls = 0
  // Just before the receivers of the county are made.
  server.asSystem = async (name, run) => {
    if (name === 'instruction.hand' && ++calls === 3) {
      const recalled = await w.post(county, `/api/instructions/${id}/recall`, { id, version: 1, reason: '误发' })
      if (recalled.status !== 200) throw new Error(recalled.text)
    }
    return real(name, run)
  }
  await handOut(server, id)
  server.asSystem = real
  const states = await w.sql('select state, count(*)::int as n from receipt where instruction_id = $1 group by 1', [id])
  expect(states).toEqual([{ state: 'recalled', n: 8 }])
  const fed = await w.sql(`select distinct body ->> 'state' as state from grid_feed where id = $1`, [id])
  expect(fed).toEqual([{ state: 'recalled' }])
  await w.drain()
  expect((await w.get(county, `/api/instructions/${id}`)).body).toMatchObject({ state: 'recalled', version: 2 })
})

test('INSTR-4: a change does not take back the earlier deadline of a level on the way; the rows below are the whole', async () => {
  const city = await w.desk('3205')
  const id = randomUUID()
  await w.post(city, '/api/instructions', { id, area: '3205', instruction: order({ route: 'by_level', level: 4 }) })
  await w.drain()
  const earlier = soon(4)
  await w.post(county, `/api/instructions/${id}/pass`, { id, area: A, dueAt: earlier })
  await w.drain()
  const dues = async () =>
    (await w.sql('select area, due_at from receipt where instruction_id = $1 order by area', [id])).map((row) => [
      row.area,
      row.due_at.toISOString(),
    ])
  const change = { id, version: 1, title: '核对', text: '改', dueAt: soon(20), reason: '推后' }
  await w.post(city, `/api/instructions/${id}/change`, change)
  await w.drain()
  expect(await dues()).toEqual([
    [A, change.dueAt],
    [`${A}001`, earlier],
    [`${A}002`, earlier],
  ])
  const { body } = await w.get(county, `/api/instructions/${id}/children?area=${A}`)
  expect(
    body.items.map((one: { area: string; progress: { received: number } }) => [one.area, one.progress.received]),
  ).toEqual([
    [A, 1],
    [`${A}001`, 1],
    [`${A}002`, 1],
  ])
  expect((await w.get(county, `/api/instructions/${id}`)).body.progress.received).toBe(3)
})

test('forms are listed newest first and paged whole, whatever their ids', async () => {
  const ids = [
    'ffffffff-0000-4000-8000-000000000001',
    '00000000-0000-4000-8000-000000000002',
    '88888888-0000-4000-8000-000000000003',
  ]
  for (const id of ids) {
    const drafted = await w.post(county, '/api/forms', { id, area: A, form: shippedForm('shop') })
    expect(drafted.status).toBe(200)
    w.server.clock.shift(1_000)
  }
  const seen: string[] = []
  for (let cursor = ''; ;) {
    const { body } = await w.get(county, `/api/forms?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(body.total).toBe(3)
    seen.push(...body.items.map((row: { id: string }) => row.id))
    if (body.next === null) break
    cursor = body.next
  }
  expect(seen).toEqual(ids.toReversed())
})
