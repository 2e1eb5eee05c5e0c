import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { foldReceipt } from '@weiwang/domain/tasks/instruction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { visitRoutes } from './routes.ts'
import { escalateReceipts, handOut, leavePhones } from '../tasks/instructions.ts'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'

let w: World
let county: Actor
beforeAll(async () => {
  w = await makeWorld({ routes: [visitRoutes] })
  county = await w.desk(A)
})
afterAll(() => w.close())

const soon = (hours = 10) => new Date(Date.now() + hours * 3_600_000).toISOString()
const order = (more: object = {}) => ({
  title: '逐户核对返苏人员',
  text: '今日 20 时前逐户核对',
  to: [A],
  level: 6,
  route: 'straight',
  dueAt: soon(),
  ...more,
})
const send = async (more: object = {}, by = county) => {
  const id = randomUUID()
  const sent = await w.post(by, '/api/instructions', { id, area: A, instruction: order(more) })
  await w.drain()
  return { id, sent }
}
const progress = async (actor: Actor, id: string) => (await w.get(actor, `/api/instructions/${id}`)).body.progress
const receipt = (actor: Actor, id: string, area: string, says: string, version = 1) =>
  w.post(actor, `/api/instructions/${id}/receipt`, { id, area, version, says })

describe('INSTR-1, INSTR-3: from a centre to its grids', () => {
  test('the work is told before it is sent; eight grids receive it, each phone is told, and a second sending is the same', async () => {
    const preview = await w.post(county, '/api/instructions/preview', { area: A, instruction: order() })
    expect(preview.body).toMatchObject({ receivers: 8, grids: 8, doors: 0, uncovered: 8 })
    const { id, sent } = await send()
    expect(sent.status).toBe(200)
    await handOut(w.server, id)
    expect(await progress(county, id)).toMatchObject({ received: 8, read: 0, done: 0, late: 0 })
    const feed = await w.sql(`select grid, body from grid_feed where kind = 'instruction' and id = $1`, [id])
    expect(feed.length).toBe(8)
    expect(feed[0].body).toMatchObject({ state: 'sent', version: 1, title: '逐户核对返苏人员', by: '台320506' })
    expect((await w.get(await w.desk(B), `/api/instructions/${id}`)).status).toBe(404)
  })

  test('each level sees its own receivers; the number is the list; receipts come once', async () => {
    const { id } = await send()
    const grids = w.grids(A)
    const worker = await w.worker(grids[0] ?? '')
    const village = await w.desk(`${A}001001`)
    for (let i = 0; i < 2; i++) expect((await receipt(worker, id, grids[0] ?? '', 'read')).status).toBe(200)
    await receipt(worker, id, grids[0] ?? '', 'accepted')
    await receipt(worker, id, grids[0] ?? '', 'done')
    expect(await progress(village, id)).toMatchObject({ received: 2, read: 1, accepted: 1, done: 1 })
    expect(await progress(await w.desk(`${A}001`), id)).toMatchObject({ received: 4, done: 1 })
    expect(await progress(await w.desk('3205'), id)).toMatchObject({ received: 8, done: 1 })
    const children = await w.get(county, `/api/instructions/${id}/children?area=${A}`)
    expect(children.body.items.map((one: { progress: { done: number } }) => one.progress.done)).toEqual([1, 0])
    for (const list of ['received', 'unread', 'read', 'accepted', 'done', 'late']) {
      const page = await w.get(county, `/api/instructions/${id}/receipts?list=${list}`)
      const number = list === 'unread' ? 7 : (await progress(county, id))[list]
      expect([list, page.body.total]).toEqual([list, number])
      expect(page.body.items.length).toBe(page.body.total)
    }
    // Somebody else's grid is not his to answer for.
    expect((await receipt(worker, id, grids[1] ?? '', 'done')).status).toBe(404)
    expect((await w.sql(`select count(*)::int as n from receipt_event where instruction_id = $1`, [id]))[0].n).toBe(12)
  })

  test('who may not write is refused; below nobody is nobody; a deadline that has passed is told', async () => {
    const worker = await w.worker(w.grids(A)[0] ?? '')
    expect(
      (
        await w.post(worker, '/api/instructions', {
          id: randomUUID(),
          area: w.grids(A)[0],
          instruction: order({ to: [w.grids(A)[0]] }),
        })
      ).status,
    ).toBe(400)
    expect((await send({ level: 3 })).sent.body.code).toBe('INSTRUCTION_NOBODY')
    expect((await send({ dueAt: '2020-01-01T00:00:00Z' })).sent.body.code).toBe('INSTRUCTION_PAST_DUE')
    expect((await send({ to: [B] })).sent.status).toBe(404)
  })
})

