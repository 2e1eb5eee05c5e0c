import { randomUUID } from 'node:crypto'
import type { Actor, Role } from '@weiwang/domain/access/actor'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { Figure, Figures } from '@weiwang/domain/stats/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRetention } from '../access/retention.ts'
import { serviceJobs } from '../observation/service-jobs.ts'
import { serviceRoutes } from '../observation/service-routes.ts'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { closeAttachments } from '../teams/force-attach.ts'
import { forceJobs } from '../teams/force-jobs.ts'
import { forceRoutes } from '../teams/force-routes.ts'
import { rebuildStats } from './rebuild.ts'
import { statRoutes } from './routes.ts'

/** Forces beside tasks and services: figures and their lists, red doors without kit, and work that is handed over. */
let w: World
let province: Actor
let desk: Actor
const IDS = ['forces_people', 'forces_volunteers', 'forces_attached', 'forces_gaps', 'turns_worked'] as const

beforeAll(async () => {
  w = await makeWorld({
    rooms: [
      { room: 'services', jobs: serviceJobs },
      { room: 'forces', jobs: forceJobs },
    ],
    routes: [serviceRoutes, forceRoutes, statRoutes],
  })
  province = await w.desk('32')
  desk = await w.desk(A)
  at(hour(10, 1))
})
afterAll(() => w.close())

const day = (n = 0) => addDays(w.server.clock.today(), n)
const hour = (n: number, add = 0) => instantOf(day(add), w.server.clock.zone, n)
const at = (when: Date) => w.server.clock.shift(when.getTime() - w.server.clock.now().getTime())
const ok = async (actor: Actor, url: string, body: object) => {
  const answer = await w.post(actor, url, body)
  if (answer.status !== 200) throw new Error(`${url} ${answer.status} ${answer.text}`)
  return answer.body
}
const of = (row: { figures: Figure[] }, id: string) => row.figures.find((figure) => figure.id === id)?.n

/** An officer without a duty yet, of a county. */
async function officer(name: string, area = A, roles: Role[] = ['officer']): Promise<Actor> {
  const one = await w.desk(area, roles)
  await w.sql('update account set name = $2 where id = $1', [one.id, name])
  return { ...one, name }
}

test('STAT-2, STAT-3, STAT-5: each figure opens its list, children add up, counting again finds no difference', async () => {
  const desks: Record<string, Actor> = { [A]: desk, [B]: await w.desk(B) }
  for (const [i, grid] of [...w.grids(A), ...w.grids(B)].entries()) {
    const by = desks[grid.slice(0, 6)] ?? desk
    const kind = i % 3 === 0 ? 'property' : 'volunteer'
    const phone = `1380000${String(1000 + i)}`
    const { id } = await ok(by, '/api/forces/people', {
      area: grid,
      name: `人${i}`,
      phone,
      kind,
      orgId: null,
      skills: [],
      hours: [],
    })
    if (i % 4 !== 1) await ok(by, `/api/forces/people/${id}/confirm`, {})
    if (i % 5 === 0) {
      const body = { id: randomUUID(), area: grid, body: 'court', bodyName: '法院', from: day(), to: day(9) }
      await ok(by, '/api/forces/attachments', { ...body, accountId: (await officer(`法官${i}`, grid.slice(0, 6))).id })
    }
    const postId = randomUUID()
    await ok(by, '/api/forces/posts', { id: postId, area: grid, kind: 'gate', name: `门${i}` })
    await ok(by, '/api/forces/shifts', { postId, from: day(), to: day(), starts: '08:00', ends: '20:00', needed: 1 })
    if (i % 2 === 1) continue
    const worker = await w.worker(grid)
    const shift = (await w.get(by, `/api/forces/shifts?post=${postId}`)).body.items[0]
    await ok(by, `/api/forces/shifts/${shift.id}/turns`, { turnId: randomUUID(), accountId: worker.id })
    const { code } = (await w.get(by, `/api/forces/posts/${postId}/code`)).body
    await ok(worker, '/api/forces/sign', { code, act: 'in' })
    if (i % 4 === 0) await ok(worker, '/api/forces/sign', { code, act: 'out' })
  }
  const figures = async (area: string): Promise<Figures> =>
    (await w.get(province, `/api/stats/figures?area=${area}`)).body
  const top = await figures('32')
  expect(IDS.map((id) => of(top, id))).toEqual([12, 7, 4, 8, 4])
  for (const area of ['32', '3205', A, `${A}001`, `${A}001001`, w.grids(A)[0] ?? '']) {
    const answer = await figures(area)
    for (const id of IDS) {
      const below = answer.children.reduce((sum, row) => sum + (of(row, id) ?? 0), 0)
      expect([area, id, answer.children.length === 0 ? of(answer, id) : below]).toEqual([area, id, of(answer, id)])
      const door = answer.figures.find((figure) => figure.id === id)?.door
      const list = await w.get(province, `${door?.path}?${new URLSearchParams(door?.query).toString()}`)
      expect([area, id, list.status, list.body.total]).toEqual([area, id, 200, of(answer, id)])
    }
  }
  // What the desk mends moves the counter with the row.
  const open = (await w.get(desk, `/api/forces/turns?area=${A}`)).body.items.find(
    (one: { state: string }) => one.state === 'worked',
  )
  await ok(desk, `/api/forces/turns/${open.id}/mend`, { inAt: open.inAt, outAt: null, reason: '误扫' })
  expect(of(await figures('32'), 'turns_worked')).toBe(3)
  const rebuilt = async () => (await rebuildStats(w.server, { repair: false })).differences
  expect(await rebuilt()).toEqual([])
  await w.sql("update stat_day set n = n + 1 where metric = 'turn_worked'")
  expect((await rebuilt()).some((one) => one.metric === 'turn_worked')).toBe(true)
  await rebuildStats(w.server, { repair: true })
})

