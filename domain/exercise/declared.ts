import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { rngOf, weighted } from './prng.ts'
import type { Rng } from './prng.ts'

/**
 * A search for false declarations as on the first day of Suzhou's code (EX-14): many who declare honestly, a few who do not, and feeds as
 * offices really send them. What is true, what is declared and what each source makes of it are drawn here from how those sources
 * behave; nothing here knows what the finder allows for, and a test holds this module to importing none of it.
 *
 * What the numbers rest on. Published: operators listed a stay from four hours on and one day late; tickets carry the station, not where
 * one slept; a line is in the name of whoever bought it; telephones log in across a border; people were asked for the last fourteen days.
 * Where no share was published (those marked ASSUMED), it is our guess, chosen on the side that makes the search harder.
 */
const MODEL = {
  /** Of those who declare, who was in a risk area within three weeks. ASSUMED */
  travelled: 0.015,
  /** Changed trains or planes there and never left the station. ASSUMED */
  changed: 0.0006,
  /** The ticket to the change is sent as well. ASSUMED */
  bothLegs: 0.9,
  /** Drove through: hours on the motorway; a line shows it from four hours on. ASSUMED */
  drove: 0.003,
  /** Lives beside a border and logs in over it on some days. ASSUMED */
  overBorder: 0.015,
  /** A line is carried by somebody else than its owner; mostly of the same door. ASSUMED */
  otherCarrier: 0.02,
  sameDoor: 0.7,
  /** Rows under another person's number: typed by hand at a road post, hardly ever with a ticket. ASSUMED */
  mistyped: { road: 0.002, rail: 0.0001, air: 0.0001 },
  /** A stay of four hours and more is seen on the line. ASSUMED */
  lineSees: 0.7,
  /** Reported a day late, so that the stay seems a day longer. */
  lineLate: 0.1,
  /** The mast stands in another district of the city. ASSUMED */
  otherDistrict: 0.25,
  ticketSent: { rail: 0.97, air: 0.98, road: 0.6 },
  /** A train after midnight is booked on the day before. ASSUMED */
  nightTrain: 0.01,
  /** A change of train on the way home, on a ticket of its own. ASSUMED */
  changeOnTheWay: 0.08,
  /** How far memory is from the day. ASSUMED */
  memory: [
    [0, 0.85],
    [-1, 0.06],
    [1, 0.06],
    [-2, 0.01],
    [2, 0.01],
    [-3, 0.005],
    [3, 0.005],
  ],
  observed: 0.004,
  /** Under observation and ticks the wrong box. ASSUMED */
  wrongBox: 0.005,
  selfMonitored: 0.002,
  contact: 0.003,
  toldContact: 0.001,
  /** Was told and has understood that it does not count. ASSUMED */
  misunderstood: 0.02,
  clinicYesterday: 0.0002,
  /** Well again, and says so. ASSUMED */
  wellAgain: 0.15,
  registeredReturn: 0.03,
  /** Registers the return days after having come, mostly for that day. ASSUMED */
  registeredLate: 0.0009,
  forAnotherDay: 0.05,
  abroad: 0.0005,
} as const

