import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { scopeOf } from '@weiwang/domain/access/roles'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessJobs } from '../access/jobs.ts'
import { accessRoutes } from '../access/routes.ts'
import { areaRoutes } from '../areas/routes.ts'
import { peopleJobs } from '../people/jobs.ts'
import { peopleRoutes } from '../people/routes.ts'
import { rebuildStats } from '../stats/rebuild.ts'
import { statRoutes } from '../stats/routes.ts'
import { A } from '../tasks/world.fixture.ts'
import { feedChanged } from './feeding.ts'
import { syncJobs } from './jobs.ts'
import { pushWorld } from './push.fixture.ts'
import type { PushWorld } from './push.fixture.ts'

const VILLAGE = `${A}001001`
const OLD = `${VILLAGE}001`
const [WEST, EAST] = [`${VILLAGE}003`, `${VILLAGE}004`]

let w: PushWorld
beforeAll(async () => {
  w = await pushWorld({
    rooms: [
      { room: 'access', jobs: accessJobs },
      { room: 'people', jobs: peopleJobs },
      { room: 'sync', jobs: syncJobs },
    ],
    routes: [areaRoutes, accessRoutes, peopleRoutes, statRoutes],
  })
})
afterAll(() => w.close())

async function household(area: string, estate: string, person: string): Promise<string> {
  const id = randomUUID()
  await w.sql(
    `insert into household (county, id, area, emergency_id, kind, use, estate, building, members, source, created_at, updated_at)
     values (left($2, 6), $1, $2, $3, 'home', 'self', $4, '1幢', 1, 'test', now(), now())`,
    [id, area, w.emergencyId, estate],
  )
  await w.sql(`update residence set household_id = $2 where person_id = $1 and to_day is null`, [person, id])
  return id
}

/** The worker as his session would make him now: scope by today's duties. */
async function now(worker: Actor): Promise<Actor> {
  const duties = await w.sql(
    `select area from duty where account_id = $1 and ended_at is null and from_day <= $2 and (to_day is null or to_day >= $2)`,
    [worker.id, w.server.clock.today()],
  )
  const scope = scopeOf(
    { area: VILLAGE, roles: ['worker'] },
    duties.map((d) => d.area),
  )
  return { ...worker, area: scope.length > 0 ? VILLAGE : '', scope }
}

const outcomes = (answer: { body: { results: { outcome: string }[] } }) => answer.body.results.map((one) => one.outcome)

