import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { LEADER_FIELDS } from '@weiwang/domain/teams/watch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { coreRoutes } from '../core/routes.ts'
import { ROOMS, ROUTES } from '../rooms.ts'
import { doorNeedsHelp } from './watch-notes.ts'
import { A, makePlace, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'

/** WATCH-7: what a watch leader may see, over every address of the interface, with and without a duty over the grid. */
let w: Place
let leader: Actor
let idle: Actor
let desk: Actor
let doors: string[]
let watchId: string
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const addresses: { method: (typeof METHODS)[number]; url: string }[] = []
const GRID = `${VILLAGE}001`
/** Planted where only others may look: none of it may ever reach a leader. */
const SECRETS = ['张三丰', '张*丰', '13912345678', '发热待查', '到过武汉', 'planted secret', '密接者']

beforeAll(async () => {
  w = await makePlace({
    rooms: ROOMS.filter(({ room }) => room !== 'people' && room !== 'teams'),
    routes: [
      (http) =>
        void http.app.addHook('onRoute', (route) => {
          for (const name of [route.method].flat()) {
            const method = METHODS.find((one) => one === name)
            if (method) addresses.push({ method, url: route.url })
          }
        }),
      ...ROUTES.filter((routes) => routes !== coreRoutes),
    ],
  })
  desk = await w.desk(A)
  doors = await w.doors(GRID, 12, (i) => ({ estate: '阳光里', door: `${i + 1}号`, members: 3 }))
  const { seal } = (await w.get(desk, `/api/watches/preview?area=${GRID}`)).body
  await w.post(desk, '/api/watches/make', { area: GRID, seal })
  const [watch] = (await w.get(desk, `/api/watches?area=${GRID}`)).body.items
  watchId = watch.id
  leader = await w.member('watch_leader', [GRID], '联防长甲')
  idle = { ...(await w.member('watch_leader', [], '联防长乙')), area: '', scope: [] }
  await w.post(desk, `/api/watches/${watchId}/leader`, { leader: { kind: 'account', accountId: leader.id } })

  const person = randomUUID()
  await w.sql(
    `insert into person (person_id, home_area, emergency_id, masked, doc_kind, source, created_at, updated_at) values ($1, $2, $3, '张*丰', 'resident', 'test', now(), now())`,
    [person, GRID, w.emergencyId],
  )
  await w.sql(
    `insert into residence (person_id, id, home_area, area, county, household_id, kind, certainty, source, from_day, recorded_at) values ($1, $2, $3, $3, $4, $5, 'own', 6, 'test', '2020-01-01', now())`,
    [person, randomUUID(), GRID, A, doors[0]],
  )
  const reasons = [
    {
      rule: 'r1',
      say: { zh: '到过武汉', en: 'planted secret' },
      fact: { kind: 'contact', source: '密接者' },
      day: '2020-02-01',
      until: null,
    },
  ]
  await w.sql(
    `insert into grade_now (person_id, home_area, n, rule_set_id, grade, from_day, reasons, recorded_at) values ($1, $2, 1, $3, 'red', '2020-01-01', $4, now())`,
    [person, GRID, randomUUID(), JSON.stringify(reasons)],
  )
})
afterAll(() => w.close())

test('the leader’s list holds the doors of his watches, in the five fields of the mask and no other', async () => {
  const mine = await w.get(leader, '/api/watches/mine')
  expect([mine.status, mine.body.items.length]).toEqual([200, 1])
  const [watch] = mine.body.items
  expect(Object.keys(watch).toSorted()).toEqual(['code', 'doors', 'id', 'kind', 'name'])
  expect(watch.doors).toHaveLength(12)
  for (const door of watch.doors) expect(Object.keys(door).toSorted()).toEqual([...LEADER_FIELDS].toSorted())
  expect((await w.get(idle, '/api/watches/mine')).body).toEqual({ items: [] })
  expect((await w.get(desk, '/api/watches/mine')).body).toEqual({ items: [] })
})

test('over every address: a leader is answered nothing that he may not see', async () => {
  const paths = addresses.filter(({ url }) => url.startsWith('/api/') && !url.includes('*'))
  expect(paths.length).toBeGreaterThan(150)
  const [person] = await w.sql(`select person_id from person limit 1`)
  const fill = (url: string): string =>
    url
      .replace(/:(householdId)/, doors[0] ?? '')
      .replace(/:personId/, person.person_id)
      .replace(/:(area|code|grid)/, GRID)
      .replaceAll(/:\w+/g, (_, i: number) =>
        url.startsWith('/api/watches')
          ? watchId
          : url.startsWith('/api/people')
            ? person.person_id
            : i > 0
              ? (doors[0] ?? '')
              : '',
      )
  const open: string[] = []
  for (const who of [leader, idle])
    for (const { method, url } of paths) {
      // Streams never end by themselves; logging in and out is nobody's data.
      if (/stream|\/live|\/api\/(sessions?|login|logout|deployment)/.test(url)) continue
      const ask = method === 'GET' ? `${fill(url)}?area=${GRID}&householdId=${doors[0]}&limit=20` : fill(url)
      const answer = await w.request(
        who,
        method,
        ask,
        method === 'GET'
          ? undefined
          : { area: GRID, householdId: doors[0], householdIds: [doors[0]], text: '张三丰', purpose: 'contact_person' },
      )
      const text = JSON.stringify(answer.body ?? answer.text)
      // What he typed himself may stand in the refusal.
      for (const secret of SECRETS.filter((one) => method === 'GET' || one !== '张三丰'))
        expect([method, url, secret, text.includes(secret)]).toEqual([method, url, secret, false])
      const bare = await w.request(who, method, fill(url), method === 'GET' ? undefined : {})
      for (const secret of SECRETS)
        expect([method, url, secret, bare.text.includes(secret)]).toEqual([method, url, secret, false])
      if (method === 'GET' && bare.status === 200 && who === leader) open.push(url)
    }
  // The list of what opens at all, so that a new address that opens to leaders is seen by whoever adds it.
  const own = /\/(mine|me|my)(\/|$)/
  for (const url of open.filter((one) => !own.test(one)))
    expect(url).not.toMatch(/people|households|grades|visit|tasks|facts|list-entries|observation|reading|teams|watches/)
})

test('WATCH-8: rings and calls; the call reaches the grid at once, its text opens to who may, and answering it closes it', async () => {
  const write = (who: Actor, body: object) =>
    w.post(who, '/api/watches/notes', {
      id: randomUUID(),
      watchId,
      householdId: doors[1],
      rang: null,
      kind: 'note',
      ...body,
    })
  const call = { id: randomUUID(), kind: 'help', text: '老人独居，需要送菜' }
  expect((await write(leader, { kind: 'rang', rang: 'no_answer' })).status).toBe(200)
  const asked = await write(leader, call)
  expect(asked.status).toBe(200)
  // Again under the same id: the same note.
  expect((await write(leader, call)).body.recordedAt).toBe(asked.body.recordedAt)
  expect((await w.sql(`select count(*)::int as n from watch_note`))[0].n).toBe(2)
  expect((await w.sql(`select urgent, body from grid_feed where kind = 'watch_note'`))[0]).toMatchObject({
    urgent: true,
    body: { by: '联防长甲', answered: false },
  })
  const seen = (await w.get(leader, '/api/watches/mine')).body.items[0].doors.find(
    (door: { householdId: string }) => door.householdId === doors[1],
  )
  expect(seen.help).toBe(true)
  // Not mine, not here: there is no such watch.
  expect((await write(idle, { kind: 'note' })).status).toBe(404)
  const far = await w.member('worker', [`${A}002002002`])
  expect((await write(far, { kind: 'note' })).status).toBe(404)
  expect((await write(leader, { householdId: randomUUID() })).status).toBe(404)

  const notes = (await w.get(desk, `/api/watches/notes?area=${GRID}&open=true`)).body
  expect([notes.total, notes.items[0].kind, notes.items[0].hasText, JSON.stringify(notes).includes('送菜')]).toEqual([
    1,
    'help',
    true,
    false,
  ])
  expect((await w.get(desk, `/api/watches/coverage?area=${GRID}`)).body.openHelp).toBe(1)
  expect((await w.get(leader, `/api/watches/notes?area=${GRID}`)).status).toBe(403)
  expect((await w.post(leader, `/api/watches/notes/${call.id}/open`, { purpose: 'deliver_service' })).status).toBe(403)
  expect((await w.post(desk, `/api/watches/notes/${call.id}/open`, { purpose: 'deliver_service' })).body).toEqual({
    text: call.text,
  })
  expect((await w.sql(`select purpose from audit where verb = 'watch.open_note' and outcome = 'done'`))[0]).toEqual({
    purpose: 'deliver_service',
  })
  const worker = await w.member('worker', [GRID])
  expect((await w.post(worker, `/api/watches/notes/${call.id}/answer`, {})).status).toBe(200)
  expect((await w.get(desk, `/api/watches/coverage?area=${GRID}`)).body.openHelp).toBe(0)
  expect((await w.sql(`select urgent, body from grid_feed where kind = 'watch_note'`))[0]).toMatchObject({
    urgent: false,
    body: { answered: true },
  })
  // WATCH-9: another room says that help is wanted; the leader sees that, not why.
  await w.server.asSystem('test', (ctx) => doorNeedsHelp(ctx, { county: A, householdId: doors[2] ?? '', needs: true }))
  const mine = (await w.get(leader, '/api/watches/mine')).body.items[0].doors
  expect(
    mine.filter((door: { help: boolean }) => door.help).map((door: { householdId: string }) => door.householdId),
  ).toEqual([doors[2]])
})

test('WATCH-6: a neighbour without an account stands sealed, and is opened with a purpose; an account must have the role', async () => {
  const name = (body: object) => w.post(desk, `/api/watches/${watchId}/leader`, body)
  expect((await name({ leader: { kind: 'neighbour', name: '王大妈', phone: '13800001111' } })).body).toMatchObject({
    doors: 12,
  })
  const row = (await w.get(desk, `/api/watches?area=${GRID}`)).body.items[0]
  expect(row.leader).toEqual({ kind: 'neighbour', accountId: null, name: '*' })
  expect(JSON.stringify(await w.sql(`select * from watch`)).includes('王大妈')).toBe(false)
  expect(JSON.stringify(await w.sql(`select body from grid_feed where kind = 'watch'`)).includes('王大妈')).toBe(false)
  expect((await w.post(desk, `/api/watches/${watchId}/leader/open`, { purpose: 'contact_person' })).body).toEqual({
    name: '王大妈',
    phone: '13800001111',
  })
  expect((await w.get(leader, '/api/watches/mine')).body).toEqual({ items: [] })
  const worker = await w.member('worker', [GRID])
  expect((await name({ leader: { kind: 'account', accountId: worker.id } })).body.code).toBe('WATCH_NOT_LEADER')
  expect((await name({ leader: { kind: 'none' } })).status).toBe(200)
  expect((await w.get(desk, `/api/watches/coverage?area=${GRID}`)).body.noLeader).toBe(1)
})