describe('INSTR-4: level by level', () => {
  test('each level passes it on with more and never with less; four levels see it', async () => {
    const city = await w.desk('3205')
    // Only a town is named: the county around it receives, for that town.
    const deep = randomUUID()
    const order2 = order({ to: [`${A}001`], route: 'by_level' })
    await w.post(city, '/api/instructions', { id: deep, area: '3205', instruction: order2 })
    await w.drain()
    await w.post(county, `/api/instructions/${deep}/pass`, { id: deep, area: A })
    await w.drain()
    const received = await w.sql(`select area from receipt where instruction_id = $1 order by area`, [deep])
    expect(received.map((r) => r.area)).toEqual([A, `${A}001`])
    const named = randomUUID()
    await w.post(city, '/api/instructions', {
      id: named,
      area: '3205',
      instruction: order({ to: [A], route: 'by_level' }),
    })
    await w.drain()
    const areas = async () =>
      (await w.sql(`select area from receipt where instruction_id = $1 order by area`, [named])).map((r) => r.area)
    expect(await areas()).toEqual([A])
    const pass = (actor: Actor, area: string, more: object = {}) =>
      w.post(actor, `/api/instructions/${named}/pass`, { id: named, area, ...more })
    expect((await pass(county, A, { dueAt: soon(20) })).body.code).toBe('INSTRUCTION_WEAKENED')
    expect((await pass(county, A, { dueAt: soon(5), text: '每户量体温' })).status).toBe(200)
    await w.drain()
    expect(await areas()).toEqual([A, `${A}001`, `${A}002`])
    const town = await w.desk(`${A}001`)
    expect((await pass(town, `${A}001`)).status).toBe(200)
    await w.drain()
    const village = await w.desk(`${A}001001`)
    expect((await pass(village, `${A}001001`)).status).toBe(200)
    await w.drain()
    const grid = w.grids(A)[0] ?? ''
    const worker = await w.worker(grid)
    const shown = (await w.get(worker, `/api/instructions/${named}`)).body
    expect(shown.additions).toMatchObject([{ area: A, text: '每户量体温' }])
    expect(new Date(shown.dueAt).getTime()).toBeLessThan(Date.now() + 6 * 3_600_000)
    expect((await receipt(worker, named, grid, 'done')).status).toBe(200)
    for (const [actor, done] of [
      [village, 1],
      [town, 1],
      [county, 1],
      [city, 1],
    ] as const)
      expect((await progress(actor, named)).done).toBe(done)
  })
})

