import { countyOf } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { minDay } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { birthFor, numbersOf, passportOf, phoneOf } from './identity.ts'
import { nameOf, surnameOf } from './names.ts'
import type { Village, VillagePlan } from './place.ts'
import { rngOf, weighted } from './prng.ts'
import type { Rng } from './prng.ts'

/**
 * The people of one village: doors, buildings, units (微网格) and grids (网格). A village is made from the seed and its
 * code alone, one at a time, so that memory is that of the largest village whatever the size of the exercise (EX-2).
 */
export type HouseholdKind = 'home' | 'shop' | 'rental' | 'group_rental' | 'dormitory' | 'business'
export type HouseholdUse = 'self' | 'rented' | 'vacant' | 'unassigned'

export type ExercisePerson = {
  /** Village code and number, for references between the files of the exercise. */
  key: string
  household: number
  name: string
  sex: 1 | 2
  birth: Day
  docKind: 'resident_id' | 'passport'
  country: string
  doc: string
  /** Own or shared: children and some of the old use the phone of the first adult of the door. */
  phone: string | null
  phoneShared: boolean
  /** Known to the register before the feeds come; the others are the new finds. */
  registered: boolean
  residence: 'own' | 'rent' | 'dorm' | 'visiting'
}

export type ExerciseHousehold = {
  key: string
  grid: AreaCode
  unit: AreaCode
  kind: HouseholdKind
  use: HouseholdUse
  /** Estate of a town, street of a shop, hamlet of the country. */
  estate: string
  street: string | null
  streetNumber: number | null
  building: string
  door: string
  /** What stands over a shop's door; part of the address, no name of an estate. */
  sign: string | null
  /** The whole address as the register writes it. */
  address: string
}

export type ExerciseUnit = {
  code: AreaCode
  name: string
  kind: 'building' | 'ten_households' | 'shops'
  households: number
}
export type ExerciseGrid = { code: AreaCode; name: string; households: number; units: ExerciseUnit[] }

export type VillagePopulation = {
  village: Village
  grids: ExerciseGrid[]
  households: ExerciseHousehold[]
  people: ExercisePerson[]
}

/** Ages are counted on this day whatever the exercise day is, so that a number does not change when the clock is moved. */
const CENSUS_DAY: Day = '2020-02-15'
/** The register is a few days old when the exercise begins: no later birth is in it, and none lies ahead while it is loaded. */
const LAST_BIRTH: Day = '2020-02-13'

const ESTATE_A = ['春', '锦', '玉', '金', '银', '翠', '紫', '兰', '碧', '丽', '康', '安', '福', '瑞', '天', '嘉', '和', '景', '枫', '梧', '柳', '梅', '荷', '桂', '竹', '松', '星', '月', '云', '晨', '清', '秀', '华', '明', '永', '新', '雅', '龙', '凤', '百'] as const // prettier-ignore
const ESTATE_B = ['晖', '绣', '兰', '桥', '龙', '竹', '藤', '庭', '水', '景', '乐', '居', '禄', '祥', '润', '悦', '谐', '秀', '林', '桐', '岸', '园', '塘', '花', '溪', '涛', '河', '湾', '栖', '曦', '泉', '峰', '庭', '珠', '盛', '苑', '致', '腾', '翔', '合'] as const // prettier-ignore
const ESTATE_C = [
  '花园',
  '家园',
  '小区',
  '公寓',
  '新村',
  '名苑',
  '雅居',
  '华庭',
  '嘉园',
  '佳苑',
  '府邸',
  '山庄',
  '新城',
  '东苑',
  '西苑',
  '北苑',
] as const
const ESTATES = ESTATE_A.length * ESTATE_B.length * ESTATE_C.length
const ESTATES_PER_VILLAGE = 31
const STREETS = [
  '和平',
  '建设',
  '文昌',
  '解放',
  '人民',
  '新华',
  '迎宾',
  '育才',
  '工农',
  '胜利',
  '振兴',
  '朝阳',
  '光华',
  '中兴',
  '富民',
  '学府',
] as const
const STREET_KINDS = ['路', '街', '大道', '巷'] as const
const RURAL_SPOTS = ['东', '西', '南', '北', '前', '后', '河东', '河西', '小', '大'] as const
const TRADES = [
  '粮油店',
  '理发店',
  '小吃店',
  '水果店',
  '五金店',
  '便利店',
  '药店',
  '干洗店',
  '打印社',
  '快递点',
] as const
const FIRMS = ['机械厂', '服装厂', '物流公司', '电子厂', '装饰公司', '食品厂', '印刷厂', '商贸公司'] as const

