import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runRetention } from '../access/retention.ts'
import { behindLock } from '../core/testing/behind-lock.ts'
import { rebuildStats } from './rebuild.ts'
import { A, B } from '../tasks/world.fixture.ts'
import { observed } from './observation.fixture.ts'
import type { Observed } from './observation.fixture.ts'
import { closeUnreached, endDue, followHome } from '../observation/react.ts'

let w: Observed
let worker: Actor
let desk: Actor
let chief: Actor
let grid: string
const SIGNED = { step: 'commitment', how: 'signed', strokes: [[10, 20, 30, 40]] }
const FIT = { step: 'suitability', room: true, toilet: true, coResidents: 2, elderly: 1, pets: false, medicines: true }

beforeAll(async () => {
  w = await observed()
  grid = w.grids(A)[0] ?? ''
  worker = await w.worker(grid)
  desk = await w.desk(A, ['operator'])
  chief = await w.desk(A, ['chief'])
  w.at('2020-02-03', 9)
})
afterAll(() => w.close())

async function opened(exposureDay: string | undefined, more: object = {}): Promise<{ id: string; personId: string }> {
  const { personId, householdId } = await w.home(grid)
  const id = randomUUID()
  const answer = await w.open(worker, {
    persons: [{ id, personId, ...(exposureDay === undefined ? {} : { exposureDay }) }],
    householdId,
    ...more,
  })
  if (answer.status !== 200) throw new Error(answer.text)
  expect(answer.body.items[0]).toMatchObject({ id, outcome: 'opened' })
  return { id, personId }
}

const facts = (personId: string) =>
  w.sql(
    `select value, from_day::text as day from fact where person_id = $1 and source = 'observation' and withdrawn_at is null order by value`,
    [personId],
  )
const row = async (id: string) => (await w.sql(`select * from observation where id = $1`, [id]))[0]
const stat = async (metric: string, area = '32') =>
  Number(
    (
      await w.sql(`select coalesce(sum(n), 0)::int as n from stat_day where metric = $1 and starts_with(area, $2)`, [
        metric,
        area,
      ])
    )[0].n,
  )

