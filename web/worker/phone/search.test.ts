import { describe, expect, test } from 'vitest'
import { door, enrolled, GRID, person, visit } from './testing.ts'

async function village() {
  const all = await enrolled()
  all.server.put(person('p1', '王小明', { householdId: 'd1' }, '+8613812345678'))
  all.server.put(person('p2', '曾国强', {}, '+8651257501234;ext=12'))
  all.server.put(person('p3', '吕布', { householdId: 'd2' }))
  all.server.put(door('d1', { estate: '玉山花园', building: '3', door: '1201' }, '玉山镇前进路18号3幢1201室'))
  all.server.put(door('d2', { estate: '玉山花园', building: '12', door: '101' }, '玉山镇前进路18号12幢101室'))
  await all.phone.sync()
  const found = async (text: string) =>
    (await all.phone.search(text)).map((hit) => (hit.kind === 'person' ? hit.person.id : hit.door.id))
  return { ...all, found }
}

describe('search in memory', () => {
  test("by name, part of a name, pinyin, initials, the surname's own reading", async () => {
    const { found } = await village()
    expect(await found('王小明')).toEqual(['p1'])
    expect(await found('小明')).toEqual(['p1'])
    expect(await found('wangxiao')).toEqual(['p1'])
    expect(await found('WXM')).toEqual(['p1'])
    expect(await found('zengguo')).toEqual(['p2'])
    expect(await found('lü bu')).toEqual(['p3'])
    expect(await found('李')).toEqual([])
    expect(await found('  ')).toEqual([])
  })

  test('by the end of a telephone and by house number, the exact number first', async () => {
    const { found } = await village()
    expect(await found('5678')).toEqual(['p1'])
    expect(await found('1234')).toEqual(['p2'])
    expect(await found('1201')).toEqual(['d1'])
    expect(await found('101')).toEqual(['d2'])
    expect(await found('12幢101室')).toEqual(['d2'])
    expect(await found('前进路18号')).toEqual(['d1', 'd2'])
  })
})

describe('a number is a whole number', () => {
  test('101室 stands before 1101室, however it is written', async () => {
    const { server, phone, found } = await village()
    server.put(door('d3', { estate: '嘉庭公寓', building: '1幢', door: '1单元1101室' }))
    server.put(door('d4', { estate: '嘉庭公寓', building: '1幢', door: '1单元101室' }))
    server.put(door('d5', { estate: '嘉庭公寓', building: '11幢', door: '1单元101室' }))
    await phone.sync()
    const label = phone.shelf.door('d4')?.label ?? ''
    for (const text of [label, '1幢1单元101室', '1-1-101', '嘉庭公寓 1 幢 1 单元 101'])
      expect([text, (await found(text))[0]]).toEqual([text, 'd4'])
    expect(await found('1幢1单元101室')).toContain('d3')
    expect((await found('11幢1单元101室'))[0]).toBe('d5')
  })
})

describe('near matches before saving (case 9)', () => {
  test('a name one character off is shown offline, with its reason', async () => {
    const { server, phone } = await village()
    server.reachable = false
    expect(await phone.near({ name: '王晓明' })).toMatchObject([
      { person: { id: 'p1' }, reasons: [{ zh: '姓名同音' }] },
    ])
    expect((await phone.near({ name: '王小明', phone: '138 1234 5678' }))[0]?.score).toBeGreaterThan(0.5)
    expect(await phone.near({ name: '赵子龙' })).toEqual([])
  })

  test('two identical people registered one after the other without a net: the second sees the first (case 40)', async () => {
    const { server, phone } = await village()
    server.reachable = false
    await phone.outbox.add({
      kind: 'person.add',
      grid: GRID,
      body: { id: 'new1', name: '陈美丽', phone: '13900001111', area: GRID },
    })
    expect(await phone.near({ name: '陈美丽', phone: '13900001111' })).toMatchObject([
      { person: { id: 'new1', local: true } },
    ])
    await phone.outbox.add({
      kind: 'household.add',
      grid: GRID,
      body: { id: 'dn', area: GRID, kind: 'home', building: '5', door: '302', members: [{ name: '周杰' }] },
    })
    expect(await phone.near({ name: '周杰' })).toMatchObject([{ person: { local: true, body: { householdId: 'dn' } } }])
    expect(phone.shelf.membersOf('dn').map((one) => one.name)).toEqual(['周杰'])
    expect(phone.shelf.door('dn')).toMatchObject({ local: true, label: '5 302' })
    expect(phone.nearDoors({ building: '5幢', door: '302室' })).toMatchObject([{ door: { id: 'dn' } }])
    expect(phone.nearDoors({ building: '6', door: '302' })).toEqual([])
    await phone.outbox.add(visit('v1'))
  })

  test('what the feed brings takes the place of what was made here', async () => {
    const { server, phone } = await village()
    await phone.outbox.add({
      kind: 'household.add',
      grid: GRID,
      body: { id: 'dn', area: GRID, kind: 'home', door: '302', members: [] },
    })
    await phone.sync()
    server.put(door('dn', { door: '302' }))
    await phone.sync()
    expect(phone.shelf.doors().filter((one) => one.id === 'dn')).toMatchObject([{ local: false }])
  })
})