test('FORCE-9: who goes to a red door without kit is in the list, with what is missing', async () => {
  const grid = `${A}002002002`
  await w.person(grid, 'red')
  await w.person(grid, 'yellow')
  await w.push(grid)
  const worker = await w.worker(grid)
  const list = async () => (await w.get(desk, `/api/forces/kit/missing?area=${grid}`)).body
  const missing = async () =>
    (await list()).items.find((one: { accountId: string }) => one.accountId === worker.id)?.missing
  expect((await list()).items.find((one: { accountId: string }) => one.accountId === worker.id)).toMatchObject({
    doors: 1,
  })
  expect(await missing()).toEqual(['mask', 'gloves', 'gown', 'shield'])
  for (const item of ['mask', 'gloves', 'gown', 'shield']) {
    const given = { id: randomUUID(), accountId: worker.id, item, n: 5, day: item === 'mask' ? day(-15) : day() }
    await ok(desk, '/api/forces/kit', given)
  }
  // Masks of fifteen days ago are used up.
  expect(await missing()).toEqual(['mask'])
  expect((await w.get(desk, `/api/forces?area=${grid}`)).body.noKit).toBe((await list()).total)
})

test('FORCE-4, FORCE-5: an assignment ends; tasks, services and turns go on, and nothing is lost', async () => {
  const grid = w.grids(A)[2] ?? ''
  const [judge, next] = [await officer('法官甲', A, ['officer', 'worker']), await officer('法官乙')]
  const id = randomUUID()
  await ok(desk, '/api/forces/attachments', {
    id,
    accountId: judge.id,
    area: grid,
    body: 'court',
    bodyName: '吴中法院',
    from: day(),
    to: day(3),
  })
  expect(await w.sql('select area, from_day, to_day from duty where account_id = $1', [judge.id])).toEqual([
    { area: grid, from_day: day(), to_day: day(3) },
  ])
  // In hand: a task, a service, and two turns ahead, at one of which the successor stands elsewhere.
  await w.person(grid, 'red')
  await w.push(grid)
  const ids = (await w.sql('select id from task where area = $1 and answered_at is null', [grid])).map((row) => row.id)
  await ok(desk, '/api/tasks/assign', { ids, to: judge.id })
  const service = randomUUID()
  const worker = await w.worker(grid)
  await ok(worker, '/api/services', { id: service, personId: await w.person(grid, null), kind: 'food' })
  await w.drain()
  await w.sql("update service set taken_by = $1, offered_to = null, state = 'accepted' where id = $2", [
    judge.id,
    service,
  ])
  await w.sql(
    `insert into service_event (county, service_id, n, kind, area, body, by, occurred_at, recorded_at)
     select county, service_id, max(n) + 1, 'accepted', max(area), $2, $1, now(), now() from service_event where service_id = $3 group by 1, 2`,
    [judge.id, JSON.stringify({ on: day(), by: judge.id }), service],
  )
  const postId = randomUUID()
  await ok(desk, '/api/forces/posts', { id: postId, area: grid, kind: 'patrol', name: '巡逻' })
  const turns: string[] = []
  await w.sql('update duty set to_day = null where account_id = $1', [judge.id])
  for (const n of [5, 6]) {
    await ok(desk, '/api/forces/shifts', {
      postId,
      from: day(n),
      to: day(n),
      starts: '08:00',
      ends: '12:00',
      needed: 1,
    })
    const shift = (await w.get(desk, `/api/forces/shifts?post=${postId}&from=${day(n)}&to=${day(n)}`)).body.items[0]
    turns.push(randomUUID())
    await ok(desk, `/api/forces/shifts/${shift.id}/turns`, { turnId: turns.at(-1), accountId: judge.id })
  }
  await w.sql('update duty set to_day = $2 where account_id = $1', [judge.id, day(3)])
  const ended = await ok(desk, `/api/forces/attachments/${id}/end`, {
    lastDay: day(3),
    successorId: next.id,
    reason: '轮换',
  })
  expect(ended).toEqual({ id, over: false, handed: 0 })
  const listed = (await w.get(desk, `/api/forces/attachments?area=${grid}`)).body.items
  expect(listed.find((one: { id: string }) => one.id === id)).toMatchObject({ successor: '法官乙', to: day(3) })
  expect(
    (await w.get(desk, `/api/forces/attachments?list=ending&area=${grid}`)).body.items.some(
      (one: { id: string }) => one.id === id,
    ),
  ).toBe(true)
  const elsewhere = randomUUID()
  await ok(desk, '/api/forces/posts', { id: elsewhere, area: grid, kind: 'desk', name: '别处' })
  await ok(desk, '/api/forces/shifts', {
    postId: elsewhere,
    from: day(6),
    to: day(6),
    starts: '10:00',
    ends: '14:00',
    needed: 1,
  })
  const busy = (await w.get(desk, `/api/forces/shifts?post=${elsewhere}&from=${day(6)}&to=${day(6)}`)).body.items[0]
  await ok(desk, `/api/forces/shifts/${busy.id}/turns`, { turnId: randomUUID(), accountId: next.id })
  // On the last day he is still there; the day after what is open goes on, once.
  at(hour(23, 3))
  await closeAttachments(w.server)
  expect((await w.get(desk, `/api/forces/handovers?area=${grid}`)).body.total).toBe(0)
  at(hour(1, 1))
  await closeAttachments(w.server)
  await closeAttachments(w.server)
  const lines = (await w.get(desk, `/api/forces/handovers?area=${grid}`)).body.items
  expect(lines.map((one: { thing: string; to: string | null }) => [one.thing, one.to]).toSorted()).toEqual([
    ['service', '法官乙'],
    ['task', '法官乙'],
    ['turn', null],
  ])
  await w.drain()
  const tasks = await w.sql('select assignee from task where area = $1 and answered_at is null', [grid])
  expect(tasks.every((row) => row.assignee === null)).toBe(true)
  expect(await w.sql('select taken_by, offered_to from service where id = $1', [service])).toEqual([
    { taken_by: null, offered_to: next.id },
  ])
  expect(
    await w.sql('select day from force_turn where account_id = $1 and post_id = $2 and ended_at is null', [
      next.id,
      postId,
    ]),
  ).toEqual([{ day: day(1) }])
  const gaps = (await w.get(desk, `/api/forces/shifts?list=gaps&post=${postId}&from=${day()}&to=${day(9)}`)).body
  expect(gaps.items.map((one: { day: string }) => one.day)).toEqual([day(2)])
  expect(
    await w.sql("select count(*)::int as n from notice where account_id = $1 and kind = 'force.handed'", [next.id]),
  ).toEqual([{ n: 1 }])
  // The successor has the duty from the day after, so the grid was never without anybody.
  expect(await w.sql('select from_day from duty where account_id = $1 and area = $2', [next.id, grid])).toEqual([
    { from_day: day() },
  ])
  for (const line of lines) await ok(desk, `/api/forces/handovers/${line.id}/settle`, {})
  expect((await w.get(desk, `/api/forces/handovers?area=${grid}`)).body.total).toBe(0)
})

test('DELETE-1: turns lose their names and count on; the rest goes when it is due', async () => {
  const worked = async () =>
    of((await w.get(province, `/api/stats/figures?area=32&from=${day(-200)}&to=${day()}`)).body, 'turns_worked')
  const before = await worked()
  w.server.clock.shift(120 * 24 * 3_600_000)
  const swept = Object.fromEntries(
    await Promise.all(
      ['force_turn', 'force_kit', 'force', 'force_health'].map(async (rule) => [
        rule,
        (await runRetention(w.server, rule)).map((one) => one.rows)[0],
      ]),
    ),
  )
  expect([swept.force_turn > 0, swept.force_kit > 0, swept.force > 0]).toEqual([true, true, true])
  expect(
    await w.sql("select count(*)::int as n from force_turn where account_id is not null or account_name <> ''"),
  ).toEqual([{ n: 0 }])
  expect(await worked()).toBe(before)
  const list = await w.get(province, `/api/forces/turns?list=worked&from=${day(-200)}&to=${day()}`)
  expect(list.body.total).toBe(before)
  expect((await rebuildStats(w.server, { repair: false })).differences).toEqual([])
})
