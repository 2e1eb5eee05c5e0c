import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { dirtyAddress, dirtyDate, dirtyName, dirtyNumber, dirtyPhone, mistypedNumber } from './dirt.ts'
import { misheard } from './names.ts'
import { fateBefore, fateToday, journeyOf, REJECTED_WRONGS, travelSource, wrongOf } from './outbreak.ts'
import type { Fate, Journey, SourceId, Stay, Wrong } from './outbreak.ts'
import type { ExercisePerson, VillagePopulation } from './population.ts'
import { rngOf, sample } from './prng.ts'
import type { Rng } from './prng.ts'

/**
 * What the offices send about one village on two days, and what is true (EX-5). The delivery of the day before has been
 * worked through when the exercise opens; today's lies in a folder for the duty officer.
 */
const DELIVERIES = ['before', 'today'] as const
export type Delivery = (typeof DELIVERIES)[number]

/** A fact as the feed should become one; `value` and `degree` as in domain/feeds/fact.ts. */
export type ExpectedFact = {
  kind: 'stay' | 'contact' | 'fever_clinic' | 'test' | 'case' | 'measure'
  place: string | null
  value: string | null
  degree: 1 | 2 | 3 | null
  from: Day
  to: Day
}

/** A cell is text as it stands in the file, or a number when a spreadsheet holds one. */
export type Cell = string | number
export type Cells = {
  name: Cell
  doc: Cell
  docKind: Cell
  country: Cell
  phone: Cell
  address: Cell
  place: Cell
  from: Cell
  to: Cell
  vehicle: Cell
  value: Cell
  degree: Cell
}

export type FeedRow = {
  source: SourceId
  delivery: Delivery
  person: string
  /** Fate for travel rows; null for rows of health offices, which the report does not cover. */
  fate: Fate | null
  wrong: Wrong | null
  cells: Cells
  fact: ExpectedFact
  /** Outcome when deliveries are loaded in order: unchanged is the same fact from the same source once more. */
  expect: 'accepted' | 'unchanged' | 'rejected'
}

export type Truth = {
  person: string
  name: string
  doc: string
  docKind: ExercisePerson['docKind']
  phone: string | null
  registered: boolean
  /** Where the register or the feed says that the person lives. */
  village: string
  grid: string
  unit: string
  address: string
  /** Lives here, or the area where the person really is. */
  livesHere: boolean
  away: string | null
  fate: Fate | 'case' | 'contact' | 'clinic' | 'hidden'
  wrong: Wrong | null
  /** What really happened. */
  facts: ExpectedFact[]
  /** What accepted rows say, by delivery: the input that a grading run has after loading that delivery. */
  fed: { delivery: Delivery; source: SourceId; fact: ExpectedFact }[]
  /** How the worker will be received at the door. */
  symptom: boolean
  refuses: boolean
  central: boolean
}

export type VillageScenario = { rows: FeedRow[]; truths: Truth[] }

/** Rows of travel feeds by day, as a share of the people of the village. */
const RATE: Record<Delivery, number> = { before: 0.022, today: 0.027 }
const PEOPLE_PER_CASE = 3500
/** Exposed people whom no feed names: only a worker can find them. */
const HIDDEN = 0.0006

type Subject = {
  person: ExercisePerson
  fate: Exclude<Fate, 'known'>
  journey: Journey
  source: SourceId
  truth: Truth
  wrong: Wrong | null
}

class Village {
  readonly rows: FeedRow[] = []
  readonly truths = new Map<string, Truth>()
  readonly subjects: Subject[] = []
  readonly rng: Rng
  readonly pop: VillagePopulation
  readonly today: Day
  private readonly free: { known: ExercisePerson[]; unknown: ExercisePerson[] }

  constructor(seed: string, pop: VillagePopulation, today: Day) {
    this.rng = rngOf(`${seed}/scenario/${pop.village.code}/${today}`)
    this.pop = pop
    this.today = today
    const adults = sample(
      this.rng,
      pop.people.filter((p) => p.birth < addDays(today, -365 * 14)),
      pop.people.length,
    )
    this.free = { known: adults.filter((p) => p.registered), unknown: adults.filter((p) => !p.registered) }
  }

