import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  citizen,
  COUNTY,
  document,
  GRID,
  GRID2,
  OTHER_COUNTY,
  OTHER_GRID,
  place,
  row,
  VILLAGE,
} from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { resolvePersons } from './resolving.ts'

let t: Place
let n = 0
beforeAll(async () => {
  t = await place()
  await t.sql(
    `insert into address_point (county, id, village, street, number_from, number_to, parity, building, area, source) values
     ($1, gen_random_uuid(), $2, '临顿路', 1, 99, 1, null, $3, 'test'), ($1, gen_random_uuid(), $2, '临顿路', 2, 100, 2, null, $4, 'test'),
     ($1, gen_random_uuid(), $2, '翠竹苑', null, null, 0, '3', $4, 'test')`,
    [COUNTY, VILLAGE, GRID, GRID2],
  )
})
afterAll(() => t.close())
beforeEach(async () => {
  await resolvePersons(t.server, { limit: 1000 })
})

async function person(address: string | null, area = COUNTY): Promise<string> {
  n += 1
  const [r] = await t.register([row({ document: document(citizen('1985-03-04', n)), name: `周${n}`, address, area })])
  if (!r?.personId) throw new Error('not registered')
  return r.personId
}
async function home(id: string) {
  const [p] = await t.sql('select home_area from person where person_id = $1', [id])
  const [r] = await t.sql(
    'select area, certainty, household_id, from_day, to_day from residence where person_id = $1 and to_day is null',
    [id],
  )
  const [u] = await t.sql('select home_area, why from unresolved where person_id = $1 and resolved_at is null', [id])
  return { at: p.home_area, residence: r ?? null, unresolved: u ?? null }
}

describe('stage two: addresses become grids (PEOPLE-15)', () => {
  it('places by house number and side, by building, and by the only grid of a village', async () => {
    const odd = await person('平江街道临顿路57号')
    const even = await person('姑苏区临顿路58号')
    const block = await person('姑苏区翠竹苑3幢501室')
    const only = await person('姑苏区平江街道历史街区社区8号')
    expect(await resolvePersons(t.server, { limit: 100, chunk: 2 })).toEqual({ taken: 4, placed: 4, unresolved: 0 })
    expect((await home(odd)).at).toBe(GRID)
    expect((await home(even)).at).toBe(GRID2)
    expect((await home(block)).at).toBe(GRID2)
    expect(await home(only)).toMatchObject({ at: '320508001002001', residence: { certainty: 6 }, unresolved: null })
  })

  it('leaves the rest at the lowest certain area with the reason, and drops nobody', async () => {
    const cases: [string | null, string, string][] = [
      ['平江街道钮家巷社区', VILLAGE, 'no_grid'],
      ['姑苏区平江街道', '320508001', 'coarse'],
      ['看不懂的地方', COUNTY, 'not_found'],
      [null, COUNTY, 'no_address'],
      ['苏州市吴中区长桥街道', '320506001', 'coarse'],
    ]
    const ids = []
    for (const [address] of cases) ids.push(await person(address))
    await resolvePersons(t.server, { limit: 100 })
    for (const [i, [, area, why]] of cases.entries()) {
      expect(await home(ids[i] ?? '')).toEqual({ at: area, residence: null, unresolved: { home_area: area, why } })
    }
  })

  it('is taken up again after a stop, by several at once, and resolves each person once', async () => {
    const ids = []
    for (let i = 0; i < 12; i++) ids.push(await person(`平江街道临顿路${i * 2 + 1}号`))
    await resolvePersons(t.server, { limit: 3 })
    expect(Number((await t.sql('select count(*) as n from address_pending'))[0].n)).toBe(9)
    const done = await Promise.all([1, 2, 3].map(() => resolvePersons(t.server, { limit: 100, chunk: 2 })))
    expect(done.reduce((sum, d) => sum + d.placed, 0)).toBe(9)
    expect(Number((await t.sql('select count(*) as n from residence where person_id = any($1)', [ids]))[0].n)).toBe(12)
  })

  it('runs by itself when persons with addresses were registered', async () => {
    const id = await person('平江街道临顿路71号')
    await t.drain()
    expect((await home(id)).at).toBe(GRID)
  })

  it('moves on a newer address of a feed, but never against a register or a worker', async () => {
    const doc = document(citizen('1986-03-04', 900))
    const say = (address: string, source: string) => t.register([row({ document: doc, name: '何三', address, source })])
    const id = (await say('平江街道临顿路57号', 'rail'))[0]?.personId ?? ''
    await resolvePersons(t.server, { limit: 10 })
    expect((await say('平江街道临顿路58号', 'air'))[0]?.outcome).toBe('updated')
    await resolvePersons(t.server, { limit: 10 })
    expect((await home(id)).at).toBe(GRID2)
    // The old file again: told before, so it moves nobody back (case 13).
    expect((await say('平江街道临顿路57号', 'rail'))[0]?.outcome).toBe('unchanged')
    await resolvePersons(t.server, { limit: 10 })
    expect((await home(id)).at).toBe(GRID2)
    const mover = t.as(COUNTY)
    expect(
      (await t.request(mover, 'POST', `/api/people/${id}/move`, { area: GRID, fromDay: '2026-01-05' })).body.state,
    ).toBe('moved')
    await say('平江街道临顿路60号', 'road')
    await resolvePersons(t.server, { limit: 10 })
    expect(await home(id)).toMatchObject({ at: GRID, unresolved: null })
  })
})

