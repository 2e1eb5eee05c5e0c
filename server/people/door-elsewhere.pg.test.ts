import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizen, COUNTY, GRID, place, VILLAGE } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'

/** A village of the same county in which the register may put a door by mistake. */
const VILLAGE2 = '320508001002'
const THERE = '320508001002001'

let t: Place
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

let n = 0
const line = (externalId: string, grid: string) => ({
  externalId,
  grid,
  address: `临顿路${externalId}号`,
  estate: '梅园',
  door: externalId,
  name: '钱大',
  document: citizen('1970-01-01', Number(externalId.slice(1))),
})
const send = (row: object, area = COUNTY, as = COUNTY) =>
  t.request(t.as(as), 'POST', '/api/households/import', { area, source: 'police', rows: [{ row: 1, ...row }] })

/** A door with one resident at GRID. */
async function door(): Promise<{ externalId: string; id: string; personId: string }> {
  const externalId = `D${(n += 1)}`
  await send(line(externalId, GRID))
  const [row] = await t.sql(
    `select h.id, r.person_id from household h join residence r on r.household_id = h.id and r.to_day is null where h.external_id = $1`,
    [externalId],
  )
  return { externalId, id: row.id, personId: row.person_id }
}

async function standing(of: { id: string; personId: string }) {
  const [row] = await t.sql(
    `select h.area as door, h.version, h.members, p.home_area as person, r.area as home, r.household_id = h.id as behind
     from household h, person p join residence r on r.person_id = p.person_id and r.to_day is null where h.id = $1 and p.person_id = $2`,
    [of.id, of.personId],
  )
  return row
}

const asked = async (as: string) =>
  (await t.request(t.as(as), 'GET', '/api/people/conflicts', { thing: 'household' })).body

describe('PEOPLE-24: a register that puts a door into another village', () => {
  it('is held for a person, moves nobody, and asks once however often it comes', async () => {
    const one = await door()
    const before = await standing(one)
    const { body } = await send(line(one.externalId, THERE))
    expect(body).toMatchObject({
      households: { created: 0, updated: 0, unchanged: 0, held: 1 },
      people: { created: 0, updated: 0 },
      rejected: 0,
      rows: [{ row: 1, outcome: 'held', fault: { reason: 'DOOR_ELSEWHERE_HELD' } }],
    })
    await send(line(one.externalId, THERE))
    expect(await standing(one)).toEqual(before)
    const open = await t.sql(`select area, field, why, state from field_conflict where thing_id = $1`, [one.id])
    // Both villages lie in one town: its desk and those above see the question, a village alone does not.
    expect(open).toEqual([{ area: '320508001', field: 'area', why: 'register', state: 'open' }])
    expect((await asked(COUNTY)).items.map((row: { thingId: string }) => row.thingId)).toContain(one.id)
    expect((await asked(VILLAGE)).total).toBe(0)
  })

  it('moves the door with its people when a person says so, and then the register changes nothing', async () => {
    const one = await door()
    await send(line(one.externalId, THERE))
    const [{ id }] = await t.sql(`select id from field_conflict where thing_id = $1`, [one.id])
    const opened = (await t.request(t.as(COUNTY), 'POST', `/api/people/conflicts/${id}/open`, {})).body
    expect(opened).toMatchObject({
      field: 'area',
      why: 'register',
      current: '姑苏区 平江街道 钮家巷社区 第一网格',
      proposed: '姑苏区 平江街道 历史街区社区 第一网格',
      note: 'police',
    })
    const decide = { decision: 'take', reason: '已核实', seen: opened.seen }
    const answer = await t.request(t.as(COUNTY), 'POST', `/api/people/conflicts/${id}/decide`, decide)
    expect(answer).toMatchObject({ status: 200, body: { state: 'taken' } })
    await t.drain()
    expect(await standing(one)).toMatchObject({ door: THERE, person: THERE, home: THERE, behind: true, members: 1 })
    expect(t.events).toContainEqual({
      event: 'person.moved',
      payload: { personId: one.personId, from: GRID, to: THERE },
    })
    expect((await send(line(one.externalId, THERE))).body).toMatchObject({
      households: { unchanged: 1, held: 0 },
      people: { unchanged: 1 },
    })
    const trail = await t.sql(`select verb from audit where thing_id = $1 order by at`, [one.id])
    expect(trail.map((row) => row.verb)).toEqual(expect.arrayContaining(['conflict.open', 'conflict.decide']))
  })

  it('is refused from then on when a person leaves the door where it stands; another grid is another question', async () => {
    const one = await door()
    await send(line(one.externalId, THERE))
    const [{ id }] = await t.sql(`select id from field_conflict where thing_id = $1`, [one.id])
    const { seen } = (await t.request(t.as(COUNTY), 'POST', `/api/people/conflicts/${id}/open`, {})).body
    await t.request(t.as(COUNTY), 'POST', `/api/people/conflicts/${id}/decide`, {
      decision: 'keep',
      reason: '另有一户',
      seen,
    })
    expect((await send(line(one.externalId, THERE))).body).toMatchObject({
      households: { held: 0 },
      rejected: 1,
      rows: [{ outcome: 'rejected', householdId: null, fault: { reason: 'DOOR_ELSEWHERE_KEPT' } }],
    })
    expect(await standing(one)).toMatchObject({ door: GRID, home: GRID })
  })

  it('is refused with the remedy when the door stands outside the scope of the importer, who learns nothing of it (ACCESS-3)', async () => {
    const one = await door()
    const { body } = await send(line(one.externalId, THERE), VILLAGE2, VILLAGE2)
    expect(body).toMatchObject({
      rejected: 1,
      rows: [{ outcome: 'rejected', householdId: null, personId: null, fault: { reason: 'DOOR_ELSEWHERE_OUTSIDE' } }],
    })
    expect(body.rows[0].fault.remedy.zh).not.toBe('')
    expect(await standing(one)).toMatchObject({ door: GRID, home: GRID })
    expect(await t.sql(`select 1 from field_conflict where thing_id = $1`, [one.id])).toEqual([])
  })

  it('cannot be decided by somebody who answers for one of the two places alone', async () => {
    const one = await door()
    await send(line(one.externalId, THERE))
    const [{ id }] = await t.sql(`select id from field_conflict where thing_id = $1`, [one.id])
    for (const village of [VILLAGE, VILLAGE2]) {
      const answer = await t.request(t.as(village), 'POST', `/api/people/conflicts/${id}/open`, {})
      expect(answer.status).toBe(404)
    }
  })
})
