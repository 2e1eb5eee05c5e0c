import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { A } from '../tasks/world.fixture.ts'
import { followOneChunk, followTime } from './due.ts'
import { DAY, item, readingPlace } from './readings.fixture.ts'
import { noteMissed } from './readings-tasks.ts'
import type { Place } from './readings.fixture.ts'

let p: Place
let desk: Actor
let grid: string
let worker: Actor

beforeAll(async () => {
  p = await readingPlace()
  desk = await p.desk(A)
  grid = p.grids(A)[0] ?? ''
  worker = await p.worker(grid)
})
afterAll(() => p.close())

const tasks = () => p.sql(`select * from task where kind = 'welfare' order by opened_at`)
const tasksOf = async (personId: string) => (await tasks()).filter((task) => task.person_id === personId)
const slotsOf = (of: { id: string }) =>
  p.sql(`select day, part, state, how from reading_slot where observation_id = $1 order by due_at`, [of.id])
const phone = async (kind: string, id: string) =>
  (await p.sql('select body, urgent from grid_feed where grid = $1 and kind = $2 and id = $3', [grid, kind, id]))[0]

describe('READ-9 to READ-11, the exact sequence', () => {
  test('answered at 19:59 with a deadline at 20:00: no task; none at 20:01: a task; answered at 20:30: withdrawn, and told', async () => {
    p.at(DAY, 7)
    const [inTime, late] = [
      await p.somebody({ area: grid, phone: '+8613900000001' }),
      await p.somebody({ area: grid, phone: '+8613900000002' }),
    ]
    const one = await p.observe({ desk, personId: inTime })
    const two = await p.observe({ desk, personId: late })
    const me = await p.resident('+8613900000001')
    const she = await p.resident('+8613900000002')
    // The morning of both.
    p.at(DAY, 9)
    for (const [actor, of] of [
      [me, one],
      [she, two],
    ] as const)
      expect((await p.file(actor, '/api/my/readings', { items: [item(of)] })).status).toBe(200)
    p.at(DAY, 19, 59)
    const filed = await p.file(me, '/api/my/readings', { items: [item(one)] })
    expect(filed.body.items[0]).toMatchObject({ state: 'on_time', slot: { day: DAY, part: 'evening' } })
    p.at(DAY, 20)
    await p.tick()
    expect(await tasks()).toHaveLength(0)
    p.at(DAY, 20, 1)
    await p.tick()
    expect(await tasksOf(inTime)).toHaveLength(0)
    const [task] = await tasksOf(late)
    expect(task).toMatchObject({ kind: 'welfare', state: 'pushed', grade: 'blue', area: grid })
    // Nobody is to be called at night (case 30), and the worker's task is not due before the next day.
    const night = await p.get(desk, '/api/readings/calls?list=due')
    expect(night.total).toBe(0)
    expect(await p.get(desk, '/api/readings/calls?list=open')).toMatchObject({ total: 1 })
    expect(task.answer_by.toISOString() > '2020-02-06T00:00:00.000Z').toBe(true)
    expect((await phone('task', task.id)).body.reasons[0].say.zh).toContain('1 次没有收到填报')
    // The worker takes it and goes offline.
    await p.post(worker, `/api/tasks/${task.id}/accept`, {})
    p.at(DAY, 20, 30)
    const answer = await p.file(she, '/api/my/readings', { items: [item(two)] })
    expect(answer.body.items[0]).toMatchObject({ state: 'late', ended: { taskId: task.id } })
    // What his phone reads at the next contact: the urgent word first, the task gone, the slot answered.
    const notice = await phone('notice', `${task.id}/answered`)
    expect(notice).toMatchObject({ urgent: true, body: { for: worker.id, what: 'reading_came', taskId: task.id } })
    expect((await phone('task', task.id)).body).toMatchObject({ gone: true, why: 'withdrawn' })
    expect((await phone('reading', two.id)).body.came[0]).toMatchObject({ day: DAY, part: 'evening', how: 'self' })
    expect(await p.get(desk, '/api/readings/calls?list=open')).toMatchObject({ total: 0 })
    expect((await slotsOf(two)).map((slot) => slot.state)).toEqual(['on_time', 'late'])
    // Nothing more comes of it, and the story that is told behind says no silence any more.
    await p.tick()
    await p.drain()
    expect(await tasksOf(late)).toHaveLength(1)
    expect((await p.get(desk, `/api/observations/${two.id}`)).current.missed).toBe(0)
  })

  test('missed once: call; twice: the same task goes to the door; the worker files there for two at once and it is answered', async () => {
    p.at('2020-02-06', 7)
    const mother = await p.somebody({ area: grid, phone: '+8613900000011' })
    const child = await p.somebody({ area: grid })
    const hers = await p.observe({ desk, personId: mother })
    const its = await p.observe({ desk, personId: child, responder: mother })
    for (const [day, hour] of [
      ['2020-02-06', 10],
      ['2020-02-06', 20],
    ] as const) {
      p.at(day, hour, 1)
      await p.tick()
    }
    const [task, ...more] = await tasksOf(child)
    expect(more).toHaveLength(0)
    expect(task).toMatchObject({ grade: 'yellow' })
    expect((await phone('task', task.id)).body.reasons[0].say.zh).toContain('上门')
    const door = await p.get(desk, '/api/readings/calls?list=door')
    const missed = door.items.flatMap((call: { observationId: string; missed: number }) =>
      call.observationId === hers.id || call.observationId === its.id ? [call.missed] : [],
    )
    expect(missed).toEqual([2, 2])
    // The story of the observation has them too (OBS-12), once, also when the job's word is told twice.
    await p.drain()
    await noteMissed(p.server, {
      items: [{ county: its.county, observationId: its.id, slots: ['2020-02-06/evening'] }],
    })
    expect((await p.get(desk, `/api/observations/${its.id}`)).current.missed).toBe(2)
    p.at('2020-02-06', 21)
    const done = await p.file(worker, '/api/readings', {
      how: 'door',
      occurredAt: p.server.clock.now().toISOString(),
      items: [item(hers), item(its)],
    })
    expect(done.status).toBe(200)
    expect(done.body.items.map((one: { state: string }) => one.state)).toEqual(['late', 'late'])
    const [ended] = await tasksOf(child)
    expect(ended).toMatchObject({ state: 'closed', outcome: 'answered', disposition: 'HERE_HOME_OBS' })
    expect((await p.get(desk, `/api/observations/${its.id}`)).current).toMatchObject({ missed: 0 })
  })

  test('a report of 19:50 from a phone that was offline arrives at 21:00: on time, the task goes', async () => {
    p.at('2020-02-07', 7)
    const person = await p.somebody({ area: grid, phone: '+8613900000021' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-07', 9)
    await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: p.server.clock.now().toISOString(),
      items: [item(of)],
    })
    p.at('2020-02-07', 20, 1)
    await p.tick()
    expect((await slotsOf(of)).map((slot) => slot.state)).toEqual(['on_time', 'missed'])
    p.at('2020-02-07', 21)
    const body = { how: 'door', occurredAt: '2020-02-07T11:50:00Z', items: [item(of)] }
    const first = await p.file(worker, '/api/readings', body)
    expect(first.body.items[0]).toMatchObject({ state: 'on_time', slot: { part: 'evening' } })
    // Sent twice: the first answer, one reading (case 39).
    expect((await p.file(worker, '/api/readings', body)).body.items).toEqual(first.body.items)
    expect(await p.sql('select count(*)::int as n from reading where observation_id = $1', [of.id])).toEqual([{ n: 2 }])
    expect((await slotsOf(of)).map((slot) => slot.state)).toEqual(['on_time', 'on_time'])
    const [task] = await tasksOf(person)
    expect(task.state).toBe('closed')
  })

  test('a clock that jumps three days is followed in one step, once, also by two processes', async () => {
    p.at('2020-02-08', 7)
    const person = await p.somebody({ area: grid, phone: '+8613900000031' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-11', 7)
    await Promise.all([followTime(p.server), followTime(p.server)])
    await followTime(p.server)
    expect((await slotsOf(of)).map((slot) => `${slot.day}/${slot.part}/${slot.state}`)).toEqual([
      '2020-02-08/morning/missed',
      '2020-02-08/evening/missed',
      '2020-02-09/morning/missed',
      '2020-02-09/evening/missed',
      '2020-02-10/morning/missed',
      '2020-02-10/evening/missed',
    ])
    expect(await tasksOf(person)).toHaveLength(1)
    expect((await tasksOf(person))[0]).toMatchObject({ grade: 'yellow' })
  })

  test('killed between chunks: what was followed stays, the rest follows, nothing twice', async () => {
    p.at('2020-02-11', 7, 30)
    const people = await Promise.all([1, 2, 3].map((n) => p.somebody({ area: grid, phone: `+861390000004${n}` })))
    const all = []
    for (const personId of people) all.push(await p.observe({ desk, personId }))
    p.at('2020-02-11', 10, 1)
    expect(await followOneChunk(p.server, 2)).toBe(2)
    await followTime(p.server, 2)
    for (const of of all) expect(await slotsOf(of)).toHaveLength(1)
    for (const personId of people) expect(await tasksOf(personId)).toHaveLength(1)
  })
})

describe('READ-3 to READ-6 what is said', () => {
  test('an unlikely temperature is asked about, confirmed it is taken; fever takes the symptom step in the same breath', async () => {
    p.at('2020-02-12', 8)
    const person = await p.somebody({ area: grid, phone: '+8613900000051' })
    const of = await p.observe({ desk, personId: person })
    const me = await p.resident('+8613900000051')
    const hot = item(of, { temperature: 395 })
    const asked = await p.file(me, '/api/my/readings', { items: [hot] })
    expect(asked).toMatchObject({ status: 409, body: { code: 'UNLIKELY_TEMPERATURE', rule: 'READ-3' } })
    const taken = await p.file(me, '/api/my/readings', {
      items: [{ ...hot, confirmed: true, symptoms: ['cough', 'newer_word'] }],
    })
    expect(taken.body.items[0].alarm).toEqual({ fever: true, symptoms: ['cough'] })
    const seen = await p.get(desk, `/api/observations/${of.id}`)
    expect(seen.state).toBe('symptomatic')
    expect(seen.current.symptoms.codes).toEqual(['cough', 'fever'])
    const list = await p.get(desk, `/api/observations/${of.id}/readings`)
    expect(list).toMatchObject({
      total: 1,
      items: [{ temperature: 395, confirmed: true, symptoms: ['cough', 'newer_word'] }],
    })
  })

  test('a correction is a new row beside the old one; the slot stays on time and the counters count once (case 44)', async () => {
    p.at('2020-02-13', 8)
    const of = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000061' }) })
    const first = { ...item(of), id: randomUUID() }
    p.at('2020-02-13', 9)
    await p.file(worker, '/api/readings', { how: 'phone', occurredAt: '2020-02-13T01:00:00Z', items: [first] })
    p.at('2020-02-13', 12)
    const second = { ...item(of, { temperature: 368, supersedes: first.id }) }
    const mended = await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: '2020-02-13T04:00:00Z',
      items: [second],
    })
    expect(mended.body.items[0]).toMatchObject({ state: 'on_time', slot: { part: 'morning' } })
    const again = await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: '2020-02-13T04:01:00Z',
      items: [item(of, { supersedes: first.id })],
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'READING_CORRECTED' } })
    const counted = await p.sql(
      `select sum(n)::int as n from stat_day where metric = 'reading:on_time' and day = '2020-02-13' and area = $1`,
      [grid],
    )
    expect(counted[0].n).toBe(1)
  })

  test('told by telephone about yesterday evening: late for that slot, and this morning is still asked', async () => {
    p.at('2020-02-14', 8)
    const person = await p.somebody({ area: grid, phone: '+8613900000071' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-15', 9)
    await p.tick()
    const told = await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: '2020-02-15T01:00:00Z',
      items: [item(of, { slot: { day: '2020-02-14', part: 'evening' } })],
    })
    expect(told.body.items[0]).toMatchObject({ state: 'late', slot: { day: '2020-02-14', part: 'evening' } })
    expect((await slotsOf(of)).map((slot) => slot.state)).toEqual(['missed', 'late'])
    const ahead = await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: '2020-02-15T01:00:00Z',
      items: [item(of, { slot: { day: '2020-02-15', part: 'evening' } })],
    })
    expect(ahead).toMatchObject({ status: 409, body: { code: 'READING_NOT_ASKED' } })
  })

  test('somebody abroad is asked by the clock there (case 26)', async () => {
    p.at('2020-02-16', 7)
    const of = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000081' }) })
    const set = await p.file(desk, '/api/readings/contact', {
      county: of.county,
      observationId: of.id,
      contact: 'sms',
      zone: 'America/New_York',
    })
    expect(set.body).toMatchObject({ zone: 'America/New_York' })
    // 20:01 in Shanghai is 07:01 in New York: nothing is due there.
    p.at('2020-02-16', 20, 1)
    await p.tick()
    expect(await slotsOf(of)).toEqual([])
    // 10:01 on the 16th in New York.
    p.at('2020-02-16', 23, 1)
    await p.tick()
    expect((await slotsOf(of)).map((slot) => `${slot.day}/${slot.part}`)).toEqual(['2020-02-16/morning'])
  })
})