describe('opening', () => {
  test('a task answered "home observation in place" opens one, with day 0 from its reasons, a team, a fact and a feed item', async () => {
    w.at('2020-02-03', 9)
    const { personId, householdId } = await w.home(grid)
    await w.push(A)
    const [task] = await w.sql(`select id from task where person_id = $1`, [personId])
    await w.sql(`update task set household_id = $2, reasons = $3 where id = $1`, [
      task.id,
      householdId,
      JSON.stringify([{ rule: 'r', fact: { kind: 'contact', degree: 1, from: '2020-02-01', to: '2020-02-01' } }]),
    ])
    const filed = await w.post(worker, '/api/visits', {
      id: randomUUID(),
      taskId: task.id,
      method: 'door',
      result: 'met',
      answers: { symptoms: false },
      disposition: 'HERE_HOME_OBS',
      occurredAt: w.server.clock.now().toISOString(),
    })
    expect(filed.status).toBe(200)
    await w.drain()
    const [one] = await w.sql(`select * from observation where person_id = $1`, [personId])
    expect(one).toMatchObject({
      area: grid,
      responsible_area: grid,
      measure: 'home_quarantine',
      reason: 'close_contact',
      opened_from: 'task',
      exposure_day: '2020-02-01',
      start_day: '2020-02-03',
      end_day: '2020-02-15',
    })
    expect(await facts(personId)).toEqual([{ value: 'in', day: '2020-02-03' }])
    expect((await w.sql(`select person_id from grade_dirty where person_id = $1`, [personId])).length).toBe(1)
    const [fed] = await w.sql(`select body from grid_feed where kind = 'observation' and id = $1`, [one.id])
    expect(fed.body).toMatchObject({ measure: 'home_quarantine', step: 'notify', endDay: '2020-02-15' })
    expect(JSON.stringify(fed.body)).not.toContain('name')
    // Once more, as a queue does after a crash: nothing is doubled.
    await w.server.asSystem('again', async (ctx) => ctx.emit('task.answered', { county: A, taskId: task.id }))
    await w.drain()
    expect((await w.sql(`select count(*)::int as n from observation where person_id = $1`, [personId]))[0].n).toBe(1)
  })

  test('OBS-5, OBS-4 (cases 14, 31): a household is a group with days of its own; blank stays blank; who is over is not opened', async () => {
    w.at('2020-02-03', 9)
    const people = await Promise.all([
      w.person(grid, null),
      w.person(grid, null),
      w.person(grid, null),
      w.person(grid, null),
    ])
    const ids = people.map(() => randomUUID())
    const persons = [
      { id: ids[0], personId: people[0], exposureDay: '2020-02-01' },
      { id: ids[1], personId: people[1] },
      { id: ids[2], personId: people[2], exposureDay: '2020-01-05' },
      { id: ids[3], personId: people[3], exposureDay: '2020-02-01', continuous: true, responderPersonId: people[0] },
    ]
    const body = { persons, area: grid }
    const answer = await w.open(worker, body)
    const by = new Map(answer.body.items.map((item: { id: string }) => [item.id, item]))
    expect(ids.map((id) => by.get(id))).toMatchObject([
      { outcome: 'opened', endDay: '2020-02-15' },
      { outcome: 'opened', endDay: null },
      { outcome: 'over', endDay: '2020-01-19' },
      { outcome: 'opened', endDay: null },
    ])
    expect(answer.body.groupId).not.toBeNull()
    expect(await row(ids[1] ?? '')).toMatchObject({ exposure_day: null, end_day: null, start_day: '2020-02-03' })
    const again = await w.open(worker, body)
    expect(again.body.items.map((item: { outcome: string }) => item.outcome).toSorted()).toEqual([
      'exists',
      'exists',
      'exists',
      'over',
    ])
    expect(await w.sql(`insert into observation (county) values ('1')`).catch((e: Error) => e.message)).toContain(
      'null',
    )
  })

  test('case 76: two desks open for one person at once: one observation', async () => {
    w.at('2020-02-03', 9)
    const personId = await w.person(grid, null)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        w.open(desk, { persons: [{ id: randomUUID(), personId, exposureDay: '2020-02-01' }], area: grid }),
      ),
    )
    const outcomes: string[] = answers.flatMap((a) => a.body.items.map((item: { outcome: string }) => item.outcome))
    expect(outcomes.toSorted()).toEqual(['exists', 'exists', 'exists', 'exists', 'opened'])
  })
})

