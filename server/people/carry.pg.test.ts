import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCloseOut } from '../access/close-out.ts'
import { citizen, COUNTY, document, GRID, place, row, telephone } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { registerPersons } from './register.ts'
import { resolvePersons } from './resolving.ts'

let t: Place
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

const who = (n: number) => ({ document: document(citizen('1971-02-03', n)), name: `留用者${'甲乙丙丁戊己庚'[n]}` })
const desk = () => t.as(COUNTY, ['operator'])
const person = async (id: string | null | undefined) =>
  (await t.sql('select emergency_id from person where person_id = $1', [id]))[0]?.emergency_id
const opened = async (id: string | null | undefined) =>
  (await t.request(desk(), 'POST', `/api/people/${id}/open`, { purpose: 'contact_person' })).body
const doors = (rows: object[]) =>
  t.request(desk(), 'POST', '/api/households/import', { area: COUNTY, source: 'police', rows })
const line = (n: number) => ({
  row: n,
  externalId: `H${n}`,
  grid: GRID,
  address: `钮家巷${n}号`,
  name: who(n).name,
  document: citizen('1971-02-03', n),
  phone: `1380000100${n}`,
})

/** The emergency is over, and another is open from now on. */
async function next(): Promise<string> {
  await t.sql("update emergency set state = 'ended', ended_at = now()")
  return t.openEmergency()
}

async function closeOut(emergencyId: string): Promise<void> {
  await t.sql(
    `insert into close_out (id, emergency_id, state, proposed_by_name, proposed_at, approved_by_name, approved_at)
     values ($1, $2, 'running', 'a', now(), 'b', now())`,
    [randomUUID(), emergencyId],
  )
  await runCloseOut(t.server, emergencyId)
}

describe('registered again under a later emergency (PEOPLE-18)', () => {
  it('keeps who is in use when the earlier one is closed out, and deletes who is not', async () => {
    const first = t.emergencyId
    await doors([1, 2, 3, 4].map(line))
    const ids = [0, 1, 2, 3, 4, 5].map((n) => t.server.keys.personId('resident', 'CN', citizen('1971-02-03', n)))
    await t.register([
      row({ ...who(5), phone: telephone('13800001005'), address: '平江街道没有的路5号' }),
      row({ ...who(0), address: '平江街道钮家巷社区' }),
    ])
    await resolvePersons(t.server, { limit: 10 })
    await t.register([row({ ...who(0), address: '观前街道某处' })])

    const later = await next()
    // By a register, by hand with a place at a door of the first, by a move, by a feed.
    const again = await doors([line(1)])
    expect(again.body).toMatchObject({ households: { unchanged: 1 }, people: { unchanged: 1 } })
    const door = (await t.sql("select id from household where external_id = 'H2'"))[0].id
    const byHand = await t.request(desk(), 'POST', '/api/people', {
      name: who(2).name,
      document: citizen('1971-02-03', 2),
      area: GRID,
      householdId: door,
    })
    expect(byHand.body.outcome).toBe('unchanged')
    const moved = await t.request(desk(), 'POST', `/api/people/${ids[3]}/move`, { area: COUNTY, fromDay: '2026-11-01' })
    expect(moved.status).toBe(200)
    await t.register([row(who(5)), row(who(0))])
    expect(await Promise.all([0, 1, 2, 3, 5].map((n) => person(ids[n])))).toEqual(
      Array.from({ length: 5 }, () => later),
    )
    expect(await person(ids[4])).toBe(first)

    await closeOut(first)
    expect((await t.sql('select state from emergency where id = $1', [first]))[0].state).toBe('closed_out')
    expect(await person(ids[4])).toBeUndefined()
    expect((await t.sql('select external_id from household order by 1')).map((h) => h.external_id)).toEqual([
      'H1',
      'H2',
    ])
    t.server.keys.forget()
    expect(await opened(ids[1])).toMatchObject({
      name: who(1).name,
      document: { number: citizen('1971-02-03', 1) },
      phone: '+8613800001001',
      birth: '1971-02-03',
      address: '钮家巷1号',
    })
    expect(await opened(ids[2])).toMatchObject({ name: who(2).name, address: '钮家巷2号' })
    expect(await opened(ids[3])).toMatchObject({ name: who(3).name })
    expect(await opened(ids[5])).toMatchObject({ phone: '+8613800001005', address: '平江街道没有的路5号' })
    expect((await opened(ids[0])).address).toBe('观前街道某处')
    await resolvePersons(t.server, { limit: 10 })
  })

  it('carries nobody out of an emergency that is still open', async () => {
    const [r] = await t.register([row(who(6))])
    const at = await person(r?.personId)
    const other = await t.openEmergency('3201')
    await t.server.asSystem('test', (ctx) => registerPersons(ctx, [row(who(6))], { emergencyId: other }))
    expect(await person(r?.personId)).toBe(at)
  })

  it('is not deleted by a close-out that runs at the same moment', async () => {
    const rows = Array.from({ length: 200 }, (_, i) =>
      row({ document: document(citizen('1966-06-06', i + 1)), name: '同时者' }),
    )
    await t.register(rows)
    const first = (await t.sql("select id from emergency where state = 'open' and area = '32'"))[0].id
    await next()
    const chunks = Array.from({ length: 10 }, (_, i) => rows.slice(i * 20, i * 20 + 20))
    await Promise.all([closeOut(first), ...chunks.map((chunk) => t.register(chunk))])
    const left = await t.sql(
      `select count(*)::int as persons, count(i.person_id)::int as identities from person p left join identity i using (person_id)
       where p.emergency_id <> $1`,
      [first],
    )
    const named = (
      await t.sql('select count(*)::int as n from person where person_id = any($1)', [
        rows.map((r) => t.server.keys.personId('resident', 'CN', r.document?.number ?? '')),
      ])
    )[0].n
    expect(named).toBe(200)
    expect(left[0].identities).toBe(left[0].persons)
  })
})
