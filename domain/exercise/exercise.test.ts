import { describe, expect, it } from 'vitest'
import { addDays, isDay } from '../core/day.ts'
import { readDocument } from '../people/document.ts'
import { readPhone } from '../people/phone.ts'
import { DIVISIONS } from './divisions.fixture.ts'
import { excelSerial } from './dirt.ts'
import { checkDigit, isSyntheticNumber, numbersOf, phoneOf } from './identity.ts'
import { EXERCISE_DAY, FATES, levelOn, REPORT_273, WINDOW_DAYS } from './outbreak.ts'
import { costOf, extentOf, planVillages, shortVillageName, villagesOf } from './place.ts'
import { makeVillage, population } from './population.ts'
import { rngOf, weighted } from './prng.ts'
import { makeScenario } from './scenario.ts'
import type { FeedRow } from './scenario.ts'

const villages = villagesOf(DIVISIONS)
const town = planVillages(villages, extentOf('town'))

describe('EX-1 the same seed', () => {
  it('gives the same people and rows, whether a village is made alone, in another order or twice', () => {
    const inOrder = [...population('s', town)]
    const last = town.at(-1)
    if (!last) throw new Error('no village')
    expect(makeVillage('s', last)).toEqual(inOrder.at(-1))
    const alone = makeVillage('s', last)
    expect(makeScenario('s', alone, EXERCISE_DAY)).toEqual(makeScenario('s', makeVillage('s', last), EXERCISE_DAY))
    expect(makeVillage('other', last).people.map((p) => p.name)).not.toEqual(alone.people.map((p) => p.name))
  })

  it('comes out of sfc32 as it always did', () => {
    const rng = rngOf('weiwang')
    expect([rng.int(1000), rng.int(1000), rng.int(1000), rng.int(1000)]).toMatchInlineSnapshot(`
      [
        789,
        532,
        290,
        762,
      ]
    `)
  })

  it('chooses by weight', () => {
    const choose = weighted([['a', 9], ['b', 1]] as const) // prettier-ignore
    const rng = rngOf('w')
    let b = 0
    for (let i = 0; i < 10_000; i++) if (choose(rng) === 'b') b++
    expect(b).toBeGreaterThan(850)
    expect(b).toBeLessThan(1150)
  })
})

describe('EX-3 documents that can belong to nobody', () => {
  const people = [...population('s', town)].flatMap((v) => v.people)

  it('have a right check digit and birth date, and 99 where no city has it', () => {
    for (const p of people) {
      if (p.docKind !== 'resident_id') continue
      expect(isSyntheticNumber(p.doc)).toBe(true)
      const read = readDocument(p.doc, { today: EXERCISE_DAY })
      expect(read.ok && read.value.birth).toBe(p.birth)
      expect(read.ok && read.value.sex).toBe(p.sex)
    }
    expect(checkDigit('11010519491231002')).toBe('X')
  })

  it('are given once, phones too', () => {
    const docs = people.map((p) => p.doc)
    expect(new Set(docs).size).toBe(docs.length)
    const own = people.flatMap((p) => (p.phone === null || p.phoneShared ? [] : [p.phone]))
    expect(new Set(own).size).toBe(own.length)
    expect(own.every((phone) => phone[3] === '0' && readPhone(phone).ok)).toBe(true)
    expect(people.some((p) => p.phoneShared)).toBe(true)
  })

  it('stay distinct between neighbouring villages and move on when a birthday is full', () => {
    const a = numbersOf(7)
    const b = numbersOf(8)
    const made = Array.from({ length: 40 }, () => [a('32', '1990-02-28', 1), b('32', '1990-02-28', 1)]).flat()
    expect(new Set(made.map((m) => m.number)).size).toBe(80)
    expect(made.every((m) => isDay(m.birth) && !m.number.endsWith('000'))).toBe(true)
    expect(phoneOf(7, 0)).not.toBe(phoneOf(8, 0))
  })
})

describe('EX-2 doors, grids and units', () => {
  it('have grids of 300 to 500 households, units inside them, people only in doors that are not vacant', () => {
    for (const v of population('s', town)) {
      const count = new Map<string, number>()
      for (const h of v.households) {
        count.set(h.unit, (count.get(h.unit) ?? 0) + 1)
        expect(h.unit.startsWith(h.grid) && h.grid.startsWith(v.village.code)).toBe(true)
        expect(h.address.includes(v.village.name)).toBe(true)
      }
      for (const g of v.grids) {
        expect(g.households).toBeGreaterThanOrEqual(300)
        expect(g.households).toBeLessThanOrEqual(500)
        for (const u of g.units) {
          expect(u.households).toBe(count.get(u.code))
          expect(u.households).toBeLessThanOrEqual(100)
        }
      }
      for (const p of v.people) expect(v.households[p.household]?.use).not.toBe('vacant')
      expect(new Set(v.households.map((h) => h.address)).size).toBe(v.households.length)
    }
  })

  it('fill a town with about ten thousand people in five villages', () => {
    const people = [...population('s', town)].reduce((n, v) => n + v.people.length, 0)
    expect(town).toHaveLength(5)
    expect(people).toBeGreaterThan(8000)
    expect(people).toBeLessThan(12_000)
  })

  it('read official village names as people write them', () => {
    expect(shortVillageName('茶亭社区居委会', true)).toBe('茶亭社区')
    expect(shortVillageName('丁曹村委会', false)).toBe('丁曹村')
    expect(shortVillageName('张庄村村委会', false)).toBe('张庄村')
    expect(shortVillageName('陇集居委会', true)).toBe('陇集社区')
  })

  it('put hamlets and groups into the country', () => {
    const rural = villages.find((v) => v.code === '321322101201')
    if (!rural) throw new Error('no village')
    const made = makeVillage('s', { village: rural, grids: 1 })
    expect(made.households.some((h) => /谢桥村.+庄\d+组\d+号$/.test(h.address))).toBe(true)
    expect(made.grids[0]?.units.some((u) => u.kind === 'ten_households' && u.households === 10)).toBe(true)
  })
})

