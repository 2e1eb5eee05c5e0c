import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { canonicalJson } from '@weiwang/domain/access/canonical'
import { notFound } from '@weiwang/domain/core/problems'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildHttp } from '../core/http.ts'
import { A, B } from '../tasks/world.fixture.ts'
import { takeKnown } from './handover.ts'
import { pushWorld } from './push.fixture.ts'
import type { Item, PushWorld } from './push.fixture.ts'
import { keepRefusal } from './refusals.ts'
import { pushRoutes } from './routes-push.ts'

let w: PushWorld
let worker: Actor
let grid: string
beforeAll(async () => {
  w = await pushWorld()
  grid = w.grids(A)[0] ?? ''
  worker = await w.worker(grid)
})
afterAll(() => w.close())

const outcomes = (answer: { body: { results: { outcome: string }[] } }) => answer.body.results.map((one) => one.outcome)

describe('SYNC-12: every item is answered alone', () => {
  test('case 64, show 3: one poisoned item among forty; thirty-nine arrive, the one says where and what to do', async () => {
    const before = await w.count('visit')
    const items: unknown[] = Array.from({ length: 40 }, () => w.visit({ area: grid }))
    items[17] = { ...w.visit({ area: grid }), body: { ...w.visit({ area: grid }).body, occurredAt: 'yesterday' } }
    const answer = await w.send(worker, items)
    expect(answer.status).toBe(200)
    const refused = answer.body.results.filter((one: { outcome: string }) => one.outcome === 'refused')
    expect(refused).toHaveLength(1)
    expect(answer.body.results[17]).toMatchObject({
      outcome: 'refused',
      problem: { code: 'ITEM_UNREADABLE', at: 'occurredAt', rule: 'SYNC-12' },
    })
    expect(answer.body.results[17].problem.remedy.zh).not.toBe('')
    // Case 64: what is wrong, in the reader's language.
    expect(answer.body.results[17].problem.message.zh).toBe('这一条读不懂：occurredAt（无效ISO日期时间）')
    expect(answer.body.results[17].problem.message.en).toMatch(/^This item cannot be read: occurredAt \(Invalid/)
    expect(outcomes(answer).filter((one) => one === 'accepted')).toHaveLength(39)
    expect(await w.count('visit')).toBe(before + 39)
    // Mended under a new key it goes through; the rest are duplicates now.
    const mended = { ...w.visit({ area: grid }) }
    const again = await w.send(worker, [...items.slice(0, 39), mended])
    expect(outcomes(again).filter((one) => one === 'duplicate')).toHaveLength(38)
    expect(outcomes(again).at(-1)).toBe('accepted')
  })

  test('case 41: what is no item at all keeps nothing else from arriving; answers stand in the order of the items', async () => {
    const good = w.visit({ area: grid })
    const answer = await w.send(worker, [null, 7, { key: 'x' }, good, { ...good, key: randomUUID(), body: 'text' }])
    expect(outcomes(answer)).toEqual(['refused', 'refused', 'refused', 'accepted', 'refused'])
    expect(answer.body.results.map((one: { key: string }) => one.key).slice(2, 4)).toEqual(['x', good.key])
  })

  test('case 58: five parallel equal posts give one row, one first and four duplicates with the same answer', async () => {
    const item = w.visit({ area: grid })
    const clock = (i: number): string => new Date(Date.now() + i).toISOString()
    const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => w.send(worker, [item], { clock: clock(i) })))
    expect(answers.flatMap((one) => outcomes(one)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'accepted',
      'duplicate',
      'duplicate',
      'duplicate',
      'duplicate',
    ])
    expect(new Set(answers.map((one) => JSON.stringify(one.body.results[0].answer))).size).toBe(1)
    expect(await w.count('visit where id = $1', [item.body['id']])).toBe(1)
  })

  test('case 39: the answer was lost; long after, whatever became of the task, the repeat gets the first answer', async () => {
    const { id } = await w.task(grid)
    const item = w.visit({ taskId: id, disposition: 'NOT_RESIDENT' })
    const first = await w.send(worker, [item])
    expect(first.body.results[0]).toMatchObject({ outcome: 'accepted', answer: { task: { state: 'returned' } } })
    const again = await w.send(worker, [item])
    expect(again.body.results[0]).toEqual({ ...first.body.results[0], outcome: 'duplicate' })
  })

  test('SYNC-2: the same key with other content is refused', async () => {
    const item = w.visit({ area: grid })
    await w.send(worker, [item])
    const other = await w.send(worker, [{ ...item, body: { ...item.body, result: 'refused' } }])
    expect(other.body.results[0]).toMatchObject({ outcome: 'refused', problem: { code: 'KEY_REUSED' } })
  })

  test('case 55: refused and not to be mended by its worker, it goes to the supervisor as it is, with the worker’s words', async () => {
    const bad = w.visit({ area: grid, note: 'x'.repeat(2001) })
    expect(outcomes(await w.send(worker, [bad]))).toEqual(['refused'])
    const again = { ...bad, key: randomUUID(), mends: bad.key, toSupervisor: '太长，请代为登记' }
    const answer = await w.send(worker, [again])
    expect(answer.body.results[0]).toMatchObject({ outcome: 'held', problem: { code: 'HELD' } })
    expect(outcomes(await w.send(worker, [again]))).toEqual(['held'])
    expect(await w.sql(`select area, reason, state from handover where key = $1`, [again.key])).toEqual([
      { area: grid, reason: 'asked', state: 'waiting' },
    ])
  })

  test('case 19: what a newer phone says beyond this server is kept with the answers; an unknown kind waits, never lost', async () => {
    const item = w.visit({ area: grid, weather: 'storm' })
    const strange = w.item('drone.flight', { id: randomUUID(), height: 30 }, { grid })
    const answer = await w.send(worker, [item, strange])
    expect(answer.body.results[0]).toMatchObject({
      outcome: 'accepted',
      answer: { raw: expect.arrayContaining(['+weather']) },
    })
    expect(answer.body.results[1]).toMatchObject({ outcome: 'held', problem: { code: 'HELD' } })
    expect(await w.sql(`select area, reason, state, kind from handover where key = $1`, [strange.key])).toEqual([
      { area: grid, reason: 'unknown_kind', state: 'waiting', kind: 'drone.flight' },
    ])
  })

  test('SYNC-18: after the upgrade that knows its kind it is taken in by itself as its worker’s work, once; what the supervisor must see waits', async () => {
    const [mine, foreign] = [w.visit({ area: grid }), w.visit({ area: w.grids(B)[0] })]
    // Handed in to the version before, which knew no visits.
    const sent = [mine, foreign].map((item) => ({ ...item, kind: 'visit.later' }))
    expect(outcomes(await w.send(worker, sent))).toEqual(['held', 'held'])
    expect(await takeKnown(w.server)).toBe(0)
    await w.sql(`update handover set kind = 'visit.file' where kind = 'visit.later'`)
    expect([await takeKnown(w.server), await takeKnown(w.server)]).toEqual([1, 0])
    expect(
      await w.sql(`select id, by, area from visit where id = any($1)`, [[mine.body['id'], foreign.body['id']]]),
    ).toEqual([{ id: mine.body['id'], by: worker.id, area: grid }])
    // The phone, still offering it as it was, hears that it is in; the other is still the supervisor's.
    expect(outcomes(await w.send(worker, sent))).toEqual(['accepted', 'held'])
    expect(
      await w.sql(`select state, body_sealed is null as gone, decided_by from handover where key = $1`, [mine.key]),
    ).toEqual([{ state: 'taken', gone: true, decided_by: null }])
    await w.drain()
    expect(
      await w.count(
        `grid_feed where grid = $1 and kind = 'notice' and body ->> 'what' = 'handover_taken' and body ->> 'key' = $2`,
        [grid, mine.key],
      ),
    ).toBe(1)
  })

  test('items about one thing run in the order they were made; what must wait makes the later ones wait', async () => {
    const { id } = await w.task(grid)
    const accept = w.item('task.accept', { id })
    const visit = w.visit({ taskId: id, disposition: 'HERE_MONITOR' })
    const answer = await w.send(worker, [visit, accept])
    expect(outcomes(answer)).toEqual(['accepted', 'accepted'])
    expect(answer.body.results[1].answer).toMatchObject({ state: 'accepted' })
    const kinds = (await w.sql(`select kind from task_event where task_id = $1 order by n`, [id])).map((r) => r.kind)
    expect(kinds.indexOf('accepted')).toBeLessThan(kinds.indexOf('answered'))
  })

  test('a fault of the moment is later, not refused; the same item goes through afterwards', async () => {
    const item = w.visit({ area: grid })
    await w.sql(`alter table visit rename to visit_away`)
    await w.sql(
      `create function visit_gone() returns setof visit_away language plpgsql as $$ begin raise exception 'away' using errcode = '57P03'; end $$`,
    )
    await w.sql(`create view visit as select * from visit_gone()`)
    await w.sql(`grant select, insert, update on visit to weiwang_app, weiwang_jobs`)
    const answer = await w.send(worker, [item])
    await w.sql(`drop view visit`)
    await w.sql(`drop function visit_gone`)
    await w.sql(`alter table visit_away rename to visit`)
    expect(answer.body.results[0]).toMatchObject({ outcome: 'later', problem: { code: 'UNAVAILABLE' } })
    expect(outcomes(await w.send(worker, [item]))).toEqual(['accepted'])
  })

  test('an item that the server itself fails on is kept for a person to look at, and blocks nothing', async () => {
    const bad = w.visit({ area: grid })
    await w.sql(`alter table visit add constraint poison check (id <> '${String(bad.body['id'])}')`)
    const answer = await w.send(worker, [bad, w.visit({ area: grid })])
    await w.sql(`alter table visit drop constraint poison`)
    expect(outcomes(answer)).toEqual(['held', 'accepted'])
    expect(await w.count(`handover where key = $1 and reason = 'server_fault'`, [bad.key])).toBe(1)
  })

  test('somebody else logged in on the same phone: nothing is filed under the wrong name', async () => {
    const other = await w.worker(grid)
    const item = w.visit({ area: grid })
    const answer = await w.send(other, [item], { account: worker.id })
    expect([answer.status, answer.body.code]).toEqual([409, 'OTHER_ACCOUNT'])
    expect(await w.count('visit where id = $1', [item.body['id']])).toBe(0)
    // Nor does the phone become theirs, whatever was sealed on it before.
    const body = { device: randomUUID(), account: worker.id, app: '1', protocol: 1 }
    const made = await w.post(other, '/api/sync/phones', body)
    expect([made.status, made.body.code]).toEqual([409, 'OTHER_ACCOUNT'])
    expect(await w.count('phone where device = $1', [body.device])).toBe(0)
  })

  test('nothing personal arrives without an emergency in force: the item stays on the phone with the reason', async () => {
    await w.sql(`update emergency set state = 'ended'`)
    const answer = await w.send(worker, [w.visit({ area: grid }), w.item('drone.flight', {}, { grid })])
    await w.sql(`update emergency set state = 'open'`)
    expect(answer.body.results.map((one: { problem: { code: string } }) => one.problem.code)).toEqual([
      'NO_OPEN_EMERGENCY',
      'NO_OPEN_EMERGENCY',
    ])
  })
})