describe('ACCESS: whose readings', () => {
  test('another resident, another grid and nobody: not found; the trail knows who filed', async () => {
    p.at('2020-02-17', 8)
    const of = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000091' }) })
    const stranger = await p.resident('+8613900000092')
    const elsewhere = await p.worker(p.grids(A)[3] ?? '')
    const body = { how: 'door', occurredAt: p.server.clock.now().toISOString(), items: [item(of)] }
    expect((await p.file(stranger, '/api/my/readings', { items: [item(of)] })).status).toBe(404)
    expect((await p.file(elsewhere, '/api/readings', body)).status).toBe(404)
    expect((await p.request(null, 'POST', '/api/readings', body)).status).toBe(401)
    expect((await p.file(worker, '/api/readings', body)).status).toBe(200)
    const [line] = await p.sql(
      `select * from audit where verb = 'reading.file' and thing_id = $1 and outcome = 'done'`,
      [of.id],
    )
    expect(line).toMatchObject({ actor: worker.id, area: grid })
    expect((await p.get(stranger, '/api/my/readings')).items).toEqual([])
  })

  test('READ-18: an officer of the team sees that a reading came and not what it says; a doctor sees it', async () => {
    p.at('2020-02-17', 12)
    const of = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613900000093' }) })
    const body = {
      how: 'phone',
      occurredAt: p.server.clock.now().toISOString(),
      items: [item(of, { temperature: 371, symptoms: ['headache'], mood: 'low' })],
    }
    await p.file(worker, '/api/readings', body)
    const seen = async (role: 'officer' | 'doctor') =>
      p.get(p.actor({ area: grid, roles: [role] }), `/api/observations/${of.id}/readings`)
    expect(await seen('officer')).toMatchObject({
      values: false,
      total: 1,
      items: [{ temperature: null, symptoms: [], mood: null }],
    })
    expect(await seen('doctor')).toMatchObject({
      values: true,
      items: [{ temperature: 371, symptoms: ['headache'], mood: 'low' }],
    })
  })

  test('READ-17: a mother sees herself and the child for whom she answers, with their slots', async () => {
    p.at('2020-02-18', 8)
    const mother = await p.somebody({ area: grid, phone: '+8613900000101', masked: '王*' })
    const child = await p.somebody({ area: grid, masked: '王*宝' })
    await p.observe({ desk, personId: mother })
    const its = await p.observe({ desk, personId: child, responder: mother })
    const she = await p.resident('+8613900000101')
    const mine = await p.get(she, '/api/my/readings')
    expect(
      mine.items.map((one: { masked: string; self: boolean; ordinal: number }) => [one.masked, one.self, one.ordinal]),
    ).toEqual([
      ['王*', true, 1],
      ['王*宝', false, 2],
    ])
    expect(mine.items[1]).toMatchObject({ observationId: its.id, measure: 'home_monitoring', day: 0, of: 14 })
    expect(mine.items[1].slots.map((slot: { state: string }) => slot.state)).toEqual(['open', 'ahead'])
    const both = await p.file(she, '/api/my/readings', {
      items: mine.items.map((one: { county: string; observationId: string }) =>
        item({ id: one.observationId, county: one.county }),
      ),
    })
    expect(both.body.items).toHaveLength(2)
    expect((await p.get(she, '/api/my/readings')).items[1].slots[0]).toMatchObject({
      state: 'on_time',
      reading: { how: 'self' },
    })
  })
})