describe('steps', () => {
  test('notice, commitment, doctor, early end by two people, release; texts and signatures are sealed', async () => {
    w.at('2020-02-03', 9)
    const { id, personId } = await opened('2020-02-01', { note: '一家三口' })
    for (const body of [FIT, { step: 'notice', how: 'paper' }, SIGNED])
      expect((await w.step(worker, id, body)).status).toBe(200)
    const [paper] = await w.sql(`select sealed from observation_paper where observation_id = $1`, [id])
    expect(paper.sealed.toString('latin1')).not.toContain('[[10')
    const detail = (await w.get(worker, `/api/observations/${id}`)).body
    expect(detail).toMatchObject({ state: 'active', standing: { phase: 'running', day: 2, of: 14 }, masked: '张*明' })
    expect(detail.may).toContain('welfare')
    expect(detail.may).not.toContain('extend')
    expect(detail.strip).toHaveLength(13)
    const text = await w.post(worker, `/api/observations/${id}/open`, { purpose: '上门核对' })
    expect(text.body).toMatchObject({ texts: [{ n: 1, text: '一家三口' }], strokes: [[10, 20, 30, 40]] })
    expect(
      (await w.sql(`select purpose, ids from audit where verb = 'observation.open_texts' order by at, id`)).at(-1),
    ).toEqual({
      purpose: '上门核对',
      ids: [personId],
    })
    // OBS-14: a worker adds no days; a doctor does, in writing.
    const extend = { step: 'extend', endDay: '2020-02-18', document: '苏医 2020-7', note: '核酸待复查' }
    expect((await w.step(worker, id, extend)).body.code).toBe('NOT_ALLOWED')
    const doctor = await w.desk(grid, ['doctor'])
    expect((await w.step(doctor, id, extend)).body).toMatchObject({ endDay: '2020-02-18' })
    // OBS-15, case 15: asked by one, approved by another.
    const ask = { step: 'shorten', endDay: '2020-02-10', reason: 'wrong_exposure', note: '接触日更正' }
    expect((await w.step(chief, id, ask)).status).toBe(200)
    const approve = { step: 'decide_shorten', approve: true, note: '属实' }
    expect((await w.step(chief, id, approve)).body.code).toBe('NOT_ALLOWED')
    expect((await w.step(await w.desk(A, ['chief']), id, approve)).body).toMatchObject({ endDay: '2020-02-10' })
    w.at('2020-02-10', 20)
    expect((await w.step(worker, id, { step: 'check_release', symptoms: false, tests: 'not_asked' })).status).toBe(200)
    w.at('2020-02-11', 0, 1)
    await endDue(w.server)
    await w.drain()
    expect(await row(id)).toMatchObject({ state: 'released', ended_day: '2020-02-11', follow_up_day: '2020-02-14' })
    expect(await facts(personId)).toEqual([
      { value: 'in', day: '2020-02-03' },
      { value: 'lifted', day: '2020-02-11' },
    ])
    const note = await w.post(worker, `/api/observations/${id}/certificate`, { purpose: '打印' })
    expect(note.body).toMatchObject({
      from: '2020-02-03',
      to: '2020-02-10',
      effective: '2020-02-11',
      deletedOn: '2020-05-12',
    })
    expect((await w.sql(`select count(*)::int as n from open_observation where observation_id = $1`, [id]))[0].n).toBe(
      0,
    )
  })

  test('OBS-9: the notice has every field, blank where nothing is known; OBS-19: no certificate before a release', async () => {
    w.at('2020-02-03', 9)
    const { id } = await opened('2020-02-01')
    const notice = await w.post(worker, `/api/observations/${id}/notice`, { purpose: '送达' })
    expect(notice.body).toMatchObject({
      measure: 'home_quarantine',
      from: '2020-02-03',
      to: '2020-02-15',
      legalOrder: '测试令',
      worker: { name: `网格员${grid}` },
      cadre: null,
      signed: null,
    })
    expect(notice.body.rules.length).toBeGreaterThan(4)
    expect((await w.post(worker, `/api/observations/${id}/certificate`, { purpose: 'x1' })).body.code).toBe(
      'OBSERVATION_NOT_RELEASED',
    )
  })

  test('OBS-20: a release that nobody acted on lapses at noon, the desk is told, the measure is lifted, and it can still be released', async () => {
    w.at('2020-02-03', 9)
    const { id, personId } = await opened('2020-02-01')
    await w.drain()
    w.at('2020-02-16', 11, 59)
    await endDue(w.server)
    expect((await row(id)).state).toBe('opened')
    expect(await w.total(desk, `list=lapsed&personId=${personId}`)).toBe(0)
    w.at('2020-02-16', 12, 0)
    // Lapsed for every reader before the timer has written it (case 66).
    expect(await w.total(desk, `list=lapsed&personId=${personId}`)).toBe(1)
    await endDue(w.server)
    await endDue(w.server)
    await w.drain()
    expect((await row(id)).state).toBe('lapsed')
    expect(await facts(personId)).toEqual([
      { value: 'in', day: '2020-02-03' },
      { value: 'lifted', day: '2020-02-16' },
    ])
    const told = await w.sql(`select account_id, told from observation_alarm where observation_id = $1`, [id])
    expect(told.length).toBeGreaterThan(0)
    expect(new Set(told.map((one) => one.told))).toEqual(new Set([A]))
    const notices = await w.sql(`select body from notice where kind = 'observation.lapsed' and account_id = $1`, [
      told[0].account_id,
    ])
    expect(notices.some((one) => one.body.zh.includes('2020-02-15'))).toBe(true)
    expect((await w.step(desk, id, { step: 'check_release', symptoms: false, tests: 'not_asked' })).status).toBe(200)
    expect((await w.step(desk, id, { step: 'release' })).body.state).toBe('released')
  })

  test('OBS-23: of two who act at once one decides on what the other did', async () => {
    w.at('2020-02-03', 9)
    const { id } = await opened('2020-02-01')
    const body = { step: 'cancel', reason: 'entry_error', note: '录错人' }
    const answers = await Promise.all([w.step(desk, id, body), w.step(chief, id, body)])
    expect(answers.map((a): number => a.status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect((await row(id)).state).toBe('cancelled')
  })

  test('OBS-2: what was an error says nothing to grading any more', async () => {
    w.at('2020-02-03', 9)
    const { id, personId } = await opened('2020-02-01')
    await w.drain()
    expect(await facts(personId)).toHaveLength(1)
    await w.step(desk, id, { step: 'cancel', reason: 'wrong_person', note: '录错人' })
    await w.drain()
    expect(await facts(personId)).toEqual([])
  })
})

describe('places', () => {
  test('OBS-16 (case 32): moved to another county on day 6: it ends here, goes on there with the same days and root', async () => {
    w.at('2020-02-03', 9)
    const { id, personId } = await opened('2020-02-01')
    const there = w.grids(B)[0] ?? ''
    w.at('2020-02-07', 10)
    const before = [await stat('obs_opened', A), await stat('obs_opened', B)]
    expect((await w.step(worker, id, { step: 'stay', area: there })).body.state).toBe('transferred')
    await w.drain()
    const [next] = await w.sql(`select * from observation where person_id = $1 and county = $2`, [personId, B])
    expect(next).toMatchObject({
      root: id,
      area: there,
      responsible_area: there,
      opened_from: 'transfer',
      exposure_day: '2020-02-01',
      start_day: '2020-02-03',
      end_day: '2020-02-15',
    })
    // It was opened once, where it began.
    expect([await stat('obs_opened', A), await stat('obs_opened', B)]).toEqual(before)
    const nearby = await w.worker(there)
    expect((await w.get(nearby, `/api/observations/${next.id}`)).body.standing).toMatchObject({ day: 6, of: 14 })
    expect((await w.get(worker, `/api/observations/${next.id}`)).status).toBe(404)
    const gone = (await w.sql(`select body from grid_feed where kind = 'observation' and id = $1`, [id]))[0].body
    expect(gone).toMatchObject({ gone: true, why: 'transferred' })
    expect(await facts(personId)).toEqual([{ value: 'in', day: '2020-02-03' }])
  })

  test('a person who moves house takes it along; a place chosen for the observation stays', async () => {
    w.at('2020-02-03', 9)
    const { id, personId } = await opened('2020-02-01')
    const other = w.grids(A)[5] ?? ''
    await w.move(personId, other)
    await w.server.asSystem('move', async (ctx) => ctx.emit('person.moved', { personId, from: grid, to: other }))
    await w.drain()
    expect(await row(id)).toMatchObject({ area: other, responsible_area: other, county: A })
  })

  test('of two moves the later one counts, whichever is followed last', async () => {
    w.at('2020-02-03', 9)
    const { id, personId } = await opened('2020-02-01')
    const [other = '', last = ''] = [w.grids(A)[5], w.grids(A)[6]]
    await w.move(personId, other)
    const lock = { text: 'select 1 from observation where id = $1 for update', values: [id] }
    await behindLock(w, lock, [() => followHome(w.server, personId)], () => w.move(personId, last))
    expect((await row(id)).area).toBe(last)
  })

  test('case 17: stays in one county, is counted once in another; both see it, only the place of stay acts', async () => {
    w.at('2020-02-03', 9)
    const hospital = w.grids(B)[1] ?? ''
    const deskB = await w.desk(B)
    const personId = await w.person(hospital, null)
    const id = randomUUID()
    const before = [await w.total(desk, 'list=observed'), await w.total(deskB, 'list=observed')]
    const answer = await w.open(deskB, {
      persons: [{ id, personId, exposureDay: '2020-02-01' }],
      area: hospital,
      responsibleArea: grid,
      place: 'elsewhere',
      address: '城西医院 3 楼',
    })
    if (answer.status !== 200) throw new Error(answer.text)
    expect([await w.total(desk, 'list=observed'), await w.total(deskB, 'list=observed')]).toEqual([
      (before[0] ?? 0) + 1,
      before[1],
    ])
    expect(await w.total(deskB, 'list=observed&by=stay')).toBeGreaterThan(0)
    expect((await w.get(desk, `/api/observations/${id}`)).body.history).toHaveLength(1)
    expect((await w.step(desk, id, { step: 'notice', how: 'read' })).status).toBe(404)
    expect((await w.step(deskB, id, { step: 'notice', how: 'read' })).status).toBe(200)
    expect(await stat('obs_opened', hospital)).toBe(0)
  })

  test('cases 7, 16, 43: without a duty nothing; a neighbour grid sees and does nothing', async () => {
    w.at('2020-02-03', 9)
    const { id } = await opened('2020-02-01')
    const nobody = w.actor({ area: grid, roles: ['worker'], scope: [] })
    const neighbour = await w.worker(w.grids(A)[3] ?? '')
    expect(await w.total(nobody, 'list=open').catch(() => 0)).toBe(0)
    for (const who of [nobody, neighbour]) {
      expect((await w.get(who, `/api/observations/${id}`)).status).toBe(404)
      expect((await w.step(who, id, { step: 'notice', how: 'read' })).status).toBe(404)
    }
    expect(await w.total(neighbour, 'list=open')).toBe(0)
  })
})

describe('lists and figures', () => {
  test('each number of the board, of the figures and of the calendar equals the list it opens, at any hour', async () => {
    w.at('2020-02-05', 10)
    await opened('2020-01-22')
    await opened('2020-01-23')
    await opened(undefined)
    for (const [day, hour] of [
      ['2020-02-05', 10],
      ['2020-02-06', 11],
      ['2020-02-06', 13],
      ['2020-02-08', 9],
    ] as const) {
      w.at(day, hour)
      const board = (await w.get(desk, '/api/observations/board')).body
      for (const one of [...board.lists, ...board.steps, ...board.measures]) {
        const query = new URLSearchParams(one.query).toString()
        expect([query, await w.total(desk, query)]).toEqual([query, one.n])
      }
      const figures = (await w.get(desk, `/api/stats/figures?area=${A}`)).body
      for (const figure of figures.figures.filter((f: { id: string }) => f.id.startsWith('obs_'))) {
        const query = new URLSearchParams(figure.door.query).toString()
        expect([figure.id, await w.total(desk, query)]).toEqual([figure.id, figure.n])
      }
      for (const id of ['obs_observed', 'obs_opened', 'obs_release_due', 'obs_lapsed', 'obs_released']) {
        const of = (row: { figures: { id: string; n: number }[] }) => row.figures.find((f) => f.id === id)?.n ?? 0
        const sum = figures.children.reduce((n: number, child: never) => n + of(child), 0)
        expect([id, sum]).toEqual([id, of(figures)])
      }
    }
    const { days } = (await w.get(desk, '/api/observations/calendar?from=2020-02-01&to=2020-02-28')).body
    expect(days).toHaveLength(28)
    // Tests before this one stood later in time.
    const last = '2020-03-31'
    for (const { day, ends, checked, released } of days) {
      const found = [
        await w.total(desk, `list=open&endDay=${day}`),
        await w.total(desk, `list=open&endDay=${day}&checked=true`),
        await w.total(desk, `list=released&endDay=${day}&from=${day}&to=${last}`),
      ]
      expect([day, ...found]).toEqual([day, ends, checked, released])
    }
  })

  test('a page is in the order of last days, those without one at the end, nobody twice', async () => {
    const seen: { id: string; endDay: string | null }[] = []
    for (let next: string | null = ''; next !== null;) {
      const page: { items: typeof seen; next: string | null } = (
        await w.get(desk, `/api/observations?list=open&limit=3${next === '' ? '' : `&cursor=${next}`}`)
      ).body
      seen.push(...page.items)
      next = page.next
    }
    expect(seen.length).toBe(await w.total(desk, 'list=open'))
    expect(new Set(seen.map((one) => one.id)).size).toBe(seen.length)
    const days = seen.map((one) => one.endDay ?? '9999')
    expect(days).toEqual(days.toSorted())
  })

  test('STAT-5: counted and folded again from its events nothing differs', async () => {
    const report = await rebuildStats(w.server, { repair: false })
    expect(report.differences).toEqual([])
    expect(report.folds).toEqual([])
  })
})

test('OBS-19: a call that nobody answers is given up after fourteen days, and phones forget the person', async () => {
  w.at('2020-02-03', 9)
  const { id } = await opened('2020-02-01')
  const fed = async () =>
    (await w.sql(`select body from grid_feed where kind = 'observation' and id = $1`, [id]))[0].body
  w.at('2020-02-16', 8)
  await w.step(worker, id, { step: 'check_release', symptoms: false, tests: 'not_asked' })
  await w.step(worker, id, { step: 'release' })
  await w.step(worker, id, { step: 'follow_up', outcome: 'not_reached' })
  w.at('2020-03-04', 9)
  await closeUnreached(w.server)
  expect([(await row(id)).follow_up_day, (await fed()).gone]).toEqual(['2020-02-19', undefined])
  w.at('2020-03-05', 9)
  await closeUnreached(w.server)
  expect([(await row(id)).follow_up_day, (await fed()).gone]).toEqual([null, true])
})

test('OBS-4: a length of a place is proposed by one and put in force by another; what is open keeps its own', async () => {
  w.at('2020-02-03', 9)
  const { id } = await opened('2020-02-01')
  const rules = {
    home_quarantine: { days: 21, from: 'exposure' },
    home_monitoring: { days: 7, from: 'start' },
    self_monitoring: { days: 14, from: 'exposure' },
  }
  const rulesId = randomUUID()
  const proposed = await w.post(chief, '/api/observation-rules', {
    id: rulesId,
    area: A,
    rules,
    reason: '按省里通知延长',
  })
  if (proposed.status !== 200) throw new Error(proposed.text)
  expect((await w.post(chief, `/api/observation-rules/${rulesId}/decide`, { approve: true })).body.code).toBe(
    'NOT_ALLOWED',
  )
  const second = await w.desk(A, ['chief'])
  expect((await w.post(second, `/api/observation-rules/${rulesId}/decide`, { approve: true })).body.state).toBe(
    'in_force',
  )
  expect((await w.get(worker, '/api/observation-rules')).body.holds).toMatchObject({ version: 1, rules })
  const later = await opened('2020-02-01')
  expect([(await row(id)).end_day, (await row(later.id)).end_day]).toEqual(['2020-02-15', '2020-02-22'])
  const monitored = await opened(undefined, { measure: 'home_monitoring' })
  expect((await row(monitored.id)).end_day).toBe('2020-02-10')
})

test('OBS-26: an officer of the area sees days and papers of somebody who is ill, and nothing that says so; a doctor sees it', async () => {
  w.at('2020-02-03', 9)
  const { id } = await opened('2020-02-01')
  const day = 'from=2020-02-03&to=2020-02-03'
  expect((await w.step(worker, id, { step: 'notice', how: 'read' })).status).toBe(200)
  expect((await w.step(worker, id, FIT)).status).toBe(200)
  expect((await w.step(worker, id, { step: 'symptom', codes: ['chest_tight'] })).status).toBe(200)
  expect((await w.step(worker, id, { step: 'care', stage: 'clinic_asked' })).status).toBe(200)
  expect((await w.step(worker, id, { step: 'welfare', how: 'door', found: 'unwell' })).status).toBe(200)
  const [officer, cadre, doctor] = [
    await w.desk(A, ['officer']),
    await w.desk(A, ['cadre']),
    await w.desk(A, ['doctor']),
  ]
  for (const who of [officer, cadre]) {
    const one = await w.get(who, `/api/observations/${id}`)
    expect(one.body).toMatchObject({
      state: 'notified',
      startDay: '2020-02-03',
      current: { symptoms: null, care: null },
    })
    const listed = await w.get(who, `/api/observations?list=opened&${day}&limit=200`)
    const words = JSON.stringify([one.body, listed.body])
    expect(words).not.toMatch(/chest_tight|clinic_asked|referred|symptomatic|unwell/)
    expect(listed.body.items.some((row: { id: string }) => row.id === id)).toBe(true)
    expect((await w.get(who, '/api/observations?list=care')).status).toBe(403)
    expect((await w.get(who, '/api/observations?state=referred')).status).toBe(403)
    const board = await w.get(who, '/api/observations/board')
    expect(board.body.lists.map((row: { list: string }) => row.list)).not.toContain('care')
  }
  // Who lives there and how is for the cadre, not for the officer (TEAM-9).
  const looked = async (who: Actor) =>
    (await w.get(who, `/api/observations/${id}`)).body.history.find((l: { kind: string }) => l.kind === 'suitability')
      .body
  expect(await looked(cadre)).toMatchObject({ suitable: true, elderly: 1 })
  expect(await looked(officer)).toEqual({ on: '2020-02-03', suitable: true, wantsCentral: false })
  const seen = await w.get(doctor, `/api/observations/${id}`)
  expect(seen.body).toMatchObject({ state: 'referred', current: { symptoms: { codes: ['chest_tight'] } } })
  expect((await w.get(doctor, '/api/observations?list=care')).status).toBe(200)
})

test('TEAM-9: each member of a team has the own doors in the fields of the own part, and a number to ring; nobody else has them', async () => {
  w.at('2020-02-03', 9)
  const village = grid.slice(0, 12)
  const member = async (role: 'doctor' | 'officer' | 'cadre'): Promise<Actor> => {
    const one = await w.desk(village, [role])
    await w.sql(
      `insert into duty (id, account_id, account_name, area, kind, from_day, created_at) values ($1, $2, $3, $4, 'cover', '2020-01-01', now())`,
      [randomUUID(), one.id, role, village],
    )
    return one
  }
  const [doctor, officer, cadre] = [await member('doctor'), await member('officer'), await member('cadre')]
  const { id } = await opened('2020-02-01')
  await w.drain()
  for (const body of [{ step: 'notice', how: 'read' }, FIT, { step: 'symptom', codes: ['chest_tight'] }])
    expect((await w.step(worker, id, body)).status).toBe(200)
  const { household_id: household } = await row(id)
  const mine = async (who: Actor) =>
    (await w.get(who, '/api/observations/doors/mine?limit=200')).body.items.find(
      (one: { householdId: string }) => one.householdId === household,
    )
  const common = ['address', 'hazards', 'team', 'people', 'phone', 'measure', 'days']
  const shown = async (who: Actor) => Object.keys((await mine(who)).door).toSorted()
  expect(await shown(doctor)).toEqual([...common, 'readings', 'symptoms', 'medicine'].toSorted())
  expect(await shown(officer)).toEqual([...common, 'notice', 'outings'].toSorted())
  expect(await shown(cadre)).toEqual([...common, 'members', 'needs', 'notice', 'conditions'].toSorted())
  expect((await mine(doctor)).door).toMatchObject({
    people: [{ id, masked: '张*明' }],
    days: [{ id, day: 2, endDay: (await row(id)).end_day }],
    symptoms: [{ id, codes: ['chest_tight'], care: null }],
  })
  expect(JSON.stringify([await mine(officer), await mine(cadre)])).not.toContain('chest_tight')

  const { teamId } = await mine(officer)
  const ring = (who: Actor) => w.post(who, `/api/observations/doors/${teamId}/ring`, { purpose: '约上门时间' })
  expect((await ring(officer)).status).toBe(200)
  const [line] = await w.sql(`select purpose, detail from audit where verb = 'person.open' and detail->>'team' = $1`, [
    teamId,
  ])
  expect(line).toMatchObject({ purpose: '约上门时间', detail: { channel: 'team' } })
  const stranger = await w.desk(A, ['doctor'])
  expect([await mine(stranger), (await ring(stranger)).status]).toEqual([undefined, 404])
})

test('DELETE-1: 90 days after its end the file is gone and the count stays', async () => {
  w.at('2020-02-03', 9)
  const { id, personId } = await opened('2020-02-01')
  await w.step(desk, id, { step: 'central', place: 'hotel' })
  w.at('2020-05-03', 9)
  await runRetention(w.server, 'observation')
  expect((await row(id)).person_id).toBe(personId)
  w.at('2020-05-04', 9)
  await runRetention(w.server, 'observation')
  expect(await row(id)).toMatchObject({ person_id: null, masked: '', current: {}, outcome: 'to_central' })
  expect((await w.sql(`select count(*)::int as n from observation_event where observation_id = $1`, [id]))[0].n).toBe(0)
  expect((await w.get(desk, `/api/observations/${id}`)).status).toBe(404)
  expect((await w.get(desk, '/api/observations?list=ended&from=2020-02-03&to=2020-02-03')).status).toBe(200)
  const report = await rebuildStats(w.server, { repair: false })
  expect([report.differences, report.folds]).toEqual([[], []])
})
