/** Rules of registration that need no database: what answers may say, what facts they are, who may stand for whom. */
import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { Problem } from '../core/problem.ts'
import type { Fact } from '../feeds/fact.ts'
import type { Answers } from './reg-api.ts'
import type { RegistrationPolicy } from './reg-policy.ts'
import { arrivalNeeded, badAnswer, birthNeeded, tooOldForChild, tooYoungForElder } from './reg-problems.ts'

/** The id of the program's own source under which declarations are facts (FEED-41). */
export const DECLARATION = 'declaration'

const COUNTY = 6

type Span = { what: string; from: Day; to: Day }

function spansOf(answers: Answers): Span[] {
  const { arrival, stays, abroad, contacts, symptoms } = answers
  return [
    ...(arrival === null
      ? []
      : [{ what: 'arrival', from: arrival.leftOn ?? arrival.arrivedOn, to: arrival.arrivedOn }]),
    ...stays.map(({ from, to }) => ({ what: 'stays', from, to })),
    ...abroad.map(({ arrivedOn }) => ({ what: 'abroad', from: arrivedOn, to: arrivedOn })),
    ...contacts.map(({ day }) => ({ what: 'contacts', from: day, to: day })),
    ...symptoms.map(({ from }) => ({ what: 'symptoms', from, to: from })),
  ]
}

/** How far ahead an arrival may lie: who is on the way declares before arriving. */
const AHEAD = 30

/** REGISTER-7: days follow each other and lie not in the future; who comes or returns says from where and when. */
export function faultOf(answers: Answers, today: Day): Problem | null {
  const { arrival, situation } = answers
  if (situation !== 'living' && arrival === null) return arrivalNeeded({}, 'answers.arrival')
  if (arrival !== null && arrival.fromArea === undefined && arrival.fromCountry === undefined)
    return arrivalNeeded({}, 'answers.arrival')
  for (const { what, from, to } of spansOf(answers)) {
    const last = what === 'arrival' ? addDays(today, AHEAD) : today
    if (from > to || to > last) return badAnswer({ what }, `answers.${what}`)
  }
  return null
}

function county(area: string): string {
  return area.slice(0, COUNTY)
}

/**
 * REGISTER-8: what a declaration of a day says as facts, no finer than county and day (FEED-1). "Arriving from" is a stay there on
 * the day of leaving. A measure is not declared into being: whether one stands is for those who keep it to say.
 */
export function factsOf(answers: Answers, day: Day): Fact[] {
  const { arrival, stays, abroad, contacts, symptoms } = answers
  const none = { place: null, value: null, degree: null, source: DECLARATION }
  const left = arrival?.leftOn ?? arrival?.arrivedOn
  const from: Fact[] = []
  if (arrival?.fromArea !== undefined && left !== undefined && left <= day)
    from.push({ ...none, kind: 'stay', place: county(arrival.fromArea), from: left, to: left })
  if (arrival?.fromCountry !== undefined && arrival.arrivedOn <= day)
    from.push({ ...none, kind: 'abroad', value: arrival.fromCountry, from: arrival.arrivedOn, to: arrival.arrivedOn })
  const all: Fact[] = [
    ...from,
    ...stays.map((s): Fact => ({ ...none, kind: 'stay', place: county(s.area), from: s.from, to: s.to })),
    ...abroad.map((a): Fact => ({ ...none, kind: 'abroad', value: a.country, from: a.arrivedOn, to: a.arrivedOn })),
    ...contacts.map((c): Fact => ({ ...none, kind: 'contact', degree: c.degree, from: c.day, to: c.day })),
    ...symptoms.map((s): Fact => ({ ...none, kind: 'symptom', value: s.code, from: s.from, to: day })),
  ]
  const once = [...new Map(all.map((fact) => [JSON.stringify(fact), fact])).values()]
  return once.filter((fact) => !once.some((other) => other !== fact && covers(other, fact)))
}

/** Where somebody comes from lies in the stay there, as a rule: said once, so that its holder does not read one reason twice. */
function covers(stay: Fact, other: Fact): boolean {
  return (
    stay.kind === 'stay' &&
    other.kind === 'stay' &&
    stay.place === other.place &&
    stay.from <= other.from &&
    other.to <= stay.to
  )
}

// ---- Children and elders ----------------------------------------------------------------------------------------------------

/** Full years on a day; who was born on 29 February completes a year on 1 March of other years (GB: the day after 28 February). */
export function ageOn(birth: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4))
  return day.slice(5) < birth.slice(5) ? years - 1 : years
}

/** The day on which somebody completes so many years. */
export function birthdayOf(birth: Day, years: number): Day {
  const year = String(Number(birth.slice(0, 4)) + years).padStart(4, '0')
  const same = `${year}${birth.slice(4)}`
  const leap = birth.endsWith('-02-29') && !isLeap(Number(year))
  return leap ? `${year}-03-01` : same
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

export const OF_AGE = 18

/** REGISTER-13: the last day on which an account stands for a child: the day before it is eighteen. */
export function guardianshipUntil(birth: Day): Day {
  return addDays(birthdayOf(birth, OF_AGE), -1)
}

/** REGISTER-12: may this person be added, by age? The whole birth date is needed, because a day decides. */
export function wardFault(
  policy: RegistrationPolicy['family'],
  of: { relation: 'child' | 'parent'; birth: string | null; today: Day },
): Problem | null {
  const { relation, birth, today } = of
  if (birth === null || birth.length !== 10) return birthNeeded({}, 'who.birth')
  const age = ageOn(birth, today)
  if (relation === 'child') return age < policy.childUnder ? null : tooOldForChild({ under: policy.childUnder }, 'who')
  return age >= policy.elderFrom ? null : tooYoungForElder({ from: policy.elderFrom }, 'who')
}

// ---- Held for review --------------------------------------------------------------------------------------------------------

export const HELD_WHY = ['name', 'phone', 'bound', 'guardian', 'many'] as const
export type HeldWhy = (typeof HELD_WHY)[number]

export type KnownPerson = {
  /** The stored name is clearly another one. */
  otherName: boolean
  /** A telephone is known, and the account's number is none of those ever told. */
  otherPhone: boolean
  /** Another account stands for this person: as holder, or as parent of a child. */
  boundElsewhere: boolean
}

/**
 * REGISTER-3: why a registration is looked at by a person before it binds anybody. The sender hears "being checked" and no reason,
 * so that nobody learns from it who is known, under which name or number.
 */
export function heldWhy(
  known: KnownPerson | null,
  of: { relation: 'self' | 'child' | 'parent'; sent: number; most: number },
): HeldWhy[] {
  const why: HeldWhy[] = []
  if (known?.otherName === true) why.push('name')
  // A child has no number of its own, and an elder's is told by whoever helps: only one's own number speaks.
  if (known?.otherPhone === true && of.relation === 'self') why.push('phone')
  if (known?.boundElsewhere === true) why.push(of.relation === 'self' ? 'bound' : 'guardian')
  if (of.sent >= of.most) why.push('many')
  return why
}

/** Registrations that one account may have in hand: itself, and as many others as a place allows, before a person looks. */
export const MOST_SENT_A_DAY = 10
