import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVEN, fillTeams, metresBetween, nearness } from './fill.ts'
import type { FillDoor, FillPerson } from './fill.ts'
import {
  REACH_DIGITS,
  SHIPPED_TEMPLATE,
  templateAt,
  templateFault,
  doorFields,
  showDoor,
  DOOR_FIELDS,
} from './template.ts'
import type { Reach, RoleRule } from './template.ts'

const VILLAGE = '320506001001'
const rule = (role: RoleRule['role'], more: Partial<RoleRule> = {}): RoleRule => ({
  role,
  count: 1,
  cap: 100,
  reach: 'county',
  metres: null,
  every: 1,
  ...more,
})
const door = (id: string, area: string, seats: FillDoor['seats'], more: Partial<FillDoor> = {}): FillDoor => ({
  id,
  area,
  building: null,
  position: null,
  taken: [],
  seats,
  ...more,
})
const person = (id: string, covers: string[], more: Partial<FillPerson> = {}): FillPerson => ({
  id,
  roles: ['doctor'],
  covers,
  load: 0,
  cap: null,
  position: null,
  buildings: [],
  ...more,
})
const doctor = rule('doctor')
const one = [{ rule: doctor, missing: 1 }]
const doors = (n: number, area = `${VILLAGE}001`): FillDoor[] =>
  Array.from({ length: n }, (_, i) => door(`d${String(i).padStart(3, '0')}`, area, one))

function loadsOf(people: readonly FillPerson[], seats: readonly { personId: string }[]): Map<string, number> {
  const loads = new Map(people.map((p) => [p.id, p.load]))
  for (const seat of seats) loads.set(seat.personId, (loads.get(seat.personId) ?? 0) + 1)
  return loads
}

describe('nearness', () => {
  test('a duty around the door is as near as can be; otherwise what both have in common', () => {
    const at = `${VILLAGE}001`
    expect([
      nearness([VILLAGE], at),
      nearness(['32'], at),
      nearness([`${VILLAGE}002`], at),
      nearness(['320506001002001'], at),
      nearness(['320506002'], at),
      nearness(['320102001001001'], at),
      nearness([], at),
    ]).toEqual([15, 15, 12, 9, 6, 2, 0])
  })

  test('metres are those of the map: a hundredth of a degree to the north is 1,113 m, to the east at 31° less', () => {
    expect(metresBetween({ lat: 31, lng: 120 }, { lat: 31.01, lng: 120 })).toBe(1113)
    expect(metresBetween({ lat: 31, lng: 120 }, { lat: 31, lng: 120.01 })).toBe(954)
  })
})

