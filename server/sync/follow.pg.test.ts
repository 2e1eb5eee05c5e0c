import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessJobs } from '../access/jobs.ts'
import { areaRoutes } from '../areas/routes.ts'
import { peopleJobs } from '../people/jobs.ts'
import { peopleRoutes } from '../people/routes.ts'
import { A } from '../tasks/world.fixture.ts'
import { pushWorld } from './push.fixture.ts'
import type { PushWorld } from './push.fixture.ts'

/** What else follows a grid that is split or merged: receipts of instructions (INSTR-9) and calls for help (HELP-1). */
const VILLAGE = `${A}001001`
const OLD = `${VILLAGE}001`
const [ENDS, STAYS] = [`${A}001002001`, `${A}001002002`]
const [WEST, EAST] = [`${VILLAGE}003`, `${VILLAGE}004`]

let w: PushWorld
let county: Actor
beforeAll(async () => {
  w = await pushWorld({
    rooms: [
      { room: 'access', jobs: accessJobs },
      { room: 'people', jobs: peopleJobs },
    ],
    routes: [areaRoutes, peopleRoutes],
  })
  county = await w.desk(A)
})
afterAll(() => w.close())

async function door(area: string, estate: string): Promise<string> {
  const id = randomUUID()
  await w.sql(
    `insert into household (county, id, area, emergency_id, kind, use, estate, building, members, source, created_at, updated_at)
     values (left($2, 6), $1, $2, $3, 'home', 'self', $4, '1幢', 1, 'test', now(), now())`,
    [id, area, w.emergencyId, estate],
  )
  return id
}

async function send(more: object = {}): Promise<string> {
  const id = randomUUID()
  const instruction = {
    title: '逐户核对',
    text: '今日核对',
    to: [A],
    level: 6,
    route: 'straight',
    dueAt: new Date(w.server.clock.now().getTime() + 36_000_000).toISOString(),
    ...more,
  }
  const sent = await w.post(county, '/api/instructions', { id, area: A, instruction })
  expect([sent.status, sent.text]).toEqual([200, sent.text])
  await w.drain()
  return id
}

const says = (actor: Actor, id: string, area: string, what: string) =>
  w.post(actor, `/api/instructions/${id}/receipt`, { id, area, version: 1, says: what })
const progress = async (actor: Actor, id: string) => (await w.get(actor, `/api/instructions/${id}`)).body.progress
const states = async (id: string) =>
  Object.fromEntries(
    (
      await w.sql(
        `select area, state, by_name, doors, doors_done from receipt where instruction_id = $1 and area like $2`,
        [id, `${A}001%`],
      )
    ).map((row) => [row.area, [row.state, row.by_name, row.doors, row.doors_done]]),
  )
const fed = async (grid: string, id: string) =>
  (await w.sql(`select body from grid_feed where grid = $1 and kind = 'instruction' and id = $2`, [grid, id]))[0]?.body

async function change(plan: object): Promise<void> {
  const proposed = await w.post(await w.desk('32'), '/api/areas/changes', { plan, onDay: w.server.clock.today() })
  expect([proposed.status, proposed.text]).toEqual([200, proposed.text])
  const applied = await w.post(await w.desk('32'), `/api/areas/changes/${proposed.body.id}/apply`, {})
  expect([applied.status, applied.text]).toEqual([200, applied.text])
  await w.drain()
}