describe('SYNC-13: change of duty', () => {
  test('case 1: work done while it was mine counts under my name though the grid was taken away meanwhile', async () => {
    const mine = await w.worker(w.grids(A)[1] ?? '')
    const { id } = await w.task(w.grids(A)[1] ?? '')
    const item = w.visit(
      { taskId: id, disposition: 'HERE_NO_RISK' },
      { at: new Date(Date.now() - 60_000).toISOString() },
    )
    const after = await w.takeAway(mine)
    const answer = await w.send(after, [item])
    expect(answer.body.results[0]).toMatchObject({
      outcome: 'accepted',
      answer: { task: { outcome: 'answered' } },
      movedTo: { area: w.grids(A)[1] },
    })
    expect(await w.sql(`select by, area from visit where id = $1`, [item.body['id']])).toEqual([
      { by: mine.id, area: w.grids(A)[1] },
    ])
    expect(outcomes(await w.send(after, [item]))).toEqual(['duplicate'])
    // And nothing more of it: what is done from now on is not mine.
    const late = w.visit({ taskId: id }, { at: new Date(Date.now() + 60_000).toISOString() })
    expect(outcomes(await w.send(after, [late]))).toEqual(['held'])
  })

  test('a task that moved to the next grid takes the report along; its old worker sees where it went', async () => {
    const [from, to] = [w.grids(A)[2] ?? '', w.grids(A)[3] ?? '']
    const mine = await w.worker(from)
    const { id } = await w.task(from)
    const made = new Date().toISOString()
    w.server.clock.shift(60_000)
    const passed = await w.post(await w.desk(A), `/api/tasks/${id}/pass`, { area: to, reason: '住在隔壁网格' })
    expect(passed.body.area).toBe(to)
    const item = w.visit({ taskId: id, disposition: 'HERE_NO_RISK' }, { at: made })
    const answer = await w.send(mine, [item])
    expect(answer.body.results[0]).toMatchObject({ outcome: 'accepted', movedTo: { area: to, name: `区${to}` } })
    expect((await w.sql(`select area from visit where id = $1`, [item.body['id']]))[0].area).toBe(to)
  })

  test('case 2: a door that the centre moved to the next grid: what was done there before counts, what comes after waits', async () => {
    const [from, to] = [w.grids(B)[5] ?? '', w.grids(B)[6] ?? '']
    const mine = await w.worker(from)
    const householdId = randomUUID()
    await w.sql(
      `insert into household (county, id, area, emergency_id, kind, use, members, source, created_at, updated_at)
       values (left($2, 6), $1, $2, $3, 'home', 'self', 1, 'test', now(), now())`,
      [householdId, from, w.emergencyId],
    )
    const before = w.visit({ householdId })
    w.server.clock.shift(60_000)
    // What the people room and the feed write when a door moves.
    await w.sql(`update household set area = $2 where id = $1`, [householdId, to])
    await w.server.asSystem('test', async (ctx) =>
      ctx.feed({ grid: from, kind: 'household', id: householdId, body: { gone: true } }),
    )
    w.server.clock.shift(60_000)
    const answer = await w.send(mine, [before, w.visit({ householdId })])
    expect(outcomes(answer)).toEqual(['accepted', 'held'])
    expect(answer.body.results[0].movedTo.area).toBe(to)
    expect(await w.sql(`select area, reason from handover where account_id = $1`, [mine.id])).toEqual([
      { area: to, reason: 'not_mine' },
    ])
  })

  test('cases 36, 42, 43: work on what never was mine waits for the supervisor of the place, in one queue', async () => {
    const [own, other] = [w.grids(A)[4] ?? '', w.grids(B)[4] ?? '']
    const mine = await w.worker(own)
    const { id } = await w.task(other)
    const item = w.visit({ taskId: id, disposition: 'HERE_MONITOR', note: '邻居说已返苏' })
    const desk = await w.desk(B)
    await w.sql(
      `insert into area_contact (area, role, name, phone, updated_at) values ($1, 'supervisor', '李主任', '0512-5550101', now())`,
      [B],
    )
    const answer = await w.send(mine, [item])
    expect(answer.body.results[0]).toMatchObject({
      outcome: 'held',
      problem: { code: 'HELD', rule: 'SYNC-13', details: { helper: { name: '李主任', phone: '0512-5550101' } } },
    })
    // Pushed again in any number: still one.
    await Promise.all([w.send(mine, [item]), w.send(mine, [item])])
    expect(await w.count('handover where key = $1', [item.key])).toBe(1)
    expect(await w.count('visit where id = $1', [item.body['id']])).toBe(0)
    const here = await w.get(desk, `/api/sync/handovers?worker=${mine.id}`)
    expect(here.body).toMatchObject({
      total: 1,
      items: [{ worker: { id: mine.id }, state: 'waiting', reason: 'not_mine' }],
    })
    expect((await w.get(await w.desk(A), `/api/sync/handovers?area=${A}&worker=${mine.id}`)).body.total).toBe(0)
    expect((await w.get(await w.desk(A), `/api/sync/handovers?area=${B}`)).status).toBe(404)
    const handoverId = here.body.items[0].id
    expect((await w.post(await w.desk(A), `/api/sync/handovers/${handoverId}/take`, {})).status).toBe(404)
    expect((await w.post(await w.worker(other), `/api/sync/handovers/${handoverId}/take`, {})).status).toBe(403)
    // The body lies sealed and is opened for a purpose that is kept.
    const [row] = await w.sql(`select body_sealed from handover where id = $1`, [handoverId])
    expect(row.body_sealed.toString('utf8')).not.toContain('邻居')
    const opened = await w.post(desk, `/api/sync/handovers/${handoverId}/open`, { purpose: 'take_in' })
    expect(opened.body.body).toMatchObject({ note: '邻居说已返苏' })
    expect(await w.count(`audit where verb = 'handover.open' and purpose = 'take_in'`)).toBe(1)
    // Even when the grid becomes mine meanwhile, it stays in the one queue where it is.
    const now = { ...mine, scope: [own, other], area: '32' }
    expect(outcomes(await w.send(now, [item]))).toEqual(['held'])

    const taken = await w.post(desk, `/api/sync/handovers/${handoverId}/take`, {})
    expect(taken.body).toMatchObject({ state: 'taken', answer: { task: { id } } })
    expect(await w.sql(`select by, area from visit where id = $1`, [item.body['id']])).toEqual([
      { by: mine.id, area: other },
    ])
    expect(
      await w.sql(
        `select actor, detail ->> 'author' as author from audit where verb = 'visit.file' and outcome = 'done' and thing_id = $1`,
        [item.body['id']],
      ),
    ).toEqual([{ actor: desk.id, author: mine.id }])
    expect((await w.sql(`select body_sealed, state from handover where id = $1`, [handoverId]))[0]).toEqual({
      body_sealed: null,
      state: 'taken',
    })
    expect((await w.post(desk, `/api/sync/handovers/${handoverId}/take`, {})).body.code).toBe('HANDOVER_DECIDED')
    const again = await w.send(mine, [item])
    expect(again.body.results[0]).toMatchObject({ outcome: 'accepted', answer: { task: { id } } })
    // SYNC-14: it is in a backup when the visit is, not when the item was only waiting.
    const [visit] = await w.sql(`select recorded_at from visit where id = $1`, [item.body['id']])
    expect(again.body.results[0].recordedAt).toBe(visit.recorded_at.toISOString())
    // The worker's phone is told in a grid that it covers.
    await w.drain()
    const [notice] = await w.sql(`select grid, body from grid_feed where kind = 'notice' and id = $1`, [
      `handover/${handoverId}`,
    ])
    expect(notice).toMatchObject({
      grid: own,
      body: { for: mine.id, what: 'handover_taken', key: item.key, byName: desk.name },
    })
  })

  test('case 55: set aside with a reason, which the worker reads; it is not deleted', async () => {
    const mine = await w.worker(w.grids(A)[5] ?? '')
    const { id } = await w.task(w.grids(A)[6] ?? '')
    const item = w.visit({ taskId: id })
    await w.send(mine, [item])
    const desk = await w.desk(A)
    const list = await w.get(desk, `/api/sync/handovers?worker=${mine.id}`)
    const aside = await w.post(desk, `/api/sync/handovers/${list.body.items[0].id}/set-aside`, { reason: '同事已查过' })
    expect(aside.body.state).toBe('set_aside')
    const own = await w.get(mine, '/api/sync/handovers/mine')
    const asked = own.body.items.map((one: { key: string }) => one.key)
    const some = await w.get(mine, `/api/sync/handovers/mine?keys=${asked[0]},${randomUUID()}`)
    expect([some.status, some.body.items.map((one: { key: string }) => one.key)]).toEqual([200, [asked[0]]])
    expect((await w.get(mine, '/api/sync/handovers/mine?keys=no')).status).toBe(400)
    expect(own.body).toMatchObject({
      total: 1,
      items: [{ key: item.key, state: 'set_aside', note: '同事已查过', decidedBy: desk.name }],
    })
    expect((await w.get(await w.worker(grid), '/api/sync/handovers/mine')).body.total).toBe(0)
    const again = await w.send(mine, [item])
    expect(again.body.results[0]).toMatchObject({
      outcome: 'refused',
      problem: { code: 'SET_ASIDE', details: { note: '同事已查过' } },
    })
    expect(await w.count('handover where key = $1 and body_sealed is not null', [item.key])).toBe(1)
  })

  test('case 7: a worker without any duty files nothing; what arrives waits for the supervisor', async () => {
    const nobody = { ...(await w.worker(w.grids(A)[7] ?? '')), scope: [], area: '' }
    await w.sql(`delete from duty where account_id = $1`, [nobody.id])
    const { id } = await w.task(w.grids(A)[7] ?? '')
    const answer = await w.send(nobody, [w.visit({ taskId: id }), w.visit({ area: w.grids(A)[7] })])
    expect(outcomes(answer)).toEqual(['held', 'held'])
    expect((await w.get(nobody, '/api/sync/handovers')).status).toBe(403)
  })

  test('SYNC-12: what was refused stays so: it comes late in a request of before or after, doubled, at another process, and is not run', async () => {
    const place = w.grids(A)[2] ?? ''
    const mine = await w.worker(place)
    const { id } = await w.task(place)
    const accept = w.item('task.accept', { id }, { at: new Date(Date.now() - 60_000).toISOString() })
    const at = (seconds: number) => ({ clock: new Date(Date.now() + seconds * 1000).toISOString() })
    const told = at(0)
    const first = await w.send(await w.takeAway(mine), [accept], told)
    expect(outcomes(first)).toEqual(['refused'])
    // Now it could be accepted, while the phone shows it as refused.
    await w.sql(`update duty set to_day = null, cut_at = null where account_id = $1`, [mine.id])
    for (const when of [told, at(-45), at(45)])
      expect((await w.send(mine, [accept], when)).body.results).toEqual(first.body.results)
    const other = await buildHttp(w.server, async () => mine)
    pushRoutes(other)
    try {
      const answer = await other.app.inject({
        method: 'POST',
        url: '/api/sync/push',
        headers: { authorization: 'Bearer x' },
        payload: { device: randomUUID(), protocol: 1, app: 'test', waiting: 1, items: [accept], ...told },
      })
      expect(answer.json().results).toEqual(first.body.results)
    } finally {
      await other.app.close()
    }
    expect(await w.count(`task where id = $1 and state = 'accepted'`, [id])).toBe(0)
    expect(outcomes(await w.send(mine, [{ ...accept, key: randomUUID() }]))).toEqual(['accepted'])
    expect(await w.count(`task where id = $1 and state = 'accepted'`, [id])).toBe(1)
  })

  test('SYNC-12: decided upon twice in one moment, an item that got in is not refused as well', async () => {
    const mine = await w.worker(grid)
    const item = w.visit({ area: grid })
    const device = randomUUID()
    await w.send(mine, [item], { device })
    const before = await w.count('idempotency where key = $1', [`${mine.id}/${item.key}`])
    const read = { ...item, at: new Date(item.at), grid: null, ids: [] }
    const problem = notFound({ thing: 'visit' }).body
    const options = {
      device,
      protocol: 1,
      home: grid,
      keyCounty: '320506',
      same: canonicalJson([item.kind, item.body]),
    }
    expect(await keepRefusal(w.server, mine, read, options, problem)).toBeNull()
    expect([before, await w.count('idempotency where key = $1', [`${mine.id}/${item.key}`])]).toEqual([1, 1])
  })

  test('an acceptance of what is somebody else’s now binds nobody; a thing that nobody knows is a fault of the content', async () => {
    const mine = await w.worker(w.grids(A)[1] ?? '')
    const { id } = await w.task(w.grids(A)[1] ?? '')
    const accept = w.item('task.accept', { id }, { at: new Date(Date.now() - 60_000).toISOString() })
    const after = await w.takeAway(mine)
    const answer = await w.send(after, [accept, w.visit({ taskId: randomUUID() })])
    expect(answer.body.results.map((one: { problem: { code: string } }) => one.problem.code)).toEqual([
      'NOT_YOURS_NOW',
      'NOT_FOUND',
    ])
    expect((await w.sql(`select state from task where id = $1`, [id]))[0].state).toBe('pushed')
  })

  test('a report on a door whose own making waits for the supervisor waits beside it', async () => {
    const mine = await w.worker(grid)
    const householdId = randomUUID()
    const door = w.item('household.add', { id: householdId, area: w.grids(B)[0], kind: 'home' })
    const visit = w.visit({ householdId })
    const answer = await w.send(mine, [visit, door])
    expect(outcomes(answer)).toEqual(['held', 'held'])
    const desk = await w.desk(B)
    const list = (await w.get(desk, `/api/sync/handovers?worker=${mine.id}`)).body.items
    const idOf = (kind: string) => list.find((one: Item) => one.kind === kind).id
    expect((await w.post(desk, `/api/sync/handovers/${idOf('visit.file')}/take`, {})).status).toBe(404)
    expect((await w.post(desk, `/api/sync/handovers/${idOf('household.add')}/take`, {})).status).toBe(200)
    expect((await w.post(desk, `/api/sync/handovers/${idOf('visit.file')}/take`, {})).status).toBe(200)
    expect((await w.sql(`select area, by from visit where id = $1`, [visit.body['id']]))[0]).toEqual({
      area: w.grids(B)[0],
      by: mine.id,
    })
  })

  test('case 42: every record that was handed in is in exactly one place', async () => {
    const rows = await w.sql(`
      select h.state, exists (select from idempotency i where i.key = h.account_id || '/' || h.key and i.action = 'handover.hold') as held,
        exists (select from idempotency i where i.key = h.account_id || '/' || h.key and i.action <> 'handover.hold') as filed
      from handover h`)
    expect(rows.length).toBeGreaterThan(5)
    expect(rows.every((row) => row.held && !row.filed)).toBe(true)
  })
})

