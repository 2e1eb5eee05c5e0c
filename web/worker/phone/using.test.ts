import { describe, expect, test } from 'vitest'
import { door, enrolled, GRID, person, PIN, visit } from './testing.ts'

/** "It is this one", and people who live elsewhere from a day on: drawn at once, without a net too (PEOPLE-14, PEOPLE-21). */
async function village() {
  const all = await enrolled()
  const { server, phone } = all
  server.put(door('d1', { building: '1', door: '101' }))
  server.put(door('d2', { building: '1', door: '202' }))
  server.put(person('p1', '王小明', { householdId: 'd1' }))
  await phone.sync()
  return all
}
const near = { code: 'NEAR_PERSON', kind: 'conflict', message: { zh: '已有相近', en: 'near' } }
const namesAt = (phone: Awaited<ReturnType<typeof village>>['phone'], id: string) =>
  phone.shelf.membersOf(id).map((one) => one.name)

describe('the near record is chosen instead of a new one (cases 9, 40)', () => {
  test('offline: nobody is made twice, the person stands at the new door at once, over a restart too', async () => {
    const { server, phone, open } = await village()
    server.reachable = false
    const body = { id: 'x1', personId: 'p1', householdId: 'd2', fromDay: '2020-02-15' }
    await phone.outbox.add({ kind: 'person.use', grid: GRID, body })
    expect(phone.shelf.persons()).toHaveLength(1)
    expect([namesAt(phone, 'd1'), namesAt(phone, 'd2')]).toEqual([[], ['王小明']])
    expect(phone.shelf.person('p1')?.marks).toMatchObject([{ kind: 'person.use', state: 'waiting' }])
    expect(phone.shelf.person('x1')?.id).toBe('p1')
    await phone.stop()
    const again = await open()
    await again.unlock(PIN)
    expect(namesAt(again, 'd2')).toEqual(['王小明'])
    server.reachable = true
    await again.sync()
    expect([...server.taken.values()].map((item) => [item.kind, item.body])).toEqual([['person.use', body]])
  })

  test('a refused addition is mended into it under a new key that names the old one; what was filed on it goes along', async () => {
    const { server, phone } = await village()
    server.reachable = false
    const add = await phone.outbox.add({
      kind: 'person.add',
      grid: GRID,
      body: { id: 'x1', name: '王小名', area: GRID, householdId: 'd2' },
    })
    await phone.outbox.add({ ...visit('v1'), body: { ...visit('v1').body, householdId: 'd2', personIds: ['x1'] } })
    server.answer = (item) =>
      item.kind === 'person.add' ? { outcome: 'refused', problem: near } : { outcome: 'later' }
    server.reachable = true
    await phone.sync()
    expect(phone.outbox.item(add.key)).toMatchObject({ state: 'refused', problem: { code: 'NEAR_PERSON' } })
    expect(namesAt(phone, 'd2')).toEqual(['王小名'])
    server.reachable = false
    const mended = await phone.outbox.mend(add.key, { id: 'x1', personId: 'p1', householdId: 'd2' }, 'person.use')
    expect(mended).toMatchObject({ kind: 'person.use', mends: add.key, state: 'waiting' })
    expect(mended.key).not.toBe(add.key)
    expect(namesAt(phone, 'd2')).toEqual(['王小明'])
    expect(phone.shelf.person('p1')?.marks.map((mark) => mark.kind)).toEqual(['visit.file', 'person.use'])
    server.answer = () => ({ outcome: 'accepted' })
    server.reachable = true
    for (const item of phone.outbox.items()) await phone.outbox.retry(item.key)
    await phone.sync()
    const taken = [...server.taken.values()]
    expect(taken.map((item) => item.kind).toSorted()).toEqual(['person.use', 'visit.file'])
    expect(taken.find((item) => item.kind === 'person.use')).toMatchObject({ mends: add.key, body: { personId: 'p1' } })
    expect(phone.outbox.items()).toEqual([])
  })

  test('a door that is one of the known ones: people and visits made for it stand there', async () => {
    const { server, phone } = await village()
    server.answer = (item) => ({ outcome: item.kind === 'household.add' ? 'refused' : 'later' })
    const add = await phone.outbox.add({
      kind: 'household.add',
      grid: GRID,
      body: { id: 'dx', area: GRID, kind: 'home', door: '101', members: [] },
    })
    const born = { id: 'x2', name: '陈美丽', area: GRID, householdId: 'dx' }
    await phone.outbox.add({ kind: 'person.add', grid: GRID, body: born })
    await phone.outbox.add({ ...visit('v1'), body: { ...visit('v1').body, householdId: 'dx' } })
    await phone.sync()
    expect(phone.shelf.doors()).toHaveLength(3)
    server.reachable = false
    await phone.outbox.mend(add.key, { id: 'dx', householdId: 'd1' }, 'household.use')
    expect(phone.shelf.doors()).toHaveLength(2)
    expect(phone.shelf.door('dx')?.id).toBe('d1')
    expect(namesAt(phone, 'd1')).toEqual(['王小明', '陈美丽'])
    expect(phone.shelf.visitsOf({ householdId: 'd1' })).toMatchObject([{ id: 'v1', local: true }])
    expect(phone.shelf.visitsOf({ householdId: 'dx' })).toHaveLength(1)
  })

  test('refused, it changes nothing that is shown', async () => {
    const { server, phone } = await village()
    server.answer = () => ({ outcome: 'refused', problem: near })
    await phone.outbox.add({ kind: 'person.use', grid: GRID, body: { id: 'x1', personId: 'p1', householdId: 'd2' } })
    await phone.sync()
    expect([namesAt(phone, 'd1'), namesAt(phone, 'd2')]).toEqual([['王小明'], []])
  })
})

describe('somebody has moved', () => {
  test('to another door of mine: there at once, the last word counts, and the feed takes over', async () => {
    const { server, phone, clock } = await village()
    server.reachable = false
    const move = (householdId: string) =>
      phone.outbox.add({ kind: 'person.move', grid: GRID, body: { id: 'p1', householdId, fromDay: '2020-02-15' } })
    await move('d2')
    const before = phone.shelf.person('p1')
    expect([namesAt(phone, 'd1'), namesAt(phone, 'd2')]).toEqual([[], ['王小明']])
    await move('d1')
    await move('d2')
    expect(phone.shelf.person('p1')?.body).toBe(before?.body)
    server.reachable = true
    server.put(person('p1', '王小明', { householdId: 'd2', version: 2 }))
    await phone.sync()
    await clock.pass(1_000)
    await phone.sync()
    expect(namesAt(phone, 'd2')).toEqual(['王小明'])
    expect(phone.shelf.person('p1')?.marks).toEqual([])
  })

  test('away: at no door of mine, still found until the server has it gone', async () => {
    const { server, phone } = await village()
    server.reachable = false
    await phone.outbox.add({ kind: 'person.move', grid: GRID, body: { id: 'p1', area: '3301', fromDay: '2020-02-15' } })
    expect(namesAt(phone, 'd1')).toEqual([])
    expect(phone.shelf.person('p1')?.marks).toMatchObject([{ kind: 'person.move' }])
    server.reachable = true
    server.put({ grid: GRID, kind: 'person', id: 'p1', body: { gone: true } })
    await phone.sync()
    expect(phone.shelf.person('p1')).toBeNull()
  })
})