describe('EX-6 the rows', () => {
  const scenarios = ['a', 'b', 'c', 'd'].flatMap((seed) =>
    [...population(seed, town)].map((v) => makeScenario(seed, v, EXERCISE_DAY)),
  )
  const rows = scenarios.flatMap((s) => s.rows)
  const truths = scenarios.flatMap((s) => s.truths)

  it('have the distribution of the report on 273 rows', () => {
    const today = rows.filter((r) => r.delivery === 'today' && r.fate !== null)
    const total = Object.values(REPORT_273).reduce((a, b) => a + b, 0)
    const off = FATES.filter((fate) => {
      const share = today.filter((r) => r.fate === fate).length / today.length
      return Math.abs(share - REPORT_273[fate] / total) > 0.04
    })
    expect(off).toEqual([])
  })

  it('say unchanged only of what the same source has said before', () => {
    const said = new Set<string>()
    const key = (r: FeedRow): string => `${r.source}/${r.person}/${JSON.stringify(r.fact)}`
    for (const s of scenarios) {
      said.clear()
      for (const delivery of ['before', 'today'] as const) {
        for (const r of s.rows.filter((one) => one.delivery === delivery)) {
          if (r.expect === 'rejected') continue
          expect(said.has(key(r)) ? 'unchanged' : 'accepted').toBe(r.expect)
          said.add(key(r))
        }
      }
    }
    expect(rows.some((r) => r.expect === 'unchanged')).toBe(true)
  })

  it('never lie in the future, and those past the window really are', () => {
    const late = rows.filter((r) => r.fact.to > (r.delivery === 'today' ? EXERCISE_DAY : addDays(EXERCISE_DAY, -1)))
    expect(late).toEqual([])
    expect(rows.filter((r) => r.fact.from > r.fact.to)).toEqual([])
    for (const t of truths) {
      if (t.fate !== 'past_window') continue
      expect(t.facts.every((f) => f.to < addDays(EXERCISE_DAY, -WINDOW_DAYS))).toBe(true)
    }
  })

  it('name nobody finer than a city and a day', () => {
    for (const r of rows) expect(r.fact.place === null || r.fact.place.length <= 6).toBe(true)
  })

  it('leave some exposed people to the workers alone', () => {
    const hidden = truths.filter((t) => t.fate === 'hidden')
    expect(hidden.length).toBeGreaterThan(0)
    expect(hidden.every((t) => t.fed.length === 0 && t.facts.length > 0)).toBe(true)
  })
})

describe('EX-22 what a load takes', () => {
  it('grows with the people, and a county is what was measured of one', () => {
    const plans = (people: number) => [{ village: town[0]!.village, grids: people / 1000 }]
    const county = costOf(plans(800_000))
    expect(county.people).toBe(800_000)
    expect(county.bytes / 1e9).toBeGreaterThan(3)
    expect(county.bytes / 1e9).toBeLessThan(5)
    expect(county.minutes).toBeGreaterThan(20)
    expect(county.minutes).toBeLessThan(45)
    expect(costOf(plans(8_000_000)).bytes).toBeGreaterThan(9 * county.bytes * 0.8)
  })

  it('of a city is spread over all of its counties, and any number of people can be asked for', () => {
    const inside = planVillages(villages, extentOf('city', { root: '32', people: 20_000 }))
    expect(inside.reduce((n, plan) => n + plan.grids, 0)).toBe(20)
    expect(extentOf('city')).toEqual({ size: 'city', root: '3205', people: 2_000_000 })
  })
})

describe('EX-4 the outbreak', () => {
  it('has Wuhan high from 20 January and not before', () => {
    expect(levelOn('4201', '2020-01-19')).toBe('low')
    expect(levelOn('420106', '2020-01-20')).toBe('high')
  })

  it('counts days as a spreadsheet does', () => {
    expect(excelSerial('1900-03-01')).toBe(61)
    expect(excelSerial('2020-02-15')).toBe(43876)
  })
})