  /** A person not yet in the scenario; new finds come from those whom the register does not know. */
  take(unknown: boolean): ExercisePerson | null {
    const { known, unknown: lodgers } = this.free
    return (unknown ? (lodgers.pop() ?? null) : known.pop()) ?? null
  }

  truth(person: ExercisePerson, fate: Truth['fate']): Truth {
    const before = this.truths.get(person.key)
    if (before) return before
    const household = this.pop.households[person.household]
    const truth: Truth = {
      person: person.key,
      name: person.name,
      doc: person.doc,
      docKind: person.docKind,
      phone: person.phone,
      registered: person.registered,
      village: this.pop.village.code,
      grid: household?.grid ?? '',
      unit: household?.unit ?? '',
      address: household?.address ?? '',
      livesHere: fate !== 'not_here',
      away: fate === 'not_here' ? awayFrom(this.rng, this.pop.village.code) : null,
      fate,
      wrong: null,
      facts: [],
      fed: [],
      symptom: this.rng.chance(0.03),
      refuses: this.rng.chance(0.015),
      central: this.rng.chance(0.12),
    }
    this.truths.set(person.key, truth)
    return truth
  }

  add(row: Omit<FeedRow, 'expect'>, truth: Truth): void {
    const rejected = row.wrong !== null && REJECTED_WRONGS.includes(row.wrong)
    const same = truth.fed.some((fed) => fed.source === row.source && sameFact(fed.fact, row.fact))
    const expect = rejected ? 'rejected' : same ? 'unchanged' : 'accepted'
    if (expect === 'accepted') truth.fed.push({ delivery: row.delivery, source: row.source, fact: row.fact })
    this.rows.push({ ...row, expect })
  }
}

function sameFact(a: ExpectedFact, b: ExpectedFact): boolean {
  return (
    a.kind === b.kind &&
    a.place === b.place &&
    a.value === b.value &&
    a.degree === b.degree &&
    a.from === b.from &&
    a.to === b.to
  )
}

/** Counties of today in other cities, for people who are not where the list says. */
const ELSEWHERE = ['320106', '320205', '320402', '320508', '320613', '321002', '321102', '320583'] as const

function awayFrom(rng: Rng, village: string): string {
  for (;;) {
    const county = rng.pick(ELSEWHERE)
    if (!village.startsWith(county.slice(0, 4))) return county
  }
}

/** Trains, planes and toll gates say the day of the journey; roaming says from when to when. */
function stayFact(source: SourceId, said: Stay): ExpectedFact {
  const from = source === 'telecom' ? said.from : said.to
  return { kind: 'stay', place: said.area, value: null, degree: null, from, to: said.to }
}

function vehicleOf(rng: Rng, source: SourceId): string {
  switch (source) {
    case 'rail':
      return `${rng.pick(['G', 'G', 'D', 'K'])}${rng.between(101, 3999)}`
    case 'air':
      return `${rng.pick(['MU', 'CZ', 'HO', 'ZH'])}${rng.between(2100, 9899)}`
    case 'road':
      return `${rng.pick(['鄂A', '浙C', '苏A', '豫S'])}${rng.pick(['X', 'Y', 'Z'])}${rng.between(1000, 9999)}`
    default:
      return ''
  }
}

function travelRow(v: Village, subject: Subject, source: SourceId, delivery: Delivery, fate: Fate): void {
  const { person, truth, wrong } = subject
  const { rng } = v
  const fact = stayFact(source, subject.journey.said)
  const rowWrong = fate === 'known' ? null : wrong
  const ambiguous = rowWrong === 'date_ambiguous'
  // A date that can be misread needs a day up to the twelfth that differs from its month.
  const shown = ambiguous ? { ...fact, from: '2020-02-05', to: '2020-02-05' } : fact
  const said = subject.journey.said
  v.add(
    {
      source,
      delivery,
      person: person.key,
      fate,
      wrong: rowWrong,
      fact,
      cells: {
        ...identityCells(v, person, rowWrong, source),
        place: rng.pick([`${said.province}${said.city}`, said.city, said.city.replace('市', '')]),
        from: dirtyDate(rng, shown.from, source, ambiguous),
        to: source === 'telecom' ? dirtyDate(rng, shown.to, source, ambiguous) : '',
        vehicle: vehicleOf(rng, source),
        value: '',
        degree: '',
      },
    },
    truth,
  )
}