describe('INSTR-2: changing and recalling are new versions', () => {
  test('a changed instruction must be read again; a recalled one asks nothing more', async () => {
    const { id } = await send()
    const grid = w.grids(A)[0] ?? ''
    const worker = await w.worker(grid)
    await receipt(worker, id, grid, 'done')
    const change = { id, version: 1, title: '新标题', text: '改为 18 时前', dueAt: soon(8), reason: '上级要求' }
    expect((await w.post(county, `/api/instructions/${id}/change`, change)).body.version).toBe(2)
    expect((await w.post(county, `/api/instructions/${id}/change`, change)).body.code).toBe('INSTRUCTION_CHANGED')
    await w.drain()
    expect(await progress(county, id)).toMatchObject({ received: 8, read: 0, done: 0 })
    expect((await receipt(worker, id, grid, 'accepted', 1)).body.code).toBe('INSTRUCTION_CHANGED')
    expect((await receipt(worker, id, grid, 'accepted', 2)).status).toBe(200)
    const [feed] = await w.sql(`select body from grid_feed where kind = 'instruction' and id = $1 and grid = $2`, [
      id,
      grid,
    ])
    expect(feed.body).toMatchObject({ version: 2, state: 'accepted', title: '新标题', text: '改为 18 时前' })
    expect(
      (await w.post(county, `/api/instructions/${id}/recall`, { id, version: 2, reason: '已完成' })).body.state,
    ).toBe('recalled')
    await w.drain()
    expect((await receipt(worker, id, grid, 'done', 3)).body.code).toBe('INSTRUCTION_RECALLED')
    expect((await w.get(county, '/api/instructions')).body.items.map((i: { id: string }) => i.id)).not.toContain(id)
    const detail = (await w.get(county, `/api/instructions/${id}`)).body
    expect(detail.versions.map((v: { kind: string }) => v.kind)).toEqual(['sent', 'changed', 'recalled'])
  })
})

describe('INSTR-5: late', () => {
  test('the level above is told by name at the deadline and at half as long again; who has accepted is not reminded at half time', async () => {
    const { id } = await send()
    const village = await w.desk(`${A}001001`)
    const [grid, other] = w.grids(A)
    const worker = await w.worker(grid ?? '')
    await receipt(worker, id, grid ?? '', 'accepted')
    const back = (share: number) =>
      w.sql(
        `update receipt set sent_at = sent_at - (due_at - sent_at) * $2, due_at = due_at - (due_at - sent_at) * $2, next_step_at = next_step_at - (due_at - sent_at) * $2 where instruction_id = $1`,
        [id, share],
      )
    await back(0.6)
    await escalateReceipts(w.server)
    await escalateReceipts(w.server)
    const at = async (area: string | undefined) =>
      (await w.sql(`select escalated, told_name from receipt where instruction_id = $1 and area = $2`, [id, area]))[0]
    // Nobody is on shift there: the people of its desk, at most three (TASK-4).
    const named = expect.stringContaining(village.name)
    expect(await at(other)).toEqual({ escalated: 1, told_name: named })
    expect(await at(grid)).toMatchObject({ escalated: 0 })
    // From now on somebody is, and is named first.
    const shift = await w.worker(`${A}001001`)
    await w.sql(`update duty set kind = 'shift' where account_id = $1`, [shift.id])
    await back(0.5)
    await escalateReceipts(w.server)
    expect(await at(grid)).toEqual({ escalated: 2, told_name: expect.stringMatching(new RegExp(`^${shift.name}、`)) })
    expect(await progress(county, id)).toMatchObject({ late: 8 })
    const told = await w.sql(`select account_id from notice where kind = 'instruction_late' and account_id = $1`, [
      shift.id,
    ])
    expect(told.length).toBe(2)
    await receipt(worker, id, grid ?? '', 'done')
    expect(await progress(county, id)).toMatchObject({ late: 7, done: 1 })
    // What the events come to is what the rows say, for whoever was told of a half and for whoever was not.
    const events = await w.sql(
      `select area, kind, version, step, by, at from receipt_event where instruction_id = $1 order by area, n`,
      [id],
    )
    const rows = await w.sql(`select area, state, version, escalated from receipt where instruction_id = $1`, [id])
    expect(rows.map((row) => row.escalated)).toEqual(Array.from({ length: 8 }, () => 2))
    for (const { area: of, ...row } of rows)
      expect([of, foldReceipt(events.filter((one) => one.area === of))]).toMatchObject([of, row])
  })
})

