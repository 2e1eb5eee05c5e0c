import type { AreaCode } from '../areas/code.ts'
import { addDays, maxDay, minDay } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { FactKind } from '../feeds/fact.ts'
import type { RiskIndex } from '../grading/risk.ts'
import { spansOf } from '../grading/risk.ts'
import type { StayCriterion } from '../grading/rule-set.ts'
import type { Answers } from './reg-api.ts'
import type { ContradictionKind, Evidence } from './truth-kinds.ts'
import { OWN_SOURCES, sameCity } from './truth-source.ts'
import type { Allowance, Near } from './truth-source.ts'

/**
 * TRUTH-1: one person's declaration against what is known of the same person. Pure, and the same sentence by sentence as
 * server/healthcode/truth-compile.ts, which does it for millions; a property test holds the two equal. It says what differs and
 * nothing else: no colour, no grade, no number of points goes in or comes out (TRUTH-2).
 */

/** What is asked of a declaration; days are local. */
export type Said = { day: Day; home: AreaCode; answers: SaidAnswers }
export type SaidAnswers = Pick<Answers, 'stays' | 'symptoms' | 'underMeasure'> & {
  arrival: Pick<NonNullable<Answers['arrival']>, 'fromArea' | 'fromCountry' | 'arrivedOn'> | null
  abroad: readonly { country: string }[]
  contacts: readonly { degree: number }[]
}

/** A fact of a feed that stands. */
export type KnownFact = {
  id: string
  kind: FactKind
  place: AreaCode | null
  value: string | null
  degree: number | null
  from: Day
  to: Day
  source: string
}
/** A check task of a source's rows that was answered: what whoever asked has found. */
export type KnownAnswer = { disposition: string; sources: readonly string[]; day: Day }
/** A notice has been given on `noticeOn`; `lastDay` is the last day of observation, null while no end is set. */
export type KnownObservation = { id: string; noticeOn: Day; lastDay: Day | null; endedOn: Day | null; kind: string }
/**
 * The own registration of return, made on `madeOn` from elsewhere; or what an employer wrote of it and the person confirmed on that day
 * (ORG-18).
 */
export type KnownReturn = { id: string; source: 'return' | 'org'; madeOn: Day; expectedOn: Day }
/** Where somebody of the same door was, by a declaration that stands or by a source that knows persons. */
export type MateStay = { place: AreaCode; from: Day; to: Day }

export type Known = {
  facts: readonly KnownFact[]
  answers: readonly KnownAnswer[]
  observations: readonly KnownObservation[]
  returns: readonly KnownReturn[]
  mates: readonly MateStay[]
}

export type Around = { risk: RiskIndex; allowances: ReadonlyMap<string, Allowance>; near: Near }

export type Found = { kind: ContradictionKind; evidence: Evidence[] }

/** TRUTH-4: a declaration speaks of the fourteen days before its own. */
export const WINDOW_DAYS = 14
/** Nobody is held to a day: who errs by one has not said anything else. */
export const MEMORY_DAYS = 1
/** How long a state without an end is believed. */
export const HELD_DAYS = 28
/** After this many days whoever is a case or held knows it. */
const TOLD_DAYS = 2

export const RISK_CRITERION: StayCriterion = { kind: 'stay', levels: ['high', 'medium'], withinDays: WINDOW_DAYS }

/** TRUTH-5: whoever was asked said that the row was wrong, or that it was a journey through; it is not asked about again. */
export const REFUTES: readonly string[] = ['HERE_NO_RISK', 'WRONG_INFO', 'HERE_TRANSIT_ONLY']
/** TRUTH-5: whoever was asked found it to be so. */
export const VERIFIES: readonly string[] = ['HERE_HOME_OBS', 'HERE_CENTRAL', 'HERE_MONITOR', 'HERE_RELEASED']