describe('filling (TEAM-3 to TEAM-6)', () => {
  test('fifty doors and four doctors: nobody has more than two doors more than another', () => {
    const people = ['a', 'b', 'c', 'd'].map((id) => person(id, [VILLAGE]))
    const { seats, gaps, spread } = fillTeams(doors(50), people)
    expect([seats.length, gaps]).toEqual([50, []])
    expect(spread).toEqual([
      { role: 'doctor', people: 4, least: expect.any(Number), most: expect.any(Number), limit: null },
    ])
    const loads = [...loadsOf(people, seats).values()]
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(EVEN)
  })

  test('what only one person can serve is evened by what others can serve as well, also along a chain', () => {
    // a reaches the first village, b both, c the second: the doors of the first village go to a although b would be free.
    const second = '320506001002'
    const near = rule('doctor', { reach: 'village' })
    const at = (n: number, area: string): FillDoor[] =>
      Array.from({ length: n }, (_, i) => door(`${area}${i}`, area, [{ rule: near, missing: 1 }]))
    const people = [
      person('a', [`${VILLAGE}001`]),
      person('b', [`${VILLAGE}001`, `${second}001`]),
      person('c', [`${second}001`]),
    ]
    const { seats, spread } = fillTeams([...at(5, `${VILLAGE}001`), ...at(13, `${second}001`)], people)
    expect(spread[0]).toMatchObject({ people: 3, limit: null })
    const loads = [...loadsOf(people, seats).values()]
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(EVEN)
    // One door fewer in the first village, and a cannot have enough: reach binds.
    const fewer = fillTeams([...at(3, `${VILLAGE}001`), ...at(14, `${second}001`)], people)
    expect(fewer.spread[0]).toMatchObject({ least: 3, most: 7, limit: 'reach' })
  })

  test('each limit is named: nobody of the role, out of reach, too far, at the cap, in the team already', () => {
    const at = `${VILLAGE}001`
    const gap = (d: FillDoor, people: FillPerson[]) => fillTeams([d], people).gaps[0]?.limit
    expect(gap(door('d', at, one), [])).toBe('nobody')
    expect(
      gap(door('d', at, [{ rule: rule('doctor', { reach: 'village' }), missing: 1 }]), [person('a', ['320506002'])]),
    ).toBe('reach')
    expect(
      gap(door('d', at, [{ rule: rule('doctor', { metres: 500 }), missing: 1 }], { position: { lat: 31, lng: 120 } }), [
        person('a', [VILLAGE], { position: { lat: 31.01, lng: 120 } }),
      ]),
    ).toBe('distance')
    expect(gap(door('d', at, one), [person('a', [VILLAGE], { load: 3, cap: 3 })])).toBe('cap')
    expect(gap(door('d', at, one, { taken: ['a'] }), [person('a', [VILLAGE])])).toBe('seated')
  })

  test('what binds when loads differ by more than two: the cap, the reach, or what people had before', () => {
    const capped = fillTeams(doors(10), [person('a', [VILLAGE]), person('b', [VILLAGE], { cap: 2 })])
    expect(capped.spread[0]).toMatchObject({ least: 2, most: 8, limit: 'cap' })
    const held = fillTeams(doors(2), [person('a', [VILLAGE], { load: 9 }), person('b', [VILLAGE])])
    expect(held.spread[0]).toMatchObject({ least: 2, most: 9, limit: 'held' })
    const near = [{ rule: rule('doctor', { reach: 'village' }), missing: 1 }]
    const far = fillTeams(
      [
        ...Array.from({ length: 9 }, (_, i) => door(`x${i}`, `${VILLAGE}001`, near)),
        door('y', '320506001002001', near),
      ],
      [person('a', [VILLAGE]), person('b', ['320506001002'])],
    )
    expect(far.spread[0]).toMatchObject({ least: 1, most: 9, limit: 'reach' })
  })

  test('the building that somebody serves already comes first, then the nearer duty', () => {
    const at = `${VILLAGE}001`
    const people = [person('a', ['320506']), person('b', [at]), person('c', ['320506001'], { buildings: ['园 3幢'] })]
    expect(fillTeams([door('d', at, one, { building: '园 3幢' })], people).seats[0]?.personId).toBe('c')
    const apart = [person('a', [`${VILLAGE}002`]), person('b', [at])]
    expect(fillTeams([door('d', at, one)], apart).seats[0]?.personId).toBe('b')
  })

  test('one person has one seat at a door, whatever roles he has', () => {
    const both = person('a', [VILLAGE], { roles: ['doctor', 'cadre'] })
    const seats = [
      { rule: doctor, missing: 1 },
      { rule: rule('cadre'), missing: 1 },
    ]
    const filled = fillTeams([door('d', `${VILLAGE}001`, seats)], [both])
    expect([filled.seats.length, filled.gaps]).toEqual([
      1,
      [{ doorId: 'd', role: 'cadre', missing: 1, limit: 'seated' }],
    ])
  })

  const GRIDS = ['320506001001001', '320506001001002', '320506001002001', '320506002001001']
  const anyPeople = fc.array(
    fc.record({
      covers: fc.uniqueArray(fc.constantFrom(...GRIDS, VILLAGE, '320506001', '320506002'), {
        minLength: 1,
        maxLength: 2,
      }),
      load: fc.integer({ min: 0, max: 6 }),
      cap: fc.option(fc.integer({ min: 0, max: 12 })),
      roles: fc.constantFrom(['doctor'] as const, ['cadre'] as const, ['doctor', 'cadre'] as const),
    }),
    { maxLength: 7 },
  )
  const anyCase = fc.record({
    people: anyPeople,
    areas: fc.array(fc.constantFrom(...GRIDS), { minLength: 1, maxLength: 40 }),
    reach: fc.constantFrom<Reach>('grid', 'village', 'town', 'county'),
    cap: fc.integer({ min: 1, max: 15 }),
  })
  const cast = ({ people, areas, reach, cap }: typeof anyCase extends fc.Arbitrary<infer T> ? T : never) => ({
    people: people.map((p, i) => person(`p${i}`, p.covers, { load: p.load, cap: p.cap, roles: p.roles })),
    doors: areas.map((area, i) =>
      door(`d${i}`, area, [
        { rule: rule('doctor', { reach, cap }), missing: 1 },
        { rule: rule('cadre', { reach, cap }), missing: 1 },
      ]),
    ),
    reach,
    cap,
  })

  test('every seat is filled or its limit named; caps, reach and one seat a person hold; order does not matter', () => {
    fc.assert(
      fc.property(anyCase, fc.integer(), (drawn, seed) => {
        const { people, doors: at, reach, cap } = cast(drawn)
        const filled = fillTeams(at, people)
        expect(filled.seats.length + filled.gaps.reduce((sum, gap) => sum + gap.missing, 0)).toBe(at.length * 2)
        const loads = loadsOf(people, filled.seats)
        const given = new Set(filled.seats.map((seat) => seat.personId))
        expect(people.filter((p) => given.has(p.id) && (loads.get(p.id) ?? 0) > (p.cap ?? cap))).toEqual([])
        for (const seat of filled.seats) {
          const p = people.find((x) => x.id === seat.personId)
          const d = at.find((x) => x.id === seat.doorId)
          expect(p?.roles).toContain(seat.role)
          expect(nearness(p?.covers ?? [], d?.area ?? '')).toBeGreaterThanOrEqual(REACH_DIGITS[reach])
        }
        for (const d of at) {
          const here = filled.seats.filter((seat) => seat.doorId === d.id).map((seat) => seat.personId)
          expect(new Set(here).size).toBe(here.length)
        }
        const turned = (xs: readonly unknown[]) => xs.toSorted(() => (seed % 2 === 0 ? 1 : -1))
        const again = fillTeams(turned(at) as FillDoor[], turned(people) as FillPerson[])
        const plain = (f: typeof filled) => f.seats.map((s) => `${s.doorId} ${s.role} ${s.personId}`).toSorted()
        expect(plain(again)).toEqual(plain(filled))
      }),
    )
  })

  test('nobody with three doors more could hand one over directly to somebody who can take it', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const {
          people,
          doors: at,
          reach,
          cap,
        } = cast({
          ...given,
          people: given.people.map((p) => ({ ...p, roles: ['doctor'] as const })),
        })
        const filled = fillTeams(
          at.map((d) => ({ ...d, seats: d.seats.slice(0, 1) })),
          people,
        )
        const loads = loadsOf(people, filled.seats)
        for (const seat of filled.seats) {
          const d = at.find((x) => x.id === seat.doorId)
          for (const other of people) {
            const could =
              nearness(other.covers, d?.area ?? '') >= REACH_DIGITS[reach] &&
              (loads.get(other.id) ?? 0) < (other.cap ?? cap)
            const apart = (loads.get(seat.personId) ?? 0) - (loads.get(other.id) ?? 0)
            expect(could && other.id !== seat.personId && apart > EVEN).toBe(false)
          }
        }
      }),
    )
  })
})

