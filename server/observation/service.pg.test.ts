import { randomUUID } from 'node:crypto'
import type { Actor, Role } from '@weiwang/domain/access/actor'
import { instantOf } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { runRetention } from '../access/retention.ts'
import { receiverCode } from './service-code.ts'
import { serviceJobs } from './service-jobs.ts'
import { askForMedicines } from './service-medicines.ts'
import { escalateServices, followServiceAreas, offerDue } from './service-offers.ts'
import { serviceRoutes } from './service-routes.ts'
import { makeOccurrences, occurrenceId } from './service-rules.ts'

let w: World
const MINUTE = 60_000
const HOUR = 60 * MINUTE

beforeAll(async () => {
  w = await makeWorld({ rooms: [{ room: 'services', jobs: serviceJobs }], routes: [serviceRoutes] })
})
afterAll(() => w.close())
beforeEach(async () => {
  await toHour(10)
  await w.sql('delete from service_event')
  await w.sql('delete from service')
  await w.sql('delete from service_rule')
  await w.sql('delete from medicine')
  await w.sql('delete from stat_day')
  await w.sql('delete from stat_town')
  await w.sql('delete from notice')
  await w.sql("update duty set ended_at = now() where kind = 'cover' and ended_at is null")
})

/** To an hour of the next local day: what is asked at night waits for the morning. */
async function toHour(hour: number): Promise<void> {
  const { clock } = w.server
  clock.shift(instantOf(clock.today(), clock.zone, hour + 24).getTime() - clock.now().getTime())
}

async function onDuty(area: string, roles: Role[], name = roles.join()): Promise<Actor> {
  const one = await w.desk(area, roles)
  await w.sql(
    `insert into duty (id, account_id, account_name, area, kind, from_day, created_at) values ($1, $2, $3, $4, 'cover', '2020-01-01', now())`,
    [randomUUID(), one.id, name, area],
  )
  return one
}

async function door(grid: string): Promise<{ householdId: string; personId: string }> {
  const householdId = randomUUID()
  const personId = await w.person(grid, null, { masked: '王*英' })
  await w.sql(
    `insert into household (county, id, area, emergency_id, kind, use, estate, building, door, source, created_at, updated_at)
     values (left($2, 6), $1, $2, $3, 'home', 'self', '拙政园小区', '3幢', '302', 'test', now(), now())`,
    [householdId, grid, w.emergencyId],
  )
  await w.sql('update residence set household_id = $1 where person_id = $2', [householdId, personId])
  return { householdId, personId }
}

const ask = async (who: Actor, more: object) => {
  const id = randomUUID()
  const answer = await w.post(who, '/api/services', { id, kind: 'food', ...more })
  return { id, answer }
}
const step = (who: Actor, id: string, body: object) => w.post(who, `/api/services/${id}/step`, body)
const one = async (id: string) => (await w.sql('select * from service where id = $1', [id]))[0]
const notices = async (who: Actor) =>
  (await w.sql('select kind from notice where account_id = $1 order by id', [who.id])).map((row) => row.kind)