/** A name that no other estate of the county has: the villages of a county follow each other in the index. */
function estateName(villageIndex: number, i: number): string {
  const n = ((villageIndex * ESTATES_PER_VILLAGE + (i % ESTATES_PER_VILLAGE)) * 7919) % ESTATES
  const a = ESTATE_A[n % ESTATE_A.length] ?? '春'
  const b = ESTATE_B[Math.floor(n / ESTATE_A.length) % ESTATE_B.length] ?? '晖'
  const c = ESTATE_C[Math.floor(n / (ESTATE_A.length * ESTATE_B.length))] ?? '花园'
  return a + b + c
}

/** Province to village in official order; the door follows. */
function pathText(village: Village): string {
  return `${village.province}${village.city}${village.county}${village.town}${village.name}`
}

const three = (n: number): string => String(n).padStart(3, '0')

/** GRID sizes: 300 to 500 households (AREA's warning range); the exercise stays inside it. */
const GRID_LOW = 330
const GRID_HIGH = 410

type Door = Pick<ExerciseHousehold, 'estate' | 'street' | 'streetNumber' | 'building' | 'door' | 'sign' | 'kind'>
type UnitPlan = { name: string; kind: ExerciseUnit['kind']; doors: Door[] }

/** A building of flats: staircases, floors, two doors a floor. */
function building(rng: Rng, estate: string, number: number, most: number): UnitPlan {
  const high = rng.chance(0.25)
  const floors = high ? rng.pick([11, 15, 18]) : rng.pick([5, 6, 6, 7])
  const stairs = high ? rng.pick([1, 2]) : rng.pick([2, 3, 3, 4])
  const doors: Door[] = []
  for (let s = 1; s <= stairs; s++) {
    for (let f = 1; f <= floors; f++) {
      for (let r = 1; r <= 2 && doors.length < most; r++) {
        const door = `${s}单元${f}${String(r).padStart(2, '0')}室`
        doors.push({
          estate,
          street: null,
          streetNumber: null,
          building: `${number}幢`,
          door,
          sign: null,
          kind: flatKind(rng),
        })
      }
    }
  }
  return { name: `${estate}${number}幢`, kind: 'building', doors }
}

const flatKind = weighted<HouseholdKind>([
  ['home', 79],
  ['rental', 18.5],
  ['group_rental', 1.8],
  ['dormitory', 0.7],
])

function shops(rng: Rng, street: string, from: number): UnitPlan {
  const doors = Array.from({ length: 10 }, (_, i): Door => {
    const n = from + i * 2
    const firm = rng.chance(0.2)
    const sign = firm ? rng.pick(FIRMS) : rng.pick(TRADES)
    const kind: HouseholdKind = firm ? 'business' : 'shop'
    return { estate: street, street, streetNumber: n, building: '', door: `${n}号`, sign, kind }
  })
  return { name: `${street}${from}号至${from + 18}号`, kind: 'shops', doors }
}

function tenHouseholds(rng: Rng, hamlet: string, group: number, from: number): UnitPlan {
  const doors = Array.from({ length: 10 }, (_, i): Door => {
    const kind: HouseholdKind = rng.chance(0.9) ? 'home' : 'rental'
    const door = `${from + i}号`
    return { estate: hamlet, street: null, streetNumber: null, building: `${group}组`, door, sign: null, kind }
  })
  return { name: `${hamlet}${group}组${from}号至${from + 9}号`, kind: 'ten_households', doors }
}

