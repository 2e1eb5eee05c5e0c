import { addDays } from '@weiwang/domain/core/day'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { placePersons } from '../people/places.ts'
import { feedChanged } from './feeding.ts'
import { raiseFloors } from './floors.ts'
import { FAR_GRID, GRID, GRID2, phoneWorld, VILLAGE } from './sync.fixture.ts'
import type { Phone } from './sync.fixture.ts'

let p: Phone
let homes: Awaited<ReturnType<Phone['doors']>>
beforeAll(async () => {
  p = await phoneWorld()
  homes = await p.doors(GRID, 12)
  await p.doors(GRID2, 3)
  await p.doors(FAR_GRID, 3)
})
afterAll(() => p.close())

const kinds = (items: { kind: string }[]): Record<string, number> =>
  items.reduce<Record<string, number>>((n, { kind }) => ({ ...n, [kind]: (n[kind] ?? 0) + 1 }), {})

describe('SYNC-3: a phone pulls its grids, strictly by number', () => {
  test('page by page, each thing once, names opened with one line of the audit a page', async () => {
    const worker = await p.worker([GRID])
    const pages = await p.pullAll(worker, { limit: 10 })
    const items = pages.flatMap((page) => page.items)
    expect(kinds(items)).toEqual({ household: 12, person: 24 })
    expect(items.map((item) => item.n)).toEqual(items.map((item) => item.n).toSorted((a, b) => a - b))
    expect(new Set(items.map((item) => `${item.kind}/${item.id}`)).size).toBe(36)
    expect(pages.length).toBeGreaterThanOrEqual(4)
    const person = items.find((item) => item.id === homes[0]?.personIds[0])
    expect(person?.identity).toEqual({ name: '王一甲', phone: null, birth: '1960-02-10', documentEnd: null })
    expect(person?.body).toMatchObject({ area: GRID, householdId: homes[0]?.householdId, masked: '王*甲' })
    const lines = await p.sql(`select ids, purpose from audit where actor = $1 and verb = 'person.open_page'`, [
      worker.id,
    ])
    expect(new Set(lines.flatMap((line) => line.ids))).toEqual(new Set(homes.flatMap((home) => home.personIds)))
    expect(lines.every((line) => line.purpose === 'check_at_door')).toBe(true)
  })

  test('nothing new is one short answer and no line in the audit', async () => {
    const worker = await p.worker([GRID])
    const first = (await p.pullAll(worker)).at(-1)
    const again = await p.pull(worker, {
      grids: first?.grids.map(({ grid, epoch, to }) => ({ grid, epoch, n: to })) ?? [],
      mine: (await p.pull(worker)).mine?.version ?? '',
      reference: (await p.pull(worker)).reference?.version ?? '',
    })
    expect(again.items).toEqual([])
    expect(again.more).toBe(false)
    expect(again.bytes).toBeLessThan(400)
  })

  test('a duty over a village is its grids; a unit alone is its part of the grid', async () => {
    const wide = await p.worker([VILLAGE])
    expect((await p.pull(wide)).grids.map(({ grid }) => grid)).toEqual([GRID, GRID2])
    await p.sql(`update household set area = $1 || '003' where id = $2`, [GRID, homes[1]?.householdId])
    await p.sql(`update grid_feed set body = jsonb_set(body, '{area}', to_jsonb($1 || '003')) where id = $2`, [
      GRID,
      homes[1]?.householdId,
    ])
    const narrow = await p.worker([`${GRID}003`])
    const pages = await p.pullAll(narrow)
    expect(pages.flatMap((page) => page.items).map((item) => item.id)).toEqual([homes[1]?.householdId])
    expect(pages.at(-1)?.grids[0]?.to).toBe(pages.at(-1)?.grids[0]?.n)
  })
})