describe('SERV-1 to SERV-8: asked, offered, brought', () => {
  test('from the ask to the rating: nearest first, proof by the receiver, cost, counted', async () => {
    const grid = w.grids(A)[0] ?? ''
    const worker = await onDuty(grid, ['worker'])
    const near = await onDuty(grid, ['volunteer'])
    await onDuty(grid.slice(0, 9), ['volunteer'])
    const place = await door(grid)
    const { id, answer } = await ask(worker, { personId: place.personId, words: '米 10 斤，降压药盒空了' })
    expect([answer.status, answer.body.state]).toEqual([200, 'open'])
    await w.drain()
    expect([(await one(id)).state, (await one(id)).offered_to]).toEqual(['offered', near.id])
    expect(await notices(near)).toEqual(['service.offered'])
    // What is offered names nobody and says nothing of what is wanted.
    const offered = (await w.get(near, '/api/services/mine?list=offered')).body
    expect([offered.total, offered.items[0].masked, offered.items[0].door]).toEqual([1, '王*英', '拙政园小区 3幢 302'])
    expect((await w.post(near, `/api/services/${id}/open`, { purpose: '送货' })).status).toBe(403)
    expect((await step(near, id, { step: 'accept' })).body.state).toBe('accepted')
    const opened = await w.post(near, `/api/services/${id}/open`, { purpose: '送货' })
    expect([opened.status, opened.body.words]).toEqual([200, '米 10 斤，降压药盒空了'])
    await step(near, id, { step: 'start' })
    // The digits are checked, and stand nowhere that the helper can read.
    const code = receiverCode({ keys: w.server.keys }, id)
    const wrong = code === '0000' ? '0001' : '0000'
    expect((await step(near, id, { step: 'done', proof: { kind: 'code', code: wrong } })).body.code).toBe(
      'SERVICE_CODE_WRONG',
    )
    const seen = (await w.get(near, `/api/services/${id}`)).text
    expect(seen).not.toContain(`"${code}"`)
    const cost = { cents: 6280, paidBy: 'resident', receiptPhoto: null }
    expect((await step(near, id, { step: 'done', proof: { kind: 'code', code }, cost })).body.state).toBe('done')
    expect((await step(near, id, { step: 'rate', rating: 5 })).status).toBe(403)
    expect((await step(worker, id, { step: 'rate', rating: 5 })).status).toBe(200)
    const row = await one(id)
    expect([row.cost_cents, row.paid_by, row.rating, row.proof]).toEqual([6280, 'resident', 5, 'code'])
    expect(await w.sql("select metric, n from stat_day where metric like 'svc%' and n <> 0 order by 1")).toEqual([
      { metric: 'svc_asked:food', n: 1 },
      { metric: 'svc_done:food', n: 1 },
    ])
    const trail = await w.sql(
      "select verb, purpose, ids from audit where thing_id = $1 and outcome = 'done' order by at, id",
      [id],
    )
    expect(trail.map((line) => line.verb)).toEqual([
      'service.ask',
      'service.accept',
      'service.open',
      'service.start',
      'service.done',
      'service.rate',
    ])
    expect([trail[2].purpose, trail[2].ids]).toEqual(['送货', [place.personId]])
  })

  test('asked again with the same id it is the same service; of somebody else it is taken', async () => {
    const grid = w.grids(A)[0] ?? ''
    const worker = await onDuty(grid, ['worker'])
    const place = await door(grid)
    const { id } = await ask(worker, place)
    const again = await w.post(worker, '/api/services', { id, kind: 'food', ...place })
    expect([again.status, again.body.id]).toEqual([200, id])
    const other = await w.post(await w.desk(A), '/api/services', { id, kind: 'food', ...place })
    expect(other.body.code).toBe('SERVICE_ID_TAKEN')
    expect(await w.sql('select count(*)::int as n from service')).toEqual([{ n: 1 }])
  })

  test('an offer that is not answered goes to the next, then to whoever is responsible above; the first asked is not asked again', async () => {
    const grid = w.grids(A)[0] ?? ''
    const village = await w.desk(grid.slice(0, 12))
    const [first, second] = [await onDuty(grid, ['volunteer']), await onDuty(w.grids(A)[1] ?? '', ['volunteer'])]
    const { id } = await ask(village, await door(grid))
    await w.drain()
    expect((await one(id)).offered_to).toBe(first.id)
    w.server.clock.shift(31 * MINUTE)
    await offerDue(w.server)
    expect((await one(id)).offered_to).toBe(second.id)
    expect((await step(first, id, { step: 'accept' })).status).toBe(404)
    expect((await step(second, id, { step: 'decline', reason: 'not_possible' })).body.state).toBe('open')
    await offerDue(w.server)
    expect([(await one(id)).state, await notices(village)]).toEqual(['open', ['service.unmatched']])
    // Asked again an hour later, without telling the desk once more.
    w.server.clock.shift(61 * MINUTE)
    await offerDue(w.server)
    expect([(await one(id)).state, await notices(village)]).toEqual(['open', ['service.unmatched']])
    // The desk gives it by name, also to one who let it pass.
    const offered = await w.post(village, `/api/services/${id}/offer`, { to: first.id })
    expect([offered.status, (await one(id)).offered_to]).toEqual([200, first.id])
    expect((await w.post(village, `/api/services/${id}/offer`, { to: village.id })).body.code).toBe(
      'SERVICE_NOT_A_HELPER',
    )
  })

  test('loads are spread: of two volunteers each gets half', async () => {
    const grid = w.grids(A)[0] ?? ''
    const desk = await w.desk(A)
    const two = [await onDuty(grid, ['volunteer']), await onDuty(grid, ['volunteer'])]
    for (let i = 0; i < 6; i++) {
      await ask(desk, await door(grid))
      await w.drain()
    }
    const loads = await w.sql('select offered_to, count(*)::int as n from service group by 1')
    expect(loads.map((row) => row.n)).toEqual([3, 3])
    expect(new Set(loads.map((row) => row.offered_to))).toEqual(new Set(two.map((one_) => one_.id)))
  })

  test('at night nobody is asked for what can wait, and a doctor for what cannot', async () => {
    const grid = w.grids(A)[0] ?? ''
    const desk = await w.desk(A)
    await onDuty(grid, ['volunteer'])
    const doctor = await onDuty(grid.slice(0, 12), ['doctor'])
    await toHour(23)
    const food = await ask(desk, await door(grid))
    const medical = await ask(desk, { ...(await door(grid)), kind: 'medical' })
    await w.drain()
    expect([(await one(food.id)).state, (await one(medical.id)).offered_to]).toEqual(['open', doctor.id])
  })

  test('a worker takes what nobody has taken; another county, another grid and other helpers find nothing', async () => {
    const grid = w.grids(A)[0] ?? ''
    const worker = await onDuty(grid, ['worker'])
    const { id } = await ask(worker, await door(grid))
    const others = [
      await w.desk(B),
      { ...(await onDuty(w.grids(A)[1] ?? '', ['worker'])), scope: [w.grids(A)[1] ?? ''] },
      await onDuty(grid, ['volunteer']),
    ]
    for (const who of others) {
      expect([
        (await w.get(who, `/api/services/${id}`)).status,
        (await step(who, id, { step: 'accept' })).status,
      ]).toEqual([404, 404])
      expect((await w.post(who, `/api/services/${id}/open`, { purpose: '看看' })).status).toBe(404)
    }
    // A volunteer reads no list of an area, and somebody of another county no list of this one.
    const [far, , volunteer] = others
    expect([
      far && (await w.get(far, `/api/services?area=${A}`)).status,
      volunteer && (await w.get(volunteer, '/api/services')).status,
    ]).toEqual([404, 403])
    expect((await step(worker, id, { step: 'done', proof: { kind: 'word', by: 'self' } })).body.state).toBe('done')
  })

  test('amounts are for those it concerns', async () => {
    const grid = w.grids(A)[0] ?? ''
    const worker = await onDuty(grid, ['worker'])
    const helper = await onDuty(grid, ['volunteer'])
    const { id } = await ask(worker, await door(grid))
    await w.drain()
    await step(helper, id, { step: 'accept' })
    await step(helper, id, {
      step: 'done',
      proof: { kind: 'word', by: 'self' },
      cost: { cents: 6_543_217, paidBy: 'helper' },
    })
    const colleague = await onDuty(grid, ['worker'])
    const seen = await w.get(colleague, `/api/services/${id}`)
    expect([seen.status, seen.body.cost, seen.text.includes('6543217')]).toEqual([200, null, false])
    expect((await w.get(worker, `/api/services/${id}`)).body.cost.cents).toBe(6_543_217)
  })

  test('without an open emergency nothing is written', async () => {
    const grid = w.grids(A)[0] ?? ''
    const place = await door(grid)
    await w.sql("update emergency set state = 'ended'")
    const { answer } = await ask(await w.desk(A), place)
    await w.sql("update emergency set state = 'open'")
    expect([answer.status, answer.body.code]).toEqual([403, 'NO_OPEN_EMERGENCY'])
  })
})