/** Kinds of false declarations that are planted, how many of each, and whether what is sent of them lies beyond the sources' errors. */
export const PLANTED = [
  {
    kind: 'hidden_ticket',
    n: 110,
    beyond: true,
    zh: '隐瞒停留，有购票或卡口登记',
    en: 'a stay hidden, seen by ticket or road post',
  },
  {
    kind: 'hidden_line',
    n: 50,
    beyond: true,
    zh: '隐瞒停留多日，只有通信漫游',
    en: 'a stay of days hidden, seen by a line only',
  },
  {
    kind: 'hidden_day',
    n: 12,
    beyond: false,
    zh: '隐瞒当日往返，只有通信漫游',
    en: 'a day trip hidden, seen by a line only',
  },
  {
    kind: 'hidden_border',
    n: 10,
    beyond: false,
    zh: '隐瞒毗邻地区停留，只有通信漫游',
    en: 'a stay across the border of home hidden, seen by a line only',
  },
  {
    kind: 'left_earlier',
    n: 55,
    beyond: true,
    zh: '离开日期提前4天以上',
    en: 'said to have left four days or more too early',
  },
  {
    kind: 'left_a_day_earlier',
    n: 12,
    beyond: false,
    zh: '离开日期提前1天',
    en: 'said to have left one day too early',
  },
  { kind: 'observation', n: 60, beyond: true, zh: '隐瞒居家观察', en: 'home observation denied' },
  { kind: 'held', n: 15, beyond: true, zh: '隐瞒医学管理', en: 'medical management denied' },
  { kind: 'contact', n: 25, beyond: true, zh: '隐瞒已告知的密切接触', en: 'a contact denied after being told' },
  {
    kind: 'symptoms',
    n: 17,
    beyond: true,
    zh: '昨日就诊发热门诊，申报无症状',
    en: 'at a fever clinic yesterday, no symptoms declared',
  },
  {
    kind: 'arrived_earlier',
    n: 15,
    beyond: true,
    zh: '到达日期早于返回登记3天以上',
    en: 'said to have come three days or more before the own registration of return',
  },
  {
    kind: 'arrived_a_day_earlier',
    n: 5,
    beyond: false,
    zh: '到达日期提前1天',
    en: 'said to have come one day too early',
  },
  { kind: 'abroad', n: 5, beyond: true, zh: '隐瞒境外旅居', en: 'a stay abroad hidden' },
] as const
export type PlantedKind = (typeof PLANTED)[number]['kind']

export type SentFact = {
  source: 'rail' | 'air' | 'road' | 'telecom' | 'case_investigation' | 'fever_clinic' | 'laboratory' | 'customs'
  kind: 'stay' | 'contact' | 'fever_clinic' | 'measure' | 'abroad'
  place: string | null
  value: string | null
  degree: number | null
  from: Day
  to: Day
}
export type DeclaredAnswers = {
  situation: 'living' | 'returning'
  registeredHere: boolean
  arrival: { fromArea: string; arrivedOn: Day; transport: 'train' } | null
  stays: { area: string; from: Day; to: Day }[]
  abroad: { country: string; arrivedOn: Day }[]
  contacts: { degree: 1 | 2 | 3; day: Day }[]
  symptoms: { code: 'fever'; from: Day }[]
  temperature: null
  underMeasure: boolean
}
export type Declarant = {
  n: number
  household: number
  home: string
  day: Day
  answers: DeclaredAnswers
  facts: SentFact[]
  /** Check tasks that were answered about this person. */
  told: { source: string; disposition: string; day: Day }[]
  observation: { measure: 'home_quarantine' | 'self_monitoring'; noticeOn: Day; lastDay: Day } | null
  returned: { madeOn: Day; expectedOn: Day } | null
  planted: PlantedKind | null
}

/** Cities with cases in those weeks, their districts, and where their stations and airports stand. */
type City = { city: string; districts: [string, ...string[]]; station: string; airport: string }
const CITIES: [City, ...City[]] = [
  {
    city: '4201',
    districts: ['420102', '420103', '420104', '420105', '420106', '420107', '420111', '420112', '420115'],
    station: '420103',
    airport: '420116',
  },
  { city: '4211', districts: ['421102', '421121', '421122', '421123', '421124'], station: '421102', airport: '420116' },
  { city: '4209', districts: ['420902', '420921', '420922', '420981'], station: '420902', airport: '420116' },
  { city: '3303', districts: ['330302', '330303', '330304', '330381', '330382'], station: '330304', airport: '330303' },
]
/** Hubs on the way where nothing was. */
const HUBS = ['320114', '340102', '410105'] as const
/** Counties that touch a county with cases, and that county. */
type Border = { home: string; over: string }
const BORDERS: [Border, ...Border[]] = [
  { home: '320583', over: '310118' },
  { home: '320583', over: '310114' },
  { home: '320509', over: '310118' },
  { home: '320509', over: '330421' },
  { home: '320585', over: '310114' },
]
const HOMES = ['320505', '320506', '320507', '320508', '320581', '320582', '320583', '320509', '320585'] as const