type IdentityCells = Pick<Cells, 'name' | 'doc' | 'docKind' | 'country' | 'phone' | 'address'>

function identityCells(v: Village, person: ExercisePerson, wrong: Wrong | null, source: SourceId): IdentityCells {
  const { rng } = v
  const household = v.pop.households[person.household]
  const phone =
    wrong === 'phone' ? strangersPhone(v, person) : wrong === 'phone_empty' ? '13800000000' : (person.phone ?? '')
  const name = wrong === 'name' ? misheard(rng, person.name) : person.name
  return {
    name: dirtyName(rng, name),
    doc:
      wrong === 'document'
        ? mistypedNumber(rng, person.doc)
        : dirtyNumber(rng, person.doc, source, wrong === 'document_float'),
    docKind: person.docKind === 'passport' ? '护照' : '居民身份证',
    country: person.docKind === 'passport' ? '韩国' : '中国',
    phone: dirtyPhone(rng, phone),
    address: household ? dirtyAddress(rng, household.address, v.pop.village) : '',
  }
}

function strangersPhone(v: Village, person: ExercisePerson): string {
  const other = v.pop.people[v.rng.int(v.pop.people.length)]
  return other?.phone && other.phone !== person.phone ? other.phone : '13900000001'
}

function newSubject(v: Village, fate: Exclude<Fate, 'known'>): Subject | null {
  const person = v.take(fate === 'new_find')
  // A village may have no lodgers left; then the row is of another kind.
  if (!person) return fate === 'new_find' ? newSubject(v, 'listed_city') : null
  const journey = journeyOf(v.rng, fate, v.today)
  const truth = v.truth(person, fate)
  const wrong = fate === 'wrong' ? wrongOf(v.rng) : null
  truth.wrong = wrong
  if (journey.really) truth.facts.push({ ...stayFact('telecom', journey.really) })
  const source = person.docKind === 'passport' ? 'air' : travelSource(v.rng)
  return { person, fate, journey, source, truth, wrong: fitWrong(wrong, person, truth) }
}

/** A passport has no check digit that could be mistyped, so its row is wrong by the phone. */
function fitWrong(wrong: Wrong | null, person: ExercisePerson, truth: Truth): Wrong | null {
  const fitted = person.docKind === 'passport' && (wrong === 'document' || wrong === 'document_float') ? 'phone' : wrong
  truth.wrong = fitted
  return fitted
}

function travel(v: Village): void {
  const count = (delivery: Delivery): number => Math.max(3, Math.round(v.pop.people.length * RATE[delivery]))
  for (let i = count('before'); i > 0; i--) {
    const subject = newSubject(v, exceptKnown(fateBefore(v.rng)))
    if (!subject) continue
    v.subjects.push(subject)
    travelRow(v, subject, subject.source, 'before', subject.fate)
  }
  const earlier = v.subjects.filter((s) => s.wrong === null)
  for (let i = count('today'); i > 0; i--) {
    const fate = fateToday(v.rng)
    const known = fate === 'known' ? earlier[v.rng.int(earlier.length)] : undefined
    if (known) {
      // Half are the same row once more, half the same journey as another office saw it.
      const again = v.rng.chance(0.5) || known.person.docKind === 'passport' ? known.source : travelSource(v.rng)
      travelRow(v, known, again, 'today', 'known')
      continue
    }
    const subject = newSubject(v, exceptKnown(fate))
    if (subject) travelRow(v, subject, subject.source, 'today', subject.fate)
  }
}

function exceptKnown(fate: Fate): Exclude<Fate, 'known'> {
  return fate === 'known' ? 'listed_city' : fate
}