test('show 4: a grid is split in two and shared while its worker is offline with unsent work', async () => {
  const [keeper, newcomer] = [await w.worker(OLD), await w.worker(`${VILLAGE}002`)]
  const [west, east] = [await w.person(OLD, 'red'), await w.person(OLD, 'red')]
  const [westDoor, eastDoor] = [await household(OLD, '西园', west), await household(OLD, '东园', east)]
  await w.push(A)
  const taskOf = async (person: string) =>
    String((await w.sql(`select id from task where person_id = $1`, [person]))[0].id)
  const [westTask, eastTask] = [await taskOf(west), await taskOf(east)]
  // Done at the doors before the change, sent after it.
  const unsent = [
    w.visit({ taskId: westTask, householdId: westDoor, disposition: 'HERE_NO_RISK' }, { grid: OLD }),
    w.visit({ taskId: eastTask, householdId: eastDoor, disposition: 'HERE_NO_RISK' }, { grid: OLD }),
    w.visit({ householdId: eastDoor }, { grid: OLD }),
    w.visit({ area: OLD, note: '楼道堆放杂物' }, { grid: OLD }),
  ]
  w.server.clock.shift(60_000)

  const plan = {
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
  }
  const proposed = await w.post(await w.desk('32'), '/api/areas/changes', { plan, onDay: w.server.clock.today() })
  expect([proposed.status, proposed.text]).toEqual([200, proposed.text])
  const applied = await w.post(await w.desk('32'), `/api/areas/changes/${proposed.body.id}/apply`, {})
  expect([applied.status, applied.text]).toEqual([200, applied.text])
  await w.drain()
  // Both parts are the keeper's until the east is given to the newcomer.
  const desk = await w.desk(A)
  const given = await w.post(desk, '/api/duties/reassign', {
    from: keeper.id,
    to: newcomer.id,
    areas: [EAST],
    day: w.server.clock.today(),
    reason: '分片管理',
  })
  expect([given.status, given.text]).toEqual([200, given.text])
  await w.drain()
  expect((await now(keeper)).scope).toEqual([WEST])
  expect((await now(newcomer)).scope).toEqual([`${VILLAGE}002`, EAST])

  const answer = await w.send(await now(keeper), unsent)
  expect(outcomes(answer)).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
  expect(answer.body.results.map((one: { movedTo?: { area: string } }) => one.movedTo?.area)).toEqual([
    undefined,
    EAST,
    EAST,
    WEST,
  ])
  const rows = await w.sql(`select id, area, by from visit`)
  expect(Object.fromEntries(rows.map((row) => [row.id, [row.area, row.by]]))).toEqual(
    Object.fromEntries(unsent.map((one, i) => [one.body['id'], [[WEST, EAST, EAST, WEST][i], keeper.id]])),
  )
  expect(await w.count('handover')).toBe(0)
  const report = await rebuildStats(w.server, { repair: false })
  expect([report.differences, report.folds]).toEqual([[], []])
  const figures = (await w.get(desk, `/api/stats/figures?area=${A}`)).body.figures
  expect(figures.find((one: { id: string }) => one.id === 'visits').n).toBe(4)

  // From now on the east is the newcomer's: what the keeper does there waits for the supervisor.
  w.server.clock.shift(60_000)
  const late = w.visit({ householdId: eastDoor })
  expect(outcomes(await w.send(await now(keeper), [late]))).toEqual(['held'])
  expect(outcomes(await w.send(await now(newcomer), [w.visit({ householdId: eastDoor })]))).toEqual(['accepted'])
})

test('case 44: what was found at a door goes with it to another grid and back, and lies in one grid at a time', async () => {
  const [from, to] = [`${VILLAGE}002`, w.grids(A)[3] ?? '']
  const worker = await w.worker(from)
  const door = await household(from, '南园', await w.person(from, 'red'))
  const [first, second, elsewhere] = [
    w.visit({ householdId: door }),
    w.visit({ householdId: door, result: 'not_home' }),
    w.visit({ area: from }),
  ]
  expect(outcomes(await w.send(worker, [first, second, elsewhere]))).toEqual(['accepted', 'accepted', 'accepted'])
  await w.drain()
  const ids = [first, second, elsewhere].map((one) => one.body['id'])
  const lies = () =>
    w.sql(
      `select grid, id, body ->> 'result' as result from grid_feed where kind = 'visit' and id = any($1) and body ->> 'gone' is null
       order by array_position($1, id)`,
      [ids],
    )
  const at = (grids: string[]) => grids.map((grid, i) => ({ grid, id: ids[i], result: ['met', 'not_home', 'met'][i] }))
  expect(await lies()).toEqual(at([from, from, from]))
  const before = await w.sql(`select max(n)::int as n from grid_feed where grid = $1`, [from])
  for (const [place, grids] of [
    [to, [to, to, from]],
    [from, [from, from, from]],
  ] as const) {
    await w.sql(`update household set area = $2 where id = $1`, [door, place])
    const said = { personIds: [], householdIds: [door] }
    await feedChanged(w.server, said)
    expect(await lies()).toEqual(at([...grids]))
    // Said again, nobody is told anything.
    const numbers = () => w.sql(`select grid, n::int from grid_clock where grid = any($1) order by grid`, [[from, to]])
    const once = await numbers()
    await feedChanged(w.server, said)
    expect(await numbers()).toEqual(once)
  }
  // A phone that had them is told that they are gone, and then that they are there.
  const after = await w.sql(`select count(*)::int as n from grid_feed where grid = $1 and n > $2 and kind = 'visit'`, [
    from,
    before[0].n,
  ])
  expect(after).toEqual([{ n: 2 }])
})
