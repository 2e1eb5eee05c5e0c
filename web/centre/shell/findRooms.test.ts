import { describe, expect, test } from 'vitest'
import { centre } from '../texts.ts'
import { findRooms, loadReadings } from './findRooms.ts'
import { GROUPS, isCurrent, roomsOf } from './rooms.ts'

const all = roomsOf({ roles: ['watch_leader', 'volunteer'], reads: () => true })
const rooms = all.flatMap((group) => group.rooms)

describe('the rooms of the desk', () => {
  test('each stands in one group, under one address', () => {
    expect(new Set(rooms.map((room) => room.key)).size).toBe(rooms.length)
    expect(new Set(rooms.map((room) => room.path)).size).toBe(rooms.length)
    expect(all.map((group) => group.key)).toEqual([...GROUPS])
  })

  test('every room that has a name stands in a group', () => {
    const named = Object.keys(centre).filter((key) => /^room\.[a-zA-Z]+$/.test(key))
    expect(rooms.map((room): string => room.key).toSorted()).toEqual(named.toSorted())
  })

  test('what a reader may not enter is left out, and a group without rooms too', () => {
    const few = roomsOf({ roles: ['doctor'], reads: (kind) => kind === 'observation' })
    expect(few.map((group) => [group.key, group.rooms.map((room) => room.key)])).toEqual([
      ['duty', ['room.now', 'room.myDoors']],
      ['home', ['room.observation']],
      ['admin', ['room.settings']],
    ])
  })

  test('one address lies in one room', () => {
    const addresses = [...rooms.map((room) => room.path), '/visits', '/batches/1', '/households/1', '/jobs']
    const roomsAt = (path: string): number => rooms.filter((room) => isCurrent(room, path)).length
    expect(addresses.filter((path) => roomsAt(path) !== 1)).toEqual([])
  })
})

describe('finding a room by typing', async () => {
  const readings = await loadReadings()
  const first = (typed: string, read = readings) => findRooms(typed, all, centre, read)[0]?.key

  test.each([
    ['卡口', 'room.gates'],
    ['申诉', 'room.objections'],
    ['Gates', 'room.gates'],
    ['risk', 'room.risk'],
    ['grids', 'room.areas'],
    ['sjy', 'room.feeds'],
    ['shujuyuan', 'room.feeds'],
    ['SJY ', 'room.feeds'],
    ['jjgc', 'room.observation'],
    ['ju jia', 'room.observation'],
    ['ryhh', 'room.people'],
    ['zl', 'room.instructions'],
  ])('%s is %s', (typed, key) => expect(first(typed)).toBe(key))

  test('before the readings are here, names answer in both languages', () => {
    const byName = (typed: string) => findRooms(typed, all, centre, null).map((room) => room.key)
    expect(byName('数据')).toEqual(['room.feeds'])
    expect(byName('feed')).toEqual(['room.feeds'])
    expect(byName('sjy')).toEqual([])
  })

  test('nothing typed finds nothing, and neither does what is no room', () => {
    expect(findRooms('  ', all, centre, readings)).toEqual([])
    expect(findRooms('没有这个', all, centre, readings)).toEqual([])
  })
})