test('SYNC-12: nothing of a request from before a restore is run, for it may have been refused then; told again it goes through', async () => {
  const mine = await w.worker(w.grids(B)[3] ?? '')
  const item = w.visit({ area: w.grids(B)[3] })
  const before = await w.send(mine, [item], { restoredAt: '2020-02-15T01:00:00.000Z' })
  expect(before.body).toMatchObject({ restoredAt: null, results: [{ key: item.key, outcome: 'later' }] })
  expect(await w.count('visit where by = $1', [mine.id])).toBe(0)
  expect(outcomes(await w.send(mine, [item], { restoredAt: null }))).toEqual(['accepted'])
})

test('case 8: a server restored from an older backup is offered everything again; what it lacks is taken, a second time creates nothing', async () => {
  const mine = await w.worker(w.grids(B)[2] ?? '')
  const items = Array.from({ length: 6 }, () => w.visit({ area: w.grids(B)[2] }))
  expect(new Set(outcomes(await w.send(mine, items)))).toEqual(new Set(['accepted']))
  // The backup holds the first four of them.
  const lost = items.slice(4).map((one) => one.body['id'])
  await w.sql(`delete from visit where id = any($1::uuid[])`, [lost])
  await w.sql(`delete from idempotency where key = any($1::text[])`, [
    items.slice(4).map((one) => `${mine.id}/${one.key}`),
  ])
  // Of one of the four the key was already cleared away: the visit knows itself (VISIT-1).
  await w.sql(`delete from idempotency where key = $1`, [`${mine.id}/${items[0]?.key}`])
  expect(outcomes(await w.send(mine, items))).toEqual([
    'duplicate',
    'duplicate',
    'duplicate',
    'duplicate',
    'accepted',
    'accepted',
  ])
  expect(new Set(outcomes(await w.send(mine, items)))).toEqual(new Set(['duplicate']))
  expect(await w.count('visit where by = $1', [mine.id])).toBe(6)
})