function townUnits(rng: Rng, village: Village, gridNumber: number, target: number): UnitPlan[] {
  const street = STREETS[(village.index + gridNumber * 5) % STREETS.length] + rng.pick(STREET_KINDS)
  const plans = [shops(rng, street, 1 + (gridNumber - 1) * 40), shops(rng, street, 21 + (gridNumber - 1) * 40)]
  let left = target - 20
  for (let e = 0; left > 0; e++) {
    const estate = estateName(village.index, (gridNumber - 1) * 2 + (e % 2))
    const unit = building(
      rng,
      estate,
      Math.floor(e / 2) + 1 + Math.floor(((gridNumber - 1) * 2) / ESTATES_PER_VILLAGE) * 60,
      left,
    )
    left -= unit.doors.length
    plans.push(unit)
  }
  return plans
}

function countryUnits(rng: Rng, gridNumber: number, target: number): UnitPlan[] {
  const plans: UnitPlan[] = [shops(rng, '集镇街', 1 + (gridNumber - 1) * 20)]
  const hamlet = `${RURAL_SPOTS[gridNumber % RURAL_SPOTS.length] ?? '东'}庄`
  for (let done = 10, group = 1; done < target; group++) {
    for (let i = 0; i < 4 && done < target; i++, done += 10) {
      plans.push(tenHouseholds(rng, hamlet, (gridNumber - 1) * 12 + group, i * 10 + 1))
    }
  }
  return plans
}

function useOf(rng: Rng, kind: HouseholdKind): HouseholdUse {
  if (kind === 'home') return rng.chance(0.06) ? 'vacant' : rng.chance(0.01) ? 'unassigned' : 'self'
  if (kind === 'shop' || kind === 'business') return rng.chance(0.6) ? 'rented' : 'self'
  return 'rented'
}

function addressOf(village: Village, d: Door): string {
  const path = pathText(village)
  return `${path}${d.estate}${d.building}${d.door}${d.sign ?? ''}`
}

const familyAges = weighted<(rng: Rng) => number[]>([
  [(rng) => [rng.between(62, 88)], 11],
  [(rng) => [rng.between(60, 84), rng.between(58, 82)], 16],
  [(rng) => [rng.between(24, 34), rng.between(23, 33)], 11],
  [(rng) => [rng.between(28, 46), rng.between(27, 44), rng.between(1, 17)], 27],
  [(rng) => [rng.between(30, 44), rng.between(29, 42), rng.between(6, 17), rng.between(0, 5)], 10],
  [(rng) => [rng.between(32, 46), rng.between(30, 44), rng.between(2, 16), rng.between(60, 75)], 10],
  [
    (rng) => [rng.between(34, 46), rng.between(32, 44), rng.between(4, 16), rng.between(64, 78), rng.between(62, 76)],
    6,
  ],
  [(rng) => [rng.between(46, 59), rng.between(44, 58), rng.between(18, 27)], 13],
])

function agesOf(rng: Rng, kind: HouseholdKind, use: HouseholdUse): number[] {
  const workers = (n: number): number[] => Array.from({ length: n }, () => rng.between(18, 45))
  if (use === 'vacant') return []
  switch (kind) {
    case 'home':
      return familyAges(rng)(rng)
    case 'rental':
      return rng.chance(0.4) ? familyAges(rng)(rng) : workers(rng.between(1, 3))
    case 'group_rental':
      return workers(rng.between(4, 9))
    case 'dormitory':
      return workers(rng.between(4, 8))
    case 'shop':
      return workers(rng.pick([0, 1, 1, 2, 2, 3]))
    case 'business':
      return rng.chance(0.3) ? [rng.between(50, 64)] : []
    default:
      return []
  }
}

/** Where people were registered when they got their number: the home province for most, others for those who rent. */
const elsewhere = weighted([['34', 30], ['41', 20], ['37', 14], ['42', 9], ['36', 7], ['51', 6], ['33', 5], ['61', 4], ['50', 3], ['23', 2]]) // prettier-ignore

const RESIDENCE: Record<HouseholdKind, ExercisePerson['residence']> = {
  home: 'own',
  rental: 'rent',
  group_rental: 'rent',
  dormitory: 'dorm',
  shop: 'rent',
  business: 'dorm',
}

/** Share of people whom the register does not know: lodgers more often than owners. */
const UNREGISTERED: Record<HouseholdKind, number> = {
  home: 0.01,
  rental: 0.08,
  group_rental: 0.25,
  dormitory: 0.12,
  shop: 0.1,
  business: 0.2,
}