test('a split: both parts owe what the grid owed, what was confirmed stays with its name, doors count where they lie; a call for help goes along', async () => {
  const worker = await w.worker(OLD)
  const [west, east] = [await door(OLD, '西园'), await door(OLD, '东园')]
  const [open, done, doors] = [
    await send(),
    await send(),
    await send({ eachDoor: { kinds: ['home'], purpose: 'household' } }),
  ]
  await says(worker, open, OLD, 'read')
  await says(worker, done, OLD, 'done')
  const visit = w.visit({ householdId: east, instructionId: doors, purpose: 'household' })
  expect((await w.send(worker, [visit])).body.results[0].outcome).toBe('accepted')
  expect((await states(doors))[OLD]).toEqual(['sent', null, 2, 1])
  const call = randomUUID()
  const asked = w.item('help.ask', { id: call, grid: OLD })
  expect((await w.send(worker, [asked])).body.results[0].outcome).toBe('accepted')
  const before = [await progress(county, open), await progress(county, done)]

  await change({
    kind: 'split',
    code: OLD,
    parts: [
      { code: WEST, name: '西网格', share: { areas: [], buildings: [], households: [] } },
      {
        code: EAST,
        name: '东网格',
        share: { areas: [], buildings: [{ estate: '东园', building: null }], households: [] },
      },
    ],
    rest: 0,
  })
  expect(await w.sql(`select area from household where id = any($1) order by area`, [[west, east]])).toEqual([
    { area: WEST },
    { area: EAST },
  ])
  expect(await states(open)).toMatchObject({ [WEST]: ['read', worker.name, 0, 0], [EAST]: ['read', worker.name, 0, 0] })
  expect(await states(done)).toMatchObject({ [WEST]: ['done', worker.name, 0, 0], [EAST]: ['done', worker.name, 0, 0] })
  expect(await states(doors)).toMatchObject({ [WEST]: ['sent', null, 1, 0], [EAST]: ['sent', null, 1, 1] })
  expect(Object.keys(await states(open))).not.toContain(OLD)
  // One receiver more, at every level; what was said is counted where it was said.
  expect(await progress(county, open)).toEqual({
    ...before[0],
    received: before[0].received + 1,
    read: before[0].read + 1,
  })
  expect(await progress(county, done)).toMatchObject({ received: before[1].received + 1, done: before[1].done + 1 })
  for (const area of [`${A}001`, VILLAGE]) {
    const children = (await w.get(county, `/api/instructions/${open}/children?area=${area}`)).body.items
    const sum = children.reduce((n: number, one: { progress: { received: number } }) => n + one.progress.received, 0)
    const list = await w.get(await w.desk(area), `/api/instructions/${open}/receipts?list=received`)
    expect([area, sum]).toEqual([area, list.body.total])
  }
  expect(await fed(OLD, open)).toMatchObject({ gone: true })
  expect(await fed(EAST, doors)).toMatchObject({ state: 'sent', doors: 1, doorsDone: 1 })
  const kinds = await w.sql(
    `select kind, by_name from receipt_event where instruction_id = $1 and area = $2 order by n`,
    [done, EAST],
  )
  expect(kinds).toMatchObject([{ kind: 'sent' }, { kind: 'done', by_name: worker.name }])
  // The worker covers both parts, so the call stands around them until it is clearer; the village's desk still has it.
  expect(await w.sql(`select area, state from help_call where id = $1`, [call])).toEqual([
    { area: VILLAGE, state: 'open' },
  ])
  expect((await w.get(await w.desk(VILLAGE), '/api/help')).body.items.map((one: { id: string }) => one.id)).toContain(
    call,
  )
})

test('a merger: the one that goes on is done only when both were, and answers for the doors of both', async () => {
  const [here, there] = [await w.worker(STAYS), await w.worker(ENDS)]
  const [mine, theirs] = [await door(STAYS, '南园'), await door(ENDS, '北园')]
  const [both, one, doors] = [
    await send(),
    await send(),
    await send({ eachDoor: { kinds: ['home'], purpose: 'household' } }),
  ]
  await says(here, both, STAYS, 'done')
  await says(there, both, ENDS, 'done')
  await says(here, one, STAYS, 'done')
  for (const [actor, householdId] of [
    [here, mine],
    [there, theirs],
  ] as const)
    await w.send(actor, [w.visit({ householdId, instructionId: doors, purpose: 'household' })])
  const call = randomUUID()
  await w.send(there, [w.item('help.ask', { id: call, grid: ENDS })])
  await change({ kind: 'merge', codes: [ENDS, STAYS], into: STAYS, name: '合并网格' })
  expect((await states(both))[STAYS]).toEqual(['done', here.name, 0, 0])
  expect((await states(one))[STAYS]?.[0]).toBe('accepted')
  expect((await states(doors))[STAYS]).toEqual(['sent', null, 2, 2])
  expect(Object.keys(await states(both))).toEqual(expect.not.arrayContaining([ENDS]))
  expect(await fed(STAYS, one)).toMatchObject({ state: 'accepted' })
  expect(await w.sql(`select area from help_call where id = $1`, [call])).toEqual([{ area: STAYS }])
})