/** Where levels stood in those weeks: whole cities, and the counties across the border. */
export const DECLARED_RISK: readonly { area: string; level: 'high' | 'medium' }[] = [
  { area: '4201', level: 'high' },
  { area: '4211', level: 'high' },
  { area: '4209', level: 'high' },
  { area: '3303', level: 'medium' },
  { area: '310118', level: 'medium' },
  { area: '310114', level: 'medium' },
  { area: '330421', level: 'medium' },
]

type Mode = 'rail' | 'air' | 'road' | 'other'
const modeOf = weighted<Mode>([
  ['rail', 55],
  ['air', 12],
  ['road', 25],
  ['other', 8],
])
const memoryOf = weighted(MODEL.memory)
type Stay = { city: City; place: string; from: Day; to: Day; mode: Mode }

function stayFact(source: SentFact['source'], place: string, from: Day, to: Day): SentFact {
  return { source, kind: 'stay', place, value: null, degree: null, from, to }
}

function bare(source: SentFact['source'], kind: SentFact['kind'], day: Day, more: Partial<SentFact>): SentFact {
  return { source, kind, place: null, value: null, degree: null, from: day, to: day, ...more }
}

function ticketRow(rng: Rng, stay: Stay): SentFact | null {
  const { mode, city, place, to } = stay
  if (mode === 'other' || !rng.chance(MODEL.ticketSent[mode])) return null
  if (mode === 'road') return stayFact('road', rng.chance(0.5) ? city.city : place, to, to)
  const day = mode === 'rail' && rng.chance(MODEL.nightTrain) ? addDays(to, rng.chance(0.5) ? -1 : 1) : to
  return stayFact(mode, mode === 'rail' ? city.station : city.airport, day, day)
}

function lineRow(rng: Rng, stay: { city: City | null; place: string; from: Day; to: Day }): SentFact {
  const district = stay.city !== null && rng.chance(MODEL.otherDistrict) ? rng.pick(stay.city.districts) : stay.place
  return stayFact('telecom', district, stay.from, rng.chance(MODEL.lineLate) ? addDays(stay.to, 1) : stay.to)
}

type Sent = { own: SentFact[]; line: SentFact | null }

/** What the offices send of a stay. The row of the line may name somebody else and is kept apart. */
function sentOf(rng: Rng, stay: Stay): Sent {
  const own: SentFact[] = []
  const ticket = ticketRow(rng, stay)
  if (ticket) own.push(ticket)
  if (ticket && stay.mode !== 'road' && rng.chance(MODEL.changeOnTheWay))
    own.push(stayFact(stay.mode === 'air' ? 'air' : 'rail', rng.pick(HUBS), ticket.to, ticket.to))
  return { own, line: rng.chance(MODEL.lineSees) ? lineRow(rng, stay) : null }
}

function realStay(rng: Rng, day: Day, nights = rng.between(1, 8), ago = rng.between(1, 20)): Stay {
  const city = rng.pick(CITIES)
  const to = addDays(day, -ago)
  return { city, place: rng.pick(city.districts), from: addDays(to, -nights), to, mode: modeOf(rng) }
}