test('SERV-9: late is told once at each time, higher each time, and ends with the service', async () => {
  const grid = w.grids(A)[0] ?? ''
  const [village, town] = [await w.desk(grid.slice(0, 12)), await w.desk(grid.slice(0, 9))]
  const { id } = await ask(village, await door(grid))
  await escalateServices(w.server)
  expect((await one(id)).escalated).toBe(0)
  w.server.clock.shift(4 * HOUR + MINUTE)
  await escalateServices(w.server)
  await escalateServices(w.server)
  expect([(await one(id)).escalated, await notices(village), await notices(town)]).toEqual([1, ['service.late'], []])
  w.server.clock.shift(2 * HOUR)
  await escalateServices(w.server)
  expect([(await one(id)).escalated, await notices(town)]).toEqual([2, ['service.late']])
  const list = (await w.get(village, '/api/services?list=escalated')).body
  expect([list.total, list.items[0].lateMinutes > 100]).toEqual([1, true])
  await step(village, id, { step: 'refuse', reason: 'not_possible' })
  w.server.clock.shift(24 * HOUR)
  await escalateServices(w.server)
  expect((await one(id)).escalated).toBe(2)
})

test('lists: every total is the number of rows that its pages have', async () => {
  const desk = await w.desk(A)
  for (const [i, grid] of w.grids(A).entries())
    await ask(desk, {
      ...(await door(grid)),
      urgency: i % 3 === 0 ? 'urgent' : 'usual',
      kind: i % 2 === 0 ? 'food' : 'rubbish',
    })
  const walk = async (query: string): Promise<[number, number, boolean]> => {
    const seen: { id: string; urgency: string }[] = []
    let total = 0
    for (let cursor = ''; ;) {
      const page = (await w.get(desk, `/api/services?limit=3${query}${cursor}`)).body
      total = page.total
      seen.push(...page.items)
      if (page.next === null) break
      cursor = `&cursor=${encodeURIComponent(page.next)}`
    }
    const urgent = seen.map((row) => row.urgency === 'urgent')
    return [total, new Set(seen.map((row) => row.id)).size, !query.includes('open') || urgent.lastIndexOf(true) < 3]
  }
  expect(await walk('&list=open')).toEqual([8, 8, true])
  expect(await walk('&list=open&kind=food')).toEqual([4, 4, true])
  expect(await walk(`&list=asked&area=${A}001`)).toEqual([4, 4, true])
  expect(await walk('&list=done')).toEqual([0, 0, true])
  const kinds = (await w.get(desk, '/api/services/kinds')).body.items
  expect(kinds.map((row: { asked: number }) => row.asked).reduce((a: number, b: number) => a + b)).toBe(8)
})

