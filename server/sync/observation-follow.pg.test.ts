import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessJobs } from '../access/jobs.ts'
import { areaRoutes } from '../areas/routes.ts'
import { peopleJobs } from '../people/jobs.ts'
import { rebuildStats } from '../stats/rebuild.ts'
import { phoneJobs } from './phone-jobs.ts'
import { pushRoutes } from './routes-push.ts'
import { A, B } from '../tasks/world.fixture.ts'
import { observed } from '../stats/observation.fixture.ts'
import type { Observed } from '../stats/observation.fixture.ts'
import { serviceJobs } from '../observation/service-jobs.ts'
import { serviceRoutes } from '../observation/service-routes.ts'

/** What observations do when answers are corrected, records merged, areas changed, and phones come late. */
let w: Observed
let worker: Actor
let desk: Actor
let grid: string
beforeAll(async () => {
  w = await observed({
    rooms: [
      { room: 'access', jobs: accessJobs },
      { room: 'people', jobs: peopleJobs },
      { room: 'phones', jobs: phoneJobs },
      { room: 'services', jobs: serviceJobs },
    ],
    routes: [pushRoutes, areaRoutes, serviceRoutes],
  })
  grid = w.grids(A)[0] ?? ''
  worker = await w.worker(grid)
  desk = await w.desk(A)
})
afterAll(() => w.close())

async function opened(at = grid): Promise<{ id: string; personId: string; householdId: string }> {
  const home = await w.home(at)
  const id = randomUUID()
  const persons = [{ id, personId: home.personId, exposureDay: '2020-02-01' }]
  const answer = await w.open(desk, { persons, householdId: home.householdId })
  if (answer.status !== 200) throw new Error(answer.text)
  return { id, ...home }
}

const row = async (id: string) => (await w.sql(`select * from observation where id = $1`, [id]))[0]
const ofPerson = (personId: string) =>
  w.sql(`select id, measure, state, outcome from observation where person_id = $1 order by opened_at`, [personId])

test('OBS-18: a corrected answer takes back what the first one opened, until a notice was given', async () => {
  w.at('2020-02-03', 9)
  const { personId } = await w.home(grid)
  await w.push(A)
  const [task] = await w.sql(`select id from task where person_id = $1`, [personId])
  const visit = (disposition: string, more: object = {}) =>
    w.post(worker, '/api/visits', {
      id: randomUUID(),
      taskId: task.id,
      method: 'door',
      result: 'met',
      answers: { symptoms: false },
      disposition,
      occurredAt: w.server.clock.now().toISOString(),
      ...more,
    })
  const first = await visit('HERE_HOME_OBS')
  await w.drain()
  expect(await ofPerson(personId)).toMatchObject([{ measure: 'home_quarantine', outcome: null }])
  const second = await visit('HERE_MONITOR', { supersedes: first.body.id, correctionReason: '选错' })
  await w.drain()
  expect(await ofPerson(personId)).toMatchObject([
    { measure: 'home_quarantine', outcome: 'cancelled' },
    { measure: 'home_monitoring', outcome: null },
  ])
  const [, monitored] = await ofPerson(personId)
  await w.step(worker, monitored.id, { step: 'notice', how: 'read' })
  await visit('HERE_NO_RISK', { supersedes: second.body.id, correctionReason: '再改' })
  await w.drain()
  expect((await row(monitored.id)).outcome).toBeNull()
})

async function bornOn(personId: string, birth: string, more: { sex?: number; phone?: string } = {}): Promise<void> {
  const { keys, clock } = w.server
  const { keyId, seal } = await keys.sealer(w.emergencyId, clock.now())
  const place = (column: string) => ({ table: 'identity', row: personId, column })
  await w.sql('update person set sex = $2, phone_hash = $3 where person_id = $1', [
    personId,
    more.sex ?? 0,
    more.phone === undefined ? null : keys.hash('phone', more.phone),
  ])
  await w.sql(
    `insert into identity (person_id, home_area, birth_sealed, phone_sealed, key_id, updated_at) values ($1, $2, $3, $4, $5, now())`,
    [
      personId,
      grid,
      seal(place('birth_sealed'), birth),
      more.phone === undefined ? null : seal(place('phone_sealed'), more.phone),
      keyId,
    ],
  )
}