/** States that last until something ends them, and what does. */
export const HELD: readonly {
  kind: 'measure' | 'case' | 'fever_clinic'
  in: readonly string[]
  out: readonly string[]
  told: number
}[] = [
  { kind: 'measure', in: ['in'], out: ['lifted'], told: 1 },
  { kind: 'case', in: ['confirmed', 'suspected', 'asymptomatic'], out: ['recovered', 'excluded'], told: TOLD_DAYS },
  { kind: 'fever_clinic', in: ['held'], out: ['excluded'], told: TOLD_DAYS },
]

const NONE: Omit<Allowance, 'source'> = { slack: 0, night: false, transit: false, border: false, line: false }

type Env = { said: Said; known: Known; around: Around; facts: readonly KnownFact[] }

function allowed(env: Env, source: string): Allowance {
  return env.around.allowances.get(source) ?? { source, ...NONE }
}

function isOwn(source: string): boolean {
  return OWN_SOURCES.some((own) => own === source)
}

function refuted(fact: KnownFact, answers: readonly KnownAnswer[]): boolean {
  return answers.some((a) => REFUTES.includes(a.disposition) && a.sources.includes(fact.source) && a.day >= fact.to)
}

function verified(fact: KnownFact, answers: readonly KnownAnswer[]): boolean {
  return answers.some((a) => VERIFIES.includes(a.disposition) && a.sources.includes(fact.source) && a.day >= fact.to)
}

export function findContradictions(said: Said, known: Known, around: Around): Found[] {
  const facts = known.facts.filter((f) => !isOwn(f.source) && !refuted(f, known.answers))
  const env: Env = { said, known, around, facts }
  const all: [ContradictionKind, Evidence[]][] = [
    ...stays(env),
    ['abroad_denied', abroad(env)],
    ['contact_denied', contacts(env)],
    ['measure_denied', measures(env)],
    ['symptom_denied', symptoms(env)],
    ['arrival_differs', arrivals(env)],
  ]
  return all.flatMap(([kind, evidence]) => (evidence.length === 0 ? [] : [{ kind, evidence: inOrder(evidence) }]))
}