describe('templates (TEAM-1, TEAM-2) and fields (TEAM-9)', () => {
  test('the newest version of the nearest place counts, the shipped one where there is none', () => {
    const of = (area: string, version: number) => ({ ...SHIPPED_TEMPLATE, area, version })
    const all = [of('3205', 1), of('3205', 2), of(VILLAGE, 1)]
    expect(templateAt(all, `${VILLAGE}001`)).toMatchObject({ area: VILLAGE, version: 1 })
    expect(templateAt(all, '320506002001001')).toMatchObject({ area: '3205', version: 2 })
    expect(templateAt(all, '320102001001001')).toBe(SHIPPED_TEMPLATE)
  })

  test('a team of one and a role twice are refused', () => {
    expect(templateFault([rule('doctor')])).toBe('alone')
    expect(templateFault([rule('doctor', { count: 2 })])).toBe(null)
    expect(templateFault([rule('doctor'), rule('doctor')])).toBe('twice')
    expect(templateFault(SHIPPED_TEMPLATE.roles)).toBe(null)
  })

  test('each role sees its own fields of one door and nothing besides', () => {
    const whole = Object.fromEntries(DOOR_FIELDS.map((field) => [field, `secret ${field}`]))
    expect(Object.keys(showDoor(whole, ['volunteer'])).toSorted()).toEqual(['address', 'hazards', 'needs', 'team'])
    expect(Object.keys(showDoor(whole, ['watch_leader'])).toSorted()).toEqual(['address', 'members', 'needs'])
    expect(showDoor(whole, ['resident'])).toEqual({})
    expect(showDoor(whole, [])).toEqual({})
    for (const role of ['worker', 'cadre', 'officer', 'volunteer', 'watch_leader'] as const) {
      expect(doorFields([role])).not.toContain('symptoms')
      expect(doorFields([role])).not.toContain('medicine')
    }
    expect(doorFields(['doctor'])).not.toContain('outings')
    expect(doorFields(['doctor', 'officer'])).toContain('outings')
    expect(showDoor({ address: 'x', stranger: 'y' }, ['chief'])).toEqual({ address: 'x' })
  })
})