/** As somebody honest fills it in: a district, a city, or only where they came from, on days as they are remembered. */
function declareStay(rng: Rng, answers: DeclaredAnswers, stay: Stay, day: Day): void {
  const to = addDays(stay.to, memoryOf(rng))
  if (to < addDays(day, -14)) return
  const last = to < day ? to : addDays(day, -1)
  const how = rng.next()
  answers.situation = 'returning'
  if (how >= 0.9) {
    answers.arrival = { fromArea: stay.city.city, arrivedOn: last, transport: 'train' }
    return
  }
  const from = addDays(stay.from, memoryOf(rng))
  answers.stays.push({ area: how < 0.6 ? stay.place : stay.city.city, from: from < last ? from : last, to: last })
  if (rng.chance(0.5)) answers.arrival = { fromArea: stay.city.city, arrivedOn: last, transport: 'train' }
}

function nothing(rng: Rng): DeclaredAnswers {
  return {
    situation: 'living',
    registeredHere: rng.chance(0.6),
    arrival: null,
    stays: [],
    abroad: [],
    contacts: [],
    symptoms: [],
    temperature: null,
    underMeasure: false,
  }
}

type Door = {
  people: Declarant[]
  /** Lines in the name of nobody of the door: they go to a stranger. */ strangers: SentFact[]
}

function honest(rng: Rng, person: Declarant, door: Door): void {
  const { answers, facts, day, home } = person
  if (rng.chance(MODEL.travelled)) {
    const stay = realStay(rng, day)
    declareStay(rng, answers, stay, day)
    const { own, line } = sentOf(rng, stay)
    for (const row of own) {
      const wrong =
        row.source === 'road' || row.source === 'rail' || row.source === 'air' ? MODEL.mistyped[row.source] : 0
      ;(rng.chance(wrong) ? door.strangers : facts).push(row)
    }
    if (line) {
      const owner = !rng.chance(MODEL.otherCarrier)
        ? facts
        : rng.chance(MODEL.sameDoor)
          ? otherOf(rng, door, person).facts
          : door.strangers
      owner.push(line)
    }
  }
  if (rng.chance(MODEL.changed)) {
    const city = rng.pick(CITIES)
    const on = addDays(day, -rng.between(2, 13))
    facts.push(stayFact('rail', city.station, on, on))
    if (rng.chance(MODEL.bothLegs)) facts.push(stayFact('rail', rng.pick(HUBS), on, on))
  }
  if (rng.chance(MODEL.drove)) {
    const minutes = rng.between(60, 300) + rng.between(-30, 30)
    const city = rng.pick(CITIES)
    const on = addDays(day, -rng.between(2, 13))
    if (minutes >= 240 && rng.chance(MODEL.lineSees)) facts.push(stayFact('telecom', rng.pick(city.districts), on, on))
  }
  const over = BORDERS.filter((border) => home.startsWith(border.home))
  const [first] = over
  if (first && rng.chance(MODEL.overBorder)) {
    const { over: place } = rng.pick([first, ...over])
    const to = addDays(day, -rng.between(1, 10))
    facts.push(stayFact('telecom', place, addDays(to, -rng.between(0, 9)), to))
  }
  honestHealth(rng, person)
}

