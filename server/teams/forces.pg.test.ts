import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { peopleRoutes } from '../people/routes.ts'
import { forceJobs } from './force-jobs.ts'
import { forceRoutes } from './force-routes.ts'
import { skillsOfAccounts } from './force-store.ts'
import { A, B, makePlace, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { teamRoutes } from './routes.ts'

let w: Place
let desk: Actor
let other: Actor
let village: Actor
let province: Actor
const GRID = `${VILLAGE}001`

beforeAll(async () => {
  w = await makePlace({
    rooms: [{ room: 'forces', jobs: forceJobs }],
    routes: [peopleRoutes, teamRoutes, forceRoutes],
  })
  desk = await w.desk(A)
  other = await w.desk(B)
  village = await w.desk(VILLAGE)
  province = await w.desk('32')
  // Ten in the morning, so that shifts of today are ahead.
  const { clock } = w.server
  clock.shift(instantOf(clock.today(), clock.zone, 34).getTime() - clock.now().getTime())
})
afterAll(() => w.close())

const day = (n = 0) => addDays(w.server.clock.today(), n)
const hour = (n: number, add = 0) => instantOf(day(add), w.server.clock.zone, n)
const at = (when: Date) => w.server.clock.shift(when.getTime() - w.server.clock.now().getTime())
const person = (name: string, phone: string, more: object = {}) => ({
  area: GRID,
  name,
  phone,
  kind: 'volunteer',
  orgId: null,
  skills: ['driving'],
  hours: [],
  ...more,
})
const ok = async (actor: Actor, url: string, body: object) => {
  const answer = await w.post(actor, url, body)
  if (answer.status !== 200) throw new Error(`${url} ${answer.status} ${answer.text}`)
  return answer.body
}
const code = async (actor: Actor, url: string, body: object) => (await w.post(actor, url, body)).body.code

async function post(kind = 'gate', area = GRID): Promise<string> {
  const id = randomUUID()
  await ok(desk, '/api/forces/posts', { id, area, kind, name: `门${id.slice(0, 4)}` })
  return id
}

async function shift(postId: string, starts: string, ends: string, needed = 2, n = 0): Promise<string> {
  await ok(desk, '/api/forces/shifts', { postId, from: day(n), to: day(n), starts, ends, needed })
  const list = await w.get(desk, `/api/forces/shifts?post=${postId}&from=${day(n)}&to=${day(n)}`)
  return list.body.items.find(
    (one: { startsAt: string }) => one.startsAt === hour(Number(starts.slice(0, 2)), n).toISOString(),
  ).id
}

async function put(shiftId: string, accountId: string): Promise<string> {
  const turnId = randomUUID()
  await ok(desk, `/api/forces/shifts/${shiftId}/turns`, { turnId, accountId })
  return turnId
}

describe('FORCE-1, FORCE-2: people', () => {
  test('enrolled, confirmed by the desk with role and duty, found by skill, and left', async () => {
    const { id } = await ok(
      desk,
      '/api/forces/people',
      person('陈志', '13800000001', { skills: ['medical', 'driving'] }),
    )
    expect(await code(desk, '/api/forces/people', person('陈志', '13800000001'))).toBe('FORCE_TWICE')
    const listed = (await w.get(desk, `/api/forces/people?list=enrolled&skill=medical&area=${VILLAGE}`)).body
    expect(listed).toMatchObject({ total: 1, items: [{ id, name: '陈志', state: 'enrolled' }] })
    const account = listed.items[0].accountId
    const skills = () => w.server.asSystem('test', (ctx) => skillsOfAccounts(ctx.db, [account]))
    // Nobody is asked for anything before the desk's word.
    expect([...(await skills())]).toEqual([])
    await ok(desk, `/api/forces/people/${id}/confirm`, {})
    expect([...(await skills())]).toEqual([[account, ['driving', 'medical']]])
    expect(await w.sql('select area, to_day from duty where account_id = $1', [account])).toEqual([
      { area: GRID, to_day: null },
    ])
    const left = await ok(desk, `/api/forces/people/${id}/leave`, { lastDay: day(), reason: '搬家' })
    expect(left).toMatchObject({ turns: 0, handed: 0 })
    expect(await w.sql('select to_day from duty where account_id = $1', [account])).toEqual([{ to_day: day() }])
    expect((await w.get(desk, '/api/forces/people?list=all')).body.total).toBe(0)
  })

  test('a list: accepted, rejected with column and remedy, and unchanged the second time', async () => {
    await ok(desk, '/api/forces/organisations', {
      id: randomUUID(),
      area: A,
      kind: 'property',
      name: '安居物业',
      contact: { name: '王经理', phone: '13911112222' },
    })
    const csv = [
      '志愿者名单',
      '姓名,手机号,辖区,类别,单位,特长,可服务时间',
      `赵一,13800000011,${GRID},志愿者,,驾驶、配送,周一至周日 00:00-24:00`,
      `钱二,13800000012,${VILLAGE}000,物业,安居物业,,`,
      `孙三,138,${GRID},,,,`,
      `李四,13800000014,${GRID},,,飞行,`,
      `周五,13800000015,${B}001001001,,,,`,
      `吴六,13800000016,${GRID},,没有的物业,,`,
      `郑七,13800000017,${GRID},,,,晚上有空`,
    ].join('\n')
    const read = await w.post(desk, '/api/forces/people/import/read', {
      fileName: 'a.csv',
      content: Buffer.from(csv.replace('类别,单位', '类别,单位')).toString('base64'),
    })
    expect(read.status).toBe(200)
    const report = await ok(desk, '/api/forces/people/import', { rows: read.body.rows })
    expect(
      report.rows.map((row: { row: number; result: string; column: string | null }) => [
        row.row,
        row.result,
        row.column,
      ]),
    ).toEqual([
      [3, 'accepted', null],
      [4, 'rejected', 'kind'],
      [5, 'rejected', 'phone'],
      [6, 'rejected', 'skills'],
      [7, 'rejected', 'area'],
      [8, 'rejected', 'org'],
      [9, 'rejected', 'hours'],
    ])
    expect(report.rows.slice(1).every((row: { remedy: unknown }) => row.remedy !== null)).toBe(true)
    const again = await ok(desk, '/api/forces/people/import', { rows: read.body.rows })
    expect([again.accepted, again.unchanged, again.rejected]).toEqual([0, 1, 6])
    expect((await w.get(desk, `/api/forces/people?area=${GRID}`)).body.total).toBe(1)
  })

  test('FORCE-3: a contact is sealed, opened with a purpose, and audited', async () => {
    const id = randomUUID()
    const contact = { name: '刘管家', phone: '13933334444' }
    await ok(desk, '/api/forces/estates', {
      id,
      area: VILLAGE,
      orgId: null,
      name: '东苑',
      dutyPhone: '0512-1234567',
      contact,
    })
    const stored = await w.sql('select t::text as row from force_estate t')
    expect(JSON.stringify(stored)).not.toContain('刘管家')
    expect((await w.get(village, '/api/forces/estates')).body.items).toMatchObject([
      { name: '东苑', dutyPhone: '0512-1234567', hasContact: true },
    ])
    expect(await ok(village, `/api/forces/contacts/${id}/open`, { of: 'estate', purpose: 'contact_person' })).toEqual(
      contact,
    )
    expect(await w.sql("select purpose from audit where verb = 'force.contact' and outcome = 'done'")).toEqual([
      { purpose: 'contact_person' },
    ])
    expect(
      (await w.post(other, `/api/forces/contacts/${id}/open`, { of: 'estate', purpose: 'contact_person' })).status,
    ).toBe(404)
  })
})

describe('FORCE-6 to FORCE-8: posts', () => {
  test('gaps are shown; nobody twice at the same time; full is full', async () => {
    const ann = await w.member('volunteer', [GRID], '安')
    const [gate, patrol] = [await post(), await post('patrol')]
    const one = await shift(gate, '12:00', '16:00')
    const across = await shift(patrol, '15:00', '18:00', 1)
    const after = await shift(patrol, '18:00', '20:00', 1)
    const gaps = async () => (await w.get(desk, '/api/forces/shifts?list=gaps')).body.total
    const before = await gaps()
    await put(one, ann.id)
    expect(await code(desk, `/api/forces/shifts/${across}/turns`, { turnId: randomUUID(), accountId: ann.id })).toBe(
      'FORCE_BUSY',
    )
    await put(after, ann.id)
    expect(await gaps()).toBe(before - 1)
    const free = (await w.get(desk, `/api/forces/shifts/${across}/free`)).body.items
    expect(free.find((who: { name: string }) => who.name === '安')).toMatchObject({ why: 'busy' })
    const bob = await w.member('volunteer', [GRID], '波')
    expect(await code(desk, `/api/forces/shifts/${after}/turns`, { turnId: randomUUID(), accountId: bob.id })).toBe(
      'FORCE_SHIFT_FULL',
    )
    // Somebody of another county has no duty here.
    const far = await w.member('volunteer', [`${B}001001001`], '远')
    expect(await code(desk, `/api/forces/shifts/${across}/turns`, { turnId: randomUUID(), accountId: far.id })).toBe(
      'FORCE_AWAY',
    )
    // The same plan again makes no second shift.
    expect(
      await ok(desk, '/api/forces/shifts', {
        postId: gate,
        from: day(),
        to: day(2),
        starts: '12:00',
        ends: '16:00',
        needed: 2,
      }),
    ).toEqual({ made: 2, there: 1 })
  })

  test('two desks at once: one turn', async () => {
    const eve = await w.member('volunteer', [GRID], '夜')
    const shifts = [await shift(await post(), '12:00', '14:00', 1), await shift(await post(), '13:00', '15:00', 1)]
    const tries = await Promise.all(
      shifts.map((id) => w.post(desk, `/api/forces/shifts/${id}/turns`, { turnId: randomUUID(), accountId: eve.id })),
    )
    expect(tries.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })

  test('signed in and out by the code of the post; hours are a figure that opens its turns', async () => {
    const may = await w.member('volunteer', [GRID], '梅')
    const gate = await post()
    const turnId = await put(await shift(gate, '12:00', '16:00'), may.id)
    at(hour(12))
    const screen = async () => (await w.get(desk, `/api/forces/posts/${gate}/code`)).body.code
    const early = await screen()
    expect(await code(may, '/api/forces/sign', { code: early, act: 'out' })).toBe('FORCE_NOT_SIGNED_IN')
    const signed = await ok(may, '/api/forces/sign', { code: early, act: 'in' })
    expect(signed).toMatchObject({ id: turnId, state: 'present', late: 0, inHow: 'code' })
    // Somebody else with a photo of the code, a forged one, and one that is a day old.
    const stranger = await w.member('volunteer', [GRID], '陌')
    expect(await code(stranger, '/api/forces/sign', { code: early, act: 'in' })).toBe('FORCE_NOT_ON_ROSTER')
    expect(
      await code(may, '/api/forces/sign', { code: early.replace(/.$/u, early.endsWith('0') ? '1' : '0'), act: 'out' }),
    ).toBe('FORCE_BAD_CODE')
    at(hour(15))
    const later = await screen()
    at(hour(18))
    // The phone had no network for three hours: the minute of the code counts.
    expect(await ok(may, '/api/forces/sign', { code: later, act: 'out' })).toMatchObject({
      state: 'worked',
      outHow: 'code_later',
      early: 60,
      minutes: 180,
    })
    const hours = (await w.get(desk, `/api/forces/hours?from=${day()}&to=${day()}`)).body
    expect(hours.items.find((one: { accountId: string }) => one.accountId === may.id)).toMatchObject({
      turns: 1,
      minutes: 180,
    })
    const opened = (await w.get(desk, `/api/forces/turns?list=worked&account=${may.id}`)).body
    expect([opened.total, opened.items[0].minutes]).toEqual([1, 180])
    expect((await w.get(may, '/api/forces/turns/mine')).body.items).toMatchObject([{ id: turnId }])
    expect(await code(may, '/api/forces/sign', { code: early, act: 'in' })).not.toBe('FORCE_BAD_CODE')
    at(hour(10, 1))
    expect(await code(may, '/api/forces/sign', { code: early, act: 'in' })).toBe('FORCE_BAD_CODE')
  })

  test('missed and forgotten: words, and the desk mends with a reason', async () => {
    const kai = await w.member('volunteer', [GRID], '凯')
    const id = await put(await shift(await post(), '12:00', '13:00'), kai.id)
    at(hour(14))
    const missed = (await w.get(desk, `/api/forces/turns?list=missed&account=${kai.id}`)).body
    expect(missed.items).toMatchObject([{ id, state: 'missed', minutes: 0 }])
    const reason = '忘记扫码'
    expect(
      await code(desk, `/api/forces/turns/${id}/mend`, {
        inAt: hour(13).toISOString(),
        outAt: hour(12).toISOString(),
        reason,
      }),
    ).toBe('FORCE_BAD_TIMES')
    const mended = await ok(desk, `/api/forces/turns/${id}/mend`, {
      inAt: hour(12).toISOString(),
      outAt: hour(13).toISOString(),
      reason,
    })
    expect(mended).toMatchObject({ state: 'worked', minutes: 60, inHow: 'hand', mendedBy: desk.name })
    expect((await w.get(desk, `/api/forces/turns?list=missed&account=${kai.id}`)).body.total).toBe(0)
    const paper = await shift(await post(), '15:00', '16:00')
    await put(paper, kai.id)
    const printed = (await w.get(desk, `/api/forces/shifts/${paper}/code`)).body.code
    at(hour(15))
    expect(await ok(kai, '/api/forces/sign', { code: printed, act: 'in' })).toMatchObject({ inHow: 'paper', late: 0 })
  })
})

describe('scope', () => {
  test('another county sees and changes nothing; workers and volunteers have no list', async () => {
    const gate = await post()
    const [ann, worker] = [await w.member('volunteer', [GRID], '安二'), await w.member('worker', [GRID], '工')]
    const lists = [
      '',
      '/people',
      '/organisations',
      '/estates',
      '/attachments',
      '/handovers',
      '/posts',
      '/shifts',
      '/turns',
      '/hours',
      '/kit',
      '/kit/missing',
    ]
    for (const list of lists) {
      const theirs = await w.get(other, `/api/forces${list}`)
      expect([list, theirs.status, theirs.body.total ?? 0]).toEqual([list, 200, 0])
      expect([list, (await w.get(other, `/api/forces${list}?area=${A}`)).status]).toEqual([list, 404])
      for (const who of [ann, worker])
        expect([list, (await w.get(who, `/api/forces${list}`)).status]).toEqual([list, 403])
    }
    expect((await w.post(other, `/api/forces/posts/${gate}/end`, {})).status).toBe(404)
    expect((await w.get(other, `/api/forces/posts/${gate}/code`)).status).toBe(404)
    expect((await w.post(ann, '/api/forces/people', person('某', '13800000099'))).status).toBe(403)
  })
})

describe('FORCE-10, FORCE-11: health', () => {
  test('FORCE-10: what a worker says is read by himself, the doctor of his team and the desk of his county, over every route', async () => {
    const worker = await w.member('worker', [GRID], '密')
    const mate = await w.member('worker', [GRID], '同事')
    const doctor = await w.member('doctor', [GRID], '医')
    const stranger = await w.member('doctor', [`${A}002001001`], '外医')
    const door = await w.door(GRID)
    const team = randomUUID()
    await w.sql(
      `insert into team (county, id, area, household_id, emergency_id, template_area, template_version, from_day, opened_at, updated_at) values ($1, $2, $3, $4, $5, '', 1, $6, now(), now())`,
      [A, team, GRID, door, w.emergencyId, day()],
    )
    for (const [who, role] of [
      [worker, 'worker'],
      [doctor, 'doctor'],
    ] as const)
      await w.sql(
        `insert into team_member (county, id, team_id, household_id, area, role, account_id, account_name, from_day, why, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'by_hand', now())`,
        [A, randomUUID(), team, door, GRID, role, who.id, who.name, day()],
      )
    const id = randomUUID()
    const words = '咽痛两天'
    await ok(worker, '/api/forces/health', { id, kind: 'symptoms', day: day(), symptoms: ['fever'], words })
    const mine = { id, symptoms: ['fever'], words, restUntil: null }
    for (const [who, url] of [
      [worker, '/health/mine'],
      [desk, '/health'],
      [doctor, '/health'],
    ] as const)
      expect([who.name, (await w.get(who, `/api/forces${url}`)).body.items]).toMatchObject([who.name, [mine]])
    // Nobody else: the desks below, above and beside, a colleague, an auditor, a doctor of other doors.
    const auditor = await w.desk(A, ['auditor'])
    const chief = await w.desk(`${A}001`, ['chief'])
    for (const who of [village, province, mate, auditor, chief])
      expect([who.name, (await w.get(who, '/api/forces/health')).status]).toEqual([who.name, 403])
    for (const who of [other, stranger])
      expect((await w.get(who, '/api/forces/health')).body).toMatchObject({ total: 0, items: [] })
    expect((await w.get(mate, '/api/forces/health/mine')).body.items).toEqual([])
    for (const who of [village, province, other, mate, stranger, worker])
      expect([who.name, (await w.post(who, `/api/forces/health/${id}/rest`, { until: day(3) })).status]).toEqual([
        who.name,
        404,
      ])
    // Numbers at the county and above, none below.
    expect((await w.get(province, '/api/forces')).body.health).toMatchObject({ symptoms: 1, contact: 0, resting: 0 })
    expect((await w.get(village, '/api/forces')).body).toMatchObject({ health: null, mayReadHealth: false })
    // Every other route, the trail, the notices and the row itself keep still.
    await ok(doctor, `/api/forces/health/${id}/rest`, { until: day(3) })
    const routes = ['', '/people', '/shifts', '/turns', '/hours', '/kit', '/kit/missing', '/attachments', '/handovers']
    for (const who of [village, desk, province])
      for (const route of routes) expect((await w.get(who, `/api/forces${route}`)).text).not.toMatch(/咽痛|fever/u)
    for (const table of ['audit', 'notice', 'force_health', 'grid_feed', 'idempotency'])
      expect([table, await w.sql(`select count(*)::int as n from ${table} t where t::text ~ '咽痛|fever'`)]).toEqual([
        table,
        [{ n: 0 }],
      ])
    // FORCE-11: on no roster, and the roster says only that he is away.
    const refused = await w.post(desk, `/api/forces/shifts/${await shift(await post(), '20:00', '21:00')}/turns`, {
      turnId: randomUUID(),
      accountId: worker.id,
    })
    expect([refused.body.code, refused.text]).toEqual([
      'FORCE_AWAY',
      expect.not.stringMatching(/健康|health|rest|休息/u),
    ])
  })
})

test('EMERGENCY-1: without one in force nothing is written', async () => {
  await w.sql("update emergency set state = 'ended', ended_at = now()")
  expect(await code(desk, '/api/forces/people', person('晚', '13800000055'))).toBe('NO_OPEN_EMERGENCY')
  await w.sql("update emergency set state = 'open', ended_at = null")
})
