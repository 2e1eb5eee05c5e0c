import type { AreaCode } from '../areas/code.ts'
import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { weighted } from './prng.ts'
import type { Rng } from './prng.ts'

/**
 * The outbreak of the exercise: where it is, from when, and on which day the exercise stands. The shape is that of early
 * 2020; every number is made up (EX-4).
 */
export const EXERCISE_DAY: Day = '2020-02-15'

/** Day 0 is the last day of the exposure and day 14 is included (GRADE's day rule). */
export const WINDOW_DAYS = 14

export type RiskLevel = 'high' | 'medium' | 'low'
export type RiskArea = { area: AreaCode; name: string; level: RiskLevel; from: Day; to: Day | null; note: string }

const NOTE = '演练数据'

export const RISK_AREAS: readonly RiskArea[] = [
  { area: '4201', name: '湖北省武汉市', level: 'high', from: '2020-01-20', to: null, note: NOTE },
  { area: '4211', name: '湖北省黄冈市', level: 'high', from: '2020-01-24', to: null, note: NOTE },
  { area: '4209', name: '湖北省孝感市', level: 'high', from: '2020-01-24', to: null, note: NOTE },
  { area: '4210', name: '湖北省荆州市', level: 'high', from: '2020-01-26', to: null, note: NOTE },
  { area: '3303', name: '浙江省温州市', level: 'medium', from: '2020-01-26', to: null, note: NOTE },
  { area: '3310', name: '浙江省台州市', level: 'medium', from: '2020-01-27', to: null, note: NOTE },
  { area: '3302', name: '浙江省宁波市', level: 'medium', from: '2020-01-28', to: null, note: NOTE },
  { area: '4115', name: '河南省信阳市', level: 'medium', from: '2020-01-25', to: null, note: NOTE },
  { area: '3601', name: '江西省南昌市', level: 'medium', from: '2020-01-28', to: null, note: NOTE },
  { area: '4403', name: '广东省深圳市', level: 'medium', from: '2020-01-28', to: null, note: NOTE },
  { area: '4301', name: '湖南省长沙市', level: 'medium', from: '2020-01-27', to: null, note: NOTE },
]

export type Origin = { area: AreaCode; province: string; city: string }

const HUBEI = weighted<Origin>([
  [{ area: '4201', province: '湖北省', city: '武汉市' }, 60],
  [{ area: '4211', province: '湖北省', city: '黄冈市' }, 18],
  [{ area: '4209', province: '湖北省', city: '孝感市' }, 14],
  [{ area: '4210', province: '湖北省', city: '荆州市' }, 8],
])

/** The report names seven listed cities without saying which; these are ours. */
const LISTED = weighted<Origin>([
  [{ area: '3303', province: '浙江省', city: '温州市' }, 30],
  [{ area: '3310', province: '浙江省', city: '台州市' }, 15],
  [{ area: '3302', province: '浙江省', city: '宁波市' }, 10],
  [{ area: '4115', province: '河南省', city: '信阳市' }, 20],
  [{ area: '3601', province: '江西省', city: '南昌市' }, 8],
  [{ area: '4403', province: '广东省', city: '深圳市' }, 9],
  [{ area: '4301', province: '湖南省', city: '长沙市' }, 8],
])

const OTHER = weighted<Origin>([
  [{ area: '3401', province: '安徽省', city: '合肥市' }, 40],
  [{ area: '3701', province: '山东省', city: '济南市' }, 30],
  [{ area: '3401', province: '安徽省', city: '合肥市' }, 10],
  [{ area: '6101', province: '陕西省', city: '西安市' }, 20],
])

export const SOURCES = ['rail', 'air', 'telecom', 'road', 'fever_clinic', 'laboratory', 'case_investigation'] as const
export type SourceId = (typeof SOURCES)[number]

/**
 * What is true of a person whom a travel feed names; the words and weights are those of one town's report on 273 such
 * rows (EX-6). `known` and `wrong` are properties of the row, the others of the person.
 */