describe('INSTR-6: at every door', () => {
  const eachDoor = { kinds: ['home'], purpose: 'household' }

  async function doors(grid: string, kinds: readonly string[]): Promise<string[]> {
    const ids = kinds.map(() => randomUUID())
    for (const [i, id] of ids.entries())
      await w.sql(
        `insert into household (county, id, area, emergency_id, kind, use, source, created_at, updated_at) values ($1, $2, $3, $4, $5, 'self', 'test', now(), now())`,
        [A, id, grid, w.emergencyId, kinds[i]],
      )
    return ids
  }

  const filer =
    (worker: Actor) =>
    async (householdId: string, result: string, more: object = {}): Promise<string> => {
      const id = randomUUID()
      const visit = { purpose: 'household', method: 'door', occurredAt: new Date().toISOString(), ...more }
      const filed = await w.post(worker, '/api/visits', { id, householdId, result, ...visit })
      expect([filed.status, filed.text]).toEqual([200, filed.text])
      return id
    }

  /** What the row, the list of counted doors and the phones of the grid say. */
  async function counted(id: string, grid: string): Promise<number[]> {
    const [row] = await w.sql(`select doors_done from receipt where instruction_id = $1 and area = $2`, [id, grid])
    const list = await w.sql(`select 1 from instruction_door where instruction_id = $1 and area = $2`, [id, grid])
    const [fed] = await w.sql(`select body from grid_feed where kind = 'instruction' and id = $1 and grid = $2`, [
      id,
      grid,
    ])
    return [row.doors_done, list.length, fed.body.doorsDone]
  }

  test('doors are counted before, and each once by its first visit at which somebody was met', async () => {
    const grid = w.grids(A)[0] ?? ''
    const [first = '', second = ''] = await doors(grid, ['home', 'home', 'shop'])
    const preview = await w.post(county, '/api/instructions/preview', { area: A, instruction: order({ eachDoor }) })
    expect(preview.body.doors).toBe(2)
    const { id } = await send({ eachDoor })
    const file = filer(await w.worker(grid))
    await file(first, 'not_home', { instructionId: id })
    expect(await progress(county, id)).toMatchObject({ doors: 2, doorsDone: 0 })
    await file(first, 'met', { instructionId: id })
    await file(first, 'met', { instructionId: id })
    await file(second, 'refused', { instructionId: id })
    expect(await progress(county, id)).toMatchObject({ doors: 2, doorsDone: 2 })
  })

  test('a correction that nobody was met takes the door back; the next visit that met somebody counts it, one that says so gives it again', async () => {
    const grid = w.grids(A)[1] ?? ''
    const [home = ''] = await doors(grid, ['home'])
    const { id } = await send({ eachDoor })
    const { id: other } = await send({ eachDoor })
    const file = filer(await w.worker(grid))
    const correct = (supersedes: string, result: string, more: object = {}) =>
      file(home, result, { supersedes, correctionReason: '填错了', ...more })
    const first = await file(home, 'met', { instructionId: id })
    // A correction of other words goes on under the instruction, whether it names it or not.
    const reworded = await correct(first, 'met')
    expect(await counted(id, grid)).toEqual([1, 1, 1])
    const nobody = await correct(reworded, 'not_home', { instructionId: id })
    expect(await counted(id, grid)).toEqual([0, 0, 0])
    expect(await progress(county, id)).toMatchObject({ doorsDone: 0 })
    const again = await correct(nobody, 'met')
    expect(await counted(id, grid)).toEqual([1, 1, 1])
    // Of two visits the second goes on counting when the first is taken back.
    const second = await file(home, 'met', { instructionId: id })
    await correct(again, 'not_home')
    expect(await counted(id, grid)).toEqual([1, 1, 1])
    expect((await w.sql(`select visit_id from instruction_door where instruction_id = $1`, [id]))[0].visit_id).toBe(
      second,
    )
    // Put under another instruction by a correction, it counts there.
    await correct(second, 'met', { instructionId: other })
    expect([await counted(id, grid), await counted(other, grid)]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ])
    const [fed] = await w.sql(`select body from grid_feed where kind = 'visit' and id = $1`, [second])
    expect(fed.body).toMatchObject({ instructionId: id })
  })

  test('a visit and a correction that takes one back at the same moment: the door is counted by the one that stands', async () => {
    const grid = w.grids(A)[2] ?? ''
    const homes = await doors(
      grid,
      Array.from({ length: 8 }, () => 'home'),
    )
    const { id } = await send({ eachDoor })
    const file = filer(await w.worker(grid))
    const firsts = await Promise.all(homes.map((home) => file(home, 'met', { instructionId: id })))
    await Promise.all(
      homes.flatMap((home, i) => [
        file(home, 'not_home', { supersedes: firsts[i], correctionReason: '填错了' }),
        file(home, 'met', { instructionId: id }),
      ]),
    )
    expect(await counted(id, grid)).toEqual([8, 8, 8])
  })
})