test('SERV-14: a round is the list of the next day in the order of the walk', async () => {
  const desk = await w.desk(A)
  const grids = w.grids(A)
  for (const grid of [grids[3], grids[0], grids[3]]) await ask(desk, { ...(await door(grid ?? '')), urgency: 'round' })
  await ask(desk, await door(grids[0] ?? ''))
  const round = (await w.get(desk, '/api/services/round?limit=2')).body
  const rest = (await w.get(desk, `/api/services/round?limit=2&cursor=${encodeURIComponent(round.next)}`)).body
  const areas = [...round.items, ...rest.items].map((row: { area: string }) => row.area)
  expect([round.total, areas]).toEqual([3, [grids[0], grids[3], grids[3]]])
  expect(round.items[0]).toMatchObject({ estate: '拙政园小区', building: '3幢', doorOnly: '302', roundDay: round.day })
  const due = instantOf(round.day, w.server.clock.zone, 16).toISOString()
  expect(round.items[0].dueBy).toBe(due)
})

describe('SERV-10: what repeats', () => {
  test('is made once a day however often the job runs, and never twice by two jobs at once', async () => {
    const desk = await w.desk(A)
    const place = await door(w.grids(A)[0] ?? '')
    const id = randomUUID()
    const today = w.server.clock.today()
    const rule = {
      id,
      kind: 'rubbish',
      householdId: place.householdId,
      rhythm: { type: 'every', days: 2 },
      from: today,
      words: '门口一袋',
    }
    const added = await w.post(desk, '/api/services/rules', rule)
    expect([added.status, added.body.state]).toEqual([200, 'active'])
    await w.drain()
    await Promise.all([makeOccurrences(w.server), makeOccurrences(w.server), makeOccurrences(w.server)])
    const made = () => w.sql('select id, kind, asker, rule_id from service order by asked_at')
    expect(await made()).toEqual([{ id: occurrenceId(id, today), kind: 'rubbish', asker: 'rule', rule_id: id }])
    await toHour(10)
    await makeOccurrences(w.server)
    expect((await made()).length).toBe(1)
    await toHour(10)
    await makeOccurrences(w.server)
    expect((await made()).length).toBe(2)
    // Four days without any job: one service, of today.
    w.server.clock.shift(4 * 24 * HOUR)
    await makeOccurrences(w.server)
    expect((await made()).length).toBe(3)
    expect((await w.get(desk, '/api/services/rules')).body.items[0]).toMatchObject({
      id,
      kind: 'rubbish',
      state: 'active',
    })
    await w.post(desk, `/api/services/rules/${id}/end`, {})
    w.server.clock.shift(4 * 24 * HOUR)
    await makeOccurrences(w.server)
    expect((await made()).length).toBe(3)
  })

  test('a rule without a day is refused', async () => {
    const place = await door(w.grids(A)[0] ?? '')
    const answer = await w.post(await w.desk(A), '/api/services/rules', {
      id: randomUUID(),
      kind: 'food',
      ...place,
      rhythm: { type: 'weekdays', days: [1] },
      from: '2020-02-11',
      to: '2020-02-12',
    })
    expect(answer.body.code).toBe('SERVICE_RULE')
  })
})