describe('SYNC-10: what is not covered today is not sent', () => {
  test('cases 7, 48: without a duty there is nothing of anybody, and whom to call is told', async () => {
    const worker = await p.worker([])
    const answer = await p.pull(worker, { grids: [{ grid: GRID, epoch: 1, n: 0 }] })
    expect(answer.items).toEqual([])
    expect(answer.grids).toEqual([])
    expect(answer.gone).toEqual([GRID])
    expect(answer.mine?.duties).toEqual([])
    // What is kept of a place for seconds is forgotten with the word that it changed.
    const desk = p.actor({ area: '320508', roles: ['chief'] })
    const put = { area: '320508001', role: 'centre', name: '平江街道网格中心', phone: '0512-67270000' }
    expect((await p.request(desk, 'POST', '/api/sync/contacts', put)).status).toBe(200)
    const told = await p.pull(worker)
    expect(told.mine?.helpers.map((helper) => helper.role)).toEqual(['centre'])
  })

  test('cases 1, 52: a grid that is taken away is named as gone at the next contact, whatever the phone asks for', async () => {
    const worker = await p.worker([GRID, GRID2])
    const before = await p.pullAll(worker)
    expect(before.flatMap((page) => page.items).length).toBeGreaterThan(20)
    await p.sql(`update duty set ended_at = now() where account_id = $1 and area = $2`, [worker.id, GRID])
    const after = await p.pull(worker, {
      grids: [
        { grid: GRID, epoch: 1, n: 0 },
        { grid: GRID2, epoch: 1, n: 0 },
        { grid: FAR_GRID, epoch: 1, n: 0 },
      ],
    })
    expect(after.gone).toEqual([GRID, FAR_GRID])
    expect(new Set(after.items.map((item) => item.grid))).toEqual(new Set([GRID2]))
  })

  test('who stands in has the grid on the days of the leave and not after, and the own grid all along; the absent one has it again', async () => {
    const [absent, helper] = [await p.worker([GRID]), await p.worker([GRID2])]
    const stands = { ...helper, scope: [GRID, GRID2] }
    const leave = async (from: string, to: string) => {
      await p.sql(`delete from duty where stands_in_for = $1`, [absent.id])
      await p.sql(
        `insert into duty (id, account_id, area, kind, stands_in_for, account_name, from_day, to_day, created_at) values (gen_random_uuid(), $1, $2, 'stand_in', $3, '顶替', $4, $5, now())`,
        [helper.id, GRID, absent.id, from, to],
      )
    }
    const today = p.server.clock.today()
    await leave(today, today)
    const during = await p.pullAll(stands)
    const duties = during[0]?.mine?.duties ?? []
    expect(duties.map(({ grid, standIn, toDay }) => [grid, standIn, toDay])).toEqual([
      [GRID, true, today],
      [GRID2, false, null],
    ])
    expect(new Set(during.flatMap((page) => page.items).map((item) => item.grid))).toEqual(new Set([GRID, GRID2]))
    await leave(addDays(today, -3), addDays(today, -1))
    const grids = during.at(-1)?.grids.map(({ grid, epoch, to }) => ({ grid, epoch, n: to })) ?? []
    const after = await p.pull(helper, { grids })
    expect(after.gone).toEqual([GRID])
    expect(after.mine?.duties.map(({ grid }) => grid)).toEqual([GRID2])
    expect((await p.pullAll(absent)).flatMap((page) => page.items).some((item) => item.grid === GRID)).toBe(true)
  })

  test('a desk is no phone: its scope sends nothing', async () => {
    const { id } = await p.worker([], '320508')
    const desk = p.actor({ id, area: '320508', roles: ['operator'] })
    expect((await p.pull(desk)).grids).toEqual([])
  })
})