/** Confirmed cases, their close contacts at home, secondary contacts in the building; laboratory rows for both. */
function cases(v: Village): void {
  const count =
    Math.floor(v.pop.people.length / PEOPLE_PER_CASE) +
    (v.rng.chance((v.pop.people.length % PEOPLE_PER_CASE) / PEOPLE_PER_CASE) ? 1 : 0)
  for (let i = 0; i < count; i++) {
    const index = v.take(false)
    if (!index) return
    const lastExposure = addDays(v.today, -v.rng.between(2, 9))
    const truth = v.truth(index, 'case')
    health(v, index, truth, 'laboratory', 'before', {
      kind: 'test',
      place: null,
      value: 'positive',
      degree: null,
      from: lastExposure,
      to: lastExposure,
    })
    const home = v.pop.people.filter((p) => p.household === index.household && p.key !== index.key)
    const unit = v.pop.households[index.household]?.unit
    const near = v.pop.people.filter(
      (p) => p.household !== index.household && v.pop.households[p.household]?.unit === unit,
    )
    for (const [people, degree] of [
      [home, 1],
      [sample(v.rng, near, 4), 2],
      [sample(v.rng, near, 3), 3],
    ] as const) {
      for (const contact of people) {
        if (v.truths.has(contact.key)) continue
        const delivery = v.rng.chance(0.6) ? 'before' : 'today'
        const contactTruth = v.truth(contact, 'contact')
        health(v, contact, contactTruth, 'case_investigation', delivery, {
          kind: 'contact',
          place: null,
          value: null,
          degree,
          from: lastExposure,
          to: lastExposure,
        })
        if (degree === 1) {
          const day = addDays(lastExposure, 1)
          health(v, contact, contactTruth, 'laboratory', 'today', {
            kind: 'test',
            place: null,
            value: v.rng.chance(0.1) ? 'pending' : 'negative',
            degree: null,
            from: day,
            to: day,
          })
        }
      }
    }
  }
}

function clinics(v: Village): void {
  const count = Math.max(1, Math.round(v.pop.people.length * 0.0022))
  for (let i = 0; i < count; i++) {
    const person = v.take(false)
    if (!person) return
    const truth = v.truth(person, 'clinic')
    truth.symptom = true
    const delivery = v.rng.chance(0.5) ? 'before' : 'today'
    const day = addDays(v.today, -v.rng.between(delivery === 'before' ? 1 : 0, 6))
    const value = v.rng.pick(['visited', 'visited', 'held', 'excluded'])
    health(v, person, truth, 'fever_clinic', delivery, {
      kind: 'fever_clinic',
      place: null,
      value,
      degree: null,
      from: day,
      to: day,
    })
    if (value === 'held')
      health(v, person, truth, 'laboratory', 'today', {
        kind: 'test',
        place: null,
        value: 'pending',
        degree: null,
        from: day,
        to: day,
      })
  }
}

const VALUE_WORDS: Record<string, readonly [string, ...string[]]> = {
  positive: ['阳性', '核酸阳性', '+'],
  negative: ['阴性', '核酸阴性', '未检出'],
  pending: ['待检', '结果未出'],
  visited: ['就诊', '离院'],
  held: ['留观', '留院观察'],
  excluded: ['排除', '已排除'],
}
const DEGREE_WORDS = ['', '密切接触者', '次密切接触者', '一般接触者'] as const

function health(
  v: Village,
  person: ExercisePerson,
  truth: Truth,
  source: SourceId,
  delivery: Delivery,
  fact: ExpectedFact,
): void {
  truth.facts.push(fact)
  const words = fact.value === null ? undefined : VALUE_WORDS[fact.value]
  v.add(
    {
      source,
      delivery,
      person: person.key,
      fate: null,
      wrong: null,
      fact,
      cells: {
        ...identityCells(v, person, null, source),
        place: '',
        from: dirtyDate(v.rng, fact.from, source, false),
        to: '',
        vehicle: '',
        value: words ? v.rng.pick(words) : '',
        degree: fact.degree === null ? '' : (DEGREE_WORDS[fact.degree] ?? ''),
      },
    },
    truth,
  )
}

function hidden(v: Village): void {
  for (const person of v.pop.people) {
    if (!v.rng.chance(HIDDEN) || v.truths.has(person.key)) continue
    const journey = journeyOf(v.rng, 'hubei', v.today)
    if (journey.really) v.truth(person, 'hidden').facts.push(stayFact('telecom', journey.really))
  }
}

/** Rows and truth of one village on the exercise day; depends on the seed, the village and the day alone. */
export function makeScenario(seed: string, pop: VillagePopulation, today: Day): VillageScenario {
  const v = new Village(seed, pop, today)
  travel(v)
  cases(v)
  clinics(v)
  hidden(v)
  return { rows: v.rows, truths: [...v.truths.values()] }
}