describe('READ-12 the queue of calls', () => {
  test('opened at the deadline, the number for one call, no answer twice goes to the door, a reading on the telephone ends it', async () => {
    p.at('2020-02-19', 7)
    const person = await p.somebody({ area: grid, phone: '+8613900000111' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-19', 10, 1)
    await p.tick()
    const mineIn = async (list: string) =>
      (await p.get(desk, `/api/readings/calls?list=${list}&limit=200`)).items.filter(
        (call: { observationId: string }) => call.observationId === of.id,
      )
    const [call] = await mineIn('due')
    expect(call).toMatchObject({ why: 'missed', how: 'call', missed: 1, tries: 0 })
    const number = await p.file(desk, '/api/readings/calls/number', { county: call.county, id: call.id })
    expect(number.body.phone).toBe('+8613900000111')
    expect(
      await p.sql(`select ids from audit where verb = 'person.open' and detail ->> 'call' = $1`, [call.id]),
    ).toEqual([{ ids: [person] }])
    const outcome = (body: object) =>
      p.file(desk, '/api/readings/calls/outcome', { county: call.county, id: call.id, ...body })
    expect((await outcome({ outcome: 'no_answer' })).body.call).toMatchObject({ tries: 1, how: 'call' })
    expect(await mineIn('due')).toHaveLength(0)
    p.at('2020-02-19', 12, 30)
    expect(await mineIn('due')).toHaveLength(1)
    expect((await outcome({ outcome: 'no_answer' })).body.call).toMatchObject({ tries: 2, how: 'door' })
    expect((await tasksOf(person))[0]).toMatchObject({ grade: 'yellow' })
    const told = await outcome({ outcome: 'reached', readings: [item(of)] })
    expect(told.body).toMatchObject({ call: { closed: 'answered' }, readings: [{ state: 'late' }] })
    expect((await tasksOf(person))[0]).toMatchObject({ state: 'closed' })
    // Afterwards there is nothing to call about.
    expect((await outcome({ outcome: 'no_answer' })).body).toMatchObject({ code: 'CALL_CLOSED' })
    p.at('2020-02-19', 21)
    await p.tick()
    const [evening] = await mineIn('open')
    expect(
      (await p.file(desk, '/api/readings/calls/number', { county: evening.county, id: evening.id })).body.code,
    ).toBe('CALLED_TOO_EARLY')
  })

  test('a grandmother without a telephone: no message, no call, the door at once (shows 5)', async () => {
    p.at('2020-02-20', 7)
    const person = await p.somebody({ area: grid })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-20', 8, 31)
    await p.tick()
    p.at('2020-02-20', 10, 1)
    await p.tick()
    const [task] = await tasksOf(person)
    expect(task).toMatchObject({ grade: 'yellow' })
    const done = await p.file(worker, '/api/readings', {
      how: 'door',
      occurredAt: p.server.clock.now().toISOString(),
      items: [item(of, { temperature: null })],
    })
    expect(done.body.items[0]).toMatchObject({ state: 'late', ended: { taskId: task.id } })
  })
})

describe('the end (cases 31, 27)', () => {
  test('ended: nothing is asked any more, its call and task end, the phone forgets it', async () => {
    p.at('2020-02-21', 7)
    const person = await p.somebody({ area: grid, phone: '+8613900000121' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-21', 10, 1)
    await p.tick()
    const cancelled = await p.file(desk, `/api/observations/${of.id}/step`, {
      do: { step: 'cancel', reason: 'wrong_person', note: '登记错了人' },
    })
    expect(cancelled.status).toBe(200)
    await p.drain()
    expect((await tasksOf(person))[0]).toMatchObject({ state: 'closed', outcome: 'withdrawn' })
    expect((await phone('reading', of.id)).body).toMatchObject({ gone: true, why: 'ended' })
    p.at('2020-02-23', 10)
    await p.tick()
    expect(await slotsOf(of)).toHaveLength(1)
    const [row] = await p.sql('select next_due from reading_due where observation_id = $1', [of.id])
    expect(row.next_due).toBeNull()
    const late = await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: p.server.clock.now().toISOString(),
      items: [item(of)],
    })
    expect(late).toMatchObject({ status: 409, body: { code: 'READING_NOT_ASKED' } })
  })
})

describe('READ-16 the figures', () => {
  test('each state opens its list with exactly its total, page by page', async () => {
    const span = 'from=2020-02-01&to=2020-03-31'
    for (const state of ['on_time', 'late', 'missed']) {
      const [counted] = await p.sql(`select coalesce(sum(n), 0)::int as n from stat_day where metric = $1`, [
        `reading:${state}`,
      ])
      const list = await p.get(desk, `/api/readings/slots?state=${state}&${span}&area=${A}`)
      expect(list.total).toBe(counted.n)
      expect(counted.n).toBeGreaterThan(0)
      const walked = []
      let cursor = ''
      do {
        const page = await p.get(desk, `/api/readings/slots?state=${state}&${span}&area=${A}&limit=3${cursor}`)
        walked.push(...page.items)
        cursor = page.next === null ? '' : `&cursor=${page.next}`
      } while (cursor !== '')
      expect(walked).toHaveLength(counted.n)
      expect(new Set(walked.map((row) => `${row.observationId}/${row.day}/${row.part}`)).size).toBe(counted.n)
    }
  })
})