/** A mother with a telephone, a grandmother without, and a child, of one door; a task about the child was answered. */
async function childOfATask(): Promise<{ child: string; mother: string; grandmother: string; id: () => Promise<any> }> {
  const { personId: child, householdId } = await w.home(grid)
  const [mother, grandmother] = [await w.person(grid, null), await w.person(grid, null)]
  await w.sql(`update residence set household_id = $1 where person_id = any($2::uuid[])`, [
    householdId,
    [mother, grandmother],
  ])
  await bornOn(child, '2012-05-01')
  await bornOn(mother, '1988-05-01', { sex: 2, phone: '+8613900008001' })
  await bornOn(grandmother, '1950-05-01', { sex: 2 })
  await w.push(A)
  const [task] = await w.sql(`select id from task where person_id = $1`, [child])
  return {
    child,
    mother,
    grandmother,
    id: async () => {
      await w.post(worker, '/api/visits', {
        id: randomUUID(),
        taskId: task.id,
        method: 'door',
        result: 'met',
        answers: { symptoms: false },
        disposition: 'HERE_HOME_OBS',
        occurredAt: w.server.clock.now().toISOString(),
      })
      await w.drain()
      return (await ofPerson(child))[0].id
    },
  }
}

test('OBS-28: for a child that a task’s answer opened nobody is taken by itself; the mother of the door stands first, named she answers', async () => {
  w.at('2020-02-03', 10)
  const of = await childOfATask()
  const before = await w.total(desk, 'list=unanswered')
  const id = await of.id()
  expect((await row(id)).current).toMatchObject({ minor: true, responderPersonId: null })
  expect(await w.total(desk, 'list=unanswered')).toBe(before + 1)
  const url = `/api/observations/answerers?personId=${of.child}`
  const near = await w.get(worker, url)
  expect(near.body).toMatchObject({
    child: true,
    items: [
      { personId: of.mother, likely: 'mother', hasPhone: true },
      { personId: of.grandmother, likely: 'adult', hasPhone: false },
    ],
  })
  // Ages are compared and told to nobody; and who lives elsewhere is asked about by those of there.
  expect(near.text.replaceAll(/[0-9a-f-]{36}/g, '')).not.toContain('1988')
  const elsewhere = await w.desk(B)
  expect((await w.get(elsewhere, url)).status).toBe(404)
  const named = await w.step(worker, id, { step: 'responder', personId: of.mother })
  expect(named.status).toBe(200)
  expect(await w.total(desk, 'list=unanswered')).toBe(before)
})

test('OBS-28: whoever’s account stands for the child by its document answers at once', async () => {
  w.at('2020-02-03', 11)
  const of = await childOfATask()
  const account = randomUUID()
  await w.sql(
    `insert into account_person (account_id, person_id, relation, basis, since, until)
     values ($1, $2, 'self', 'proof', '2020-01-01', null), ($1, $3, 'child', 'proof', '2020-01-01', '2030-04-30')`,
    [account, of.mother, of.child],
  )
  const id = await of.id()
  expect((await row(id)).current).toMatchObject({ minor: true, responderPersonId: of.mother })
})

test('OBS-8, OBS-10, OBS-11: an unfit home, a refusal and a first symptom are told to the desk by name', async () => {
  w.at('2020-02-03', 22)
  const { id } = await opened()
  const unfit = {
    step: 'suitability',
    room: false,
    toilet: false,
    coResidents: 3,
    elderly: 1,
    pets: false,
    medicines: true,
  }
  const reference = (await row(id)).reference
  const told = async () =>
    // At most three of a desk are told, and here more than three people are of it.
    (
      await w.sql(
        `select distinct kind from notice n join account a on a.id = n.account_id where a.area = $1 and n.body->>'zh' like $2 order by kind`,
        [A, `%${reference}%`],
      )
    ).map((one) => one.kind)
  for (const body of [unfit, { step: 'notice', how: 'read' }, { step: 'refusal', reason: 'cannot_stay' }])
    await w.step(worker, id, body)
  await w.step(worker, id, { step: 'symptom', codes: ['fever'], temperature: 38.2 })
  await w.step(worker, id, { step: 'symptom', codes: ['cough'] })
  await w.drain()
  expect(await told()).toEqual(['observation.refused', 'observation.symptom', 'observation.unsuitable'])
})