export const FATES = [
  'known',
  'wrong',
  'new_find',
  'not_here',
  'past_window',
  'hubei',
  'listed_city',
  'no_risk',
] as const
export type Fate = (typeof FATES)[number]

export const REPORT_273: Record<Fate, number> = {
  known: 98,
  wrong: 47,
  new_find: 12,
  not_here: 29,
  past_window: 16,
  hubei: 25,
  listed_city: 38,
  no_risk: 8,
}

export const fateToday = weighted(FATES.map((fate) => [fate, REPORT_273[fate]] as const))
/** The delivery of the day before cannot repeat what was not yet known. */
export const fateBefore = weighted(
  FATES.filter((fate) => fate !== 'known').map((fate) => [fate, REPORT_273[fate]] as const),
)

/** Ways in which a row is wrong. The last three cannot be loaded; the first three are found out at the door. */
const WRONGS = ['phone', 'phone_empty', 'name', 'document', 'document_float', 'date_ambiguous'] as const
export type Wrong = (typeof WRONGS)[number]
export const wrongOf = weighted<Wrong>([
  ['phone', 14],
  ['phone_empty', 6],
  ['name', 10],
  ['document', 8],
  ['document_float', 4],
  ['date_ambiguous', 5],
])
export const REJECTED_WRONGS: readonly Wrong[] = ['document', 'document_float', 'date_ambiguous']

/** A stay away from home, ended by the journey back. */
export type Stay = { area: AreaCode; province: string; city: string; from: Day; to: Day }

function stay(origin: Origin, last: Day, days: number): Stay {
  return { ...origin, from: addDays(last, 1 - days), to: last }
}

/** What the feed will say and what is true: they differ for those whom a phone at a border or a late record misplaced. */
export type Journey = { said: Stay; really: Stay | null }

/**
 * The journey of a person by fate. Returns are spread over the window so that on each day some grades end; half of those
 * past the window are said to be inside it, because a record came late.
 */
export function journeyOf(rng: Rng, fate: Exclude<Fate, 'known'>, today: Day): Journey {
  const last = addDays(today, -rng.between(1, WINDOW_DAYS - 1))
  const length = rng.between(1, 9)
  switch (fate) {
    case 'hubei': {
      const said = stay(HUBEI(rng), last, length)
      return { said, really: said }
    }
    case 'listed_city': {
      const said = stay(LISTED(rng), last, length)
      return { said, really: said }
    }
    case 'new_find':
    case 'wrong':
    case 'not_here': {
      const said = stay(rng.chance(0.4) ? HUBEI(rng) : LISTED(rng), last, length)
      return { said, really: said }
    }
    case 'past_window': {
      const origin = rng.chance(0.5) ? HUBEI(rng) : LISTED(rng)
      const really = stay(origin, addDays(today, -WINDOW_DAYS - rng.between(1, 6)), length)
      // The late half is said to have stayed on into the window's last days.
      return rng.chance(0.5)
        ? { said: really, really }
        : { said: { ...really, to: addDays(today, -rng.between(11, 13)) }, really }
    }
    case 'no_risk': {
      const said = stay(rng.chance(0.3) ? HUBEI(rng) : LISTED(rng), last, 1)
      return { said, really: rng.chance(0.5) ? null : stay(OTHER(rng), last, 2) }
    }
    default:
      return { said: stay(LISTED(rng), last, length), really: null }
  }
}

/** The source that would know of a stay. Trains and planes know the day of the journey only. */
export const travelSource = weighted<Extract<SourceId, 'rail' | 'air' | 'telecom' | 'road'>>([
  ['rail', 36],
  ['air', 10],
  ['telecom', 34],
  ['road', 20],
])

/** Level of an area on a day by the list above; a stay in a county takes the level of its city. */
export function levelOn(area: AreaCode, day: Day): RiskLevel {
  const found = RISK_AREAS.find(
    (risk) => area.startsWith(risk.area) && risk.from <= day && (risk.to === null || day <= risk.to),
  )
  return found?.level ?? 'low'
}