describe('what moves', () => {
  test('cases 1, 32: a person who moves to another grid is gone from the one and there in the other', async () => {
    const [home] = await p.doors(GRID, 1, 1)
    const worker = await p.worker([GRID])
    const next = await p.worker([GRID2])
    const cursors = async (actor: typeof worker) =>
      (await p.pullAll(actor)).at(-1)?.grids.map(({ grid, epoch, to }) => ({ grid, epoch, n: to })) ?? []
    const [mine, theirs] = [await cursors(worker), await cursors(next)]
    const personId = home?.personIds[0] ?? ''
    await p.server.asSystem('test.move', (ctx) =>
      placePersons(ctx, [
        {
          personId,
          area: GRID2,
          householdId: null,
          kind: 'own',
          address: null,
          source: 'test',
          placed: true,
          fromDay: ctx.today,
        },
      ]),
    )
    await p.drain()
    const left = await p.pull(worker, { grids: mine })
    expect(left.items.find((item) => item.id === personId)?.body).toEqual({ gone: true })
    expect(left.items.find((item) => item.id === home?.householdId)?.body).toMatchObject({ members: 0 })
    const come = await p.pull(next, { grids: theirs })
    expect(come.items.find((item) => item.id === personId)?.body).toMatchObject({ area: GRID2 })
    // A phone that begins now hears nothing of what is gone.
    const fresh = await p.pullAll(await p.worker([GRID]))
    expect(fresh.flatMap((page) => page.items).some((item) => item.id === personId)).toBe(false)
    // The same reaction again takes no number.
    const clocks = await p.sql(`select grid, n from grid_clock order by grid`)
    await p.server.asSystem('test.again', async (ctx) => {
      ctx.emit('people.changed', { personIds: [personId], householdIds: [home?.householdId] })
    })
    await p.drain()
    expect(await p.sql(`select grid, n from grid_clock order by grid`)).toEqual(clocks)
  })

  test('of two reactions side by side the one that waited does not write what it had read over what the other has told', async () => {
    const [near] = homes
    const [far] = await p.doors(GRID2, 1)
    const [q, id] = [near?.personIds[1], far?.personIds[0]]
    const change = (ids: unknown[]) =>
      p.sql(`update person set version = version + 1 where person_id = any($1::uuid[])`, [ids])
    const waits = async () =>
      (await p.sql(`select 1 from pg_locks where not granted and pid <> pg_backend_pid()`)).length
    await change([q, id])
    const holder = new pg.Client({ connectionString: p.adminUrl })
    await holder.connect()
    try {
      await holder.query('begin')
      await holder.query(`update grid_clock set n = n where grid = $1`, [GRID])
      const waiting = feedChanged(p.server, { personIds: [q, id], householdIds: [] })
      await expect.poll(waits).toBe(1)
      await change([id])
      await feedChanged(p.server, { personIds: [id], householdIds: [] })
      await holder.query('commit')
      await waiting
    } finally {
      await holder.end()
    }
    const [there] = await p.sql(
      `select (f.body ->> 'version')::int as told, p.version from grid_feed f join person p on p.person_id::text = f.id
       where f.kind = 'person' and f.id = $1 and f.grid = $2`,
      [id, GRID2],
    )
    expect(there?.told).toBe(there?.version)
  })

  test('SYNC-8: another epoch begins anew; SYNC-9: so does a phone from before the floor, and nobody else', async () => {
    const worker = await p.worker([GRID])
    const level = (await p.pullAll(worker)).at(-1)?.grids ?? []
    const n = level[0]?.to ?? 0
    const ask = async (cursor: { epoch: number; n: number }) =>
      (await p.pull(worker, { grids: [{ grid: GRID, ...cursor }] })).grids[0]
    expect(await ask({ epoch: 1, n })).toMatchObject({ reset: false, to: n })
    expect(await ask({ epoch: 0, n })).toMatchObject({ reset: true })
    // A restored server knows less than the phone.
    expect(await ask({ epoch: 1, n: n + 5 })).toMatchObject({ reset: true })
    await p.sql(
      `update grid_feed set at = now() - interval '40 days' where grid = $1 and body ->> 'gone' is not null`,
      [GRID],
    )
    const [gone] = await p.sql(
      `select max(n)::int as n from grid_feed where grid = $1 and body ->> 'gone' is not null`,
      [GRID],
    )
    await raiseFloors(p.server)
    await raiseFloors(p.server)
    expect(await ask({ epoch: 1, n: gone.n - 1 })).toMatchObject({ reset: true, to: n })
    expect(await ask({ epoch: 1, n: gone.n })).toMatchObject({ reset: false })
    expect(await ask({ epoch: 1, n: 0 })).toMatchObject({ reset: false })
  })
})

test('what was urgent in the head page and went before the first page is taken away by the first page', async () => {
  const worker = await p.worker([GRID2])
  const feed = (body: object, urgent: boolean) =>
    p.server.asSystem('test.urgent', async (ctx) =>
      ctx.feed({ grid: GRID2, kind: 'task', id: 'here-and-gone', urgent, body }),
    )
  await feed({ area: GRID2 }, true)
  const head = await p.pull(worker, { head: true, grids: [{ grid: GRID2, epoch: 1, n: 0 }] })
  expect(head.items.map((item) => item.id)).toContain('here-and-gone')
  await feed({ gone: true, why: 'returned' }, false)
  const items: { id: string; body: unknown }[] = []
  for (let n = 0, more = true; more;) {
    const page = await p.pull(worker, { grids: [{ grid: GRID2, epoch: 1, n }] })
    items.push(...page.items)
    n = page.grids[0]?.to ?? n
    more = page.more
  }
  expect(items.find((item) => item.id === 'here-and-gone')?.body).toEqual({ gone: true, why: 'returned' })
})

test('the head page is bounded, holds what is urgent and moves no cursor', async () => {
  const worker = await p.worker([GRID2])
  await p.server.asSystem('test.urgent', async (ctx) => {
    for (let i = 0; i < 120; i++)
      ctx.feed({ grid: GRID2, kind: 'task', id: `t${i}`, urgent: true, body: { area: GRID2, i } })
  })
  const head = await p.pull(worker, { head: true, grids: [{ grid: GRID2, epoch: 1, n: 4 }] })
  expect(head.items.length).toBe(100)
  expect(head.items.every((item) => item.kind === 'task')).toBe(true)
  expect(head.grids[0]).toMatchObject({ to: 4, reset: false })
  expect(head.more).toBe(false)
})