test('OBS-22: two records of one person: the earlier observation goes on, the later was an error', async () => {
  w.at('2020-02-03', 9)
  const a = await opened()
  w.at('2020-02-04', 9)
  const b = await opened()
  await w.server.asSystem('merge', async (ctx) => ctx.emit('person.merged', { from: b.personId, into: a.personId }))
  await w.drain()
  expect([(await row(a.id)).outcome, (await row(b.id)).outcome]).toEqual([null, 'cancelled'])
})

test('OBS-23: a phone hands in late: both times are kept, recording orders, and a newer field is no fault (case 19)', async () => {
  w.at('2020-02-03', 9)
  const { id } = await opened()
  w.at('2020-02-05', 12)
  const at = '2020-02-04T08:00:00.000Z'
  const item = (body: object) => ({ key: randomUUID(), seq: 1, kind: 'observation.step', at, body })
  const late = item({ id, do: { step: 'symptom', codes: ['cough'], temperature: 37.4, aura: 'blue' }, version: 9 })
  const phone = {
    waiting: 1,
    device: '0190a000-0000-7000-8000-00000000d001',
    protocol: 1,
    app: 'test',
    clock: w.server.clock.now().toISOString(),
  }
  const sent = await w.post(worker, '/api/sync/push', { ...phone, items: [late] })
  expect([sent.status, sent.body.results?.[0]?.outcome ?? sent.text]).toEqual([200, 'accepted'])
  const again = await w.post(worker, '/api/sync/push', { ...phone, items: [late] })
  expect(again.body.results[0].outcome).toBe('duplicate')
  const events = await w.sql(
    `select occurred_at, recorded_at from observation_event where observation_id = $1 and kind = 'symptom'`,
    [id],
  )
  expect(events).toHaveLength(1)
  expect(events[0].occurred_at.toISOString()).toBe(at)
  expect(events[0].recorded_at > events[0].occurred_at).toBe(true)
})

test('OBS-7: a door with an open service stands at `serve` as well, and no longer when it is done', async () => {
  w.at('2020-02-03', 10)
  const { id, personId } = await opened()
  const serviceId = randomUUID()
  const asked = await w.post(desk, '/api/services', { id: serviceId, kind: 'food', personId })
  expect([asked.status, asked.text]).toEqual([200, asked.text])
  await w.drain()
  const serving = async () => {
    const board = (await w.get(desk, '/api/observations/board')).body
    const n = board.steps.find((one: { step: string }) => one.step === 'serve').n
    return [n, await w.total(desk, 'list=open&step=serve'), (await row(id)).services_open]
  }
  expect(await serving()).toEqual([1, 1, 1])
  await w.post(desk, `/api/services/${serviceId}/step`, { step: 'cancel', reason: 'not_needed' })
  await w.drain()
  expect(await serving()).toEqual([0, 0, 0])
})

test('OBS-22, AREA-5: a grid is merged into its neighbour: the observation goes along, its days and papers stay', async () => {
  w.at('2020-02-03', 9)
  const from = w.grids(A)[2] ?? ''
  const into = w.grids(A)[3] ?? ''
  const { id } = await opened(from)
  await w.step(desk, id, { step: 'notice', how: 'paper' })
  const plan = { kind: 'merge', codes: [from, into], into, name: '合并网格' }
  const proposed = await w.post(await w.desk('32'), '/api/areas/changes', { plan, onDay: w.server.clock.today() })
  const applied = await w.post(await w.desk('32'), `/api/areas/changes/${proposed.body.id}/apply`, {})
  expect([proposed.text.slice(0, 200), applied.status]).toEqual([expect.any(String), 200])
  await w.drain()
  expect(await row(id)).toMatchObject({
    area: into,
    responsible_area: into,
    end_day: '2020-02-15',
    outcome: null,
    step: 'notify',
  })
  const report = await rebuildStats(w.server, { repair: false })
  expect([report.differences, report.folds]).toEqual([[], []])
})