describe('manual resolution', () => {
  it('puts the person in a grid, learns the estate, and the next one resolves by itself', async () => {
    const a = await person('姑苏区梅花新村9幢102室')
    await resolvePersons(t.server, { limit: 10 })
    const desk = t.as(COUNTY)
    const queue = await t.request(desk, 'GET', '/api/people/unresolved')
    expect(queue.body.items.some((i: { personId: string }) => i.personId === a)).toBe(true)
    const answer = await t.request(desk, 'POST', `/api/people/unresolved/${a}/assign`, {
      area: GRID,
      learn: { street: '梅花新村' },
    })
    expect(answer.body).toEqual({ personId: a, area: GRID, state: 'moved' })
    expect(await home(a)).toMatchObject({ at: GRID, unresolved: null })
    expect((await t.request(desk, 'POST', `/api/people/unresolved/${a}/assign`, { area: GRID })).status).toBe(404)
    const b = await person('姑苏区梅花新村10幢')
    await resolvePersons(t.server, { limit: 10 })
    expect((await home(b)).at).toBe(GRID)
    const [opened] = [(await t.request(desk, 'POST', `/api/people/${a}/open`, { purpose: 'check_at_door' })).body]
    expect(opened.address).toBe('姑苏区梅花新村9幢102室')
  })

  it('learns another name of a village', async () => {
    const a = await person('老城根那里')
    await resolvePersons(t.server, { limit: 10 })
    await t.request(t.as(COUNTY), 'POST', `/api/people/unresolved/${a}/assign`, {
      area: '320508001002',
      learn: { alias: '老城根' },
    })
    expect(await home(a)).toMatchObject({ at: '320508001002', unresolved: { home_area: '320508001002' } })
    const b = await person('老城根12号')
    await resolvePersons(t.server, { limit: 10 })
    expect((await home(b)).at).toBe('320508001002001')
  })

  it('passes a person to another county, where the queue shows it, and no longer here', async () => {
    const a = await person('哪里都不是')
    await resolvePersons(t.server, { limit: 10 })
    const answer = await t.request(t.as(COUNTY), 'POST', `/api/people/unresolved/${a}/assign`, { area: OTHER_COUNTY })
    expect(answer.body.state).toBe('handed_over')
    const ids = async (area: string) =>
      (await t.request(t.as(area), 'GET', '/api/people/unresolved?limit=200')).body.items.map(
        (i: { personId: string }) => i.personId,
      )
    expect(await ids(COUNTY)).not.toContain(a)
    expect(await ids(OTHER_COUNTY)).toContain(a)
  })
})

describe('moving (PEOPLE-14)', () => {
  it('closes the old residence, opens the new, and tells who reacts', async () => {
    const id = await person('平江街道临顿路57号')
    await resolvePersons(t.server, { limit: 10 })
    const answer = await t.request(t.as(COUNTY), 'POST', `/api/people/${id}/move`, {
      area: OTHER_GRID,
      fromDay: '2030-02-10',
      address: '长桥街道1号',
    })
    expect(answer.body).toEqual({ personId: id, state: 'handed_over' })
    const rows = await t.sql(
      'select area, from_day, to_day, home_area from residence where person_id = $1 order by from_day',
      [id],
    )
    expect(rows).toMatchObject([
      { area: GRID, to_day: '2030-02-09' },
      { area: OTHER_GRID, from_day: '2030-02-10', to_day: null, home_area: OTHER_GRID },
    ])
    expect((await t.request(t.as(COUNTY), 'GET', `/api/people/${id}`)).status).toBe(404)
    expect((await t.request(t.as(OTHER_COUNTY), 'GET', `/api/people/${id}`)).body.residences).toHaveLength(2)
    expect(
      (
        await t.request(t.as(OTHER_COUNTY), 'POST', `/api/people/${id}/move`, {
          area: OTHER_GRID,
          fromDay: '2030-02-11',
        })
      ).body.state,
    ).toBe('unchanged')
  })

  it('leaves one open residence of two moves at once', async () => {
    const id = await person('平江街道临顿路57号')
    await resolvePersons(t.server, { limit: 10 })
    await Promise.all(
      [GRID2, '320508001002001', GRID].map((area) =>
        t.request(t.as(COUNTY), 'POST', `/api/people/${id}/move`, { area, fromDay: '2030-02-10' }),
      ),
    )
    expect(
      Number((await t.sql('select count(*) as n from residence where person_id = $1 and to_day is null', [id]))[0].n),
    ).toBe(1)
    const [r] = await t.sql(
      'select r.area, p.home_area from residence r join person p using (person_id) where person_id = $1 and to_day is null',
      [id],
    )
    expect(r.area).toBe(r.home_area)
  })
})