function honestHealth(rng: Rng, person: Declarant): void {
  const { answers, facts, day } = person
  if (rng.chance(MODEL.observed)) {
    const noticeOn = addDays(day, -rng.between(0, 16))
    person.observation = { measure: 'home_quarantine', noticeOn, lastDay: addDays(noticeOn, 14) }
    answers.underMeasure = noticeOn < day && addDays(noticeOn, 14) >= day && !rng.chance(MODEL.wrongBox)
  } else if (rng.chance(MODEL.selfMonitored)) {
    person.observation = { measure: 'self_monitoring', noticeOn: addDays(day, -5), lastDay: addDays(day, 5) }
    answers.underMeasure = rng.chance(0.4)
  }
  if (rng.chance(MODEL.contact)) {
    const on = addDays(day, -rng.between(1, 12))
    facts.push(bare('case_investigation', 'contact', on, { degree: rng.between(1, 3) }))
    if (rng.chance(MODEL.toldContact / MODEL.contact)) {
      person.told.push({ source: 'case_investigation', disposition: 'HERE_MONITOR', day: addDays(on, 1) })
      if (!rng.chance(MODEL.misunderstood)) answers.contacts.push({ degree: 2, day: on })
    }
  }
  if (rng.chance(MODEL.clinicYesterday)) {
    facts.push(bare('fever_clinic', 'fever_clinic', addDays(day, -1), { value: 'visited' }))
    if (!rng.chance(MODEL.wellAgain)) answers.symptoms.push({ code: 'fever', from: addDays(day, -1) })
  }
  if (rng.chance(MODEL.abroad)) {
    const on = addDays(day, -rng.between(1, 13))
    facts.push(bare('customs', 'abroad', on, { value: 'IT' }))
    answers.abroad.push({ country: 'IT', arrivedOn: addDays(on, memoryOf(rng)) })
  }
  if (answers.arrival === null && rng.chance(MODEL.registeredReturn)) {
    const arrived = addDays(day, -rng.between(1, 13))
    answers.arrival = { fromArea: '5101', arrivedOn: arrived, transport: 'train' }
    const late = rng.chance(MODEL.registeredLate / MODEL.registeredReturn)
    const madeOn = late ? addDays(arrived, rng.between(1, 4)) : addDays(arrived, -rng.between(1, 6))
    // Plans change: trains a day later, two, a week.
    const expectedOn = late ? addDays(madeOn, rng.chance(MODEL.forAnotherDay) ? 1 : 0) : addDays(arrived, memoryOf(rng))
    person.returned = { madeOn, expectedOn: expectedOn < madeOn ? madeOn : expectedOn }
  }
}

function otherOf(rng: Rng, door: Door, person: Declarant): Declarant {
  const others = door.people.filter((one) => one !== person)
  const [first] = others
  return first === undefined ? person : rng.pick([first, ...others])
}

/** Fills in falsely, and is seen as the honest are: nobody is planted whom no source has seen. */
function plant(rng: Rng, person: Declarant, kind: PlantedKind): void {
  const { answers, facts, day } = person
  person.planted = kind
  const ago = rng.between(2, 9)
  switch (kind) {
    case 'hidden_ticket':
      return void facts.push(
        ...seen(
          rng,
          () => realStay(rng, day, rng.between(2, 8), ago),
          (sent) => sent.own.length > 0,
        ),
      )
    case 'hidden_line': {
      const stay = realStay(rng, day, rng.between(2, 8), ago)
      return void facts.push(lineRow(rng, stay))
    }
    case 'hidden_day': {
      const stay = realStay(rng, day, 0, ago)
      return void facts.push(stayFact('telecom', stay.place, stay.to, stay.to))
    }
    case 'hidden_border': {
      const border = rng.pick(BORDERS)
      person.home = `${border.home}${person.home.slice(6)}`
      return void facts.push(
        lineRow(rng, { city: null, place: border.over, from: addDays(day, -ago - 3), to: addDays(day, -ago) }),
      )
    }
    case 'left_earlier':
    case 'left_a_day_earlier': {
      const stay = realStay(rng, day, rng.between(6, 9), kind === 'left_earlier' ? rng.between(2, 6) : ago)
      const early = kind === 'left_earlier' ? rng.between(4, 6) : 1
      answers.situation = 'returning'
      answers.stays.push({ area: stay.place, from: stay.from, to: addDays(stay.to, -early) })
      answers.arrival = { fromArea: stay.city.city, arrivedOn: addDays(stay.to, -early), transport: 'train' }
      return void facts.push(
        ...seen(
          rng,
          () => stay,
          (sent) => sent.own.length > 0 || sent.line !== null,
        ),
      )
    }
    case 'observation':
      person.observation = {
        measure: 'home_quarantine',
        noticeOn: addDays(day, -rng.between(1, 12)),
        lastDay: addDays(day, rng.between(0, 9)),
      }
      return
    case 'held':
      return void facts.push(
        rng.chance(0.5)
          ? bare('case_investigation', 'measure', addDays(day, -rng.between(2, 12)), { value: 'in' })
          : bare('fever_clinic', 'fever_clinic', addDays(day, -rng.between(2, 6)), { value: 'held' }),
      )
    case 'contact': {
      const on = addDays(day, -rng.between(3, 12))
      facts.push(bare('case_investigation', 'contact', on, { degree: rng.between(1, 2) }))
      person.told.push({
        source: 'case_investigation',
        disposition: 'HERE_HOME_OBS',
        day: addDays(on, rng.between(0, 2)),
      })
      return
    }
    case 'symptoms':
      return void facts.push(bare('fever_clinic', 'fever_clinic', addDays(day, -1), { value: 'visited' }))
    case 'arrived_earlier':
    case 'arrived_a_day_earlier': {
      const madeOn = addDays(day, -rng.between(2, 5))
      const expectedOn = addDays(madeOn, rng.between(1, 3))
      answers.situation = 'returning'
      const arrivedOn = kind === 'arrived_earlier' ? addDays(madeOn, -rng.between(3, 8)) : addDays(expectedOn, -1)
      answers.arrival = { fromArea: '5101', arrivedOn, transport: 'train' }
      person.returned = { madeOn, expectedOn }
      return
    }
    case 'abroad':
      return void facts.push(bare('customs', 'abroad', addDays(day, -rng.between(2, 12)), { value: 'IT' }))
  }
}