describe('SERV-11, SERV-12: medicines', () => {
  test('those who run out within so many days, without what they take; found by its name; opened for a purpose', async () => {
    const [grid, next] = [w.grids(A)[0] ?? '', w.grids(A)[4] ?? '']
    const desk = await w.desk(A)
    const add = async (where: string, name: string, stock: number) => {
      const place = await door(where)
      const id = randomUUID()
      const answer = await w.post(desk, '/api/medicines', {
        id,
        personId: place.personId,
        name,
        stock,
        perDay: 1,
        note: '早饭后',
      })
      if (answer.status !== 200) throw new Error(answer.text)
      return { id, personId: place.personId, ...answer.body }
    }
    const soon = await add(grid, '二甲双胍片', 5)
    await add(grid, '氨氯地平', 30)
    const none = await add(next, '二甲双胍 片', 0)
    expect([soon.daysLeft, none.daysLeft]).toEqual([5, 0])
    const within = async (days: number) => (await w.get(desk, `/api/medicines?within=${days}`)).body
    expect([
      (await within(0)).total,
      (await within(4)).total,
      (await within(5)).total,
      (await within(100)).total,
    ]).toEqual([1, 2, 2, 3])
    const list = await w.get(desk, '/api/medicines?within=100')
    expect(list.text).not.toMatch(/二甲双胍|氨氯地平|早饭后/)
    expect(await w.sql("select count(*)::int as n from medicine where detail_sealed::text like '%二甲%'")).toEqual([
      { n: 0 },
    ])
    const search = (who: Actor, body: object) => w.post(who, '/api/medicines/search', { purpose: '配药', ...body })
    const found = await search(desk, { name: '二甲双胍片' })
    expect(found.body.items.map((row: { id: string }) => row.id)).toEqual([none.id, soon.id])
    // A part of a name finds within a village only.
    expect((await search(desk, { name: '双胍' })).body.items).toEqual([])
    expect((await search(desk, { name: '双胍', area: grid.slice(0, 12) })).body.items.length).toBe(1)
    const opened = await w.post(desk, `/api/medicines/${soon.id}/open`, { purpose: '配药' })
    expect(opened.body).toMatchObject({ name: '二甲双胍片', note: '早饭后', stock: 5, perDay: 1 })
    const trail = await w.sql(
      "select verb, thing_id, purpose, ids, detail from audit where verb in ('medicine.search', 'medicine.open') order by at, id",
    )
    expect(trail[0]).toMatchObject({ verb: 'medicine.search', purpose: '配药', ids: [none.personId, soon.personId] })
    expect(trail.at(-1)).toMatchObject({ verb: 'medicine.open', thing_id: soon.id, ids: [soon.personId] })
    expect(JSON.stringify(trail)).not.toContain('双胍')
    // Another county finds none, an auditor opens none, a volunteer sees none.
    expect((await search(await w.desk(B), { name: '二甲双胍片' })).body.items).toEqual([])
    expect(
      (await w.post(await w.desk(A, ['auditor']), `/api/medicines/${soon.id}/open`, { purpose: '看看' })).status,
    ).toBe(403)
    expect((await w.get(await onDuty(grid, ['volunteer']), '/api/medicines')).status).toBe(403)
  })

  test('before it runs out somebody is asked, once for each end; more in the house is another end', async () => {
    const desk = await w.desk(A)
    const place = await door(w.grids(A)[0] ?? '')
    const id = randomUUID()
    await w.post(desk, '/api/medicines', { id, personId: place.personId, name: '胰岛素', stock: 5, perDay: 1 })
    const made = () => w.sql("select id, kind, medicine_id, household_id from service where asker = 'medicine'")
    await askForMedicines(w.server)
    expect(await made()).toEqual([])
    await toHour(10)
    await Promise.all([askForMedicines(w.server), askForMedicines(w.server)])
    await askForMedicines(w.server)
    expect(await made()).toMatchObject([{ kind: 'medicine', medicine_id: id, household_id: place.householdId }])
    const [service] = await made()
    expect((await w.get(desk, '/api/medicines')).body.items[0].serviceId).toBe(service.id)
    const opened = await w.post(desk, `/api/services/${service.id}/open`, { purpose: '配药' })
    expect(opened.body.words).toBe('胰岛素')
    await w.post(desk, `/api/medicines/${id}/refill`, { stock: 3, perDay: 1 })
    await toHour(10)
    await askForMedicines(w.server)
    expect((await made()).length).toBe(2)
    await w.post(desk, `/api/medicines/${id}/end`, {})
    expect((await w.get(desk, '/api/medicines?within=100')).body.total).toBe(0)
  })
})