/** By source and row, so that both finders name the same first. */
export function inOrder(evidence: readonly Evidence[]): Evidence[] {
  const key = (e: Evidence): string => `${e.source}\u001f${e.ref}`
  return evidence.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

function evidenceOf(fact: KnownFact, more: Partial<Evidence> = {}): Evidence {
  const { kind, id, place, value, degree, from, to, source } = fact
  if (kind === 'test') throw new Error('a test contradicts nothing')
  return { kind, source, ref: id, place, value, degree, from, to, verified: false, ...more }
}

// ---- Stays -------------------------------------------------------------------------------------------------------------------

/** The last day of a stay that was in a risk area within the days asked about; null when none was. */
function lastRiskDay(fact: KnownFact, slack: number, { said, around }: Env): Day | null {
  if (fact.kind !== 'stay' || fact.place === null) return null
  const yesterday = addDays(said.day, -1)
  if (fact.from > addDays(yesterday, -slack)) return null
  let last: Day | null = null
  for (const span of spansOf(around.risk, RISK_CRITERION, fact.place)) {
    const end = minDay(minDay(fact.to, span.to), yesterday)
    if (end < maxDay(fact.from, span.from) || end < addDays(said.day, slack - WINDOW_DAYS)) continue
    last = last === null ? end : maxDay(last, end)
  }
  return last
}

/** Another source that errs on its own puts the person in the same county about the same days. */
function seconded(fact: KnownFact, place: AreaCode, facts: readonly KnownFact[]): boolean {
  const from = addDays(fact.from, -MEMORY_DAYS)
  const to = addDays(fact.to, MEMORY_DAYS)
  return facts.some(
    (f) =>
      f.kind === 'stay' &&
      f.source !== fact.source &&
      f.place !== null &&
      sameCity(f.place, place) &&
      f.from <= to &&
      f.to >= from,
  )
}

function elsewhereThatDay(fact: KnownFact, place: AreaCode, facts: readonly KnownFact[]): boolean {
  return facts.some(
    (f) =>
      f.kind === 'stay' && f.place !== null && !sameCity(f.place, place) && f.from <= fact.from && f.to >= fact.from,
  )
}

/** The declaration has the person leave another city about that day: the ticket is from the airport or station of the neighbouring one. */
function leftElsewhere(fact: KnownFact, place: AreaCode, a: Allowance, said: Said): boolean {
  const days = MEMORY_DAYS + a.slack
  return saidStays(said).some(
    (s) => !sameCity(s.place, place) && s.to >= addDays(fact.from, -days) && s.to <= addDays(fact.from, days),
  )
}

/** Where the declaration puts the person: stays, and where they came from until they arrived. */
export function saidStays({ answers }: Said): { place: AreaCode; to: Day }[] {
  const origin =
    answers.arrival?.fromArea === undefined ? [] : [{ place: answers.arrival.fromArea, to: answers.arrival.arrivedOn }]
  return [...answers.stays.map((s) => ({ place: s.area, to: s.to })), ...origin]
}

/** TRUTH-3: nothing that the source's own errors can explain. */
function beyondErrors(stay: { fact: KnownFact; place: AreaCode; until: Day }, a: Allowance, env: Env): boolean {
  const { fact, place, until } = stay
  if (verified(fact, env.known.answers) || seconded(fact, place, env.facts)) return true
  const oneDay = fact.from === fact.to
  if (a.night && oneDay) return false
  if (a.transit && oneDay && (elsewhereThatDay(fact, place, env.facts) || leftElsewhere(fact, place, a, env.said)))
    return false
  if (a.border) {
    const { near } = env.around
    // Who says to have been next to it so long may have been seen from over there.
    const beside = (s: { place: AreaCode; to: Day }): boolean =>
      s.to >= until && !sameCity(s.place, place) && near.has(place, s.place)
    if (near.has(place, env.said.home) || saidStays(env.said).some(beside)) return false
  }
  const mate = (m: MateStay): boolean =>
    sameCity(m.place, place) && m.from <= addDays(fact.to, MEMORY_DAYS) && m.to >= addDays(fact.from, -MEMORY_DAYS)
  return !(a.line && env.known.mates.some(mate))
}

function stays(env: Env): [ContradictionKind, Evidence[]][] {
  const denied: Evidence[] = []
  const shortened: Evidence[] = []
  const says = saidStays(env.said)
  const { home } = env.said
  for (const fact of env.facts) {
    const { place } = fact
    const a = allowed(env, fact.source)
    const last = lastRiskDay(fact, a.slack, env)
    if (last === null || place === null || sameCity(place, home)) continue
    const covering = says.filter((s) => sameCity(s.place, place))
    const until = addDays(last, -MEMORY_DAYS - a.slack)
    if (covering.some((s) => s.to >= until) || !beyondErrors({ fact, place, until }, a, env)) continue
    const evidence = evidenceOf(fact, { to: last, verified: verified(fact, env.known.answers) })
    ;(covering.length === 0 ? denied : shortened).push(evidence)
  }
  return [
    ['stay_denied', denied],
    ['stay_shortened', shortened],
  ]
}

function abroad(env: Env): Evidence[] {
  const { answers, day } = env.said
  const countries = new Set([...answers.abroad.map((a) => a.country), answers.arrival?.fromCountry])
  return env.facts
    .filter((f) => {
      const { slack, border } = allowed(env, f.source)
      return (
        f.kind === 'abroad' &&
        !border &&
        !countries.has(f.value ?? '') &&
        f.to >= addDays(day, slack - WINDOW_DAYS) &&
        f.from <= addDays(day, -1 - slack)
      )
    })
    .map((f) => evidenceOf(f))
}

// ---- Contacts, measures, symptoms ------------------------------------------------------------------------------------------

/** TRUTH-6: not to know is no lie: a contact counts once somebody has spoken of it with the person, before the declaration. */
function contacts(env: Env): Evidence[] {
  const { answers, day } = env.said
  if (answers.contacts.some((c) => c.degree <= 2)) return []
  const told = (f: KnownFact): boolean =>
    env.known.answers.some(
      (a) => VERIFIES.includes(a.disposition) && a.sources.includes(f.source) && a.day >= f.to && a.day < day,
    )
  return env.facts
    .filter(
      (f) =>
        f.kind === 'contact' &&
        (f.degree === 1 || f.degree === 2) &&
        f.to >= addDays(day, -WINDOW_DAYS) &&
        f.to < day &&
        told(f),
    )
    .map((f) => evidenceOf(f, { verified: true }))
}

function measures(env: Env): Evidence[] {
  const { answers, day } = env.said
  if (answers.underMeasure) return []
  const observed = env.known.observations
    // Who only watches the own health goes to work, and says rightly to be under no observation.
    .filter(
      (o) =>
        o.kind !== 'self_monitoring' &&
        o.noticeOn < day &&
        (o.lastDay === null || o.lastDay >= day) &&
        (o.endedOn === null || o.endedOn > day),
    )
    .map((o): Evidence => ({
      kind: 'observation',
      source: 'observation',
      ref: o.id,
      place: null,
      value: o.kind,
      degree: null,
      from: o.noticeOn,
      to: o.lastDay,
      verified: false,
    }))
  const held = env.facts.filter((f) => {
    const state = HELD.find((h) => h.kind === f.kind)
    if (!state || !state.in.includes(f.value ?? '')) return false
    const { slack } = allowed(env, f.source)
    if (f.from > addDays(day, -state.told - slack) || f.from < addDays(day, -HELD_DAYS)) return false
    // Any end counts, whoever says it, also one that was entered a day late.
    return !env.facts.some(
      (e) =>
        e.kind === f.kind &&
        state.out.includes(e.value ?? '') &&
        e.from >= f.from &&
        e.from <= addDays(day, MEMORY_DAYS),
    )
  })
  return [...observed, ...held.map((f) => evidenceOf(f, { to: null }))]
}

/** Somebody was at a fever clinic the day before, or ill since before it: fresh enough to be remembered. */
function symptoms(env: Env): Evidence[] {
  const { answers, day } = env.said
  if (answers.symptoms.length > 0) return []
  const yesterday = addDays(day, -1)
  const excluded = (f: KnownFact): boolean =>
    f.kind === 'fever_clinic' &&
    env.facts.some((e) => e.kind === 'fever_clinic' && e.value === 'excluded' && e.from >= f.from && e.from <= day)
  return env.facts
    .filter((f) => {
      if (f.kind !== 'symptom' && !(f.kind === 'fever_clinic' && (f.value === 'visited' || f.value === 'held')))
        return false
      const { slack } = allowed(env, f.source)
      return f.from <= addDays(yesterday, -slack) && f.to >= addDays(yesterday, slack) && !excluded(f)
    })
    .map((f) => evidenceOf(f))
}

/** Two things that the person said: the day of arrival now, and, when the return was registered, to be away still. */
function arrivals({ said, known }: Env): Evidence[] {
  const { arrival } = said.answers
  if (arrival === null) return []
  const at = arrival.arrivedOn
  return known.returns
    .filter(
      (r) =>
        r.madeOn <= said.day &&
        // Who registers for the same day may have come already.
        r.expectedOn > r.madeOn &&
        r.expectedOn > addDays(at, MEMORY_DAYS) &&
        at < addDays(r.madeOn, -MEMORY_DAYS) &&
        at >= addDays(r.madeOn, -WINDOW_DAYS),
    )
    .map((r): Evidence => ({
      kind: 'return',
      source: r.source,
      ref: r.id,
      place: null,
      value: 'expected',
      degree: null,
      from: r.madeOn,
      to: r.expectedOn,
      verified: false,
    }))
}