function seen(rng: Rng, make: () => Stay, enough: (sent: Sent) => boolean): SentFact[] {
  for (;;) {
    const stay = make()
    const again = stay.mode === 'other' ? { ...stay, mode: 'rail' as const } : stay
    const sent = sentOf(rng, again)
    if (enough(sent)) return sent.line ? [...sent.own, sent.line] : sent.own
  }
}

const PER_DOOR = 3

function personAt(rng: Rng, n: number, household: number, home: string, today: Day): Declarant {
  const day = addDays(today, -rng.int(3))
  return {
    n,
    household,
    home,
    day,
    answers: nothing(rng),
    facts: [],
    told: [],
    observation: null,
    returned: null,
    planted: null,
  }
}

/** Spread over the whole population, the same for the same seed. */
function plantedAt(seed: string, people: number, share: number): Map<number, PlantedKind> {
  const rng = rngOf(`${seed}/planted/${people}`)
  const at = new Map<number, PlantedKind>()
  for (const { kind, n } of PLANTED) {
    for (let i = 0; i < Math.round(n * share); i++) {
      let who = rng.int(people)
      while (at.has(who)) who = rng.int(people)
      at.set(who, kind)
    }
  }
  return at
}

/**
 * Everybody who declares, door by door. `share` of the 391 are false, one kind as the other; rows under the number of somebody else go
 * to a person further on.
 */
export function* declarants(of: { seed: string; people: number; share: number; today: Day }): Generator<Declarant[]> {
  const { seed, people, share, today } = of
  const planted = plantedAt(seed, people, share)
  let strangers: SentFact[] = []
  for (let household = 0; household * PER_DOOR < people; household++) {
    const rng = rngOf(`${seed}/door/${household}`)
    const home = `${rng.pick(HOMES)}00100100${rng.between(1, 9)}00${rng.between(1, 9)}`.slice(0, 15)
    const size = Math.min(PER_DOOR, people - household * PER_DOOR)
    const door: Door = {
      people: Array.from({ length: size }, (_, i) => personAt(rng, household * PER_DOOR + i, household, home, today)),
      strangers: [],
    }
    for (const person of door.people) {
      const kind = planted.get(person.n)
      if (kind === undefined) honest(rng, person, door)
      else plant(rng, person, kind)
    }
    const [luckless] = door.people
    if (luckless && luckless.planted === null) {
      luckless.facts.push(...strangers)
      strangers = door.strangers
    } else strangers.push(...door.strangers)
    yield door.people
  }
}
