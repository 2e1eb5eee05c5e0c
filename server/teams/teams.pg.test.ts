import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillTeam, releaseTeam } from './actions.ts'
import { A, B, makePlace, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { bridgeLeaves } from './jobs.ts'
import { responsibleNow } from './queries.ts'
import { shortTeams } from './store-lists.ts'

let w: Place
let desk: Actor
let doctors: Actor[]
let fifty: string[]
beforeAll(async () => {
  w = await makePlace()
  desk = await w.desk(A)
  // Show 3: the people of a town with two villages of two grids.
  for (const v of ['001', '002']) {
    for (const g of ['001', '002']) await w.member('worker', [`${A}001${v}${g}`])
    await w.member('cadre', [`${A}001${v}`])
    await w.member('cadre', [`${A}001${v}`])
  }
  await w.member('officer', [`${A}001`])
  doctors = []
  for (const name of ['医甲', '医乙', '医丙', '医丁', '医戊']) doctors.push(await w.member('doctor', [`${A}001`], name))
  fifty = [
    ...(await w.doors(`${VILLAGE}001`, 13, (i) => ({ estate: '东巷', door: `${i}号` }))),
    ...(await w.doors(`${VILLAGE}002`, 12, (i) => ({ estate: '西巷', door: `${i}号` }))),
    ...(await w.doors(`${A}001002001`, 13, (i) => ({ estate: '南园', building: '1幢', door: `${i}` }))),
    ...(await w.doors(`${A}001002002`, 12, (i) => ({ estate: '南园', building: '2幢', door: `${i}` }))),
  ]
})
afterAll(() => w.close())

const loads = async (role: string): Promise<number[]> => {
  const { body } = await w.get(desk, `/api/teams/loads?role=${role}&limit=200`)
  return body.items.filter((one: { leave: unknown }) => one.leave === null).map((one: { load: number }) => one.load)
}
const summary = async (who = desk, area = A) => (await w.get(who, `/api/teams/summary?area=${area}`)).body
const list = async (kind: string, who = desk) => (await w.get(who, `/api/teams?area=${A}&list=${kind}&limit=200`)).body
const even = (ns: number[]): number => Math.max(...ns) - Math.min(...ns)

test('show 3: teams for fifty doors; a doctor goes on leave; nobody stands alone and loads differ by at most two', async () => {
  const formed = await w.post(desk, '/api/teams', { householdIds: fifty })
  expect([formed.status, formed.body.doors, formed.body.filled, formed.body.gaps]).toEqual([200, 50, 200, []])
  for (const one of formed.body.spread) expect([one.role, one.limit]).toEqual([one.role, null])
  expect(even(await loads('doctor'))).toBeLessThanOrEqual(2)
  expect(await summary()).toMatchObject({ doors: 50, full: 50, short: 0 })
  // Every number opens its list with the same total.
  for (const kind of ['full', 'short', 'all'] as const)
    expect((await list(kind)).total).toBe({ full: 50, short: 0, all: 50 }[kind])

  const [gone] = doctors
  const leave = {
    accountId: gone?.id,
    from: w.server.clock.today(),
    to: addDays(w.server.clock.today(), 6),
    standIn: null,
  }
  const seen = await w.post(desk, '/api/teams/leaves/preview', leave)
  expect([seen.status, seen.body.doors, seen.body.covered, seen.body.gaps]).toEqual([200, 10, 10, []])
  expect(await w.sql(`select 1 from team_leave`)).toEqual([])
  const taken = await w.post(desk, '/api/teams/leaves', { id: randomUUID(), ...leave })
  expect([taken.status, taken.body.covered, taken.body.gaps]).toEqual([200, 10, []])
  expect(taken.body.by.length).toBeGreaterThan(1)
  expect(await summary()).toMatchObject({ doors: 50, full: 50, short: 0, away: 1 })
  expect(even(await loads('doctor'))).toBeLessThanOrEqual(2)
  // At each of his doors another doctor stands in for him until the last day of the leave.
  const mine = (await list('all')).items.filter((team: { members: { accountId: string }[] }) =>
    team.members.some((m) => m.accountId === gone?.id),
  )
  expect(mine).toHaveLength(10)
  for (const team of mine) {
    const [other] = team.members.filter((m: { role: string; away: boolean }) => m.role === 'doctor' && !m.away)
    expect(other).toMatchObject({ standsInFor: '医甲', to: leave.to })
  }
  // The same leave again is refused; the stand-ins have been told.
  expect((await w.post(desk, '/api/teams/leaves', { id: randomUUID(), ...leave })).body.code).toBe(
    'TEAM_LEAVE_OVERLAPS',
  )
  expect((await w.sql(`select distinct account_id from notice where kind = 'team.doors'`)).length).toBe(
    taken.body.by.length,
  )
})

test('when the others are at their cap the limit is named, and the doors without a doctor are a list', async () => {
  const rest = doctors.slice(1)
  for (const one of rest) await w.post(desk, '/api/teams/caps', { accountId: one.id, cap: 13 })
  const leave = { id: randomUUID(), accountId: rest[0]?.id, from: w.server.clock.today(), to: null, standIn: null }
  const taken = await w.post(desk, '/api/teams/leaves', leave)
  expect(taken.body.gaps).toEqual([
    { role: 'doctor', limit: 'cap', seats: expect.any(Number), doors: expect.any(Number) },
  ])
  const missing = taken.body.gaps[0].doors
  expect([taken.body.doors - taken.body.covered, (await summary()).short, (await list('short')).total]).toEqual([
    missing,
    missing,
    missing,
  ])
  const [team] = (await list('short')).items
  expect(team.seats.find((seat: { role: string }) => seat.role === 'doctor')).toEqual({
    role: 'doctor',
    need: 1,
    has: 0,
    limit: 'cap',
  })
  // Nobody stands alone: the other three are there.
  expect(team.members.filter((m: { away: boolean }) => !m.away).length).toBeGreaterThanOrEqual(3)
  // Back again: whoever stood in goes, everything is full.
  const [{ id }] = (await w.get(desk, `/api/teams/leaves?area=${A}`)).body.items.filter(
    (one: { accountId: string }) => one.accountId === rest[0]?.id,
  )
  await w.post(desk, `/api/teams/leaves/${id}/end`, { lastDay: addDays(w.server.clock.today(), -1) })
  expect((await summary()).short).toBe(0)
  for (const one of rest) await w.post(desk, '/api/teams/caps', { accountId: one.id, cap: null })
})

test('a leave that is to come leaves today as it is and bridges its own days; a door that comes meanwhile is bridged by the timer', async () => {
  const [, , who] = doctors
  const today = w.server.clock.today()
  const from = addDays(today, 1)
  const before = await summary()
  const leave = { id: randomUUID(), accountId: who?.id, from, to: from, standIn: doctors[3]?.id }
  const taken = await w.post(desk, '/api/teams/leaves', leave)
  expect(taken.body.by).toEqual([expect.objectContaining({ accountId: doctors[3]?.id, doors: taken.body.doors })])
  expect(await summary()).toEqual(before)
  const id = await w.door(`${VILLAGE}001`, { estate: '东巷', door: '99号' })
  const [team] = (await w.post(desk, '/api/teams', { householdIds: [id] })).body.teams
  await w.sql(`update team_member set account_id = $1, account_name = '医丙' where team_id = $2 and role = 'doctor'`, [
    who?.id,
    team,
  ])
  await bridgeLeaves(w.server)
  expect(
    await w.sql(
      `select from_day::text, to_day::text, stands_in_for from team_member where team_id = $1 and leave_id = $2`,
      [team, leave.id],
    ),
  ).toEqual([{ from_day: from, to_day: from, stands_in_for: who?.id }])
  await w.post(desk, `/api/teams/${team}/end`, { reason: '试验结束' })
})

test('TEAM-5: a person chosen by hand must have the role, a duty in reach, no leave and room; the old one is replaced', async () => {
  const [team] = (await list('all')).items
  const member = (role: string) => team.members.find((m: { role: string; away: boolean }) => m.role === role && !m.away)
  const replace = (role: string, out: string | null, into: string) =>
    w.post(desk, `/api/teams/${team.id}/replace`, { role, out, in: into, reason: '换人' })
  const far = await w.member('doctor', [`${A}002001`])
  const near = await w.member('doctor', [`${A}001001`])
  expect((await replace('doctor', member('doctor').accountId, far.id)).body.details.why).toBe('duty')
  expect((await replace('doctor', member('doctor').accountId, doctors[0]?.id ?? '')).status).toBe(403)
  expect((await replace('doctor', null, member('worker').accountId)).body.details.why).toBe('seated')
  expect((await replace('officer', member('officer').accountId, near.id)).body.details.why).toBe('role')
  expect((await replace('doctor', near.id, near.id)).body.code).toBe('TEAM_NOT_MEMBER')
  const suggested = (await w.get(desk, `/api/teams/${team.id}/candidates?role=doctor`)).body.items
  expect(suggested[0]).toMatchObject({ accountId: near.id, load: 0, near: 'grid', limit: null })
  expect(suggested.find((one: { accountId: string }) => one.accountId === far.id)).toMatchObject({ limit: 'reach' })
  expect(suggested.find((one: { accountId: string }) => one.accountId === doctors[0]?.id)).toMatchObject({
    limit: expect.stringMatching(/leave|seated/),
  })
  const before = member('doctor')
  expect((await replace('doctor', before.accountId, near.id)).status).toBe(200)
  const after = (await w.get(desk, `/api/teams/${team.id}`)).body
  expect(after.members.filter((m: { role: string; away: boolean }) => m.role === 'doctor' && !m.away)).toEqual([
    expect.objectContaining({ accountId: near.id }),
  ])
  expect(after.history.find((m: { id: string }) => m.id === before.id)).toMatchObject({ endedWhy: 'replaced' })
  await w.post(desk, '/api/teams/caps', { accountId: far.id, cap: 0 })
})

test('handing over: all doors of one go to others, open tasks are counted, whose duty or account ends leaves his doors', async () => {
  const [, , , four, five] = doctors
  const has = async (who: Actor | undefined) =>
    (await w.get(desk, `/api/teams?area=${A}&account=${who?.id}&limit=200`)).body.total as number
  const n = await has(four)
  const given = await w.post(desk, '/api/teams/hand-over', { from: four?.id, to: null, reason: '调离' })
  expect([given.status, given.body.doors, given.body.covered, given.body.openTasks]).toEqual([200, n, n, 0])
  expect(await has(four)).toBe(0)
  expect((await summary()).short).toBe(0)
  expect(await has(five)).toBeGreaterThan(0)
  await w.sql(`update duty set to_day = '2020-02-01' where account_id = $1`, [five?.id])
  await w.server.asSystem('test', async (ctx) => ctx.emit('duty.changed', { accountId: five?.id }))
  await w.drain()
  expect([await has(five), (await summary()).short]).toEqual([0, 0])
})

test('what the observation room calls: formed once, joined by the second person, ended with the last', async () => {
  const id = await w.door(`${VILLAGE}001`, { estate: '东巷', door: '200号' })
  const [first, second] = [randomUUID(), randomUUID()]
  const call = (observationId: string) =>
    w.server.asSystem('test', (ctx) =>
      fillTeam(ctx, { county: A, householdId: id, area: `${VILLAGE}001`, observationId }),
    )
  const one = await call(first)
  expect(one.missing).toBe(0)
  expect((await call(second)).teamId).toBe(one.teamId)
  const who = await w.server.asSystem('test', (ctx) => responsibleNow(ctx, { county: A, householdId: id }))
  expect(who.members.map((m) => m.role).toSorted()).toEqual(['cadre', 'doctor', 'officer', 'worker'])
  const end = (observationId: string) =>
    w.server.asSystem('test', (ctx) => releaseTeam(ctx, { county: A, householdId: id, observationId }))
  await end(first)
  expect(
    await w.sql(`select cardinality(observations)::int as n from team where id = $1 and ended_at is null`, [
      one.teamId,
    ]),
  ).toEqual([{ n: 1 }])
  await end(second)
  expect(await w.sql(`select ended_why from team where id = $1`, [one.teamId])).toEqual([{ ended_why: 'released' }])
  expect(await w.sql(`select body from grid_feed where kind = 'team' and id = $1`, [one.teamId])).toEqual([
    { body: { gone: true, area: `${VILLAGE}001` } },
  ])
  await end(second)
})

test('many fillings at once leave one team a door, one seat a person, and loads that differ by at most two', async () => {
  const town = `${B}001`
  const there = await w.desk(B)
  for (const role of ['worker', 'doctor', 'cadre', 'officer'] as const)
    for (let i = 0; i < 3; i++) await w.member(role, [town])
  const doors = await w.doors(`${town}001001`, 24, () => ({}))
  const twice = [...doors, ...doors]
  const answers = await Promise.all(
    twice.map((householdId) =>
      w.server.asSystem('test', (ctx) => fillTeam(ctx, { county: B, householdId, area: `${town}001001` })),
    ),
  )
  expect(new Set(answers.map((one) => one.teamId)).size).toBe(24)
  const rows = await w.sql(
    `select role, account_id, count(*)::int as n from team_member where county = $1 and ended_at is null group by 1, 2`,
    [B],
  )
  expect(rows.reduce((sum: number, row) => sum + row.n, 0)).toBe(24 * 4)
  for (const role of ['worker', 'doctor', 'cadre', 'officer'])
    expect(even(rows.filter((row) => row.role === role).map((row) => row.n))).toBeLessThanOrEqual(2)
  expect((await summary(there, B)).short).toBe(0)
})

test('scope: another county finds no team, a worker reads and changes nothing, a doctor has no list of the area', async () => {
  const other = await w.desk('320102002')
  const [team] = (await list('all')).items
  expect((await w.get(other, `/api/teams/${team.id}`)).status).toBe(404)
  expect((await w.get(other, `/api/teams?area=${A}`)).status).toBe(404)
  expect((await w.post(other, `/api/teams/${team.id}/end`, { reason: '不该' })).status).toBe(404)
  expect((await w.post(other, '/api/teams', { householdIds: fifty.slice(0, 1) })).status).toBe(404)
  expect((await w.post(other, '/api/teams/fill', { area: A })).status).toBe(404)
  const worker = await w.member('worker', [`${VILLAGE}001`])
  expect((await w.get(worker, `/api/teams?area=${VILLAGE}001`)).status).toBe(200)
  expect((await w.post(worker, `/api/teams/${team.id}/end`, { reason: '不该' })).status).toBe(403)
  const [, doctor] = doctors
  expect((await w.get(doctor ?? desk, `/api/teams?area=${A}001`)).status).toBe(403)
  const at = (await list('all')).items[0].householdId
  expect((await w.get(desk, `/api/teams/responsible?householdId=${at}`)).body.members.length).toBeGreaterThanOrEqual(4)
  expect((await w.get(other, `/api/teams/responsible?householdId=${at}`)).status).toBe(404)
})

test('TEAM-1: a place writes its own template; a version that another wrote meanwhile refuses; standing teams keep theirs', async () => {
  const roles = [
    { role: 'worker', count: 1, cap: 40, reach: 'grid', metres: null, every: 1 },
    { role: 'cadre', count: 2, cap: 40, reach: 'village', metres: null, every: 2 },
  ]
  const save = (body: object) =>
    w.post(desk, '/api/team-templates', { area: VILLAGE, name: { zh: '三包一', en: 'Three' }, ...body })
  expect((await save({ roles: roles.slice(0, 1), basedOn: null })).body.code).toBe('TEAM_TEMPLATE')
  expect((await save({ roles, basedOn: null })).body).toMatchObject({ version: 1, area: VILLAGE })
  expect((await save({ roles, basedOn: null })).body.code).toBe('CHANGED_MEANWHILE')
  const holds = (await w.get(desk, `/api/team-templates?area=${VILLAGE}001`)).body
  expect([holds.holds.area, holds.versions.length]).toEqual([VILLAGE, 0])
  const before = (await list('all')).items[0]
  expect((await w.get(desk, `/api/teams/${before.id}`)).body.template.version).toBe(0)
  const id = await w.door(`${VILLAGE}001`, { door: '300号' })
  const [team] = (await w.post(desk, '/api/teams', { householdIds: [id] })).body.teams
  expect(
    (await w.get(desk, `/api/teams/${team}`)).body.seats.map(
      (seat: { role: string; need: number }) => `${seat.role} ${seat.need}`,
    ),
  ).toEqual(['cadre 2', 'worker 1'])
})

test('TEAM-10: what a day brings at a door is one visit with the people who come', async () => {
  const page = (await w.get(desk, `/api/teams/visits?area=${A}&limit=200`)).body
  expect(page.total).toBe((await list('all')).total)
  const [one] = page.items
  expect(one.visits).toHaveLength(1)
  expect(one.visits[0].people.map((p: { role: string }) => p.role).toSorted()).toEqual(
    expect.arrayContaining(['worker', 'doctor']),
  )
  const tomorrow = (
    await w.get(desk, `/api/teams/visits?area=${A}&day=${addDays(w.server.clock.today(), 1)}&limit=200`)
  ).body
  expect(
    tomorrow.items.some((door: { visits: { works: { role: string }[] }[] }) =>
      door.visits[0]?.works.some((x) => x.role === 'officer'),
    ),
  ).toBe(false)
})

test('TEAM-10: a service of the day goes with the visit, by its hours apart; what somebody from elsewhere brings does not', async () => {
  const [team] = (await list('full')).items
  const [clock, day] = [w.server.clock, w.server.clock.today()]
  const asked = async (from: number, to: number, takenBy: string | null): Promise<string> => {
    const id = randomUUID()
    const at = (hour: number): Date => instantOf(day, clock.zone, hour)
    await w.sql(
      `insert into service (county, id, area, emergency_id, household_id, masked, kind, urgency, rank, state, asker, window_from, window_to,
         due_by, taken_by, escalated, asked_at, asked_day, updated_at, version)
       values ($1, $2, $3, $4, $5, '', 'food', 'usual', 2, 'open', 'worker', $6, $7, $7, $8, 0, now(), $9, now(), 1)`,
      [team.county, id, team.area, w.emergencyId, team.householdId, at(from), at(to), takenBy, day],
    )
    return id
  }
  const plan = async (on: string) =>
    (await w.get(desk, `/api/teams/visits?area=${A}&day=${on}&limit=200`)).body.items.find(
      (one: { teamId: string }) => one.teamId === team.id,
    )
  const doctor = team.members.find((one: { role: string; away: boolean }) => one.role === 'doctor' && !one.away)
  const morning = await asked(9, 11, null)
  const late = await asked(16, 18, doctor.accountId)
  const theirs = await asked(9, 11, randomUUID())
  const { visits } = await plan(day)
  expect(visits.map((visit: { between: number[] }) => visit.between)).toEqual([
    [540, 660],
    [960, 1080],
  ])
  const works = visits.map((visit: { works: { id: string; role: string }[] }) => visit.works)
  expect(works[0]).toContainEqual(expect.objectContaining({ id: morning, kind: 'service', role: 'worker' }))
  expect(works[1]).toEqual([expect.objectContaining({ id: late, role: 'doctor' })])
  expect(JSON.stringify(works)).not.toContain(theirs)
  const next = await plan(addDays(day, 1))
  expect(JSON.stringify(next)).not.toContain(morning)
  await w.sql('delete from service')
})

test('TEAM-6: what a seat holds for good is the rows of its people, after everything above; who is short is found by it', async () => {
  const wrong = await w.sql(
    `select s.team_id, s.role, s.held, count(m.id)::int as n from team_seat s join team t on t.county = s.county and t.id = s.team_id and t.ended_at is null
       left join team_member m on m.county = s.county and m.team_id = s.team_id and m.role = s.role and m.ended_at is null and m.leave_id is null
     group by 1, 2, 3 having s.held <> count(m.id)`,
  )
  expect(wrong).toEqual([])
  // Every team, seat by seat, as the rule says it.
  const [plain] = await w.sql(
    `select count(*)::int as n from team t where t.ended_at is null and exists (select from team_seat s where s.county = t.county and s.team_id = t.id
       and s.need > (select count(distinct m.account_id) from team_member m where m.county = s.county and m.team_id = s.team_id and m.role = s.role
         and m.ended_at is null and m.from_day <= $1 and (m.to_day is null or m.to_day >= $1)
         and not exists (select from team_leave l where l.account_id = m.account_id and l.ended_at is null and l.from_day <= $1
           and (l.to_day is null or l.to_day >= $1))))`,
    [w.server.clock.today()],
  )
  const found = await shortTeams(w.server.jobsPool.db, ['32'], w.server.clock.today(), 10_000)
  expect(found).toHaveLength(plain.n)
})