type Makers = { numbers: ReturnType<typeof numbersOf>; village: Village; home: string }

function peopleOf(rng: Rng, makers: Makers, households: ExerciseHousehold[]): ExercisePerson[] {
  const people: ExercisePerson[] = []
  let phones = 0
  let foreigners = 0
  households.forEach((household, at) => {
    const ages = agesOf(rng, household.kind, household.use)
    const family = household.kind === 'home'
    let first: ExercisePerson | null = null
    let surname = ''
    for (const [i, age] of ages.entries()) {
      const sex: 1 | 2 = family && i < 2 ? (i === 0 ? 1 : 2) : rng.chance(0.51) ? 1 : 2
      let name = nameOf(rng, sex, age)
      if (family && i === 0) surname = surnameOf(name)
      // Children carry the father's surname.
      if (family && i >= 2 && age < 30 && surname !== '') name = surname + name.slice(surnameOf(name).length)
      const foreign = household.kind === 'rental' && rng.chance(0.004)
      const home = family || rng.chance(0.35) ? makers.home : elsewhere(rng)
      const given = makers.numbers(home, minDay(birthFor(rng, age, CENSUS_DAY), LAST_BIRTH), sex)
      const shared = first !== null && (age < 12 || (age > 70 && rng.chance(0.5)) || rng.chance(0.04))
      const phone: string | null = shared
        ? (first?.phone ?? null)
        : age > 80 && rng.chance(0.3)
          ? null
          : phoneOf(makers.village.index, phones++)
      const person: ExercisePerson = {
        key: `${makers.village.code}-${String(people.length + 1).padStart(5, '0')}`,
        household: at,
        name: foreign
          ? `${rng.pick(['SMITH', 'KIM', 'SATO', 'MULLER'])} ${rng.pick(['ANNA', 'MIN', 'KEN', 'JOHN'])}`
          : name,
        sex,
        birth: given.birth,
        docKind: foreign ? 'passport' : 'resident_id',
        country: foreign ? 'KOR' : 'CHN',
        doc: foreign ? passportOf(makers.village.index, foreigners++) : given.number,
        phone,
        phoneShared: shared,
        // A household register has no column for the country of a passport.
        registered: !rng.chance(UNREGISTERED[household.kind]) && !foreign,
        residence: RESIDENCE[household.kind],
      }
      first ??= person
      people.push(person)
    }
  })
  return people
}

/** One village from the seed: the same whether it is made alone, in another order, or twice. */
export function makeVillage(seed: string, plan: VillagePlan): VillagePopulation {
  const { village } = plan
  const rng = rngOf(`${seed}/village/${village.code}`)
  const grids: ExerciseGrid[] = []
  const households: ExerciseHousehold[] = []
  for (let g = 1; g <= plan.grids; g++) {
    const code = `${village.code}${three(g)}`
    const target = rng.between(GRID_LOW, GRID_HIGH)
    const plans = village.urban ? townUnits(rng, village, g, target) : countryUnits(rng, g, target)
    const units = plans.map((unit, i): ExerciseUnit => ({
      code: `${code}${three(i + 1)}`,
      name: unit.name,
      kind: unit.kind,
      households: unit.doors.length,
    }))
    plans.forEach((unit, i) => {
      for (const door of unit.doors) {
        households.push({
          ...door,
          key: `EX-${village.code}-${String(households.length + 1).padStart(5, '0')}`,
          grid: code,
          unit: `${code}${three(i + 1)}`,
          use: useOf(rng, door.kind),
          address: addressOf(village, door),
        })
      }
    })
    const count = units.reduce((sum, unit) => sum + unit.households, 0)
    grids.push({ code, name: `${village.name}第${g}网格`, households: count, units })
  }
  const makers = { numbers: numbersOf(village.index), village, home: countyOf(village.code).slice(0, 2) }
  return { village, grids, households, people: peopleOf(rng, makers, households) }
}

/** Village after village; nothing of the one before is kept. */
export function* population(seed: string, plans: readonly VillagePlan[]): Generator<VillagePopulation> {
  for (const plan of plans) yield makeVillage(seed, plan)
}
