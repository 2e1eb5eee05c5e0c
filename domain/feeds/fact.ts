import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'

/**
 * A fact is one row of evidence about one person: what grading reads, and nothing else. It carries no name, no number and
 * no position finer than county and day (FEED-1).
 *
 * | kind         | fields                                                                       |
 * |--------------|------------------------------------------------------------------------------|
 * | stay         | place = area code (county at the finest), first and last day there           |
 * | contact      | degree 1 close, 2 secondary, 3 general; from = to = day of the last exposure |
 * | symptom      | value = symptom code; first and last day                                     |
 * | fever_clinic | value 'visited', 'held' (kept for observation), 'excluded'                   |
 * | test         | value 'positive', 'negative', 'pending'; day of the sample                   |
 * | case         | value 'confirmed', 'suspected', 'asymptomatic', 'recovered', 'excluded'      |
 * | abroad       | value = ISO 3166 alpha-2 country; from = to = day of arrival, or days there  |
 * | measure      | value 'in', 'lifted': under medical management from a day on, or released    |
 */
export const FACT_KINDS = ['stay', 'contact', 'symptom', 'fever_clinic', 'test', 'case', 'abroad', 'measure'] as const
export type FactKind = (typeof FACT_KINDS)[number]

export const SYMPTOMS = [
  'fever',
  'cough',
  'fatigue',
  'breathless',
  'sore_throat',
  'diarrhoea',
  'smell_loss',
  'other',
] as const
export type Symptom = (typeof SYMPTOMS)[number]

/** The closed lists of `value` by kind; `null` where the kind has no value, 'country' for an ISO 3166 alpha-2 code. */
export const FACT_VALUES = {
  stay: null,
  contact: null,
  symptom: SYMPTOMS,
  fever_clinic: ['visited', 'held', 'excluded'],
  test: ['positive', 'negative', 'pending'],
  case: ['confirmed', 'suspected', 'asymptomatic', 'recovered', 'excluded'],
  abroad: 'country',
  measure: ['in', 'lifted'],
} as const satisfies Record<FactKind, readonly string[] | 'country' | null>

export const DEGREES = [1, 2, 3] as const
export type Degree = (typeof DEGREES)[number]

/** Evidence without the person: what a rule of grading looks at. Days are local calendar days, the last one included. */
export type Fact = {
  kind: FactKind
  place: AreaCode | null
  value: string | null
  degree: Degree | null
  from: Day
  to: Day
  /** The id of the feed. */
  source: string
}

const SEPARATOR = '\u001f'

/** What a fact says, without who says it of whom: few texts stand for all facts of a delivery. */
export function contentText({ kind, place, value, degree, from, to }: Fact): string {
  return `${kind}${SEPARATOR}${place ?? ''}${SEPARATOR}${value ?? ''}${SEPARATOR}${degree ?? ''}${SEPARATOR}${from}${SEPARATOR}${to}`
}

/**
 * The canonical text whose hash is the fact's id (FEED-2): same source, person, content and external id, same text. A row
 * with an external id keeps it here, so that a corrected row is a new fact that takes the place of the old one (FEED-3).
 */
export function factIdText(
  personId: string,
  fact: Fact,
  external: string | null = null,
  content = contentText(fact),
): string {
  return `1${SEPARATOR}${fact.source}${SEPARATOR}${personId}${SEPARATOR}${content}${SEPARATOR}${external ?? ''}`
}