describe('INSTR-10: what is over leaves the phones', () => {
  const due = (id: string, area: string) =>
    w.sql(`update receipt set leaves_at = now() - interval '1 minute' where instruction_id = $1 and area = $2`, [
      id,
      area,
    ])
  const fed = async (id: string, grid: string) =>
    (
      await w.sql(`select n::int, body from grid_feed where kind = 'instruction' and id = $1 and grid = $2`, [id, grid])
    )[0]
  const leaves = async (id: string, area: string): Promise<number> => {
    const [row] = await w.sql(
      `select extract(epoch from leaves_at - greatest(due_at, done_at)) / 86400 as days from receipt where instruction_id = $1 and area = $2`,
      [id, area],
    )
    return Number(row.days)
  }

  test('done it goes seven days after its deadline, never done thirty; once it went nothing brings it back but news', async () => {
    const [grid = '', other = ''] = w.grids(A)
    const worker = await w.worker(grid)
    const { id } = await send()
    expect(await leaves(id, grid)).toBe(30)
    await receipt(worker, id, grid, 'done')
    expect([await leaves(id, grid), await leaves(id, other)]).toEqual([7, 30])
    await leavePhones(w.server)
    expect((await fed(id, grid)).body).toMatchObject({ state: 'done' })

    await due(id, grid)
    await due(id, other)
    await leavePhones(w.server)
    const left = await fed(id, grid)
    expect([left.body, (await fed(id, other)).body]).toEqual([
      { gone: true, why: 'over', area: grid },
      { gone: true, why: 'over', area: other },
    ])
    await leavePhones(w.server)
    expect((await fed(id, grid)).n).toBe(left.n)
    // The centre has it all the same.
    expect(await progress(county, id)).toMatchObject({ received: 8, done: 1 })

    // Said late, by a phone that was away: taken, and seen there for a week more.
    await receipt(await w.worker(other), id, other, 'done')
    expect((await fed(id, other)).body).toMatchObject({ state: 'done' })
    // A new version is news for everybody.
    const change = { id, version: 1, title: '再核对', text: '再核对一次', dueAt: soon(8), reason: '上级要求' }
    await w.post(county, `/api/instructions/${id}/change`, change)
    await w.drain()
    expect([(await fed(id, grid)).body, await leaves(id, grid)]).toMatchObject([{ state: 'sent', version: 2 }, 30])
  })

  test('a door visited late under one that has left counts, and brings nothing back', async () => {
    const grid = w.grids(A)[3] ?? ''
    const { id } = await send({ eachDoor: { kinds: ['home'], purpose: 'household' } })
    const home = randomUUID()
    await w.sql(
      `insert into household (county, id, area, emergency_id, kind, use, source, created_at, updated_at) values ($1, $2, $3, $4, 'home', 'self', 'test', now(), now())`,
      [A, home, grid, w.emergencyId],
    )
    await due(id, grid)
    await leavePhones(w.server)
    const visit = { id: randomUUID(), householdId: home, instructionId: id, purpose: 'household', method: 'door' }
    const filed = { ...visit, result: 'met', occurredAt: new Date().toISOString() }
    expect((await w.post(await w.worker(grid), '/api/visits', filed)).status).toBe(200)
    expect(await progress(county, id)).toMatchObject({ doorsDone: 1 })
    expect((await fed(id, grid)).body).toMatchObject({ gone: true })
  })
})