test('DELETE-1: thirty days after its end a service is a count; one of an observation is kept with it', async () => {
  const grid = w.grids(A)[0] ?? ''
  const worker = await onDuty(grid, ['worker'])
  const observationId = randomUUID()
  const [plain, observed] = [
    await ask(worker, await door(grid)),
    await ask(worker, { ...(await door(grid)), observationId }),
  ]
  for (const { id } of [plain, observed])
    await step(worker, id, { step: 'done', proof: { kind: 'word', by: 'self' }, words: '放在门口' })
  const days = (n: number) => w.server.clock.shift(n * 24 * HOUR)
  days(30)
  expect((await runRetention(w.server, 'service'))[0]?.rows).toBe(0)
  days(1)
  expect((await runRetention(w.server, 'service'))[0]?.tables).toEqual({ service: 1, service_event: 3 })
  const row = await one(plain.id)
  expect([row.person_id, row.household_id, row.masked, row.words_sealed, row.asked_by, row.taken_by, row.kind]).toEqual(
    [null, null, '', null, null, null, 'food'],
  )
  expect((await w.get(worker, `/api/services/${plain.id}`)).status).toBe(404)
  // What phones pull of it goes too.
  const inFeed = () => w.sql("select count(*)::int as n from grid_feed where kind = 'service' and id = $1", [plain.id])
  expect(await inFeed()).toEqual([{ n: 1 }])
  await runRetention(w.server, 'grid_feed')
  expect(await inFeed()).toEqual([{ n: 0 }])
  expect((await one(observed.id)).person_id).not.toBe(null)
  await w.server.asSystem('test', async (ctx) => ctx.emit('observation.ended', { county: A, observationId }))
  await w.drain()
  days(90)
  expect((await runRetention(w.server, 'service_observed'))[0]?.rows).toBe(0)
  days(1)
  expect((await runRetention(w.server, 'service_observed'))[0]?.tables).toEqual({ service: 1, service_event: 3 })
})

test('SERV-15: when its grid ends, what is open, what repeats and medicines stand at the village; what is done keeps its code', async () => {
  const grid = w.grids(A)[3] ?? ''
  const worker = await onDuty(grid, ['worker'])
  const place = await door(grid)
  const [open, done] = [await ask(worker, place), await ask(worker, place)]
  await step(worker, done.id, { step: 'done', proof: { kind: 'word', by: 'self' } })
  const rhythm = { type: 'every', days: 1 }
  const from = w.server.clock.today()
  await w.post(worker, '/api/services/rules', { id: randomUUID(), kind: 'food', ...place, rhythm, from })
  const medicine = { id: randomUUID(), personId: place.personId, name: '胰岛素', stock: 90, perDay: 1 }
  await w.post(worker, '/api/medicines', medicine)
  await w.sql("update area set valid_to = '2020-02-01' where code = $1", [grid])
  await followServiceAreas(w.server)
  await followServiceAreas(w.server)
  await w.sql('update area set valid_to = null where code = $1', [grid])
  const areas = async (table: string) => (await w.sql(`select area from ${table}`)).map((row) => row.area)
  expect([(await one(open.id)).area, (await one(done.id)).area]).toEqual([grid.slice(0, 12), grid])
  expect([await areas('service_rule'), await areas('medicine')]).toEqual([[grid.slice(0, 12)], [grid.slice(0, 12)]])
  const events = await w.sql("select kind from service_event where service_id = $1 and kind = 'reorganised'", [open.id])
  expect(events.length).toBe(1)
})
